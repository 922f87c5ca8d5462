//! Canonical tables whose columns are made a file at a time, and stacked.

use std::collections::BTreeMap;

use super::builder::empty;
use crate::crm::coded::Groups;
use crate::crm::part::Part;
use crate::table::{Amounts, Column, Files, Kind, Lines, Lists, Table, Words};

/// A table to which the columns of one file after the other are added.
pub(super) struct Stacked {
    kind: Kind,
    rows: usize,
    file: Files,
    line: Lines,
    /// Whether there is one file only, whose lines are the table's where all of its rows are kept.
    alone: bool,
    /// The row with which the last file begins, and which of its rows are kept, where not all are.
    start: usize,
    kept: Option<Vec<u32>>,
    columns: BTreeMap<&'static str, Vec<(usize, Column)>>,
    extras: BTreeMap<String, Vec<(usize, Column)>>,
}

impl Stacked {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            rows: 0,
            file: Files::default(),
            line: Lines::default(),
            alone: false,
            start: 0,
            kept: None,
            columns: BTreeMap::new(),
            extras: BTreeMap::new(),
        }
    }

    /// The same for one file only, whose lines are handed over at last: [`Stacked::lacks_lines`] says if they are to be.
    pub(super) fn of_one(kind: Kind) -> Self {
        Self { alone: true, ..Self::new(kind) }
    }

    /// Whether the lines of its one file are still to be handed over.
    pub(super) fn lacks_lines(&self) -> bool {
        self.line.len() < self.rows
    }

    /// Takes the lines of its one file.
    pub(super) fn lines(&mut self, lines: Lines) {
        self.line = lines;
    }

    /// Begins with the rows of a file, all of them or those that are kept; gives the row of the table with which they begin.
    pub(super) fn begin(&mut self, part: &Part, kept: Option<Vec<u32>>) -> usize {
        self.start = self.rows;
        let rows = kept.as_ref().map_or(part.len(), Vec::len);
        self.rows += rows;
        match &kept {
            Some(kept) => self.line.extend(kept.iter().map(|row| part.line.get(*row as usize))),
            None if self.alone => {}
            None => self.line.extend(part.line.iter()),
        }
        self.file.add(part.source, rows);
        self.kept = kept;
        for (heading, words) in &part.extras {
            let column = self.chosen(Column::Words(words.clone()));
            self.extras.entry(heading.clone()).or_default().push((self.start, column));
        }
        self.start
    }

    /// Adds a column of the file, a value for each of its rows or none at all; one that fills none of them is absent.
    pub(super) fn set(&mut self, name: &'static str, column: Column) {
        let column = self.chosen(column);
        if !blank(&column) {
            self.columns.entry(name).or_default().push((self.start, column));
        }
    }

    /// A column of the file with the rows that are kept.
    pub(super) fn chosen(&self, column: Column) -> Column {
        match &self.kept {
            Some(kept) if length(&column) > 0 => choose(&column, kept),
            _ => column,
        }
    }

    /// The table; a column that no row fills is absent, unless it is one of `present`.
    pub(super) fn finish(self, present: &[&'static str]) -> Table {
        let rows = self.rows;
        let mut table = Table::of(self.kind, self.file, self.line);
        for (name, pieces) in self.columns {
            if let Some(column) = stack(pieces, rows) {
                table.set(name, column);
            }
        }
        for (heading, pieces) in self.extras {
            if let Some(column) = stack(pieces, rows) {
                table.set_extra(heading, column);
            }
        }
        for name in present.iter().filter(|_| rows > 0) {
            if table.column(name).is_none() {
                table.set(name, empty(self.kind, name, rows));
            }
        }
        table
    }
}

/// The rows of a part that are not refused.
pub(super) struct Kept {
    rows: usize,
    /// Which these are, where not all are.
    pub(super) chosen: Option<Vec<u32>>,
}

impl Kept {
    /// All of so many rows but these, which ascend.
    pub(super) fn but(refused: &[u32], rows: usize) -> Self {
        let kept = || (0..rows as u32).filter(|row| refused.binary_search(row).is_err()).collect();
        Self { rows, chosen: (!refused.is_empty()).then(kept) }
    }

    /// What groups come to by the first row of each that is kept, found out in the order of these rows; nothing where none is.
    pub(super) fn by_group<T: Clone>(&self, groups: &Groups<'_>, mut found: impl FnMut(usize) -> Option<T>) -> Vec<Option<T>> {
        if self.chosen.is_none() {
            return groups.first.iter().map(|row| found(*row as usize)).collect();
        }
        let mut all: Vec<Option<Option<T>>> = vec![None; groups.len()];
        for row in self.rows() {
            all[groups.get(row)].get_or_insert_with(|| found(row));
        }
        all.into_iter().map(Option::flatten).collect()
    }

    /// Each of them.
    pub(super) fn rows(&self) -> impl Iterator<Item = usize> + '_ {
        let chosen = self.chosen.as_deref();
        (0..chosen.map_or(self.rows, <[u32]>::len)).map(move |at| chosen.map_or(at, |chosen| chosen[at] as usize))
    }
}

/// Whether a column has no value at all.
fn blank(column: &Column) -> bool {
    match column {
        Column::Words(words) => words.all_blank(),
        Column::Days(days) => days.iter().all(|day| *day == Column::NO_DAY),
        Column::Instants(numbers) | Column::Whole(numbers) => numbers.iter().all(|number| *number == Column::NO_NUMBER),
        Column::Money(money) => money.minor.iter().all(|minor| *minor == Amounts::NULL),
        Column::Flags(flags) => flags.iter().all(|flag| *flag < 0),
        Column::Lists(lists) => lists.codes.is_empty(),
        Column::Short(short) => {
            let view = short.view();
            (0..short.len()).all(|row| view.get(row) == Column::NO_NUMBER)
        }
    }
}

