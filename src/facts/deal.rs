//! What deals mean beside each other: new business, first wins, how long they are open and idle.

use rayon::prelude::*;

use super::customer::{Customers, DEAL_HISTORY, activity_deals, deal_of};
use super::rows::{Days, Flags, NONE, PerWord, by_row, code, having, joined, words};
use super::{Facts, Needs, Part, Settings};
use crate::calendar::Day;
use crate::table::{Column, Data, Table, Words};

/// Fills `new_business` where the export's own word does not say it, `first_win`, `days_open` and `days_idle`; what is asked for of it.
pub(super) fn derive(data: &mut Data, settings: &Settings, needs: &Needs, facts: &mut Facts) {
    let until = facts.through.map_or(settings.as_of, |through| through.min(settings.as_of));
    if needs.part(Part::NewDeals) {
        business(data, facts);
    }
    let deals = &data.deals;
    let (created, closed) = (Days::of(deals, "created_on"), Days::of(deals, "closed_on"));
    let open = needs.part(Part::DaysOpen).then(|| {
        let open = |row: usize| Some(i64::from(closed.get(row).unwrap_or(until).0) - i64::from(created.get(row)?.0));
        by_row(deals.len(), |row| open(row).unwrap_or(Column::NO_NUMBER))
    });
    let idle = needs.part(Part::DaysIdle).then(|| {
        let touched = last_touch(data, facts, until, None);
        let idle = |row: usize| {
            let last = touched.as_ref().filter(|_| closed.get(row).is_none()).and_then(|touched| touched[row].max(created.get(row)))?;
            Some((i64::from(until.0) - i64::from(last.0)).max(0))
        };
        by_row(deals.len(), |row| idle(row).unwrap_or(Column::NO_NUMBER))
    });
    for (name, days) in [("days_open", open), ("days_idle", idle)] {
        if let Some(days) = days {
            data.deals.set(name, Column::Whole(days));
        }
    }
}

fn business(data: &mut Data, facts: &mut Facts) {
    let deals = &data.deals;
    let rows = deals.len();
    let customers = Customers::of(data);
    let (created, closed) = (Days::of(deals, "created_on"), Days::of(deals, "closed_on"));
    let (account, new, won) = (words(deals, "account"), Flags::of(deals, "new_business"), having(deals, "state", &["won"]));
    let who = {
        let of_deals = customers.of_deals(deals);
        by_row(rows, |row| of_deals(row).unwrap_or(NONE))
    };
    let said = by_row(rows, |row| new.get(row).is_some());
    let new_business = by_row(rows, |row| match (new.get(row), created.get(row)) {
        (Some(said), _) => i8::from(said),
        (None, Some(day)) if code(account, row).is_some() => i8::from(!customers.bought_before(who[row], day)),
        _ => -1,
    });
    let may_win = |row: usize| deals.used(row) && won.get(row).is_some() && who[row] != NONE;
    let win = |row: usize| Some((who[row], closed.get(row)?, deals.file[row], deals.line.get(row), row));
    let mut wins: Vec<(u32, Day, u16, u32, usize)> = (0..rows).filter(|row| may_win(*row)).filter_map(win).collect();
    wins.par_sort_unstable();
    let mut first_win = vec![-1_i8; rows];
    let mut before = None;
    for (who, day, _, _, row) in wins {
        let history = facts.deals.first.is_some_and(|first| day.0 - first.0 >= DEAL_HISTORY);
        if before == Some(who) || customers.since_before(who, day) {
            first_win[row] = 0;
        } else if history && code(account, row).is_some() {
            first_win[row] = 1;
        }
        before = Some(who);
    }
    facts.new_business_assumed = (0..rows).filter(|r| deals.used(*r) && !said[*r] && new_business[*r] == 1).count() as u64;
    data.said_new_business = said;
    data.deals.set("new_business", Column::Flags(new_business));
    data.deals.set("first_win", Column::Flags(first_win));
}

