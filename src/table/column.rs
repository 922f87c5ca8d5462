//! Columns in memory: codes, days, instants, numbers, money, flags and lists.

use rust_decimal::Decimal;

use super::dictionary::Dictionary;
use super::short::Short;
use super::words::Words;
use crate::calendar::Day;

/// Dictionary codes, as narrow as they fit; the type's largest number stands for null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Up to 255 words.
    Narrow(Vec<u8>),
    /// Up to 65,535 words.
    Middle(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
    /// Each of so many rows has the code of its own number: words that all differ and stand in order, as ids do.
    Each(usize),
}

impl Codes {
    /// Codes into so many words, `u32::MAX` for null.
    pub fn from_wide(wide: Vec<u32>, words: usize) -> Self {
        let each = || wide.iter().enumerate().all(|(row, code)| row as u32 == *code);
        if words == wide.len() && each() {
            Self::Each(words)
        } else if words < usize::from(u8::MAX) {
            Self::Narrow(wide.into_iter().map(|c| u8::try_from(c).unwrap_or(u8::MAX)).collect())
        } else if words < usize::from(u16::MAX) {
            Self::Middle(wide.into_iter().map(|c| u16::try_from(c).unwrap_or(u16::MAX)).collect())
        } else {
            Self::Wide(wide)
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(v) => v.len(),
            Self::Middle(v) => v.len(),
            Self::Wide(v) => v.len(),
            Self::Each(rows) => *rows,
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row; none for null.
    #[inline]
    pub fn get(&self, row: usize) -> Option<u32> {
        let (code, null) = match self {
            Self::Narrow(v) => (u32::from(v[row]), u32::from(u8::MAX)),
            Self::Middle(v) => (u32::from(v[row]), u32::from(u16::MAX)),
            Self::Wide(v) => (v[row], u32::MAX),
            Self::Each(rows) => (if row < *rows { row as u32 } else { u32::MAX }, u32::MAX),
        };
        (code != null).then_some(code)
    }
}

/// A column of money: each amount a whole number of 10^-`scale` units, [`Amounts::NULL`] where blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// Decimals of every amount, as many as the most exact one needs.
    pub scale: u8,
    /// The amounts.
    pub minor: Vec<i64>,
}

impl Amounts {
    /// What stands for a blank amount.
    pub const NULL: i64 = i64::MIN;

    /// A column of amounts with the decimals of the most exact one; one that does not fit is blank, so refuse it before.
    pub fn new(amounts: &[Option<Decimal>]) -> Self {
        let scale = amounts.iter().flatten().map(Decimal::scale).max().unwrap_or(0);
        let minor = amounts
            .iter()
            .map(|amount| {
                amount.map_or(Self::NULL, |mut amount| {
                    amount.rescale(scale);
                    i64::try_from(amount.mantissa()).unwrap_or(Self::NULL)
                })
            })
            .collect();
        Self { scale: scale as u8, minor }
    }

    /// The amount of a row.
    pub fn get(&self, row: usize) -> Option<Decimal> {
        let minor = self.minor[row];
        (minor != Self::NULL).then(|| Decimal::new(minor, u32::from(self.scale)))
    }
}

/// Several texts per row: row r has `codes[offsets[r]..offsets[r + 1]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// The distinct words, sorted.
    pub words: Dictionary,
    /// One more than there are rows.
    pub offsets: Vec<u32>,
    /// Codes into the words.
    pub codes: Vec<u32>,
}

impl Lists {
    /// A column from each row's texts.
    pub fn from_rows(rows: &[Vec<&str>]) -> Self {
        let flat = Words::from_texts(rows.iter().flatten().map(|t| Some(*t)));
        let mut offsets = vec![0_u32];
        let mut end = 0;
        for row in rows {
            end += row.len() as u32;
            offsets.push(end);
        }
        let codes = (0..flat.len()).filter_map(|i| flat.code(i)).collect();
        Self { words: flat.words().clone(), offsets, codes }
    }

    /// The codes of a row.
    pub fn get(&self, row: usize) -> &[u32] {
        &self.codes[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// [`super::Type::Text`] and [`super::Type::Closed`].
    Words(Words),
    /// [`super::Type::Day`]: days since 1970-01-01, [`Column::NO_DAY`] where blank.
    Days(Vec<i32>),
    /// [`super::Type::Instant`]: UTC milliseconds since 1970, [`Column::NO_NUMBER`] where blank.
    Instants(Vec<i64>),
    /// [`super::Type::Whole`], [`Column::NO_NUMBER`] where blank.
    Whole(Vec<i64>),
    /// [`super::Type::Money`].
    Money(Amounts),
    /// [`super::Type::Flag`]: 1 true, 0 false, -1 null.
    Flags(Vec<i8>),
    /// [`super::Type::Texts`].
    Lists(Lists),
    /// Days, instants or whole numbers.
    Short(Short),
}

impl Column {
    /// What stands for a blank day.
    pub const NO_DAY: i32 = i32::MIN;
    /// What stands for a blank number.
    pub const NO_NUMBER: i64 = i64::MIN;

    /// The day of a row in a column of days.
    #[inline]
    pub fn day(&self, row: usize) -> Option<Day> {
        match self {
            Self::Days(v) if v[row] != Self::NO_DAY => Some(Day(v[row])),
            Self::Short(short @ Short::Days { .. }) => {
                Some(short.get(row)).filter(|day| *day != Self::NO_NUMBER).map(|day| Day(day as i32))
            }
            _ => None,
        }
    }

    /// The text of a row in a column of words.
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Words(w) => w.get(row),
            _ => None,
        }
    }

    /// The flag of a row in a column of flags.
    #[inline]
    pub fn flag(&self, row: usize) -> Option<bool> {
        match self {
            Self::Flags(v) if v[row] >= 0 => Some(v[row] == 1),
            _ => None,
        }
    }

    /// The number of a row in a column of whole numbers or instants.
    #[inline]
    pub fn number(&self, row: usize) -> Option<i64> {
        match self {
            Self::Whole(v) | Self::Instants(v) if v[row] != Self::NO_NUMBER => Some(v[row]),
            Self::Short(short @ (Short::Moments(_) | Short::Numbers(..))) => Some(short.get(row)).filter(|n| *n != Self::NO_NUMBER),
            _ => None,
        }
    }

    /// The amount of a row in a column of money.
    pub fn amount(&self, row: usize) -> Option<Decimal> {
        match self {
            Self::Money(m) => m.get(row),
            _ => None,
        }
    }
}
