//! The records of a sheet as they come in, and what stands between them that is none: groups' names, sums, headings again, footers.

use std::collections::VecDeque;

use csv::StringRecord;

use super::footer::{self, Pending};
use super::place::Line;
use super::scan::{Raw, Shape};
use super::summary::{self, Summary};
use super::{Records, Refused, Row, Sheet, blank, without_line_end};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Lines, Words, WordsBuilder};

/// So many lines below gaps are held for headings of other tables at most.
const TABLES: usize = 16;

/// Where the records go.
pub(super) trait Rows {
    /// How many there are so far.
    fn len(&self) -> usize;

    /// Begins one with its line; its cells follow, column by column.
    fn begin(&mut self, line: u32);

    /// Adds a cell, trimmed; none where it is blank.
    fn cell(&mut self, column: usize, text: Option<&str>);

    /// The lines and columns.
    fn finish(self) -> (Lines, Vec<Words>);
}

/// Records kept as they come.
#[derive(Debug)]
pub(super) struct Kept {
    line: Lines,
    columns: Vec<WordsBuilder>,
}

impl Kept {
    pub(super) fn new(columns: usize) -> Self {
        Self { line: Lines::default(), columns: (0..columns).map(|_| WordsBuilder::default()).collect() }
    }
}

impl Rows for Kept {
    fn len(&self) -> usize {
        self.line.len()
    }

    fn begin(&mut self, line: u32) {
        self.line.push(line);
    }

    fn cell(&mut self, column: usize, text: Option<&str>) {
        if let Some(column) = self.columns.get_mut(column) {
            column.push(text);
        }
    }

    fn finish(self) -> (Lines, Vec<Words>) {
        (self.line, self.columns.into_iter().map(WordsBuilder::finish).collect())
    }
}

/// The records as they come in.
pub(super) struct Reading<'s, R> {
    sheet: &'s Sheet,
    wanted: &'s [usize],
    /// Whether rows that only add up others are kept among the records.
    pub(super) as_they_stand: bool,
    /// A record that fills none of these columns is refused; none, where every record is to be kept.
    pub(super) needed: Option<&'s [usize]>,
    pub(super) rows: R,
    refused: Vec<Refused>,
    diagnostics: Vec<Diagnostic>,
    /// What may turn out to be the footer, should no record follow.
    pending: VecDeque<Pending>,
    /// Whether a blank line stands before the next record.
    gap: bool,
    /// Whether a blank line has stood before a record that is no footer: then blank lines say nothing.
    gaps: bool,
    /// The names of the groups that the next record is in.
    groups: Vec<Option<String>>,
    /// Lines that name groups.
    named: Vec<u32>,
    /// Lines that repeat the headings.
    again: Vec<u32>,
    /// Lines that continue a list within the record above.
    continued: Vec<u32>,
    /// The columns of such lists; empty where there are none.
    sublists: Vec<bool>,
    /// Rows that add up others.
    sums: Vec<Summary>,
    /// Rows that may add up others, and stand among the records until that is known.
    suspects: Vec<Summary>,
    below: Vec<(u32, Line)>,
    /// The first row of a workbook's sheet with cells to the right of the last heading, and how many such rows there are.
    beyond: Option<(u32, u64)>,
}

impl<'s, R: Rows> Reading<'s, R> {
    pub(super) fn new(sheet: &'s Sheet, wanted: &'s [usize], rows: R) -> Self {
        Self {
            sheet,
            wanted,
            as_they_stand: false,
            needed: None,
            rows,
            refused: Vec::new(),
            diagnostics: Vec::new(),
            pending: VecDeque::new(),
            gap: false,
            gaps: false,
            groups: vec![None; sheet.labels.len()],
            named: Vec::new(),
            again: Vec::new(),
            continued: Vec::new(),
            sublists: sheet.sublists(),
            sums: Vec::new(),
            suspects: Vec::new(),
            below: Vec::new(),
            beyond: None,
        }
    }

    /// Takes what stands next; `text` is the file's own text of it, line end included.
    pub(super) fn take(&mut self, raw: &Raw, row: &Row<'_>, text: &str) {
        let gap = raw.gap || self.gap;
        self.gap = false;
        let refusal = match row {
            Row::Read(record) if blank(record) => {
                self.gap = true;
                return;
            }
            Row::Read(record) => return self.read(record, raw, gap, text),
            Row::Unclosed(field) => self.sheet.unclosed(raw.line, *field),
            Row::Lost => {
                Diagnostic::error(Code::Accounting, "this record could not be read").at(Location::line(self.sheet.name.as_str(), raw.line))
            }
        };
        self.flush(0);
        self.note_gap(gap);
        self.refuse(refusal, raw.line, text);
    }

    /// Notes that a blank line stands before what comes next.
    pub(super) fn gap(&mut self) {
        self.gap = true;
    }

