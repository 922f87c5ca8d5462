//! The distinct texts of a column as they come, each with a code.

use std::borrow::Cow;

use super::Undecided;

/// Loads that reach this far behind a text's beginning stay within the padding of its block.
const REACH: usize = 64;

const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd6e8_feb8_6659_fd93;

/// Texts and their codes, in the order in which they came first.
#[derive(Debug)]
pub(super) struct Dict {
    /// Whether the texts are as they stand in the file between their quotation marks: not trimmed, and marks inside written twice.
    raw: bool,
    /// Whether any of them is another word than it stands there.
    changed: bool,
    /// Where those of up to 24 bytes are found, and the longer ones.
    short: Table<Short>,
    long: Table<Long>,
    /// The hash of each text, and where it ends.
    entries: Vec<(u32, u32)>,
    text: String,
    /// What is looked up from outside a block, padded.
    scratch: Vec<u8>,
}

/// Where a text's code is found.
#[derive(Debug)]
struct Table<K> {
    /// As many as a power of two.
    slots: Vec<Slot<K>>,
    filled: usize,
}

#[derive(Debug, Clone, Copy, Default)]
struct Slot<K> {
    key: K,
    length: u32,
    /// Its code plus one; 0 where the slot is free.
    next: u32,
}

/// What tells a text from most others, where looking it up finds it at once.
trait Key: Copy + Default {
    /// It tells texts of up to so many bytes from all others of their length.
    const WHOLE: usize;

    /// 0 where they are alike.
    fn differ(&self, other: &Self) -> u64;
}

/// All of a text of up to 24 bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Short(u64, u64, u64);

/// The first 24 bytes and the last 32 of a longer one.
#[derive(Debug, Clone, Copy, Default)]
struct Long(Short, u64, u64, u64, u64);

// Compared one by one: as a whole, what has just been put together in registers would go through memory.
impl Key for Short {
    const WHOLE: usize = 24;

    #[inline]
    fn differ(&self, other: &Self) -> u64 {
        (self.0 ^ other.0) | (self.1 ^ other.1) | (self.2 ^ other.2)
    }
}

impl Key for Long {
    const WHOLE: usize = 56;

    #[inline]
    fn differ(&self, other: &Self) -> u64 {
        self.0.differ(&other.0) | (self.1 ^ other.1) | (self.2 ^ other.2) | (self.3 ^ other.3) | (self.4 ^ other.4)
    }
}

impl<K: Key> Table<K> {
    fn new() -> Self {
        Self { slots: vec![Slot::default(); 16], filled: 0 }
    }

    /// The code plus one of a text; 0 where it has none yet. `same` tells whether it is that of a code, where the key does not.
    #[inline]
    fn find(&self, key: &K, length: usize, hash: u32, same: impl Fn(u32) -> bool) -> u32 {
        let mask = self.slots.len() - 1;
        let mut at = hash as usize & mask;
        loop {
            let slot = &self.slots[at];
            let differ = slot.key.differ(key) | (u64::from(slot.length) ^ length as u64);
            if slot.next == 0 || differ == 0 && (length <= K::WHOLE || same(slot.next - 1)) {
                return slot.next;
            }
            at = (at + 1) & mask;
        }
    }

    fn put(&mut self, slot: Slot<K>, hashes: &[(u32, u32)]) {
        let put = |slots: &mut [Slot<K>], slot: Slot<K>| {
            let mask = slots.len() - 1;
            let mut at = hashes[slot.next as usize - 1].0 as usize & mask;
            while slots[at].next != 0 {
                at = (at + 1) & mask;
            }
            slots[at] = slot;
        };
        self.filled += 1;
        if self.filled * 4 > self.slots.len() * 3 {
            let mut slots = vec![Slot::default(); self.slots.len() * 2];
            for slot in self.slots.iter().filter(|slot| slot.next != 0) {
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

/// The key of a text of up to 24 bytes, from loads that overlap, so that it and the length say all that there is.
#[inline]
fn short(padded: &[u8], start: usize, length: usize) -> Short {
    match length {
        0..=8 => Short(load(padded, start) & (u64::MAX >> (8 * (8 - length.max(1)))), 0, 0),
        9..=16 => Short(load(padded, start), load(padded, start + length - 8), 0),
        _ => Short(load(padded, start), load(padded, start + 8), load(padded, start + length - 8)),
    }
}

/// The key of a longer one.
#[inline]
fn long(padded: &[u8], start: usize, length: usize) -> Long {
    let end = |back: usize| load(padded, start + length.saturating_sub(back));
    Long(Short(load(padded, start), load(padded, start + 8), load(padded, start + 16)), end(32), end(24), end(16), end(8))
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

    /// The code of the text of `length` bytes at `start`; zeros stand behind the bytes it is part of.
    #[inline]
    pub(super) fn code(&mut self, padded: &[u8], start: usize, length: usize) -> Result<u32, Undecided> {
        let fold_in = |key: &Short| fold(fold(key.0 ^ FIRST, key.1 ^ SECOND ^ length as u64) ^ key.2, FIRST);
        let narrow = |hash: u64| (hash >> 32 ^ hash) as u32;
        if length <= Short::WHOLE {
            let key = short(padded, start, length);
            let hash = narrow(fold_in(&key));
            return match self.short.find(&key, length, hash, |_| true) {
                0 => {
                    let next = self.add(padded, start, length, hash)?;
                    self.short.put(Slot { key, length: length as u32, next }, &self.entries);
                    Ok(next - 1)
                }
                next => Ok(next - 1),
            };
        }
        let key = long(padded, start, length);
        let mut hash = fold(fold_in(&key.0) ^ key.1, key.2 ^ SECOND);
        hash = fold(hash ^ key.3, key.4 ^ FIRST);
        for at in (24..length.saturating_sub(32)).step_by(8) {
            hash = fold(hash ^ load(padded, start + at), SECOND);
        }
        let hash = narrow(hash);
        let same = |code: u32| self.text(code).as_bytes() == &padded[start..start + length];
        match self.long.find(&key, length, hash, same) {
            0 => {
                let next = self.add(padded, start, length, hash)?;
                self.long.put(Slot { key, length: length as u32, next }, &self.entries);
                Ok(next - 1)
            }
            next => Ok(next - 1),
        }
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
