#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect, clippy::format_push_string)]
use proptest::prelude::*;
use rust_xlsxwriter::{ExcelDateTime, Format as Form, Formula, Workbook};

use super::super::{Settings, open};
use super::*;

/// Every sheet: its path, and its headings and records with their rows, or what was said.
fn sheets_of(bytes: &[u8]) -> Vec<(String, String)> {
    let mut list = Vec::new();
    open("b.xlsx", bytes.to_vec(), &Settings::default(), &mut |path, found| {
        let text = match found {
            Found::Table(sheet, said) => {
                let wanted: Vec<usize> = (0..sheet.headings.len()).collect();
                let records = sheet.read(&wanted);
                let mut text = format!("{}: {}", sheet.heading_line, sheet.headings.join("|"));
                for (row, line) in records.line.iter().enumerate() {
                    let cells: Vec<&str> = records.columns.iter().map(|c| c.get(row).unwrap_or("")).collect();
                    text.push_str(&format!("\n{line}: {}", cells.join("|")));
                }
                assert!(records.refused.is_empty());
                for said in said.iter().chain(&records.diagnostics) {
                    text.push_str(&format!("\n{}", said.message));
                }
                text
            }
            Found::Refused(said) => format!("{}: {}", said.code, said.message),
            Found::Unused(why) => why,
        };
        list.push((path.to_owned(), text));
    });
    list
}

#[test]
fn a_sheet_gives_its_cells_with_its_own_row_numbers() {
    let mut book = Workbook::new();
    let day = Form::new().set_num_format("dd/mm/yyyy");
    let moment = Form::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    let euro = Form::new().set_num_format("#,##0.00 [$€-407]");
    let sheet = book.add_worksheet().set_name("Deals").unwrap();
    // The table begins in C3, behind empty rows and columns.
    for (column, heading) in ["Name", "Owner", "Amount", "Close", "Seen", "Won", "Rate", "Note"].iter().enumerate() {
        sheet.write(2, 2 + column as u16, *heading).unwrap();
    }
    sheet.write(3, 2, "Alpha, \"A\"").unwrap();
    sheet.write(3, 3, "Ana").unwrap();
    sheet.write(3, 4, 12500).unwrap();
    sheet.write_with_format(3, 5, ExcelDateTime::from_ymd(2026, 11, 9).unwrap(), &day).unwrap();
    sheet.write_with_format(3, 6, ExcelDateTime::from_ymd(2026, 11, 9).unwrap().and_hms(10, 30, 1).unwrap(), &moment).unwrap();
    sheet.write(3, 7, true).unwrap();
    sheet.write(3, 8, 0.75).unwrap();
    sheet.write(3, 9, "two\nlines").unwrap();
    sheet.write(4, 2, 17).unwrap();
    sheet.write(4, 4, 1234.1).unwrap();
    sheet.write_formula(6, 2, Formula::new("A1&\"x\"").set_result("cached")).unwrap();
    sheet.write_with_format(6, 4, 99.5, &euro).unwrap();
    sheet.write_formula(6, 5, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
    assert_eq!(
        sheets_of(&book.save_to_buffer().unwrap()),
        [(
            "b.xlsx/Deals".to_owned(),
            "3: Name|Owner|Amount|Close|Seen|Won|Rate|Note\n4: Alpha, \"A\"|Ana|12500|2026-11-09|2026-11-09 10:30:01|TRUE|0.75|two\nlines\n\
             5: 17||1234.1|||||\n7: cached||€ 99.5|||||\n1 cell holds an error of a formula (#DIV/0! 1), taken as blank"
                .to_owned()
        )]
    );
}

#[test]
fn every_sheet_that_can_hold_a_table_is_given() {
    let mut book = Workbook::new();
    book.add_worksheet().set_name("A").unwrap().write(0, 0, "x").unwrap();
    book.add_worksheet().set_name("Empty").unwrap();
    book.add_worksheet().set_name("Secret").unwrap().set_hidden(true).write(0, 0, "y").unwrap();
    assert_eq!(
        sheets_of(&book.save_to_buffer().unwrap()),
        [
            ("b.xlsx/Secret".to_owned(), "the sheet is hidden; show it in Excel to have it read".to_owned()),
            ("b.xlsx/A".to_owned(), "1: x".to_owned()),
            ("b.xlsx/Empty".to_owned(), "the sheet is empty".to_owned()),
        ]
    );
}

#[test]
fn a_merged_owner_is_that_of_each_row_and_a_merged_amount_is_not() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, heading) in ["Owner", "Deal", "Amount"].iter().enumerate() {
        sheet.write(0, column as u16, *heading).unwrap();
    }
    sheet.merge_range(1, 0, 3, 0, "Ana", &Form::new()).unwrap();
    sheet.merge_range(1, 2, 2, 2, "", &Form::new()).unwrap();
    sheet.write(1, 2, 100).unwrap();
    for (row, deal) in ["A", "B", "C", "D"].iter().enumerate() {
        sheet.write(1 + row as u32, 1, *deal).unwrap();
    }
    assert_eq!(sheets_of(&book.save_to_buffer().unwrap())[0].1, "1: Owner|Deal|Amount\n2: Ana|A|100\n3: Ana|B|\n4: Ana|C|\n5: |D|");
}

