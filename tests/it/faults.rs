//! Planted faults: a clean `HubSpot` export of deals, and the same with the faults that people's exports have (rows exported twice, a second
//! pipeline, wiped dates, amounts as text, wins without an amount, dates of another country, dates far ahead, "TBD", stages with a blank behind
//! them). Each fault is named with its line or counted by its reason, and every other record's totals are what they were: worked out here,
//! from the facts, by no code of the program's.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use serde_json::Value as Json;

use super::generate::Random;
use super::program;

const OWNERS: [&str; 4] = ["Ana Silva", "Ben Ortiz", "Chen Wei", "Dara Núñez"];

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fault {
    Twice,
    Renewal,
    WipedWon,
    WipedLost,
    Spelled,
    NoAmount,
    Priceless,
    American,
    Far,
    Tbd,
    TbdOpen,
    Blank,
}

const PLANTED: [(Fault, usize); 12] = [
    (Fault::Twice, 6),
    (Fault::Renewal, 25),
    (Fault::WipedWon, 3),
    (Fault::WipedLost, 2),
    (Fault::Spelled, 8),
    (Fault::NoAmount, 4),
    (Fault::Priceless, 3),
    (Fault::American, 40),
    (Fault::Far, 2),
    (Fault::Tbd, 2),
    (Fault::TbdOpen, 1),
    (Fault::Blank, 10),
];

#[derive(Debug, Clone)]
struct Deal {
    id: i64,
    stage: &'static str,
    cents: i64,
    closed: Date,
    created: Date,
    owner: usize,
    fault: Option<Fault>,
}

impl Deal {
    fn won(&self) -> bool {
        self.stage == "Closed Won"
    }

    /// What stands in the columns that a fault may touch: stage, pipeline, amount, close date, create date.
    fn cells(&self) -> [String; 5] {
        let plain = format!("{}.{:02}", self.cents / 100, self.cents % 100);
        let mut cells = [self.stage.to_owned(), "Sales Pipeline".to_owned(), plain, self.closed.to_string(), self.created.to_string()];
        match self.fault {
            Some(Fault::Renewal) => "Renewals Pipeline".clone_into(&mut cells[1]),
            Some(Fault::WipedWon | Fault::WipedLost) => cells[3].clear(),
            Some(Fault::Spelled) => cells[2] = spelled(self.cents, self.id),
            Some(Fault::NoAmount) => cells[2].clear(),
            Some(Fault::Priceless) => "on request".clone_into(&mut cells[2]),
            Some(Fault::American) => cells[3] = self.closed.strftime("%-m/%-d/%Y").to_string(),
            Some(Fault::Far) => "2031-01-15".clone_into(&mut cells[3]),
            Some(Fault::Tbd | Fault::TbdOpen) => "TBD".clone_into(&mut cells[3]),
            Some(Fault::Blank) => "closed won ".clone_into(&mut cells[0]),
            Some(Fault::Twice) | None => {}
        }
        cells
    }
}

/// The ways in which people type an amount; these are of whole hundreds.
fn spelled(cents: i64, id: i64) -> String {
    let whole = cents / 100;
    match id % 4 {
        0 => format!("${},{:03}", whole / 1000, whole % 1000),
        1 => format!("{}.{}k", whole / 1000, whole % 1000 / 100),
        2 => format!("{},{:03}.00", whole / 1000, whole % 1000),
        _ => format!("USD {whole}"),
    }
}

/// Two hundred and forty deals; those with a fault are drawn from a seed.
fn deals(seed: u64) -> Vec<Deal> {
    let mut random = Random::new(seed);
    let mut deals: Vec<Deal> = (0..240)
        .map(|at| Deal {
            id: 40_100_000 + at,
            stage: ["Closed Won", "Closed Lost", "Closed Won", "Contract Sent"][at as usize % 4],
            cents: 100_000 + random.below(4_000_000) as i64,
            closed: date(2026, 6, 1) + (random.below(165) as i64).days(),
            created: date(2026, 1, 5) + (random.below(140) as i64).days(),
            owner: random.below(OWNERS.len()),
            fault: None,
        })
        .collect();
    for (fault, times) in PLANTED {
        let fits = |d: &Deal| match fault {
            Fault::WipedWon | Fault::Spelled | Fault::NoAmount | Fault::Priceless | Fault::Tbd | Fault::Blank => d.won(),
            Fault::WipedLost | Fault::Far => d.stage == "Closed Lost",
            Fault::TbdOpen => d.stage == "Contract Sent",
            Fault::Twice | Fault::Renewal | Fault::American => true,
        };
        for _ in 0..times {
            let free: Vec<usize> = (0..deals.len()).filter(|at| deals[*at].fault.is_none() && fits(&deals[*at])).collect();
            let deal = &mut deals[free[random.below(free.len())]];
            deal.fault = Some(fault);
            if fault == Fault::Spelled {
                deal.cents = 1_000_000 + random.below(300) as i64 * 10_000;
            }
        }
    }
    // The American dates of the column settle their own order.
    assert!(deals.iter().any(|d| d.fault == Some(Fault::American) && d.closed.day() > 12));
    deals
}

