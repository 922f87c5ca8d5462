//! Delimited text: RFC 4180, one heading row, `\n` line ends unless a spreadsheet is meant. A field that holds any separator that a
//! spreadsheet may look for (comma, semicolon, tab) is quoted, whichever the file's own is.
//!
//! Text from the exports is data, never code: where a spreadsheet would take it for a formula, a leading apostrophe makes it text, as OWASP
//! advises (<https://owasp.org/www-community/attacks/CSV_Injection>). That is:
//!
//! - a text that begins, blanks aside, with `=`, `+`, `-`, `@` or their full-width forms, or at all with a tab or a line break;
//! - within a text, each such sign directly after a comma, a semicolon, a tab, a line break or a quotation mark: a spreadsheet that splits at
//!   another separator than the file's own would begin a cell there.
//!
//! Three kinds of text that begin with a sign are no code and stay as they are: the sign alone, a number (`-1,234.50`, `-5 %`, `-$20`) and a
//! phone number (`+49 30 1234`): nothing but digits, spaces, `( ) - . , / '`, percent and currency signs behind it. For Excel, one in which
//! it would find a sum (`+1-555-0100`) is made text too, or it would show -654. Cells that are numbers are never touched, and nothing is
//! written so that a spreadsheet shows it unlike any other reader: it takes `00123` for 123 unless told that the column is text.
//!
//! Control characters other than tab and line break are shown (`␛`).

use std::ops::Range;

use crate::calendar::Day;
use crate::document::{Document, TidyRow, TidyRows};
use crate::render::tidy::{self, Field};
use crate::render::{Style, number, text};

/// What a spreadsheet needs to see that a file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// So many periods are kept as they are written.
const PERIODS: usize = 1 << 13;

/// The columns before the measures of the wide form; all from the tidy form.
const WIDE: [&str; 7] = ["level", "name", "team", "period", "period_start", "period_end", "complete"];

/// Comma-separated; semicolons for a spreadsheet with decimal commas.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    Ok(delimited(document, style, comma(style)))
}

/// Tab-separated, quoted by the same rules.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render_tabs(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    Ok(delimited(document, style, b'\t'))
}

/// Tidy rows, comma-separated.
pub(super) fn rows(rows: &dyn TidyRows, style: &Style) -> Vec<u8> {
    tidy_rows(rows, style, comma(style))
}

/// Tidy rows, tab-separated.
pub(super) fn rows_tabs(rows: &dyn TidyRows, style: &Style) -> Vec<u8> {
    tidy_rows(rows, style, b'\t')
}

fn comma(style: &Style) -> u8 {
    if style.excel { b';' } else { b',' }
}

fn delimited(document: &Document, style: &Style, delimiter: u8) -> Vec<u8> {
    let Some(grid) = &document.grid else { return tidy_rows(&document.values, style, delimiter) };
    let mut sheet = Sheet::new(style, delimiter);
    sheet.head(grid.columns.iter().copied());
    for row in &grid.rows {
        sheet.row(tidy::grid_fields(grid, row));
    }
    sheet.out
}

fn tidy_rows(rows: &dyn TidyRows, style: &Style, delimiter: u8) -> Vec<u8> {
    let mut sheet = Sheet::new(style, delimiter);
    if style.wide {
        wide(rows, &mut sheet);
    } else {
        sheet.head(tidy::COLUMNS);
        rows.each(&mut |row| {
            sheet.about(row);
            sheet.rest(tidy::told(row));
        });
    }
    sheet.out
}

/// Rows being written.
struct Sheet<'a> {
    out: Vec<u8>,
    delimiter: u8,
    style: &'a Style,
    /// Of what it was last written whose it is and of which days.
    last: Option<About>,
    /// Periods and their days as they are written: many rows are of few.
    periods: Vec<(String, Day, Day, Vec<u8>)>,
    /// Which of these is likely to be next.
    next: usize,
}

/// Whose a row is and of which days, and where that stands.
struct About {
    level: &'static str,
    name: String,
    team: String,
    period: String,
    days: (Day, Day),
    written: Range<usize>,
    /// Where the period begins in it.
    behind: usize,
}

