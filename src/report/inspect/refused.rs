//! What was refused: by reason with examples on the page, and every one of them as rows.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{Inspection, brief, note, spelled};
use crate::crm::evidence::Refused;
use crate::diagnostic::Code;
use crate::document::{Block, Document, Grid, GridCell, Note};

/// Examples of a reason.
const EXAMPLES: usize = 3;

/// The columns of the rows.
const COLUMNS: [&str; 9] = ["file", "line", "table", "status", "column", "code", "reason", "text", "record"];

/// What was refused, by reason.
pub(super) fn block(run: &Inspection<'_>) -> Option<Block> {
    let mut by: BTreeMap<Code, Vec<&Refused>> = BTreeMap::new();
    for refused in &run.evidence.refused {
        by.entry(code(refused)).or_default().push(refused);
    }
    let mut by: Vec<(Code, Vec<&Refused>)> = by.into_iter().collect();
    by.sort_by_key(|(code, list)| (std::cmp::Reverse(list.len()), *code));
    let mut notes: Vec<Note> = Vec::new();
    for (at, (code, list)) in by.iter().enumerate() {
        let records = list.iter().filter(|r| r.whole).count() as u64;
        let cells = list.len() as u64 - records;
        let mut counts = Vec::new();
        if records > 0 {
            counts.push(format!("{} refused", spelled::count(records, "record")));
        }
        if cells > 0 {
            counts.push(format!("{} taken as blank", spelled::count(cells, "cell")));
        }
        let mut parts = vec![format!("{code}: {}", counts.join(", "))];
        parts.extend(list.iter().take(EXAMPLES).map(|r| example(run, r)));
        notes.push(note(if at == 0 { "Refused" } else { "" }, parts));
    }
    if notes.is_empty() {
        return None;
    }
    notes.push(note("", vec![format!("all of them with their text: leadlag inspect{} --refused refused.csv", run.again())]));
    Some(Block::Notes(notes))
}

fn code(refused: &Refused) -> Code {
    refused.why.first().map_or(Code::Accounting, |why| why.code)
}

fn path<'a>(run: &Inspection<'a>, refused: &Refused) -> &'a str {
    run.evidence.files.get(usize::from(refused.source)).map_or("", |seen| seen.path.as_str())
}

fn example(run: &Inspection<'_>, refused: &Refused) -> String {
    let path = path(run, refused);
    let short = path.rsplit('/').next().unwrap_or(path);
    let what = match (refused.heading(), &refused.cell) {
        (Some(heading), Some(cell)) if !cell.is_empty() => format!("{heading} '{}'", brief(cell, 24)),
        _ => refused.why.first().map_or_else(String::new, |why| brief(&why.message, 60)),
    };
    format!("{short}:{} {what}", refused.line)
}

/// Every refused record and every cell that was taken as blank, as rows: as many as the accounting counts.
pub fn refused(run: &Inspection<'_>) -> Document {
    let text = |text: &str| (!text.is_empty()).then(|| GridCell::Text(text.to_owned()));
    let rows = run.evidence.refused.iter().map(|refused| {
        let reasons: Vec<&str> = refused.why.iter().map(|why| why.message.as_str()).collect();
        let seen = run.evidence.files.get(usize::from(refused.source));
        vec![
            text(path(run, refused)),
            Some(GridCell::Number(Decimal::from(refused.line))),
            seen.and_then(|seen| text(seen.shape.table().name())),
            text(if refused.whole { "refused" } else { "cell" }),
            refused.heading().and_then(text),
            text(code(refused).name()),
            text(&reasons.join("; ")),
            refused.cell.as_deref().and_then(text),
            text(&refused.record),
        ]
    });
    Document {
        schema: "leadlag/refused/1",
        grid: Some(Grid { name: "refused", columns: COLUMNS.to_vec(), rows: rows.collect(), about: serde_json::Map::new() }),
        ..Document::default()
    }
}
