//! From first meeting to win: which share of the accounts bought, and after how long.

use super::table::value;
use crate::document::{Block, Cell, Column, Content, Note, Row, Table, Tone};
use crate::predict::linkage::WITHIN;
use crate::predict::{Followed, Linkage, Within};
use crate::report::words;
use crate::unit::{Value, Why};

/// The weeks whose share the sentence gives, where it is known; else the longest that is.
const SAID: [u32; 2] = [13, 52];

/// In which order the weeks go where a terminal is narrow; after them what was bought so far.
const DROPS: [u8; WITHIN.len()] = [1, 0, 2, 0];

/// What became of first meetings.
pub(super) fn blocks(linkage: &Linkage) -> Vec<Block> {
    let mut notes = vec![note("", Tone::Plain, vec![sentence(linkage)])];
    if let Some(half) = linkage.half {
        let after = match half.round() as u64 {
            0 => "less than a week".to_owned(),
            weeks => words::count(weeks, "week"),
        };
        let those = if linkage.followed == Followed::Deals { "those that are won were so" } else { "those that buy have bought" };
        let said = format!("Half of {those} {after} after the first meeting.");
        notes.push(note("", Tone::Plain, vec![said]));
    }
    let mut below = Vec::new();
    if !linkage.within.is_empty() {
        let (one, _, bought) = nouns(linkage);
        let said = format!(
            "not {bought} yet is not lost: each {one} is followed as far as the exports reach; — is not ripe: the youngest was not followed so long"
        );
        below.push(note("", Tone::Faint, vec![said]));
    }
    below.extend(linkage.cuts.iter().map(|cut| note("", Tone::Faint, vec![cut.clone()])));
    let mut blocks = vec![Block::Notes(notes)];
    if !linkage.within.is_empty() {
        blocks.push(Block::Table(cohorts(linkage)));
    }
    blocks.push(Block::Notes(below));
    blocks
}

/// One of what is followed, several, and what becomes of them.
fn nouns(linkage: &Linkage) -> (&'static str, &'static str, &'static str) {
    match linkage.followed {
        Followed::Accounts => ("account", "accounts", "bought"),
        Followed::Deals => ("deal", "deals", "won"),
        Followed::Mixed => ("account or deal", "accounts and deals", "bought"),
    }
}

fn sentence(linkage: &Linkage) -> String {
    let (one, _, bought) = nouns(linkage);
    if linkage.accounts == 0 {
        return format!("No {one} can be followed from its first meeting on yet ({}).", linkage.says);
    }
    let met = format!(
        "Of {} first met from {} to {} ({})",
        linkage.followed.count(linkage.accounts),
        words::day_and_year(linkage.first),
        words::day_and_year(linkage.through),
        linkage.says
    );
    let mut said: Vec<&Within> = linkage.within.iter().filter(|within| SAID.contains(&within.weeks)).collect();
    if said.is_empty() {
        said.extend(linkage.within.last());
    }
    if said.is_empty() {
        return format!("{met}, {} {bought} so far: too little to tell which share.", linkage.won);
    }
    let came = if linkage.followed == Followed::Deals { "were won" } else { bought };
    let shares: Vec<String> = said.iter().map(|within| format!("{} {came} within {} weeks", share(within), within.weeks)).collect();
    format!("{met}, {}.", words::list(&shares))
}

/// A share with its interval: `14 % (12–17 %)`.
fn share(within: &Within) -> String {
    format!("{} ({})", words::percent(within.share), interval(within))
}

/// The interval of a share: `12–17 %`.
fn interval(within: &Within) -> String {
    format!("{:.0}–{:.0} %", within.lo * 100.0, within.hi * 100.0)
}

fn cohorts(linkage: &Linkage) -> Table {
    let column = |heading: [&str; 2], right: bool, drop: u8| Column { heading: heading.map(str::to_owned).into(), right, drop };
    let (_, several, bought) = nouns(linkage);
    let several = match several.split_once(' ') {
        Some(("accounts", rest)) => ["accounts", rest],
        _ => ["", several],
    };
    let mut columns = vec![column(["first", "met in"], false, 0), column(several, true, 0), column([bought, "so far"], true, 3)];
    let mut groups = vec![(String::new(), columns.len())];
    for (weeks, drop) in WITHIN.iter().zip(DROPS) {
        groups.push((format!("within {weeks} weeks"), 2));
        // A share goes with its interval.
        columns.extend([column(["", bought], true, drop), column(["", "95 %"], true, drop)]);
    }
    let rows = linkage.cohorts.iter().map(|cohort| {
        let words = |words: String| Cell { content: Content::Text(words), tone: Tone::Plain };
        let count = |n: usize| value(Value::Count(n.into()));
        let mut cells = vec![words(cohort.period.clone()), count(cohort.accounts), count(cohort.won)];
        for at in 0..WITHIN.len() {
            match cohort.within.get(at).copied().flatten() {
                Some(within) => cells.extend([value(Value::Ratio(within.share)), words(interval(&within))]),
                None => cells.extend([value(Value::Missing(Why::NotYet)), Cell::default()]),
            }
        }
        Row { tone: Tone::Plain, cells }
    });
    Table {
        title: format!("{} after the first meeting, by quarter ({})", super::says::capital(bought), linkage.says),
        groups,
        columns,
        rows: rows.collect(),
    }
}

fn note(label: &str, tone: Tone, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone, parts }
}
