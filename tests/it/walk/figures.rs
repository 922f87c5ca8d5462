//! What is drawn of the examples is what their values say.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use leadlag::document::{Document, Figure, Line, unbroken};
use leadlag::report;

use super::*;

/// The ways in which the examples are drawn: each grain, and each whom a page can be about.
const DRAWN: &[&[&str]] = &[
    &[],
    &["--period", "month"],
    &["--period", "quarter"],
    &["--period", "day"],
    &["--period", "year"],
    &["--week", "2026-W47"],
    &["--month", "2026-11"],
    &["--team", "West"],
    &["--owner", "Hannah Schäfer"],
    &["--owner", "Derek Olsen", "--week", "2026-W35"],
    &["--by", "team", "--period", "month"],
];

fn drawn(plan: &Plan, folder: &Path, more: &[&str]) -> Document {
    report::report(&Run { draws: true, ..run(plan, folder, more) }).expect("a report")
}

/// The lines of everything drawn, each with the name of whom they are of; the large figure's is that of the page.
fn lines<'d>(document: &'d Document, whole: &str) -> Vec<(String, &'d Line)> {
    let mut found = Vec::new();
    for figure in &document.figures {
        match figure {
            Figure::Course(course) => found.extend(course.lines.iter().map(|line| (whole.to_owned(), line))),
            Figure::Multiples(multiples) => {
                found.extend(multiples.panels.iter().flat_map(|panel| panel.lines.iter().map(|line| (panel.name.clone(), line))));
            }
            Figure::Heat(_) | Figure::Scores(_) | Figure::Curves(_) => {}
        }
    }
    found
}

#[test]
fn the_last_period_drawn_is_that_of_the_values() {
    for folder in examples() {
        let plan = plan(&folder);
        let mut compared = 0;
        for more in DRAWN {
            let of = run(&plan, &folder, more);
            let whole = of.owner.or(of.team.map(Entity::Team)).unwrap_or(Entity::All);
            let document = drawn(&plan, &folder, more);
            assert!(!document.figures.is_empty(), "{more:?}");
            for (name, line) in lines(&document, of.name(whole)) {
                let found = document.values.iter().find(|row| row.name == name && row.measure == line.measure && row.unit == line.unit);
                // A row of the page may stand there for its lag of the quarter alone.
                let Some(row) = found else { continue };
                assert_eq!(line.values.last(), Some(&row.value), "{more:?}: {name}, {}", line.measure);
                assert_eq!(line.targets.last(), Some(&row.target), "{more:?}: {name}, {}", line.measure);
                assert_eq!(line.role, row.role);
                compared += 1;
            }
            for figure in &document.figures {
                let Figure::Heat(heat) = figure else { continue };
                for (group, row) in heat.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row))) {
                    let name = if row.name == "All" { "" } else { &row.name };
                    let title = group.title.split(" (").next().expect("a title");
                    let says = |measure: &str| unbroken(of.catalog.spec(measure).expect("a measure").label.lines()).join(" ");
                    let Some(tidy) = document.values.iter().find(|t| t.name == name && says(&t.measure) == title) else { continue };
                    let last = row.cells.last().expect("a period");
                    assert_eq!(last.value, tidy.value, "{more:?}: {name}, {title}");
                    if let Some(against) = &last.against {
                        assert!(Some(against) == tidy.target.as_ref().or(tidy.average.as_ref()), "{more:?}: {name}, {title}: {against:?}");
                    }
                    assert_eq!(row.cells.len(), heat.columns.len());
                    compared += 1;
                }
            }
        }
        assert!(compared > 300, "{compared}");
    }
}

