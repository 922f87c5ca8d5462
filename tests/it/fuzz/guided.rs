//! Bytes that a fuzzer may steer: the reader alone, the reading of tables, and the whole pipeline. Whatever comes, nothing panics, every record
//! is accounted for, and what is made can be read again.
//!
//! `cargo test` runs each over its corpus (`tests/it/fuzz/__fuzz__/<target>/corpus`) and some random inputs; `fuzz/run TARGET SECONDS` lets
//! libFuzzer steer one for long, by the branches that its inputs reach.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::OnceLock;

use bolero::check;
use leadlag::calendar::Calendar;
use leadlag::crm::read::{self, Sheet};
use leadlag::crm::{self, words};
use leadlag::diagnostic::{Code, Severity};
use leadlag::table::Kind;

use super::{check as readable, files, report_of};

/// What a byte above 127 stands for, so that inputs reach further than the first cell.
const WORDS: &[&str] = &[
    ",",
    ";",
    "\t",
    "|",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    "\",\"",
    "2026-10-05",
    "2026-11-09 14:30",
    "2026-11-10T09:00:00.000+0000",
    "5/10/2026",
    "13/10/2026",
    "10/13/2026",
    "05.10.2026 09:15",
    "45631",
    "1791299400000",
    "1970-01-19",
    "TBD",
    "Meeting",
    "Demo",
    "Call",
    "Email",
    "Task",
    "Completed",
    "Held",
    "No show",
    "Canceled",
    "Scheduled",
    "Not Started",
    "Closed Won",
    "closed won ",
    "Closed Lost",
    "Open",
    "Won",
    "Prospecting",
    "true",
    "false",
    "1",
    "0",
    "Yes",
    "Ana Silva",
    "Bruno Costa",
    "ana silva",
    "Altura Foods",
    "Norrby Paper",
    "$1,234.50",
    "1.234,50",
    "45.3k",
    "(1,200.00)",
    "100",
    "-1",
    "USD",
    "EUR",
    "R$ 5",
    "30",
    "1h 30m",
    "0:45",
    "3600",
    "New Business",
    "Existing Business",
    "Total",
    "Subtotal",
    "Grand Totals (5 records)",
    "Id",
    "Name",
    "Owner",
    "Date",
    "Subject",
    "Type",
    "Status",
    "Account Name",
    "Stage",
    "Amount",
    "Close Date",
    "Created Date",
    "Duration",
    "Outcome",
    "Quota",
    "Month",
    "sep=;",
    "\u{feff}",
    "\u{0}",
    "é",
    "ß",
    "\u{202f}",
    "\u{a0}",
    "💥",
    "005Gh00000AbcDEIAZ",
    "001Gh00000aCC01IAG",
    "x@y.example",
];

/// The headings and first rows of the specimens, which a file may begin with.
fn heads() -> &'static [Vec<u8>] {
    static HEADS: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    HEADS.get_or_init(|| {
        let mut folders: Vec<_> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/crm"))
            .expect("the specimens")
            .map(|entry| format!("fixtures/crm/{}", entry.expect("an entry").file_name().to_string_lossy()))
            .collect();
        folders.sort();
        let first = |bytes: Vec<u8>| bytes.split_inclusive(|b| *b == b'\n').take(2).collect::<Vec<_>>().concat();
        let of = |folder: &String| std::panic::catch_unwind(|| files(folder)).unwrap_or_default();
        folders.iter().flat_map(of).map(|(_, bytes)| first(bytes)).collect()
    })
}

/// The text of an input: its first byte may choose a specimen's beginning, and bytes above 127 stand for words.
fn text(input: &[u8]) -> Vec<u8> {
    let Some((first, rest)) = input.split_first() else { return Vec::new() };
    let mut out = heads().get(usize::from(*first)).cloned().unwrap_or_default();
    for byte in rest {
        match WORDS.get(usize::from(*byte).wrapping_sub(128)) {
            Some(word) => out.extend_from_slice(word.as_bytes()),
            None => out.push(*byte & 0x7f),
        }
    }
    out
}

/// One or two files.
fn exports(input: &[u8]) -> Vec<(String, Vec<u8>)> {
    let parts = input.splitn(2, |b| *b == 0xff);
    parts.enumerate().map(|(at, part)| (format!("file-{at}.csv"), text(part))).collect()
}

