//! Records by a key, each key's in the order of time.

use std::ops::Range;

use super::rows::{Days, NONE, by_part, by_row};
use crate::calendar::Day;

/// Fewer records than this are sorted by one thread.
const FEW: usize = 1 << 15;

/// A record on its day. There are fewer than 2³¹ records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u64);

impl Entry {
    fn new(day: Day, row: usize, marked: bool) -> Self {
        // Days before 1970 come before those after it.
        Self(u64::from(day.0 as u32 ^ (1 << 31)) << 32 | (row as u64) << 1 | u64::from(marked))
    }

    pub(super) fn day(self) -> Day {
        Day(((self.0 >> 32) as u32 ^ (1 << 31)) as i32)
    }

    pub(super) fn row(self) -> usize {
        (self.0 as u32 >> 1) as usize
    }

    /// Whether the record was marked.
    pub(super) fn marked(self) -> bool {
        self.0 & 1 == 1
    }
}

/// The records that have a key and a day, by key, and those of a key by day and then by something else.
pub(super) struct Timeline {
    /// Where the records of each key begin; one more than there are keys.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

impl Timeline {
    /// Puts records in order: each has the key that `key` says, below `keys`, or [`NONE`]; is marked or not; and is told apart from others of
    /// its day by what `order` says.
    pub(super) fn new<O: Ord>(
        days: Days<'_>,
        (rows, keys): (usize, usize),
        key: impl Fn(usize) -> u32 + Sync + Send,
        marked: impl Fn(usize) -> bool,
        order: impl Fn(usize) -> O + Sync,
    ) -> Self {
        let mut starts = vec![0_u32; keys + 1];
        let keys_of = by_row(rows, |row| if days.get(row).is_some() { key(row) } else { NONE });
        let keyed = |row: usize| Some(keys_of[row]).filter(|key| *key != NONE).map(|key| key as usize);
        for key in (0..rows).filter_map(keyed) {
            starts[key] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from its end, the place of each key comes to be at its beginning.
        let mut entries = vec![Entry(0); end as usize];
        for row in (0..rows).rev() {
            if let (Some(key), Some(day)) = (keyed(row), days.get(row)) {
                starts[key] -= 1;
                entries[starts[key] as usize] = Entry::new(day, row, marked(row));
            }
        }
        sort(&starts, 0..keys, &mut entries, &order);
        Self { starts, entries }
    }

    /// The records of a key.
    pub(super) fn of(&self, key: u32) -> &[Entry] {
        match (self.starts.get(key as usize), self.starts.get(key as usize + 1)) {
            (Some(start), Some(end)) => &self.entries[*start as usize..*end as usize],
            _ => &[],
        }
    }

    /// Calls back with the records of every key.
    pub(super) fn each(&self, of: impl Fn(&[Entry]) + Sync + Send) {
        by_part(self.starts.len().saturating_sub(1), |keys| keys.for_each(|key| of(self.of(key as u32))));
    }
}

fn sort<O: Ord>(starts: &[u32], keys: Range<usize>, entries: &mut [Entry], order: &(impl Fn(usize) -> O + Sync)) {
    let first = starts[keys.start];
    if keys.len() > 1 && entries.len() > FEW {
        let middle = keys.start.midpoint(keys.end);
        let (before, behind) = entries.split_at_mut((starts[middle] - first) as usize);
        rayon::join(|| sort(starts, keys.start..middle, before, order), || sort(starts, middle..keys.end, behind, order));
        return;
    }
    for key in keys {
        let entries = &mut entries[(starts[key] - first) as usize..(starts[key + 1] - first) as usize];
        entries.sort_unstable();
        for day in entries.chunk_by_mut(|a, b| a.day() == b.day()).filter(|day| day.len() > 1) {
            day.sort_by_key(|entry| (order(entry.row()), entry.row()));
        }
    }
}
