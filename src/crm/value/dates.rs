//! Dates and times, in every form of formats.md §12: what a word says ([`form`]) and what its column settles ([`dates`]).

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::calendar::{Day, Zone};

mod clock;
mod form;

pub use clock::time_of_day;
use form::form;

const DAY_MILLIS: i64 = 86_400_000;

/// The Excel serial of 1970-01-01 in the 1900 date system.
const EXCEL_EPOCH: i32 = 25_569;

/// What a cell says about when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// A calendar date, which no time zone moves.
    Date(Day),
    /// A date and a time of day without a zone.
    Local {
        /// The date.
        day: Day,
        /// Milliseconds since midnight, below 86,400,000.
        millis: u32,
    },
    /// A moment.
    Instant {
        /// UTC milliseconds since 1970.
        at: i64,
        /// The date that is written, in whatever zone that is; of a bare number the date in UTC.
        written: Day,
    },
}

impl When {
    /// The date as it is written.
    pub fn written_day(self) -> Day {
        match self {
            Self::Date(day) | Self::Local { day, .. } | Self::Instant { written: day, .. } => day,
        }
    }
}

/// Which of three numbers is the day, and which the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Day before month: `dmy`.
    DayFirst,
    /// Month before day: `mdy`.
    MonthFirst,
    /// A year of two digits, then month and day: `ymd`. It says nothing about dates whose year stands last.
    YearFirst,
}

impl Order {
    /// The order that `date_order` names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "dmy" => Some(Self::DayFirst),
            "mdy" => Some(Self::MonthFirst),
            "ymd" => Some(Self::YearFirst),
            _ => None,
        }
    }

    /// Its name in `date_order`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
            Self::YearFirst => "ymd",
        }
    }

    /// What stands first.
    pub fn first(self) -> &'static str {
        match self {
            Self::DayFirst => "day",
            Self::MonthFirst => "month",
            Self::YearFirst => "year",
        }
    }
}

/// Why a word is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadDate {
    /// It is none, such as `TBD` or the 30th of February.
    NoDate,
    /// It has day and month the other way round than the rest of its column.
    OtherOrder,
    /// It lies in January 1970: a number of seconds was taken for milliseconds somewhere.
    Epoch,
    /// Its year is not in 1900 to 2200.
    OutOfRange,
    /// A program wrote it where there is no date, as databases write `0000-00-00` and `9999-12-31`.
    Placeholder,
    /// It is a spreadsheet's number of a day in a column of written dates.
    Serial,
    /// It is a number with an exponent, of which a spreadsheet has kept a few digits.
    Shortened,
    /// It names a zone by letters that several zones share, such as `IST`.
    Zone,
}

impl BadDate {
    /// What is wrong, in words that follow the cell.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoDate => "is no date",
            Self::OtherOrder => "has day and month the other way round than the rest of its column",
            Self::Epoch => "is a date of January 1970",
            Self::OutOfRange => "is a date outside the years 1900 to 2200",
            Self::Placeholder => "stands for no date",
            Self::Serial => "is a spreadsheet's number of a day among written dates",
            Self::Shortened => "is a number of which a spreadsheet has kept a few digits",
            Self::Zone => "names a time zone by letters that no zone has or several share",
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoDate => "write it as 2026-11-15, or leave it blank",
            Self::OtherOrder => "write the dates of the column in one order, best as 2026-11-15",
            Self::Epoch => "seconds and milliseconds were mixed up when this was written: correct it where it comes from",
            Self::OutOfRange | Self::Placeholder => "correct it where it comes from",
            Self::Serial => "format the whole column as dates in the spreadsheet, and save it again",
            Self::Shortened => "export it again, and do not save it from a spreadsheet",
            Self::Zone => "write the offset instead, such as +05:30",
        }
    }
}

/// A column whose dates fit both orders with different results, or fit each as often.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ambiguous {
    /// The index of a word that shows it.
    pub word: usize,
    /// That word read day-first, where that is a date.
    pub day_first: Option<Day>,
    /// That word read month-first, where that is a date.
    pub month_first: Option<Day>,
    /// That word read with a year of two digits first, where the column could be written so.
    pub year_first: Option<Day>,
    /// Whether other words of the column settle it, but not all alike.
    pub contradicted: bool,
    /// How many words it concerns.
    pub words: usize,
}

/// The distinct words of a column as dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dates {
    /// One per word.
    pub values: Vec<Result<When, BadDate>>,
    /// The order in which day and month stand, where any word depends on it.
    pub order: Option<Order>,
    /// Whether some words have a time and every time is midnight as it is written, in whatever zone: then the times say nothing and
    /// [`When::written_day`] is a calendar date.
    pub midnight: bool,
    /// Whether every word is a moment at one and the same time of day (or two an hour apart, as summer and winter make them) other than
    /// midnight in Greenwich: then they may be dates, written as midnight of another zone.
    pub steady: bool,
}

