//! Whether commitments were kept, judged by the measures that they name before any report counts them.

use std::collections::BTreeSet;

use super::Money;
use crate::calendar::{Calendar, Day};
use crate::config::Config;
use crate::crm::{self, Input, Loaded};
use crate::diagnostic::{Diagnostic, Failure};
use crate::facts::Facts;
use crate::measure::{self, Catalog, Engine, Target, Targets};
use crate::table::Data;

/// Reads the exports; where they hold commitments, which may name any measure of the user's own, and such a measure asks for a column that
/// nothing else does, a second time with that column.
///
/// # Errors
/// What keeps the exports from being read.
pub(super) fn load(inputs: Vec<Input>, settings: &mut crm::Settings<'_>, config: &Config, catalog: &Catalog) -> Result<Loaded, Failure> {
    let mut extras = settings.extras.clone();
    // One that is wrong says so where it is named, and takes nothing from the others.
    for measure in config.measures.iter().flat_map(|own| catalog.compile(std::slice::from_ref(&own.name)).unwrap_or_default()) {
        let headings = measure.predicate.extras();
        if !headings.is_empty() {
            extras.entry(measure.spec.from).or_default().extend(headings.iter().cloned());
        }
    }
    for headings in extras.values_mut() {
        headings.sort_unstable();
        headings.dedup();
    }
    if extras == settings.extras {
        return crm::load(inputs, settings);
    }
    let loaded = crm::load(inputs.clone(), settings)?;
    if loaded.data.commitments.is_empty() && loaded.data.promised.is_empty() {
        return Ok(loaded);
    }
    drop(loaded);
    settings.extras = extras;
    crm::load(inputs, settings)
}

/// Judges the commitments that the exports hold.
///
/// # Errors
/// A measure that a commitment names and that cannot be evaluated.
pub(super) fn judge(
    data: &mut Data,
    facts: &Facts,
    calendar: &Calendar,
    as_of: Day,
    (catalog, targets, money): (&Catalog, &[Target], &Money),
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Failure> {
    if data.commitments.is_empty() {
        return Ok(());
    }
    let (named, problems) = measure::named(data, catalog);
    diagnostics.extend(problems);
    let names: BTreeSet<String> = named.iter().flatten().map(|named| named.measure.clone()).collect();
    let measures = catalog.compile(&names.into_iter().collect::<Vec<_>>()).map_err(Failure)?;
    let mut engine = Engine::new(data, facts, calendar, as_of, &measures);
    engine.home.clone_from(&money.currency);
    let main = money.currency.clone().or_else(|| engine.currencies().first().cloned());
    let rates = money.rates.as_ref().map(|file| &file.rates);
    engine.targets = Some(Targets::new(targets, &data.roster, &facts.seen, calendar, main).with_rates(rates));
    let mut verdicts = engine.judge_commitments(&named)?;
    diagnostics.append(&mut verdicts.notes);
    verdicts.write(data);
    Ok(())
}
