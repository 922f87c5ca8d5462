//! Prospects and first meetings (measures, section 2).

use std::sync::atomic::{AtomicI8, Ordering};

use super::owner::rows_by_key;
use super::rows::{Days, Flags, NONE, PerWord, by_row, code, having, united, words};
use super::timeline::Timeline;
use super::{Facts, Needs, Part};
use crate::calendar::Day;
use crate::table::{Column, Data, Numbers, Table};

/// A meeting is new when none was held with that customer in this many days before.
pub const LOOK_BACK: i32 = 180;

/// Deals must reach back this many days before an account without an earlier win is known to be a prospect.
pub(super) const DEAL_HISTORY: i32 = 731;

/// Whom records are with: accounts, deals, leads and contacts as numbers, so that rows are compared without text. Accounts come first, then
/// deals that are with no account, then leads, then contacts.
#[derive(Default)]
pub(super) struct Customers {
    /// How many accounts there are, how many with deals, how many with leads, and how many of all.
    ends: [u32; 4],
    /// The number of each account that deals name, and that activities name.
    accounts: [Vec<u32>; 2],
    /// The number of each id and each name of deals, and of each word by which activities name one.
    deals: [Vec<u32>; 3],
    /// Per account and deal, the day of the first won deal.
    wins: Vec<i32>,
    /// Per account, since when it is a customer by its own record.
    since: Vec<i32>,
}

/// What stands for no day where the least of several days counts.
const NEVER: i32 = i32::MAX;

impl Customers {
    /// Everybody whom deals, accounts and activities name.
    pub(super) fn of(data: &Data) -> Self {
        let (deals, accounts, activities) = (&data.deals, &data.accounts, &data.activities);
        let account = words(deals, "account");
        let (count, [of_deals, of_accounts, of_activities]) = united([account, words(accounts, "id"), words(activities, "account")]);
        let named = words(activities, "deal");
        let themselves = named.is_some() || (0..deals.len()).any(|row| code(account, row).is_none());
        let columns = if themselves { [words(deals, "id"), words(deals, "name"), named] } else { [None; 3] };
        let (more, mut numbers) = united(columns);
        for number in numbers.iter_mut().flatten() {
            *number += count as u32;
        }
        let distinct = |name: &str| words(activities, name).map_or(0, |words| words.words().len());
        let with_deals = count + more;
        let with_leads = with_deals + distinct("lead");
        let ends = [count, with_deals, with_leads, with_leads + distinct("contact")].map(|end| end as u32);
        let mut found = Self { ends, accounts: [of_deals, of_activities], deals: numbers, wins: Vec::new(), since: vec![NEVER; count] };
        let mut wins = vec![NEVER; with_deals];
        let (won, closed, of_deals) = (having(deals, "state", &["won"]), Days::of(deals, "closed_on"), found.of_deals(deals));
        for row in (0..deals.len()).filter(|row| deals.used(*row) && won.get(*row).is_some()) {
            if let (Some(who), Some(day)) = (of_deals(row), closed.get(row)) {
                let first = &mut wins[who as usize];
                *first = day.0.min(*first);
            }
        }
        drop(of_deals);
        found.wins = wins;
        let (id, since) = (words(accounts, "id"), Days::of(accounts, "customer_since"));
        for row in 0..accounts.len() {
            if let (Some(id), Some(day)) = (code(id, row), since.get(row)) {
                found.since[of_accounts[id as usize] as usize] = day.0;
            }
        }
        found
    }

    /// Whom each deal is with: its account, else itself.
    pub(super) fn of_deals<'a>(&'a self, deals: &'a Table) -> impl Fn(usize) -> Option<u32> + Sync + Send + 'a {
        let [account, id, name] = ["account", "id", "name"].map(|name| words(deals, name));
        let number = |numbers: &[u32], code: Option<u32>| code.and_then(|code| numbers.get(code as usize).copied());
        move |row| {
            let account = number(&self.accounts[0], code(account, row));
            account.or_else(|| number(&self.deals[0], code(id, row))).or_else(|| number(&self.deals[1], code(name, row)))
        }
    }

    fn first(days: &[i32], who: u32) -> i32 {
        days.get(who as usize).copied().unwrap_or(NEVER)
    }

    /// Since when somebody is a customer; [`NEVER`] for whom nothing says so.
    fn since_when(&self, who: u32) -> i32 {
        Self::first(&self.wins, who).min(Self::first(&self.since, who))
    }

    /// Whether somebody had bought before a day.
    pub(super) fn bought_before(&self, who: u32, day: Day) -> bool {
        self.since_when(who) < day.0
    }

    /// Per customer, since when it is one.
    fn bought(&self) -> Vec<Option<Day>> {
        (0..self.ends[1]).map(|who| Some(self.since_when(who)).filter(|day| *day != NEVER).map(Day)).collect()
    }

    /// Per account and deal, whether a deal can be with it, given whom each deal is with.
    fn in_deals(&self, deals: &Table, with: &[u32]) -> Vec<bool> {
        let accounts = words(deals, "account").is_some_and(|accounts| !accounts.words().is_empty());
        let mut found = vec![false; self.ends[1] as usize];
        found[..self.ends[0] as usize].fill(accounts);
        for who in with.iter().filter(|who| **who != NONE) {
            found[*who as usize] = true;
        }
        found
    }

