//! Canonical tables under construction, row by row over the files of one table.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::part::Part;
use crate::calendar::Day;
use crate::table::{Amounts, Column, Files, Kind, Lines, Table, Type, Words, WordsBuilder};

/// A table that rows are added to.
pub(super) struct Builder {
    kind: Kind,
    file: Files,
    line: Lines,
    texts: BTreeMap<&'static str, WordsBuilder>,
    days: BTreeMap<&'static str, Vec<i32>>,
    flags: BTreeMap<&'static str, Vec<i8>>,
    amounts: BTreeMap<&'static str, Vec<Option<Decimal>>>,
    extras: BTreeMap<String, WordsBuilder>,
}

impl Builder {
    pub(super) fn new(kind: Kind) -> Self {
        Self {
            kind,
            file: Files::default(),
            line: Lines::default(),
            texts: BTreeMap::new(),
            days: BTreeMap::new(),
            flags: BTreeMap::new(),
            amounts: BTreeMap::new(),
            extras: BTreeMap::new(),
        }
    }

    /// Begins a row; gives its index.
    pub(super) fn row(&mut self, part: &Part, row: usize) -> usize {
        self.file.add(part.source, 1);
        self.line.push(part.line.get(row));
        for (heading, words) in &part.extras {
            let column = self.extras.entry(heading.clone()).or_default();
            while column.len() + 1 < self.line.len() {
                column.push(None);
            }
            column.push(words.get(row));
        }
        self.line.len() - 1
    }

    /// Sets a text of the last row.
    pub(super) fn text(&mut self, name: &'static str, text: Option<&str>) {
        let rows = self.line.len();
        let Some(text) = text else { return };
        let column = self.texts.entry(name).or_default();
        while column.len() + 1 < rows {
            column.push(None);
        }
        column.push(Some(text));
    }

    /// Sets a day of the last row.
    pub(super) fn day(&mut self, name: &'static str, day: Option<Day>) {
        if let Some(day) = day {
            set(self.days.entry(name).or_default(), self.line.len(), Column::NO_DAY, day.0);
        }
    }

    /// Sets a flag of the last row.
    pub(super) fn flag(&mut self, name: &'static str, flag: Option<bool>) {
        if let Some(flag) = flag {
            set(self.flags.entry(name).or_default(), self.line.len(), -1, i8::from(flag));
        }
    }

    /// Sets an amount of the last row.
    pub(super) fn amount(&mut self, name: &'static str, amount: Option<Decimal>) {
        if let Some(amount) = amount {
            set(self.amounts.entry(name).or_default(), self.line.len(), None, Some(amount));
        }
    }

    /// The table; a column that no row fills is absent, unless it is one of `present`.
    pub(super) fn finish(self, present: &[&'static str]) -> Table {
        let rows = self.line.len();
        let mut table = Table::of(self.kind, self.file, self.line);
        for (name, mut builder) in self.texts {
            while builder.len() < rows {
                builder.push(None);
            }
            table.set(name, Column::Words(builder.finish()));
        }
        for (name, mut days) in self.days {
            days.resize(rows, Column::NO_DAY);
            table.set(name, Column::Days(days));
        }
        for (name, mut flags) in self.flags {
            flags.resize(rows, -1);
            table.set(name, Column::Flags(flags));
        }
        for (name, mut amounts) in self.amounts {
            amounts.resize(rows, None);
            table.set(name, Column::Money(Amounts::new(&amounts)));
        }
        for (heading, mut builder) in self.extras {
            while builder.len() < rows {
                builder.push(None);
            }
            table.set_extra(heading, Column::Words(builder.finish()));
        }
        for name in present.iter().filter(|_| rows > 0) {
            if table.column(name).is_none() {
                table.set(name, empty(self.kind, name, rows));
            }
        }
        table
    }
}

/// A column of blank cells.
pub(super) fn empty(kind: Kind, name: &str, rows: usize) -> Column {
    match kind.column(name).map(|c| c.ty) {
        Some(Type::Day) => Column::Days(vec![Column::NO_DAY; rows]),
        Some(Type::Instant) => Column::Instants(vec![Column::NO_NUMBER; rows]),
        Some(Type::Whole) => Column::Whole(vec![Column::NO_NUMBER; rows]),
        Some(Type::Flag) => Column::Flags(vec![-1; rows]),
        Some(Type::Money) => Column::Money(Amounts { scale: 0, minor: vec![Amounts::NULL; rows] }),
        _ => Column::Words(Words::from_texts(std::iter::repeat_n(None, rows))),
    }
}

fn set<T: Clone>(column: &mut Vec<T>, rows: usize, blank: T, value: T) {
    column.resize(rows.saturating_sub(1), blank);
    column.push(value);
}
