//! Whole transcripts of the program over the quick start: what it writes to stdout, to stderr and to files, and its status.
//!
//! `LEADLAG_BLESS=1 cargo test --test it transcripts` writes `fixtures/golden/` anew; then read the difference before it is committed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use super::program;

/// The options that every transcript has and none shows.
const STANDING: &[&str] = &["examples/quickstart", "--as-of", "2026-11-16"];

/// The name of each transcript, the command, and how many lines of stdout are kept (0: all).
const TRANSCRIPTS: &[(&str, &str, usize)] = &[
    ("report", "report", 0),
    ("report-ascii", "report --ascii --sections none", 0),
    ("report-by-team", "report --by team --sections none", 0),
    ("report-owner", "report --owner|Grant Whitfield --sections none", 0),
    ("report-team", "report --team West --sections none", 0),
    ("report-months", "report --period month --periods 3 --sections none", 0),
    ("report-all", "report --period all --sections none", 0),
    ("report-range", "report --from 2026-10-01 --to 2026-11-15 --sections none", 0),
    ("report-week-not-over", "report --week 2026-W47 --sections none", 0),
    ("report-verbose", "report -v --sections none", 0),
    ("report-sections-owner", "report --owner|Brian O'Dell --sections all", 0),
    ("report-sections-ascii", "report --by team --sections whole_job,pipeline --ascii", 0),
    ("report-sections-markdown", "report --sections leaders,one_thing --by team --format markdown", 0),
    ("report-sections-csv", "report --sections leaders --owner|Marta Kowalczyk --format csv", 0),
    ("explain-advances", "explain advances --owner|Hannah Schäfer --week 2026-W45 --near 2", 0),
    ("explain-flag", "explain neglected --owner|Tomás Herrera", 40),
    ("explain-commitments", "explain commitments --owner|Brian O'Dell", 0),
    ("explain-leader", "explain leader_days_since_customer --owner|Marta Kowalczyk --near 2", 0),
    ("check-leaders", "check --require|leader_days_since_customer <= 30 per owner --require|commitments between 1 and 1 per owner", 0),
    ("init-commitments", "init --commitments 2026-W47", 0),
    ("report-csv", "report --format csv --by team --leads presentations,client_hours --sections none", 0),
    ("report-tsv", "report --format tsv --by team --leads presentations --lags revenue --sections none", 0),
    ("report-json", "report --format json --by all --leads presentations --lags profit --sections none", 45),
    ("report-wide", "report --format csv --wide --by team --period month --periods 2 --sections none", 0),
    ("report-excel", "report --format csv --excel --by team --leads client_hours --lags revenue --sections none", 0),
    ("report-markdown", "report --format markdown --sections none", 0),
    ("report-markdown-ascii", "report --format markdown --ascii --by team --sections none", 0),
    ("report-output", "report -o {}/week.csv --by team --leads presentations --lags revenue --sections none", 0),
    ("report-split", "report -o {}/week.txt --split team --sections none", 0),
    ("explain-owner", "explain new_prospect_meetings --owner|Grant Whitfield --near 3", 0),
    ("explain-team", "explain client_hours --team West --near 3", 24),
    ("explain-all", "explain revenue --all", 0),
    ("explain-ratio", "explain no_show_rate --owner|Brian O'Dell --period month --near 1", 0),
    ("explain-too-few", "explain win_rate --owner|Priya Nair --near 1", 0),
    ("explain-missing", "explain new_prospect_meetings --week 2026-W17 --near 2", 0),
    ("explain-csv", "explain profit --owner|Hannah Schäfer --format csv --near 2 --period month", 0),
    ("explain-json", "explain presentations --owner|Hannah Schäfer --format json --near 2", 0),
    ("explain-markdown", "explain new_prospect_meetings --team West --near 3 --format markdown", 0),
    ("nobody-of-that-name", "report --owner|Hanna Schafer --sections none", 0),
    ("no-such-measure", "explain prospect_meting", 0),
    ("no-such-week", "report --week 2026-W60 --sections none", 0),
    ("gap", "gap", 0),
    ("gap-goal", "gap --goal 2M --by team --conversion 20%", 0),
    ("gap-owner", "gap --owner|Grant Whitfield --ascii", 0),
    ("gap-csv", "gap --by team --format csv", 0),
    ("gap-no-such-share", "gap --win-rate 20", 0),
    ("report-year", "report --period year --sections none", 0),
    ("inspect", "inspect", 0),
    ("inspect-csv", "inspect --format csv", 20),
    ("inspect-json", "inspect --format json", 40),
    ("inspect-markdown", "inspect --format markdown", 30),
    ("inspect-origins", "inspect --config-origins", 0),
    ("inspect-refused", "inspect --refused -", 0),
    ("init", "init", 0),
    ("check", "check --require|new_prospect_meetings >= 3 per owner --require|revenue >= 90% of pace per team --require|staffing >= 1", 0),
    ("check-holds", "check --require|presentations >= 1 per team", 0),
    ("check-stale", "check --week 2026-W47 --require|presentations >= 1 per team", 0),
    ("check-github", "check --github --require|new_prospect_meetings >= 3 per owner", 0),
    ("predict", "predict", 0),
    ("predict-csv", "predict --format csv --leads new_prospect_meetings,client_hours --lags deals_won", 0),
    ("predict-json", "predict --format json --leads presentations --lags deals_won", 60),
    ("predict-require", "predict --require --leads presentations,coaching_sessions --lags deals_won --max-lag 8 --ascii", 0),
    ("check-csv", "check --format csv --owner|Brian O'Dell --require|client_hours >= 100% of average per owner", 0),
];

