//! The words that decide numbers and what they were taken to mean; who is matched with whom.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::{Inspection, brief, column, note, number, row, spelled, table, text, title, toned};
use crate::crm::evidence::{Mapped, Someone, Word};
use crate::document::{Block, Note, Row, Tone};
use crate::measure::spec::reading::quote;
use crate::table::{Person, Role};

/// Words of a vocabulary listed on the page, and those among them that mean something known.
const UNMAPPED: usize = 20;
const MAPPED: usize = 12;
/// People listed on the page.
const PEOPLE: usize = 30;
/// Words in a line for leadlag.toml.
const LINE: usize = 6;

/// A vocabulary: its name, its title, and the table of leadlag.toml that says more words of it, with the key to begin with.
pub(super) struct Vocabulary {
    pub(super) name: &'static str,
    title: &'static str,
    pub(super) toml: Option<(&'static str, &'static str, &'static str)>,
}

/// The vocabularies, in the order of the page.
pub(super) const VOCABULARIES: &[Vocabulary] = &[
    Vocabulary {
        name: "kind",
        title: "What kind of activity",
        toml: Some(("words.kind", "meeting", "or presentation, call, email, task, proposal, coaching …")),
    },
    Vocabulary { name: "subject", title: "Subjects that do not say what kind of activity it was", toml: None },
    Vocabulary {
        name: "outcome",
        title: "Whether it took place",
        toml: Some(("words.outcome", "held", "or scheduled, missed, canceled, unknown")),
    },
    Vocabulary { name: "state", title: "Status of deals", toml: Some(("words.state", "won", "or open, lost, canceled")) },
    Vocabulary { name: "stage", title: "Stages of deals", toml: None },
    Vocabulary { name: "new_business", title: "New or existing business", toml: None },
    Vocabulary { name: "role", title: "Roles of people", toml: None },
];

/// The words of each vocabulary, those that mean nothing known first.
pub(super) fn words(run: &Inspection<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for vocabulary in VOCABULARIES {
        let all: Vec<&Word> = run.evidence.words.iter().filter(|w| w.vocabulary == vocabulary.name).collect();
        if all.is_empty() {
            continue;
        }
        let (unmapped, mapped): (Vec<&Word>, Vec<&Word>) = all.into_iter().partition(|w| matches!(w.mapped, Mapped::Unmapped(_)));
        let unknown: u64 = unmapped.iter().map(|w| if let Mapped::Unmapped(n) = w.mapped { n } else { 0 }).sum();
        let mut heading = vocabulary.title.to_owned();
        let stages = vocabulary.name == "stage";
        if unknown > 0 && stages {
            let _ = write!(heading, ": {} that no list of words has, with {}", unmapped.len(), spelled::count(unknown, "deal"));
        } else if unknown > 0 && vocabulary.name != "subject" {
            let _ = write!(
                heading,
                ": {} mean nothing known, in {}",
                spelled::count(unmapped.len() as u64, "word"),
                spelled::count(unknown, "record")
            );
        } else if unknown > 0 {
            let _ = write!(heading, ": {}", spelled::count(unknown, "record"));
        }
        let headings: BTreeSet<&str> = unmapped.iter().chain(&mapped).map(|w| w.heading.as_str()).collect();
        let several = headings.len() > 1;
        if let (Some(only), false) = (headings.first().filter(|h| !h.is_empty()), several) {
            let at = vocabulary.title.len();
            heading.insert_str(at, &format!(", by '{only}'"));
        }
        blocks.push(title(heading));
        let (few, more) = (run.most(UNMAPPED), run.most(if unmapped.is_empty() { UNMAPPED } else { MAPPED }));
        let rows: Vec<Row> = unmapped.iter().take(few).chain(mapped.iter().take(more)).map(|word| word_row(word, several)).collect();
        let shown = rows.len();
        let mut columns = vec![column("word", false, 0), column("records", true, 0), column("taken for", false, 0)];
        if several {
            columns.push(column("heading", false, 1));
        }
        blocks.push(table(columns, rows));
        let mut notes = Vec::new();
        let hidden = unmapped.len() + mapped.len() - shown;
        if hidden > 0 {
            notes.push(Note { tone: Tone::Faint, ..note("", vec![format!("and {hidden} more (-v lists them)")]) });
        }
        if vocabulary.name == "subject" {
            notes.push(note("", vec!["they count as other: a type of their own in the CRM would say it, or a word under [words.kind] in leadlag.toml that stands at \
                 the beginning of such a subject, or a phrase from anywhere in it".to_owned()]));
        }
        if stages && !unmapped.is_empty() {
            notes.push(note("", vec!["one that means won, lost or canceled is said under [words.state] in leadlag.toml".to_owned()]));
        }
        if let (Some(toml), false) = (vocabulary.toml, unmapped.is_empty()) {
            notes.extend(lines(toml, &unmapped));
        }
        if !notes.is_empty() {
            blocks.push(Block::Notes(notes));
        }
    }
    blocks
}

fn word_row(word: &Word, with_heading: bool) -> Row {
    let shown = if word.text.is_empty() { "(blank)".to_owned() } else { brief(&word.text, 40) };
    let means = meaning(word);
    let means = match word.mapped {
        // An open deal's stage need not be known: that it is not over is what counts.
        Mapped::Unmapped(_) if word.vocabulary == "stage" => text(means),
        Mapped::Unmapped(_) => toned(means, Tone::Bad),
        Mapped::Elsewhere | Mapped::Listed => text(means),
    };
    let mut cells = vec![text(shown), number(word.records), means];
    if with_heading {
        cells.push(text(word.heading.clone()));
    }
    row(cells)
}

/// What a word's records became.
pub(super) fn meaning(word: &Word) -> String {
    let each = |(means, n): &(String, u64)| if word.means.len() == 1 { means.clone() } else { format!("{n} {means}") };
    let all: Vec<String> = word.means.iter().take(4).map(each).collect();
    let more = if word.means.len() > 4 { " …" } else { "" };
    let all = format!("{}{more}", all.join(", "));
    match (word.mapped, word.vocabulary) {
        (Mapped::Unmapped(_), "kind" | "subject") => format!("nothing known: {all}"),
        (Mapped::Unmapped(_), "stage") => format!("{all}, as no word says that it is over"),
        (Mapped::Unmapped(_), _) => format!("nothing known: taken as {all}"),
        (Mapped::Elsewhere, "kind") => format!("by subject or sort of record: {all}"),
        (Mapped::Elsewhere, "outcome" | "state") => format!("by another column: {all}"),
        (Mapped::Elsewhere | Mapped::Listed, _) => all,
    }
}

/// What to write into leadlag.toml for words that mean nothing known.
fn lines((name, key, others): (&str, &str, &str), words: &[&Word]) -> Vec<Note> {
    let some: Vec<String> = words.iter().filter(|w| !w.text.is_empty()).take(LINE).map(|w| quote(&w.text)).collect();
    if some.is_empty() {
        return Vec::new();
    }
    let more = if words.len() > LINE { ", …" } else { "" };
    vec![note("leadlag.toml", vec![format!("[{name}]")]), note("", vec![format!("{key} = [{}{more}]   # {others}", some.join(", "))])]
}

/// Everybody whom the files name.
pub(super) fn people(run: &Inspection<'_>) -> Vec<Block> {
    let all = &run.evidence.people;
    let nobody = run.evidence.nobody;
    if all.is_empty() && nobody == crate::crm::evidence::Nobody::default() {
        return Vec::new();
    }
    let roster: BTreeMap<&str, &Person> =
        run.loaded.map(|l| l.data.roster.people.iter().map(|p| (p.name.as_str(), p)).collect()).unwrap_or_default();
    let there_is_one = roster.values().any(|p| p.listed || p.named);
    let owns = |who: &&Someone| who.activities + who.deals + who.accounts > 0;
    let (owners, others): (Vec<&Someone>, Vec<&Someone>) = all.iter().partition(|who| owns(who) || !who.listed);
    let mut heading = format!("People: {} named by records", owners.len());
    if there_is_one {
        let matched = owners.iter().filter(|w| on_roster(w, &roster)).count();
        let _ = write!(heading, ", {matched} of them on the roster");
    } else {
        heading.push_str("; no roster says their teams");
    }
    // Whoever is not matched is what somebody has to look at.
    let mut ranked = owners.clone();
    ranked.sort_by_key(|w| (there_is_one && (on_roster(w, &roster) || w.robot), w.robot));
    let most = run.most(PEOPLE);
    let mut rows: Vec<Row> = ranked
        .iter()
        .take(most)
        .map(|who| {
            let place = match (who.robot, roster.get(who.label.as_str())) {
                (true, _) => text("a machine: left out"),
                (false, Some(person)) if on_roster(who, &roster) => text(place(run, person)),
                _ if there_is_one => toned("not on the roster", Tone::Bad),
                _ => text(""),
            };
            let also: Vec<String> = who.spellings.iter().map(|s| brief(s, 32)).collect();
            row(vec![text(who.label.clone()), number(who.activities), number(who.deals), place, text(also.join(" | "))])
        })
        .collect();
    if nobody.activities + nobody.deals > 0 {
        let mut nobody = row(vec![text("(no owner)"), number(nobody.activities), number(nobody.deals), text(""), text("")]);
        nobody.tone = Tone::Faint;
        rows.push(nobody);
    }
    let mut columns = vec![
        column("person", false, 0),
        column("activities", true, 0),
        column("deals", true, 0),
        column("roster", false, 0),
        column("also known as", false, 0),
    ];
    if !there_is_one && rows.iter().all(|r| matches!(&r.cells[3].content, crate::document::Content::Text(t) if t.is_empty())) {
        columns.remove(3);
        for row in &mut rows {
            row.cells.remove(3);
        }
    }
    let mut notes = Vec::new();
    if ranked.len() > most {
        notes.push(format!("and {} more (-v lists them)", ranked.len() - most));
    }
    if !others.is_empty() {
        let names: Vec<String> = others.iter().take(run.most(8)).map(|w| w.label.clone()).collect();
        let more = if others.len() > names.len() { format!(" and {} more", others.len() - names.len()) } else { String::new() };
        notes.push(format!("listed, and own no record: {}{more}", names.join(", ")));
    }
    if let Some(facts) = run.facts {
        for (n, whose, stands_in) in [
            (facts.owner_from_deal, "activities", "their deal's"),
            (facts.owner_from_account, "activities", "their account's"),
            (facts.deal_owner_from_account, "deals", "their account's"),
        ] {
            if n > 0 {
                notes.push(format!("{n} {whose} name no owner: {stands_in} stands in"));
            }
        }
    }
    let mut blocks = vec![title(heading), table(columns, rows)];
    if !notes.is_empty() {
        blocks.push(Block::Notes(notes.into_iter().map(|part| note("", vec![part])).collect()));
    }
    blocks
}

fn on_roster(who: &Someone, roster: &BTreeMap<&str, &Person>) -> bool {
    let any_listed = roster.values().any(|p| p.listed);
    roster.get(who.label.as_str()).is_some_and(|p| if any_listed { p.listed } else { p.named })
}

/// A person's place: team and role.
pub(super) fn place(run: &Inspection<'_>, person: &Person) -> String {
    let teams = run.loaded.map_or(&[][..], |l| l.data.roster.teams.as_slice());
    let mut parts: Vec<String> = person.spans.iter().filter_map(|span| teams.get(span.team? as usize)).map(String::to_owned).collect();
    parts.dedup();
    let role = match person.role {
        Role::Leader => "leader",
        Role::Other => "other",
        Role::Rep => "rep",
    };
    parts.push(role.to_owned());
    parts.join(", ")
}