/// The export, and on which line each record stands; a record that was exported twice stands there again at the end.
fn export(deals: &[Deal], clean: bool) -> (String, BTreeMap<i64, Vec<usize>>) {
    let mut text = "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Currency,Close Date,Create Date,Deal owner,Deal Type\n".to_owned();
    let mut lines = BTreeMap::<i64, Vec<usize>>::new();
    let again = deals.iter().filter(|d| d.fault == Some(Fault::Twice) && !clean);
    for (at, deal) in deals.iter().chain(again).enumerate() {
        let as_is = Deal { fault: deal.fault.filter(|_| !clean), ..deal.clone() };
        let [stage, pipeline, amount, closed, created] = as_is.cells();
        let owner = OWNERS[deal.owner];
        let _ = writeln!(
            text,
            "{},Line {},{stage},{pipeline},\"{amount}\",USD,{closed},{created},{owner},newbusiness",
            deal.id,
            deal.id % 1000
        );
        lines.entry(deal.id).or_default().push(at + 2);
    }
    (text, lines)
}

/// Won, lost, and revenue in cents, by owner; under an empty name for everybody.
type Totals = BTreeMap<String, (i64, i64, i64)>;

/// What must be counted: all but the records of some faults, and without the amounts of others.
fn totals(deals: &[Deal], gone: &[Fault], unpriced: &[Fault]) -> Totals {
    let mut totals = Totals::new();
    for deal in deals.iter().filter(|d| d.fault.is_none_or(|f| !gone.contains(&f))) {
        for name in ["", OWNERS[deal.owner]] {
            let (won, lost, revenue) = totals.entry(name.to_owned()).or_default();
            if deal.won() {
                *won += 1;
                *revenue += if deal.fault.is_some_and(|f| unpriced.contains(&f)) { 0 } else { deal.cents };
            } else if deal.stage == "Closed Lost" {
                *lost += 1;
            }
        }
    }
    totals
}

const CONFIG: &str = r#"
[measure.deals_lost]
role = "lag"
says = "Deals lost"
from = "deals"
on = "closed_on"
where = "state = 'lost'"
value = "count"
"#;

/// The totals that the program gives, and its JSON.
fn run(text: &str, more: &[&str]) -> (Totals, Json, String) {
    let folder = tempfile::tempdir().unwrap();
    let (file, config) = (folder.path().join("deals.csv"), folder.path().join("leadlag.toml"));
    std::fs::write(&file, text).unwrap();
    std::fs::write(&config, CONFIG).unwrap();
    let (file, config) = (file.display().to_string(), config.display().to_string());
    let mut args = vec!["report", &file, "--config", &config, "--as-of", "2026-11-16", "--period", "all", "--format", "json"];
    args.extend(["--leads", "customer_meetings", "--lags", "revenue,deals_won,deals_lost"]);
    args.extend(more);
    let output = program::run(&args);
    let said = String::from_utf8(output.stderr).unwrap().replace(&file, "deals.csv");
    assert!(output.status.success(), "{said}");
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    let mut totals = Totals::new();
    for row in json["values"].as_array().unwrap() {
        let entry = totals.entry(row["name"].as_str().unwrap_or_default().to_owned()).or_default();
        let value = &row["value"];
        let number = value.as_f64().or_else(|| value.as_str().and_then(|v| v.parse().ok())).unwrap_or(0.0);
        match row["measure"].as_str().unwrap() {
            "deals_won" => entry.0 = number as i64,
            "deals_lost" => entry.1 = number as i64,
            "revenue" => entry.2 = (number * 100.0).round() as i64,
            _ => {}
        }
    }
    (totals, json, said)
}

