//! Presets held against the headings of a file: everything that is asked of a heading and a table is asked once.

use super::{Own, bit};
use crate::crm::field::Field;
use crate::crm::preset::{Heading, Preset, Shape, Table};

/// A preset held against the headings.
pub(super) struct Held<'a> {
    pub(super) preset: &'a Preset,
    /// Which headings no table of it needs.
    pub(super) known: Vec<bool>,
    /// Which headings speak for it, whatever the table.
    pub(super) signed: Vec<bool>,
    pub(super) tables: Vec<HeldTable<'a>>,
}

/// One of its tables.
pub(super) struct HeldTable<'a> {
    pub(super) table: &'a Table,
    /// Per heading: the field that it fills, with its place in the order of preference.
    pub(super) slots: Vec<Option<(&'static Field, usize)>>,
    /// Which headings it lists by name.
    pub(super) lists: Vec<bool>,
}

impl<'a> Held<'a> {
    pub(super) fn new(preset: &'a Preset, headings: &[Heading]) -> Self {
        let table = |table: &'a Table| {
            let slots: Vec<_> = headings.iter().map(|heading| table.slot(heading)).collect();
            let lists = headings.iter().zip(&slots).map(|(heading, slot)| slot.is_some() || table.names(heading)).collect();
            HeldTable { table, slots, lists }
        };
        Self {
            preset,
            known: headings.iter().map(|heading| preset.knows(heading)).collect(),
            signed: headings.iter().map(|heading| preset.signed_by(heading)).collect(),
            tables: preset.tables.iter().map(table).collect(),
        }
    }
}

/// Which kinds of table list each heading, one bit per kind.
pub(super) fn listing_kinds(headings: &[Heading], presets: &[Held<'_>], own: &Own) -> Vec<u16> {
    let mut kinds = vec![0; headings.len()];
    for held in presets.iter().flat_map(|held| &held.tables).filter(|held| matches!(held.table.shape, Shape::Records(_))) {
        let bit = bit(held.table.shape.table());
        for (bits, _) in kinds.iter_mut().zip(&held.lists).filter(|(_, lists)| **lists) {
            *bits |= bit;
        }
    }
    for (at, bits) in kinds.iter_mut().enumerate() {
        if let Some((kind, ..)) = own.columns.iter().find(|(_, _, a)| *a == at) {
            *bits = bit(*kind);
        }
    }
    kinds
}
