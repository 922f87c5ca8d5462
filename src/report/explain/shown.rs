//! What of a record is shown where records of every table stand in the same columns.

use crate::table::{Kind, Table};

/// Whose it is.
pub(in crate::report) fn owner(table: &Table, row: usize) -> Option<&str> {
    table.text(if table.kind == Kind::Commitments { "person" } else { "owner" }, row)
}

/// What it is called.
pub(super) fn name(table: &Table, row: usize) -> Option<&str> {
    let column = match table.kind {
        Kind::Deals => "name",
        Kind::Commitments => "text",
        _ => "subject",
    };
    table.text(column, row)
}

/// What the column of that is headed with.
pub(super) fn heading(table: &Table) -> &'static str {
    match table.kind {
        Kind::Deals => "deal",
        Kind::Commitments => "commitment",
        _ => "subject",
    }
}

/// Of what sort it is: a deal's stage, and what judges a commitment.
pub(super) fn kind(table: &Table, row: usize) -> Option<&str> {
    let column = match table.kind {
        Kind::Deals => "stage",
        Kind::Commitments => "judged_by",
        _ => "kind",
    };
    table.text(column, row)
}

/// What became of it.
pub(super) fn outcome(table: &Table, row: usize) -> Option<&str> {
    match table.kind {
        Kind::Deals => table.text("state", row),
        Kind::Commitments => Some(kept(table, row)),
        _ => table.text("outcome", row),
    }
}

/// Whether a commitment was kept, in words.
pub(in crate::report) fn kept(table: &Table, row: usize) -> &'static str {
    match table.flag("kept", row) {
        Some(true) => "kept",
        Some(false) => "not kept",
        None => "open",
    }
}

/// What says whether a commitment was kept.
pub(super) fn judged(table: &Table, row: usize) -> String {
    let number = |name: &str| table.amount(name, row).map(|n| n.normalize().to_string());
    match (table.text("judged_by", row), number("reached"), number("amount")) {
        (Some("file"), ..) => "by the file's word".to_owned(),
        (Some("status"), ..) => "by the task's status".to_owned(),
        (_, Some(reached), Some(asked)) => format!("{} {reached} of {asked}", table.text("measure", row).unwrap_or_default()),
        _ => String::new(),
    }
}
