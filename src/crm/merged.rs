//! Records that the CRM has merged: an older file still has them apart, and activities still name the one that is gone.

use rustc_hash::{FxHashMap, FxHashSet};

use super::identity::{Registry, id_key};
use super::part::Part;
use super::preset::Shape;
use crate::table::Kind;

/// Enters the records into which others were merged, and lets the ids of those lead to them; before any record is entered by its own id.
pub(super) fn enter(parts: &[Part], kind: Kind, registry: &mut Registry) {
    let mut into: FxHashMap<&str, &str> = FxHashMap::default();
    let mut names: FxHashMap<&str, &str> = FxHashMap::default();
    for part in of(parts, kind) {
        for row in 0..part.len() {
            let Some(id) = part.text("id", row).map(id_key) else { continue };
            if let Some(name) = part.text("name", row) {
                names.insert(id, name);
            }
            for old in part.text("merged_ids", row).into_iter().flat_map(several).filter(|old| *old != id) {
                into.insert(old, id);
            }
            if let Some(new) = part.text("merged_into", row).map(id_key).filter(|new| *new != id) {
                into.insert(id, new);
            }
        }
    }
    let mut merged: Vec<&str> = into.keys().copied().collect();
    merged.sort_unstable();
    for old in merged {
        let mut last = old;
        // What was merged may have been merged again; more steps than merges go in a circle.
        for _ in 0..into.len() {
            let Some(next) = into.get(last) else { break };
            last = next;
        }
        if !into.contains_key(last)
            && let Some(entry) = registry.enter(Some(last), names.get(last).copied(), None)
        {
            registry.also(old, entry);
        }
    }
}

/// Tells records that were merged into another one which the files hold, too.
pub(super) struct Gone<'a> {
    /// The ids of the records, where any of them says that something was merged.
    ids: Option<FxHashSet<&'a str>>,
}

impl<'a> Gone<'a> {
    /// Over the records of a kind.
    pub(super) fn new(parts: &'a [Part], kind: Kind) -> Self {
        let any = of(parts, kind).any(|part| part.has("merged_ids") || part.has("merged_into"));
        let ids = || of(parts, kind).flat_map(|part| (0..part.len()).filter_map(|row| part.text("id", row).map(id_key))).collect();
        Self { ids: any.then(ids) }
    }

    /// Whether any record says that something was merged.
    pub(super) fn any(&self) -> bool {
        self.ids.is_some()
    }

    /// The id of the record into which that of a row was merged; none where it stands for itself.
    pub(super) fn survivor<'r>(&self, part: &Part, row: usize, registry: &'r Registry) -> Option<&'r str> {
        let ids = self.ids.as_ref()?;
        let own = id_key(part.text("id", row)?);
        let entry = registry.known(own)?;
        registry.id(entry).filter(|survivor| id_key(survivor) != own && ids.contains(id_key(survivor)))
    }
}

fn of(parts: &[Part], kind: Kind) -> impl Iterator<Item = &Part> {
    parts.iter().filter(move |p| p.shape == Shape::Records(kind))
}

/// The ids in one cell.
fn several(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', ',', ' ', '|']).map(|id| id_key(id.trim())).filter(|id| !id.is_empty())
}
