//! Delimited text: RFC 4180, one heading row, `\n` line ends unless a spreadsheet is meant.
//!
//! Text from the exports is data, never code. A text cell that begins with `=`, `+`, `-`, `@` (also their full-width forms), a tab or a
//! line break would be run as a formula by a spreadsheet (<https://owasp.org/www-community/attacks/CSV_Injection>) and gets a leading
//! apostrophe. Two kinds of text that begin so are no code and stay as they are: a sign alone, and a sign before nothing but digits, spaces
//! and `( ) - . , /`, such as a negative number or a phone number (`+49 30 1234`). Cells that are numbers are never touched. Control
//! characters other than tab and line break are shown (`␛`).

use std::borrow::Cow;
use std::collections::HashMap;

use ::csv::{Terminator, Writer, WriterBuilder};

use crate::document::{Document, TidyRow};
use crate::render::tidy::{self, Field};
use crate::render::{Style, number, text};
use crate::unit::Unit;

/// What a spreadsheet needs to see that a file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The columns before the measures of the wide form; all from the tidy form.
const WIDE: [&str; 7] = ["level", "name", "team", "period", "period_start", "period_end", "complete"];

/// Comma-separated; semicolons for a spreadsheet with decimal commas.
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    delimited(document, style, if style.excel { b';' } else { b',' })
}

/// Tab-separated, quoted by the same rules.
pub(super) fn render_tabs(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    delimited(document, style, b'\t')
}

fn delimited(document: &Document, style: &Style, delimiter: u8) -> anyhow::Result<Vec<u8>> {
    let terminator = if style.excel { Terminator::CRLF } else { Terminator::Any(b'\n') };
    let start = if style.excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let writer = WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(start);
    let mut sheet = Sheet { writer, style };
    if let Some(grid) = &document.grid {
        sheet.head(grid.columns.iter().copied())?;
        for row in &grid.rows {
            sheet.row(tidy::grid_fields(grid, row))?;
        }
    } else if style.wide {
        wide(&document.values, &mut sheet)?;
    } else {
        sheet.head(tidy::COLUMNS)?;
        for row in &document.values {
            sheet.row(tidy::fields(row))?;
        }
    }
    Ok(sheet.writer.into_inner()?)
}

/// Rows being written.
struct Sheet<'a> {
    writer: Writer<Vec<u8>>,
    style: &'a Style,
}

impl Sheet<'_> {
    fn head<'t>(&mut self, headings: impl IntoIterator<Item = &'t str>) -> anyhow::Result<()> {
        self.row(headings.into_iter().map(|heading| Field::Text(heading.to_owned())))
    }

    fn row(&mut self, fields: impl IntoIterator<Item = Field>) -> anyhow::Result<()> {
        for field in fields {
            let field = match field {
                Field::Empty => String::new(),
                Field::Text(words) => harmless(&words, self.style.ascii).into_owned(),
                Field::Word(word) => word,
                Field::Number(digits) if self.style.excel => digits.replace('.', ","),
                Field::Number(digits) => digits,
                Field::Flag(flag) => flag.to_string(),
            };
            self.writer.write_field(field)?;
        }
        self.writer.write_record(None::<&[u8]>)?;
        Ok(())
    }
}

/// One row per level, name and period, with a column per measure in the order in which they come; a measure of several currencies has
/// a column for each. A row is complete where all its values are.
fn wide(values: &[TidyRow], sheet: &mut Sheet<'_>) -> anyhow::Result<()> {
    let mut columns: Vec<(&str, &Unit)> = Vec::new();
    let mut column_of: HashMap<(&str, &Unit), usize> = HashMap::new();
    let mut rows: Vec<(&TidyRow, bool, Vec<Field>)> = Vec::new();
    let mut row_of: HashMap<(&str, &str, &str), usize> = HashMap::new();
    for value in values {
        let column = *column_of.entry((&value.measure, &value.unit)).or_insert_with(|| {
            columns.push((&value.measure, &value.unit));
            columns.len() - 1
        });
        let row = *row_of.entry((value.level, &value.name, &value.period)).or_insert_with(|| {
            rows.push((value, true, Vec::new()));
            rows.len() - 1
        });
        if let Some((_, complete, fields)) = rows.get_mut(row) {
            *complete &= value.complete;
            if fields.len() <= column {
                fields.resize(column + 1, Field::Empty);
            }
            if let Some(field) = fields.get_mut(column) {
                *field = number::plain(&value.value).into();
            }
        }
    }
    let several = |measure: &str| columns.iter().filter(|(other, _)| *other == measure).count() > 1;
    let headings: Vec<String> = columns
        .iter()
        .map(|(measure, unit)| if several(measure) { format!("{measure} ({unit})") } else { (*measure).to_owned() })
        .collect();
    sheet.head(WIDE.into_iter().chain(headings.iter().map(String::as_str)))?;
    for (value, complete, mut fields) in rows {
        fields.resize(columns.len(), Field::Empty);
        let about = tidy::fields(value).into_iter().take(WIDE.len() - 1);
        sheet.row(about.chain([Field::Flag(complete)]).chain(fields))?;
    }
    Ok(())
}

/// Text that no spreadsheet runs and no terminal obeys.
fn harmless(words: &str, ascii: bool) -> Cow<'_, str> {
    let shown = if words.contains('\r') {
        Cow::Owned(text::show(&words.replace("\r\n", "\n"), ascii, &['\t', '\n']).into_owned())
    } else {
        text::show(words, ascii, &['\t', '\n'])
    };
    if is_formula(words) { Cow::Owned(format!("'{shown}")) } else { shown }
}

/// Whether a spreadsheet may take the text for a formula.
fn is_formula(words: &str) -> bool {
    let mut rest = words.chars();
    match rest.next() {
        Some('+' | '-') => !rest.all(|c| c.is_ascii_digit() || matches!(c, ' ' | '(' | ')' | '-' | '.' | ',' | '/')),
        Some('=' | '@' | '\t' | '\r' | '\n' | '\u{ff1d}' | '\u{ff0b}' | '\u{ff0d}' | '\u{ff20}') => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