/// Some rows of a column.
fn choose(column: &Column, rows: &[u32]) -> Column {
    fn of<T: Copy>(values: &[T], rows: &[u32]) -> Vec<T> {
        rows.iter().map(|row| values[*row as usize]).collect()
    }
    match column {
        Column::Words(words) => {
            let texts: Vec<&str> = words.words().iter().collect();
            Column::Words(Words::from_codes(&texts, rows.iter().map(|row| words.code(*row as usize).unwrap_or(u32::MAX))))
        }
        Column::Days(days) => Column::Days(of(days, rows)),
        Column::Instants(numbers) => Column::Instants(of(numbers, rows)),
        Column::Whole(numbers) => Column::Whole(of(numbers, rows)),
        Column::Money(money) => Column::Money(Amounts { scale: money.scale, minor: of(&money.minor, rows) }),
        Column::Flags(flags) => Column::Flags(of(flags, rows)),
        Column::Short(short) => choose(&short.plain(), rows),
        Column::Lists(lists) => {
            let texts = |row: &u32| lists.get(*row as usize).iter().map(|code| &lists.words[*code as usize]).collect();
            Column::Lists(Lists::from_rows(&rows.iter().map(texts).collect::<Vec<_>>()))
        }
    }
}

/// Pieces of one column, each with the row at which it begins, as a column of so many rows; blank where there is no piece.
pub(super) fn stack(mut pieces: Vec<(usize, Column)>, rows: usize) -> Option<Column> {
    let whole = |(start, column): &(usize, Column)| *start == 0 && length(column) == rows;
    if pieces.len() == 1 && pieces.first().is_some_and(whole) {
        return pieces.pop().map(|(_, column)| column);
    }
    for (_, piece) in &mut pieces {
        if let Column::Short(short) = piece {
            *piece = short.plain();
        }
    }
    Some(match pieces.first()?.1 {
        // Each was made plain.
        Column::Short(_) => return None,
        Column::Words(_) => Column::Words(words(&pieces, rows)),
        Column::Days(_) => Column::Days(values(&pieces, rows, Column::NO_DAY, |column| if let Column::Days(v) = column { v } else { &[] })),
        Column::Instants(_) => Column::Instants(values(&pieces, rows, Column::NO_NUMBER, whole_numbers)),
        Column::Whole(_) => Column::Whole(values(&pieces, rows, Column::NO_NUMBER, whole_numbers)),
        Column::Flags(_) => Column::Flags(values(&pieces, rows, -1, |column| if let Column::Flags(v) = column { v } else { &[] })),
        Column::Money(_) => money(&pieces, rows),
        Column::Lists(_) => {
            let mut texts: Vec<Vec<&str>> = vec![Vec::new(); rows];
            for (start, column) in &pieces {
                let Column::Lists(lists) = column else { continue };
                for row in 0..length(column) {
                    texts[start + row] = lists.get(row).iter().map(|code| &lists.words[*code as usize]).collect();
                }
            }
            Column::Lists(Lists::from_rows(&texts))
        }
    })
}

fn length(column: &Column) -> usize {
    match column {
        Column::Words(words) => words.len(),
        Column::Days(days) => days.len(),
        Column::Instants(numbers) | Column::Whole(numbers) => numbers.len(),
        Column::Money(money) => money.minor.len(),
        Column::Flags(flags) => flags.len(),
        Column::Lists(lists) => lists.offsets.len().saturating_sub(1),
        Column::Short(short) => short.len(),
    }
}

fn whole_numbers(column: &Column) -> &[i64] {
    match column {
        Column::Whole(numbers) | Column::Instants(numbers) => numbers,
        _ => &[],
    }
}

fn values<T: Copy>(pieces: &[(usize, Column)], rows: usize, blank: T, of: impl Fn(&Column) -> &[T]) -> Vec<T> {
    let mut values = Vec::with_capacity(rows);
    for (start, column) in pieces {
        values.resize(*start, blank);
        values.extend_from_slice(of(column));
    }
    values.resize(rows, blank);
    values
}

fn words(pieces: &[(usize, Column)], rows: usize) -> Words {
    let (mut texts, mut codes) = (Vec::new(), Vec::with_capacity(rows));
    for (start, column) in pieces {
        let Column::Words(words) = column else { continue };
        let first = texts.len() as u32;
        texts.extend(words.words().iter());
        codes.resize(*start, u32::MAX);
        codes.extend((0..words.len()).map(|row| words.code(row).map_or(u32::MAX, |code| first + code)));
    }
    codes.resize(rows, u32::MAX);
    Words::from_codes(&texts, codes)
}

/// Amounts with the decimals of the most exact one.
fn money(pieces: &[(usize, Column)], rows: usize) -> Column {
    let scale = pieces.iter().map(|(_, column)| if let Column::Money(money) = column { money.scale } else { 0 }).max().unwrap_or(0);
    let mut minor = Vec::with_capacity(rows);
    for (start, column) in pieces {
        let Column::Money(money) = column else { continue };
        let factor = 10_i64.checked_pow(u32::from(scale - money.scale)).unwrap_or(0);
        let rescale =
            |minor: &i64| if *minor == Amounts::NULL { Amounts::NULL } else { minor.checked_mul(factor).unwrap_or(Amounts::NULL) };
        minor.resize(*start, Amounts::NULL);
        minor.extend(money.minor.iter().map(rescale));
    }
    minor.resize(rows, Amounts::NULL);
    Column::Money(Amounts { scale, minor })
}
