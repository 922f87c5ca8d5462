//! Tables beside the tables: links add a value to records, lookups explain an id.

use std::borrow::Cow;

use rustc_hash::{FxHashMap, FxHashSet};

use super::coded::{Chain, first};
use super::fold::fold;
use super::identity::id_key;
use super::part::{Part, first_of};
use super::preset::Shape;
use super::value;

/// What separates several linked values in one cell.
const SEPARATOR: &str = ";";

/// What stands between the parts of one linked value: a person and that person's share.
pub(super) const UNIT: char = '\u{1f}';

/// What became of the rows of a link or lookup.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Merged {
    /// Records that a row was found for.
    pub(super) records: u64,
    /// Rows that the CRM has deleted.
    pub(super) deleted: u64,
}

/// Fills the columns of records from the links and lookups; gives, per part, what became of it.
pub(super) fn apply(parts: &mut [Part]) -> Vec<Merged> {
    let mut merged = vec![Merged::default(); parts.len()];
    for index in 0..parts.len() {
        if let Shape::Link { table, key, fills } = parts[index].shape {
            let (values, deleted) = gather(&parts[index], key, fills);
            merged[index].deleted = deleted;
            for part in parts.iter_mut().filter(|p| p.shape == Shape::Records(table)) {
                merged[index].records += part.fill(fills, fills, id_of(key), |id| values.get(id_key(id)).map(String::as_str));
            }
        }
    }
    // Twice, since one list may explain an id that another one gives: a stage its pipeline.
    for _ in 0..2 {
        for index in 0..parts.len() {
            if let Shape::Lookup { table, key } = parts[index].shape {
                let columns = explained(&parts[index], key);
                let mut records = 0;
                for part in parts.iter_mut().filter(|p| p.shape == Shape::Records(table)) {
                    records += explain(part, key, &columns);
                }
                merged[index].records = records;
            }
        }
    }
    merged
}

/// A link names the record by the record's own id.
fn id_of(key: &'static str) -> &'static str {
    match key {
        "deal_id" | "activity_id" => "id",
        other => other,
    }
}

/// The values per record of a link, and how many rows are deleted; deleted rows, and those in which somebody declined, link nothing.
fn gather(part: &Part, key: &'static str, fills: &'static str) -> (FxHashMap<String, String>, u64) {
    let mut values: FxHashMap<String, String> = FxHashMap::default();
    let mut seen: FxHashSet<(&str, &str)> = FxHashSet::default();
    let shared = part.has("split_percent");
    let mut gone = 0;
    for row in 0..part.len() {
        let deleted = part.text("deleted", row).and_then(value::flag) == Some(true);
        gone += u64::from(deleted);
        let declined = part.text("status", row).is_some_and(|word| matches!(fold(word).as_str(), "declined" | "notattending" | "no"));
        if deleted || declined {
            continue;
        }
        if let (Some(record), Some(text)) = (part.text(key, row).map(id_key), part.text(fills, row)) {
            // Two lines of a split are two shares, whoever has them.
            if !shared && !seen.insert((record, text)) {
                continue;
            }
            let list = values.entry(record.to_owned()).or_default();
            if !list.is_empty() {
                list.push_str(SEPARATOR);
            }
            list.push_str(text);
            if let Some(percent) = part.text("split_percent", row) {
                list.push(UNIT);
                list.push_str(percent);
                list.push(UNIT);
                list.push_str(part.text("split_type", row).unwrap_or_default());
            }
        }
    }
    (values, gone)
}

type Explained = (&'static str, String, FxHashMap<String, String>);

/// The columns of a lookup besides its id, each by id. A deleted row still says what its id means, but not that the records with that id
/// are deleted.
fn explained(part: &Part, key: &'static str) -> Vec<Explained> {
    part.fields
        .iter()
        .filter(|field| field.name != key && field.name != "deleted")
        .map(|field| {
            let values = (0..part.len())
                .filter_map(|row| Some((key_of(key, part.text(key, row)?).into_owned(), field.words.get(row)?.to_owned())))
                .collect();
            (field.name, field.heading.clone(), values)
        })
        .collect()
}

/// Gives records what their ids mean; gives how many of them have an id that is explained.
fn explain(part: &mut Part, key: &'static str, columns: &[Explained]) -> u64 {
    // An export may hold ids where others hold names: `dealstage` is a number in a pipeline of one's own.
    let plain = key.strip_suffix("_id").unwrap_or(key);
    // Salesforce keeps contacts and leads in one column.
    let other = if key == "contact_id" { "who_id" } else { key };
    if !part.has(key) && !part.has(plain) && !part.has(other) {
        return 0;
    }
    let (own, beside) = (first(part, &[key, other]), first(part, &[plain]));
    let mut explained = vec![false; part.len()];
    for (field, heading, values) in columns {
        let means = |id: &str| values.get(&*key_of(key, id)).map(String::as_str);
        let mut found = Chain::new(part.len());
        found.or(&own, means);
        found.or_where(&beside, means, |row| own.is_blank(row));
        let found = found.finish();
        for (row, explained) in explained.iter_mut().enumerate() {
            *explained |= !found.is_blank(row);
        }
        // The label takes the place of the id that stood there.
        let instead = |row: usize| *field == plain && key != plain && own.is_blank(row);
        part.put(field, heading, &found, instead);
    }
    explained.iter().filter(|e| **e).count() as u64
}

/// What two spellings of one key have in common: a stage is looked up by its label, anything else by its id.
fn key_of<'a>(key: &str, text: &'a str) -> Cow<'a, str> {
    if key == "stage" { Cow::Owned(fold(text)) } else { Cow::Borrowed(id_key(first_of(text))) }
}
