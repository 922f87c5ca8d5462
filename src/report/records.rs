//! Each record that a shown number counts.

use std::collections::BTreeMap;

use super::Run;
use crate::calendar::Period;
use crate::diagnostic::Diagnostic;
use crate::document::Record;
use crate::measure::Measure;
use crate::table::Kind;

/// The rows that a measure counts in a period for anybody who is shown.
fn rows(run: &Run<'_>, measure: &Measure, period: &Period) -> Result<Vec<usize>, Diagnostic> {
    if run.owner.is_none() && run.team.is_none() {
        return run.engine.rows_in(measure, period);
    }
    let mut rows = Vec::new();
    for entity in run.entities() {
        rows.extend(run.engine.evidence(measure, entity, period)?.into_iter().flat_map(|found| found.counted));
    }
    Ok(rows)
}

/// The records of every shown measure in every shown period, in order of table, file and line.
pub(super) fn records(run: &Run<'_>) -> Result<Vec<Record>, Diagnostic> {
    let mut counted: BTreeMap<(Kind, u16, u32, usize), Vec<String>> = BTreeMap::new();
    for name in run.shown() {
        let Some(measure) = run.engine.measure(&name) else { continue };
        for period in &run.periods {
            let kinds = run.engine.kind_of(measure);
            for row in rows(run, measure, period)? {
                let Some(table) = run.data.table(kinds) else { continue };
                let measures = counted.entry((kinds, table.file[row], table.line[row], row)).or_default();
                if !measures.contains(&name) {
                    measures.push(name.clone());
                }
            }
        }
    }
    Ok(counted
        .into_iter()
        .filter_map(|((kind, file, line, row), measures)| {
            let table = run.data.table(kind)?;
            let id = table.text("id", row).map(str::to_owned);
            let unnamed = id.is_none();
            let source = run.data.sources.get(usize::from(file)).map(|s| s.path.clone());
            let day = if kind == Kind::Deals {
                table.day("closed_on", row).or_else(|| table.day("created_on", row))
            } else {
                table.day("day", row)
            };
            Some(Record {
                table: kind.name(),
                id,
                file: source.filter(|_| unnamed),
                line: unnamed.then_some(line),
                owner: table.text("owner", row).map(str::to_owned),
                day: day.map(|d| d.to_string()),
                amount: table.amount("amount", row).map(|a| a.to_string()),
                measures,
            })
        })
        .collect())
}
