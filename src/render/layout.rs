//! A table of the page: what its cells show, how wide its columns are, which of them stay and what is shortened.

use crate::document::{Table, Tone};
use crate::render::face::{Face, MARK, face};
use crate::render::names::{self, NARROWEST};
use crate::render::terminal::{Paint, painted};
use crate::render::{Style, text};

/// The columns between two columns.
const GAP: usize = 2;
/// The most columns of the words in a table's first column, its names.
const NAMES: usize = 24;
/// The columns that words elsewhere may take before other columns go; they get more where it is left.
const WORDS: usize = 40;

/// The lines of a table. Columns to drop go in their order while it is too wide, those of one order together; then words are shortened.
pub(super) fn table(table: &Table, style: &Style) -> Vec<String> {
    let mut columns: Vec<Laid> = (0..table.columns.len()).map(|at| Laid::new(table, at, style)).collect();
    let mut spans = spans(table, &mut columns, style);
    while total(&columns) > style.columns() {
        let Some(first) = columns.iter().map(|column| column.drop).filter(|drop| *drop > 0).min() else {
            break;
        };
        columns.retain(|column| column.drop != first);
        spans = self::spans(table, &mut columns, style);
    }
    fit(&mut columns, style);
    for column in &mut columns {
        column.settle(style);
    }
    let titles = titles(&spans, &columns, style);
    let heading_lines = columns.iter().map(|column| column.heading.len()).max().unwrap_or(0);
    let headings = (0..heading_lines).map(|line| joined(columns.iter().map(|column| column.heading_line(line))));
    let rows = table.rows.iter().enumerate().map(|(at, row)| joined(columns.iter().map(|column| column.cell(at, row.tone, style))));
    titles.into_iter().chain(headings).chain(rows).collect()
}

/// Cells side by side.
fn joined(cells: impl Iterator<Item = String>) -> String {
    let cells: Vec<String> = cells.collect();
    cells.join(&text::spaces(GAP)).trim_end().to_owned()
}

/// The columns of the whole table.
fn total(columns: &[Laid]) -> usize {
    columns.iter().map(|column| column.width).sum::<usize>() + GAP * columns.len().saturating_sub(1)
}

/// Gives words more room where it is left, else less, the widest first.
fn fit(columns: &mut [Laid], style: &Style) {
    let mut room = style.columns().saturating_sub(total(columns));
    for column in columns.iter_mut().filter(|column| !column.names) {
        let more = column.words.saturating_sub(column.width).min(room);
        column.width += more;
        room -= more;
    }
    while total(columns) > style.columns() {
        let widest = columns.iter_mut().filter(|column| column.width > column.least()).max_by_key(|column| column.width);
        let Some(column) = widest else { break };
        column.width -= 1;
    }
}

/// A title over several columns.
#[derive(Debug)]
struct Span {
    title: String,
    /// The first column under it.
    first: usize,
    /// The column at which it must end: the first under the next title, or one past the last.
    end: usize,
}

/// The titles that still have a column under them. A column grows for the longest word of its title.
fn spans(table: &Table, columns: &mut [Laid], style: &Style) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    let mut begins = 0_usize;
    for (title, over) in &table.groups {
        let under = begins..begins.saturating_add(*over);
        begins = under.end;
        let title = text::ours(title, style.ascii);
        let first = columns.iter().position(|column| under.contains(&column.at)).filter(|_| !title.is_empty());
        let Some(first) = first else { continue };
        if let Some(before) = spans.last_mut() {
            before.end = first;
        }
        spans.push(Span { title: title.into_owned(), first, end: columns.len() });
    }
    for span in &spans {
        let Some(under) = columns.get_mut(span.first..span.end) else {
            continue;
        };
        let word = span.title.split(' ').map(text::width).max().unwrap_or(0);
        let missing = word.saturating_sub(total(under));
        if let Some(last) = under.last_mut() {
            last.width += missing;
            last.fixed = last.fixed.max(if missing > 0 { last.width } else { 0 });
        }
    }
    spans
}

/// The lines of the titles. A title takes the room up to the next one, and goes on in further lines.
fn titles(spans: &[Span], columns: &[Laid], style: &Style) -> Vec<String> {
    let blocks: Vec<(usize, Vec<String>)> = spans
        .iter()
        .map(|span| {
            let start = columns.get(..span.first).filter(|before| !before.is_empty()).map_or(0, |before| total(before) + GAP);
            let under = columns.get(span.first..span.end).map_or(0, total);
            let room = if span.end == columns.len() { under.max(style.columns().saturating_sub(start)) } else { under };
            (start, text::wrap(&span.title, room))
        })
        .collect();
    let height = blocks.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
    let line = |at: usize| {
        let (mut out, mut used) = (String::new(), 0);
        for (start, lines) in &blocks {
            if let Some(title) = lines.get(at) {
                out.push_str(&text::spaces(start.saturating_sub(used)));
                out.push_str(&painted(title, [Paint::Strong], style));
                used = start + text::width(title);
            }
        }
        out
    };
    (0..height).map(line).collect()
}

/// A column being laid out.
#[derive(Debug)]
struct Laid {
    /// Its place in the table.
    at: usize,
    heading: Vec<String>,
    right: bool,
    drop: u8,
    /// Whether it is the table's first, whose words tell the rows apart.
    names: bool,
    faces: Vec<(Face, Tone)>,
    /// The columns of the value before the slash, of what follows it, of the percentage, and of a mark after that.
    number: [usize; 4],
    spark: usize,
    /// The columns that its words would take uncut, marks included.
    words: usize,
    /// The columns that everything but words needs.
    fixed: usize,
    width: usize,
}

