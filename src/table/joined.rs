//! Words of one dictionary in another.

use std::ops::Range;

use super::Dictionary;

/// For each word of a dictionary its code in another, `u32::MAX` where that does not have it.
pub fn joined(from: &Dictionary, to: &Dictionary) -> Vec<u32> {
    joined_of(from, 0..from.len(), to)
}

/// The same of some of its words.
pub fn joined_of(from: &Dictionary, words: Range<usize>, to: &Dictionary) -> Vec<u32> {
    let place = |code: usize| from.get(code).map_or(to.len(), |word| to.partition_point(|other| other < word));
    let (mut at, end) = (place(words.start), place(words.end));
    let words = words.map(|code| &from[code]);
    // Where there are few words, looking each up is shorter than going through both.
    if words.len() < (end - at) / 16 {
        return words.map(|word| to.position(word).map_or(u32::MAX, |code| code as u32)).collect();
    }
    let found = words.map(|word| {
        while at < to.len() && &to[at] < word {
            at += 1;
        }
        if to.get(at) == Some(word) { at as u32 } else { u32::MAX }
    });
    found.collect()
}
