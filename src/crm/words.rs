//! What the words in cells mean: kinds of activity, outcomes, states of deals, roles.
//!
//! A word is looked up whole after folding. Where that finds nothing, what stands before ` - `, `:` or `(` is tried (`Connected - left a
//! message`); then, for types alone, a direction or outcome is taken off (`email_sent`, `Scheduled call`), and the rules for subjects are
//! asked (`Technical demo`). Nothing else is guessed. The company's own words (`[words]`) win over all of these.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::fold::{fold, tokens};
use super::once::Once;
use super::preset::{Preset, Rule, Whereabouts, WordLists, Wrong};
use crate::table::{KINDS, OUTCOMES, ROLES, STATES};

mod own;

pub use own::Unmatched;
pub(super) use own::unmatched;

/// What the word of a type column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TypeWord {
    /// This kind of activity.
    Kind(&'static str),
    /// Only the channel: the subject decides.
    Defer,
    /// A record that the CRM writes by itself, such as `Opportunity Close`.
    System,
}

/// What decided the kind of an activity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// Its type's word, as listed.
    Type,
    /// The rules for subjects, asked about its type's word.
    TypeLike,
    /// Its second type's word.
    Subtype,
    /// Its subject.
    Subject,
    /// The sort of record that the CRM keeps it as.
    Channel,
    /// Nothing: it is `other`.
    Nothing,
}

/// What is known of an activity when its kind is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'a> {
    /// The type column's word.
    pub type_word: &'a str,
    /// The second type column's word.
    pub subtype: &'a str,
    /// The sort of record that the CRM keeps it as.
    pub channel: &'a str,
    /// The subject.
    pub subject: &'a str,
    /// Whether it is linked to a customer: an account, contact, lead or deal.
    pub customer: bool,
}

