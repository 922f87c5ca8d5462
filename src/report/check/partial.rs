//! Sums over records whose amounts are not all known, by whom and by days: what the page says as "known for 2 of 4".

use std::collections::BTreeMap;

use crate::calendar::Range;
use crate::check::{Partial, Partials};
use crate::diagnostic::Diagnostic;
use crate::document::TidyRow;
use crate::measure::spec::Aggregate;
use crate::measure::{Cube, Measure};
use crate::report::{Run, tidy};

/// The values among some rows that rest on records of which not all are known; what a measure was before is looked at too.
pub(super) fn partials(run: &Run<'_>, names: &[String], paced: &[TidyRow]) -> Result<Partials, Diagnostic> {
    let mut found = Partials::new();
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
