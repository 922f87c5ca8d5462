//! Columns of text: their distinct words and a code per row, or what tells the words where nobody asks for them.

use std::borrow::Cow;
use std::hash::BuildHasher as _;
use std::sync::{Arc, OnceLock};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

use super::column::Codes;
use super::dictionary::{Arena, Dictionary};
use super::ids::Ids;
use super::stamps::Stamps;

/// A dictionary-coded text column: its distinct words in byte order, and a code per row. A copy shares them.
///
/// A column of dates that are all written alike holds [`Stamps`] in their place, and one of ids [`Ids`]; asked for words, it spells them out. One of texts that mostly
/// differ, as the names of deals do, keeps the text of each row and looks for those alike only where somebody asks for words or codes.
#[derive(Debug, Clone)]
pub struct Words(Arc<Kept>);

#[derive(Debug)]
enum Kept {
    Coded(Coded),
    Stamps(Stamps, OnceLock<Coded>),
    Ids(Ids, OnceLock<Coded>),
    /// The text of each row, empty where blank.
    Texts(Dictionary, OnceLock<Coded>),
}

#[derive(Debug, PartialEq, Eq)]
struct Coded {
    words: Dictionary,
    codes: Codes,
}

impl Coded {
    /// A dictionary, with codes that become those that `rank` has for them.
    fn ranked(words: Dictionary, mut codes: Vec<u32>, rank: &[u32]) -> Self {
        for code in &mut codes {
            *code = rank.get(*code as usize).copied().unwrap_or(u32::MAX);
        }
        let codes = Codes::from_wide(codes, words.len());
        Self { words, codes }
    }

