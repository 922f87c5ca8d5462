//! Deals that the rows of a combined export carry along: those that a file of deals holds too count there, with all their columns.

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::fold;
use super::identity::id_key;
use super::normalise::Problems;
use super::part::Part;
use super::preset::Shape;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Source};

/// Takes carried deals out that a file of deals holds: by their ids, or where one of the two has none, by name and account.
pub(super) fn apart(parts: &mut [Part], sources: &mut [Source], problems: &mut Problems) {
    let deals = |p: &&Part| p.shape == Shape::Records(Kind::Deals) && !p.carried;
    if !parts.iter().any(|p| p.carried) || !parts.iter().any(|p| deals(&p)) {
        return;
    }
    let mut ids: FxHashSet<String> = FxHashSet::default();
    let mut names: FxHashMap<String, Vec<(bool, Option<String>)>> = FxHashMap::default();
    for part in parts.iter().filter(deals) {
        for row in 0..part.len() {
            let id = part.text("id", row);
            ids.extend(id.map(|id| id_key(id).to_owned()));
            if let Some(name) = part.text("name", row) {
                names.entry(fold(name)).or_default().push((id.is_some(), part.one("account", row).map(fold)));
            }
        }
    }
    for part in parts.iter_mut().filter(|p| p.carried) {
        let known = |row: usize| {
            let id = part.text("id", row);
            let account = part.one("account", row).map(fold);
            let alike = |(has_id, other): &(bool, Option<String>)| {
                !(*has_id && id.is_some()) && (other.is_none() || account.is_none() || *other == account)
            };
            id.is_some_and(|id| ids.contains(id_key(id)))
                || part.text("name", row).and_then(|name| names.get(&fold(name))).is_some_and(|others| others.iter().any(alike))
        };
        let chosen: Vec<bool> = (0..part.len()).map(|row| !known(row)).collect();
        let gone = chosen.iter().filter(|keep| !**keep).count();
        let Some(first) = chosen.iter().position(|keep| !keep) else { continue };
        let line = part.line.get(first);
        let message = match gone {
            1 => "1 deal that activities carry here stands in a file of deals too: it counts there".to_owned(),
            n => format!("{n} deals that activities carry here stand in a file of deals too: they count there"),
        };
        problems.say(Diagnostic::note(Code::Assumed, message).at(Location::line(&part.path, line)));
        if let Some(source) = sources.get_mut(usize::from(part.source)) {
            source.read = source.read.saturating_sub(gone as u64);
        }
        part.keep(&chosen);
    }
}
