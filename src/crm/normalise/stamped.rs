//! Dates that are all written by one template: arithmetic in place of words.

use rayon::prelude::*;

use super::moments::{Moment, Zones};
use crate::calendar::{Day, Zone};
use crate::crm::value;
use crate::table::{Short, Stamps};

const DAY: u32 = 86_400;

/// So many stamps are gone through by one thread.
const PART: usize = 1 << 15;

/// A column of dates that are all written alike.
pub(super) struct Stamped<'a> {
    seconds: &'a [u32],
    /// The first and the last day as written.
    ends: (u32, u32),
    reads: Reads,
    zoned: bool,
}

/// What a stamp says.
enum Reads {
    /// A calendar date.
    Date,
    /// A moment in UTC, and the clock that says on which day that is.
    Moment(Clock),
    /// A time on the clocks of one zone, and the clock of the report.
    Local(Clock, Clock),
    /// A time on the clocks of the report's zone.
    Here(Clock),
}

impl<'a> Stamped<'a> {
    /// Reads a column as [`value::dates`] and [`super::moments::moment`] would read each of its words.
    pub(super) fn new(stamps: &'a Stamps, zones: &Zones) -> Self {
        let seconds = stamps.seconds.as_slice();
        let filled = || seconds.iter().filter(|s| **s != Stamps::BLANK);
        // Times that are all midnight say nothing: what is written is a calendar date.
        let dates = !stamps.template.timed() || filled().all(|s| s.is_multiple_of(DAY));
        let ends = ends(seconds);
        let clock = |zone: &Zone| Clock::new(zone, ends);
        let reads = match &zones.there {
            _ if dates => Reads::Date,
            _ if stamps.template.zoned() => Reads::Moment(clock(&zones.report)),
            Some(there) => Reads::Local(clock(there), clock(&zones.report)),
            None => Reads::Here(clock(&zones.report)),
        };
        Self { seconds, ends, reads, zoned: stamps.template.zoned() }
    }

    /// Whether the stamps are moments in UTC.
    pub(super) fn moments(&self) -> bool {
        matches!(self.reads, Reads::Moment(_))
    }

    /// Whether the stamps are calendar dates.
    pub(super) fn dates(&self) -> bool {
        matches!(self.reads, Reads::Date)
    }

    /// The days of all rows; none where they are too far from one another.
    pub(super) fn days(&self) -> Option<Short> {
        // On any clock it is at most a day and a few hours earlier or later.
        let (first, last) = (i64::from(self.ends.0) - 2, i64::from(self.ends.1) + 2);
        if last - first > i64::from(Short::DAYS) {
            return None;
        }
        let near = |day: i64| (day - first) as u16;
        // Seconds from the first day on are fewer than there is room for.
        let ahead = |ahead: i64| move |seconds: u32| (seconds.wrapping_add((ahead - first * i64::from(DAY)) as u32) / DAY) as u16;
        let after = match &self.reads {
            Reads::Date | Reads::Here(_) => self.each(ahead(0)),
            Reads::Moment(report) => match report.always_ahead() {
                Some(always) => self.each(ahead(always)),
                None => self.each(|seconds| near(i64::from(report.day(i64::from(seconds) * 1_000).0))),
            },
            Reads::Local(there, report) => self.each(|seconds| near(i64::from(report.day(there.instant(seconds)).0))),
        };
        Some(Short::Days { first: first as i32, after })
    }

    fn each(&self, near: impl Fn(u32) -> u16 + Sync) -> Vec<u16> {
        let mut after = vec![0; self.seconds.len()];
        after.par_chunks_mut(PART).zip(self.seconds.par_chunks(PART)).for_each(|(after, seconds)| {
            let near = |seconds: u32| if seconds == Stamps::BLANK { Short::BLANK } else { near(seconds) };
            after.iter_mut().zip(seconds).for_each(|(after, seconds)| *after = near(*seconds));
        });
        after
    }

