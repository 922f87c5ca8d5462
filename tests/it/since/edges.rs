//! Earlier reports at the edges: with gaps, of several years, with numbers beyond any sum, on narrow terminals.

use std::fmt::Write as _;

use leadlag::report::Earlier;
use serde_json::Value as Json;

use super::{earlier, folder, lines, run, today, written};
use crate::program;

/// The largest number that a value can be.
const LARGEST: &str = "79228162514264337593543950335";

#[test]
fn amounts_that_no_sum_can_hold_end_no_run() {
    let (place, path) = earlier("salesforce", &["--leads", "customer_meetings", "--lags", "revenue"]);
    let mut tree: Json = serde_json::from_str(&std::fs::read_to_string(&path).expect("a file")).expect("JSON");
    let mut deals = 0;
    for record in tree["records"].as_array_mut().expect("records").iter_mut().filter(|record| record["table"] == "deals") {
        deals += 1;
        record["id"] = Json::from(format!("vanished {deals}"));
        record["amount"] = Json::from(LARGEST);
        record["shares"] = serde_json::json!({ "Ana Silva": "1", "Ben Okoye": LARGEST, "Cy Tran": LARGEST });
    }
    assert!(deals > 1, "{deals} deals");
    for shares in [true, false] {
        for record in tree["records"].as_array_mut().expect("records").iter_mut().filter(|_| !shares) {
            record.as_object_mut().expect("a record").remove("shares");
        }
        let changed = place.path().join("changed.json").display().to_string();
        std::fs::write(&changed, tree.to_string()).expect("a file is written");
        let found = lines(&today("salesforce", &changed, &[]));
        let all = found.iter().find(|line| line.starts_with("all revenue")).expect("revenue");
        assert!(all.contains("gone") && all.ends_with("others counted otherwise"), "{all}");
    }
}

#[test]
fn whoever_was_not_there_in_every_period_is_compared() {
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name).display().to_string();
    let config = path("leadlag.toml");
    std::fs::write(&config, "").expect("a file is written");
    let mut text = String::from("activity_id,rep_name,activity_type,activity_date,outcome,account\n");
    for (id, (owner, day)) in
        [("", "10-06"), ("Ana Silva", "10-13"), ("Ana Silva", "10-20"), ("", "10-27"), ("Ana Silva", "11-13")].iter().enumerate()
    {
        writeln!(text, "m{id},{owner},Meeting,2026-{day},Completed,Altura Foods").expect("a string");
    }
    std::fs::write(path("activities.csv"), &text).expect("a file is written");
    let weekly = |more: &[&str]| {
        let output = program::run(
            &[
                &[
                    "report",
                    &path("activities.csv"),
                    "--config",
                    &config,
                    "--as-of",
                    "2026-11-16",
                    "--owner",
                    "(no owner)",
                    "--leads",
                    "customer_meetings",
                    "--lags",
                    "",
                ],
                more,
            ]
            .concat(),
        );
        (String::from_utf8(output.stdout).expect("UTF-8"), String::from_utf8(output.stderr).expect("UTF-8"), output.status.code())
    };
    let last = path("last.json");
    // Nobody's meetings were in two of the eight weeks, with two weeks between.
    let (_, said, status) = weekly(&["--periods", "8", "-o", &last]);
    assert_eq!(status, Some(0), "{said}");
    std::fs::write(path("activities.csv"), text.replace("m0,,Meeting", "m0,,Note")).expect("a file is written");
    let (stdout, said, status) = weekly(&["--since", &last, "--format", "json"]);
    assert_eq!(status, Some(0), "{said}");
    let found = lines(&serde_json::from_str(&stdout).expect("JSON"));
    // The other week is as it was.
    assert_eq!(found, ["(no owner) customer_meetings 2026-W41 1 → 0: 1 undone"]);
}

