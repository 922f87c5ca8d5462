//! Where the records of a measure count: in which periods and for whom, worked out once for every day and person that there are, so that a
//! row costs two look-ups.

use super::catalog::Measure;
use super::cube::{WHOLE, judged_until};
use super::select::Engine;
use super::spec::{Aggregate, When, Who};
use crate::calendar::{Day, Partition, Range};
use crate::facts::Credits;
use crate::table::{Column, Credit, Roster, Short, Table};

/// The table of days is no longer than this, about 270 years; days beyond are searched.
const LONGEST_TABLE: u32 = 100_000;

/// What stands for no period, and for no list of credits.
pub(super) const NONE: u32 = u32::MAX;

/// The periods and entities in which the records of one measure count.
pub(super) struct Places<'a> {
    days: Option<&'a Column>,
    periods: Periods,
    credits: Option<&'a Credits>,
    /// Of each list of credits, for whom its records count, each with a share; none where that depends on the day, nor where there are too
    /// many lists.
    alike: Vec<Option<Vec<(u32, u32)>>>,
    roster: &'a Roster,
    teams: Vec<Team>,
    /// Of whom records count, where it is not everybody.
    leads: Option<Vec<bool>>,
    /// Whether shares of a record count that is not whole.
    parts: bool,
    /// Whether what several have of a record is added up.
    sum: bool,
    /// The index of the first person among the entities.
    people: usize,
    /// The index of no one.
    nobody: usize,
}

/// In which periods a day's records count.
enum Periods {
    /// In one at most.
    One {
        /// The days of each period that counts, in order, none twice.
        ranges: Vec<(Range, u32)>,
        first: i32,
        /// The period of each day from the first; empty where they are too many.
        table: Vec<u32>,
    },
    /// In each that ends on the day or later, as people's teams were on its last day; not after `until`.
    From {
        /// The last day of each period, the day on which it is judged, and whether it counts.
        ends: Vec<(Day, Day, bool)>,
        /// The last day of which records count.
        until: Day,
        /// Whether records without a day count.
        always: bool,
    },
}

/// More lists of credits than this are looked at record by record.
const MOST_LISTS: usize = 1 << 16;

/// In whose team's values a person's records count.
#[derive(Clone, Copy)]
enum Team {
    Never,
    During(Day, Day, u32),
    /// One of several.
    Several,
}

impl<'a> Places<'a> {
    /// Where the records of a measure's table count among periods, leaving out those of which `blank` says so.
    pub(super) fn new(
        engine: &Engine<'a>,
        measure: &Measure,
        table: &'a Table,
        periods: &Partition,
        blank: impl Fn(usize) -> bool,
    ) -> Self {
        let roster = &engine.data.roster;
        let team = |index: u32| match roster.people[index as usize].spans.as_slice() {
            _ if measure.spec.who == Who::Everybody && !roster.counts_in_team(index) => Team::Never,
            [] => Team::Never,
            [span] => span
                .team
                .map_or(Team::Never, |team| Team::During(span.first.unwrap_or(Day(i32::MIN)), span.last.unwrap_or(Day(i32::MAX)), team)),
            _ => Team::Several,
        };
        let people = roster.people.len();
        let mut places = Self {
            days: table.column(&measure.spec.on),
            alike: Vec::new(),
            periods: Periods::new(engine, measure, periods, blank),
            credits: engine.facts.credits(measure.spec.from, measure.spec.credit),
            roster,
            teams: (0..people as u32).map(team).collect(),
            leads: (measure.spec.who == Who::Leaders).then(|| (0..people as u32).map(|person| roster.leads(person)).collect()),
            parts: matches!(measure.spec.value, Aggregate::Sum(_)),
            sum: measure.adds_up(),
            people: 1 + roster.teams.len(),
            nobody: 1 + roster.teams.len() + people,
        };
        if let (Periods::One { ranges, .. }, Some(credits)) = (&places.periods, places.credits)
            && let (Some((first, _)), Some((last, _))) = (ranges.first(), ranges.last())
            && credits.lists() <= MOST_LISTS
        {
            let days = first.hull(*last);
            places.alike = (0..credits.lists() as u32).map(|list| places.alike(credits.list(list), days)).collect();
        }
        places
    }

