//! How facts become bytes: what a cell is, how a country writes it, and the file around it.

use std::io::{Cursor, Write as _};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

/// A cell before anybody has decided how to write it.
#[derive(Debug, Clone)]
pub(super) enum Cell {
    Text(String),
    Day(Date),
    /// Wall time in the company's zone.
    At(DateTime),
    /// Minor units.
    Money(i64),
    Whole(i64),
    Blank,
}

/// A text as it stands.
pub(super) fn t(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

/// A file before it is written.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Its name without an ending.
    pub(super) name: &'static str,
    pub(super) headings: Vec<&'static str>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// Lines of one cell after the rows.
    pub(super) footer: Vec<&'static str>,
}

impl Sheet {
    /// Headings are written with bars between them.
    pub(super) fn new(name: &'static str, headings: &'static str, rows: Vec<Vec<Cell>>) -> Self {
        let headings: Vec<&str> = headings.split('|').collect();
        assert!(rows.iter().all(|row| row.len() == headings.len()), "{name}: {headings:?} {:?}", rows.first());
        Self { name, headings, rows, footer: Vec::new() }
    }
}

/// How days, moments and money are written.
#[derive(Clone, Copy)]
pub(super) struct Spelling {
    pub(super) name: &'static str,
    day: fn(Date) -> String,
    at: fn(DateTime) -> String,
    money: fn(i64) -> String,
    /// Whether a spreadsheet would hold dates and numbers instead of text.
    typed: bool,
}

/// The zone in which the company works.
pub(super) const ZONE: &str = "America/Chicago";

fn instant(at: DateTime) -> jiff::Zoned {
    at.to_zoned(TimeZone::get(ZONE).unwrap()).unwrap()
}

fn utc(at: DateTime, form: &str) -> String {
    instant(at).with_time_zone(TimeZone::UTC).strftime(form).to_string()
}

fn grouped(cents: i64, group: &str, mark: &str) -> String {
    let whole = (cents / 100).to_string();
    let parts: Vec<&str> = whole.as_bytes().rchunks(3).rev().map(|c| std::str::from_utf8(c).unwrap()).collect();
    format!("{}{mark}{:02}", parts.join(group), cents % 100)
}

fn bare(cents: i64) -> String {
    grouped(cents, "", ".")
}

fn iso(day: Date) -> String {
    day.to_string()
}

fn form(at: DateTime, form: &str) -> String {
    at.strftime(form).to_string()
}

/// `2026-11-14`, `2026-11-14 09:30`, `1234.50`.
pub(super) const ISO: Spelling = Spelling { name: "iso", day: iso, at: |at| form(at, "%Y-%m-%d %H:%M"), money: bare, typed: true };
/// `11/4/2026`, `11/4/2026 9:30 AM`, `1,234.50`.
pub(super) const US: Spelling = Spelling {
    name: "en-US",
    day: |day| day.strftime("%-m/%-d/%Y").to_string(),
    at: |at| form(at, "%-m/%-d/%Y %-I:%M %p"),
    money: |cents| grouped(cents, ",", "."),
    typed: true,
};
/// `11/4/2026`, `11/4/2026 9:30`, `$1,234.50 `.
pub(super) const US_24: Spelling = Spelling {
    name: "en-US 24 h",
    day: |day| day.strftime("%-m/%-d/%Y").to_string(),
    at: |at| form(at, "%-m/%-d/%Y %-H:%M"),
    money: |cents| format!("${} ", grouped(cents, ",", ".")),
    typed: true,
};
/// `04/11/2026`, `04/11/2026 09:30`, `1,234.50`.
pub(super) const GB: Spelling = Spelling {
    name: "en-GB",
    day: |day| day.strftime("%d/%m/%Y").to_string(),
    at: |at| form(at, "%d/%m/%Y %H:%M"),
    money: |cents| grouped(cents, ",", "."),
    typed: true,
};
/// `04.11.2026`, `04.11.2026 09:30`, `1.234,50`.
pub(super) const DE: Spelling = Spelling {
    name: "de-DE",
    day: |day| day.strftime("%d.%m.%Y").to_string(),
    at: |at| form(at, "%d.%m.%Y %H:%M"),
    money: |cents| grouped(cents, ".", ","),
    typed: true,
};
/// `04/11/2026`, `04/11/2026 09:30`, `1 234,50` with a blank that does not break.
pub(super) const FR: Spelling = Spelling {
    name: "fr-FR",
    day: |day| day.strftime("%d/%m/%Y").to_string(),
    at: |at| form(at, "%d/%m/%Y %H:%M"),
    money: |cents| grouped(cents, "\u{a0}", ","),
    typed: true,
};
/// `04/11/2026`, `04/11/2026 09:30`, `1.234,50`.
pub(super) const BR: Spelling = Spelling { name: "pt-BR", money: |cents| grouped(cents, ".", ","), ..FR };
/// `2026-11-14`, `2026-11-14T15:30:00.000+0000`.
pub(super) const API: Spelling =
    Spelling { name: "api", day: iso, at: |at| utc(at, "%Y-%m-%dT%H:%M:%S.000+0000"), money: bare, typed: false };
