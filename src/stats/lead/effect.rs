//! What an extra unit of the lead brings, and what of it could have been seen.

use super::Effect;
use super::adjust::{Known, NOTHING};
use super::lanes::dot;
use crate::stats::student;

/// What a two-sided 95 % interval leaves below its upper end.
const UPPER: f64 = 0.975;
/// The mean of this week and the six before shows how far the lead swings for long enough to matter.
const SWING: usize = 7;
/// What swing × √events × share must reach to be found 4 times in 5: found by simulation.
const FOUND: f64 = 4.06;

/// The mean of this week and the `weeks - 1` before, where weeks before the first are 0, for each person.
fn trailing(values: &[f64], known: &Known, weeks: usize) -> Vec<f64> {
    let mut means = vec![0.0; values.len()];
    for (row, means) in values.chunks_exact(known.weeks).zip(means.chunks_exact_mut(known.weeks)) {
        for back in 0..weeks.min(known.weeks) {
            means[back..].iter_mut().zip(row).for_each(|(mean, value)| *mean += value / weeks as f64);
        }
    }
    means
}

/// The slope of the adjusted lag on the mean of the adjusted lead over this week and the `max_lag` before, with its 95 % interval; none where
/// the lead does not vary, or only one person's does.
///
/// Least squares on residuals (Frisch and Waugh 1933, Lovell 1963). The interval leaves out one person at a time (the jackknife: Quenouille
/// 1956, Tukey 1958; its variance: Efron and Stein 1981) and takes Student's t with one degree of freedom less than people, since a
/// person's weeks hang together. Assumes a straight line and people who do not influence each other. Where power is low, an effect that was
/// found is too large.
pub(super) fn effect(lead: &[f64], lag: &[f64], known: &Known, max_lag: usize) -> Option<Effect> {
    let mut means = trailing(lead, known, max_lag + 1);
    means.iter_mut().zip(&known.cells).for_each(|(mean, cell)| *mean *= cell);
    let rows = || means.chunks_exact(known.weeks).zip(lag.chunks_exact(known.weeks));
    let of_people: Vec<(f64, f64)> = rows().map(|(mean, lag)| (dot(mean, mean), dot(mean, lag))).collect();
    let (squares, products) = of_people.iter().fold((0.0, 0.0), |(a, b), (own_a, own_b)| (a + own_a, b + own_b));
    if squares <= NOTHING || of_people.iter().any(|(own, _)| squares - own <= NOTHING) {
        return None;
    }
    let slope = products / squares;
    let deviation = |(a, b): &(f64, f64)| (products - b) / (squares - a) - slope;
    let spread: f64 = of_people.iter().map(|own| deviation(own).powi(2)).sum();
    let people = of_people.len();
    let half = student::quantile(UPPER, people - 1) * ((people as f64 - 1.0) / people as f64 * spread).sqrt();
    Some(Effect { per_activity: slope, lo: slope - half, hi: slope + half })
}

impl Effect {
    /// In units that are so many times as large; none where that cannot be said in numbers.
    pub(super) fn times(self, factor: f64) -> Option<Self> {
        let (lo, hi) = (self.lo * factor, self.hi * factor);
        let scaled = Self { per_activity: self.per_activity * factor, lo: lo.min(hi), hi: hi.max(lo) };
        (scaled.lo.is_finite() && scaled.hi.is_finite()).then_some(scaled)
    }
}

/// How far the lead swings around what is expected of person and week, over its mean: the root mean square, from the 7th week on, of the
/// 7-week mean of the adjusted lead. `raw` is the lead itself.
pub(super) fn swing(raw: &[f64], adjusted: &[f64], known: &Known) -> f64 {
    let means = trailing(adjusted, known, SWING);
    let (mut squares, mut n) = (0.0, 0.0);
    for (means, cells) in means.chunks_exact(known.weeks).zip(known.cells.chunks_exact(known.weeks)) {
        for (mean, cell) in means.iter().zip(cells).skip(SWING - 1) {
            squares += mean * mean * cell;
            n += cell;
        }
    }
    let cells: f64 = known.cells.iter().sum();
    let mean = raw.iter().sum::<f64>() / f64::max(cells, 1.0);
    (squares / f64::max(n, 1.0)).sqrt() / mean.abs().max(NOTHING)
}

/// The share of the events that would have to come from the lead for these data to show it 4 times in 5; above 1 even all would not do.
///
/// Found by simulating panels of 8 to 60 people and 26 to 156 weeks with a lead time of 6 weeks: power depends on them through swing × √events.
pub(super) fn detectable_share(swing: f64, events: usize) -> f64 {
    FOUND / (swing * (events.max(1) as f64).sqrt()).max(1e-9)
}
