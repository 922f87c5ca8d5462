//! Dated exchange rates into one currency.

use std::collections::BTreeMap;
use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};

use crate::calendar::Day;
use crate::unit::{Currency, decimals};

/// No converted amount is larger: with six decimals it fits a column, and so does the difference of two.
const LARGEST: Decimal = Decimal::from_parts(FOUR_TRILLION as u32, (FOUR_TRILLION >> 32) as u32, 0, false, 0);
const FOUR_TRILLION: u64 = 4_000_000_000_000;

/// What one unit of each currency is worth in one other, from which day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rates {
    /// The file that holds them, as the configuration names it.
    pub file: String,
    /// The currency into which they convert.
    pub home: Currency,
    /// By currency: the first day of each rate, in order, and the rate.
    dated: BTreeMap<String, Vec<(Day, Decimal)>>,
}

/// Why an amount has no rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoRate {
    /// There is none of its currency.
    Currency,
    /// The first of its currency begins on this day, later than the amount's.
    Before(Day),
}

impl Rates {
    /// Rates into a currency: each with its currency, its first day, and how many units of `home` one unit is worth, above zero.
    pub fn new(file: impl Into<String>, home: Currency, list: impl IntoIterator<Item = (String, Day, Decimal)>) -> Self {
        let mut dated: BTreeMap<String, Vec<(Day, Decimal)>> = BTreeMap::new();
        for (currency, from, rate) in list {
            dated.entry(currency).or_default().push((from, rate));
        }
        for rates in dated.values_mut() {
            rates.sort_unstable();
        }
        Self { file: file.into(), home, dated }
    }

    /// The rate of a currency on a day: the last one that begins on it or before; 1 for the currency into which they convert.
    ///
    /// # Errors
    /// Where there is none.
    pub fn on(&self, currency: &str, day: Day) -> Result<Rate, NoRate> {
        if currency == &*self.home {
            return Ok(Rate { value: Decimal::ONE, from: None });
        }
        let rates = self.dated.get(currency).ok_or(NoRate::Currency)?;
        let after = rates.partition_point(|(from, _)| *from <= day);
        match (after.checked_sub(1).and_then(|last| rates.get(last)), rates.first()) {
            (Some((from, value)), _) => Ok(Rate { value: *value, from: Some(*from) }),
            (None, Some((first, _))) => Err(NoRate::Before(*first)),
            (None, None) => Err(NoRate::Currency),
        }
    }

    /// An amount at a rate, rounded half to even to the decimals that the currency has (ISO 4217); none where it is too large to be one.
    pub fn convert(&self, amount: Decimal, rate: Decimal) -> Option<Decimal> {
        let exact = amount.checked_mul(rate)?;
        let rounded = exact.round_dp_with_strategy(decimals(&self.home), RoundingStrategy::MidpointNearestEven);
        (rounded.abs() <= LARGEST).then_some(rounded)
    }

    /// The currencies that have a rate, in order.
    pub fn currencies(&self) -> impl Iterator<Item = &str> {
        self.dated.keys().map(String::as_str)
    }

    /// The currency into which they convert.
    pub fn home(&self) -> Currency {
        Arc::clone(&self.home)
    }
}

/// A rate that applies on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many units of the other currency one unit is worth.
    pub value: Decimal,
    /// Since when; none for a currency's own.
    pub from: Option<Day>,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn day(text: &str) -> Day {
        crate::calendar::parse_date(text).unwrap()
    }

    fn rates(home: &str) -> Rates {
        let list = [("EUR", "2026-07-01", "1.10"), ("EUR", "2026-01-01", "1.08"), ("JPY", "2026-01-01", "0.0065")];
        Rates::new("rates.csv", Arc::from(home), list.map(|(c, d, r)| (c.to_owned(), day(d), r.parse().unwrap())))
    }

    #[test]
    fn the_last_rate_not_after_the_day_applies() {
        let rates = rates("USD");
        let on = |currency: &str, at: &str| rates.on(currency, day(at)).map(|r| r.value.to_string());
        assert_eq!(on("EUR", "2026-06-30"), Ok("1.08".to_owned()));
        assert_eq!(on("EUR", "2026-07-01"), Ok("1.10".to_owned()), "from its first day on");
        assert_eq!(on("EUR", "2030-01-01"), Ok("1.10".to_owned()));
        assert_eq!(on("EUR", "2025-12-31"), Err(NoRate::Before(day("2026-01-01"))));
        assert_eq!(on("GBP", "2026-06-30"), Err(NoRate::Currency));
        assert_eq!(on("USD", "1990-01-01"), Ok("1".to_owned()));
    }

    #[test]
    fn amounts_are_rounded_half_to_even_to_what_the_currency_has() {
        let convert = |home: &str, amount: &str, rate: &str| {
            rates(home).convert(amount.parse().unwrap(), rate.parse().unwrap()).map(|a| a.to_string())
        };
        // 0.5 × 0.25 = 0.125, 0.5 × 0.75 = 0.375.
        assert_eq!(convert("USD", "0.5", "0.25").unwrap(), "0.12");
        assert_eq!(convert("USD", "0.5", "0.75").unwrap(), "0.38");
        assert_eq!(convert("USD", "-0.5", "0.25").unwrap(), "-0.12");
        assert_eq!(convert("JPY", "1.50", "1").unwrap(), "2");
        assert_eq!(convert("KWD", "1", "0.30785").unwrap(), "0.308");
        assert_eq!(convert("VND", "4000000000000", "25000"), None, "no column could hold it");
    }
}