/// A word before its column is known.
#[derive(Debug, Clone)]
enum Form {
    /// Settled by itself.
    Settled(Result<Read, BadDate>),
    /// Two numbers of which one is the day, and a year; or a year, a month and a day of two digits each.
    Open { a: u32, b: u32, year: i32, year_first: Option<YearFirst>, time: Option<Time> },
    /// A spreadsheet's number of a day, if the column is made of them: days and milliseconds.
    Serial(i32, u32),
}

/// Three numbers of two digits, read with the year first.
#[derive(Debug, Clone, Copy)]
struct YearFirst {
    /// The first and the last number as they stand.
    ends: (u32, u32),
    /// The date, where it is one.
    day: Option<Day>,
}

/// What a word says by itself.
#[derive(Debug, Clone, Copy)]
struct Read {
    when: When,
    /// The time of day that is written, in milliseconds.
    clock: Option<u32>,
}

/// A time of day.
#[derive(Debug, Clone)]
struct Time {
    millis: u32,
    zone: Written,
}

/// The zone that is written beside a time.
#[derive(Debug, Clone)]
enum Written {
    Nothing,
    /// Minutes east of UTC.
    Offset(i32),
    Named(Zone),
}

/// Understands the distinct words of a column. `order` is what the user said about it; else a number above 12 settles it.
///
/// # Errors
/// [`Ambiguous`] where no word settles the order and it matters, and where words that do contradict each other. Where fewer than one in ten
/// fits only the other order, or nothing else depends on it, the more frequent order holds and the others are [`BadDate::OtherOrder`].
pub fn dates<'a>(words: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>, order: Option<Order>) -> Result<Dates, Ambiguous> {
    let words: Vec<&str> = words.into_iter().map(AsRef::as_ref).collect();
    let forms: Vec<Form> = words.into_par_iter().with_min_len(1 << 12).map(form).collect();
    let order = match order {
        Some(Order::YearFirst) if forms.iter().any(|f| matches!(f, Form::Open { year_first: Some(_), .. })) => Some(Order::YearFirst),
        None | Some(Order::YearFirst) => settle(&forms)?,
        Some(order) => forms.iter().any(|f| matches!(f, Form::Open { .. })).then_some(order),
    };
    // A column of serials may hold words that are no dates at all, such as TBD.
    let written = |f: &Form| matches!(f, Form::Open { .. } | Form::Settled(Ok(Read { when: When::Date(_) | When::Local { .. }, .. })));
    let serial_column = !forms.iter().any(written);
    let (mut timed, mut midnight) = (false, true);
    let values: Vec<_> = forms
        .into_iter()
        .map(|form| {
            let read = match form {
                Form::Settled(read) => read,
                Form::Serial(..) if !serial_column => Err(BadDate::Serial),
                Form::Serial(day, 0) => Ok(Read { when: When::Date(Day(day)), clock: None }),
                Form::Serial(day, millis) => Ok(Read { when: When::Local { day: Day(day), millis }, clock: Some(millis) }),
                Form::Open { a, b, year, year_first, time } => {
                    let (day_first, month_first) = (date(year, b, a), date(year, a, b));
                    match (order.unwrap_or(Order::DayFirst), year_first) {
                        (Order::YearFirst, Some(first)) => first.day.ok_or(day_first.or(month_first)),
                        (Order::MonthFirst, _) => month_first.ok_or(day_first),
                        (Order::DayFirst | Order::YearFirst, _) => day_first.ok_or(month_first),
                    }
                    .map_err(|other| if other.is_some() { BadDate::OtherOrder } else { BadDate::NoDate })
                    .and_then(|day| plausible(day, time.as_ref()))
                }
            };
            if let Ok(Read { clock: Some(millis), .. }) = read {
                (timed, midnight) = (true, midnight && millis == 0);
            }
            read.map(|read| read.when)
        })
        .collect();
    let midnight = timed && midnight;
    let steady = !midnight && steady(&values);
    Ok(Dates { values, order, midnight, steady })
}

/// How many moments at the same time of day are no chance.
const STEADY: usize = 10;

fn steady(values: &[Result<When, BadDate>]) -> bool {
    let mut clocks = BTreeSet::new();
    let mut moments = 0_usize;
    for value in values.iter().flatten() {
        let When::Instant { at, .. } = value else { return false };
        clocks.insert(at.rem_euclid(DAY_MILLIS));
        moments += 1;
    }
    is_steady(moments, &clocks.into_iter().collect::<Vec<_>>())
}

/// Whether so many distinct moments at these times of day, in milliseconds, may be dates: see [`Dates::steady`].
pub(in crate::crm) fn is_steady(moments: usize, clocks: &[i64]) -> bool {
    let apart = clocks.iter().max().zip(clocks.iter().min()).map_or(0, |(last, first)| last - first);
    // A quarter of an hour is the finest that any zone differs by.
    moments >= STEADY && clocks.len() <= 2 && matches!(apart, 0 | 3_600_000) && clocks.iter().all(|c| c % 900_000 == 0)
}

