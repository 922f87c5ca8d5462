//! Exports that no CRM would write: arbitrary bytes, and the fixtures with cells, lines and columns damaged. Whatever comes, nothing panics,
//! every record is accounted for, and every form that is written can be read.

mod guided;

use std::path::Path;

use leadlag::diagnostic::Severity;
use leadlag::document::Document;
use leadlag::measure::Entity;
use leadlag::render::{self, Style};
use leadlag::report::{self, Question};
use proptest::prelude::*;

use super::program;

/// The files of an export, by name.
type Files = Vec<(String, Vec<u8>)>;

/// The csv files of a folder of the package.
fn files(folder: &str) -> Files {
    let mut found: Files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| (path.file_name().expect("a name").to_string_lossy().into_owned(), std::fs::read(&path).expect("a file")))
        .collect();
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

const FOLDERS: &[&str] = &["salesforce", "salesforce-report", "hubspot", "hubspot-api", "generic"];

fn fixture(index: usize) -> Files {
    files(&format!("fixtures/crm/{}", FOLDERS[index % FOLDERS.len()]))
}

/// What the files give: the report, or what keeps it from being made, in words.
fn report_of(files: &Files, more: &[&str]) -> Result<Document, String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).expect("a file is written");
    }
    let config = folder.path().join("leadlag.toml");
    std::fs::write(&config, "").expect("a file is written");
    let path = |path: &Path| path.display().to_string();
    let mut args = vec![path(folder.path()), "--config".to_owned(), path(&config), "--as-of".to_owned(), "2026-11-16".to_owned()];
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    let said = |failure: leadlag::diagnostic::Failure| {
        assert!(failure.0.iter().any(|d| d.severity == Severity::Error), "it fails and does not say why");
        let text = render::diagnostics(&failure.0, &Style::default(), true);
        no_control(&text);
        text.replace(&path(folder.path()), "")
    };
    let (exports, _) = program::options(&args);
    let plan = program::read(&args, &[]).map_err(said)?;
    no_control(&render::diagnostics(&plan.diagnostics, &Style::default(), true));
    let run = plan.run(&exports).map_err(said)?;
    assert_eq!(report::unaccounted(run.data), []);
    for name in ["new_prospect_meetings", "revenue"] {
        let measure = plan.measure(name).expect("a measure");
        let question = Question { measure, entity: Entity::All, period: run.period().clone(), near: None, shown: None };
        check(&report::explain(&run, &question).map_err(|problem| said(problem.into()))?);
    }
    checked(&run);
    let mut document = report::report(&run).map_err(|problem| said(problem.into()))?;
    for source in &mut document.coverage {
        let out: u64 = source.left_out.values().filter_map(serde_json::Value::as_u64).sum();
        assert_eq!(source.read, source.used + out + source.refused, "{}", source.path);
        source.path = source.path.replace(&path(folder.path()), "");
    }
    Ok(document)
}

