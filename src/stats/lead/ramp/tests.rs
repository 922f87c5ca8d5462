//! Who was starting, and whether leads hold without them, against the prototype in numpy (`fixtures/stats/ramp.py`).

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use super::super::tests::reference::{folder, panel};
use super::super::{Evidence, Results, Verdict, test};
use super::{Matrix, Pair, Series, Settings, once, rests_on_starters};

fn expectations() -> Vec<Value> {
    serde_json::from_str(&fs::read_to_string(folder().join("ramps.json")).unwrap()).unwrap()
}

fn pair<'a>(columns: &'a BTreeMap<String, Matrix>, expected: &Value) -> Pair<'a> {
    Pair { lead: &columns["x1"], lag: &columns["y1"], drop: expected["drop"].as_bool().unwrap() }
}

fn shown(results: &Results) -> &Evidence {
    results.pairs[0].evidence.as_ref().unwrap()
}

#[test]
fn starters_and_what_holds_without_them_are_the_prototypes() {
    let (mut holding, mut failing) = (0, 0);
    for expected in expectations() {
        let name = expected["name"].as_str().unwrap();
        let columns = panel(&format!("ramps/{name}"));
        let pair = pair(&columns, &expected);
        let first = once(&[pair], &Settings::default());
        let starters: Vec<bool> = expected["starters"].as_array().unwrap().iter().map(|one| one.as_bool().unwrap()).collect();
        assert_eq!(Series::new(&pair, &first.usable).starters(), starters, "{name}");
        let holds = expected["holds"].as_bool().unwrap();
        assert_eq!(rests_on_starters(&pair, &first.usable, shown(&first), &Settings::default()), !holds, "{name}");
        let tested = test(&[pair], &Settings::default());
        let would_lead = expected["verdict"].as_str() == Some("leads");
        assert_eq!(tested.pairs[0].verdict == Verdict::Leads, would_lead && holds, "{name}");
        assert_eq!(tested.pairs[0].verdict == Verdict::Hint, would_lead && !holds, "{name}");
        assert_eq!(shown(&tested).starting, would_lead && !holds, "{name}");
        assert_eq!((shown(&tested).z, shown(&tested).p), (shown(&first).z, shown(&first).p), "{name}");
        if would_lead && starters.contains(&true) {
            *if holds { &mut holding } else { &mut failing } += 1;
        }
    }
    assert!(holding >= 2 && failing >= 2, "{holding} {failing}");
}

#[test]
fn the_second_look_has_the_prototypes_numbers() {
    let mut compared = 0;
    for expected in expectations().iter().filter(|expected| !expected["again"].is_null()) {
        let name = expected["name"].as_str().unwrap();
        let columns = panel(&format!("ramps/{name}"));
        let pair = pair(&columns, expected);
        let mut lead = pair.lead.clone();
        for (person, starting) in expected["starters"].as_array().unwrap().iter().enumerate() {
            if starting.as_bool().unwrap() {
                lead.row_mut(person).fill(f64::NAN);
            }
        }
        let results = once(&[Pair { lead: &lead, ..pair }], &Settings { shuffles: 999, ..Settings::default() });
        let found = shown(&results);
        let numbers = [(found.z, "z"), (found.z_reverse, "z_reverse"), (found.z_same_week, "z_same_week")];
        assert!(numbers.iter().all(|(found, of)| (found - expected["again"][of].as_f64().unwrap()).abs() < 1e-9), "{name} {numbers:?}");
        // Up to six people all orders are gone through on both sides.
        let error = if results.usable.iter().filter(|usable| **usable).count() <= 6 { 1e-12 } else { 0.08 };
        assert!((found.p - expected["again"]["p"].as_f64().unwrap()).abs() < error, "{name} {}", found.p);
        compared += 1;
    }
    assert!(compared > 5);
}

/// What testing pairs together cost the first p, it costs the second: a p of 0.001 to 0.003 holds when one pair was tested, not when a hundred were.
#[test]
fn many_pairs_ask_for_more() {
    let expected = expectations().into_iter().find(|expected| expected["name"] == "growing_and_ahead").unwrap();
    let columns = panel("ramps/growing_and_ahead");
    let pair = pair(&columns, &expected);
    let first = once(&[pair], &Settings::default());
    let rests = |times: f64| {
        let shown = Evidence { p_adjusted: shown(&first).p * times, ..shown(&first).clone() };
        rests_on_starters(&pair, &first.usable, &shown, &Settings::default())
    };
    assert!(!rests(1.0) && !rests(5.0) && rests(100.0));
}

/// Whoever every other pair cannot use takes no part in the second look either.
#[test]
fn people_who_are_not_usable_stay_out() {
    let columns = panel("ramps/most");
    let pair = Pair { lead: &columns["x1"], lag: &columns["y1"], drop: false };
    let usable = [true, true, true, true, true, false];
    assert_eq!(Series::new(&pair, &usable).starters().len(), 5);
    assert!(Series::new(&pair, &[false; 6]).starters().is_empty());
}
