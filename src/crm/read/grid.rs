//! The cells of a sheet → text that the scanner reads like any other, with the sheet's own row numbers.

use rustc_hash::FxHashMap;

/// What separates the cells.
pub(super) const DELIMITER: u8 = b',';

/// How many empty cells may stand before filled ones, whatever the sheet holds.
const PADDING: u64 = 64 << 20;
/// How many more for each filled cell: a sheet that spreads its cells wider is no table, and would fill the memory with nothing.
const PADDING_PER_CELL: u64 = 128;

/// Which row of the sheet a line of its text is.
#[derive(Debug, Clone, Default)]
pub(super) struct Rows {
    /// Where the rows stop following the lines one by one: a line and its row, ascending.
    jumps: Vec<(u32, u32)>,
}

impl Rows {
    /// The row of the record that begins on a line; both from 1.
    pub(super) fn of(&self, line: u32) -> u32 {
        let after = self.jumps.partition_point(|(from, _)| *from <= line);
        let (from, row) = after.checked_sub(1).and_then(|i| self.jumps.get(i)).copied().unwrap_or((1, 1));
        row.saturating_add(line - from)
    }
}

/// A sheet spreads few cells so wide that writing out the empty ones would fill the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooSparse;

/// Cells as they come.
#[derive(Debug, Default)]
pub(super) struct Grid {
    text: String,
    /// The number of each row, from 0, and where it begins in the text.
    rows: Vec<(u32, usize)>,
    /// The cells of the row that is being filled.
    row: Vec<(u32, String)>,
    number: u32,
    leftmost: Option<u32>,
    filled: u64,
    padding: u64,
    /// Cells merged one below the other: the first row and the column, and the last row.
    merged: FxHashMap<(u32, u32), u32>,
    /// What stands in the first of merged cells whose last row is still to come.
    standing: Vec<(u32, u32, String)>,
}

impl Grid {
    /// Says that the cells of a column from row `top` to row `bottom` are one; before any cell is put.
    pub(super) fn merge(&mut self, top: u32, bottom: u32, column: u32) {
        if bottom > top {
            self.merged.insert((top, column), bottom);
        }
    }

    /// Puts a cell, rows and columns from 0; a blank one leaves no trace. One that `spreads` is the value of all cells that are merged with
    /// it: the owner of a group's records is, an amount would be counted more than once.
    pub(super) fn put(&mut self, row: u32, column: u32, text: String, spreads: bool) -> Result<(), TooSparse> {
        if text.trim().is_empty() {
            return Ok(());
        }
        if row != self.number {
            self.end_row()?;
            self.number = row;
        }
        if spreads && !self.merged.is_empty() {
            self.standing.extend(self.merged.get(&(row, column)).map(|bottom| (*bottom, column, text.clone())));
        }
        self.row.push((column, text));
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), TooSparse> {
        if self.row.is_empty() {
            return Ok(());
        }
        self.standing.retain(|(bottom, ..)| *bottom >= self.number);
        for (_, column, text) in &self.standing {
            // A cell of its own comes first, and stays.
            self.padding += text.len() as u64;
            self.row.push((*column, text.clone()));
        }
        if !self.row.is_sorted_by_key(|(column, _)| *column) {
            self.row.sort_by_key(|(column, _)| *column);
        }
        self.row.dedup_by_key(|(column, _)| *column);
        self.rows.push((self.number, self.text.len()));
        let first = self.row.first().map_or(0, |(column, _)| *column);
        self.leftmost = Some(self.leftmost.map_or(first, |known| known.min(first)));
        let mut at = 0;
        for (column, cell) in self.row.drain(..) {
            self.filled += 1;
            self.padding += u64::from(column - at);
            if self.padding > PADDING + PADDING_PER_CELL * self.filled {
                return Err(TooSparse);
            }
            self.text.extend(std::iter::repeat_n(char::from(DELIMITER), (column - at) as usize));
            at = column;
            write(&mut self.text, &cell);
        }
        Ok(())
    }

    /// The text and its rows; rows in order, an empty line where rows are empty, without the columns on the left in which nothing stands.
    pub(super) fn finish(mut self) -> Result<(String, Rows), TooSparse> {
        self.end_row()?;
        let ends = self.rows.iter().skip(1).map(|(_, start)| *start).chain(std::iter::once(self.text.len()));
        let mut order: Vec<(u32, usize, usize)> = self.rows.iter().zip(ends).map(|((row, start), end)| (*row, *start, end)).collect();
        if !order.is_sorted_by_key(|(row, ..)| *row) {
            order.sort_by_key(|(row, ..)| *row);
        }
        let strip = self.leftmost.unwrap_or(0) as usize;
        let mut text = String::with_capacity(self.text.len() + order.len() * 2);
        let mut rows = Rows::default();
        let (mut line, mut expected) = (1_u32, 0_u32);
        for (row, start, end) in order {
            if row > expected {
                text.push('\n');
                line += 1;
            }
            if rows.of(line) != row + 1 {
                rows.jumps.push((line, row + 1));
            }
            let cells = self.text.get(start + strip..end).unwrap_or_default();
            text.push_str(cells);
            text.push('\n');
            line = line.saturating_add(super::scan::line_ends(cells.as_bytes())).saturating_add(1);
            expected = row + 1;
        }
        Ok((text, rows))
    }
}

/// Writes a cell so that it is read as it is.
fn write(into: &mut String, cell: &str) {
    if cell.contains([char::from(DELIMITER), '"', '\n', '\r']) {
        into.push('"');
        for (i, part) in cell.split('"').enumerate() {
            if i > 0 {
                into.push_str("\"\"");
            }
            into.push_str(part);
        }
        into.push('"');
    } else {
        into.push_str(cell);
    }
}
