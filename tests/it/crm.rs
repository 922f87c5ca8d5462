//! Every folder of `fixtures/crm/` against its own `expected.toml`: what became of each file, and the numbers, which whoever wrote the
//! specimen has counted by hand. A folder is tested by being there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value as Json;

/// What a specimen must give.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// The day of the report.
    as_of: String,
    /// More arguments, such as `--config leadlag.toml`; each is relative to the folder.
    #[serde(default)]
    args: Vec<String>,
    /// The files that are tables, all of them.
    #[serde(default)]
    file: Vec<File>,
    /// Files that are read but that no number needs, each with words of the reason.
    #[serde(default)]
    not_used: BTreeMap<String, String>,
    /// Diagnostics that must be there: `code[ file:line]`.
    #[serde(default)]
    said: Vec<String>,
    /// Numbers over `--period all`, unless the arguments name another.
    #[serde(default)]
    value: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    table: String,
    crm: String,
    read: u64,
    used: u64,
    refused: u64,
    left_out: BTreeMap<String, u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(clippy::struct_field_names)] // as in the csv
struct Value {
    level: String,
    name: String,
    measure: String,
    /// As in the csv; empty where it is missing.
    value: String,
    unit: Option<String>,
    missing: Option<String>,
    target: Option<String>,
    team: Option<String>,
    period: Option<String>,
}

