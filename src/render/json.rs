//! JSON: the whole document, keys in a fixed order, one line for each row.
//!
//! Numbers of rows are exact decimals with the very digits of the csv, so they are written as text: `serde_json` would carry them through a
//! floating-point number. What is no row is indented by two spaces. Characters that a terminal would obey are written as `\u` escapes,
//! which mean the same to every reader.

mod since;

use std::fmt::Write;

use serde::Serialize;

use crate::document::{Block, Cell, Content, Document, Grid, Table, Tone};
use crate::render::number::{self, Plain};
use crate::render::tidy::{self, Field};
use crate::render::{Style, text};

/// The document as JSON, ending with a line break.
pub(super) fn render(document: &Document, _style: &Style) -> anyhow::Result<Vec<u8>> {
    let mut json = Object { out: String::from("{"), empty: true };
    json.value("schema", &document.schema)?;
    json.value("title", &document.title)?;
    json.value("as_of", &document.as_of.map(number::date))?;
    match &document.grid {
        Some(grid) => of_grid(grid, &mut json)?,
        None => of_report(document, &mut json)?,
    }
    json.lines("diagnostics", &document.diagnostics, written)?;
    json.out.push_str("\n}\n");
    Ok(visible(json.out).into_bytes())
}

fn of_report(document: &Document, json: &mut Object) -> anyhow::Result<()> {
    json.value("time_zone", &document.time_zone)?;
    json.value("week_starts", &document.week_starts)?;
    json.lines("values", &document.values, |row, out| object(out, tidy::COLUMNS.into_iter().zip(tidy::fields(row))))?;
    json.value("states", &document.states)?;
    json.key("sections")?;
    sections(&document.page, &mut json.out)?;
    json.value("coverage", &document.coverage)?;
    json.lines("records", &document.records, written)?;
    json.value("rules", &document.rules)?;
    document.since.as_ref().map_or(Ok(()), |changed| since::write(changed, json))
}

/// What is about the rows stands before them; a key that the document has anyway is not repeated.
fn of_grid(grid: &Grid, json: &mut Object) -> anyhow::Result<()> {
    for (key, value) in &grid.about {
        if !["schema", "title", "as_of", "diagnostics", grid.name].contains(&key.as_str()) {
            json.value(key, value)?;
        }
    }
    if grid.name.is_empty() {
        return Ok(());
    }
    json.lines(grid.name, &grid.rows, |row, out| object(out, grid.columns.iter().copied().zip(tidy::grid_fields(grid, row))))
}

/// The outermost object, being written.
struct Object {
    out: String,
    empty: bool,
}

impl Object {
    fn key(&mut self, key: &str) -> anyhow::Result<()> {
        self.out.push_str(if self.empty { "\n  " } else { ",\n  " });
        self.empty = false;
        self.out.push_str(&serde_json::to_string(key)?);
        self.out.push_str(": ");
        Ok(())
    }

    /// A small part, indented.
    fn value(&mut self, key: &str, value: &impl Serialize) -> anyhow::Result<()> {
        self.key(key)?;
        // A line break within a string is escaped, so each one here is layout.
        self.out.push_str(&serde_json::to_string_pretty(value)?.replace('\n', "\n  "));
        Ok(())
    }

    /// Rows, each on one line.
    fn lines<T>(
        &mut self,
        key: &str,
        rows: impl IntoIterator<Item = T>,
        write: impl Fn(T, &mut String) -> serde_json::Result<()>,
    ) -> anyhow::Result<()> {
        self.key(key)?;
        Ok(list(&mut self.out, 2, rows, write)?)
    }
}

/// An array with one line for each element, whose key stands at that indentation.
fn list<T>(
    out: &mut String,
    indent: usize,
    rows: impl IntoIterator<Item = T>,
    write: impl Fn(T, &mut String) -> serde_json::Result<()>,
) -> serde_json::Result<()> {
    let line = |out: &mut String, indent: usize| {
        out.push('\n');
        out.extend(std::iter::repeat_n(' ', indent));
    };
    out.push('[');
    let mut first = true;
    for row in rows {
        if !first {
            out.push(',');
        }
        line(out, indent + 2);
        write(row, out)?;
        first = false;
    }
    if !first {
        line(out, indent);
    }
    out.push(']');
    Ok(())
}

/// Anything that says itself how it is written, on one line.
fn written(value: &impl Serialize, out: &mut String) -> serde_json::Result<()> {
    out.push_str(&serde_json::to_string(value)?);
    Ok(())
}

/// An object on one line.
fn object<'a>(out: &mut String, members: impl IntoIterator<Item = (&'a str, Field<'a>)>) -> serde_json::Result<()> {
    out.push('{');
    for (name, field) in members {
        key(out, name)?;
        raw(out, &field)?;
    }
    out.push('}');
    Ok(())
}

/// One more member of an object on one line.
fn member(out: &mut String, name: &str, json: &str) -> serde_json::Result<()> {
    key(out, name)?;
    out.push_str(json);
    Ok(())
}

/// The name of one more member.
fn key(out: &mut String, name: &str) -> serde_json::Result<()> {
    if !out.ends_with('{') {
        out.push(',');
    }
    quoted(out, name)?;
    out.push(':');
    Ok(())
}

/// A text within quotation marks.
fn quoted(out: &mut String, text: &str) -> serde_json::Result<()> {
    if text.bytes().any(|byte| byte < b' ' || matches!(byte, b'"' | b'\\')) {
        out.push_str(&serde_json::to_string(text)?);
    } else {
        out.push('"');
        out.push_str(text);
        out.push('"');
    }
    Ok(())
}

