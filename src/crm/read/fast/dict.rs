//! The distinct texts of a column as they come, each with a code.

use std::borrow::Cow;
use std::sync::{PoisonError, RwLock};

use memchr::memchr;

use super::Undecided;

/// Loads that reach this far behind a text's beginning stay within the padding of its block.
const REACH: usize = 64;

/// Tables of so many slots do not fit into the memory that is near.
const MANY: usize = 1 << 14;

const MIXED: [u64; 4] = [0x9e37_79b9_7f4a_7c15, 0xd6e8_feb8_6659_fd93, 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db];

/// Texts and their codes, in the order in which they came first.
#[derive(Debug)]
pub(super) struct Dict {
    /// Whether the texts are as they stand in the file between their quotation marks: not trimmed, and marks inside written twice.
    raw: bool,
    /// Whether any of them is another word than it stands there.
    changed: bool,
    /// Where those of up to [`SHORT`] bytes are found, and the longer ones.
    short: Table<4>,
    long: Table<8>,
    /// The hash of each text, and where it ends.
    entries: Vec<(u32, u32)>,
    text: String,
    /// What is looked up from outside a block, padded.
    scratch: Vec<u8>,
}

/// Texts of up to so many bytes are told from all others by the key of their slot: by all they are, and zeros behind it, which are in no text.
const SHORT: usize = 28;

/// Longer ones of up to so many are told by their first 24 bytes, their last 32 and their length.
const LONG: usize = 56;

/// Where a text's code is found.
#[derive(Debug)]
struct Table<const N: usize> {
    /// As many as a power of two.
    slots: Vec<Slot<N>>,
    filled: usize,
}

/// What tells a text from most others: the words of its key, in the upper half of the last its code plus one, 0 where the slot is free.
/// Looking a text up finds all that at once; what is short does not lie across what the processor fetches at once.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Slot<const N: usize>([u64; N]);

impl<const N: usize> Slot<N> {
    const FREE: Self = Self([0; N]);

    /// A key, whose last word is a short one, and a code plus one.
    fn new(mut key: [u64; N], next: u32) -> Self {
        key[N - 1] |= u64::from(next) << 32;
        Self(key)
    }

    #[inline]
    fn next(&self) -> u32 {
        (self.0[N - 1] >> 32) as u32
    }

    /// Whether it has this key, be it free; no branch for each of its words.
    #[inline]
    fn is(&self, key: &[u64; N]) -> bool {
        let last = (self.0[N - 1] ^ key[N - 1]) << 32;
        self.0[..N - 1].iter().zip(key).fold(last, |differ, (one, other)| differ | (one ^ other)) == 0
    }
}

impl<const N: usize> Table<N> {
    fn new() -> Self {
        Self { slots: vec![Slot::FREE; 64], filled: 0 }
    }

    /// The code plus one of a text; 0 where it has none yet. `same` tells whether it is that of a code, where the key does.
    #[inline]
    fn find(&self, key: &[u64; N], hash: u32, same: impl Fn(u32) -> bool) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            let next = slot.next();
            if next == 0 || slot.is(key) && same(next - 1) {
                return next;
            }
            at = (at + 1) & mask;
        }
    }

    /// Something of both ends of the slot where a hash belongs.
    #[inline]
    fn touch(&self, hash: u32) -> u64 {
        let slot = &self.slots[hash as usize & (self.slots.len() - 1)];
        slot.0[0] ^ slot.0[N - 1]
    }

    fn put(&mut self, slot: Slot<N>, hashes: &[(u32, u32)]) {
        let put = |slots: &mut [Slot<N>], slot: Slot<N>| {
            let mask = slots.len() - 1;
            let mut at = hashes[slot.next() as usize - 1].0 as usize & mask;
            while slots[at].next() != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = slot;
        };
        self.filled += 1;
        // Where there is room, a text mostly stands where its hash says.
        let fullest = if self.slots.len() < MANY { self.slots.len() / 4 } else { self.slots.len() / 4 * 3 };
        if self.filled > fullest {
            let mut slots = vec![Slot::FREE; self.slots.len() * 2];
            for slot in self.slots.iter().filter(|slot| slot.next() != 0) {
                put(&mut slots, *slot);
            }
            self.slots = slots;
        }
        put(&mut self.slots, slot);
    }
}

