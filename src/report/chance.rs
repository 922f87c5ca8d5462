//! How likely chance alone brings what is seen.

/// What is seen at most once in so many cases by chance is no noise.
pub(super) const RARE: f64 = 0.05;

/// The chance of at most `value` where `usual` are usual, by a Poisson count.
pub(super) fn so_few(value: f64, usual: f64) -> f64 {
    let (mut term, mut sum) = ((-usual).exp(), 0.0);
    for n in 0..=value.clamp(0.0, 1_000.0) as u32 {
        sum += term;
        term *= usual / f64::from(n + 1);
    }
    sum
}

/// The chance of at most `hits` in `trials` of which each hits with probability `rate`; 1 where the rate is none between 0 and 1.
pub(super) fn at_most(hits: u32, trials: u32, rate: f64) -> f64 {
    if hits >= trials || !(rate > 0.0 && rate < 1.0) {
        return 1.0;
    }
    // In logarithms, so that many trials do not vanish.
    let mut term = f64::from(trials) * (1.0 - rate).ln();
    let mut sum = term.exp();
    for n in 0..hits {
        term += f64::from(trials - n).ln() - f64::from(n + 1).ln() + rate.ln() - (1.0 - rate).ln();
        sum += term.exp();
    }
    sum.min(1.0)
}

/// The chance of at least `hits` in `trials` of which each hits with probability `rate`; 1 where the rate is none between 0 and 1.
pub(super) fn at_least(hits: u32, trials: u32, rate: f64) -> f64 {
    at_most(trials.saturating_sub(hits), trials, 1.0 - rate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }

    #[test]
    fn tails_are_those_of_small_numbers_counted_out() {
        // Of 5 tosses of a coin 6 in 32 have at most one head, and as many at least four.
        close(at_most(1, 5, 0.5), 6.0 / 32.0);
        close(at_least(4, 5, 0.5), 6.0 / 32.0);
        // None of 4 with one in ten each.
        close(at_most(0, 4, 0.1), 0.6561);
        close(at_least(1, 4, 0.1), 0.3439);
        close(at_most(4, 4, 0.1), 1.0);
        close(at_least(0, 4, 0.1), 1.0);
        close(at_most(1, 4, 0.0), 1.0);
        close(at_least(3, 4, 0.0), 1.0);
        close(so_few(0.0, 2.0), (-2.0_f64).exp());
        close(so_few(1.0, 2.0), 3.0 * (-2.0_f64).exp());
    }

    #[test]
    fn many_trials_do_not_vanish() {
        let half = at_most(5_000, 10_000, 0.5);
        assert!(half > 0.5 && half < 0.51, "{half}");
    }
}
