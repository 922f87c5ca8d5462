//! What is left of a measure when what is expected of the person and of the week is taken out.

use super::lanes::{dot, sum};

/// Below this share of the largest value, alternating has come to rest.
const REST: f64 = 1e-9;
/// How often is alternated at most.
const PASSES: usize = 200;
/// A sum of squares below this is none.
pub(super) const NOTHING: f64 = 1e-12;
/// After so many weeks, half of what a person's past results say is forgotten.
const HALF_LIFE: f64 = 13.0;

/// Which person-weeks are known, and the straight lines over them. All tables are row by row, a row for each person.
#[derive(Debug, PartialEq)]
pub(super) struct Known {
    pub(super) people: usize,
    pub(super) weeks: usize,
    /// 1 where known, 0 elsewhere.
    pub(super) cells: Vec<f64>,
    /// Whether all are known.
    pub(super) full: bool,
    /// Known weeks of each person, at least 1.
    of_person: Vec<f64>,
    /// Known people of each week, at least 1.
    of_week: Vec<f64>,
    /// The week's number less the mean of the person's known weeks; 0 where not known.
    line: Vec<f64>,
    /// The sum of its squares for each person.
    line_squares: Vec<f64>,
}

impl Known {
    /// The tables for cells that are 1 where known and 0 elsewhere.
    pub(super) fn new(people: usize, weeks: usize, cells: Vec<f64>) -> Self {
        let rows = || cells.chunks_exact(weeks);
        let of_person: Vec<f64> = rows().map(|row| sum(row).max(1.0)).collect();
        let mut of_week = vec![0.0; weeks];
        for row in rows() {
            of_week.iter_mut().zip(row).for_each(|(n, cell)| *n += cell);
        }
        for n in &mut of_week {
            *n = n.max(1.0);
        }
        let numbers: Vec<f64> = (0..weeks).map(|week| week as f64).collect();
        let mut line = Vec::with_capacity(cells.len());
        for (row, n) in rows().zip(&of_person) {
            let mean = dot(row, &numbers) / n;
            line.extend(row.iter().zip(&numbers).map(|(cell, number)| (number - mean) * cell));
        }
        let line_squares = line.chunks_exact(weeks).map(|row| dot(row, row).max(NOTHING)).collect();
        let full = cells.iter().all(|cell| *cell > 0.0);
        Self { people, weeks, cells, full, of_person, of_week, line, line_squares }
    }

    /// The residual of the person's mean, the person's straight line and the week's mean.
    ///
    /// Frisch and Waugh (1933), Lovell (1963): a relation between residuals is the relation with all of these held fixed. Projections are
    /// alternated until what changes is below [`REST`] (von Neumann 1950; Halperin 1962); where every cell is known, the two projections
    /// commute and one pass is exact. `values` are 0 where not known, and so is the result. Assumes that a company-wide week adds to each
    /// person alike.
    pub(super) fn adjust(&self, values: &[f64]) -> Vec<f64> {
        let mut left = values.to_vec();
        let scale = largest(left.iter().copied()) + 1e-300;
        let mut before = Vec::new();
        for _ in 0..if self.full { 1 } else { PASSES } {
            before.clone_from(&left);
            self.take_out_people(&mut left);
            self.take_out_weeks(&mut left);
            if largest(left.iter().zip(&before).map(|(now, then)| now - then)) < REST * scale {
                break;
            }
        }
        left
    }

    fn take_out_people(&self, left: &mut [f64]) {
        let rows = left.chunks_exact_mut(self.weeks).zip(self.cells.chunks_exact(self.weeks)).zip(self.line.chunks_exact(self.weeks));
        for (((row, cells), line), (n, squares)) in rows.zip(self.of_person.iter().zip(&self.line_squares)) {
            let (mean, slope) = (sum(row) / n, dot(row, line) / squares);
            for ((value, cell), line) in row.iter_mut().zip(cells).zip(line) {
                *value = (*value - mean - slope * line) * cell;
            }
        }
    }

    fn take_out_weeks(&self, left: &mut [f64]) {
        let mut means = vec![0.0; self.weeks];
        for row in left.chunks_exact(self.weeks) {
            means.iter_mut().zip(row).for_each(|(mean, value)| *mean += value);
        }
        means.iter_mut().zip(&self.of_week).for_each(|(mean, n)| *mean /= n);
        for (row, cells) in left.chunks_exact_mut(self.weeks).zip(self.cells.chunks_exact(self.weeks)) {
            for ((value, mean), cell) in row.iter_mut().zip(&means).zip(cells) {
                *value = (*value - mean) * cell;
            }
        }
    }

    /// Each person's series over its root mean square, so that people whose activity swings much do not decide alone, and shuffled pairings
    /// vary as much as the real one. A series without swing is 0.
    pub(super) fn unit(&self, mut values: Vec<f64>) -> Vec<f64> {
        for (row, n) in values.chunks_exact_mut(self.weeks).zip(&self.of_person) {
            let size = (dot(row, row) / n).sqrt();
            for value in row {
                *value = if size > NOTHING { *value / size } else { 0.0 };
            }
        }
        values
    }

    /// The series less what the person's own past says of it: an exponential mean of the earlier weeks, from 0, times one slope for all.
    ///
    /// A good run that lasts would otherwise look like foresight of whatever else lasts (Granger 1969 asks the same: what the lead adds to the
    /// lag's own past).
    pub(super) fn less_own_past(&self, values: &[f64]) -> Vec<f64> {
        let keep = 0.5_f64.powf(1.0 / HALF_LIFE);
        let mut past = vec![0.0; values.len()];
        for (row, cells, past) in rows3(values, &self.cells, &mut past, self.weeks) {
            let mut mean = 0.0;
            for week in 0..self.weeks {
                if cells[week] > 0.0 {
                    past[week] = mean;
                    mean = keep * mean + (1.0 - keep) * row[week];
                }
            }
        }
        let squares = dot(&past, &past);
        if squares <= NOTHING {
            return values.to_vec();
        }
        let slope = dot(&past, values) / squares;
        values.iter().zip(&past).map(|(value, past)| value - slope * past).collect()
    }
}

/// The rows of two tables and of one that is filled.
fn rows3<'a>(a: &'a [f64], b: &'a [f64], c: &'a mut [f64], weeks: usize) -> impl Iterator<Item = (&'a [f64], &'a [f64], &'a mut [f64])> {
    a.chunks_exact(weeks).zip(b.chunks_exact(weeks)).zip(c.chunks_exact_mut(weeks)).map(|((a, b), c)| (a, b, c))
}

/// The largest absolute value.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |largest, value| value.abs().max(largest))
}
