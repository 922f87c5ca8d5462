//! The dictionaries of a column → one, sorted.

use std::borrow::Cow;

use rayon::prelude::*;

use super::codes::{Coded, Run};
use super::dict::Dict;
use crate::table::{Arena, Codes, Dictionary, Pattern, Stamps, Template, Words};

/// A word by the bytes that tell it from most others, its dictionary and its code there.
type Item = (Key, u32, u32);

/// So many bytes of a word as numbers in their order, zeros behind its end; no word has any.
type Key = [u64; 4];

/// How many bytes a key has.
const KEY: usize = 32;

/// Fewer words than this are not worth a thread of their own.
const SHARE: usize = 1 << 13;

/// So few words are compared as a whole.
const FEW: usize = 24;

/// Words that begin with so many times as many bytes alike are compared as a whole.
const DEEPEST: usize = 3;

/// One column of the codes of several dictionaries; `dated` where it is thought to hold dates.
pub(super) fn merge(codes: Coded, runs: &[Run], dicts: Vec<Dict>, dated: bool) -> Words {
    let (words, maps) = dictionary(&dicts);
    drop(dicts);
    let codes = match codes.map(runs, &maps, words.len()) {
        // Whether a column holds ids in order is not for the blocks to say.
        Codes::Narrow(codes) if words.len() == codes.len() && rises(&codes) => Codes::Each(codes.len()),
        Codes::Middle(codes) if words.len() == codes.len() && rises(&codes) => Codes::Each(codes.len()),
        Codes::Wide(codes) if words.len() == codes.len() && rises(&codes) => Codes::Each(codes.len()),
        codes => codes,
    };
    if dated && let Some(stamps) = stamps(&words, &codes) {
        return Words::from_stamps(stamps);
    }
    Words::from_parts(words, codes)
}

fn rises<T: Copy + Into<u32>>(codes: &[T]) -> bool {
    codes.iter().enumerate().all(|(row, code)| row as u32 == (*code).into())
}

/// The words of several dictionaries in order, and for each of them the new codes by the old, `u32::MAX` for what is blank.
fn dictionary(dicts: &[Dict]) -> (Dictionary, Vec<Vec<u32>>) {
    let all = || dicts.iter().enumerate().flat_map(|(at, dict)| (0..dict.len() as u32).map(move |code| (at as u32, code, dict.word(code))));
    // Ids often begin alike: what they have in common says nothing.
    let mut common: Option<String> = None;
    for (.., word) in all().filter(|(.., word)| !word.is_empty()) {
        match &mut common {
            None => common = Some(word.into_owned()),
            Some(common) if common.is_empty() => break,
            Some(common) => common.truncate(alike(common, &word)),
        }
    }
    let prefix = common.unwrap_or_default();
    let common = prefix.len();
    let items_of = |(at, dict): (usize, &Dict)| -> Vec<Item> {
        let item = |code: u32| Some(dict.word(code)).filter(|word| !word.is_empty()).map(|word| (key(&word, common), at as u32, code));
        (0..dict.len() as u32).into_par_iter().with_min_len(SHARE).filter_map(item).collect()
    };
    let mut items = dicts.iter().enumerate().map(items_of).collect::<Vec<_>>().concat();
    let word = |item: &Item| dicts[item.1 as usize].word(item.2);
    sort(&mut items, common, 0, &word);
    // Of most words the key says all: no other place in memory has to be looked at.
    let same = |one: &Item, other: &Item| one.0 == other.0 && (ends_within(&one.0) || word(one) == word(other));
    let shares = rayon::current_num_threads().min(items.len() / SHARE).max(1);
    let cut = |share: usize| {
        let at = items.len() * share / shares;
        at + (at..items.len()).take_while(|at| *at > 0 && same(&items[at - 1], &items[*at])).count()
    };
    let spelled = |share: usize| {
        let (mut arena, mut codes, mut text) = (Arena::default(), Vec::new(), prefix.clone());
        let mut last: Option<&Item> = None;
        for item in &items[cut(share)..cut(share + 1)] {
            if last.is_none_or(|last| !same(last, item)) {
                text.truncate(common);
                match whole(&item.0, &mut text) {
                    Some(()) => arena.push(&text),
                    None => arena.push(&word(item)),
                }
            }
            last = Some(item);
            codes.push(arena.len() as u32 - 1);
        }
        (arena, codes)
    };
    let mut maps: Vec<Vec<u32>> = dicts.iter().map(|dict| vec![u32::MAX; dict.len()]).collect();
    let mut words = Arena::default();
    let mut rest = items.iter();
    for (more, codes) in (0..shares).into_par_iter().map(spelled).collect::<Vec<_>>() {
        let before = words.len() as u32;
        for (code, (_, dict, old)) in codes.into_iter().zip(&mut rest) {
            maps[*dict as usize][*old as usize] = before + code;
        }
        words.append(&more, 0..more.len());
    }
    (words.finish(), maps)
}

