//! Dates and times, in every form of formats.md §12.

use super::months::{is_weekday, month};
use crate::calendar::Day;

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
    /// A moment: UTC milliseconds since 1970.
    Instant(i64),
}

impl When {
    /// The date as it is written: for a moment its date in UTC.
    pub fn written_day(self) -> Day {
        match self {
            Self::Date(day) | Self::Local { day, .. } => day,
            Self::Instant(millis) => Day(i32::try_from(millis.div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX)),
        }
    }
}

/// Which of two numbers is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Order {
    /// Day before month: `dmy`.
    DayFirst,
    /// Month before day: `mdy`.
    MonthFirst,
}

impl Order {
    /// The order that `date_order` names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "dmy" => Some(Self::DayFirst),
            "mdy" => Some(Self::MonthFirst),
            _ => None,
        }
    }

    /// Its name in `date_order`.
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
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
}

impl BadDate {
    /// What is wrong, in words that follow the cell.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoDate => "is no date",
            Self::OtherOrder => "has day and month the other way round than the rest of its column",
            Self::Epoch => "is a date of January 1970",
            Self::OutOfRange => "is a date outside the years 1900 to 2200",
        }
    }

    /// What to do about it.
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoDate => "write it as 2026-11-15, or leave it blank",
            Self::OtherOrder => "write the dates of the column in one order, best as 2026-11-15",
            Self::Epoch => "seconds and milliseconds were mixed up when this was written: correct it where it comes from",
            Self::OutOfRange => "correct it where it comes from",
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
    /// Whether some words have a time and every time is midnight, as written without a zone or in UTC: then the times say nothing and
    /// [`When::written_day`] is a calendar date.
    pub midnight: bool,
}

/// A word before its column is known.
enum Form {
    /// Settled by itself.
    Settled(Result<When, BadDate>),
    /// Two numbers of which one is the day.
    Open { a: u32, b: u32, year: i32, time: Option<Time> },
    /// An Excel serial, if the column is made of them: days and milliseconds.
    Serial(i32, u32),
}

/// A time of day.
#[derive(Debug, Clone, Copy)]
struct Time {
    millis: u32,
    /// Minutes east of UTC.
    offset: Option<i32>,
}

/// Understands the distinct words of a column. `order` is what the user said about it; else a number above 12 settles it.
///
/// # Errors
/// [`Ambiguous`] where no word settles the order and it matters. Where some words fit only one order and some only the other, the more
/// frequent one holds and the others are [`BadDate::OtherOrder`].
pub fn dates(words: &[impl AsRef<str>], order: Option<Order>) -> Result<Dates, Ambiguous> {
    let forms: Vec<Form> = words.iter().map(|w| form(w.as_ref())).collect();
    let order = match order {
        Some(order) => forms.iter().any(|f| matches!(f, Form::Open { .. })).then_some(order),
        None => settle(&forms)?,
    };
    let serials = forms.iter().filter(|f| matches!(f, Form::Serial(..))).count();
    let serial_column = serials > 0 && serials == forms.len();
    let (mut timed, mut midnight) = (false, true);
    let values = forms
        .iter()
        .map(|form| {
            let value = match form {
                Form::Settled(value) => *value,
                Form::Serial(day, 0) if serial_column => Ok(When::Date(Day(*day))),
                Form::Serial(day, millis) if serial_column => Ok(When::Local { day: Day(*day), millis: *millis }),
                Form::Serial(..) => Err(BadDate::NoDate),
                Form::Open { a, b, year, time } => {
                    let (first, second) = (date(*year, *b, *a), date(*year, *a, *b));
                    match order.unwrap_or(Order::DayFirst) {
                        Order::DayFirst => first.ok_or(second),
                        Order::MonthFirst => second.ok_or(first),
                    }
                    .map_err(|other| if other.is_some() { BadDate::OtherOrder } else { BadDate::NoDate })
                    .and_then(|day| plausible(day, *time))
                }
            };
            match value {
                Ok(When::Local { millis, .. }) => (timed, midnight) = (true, midnight && millis == 0),
                Ok(When::Instant(millis)) => (timed, midnight) = (true, midnight && millis.rem_euclid(DAY_MILLIS) == 0),
                Ok(When::Date(_)) | Err(_) => {}
            }
            value
        })
        .collect();
    Ok(Dates { values, order, midnight: timed && midnight })
}

