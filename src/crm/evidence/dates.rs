//! How a column of dates was read, and which cell settled it.

use super::super::load::Settings;
use super::super::preset::Shape;
use super::super::value::{self, BadDate, Order, When};
use crate::calendar::Day;
use crate::table::{Kind, Lines, Words};

/// A column of dates.
#[derive(Debug, Clone)]
pub struct Dates {
    /// What settled the order of day and month.
    pub order: Settled,
    /// The earliest date; with the day first where that is still open.
    pub first: Option<Day>,
    /// The latest date.
    pub last: Option<Day>,
    /// Cells that are no date.
    pub bad: u64,
    /// Its times of day.
    pub clock: Clock,
}

/// What settled the order of day and month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// The user.
    Said(Order),
    /// A cell that is a date in one order only.
    Cell {
        /// The order.
        order: Order,
        /// The cell.
        text: String,
        /// Its line.
        line: u32,
    },
    /// Nothing had to: no cell reads differently in the other order.
    Alike,
    /// Nothing did: the column fits both, and this cell shows it.
    Open {
        /// The cell.
        text: String,
        /// Its line.
        line: u32,
        /// What the cell is in each order that the column may have.
        readings: Vec<Reading>,
        /// How many of the column's different cells it concerns.
        words: usize,
    },
}

/// What a column of dates is in one order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The order.
    pub order: Order,
    /// The cell that shows the question; none where it is no date in this order.
    pub cell: Option<Day>,
    /// The column's last date.
    pub last: Option<Day>,
}

impl Reading {
    /// The cell in words.
    pub fn cell(&self) -> String {
        self.cell.map_or_else(|| "no date".to_owned(), |day| day.to_string())
    }
}

/// What times of day a column of dates has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// None: calendar dates.
    None,
    /// Midnight throughout, which is no time of day.
    Midnight,
    /// Times that carry their offset from UTC.
    Offset,
    /// Times without an offset, and the number of different ones.
    Local,
    /// Both.
    Both,
}

/// Whether a field of a table is read as dates.
pub(super) fn is_date(shape: Shape, field: &str) -> bool {
    let Shape::Records(kind) = shape else { return false };
    let fields: &[&str] = match kind {
        Kind::Activities => &["start", "date", "end", "due", "completed_on", "created_on", "modified_on"],
        Kind::Deals => &["close_on", "closed_on", "won_on", "lost_on", "expected_on", "created_on", "modified_on"],
        Kind::Accounts => &["customer_since"],
        Kind::Leads => &["converted_on"],
        Kind::People | Kind::Targets | Kind::Absences => &["from", "to"],
        Kind::Stages => &["on"],
        Kind::Commitments => &[],
    };
    fields.contains(&field)
}

/// How a column reads as dates; none where it is empty or only times of day.
pub(super) fn dates(words: &Words, line: &Lines, settings: &Settings<'_>) -> Option<Dates> {
    let texts = words.words();
    if texts.is_empty() || texts.iter().all(|text| value::time_of_day(text).is_some()) {
        return None;
    }
    let in_order = |order: Order| value::dates(texts, Some(order)).ok();
    let row_of = |code: usize| (0..words.len()).find(|row| words.code(*row) == Some(code as u32));
    let line_of = |row: Option<usize>| row.map_or(0, |row| line.get(row));
    let text = |code: usize| texts.get(code).map_or_else(String::new, ToString::to_string);
    let (order, read) = match value::dates(texts, settings.date_order) {
        Err(open) => {
            let last = |order: Order| in_order(order)?.values.into_iter().flatten().map(When::written_day).max();
            let each = [(Order::DayFirst, open.day_first), (Order::MonthFirst, open.month_first), (Order::YearFirst, open.year_first)];
            // Where three orders are possible, one that makes no date of the cell is none of them.
            let may = |(order, cell): &(Order, Option<Day>)| {
                if open.year_first.is_some() { cell.is_some() } else { *order != Order::YearFirst }
            };
            let readings = each.into_iter().filter(may).map(|(order, cell)| Reading { order, cell, last: last(order) }).collect();
            let order = Settled::Open { text: text(open.word), line: line_of(row_of(open.word)), readings, words: open.words };
            (order, in_order(Order::DayFirst)?)
        }
        Ok(read) => {
            let order = match (settings.date_order, read.order) {
                (Some(said), Some(_)) => Settled::Said(said),
                (None, Some(order)) => {
                    let other = in_order(if order == Order::DayFirst { Order::MonthFirst } else { Order::DayFirst })?;
                    let telling = |code: &u32| {
                        let at = *code as usize;
                        read.values.get(at).is_some_and(Result::is_ok) && other.values.get(at) == Some(&Err(BadDate::OtherOrder))
                    };
                    let found = (0..words.len()).filter_map(|row| Some((row, words.code(row)?))).find(|(_, code)| telling(code));
                    found.map_or(Settled::Alike, |(row, code)| Settled::Cell { order, text: text(code as usize), line: line_of(Some(row)) })
                }
                (_, None) => Settled::Alike,
            };
            (order, read)
        }
    };
    let has = |what: fn(&When) -> bool| read.values.iter().flatten().any(what);
    let clock = match (has(|w| matches!(w, When::Local { .. })), has(|w| matches!(w, When::Instant { .. }))) {
        (false, false) => Clock::None,
        _ if read.midnight => Clock::Midnight,
        (true, false) => Clock::Local,
        (false, true) => Clock::Offset,
        (true, true) => Clock::Both,
    };
    let days = || read.values.iter().flatten().map(|when| when.written_day());
    let bad =
        (0..words.len()).filter(|row| words.code(*row).is_some_and(|code| read.values.get(code as usize).is_some_and(Result::is_err)));
    Some(Dates { order, first: days().min(), last: days().max(), bad: bad.count() as u64, clock })
}
