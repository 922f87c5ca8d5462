//! `leadlag inspect`: what it shows is what was read, all of it, and it shows it even where nothing can be reported on.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use super::program;

const AS_OF: &str = "2026-11-16";

/// The folders of exports that the project has.
pub(crate) fn folders() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join("fixtures/crm")).unwrap();
    let mut all: Vec<String> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.strip_prefix(root).unwrap().display().to_string())
        .collect();
    all.push("examples/quickstart".to_owned());
    all.sort();
    all
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn json(args: &[&str]) -> Value {
    let all: Vec<&str> = ["inspect"].iter().chain(args).chain(&["--as-of", AS_OF, "--format", "json"]).copied().collect();
    let output = program::run(&all);
    serde_json::from_slice(&output.stdout).unwrap_or_else(|e| panic!("{args:?}: {e}: {}", text(&output.stderr)))
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// The rows of a csv file with its heading row.
fn rows(path: &Path) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(path).unwrap();
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn every_heading_and_every_record_is_accounted_for() {
    for folder in folders() {
        let seen = json(&[&folder]);
        assert_eq!(seen["schema"], "leadlag/inspect/1");
        let files = seen["files"].as_array().unwrap();
        assert!(!files.is_empty(), "{folder}");
        for file in files {
            let path = file["path"].as_str().unwrap();
            let of = |list: &Value, key: Option<&str>| -> BTreeSet<String> {
                let each = list.as_array().unwrap().iter();
                each.map(|v| key.map_or(v, |k| &v[k]).as_str().unwrap().to_owned()).collect()
            };
            // What one table of a file does not read, another may.
            let mut shown = BTreeSet::new();
            for table in files.iter().filter(|f| f["path"] == file["path"]) {
                shown.extend(of(&table["columns"], Some("heading")));
                shown.extend(of(&table["not_read"], None));
            }
            let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
            if place.extension().is_some_and(|end| end == "csv") && place.is_file() {
                let delimiter = file["delimiter"].as_str().unwrap().as_bytes()[0];
                let bytes = fs::read(place).unwrap();
                let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
                let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
                if file["heading_line"] == 1
                    && let Ok(headings) = reader.headers()
                {
                    let there: BTreeSet<String> = headings.iter().map(|h| h.trim().to_owned()).filter(|h| !h.is_empty()).collect();
                    // A line between the records may name a group: what it begins with is a heading too.
                    let text = String::from_utf8_lossy(bytes);
                    let of_groups =
                        |heading: &&String| text.lines().any(|l| l.trim_matches(['"', ',']).starts_with(&format!("{heading}:")));
                    let shown: BTreeSet<String> = shown.iter().filter(|h| there.contains(*h) || !of_groups(h)).cloned().collect();
                    assert_eq!(shown, there, "{path}");
                }
            }
            let records = &file["records"];
            let out: u64 = records["left_out"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
            let n = |key: &str| records[key].as_u64().unwrap();
            assert_eq!(n("read"), n("used") + out + n("refused"), "{path}");
        }
    }
}

/// The number of things that the page of a report says are refused.
fn said(page: &str, what: &str) -> u64 {
    let at = page.find(&format!(" {what}")).map(|at| &page[..at]);
    at.and_then(|before| before.rsplit([' ', '\n', '·']).next()).and_then(|n| n.parse().ok()).unwrap_or(0)
}

#[test]
fn as_many_rows_are_written_as_the_report_counts_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut cases: Vec<Vec<String>> = folders().into_iter().map(|f| vec![f]).collect();
    for code in [
        "bad-date/activities.csv",
        "bad-date/open.csv",
        "bad-amount",
        "ragged-row",
        "unclosed-quote",
        "bad-number",
        "bad-flag",
        "no-close-date",
    ] {
        cases.push(vec![format!("fixtures/errors/{code}")]);
    }
    let mut any = 0;
    for case in cases {
        let path = folder.path().join("refused.csv");
        let _ = fs::remove_file(&path);
        let place = path.display().to_string();
        let args: Vec<&str> =
            ["inspect"].into_iter().chain(case.iter().map(String::as_str)).chain(["--as-of", AS_OF, "--refused", &place]).collect();
        let inspected = program::run(&args);
        assert_eq!(inspected.status.code(), Some(0), "{case:?}: {}", text(&inspected.stderr));
        let written = rows(&path);
        assert_eq!(written[0], ["file", "line", "table", "status", "column", "code", "reason", "text", "record"]);
        let of = |status: &str| written.iter().filter(|row| row[3] == status).count() as u64;
        let args: Vec<&str> =
            ["report"].into_iter().chain(case.iter().map(String::as_str)).chain(["--as-of", AS_OF, "--period", "all"]).collect();
        let page = text(&program::run(&args).stdout).replace('\n', " ");
        let records = said(&page, "record (said").max(said(&page, "records (said"));
        let cells = said(&page, "cell taken as blank").max(said(&page, "cells taken as blank"));
        assert_eq!((of("refused"), of("cell")), (records, cells), "{case:?}");
        any += records + cells;
        // Nothing is refused without a word, and every record stands there as its file has it.
        for row in &written[1..] {
            assert!(!row[5].is_empty() && !row[6].is_empty(), "{row:?}");
            let file = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(&row[0])).unwrap();
            let line = String::from_utf8_lossy(&file).lines().nth(row[1].parse::<usize>().unwrap() - 1).unwrap().to_owned();
            assert!(row[8].starts_with(line.trim_end()) || row[8].starts_with(&format!("'{}", line.trim_end())), "{row:?}: {line}");
        }
    }
    assert!(any > 15, "{any}: hardly anything is refused, so that this shows little");
}

