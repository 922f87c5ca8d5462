//! What is said of advances wherever they are shown: the last week of which they are known, the step behind one, and who is busy without any.

use rust_decimal::prelude::ToPrimitive as _;

use super::{Run, state};
use crate::calendar::{Grain, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::measure::spec::Aggregate;
use crate::measure::{Cube, Entity, Measure};
use crate::stats::chance::{RARE, Share, at_most};
use crate::table::Kind;
use crate::unit::Value;

/// What could have advanced, and what did.
pub(super) const PARTS: [&str; 2] = ["customer_activities", "advances"];

/// Fewer activities than this say nothing of a person.
const FEWEST: u32 = 5;

/// After how many days it is known what a measure counts; those of what it divides for a quotient, none for one that is known at once.
pub(super) fn ripens(run: &Run<'_>, measure: &Measure) -> Option<u32> {
    let of = |name: &str| run.engine.measure(name).and_then(|part| part.spec.ripe_after);
    measure.spec.ripe_after.or_else(|| match &measure.spec.value {
        Aggregate::Ratio(over, under) => of(over).max(of(under)),
        _ => None,
    })
}

/// The last week of which it is known what came of it: the last complete one that the page's period reaches, or one before it.
pub(super) fn ripe_week(run: &Run<'_>) -> Option<Period> {
    ripe_week_of(run, PARTS[1])
}

/// The same for any measure that waits until it is known what came of its records.
pub(super) fn ripe_week_of(run: &Run<'_>, measure: &str) -> Option<Period> {
    let days = run.engine.measure(measure).and_then(|measure| ripens(run, measure)).unwrap_or(0) as i32;
    let weeks = state::weeks(run)?;
    let mut week = weeks.get(weeks.len().checked_sub(1)?)?.clone();
    let first = run.facts.activities.first?;
    let until = run.facts.seen_until(Kind::Activities, run.as_of)?;
    while week.range.last.plus(days) > until {
        week = run.calendar.previous(&week);
        if week.range.last < first {
            return None;
        }
    }
    Some(week)
}

/// So many weeks that end with a week, as one period.
pub(super) fn weeks_to(run: &Run<'_>, week: &Period, weeks: usize) -> Period {
    let range = run.calendar.ending_with(week, weeks).range();
    run.calendar.range_period(range)
}

/// The step by which an activity advanced, as the page notes it: its rule, its day, and the record that shows it.
pub(super) fn step(run: &Run<'_>, row: usize) -> Option<String> {
    let advance = run.facts.advances.of.get(row)?;
    let shown_by = advance.shown_by.and_then(|(kind, row)| {
        let table: &crate::table::Table = match kind {
            Kind::Activities => &run.data.activities,
            Kind::Stages => &run.data.stages,
            _ => &run.data.deals,
        };
        let path = &run.data.sources.get(usize::from(table.file.get(row)?))?.path;
        Some(format!(" ({}:{})", path.rsplit('/').next().unwrap_or(path), table.line.get(row)))
    });
    Some(format!("advance: {} {}{}", advance.rule.name().replace('_', " "), advance.on, shown_by.unwrap_or_default()))
}

/// Somebody whose activity brings fewer advances than chance takes from the rate of the team.
pub(super) struct Busy {
    /// Who.
    pub(super) entity: Entity,
    /// Held customer meetings and calls.
    pub(super) activities: u32,
    /// Of which advanced.
    pub(super) advances: u32,
    /// With whom the person is compared: the team, or all for who is in none.
    pub(super) peers: Entity,
    /// Their rate.
    pub(super) rate: f64,
    /// How likely so few are at that rate.
    pub(super) chance: f64,
}

/// Who is busy without advancing over some weeks, by name: at least 5 activities, and so few advances only once in twenty by chance.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub(super) fn busy(run: &Run<'_>, weeks: Range) -> Result<Vec<Busy>, Diagnostic> {
    let cube = run.engine.cube(&PARTS.map(str::to_owned), &run.calendar.partition(Grain::Range, weeks))?;
    let mut found = Vec::new();
    for entity in run.entities() {
        let Entity::Owner(person) = entity else { continue };
        let settled = state::helps(run, person).is_none() && state::too_new(run, person, weeks.last).is_none();
        let Some([activities, advances]) = counts(&cube, entity, PARTS).filter(|_| settled && run.present(person, weeks)) else { continue };
        let peers = run.team_in(person, weeks).map_or(Entity::All, Entity::Team);
        let Some([all, hits]) = counts(&cube, peers, PARTS).filter(|[all, _]| *all > 0) else { continue };
        let rate = f64::from(hits) / f64::from(all);
        let chance = at_most(advances.into(), activities.into(), Share::of(hits.into(), all.into()));
        if activities >= FEWEST && chance <= RARE {
            found.push(Busy { entity, activities, advances, peers, rate, chance });
        }
    }
    Ok(found)
}

/// The numbers of an entity in the only period of a cube; none where one is missing or no count.
pub(super) fn counts<const N: usize>(cube: &Cube, entity: Entity, names: [&str; N]) -> Option<[u32; N]> {
    let index = cube.entity(entity)?;
    let mut found = [0; N];
    for (slot, name) in found.iter_mut().zip(names) {
        let Value::Count(n) = cube.value(cube.of(name).next()?, index, 0) else { return None };
        *slot = n.to_u32()?;
    }
    Some(found)
}
