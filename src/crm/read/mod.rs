//! Bytes → records with exact line numbers, and no bad record costs a good one.
//!
//! What is compressed, an archive or a workbook is opened first (`unpack`, `workbook`), by its bytes and not its name; a sheet's cells become
//! text that keeps their rows (`grid`), so that everything behind is the same for all.
//!
//! What a record is, is the csv crate's word; where it begins and ends is found beforehand (`scan`), so that a quote that never closes is
//! cut out as one line and everything after it is still read. A record that cannot be read is [`Refused`] with its reason, never dropped.

mod claims;
mod decode;
mod fast;
mod footer;
mod grid;
mod parts;
mod place;
mod quote;
mod reading;
mod scan;
mod spell;
mod stored;
mod summary;
#[cfg(test)]
mod tests;
mod unpack;
mod workbook;

use std::ops::Range;
use std::sync::Arc;

use csv::StringRecord;

use self::grid::Rows;
use self::parts::Parts;
pub use self::place::Line;
use self::reading::{Kept, Reading};
use self::scan::{Raw, Scanner, Shape};
use self::stored::Stored;
use self::unpack::About;
pub use self::unpack::{Found, Holder, open};
pub(in crate::crm) use self::unpack::{Visit, open_stored};
use super::meter::Meter;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Lines, Words};

/// How many records are outlined before the csv crate reads them: few enough to stay in the cache, enough to build its tables rarely.
const BATCH: usize = 4096;

/// What has so many bytes is read by several threads.
const BIG: usize = 1 << 20;

/// No sheet has more columns (Excel's own limit).
const MOST_HEADINGS: usize = 16_384;
/// No heading has more bytes.
const LONGEST_HEADING: usize = 4096;

/// What the user says about files that cannot say it themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// What separates the cells, an ASCII character; else it is found from the first records.
    pub delimiter: Option<u8>,
    /// The encoding's WHATWG label, such as `windows-1252`; a byte order mark wins over it.
    pub encoding: Option<String>,
}

/// A delimited text or a workbook's sheet, and its headings.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The file as the user named it, and the path to this table where the file holds several.
    pub name: String,
    /// Its size in bytes as it came, compressed or not; of a sheet, that of its workbook.
    pub bytes: u64,
    /// How it came packed: `gzip`, `zip` for a file in an archive, or nothing.
    pub packed: &'static str,
    /// The XXH3 hash of the same bytes, 16 hexadecimal digits.
    pub xxh3: String,
    /// What separates its cells.
    pub delimiter: u8,
    /// The line on which the headings begin, from 1.
    pub heading_line: u32,
    /// The headings, trimmed; repeated and empty ones stay, so that indexes are the columns of the file. Behind them stand those of lines
    /// that name a group between the records.
    pub headings: Vec<String>,
    /// Which headings are marked as those of sorted columns, as a report marks those that it is grouped by.
    pub sorted: Vec<usize>,
    /// How many cells a record has.
    width: usize,
    /// What lines begin with that name a group.
    labels: Vec<String>,
    /// All of its text, or the beginning of one that is stored.
    text: Arc<String>,
    /// Where the whole text is, if it is not in memory.
    rest: Option<Arc<Stored>>,
    /// The byte on which the headings begin, and its line in the text.
    begin: (usize, u32),
    /// The byte after the headings, and its line in the text.
    body: (usize, u32),
    /// Where the text was made from a workbook's cells: which rows its lines are.
    rows: Option<Rows>,
    /// The line before which it ends, where another table stands below it.
    until: Option<u32>,
    /// Where it is told how far reading has come.
    meter: Meter,
}

/// The records of a sheet, column by column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// The line on which each record begins, from 1.
    pub line: Lines,
    /// The wanted columns in the order in which they were asked for; cells trimmed, blank ones null.
    pub columns: Vec<Words>,
    /// How many records the file holds: those of `line` and those refused.
    pub read: u64,
    /// The records that could not be read, in the file's order.
    pub refused: Vec<Refused>,
    /// What else was noticed; the reasons of refused records stand with them.
    pub diagnostics: Vec<Diagnostic>,
    /// The lines at the file's end that hold no record, such as a report's totals and copyright.
    pub footer: Vec<u32>,
    /// Where rows that only add up others stood: the number of records before each, and the column of its label.
    pub sums: Vec<(usize, usize)>,
    /// Lines below a gap that can be the headings of another table: where it begins, title lines included, and the headings.
    pub below: Vec<(u32, Line)>,
}

