//! Patterns counted by hand, and their probabilities beside a count of every case.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

/// Every way in which labeled records can fall into weeks, as counts per week.
pub(in crate::stats) fn placements(weeks: usize, records: usize) -> impl Iterator<Item = Vec<u32>> {
    (0..weeks.pow(records as u32)).map(move |mut case| {
        let mut counts = vec![0; weeks];
        for _ in 0..records {
            counts[case % weeks] += 1;
            case /= weeks;
        }
        counts
    })
}

/// Weeks as a line reads: a digit is a count, `-` does not count.
fn weeks(line: &str) -> Vec<Option<u32>> {
    line.chars().map(|c| c.to_digit(10)).collect()
}

fn all_count(counts: &[u32]) -> Vec<Option<u32>> {
    counts.iter().copied().map(Some).collect()
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

#[test]
fn rhythms() {
    let of = |line| rhythm(&weeks(line)).map(|r| (r.weeks, r.active, r.total, r.longest_gap, r.since));
    assert_eq!(of(""), None);
    assert_eq!(of("---"), None);
    assert_eq!(of("0"), Some((1, 0, 0, 1, 1)));
    assert_eq!(of("2103"), Some((4, 3, 6, 1, 0)));
    assert_eq!(of("0001-0020"), Some((8, 2, 3, 3, 1)));
    assert_eq!(of("10-0-1"), Some((4, 2, 2, 2, 0)));
    assert_eq!(of("12000-"), Some((5, 2, 3, 3, 3)));
    assert_eq!(rhythm(&[Some(u32::MAX), Some(5)]).unwrap().total, u32::MAX);
}

#[test]
fn a_gap_at_the_end_is_neglect_when_it_is_long_and_improbable() {
    let of = |line| neglected(&weeks(line), None, ALPHA);
    // 12 records, all in the first 10 of 13 weeks: (10/13)^12.
    let found = of("1211120112000").unwrap();
    assert_eq!(found.weeks, 3);
    assert!(close(found.before, 1.2) && close(found.chance, 0.042_921_982_417_991_576), "{found:?}");
    // 11 of them: 0.0558. Two weeks without any are no neglect however many there were; nor is a gap that has ended.
    assert_eq!(of("1111120112000"), None);
    assert_eq!(of("9999999999900"), None);
    assert_eq!(of("9990009999999"), None);
    // Weeks of absence do not count, at the end or elsewhere.
    assert_eq!(of("9999999999---"), None);
    assert_eq!(of("121112011-2--000-").unwrap(), found);
}

#[test]
fn none_at_all_is_neglect_only_beside_others() {
    let none = weeks("0000000000000");
    assert_eq!(neglected(&none, None, ALPHA), None);
    // exp(-13 m) is 0.005 at m = 0.4076.
    assert_eq!(neglected(&none, Some(0.4), ALPHA), None);
    let found = neglected(&none, Some(0.5), ALPHA).unwrap();
    assert_eq!((found.weeks, found.before.to_bits()), (13, 0));
    assert!(close(found.chance, 0.001_503_439_192_977_572_5), "{found:?}");
    assert_eq!(neglected(&weeks("00"), Some(99.0), ALPHA), None);
    assert_eq!(neglected(&weeks("-------------"), Some(99.0), ALPHA), None);
    for others in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        assert_eq!(neglected(&none, Some(others), ALPHA), None);
    }
    // The others say nothing about somebody who has a rhythm of their own.
    assert_eq!(neglected(&weeks("1000000000000"), Some(99.0), ALPHA), None);
}

#[test]
fn fits_and_starts() {
    let found = start_stop(&weeks("4400440044004"), ALPHA).unwrap();
    assert_eq!((found.idle, found.active), (6, 7));
    assert!(close(found.per_active_week, 4.0) && found.chance < 1e-4, "{found:?}");
    // The gap at the end is no idle week; a stop after fits and starts takes nothing away.
    let stopped = start_stop(&weeks("4400440044000"), ALPHA).unwrap();
    assert_eq!((stopped.idle, stopped.active), (4, 6));
    // Nor is the time before the first.
    assert_eq!(start_stop(&weeks("0000444444444"), ALPHA), None);
    assert_eq!(start_stop(&weeks("4444444440000"), ALPHA), None);
    assert_eq!(start_stop(&weeks("9999990999999"), ALPHA), None);
    // Few records leave weeks without any by chance.
    assert_eq!(start_stop(&weeks("1100110011001"), ALPHA), None);
    // Absence makes no idle weeks.
    assert_eq!(start_stop(&weeks("44--44--44--4"), ALPHA), None);
}

