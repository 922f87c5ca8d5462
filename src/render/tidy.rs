//! The tidy rows in digits and words, once for every format that writes them: so they cannot disagree.

use std::borrow::Cow;

use crate::document::{Grid, GridCell, TidyRow};
use crate::render::number::{self, Plain};

/// The columns of the tidy output, in order.
pub(super) const COLUMNS: [&str; 16] = [
    "level",
    "name",
    "team",
    "period",
    "period_start",
    "period_end",
    "complete",
    "role",
    "measure",
    "unit",
    "value",
    "missing",
    "target",
    "pace",
    "previous",
    "average",
];

/// A field of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field<'a> {
    /// Nothing: an empty cell, `null`.
    Empty,
    /// Words, possibly none.
    Text(Cow<'a, str>),
    /// Words of our own: dates, names of levels and units, reasons.
    Word(Cow<'a, str>),
    /// A plain decimal.
    Number(String),
    /// True or false.
    Flag(bool),
}

impl From<Plain> for Field<'_> {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Number(digits) => Self::Number(digits),
            Plain::Words(words) => Self::Text(words.into()),
            Plain::Missing(_) => Self::Empty,
        }
    }
}

/// How many of [`COLUMNS`] say whose a value is, and of which days: rows that follow each other have most of them alike.
pub(super) const ABOUT: usize = 6;

/// How many of these say whose it is; the others name the period and its days.
pub(super) const WHOSE: usize = 3;

/// The first fields of a tidy row: whose it is, and of which days.
pub(super) fn about(row: &TidyRow) -> [Field<'_>; ABOUT] {
    [
        Field::Word(row.level.into()),
        Field::Text(row.name.as_str().into()),
        Field::Text(row.team.as_str().into()),
        Field::Text(row.period.as_str().into()),
        Field::Word(number::date(row.period_start).into()),
        Field::Word(number::date(row.period_end).into()),
    ]
}

/// The fields of a tidy row behind those.
pub(super) fn told(row: &TidyRow) -> [Field<'_>; COLUMNS.len() - ABOUT] {
    let value = number::plain(&row.value);
    let missing = match value {
        Plain::Missing(why) => Field::Word(why.into()),
        Plain::Number(_) | Plain::Words(_) => Field::Empty,
    };
    let decimals = number::decimals(&row.value);
    let derived = |value: Option<&_>| value.map_or(Field::Empty, |value| number::derived(value, decimals).into());
    [
        Field::Flag(row.complete),
        Field::Word(row.role.into()),
        Field::Text(row.measure.as_str().into()),
        Field::Text(row.unit.name().into()),
        value.into(),
        missing,
        derived(row.target.as_ref()),
        derived(row.pace.as_ref()),
        row.previous.as_ref().map_or(Field::Empty, |value| number::plain(value).into()),
        derived(row.average.as_ref()),
    ]
}

/// The fields of a tidy row, one per column of [`COLUMNS`].
pub(super) fn fields(row: &TidyRow) -> impl Iterator<Item = Field<'_>> {
    about(row).into_iter().chain(told(row))
}

/// The fields of a row of a grid: as many as it has columns.
pub(super) fn grid_fields<'a>(grid: &'a Grid, row: &'a [Option<GridCell>]) -> impl Iterator<Item = Field<'a>> + 'a {
    (0..grid.columns.len()).map(|at| match row.get(at) {
        Some(Some(GridCell::Text(words))) => Field::Text(words.as_str().into()),
        Some(Some(GridCell::Number(n))) => Field::Number(number::exact(*n)),
        Some(Some(GridCell::Day(day))) => Field::Word(number::date(*day).into()),
        Some(Some(GridCell::Flag(flag))) => Field::Flag(*flag),
        Some(None) | None => Field::Empty,
    })
}
