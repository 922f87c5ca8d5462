//! Days, weeks, fiscal periods, workdays and time zones: everything that turns an instant or a name into days and days into periods.
//!
//! A [`Calendar`] is made once from a [`CalendarSpec`] and answers everything; it reads no clock. All ranges include both of their ends.
//!
//! Names of periods:
//!
//! | period | name | rule |
//! |---|---|---|
//! | day | `2026-11-14` | |
//! | week | `2026-W46` | the ISO 8601 name of the Monday in it, whatever day weeks start on |
//! | month | `2026-11` | the calendar month, also where quarters are made of weeks |
//! | quarter | `2026-Q4`, `FY2027-Q1` | the quarter of its year |
//! | year | `2026`, `FY2027` | `FY` and the year in which it ends, unless fiscal years are exactly the calendar years |
//! | range | `2026-11-01/2026-11-15` | |
//! | all | `all` | |
//!
//! With a [`Pattern`], a fiscal year starts on the week's first day that is nearest to `fiscal_year_starts`, at most three days away, and has
//! 52 or 53 weeks; the 53rd belongs to the last quarter. This is the calendar of the National Retail Federation for Sunday weeks and
//! `fiscal_year_starts` February 1 (which that federation names by the year in which it begins). A rule such as "ends on the last Saturday of
//! September" is the same with the middle of the possible starts: Sunday weeks and September 28.

mod day;
mod fiscal;
mod name;
mod period;
mod workdays;
mod zone;

#[cfg(test)]
mod tests;

use std::fmt;

pub use day::{Day, Range, Weekday};
pub use fiscal::Pattern;
pub use name::{parse_date, parse_month_day};
pub use period::{Grain, Partition, Period};
pub use zone::{DAY_MILLIS, Zone};

use fiscal::Fiscal;
use workdays::Workdays;

/// What a calendar is made from: the `[calendar]` table of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSpec {
    /// The first day of the week.
    pub week_starts: Weekday,
    /// The IANA name of the report's time zone; UTC where there is none.
    pub time_zone: Option<String>,
    /// The month and day on which fiscal years start; January 1 where there is none. A configuration writes `02-01`.
    pub fiscal_year_starts: Option<(u8, u8)>,
    /// How fiscal years are made of weeks, where they are.
    pub pattern: Option<Pattern>,
    /// The days of the week that are worked; at least one.
    pub workdays: Vec<Weekday>,
    /// Days on which nobody works.
    pub holidays: Vec<Day>,
}

impl Default for CalendarSpec {
    /// Monday weeks, UTC, calendar years, work from Monday to Friday, no holidays.
    fn default() -> Self {
        Self {
            week_starts: Weekday::Mon,
            time_zone: None,
            fiscal_year_starts: None,
            pattern: None,
            workdays: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri],
            holidays: Vec::new(),
        }
    }
}

/// Why a calendar can't be made: the key of the `[calendar]` table that is wrong, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarError {
    /// The key, such as `time_zone`.
    pub key: &'static str,
    /// What is wrong, and what form is expected.
    pub message: String,
}

impl fmt::Display for CalendarError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.message)
    }
}

impl std::error::Error for CalendarError {}

/// A calendar: it knows the periods of every day, the workdays, and the day of every instant.
#[derive(Debug, Clone)]
pub struct Calendar {
    week_starts: Weekday,
    zone: Zone,
    fiscal: Fiscal,
    workdays: Workdays,
}

impl Default for Calendar {
    /// The calendar of the default [`CalendarSpec`].
    fn default() -> Self {
        Self::of(&CalendarSpec::default(), (1, 1), Zone::utc())
    }
}

impl Calendar {
    /// The calendar of a specification.
    ///
    /// Refused are an unknown time zone, a start of fiscal years that not every year has (February 29), and a week without workdays.
    pub fn new(spec: &CalendarSpec) -> Result<Self, CalendarError> {
        let zone = match &spec.time_zone {
            Some(name) => Zone::named(name).map_err(|message| CalendarError { key: "time_zone", message })?,
            None => Zone::utc(),
        };
        let (month, day) = spec.fiscal_year_starts.unwrap_or((1, 1));
        if !fiscal::in_every_year(month, day) {
            let message = format!("not a day of every year: {month:02}-{day:02}; write month and day as 02-01");
            return Err(CalendarError { key: "fiscal_year_starts", message });
        }
        if spec.workdays.is_empty() {
            let message = "no workday in the week; name at least one, such as mon".to_owned();
            return Err(CalendarError { key: "workdays", message });
        }
        Ok(Self::of(spec, (month, day), zone))
    }

    fn of(spec: &CalendarSpec, fiscal_year_starts: (u8, u8), zone: Zone) -> Self {
        Self {
            week_starts: spec.week_starts,
            zone,
            fiscal: Fiscal::new(fiscal_year_starts, spec.pattern, spec.week_starts),
            workdays: Workdays::new(&spec.workdays, &spec.holidays),
        }
    }

    /// The first day of the week.
    pub fn week_starts(&self) -> Weekday {
        self.week_starts
    }

