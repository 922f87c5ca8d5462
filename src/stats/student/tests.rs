//! Quantiles beside those of `SciPy`.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;

use super::quantile;

/// `scipy.stats.t.ppf` for 1 to 500 degrees of freedom.
#[test]
fn quantiles_are_those_of_scipy() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stats/student.csv");
    let text = fs::read_to_string(path).unwrap();
    let mut seen = 0;
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let (degrees, p, expected): (usize, f64, f64) = (cells[0].parse().unwrap(), cells[1].parse().unwrap(), cells[2].parse().unwrap());
        let found = quantile(p, degrees);
        assert!((found / expected - 1.0).abs() < 1e-12, "{degrees} at {p}: {found:e}, not {expected:e}");
        seen += 1;
    }
    assert_eq!(seen, 632);
}

#[test]
fn what_is_no_share_has_no_quantile() {
    assert!([0.0, 1.0, -0.1, 1.1, f64::NAN].iter().all(|p| quantile(*p, 5).is_nan()));
    assert!(quantile(0.9, 0).is_nan());
    assert!(quantile(0.5, 3).abs() < f64::MIN_POSITIVE);
}
