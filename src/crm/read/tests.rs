#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect, clippy::format_push_string)]
use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;

fn open(text: &str) -> Sheet {
    Sheet::open("x.csv", text.as_bytes().to_vec(), &Settings::default()).unwrap().0
}

fn refused(text: &str) -> Code {
    Sheet::open("x.csv", text.as_bytes().to_vec(), &Settings::default()).unwrap_err().code
}

/// Every record as its line and cells.
fn all(sheet: &Sheet) -> (Vec<(u32, Vec<String>)>, Records) {
    let wanted: Vec<usize> = (0..sheet.headings.len()).collect();
    let records = sheet.read(&wanted);
    let rows = (0..records.line.len())
        .map(|r| (records.line.get(r), records.columns.iter().map(|c| c.get(r).unwrap_or("").to_owned()).collect()))
        .collect();
    (rows, records)
}

fn row(line: u32, cells: &[&str]) -> (u32, Vec<String>) {
    (line, cells.iter().map(|c| (*c).to_owned()).collect())
}

fn codes(records: &Records) -> Vec<(u32, Code)> {
    records.refused.iter().map(|r| (r.line, r.diagnostic.code)).collect()
}

#[test]
fn lines_are_exact_with_every_line_end_and_blank_lines() {
    let sheet = open("\r\n\na,b\r\n\r\n1,\"x\r\ny\nz\"\r\n\n\r2,y\r3,z\n\n\n4,w");
    assert_eq!((sheet.heading_line, sheet.headings.as_slice()), (3, ["a".to_owned(), "b".to_owned()].as_slice()));
    let (rows, records) = all(&sheet);
    assert_eq!(rows, [row(5, &["1", "x\r\ny\nz"]), row(10, &["2", "y"]), row(11, &["3", "z"]), row(14, &["4", "w"])]);
    assert_eq!((records.read, records.refused.len(), records.diagnostics.len()), (4, 0, 0));
}

#[test]
fn the_delimiter_is_found_declared_or_given() {
    for (text, delimiter, headings) in [
        ("a,b\n1,2\n", b',', 2),
        ("Negócio;Valor da negociação\nX;1.364,82\n", b';', 2),
        ("a\tb\tc\n1,5\t2\t3\n", b'\t', 3),
        ("a|b\n1|2\n", b'|', 2),
        ("Name, first;Amount\nAna, B;2\nEva;3\n", b';', 2),
        ("sep=;\nno commas, here\n", b';', 1),
        ("\"sep=|\"\r\na|b\r\n", b'|', 2),
        ("lonely\n1\n", b',', 1),
    ] {
        let sheet = open(text);
        assert_eq!((sheet.delimiter, sheet.headings.len()), (delimiter, headings), "{text:?}");
    }
    // Title lines have commas of their own, and so have amounts.
    let titled = "Report, as of 16.11.2026\nFilter: all, open\n\nName;Owner;Stage;Amount\nA;B;C;1.200,50\nD;E;F;300,25\n";
    assert_eq!(open(titled).delimiter, b';');
    assert_eq!(open("Report\nName;Amount\nA;5\nB;6\n").delimiter, b';');
    assert_eq!(open("sep=;\r\na;b\r\n1;2\r\n").heading_line, 2);
    assert_eq!(all(&open("sep=;\r\na;b\r\n1;2\r\n")).0, [row(3, &["1", "2"])]);
    let given = Settings { delimiter: Some(b':'), encoding: None };
    assert_eq!(Sheet::open("x", b"a:b,c\n".to_vec(), &given).unwrap().0.headings, ["a", "b,c"]);
    let wrong = Settings { delimiter: Some(b'"'), encoding: None };
    assert_eq!(Sheet::open("x", b"a:b\n".to_vec(), &wrong).unwrap_err().code, Code::ConfigValue);
}

