//! Targets from the config and from targets files, checked against the measures and people that there are.

use super::plan::currency;
use crate::config::Config;
use crate::crm::{fold, value};
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Severity};
use crate::measure::{Catalog, Level, Per, Target};
use crate::table::Data;

/// Every target; those of a file that cannot be applied are said and left out.
///
/// # Errors
/// Targets of the configuration for measures that there are not: a mistake there is never passed over.
pub(super) fn targets(config: &Config, data: &Data, catalog: &Catalog, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Target>, Failure> {
    let mut list: Vec<Target> = config
        .targets
        .iter()
        .map(|t| Target {
            measure: t.measure.text.clone(),
            level: t.level,
            name: t.name.as_ref().map(|n| n.text.clone()),
            from: t.from,
            to: t.to,
            per: t.per,
            value: t.value,
            currency: t.currency.as_deref().map(currency),
            origin: t.origin.clone(),
        })
        .collect();
    list.extend(from_file(data));
    let mut wrong = Vec::new();
    list.retain_mut(|target| match check(target, data, catalog) {
        Ok(()) => true,
        Err(problem) => {
            let configured = config.targets.iter().any(|t| t.origin == target.origin);
            if configured && problem.severity == Severity::Error {
                wrong.push(*problem);
            } else {
                diagnostics.push(*problem);
            }
            false
        }
    });
    if wrong.is_empty() { Ok(list) } else { Err(Failure(wrong)) }
}

fn from_file(data: &Data) -> Vec<Target> {
    let table = &data.targets;
    (0..table.len())
        .filter_map(|row| {
            let path = data.sources.get(usize::from(table.file[row])).map_or("", |s| s.path.as_str());
            Some(Target {
                measure: table.text("measure", row)?.to_owned(),
                level: Level::named(table.text("level", row)?)?,
                name: table.text("name", row).map(str::to_owned),
                from: table.day("from", row),
                to: table.day("to", row),
                per: Per::named(table.text("per", row)?)?,
                value: table.amount("value", row)?,
                currency: table.text("currency", row).map(currency),
                origin: Location::line(path, table.line.get(row)),
            })
        })
        .collect()
}

/// Whether a target names a measure and somebody that there is; its name is put as the roster spells it.
fn check(target: &mut Target, data: &Data, catalog: &Catalog) -> Result<(), Box<Diagnostic>> {
    if let Err(mut problem) = catalog.require(&target.measure, Some(&target.origin)) {
        problem.code = Code::BadTarget;
        return Err(Box::new(problem));
    }
    let Some(name) = &target.name else { return Ok(()) };
    let known = match target.level {
        Level::All => return Ok(()),
        Level::Team => data.roster.teams.iter().find(|t| *t == name || fold::fold(t) == fold::fold(name)).cloned(),
        Level::Owner => {
            let folded = value::fold_name(name);
            data.roster.people.iter().find(|p| p.name == *name || value::fold_name(&p.name) == folded).map(|p| p.name.clone())
        }
    };
    match known {
        Some(known) => {
            target.name = Some(known);
            Ok(())
        }
        None => Err(Box::new(
            Diagnostic::warning(
                Code::BadTarget,
                format!(
                    "the target for {} is for '{name}', and there is no such {}",
                    target.measure,
                    if target.level == Level::Team { "team" } else { "person" }
                ),
            )
            .at(target.origin.clone())
            .hint("spell the name as people.csv or the exports do"),
        )),
    }
}
