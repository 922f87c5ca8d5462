//! Prospects and first meetings (measures, section 2).

use rustc_hash::FxHashMap;

use super::Facts;
use crate::calendar::Day;
use crate::table::{Column, Data, Table, Words};

/// A meeting is new when none was held with that customer in this many days before.
pub const LOOK_BACK: i32 = 180;

/// Deals must reach back this many days before an account without an earlier win is known to be a prospect.
pub(super) const DEAL_HISTORY: i32 = 731;

/// Whom records are with: accounts, leads and deals as numbers, so that rows are compared without text.
#[derive(Default)]
pub(super) struct Customers {
    index: FxHashMap<(char, Box<str>), u32>,
    /// Per customer, the day of the first won deal.
    wins: Vec<Option<Day>>,
    /// Per customer, since when it is one by its own record.
    since: Vec<Option<Day>>,
}

impl Customers {
    fn number(&mut self, sort: char, text: &str) -> u32 {
        let next = self.index.len() as u32;
        *self.index.entry((sort, text.into())).or_insert(next)
    }

    /// Everybody whom deals and accounts name.
    pub(super) fn of(data: &Data) -> Self {
        let mut customers = Self::default();
        let deals = &data.deals;
        for row in (0..deals.len()).filter(|r| deals.used(*r) && deals.text("state", *r) == Some("won")) {
            if let (Some(who), Some(day)) = (customers.of_deal(deals, row), deals.day("closed_on", row)) {
                let slot = slot(&mut customers.wins, who);
                *slot = Some(slot.map_or(day, |first| first.min(day)));
            }
        }
        let accounts = &data.accounts;
        for row in 0..accounts.len() {
            if let (Some(id), Some(day)) = (accounts.text("id", row), accounts.day("customer_since", row)) {
                let who = customers.number('a', id);
                *slot(&mut customers.since, who) = Some(day);
            }
        }
        customers
    }

    /// Whom a deal is with: its account, else itself.
    pub(super) fn of_deal(&mut self, deals: &Table, row: usize) -> Option<u32> {
        match deals.text("account", row) {
            Some(account) => Some(self.number('a', account)),
            None => Some(self.number('d', deals.text("id", row).or_else(|| deals.text("name", row))?)),
        }
    }

    /// Whether somebody had bought before a day.
    pub(super) fn bought_before(&self, who: u32, day: Day) -> bool {
        [&self.wins, &self.since].into_iter().any(|days| days.get(who as usize).copied().flatten().is_some_and(|first| first < day))
    }

    /// Per customer, since when it is one.
    fn bought(&self) -> Vec<Option<Day>> {
        let of = |days: &[Option<Day>], who: usize| days.get(who).copied().flatten();
        (0..self.index.len()).map(|who| [of(&self.wins, who), of(&self.since, who)].into_iter().flatten().min()).collect()
    }

    /// Per customer, whether a deal can be with it, given whom each deal is with.
    fn in_deals(&self, deals: &Table, with: &[Option<u32>]) -> Vec<bool> {
        let accounts = words(deals, "account").is_some_and(|accounts| !accounts.words().is_empty());
        let mut found = vec![false; self.index.len()];
        for ((sort, _), who) in &self.index {
            found[*who as usize] = accounts && *sort == 'a';
        }
        for who in with.iter().flatten() {
            found[*who as usize] = true;
        }
        found
    }

    /// Whether somebody was a customer before a day by its own record.
    pub(super) fn since_before(&self, who: u32, day: Day) -> bool {
        self.since.get(who as usize).copied().flatten().is_some_and(|first| first < day)
    }
}

fn slot(days: &mut Vec<Option<Day>>, who: u32) -> &mut Option<Day> {
    let at = who as usize;
    if days.len() <= at {
        days.resize(at + 1, None);
    }
    &mut days[at]
}

/// Whom the records of a run are with, as numbers that activities and deals share.
#[derive(Debug, Clone, Default)]
pub struct With {
    /// Per activity: its account, else its lead, its deal's account, its deal, its contact; none where nothing says.
    pub activity: Vec<Option<u32>>,
    /// Per deal: its account, else itself.
    pub deal: Vec<Option<u32>>,
    /// Per customer, since when it is one: the day of the first won deal, or by its own record.
    pub bought: Vec<Option<Day>>,
    /// Per customer, whether a deal can be with it: the deals themselves, and accounts where deals name any. Of leads and contacts no deal
    /// tells what became.
    pub in_deals: Vec<bool>,
}

