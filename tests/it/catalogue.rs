//! The catalogue of diagnostics in the documentation: written from the specimens under `fixtures/errors/`, so that it says what the program says.
//!
//! `LEADLAG_BLESS=1 cargo test --test it catalogue` writes it anew.

use std::fmt::Write as _;
use std::path::Path;

use leadlag::diagnostic::Code;

const PAGE: &str = "src/diagnostic/catalogue.md";
/// So many lines of what a specimen says are shown.
const SHOWN: usize = 12;

fn package() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a case shows, its command and what its user sees.
struct Case {
    shows: String,
    command: String,
    said: String,
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The first case of a code in which the user sees it, else the first of all.
fn case(code: &str) -> Option<Case> {
    let folder = package().join("fixtures/errors").join(code);
    let suffixes = (1..).map(|n| if n == 1 { String::new() } else { format!(".{n}") });
    let cases: Vec<Case> = suffixes
        .take_while(|suffix| folder.join(format!("cmd{suffix}")).exists())
        .map(|suffix| {
            let text = read(&folder.join(format!("cmd{suffix}")));
            let comments = text.lines().filter(|l| l.starts_with("# ")).map(|l| l.trim_start_matches("# ").trim());
            let command = text.lines().find(|l| !l.starts_with('#') && !l.trim().is_empty()).unwrap_or_default();
            Case {
                shows: comments.collect::<Vec<_>>().join(" "),
                command: command.to_owned(),
                said: said(&read(&folder.join(format!("stderr{suffix}"))), &read(&folder.join(format!("stdout{suffix}"))), code),
            }
        })
        .collect();
    let at = cases.iter().position(|c| c.said.contains(&format!("[{code}]"))).or_else(|| cases.iter().position(|c| !c.said.is_empty()));
    cases.into_iter().nth(at.unwrap_or(0))
}

/// The lines about a code: each diagnostic with its hints; where it is in a document alone, the line of that document.
fn said(stderr: &str, stdout: &str, code: &str) -> String {
    let mut lines = Vec::new();
    let mut within = false;
    for line in stderr.lines() {
        if !line.starts_with(' ') {
            within = line.contains(&format!("[{code}]"));
        }
        if within {
            lines.push(line);
        }
    }
    if lines.is_empty() {
        lines.extend(stdout.lines().filter(|l| l.contains(&format!("\"{code}\""))).map(str::trim));
    }
    let more = lines.len().saturating_sub(SHOWN);
    let mut out = lines.iter().take(SHOWN).fold(String::new(), |out, line| out + line + "\n");
    if more > 0 {
        let _ = writeln!(out, "… and {more} lines more");
    }
    out
}

/// What each code stands for: the sentence that stands behind it where the codes are listed.
fn sentence(list: &str, code: &str) -> String {
    let line = list.lines().find(|l| l.contains(&format!(" \"{code}\" "))).unwrap_or_else(|| panic!("{code} is not listed"));
    line.split('"').nth(3).unwrap().to_owned()
}

fn page() -> String {
    let list = read(&package().join("src/diagnostic.rs"));
    let mut out = "# What the program says, and when\n\n\
        Each diagnostic has a code, which stays the same from version to version. Errors are of what was refused: a file, a record, a cell, an \
        option; warnings of numbers that stand but that somebody should look at; notes say what was assumed and are shown with `-v`. An error \
        ends the run with exit code 2 where nothing could be reported, and with `--strict` always; else the rest is counted.\n\n\
        Every example is run by the tests, in a folder of its own under `fixtures/errors/`.\n"
        .to_owned();
    for code in Code::ALL {
        let name = code.name();
        let _ = write!(out, "\n## {name}\n\n{}\n", sentence(&list, name));
        match case(name) {
            Some(case) => {
                let said = if case.said.is_empty() { "(only in the JSON document)\n".to_owned() } else { case.said };
                let _ = write!(out, "\n{}\n\n```text\n$ leadlag {}\n{said}```\n", case.shows, case.command);
            }
            None => out.push_str("\nNo export provokes it.\n"),
        }
    }
    out
}

#[test]
fn the_catalogue_says_what_the_specimens_show() {
    let (path, page) = (package().join(PAGE), page());
    assert!(!page.contains(env!("CARGO_MANIFEST_DIR")), "it names a folder of this machine");
    if std::env::var_os("LEADLAG_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    for (line, (is, should)) in written.lines().zip(page.lines()).enumerate() {
        assert_eq!(is, should, "{PAGE}:{}: write it anew with LEADLAG_BLESS=1", line + 1);
    }
    assert_eq!(written, page, "{PAGE}: write it anew with LEADLAG_BLESS=1");
}
