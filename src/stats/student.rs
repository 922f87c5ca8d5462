//! Student's t distribution with a whole number of degrees of freedom.

use std::f64::consts::{FRAC_2_PI, PI};

/// Below this the middle of the distribution is summed, above it the tail: each keeps its digits on its side.
const MIDDLE: f64 = 1.0;

/// The value below which a share `p` of the distribution lies; `p` in (0, 1), at least 1 degree of freedom, NaN otherwise.
///
/// Newton's method on the logarithm of the tail, or of the middle, against the logarithm of the value, from `MIDDLE`,
/// by a factor of e at most. Relative error below
/// 1e-12 up to 500 degrees of freedom.
pub fn quantile(p: f64, degrees: usize) -> f64 {
    if !(p > 0.0 && p < 1.0) || degrees == 0 {
        return f64::NAN;
    }
    if p < 0.5 {
        return -upper(p, 0.5 - p, degrees);
    }
    upper(1.0 - p, p - 0.5, degrees)
}

/// The value that has a share of `tail` above it, and of `middle` between it and 0.
fn upper(tail: f64, middle: f64, degrees: usize) -> f64 {
    if middle <= 0.0 {
        return 0.0;
    }
    let scale = density_at_zero(degrees);
    let inner = middle <= between_zero_and(MIDDLE, degrees);
    let mut t = MIDDLE;
    for _ in 0..200 {
        let density = scale * (-0.5 * (degrees as f64 + 1.0) * (t * t / degrees as f64).ln_1p()).exp();
        let step = if inner {
            let area = between_zero_and(t, degrees);
            (middle / area).ln() * area / (t * density)
        } else {
            let area = above(t, degrees, scale);
            (area / tail).ln() * area / (t * density)
        };
        if !step.is_finite() {
            break;
        }
        t *= step.clamp(-1.0, 1.0).exp();
        if step.abs() < 1e-15 {
            break;
        }
    }
    t
}

/// Γ((n+1)/2) / (Γ(n/2) √(πn)), by Γ(x+1) = xΓ(x) from n = 1 or 2.
fn density_at_zero(degrees: usize) -> f64 {
    let (first, start) = if degrees % 2 == 1 { (1, PI.sqrt().recip()) } else { (2, PI.sqrt() / 2.0) };
    let ratio = (first..degrees).step_by(2).fold(start, |ratio, n| ratio * ((n + 1) as f64 / n as f64));
    ratio / (PI * degrees as f64).sqrt()
}

/// The share between 0 and `t` ≥ 0: a finite sum of terms of one sign (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), halved.
fn between_zero_and(t: f64, degrees: usize) -> f64 {
    let n = degrees as f64;
    let (sine, square) = (t / (n + t * t).sqrt(), n / (n + t * t));
    if degrees.is_multiple_of(2) {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in (2..degrees).step_by(2) {
            term *= square * ((k - 1) as f64 / k as f64);
            sum += term;
        }
        return 0.5 * sine * sum;
    }
    let (mut term, mut sum) = (square.sqrt(), if degrees > 1 { square.sqrt() } else { 0.0 });
    for k in (3..degrees).step_by(2) {
        term *= square * ((k - 1) as f64 / k as f64);
        sum += term;
    }
    0.5 * FRAC_2_PI * ((t / n.sqrt()).atan() + sine * sum)
}

/// The share above `t` > 0: half the regularized incomplete beta function of n/(n+t²) at n/2 and 1/2, by its series of terms of one sign
/// (Abramowitz and Stegun 1964, 26.5.4). `scale` is the density at 0.
fn above(t: f64, degrees: usize, scale: f64) -> f64 {
    let n = degrees as f64;
    let half = 0.5 * n;
    let square = n / (n + t * t);
    let (mut term, mut sum, mut k) = (1.0, 1.0, 0.0);
    while term > sum * 1e-18 {
        term *= square * (half + 0.5 + k) / (half + 1.0 + k);
        sum += term;
        k += 1.0;
    }
    // x^a (1-x)^(1/2) / (a B(a, 1/2)) with x = n/(n+t²) and a = n/2; 1/B(a, 1/2) is the density at 0 times √n.
    let power = (-half * (t * t / n).ln_1p()).exp();
    let front = power * (t / (n + t * t).sqrt()) * scale * n.sqrt() / half;
    0.5 * front * sum
}

#[cfg(test)]
mod tests;
