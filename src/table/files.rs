//! Which file each record stands in: mostly the same as the record before.

use std::ops::{Index, Range};

/// In runs of fewer rows than this, each row's file is kept by itself.
const SHORT: usize = 16;

/// The file of each row.
#[derive(Debug, Clone)]
pub struct Files(Kept);

#[derive(Debug, Clone)]
enum Kept {
    /// Rows of one file behind one another: the row with which they end, and the file.
    Runs(Vec<(usize, u16)>),
    Each(Vec<u16>),
}

impl Default for Files {
    fn default() -> Self {
        Self(Kept::Runs(Vec::new()))
    }
}

impl Files {
    /// The number of rows.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kept::Runs(runs) => runs.last().map_or(0, |(end, _)| *end),
            Kept::Each(files) => files.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds so many rows of one file.
    pub fn add(&mut self, file: u16, rows: usize) {
        let len = self.len();
        match &mut self.0 {
            _ if rows == 0 => {}
            Kept::Each(files) => files.resize(len + rows, file),
            Kept::Runs(runs) => {
                if let Some((end, last)) = runs.last_mut()
                    && *last == file
                {
                    *end += rows;
                } else if runs.len() * SHORT < len + SHORT * SHORT {
                    runs.push((len + rows, file));
                } else {
                    let mut each: Vec<u16> = self.iter().collect();
                    each.resize(len + rows, file);
                    self.0 = Kept::Each(each);
                }
            }
        }
    }

    /// The file of a row; none where there is no such row.
    pub fn get(&self, row: usize) -> Option<u16> {
        (row < self.len()).then(|| self[row])
    }

    /// Whether any row stands in this file.
    pub fn contains(&self, file: u16) -> bool {
        match &self.0 {
            Kept::Runs(runs) => runs.iter().any(|(_, of)| *of == file),
            Kept::Each(files) => files.contains(&file),
        }
    }

    /// The one file of these rows; none where they stand in several, or where there is no row.
    pub fn only(&self, rows: Range<usize>) -> Option<u16> {
        match &self.0 {
            _ if rows.is_empty() => None,
            Kept::Runs(runs) => {
                let (end, file) = runs.get(runs.partition_point(|(end, _)| *end <= rows.start))?;
                (rows.end <= *end).then_some(*file)
            }
            Kept::Each(files) => {
                let (first, others) = files.get(rows)?.split_first()?;
                others.iter().all(|file| file == first).then_some(*first)
            }
        }
    }

    /// The file of each row.
    pub fn iter(&self) -> impl Iterator<Item = u16> + '_ {
        self.rows(0..self.len())
    }

    /// The file of each of these rows.
    pub fn rows(&self, rows: Range<usize>) -> impl Iterator<Item = u16> + '_ {
        let (runs, each): (&[(usize, u16)], &[u16]) = match &self.0 {
            Kept::Runs(runs) => (&runs[runs.partition_point(|(end, _)| *end <= rows.start)..], &[]),
            Kept::Each(files) => (&[], files.get(rows.clone()).unwrap_or_default()),
        };
        let mut at = rows.start;
        let of_runs = runs.iter().flat_map(move |(end, file)| {
            let count = (*end).min(rows.end).saturating_sub(at);
            at += count;
            std::iter::repeat_n(*file, count)
        });
        of_runs.chain(each.iter().copied())
    }
}

impl Index<usize> for Files {
    type Output = u16;

    #[inline]
    fn index(&self, row: usize) -> &u16 {
        match &self.0 {
            Kept::Runs(runs) => match runs.as_slice() {
                [(end, file)] if row < *end => file,
                runs => &runs[runs.partition_point(|(end, _)| *end <= row)].1,
            },
            Kept::Each(files) => &files[row],
        }
    }
}

impl From<Vec<u16>> for Files {
    fn from(files: Vec<u16>) -> Self {
        let mut all = Self::default();
        for alike in files.chunk_by(|one, other| one == other) {
            all.add(alike[0], alike.len());
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn files_are_those_that_were_added(
            runs in prop::collection::vec((0..3_u16, prop_oneof![0..3_usize, 0..200_usize]), 0..40),
            (from, until) in (0..400_usize, 0..400_usize),
        ) {
            let plain: Vec<u16> = runs.iter().flat_map(|(file, rows)| std::iter::repeat_n(*file, *rows)).collect();
            let mut kept = Files::default();
            for (file, rows) in &runs {
                kept.add(*file, *rows);
            }
            let rows = from.min(plain.len())..until.clamp(from.min(plain.len()), plain.len());
            for kept in [kept, Files::from(plain.clone())] {
                prop_assert_eq!(kept.iter().collect::<Vec<_>>(), plain.clone());
                prop_assert_eq!((0..plain.len()).map(|row| kept[row]).collect::<Vec<_>>(), plain.clone());
                prop_assert_eq!(kept.rows(rows.clone()).collect::<Vec<_>>(), plain[rows.clone()].to_vec());
                let first = plain[rows.clone()].first().copied();
                let only = first.filter(|first| plain[rows.clone()].iter().all(|file| file == first));
                prop_assert_eq!((kept.len(), kept.only(rows.clone())), (plain.len(), only));
            }
        }
    }
}
