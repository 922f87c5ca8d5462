//! Who keeps what up, period by period: how much of a target, else of the own past, was reached.

use super::{Drawn, capital};
use crate::calendar::Range;
use crate::document::{Heat, HeatCell, HeatGroup, HeatRow};
use crate::measure::spec::Direction;
use crate::measure::{Entity, Measure};
use crate::report::{state, tidy, words};

/// The heat map of the leads shown; none where nothing can be held against anything.
pub(super) fn heat(drawn: &Drawn<'_, '_>, each: &[Entity]) -> Option<Heat> {
    let run = drawn.run;
    let groups: Vec<HeatGroup> = drawn
        .series(&run.leads)
        .into_iter()
        .map(|(series, measure)| {
            let less = if measure.spec.good == Direction::Down { " (less is better)" } else { "" };
            HeatGroup {
                title: format!("{}{less}", words::measure(run, &measure.spec.name)),
                rows: each.iter().map(|entity| row(drawn, *entity, series, measure)).collect(),
            }
        })
        .filter(|group| group.rows.iter().flat_map(|row| &row.cells).any(|cell| cell.share.is_some()))
        .collect();
    let grain = words::grain(drawn.grain());
    let open = if drawn.small_moments().iter().all(|moment| moment.complete) { "" } else { " What is not complete is not compared." };
    let people = each.iter().any(|entity| matches!(entity, Entity::Owner(person) if !state::sells(run, *person)));
    let leaders = if people { " Leaders who have no target are not shaded." } else { "" };
    let says = format!(
        "How much of its target each lead reached, {}; without a target, of the own mean of the {} complete {grain}s before.{leaders}{}{open}",
        drawn.span(drawn.small_moments()),
        tidy::BACK,
        drawn.begun(&run.leads, drawn.small())
    );
    (!groups.is_empty()).then(|| Heat {
        title: capital(&format!("kept up, {grain} after {grain}")),
        says,
        groups,
        columns: drawn.small_moments().iter().map(|moment| moment.name.clone()).collect(),
    })
}

fn row(drawn: &Drawn<'_, '_>, entity: Entity, series: usize, measure: &Measure) -> HeatRow {
    let name = if entity == Entity::All { "All" } else { drawn.run.name(entity) };
    let periods = drawn.small()..drawn.cube.periods.len();
    HeatRow { name: name.to_owned(), cells: periods.map(|at| cell(drawn, entity, series, measure, at)).collect() }
}

fn cell(drawn: &Drawn<'_, '_>, entity: Entity, series: usize, measure: &Measure, at: usize) -> HeatCell {
    let value = drawn.value(entity, series, measure, at);
    let period = drawn.cube.periods.get(at).filter(|_| !value.is_missing());
    let (Some(period), Some(index)) = (period, drawn.cube.entity(entity)) else { return HeatCell { value, against: None, share: None } };
    let usual = || {
        let average = || tidy::average(drawn.run, &drawn.cube, measure, entity, series, index, at);
        has_usual(drawn, entity, period.range).then(average).flatten()
    };
    let against = drawn.target(entity, series, measure, at).or_else(usual);
    // A part of a period is no part of what was agreed for the whole.
    let complete = drawn.run.engine.complete_for(measure, period);
    let reached = || state::reached(measure, value.as_f64()?, against.as_ref()?.as_f64()?);
    let share = if complete { reached() } else { None };
    HeatCell { value, against, share }
}

/// Whether the own past says what was to be expected in a range: of whoever sells, where there was a day to work. Of those who lead nobody
/// expects it; weeks away and holidays are in the targets already.
fn has_usual(drawn: &Drawn<'_, '_>, entity: Entity, range: Range) -> bool {
    let run = drawn.run;
    match entity {
        Entity::Owner(person) => {
            let works = |who| run.targets.worked(who, range, None) > 0;
            state::sells(run, person) && run.data.roster.people.get(person as usize).is_some_and(works)
        }
        _ => run.calendar.workdays(range) > 0,
    }
}
