//! What rules about the exports themselves look at: how old they are, how much of them is known.

use std::collections::{BTreeMap, BTreeSet};

use super::{Check, Coverage, Subject};
use crate::calendar::Day;
use crate::document;
use crate::table::{Column, Data, Kind, Table};

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// The part.
    pub part: u64,
    /// The whole.
    pub whole: u64,
}

/// What the rules of a run need to know about its exports.
#[derive(Debug, Clone, Default)]
pub struct Exports {
    /// The last day of each table's own files; tables without files or dates are absent.
    pub through: BTreeMap<Kind, Day>,
    /// Of each column that a rule names, how many used records have it; tables that hold no records for measures are absent.
    pub known: BTreeMap<(Kind, &'static str), Share>,
    /// Records used or left out for a named reason, of the records of activities and deals that were read.
    pub accounted: Share,
    /// People of used activities and deals who are on the roster; none where there is none to be on.
    pub staffed: Option<Share>,
}

impl Exports {
    /// What the exports are, as far as the rules ask; `coverage` is what became of the records of each source.
    pub fn new(data: &Data, coverage: &[document::Coverage], checks: &[Check]) -> Self {
        let mut found = Self { staffed: staffed(data), ..Self::default() };
        for source in &data.sources {
            if let (Some(kind), Some(day)) = (Kind::named(&source.table), source.through) {
                let last = found.through.entry(kind).or_insert(day);
                *last = day.max(*last);
            }
        }
        for source in coverage.iter().filter(|c| matches!(Kind::named(&c.table), Some(Kind::Activities | Kind::Deals))) {
            found.accounted.part += source.used + source.left_out.values().filter_map(serde_json::Value::as_u64).sum::<u64>();
            found.accounted.whole += source.read;
        }
        for check in checks {
            if let Subject::Coverage(Coverage::Column(kind, name)) = check.subject
                && let Some(table) = data.table(kind)
            {
                found.known.insert((kind, name), known(table, name));
            }
        }
        found
    }
}

fn known(table: &Table, name: &str) -> Share {
    let column = table.column(name);
    let mut share = Share::default();
    for row in (0..table.len()).filter(|row| table.used(*row)) {
        share.whole += 1;
        share.part += u64::from(column.is_some_and(|column| says(column, name, row)));
    }
    share
}

/// Whether a cell says something: a kind that is `other`, an outcome that is `unknown` and a blank do not.
fn says(column: &Column, name: &str, row: usize) -> bool {
    match column {
        Column::Words(words) => words.get(row).is_some_and(|word| match name {
            "kind" => word != "other",
            "outcome" => word != "unknown",
            _ => !word.trim().is_empty(),
        }),
        Column::Days(_) => column.day(row).is_some(),
        Column::Whole(_) | Column::Instants(_) => column.number(row).is_some(),
        Column::Short(short) => short.get(row) != Column::NO_NUMBER,
        Column::Flags(_) => column.flag(row).is_some(),
        Column::Money(amounts) => amounts.get(row).is_some(),
        Column::Lists(lists) => !lists.get(row).is_empty(),
    }
}

/// Those whose records are used, and how many of them a people table lists; without one, a CRM's own list of users.
fn staffed(data: &Data) -> Option<Share> {
    let people = &data.roster.people;
    let listed = people.iter().any(|person| person.listed);
    if !listed && !people.iter().any(|person| person.named) {
        return None;
    }
    let mut owners: BTreeSet<&str> = BTreeSet::new();
    for table in [&data.activities, &data.deals] {
        owners.extend((0..table.len()).filter(|row| table.used(*row)).filter_map(|row| table.text("owner", row)));
    }
    let on_roster = |name: &&&str| {
        let person = data.roster.person(name).and_then(|person| people.get(person as usize));
        person.is_some_and(|person| if listed { person.listed } else { person.named })
    };
    Some(Share { part: owners.iter().filter(on_roster).count() as u64, whole: owners.len() as u64 })
}