#[test]
fn a_see_saw_needs_less_in_hot_weeks() {
    let deals = weeks("1115511155115");
    let found = see_saw(&weeks("4440044400440"), &deals, ALPHA).unwrap();
    assert_eq!((found.hot_weeks, found.in_hot.to_bits()), (5, 0));
    // All 32 of 32 in the 8 cool weeks: (8/13)^32.
    assert!(close(found.in_cool, 4.0) && close(found.chance, (8.0_f64 / 13.0).powi(32)), "{found:?}");
    // More than half as much is none, whatever the probability; prospecting that rises with deals is none.
    assert_eq!(see_saw(&weeks("9996699966996"), &deals, 1.0), None);
    assert_eq!(see_saw(&deals, &deals, 1.0), None);
    assert_eq!(see_saw(&weeks("0000000000000"), &deals, 1.0), None);
    // A week counts when it does for both.
    let found = see_saw(&weeks("-440044400440"), &weeks("1-15511155115"), ALPHA).unwrap();
    assert!(close(found.chance, (6.0_f64 / 11.0).powi(24)), "{found:?}");
}

#[test]
fn hot_weeks_are_above_the_median_and_with_ties_at_it() {
    let of = |line| see_saw(&weeks("444400"), &weeks(line), 1.0).map(|s| s.hot_weeks);
    assert_eq!(of("111222"), Some(3));
    assert_eq!(of("123456"), Some(3));
    // Above the median of 2 are only two, from it on are four, and then two cool weeks are too few.
    assert_eq!(of("112255"), None);
    assert_eq!(of("000000"), None);
    assert_eq!(of("000005"), None);
    let more = |line| see_saw(&weeks("99990000"), &weeks(line), 1.0).map(|s| s.hot_weeks);
    assert_eq!(more("11122225"), Some(5));
    assert_eq!(more("00000222"), Some(3));
    assert_eq!(more("00000022"), None);
}

/// With every threshold open, the probability that comes with a pattern is the share of cases that are as extreme.
#[test]
fn the_probability_of_a_gap_beside_every_case() {
    for (w, n) in [(4, 5), (5, 6), (6, 4)] {
        let cases: Vec<_> = placements(w, n).collect();
        let gap = |counts: &[u32]| counts.iter().rev().take_while(|n| **n == 0).count();
        for counts in &cases {
            let found = neglected(&all_count(counts), None, 1.0);
            assert_eq!(found.is_some(), gap(counts) >= 3, "{counts:?}");
            if let Some(found) = found {
                let as_long = cases.iter().filter(|other| gap(other) >= gap(counts)).count();
                assert!(close(found.chance, as_long as f64 / cases.len() as f64), "{counts:?} {found:?}");
            }
        }
    }
}

/// The same for idle weeks, among the cases that begin and end in the same weeks.
#[test]
fn the_probability_of_idle_weeks_beside_every_case() {
    let cases: Vec<_> = placements(6, 5).collect();
    let ends = |counts: &[u32]| (counts.iter().position(|n| *n > 0), counts.iter().rposition(|n| *n > 0));
    let idle = |counts: &[u32]| {
        let (first, last) = ends(counts);
        counts[first.unwrap()..last.unwrap()].iter().filter(|n| **n == 0).count()
    };
    for counts in cases.iter().step_by(7) {
        let found = start_stop(&all_count(counts), 1.0);
        assert_eq!(found.is_some(), idle(counts) >= 2, "{counts:?}");
        if let Some(found) = found {
            let alike: Vec<_> = cases.iter().filter(|other| ends(other) == ends(counts)).collect();
            let as_many = alike.iter().filter(|other| idle(other) >= idle(counts)).count();
            assert!(close(found.chance, as_many as f64 / alike.len() as f64), "{counts:?} {found:?}");
        }
    }
}

