//! What must hold whatever the numbers are, through the program.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::compare::{Case, Got, company, parse};
use super::measures::{is_sum, is_union};
use crate::generate::{Company, Shape};

fn small(seed: u64, shape: Shape) -> Case {
    let mut plan = company(seed, shape);
    plan.weeks = 12;
    plan.rows = 500;
    Case::new(plan)
}

#[test]
fn people_add_up_to_teams_and_all_for_sums_and_stay_within_them_for_unions() {
    let case = Case::new(Company { weeks: 18, rows: 1400, ..company(7, Shape::Salesforce) });
    let world = case.world();
    let rows = parse(&case.print(&case.exports, "csv"));
    let mut owners: BTreeMap<_, Vec<&Got>> = BTreeMap::new();
    for got in rows.iter().filter(|g| g.level == "owner") {
        owners.entry((got.start, got.measure.clone())).or_default().push(got);
    }
    let mut wrong = Vec::new();
    let (mut sums, mut unions) = (0, 0);
    for got in rows.iter().filter(|g| g.level != "owner") {
        let everybody = &owners[&(got.start, got.measure.clone())];
        // In a week in which somebody changes team, their row is in two teams.
        let moved = everybody.iter().any(|g| world.team_of(&g.name, got.start) != world.team_of(&g.name, got.end));
        if got.level == "team" && moved {
            continue;
        }
        let parts: Vec<&&Got> = everybody.iter().filter(|g| got.level == "all" || g.team == got.name).collect();
        let values: Option<Vec<Decimal>> = parts.iter().map(|g| g.value.parse().ok()).collect();
        let (Some(values), Ok(whole)) = (values, got.value.parse::<Decimal>()) else {
            continue;
        };
        let sum: Decimal = values.iter().sum();
        if is_sum(&got.measure) {
            sums += 1;
            // Hours are rounded to two decimals for each person.
            let slack = if got.measure == "client_hours" { Decimal::new(5 * values.len() as i64 + 5, 3) } else { Decimal::ZERO };
            if (sum - whole).abs() > slack {
                wrong.push(format!("{} {:?} {} {}: people {sum}, whole {whole}", got.level, got.name, got.period, got.measure));
            }
        } else if is_union(&got.measure) {
            unions += 1;
            let most = values.iter().max().copied().unwrap_or_default();
            if whole > sum || whole < most {
                wrong.push(format!("{} {:?} {} {}: people {most} to {sum}, whole {whole}", got.level, got.name, got.period, got.measure));
            }
        }
    }
    assert!(sums > 300 && unions > 150, "compared {sums} sums and {unions} unions");
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.iter().take(20).cloned().collect::<Vec<_>>().join("\n"));
}

#[test]
fn same_rows_in_any_order_give_the_same_bytes() {
    for shape in [Shape::Salesforce, Shape::Generic { times: true }] {
        let case = small(8, shape);
        let first = case.print(&case.exports, "csv");
        if shape == Shape::Salesforce {
            assert!(first == case.print(&case.exports, "csv"), "the same input gave other bytes");
        }
        assert!(first == case.print(&case.exports.shuffled(99), "csv"), "another order of rows gave other bytes");
    }
}

#[test]
fn files_that_overlap_change_nothing() {
    for shape in [Shape::Salesforce, Shape::Generic { times: true }] {
        let case = small(9, shape);
        let once = case.print(&case.exports, "csv");
        let twice = case.print(&case.exports.overlapping(), "csv");
        for (a, b) in once.lines().zip(twice.lines()) {
            assert_eq!(a, b);
        }
        assert_eq!(once.len(), twice.len());
    }
}

#[test]
fn csv_and_json_carry_the_same_values() {
    let case = small(10, Shape::Generic { times: true });
    let csv = parse(&case.print(&case.exports, "csv"));
    let json: serde_json::Value = serde_json::from_str(&case.print(&case.exports, "json")).unwrap();
    let values = json["values"].as_array().expect("an array of values");
    assert_eq!(csv.len(), values.len());
    for (got, value) in csv.iter().zip(values) {
        let text = |key: &str| match &value[key] {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(s) => s.clone(),
            other => other.to_string(),
        };
        let same =
            |a: &str, b: &str| a == b || a.parse::<Decimal>().ok().zip(b.parse().ok()).is_some_and(|(a, b): (Decimal, Decimal)| a == b);
        for (key, want) in [
            ("level", &got.level),
            ("name", &got.name),
            ("team", &got.team),
            ("period", &got.period),
            ("complete", &got.complete),
            ("role", &got.role),
            ("measure", &got.measure),
            ("unit", &got.unit),
            ("value", &got.value),
            ("missing", &got.missing),
            ("previous", &got.previous),
        ] {
            assert!(
                same(want, &text(key)),
                "{} {:?} {} {}: {key} is {want:?} in csv and {} in json",
                got.level,
                got.name,
                got.period,
                got.measure,
                value[key]
            );
        }
    }
}