/// The order that the open words agree on; none where no word depends on it.
fn settle(forms: &[Form]) -> Result<Option<Order>, Ambiguous> {
    let (mut day_first, mut month_first, mut either, mut neither, mut open) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    let (mut example, mut contradiction) = (None, None);
    for (word, form) in forms.iter().enumerate() {
        let Form::Open { a, b, year, .. } = form else { continue };
        open += 1;
        match (date(*year, *b, *a), date(*year, *a, *b)) {
            (Some(d), Some(m)) if d != m => {
                either += 1;
                example.get_or_insert((word, Some(d), Some(m)));
            }
            (Some(_), Some(_)) => {}
            (Some(d), None) => {
                day_first += 1;
                contradiction.get_or_insert((word, Some(d), None));
            }
            (None, Some(m)) => {
                month_first += 1;
                contradiction.get_or_insert((word, None, Some(m)));
            }
            (None, None) => neither += 1,
        }
    }
    if open == 0 {
        return Ok(None);
    }
    let ask = |found: (usize, Option<Day>, Option<Day>), year_first, contradicted| {
        let (word, day, month) = found;
        Err(Ambiguous { word, day_first: day, month_first: month, year_first, contradicted, words: either + day_first + month_first })
    };
    if let Some((word, first, alike)) = years_first(forms) {
        if neither > 0 {
            return Ok(Some(Order::YearFirst));
        }
        if let (true, Some(Form::Open { a, b, year, .. })) = (alike, forms.get(word)) {
            return ask((word, date(*year, *b, *a), date(*year, *a, *b)), Some(first), false);
        }
    }
    let (more, fewer) = (day_first.max(month_first), day_first.min(month_first));
    let contradicted = fewer > 0;
    match example.or(contradiction) {
        Some(found) if more == fewer || (either > 0 && fewer * 10 >= more) => ask(found, None, contradicted),
        // Day and month are the same number in every word, so both orders give the same dates.
        None => Ok(Some(Order::DayFirst)),
        Some(_) if day_first > month_first => Ok(Some(Order::DayFirst)),
        Some(_) => Ok(Some(Order::MonthFirst)),
    }
}

/// The first open word with its date, if every one is a date with a year of two digits first; and whether the column looks so, since years
/// repeat and days do not.
fn years_first(forms: &[Form]) -> Option<(usize, Day, bool)> {
    let (mut firsts, mut lasts) = (BTreeSet::new(), BTreeSet::new());
    let mut found = None;
    for (word, form) in forms.iter().enumerate() {
        let Form::Open { year_first, .. } = form else { continue };
        let YearFirst { ends, day } = (*year_first)?;
        firsts.insert(ends.0);
        lasts.insert(ends.1);
        let day = day?;
        found.get_or_insert((word, day));
    }
    found.map(|(word, day)| (word, day, firsts.len() < lasts.len()))
}

/// Dates that programs write where there is none: the first that databases and frameworks know, a spreadsheet's 0, and the last
/// of all.
const PLACEHOLDERS: &[(i32, u32, u32)] =
    &[(1, 1, 1), (1753, 1, 1), (1899, 12, 30), (1899, 12, 31), (1900, 1, 1), (9999, 12, 30), (9999, 12, 31)];

/// A date with its time, if its year is one that a CRM can know.
fn plausible(day: Day, time: Option<&Time>) -> Result<Read, BadDate> {
    if PLACEHOLDERS.iter().any(|(y, m, d)| date(*y, *m, *d) == Some(day)) {
        return Err(BadDate::Placeholder);
    }
    // 1900-01-01, 1970-01-01 to 1970-01-31, 2201-01-01.
    match day.0 {
        0..=30 => return Err(BadDate::Epoch),
        -25_567..=84_370 => {}
        _ => return Err(BadDate::OutOfRange),
    }
    let Some(Time { millis, zone }) = time else { return Ok(Read { when: When::Date(day), clock: None }) };
    let as_utc = i64::from(day.0) * DAY_MILLIS + i64::from(*millis);
    let when = match zone {
        Written::Nothing => When::Local { day, millis: *millis },
        Written::Offset(minutes) => When::Instant { at: as_utc - i64::from(*minutes) * 60_000, written: day },
        Written::Named(zone) => When::Instant { at: zone.instant(day, *millis), written: day },
    };
    Ok(Read { when, clock: Some(*millis) })
}

/// Days since 1970 of a date of the Gregorian calendar, if there is one (the algorithm is Howard Hinnant's `days_from_civil`).
fn date(year: i32, month: u32, day: u32) -> Option<Day> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let longest = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    if day == 0 || day > longest || !(0..=9999).contains(&year) {
        return None;
    }
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let of_era = y.rem_euclid(400);
    let of_year = (153 * (month as i32 + if month > 2 { -3 } else { 9 }) + 2) / 5 + day as i32 - 1;
    Some(Day(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468))
}