/// The words of a command.
fn words(command: &str) -> Vec<String> {
    let words: Vec<String> = command.split(' ').fold(Vec::new(), |mut words: Vec<String>, word| {
        // A name of two words is written --owner|First Last.
        match words.last_mut() {
            Some(last) if last.contains('|') && !word.starts_with('-') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        words
    });
    words.iter().flat_map(|word| word.split('|')).map(str::to_owned).collect()
}

/// The command line of each transcript.
pub(crate) fn command_lines() -> Vec<Vec<String>> {
    let standing = || STANDING.iter().map(|word| (*word).to_owned());
    TRANSCRIPTS.iter().map(|(_, command, _)| words(command).into_iter().chain(standing()).collect()).collect()
}

/// What a command did, as its reader sees it.
fn transcript(command: &str, lines: usize) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().display().to_string();
    let args: Vec<String> = words(command).into_iter().map(|word| word.replace("{}", &place)).collect();
    let all: Vec<&str> = args.iter().map(String::as_str).chain(STANDING.iter().copied()).collect();
    let output = program::run(&all);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8").replace(&place, "{}");
    let mut out = format!("$ leadlag {} {}\n", command.replace('|', " "), STANDING.join(" "));
    let stdout = text(&output.stdout);
    match stdout.lines().count() {
        n if lines > 0 && n > lines => {
            stdout.lines().take(lines).for_each(|line| writeln!(out, "{line}").expect("a string takes what is written to it"));
            writeln!(out, "[{} more lines]", n - lines).expect("a string takes what is written to it");
        }
        _ => out += &stdout,
    }
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder.path()).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    for file in files {
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        write!(out, "[{name}]\n{}", text(&std::fs::read(&file).expect("a file"))).expect("a string takes what is written to it");
    }
    if !output.stderr.is_empty() {
        write!(out, "[stderr]\n{}", text(&output.stderr)).expect("a string takes what is written to it");
    }
    out + &format!("[status {}]\n", output.status.code().expect("a status"))
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/golden")
}

/// The first line that differs.
fn difference(expected: &str, found: &str) -> String {
    let (mut a, mut b) = (expected.lines(), found.lines());
    for number in 1.. {
        match (a.next(), b.next()) {
            (None, None) => break,
            (a, b) if a != b => {
                return format!("line {number}\n  golden {}\n  found  {}", a.unwrap_or("(no line)"), b.unwrap_or("(no line)"));
            }
            _ => {}
        }
    }
    "in their line ends".to_owned()
}

#[test]
fn the_program_says_what_the_transcripts_say() {
    let bless = std::env::var_os("LEADLAG_BLESS").is_some_and(|value| value == "1");
    let problems: Vec<String> = program::each(TRANSCRIPTS, |(name, command, lines)| {
        let found = transcript(command, *lines);
        let path = golden().join(format!("{name}.txt"));
        if bless {
            std::fs::write(&path, found).expect("a transcript is written");
            return None;
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        (expected != found).then(|| format!("{name}: {}", difference(&expected, &found)))
    })
    .into_iter()
    .flatten()
    .collect();
    assert!(problems.is_empty(), "{}\n(LEADLAG_BLESS=1 writes them anew)", problems.join("\n"));
}

#[test]
fn each_transcript_is_somebodys_and_they_stay_small() {
    let names: BTreeSet<String> = TRANSCRIPTS.iter().map(|(name, ..)| format!("{name}.txt")).collect();
    let mut found = BTreeSet::new();
    let mut bytes = 0;
    for entry in std::fs::read_dir(golden()).expect("fixtures/golden") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().to_string_lossy().into_owned();
        // The help texts have a test of their own.
        if !name.starts_with("help-") {
            bytes += entry.metadata().expect("its size").len();
            found.insert(name);
        }
    }
    assert_eq!(found, names);
    assert!(bytes < 200_000, "{bytes} bytes of transcripts");
}

/// Pages are at most 100 columns wide where there is no terminal to say otherwise, and without a trace of color.
#[test]
fn pages_fit_in_a_hundred_columns() {
    // Annotations are lines of a log, and a configuration is a file, whose lines are as long as what they set.
    let is_page = |command: &str| !["--format", "-o ", "--github"].iter().any(|other| command.contains(other)) && command != "init";
    for (name, command, _) in TRANSCRIPTS.iter().filter(|(_, command, _)| is_page(command)) {
        let text = std::fs::read_to_string(golden().join(format!("{name}.txt"))).expect("a transcript");
        assert!(!text.contains('\u{1b}'), "{name}");
        for line in text.lines().skip(1).take_while(|line| !line.starts_with("[stderr]")) {
            assert!(line.chars().count() <= 100, "{name} ({command}): {line}");
            assert!(line == line.trim_end(), "{name}: blanks at the end of a line");
        }
    }
    let ascii = std::fs::read_to_string(golden().join("report-ascii.txt")).expect("a transcript");
    let page = ascii.lines().skip(1);
    // Names from the exports stay as they are.
    let foreign: BTreeSet<char> = page.flat_map(str::chars).filter(|c| !c.is_ascii()).collect();
    assert!(foreign.iter().all(|c| c.is_alphabetic()), "{foreign:?}");
}
