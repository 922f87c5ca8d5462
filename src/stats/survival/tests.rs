//! Curves beside those of lifelines 0.30.3 and exact fractions (`fixtures/stats/survival/`), their ends by hand, and what holds of any.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use serde_json::Value;

use super::*;

const FOLLOWED: &str = include_str!("../../../fixtures/stats/survival/followed.csv");
const FATES: &str = include_str!("../../../fixtures/stats/survival/fates.csv");
const EXPECTED: &str = include_str!("../../../fixtures/stats/survival/expected.json");

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9
}

fn rows<T>(csv: &str, read: impl Fn(&str) -> T) -> Vec<(f64, T)> {
    let row = |line: &str| line.split_once(',').map(|(time, what)| (time.parse().unwrap(), read(what))).unwrap();
    csv.lines().skip(1).map(row).collect()
}

fn fate(word: &str) -> Fate {
    match word {
        "won" => Fate::Won,
        "lost" => Fate::Lost,
        _ => Fate::Open,
    }
}

fn expected(of: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(EXPECTED).unwrap()[of].as_array().unwrap().clone()
}

fn number(value: &Value, key: &str) -> f64 {
    value[key].as_f64().unwrap()
}

#[test]
fn kaplan_meier_as_lifelines() {
    let steps = kaplan_meier(&rows(FOLLOWED, |event| event == "1"));
    let expected = expected("followed");
    assert_eq!(steps.len(), expected.len());
    for (step, value) in steps.iter().zip(&expected) {
        assert_eq!((step.at_risk as f64, step.events as f64), (number(value, "at_risk"), number(value, "events")), "{step:?}");
        let same = close(step.time, number(value, "time")) && close(step.survival, number(value, "survival"));
        assert!(same, "{step:?} {value}");
        if step.survival > 0.0 && step.survival < 1.0 {
            assert!(close(step.lo, number(value, "lo")) && close(step.hi, number(value, "hi")), "{step:?} {value}");
        }
    }
}

#[test]
fn incidence_as_lifelines_and_tied_times_as_fractions() {
    let fates = rows(FATES, fate);
    let whole: Vec<(f64, Fate)> = fates.iter().map(|(time, fate)| ((time / 10.0).floor(), *fate)).collect();
    for (name, followed) in [("fates", fates), ("tied", whole)] {
        let (steps, expected) = (cumulative_incidence(&followed), expected(name));
        assert_eq!(steps.len(), expected.len(), "{name}");
        for (step, value) in steps.iter().zip(&expected) {
            assert!(close(step.open, number(value, "open")) && close(step.won_by, number(value, "won_by")), "{name}: {step:?} {value}");
            assert!(value.get("lost_by").is_none_or(|lost| close(step.lost_by, lost.as_f64().unwrap())), "{name}: {step:?} {value}");
        }
    }
}

/// Ten are followed for 2 without an event, then one of nine has it at 3, and the rest is followed until 5.
#[test]
fn shares_before_between_and_after_the_steps() {
    let mut followed = vec![(2.0, false), (3.0, true)];
    followed.extend([(5.0, false); 8]);
    let steps = kaplan_meier(&followed);
    let at = |time: f64| share_at(&steps, time);
    // No event among ten: 1 - 0.025^(1/10) = 0.308497 by Clopper and Pearson's tables.
    let none = at(1.0).unwrap();
    assert_eq!((none.share, none.lo, none.known), (0.0, 0.0, 10));
    assert!((none.hi - 0.308_497).abs() < 1e-6, "{none:?}");
    assert!((at(2.5).unwrap().hi - 0.336_267).abs() < 1e-6, "nine are left");
    let one = at(4.0).unwrap();
    assert!(close(one.share, 1.0 / 9.0) && one.known == 9, "{one:?}");
    assert_eq!((at(3.0), at(5.0)), (Some(one), Some(one)));
    assert_eq!((at(5.1), at(f64::NAN)), (None, None), "nobody was followed so long");
    assert_eq!(share_at(&[], 0.0), None);
}

#[test]
fn an_event_that_comes_to_all() {
    let steps = kaplan_meier(&[(1.0, true), (2.0, true)]);
    let (half, all) = (share_at(&steps, 1.5).unwrap(), share_at(&steps, 9.0).unwrap());
    assert_eq!((all.share, all.hi, all.known), (1.0, 1.0, 2));
    assert!(close(all.lo, half.lo) && half.lo > 0.0, "{half:?} {all:?}");
    // All four at once: 0.025^(1/4) = 0.397635.
    let at_once = share_at(&kaplan_meier(&[(0.0, true); 4]), 0.0).unwrap();
    assert!(close(at_once.share, 1.0) && (at_once.lo - 0.397_635).abs() < 1e-6, "{at_once:?}");
}

