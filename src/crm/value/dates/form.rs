//! One word as a date, as far as it says it by itself.

use super::super::months::{is_weekday, month};
use super::clock::time;
use super::{BadDate, DAY_MILLIS, EXCEL_EPOCH, Form, Read, Time, When, YearFirst, date, plausible};
use crate::calendar::Day;

/// Words between the parts of a date, as in `5 de marzo de 2026`.
const OF: &[&str] = &["de ", "del ", "of "];

/// What follows the number of a day, as in `5th` and `1er`.
const ORDINALS: &[&str] = &["st", "nd", "rd", "th", "er", "\u{ba}", "\u{aa}", "\u{b0}"];

pub(super) fn form(word: &str) -> Form {
    // Spreadsheets mark text with an apostrophe.
    let text = word.trim().trim_start_matches('\'');
    if nothing(text) {
        return Form::Settled(Err(BadDate::Placeholder));
    }
    // A range begins where it begins: Notion writes `October 7, 2026 → October 8, 2026`.
    let text = text.split_once('\u{2192}').map_or(text, |(first, _)| first.trim_end());
    let japanese = text.contains('年').then(|| text.replace(['年', '月'], "-").replace('日', ""));
    let text = japanese.as_deref().unwrap_or(text);
    numeric(text)
        .or_else(|| compact(text))
        .or_else(|| parts(Rest(text)))
        .or_else(|| parts(without_weekday(Rest(text))?))
        .unwrap_or(Form::Settled(Err(BadDate::NoDate)))
}

/// Whether a program wrote it for no date: `0000-00-00 00:00:00`, or a spreadsheet's day 0, `1900-01-00`.
fn nothing(text: &str) -> bool {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).map(|p| p.parse::<u32>().unwrap_or(1));
    let mut three = [numbers.next(), numbers.next(), numbers.next()].map(|n| n.unwrap_or(1));
    three.sort_unstable();
    three == [0, 0, 0] || three == [0, 1, 1900]
}

/// A bare number: a serial of 5 digits (with a fraction for the time), 8 digits `YYYYMMDD`, 14 of `YYYYMMDDhhmmss`, or a time since 1970 in
/// seconds (10 digits), milliseconds (13), microseconds (16) or nanoseconds (19).
fn numeric(text: &str) -> Option<Form> {
    if let Some((mantissa, exponent)) = text.split_once(['e', 'E']) {
        let number = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
        return (number(mantissa) && number(exponent.strip_prefix('+').unwrap_or(exponent)))
            .then_some(Form::Settled(Err(BadDate::Shortened)));
    }
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) || text.ends_with(['.', ',']) {
        return None;
    }
    let n: i64 = whole.parse().ok()?;
    let all_zero = fraction.bytes().all(|b| b == b'0');
    let instant = |at: i64| {
        let written = Day(i32::try_from(at.div_euclid(DAY_MILLIS)).unwrap_or(i32::MAX));
        let clock = u32::try_from(at.rem_euclid(DAY_MILLIS)).ok();
        Form::Settled(plausible(written, None).map(|_| Read { when: When::Instant { at, written }, clock }))
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
        8 if all_zero => Form::Settled(ymd(n).ok_or(BadDate::NoDate).and_then(|d| plausible(d, None))),
        14 if all_zero => compact(&format!("{}T{}", whole.get(..8)?, whole.get(8..)?))?,
        10 => instant(n * 1000 + format!("{fraction}000").get(..3).and_then(|f| f.parse::<i64>().ok()).unwrap_or(0)),
        13 => instant(n),
        16 if all_zero => instant(n.div_euclid(1000)),
        19 if all_zero => instant(n.div_euclid(1_000_000)),
        _ => return None,
    })
}

fn ymd(n: i64) -> Option<Day> {
    date((n / 10_000) as i32, (n / 100 % 100) as u32, (n % 100) as u32)
}

/// `20260315T140000Z`, the basic form of ISO 8601.
fn compact(text: &str) -> Option<Form> {
    let (day, clock) = text.split_at_checked(8)?;
    let clock = clock.strip_prefix(['T', 't'])?;
    let digits = clock.bytes().take_while(u8::is_ascii_digit).count();
    if !day.bytes().all(|b| b.is_ascii_digit()) || !matches!(digits, 4 | 6) {
        return None;
    }
    let (hour, minute, second) = (clock.get(..2)?, clock.get(2..4)?, clock.get(4..digits).filter(|s| !s.is_empty()).unwrap_or("00"));
    let time = time(Rest(&format!(" {hour}:{minute}:{second}{}", clock.get(digits..)?)));
    Some(Form::Settled(
        time.and_then(|time| plausible(ymd(day.parse().map_err(|_| BadDate::NoDate)?).ok_or(BadDate::NoDate)?, time.as_ref())),
    ))
}

