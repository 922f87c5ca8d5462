//! The examples do what their pages say: every command of a page is run in a shell, and what stands below it is what it prints.
//!
//! `LEADLAG_DUCKDB` names a Python that has duckdb and polars; without it, or with neither on the path, that example is said to be skipped.
//! `LEADLAG_BLESS=1 cargo test --test it examples` rewrites the pages.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use calamine::{Data, Reader as _};

use crate::readme::{at_root, replayed, same, text, text_of};

/// The pages of the examples beside the quick start, whose page stands among those for readers.
pub(crate) fn pages() -> Vec<String> {
    let folders = fs::read_dir(at_root("examples")).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = folders.filter(|name| name != "quickstart").map(|name| format!("examples/{name}/README.md")).collect();
    pages.sort();
    pages
}

/// A folder in which commands find the examples and the program, and may write files.
pub(crate) struct Workplace {
    folder: tempfile::TempDir,
}

impl Workplace {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(at_root("examples"), folder.path().join("examples")).unwrap();
        fs::create_dir(folder.path().join("bin")).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_leadlag"), folder.path().join("bin/leadlag")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program of this name that commands find first.
    fn program(&self, name: &str, script: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(&format!("bin/{name}"));
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// What a shell does with a script that stops at the first failure.
    fn shell(&self, script: &str, variables: &[(&str, &str)]) -> Output {
        let found = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command.args(["-euc", script]).current_dir(self.folder.path());
        for name in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE", "LC_ALL", "TZ"] {
            command.env_remove(name);
        }
        command.env("PATH", format!("{}:{found}", self.path("bin").display())).env("HOME", self.path("bin"));
        command.env("XDG_CONFIG_HOME", self.path("bin")).env("LANG", "C.UTF-8").envs(variables.iter().copied());
        command.stdin(std::process::Stdio::null()).output().unwrap()
    }

    /// What a command prints, which must succeed without complaint.
    pub(crate) fn print(&self, command: &str) -> String {
        let output = self.shell(command, &[]);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{command}");
        text(&output.stdout).to_owned()
    }

    /// Runs every command of a page in turn.
    fn replay(&self, page: &str) {
        let mut scripts = 0;
        let run = &mut |script: &str| {
            scripts += 1;
            self.print(script);
        };
        let (replayed, commands) = replayed(&text_of(page), &mut |command| self.print(command), run);
        assert!(commands + scripts > 0, "{page} shows no command");
        same(page, &replayed);
    }
}

/// Says on the terminal what was not tested, which the test runner would keep to itself.
pub(crate) fn skipped(what: &str) {
    // `eprintln!` is what the runner keeps.
    let mut terminal = std::io::stderr();
    terminal.write_all(format!("skipped: {what}\n").as_bytes()).unwrap();
}

/// Whether a program can be run.
pub(crate) fn there_is(program: &str) -> bool {
    Command::new("sh").args(["-c", &format!("command -v {program}")]).output().is_ok_and(|output| output.status.success())
}

#[test]
fn every_example_has_a_page_that_the_main_page_names() {
    let readme = text_of("README.md");
    let found = pages();
    assert!(found.len() >= 4, "{found:?}");
    for page in found {
        let folder = page.strip_suffix("/README.md").unwrap();
        assert!(readme.contains(&format!("({folder})")), "README.md does not name {folder}");
        assert!(text_of(&page).starts_with("# "), "{page}");
    }
}

