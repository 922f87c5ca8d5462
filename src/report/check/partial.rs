//! Sums over records whose amounts are not all known, by whom and by days: what the page says as "known for 2 of 4".

use std::collections::BTreeMap;

use crate::calendar::{Day, Range};
use crate::check::{Partial, Partials};
use crate::diagnostic::Diagnostic;
use crate::document::TidyRow;
use crate::facts::Whose;
use crate::measure::spec::Aggregate;
use crate::measure::{Cube, Entity, Measure};
use crate::report::{Run, tidy, words};

/// The values among some rows that rest on records of which not all are known; what a measure was before is looked at too.
pub(super) fn partials(run: &Run<'_>, names: &[String], paced: &[TidyRow]) -> Result<Partials, Diagnostic> {
    let mut found = Partials::new();
    // Before the ages: a session that does not say it may be later than what is known.
    unsaid(run, names, &mut found);
    ages(run, names, &mut found)?;
    let sums: BTreeMap<&str, Vec<String>> = names
        .iter()
        .filter_map(|name| Some((name.as_str(), sums(run, run.engine.measure(name)?))))
        .filter(|(_, sums)| !sums.is_empty())
        .collect();
    let asked: Vec<String> = sums.values().flatten().cloned().collect();
    if asked.is_empty() {
        return Ok(found);
    }
    let cube = run.engine.cube(&asked, &tidy::with_history(run, &run.periods))?;
    for (name, sums) in &sums {
        take(run, &cube, name, sums, None, &mut found);
    }
    for row in paced {
        let days = Range::new(row.period_start, row.period_end);
        if let (Some(days), Some(sums)) = (days, sums.get(row.measure.as_str()))
            && !run.periods.iter().any(|period| period.range == days)
        {
            for sum in sums {
                let cube = run.engine.to_date(sum, days)?;
                take(run, &cube, &row.measure, std::slice::from_ref(sum), Some(days), &mut found);
            }
        }
    }
    Ok(found)
}

/// Days since a record that nobody has seen: the exports begin on their first day, and there may have been none for longer.
fn ages(run: &Run<'_>, names: &[String], found: &mut Partials) -> Result<(), Diagnostic> {
    let of = |name: &String| run.engine.measure(name).filter(|measure| matches!(measure.spec.value, Aggregate::Age(_)));
    let names: Vec<String> = names.iter().filter(|name| of(name).is_some()).cloned().collect();
    if names.is_empty() {
        return Ok(());
    }
    let cube = run.engine.cube(&names, &tidy::with_history(run, &run.periods))?;
    for (name, measure) in names.iter().filter_map(|name| Some((name, of(name)?))) {
        for (index, entity) in cube.entities.iter().enumerate() {
            let Some(since) = run.engine.none_since(measure, *entity).filter(|since| since.exports) else { continue };
            for (series, (at, period)) in cube.of(name).flat_map(|series| cube.periods.iter().enumerate().map(move |p| (series, p))) {
                let cell = cube.cell(series, index, at);
                if cell.records == 0 && !cell.value.is_missing() {
                    let range = period.range;
                    let whose = (name.clone(), entity.level(), run.name(*entity).to_owned(), range.first.0, range.last.0);
                    let says = format!("none since {}, the first day of the exports", since.day);
                    found.entry(whose).or_default().push(Partial { unit: None, says, only_adds: true });
                }
            }
        }
    }
    Ok(())
}