#[test]
fn cells_beyond_the_headings_are_said() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "Deal").unwrap();
    sheet.write(1, 0, "A").unwrap();
    sheet.write(1, 3, "an aside").unwrap();
    let said = "a row has cells to the right of the last heading, which are not read";
    assert_eq!(sheets_of(&book.save_to_buffer().unwrap())[0].1, format!("1: Deal\n2: A\n{said}"));
}

/// A workbook by hand: one sheet of this XML.
fn by_hand(sheet: &str, strings: Option<&str>) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let sheet = format!("<worksheet xmlns=\"{main}\">{sheet}</worksheet>");
    let mut parts = vec![
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><workbookPr date1904=\"1\"/><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{package}\"><Relationship Id=\"r1\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/styles.xml",
            format!("<styleSheet xmlns=\"{main}\"><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    parts.extend(strings.map(|s| ("xl/sharedStrings.xml", s.to_owned())));
    for (name, text) in parts {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn what_a_workbook_claims_costs_nothing() {
    // A dimension of a million rows and sixteen thousand columns, rows out of order, a cell without its place, an error that is new.
    let cells = "<dimension ref=\"A1:XFD1048576\"/><sheetData>\
        <row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><r><t>Na</t></r><r><t>me</t></r></is></c><c t=\"inlineStr\"><is><t>Day</t></is></c></row>\
        <row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c><c r=\"B1048576\"><v>2</v></c></row>\
        <row r=\"7\"><c r=\"B7\" s=\"1\"><v>44873</v></c><c r=\"A7\" t=\"str\"><v>x &amp; y</v></c></row>\
        <row r=\"9\"><c r=\"A9\" t=\"e\"><v>#SPILL!</v></c><c r=\"B9\" t=\"e\"><v>#N/A</v></c><c r=\"C9\"><v>3</v></c></row></sheetData>";
    assert_eq!(
        sheets_of(&by_hand(cells, None))[0].1,
        "1: Name|Day\n7: x & y|2026-11-09\n9: |\n1048576: 1|2\n2 cells hold an error of a formula (#N/A 1, #SPILL! 1), taken as blank\n\
         a row has cells to the right of the last heading, which are not read"
    );
    let sparse: String = (0..10_000)
        .map(|i| format!("<row r=\"{}\"><c r=\"XFD{}\"><v>1</v></c><c r=\"A{}\"><v>1</v></c></row>", i + 1, i + 1, i + 1))
        .collect();
    assert!(sheets_of(&by_hand(&format!("<sheetData>{sparse}</sheetData>"), None))[0].1.starts_with("too-large"));
    let liar = "<sst xmlns=\"x\" uniqueCount=\"99999999999999\"><si><t>a</t></si></sst>";
    assert_eq!(
        sheets_of(&by_hand("<sheetData/>", Some(liar))),
        [("b.xlsx".to_owned(), "damaged: the workbook claims more texts than it holds, so nothing of it is used".to_owned())]
    );
    let far = "<sheetData><row r=\"4000000000\"><c r=\"A4000000000\"><v>1</v></c></row></sheetData>";
    assert!(sheets_of(&by_hand(far, None))[0].1.starts_with("damaged: the workbook is damaged"));
}

/// A workbook of Excel 97 to 2003.
const OLD: &[u8] = include_bytes!("../../../../fixtures/crm/generic-old-workbook/export.xls");

#[test]
fn an_old_workbook_is_not_believed() {
    assert!(sheets_of(OLD)[1].1.starts_with("1: Activity ID|"), "{:?}", sheets_of(OLD));
    let said = |bytes: &[u8]| sheets_of(bytes)[0].1.clone();
    // The record of a sheet's dimensions: rows, and columns behind them.
    let at = memchr::memmem::find(OLD, &[0, 2, 14, 0]).unwrap() + 4;
    let mut claims = OLD.to_vec();
    claims[at + 4..at + 8].fill(0xff);
    assert!(said(&claims).starts_with("too-large: the sheet spreads few cells"));
    // A cell moved to the last row and column.
    let at = memchr::memmem::find(OLD, &[0xfd, 0, 10, 0]).unwrap() + 4;
    let mut far = OLD.to_vec();
    far[at..at + 4].fill(0xff);
    assert!(said(&far).starts_with("too-large: "));
    assert!(said(&OLD[..2500]).starts_with("damaged: the workbook is damaged, so nothing of it is used: it ends too early"));
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut other = OLD.to_vec();
    let at = memchr::memmem::find(OLD, &name).unwrap();
    other[at] = b'X';
    assert!(said(&other).starts_with("unsupported: an older Office file"));
    other.extend("EncryptedPackage\0".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(said(&other).starts_with("unreadable: cannot be read: the workbook is encrypted"));
}

/// An open document with these tables.
fn open_document(tables: &str) -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    for (name, text) in [
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", "<manifest:manifest/>"),
        ("content.xml", &content),
    ] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn an_open_document_gives_its_cells_and_is_not_believed() {
    let text = |t: &str| format!("<table:table-cell office:value-type=\"string\"><text:p>{t}</text:p></table:table-cell>");
    let cells = [text("Deal"), text("Amount"), text("Close"), text("Start")].concat();
    let row = "<table:table-cell office:value-type=\"float\" office:value=\"7\"/><table:table-cell office:value-type=\"currency\" office:value=\"12.5\"/>\
        <table:table-cell office:value-type=\"date\" office:date-value=\"2026-11-09\"/><table:table-cell office:value-type=\"time\" office:time-value=\"PT09H30M00S\"/>";
    let blank = "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let book = open_document(&format!(
        "<table:table table:name=\"Deals\"><table:table-row><table:table-cell table:number-columns-repeated=\"3\"/></table:table-row>\
         <table:table-row>{cells}</table:table-row><table:table-row table:number-rows-repeated=\"2\">{row}</table:table-row>{blank}</table:table>"
    ));
    assert_eq!(
        sheets_of(&book),
        [(
            "b.xlsx/Deals".to_owned(),
            "2: Deal|Amount|Close|Start\n3: 7|12.5|2026-11-09|09:30:00\n4: 7|12.5|2026-11-09|09:30:00".to_owned()
        )]
    );
    let flood = "<table:table table:name=\"x\"><table:table-row table:number-rows-repeated=\"90000\">\
        <table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"16000\"/></table:table-row></table:table>";
    assert!(sheets_of(&open_document(flood))[0].1.starts_with("too-large: "));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// A byte of an old workbook that is another costs the workbook at most.
    #[test]
    fn old_damage_never_stops_the_run(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = OLD.to_vec();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        prop_assert!(!sheets_of(&bytes).is_empty());
    }

    /// Damage inside the parts of a workbook costs the workbook at most.
    #[test]
    fn damage_never_stops_the_run(at in any::<prop::sample::Index>(), with in "[<>/\"a-z0-9&;]{0,4}", len in 0..6_usize) {
        let cells = "<dimension ref=\"A1:B2\"/><sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v>a</v></c></row>\
            <row r=\"2\"><c r=\"A2\" s=\"1\"><v>45000.5</v></c><c r=\"B2\" t=\"b\"><v>1</v></c></row></sheetData>";
        let from = at.index(cells.len());
        let to = (from + len).min(cells.len());
        let bytes = by_hand(&format!("{}{with}{}", &cells[..from], &cells[to..]), None);
        prop_assert!(!sheets_of(&bytes).is_empty());
    }
}
