//! Whom of ours a coaching session's subject names.

use rustc_hash::FxHashSet;

use crate::calendar::Day;
use crate::table::Roster;
use crate::table::fold::tokens;

/// Words that stand beside a name, capitalized or not, without making it another one.
const BESIDE: &[&str] = &[
    "a",
    "about",
    "and",
    "at",
    "by",
    "call",
    "catch",
    "catchup",
    "check",
    "coach",
    "coaching",
    "con",
    "avec",
    "com",
    "daily",
    "debrief",
    "development",
    "e",
    "et",
    "feedback",
    "field",
    "for",
    "from",
    "goal",
    "in",
    "met",
    "mit",
    "mock",
    "monthly",
    "new",
    "of",
    "on",
    "one",
    "our",
    "para",
    "pipeline",
    "play",
    "pour",
    "practice",
    "rep",
    "review",
    "ride",
    "ridealong",
    "along",
    "role",
    "roleplay",
    "sales",
    "session",
    "shadowing",
    "skill",
    "skills",
    "sync",
    "the",
    "to",
    "today",
    "training",
    "und",
    "up",
    "weekly",
    "with",
    "y",
];

/// The people of the roster by the words of their names.
pub(super) struct Names {
    /// Per person, the folded words of the name.
    people: Vec<Vec<String>>,
}

impl Names {
    pub(super) fn of(roster: &Roster) -> Self {
        Self { people: roster.people.iter().map(|person| tokens(&person.name)).collect() }
    }

    /// Whom a text names: by the whole name in either order, and where `parts` may name somebody, by a first or last name that only one of
    /// those with us on the day has, stands alone as a name, and is no word of the customer's own names.
    pub(super) fn named(&self, text: &str, roster: &Roster, day: Option<Day>, parts: bool, customer: &FxHashSet<String>) -> Vec<u32> {
        let words = written(text);
        let mut taken = vec![false; words.len()];
        let mut found: Vec<u32> = Vec::new();
        // Longer names first: `Ana Maria Silva` is nobody's `Ana`.
        let mut by_length: Vec<usize> = (0..self.people.len()).filter(|person| self.people[*person].len() > 1).collect();
        by_length.sort_by_key(|person| std::cmp::Reverse(self.people[*person].len()));
        for person in by_length {
            let name = &self.people[person];
            for at in 0..(words.len() + 1).saturating_sub(name.len()) {
                let part = at..at + name.len();
                let here = || words[part.clone()].iter().map(|word| &word.folded);
                let is_it = (0..name.len()).any(|turn| name[turn..].iter().chain(&name[..turn]).eq(here()));
                if is_it && !taken[part.clone()].contains(&true) {
                    taken[part].fill(true);
                    found.push(person as u32);
                }
            }
        }
        if parts {
            let day = day.unwrap_or(Day::MAX);
            let alone = |at: &usize| !taken[*at] && stands_alone(&words, *at) && !customer.contains(&words[*at].folded);
            found.extend((0..words.len()).filter(alone).filter_map(|at| self.only(&words[at].folded, roster, day)));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The only one with us on a day who has this first or last name.
    fn only(&self, word: &str, roster: &Roster, day: Day) -> Option<u32> {
        let has = |name: &[String]| [name.first(), name.last()].into_iter().flatten().any(|part| part == word);
        let mut having = roster.people.iter().zip(&self.people).enumerate().filter(|(_, (who, name))| who.employed_on(day) && has(name));
        match (having.next(), having.next()) {
            (Some((person, _)), None) => Some(person as u32),
            _ => None,
        }
    }
}

/// A word of a text.
struct Word {
    folded: String,
    /// Whether it begins with a capital letter, or no word of the text does: `will` is a word, `Will` a name.
    name: bool,
    /// Whether nothing but a blank or a hyphen stands between it and the word before it.
    joined: bool,
}

/// Whether a word is written as a name, with no other word beside it that makes it another name: `Ben Stone` is not our `Ben`.
fn stands_alone(words: &[Word], at: usize) -> bool {
    let makes_a_name = |word: &Word| word.name && !BESIDE.contains(&word.folded.as_str());
    let before = words[at].joined && at.checked_sub(1).is_some_and(|before| makes_a_name(&words[before]));
    let after = words.get(at + 1).is_some_and(|after| after.joined && makes_a_name(after));
    words[at].name && !before && !after
}

/// The words of a text, and each `:` by itself.
fn written(text: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut between = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c| is_of_word(c) != is_of_word(first)).unwrap_or(rest.len());
        let (piece, after) = rest.split_at(length);
        rest = after;
        if is_of_word(first) {
            let blank = !between.is_empty() && between.chars().all(char::is_whitespace);
            let initial = between.starts_with('.') && between[1..].trim().is_empty() && words.last().is_some_and(|w| w.folded.len() == 1);
            let joined = blank || initial || matches!(between.as_str(), "-" | "\u{2010}" | "\u{2011}");
            let name = first.is_uppercase();
            words.extend(tokens(piece).into_iter().map(|folded| Word { folded, name, joined }));
            between.clear();
        } else {
            between.push_str(piece);
            words.extend(piece.matches(':').map(|mark| Word { folded: mark.to_owned(), name: false, joined: false }));
        }
    }
    if !words.iter().any(|word| word.name) {
        words.iter_mut().filter(|word| word.folded != ":").for_each(|word| word.name = true);
    }
    words
}

