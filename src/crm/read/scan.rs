//! Where each record begins and ends, and on which line: what the csv crate does not say.
//!
//! The csv crate's line numbers are wrong with CRLF line ends and blank lines, and a quote that never closes makes it swallow every
//! record up to the next quote. So the structure is found here first, by the same rules, and only records that hold together are given
//! to the csv crate, which splits them into cells.

use memchr::{memchr, memchr_iter, memchr2, memchr2_iter, memchr3};

/// The quotation mark.
const QUOTE: u8 = b'"';

/// From so many columns on, lines of running text with one comma less are taken for records.
pub(super) const WIDE: usize = 5;

/// One step through the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Raw {
    /// The byte on which it begins.
    pub(super) start: usize,
    /// The byte after its last, line end included.
    pub(super) end: usize,
    /// The line on which it begins, from 1.
    pub(super) line: u32,
    /// Whether an empty line stands before it.
    pub(super) gap: bool,
    /// What it is.
    pub(super) shape: Shape,
}

/// What a step through the text found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A record, and the field with a quotation mark where none should stand.
    Record { odd: Option<usize> },
    /// One line with a quoted field that does not close, and that field.
    Unclosed { field: usize },
}

/// Steps through a text, record by record.
///
/// Linear in the text's length, whatever it holds: each byte is looked at a bounded number of times (see [`Scanner::doomed`]).
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    text: &'a [u8],
    delimiter: u8,
    /// How many fields a record should have, once that is known.
    width: Option<usize>,
    at: usize,
    line: u32,
    /// A quoted field that runs over a line end up to this byte leads nowhere. A reading that failed was inside quotes at every line
    /// start that it passed, so another one that is inside quotes at the same line start must fail in the same place.
    doomed: usize,
    /// Whether blank lines end the text, once it has ended.
    blank: bool,
}

/// A record as the quoting rules see it.
struct Outline {
    /// The byte of its line end, or the text's length.
    end: usize,
    fields: usize,
    odd: Option<usize>,
    crosses: bool,
}

/// A quoted field that does not close.
struct Open {
    field: usize,
    /// The byte at which the reading failed.
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Begins at a byte that stands on this line.
    pub(super) fn new(text: &'a [u8], delimiter: u8, at: usize, line: u32, width: Option<usize>) -> Self {
        Self { text, delimiter, width, at: at.min(text.len()), line, doomed: 0, blank: false }
    }

    /// The byte at which the next step begins.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    /// The line on which the next step begins.
    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Whether blank lines end the text; only known once it has ended.
    pub(super) fn ends_blank(&self) -> bool {
        self.blank
    }

    fn refuse(&mut self, start: usize, first_end: usize, field: usize) -> (usize, Shape) {
        self.at = after_line_end(self.text, first_end);
        debug_assert!(self.at > start);
        self.line = self.line.saturating_add(1);
        (self.at, Shape::Unclosed { field })
    }

    /// The end of the record that begins here and its shape; moves on.
    fn step(&mut self, start: usize) -> (usize, Shape) {
        let text = self.text;
        let first_end = line_end(text, start);
        if memchr(QUOTE, &text[start..first_end]).is_none() {
            self.at = after_line_end(text, first_end);
            self.line = self.line.saturating_add(1);
            return (self.at, Shape::Record { odd: None });
        }
        match outline(text, self.delimiter, start, self.doomed) {
            Err(open) => {
                self.doomed = self.doomed.max(open.at);
                self.refuse(start, first_end, open.field)
            }
            Ok(found) if found.crosses && self.swallows(start, first_end, &found) => {
                self.doomed = self.doomed.max(found.end);
                let field = open_at(text, self.delimiter, start, first_end);
                self.refuse(start, first_end, field)
            }
            Ok(found) => {
                let lines = if found.crosses { line_ends(&text[start..found.end]) } else { 0 };
                self.line = self.line.saturating_add(lines).saturating_add(1);
                self.at = after_line_end(text, found.end);
                (self.at, Shape::Record { odd: found.odd })
            }
        }
    }

