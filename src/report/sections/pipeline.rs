//! What is in the pipeline, beside what is done to fill it: today's amounts, what is left of the quota, and deals that nobody moves.

use super::shared::{note, whole};
use super::{Column, Section, rows, table};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Note};
use crate::measure::{Catalog, Entity};
use crate::report::{Run, scale, words};
use crate::unit::{Value, Why};

pub(super) const SECTION: Section = Section { name: "pipeline", title: "Pipeline", measures, build };

/// At most this many deals are named.
const DEALS: usize = 3;

const COLUMNS: &[Column<'_>] = &[
    Column { measure: "open_deals", heading: &["open", "deals"], drop: 2 },
    Column { measure: "open_pipeline", heading: &["open", "pipeline"], drop: 0 },
    Column { measure: "pipeline_created", heading: &["new", "created"], drop: 3 },
    Column { measure: "quota_left", heading: &["quota", "left"], drop: 0 },
    Column { measure: "pipeline_coverage", heading: &["", "coverage"], drop: 0 },
    Column { measure: "stale_deals", heading: &["no activity", "for 30 days"], drop: 0 },
    Column { measure: "deals_without_next_step", heading: &["without", "next step"], drop: 0 },
];

fn measures(_: &Catalog) -> Vec<String> {
    COLUMNS.iter().map(|column| column.measure.to_owned()).collect()
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let deals = &run.data.deals;
    if !(0..deals.len()).any(|row| deals.used(row)) {
        return Ok(vec![needs("deals: their amounts, states and owners")]);
    }
    let period = run.period();
    let mut blocks = vec![Block::Table(table(run, &format!("Pipeline, {}", words::named(period)), period, &rows(run), COLUMNS)?)];
    let mut notes: Vec<Note> = needed(run)?.into_iter().map(|what| note("Needs", vec![what])).collect();
    let idle = largest_idle(run)?;
    if !idle.is_empty() {
        notes.push(note("Idle", idle));
    }
    notes.push(note(
        "Note",
        vec!["amounts, stages and next steps are today's; coverage is open pipeline over what is left of the quota".to_owned()],
    ));
    blocks.push(Block::Notes(notes));
    Ok(blocks)
}

/// What is missing for numbers that are, and why.
fn needed(run: &Run<'_>) -> Result<Vec<String>, Diagnostic> {
    let why = |name: &str| -> Result<Option<Why>, Diagnostic> {
        let cube = run.engine.cube(&[name.to_owned()], &run.calendar.ending_with(run.period(), 1))?;
        let all = cube.of(name).next().zip(cube.entity(Entity::All));
        Ok(all.and_then(|(series, index)| if let Value::Missing(why) = cube.value(series, index, 0) { Some(*why) } else { None }))
    };
    if let Some(missing) = why("open_deals")? {
        let reach = run.facts.deals;
        return Ok(vec![match (missing, reach.ended, reach.last) {
            (Why::NotApplicable, ..) => {
                "exports of that time: today's cannot tell how the deals stood at the end of an earlier period".to_owned()
            }
            (_, true, Some(last)) => format!("newer deals: these ended {last}"),
            _ => "deals of that time".to_owned(),
        }]);
    }
    let mut needs = Vec::new();
    if why("deals_without_next_step")?.is_some() {
        needs.push("a column of next steps, to tell the deals without one".to_owned());
    }
    if why("stale_deals")?.is_some() {
        let reach = run.facts.activities;
        needs.push(match (reach.ended, reach.last) {
            (true, Some(last)) => format!("newer activities, to tell the deals without any: these ended {last}"),
            _ => "held activities with deals or their accounts, to tell the deals without any".to_owned(),
        });
    }
    Ok(needs)
}

fn needs(what: &str) -> Block {
    Block::Notes(vec![note("Needs", vec![what.to_owned()])])
}

/// The largest deals without activity for 30 days, of whom the page is about.
fn largest_idle(run: &Run<'_>) -> Result<Vec<String>, Diagnostic> {
    let Some(measure) = run.engine.measure("stale_deals") else { return Ok(Vec::new()) };
    let whole = whole(run);
    let deals = &run.data.deals;
    let mut rows: Vec<usize> = run.engine.evidence(measure, whole, run.period())?.into_iter().flat_map(|found| found.counted).collect();
    rows.retain(|row| deals.amount("amount", *row).is_some());
    // Amounts of several currencies have no order.
    let several = run.engine.currencies().len() > 1;
    rows.sort_by(|a, b| {
        let amount = |row: usize| if several { None } else { deals.amount("amount", row) };
        amount(*b).cmp(&amount(*a)).then_with(|| (deals.file[*a], deals.line.get(*a)).cmp(&(deals.file[*b], deals.line.get(*b))))
    });
    let name = |row: usize| deals.text("name", row).or_else(|| deals.text("id", row)).unwrap_or("a deal without name").to_owned();
    Ok(rows
        .into_iter()
        .take(DEALS)
        .map(|row| {
            let amount = deals
                .amount("amount", row)
                .map(|amount| scale::amount(amount, deals.text("currency", row).unwrap_or_default()))
                .unwrap_or_default();
            let owner = deals.text("owner", row).map_or_else(String::new, |owner| format!(", {owner}"));
            format!("{}: {amount}{owner}", name(row))
        })
        .collect())
}
