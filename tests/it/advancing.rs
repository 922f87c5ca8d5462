//! Advances from files to page: the section, whom to talk to first, and the evidence behind each number.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::program;

/// Ten weeks of two people of a team, each with three calls a week; the day of the report is a Monday.
const AS_OF: &str = "2026-11-16";

/// The Monday of a week that ends so many weeks before the day of the report.
fn monday(weeks_before: i64) -> jiff::civil::Date {
    let last: jiff::civil::Date = "2026-11-09".parse().expect("a date");
    last.checked_sub(jiff::Span::new().weeks(weeks_before)).expect("a date")
}

/// Writes the files into a folder: of each person, of how many of the three weekly calls the result says that the customer took a step.
fn exports(folder: &Path, people: &[(&str, usize)], missed: &[(&str, usize)]) {
    let mut rows = vec!["Activity ID,Activity Type,Subject,Owner,Start,Status,Account,Contact,Result,Created Date".to_owned()];
    for weeks_before in 0..10 {
        for (person, advances) in people {
            for call in 0..3 {
                let day = monday(weeks_before).checked_add(jiff::Span::new().days(call as i64 * 2)).expect("a date");
                let result = if call < *advances { "Advanced" } else { "Went well" };
                rows.push(format!(
                    "{person}{weeks_before}{call},Call,Talk,{person} Rao,{day} 10:00,Completed,{person} {weeks_before} {call},Kim,{result},{day}"
                ));
            }
        }
    }
    // Meetings of the last weeks, of which the first so many were no-shows.
    for (person, no_shows) in missed {
        for meeting in 0..5 {
            let day = monday(meeting % 4).checked_add(jiff::Span::new().days(1)).expect("a date");
            let status = if (meeting as usize) < *no_shows { "No show" } else { "Completed" };
            rows.push(format!("M{person}{meeting},Meeting,Visit,{person} Rao,{day} 14:00,{status},M{person} {meeting},Kim,,{day}"));
        }
    }
    fs::write(folder.join("activities.csv"), rows.join("\n")).expect("written");
    let roster: Vec<String> = people.iter().map(|(person, _)| format!("{person} Rao,rep,West,2026-01-01")).collect();
    fs::write(folder.join("people.csv"), format!("Name,Role,Team,From\n{}\n", roster.join("\n"))).expect("written");
}

