//! Draws from the distributions that the simulations need.

use std::f64::consts::TAU;

use leadlag::stats::random::Random;

/// Poisson means above this are drawn in parts, so that e^−mean stays far from 0.
const PART: f64 = 30.0;

/// A standard normal number (Box and Muller 1958).
pub(crate) fn normal(random: &mut Random) -> f64 {
    (-2.0 * (1.0 - random.share()).ln()).sqrt() * (TAU * random.share()).cos()
}

/// The number of events where `mean` are expected: uniform numbers are multiplied until e^−mean is passed (Knuth 1969).
pub(crate) fn poisson(mean: f64, random: &mut Random) -> f64 {
    if mean > PART {
        return poisson(mean / 2.0, random) + poisson(mean / 2.0, random);
    }
    let (limit, mut product, mut events) = ((-mean).exp(), random.share(), 0.0);
    while product > limit {
        product *= random.share();
        events += 1.0;
    }
    events
}

/// A log-normal number of this mean, whose logarithm has this standard deviation.
pub(crate) fn log_normal(mean: f64, deviation: f64, random: &mut Random) -> f64 {
    mean * (deviation * normal(random) - deviation * deviation / 2.0).exp()
}

/// Each with this probability.
pub(crate) fn chance(probability: f64, random: &mut Random) -> bool {
    random.share() < probability
}

/// The share of a gamma distribution below `x`, with a whole shape: that of the waiting time for so many Poisson events (Erlang 1917).
pub(crate) fn gamma_cdf(x: f64, shape: u32, scale: f64) -> f64 {
    let x = x.max(0.0) / scale;
    let (mut term, mut sum) = ((-x).exp(), 0.0);
    for n in 1..=shape {
        sum += term;
        term *= x / f64::from(n);
    }
    1.0 - sum
}

/// Autoregressive series of order 1, of which the exponentials have a mean of 1.
pub(crate) fn drift(weeks: usize, keep: f64, deviation: f64, random: &mut Random) -> Vec<f64> {
    let step = deviation * (1.0 - keep * keep).sqrt();
    let mut at = deviation * normal(random);
    let mut series = Vec::with_capacity(weeks);
    for week in 0..weeks {
        if week > 0 {
            at = keep * at + step * normal(random);
        }
        series.push(at - deviation * deviation / 2.0);
    }
    series
}