/// Whether a character belongs to a word: also one that only marks the letter before it, as in decomposed text.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}') || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Manager, Person, Role, Span};

    fn roster(names: &[&str]) -> Roster {
        let person = |name: &&str| Person {
            name: (*name).to_owned(),
            id: None,
            role: Role::Rep,
            listed: true,
            named: true,
            spans: vec![Span { team: None, first: None, last: None, manager: Manager::Unsaid }],
            absences: Vec::new(),
        };
        Roster { people: names.iter().map(person).collect(), ..Roster::default() }
    }

    #[test]
    fn a_part_of_a_name_is_one_of_ours_only_where_it_stands_alone() {
        let roster = roster(&["Ana Silva", "Ben Cole", "Ben Rao", "Cleo Díaz", "Will O'Dell"]);
        let names = Names::of(&roster);
        let cases: &[(&str, bool, &str, &[&str])] = &[
            ("Coaching: Ana Silva", false, "", &["Ana Silva"]),
            ("coaching silva, ana", false, "", &["Ana Silva"]),
            ("1:1 with Ana", true, "", &["Ana Silva"]),
            ("1:1 with Ana", false, "", &[]),
            ("Coaching Ana and Cleo on demos", true, "", &["Ana Silva", "Cleo Díaz"]),
            ("COACHING DIAZ", true, "", &["Cleo Díaz"]),
            ("coaching with ana", true, "", &["Ana Silva"]),
            ("Coaching - Odell", true, "", &["Will O'Dell"]),
            ("Coaching on what will come", true, "", &[]),
            ("Coaching: Ana Torres, Mills plant", true, "", &[]),
            ("Coaching call with Rao Stone", true, "", &[]),
            ("Coaching: Stone-Rao", true, "", &[]),
            ("Coaching: K. Rao", true, "", &[]),
            ("coaching with ana torres", true, "", &[]),
            ("Coaching session with Diaz GmbH", true, "", &[]),
            ("Coaching session with Diaz", true, "Diaz GmbH", &[]),
            ("1:1 with Ben", true, "", &[]),
            ("1:1 with Ben Rao", true, "", &["Ben Rao"]),
        ];
        for (text, parts, customer, expected) in cases {
            let customer = tokens(customer).into_iter().collect();
            let found = names.named(text, &roster, None, *parts, &customer);
            let found: Vec<&str> = found.iter().map(|person| roster.people[*person as usize].name.as_str()).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