    /// Whether somebody was a customer before a day by its own record.
    pub(super) fn since_before(&self, who: u32, day: Day) -> bool {
        Self::first(&self.since, who) < day.0
    }
}

/// Whom the records of a run are with, as numbers that activities and deals share; where that was asked for.
#[derive(Debug, Clone, Default)]
pub struct With {
    activities: Vec<u32>,
    deals: Vec<u32>,
    /// How many customers there are.
    pub(super) customers: u32,
    bought: Vec<Option<Day>>,
    in_deals: Vec<bool>,
}

impl With {
    /// Whom an activity is with: its account, else its lead, its deal's account, its deal, its contact; none where nothing says.
    pub fn activity(&self, row: usize) -> Option<u32> {
        self.activities.get(row).copied().filter(|who| *who != NONE)
    }

    /// Whom a deal is with: its account, else itself.
    pub fn deal(&self, row: usize) -> Option<u32> {
        self.deals.get(row).copied().filter(|who| *who != NONE)
    }

    /// Since when somebody is a customer: the day of the first won deal, or by its own record.
    pub fn bought(&self, who: u32) -> Option<Day> {
        self.bought.get(who as usize).copied().flatten()
    }

    /// Whether a deal can be with somebody: with the deals themselves, and accounts where deals name any. Of leads and contacts no deal tells
    /// what became.
    pub fn in_deals(&self, who: u32) -> bool {
        self.in_deals.get(who as usize) == Some(&true)
    }
}

/// Fills `customer_meeting`, `prospect`, `new_business`, `first_with_account` and `first_with_contact` of activities, and gives whom
/// everything is with; what is asked for of it.
pub(super) fn derive(data: &mut Data, needs: &Needs, facts: &mut Facts) -> With {
    if needs.part(Part::CustomerMeeting) {
        let table = &data.activities;
        let (meeting, internal) = (having(table, "kind", &["meeting", "presentation"]), Flags::of(table, "internal"));
        let met = |row: usize| i8::from(meeting.get(row).is_some() && internal.get(row) != Some(true));
        let met = by_row(table.len(), met);
        data.activities.set("customer_meeting", Column::Flags(met));
    }
    if !needs.part(Part::With) {
        return With::default();
    }
    let customers = Customers::of(data);
    let deal_row = activity_deals(data);
    let with = with(data, &customers, &deal_row);
    if needs.part(Part::Prospect) {
        prospects(data, &customers, &with, &deal_row, needs, facts);
    }
    let table = &data.activities;
    let (held, meeting) = (having(table, "outcome", &["held"]), Flags::of(table, "customer_meeting"));
    let held = |row: usize| table.used(row) && held.get(row).is_some() && meeting.get(row) == Some(true);
    let account = needs.part(Part::FirstWithAccount).then(|| {
        let who = |row: usize| with.activities[row];
        firsts(table, who, customers.ends[3] as usize, held)
    });
    let contact = words(table, "contact");
    let contact = needs.part(Part::FirstWithContact).then(|| {
        let who = |row: usize| code(contact, row).unwrap_or(NONE);
        firsts(table, who, contact.map_or(0, |words| words.words().len()), held)
    });
    for (name, first) in [("first_with_account", account), ("first_with_contact", contact)] {
        if let Some(first) = first {
            data.activities.set(name, Column::Flags(first));
        }
    }
    with
}

/// For each word by which activities name a deal, its row; [`NONE`] of a deal that was not read.
pub(super) fn activity_deals(data: &Data) -> Vec<u32> {
    words(&data.activities, "deal")
        .map(|deals| rows_by_key(deals, &data.deals, &["id", "name"], |row| data.deals.used(row)))
        .unwrap_or_default()
}

/// Looks up the row of the deal that an activity names.
pub(super) fn deal_of<'a>(activities: &'a Table, rows: &[u32]) -> PerWord<'a, u32> {
    PerWord::by_code(words(activities, "deal"), rows.iter().map(|row| Some(*row).filter(|row| *row != NONE)))
}

fn with(data: &Data, customers: &Customers, deal_row: &[u32]) -> With {
    let (table, deals) = (&data.activities, &data.deals);
    let of_deals = customers.of_deals(deals);
    let of_deals: Vec<u32> = by_row(deals.len(), |row| of_deals(row).unwrap_or(NONE));
    let [account, lead, deal, contact] = ["account", "lead", "deal", "contact"].map(|name| words(table, name));
    // Without an account or lead the deal stands in, then the contact.
    let of_deal = |code: u32| match deal_row[code as usize] {
        NONE => customers.deals[2].get(code as usize).copied(),
        row => Some(of_deals[row as usize]).filter(|who| *who != NONE),
    };
    let [_, first_lead, first_contact, all] = customers.ends;
    let who = |row: usize| {
        let account = code(account, row).map(|code| customers.accounts[1][code as usize]);
        let who = account.or_else(|| code(lead, row).map(|code| first_lead + code)).or_else(|| code(deal, row).and_then(of_deal));
        who.or_else(|| code(contact, row).map(|code| first_contact + code)).unwrap_or(NONE)
    };
    let activities = by_row(table.len(), who);
    let (bought, in_deals) = (customers.bought(), customers.in_deals(deals, &of_deals));
    With { activities, deals: of_deals, customers: all, bought, in_deals }
}

