//! Values in digits: as the page shows them, and as plain decimals for files.
//!
//! A page is read, a file is computed with. The page rounds: counts to one decimal (`28`, `4.5`), hours to whole ones from 10 on and to
//! one decimal below (`74`, `9.5`), shares to whole percents (`17 %`), days to one decimal (`12 d`); money is printed as the report hands
//! it over, which has scaled it already. A file has exact numbers: the point is the mark, nothing is grouped, and nothing depends on a
//! locale.

use jiff::{Span, civil};
use rust_decimal::{Decimal, RoundingStrategy};

use crate::calendar::Day;
use crate::unit::{Value, Why};

/// The decimals of a ratio in a file, at most.
const RATIO: usize = 6;
/// The decimals of a number of days in a file, at most.
const DAYS: usize = 2;
/// The decimals of hours in a file, always.
const HOURS: u32 = 2;
/// The decimals of a target, a pace or an average in a file, at most.
const DERIVED: u32 = 4;

/// A value on the page; none where it is missing.
pub(super) fn page(value: &Value) -> Option<String> {
    match value {
        Value::Count(n) => Some(trimmed(*n, 1)),
        Value::Money(n, _) => Some(exact(*n)),
        Value::Minutes(minutes) => Some(page_hours(*minutes)),
        Value::Ratio(x) => percent(*x),
        Value::Days(x) => float(*x, 1).map(|days| format!("{days} d")),
        Value::Date(day) => Some(date(*day)),
        Value::Text(words) => Some(words.clone()),
        Value::Missing(_) => None,
    }
}

/// A share as whole percents, halves away from zero: `69 %`; none where it is no number.
pub(super) fn percent(share: f64) -> Option<String> {
    share.is_finite().then(|| format!("{} %", unsigned_zero(format!("{:.0}", (share * 100.0).round()))))
}

/// Minutes as hours for the page.
fn page_hours(minutes: Decimal) -> String {
    let tenths = hours(minutes, 1);
    exact(if tenths.abs() < Decimal::TEN { tenths.normalize() } else { hours(minutes, 0) })
}

/// Minutes as hours, rounded to that many decimals.
fn hours(minutes: Decimal, decimals: u32) -> Decimal {
    round(minutes.checked_div(Decimal::from(60)).unwrap_or_default(), decimals)
}

/// Minutes as hours for a file.
fn in_hours(minutes: Decimal) -> String {
    // Whole minutes never lie in the middle between two hundredths of an hour.
    let whole = if minutes.scale() == 0 { u64::try_from(minutes.mantissa()).ok() } else { None };
    match whole.and_then(|minutes| minutes.checked_mul(10)?.checked_add(3)) {
        Some(tenfold) => pointed(tenfold / 6, HOURS as usize),
        None => at_least(hours(minutes, HOURS), HOURS),
    }
}

/// What a value is in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Plain {
    /// A plain decimal.
    Number(String),
    /// Words, or a date.
    Words(String),
    /// Nothing, and why: a word of the `missing` column.
    Missing(&'static str),
}

/// A measured value in a file: counts without trailing zeros, money with its own decimals, hours with two, ratios with up to six, days with
/// up to two.
pub(super) fn plain(value: &Value) -> Plain {
    spelled(value, |n| exact(n.normalize()), exact)
}

/// A target, a pace or an average in a file: like the value, but with at most four decimals, since these come from divisions. Money keeps
/// `decimals` at least where it was divided.
pub(super) fn derived(value: &Value, decimals: u32) -> Plain {
    spelled(value, |n| trimmed(n, DERIVED), |n| derived_money(n, decimals))
}

/// An amount that may come from a division.
fn derived_money(amount: Decimal, decimals: u32) -> String {
    if amount.scale() > DERIVED {
        let rounded = round(amount, DERIVED).normalize();
        return at_least(rounded, decimals.min(DERIVED));
    }
    at_least(amount, decimals.min(DERIVED))
}