/// The order that the open words agree on; none where no word depends on it.
fn settle(forms: &[Form]) -> Result<Option<Order>, Ambiguous> {
    let (mut day_first, mut month_first, mut either, mut open) = (0_usize, 0_usize, 0_usize, false);
    let (mut example, mut contradiction) = (None, None);
    for (word, form) in forms.iter().enumerate() {
        let Form::Open { a, b, year, .. } = form else { continue };
        open = true;
        match (date(*year, *b, *a), date(*year, *a, *b)) {
            (Some(d), Some(m)) if d != m => {
                either += 1;
                example.get_or_insert((word, Some(d), Some(m)));
            }
            (Some(d), None) => {
                day_first += 1;
                contradiction.get_or_insert((word, Some(d), None));
            }
            (None, Some(m)) => {
                month_first += 1;
                contradiction.get_or_insert((word, None, Some(m)));
            }
            _ => {}
        }
    }
    match day_first.cmp(&month_first) {
        std::cmp::Ordering::Greater => Ok(Some(Order::DayFirst)),
        std::cmp::Ordering::Less => Ok(Some(Order::MonthFirst)),
        std::cmp::Ordering::Equal => match example.or(contradiction) {
            Some((word, day, month)) => {
                Err(Ambiguous { word, day_first: day, month_first: month, words: either + day_first + month_first })
            }
            // Day and month are the same number in every word, so both orders give the same dates.
            None => Ok(open.then_some(Order::DayFirst)),
        },
    }
}

/// A date with its time, if its year is one that a CRM can know.
fn plausible(day: Day, time: Option<Time>) -> Result<When, BadDate> {
    // 1900-01-01, 1970-01-01 to 1970-01-31, 2201-01-01.
    match day.0 {
        0..=30 => return Err(BadDate::Epoch),
        -25_567..=84_370 => {}
        _ => return Err(BadDate::OutOfRange),
    }
    Ok(match time {
        None => When::Date(day),
        Some(Time { millis, offset: None }) => When::Local { day, millis },
        Some(Time { millis, offset: Some(offset) }) => {
            When::Instant(i64::from(day.0) * DAY_MILLIS + i64::from(millis) - i64::from(offset) * 60_000)
        }
    })
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

fn form(word: &str) -> Form {
    let text = word.trim();
    if let Some(form) = numeric(text) {
        return form;
    }
    parts(text).unwrap_or(Form::Settled(Err(BadDate::NoDate)))
}

/// A bare number: a serial of 5 digits (with a fraction for the time), 8 digits `YYYYMMDD`, 10 of epoch seconds or 13 of milliseconds.
fn numeric(text: &str) -> Option<Form> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || text.ends_with('.') {
        return None;
    }
    let n: i64 = whole.parse().ok()?;
    let all_zero = fraction.bytes().all(|b| b == b'0');
    let instant = |millis: i64| {
        let day = Day(i32::try_from(millis.div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX));
        Form::Settled(plausible(day, None).map(|_| When::Instant(millis)))
    };
    Some(match whole.len() {
        5 => {
            // The fraction of a day to a whole second: Excel keeps no more.
            let digits = fraction.get(..fraction.len().min(15)).unwrap_or_default();
            let part: f64 = format!("0.{digits}0").parse().ok()?;
            let seconds = (part * 86_400.0).round() as u32;
            let day = i32::try_from(n).ok()? - EXCEL_EPOCH + i32::from(seconds == 86_400);
            match plausible(Day(day), None) {
                Ok(_) => Form::Serial(day, seconds % 86_400 * 1000),
                Err(bad) => Form::Settled(Err(bad)),
            }
        }
        8 if fraction.is_empty() => {
            let day = date((n / 10_000) as i32, (n / 100 % 100) as u32, (n % 100) as u32);
            Form::Settled(day.ok_or(BadDate::NoDate).and_then(|d| plausible(d, None)))
        }
        10 => instant(n * 1000 + fraction.get(..3).and_then(|f| f.parse::<i64>().ok()).unwrap_or(0)),
        13 if all_zero => instant(n),
        _ => return None,
    })
}

/// What is left of a text while it is taken apart.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    fn space(&mut self) -> bool {
        let trimmed = self.0.trim_start();
        let any = trimmed.len() < self.0.len();
        self.0 = trimmed;
        any
    }

    fn take(&mut self, c: char) -> bool {
        match self.0.strip_prefix(c) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Digits, at most `longest`, and how many there are.
    fn number(&mut self, longest: usize) -> Option<(u32, usize)> {
        let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 || digits > longest {
            return None;
        }
        let (digits_text, rest) = self.0.split_at(digits);
        self.0 = rest;
        Some((digits_text.parse().ok()?, digits))
    }

    fn word(&mut self) -> &'a str {
        let end = self.0.find(|c: char| !c.is_alphabetic()).unwrap_or(self.0.len());
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        word
    }
}