#[inline]
fn load(padded: &[u8], at: usize) -> u64 {
    padded.get(at..at + 8).and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_le_bytes)
}

#[inline]
fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

#[inline]
fn narrow(hash: u64) -> u32 {
    (hash >> 32 ^ hash) as u32
}

/// For each length, which bits of four loads are those of a text.
const MASKS: [[u64; 4]; SHORT + 1] = {
    let (mut masks, mut length) = ([[0; 4]; SHORT + 1], 0);
    while length <= SHORT {
        let mut at = 0;
        while at < length {
            masks[length][at / 8] |= 0xff << (8 * (at % 8));
            at += 1;
        }
        length += 1;
    }
    masks
};

/// The four words of a text of up to [`SHORT`] bytes.
#[inline]
fn short(padded: &[u8], start: usize, length: usize) -> [u64; 4] {
    let masks = &MASKS[length.min(SHORT)];
    let bytes: &[u8; 32] = padded.get(start..).and_then(<[u8]>::first_chunk).unwrap_or(&[0; 32]);
    let (words, _) = bytes.as_chunks::<8>();
    let word = |at: usize| u64::from_le_bytes(words[at]) & masks[at];
    [word(0), word(1), word(2), word(3)]
}

#[inline]
fn short_hash([a, b, c, d]: [u64; 4]) -> u32 {
    narrow(fold(a ^ c.wrapping_mul(MIXED[2]) ^ MIXED[0], b ^ d.wrapping_mul(MIXED[3]) ^ MIXED[1]))
}

/// The seven words of a longer text.
#[inline]
fn long(padded: &[u8], start: usize, length: usize) -> [u64; 7] {
    let end = |back: usize| load(padded, start + length.saturating_sub(back));
    [load(padded, start), load(padded, start + 8), load(padded, start + 16), end(32), end(24), end(16), end(8)]
}

#[inline]
fn long_key(words: [u64; 7], length: usize) -> [u64; 8] {
    let mut key = [u64::from(length as u32); 8];
    key[..7].copy_from_slice(&words);
    key
}

#[inline]
fn long_hash(words: [u64; 7], padded: &[u8], start: usize, length: usize) -> u32 {
    let mut hash = fold(words[0] ^ MIXED[0], words[1] ^ MIXED[1]) ^ fold(words[2] ^ MIXED[2], words[3] ^ MIXED[3] ^ length as u64);
    hash = fold(hash ^ words[4], MIXED[1]) ^ fold(words[5] ^ MIXED[3], words[6] ^ MIXED[2]);
    for at in (24..length.saturating_sub(32)).step_by(8) {
        hash = fold(hash ^ load(padded, start + at), MIXED[1]);
    }
    narrow(fold(hash, MIXED[0]))
}

/// The hash of a text.
#[inline]
fn hashed(padded: &[u8], start: usize, length: usize) -> u32 {
    if length <= SHORT { short_hash(short(padded, start, length)) } else { long_hash(long(padded, start, length), padded, start, length) }
}

impl Dict {
    /// An empty one; whether its texts come as they stand in the file.
    pub(super) fn new(raw: bool) -> Self {
        let (short, long) = (Table::new(), Table::new());
        Self { raw, changed: false, short, long, entries: Vec::new(), text: String::new(), scratch: Vec::new() }
    }

