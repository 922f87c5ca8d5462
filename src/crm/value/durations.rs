//! How long something took.

use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

use super::super::fold::tokens;

/// The most minutes of an activity: a day.
const LONGEST: i64 = 24 * 60;

/// What a bare number of a duration column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TimeUnit {
    /// Thousandths of a second.
    Milliseconds,
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
}

impl TimeUnit {
    fn millis(self) -> i64 {
        match self {
            Self::Milliseconds => 1,
            Self::Seconds => 1000,
            Self::Minutes => 60_000,
            Self::Hours => 3_600_000,
        }
    }

    fn named(word: &str) -> Option<Self> {
        Some(match word.trim_end_matches('.') {
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" | "ora"
            | "ore" | "uur" | "uren" => Self::Hours,
            "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "minuto" | "minutos" | "minuti" | "minuut" => Self::Minutes,
            "s" | "sec" | "secs" | "second" | "seconds" | "sek" | "sekunde" | "sekunden" | "seconde" | "secondes" | "segundo"
            | "segundos" | "secondi" | "seconden" => Self::Seconds,
            "ms" | "msec" | "millisecond" | "milliseconds" | "millis" | "millisekunden" | "milisegundos" => Self::Milliseconds,
            _ => return None,
        })
    }

    /// The unit that a heading names, such as `Talk Time (s)`, `duration_min` or `CallDurationInSeconds`.
    pub fn of_heading(heading: &str) -> Option<Self> {
        let words = tokens(heading);
        words.iter().rev().find_map(|word| Self::named(word)).or_else(|| {
            let last = words.last()?;
            ["milliseconds", "seconds", "minutes", "hours"].iter().find(|unit| last.ends_with(*unit)).and_then(|unit| Self::named(unit))
        })
    }
}

/// Why a word is no duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadDuration {
    /// It is none.
    NoDuration,
    /// It is negative.
    Negative,
    /// It is longer than a day.
    TooLong,
    /// It is a bare number in a column whose numbers cannot be minutes, and nothing says what they are.
    NoUnit,
}

impl BadDuration {
    /// What is wrong, in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoDuration => "is no duration",
            Self::Negative => "is a negative duration",
            Self::TooLong => "is longer than a day: its unit may be another",
            Self::NoUnit => "is a number without a unit",
        }
    }
}

/// What a bare number or `12:30` of a column counts, as far as nothing in the cell says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Units {
    /// What a bare number counts.
    pub number: TimeUnit,
    /// Whether `12:30` is minutes and seconds, not hours and minutes.
    pub minutes_seconds: bool,
}

/// The distinct words of a column as durations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Durations {
    /// One per word, in whole minutes.
    pub values: Vec<Result<i64, BadDuration>>,
    /// A word such as `12:30` that could be read in two ways: its index, and whether it was read as minutes and seconds.
    pub clock: Option<(usize, bool)>,
    /// The index of a word that shows that the bare numbers are no minutes although nothing says what else they are; then none is understood.
    pub no_minutes: Option<usize>,
}

/// Understands the distinct words of a column of durations. `unit` is what a bare number counts, none where nothing says it: then it is minutes,
/// unless the numbers themselves speak against it. `calls`: whether the column times calls, which are written in minutes and seconds.
pub fn durations<'a>(
    words: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>,
    unit: Option<TimeUnit>,
    calls: bool,
) -> Durations {
    let texts: Vec<&str> = words.into_iter().map(|w| w.as_ref().trim()).collect();
    let two =
        |text: &&str| text.matches(':').count() == 1 && text.split(':').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()));
    let first = |text: &str| text.split(':').next().and_then(|p| p.parse::<u64>().ok()).unwrap_or(0);
    let clocks: Vec<usize> = (0..texts.len()).filter(|i| two(&texts[*i])).collect();
    let seconds_unit = matches!(unit, Some(TimeUnit::Seconds | TimeUnit::Milliseconds));
    // A part above 23 is no hour; a part with an h:mm:ss beside it is one.
    let beyond = clocks.iter().any(|i| first(texts[*i]) > 23);
    let whole = texts.iter().any(|t| t.matches(':').count() == 2);
    let minutes_seconds = seconds_unit || beyond || (calls && !whole);
    let clock = clocks.first().filter(|_| !seconds_unit && !beyond && unit.is_none()).map(|word| (*word, minutes_seconds));
    let no_minutes = if unit.is_none() { no_minutes(&texts, calls) } else { None };
    let units = Units { number: unit.unwrap_or(TimeUnit::Minutes), minutes_seconds };
    let value = |text: &str| match minutes(text, units) {
        Ok(_) | Err(BadDuration::TooLong) if no_minutes.is_some() && number(text).is_some() => Err(BadDuration::NoUnit),
        read => read,
    };
    Durations { values: texts.iter().map(|text| value(text)).collect(), clock, no_minutes }
}

