//! One file's rows as fields: raw words under the names that a preset gives them, with the place of every row.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::coded::Chain;
use super::preset::{Close, Shape, Zone};
use super::words::Words as Vocabulary;
use crate::table::{Lines, Words};

/// The rows of one file.
pub(super) struct Part {
    /// The file, an index into the run's sources.
    pub(super) source: u16,
    /// The file as the user named it.
    pub(super) path: String,
    /// What the rows are.
    pub(super) shape: Shape,
    /// Whether it is filled beside the records that its source is counted by, as a roster's quotas are.
    pub(super) beside: bool,
    /// Whether its rows are those of another table that carry it along, as activities do their deals.
    pub(super) carried: bool,
    /// In which zone its times without an offset are written.
    pub(super) zone: Zone,
    /// Its close dates.
    pub(super) close: Close,
    /// What its words mean.
    pub(super) words: Rc<Vocabulary>,
    /// The line on which each row begins.
    pub(super) line: Lines,
    /// The fields, with the heading that each stands under.
    pub(super) fields: Fields,
    /// Columns that filters name by their heading.
    pub(super) extras: Vec<(String, Words)>,
    /// Fields with the same text in every row.
    pub(super) constant: Vec<(&'static str, String)>,
}

/// A column of a part.
pub(super) struct Field {
    /// The field's name.
    pub(super) name: &'static str,
    /// The heading.
    pub(super) heading: String,
    /// The cells; blank ones are null.
    pub(super) words: Words,
}

/// The columns of a part, found by name: every cell is asked for so.
#[derive(Default)]
pub(super) struct Fields {
    list: Vec<Field>,
    index: FxHashMap<&'static str, usize>,
}

impl Fields {
    /// The column of a name.
    pub(super) fn get(&self, name: &str) -> Option<&Field> {
        self.list.get(*self.index.get(name)?)
    }

    fn get_mut(&mut self, name: &str) -> Option<&mut Field> {
        self.list.get_mut(*self.index.get(name)?)
    }

    /// Every column.
    pub(super) fn iter(&self) -> std::slice::Iter<'_, Field> {
        self.list.iter()
    }

    /// Takes the column of a name out.
    pub(super) fn take(&mut self, name: &str) -> Option<Field> {
        let at = self.index.remove(name)?;
        self.index.values_mut().filter(|other| **other > at).for_each(|other| *other -= 1);
        Some(self.list.remove(at))
    }

    fn push(&mut self, field: Field) {
        // Of two columns of one name the first is meant.
        self.index.entry(field.name).or_insert(self.list.len());
        self.list.push(field);
    }
}

impl From<Vec<Field>> for Fields {
    fn from(list: Vec<Field>) -> Self {
        let mut fields = Self::default();
        for field in list {
            fields.push(field);
        }
        fields
    }
}

/// What rows say in several fields, as codes: rows with the same codes say the same.
pub(super) struct Keys<'a, const N: usize>([Option<&'a Words>; N]);

impl<const N: usize> Keys<'_, N> {
    /// The codes of a row.
    pub(super) fn of(&self, row: usize) -> [u32; N] {
        self.0.map(|words| words.and_then(|w| w.code(row)).unwrap_or(u32::MAX))
    }
}

impl Part {
    /// What rows say in these fields.
    pub(super) fn keys<const N: usize>(&self, names: [&str; N]) -> Keys<'_, N> {
        Keys(names.map(|name| self.field(name).map(|f| &f.words)))
    }

    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.line.len()
    }

    /// A field's column.
    pub(super) fn field(&self, name: &str) -> Option<&Field> {
        self.fields.get(name)
    }

    /// The text that a field has in every row whose cell is blank.
    pub(super) fn constant_of(&self, name: &str) -> Option<&str> {
        self.constant.iter().find(|(field, _)| *field == name).map(|(_, text)| text.as_str())
    }

    /// Whether a field has a column or a constant.
    pub(super) fn has(&self, name: &str) -> bool {
        self.field(name).is_some() || self.constant_of(name).is_some()
    }

    /// The text of a cell, else the field's constant.
    pub(super) fn text(&self, name: &str, row: usize) -> Option<&str> {
        match self.field(name).and_then(|f| f.words.get(row)) {
            Some(text) => Some(text),
            None => self.constant_of(name),
        }
    }

    /// The first of several fields that the row fills.
    pub(super) fn first<'a>(&'a self, names: &[&str], row: usize) -> Option<&'a str> {
        names.iter().find_map(|name| self.text(name, row))
    }

    /// The first of several ids in a cell; and of several names, where ids beside them show that there are several.
    pub(super) fn one(&self, name: &str, row: usize) -> Option<&str> {
        let text = self.text(name, row)?;
        let several = |field: &str| self.text(field, row).is_some_and(|ids| ids.contains(';'));
        match name {
            "account" if !several("account_id") => Some(text),
            "contact" if !several("contact_id") => Some(text),
            "deal" if !several("deal_id") => Some(text),
            _ => Some(first_of(text)),
        }
    }

    /// Keeps only these rows.
    pub(super) fn keep(&mut self, chosen: &[bool]) {
        let kept: Vec<usize> = (0..self.len()).filter(|row| chosen.get(*row) == Some(&true)).collect();
        let of = |words: &Words| {
            let texts: Vec<&str> = words.words().iter().collect();
            Words::from_codes(&texts, kept.iter().map(|row| words.code(*row).unwrap_or(u32::MAX)))
        };
        self.fields.list.iter_mut().for_each(|field| field.words = of(&field.words));
        self.extras.iter_mut().for_each(|(_, words)| *words = of(words));
        self.line = kept.iter().map(|row| self.line.get(*row)).collect();
    }

    /// Lets go of its rows, once everything is understood that is needed of them.
    pub(super) fn forget(&mut self) {
        self.fields = Fields::default();
        self.extras = Vec::new();
        self.line = Lines::default();
    }

    /// Gives rows a field, where they have none of their own, by what they say in another one; gives how many rows that one says it of.
    pub(super) fn fill<'v>(&mut self, name: &'static str, heading: &str, by: &str, means: impl Fn(&str) -> Option<&'v str> + Sync) -> u64 {
        let mut found = Chain::new(self.len());
        #[allow(clippy::redundant_closure)] // what it gives need not live as long as what it is asked
        found.or_field(self, by, |text| means(text));
        let found = found.finish();
        self.put(name, heading, &found, |_| false);
        (0..found.len()).filter(|row| !found.is_blank(*row)).count() as u64
    }

    /// Gives rows a field where they have none of their own, or in place of it.
    pub(super) fn put(&mut self, name: &'static str, heading: &str, found: &Words, instead: impl Fn(usize) -> bool + Sync) {
        let Some(field) = self.fields.get_mut(name) else {
            return self.fields.push(Field { name, heading: heading.to_owned(), words: found.clone() });
        };
        let mut both = Chain::new(field.words.len());
        both.or_where(found, Some, instead);
        both.or(&field.words, Some);
        both.or(found, Some);
        field.words = both.finish();
    }
}

/// The first of several ids or names in one cell: the CRM puts the primary one first.
pub(super) fn first_of(text: &str) -> &str {
    text.split(';').map(str::trim).find(|piece| !piece.is_empty()).unwrap_or(text)
}
