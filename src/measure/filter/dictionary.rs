//! Text by its distinct words: what is asked of a text is asked once per word, and its rows look the answer up.

use std::cell::OnceCell;

use rayon::prelude::*;

use super::like::{Folded, Pattern};
use super::mask::{FALSE, Mask, NULL, TRUE, byte};
use super::tree::{Comparison, Text, TextRef};
use crate::table::{Codes, Column, Dictionary as Sorted, Files, Table};

/// The rows that a part is evaluated for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) rows: usize,
    pub(super) table: &'a Table,
    /// The names of the files that the table's `file` counts.
    pub(super) sources: &'a [String],
    /// Where the rows are not the table's but each distinct word of one column, and after them NULL.
    pub(super) words_of: Option<Words<'a>>,
    /// Where those words are kept in lower case once somebody has asked for them so.
    pub(super) folded: Option<&'a OnceCell<Option<Folded>>>,
}

/// The distinct words of a column.
#[derive(Clone, Copy)]
pub(super) enum Words<'a> {
    /// Sorted, none twice.
    Sorted(&'a Sorted),
    Sources(&'a [String]),
}

/// Words, which may repeat when they were made from other words.
enum List<'a> {
    Column(Words<'a>),
    Made(Vec<String>),
}

/// A code per row; a code past the last word is NULL.
#[derive(Clone)]
pub(super) enum RowCodes<'a> {
    Column(&'a Codes),
    Files(&'a Files),
    /// Each word once, in order, and then NULL.
    Each(usize),
    /// The same for so many rows.
    Same(u32, usize),
    Made(Vec<u32>),
}

/// A text per row: its distinct words and a code into them per row.
pub(super) struct Dictionary<'a> {
    words: List<'a>,
    codes: RowCodes<'a>,
}

impl<'a> Words<'a> {
    pub(super) fn len(self) -> usize {
        match self {
            Self::Sorted(words) => words.len(),
            Self::Sources(words) => words.len(),
        }
    }

    fn iter(self) -> impl Iterator<Item = &'a str> {
        let (sorted, sources): (Option<&Sorted>, &[String]) = match self {
            Self::Sorted(words) => (Some(words), &[]),
            Self::Sources(words) => (None, words),
        };
        sorted.into_iter().flat_map(Sorted::iter).chain(sources.iter().map(String::as_str))
    }
}

impl List<'_> {
    fn iter(&self) -> Box<dyn Iterator<Item = &str> + '_> {
        match self {
            Self::Column(words) => Box::new(words.iter()),
            Self::Made(words) => Box::new(words.iter().map(String::as_str)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Column(words) => words.len(),
            Self::Made(words) => words.len(),
        }
    }
}

impl RowCodes<'_> {
    /// What `answers` has for each row's word, and `null` where there is no word.
    pub(super) fn gather<T: Copy + Send + Sync>(&self, answers: &[T], null: T) -> Vec<T> {
        let answer = |code: usize| answers.get(code).copied().unwrap_or(null);
        match self {
            Self::Column(Codes::Narrow(codes)) => {
                let table: [T; 256] = std::array::from_fn(answer);
                each(codes, null, |code| table[usize::from(code)])
            }
            Self::Column(Codes::Middle(codes)) => each(codes, null, |code| answer(usize::from(code))),
            Self::Column(Codes::Wide(codes)) => each(codes, null, |code| answer(code as usize)),
            Self::Column(Codes::Each(rows)) => (0..*rows).map(answer).collect(),
            Self::Files(files) => files.iter().map(|file| answer(usize::from(file))).collect(),
            Self::Each(words) => (0..=*words).map(answer).collect(),
            Self::Same(code, rows) => vec![answer(*code as usize); *rows],
            Self::Made(codes) => each(codes, null, |code| answer(code as usize)),
        }
    }
}

/// So many rows are worth a thread.
pub(super) const LARGE: usize = 1 << 16;