fn parts(text: &str) -> Option<Form> {
    let mut rest = Rest(text);
    if rest.0.starts_with(char::is_alphabetic) {
        let mut after = rest;
        let word = after.word();
        if month(word).is_none() && is_weekday(word) {
            after.take('.');
            after.take(',');
            after.space();
            rest = after;
        }
    }
    if rest.0.starts_with(char::is_alphabetic) {
        // Mar 5, 2026
        let m = month(rest.word())?;
        rest.take('.');
        rest.space();
        let (d, _) = rest.number(2)?;
        rest.take(',');
        rest.space();
        let y = year(rest.number(4)?)?;
        return settled(date(y, m, d), rest);
    }
    let (first, digits) = rest.number(4)?;
    if digits == 3 {
        return None;
    }
    let dotted = rest.0.starts_with('.');
    let separator = match rest.0.chars().next()? {
        c @ ('-' | '/' | '.') => {
            rest.take(c);
            c
        }
        _ => ' ',
    };
    rest.space();
    if rest.0.starts_with(char::is_alphabetic) {
        // 05-Mar-2026, 5. March 2026, 5 de marzo de 2026
        let of = |rest: &mut Rest<'_>| {
            for word in ["de ", "of "] {
                if let Some(after) = rest.0.strip_prefix(word) {
                    rest.0 = after.trim_start();
                }
            }
        };
        of(&mut rest);
        let m = month(rest.word())?;
        rest.take('.');
        if separator != ' ' && !dotted {
            rest.take(separator);
        }
        rest.take(',');
        rest.space();
        of(&mut rest);
        let last = rest.number(4)?;
        return if digits == 4 { settled(date(first as i32, m, last.0), rest) } else { settled(date(year(last)?, m, first), rest) };
    }
    if separator == ' ' {
        return None;
    }
    let (second, _) = rest.number(2)?;
    if !rest.take(separator) {
        return None;
    }
    rest.space();
    let third = rest.number(4)?;
    if digits == 4 {
        return if third.1 <= 2 { settled(date(first as i32, second, third.0), rest) } else { None };
    }
    let year = year(third)?;
    let time = time(rest)?;
    Some(Form::Open { a: first, b: second, year, time })
}

fn settled(day: Option<Day>, rest: Rest<'_>) -> Option<Form> {
    let time = time(rest)?;
    Some(Form::Settled(day.ok_or(BadDate::NoDate).and_then(|d| plausible(d, time))))
}

/// A year of four digits, or of two: 69 to 99 are 1969 to 1999, the others of this century (POSIX).
fn year((n, digits): (u32, usize)) -> Option<i32> {
    match (digits, n) {
        (4, n) => Some(n as i32),
        (2, 69..) => Some(1900 + n as i32),
        (2, n) => Some(2000 + n as i32),
        _ => None,
    }
}

/// What follows a date: nothing, or a time with an optional zone. The outer none is for anything else.
#[allow(clippy::option_option, reason = "no time and no valid text are different things")]
fn time(mut rest: Rest<'_>) -> Option<Option<Time>> {
    if rest.0.trim().is_empty() {
        return Some(None);
    }
    let comma = rest.take(',');
    let spaced = rest.space();
    if let Some(after) = rest.0.strip_prefix("at ") {
        rest.0 = after.trim_start();
    } else if !comma && !spaced && !rest.take('T') && !rest.take('t') {
        return None;
    }
    let (mut hour, _) = rest.number(2)?;
    let (mut minute, mut second, mut millis) = (0, 0, 0);
    let mut clock = false;
    if rest.take(':') {
        clock = true;
        let (m, digits) = rest.number(2)?;
        if digits != 2 {
            return None;
        }
        minute = m;
        if rest.take(':') {
            (second, _) = rest.number(2)?;
            if rest.take('.') || rest.take(',') {
                let digits = rest.0.bytes().take_while(u8::is_ascii_digit).count();
                if digits == 0 || digits > 9 {
                    return None;
                }
                let (fraction, after) = rest.0.split_at(digits);
                millis = format!("{fraction}00").get(..3)?.parse().ok()?;
                rest.0 = after;
            }
        }
    }
    rest.space();
    let half: String =
        rest.0.chars().take_while(|c| c.is_alphabetic() || *c == '.').filter(|c| *c != '.').flat_map(char::to_lowercase).collect();
    if half == "am" || half == "pm" {
        rest.0 = rest.0.trim_start_matches(|c: char| c.is_alphabetic() || c == '.');
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if half == "pm" { 12 } else { 0 };
        rest.space();
    } else if !clock {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let offset = zone(rest.0.trim_end())?;
    Some(Some(Time { millis: ((hour * 60 + minute) * 60 + second) * 1000 + millis, offset }))
}

/// Minutes east of UTC, none where no zone is written; the outer none is for anything else, such as `EST`, which is not one zone.
#[allow(clippy::option_option, reason = "no zone and no valid text are different things")]
fn zone(text: &str) -> Option<Option<i32>> {
    if text.is_empty() {
        return Some(None);
    }
    if matches!(text, "Z" | "z" | "UTC" | "GMT" | "utc" | "gmt") {
        return Some(Some(0));
    }
    let text = text.strip_prefix("UTC").or(text.strip_prefix("GMT")).unwrap_or(text);
    let (sign, digits) = match (text.strip_prefix('+'), text.strip_prefix(['-', '\u{2212}'])) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let compact: String = match digits.split_once(':') {
        Some((h, m)) if h.len() == 2 && m.len() == 2 => format!("{h}{m}"),
        Some(_) => return None,
        None => digits.to_owned(),
    };
    if !matches!(compact.len(), 2 | 4) || !compact.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let hours: i32 = compact.get(..2)?.parse().ok()?;
    let minutes: i32 = compact.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    (hours <= 18 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes)))
}