impl Records {
    /// Keeps only these records; those refused stay.
    pub fn keep(&mut self, chosen: &[bool]) {
        let keep = |row: usize| chosen.get(row) == Some(&true);
        for column in &mut self.columns {
            *column = Words::from_texts((0..column.len()).filter(|row| keep(*row)).map(|row| column.get(row)));
        }
        self.line = self.line.iter().enumerate().filter(|(row, _)| keep(*row)).map(|(_, line)| line).collect();
        self.read = (self.line.len() + self.refused.len()) as u64;
    }
}

/// What is wanted of a sheet's records.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'w> {
    /// The columns, by the indexes of their headings; an index that no heading has gives a column of nulls.
    pub columns: &'w [usize],
    /// Those that are thought to hold dates: [`crate::table::Stamps`] where all of one are written alike.
    pub dates: &'w [usize],
    /// Those that are thought to hold ids: [`crate::table::Ids`] where all of one are.
    pub ids: &'w [usize],
    /// Those whose texts mostly differ and are seldom compared: each row's is kept as it is.
    pub texts: &'w [usize],
    /// A record that fills none of these is refused: it holds nothing of what it should be. None, or none of them, where every record is kept.
    pub needed: Option<&'w [usize]>,
}

impl<'w> Wanted<'w> {
    /// These columns of every record, of which nothing is known.
    pub fn of(columns: &'w [usize]) -> Self {
        Self { columns, dates: &[], ids: &[], texts: &[], needed: None }
    }
}

/// A record that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The line on which it begins, from 1.
    pub line: u32,
    /// Why.
    pub diagnostic: Diagnostic,
    /// Its text without the line end.
    pub text: String,
}

/// A record, or what stands in the place of one.
enum Row<'a> {
    Read(&'a StringRecord),
    Unclosed(usize),
    /// The csv crate found no record where one was outlined: a bug, which must not lose the record.
    Lost,
}

impl Sheet {
    /// Decodes a file and finds its headings. The diagnostics say what was assumed.
    ///
    /// # Errors
    /// [`Code::EmptyFile`], [`Code::NotATable`], [`Code::Unsupported`], [`Code::UnclosedQuote`] in the headings, and
    /// [`Code::ConfigValue`] for settings that cannot be.
    pub fn open(name: &str, bytes: Vec<u8>, settings: &Settings) -> Result<(Self, Vec<Diagnostic>), Diagnostic> {
        if let Some(delimiter) = settings.delimiter.filter(|d| !decode::fits(*d)) {
            let shown = char::from(delimiter).escape_default();
            return Err(Diagnostic::error(Code::ConfigValue, format!("'{shown}' cannot separate cells"))
                .at(Location::file(name))
                .hint("one ASCII character such as , ; or a tab"));
        }
        let about = About::of(&bytes);
        let (text, said) = decode::decode(name, bytes, settings)?;
        let mut start = usize::from(text.starts_with('\u{feff}')) * '\u{feff}'.len_utf8();
        let mut line = 1;
        let rest = text.get(start..).unwrap_or_default();
        if rest.trim().is_empty() {
            return Err(empty(name));
        }
        let mut declared = None;
        if let Some((delimiter, after)) = decode::declared(rest) {
            declared = Some(delimiter);
            start += after;
            line = 2;
        }
        let delimiter = settings
            .delimiter
            .or(declared)
            .unwrap_or_else(|| decode::sniff(text.get(start..).unwrap_or_default().trim_start_matches(['\n', '\r'])));
        Ok((Self::with_headings(name, about, text, (start, line), delimiter, None)?, said))
    }

    /// A workbook's sheet, from its cells as text.
    fn of_cells(name: &str, about: &About, text: String, rows: Rows) -> Result<Self, Diagnostic> {
        Self::with_headings(name, about.clone(), text, (0, 1), grid::DELIMITER, Some(rows))
    }

