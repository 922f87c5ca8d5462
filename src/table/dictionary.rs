//! The distinct words of a column in one piece of memory.

use std::ops::{Index, Range};

/// Where words end within their text: as bytes, in as few as they fit.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Ends {
    /// Every word has so many bytes, and there are so many words.
    Alike(usize, usize),
    Narrow(Vec<u32>),
    Wide(Vec<u64>),
}

/// Distinct words in byte order, one behind the other in one text: a word costs its bytes and at most four more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dictionary {
    text: String,
    ends: Ends,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self { text: String::new(), ends: Ends::Alike(0, 0) }
    }
}

impl Dictionary {
    /// The dictionary of words that are sorted by their bytes, none twice.
    pub fn from_sorted(words: impl IntoIterator<Item = impl AsRef<str>>) -> Self {
        let mut arena = Arena::default();
        for word in words {
            let word = word.as_ref();
            debug_assert!(arena.dictionary.last().is_none_or(|last| last < word), "'{word}' is out of order");
            arena.push(word);
        }
        arena.finish()
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        match &self.ends {
            Ends::Alike(_, words) => *words,
            Ends::Narrow(ends) => ends.len(),
            Ends::Wide(ends) => ends.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The word of a code; none past the last.
    pub fn get(&self, code: usize) -> Option<&str> {
        if code >= self.len() {
            return None;
        }
        let (start, end) = match &self.ends {
            Ends::Alike(width, _) => (code * width, code * width + width),
            Ends::Narrow(ends) => (code.checked_sub(1).map_or(0, |before| ends[before] as usize), ends[code] as usize),
            Ends::Wide(ends) => (code.checked_sub(1).map_or(0, |before| ends[before] as usize), ends[code] as usize),
        };
        self.text.get(start..end)
    }

    fn last(&self) -> Option<&str> {
        self.get(self.len().checked_sub(1)?)
    }

    /// Every word in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + Clone {
        (0..self.len()).map(|code| &self[code])
    }

    /// How many words satisfy a condition that holds for the first ones and for none behind them.
    pub fn partition_point(&self, holds: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if holds(&self[middle]) { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// The code of a word, if it is one of them.
    pub fn position(&self, word: &str) -> Option<usize> {
        let at = self.partition_point(|w| w < word);
        (self.get(at) == Some(word)).then_some(at)
    }
}

impl Index<usize> for Dictionary {
    type Output = str;

    /// The word of a code.
    ///
    /// # Panics
    /// Past the last word, as a slice does.
    fn index(&self, code: usize) -> &str {
        assert!(code < self.len(), "code {code} of {} words", self.len());
        self.get(code).unwrap_or_default()
    }
}

impl<'a> IntoIterator for &'a Dictionary {
    type Item = &'a str;
    type IntoIter = Box<dyn Iterator<Item = &'a str> + 'a>;

    fn into_iter(self) -> Self::IntoIter {
        Box::new(self.iter())
    }
}

/// A dictionary under construction: words as they come, each with the code of its turn.
#[derive(Debug, Default)]
pub struct Arena {
    dictionary: Dictionary,
}

impl Arena {
    /// Adds a word; whether there is one like it already is for the caller to know.
    pub fn push(&mut self, word: &str) {
        let dictionary = &mut self.dictionary;
        let words = dictionary.len();
        match &mut dictionary.ends {
            Ends::Alike(width, count) if *count == 0 || *width == word.len() => (*width, *count) = (word.len(), *count + 1),
            Ends::Alike(width, count) => {
                let ends = (1..=*count).map(|n| n * *width);
                dictionary.ends = match u32::try_from(dictionary.text.len()) {
                    Ok(_) => Ends::Narrow(ends.map(|end| end as u32).collect()),
                    Err(_) => Ends::Wide(ends.map(|end| end as u64).collect()),
                };
                return self.push(word);
            }
            Ends::Narrow(ends) => {
                if let Ok(end) = u32::try_from(dictionary.text.len() + word.len()) {
                    ends.push(end);
                } else {
                    dictionary.ends = Ends::Wide(ends.iter().map(|end| u64::from(*end)).collect());
                    return self.push(word);
                }
            }
            Ends::Wide(ends) => ends.push((dictionary.text.len() + word.len()) as u64),
        }
        dictionary.text.push_str(word);
        debug_assert_eq!(dictionary.len(), words + 1);
    }

    /// How many words there are so far.
    pub fn len(&self) -> usize {
        self.dictionary.len()
    }

    /// Whether there is none yet.
    pub fn is_empty(&self) -> bool {
        self.dictionary.is_empty()
    }

    /// The word of a code.
    pub fn get(&self, code: usize) -> Option<&str> {
        self.dictionary.get(code)
    }

    /// Adds some of another's words.
    pub fn append(&mut self, other: &Self, words: Range<usize>) {
        if let (Ends::Narrow(ends), Ends::Narrow(more), Some(last)) =
            (&mut self.dictionary.ends, &other.dictionary.ends, words.end.checked_sub(1))
        {
            let (from, to) = (words.start.checked_sub(1).map_or(0, |before| more[before]), more[last]);
            if let Ok(start) = u32::try_from(self.dictionary.text.len())
                && start.checked_add(to - from).is_some()
            {
                ends.extend(more[words].iter().map(|end| start + (end - from)));
                self.dictionary.text.push_str(&other.dictionary.text[from as usize..to as usize]);
                return;
            }
        }
        let (Ends::Alike(width, count), Ends::Alike(more, _)) = (&mut self.dictionary.ends, &other.dictionary.ends) else {
            return words.for_each(|code| self.push(&other.dictionary[code]));
        };
        if *count == 0 {
            *width = *more;
        }
        if width != more {
            return words.for_each(|code| self.push(&other.dictionary[code]));
        }
        *count += words.len();
        self.dictionary.text.push_str(&other.dictionary.text[words.start * *width..words.end * *width]);
    }

    /// The words as they came; a dictionary only if they came in order, none twice.
    pub fn finish(mut self) -> Dictionary {
        self.dictionary.text.shrink_to_fit();
        match &mut self.dictionary.ends {
            Ends::Alike(..) => {}
            Ends::Narrow(ends) => ends.shrink_to_fit(),
            Ends::Wide(ends) => ends.shrink_to_fit(),
        }
        self.dictionary
    }

    /// The words in byte order, and for each of them the code under which it came; of words alike the first stands.
    pub(super) fn order(&self) -> Vec<u32> {
        let mut order: Vec<u32> = (0..self.len() as u32).collect();
        let word = |code: u32| &self.dictionary[code as usize];
        // Words often come in order, as ids do.
        if !order.is_sorted_by(|a, b| word(*a) < word(*b)) {
            order.sort_unstable_by(|a, b| word(*a).cmp(word(*b)).then(a.cmp(b)));
        }
        order
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn words_of_one_length_and_of_several_are_found_again() {
        for words in [vec!["aa", "ab", "ba"], vec!["", "a", "bcd", "é"], vec!["a", "b", "bb"], vec![]] {
            let found = Dictionary::from_sorted(words.iter());
            assert_eq!(found.len(), words.len());
            assert_eq!(found.iter().collect::<Vec<_>>(), words);
            assert_eq!(found.iter().rev().collect::<Vec<_>>(), words.iter().rev().copied().collect::<Vec<_>>());
            for (code, word) in words.iter().enumerate() {
                assert_eq!((found.get(code), found.position(word)), (Some(*word), Some(code)));
            }
            assert_eq!((found.get(words.len()), found.position("zz")), (None, None));
        }
    }

    #[test]
    fn some_words_are_added_as_one_by_one() {
        for (words, more) in [
            (vec!["a", "bcd"], vec!["e", "", "fg"]),
            (vec!["a"], vec!["b", "c"]),
            (vec![], vec!["a", "bc", "d"]),
            (vec!["a", "bc"], vec![]),
        ] {
            for some in (0..=more.len()).flat_map(|end| (0..=end).map(move |start| start..end)) {
                let (mut all, mut plain, mut other) = (Arena::default(), Arena::default(), Arena::default());
                for word in &more {
                    other.push(word);
                }
                for word in &words {
                    all.push(word);
                    plain.push(word);
                }
                for word in &more[some.clone()] {
                    plain.push(word);
                }
                all.append(&other, some);
                assert_eq!(all.finish().iter().collect::<Vec<_>>(), plain.finish().iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn the_first_of_words_alike_stands() {
        let mut arena = Arena::default();
        for word in ["b", "a", "b", "cc"] {
            arena.push(word);
        }
        assert_eq!(arena.order(), [1, 0, 2, 3]);
        assert_eq!(arena.get(3), Some("cc"));
    }
}