/// What `inspect --refused` lists: lines, and whether the record was refused or a cell of it taken as blank.
fn listed(text: &str) -> Vec<(usize, String)> {
    let folder = tempfile::tempdir().unwrap();
    let (file, list) = (folder.path().join("deals.csv"), folder.path().join("refused.csv"));
    std::fs::write(&file, text).unwrap();
    let output = program::run(&["inspect", &file.display().to_string(), "--as-of", "2026-11-16", "--refused", &list.display().to_string()]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut reader = csv::Reader::from_path(&list).unwrap();
    let at = |name: &str, headings: &csv::StringRecord| headings.iter().position(|h| h == name).unwrap();
    let headings = reader.headers().unwrap().clone();
    let (line, status) = (at("line", &headings), at("status", &headings));
    reader.records().map(Result::unwrap).map(|r| (r[line].parse().unwrap(), r[status].to_owned())).collect()
}

/// The records behind the revenue.
fn explained(text: &str) -> Vec<Json> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("deals.csv");
    std::fs::write(&file, text).unwrap();
    let file = file.display().to_string();
    let output = program::run(&["explain", "revenue", &file, "--as-of", "2026-11-16", "--period", "all", "--all", "--format", "json"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    json["records"].as_array().unwrap().clone()
}

/// The lines that a code is said of.
fn lines_of(json: &Json, code: &str) -> BTreeSet<usize> {
    let of = |d: &&Json| d["code"] == code;
    json["diagnostics"].as_array().unwrap().iter().filter(of).filter_map(|d| d["line"].as_u64()).map(|l| l as usize).collect()
}

#[test]
fn each_fault_is_found_and_the_rest_is_untouched() {
    for seed in 1..=3 {
        let deals = deals(seed);
        let (clean, _) = export(&deals, true);
        assert_eq!(run(&clean, &[]).0, totals(&deals, &[], &[]), "the clean export");

        let (text, lines) = export(&deals, false);
        let (found, json, said) = run(&text, &[]);
        if std::env::var("LEADLAG_FAULTS_SAY").is_ok() {
            eprintln!("{said}\n{}", serde_json::to_string_pretty(&json["coverage"]).unwrap());
        }
        let gone = [Fault::WipedWon, Fault::WipedLost, Fault::Tbd, Fault::Far];
        assert_eq!(found, totals(&deals, &gone, &[Fault::NoAmount, Fault::Priceless]), "{said}");

        let at = |fault: Fault| -> BTreeSet<usize> { deals.iter().filter(|d| d.fault == Some(fault)).map(|d| lines[&d.id][0]).collect() };
        let wiped: BTreeSet<usize> = &at(Fault::WipedWon) | &at(Fault::Tbd);
        // Lost ones are said together, at the first of them, with all their lines.
        let lost = at(Fault::WipedLost);
        let first: BTreeSet<usize> = lost.iter().take(1).copied().collect();
        assert_eq!(lines_of(&json, "no-close-date"), &wiped | &first, "{said}");
        let shown: Vec<String> = lost.iter().map(ToString::to_string).collect();
        assert!(said.contains(&format!("on lines {}: they fall in no period", shown.join(", "))), "{said}");
        assert_eq!(lines_of(&json, "bad-date"), &at(Fault::Tbd) | &at(Fault::TbdOpen), "{said}");
        assert_eq!(lines_of(&json, "bad-amount"), at(Fault::Priceless), "{said}");
        let deals_csv = &json["coverage"][0];
        assert_eq!(deals_csv["read"], 246);
        assert_eq!(deals_csv["left_out"]["duplicate"], 6);
        assert_eq!(deals_csv["refused"], wiped.len());
        assert_eq!(deals_csv["left_out"]["dated_ahead"], 2, "{said}");

        let listed = listed(&text);
        let of = |status: &str| -> BTreeSet<usize> { listed.iter().filter(|(_, s)| s == status).map(|(line, _)| *line).collect() };
        assert_eq!(of("refused"), wiped);
        assert_eq!(of("cell"), &at(Fault::Priceless) | &at(Fault::TbdOpen));

        // What no diagnostic names, the records behind the number do: which of two is left out, and which win has no amount.
        let again: BTreeSet<usize> = deals.iter().filter(|d| d.fault == Some(Fault::Twice) && d.won()).map(|d| lines[&d.id][0]).collect();
        let records = explained(&text);
        let of = |wanted: &dyn Fn(&Json) -> bool| -> BTreeSet<usize> {
            records.iter().filter(|r| wanted(r)).map(|r| r["line"].as_u64().unwrap() as usize).collect()
        };
        assert_eq!(of(&|r| r["reason"] == "duplicate"), again);
        assert_eq!(of(&|r| r["status"] == "counted" && r["amount"].is_null()), &at(Fault::NoAmount) | &at(Fault::Priceless));
    }
}

#[test]
fn a_second_pipeline_is_left_out_where_it_is_asked() {
    let deals = deals(1);
    let (text, _) = export(&deals, false);
    let (found, json, said) = run(&text, &["--where", "deals=pipeline <> 'Renewals Pipeline'"]);
    let gone = [Fault::WipedWon, Fault::WipedLost, Fault::Tbd, Fault::Far, Fault::Renewal];
    assert_eq!(found, totals(&deals, &gone, &[Fault::NoAmount, Fault::Priceless]), "{said}");
    assert_eq!(json["coverage"][0]["left_out"]["filtered"], 25);
}