    /// Finds the headings of a text from this byte and line on.
    fn with_headings(
        name: &str,
        about: About,
        text: String,
        (start, line): (usize, u32),
        delimiter: u8,
        rows: Option<Rows>,
    ) -> Result<Self, Diagnostic> {
        let row = |line: u32| rows.as_ref().map_or(line, |rows| rows.of(line));
        let text = Arc::new(text);
        let mut scanner = Scanner::new(text.as_bytes(), delimiter, start, line, None);
        let mut parts = Parts::new(delimiter);
        while let Some(raw) = scanner.next() {
            if let Shape::Unclosed { field } = raw.shape {
                return Err(Diagnostic::error(
                    Code::UnclosedQuote,
                    format!("heading {} opens a quotation mark that never closes", field + 1),
                )
                .at(Location::line(name, row(raw.line)))
                .hint("close the quotation mark, or write it twice where it belongs to the text"));
            }
            let mut record = StringRecord::new();
            if !parts.read_one(&text, raw.start..raw.end, &mut record) || record.iter().all(|c| c.trim().is_empty()) {
                continue;
            }
            no_headings(&record).map_or(Ok(()), |why| {
                let hint = "the first line should name the columns; if another mark separates the cells, give --delimiter";
                Err(Diagnostic::error(Code::NotATable, why).at(Location::line(name, row(raw.line))).hint(hint))
            })?;
            let mut sheet = Self {
                name: name.to_owned(),
                bytes: about.bytes,
                xxh3: about.xxh3,
                packed: "",
                delimiter,
                heading_line: row(raw.line),
                headings: Vec::new(),
                sorted: Vec::new(),
                width: 0,
                labels: Vec::new(),
                begin: (raw.start, raw.line),
                body: (scanner.position(), scanner.line()),
                text: Arc::clone(&text),
                rest: None,
                rows,
                until: None,
                meter: Meter::default(),
            };
            sheet.head(&record);
            return Ok(sheet);
        }
        Err(empty(name))
    }

    /// Tells a meter from now on how much of it has been read; whether it is a `part` of a file with others.
    pub(super) fn watch(&mut self, meter: &Meter, part: bool) {
        meter.table(&self.name, part, if self.rest.is_some() { self.bytes } else { self.text.len() as u64 });
        self.meter = meter.clone();
    }

    /// The same table where its first line is a record and no headings: these are its headings, if it has as many cells and a digit in one of
    /// them, which headings hardly have.
    #[must_use]
    pub fn under(&self, headings: &[String]) -> Option<Self> {
        let fits = self.width == headings.len()
            && self.labels.is_empty()
            && self.body != self.begin
            && self.headings.iter().any(|cell| cell.contains(|c: char| c.is_ascii_digit()));
        fits.then(|| Self { headings: headings.to_vec(), body: self.begin, ..self.clone() })
    }