/// The answer of each code, by several threads where there are many.
fn each<C: Copy + Sync, T: Copy + Send + Sync>(codes: &[C], null: T, answer: impl Fn(C) -> T + Sync) -> Vec<T> {
    if codes.len() <= LARGE {
        return codes.iter().map(|code| answer(*code)).collect();
    }
    let mut answers = vec![null; codes.len()];
    let parts = answers.par_chunks_mut(LARGE).zip(codes.par_chunks(LARGE));
    parts.for_each(|(answers, codes)| answers.iter_mut().zip(codes).for_each(|(slot, code)| *slot = answer(*code)));
    answers
}

impl<'a> Scope<'a> {
    /// All rows of a table.
    pub(super) fn of(table: &'a Table, sources: &'a [String]) -> Self {
        Self { rows: table.len(), table, sources, words_of: None, folded: None }
    }

    /// The distinct words of a column in place of the rows, and the code of each row; none where the rows are words already.
    pub(super) fn narrowed(&self, column: &TextRef) -> Option<(Self, RowCodes<'a>)> {
        let (None, Dictionary { words: List::Column(words), codes }) = (self.words_of, self.column(column)) else {
            return None;
        };
        Some((Self { rows: words.len() + 1, words_of: Some(words), ..*self }, codes))
    }

    fn column(&self, column: &TextRef) -> Dictionary<'a> {
        if let Some(words) = self.words_of {
            return Dictionary { words: List::Column(words), codes: RowCodes::Each(words.len()) };
        }
        let found = match column {
            TextRef::File => {
                return Dictionary { words: List::Column(Words::Sources(self.sources)), codes: RowCodes::Files(&self.table.file) };
            }
            TextRef::Column(name) => self.table.column(name),
            TextRef::Extra(heading) => self.table.extra(heading),
        };
        match found {
            Some(Column::Words(words)) if words.len() == self.rows => {
                Dictionary { words: List::Column(Words::Sorted(words.words())), codes: RowCodes::Column(words.codes()) }
            }
            _ => Dictionary { words: List::Column(Words::Sources(&[])), codes: RowCodes::Same(u32::MAX, self.rows) },
        }
    }

    /// Whether each row's text fits a pattern, unknown where there is no text.
    pub(super) fn like(&self, text: &Text, pattern: &Pattern) -> Mask {
        if let (Text::Column(_), Some(words), Some(folded)) = (text, self.words_of, self.folded)
            && let Some(folded) = folded.get_or_init(|| Folded::new(words.iter()))
            && let Some(answers) = pattern.of_all(folded)
        {
            let answers: Vec<u8> = answers.into_iter().map(|answer| byte(Some(answer))).collect();
            return Mask(RowCodes::Each(words.len()).gather(&answers, NULL));
        }
        let mut buffer = String::new();
        self.text(text).test(|word| pattern.matches(word, &mut buffer))
    }

    /// A text per row.
    pub(super) fn text(&self, text: &Text) -> Dictionary<'a> {
        match text {
            Text::Column(column) => self.column(column),
            Text::Literal(word) => Dictionary { words: List::Made(vec![word.clone()]), codes: RowCodes::Same(0, self.rows) },
            Text::Null => Dictionary { words: List::Made(Vec::new()), codes: RowCodes::Same(u32::MAX, self.rows) },
            Text::Lower(inner) => self.text(inner).map(str::to_lowercase),
            Text::Upper(inner) => self.text(inner).map(str::to_uppercase),
            Text::Coalesce(parts) => self.first_of(parts),
        }
    }

    fn first_of(&self, parts: &[Text]) -> Dictionary<'a> {
        let mut words = Vec::new();
        let mut codes = vec![u32::MAX; self.rows];
        for part in parts {
            let part = self.text(part);
            let moved: Vec<u32> = (0..part.words.len()).map(|code| (code + words.len()) as u32).collect();
            for (code, other) in codes.iter_mut().zip(part.codes.gather(&moved, u32::MAX)) {
                if *code == u32::MAX {
                    *code = other;
                }
            }
            words.extend(part.words.iter().map(str::to_owned));
        }
        Dictionary { words: List::Made(words), codes: RowCodes::Made(codes) }
    }
}

