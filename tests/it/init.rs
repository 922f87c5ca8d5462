//! `leadlag init`: what it writes changes no number, says what could not be decided, and harms no file.

use std::fs;

use super::inspect::folders;
use super::program;

const AS_OF: &str = "2026-11-16";

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_report_with_the_file_has_the_numbers_of_one_without() {
    let place = tempfile::tempdir().unwrap();
    for (n, folder) in folders().into_iter().enumerate() {
        let path = place.path().join(format!("{n}.toml"));
        let config = path.display().to_string();
        let written = program::run(&["init", &folder, "--as-of", AS_OF, "-o", &config]);
        assert_eq!((written.status.code(), text(&written.stdout)), (Some(0), String::new()), "{folder}: {}", text(&written.stderr));
        let drafted = fs::read_to_string(&path).unwrap();
        toml::from_str::<toml::Table>(&drafted).unwrap_or_else(|e| panic!("{folder}: {e}\n{drafted}"));
        for period in ["all", "month"] {
            let options = ["--as-of", AS_OF, "--period", period, "--format", "csv"];
            let without = program::run(&[&["report", folder.as_str()][..], &options[..]].concat());
            let with = program::run(&[&["report", "--config", config.as_str()][..], &options[..]].concat());
            assert!(text(&without.stdout) == text(&with.stdout), "{folder} by {period}: other numbers\n{drafted}\n{}", text(&with.stderr));
            assert_eq!(without.status.code(), with.status.code(), "{folder}");
            let stderr = text(&with.stderr);
            let said: Vec<&str> = stderr.lines().filter(|l| l.contains("[config-") && !l.contains("no effect in this version")).collect();
            assert_eq!(said, Vec::<&str>::new(), "{folder}: the drafted file is not understood");
        }
    }
}

#[test]
fn what_the_options_say_is_written_too() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("leadlag.toml").display().to_string();
    let files = ["fixtures/errors/ambiguous-dates/activities.csv", "fixtures/errors/ambiguous-dates/deals.csv"];
    let said = ["--date-order", "dmy", "--where", "deals=amount > 6000", "--as-of", AS_OF];
    let written = program::run(&[&["init"][..], &files[..], &said[..], &["-o", config.as_str()][..]].concat());
    assert_eq!(written.status.code(), Some(0), "{}", text(&written.stderr));
    let without = program::run(&[&["report"][..], &files[..], &said[..], &["--format", "csv"][..]].concat());
    let with = program::run(&["report", "--config", config.as_str(), "--as-of", AS_OF, "--format", "csv"]);
    assert_eq!(without.status.code(), Some(0), "{}", text(&without.stderr));
    assert_eq!(text(&without.stdout), text(&with.stdout));
}

#[test]
fn a_question_is_written_where_nothing_decides() {
    let output = program::run(&[
        "init",
        "fixtures/errors/ambiguous-dates/activities.csv",
        "fixtures/errors/ambiguous-dates/deals.csv",
        "--as-of",
        AS_OF,
    ]);
    assert_eq!(output.status.code(), Some(2), "it cannot be reported on yet");
    let drafted = text(&output.stdout);
    toml::from_str::<toml::Table>(&drafted).unwrap();
    for part in [
        "# QUESTION: does the day or the month come first in 'Date'",
        "2026-11-09 with the day first",
        "# date_order = \"dmy\"   # or \"mdy\"",
    ] {
        assert!(drafted.contains(part), "{part}: {drafted}");
    }
    // Answered, it is reported on.
    let folder = tempfile::tempdir().unwrap();
    let root = env!("CARGO_MANIFEST_DIR");
    let answered = drafted.replace("# date_order =", "date_order =").replace("\"fixtures/", &format!("\"{root}/fixtures/"));
    let config = folder.path().join("leadlag.toml");
    fs::write(&config, answered).unwrap();
    let output = program::run(&["report", "--config", &config.display().to_string(), "--as-of", AS_OF]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
}

#[test]
fn nothing_is_written_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("leadlag.toml");
    fs::write(&path, "# mine\n").unwrap();
    for args in [&["init", "examples/quickstart"][..], &["init", "--crm", "salesforce"][..]] {
        let output = program::run(&[args, &["-o", &path.display().to_string()][..]].concat());
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains("the file exists, and nothing is written over it"), "{}", text(&output.stderr));
        assert_eq!(fs::read_to_string(&path).unwrap(), "# mine\n");
    }
}

/// Text of an export stands in the file as data: it ends no comment and begins no table.
#[test]
fn hostile_words_stay_within_their_comment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("activities.csv");
    let word = "\"\"\"evil\"\" = [\n[calendar]\nweek_starts = \"\"sunday\"\"\u{1b}[2J\r\n#\"";
    let row = |n: u8, text: &str| format!("A{n},Row,{text},Ana,2026-11-{n:02},{text},{text}\n");
    fs::write(&path, format!("Activity ID,Subject,Type,Owner,Date,Account,Outcome\n{}{}", row(9, word), row(10, "Meeting"))).unwrap();
    let output = program::run(&["init", &path.display().to_string(), "--as-of", AS_OF]);
    let drafted = text(&output.stdout);
    let table: toml::Table = toml::from_str(&drafted).unwrap_or_else(|e| panic!("{e}\n{drafted}"));
    assert_eq!(table["calendar"]["week_starts"].as_str(), Some("monday"), "{drafted}");
    assert!(!drafted.contains('\u{1b}'), "{drafted:?}");
}

#[test]
fn each_preset_says_what_to_export() {
    for preset in leadlag::crm::preset::shipped() {
        let output = program::run(&["init", "--crm", &preset.name]);
        assert_eq!(output.status.code(), Some(0), "{}: {}", preset.name, text(&output.stderr));
        let page = text(&output.stdout);
        assert!(page.contains(&preset.label) && page.contains("deals"), "{}: {page}", preset.name);
        for guide in &preset.guides {
            for column in &guide.columns {
                let flat = page.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(flat.contains(column.as_str()), "{}: {column}", preset.name);
            }
        }
    }
    let output = program::run(&["init", "--crm", "no-such-crm"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    assert!(said.contains("no preset is named 'no-such-crm'") && said.contains("salesforce"), "{said}");
}