/// Four deals: won at 1, lost at 2, won at 3, open at 4. Of the two open after 2, one is won by 3.
#[test]
fn what_is_open_may_be_won() {
    let steps = cumulative_incidence(&[(1.0, Fate::Won), (2.0, Fate::Lost), (3.0, Fate::Won), (4.0, Fate::Open)]);
    let between = |from: f64, to: f64| won_between(&steps, from, to);
    assert!(close(between(0.0, 4.0).unwrap(), 0.5), "{steps:?}");
    assert!(close(between(2.0, 3.0).unwrap(), 0.5), "{steps:?}");
    assert!(close(between(1.0, 3.5).unwrap(), 1.0 / 3.0), "{steps:?}");
    assert_eq!((between(2.0, 2.5), between(3.0, 2.0)), (Some(0.0), Some(0.0)));
    assert_eq!((between(2.0, 4.1), between(f64::NAN, 3.0)), (None, None), "one is open at 4, and nobody knows what becomes of it");
    let over = cumulative_incidence(&[(1.0, Fate::Won), (2.0, Fate::Lost)]);
    assert_eq!((won_between(&over, 0.0, 9.0), won_between(&over, 2.0, 9.0)), (Some(0.5), None), "nothing is open at 2");
    assert_eq!(won_between(&[], 0.0, 1.0), None);
}

#[test]
fn nobody_and_no_time() {
    assert!(kaplan_meier(&[]).is_empty() && cumulative_incidence(&[]).is_empty());
    let odd = [f64::NAN, f64::INFINITY, -1.0];
    assert!(kaplan_meier(&odd.map(|time| (time, true))).is_empty());
    let zeros = kaplan_meier(&[(0.0, true), (-0.0, false), (0.0, false)]);
    assert_eq!(zeros.iter().map(|step| (step.at_risk, step.events)).collect::<Vec<_>>(), [(3, 1)]);
}

fn times() -> impl Strategy<Value = f64> {
    prop_oneof![(0_u8..20).prop_map(f64::from), 0.0..30.0, Just(f64::NAN), Just(-1.0)]
}

proptest! {
    #[test]
    fn curves_only_go_one_way(followed in prop::collection::vec((times(), any::<bool>()), 0..40), time in times()) {
        let steps = kaplan_meier(&followed);
        for step in &steps {
            prop_assert!(0.0 <= step.lo && step.lo <= step.survival && step.survival <= step.hi && step.hi <= 1.0, "{step:?}");
        }
        prop_assert!(steps.windows(2).all(|two| two[0].time < two[1].time && two[0].survival >= two[1].survival));
        prop_assert_eq!(steps.iter().map(|step| step.events).sum::<usize>(),
            followed.iter().filter(|(time, event)| *event && *time >= 0.0).count());
        let longest = steps.last().is_some_and(|step| step.time >= time || step.survival <= 0.0);
        prop_assert_eq!(share_at(&steps, time).is_some(), longest && !time.is_nan());
        // Without any censoring the curve is the plain share.
        let all: Vec<(f64, bool)> = followed.iter().map(|(time, _)| (*time, true)).collect();
        let valid = all.iter().filter(|(time, _)| *time >= 0.0).count() as f64;
        if let Some(share) = share_at(&kaplan_meier(&all), time.max(0.0)) {
            let plain = all.iter().filter(|(other, _)| *other >= 0.0 && *other <= time.max(0.0)).count() as f64 / valid;
            prop_assert!((share.share - plain).abs() < 1e-9, "{share:?} {plain}");
        }
    }

    #[test]
    fn open_won_and_lost_are_all(followed in prop::collection::vec((times(), 0_u8..3), 0..40)) {
        let followed: Vec<(f64, Fate)> = followed.iter().map(|(time, fate)| (*time, [Fate::Won, Fate::Lost, Fate::Open][usize::from(*fate)])).collect();
        let steps = cumulative_incidence(&followed);
        for step in &steps {
            prop_assert!((step.open + step.won_by + step.lost_by - 1.0).abs() < 1e-9 && step.open >= 0.0, "{step:?}");
        }
        prop_assert!(steps.windows(2).all(|two| two[0].won_by <= two[1].won_by && two[0].lost_by <= two[1].lost_by));
        // Open is what Kaplan and Meier say of either end.
        let either: Vec<(f64, bool)> = followed.iter().map(|(time, fate)| (*time, *fate != Fate::Open)).collect();
        for (step, open) in kaplan_meier(&either).iter().zip(&steps) {
            prop_assert!((step.survival - open.open).abs() < 1e-12);
        }
    }

    /// A sample that is counted tells what it tells written out.
    #[test]
    fn a_sample_is_how_often_it_has_each(of in prop::collection::vec((times(), 0_u8..3, 0_u32..4), 0..40)) {
        let fates: Vec<(f64, Fate)> = of.iter().map(|(time, fate, _)| (*time, [Fate::Won, Fate::Lost, Fate::Open][usize::from(*fate)])).collect();
        let often: Vec<u32> = of.iter().map(|(.., often)| *often).collect();
        let written: Vec<(f64, Fate)> = fates.iter().zip(&often).flat_map(|(one, n)| vec![*one; *n as usize]).collect();
        prop_assert_eq!(incidence(&Followed::new(fates.iter().copied()), Some(&often)), cumulative_incidence(&written));
        let events = |all: &[(f64, Fate)]| all.iter().map(|(time, fate)| (*time, *fate == Fate::Won)).collect::<Vec<_>>();
        let points = survival(&Followed::events(&events(&fates)), Some(&often));
        let steps = kaplan_meier(&events(&written));
        prop_assert_eq!(points.len(), steps.len());
        for (point, step) in points.iter().zip(&steps) {
            prop_assert_eq!((point.time, point.at_risk, point.events), (step.time, step.at_risk, step.events));
            prop_assert_eq!(point.survival.to_bits(), step.survival.to_bits());
        }
    }
}
