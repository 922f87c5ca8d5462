//! The lists of a document: which columns each has.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell::Datum;
use super::rows;
use crate::diagnostic::{Diagnostic, Place, Severity};
use crate::document::{Coverage, Document, Grid, Record, State, TidyRow};
use crate::render::number;
use crate::render::tidy::{self, Field};
use crate::unit::Unit;

/// The sheets of all lists that the document has.
pub(super) fn sheets(document: &Document, most: u32, ascii: bool) -> Result<Vec<Worksheet>, XlsxError> {
    let list = |name: &str, headings: &[&str], data: &mut dyn Iterator<Item = Vec<Datum>>| {
        let headings: Vec<String> = headings.iter().map(|&heading| heading.to_owned()).collect();
        rows::sheets(name, &headings, data, most, ascii)
    };
    let mut sheets = Vec::new();
    if let Some(grid) = &document.grid {
        let mut data = grid.rows.iter().map(|row| tidy::grid_fields(grid, row).map(|field| Datum::field(field, ascii)).collect());
        if !grid.columns.is_empty() {
            sheets.extend(list(&sheet_name(grid), &grid.columns, &mut data)?);
        }
    } else {
        sheets.extend(list("Data", &tidy::COLUMNS, &mut document.values.iter().map(|row| of_tidy(row, ascii)))?);
        if !document.states.is_empty() {
            sheets.extend(list("States", &STATES, &mut document.states.iter().map(|state| of_state(state, ascii)))?);
        }
        if !document.records.is_empty() {
            sheets.extend(list("Records", &RECORDS, &mut document.records.iter().map(|record| of_record(record, ascii)))?);
        }
        if !document.coverage.is_empty() {
            let reasons = reasons(&document.coverage);
            let titles: Vec<String> = reasons.iter().map(|reason| format!("left_out: {reason}")).collect();
            let headings: Vec<&str> = COVERAGE.into_iter().chain(titles.iter().map(String::as_str)).collect();
            sheets.extend(list("Coverage", &headings, &mut document.coverage.iter().map(|source| of_source(source, &reasons, ascii)))?);
        }
    }
    if !document.diagnostics.is_empty() {
        sheets.extend(list("Diagnostics", &DIAGNOSTICS, &mut document.diagnostics.iter().map(of_diagnostic))?);
    }
    Ok(sheets)
}

/// The name of a grid's sheet: that of its rows, with a capital, no other sheet's, and none that Excel keeps for itself.
fn sheet_name(grid: &Grid) -> String {
    let name: String = grid.name.chars().filter(char::is_ascii_alphanumeric).take(20).collect();
    match name.to_ascii_lowercase().as_str() {
        "" => "Rows".to_owned(),
        taken @ ("page" | "charts" | "diagnostics" | "about" | "sparklines" | "history") => format!("{taken} rows"),
        _ => name.chars().take(1).map(|c| c.to_ascii_uppercase()).chain(name.chars().skip(1)).collect(),
    }
}

fn of_tidy(row: &TidyRow, ascii: bool) -> Vec<Datum> {
    let datum = |field| match field {
        Field::Number(digits) if row.unit == Unit::Ratio => Datum::share(&digits, 1),
        field => Datum::field(field, ascii),
    };
    tidy::fields(row).map(datum).collect()
}

const STATES: [&str; 11] =
    ["level", "name", "state", "reason", "leads", "lag", "lag_measure", "lag_period", "lag_value", "lag_target", "lag_pace"];

fn of_state(state: &State, ascii: bool) -> Vec<Datum> {
    let share =
        |share: Option<f64>| share.and_then(|share| number::float(share, 6)).map_or(Datum::Empty, |digits| Datum::share(&digits, 0));
    vec![
        Datum::words(state.level),
        Datum::words(&state.name),
        Datum::words(&state.state),
        Datum::words(&state.reason),
        share(state.leads),
        share(state.lag),
        Datum::words(&state.lag_measure),
        Datum::words(&state.lag_period),
        decimal(state.lag_value.as_deref(), ascii),
        decimal(state.lag_target.as_deref(), ascii),
        decimal(state.lag_pace.as_deref(), ascii),
    ]
}

const RECORDS: [&str; 8] = ["table", "id", "file", "line", "owner", "day", "amount", "measures"];

fn of_record(record: &Record, ascii: bool) -> Vec<Datum> {
    vec![
        Datum::words(&record.table),
        Datum::words(record.id.as_deref().unwrap_or_default()),
        Datum::words(record.file.as_deref().unwrap_or_default()),
        record.line.map_or(Datum::Empty, |line| Datum::whole(line.into())),
        Datum::words(record.owner.as_deref().unwrap_or_default()),
        record.day.clone().map_or(Datum::Empty, Datum::day),
        decimal(record.amount.as_deref(), ascii),
        Datum::words(&record.measures.join(", ")),
    ]
}

const COVERAGE: [&str; 10] = ["path", "table", "crm", "bytes", "xxh3", "through", "read", "used", "refused", "left_out"];

/// The reasons for which any source had records left out, in the order in which they come.
fn reasons(coverage: &[Coverage]) -> Vec<&str> {
    let mut reasons: Vec<&str> = Vec::new();
    for reason in coverage.iter().flat_map(|source| source.left_out.keys()) {
        if !reasons.contains(&reason.as_str()) {
            reasons.push(reason);
        }
    }
    reasons
}

fn of_source(source: &Coverage, reasons: &[&str], ascii: bool) -> Vec<Datum> {
    let left_out = source.left_out.values().filter_map(serde_json::Value::as_u64).fold(0, u64::saturating_add);
    let mut data = vec![
        Datum::words(&source.path),
        Datum::words(&source.table),
        Datum::words(&source.crm),
        Datum::whole(source.bytes),
        Datum::words(&source.xxh3),
        source.through.clone().map_or(Datum::Empty, Datum::day),
        Datum::whole(source.read),
        Datum::whole(source.used),
        Datum::whole(source.refused),
        Datum::whole(left_out),
    ];
    let of_reason = |reason: &&str| source.left_out.get(*reason).map_or(Datum::Empty, |n| decimal(Some(&n.to_string()), ascii));
    data.extend(reasons.iter().map(of_reason));
    data
}

const DIAGNOSTICS: [&str; 7] = ["severity", "code", "file", "line", "column", "message", "hints"];

fn of_diagnostic(diagnostic: &Diagnostic) -> Vec<Datum> {
    let severity = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let place = diagnostic.location.as_ref();
    let column = match place.and_then(|place| place.column.as_ref()) {
        Some(Place::Heading(heading)) => Datum::words(heading),
        Some(Place::Position(position)) => Datum::whole((*position).into()),
        None => Datum::Empty,
    };
    vec![
        Datum::words(severity),
        Datum::words(diagnostic.code.name()),
        Datum::words(place.map_or("", |place| &place.file)),
        place.and_then(|place| place.line).map_or(Datum::Empty, |line| Datum::whole(line.into())),
        column,
        Datum::words(&diagnostic.message),
        Datum::words(&diagnostic.hints.join("\n")),
    ]
}

/// A number where the text is a plain decimal, else the text.
fn decimal(text: Option<&str>, ascii: bool) -> Datum {
    let Some(text) = text else { return Datum::Empty };
    let plain = text.parse::<rust_decimal::Decimal>().is_ok() && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.'));
    if plain { Datum::number(text, ascii) } else { Datum::words(text) }
}
