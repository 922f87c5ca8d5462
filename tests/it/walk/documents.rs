//! What the documents of the examples say, in every form, is one thing: page, csv, json, the records behind them, and the binary.

use std::collections::{BTreeMap, BTreeSet};

use leadlag::document::{Block, Content, Document};
use leadlag::measure::Entity;
use leadlag::render::{self, Style};
use leadlag::report::{self, Question};
use leadlag::unit::Value;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{arguments, comes_to, counted, examples, plan, program, run};

fn rendered(document: &Document, format: &str) -> String {
    let format = render::named(format).expect("a format");
    String::from_utf8((format.render)(document, &Style::default()).expect("it renders")).expect("UTF-8")
}

/// The rows of a csv, by heading.
fn rows(csv: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings = reader.headers().expect("headings").clone();
    let row = |record: csv::StringRecord| headings.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("as many fields as headings"))).collect()
}

/// The rows of an array of the json, each as its line spells it, so that digits are compared and not floating-point numbers.
fn lines<'a>(json: &'a str, key: &str) -> Vec<&'a str> {
    let start = json.find(&format!("\n  \"{key}\": [")).unwrap_or_else(|| panic!("no {key}"));
    json[start + 1..].lines().skip(1).take_while(|line| line.starts_with("    {")).map(|line| line.trim().trim_end_matches(',')).collect()
}

/// A row of the json as the csv would spell it.
fn spelled(line: &str) -> BTreeMap<String, String> {
    let object: serde_json::Map<String, Json> = serde_json::from_str(line).expect("an object");
    let mut spelled = BTreeMap::new();
    let mut rest = line;
    for (key, value) in object {
        let name = format!("{}:", serde_json::to_string(&key).unwrap());
        rest = &rest[rest.find(&name).expect("its key") + name.len()..];
        let text = match value {
            Json::Null => String::new(),
            Json::String(text) => text,
            // The digits as they are written, which a parser would carry through a floating-point number.
            Json::Number(_) => rest[..rest.find([',', '}']).unwrap()].to_owned(),
            other => other.to_string(),
        };
        spelled.insert(key, text);
    }
    spelled
}

fn kinds_of_reports() -> Vec<Vec<&'static str>> {
    vec![
        vec![],
        vec!["--team", "West"],
        vec!["--owner", "Hannah Schäfer"],
        vec!["--period", "month", "--periods", "3"],
        vec!["--period", "all"],
        vec!["--from", "2026-10-01", "--to", "2026-11-15"],
    ]
}

#[test]
fn csv_and_json_carry_the_same_values_and_the_same_records() {
    for folder in examples() {
        let plan = plan(&folder);
        for more in kinds_of_reports() {
            let report = report::report(&run(&plan, &folder, &more)).expect("a report");
            let json = rendered(&report, "json");
            serde_json::from_str::<Json>(&json).expect("json");
            let values: Vec<_> = lines(&json, "values").into_iter().map(spelled).collect();
            assert!(!values.is_empty());
            assert_eq!(values, rows(&rendered(&report, "csv")), "{more:?}");
            assert_eq!(values, rows(&rendered(&report, "tsv").replace(',', ";").replace('\t', ",")), "{more:?}, as tsv");
        }
    }
}

#[test]
fn the_records_of_a_report_are_those_that_explain_lists_for_the_same_numbers() {
    for folder in examples() {
        for mut more in kinds_of_reports() {
            more.extend([
                "--leads",
                "new_prospect_meetings,client_hours,accounts_met,no_show_rate",
                "--lags",
                "revenue,win_rate,deals_won",
            ]);
            let plan = program::read(&arguments(&folder, &more), &[]).unwrap_or_else(|failure| panic!("{failure:?}"));
            let run = run(&plan, &folder, &more);
            let report = report::report(&run).expect("a report");
            let mut said: BTreeSet<(String, String, String)> = BTreeSet::new();
            for record in &report.records {
                let place = match (&record.id, &record.file, record.line) {
                    (Some(id), None, None) => id.clone(),
                    (None, Some(file), Some(line)) => format!("{file}:{line}"),
                    other => panic!("{other:?}"),
                };
                said.extend(record.measures.iter().map(|measure| (record.table.clone(), place.clone(), measure.clone())));
            }
            let mut explained = BTreeSet::new();
            let shown = |entity: &Entity| match (run.owner, run.team) {
                (Some(owner), _) => *entity == owner,
                (_, Some(_)) => report.values.iter().any(|row| row.level == entity.level().name() && row.name == run.name(*entity)),
                _ => *entity == Entity::All,
            };
            for name in run.shown() {
                let measure = plan.measure(&name).expect("a measure");
                for period in &run.periods {
                    for entity in run.engine.entities().into_iter().filter(shown) {
                        for found in run.engine.evidence(measure, entity, period).expect("evidence") {
                            let table = run.data.table(found.table).expect("a table");
                            let id = |row: usize| table.text("id", row).expect("an id").to_owned();
                            explained.extend(found.counted.iter().map(|row| (table.kind.name().to_owned(), id(*row), name.clone())));
                        }
                    }
                }
            }
            assert!(!said.is_empty());
            assert_eq!(said, explained, "{more:?}");
        }
    }
}

