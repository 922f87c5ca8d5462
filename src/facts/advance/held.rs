//! The held activities that can have an advance, and to which of them a step of a customer belongs.

use rayon::slice::ParallelSliceMut as _;

use super::ADVANCE_DAYS;
use crate::calendar::Day;
use crate::facts::customer::With;
use crate::facts::rows::{Days, Flags, Numbers, PerWord, by_row, code, having, rows_where, words};
use crate::table::{Data, Table, Words};

/// Every activity that can have an advance, in the order in which they are told apart: by day, then by time, then a meeting over a call, then
/// file and line; and the places of each customer's and each deal's in that order.
pub(super) struct Held<'a> {
    rows: Vec<u32>,
    days: Days<'a>,
    /// Which deal an activity names, be it one that was not read.
    deal: Option<&'a Words>,
    of_customer: Lists,
    of_deal: Lists,
}

/// Whether each activity is a held customer meeting, or a held call that is not internal and not known to have reached nobody.
pub(super) fn can_advance(table: &Table) -> Vec<bool> {
    let (held, call) = (having(table, "outcome", &["held"]), having(table, "kind", &["call"]));
    let [internal, connected, meeting] = ["internal", "connected", "customer_meeting"].map(|name| Flags::of(table, name));
    let reached = |row: usize| call.get(row).is_some() && internal.get(row) != Some(true) && connected.get(row) != Some(false);
    by_row(table.len(), |row| table.used(row) && held.get(row).is_some() && (meeting.get(row) == Some(true) || reached(row)))
}

/// Places by a number, each list from the earliest to the latest.
struct Lists {
    /// Where those of each number begin; one more than there are numbers.
    starts: Vec<u32>,
    places: Vec<u32>,
}

impl Lists {
    fn new(numbers: u32, rows: &[u32], number: impl Fn(usize) -> Option<u32>) -> Self {
        let mut starts = vec![0_u32; numbers as usize + 1];
        for number in rows.iter().filter_map(|row| number(*row as usize)) {
            starts[number as usize] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from their ends, the lists begin where they should.
        let mut places = vec![0_u32; end as usize];
        for (place, row) in rows.iter().enumerate().rev() {
            if let Some(number) = number(*row as usize) {
                let start = &mut starts[number as usize];
                *start -= 1;
                places[*start as usize] = place as u32;
            }
        }
        Self { starts, places }
    }

    fn of(&self, number: Option<u32>) -> &[u32] {
        let range = number.and_then(|number| Some((*self.starts.get(number as usize)?, *self.starts.get(number as usize + 1)?)));
        range.map_or(&[], |(start, end)| &self.places[start as usize..end as usize])
    }
}

impl<'a> Held<'a> {
    pub(super) fn new(data: &'a Data, with: &With, can: &[bool], deal_of: &PerWord<'_, u32>) -> Self {
        let table = &data.activities;
        let (days, at, meeting) = (Days::of(table, "day"), Numbers::of(table, "at"), Flags::of(table, "customer_meeting"));
        let rows = rows_where(table.len(), |row| can[row]);
        let mut order: Vec<(i32, u32)> = rows.into_iter().filter_map(|row| Some((days.get(row as usize)?.0, row))).collect();
        order.par_sort_unstable();
        let mut keys = Vec::new();
        for day in order.chunk_by_mut(|(a, _), (b, _)| a == b).filter(|day| day.len() > 1) {
            keys.clear();
            keys.extend(day.iter().map(|(_, row)| {
                let at_row = *row as usize;
                (at.get(at_row), meeting.get(at_row) == Some(true), table.file[at_row], table.line[at_row], *row)
            }));
            keys.sort_unstable();
            for ((_, row), (.., sorted)) in day.iter_mut().zip(&keys) {
                *row = *sorted;
            }
        }
        let rows: Vec<u32> = order.into_iter().map(|(_, row)| row).collect();
        let of_customer = Lists::new(with.customers, &rows, |row| with.activity(row));
        let of_deal = Lists::new(data.deals.len() as u32, &rows, |row| deal_of.get(row));
        Self { rows, days, deal: words(table, "deal"), of_customer, of_deal }
    }

    /// The row of the activity to which a step of a customer, in a deal of theirs where one is given, belongs that was taken on a day and has to
    /// do with a day to come: the latest on that day or at most [`ADVANCE_DAYS`] before it, and before the day to come.
    pub(super) fn with(&self, who: Option<u32>, deal: Option<u32>, on: Day, before: Day) -> Option<u32> {
        let last = on.min(before.plus(-1));
        let customer = self.latest(self.of_customer.of(who), on, last, |_| true);
        customer.max(self.latest(self.of_deal.of(deal), on, last, |_| true)).map(|place| self.rows[place as usize])
    }

    /// The same for a step in a deal: the latest that names it; where none does, the latest with its customer that names no deal.
    pub(super) fn about(&self, who: Option<u32>, deal: u32, on: Day) -> Option<u32> {
        let named = self.latest(self.of_deal.of(Some(deal)), on, on, |_| true);
        let names_none = |row: u32| code(self.deal, row as usize).is_none();
        named.or_else(|| self.latest(self.of_customer.of(who), on, on, names_none)).map(|place| self.rows[place as usize])
    }

    fn day(&self, place: u32) -> Day {
        self.days.get(self.rows[place as usize] as usize).unwrap_or(Day::MIN)
    }

    /// The last of a list up to a day that may be it, if it lies at most [`ADVANCE_DAYS`] before a step.
    fn latest(&self, list: &[u32], on: Day, last: Day, may: impl Fn(u32) -> bool) -> Option<u32> {
        let until = list.partition_point(|place| self.day(*place) <= last);
        let near = |place: &&u32| self.day(**place).0 >= on.0.saturating_sub(ADVANCE_DAYS);
        list[..until].iter().rev().take_while(near).copied().find(|place| may(self.rows[*place as usize]))
    }
}
