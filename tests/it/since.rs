//! What changed since an earlier report: two generations of exports of one company, counted by hand; what the records bring adds up to the
//! change of every number; and earlier reports that nobody wrote.
//!
//! `LEADLAG_BLESS=1 cargo test --test it since` writes the transcripts under `fixtures/since/` anew; then read the difference.

mod edges;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use leadlag::document::{Document, Restated};
use leadlag::render::{self, Style};
use leadlag::report::{self, Earlier};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::program;

fn folder(company: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/since").join(company)
}

/// Runs a report of one generation in that company's folder: what it writes to stdout and stderr, and its status.
fn run(company: &str, args: &[&str]) -> (String, String, i32) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_leadlag"))
        .current_dir(folder(company))
        .env("HOME", "/nowhere")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .env("NO_COLOR", "1")
        .args(["report", "--config", "leadlag.toml"])
        .args(args)
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (text(output.stdout), text(output.stderr), output.status.code().expect("a status"))
}

/// The earlier report of a company, as a file in a folder of its own.
fn earlier(company: &str, args: &[&str]) -> (tempfile::TempDir, String) {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("last.json").display().to_string();
    let (_, said, status) = run(company, &[&["then", "--as-of", "2026-11-09", "-o", &path], args].concat());
    assert_eq!(status, 0, "{said}");
    (place, path)
}

/// The report of today's generation as JSON.
fn today(company: &str, since: &str, args: &[&str]) -> Json {
    let (stdout, said, status) = run(company, &[&["now", "--as-of", "2026-11-16", "--since", since, "--format", "json"], args].concat());
    assert_eq!(status, 0, "{said}");
    serde_json::from_str(&stdout).expect("JSON")
}

/// What changed, a line for each: name, measure, was, now and why.
fn lines(json: &Json) -> Vec<String> {
    let rows = json["restated"].as_array().expect("an array");
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let line = |row: &Json| {
        let name = if row["level"] == "all" { "all".to_owned() } else { text(&row["name"]) };
        format!("{name} {} {} {} → {}: {}", text(&row["measure"]), text(&row["period"]), row["was"], row["now"], text(&row["why"]))
    };
    rows.iter().map(line).collect()
}

