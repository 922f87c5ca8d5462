//! LIKE patterns: `%` for any run of characters, `_` for any one.

use memchr::memmem::Finder;

/// A pattern, prepared.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    /// What stands between the `%`s; without any `%` there is one segment, which must be the whole text.
    segments: Vec<Segment>,
    /// Whether case is ignored: pattern and text are compared in lower case.
    folded: bool,
}

/// Characters that follow each other.
#[derive(Debug, Clone)]
enum Segment {
    /// Only characters that stand for themselves.
    Plain(String, Box<Finder<'static>>),
    /// With `_`, which is `None`.
    Holes(Vec<Option<char>>),
}

impl Segment {
    fn new(parts: Vec<Option<char>>) -> Self {
        match parts.iter().copied().collect::<Option<String>>() {
            Some(plain) => {
                let finder = Finder::new(plain.as_bytes()).into_owned();
                Self::Plain(plain, Box::new(finder))
            }
            None => Self::Holes(parts),
        }
    }

    /// What follows the segment where the text begins with it.
    fn strip_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, _) => text.strip_prefix(plain.as_str()),
            Self::Holes(parts) => {
                let mut chars = text.chars();
                parts.iter().all(|part| chars.next().is_some_and(|c| part.is_none_or(|p| p == c))).then_some(chars.as_str())
            }
        }
    }

    /// What precedes the segment where the text ends with it.
    fn strip_suffix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, _) => text.strip_suffix(plain.as_str()),
            Self::Holes(parts) => {
                let mut chars = text.chars();
                parts.iter().rev().all(|part| chars.next_back().is_some_and(|c| part.is_none_or(|p| p == c))).then_some(chars.as_str())
            }
        }
    }

    /// What follows the segment's first occurrence.
    fn strip_to<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Self::Plain(plain, finder) => finder.find(text.as_bytes()).and_then(|at| text.get(at + plain.len()..)),
            Self::Holes(_) => {
                let ends = std::iter::once(text.len());
                text.char_indices().map(|(at, _)| at).chain(ends).find_map(|at| self.strip_prefix(text.get(at..)?))
            }
        }
    }
}

impl Pattern {
    /// Prepares a pattern; `escape` is the character that makes the next one stand for itself. Fails where it is the last one.
    pub(super) fn new(pattern: &str, escape: Option<char>, folded: bool) -> Result<Self, ()> {
        let mut segments = vec![Vec::new()];
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            let (c, literal) = if Some(c) == escape { (chars.next().ok_or(())?, true) } else { (c, false) };
            if c == '%' && !literal {
                segments.push(Vec::new());
            } else if let Some(last) = segments.last_mut() {
                if c == '_' && !literal {
                    last.push(None);
                } else if folded {
                    last.extend(c.to_lowercase().map(Some));
                } else {
                    last.push(Some(c));
                }
            }
        }
        Ok(Self { segments: segments.into_iter().map(Segment::new).collect(), folded })
    }

    /// Whether a text fits; `buffer` is room to fold it in.
    pub(super) fn matches(&self, text: &str, buffer: &mut String) -> bool {
        if !self.folded {
            return self.fits(text);
        }
        buffer.clear();
        if text.is_ascii() {
            buffer.push_str(text);
            buffer.make_ascii_lowercase();
        } else {
            buffer.extend(text.chars().flat_map(char::to_lowercase));
        }
        self.fits(buffer)
    }

    fn fits(&self, text: &str) -> bool {
        match self.segments.as_slice() {
            [] => text.is_empty(),
            [whole] => whole.strip_prefix(text) == Some(""),
            [first, middle @ .., last] => {
                let rest = first.strip_prefix(text).and_then(|rest| last.strip_suffix(rest));
                // Each segment at its first place leaves the most room for the next.
                middle.iter().fold(rest, |rest, segment| rest.and_then(|r| segment.strip_to(r))).is_some()
            }
        }
    }
}

/// Words that take more bytes than this together are not put together.
const MOST: usize = 16 << 20;

/// Words in lower case, one behind the other, so that a pattern is looked for in all of them at once.
#[derive(Debug)]
pub(super) struct Folded {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Folded {
    /// None where they are too long together.
    pub(super) fn new<'w>(words: impl Iterator<Item = &'w str>) -> Option<Self> {
        let (mut text, mut ends) = (String::new(), Vec::new());
        for word in words {
            let begin = text.len();
            if word.is_ascii() {
                text.push_str(word);
                if let Some(added) = text.get_mut(begin..) {
                    added.make_ascii_lowercase();
                }
            } else {
                for c in word.chars() {
                    if c.is_ascii() { text.push(c.to_ascii_lowercase()) } else { text.extend(c.to_lowercase()) }
                }
            }
            ends.push(text.len());
            if text.len() > MOST {
                return None;
            }
        }
        Some(Self { text, ends })
    }

    fn iter(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| self.text.get(start..*end).unwrap_or_default())
    }

    /// Which words hold some characters.
    fn holding(&self, plain: &str, finder: &Finder<'_>) -> Vec<bool> {
        let mut holding = vec![false; self.ends.len()];
        let (mut from, mut word) = (0, 0);
        while let Some(at) = self.text.as_bytes().get(from..).and_then(|rest| finder.find(rest)) {
            let start = from + at;
            word += self.ends.get(word..).map_or(0, |ends| ends.partition_point(|end| *end <= start));
            let Some((holds, end)) = holding.get_mut(word).zip(self.ends.get(word)) else { break };
            // What begins in a word and ends in the next stands in neither.
            let within = start + plain.len() <= *end;
            *holds |= within;
            from = if within { *end } else { start + 1 };
        }
        holding
    }
}

impl Pattern {
    /// As [`Pattern::matches`] of each word, by the words in lower case; none where case counts.
    pub(super) fn of_all(&self, words: &Folded) -> Option<Vec<bool>> {
        if !self.folded {
            return None;
        }
        Some(match self.segments.as_slice() {
            [Segment::Plain(first, _), Segment::Plain(plain, finder), Segment::Plain(last, _)]
                if first.is_empty() && last.is_empty() && !plain.is_empty() =>
            {
                words.holding(plain, finder)
            }
            _ => words.iter().map(|word| self.fits(word)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// All words at once are each word by itself, whatever stands where one ends and the next begins.
        #[test]
        fn all_words_at_once_are_each_by_itself(
            words in prop::collection::vec("[abAB\u{130}\u{e9}\u{c9} ]{0,6}", 0..12),
            pattern in "[ab%_\u{e9}]{0,5}",
            held in "[abAB\u{e9}i]{1,3}",
        ) {
            let folded = Folded::new(words.iter().map(String::as_str)).unwrap();
            for pattern in [pattern, format!("%{held}%")] {
                let pattern = Pattern::new(&pattern, None, true).unwrap();
                let each: Vec<bool> = words.iter().map(|word| pattern.matches(word, &mut String::new())).collect();
                prop_assert_eq!(pattern.of_all(&folded), Some(each));
            }
        }
    }

    #[test]
    fn words_that_are_too_long_together_are_not_put_together() {
        let long = "a".repeat(MOST);
        assert!(Folded::new([long.as_str()].into_iter()).is_some() && Folded::new([long.as_str(), "b"].into_iter()).is_none());
    }
}