    /// The moment of a row.
    pub(super) fn get(&self, row: usize) -> Option<Moment> {
        let seconds = self.seconds[row];
        (seconds != Stamps::BLANK).then(|| self.moment(seconds))
    }

    fn moment(&self, seconds: u32) -> Moment {
        let written = Day((seconds / DAY) as i32);
        let instant = |clock: &Clock, at: i64| Moment { day: clock.day(at), at: Some(at), written };
        match &self.reads {
            Reads::Date => Moment { day: written, at: None, written },
            Reads::Moment(report) => instant(report, i64::from(seconds) * 1_000),
            Reads::Local(there, report) => instant(report, there.instant(seconds)),
            Reads::Here(report) => Moment { day: written, at: Some(report.instant(seconds)), written },
        }
    }

    /// Where every stamp is a moment at one time of day, as [`value::dates`] has it: the place among its distinct words of the first that is
    /// not at midnight in this zone.
    pub(super) fn steady(&self, zone: &Zone) -> Option<usize> {
        if !self.zoned || !matches!(self.reads, Reads::Moment(_)) {
            return None;
        }
        let mut clocks: Vec<u32> = Vec::new();
        for clock in self.seconds.iter().filter(|s| **s != Stamps::BLANK).map(|s| s % DAY) {
            if !clocks.contains(&clock) {
                clocks.push(clock);
            }
            if clocks.len() > 2 {
                return None;
            }
        }
        let mut distinct: Vec<u32> = self.seconds.iter().copied().filter(|s| *s != Stamps::BLANK).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let clocks: Vec<i64> = clocks.into_iter().map(|clock| i64::from(clock) * 1_000).collect();
        let midnight = |s: &u32| zone.local(i64::from(*s) * 1_000).1 == 0;
        value::is_steady(distinct.len(), &clocks).then(|| distinct.iter().position(|s| !midnight(s)))?
    }
}

/// The first and the last day of stamps.
fn ends(seconds: &[u32]) -> (u32, u32) {
    // A blank one is later than all others, and one second later the earliest.
    let of_part = |part: &[u32]| part.iter().fold((u32::MAX, 0), |(first, last), s| (first.min(*s), last.max(s.wrapping_add(1))));
    let parts = seconds.par_chunks(PART).map(of_part);
    match parts.reduce(|| (u32::MAX, 0), |one, other| (one.0.min(other.0), one.1.max(other.1))) {
        (_, 0) => (0, 0),
        (first, last) => (first / DAY, (last - 1) / DAY),
    }
}

/// The clocks of a zone over a range of days: how far they are ahead of UTC on each.
struct Clock {
    zone: Zone,
    first: i64,
    /// Seconds, per day of UTC; [`Clock::CHANGES`] where the clocks change in its course.
    ahead: Vec<i32>,
}

impl Clock {
    const CHANGES: i32 = i32::MIN;

    /// The clocks from one day to another.
    fn new(zone: &Zone, (first, last): (u32, u32)) -> Self {
        // Clocks differ from UTC by a day and a few hours at most.
        let days = i64::from(first) - 2..=i64::from(last) + 2;
        let ahead = |day: i64| zone.offset_on(Day(day as i32)).unwrap_or(Self::CHANGES);
        Self { zone: zone.clone(), first: *days.start(), ahead: days.map(ahead).collect() }
    }

    /// How far the clocks are ahead on every day, where that is the same on all.
    fn always_ahead(&self) -> Option<i64> {
        let first = *self.ahead.first()?;
        (first != Self::CHANGES && self.ahead.iter().all(|ahead| *ahead == first)).then_some(i64::from(first))
    }

    /// How far the clocks are ahead during a whole day of UTC.
    fn ahead(&self, day: i64) -> Option<i64> {
        let ahead = *self.ahead.get(usize::try_from(day - self.first).ok()?)?;
        (ahead != Self::CHANGES).then_some(i64::from(ahead))
    }

