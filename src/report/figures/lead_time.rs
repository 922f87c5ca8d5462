//! How long results take: a description of the deals won, and no evidence that any lead leads to them.

use crate::calendar::{Period, Range};
use crate::diagnostic::Diagnostic;
use crate::document::LeadTime;
use crate::measure::Entity;
use crate::measure::spec::Aggregate;
use crate::report::{Run, words};
use crate::table::Kind;
use crate::unit::Value;

/// The measures that figures need besides those shown.
pub const BESIDE: &[&str] = &[MEASURE];

const MEASURE: &str = "median_days_to_win";

/// The deals won in this many days are looked at: 52 weeks.
const DAYS: i32 = 52 * 7;

/// The median of fewer deals says nothing: those that a win rate needs.
const FEWEST: u32 = 10;

/// The median days from creation to close of the deals won in the 52 weeks up to the end of a period, counted from the middle of the
/// period, around which what begins in it lies: of the entity's own deals, else of everybody's where its own are too few.
///
/// None where the deals do not reach back before these weeks by as much as the median: an export that begins later holds the quick ones.
pub(super) fn lead_time(run: &Run<'_>, entity: Entity, last: &Period) -> Result<Option<LeadTime>, Diagnostic> {
    let Some(measure) = run.engine.measure(MEASURE) else { return Ok(None) };
    // Somebody's own measure of that name may be another.
    if measure.spec.from != Kind::Deals || !matches!(&measure.spec.value, Aggregate::Median(column) if column == "days_open") {
        return Ok(None);
    }
    if !run.engine.complete_for(measure, last) {
        return Ok(None);
    }
    let year = Range { first: last.range.last.plus(1 - DAYS), last: last.range.last };
    let cube = run.engine.to_date(MEASURE, year)?;
    let Some(series) = cube.of(MEASURE).next() else { return Ok(None) };
    let enough = |entity: Entity| -> Option<(f64, u32)> {
        let cell = cube.cell(series, cube.entity(entity)?, 0);
        match cell.value {
            Value::Days(median) if cell.known >= FEWEST => Some((median, cell.known)),
            _ => None,
        }
    };
    let own = enough(entity);
    let whose = if own.is_some() || entity == Entity::All { "" } else { " by everybody" };
    let found = own.or_else(|| enough(Entity::All));
    let (Some((median, deals)), Some(first)) = (found, run.engine.reach(measure).first) else { return Ok(None) };
    let rounded = median.round() as i32;
    if first.plus(rounded) > year.first {
        return Ok(None);
    }
    let middle = last.range.first.plus((last.range.last.0 - last.range.first.0) / 2);
    let shows = run.calendar.period_of(last.grain, middle.plus(rounded));
    let periods = run.calendar.partition(last.grain, last.range.hull(shows.range)).len().saturating_sub(1);
    let begun = match periods {
        0 => String::new(),
        _ => format!(": what begins in {} shows about {}", words::named(last), words::named(&shows)),
    };
    let says = format!("half of {deals} deals won{whose} in a year took {median} days or more from creation to close{begun}");
    Ok(Some(LeadTime { periods, says }))
}
