//! Tables that were recognised but that no number needs: said, so that nobody takes what was read for what was used.

use rustc_hash::FxHashSet;

use super::link::Merged;
use super::load::Reading;
use super::normalise::Problems;
use super::part::Part;
use super::preset::Shape;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Column, Data, Kind, Table};

/// Says which sources nothing needs, and why, and takes their records out of what is used.
pub(super) fn say(data: &mut Data, parts: &[Part], merged: &[Merged], reading: &mut Reading, problems: &mut Problems) {
    for (part, merged) in parts.iter().zip(merged) {
        if part.len() == 0 {
            continue;
        }
        let why = match part.shape {
            Shape::Records(kind) => needless(data, kind, part.source),
            Shape::Link { table, .. } | Shape::Lookup { table, .. } if !parts.iter().any(|p| p.shape == Shape::Records(table)) => {
                Some(format!("it belongs to {}, and no file holds any", table.name()))
            }
            Shape::Link { table, .. } | Shape::Lookup { table, .. } => {
                (merged.records == 0).then(|| format!("none of its rows belongs to one of the {} that were read", table.name()))
            }
        };
        // A roster that also holds quotas is used if either is.
        let Some(why) = why.filter(|_| !parts.iter().any(|p| p.source == part.source && p.shape != part.shape)) else { continue };
        let source = &mut data.sources[usize::from(part.source)];
        source.unneeded = std::mem::take(&mut source.merged);
        reading.unused.push((source.path.clone(), why.clone()));
        problems.say(Diagnostic::note(Code::NotUsed, format!("not used: {why}")).at(Location::file(&source.path)));
    }
}

/// Why no number needs the records of a source.
fn needless(data: &Data, kind: Kind, source: u16) -> Option<String> {
    match kind {
        Kind::Accounts => {
            let named: FxHashSet<&str> = [&data.activities, &data.deals].into_iter().flat_map(|t| words(t, "account")).collect();
            let met = own(&data.accounts, source).filter_map(|row| data.accounts.text("id", row)).any(|id| named.contains(id));
            (!met).then(|| "no activity or deal is with one of its accounts".to_owned())
        }
        Kind::Leads => {
            let named: FxHashSet<&str> = words(&data.activities, "lead").collect();
            let met = own(&data.leads, source).filter_map(|row| data.leads.text("id", row)).any(|id| named.contains(id));
            (!met).then(|| "no activity belongs to one of its leads".to_owned())
        }
        Kind::Stages => {
            let known: FxHashSet<&str> = [words(&data.deals, "id"), words(&data.deals, "name")].into_iter().flatten().collect();
            let met = own(&data.stages, source).filter_map(|row| data.stages.text("deal", row)).any(|deal| known.contains(deal));
            (!met).then(|| "none of its rows belongs to one of the deals that were read".to_owned())
        }
        Kind::Activities | Kind::Deals | Kind::People | Kind::Targets | Kind::Commitments | Kind::Absences => None,
    }
}

fn own(table: &Table, source: u16) -> impl Iterator<Item = usize> + '_ {
    (0..table.len()).filter(move |row| table.file[*row] == source && table.used(*row))
}

/// The different texts of a column.
fn words<'a>(table: &'a Table, column: &str) -> impl Iterator<Item = &'a str> {
    let words = match table.column(column) {
        Some(Column::Words(words)) => Some(words.words().iter()),
        _ => None,
    };
    words.into_iter().flatten()
}
