//! After how many weeks a lead shows.

use super::LeadWeeks;
use super::scores::Window;

/// The shares of the weight that the ends of the range and its middle stand at.
const POINTS: [f64; 3] = [0.05, 0.5, 0.95];

/// The weighted median of the windows' centers, and their 5 % and 95 % points, from the score of each window.
///
/// A window counts exp((z² − z²max)/2), the likelihood of its score against the best one's where scores are about normal (as the profile of a
/// change point: Hinkley 1970), over the number of windows as wide. It is the center of the strongest weeks, not the mean cycle, and it
/// assumes one stretch of weeks in which the lead shows.
pub(super) fn lead_weeks(z: &[f64], windows: &[Window]) -> LeadWeeks {
    let best = z.iter().fold(0.0_f64, |best, z| best.max(*z));
    let as_wide = |window: &Window| windows.iter().filter(|other| other.reach == window.reach).count() as f64;
    let weight = |(z, window): (&f64, &Window)| {
        let z = z.max(0.0);
        (window.center, ((z * z - best * best) / 2.0).exp() / as_wide(window))
    };
    let mut weights: Vec<(usize, f64)> = z.iter().zip(windows).map(weight).collect();
    let all: f64 = weights.iter().map(|(_, weight)| weight).sum();
    weights.sort_by_key(|(center, _)| *center);
    let point = |share: f64| {
        let mut sum = 0.0;
        let reaches = |(_, weight): &&(usize, f64)| {
            sum += weight;
            sum / all >= share - 1e-12
        };
        weights.iter().find(reaches).or(weights.last()).map_or(0, |(center, _)| *center)
    };
    let [first, weeks, last] = POINTS.map(point);
    LeadWeeks { weeks, first, last }
}