    /// For whom the records of a list of credits count on each of some days, where that is the same on all.
    fn alike(&self, credits: &[Credit], days: Range) -> Option<Vec<(u32, u32)>> {
        let fixed = |credit: &Credit| match self.teams.get(credit.person as usize) {
            None | Some(Team::Never) => true,
            Some(Team::During(first, last, _)) => *first <= days.first && days.last <= *last,
            Some(Team::Several) => false,
        };
        credits.iter().all(fixed).then(|| {
            let mut shares = Vec::new();
            self.shares_of(credits, days.first, |entity, share| shares.push((entity as u32, share)));
            shares
        })
    }

    /// The day of a record, [`Column::NO_DAY`] where it has none.
    #[inline]
    fn day(&self, row: usize) -> Day {
        Day(match self.days {
            Some(Column::Days(days)) => days[row],
            Some(Column::Short(Short::Days { first, after })) => match after[row] {
                Short::BLANK => Column::NO_DAY,
                after => first + i32::from(after),
            },
            _ => Column::NO_DAY,
        })
    }

    /// Calls back with each period that a record counts in, and the day on which its people's teams are taken.
    #[inline]
    pub(super) fn periods(&self, row: usize, mut found: impl FnMut(usize, Day)) {
        let day = self.day(row);
        let known = day.0 != Column::NO_DAY;
        match &self.periods {
            Periods::One { ranges, first, table } => {
                let at = day.0.wrapping_sub(*first) as u32 as usize;
                if let Some(period) = table.get(at) {
                    if *period != NONE && known {
                        found(*period as usize, day);
                    }
                } else if table.is_empty() && known {
                    let after = ranges.partition_point(|(range, _)| range.last < day);
                    if let Some((_, period)) = ranges.get(after).filter(|(range, _)| range.contains(day)) {
                        found(*period as usize, day);
                    }
                }
            }
            Periods::From { ends, until, always } => {
                let day = if known { day } else { Day::MIN };
                if (known || *always) && day <= *until {
                    let from = ends.partition_point(|(last, ..)| *last < day);
                    for (index, (_, judged, counts)) in ends.iter().enumerate().skip(from) {
                        if *counts {
                            found(index, *judged);
                        }
                    }
                }
            }
        }
    }

    /// The period of each of several records, in the place of what `periods` holds, [`NONE`] for those that count in none; nothing where some
    /// may count in several, or days are not near one another.
    pub(super) fn only_periods(&self, rows: &[u32], periods: &mut Vec<u32>) -> bool {
        let (Some(Column::Short(Short::Days { first: own, after })), Periods::One { first, table, .. }) = (self.days, &self.periods) else {
            return false;
        };
        if table.is_empty() {
            return false;
        }
        let ahead = own.wrapping_sub(*first);
        let period = |row: &u32| match after[*row as usize] {
            Short::BLANK => NONE,
            after => table.get(ahead.wrapping_add(i32::from(after)) as u32 as usize).copied().unwrap_or(NONE),
        };
        periods.clear();
        periods.extend(rows.iter().map(period));
        true
    }

    /// Whether a record counts for anybody, if only for a share of its money.
    pub(super) fn counts(&self, row: usize) -> bool {
        let leads = |person: u32| self.leads.as_ref().is_none_or(|leads| leads.get(person as usize).copied().unwrap_or(false));
        self.credits.is_none_or(|credits| credits.of(row).iter().any(|credit| leads(credit.person)))
    }

    /// How many lists of credits there are; none where it is not known of any for whom its records count.
    pub(super) fn lists(&self) -> usize {
        self.alike.len()
    }

    /// The list of each record's credits, in the place of what `lists` holds, [`NONE`] where there is none.
    pub(super) fn lists_of(&self, rows: &[u32], lists: &mut Vec<u32>) {
        if let Some(credits) = self.credits {
            return credits.lists_of(rows.iter().map(|row| *row as usize), lists);
        }
        lists.clear();
        lists.resize(rows.len(), NONE);
    }

    /// For whom the records of a list count, each with a share; none where that depends on the day.
    #[inline]
    pub(super) fn fixed(&self, list: u32) -> Option<&[(u32, u32)]> {
        self.alike.get(list as usize)?.as_deref()
    }

    /// How many entities there are.
    pub(super) fn entities(&self) -> usize {
        self.nobody + 1
    }

    /// The day on which the teams of a record's people are taken in a period that it counts in.
    pub(super) fn day_in(&self, row: usize, period: usize) -> Day {
        match &self.periods {
            Periods::From { ends, .. } => ends[period].1,
            Periods::One { .. } => self.day(row),
        }
    }

