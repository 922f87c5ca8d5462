//! The held activities that can have an advance, and to which of them a step of a customer belongs.

use std::cmp::Reverse;

use rustc_hash::FxHashMap;

use super::ADVANCE_DAYS;
use crate::calendar::Day;
use crate::facts::customer::{PerWord, With, words};
use crate::table::{Data, Table};

/// One of them, in the order in which a day's are told apart: by time, then a meeting over a call, then file and line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct One {
    day: Day,
    at: Option<i64>,
    meeting: bool,
    file: u16,
    line: u32,
    row: usize,
}

/// Every activity that can have an advance, by customer and by deal, each list from the earliest to the latest.
pub(super) struct Held {
    all: Vec<One>,
    of_customer: FxHashMap<u32, Vec<u32>>,
    of_deal: FxHashMap<usize, Vec<u32>>,
}

/// Whether each activity is a held customer meeting, or a held call with a customer that is not known to have reached nobody.
pub(super) fn can_advance(table: &Table, with: &With) -> Vec<bool> {
    let held = PerWord::new(words(table, "outcome"), |word| (word == "held").then_some(()));
    let call = PerWord::new(words(table, "kind"), |word| (word == "call").then_some(()));
    let reached = |row: usize| {
        call.get(row).is_some()
            && table.flag("internal", row) != Some(true)
            && table.flag("connected", row) != Some(false)
            && with.activity[row].is_some()
    };
    (0..table.len())
        .map(|row| table.used(row) && held.get(row).is_some() && (table.flag("customer_meeting", row) == Some(true) || reached(row)))
        .collect()
}

impl Held {
    pub(super) fn new(data: &Data, with: &With, can: &[bool], deal_of: &PerWord<'_, usize>) -> Self {
        let table = &data.activities;
        let at = table.column("at");
        let one = |row: usize| {
            Some(One {
                day: table.day("day", row)?,
                at: at.and_then(|column| column.number(row)),
                meeting: table.flag("customer_meeting", row) == Some(true),
                file: table.file[row],
                line: table.line[row],
                row,
            })
        };
        let mut all: Vec<One> = (0..table.len()).filter(|row| can[*row]).filter_map(one).collect();
        all.sort_unstable();
        let (mut of_customer, mut of_deal) = (FxHashMap::<u32, Vec<u32>>::default(), FxHashMap::<usize, Vec<u32>>::default());
        for (place, one) in all.iter().enumerate() {
            if let Some(who) = with.activity[one.row] {
                of_customer.entry(who).or_default().push(place as u32);
            }
            if let Some(deal) = deal_of.get(one.row) {
                of_deal.entry(deal).or_default().push(place as u32);
            }
        }
        Self { all, of_customer, of_deal }
    }

    /// The row of the latest activity with a customer or about a deal to which a step on a day can belong: on that day or at most
    /// [`ADVANCE_DAYS`] before it, and before another day where one is given.
    pub(super) fn latest(&self, who: Option<u32>, deal: Option<usize>, on: Day, before: Option<Day>) -> Option<usize> {
        let last = before.map_or(on, |before| on.min(before.plus(-1)));
        let in_list = |list: Option<&Vec<u32>>| {
            let list = list?;
            let until = list.partition_point(|place| self.all[*place as usize].day <= last);
            let place = *list.get(until.checked_sub(1)?)?;
            (self.all[place as usize].day.0 >= on.0.saturating_sub(ADVANCE_DAYS)).then_some(place)
        };
        let found = [in_list(who.and_then(|who| self.of_customer.get(&who))), in_list(deal.and_then(|deal| self.of_deal.get(&deal)))];
        let place = found.into_iter().flatten().min_by_key(|place| Reverse(*place))?;
        Some(self.all[place as usize].row)
    }
}
