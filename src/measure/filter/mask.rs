//! Three-valued results, one per row.

use rayon::prelude::*;

use super::dictionary::LARGE;

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
        let parts = self.0.par_chunks(LARGE).zip(left_out.par_chunks(LARGE)).enumerate();
        let of_part = |(part, (results, left_out)): (usize, (&[u8], &[u8]))| {
            // Each row is written, and stays where it is used: nothing to guess wrong for a processor.
            let mut rows = vec![0; results.len() + 1];
            let mut used = 0;
            for ((result, out), row) in results.iter().zip(left_out).zip((part * LARGE) as u32..) {
                rows[used] = row;
                used += usize::from(*result == TRUE && *out == 0);
            }
            rows.truncate(used);
            rows
        };
        if self.0.len() <= LARGE {
            return of_part((0, (&self.0, left_out)));
        }
        let parts: Vec<Vec<u32>> = parts.map(of_part).collect();
        parts.concat()
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