    /// How many texts there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The codes of the texts at these bytes in the place of what `codes` holds, `u32::MAX` for an empty one and [`LACKING`] for one that has
    /// none yet; whether there is any of those. Zeros stand behind the bytes they are part of.
    ///
    /// Finding a word of many mostly waits for memory. So the hashes of all come first, then a loop that only touches where they most likely
    /// stand, so that the waits overlap, and then what stands there.
    fn known(&self, padded: &[u8], spans: impl Iterator<Item = (usize, usize)> + Clone, codes: &mut Vec<u32>) -> bool {
        codes.clear();
        if self.short.slots.len() + self.long.slots.len() < MANY {
            codes.extend(spans.map(|(start, end)| self.near(padded, start, end - start)));
        } else {
            codes.extend(spans.clone().map(|(start, end)| hashed(padded, start, end - start)));
            let touched = codes.iter().fold(0, |touched, hash| touched ^ self.short.touch(*hash) ^ self.long.touch(*hash));
            std::hint::black_box(touched);
            for ((start, end), code) in spans.zip(codes.iter_mut()) {
                *code = if start == end { u32::MAX } else { code_or_lacking(self.find(padded, start, end - start, *code)) };
            }
        }
        codes.contains(&LACKING)
    }

    /// The code of a text that mostly stands where its hash says, which is near.
    #[inline]
    fn near(&self, padded: &[u8], start: usize, length: usize) -> u32 {
        if length <= SHORT {
            let words = short(padded, start, length);
            let slot = &self.short.slots[short_hash(words) as usize & (self.short.slots.len() - 1)];
            // A blank cell has the key of a free slot.
            if slot.is(&words) {
                return slot.next().wrapping_sub(1);
            }
        }
        if length == 0 { u32::MAX } else { code_or_lacking(self.find(padded, start, length, hashed(padded, start, length))) }
    }

    /// The code plus one of a text; 0 where it has none yet.
    #[inline]
    fn find(&self, padded: &[u8], start: usize, length: usize, hash: u32) -> u32 {
        if length <= SHORT {
            return self.short.find(&short(padded, start, length), hash, |_| true);
        }
        let same = |code: u32| length <= LONG || self.text(code).as_bytes() == &padded[start..start + length];
        self.long.find(&long_key(long(padded, start, length), length), hash, same)
    }

    /// The code of the text of `length` bytes at `start`, none of which is zero; zeros stand behind the bytes it is part of.
    fn code(&mut self, padded: &[u8], start: usize, length: usize) -> Result<u32, Undecided> {
        let hash = hashed(padded, start, length);
        let next = self.find(padded, start, length, hash);
        if next > 0 {
            return Ok(next - 1);
        }
        let next = self.add(padded, start, length, hash)?;
        if length <= SHORT {
            self.short.put(Slot::new(short(padded, start, length), next), &self.entries);
        } else {
            self.long.put(Slot::new(long_key(long(padded, start, length), length), next), &self.entries);
        }
        Ok(next - 1)
    }

    /// Keeps a text; its code plus one.
    #[cold]
    #[inline(never)]
    fn add(&mut self, padded: &[u8], start: usize, length: usize, hash: u32) -> Result<u32, Undecided> {
        let text = std::str::from_utf8(&padded[start..start + length]).map_err(|_| Undecided)?;
        let next = u32::try_from(self.entries.len() + 1).ok().filter(|next| *next < u32::MAX).ok_or(Undecided)?;
        let end = u32::try_from(self.text.len() + length).map_err(|_| Undecided)?;
        self.changed |= self.raw && (matches!(cell(text), Cow::Owned(_)) || text.trim().len() != length);
        self.text.push_str(text);
        self.entries.push((hash, end));
        Ok(next)
    }

