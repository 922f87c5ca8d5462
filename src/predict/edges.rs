//! From when until when each table is whole: an export that keeps a year of activities but every deal would show a trend that never was.
//!
//! A table begins where its records do, unless the company was evidently at work before: where the other table has records at half their
//! later rate or more in the `SPAN` weeks before, these weeks are missing and not empty, and that is said. Archived exports leave a few
//! old records: a table also begins at the last week before which it holds at most a tenth of what it holds after, in `SPAN` weeks each,
//! if in those weeks the other table was at work, or begins there as well, and if few of its records are older than that.
//!
//! Deals have two dates. Where closed ones are purged, closings begin late; where deals are exported by the day of their creation, creations
//! begin at once, at their later rate, while closings are only whole once the deals created before would have been closed.

#[cfg(test)]
mod tests;

use rustc_hash::FxHashMap;

use crate::calendar::{Day, Grain};
use crate::measure::Engine;
use crate::table::{Column, Kind, Table};

/// Weeks looked at on either side of an edge: a quarter, longer than a vacation.
const SPAN: usize = 13;

/// Fewer weeks before an edge may be those in which a company prepared.
const LEAST_BEFORE: usize = 8;

/// Fewer weeks after an edge say nothing.
const WEEKS_AFTER: usize = 4;

/// Fewer records after an edge come and go by chance.
const LEAST_AFTER: u32 = 20;

/// Fewer records of the other table before an edge do not say that anybody was at work.
const LEAST_OTHER: u32 = 5;

/// Where so large a share of a table's records lies before an edge, they are no strays and it is none.
const MOST_STRAYS: f64 = 0.3;

/// From when until when a table is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Activities or deals.
    pub table: Kind,
    /// The first day from which its records are there.
    pub from: Day,
    /// The last day until which they are.
    pub until: Day,
    /// What is missing before or after, in a sentence; none where nothing is but what never was.
    pub says: Option<String>,
}

/// From when until when activities and deals are whole; a table without a record has no edge.
pub fn edges(engine: &Engine<'_>) -> Vec<Edge> {
    let held = Series::new(&engine.data.activities, "day", engine.as_of, &["held"], "outcome");
    let closed = Series::new(&engine.data.deals, "closed_on", engine.as_of, &["won", "lost"], "state");
    let created = Series::new(&engine.data.deals, "created_on", engine.as_of, &[], "state");
    let Some(origin) = [&held, &closed, &created].into_iter().filter_map(|series| series.days.first()).map(|(day, _)| day).min() else {
        return Vec::new();
    };
    let origin = engine.calendar.period_of(Grain::Week, *origin).range.first;
    let (held, closed, created) = (held.by_week(origin), closed.by_week(origin), created.by_week(origin));
    let deals = closed.with(&created);
    let mut found = Vec::new();
    if let Some(begin) = held.begin(&deals) {
        found.push((Kind::Activities, begin));
    }
    if let Some(begin) = begin_of_deals(&engine.data.deals, &closed, &created, &deals, &held) {
        found.push((Kind::Deals, begin));
    }
    let begins: Vec<(Kind, Day)> = found.iter().map(|(table, begin)| (*table, begin.day)).collect();
    found.into_iter().map(|(table, begin)| edge(engine, table, &begin, &begins)).collect()
}

/// The edge of a table that begins so.
fn edge(engine: &Engine<'_>, table: Kind, begin: &Begin, begins: &[(Kind, Day)]) -> Edge {
    let until = engine.facts.seen_until(table, engine.as_of).unwrap_or(engine.as_of);
    let other = begins.iter().find(|(other, _)| *other != table);
    let name = table.name();
    let mut says = Vec::new();
    if begin.told {
        let week = engine.calendar.period_of(Grain::Week, begin.day).range;
        let tested = if week.first == begin.day { week.first } else { week.last.plus(1) };
        let kept = match (begin.lasts, other) {
            (Some(days), _) => format!(
                "{name} are kept by the day of their creation, since {} only, and 9 of 10 are closed within {days} days",
                begin.day.plus(-days)
            ),
            (None, Some((other, day))) if *day < begin.day => {
                format!("{name} are kept since {} only, {} since {day}", begin.day, other.name())
            }
            _ => format!("{name} are kept since {} only", begin.day),
        };
        let kept = match begin.strays {
            0 => kept,
            1 => format!("{kept} (1 older one aside)"),
            strays => format!("{kept} ({strays} older ones aside)"),
        };
        says.push(format!("{kept}: weeks before {tested} are not tested"));
    }
    if engine.facts.reach(table).ended {
        says.push(format!("{name} end on {until}, other exports later: weeks after it are not tested"));
    }
    let says = (!says.is_empty()).then(|| says.join("; "));
    Edge { table, from: begin.day, until, says }
}

