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
    json.lines("diagnostics", document.diagnostics.iter().map(serde_json::to_string))?;
    json.out.push_str("\n}\n");
    Ok(visible(json.out).into_bytes())
}

fn of_report(document: &Document, json: &mut Object) -> anyhow::Result<()> {
    json.value("time_zone", &document.time_zone)?;
    json.value("week_starts", &document.week_starts)?;
    json.lines("values", document.values.iter().map(|row| object(tidy::COLUMNS.into_iter().zip(tidy::fields(row)))))?;
    json.value("states", &document.states)?;
    json.key("sections")?;
    sections(&document.page, &mut json.out)?;
    json.value("coverage", &document.coverage)?;
    json.lines("records", document.records.iter().map(serde_json::to_string))?;
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
    json.lines(grid.name, grid.rows.iter().map(|row| object(grid.columns.iter().copied().zip(tidy::grid_fields(grid, row)))))
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
    fn lines<E: Into<anyhow::Error>>(&mut self, key: &str, rows: impl Iterator<Item = Result<String, E>>) -> anyhow::Result<()> {
        self.key(key)?;
        list(&mut self.out, 2, rows)
    }
}

/// An array with one line for each element, whose key stands at that indentation.
fn list<E: Into<anyhow::Error>>(out: &mut String, indent: usize, rows: impl Iterator<Item = Result<String, E>>) -> anyhow::Result<()> {
    out.push('[');
    let mut first = true;
    for row in rows {
        write!(out, "{}\n{:indent$}  {}", if first { "" } else { "," }, "", row.map_err(Into::into)?)?;
        first = false;
    }
    if !first {
        write!(out, "\n{:indent$}", "")?;
    }
    out.push(']');
    Ok(())
}

/// An object on one line.
fn object<'a>(members: impl IntoIterator<Item = (&'a str, Field<'a>)>) -> serde_json::Result<String> {
    let mut out = String::from("{");
    for (key, field) in members {
        member(&mut out, key, &raw(&field)?)?;
    }
    out.push('}');
    Ok(out)
}

/// One more member of an object on one line.
fn member(out: &mut String, key: &str, json: &str) -> serde_json::Result<()> {
    if !out.ends_with('{') {
        out.push(',');
    }
    out.push_str(&serde_json::to_string(key)?);
    out.push(':');
    out.push_str(json);
    Ok(())
}

fn raw(field: &Field<'_>) -> serde_json::Result<String> {
    Ok(match field {
        Field::Empty => "null".to_owned(),
        Field::Text(words) | Field::Word(words) => serde_json::to_string(words)?,
        Field::Number(digits) => digits.clone(),
        Field::Flag(flag) => flag.to_string(),
    })
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
                let notes = notes.iter().map(|note| {
                    let mut json = String::from("{");
                    member(&mut json, "label", &serde_json::to_string(note.label.trim())?)?;
                    member(&mut json, "tone", &serde_json::to_string(&note.tone)?)?;
                    member(&mut json, "parts", &serde_json::to_string(&note.parts)?)?;
                    json.push('}');
                    serde_json::Result::Ok(json)
                });
                list(out, 6, notes)?;
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
    let groups = table.groups.iter().map(|(title, columns)| {
        let columns = Field::Number(columns.to_string());
        object([("title", Field::Text(title.as_str().into())), ("columns", columns)])
    });
    list(out, 6, groups)?;
    out.push_str(",\n      \"columns\": ");
    list(out, 6, table.columns.iter().map(|column| serde_json::to_string(column.heading.join(" ").trim())))?;
    out.push_str(",\n      \"rows\": ");
    let rows = table.rows.iter().map(|row| {
        let cells = row.cells.iter().map(cell).collect::<serde_json::Result<Vec<_>>>()?;
        let mut json = String::from("{");
        member(&mut json, "tone", &serde_json::to_string(&row.tone)?)?;
        member(&mut json, "cells", &format!("[{}]", cells.join(",")))?;
        json.push('}');
        serde_json::Result::Ok(json)
    });
    list(out, 6, rows)
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
            member(&mut out, "value", &raw(&plain.into())?)?;
            if let Some(why) = missing {
                member(&mut out, "missing", &serde_json::to_string(why)?)?;
            }
            if let Some(against) = against {
                member(&mut out, "against", &raw(&number::derived(against, number::decimals(against)).into())?)?;
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
    if !json.contains(|c| c != '\n' && text::unseen(c)) {
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
