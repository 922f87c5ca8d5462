//! Counting workdays without walking over them.

use super::day::{Day, Range, Weekday};

/// Which days are worked.
#[derive(Debug, Clone)]
pub(super) struct Workdays {
    /// Whether each day of the week is one, from Monday.
    week: [bool; 7],
    per_week: u32,
    /// In order, each once, and only those that fall on a workday of the week.
    holidays: Vec<Day>,
}

impl Workdays {
    pub(super) fn new(weekdays: &[Weekday], holidays: &[Day]) -> Self {
        let week = Weekday::ALL.map(|day| weekdays.contains(&day));
        let mut holidays: Vec<Day> = holidays.iter().map(|day| day.clamped()).filter(|day| week[day.weekday().index()]).collect();
        holidays.sort_unstable();
        holidays.dedup();
        Self { week, per_week: week.iter().map(|&on| u32::from(on)).sum(), holidays }
    }

    pub(super) fn contains(&self, day: Day) -> bool {
        self.week[day.weekday().index()] && self.holidays.binary_search(&day.clamped()).is_err()
    }

    /// Workdays of the week, holidays among them included.
    pub(super) fn count_of_week(&self, range: Range) -> u32 {
        let range = range.clamped();
        let from = range.first.weekday().index();
        let (weeks, rest) = (range.len() / 7, range.len() as usize % 7);
        weeks * self.per_week + (from..from + rest).map(|day| u32::from(self.week[day % 7])).sum::<u32>()
    }

    pub(super) fn count(&self, range: Range) -> u32 {
        let range = range.clamped();
        let worked = self.count_of_week(range);
        let before = self.holidays.partition_point(|&day| day < range.first);
        let through = self.holidays.partition_point(|&day| day <= range.last);
        worked - (through - before) as u32
    }

    pub(super) fn count_except(&self, range: Range, absences: &[Range]) -> u32 {
        let range = range.clamped();
        let mut away: Vec<Range> = absences.iter().filter_map(|absence| absence.intersect(range)).collect();
        away.sort_unstable_by_key(|absence| absence.first);
        let mut worked = self.count(range);
        let mut rest = Some(range);
        for absence in away {
            let Some(new) = rest.and_then(|rest| rest.intersect(absence)) else {
                continue;
            };
            worked = worked.saturating_sub(self.count(new));
            rest = Range::new(new.last.plus(1), range.last).filter(|_| new.last < range.last);
        }
        worked
    }

    /// The last one of the range. A step back is only taken over days that are none, so the walk is short.
    pub(super) fn last(&self, range: Range) -> Option<Day> {
        let range = range.clamped();
        (range.first.0..=range.last.0).rev().map(Day).find(|&day| self.contains(day))
    }
}