/// The day of the last held activity with each deal, not after a day where one is given; where no activity names a deal, each is with every
/// deal of its account. None where the exports cannot tell: without an activity that is with any deal, or where they ended before `end`.
fn last_touch(data: &Data, facts: &Facts, end: Day, until: Option<Day>) -> Option<Vec<Option<Day>>> {
    let table = &data.activities;
    if facts.activities.ended && facts.activities.last.is_none_or(|last| last < end) {
        return None;
    }
    let (held, days) = (having(table, "outcome", &["held"]), Days::of(table, "day"));
    let deal_of = deal_of(table, &activity_deals(data));
    let (accounts, named_accounts) = (words(&data.deals, "account"), words(table, "account"));
    let account_of = named_accounts.zip(accounts).map(|(from, to)| joined(from.words(), to.words())).unwrap_or_default();
    let account_of = PerWord::by_code(named_accounts, account_of.into_iter().map(|code| Some(code).filter(|code| *code != NONE)));
    let mut last: Vec<Option<Day>> = vec![None; data.deals.len()];
    let mut met: Vec<Option<Day>> = vec![None; accounts.map_or(0, |accounts| accounts.words().len())];
    let (mut named, mut any) = (false, false);
    for row in (0..table.len()).filter(|r| table.used(*r) && held.get(*r).is_some()) {
        let slot = match (deal_of.get(row), account_of.get(row)) {
            (Some(deal), _) => {
                named = true;
                &mut last[deal as usize]
            }
            (None, Some(account)) => &mut met[account as usize],
            _ => continue,
        };
        any = true;
        *slot = (*slot).max(days.get(row).filter(|day| until.is_none_or(|until| *day <= until)));
    }
    if !named {
        for (row, last) in last.iter_mut().enumerate() {
            *last = (*last).max(code(accounts, row).and_then(|account| met[account as usize]));
        }
    }
    any.then_some(last)
}

/// The deals as they stood at the end of an earlier day: what was closed later was still open then, with today's amount and stage.
pub fn deals_at(data: &Data, facts: &Facts, end: Day) -> Table {
    let mut deals = data.deals.clone();
    let rows = deals.len();
    let later = |closed: Days<'_>, row: usize| closed.get(row).is_some_and(|day| day > end);
    let (created, closed) = (Days::of(&data.deals, "created_on"), Days::of(&data.deals, "closed_on"));
    let reopened: Vec<usize> = (0..rows).filter(|row| later(closed, *row)).collect();
    if let Some(state) = opened(words(&deals, "state"), rows, &reopened) {
        deals.set("state", Column::Words(state));
    }
    // Nobody asks for what was not derived.
    if deals.column("days_idle").is_some() {
        let open = having(&data.deals, "state", &["open"]);
        let touched = last_touch(data, facts, end, Some(end));
        let idle = |row: usize| {
            let last = touched.as_ref().and_then(|touched| touched[row].max(created.get(row)));
            last.filter(|_| later(closed, row) || open.get(row).is_some()).map(|last| (i64::from(end.0) - i64::from(last.0)).max(0))
        };
        deals.set("days_idle", Column::Whole((0..rows).map(|row| idle(row).unwrap_or(Column::NO_NUMBER)).collect()));
    }
    let closed = (0..rows).map(|row| closed.get(row).filter(|_| !later(closed, row)).map_or(Column::NO_DAY, |day| day.0)).collect();
    deals.set("closed_on", Column::Days(closed));
    deals
}

/// The states of deals of which some are open again; none where that changes nothing.
pub(super) fn opened(state: Option<&Words>, rows: usize, open: &[usize]) -> Option<Words> {
    if state.is_some() && open.is_empty() {
        return None;
    }
    let mut names: Vec<&str> = state.into_iter().flat_map(|state| state.words().iter()).collect();
    let mut codes: Vec<u32> = (0..rows).map(|row| code(state, row).unwrap_or(NONE)).collect();
    for row in open {
        codes[*row] = names.len() as u32;
    }
    names.push("open");
    Some(Words::from_codes(&names, codes))
}
