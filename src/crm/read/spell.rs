//! The value of a workbook's cell → the text that a CSV export of it would hold, dates as ISO.

use calamine::DataRef;
use jiff::civil;

/// Milliseconds of a day.
const DAY: f64 = 86_400_000.0;
/// The days from Excel's first date system to that of 1904 (<https://learn.microsoft.com/office/troubleshoot/excel/1900-and-1904-date-system>).
const SINCE_1904: i64 = 1462;
/// The last day that Excel has, 9999-12-31, in the system of 1900.
const LAST: f64 = 2_958_465.0;
/// Up to here a float holds every integer.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The text of a cell; empty where there is none. `format` is its number format, which says the currency of an amount.
pub(super) fn cell(value: &DataRef<'_>, since_1904: bool, format: Option<&str>) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        DataRef::Int(n) => n.to_string(),
        DataRef::Float(n) => match format.and_then(currency) {
            Some(currency) => format!("{currency} {}", number(*n)),
            None => number(*n),
        },
        DataRef::String(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(at) if at.is_duration() => hours(at.as_f64()),
        DataRef::DateTime(at) => serial(at.as_f64(), since_1904),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => iso_hours(text).unwrap_or_else(|| text.clone()),
    }
}

/// A number without the float's noise: integers as such, others with the 15 significant digits that Excel itself shows.
fn number(n: f64) -> String {
    if n.fract() == 0.0 && n.abs() <= EXACT {
        return format!("{}", n as i64);
    }
    let rounded: f64 = format!("{n:.14e}").parse().unwrap_or(n);
    format!("{rounded}")
}

/// The date of a serial number, with its time unless that is midnight; the time alone below day 1.
fn serial(value: f64, since_1904: bool) -> String {
    if !(0.0..=LAST + 1.0).contains(&value) {
        return number(value);
    }
    let (mut days, mut rest) = (value.floor() as i64, ((value - value.floor()) * DAY).round() as i64);
    if rest >= DAY as i64 {
        (days, rest) = (days + 1, 0);
    }
    if days == 0 && !since_1904 || value < 1.0 {
        return clock(rest);
    }
    if since_1904 {
        days += SINCE_1904;
    }
    // In the system of 1900 there is a 29 February 1900, so that the days before it are one later than those behind it suppose.
    let first = if days < 60 { civil::date(1899, 12, 31) } else { civil::date(1899, 12, 30) };
    let day = match first.checked_add(jiff::Span::new().days(days)) {
        _ if days == 60 => "1900-02-29".to_owned(),
        Ok(day) => day.to_string(),
        Err(_) => return number(value),
    };
    if rest == 0 { day } else { format!("{day} {}", clock(rest)) }
}

/// A time of day.
fn clock(milliseconds: i64) -> String {
    let (seconds, milli) = (milliseconds / 1000, milliseconds % 1000);
    let text = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    if milli == 0 { text } else { format!("{text}.{milli:03}") }
}