#[test]
fn what_is_refused_is_written_as_text_and_not_as_a_formula() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "activities.csv",
        "Subject,Type,Owner,Date,Account\nTour,Meeting,Ana,2026-11-09,Alder\n=HYPERLINK(1),Meeting,Ana,=1+1,Alder\n@SUM(A1),Meeting,Ana\n",
    );
    let output = program::run(&["inspect", &file, "--as-of", AS_OF, "--refused", "-"]);
    let out = text(&output.stdout);
    let rows: Vec<Vec<String>> = csv::ReaderBuilder::new()
        .from_reader(out.as_bytes())
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let shown: Vec<(&str, &str, &str)> = rows.iter().map(|r| (r[1].as_str(), r[7].as_str(), r[8].as_str())).collect();
    assert_eq!(
        shown,
        [("3", "'=1+1", "'=HYPERLINK(1),Meeting,Ana,'=1+1,Alder"), ("4", "", "'@SUM(A1),Meeting,Ana")],
        "only the refused rows are on standard output"
    );
}

#[test]
fn a_question_keeps_nothing_else_from_being_shown() {
    let output = program::run(&[
        "inspect",
        "fixtures/errors/ambiguous-dates/activities.csv",
        "fixtures/errors/ambiguous-dates/deals.csv",
        "--as-of",
        AS_OF,
    ]);
    assert_eq!(output.status.code(), Some(2));
    let page = text(&output.stdout);
    for part in [
        "does the day or the month come first in",
        "'09/11/2026' on line 2 is 2026-11-09 with the day first",
        "2026-09-11 with the month first",
        "Alder mixers | Cedar pilot | Brook rollout",
        "Presentation        1  presentation",
        "Closed Won        2  won",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    // A file that is not there, and one that is no table, are no reason to be silent about the others.
    let output = program::run(&["inspect", "nowhere.csv", "README.md", "fixtures/crm/generic/deals.csv", "--as-of", AS_OF]);
    assert_eq!(output.status.code(), Some(2));
    let page = text(&output.stdout);
    assert!(page.contains("nowhere.csv: no such file or folder"), "{page}");
    assert!(page.contains("README.md: no table has these headings"), "{page}");
    assert!(page.contains("Closed Won") && page.contains("forecast_category"), "{page}");
}

#[test]
fn the_cell_that_settles_an_order_is_named_and_its_line_is_right() {
    let folder = tempfile::tempdir().unwrap();
    let file = write(
        folder.path(),
        "activities.csv",
        "Subject,Type,Owner,Date,Account\nTour,Meeting,Ana,03-02-2018 19:58,Alder\nTour,Meeting,Ana,\"04-02-2018\n 10:00\",Birch\nTour,Meeting,Ana,26-02-2018 19:58,Cedar\n",
    );
    let seen = json(&[&file]);
    let column = seen["files"][0]["columns"].as_array().unwrap().iter().find(|c| c["heading"] == "Date").unwrap();
    let dates = &column["dates"];
    // The second record takes two lines.
    assert_eq!((&dates["order"], &dates["cell"], &dates["line"]), (&"dmy".into(), &"26-02-2018 19:58".into(), &5.into()));
    assert_eq!(dates["last"], "2018-02-26");
    let said = json(&[&file, "--date-order", "dmy"]);
    let column = said["files"][0]["columns"].as_array().unwrap().iter().find(|c| c["heading"] == "Date").unwrap();
    assert_eq!((&column["dates"]["order"], &column["dates"]["cell"]), (&"dmy".into(), &Value::Null), "the user said so, no cell had to");
}

#[test]
fn unmapped_words_come_first_and_the_line_that_is_shown_maps_them() {
    let folder = tempfile::tempdir().unwrap();
    let mut rows = String::from("Activity ID,Subject,Type,Owner,Date,Account,Outcome\n");
    for n in 1..=6 {
        writeln!(rows, "A{n},Row {n},Meeting,Ana,2026-11-{n:02},Alder,Completed").unwrap();
    }
    rows.push_str("B1,Row,Zwumf,Ana,2026-11-09,Alder,Gronked\nB2,Row,Zwumf,Ana,2026-11-10,Alder,Completed\n");
    let file = write(folder.path(), "activities.csv", &rows);
    let page = text(&program::run(&["inspect", &file, "--as-of", AS_OF]).stdout);
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text}: {page}"));
    assert!(at("\nZwumf          2  nothing known") < at("\nMeeting        6  meeting"));
    assert!(at("\nGronked") < at("\nCompleted"));
    assert!(page.contains("'Zwumf' (2)"), "it is among what to look at: {page}");
    let lines: Vec<&str> = page.lines().map(str::trim).collect();
    let toml: Vec<&str> = lines
        .iter()
        .map(|l| l.trim_start_matches("leadlag.toml").trim())
        .filter(|l| l.starts_with("[words") || l.contains("= [\""))
        .collect();
    assert_eq!(toml.len(), 4, "{toml:?}");
    let config = write(folder.path(), "own.toml", &toml.join("\n"));
    let seen = json(&[&file, "--config", &config]);
    let words = seen["words"].as_array().unwrap();
    assert!(words.iter().all(|w| w["mapped"] == "mapped"), "{words:?}");
    assert!(words.iter().any(|w| w["text"] == "Zwumf" && w["means"]["meeting"] == 2), "{words:?}");
}