/// What is drawn of earlier periods is what they say of themselves, wherever the exports hold them whole.
#[test]
fn every_period_drawn_is_that_of_its_own_report() {
    for folder in examples() {
        let plan = plan(&folder);
        for (grain, count) in [("week", "26"), ("month", "7"), ("quarter", "3")] {
            let by_name = report::report(&run(&plan, &folder, &["--period", grain, "--periods", count])).expect("a report");
            let document = drawn(&plan, &folder, &["--period", grain]);
            let Some(Figure::Course(course)) = document.figures.first() else { panic!("no course") };
            let mut compared = 0;
            for line in &course.lines {
                for (moment, (value, target)) in course.periods.iter().zip(line.values.iter().zip(&line.targets)) {
                    let row = by_name.values.iter().find(|r| r.level == "all" && r.period == moment.name && r.measure == line.measure);
                    let Some(row) = row.filter(|_| !value.is_missing()) else { continue };
                    assert_eq!((value, target), (&row.value, &row.target), "{} {}", moment.name, line.measure);
                    assert_eq!((moment.first, moment.last, moment.complete), (row.period_start, row.period_end, row.complete));
                    compared += 1;
                }
            }
            assert!(compared > 8, "{grain}: {compared}");
        }
    }
}

/// What people and no one have comes to what everybody has, where a measure adds up.
#[test]
fn the_panels_come_to_the_course() {
    for folder in examples() {
        let more = ["--leads", "deals_created,conversations", "--lags", "deals_won"];
        let plan = program::read(&arguments(&folder, &more), &[]).expect("the example is read");
        let of = run(&plan, &folder, &more);
        let document = drawn(&plan, &folder, &more);
        let panels: Vec<String> = document
            .figures
            .iter()
            .find_map(
                |figure| if let Figure::Multiples(m) = figure { Some(m.panels.iter().map(|p| p.name.clone()).collect()) } else { None },
            )
            .expect("panels");
        let mut sums: BTreeMap<(String, usize), f64> = BTreeMap::new();
        let mut whole: BTreeMap<(String, usize), f64> = BTreeMap::new();
        for (name, line) in lines(&document, "") {
            let adds_up = of.catalog.spec(&line.measure).is_some_and(|spec| spec.team == TeamRule::Sum);
            assert!(adds_up, "{}", line.measure);
            // The large figure goes back further.
            for (back, value) in line.values.iter().rev().take(13).enumerate() {
                let of = if name.is_empty() { &mut whole } else { &mut sums };
                *of.entry((line.measure.clone(), back)).or_default() += value.as_f64().unwrap_or(0.0);
            }
        }
        // Who is not on the page of the last week, or is no one, has no panel.
        let cube = of.engine.cube(&of.shown(), &of.calendar.ending_with(of.period(), 13)).expect("a cube");
        for (at, series) in cube.series.iter().enumerate() {
            for (index, entity) in cube.entities.iter().enumerate() {
                let without = matches!(entity, Entity::Owner(_) | Entity::NoOwner) && !panels.iter().any(|name| name == of.name(*entity));
                for period in (0..13).filter(|_| without) {
                    *sums.entry((series.measure.clone(), 12 - period)).or_default() +=
                        cube.value(at, index, period).as_f64().unwrap_or(0.0);
                }
            }
        }
        assert_eq!(sums, whole);
        assert!(whole.values().sum::<f64>() > 100.0);
    }
}

/// Drawing counts what is counted already once more over more periods: it costs less than reading the exports.
#[test]
fn drawing_is_cheap_beside_reading() {
    let folder = examples().into_iter().find(|folder| folder.ends_with("quickstart")).expect("the quick start");
    let started = Instant::now();
    let plan = program::read(&arguments(&folder, &[]), &[]).expect("the quick start is read");
    let reading = started.elapsed();
    let quickest = |draws: bool| -> Duration {
        let once = || {
            let run = Run { draws, ..run(&plan, &folder, &[]) };
            let started = Instant::now();
            report::report(&run).expect("a report");
            started.elapsed()
        };
        (0..5).map(|_| once()).min().expect("five times")
    };
    let (plain, drawn) = (quickest(false), quickest(true));
    assert!(drawn.saturating_sub(plain) < reading, "read in {reading:?}, reported in {plain:?}, drawn in {drawn:?}");
}
