//! Rows to be held against their pace: money keeps its target's own period, and is compared to date, as the page shows it.

use std::collections::BTreeMap;

use crate::calendar::{Period, Range};
use crate::check::{Check, Of, Subject};
use crate::diagnostic::Diagnostic;
use crate::document::TidyRow;
use crate::measure::Entity;
use crate::report::{Run, pace, state, tidy};
use crate::unit::Unit;

/// The rows of the measures that rules hold against their pace; where a target keeps a longer period of its own, value, target and pace are
/// those of that period to date, and its days are the row's.
pub(super) fn rows(run: &Run<'_>, checks: &[Check], rows: &[TidyRow]) -> Result<Vec<TidyRow>, Diagnostic> {
    let asked =
        |name: &str| checks.iter().any(|c| matches!(&c.subject, Subject::Measure { measure, of: Of::Pace, .. } if measure.text == name));
    let entities: BTreeMap<(&str, &str), Entity> =
        run.engine.entities().into_iter().map(|entity| ((entity.level().name(), run.name(entity)), entity)).collect();
    let mut wholes: BTreeMap<(String, String, String), Option<Range>> = BTreeMap::new();
    let mut paced = Vec::new();
    for row in rows.iter().filter(|row| asked(&row.measure)) {
        let mut row = row.clone();
        let entity = entities.get(&(row.level, row.name.as_str())).copied();
        let period = run.periods.iter().find(|period| period.name == row.period);
        if let (None, Unit::Money(_), Some(entity), Some(period)) = (&row.pace, &row.unit, entity, period) {
            let key = (row.measure.clone(), row.unit.to_string(), row.period.clone());
            let whole = *wholes.entry(key).or_insert_with(|| state::own_period(run, &row.measure, &row.unit, state::until(run, period)));
            if let Some(whole) = whole {
                to_date(run, entity, whole, period, &mut row)?;
            }
        }
        paced.push(row);
    }
    Ok(paced)
}

fn to_date(run: &Run<'_>, entity: Entity, whole: Range, period: &Period, row: &mut TidyRow) -> Result<(), Diagnostic> {
    let (Some(measure), Some(part)) = (run.engine.measure(&row.measure), whole.until(state::until(run, period))) else { return Ok(()) };
    let target = run.targets.of(&row.measure, &row.unit, entity, whole).map(|target| tidy::in_unit(target.value, &row.unit));
    let pace = pace::pace(run, measure, &row.unit, entity, whole, part).map(|pace| tidy::in_unit(pace, &row.unit));
    let cube = run.engine.to_date(&row.measure, part)?;
    let series = cube.of(&row.measure).find(|series| cube.series[*series].unit == row.unit);
    if let (Some(series), Some(index), Some(_)) = (series, cube.entity(entity), &pace) {
        row.value = cube.value(series, index, 0).clone();
        (row.target, row.pace) = (target, pace);
        (row.period_start, row.period_end) = (part.first, part.last);
    }
    Ok(())
}
