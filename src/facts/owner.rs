//! Owners that stand in: an activity without one belongs to its deal's owner, then to its account's; a deal to its account's.

use super::Facts;
use super::rows::{NONE, blank_rows, code, joined, words};
use crate::table::{Column, Data, Table, Words};

/// Fills blank owners and counts how many stood in from where.
pub(super) fn stand_in(data: &mut Data, facts: &mut Facts) {
    let (deal_owner, from_account) = fill(&data.deals, [("account", &data.accounts, &["id"][..])]);
    [facts.deal_owner_from_account] = from_account;
    if let Some(owner) = deal_owner {
        data.deals.set("owner", Column::Words(owner));
    }
    let stand_ins = [("deal", &data.deals, &["id", "name"][..]), ("account", &data.accounts, &["id"])];
    let (owner, from) = fill(&data.activities, stand_ins);
    [facts.owner_from_deal, facts.owner_from_account] = from;
    if let Some(owner) = owner {
        data.activities.set("owner", Column::Words(owner));
    }
}

/// Another table whose owners stand in: the column that refers to its records, the table, and what it is referred to with.
type StandIn<'a> = (&'static str, &'a Table, &'a [&'static str]);

/// The column of owners, where it is another than before; and how many of the records that are used have an owner by each of the others.
fn fill<const N: usize>(table: &Table, stand_ins: [StandIn<'_>; N]) -> (Option<Words>, [u64; N]) {
    let mut counts = [0; N];
    let own = words(table, "owner");
    let blank = blank_rows(own, table.len());
    let mut names: Vec<&str> = own.map(|own| own.words().iter().collect()).unwrap_or_default();
    let mut found: Vec<(usize, u32)> = Vec::new();
    if !blank.is_empty() {
        let columns = stand_ins.map(|(column, other, keys)| {
            let column = words(table, column);
            let owners = column.map(|column| owners(column, other, keys)).unwrap_or_default();
            let first = names.len() as u32;
            names.extend(words(other, "owner").into_iter().flat_map(|owner| owner.words().iter()));
            (column, owners, first)
        });
        for row in blank.into_iter().map(|row| row as usize) {
            let one = columns.iter().zip(&mut counts).find_map(|((column, owners, first), count)| {
                let owner = owners.get(code(*column, row)? as usize).copied().filter(|owner| *owner != NONE)?;
                *count += u64::from(table.used(row));
                Some(first + owner)
            });
            found.extend(one.map(|owner| (row, owner)));
        }
    }
    if own.is_some() && found.is_empty() {
        return (None, counts);
    }
    let mut codes: Vec<u32> = (0..table.len()).map(|row| code(own, row).unwrap_or(NONE)).collect();
    for (row, owner) in found {
        codes[row] = owner;
    }
    (Some(Words::from_codes(&names, codes)), counts)
}

/// For each word by which records of a table are referred to, the code of the owner: that of the last of them that is used and has one.
fn owners(references: &Words, table: &Table, keys: &[&str]) -> Vec<u32> {
    let owner = words(table, "owner");
    let rows = rows_by_key(references, table, keys, |row| table.used(row) && code(owner, row).is_some());
    rows.into_iter().map(|row| if row == NONE { NONE } else { code(owner, row as usize).unwrap_or(NONE) }).collect()
}

/// For each word of a column, the last row of a table that it refers to: one that may be it, and the first of whose keys that is filled is that
/// word; [`NONE`] where there is none.
pub(super) fn rows_by_key(references: &Words, table: &Table, keys: &[&str], may: impl Fn(usize) -> bool) -> Vec<u32> {
    let mut rows = vec![NONE; references.words().len()];
    let columns: Vec<Option<&Words>> = keys.iter().map(|key| words(table, key)).collect();
    for (at, column) in columns.iter().enumerate() {
        let Some(column) = column else { continue };
        let mut last = vec![NONE; column.words().len()];
        for row in (0..table.len()).filter(|row| may(*row)) {
            if columns[..at].iter().all(|before| code(*before, row).is_none())
                && let Some(code) = column.code(row)
            {
                last[code as usize] = row as u32;
            }
        }
        for (row, code) in rows.iter_mut().zip(joined(references.words(), column.words())).filter(|(_, code)| *code != NONE) {
            let found = last[code as usize];
            // Of a record with that id and one with that name the later counts.
            if found != NONE && (*row == NONE || found > *row) {
                *row = found;
            }
        }
    }
    rows
}
