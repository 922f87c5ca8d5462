//! Owners that stand in: an activity without one belongs to its deal's owner, then to its account's; a deal to its account's.

use rustc_hash::FxHashMap;

use super::Facts;
use crate::table::{Column, Data, Table, Words, WordsBuilder};

/// Fills blank owners and counts how many stood in from where.
pub(super) fn stand_in(data: &mut Data, facts: &mut Facts) {
    let of_account = owners(&data.accounts, &["id"]);
    let (deal_owner, from_account) = fill(&data.deals, &[("account", &of_account)]);
    facts.deal_owner_from_account = from_account[0];
    data.deals.set("owner", Column::Words(deal_owner));

    let of_deal = owners(&data.deals, &["id", "name"]);
    let (owner, from) = fill(&data.activities, &[("deal", &of_deal), ("account", &of_account)]);
    facts.owner_from_deal = from[0];
    facts.owner_from_account = from[1];
    data.activities.set("owner", Column::Words(owner));
}

/// The owners of records by what others refer to these with: the first of the keys that is filled.
fn owners(table: &Table, keys: &[&str]) -> FxHashMap<String, String> {
    (0..table.len())
        .filter(|row| table.used(*row))
        .filter_map(|row| Some((keys.iter().find_map(|key| table.text(key, row))?.to_owned(), table.text("owner", row)?.to_owned())))
        .collect()
}

fn fill(table: &Table, stand_ins: &[(&str, &FxHashMap<String, String>)]) -> (Words, Vec<u64>) {
    let mut counts = vec![0; stand_ins.len()];
    let mut owner = WordsBuilder::default();
    for row in 0..table.len() {
        let own = table.text("owner", row);
        let found = own.or_else(|| {
            stand_ins.iter().zip(&mut counts).find_map(|((column, owners), count)| {
                let name = owners.get(table.text(column, row)?)?;
                *count += u64::from(table.used(row));
                Some(name.as_str())
            })
        });
        owner.push(found);
    }
    (owner.finish(), counts)
}