#[test]
fn headings_stay_whole() {
    let sheet = open("\u{feff}Id, \"x\" ,\"Date entered \"\"Demo (Sales Pipeline)\"\"\",\"two\nlines\",Id,\n1,2,3,4,5,6\n");
    assert_eq!(sheet.headings, ["Id", "\"x\"", "Date entered \"Demo (Sales Pipeline)\"", "two\nlines", "Id", ""]);
    assert_eq!(all(&sheet).0, [row(3, &["1", "2", "3", "4", "5", "6"])]);
    let records = sheet.read(&[4, 0, 99]);
    assert_eq!((records.columns[0].get(0), records.columns[1].get(0), records.columns[2].get(0)), (Some("5"), Some("1"), None));
    assert_eq!(refused("a,\"b\n1,2\n"), Code::UnclosedQuote);
}

#[test]
fn what_is_no_table_is_said() {
    assert_eq!(refused(""), Code::EmptyFile);
    assert_eq!(refused("\u{feff}\r\n \n"), Code::EmptyFile);
    assert_eq!(refused(",,\n,,\n"), Code::EmptyFile);
    assert_eq!(refused("a,b\0\n"), Code::NotATable);
    assert_eq!(refused("\u{1}\u{2}\u{3},\u{4}"), Code::NotATable);
    assert_eq!(refused("\n<!DOCTYPE html><html>"), Code::NotATable);
    assert_eq!(refused("{\"a\": 1}"), Code::NotATable);
    assert_eq!(refused("PAR1rest"), Code::Unsupported);
    assert_eq!(all(&open("a,b")).1.read, 0);
}