    /// Whether nothing is held back, so that what comes next is read as if it stood alone.
    pub(super) fn is_clean(&self) -> bool {
        !self.gap && self.pending.is_empty()
    }

    /// Whether only another look at the file tells what some of its lines are.
    pub(super) fn is_doubtful(&self) -> bool {
        !self.suspects.is_empty() || !self.below.is_empty()
    }

    fn read(&mut self, record: &StringRecord, raw: &Raw, gap: bool, text: &str) {
        if let Some((level, value)) = self.sheet.label(record) {
            let value = Some(value.to_owned()).filter(|v| !v.is_empty());
            self.flush(0);
            self.groups.truncate(level);
            self.groups.push(value);
            self.groups.resize(self.sheet.labels.len(), None);
            self.named.push(raw.line);
            return;
        }
        if self.is_headings(record) {
            // What stands alone between a gap and headings is their title.
            if let Some(title) = self.pending.pop_back_if(|p| p.gap && p.is_title()) {
                self.named.push(title.line);
            }
            self.flush(0);
            self.again.push(raw.line);
            return;
        }
        if gap || !self.pending.is_empty() {
            self.may_head(record, raw.line, gap);
        }
        let odd = if let Shape::Record { odd } = raw.shape { odd } else { None };
        if let Some(pending) = Pending::of(record, (raw.line, text), gap, odd, self.sheet.width) {
            self.pending.push_back(pending);
            if self.pending.len() > footer::LONGEST {
                self.flush(0);
            }
            return;
        }
        self.flush(0);
        self.note_gap(gap);
        self.record(record, raw.line, text, odd);
    }

    /// Whether a line is the headings once more, as where files were put together.
    fn is_headings(&self, record: &StringRecord) -> bool {
        let (headings, mut cells) = (&self.sheet.headings, record.iter());
        self.sheet.width > 1
            && record.len() == self.sheet.width
            && headings.iter().zip(&mut cells).all(|(heading, cell)| cell.trim() == heading)
    }

    /// Remembers a line that stands below a gap, or below a title that does, and that can be headings.
    fn may_head(&mut self, record: &StringRecord, line: u32, gap: bool) {
        let begins = self.pending.iter().find(|p| p.gap).map(|p| p.line).or(gap.then_some(line));
        if let Some(begins) = begins.filter(|_| self.below.len() < TABLES) {
            let line = Line { line, cells: record.iter().map(|c| c.trim().to_owned()).collect() };
            if line.filled() > 2 && line.can_head() {
                self.below.push((begins, line));
            }
        }
    }

    /// A blank line between the headings and the first record says nothing about the others.
    fn note_gap(&mut self, gap: bool) {
        self.gaps |= gap && !(self.rows.len() == 0 && self.refused.is_empty());
    }

    /// What was held back is no footer, but for the last `keep`.
    fn flush(&mut self, keep: usize) {
        while self.pending.len() > keep {
            let Some(p) = self.pending.pop_front() else { return };
            self.note_gap(p.gap);
            self.record(&p.record, p.line, &p.text, p.odd);
        }
    }

    fn record(&mut self, record: &StringRecord, line: u32, text: &str, odd: Option<usize>) {
        if let Some(sum) = Summary::of(record, line, self.rows.len()) {
            if self.as_they_stand || self.sheet.fits(record) && !sum.sure {
                self.suspects.push(sum);
            } else if sum.sure {
                return self.sums.push(sum);
            }
        }
        let margin = self.sheet.headings.first().is_none_or(String::is_empty);
        let unlabeled = if margin || !self.sheet.fits(record) { None } else { Summary::unlabeled(record, line, self.rows.len()) };
        if self.continues(record) {
            return self.continued.push(line);
        }
        if !self.sheet.fits(record) {
            let mut diagnostic = self.sheet.ragged(line, record.len());
            if let Some(field) = odd {
                let heading = self.sheet.heading(field);
                diagnostic =
                    diagnostic.hint(format!("a quotation mark stands inside \"{heading}\": write it twice and quote the whole cell"));
            }
            self.refuse(diagnostic, line, text);
            return;
        }
        if self.needed.is_some_and(|needed| needed.iter().all(|at| record.get(*at).is_none_or(|c| c.trim().is_empty()))) {
            let filled = record.iter().position(|c| !c.trim().is_empty()).unwrap_or(0);
            return self.refuse(self.sheet.blank_record(line, filled), line, text);
        }
        if let Some(field) = odd {
            self.diagnostics.push(self.sheet.quote_in_field(line, field));
        }
        let width = self.sheet.width;
        if record.len() > width {
            self.beyond = Some(self.beyond.map_or((line, 1), |(first, n)| (first, n + 1)));
        }
        self.suspects.extend(unlabeled);
        self.rows.begin(line);
        for (column, index) in self.wanted.iter().enumerate() {
            let cell = match index.checked_sub(width) {
                None => record.get(*index).map(str::trim),
                Some(level) => self.groups.get(level).and_then(Option::as_deref),
            };
            self.rows.cell(column, cell.filter(|c| !c.is_empty()));
        }
    }

