//! The held activities that can have an advance, and to which of them a step of a customer belongs.

use super::ADVANCE_DAYS;
use crate::calendar::Day;
use crate::facts::customer::With;
use crate::facts::rows::{Days, Flags, NONE, PerWord, by_row, code, having, words};
use crate::facts::timeline::{Entry, Timeline};
use crate::table::{Data, Numbers, Table, Words};

/// Every activity that can have an advance, by customer and by deal, each from the earliest to the latest: those of a day by time, then a meeting
/// over a call, then file and line.
pub(super) struct Held<'a> {
    table: &'a Table,
    at: Numbers<'a>,
    meeting: Flags<'a>,
    /// Which deal an activity names, be it one that was not read.
    deal: Option<&'a Words>,
    of_customer: Timeline,
    of_deal: Timeline,
}

/// Whether each activity is a held customer meeting, or a held call that is not internal and not known to have reached nobody.
pub(super) fn can_advance(table: &Table) -> Vec<bool> {
    let (held, call) = (having(table, "outcome", &["held"]), having(table, "kind", &["call"]));
    let [internal, connected, meeting] = ["internal", "connected", "customer_meeting"].map(|name| Flags::of(table, name));
    let reached = |row: usize| call.get(row).is_some() && internal.get(row) != Some(true) && connected.get(row) != Some(false);
    by_row(table.len(), |row| table.used(row) && held.get(row).is_some() && (meeting.get(row) == Some(true) || reached(row)))
}

/// By what activities of a day are told apart.
type Order = (Option<i64>, bool, u16, u32);

fn order(table: &Table, at: Numbers<'_>, meeting: Flags<'_>, row: usize) -> Order {
    (at.get(row), meeting.get(row) == Some(true), table.file[row], table.line.get(row))
}

impl<'a> Held<'a> {
    pub(super) fn new(data: &'a Data, with: &With, can: &[bool], deal_of: &PerWord<'_, u32>) -> Self {
        let table = &data.activities;
        let (days, at, meeting) = (Days::of(table, "day"), Numbers::of(table.column("at")), Flags::of(table, "customer_meeting"));
        let of = |keys: usize, key: &(dyn Fn(usize) -> Option<u32> + Sync)| {
            let key = |row: usize| if can[row] { key(row).unwrap_or(NONE) } else { NONE };
            Timeline::new(days, (table.len(), keys), key, |_| false, |row| order(table, at, meeting, row))
        };
        let of_customer = of(with.customers as usize, &|row| with.activity(row));
        let deal = words(table, "deal");
        let of_deal = of(if deal.is_some() { data.deals.len() } else { 0 }, &|row| deal_of.get(row));
        Self { table, at, meeting, deal, of_customer, of_deal }
    }

    /// The row of the activity to which a step of a customer, in a deal of theirs where one is given, belongs that was taken on a day and has to
    /// do with a day to come: the latest on that day or at most [`ADVANCE_DAYS`] before it, and before the day to come.
    pub(super) fn with(&self, who: u32, deal: Option<u32>, on: Day, before: Day) -> Option<usize> {
        let last = on.min(before.plus(-1));
        let customer = latest(self.of_customer.of(who), on, last, |_| true);
        let deal = deal.and_then(|deal| latest(self.of_deal.of(deal), on, last, |_| true));
        let order = |entry: &Entry| (entry.day(), order(self.table, self.at, self.meeting, entry.row()), entry.row());
        customer.into_iter().chain(deal).max_by_key(order).map(Entry::row)
    }

    /// The same for a step in a deal: the latest that names it; where none does, the latest with its customer that names no deal.
    pub(super) fn about(&self, who: Option<u32>, deal: u32, on: Day) -> Option<usize> {
        let named = latest(self.of_deal.of(deal), on, on, |_| true);
        let names_none = |row: usize| code(self.deal, row).is_none();
        named.or_else(|| latest(self.of_customer.of(who?), on, on, names_none)).map(Entry::row)
    }
}

/// The last of a list up to a day that may be it, if it lies at most [`ADVANCE_DAYS`] before a step.
fn latest(list: &[Entry], on: Day, last: Day, may: impl Fn(usize) -> bool) -> Option<Entry> {
    let until = list.partition_point(|entry| entry.day() <= last);
    let near = |entry: &&Entry| entry.day().0 >= on.0.saturating_sub(ADVANCE_DAYS);
    list[..until].iter().rev().take_while(near).copied().find(|entry| may(entry.row()))
}
