//! No input makes the test fail or say a number that is none.

use proptest::prelude::*;

use super::{Matrix, Pair, Results, Settings, test};

/// No p value, score, verdict or share that is not a number, and everything as long as it should be.
fn sound(results: &Results, people: usize, pairs: usize) {
    assert_eq!((results.usable.len(), results.pairs.len()), (people, pairs));
    for tested in &results.pairs {
        let Some(evidence) = &tested.evidence else { continue };
        for p in [evidence.p, evidence.p_adjusted] {
            assert!(p > 0.0 && p <= 1.0, "{p}");
        }
        assert!(evidence.p <= evidence.p_adjusted);
        assert!([evidence.z, evidence.z_reverse, evidence.z_same_week].iter().all(|z| z.is_finite()), "{evidence:?}");
        assert!(evidence.swing.is_finite() && evidence.detectable_share.is_finite(), "{evidence:?}");
        assert_eq!(evidence.by_lag.len(), 2 * results.max_lag + 1);
        assert!(evidence.by_lag.iter().all(|z| z.is_finite()), "{evidence:?}");
        if let Some(effect) = evidence.effect {
            assert!(effect.lo <= effect.per_activity && effect.per_activity <= effect.hi && effect.hi.is_finite(), "{effect:?}");
        }
    }
}

fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => (0..6_i32).prop_map(f64::from),
        4 => -1e3..1e3_f64,
        2 => Just(0.0),
        1 => prop_oneof![Just(1e300), Just(-1e300), Just(f64::MAX), Just(f64::MIN_POSITIVE), Just(1e150), Just(1e-300), Just(-0.0)],
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY)],
    ]
}

fn matrices() -> impl Strategy<Value = Vec<Matrix>> {
    (0..9_usize, 0..60_usize, 0..4_usize).prop_flat_map(|(people, weeks, count)| {
        let one = prop::collection::vec(value(), people * weeks).prop_map(move |cells| Matrix::new(people, weeks, cells).unwrap());
        prop::collection::vec(one, count)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_cells_are_answered(matrices in matrices(), max_lag in 0..30_usize, drop: bool, threads in 0..3_usize) {
        let of = |lead| matrices.iter().map(move |lag| Pair { lead, lag, drop });
        let pairs: Vec<Pair<'_>> = matrices.iter().flat_map(of).collect();
        let results = test(&pairs, &Settings { max_lag, shuffles: 40, seed: 3, threads });
        sound(&results, matrices.first().map_or(0, Matrix::rows), pairs.len());
    }
}

/// Values in many sizes that would leave the range of numbers when squared or summed.
#[test]
fn absurd_sizes_are_answered() {
    let of = |size: f64, step: usize| {
        let cells = (0..6 * 52).map(|cell| if cell % 11 == 0 { 0.0 } else { ((cell * step) % 13) as f64 / 13.0 * size }).collect();
        Matrix::new(6, 52, cells).unwrap()
    };
    let sizes = [1e-308, 1e-200, 1e-12, 1.0, 1e15, 1e100, 1e154, 1e200, f64::MAX];
    let matrices: Vec<Matrix> = sizes.iter().flat_map(|size| [of(*size, 7), of(-*size, 5)]).collect();
    for lead in &matrices {
        let pairs: Vec<Pair<'_>> = matrices.iter().map(|lag| Pair { lead, lag, drop: false }).collect();
        let results = test(&pairs, &Settings { shuffles: 9, ..Settings::default() });
        sound(&results, 6, pairs.len());
        assert!(results.pairs.iter().all(|tested| tested.evidence.is_some()));
    }
}

/// What one matrix lacks of the other's people and weeks is not known.
#[test]
fn matrices_of_different_sizes_are_answered() {
    let (wide, narrow) = (Matrix::filled(9, 80, 1.0), Matrix::filled(3, 20, 2.0));
    for (lead, lag) in [(&wide, &narrow), (&narrow, &wide)] {
        let results = test(&[Pair { lead, lag, drop: false }], &Settings::default());
        sound(&results, lead.rows(), 1);
        assert!(results.usable.iter().all(|usable| !usable));
    }
}

/// With nobody else to be compared with, all orders look the same.
#[test]
fn people_who_are_all_the_same_show_nothing() {
    let row: Vec<f64> = (0..52).map(|week| f64::from((week * 7) % 5)).collect();
    let same = Matrix::new(6, 52, row.repeat(6)).unwrap();
    let results = test(&[Pair { lead: &same, lag: &same, drop: false }], &Settings::default());
    sound(&results, 6, 1);
    assert!(results.pairs[0].evidence.as_ref().is_some_and(|evidence| evidence.p > 0.99));
}
