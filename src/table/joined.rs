//! Words of one dictionary in another.

use super::Dictionary;

/// For each word of a dictionary its code in another, `u32::MAX` where that does not have it.
pub fn joined(from: &Dictionary, to: &Dictionary) -> Vec<u32> {
    // Where one has few words, looking each up is shorter than going through both.
    if from.len() < to.len() / 16 {
        return from.iter().map(|word| to.position(word).map_or(u32::MAX, |code| code as u32)).collect();
    }
    let mut at = 0;
    let found = from.iter().map(|word| {
        while at < to.len() && &to[at] < word {
            at += 1;
        }
        if to.get(at) == Some(word) { at as u32 } else { u32::MAX }
    });
    found.collect()
}
