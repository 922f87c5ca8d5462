//! A dense table of numbers, a row for each person and a column for each week.

/// People × weeks, row by row; a cell that is not known, or whose person was not there, is NaN.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    cells: Vec<f64>,
}

impl Matrix {
    /// A matrix of one value.
    pub fn filled(rows: usize, columns: usize, value: f64) -> Self {
        Self { rows, columns, cells: vec![value; rows * columns] }
    }

    /// A matrix whose rows stand one behind the other; none where they are not `rows` × `columns` cells.
    pub fn new(rows: usize, columns: usize, cells: Vec<f64>) -> Option<Self> {
        (rows.checked_mul(columns) == Some(cells.len())).then_some(Self { rows, columns, cells })
    }

    /// How many rows it has: people.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns it has: weeks.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// A row.
    ///
    /// # Panics
    /// Where there is none.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.columns..(row + 1) * self.columns]
    }

    /// A row to be filled.
    ///
    /// # Panics
    /// Where there is none.
    pub fn row_mut(&mut self, row: usize) -> &mut [f64] {
        &mut self.cells[row * self.columns..(row + 1) * self.columns]
    }
}