#[test]
fn each_value_of_the_configuration_has_its_origin() {
    let folder = tempfile::tempdir().unwrap();
    let config = write(folder.path(), "own.toml", "# mine\n[calendar]\nweek_starts = \"sunday\"\n");
    let output = program::run(&["inspect", "--config-origins", "--config", &config, "--crm", "hubspot", "--format", "csv"]);
    let out = text(&output.stdout);
    assert!(out.contains(&format!("calendar.week_starts,\"\"\"sunday\"\"\",file,{config},3\n")), "{out}");
    assert!(out.contains("inputs.crm,\"\"\"hubspot\"\"\",option,crm,\n"), "{out}");
    assert!(out.contains("people.leaders_sell,false,built_in,,\n"), "{out}");
}

/// People are matched by id, name and spelling, and who is not on the roster is said.
#[test]
fn spellings_of_one_person_stand_together() {
    let folder = tempfile::tempdir().unwrap();
    let deals = write(
        folder.path(),
        "deals.csv",
        "Deal ID,Deal Name,Owner,Stage,Amount,Close Date\nD1,One,Ana Silva,Closed Won,10,2026-11-02\nD2,Two,\"SILVA, Ana\",Closed Won,10,2026-11-02\nD3,Three,Bo Lee,Closed Won,10,2026-11-02\n",
    );
    let people = write(folder.path(), "people.csv", "name,team,role\nAna Silva,West,rep\n");
    let seen = json(&[&deals, &people]);
    let all = seen["people"].as_array().unwrap();
    let ana = all.iter().find(|p| p["name"] == "Ana Silva").unwrap();
    assert_eq!((&ana["deals"], &ana["standing"]), (&2.into(), &"roster".into()));
    assert!(ana["also"].as_array().unwrap().contains(&"SILVA, Ana".into()), "{ana}");
    let bo = all.iter().find(|p| p["name"] == "Bo Lee").unwrap();
    assert_eq!(bo["standing"], "not_on_roster");
}