/// What is known of an activity's kind before its subject is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// The kind, and what decided it; none for a record that the CRM writes by itself.
    Settled(Option<(&'static str, Decided)>),
    /// A meeting of this kind, unless its subject names internal work.
    Meeting(&'static str),
    /// The subject decides.
    Subject {
        /// Whether the record is linked to a customer.
        customer: bool,
        /// Whether the CRM keeps it as a meeting.
        meeting: bool,
    },
}

impl Open {
    /// What the subject is asked by [`Words::by_subject`], if it is: whether the record is linked to a customer, and whether it is a meeting.
    pub fn question(self) -> Option<(bool, bool)> {
        match self {
            Self::Settled(_) => None,
            Self::Meeting(_) => Some((false, true)),
            Self::Subject { customer, meeting } => Some((customer, meeting)),
        }
    }

    /// The kind and what decided it, with the kind that the subject names.
    pub fn settle(self, by_subject: Option<&'static str>) -> Option<(&'static str, Decided)> {
        match self {
            Self::Settled(settled) => settled,
            Self::Meeting(kind) => {
                Some(by_subject.filter(|kind| INTERNAL.contains(kind)).map_or((kind, Decided::Type), |kind| (kind, Decided::Subject)))
            }
            // Whatever a meeting is called, it does not become a call.
            Self::Subject { meeting, .. } => Some(match by_subject.filter(|kind| !(meeting && matches!(*kind, "call" | "email"))) {
                Some(kind) => (kind, Decided::Subject),
                None if meeting => ("meeting", Decided::Channel),
                None => ("other", Decided::Nothing),
            }),
        }
    }
}

/// Words of every vocabulary, ready to be looked up.
#[derive(Debug, Default)]
pub struct Words {
    kind: FxHashMap<String, TypeWord>,
    trim: FxHashSet<String>,
    closed: FxHashMap<&'static str, FxHashMap<String, &'static str>>,
    subjects: Vec<Phrases>,
    titles: Vec<Phrases>,
    robot_names: FxHashSet<String>,
    robot_phrases: Vec<Vec<String>>,
    own: own::Own,
    understood: Understood,
}

/// What has been looked up so far: the words of an export repeat.
#[derive(Debug, Default)]
struct Understood {
    types: Once<Option<TypeWord>>,
    outcomes_in_types: Once<Option<&'static str>>,
    outcomes: Once<Option<&'static str>>,
    connected: Once<Option<bool>>,
    internal: Once<Option<bool>>,
    first_meetings: Once<Option<bool>>,
    results: Once<Option<&'static str>>,
    next_steps: Once<bool>,
    own_subjects: Once<Option<(&'static str, bool)>>,
    robots: Once<bool>,
    /// By whether the record is linked to a customer, and whether the CRM keeps it as a meeting.
    by_rules: [Once<Option<&'static str>>; 4],
}

/// A rule with its words cut into tokens.
#[derive(Debug)]
struct Phrases {
    is: &'static str,
    any: Vec<Vec<String>>,
    whereabouts: Whereabouts,
    alone: bool,
    keeps_meetings: bool,
}

const FLAGS: &[&str] = &["true", "false"];
const PERIODS: &[&str] = &["day", "week", "month", "quarter", "year", "once"];
const LEVELS: &[&str] = &["all", "team", "owner"];

/// The vocabularies besides `kind`, and their values.
const VOCABULARIES: &[(&str, &[&str])] = &[
    ("outcome", OUTCOMES),
    ("state", STATES),
    ("stage", STATES),
    ("new_business", FLAGS),
    ("waits", FLAGS),
    ("first_meeting", FLAGS),
    ("plain_meeting", FLAGS),
    ("role", ROLES),
    ("connected", FLAGS),
    ("internal", FLAGS),
    ("result", &["advanced", "disqualified"]),
    ("next_step", &["advanced", "open"]),
    ("what", &["account", "contact", "lead", "deal", "other"]),
    ("per", PERIODS),
    ("level", LEVELS),
    ("commitment", FLAGS),
    ("kept", FLAGS),
];

/// The kinds of work among ours.
const INTERNAL: &[&str] = &["coaching", "team", "forecast", "planning", "recruiting", "admin", "learning"];

/// Values of `kind` that are no kinds.
const KIND_EXTRAS: &[&str] = &["defer", "system", "trim"];

/// Whether word lists name only vocabularies and values that exist.
pub(super) fn check(lists: &WordLists) -> Result<(), Wrong> {
    for (vocabulary, values) in lists {
        let known: Vec<&str> = if vocabulary == "kind" {
            KINDS.iter().chain(KIND_EXTRAS).copied().collect()
        } else {
            let found = VOCABULARIES.iter().find(|(name, _)| name == vocabulary);
            let names = VOCABULARIES.iter().map(|(name, _)| *name).chain(["kind"]);
            found.ok_or_else(|| Wrong::unknown("vocabulary", vocabulary, names))?.1.to_vec()
        };
        for value in values.keys() {
            if !known.contains(&value.as_str()) {
                return Err(Wrong::unknown(&format!("value of words.{vocabulary}"), value, known));
            }
        }
    }
    Ok(())
}

/// Whether rules name only values that exist.
pub(super) fn check_rules(vocabulary: &str, rules: &[Rule]) -> Result<(), Wrong> {
    let known = if vocabulary == "kind" { KINDS } else { ROLES };
    match rules.iter().find(|rule| !known.contains(&rule.is.as_str())) {
        Some(rule) => Err(Wrong::unknown(vocabulary, &rule.is, known.iter().copied())),
        None => Ok(()),
    }
}

/// What is wrong with a user's word lists, if anything: the unknown name, said in a sentence, and a hint.
pub fn wrong_words(lists: &WordLists) -> Option<(String, Option<String>)> {
    check(lists).err().map(|wrong| (wrong.message, wrong.hint))
}

impl Words {
    /// The words of a CRM: the common ones, those of the preset of this name (where they differ, they win), and the user's own, which win
    /// over both.
    pub fn new(presets: &[Preset], crm: &str, own: &WordLists) -> Self {
        let mut words = Self::default();
        let layers = presets.iter().filter(|p| p.common).chain(presets.iter().filter(|p| !p.common && p.name == crm));
        for preset in layers {
            words.take(&preset.words);
            // A CRM's own rules come first, since the first that fits decides.
            words.subjects.splice(0..0, preset.subjects.iter().filter_map(|rule| Phrases::new(rule, KINDS)));
            words.titles.splice(0..0, preset.titles.iter().filter_map(|rule| Phrases::new(rule, ROLES)));
            words.robot_names.extend(preset.robots.names.iter().map(|name| fold(name)));
            words.robot_phrases.extend(preset.robots.phrases.iter().map(|phrase| tokens(phrase)));
        }
        words.take(own);
        words.own = own::Own::new(own);
        // A user who says what a state is called means the word, whichever column holds it.
        if let Some(states) = own.get("state") {
            words.take(&WordLists::from([("stage".to_owned(), states.clone())]));
        }
        words
    }

    fn take(&mut self, lists: &WordLists) {
        for (vocabulary, values) in lists {
            if vocabulary == "kind" {
                self.take_kinds(values);
                continue;
            }
            let Some((name, known)) = VOCABULARIES.iter().find(|(name, _)| name == vocabulary) else {
                continue;
            };
            let map = self.closed.entry(name).or_default();
            for (value, list) in values {
                let Some(value) = known.iter().find(|k| *k == value) else {
                    continue;
                };
                map.extend(list.iter().map(|word| (fold(word), *value)));
            }
        }
    }

    fn take_kinds(&mut self, values: &BTreeMap<String, Vec<String>>) {
        for (value, list) in values {
            let meaning = match value.as_str() {
                "trim" => {
                    self.trim.extend(list.iter().map(|word| fold(word)));
                    continue;
                }
                "defer" => TypeWord::Defer,
                "system" => TypeWord::System,
                kind => match KINDS.iter().find(|k| **k == kind) {
                    Some(kind) => TypeWord::Kind(kind),
                    None => continue,
                },
            };
            self.kind.extend(list.iter().map(|word| (fold(word), meaning)));
        }
    }

    /// The kind of an activity, and what decided it. None for a record that the CRM writes by itself.
    ///
    /// The type's word decides, but of a plain meeting without a customer whose subject names internal work; where it only names the channel or says nothing, the second type's word; then the subject; then the sort of
    /// record that the CRM keeps it as. What nothing decides is `other`.
    pub fn kind(&self, asked: Asked<'_>) -> Option<(&'static str, Decided)> {
        let open = self.open(asked);
        open.settle(open.question().and_then(|(customer, meeting)| self.known_by_subject(asked.subject, customer, meeting)))
    }

    /// What of [`Words::kind`] is left to the subject, which is not looked at.
    pub fn open(&self, asked: Asked<'_>) -> Open {
        let mut deferred = false;
        match self.type_word(asked.type_word) {
            Some(TypeWord::System) => return Open::Settled(None),
            Some(TypeWord::Kind(kind)) if self.may_be_internal(asked) => return Open::Meeting(kind),
            Some(TypeWord::Kind(kind)) => return Open::Settled(Some((kind, Decided::Type))),
            Some(TypeWord::Defer) => deferred = true,
            None => {}
        }
        let channel = match self.type_word(asked.channel) {
            Some(TypeWord::System) => return Open::Settled(None),
            Some(TypeWord::Kind(kind)) => Some(kind),
            _ => None,
        };
        let meeting = channel == Some("meeting");
        if !deferred && let Some(kind) = self.by_rules(asked.type_word, asked.customer, meeting) {
            return Open::Settled(Some((kind, Decided::TypeLike)));
        }
        match self.type_word(asked.subtype) {
            Some(TypeWord::System) => return Open::Settled(None),
            Some(TypeWord::Kind(kind)) => return Open::Settled(Some((kind, Decided::Subtype))),
            _ => {}
        }
        // A call, an e-mail or a note is that whatever its subject says; a meeting's subject says which sort of meeting it is.
        match channel.filter(|_| !meeting) {
            Some(kind) => Open::Settled(Some((kind, Decided::Channel))),
            None => Open::Subject { customer: asked.customer, meeting },
        }
    }

    /// Whether an activity is a meeting that may be one among ours: its type says no more than that it is a meeting, and it is linked to nobody
    /// of a customer's. A type that the company lists itself decides all the same.
    fn may_be_internal(&self, asked: Asked<'_>) -> bool {
        let plain = !asked.customer && flag(self.closed_word("plain_meeting", asked.type_word)) == Some(true);
        plain && !matches!(self.own.of_subject(asked.type_word), Some((_, true)))
    }

    /// What the word of a type column says, where it is listed: whole, before a dash, or without a direction or outcome.
    pub fn type_word(&self, word: &str) -> Option<TypeWord> {
        self.understood.types.of(word, |word| self.listed_type(word).or_else(|| self.trimmed(word).map(|(meaning, _)| meaning)))
    }

    /// The outcome that a type's word implies, as in `Meeting - no show` or `call_scheduled`.
    pub fn outcome_in_type(&self, word: &str) -> Option<&'static str> {
        self.understood.outcomes_in_types.of(word, |word| self.find_outcome_in_type(word))
    }

    fn find_outcome_in_type(&self, word: &str) -> Option<&'static str> {
        if self.listed_type_whole(word).is_some() {
            return None;
        }
        self.trimmed(word).and_then(|(_, outcome)| outcome)
    }

    fn listed_type_whole(&self, word: &str) -> Option<TypeWord> {
        self.kind.get(&fold(word)).copied()
    }

    fn listed_type(&self, word: &str) -> Option<TypeWord> {
        before_dash(word, |text| self.kind.get(&fold(text)).copied())
    }

    /// A type's word split into a listed type and, before or after it, words that only give a direction or an outcome.
    fn trimmed(&self, word: &str) -> Option<(TypeWord, Option<&'static str>)> {
        let tokens: Vec<String> = tokens(word).into_iter().filter(|t| t != ":").collect();
        (1..tokens.len()).rev().find_map(|cut| {
            let (head, tail) = tokens.split_at(cut);
            let rest_after = tokens.len() - cut;
            self.split_type(head, tail).or_else(|| {
                let (head, tail) = tokens.split_at(rest_after);
                self.split_type(tail, head)
            })
        })
    }

    fn split_type(&self, kind: &[String], rest: &[String]) -> Option<(TypeWord, Option<&'static str>)> {
        let meaning = self.kind.get(&kind.concat()).copied()?;
        let outcome = self.lookup("outcome", &rest.concat());
        (outcome.is_some() || rest.iter().all(|word| self.trim.contains(word))).then_some((meaning, outcome))
    }

    /// The kind that a subject names: in the company's own words if they are all it says or the rules see no more than a customer's meeting
    /// or call in it, else by the first rule that fits. `customer`: whether the record is linked to one; `meeting`: whether the CRM keeps it as
    /// a meeting.
    pub fn by_subject(&self, subject: &str, customer: bool, meeting: bool) -> Option<&'static str> {
        of_subject(self.own.of_subject(subject), self.find_by_rules(subject, customer, meeting))
    }

    fn known_by_subject(&self, subject: &str, customer: bool, meeting: bool) -> Option<&'static str> {
        let own = self.understood.own_subjects.of(subject, |subject| self.own.of_subject(subject));
        of_subject(own, self.by_rules(subject, customer, meeting))
    }

    fn by_rules(&self, text: &str, customer: bool, meeting: bool) -> Option<&'static str> {
        let known = &self.understood.by_rules[usize::from(customer) * 2 + usize::from(meeting)];
        known.of(text, |text| self.find_by_rules(text, customer, meeting))
    }

    fn find_by_rules(&self, text: &str, customer: bool, meeting: bool) -> Option<&'static str> {
        let words = tokens(text);
        self.subjects
            .iter()
            .find(|rule| !(rule.alone && customer || rule.keeps_meetings && meeting) && rule.fits(&words))
            .map(|rule| rule.is)
    }

    /// Whether a status or outcome word says that it took place: held, scheduled, missed, canceled or unknown. How a call ended says that
    /// it was made.
    pub fn outcome(&self, word: &str) -> Option<&'static str> {
        self.understood.outcomes.of(word, |word| self.closed_word("outcome", word).or_else(|| self.connected(word).map(|_| "held")))
    }

    /// The state of a deal by its status word: open, won, lost or canceled. `Closed` alone is none of them.
    pub fn state(&self, word: &str) -> Option<&'static str> {
        self.closed_word("state", without_pipeline(word))
    }

    /// The state of a deal by its stage: won, lost or canceled; none for a stage on the way there.
    pub fn stage_state(&self, word: &str) -> Option<&'static str> {
        self.closed_word("stage", without_pipeline(word))
    }

    /// The state that the company's own words give a status or stage, whatever else is known.
    pub fn own_state(&self, word: &str) -> Option<&'static str> {
        before_dash(word, |text| self.own.state(&fold(text)))
    }

    /// Whether a deal only waits in a stage, which is then none on its way.
    pub fn waits(&self, word: &str) -> bool {
        flag(self.closed_word("waits", without_pipeline(word))) == Some(true)
    }

    /// Whether a deal's type means new business.
    pub fn new_business(&self, word: &str) -> Option<bool> {
        flag(self.closed_word("new_business", word))
    }

    /// Whether an activity's type or subject says that it is a first meeting or new business; none where it says nothing.
    pub fn first_meeting(&self, text: &str) -> Option<bool> {
        self.understood.first_meetings.of(text, |text| self.find_first_meeting(text))
    }

    /// The same of a text that is asked about once.
    pub fn find_first_meeting(&self, text: &str) -> Option<bool> {
        if let Some(found) = flag(self.closed_word("first_meeting", text)) {
            return Some(found);
        }
        let words = tokens(text);
        let phrases = self.closed.get("first_meeting")?;
        // Here the listed words are phrases: a subject holds them among others.
        (1..=words.len().min(4))
            .flat_map(|n| words.windows(n))
            .find_map(|run| (run.len() > 1).then(|| phrases.get(&run.concat()).copied()).flatten())
            .and_then(|value| flag(Some(value)))
    }

    /// Whether a call that ended so reached someone.
    pub fn connected(&self, word: &str) -> Option<bool> {
        self.understood.connected.of(word, |word| flag(self.closed_word("connected", word)))
    }

    /// Whether a type, direction or other word says that only ours took part.
    pub fn internal(&self, word: &str) -> Option<bool> {
        self.understood.internal.of(word, |word| flag(self.closed_word("internal", word)))
    }

    /// What came of an activity: `advanced` or `disqualified`, by the export's own word.
    pub fn result(&self, word: &str) -> Option<&'static str> {
        self.understood.results.of(word, |word| self.closed_word("result", word))
    }

    /// Whether the text of a next step is a step of the customer: a word for such a result, or a phrase that it begins with. The longest
    /// phrase decides, so that `Customer to think about it` is none.
    pub fn customers_step(&self, text: &str) -> bool {
        self.understood.next_steps.of(text, |text| {
            let words = tokens(text);
            let begins = || (1..=words.len().min(6)).rev().find_map(|n| self.lookup("next_step", &words[..n].concat()));
            self.result(text).or_else(begins) == Some("advanced")
        })
    }

    /// What a related record is (account, contact, lead, deal or other), by the word for its sort.
    pub fn what(&self, word: &str) -> Option<&'static str> {
        self.closed_word("what", word)
    }

    /// The period of a target, such as `month` for `Monthly`.
    pub fn per(&self, word: &str) -> Option<&'static str> {
        self.closed_word("per", word)
    }

    /// The level of a target: all, team or owner.
    pub fn level(&self, word: &str) -> Option<&'static str> {
        self.closed_word("level", word)
    }

    /// Whether a word says that a commitment was kept.
    pub fn kept(&self, word: &str) -> Option<bool> {
        flag(self.closed_word("kept", word))
    }

    /// What a subject promises behind a word for a commitment and a colon or a dash, as in `Commitment: 3 presentations`; empty where nothing
    /// stands there.
    pub fn promise<'s>(&self, subject: &'s str) -> Option<&'s str> {
        let begins = self.find_promise(subject)?;
        subject.get(begins..).map(str::trim)
    }

    fn find_promise(&self, subject: &str) -> Option<usize> {
        let words = self.closed.get("commitment")?;
        let mut marks = subject.char_indices().filter(|(_, c)| matches!(c, ':' | '\u{ff1a}' | '-' | '\u{2013}' | '\u{2014}')).take(4);
        marks.find_map(|(at, mark)| {
            let (head, tail) = (subject.get(..at)?, subject.get(at + mark.len_utf8()..)?);
            // The dash within `Commitment-letter` parts nothing.
            let parts = matches!(mark, ':' | '\u{ff1a}') || head.ends_with(char::is_whitespace) || tail.starts_with(char::is_whitespace);
            (parts && words.get(&fold(head)) == Some(&"true")).then_some(at + mark.len_utf8())
        })
    }

    /// What a person does: rep, leader or other, by a role or job title.
    pub fn role(&self, word: &str) -> Option<&'static str> {
        let listed = self.lookup("role", &fold(word));
        listed.or_else(|| {
            let words = tokens(word);
            self.titles.iter().find(|rule| rule.fits(&words)).map(|rule| rule.is)
        })
    }

    /// Whether an owner's name is a machine's.
    pub fn robot(&self, name: &str) -> bool {
        self.understood.robots.of(name, |name| self.find_robot(name))
    }

    fn find_robot(&self, name: &str) -> bool {
        let words = tokens(name);
        self.robot_names.contains(&fold(name)) || self.robot_phrases.iter().any(|phrase| has(&words, phrase))
    }

    fn closed_word(&self, vocabulary: &str, word: &str) -> Option<&'static str> {
        before_dash(word, |text| self.lookup(vocabulary, &fold(text)))
    }

    fn lookup(&self, vocabulary: &str, folded: &str) -> Option<&'static str> {
        self.closed.get(vocabulary)?.get(folded).copied()
    }
}

