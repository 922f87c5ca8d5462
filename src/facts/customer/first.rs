//! First meetings: those before which none was held with the same customer for long.

use super::LOOK_BACK;
use crate::facts::rows::{Days, NONE, Numbers};
use crate::table::Table;

/// Fewer rows than this are sorted by one thread.
const FEW: usize = 1 << 15;

/// The records of a key, and what becomes of them.
struct Sorting<'a, H> {
    table: &'a Table,
    days: Days<'a>,
    at: Numbers<'a>,
    /// Where the rows of each key begin; one more than there are keys.
    starts: &'a [u32],
    held: H,
}

/// Per row, whether no held customer meeting with the same key took place in the [`LOOK_BACK`] days before; null without key or day.
pub(super) fn meetings(table: &Table, key: impl Fn(usize) -> u32, keys: u32, held: impl Fn(usize) -> bool + Sync) -> Vec<i8> {
    let (days, at) = (Days::of(table, "day"), Numbers::of(table, "at"));
    let key = |row: usize| Some(key(row)).filter(|key| *key != NONE && days.get(row).is_some());
    let mut starts = vec![0_u32; keys as usize + 1];
    for key in (0..table.len()).filter_map(key) {
        starts[key as usize] += 1;
    }
    let mut end = 0;
    for start in &mut starts {
        end += *start;
        *start = end;
    }
    // Filled from their ends, the places of each key end up at its start.
    let mut rows = vec![0_u32; end as usize];
    for row in (0..table.len()).rev() {
        if let Some(key) = key(row) {
            let place = &mut starts[key as usize];
            *place -= 1;
            rows[*place as usize] = row as u32;
        }
    }
    let mut flags = vec![0_i8; rows.len()];
    Sorting { table, days, at, starts: &starts, held }.split(0, keys as usize, &mut rows, &mut flags);
    let mut first = vec![-1_i8; table.len()];
    for (row, flag) in rows.into_iter().zip(flags) {
        first[row as usize] = flag;
    }
    first
}

impl<H: Fn(usize) -> bool + Sync> Sorting<'_, H> {
    /// Puts the rows of keys in order, and tells of each place whether it is a first.
    fn split(&self, from: usize, to: usize, rows: &mut [u32], flags: &mut [i8]) {
        if to - from > 1 && rows.len() > FEW {
            let middle = from.midpoint(to);
            let place = (self.starts[middle] - self.starts[from]) as usize;
            let ((rows, more_rows), (flags, more_flags)) = (rows.split_at_mut(place), flags.split_at_mut(place));
            rayon::join(|| self.split(from, middle, rows, flags), || self.split(middle, to, more_rows, more_flags));
            return;
        }
        let mut order: Vec<(i32, u32)> = Vec::new();
        for key in from..to {
            let place = |key: usize| (self.starts[key] - self.starts[from]) as usize;
            let (rows, flags) = (&mut rows[place(key)..place(key + 1)], &mut flags[place(key)..place(key + 1)]);
            order.clear();
            order.extend(rows.iter().filter_map(|row| Some((self.days.get(*row as usize)?.0, *row))));
            order.sort_unstable();
            for day in order.chunk_by_mut(|(a, _), (b, _)| a == b).filter(|day| day.len() > 1) {
                let (file, line) = (&self.table.file, &self.table.line);
                day.sort_by_key(|(_, row)| (self.at.get(*row as usize), file[*row as usize], line[*row as usize]));
            }
            let mut last: Option<i32> = None;
            for (at, (day, row)) in order.iter().enumerate() {
                rows[at] = *row;
                flags[at] = i8::from(last.is_none_or(|held| day - held > LOOK_BACK));
                if (self.held)(*row as usize) {
                    last = Some(*day);
                }
            }
        }
    }
}