#[test]
fn every_change_and_its_records_are_those_counted_by_hand() {
    let (_place, path) = earlier("salesforce", &[]);
    let json = today("salesforce", &path, &[]);
    assert_eq!(json["since"]["as_of"], "2026-11-09");
    assert_eq!(json["since"]["compared"], 24, "all, two teams and three people, each with four measures");
    let found = lines(&json);
    let meetings: Vec<&str> = found.iter().filter(|l| l.contains("customer_meetings")).map(String::as_str).collect();
    // Then Ana had visits 1, 2, 7 and 11, Ben 3, 4 and 11, Cy 5 and 6. Visit 2 was moved to the week after, 3 is Cy's, 4 deleted, nobody
    // came to 5, 7 is gone, Ben is off 11; 8 was of October, 9 and 10 were entered afterwards. Ana has 1, 8, 9, 11, and as many as before.
    assert_eq!(
        meetings,
        [
            "all customer_meetings 2026-W45 8 → 7: 2 logged late, 2 undone, 1 changed, 1 gone, 1 re-dated to W46",
            "East customer_meetings 2026-W45 6 → 4: 1 changed, 1 gone, 1 logged late, 1 re-dated to W46, 1 re-owned to Cy Tran, 1 undone (deleted)",
            "West customer_meetings 2026-W45 2 → 3: 1 logged late, 1 re-owned from Ben Okoye, 1 undone (missed)",
            "Ben Okoye customer_meetings 2026-W45 3 → 0: 2 re-owned, 1 undone (deleted)",
            "Cy Tran customer_meetings 2026-W45 2 → 3: 1 logged late, 1 re-owned from Ben Okoye, 1 undone (missed)",
        ]
    );
    let others: Vec<&str> = found.iter().filter(|l| l.starts_with("all ") && !l.contains("meetings")).map(String::as_str).collect();
    // Eight visits of an hour, one of them by two, were 9 hours; 1, 3, 8, 9, 10 and 11 of one and 6 of one and a half are 7.5.
    assert_eq!(
        others,
        [
            "all client_hours 2026-W45 9.0 → 7.5: 2 changed, 2 logged late, 2 undone, 1 gone, 1 re-dated to W46, 1 taken off",
            "all revenue 2026-W45 15000.0 → 20000.0: 1 amount changed, 1 changed, 1 undone (lost)",
        ]
    );
    assert!(found.contains(&"Ben Okoye deals_won 2026-W45 1 → 0: 1 undone (lost)".to_owned()), "{found:?}");
    let of = |how: &str| {
        let rows = json["restated"].as_array().expect("an array");
        let all = rows.iter().find(|row| row["level"] == "all" && row["measure"] == "customer_meetings").expect("a row");
        let records = all["records"].as_array().expect("records").iter().filter(|record| record["how"] == how);
        records.map(|record| record["id"].as_str().expect("an id").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(of("logged_late"), ["00U000000000009AAA", "00U000000000010AAA"]);
    assert_eq!(of("re_dated"), ["00U000000000002AAA"]);
    assert_eq!(of("undone"), ["00U000000000004AAA", "00U000000000005AAA"]);
    assert_eq!(of("gone"), ["00U000000000007AAA"]);
    assert_eq!(of("changed"), ["00U000000000008AAA"]);
}

#[test]
fn without_ids_records_are_added_or_gone_and_lines_mean_nothing() {
    let (_place, path) = earlier("generic", &[]);
    let json = today("generic", &path, &[]);
    // Today's file has its lines in another order. Ana's visit of the 3rd is of the 5th now, and one more is there; Ben's Hall 3 is gone.
    assert_eq!(
        lines(&json),
        ["Ana Silva customer_meetings 2026-W45 2 → 3: 2 added, 1 gone", "Ben Okoye customer_meetings 2026-W45 3 → 2: 1 gone",]
    );
}

#[test]
fn over_several_weeks_a_record_is_re_dated_from_one_to_another() {
    let (_place, path) = earlier("salesforce", &["--periods", "2"]);
    let found = lines(&today("salesforce", &path, &["--leads", "customer_meetings"]));
    let ana: Vec<&str> = found.iter().filter(|l| l.starts_with("Ana Silva customer")).map(String::as_str).collect();
    assert_eq!(ana, ["Ana Silva customer_meetings 2026-W44 1 → 0: 1 re-dated to W45"]);
    // Visit 2 went to the week after, 8 came from the week before.
    let all: Vec<&str> = found.iter().filter(|l| l.starts_with("all customer")).map(String::as_str).collect();
    assert_eq!(
        all,
        [
            "all customer_meetings 2026-W44 2 → 1: 1 re-dated to W45",
            "all customer_meetings 2026-W45 8 → 7: 2 logged late, 2 re-dated, 2 undone, 1 gone",
        ]
    );
}

#[test]
fn the_same_exports_a_week_later_change_nothing() {
    let (_place, path) = earlier("salesforce", &[]);
    let (stdout, _, status) = run("salesforce", &["then", "--as-of", "2026-11-09", "--since", &path]);
    assert_eq!(status, 0);
    assert!(stdout.contains("\nSince  nothing reported on 2026-11-09 has changed since\n"), "{stdout}");
}

#[test]
fn only_what_the_options_leave_is_compared() {
    let (_place, path) = earlier("salesforce", &[]);
    let names = |args: &[&str]| {
        let mut names: Vec<String> = lines(&today("salesforce", &path, args))
            .iter()
            .map(|line| line.split(" customer").next().unwrap_or_default().to_owned())
            .filter(|name| !name.contains('→'))
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(&["--team", "West"]), ["Cy Tran", "West"]);
    assert_eq!(names(&["--owner", "Ben Okoye"]), ["Ben Okoye"]);
    assert_eq!(names(&["--by", "team"]), ["East", "West", "all"]);
}

#[test]
fn a_team_s_part_of_a_split_report_has_the_changes_of_that_team() {
    let (place, path) = earlier("salesforce", &[]);
    let out = place.path().join("week.json").display().to_string();
    let (_, said, status) = run("salesforce", &["now", "--as-of", "2026-11-16", "--since", &path, "--split", "team", "-o", &out]);
    assert_eq!(status, 0, "{said}");
    let west = std::fs::read_to_string(place.path().join("week.West.json")).expect("a file");
    let west: Json = serde_json::from_str(&west).expect("JSON");
    assert_eq!(west["since"]["compared"], 8);
    assert!(lines(&west).iter().all(|l| l.starts_with("West") || l.starts_with("Cy Tran")));
}

#[test]
fn the_weekly_run_reads_the_file_that_it_writes_and_can_do_without_it_once() {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("flash.json").display().to_string();
    let weekly = |generation: &str, day: &str| run("salesforce", &[generation, "--as-of", day, "-o", &path, "--since", &path]);
    let (_, said, status) = weekly("then", "2026-11-09");
    assert_eq!((said.as_str(), status), ("", 0));
    let (_, said, status) = weekly("now", "2026-11-16");
    assert_eq!((said.as_str(), status), ("", 0));
    let json: Json = serde_json::from_str(&std::fs::read_to_string(&path).expect("a file")).expect("JSON");
    assert_eq!(json["since"]["as_of"], "2026-11-09");
    assert!(!lines(&json).is_empty());
    // What it wrote is an earlier report again.
    let (stdout, _, status) = run("salesforce", &["now", "--as-of", "2026-11-16", "--since", &path]);
    assert_eq!(status, 0);
    assert!(stdout.contains("nothing reported on 2026-11-16 has changed since"), "{stdout}");
    // Another name is a slip.
    let (_, said, status) = run("salesforce", &["now", "--as-of", "2026-11-16", "-o", &path, "--since", "flahs.json"]);
    assert_eq!(status, 2);
    assert!(said.contains("error[not-found]: flahs.json"), "{said}");
}

#[test]
fn a_week_that_was_not_over_is_not_restated() {
    let place = tempfile::tempdir().expect("a folder");
    let path = place.path().join("last.json").display().to_string();
    let (_, said, status) = run("salesforce", &["then", "--as-of", "2026-11-05", "--week", "2026-W45", "-o", &path]);
    assert_eq!(status, 0, "{said}");
    let json = today("salesforce", &path, &[]);
    assert_eq!(json["restated"], Json::Array(Vec::new()));
    assert!(json["not_final"].as_array().is_some_and(|rows| !rows.is_empty()));
    let (stdout, ..) = run("salesforce", &["now", "--as-of", "2026-11-16", "--since", &path]);
    assert!(stdout.contains("2026-W45 was not complete then"), "{stdout}");
}

#[test]
fn a_rule_that_is_another_now_is_said() {
    let (place, path) = earlier("salesforce", &["--leads", "customer_meetings", "--lags", ""]);
    let config = place.path().join("other.toml").display().to_string();
    let rule = "[outcome]\nmissed = \"No_Show__c\"\n[measure.customer_meetings]\nrole = \"lead\"\nsays = \"Long ones\"\nfrom = \"activities\"\n\
                on = \"day\"\nwhere = \"customer_meeting AND outcome = 'held' AND minutes > 60\"\nvalue = \"count\"\n";
    std::fs::write(&config, rule).expect("a file is written");
    let output = program::run(&[
        "report",
        &folder("salesforce").join("then").display().to_string(),
        "--config",
        &config,
        "--as-of",
        "2026-11-09",
        "--since",
        &path,
        "--format",
        "json",
        "--by",
        "all",
    ]);
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(lines(&json), ["all customer_meetings 2026-W45 8 → 0: its rule is another now, 8 undone"]);
}

#[test]
fn names_that_came_and_went_are_said() {
    let (place, path) = earlier("salesforce", &["--leads", "customer_meetings", "--lags", "deals_won"]);
    let now = place.path().join("now");
    std::fs::create_dir(&now).expect("a folder");
    for entry in std::fs::read_dir(folder("salesforce").join("then")).expect("a folder") {
        let from = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&from).expect("a file").replace("Ben Okoye", "Bea Okoye");
        std::fs::write(now.join(from.file_name().expect("a name")), text).expect("a file is written");
    }
    let json = today("salesforce", &path, &[]);
    assert!(lines(&json).iter().all(|line| !line.contains("Bea Okoye")));
    let (stdout, said, status) = run(
        "salesforce",
        &[&now.display().to_string(), "--as-of", "2026-11-09", "--since", &path, "--format", "json", "--leads", "customer_meetings"],
    );
    assert_eq!(status, 0, "{said}");
    let found = lines(&serde_json::from_str(&stdout).expect("JSON"));
    assert!(
        found.contains(
            &"Ben Okoye customer_meetings 2026-W45 3 → null: there is no person of this name now: 3 re-owned to Bea Okoye".to_owned()
        ),
        "{found:#?}"
    );
    assert!(
        found.contains(&"Bea Okoye customer_meetings 2026-W45 null → 3: no row of it then: 3 re-owned from Ben Okoye".to_owned()),
        "{found:#?}"
    );
    assert!(found.iter().all(|line| !line.starts_with("all ") && !line.starts_with("East ")), "{found:#?}");
}

#[test]
fn pages_and_json_say_what_the_transcripts_say() {
    let bless = std::env::var_os("LEADLAG_BLESS").is_some_and(|value| value == "1");
    for company in ["salesforce", "generic"] {
        let (_place, path) = earlier(company, &[]);
        let now = ["now", "--as-of", "2026-11-16", "--since", &path];
        let mut found = String::new();
        for more in [&[][..], &["-v"], &["--ascii", "--by", "all"]] {
            let (stdout, _, status) = run(company, &[&now[..], more].concat());
            assert_eq!(status, 0);
            writeln!(found, "$ leadlag report now --as-of 2026-11-16 --since last.json {}", more.join(" ")).expect("a string");
            found += &stdout;
        }
        let json = today(company, &path, &[]);
        let parts = serde_json::json!({ "since": json["since"], "restated": json["restated"], "not_final": json["not_final"] });
        let parts = serde_json::to_string_pretty(&parts).expect("JSON") + "\n";
        for (name, found) in [("page.txt", found), ("changes.json", parts)] {
            let golden = folder(company).join(name);
            let found = found.replace(&path, "last.json");
            if bless {
                std::fs::write(&golden, &found).expect("a transcript is written");
            }
            assert_eq!(std::fs::read_to_string(&golden).unwrap_or_default(), found, "{company}/{name}");
        }
    }
}

/// A meeting of the model: whose, on which day of two weeks, how long, and with whom; none where the export lacks it.
#[derive(Debug, Clone)]
struct Meeting {
    id: usize,
    owner: usize,
    day: u32,
    minutes: u32,
    held: bool,
}

const PEOPLE: [&str; 3] = ["Ana Silva", "Ben Okoye", "Cy Tran"];

fn meeting(id: usize) -> impl Strategy<Value = Option<Meeting>> {
    let one = (0..3usize, 2..16u32, 1..5u32, proptest::bool::weighted(0.8));
    proptest::option::weighted(
        0.8,
        one.prop_map(move |(owner, day, quarters, held)| Meeting { id, owner, day, minutes: quarters * 15, held }),
    )
}

/// Two generations: of each meeting as it was and as it is, most of them the same.
fn generations() -> impl Strategy<Value = (Vec<Meeting>, Vec<Meeting>)> {
    let pair = |id: usize| {
        (meeting(id), meeting(id), proptest::bool::weighted(0.6))
            .prop_map(|(then, now, same)| if same { (then.clone(), then) } else { (then, now) })
    };
    (1..14usize).prop_flat_map(move |count| (0..count).map(pair).collect::<Vec<_>>()).prop_map(|pairs| {
        let (then, now): (Vec<_>, Vec<_>) = pairs.into_iter().unzip();
        (then.into_iter().flatten().collect(), now.into_iter().flatten().collect())
    })
}

fn csv(meetings: &[Meeting], ids: bool) -> String {
    let mut out = String::from("activity_id,rep_name,activity_type,activity_date,duration_min,outcome,account,subject\n");
    // Each week has a record that is no meeting, so that it is known to be over.
    for (id, day) in [("n1", 2), ("n2", 6), ("n3", 13)] {
        writeln!(out, "{id},Ana Silva,Note,2026-11-{day:02},5,Completed,Altura Foods,Note").expect("a string");
    }
    for m in meetings {
        let outcome = if m.held { "Completed" } else { "Canceled" };
        writeln!(out, "m{},{},Meeting,2026-11-{:02},{},{outcome},Altura Foods,Visit", m.id, PEOPLE[m.owner], m.day, m.minutes)
            .expect("a string");
    }
    if ids { out } else { out.lines().fold(String::new(), |text, line| text + line.split_once(',').map_or(line, |(_, rest)| rest) + "\n") }
}

fn document(place: &Path, csv: &str, since: Option<&Earlier>) -> Document {
    let path = place.join("activities.csv");
    std::fs::write(&path, csv).expect("a file is written");
    let config = place.join("leadlag.toml");
    std::fs::write(&config, "").expect("a file is written");
    let path = |path: &Path| path.display().to_string();
    let args = [
        path(&path_of(place)),
        "--config".to_owned(),
        path(&config),
        "--as-of".to_owned(),
        "2026-11-16".to_owned(),
        "--periods".to_owned(),
        "2".to_owned(),
        "--leads".to_owned(),
        "customer_meetings,client_hours".to_owned(),
        "--lags".to_owned(),
        String::new(),
    ];
    let (exports, _) = program::options(&args);
    let plan = program::read(&args, &[]).expect("exports");
    let run = plan.run(&exports).expect("a run");
    let mut document = report::report(&run).expect("a report");
    if let Some(earlier) = since {
        report::since(&run, earlier, &mut document).expect("it is compared");
    }
    document
}

fn path_of(place: &Path) -> PathBuf {
    place.join("activities.csv")
}

fn json(document: &Document) -> Vec<u8> {
    let format = render::named("json").expect("a format");
    (format.render)(document, &Style::default()).expect("JSON")
}

/// The number of held meetings, or their hours, that the model has of somebody in one of its two weeks.
fn counted(meetings: &[Meeting], who: &str, week: &str, measure: &str) -> Decimal {
    let first = if week == "2026-W45" { 2..9 } else { 9..16 };
    let mine = meetings.iter().filter(|m| m.held && first.contains(&m.day) && (who.is_empty() || PEOPLE[m.owner] == who));
    match measure {
        "client_hours" => Decimal::new(mine.map(|m| i64::from(m.minutes)).sum::<i64>() * 100 / 60, 2),
        _ => Decimal::from(mine.count()),
    }
}

fn agrees(then: &[Meeting], now: &[Meeting], ids: bool) -> Result<(), TestCaseError> {
    let place = tempfile::tempdir().expect("a folder");
    let was = document(place.path(), &csv(then, ids), None);
    let earlier = Earlier::read(&json(&was), "last.json").expect("a report");
    let since = document(place.path(), &csv(now, ids), Some(&earlier)).since.expect("a comparison");
    let changed = |row: &Restated| (row.name.clone(), row.period.clone(), row.measure.clone());
    for row in &since.restated {
        let (then, now) = (counted(then, &row.name, &row.period, &row.measure), counted(now, &row.name, &row.period, &row.measure));
        if let Some(value) = row.was {
            prop_assert_eq!(value, then, "{:?}", changed(row));
        }
        if let Some(value) = row.now {
            prop_assert_eq!(value, now, "{:?}", changed(row));
        }
        if let Some(change) = row.change() {
            let explained: Decimal = row.records.iter().map(|record| record.change.expect("a change")).sum();
            prop_assert_eq!(change, explained, "{:?}: {}", changed(row), row.why);
            prop_assert!(!row.why.contains("otherwise"), "{}", row.why);
        }
        for record in row.records.iter().filter(|record| record.how == "re_owned") {
            let owner = |record: &Option<leadlag::document::Record>| record.as_ref().and_then(|record| record.owner.clone());
            prop_assert_ne!(owner(&record.was), owner(&record.now));
        }
        prop_assert!(ids || row.records.iter().all(|record| ["added", "gone"].contains(&record.how)), "{}", row.why);
    }
    // What is not listed is what it was; a measure that no record of a whole export answers has no value.
    for row in was.values.iter().filter(|row| row.level != "team" && !row.value.is_missing()) {
        if !since.restated.iter().any(|r| changed(r) == (row.name.clone(), row.period.clone(), row.measure.clone())) {
            prop_assert_eq!(
                counted(then, &row.name, &row.period, &row.measure),
                counted(now, &row.name, &row.period, &row.measure),
                "{} {} {}",
                &row.name,
                &row.period,
                &row.measure
            );
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_the_records_bring_is_the_change((then, now) in generations()) {
        agrees(&then, &now, true)?;
    }

    #[test]
    fn what_the_records_bring_is_the_change_without_ids_too((then, now) in generations()) {
        agrees(&then, &now, false)?;
    }
}

/// A report as it is written, and today's exports to compare it with.
fn written() -> (tempfile::TempDir, Vec<u8>) {
    let place = tempfile::tempdir().expect("a folder");
    let meetings: Vec<Meeting> = (0..6).map(|id| Meeting { id, owner: id % 3, day: 3 + id as u32 * 2, minutes: 30, held: true }).collect();
    let bytes = json(&document(place.path(), &csv(&meetings, true), None));
    (place, bytes)
}

/// A part of a JSON text replaced by something else.
fn mutated(text: &[u8], changes: &[(prop::sample::Index, usize, String)]) -> Vec<u8> {
    let mut bytes = text.to_vec();
    for (at, length, instead) in changes {
        let at = at.index(bytes.len().max(1));
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, instead.bytes());
    }
    bytes
}

/// Another value somewhere in the tree.
fn replaced(json: &mut Json, at: usize, with: &Json) -> usize {
    if at == 0 {
        *json = with.clone();
        return usize::MAX;
    }
    let mut left = at - 1;
    let children: Vec<&mut Json> = match json {
        Json::Array(list) => list.iter_mut().collect(),
        Json::Object(map) => map.values_mut().collect(),
        _ => Vec::new(),
    };
    for child in children {
        left = replaced(child, left, with);
        if left == usize::MAX {
            return left;
        }
    }
    left
}

fn values() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "\\PC{0,12}".prop_map(Json::from),
        Just(Json::from("\u{1b}[31m\u{202e}=HYPERLINK(\"x\")<script>")),
        Just(Json::from("2026-W46")),
        Just(Json::from("9999-12-31")),
        Just(Json::from("0001-01-01")),
        Just(Json::from("revenue")),
        Just(Json::from("client_hours")),
        Just(Json::from("(no owner)")),
        Just(Json::from("79228162514264337593543950335")),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
    ]
}

