//! Measures as numbers whose swings do not depend on a few large ones.

/// Mid-ranks, from 0, of the values that are known: equal values share the mean of their ranks (Kendall 1945). What is not known is 0.
///
/// A heavy tail, as that of deal sizes, would otherwise decide alone.
pub(super) fn mid_ranks(values: &[f64], known: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).filter(|cell| known[*cell] > 0.0).collect();
    order.sort_unstable_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    for tied in order.chunk_by(|a, b| values[*a] >= values[*b]) {
        let rank = (start + start + tied.len() - 1) as f64 / 2.0;
        for cell in tied {
            ranks[*cell] = rank;
        }
        start += tied.len();
    }
    ranks
}

/// The lead as the test takes it: square roots where it counts something, so that its noise is as large for busy people as for others
/// (Bartlett 1936, for Poisson counts); mid-ranks where it is negative somewhere or no whole number.
pub(super) fn even_out(values: &[f64], known: &[f64]) -> Vec<f64> {
    let counts = values.iter().zip(known).all(|(value, known)| *known == 0.0 || (*value >= 0.0 && value.fract() == 0.0));
    if counts { values.iter().map(|value| value.sqrt()).collect() } else { mid_ranks(values, known) }
}

/// Above this, squares and their sums could leave the range of `f64`.
const HUGE: f64 = 1e100;

/// The power of two by which values must be multiplied so that their squares can be summed; 1 for all but absurd ones.
pub(super) fn taming(values: &[f64]) -> f64 {
    let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    if largest > HUGE { 0.5_f64.powi(largest.log2().ceil() as i32) } else { 1.0 }
}
