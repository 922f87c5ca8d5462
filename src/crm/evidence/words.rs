//! What the words of the exports were taken to mean, and which of them mean nothing known.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::super::fold::fold;
use super::super::part::Part;
use super::super::preset::Shape;
use super::super::words::{Asked, Decided, TypeWord};
use super::Evidence;
use crate::table::{Kind, Reason, Table};

/// A word that decides what a record is.
#[derive(Debug, Clone)]
pub struct Word {
    /// What it decides: `kind`, `subject`, `outcome`, `state`, `stage`, `new_business` or `role`.
    pub vocabulary: &'static str,
    /// The heading of the column that it stands in.
    pub heading: String,
    /// The word as it is written; empty where the cell is blank.
    pub text: String,
    /// Records that have it.
    pub records: u64,
    /// What these records became, with how many, the most frequent first.
    pub means: Vec<(String, u64)>,
    /// Whether it means something known.
    pub mapped: Mapped,
}

/// Whether a word means something known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mapped {
    /// It means nothing known, and nothing else tells what this many of its records are.
    Unmapped(u64),
    /// It decides nothing itself: another column does.
    Elsewhere,
    /// A list of words has it.
    Listed,
}

/// Words being counted: by vocabulary, heading and text.
type Counts = BTreeMap<(&'static str, String, String), (u64, BTreeMap<String, u64>, u64, bool)>;

impl Evidence {
    /// Notes the words of every part, beside what their records became in the tables.
    pub(in crate::crm) fn words(&mut self, parts: &[Part], activities: &Table, deals: &Table) {
        let mut counts = Counts::new();
        let rows = |table: &Table| -> FxHashMap<(u16, u32), usize> {
            (0..table.len()).map(|row| ((table.file[row], table.line.get(row)), row)).collect()
        };
        let (activity_rows, deal_rows) = (rows(activities), rows(deals));
        for part in parts {
            match part.shape {
                Shape::Records(Kind::Activities) => {
                    kinds(part, activities, &activity_rows, &mut counts);
                    outcomes(part, activities, &activity_rows, &mut counts);
                }
                Shape::Records(Kind::Deals) => states(part, deals, &deal_rows, &mut counts),
                Shape::Records(Kind::People) => roles(part, &mut counts),
                _ => {}
            }
        }
        self.words = counts
            .into_iter()
            .map(|((vocabulary, heading, text), (records, means, unknown, listed))| {
                let mut means: Vec<(String, u64)> = means.into_iter().collect();
                means.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
                let mapped = match (unknown, listed) {
                    (0, true) => Mapped::Listed,
                    (0, false) => Mapped::Elsewhere,
                    (n, _) => Mapped::Unmapped(n),
                };
                Word { vocabulary, heading, text, records, means, mapped }
            })
            .collect();
        let rank = |word: &Word| VOCABULARIES.iter().position(|v| *v == word.vocabulary).unwrap_or(VOCABULARIES.len());
        self.words.sort_by(|a, b| {
            let first = |w: &Word| !matches!(w.mapped, Mapped::Unmapped(_));
            (rank(a), first(a), std::cmp::Reverse(a.records), &a.text, &a.heading).cmp(&(
                rank(b),
                first(b),
                std::cmp::Reverse(b.records),
                &b.text,
                &b.heading,
            ))
        });
    }
}

/// The vocabularies, in the order in which they are shown.
const VOCABULARIES: [&str; 7] = ["kind", "subject", "outcome", "state", "stage", "new_business", "role"];

fn note(counts: &mut Counts, key: (&'static str, &str, &str), means: &str, unknown: bool, listed: bool) {
    let (vocabulary, heading, text) = key;
    let entry = counts.entry((vocabulary, heading.to_owned(), text.to_owned())).or_default();
    entry.0 += 1;
    *entry.1.entry(means.to_owned()).or_default() += 1;
    entry.2 += u64::from(unknown);
    entry.3 |= listed;
}

fn heading<'a>(part: &'a Part, field: &str) -> &'a str {
    part.field(field).map_or("", |f| f.heading.as_str())
}

