//! What should stand of a target by now: evenly over the workdays, or as the company's own past periods have grown.

use rust_decimal::Decimal;
use rust_decimal::prelude::FromPrimitive;

use super::{Run, state};
use crate::calendar::{Calendar, Grain, Range};
use crate::diagnostic::Diagnostic;
use crate::measure::spec::Role;
use crate::measure::{Entity, Measure};
use crate::unit::Unit;

/// A shape is taken from at most this many past periods.
const PAST: usize = 8;

/// Fewer past periods than this have no shape.
const FEWEST: usize = 2;

/// What should stand of the target of a whole range of days once a part of it has passed; none without a target.
///
/// With `pace_shape = "own"` it is the target times the share that past periods of the same length had closed by the same workday (measures,
/// section 4), everybody's together; evenly where there are too few past periods, and for leads, which are done evenly.
pub(super) fn pace(run: &Run<'_>, measure: &Measure, unit: &Unit, entity: Entity, whole: Range, part: Range) -> Option<Decimal> {
    let name = &measure.spec.name;
    let even = run.targets.part(name, unit, entity, whole, part)?.value;
    if !run.own_pace || measure.spec.role != Role::Lag || part == whole {
        return Some(even);
    }
    let Ok(Some(share)) = own_share(run, measure, unit, whole, part) else { return Some(even) };
    let target = run.targets.of(name, unit, entity, whole)?.value;
    Some((target * Decimal::from_f64(share)?).round_dp(2).normalize())
}

/// The share of past periods' totals that stood by the same workday.
fn own_share(run: &Run<'_>, measure: &Measure, unit: &Unit, whole: Range, part: Range) -> Result<Option<f64>, Diagnostic> {
    let mut period = state::period_name(run, whole);
    if matches!(period.grain, Grain::Range | Grain::All | Grain::Day) {
        return Ok(None);
    }
    let Some(first) = run.engine.reach(measure).first else { return Ok(None) };
    let passed = run.calendar.workdays(part);
    let (mut by_then, mut total, mut periods) = (0.0, 0.0, 0);
    for _ in 0..PAST {
        period = run.calendar.previous(&period);
        if period.range.first < first {
            break;
        }
        let value = |range: Range| -> Result<f64, Diagnostic> {
            let cube = run.engine.to_date(&measure.spec.name, range)?;
            let series = cube.of(&measure.spec.name).find(|s| cube.series[*s].unit == *unit);
            let all = series.zip(cube.entity(Entity::All)).and_then(|(series, all)| cube.value(series, all, 0).as_f64());
            Ok(all.unwrap_or(0.0))
        };
        by_then += value(days_of(run.calendar, period.range, passed))?;
        total += value(period.range)?;
        periods += 1;
    }
    Ok((periods >= FEWEST && total > 0.0).then(|| (by_then / total).clamp(0.0, 1.0)))
}

/// The days of a period up to its n-th workday; all of them where it has fewer.
fn days_of(calendar: &Calendar, range: Range, workdays: u32) -> Range {
    (range.first.0..=range.last.0)
        .map(crate::calendar::Day)
        .filter_map(|day| range.until(day))
        .find(|days| calendar.workdays(*days) >= workdays)
        .unwrap_or(range)
}