impl Dictionary<'_> {
    fn map(self, change: impl Fn(&str) -> String) -> Self {
        let words = self.words.iter().map(change).collect();
        Self { words: List::Made(words), codes: self.codes }
    }

    /// Its distinct words.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter()
    }

    /// What a test says of each row, unknown where there is no text.
    pub(super) fn test(&self, mut test: impl FnMut(&str) -> bool) -> Mask {
        let answers: Vec<u8> = self.words.iter().map(|word| byte(Some(test(word)))).collect();
        Mask(self.codes.gather(&answers, NULL))
    }

    /// A comparison with one word, found among sorted ones by halving.
    pub(super) fn compare_word(&self, comparison: Comparison, word: &str) -> Mask {
        let List::Column(Words::Sorted(words)) = self.words else {
            return self.test(|w| comparison.holds(w.cmp(word)));
        };
        let below = words.partition_point(|w| w < word);
        let upto = words.partition_point(|w| w <= word);
        let (less, equal, greater) = (
            byte(Some(comparison.holds(std::cmp::Ordering::Less))),
            byte(Some(comparison.holds(std::cmp::Ordering::Equal))),
            byte(Some(comparison.holds(std::cmp::Ordering::Greater))),
        );
        let mut answers = vec![greater; words.len()];
        answers[..below].fill(less);
        answers[below..upto].fill(equal);
        Mask(self.codes.gather(&answers, NULL))
    }

    /// Whether each row's text is one of sorted words; with `null` among them, what is not found is unknown.
    pub(super) fn among(&self, list: &[String], null: bool) -> Mask {
        let missing = if null { NULL } else { FALSE };
        let answers: Vec<u8> = match self.words {
            List::Column(Words::Sorted(words)) => {
                let mut answers = vec![missing; words.len()];
                for word in list {
                    if let Some(code) = words.position(word) {
                        answers[code] = TRUE;
                    }
                }
                answers
            }
            _ => self.words.iter().map(|w| if list.binary_search_by(|l| l.as_str().cmp(w)).is_ok() { TRUE } else { missing }).collect(),
        };
        Mask(self.codes.gather(&answers, NULL))
    }

    /// Where there is no text.
    pub(super) fn is_null(&self) -> Mask {
        Mask(self.codes.gather(&vec![FALSE; self.words.len()], TRUE))
    }

    /// The number of characters of each row's text, `null` where there is none.
    pub(super) fn lengths(&self, null: i64) -> Vec<i64> {
        let lengths: Vec<i64> = self.words.iter().map(|w| w.chars().count() as i64).collect();
        self.codes.gather(&lengths, null)
    }

    /// A code per row into other, sorted words; none where the text is not among them.
    pub(super) fn codes_in(&self, sorted: &Sorted) -> Vec<Option<u32>> {
        let codes: Vec<Option<u32>> = self.words.iter().map(|w| sorted.position(w).map(|code| code as u32)).collect();
        self.codes.gather(&codes, None)
    }

    /// A comparison of two texts: both dictionaries are merged into one order, and rows compare their places in it.
    pub(super) fn compare(&self, comparison: Comparison, other: &Self) -> Mask {
        let mut order: Vec<&str> = self.words.iter().chain(other.words.iter()).collect();
        order.sort_unstable();
        order.dedup();
        let ranks = |dictionary: &Self| -> Vec<u32> {
            let ranks: Vec<u32> = dictionary.words.iter().map(|w| order.partition_point(|o| *o < w) as u32).collect();
            dictionary.codes.gather(&ranks, u32::MAX)
        };
        let compared = ranks(self).into_iter().zip(ranks(other)).map(|(a, b)| {
            let known = a != u32::MAX && b != u32::MAX;
            byte(known.then(|| comparison.holds(a.cmp(&b))))
        });
        Mask(compared.collect())
    }
}