/// How a table begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begin {
    /// The first day from which it is whole.
    day: Day,
    /// Whether something is missing before it, or stray.
    told: bool,
    /// How many of these days were added since deals are kept by the day of their creation.
    lasts: Option<i32>,
    /// How many records lie before it.
    strays: usize,
}

/// Closings that begin late are missing before only where the company was at work before deals were created at their later rate, too: those
/// of a young company begin late as well.
fn begin_of_deals(table: &Table, closed: &Weeks, created: &Weeks, deals: &Weeks, held: &Weeks) -> Option<Begin> {
    let begin = deals.begin(held)?;
    let rise = |weeks: &Weeks| weeks.cliff(held).or_else(|| weeks.first().filter(|_| begin.told));
    let end = created.counts.len();
    let young = |week: usize| !created.days.is_empty() && created.regular_from(week, end).is_none_or(|from| !held.at_work(from, end));
    let by_closing = rise(closed).filter(|week| !young(*week)).map(|week| closed.from(week));
    let last = closed.days.last().max(created.days.last()).map(|(day, _)| day);
    let by_creation = rise(created).filter(|week| created.at_once(*week)).and_then(|week| {
        let days = usual_days(table)?;
        let begin = created.from(week);
        Some(Begin { day: begin.day.plus(days), lasts: Some(days), ..begin })
    });
    let by_creation = by_creation.filter(|begin| last.is_some_and(|last| begin.day <= *last));
    Some(by_closing.into_iter().chain(by_creation).max_by_key(|begin| begin.day).unwrap_or(begin))
}

/// The days from creation to close within which nine of ten decided deals are closed.
fn usual_days(table: &Table) -> Option<i32> {
    let decided = (0..table.len()).filter(|row| table.used(*row) && matches!(table.text("state", *row), Some("won" | "lost")));
    let days = |row: usize| Some(table.day("closed_on", row)?.since(table.day("created_on", row)?).max(0));
    let mut all: Vec<i32> = decided.filter_map(days).collect();
    all.sort_unstable();
    all.get((all.len() * 9).div_ceil(10).saturating_sub(1)).copied()
}

/// The days of records, sorted, each with how many there are.
struct Series {
    days: Vec<(Day, u32)>,
}

impl Series {
    /// Those of a table that are used, not after a day, and of one of these words, where there are any.
    fn new(table: &Table, on: &str, until: Day, words: &[&str], column: &str) -> Self {
        let column = match table.column(column) {
            Some(Column::Words(column)) => Some(column),
            _ => None,
        };
        let among: Vec<bool> = column.map_or_else(Vec::new, |column| column.words().iter().map(|word| words.contains(&word)).collect());
        let says = |row: usize| column.and_then(|column| column.code(row)).is_some_and(|code| among[code as usize]);
        let counts = |row: &usize| table.used(*row) && (words.is_empty() || says(*row));
        let mut found: FxHashMap<Day, u32> = FxHashMap::default();
        if let Some(on) = table.column(on) {
            for day in (0..table.len()).filter(counts).filter_map(|row| on.day(row)).filter(|day| *day <= until) {
                *found.entry(day).or_default() += 1;
            }
        }
        let mut days: Vec<(Day, u32)> = found.into_iter().collect();
        days.sort_unstable();
        Self { days }
    }

    fn by_week(self, origin: Day) -> Weeks {
        let mut counts = Vec::new();
        for (day, records) in &self.days {
            let week = day.since(origin).max(0) as usize / 7;
            if counts.len() <= week {
                counts.resize(week + 1, 0);
            }
            counts[week] += records;
        }
        Weeks { origin, days: self.days, counts }
    }
}

/// Records by week from a common first one on.
struct Weeks {
    origin: Day,
    days: Vec<(Day, u32)>,
    counts: Vec<u32>,
}

impl Weeks {
    /// These records and others.
    fn with(&self, other: &Self) -> Self {
        let mut days = [self.days.as_slice(), &other.days].concat();
        days.sort_unstable();
        Series { days }.by_week(self.origin)
    }

    fn first(&self) -> Option<usize> {
        self.counts.iter().position(|count| *count > 0)
    }

