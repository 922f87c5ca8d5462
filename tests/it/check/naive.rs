//! Verdicts against the tidy rows that `report` prints, compared here anew and naively.

use std::collections::BTreeMap;

use crate::program;

const STANDING: &[&str] = &["examples/quickstart", "--as-of", "2026-11-16"];
const MEASURES: &[&str] = &["new_prospect_meetings", "presentations", "client_hours", "no_show_rate", "deals_won"];
/// Of the quick start: two leaders, and somebody who came five weeks ago.
const EXEMPT: &[&str] = &["Aisha Karim", "Marta Kowalczyk", "Samuel Adeyemi"];

fn rows(args: &[&str]) -> Vec<BTreeMap<String, String>> {
    let output = program::run(&[args, STANDING, &["--format", "csv"]].concat());
    let mut reader = csv::Reader::from_reader(output.stdout.as_slice());
    let head = reader.headers().expect("headings").clone();
    let row = |record: csv::StringRecord| head.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    let rows: Vec<_> = reader.records().map(|record| row(record.expect("a record"))).collect();
    assert!(!rows.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    rows
}

/// The number that a rule compares; none where a part of it is missing.
fn compared(row: &BTreeMap<String, String>, of: &str) -> Option<f64> {
    let number = |column: &str| row[column].parse::<f64>().ok();
    let value = number("value")?;
    let over = |column: &str| number(column).filter(|base| *base > 0.0).map(|base| value / base);
    match of {
        "pace" => over("pace"),
        "target" => over("target"),
        "average" => over("average"),
        "change" => over("previous").map(|quotient| quotient - 1.0),
        _ => Some(value),
    }
}

#[test]
fn verdicts_are_those_of_a_naive_comparison_of_the_tidy_rows() {
    let leads = MEASURES.join(",");
    let tidy = rows(&["report", "--periods", "2", "--leads", &leads, "--lags", "revenue"]);
    let mut state = 20_261_116_u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut pick = |words: &[&'static str]| words[next(words.len() as u64) as usize];
    let mut rules = Vec::new();
    for _ in 0..120 {
        let (measure, level, of) =
            (pick(MEASURES), pick(&["owner", "team", "all"]), pick(&["value", "pace", "target", "average", "change"]));
        let (sign, again) = (pick(&[">=", "<="]), pick(&["", "", " for 2 periods"]));
        let bound = match (of, measure) {
            ("value", "no_show_rate") => pick(&["0.0313", "0.1171"]),
            ("value", _) => pick(&["0.3", "2.7", "7.1", "21.3"]),
            ("change", _) => pick(&["-0.313", "0.0171", "0.413"]),
            _ => pick(&["0.4133", "0.7171", "1.1313"]),
        };
        let text = match of {
            "value" => format!("{measure} {sign} {bound} per {level}{again}"),
            "change" => format!("change of {measure} {sign} {bound} per {level}{again}"),
            of => format!("{measure} {sign} {bound} of {of} per {level}{again}"),
        };
        rules.push((text, measure, level, of, sign, bound.parse::<f64>().expect("a number"), !again.is_empty()));
    }
    let mut args = vec!["check"];
    for (text, ..) in &rules {
        args.extend(["--require", text]);
    }
    let findings = rows(&args);
    let mut counts = BTreeMap::new();
    for (index, (text, measure, level, of, sign, bound, twice)) in rules.iter().enumerate() {
        let of_rule: Vec<_> = findings.iter().filter(|f| f["rule"] == (index + 1).to_string() && !f["level"].is_empty()).collect();
        let mut judged = 0;
        for row in tidy.iter().filter(|r| r["measure"] == *measure && r["level"] == *level && r["period"] == "2026-W46") {
            let before = tidy
                .iter()
                .find(|r| r["measure"] == *measure && r["level"] == *level && r["period"] == "2026-W45" && r["name"] == row["name"]);
            let missed = |row: &BTreeMap<String, String>| {
                compared(row, of).map(|number| {
                    assert!((number - bound).abs() > 1e-4, "{text}: too close to be compared naively: {number}");
                    if *sign == ">=" { number < *bound } else { number > *bound }
                })
            };
            let exempt = *level == "owner" && EXEMPT.contains(&row["name"].as_str());
            let expected = match (exempt, missed(row), before.and_then(missed)) {
                (true, ..) | (_, None, _) => "not_judged",
                (_, Some(true), None) if *twice => "not_judged",
                (_, Some(true), before) if !twice || before == Some(true) => "breach",
                _ => "held",
            };
            let found = of_rule.iter().find(|f| f["name"] == row["name"]).unwrap_or_else(|| panic!("{text}: nothing of {}", row["name"]));
            assert_eq!(found["verdict"], expected, "{text}: {} {found:?}", row["name"]);
            let value = |row: &BTreeMap<String, String>| row["value"].parse::<f64>().ok();
            assert_eq!(value(found), value(row), "{text}: {}", row["name"]);
            *counts.entry(expected).or_insert(0) += 1;
            judged += 1;
        }
        assert_eq!(of_rule.len(), judged, "{text}");
    }
    assert!(counts.values().all(|n| *n > 50) && counts.len() == 3, "{counts:?}");
}
