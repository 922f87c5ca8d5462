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

use std::collections::HashMap;

use crate::document::{Document, TidyRow};
use crate::render::tidy::{self, Field};
use crate::render::{Style, number, text};
use crate::unit::Unit;

/// What a spreadsheet needs to see that a file is UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// The columns before the measures of the wide form; all from the tidy form.
const WIDE: [&str; 7] = ["level", "name", "team", "period", "period_start", "period_end", "complete"];

/// Comma-separated; semicolons for a spreadsheet with decimal commas.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    Ok(delimited(document, style, if style.excel { b';' } else { b',' }))
}

/// Tab-separated, quoted by the same rules.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render_tabs(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    Ok(delimited(document, style, b'\t'))
}

fn delimited(document: &Document, style: &Style, delimiter: u8) -> Vec<u8> {
    let out = if style.excel { BYTE_ORDER_MARK.to_vec() } else { Vec::new() };
    let mut sheet = Sheet { out, delimiter, style };
    if let Some(grid) = &document.grid {
        sheet.head(grid.columns.iter().copied());
        for row in &grid.rows {
            sheet.row(tidy::grid_fields(grid, row));
        }
    } else if style.wide {
        wide(&document.values, &mut sheet);
    } else {
        sheet.head(tidy::COLUMNS);
        for row in &document.values {
            sheet.row(tidy::fields(row));
        }
    }
    sheet.out
}

/// Rows being written.
struct Sheet<'a> {
    out: Vec<u8>,
    delimiter: u8,
    style: &'a Style,
}

impl Sheet<'_> {
    fn head<'t>(&mut self, headings: impl IntoIterator<Item = &'t str>) {
        self.row(headings.into_iter().map(|heading| Field::Text(heading.to_owned())));
    }

    fn row(&mut self, fields: impl IntoIterator<Item = Field>) {
        let start = self.out.len();
        for (at, field) in fields.into_iter().enumerate() {
            if at > 0 {
                self.out.push(self.delimiter);
            }
            match field {
                Field::Empty => {}
                Field::Text(words) => self.field(&harmless(&words, self.style)),
                Field::Word(word) => self.field(&word),
                // Its comma is no separator, since another one was chosen for that.
                Field::Number(digits) if self.style.excel => self.out.extend(digits.replace('.', ",").bytes()),
                Field::Number(digits) => self.out.extend(digits.bytes()),
                Field::Flag(flag) => self.out.extend(flag.to_string().bytes()),
            }
        }
        if self.out.len() == start {
            // Else a reader would take the only cell, which is empty, for no row at all.
            self.out.extend(b"\"\"");
        }
        self.out.extend(if self.style.excel { b"\r\n".as_slice() } else { b"\n" });
    }

    fn field(&mut self, field: &str) {
        if field.contains([',', ';', '\t', '"', '\n', '\r']) {
            self.out.push(b'"');
            self.out.extend(field.replace('"', "\"\"").bytes());
            self.out.push(b'"');
        } else {
            self.out.extend(field.bytes());
        }
    }
}

/// One row per level, name and period, with a column per measure in the order in which they come; a measure of several currencies has
/// a column for each. A row is complete where all its values are.
fn wide(values: &[TidyRow], sheet: &mut Sheet<'_>) {
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
    sheet.head(WIDE.into_iter().chain(headings.iter().map(String::as_str)));
    for (value, complete, mut fields) in rows {
        fields.resize(columns.len(), Field::Empty);
        let about = tidy::fields(value).into_iter().take(WIDE.len() - 1);
        sheet.row(about.chain([Field::Flag(complete)]).chain(fields));
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
