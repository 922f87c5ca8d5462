//! Columns as they are read by row: looked up once, their words understood once, and many rows gone over by several threads.

use std::ops::Range;

use rayon::prelude::*;

use crate::calendar::Day;
pub(super) use crate::table::joined;
use crate::table::{Codes, Column, Dictionary, Short, Table, Words};

/// Fewer rows than this are gone over by one thread.
const FEW: usize = 1 << 16;

/// What stands for no number, no row and no code.
pub(super) const NONE: u32 = u32::MAX;

/// A column of days; of one that is absent every row is blank.
#[derive(Clone, Copy)]
pub(super) enum Days<'a> {
    Plain(&'a [i32]),
    /// So many after the first.
    Near(i32, &'a [u16]),
}

impl<'a> Days<'a> {
    pub(super) fn of(table: &'a Table, name: &str) -> Self {
        match table.column(name) {
            Some(Column::Days(days)) => Self::Plain(days),
            Some(Column::Short(Short::Days { first, after })) => Self::Near(*first, after),
            _ => Self::Plain(&[]),
        }
    }

    /// The day of a row as a number, [`Column::NO_DAY`] where it is blank: less than every day.
    #[inline]
    pub(super) fn raw(self, row: usize) -> i32 {
        match self {
            Self::Plain(days) => days.get(row).copied().unwrap_or(Column::NO_DAY),
            Self::Near(first, after) => match after.get(row) {
                None | Some(&Short::BLANK) => Column::NO_DAY,
                Some(after) => first + i32::from(*after),
            },
        }
    }

    /// Of days that are kept short, the first, how many days after it each is, and how many after it another day is at most, blank ones
    /// always being more; none of others, nor where that day is before the first.
    pub(super) fn near(self, until: Day) -> Option<(i32, &'a [u16], u16)> {
        let Self::Near(first, after) = self else { return None };
        let until = i64::from(until.0) - i64::from(first);
        (until >= 0).then(|| (first, after, until.min(i64::from(Short::BLANK) - 1) as u16))
    }

    /// The last day of some rows, [`Column::NO_DAY`] where all are blank.
    pub(super) fn last(self, rows: Range<usize>) -> i32 {
        match self {
            Self::Plain(days) => days.get(rows).and_then(|days| days.iter().copied().max()).unwrap_or(Column::NO_DAY),
            Self::Near(first, after) => {
                // One day later, blank ones are the earliest.
                let last = after.get(rows).map_or(0, |after| after.iter().fold(0, |last: u16, after| last.max(after.wrapping_add(1))));
                if last == 0 { Column::NO_DAY } else { first + i32::from(last) - 1 }
            }
        }
    }

    /// The first day of some rows.
    pub(super) fn first(self, rows: Range<usize>) -> Option<Day> {
        match self {
            Self::Plain(days) => days.get(rows)?.iter().copied().filter(|day| *day != Column::NO_DAY).min().map(Day),
            Self::Near(first, after) => {
                let least = after.get(rows)?.iter().fold(Short::BLANK, |least, after| least.min(*after));
                (least != Short::BLANK).then(|| Day(first + i32::from(least)))
            }
        }
    }

    /// The day of a row.
    #[inline]
    pub(super) fn get(self, row: usize) -> Option<Day> {
        Some(self.raw(row)).filter(|day| *day != Column::NO_DAY).map(Day)
    }
}

/// A column of flags; of one that is absent every row is blank.
#[derive(Clone, Copy)]
pub(super) struct Flags<'a>(&'a [i8]);

impl<'a> Flags<'a> {
    pub(super) fn of(table: &'a Table, name: &str) -> Self {
        match table.column(name) {
            Some(Column::Flags(flags)) => Self(flags),
            _ => Self(&[]),
        }
    }

    /// The flag of a row.
    #[inline]
    pub(super) fn get(self, row: usize) -> Option<bool> {
        self.0.get(row).filter(|flag| **flag >= 0).map(|flag| *flag == 1)
    }
}

/// A column of words.
pub(super) fn words<'a>(table: &'a Table, name: &str) -> Option<&'a Words> {
    match table.column(name) {
        Some(Column::Words(words)) => Some(words),
        _ => None,
    }
}

/// The code of a row; none where it is blank, or the column is absent.
#[inline]
pub(super) fn code(words: Option<&Words>, row: usize) -> Option<u32> {
    words?.code(row)
}

/// What each distinct word of a column comes to, looked up by row.
pub(super) struct PerWord<'a, T> {
    /// The codes of a column of few words, whose blanks come to nothing.
    narrow: &'a [u8],
    of_narrow: Box<[Option<T>; 256]>,
    /// Those of any other.
    codes: Option<&'a Codes>,
    values: Vec<Option<T>>,
}

