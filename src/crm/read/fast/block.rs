//! A block → the cells of its plain records column by column, and which of its records are not plain.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use memchr::{memchr, memchr_iter};

use super::Undecided;
use super::codes::Coded;
use super::dict::{Shared, cell};
use super::plan::{Fields, Kept, Plan};
use super::source::Block;
use super::split::Split;
use crate::crm::read::scan::{Scanner, Shape, WIDE};
use crate::table::{Arena, Ids, Pattern, Spelling, Stamps, Template};

/// The cells of a column in a block's plain records.
#[derive(Debug)]
pub(super) enum Cells {
    /// Ids as numbers.
    Ids(Arc<Spelling>, Vec<u64>),
    /// Dates written by one template; none where all are blank.
    Stamps(Option<Template>, Vec<u32>),
    /// Texts as records hold them, empty where blank.
    Texts(Arena),
    /// Codes of the column's dictionary.
    Coded(Coded),
}

/// Records of a block.
#[derive(Debug)]
pub(super) enum Piece {
    /// So many plain ones, the first of which has these bytes and this line.
    Plain { rows: usize, first: Range<usize>, line: u32 },
    /// Bytes with records of which one is not plain, and the line on which they begin.
    Other { bytes: Range<usize>, line: u32 },
}

/// What was found in a block; lines count from 0, which is the block's first.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) block: Block,
    pub(super) pieces: Vec<Piece>,
    /// The line of each plain record.
    pub(super) line: Vec<u32>,
    /// The wanted columns of the plain records.
    pub(super) columns: Vec<Cells>,
    /// How many lines the block has.
    pub(super) lines: u32,
}

/// Which columns are known to be neither ids nor dates written alike; only a hint that spares work.
#[derive(Debug)]
pub(super) struct Modes(Vec<AtomicBool>);

impl Modes {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        Self(plan.kept.iter().map(|kept| AtomicBool::new(*kept == Kept::Words)).collect())
    }

    /// Says that a column is one of words.
    pub(super) fn words(&self, column: usize) {
        if let Some(mode) = self.0.get(column) {
            mode.store(true, Ordering::Relaxed);
        }
    }

    fn is_words(&self, column: usize) -> bool {
        self.0.get(column).is_none_or(|mode| mode.load(Ordering::Relaxed))
    }
}

/// Reads blocks, and keeps what they have in common.
#[derive(Debug)]
pub(super) struct Worker<'p> {
    plan: &'p Plan<'p>,
    modes: &'p Modes,
    dicts: &'p [Shared],
    patterns: Vec<Option<Pattern>>,
    spellings: Vec<Arc<Spelling>>,
    split: Split,
    /// How many fields stand before each plain record.
    rows: Vec<u32>,
    codes: Vec<u32>,
}

/// A record of a split block.
struct Record<'b> {
    padded: &'b [u8],
    marks: &'b [u32],
    before: usize,
    width: usize,
}

impl Record<'_> {
    /// Where a field begins and ends within what encloses it.
    #[inline]
    fn span(&self, at: usize) -> (usize, usize) {
        span(self.padded, self.marks, self.before + at, at + 1 == self.width)
    }
}

/// Where the field behind so many marks begins and ends within what encloses it; before the `last` of a record's line end may stand a `\r`.
#[inline]
fn span(padded: &[u8], marks: &[u32], before: usize, last: bool) -> (usize, usize) {
    let Some([start, end]) = marks.get(before..).and_then(<[u32]>::first_chunk) else { return (0, 0) };
    let (start, mut end) = (start.wrapping_add(1) as usize, *end as usize);
    if last && end > start && padded[end - 1] == b'\r' {
        end -= 1;
    }
    // What stands at the beginning of an empty field is what ends it.
    let enclosed = usize::from(padded[start] == b'"');
    (start + enclosed, end - enclosed)
}

impl Fields for Record<'_> {
    #[inline]
    fn field(&self, at: usize) -> &[u8] {
        let (start, end) = self.span(at);
        &self.padded[start..end]
    }
}