/// Whatever the file holds: it is refused with a reason, or compared and shown in every form.
fn survives(place: &Path, bytes: &[u8]) {
    let said = |diagnostic: &leadlag::diagnostic::Diagnostic| {
        let text = render::diagnostics(std::slice::from_ref(diagnostic), &Style::default(), true);
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    };
    let earlier = match Earlier::read(bytes, "last.json") {
        Ok(earlier) => earlier,
        Err(problem) => return said(&problem),
    };
    let path = path_of(place).display().to_string();
    let args = ["--config", &place.join("leadlag.toml").display().to_string(), "--as-of", "2026-11-16", &path, "-v"].map(str::to_owned);
    let (exports, _) = program::options(&args);
    let plan = program::read(&args, &[]).expect("exports");
    let run = plan.run(&exports).expect("a run");
    let mut document = report::report(&run).expect("a report");
    match report::since(&run, &earlier, &mut document) {
        Ok(()) => {}
        Err(problem) => return said(&problem),
    }
    document.diagnostics.iter().for_each(said);
    for format in render::FORMATS.iter().filter(|format| !format.binary) {
        let bytes = (format.render)(&document, &Style::default()).expect("it renders");
        if format.name == "json" {
            serde_json::from_slice::<Json>(&bytes).expect("JSON");
            Earlier::read(&bytes, "last.json").expect("it is a report again");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_report_is_refused_or_compared(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, "[\\[\\]{}:,\"0-9a-z.eE\\-]{0,6}"), 1..4)
    ) {
        let (place, bytes) = written();
        survives(place.path(), &mutated(&bytes, &changes));
    }

    #[test]
    fn a_report_with_other_values_is_refused_or_compared(changes in prop::collection::vec((any::<prop::sample::Index>(), values()), 1..4)) {
        let (place, bytes) = written();
        let mut tree: Json = serde_json::from_slice(&bytes).expect("JSON");
        for (at, value) in &changes {
            // The schema is left as it is, else little would be read.
            replaced(&mut tree, 2 + at.index(900), value);
        }
        tree["schema"] = Json::from("leadlag/report/1");
        survives(place.path(), &serde_json::to_vec(&tree).expect("JSON"));
    }
}

#[test]
fn numbers_are_compared_digit_by_digit() {
    let (_place, bytes) = written();
    let text = String::from_utf8(bytes).expect("UTF-8");
    let large = text.replacen("\"value\":", "\"value\":1234567890123456789.0", 1);
    let earlier = Earlier::read(large.as_bytes(), "last.json").expect("a report");
    let place = tempfile::tempdir().expect("a folder");
    let since = document(place.path(), &csv(&[], true), Some(&earlier)).since.expect("a comparison");
    // A machine's number would have rounded it to 1234567890123456800.
    assert!(since.restated.iter().any(|row| row.was.is_some_and(|was| was.to_string().starts_with("1234567890123456789.0"))));
    let problem = Earlier::read(text.replacen("\"value\":", "\"value\":1e", 1).as_bytes(), "last.json").expect_err("no plain decimal");
    assert!(problem.message.contains("this is no value of a report"), "{}", problem.message);
    assert_eq!(problem.location.expect("a place").line, Some(8));
}