    /// Words as they came, none twice, with the code of each row's by their turn.
    fn sorted(words: Arena, codes: Vec<u32>) -> Self {
        let order = words.order();
        let mut rank = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as u32;
        }
        let sorted = order.iter().enumerate().all(|(new, old)| new as u32 == *old);
        let words = if sorted { words.finish() } else { Dictionary::from_sorted(order.iter().filter_map(|old| words.get(*old as usize))) };
        Self::ranked(words, codes, &rank)
    }

    fn of_ids(ids: &Ids) -> Self {
        let (mut known, mut words) = (HashTable::<(u64, u32)>::new(), Arena::default());
        if ids.rise() {
            ids.numbers.iter().for_each(|number| words.push(&ids.spelling.spell(number)));
            return Self { codes: Codes::Each(words.len()), words: words.finish() };
        }
        let hash = |number: &u64| FxBuildHasher.hash_one(number);
        let mut distinct = Vec::new();
        let mut codes = Vec::with_capacity(ids.numbers.len());
        for number in ids.numbers.iter() {
            if number == Ids::BLANK {
                codes.push(u32::MAX);
                continue;
            }
            let next = distinct.len() as u32;
            let entry = known.entry(hash(&number), |(known, _)| *known == number, |(known, _)| hash(known));
            codes.push(entry.or_insert((number, next)).get().1);
            if codes.last() == Some(&next) {
                distinct.push(number);
            }
        }
        // Of most columns the numbers are in the order of the ids: then sorting these has nothing left to do.
        let mut order: Vec<u32> = (0..distinct.len() as u32).collect();
        order.sort_unstable_by_key(|turn| distinct[*turn as usize]);
        let mut rank = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as u32;
            words.push(&ids.spelling.spell(distinct[*old as usize]));
        }
        for code in &mut codes {
            *code = rank.get(*code as usize).copied().unwrap_or(u32::MAX);
        }
        Self::sorted(words, codes)
    }
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
        Self(Arc::new(Kept::Coded(Coded::ranked(arena.finish(), codes, &rank))))
    }

    /// A column of a dictionary, and a code per row.
    pub fn from_parts(words: Dictionary, codes: Codes) -> Self {
        Self(Arc::new(Kept::Coded(Coded { words, codes })))
    }

    /// A column of dates that are all written alike.
    pub fn from_stamps(stamps: Stamps) -> Self {
        Self(Arc::new(Kept::Stamps(stamps, OnceLock::new())))
    }

    /// A column of a text for each row, empty where it is blank.
    pub fn from_rows(texts: Arena) -> Self {
        Self(Arc::new(Kept::Texts(texts.finish(), OnceLock::new())))
    }

    /// A column of ids.
    pub fn from_ids(ids: Ids) -> Self {
        Self(Arc::new(Kept::Ids(ids, OnceLock::new())))
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
            Kept::Ids(ids, spelled) => spelled.get_or_init(|| Coded::of_ids(ids)),
            Kept::Texts(texts, coded) => coded.get_or_init(|| {
                let mut builder = WordsBuilder::default();
                texts.iter().for_each(|text| builder.push(Some(text).filter(|text| !text.is_empty())));
                builder.coded()
            }),
        }
    }

    /// The dates, where all are written alike and nobody needs their words.
    pub fn stamps(&self) -> Option<&Stamps> {
        match &*self.0 {
            Kept::Stamps(stamps, _) => Some(stamps),
            Kept::Coded(_) | Kept::Ids(..) | Kept::Texts(..) => None,
        }
    }

    /// The ids, where all are made of letters and digits and nobody needs their words.
    pub fn ids(&self) -> Option<&Ids> {
        match &*self.0 {
            Kept::Ids(ids, _) => Some(ids),
            Kept::Coded(_) | Kept::Stamps(..) | Kept::Texts(..) => None,
        }
    }

    /// Whether no row has a text.
    pub fn all_blank(&self) -> bool {
        match &*self.0 {
            Kept::Coded(coded) => coded.words.is_empty(),
            Kept::Stamps(stamps, _) => stamps.seconds.iter().all(|seconds| *seconds == Stamps::BLANK),
            Kept::Ids(ids, _) => ids.numbers.all_blank(),
            Kept::Texts(texts, _) => texts.iter().all(str::is_empty),
        }
    }

    /// Whether it is plain to see that no two rows have the same text.
    pub fn all_differ(&self) -> bool {
        match &*self.0 {
            Kept::Coded(coded) => matches!(coded.codes, Codes::Each(_)),
            Kept::Ids(ids, _) => ids.all_differ(),
            Kept::Stamps(..) | Kept::Texts(..) => false,
        }
    }

    /// The text of each row, empty where it is blank, of a column that is kept so.
    pub fn rows(&self) -> Option<&Dictionary> {
        match &*self.0 {
            Kept::Texts(texts, _) => Some(texts),
            _ => None,
        }
    }

    /// Whether any row has a text of which this holds.
    pub fn any(&self, holds: impl Fn(&str) -> bool) -> bool {
        match &*self.0 {
            Kept::Texts(texts, _) => texts.iter().any(|text| !text.is_empty() && holds(text)),
            _ => self.words().iter().any(holds),
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
            Kept::Ids(ids, _) => ids.numbers.len(),
            Kept::Texts(texts, _) => texts.len(),
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
        if let Kept::Texts(texts, _) = &*self.0 {
            return texts.get(row).filter(|text| !text.is_empty());
        }
        let coded = self.coded();
        coded.words.get(coded.codes.get(row)? as usize)
    }

    /// The same of a row alone: of a column of ids the others are not spelled for it.
    pub fn spelled(&self, row: usize) -> Option<Cow<'_, str>> {
        match &*self.0 {
            Kept::Ids(ids, spelled) if spelled.get().is_none() => {
                Some(ids.numbers.get(row)).filter(|number| *number != Ids::BLANK).map(|number| Cow::Owned(ids.spelling.spell(number)))
            }
            _ => self.get(row).map(Cow::Borrowed),
        }
    }

    /// Whether a row is blank.
    pub fn is_blank(&self, row: usize) -> bool {
        match &*self.0 {
            Kept::Coded(coded) => coded.codes.get(row).is_none(),
            Kept::Stamps(stamps, _) => stamps.seconds[row] == Stamps::BLANK,
            Kept::Ids(ids, _) => ids.numbers.get(row) == Ids::BLANK,
            Kept::Texts(texts, _) => texts[row].is_empty(),
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
            Kept::Ids(ids, _) => ids.numbers.any_blank(),
            Kept::Texts(texts, _) => texts.iter().any(str::is_empty),
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
        Words(Arc::new(Kept::Coded(self.coded())))
    }

    fn coded(self) -> Coded {
        Coded::sorted(self.words, self.codes)
    }
}
