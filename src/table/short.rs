//! Columns of days, moments and numbers in fewer bytes than these have: most are near one another, or few.

use super::{Codes, Column, Stamps, Words};

/// A column of days, moments or numbers, kept short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Short {
    /// Days, each so many after the first; [`Short::BLANK`] where blank.
    Days {
        /// The day from which they are counted.
        first: i32,
        /// How many days later each is.
        after: Vec<u16>,
    },
    /// Moments: the dates of a column of [`Stamps`], all of them in UTC.
    Moments(Words),
    /// Whole numbers: what each word of a column comes to, [`Column::NO_NUMBER`] for nothing.
    Numbers(Words, Vec<i64>),
}

impl Short {
    /// What stands for a blank day.
    pub const BLANK: u16 = u16::MAX;

    /// How many days after the first one there is room for.
    pub const DAYS: u32 = Self::BLANK as u32 - 1;

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Days { after, .. } => after.len(),
            Self::Moments(words) | Self::Numbers(words, _) => words.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The day, the moment or the number of a row; [`Column::NO_NUMBER`] where blank, of a day too.
    #[inline]
    pub fn get(&self, row: usize) -> i64 {
        self.view().get(row)
    }

    /// The column to be read by row.
    pub fn view(&self) -> ShortView<'_> {
        match self {
            Self::Days { first, after } => ShortView::Days(*first, after),
            Self::Moments(words) => ShortView::Moments(words.stamps().map_or(&[], |stamps| &stamps.seconds)),
            Self::Numbers(words, values) => ShortView::Numbers(words.codes(), values),
        }
    }

    /// The same in as many bytes as such columns have.
    pub fn plain(&self) -> Column {
        let view = self.view();
        let numbers = || (0..self.len()).map(|row| view.get(row));
        match self {
            Self::Days { .. } => Column::Days(numbers().map(|n| if n == Column::NO_NUMBER { Column::NO_DAY } else { n as i32 }).collect()),
            Self::Moments(_) => Column::Instants(numbers().collect()),
            Self::Numbers(..) => Column::Whole(numbers().collect()),
        }
    }
}

/// A column that is kept short, to be read by row.
#[derive(Debug, Clone, Copy)]
pub enum ShortView<'a> {
    /// Days after the first.
    Days(i32, &'a [u16]),
    /// Seconds since 1970.
    Moments(&'a [u32]),
    /// What each code comes to.
    Numbers(&'a Codes, &'a [i64]),
}

impl ShortView<'_> {
    /// As [`Short::get`]; blank past the last row.
    #[inline]
    pub fn get(self, row: usize) -> i64 {
        match self {
            Self::Days(first, after) => match after.get(row) {
                None | Some(&Short::BLANK) => Column::NO_NUMBER,
                Some(after) => i64::from(first) + i64::from(*after),
            },
            Self::Moments(seconds) => match seconds.get(row) {
                None | Some(&Stamps::BLANK) => Column::NO_NUMBER,
                Some(seconds) => i64::from(*seconds) * 1_000,
            },
            Self::Numbers(codes, values) => {
                let code = if row < codes.len() { codes.get(row) } else { None };
                code.and_then(|code| values.get(code as usize)).copied().unwrap_or(Column::NO_NUMBER)
            }
        }
    }
}

/// The numbers of a column of money, whole numbers or moments, to be read by row: money in its smallest unit, moments in milliseconds since
/// 1970. Of a column that is absent, or of anything else, every row is blank.
#[derive(Debug, Clone, Copy)]
pub enum Numbers<'a> {
    /// Each in a place of its own.
    Plain(&'a [i64]),
    /// Kept short.
    Short(ShortView<'a>),
}

impl<'a> Numbers<'a> {
    /// Those of a column.
    pub fn of(column: Option<&'a Column>) -> Self {
        match column {
            Some(Column::Money(amounts)) => Self::Plain(&amounts.minor),
            Some(Column::Whole(numbers) | Column::Instants(numbers)) => Self::Plain(numbers),
            Some(Column::Short(short @ (Short::Moments(_) | Short::Numbers(..)))) => Self::Short(short.view()),
            _ => Self::Plain(&[]),
        }
    }

    /// The number of a row.
    #[inline]
    pub fn get(self, row: usize) -> Option<i64> {
        let number = match self {
            Self::Plain(numbers) => numbers.get(row).copied().unwrap_or(Column::NO_NUMBER),
            Self::Short(view) => view.get(row),
        };
        Some(number).filter(|number| *number != Column::NO_NUMBER)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::calendar::Day;
    use crate::table::Template;

    #[test]
    fn what_is_kept_short_reads_as_what_is_not() {
        let days = Column::Short(Short::Days { first: -3, after: vec![0, Short::BLANK, 65_534] });
        let plain = Column::Days(vec![-3, Column::NO_DAY, 65_531]);
        let template = Template::of(b"2026-11-15T09:30:59Z").unwrap();
        let stamps = Words::from_stamps(Stamps { template, seconds: vec![86_400, Stamps::BLANK] });
        let moments = Column::Short(Short::Moments(stamps));
        let words = Words::from_texts([Some("a"), None, Some("b"), Some("c"), Some("a")]);
        let numbers = Column::Short(Short::Numbers(words, vec![30, Column::NO_NUMBER, 45]));
        for (short, plain) in [
            (days, plain),
            (moments, Column::Instants(vec![86_400_000, Column::NO_NUMBER])),
            (numbers, Column::Whole(vec![30, Column::NO_NUMBER, Column::NO_NUMBER, 45, 30])),
        ] {
            let Column::Short(kept) = &short else { unreachable!() };
            assert_eq!(kept.plain(), plain);
            for row in 0..kept.len() {
                assert_eq!((short.day(row), short.number(row)), (plain.day(row), plain.number(row)));
            }
            assert_eq!(kept.view().get(kept.len()), Column::NO_NUMBER);
        }
        assert_eq!(Column::Short(Short::Days { first: 7, after: vec![1] }).day(0), Some(Day(8)));
    }
}