/// A bare number that shows that the column is not in minutes: several are longer than a day, or all are small and some have fractions, as
/// hours have. Calls are often that short.
fn no_minutes(texts: &[&str], calls: bool) -> Option<usize> {
    let numbers: Vec<(usize, Decimal)> = texts.iter().enumerate().filter_map(|(i, t)| Some((i, number(t)?))).collect();
    let long: Vec<usize> = numbers.iter().filter(|(_, n)| *n > Decimal::from(LONGEST)).map(|(i, _)| *i).collect();
    if long.len() > 1 && long.len() * 20 >= numbers.len() {
        return long.first().copied();
    }
    let small = !calls && numbers.iter().all(|(_, n)| *n <= Decimal::from(12));
    numbers.iter().find(|(_, n)| small && n.normalize().scale() > 0).map(|(i, _)| *i)
}

/// A duration in whole minutes, from 0 to 1,440; halves are rounded up, and what took any time at all is never 0.
///
/// `1h 30m`, `1h30`, `45 min` and `PT1H30M` name their own units; `1:30:00` is hours, minutes, seconds.
///
/// # Errors
/// What is no duration, negative or longer than a day.
pub fn minutes(word: &str, units: Units) -> Result<i64, BadDuration> {
    let text = word.trim().to_lowercase();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.as_str()),
    };
    let millis = if text.contains(':') { clock(text, units) } else { named_parts(text, units.number) }.ok_or(BadDuration::NoDuration)?;
    if millis.is_zero() {
        return Ok(0);
    }
    if negative {
        return Err(BadDuration::Negative);
    }
    let minutes = (millis / Decimal::from(TimeUnit::Minutes.millis())).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    match minutes.to_i64() {
        Some(m) if m <= LONGEST => Ok(m.max(1)),
        _ => Err(BadDuration::TooLong),
    }
}

fn clock(text: &str, units: Units) -> Option<Decimal> {
    let parts: Vec<&str> = text.split(':').collect();
    let units: &[TimeUnit] = match (parts.len(), units.minutes_seconds) {
        (3, _) => &[TimeUnit::Hours, TimeUnit::Minutes, TimeUnit::Seconds],
        (2, true) => &[TimeUnit::Minutes, TimeUnit::Seconds],
        (2, false) => &[TimeUnit::Hours, TimeUnit::Minutes],
        _ => return None,
    };
    let mut millis = Decimal::ZERO;
    for (i, (part, unit)) in parts.iter().zip(units).enumerate() {
        let n = number(part)?;
        if i > 0 && n >= Decimal::from(60) {
            return None;
        }
        millis = millis.checked_add(n.checked_mul(Decimal::from(unit.millis()))?)?;
    }
    Some(millis)
}

fn named_parts(text: &str, unit: TimeUnit) -> Option<Decimal> {
    if let Some(n) = number(text) {
        return n.checked_mul(Decimal::from(unit.millis()));
    }
    let iso = text.strip_prefix("pt");
    let mut rest = iso.unwrap_or(text).trim_start();
    let (mut millis, mut last) = (Decimal::ZERO, i64::MAX);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let (n, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        // 1h30
        let bare = name.is_empty() && after.is_empty() && last == TimeUnit::Hours.millis() && n.len() == 2 && n < "60";
        let unit = if bare { TimeUnit::Minutes } else { TimeUnit::named(name)? }.millis();
        if unit >= last {
            return None;
        }
        last = unit;
        millis = millis.checked_add(number(n)?.checked_mul(Decimal::from(unit))?)?;
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        rest = ["and ", "und ", "et ", "y ", "e "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
    }
    (last != i64::MAX).then_some(millis)
}

/// A bare number of at most 15 digits with one mark at most.
fn number(text: &str) -> Option<Decimal> {
    let text = text.trim();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let marks = text.bytes().filter(|b| matches!(b, b'.' | b',')).count();
    if digits == 0 || digits > 15 || marks > 1 || digits + marks != text.len() {
        return None;
    }
    Decimal::from_str_exact(&text.replace(',', ".")).ok()
}
