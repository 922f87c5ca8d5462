//! All pairs in tables: the scores by weeks apart with the verdicts, and the numbers behind them.

use super::number;
use super::says::Pair;
use crate::document::{Cell, Column, Content, Row, Table, Tone};
use crate::stats::lead::Verdict;
use crate::unit::Value;

/// How each pair scores at each number of weeks apart, and its verdict.
pub(super) fn scores(pairs: &[Pair<'_>], max_lag: usize) -> Table {
    let (before, after) = (format!("-{max_lag} lag first"), format!("lead first {max_lag}"));
    let side = max_lag.max(before.len());
    // Without a week apart there is nothing at either side.
    let apart = if max_lag == 0 { String::new() } else { format!("{before:<side$}   {after:>side$}") };
    let chart = vec!["score by weeks apart".to_owned(), apart];
    let mut table = Table {
        title: "What each pair shows".to_owned(),
        columns: vec![
            column(&["", "lead"], false, 0),
            column(&["", "lag"], false, 0),
            Column { heading: chart, right: false, drop: 1 },
            column(&["", "verdict"], false, 0),
            column(&["weeks", "later"], false, 2),
        ],
        ..Table::default()
    };
    for pair in pairs {
        let scores = pair.evidence().map_or(Content::Blank, |evidence| Content::Scores(evidence.by_lag.clone()));
        let later =
            pair.evidence().filter(|_| said_when(pair.tested.verdict)).and_then(|evidence| evidence.lead.as_ref()).map(number::weeks);
        let verdict = Cell {
            content: Content::Text(verdict(pair)),
            tone: if pair.tested.verdict == Verdict::Leads { Tone::Good } else { Tone::Plain },
        };
        let mut cells = names(pair);
        cells.extend([Cell { content: scores, tone: Tone::Plain }, verdict, text(later)]);
        table.rows.push(Row { tone: Tone::Plain, cells });
    }
    table
}

/// Whether a verdict is one that a number of weeks can be said of.
pub(super) fn said_when(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Leads | Verdict::Hint)
}

/// A verdict in words, and that it rests on people who were starting.
fn verdict(pair: &Pair<'_>) -> String {
    let starting = pair.evidence().is_some_and(|evidence| evidence.starting);
    format!("{}{}", pair.tested.verdict.words(), if starting { " (starting)" } else { "" })
}

/// The numbers behind each verdict.
pub(super) fn numbers(pairs: &[Pair<'_>]) -> Table {
    let mut table = Table {
        title: "The numbers behind it".to_owned(),
        columns: vec![
            column(&["", "lead"], false, 0),
            column(&["", "lag"], false, 0),
            column(&["", "people"], true, 3),
            column(&["", "weeks"], true, 3),
            column(&["weeks with", "a result"], true, 2),
            column(&["seen", "from"], true, 2),
            column(&["", "score"], true, 0),
            column(&["same", "week"], true, 4),
            column(&["lag", "first"], true, 4),
            column(&["p of all", "pairs"], true, 0),
            column(&["one more goes with", "(95 % interval)"], false, 1),
        ],
        ..Table::default()
    };
    for pair in pairs {
        let mut cells = names(pair);
        cells.extend([count(pair.people()), count(pair.known.weeks), count(pair.tested.events)]);
        let evidence = pair.evidence();
        let effect = evidence.and_then(|evidence| evidence.effect.as_ref()).map(|effect| {
            let (step, _) = number::step(&pair.lead.unit);
            let size = number::size(effect, step, &pair.lag.unit);
            format!("{}{} ({})", if size.less { "-" } else { "" }, size.much, size.interval)
        });
        cells.push(evidence.map_or_else(Cell::default, |evidence| share(evidence.detectable_share)));
        cells.push(text(evidence.map(|evidence| score(evidence.z))));
        cells.push(text(evidence.map(|evidence| score(evidence.z_same_week))));
        cells.push(text(evidence.map(|evidence| score(evidence.z_reverse))));
        cells.push(text(evidence.map(|evidence| number::chance(evidence.p_adjusted))));
        cells.push(text(effect));
        table.rows.push(Row { tone: Tone::Plain, cells });
    }
    table
}

fn names(pair: &Pair<'_>) -> Vec<Cell> {
    vec![text(Some(pair.lead.says.clone())), text(Some(pair.lag.says.clone()))]
}

fn column(heading: &[&str], right: bool, drop: u8) -> Column {
    Column { heading: heading.iter().map(|line| (*line).to_owned()).collect(), right, drop }
}

fn text(words: Option<String>) -> Cell {
    Cell { content: words.map_or(Content::Blank, Content::Text), tone: Tone::Plain }
}

fn count(n: usize) -> Cell {
    value(Value::Count(n.into()))
}

/// A share, which is a number up to all of it.
fn share(share: f64) -> Cell {
    if share > 1.0 { text(Some("more than all".to_owned())) } else { value(Value::Ratio(share)) }
}

/// A cell with one value.
pub(super) fn value(value: Value) -> Cell {
    Cell { content: Content::Value { value, against: None, share: None }, tone: Tone::Plain }
}

fn score(z: f64) -> String {
    format!("{z:.1}")
}
