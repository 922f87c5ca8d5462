//! Every number against the reference implementation in numpy, on panels with and without gaps.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::{Evidence, Lack, Matrix, Pair, Results, Settings, Tested, Verdict, test};

/// Numbers agree to this share of the larger, or of 1 for scores, which are differences around 0.
const EXACT: f64 = 1e-9;

pub(in crate::stats::lead) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/stats")
}

/// The columns of a panel by name, leads before lags.
pub(in crate::stats::lead) fn panel(name: &str) -> BTreeMap<String, Matrix> {
    let text = fs::read_to_string(folder().join(format!("{name}.csv"))).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split(',').collect()).collect();
    let week = |row: &Vec<&str>| row[1].parse::<usize>().unwrap();
    let mut people: Vec<&str> = rows.iter().map(|row| row[0]).collect();
    people.sort_unstable();
    people.dedup();
    let first = rows.iter().map(week).min().unwrap();
    let weeks = rows.iter().map(week).max().unwrap() - first + 1;
    let column = |at: usize| {
        let mut matrix = Matrix::filled(people.len(), weeks, f64::NAN);
        for row in rows.iter().filter(|row| !row[at].is_empty()) {
            let person = people.iter().position(|person| *person == row[0]).unwrap();
            matrix.row_mut(person)[week(row) - first] = row[at].parse().unwrap();
        }
        matrix
    };
    (2..header.len()).map(|at| (header[at].to_owned(), column(at))).collect()
}

fn run(panel: &BTreeMap<String, Matrix>, expected: &Value, threads: usize) -> Results {
    let of = |kind| panel.iter().filter(move |(name, _)| name.starts_with(kind)).map(|(_, matrix)| matrix);
    let drop = expected["drop"].as_bool().unwrap();
    let pairs: Vec<Pair<'_>> = of('x').flat_map(|lead| of('y').map(move |lag| Pair { lead, lag, drop })).collect();
    let max_lag = expected["max_lag"].as_u64().unwrap() as usize;
    test(&pairs, &Settings { max_lag, threads, ..Settings::default() })
}

fn near(found: f64, expected: &Value, least: f64) -> Option<String> {
    let expected = expected.as_f64().unwrap();
    let same = (found - expected).abs() <= EXACT * expected.abs().max(found.abs()).max(least);
    (!same).then(|| format!("{found:e}, not {expected:e}"))
}

/// What of the evidence is not the reference's.
fn differences(found: &Evidence, expected: &Value, exact: bool) -> Vec<String> {
    let effect = |end: &str| &expected["effect"][end];
    let measured = found.effect.unwrap();
    let numbers = [
        ("z", found.z, &expected["z"], 1.0),
        ("z reverse", found.z_reverse, &expected["z_reverse"], 1.0),
        ("z same week", found.z_same_week, &expected["z_same_week"], 1.0),
        ("effect", measured.per_activity, effect("per_activity"), 0.0),
        ("lo", measured.lo, effect("lo"), 0.0),
        ("hi", measured.hi, effect("hi"), 0.0),
        ("swing", found.swing, &expected["swing"], 0.0),
        ("detectable share", found.detectable_share, &expected["detectable_share"], 0.0),
    ];
    let mut wrong: Vec<String> =
        numbers.iter().filter_map(|(name, found, expected, least)| Some(format!("{name}: {}", near(*found, expected, *least)?))).collect();
    for (week, (found, expected)) in found.by_lag.iter().zip(expected["by_lag"].as_array().unwrap()).enumerate() {
        wrong.extend(near(*found, expected, 1.0).map(|what| format!("by lag at {week}: {what}")));
    }
    if found.by_lag.len() != expected["by_lag"].as_array().unwrap().len() {
        wrong.push(format!("{} lags", found.by_lag.len()));
    }
    for (name, found, expected) in [("p", found.p, &expected["p"]), ("adjusted p", found.p_adjusted, &expected["p_adjusted"])] {
        let expected = expected.as_f64().unwrap();
        let error = if exact { 1e-12 } else { 4.0 * monte_carlo(expected) };
        if (found - expected).abs() > error {
            wrong.push(format!("{name}: {found}, not {expected}"));
        }
    }
    let weeks = found.lead.map_or(Value::Null, |lead| lead.weeks.into());
    let range = found.lead.map_or(Value::Null, |lead| vec![lead.first, lead.last].into());
    if (&weeks, &range) != (&expected["lead_weeks"], &expected["lead_range"]) {
        wrong.push(format!("lead time: {weeks} {range}, not {} {}", expected["lead_weeks"], expected["lead_range"]));
    }
    if Some(found.ahead) != expected["leads"].as_bool() {
        wrong.push(format!("ahead: {}", found.ahead));
    }
    wrong
}

/// The standard error of the difference of two shares of 2,000 drawn orders.
fn monte_carlo(p: f64) -> f64 {
    (2.0 * (p * (1.0 - p)).max(1.0 / 2000.0) / 2000.0).sqrt()
}

