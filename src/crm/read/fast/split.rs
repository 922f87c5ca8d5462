//! A block → where its fields and records end.

use memchr::memchr;

use super::Undecided;
use super::masks::{STEP, masks, prefix_xor};

/// The byte before the first.
pub(super) const BEFORE: u32 = u32::MAX;

/// Where the fields and records of a block end; reused from block to block.
#[derive(Debug, Default)]
pub(super) struct Split {
    /// [`BEFORE`], the bytes that end a field, and behind them what is of no block.
    marks: Vec<u32>,
    /// How many of them end a field.
    marked: usize,
    /// For each line end outside quotation marks, how many marks there are up to and with it.
    pub(super) records: Vec<u32>,
    /// The line ends inside quotation marks, `\r\n` being one.
    pub(super) inner: Vec<u32>,
}

impl Split {
    /// The bytes that end a field, what separates and line ends outside quotation marks; before them [`BEFORE`], behind which the first begins.
    pub(super) fn marks(&self) -> &[u32] {
        self.marks.get(..=self.marked).unwrap_or_default()
    }

    /// Splits a block, behind whose `length` bytes zeros stand; its last byte is a line end.
    ///
    /// Undecided where a quotation mark stands in a field that none opens, or behind the one that closes it, where one never closes, and
    /// where a `\r` alone ends a line: what the records are then, the general way knows.
    pub(super) fn split(&mut self, padded: &[u8], length: usize, delimiter: u8) -> Result<(), Undecided> {
        self.records.clear();
        self.inner.clear();
        if memchr(b'\r', &padded[..length]).is_some() {
            self.marked::<true>(padded, length, delimiter)
        } else {
            self.marked::<false>(padded, length, delimiter)
        }
    }

    fn marked<const RETURNS: bool>(&mut self, padded: &[u8], length: usize, delimiter: u8) -> Result<(), Undecided> {
        let (mut inside, mut starts, mut closed, mut marks) = (0_u64, 1_u64, 0_u64, 0_u32);
        let (steps, _) = padded.as_chunks::<STEP>();
        for (i, step) in steps.iter().take(length.div_ceil(STEP)).enumerate() {
            let found = masks::<RETURNS>(step, delimiter);
            let quoted = prefix_xor(found.quotes) ^ inside;
            let mut ends = found.ends & !quoted;
            let before = ends | found.quotes;
            let (opening, closing) = (found.quotes & quoted, found.quotes & !quoted);
            // Before an opening mark a field ends, or the mark before it closed: then the two are one in the text.
            let opens_within = opening & !(before << 1 | starts);
            let goes_on = (closing << 1 | closed) & !(before | found.returns);
            if opens_within | goes_on != 0 {
                return Err(Undecided);
            }
            (starts, closed, inside) = (before >> 63, closing >> 63, (quoted.cast_signed() >> 63).cast_unsigned());
            let at = i * STEP;
            let (mut inner, mut lines) = (found.lines & quoted, found.lines & !quoted);
            if RETURNS && found.returns != 0 {
                let alone = alone(padded, found.returns, at);
                if alone & !quoted != 0 {
                    return Err(Undecided);
                }
                inner |= alone;
            }
            while inner != 0 {
                self.inner.push((at + inner.trailing_zeros() as usize) as u32);
                inner &= inner - 1;
            }
            while lines != 0 {
                // The marks up to and with the lowest line end.
                let before = ends & (lines ^ (lines - 1));
                self.records.push(marks + before.count_ones());
                lines &= lines - 1;
            }
            let next = marks as usize + 1;
            marks += ends.count_ones();
            if self.marks.len() < next + STEP {
                self.marks.resize((next + STEP) * 2, BEFORE);
            }
            let Some(room) = self.marks[next..].first_chunk_mut::<STEP>() else { return Err(Undecided) };
            // Eight at once: how many there are is known by no branch that would mostly be guessed wrong.
            for eight in room.as_chunks_mut::<8>().0 {
                for mark in eight {
                    *mark = (at as u32).wrapping_add(ends.trailing_zeros());
                    ends &= ends.wrapping_sub(1);
                }
                if ends == 0 {
                    break;
                }
            }
        }
        self.marked = marks as usize;
        if inside == 0 { Ok(()) } else { Err(Undecided) }
    }
}

/// The `\r` that no `\n` follows.
#[cold]
fn alone(padded: &[u8], mut returns: u64, at: usize) -> u64 {
    let mut alone = 0;
    while returns != 0 {
        let i = returns.trailing_zeros();
        if padded.get(at + i as usize + 1) != Some(&b'\n') {
            alone |= 1 << i;
        }
        returns &= returns - 1;
    }
    alone
}