    /// The period of a grain that holds a day. For [`Grain::All`] it has every day of the calendar, for [`Grain::Range`] that day alone.
    pub fn period_of(&self, grain: Grain, day: Day) -> Period {
        let (name, first, last) = name::around(self, grain, day.clamped());
        Period { grain, name, range: Range { first: Day(first), last: Day(last) }.clamped() }
    }

    /// The period of a name, in any case: `2026-11-14`, `2026-W46`, `2026-11`, `2026-Q4`, `FY2027-Q1`, `2026`, `FY2027`, `all`,
    /// `2026-11-01/2026-11-15`.
    ///
    /// The error says what is wrong and what form this calendar expects.
    pub fn named(&self, grain: Grain, name: &str) -> Result<Period, String> {
        name::parse(self, grain, name)
    }

    /// The period after this one; after a range, the range of as many days that follows it. The last period of the calendar, and `all`, are
    /// followed by themselves.
    pub fn next(&self, period: &Period) -> Period {
        let range = period.range.clamped();
        match period.grain {
            Grain::All => period.clone(),
            _ if range.last == Day::MAX => period.clone(),
            Grain::Range => self.range_period(Range { first: range.last.plus(1), last: range.last.plus(range.len() as i32) }),
            grain => self.period_of(grain, range.last.plus(1)),
        }
    }

    /// The period before this one; before a range, the range of as many days that ends where it begins. The first period of the calendar, and
    /// `all`, are preceded by themselves.
    pub fn previous(&self, period: &Period) -> Period {
        let range = period.range.clamped();
        match period.grain {
            Grain::All => period.clone(),
            _ if range.first == Day::MIN => period.clone(),
            Grain::Range => self.range_period(Range { first: range.first.plus(-(range.len() as i32)), last: range.first.plus(-1) }),
            grain => self.period_of(grain, range.first.plus(-1)),
        }
    }

    /// The whole periods of a grain that touch a range, in order; for [`Grain::All`] and [`Grain::Range`] the range as one period.
    pub fn partition(&self, grain: Grain, range: Range) -> Partition {
        let range = range.clamped();
        match grain {
            Grain::All => return Partition::new(vec![self.all_period(range)]),
            Grain::Range => return Partition::new(vec![self.range_period(range)]),
            _ => {}
        }
        let mut periods = Vec::new();
        let mut next = self.period_of(grain, range.first);
        while next.range.last < range.last {
            let following = self.period_of(grain, next.range.last.plus(1));
            periods.push(std::mem::replace(&mut next, following));
        }
        periods.push(next);
        Partition::new(periods)
    }

    /// The `count` periods that end with this one (at least this one), or as many as the calendar has.
    pub fn ending_with(&self, period: &Period, count: usize) -> Partition {
        let mut periods = vec![period.clone()];
        while periods.len() < count {
            let earlier = periods.last().map(|first| self.previous(first));
            match earlier.filter(|earlier| periods.last() != Some(earlier)) {
                Some(earlier) => periods.push(earlier),
                None => break,
            }
        }
        periods.reverse();
        Partition::new(periods)
    }

    /// A range as one period, named `2026-11-01/2026-11-15`.
    pub fn range_period(&self, range: Range) -> Period {
        Period { grain: Grain::Range, name: range.to_string(), range }
    }

    /// A range as one period, named `all`.
    pub fn all_period(&self, range: Range) -> Period {
        Period { grain: Grain::All, name: "all".to_owned(), range }
    }

    /// Whether a day is a workday and no holiday.
    pub fn is_workday(&self, day: Day) -> bool {
        self.workdays.contains(day)
    }

    /// The workdays of a range as if there were no holidays: what a full week has.
    pub fn workdays_of_week(&self, range: Range) -> u32 {
        self.workdays.count_of_week(range)
    }

    /// The workdays of a range that are no holidays, counted in a time that does not grow with the range.
    pub fn workdays(&self, range: Range) -> u32 {
        self.workdays.count(range)
    }

    /// The workdays of a range that are no holidays and in none of the absences, which may overlap each other and the range's ends.
    pub fn workdays_except(&self, range: Range, absences: &[Range]) -> u32 {
        self.workdays.count_except(range, absences)
    }

    /// The last workday of a range that is no holiday; none when there is none.
    pub fn last_workday(&self, range: Range) -> Option<Day> {
        self.workdays.last(range)
    }

    /// Whether something that reaches until `through` reaches the end of a range: its last workday, or for a range without workdays the last
    /// workday before it.
    pub fn reaches_end(&self, range: Range, through: Day) -> bool {
        self.last_workday(Range { first: Day::MIN, last: range.last }).is_none_or(|workday| workday <= through)
    }

    /// The time zone of the report.
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    /// The IANA name of the report's time zone, such as `America/Chicago`.
    pub fn zone_name(&self) -> &str {
        self.zone.name()
    }

    /// The day, in the report's time zone, of an instant given in milliseconds since 1970-01-01T00:00Z.
    pub fn day_of_instant(&self, utc_millis: i64) -> Day {
        self.zone.day_of(utc_millis)
    }
}
