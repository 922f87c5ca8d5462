//! What was understood, for programs.

use serde_json::{Map, Value, json};

use super::rows::{clock, mapped, order, standing};
use super::{Inspection, file};
use crate::crm::evidence::{ColumnSeen, Dates, Seen, Settled, Used, ZoneSeen};
use crate::document::Coverage;

/// Everything that was understood.
pub(super) fn about(run: &Inspection<'_>, coverage: &[Coverage]) -> Map<String, Value> {
    let mut about = Map::new();
    let mut set = |key: &str, value: Value| drop(about.insert(key.to_owned(), value));
    set("time_zone", json!(run.calendar.zone_name()));
    set("week_starts", json!(run.calendar.week_starts().name()));
    set("complete", json!(!run.failed));
    let files = run.evidence.files.iter().enumerate();
    set("files", files.map(|(at, seen)| of_file(run, seen, coverage.get(at))).collect());
    let words = run.evidence.words.iter().map(|word| {
        let means: Map<String, Value> = word.means.iter().map(|(means, n)| (means.clone(), json!(n))).collect();
        json!({
            "vocabulary": word.vocabulary, "heading": word.heading, "text": word.text, "records": word.records,
            "mapped": mapped(word.mapped), "means": means,
        })
    });
    set("words", words.collect());
    let people = run.evidence.people.iter().map(|who| {
        json!({
            "name": who.label, "also": who.spellings, "activities": who.activities, "deals": who.deals, "accounts": who.accounts,
            "robot": who.robot, "standing": standing(run, &who.label),
        })
    });
    set("people", people.collect());
    set("no_owner", json!({ "activities": run.evidence.nobody.activities, "deals": run.evidence.nobody.deals }));
    let refused = run.evidence.refused.iter().map(|refused| {
        json!({
            "file": run.evidence.files.get(usize::from(refused.source)).map(|seen| &seen.path),
            "line": refused.line,
            "status": if refused.whole { "refused" } else { "cell" },
            "column": refused.heading(),
            "text": refused.cell,
            "reasons": refused.why.iter().map(|why| json!({ "code": why.code, "message": why.message })).collect::<Vec<_>>(),
        })
    });
    set("refused", refused.collect());
    set("not_used", run.unused().into_iter().map(|(path, why)| json!({ "path": path, "why": why })).collect());
    about
}

fn of_file(run: &Inspection<'_>, seen: &Seen, coverage: Option<&Coverage>) -> Value {
    let records = coverage.map(|c| match run.facts {
        Some(_) => json!({ "read": c.read, "used": c.used, "left_out": c.left_out, "refused": c.refused }),
        None => json!({ "read": c.read, "refused": c.refused }),
    });
    let text = !seen.bytes.cells;
    json!({
        "path": seen.path,
        "table": file::table_of(seen),
        "rows_are": file::rows_of(seen),
        "crm": seen.preset,
        "object": seen.object,
        "verified": seen.verified,
        "unverified_headings": seen.unverified,
        "why": seen.why,
        "bytes": seen.bytes.size,
        "packed": (!seen.bytes.packed.is_empty()).then_some(seen.bytes.packed),
        "workbook": seen.bytes.cells,
        "encoding": text.then_some(&seen.bytes.encoding),
        "delimiter": text.then(|| char::from(seen.bytes.delimiter).to_string()),
        "line_ends": text.then_some(&seen.bytes.line_ends),
        "heading_line": seen.bytes.heading_line,
        "footer_lines": seen.bytes.footer,
        "zone": match seen.zone { ZoneSeen::Said => "said", ZoneSeen::Utc => "utc", ZoneSeen::Report => "report" },
        "records": records,
        "columns": seen.columns.iter().map(|column| of_column(seen, column)).collect::<Vec<_>>(),
        "not_read": seen.ignored,
        "added": seen.constant.iter().map(|(field, text)| ((*field).to_owned(), json!(text))).collect::<Map<_, _>>(),
    })
}

fn of_column(seen: &Seen, column: &ColumnSeen) -> Value {
    json!({
        "field": column.field,
        "table": column.of.unwrap_or_else(|| seen.shape.table().name()),
        "heading": column.heading,
        "used": if column.used == Used::Own { "own" } else { column.used.name() },
        "filled": column.filled,
        "of": seen.rows,
        "samples": column.samples,
        "dates": column.dates.as_ref().map(of_dates),
    })
}

fn of_dates(dates: &Dates) -> Value {
    let (order, cell, line) = order(dates);
    let day = |day: Option<crate::calendar::Day>| day.map(|d| d.to_string());
    let mut out = json!({
        "order": order, "cell": (!cell.is_empty()).then_some(cell), "line": line, "first": day(dates.first), "last": day(dates.last),
        "no_date": dates.bad, "times": clock(dates),
    });
    if let (Settled::Open { readings, .. }, Value::Object(out)) = (&dates.order, &mut out) {
        for reading in readings {
            let key = format!("{}_first", reading.order.first());
            out.insert(key, json!({ "cell": day(reading.cell), "last": day(reading.last) }));
        }
    }
    out
}
