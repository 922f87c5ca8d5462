//! `predict --values`: the numbers of the reference implementation, whatever the file looks like, and a word for every bad file.

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Output, Stdio};

use serde_json::Value;

use super::program::{command, each, run};

/// The columns as `report --format csv` writes those that are needed.
const HEAD: &str = "level,name,period,role,measure,value\n";

/// The document of a file.
fn document(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The output for a text on standard input.
fn piped(text: &[u8], args: &[&str]) -> Output {
    let mut command = command(&[&["predict", "--values", "-", "--color", "never"], args].concat());
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let text = text.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&text)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn tested(text: &str) -> Value {
    document(&piped(text.as_bytes(), &["--format", "json"]))
}

fn verdict(text: &str) -> String {
    tested(text)["pairs"][0]["verdict"].as_str().unwrap().to_owned()
}

/// What is said of a file that cannot be used.
fn refused(text: &[u8], args: &[&str]) -> String {
    let output = piped(text, args);
    assert_eq!((output.status.code(), output.stdout.as_slice()), (Some(2), &b""[..]), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stderr).unwrap()
}

fn near(one: &Value, other: &Value) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-3),
        _ => one == other,
    }
}

/// Holds the pairs of a document against those of the reference.
fn compare(what: &str, found: &Value, expected: &Value) {
    let list = expected.as_array().unwrap();
    assert_eq!(found.as_array().unwrap().len(), list.len(), "{what}");
    for want in list {
        let (lead, lag) = want["pair"].as_str().unwrap().split_once(' ').unwrap();
        let pair = found.as_array().unwrap().iter().find(|pair| pair["lead"] == lead && pair["lag"] == lag).unwrap();
        assert_eq!(pair["verdict"], want["verdict"], "{what}: {pair}");
        let Some(people) = want["reps"].as_u64() else { continue };
        // All orders of six people are gone through; more are drawn.
        let p = if people <= 6 { 1e-9 } else { 0.02 };
        for key in ["p", "p_adjusted"] {
            assert!((pair[key].as_f64().unwrap() - want[key].as_f64().unwrap()).abs() <= p, "{what}: {key}: {} {}", pair[key], want[key]);
        }
        for key in ["z", "z_reverse", "z_same_week", "weeks", "max_lag", "events", "swing", "detectable_share", "lead_weeks", "lead_range"]
        {
            let (found, want) = (&pair[key], &want[key]);
            let same = match (found.as_array(), want.as_array()) {
                (Some(a), Some(b)) => a.iter().zip(b).all(|(a, b)| near(a, b)),
                _ => near(found, want),
            };
            assert!(same, "{what}: {key}: {found} {want}");
        }
        for key in ["per_activity", "lo", "hi"] {
            let (found, want) = (&pair["effect"][key], &want["effect"][key]);
            assert!(near(found, want), "{what}: {key}: {found} {want}");
        }
        assert_eq!(pair["people"].as_u64(), Some(people), "{what}");
    }
}

fn expected(path: &str) -> Vec<Value> {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

#[test]
fn files_of_any_shape_give_the_numbers_of_the_reference() {
    each(&expected("fixtures/predict/expected.json"), |want| {
        let file = want["file"].as_str().unwrap();
        let found = document(&run(&["predict", "--values", &format!("fixtures/predict/{file}"), "--format", "json"]));
        compare(file, &found["pairs"], &want["pairs"]);
        assert_eq!(found["sample"]["weeks"], want["weeks"], "{file}");
        let cuts = found["sample"]["cuts"].to_string();
        for cut in ["1 row of level all or team", "1 row of nobody", "1 row of a week that is not complete", "1 row of a range of days"] {
            assert!(cuts.contains(cut), "{file}: {cuts}");
        }
    });
}

/// A panel with a column per measure as tidy rows; a lead of which less is expected to bring more has a name that says so.
fn tidy(panel: &str, drop: bool, week: impl Fn(i64) -> String) -> String {
    let mut reader = csv::Reader::from_path(format!("fixtures/stats/panels/{panel}.csv")).unwrap();
    let headings = reader.headers().unwrap().clone();
    let mut text = HEAD.to_owned();
    for row in reader.records().map(Result::unwrap) {
        for (heading, cell) in headings.iter().zip(&row).skip(2) {
            let role = if heading.starts_with('x') { "lead" } else { "lag" };
            let measure = if drop && role == "lead" { "deals_without_next_step" } else { heading };
            let _ = writeln!(text, "owner,{},{},{role},{measure},{cell}", &row[0], week(row[1].parse().unwrap()));
        }
    }
    text
}

#[test]
fn panels_with_gaps_give_the_numbers_of_the_reference() {
    let all = expected("fixtures/stats/expected.json");
    // Where one pair has too few people by itself the others are tested without it, which the reference does not do.
    let with_people = |want: &Value| want["pairs"].as_array().unwrap().iter().all(|pair| pair["p"].is_number());
    let chosen: Vec<Value> = all.into_iter().filter(with_people).collect();
    assert!(chosen.len() > 30, "{}", chosen.len());
    each(&chosen, |want| {
        let (name, drop) = (want["name"].as_str().unwrap(), want["drop"] == true);
        let monday = leadlag::calendar::Day::from_ymd(2019, 12, 30).unwrap();
        let text = tidy(name, drop, |n| monday.plus(i32::try_from(n).unwrap() * 7).to_string());
        let found = document(&piped(text.as_bytes(), &["--max-lag", &want["max_lag"].to_string(), "--format", "json"]));
        let text = serde_json::to_string(&found["pairs"]).unwrap().replace("deals_without_next_step", "x1");
        compare(name, &serde_json::from_str(&text).unwrap(), &want["pairs"]);
    });
}