/// Of several tables in one file each refusal names its own, though their headings are alike.
#[test]
fn what_is_refused_of_several_tables_names_the_right_one() {
    let folder = tempfile::tempdir().unwrap();
    let typed = "Record Type,Id,Subject,Owner,Date,Close Date,Amount,Stage,Name,Account\n\
                 Task,T1,Call: a,Ana,2026-11-03,,,,,X\nTask,T2,Call: b,Ana,TBD,,,,,X\n\
                 Opportunity,O1,,Ana,,2026-11-10,abc,Closed Won,Mix,X\nOpportunity,O2,,Ana,,someday,100,Closed Won,Fan,X\n";
    let stacked = "Deals,,,,,\nDeal Name,Owner,Account,Stage,Amount,Close Date\nA,Ana,X,Closed Won,12x,2026-11-10\n\
                   B,Ana,X,Closed Won,5,2026-11-12\n,,,,,\n,,,,,\nActivities,,,,,\nSubject,Type,Owner,Account,Date,Minutes\n\
                   Tour,Meeting,Ana,X,2026-99-04,60\nTour,Meeting,Ana,X,2026-11-05,sixty\n";
    for (name, rows_of, expected) in [
        ("typed.csv", typed, [("3", "activities", "TBD"), ("4", "deals", "abc"), ("5", "deals", "someday")]),
        ("stacked.csv", stacked, [("3", "deals", "12x"), ("9", "activities", "2026-99-04"), ("10", "activities", "sixty")]),
    ] {
        let file = write(folder.path(), name, rows_of);
        let path = folder.path().join("refused.csv");
        program::run(&["inspect", &file, "--as-of", AS_OF, "--refused", &path.display().to_string()]);
        let written = rows(&path);
        let shown: Vec<(&str, &str, &str)> = written[1..].iter().map(|r| (r[1].as_str(), r[2].as_str(), r[7].as_str())).collect();
        assert_eq!(shown, expected, "{name}");
    }
}

/// Dates of two digits each may stand in three orders: all are shown, and any that is said is written by `init`.
#[test]
fn three_orders_are_three_readings() {
    let folder = tempfile::tempdir().unwrap();
    let file =
        write(folder.path(), "calls.csv", "Activity ID,Date,Type,Owner,Account\n1,10-11-09,Meeting,Ana,X\n2,10-11-08,Meeting,Ana,X\n");
    let seen = json(&[&file]);
    let dates = &seen["files"][0]["columns"].as_array().unwrap().iter().find(|c| c["heading"] == "Date").unwrap()["dates"];
    let last = |order: &str| dates[order]["last"].as_str().unwrap().to_owned();
    assert_eq!([last("day_first"), last("month_first"), last("year_first")], ["2009-11-10", "2009-10-11", "2010-11-09"]);
    let output = program::run(&["init", &file, "--date-order", "ymd", "--decimal-mark", "comma", "--as-of", AS_OF]);
    let drafted = text(&output.stdout);
    assert!(drafted.contains("date_order = \"ymd\"") && drafted.contains("decimal_mark = \",\""), "{drafted}");
}

