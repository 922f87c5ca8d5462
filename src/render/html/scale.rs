//! Where a value and a period lie in a chart; nothing here draws.

use crate::document::{Line, Moment};
use crate::unit::Value;

/// Most round steps between zero and the end of a scale.
const STEPS: f64 = 8.0;

/// What is just above a multiple of a step by no more than rounding is that multiple.
const ROUND: f64 = 1.0 - 1e-9;

/// From values to distances from the upper edge. Zero always lies on it, and its ends are round.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Linear {
    /// The value at the lower edge: zero, or less where there is less.
    pub(super) low: f64,
    /// The value at the upper edge.
    pub(super) high: f64,
    /// From edge to edge.
    pub(super) length: f64,
}

impl Linear {
    /// A scale on which all of these values lie; what is no number is passed over.
    pub(super) fn over(values: impl Iterator<Item = f64>, length: f64) -> Self {
        let (low, high) = values.filter(|v| v.is_finite()).fold((0.0_f64, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = (0.0 - round_end(-low), round_end(high));
        Self { low, high: if low >= 0.0 && high <= 0.0 { 1.0 } else { high }, length }
    }

    /// A scale for the values and targets of these lines.
    pub(super) fn of<'a>(lines: impl Iterator<Item = &'a Line>, length: f64) -> Self {
        let numbers = lines.flat_map(|line| line.values.iter().chain(line.targets.iter().flatten()));
        Self::over(numbers.filter_map(Value::as_f64), length)
    }

    /// How far below the upper edge a value lies, within the edges.
    pub(super) fn y(&self, value: f64) -> f64 {
        // Halves, since the difference of the ends may be no number.
        let share = (self.high / 2.0 - value / 2.0) / (self.high / 2.0 - self.low / 2.0);
        if share.is_finite() { share.clamp(0.0, 1.0) * self.length } else { self.length }
    }
}

/// The first multiple of 1, 2 or 5 × 10ⁿ at or above a positive value that is no more than [`STEPS`] of them; else zero.
fn round_end(value: f64) -> f64 {
    if value <= 0.0 {
        return 0.0;
    }
    let rough = value / STEPS;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|n| n * power).find(|step| *step >= rough * ROUND).unwrap_or(rough);
    let end = (value / step * ROUND).ceil() * step;
    if end.is_finite() && end > 0.0 { end } else { value }
}

/// Periods side by side, each in a slot of the same width.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slots {
    /// Where the first begins.
    pub(super) start: f64,
    /// How wide each is.
    pub(super) width: f64,
}

impl Slots {
    /// Where a slot begins.
    pub(super) fn left(&self, slot: usize) -> f64 {
        self.start + self.width * slot as f64
    }

    /// The middle of a slot.
    pub(super) fn middle(&self, slot: usize) -> f64 {
        self.left(slot) + self.width / 2.0
    }
}

/// A bar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// How much of its slot a bar takes.
const BAR: f64 = 0.8;

/// The bar of a value in its slot, the upper edge of the strip at `top`; none where there is no number.
pub(super) fn bar(scale: &Linear, slots: &Slots, slot: usize, top: f64, least: f64, value: &Value) -> Option<Bar> {
    value.as_f64().filter(|v| v.is_finite()).map(|value| bar_of(scale, slots, slot, top, least, value))
}

/// The bar of a number. A zero is a bar of the `least` height, so that it is no gap.
pub(super) fn bar_of(scale: &Linear, slots: &Slots, slot: usize, top: f64, least: f64, value: f64) -> Bar {
    let (zero, end) = (scale.y(0.0), scale.y(value));
    let height = (zero - end).abs().max(least);
    let upper = if value < 0.0 { zero } else { zero - height };
    Bar { x: slots.left(slot) + slots.width * (1.0 - BAR) / 2.0, y: top + upper, width: slots.width * BAR, height }
}

/// The last complete period, else the last one.
pub(super) fn last_complete(periods: &[Moment]) -> Option<usize> {
    periods.iter().rposition(|p| p.complete).or_else(|| periods.len().checked_sub(1))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::unit::Why;

    fn ends(values: &[f64]) -> (f64, f64) {
        let scale = Linear::over(values.iter().copied(), 50.0);
        (scale.low, scale.high)
    }

    #[test]
    fn ends_are_round_and_hold_every_value() {
        assert_eq!(ends(&[3.0, 8.0]), (0.0, 8.0));
        assert_eq!(ends(&[11.0]), (0.0, 12.0));
        assert_eq!(ends(&[118_000.0, 0.0]), (0.0, 120_000.0));
        let (low, high) = ends(&[0.3]);
        assert!(low == 0.0 && (high - 0.3).abs() < 1e-12, "{high}");
        assert_eq!(ends(&[100.0]), (0.0, 100.0));
        assert_eq!(ends(&[-7.0, 13.0]), (-7.0, 14.0));
        assert_eq!(ends(&[-7.0]), (-7.0, 0.0));
    }

    #[test]
    fn without_values_there_is_a_scale_all_the_same() {
        assert_eq!(ends(&[]), (0.0, 1.0));
        assert_eq!(ends(&[0.0, f64::NAN, f64::INFINITY]), (0.0, 1.0));
    }

    #[test]
    fn values_beyond_measure_lie_within_the_edges() {
        for value in [f64::MAX, f64::MIN, f64::MIN_POSITIVE, 5e-324, -5e-324, 1e300] {
            let scale = Linear::over([value, -value].into_iter(), 50.0);
            for at in [value, -value, 0.0, f64::NAN] {
                assert!((0.0..=50.0).contains(&scale.y(at)), "{at} of {value} at {}", scale.y(at));
            }
        }
    }

    #[test]
    fn a_bar_stands_on_zero_and_a_zero_is_no_gap() {
        let (scale, slots) = (Linear { low: -10.0, high: 10.0, length: 20.0 }, Slots { start: 100.0, width: 10.0 });
        let of = |value: Value| bar(&scale, &slots, 2, 5.0, 1.0, &value);
        let up = of(Value::Count(5.into())).unwrap();
        assert_eq!((up.y, up.height), (10.0, 5.0));
        assert!(up.x > 120.0 && up.x + up.width < 130.0);
        let down = of(Value::Count((-5).into())).unwrap();
        assert_eq!((down.y, down.height), (15.0, 5.0));
        let zero = of(Value::Count(0.into())).unwrap();
        assert_eq!((zero.y, zero.height), (14.0, 1.0));
        assert_eq!(of(Value::Missing(Why::NoData)), None);
    }
}