    /// Whether a row fills nothing but columns of lists within the record above.
    fn continues(&self, record: &StringRecord) -> bool {
        !self.sublists.is_empty()
            && self.rows.len() > 0
            && record.iter().zip(&self.sublists).all(|(cell, sublist)| *sublist || cell.trim().is_empty())
    }

    fn refuse(&mut self, diagnostic: Diagnostic, line: u32, text: &str) {
        let text = without_line_end(text).to_owned();
        self.refused.push(Refused { line, diagnostic, text });
    }

    fn note(&mut self, lines: &[u32], one: &str, several: &str) {
        if let (Some(first), Some(last)) = (lines.first(), lines.last()) {
            let message = match lines.len() {
                1 => format!("line {first} {one}"),
                n => format!("{n} lines from line {first} to line {last} {several}"),
            };
            self.diagnostics.push(Diagnostic::note(Code::Assumed, message).at(Location::line(self.sheet.name.as_str(), *first)));
        }
    }

    /// Says that nothing follows: what is held back is the footer, or records.
    pub(super) fn end(&mut self) {
        let begins = footer::begins(self.pending.make_contiguous(), self.gaps);
        self.flush(self.pending.len().saturating_sub(begins));
    }

    /// What was read, once it has ended.
    pub(super) fn finish(mut self) -> Records {
        let footer: Vec<u32> = self.pending.iter().map(|p| p.line).collect();
        if let (Some(first), Some(last)) = (footer.first(), footer.last()) {
            let message = if first == last {
                format!("line {first} is a report's footer, no record")
            } else {
                format!("lines {first} to {last} are a report's footer, no records")
            };
            self.diagnostics.push(Diagnostic::note(Code::Assumed, message).at(Location::line(self.sheet.name.as_str(), *first)));
        }
        if let Some((first, n)) = self.beyond {
            let rows = if n == 1 { "a row has".to_owned() } else { format!("{n} rows have") };
            let note = Diagnostic::note(Code::Assumed, format!("{rows} cells to the right of the last heading, which are not read"));
            self.diagnostics.push(note.at(Location::line(self.sheet.name.as_str(), first)));
        }
        let sums = self.sums();
        for (lines, one, several) in [
            (&sums.lines, "only adds up others: no record", "only add up others: no records"),
            (&std::mem::take(&mut self.named), "names a group: no record", "name groups: no records"),
            (&std::mem::take(&mut self.again), "repeats the headings: no record", "repeat the headings: no records"),
            (
                &std::mem::take(&mut self.continued),
                "continues a list within the record above: no record",
                "continue lists within the records above: no records",
            ),
        ] {
            self.note(lines, one, several);
        }
        let (line, columns) = self.rows.finish();
        let read = (line.len() + self.refused.len()) as u64;
        let (refused, diagnostics, below) = (self.refused, self.diagnostics, self.below);
        let mut records = Records { line, columns, read, refused, diagnostics, footer, sums: sums.before, below };
        if !sums.rows.is_empty() {
            let chosen: Vec<bool> = (0..records.line.len()).map(|row| sums.rows.binary_search(&row).is_err()).collect();
            records.keep(&chosen);
        }
        records
    }

    /// Which rows add up others. A label that a company may have too is believed where the file has one that leaves no doubt, or where the
    /// numbers beside it are the sums of those above.
    fn sums(&mut self) -> Sums {
        let suspects = std::mem::take(&mut self.suspects);
        let mut sums = std::mem::take(&mut self.sums);
        let mut rows = Vec::new();
        if !self.as_they_stand && !suspects.is_empty() {
            let certain = !sums.is_empty();
            let adds = if certain && suspects.iter().all(|s| s.labeled) {
                vec![true; suspects.len()]
            } else {
                let adds = summary::adding_up(self.sheet, &suspects);
                adds.into_iter().zip(&suspects).map(|(adds, s)| adds || certain && s.labeled).collect()
            };
            let found = suspects.into_iter().zip(adds).filter(|(_, adds)| *adds).map(|(s, _)| s);
            for sum in found {
                rows.push(sum.row);
                sums.push(sum);
            }
        }
        sums.sort_by_key(|s| s.line);
        let before = sums.iter().map(|s| (s.row - rows.partition_point(|row| *row < s.row), s.column)).collect();
        Sums { lines: sums.iter().map(|s| s.line).collect(), rows, before }
    }
}

/// The rows that add up others.
struct Sums {
    /// Their lines.
    lines: Vec<u32>,
    /// Those that stand among the records.
    rows: Vec<usize>,
    /// How many records are left before each, and the column of its label.
    before: Vec<(usize, usize)>,
}
