//! The further sections of the report, which `[report] sections` and `--sections` switch on: one file and one line of [`SECTIONS`] each.
//!
//! A section shows values of measures, so that `explain` lists the records behind each number, `check` can require it, and csv and json have
//! it. One whose exports lack something says what it would need, and shows what it can.

mod advancing;
mod coaching;
mod leaders;
mod one_thing;
mod pipeline;
mod shared;
mod whole_job;

use super::scale::Scale;
use super::{Run, order};
use crate::calendar::{Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{self, Block, Cell, Content, Figure, Row, Table, Tone};
use crate::measure::{Catalog, Entity};
use crate::unit::{Unit, Value, Why};

/// A section.
struct Section {
    /// Its name in the configuration.
    name: &'static str,
    /// Its title.
    title: &'static str,
    /// The measures whose values it shows.
    measures: fn(&Catalog) -> Vec<String>,
    /// What stands under its title.
    build: fn(&Run<'_>) -> Result<Vec<Block>, Diagnostic>,
}

pub(super) use whole_job::{behind, nothing};

/// Every section, in the order in which they are listed where nobody gives one.
const SECTIONS: &[Section] =
    &[advancing::SECTION, whole_job::SECTION, coaching::SECTION, leaders::SECTION, one_thing::SECTION, pipeline::SECTION];

fn named<'n>(names: &'n [&'n str]) -> impl Iterator<Item = &'static Section> + 'n {
    names.iter().filter_map(|name| SECTIONS.iter().find(|section| section.name == *name))
}

/// The measures whose values the sections of these names show, none twice.
pub fn measures(names: &[&str], catalog: &Catalog) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in named(names).flat_map(|section| (section.measures)(catalog)) {
        if !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

/// The sections of a run, each under its heading.
pub(super) fn blocks(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let mut blocks = Vec::new();
    for section in named(&run.sections) {
        blocks.push(Block::Heading(section.name, section.title.to_owned()));
        blocks.extend((section.build)(run)?);
    }
    Ok(blocks)
}

/// What sections show in formats that draw.
pub(super) fn figures(run: &Run<'_>) -> Result<Vec<Figure>, Diagnostic> {
    let drawn = run.sections.contains(&whole_job::SECTION.name);
    Ok(if drawn { whole_job::figure(run)?.map(Figure::Heat).into_iter().collect() } else { Vec::new() })
}

/// The rows of a section's table, in the order of the page: whoever is there in the period shown, and no row for records of no one.
fn rows(run: &Run<'_>) -> Vec<Entity> {
    order::in_order(run, |entity| match entity {
        Entity::All | Entity::Team(_) => true,
        Entity::Owner(person) => run.present(person, run.period().range),
        Entity::NoOwner => false,
    })
}

/// How a row is meant: that of a group is strong.
fn tone(entity: Entity) -> Tone {
    if matches!(entity, Entity::All | Entity::Team(_)) { Tone::Strong } else { Tone::Plain }
}

/// A cell of words.
fn words(text: impl Into<String>) -> Cell {
    Cell { content: Content::Text(text.into()), tone: Tone::Plain }
}

/// A column of a section's table: a measure's values.
#[derive(Clone, Copy)]
struct Column<'a> {
    measure: &'a str,
    /// The heading's lines; those of money end with the currency and its thousands.
    heading: &'a [&'a str],
    /// The order in which columns go where the terminal is narrow: 1 goes first, 0 never.
    drop: u8,
}

/// A table of measures in one period, a row for each entity.
fn table(run: &Run<'_>, title: &str, period: &Period, rows: &[Entity], columns: &[Column<'_>]) -> Result<Table, Diagnostic> {
    let names: Vec<String> = columns.iter().map(|column| column.measure.to_owned()).collect();
    let partition = match period.grain {
        Grain::All | Grain::Range => run.calendar.partition(period.grain, period.range),
        _ => run.calendar.ending_with(period, 1),
    };
    let cube = run.engine.cube(&names, &partition)?;
    run.also(period, &names);
    let series: Vec<Option<usize>> = names.iter().map(|name| cube.of(name).next()).collect();
    let value = |series: Option<usize>, entity: Entity| {
        let (series, index) = (series?, cube.entity(entity)?);
        Some(cube.value(series, index, 0))
    };
    let money = |series: &Option<usize>| series.is_some_and(|series| matches!(cube.series[series].unit, Unit::Money(_)));
    // All amounts of a table stand in the same thousands.
    let largest = series.iter().filter(|series| money(series)).filter_map(|series| value(*series, Entity::All)?.as_f64()).map(f64::abs);
    let scale = Scale::of(largest.fold(0.0, f64::max));
    let mut table = Table { title: title.to_owned(), groups: Vec::new(), columns: vec![heading(Vec::new(), false, 0)], rows: Vec::new() };
    for (column, series) in columns.iter().zip(&series) {
        let mut lines: Vec<String> = column.heading.iter().map(|line| (*line).to_owned()).collect();
        let mark = series.and_then(|series| scale.heading(&cube.series[series].unit));
        if let (Some(last), Some(mark)) = (lines.last_mut(), mark) {
            last.push_str(", ");
            last.push_str(&mark);
        }
        table.columns.push(heading(lines, true, column.drop));
    }
    for entity in rows {
        let mut cells = vec![words(order::label(run, *entity))];
        cells.extend(series.iter().map(|series| {
            let value = value(*series, *entity).map_or(Value::Missing(Why::NoData), |value| scale.value(value));
            Cell { content: Content::Value { value, against: None, share: None }, tone: Tone::Plain }
        }));
        table.rows.push(Row { tone: tone(*entity), cells });
    }
    Ok(table)
}

/// Puts the columns of a table of the same rows beside those of another.
fn beside(board: &mut Table, more: Table, group: String) {
    board.groups.push((group, more.columns.len().saturating_sub(1)));
    board.columns.extend(more.columns.into_iter().skip(1));
    for (row, more) in board.rows.iter_mut().zip(more.rows) {
        row.cells.extend(more.cells.into_iter().skip(1));
    }
}

fn heading(lines: Vec<String>, right: bool, drop: u8) -> document::Column {
    document::Column { heading: lines, right, drop }
}
