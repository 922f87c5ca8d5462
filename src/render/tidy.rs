//! The tidy rows in digits and words, once for every format that writes them: so they cannot disagree.

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
pub(super) enum Field {
    /// Nothing: an empty cell, `null`.
    Empty,
    /// Words, possibly none.
    Text(String),
    /// Words of our own: dates, names of levels and units, reasons.
    Word(String),
    /// A plain decimal.
    Number(String),
    /// True or false.
    Flag(bool),
}

impl From<Plain> for Field {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Number(digits) => Self::Number(digits),
            Plain::Words(words) => Self::Text(words),
            Plain::Missing(_) => Self::Empty,
        }
    }
}

/// The fields of a tidy row, one per column of [`COLUMNS`].
pub(super) fn fields(row: &TidyRow) -> [Field; COLUMNS.len()] {
    let value = number::plain(&row.value);
    let missing = match value {
        Plain::Missing(why) => Field::Word(why.to_owned()),
        Plain::Number(_) | Plain::Words(_) => Field::Empty,
    };
    let decimals = number::decimals(&row.value);
    let derived = |value: Option<&_>| value.map_or(Field::Empty, |value| number::derived(value, decimals).into());
    [
        Field::Word(row.level.to_owned()),
        Field::Text(row.name.clone()),
        Field::Text(row.team.clone()),
        Field::Text(row.period.clone()),
        Field::Word(number::date(row.period_start)),
        Field::Word(number::date(row.period_end)),
        Field::Flag(row.complete),
        Field::Word(row.role.to_owned()),
        Field::Text(row.measure.clone()),
        Field::Text(row.unit.to_string()),
        value.into(),
        missing,
        derived(row.target.as_ref()),
        derived(row.pace.as_ref()),
        row.previous.as_ref().map_or(Field::Empty, |value| number::plain(value).into()),
        derived(row.average.as_ref()),
    ]
}

/// The fields of a row of a grid: as many as it has columns.
pub(super) fn grid_fields<'a>(grid: &'a Grid, row: &'a [Option<GridCell>]) -> impl Iterator<Item = Field> + 'a {
    (0..grid.columns.len()).map(|at| match row.get(at) {
        Some(Some(GridCell::Text(words))) => Field::Text(words.clone()),
        Some(Some(GridCell::Number(n))) => Field::Number(number::exact(*n)),
        Some(Some(GridCell::Day(day))) => Field::Word(number::date(*day)),
        Some(Some(GridCell::Flag(flag))) => Field::Flag(*flag),
        Some(None) | None => Field::Empty,
    })
}