fn said(folder: &Path, arguments: &[&str]) -> String {
    let path = folder.to_str().expect("a path");
    let output = program::run(&[&[arguments[0]], &arguments[1..], &[path, "--as-of", AS_OF, "--through", "2026-11-15"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("text")
}

/// A page with its lines joined, so that a sentence is found wherever it breaks.
fn joined(page: &str) -> String {
    page.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn who_is_busy_without_advancing_is_marked_and_talked_to_first() {
    let folder = tempfile::tempdir().expect("a folder");
    exports(folder.path(), &[("Ana", 2), ("Ben", 2), ("Cy", 0)], &[]);
    let page = joined(&said(folder.path(), &["report", "--sections", "advancing"]));
    // Of 36 calls in the four ripe weeks 16 advanced, 44 %; at that rate none of 12 comes about less than once in 1,156.
    let says = "Cy Rao: 12 customer meetings and calls in 4 weeks, no advance (team: 44 %)";
    assert!(page.contains(&format!("Talk first {says}")), "{page}");
    assert!(page.contains(&format!("Busy {says}, by chance 1 in 1156")), "{page}");
    assert!(page.contains("all end with W45") && page.contains("too few days beyond W46"), "{page}");
    assert!(page.contains("in 9 weeks · 36 by the result of the activity"), "{page}");
    assert!(!page.contains("Ana Rao: 12"), "{page}");
}

#[test]
fn what_chance_brings_is_nobodys_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    // Two of five against two of ten, and one advance in three calls against two: both within chance.
    exports(folder.path(), &[("Ana", 2), ("Ben", 1)], &[("Ana", 2), ("Ben", 0)]);
    let page = joined(&said(folder.path(), &["report", "--sections", "advancing"]));
    assert!(!page.contains("Talk first") && !page.contains("by chance"), "{page}");
}

#[test]
fn who_has_two_reasons_comes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    exports(folder.path(), &[("Ana", 2), ("Ben", 2), ("Cy", 0), ("Dee", 0)], &[("Ana", 0), ("Ben", 0), ("Cy", 0), ("Dee", 4)]);
    let page = joined(&said(folder.path(), &["report"]));
    // 4 of 20 meetings of the team were no-shows; at that rate 4 of 5 come once in 149.
    assert!(page.contains("Talk first Dee Rao: 12 customer meetings and calls in 4 weeks, no advance"), "{page}");
    assert!(page.contains("; 4 no-shows of 5 meetings in 4 weeks · Cy Rao:"), "{page}");
}

#[test]
fn a_week_of_which_nothing_is_known_yet_says_so_and_counts_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    exports(folder.path(), &[("Ana", 2), ("Ben", 1)], &[]);
    let csv = |more: &[&str]| {
        said(folder.path(), &[&["report", "--leads", "advances,customer_activities,advance_rate", "--format", "csv"], more].concat())
    };
    let cells = |csv: &str| {
        let all = csv.lines().filter(|line| line.starts_with("all,"));
        all.filter(|line| line.contains(",lead,"))
            .map(|line| line.split(',').skip(9).take(3).collect::<Vec<_>>().join(" "))
            .collect::<Vec<_>>()
    };
    let not_yet = cells(&csv(&["--week", "2026-W46"]));
    assert!(not_yet.len() == 3 && not_yet.iter().all(|cell| cell.ends_with("not_yet")), "{not_yet:?}");
    let ripe = cells(&csv(&["--week", "2026-W45"]));
    assert_eq!(ripe, ["count 3 ", "count 6 ", "ratio 0.5 "]);
    // Of everything only what is ripe: the exports reach the 15th, so the calls of Friday the 6th are the last.
    assert_eq!(cells(&csv(&["--period", "all"])), ["count 27 ", "count 54 ", "ratio 0.5 "]);
    let explained = joined(&said(folder.path(), &["explain", "advance_rate", "--week", "2026-W46"]));
    assert!(
        explained.contains("none yet: what comes within 7 days counts, and the exports reach 2026-11-15; known when they reach 2026-11-22"),
        "{explained}"
    );
}

#[test]
fn explain_shows_the_step_behind_each_advance() {
    let folder = tempfile::tempdir().expect("a folder");
    exports(folder.path(), &[("Ana", 2)], &[]);
    let page = joined(&said(folder.path(), &["explain", "advances", "--week", "2026-W45"]));
    assert!(page.contains("advance: result 2026-11-02") && page.contains("not: advanced"), "{page}");
    let json: Json =
        serde_json::from_str(&said(folder.path(), &["explain", "customer_activities", "--week", "2026-W45", "--format", "json"]))
            .expect("JSON");
    let steps: Vec<String> = json["records"]
        .as_array()
        .expect("records")
        .iter()
        .filter(|record| record["status"] == "counted")
        .map(|record| format!("{} {}", record["advance_rule"], record["advance_on"]))
        .collect();
    assert_eq!(steps, ["\"result\" \"2026-11-02\"", "\"result\" \"2026-11-04\"", "null null"]);
    let other = said(folder.path(), &["explain", "conversations", "--week", "2026-W45"]);
    assert!(!other.contains("advance:"), "{other}");
}

#[test]
fn the_section_says_what_it_lacks() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = "Activity ID,Activity Type,Owner,Date,Status,Account\n1,Meeting,Ana Rao,2026-10-05,Completed,\n2,Call,Ana Rao,2026-11-13,Completed,Acme\n3,Meeting,Ana Rao,2026-10-07,Completed,Acme\n";
    fs::write(folder.path().join("activities.csv"), rows).expect("written");
    fs::write(folder.path().join("deals.csv"), "Deal ID,Deal Name,Owner,Stage,Amount,Created Date\nD,One,Ana Rao,Offer,1,2026-01-01\n")
        .expect("written");
    fs::write(
        folder.path().join("stage_history.csv"),
        "Deal ID,From Stage,To Stage,Transition Date\nD,Start,Offer,2026-08-03\nX,Start,Offer,2026-08-03\n",
    )
    .expect("written");
    let page = joined(&said(folder.path(), &["report", "--sections", "advancing"]));
    for lack in [
        "results or next steps that say a customer took a step",
        "a stage history up to now: it ends 2026-08-03",
        "the deals of 1 row of the stage history (2 read)",
        "the day of entry of 1 customer meeting",
        "the account of 1 deal",
        "the account, contact or deal of 1 record of held meetings and calls",
        "the contacts of meetings",
        "learning is counted; whether it is applied is not measurable here",
    ] {
        assert!(page.contains(lack), "{lack} is missing in {page}");
    }
    fs::remove_file(folder.path().join("activities.csv")).expect("removed");
    let page = joined(&said(folder.path(), &["report", "--sections", "advancing", "--period", "all"]));
    assert!(page.contains("Needs held customer meetings or calls, and exports that reach 7 days beyond their week"), "{page}");
}
