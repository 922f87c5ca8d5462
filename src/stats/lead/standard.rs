//! Scores in standard deviations of what shuffled people show.

use super::adjust::NOTHING;
use super::scores::Planes;

/// The mean and the standard deviation of ΣQ\[π(r), r\] over all pairings π of people.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub(super) mean: f64,
    /// Infinite where there is none, so that whatever is divided by it is 0.
    pub(super) deviation: f64,
}

impl Moments {
    /// Both moments, exactly (Hoeffding 1951, "A combinatorial central limit theorem"): ΣΣQ/R, and the root of the sum of squares of the
    /// doubly centered table over R − 1. Assumes only that each pairing is as probable as any other; 2 people or more.
    fn of(plane: &[f64], people: usize) -> Self {
        let n = people as f64;
        let mut columns = vec![0.0; people];
        for row in plane.chunks_exact(people) {
            columns.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let total: f64 = columns.iter().sum();
        for sum in &mut columns {
            *sum /= n;
        }
        let grand = total / (n * n);
        let mut squares = 0.0;
        for row in plane.chunks_exact(people) {
            let mean = row.iter().sum::<f64>() / n;
            squares += row.iter().zip(&columns).map(|(value, column)| (value - column - mean + grand).powi(2)).sum::<f64>();
        }
        let deviation = (squares / (n - 1.0)).sqrt();
        Self { mean: total / n, deviation: if deviation > NOTHING { deviation } else { f64::INFINITY } }
    }
}

/// The moments of each table.
pub(super) fn moments(planes: &Planes) -> Vec<Moments> {
    planes.each().map(|plane| Moments::of(plane, planes.people)).collect()
}

/// How far people's own pairings stand above all pairings, in standard deviations, for each table.
pub(super) fn z(planes: &Planes, moments: &[Moments]) -> Vec<f64> {
    let own = |plane: &[f64]| plane.iter().step_by(planes.people + 1).sum::<f64>();
    planes.each().zip(moments).map(|(plane, moments)| (own(plane) - moments.mean) / moments.deviation).collect()
}

/// The largest; 0 where there is none.
pub(super) fn peak(z: &[f64]) -> f64 {
    z.iter().copied().reduce(f64::max).unwrap_or(0.0)
}
