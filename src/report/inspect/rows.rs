//! What was understood as tidy rows: one per file, column, date column, word, person, refusal.

use rust_decimal::Decimal;

use super::{Inspection, file, words};
use crate::crm::evidence::{Clock, Dates, Mapped, Settled};
use crate::document::{Coverage, GridCell};

/// The columns.
pub(super) const COLUMNS: [&str; 11] = ["what", "file", "table", "field", "heading", "text", "means", "records", "of", "line", "says"];

/// A row being written.
#[derive(Default)]
#[allow(clippy::struct_field_names)] // they are the names of the columns
struct Line<'a> {
    file: &'a str,
    table: &'a str,
    field: &'a str,
    heading: &'a str,
    text: &'a str,
    means: &'a str,
    records: Option<u64>,
    of: Option<u64>,
    line: Option<u32>,
    says: &'a str,
}

impl Line<'_> {
    fn row(&self, what: &str) -> Vec<Option<GridCell>> {
        let text = |text: &str| (!text.is_empty()).then(|| GridCell::Text(text.to_owned()));
        let number = |n: Option<u64>| n.map(|n| GridCell::Number(Decimal::from(n)));
        vec![
            text(what),
            text(self.file),
            text(self.table),
            text(self.field),
            text(self.heading),
            text(self.text),
            text(self.means),
            number(self.records),
            number(self.of),
            number(self.line.map(u64::from)),
            text(self.says),
        ]
    }
}

/// Everything that was understood, a row for each thing.
pub(super) fn rows(run: &Inspection<'_>, coverage: &[Coverage]) -> Vec<Vec<Option<GridCell>>> {
    let mut rows = Vec::new();
    for (at, seen) in run.evidence.files.iter().enumerate() {
        let table = file::table_of(seen);
        let of_file = || Line { file: &seen.path, table, ..Line::default() };
        let verified = if seen.verified { "" } else { "unverified" };
        let about = file::bytes(&seen.bytes).join("; ");
        let taken = file::rows_of(seen);
        rows.push(
            Line { text: &seen.preset, means: &taken, field: &seen.object, records: Some(seen.rows), says: &seen.why, ..of_file() }
                .row("file"),
        );
        rows.push(Line { line: seen.bytes.heading_line, means: verified, says: &about, ..of_file() }.row("bytes"));
        if let Some(c) = coverage.get(at).filter(|_| run.facts.is_some()) {
            let of = Some(c.read);
            rows.push(Line { means: "used", records: Some(c.used), of, ..of_file() }.row("records"));
            for (reason, n) in &c.left_out {
                rows.push(Line { means: "left_out", text: reason, records: n.as_u64(), of, ..of_file() }.row("records"));
            }
            rows.push(Line { means: "refused", records: Some(c.refused), of, ..of_file() }.row("records"));
        }
        for column in &seen.columns {
            let of_column = || Line {
                field: column.field,
                heading: &column.heading,
                table: column.of.unwrap_or(table),
                of: Some(seen.rows),
                ..of_file()
            };
            let samples = column.samples.join(" | ");
            let unseen = if seen.unverified.contains(&column.heading) { "unverified" } else { "" };
            rows.push(
                Line { text: &samples, means: column.used.name(), records: Some(column.filled), says: unseen, ..of_column() }.row("column"),
            );
            if let Some(dates) = &column.dates {
                let (means, cell, line) = order(dates);
                let span = span(dates);
                let good = column.filled.saturating_sub(dates.bad);
                rows.push(Line { text: cell, means, line, records: Some(good), says: &span, ..of_column() }.row("dates"));
            }
        }
        for heading in &seen.ignored {
            rows.push(Line { heading, ..of_file() }.row("not_read"));
        }
    }
    for word in &run.evidence.words {
        let (means, mapped) = (words::meaning(word), mapped(word.mapped));
        rows.push(
            Line {
                field: word.vocabulary,
                heading: &word.heading,
                text: &word.text,
                means: mapped,
                records: Some(word.records),
                says: &means,
                ..Line::default()
            }
            .row("word"),
        );
    }
    for who in &run.evidence.people {
        let names = who.spellings.join(" | ");
        let means = if who.robot { "robot" } else { standing(run, &who.label) };
        for (table, n) in [("activities", who.activities), ("deals", who.deals)] {
            rows.push(Line { table, text: &who.label, means, records: Some(n), says: &names, ..Line::default() }.row("person"));
        }
    }
    for refused in &run.evidence.refused {
        let seen = run.evidence.files.get(usize::from(refused.source));
        let why: Vec<&str> = refused.why.iter().map(|why| why.message.as_str()).collect();
        let line = Line {
            file: seen.map_or("", |s| s.path.as_str()),
            table: seen.map_or("", |s| s.shape.table().name()),
            heading: refused.heading().unwrap_or_default(),
            text: refused.cell.as_deref().unwrap_or_default(),
            means: refused.why.first().map_or("", |why| why.code.name()),
            line: Some(refused.line),
            says: &why.join("; "),
            ..Line::default()
        };
        rows.push(line.row(if refused.whole { "refused_record" } else { "refused_cell" }));
    }
    rows.extend(run.unused().into_iter().map(|(path, why)| Line { file: path, says: why, ..Line::default() }.row("not_used")));
    rows
}

/// Whether a word means something known, in one word.
pub(super) fn mapped(mapped: Mapped) -> &'static str {
    match mapped {
        Mapped::Unmapped(_) => "unmapped",
        Mapped::Elsewhere => "elsewhere",
        Mapped::Listed => "mapped",
    }
}

/// Whether a person is on the roster, in one word; nothing where there is none.
pub(super) fn standing(run: &Inspection<'_>, label: &str) -> &'static str {
    let Some(loaded) = run.loaded else { return "" };
    let roster = &loaded.data.roster.people;
    let listed = roster.iter().any(|p| p.listed);
    if !listed && !roster.iter().any(|p| p.named) {
        return "";
    }
    match roster.iter().find(|p| p.name == label) {
        Some(person) if if listed { person.listed } else { person.named } => "roster",
        _ => "not_on_roster",
    }
}

/// The order of a column of dates, the cell that shows it, and its line.
pub(super) fn order(dates: &Dates) -> (&'static str, &str, Option<u32>) {
    match &dates.order {
        Settled::Alike => ("alike", "", None),
        Settled::Said(order) => (order.name(), "", None),
        Settled::Cell { order, text, line } => (order.name(), text, Some(*line)),
        Settled::Open { text, line, .. } => ("open", text, Some(*line)),
    }
}

/// The clock of a column of dates, in one word.
pub(super) fn clock(dates: &Dates) -> &'static str {
    match dates.clock {
        Clock::None => "none",
        Clock::Midnight => "midnight",
        Clock::Offset => "offset",
        Clock::Local => "local",
        Clock::Both => "both",
    }
}

fn span(dates: &Dates) -> String {
    match (dates.first, dates.last) {
        (Some(first), Some(last)) => format!("{first}/{last}"),
        _ => String::new(),
    }
}