impl About {
    fn whose(&self, row: &TidyRow) -> bool {
        self.name == row.name && self.level == row.level && self.team == row.team
    }

    /// Whether a row is of the same days of the same entity.
    fn of(&self, row: &TidyRow) -> bool {
        self.days == (row.period_start, row.period_end) && self.whose(row) && self.period == row.period
    }
}

impl<'a> Sheet<'a> {
    fn new(style: &'a Style, delimiter: u8) -> Self {
        Self {
            out: if style.excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() },
            delimiter,
            style,
            last: None,
            periods: Vec::new(),
            next: 0,
        }
    }

    fn head<'t>(&mut self, headings: impl IntoIterator<Item = &'t str>) {
        self.row(headings.into_iter().map(|heading| Field::Text(heading.into())));
    }

    fn row<'f>(&mut self, fields: impl IntoIterator<Item = Field<'f>>) {
        let start = self.out.len();
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.out.push(self.delimiter);
            }
            self.cell(&field);
        }
        if self.out.len() == start {
            // Else a reader would take the only cell, which is empty, for no row at all.
            self.out.extend(b"\"\"");
        }
        self.end();
    }

    /// The fields behind the first ones, and the end of the row.
    fn rest<'f>(&mut self, fields: impl IntoIterator<Item = Field<'f>>) {
        for field in fields {
            self.out.push(self.delimiter);
            self.cell(&field);
        }
        self.end();
    }

    fn end(&mut self) {
        self.out.extend(if self.style.excel { b"\r\n".as_slice() } else { b"\n" });
    }

    /// Begins a row with whose it is and of which days; where that is as before, it is not spelled again.
    fn about(&mut self, row: &TidyRow) {
        let start = self.out.len();
        if let Some(last) = self.last.as_ref().filter(|last| last.of(row)) {
            self.out.extend_from_within(last.written.clone());
            return;
        }
        let fields = || tidy::about(row).into_iter();
        let mut last = self.last.take().unwrap_or(About {
            level: "",
            name: String::new(),
            team: String::new(),
            period: String::new(),
            days: (Day(0), Day(0)),
            written: 0..0,
            behind: 0,
        });
        if !last.written.is_empty() && last.whose(row) {
            self.out.extend_from_within(last.written.start..last.behind);
        } else {
            for field in fields().take(tidy::WHOSE) {
                self.cell(&field);
                self.out.push(self.delimiter);
            }
            last.level = row.level;
            last.name.clone_from(&row.name);
            last.team.clone_from(&row.team);
        }
        last.behind = self.out.len();
        let own = |(period, first, last, _): &(String, Day, Day, Vec<u8>)| {
            (*first, *last) == (row.period_start, row.period_end) && *period == row.period
        };
        let known = self.periods.get(self.next).filter(|known| own(known)).map(|_| self.next);
        if let Some(known) = known.or_else(|| self.periods.iter().position(own)) {
            self.out.extend_from_slice(&self.periods[known].3);
            self.next = known + 1;
        } else {
            for (at, field) in fields().skip(tidy::WHOSE).enumerate() {
                if at > 0 {
                    self.out.push(self.delimiter);
                }
                self.cell(&field);
            }
            if self.periods.len() < PERIODS {
                let written = self.out[last.behind..].to_vec();
                self.periods.push((row.period.clone(), row.period_start, row.period_end, written));
                self.next = self.periods.len();
            }
        }
        last.period.clone_from(&row.period);
        last.days = (row.period_start, row.period_end);
        last.written = start..self.out.len();
        self.last = Some(last);
    }

    fn cell(&mut self, field: &Field<'_>) {
        match field {
            Field::Empty => {}
            Field::Text(words) if is_plain(words) => self.out.extend_from_slice(words.as_bytes()),
            Field::Text(words) => self.field(&harmless(words, self.style)),
            Field::Word(word) => self.field(word),
            // Its comma is no separator, since another one was chosen for that.
            Field::Number(digits) if self.style.excel => self.out.extend(digits.replace('.', ",").bytes()),
            Field::Number(digits) => self.out.extend_from_slice(digits.as_bytes()),
            Field::Flag(flag) => self.out.extend(if *flag { b"true".as_slice() } else { b"false" }),
        }
    }

    fn field(&mut self, field: &str) {
        if field.contains([',', ';', '\t', '"', '\n', '\r']) {
            self.out.push(b'"');
            self.out.extend(field.replace('"', "\"\"").bytes());
            self.out.push(b'"');
        } else {
            self.out.extend_from_slice(field.as_bytes());
        }
    }
}

