//! Times of day, and the zones that stand beside them.

use super::form::Rest;
use super::{BadDate, Time, Written};
use crate::calendar::Zone;

/// Words between a date and its time.
const AT: &[&str] = &["at ", "um ", "\u{e0} ", "a las ", "\u{e0}s ", "alle ", "om ", "kl. ", "kl ", "@ ", "- "];

/// Zones by their letters, with minutes east of UTC: those of RFC 5322 §4.3, and the European ones that no other zone shares.
const LETTERS: &[(&str, i32)] = &[
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("EST", -300),
    ("EDT", -240),
    ("CST", -360),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
    ("WET", 0),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("EET", 120),
    ("EEST", 180),
];

/// What follows a date: nothing, or a time with an optional zone.
pub(super) fn time(mut rest: Rest<'_>) -> Result<Option<Time>, BadDate> {
    if rest.0.trim().is_empty() {
        return Ok(None);
    }
    let comma = rest.take(',');
    let spaced = rest.space();
    let worded = (comma || spaced) && rest.take_any(AT);
    if !comma && !spaced && !worded && !rest.take('T') && !rest.take('t') {
        return Err(BadDate::NoDate);
    }
    let millis = clock(&mut rest).ok_or(BadDate::NoDate)?;
    Ok(Some(Time { millis, zone: zone(rest.0.trim())? }))
}

/// A time of day as milliseconds since midnight: `14:30`, `14:30:05`, `2:30 PM`, `14h30`, or a spreadsheet's fraction of a day, `0.4375`.
pub fn time_of_day(word: &str) -> Option<i64> {
    let text = word.trim();
    if let Some(digits) = text.strip_prefix("0.").or_else(|| text.strip_prefix("0,")) {
        let digits = digits.get(..digits.len().min(15)).filter(|d| d.len() > 2 && d.bytes().all(|b| b.is_ascii_digit()))?;
        let seconds = (format!("0.{digits}").parse::<f64>().ok()? * 86_400.0).round() as i64;
        return (seconds < 86_400).then_some(seconds * 1000);
    }
    let mut rest = Rest(text);
    let millis = clock(&mut rest)?;
    rest.0.trim().is_empty().then_some(i64::from(millis))
}

/// Milliseconds since midnight.
fn clock(rest: &mut Rest<'_>) -> Option<u32> {
    let (mut hour, _) = rest.number(2)?;
    let (mut minute, mut second, mut millis) = (0, 0, 0);
    let mut told = false;
    let two = |rest: &mut Rest<'_>| rest.number(2).filter(|(_, digits)| *digits == 2).map(|(n, _)| n);
    // Of 14.30 and 14h30 the minutes have two digits; anything else is no time.
    let separator = [':', '.'].into_iter().find(|c| rest.take(*c));
    if let Some(separator) = separator {
        told = true;
        minute = two(rest)?;
        if rest.take(separator) {
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
    } else {
        let mut after = *rest;
        after.space();
        if (after.take('h') || after.take('H')) && !after.0.starts_with(char::is_alphabetic) {
            told = true;
            after.space();
            if after.0.starts_with(|c: char| c.is_ascii_digit()) {
                minute = two(&mut after)?;
            }
            *rest = after;
        }
    }
    rest.space();
    if let Some(afternoon) = half(rest) {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12 + if afternoon { 12 } else { 0 };
        rest.space();
    } else if !told {
        return None;
    }
    rest.take_any(&["Uhr"]);
    (hour < 24 && minute < 60 && second < 60).then_some(((hour * 60 + minute) * 60 + second) * 1000 + millis)
}

/// Whether it is before or after noon: `AM`, `p.m.`, and `p. m.` as Spanish has it.
fn half(rest: &mut Rest<'_>) -> Option<bool> {
    let mut after = *rest;
    let afternoon = match () {
        () if after.take('a') || after.take('A') => false,
        () if after.take('p') || after.take('P') => true,
        () => return None,
    };
    after.take('.');
    after.space();
    if !(after.take('m') || after.take('M')) || after.0.starts_with(char::is_alphabetic) {
        return None;
    }
    after.take('.');
    *rest = after;
    Some(afternoon)
}

fn zone(text: &str) -> Result<Written, BadDate> {
    // 10:00 (UTC), 10:00 GMT+0100 (Central European Standard Time), 10:00+01:00[Europe/Berlin]
    let (before, within) = match text.strip_suffix([')', ']']).and_then(|t| t.rsplit_once(['(', '['])) {
        Some((before, within)) => (before.trim(), Some(within.trim())),
        None => (text, None),
    };
    match (before, within) {
        ("", Some(within)) => plain_zone(within),
        (before, _) => plain_zone(before),
    }
}

fn plain_zone(text: &str) -> Result<Written, BadDate> {
    if text.is_empty() {
        return Ok(Written::Nothing);
    }
    if let Some((_, minutes)) = LETTERS.iter().find(|(letters, _)| letters.eq_ignore_ascii_case(text)) {
        return Ok(Written::Offset(*minutes));
    }
    let mut rest = Rest(text);
    let prefixed = rest.take_any(&["UTC", "GMT"]);
    if let Some(minutes) = offset(rest.0, prefixed) {
        return Ok(Written::Offset(minutes));
    }
    if text.contains('/') {
        return Zone::named(text).map(Written::Named).map_err(|_| BadDate::Zone);
    }
    let letters = (2..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphabetic());
    Err(if letters { BadDate::Zone } else { BadDate::NoDate })
}

/// Minutes east of UTC: `+01:00`, `-0530`, `+02`, and of one digit where `GMT` or a colon shows what it is.
fn offset(text: &str, prefixed: bool) -> Option<i32> {
    let (sign, digits) = match (text.strip_prefix('+'), text.strip_prefix(['-', '\u{2212}'])) {
        (Some(rest), _) => (1, rest),
        (_, Some(rest)) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) if minutes.len() == 2 => (hours, minutes),
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None if digits.len() == 2 || (digits.len() == 1 && prefixed) => (digits, "00"),
        _ => return None,
    };
    let digits_only = |t: &str| (1..=2).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    if !digits_only(hours) || !digits_only(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}