#[test]
fn periods_that_overlap_are_of_no_report() {
    let (_place, bytes) = written();
    let mut tree: Json = serde_json::from_slice(&bytes).expect("JSON");
    tree["values"][0]["period_end"] = Json::from("2026-11-10");
    let problem = Earlier::read(&serde_json::to_vec(&tree).expect("JSON"), "last.json").expect_err("they overlap");
    assert!(problem.message.contains("its periods overlap"), "{}", problem.message);
}

#[test]
fn weeks_of_several_years_are_told_apart() {
    let weeks = |then: &str, now: &str, periods: &str| {
        let place = tempfile::tempdir().expect("a folder");
        let path = |name: &str| place.path().join(name).display().to_string();
        std::fs::write(path("leadlag.toml"), "").expect("a file is written");
        let run = |days: &str, more: &[&str]| {
            let mut text = String::from("activity_id,rep_name,activity_type,activity_date,outcome,account\n");
            for (id, day) in days.split(' ').chain(["2025-01-07", "2026-11-13"]).enumerate() {
                writeln!(text, "m{id},Ana Silva,Meeting,{day},Completed,Altura Foods").expect("a string");
            }
            std::fs::write(path("activities.csv"), text).expect("a file is written");
            let (file, config) = (path("activities.csv"), path("leadlag.toml"));
            let first = ["report", &file, "--config", &config, "--as-of", "2026-11-16", "--by", "all", "--leads", "customer_meetings"];
            let output = program::run(&[&first, more, &["--lags", ""]].concat());
            String::from_utf8(output.stdout).expect("UTF-8")
        };
        let last = path("last.json");
        run(then, &["--periods", periods, "-o", &last]);
        let page = run(now, &["--since", &last]);
        page.lines().filter(|line| line.starts_with("all ")).map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()
    };
    // One meeting of each W45 is of the week after now: two rows that would say the same.
    assert_eq!(
        weeks("2025-11-04 2026-11-04", "2025-11-11 2026-11-11", "60"),
        [
            "all customer meetings 2025-W45 1 0 1 re-dated to 2025-W46",
            "all customer meetings 2025-W46 0 1 1 re-dated from 2025-W45",
            "all customer meetings 2026-W45 1 0 1 re-dated to 2026-W46",
            "all customer meetings 2026-W46 1 2 1 re-dated from 2026-W45",
        ]
    );
    // Of one year none is said, but where a record went to another.
    assert_eq!(weeks("2026-11-04", "2025-11-11", "3"), ["all customer meetings W45 1 0 1 re-dated to 2025-W46"]);
}