    /// A table that begins with the first record of a week or after it.
    fn from(&self, week: usize) -> Begin {
        let first = self.origin.plus((week * 7).min(i32::MAX as usize) as i32);
        let (before, from) = self.days.split_at(self.days.partition_point(|(day, _)| *day < first));
        let strays = before.iter().map(|(_, records)| *records as usize).sum();
        Begin { day: from.first().map_or(first, |(day, _)| *day), told: true, lasts: None, strays }
    }

    fn sum(&self, from: usize, to: usize) -> u32 {
        self.counts.get(from.min(self.counts.len())..to.min(self.counts.len())).map_or(0, |counts| counts.iter().sum())
    }

    /// The weeks before one and from it on, as far as they are looked at; none near the ends of the exports.
    fn around(week: usize, end: usize) -> Option<(usize, usize)> {
        let (first, last) = (week.saturating_sub(SPAN), (week + SPAN).min(end));
        (week - first >= LEAST_BEFORE && last.saturating_sub(week) >= WEEKS_AFTER).then_some((first, last))
    }

    /// The mean of the weeks from one to before another.
    fn mean(&self, from: usize, to: usize) -> f64 {
        f64::from(self.sum(from, to)) / to.saturating_sub(from).max(1) as f64
    }

    /// The median of these weeks, which a day on which everything was imported does not lift.
    fn median(&self, from: usize, to: usize) -> f64 {
        let mut counts: Vec<u32> = (from..to).map(|week| self.sum(week, week + 1)).collect();
        counts.sort_unstable();
        counts.get(counts.len().saturating_sub(1) / 2).map_or(0.0, |count| f64::from(*count))
    }

    /// Whether the company was at work before a week, by the records of this table.
    fn at_work(&self, week: usize, end: usize) -> bool {
        Self::around(week, end).is_some_and(|(first, last)| {
            let weeks = (first..week).filter(|week| self.sum(*week, *week + 1) > 0).count();
            let regular = self.sum(first, week) >= LEAST_OTHER && weeks * 3 >= week - first;
            regular && self.mean(first, week) >= self.mean(week, last) / 2.0
        })
    }

    /// Whether there is next to nothing before a week beside what follows.
    fn rises(&self, week: usize, end: usize) -> bool {
        Self::around(week, end).is_some_and(|(first, last)| {
            let after = self.median(week, last);
            after > 0.0 && self.mean(first, week) <= after / 10.0
        })
    }

    /// The first week from which there are a quarter as many records as after another week; none where there are none.
    fn regular_from(&self, week: usize, end: usize) -> Option<usize> {
        let rate = self.median(week, (week + SPAN).min(end));
        (0..week.min(end)).find(|from| self.sum(*from, *from + 1) > 0 && self.mean(*from, *from + WEEKS_AFTER) >= rate / 4.0)
    }

    /// Whether the records begin at half their later rate or more, rather than grow.
    fn at_once(&self, week: usize) -> bool {
        self.sum(week, week + SPAN) >= LEAST_AFTER && self.mean(week, week + WEEKS_AFTER) >= self.median(week, week + SPAN) / 2.0
    }

    /// The last week before which records are missing but for strays; none where none are missing.
    fn cliff(&self, other: &Self) -> Option<usize> {
        let end = self.counts.len().max(other.counts.len());
        let first = self.first()?;
        let edge = |week: &usize| {
            let enough = self.sum(*week, week + SPAN) >= LEAST_AFTER && self.rises(*week, end);
            let few = f64::from(self.sum(0, *week)) < MOST_STRAYS * f64::from(self.sum(0, usize::MAX));
            enough && few && (other.at_work(*week, end) || (other.rises(*week, end) && self.sum(first, week.saturating_sub(1)) > 0))
        };
        let last = (first..self.counts.len()).rev().find(edge)?;
        let run = (first..=last).rev().take_while(edge).last()?;
        // The weeks just before the rise look back on as little as those just after it.
        let half = |week: &usize| f64::from(self.counts[*week]) >= self.median(*week, (week + SPAN).min(end)) / 2.0;
        (run..=last).find(half).or(Some(last))
    }

    /// How the table begins beside another.
    fn begin(&self, other: &Self) -> Option<Begin> {
        let end = self.counts.len().max(other.counts.len());
        let first = self.first()?;
        Some(match self.cliff(other) {
            Some(week) => self.from(week),
            None => Begin { told: other.at_work(first, end), ..self.from(first) },
        })
    }
}
