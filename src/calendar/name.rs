//! The names of periods, written and read, and the dates that users write.

use super::Calendar;
use super::day::{Day, Range, civil_from_days, days_from_civil};
use super::fiscal;
use super::period::{Grain, Period};

/// The date of an option such as `--as-of`, `--from` or `--to`.
///
/// The error says what was written and the form that is expected: `not a date: 2026-13-40; write it as 2026-11-14`.
pub fn parse_date(text: &str) -> Result<Day, String> {
    Day::parse(text).ok_or_else(|| format!("not a date: {text}; write it as 2026-11-14"))
}

/// The month and day on which fiscal years start, written as `02-01`; the error says what form is expected.
pub fn parse_month_day(text: &str) -> Result<(u8, u8), String> {
    let read = |part: &str| digits(part, 2, 2).and_then(|n| u8::try_from(n).ok());
    text.split_once('-')
        .and_then(|(month, day)| Some((read(month)?, read(day)?)))
        .filter(|&(month, day)| fiscal::in_every_year(month, day))
        .ok_or_else(|| format!("not a day of every year: {text}; write month and day as 02-01"))
}

/// The name and the whole days, uncut, of the period of a grain that holds a day of the calendar.
pub(super) fn around(calendar: &Calendar, grain: Grain, day: Day) -> (String, i32, i32) {
    let fiscal = calendar.fiscal;
    match grain {
        Grain::Day => (day.to_string(), day.0, day.0),
        Grain::Week => {
            let into_week = (day.weekday().index() + 7 - calendar.week_starts.index()) % 7;
            let first = day.0 - into_week as i32;
            let monday = first + (7 - calendar.week_starts.index() as i32) % 7;
            let (year, week) = iso_week(monday);
            (format!("{year:04}-W{week:02}"), first, first + 6)
        }
        Grain::Month => {
            let (year, month, of_month) = civil_from_days(day.0);
            let first = day.0 - of_month + 1;
            let next = if month == 12 { days_from_civil(year + 1, 1, 1) } else { days_from_civil(year, month + 1, 1) };
            (format!("{year:04}-{month:02}"), first, next - 1)
        }
        Grain::Quarter => {
            let index = fiscal.index_of(day.0);
            let quarter = fiscal.quarter_of(index, day.0);
            let name = format!("{}-Q{}", year_name(calendar, index), quarter + 1);
            (name, fiscal.quarter_start(index, quarter), fiscal.quarter_start(index, quarter + 1) - 1)
        }
        Grain::Year => {
            let index = fiscal.index_of(day.0);
            (year_name(calendar, index), fiscal.start(index), fiscal.start(index + 1) - 1)
        }
        Grain::All => ("all".to_owned(), Day::MIN.0, Day::MAX.0),
        Grain::Range => (Range::day(day).to_string(), day.0, day.0),
    }
}

/// The period of a name.
pub(super) fn parse(calendar: &Calendar, grain: Grain, name: &str) -> Result<Period, String> {
    let text = name.to_ascii_uppercase();
    let first = match grain {
        Grain::Day => return parse_date(name).map(|day| calendar.period_of(grain, day)),
        Grain::Week => week(name, &text)?,
        Grain::Month => month(&text).ok_or_else(|| format!("not a month: {name}; write it as 2026-11"))?,
        Grain::Quarter => quarter(calendar, name, &text)?,
        Grain::Year => {
            let index = year(calendar, &text).ok_or_else(|| format!("not a year: {name}; {}", year_hint(calendar, "")))?;
            calendar.fiscal.start(index)
        }
        Grain::All if text == "ALL" => return Ok(calendar.all_period(Range::ALWAYS)),
        Grain::All => return Err(format!("not a period: {name}; write all")),
        Grain::Range => return range(calendar, name),
    };
    // What lies outside the calendar comes back as its nearest period, with another name.
    let period = calendar.period_of(grain, Day(first));
    if period.name == text { Ok(period) } else { Err(format!("no such {grain}: {name}; days run from {} to {}", Day::MIN, Day::MAX)) }
}

fn week(name: &str, text: &str) -> Result<i32, String> {
    let (year, week) = text
        .split_once("-W")
        .and_then(|(year, week)| Some((digits(year, 4, 5)?, digits(week, 2, 2)?)))
        .ok_or_else(|| format!("not a week: {name}; write it as 2026-W46"))?;
    let weeks = (monday_of_week_1(year + 1) - monday_of_week_1(year)) / 7;
    if week < 1 || week > weeks {
        return Err(format!("no such week: {name}; {year} has the weeks W01 to W{weeks}"));
    }
    Ok(monday_of_week_1(year) + (week - 1) * 7)
}

fn month(text: &str) -> Option<i32> {
    let (year, month) = text.split_once('-')?;
    let (year, month) = (digits(year, 4, 4)?, digits(month, 2, 2)?);
    (1..=12).contains(&month).then(|| days_from_civil(year, month, 1))
}

fn quarter(calendar: &Calendar, name: &str, text: &str) -> Result<i32, String> {
    text.rsplit_once("-Q")
        .and_then(|(year_text, quarter)| Some((year(calendar, year_text)?, digits(quarter, 1, 1)?)))
        .filter(|(_, quarter)| (1..=4).contains(quarter))
        .map(|(index, quarter)| calendar.fiscal.quarter_start(index, quarter - 1))
        .ok_or_else(|| format!("not a quarter: {name}; {}", year_hint(calendar, "-Q4")))
}

/// The index of a year's name.
fn year(calendar: &Calendar, text: &str) -> Option<i32> {
    if calendar.fiscal.is_calendar_year() {
        return digits(text, 4, 4);
    }
    Some(calendar.fiscal.index_of_name(digits(text.strip_prefix("FY")?, 4, 5)?))
}

fn year_name(calendar: &Calendar, index: i32) -> String {
    let prefix = if calendar.fiscal.is_calendar_year() { "" } else { "FY" };
    format!("{prefix}{:04}", calendar.fiscal.name_of(index))
}

fn year_hint(calendar: &Calendar, rest: &str) -> String {
    if calendar.fiscal.is_calendar_year() {
        format!("write it as 2026{rest}")
    } else {
        format!("write it as FY2026{rest}: fiscal years are named by the year in which they end")
    }
}

fn range(calendar: &Calendar, name: &str) -> Result<Period, String> {
    let (first, last) = name.split_once('/').ok_or_else(|| format!("not a range of days: {name}; write it as 2026-11-01/2026-11-15"))?;
    let range = Range::new(parse_date(first)?, parse_date(last)?);
    range.map(|range| calendar.range_period(range)).ok_or_else(|| format!("no day lies in {name}: it begins after its end"))
}

/// The ISO 8601 year and week of the week that begins on this Monday: a week belongs to the year of its Thursday.
fn iso_week(monday: i32) -> (i32, i32) {
    let (year, _, _) = civil_from_days(monday + 3);
    (year, (monday - monday_of_week_1(year)) / 7 + 1)
}

/// The Monday of a year's first ISO week, the one that holds January 4.
fn monday_of_week_1(year: i32) -> i32 {
    let fourth = days_from_civil(year, 1, 4);
    fourth - (fourth + 3).rem_euclid(7)
}

/// A whole number written with so many digits and nothing else.
fn digits(text: &str, least: usize, most: usize) -> Option<i32> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}
