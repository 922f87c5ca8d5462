//! The same exports however they are packed, encoded and separated: the numbers are the same, to the byte.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::Command;

/// The files of an export, by name.
type Files = Vec<(String, Vec<u8>)>;

/// The folders whose files are plain CSV in UTF-8, and the day of their report.
const FOLDERS: &[&str] = &["hubspot", "hubspot-api", "salesforce", "generic", "generic-states", "hubspot-warehouse"];

fn files(folder: &str) -> Files {
    let mut found: Files = std::fs::read_dir(Path::new("fixtures/crm").join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "csv"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect();
    found.sort();
    found
}

/// The tidy values of a folder with these files.
fn values(files: &Files) -> String {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.current_dir(folder.path()).args(["report", ".", "--as-of", "2026-11-16", "--period", "month", "--periods", "3"]);
    command.args(["--leads", "customer_meetings,conversations", "--lags", "revenue,deals_won", "--format", "csv"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.lines().count() > 10, "{text}");
    text
}

/// The cells of a delimited text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let plain = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(plain);
    reader.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn separated(bytes: &[u8], delimiter: u8, end: csv::Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(end).flexible(true).from_writer(Vec::new());
    for row in cells(bytes) {
        writer.write_record(&row).unwrap();
    }
    writer.into_inner().unwrap()
}

fn wide(bytes: &[u8], order: fn(u16) -> [u8; 2], mark: bool) -> Vec<u8> {
    let text = std::str::from_utf8(bytes).unwrap().trim_start_matches('\u{feff}');
    mark.then_some(0xfeff).into_iter().chain(text.encode_utf16()).flat_map(order).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &Files) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(format!("export/{name}"), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// One workbook with a sheet for each file, every cell a text but those that are plain numbers.
fn workbook(files: &Files) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    for (at, (name, bytes)) in files.iter().enumerate() {
        let sheet = book.add_worksheet();
        // A sheet's name has 31 characters at most; the file's says what it holds.
        let stem: String = name.trim_end_matches(".csv").chars().rev().take(26).collect::<Vec<_>>().into_iter().rev().collect();
        sheet.set_name(format!("{at} {stem}")).unwrap();
        for (row, record) in cells(bytes).iter().enumerate() {
            for (column, cell) in record.iter().enumerate() {
                let (row, column) = (row as u32 + 1, column as u16 + 1);
                match cell.parse::<f64>() {
                    Ok(number) if number.to_string() == *cell => sheet.write(row, column, number).unwrap(),
                    _ => sheet.write(row, column, cell).unwrap(),
                };
            }
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn however_an_export_is_packed_its_numbers_are_the_same() {
    for folder in FOLDERS {
        let plain = files(folder);
        let expected = values(&plain);
        let each =
            |change: &dyn Fn(&[u8]) -> Vec<u8>| -> Files { plain.iter().map(|(name, bytes)| (name.clone(), change(bytes))).collect() };
        let twins: [(&str, Files); 11] = [
            ("gzip", each(&|b| gzip(b))),
            ("zip", vec![("export.zip".into(), zip(&plain))]),
            ("workbook", vec![("export.xlsx".into(), workbook(&plain))]),
            ("workbook in a zip", vec![("export.zip".into(), zip(&vec![("book.xlsx".into(), workbook(&plain))]))]),
            ("UTF-16LE with mark", each(&|b| wide(b, u16::to_le_bytes, true))),
            ("UTF-16BE without mark, in gzip", each(&|b| gzip(&wide(b, u16::to_be_bytes, false)))),
            ("semicolons, CRLF", each(&|b| separated(b, b';', csv::Terminator::CRLF))),
            ("tabs, lone CR", each(&|b| separated(b, b'\t', csv::Terminator::Any(b'\r')))),
            ("bars", each(&|b| separated(b, b'|', csv::Terminator::Any(b'\n')))),
            ("Unicode Text of Excel", each(&|b| wide(&separated(b, b'\t', csv::Terminator::CRLF), u16::to_le_bytes, true))),
            ("sep= line", each(&|b| [&b"sep=;\r\n"[..], &separated(b, b';', csv::Terminator::CRLF)].concat())),
        ];
        for (how, twin) in twins {
            let got = values(&twin);
            assert!(got == expected, "{folder}, {how}:\n--- expected\n{expected}\n--- got\n{got}");
        }
    }
}

/// What the program gives for the workbook of a fixture with these arguments.
fn workbook_run(args: &[&str]) -> (bool, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.current_dir("fixtures/crm/hubspot-workbook").arg("report").args(args);
    command.args(["--as-of", "2026-11-16", "--leads", "customer_meetings", "--lags", "revenue", "--format", "csv"]);
    let output = command.output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn a_sheet_can_be_named_on_its_own() {
    let book = "hubspot-crm-exports-2026-11-16.xlsx";
    let (meetings, deals) = (format!("{book}/Meetings"), format!("{book}/Deals"));
    let whole = workbook_run(&[book]);
    assert!(whole.0 && whole.1.contains("customer_meetings"), "{whole:?}");
    // Whichever way its parts are named, none is read twice.
    for args in
        [&["--activities", meetings.as_str(), "--deals", &deals][..], &[&meetings, &deals], &[&deals, book], &["--deals", &deals, "."]]
    {
        let parts = workbook_run(args);
        let calls = args.contains(&".");
        assert!(parts.0 && (calls || parts.1 == whole.1) && !parts.2.contains("duplicate"), "{args:?} {parts:?}");
    }
    for (inside, said) in [
        ("Deels", "it holds no table 'Deels'\n  hint: did you mean hubspot-crm-exports-2026-11-16.xlsx/Deals?"),
        ("Old deals", "/Old deals: the sheet is hidden"),
        ("Export info", "/Export info:1: no table has these headings"),
    ] {
        let (done, _, stderr) = workbook_run(&[&format!("{book}/{inside}")]);
        assert!(!done && stderr.contains(said), "{stderr}");
    }
}

#[test]
fn a_big_export_is_the_same_by_name_as_standard_input_and_in_an_archive() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = "Id,Type,Subject,Owner,Account Name,Start,Status\n".to_owned();
    let mut row = 0;
    while text.len() < 4_500_000 {
        let (day, who) = (1 + row % 28, row % 7);
        let _ = write!(text, "A-{row},Meeting,\"Said \"\"{row}\"\",\nand more\",Person {who},Account {},", row % 90);
        let _ = writeln!(text, "2026-10-{day:02} 10:00,Completed");
        row += 1;
    }
    let files = vec![("activities.csv".to_owned(), text.into_bytes())];
    std::fs::write(folder.path().join("activities.csv"), &files[0].1).unwrap();
    std::fs::write(folder.path().join("all.zip"), zip(&files)).unwrap();
    let said = |input: &str, stdin: std::process::Stdio| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
        command.current_dir(folder.path()).args(["report", input, "--as-of", "2026-11-16", "--month", "2026-10", "--format", "csv"]);
        let output = command.stdin(stdin).output().unwrap();
        assert!(output.status.success(), "{input}: {}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let expected = said("activities.csv", std::process::Stdio::null());
    assert!(String::from_utf8_lossy(&expected).lines().count() > 7);
    let open = |name: &str| std::fs::File::open(folder.path().join(name)).unwrap();
    assert!(said("all.zip", std::process::Stdio::null()) == expected, "an archive");
    assert!(said("-", open("activities.csv").into()) == expected, "a file as standard input");
    assert!(said("-", open("all.zip").into()) == expected, "an archive as standard input");
    let (from, mut into) = std::io::pipe().unwrap();
    let bytes = files[0].1.clone();
    let writer = std::thread::spawn(move || into.write_all(&bytes).unwrap());
    assert!(said("-", from.into()) == expected, "a pipe");
    writer.join().unwrap();
}
