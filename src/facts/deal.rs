//! What deals mean beside each other: new business, first wins, how long they are open and idle.

use super::customer::{Customers, DEAL_HISTORY, PerWord, deal_rows, words};
use super::{Facts, Settings};
use crate::calendar::Day;
use crate::table::{Column, Data, Table, WordsBuilder};

/// Fills `new_business` where the export's own word does not say it, `first_win`, `days_open` and `days_idle`.
pub(super) fn derive(data: &mut Data, settings: &Settings, facts: &mut Facts) {
    let deals = &data.deals;
    let rows = deals.len();
    let mut customers = Customers::of(data);
    let said: Vec<bool> = (0..rows).map(|row| deals.flag("new_business", row).is_some()).collect();
    let until = facts.through.map_or(settings.as_of, |through| through.min(settings.as_of));
    let touched = last_touch(data, facts, until, None);

    let mut new_business = vec![-1_i8; rows];
    let mut days_open = vec![Column::NO_NUMBER; rows];
    let mut days_idle = vec![Column::NO_NUMBER; rows];
    let mut won = Vec::new();
    for row in 0..rows {
        let created = deals.day("created_on", row);
        let closed = deals.day("closed_on", row);
        let who = customers.of_deal(deals, row);
        let account = deals.text("account", row).is_some();
        new_business[row] = match (deals.flag("new_business", row), who, created) {
            (Some(said), ..) => i8::from(said),
            (None, Some(who), Some(day)) if account => i8::from(!customers.bought_before(who, day)),
            _ => -1,
        };
        if let Some(created) = created {
            days_open[row] = i64::from(closed.unwrap_or(until).0) - i64::from(created.0);
        }
        if closed.is_none()
            && let Some(last) = touched.as_ref().and_then(|touched| touched[row].max(created))
        {
            days_idle[row] = (i64::from(until.0) - i64::from(last.0)).max(0);
        }
        if let (true, Some("won"), Some(who), Some(day)) = (deals.used(row), deals.text("state", row), who, closed) {
            won.push((who, day, deals.file[row], deals.line[row], row));
        }
    }
    won.sort_unstable();
    let mut first_win = vec![-1_i8; rows];
    let mut before = None;
    for (who, day, .., row) in won {
        let history = facts.deals.first.is_some_and(|first| day.0 - first.0 >= DEAL_HISTORY);
        if before == Some(who) || customers.since_before(who, day) {
            first_win[row] = 0;
        } else if history && deals.text("account", row).is_some() {
            first_win[row] = 1;
        }
        before = Some(who);
    }
    facts.new_business_assumed = (0..rows).filter(|r| deals.used(*r) && !said[*r] && new_business[*r] == 1).count() as u64;
    data.said_new_business = said;
    let deals = &mut data.deals;
    deals.set("new_business", Column::Flags(new_business));
    deals.set("first_win", Column::Flags(first_win));
    deals.set("days_open", Column::Whole(days_open));
    deals.set("days_idle", Column::Whole(days_idle));
}

/// The day of the last held activity with each deal, not after a day where one is given; where no activity names a deal, each is with every
/// deal of its account. None where the exports cannot tell: without an activity that is with any deal, or where they ended before `end`.
fn last_touch(data: &Data, facts: &Facts, end: Day, until: Option<Day>) -> Option<Vec<Option<Day>>> {
    let table = &data.activities;
    if facts.activities.ended && facts.activities.last.is_none_or(|last| last < end) {
        return None;
    }
    let index = deal_rows(&data.deals);
    let deal_of = PerWord::new(words(table, "deal"), |word| index.get(word).copied());
    let accounts = words(&data.deals, "account");
    let account_of = PerWord::new(words(table, "account"), |word| accounts?.code_of(word).map(|code| code as usize));
    let mut last: Vec<Option<Day>> = vec![None; data.deals.len()];
    let mut met: Vec<Option<Day>> = vec![None; accounts.map_or(0, |accounts| accounts.words().len())];
    let (mut named, mut any) = (false, false);
    for row in (0..table.len()).filter(|r| table.used(*r) && table.text("outcome", *r) == Some("held")) {
        let slot = match (deal_of.get(row), account_of.get(row)) {
            (Some(deal), _) => {
                named = true;
                &mut last[deal]
            }
            (None, Some(account)) => &mut met[account],
            _ => continue,
        };
        any = true;
        *slot = (*slot).max(table.day("day", row).filter(|day| until.is_none_or(|until| *day <= until)));
    }
    for (row, last) in last.iter_mut().enumerate().filter(|_| !named) {
        *last = (*last).max(accounts.and_then(|accounts| met.get(accounts.code(row)? as usize).copied().flatten()));
    }
    any.then_some(last)
}

/// The deals as they stood at the end of an earlier day: what was closed later was still open then, with today's amount and stage.
pub fn deals_at(data: &Data, facts: &Facts, end: Day) -> Table {
    let mut deals = data.deals.clone();
    let mut state = WordsBuilder::default();
    let (mut closed, mut idle) = (Vec::with_capacity(deals.len()), Vec::with_capacity(deals.len()));
    let touched = last_touch(data, facts, end, Some(end));
    for row in 0..deals.len() {
        let later = deals.day("closed_on", row).is_some_and(|day| day > end);
        let open = later || deals.text("state", row) == Some("open");
        state.push(if later { Some("open") } else { deals.text("state", row) });
        closed.push(deals.day("closed_on", row).filter(|_| !later).map_or(Column::NO_DAY, |d| d.0));
        let last = touched.as_ref().and_then(|touched| touched[row].max(deals.day("created_on", row))).filter(|_| open);
        idle.push(last.map_or(Column::NO_NUMBER, |last| (i64::from(end.0) - i64::from(last.0)).max(0)));
    }
    deals.set("state", Column::Words(state.finish()));
    deals.set("closed_on", Column::Days(closed));
    deals.set("days_idle", Column::Whole(idle));
    deals
}