/// `2026-11-14`, `2026-11-14T15:30:00.000Z`.
pub(super) const ZULU: Spelling = Spelling { name: "zulu", at: |at| utc(at, "%Y-%m-%dT%H:%M:%S.000Z"), ..API };
/// `2026-11-14 00:00:00`, `2026-11-14 15:30:00` in GMT.
pub(super) const WEEKLY: Spelling =
    Spelling { name: "weekly", day: |day| format!("{day} 00:00:00"), at: |at| utc(at, "%Y-%m-%d %H:%M:%S"), ..API };
/// `2026-11-14`, `2026-11-14 15:30:00.000000` in UTC.
pub(super) const WAREHOUSE: Spelling = Spelling { name: "warehouse", at: |at| utc(at, "%Y-%m-%d %H:%M:%S.000000"), ..API };
/// Milliseconds since 1970.
pub(super) const EPOCH: Spelling = Spelling { name: "epoch ms", at: |at| instant(at).timestamp().as_millisecond().to_string(), ..API };
/// `2026-11-14`, `2026-11-14 09:30:00.000000-06:00`.
pub(super) const OFFSET: Spelling =
    Spelling { name: "offset", at: |at| instant(at).strftime("%Y-%m-%d %H:%M:%S.000000%:z").to_string(), ..API };
/// `2026-11-14`, `2026-11-14T09:30:00-06:00`.
pub(super) const OFFSET_T: Spelling =
    Spelling { name: "offset, T", at: |at| instant(at).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string(), ..API };

