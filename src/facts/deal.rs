//! What deals mean beside each other: new business, first wins, how long they are open and idle.

use rustc_hash::FxHashMap;

use super::customer::{DEAL_HISTORY, customer_of_deal, customers_since, deal_rows, first_wins};
use super::{Facts, Settings};
use crate::calendar::Day;
use crate::table::{Column, Data};

/// Fills `new_business` where the export's own word does not say it, `first_win`, `days_open` and `days_idle`.
pub(super) fn derive(data: &mut Data, settings: &Settings, facts: &Facts) {
    let deals = &data.deals;
    let rows = deals.len();
    let wins = first_wins(deals);
    let since = customers_since(&data.accounts);
    let said: Vec<bool> = (0..rows).map(|row| deals.flag("new_business", row).is_some()).collect();
    let until = facts.through.map_or(settings.as_of, |through| through.min(settings.as_of));
    let touched = last_touch(data);

    let mut new_business = vec![-1_i8; rows];
    let mut first_win = vec![-1_i8; rows];
    let mut days_open = vec![Column::NO_NUMBER; rows];
    let mut days_idle = vec![Column::NO_NUMBER; rows];
    let mut won: Vec<usize> = Vec::new();
    for row in 0..rows {
        let created = deals.day("created_on", row);
        let closed = deals.day("closed_on", row);
        let who = customer_of_deal(deals, row);
        new_business[row] = match (deals.flag("new_business", row), &who, created) {
            (Some(said), ..) => i8::from(said),
            (None, Some(who), Some(day)) if deals.text("account", row).is_some() => {
                i8::from(![wins.get(who), since.get(who)].into_iter().flatten().any(|first| *first < day))
            }
            _ => -1,
        };
        if let Some(created) = created {
            days_open[row] = i64::from(closed.unwrap_or(until).0) - i64::from(created.0);
        }
        if closed.is_none() {
            let last = touched.get(&row).copied().max(created);
            if let Some(last) = last {
                days_idle[row] = (i64::from(until.0) - i64::from(last.0)).max(0);
            }
        }
        if deals.used(row) && deals.text("state", row) == Some("won") && closed.is_some() && who.is_some() {
            won.push(row);
        }
    }
    won.sort_by_key(|r| (customer_of_deal(deals, *r), deals.day("closed_on", *r), deals.file[*r], deals.line[*r]));
    let mut before: Option<String> = None;
    for row in won {
        let who = customer_of_deal(deals, row);
        let first = before != who;
        let known_since = who.as_ref().and_then(|w| since.get(w)).zip(deals.day("closed_on", row)).is_some_and(|(since, day)| *since < day);
        let history = facts.deals.first.zip(deals.day("closed_on", row)).is_some_and(|(first, day)| day.0 - first.0 >= DEAL_HISTORY);
        if !first || known_since {
            first_win[row] = 0;
        } else if history && deals.text("account", row).is_some() {
            first_win[row] = 1;
        }
        before = who;
    }
    data.said_new_business = said;
    let deals = &mut data.deals;
    deals.set("new_business", Column::Flags(new_business));
    deals.set("first_win", Column::Flags(first_win));
    deals.set("days_open", Column::Whole(days_open));
    deals.set("days_idle", Column::Whole(days_idle));
}

/// The day of the last held activity with each deal.
fn last_touch(data: &Data) -> FxHashMap<usize, Day> {
    let index = deal_rows(&data.deals);
    let table = &data.activities;
    let mut last: FxHashMap<usize, Day> = FxHashMap::default();
    for row in (0..table.len()).filter(|r| table.used(*r) && table.text("outcome", *r) == Some("held")) {
        if let (Some(deal), Some(day)) = (table.text("deal", row).and_then(|d| index.get(d)), table.day("day", row)) {
            last.entry(*deal).and_modify(|l| *l = (*l).max(day)).or_insert(day);
        }
    }
    last
}
