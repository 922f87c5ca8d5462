//! A stream of bytes → blocks that end with a record.

use std::io::{self, Read};

use memchr::{memchr_iter, memrchr};

use super::Undecided;

/// A record that is longer is none that the fast way reads.
const LONGEST: usize = 64 << 20;

/// How many zeros stand behind the bytes of a block, so that whoever looks at several at once need not ask where it ends.
pub(super) const PADDING: usize = 128;

/// Whole records, the first of which begins where the block before ends.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Which block it is, from 0.
    pub(super) ordinal: usize,
    /// Its bytes, and zeros behind them.
    padded: Vec<u8>,
    length: usize,
}

impl Block {
    /// Its bytes with [`PADDING`] zeros at least behind them.
    pub(super) fn padded(&self) -> &[u8] {
        &self.padded
    }

    /// Its bytes, of which the last is a line end.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.padded[..self.length]
    }
}

/// Reads a stream block by block.
#[derive(Debug)]
pub(super) struct Source<R> {
    from: R,
    /// How many bytes are read at once.
    step: usize,
    /// The beginning of the next block, read with the last one.
    tail: Vec<u8>,
    next: usize,
    /// How many bytes have been handed out.
    at: u64,
    ended: bool,
}

impl<R: Read> Source<R> {
    /// Begins where the stream stands, which is where a record begins.
    pub(super) fn new(from: R, step: usize) -> Self {
        Self { from, step: step.max(1), tail: Vec::new(), next: 0, at: 0, ended: false }
    }

    /// How many bytes have been handed out.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// The next block, in the memory of one that is no longer needed; none at the end.
    ///
    /// A line ends its record where the number of quotation marks before it is even. Where marks stand that do not belong there this is
    /// wrong, which whoever splits the block sees.
    pub(super) fn next(&mut self, mut block: Block) -> Result<Option<Block>, Undecided> {
        let mut filled = self.tail.len();
        block.padded.resize(block.padded.len().max(filled + self.step + PADDING), 0);
        block.padded[..filled].copy_from_slice(&self.tail);
        self.tail.clear();
        let mut odd = memchr_iter(b'"', &block.padded[..filled]).count() % 2 == 1;
        loop {
            let before = filled;
            filled = self.fill(&mut block.padded, before)?;
            odd ^= memchr_iter(b'"', &block.padded[before..filled]).count() % 2 == 1;
            if self.ended {
                break;
            }
            if let Some(end) = last_record(&block.padded[..filled], odd) {
                self.tail.extend_from_slice(&block.padded[end..filled]);
                filled = end;
                break;
            }
            if filled > LONGEST {
                return Err(Undecided);
            }
            // Twice as much each time, so that a long record is looked at a bounded number of times.
            block.padded.resize(filled + filled.max(self.step) + PADDING, 0);
        }
        if filled == 0 {
            return Ok(None);
        }
        // The mark that DOS put at the end of a text is none of it.
        if self.ended && block.padded[filled - 1] == 0x1a {
            return Err(Undecided);
        }
        self.at += filled as u64;
        // A last line without its end is a record like any other.
        if block.padded[filled - 1] != b'\n' {
            block.padded[filled] = b'\n';
            filled += 1;
            block.padded.resize(block.padded.len().max(filled + PADDING), 0);
        }
        block.padded[filled..filled + PADDING].fill(0);
        block.length = filled;
        block.ordinal = self.next;
        self.next += 1;
        Ok(Some(block))
    }

    /// Reads on from `filled` until the padding or the end.
    fn fill(&mut self, into: &mut [u8], mut filled: usize) -> Result<usize, Undecided> {
        let end = into.len() - PADDING;
        while filled < end && !self.ended {
            match self.from.read(&mut into[filled..end]) {
                Ok(0) => self.ended = true,
                Ok(n) => filled += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return Err(Undecided),
            }
        }
        Ok(filled)
    }
}

/// The byte after the last line end outside quotation marks; `odd` says whether the end of the bytes is inside.
pub(super) fn last_record(bytes: &[u8], mut odd: bool) -> Option<usize> {
    let mut end = bytes.len();
    loop {
        let line = memrchr(b'\n', &bytes[..end])?;
        odd ^= memchr_iter(b'"', &bytes[line + 1..end]).count() % 2 == 1;
        if !odd {
            return Some(line + 1);
        }
        end = line;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn blocks(text: &str, step: usize) -> Vec<String> {
        let mut source = Source::new(text.as_bytes(), step);
        let mut found = Vec::new();
        while let Some(block) = source.next(Block::default()).unwrap() {
            assert_eq!(block.ordinal, found.len());
            assert!(block.padded()[block.bytes().len()..].iter().take(PADDING).all(|b| *b == 0));
            found.push(String::from_utf8(block.bytes().to_vec()).unwrap());
        }
        found
    }

    #[test]
    fn a_block_ends_with_a_record() {
        let text = "a,b\n\"x\ny\",\"\"\"\n\"\n1,2\n3,4";
        for step in 1..40 {
            let found = blocks(text, step);
            assert_eq!(found.concat(), format!("{text}\n"), "{step}");
            assert!(found.iter().all(|b| b.matches('"').count() % 2 == 0), "{step}: {found:?}");
        }
        assert_eq!(blocks(text, 1), ["a,b\n", "\"x\ny\",\"\"\"\n\"\n1,2\n", "3,4\n"]);
        assert_eq!(blocks("", 8), [""; 0]);
    }
}
