//! From first meeting to win: which share of the accounts bought, and after how long.

use crate::document::{Block, Cell, Column, Content, Note, Row, Table, Tone};
use crate::predict::linkage::WITHIN;
use crate::predict::{Linkage, Within};
use crate::report::words;

/// The weeks whose share the sentence gives, where it is known; else the longest that is.
const SAID: [u32; 2] = [13, 52];

/// What became of first meetings.
pub(super) fn blocks(linkage: &Linkage) -> Vec<Block> {
    let mut notes = vec![note("", Tone::Plain, vec![sentence(linkage)])];
    if let Some(half) = linkage.half {
        let said = format!("Half of those that buy have bought {} after the first meeting.", words::count(half.round() as u64, "week"));
        notes.push(note("", Tone::Plain, vec![said]));
    }
    let mut below = Vec::new();
    if !linkage.within.is_empty() {
        let said = "not bought yet is not lost: each account is followed as far as the exports reach; not ripe: the youngest was not followed \
                    so long";
        below.push(note("", Tone::Faint, vec![said.to_owned()]));
    }
    below.extend(linkage.cuts.iter().map(|cut| note("", Tone::Faint, vec![cut.clone()])));
    let mut blocks = vec![Block::Notes(notes)];
    if !linkage.within.is_empty() {
        blocks.push(Block::Table(cohorts(linkage)));
    }
    blocks.push(Block::Notes(below));
    blocks
}

fn sentence(linkage: &Linkage) -> String {
    if linkage.accounts == 0 {
        return format!("No account can be followed from its first meeting on yet ({}).", linkage.says);
    }
    let met = format!(
        "Of {} first met from {} to {} ({})",
        words::count(linkage.accounts as u64, "account"),
        words::day_and_year(linkage.first),
        words::day_and_year(linkage.through),
        linkage.says
    );
    let mut said: Vec<&Within> = linkage.within.iter().filter(|within| SAID.contains(&within.weeks)).collect();
    if said.is_empty() {
        said.extend(linkage.within.last());
    }
    if said.is_empty() {
        return format!("{met}, {} bought so far: too little to tell which share buys.", linkage.won);
    }
    let shares: Vec<String> = said.iter().map(|within| format!("{} bought within {} weeks", share(within), within.weeks)).collect();
    format!("{met}, {}.", words::list(&shares))
}

/// A share with its interval: `14 % (12–17 %)`.
fn share(within: &Within) -> String {
    let whole = |share: f64| format!("{:.0}", share * 100.0);
    format!("{} % ({}–{} %)", whole(within.share), whole(within.lo), whole(within.hi))
}

fn cohorts(linkage: &Linkage) -> Table {
    let text = |words: String| Cell { content: Content::Text(words), tone: Tone::Plain };
    let column = |heading: &str, right: bool| Column { heading: vec![heading.to_owned()], right, drop: 0 };
    let mut columns = vec![column("first met in", false), column("accounts", true), column("bought so far", true)];
    columns.extend(WITHIN.iter().map(|weeks| column(&format!("{weeks} weeks"), true)));
    let rows = linkage.cohorts.iter().map(|cohort| {
        let mut cells = vec![text(cohort.period.clone()), text(cohort.accounts.to_string()), text(cohort.won.to_string())];
        cells.extend((0..WITHIN.len()).map(|at| match cohort.within.get(at).copied().flatten() {
            Some(within) => text(share(&within)),
            None => Cell { content: Content::Text("not ripe".to_owned()), tone: Tone::Faint },
        }));
        Row { tone: Tone::Plain, cells }
    });
    Table {
        title: format!("Bought after the first meeting, by quarter ({})", linkage.says),
        groups: vec![(String::new(), 3), ("bought within".to_owned(), WITHIN.len())],
        columns,
        rows: rows.collect(),
    }
}

fn note(label: &str, tone: Tone, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone, parts }
}