/// What is left of a text while it is taken apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest<'a>(pub(super) &'a str);

impl<'a> Rest<'a> {
    pub(super) fn space(&mut self) -> bool {
        let trimmed = self.0.trim_start();
        let any = trimmed.len() < self.0.len();
        self.0 = trimmed;
        any
    }

    pub(super) fn take(&mut self, c: char) -> bool {
        match self.0.strip_prefix(c) {
            Some(rest) => {
                self.0 = rest;
                true
            }
            None => false,
        }
    }

    /// Takes the first of several texts that it begins with, in any case, and the spaces behind it.
    pub(super) fn take_any(&mut self, texts: &[&str]) -> bool {
        let begins = |text: &&&str| self.0.get(..text.len()).is_some_and(|start| start.eq_ignore_ascii_case(text));
        match texts.iter().find(begins) {
            Some(text) => {
                self.0 = self.0.get(text.len()..).unwrap_or_default().trim_start();
                true
            }
            None => false,
        }
    }

    /// Digits, at most `longest`, and how many there are.
    pub(super) fn number(&mut self, longest: usize) -> Option<(u32, usize)> {
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

    /// The number of a day with what may follow it, as in `5th`.
    fn day(&mut self) -> Option<u32> {
        let (day, _) = self.number(2)?;
        self.ordinal();
        Some(day)
    }

    fn ordinal(&mut self) {
        let after = ORDINALS.iter().find_map(|end| self.0.strip_prefix(end)).filter(|rest| !rest.starts_with(char::is_alphabetic));
        self.0 = after.unwrap_or(self.0);
    }
}

/// What follows the name of a weekday: `Mon, Nov 16, 2026`, `segunda-feira, 16 de novembro de 2026`.
fn without_weekday(text: Rest<'_>) -> Option<Rest<'_>> {
    let mut rest = text;
    let word = rest.word();
    if !is_weekday(word) {
        return None;
    }
    rest.take_any(&["-feira"]);
    rest.take('.');
    rest.take(',');
    rest.space();
    rest.take_any(&["den "]);
    Some(rest)
}

fn parts(mut rest: Rest<'_>) -> Option<Form> {
    if rest.0.starts_with(char::is_alphabetic) {
        // Mar 5, 2026
        let m = month(rest.word())?;
        rest.take('.');
        let _ = rest.take('-') || rest.take('/') || rest.space();
        let d = rest.day()?;
        rest.take(',');
        let _ = rest.take('-') || rest.take('/') || rest.space();
        let y = year(rest.number(4)?)?;
        return Some(settled(date(y, m, d), rest));
    }
    let (first, digits) = rest.number(4)?;
    if digits == 3 {
        return None;
    }
    if digits <= 2 {
        rest.ordinal();
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
        rest.take_any(OF);
        let m = month(rest.word())?;
        rest.take('.');
        if separator != ' ' && !dotted {
            rest.take(separator);
        }
        rest.take(',');
        rest.space();
        rest.take_any(OF);
        let last = rest.number(4)?;
        let day = if digits == 4 { date(first as i32, m, last.0) } else { date(year(last)?, m, first) };
        return Some(settled(day, rest));
    }
    if separator == ' ' {
        return None;
    }
    let (second, second_digits) = rest.number(2)?;
    if !rest.take(separator) {
        return None;
    }
    rest.space();
    let third = rest.number(4)?;
    // 2026. 3. 5.
    if dotted && digits == 4 {
        rest.take('.');
    }
    if digits == 4 {
        return (third.1 <= 2).then(|| settled(date(first as i32, second, third.0), rest));
    }
    let short = digits == 2 && second_digits == 2 && third.1 == 2;
    let year_first = short.then(|| YearFirst { ends: (first, third.0), day: year((first, 2)).and_then(|y| date(y, second, third.0)) });
    let year = year(third)?;
    Some(match time(rest) {
        Ok(time) => Form::Open { a: first, b: second, year, year_first, time },
        Err(bad) => Form::Settled(Err(bad)),
    })
}

fn settled(day: Option<Day>, rest: Rest<'_>) -> Form {
    let read = |time: Option<Time>| day.ok_or(BadDate::NoDate).and_then(|d| plausible(d, time.as_ref()));
    Form::Settled(time(rest).and_then(read))
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
