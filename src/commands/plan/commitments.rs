//! Whether commitments were kept, judged by the measures that they name before any report counts them.

use std::collections::BTreeSet;

use super::Money;
use crate::calendar::{Calendar, Day};
use crate::diagnostic::{Diagnostic, Failure};
use crate::facts::Facts;
use crate::measure::{self, Catalog, Engine, Target, Targets};
use crate::table::Data;

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
