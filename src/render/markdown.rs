//! Markdown for GitHub, wikis and chat (`CommonMark` with the tables of GFM, <https://github.github.com/gfm/>): the page as headings, lists
//! and tables, which read well unrendered too, so cells are not padded.
//!
//! A table of GFM has one row of headings: what stands over several columns is put before the heading of the first of them. Text from the
//! exports never becomes markup: `escape` says how.

mod escape;

use crate::document::{Block, Document, Grid, Note, Table, Tone};
use crate::render::face::{Face, MARK, face, heading};
use crate::render::tidy::{self, Field};
use crate::render::{Style, names, text};
use escape::{Place, code, inline};

/// The most columns of the words in a cell.
const WORDS: usize = 200;

/// The page as Markdown; where there is none, the rows of the grid.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    let mut page = Page { blocks: Vec::new(), titled: false, within: false, banners: 0, style };
    for block in &document.page {
        match block {
            Block::Banner { left, right } => page.banner(left, right),
            Block::Heading(_, title) => {
                page.heading(2, &page.ours(title));
                // The tables of a section have titles of their own.
                (page.titled, page.within) = (false, true);
            }
            Block::Notes(list) => page.notes(list),
            Block::Table(table) => page.table(table),
        }
    }
    if let Some(grid) = document.grid.as_ref().filter(|grid| document.page.is_empty() && !grid.columns.is_empty()) {
        page.banner(&document.title, "");
        page.grid(grid);
    }
    let mut out = page.blocks.join("\n\n");
    if !out.is_empty() {
        out.push('\n');
    }
    Ok(out.into_bytes())
}

/// Blocks being written; a blank line goes between them.
struct Page<'a> {
    blocks: Vec<String>,
    /// Whether the last block is a heading.
    titled: bool,
    /// Whether it is within a further section.
    within: bool,
    banners: usize,
    style: &'a Style,
}

impl Page<'_> {
    fn push(&mut self, block: String) {
        self.titled = false;
        if !block.is_empty() {
            self.blocks.push(block);
        }
    }

    fn heading(&mut self, level: usize, words: &str) {
        if !words.is_empty() {
            self.push(format!("{} {}", "#".repeat(level), inline(words, Place::Line)));
            self.titled = true;
        }
    }

    fn banner(&mut self, left: &str, right: &str) {
        self.heading(if self.banners == 0 { 1 } else { 2 }, &self.ours(left));
        self.banners += 1;
        let right = self.ours(right);
        if !right.is_empty() {
            self.push(inline(&right, Place::Start));
        }
    }

    /// Our own words on one line, none of them without end.
    fn ours(&self, words: &str) -> String {
        text::bounded(&text::ours(words, self.style.ascii), self.style.ascii)
    }

    /// Labelled lines become a list, and further ones under a label, or indented, lists within it. A line without a label is a paragraph, or a
    /// heading where it is strong.
    fn notes(&mut self, list: &[Note]) {
        let mut items: Vec<String> = Vec::new();
        for note in list {
            let parts: Vec<String> = note.parts.iter().map(|part| self.ours(part)).filter(|part| !part.is_empty()).collect();
            let words = parts.join(text::separator(self.style.ascii));
            let label = self.ours(&note.label);
            let inner = if note.label.starts_with(' ') && !items.is_empty() { "  " } else { "" };
            match (label.is_empty(), words.is_empty()) {
                (true, true) => {}
                (true, false) if !items.is_empty() => items.push(format!("  - {}", inline(&words, Place::Start))),
                (true, false) if note.tone == Tone::Strong => self.heading(2, &words),
                (true, false) if note.tone == Tone::Bad => self.push(bold(&inline(&words, Place::Line))),
                (true, false) => self.push(inline(&words, Place::Start)),
                (false, true) => items.push(format!("{inner}- {}", bold(&inline(&label, Place::Line)))),
                (false, false) => {
                    items.push(format!("{inner}- {} {}", bold(&inline(&label, Place::Line)), inline(&words, Place::Line)));
                }
            }
        }
        if !items.is_empty() {
            self.push(items.join("\n"));
        }
    }

    fn table(&mut self, table: &Table) {
        if table.columns.is_empty() {
            return;
        }
        if !self.titled {
            self.heading(if self.within { 3 } else { 2 }, &self.ours(&table.title));
        }
        let ascii = self.style.ascii;
        let mut columns: Vec<Vec<(Face, Tone)>> =
            (0..table.columns.len()).map(|at| table.rows.iter().map(|row| face(row, at, self.style)).collect()).collect();
        for (at, faces) in columns.iter_mut().enumerate() {
            let words = faces.iter_mut().filter_map(|(face, _)| if let Face::Words(words) = face { Some((words, WORDS)) } else { None });
            names::shorten(&mut words.collect::<Vec<_>>(), at == 0, ascii);
        }
        let right = |at: usize| {
            let charts = columns.get(at).is_some_and(|faces| faces.iter().any(|(face, _)| matches!(face, Face::Spark(_))));
            // A chart ends with the present, however much of the past it has.
            charts || table.columns.get(at).is_some_and(|column| column.right)
        };
        let rights: Vec<bool> = (0..columns.len()).map(right).collect();
        let mut lines = vec![row(headings(table, ascii).iter().map(|words| inline(words, Place::Cell))), ruler(&rights)];
        lines.extend(table.rows.iter().enumerate().map(|(at, whole)| {
            row(columns.iter().map(|faces| faces.get(at).map_or_else(String::new, |(face, tone)| cell(face, *tone, whole.tone, ascii))))
        }));
        self.push(lines.join("\n"));
    }

    fn grid(&mut self, grid: &Grid) {
        let rows: Vec<Vec<Field<'_>>> = grid.rows.iter().map(|row| tidy::grid_fields(grid, row).collect()).collect();
        let numeric = |at: usize| rows.iter().any(|row| matches!(row.get(at), Some(Field::Number(_))));
        let rights: Vec<bool> = (0..grid.columns.len()).map(numeric).collect();
        let mut lines = vec![row(grid.columns.iter().map(|words| inline(words, Place::Cell))), ruler(&rights)];
        lines.extend(rows.iter().map(|fields| row(fields.iter().map(|field| self.field(field)))));
        self.push(lines.join("\n"));
    }

    fn field(&self, field: &Field<'_>) -> String {
        let ascii = self.style.ascii;
        match field {
            Field::Empty => String::new(),
            Field::Text(words) => inline(&text::shorten(&text::line(words, ascii), WORDS, text::Cut::End, ascii), Place::Cell),
            Field::Word(words) => inline(words, Place::Cell),
            Field::Number(digits) => inline(digits, Place::Cell),
            Field::Flag(flag) => flag.to_string(),
        }
    }
}

