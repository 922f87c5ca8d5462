//! The held activities that can have an advance, and to which of them a step of a customer belongs.

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
    /// Those of a customer that name no deal.
    of_no_deal: FxHashMap<u32, Vec<u32>>,
    of_deal: FxHashMap<usize, Vec<u32>>,
}

/// Whether each activity is a held customer meeting, or a held call that is not internal and not known to have reached nobody.
pub(super) fn can_advance(table: &Table) -> Vec<bool> {
    let held = PerWord::new(words(table, "outcome"), |word| (word == "held").then_some(()));
    let call = PerWord::new(words(table, "kind"), |word| (word == "call").then_some(()));
    let reached =
        |row: usize| call.get(row).is_some() && table.flag("internal", row) != Some(true) && table.flag("connected", row) != Some(false);
    (0..table.len())
        .map(|row| table.used(row) && held.get(row).is_some() && (table.flag("customer_meeting", row) == Some(true) || reached(row)))
        .collect()
}

impl Held {
    pub(super) fn new(data: &Data, with: &With, can: &[bool], deal_of: &PerWord<'_, usize>) -> Self {
        let table = &data.activities;
        let at = table.column("at");
        let names_deal = |row: usize| table.text("deal", row).is_some();
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
        let mut found = Self { all, of_customer: FxHashMap::default(), of_no_deal: FxHashMap::default(), of_deal: FxHashMap::default() };
        for (place, one) in found.all.iter().enumerate() {
            let (place, deal) = (place as u32, deal_of.get(one.row));
            if let Some(who) = with.activity[one.row] {
                found.of_customer.entry(who).or_default().push(place);
                if !names_deal(one.row) {
                    found.of_no_deal.entry(who).or_default().push(place);
                }
            }
            if let Some(deal) = deal {
                found.of_deal.entry(deal).or_default().push(place);
            }
        }
        found
    }

    /// The row of the activity to which a step of a customer, in a deal of theirs where one is given, belongs that was taken on a day and has to
    /// do with a day to come: the latest on that day or at most [`ADVANCE_DAYS`] before it, and before the day to come.
    pub(super) fn with(&self, who: Option<u32>, deal: Option<usize>, on: Day, before: Day) -> Option<usize> {
        let last = on.min(before.plus(-1));
        let customer = self.latest(who.and_then(|who| self.of_customer.get(&who)), on, last);
        customer.max(self.latest(deal.and_then(|deal| self.of_deal.get(&deal)), on, last)).map(|place| self.row(place))
    }

    /// The same for a step in a deal: the latest that names it; where none does, the latest with its customer that names no deal.
    pub(super) fn about(&self, who: Option<u32>, deal: usize, on: Day) -> Option<usize> {
        let named = self.latest(self.of_deal.get(&deal), on, on);
        named.or_else(|| self.latest(who.and_then(|who| self.of_no_deal.get(&who)), on, on)).map(|place| self.row(place))
    }

    fn row(&self, place: u32) -> usize {
        self.all[place as usize].row
    }

    /// The last of a list up to a day, if it lies at most [`ADVANCE_DAYS`] before a step.
    fn latest(&self, list: Option<&Vec<u32>>, on: Day, last: Day) -> Option<u32> {
        let list = list?;
        let until = list.partition_point(|place| self.all[*place as usize].day <= last);
        let place = *list.get(until.checked_sub(1)?)?;
        (self.all[place as usize].day.0 >= on.0.saturating_sub(ADVANCE_DAYS)).then_some(place)
    }
}
