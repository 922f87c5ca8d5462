//! What changed since an earlier report.

use rust_decimal::Decimal;

use super::{Object, member};
use crate::document::{Moved, Record, Restated, Since};
use crate::render::number;

/// The members of a document that say what changed; none where no earlier report was given.
pub(super) fn write(since: &Since, json: &mut Object) -> anyhow::Result<()> {
    json.value("since", &serde_json::json!({ "path": since.path, "as_of": number::date(since.as_of), "compared": since.compared }))?;
    let all = |row: &Restated, out: &mut String| {
        out.push_str(&restated(row)?);
        Ok(())
    };
    json.lines("restated", &since.restated, all)?;
    json.lines("not_final", &since.not_final, all)
}

/// A plain decimal, or nothing.
fn decimal(value: Option<Decimal>) -> String {
    value.map_or_else(|| "null".to_owned(), number::exact)
}

/// The word for why a value is missing, or nothing.
fn word(text: &str) -> serde_json::Result<String> {
    serde_json::to_string(&(!text.is_empty()).then_some(text))
}

fn restated(row: &Restated) -> serde_json::Result<String> {
    let mut out = String::from("{");
    member(&mut out, "level", &serde_json::to_string(row.level)?)?;
    for (key, text) in [("name", &row.name), ("period", &row.period), ("measure", &row.measure), ("unit", &row.unit)] {
        member(&mut out, key, &serde_json::to_string(text)?)?;
    }
    member(&mut out, "was", &decimal(row.was))?;
    member(&mut out, "was_missing", &word(&row.was_missing)?)?;
    member(&mut out, "now", &decimal(row.now))?;
    member(&mut out, "now_missing", &word(&row.now_missing)?)?;
    member(&mut out, "change", &decimal(row.change()))?;
    member(&mut out, "why", &serde_json::to_string(&row.why)?)?;
    let records = row.records.iter().map(|record| moved(record, &row.measure)).collect::<serde_json::Result<Vec<_>>>()?;
    member(&mut out, "records", &format!("[{}]", records.join(",")))?;
    out.push('}');
    Ok(out)
}

fn moved(record: &Moved, measure: &str) -> serde_json::Result<String> {
    let known = record.now.as_ref().or(record.was.as_ref());
    let mut out = String::from("{");
    member(&mut out, "how", &serde_json::to_string(record.how)?)?;
    member(&mut out, "why", &serde_json::to_string(&record.why)?)?;
    member(&mut out, "change", &decimal(record.change))?;
    member(&mut out, "table", &serde_json::to_string(&known.map(|known| &known.table))?)?;
    member(&mut out, "id", &serde_json::to_string(&known.and_then(|known| known.id.as_ref()))?)?;
    member(&mut out, "file", &serde_json::to_string(&record.place.as_ref().map(|(file, _)| file))?)?;
    member(&mut out, "line", &serde_json::to_string(&record.place.as_ref().map(|(_, line)| line))?)?;
    member(&mut out, "subject", &serde_json::to_string(&record.says)?)?;
    member(&mut out, "day", &serde_json::to_string(&known.and_then(|known| known.day.as_ref()))?)?;
    member(&mut out, "owner", &serde_json::to_string(&known.and_then(|known| known.owner.as_ref()))?)?;
    member(&mut out, "was", &side(record.was.as_ref(), measure)?)?;
    member(&mut out, "now", &side(record.now.as_ref(), measure)?)?;
    out.push('}');
    Ok(out)
}

/// What a record was in one of the two reports, as far as it bears on a measure.
fn side(record: Option<&Record>, measure: &str) -> serde_json::Result<String> {
    let Some(record) = record else { return Ok("null".to_owned()) };
    let mut out = String::from("{");
    member(&mut out, "day", &serde_json::to_string(&record.day)?)?;
    member(&mut out, "owner", &serde_json::to_string(&record.owner)?)?;
    let people = record.credited.get(measure).unwrap_or(&record.people);
    if !people.is_empty() {
        member(&mut out, "people", &serde_json::to_string(people)?)?;
    }
    if !record.shares.is_empty() {
        member(&mut out, "shares", &serde_json::to_string(&record.shares)?)?;
    }
    for (key, text) in [("amount", &record.amount), ("currency", &record.currency), ("value", &record.brings.get(measure).cloned())] {
        if let Some(text) = text {
            member(&mut out, key, &serde_json::to_string(text)?)?;
        }
    }
    out.push('}');
    Ok(out)
}