    /// The first records that can be read, at most `n`: every cell, trimmed.
    pub fn sample(&self, n: usize) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        if n > 0 {
            self.walk(BATCH.min(n), |_, row| {
                if let Row::Read(record) = row
                    && self.fits(record)
                    && !blank(record)
                {
                    let mut cells: Vec<String> = record.iter().map(|c| c.trim().to_owned()).collect();
                    cells.resize(self.width, String::new());
                    rows.push(cells);
                }
                rows.len() < n
            });
        }
        rows
    }

    /// Every record, with the columns of these heading indexes; an index that no heading has gives a column of nulls.
    pub fn read(&self, columns: &[usize]) -> Records {
        self.read_fields(Wanted::of(columns))
    }

    /// Every record, with the columns that are wanted of it.
    pub fn read_fields(&self, wanted: Wanted<'_>) -> Records {
        if self.rest.is_some() {
            return match self.stream(wanted) {
                Some((records, _)) => records,
                None => self.read_plainly(wanted),
            };
        }
        let rest = self.text.as_bytes().get(self.body.0..).unwrap_or_default();
        if rest.len() >= BIG {
            let told = |at: u64| self.meter.at(self.body.0 as u64 + at);
            if let Ok(records) = fast::read(self, rest, wanted, fast::Shares::default(), &told) {
                return records;
            }
        }
        self.read_plainly(wanted)
    }

    /// As [`Sheet::read_fields`], by so many threads which read so many bytes at once; none where only record by record tells what there is.
    pub fn read_in_blocks(&self, wanted: Wanted<'_>, step: usize, threads: usize) -> Option<Records> {
        let rest = self.text.as_bytes().get(self.body.0..).unwrap_or_default();
        fast::read(self, rest, wanted, fast::Shares { step, threads }, &|_| {}).ok()
    }

    /// As [`Sheet::read_fields`], record by record.
    pub fn read_plainly(&self, wanted: Wanted<'_>) -> Records {
        let mut into = Reading::new(self, wanted.columns, Kept::new(wanted.columns.len()));
        into.needed = wanted.needed.filter(|needed| !needed.is_empty());
        self.read_into(into)
    }

    /// Every record, those that only add up others included.
    fn read_as_they_stand(&self, wanted: &[usize]) -> Records {
        let mut into = Reading::new(self, wanted, Kept::new(wanted.len()));
        into.as_they_stand = true;
        self.read_into(into)
    }

    fn read_into(&self, mut into: Reading<'_, Kept>) -> Records {
        let whole = self.whole();
        let sheet = whole.as_ref().unwrap_or(self);
        sheet.walk(BATCH, |raw, row| {
            into.take(raw, &row, sheet.text.get(raw.start..raw.end).unwrap_or_default());
            true
        });
        into.end();
        into.finish()
    }

    /// Gives every record to `visit` in order until it returns false.
    fn walk(&self, batch: usize, visit: impl FnMut(&Raw, Row<'_>) -> bool) {
        let whole = self.whole();
        let text = whole.as_ref().map_or(&self.text, |sheet| &sheet.text);
        self.walk_in(text, self.body, batch, &self.meter, visit);
    }

    /// Gives every record of a text from this byte and line on to `visit` in order until it returns false; whether blank lines end the text.
    fn walk_in(
        &self,
        text: &str,
        (start, line): (usize, u32),
        batch: usize,
        meter: &Meter,
        visit: impl FnMut(&Raw, Row<'_>) -> bool,
    ) -> bool {
        self.walk_with(&mut Parts::new(self.delimiter), text, (start, line), batch, meter, visit)
    }

    /// The same with a reader that is there already.
    fn walk_with<'t>(
        &self,
        parts: &mut Parts<'t>,
        text: &'t str,
        (start, line): (usize, u32),
        batch: usize,
        meter: &Meter,
        mut visit: impl FnMut(&Raw, Row<'_>) -> bool,
    ) -> bool {
        let mut scanner = self.scanner(text, start, line);
        let mut record = StringRecord::new();
        loop {
            let mut raws: Vec<Raw> = scanner.by_ref().take(batch.max(1)).collect();
            for raw in raws.iter_mut().filter(|_| self.rows.is_some()) {
                raw.line = self.row(raw.line);
            }
            if let Some(until) = self.until {
                raws.retain(|raw| raw.line < until);
            }
            if raws.is_empty() {
                return scanner.ends_blank();
            }
            meter.at(scanner.position() as u64);
            let mut segments: Vec<Range<usize>> = Vec::new();
            for raw in raws.iter().filter(|r| matches!(r.shape, Shape::Record { .. })) {
                match segments.last_mut() {
                    // What lies between two records is blank lines, which the csv crate skips; what is cut out is no blank line.
                    Some(last) if only_line_ends(text, last.end, raw.start) => last.end = raw.end,
                    _ => segments.push(raw.start..raw.end),
                }
            }
            parts.begin(text, segments);
            for raw in &raws {
                let row = match raw.shape {
                    Shape::Unclosed { field } => Row::Unclosed(field),
                    Shape::Record { .. } if parts.read(&mut record) => Row::Read(&record),
                    Shape::Record { .. } => Row::Lost,
                };
                debug_assert!(!matches!(row, Row::Lost), "{}:{}: outlined but not read", self.name, raw.line);
                if !visit(raw, row) {
                    return false;
                }
            }
        }
    }

    /// The records of a text from a byte on, which stands on this line.
    fn scanner<'t>(&self, text: &'t str, start: usize, line: u32) -> Scanner<'t> {
        // The text of a workbook's cells was written here, so that no quotation mark in it can be a mistake.
        let width = self.rows.is_none().then_some(self.width);
        Scanner::new(text.as_bytes(), self.delimiter, start, line, width)
    }

    /// What the user calls a line of the text: in a workbook the row.
    fn row(&self, line: u32) -> u32 {
        self.rows.as_ref().map_or(line, |rows| rows.of(line))
    }

    /// Whether a record has a cell for each heading. A row of a sheet always does: its cells stand where they stand, whatever follows them.
    fn fits(&self, record: &StringRecord) -> bool {
        self.rows.is_some() || record.len() == self.width
    }

    /// A column's heading as a diagnostic names it.
    fn heading(&self, index: usize) -> String {
        match self.headings.get(index) {
            Some(heading) if !heading.is_empty() => heading.clone(),
            _ => format!("column {}", index + 1),
        }
    }

    fn ragged(&self, line: u32, cells: usize) -> Diagnostic {
        let headings = self.width;
        let hint = if cells > headings {
            "put quotation marks around the cell that holds the separator"
        } else {
            "add the missing cells, or export the file again if it was cut off"
        };
        let (s, t) = (if cells == 1 { "" } else { "s" }, if headings == 1 { "" } else { "s" });
        Diagnostic::error(Code::RaggedRow, format!("this record has {cells} cell{s}, but there are {headings} heading{t}"))
            .at(Location::line(self.name.as_str(), line))
            .hint(hint)
    }

    fn blank_record(&self, line: u32, filled: usize) -> Diagnostic {
        let message = format!("this record holds nothing but '{}', and nothing reads that", self.heading(filled));
        Diagnostic::error(Code::BlankRecord, message)
            .at(Location::line(self.name.as_str(), line))
            .hint("if the row continues the record above it, export without the list that it belongs to")
    }

    fn unclosed(&self, line: u32, field: usize) -> Diagnostic {
        Diagnostic::error(Code::UnclosedQuote, "a quotation mark opens here and never closes")
            .at(Location::cell(self.name.as_str(), line, self.heading(field)))
            .hint("close it, or write it twice where it belongs to the text")
    }

    fn quote_in_field(&self, line: u32, field: usize) -> Diagnostic {
        Diagnostic::warning(Code::QuoteInField, "a quotation mark stands inside the cell; it was read as text")
            .at(Location::cell(self.name.as_str(), line, self.heading(field)))
            .hint("put the whole cell in quotation marks and write those inside twice")
    }
}