#[test]
fn every_number_is_the_references() {
    let text = fs::read_to_string(folder().join("expected.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    let (mut wrong, mut pairs, mut exact_pairs) = (Vec::new(), 0, 0);
    for expected in &all {
        let name = expected["name"].as_str().unwrap();
        let results = run(&panel(&format!("panels/{name}")), expected, 2);
        let usable: Vec<bool> = expected["usable"].as_array().unwrap().iter().map(|usable| usable.as_bool().unwrap()).collect();
        assert_eq!(results.usable, usable, "{name}");
        assert_eq!(results.lost.len(), usable.iter().filter(|usable| !**usable).count(), "{name}");
        let exact = usable.iter().filter(|usable| **usable).count() <= 6;
        let expected = expected["pairs"].as_array().unwrap();
        assert_eq!(results.pairs.len(), expected.len(), "{name}");
        for (found, expected) in results.pairs.iter().zip(expected) {
            let at = format!("{name} {}", expected["pair"].as_str().unwrap());
            let close = |p: &str| expected[p].as_f64().is_some_and(|p| (p - 0.05).abs() < 4.0 * monte_carlo(0.05));
            if (exact || !(close("p") || close("p_adjusted"))) && found.verdict.words() != expected["verdict"].as_str().unwrap() {
                wrong.push(format!("{at}: {}, not {}", found.verdict.words(), expected["verdict"]));
            }
            let Some(evidence) = &found.evidence else {
                assert!(expected.get("p").is_none(), "{at}");
                continue;
            };
            assert_eq!(Some(found.events as u64), expected["events"].as_u64(), "{at}");
            assert_eq!(Some(results.max_lag as u64), expected["max_lag"].as_u64(), "{at}");
            wrong.extend(differences(evidence, expected, exact).iter().map(|what| format!("{at}: {what}")));
            pairs += 1;
            exact_pairs += usize::from(exact);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(all.len() >= 40 && pairs > 50 && exact_pairs > 25, "{} panels, {pairs} pairs, {exact_pairs} of them exact", all.len());
}

/// Debug output spells every number with all its digits.
#[test]
fn threads_change_nothing() {
    let text = fs::read_to_string(folder().join("expected.json")).unwrap();
    let all: Vec<Value> = serde_json::from_str(&text).unwrap();
    for expected in all.iter().filter(|expected| ["three_by_two_gaps", "two_by_two"].contains(&expected["name"].as_str().unwrap())) {
        let panel = panel(&format!("panels/{}", expected["name"].as_str().unwrap()));
        let one = format!("{:?}", run(&panel, expected, 1));
        assert!([0, 2, 5].iter().all(|threads| format!("{:?}", run(&panel, expected, *threads)) == one), "{}", expected["name"]);
    }
}

/// A lead of which a drop is expected is the same lead with its sign changed, and only the effect is told of the lead as it was given.
#[test]
fn an_expected_drop_turns_the_lead_around() {
    let panel = panel("panels/hours_planted");
    let (lead, lag) = (&panel["x1"], &panel["y1"]);
    let mut turned = lead.clone();
    for person in 0..turned.rows() {
        turned.row_mut(person).iter_mut().for_each(|value| *value = -*value);
    }
    let of = |lead, drop| test(&[Pair { lead, lag, drop }], &Settings::default()).pairs.remove(0).evidence.unwrap();
    let (dropped, plain) = (of(lead, true), of(&turned, false));
    assert_eq!((dropped.z.to_bits(), dropped.p.to_bits()), (plain.z.to_bits(), plain.p.to_bits()));
    let (dropped, plain) = (dropped.effect.unwrap(), plain.effect.unwrap());
    let bits = |ends: [f64; 3]| ends.map(f64::to_bits);
    assert_eq!(bits([-dropped.per_activity, -dropped.lo, -dropped.hi]), bits([plain.per_activity, plain.hi, plain.lo]));
}

#[test]
fn who_is_lost_is_named_with_what_they_lack() {
    let mut lead = Matrix::filled(8, 60, 1.0);
    let mut lag = Matrix::filled(8, 60, 0.0);
    for person in 0..8 {
        for week in 0..60 {
            lead.row_mut(person)[week] = ((person * 7 + week * 3) % 5) as f64;
            lag.row_mut(person)[week] = ((person * 3 + week * 5) % 7) as f64;
        }
    }
    let still = lead.clone();
    lead.row_mut(1).fill(3.0);
    lag.row_mut(2).fill(0.0);
    lead.row_mut(4)[19..].fill(f64::NAN);
    lag.row_mut(4)[..2].fill(f64::INFINITY);
    let pairs = [Pair { lead: &still, lag: &still, drop: false }, Pair { lead: &lead, lag: &lag, drop: false }];
    let results = test(&pairs, &Settings { shuffles: 99, ..Settings::default() });
    let lost: Vec<_> = results.lost.iter().map(|lost| (lost.person, lost.pair, lost.why)).collect();
    assert_eq!(lost, [(1, 1, Lack::Lead), (2, 1, Lack::Lag), (4, 1, Lack::Weeks(17))]);
    assert_eq!(results.usable, [true, false, false, true, false, true, true, true]);
}

/// The order of the verdicts, each with everything that a later one would need as well.
#[test]
fn verdicts_come_in_their_order() {
    let panel = panel("panels/full_planted");
    let Tested { evidence, .. } =
        test(&[Pair { lead: &panel["x1"], lag: &panel["y1"], drop: false }], &Settings::default()).pairs.remove(0);
    let base = evidence.unwrap();
    let of = |p, p_adjusted, ahead, detectable_share, events| {
        super::super::verdict::decide(&Evidence { p, p_adjusted, ahead, detectable_share, ..base.clone() }, events)
    };
    let found = [
        of(0.01, 0.01, true, 0.5, 29),
        of(0.05, 0.05, true, 2.0, 30),
        of(0.01, 0.05, false, 2.0, 30),
        of(0.05, 0.051, true, 2.0, 30),
        of(0.05, 0.051, false, 1.01, 30),
        of(0.051, 0.06, true, 1.0, 30),
    ];
    let want = ["too little data", "leads", "moves together, not ahead", "hint, not proven", "too little data to tell", "no lead shown"];
    assert_eq!(found.map(Verdict::words), want);
}