/// The decimals that an amount is written with; none for any other value.
pub(super) fn decimals(value: &Value) -> u32 {
    match value {
        Value::Money(n, _) => n.scale(),
        _ => 0,
    }
}

fn spelled(value: &Value, count: impl Fn(Decimal) -> String, money: impl Fn(Decimal) -> String) -> Plain {
    let float = |x: f64, decimals| float(x, decimals).map_or(Plain::Missing(Why::NotApplicable.word()), Plain::Number);
    match value {
        Value::Count(n) => Plain::Number(count(*n)),
        Value::Money(n, _) => Plain::Number(money(*n)),
        Value::Minutes(minutes) => Plain::Number(in_hours(*minutes)),
        Value::Ratio(x) => float(*x, RATIO),
        Value::Days(x) => float(*x, DAYS),
        Value::Date(day) => Plain::Words(date(*day)),
        Value::Text(words) => Plain::Words(words.clone()),
        Value::Missing(why) => Plain::Missing(why.word()),
    }
}

/// A decimal with exactly its own digits.
pub(super) fn exact(n: Decimal) -> String {
    match (n.scale(), u64::try_from(n.mantissa())) {
        // Nearly every number is one of these, and has no sign.
        (0, Ok(whole)) => whole.to_string(),
        (scale, Ok(units)) => pointed(units, scale as usize),
        _ => unsigned_zero(n.to_string()),
    }
}

/// So many units of which ten to the power of `decimals` are one.
fn pointed(units: u64, decimals: usize) -> String {
    let mut digits = units.to_string();
    while digits.len() <= decimals {
        digits.insert(0, '0');
    }
    digits.insert(digits.len() - decimals, '.');
    digits
}

/// A floating-point number with at most that many decimals; none where it is no number.
pub(super) fn float(x: f64, decimals: usize) -> Option<String> {
    if !x.is_finite() {
        return None;
    }
    let digits = format!("{x:.decimals$}");
    let digits = if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { &digits };
    Some(unsigned_zero(digits.to_owned()))
}

/// A calendar date: `2026-11-09`.
pub(super) fn date(day: Day) -> String {
    if (Day::MIN..=Day::MAX).contains(&day) {
        return day.to_string();
    }
    let span = Span::new().try_days(i64::from(day.0));
    let date = span.and_then(|span| civil::date(1970, 1, 1).checked_add(span));
    date.map_or_else(|_| format!("day {}", day.0), |date| date.to_string())
}

fn round(n: Decimal, decimals: u32) -> Decimal {
    n.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero)
}

fn trimmed(n: Decimal, decimals: u32) -> String {
    exact(round(n, decimals).normalize())
}

/// With zeros up to that many decimals.
fn at_least(n: Decimal, decimals: u32) -> String {
    let decimals = decimals.max(n.scale()) as usize;
    unsigned_zero(format!("{n:.decimals$}"))
}

