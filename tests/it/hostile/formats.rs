//! Text that is made to hurt, as owners, teams, subjects, accounts, deals, files, titles and words of a measure, through every format there is:
//! no spreadsheet, terminal, page or chat finds anything in it but text, and ordinary names come out as they went in.
//!
//! A format is judged by a reader of its own in [`JUDGES`]; one without a judge fails.

use std::path::Path;
use std::process::Command;

use leadlag::render::FORMATS;
use serde_json::Value as Json;

use super::super::program;
use super::markdown;
use super::pages::{html, xlsx};

/// What an export may hold and no format may obey.
const HOSTILE: &[&str] = &[
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "=2+2",
    "@SUM(A1)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "=DDE(\"cmd\";\"/C calc\";\"x\")",
    "＝1+1",
    "a;=1+1",
    "a,@SUM(1)",
    "x;\"=1+1\"",
    "tab\t=1+1",
    "line\n=1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- comment -->",
    "\"><svg onload=alert(1)>",
    "&lt;b&gt; &#64;",
    "{{7*7}} ${7*7} %s%n",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{1b}]8;;http://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{9b}2Jbell\u{7}back\u{8}",
    "safe\u{202e}fdp.exe",
    "zero\u{200b}width",
    "car\rriage",
    "pi|pe \\| two",
    "`tick` ``two",
    "*bold* _it_ ~~gone~~",
    "[link](http://evil.example) ![p](x)",
    "@octocat and #12",
    "ana@evil.example",
    "www.evil.example",
    ":tada:",
    "$x$ y$",
    "# heading",
    "- item",
    "1. item",
    "---",
    "back\\",
];

/// What is no code, though some of it looks like it.
const ORDINARY: &[&str] = &[
    "Brian O'Dell",
    "Müller & Söhne",
    "Smith-Jones",
    "مریم",
    "田中 太郎",
    "👩\u{200d}💻 dev",
    "+49 30 1234",
    "00123",
    "-1,234.50",
    "R&D",
    "C#",
    "snake_case_name",
];

/// What one command wrote in one format.
pub(super) struct Written {
    /// The command line.
    pub(super) command: String,
    /// Its standard output.
    pub(super) bytes: Vec<u8>,
    /// Every text that it shows whole and as the exports have it, unless its format has to shorten or disarm it.
    pub(super) shows: Vec<String>,
}

impl Written {
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.bytes).unwrap_or_else(|e| panic!("{}: {e}", self.command))
    }
}

/// A reader of a format, which fails where text has become more than text.
type Judge = fn(&Written);

/// Who judges which format.
const JUDGES: &[(&str, Judge)] =
    &[("table", table), ("csv", csv), ("tsv", tsv), ("json", json), ("markdown", markdown), ("html", html), ("xlsx", xlsx)];

/// The options with which a format is tried beside none.
const OPTIONS: &[(&str, &[&str])] = &[
    ("table", &["--color=always", "--ascii"]),
    ("csv", &["--excel", "--wide", "--ascii"]),
    ("tsv", &["--excel", "--wide"]),
    ("json", &["--ascii"]),
    ("markdown", &["--ascii"]),
    ("html", &["--ascii"]),
    ("xlsx", &["--ascii"]),
];

/// A name longer than any page.
fn long() -> String {
    "x".repeat(10_000)
}

fn names() -> Vec<String> {
    HOSTILE.iter().chain(ORDINARY).map(|&name| name.to_owned()).chain([long()]).collect()
}

fn title() -> String {
    HOSTILE.join(" / ").replace(['\n', '\r', '\t'], " ")
}