#[test]
fn what_no_table_can_have_is_said_at_once() {
    let begun = Instant::now();
    assert_eq!(refused(&"x,".repeat(1_000_000)), Code::NotATable);
    assert_eq!(refused(&"x".repeat(20_000_000)), Code::NotATable);
    assert_eq!(refused(&"\0".repeat(1_000_000)), Code::NotATable);
    assert_eq!(refused(&",".repeat(1_000_000)), Code::EmptyFile);
    assert_eq!(open(&"x,".repeat(16_383)).headings.len(), 16_384);
    // A field of ten million characters, with quotation marks and line ends in it, is one cell.
    let field = "x,\"\" \n".repeat(2_000_000);
    let (rows, records) = all(&open(&format!("a,b\n1,\"{field}\"\n2,y\n")));
    assert_eq!((rows[0].1[1].len(), &rows[1]), (5 * 2_000_000 - 2, &row(2_000_003, &["2", "y"])));
    assert_eq!(records.refused.len(), 0);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn delimiters_are_told_from_commas_in_text() {
    for (text, delimiter, cells) in [
        // Every cell quoted, decimal commas, semicolons.
        ("\"Owner\";\"Amount\"\n\"Ana\";\"1.364,82\"\n\"Eva\";\"5,5\"\n", b';', &["Ana", "1.364,82"][..]),
        ("Owner;Amount\nAna;1,5\nEva;2,5\n", b';', &["Ana", "1,5"]),
        // One comma in each line, that of a name.
        ("Owner, full\tAmount\nSilva, Ana\t5\nPark, Zoe\t6\n", b'\t', &["Silva, Ana", "5"]),
        ("a\tb\tc\n1,2,3\t4\t5\n", b'\t', &["1,2,3", "4", "5"]),
        // A bar in a name, as Dynamics writes topics.
        ("Topic,Amount\nAdatum | 1-Year | Trade,5\n", b',', &["Adatum | 1-Year | Trade", "5"]),
        ("Amount\n5\n6\n", b',', &["5"]),
    ] {
        let sheet = open(text);
        assert_eq!(
            (sheet.delimiter, all(&sheet).0.first().map(|r| r.1.clone())),
            (delimiter, Some(cells.iter().map(|c| (*c).to_owned()).collect())),
            "{text:?}"
        );
    }
    for (text, delimiter) in [("Owner;Amount", b';'), ("Owner\tAmount\r\n", b'\t'), ("a,b,c\r", b',')] {
        let sheet = open(text);
        assert_eq!((sheet.delimiter, all(&sheet).1.read), (delimiter, 0), "{text:?}");
    }
}

#[test]
fn utf_16_without_its_mark_is_told_by_its_nuls() {
    let text = "Name;Betrag;Größe\r\nÄnne;5 €;ß\r\n平均;6;x\r\n";
    let spell = |order: fn(u16) -> [u8; 2]| -> Vec<u8> { text.encode_utf16().flat_map(order).collect() };
    for bytes in [spell(u16::to_le_bytes), spell(u16::to_be_bytes)] {
        let (sheet, said) = Sheet::open("x", bytes, &Settings::default()).unwrap();
        assert_eq!(all(&sheet).0, [row(2, &["Änne", "5 €", "ß"]), row(3, &["平均", "6", "x"])]);
        assert_eq!((said[0].code, said[0].severity), (Code::Decoded, crate::diagnostic::Severity::Note));
    }
    // The setting says the same of what is too short to tell.
    let given = Settings { delimiter: None, encoding: Some("utf-16le".into()) };
    assert_eq!(Sheet::open("x", b"a\0".to_vec(), &given).unwrap().0.headings, ["a"]);
}

#[test]
fn a_stray_nul_costs_no_record() {
    let rows = "Ana,1250,Closed Won,2026-11-09\n".repeat(20);
    let text = format!("owner,amount,stage,close\n{rows}Eva,12\05,Won,2026-11-10\n{rows}\u{1a}");
    let (sheet, said) = Sheet::open("x", text.into_bytes(), &Settings::default()).unwrap();
    let (got, records) = all(&sheet);
    // It is shown as damage: without it the amount would be another.
    assert_eq!((got.len(), got[20].clone()), (41, row(22, &["Eva", "12\u{fffd}5", "Won", "2026-11-10"])));
    assert_eq!((records.refused.len(), said.len(), said[0].code), (0, 1, Code::Decoded));
    assert_eq!(said[0].location, Some(Location::line("x", 22)));
}

#[test]
fn encodings_are_decoded_and_said() {
    let settings = Settings::default();
    // "Café;Größe" in Windows-1252.
    let (sheet, said) = Sheet::open("x", b"a;b\nCaf\xe9;Gr\xf6\xdfe\n".to_vec(), &settings).unwrap();
    assert_eq!(all(&sheet).0, [row(2, &["Café", "Größe"])]);
    assert_eq!((said[0].code, said[0].severity), (Code::Decoded, crate::diagnostic::Severity::Warning));
    assert_eq!(said[0].location, Some(Location::line("x", 2)));
    // UTF-16, little and big endian, with byte order mark.
    let text = "Name\tBetrag\r\nÄnne\t5 €\r\n";
    let little: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
    for bytes in [little, big] {
        let (sheet, said) = Sheet::open("x", bytes, &settings).unwrap();
        assert_eq!(all(&sheet).0, [row(2, &["Änne", "5 €"])]);
        assert_eq!(said[0].code, Code::Decoded);
    }
    // One damaged byte does not turn a UTF-8 file into another encoding.
    let (sheet, said) = Sheet::open("x", b"a,b\n\xc3\xa9\xc3\xa9,\xff\n".to_vec(), &settings).unwrap();
    assert_eq!((all(&sheet).0, said.len()), (vec![row(2, &["éé", "\u{fffd}"])], 1));
    // The settings overrule the guess: 0xA4 is the euro sign in ISO-8859-15.
    let euro = Settings { encoding: Some("iso-8859-15".into()), delimiter: None };
    let (sheet, said) = Sheet::open("x", b"a,b\n\xa4,1\n".to_vec(), &euro).unwrap();
    assert_eq!((all(&sheet).0, said.len()), (vec![row(2, &["€", "1"])], 0));
    let none = Settings { encoding: Some("klingon".into()), delimiter: None };
    assert_eq!(Sheet::open("x", b"a\n".to_vec(), &none).unwrap_err().code, Code::ConfigValue);
}

#[test]
fn the_hash_and_size_are_those_of_the_bytes() {
    // XXH3-64 of the empty input is 2d06800538d394c2 and of "abc" 78af5f94892f3950 (xxHash's own vectors, seed 0).
    let sheet = open("abc");
    assert_eq!((sheet.bytes, sheet.xxh3.as_str()), (3, "78af5f94892f3950"));
}

#[test]
fn a_ragged_record_costs_no_other() {
    let (rows, records) = all(&open("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n"));
    assert_eq!(rows, [row(2, &["1", "2", "3"]), row(5, &["10", "11", "12"])]);
    assert_eq!(codes(&records), [(3, Code::RaggedRow), (4, Code::RaggedRow)]);
    assert_eq!(records.refused[0].diagnostic.message, "this record has 2 cells, but there are 3 headings");
    assert_eq!((records.read, records.refused[1].text.as_str()), (4, "6,7,8,9"));
}

#[test]
fn a_quote_in_a_field_is_kept_and_said() {
    let (rows, records) = all(&open("item,n\n5\" pipe,1\n\"a\"b,2\nplain,3\n"));
    assert_eq!(rows, [row(2, &["5\" pipe", "1"]), row(3, &["ab", "2"]), row(4, &["plain", "3"])]);
    let said: Vec<_> = records.diagnostics.iter().map(|d| (d.code, d.location.clone().unwrap())).collect();
    assert_eq!(said, [(Code::QuoteInField, Location::cell("x.csv", 2, "item")), (Code::QuoteInField, Location::cell("x.csv", 3, "item"))]);
}

#[test]
fn a_quote_that_never_closes_costs_one_line() {
    let (rows, records) = all(&open("a,b\n1,\"open\n2,x\n3,y\n"));
    assert_eq!(rows, [row(3, &["2", "x"]), row(4, &["3", "y"])]);
    assert_eq!(codes(&records), [(2, Code::UnclosedQuote)]);
    assert_eq!(records.refused[0].diagnostic.location, Some(Location::cell("x.csv", 2, "b")));
    // The next quoted cell shows that it was open: the text after what would close it.
    let (rows, records) = all(&open("a,b\n1,\"open\n2,x\n3,\"y, z\"\n4,\"two\nlines\"\n"));
    assert_eq!(rows, [row(3, &["2", "x"]), row(4, &["3", "y, z"]), row(5, &["4", "two\nlines"])]);
    assert_eq!(codes(&records), [(2, Code::UnclosedQuote)]);
    // It happens to close after an inch mark, but the record has the wrong number of cells and a line inside has the right one.
    let (rows, records) = all(&open("a,b,c\n1,\"open,9\n2,x,x\n3,y,5\"\n4,y,y\n"));
    assert_eq!(rows, [row(3, &["2", "x", "x"]), row(4, &["3", "y", "5\""]), row(5, &["4", "y", "y"])]);
    assert_eq!(codes(&records), [(2, Code::UnclosedQuote)]);
    // It closes in the same column, so that the number of cells is right; but each line alone is a record.
    let (rows, records) = all(&open("a,b,c,d,e\n1,\"open,9,9,9\n2,x,x,x,x\n3,5\",7,7,7\n"));
    assert_eq!(rows, [row(3, &["2", "x", "x", "x", "x"]), row(4, &["3", "5\"", "7", "7", "7"])]);
    assert_eq!(codes(&records), [(2, Code::UnclosedQuote)]);
    // In the last line, without a line end.
    let (rows, records) = all(&open("a,b\n1,2\n3,\"x"));
    assert_eq!((rows, codes(&records)), (vec![row(2, &["1", "2"])], vec![(3, Code::UnclosedQuote)]));
}

#[test]
fn quoted_line_breaks_are_no_open_quotes() {
    let (rows, records) = all(&open("a,b\n\"x\n\ny\",\"\"\"q\"\"\n,\"\n1,2\n"));
    assert_eq!(rows, [row(2, &["x\n\ny", "\"q\"\n,"]), row(6, &["1", "2"])]);
    assert!(records.refused.is_empty() && records.diagnostics.is_empty());
}

#[test]
fn footers_are_no_records() {
    let sheet = open(concat!(
        "\"Owner\",\"Amount\"\n\"Ana\",\"5\"\n\"Dev\",\"\"\n\n\n\"Won this year\"\n",
        "\"Copyright (c) 2000-2025 salesforce.com, inc. All rights reserved.\"\n\"Confidential Information - Do Not Distribute\"\n"
    ));
    let (rows, records) = all(&sheet);
    assert_eq!(rows, [row(2, &["Ana", "5"]), row(3, &["Dev", ""])]);
    assert_eq!((records.footer.as_slice(), records.read, records.refused.len()), ([6, 7, 8].as_slice(), 2, 0));
    assert_eq!((records.diagnostics.len(), records.diagnostics[0].code), (1, Code::Assumed));
    // Padded to the width of the headings, a comma in the copyright unquoted, no blank line.
    let (rows, records) = all(&open("a,b,c\n1,2,3\nGrand Totals (1 records),,\nCopyright © 2000-2025 salesforce.com, inc.\n"));
    assert_eq!((rows, records.footer), (vec![row(2, &["1", "2", "3"])], vec![3, 4]));
    // A padded title, known only by what follows it.
    assert_eq!(all(&open("a,b\n1,2\n,\nMy report,\nGenerated By: Ana,\n")).1.footer, [4, 5]);
}

#[test]
fn records_are_no_footers() {
    // Cut off in the middle: no blank line before it, unknown text.
    let (_, records) = all(&open("a,b\n1,2\n3"));
    assert_eq!((codes(&records), records.footer.len()), (vec![(3, Code::RaggedRow)], 0));
    // Blank lines between all records say nothing.
    let (_, records) = all(&open("a,b\n\n1,2\n\n3,4\n\n5"));
    assert_eq!((codes(&records), records.footer.len()), (vec![(7, Code::RaggedRow)], 0));
    // A sparse record after a blank line is a record.
    let (rows, records) = all(&open("name,team,role\nAna,West,rep\n\nZoe,,\n"));
    assert_eq!((rows.len(), records.footer.len()), (2, 0));
    // One column, and many sparse records, in order.
    assert_eq!(all(&open("name\nAna\n\nZoe\n")).0, [row(2, &["Ana"]), row(4, &["Zoe"])]);
    let sparse: String = (0..200).map(|i| format!("{i},\n")).collect();
    let (rows, records) = all(&open(&format!("a,b\n{sparse}")));
    assert_eq!((rows.len(), rows[150].1[0].as_str(), records.read), (200, "150", 200));
    // Known text within the records is a record.
    let (rows, _) = all(&open("a,b\nFiltered By: nothing,\n1,2\n"));
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_row_that_adds_up_others_is_no_record() {
    let rows = "owner,account,stage,currency,amount,close\nAna,Acme,Won,USD,\"1,000.00\",2026-10-01\n";
    for total in ["Total,,,USD,\"1,000.00\",", ",Total:,,,1000,", "Grand Total,,,USD,($5.00),100%"] {
        let sheet = open(&format!("{rows}{total}\n"));
        assert_eq!(all(&sheet).0.len(), 1, "{total}");
        assert_eq!(all(&open(&format!("{rows}{total}\n\nGrand Totals (1 records)\n"))).0.len(), 1, "{total}");
    }
    // A company of that name has a stage or a date; and a row that records follow adds up nothing.
    for record in [",Total,Won,USD,1,", ",Total,,USD,1,2026-10-02", "Total,,,USD,1,10/2/2026"] {
        assert_eq!(all(&open(&format!("{rows}{record}\n"))).0.len(), 2, "{record}");
    }
    assert_eq!(all(&open(&format!("{rows}Total,,,USD,1,\nBen,Acme,Won,USD,2,2026-10-03\n"))).0.len(), 3);
}

#[test]
fn rows_of_blanks_are_no_records() {
    let (rows, records) = all(&open("a,b,c\n1,2,3\n,,\n   \n4,5,6\n , ,\n"));
    assert_eq!((rows, records.read), (vec![row(2, &["1", "2", "3"]), row(5, &["4", "5", "6"])], 2));
}

#[test]
fn the_sample_is_the_first_good_records() {
    let sheet = open("a,b\n 1 , x \n2\n3,\"open\n4,y\n5,z\n");
    assert_eq!(sheet.sample(2), [["1", "x"], ["4", "y"]]);
    assert_eq!((sheet.sample(0).len(), sheet.sample(99).len()), (0, 3));
}

#[test]
fn hostile_files_take_linear_time() {
    // Quadratic time would be minutes at this size; the slowest takes a tenth of a second.
    let size = 300_000;
    let patterns = [
        "a\",\"b\n",
        "\"a\n",
        "\",\n",
        "\"\"\"x\n",
        ",\"\n",
        "\"\n",
        "x\"\"\",\"y\n",
        "\"a\",\"\"b\n",
        "a,\"b\n\"c\",d\n",
        "\r\r\n\"",
        "\",\"\n",
    ];
    for pattern in patterns {
        for headings in ["a,b\n", "a,b,c\n"] {
            let text = format!("{headings}{}", pattern.repeat(size / pattern.len()));
            let begun = Instant::now();
            let records = open(&text).read(&[0, 1]);
            assert_eq!(records.read as usize, records.line.len() + records.refused.len());
            assert!(begun.elapsed() < Duration::from_secs(3), "{pattern:?} took {:?}", begun.elapsed());
        }
    }
}

/// One cell as a CSV writer could spell it.
fn cell() -> impl Strategy<Value = (String, String)> {
    let text = "[a-zé ,;\"\r\n']{0,6}";
    (text, any::<bool>()).prop_map(|(value, quoted)| {
        let must = value.contains([',', ';', '"', '\n', '\r']);
        let spelt = if quoted || must { format!("\"{}\"", value.replace('"', "\"\"")) } else { value.clone() };
        (value, spelt)
    })
}

fn line_end() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("\n"), Just("\r\n"), Just("\r\n\r\n"), Just("\n\n\n")]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Records are the csv crate's, and their lines those of a count that looks at one character after another.
    #[test]
    fn well_formed_text_reads_as_the_csv_crate_reads_it(rows in prop::collection::vec((prop::collection::vec(cell(), 2), line_end()), 0..30)) {
        let mut text = String::from("id,b,c\n");
        let mut expected = Vec::new();
        for (n, (cells, end)) in rows.iter().enumerate() {
            let before = text.chars().zip(text.chars().skip(1).chain(std::iter::once(' ')));
            let line = 1 + before.filter(|(c, next)| *c == '\n' || (*c == '\r' && *next != '\n')).count() as u32;
            text += &format!("r{n},{},{}{end}", cells[0].1, cells[1].1);
            expected.push((line, vec![format!("r{n}"), cells[0].0.trim().to_owned(), cells[1].0.trim().to_owned()]));
        }
        // Two rows of one filled cell at the end may be a footer only with known text, so none is expected.
        let given = Settings { delimiter: Some(b','), encoding: None };
        let sheet = Sheet::open("x", text.clone().into_bytes(), &given).unwrap().0;
        let (got, records) = all(&sheet);
        prop_assert!(records.refused.is_empty() && records.footer.is_empty(), "{text:?} {:?}", records.refused);
        prop_assert_eq!(&got, &expected);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
        let theirs: Vec<Vec<String>> = reader.records().map(|r| r.unwrap().iter().map(|c| c.trim().to_owned()).collect()).collect();
        prop_assert_eq!(got.into_iter().map(|(_, c)| c).collect::<Vec<_>>(), theirs);
    }

    /// Nothing panics, nothing is lost, and lines ascend.
    #[test]
    fn any_text_is_accounted_for(text in "[ab,\"\n\r; ]{0,80}") {
        if let Ok((sheet, _)) = Sheet::open("x", text.into_bytes(), &Settings::default()) {
            let (rows, records) = all(&sheet);
            prop_assert_eq!(records.read as usize, rows.len() + records.refused.len());
            prop_assert!(records.line.iter().is_sorted() && records.refused.is_sorted_by_key(|r| r.line));
            prop_assert!(records.refused.iter().all(|r| r.diagnostic.code != Code::Accounting));
        }
    }

    /// Where a text has no open quote, the records outlined are those that the csv crate finds.
    #[test]
    fn outlines_agree_with_the_csv_crate(text in "[a,\"\n\r]{0,60}") {
        let outlined: Vec<Raw> = Scanner::new(text.as_bytes(), b',', 0, 1, None).collect();
        if outlined.iter().all(|r| matches!(r.shape, Shape::Record { .. })) {
            let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
            let ends: Vec<usize> = reader.byte_records().map(|r| r.unwrap().position().unwrap().byte() as usize).collect();
            prop_assert_eq!(ends.len(), outlined.len());
            for (theirs, ours) in ends.iter().zip(&outlined) {
                let skipped = text.as_bytes()[*theirs..].iter().take_while(|b| matches!(b, b'\n' | b'\r')).count();
                prop_assert_eq!(theirs + skipped, ours.start);
            }
        }
    }

    /// What is remembered of failed readings saves time and changes nothing: a scanner that begins anew at every step finds the same.
    #[test]
    fn remembering_changes_nothing(text in "[a,\"\n\r]{0,60}") {
        let remembering: Vec<Raw> = Scanner::new(text.as_bytes(), b',', 0, 1, None).map(|r| Raw { gap: false, ..r }).collect();
        let (mut forgetting, mut at, mut line) = (Vec::new(), 0, 1);
        loop {
            let mut scanner = Scanner::new(text.as_bytes(), b',', at, line, None);
            let Some(raw) = scanner.next() else { break };
            forgetting.push(Raw { gap: false, ..raw });
            (at, line) = (scanner.position(), scanner.line());
        }
        prop_assert_eq!(remembering, forgetting);
    }

    #[test]
    fn any_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok((sheet, _)) = Sheet::open("x", bytes, &Settings::default()) {
            let records = sheet.read(&[0, 1]);
            prop_assert_eq!(records.read as usize, records.line.len() + records.refused.len());
        }
    }
}