#[test]
fn every_specimen_reads_as_its_author_counted() {
    let mut folders: Vec<PathBuf> = std::fs::read_dir("fixtures/crm").unwrap().map(|f| f.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 5, "the specimens are gone");
    let only = std::env::var("ONLY").ok();
    let wrong: String = folders
        .iter()
        .filter(|f| only.as_ref().is_none_or(|o| f.ends_with(o)))
        .filter_map(|folder| {
            let differences = differences(folder);
            (!differences.is_empty()).then(|| format!("\n{}\n{differences}", folder.display()))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong}");
}

fn differences(folder: &Path) -> String {
    let text = std::fs::read_to_string(folder.join("expected.toml")).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let expected: Expected = toml::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut out = String::new();
    let json = match run(folder, &expected, "json") {
        Ok(text) => serde_json::from_str::<Json>(&text).unwrap(),
        Err(said) => return format!("  could not: {said}\n"),
    };
    files(&json, &expected, &mut out);
    diagnostics(&json, &expected, &mut out);
    match run(folder, &expected, "csv") {
        Ok(text) => values(&text, &expected, &mut out),
        Err(said) => out = format!("  could not: {said}\n"),
    }
    out
}

fn run(folder: &Path, expected: &Expected, format: &str) -> Result<String, String> {
    // A measure's role decides on which side it can stand.
    let lag = |m: &&str| matches!(*m, "revenue" | "profit" | "deals_won" | "new_customers" | "win_rate" | "open_pipeline" | "average_deal");
    let (lags, leads): (BTreeSet<&str>, BTreeSet<&str>) = expected.value.iter().map(|v| v.measure.as_str()).partition(lag);
    let side = |names: &BTreeSet<&str>, other: &str| {
        if names.is_empty() { other.to_owned() } else { names.iter().copied().collect::<Vec<_>>().join(",") }
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.current_dir(folder).args(["report", "--as-of", &expected.as_of, "--format", format]);
    command.args(["--leads", &side(&leads, "customer_meetings"), "--lags", &side(&lags, "revenue")]);
    if !expected.args.iter().any(|a| a.starts_with("--period") || a == "--week" || a == "--month" || a == "--from") {
        command.args(["--period", "all"]);
    }
    command.args(&expected.args);
    // What is said about expectations is no export.
    if !expected.args.iter().any(|a| a == "--config" || a == "--activities" || Path::new(a).extension().is_some_and(|e| e == "csv")) {
        command.arg(".");
    }
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { Ok(String::from_utf8(output.stdout).unwrap()) } else { Err(said) }
}

fn files(json: &Json, expected: &Expected, out: &mut String) {
    let coverage = json["coverage"].as_array().unwrap();
    let name = |c: &Json| c["path"].as_str().unwrap_or_default().trim_start_matches("./").to_owned();
    for file in &expected.file {
        let Some(found) = coverage.iter().find(|c| name(c) == file.name && c["table"] == file.table.as_str()) else {
            let _ = writeln!(out, "  {}: not among the sources as {}", file.name, file.table);
            continue;
        };
        let is = |key: &str, want: &Json, out: &mut String| {
            if found[key] != *want {
                let _ = writeln!(out, "  {}: {key} is {}, counted {want}", file.name, found[key]);
            }
        };
        is("crm", &Json::from(file.crm.as_str()), out);
        for (key, want) in [("read", file.read), ("used", file.used), ("refused", file.refused)] {
            is(key, &Json::from(want), out);
        }
        is("left_out", &serde_json::to_value(&file.left_out).unwrap(), out);
    }
    for found in coverage {
        if !expected.file.iter().any(|f| f.name == name(found) && found["table"] == f.table.as_str()) {
            let _ = writeln!(out, "  {}: read as {}, and not counted", name(found), found["table"]);
        }
    }
}

fn diagnostics(json: &Json, expected: &Expected, out: &mut String) {
    let list = json["diagnostics"].as_array().unwrap();
    let of = |d: &Json, key: &str| d[key].as_str().unwrap_or_default().to_owned();
    for (file, why) in &expected.not_used {
        let said = list
            .iter()
            .any(|d| of(d, "code") == "not-used" && d.to_string().contains(file.as_str()) && of(d, "message").contains(why.as_str()));
        if !said {
            let _ = writeln!(out, "  {file}: nothing says that it is not used for '{why}'");
        }
    }
    for want in &expected.said {
        let (code, place) = want.split_once(' ').unwrap_or((want, ""));
        let said = list.iter().any(|d| {
            let file = d["location"]["file"].as_str().or(d["file"].as_str()).unwrap_or_default().trim_start_matches("./");
            let line = d["location"]["line"].as_u64().or(d["line"].as_u64()).unwrap_or(0);
            of(d, "code") == code && (place.is_empty() || place == file || place == format!("{file}:{line}"))
        });
        if !said {
            let _ = writeln!(out, "  nothing says {want}");
        }
    }
}

fn values(csv: &str, expected: &Expected, out: &mut String) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let cell = |row: &csv::StringRecord, name: &str| {
        headings.iter().position(|h| h == name).and_then(|i| row.get(i)).unwrap_or_default().to_owned()
    };
    for want in &expected.value {
        let what = format!("{} {} {}", want.level, want.name, want.measure);
        let found = rows.iter().find(|row| {
            cell(row, "level") == want.level
                && cell(row, "name") == want.name
                && cell(row, "measure") == want.measure
                && want.period.as_ref().is_none_or(|p| cell(row, "period") == *p)
                && want.unit.as_ref().is_none_or(|u| cell(row, "unit") == *u)
        });
        let Some(found) = found else {
            let _ = writeln!(out, "  {what}: no such row");
            continue;
        };
        for (column, wanted) in [
            ("value", Some(&want.value)),
            ("missing", want.missing.as_ref()),
            ("target", want.target.as_ref()),
            ("team", want.team.as_ref()),
        ] {
            if let Some(wanted) = wanted
                && cell(found, column) != *wanted
            {
                let _ = writeln!(out, "  {what}: {column} is '{}', counted '{wanted}'", cell(found, column));
            }
        }
    }
}

#[test]
fn only_cells_of_records_that_are_kept_count_as_taken_as_blank() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("activities.csv");
    // The second row is refused for its date; its duration is as bad, but costs nothing more. The third loses its duration alone.
    let rows = "id,type,owner,account,activity_date,duration_min\n1,Meeting,Ana,X,2026-10-05,30\n2,Meeting,Ana,X,TBD,long\n3,Meeting,Ana,X,2026-10-07,long\n";
    std::fs::write(&file, rows).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leadlag"))
        .args(["report", "--as-of", "2026-11-16", "--period", "all", "--leads", "customer_meetings"])
        .arg(&file)
        .output()
        .unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.contains("3 read = 2 used"), "{page}");
    assert!(page.contains("1 cell taken as blank"), "{page}");
}