#[test]
fn what_the_program_writes_is_never_read_as_an_export_nor_written_over_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/crm/hubspot");
    for entry in std::fs::read_dir(source).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "csv")) {
        std::fs::copy(&entry, folder.path().join(entry.file_name().unwrap())).unwrap();
    }
    let exports = folder.path().display().to_string();
    let run = |args: &[&str]| program::run(&[args, &[exports.as_str(), "--as-of", "2026-11-16"]].concat());
    let plain = run(&["report", "--format", "csv"]).stdout;
    let written: [&[&str]; 12] = [
        &["report", "--period", "week", "--format", "csv", "-o", &path("a.csv")],
        &["report", "--wide", "--format", "csv", "-o", &path("b.csv")],
        &["report", "--excel", "--format", "csv", "-o", &path("c.csv")],
        &["explain", "revenue", "--period", "all", "--format", "tsv", "-o", &path("d.tsv")],
        &["inspect", "--format", "csv", "-o", &path("e.csv")],
        &["inspect", "--refused", &path("f.csv")],
        &["report", "--period", "month", "--periods", "3", "-o", &path("g.xlsx")],
        &["explain", "revenue", "--period", "all", "-o", &path("h.xlsx")],
        &["inspect", "-o", &path("i.xlsx")],
        &["check", "--require", "deals_won >= 0 per owner", "--week", "2026-W40", "--format", "csv", "-o", &path("j.csv")],
        &["check", "--require", "deals_won >= 0 per owner", "--week", "2026-W40", "-o", &path("k.xlsx")],
        &["inspect", "--config-origins", "--format", "csv", "-o", &path("l.csv")],
    ];
    // Twice, as every Monday.
    for _ in 0..2 {
        for args in written {
            let output = run(args);
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(run(&["report", "--format", "csv"]).stdout == plain, "results among the exports change the numbers");
    }
    let deals = path("hubspot-crm-exports-all-deals-2026-11-16.csv");
    let before = std::fs::read(&deals).unwrap();
    for args in [["report", "-o", &deals], ["inspect", "--refused", &deals]] {
        let output = run(&[&args[..], &["--format", "csv"]].concat());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(std::fs::read(&deals).unwrap() == before, "{args:?} wrote over an export");
    }
}

#[test]
fn nothing_is_written_over_what_a_run_is_set_up_with() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/crm/currencies");
    for entry in std::fs::read_dir(source).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_file()) {
        std::fs::copy(&entry, folder.path().join(entry.file_name().unwrap())).unwrap();
    }
    let (config, rates) = (path("leadlag.toml"), path("rates.csv"));
    let exports = folder.path().display().to_string();
    for file in [&config, &rates] {
        let before = std::fs::read(file).unwrap();
        for args in [
            &["report", "-o", file, "--format", "table"][..],
            &["report", "-o", file, "--format", "csv"],
            &["inspect", "-o", file, "--format", "json"],
            &["check", "--require", "deals_won >= 0 per all", "--junit", file],
        ] {
            let output = program::run(&[args, &[exports.as_str(), "--as-of", "2026-11-16", "--config", &config]].concat());
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(text(&output.stderr).contains("nothing is written over it"), "{args:?}: {}", text(&output.stderr));
            assert!(std::fs::read(file).unwrap() == before, "{args:?} wrote over {file}");
        }
    }
}