fn raw(out: &mut String, field: &Field<'_>) -> serde_json::Result<()> {
    match field {
        Field::Empty => out.push_str("null"),
        Field::Text(words) | Field::Word(words) => quoted(out, words)?,
        Field::Number(digits) => out.push_str(digits),
        Field::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
    }
    Ok(())
}

/// A value of the page.
fn spelled(plain: Plain) -> serde_json::Result<String> {
    let mut out = String::new();
    raw(&mut out, &plain.into())?;
    Ok(out)
}

/// The blocks of the page, each with its type.
fn sections(page: &[Block], out: &mut String) -> anyhow::Result<()> {
    out.push('[');
    for (at, block) in page.iter().enumerate() {
        out.push_str(if at == 0 { "\n    {" } else { ",\n    {" });
        match block {
            Block::Banner { left, right } => {
                write!(out, "\n      \"type\": \"banner\",\n      \"left\": {},", serde_json::to_string(left)?)?;
                write!(out, "\n      \"right\": {}", serde_json::to_string(right)?)?;
            }
            Block::Heading(name, title) => {
                write!(out, "\n      \"type\": \"heading\",\n      \"name\": {},", serde_json::to_string(name)?)?;
                write!(out, "\n      \"title\": {}", serde_json::to_string(title)?)?;
            }
            Block::Notes(notes) => {
                out.push_str("\n      \"type\": \"notes\",\n      \"notes\": ");
                list(out, 6, notes, |note, out| {
                    out.push('{');
                    member(out, "label", &serde_json::to_string(note.label.trim())?)?;
                    member(out, "tone", &serde_json::to_string(&note.tone)?)?;
                    member(out, "parts", &serde_json::to_string(&note.parts)?)?;
                    out.push('}');
                    Ok(())
                })?;
            }
            Block::Table(table) => section_of_table(table, out)?,
        }
        out.push_str("\n    }");
    }
    out.push_str(if page.is_empty() { "]" } else { "\n  ]" });
    Ok(())
}

fn section_of_table(table: &Table, out: &mut String) -> anyhow::Result<()> {
    out.push_str("\n      \"type\": \"table\",\n      \"groups\": ");
    list(out, 6, &table.groups, |(title, columns), out| {
        let columns = Field::Number(columns.to_string());
        object(out, [("title", Field::Text(title.as_str().into())), ("columns", columns)])
    })?;
    out.push_str(",\n      \"columns\": ");
    list(out, 6, &table.columns, |column, out| quoted(out, column.heading.join(" ").trim()))?;
    out.push_str(",\n      \"rows\": ");
    list(out, 6, &table.rows, |row, out| {
        let cells = row.cells.iter().map(cell).collect::<serde_json::Result<Vec<_>>>()?;
        out.push('{');
        member(out, "tone", &serde_json::to_string(&row.tone)?)?;
        member(out, "cells", &format!("[{}]", cells.join(",")))?;
        out.push('}');
        Ok(())
    })?;
    Ok(())
}

/// A cell of the page: its numbers are in the heading's unit, as the page shows them, but not rounded further.
fn cell(cell: &Cell) -> serde_json::Result<String> {
    let mut out = String::from("{");
    match &cell.content {
        Content::Blank => {}
        Content::Text(words) => member(&mut out, "text", &serde_json::to_string(words)?)?,
        Content::Value { value, against, share } => {
            let plain = number::derived(value, number::decimals(value));
            let missing = if let Plain::Missing(why) = plain { Some(why) } else { None };
            member(&mut out, "value", &spelled(plain)?)?;
            if let Some(why) = missing {
                member(&mut out, "missing", &serde_json::to_string(why)?)?;
            }
            if let Some(against) = against {
                member(&mut out, "against", &spelled(number::derived(against, number::decimals(against)))?)?;
            }
            if let Some(share) = share {
                member(&mut out, "share", &number::float(*share, 6).unwrap_or_else(|| "null".to_owned()))?;
            }
        }
        Content::Shade { share, text } => {
            member(&mut out, "text", &serde_json::to_string(text.trim())?)?;
            member(&mut out, "shade", &number::float(*share, 6).unwrap_or_else(|| "null".to_owned()))?;
        }
        Content::Spark(points) => member(&mut out, "spark", &floats(points.iter().copied()))?,
        Content::Scores(values) => member(&mut out, "scores", &floats(values.iter().copied().map(Some)))?,
    }
    if cell.tone != Tone::Plain {
        member(&mut out, "tone", &serde_json::to_string(&cell.tone)?)?;
    }
    out.push('}');
    Ok(out)
}

/// A list of numbers; null for what is none.
fn floats(numbers: impl Iterator<Item = Option<f64>>) -> String {
    let numbers: Vec<String> = numbers.map(|n| n.and_then(|n| number::float(n, 6)).unwrap_or_else(|| "null".to_owned())).collect();
    format!("[{}]", numbers.join(","))
}

/// The same JSON with `\u` escapes for what a terminal or an editor would obey; such characters only occur within strings.
fn visible(json: String) -> String {
    // Nearly every line is plain, which its bytes tell quickest.
    let plain = |line: &str| line.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if json.split('\n').all(|line| plain(line) || !line.contains(text::unseen)) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if c == '\n' || !text::unseen(c) {
            out.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            let written = write!(out, "\\u{unit:04x}");
            debug_assert!(written.is_ok(), "a String takes what is written to it");
        }
    }
    out
}

pub(super) mod schemas;
#[cfg(test)]
mod tests;