/// The lines that are records, those that add up others, and the notes.
fn lines(text: &str) -> (Vec<u32>, Vec<(usize, usize)>, Vec<String>) {
    let records = all(&open(text)).1;
    (records.line.iter().collect(), records.sums, records.diagnostics.into_iter().map(|d| d.message).collect())
}

#[test]
fn subtotals_between_the_records_are_no_records() {
    let text = "owner,name,amount\nAna,A,1\n,B,2\nSubtotal,,3\nBen,C,4\n,Count,1\nCy,D,5\nTotal,,12\n";
    assert_eq!(lines(text).0, [2, 3, 5, 7]);
    assert_eq!(lines(text).1, [(2, 0), (3, 1)]);
    // The label may stand beside the group's name, in a column of its own, or name what it adds up.
    for sum in ["Ana,Subtotal,3", ",Subtotal,\"$3.00\"", "Sum of Amount,,3", "Zwischensumme,,\"3,00 \u{20ac}\"", "Sous-total :,,3"] {
        let text = format!("owner,name,amount\nAna,A,1\n,B,2\n{sum}\nBen,C,4\n");
        assert_eq!(lines(&text).0, [2, 3, 5], "{sum}");
    }
    // A doubtful label is believed where its number is the sum of those above, or the file has one that is not doubtful.
    assert_eq!(lines("owner,name,amount\nAna,A,1\n,B,2\nAna Total,,3\nBen,C,4\nBen Total,,4\nBen,D,5\n").0, [2, 3, 5, 7]);
    assert_eq!(lines("owner,name,amount\nAna,A,1\n,B,2\nTotal,,4\nBen,C,4\n").0, [2, 3, 4, 5]);
    assert_eq!(lines("owner,name,amount\nAna,A,1\nTotal,,9\nBen,C,4\nSubtotal,,4\nBen,D,4\n").0, [2, 4, 6]);
    // At the end only what is called a total is one: a person or a measure may be called otherwise.
    for (last, records) in [("Total,,9", 1), ("Gesamt:,,9", 1), ("Max,,9", 2), ("total meetings,,9", 2), ("Count,,9", 2)] {
        assert_eq!(lines(&format!("name,team,value\nAna,West,5\n{last}\n")).0.len(), records, "{last}");
    }
    // Companies and deals of such names have more than numbers.
    let text = "account,name,stage,amount\nTotal,Subtotal,Won,3\nSubtotal,Count,Lost,3\nCount,Total,2026-10-01,3\n";
    assert_eq!(lines(text).0, [2, 3, 4]);
}

