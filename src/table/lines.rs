//! The lines on which records begin: each a few behind that of the record before.

use std::cmp::Ordering;

/// So many rows share a line that is kept whole.
const SHARE: usize = 64;

/// What stands for a line that is not a few behind the one before.
const FAR: u8 = u8::MAX;

/// The line of each row, in about a byte.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines {
    /// How many lines each row is behind the one before; nothing where that is told elsewhere.
    steps: Vec<u8>,
    /// The line of every [`SHARE`]th row.
    whole: Vec<u32>,
    /// Other rows whose line no step tells, ascending, with that.
    far: Vec<(u32, u32)>,
    last: u32,
}

impl Lines {
    /// The number of rows.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Adds a row.
    #[inline]
    pub fn push(&mut self, line: u32) {
        let row = self.steps.len();
        let step = match line.checked_sub(self.last) {
            _ if row.is_multiple_of(SHARE) => {
                self.whole.push(line);
                0
            }
            Some(step) if step < u32::from(FAR) => step as u8,
            _ => {
                self.far.push((row as u32, line));
                FAR
            }
        };
        self.steps.push(step);
        self.last = line;
    }

    /// The line of a row, from 1; 0 where there is no such row.
    #[inline]
    pub fn get(&self, row: usize) -> u32 {
        let start = row - row % SHARE;
        let (Some(steps), Some(whole)) = (self.steps.get(start..=row), self.whole.get(row / SHARE)) else { return 0 };
        let (from, behind) = match steps.iter().rposition(|step| *step == FAR) {
            None => (*whole, steps),
            Some(at) => (self.far_at(start + at), &steps[at + 1..]),
        };
        from + behind.iter().map(|step| u32::from(*step)).sum::<u32>()
    }

    /// The line of a row that is among those far away.
    #[cold]
    fn far_at(&self, row: usize) -> u32 {
        self.far.binary_search_by_key(&(row as u32), |far| far.0).ok().and_then(|at| self.far.get(at)).map_or(0, |far| far.1)
    }

    /// The line of each row.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u32> + '_ {
        let (mut last, mut far) = (0, self.far.iter());
        self.steps.iter().enumerate().map(move |(row, step)| {
            last = match *step {
                _ if row.is_multiple_of(SHARE) => self.whole.get(row / SHARE).copied().unwrap_or_default(),
                FAR => far.next().map_or(0, |far| far.1),
                step => last + u32::from(step),
            };
            last
        })
    }

    /// The row of a line, else that before which it would stand; of lines that ascend.
    ///
    /// # Errors
    /// Where no row begins on the line.
    pub fn position(&self, line: u32) -> Result<usize, usize> {
        let (mut from, mut until) = (0, self.len());
        while from < until {
            let middle = usize::midpoint(from, until);
            match self.get(middle).cmp(&line) {
                Ordering::Equal => return Ok(middle),
                Ordering::Less => from = middle + 1,
                Ordering::Greater => until = middle,
            }
        }
        Err(from)
    }

    /// The line of the first row.
    pub fn first(&self) -> Option<u32> {
        self.whole.first().copied()
    }
}

impl Extend<u32> for Lines {
    fn extend<T: IntoIterator<Item = u32>>(&mut self, lines: T) {
        lines.into_iter().for_each(|line| self.push(line));
    }
}

impl FromIterator<u32> for Lines {
    fn from_iter<T: IntoIterator<Item = u32>>(lines: T) -> Self {
        let mut all = Self::default();
        all.extend(lines);
        all
    }
}

impl From<Vec<u32>> for Lines {
    fn from(lines: Vec<u32>) -> Self {
        lines.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn lines_are_those_that_were_added(
            lines in prop::collection::vec((0..4_u8, any::<u32>()), 0..300),
        ) {
            let mut last = 0_u32;
            let lines: Vec<u32> = lines.into_iter().map(|(how, any)| {
                last = match how {
                    0 => any,
                    1 => last.saturating_add(any % 300),
                    _ => last.saturating_add(any % 4),
                };
                last
            }).collect();
            let kept = Lines::from(lines.clone());
            let ascending: Vec<u32> = (1..).step_by(2).take(lines.len()).collect();
            for line in 0..=lines.len() as u32 * 2 {
                prop_assert_eq!(Lines::from(ascending.clone()).position(line), ascending.binary_search(&line));
            }
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), lines.clone());
            prop_assert_eq!((0..lines.len()).map(|row| kept.get(row)).collect::<Vec<_>>(), lines.clone());
            prop_assert_eq!((kept.len(), kept.first(), kept.get(lines.len())), (lines.len(), lines.first().copied(), 0));
        }
    }
}