/// The heading of each column, the first under a title after it.
fn headings(table: &Table, ascii: bool) -> Vec<String> {
    let mut headings: Vec<String> = table.columns.iter().map(|column| heading(column, ascii)).collect();
    let mut begins = 0_usize;
    for (title, over) in &table.groups {
        let title = text::ours(title, ascii).split_whitespace().collect::<Vec<_>>().join(" ");
        if let Some(first) = headings.get_mut(begins).filter(|_| !title.is_empty()) {
            *first = if first.is_empty() { title } else { format!("{title}: {first}") };
        }
        begins = begins.saturating_add(*over);
    }
    headings
}

/// What a cell shows, and its mark. Of a strong row all but the charts is bold.
fn cell(face: &Face, tone: Tone, row: Tone, ascii: bool) -> String {
    let mark = if tone == Tone::Bad { MARK } else { "" };
    let shown = match face {
        Face::Blank => return String::new(),
        // Within ASCII the marks of a chart would be those of Markdown; a bar would end the cell, even within code.
        Face::Spark(spark) if ascii => return format!("{}{mark}", code(spark).replace('|', "\\|")),
        // A gap within stays as wide as it is.
        Face::Spark(spark) => return format!("{}{mark}", spark.trim().replace(' ', "\u{a0}")),
        Face::Words(words) => format!("{words}{mark}"),
        Face::Number(value, against, share) if share.is_empty() => format!("{value}{against}{mark}"),
        Face::Number(value, against, share) if ascii => format!("{value}{against} {share}{mark}"),
        // A percent sign stays with its number.
        Face::Number(value, against, share) => format!("{value}{against} {}{mark}", share.replace(' ', "\u{a0}")),
    };
    let shown = inline(&shown, Place::Cell);
    if row == Tone::Strong { bold(&shown) } else { shown }
}

fn bold(markdown: &str) -> String {
    format!("**{markdown}**")
}

/// A row of a table.
fn row(cells: impl Iterator<Item = String>) -> String {
    let mut out = String::from("|");
    for cell in cells {
        out.push(' ');
        out.push_str(&cell);
        out.push_str(if cell.is_empty() { "|" } else { " |" });
    }
    out
}

/// The line under the headings, which says where the cells of each column stand.
fn ruler(rights: &[bool]) -> String {
    row(rights.iter().map(|right| if *right { "---:" } else { "---" }.to_owned()))
}

#[cfg(test)]
mod tests;