impl Phrases {
    fn new(rule: &Rule, values: &'static [&'static str]) -> Option<Self> {
        let is = values.iter().find(|v| **v == rule.is)?;
        let phrases = rule.words.iter().map(|phrase| tokens(phrase)).filter(|phrase| !phrase.is_empty()).collect();
        Some(Self { is, any: phrases, whereabouts: rule.whereabouts, alone: rule.alone, keeps_meetings: rule.keeps_meetings })
    }

    fn fits(&self, words: &[String]) -> bool {
        self.any.iter().any(|phrase| match self.whereabouts {
            Whereabouts::Start => words.starts_with(phrase),
            Whereabouts::Anywhere => has(words, phrase),
        })
    }
}

/// The kind that a subject names, by the company's own words and by the rules.
fn of_subject(own: Option<(&'static str, bool)>, by_rules: Option<&'static str>) -> Option<&'static str> {
    match own {
        Some((kind, whole)) if whole || matches!(by_rules, None | Some("presentation" | "meeting" | "call")) => Some(kind),
        _ => by_rules,
    }
}

fn has(words: &[String], phrase: &[String]) -> bool {
    !phrase.is_empty() && words.windows(phrase.len()).any(|run| run == phrase)
}

/// The whole text if it is known, else what stands before ` - `, `:` or `(`.
fn before_dash<T>(text: &str, find: impl Fn(&str) -> Option<T>) -> Option<T> {
    find(text).or_else(|| {
        let cut = [" - ", " \u{2013} ", ":", " ("].iter().filter_map(|mark| text.find(mark)).min()?;
        find(text.get(..cut)?)
    })
}

/// A stage's id without that of its pipeline, which Bitrix24 puts before it: `WON` of `C2:WON`.
fn without_pipeline(word: &str) -> &str {
    let stage = word.trim().strip_prefix(['C', 'c']).and_then(|rest| rest.split_once(':'));
    stage.filter(|(pipeline, _)| !pipeline.is_empty() && pipeline.bytes().all(|b| b.is_ascii_digit())).map_or(word, |(_, stage)| stage)
}

fn flag(word: Option<&str>) -> Option<bool> {
    word.map(|word| word == "true")
}

#[cfg(test)]
mod tests;