/// Given the number of records, each flag is raised in at most `alpha` of all cases: no drawing of lots, every case there is.
#[test]
fn false_alarms_of_every_case_keep_to_alpha() {
    let deals = all_count(&[1, 2, 0, 3, 1, 2, 0]);
    let mut raised = [0; 3];
    for (w, n) in [(4, 6), (5, 6), (6, 5), (7, 2), (7, 5)] {
        for alpha in [0.02, 0.05, 0.2] {
            let mut flagged = [0; 3];
            for counts in placements(w, n) {
                let counts = all_count(&counts);
                flagged[0] += usize::from(neglected(&counts, None, alpha).is_some());
                flagged[1] += usize::from(start_stop(&counts, alpha).is_some());
                flagged[2] += usize::from(see_saw(&counts, &deals, alpha).is_some());
            }
            let cases = w.pow(n as u32) as f64;
            for (sum, flagged) in raised.iter_mut().zip(flagged) {
                assert!(flagged as f64 <= alpha * cases, "{flagged} of {cases} at {alpha}");
                *sum += flagged;
            }
        }
    }
    assert!(raised.iter().all(|sum| *sum > 0), "{raised:?}");
}

/// Both rules of neglect together, where the others have the same mean: none at all, and a gap at the end, of a Poisson count that the
/// mean leaves as probable as it can. Each probability is summed here from its definition.
#[test]
fn none_at_all_and_a_gap_together_keep_to_alpha() {
    for alpha in [0.05_f64, 0.05 / 3.0, 0.05 / 8.0] {
        for w in 3..=26_usize {
            let least = -(alpha / 10.0).ln();
            for mean in [least + 1e-9, least + 0.5, least + 1.0, least + 2.0] {
                let none = neglected(&vec![Some(0); w], Some(mean / w as f64), alpha);
                assert!(none.is_some());
                let mut poisson = (-mean).exp();
                let mut flagged = poisson;
                for n in 1..80_u32 {
                    poisson *= mean / f64::from(n);
                    let gap = |g: usize| {
                        let mut counts = vec![Some(0); w];
                        counts[w - g - 1] = Some(n);
                        neglected(&counts, Some(mean / w as f64), alpha).is_some()
                    };
                    let shortest = (0..w).find(|g| gap(*g));
                    flagged += poisson * shortest.map_or(0.0, |g| ((w - g) as f64 / w as f64).powi(n as i32));
                }
                assert!(flagged <= alpha, "{w} weeks, {mean}: {flagged} > {alpha}");
            }
        }
    }
}

fn any_weeks() -> impl Strategy<Value = Vec<Option<u32>>> {
    let week = prop_oneof![Just(None), Just(Some(0)), (1..6_u32).prop_map(Some), any::<u32>().prop_map(Some)];
    prop::collection::vec(week, 0..20)
}

fn any_number() -> impl Strategy<Value = f64> {
    prop_oneof![0.0..1.0, any::<f64>(), Just(f64::NAN), Just(f64::INFINITY)]
}

proptest! {
    #[test]
    fn whatever_comes_is_answered(a in any_weeks(), b in any_weeks(), others in prop::option::of(any_number()), alpha in any_number()) {
        let counted = a.iter().flatten().count() as u32;
        prop_assert_eq!(rhythm(&a).is_some(), counted > 0);
        if let Some(r) = rhythm(&a) {
            prop_assert!(r.active <= r.weeks && r.since <= r.longest_gap && r.longest_gap + r.active <= r.weeks);
        }
        let probability = |chance: f64| (0.0..=1.0).contains(&chance) && chance <= alpha;
        if let Some(n) = neglected(&a, others, alpha) {
            prop_assert!(probability(n.chance) && n.weeks <= counted && n.weeks >= 3);
        }
        if let Some(s) = start_stop(&a, alpha) {
            prop_assert!(probability(s.chance) && s.idle + s.active <= counted && s.per_active_week >= 1.0);
        }
        if let Some(s) = see_saw(&a, &b, alpha) {
            prop_assert!(probability(s.chance) && s.in_hot <= s.in_cool / 2.0);
        }
    }

    /// A week that does not count changes nothing, wherever it stands.
    #[test]
    fn absence_changes_nothing(a in any_weeks(), at in 0..20_usize) {
        let mut more = a.clone();
        more.insert(at.min(a.len()), None);
        prop_assert_eq!(rhythm(&a), rhythm(&more));
        prop_assert_eq!(neglected(&a, Some(1.0), 0.2), neglected(&more, Some(1.0), 0.2));
        prop_assert_eq!(start_stop(&a, 0.2), start_stop(&more, 0.2));
    }
}
