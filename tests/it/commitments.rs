//! Commitments: which are read and from where, what says whether they were kept, the blank form, and the section of the report.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use super::program;

const SPECIMEN: &str = "fixtures/crm/commitments";
const AS_OF: &str = "2026-11-16";

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The exports of the specimen with another commitments file, and what else stands beside it.
fn folder(commitments: &str, more: &[(&str, &str)]) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for name in ["people.csv", "activities.csv", "deals.csv"] {
        fs::copy(format!("{SPECIMEN}/{name}"), place.path().join(name)).unwrap();
    }
    if !commitments.is_empty() {
        fs::write(place.path().join("commitments.csv"), format!("week,person,text,measure,amount,kept\n{commitments}")).unwrap();
    }
    for (name, content) in more {
        fs::write(place.path().join(name), content).unwrap();
    }
    place
}

fn run(command: &[&str], folder: &str, more: &[&str]) -> Output {
    program::run(&[command, &[folder, "--as-of", AS_OF, "-v"], more].concat())
}

/// The commitments of a week: text → whose, whether it was kept, and by what.
fn listed(folder: &str, more: &[&str]) -> BTreeMap<String, (String, String, String)> {
    let output = run(&["explain", "commitments"], folder, &[more, &["--format", "csv"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let mut reader = csv::Reader::from_reader(&output.stdout[..]);
    let headings = reader.headers().unwrap().clone();
    let rows = reader.records().map(Result::unwrap).filter(|row| &row[0] == "counted");
    let cell = |row: &csv::StringRecord, name: &str| row[headings.iter().position(|h| h == name).unwrap()].to_owned();
    rows.map(|row| (cell(&row, "subject"), (cell(&row, "owner"), cell(&row, "outcome"), cell(&row, "kind")))).collect()
}

fn is(who: &str, kept: &str, by: &str) -> (String, String, String) {
    (who.to_owned(), kept.to_owned(), by.to_owned())
}

/// One commitment of a person in a week, judged.
fn judged(row: &str, more: &[(&str, &str)], week: &str) -> (String, String) {
    let place = folder(row, more);
    let config = place.path().join("leadlag.toml").display().to_string();
    let options = if more.iter().any(|(name, _)| *name == "leadlag.toml") { vec!["--config", config.as_str()] } else { Vec::new() };
    let found = listed(&place.path().display().to_string(), &[&["--week", week], &options[..]].concat());
    let one = found.get("X").unwrap_or_else(|| panic!("{row}: {found:?}"));
    (one.1.clone(), one.2.clone())
}

#[test]
fn each_is_judged_by_what_says_most() {
    let found = listed(SPECIMEN, &["--week", "2026-W46"]);
    let expected = [
        ("Two presentations", is("Ana Silva", "kept", "measure")),
        ("Visit Alder", is("Ben Roth", "not kept", "file")),
        ("2 customer meetings", is("Ben Roth", "not kept", "measure")),
        ("Ride with Cleo", is("Kim Berg", "kept", "file")),
        ("Sell more", is("Ann Sylva", "kept", "file")),
        ("call every idle customer", is("Cleo Diaz", "kept", "status")),
        ("Much", is("Cleo Diaz", "kept", "file")),
    ];
    assert_eq!(found, expected.map(|(text, is)| (text.to_owned(), is)).into());
    // The task of W45 is still open, but the file says that it was kept.
    assert_eq!(listed(SPECIMEN, &["--week", "2026-W45"])["finish the plan"], is("Ana Silva", "kept", "file"));
    let next = listed(SPECIMEN, &["--week", "2026-W47"]);
    assert_eq!(next["Three presentations"], is("Ana Silva", "open", ""), "a week to come can't be kept");
    assert_eq!(next["1 presentation"], is("Cleo Diaz", "open", ""));
}

#[test]
fn a_measure_judges_by_amount_target_or_not_at_all() {
    let week = "2026-W46";
    // Ana gave two presentations in W46.
    for (row, kept, by) in [
        ("2026-W46,Ana Silva,X,presentations,2,", "kept", "measure"),
        ("2026-W46,Ana Silva,X,presentations,3,", "not kept", "measure"),
        ("2026-W46,Ana Silva,X,Presentations,3,yes", "not kept", "measure"),
        // Fewer no-shows are better.
        ("2026-W46,Ana Silva,X,missed_meetings,0,", "kept", "measure"),
        // Without an amount or a target nothing can be judged but the file's word.
        ("2026-W46,Ana Silva,X,presentations,,", "open", ""),
        ("2026-W46,Ana Silva,X,presentations,,no", "not kept", "file"),
        ("2026-W46,Ana Silva,X,presentatoins,1,no", "not kept", "file"),
        ("2026-W46,Ana Silva,X,kept_rate,1,no", "not kept", "file"),
        ("2026-W46,Ana Silva,X,,,offen", "open", ""),
    ] {
        assert_eq!(judged(&format!("{row}\n"), &[], week), (kept.to_owned(), by.to_owned()), "{row}");
    }
    let at_most =
        "[measure.demos]\nrole = \"lead\"\nfrom = \"activities\"\nwhere = \"kind = 'presentation'\"\nvalue = \"count\"\ngood = \"down\"\n";
    for (amount, kept) in [("1", "not kept"), ("2", "kept"), ("3", "kept")] {
        let row = format!("2026-W46,Ana Silva,X,demos,{amount},\n");
        assert_eq!(judged(&row, &[("leadlag.toml", at_most)], week).0, kept, "at most {amount} of two");
    }
    let targets = |n: u32| format!("measure,level,name,from,to,per,value\npresentations,owner,Ana Silva,2026-01-01,,week,{n}\n");
    for (target, kept) in [(2, "kept"), (3, "not kept")] {
        let found = judged("2026-W46,Ana Silva,X,presentations,,\n", &[("targets.csv", &targets(target))], week);
        assert_eq!(found, (kept.to_owned(), "measure".to_owned()), "a target of {target}");
    }
}

#[test]
fn a_measure_waits_until_its_week_is_over() {
    let place = folder("2026-W46,Ana Silva,X,presentations,1,yes\n2026-W46,Ben Roth,Y,,,\n", &[]);
    let path = place.path().display().to_string();
    // On Thursday Ana has given two already, and may still be told otherwise.
    let output = program::run(&["explain", "commitments", &path, "--as-of", "2026-11-12", "--week", "2026-W46", "--format", "csv"]);
    let csv = text(&output.stdout);
    assert!(csv.lines().any(|line| line.contains(",X,") && line.contains(",open,")), "{csv}");
    // The task that is done on Friday is still to be done.
    assert!(csv.lines().any(|line| line.contains("call every idle customer") && line.contains(",open,")), "{csv}");
}

#[test]
fn what_the_file_says_against_its_measure_is_told() {
    let place = folder("2026-W46,Ana Silva,X,presentations,3,yes\n", &[]);
    let output = run(&["report"], &place.path().display().to_string(), &["--sections", "one_thing"]);
    let said = text(&output.stderr);
    assert!(
        said.contains(
            "commitments.csv:2: the file says that the commitment of Ana Silva was kept; presentations was 2 of 3: it counts as not kept"
        ),
        "{said}"
    );
}

#[test]
fn a_text_that_is_a_number_of_a_measure_names_it() {
    let place = folder(
        "2026-W46,Ana Silva,3 presentations,,,\n2026-W46,Ben Roth,Hold 1 customer meeting.,,,\n2026-W46,Cleo Diaz,20 calls a week to new logos,,,yes\n\
         2026-W46,Kim Berg,2 presentations to Alder,,,\n",
        &[],
    );
    let found = listed(&place.path().display().to_string(), &["--week", "2026-W46"]);
    assert_eq!(found["3 presentations"], is("Ana Silva", "not kept", "measure"));
    assert_eq!(found["Hold 1 customer meeting."], is("Ben Roth", "kept", "measure"));
    assert_eq!(found["20 calls a week to new logos"], is("Cleo Diaz", "kept", "file"));
    assert_eq!(found["2 presentations to Alder"], is("Kim Berg", "open", ""));
}

#[test]
fn weeks_are_dates_too_of_one_order_in_a_column() {
    let person = "Ana Silva";
    let place = folder(&format!("09/11/2026,{person},A,,,\n13.11.2026,{person},B,,,\nW46,{person},C,,,\n46,{person},D,,,\n"), &[]);
    let path = place.path().display().to_string();
    assert_eq!(listed(&path, &["--week", "2026-W46"]).len(), 6, "these four and two of tasks");
    let place = folder(&format!("05/10/2026,{person},A,,,\n"), &[]);
    let output = run(&["report"], &place.path().display().to_string(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("error[ambiguous-dates]"), "{}", text(&output.stderr));
    for (week, says) in [
        ("W10", "'W10' names no year, and may be of several"),
        ("2026-W54", "'2026-W54' is no week"),
        ("soon", "'soon' is neither a week nor a date"),
    ] {
        let place = folder(&format!("{week},{person},A,,,\n"), &[]);
        let said = text(&run(&["report"], &place.path().display().to_string(), &[]).stderr);
        assert!(said.contains("commitments.csv:2, column \"week\": ") && said.contains(says), "{week}: {said}");
    }
}

#[test]
fn a_company_has_words_of_its_own_and_a_filter_takes_tasks_out() {
    let config = "[words.commitment]\ntrue = [\"Promise\"]\nfalse = [\"WIG\"]\n";
    let place = folder("", &[("leadlag.toml", config)]);
    let (path, config) = (place.path().display().to_string(), place.path().join("leadlag.toml").display().to_string());
    let more = "A1,Task,Promise: be on time,Ana Silva,,2026-11-20,,Not Started,false\n";
    let activities = fs::read_to_string(place.path().join("activities.csv")).unwrap();
    fs::write(place.path().join("activities.csv"), activities + &more.replace("A1", "A10")).unwrap();
    let found = listed(&path, &["--week", "2026-W47", "--config", &config]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["be on time"]);
    let found = listed(&path, &["--week", "2026-W46", "--where", "activities=kind <> 'task' OR owner = 'Cleo Diaz'"]);
    assert_eq!(found.keys().collect::<Vec<_>>(), ["call every idle customer"]);
}

#[test]
fn a_commitment_is_no_activity_of_what_it_is_about() {
    let place = folder("", &[]);
    let path = place.path().join("activities.csv");
    let with = fs::read_to_string(&path).unwrap()
        + "A10,Task,WIG: product demo for Alder,Ana Silva,Alder Mills,2026-11-12,2026-11-12,Completed,false\n";
    fs::write(&path, with).unwrap();
    let output =
        run(&["report"], &place.path().display().to_string(), &["--leads", "presentations", "--lags", "revenue", "--format", "csv"]);
    assert!(text(&output.stdout).lines().any(|line| line.starts_with("owner,Ana Silva") && line.contains(",presentations,count,2,")));
}

#[test]
fn a_blank_form_has_a_row_for_each_and_is_read_back_without_a_word() {
    let place = folder("", &[]);
    let path = place.path().display().to_string();
    let file = place.path().join("commitments.csv").display().to_string();
    let form = |week: &str, more: &[&str]| run(&["init", "--commitments", week], &path, more);
    let printed = text(&form("2026-W47", &[]).stdout);
    let expected = "week,person,text,measure,amount,kept\n2026-W47,Ana Silva,,,,\n2026-W47,Ben Roth,,,,\n2026-W47,Kim Berg,,,,\n2026-W47,Cleo Diaz,,,,\n";
    assert_eq!(printed, expected, "teams by name, leaders last, without who has left");
    assert_eq!(text(&form("next", &[]).stdout), expected.replace("W47", "W48"));
    assert!(text(&form("2026-10-28", &[]).stdout).contains("2026-W44,Old Hand,,,,"));
    assert_eq!(form("2026-W47", &["-o", &file]).status.code(), Some(0));
    let again = form("2026-W47", &["-o", &file]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("nothing is written over it"));
    let report = program::run(&["report", &path, "--as-of", AS_OF, "--strict"]);
    assert_eq!((report.status.code(), text(&report.stderr)), (Some(0), String::new()));
    assert_eq!(listed(&path, &["--week", "2026-W47"]).len(), 1, "that of a task alone");
    let bad = form("2026-W60", &[]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(text(&bad.stderr).contains("--commitments: no such week"));
}

#[test]
fn without_people_there_is_no_form() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("deals.csv"), "Deal ID,Stage,Amount,Close Date\nD1,Closed Won,1,2026-11-10\n").unwrap();
    let output = run(&["init", "--commitments", "2026-W47"], &place.path().display().to_string(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("nobody is known who sells or leads in 2026-W47"), "{}", text(&output.stderr));
}

#[test]
fn the_section_says_who_has_one_and_what_it_needs() {
    let page = |more: &[&str]| {
        let output = run(&["report"], SPECIMEN, &[&["--sections", "one_thing"], more].concat());
        let page = text(&output.stdout);
        page.split_once("The one thing\n").unwrap().1.to_owned()
    };
    let all = page(&[]);
    // Ana and Kim have one, Ben and Cleo two; the unknown one is in no line, at whatever level the page stops.
    for level in ["all", "team", "owner"] {
        let page = page(&["--by", level]);
        assert!(page.contains("W46   2 of 4 have exactly one · kept 4 of 6 judged · 0 none · 2 too many"), "{level}: {page}");
    }
    assert!(all.contains("W47   2 of 4 have one · still without: Ben Roth, Kim Berg"), "{all}");
    assert!(all.contains("nobody who is known, in no line here · Ann Sylva"), "{all}");
    assert!(page(&["--team", "North"]).contains("1 of 2 have exactly one · kept 1 of 3 judged · 0 none · 1 too many"));
    let north = page(&["--owner", "Kim Berg"]);
    assert!(north.contains("Ride with Cleo") && north.contains("1 of 1 have exactly one"), "{north}");
    assert!(page(&["--week", "2026-W44"]).contains("W44  no commitments are recorded for it"));
    let output = run(&["report"], "fixtures/crm/generic", &["--sections", "one_thing"]);
    assert!(text(&output.stdout).contains("`leadlag init --commitments 2026-W"), "{}", text(&output.stdout));
}

#[test]
fn weeks_without_any_are_not_recorded_and_no_zeros() {
    let value = |folder: &str, week: &str, who: &[&str]| {
        let options = [&["--week", week, "--leads", "commitments", "--lags", "revenue", "--format", "csv"], who].concat();
        let csv = text(&run(&["report"], folder, &options).stdout);
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let row = reader.records().map(Result::unwrap).find(|row| &row[8] == "commitments").unwrap();
        (row[10].to_owned(), row[11].to_owned())
    };
    let is = |value: &str, missing: &str| (value.to_owned(), missing.to_owned());
    assert_eq!(value(SPECIMEN, "2026-W46", &["--owner", "Kim Berg"]), is("1", ""));
    assert_eq!(value(SPECIMEN, "2026-W45", &["--owner", "Kim Berg"]), is("0", ""), "others have some");
    assert_eq!(value(SPECIMEN, "2026-W47", &["--owner", "Kim Berg"]), is("0", ""));
    assert_eq!(value(SPECIMEN, "2026-W44", &["--owner", "Kim Berg"]), is("", "no_data"));
    assert_eq!(value(SPECIMEN, "2026-W48", &["--owner", "Kim Berg"]), is("", "not_yet"));
    assert_eq!(value("fixtures/crm/generic", "2026-W46", &[]), is("", "no_data"));
}

#[test]
fn a_check_can_require_them() {
    let check = |rule: &str| run(&["check"], SPECIMEN, &["--week", "2026-W46", "--require", rule]).status.code();
    assert_eq!(check("kept_rate >= 66% per all"), Some(0));
    assert_eq!(check("kept_rate >= 60% per team"), Some(1), "North kept one of three");
    assert_eq!(check("commitments >= 1 per owner"), Some(0));
    assert_eq!(check("several_commitments <= 2 per all"), Some(0));
}

#[test]
fn a_wrong_measure_takes_nothing_from_the_others() {
    let good = "[measure.good]\nrole = \"lead\"\nfrom = \"activities\"\nwhere = \"\"\"x.\"zone\" = 'N'\"\"\"\nvalue = \"count\"\n";
    let bad = "[measure.bad]\nrole = \"lead\"\nfrom = \"activities\"\nwhere = \"subjct = 1\"\nvalue = \"count\"\n";
    let activities = "id,type,subject,owner,day,outcome,zone\n\
        1,Meeting,Visit,Ana Silva,2026-11-10,held,N\n\
        2,Meeting,Visit,Ana Silva,2026-11-11,held,N\n\
        3,Meeting,Visit,Ana Silva,2026-11-12,held,S\n\
        4,Meeting,Visit,Ana Silva,2026-11-15,held,S\n";
    for config in [good.to_owned(), format!("{good}{bad}"), format!("{bad}{good}")] {
        for (amount, kept) in [("2", "kept"), ("3", "not kept")] {
            let row = format!("2026-W46,Ana Silva,X,good,{amount},\n");
            let found = judged(&row, &[("activities.csv", activities), ("leadlag.toml", &config)], "2026-W46");
            assert_eq!(found, (kept.to_owned(), "measure".to_owned()), "{amount} with {config}");
        }
    }
}

#[test]
fn a_label_of_two_measures_judges_nothing_and_says_so() {
    let two = "[measure.visits]\nrole = \"lead\"\nlabel = \"presen-\\ntations\"\nfrom = \"activities\"\nwhere = \"kind = 'meeting'\"\nvalue = \"count\"\n";
    let place = folder("2026-W46,Ana Silva,Hold 2 presentations,,,\n", &[("leadlag.toml", two)]);
    let config = place.path().join("leadlag.toml").display().to_string();
    let output = run(&["explain", "commitments"], &place.path().display().to_string(), &["--week", "2026-W46", "--config", &config]);
    let said = text(&output.stderr);
    assert!(said.contains("text that is the label of several measures"), "{said}{}", text(&output.stdout));
    assert!(text(&output.stdout).contains("open"), "{}", text(&output.stdout));
}

#[test]
fn a_filtered_task_leaves_its_duplicate() {
    let activities = "id,type,subject,owner,day,outcome,tag\n\
        1,Task,Commitment: X,Ana Silva,2026-11-13,held,a\n\
        2,Task,Commitment: x,Ana Silva,2026-11-13,held,b\n\
        3,Meeting,Visit,Ana Silva,2026-11-22,held,b\n";
    let place = folder("", &[("activities.csv", activities)]);
    let path = place.path().display().to_string();
    let found = |filter: &str| listed(&path, &["--week", "2026-W46", "--where", filter]).into_keys().collect::<Vec<_>>();
    assert_eq!(found("activities=x.\"tag\" <> 'c'"), ["X"]);
    assert_eq!(found("activities=x.\"tag\" <> 'a'"), ["x"]);
    assert_eq!(found("activities=x.\"tag\" <> 'b'"), ["X"]);
}
