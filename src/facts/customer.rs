//! Prospects and first meetings (measures, section 2).

use rustc_hash::FxHashMap;

use super::Facts;
use crate::calendar::Day;
use crate::table::{Column, Data, Table};

/// A meeting is new when none was held with that customer in this many days before.
pub(crate) const LOOK_BACK: i32 = 180;

/// Deals must reach back this many days before an account without an earlier win is known to be a prospect.
pub(crate) const DEAL_HISTORY: i32 = 730;

/// Fills `customer_meeting`, `prospect`, `new_business`, `first_with_account` and `first_with_contact` of activities.
pub(super) fn derive(data: &mut Data, facts: &mut Facts) {
    let table = &data.activities;
    let rows = table.len();
    let customer_meeting: Vec<i8> = (0..rows)
        .map(|row| {
            let kind = matches!(table.text("kind", row), Some("meeting" | "presentation"));
            i8::from(kind && table.flag("internal", row) != Some(true))
        })
        .collect();

    let deal_rows = deal_rows(&data.deals);
    let deal_of: Vec<Option<usize>> = (0..rows).map(|row| table.text("deal", row).and_then(|d| deal_rows.get(d).copied())).collect();
    let customers: Vec<Option<String>> = (0..rows).map(|row| customer(table, row, deal_of[row], &data.deals)).collect();

    let wins = first_wins(&data.deals);
    let since = customers_since(&data.accounts);
    let deals_known = (0..data.deals.len()).any(|r| data.deals.used(r));
    let mut prospect = vec![-1_i8; rows];
    let mut assumed = vec![false; rows];
    let mut new_business = vec![-1_i8; rows];
    for row in 0..rows {
        let deal = deal_of[row];
        let deal_new = deal.and_then(|d| data.deals.flag("new_business", d));
        new_business[row] = deal_new.map_or(-1, i8::from);
        let said = data.said_prospect.get(row).copied().flatten();
        let by_type = deal.filter(|d| data.said_new_business.get(*d).copied().unwrap_or(false)).and(deal_new);
        let lead = table.text("lead", row).is_some().then_some(true);
        if let Some(known) = said.or(lead).or(by_type) {
            prospect[row] = i8::from(known);
            continue;
        }
        let (Some(who), Some(day)) = (customers[row].as_deref(), table.day("day", row)) else {
            continue;
        };
        let bought = [wins.get(who), since.get(who)].into_iter().flatten().any(|first| *first < day);
        if bought {
            prospect[row] = 0;
        } else if deals_known {
            prospect[row] = 1;
            assumed[row] = facts.deals.first.is_none_or(|first| first.0 > day.0 - DEAL_HISTORY);
        }
    }
    let held: Vec<bool> =
        (0..rows).map(|row| table.used(row) && customer_meeting[row] == 1 && table.text("outcome", row) == Some("held")).collect();
    let contacts: Vec<Option<String>> = (0..rows).map(|row| table.text("contact", row).map(str::to_owned)).collect();
    let first_with_account = firsts(table, &customers, &held);
    let first_with_contact = firsts(table, &contacts, &held);
    let table = &mut data.activities;
    table.set("customer_meeting", Column::Flags(customer_meeting));
    table.set("prospect", Column::Flags(prospect));
    table.set("new_business", Column::Flags(new_business));
    table.set("first_with_account", Column::Flags(first_with_account));
    table.set("first_with_contact", Column::Flags(first_with_contact));
    facts.prospect_assumed = assumed;
}

/// The rows of deals by what activities refer to them with: the id, else the name.
pub(super) fn deal_rows(deals: &Table) -> FxHashMap<&str, usize> {
    let mut rows = FxHashMap::default();
    for row in (0..deals.len()).filter(|r| deals.used(*r)) {
        if let Some(key) = deals.text("id", row).or_else(|| deals.text("name", row)) {
            rows.insert(key, row);
        }
    }
    rows
}

/// Whom a deal is with: its account, else itself.
pub(super) fn customer_of_deal(deals: &Table, row: usize) -> Option<String> {
    deals
        .text("account", row)
        .map(|a| format!("account {a}"))
        .or_else(|| deals.text("id", row).or_else(|| deals.text("name", row)).map(|d| format!("deal {d}")))
}

/// Whom an activity is with: the account, else the lead, else the deal stands in.
fn customer(table: &Table, row: usize, deal: Option<usize>, deals: &Table) -> Option<String> {
    table
        .text("account", row)
        .map(|a| format!("account {a}"))
        .or_else(|| table.text("lead", row).map(|l| format!("lead {l}")))
        .or_else(|| deal.and_then(|d| customer_of_deal(deals, d)))
        .or_else(|| table.text("deal", row).map(|d| format!("deal {d}")))
        .or_else(|| table.text("contact", row).map(|c| format!("contact {c}")))
}

/// The day of each customer's first won deal.
pub(super) fn first_wins(deals: &Table) -> FxHashMap<String, Day> {
    let mut wins: FxHashMap<String, Day> = FxHashMap::default();
    for row in (0..deals.len()).filter(|r| deals.used(*r) && deals.text("state", *r) == Some("won")) {
        if let (Some(who), Some(day)) = (customer_of_deal(deals, row), deals.day("closed_on", row)) {
            wins.entry(who).and_modify(|first| *first = (*first).min(day)).or_insert(day);
        }
    }
    wins
}

/// Since when each account is a customer, where the accounts say so.
pub(super) fn customers_since(accounts: &Table) -> FxHashMap<String, Day> {
    (0..accounts.len())
        .filter_map(|row| Some((format!("account {}", accounts.text("id", row)?), accounts.day("customer_since", row)?)))
        .collect()
}

/// Per row, whether no held customer meeting with the same key took place in the [`LOOK_BACK`] days before; null without key or day.
fn firsts(table: &Table, keys: &[Option<String>], held: &[bool]) -> Vec<i8> {
    let mut order: Vec<usize> = (0..keys.len()).filter(|r| keys[*r].is_some() && table.day("day", *r).is_some()).collect();
    let at = |row: usize| table.column("at").and_then(|c| c.number(row));
    order.sort_by(|a, b| {
        let place = |r: usize| (&keys[r], table.day("day", r), at(r), table.file[r], table.line[r]);
        place(*a).cmp(&place(*b))
    });
    let mut first = vec![-1_i8; keys.len()];
    let mut last: Option<(usize, i32)> = None;
    for row in order {
        let Some(day) = table.day("day", row) else { continue };
        let before = last.filter(|(other, _)| keys[*other] == keys[row]).map(|(_, day)| day);
        first[row] = i8::from(before.is_none_or(|held| day.0 - held > LOOK_BACK));
        if held[row] {
            last = Some((row, day.0));
        }
    }
    first
}
