//! The tidy values: one row per level × name × period × measure (and currency).

use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::Arc;

use super::{Beside, Run, pace};
use crate::calendar::{Day, Grain, Partition, Period};
use crate::diagnostic::Diagnostic;
use crate::document::TidyRow;
use crate::measure::spec::{Aggregate, When};
use crate::measure::{Cube, Entity, Measure};
use crate::unit::{Unit, Value};

/// The average looks back over this many periods.
pub(super) const BACK: usize = 13;

/// An average looks for them in this many periods, of which some may not be complete.
pub(super) const HISTORY: usize = BACK + 4;

/// Fewer complete periods than this make no average.
const FEWEST: usize = 4;

/// The tidy rows in their total order.
pub fn values(run: &Run<'_>) -> Result<Vec<TidyRow>, Diagnostic> {
    let partition = with_history(run, &run.periods);
    let cube = run.engine.cube(&run.told(), &partition)?;
    let mut rows = Vec::new();
    for entity in run.entities() {
        let Some(index) = cube.entity(entity) else { continue };
        for period in &run.periods {
            let Some(at) = partition.iter().position(|p| p.name == period.name) else { continue };
            if !visible(run, &cube, entity, index, at, period) {
                continue;
            }
            for series in 0..cube.series.len() {
                rows.extend(row(run, &cube, entity, index, at, series));
            }
        }
    }
    for beside in run.beside.borrow().iter() {
        rows.extend(beside_rows(run, beside)?);
    }
    // The periods of the page stand before those that its sections show beside.
    let beside = |row: &TidyRow| !run.periods.iter().any(|period| period.name == row.period);
    rows.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| beside(a).cmp(&beside(b))).then_with(|| days(a).cmp(&days(b))));
    Ok(rows)
}

fn days(row: &TidyRow) -> (Day, Day) {
    (row.period_start, row.period_end)
}

/// The rows of what a section shows of a period of its own.
fn beside_rows(run: &Run<'_>, beside: &Beside) -> Result<Vec<TidyRow>, Diagnostic> {
    let partition = with_history(run, std::slice::from_ref(&beside.period));
    let cube = run.engine.cube(&beside.measures, &partition)?;
    let at = partition.len() - 1;
    let mut rows = Vec::new();
    for entity in run.entities() {
        let Some(index) = cube.entity(entity) else { continue };
        if visible(run, &cube, entity, index, at, &beside.period) {
            rows.extend((0..cube.series.len()).filter_map(|series| row(run, &cube, entity, index, at, series)));
        }
    }
    Ok(rows)
}

fn order(row: &TidyRow) -> (u8, bool, &str) {
    let level = match row.level {
        "all" => 0,
        "team" => 1,
        _ => 2,
    };
    (level, row.name == crate::measure::NO_OWNER, &row.name)
}

/// The periods with those before them that averages need.
pub(super) fn with_history(run: &Run<'_>, periods: &[Period]) -> Partition {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return run.calendar.ending_with(run.period(), 1) };
    match first.grain {
        Grain::All | Grain::Range => run.calendar.ending_with(last, 1),
        grain => {
            let before = run.calendar.ending_with(first, HISTORY + 1);
            run.calendar.partition(grain, before.range().hull(last.range))
        }
    }
}

/// Whether an entity has rows in a period.
pub(super) fn visible(run: &Run<'_>, cube: &Cube, entity: Entity, index: usize, at: usize, period: &Period) -> bool {
    // What looks back counts records of a time when somebody may have been here who no longer is.
    let looks_back = |series: usize| {
        let measure = run.engine.measure(&cube.series[series].measure);
        measure.is_some_and(|measure| matches!(measure.spec.value, Aggregate::Window(_) | Aggregate::Age(_)))
    };
    let counted = || (0..cube.series.len()).any(|series| cube.cell(series, index, at).records > 0 && !looks_back(series));
    match entity {
        Entity::All | Entity::Team(_) => true,
        Entity::Owner(person) if run.team.is_some() && run.team_in(person, period.range) != run.team => false,
        Entity::Owner(person) => run.present(person, period.range) || counted(),
        Entity::NoOwner => counted(),
    }
}

fn row(run: &Run<'_>, cube: &Cube, entity: Entity, index: usize, at: usize, series: usize) -> Option<TidyRow> {
    let period = cube.periods.get(at)?;
    let name = &cube.series[series].measure;
    let measure = run.engine.measure(name)?;
    let unit = cube.series[series].unit.clone();
    let value = cube.value(series, index, at).clone();
    let complete = run.engine.complete_for(measure, period) && period.grain != Grain::All;
    let (target, pace) = target(run, measure, &unit, entity, period, complete);
    let previous = at.checked_sub(1).filter(|before| cube.periods.get(*before).is_some_and(|p| run.engine.complete_for(measure, p)));
    let previous = previous.map(|before| cube.value(series, index, before).clone()).filter(|v| !v.is_missing());
    let team = match entity {
        Entity::Owner(person) if !run.leads_only(person) => run.team_in(person, period.range),
        _ => None,
    };
    Some(TidyRow {
        level: entity.level().name(),
        name: run.name(entity).to_owned(),
        team: team.and_then(|t| run.data.roster.teams.get(t as usize)).cloned().unwrap_or_default(),
        period: period.name.clone(),
        period_start: period.range.first,
        period_end: period.range.last,
        complete,
        role: measure.spec.role.name(),
        measure: name.clone(),
        unit,
        value,
        target,
        pace,
        previous,
        average: average(run, cube, measure, entity, series, index, at),
    })
}