fn kinds(part: &Part, table: &Table, rows: &FxHashMap<(u16, u32), usize>, counts: &mut Counts) {
    let field = if part.field("type").is_some() { "type" } else { "subtype" };
    let mut listed: FxHashMap<&str, bool> = FxHashMap::default();
    for at in 0..part.len() {
        let Some(row) = rows.get(&(part.source, part.line.get(at))) else { continue };
        let word = part.text("type", at).or_else(|| part.text("subtype", at)).unwrap_or("");
        let is_listed = *listed.entry(word).or_insert_with(|| match part.words.type_word(word) {
            Some(TypeWord::Kind(_) | TypeWord::System) => true,
            Some(TypeWord::Defer) => false,
            None => {
                let asked = Asked { type_word: word, customer: true, ..Asked::default() };
                !word.is_empty() && part.words.kind(asked).is_some_and(|(_, decided)| decided == Decided::TypeLike)
            }
        });
        let kind = table.text("kind", *row).unwrap_or("other");
        let system = Reason::from_code(table.left_out[*row]) == Some(Reason::SystemKind);
        let means = if system { "written by the CRM itself" } else { kind };
        let unknown = kind == "other" && !is_listed && !system;
        if word.is_empty() || part.words.type_word(word) == Some(TypeWord::Defer) {
            // The subject decides; one that decides nothing is what somebody has to look at.
            note(counts, ("kind", heading(part, field), word), means, unknown && part.field("subject").is_none(), false);
            if unknown && let Some(subject) = part.text("subject", at) {
                note(counts, ("subject", heading(part, "subject"), subject), means, true, false);
            }
        } else {
            note(counts, ("kind", heading(part, field), word), means, unknown, is_listed);
        }
    }
}

fn outcomes(part: &Part, table: &Table, rows: &FxHashMap<(u16, u32), usize>, counts: &mut Counts) {
    for at in 0..part.len() {
        let Some(row) = rows.get(&(part.source, part.line.get(at))) else { continue };
        let became = table.text("outcome", *row);
        for field in ["outcome", "status"] {
            let Some(word) = part.text(field, at) else { continue };
            let means = part.words.outcome(word);
            // A word that another column makes up for needs nobody's attention.
            note(counts, ("outcome", heading(part, field), word), means.or(became).unwrap_or("blank"), became.is_none(), means.is_some());
        }
        if let Some(word) = part.text("disposition", at) {
            let connected = part.words.connected(word).map(|yes| if yes { "reached somebody" } else { "reached nobody" });
            let means = connected.or_else(|| part.words.outcome(word));
            note(counts, ("outcome", heading(part, "disposition"), word), means.unwrap_or("unknown"), means.is_none(), means.is_some());
        }
    }
}

fn states(part: &Part, table: &Table, rows: &FxHashMap<(u16, u32), usize>, counts: &mut Counts) {
    let flagged = part.has("won") || part.has("closed");
    let over = ["won_on", "lost_on", "closed_on"].iter().any(|field| part.has(field));
    for at in 0..part.len() {
        let Some(row) = rows.get(&(part.source, part.line.get(at))) else { continue };
        let state = table.text("state", *row).unwrap_or("open");
        let status = part.text("status", at);
        let stage = part.text("stage", at);
        let by_stage = stage.and_then(|word| part.words.stage_state(word));
        if let Some(word) = status {
            let means = part.words.state(word);
            let over = means.is_none() && fold(word) == "closed";
            let said = if over && by_stage.is_none() && !flagged { "over, nobody knows how" } else { state };
            note(
                counts,
                ("state", heading(part, "status"), word),
                said,
                means.is_none() && by_stage.is_none() && !flagged,
                means.is_some(),
            );
        }
        if let Some(word) = stage {
            let means = part.words.stage_state(word);
            let decided = flagged || over || status.is_some_and(|word| part.words.state(word).is_some());
            note(counts, ("stage", heading(part, "stage"), word), state, means.is_none() && !decided, means.is_some());
        }
        if let Some(word) = part.text("type", at) {
            let means = part.words.new_business(word);
            let said = means.map_or("says nothing", |new| if new { "new business" } else { "existing business" });
            note(counts, ("new_business", heading(part, "type"), word), said, false, means.is_some());
        }
    }
}

fn roles(part: &Part, counts: &mut Counts) {
    for at in 0..part.len() {
        let Some((field, word)) = ["role", "title"].iter().find_map(|field| Some((*field, part.text(field, at)?))) else { continue };
        let role = part.words.role(word);
        note(counts, ("role", heading(part, field), word), role.unwrap_or("rep"), false, role.is_some());
    }
}