/// Coaching that may have been somebody's: a session that does not say who was coached, by a coach who leads or works beside the person, or
/// by nobody knows whom.
fn unsaid(run: &Run<'_>, names: &[String], found: &mut Partials) {
    let (table, roster) = (&run.data.activities, &run.data.roster);
    let is_one = |row: &usize| {
        let held = table.used(*row) && table.text("kind", *row) == Some("coaching") && table.text("outcome", *row) == Some("held");
        held && table.flag("coached", *row).is_none()
    };
    let sessions: Vec<(Day, Option<u32>)> = (0..table.len())
        .filter(is_one)
        .filter_map(|row| Some((table.day("day", row)?, table.text("coach", row).and_then(|name| roster.person(name)))))
        .collect();
    let team = |person: u32, day: Day| roster.people.get(person as usize).and_then(|p| p.team_on(day));
    let may = |entity: Entity, (day, coach): &(Day, Option<u32>)| match (entity, coach) {
        (Entity::All, _) | (_, None) => true,
        (Entity::Owner(person), Some(coach)) => {
            let beside = team(person, *day).is_some_and(|mine| team(*coach, *day) == Some(mine));
            person == *coach || beside || roster.reports_to(person, *coach, *day)
        }
        (Entity::Team(team), Some(coach)) => roster.people.iter().enumerate().any(|(person, who)| {
            who.team_on(*day) == Some(team) && (person as u32 == *coach || roster.reports_to(person as u32, *coach, *day))
        }),
        (Entity::NoOwner, Some(_)) => false,
    };
    for name in names {
        let Some(measure) = run.engine.measure(name).filter(|measure| of_coaching(run, measure)) else { continue };
        // What waits some days for sessions after its own is about those before it as well.
        let waits = run.engine.measure(part_of(measure)).and_then(|part| part.spec.ripe_after).map_or(0, |days| days as i32);
        let age = matches!(measure.spec.value, Aggregate::Age(_));
        for (entity, period) in run.engine.entities().into_iter().flat_map(|entity| run.periods.iter().map(move |period| (entity, period)))
        {
            let days = run.engine.days_of(measure, period);
            let near = |day: Day| days.first.0 <= day.0.saturating_add(waits) && day.0.saturating_sub(waits) <= days.last.0;
            let some = sessions.iter().filter(|session| near(session.0) && may(entity, session)).count();
            if some > 0 {
                let whose = (name.clone(), entity.level(), run.name(entity).to_owned(), period.range.first.0, period.range.last.0);
                let verb = if some == 1 { "does" } else { "do" };
                let says = format!("{} {verb} not say who was coached", words::count(some as u64, "coaching session"));
                found.entry(whose).or_default().push(Partial { unit: None, says, only_adds: !age });
            }
        }
    }
}

/// The measure whose records are looked at: what a quotient divides, else the measure itself.
fn part_of(measure: &Measure) -> &str {
    match &measure.spec.value {
        Aggregate::Ratio(over, _) => over,
        _ => &measure.spec.name,
    }
}

/// Whether who was coached decides a measure; of how many sessions somebody gave it does not.
fn of_coaching(run: &Run<'_>, measure: &Measure) -> bool {
    match &measure.spec.value {
        Aggregate::Ratio(..) => run.engine.measure(part_of(measure)).is_some_and(|over| of_coaching(run, over)),
        Aggregate::Count => measure.spec.credit == Whose::Coached,
        _ => measure.spec.credit != Whose::Owner,
    }
}

/// The sums of a column that a measure is made of.
fn sums(run: &Run<'_>, measure: &Measure) -> Vec<String> {
    let mut found = Vec::new();
    match &measure.spec.value {
        Aggregate::Sum(_) => found.push(measure.spec.name.clone()),
        Aggregate::Ratio(over, under) => {
            for part in [over, under].into_iter().filter_map(|part| run.engine.measure(part)) {
                found.extend(sums(run, part));
            }
        }
        Aggregate::Left(of) => found.push(of.clone()),
        _ => {}
    }
    found
}

fn take(run: &Run<'_>, cube: &Cube, name: &str, sums: &[String], days: Option<Range>, found: &mut Partials) {
    let quotient = run.engine.measure(name).is_some_and(|measure| !matches!(measure.spec.value, Aggregate::Sum(_)));
    for sum in sums {
        let Some(Aggregate::Sum(column)) = run.engine.measure(sum).map(|measure| &measure.spec.value) else { continue };
        let table = run.engine.measure(sum).and_then(|measure| run.data.table(measure.spec.from));
        // A margin may be a loss: what is not known may take away as well as add.
        let only_adds = !quotient && column != "profit" && table.is_some_and(|table| !any_below_zero(table, column));
        for series in cube.of(sum) {
            for (index, entity) in cube.entities.iter().enumerate() {
                for (at, period) in cube.periods.iter().enumerate() {
                    let cell = cube.cell(series, index, at);
                    if cell.known < cell.records {
                        let whose = (
                            name.to_owned(),
                            entity.level(),
                            run.name(*entity).to_owned(),
                            days.unwrap_or(period.range).first.0,
                            days.unwrap_or(period.range).last.0,
                        );
                        let partial = found.entry(whose).or_default();
                        let unit = cube.series[series].unit.clone();
                        let says = format!("{column} known for {} of {} records", cell.known, cell.records);
                        partial.push(Partial { unit: (!quotient).then_some(unit), says, only_adds });
                    }
                }
            }
        }
    }
}

fn any_below_zero(table: &crate::table::Table, column: &str) -> bool {
    table.column(column).is_some_and(|cells| {
        (0..table.len())
            .any(|row| cells.amount(row).map_or_else(|| cells.number(row).is_some_and(|n| n < 0), |n| n.is_sign_negative() && !n.is_zero()))
    })
}
