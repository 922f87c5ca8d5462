//! Fiscal years and their quarters, made of months or of whole weeks.

use std::fmt;

use super::day::{Day, Weekday, civil_from_days, days_from_civil, days_in_month};

/// How a fiscal year is made of whole weeks.
///
/// 4-4-5, 4-5-4 and 5-4-4 say how the 13 weeks of a quarter make three months. Reports keep calendar months, so these three give the same
/// quarters and years; the word is kept because companies know their calendar by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// `4-4-5`: quarters of 13 weeks.
    FourFourFive,
    /// `4-5-4`: quarters of 13 weeks, the usual one in retail.
    FourFiveFour,
    /// `5-4-4`: quarters of 13 weeks.
    FiveFourFour,
    /// `13x4`: thirteen periods of four weeks; the first three quarters have three of them, the last has four.
    Thirteen,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 4] = [Self::FourFourFive, Self::FourFiveFour, Self::FiveFourFour, Self::Thirteen];

    /// The word for it, such as `4-4-5`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::FourFourFive => "4-4-5",
            Self::FourFiveFour => "4-5-4",
            Self::FiveFourFour => "5-4-4",
            Self::Thirteen => "13x4",
        }
    }

    /// The pattern of a word: `4-4-5` (also `445`), `4-5-4`, `5-4-4`, `13x4` (also `4x13`).
    pub fn parse(text: &str) -> Option<Self> {
        let bare = text.to_ascii_lowercase().replace('-', "");
        let bare = if bare == "4x13" { "13x4" } else { bare.as_str() };
        Self::ALL.into_iter().find(|pattern| pattern.name().replace('-', "") == bare)
    }

    /// The weeks of each of the first three quarters; the fourth has the rest of the year, 13 or 14 (16 or 17 for `13x4`).
    const fn weeks_of_quarter(self) -> i32 {
        match self {
            Self::FourFourFive | Self::FourFiveFour | Self::FiveFourFour => 13,
            Self::Thirteen => 12,
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// The rule by which fiscal years follow each other. A year is known by its *index*, the calendar year of its anchor: the month and day at,
/// or nearest to, which it starts. Days are days since 1970-01-01 and may lie a little outside the calendar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fiscal {
    month: i32,
    day: i32,
    weeks: Option<(Pattern, Weekday)>,
}

impl Fiscal {
    /// Years that start on this day (which every year must have), or with a pattern on the week's first day that is nearest to it.
    pub(super) fn new((month, day): (u8, u8), pattern: Option<Pattern>, week_starts: Weekday) -> Self {
        Self { month: i32::from(month), day: i32::from(day), weeks: pattern.map(|pattern| (pattern, week_starts)) }
    }

    /// Whether fiscal years are the calendar years, so that their names need no `FY`.
    pub(super) fn is_calendar_year(self) -> bool {
        self.weeks.is_none() && (self.month, self.day) == (1, 1)
    }

    /// The index of the year that holds the day.
    pub(super) fn index_of(self, day: i32) -> i32 {
        let (year, _, _) = civil_from_days(day);
        // The week's first day that is nearest to an anchor around New Year may lie in the next or the last calendar year.
        (year - 1..=year + 1).rev().find(|&index| self.start(index) <= day).unwrap_or(year - 2)
    }

    /// The year that gives a fiscal year its name.
    ///
    /// It is the year in which the fiscal year ends. Made of weeks, years end on days that differ by up to six; then it is the year of the
    /// earliest of them, so that years that end around New Year still have names that count up by one.
    pub(super) fn name_of(self, index: i32) -> i32 {
        let ends_before_its_anchor_year_is_over = (self.month, self.day) <= (1, if self.weeks.is_some() { 4 } else { 1 });
        if ends_before_its_anchor_year_is_over { index } else { index + 1 }
    }

    /// The index of the year of a name.
    pub(super) fn index_of_name(self, name: i32) -> i32 {
        name - self.name_of(0)
    }

    /// The first day of a year.
    pub(super) fn start(self, index: i32) -> i32 {
        let anchor = days_from_civil(index, self.month, self.day);
        let Some((_, week_starts)) = self.weeks else {
            return anchor;
        };
        let into_week = (anchor + 3 - week_starts.index() as i32).rem_euclid(7);
        if into_week <= 3 { anchor - into_week } else { anchor + 7 - into_week }
    }

    /// The first day of a quarter, counted from 0; the fourth is the first of the next year. Where a month is too short for the day on which
    /// quarters start, its last day takes the place.
    pub(super) fn quarter_start(self, index: i32, quarter: i32) -> i32 {
        if quarter >= 4 {
            return self.start(index + 1);
        }
        if let Some((pattern, _)) = self.weeks {
            return self.start(index) + quarter * pattern.weeks_of_quarter() * 7;
        }
        let months = self.month - 1 + 3 * quarter;
        let (year, month) = (index + months / 12, months % 12 + 1);
        days_from_civil(year, month, self.day.min(days_in_month(year, month)))
    }

    /// The quarter, counted from 0, of a year's day.
    pub(super) fn quarter_of(self, index: i32, day: i32) -> i32 {
        (1..4).rev().find(|&quarter| self.quarter_start(index, quarter) <= day).unwrap_or(0)
    }
}

/// Whether every year has this month and day.
pub(super) fn in_every_year(month: u8, day: u8) -> bool {
    const COMMON_YEAR: i16 = 2001;
    Day::from_ymd(COMMON_YEAR, i8::try_from(month).unwrap_or(0), i8::try_from(day).unwrap_or(0)).is_some()
}
