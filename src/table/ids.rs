//! A column of ids: numbers in place of words.

use super::packed::Packed;

/// The letters of which ids are made, in the order of their bytes: six bits tell one from the others.
const LETTERS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

/// What is no such letter.
const OTHER: u8 = 0xff;

/// The number of each letter by its byte.
const NUMBERS: [u8; 256] = {
    let (mut numbers, mut at) = ([OTHER; 256], 0);
    while at < LETTERS.len() {
        numbers[LETTERS[at] as usize] = at as u8;
        at += 1;
    }
    numbers
};

/// How many letters at the end of an id its number says, and with how many bits.
const SAID: usize = 10;
const BITS: usize = 6 * SAID;

/// How many beginnings the rest of a number tells apart; the last one is left to what is blank.
const MOST: usize = 15;

/// How the ids of a column are written: with what they begin, and how long they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spelling(Vec<Beginning>);

/// What comes before the letters that a number says, and how many these are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Beginning {
    text: String,
    rest: usize,
    /// Whether it has a digit.
    digit: bool,
}

impl Beginning {
    /// The letters of an id behind it; none where it begins otherwise or is not as long.
    #[inline]
    fn of<'c>(&self, cell: &'c [u8]) -> Option<&'c [u8]> {
        if cell.len() != self.text.len() + self.rest {
            return None;
        }
        let (own, rest) = cell.split_at(self.text.len());
        let text = self.text.as_bytes();
        // Most have eight bytes, which are one number.
        let same = match (own.as_array::<8>(), text.as_array::<8>()) {
            (Some(own), Some(text)) => u64::from_ne_bytes(*own) == u64::from_ne_bytes(*text),
            _ => own == text,
        };
        same.then_some(rest)
    }
}

impl Spelling {
    /// The number of an id; none where it is not made of letters and digits, `-` and `_`, where it has no digit, as words have none, or where
    /// the column has ids with too many beginnings. A beginning that is new is `learned`.
    #[inline]
    pub fn read(&mut self, cell: &[u8]) -> Option<u64> {
        let known = |(at, beginning): (usize, &Beginning)| Some((at, beginning.digit, beginning.of(cell)?));
        let (at, digit, rest) = if let Some(found) = self.0.iter().enumerate().find_map(known) {
            found
        } else {
            let at = self.learn(cell)?;
            known((at, &self.0[at]))?
        };
        let (number, other) = match rest.as_array::<SAID>() {
            Some(all) => numbered(at, all),
            None => numbered(at, rest),
        };
        let number = number << (BITS - 6 * rest.len());
        (other < 64 && (digit || rest.iter().any(u8::is_ascii_digit))).then_some(number)
    }

    /// Learns the beginning of an id.
    #[cold]
    fn learn(&mut self, cell: &[u8]) -> Option<usize> {
        let (text, rest) = cell.split_at(cell.len().saturating_sub(SAID));
        let text = std::str::from_utf8(text).ok().filter(|text| text.bytes().all(|byte| NUMBERS[usize::from(byte)] != OTHER))?;
        self.enter(Beginning { text: text.to_owned(), rest: rest.len(), digit: text.bytes().any(|byte| byte.is_ascii_digit()) })
    }

    fn enter(&mut self, beginning: Beginning) -> Option<usize> {
        if let Some(at) = self.0.iter().position(|known| *known == beginning) {
            return Some(at);
        }
        (self.0.len() < MOST).then(|| {
            self.0.push(beginning);
            self.0.len() - 1
        })
    }

    /// Adds the beginnings of another, and gives what its numbers become: add it to each, but not to [`Ids::BLANK`]; nothing where all of
    /// them stay. None where they are too many together.
    pub fn join(&mut self, other: &Self) -> Option<Vec<u64>> {
        if self.0.starts_with(&other.0) {
            return Some(Vec::new());
        }
        let own = |(at, beginning): (usize, &Beginning)| Some((self.enter(beginning.clone())? as u64).wrapping_sub(at as u64) << BITS);
        other.0.iter().enumerate().map(own).collect()
    }

    /// The id of a number.
    pub fn spell(&self, number: u64) -> String {
        let Some(beginning) = self.0.get((number >> BITS) as usize) else { return String::new() };
        let letter = |at: usize| char::from(LETTERS[(number >> (BITS - 6 - 6 * at) & 0x3f) as usize]);
        let mut id = String::with_capacity(beginning.text.len() + beginning.rest);
        id.push_str(&beginning.text);
        id.extend((0..beginning.rest).map(letter));
        id
    }

    /// How many bytes each id of the column has; none where they are not all as long.
    pub fn length(&self) -> Option<usize> {
        let mut lengths = self.0.iter().map(|beginning| beginning.text.len() + beginning.rest);
        let first = lengths.next()?;
        lengths.all(|length| length == first).then_some(first)
    }

    /// Whether any id of the column may begin so.
    pub fn may_begin(&self, with: &str) -> bool {
        self.0.iter().any(|known| known.text.starts_with(with) || with.starts_with(known.text.as_str()))
    }
}

/// The number of letters behind one, and what is 64 at least where one of them is none.
#[inline]
fn numbered<'l>(before: usize, letters: impl IntoIterator<Item = &'l u8>) -> (u64, u8) {
    letters.into_iter().fold((before as u64, 0), |(number, other), byte| {
        let letter = NUMBERS[usize::from(*byte)];
        (number << 6 | u64::from(letter & 0x3f), other | letter)
    })
}

