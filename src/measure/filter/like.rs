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