/// The digits without the sign of a negative zero.
fn unsigned_zero(digits: String) -> String {
    match digits.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::sync::Arc;

    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn usd(text: &str) -> Value {
        Value::Money(dec(text), Arc::from("USD"))
    }

    fn number(text: &str) -> Plain {
        Plain::Number(text.to_owned())
    }

    #[test]
    fn the_page_rounds_for_the_eye() {
        let shown = |value: Value| page(&value).unwrap();
        assert_eq!(shown(Value::Count(dec("28.00"))), "28");
        assert_eq!(shown(Value::Count(dec("4.5"))), "4.5");
        assert_eq!(shown(Value::Count(dec("3.6666666666666666666666666667"))), "3.7");
        assert_eq!(shown(usd("534")), "534");
        assert_eq!(shown(usd("1234567.50")), "1234567.50");
        assert_eq!(shown(Value::Minutes(dec("4440"))), "74");
        assert_eq!(shown(Value::Minutes(dec("570"))), "9.5");
        assert_eq!(shown(Value::Minutes(dec("540"))), "9");
        assert_eq!(shown(Value::Minutes(dec("598"))), "10");
        assert_eq!(shown(Value::Minutes(dec("630"))), "11");
        assert_eq!(shown(Value::Minutes(dec("0"))), "0");
        assert_eq!(shown(Value::Ratio(0.17)), "17 %");
        assert_eq!(shown(Value::Ratio(-0.001)), "0 %");
        assert_eq!(shown(Value::Days(12.0)), "12 d");
        assert_eq!(shown(Value::Days(12.5)), "12.5 d");
        assert_eq!(page(&Value::Ratio(f64::NAN)), None);
        assert_eq!(page(&Value::Missing(Why::NoData)), None);
    }

    #[test]
    fn a_file_has_the_exact_value() {
        assert_eq!(plain(&Value::Count(dec("28.00"))), number("28"));
        assert_eq!(plain(&Value::Count(dec("100"))), number("100"));
        assert_eq!(plain(&Value::Count(dec("0.333333"))), number("0.333333"));
        assert_eq!(plain(&usd("1244500.00")), number("1244500.00"));
        assert_eq!(plain(&usd("-12.5")), number("-12.5"));
        assert_eq!(plain(&usd("0.00")), number("0.00"));
        assert_eq!(plain(&usd("-0.00")), number("0.00"));
        assert_eq!(plain(&Value::Minutes(dec("50"))), number("0.83"));
        assert_eq!(plain(&Value::Minutes(dec("4440"))), number("74.00"));
        assert_eq!(plain(&Value::Minutes(dec("0.3"))), number("0.01"));
        assert_eq!(plain(&Value::Minutes(dec("-0.3"))), number("-0.01"));
        assert_eq!(plain(&Value::Ratio(0.25)), number("0.25"));
        assert_eq!(plain(&Value::Ratio(1.0 / 3.0)), number("0.333333"));
        assert_eq!(plain(&Value::Ratio(0.0)), number("0"));
        assert_eq!(plain(&Value::Ratio(-1e-9)), number("0"));
        assert_eq!(plain(&Value::Days(100.0)), number("100"));
        assert_eq!(plain(&Value::Days(12.125)), number("12.12"));
        assert_eq!(plain(&Value::Missing(Why::TooFew)), Plain::Missing("too_few"));
        assert_eq!(plain(&Value::Ratio(f64::INFINITY)), Plain::Missing("not_applicable"));
    }

    #[test]
    fn digits_are_those_that_a_decimal_spells() {
        for units in [0_i64, 1, 9, 10, 99, 100, 12_345, 1_000_000, i64::MAX] {
            for scale in 0..=20 {
                let n = Decimal::from_i128_with_scale(i128::from(units), scale);
                assert_eq!(exact(n), n.to_string());
            }
            let minutes = Decimal::from(units);
            assert_eq!(in_hours(minutes), at_least(hours(minutes, HOURS), HOURS), "{units}");
        }
        for minutes in (0..10_000).map(Decimal::from) {
            assert_eq!(in_hours(minutes), at_least(hours(minutes, HOURS), HOURS), "{minutes}");
        }
    }

    #[test]
    fn a_quotient_has_four_decimals_and_money_at_least_its_own() {
        assert_eq!(derived(&Value::Count(dec("3.6666666666666666666666666667")), 0), number("3.6667"));
        assert_eq!(derived(&usd("622.25"), 2), number("622.25"));
        assert_eq!(derived(&usd("248.9"), 2), number("248.90"));
        assert_eq!(derived(&usd("378888.88888888888888888888889"), 2), number("378888.8889"));
        assert_eq!(derived(&usd("100.0000000"), 2), number("100.00"));
        assert_eq!(derived(&usd("100.0000000"), 0), number("100"));
        assert_eq!(derived(&usd("770000.00"), 0), number("770000.00"));
    }

    #[test]
    fn dates_are_iso() {
        assert_eq!(date(Day(0)), "1970-01-01");
        assert_eq!(date(Day(20_766)), "2026-11-09");
        assert_eq!(date(Day(-1)), "1969-12-31");
        assert_eq!(date(Day(i32::MAX)), "day 2147483647");
    }
}
