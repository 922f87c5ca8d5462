//! Three-valued results, one per row.

use rayon::prelude::*;

use super::dictionary::LARGE;

/// So many rows are chosen from in one place, before it is known how many they are.
const FEW: usize = 1 << 10;

/// A result that is false, as a byte: the order false < unknown < true makes AND the smaller and OR the larger of two.
pub(super) const FALSE: u8 = 0;
/// A result that is unknown: SQL's NULL.
pub(super) const NULL: u8 = 1;
/// A result that is true.
pub(super) const TRUE: u8 = 2;

/// The byte of a three-valued result.
pub(super) fn byte(value: Option<bool>) -> u8 {
    match value {
        Some(true) => TRUE,
        Some(false) => FALSE,
        None => NULL,
    }
}

/// Per row true, false or unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask(pub(super) Vec<u8>);

impl Mask {
    /// The same result for each of `rows` rows.
    pub fn constant(value: Option<bool>, rows: usize) -> Self {
        Self(vec![byte(value); rows])
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The result of a row; none where it is unknown, and past the last row.
    pub fn get(&self, row: usize) -> Option<bool> {
        match self.0.get(row) {
            Some(&TRUE) => Some(true),
            Some(&FALSE) => Some(false),
            _ => None,
        }
    }

    /// Whether a row's result is true, which alone makes a record count.
    pub fn is_true(&self, row: usize) -> bool {
        self.0.get(row) == Some(&TRUE)
    }

    /// The rows that are true, in order.
    pub fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        self.0.iter().enumerate().filter(|(_, b)| **b == TRUE).map(|(row, _)| row)
    }

    /// SQL's AND of several masks of `rows` rows; true everywhere where there is none.
    pub fn and<'a>(masks: impl IntoIterator<Item = &'a Self>, rows: usize) -> Self {
        let mut all = Self::constant(Some(true), rows);
        for mask in masks {
            all.and_with(mask);
        }
        all
    }

    /// The rows that are true, of those that are used: whose byte in `left_out` is 0.
    pub fn rows_used(&self, left_out: &[u8]) -> Vec<u32> {
        let counted = |results: &[u8], left_out: &[u8]| {
            results.iter().zip(left_out).map(|(result, out)| usize::from(*result == TRUE && *out == 0)).sum::<usize>()
        };
        let counts: Vec<usize> =
            self.0.par_chunks(LARGE).zip(left_out.par_chunks(LARGE)).map(|(results, out)| counted(results, out)).collect();
        let mut rows = vec![0; counts.iter().sum()];
        let mut rest = rows.as_mut_slice();
        let mut places = Vec::with_capacity(counts.len());
        for count in counts {
            let (place, behind) = rest.split_at_mut(count);
            places.push(place);
            rest = behind;
        }
        let parts = self.0.par_chunks(LARGE).zip(left_out.par_chunks(LARGE)).zip(places).enumerate();
        parts.for_each(|(part, ((results, left_out), mut place))| {
            let mut few = [0; FEW + 1];
            for (at, (results, left_out)) in results.chunks(FEW).zip(left_out.chunks(FEW)).enumerate() {
                // Each row is written, and stays where it is used: nothing to guess wrong for a processor.
                let mut used = 0;
                for ((result, out), row) in results.iter().zip(left_out).zip((part * LARGE + at * FEW) as u32..) {
                    few[used] = row;
                    used += usize::from(*result == TRUE && *out == 0);
                }
                let (here, behind) = std::mem::take(&mut place).split_at_mut(used);
                here.copy_from_slice(&few[..used]);
                place = behind;
            }
        });
        rows
    }

    /// ANDs another mask of the same length onto this one.
    pub fn and_with(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a = (*a).min(*b);
        }
    }

    pub(super) fn or_with(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            *a = (*a).max(*b);
        }
    }

    pub(super) fn not(mut self) -> Self {
        for a in &mut self.0 {
            *a = TRUE - *a;
        }
        self
    }

    /// Where this is unknown, what the other says.
    pub(super) fn or_else(&mut self, other: &Self) {
        for (a, b) in self.0.iter_mut().zip(&other.0) {
            if *a == NULL {
                *a = *b;
            }
        }
    }

    /// Where the result is `value`, with no unknowns left.
    pub(super) fn is(mut self, value: Option<bool>) -> Self {
        let wanted = byte(value);
        for a in &mut self.0 {
            *a = if *a == wanted { TRUE } else { FALSE };
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn rows_used_are_those_that_are_true_and_not_left_out(
            rows in prop_oneof![Just(0), Just(FEW), Just(LARGE), 0..3 * FEW, LARGE - 3..3 * LARGE],
            (seed, often) in (any::<u64>(), 1..40_u64),
        ) {
            let mixed = |row: usize| (row as u64 ^ seed).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
            let mask = Mask((0..rows).map(|row| [FALSE, NULL, TRUE, TRUE][mixed(row) as usize % 4]).collect());
            let left_out: Vec<u8> = (0..rows).map(|row| u8::from(mixed(row).is_multiple_of(often))).collect();
            let expected: Vec<u32> =
                (0..rows).filter(|row| mask.get(*row) == Some(true) && left_out[*row] == 0).map(|row| row as u32).collect();
            prop_assert_eq!(mask.rows_used(&left_out), expected);
        }
    }
}