/// Sorts words by their keys, those with the same key by the bytes behind, and so on: a text is looked at once for each key and not whenever
/// it is compared.
fn sort<'w>(items: &mut [Item], at: usize, depth: usize, word: &(impl Fn(&Item) -> Cow<'w, str> + Sync)) {
    items.par_sort_unstable_by_key(|item| item.0);
    // Where a word ends within its key, those with this key are the same word.
    let unsaid = items.chunk_by_mut(|a, b| a.0 == b.0).filter(|alike| alike.len() > 1 && !ends_within(&alike[0].0));
    for alike in unsaid {
        if alike.len() < FEW || depth > DEEPEST {
            alike.sort_unstable_by(|a, b| word(a).cmp(&word(b)));
            continue;
        }
        let own = alike[0].0;
        for item in alike.iter_mut() {
            item.0 = key(&word(item), at + KEY);
        }
        sort(alike, at + KEY, depth + 1, word);
        for item in alike.iter_mut() {
            item.0 = own;
        }
    }
}

/// Whether a word ends before its key does.
fn ends_within(key: &Key) -> bool {
    key[3].trailing_zeros() >= u8::BITS
}

/// How many bytes two words begin with alike, as whole characters.
fn alike(one: &str, other: &str) -> usize {
    let same = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    one.floor_char_boundary(same)
}

/// The bytes behind those that all words have in common; words are in the order of their keys.
fn key(word: &str, common: usize) -> Key {
    let rest = word.as_bytes().get(common..).unwrap_or_default();
    let mut bytes = [0; KEY];
    let length = rest.len().min(KEY);
    bytes[..length].copy_from_slice(&rest[..length]);
    let (words, _) = bytes.as_chunks::<8>();
    let number = |at: usize| words.get(at).map_or(0, |word| u64::from_be_bytes(*word));
    [number(0), number(1), number(2), number(3)]
}

/// Adds the bytes of a word that ends within its key to a text; none where the key does not say all.
fn whole(key: &Key, text: &mut String) -> Option<()> {
    let bytes = key.map(u64::to_be_bytes);
    let bytes = bytes.as_flattened();
    let end = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    // A longer word may be cut within a character.
    text.push_str(std::str::from_utf8(&bytes[..end]).ok().filter(|_| end < KEY)?);
    Some(())
}

/// The same column as dates, where all its words are written by one template.
fn stamps(words: &Dictionary, codes: &Codes) -> Option<Stamps> {
    let template = Template::of(words.get(0)?.as_bytes())?;
    let pattern = Pattern::of(template)?;
    let of_words: Vec<u32> = words.iter().map(|word| pattern.read_cell(word.as_bytes())).collect::<Option<_>>()?;
    let second = |row: usize| codes.get(row).and_then(|code| of_words.get(code as usize)).copied().unwrap_or(Stamps::BLANK);
    Some(Stamps { template, seconds: (0..codes.len()).map(second).collect() })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;

    proptest! {
            #[test]
            fn dictionaries_become_one_in_order(
                lists in prop::collection::vec(prop::collection::vec("(|0035g00000|Linton Water District |aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa)[a-cé]{0,12} ?", 0..120), 1..4),
            ) {
                let dicts: Vec<Dict> = lists.iter().map(|list| {
                    let mut dict = Dict::new(true);
                    for text in list {
     dict.code_of(text.as_bytes()).unwrap();
    }
                    dict
                }).collect();
                let mut expected: Vec<&str> = lists.iter().flatten().map(|text| text.trim()).filter(|text| !text.is_empty()).collect();
                expected.sort_unstable();
                expected.dedup();
                let (words, maps) = dictionary(&dicts);
                prop_assert_eq!(words.iter().collect::<Vec<_>>(), expected);
                for (dict, map) in dicts.iter().zip(&maps) {
                    for (code, new) in map.iter().enumerate() {
                        prop_assert_eq!(words.get(*new as usize).unwrap_or_default(), dict.word(code as u32));
                    }
                }
            }
        }
}