fn sheet(bytes: &[u8]) {
    for delimiter in [None, Some(b';')] {
        let settings = read::Settings { delimiter, encoding: None };
        match Sheet::open("export.csv", bytes.to_vec(), &settings) {
            Err(diagnostic) => assert_eq!(diagnostic.severity, Severity::Error),
            Ok((sheet, _)) => {
                let wanted: Vec<usize> = (0..=sheet.headings.len()).collect();
                let records = sheet.read(&wanted);
                assert_eq!(records.read, (records.line.len() + records.refused.len()) as u64);
                assert!(records.line.iter().is_sorted_by(|one, other| one < other), "{:?}", records.line);
                assert!(records.line.iter().all(|line| line > sheet.heading_line));
                assert!(records.refused.iter().all(|r| r.diagnostic.severity == Severity::Error));
                assert!(records.columns.len() == wanted.len() && sheet.sample(3).len() <= 3);
            }
        }
    }
}

/// However the work is shared, the records are those that are read one by one.
fn shared(input: &[u8]) {
    let (step, bytes) = input.split_first().map_or((1, input), |(first, rest)| (1 + usize::from(*first % 128), rest));
    let Ok((sheet, _)) = Sheet::open("export.csv", text(bytes), &read::Settings::default()) else { return };
    let columns: Vec<usize> = (0..=sheet.headings.len()).collect();
    let wanted = read::Wanted { dates: &columns, ids: &columns[..1], needed: Some(&columns[..1]), ..read::Wanted::of(&columns) };
    let plainly = sheet.read_plainly(wanted);
    let found = [(step, 1), (step, 3), (1 << 16, 2)].map(|(step, threads)| sheet.read_in_blocks(wanted, step, threads));
    for found in found.iter().flatten() {
        assert_eq!(*found, plainly);
    }
    assert!(found.iter().all(|one| one.is_some() == found[0].is_some()));
}

fn tables(input: &[u8]) {
    let calendar = Calendar::default();
    let settings = crm::Settings {
        presets: leadlag::crm::preset::shipped().into(),
        crm: None,
        date_order: None,
        decimal_mark: None,
        zone: None,
        encoding: None,
        delimiter: None,
        columns: Vec::new(),
        words: BTreeMap::default(),
        missed: None,
        currency: None,
        calendar: &calendar,
        as_of: leadlag::calendar::Day(20_773),
        leaders_sell: false,
        credit: None,
        extras: BTreeMap::default(),
        meter: crm::Meter::default(),
    };
    assert!(words::wrong_words(&settings.words).is_none());
    let inputs = exports(input).into_iter().map(|(name, bytes)| crm::Input {
        name,
        named: false,
        table: None,
        inside: crm::Inside::But(Vec::new()),
        bytes: bytes.into(),
    });
    match crm::load(inputs.collect(), &settings) {
        Err(failure) => assert!(failure.0.iter().any(|d| d.severity == Severity::Error), "it fails and does not say why"),
        Ok(loaded) => {
            assert!(!loaded.diagnostics.iter().any(|d| d.code == Code::Accounting));
            for (at, source) in loaded.data.sources.iter().enumerate() {
                for table in [&loaded.data.activities, &loaded.data.deals] {
                    let kept = table.file.iter().filter(|f| usize::from(*f) == at).count() as u64;
                    let mine = source.table == if table.kind == Kind::Deals { "deals" } else { "activities" };
                    assert!(!mine || kept + source.refused == source.read, "{source:?}: {kept} kept");
                }
            }
        }
    }
}

fn pipeline(input: &[u8]) {
    if let Ok(document) = report_of(&exports(input), &["--period", "all"]) {
        readable(&document);
    }
}

/// How many random inputs each takes in `cargo test`, besides its corpus.
const FEW: usize = 96;

#[test]
fn any_bytes_are_a_sheet_or_refused() {
    check!().with_iterations(FEW * 16).with_max_len(2048).for_each(sheet);
}

#[test]
fn any_bytes_are_read_alike_however_the_work_is_shared() {
    check!().with_iterations(FEW * 8).with_max_len(2048).for_each(shared);
}

#[test]
fn any_files_are_tables_or_refused() {
    check!().with_iterations(FEW).with_max_len(1024).for_each(tables);
}

#[test]
fn any_files_make_a_report_or_are_refused() {
    check!().with_iterations(FEW).with_max_len(1024).for_each(pipeline);
}
