//! What was understood of the exports, as a page, tidy rows and JSON.

mod file;
mod json;
mod origins;
mod refused;
mod rows;
mod todo;
mod words;

pub(super) use file::{as_exported, which_first};
pub use origins::{SetBy, Setting, origins};
pub use refused::refused;

use std::fmt::Write as _;

use super::{trust, words as spelled};
use crate::calendar::{Calendar, Day};
use crate::crm::Loaded;
use crate::crm::evidence::Evidence;
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Column, Content, Coverage, Document, Grid, Note, Row, Table, Tone};
use crate::facts::Facts;

/// Everything that was understood, and what could be made of it.
pub struct Inspection<'a> {
    /// What was understood of each file.
    pub evidence: &'a Evidence,
    /// The tables, as far as they could be put together.
    pub loaded: Option<&'a Loaded>,
    /// What was found out about them; none where something has to be answered first.
    pub facts: Option<&'a Facts>,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The day of the report.
    pub as_of: Day,
    /// The files as the user named them.
    pub files: &'a [String],
    /// What was said on the way.
    pub diagnostics: &'a [Diagnostic],
    /// Whether the exports cannot be reported on as they are.
    pub failed: bool,
    /// Whether the configuration says in which time zone days begin.
    pub zone_said: bool,
    /// Whether lists are shown whole.
    pub verbose: bool,
}

impl Inspection<'_> {
    /// What became of the records of each file, in the order of the evidence; empty where no file is a table.
    fn coverage(&self) -> Vec<Coverage> {
        self.loaded.map_or_else(Vec::new, |loaded| trust::coverage(&loaded.data))
    }

    /// How many of a list are shown on the page.
    fn most(&self, few: usize) -> usize {
        if self.verbose { usize::MAX } else { few }
    }

    /// The words that name the files again in a command, each with a blank before it.
    fn again(&self) -> String {
        let names: String = self.files.iter().map(|f| if f.contains(' ') { format!(" \"{f}\"") } else { format!(" {f}") }).collect();
        if names.chars().count() > 60 { " FILES".to_owned() } else { names }
    }

    /// Files that gave nothing, and why: those that are no table, and those that no number needs.
    fn unused(&self) -> Vec<(&str, &str)> {
        let not_needed = self.loaded.map_or(&[][..], |loaded| loaded.reading.unused.as_slice());
        let unread = self.evidence.unread.iter().map(|(path, why)| (path.as_str(), why.message.as_str()));
        // What could not be read is among them as well.
        let more = not_needed.iter().filter(|(path, _)| !self.evidence.unread.iter().any(|(unread, _)| unread == path));
        unread.chain(more.map(|(path, why)| (path.as_str(), why.as_str()))).collect()
    }
}

/// What was understood of the exports.
pub fn inspect(run: &Inspection<'_>) -> Document {
    let mut page = vec![banner(run)];
    page.extend(todo::block(run));
    let coverage = run.coverage();
    for (at, seen) in run.evidence.files.iter().enumerate() {
        page.extend(file::blocks(run, at, seen, coverage.get(at)));
    }
    page.extend(words::words(run));
    page.extend(words::people(run));
    page.extend(refused::block(run));
    page.extend(last(run));
    Document {
        schema: "leadlag/inspect/1",
        title: "What was understood".to_owned(),
        as_of: Some(run.as_of),
        time_zone: run.calendar.zone_name().to_owned(),
        week_starts: run.calendar.week_starts().name().to_owned(),
        page,
        grid: Some(Grid {
            name: "",
            columns: rows::COLUMNS.to_vec(),
            rows: rows::rows(run, &coverage),
            about: json::about(run, &coverage),
        }),
        diagnostics: run.diagnostics.to_vec(),
        ..Document::default()
    }
}

fn banner(run: &Inspection<'_>) -> Block {
    let unread = run.evidence.unread.len() as u64;
    let (files, tables) = (run.evidence.paths(), run.evidence.files.iter().filter(|seen| !seen.others).count() as u64);
    let mut left = format!("{} understood", spelled::count(files, "file"));
    if tables > files {
        let _ = write!(left, " with {}", spelled::count(tables, "table"));
    }
    if unread > 0 {
        let _ = write!(left, ", {unread} not");
    }
    let right = format!("as of {}, time zone {}", spelled::day_and_year(run.as_of), run.calendar.zone_name());
    Block::Banner { left, right }
}

/// Files that gave nothing, and where to look next.
fn last(run: &Inspection<'_>) -> Option<Block> {
    let mut notes: Vec<Note> = Vec::new();
    let unused: Vec<String> = run.unused().into_iter().map(|(path, why)| format!("{path}: {}", brief(why, 160))).collect();
    for (at, part) in unused.into_iter().enumerate() {
        notes.push(note(if at == 0 { "Not used" } else { "" }, vec![part]));
    }
    let (seen, again) = (!run.evidence.files.is_empty(), run.again());
    if seen && !run.failed {
        notes.push(note("Next", vec![format!("leadlag report{again}"), format!("leadlag inspect{again} -v shows every word and person")]));
    }
    (!notes.is_empty()).then_some(Block::Notes(notes))
}

fn note(label: &str, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone: Tone::Plain, parts }
}

fn title(text: impl Into<String>) -> Block {
    Block::Notes(vec![Note { label: String::new(), tone: Tone::Strong, parts: vec![text.into()] }])
}

fn column(heading: &str, right: bool, drop: u8) -> Column {
    Column { heading: vec![heading.to_owned()], right, drop }
}

fn text(words: impl Into<String>) -> Cell {
    Cell { content: Content::Text(words.into()), tone: Tone::Plain }
}

fn toned(words: impl Into<String>, tone: Tone) -> Cell {
    Cell { content: Content::Text(words.into()), tone }
}

/// A number of records; nothing for none.
fn number(n: u64) -> Cell {
    if n == 0 { Cell::default() } else { text(n.to_string()) }
}

fn row(cells: Vec<Cell>) -> Row {
    Row { tone: Tone::Plain, cells }
}

fn table(columns: Vec<Column>, rows: Vec<Row>) -> Block {
    Block::Table(Table { title: String::new(), groups: Vec::new(), columns, rows })
}

/// A share in whole percent; only all is 100, and only none is 0.
fn percent(part: u64, whole: u64) -> String {
    let share = match (part * 100).checked_div(whole) {
        None => return String::new(),
        Some(0) if part > 0 => return "<1 %".to_owned(),
        Some(share) => share,
    };
    format!("{share} %")
}

/// A text short enough to stand among others.
fn brief(text: &str, longest: usize) -> String {
    let one_line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if one_line.chars().count() <= longest {
        return one_line;
    }
    let start: String = one_line.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", start.trim_end())
}