impl Laid {
    fn new(table: &Table, at: usize, style: &Style) -> Self {
        let faces: Vec<(Face, Tone)> = table.rows.iter().map(|row| face(row, at, style)).collect();
        let column = table.columns.get(at);
        let heading: Vec<String> =
            column.map_or_else(Vec::new, |column| column.heading.iter().map(|line| text::ours(line, style.ascii).into_owned()).collect());
        let mut laid = Self {
            at,
            right: column.is_some_and(|column| column.right),
            drop: column.map_or(0, |column| column.drop),
            names: at == 0,
            number: [0; 4],
            spark: 0,
            words: 0,
            fixed: heading.iter().map(|line| text::width(line)).max().unwrap_or(0),
            width: 0,
            heading,
            faces,
        };
        laid.measure();
        laid.width = laid.fixed.max(laid.words.min(if laid.names { NAMES } else { WORDS }));
        laid
    }

    fn measure(&mut self) {
        let words_mark = self.right && self.marks_words();
        for (face, tone) in &self.faces {
            let mark = if *tone == Tone::Bad { MARK.len() } else { 0 };
            match face {
                Face::Blank => {}
                Face::Words(words) => self.words = self.words.max(text::width(words) + if words_mark { MARK.len() } else { mark }),
                Face::Spark(spark) => self.spark = self.spark.max(text::width(spark) + mark),
                Face::Number(value, against, share) => {
                    let (against_mark, share_mark) = if share.is_empty() { (mark, 0) } else { (0, mark) };
                    let parts = [text::width(value), text::width(against) + against_mark, text::width(share), share_mark];
                    for (widest, part) in self.number.iter_mut().zip(parts) {
                        *widest = part.max(*widest);
                    }
                }
            }
        }
        let [_, _, share, _] = self.number;
        let number = self.number.iter().sum::<usize>() + usize::from(share > 0);
        self.fixed = self.fixed.max(number).max(self.spark);
    }

    /// The columns below which it cannot go.
    fn least(&self) -> usize {
        self.fixed.max(self.words.min(NARROWEST))
    }

    /// Shortens its words to its width, which grows where rows would become equal.
    fn settle(&mut self, style: &Style) {
        let (width, all_marked) = (self.width, self.right && self.marks_words());
        let room = |tone: Tone| width.saturating_sub(if all_marked || tone == Tone::Bad { MARK.len() } else { 0 });
        let mut cells: Vec<(&mut String, usize)> = self
            .faces
            .iter_mut()
            .filter_map(|(face, tone)| match face {
                Face::Words(words) => Some((words, room(*tone))),
                _ => None,
            })
            .collect();
        names::shorten(&mut cells, self.names, style.ascii);
        self.words = 0;
        self.measure();
        self.width = self.fixed.max(self.words);
    }

    fn heading_line(&self, line: usize) -> String {
        self.placed(self.heading.get(line).map_or("", String::as_str), self.width)
    }

    /// A text at its side of the column, of which it takes `columns` at most.
    fn placed(&self, words: &str, columns: usize) -> String {
        if self.right { text::pad_left(words, columns) } else { text::pad(words, columns) }
    }

    /// A row's cell over the whole width of the column.
    fn cell(&self, row: usize, row_tone: Tone, style: &Style) -> String {
        let Some((face, tone)) = self.faces.get(row) else {
            return text::spaces(self.width);
        };
        let mark = if *tone == Tone::Bad { MARK } else { "" };
        let plain = match face {
            Face::Blank => String::new(),
            // Marked or not, words at the right end in one column.
            Face::Words(words) if self.right && self.marks_words() => text::pad(&format!("{words}{mark}"), text::width(words) + MARK.len()),
            Face::Words(words) => format!("{words}{mark}"),
            Face::Spark(spark) => text::pad(&format!("{}{mark}", text::pad_left(spark, self.spark_alone())), self.spark),
            Face::Number(value, against, share) => self.number(value, against, share, mark),
        };
        let placed = self.placed(&plain, self.width);
        let inner = placed.trim();
        let Some(at) = placed.find(inner).filter(|_| !inner.is_empty()) else {
            return placed;
        };
        let (before, rest) = placed.split_at(at);
        let (inner, after) = rest.split_at(inner.len());
        let inner = painted(inner, Paint::of(row_tone).into_iter().chain(Paint::of(*tone)), style);
        format!("{before}{inner}{after}")
    }

    fn marks_words(&self) -> bool {
        self.faces.iter().any(|(face, tone)| *tone == Tone::Bad && matches!(face, Face::Words(_)))
    }

    /// The columns of its widest chart without a mark.
    fn spark_alone(&self) -> usize {
        let charts = self.faces.iter().filter_map(|(face, _)| if let Face::Spark(spark) = face { Some(text::width(spark)) } else { None });
        charts.max().unwrap_or(0)
    }

    /// The parts of a number under those of the column's other numbers.
    fn number(&self, value: &str, against: &str, share: &str, mark: &str) -> String {
        let [value_width, against_width, share_width, mark_width] = self.number;
        let (against_mark, share_mark) = if share.is_empty() { (mark, "") } else { ("", mark) };
        let mut out = text::pad_left(value, value_width);
        out.push_str(&text::pad(&format!("{against}{against_mark}"), against_width));
        if share_width > 0 {
            out.push(' ');
            out.push_str(&text::pad_left(share, share_width));
            out.push_str(&text::pad(share_mark, mark_width));
        }
        out
    }
}

#[cfg(test)]
mod tests;
