//! Columns in memory: dictionary-coded words, days, instants, numbers, money, flags and lists.

use std::hash::BuildHasher as _;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use rust_decimal::Decimal;
use rustc_hash::FxBuildHasher;

use super::dictionary::{Arena, Dictionary};
use super::short::Short;
use super::stamps::Stamps;
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

/// A dictionary-coded text column: its distinct words in byte order, and a code per row. A copy shares them.
///
/// A column of dates that are all written alike holds [`Stamps`] in their place; asked for words, it spells them out.
#[derive(Debug, Clone)]
pub struct Words(Arc<Kept>);

#[derive(Debug)]
enum Kept {
    Coded(Coded),
    Stamps(Stamps, OnceLock<Coded>),
}

#[derive(Debug, PartialEq, Eq)]
struct Coded {
    words: Dictionary,
    codes: Codes,
}

impl PartialEq for Words {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || match (&*self.0, &*other.0) {
                (Kept::Stamps(one, _), Kept::Stamps(two, _)) if one.template == two.template => one == two,
                _ => self.coded() == other.coded(),
            }
    }
}

impl Eq for Words {}

impl Words {
    /// A column from each row's text; an empty text is kept as a text, so pass `None` for blank cells.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut builder = WordsBuilder::default();
        for text in texts {
            builder.push(text);
        }
        builder.finish()
    }

    /// A column of words in any order (repeats allowed) and a code into them per row, `u32::MAX` for null; words get sorted, unused ones
    /// dropped. No row's text is looked at.
    pub fn from_codes(words: &[impl AsRef<str>], codes: impl IntoIterator<Item = u32>) -> Self {
        let codes: Vec<u32> = codes.into_iter().collect();
        let mut used = vec![false; words.len()];
        for code in &codes {
            if let Some(used) = used.get_mut(*code as usize) {
                *used = true;
            }
        }
        let word = |code: u32| words[code as usize].as_ref();
        let mut order: Vec<u32> = (0..words.len() as u32).filter(|code| used[*code as usize]).collect();
        if !order.is_sorted_by(|a, b| word(*a) < word(*b)) {
            order.sort_unstable_by(|a, b| word(*a).cmp(word(*b)));
        }
        let mut rank = vec![u32::MAX; words.len()];
        let mut arena = Arena::default();
        for code in order {
            if arena.len().checked_sub(1).and_then(|last| arena.get(last)) != Some(word(code)) {
                arena.push(word(code));
            }
            rank[code as usize] = arena.len() as u32 - 1;
        }
        Self::ranked(arena.finish(), codes, &rank)
    }

    /// A column of a dictionary, and a code per row.
    pub fn from_parts(words: Dictionary, codes: Codes) -> Self {
        Self(Arc::new(Kept::Coded(Coded { words, codes })))
    }

    /// A column of dates that are all written alike.
    pub fn from_stamps(stamps: Stamps) -> Self {
        Self(Arc::new(Kept::Stamps(stamps, OnceLock::new())))
    }

    /// A column of a dictionary, with codes that become those that `rank` has for them.
    fn ranked(words: Dictionary, mut codes: Vec<u32>, rank: &[u32]) -> Self {
        for code in &mut codes {
            *code = rank.get(*code as usize).copied().unwrap_or(u32::MAX);
        }
        let codes = Codes::from_wide(codes, words.len());
        Self::from_parts(words, codes)
    }

    #[inline]
    fn coded(&self) -> &Coded {
        match &*self.0 {
            Kept::Coded(coded) => coded,
            Kept::Stamps(stamps, spelled) => spelled.get_or_init(|| {
                let mut seconds: Vec<u32> = stamps.seconds.iter().copied().filter(|s| *s != Stamps::BLANK).collect();
                seconds.sort_unstable();
                seconds.dedup();
                // Written by one template, dates are in the order of their texts.
                let words = Dictionary::from_sorted(seconds.iter().map(|s| stamps.template.spell(*s)));
                let code = |s: &u32| seconds.binary_search(s).map_or(u32::MAX, |code| code as u32);
                let codes = Codes::from_wide(stamps.seconds.iter().map(code).collect(), words.len());
                Coded { words, codes }
            }),
        }
    }

    /// The dates, where all are written alike and nobody needs their words.
    pub fn stamps(&self) -> Option<&Stamps> {
        match &*self.0 {
            Kept::Coded(_) => None,
            Kept::Stamps(stamps, _) => Some(stamps),
        }
    }

    /// The distinct words, sorted.
    pub fn words(&self) -> &Dictionary {
        &self.coded().words
    }

    /// The code per row.
    #[inline]
    pub fn codes(&self) -> &Codes {
        &self.coded().codes
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match &*self.0 {
            Kept::Coded(coded) => coded.codes.len(),
            Kept::Stamps(stamps, _) => stamps.seconds.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row; none where blank.
    #[inline]
    pub fn code(&self, row: usize) -> Option<u32> {
        self.codes().get(row)
    }

    /// The text of a row; none where blank.
    pub fn get(&self, row: usize) -> Option<&str> {
        let coded = self.coded();
        coded.words.get(coded.codes.get(row)? as usize)
    }

    /// Whether a row is blank.
    pub fn is_blank(&self, row: usize) -> bool {
        match &*self.0 {
            Kept::Coded(coded) => coded.codes.get(row).is_none(),
            Kept::Stamps(stamps, _) => stamps.seconds[row] == Stamps::BLANK,
        }
    }

    /// Whether any row is blank.
    pub fn any_blank(&self) -> bool {
        match &*self.0 {
            Kept::Stamps(stamps, _) => stamps.seconds.contains(&Stamps::BLANK),
            Kept::Coded(coded) => match &coded.codes {
                Codes::Narrow(codes) => codes.contains(&u8::MAX),
                Codes::Middle(codes) => codes.contains(&u16::MAX),
                Codes::Wide(codes) => codes.contains(&u32::MAX),
                Codes::Each(_) => false,
            },
        }
    }

    /// The code of a word, if any row has it.
    pub fn code_of(&self, word: &str) -> Option<u32> {
        self.words().position(word).map(|code| code as u32)
    }
}

/// Builds a [`Words`] row by row.
#[derive(Debug, Default)]
pub struct WordsBuilder {
    index: HashTable<u32>,
    words: Arena,
    codes: Vec<u32>,
}

impl WordsBuilder {
    /// Adds a row.
    pub fn push(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.codes.push(u32::MAX);
            return;
        };
        let Self { index, words, codes } = self;
        let hash = FxBuildHasher.hash_one(text);
        let same = |code: &u32| words.get(*code as usize) == Some(text);
        let code = if let Some(code) = index.find(hash, same) {
            *code
        } else {
            let code = words.len() as u32;
            words.push(text);
            index.insert_unique(hash, code, |code| FxBuildHasher.hash_one(words.get(*code as usize).unwrap_or_default()));
            code
        };
        codes.push(code);
    }

    /// The number of rows so far.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The column, its words sorted.
    pub fn finish(self) -> Words {
        let order = self.words.order();
        let mut rank = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as u32;
        }
        let sorted = order.iter().enumerate().all(|(new, old)| new as u32 == *old);
        let words = if sorted {
            self.words.finish()
        } else {
            Dictionary::from_sorted(order.iter().filter_map(|old| self.words.get(*old as usize)))
        };
        Words::ranked(words, self.codes, &rank)
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
