//! One value against one bound: exactly, by cross-multiplication, and never through a rounded quotient.

use rust_decimal::Decimal;

use super::{Bound, Miss, Of};
use crate::document::TidyRow;
use crate::unit::{Unit, Value};

/// Decimals that a floating-point quotient has at least right; what differs less is the same.
const FLOAT: u32 = 9;

/// Paces are prorated to six decimals and averages are divisions: against them, what differs in the sixth decimal is the same.
const DERIVED: u32 = 5;

/// A number beyond this many decimals is rounded before it is shown; ratios have six in every output.
const SHOWN: u32 = 6;

/// How a value compares with its bound.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Compared {
    /// What the value is held against: its pace, its target, the value before; none for the value itself.
    pub(super) against: Option<Value>,
    /// The number that the bound is about: the value in its unit, or a share.
    pub(super) number: Decimal,
    /// By how much the bound is missed.
    pub(super) miss: Option<Miss>,
}

/// Compares a row's value, or says why it cannot be.
pub(super) fn compare(row: &TidyRow, of: Of, bound: Bound) -> Result<Compared, String> {
    if let Value::Missing(why) = row.value {
        return Err(why.says().to_owned());
    }
    hold(&row.value, &row.unit, against(row, of)?, of, bound)
}

/// What a row's value is held against.
fn against(row: &TidyRow, of: Of) -> Result<Option<&Value>, String> {
    let none = |what: &str| Err(what.to_owned());
    Ok(match of {
        Of::Value => None,
        Of::Pace => match &row.pace {
            Some(pace) => Some(pace),
            None => return none("no pace: there is no target for this period"),
        },
        Of::Attainment => match &row.target {
            Some(target) => Some(target),
            None => return none("no target for this period; one of a longer period is held against with of pace, or with --period"),
        },
        Of::Change => match &row.previous {
            Some(previous) => Some(previous),
            None => return none("no complete period before"),
        },
        Of::Average => match &row.average {
            Some(average) => Some(average),
            None => return none("no average: fewer than 4 complete periods before"),
        },
    })
}

/// Compares a value, which is not missing, or its quotient with what it is held against.
pub(super) fn hold(value: &Value, unit: &Unit, against: Option<&Value>, of: Of, bound: Bound) -> Result<Compared, String> {
    let too_large = || "the numbers are too large to be compared".to_owned();
    let value = exact(value).ok_or_else(too_large)?;
    let base = against.map(|against| exact(against).ok_or_else(too_large)).transpose()?;
    if base.is_some_and(|base| base <= Decimal::ZERO) {
        let name = if of == Of::Change { "value before" } else { of_words(of) };
        return Err(format!("the {name} is not above 0, and nothing can be divided by it"));
    }
    // Hours are kept as minutes, so that they are exact.
    let factor = if *unit == Unit::Hours { Decimal::from(60) } else { Decimal::ONE };
    let needed = |bound: Decimal| match (of, base) {
        (Of::Change, Some(base)) => bound.checked_add(Decimal::ONE)?.checked_mul(base),
        (_, Some(base)) => bound.checked_mul(base),
        (_, None) => bound.checked_mul(factor),
    };
    let slack = match (of, unit) {
        (_, Unit::Ratio | Unit::Days) => Some(FLOAT),
        (Of::Value | Of::Change, _) => None,
        _ => Some(DERIVED),
    };
    let distance = |over: bool, bound: Decimal| -> Option<Option<Miss>> {
        let needed = needed(bound)?;
        let by = if over { value.checked_sub(needed)? } else { needed.checked_sub(value)? };
        let by = slack.map_or(by, |decimals| by.round_dp(decimals));
        if by <= Decimal::ZERO {
            return Some(None);
        }
        let relative = by.checked_div(needed.abs());
        Some(Some(Miss { bound, over, by: by.checked_div(factor)?, relative }))
    };
    let mut miss = None;
    for (over, bound) in [(false, bound.least()), (true, bound.most())] {
        if let Some(bound) = bound {
            miss = distance(over, bound).ok_or_else(too_large)?.or(miss);
        }
    }
    let number = match (of, base) {
        (Of::Change, Some(base)) => value.checked_sub(base).and_then(|change| change.checked_div(base)),
        (_, Some(base)) => value.checked_div(base),
        (_, None) => value.checked_div(factor),
    };
    let number = number.ok_or_else(too_large)?;
    // What misses its bound by little is not rounded onto it.
    let number = miss.as_ref().map_or_else(|| number.round_dp(SHOWN), |miss: &Miss| number.round_dp_with_strategy(SHOWN, miss.rounding()));
    let number = number.normalize();
    Ok(Compared { against: against.cloned(), number, miss })
}

fn of_words(of: Of) -> &'static str {
    match of {
        Of::Attainment => "target",
        of => of.name(),
    }
}

/// A value as a decimal, hours as minutes; floating-point numbers to the decimals that they have right.
fn exact(value: &Value) -> Option<Decimal> {
    match value {
        Value::Count(n) | Value::Money(n, _) | Value::Minutes(n) => Some(*n),
        Value::Ratio(x) | Value::Days(x) => Decimal::try_from(*x).ok().map(|n| n.round_dp(12)),
        Value::Date(_) | Value::Text(_) | Value::Missing(_) => None,
    }
}