#[test]
fn what_was_planned_and_is_held_now_was_done_later() {
    let place = tempfile::tempdir().expect("a folder");
    let path = |name: &str| place.path().join(name).display().to_string();
    std::fs::write(path("leadlag.toml"), "").expect("a file is written");
    let run = |outcome: &str, as_of: &str, more: &[&str]| {
        let text = format!(
            "activity_id,rep_name,activity_type,activity_date,outcome,account\n\
             m1,Ana Silva,Meeting,2026-11-04,Completed,Altura Foods\nm2,Ana Silva,Meeting,2026-11-12,{outcome},Altura Foods\n\
             m3,Ana Silva,Meeting,2026-11-10,Completed,Altura Foods\n"
        );
        std::fs::write(path("activities.csv"), text).expect("a file is written");
        let (file, config) = (path("activities.csv"), path("leadlag.toml"));
        let first = ["report", &file, "--config", &config, "--as-of", as_of, "--leads", "customer_meetings,booked_next", "--by", "all"];
        let output = program::run(&[&first[..], &["--lags", ""], more].concat());
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let last = path("last.json");
    // On Wednesday the meeting of Thursday is booked for the week after W45, and not held in W46.
    run("Planned", "2026-11-11", &["--from", "2026-11-02", "--to", "2026-11-15", "--period", "week", "-o", &last]);
    let json: Json = serde_json::from_str(&run("Completed", "2026-11-16", &["--since", &last, "--format", "json"])).expect("JSON");
    let rows = json["not_final"].as_array().expect("an array");
    let row = rows.iter().find(|row| row["measure"] == "customer_meetings" && row["period"] == "2026-W46").expect("a row");
    assert_eq!((&row["was"], &row["now"], row["why"].as_str()), (&Json::from(1), &Json::from(2), Some("1 done later")));
    let record = &row["records"][0];
    assert_eq!((record["how"].as_str(), record["why"].as_str()), (Some("done_later"), Some("it was planned then")));
}

#[test]
fn no_reason_is_cut_off_on_a_narrow_terminal() {
    let (_place, path) = earlier("salesforce", &[]);
    for columns in ["80", "100"] {
        let output =
            program::command(&["report", "--config", "leadlag.toml", "now", "--as-of", "2026-11-16", "--since", &path, "--by", "all"])
                .current_dir(folder("salesforce"))
                .env("COLUMNS", columns)
                .output()
                .expect("the program runs");
        let page = String::from_utf8(output.stdout).expect("UTF-8");
        let changed = page.split_once("because\n").expect("a table").1.split_once("\n\n").expect("its end").0;
        let words: Vec<&str> = changed.split_whitespace().collect();
        let said = words.join(" ");
        assert!(!said.contains('…'), "{changed}");
        assert!(said.contains("2 changed, 2 logged late, 2 undone, 1 gone, 1 re-dated to W46, 1 taken off"), "{changed}");
        assert!(changed.lines().all(|line| line.chars().count() <= 80), "{changed}");
    }
}

#[test]
fn a_deal_of_another_owner_and_amount_changes_the_whole_by_its_amount() {
    let (place, path) = earlier("salesforce", &["--leads", "customer_meetings", "--lags", "revenue"]);
    let now = place.path().join("now");
    std::fs::create_dir(&now).expect("a folder");
    for entry in std::fs::read_dir(folder("salesforce").join("then")).expect("a folder") {
        let from = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&from).expect("a file");
        let text = if from.ends_with("Opportunity.csv") { other_deal(&text) } else { text };
        std::fs::write(now.join(from.file_name().expect("a name")), text).expect("a file is written");
    }
    let now = now.display().to_string();
    let (stdout, said, status) =
        run("salesforce", &[&now, "--as-of", "2026-11-09", "--since", &path, "--format", "json", "--lags", "revenue"]);
    assert_eq!(status, 0, "{said}");
    let found = lines(&serde_json::from_str(&stdout).expect("JSON"));
    assert_eq!(
        found,
        [
            "all revenue 2026-W45 15000.0 → 17000.0: 1 amount changed",
            "East revenue 2026-W45 15000.0 → 5000.0: 1 re-owned to Cy Tran",
            "West revenue 2026-W45 0.0 → 12000.0: 1 re-owned from Ana Silva",
            "Ana Silva revenue 2026-W45 10000.0 → 0.0: 1 re-owned to Cy Tran",
            "Cy Tran revenue 2026-W45 0.0 → 12000.0: 1 re-owned from Ana Silva",
        ]
    );
}

/// The deal of Ana Silva as one of Cy Tran, of another amount.
fn other_deal(text: &str) -> String {
    let users = std::fs::read_to_string(folder("salesforce").join("then/User.csv")).expect("a file");
    let id = |name: &str| {
        let line = users.lines().find(|line| line.contains(name)).expect("a user");
        line.split(',').map(|field| field.trim_matches('"')).find(|field| field.starts_with("005")).expect("an id").to_owned()
    };
    let (ana, cy) = (id("Ana Silva"), id("Cy Tran"));
    let moved = |line: &str| if line.contains("Hall 1") { line.replace("10000", "12000").replace(&ana, &cy) } else { line.to_owned() };
    text.lines().fold(String::new(), |out, line| out + &moved(line) + "\n")
}