impl Spelling {
    fn text(&self, cell: &Cell) -> String {
        match cell {
            Cell::Text(text) => text.clone(),
            Cell::Day(day) => (self.day)(*day),
            Cell::At(at) => (self.at)(*at),
            Cell::Money(cents) => (self.money)(*cents),
            Cell::Whole(number) => number.to_string(),
            Cell::Blank => String::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Utf8Bom,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ends {
    Lf,
    CrLf,
    /// Every other line ends in CRLF.
    Mixed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Container {
    Plain,
    Gzip,
    /// All files of the export in one.
    Zip,
    /// A workbook per file, with real dates and numbers where a person exports them.
    Workbook,
}

/// Everything about the file that is not the facts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) encoding: Encoding,
    pub(super) delimiter: char,
    /// Whether a first line `sep=;` says so.
    pub(super) declared: bool,
    pub(super) ends: Ends,
    pub(super) quoted: bool,
    pub(super) container: Container,
}

/// UTF-8, commas, LF.
pub(super) const PLAIN: Form =
    Form { encoding: Encoding::Utf8, delimiter: ',', declared: false, ends: Ends::Lf, quoted: false, container: Container::Plain };

/// The files of an export, by name.
pub(super) fn files(sheets: &[Sheet], spelling: &Spelling, form: Form) -> Vec<(String, Vec<u8>)> {
    let text = |sheet: &Sheet| encoded(&written(sheet, spelling, form), form.encoding);
    match form.container {
        Container::Plain => sheets.iter().map(|s| (format!("{}.csv", s.name), text(s))).collect(),
        Container::Gzip => sheets.iter().map(|s| (format!("{}.csv.gz", s.name), gzip(&text(s)))).collect(),
        Container::Zip => {
            let members: Vec<(String, Vec<u8>)> = sheets.iter().map(|s| (format!("{}.csv", s.name), text(s))).collect();
            vec![("export.zip".to_owned(), zip(&members))]
        }
        Container::Workbook => sheets.iter().map(|s| (format!("{}.xlsx", s.name), workbook(s, spelling))).collect(),
    }
}

fn written(sheet: &Sheet, spelling: &Spelling, form: Form) -> String {
    let mut lines = Vec::new();
    if form.declared {
        lines.push(format!("sep={}", form.delimiter));
    }
    let quote = |text: &str| {
        if form.quoted || text.contains(['"', '\n', '\r', form.delimiter]) {
            format!("\"{}\"", text.replace('"', "\"\""))
        } else {
            text.to_owned()
        }
    };
    let mut line = |cells: Vec<String>| lines.push(cells.iter().map(|c| quote(c)).collect::<Vec<_>>().join(&form.delimiter.to_string()));
    line(sheet.headings.iter().map(|h| (*h).to_owned()).collect());
    for row in &sheet.rows {
        line(row.iter().map(|cell| spelling.text(cell)).collect());
    }
    if !sheet.footer.is_empty() {
        lines.push(String::new());
        lines.extend(sheet.footer.iter().map(|text| quote(text)));
    }
    let end = |at: usize| match form.ends {
        Ends::Lf => "\n",
        Ends::CrLf => "\r\n",
        Ends::Mixed => ["\n", "\r\n"][at % 2],
    };
    lines.iter().enumerate().flat_map(|(at, line)| [line.as_str(), end(at)]).collect()
}

fn encoded(text: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Utf8 => text.as_bytes().to_vec(),
        Encoding::Utf8Bom => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        Encoding::Utf16Le => [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => [0xFEFF_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect(),
        Encoding::Windows1252 => {
            let (bytes, _, lost) = encoding_rs::WINDOWS_1252.encode(text);
            assert!(!lost, "a letter that windows-1252 does not have");
            bytes.into_owned()
        }
    }
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zip(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn workbook(sheet: &Sheet, spelling: &Spelling) -> Vec<u8> {
    use rust_xlsxwriter::{Format, Workbook};
    let (days, moments) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("dd/mm/yyyy hh:mm"));
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, heading) in sheet.headings.iter().enumerate() {
        page.write_string(0, column as u16, *heading).unwrap();
    }
    for (row, cells) in sheet.rows.iter().enumerate() {
        for (column, cell) in cells.iter().enumerate() {
            let (row, column) = (row as u32 + 1, column as u16);
            match cell {
                Cell::Blank => continue,
                Cell::Day(day) if spelling.typed => page.write_number_with_format(row, column, serial(day.at(0, 0, 0, 0)), &days),
                Cell::At(at) if spelling.typed => page.write_number_with_format(row, column, serial(*at), &moments),
                Cell::Money(cents) if spelling.typed => page.write_number(row, column, *cents as f64 / 100.0),
                Cell::Whole(number) => page.write_number(row, column, *number as f64),
                _ => page.write_string(row, column, spelling.text(cell)),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Days since 30 December 1899, as a spreadsheet counts them.
fn serial(at: DateTime) -> f64 {
    let seconds = at.duration_since(jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0)).as_secs();
    seconds as f64 / 86_400.0
}