    /// The code of a text that stands in no block.
    pub(super) fn code_of(&mut self, text: &[u8]) -> Result<u32, Undecided> {
        if memchr(0, text).is_some() {
            return Err(Undecided);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch.extend_from_slice(text);
        scratch.resize(text.len() + REACH, 0);
        let code = self.code(&scratch, 0, text.len());
        self.scratch = scratch;
        code
    }

    fn text(&self, code: u32) -> &str {
        let end = |code: usize| self.entries[code].1 as usize;
        &self.text[(code as usize).checked_sub(1).map_or(0, end)..end(code as usize)]
    }

    /// The word of a code, as a record holds it; empty for a blank cell.
    pub(super) fn word(&self, code: u32) -> Cow<'_, str> {
        let text = self.text(code);
        if self.changed { cell(text) } else { Cow::Borrowed(text) }
    }

    /// Frees what only looking up needs.
    pub(super) fn settle(&mut self) {
        (self.short.slots, self.long.slots) = (Vec::new(), Vec::new());
        self.scratch = Vec::new();
    }
}

/// What stands in the place of the code of a text that has none yet.
const LACKING: u32 = u32::MAX - 1;

fn code_or_lacking(next: u32) -> u32 {
    if next == 0 { LACKING } else { next - 1 }
}

/// The texts of a column as they stand in the file, for all threads that read it: each has one code, whichever meets it first.
#[derive(Debug)]
pub(super) struct Shared(RwLock<Dict>);

impl Shared {
    /// An empty one.
    pub(super) fn new() -> Self {
        Self(RwLock::new(Dict::new(true)))
    }

    /// The codes of the texts at these bytes, `u32::MAX` for an empty one, in the place of what `codes` holds; zeros stand behind the bytes
    /// they are part of. Gives how many texts there are.
    pub(super) fn codes(
        &self,
        padded: &[u8],
        spans: impl Iterator<Item = (usize, usize)> + Clone,
        codes: &mut Vec<u32>,
    ) -> Result<usize, Undecided> {
        {
            // Whoever panicked takes the others along when it is joined.
            let dict = self.0.read().unwrap_or_else(PoisonError::into_inner);
            if !dict.known(padded, spans.clone(), codes) {
                return Ok(dict.len());
            }
        }
        // New texts wait until all that are known have been found, so that nobody else has to wait for each.
        let mut dict = self.0.write().unwrap_or_else(PoisonError::into_inner);
        for ((start, end), code) in spans.zip(codes).filter(|(_, code)| **code == LACKING) {
            *code = dict.code(padded, start, end - start)?;
        }
        Ok(dict.len())
    }

    /// The texts, once everything has been read.
    pub(super) fn into_dict(self) -> Dict {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a record holds where this stands in the file between quotation marks, or without any.
pub(super) fn cell(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if !trimmed.contains('"') {
        return Cow::Borrowed(trimmed);
    }
    Cow::Owned(trimmed.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn texts_of_every_length_have_codes_of_their_own() {
        let mut dict = Dict::new(true);
        for round in 0..2 {
            for n in 0..200_u32 {
                // They differ in one byte only, wherever it stands.
                for (at, letter) in [(n / 2, b'x'), (n, b'x'), (n / 2, b'y')] {
                    let mut text = vec![b'a'; n as usize + 1];
                    text[at as usize] = letter;
                    let before = dict.len();
                    let code = dict.code_of(&text).unwrap();
                    assert_eq!(dict.word(code), std::str::from_utf8(&text).unwrap());
                    assert!(round == 0 || dict.len() == before);
                }
            }
        }
    }

    proptest! {
        #[test]
        fn a_dictionary_is_a_map(texts in prop::collection::vec("[ab\"]{0,30}", 0..300)) {
            let (mut dict, mut map) = (Dict::new(false), HashMap::new());
            for text in &texts {
                let next = map.len() as u32;
                let code = *map.entry(text.as_str()).or_insert(next);
                prop_assert_eq!(dict.code_of(text.as_bytes()), Ok(code));
                prop_assert_eq!(dict.word(code), text.as_str());
            }
            prop_assert_eq!(dict.len(), map.len());
        }
    }
}