/// Whether a text is nothing but what stays as it is everywhere.
fn is_plain(words: &str) -> bool {
    words.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'.'))
}

/// One row per level, name and period, with a column per measure in the order in which they come; a measure of several currencies has
/// a column for each. A row is complete where all its values are.
fn wide(rows: &dyn TidyRows, sheet: &mut Sheet<'_>) {
    let columns = rows.series();
    let several = |measure: &str| columns.iter().filter(|(other, _)| *other == measure).count() > 1;
    let headings: Vec<String> = columns
        .iter()
        .map(|(measure, unit)| if several(measure) { format!("{measure} ({unit})") } else { (*measure).to_owned() })
        .collect();
    sheet.head(WIDE.into_iter().chain(headings.iter().map(String::as_str)));
    let mut complete = true;
    let mut fields = vec![Field::Empty; columns.len()];
    let mut begun = false;
    rows.together(&mut |row, all_complete, values| {
        if begun && !sheet.last.as_ref().is_some_and(|last| last.of(row)) {
            sheet.rest(std::iter::once(Field::Flag(complete)).chain(fields.iter_mut().map(|field| std::mem::replace(field, Field::Empty))));
            (begun, complete) = (false, true);
        }
        if !begun {
            sheet.about(row);
            begun = true;
        }
        complete &= all_complete;
        for (field, value) in fields.iter_mut().zip(values) {
            if let Some(value) = value {
                *field = number::plain(value).into();
            }
        }
    });
    if begun {
        sheet.rest(std::iter::once(Field::Flag(complete)).chain(fields));
    }
}

/// Text that no spreadsheet runs and no terminal obeys.
fn harmless(words: &str, style: &Style) -> String {
    let words = words.replace("\r\n", "\n");
    let mut out = String::with_capacity(words.len() + 1);
    let mut last = None;
    for (at, c) in words.char_indices() {
        let rest = words.get(at..).unwrap_or_default();
        let runs = match last {
            None => is_formula(rest) || (style.excel && is_sum(rest)),
            // Behind a separator the cell would end at the next one.
            Some(split @ (',' | ';' | '\t' | '\n' | '\r')) => is_sign(c) && rest.split(split).next().is_some_and(is_formula),
            Some(quote) => quote == '"' && is_sign(c) && is_formula(rest),
        };
        if runs {
            out.push('\'');
        }
        out.push(c);
        last = Some(c);
    }
    text::show(&out, style.ascii, &['\t', '\n']).into_owned()
}

/// Whether a formula may begin with the character.
fn is_sign(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}')
}

/// Whether a spreadsheet may take the text for a formula.
fn is_formula(words: &str) -> bool {
    let number = |c: char| {
        let currency = matches!(c, '$' | '€' | '£' | '¥');
        c.is_ascii_digit() || currency || matches!(c, ' ' | '\u{a0}' | '(' | ')' | '-' | '.' | ',' | '/' | '\'' | '%')
    };
    let mut rest = words.trim_start().chars();
    match rest.next() {
        Some('+' | '-') => !rest.all(number),
        Some(c) if is_sign(c) => true,
        _ => words.starts_with(['\t', '\r', '\n']),
    }
}

/// Whether Excel would work out the text, though it is none but digits: it begins with a sign, and there are more behind it.
fn is_sum(words: &str) -> bool {
    let Some(rest) = words.trim_start().strip_prefix(['+', '-']) else { return false };
    let operands: Vec<&str> = rest.split(['-', '/']).map(str::trim).collect();
    operands.len() > 1
        && operands.iter().all(|digits| !digits.contains(char::is_whitespace))
        && operands.iter().any(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests;
