//! The gap to a goal as a page and as rows.

mod assumed;
mod page;
mod rows;

use std::sync::Arc;

use rust_decimal::prelude::FromPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{Run, order};
use crate::calendar::Range;
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::facts::ENDED_AFTER;
use crate::gap::{self, Ask, Gap, Goal, levers};
use crate::measure::Entity;
use crate::table::Kind;
use crate::unit::Value;

/// What the page needs besides the measures shown.
pub fn measures() -> Vec<String> {
    levers::MEASURES.iter().chain(&["presentations", "open_pipeline"]).map(|name| (*name).to_owned()).collect()
}

/// A gap with what the page says of it.
struct Shown<'a, 'r> {
    run: &'a Run<'r>,
    gap: &'a Gap,
    ask: &'a Ask,
}

/// Works out the gap to a goal, and makes the page of it.
///
/// # Errors
/// What keeps it from being worked out: see [`gap::gap`].
pub fn gap(run: &mut Run<'_>, mut ask: Ask) -> Result<Document, Diagnostic> {
    let goal = Goal::of(&run.engine, &run.targets, &ask).map_err(|found| helped(run, &ask, found))?;
    // Who is there from now on has a row.
    run.periods = vec![run.calendar.range_period(Range { first: run.as_of, last: goal.range.last.max(run.as_of) })];
    let run = &*run;
    ask.rows = order::in_order(run, |entity| !matches!(entity, Entity::Owner(person) if !run.present(person, run.period().range)));
    let mut gap = gap::gap(&run.engine, &run.targets, goal, &ask).map_err(|found| helped(run, &ask, found))?;
    // Whoever has neither a target nor deals is not asked for anything.
    gap.rows.retain(|row| row.entity == ask.whole || row.goal.is_some() || row.won > 0.0 || row.open > 0);
    let shown = Shown { run, gap: &gap, ask: &ask };
    Ok(Document {
        schema: "leadlag/gap/1",
        title: run.title.clone(),
        as_of: Some(run.as_of),
        time_zone: run.calendar.zone_name().to_owned(),
        week_starts: run.calendar.week_starts().name().to_owned(),
        page: shown.page(),
        grid: Some(shown.grid()),
        diagnostics: run.facts.diagnostics.clone(),
        ..Document::default()
    })
}

/// What keeps a gap from being worked out, with what helps these exports first.
fn helped(run: &Run<'_>, ask: &Ask, mut found: Diagnostic) -> Diagnostic {
    let deals = run.facts.reach(Kind::Deals).last;
    match deals {
        Some(last) if run.as_of.0 - last.0 >= ENDED_AFTER => {
            let goal = if found.code == Code::BadTarget { " --goal 500000" } else { ", with an --until after it," };
            if found.code == Code::BadTarget {
                found.message = format!("{}; the deals end on {last}", found.message);
                found.hints.retain(|hint| !hint.contains("--goal"));
            }
            found.hints.insert(0, format!("the deals reach {last} only: --as-of {last}{goal} works it out as of that day"));
        }
        None if run.data.deals.is_empty() => {
            found.message = "there is no deal in these exports: nothing says what is won or open".into();
            found.hints = vec!["export the deals, with those that are closed: a file with headings alone has none".to_owned()];
        }
        _ => {}
    }
    if found.code == Code::BadPeriod && ask.from.is_some() && ask.until.is_none() && found.hints.is_empty() {
        found.hints.push("give the last day too: --until".to_owned());
    }
    found
}

/// A number with so many decimals; none where it is no number, or endless.
fn decimal(number: f64, places: u32) -> Option<Decimal> {
    let found = Decimal::from_f64(number)?;
    Some(found.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize())
}

impl Shown<'_, '_> {
    /// An amount in the goal's currency.
    fn money(&self, amount: f64) -> Value {
        Value::Money(decimal(amount, 2).unwrap_or_default(), Arc::clone(&self.gap.goal.currency))
    }
}
