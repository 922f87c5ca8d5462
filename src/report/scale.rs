//! How amounts are scaled on a page.

use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::unit::{Unit, Value};

/// How money is shown: in thousands or millions where it is large.
#[derive(Clone, Copy)]
pub(super) struct Scale {
    divisor: u32,
    mark: &'static str,
}

impl Scale {
    /// The scale for amounts up to the largest.
    pub(super) fn of(largest: f64) -> Self {
        match largest {
            x if x >= 10_000_000.0 => Self { divisor: 1_000_000, mark: "M" },
            x if x >= 20_000.0 => Self { divisor: 1_000, mark: "k" },
            _ => Self { divisor: 1, mark: "" },
        }
    }

    /// An amount on this scale.
    pub(super) fn apply(self, amount: Decimal) -> Decimal {
        let places = u32::from(self.divisor == 1_000_000);
        (amount / Decimal::from(self.divisor)).round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
    }

    /// A value on this scale; anything but money stays as it is.
    pub(super) fn value(self, value: &Value) -> Value {
        match value {
            Value::Money(amount, currency) => Value::Money(self.apply(*amount), currency.clone()),
            other => other.clone(),
        }
    }

    /// What a heading says of it, such as `k$`; none for anything but money.
    pub(super) fn heading(self, unit: &Unit) -> Option<String> {
        let Unit::Money(currency) = unit else { return None };
        let sign = match &**currency {
            "USD" => "$",
            "EUR" => "€",
            "GBP" => "£",
            other => other,
        };
        let text = format!(
            "{}{}{sign}",
            self.mark,
            if sign.len() > 3 || (sign.is_ascii() && sign.len() == 3 && !self.mark.is_empty()) { " " } else { "" }
        );
        (!text.trim().is_empty()).then_some(text)
    }
}

/// An amount in a sentence, in thousands or millions where it is large: `118 k$`.
pub(super) fn amount(amount: Decimal, currency: &str) -> String {
    let scale = Scale::of(amount.abs().to_f64().unwrap_or(0.0));
    let sign = scale.heading(&Unit::Money(currency.into())).unwrap_or_default();
    format!("{} {sign}", scale.apply(amount)).trim_end().to_owned()
}
