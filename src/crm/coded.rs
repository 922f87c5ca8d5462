//! Rows by what they say: columns as codes, and what is found out once for all rows that say the same.

use std::borrow::Cow;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::part::Part;
use crate::table::{Codes, Column, Dictionary, Table, Words};

/// Fewer rows than this are not worth a thread of their own.
pub(super) const ROWS: usize = 1 << 15;

/// Tables of so many entries are as good as none.
const SMALL: usize = 1 << 12;

/// So many rows are gone through column by column.
const CHUNK: usize = 1 << 10;

/// A column as a number per row, below its length: rows with one number say the same in it.
pub(super) struct Slots<'a> {
    of: Of<'a>,
    len: usize,
}

enum Of<'a> {
    /// The codes of a column of words, and the number of its blank cells.
    Words(&'a Words, u32),
    Codes(&'a Codes),
    Classes(&'a Codes, Vec<u32>),
    Rows(Cow<'a, [u8]>),
}

impl<'a> Slots<'a> {
    /// A column's codes, and one more number for its blank cells.
    pub(super) fn of(words: &'a Words) -> Self {
        let len = words.words().len();
        Self { of: Of::Words(words, len as u32), len: len + 1 }
    }

    /// A column whose words fall into few classes: the class of each word, and behind them that of a blank cell.
    pub(super) fn classes<C: Eq + std::hash::Hash>(words: &'a Words, class: impl IntoIterator<Item = C>) -> Self {
        let mut known: FxHashMap<C, u32> = FxHashMap::default();
        let mut classes: Vec<u32> = Vec::with_capacity(words.words().len() + 1);
        for class in class {
            let next = known.len() as u32;
            classes.push(*known.entry(class).or_insert(next));
        }
        Self { of: Of::Classes(words.codes(), classes), len: known.len().max(1) }
    }

    /// A number per row, all below `len`.
    pub(super) fn rows(rows: Vec<u8>, len: usize) -> Self {
        Self { of: Of::Rows(Cow::Owned(rows)), len }
    }

    /// The same of numbers that others need, too.
    pub(super) fn bytes(rows: &'a [u8], len: usize) -> Self {
        Self { of: Of::Rows(Cow::Borrowed(rows)), len }
    }

    /// Codes below `len`, one for each row.
    pub(super) fn coded(codes: &'a Codes, len: usize) -> Self {
        Self { of: Of::Codes(codes), len: len.max(1) }
    }

    /// How many numbers columns have together.
    pub(super) fn product(slots: &[Self]) -> usize {
        slots.iter().fold(1, |product, slot| product.saturating_mul(slot.len))
    }

    /// The number of a row.
    fn get(&self, row: usize) -> usize {
        let code = |codes: &Codes, blank: u32| codes.get(row).unwrap_or(blank) as usize;
        match &self.of {
            Of::Words(words, blank) => code(words.codes(), *blank),
            Of::Codes(codes) => code(codes, 0),
            Of::Classes(codes, classes) => {
                classes.get(code(codes, classes.len().saturating_sub(1) as u32)).map_or(0, |class| *class as usize)
            }
            Of::Rows(rows) => usize::from(rows[row]),
        }
    }

    /// Adds the number of each row from one on, times `radix`.
    fn add(&self, start: usize, radix: u32, to: &mut [u32]) {
        match &self.of {
            Of::Words(words, blank) => add_codes(words.codes(), start, *blank, to, |code| code * radix),
            Of::Codes(codes) => add_codes(codes, start, 0, to, |code| code * radix),
            Of::Classes(codes, classes) => {
                let blank = classes.len().saturating_sub(1) as u32;
                add_codes(codes, start, blank, to, |code| classes.get(code as usize).map_or(0, |class| class * radix));
            }
            Of::Rows(rows) => to.iter_mut().zip(&rows[start..]).for_each(|(to, number)| *to += u32::from(*number) * radix),
        }
    }
}

/// Adds what each code from a row on comes to; `blank` stands for a blank cell's.
#[inline]
fn add_codes(codes: &Codes, start: usize, blank: u32, to: &mut [u32], of: impl Fn(u32) -> u32) {
    match codes {
        Codes::Narrow(codes) => {
            let code = |code: u8| if code == u8::MAX { blank } else { u32::from(code) };
            to.iter_mut().zip(&codes[start..]).for_each(|(to, c)| *to += of(code(*c)));
        }
        Codes::Middle(codes) => {
            let code = |code: u16| if code == u16::MAX { blank } else { u32::from(code) };
            to.iter_mut().zip(&codes[start..]).for_each(|(to, c)| *to += of(code(*c)));
        }
        Codes::Wide(codes) => {
            let code = |code: u32| if code == u32::MAX { blank } else { code };
            to.iter_mut().zip(&codes[start..]).for_each(|(to, c)| *to += of(code(*c)));
        }
        Codes::Each(_) => to.iter_mut().zip(start as u32..).for_each(|(to, c)| *to += of(c)),
    }
}

/// The rows of a part by what they say in several columns.
pub(super) struct Groups<'a> {
    slots: Vec<(Slots<'a>, usize)>,
    ids: Ids,
    rows: usize,
    /// The first row of each group, ascending.
    pub(super) first: Vec<u32>,
}

/// What was found out of rows: which group each is of, and the first row of each group.
pub(super) struct Found {
    ids: Ids,
    first: Vec<u32>,
}

/// The group of a row.
enum Ids {
    /// By the numbers of its columns.
    Dense(Vec<u32>),
    /// By the row itself.
    Each(Vec<u32>),
}

impl<'a> Groups<'a> {
    /// The groups of so many rows.
    pub(super) fn of(slots: Vec<Slots<'a>>, rows: usize) -> Self {
        let dense_enough = Slots::product(&slots) <= SMALL.max(rows.saturating_mul(2)).min(u32::MAX as usize);
        let mut radix = 1_usize;
        let with_radix = |slot: Slots<'a>| {
            let own = radix;
            radix = radix.saturating_mul(slot.len);
            (slot, own)
        };
        let slots: Vec<(Slots<'a>, usize)> = slots.into_iter().map(with_radix).collect();
        if dense_enough {
            let (rank, first) = dense(&slots, radix, rows);
            Self { slots, ids: Ids::Dense(rank), rows, first }
        } else {
            let (ids, first) = refined(&slots, rows);
            Self { slots, ids: Ids::Each(ids), rows, first }
        }
    }

    /// The groups of a part's rows by the columns of these fields, as far as there are any.
    pub(super) fn by_fields(part: &'a Part, fields: &[&str]) -> Self {
        let columns = fields.iter().filter_map(|name| part.field(name));
        Self::of(columns.map(|field| Slots::of(&field.words)).collect(), part.len())
    }

    /// The groups that codes of rows are, each of which some row has; without their first rows.
    pub(super) fn known(codes: &'a Codes, len: usize) -> Self {
        let ids = Ids::Dense((0..len.max(1) as u32).collect());
        Self { slots: vec![(Slots::coded(codes, len), 1)], ids, rows: codes.len(), first: Vec::new() }
    }

    /// How many groups there are.
    pub(super) fn len(&self) -> usize {
        self.first.len()
    }

    /// The group of a row.
    pub(super) fn get(&self, row: usize) -> usize {
        match &self.ids {
            Ids::Dense(rank) => rank[self.slots.iter().map(|(slot, radix)| slot.get(row) * radix).sum::<usize>()] as usize,
            Ids::Each(ids) => ids[row] as usize,
        }
    }

    /// A number for what a row says in the first so many columns.
    pub(super) fn said(&self, row: usize, columns: usize) -> usize {
        self.slots.iter().take(columns).map(|(slot, radix)| slot.get(row) * radix).sum()
    }

    /// What was found out of the rows, to be taken up by [`Groups::again`].
    pub(super) fn found(self) -> Found {
        Found { ids: self.ids, first: self.first }
    }

    /// The groups of a part's rows by the columns of these fields, which were gone through before.
    pub(super) fn again(part: &'a Part, fields: &[&str], Found { ids, first }: Found) -> Self {
        let mut radix = 1_usize;
        let slots = fields.iter().filter_map(|name| part.field(name)).map(|field| Slots::of(&field.words)).map(|slot| {
            let own = radix;
            radix = radix.saturating_mul(slot.len);
            (slot, own)
        });
        Self { slots: slots.collect(), ids, rows: part.len(), first }
    }

    /// What each row has, of what its group has.
    pub(super) fn each<T: Copy + Default + Send + Sync>(&self, values: &[T]) -> Vec<T> {
        // What the numbers of several columns come to is looked up at once.
        let of_key: Vec<T> = match &self.ids {
            Ids::Dense(rank) => rank.iter().map(|id| values.get(*id as usize).copied().unwrap_or_default()).collect(),
            Ids::Each(_) => Vec::new(),
        };
        match &self.ids {
            Ids::Dense(_) => of_keys(&self.slots, self.rows, &of_key),
            Ids::Each(ids) => fill(self.rows, |row| values[ids[row] as usize]),
        }
    }

    /// What each row has, of what its group has, as codes of so many words.
    pub(super) fn coded(&self, codes: &[u32], words: usize) -> Codes {
        if words >= self.rows {
            return Codes::from_wide(self.each(codes), words);
        }
        match words {
            n if n < usize::from(u8::MAX) => {
                let codes: Vec<u8> = codes.iter().map(|c| u8::try_from(*c).unwrap_or(u8::MAX)).collect();
                Codes::Narrow(self.each(&codes))
            }
            n if n < usize::from(u16::MAX) => {
                let codes: Vec<u16> = codes.iter().map(|c| u16::try_from(*c).unwrap_or(u16::MAX)).collect();
                Codes::Middle(self.each(&codes))
            }
            _ => Codes::Wide(self.each(codes)),
        }
    }

    /// The group of each row, in as few bytes as they fit.
    pub(super) fn codes(&self) -> Codes {
        let ids: Vec<u32> = (0..self.len() as u32).collect();
        self.coded(&ids, self.len())
    }

    /// A column with the text of each group.
    pub(super) fn texts(&self, texts: &[Option<&str>]) -> Words {
        // Where all have the text that stands there, the column is the one that there is.
        if let ([(Slots { of: Of::Words(words, _), .. }, _)], Ids::Dense(_)) = (self.slots.as_slice(), &self.ids)
            && self.first.par_iter().zip(texts).with_min_len(ROWS).all(|(row, text)| words.get(*row as usize) == *text)
        {
            return (*words).clone();
        }
        let (words, codes) = sorted(texts);
        let codes = self.coded(&codes, words.len());
        Words::from_parts(Dictionary::from_sorted(words), codes)
    }
}

/// The numbers of several columns together, of each row from one on.
fn keys(slots: &[(Slots<'_>, usize)], start: usize, keys: &mut [u32]) {
    keys.fill(0);
    for (slot, radix) in slots {
        slot.add(start, *radix as u32, keys);
    }
}

/// What each row has, of what there is for each number that columns have together.
fn of_keys<T: Copy + Default + Send + Sync>(slots: &[(Slots<'_>, usize)], rows: usize, values: &[T]) -> Vec<T> {
    let mut each = vec![T::default(); rows];
    each.par_chunks_mut(ROWS).enumerate().for_each(|(part, each)| {
        let mut buffer = [0; CHUNK];
        for (chunk, each) in each.chunks_mut(CHUNK).enumerate() {
            let buffer = &mut buffer[..each.len()];
            keys(slots, part * ROWS + chunk * CHUNK, buffer);
            each.iter_mut().zip(buffer).for_each(|(to, key)| *to = values[*key as usize]);
        }
    });
    each
}

/// What each row has, of what each word of a column has, and behind these a blank cell.
pub(super) fn of_words<T: Copy + Default + Send + Sync>(words: &Words, values: &[T]) -> Vec<T> {
    of_keys(&[(Slots::of(words), 1)], words.len(), values)
}

/// The group of each key, and the first row of each group.
fn dense(slots: &[(Slots<'_>, usize)], product: usize, rows: usize) -> (Vec<u32>, Vec<u32>) {
    let first_of = |range: Range<usize>| {
        let mut first = vec![u32::MAX; product];
        let mut buffer = [0; CHUNK];
        for start in range.clone().step_by(CHUNK) {
            let buffer = &mut buffer[..CHUNK.min(range.end - start)];
            keys(slots, start, buffer);
            for (key, row) in buffer.iter().zip(start as u32..) {
                let first = &mut first[*key as usize];
                if *first == u32::MAX {
                    *first = row;
                }
            }
        }
        first
    };
    let mut first = ranges(rows).into_par_iter().map(first_of).reduce_with(|mut one, other| {
        one.iter_mut().zip(other).for_each(|(one, other)| *one = (*one).min(other));
        one
    });
    let mut rank = first.take().unwrap_or_default();
    let mut keys: Vec<(u32, u32)> =
        rank.iter().zip(0..).filter(|(first, _)| **first != u32::MAX).map(|(first, key)| (*first, key)).collect();
    keys.par_sort_unstable();
    for ((_, key), id) in keys.iter().zip(0..) {
        rank[*key as usize] = id;
    }
    (rank, keys.into_iter().map(|(first, _)| first).collect())
}

/// The group of each row, column after column, and the first row of each group.
fn refined(slots: &[(Slots<'_>, usize)], rows: usize) -> (Vec<u32>, Vec<u32>) {
    let mut ids = vec![0_u32; rows];
    let mut first = vec![0_u32; rows.min(1)];
    for (slot, _) in slots {
        let mut known: FxHashMap<(u32, u32), u32> = FxHashMap::default();
        // What stands in one column beside a name in another is mostly always the same.
        let mut last = vec![(u32::MAX, 0_u32); first.len()];
        first.clear();
        let mut buffer = [0; CHUNK];
        for (chunk, ids) in ids.chunks_mut(CHUNK).enumerate() {
            let buffer = &mut buffer[..ids.len()];
            buffer.fill(0);
            slot.add(chunk * CHUNK, 1, buffer);
            for ((id, said), row) in ids.iter_mut().zip(buffer).zip((chunk * CHUNK) as u32..) {
                let last = &mut last[*id as usize];
                if last.0 != *said {
                    let next = first.len() as u32;
                    *last = (*said, *known.entry((*id, *said)).or_insert(next));
                    if last.1 == next {
                        first.push(row);
                    }
                }
                *id = last.1;
            }
        }
    }
    (ids, first)
}

/// Rows in as many ranges as there are threads for them.
fn ranges(rows: usize) -> Vec<Range<usize>> {
    let parts = rayon::current_num_threads().min(rows / ROWS).max(1);
    (0..parts).map(|part| rows * part / parts..rows * (part + 1) / parts).collect()
}

/// Texts in order, none twice, and which of them each is.
fn sorted<'t>(texts: &[Option<&'t str>]) -> (Vec<&'t str>, Vec<u32>) {
    let mut sorted: Vec<(&str, u32)> = texts.iter().zip(0..).filter_map(|(text, at)| Some(((*text)?, at))).collect();
    sorted.par_sort_unstable();
    let mut words: Vec<&str> = Vec::with_capacity(sorted.len());
    let mut codes = vec![u32::MAX; texts.len()];
    for (text, at) in sorted {
        if words.last() != Some(&text) {
            words.push(text);
        }
        codes[at as usize] = words.len() as u32 - 1;
    }
    (words, codes)
}

/// A column in which each row has one of a few texts, every one of which some row has.
pub(super) fn spread(rows: usize, texts: &[Option<&str>], of: impl Fn(usize) -> usize + Sync) -> Words {
    let (words, codes) = sorted(texts);
    let narrow = || codes.iter().map(|c| u8::try_from(*c).unwrap_or(u8::MAX)).collect::<Vec<u8>>();
    let middle = || codes.iter().map(|c| u16::try_from(*c).unwrap_or(u16::MAX)).collect::<Vec<u16>>();
    let codes = match words.len() {
        n if n >= rows => Codes::from_wide((0..rows).map(|row| codes[of(row)]).collect(), n),
        n if n < usize::from(u8::MAX) => Codes::Narrow(each(rows, &narrow(), of)),
        n if n < usize::from(u16::MAX) => Codes::Middle(each(rows, &middle(), of)),
        _ => Codes::Wide(each(rows, &codes, of)),
    };
    Words::from_parts(Dictionary::from_sorted(words), codes)
}

/// What each row has, of what its group has.
pub(super) fn each<T: Copy + Send + Sync>(rows: usize, values: &[T], of: impl Fn(usize) -> usize + Sync) -> Vec<T> {
    fill(rows, |row| values[of(row)])
}

/// A value per row.
pub(super) fn fill<T: Send>(rows: usize, of: impl Fn(usize) -> T + Sync) -> Vec<T> {
    (0..rows).into_par_iter().with_min_len(ROWS).map(&of).collect()
}

/// A column under construction: each row has the first text that several columns offer it.
pub(super) struct Chain<'a> {
    texts: Vec<&'a str>,
    codes: Vec<u32>,
    rows: usize,
    /// The one column that was asked so far, where its words were taken as they are.
    own: Option<&'a Words>,
}

impl<'a> Chain<'a> {
    pub(super) fn new(rows: usize) -> Self {
        Self { texts: Vec::new(), codes: Vec::new(), rows, own: None }
    }

    /// Gives rows that have no text yet that of a column, or what it comes to.
    pub(super) fn or(&mut self, words: &'a Words, means: impl Fn(&'a str) -> Option<&'a str> + Sync) {
        let dictionary = words.words();
        let as_it_is = |code: usize| {
            let word = &dictionary[code];
            means(word).is_some_and(|text| std::ptr::eq(text, word))
        };
        if self.is_untouched() && (0..dictionary.len()).into_par_iter().with_min_len(ROWS).all(as_it_is) {
            self.own = Some(words).filter(|words| !words.words().is_empty());
            return;
        }
        self.or_where(words, means, |_| true);
    }

    /// Gives rows that have no text yet that of a column as it stands, which is not looked at where it is the first.
    pub(super) fn or_whole(&mut self, words: &'a Words) {
        if self.is_untouched() {
            self.own = Some(words).filter(|words| !words.all_blank());
        } else if !words.all_blank() {
            self.or_where(words, Some, |_| true);
        }
    }

    fn is_untouched(&self) -> bool {
        self.own.is_none() && self.codes.is_empty()
    }

    /// The same for those rows of which a condition holds.
    pub(super) fn or_where(
        &mut self,
        words: &'a Words,
        means: impl Fn(&'a str) -> Option<&'a str> + Sync,
        holds: impl Fn(usize) -> bool + Sync,
    ) {
        let dictionary = words.words();
        if (0..dictionary.len()).into_par_iter().with_min_len(ROWS).all(|code| means(&dictionary[code]).is_none()) {
            return;
        }
        let meant: Vec<Option<&'a str>> = dictionary.iter().map(means).collect();
        self.begin();
        let start = self.texts.len() as u32;
        let codes: Vec<u32> = meant.iter().zip(start..).map(|(text, code)| text.map_or(u32::MAX, |_| code)).collect();
        self.texts.extend(meant.into_iter().map(Option::unwrap_or_default));
        let code = |row: usize| if holds(row) { words.code(row).map_or(u32::MAX, |code| codes[code as usize]) } else { u32::MAX };
        self.codes.par_iter_mut().with_min_len(ROWS).enumerate().filter(|(_, c)| **c == u32::MAX).for_each(|(row, c)| *c = code(row));
    }

    /// Gives every row that has no text yet this one.
    pub(super) fn or_text(&mut self, text: &'a str) {
        self.begin();
        let code = self.texts.len() as u32;
        self.texts.push(text);
        self.codes.iter_mut().filter(|c| **c == u32::MAX).for_each(|c| *c = code);
    }

    /// A code per row, where one column was enough so far.
    fn begin(&mut self) {
        match self.own.take() {
            Some(words) => {
                self.texts = words.words().iter().collect();
                self.codes = fill(self.rows, |row| words.code(row).unwrap_or(u32::MAX));
            }
            None => self.codes.resize(self.rows, u32::MAX),
        }
    }

    /// Gives rows that have no text yet the cell of a field, else its constant, or what these come to.
    pub(super) fn or_field(&mut self, part: &'a Part, name: &str, means: impl Fn(&'a str) -> Option<&'a str> + Sync) {
        if let Some(field) = part.field(name) {
            self.or(&field.words, &means);
        }
        if let Some(text) = part.constant_of(name).and_then(means) {
            self.or_text(text);
        }
    }

    /// Gives rows that have no text yet the cell of a field as it stands, else its constant.
    pub(super) fn or_cell(&mut self, part: &'a Part, name: &str) {
        if let Some(field) = part.field(name) {
            self.or_whole(&field.words);
        }
        if let Some(text) = part.constant_of(name) {
            self.or_text(text);
        }
    }

    /// Gives rows that have no text yet what the cell of a table's column comes to.
    pub(super) fn or_column(&mut self, table: &'a Table, name: &str, means: impl Fn(&'a str) -> Option<&'a str> + Sync) {
        if let Some(Column::Words(words)) = table.column(name) {
            self.or(words, means);
        }
    }

    /// The column.
    pub(super) fn finish(self) -> Words {
        match self.own {
            Some(words) => words.clone(),
            None if self.rows == 0 => Words::from_parts(Dictionary::default(), Codes::Each(0)),
            None if self.codes.is_empty() => Words::from_parts(Dictionary::default(), Codes::Narrow(vec![u8::MAX; self.rows])),
            None => Words::from_codes(&self.texts, self.codes),
        }
    }
}

/// Whether no blank stands before or behind a text.
pub(super) fn is_trimmed(text: &str) -> bool {
    let plain = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    plain(text.as_bytes().first()) && plain(text.as_bytes().last()) || text.trim().len() == text.len()
}

/// The first of several fields that each row fills, as it stands there.
pub(super) fn first(part: &Part, fields: &[&str]) -> Words {
    let mut chain = Chain::new(part.len());
    for name in fields {
        chain.or_cell(part, name);
    }
    chain.finish()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    fn words(texts: &[Option<u8>]) -> Words {
        let texts: Vec<Option<String>> = texts.iter().map(|text| text.map(|n| format!("w{n}"))).collect();
        Words::from_texts(texts.iter().map(Option::as_deref))
    }

    proptest! {
        /// Groups are those that a map of texts finds, in the order of their first rows, by whichever way they are found.
        #[test]
        fn rows_that_say_the_same_are_of_one_group(rows in prop::collection::vec((prop::option::of(0..4_u8), prop::option::of(0..9_u8), 0..2_u8), 0..200)) {
            let one = words(&rows.iter().map(|r| r.0).collect::<Vec<_>>());
            let two = words(&rows.iter().map(|r| r.1).collect::<Vec<_>>());
            let slots = || vec![Slots::of(&one), Slots::of(&two), Slots::rows(rows.iter().map(|r| r.2).collect(), 2)];
            let mut known: Vec<&(Option<u8>, Option<u8>, u8)> = Vec::new();
            let mut first: Vec<u32> = Vec::new();
            let ids: Vec<usize> = rows.iter().enumerate().map(|(row, said)| known.iter().position(|k| *k == said).unwrap_or_else(|| {
                known.push(said);
                first.push(row as u32);
                known.len() - 1
            })).collect();
            let groups = Groups::of(slots(), rows.len());
            prop_assert_eq!(&groups.first, &first);
            let codes = groups.codes();
            prop_assert_eq!((0..rows.len()).map(|row| codes.get(row).map(|id| id as usize)).collect::<Vec<_>>(), ids.iter().copied().map(Some).collect::<Vec<_>>());
            let known: Vec<u8> = Groups::known(&codes, groups.len()).each(&(0..groups.len() as u8).collect::<Vec<_>>());
            prop_assert_eq!(known.into_iter().map(usize::from).collect::<Vec<_>>(), ids.clone());
            prop_assert_eq!((0..rows.len()).map(|row| groups.get(row)).collect::<Vec<_>>(), ids.clone());
            let (refined, starts) = refined(&groups.slots, rows.len());
            prop_assert_eq!(refined.into_iter().map(|id| id as usize).collect::<Vec<_>>(), ids);
            prop_assert_eq!(starts, first);
            let texts: Vec<Option<&str>> = groups.first.iter().map(|row| one.get(*row as usize)).collect();
            prop_assert_eq!(groups.texts(&texts), one.clone());
            let classes = Slots::classes(&two, two.words().iter().map(|w| Some(w == "w3")).chain([None]));
            let by_class = Groups::of(vec![classes], rows.len());
            prop_assert!(by_class.len() <= 3 && (0..rows.len()).all(|row| by_class.get(row) < 3));
        }

        /// A chain gives each row the first text that is offered it.
        #[test]
        fn rows_have_the_first_text_that_is_offered(
            rows in prop::collection::vec((prop::option::of(0..4_u8), prop::option::of(0..4_u8), any::<bool>()), 0..100),
            last in any::<bool>(),
        ) {
            fn odd(word: &str) -> Option<&str> {
                Some(word).filter(|word| word.ends_with(['1', '3']))
            }
            let (one, two) = (words(&rows.iter().map(|r| r.0).collect::<Vec<_>>()), words(&rows.iter().map(|r| r.1).collect::<Vec<_>>()));
            let mut chain = Chain::new(rows.len());
            chain.or(&one, Some);
            chain.or_where(&two, odd, |row| rows[row].2);
            if last {
                chain.or_text("w2");
            }
            let expected = (0..rows.len()).map(|row| {
                let other = || two.get(row).filter(|_| rows[row].2).and_then(odd);
                one.get(row).or_else(other).or(last.then_some("w2"))
            });
            prop_assert_eq!(chain.finish(), Words::from_texts(expected));
        }
    }
}