    /// Whether a record of several lines is really several records, because a quote opened in its first line and only happens to close
    /// (at an inch mark, say): it has the wrong number of fields while a line inside has the right one, or in a wide table each of its
    /// lines has the right number, which running text would hardly hit.
    fn swallows(&self, start: usize, first_end: usize, found: &Outline) -> bool {
        let Some(width) = self.width.filter(|w| *w > 1) else { return false };
        let mut at = after_line_end(self.text, first_end);
        let lines = std::iter::from_fn(|| {
            let end = (at < found.end).then(|| line_end(self.text, at))?;
            let alone = outline(&self.text[..end], self.delimiter, at, 0);
            at = after_line_end(self.text, end);
            Some(alone.ok())
        });
        if found.fields != width {
            return lines.flatten().any(|o| o.fields == width && o.odd.is_none());
        }
        let open = || {
            let field = open_at(self.text, self.delimiter, start, first_end);
            let first = &self.text[start..first_end];
            let opens = first.windows(2).rposition(|w| w == [self.delimiter, QUOTE]).map_or(0, |i| i + 1);
            field + 1 + memchr_iter(self.delimiter, &first[opens..]).count()
        };
        width >= WIDE && open() == width && { lines }.all(|o| o.is_some_and(|o| o.fields == width))
    }
}

impl Iterator for Scanner<'_> {
    type Item = Raw;

    fn next(&mut self) -> Option<Raw> {
        let mut gap = false;
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.at = after_line_end(self.text, self.at);
            self.line = self.line.saturating_add(1);
            gap = true;
        }
        if self.at >= self.text.len() {
            self.blank |= gap;
            return None;
        }
        let (start, line) = (self.at, self.line);
        let (end, shape) = self.step(start);
        Some(Raw { start, end, line, gap, shape })
    }
}

/// The byte of the line end at or after `at`, or the text's length.
fn line_end(text: &[u8], at: usize) -> usize {
    text.get(at..).and_then(|rest| memchr2(b'\n', b'\r', rest)).map_or(text.len(), |i| at + i)
}

/// The byte after the line end that stands at `at`.
fn after_line_end(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        None => text.len(),
        Some(b'\r') if text.get(at + 1) == Some(&b'\n') => at + 2,
        Some(_) => at + 1,
    }
}

/// How many line ends a text holds: `\n`, `\r\n` and a lone `\r` are one each.
pub(super) fn line_ends(text: &[u8]) -> u32 {
    let count = memchr2_iter(b'\n', b'\r', text).filter(|i| text[*i] == b'\r' || *i == 0 || text[*i - 1] != b'\r').count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// Follows one record from its start by the csv crate's rules.
fn outline(text: &[u8], delimiter: u8, start: usize, doomed: usize) -> Result<Outline, Open> {
    let (mut at, mut field, mut odd, mut crossed) = (start, 0_usize, None, None);
    loop {
        let mut rest = at;
        if text.get(at) == Some(&QUOTE) {
            let mut crosses_here = false;
            let mut inside = at + 1;
            let close = loop {
                let next = text.get(inside..).and_then(|t| memchr(QUOTE, t)).map(|i| inside + i);
                let stop = next.unwrap_or(text.len());
                if let Some(i) = text.get(inside..stop).and_then(|t| memchr2(b'\n', b'\r', t)) {
                    crosses_here = true;
                    let opened = *crossed.get_or_insert(field);
                    if inside + i < doomed {
                        return Err(Open { field: opened, at: doomed });
                    }
                }
                match next {
                    None => {
                        return Err(Open { field: crossed.unwrap_or(field), at: text.len() });
                    }
                    Some(quote) if text.get(quote + 1) == Some(&QUOTE) => inside = quote + 2,
                    Some(quote) => break quote,
                }
            };
            rest = close + 1;
            match text.get(rest) {
                Some(b) if *b != delimiter && *b != b'\n' && *b != b'\r' => {
                    if crosses_here {
                        return Err(Open { field: crossed.unwrap_or(field), at: close });
                    }
                    odd.get_or_insert(field);
                }
                _ => {}
            }
        }
        let end = text.get(rest..).and_then(|t| memchr3(delimiter, b'\n', b'\r', t)).map_or(text.len(), |i| rest + i);
        if odd.is_none() && text.get(rest..end).is_some_and(|t| memchr(QUOTE, t).is_some()) {
            odd = Some(field);
        }
        field += 1;
        if text.get(end) == Some(&delimiter) {
            at = end + 1;
        } else {
            return Ok(Outline { end, fields: field, odd, crosses: crossed.is_some() });
        }
    }
}

/// The field that is still open at the end of a record's first line.
fn open_at(text: &[u8], delimiter: u8, start: usize, first_end: usize) -> usize {
    match outline(&text[..first_end], delimiter, start, 0) {
        Ok(found) => found.fields.saturating_sub(1),
        Err(open) => open.field,
    }
}
