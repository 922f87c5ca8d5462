//! What to export from a CRM.

use std::collections::BTreeSet;

use crate::crm::field;
use crate::crm::preset::{Preset, Shape};
use crate::document::{Block, Document, Note, Tone};

/// What to export from a CRM, table by table.
pub fn guide(preset: &Preset) -> Document {
    let note = |label: &str, part: String| Note { label: label.to_owned(), tone: Tone::Plain, parts: vec![part] };
    let whence = if preset.common { format!("any other CRM ({})", preset.label) } else { preset.label.clone() };
    let heading = format!("What to export from {whence}");
    let mut page = vec![Block::Banner { left: heading.clone(), right: format!("--crm {}", preset.name) }];
    let mut about = vec![note("", preset.says.clone())];
    if !preset.verified && !preset.common {
        about.push(Note {
            tone: Tone::Strong,
            ..note(
                "unverified",
                "this preset was written without having seen an export: names of reports and columns may differ".to_owned(),
            )
        });
    }
    page.push(Block::Notes(about));
    for guide in &preset.guides {
        page.push(Block::Notes(vec![Note { label: String::new(), tone: Tone::Strong, parts: vec![guide.of.clone()] }]));
        let mut notes =
            vec![note("export", guide.export.clone()), note("columns", guide.columns.join(", ")), note("how far back", guide.back.clone())];
        notes.extend(guide.note.clone().map(|text| note("note", text)));
        page.push(Block::Notes(notes));
    }
    if preset.guides.is_empty() {
        let kinds: BTreeSet<_> =
            preset.tables.iter().filter_map(|t| if let Shape::Records(kind) = t.shape { Some(kind) } else { None }).collect();
        let needs = kinds.into_iter().map(|kind| note(kind.name(), field::needs(kind).to_owned()));
        page.push(Block::Notes(needs.collect()));
    }
    page.push(Block::Notes(vec![note(
        "then",
        "put the files into one folder and run leadlag inspect FOLDER, then leadlag report FOLDER".to_owned(),
    )]));
    Document { schema: "leadlag/guide/1", title: heading, page, ..Document::default() }
}
