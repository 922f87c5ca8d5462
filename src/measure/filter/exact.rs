//! Numbers without rounding: whole numbers of a power of ten.

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

/// `units` × 10^-`scale`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exact {
    pub(super) units: i128,
    pub(super) scale: u32,
}

/// 10^`exponent`, where it fits.
pub(super) fn power(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

impl Exact {
    pub(super) fn whole(units: impl Into<i128>) -> Self {
        Self { units: units.into(), scale: 0 }
    }

    /// The number that a SQL literal spells; none where it has more than 28 digits.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let decimal = if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok()? } else { Decimal::from_str_exact(text).ok()? };
        let decimal = if decimal.scale() > 0 { decimal.normalize() } else { decimal };
        Some(Self { units: decimal.mantissa(), scale: decimal.scale() })
    }

    pub(super) fn is_whole(self) -> bool {
        power(self.scale).is_some_and(|p| self.units % p == 0)
    }

    /// The same number in units of 10^-`scale`, where it fits; `scale` must not be smaller than its own.
    fn at(self, scale: u32) -> Option<i128> {
        if self.units == 0 {
            return Some(0);
        }
        self.units.checked_mul(power(scale.checked_sub(self.scale)?)?)
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        Some((self.at(scale)?, other.at(scale)?, scale))
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self { units: a.checked_add(b)?, scale })
    }

    pub(super) fn negative(self) -> Option<Self> {
        Some(Self { units: self.units.checked_neg()?, scale: self.scale })
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        Some(Self { units: self.units.checked_mul(other.units)?, scale: self.scale.checked_add(other.scale)? })
    }

    /// The nearest binary number.
    pub(super) fn to_f64(self) -> f64 {
        self.units as f64 / power(self.scale).map_or_else(|| f64::powi(10.0, self.scale.cast_signed()), |p| p as f64)
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        if let Some((a, b, _)) = self.aligned(other) {
            return a.cmp(&b);
        }
        // One of them, brought to the other's scale, is beyond every number of that scale: its sign decides.
        if self.scale < other.scale { self.units.cmp(&0) } else { 0.cmp(&other.units) }
    }

    /// The largest number of units of 10^-`scale` that is not above it, and whether that is exactly it.
    pub(super) fn floor_at(self, scale: u32) -> (i128, bool) {
        if scale >= self.scale {
            let saturated = if self.units < 0 { i128::MIN } else { i128::MAX };
            return (self.at(scale).unwrap_or(saturated), true);
        }
        match power(self.scale - scale) {
            Some(p) => (self.units.div_euclid(p), self.units.rem_euclid(p) == 0),
            None => (if self.units < 0 { -1 } else { 0 }, self.units == 0),
        }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Decimal::try_from_i128_with_scale(self.units, self.scale) {
            Ok(decimal) => decimal.fmt(f),
            Err(_) => write!(f, "{}e-{}", self.units, self.scale),
        }
    }
}