/// A column of ids, each as a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ids {
    /// How they are written.
    pub spelling: Spelling,
    /// The number of each row's, [`Ids::BLANK`] where there is none; of ids that begin alike and are as long, in the order of their bytes.
    pub numbers: Packed,
}

impl Ids {
    /// What stands for a blank cell.
    pub const BLANK: u64 = Packed::BLANK;

    /// Numbers as they become by [`Spelling::join`].
    pub fn shifted(number: u64, by: &[u64]) -> u64 {
        match by.get((number >> BITS) as usize) {
            Some(by) if number != Self::BLANK => number.wrapping_add(*by),
            _ => number,
        }
    }

    /// Whether they stand in the order of their bytes, none twice and none blank.
    pub fn rise(&self) -> bool {
        self.spelling.0.len() == 1 && self.numbers.ascends()
    }

    /// Whether no two rows have the same id.
    pub fn all_differ(&self) -> bool {
        if self.rise() {
            return true;
        }
        let mut sorted: Vec<u64> = self.numbers.iter().filter(|number| *number != Self::BLANK).collect();
        sorted.sort_unstable();
        sorted.is_sorted_by(|one, other| one < other)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::table::{Arena, Words};

    #[test]
    fn letters_are_in_the_order_of_their_bytes() {
        assert!(LETTERS.is_sorted_by(|one, other| one < other));
    }

    #[test]
    fn what_is_a_word_is_no_id() {
        let mut spelling = Spelling::default();
        for cell in ["", "null", "NaN", "-", "--", "n/a", "Ana Silva", "é1", "1 2", "\u{a0}12", "\"1", "Anaximander", "x@y1"] {
            assert_eq!(spelling.read(cell.as_bytes()), None, "{cell}");
        }
    }

    #[test]
    fn too_many_beginnings_are_no_column_of_ids() {
        let mut spelling = Spelling::default();
        let known = (0..40).filter(|n| spelling.read(format!("{n:02}0123456789").as_bytes()).is_some()).count();
        assert_eq!(known, MOST);
        assert!(spelling.read(b"000123456789").is_some());
        let mut other = Spelling::default();
        assert_eq!(other.read(b"x00123456789").map(|number| number >> BITS), Some(0));
        assert_eq!(spelling.join(&other), None);
    }

    proptest! {
        #[test]
        fn ids_are_spelled_as_they_were_written(ids in prop::collection::vec("(0035g0000|00Q5g0000|ACT-|)[0-9A-Za-z_-]{0,9}", 1..40), split in 0..40_usize) {
            let (mut one, mut other) = (Spelling::default(), Spelling::default());
            let of = |spelling: &mut Spelling, ids: &[String]| -> Vec<u64> {
                ids.iter().map(|id| spelling.read(id.as_bytes()).unwrap_or(Ids::BLANK)).collect()
            };
            let (left, right) = ids.split_at(split.min(ids.len()));
            let (mut numbers, more) = (of(&mut one, left), of(&mut other, right));
            if let Some(by) = one.join(&other) {
                numbers.extend(more.iter().map(|number| Ids::shifted(*number, &by)));
                for (id, number) in ids.iter().zip(&numbers).filter(|(_, number)| **number != Ids::BLANK) {
                    prop_assert_eq!(&one.spell(*number), id);
                }
                for (a, x) in ids.iter().zip(&numbers) {
                    for (b, y) in ids.iter().zip(&numbers).filter(|(_, y)| **y != Ids::BLANK && *x != Ids::BLANK) {
                        prop_assert_eq!(a == b, x == y);
                        if x >> BITS == y >> BITS {
                            prop_assert_eq!(a.cmp(b), x.cmp(y));
                        }
                    }
                }
                let mut there: Vec<&String> = ids.iter().zip(&numbers).filter(|(_, n)| **n != Ids::BLANK).map(|(id, _)| id).collect();
                let rows = there.len();
                there.sort();
                there.dedup();
                let column = Ids { spelling: one, numbers: numbers.into() };
                prop_assert_eq!(column.all_differ(), there.len() == rows);
            }
        }

        /// Whatever stands in the place of words, asked for them a column is that of its texts.
        #[test]
        fn a_column_is_the_same_in_whatever_way_it_is_kept(ids in prop::collection::vec(prop::option::of("(0035g0000|ACT-|)[0-9]{1,3}"), 0..60)) {
            let plainly = Words::from_texts(ids.iter().map(Option::as_deref));
            let (mut spelling, mut texts) = (Spelling::default(), Arena::default());
            let number = |id: &Option<String>| id.as_ref().map_or(Ids::BLANK, |id| spelling.read(id.as_bytes()).unwrap());
            let numbers = ids.iter().map(number).collect();
            for id in &ids {
                texts.push(id.as_deref().unwrap_or_default());
            }
            let kept = [Words::from_ids(Ids { spelling, numbers }), Words::from_rows(texts)];
            for column in &kept {
                // A row alone comes first, while nothing else of the column is spelled.
                for (row, id) in ids.iter().enumerate() {
                    prop_assert!(column.spelled(row).as_deref() == id.as_deref());
                }
                prop_assert_eq!(column.all_blank(), ids.iter().all(Option::is_none));
                prop_assert_eq!(column.any(|word| word.ends_with('7')), ids.iter().flatten().any(|id| id.ends_with('7')));
                for (row, id) in ids.iter().enumerate() {
                    prop_assert_eq!((column.get(row), column.is_blank(row)), (id.as_deref(), id.is_none()));
                }
                prop_assert_eq!((column.len(), column), (ids.len(), &plainly));
            }
        }
    }
}