/// No text from the exports reaches a terminal as something that it obeys.
fn no_control(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

/// What rules say of the same exports can be read again too: each has a verdict, the XML is XML, and a log has one command per line.
fn checked(run: &report::Run<'_>) {
    let rules = [
        "new_prospect_meetings >= 1 per owner",
        "revenue between 1 and 2 per team",
        "change of revenue >= 0% per all for 2 periods",
        "freshness activities <= 1",
        "coverage activities.kind >= 99%",
        "accounting >= 100%",
        "staffing >= 100%",
    ];
    let checks: Vec<_> = rules.iter().map(|rule| leadlag::check::parse(rule, run.catalog).expect("a rule")).collect();
    let rules = report::Rules { checks: &checks, left: &[], beside: &[], inputs: &[] };
    let (document, _) = report::check(run, &rules).expect("it is checked");
    check(&document);
    let findings = document.findings.expect("findings");
    assert!((0..checks.len()).all(|rule| findings.cases.iter().any(|case| case.rule == rule)));
    let xml = String::from_utf8(render::junit(&findings).expect("it is written")).expect("UTF-8");
    no_control(&xml);
    let cases = roxmltree::Document::parse(&xml).expect("XML").descendants().filter(|n| n.has_tag_name("testcase")).count();
    assert_eq!(cases, findings.cases.len());
    let log = render::github(&findings);
    no_control(&log);
    let grave = findings.cases.iter().filter(|case| case.stands.is_grave()).count();
    assert_eq!(log.lines().count(), grave + 1);
    assert_eq!(log.lines().filter(|line| line.starts_with("::error ")).count(), grave);
}

/// Every sheet of a workbook can be read, and none has a formula.
fn sheets(workbook: &[u8]) {
    use calamine::Reader as _;
    let mut workbook = calamine::Xlsx::new(std::io::Cursor::new(workbook)).expect("a workbook");
    for sheet in workbook.sheet_names() {
        workbook.worksheet_range(&sheet).expect("a sheet");
        assert!(workbook.worksheet_formula(&sheet).expect("a sheet").is_empty(), "{sheet}");
    }
}

/// Every form of a document can be read again.
fn check(document: &Document) {
    for format in render::FORMATS {
        // A workbook takes long to make, and the style changes no more of it than its marks.
        if format.name == "xlsx" {
            sheets(&(format.render)(document, &Style::default()).expect("it renders"));
            continue;
        }
        for style in [Style::default(), Style { width: 43, ascii: true, wide: true, excel: true, ..Style::default() }] {
            let bytes = (format.render)(document, &style).expect("it renders");
            let text = String::from_utf8(bytes).expect("UTF-8");
            let text = text.trim_start_matches('\u{feff}');
            match format.name {
                "json" => drop(serde_json::from_str::<serde_json::Value>(text).expect("json")),
                "table" | "markdown" => no_control(text),
                "html" => {
                    no_control(text);
                    let options = roxmltree::ParsingOptions { allow_dtd: true, ..roxmltree::ParsingOptions::default() };
                    drop(roxmltree::Document::parse_with_options(text, options).expect("XML"));
                }
                name @ ("csv" | "tsv") => {
                    let delimiter = if name == "tsv" {
                        b'\t'
                    } else if style.excel {
                        b';'
                    } else {
                        b','
                    };
                    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
                    let fields = reader.headers().expect("headings").len();
                    for record in reader.records() {
                        assert_eq!(record.expect("as many fields as headings").len(), fields);
                    }
                }
                name => panic!("nothing here reads {name}"),
            }
        }
    }
}

fn csv_of(document: &Document) -> String {
    let bytes = (render::named("csv").expect("csv").render)(document, &Style::default()).expect("it renders");
    String::from_utf8(bytes).expect("UTF-8")
}

fn json_of(document: &Document) -> String {
    let bytes = (render::named("json").expect("json").render)(document, &Style::default()).expect("it renders");
    String::from_utf8(bytes).expect("UTF-8")
}

/// What a cell may hold against all expectation.
const HOSTILE: &[&str] = &[
    "",
    " ",
    "\"",
    "a\"b",
    "\"\"\"",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\u{1b}[31mred\u{1b}[0m",
    "\u{0}",
    "\u{202e}abc",
    "é\u{301}",
    "💥",
    "9999999999999999999999999",
    "-99999999999999999.99",
    "1e308",
    "NaN",
    "0000-00-00",
    "9999-12-31",
    "0001-01-01T00:00:00Z",
    "31/02/2026",
    "2026-11-14T25:61:61Z",
    "-1",
    "null",
    "TRUE",
    "Closed Won",
    "\r",
    "a,b;c\td",
    "(no owner)",
    "'; DROP TABLE deals; --",
    "2147483648",
    "-9223372036854775808",
    "1.234.567,89",
    "$ 1,00,000",
    "00000000-0000-0000-0000-000000000000",
    "\u{feff}",
    "a\u{a0}b",
];

/// One way to damage a file.
#[derive(Debug, Clone)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    DropLine(prop::sample::Index),
    Twice(prop::sample::Index),
    SwapColumns(prop::sample::Index, prop::sample::Index),
    Cell(prop::sample::Index, prop::sample::Index, usize),
    Insert(prop::sample::Index, Vec<u8>),
}

fn damage() -> impl Strategy<Value = Damage> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        1 => (index(), any::<u8>()).prop_map(|(at, byte)| Damage::Flip(at, byte)),
        1 => index().prop_map(Damage::Cut),
        1 => index().prop_map(Damage::DropLine),
        1 => index().prop_map(Damage::Twice),
        1 => (index(), index()).prop_map(|(a, b)| Damage::SwapColumns(a, b)),
        4 => (index(), index(), 0..HOSTILE.len()).prop_map(|(row, column, word)| Damage::Cell(row, column, word)),
        1 => (index(), prop::collection::vec(any::<u8>(), 1..6)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
    ]
}

/// The records of a file, its headings first, as cells.
fn records(bytes: &[u8]) -> Vec<csv::ByteRecord> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
    reader.byte_records().map(|record| record.expect("bytes are always records")).collect()
}

