//! What several sections say alike: notes, the weeks that they look back over, and who has no record at all.

use crate::calendar::{Day, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{Note, Tone};
use crate::measure::Entity;
use crate::report::{Run, advanced, state, words};

/// The longer look back, in weeks.
pub(super) const LONG: usize = crate::stats::rhythm::WEEKS;

/// A plain note.
pub(super) fn note(label: &str, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone: Tone::Plain, parts }
}

/// Whom the page is about: the one person or team asked for, else everybody.
pub(super) fn whole(run: &Run<'_>) -> Entity {
    run.owner.or(run.team.map(Entity::Team)).unwrap_or(Entity::All)
}

/// The last complete week that the page's period reaches.
pub(super) fn last_week(run: &Run<'_>) -> Option<Period> {
    let weeks = state::weeks(run)?;
    weeks.get(weeks.len().checked_sub(1)?).cloned()
}

/// Up to 13 weeks that end with a week, as one period, and their number: no more than begin so many days after the first activity.
pub(super) fn weeks_to(run: &Run<'_>, week: &Period, after: i32) -> Option<(usize, Period)> {
    let first: Day = run.facts.activities.first?;
    let begins = |weeks: &usize| advanced::weeks_to(run, week, *weeks).range.first.0 >= first.0.saturating_add(after);
    // The week in which the exports begin is none that they hold whole, but of one alone there is nothing else.
    let weeks = (1..=LONG).rev().find(begins).or((after == 0).then_some(1))?;
    Some((weeks, advanced::weeks_to(run, week, weeks)))
}

/// Who has no record at all that an age could be taken from, and since when.
pub(super) fn never(run: &Run<'_>, measure: &str, shown: &[Entity], period: &Period) -> Result<Option<Note>, Diagnostic> {
    let Some(measure) = run.engine.measure(measure) else { return Ok(None) };
    let cube = run.engine.cube(std::slice::from_ref(&measure.spec.name), &run.calendar.partition(period.grain, period.range))?;
    let mut parts = Vec::new();
    for entity in shown.iter().filter(|entity| matches!(entity, Entity::Owner(_))) {
        let cell = cube.entity(*entity).map(|index| cube.cell(0, index, 0));
        if let (Some(cell), Some(since)) = (cell, run.engine.none_since(measure, *entity))
            && cell.records == 0
            && !cell.value.is_missing()
        {
            let what = if since.exports { "the first day of the exports" } else { "the first day there" };
            parts.push(format!("{}: none since {}, {what}", run.name(*entity), words::day_and_year(since.day)));
        }
    }
    Ok((!parts.is_empty()).then(|| note("None", parts)))
}
