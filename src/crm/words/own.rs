//! The company's own words: what they say of subjects and stages, and which of them no export has.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::crm::fold::{fold, tokens};
use crate::crm::part::Part;
use crate::crm::preset::{Shape, WordLists, nearest};
use crate::table::{KINDS, Kind, STATES};

/// The words of `[words]` that say more than their column's word.
#[derive(Debug, Default)]
pub(super) struct Own {
    /// Words of kinds as phrases, the longest first: they may stand in subjects.
    phrases: Vec<(Vec<String>, &'static str)>,
    states: FxHashMap<String, &'static str>,
}

impl Own {
    pub(super) fn new(lists: &WordLists) -> Self {
        let named = |vocabulary: &str, known: &'static [&'static str]| {
            let values = lists.get(vocabulary).into_iter().flatten();
            let pairs = values.filter_map(|(value, words)| Some((*known.iter().find(|k| *k == value)?, words)));
            pairs.flat_map(|(value, words)| words.iter().map(move |word| (word.as_str(), value))).collect::<Vec<_>>()
        };
        let mut phrases: Vec<_> = named("kind", KINDS).into_iter().map(|(word, kind)| (tokens(word), kind)).collect();
        phrases.retain(|(phrase, _)| !phrase.is_empty());
        phrases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        Self { phrases, states: named("state", STATES).into_iter().map(|(word, state)| (fold(word), state)).collect() }
    }

    /// The kind that a subject names in the company's words, and whether that is all it says. A single word counts at the beginning only.
    pub(super) fn of_subject(&self, subject: &str) -> Option<(&'static str, bool)> {
        if self.phrases.is_empty() {
            return None;
        }
        let words = tokens(subject);
        self.phrases.iter().find(|(phrase, _)| says(&words, phrase)).map(|(phrase, kind)| (*kind, *phrase == words))
    }

    /// The state that the company gives a folded word.
    pub(super) fn state(&self, folded: &str) -> Option<&'static str> {
        self.states.get(folded).copied()
    }
}

/// Whether a subject holds a phrase: anywhere where it has several words, else at its beginning.
fn says(subject: &[String], phrase: &[String]) -> bool {
    subject.starts_with(phrase) || (phrase.len() > 1 && subject.windows(phrase.len()).any(|run| run == phrase))
}

/// A word of `[words]` that no export has where it could mean something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmatched {
    /// The vocabulary, such as `kind`.
    pub vocabulary: String,
    /// What the word was to mean, such as `meeting`.
    pub value: String,
    /// The word.
    pub word: String,
    /// The word of the exports that is most like it.
    pub near: Option<String>,
    /// Whether no other word of that meaning is there either.
    pub alone: bool,
}

/// Where the words of a vocabulary stand: the table and its fields.
const FIELDS: &[(&str, Kind, &[&str])] = &[
    ("kind", Kind::Activities, &["type", "subtype", "channel"]),
    ("outcome", Kind::Activities, &["outcome", "status", "disposition", "type"]),
    ("result", Kind::Activities, &["result", "disposition", "outcome"]),
    ("state", Kind::Deals, &["status", "stage", "status_reason"]),
    ("state", Kind::Stages, &["stage", "from_stage", "old", "new"]),
    ("kept", Kind::Commitments, &["kept"]),
];

/// The company's words that no export has, in their order; a vocabulary whose table was not read is not asked about.
pub(in crate::crm) fn unmatched(own: &WordLists, parts: &[Part]) -> Vec<Unmatched> {
    let mut found = Vec::new();
    for (vocabulary, values) in own {
        let places = FIELDS.iter().filter(|(name, ..)| name == vocabulary);
        let columns: Vec<_> = places
            .flat_map(|(_, table, fields)| {
                let of_table = parts.iter().filter(|p| p.shape == Shape::Records(*table));
                of_table.flat_map(|part| fields.iter().map(move |field| (part, *field)))
            })
            .collect();
        if columns.is_empty() {
            continue;
        }
        let there: BTreeMap<String, &str> = columns
            .iter()
            .filter_map(|(part, field)| part.field(field))
            .flat_map(|f| f.words.words().iter())
            .map(|word| (fold(word), word))
            .chain(columns.iter().filter_map(|(part, field)| constant(part, field)))
            .collect();
        let forms: FxHashSet<String> = there.values().flat_map(|word| forms(word)).collect();
        let has = |word: &str| forms.contains(&fold(word)) || (vocabulary == "kind" && in_subjects(word, parts));
        for (value, words) in values {
            let lacking: Vec<&String> = words.iter().filter(|word| !has(word)).collect();
            let alone = lacking.len() == words.len();
            found.extend(lacking.into_iter().map(|word| {
                let near = nearest(word, there.values().copied()).map(str::to_owned);
                Unmatched { vocabulary: vocabulary.clone(), value: value.clone(), word: word.clone(), near, alone }
            }));
        }
    }
    found
}

fn constant<'a>(part: &'a Part, field: &str) -> Option<(String, &'a str)> {
    part.constant.iter().find(|(name, _)| *name == field).map(|(_, text)| (fold(text), text.as_str()))
}

/// What of a cell is looked up: all of it, what stands before a dash, and its first and last words.
fn forms(word: &str) -> Vec<String> {
    let words = tokens(word);
    let parts = (1..words.len().min(8)).flat_map(|n| [words[..n].concat(), words[n..].concat()]);
    let dashes = [" - ", " \u{2013} ", ":", " ("].iter().filter_map(|mark| word.split_once(mark)).map(|(before, _)| fold(before));
    std::iter::once(fold(word)).chain(parts).chain(dashes).collect()
}

fn in_subjects(word: &str, parts: &[Part]) -> bool {
    let phrase = tokens(word);
    let activities = parts.iter().filter(|p| p.shape == Shape::Records(Kind::Activities));
    !phrase.is_empty()
        && activities.filter_map(|p| p.field("subject")).flat_map(|f| f.words.words()).any(|subject| says(&tokens(subject), &phrase))
}
