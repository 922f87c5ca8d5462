//! Exports that nobody of this project wrote, where a folder of them is at hand: `LEADLAG_SHARED_DATA=folder cargo test --test it real`.
//!
//! Their known truths were counted from the rows by other means. None of their rows is part of this package.

use std::path::{Path, PathBuf};

use serde_json::Value as Json;

use super::program;

/// A folder of exports, how it is asked, and what must come of it.
struct Truth {
    folder: &'static str,
    args: &'static [&'static str],
    /// File, key (`read`, `used`, `refused` or a reason of leaving out), number.
    counted: &'static [(&'static str, &'static str, u64)],
    /// Name (empty for everybody), measure, value; `-` where it is missing.
    values: &'static [(&'static str, &'static str, &'static str)],
    /// Words of what is said, on the page or beside it.
    said: &'static [&'static str],
}

const TRUTHS: &[Truth] = &[
    Truth {
        folder: "targets-and-activities",
        args: &[],
        counted: &[("crm_activities.csv", "used", 13_080), ("crm_deals.csv", "used", 1200), ("monthly_targets.csv", "used", 288)],
        // Closed Won alone is won, whatever the forecast category of 179 others says.
        values: &[
            ("", "held", "13080"),
            ("", "presentations", "2176"),
            ("", "customer_meetings", "4376"),
            ("", "revenue", "1244500"),
            ("", "deals_won", "49"),
            ("", "deals_lost", "308"),
            ("", "deals_open", "843"),
        ],
        said: &[],
    },
    Truth {
        folder: "targets-and-activities",
        args: &["--from", "2024-01-01", "--to", "2024-03-31"],
        counted: &[],
        values: &[("", "revenue", "104500"), ("", "deals_won", "5")],
        said: &[],
    },
    Truth {
        folder: "owner-through-account",
        args: &[],
        counted: &[("activities.csv", "used", 3000), ("opportunities.csv", "used", 600), ("accounts.csv", "used", 200)],
        values: &[("", "revenue", "4683663.58"), ("", "deals_won", "82")],
        said: &["owner from account"],
    },
    Truth {
        folder: "stage-transitions",
        args: &[],
        counted: &[("activities.csv", "used", 909), ("deals.csv", "used", 75), ("stage_transitions.csv", "read", 169)],
        values: &[("(no owner)", "held", "none")],
        said: &["owner from deal"],
    },
    Truth {
        folder: "reps-and-quotas",
        args: &[],
        counted: &[("opportunities.csv", "used", 2784), ("sales_reps.csv", "used", 40)],
        values: &[("", "held", "-")],
        said: &["all 40 people matched"],
    },
    Truth { folder: "open-pipeline", args: &[], counted: &[("opportunities.csv", "used", 251)], values: &[("", "held", "-")], said: &[] },
    Truth {
        folder: "unattributable",
        args: &[],
        counted: &[("sales_activities.csv", "used", 3140), ("deals.csv", "used", 20)],
        values: &[("", "deals_won", "0")],
        said: &["none of the activities names a person", "none of the deals names a person"],
    },
    Truth {
        folder: "salesforce-api",
        args: &[],
        counted: &[("Task.csv", "used", 75)],
        values: &[("", "held", "0"), ("", "customer_meetings", "0")],
        said: &[],
    },
    Truth {
        folder: "warehouse-salesforce",
        args: &[],
        counted: &[("sf_opportunity_data.csv", "read", 10), ("sf_opportunity_data.csv", "deleted", 10)],
        values: &[("", "revenue", "-"), ("", "deals_won", "-")],
        said: &[],
    },
    Truth {
        folder: "warehouse-hubspot",
        args: &[],
        counted: &[("engagement_meeting_data.csv", "read", 100), ("engagement_meeting_data.csv", "refused", 7)],
        values: &[("", "customer_meetings", "93")],
        said: &["January 1970"],
    },
];

const CONFIG: &str = r#"
[measure.held]
role = "lead"
says = "Everything that took place"
from = "activities"
on = "day"
where = "outcome = 'held'"
value = "count"

[measure.deals_lost]
role = "lag"
says = "Deals lost"
from = "deals"
on = "closed_on"
where = "state = 'lost'"
value = "count"

[measure.deals_open]
role = "lag"
says = "Deals that are open, by when they were made"
from = "deals"
on = "created_on"
where = "state = 'open'"
value = "count"
"#;

fn run(exports: &Path, more: &[&str], format: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadlag.toml");
    std::fs::write(&config, CONFIG).unwrap();
    let (exports, config) = (exports.display().to_string(), config.display().to_string());
    let mut args = vec!["report", &exports, "--config", &config, "--as-of", "2026-11-16", "--format", format];
    args.extend(["--leads", "held,customer_meetings,presentations", "--lags", "revenue,deals_won,deals_lost,deals_open"]);
    args.extend(if more.is_empty() { &["--period", "all"] } else { more });
    let output = program::run(&args);
    assert!(output.status.success(), "{exports}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap() + &String::from_utf8_lossy(if format == "json" { &[] } else { &output.stderr })
}

fn untrue(folder: &Path, truth: &Truth) -> Vec<String> {
    let exports = folder.join(truth.folder);
    let json: Json = serde_json::from_str(&run(&exports, truth.args, "json")).unwrap();
    let mut wrong = Vec::new();
    for (file, key, want) in truth.counted {
        let source = json["coverage"].as_array().unwrap().iter().find(|c| c["path"].as_str().is_some_and(|p| p.ends_with(file)));
        let found = source.map(|s| if s[key].is_null() { s["left_out"][key].clone() } else { s[key].clone() });
        if found != Some(Json::from(*want)) {
            wrong.push(format!("{file}: {key} is {found:?}, counted {want}"));
        }
    }
    for (name, measure, want) in truth.values {
        let rows = json["values"].as_array().unwrap();
        let row = rows.iter().find(|v| v["measure"] == *measure && v["name"].as_str().unwrap_or_default() == *name);
        let found = row.map(|v| &v["value"]);
        let same = match (found, *want) {
            (None, "none") | (Some(Json::Null), "-") => true,
            (Some(Json::Number(n)), want) => want.parse::<f64>().ok().zip(n.as_f64()).is_some_and(|(a, b)| (a - b).abs() < 0.005),
            (Some(Json::String(text)), want) => {
                want.parse::<f64>().ok().zip(text.parse().ok()).is_some_and(|(a, b): (f64, f64)| (a - b).abs() < 0.005)
            }
            _ => false,
        };
        if !same {
            wrong.push(format!("{name} {measure} is {found:?}, counted {want}"));
        }
    }
    let page: String = run(&exports, truth.args, "table").split_whitespace().collect::<Vec<_>>().join(" ");
    wrong.extend(truth.said.iter().filter(|words| !page.contains(**words)).map(|words| format!("nothing says '{words}': {page}")));
    wrong.into_iter().map(|why| format!("{}: {why}", truth.folder)).collect()
}

#[test]
fn exports_of_others_give_what_is_known_of_them() {
    let Some(folder) = folder() else {
        eprintln!("skipped: LEADLAG_SHARED_DATA names no folder of exports");
        return;
    };
    let wrong: Vec<String> = program::each(TRUTHS, |truth| untrue(&folder, truth)).concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os("LEADLAG_SHARED_DATA")?);
    assert!(folder.is_dir(), "{}: no such folder", folder.display());
    Some(folder)
}