#[test]
fn lines_that_name_groups_become_a_column() {
    let text = concat!(
        "Name,Amount,Close\nOwner: Ana Silva (2 records),,\nStage: Won (1 record)\nA,1,x\nStage: Lost (1 record)\nB,2,x\n",
        "Owner: - (1 record),3,\nStage: Won (1 record),3\nC,3,x\n\nGrand Totals (3 records)\n"
    );
    let sheet = open(text);
    assert_eq!(sheet.headings, ["Name", "Amount", "Close", "Owner", "Stage"]);
    let (rows, records) = all(&sheet);
    let of = |line, name, amount, owner, stage| row(line, &[name, amount, "x", owner, stage]);
    assert_eq!(rows, [of(4, "A", "1", "Ana Silva", "Won"), of(6, "B", "2", "Ana Silva", "Lost"), of(9, "C", "3", "-", "Won")]);
    assert_eq!((records.read, records.refused.len(), records.footer.as_slice()), (3, 0, [11].as_slice()));
    // Without a count it must come again; a record that only looks so is one.
    assert_eq!(open("a,b,c\nOwner: Ana,,\n1,2,3\nOwner: Ben,,\n4,5,6\n").headings.len(), 4);
    assert_eq!(open("a,b,c\nOwner: Ana,,\n1,2,3\n4,5,6\n").headings.len(), 3);
    assert_eq!(open("a,b,c\n1,2,3\nOwner: Ana (2 records),,\n").headings.len(), 3);
    assert_eq!(open("a,b,c\nhttp://x,,\n1,2,3\nhttp://y,,\n").headings.len(), 3);
}