#[test]
fn a_spreadsheet_gets_what_it_can_open() {
    let place = Workplace::new();
    place.replay("examples/spreadsheet/README.md");
    let bytes = fs::read(place.path("flash.csv")).unwrap();
    let csv = text(bytes.strip_prefix(b"\xef\xbb\xbf").expect("a byte order mark"));
    let rows: Vec<Vec<&str>> = csv.split("\r\n").map(|line| line.split(';').collect()).collect();
    let at = |name: &str| rows[0].iter().position(|heading| *heading == name).unwrap();
    let of = |measure: &str| rows.iter().find(|row| row[0] == "all" && row[at("measure")] == measure).unwrap()[at("value")];
    assert_eq!((of("new_prospect_meetings"), of("client_hours")), ("35", "106,50"));

    let mut book: calamine::Xlsx<_> = calamine::open_workbook(place.path("flash.xlsx")).unwrap();
    let tidy = book
        .worksheets()
        .into_iter()
        .map(|(_, sheet)| sheet)
        .find(|sheet| sheet.rows().next().is_some_and(|row| row.iter().any(|c| *c == "measure")));
    let tidy = tidy.expect("a sheet of the tidy values");
    let at = |name: &str| tidy.rows().next().unwrap().iter().position(|cell| *cell == name).unwrap();
    let row = |measure: &str| tidy.rows().find(|row| row[0] == "all" && row[at("measure")] == measure).unwrap();
    for (measure, value) in [("new_prospect_meetings", 35.0), ("client_hours", 106.5)] {
        assert_eq!(row(measure)[at("value")], Data::Float(value), "{measure}");
    }
}

/// What `duckdb` does for the options that the page uses, for who has it in Python alone.
const DUCKDB: &str = "import csv, sys, duckdb
answer = duckdb.connect().execute(sys.argv[sys.argv.index('-c') + 1])
out = csv.writer(sys.stdout, lineterminator='\\n')
out.writerow(column[0] for column in answer.description)
out.writerows(answer.fetchall())
";

#[test]
fn duckdb_and_polars_read_the_values_of_the_json() {
    let place = Workplace::new();
    let Some(python) = std::env::var("LEADLAG_DUCKDB").ok().filter(|python| !python.is_empty()) else {
        return skipped("examples/duckdb: LEADLAG_DUCKDB names no Python that has duckdb and polars");
    };
    place.program("python", &format!("#!/bin/sh\nexec '{python}' \"$@\"\n"));
    if !there_is("duckdb") {
        fs::write(place.path("bin/duckdb.py"), DUCKDB).unwrap();
        let script = place.path("bin/duckdb.py");
        place.program("duckdb", &format!("#!/bin/sh\nexec '{python}' -I '{}' \"$@\"\n", script.display()));
    }
    place.replay("examples/duckdb/README.md");
}

#[test]
fn the_weekly_script_writes_the_page_and_says_who_is_below() {
    let place = Workplace::new();
    place.replay("examples/weekly-cron/README.md");
    let page = fs::read_to_string(place.path("flash/flash.html")).unwrap();
    assert!(page.contains("Tarnwick Pumps") && page.contains("Grant Whitfield"));
    let written = || serde_json::from_str::<serde_json::Value>(&fs::read_to_string(place.path("flash/flash.json")).unwrap()).unwrap();
    assert_eq!(written()["as_of"], "2026-11-16");

    // A week before, it is compared with nothing; a week after, with that.
    let run = |folder: &str, as_of: &str| {
        place.shell(&format!("examples/weekly-cron/flash.sh examples/quickstart {folder} --as-of {as_of}"), &[])
    };
    assert_eq!(run("weekly", "2026-11-09").status.code(), Some(1));
    place.print("touch -d '2 days ago' weekly/flash.json");
    let second = run("weekly", "2026-11-16");
    assert_eq!((second.status.code(), text(&second.stderr)), (Some(1), ""));
    assert!(text(&second.stdout).contains("Grant Whitfield"), "cron has nothing to mail");
    let last = serde_json::from_str::<serde_json::Value>(&fs::read_to_string(place.path("weekly/last.json")).unwrap()).unwrap();
    assert_eq!(last["as_of"], "2026-11-09");

    // What cannot be made leaves the report that is there.
    let before = fs::read(place.path("weekly/flash.html")).unwrap();
    let none = place.shell("examples/weekly-cron/flash.sh nowhere weekly", &[]);
    assert_eq!((none.status.code(), text(&none.stdout)), (Some(2), ""));
    assert!(text(&none.stderr).contains("nowhere"));
    assert_eq!(fs::read(place.path("weekly/flash.html")).unwrap(), before);

    // Exports that end before the week does are no silence either.
    let stale = run("weekly", "2026-12-25");
    assert_eq!(stale.status.code(), Some(2));
    assert!(text(&stale.stderr).contains("2026-11-15"), "{}", text(&stale.stderr));
}