/// A value as the number of its unit that files have: hours with two decimals, ratios with up to six; none where it is missing or words.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    let float = |x: f64| Decimal::try_from(x).ok().map(|n| n.round_dp(6).normalize());
    match value {
        Value::Count(n) => Some(n.normalize()),
        Value::Money(n, _) => Some(*n),
        Value::Minutes(n) => Some((n / Decimal::from(60)).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)),
        Value::Ratio(x) | Value::Days(x) => float(*x),
        Value::Date(_) | Value::Text(_) | Value::Missing(_) => None,
    }
}

/// A number in the unit of a series.
pub(super) fn in_unit(number: Decimal, unit: &Unit) -> Value {
    use rust_decimal::prelude::ToPrimitive;
    match unit {
        Unit::Count => Value::Count(number),
        Unit::Hours => Value::Minutes(number * Decimal::from(60)),
        Unit::Ratio => Value::Ratio(number.to_f64().unwrap_or_default()),
        Unit::Days => Value::Days(number.to_f64().unwrap_or_default()),
        Unit::Money(currency) => Value::Money(number, Arc::clone(currency)),
    }
}

/// The target of an entity for a whole period, and what should stand at the day of the report.
pub(super) fn target(
    run: &Run<'_>,
    measure: &Measure,
    unit: &Unit,
    entity: Entity,
    period: &Period,
    complete: bool,
) -> (Option<Value>, Option<Value>) {
    let name = &measure.spec.name;
    // Targets that begin long after the first record say nothing about everything.
    if period.grain == Grain::All {
        return (None, None);
    }
    if matches!(unit, Unit::Ratio | Unit::Days) {
        let value = run.targets.level(name, entity, period.range).map(|t| in_unit(t, unit));
        return (value.clone(), value);
    }
    // What is booked is held against the target of the period that it is booked for.
    let range = if measure.spec.when == When::Next { run.calendar.next(period).range } else { period.range };
    if matches!(unit, Unit::Money(_)) && run.targets.keeps_longer(name, unit, entity, range) {
        return (None, None);
    }
    let whole = run.targets.of(name, unit, entity, range).map(|t| in_unit(t.value, unit));
    let part = || pace::pace(run, measure, unit, entity, range, range.until(run.as_of)?).map(|value| in_unit(value, unit));
    let pace = if complete { whole.clone() } else { part() };
    (whole, pace)
}

/// Whether the exports of a measure begin before a period does, so that it can be whole.
pub(super) fn began(run: &Run<'_>, measure: &Measure, period: &Period) -> bool {
    run.engine.reach(measure).first.is_some_and(|first| first <= period.range.first)
}

/// Whether an entity is there in a period: a person who is with us, or has records.
pub(super) fn there(run: &Run<'_>, cube: &Cube, entity: Entity, series: usize, index: usize, at: usize) -> bool {
    match (entity, cube.periods.get(at)) {
        (Entity::Owner(person), Some(period)) => run.present(person, period.range) || cube.cell(series, index, at).records > 0,
        (_, period) => period.is_some(),
    }
}

/// The mean of the complete periods before this one.
pub(super) fn average(
    run: &Run<'_>,
    cube: &Cube,
    measure: &Measure,
    entity: Entity,
    series: usize,
    index: usize,
    at: usize,
) -> Option<Value> {
    let whole = |period: &Period| began(run, measure, period) && run.engine.complete_for(measure, period);
    let values: Vec<&Value> = (at.saturating_sub(HISTORY)..at)
        .rev()
        .filter(|before| cube.periods.get(*before).is_some_and(whole) && there(run, cube, entity, series, index, *before))
        .take(BACK)
        .map(|before| cube.value(series, index, before))
        .filter(|v| !v.is_missing())
        .collect();
    if values.len() < FEWEST {
        return None;
    }
    mean(&values)
}

/// The mean of values of one unit.
pub(super) fn mean(values: &[&Value]) -> Option<Value> {
    let n = Decimal::from(values.len());
    let decimals: Option<Vec<Decimal>> = values
        .iter()
        .map(|v| match v {
            Value::Count(d) | Value::Money(d, _) | Value::Minutes(d) => Some(*d),
            _ => None,
        })
        .collect();
    if let Some(decimals) = decimals {
        let mean = decimals.iter().sum::<Decimal>().checked_div(n)?;
        return Some(match values.first()? {
            Value::Money(_, currency) => Value::Money(mean, Arc::clone(currency)),
            Value::Minutes(_) => Value::Minutes(mean),
            _ => Value::Count(mean),
        });
    }
    let floats: Option<Vec<f64>> = values.iter().map(|v| v.as_f64()).collect();
    let mean = floats?.iter().sum::<f64>() / values.len() as f64;
    Some(match values.first()? {
        Value::Days(_) => Value::Days(mean),
        _ => Value::Ratio(mean),
    })
}