/// Fills `customer_meeting`, `prospect`, `new_business`, `first_with_account` and `first_with_contact` of activities, and gives whom
/// everything is with.
pub(super) fn derive(data: &mut Data, facts: &mut Facts) -> With {
    let table = &data.activities;
    let rows = table.len();
    let meeting = PerWord::new(words(table, "kind"), |word| matches!(word, "meeting" | "presentation").then_some(()));
    let customer_meeting: Vec<i8> =
        (0..rows).map(|row| i8::from(meeting.get(row).is_some() && table.flag("internal", row) != Some(true))).collect();
    let held_word = PerWord::new(words(table, "outcome"), |word| (word == "held").then_some(()));
    let held: Vec<bool> = (0..rows).map(|row| table.used(row) && customer_meeting[row] == 1 && held_word.get(row).is_some()).collect();

    let mut customers = Customers::of(data);
    let index = deal_rows(&data.deals);
    let deal_of = PerWord::new(words(table, "deal"), |word| index.get(word).copied());
    let of_account = PerWord::new(words(table, "account"), |word| Some(customers.number('a', word)));
    let of_lead = PerWord::new(words(table, "lead"), |word| Some(customers.number('l', word)));
    // Without an account or lead the deal stands in, then the contact.
    let of_deal = PerWord::new(words(table, "deal"), |word| match index.get(word) {
        Some(row) => customers.of_deal(&data.deals, *row),
        None => Some(customers.number('d', word)),
    });
    let of_contact = PerWord::new(words(table, "contact"), |word| Some(customers.number('c', word)));
    let who = |row: usize| of_account.get(row).or_else(|| of_lead.get(row)).or_else(|| of_deal.get(row)).or_else(|| of_contact.get(row));

    let deals_known = (0..data.deals.len()).any(|r| data.deals.used(r));
    let lead = words(table, "lead");
    let mut prospect = vec![-1_i8; rows];
    let mut assumed = vec![false; rows];
    let mut new_business = vec![-1_i8; rows];
    let mut with = vec![None; rows];
    for row in 0..rows {
        with[row] = who(row);
        let deal = deal_of.get(row);
        let deal_new = deal.and_then(|d| data.deals.flag("new_business", d));
        new_business[row] = deal_new.map_or(-1, i8::from);
        let said = data.said_prospect.get(row).copied().flatten();
        let by_lead = lead.and_then(|l| l.code(row)).map(|_| true);
        let by_type = deal.filter(|d| data.said_new_business.get(*d).copied().unwrap_or(false)).and(deal_new);
        if let Some(known) = said.or(by_lead).or(by_type) {
            prospect[row] = i8::from(known);
            continue;
        }
        let (Some(who), Some(day)) = (with[row], table.day("day", row)) else { continue };
        if customers.bought_before(who, day) {
            prospect[row] = 0;
        } else if deals_known {
            prospect[row] = 1;
            assumed[row] = facts.deals.first.is_none_or(|first| first.0 > day.0 - DEAL_HISTORY);
        }
    }
    let contacts: Vec<Option<u32>> = (0..rows).map(|row| of_contact.get(row)).collect();
    let first_with_account = firsts(table, &with, &held);
    let first_with_contact = firsts(table, &contacts, &held);
    let deal: Vec<Option<u32>> = (0..data.deals.len()).map(|row| customers.of_deal(&data.deals, row)).collect();
    let (bought, in_deals) = (customers.bought(), customers.in_deals(&data.deals, &deal));
    let table = &mut data.activities;
    table.set("customer_meeting", Column::Flags(customer_meeting));
    table.set("prospect", Column::Flags(prospect));
    table.set("new_business", Column::Flags(new_business));
    table.set("first_with_account", Column::Flags(first_with_account));
    table.set("first_with_contact", Column::Flags(first_with_contact));
    facts.prospect_assumed = assumed;
    With { activity: with, deal, bought, in_deals }
}

/// A column of words.
pub(super) fn words<'a>(table: &'a Table, name: &str) -> Option<&'a Words> {
    match table.column(name) {
        Some(Column::Words(words)) => Some(words),
        _ => None,
    }
}

/// What each distinct word of a column comes to, looked up by row.
pub(super) struct PerWord<'a, T> {
    column: Option<&'a Words>,
    values: Vec<Option<T>>,
}

impl<'a, T: Copy> PerWord<'a, T> {
    /// Understands each distinct word of a column once.
    pub(super) fn new(column: Option<&'a Words>, understand: impl FnMut(&str) -> Option<T>) -> Self {
        let understand = understand;
        Self { column, values: column.map(|c| c.words().iter().map(understand).collect()).unwrap_or_default() }
    }

    /// What the row's word comes to; none where it is blank.
    pub(super) fn get(&self, row: usize) -> Option<T> {
        self.values.get(self.column?.code(row)? as usize).copied().flatten()
    }
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

/// Per row, whether no held customer meeting with the same key took place in the [`LOOK_BACK`] days before; null without key or day.
fn firsts(table: &Table, keys: &[Option<u32>], held: &[bool]) -> Vec<i8> {
    let (at, days) = (table.column("at"), table.column("day"));
    let mut order: Vec<(u32, Day, Option<i64>, u16, u32, usize)> = (0..keys.len())
        .filter_map(|row| Some((keys[row]?, days?.day(row)?, at.and_then(|c| c.number(row)), table.file[row], table.line[row], row)))
        .collect();
    order.sort_unstable();
    let mut first = vec![-1_i8; keys.len()];
    let mut last: Option<(u32, Day)> = None;
    for (key, day, .., row) in order {
        let before = last.filter(|(other, _)| *other == key).map(|(_, day)| day);
        first[row] = i8::from(before.is_none_or(|held| day.0 - held.0 > LOOK_BACK));
        if held[row] {
            last = Some((key, day));
        }
    }
    first
}
