//! Flags, durations and whole numbers: each word can be understood alone.

use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

use super::super::fold::fold;

/// Whether a word says true or false; none where it says neither. What a blank cell means is not decided here.
pub fn flag(word: &str) -> Option<bool> {
    // A program that kept flags as floats wrote 1.0 and 0.0.
    match fold(word.trim().strip_suffix(".0").unwrap_or(word)).as_str() {
        "1" | "true" | "t" | "yes" | "y" | "on" | "x" | "done" | "wahr" | "ja" | "vrai" | "oui" | "verdadero" | "verdadeiro" | "vero"
        | "si" | "sim" => Some(true),
        "0" | "false" | "f" | "no" | "n" | "off" | "undone" | "todo" | "falsch" | "nein" | "faux" | "non" | "falso" | "nao" => Some(false),
        _ => None,
    }
}

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
            "h" | "hr" | "hrs" | "hour" | "hours" | "std" | "stunde" | "stunden" | "heure" | "heures" | "hora" | "horas" => Self::Hours,
            "m" | "min" | "mins" | "minute" | "minutes" | "minuten" | "minuto" | "minutos" => Self::Minutes,
            "s" | "sec" | "secs" | "second" | "seconds" | "sekunden" | "secondes" | "segundos" => Self::Seconds,
            "ms" | "msec" | "milliseconds" => Self::Milliseconds,
            _ => return None,
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
    /// It is longer than seven days, which no activity is: seconds or milliseconds were taken for something longer.
    TooLong,
}

impl BadDuration {
    /// What is wrong, in words.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoDuration => "is no duration",
            Self::Negative => "is a negative duration",
            Self::TooLong => "is longer than seven days: the unit of the column may be another",
        }
    }
}

/// A duration in whole minutes, from 0 to 10,080; halves are rounded up, and what took any time at all is never 0.
///
/// A bare number counts `unit`. `1h 30m`, `45 min` and `PT1H30M` name their own; `1:30:00` is hours, minutes, seconds; `1:30` is hours and
/// minutes, but minutes and seconds in a column of seconds or milliseconds.
pub fn minutes(word: &str, unit: TimeUnit) -> Result<i64, BadDuration> {
    let text = word.trim().to_lowercase();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.as_str()),
    };
    let millis = if text.contains(':') { clock(text, unit) } else { named_parts(text, unit) }.ok_or(BadDuration::NoDuration)?;
    if millis.is_zero() {
        return Ok(0);
    }
    if negative {
        return Err(BadDuration::Negative);
    }
    let minutes = (millis / Decimal::from(TimeUnit::Minutes.millis())).round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    match minutes.to_i64() {
        Some(m) if m <= 7 * 24 * 60 => Ok(m.max(1)),
        _ => Err(BadDuration::TooLong),
    }
}

fn clock(text: &str, unit: TimeUnit) -> Option<Decimal> {
    let parts: Vec<&str> = text.split(':').collect();
    let units: &[TimeUnit] = match (parts.len(), unit) {
        (3, _) => &[TimeUnit::Hours, TimeUnit::Minutes, TimeUnit::Seconds],
        (2, TimeUnit::Seconds | TimeUnit::Milliseconds) => &[TimeUnit::Minutes, TimeUnit::Seconds],
        (2, _) => &[TimeUnit::Hours, TimeUnit::Minutes],
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
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
        let (n, after) = rest.split_at(digits);
        let after = after.trim_start();
        let end = after.find(|c: char| !c.is_alphabetic() && c != '.').unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let unit = TimeUnit::named(name)?.millis();
        if unit >= last {
            return None;
        }
        last = unit;
        millis = millis.checked_add(number(n)?.checked_mul(Decimal::from(unit))?)?;
        rest = after.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        rest = rest.strip_prefix("and ").unwrap_or(rest).trim_start();
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

/// A whole number: a sign, digits, groups of three and a `.0` that a program wrote are understood; none for anything else.
pub fn whole(word: &str) -> Option<i64> {
    let text = word.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') && zeros.len() != 3 => whole,
        _ => text,
    };
    let mark = text.chars().find(|c| !c.is_ascii_digit());
    let digits = match mark {
        None => text.to_owned(),
        Some(c) if matches!(c, ',' | '.' | '\'' | '\u{2019}') || c.is_whitespace() => {
            let groups: Vec<&str> = text.split(c).collect();
            let (first, others) = groups.split_first()?;
            let grouped = (1..=3).contains(&first.len()) && others.iter().all(|g| g.len() == 3);
            if !grouped || *first == "0" || !groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit())) {
                return None;
            }
            groups.concat()
        }
        Some(_) => return None,
    };
    if digits.is_empty() {
        return None;
    }
    let n = digits.parse::<i64>().ok()?;
    Some(if negative { -n } else { n })
}
