//! Periods, and partitions of days into periods.

use std::fmt;

use super::day::{Day, Range};

/// How long periods are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grain {
    /// Single days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months, also where quarters are made of weeks.
    Month,
    /// Quarters of the fiscal year.
    Quarter,
    /// Fiscal years.
    Year,
    /// Everything as one period.
    All,
    /// A range of days as one period.
    Range,
}

impl Grain {
    /// The grains that can be asked for by name, from the shortest.
    pub const NAMED: [Self; 6] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year, Self::All];

    /// The word for it, such as `week`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
            Self::All => "all",
            Self::Range => "range",
        }
    }

    /// The grain of a word, in any case; none for `range`, which needs its days.
    pub fn parse(text: &str) -> Option<Self> {
        Self::NAMED.into_iter().find(|grain| grain.name().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Grain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A named run of days.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Period {
    /// How long it is.
    pub grain: Grain,
    /// Its name, such as `2026-W46`; unique among the periods of its grain.
    pub name: String,
    /// Its days. The first and last periods of the calendar are cut at its ends.
    pub range: Range,
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

/// Periods of one grain that follow each other without gap or overlap; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    periods: Vec<Period>,
    /// The index of the period of each day from the first; empty where the span is too long for a table.
    by_day: Vec<u32>,
}

impl Partition {
    /// About 270 years, a table of 400 kB.
    const LONGEST_TABLE: u32 = 100_000;

    /// The caller hands over periods that are in order and contiguous.
    pub(super) fn new(periods: Vec<Period>) -> Self {
        let days = periods.first().zip(periods.last()).map_or(0, |(first, last)| first.range.hull(last.range).len());
        let mut by_day = Vec::new();
        if days <= Self::LONGEST_TABLE {
            by_day.reserve_exact(days as usize);
            for (index, period) in (0_u32..).zip(&periods) {
                by_day.extend(std::iter::repeat_n(index, period.range.len() as usize));
            }
        }
        Self { periods, by_day }
    }

    /// The index of the period that holds a day; none for a day before the first or after the last.
    pub fn index_of(&self, day: Day) -> Option<usize> {
        let first = self.periods.first()?.range.first;
        if self.by_day.is_empty() {
            let index = self.periods.partition_point(|period| period.range.last < day);
            return self.periods.get(index).filter(|period| period.range.contains(day)).map(|_| index);
        }
        let offset = usize::try_from(i64::from(day.0) - i64::from(first.0)).ok()?;
        self.by_day.get(offset).map(|&index| index as usize)
    }

    /// How many periods; 1 or more.
    pub fn len(&self) -> usize {
        self.periods.len()
    }

    /// Whether there are no periods: never.
    pub fn is_empty(&self) -> bool {
        self.periods.is_empty()
    }

    /// The period of an index.
    pub fn get(&self, index: usize) -> Option<&Period> {
        self.periods.get(index)
    }

    /// The periods, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Period> {
        self.periods.iter()
    }

    /// The periods, in order.
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The days from the first period's first to the last period's last; [`Range::ALWAYS`] without periods.
    pub fn range(&self) -> Range {
        self.periods.first().zip(self.periods.last()).map_or(Range::ALWAYS, |(first, last)| first.range.hull(last.range))
    }
}

impl<'a> IntoIterator for &'a Partition {
    type Item = &'a Period;
    type IntoIter = std::slice::Iter<'a, Period>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