fn written(records: &[csv::ByteRecord]) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for record in records {
        writer.write_byte_record(record).expect("a record is written");
    }
    writer.into_inner().expect("bytes")
}

fn harm(bytes: &mut Vec<u8>, damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    let lines = |bytes: &[u8]| -> Vec<Vec<u8>> { bytes.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect() };
    match damage {
        Damage::Flip(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] ^= *byte;
        }
        Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Damage::DropLine(at) => {
            let mut all = lines(bytes);
            all.remove(at.index(all.len()));
            *bytes = all.concat();
        }
        Damage::Twice(at) => {
            let mut all = lines(bytes);
            let line = all[at.index(all.len())].clone();
            all.push(line);
            *bytes = all.concat();
        }
        Damage::SwapColumns(a, b) => {
            let mut all = records(bytes);
            let width = all.first().map_or(1, csv::ByteRecord::len).max(1);
            let (a, b) = (a.index(width), b.index(width));
            // The headings stay: what stands below them does not fit any more.
            for record in all.iter_mut().skip(1) {
                let mut cells: Vec<Vec<u8>> = record.iter().map(<[u8]>::to_vec).collect();
                if a < cells.len() && b < cells.len() {
                    cells.swap(a, b);
                }
                *record = csv::ByteRecord::from(cells);
            }
            *bytes = written(&all);
        }
        Damage::Cell(row, column, word) => {
            let mut all = records(bytes);
            if all.is_empty() {
                return;
            }
            let row = row.index(all.len());
            let mut cells: Vec<Vec<u8>> = all[row].iter().map(<[u8]>::to_vec).collect();
            let column = column.index(cells.len().max(1));
            if let Some(cell) = cells.get_mut(column) {
                *cell = HOSTILE[*word].as_bytes().to_vec();
            }
            all[row] = csv::ByteRecord::from(cells);
            *bytes = written(&all);
        }
        Damage::Insert(at, more) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, more.iter().copied());
        }
    }
}

