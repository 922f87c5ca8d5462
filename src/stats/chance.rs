//! Tails of the distributions that steady random activity has: the binomial, the Poisson, and the number of weeks left empty.
//!
//! Only terms of one sign are added, so that small probabilities keep their digits: the relative error is below 1e-9 up to a million
//! records.

/// The natural logarithm of n!.
fn ln_factorial(n: u64) -> f64 {
    if n < 16 {
        return ((2..=n).product::<u64>() as f64).ln();
    }
    // Stirling's series; what it leaves out is below 1/(1188 n^9).
    let x = n as f64;
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    let series = inverse * (1.0 / 12.0 - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square / 1680.0)));
    x * x.ln() - x + 0.5 * (std::f64::consts::TAU * x).ln() + series
}

/// The natural logarithm of the number of ways to choose `k` of `n`; minus infinity where there is none.
pub(super) fn ln_choose(n: u64, k: u64) -> f64 {
    if k > n { f64::NEG_INFINITY } else { ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k) }
}

/// A share of places, kept as both of its sides so that neither loses digits when it is small.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    inside: f64,
    outside: f64,
}

impl Share {
    /// `part` of `whole` places, of which it is at most all; `whole` is 1 or more.
    pub fn of(part: u64, whole: u64) -> Self {
        Self { inside: part as f64 / whole as f64, outside: whole.saturating_sub(part) as f64 / whole as f64 }
    }

    fn turned(self) -> Self {
        Self { inside: self.outside, outside: self.inside }
    }
}

/// The natural logarithm of the probability that at least `k` of `n` records fall into a share of the places, each independently and
/// wherever with equal probability: the upper tail of the binomial distribution.
pub(super) fn ln_at_least(k: u64, n: u64, share: Share) -> f64 {
    if k == 0 || share.outside <= 0.0 {
        return if k <= n { 0.0 } else { f64::NEG_INFINITY };
    }
    if k > n || share.inside <= 0.0 {
        return f64::NEG_INFINITY;
    }
    if k as f64 <= n as f64 * share.inside {
        // Below the mean the other tail is the shorter sum, and what is left of 1 has lost nothing.
        return (-ln_at_least(n - k + 1, n, share.turned()).exp()).ln_1p();
    }
    let first = ln_choose(n, k) + k as f64 * share.inside.ln() + (n - k) as f64 * share.outside.ln();
    let odds = share.inside / share.outside;
    let (mut term, mut sum) = (1.0, 1.0);
    for j in k..n {
        term *= (n - j) as f64 / (j + 1) as f64 * odds;
        sum += term;
        if term < sum * f64::EPSILON / 16.0 {
            break;
        }
    }
    (first + sum.ln()).min(0.0)
}

/// What is seen at most once in so many cases by chance is no noise.
pub const RARE: f64 = 0.05;

/// The probability of at least `hits` in `trials` of which each hits independently, with a share as its probability.
pub fn at_least(hits: u64, trials: u64, share: Share) -> f64 {
    ln_at_least(hits, trials, share).exp()
}

/// The probability of at most `hits` in `trials`, likewise.
pub fn at_most(hits: u64, trials: u64, share: Share) -> f64 {
    at_least(trials.saturating_sub(hits), trials, share.turned())
}

/// The probability of at most `value` where `usual` are usual, by the Poisson distribution; both are 0 or more.
pub fn so_few(value: f64, usual: f64) -> f64 {
    let (mut term, mut sum) = ((-usual).exp(), 0.0);
    for n in 0..=value.clamp(0.0, 1_000.0) as u32 {
        sum += term;
        term *= usual / f64::from(n + 1);
    }
    sum
}

/// More records than this leave no week empty that matters: the probability is worked out for this many, which is never too small.
const MOST: u64 = 2_000;

/// The probability that of `weeks` weeks, of which the first and the last have some of the `records`, at least `idle` have none, when
/// each record falls into any week with equal probability; 1 where fewer than two weeks or records leave nothing to ask.
pub(super) fn idle_between(idle: usize, weeks: usize, records: u64) -> f64 {
    if weeks < 2 || records < 2 || idle == 0 {
        return 1.0;
    }
    let most = usize::try_from(records.min(MOST)).unwrap_or(usize::MAX).min(weeks);
    // How probable it is that so many weeks have any, record by record.
    let mut occupied = vec![0.0; most + 1];
    occupied[0] = 1.0;
    let all = weeks as f64;
    for _ in 0..records.min(MOST) {
        for k in (1..=most).rev() {
            occupied[k] = occupied[k] * (k as f64 / all) + occupied[k - 1] * ((weeks - (k - 1)) as f64 / all);
        }
        occupied[0] = 0.0;
    }
    // Which k weeks have any is a matter of chance alone, so both ends are among them in k (k - 1) of weeks (weeks - 1) cases.
    let (mut few, mut every) = (0.0, 0.0);
    for (k, probability) in occupied.iter().enumerate().skip(2) {
        let both_ends = probability * (k as f64) * (k as f64 - 1.0);
        every += both_ends;
        if k + idle <= weeks {
            few += both_ends;
        }
    }
    if every > 0.0 { few / every } else { 1.0 }
}

#[cfg(test)]
mod tests;
