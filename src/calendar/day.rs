//! A calendar date, the days of the week, and ranges of days.

use std::fmt;

use jiff::civil;
/// A calendar date as days since 1970-01-01 in the Gregorian calendar.
///
/// Whatever it holds, it is read as a day from [`Day::MIN`] to [`Day::MAX`]: what lies outside counts as the nearer end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i32);

impl Day {
    /// The first day of the calendar, 0001-01-01, a Monday.
    pub const MIN: Self = Self(days_from_civil(1, 1, 1));
    /// The last day of the calendar, 9999-12-31, which exports also use for "never".
    pub const MAX: Self = Self(days_from_civil(9999, 12, 31));

    /// The day of this year (1 to 9999), month and day of the month; none where the calendar has no such day.
    pub const fn from_ymd(year: i16, month: i8, day: i8) -> Option<Self> {
        if year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 {
            return None;
        }
        if day as i32 > days_in_month(year as i32, month as i32) {
            return None;
        }
        Some(Self(days_from_civil(year as i32, month as i32, day as i32)))
    }

    /// Year, month and day of the month.
    pub const fn ymd(self) -> (i16, i8, i8) {
        let (year, month, day) = civil_from_days(self.clamped().0);
        (year as i16, month as i8, day as i8)
    }

    /// The day written as `2026-11-14`; none for any other spelling and for a day that does not exist.
    pub fn parse(text: &str) -> Option<Self> {
        let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
            return None;
        };
        let number =
            |digits: &[u8]| digits.iter().try_fold(0_i16, |n, digit| digit.is_ascii_digit().then(|| n * 10 + i16::from(digit - b'0')));
        Self::from_ymd(number(&[y1, y2, y3, y4])?, number(&[m1, m2])? as i8, number(&[d1, d2])? as i8)
    }

    /// The day of the week.
    pub const fn weekday(self) -> Weekday {
        Weekday::ALL[(self.clamped().0 + 3).rem_euclid(7) as usize]
    }

    /// The day so many days later, or earlier where `days` is negative; stops at the ends of the calendar.
    #[must_use]
    pub const fn plus(self, days: i32) -> Self {
        Self(self.clamped().0.saturating_add(days)).clamped()
    }

    /// The days from `earlier` to this day; negative when `earlier` is the later one.
    pub const fn since(self, earlier: Self) -> i32 {
        self.clamped().0 - earlier.clamped().0
    }

    /// The day itself, or the nearer end of the calendar where it lies outside.
    #[must_use]
    pub const fn clamped(self) -> Self {
        if self.0 < Self::MIN.0 {
            Self::MIN
        } else if self.0 > Self::MAX.0 {
            Self::MAX
        } else {
            self
        }
    }

    /// The same day as jiff's type.
    pub fn to_civil(self) -> civil::Date {
        let (year, month, day) = self.ymd();
        civil::Date::new(year, month, day).unwrap_or(civil::Date::ZERO)
    }

    /// The same day from jiff's type; one before year 1 becomes [`Day::MIN`].
    pub fn from_civil(date: civil::Date) -> Self {
        Self(days_from_civil(i32::from(date.year()), i32::from(date.month()), i32::from(date.day()))).clamped()
    }
}

impl fmt::Display for Day {
    /// The day as `2026-11-14`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.ymd();
        f.pad(&format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// Days since 1970-01-01 of a date of the Gregorian calendar, by Howard Hinnant's `days_from_civil`
/// (<https://howardhinnant.github.io/date_algorithms.html>); `day` may be any number of days from the month's first.
pub(super) const fn days_from_civil(year: i32, month: i32, day: i32) -> i32 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day of the month, by Howard Hinnant's `civil_from_days`.
pub(super) const fn civil_from_days(days: i32) -> (i32, i32, i32) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

/// How many days a month (1 to 12) has.
pub(super) const fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weekday {
    /// Monday.
    #[default]
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Every day of the week, from Monday.
    pub const ALL: [Self; 7] = [Self::Mon, Self::Tue, Self::Wed, Self::Thu, Self::Fri, Self::Sat, Self::Sun];

    /// The English name in lower case, such as `monday`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mon => "monday",
            Self::Tue => "tuesday",
            Self::Wed => "wednesday",
            Self::Thu => "thursday",
            Self::Fri => "friday",
            Self::Sat => "saturday",
            Self::Sun => "sunday",
        }
    }

    /// The day of an English name or its beginning of three letters or more (`mon`, `Tues`, `sunday`), in any case.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.to_ascii_lowercase();
        Self::ALL.into_iter().find(|day| text.len() >= 3 && day.name().starts_with(&text))
    }

    /// Days since Monday, 0 to 6.
    pub const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Weekday {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Days that follow each other, both ends inclusive; `first` is never after `last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Range {
    /// The first day.
    pub first: Day,
    /// The last day, which belongs to the range.
    pub last: Day,
}

impl Range {
    /// Every day that there is.
    pub const ALWAYS: Self = Self { first: Day::MIN, last: Day::MAX };

    /// The days from `first` to `last`; none when `first` is after `last`.
    pub fn new(first: Day, last: Day) -> Option<Self> {
        (first <= last).then_some(Self { first, last })
    }

    /// A single day.
    pub const fn day(day: Day) -> Self {
        Self { first: day, last: day }
    }

    /// How many days it has; 1 or more.
    #[allow(clippy::len_without_is_empty)] // a range has at least one day
    pub const fn len(self) -> u32 {
        (self.last.since(self.first) + 1) as u32
    }

    /// Whether the day belongs to it.
    pub fn contains(self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days that both have; none when there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.first.max(other.first), self.last.min(other.last))
    }

    /// Its days up to `day`, which belongs to them; none when the range begins later.
    pub fn until(self, day: Day) -> Option<Self> {
        Self::new(self.first, self.last.min(day))
    }

    /// The smallest range that holds both.
    #[must_use]
    pub fn hull(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The range within the ends of the calendar.
    #[must_use]
    pub const fn clamped(self) -> Self {
        Self { first: self.first.clamped(), last: self.last.clamped() }
    }
}

impl fmt::Display for Range {
    /// The range as `2026-11-01/2026-11-15`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{}/{}", self.first, self.last))
    }
}