    /// Calls back with each entity that a record counts for, and the share of its money in millionths; people's teams are those of a day.
    #[inline]
    pub(super) fn shares(&self, row: usize, day: Day, mut found: impl FnMut(usize, u32)) {
        match self.credits {
            Some(credits) => {
                let Some(list) = credits.list_of(row) else { return };
                match self.alike.get(list as usize) {
                    Some(Some(shares)) => shares.iter().for_each(|(entity, share)| found(*entity as usize, *share)),
                    _ => self.shares_of(credits.list(list), day, found),
                }
            }
            None => self.shares_of(&[Credit::nobody()], day, found),
        }
    }

    /// The same for credits of others.
    #[inline]
    pub(super) fn shares_of(&self, credits: &[Credit], day: Day, mut found: impl FnMut(usize, u32)) {
        // Of a deal that several share everybody has a part of the money, and all of them together one deal.
        let counts = |credit: &Credit| {
            let leads = |leads: &Vec<bool>| leads.get(credit.person as usize).copied().unwrap_or(false);
            (credit.whole || self.parts) && self.leads.as_ref().is_none_or(leads)
        };
        if !self.sum && credits.iter().any(counts) {
            found(0, WHOLE);
        }
        for (at, credit) in credits.iter().enumerate() {
            if !counts(credit) {
                continue;
            }
            if self.sum {
                found(0, credit.share_ppm);
            }
            if let Some(team) = self.team(credit.person, day) {
                // A record that several of a team share counts once for it.
                let again = || credits[..at].iter().any(|other| counts(other) && self.team(other.person, day) == Some(team));
                if self.sum || !again() {
                    found(1 + team as usize, if self.sum { credit.share_ppm } else { WHOLE });
                }
            }
            let owner = if credit.person == Credit::NOBODY { self.nobody } else { self.people + credit.person as usize };
            found(owner, credit.share_ppm);
        }
    }

    /// The team whose value a person's records of a day are in.
    #[inline]
    fn team(&self, person: u32, day: Day) -> Option<u32> {
        match self.teams.get(person as usize)? {
            Team::Never => None,
            Team::During(first, last, team) => (*first <= day && day <= *last).then_some(*team),
            // Who is in none of the sums is in no team above.
            Team::Several => self.roster.people[person as usize].team_on(day),
        }
    }
}

impl Periods {
    fn new(engine: &Engine<'_>, measure: &Measure, periods: &Partition, blank: impl Fn(usize) -> bool) -> Self {
        let until = engine.ripe_until(measure);
        if matches!((measure.spec.when, &measure.spec.value), (When::Now, _) | (When::In, Aggregate::Age(_))) {
            let ends = periods.iter().enumerate();
            let ends = ends.map(|(index, period)| (period.range.last, judged_until(period, engine.as_of), !blank(index))).collect();
            // With none that is ripe nothing counts, however early.
            return match until {
                Some(until) => Self::From { ends, until, always: measure.spec.when == When::Now },
                None => Self::From { ends: Vec::new(), until: Day::MIN, always: false },
            };
        }
        let mut ranges: Vec<(Range, u32)> = match measure.spec.when {
            // The period before the one that holds the day; that of the last one lies outside the partition.
            When::Next => {
                let after = periods.get(periods.len() - 1).map(|last| engine.days_of(measure, last));
                let after = after.filter(|after| after.first > periods.range().last);
                periods.iter().skip(1).map(|period| period.range).chain(after).zip(0..).collect()
            }
            When::In | When::Now => periods.iter().map(|period| period.range).zip(0..).collect(),
        };
        ranges.retain_mut(|(range, period)| {
            let ripe = until.and_then(|until| range.until(until)).filter(|_| !blank(*period as usize));
            *range = ripe.unwrap_or(*range);
            ripe.is_some()
        });
        let hull = ranges.first().zip(ranges.last()).map(|((first, _), (last, _))| first.hull(*last));
        let days = hull.map_or(0, Range::len);
        let first = hull.map_or(0, |hull| hull.first.0);
        let mut table = Vec::new();
        if days <= LONGEST_TABLE {
            table.resize(days as usize, NONE);
            for (range, period) in &ranges {
                table[(range.first.0 - first) as usize..=(range.last.0 - first) as usize].fill(*period);
            }
        }
        Self::One { ranges, first, table }
    }
}
