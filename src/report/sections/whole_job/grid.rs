//! One person's weeks, digit by digit; and the same of everybody as a heat map for formats that draw.

use super::{in_short, last, part, people};
use crate::calendar::Partition;
use crate::diagnostic::Diagnostic;
use crate::document::{Cell, Content, Heat, HeatCell, HeatGroup, HeatRow, Row, Table, Tone};
use crate::measure::{Component, Entity};
use crate::report::sections::{heading, words};
use crate::report::{Run, words as say};
use crate::stats::rhythm::WEEKS;
use crate::unit::{Value, Why};

/// The records of a person in each week by component, and what they come to.
pub(super) fn grid(run: &Run<'_>, person: u32, components: &[&Component], weeks: &Partition) -> Result<Table, Diagnostic> {
    let entity = Entity::Owner(person);
    let title = format!("The whole job of {}, {WEEKS} weeks to {}", run.name(entity), last(weeks));
    let mut table = Table { title, columns: vec![heading(Vec::new(), false, 0)], ..Table::default() };
    for week in weeks {
        let name = say::short(week);
        let (letter, number) = name.split_at(name.len().min(1));
        table.columns.push(heading(vec![letter.to_owned(), number.to_owned()], true, 0));
    }
    let measures =
        [("share", "share", 1), ("regularity", "regu-\nlarity", 2), ("longest_gap", "longest\ngap", 0), ("weeks_since", "weeks\nsince", 0)];
    for (_, lines, drop) in measures {
        table.columns.push(heading(lines.lines().map(str::to_owned).collect(), true, drop));
    }
    let names = components.iter().flat_map(|c| measures.map(|(told, ..)| format!("{}_{told}", c.name)));
    let names: Vec<String> = names.filter(|name| super::window(run, name).is_some()).collect();
    let cube = run.engine.cube(&names, &run.calendar.partition(run.period().grain, run.period().range))?;
    let index = cube.entity(entity);
    for component in components.iter().filter(|component| run.engine.belongs(component.who, entity)) {
        let mut cells = vec![words(component.words())];
        match run.engine.counted(&part(component), entity, weeks.range())? {
            Ok(counted) => cells.extend(counted.iter().map(|n| match n {
                None => Cell { tone: Tone::Faint, ..words("–") },
                Some(0) => words("·"),
                Some(n) => words(n.to_string()),
            })),
            Err(_) => cells.extend(weeks.iter().map(|_| Cell::default())),
        }
        for (told, ..) in measures {
            let series = cube.of(&format!("{}_{told}", component.name)).next();
            let value =
                series.zip(index).map_or(Value::Missing(Why::NotApplicable), |(series, index)| cube.value(series, index, 0).clone());
            cells.push(Cell { content: Content::Value { value, against: None, share: None }, tone: Tone::Plain });
        }
        table.rows.push(Row { tone: Tone::Plain, cells });
    }
    Ok(table)
}

/// More people than this have a heat map each only where something stands out.
const MANY: usize = 40;

/// Everybody's weeks by component; none where there is nothing to show.
pub(in crate::report::sections) fn figure(run: &Run<'_>) -> Result<Option<Heat>, Diagnostic> {
    let Some(weeks) = run.engine.window_of(run.period()) else { return Ok(None) };
    let range = weeks.range();
    let mut here = Vec::new();
    for component in run.catalog.components() {
        if run.engine.recorded(&component.name, range)? {
            here.push(component);
        }
    }
    let people: Vec<Entity> = people(run).into_iter().filter(|entity| matches!(entity, Entity::Owner(_))).collect();
    let mut groups = Vec::new();
    for entity in &people {
        let flags = in_short(run, *entity, range)?;
        if people.len() > MANY && flags.is_empty() {
            continue;
        }
        let mut rows = Vec::new();
        for component in &here {
            if let Ok(counted) = run.engine.counted(&part(component), *entity, range)? {
                rows.push(HeatRow { name: component.words(), cells: cells(&counted) });
            }
        }
        let name = run.name(*entity);
        let title = if flags.is_empty() { name.to_owned() } else { format!("{name}: {flags}") };
        if !rows.is_empty() {
            groups.push(HeatGroup { title, rows });
        }
    }
    let says = "Records of each component of the job, week by week, beside the person's own mean of these weeks. Weeks away are dashes.";
    let more = if people.len() > MANY { " Only those of whom something stands out." } else { "" };
    Ok((!groups.is_empty()).then(|| Heat {
        title: "The whole job, week after week".to_owned(),
        says: format!("{says}{more}"),
        groups,
        columns: weeks.iter().map(|week| week.name.clone()).collect(),
    }))
}

fn cells(counted: &[Option<u32>]) -> Vec<HeatCell> {
    let known: Vec<u32> = counted.iter().flatten().copied().collect();
    let mean = f64::from(known.iter().sum::<u32>()) / known.len().max(1) as f64;
    let cell = |n: &Option<u32>| match n {
        None => HeatCell { value: Value::Missing(Why::NotApplicable), against: None, share: None },
        Some(n) => {
            HeatCell { value: Value::Count((*n).into()), against: None, share: Some(if mean > 0.0 { f64::from(*n) / mean } else { 0.0 }) }
        }
    };
    counted.iter().map(cell).collect()
}