impl<'a, T: Copy> PerWord<'a, T> {
    /// Understands each distinct word of a column once.
    pub(super) fn new(column: Option<&'a Words>, understand: impl FnMut(&str) -> Option<T>) -> Self {
        Self::by_code(column, column.into_iter().flat_map(|column| column.words().iter()).map(understand))
    }

    /// Takes what each code comes to.
    pub(super) fn by_code(column: Option<&'a Words>, values: impl Iterator<Item = Option<T>>) -> Self {
        let mut found = Self { narrow: &[], of_narrow: Box::new([None; 256]), codes: None, values: Vec::new() };
        match column.map(Words::codes) {
            Some(Codes::Narrow(codes)) => {
                found.narrow = codes;
                for (slot, value) in found.of_narrow.iter_mut().zip(values) {
                    *slot = value;
                }
            }
            codes => {
                found.codes = codes;
                found.values = values.collect();
            }
        }
        found
    }

    /// The code of each row, and what each code comes to; none of a column of many words, nor where it is absent.
    pub(super) fn narrow(&self) -> Option<(&'a [u8], &[Option<T>; 256])> {
        (!self.narrow.is_empty()).then_some((self.narrow, &self.of_narrow))
    }

    /// What the row's word comes to; none where it is blank.
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<T> {
        match self.narrow.get(row) {
            Some(code) => self.of_narrow[usize::from(*code)],
            None => self.codes.and_then(|codes| self.values.get(codes.get(row)? as usize).copied().flatten()),
        }
    }
}

/// Which rows have one of some words.
pub(super) fn having<'a>(table: &'a Table, name: &str, words: &[&str]) -> PerWord<'a, ()> {
    PerWord::new(self::words(table, name), |word| words.contains(&word).then_some(()))
}

/// Numbers the words of several columns together: how many distinct ones there are, and the number of each code of each column.
pub(super) fn united<const N: usize>(columns: [Option<&Words>; N]) -> (usize, [Vec<u32>; N]) {
    let dictionaries = columns.map(|column| column.map(Words::words));
    let mut numbers = dictionaries.map(|words| Vec::with_capacity(words.map_or(0, Dictionary::len)));
    let mut count = 0;
    loop {
        let heads: [Option<&str>; N] = std::array::from_fn(|at| dictionaries[at].and_then(|words| words.get(numbers[at].len())));
        let Some(least) = heads.into_iter().flatten().min() else { return (count, numbers) };
        for (numbers, head) in numbers.iter_mut().zip(heads) {
            if head == Some(least) {
                numbers.push(count as u32);
            }
        }
        count += 1;
    }
}

/// A column of few words that are sorted and a code of each row, `u8::MAX` for null; words of no row are dropped.
pub(super) fn narrow(words: &[&str], mut codes: Vec<u8>) -> Column {
    let used_in = |codes: &[u8]| {
        let mut used = [false; 256];
        for code in codes {
            used[usize::from(*code)] = true;
        }
        used
    };
    let either = |one: [bool; 256], other: [bool; 256]| std::array::from_fn(|code| one[code] || other[code]);
    let used = codes.par_chunks(FEW).map(used_in).reduce(|| [false; 256], either);
    let mut rank = [u8::MAX; 256];
    let kept: Vec<&str> = words.iter().enumerate().filter(|(code, _)| used[*code]).map(|(_, word)| *word).collect();
    for (new, old) in (0..words.len()).filter(|code| used[*code]).enumerate() {
        rank[old] = new as u8;
    }
    if kept.len() < words.len() {
        codes.par_chunks_mut(FEW).flatten_iter().for_each(|code| *code = rank[usize::from(*code)]);
    }
    Column::Words(Words::from_parts(Dictionary::from_sorted(kept), Codes::Narrow(codes)))
}

/// A value per row.
pub(super) fn by_row<T: Send>(rows: usize, of: impl Fn(usize) -> T + Sync + Send) -> Vec<T> {
    if rows < FEW {
        return (0..rows).map(of).collect();
    }
    (0..rows).into_par_iter().with_min_len(FEW / 4).map(of).collect()
}

/// Goes over rows part by part, and gives what each part came to, in order.
pub(super) fn by_part<T: Send>(rows: usize, of: impl Fn(Range<usize>) -> T + Sync + Send) -> Vec<T> {
    if rows < FEW {
        return vec![of(0..rows)];
    }
    (0..rows.div_ceil(FEW)).into_par_iter().map(|part| of(part * FEW..rows.min((part + 1) * FEW))).collect()
}

/// The file of some rows, where all of them stand in one and are used.
pub(super) fn one_file(table: &Table, rows: Range<usize>) -> Option<u16> {
    let file = table.file.only(rows.clone())?;
    let left_out = table.left_out[rows].iter().fold(0, |out, reason| out | reason);
    (left_out == 0).then_some(file)
}