/// A duration in days as hours, minutes and seconds.
fn hours(days: f64) -> String {
    if !(-LAST..=LAST).contains(&days) {
        return number(days);
    }
    let sign = if days < 0.0 { "-" } else { "" };
    let seconds = (days.abs() * DAY / 1000.0).round() as i64;
    format!("{sign}{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// `PT26H30M00S`, which an open document writes for a time or a duration, as hours, minutes and seconds.
fn iso_hours(text: &str) -> Option<String> {
    let (hours, rest) = text.strip_prefix("PT")?.split_once('H')?;
    let (minutes, seconds) = rest.strip_suffix('S')?.split_once('M')?;
    let seconds: f64 = seconds.parse().ok()?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    Some(format!("{hours:02}:{minutes:02}:{:02}", seconds.round() as u32))
}

/// The currency that a number format shows: a symbol or code between quotation marks, in `[$…-…]`, or bare.
///
fn currency(format: &str) -> Option<String> {
    let first = format.split(';').next().unwrap_or_default();
    if first.contains('%') {
        return None;
    }
    let mut rest = first;
    while let Some(at) = rest.find(['"', '[', '$', '€', '£', '¥']) {
        let tail = rest.get(at..)?;
        let (word, after) = if let Some(quoted) = tail.strip_prefix('"') {
            quoted.split_once('"')?
        } else if let Some(bracket) = tail.strip_prefix('[') {
            let (inside, after) = bracket.split_once(']')?;
            (inside.strip_prefix('$').map_or("", |i| i.split('-').next().unwrap_or_default()), after)
        } else {
            let symbol = tail.chars().next()?;
            tail.split_at(symbol.len_utf8())
        };
        let word = word.trim();
        let code = word.len() == 3 && word.bytes().all(|b| b.is_ascii_uppercase());
        if code || matches!(word, "$" | "€" | "£" | "¥" | "R$" | "US$" | "A$" | "C$" | "CA$" | "kr" | "zł" | "Fr." | "₹" | "₽" | "₩")
        {
            return Some(word.to_owned());
        }
        rest = after;
    }
    None
}

#[cfg(test)]
mod tests {
    use calamine::{ExcelDateTime, ExcelDateTimeType};

    use super::*;

    fn at(value: f64, since_1904: bool) -> String {
        cell(&DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, since_1904)), since_1904, None)
    }

    #[test]
    fn serial_numbers_are_dates() {
        // What Excel shows for these serials in the form yyyy-mm-dd hh:mm:ss.
        for (value, text) in [
            (46335.0, "2026-11-09"),
            (46335.5, "2026-11-09 12:00:00"),
            (46_335.437_511_574_07, "2026-11-09 10:30:01"),
            (46_335.999_999_988_43, "2026-11-09 23:59:59.999"),
            (61.0, "1900-03-01"),
            (59.0, "1900-02-28"),
            (1.0, "1900-01-01"),
            (0.4375, "10:30:00"),
            (0.0, "00:00:00"),
            (2_958_465.0, "9999-12-31"),
            (-1.5, "-1.5"),
            (3_000_000.0, "3000000"),
        ] {
            assert_eq!(at(value, false), text, "{value}");
        }
        assert_eq!(at(46335.0 - 1462.0, true), "2026-11-09");
        assert_eq!(at(1.25, true), "1904-01-02 06:00:00");
        let long = ExcelDateTime::new(1.104_166_666_666_666_7, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(cell(&DataRef::DateTime(long), false, None), "26:30:00");
        assert_eq!(cell(&DataRef::DurationIso("PT09H05M00S".into()), false, None), "09:05:00");
        assert_eq!(cell(&DataRef::DateTimeIso("2026-11-09T00:00:00".into()), false, None), "2026-11-09");
    }

    #[test]
    fn numbers_have_no_noise() {
        for (value, text) in [
            (5.0, "5"),
            (-12_500.0, "-12500"),
            (0.1 + 0.2, "0.3"),
            (1234.1, "1234.1"),
            (1e-7, "0.0000001"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (0.75, "0.75"),
        ] {
            assert_eq!(cell(&DataRef::Float(value), false, None), text);
        }
        assert_eq!(cell(&DataRef::Bool(true), false, None), "TRUE");
    }

    #[test]
    fn the_form_of_a_number_says_its_currency() {
        for (format, text) in [
            ("\"USD\" #,##0.00", "USD 1234.5"),
            ("#,##0.00\\ [$€-407]", "€ 1234.5"),
            ("[$EUR] #,##0", "EUR 1234.5"),
            ("[$$-409]#,##0.00", "$ 1234.5"),
            ("_($* #,##0.00_)", "$ 1234.5"),
            ("[Red]0.0%", "1234.5"),
            ("€#,##0", "€ 1234.5"),
            ("0.00 \"hours\"", "1234.5"),
        ] {
            assert_eq!(cell(&DataRef::Float(1234.5), false, Some(format)), text, "{format}");
        }
    }
}