/// Few cases, for these run with every change; `PROPTEST_CASES` asks for more.
fn cases(few: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    ProptestConfig { cases: asked.unwrap_or(few), failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn arbitrary_bytes_are_refused_or_read_and_never_panic(
        headed in any::<bool>(),
        bytes in prop_oneof![prop::collection::vec(any::<u8>(), 0..400), "[a-zA-Z,;\t\"\r\n0-9 .:/-]{0,400}".prop_map(String::into_bytes)],
    ) {
        // Behind headings that are known, what follows is read and not only refused.
        let mut file = if headed { b"Date,Type,Subject,Owner,Account,Status,Duration\n2026-11-10,Meeting,Visit,Ana,Acme,Held,30\n".to_vec() } else { Vec::new() };
        file.extend(bytes);
        let made = report_of(&vec![("export.csv".to_owned(), file)], &["--period", "all"]);
        if let Ok(document) = &made {
            check(document);
        }
    }
}

proptest! {
    #![proptest_config(cases(40))]

    #[test]
    fn damaged_exports_are_accounted_for_and_every_form_can_be_read(
        folder in 0..FOLDERS.len(),
        harms in prop::collection::vec((any::<prop::sample::Index>(), damage()), 1..5),
        week in any::<bool>(),
    ) {
        let mut files = fixture(folder);
        for (file, how) in &harms {
            let file = file.index(files.len());
            harm(&mut files[file].1, how);
        }
        let more: &[&str] = if week { &["--week", "2026-W46"] } else { &["--period", "all"] };
        let first = report_of(&files, more);
        if let Ok(document) = &first {
            check(document);
        }
        // The same input, the same bytes, in another folder too.
        let again = report_of(&files, more);
        match (first, again) {
            (Ok(a), Ok(b)) => prop_assert_eq!(csv_of(&a), csv_of(&b)),
            (a, b) => prop_assert_eq!(a.err(), b.err()),
        }
    }
}

/// The files with the records of each in another order.
fn shuffled(files: &Files, seed: u64) -> Files {
    let mut state = seed | 1;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut found = files.clone();
    for (_, bytes) in &mut found {
        let mut all = records(bytes);
        for at in (2..all.len()).rev() {
            all.swap(at, 1 + next(at));
        }
        *bytes = written(&all);
    }
    found
}

/// The exports of the fixtures that csv's own words can write again: plain UTF-8, commas, no footer.
fn plain(folder: usize) -> Option<Files> {
    let files = fixture(folder);
    let same = files.iter().all(|(_, bytes)| {
        let all = records(bytes);
        std::str::from_utf8(bytes).is_ok() && all.iter().all(|record| record.len() == all[0].len() && record.len() > 3)
    });
    same.then_some(files)
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn the_order_of_rows_does_not_matter(folder in 0..FOLDERS.len(), seed in any::<u64>(), week in any::<bool>()) {
        let Some(files) = plain(folder) else { return Ok(()) };
        let more: &[&str] = if week { &["--week", "2026-W46"] } else { &["--period", "all"] };
        let of = |files: &Files| csv_of(&report_of(files, more).unwrap_or_else(|said| panic!("{said}")));
        prop_assert_eq!(of(&files), of(&shuffled(&files, seed)));
    }
}

#[test]
fn the_order_of_rows_does_not_matter_to_the_quick_start() {
    let files = files("examples/quickstart");
    let of = |files: &Files| csv_of(&report_of(files, &["--periods", "4"]).unwrap_or_else(|said| panic!("{said}")));
    assert_eq!(of(&files), of(&shuffled(&files, 20_261_116)));
}

#[test]
fn the_same_files_twice_change_nothing() {
    for (folder, name) in FOLDERS.iter().enumerate() {
        let files = fixture(folder);
        let copies = files.iter().map(|(name, bytes)| (format!("copy of {name}"), bytes.clone()));
        let twice: Files = files.iter().cloned().chain(copies).collect();
        let of = |files: &Files| csv_of(&report_of(files, &["--period", "all"]).unwrap_or_else(|said| panic!("{name}: {said}")));
        assert_eq!(of(&files), of(&twice), "{}", FOLDERS[folder]);
    }
}

/// Exports of overlapping days: most records stand in one of two files, a fifth in both.
#[test]
fn overlapping_files_change_nothing() {
    let files = files("examples/quickstart");
    let whole: Vec<&str> = vec!["Account.csv", "User.csv", "people.csv", "targets.csv", "absences.csv"];
    let mut parts = Files::new();
    for (name, bytes) in &files {
        if whole.contains(&name.as_str()) {
            parts.push((name.clone(), bytes.clone()));
            continue;
        }
        let all = records(bytes);
        let part = |keep: &dyn Fn(usize) -> bool| {
            let rows = all.iter().enumerate().filter(|(row, _)| *row == 0 || keep(*row % 10)).map(|(_, record)| record.clone());
            written(&rows.collect::<Vec<_>>())
        };
        parts.push((format!("first {name}"), part(&|place| place < 6)));
        parts.push((format!("second {name}"), part(&|place| place >= 4)));
    }
    let of = |files: &Files| csv_of(&report_of(files, &["--periods", "4"]).unwrap_or_else(|said| panic!("{said}")));
    assert_eq!(of(&files), of(&parts));
}

#[test]
fn every_hostile_text_in_every_column_of_an_export_is_survived() {
    let files = fixture(0);
    for (which, word) in HOSTILE.iter().enumerate() {
        let mut hostile = files.clone();
        for (_, bytes) in &mut hostile {
            let mut all = records(bytes);
            // Another column in each row, so that no file loses a whole column.
            for (row, record) in all.iter_mut().enumerate().skip(1) {
                let mut cells: Vec<Vec<u8>> = record.iter().map(<[u8]>::to_vec).collect();
                let at = (row * 7 + which) % cells.len().max(1);
                cells[at] = word.as_bytes().to_vec();
                *record = csv::ByteRecord::from(cells);
            }
            *bytes = written(&all);
        }
        if let Ok(document) = report_of(&hostile, &["--period", "all"]) {
            check(&document);
            assert!(!json_of(&document).contains('\u{1b}'));
        }
    }
}