/// Why a first line is certainly none of headings, so that nobody compares its cells with those of every known table.
fn no_headings(cells: &StringRecord) -> Option<String> {
    if cells.len() > MOST_HEADINGS {
        return Some(format!("the first line has {} cells, and no table has more than {MOST_HEADINGS} columns", cells.len()));
    }
    let longest = cells.iter().map(str::len).max().unwrap_or(0);
    (longest > LONGEST_HEADING).then(|| format!("the first line holds a cell of {longest} bytes, which is no heading"))
}

fn empty(name: &str) -> Diagnostic {
    let what = if name == super::files::STDIN { "standard input" } else { "the file" };
    Diagnostic::error(Code::EmptyFile, format!("{what} is empty: it has no headings"))
        .at(Location::file(name))
        .hint("export it again; the first line names the columns")
}

fn only_line_ends(text: &str, from: usize, to: usize) -> bool {
    text.as_bytes().get(from..to).is_some_and(|gap| gap.iter().all(|b| matches!(b, b'\n' | b'\r')))
}

/// The text of a record without its line end.
fn without_line_end(text: &str) -> &str {
    text.trim_end_matches(['\n', '\r'])
}

/// Whether no cell holds anything.
fn blank(record: &StringRecord) -> bool {
    record.as_slice().trim().is_empty()
}