/// The rows that are blank in a column of words, in order; all where it is absent.
pub(super) fn blank_rows(words: Option<&Words>, rows: usize) -> Vec<u32> {
    fn within<C: Copy + PartialEq>(codes: &[C], blank: C, rows: Range<usize>) -> Vec<u32> {
        let codes = &codes[rows.clone()];
        // Few columns have any.
        if !codes.contains(&blank) {
            return Vec::new();
        }
        codes.iter().zip(rows.start as u32..).filter(|(code, _)| **code == blank).map(|(_, row)| row).collect()
    }
    let blank = |rows: Range<usize>| match words.map(Words::codes) {
        Some(Codes::Narrow(codes)) => within(codes, u8::MAX, rows),
        Some(Codes::Middle(codes)) => within(codes, u16::MAX, rows),
        Some(Codes::Wide(codes)) => within(codes, u32::MAX, rows),
        Some(Codes::Each(_)) => Vec::new(),
        None => rows.map(|row| row as u32).collect(),
    };
    by_part(rows, blank).concat()
}

/// The rows of which something is true, in order.
pub(super) fn rows_where(rows: usize, holds: impl Fn(usize) -> bool + Sync + Send) -> Vec<u32> {
    let of_part = |part: Range<usize>| {
        let (mut found, mut few) = (Vec::new(), [0; 1 << 10]);
        for start in part.clone().step_by(few.len()) {
            // Each row is written, and stays where it holds: nothing to guess wrong for a processor.
            let mut held = 0;
            for row in start..part.end.min(start + few.len()) {
                few[held] = row as u32;
                held += usize::from(holds(row));
            }
            found.extend_from_slice(&few[..held]);
        }
        found
    };
    by_part(rows, of_part).concat()
}

/// The least and the greatest of values, where there are any.
pub(super) fn ends<T: Ord + Copy>(values: impl Iterator<Item = T>) -> Option<(T, T)> {
    values.fold(None, |ends, value| Some(ends.map_or((value, value), |(least, most): (T, T)| (least.min(value), most.max(value)))))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn column(texts: &[Option<String>]) -> Words {
        Words::from_texts(texts.iter().map(Option::as_deref))
    }

    fn texts() -> impl Strategy<Value = Vec<Option<String>>> {
        proptest::collection::vec(proptest::option::of("[a-c]{0,2}"), 0..20)
    }

    proptest! {
        #[test]
        fn words_are_found_in_another_column(from in texts(), to in texts()) {
            let (from, to) = (column(&from), column(&to));
            for (word, code) in from.words().iter().zip(joined(from.words(), to.words())) {
                prop_assert_eq!(to.code_of(word).unwrap_or(NONE), code);
            }
        }

        #[test]
        fn blank_rows_are_those_without_a_word(texts in texts()) {
            let column = column(&texts);
            let plain: Vec<u32> = (0..texts.len()).filter(|row| texts[*row].is_none()).map(|row| row as u32).collect();
            prop_assert_eq!(blank_rows(Some(&column), texts.len()), plain);
            prop_assert_eq!(blank_rows(None, texts.len()).len(), texts.len());
        }

        #[test]
        fn words_of_several_columns_have_one_number_each(one in texts(), two in texts()) {
            let columns = [column(&one), column(&two)];
            let (count, numbers) = united([Some(&columns[0]), None, Some(&columns[1])]);
            let all: BTreeSet<&str> = columns.iter().flat_map(|column| column.words().iter()).collect();
            prop_assert_eq!(count, all.len());
            prop_assert!(numbers[1].is_empty());
            for (column, numbers) in columns.iter().zip([&numbers[0], &numbers[2]]) {
                let plain: Vec<u32> = column.words().iter().map(|word| all.iter().take_while(|other| **other < word).count() as u32).collect();
                prop_assert_eq!(&plain, numbers);
            }
        }

        #[test]
        fn few_words_are_coded_as_texts_are(codes in proptest::collection::vec(0_u8..5, 0..20)) {
            let names = ["a", "b", "c", "d"];
            let texts = codes.iter().map(|code| names.get(usize::from(*code)).copied());
            let Column::Words(plain) = Column::Words(Words::from_texts(texts)) else { return Ok(()) };
            let codes: Vec<u8> = codes.iter().map(|code| if *code < 4 { *code } else { u8::MAX }).collect();
            let Column::Words(words) = narrow(&names, codes) else { return Ok(()) };
            prop_assert_eq!(words.words(), plain.words());
            prop_assert!((0..plain.len()).all(|row| words.code(row) == plain.code(row)));
        }
    }
}
