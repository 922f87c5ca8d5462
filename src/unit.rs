//! What a number is: values with their units, and why one is missing. Nothing here spells a number for a reader.

use std::fmt;
use std::sync::Arc;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::Day;

/// Why a value is missing; missing is never zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The exports hold nothing that could answer (their table is absent, or ended before the period).
    NoData,
    /// It will be known later.
    NotYet,
    /// The question does not arise here.
    NotApplicable,
    /// Too few records for the number to mean anything.
    TooFew,
}

impl Why {
    /// The word written to `missing` columns.
    pub fn word(self) -> &'static str {
        match self {
            Self::NoData => "no_data",
            Self::NotYet => "not_yet",
            Self::NotApplicable => "not_applicable",
            Self::TooFew => "too_few",
        }
    }

    /// The same for a reader, as a sentence goes on.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoData => "the exports hold nothing that could answer",
            Self::NotYet => "not known yet",
            Self::NotApplicable => "does not apply here",
            Self::TooFew => "too few records",
        }
    }
}

/// A currency as the exports name it, normally its ISO 4217 code; empty when no file or config says which.
pub type Currency = Arc<str>;

/// The decimals that amounts in a currency have, by its ISO 4217 code; 2 where it is none.
pub fn decimals(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND" | "VUV" | "XAF" | "XOF"
        | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// The unit of a measure.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Whole records or distinct things.
    Count,
    /// Hours, kept as minutes.
    Hours,
    /// A share or quotient.
    Ratio,
    /// Days.
    Days,
    /// Money in this currency.
    Money(Currency),
}

impl Unit {
    /// The word for it; of money its currency.
    pub fn name(&self) -> &str {
        match self {
            Self::Count => "count",
            Self::Hours => "hours",
            Self::Ratio => "ratio",
            Self::Days => "days",
            // ISO 4217 for a sum in no particular currency: no file and no config says which.
            Self::Money(code) if code.is_empty() => "XXX",
            Self::Money(code) => code,
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One value of a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number of things; a decimal so that targets and averages share the type.
    Count(Decimal),
    /// An exact amount with its own decimals.
    Money(Decimal, Currency),
    /// Minutes; written as hours.
    Minutes(Decimal),
    /// A quotient, 0.25 for a quarter.
    Ratio(f64),
    /// A number of days, halves possible for a median.
    Days(f64),
    /// A calendar date.
    Date(Day),
    /// Words.
    Text(String),
    /// No value, and why.
    Missing(Why),
}

impl Value {
    /// The value as a plain number for charts and comparisons: money in units, minutes as hours; none where it is missing or words.
    pub fn as_f64(&self) -> Option<f64> {
        use rust_decimal::prelude::ToPrimitive;
        match self {
            Self::Count(n) | Self::Money(n, _) => n.to_f64(),
            Self::Minutes(n) => n.to_f64().map(|m| m / 60.0),
            Self::Ratio(x) | Self::Days(x) => Some(*x),
            Self::Date(_) | Self::Text(_) | Self::Missing(_) => None,
        }
    }

    /// Whether there is no value.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing(_))
    }
}