/// Exports in which every text that reaches an output is one of the names.
fn exports(folder: &Path) {
    let csv = |name: &str, rows: Vec<Vec<String>>| {
        let mut writer = ::csv::Writer::from_path(folder.join(name)).unwrap();
        for row in rows {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
    };
    let row = |cells: &[&str]| cells.iter().map(|&cell| cell.to_owned()).collect::<Vec<_>>();
    let mut activities = vec![row(&["Activity ID", "Date", "Type", "Subject", "Owner", "Account", "Status", "Duration"])];
    let mut deals = vec![row(&["deal_id", "deal_name", "rep_name", "account", "stage", "amount", "close_date", "created_date"])];
    let mut people = vec![row(&["name", "team", "role"])];
    for (at, name) in names().iter().enumerate() {
        activities.push(row(&[&format!("A{at}"), "2026-11-10", "Meeting", name, name, name, "Held", "30"]));
        deals.push(row(&[&format!("D{at}"), name, name, name, "Closed Won", "-1234.50", "2026-11-11", "2026-11-02"]));
        people.push(row(&[name, name, "rep"]));
    }
    csv(if cfg!(unix) { "=1+1 \u{1b}[31m<b>|`@octocat`\u{202e}\n.csv" } else { "=1+1 @octocat.csv" }, activities);
    csv("@SUM(A1).csv", deals);
    csv("people.csv", people);
    let quoted = |text: &str| serde_json::to_string(text).unwrap().replace("\\/", "/");
    let measure = format!(
        "role = \"lead\"\nsays = {says}\nlabel = {label}\nfrom = \"activities\"\non = \"day\"\nwhere = \"customer_meeting\"\nvalue = \"count\"\nteam = \"union\"\n",
        says = quoted(&title()),
        label = quoted("<b>|=1+1\n@octocat"),
    );
    let text =
        format!("[report]\ntitle = {}\nleads = [\"hostile\"]\nlags = [\"revenue\"]\n\n[measure.hostile]\n{measure}", quoted(&title()));
    std::fs::write(folder.join("leadlag.toml"), text).unwrap();
}

/// Runs the binary among the exports.
fn run(folder: &Path, args: &[&str]) -> std::process::Output {
    let nowhere = folder.join("no-such-folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.args(args).args([".", "--as-of", "2026-11-16"]).current_dir(folder);
    command.env("HOME", &nowhere).env("XDG_CONFIG_HOME", &nowhere).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command.output().unwrap()
}

#[test]
fn no_format_makes_anything_of_a_text_but_text() {
    let folder = tempfile::tempdir().unwrap();
    exports(folder.path());
    let commands: [(&[&str], Vec<String>); 4] = [
        (&["report", "--through", "2026-11-15"], names()),
        (&["explain", "hostile", "--all", "--through", "2026-11-15"], names()),
        (&["explain", "revenue", "--all", "--through", "2026-11-15"], names()),
        (&["inspect", "-v"], Vec::new()),
    ];
    let mut tries = Vec::new();
    for format in FORMATS {
        let judge = JUDGES.iter().find(|(name, _)| *name == format.name).map(|(_, judge)| *judge);
        let judge =
            judge.unwrap_or_else(|| panic!("nobody judges what {} makes of hostile text: add a reader of it to JUDGES", format.name));
        let options = OPTIONS.iter().find(|(name, _)| *name == format.name).map_or(&[][..], |(_, options)| *options);
        for (command, shows) in &commands {
            tries.push((format.name, *command, None, judge, shows));
            // Of deals and of what was understood, no option changes how a text is spelled.
            let options = if shows.is_empty() || command.contains(&"revenue") { &[] } else { options };
            tries.extend(options.iter().map(|option| (format.name, *command, Some(*option), judge, shows)));
        }
    }
    program::each(&tries, |(format, command, option, judge, shows)| {
        let args: Vec<&str> = command.iter().copied().chain(["--format", format]).chain(*option).collect();
        let ran = run(folder.path(), &args);
        assert_eq!(ran.status.code(), Some(0), "{args:?}: {}", String::from_utf8_lossy(&ran.stderr));
        let shows = if *option == Some("--wide") || *option == Some("--ascii") { Vec::new() } else { (*shows).clone() };
        judge(&Written { command: format!("{args:?}"), bytes: ran.stdout, shows });
        // What is said of it is for a terminal.
        table(&Written { command: format!("{args:?} on stderr"), bytes: ran.stderr, shows: Vec::new() });
    });
}

/// What is said of bad files and cells is safe too, and so is what is said of names on the command line.
#[test]
fn diagnostics_show_what_they_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = if cfg!(unix) { "\u{1b}[2Jx\u{202e}\r\n.csv" } else { "x.csv" };
    let quoted = |name: &str| format!("\"{}\"", name.replace('"', "\"\""));
    let rows: Vec<String> = HOSTILE.iter().map(|name| format!("{0},Meeting,{0},Ana,{0},Held,{0}", quoted(name))).collect();
    let text = format!("Date,Type,Subject,Owner,Account,Status,Duration\n2026-11-10,Meeting,x,Ana,y,Held,30\n{}\n", rows.join("\n"));
    std::fs::write(folder.path().join(file), text).unwrap();
    std::fs::write(folder.path().join("\u{7f}unknown.csv"), "a\u{1b}[31m,b\n1,2\n").unwrap();
    for args in [
        &["report", "-v", "--through", "2026-11-15", "--color=always"][..],
        &["report", "--through", "2026-11-15", "--owner", "\u{1b}[31m\u{202e}nobody"],
        &["explain", "\u{1b}]0;title\u{7}", "--through", "2026-11-15"],
        &["inspect", "-v", "--ascii"],
        &["inspect", "--crm", "\u{1b}[31m.toml"],
        &["report", "-o", "no\u{1b}[31m\u{202e}folder/x.csv", "--through", "2026-11-15"],
    ] {
        let ran = run(folder.path(), args);
        assert_ne!(ran.status.code(), Some(101), "{args:?}");
        assert!(!ran.stderr.is_empty(), "{args:?} says nothing");
        table(&Written { command: format!("{args:?}"), bytes: ran.stdout, shows: Vec::new() });
        table(&Written { command: format!("{args:?} on stderr"), bytes: ran.stderr, shows: Vec::new() });
    }
}

/// Whether a terminal, or a reader, is made to do something by the character without showing it.
pub(super) fn obeyed(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// The text as a page shows it: a picture of each control character, the number of what else is unseen.
pub(super) fn shown(text: &str) -> String {
    let of = |c: char| match u32::from(c) {
        code @ 0..0x20 => char::from_u32(0x2400 + code).unwrap().to_string(),
        0x7f => "␡".to_owned(),
        code if obeyed(c) => format!("<U+{code:04X}>"),
        _ => c.to_string(),
    };
    text.chars().map(of).collect()
}

/// The text without the colors that are the program's own: bold, dim and green, red and yellow only where they are bold too.
fn uncolored(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        if let Some(("0" | "1" | "2" | "32" | "1;2" | "1;31" | "1;32" | "1;33", rest)) = part.split_once('m') {
            out.push_str(rest);
        } else {
            out.push_str("\u{1b}[");
            out.push_str(part);
        }
    }
    out
}

fn table(written: &Written) {
    let text = if written.command.contains("--color=always") { uncolored(written.text()) } else { written.text().to_owned() };
    let bad = text.chars().find(|&c| c != '\n' && obeyed(c));
    assert_eq!(bad, None, "{}: a terminal obeys {:?}", written.command, bad.map(u32::from));
    for name in ORDINARY.iter().filter(|name| written.shows.iter().any(|shown| shown == *name)) {
        assert!(text.contains(name), "{}: {name} is not to be seen", written.command);
    }
}

/// Whether a spreadsheet that gets this cell runs it.
fn runs(cell: &str) -> bool {
    let number = |rest: &str| rest.chars().all(|c| c.is_ascii_digit() || " ()-.,/".contains(c));
    match cell.chars().next() {
        Some('+' | '-') => !number(cell.split_at(1).1),
        Some('=' | '@' | '＝' | '＋' | '－' | '＠') => true,
        _ => false,
    }
}

fn csv(written: &Written) {
    delimited(written, if written.command.contains("--excel") { b';' } else { b',' });
}

fn tsv(written: &Written) {
    delimited(written, b'\t');
}

/// The cells as a spreadsheet gets them that splits at this separator, whether it minds quotation marks or not.
fn cells(text: &str, separator: u8, quoting: bool) -> Vec<Vec<String>> {
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(separator).quoting(quoting).flexible(true).has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn delimited(written: &Written, own: u8) {
    let text = written.text();
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let bad = text.chars().find(|&c| !matches!(c, '\n' | '\r' | '\t') && obeyed(c));
    assert_eq!(bad, None, "{}", written.command);
    for separator in *b",;\t" {
        for quoting in [true, false] {
            for cell in cells(text, separator, quoting).concat() {
                assert!(!runs(&cell), "{}: split at {:?}, {cell:?} is a formula", written.command, char::from(separator));
            }
        }
    }
    let rows = cells(text, own, true);
    let width = rows[0].len();
    assert!(width > 4 && rows.iter().all(|row| row.len() == width), "{}: rows of several lengths", written.command);
    let all: Vec<&String> = rows.iter().flatten().collect();
    assert!(!all.iter().any(|cell| runs(cell.trim_start()) || cell.starts_with(['\t', '\r', '\n'])), "{}", written.command);
    for name in &written.shows {
        let plain = |text: &str| text.replace('\'', "");
        // A tab and a line break stay; an apostrophe is all that is added, and none where there is nothing to disarm.
        let kept = if ORDINARY.contains(&name.as_str()) {
            name.clone()
        } else {
            plain(&name.split(['\n', '\t']).map(shown).collect::<Vec<_>>().join(" "))
        };
        let same =
            |cell: &str| if ORDINARY.contains(&name.as_str()) { cell == kept } else { plain(&cell.replace(['\n', '\t'], " ")) == kept };
        assert!(all.iter().any(|cell| same(cell)), "{}: {kept:?} is in no cell", written.command);
    }
}

/// All texts of a JSON value.
fn texts(json: &Json, into: &mut Vec<String>) {
    match json {
        Json::String(text) => into.push(text.clone()),
        Json::Array(list) => list.iter().for_each(|json| texts(json, into)),
        Json::Object(members) => members.values().for_each(|json| texts(json, into)),
        _ => {}
    }
}

fn json(written: &Written) {
    let text = written.text();
    let bad = text.chars().find(|&c| c != '\n' && obeyed(c));
    assert_eq!(bad, None, "{}: not escaped", written.command);
    let read: Json = serde_json::from_str(text).unwrap_or_else(|e| panic!("{}: {e}", written.command));
    let mut all = Vec::new();
    texts(&read, &mut all);
    for name in &written.shows {
        assert!(all.contains(name), "{}: {name:?} is not exactly so in it", written.command);
    }
    if written.command.contains("report") {
        assert_eq!(read["title"].as_str(), Some(title().as_str()));
    }
}

fn markdown(written: &Written) {
    let read = markdown::read(written.text()).unwrap_or_else(|e| panic!("{}: {e}", written.command));
    for name in written.shows.iter().filter(|name| name.len() < 200) {
        let shown = shown(name);
        assert!(read.cells.contains(&shown), "{}: no cell shows {shown:?}", written.command);
    }
    let heading = read.headings.first().expect("a heading");
    if written.command.contains("report") && !written.command.contains("--ascii") {
        assert_eq!(*heading, shown(&title()), "{}", written.command);
    }
}
