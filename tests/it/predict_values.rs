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
        for key in ["p", "p_adjusted"] {
            let (found, want) = (pair[key].as_f64().unwrap(), want[key].as_f64().unwrap());
            // All orders of six people are gone through; more are drawn, 2,000 here and there.
            let apart = if people <= 6 { 1e-9 } else { 4.5 * (2.0 * want * (1.0 - want) / 2000.0).sqrt() + 0.002 };
            assert!((found - want).abs() <= apart, "{what}: {key}: {found} {want}");
        }
        for key in ["z", "z_reverse", "z_same_week", "max_lag", "events", "swing", "detectable_share", "lead_weeks", "lead_range", "by_lag"]
        {
            let (found, want) = (&pair[key], &want[key]);
            if key == "by_lag" && want.is_null() {
                continue;
            }
            let same = match (found.as_array(), want.as_array()) {
                (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| near(a, b)),
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
        assert_eq!(found["sample"]["weeks"], want["pairs"][0]["weeks"], "{name}");
    });
}

/// Numbers that look drawn, from 0 to below 1, the same on each run.
fn drawn(person: usize, week: usize, what: u64) -> f64 {
    let seeds = [(person as u64 + 1, 0x9e37_79b9_7f4a_7c15), (week as u64 + 1, 0xbf58_476d_1ce4_e5b9), (what + 1, 0x94d0_49bb_1331_11eb)];
    let mut n = seeds.into_iter().fold(0, |n, (seed, factor): (u64, u64)| n ^ seed.wrapping_mul(factor));
    for _ in 0..3 {
        n ^= n >> 31;
        n = n.wrapping_mul(0xd6e8_feb8_6659_fd93);
    }
    (n >> 11) as f64 / (1_u64 << 53) as f64
}

fn calls(person: usize, week: usize) -> f64 {
    (drawn(person, week, 0) * 10.0).floor()
}

fn wins(person: usize, week: usize) -> f64 {
    (drawn(person, week, 1) * 2.5).floor()
}

/// A file of people and weeks; what is NaN has no row.
fn rows(people: usize, weeks: usize, lead: impl Fn(usize, usize) -> f64, lag: impl Fn(usize, usize) -> f64) -> String {
    let mut text = HEAD.to_owned();
    for (person, week) in (0..people).flat_map(|person| (0..weeks).map(move |week| (person, week))) {
        for (role, measure, value) in [("lead", "calls", lead(person, week)), ("lag", "wins", lag(person, week))] {
            if value.is_finite() {
                let _ = writeln!(text, "owner,P{person:02},{week},{role},{measure},{value}");
            }
        }
    }
    text
}

#[test]
fn too_little_data_is_a_verdict_with_what_is_missing() {
    let few = |lag: f64| move |person: usize, week: usize| if drawn(person, week, 1) < lag { 1.0 } else { 0.0 };
    let cases: [(&str, String, &[&str]); 8] = [
        ("four people", rows(4, 60, calls, wins), &["4", "5", "people"]),
        ("25 weeks", rows(8, 25, calls, wins), &["25", "26", "weeks"]),
        ("few wins", rows(8, 60, calls, few(0.05)), &["30"]),
        ("all-zero revenue", rows(8, 60, calls, |_, _| 0.0), &["wins never anything but 0"]),
        ("a constant lead", rows(8, 60, |_, _| 4.0, wins), &["calls never anything but 4"]),
        ("one person with all the activity", rows(8, 60, |p, w| if p == 0 { calls(p, w) } else { 0.0 }, wins), &["1 usable person of 5"]),
        (
            "people of few weeks",
            rows(8, 60, calls, |p, w| if p > 2 && w > 10 { f64::NAN } else { wins(p, w) }),
            &["3", "5", "people", "20 weeks"],
        ),
        (
            "nothing known",
            rows(8, 60, calls, |p, w| if p == 0 && w < 3 { f64::from(u8::from(w > 0)) } else { f64::NAN }),
            &["0", "5", "people"],
        ),
    ];
    each(&cases, |(what, text, says)| {
        let found = tested(text);
        let pair = &found["pairs"][0];
        assert_eq!(pair["verdict"], "too little data", "{what}: {pair}");
        let reason = pair["reason"].as_str().unwrap();
        assert!(says.iter().all(|word| reason.contains(word)), "{what}: {reason}");
        let page = String::from_utf8(piped(text.as_bytes(), &[]).stdout).unwrap();
        assert!(page.contains("too little data"), "{what}: {page}");
        assert_eq!(piped(text.as_bytes(), &["--require", "-q"]).status.code(), Some(2), "{what}");
    });
}

#[test]
fn odd_data_ends_in_a_verdict_that_is_no_false_lead() {
    let none = |text: &str, what: &str| {
        let verdict = verdict(text);
        assert!(["too little data to tell", "no lead shown", "moves together, not ahead"].contains(&verdict.as_str()), "{what}: {verdict}");
    };
    none(&rows(8, 60, calls, |p, w| wins(p, w) - 1.0), "negative amounts");
    none(&rows(8, 60, |p, w| calls(p, w) - 5.0, wins), "a negative lead");
    none(&rows(8, 60, |p, w| if p % 3 == 0 && w < 25 { f64::NAN } else { calls(p, w) }, wins), "people who join");
    none(&rows(8, 60, calls, |p, w| if p % 3 == 0 && w > 40 { f64::NAN } else { wins(p, w) }), "people who leave");
    // Two teams, each with its own month of rest, before which it closes.
    let rest = |p: usize, w: usize| (w + 13 * (p % 2)) % 26 < 4;
    let closing = |p: usize, w: usize| rest(p, w + 3) && !rest(p, w);
    let teams = rows(
        10,
        104,
        |p, w| if rest(p, w) { 0.0 } else { calls(p, w) },
        |p, w| if rest(p, w) { 0.0 } else { wins(p, w) + f64::from(u8::from(closing(p, w))) },
    );
    none(&teams, "two calendars");
}