/// The line that cron runs is a line that cron reads, and what it runs can be run.
#[test]
fn the_crontab_runs_the_script_on_mondays() {
    let crontab = text_of("examples/weekly-cron/crontab");
    let jobs: Vec<&str> = crontab.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    let [job] = jobs.as_slice() else { panic!("{crontab}") };
    let fields: Vec<&str> = job.split_whitespace().collect();
    assert_eq!(fields[..5], ["0", "7", "*", "*", "1"]);
    // A percent sign means a new line to cron.
    assert!(fields[5].ends_with("/flash.sh") && fields.len() == 8 && !job.contains('%'));
    let place = Workplace::new();
    place.print("test -x examples/weekly-cron/flash.sh && sh -n examples/weekly-cron/flash.sh");
}

/// The scripts under `run:` of a workflow, each with the name of its step.
fn steps(workflow: &str) -> Vec<(String, String)> {
    let (mut found, mut name) = (Vec::new(), String::new());
    let mut lines = workflow.lines().peekable();
    let indent = |line: &str| line.len() - line.trim_start().len();
    while let Some(line) = lines.next() {
        let key = line.trim_start().trim_start_matches("- ");
        if let Some(said) = key.strip_prefix("name: ") {
            said.clone_into(&mut name);
        }
        let Some(script) = key.strip_prefix("run: ") else { continue };
        let mut script = script.to_owned();
        if script == "|" {
            script.clear();
            while let Some(more) = lines.next_if(|more| indent(more) > indent(line)) {
                script.extend([more.trim_start(), "\n"]);
            }
        }
        found.push((name.clone(), script));
    }
    found
}

#[test]
fn the_workflow_checks_annotates_and_shows_the_page() {
    let place = Workplace::new();
    place.replay("examples/github-check/README.md");
    let workflow = text_of("examples/github-check/workflow.yml");
    assert!(!workflow.contains('\t'), "YAML takes no tabs");
    let steps = steps(&workflow);
    assert_eq!(steps.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Install", "Check", "Show the page"]);
    let summary = place.path("summary.md");
    let variables =
        [("EXPORTS", "examples/quickstart"), ("OPTIONS", "--as-of 2026-11-16"), ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap())];

    let check = place.shell(&steps[1].1, &variables);
    assert_eq!(check.status.code(), Some(1), "{}", text(&check.stderr));
    let annotations: Vec<&str> = text(&check.stdout).lines().filter(|line| line.starts_with("::error")).collect();
    assert!(annotations.iter().any(|line| line.contains("Grant Whitfield")), "{}", text(&check.stdout));
    let junit = fs::read_to_string(place.path("leadlag.xml")).unwrap();
    let junit = roxmltree::Document::parse(&junit).unwrap();
    assert_eq!(junit.root_element().tag_name().name(), "testsuites");
    assert!(junit.descendants().any(|node| node.has_tag_name("failure")));

    let show = place.shell(&steps[2].1, &variables);
    assert_eq!((show.status.code(), text(&show.stderr)), (Some(0), ""));
    let page = fs::read_to_string(summary).unwrap();
    assert!(
        page.contains("Tarnwick Pumps") && page.lines().any(|line| line.starts_with("| ") && line.contains("Grant Whitfield")),
        "{page}"
    );
}

#[test]
fn steps_of_a_workflow_are_found() {
    let workflow =
        "steps:\n  - uses: a\n  - name: One\n    run: echo 1\n  - name: Two\n    run: |\n      echo 2 \\\n        and\n    if: x\n";
    assert_eq!(steps(workflow), [("One".into(), "echo 1".into()), ("Two".to_owned(), "echo 2 \\\nand\n".to_owned())]);
}