#[test]
fn headings_again_are_no_record() {
    let (rows, records) = all(&open("a,b\n1,2\na,b\n3,4\na, b \n"));
    assert_eq!((rows, records.read), (vec![row(2, &["1", "2"]), row(4, &["3", "4"])], 2));
    assert_eq!(records.diagnostics[0].message, "2 lines from line 3 to line 5 repeat the headings: no records");
    // A single column may hold its heading as a word.
    assert_eq!(all(&open("name\nAna\nname\n")).0.len(), 2);
}

#[test]
fn rows_that_continue_a_list_are_no_records() {
    let text = "id,name,lines/product,lines/price\n1,A,x,2\n,,y,3\n,,z,\n2,B,x,2\n,C,y,3\n";
    let (rows, records) = all(&open(text));
    assert_eq!(rows.iter().map(|r| r.0).collect::<Vec<_>>(), [2, 5, 6]);
    assert_eq!(records.diagnostics[0].message, "2 lines from line 3 to line 4 continue lists within the records above: no records");
    // A stroke that only joins two words is no list.
    assert_eq!(all(&open("id,Company / Account,Date/Time\n1,A,x\n,B,y\n")).0.len(), 2);
}

#[test]
fn a_table_can_begin_on_any_line_and_end_before_one() {
    let sheet = open("Report\nAs of 2026-11-16, 09:00\n\nName \u{2191},Amount\nA,1\n\n\nOther table\nWhat,Why,When\nx,y,z\n");
    let lines: Vec<u32> = sheet.lines(30).iter().map(|l| l.line).collect();
    assert_eq!(lines, [1, 2, 4, 5, 8, 9, 10]);
    let below = sheet.from_line(4).unwrap();
    assert_eq!(
        (below.heading_line, below.headings.as_slice(), below.sorted.as_slice()),
        (4, ["Name".to_owned(), "Amount".to_owned()].as_slice(), [0].as_slice())
    );
    let found = below.read(&[0, 1]).below;
    assert_eq!(found.iter().map(|(begins, line)| (*begins, line.line)).collect::<Vec<_>>(), [(8, 9)]);
    assert_eq!(all(&below.until(8)).0, [row(5, &["A", "1"])]);
    assert_eq!(all(&below.from_line(9).unwrap()).0, [row(10, &["x", "y", "z"])]);
    assert!(sheet.from_line(3).is_none() && sheet.from_line(99).is_none());
}