    /// The day that the clocks show at a moment, in UTC milliseconds.
    fn day(&self, at: i64) -> Day {
        let seconds = at.div_euclid(1_000);
        match self.ahead(seconds.div_euclid(i64::from(DAY))) {
            Some(ahead) => Day((seconds + ahead).div_euclid(i64::from(DAY)) as i32),
            None => self.zone.day_of(at),
        }
    }

    /// The moment in UTC milliseconds at which the clocks show so many seconds since the beginning of 1970.
    fn instant(&self, shown: u32) -> i64 {
        let day = i64::from(shown / DAY);
        let around = [day - 1, day, day + 1].map(|day| self.ahead(day));
        match around {
            [Some(before), Some(ahead), Some(after)] if before == ahead && ahead == after => (i64::from(shown) - ahead) * 1_000,
            _ => self.zone.instant(Day(day as i32), shown % DAY * 1_000),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::crm::normalise::moments::moment;
    use crate::table::{Column, Template};

    const WRITTEN: [&str; 7] = [
        "2026-11-15",
        "2026-11-15T09:30",
        "2026-11-15 09:30:59",
        "2026-11-15T09:30:59Z",
        "2026-11-15T09:30:59.000+00:00",
        "2026-11-15 09:30:59.000+0000",
        "2026-11-15 09:30:59+00",
    ];
    const PLACES: [&str; 6] = ["UTC", "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        /// A stamp is the moment that its word is.
        #[test]
        fn stamps_are_read_as_their_words(
            written in 0..WRITTEN.len(),
            (report, there) in (0..PLACES.len(), prop::option::of(0..PLACES.len())),
            coarse in prop::sample::select(vec![1_u32, 900, 3600, DAY]),
            stamps in prop::collection::vec((31_536_000..4_133_980_800_u64).prop_map(|s| s as u32), 1..40),
        ) {
            let template = Template::of(WRITTEN[written].as_bytes()).unwrap();
            let report = Zone::named(PLACES[report]).unwrap();
            let there = there.map(|there| Zone::named(PLACES[there]).unwrap());
            let zones = Zones { there, report: report.clone() };
            let seconds: Vec<u32> = stamps
                .into_iter()
                .map(|s| s / coarse * coarse)
                .map(|s| template.read(template.spell(s).as_bytes()).unwrap())
                .collect();
            let mut words: Vec<String> = seconds.iter().map(|s| template.spell(*s)).collect();
            words.sort_unstable();
            words.dedup();
            let dates = value::dates(words.iter().map(String::as_str), None).unwrap();
            let column = Stamps { template, seconds: seconds.iter().copied().chain([Stamps::BLANK]).collect() };
            let stamped = Stamped::new(&column, &zones);
            for (row, s) in seconds.iter().enumerate() {
                let word = words.binary_search(&template.spell(*s)).unwrap();
                let expected = moment(dates.values[word].unwrap(), dates.midnight, &zones);
                prop_assert_eq!(stamped.get(row), Some(expected), "{}", words[word]);
            }
            prop_assert_eq!(stamped.get(seconds.len()), None);
            if let Some(days) = stamped.days() {
                for row in 0..=seconds.len() {
                    let day = Column::Short(days.clone()).day(row);
                    prop_assert_eq!(day, stamped.get(row).map(|moment| moment.day), "{}", written);
                    prop_assert!(!stamped.moments() || stamped.get(row).and_then(|moment| moment.at) == seconds.get(row).map(|s| i64::from(*s) * 1_000));
                    prop_assert!(!stamped.dates() || stamped.get(row).and_then(|moment| moment.at).is_none());
                }
            }
            let midnight = |when: &value::When| match when {
                value::When::Instant { at, .. } => report.local(*at).1 == 0,
                _ => false,
            };
            let expected = dates.steady.then(|| dates.values.iter().position(|d| d.is_ok_and(|when| !midnight(&when)))).flatten();
            prop_assert_eq!(stamped.steady(&report), expected);
        }
    }
}
