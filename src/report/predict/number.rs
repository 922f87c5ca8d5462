//! Effects, shares and weeks as a sentence has them.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive as _;

use crate::report::scale;
use crate::stats::lead::{Effect, LeadWeeks};
use crate::unit::Unit;

/// The lead's step that an effect is said of, and how a sentence of it begins: one of what is counted, and so much of what is not that the
/// effect is no tiny number.
pub(super) fn step(lead: &Unit) -> (f64, String) {
    match lead {
        Unit::Count => (1.0, "Each one more goes".to_owned()),
        Unit::Hours => (1.0, "Each hour more goes".to_owned()),
        Unit::Days => (1.0, "Each day more goes".to_owned()),
        Unit::Ratio => (0.1, "Each 10 percentage points more go".to_owned()),
        Unit::Money(currency) => (1000.0, format!("Each {} more goes", scale::amount(Decimal::ONE_THOUSAND, currency))),
    }
}

/// An effect in the unit of the lag.
pub(super) struct Size {
    /// How much, without its sign: `0.13`, `4 k$`.
    pub(super) much: String,
    /// Whether it is less and not more.
    pub(super) less: bool,
    /// Its interval: `0.08 to 0.18`.
    pub(super) interval: String,
}

/// An effect for a step of the lead.
pub(super) fn size(effect: &Effect, step: f64, lag: &Unit) -> Size {
    let each = [effect.per_activity, effect.lo, effect.hi].map(|x| x * step);
    let less = each[0] < 0.0;
    if let Unit::Money(_) = lag {
        let scaled = scale::Scale::of(each.iter().fold(0.0, |largest: f64, x| largest.max(x.abs())));
        let sign = scaled.heading(lag).unwrap_or_default();
        let coarse = coarse(each[2] - each[1]);
        let [one, lo, hi] = each.map(|x| scaled.apply(Decimal::from_f64((x / coarse).round() * coarse).unwrap_or_default()).normalize());
        return Size { much: format!("{} {sign}", one.abs()).trim_end().to_owned(), less, interval: format!("{lo} to {hi}") };
    }
    let (factor, unit) = match lag {
        Unit::Ratio => (100.0, " points"),
        Unit::Hours => (1.0, " hours"),
        Unit::Days => (1.0, " days"),
        Unit::Count | Unit::Money(_) => (1.0, ""),
    };
    let [one, lo, hi] = each.map(|x| x * factor);
    let places = places(hi - lo);
    Size { much: format!("{:.places$}{unit}", one.abs()), less, interval: format!("{lo:.places$} to {hi:.places$}") }
}

/// The step, a power of ten of at least 1, with which an interval of this width has two digits.
fn coarse(width: f64) -> f64 {
    if width.is_finite() && width > 100.0 { 10_f64.powi(width.log10().floor() as i32 - 1) } else { 1.0 }
}

/// The decimals with which an interval of this width has two digits.
fn places(width: f64) -> usize {
    const MOST: i32 = 6;
    if !width.is_finite() || width <= 0.0 {
        return 2;
    }
    (1 - width.log10().floor() as i32).clamp(0, MOST) as usize
}

/// Weeks with their range, and without one where that is the same week: `6 (5–8)`.
pub(super) fn weeks(lead: &LeadWeeks) -> String {
    format!("{}{}", lead.weeks, range(lead))
}

/// The range of weeks as it stands behind them; nothing where it is one week.
pub(super) fn range(lead: &LeadWeeks) -> String {
    if lead.first == lead.last { String::new() } else { format!(" ({}–{})", lead.first, lead.last) }
}

/// A probability with the digits that shuffles can tell.
pub(super) fn chance(p: f64) -> String {
    if p < 0.001 { "<0.001".to_owned() } else { format!("{p:.3}") }
}