#[test]
fn the_numbers_of_the_page_are_those_of_the_tidy_values() {
    for folder in examples() {
        let plan = plan(&folder);
        let week = report::report(&run(&plan, &folder, &[])).expect("a report");
        let whole = run(&plan, &folder, &[]);
        // The lags stand to date in the quarter of the period's end.
        let quarter = whole.calendar.period_of(leadlag::calendar::Grain::Quarter, whole.period().range.last).range.first.to_string();
        let last = whole.period().range.last.to_string();
        let to_date = report::report(&run(&plan, &folder, &["--from", &quarter, "--to", &last])).expect("a report");
        let board =
            week.page.iter().find_map(|block| if let Block::Table(table) = block { Some(table) } else { None }).expect("a scoreboard");
        let booked = report::report(&whole).expect("a report");
        assert_eq!(booked.values.len(), week.values.len());
        let mut compared = 0;
        for row in &board.rows {
            let Content::Text(label) = &row.cells[0].content else { panic!("a name") };
            let name = label.rsplit_once(" (").map_or(label.as_str(), |(name, _)| name);
            let name = if name == "All" { "" } else { name };
            let shown: Vec<&Content> = row.cells.iter().map(|cell| &cell.content).filter(|c| matches!(c, Content::Value { .. })).collect();
            let tidy = |document: &Document, measure: &str| {
                document.values.iter().find(|value| value.name == name && value.measure == measure).map(|value| value.value.clone())
            };
            let mut expected: Vec<Value> = whole.leads.iter().filter_map(|measure| tidy(&week, measure)).collect();
            let measure = plan.measure("booked_next").expect("a measure");
            let entity = whole.engine.entities().into_iter().find(|e| whole.name(*e) == name).expect("an entity");
            let cube = counted(&whole, measure, whole.period());
            let listed = whole.engine.evidence(measure, entity, whole.period()).expect("evidence");
            expected.push(comes_to(&whole, measure, &listed[0].counted, &cube.series[0].unit, entity, whole.period()));
            expected.extend(whole.lags.iter().filter_map(|measure| tidy(&to_date, measure)));
            assert_eq!(shown.len(), expected.len(), "{label}");
            for (content, expected) in shown.into_iter().zip(expected) {
                let Content::Value { value, .. } = content else { unreachable!() };
                let close = match (value, &expected) {
                    // The page shows money in thousands.
                    (Value::Money(shown, _), Value::Money(exact, _)) => (shown * Decimal::from(1000) - exact).abs() <= Decimal::from(500),
                    (shown, exact) => shown == exact,
                };
                assert!(close, "{label}: the page shows {value:?}, the values say {expected:?}");
                compared += 1;
            }
        }
        assert!(compared > 50, "{compared}");
    }
}