/// Fills `prospect` and `new_business` of activities.
fn prospects(data: &mut Data, customers: &Customers, with: &With, deal_row: &[u32], needs: &Needs, facts: &mut Facts) {
    /// A prospect only because no earlier win is known.
    const ASSUMED: i8 = 2;
    let (table, deals) = (&data.activities, &data.deals);
    let deals_known = (0..deals.len()).any(|row| deals.used(row));
    let (lead, days) = (words(table, "lead"), Days::of(table, "day"));
    let (deal, new) = (deal_of(table, deal_row), Flags::of(deals, "new_business"));
    let new_business = by_row(table.len(), |row| deal.get(row).and_then(|deal| new.get(deal as usize)).map_or(-1, i8::from));
    let mut prospect = by_row(table.len(), |row| {
        let said = data.said_prospect.get(row).copied().flatten();
        let by_lead = code(lead, row).map(|_| true);
        let by_type = || {
            let deal = deal.get(row).filter(|deal| data.said_new_business.get(*deal as usize).copied().unwrap_or(false))?;
            new.get(deal as usize)
        };
        if let Some(known) = said.or(by_lead).or_else(by_type) {
            return i8::from(known);
        }
        let (Some(who), Some(day)) = (with.activity(row), days.get(row)) else { return -1 };
        if customers.bought_before(who, day) {
            0
        } else if !deals_known {
            -1
        } else if facts.deals.first.is_none_or(|first| first.0 > day.0 - DEAL_HISTORY) {
            ASSUMED
        } else {
            1
        }
    });
    if needs.part(Part::Assumed) {
        facts.prospect_assumed = prospect.iter().map(|flag| *flag == ASSUMED).collect();
    }
    for flag in &mut prospect {
        *flag = (*flag).min(1);
    }
    data.activities.set("prospect", Column::Flags(prospect));
    data.activities.set("new_business", Column::Flags(new_business));
}

/// Per row, whether no held customer meeting with the same key took place in the [`LOOK_BACK`] days before; null without key or day.
fn firsts(table: &Table, key: impl Fn(usize) -> u32 + Sync + Send, keys: usize, held: impl Fn(usize) -> bool) -> Vec<i8> {
    let at = Numbers::of(table.column("at"));
    let order = |row: usize| (at.get(row), table.file[row], table.line.get(row));
    let all = Timeline::new(Days::of(table, "day"), (table.len(), keys), key, held, order);
    // A row belongs to one key, so that no two threads fill the same place.
    let first: Vec<AtomicI8> = by_row(table.len(), |_| AtomicI8::new(-1));
    all.each(|entries| {
        let mut last: Option<Day> = None;
        for entry in entries {
            let is_first = last.is_none_or(|held| entry.day().0 - held.0 > LOOK_BACK);
            first[entry.row()].store(i8::from(is_first), Ordering::Relaxed);
            if entry.marked() {
                last = Some(entry.day());
            }
        }
    });
    first.into_iter().map(AtomicI8::into_inner).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::table::Kind;

    proptest! {
        #[test]
        fn a_meeting_is_a_first_where_none_is_held_before(
            rows in proptest::collection::vec((0_u32..4, 0_i32..400, 0_i64..3, 0_u16..2, 0_u32..3, any::<bool>()), 0..60)
        ) {
            let mut table = Table::new(Kind::Activities, rows.iter().map(|r| r.3).collect(), rows.iter().map(|r| r.4).collect());
            let blank = |day: i32| if day < 20 { Column::NO_DAY } else { day - 50 };
            table.set("day", Column::Days(rows.iter().map(|r| blank(r.1)).collect()));
            table.set("at", Column::Instants(rows.iter().map(|r| if r.2 == 0 { Column::NO_NUMBER } else { r.2 }).collect()));
            let key = |row: usize| if rows[row].0 == 3 { NONE } else { rows[row].0 };
            let found = firsts(&table, key, 3, |row| rows[row].5);
            let (days, at) = (Days::of(&table, "day"), Numbers::of(table.column("at")));
            let place = |row: usize| (days.get(row), at.get(row), table.file[row], table.line.get(row), row);
            for (row, found) in found.into_iter().enumerate() {
                let before = (0..rows.len()).filter(|other| rows[*other].5 && key(*other) == key(row) && place(*other) < place(row));
                let last = before.filter_map(|other| days.get(other)).max();
                let plain = days.get(row).filter(|_| key(row) != NONE).map_or(-1, |day| i8::from(last.is_none_or(|last| day.0 - last.0 > LOOK_BACK)));
                prop_assert_eq!(found, plain, "row {}", row);
            }
        }
    }
}
