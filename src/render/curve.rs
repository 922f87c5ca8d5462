//! What formats that draw curves have in common: the curve as it can be drawn, and what its axes name.

use crate::document::{CurveLine, CurvePoint};

/// The times that are named, of those within the drawing; then the whole years of weeks.
const TIMES: [f64; 4] = [4.0, 13.0, 26.0, 52.0];
/// The most years that are named.
const YEARS: u32 = 6;
/// The steps between shares that are named, and the most of them.
const STEPS: ([f64; 5], u8) = ([0.01, 0.02, 0.05, 0.1, 0.2], 5);

/// A curve that can be drawn: steps in their order, shares from 0 to 1, each within its interval; both ends of one that is not known are NaN.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Curve {
    pub(super) points: Vec<CurvePoint>,
    /// Where it ends.
    pub(super) until: f64,
}

impl Curve {
    /// That of a line, without steps that are no numbers.
    pub(super) fn new(line: &CurveLine) -> Self {
        let usable = line.points.iter().filter(|point| point.at.is_finite() && point.at >= 0.0 && point.share.is_finite());
        let mut points: Vec<CurvePoint> = usable
            .map(|point| {
                let share = point.share.clamp(0.0, 1.0);
                let known = point.lo.is_finite() && point.hi.is_finite();
                let (lo, hi) = if known { (point.lo.clamp(0.0, share), point.hi.clamp(share, 1.0)) } else { (f64::NAN, f64::NAN) };
                CurvePoint { at: point.at, share, lo, hi }
            })
            .collect();
        points.sort_by(|one, other| one.at.total_cmp(&other.at));
        let last = points.last().map_or(0.0, |point| point.at);
        Self { points, until: if line.until.is_finite() { line.until.max(last) } else { last } }
    }

    /// What it comes to at a time; none after its end. Before the first step it is 0, and its interval is not known.
    pub(super) fn at(&self, time: f64) -> Option<CurvePoint> {
        if time > self.until {
            return None;
        }
        let before = CurvePoint { at: 0.0, share: 0.0, lo: f64::NAN, hi: f64::NAN };
        Some(self.points.iter().rev().find(|point| point.at <= time).copied().unwrap_or(before))
    }
}

/// Where the last of the curves ends.
pub(super) fn until(curves: &[Curve]) -> f64 {
    let until = curves.iter().map(|curve| curve.until).fold(0.0, f64::max);
    if until > 0.0 { until } else { TIMES[1] }
}

/// The times that are named on an axis up to `until`, the end itself where there is no other.
pub(super) fn times(until: f64) -> Vec<f64> {
    let mut times: Vec<f64> = TIMES.into_iter().filter(|time| *time <= until).collect();
    let years = (until / 52.0).floor();
    let every = (years / f64::from(YEARS)).ceil().max(1.0);
    times.extend((1..=YEARS).map(|year| f64::from(year) * every * 52.0).filter(|time| *time > 52.0 && *time <= until));
    // What is next to each other must not overlap.
    let room = until / 40.0;
    let mut apart: Vec<f64> = Vec::new();
    for time in times.into_iter().rev() {
        if time >= room && apart.last().is_none_or(|next| next - time >= room) {
            apart.push(time);
        }
    }
    apart.reverse();
    if apart.is_empty() { vec![until] } else { apart }
}

/// The step between the shares named on an axis on which all curves and bands lie, and how many steps it has.
pub(super) fn shares(curves: &[Curve]) -> (f64, u8) {
    let highest = curves.iter().flat_map(|curve| &curve.points).map(|point| point.share.max(point.hi)).fold(0.0, f64::max);
    let (steps, most) = STEPS;
    for step in steps {
        let count = (highest / step - 1e-9).ceil().max(1.0);
        if count <= f64::from(most) {
            return (step, count as u8);
        }
    }
    (1.0 / f64::from(most), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(at: f64, share: f64) -> CurvePoint {
        CurvePoint { at, share, lo: share - 0.1, hi: share + 0.1 }
    }

    fn curve(points: &[(f64, f64)], until: f64) -> Curve {
        let points = points.iter().map(|&(at, share)| point(at, share)).collect();
        Curve::new(&CurveLine { says: String::new(), points, until })
    }

    #[test]
    fn a_step_counts_from_its_time_on_and_up_to_the_end() {
        let curve = curve(&[(9.0, 0.5), (3.0, 0.25)], 20.0);
        let share = |time: f64| curve.at(time).map(|point| point.share);
        assert_eq!(
            [0.0, 2.9, 3.0, 8.9, 9.0, 20.0, 20.1].map(share),
            [Some(0.0), Some(0.0), Some(0.25), Some(0.25), Some(0.5), Some(0.5), None]
        );
        assert_eq!(curve.at(4.0).map(|point| (point.lo, point.hi)), Some((0.15, 0.35)));
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        let nan = f64::NAN;
        let curve = Curve::new(&CurveLine {
            says: String::new(),
            points: vec![
                point(nan, 0.1),
                point(f64::INFINITY, 0.1),
                point(2.0, nan),
                CurvePoint { at: 5.0, share: 0.4, lo: nan, hi: f64::INFINITY },
            ],
            until: nan,
        });
        assert_eq!(curve.points.iter().map(|point| (point.at, point.share)).collect::<Vec<_>>(), [(5.0, 0.4)]);
        assert!(curve.points[0].lo.is_nan() && curve.points[0].hi.is_nan(), "half an interval is none");
        assert!(curve.at(1.0).is_some_and(|before| before.share == 0.0 && before.lo.is_nan()));
        assert_eq!((curve.until, until(&[])), (5.0, 13.0));
    }

    #[test]
    fn axes_name_round_times_and_shares() {
        assert_eq!(times(60.0), [4.0, 13.0, 26.0, 52.0]);
        assert_eq!(times(30.0), [4.0, 13.0, 26.0]);
        assert_eq!(times(3.0), [3.0]);
        assert_eq!(times(160.0), [4.0, 13.0, 26.0, 52.0, 104.0, 156.0]);
        assert_eq!(times(700.0), [26.0, 52.0, 156.0, 312.0, 468.0, 624.0]);
        assert_eq!(shares(&[curve(&[(1.0, 0.31)], 9.0)]), (0.1, 5));
        assert_eq!(shares(&[curve(&[(1.0, 0.02)], 9.0)]), (0.05, 3));
        assert_eq!(shares(&[curve(&[(1.0, 0.95)], 9.0)]), (0.2, 5));
        assert_eq!(shares(&[]), (0.01, 1));
    }
}
