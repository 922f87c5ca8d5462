//! What a gap assumes, and which option takes the place of each.

use super::page::{column, note, number, plain, text};
use super::{Shown, page};
use crate::document::{Block, Cell, Content, Row, Table, Tone};
use crate::gap::{Assumption, Estimate};
use crate::report::scale::Scale;
use crate::report::words;
use crate::unit::{Unit, Value};

impl Shown<'_, '_> {
    pub(super) fn assumed(&self) -> Vec<Block> {
        let columns = vec![
            column(&["option instead"], false, 0),
            column(&["assumed"], true, 0),
            column(&["8 of 10"], true, 2),
            column(&[""], false, 0),
            column(&["from"], false, 1),
        ];
        let rows = self.gap.assumptions.iter().map(|assumption| {
            let cells = vec![
                text(format!("--{}", assumption.name)),
                self.value(assumption),
                text(assumption.value.map_or_else(String::new, |value| range(assumption, value))),
                text(of(assumption)),
                text(assumption.rests_on.clone()),
            ];
            Row { tone: if assumption.given { Tone::Strong } else { Tone::Plain }, cells }
        });
        let table = Table { title: "Assumptions".to_owned(), groups: Vec::new(), columns, rows: rows.collect() };
        let mut blocks = vec![Block::Heading("assumptions", "Assumptions".to_owned()), Block::Table(table)];
        let held = self.checked().filter(|_| self.gap.check.is_some_and(|check| !check.failed()));
        let notes: Vec<String> = held.into_iter().chain(self.gap.notes.iter().cloned()).chain(self.paced()).collect();
        if !notes.is_empty() {
            let label = |at: usize| if at == 0 { "Note" } else { "" };
            blocks
                .push(Block::Notes(notes.iter().enumerate().map(|(at, said)| note(label(at), Tone::Faint, vec![said.clone()])).collect()));
        }
        blocks
    }

    /// Which weeks the present pace is counted in, and which one more a week.
    fn paced(&self) -> Option<String> {
        let reach = self.gap.meetings.reach.as_ref().filter(|_| self.gap.rows.iter().any(|row| row.at_pace.is_some()))?;
        let last = self.week(&reach.last);
        if reach.over {
            return Some("at pace: meetings of all weeks until the date, since some accounts buy sooner than most".to_owned());
        }
        Some(format!(
            "at pace: meetings of all weeks until the date, since some accounts buy sooner than most; one more each week: up to {last} alone"
        ))
    }

    fn value(&self, assumption: &Assumption) -> Cell {
        let Some(found) = assumption.value else { return text("not known") };
        let value = match &assumption.unit {
            Unit::Ratio => Value::Ratio(found.value),
            Unit::Money(_) => self.money(found.value.round()),
            _ => return number(found.value),
        };
        Cell { content: Content::Value { value, against: None, share: None }, tone: Tone::Plain }
    }
}

/// What it is of, with the currency where it is money.
fn of(assumption: &Assumption) -> String {
    let currency = Scale::of(0.0).heading(&assumption.unit);
    currency.map_or_else(|| assumption.says.clone(), |currency| format!("{}, {}", currency.trim(), assumption.says))
}

/// Its interval in words; none where its ends are the same.
fn range(assumption: &Assumption, value: Estimate) -> String {
    if value.hi <= value.lo {
        return String::new();
    }
    match &assumption.unit {
        Unit::Ratio => page::ends(&format!("{:.0}", value.lo * 100.0), &words::percent(value.hi)),
        Unit::Money(_) => page::ends(&format!("{:.0}", value.lo), &format!("{:.0}", value.hi)),
        _ => page::ends(&plain(value.lo), &plain(value.hi)),
    }
}