#[test]
fn weeks_that_lack_rows_are_said_and_not_known() {
    let thirds = |w: usize| w % 3 == 1;
    let text = rows(8, 90, |p, w| if thirds(w) { f64::NAN } else { calls(p, w) }, |p, w| if thirds(w) { f64::NAN } else { wins(p, w) });
    let found = tested(&text);
    assert_eq!(found["sample"]["weeks"], 90);
    let cuts = found["sample"]["cuts"].to_string();
    assert!(cuts.contains("30 of 90 weeks have no row and are not known: 1 and 29 more"), "{cuts}");
    assert_ne!(found["pairs"][0]["verdict"], "leads");
}

#[test]
fn packed_and_in_any_encoding_the_values_are_the_same() {
    let plain = std::fs::read("fixtures/predict/vacations.csv").unwrap();
    let pairs = |bytes: &[u8]| document(&piped(bytes, &["--format", "json"]))["pairs"].clone();
    let want = pairs(&plain);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(&plain).unwrap();
    assert_eq!(pairs(&gzip.finish().unwrap()), want);
    let text = String::from_utf8(plain).unwrap();
    let wide: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(pairs(&wide), want);
    let excel = format!("\u{feff}{}", text.replace(',', ";").replace('.', ",").replace('\n', "\r\n"));
    assert_eq!(pairs(excel.as_bytes()), want);
}

#[test]
fn what_a_report_writes_can_be_tested() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
    let written = [("weeks.csv", &[][..]), ("excel.csv", &["--excel"])];
    let found = each(&written, |(name, more)| {
        let path = file(name);
        let report =
            ["report", "examples/quickstart", "--as-of", "2026-11-16", "--by", "owner", "--periods", "26", "-q", "-o", path.as_str()];
        let output = run(&[&report[..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        document(&run(&["predict", "--values", &path, "--format", "json"]))
    });
    assert_eq!(found[0]["sample"]["weeks"], 26);
    let leads: Vec<&str> = found[0]["pairs"].as_array().unwrap().iter().map(|pair| pair["lead"].as_str().unwrap()).collect();
    for lead in ["new_prospect_meetings", "presentations", "client_hours"] {
        assert!(leads.contains(&lead), "{leads:?}");
    }
    assert!(found[0]["pairs"].as_array().unwrap().iter().any(|pair| pair["z"].is_number()), "{}", found[0]["pairs"]);
    assert_eq!(found[1]["pairs"], found[0]["pairs"]);
}

#[test]
fn a_file_that_cannot_be_used_is_refused_with_its_place() {
    let row = "owner,Ana,2026-W01,lead,calls,";
    for (text, says) in [
        ("", "standard input is empty"),
        ("\u{89}PNG\r\n", "level, name, period, role, measure, value"),
        ("id,subject,owner\n1,Call,Ana\n", "the columns level, name, period, role, measure, value are missing"),
        (&format!("{HEAD}{row}n/a\nowner,Ana,2026-W01,lag,wins,1\n"), "'n/a' is no number"),
        (&format!("{HEAD}{row}1\n{row}2\nowner,Ana,2026-W01,lag,wins,1\n"), "is '2', and '1' in line 2"),
        (&format!("{HEAD}{row}1\nowner,Ana,2026-W01,lag\n"), "this record has 4 cells"),
        (&format!("{HEAD}{row}1\nowner,Ana,2026-11,lag,wins,1\n"), "'2026-11' is a month"),
        (&format!("{HEAD}team,West,2026-W01,lead,calls,1\n"), "no row is of the level owner"),
        (&format!("{HEAD}{row}1\n"), "no measure of the file has the role lag"),
    ] {
        let said = refused(text.as_bytes(), &[]);
        assert!(said.contains(says), "{text}: {said}");
    }
    let said = refused(format!("{HEAD}{row}n/a\nowner,Ana,2026-W01,lag,wins,1\n").as_bytes(), &[]);
    assert!(said.contains("-:2") && said.contains("value") && said.contains("write a plain number such as 1234.5"), "{said}");
    let failed = |args: &[&str]| {
        let output = run(&[&["predict", "--values"], args].concat());
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(failed(&["fixtures/predict"]).contains("this is a folder, and no file of values"));
    assert!(failed(&["fixtures/predict/plantd.csv"]).contains("did you mean fixtures/predict/planted.csv?"));
    assert!(failed(&["fixtures/predict/planted.csv", "--leads", "cals"]).contains("did you mean 'calls'?"));
    assert!(failed(&["fixtures/predict/planted.csv", "--delimiter", "xy"]).contains("--delimiter takes one character"));
    for other in
        [&["exports"][..], &["--where", "deals=amount > 1"], &["--as-of", "2026-11-16"], &["--deals", "deals.csv"], &["--crm", "hubspot"]]
    {
        let said = failed(&[&["fixtures/predict/planted.csv"], other].concat());
        assert!(said.contains("cannot be used with"), "{other:?}: {said}");
    }
}