impl<'p> Worker<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, modes: &'p Modes, dicts: &'p [Shared]) -> Self {
        Self {
            plan,
            modes,
            dicts,
            patterns: vec![None; plan.wanted.len()],
            spellings: vec![Arc::default(); plan.wanted.len()],
            split: Split::default(),
            rows: Vec::new(),
            codes: Vec::new(),
        }
    }

    /// Reads a block.
    pub(super) fn read(&mut self, block: Block) -> Result<Parsed, Undecided> {
        let mut split = std::mem::take(&mut self.split);
        let (padded, bytes) = (block.padded(), block.bytes());
        let text = simdutf8::basic::from_utf8(bytes).map_err(|_| Undecided)?;
        if memchr(0, bytes).is_some() {
            return Err(Undecided);
        }
        split.split(padded, bytes.len(), self.plan.delimiter)?;
        let (pieces, line) = self.pieces(&block, &split)?;
        let mut columns = Vec::with_capacity(self.plan.wanted.len());
        for column in 0..self.plan.wanted.len() {
            columns.push(self.column(column, (text, padded), split.marks())?);
        }
        let lines = (split.records.len() + split.inner.len()) as u32;
        self.split = split;
        Ok(Parsed { block, pieces, line, columns, lines })
    }

    /// Tells plain records from others; the plain ones' lines.
    fn pieces(&mut self, block: &Block, split: &Split) -> Result<(Vec<Piece>, Vec<u32>), Undecided> {
        let (padded, marks, width) = (block.padded(), split.marks(), self.plan.width);
        self.rows.clear();
        let mut pieces = Vec::new();
        let mut lines = Vec::with_capacity(split.records.len());
        let (mut before, mut inner) = (0, 0);
        for (number, after) in split.records.iter().map(|after| *after as usize).enumerate() {
            let line = (number + inner) as u32;
            let record = Record { padded, marks, before, width };
            let (start, end) = (marks[before].wrapping_add(1) as usize, marks[after] as usize);
            let first_inner = inner;
            while split.inner.get(inner).is_some_and(|at| (*at as usize) < end) {
                inner += 1;
            }
            if after - before == width && self.plan.is_plain(&record) {
                if inner > first_inner {
                    self.holds(block.bytes(), start, end, split.inner[first_inner] as usize)?;
                }
                self.rows.push(before as u32);
                lines.push(line);
                match pieces.last_mut() {
                    Some(Piece::Plain { rows, .. }) => *rows += 1,
                    _ => pieces.push(Piece::Plain { rows: 1, first: start..end + 1, line }),
                }
            } else {
                match pieces.last_mut() {
                    Some(Piece::Other { bytes, .. }) => bytes.end = end + 1,
                    _ => pieces.push(Piece::Other { bytes: start..end + 1, line }),
                }
            }
            before = after;
        }
        Ok((pieces, lines))
    }

    /// Makes sure that a record of several lines is none that the general way takes for several records.
    fn holds(&self, bytes: &[u8], start: usize, end: usize, first_line: usize) -> Result<(), Undecided> {
        let width = self.plan.width;
        // It asks where the first line holds as many cells as there are headings, which needs as many separators.
        if width < WIDE || memchr_iter(self.plan.delimiter, &bytes[start..first_line]).count() + 1 < width {
            return Ok(());
        }
        let text = &bytes[..=end];
        match Scanner::new(text, self.plan.delimiter, start, 1, Some(width)).next() {
            Some(raw) if raw.end == text.len() && raw.shape == (Shape::Record { odd: None }) => Ok(()),
            _ => Err(Undecided),
        }
    }

    fn column(&mut self, column: usize, (text, padded): (&str, &[u8]), marks: &[u32]) -> Result<Cells, Undecided> {
        let (at, width) = (self.plan.wanted[column], self.plan.width);
        let there = at < width;
        let last = at + 1 == width;
        let spans = || self.rows.iter().map(|before| span(padded, marks, *before as usize + at, last));
        if self.plan.kept[column] == Kept::Texts {
            return if there { texts(text, spans()) } else { texts(text, self.rows.iter().map(|_| (0, 0))) };
        }
        if !there {
            return Ok(Cells::Coded(Coded::of(&vec![u32::MAX; self.rows.len()], 0)));
        }
        if !self.modes.is_words(column) {
            let found = match self.plan.kept[column] {
                Kept::Dates => stamps(padded, spans(), &mut self.patterns[column], self.rows.len()),
                Kept::Ids => ids(padded, spans(), &mut self.spellings[column], self.rows.len()),
                Kept::Words | Kept::Texts => None,
            };
            if let Some(found) = found {
                return Ok(found);
            }
            self.modes.words(column);
        }
        let words = self.dicts[column].codes(padded, spans(), &mut self.codes)?;
        Ok(Cells::Coded(Coded::of(&self.codes, words)))
    }
}

/// Texts as records hold them.
fn texts(text: &str, spans: impl Iterator<Item = (usize, usize)>) -> Result<Cells, Undecided> {
    let mut texts = Arena::default();
    for (start, end) in spans {
        texts.push(&cell(text.get(start..end).ok_or(Undecided)?));
    }
    Ok(Cells::Texts(texts))
}

/// Dates that are all written alike.
fn stamps(padded: &[u8], spans: impl Iterator<Item = (usize, usize)>, known: &mut Option<Pattern>, rows: usize) -> Option<Cells> {
    let mut seconds = Vec::with_capacity(rows);
    for (start, end) in spans {
        if start == end {
            seconds.push(Stamps::BLANK);
            continue;
        }
        let pattern = match known {
            Some(pattern) => pattern,
            None => known.insert(Pattern::of(Template::of(&padded[start..end])?)?),
        };
        seconds.push(pattern.read(padded.get(start..)?.first_chunk()?, end - start)?);
    }
    Some(Cells::Stamps(known.map(|pattern| pattern.template), seconds))
}

/// Ids that numbers tell.
fn ids(padded: &[u8], spans: impl Iterator<Item = (usize, usize)>, spelling: &mut Arc<Spelling>, rows: usize) -> Option<Cells> {
    let mut numbers = Vec::with_capacity(rows);
    let known = Arc::make_mut(spelling);
    for (start, end) in spans {
        numbers.push(if start == end { Ids::BLANK } else { known.read(&padded[start..end])? });
    }
    Some(Cells::Ids(Arc::clone(spelling), numbers))
}
