use super::*;
use crate::stats::lead::Lack;

/// Numbers that look like chance, from 0 to 5: the steps of a linear congruential generator.
fn chance(seed: u64, rows: usize, columns: usize) -> Matrix {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 33) as u32 % 6)
    };
    let mut matrix = Matrix::filled(rows, columns, 0.0);
    (0..rows).for_each(|row| matrix.row_mut(row).fill_with(&mut next));
    matrix
}

fn series(name: &str, values: Matrix) -> Series {
    let cells = Cells::of(&values);
    Series { name: name.to_owned(), says: name.to_owned(), unit: Unit::Count, drop: false, values, cells }
}

fn grid(leads: Vec<Series>, lags: Vec<Series>) -> Grid {
    let (people, weeks) = (leads[0].values.rows(), leads[0].values.columns());
    let names = |of: &str, n: usize| (0..n).map(|n| format!("{of}{n}")).collect();
    Grid { people: names("P", people), weeks: names("W", weeks), range: None, leads, lags, cuts: Vec::new() }
}

fn test(grid: Grid) -> Panel {
    tested(grid, &Settings { shuffles: 99, ..Settings::default() })
}

#[test]
fn a_lead_that_never_changes_costs_the_others_nobody() {
    let lead = || series("calls", chance(1, 6, 60));
    let none = series("visits", Matrix::filled(6, 60, 0.0));
    let lag = || series("wins", chance(2, 6, 60));
    let (alone, both) = (test(grid(vec![lead()], vec![lag()])), test(grid(vec![lead(), none], vec![lag()])));
    assert_eq!(both.pairs, [(0, 0), (1, 0)]);
    assert_eq!(
        both.known.iter().map(|known| (known.people, known.weeks, known.together)).collect::<Vec<_>>(),
        [(6, 60, true), (0, 60, false)]
    );
    assert!(both.known[1].lost.iter().all(|lost| (lost.pair, lost.why) == (1, Lack::Lead)));
    assert_eq!((both.results.usable.as_slice(), both.results.lost.len()), ([true; 6].as_slice(), 0));
    let z = |panel: &Panel| panel.results.pairs[0].evidence.as_ref().map(|evidence| (evidence.z, evidence.p_adjusted));
    assert!(z(&alone).is_some() && z(&alone) == z(&both));
    assert_eq!((both.results.pairs[1].verdict, both.results.pairs[1].evidence.is_none()), (Verdict::TooLittleData, true));
    assert_eq!(both.required(), Required { missed: vec![0], unjudged: vec![1] });
}

#[test]
fn weeks_of_which_nothing_is_known_do_not_make_a_sample_long_enough() {
    let mut lead = chance(3, 6, 60);
    (0..6).for_each(|row| lead.row_mut(row)[..35].fill(f64::NAN));
    let panel = test(grid(vec![series("calls", lead)], vec![series("wins", chance(4, 6, 60))]));
    // Each of the 6 is known for 25 weeks, and in about 5 of 6 of them there is a win.
    assert_eq!((panel.known[0].people, panel.known[0].weeks, panel.results.pairs[0].verdict), (6, 25, Verdict::TooLittleData));
    assert!((100..150).contains(&panel.results.pairs[0].events), "{}", panel.results.pairs[0].events);
}

#[test]
fn a_measure_does_not_predict_itself_and_nobody_is_a_verdict_too() {
    let both = || series("calls", chance(5, 6, 60));
    let panel = test(grid(vec![both()], vec![both()]));
    assert_eq!((panel.pairs.len(), panel.results.pairs.len()), (0, 0));
    assert_eq!(panel.required(), Required { missed: Vec::new(), unjudged: vec![0] });
    let empty = |name| series(name, Matrix::filled(0, 60, 0.0));
    let panel = test(grid(vec![empty("calls")], vec![empty("wins")]));
    assert_eq!((panel.known[0].people, panel.results.pairs[0].verdict), (0, Verdict::TooLittleData));
}