/// Cells of every kind of measure, level and period, as the command line asks for them.
const CELLS: &[&[&str]] = &[
    &["new_prospect_meetings", "--owner", "Aisha Karim", "--week", "2026-W46"],
    &["prospect_meetings", "--team", "West", "--period", "month"],
    &["customer_meetings", "--period", "all"],
    &["presentations", "--owner", "whitfield, grant"],
    &["client_hours", "--team", "East"],
    &["conversations", "--month", "2026-09"],
    &["accounts_met", "--team", "West", "--period", "quarter"],
    &["new_contacts_met", "--owner", "Luis Peña", "--week", "2026-W30"],
    &["booked_next", "--team", "East"],
    &["joint_meetings"],
    &["no_show_rate", "--from", "2026-10-01", "--to", "2026-11-15"],
    &["days_since_customer", "--owner", "Marta Kowalczyk"],
    &["revenue", "--owner", "Hannah Schäfer", "--period", "quarter"],
    &["profit", "--team", "West", "--period", "year"],
    &["new_customers", "--period", "month"],
    &["win_rate", "--period", "quarter"],
    &["win_rate_value", "--owner", "Priya Nair"],
    &["average_deal", "--team", "East", "--from", "2026-07-01", "--to", "2026-09-30"],
    &["median_days_to_win", "--period", "all"],
    &["deals_created", "--owner", "Zoë Lindqvist"],
    &["pipeline_created", "--period", "month"],
    &["open_pipeline", "--team", "West"],
    &["stale_deals", "--owner", "Brian O'Dell"],
    &["deals_without_next_step", "--period", "all"],
];

#[test]
fn the_binary_lists_the_same_records_as_csv_and_as_json() {
    let folder = examples().into_iter().find(|folder| folder.ends_with("quickstart")).expect("the quick start");
    let plan = plan(&folder);
    let cells: Vec<(usize, &[&str])> = CELLS.iter().copied().enumerate().collect();
    let done = program::each(&cells, |(index, cell)| {
        let run = run(&plan, &folder, &cell[1..]);
        let measure = plan.measure(cell[0]).expect("a measure");
        let entity = run.owner.or(run.team.map(Entity::Team)).unwrap_or(Entity::All);
        let question = Question { measure, entity, period: run.period().clone(), near: None, shown: None };
        let document = report::explain(&run, &question).expect("an explanation");
        let (csv, json) = (rendered(&document, "csv"), rendered(&document, "json"));
        let records: Vec<_> = lines(&json, "records").into_iter().map(spelled).collect();
        assert_eq!(records, rows(&csv), "{cell:?}");

        // The binary takes turns: what it writes is what the library does.
        let (format, expected) = if index % 2 == 0 { ("csv", &csv) } else { ("json", &json) };
        let mut args = vec!["explain".to_owned(), cell[0].to_owned()];
        args.extend(arguments(&folder, &cell[1..]));
        args.extend(["--all", "--format", format].map(str::to_owned));
        let output = program::run(&args);
        assert!(output.status.success() && output.stderr.is_empty(), "{cell:?}: {}", String::from_utf8_lossy(&output.stderr));
        let written = String::from_utf8(output.stdout).expect("UTF-8");
        // What was said while the files were read is the command's to add.
        let upto = |text: &str| text.split("\n  \"diagnostics\"").next().map(str::to_owned);
        assert!(upto(&written) == upto(expected), "{cell:?}: the binary's {format} differs from the library's");

        let about: Json = serde_json::from_str(&json).expect("json");
        for (status, key) in [("counted", "counted"), ("near", "near_misses"), ("left_out", "left_out")] {
            let listed = records.iter().filter(|row| row["status"] == status).count();
            assert_eq!(about[key], listed, "{cell:?}: {key}");
        }
        // What the counted records bring comes to the number.
        let counted: Vec<&str> = records.iter().filter(|row| row["status"] == "counted").map(|row| row["value"].as_str()).collect();
        let total: Decimal = counted.iter().filter_map(|value| value.parse::<Decimal>().ok()).sum();
        let number = about["values"][0]["value"].as_str().and_then(|text| text.parse::<Decimal>().ok());
        assert_eq!(number.is_none(), about["values"][0]["missing"].is_string(), "{cell:?}");
        match (cell[0], about["values"][0]["unit"].as_str().expect("a unit")) {
            ("win_rate" | "win_rate_value" | "average_deal" | "no_show_rate" | "days_since_customer" | "median_days_to_win", _) => {}
            ("accounts_met" | "new_contacts_met", _) => {
                assert_eq!(number, Some(Decimal::from(counted.iter().collect::<BTreeSet<_>>().len())), "{cell:?}");
            }
            (_, "hours") => assert_eq!(number, Some((total / Decimal::from(60)).round_dp(2)), "{cell:?}"),
            _ => assert_eq!(number, Some(total), "{cell:?}"),
        }
        counted.len()
    });
    assert!(done.iter().filter(|n| **n > 0).count() >= 20, "{done:?}");
}
