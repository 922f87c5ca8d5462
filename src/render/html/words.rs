//! How figures spell values, their units and the names of periods; tables spell them as the terminal does.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::render::face;
use crate::render::html::scale::Linear;
use crate::render::{number, text};
use crate::unit::{Unit, Value};

/// The values of one measure in a figure: money in thousands or millions where it is large.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amounts {
    unit: Unit,
    divisor: u32,
}

impl Amounts {
    /// Those of this unit on this scale.
    pub(super) fn new(unit: &Unit, scale: &Linear) -> Self {
        let largest = scale.high.max(-scale.low);
        let divisor = match unit {
            Unit::Money(_) if largest >= 10_000_000.0 => 1_000_000,
            Unit::Money(_) if largest >= 20_000.0 => 1_000,
            _ => 1,
        };
        Self { unit: unit.clone(), divisor }
    }

    /// The unit in words; empty for counts and for what carries its own.
    pub(super) fn unit(&self) -> String {
        let mark = match self.divisor {
            1_000 => "k ",
            1_000_000 => "M ",
            _ => "",
        };
        match &self.unit {
            Unit::Count | Unit::Ratio | Unit::Days => String::new(),
            Unit::Hours => "hours".to_owned(),
            Unit::Money(code) => format!("{mark}{code}").trim().to_owned(),
        }
    }

    /// The measure with its unit: `revenue, k USD`.
    pub(super) fn named(&self, measure: &str) -> String {
        let unit = self.unit();
        format!("{}{}{unit}", text::line(measure, false), if unit.is_empty() { "" } else { ", " })
    }

    /// A value.
    pub(super) fn value(&self, value: &Value) -> String {
        let Value::Money(amount, _) = value else {
            return number::page(value).unwrap_or_else(|| face::dash(false).to_owned());
        };
        let scaled = amount.checked_div(Decimal::from(self.divisor)).unwrap_or_default();
        let places = u32::from(self.divisor > 1 && scaled.abs() < Decimal::TEN);
        number::exact(scaled.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize())
    }

    /// A value and its target, where there is one.
    pub(super) fn against(&self, value: &Value, target: Option<&Value>) -> String {
        let target = target.filter(|t| !t.is_missing()).map_or_else(String::new, |target| format!("/{}", self.value(target)));
        format!("{}{target}", self.value(value))
    }

    /// An end of the scale.
    pub(super) fn end(&self, end: f64) -> String {
        let spelled = match self.unit {
            Unit::Ratio => number::percent(end),
            Unit::Days => number::float(end, 2).map(|days| format!("{days} d")),
            _ => number::float(end / f64::from(self.divisor), 2),
        };
        spelled.unwrap_or_default()
    }
}

/// The names of periods, short where they stand side by side: `2026-W46` is `W46` after another period of 2026.
pub(super) fn short<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut year = None;
    let names = names.map(|name| match name.split_once('-') {
        Some((of, rest)) if rest.starts_with(char::is_alphabetic) => {
            let known = year.replace(of) == Some(of);
            if known { rest } else { name }
        }
        _ => name,
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::sync::Arc;

    use super::*;
    use crate::unit::Why;

    fn amounts(unit: &Unit, largest: f64) -> Amounts {
        Amounts::new(unit, &Linear::over([largest].into_iter(), 1.0))
    }

    fn usd(n: &str) -> Value {
        Value::Money(n.parse().unwrap(), Arc::from("USD"))
    }

    #[test]
    fn large_money_is_in_thousands_or_millions() {
        let dollars = Unit::Money(Arc::from("USD"));
        let of = |largest: f64, n: &str| {
            let amounts = amounts(&dollars, largest);
            (amounts.value(&usd(n)), amounts.unit(), amounts.end(largest))
        };
        let expected = |value: &str, unit: &str, end: &str| (value.to_owned(), unit.to_owned(), end.to_owned());
        assert_eq!(of(120_000.0, "118499.50"), expected("118", "k USD", "120"));
        assert_eq!(of(120_000.0, "4540"), expected("4.5", "k USD", "120"));
        assert_eq!(of(120_000.0, "0.00"), expected("0", "k USD", "120"));
        assert_eq!(of(50_000_000.0, "-12500000"), expected("-13", "M USD", "50"));
        assert_eq!(of(900.0, "899.90"), expected("900", "USD", "900"));
        assert_eq!(amounts(&Unit::Money(Arc::from("")), 1.0).unit(), "");
    }

    #[test]
    fn values_stand_against_their_targets() {
        let counts = amounts(&Unit::Count, 8.0);
        assert_eq!(counts.against(&Value::Count(5.into()), Some(&Value::Count(8.into()))), "5/8");
        assert_eq!(counts.against(&Value::Missing(Why::NoData), Some(&Value::Missing(Why::NoData))), "—");
        assert_eq!(amounts(&Unit::Ratio, 0.4).end(0.4), "40 %");
        assert_eq!(amounts(&Unit::Days, 60.0).end(60.0), "60 d");
    }

    #[test]
    fn a_year_is_said_once() {
        assert_eq!(short(["2026-W52", "2026-W53", "2027-W01", "2027-W02"].into_iter()), ["2026-W52", "W53", "2027-W01", "W02"]);
        assert_eq!(short(["2026-11", "2026-12", "all"].into_iter()), ["2026-11", "2026-12", "all"]);
    }
}
