//! Tables beside the tables: links add a value to records, lookups explain an id.

use rustc_hash::FxHashMap;

use super::part::Part;
use super::preset::Shape;
use super::value;

/// What separates several linked values in one cell.
const SEPARATOR: &str = ";";

/// Fills the columns of records from the links and lookups; gives how many rows of each part found their record.
pub(super) fn apply(parts: &mut [Part]) -> Vec<u64> {
    let mut merged = vec![0; parts.len()];
    for index in 0..parts.len() {
        match parts[index].shape {
            Shape::Link { table, key, fills } => {
                let values = gather(&parts[index], key, fills);
                merged[index] = parts[index].len() as u64;
                for part in parts.iter_mut().filter(|p| p.shape == Shape::Records(table)) {
                    let found: Vec<Option<String>> = (0..part.len())
                        .map(|row| part.text(id_of(key), row).and_then(|id| values.get(id)).map(|list| list.join(SEPARATOR)))
                        .collect();
                    part.fill(fills, fills, &found);
                }
            }
            Shape::Lookup { table, key } => {
                merged[index] = parts[index].len() as u64;
                let columns = explained(&parts[index], key);
                for part in parts.iter_mut().filter(|p| p.shape == Shape::Records(table) && p.has(key)) {
                    for (field, heading, values) in &columns {
                        let found: Vec<Option<String>> =
                            (0..part.len()).map(|row| part.text(key, row).and_then(|id| values.get(id)).cloned()).collect();
                        part.fill(field, heading, &found);
                    }
                }
            }
            Shape::Records(_) => {}
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

/// The values per record of a link; rows that were deleted, or in which somebody declined, link nothing.
fn gather(part: &Part, key: &'static str, fills: &'static str) -> FxHashMap<String, Vec<String>> {
    let mut values: FxHashMap<String, Vec<String>> = FxHashMap::default();
    for row in 0..part.len() {
        let deleted = part.text("deleted", row).and_then(value::flag) == Some(true);
        let declined = part.text("status", row).is_some_and(|word| matches!(value::fold(word).as_str(), "declined" | "notattending"));
        if deleted || declined {
            continue;
        }
        if let (Some(record), Some(text)) = (part.text(key, row), part.text(fills, row)) {
            let list = values.entry(record.to_owned()).or_default();
            if !list.iter().any(|v| v == text) {
                list.push(text.to_owned());
            }
        }
    }
    values
}

type Explained = (&'static str, String, FxHashMap<String, String>);

/// The columns of a lookup besides its id, each by id.
fn explained(part: &Part, key: &'static str) -> Vec<Explained> {
    part.fields
        .iter()
        .filter(|field| field.name != key)
        .map(|field| {
            let values =
                (0..part.len()).filter_map(|row| Some((part.text(key, row)?.to_owned(), field.words.get(row)?.to_owned()))).collect();
            (field.name, field.heading.clone(), values)
        })
        .collect()
}
