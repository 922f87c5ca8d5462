//! With whom somebody meets, and what is won, over the weeks: how much of it goes to few accounts, to accounts without a deal, to one product.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::weekly::Listed;
use super::{Tells, Window, none};
use crate::calendar::{Day, Range};
use crate::diagnostic::Diagnostic;
use crate::measure::cube::{Cell, Entity, minor};
use crate::measure::select::Engine;
use crate::table::{Column, Dictionary, Table, Words};
use crate::unit::{Value, Why};

/// Of fewer meetings than this no share is told.
const MEETINGS: usize = 10;

/// Of fewer deals than this no share is told.
const DEALS: usize = 5;

/// How many of the most-met accounts are taken together.
const TOP: usize = 5;

/// The days on which each account has an open deal, by its code in the deals: spans in order, none of which meet; none for an account that
/// only deals name which are left out.
pub(super) type Open = Vec<Option<Vec<(Day, Day)>>>;

/// A column of words, if the table has it.
pub(super) fn words<'t>(table: &'t Table, name: &str) -> Option<&'t Words> {
    match table.column(name)? {
        Column::Words(words) => Some(words),
        _ => None,
    }
}

/// The code of each word in another dictionary; none where it is not there.
pub(super) fn codes_in(words: &Dictionary, other: &Dictionary) -> Vec<Option<u32>> {
    let mut found = vec![None; words.len()];
    let (mut mine, mut theirs) = (words.iter().enumerate().peekable(), other.iter().zip(0..).peekable());
    while let (Some((at, word)), Some((same, code))) = (mine.peek(), theirs.peek()) {
        match word.cmp(same) {
            Ordering::Less => drop(mine.next()),
            Ordering::Greater => drop(theirs.next()),
            Ordering::Equal => {
                found[*at] = Some(*code);
                mine.next();
                theirs.next();
            }
        }
    }
    found
}

impl Engine<'_> {
    pub(super) fn of_meetings(&self, window: &Window, entity: Entity, weeks: Range) -> Result<Cell, Diagnostic> {
        let Some(part) = window.of.first() else { return Ok(none(Why::NoData)) };
        if let Err(why) = self.counted(part, entity, weeks)? {
            return Ok(none(why));
        }
        let sheet = self.sheet(weeks);
        let Some((measure, at)) = self.measure(&part.component).zip(sheet.at(entity)) else { return Ok(none(Why::NoData)) };
        let Some(table) = self.table(measure) else { return Ok(none(Why::NoData)) };
        let lists = self.lists(&sheet, measure, weeks)?;
        let listed = lists.get(at).map_or(&[][..], Vec::as_slice);
        let (part, known) = match window.tells {
            Tells::TopFive => {
                let mut met: Vec<u32> = met(table, listed).into_iter().map(|(_, times)| times).collect();
                met.sort_unstable_by(|a, b| b.cmp(a));
                (met.iter().take(TOP).sum::<u32>() as usize, met.iter().sum::<u32>() as usize)
            }
            Tells::WithoutOpenDeal => {
                let open = sheet.flags.open.get_or_init(|| self.open_deals());
                let accounts = words(table, "account");
                let mut in_deals = sheet.flags.in_deals.borrow_mut();
                let in_deals = in_deals.entry(table.kind).or_insert_with(|| {
                    let both = accounts.zip(words(&self.data.deals, "account"));
                    both.map_or_else(Vec::new, |(accounts, deals)| codes_in(accounts.words(), deals.words()))
                });
                let spans =
                    |account: u32| in_deals.get(account as usize).copied().flatten().and_then(|code| open.get(code as usize)?.as_ref());
                let account = |l: &Listed| accounts?.code(l.row);
                // Accounts that no deal names at all, in anybody's meetings, are named otherwise in the deals.
                let names = |all: &Vec<Listed>| all.iter().any(|l| account(l).and_then(spans).is_some());
                let key = (measure.spec.name.clone(), weeks);
                if !*sheet.flags.matched.borrow_mut().entry(key).or_insert_with(|| lists.first().is_some_and(names)) {
                    return Ok(none(Why::NoData));
                }
                let (mut without, mut named) = (0, 0);
                for (account, day) in listed.iter().filter_map(|l| Some((account(l)?, l.day))) {
                    let spans = spans(account).map_or(&[][..], Vec::as_slice);
                    // Of spans that do not meet only the last that begins by then can hold the day.
                    let begun = spans.partition_point(|(from, _)| *from <= day);
                    named += 1;
                    without += usize::from(spans[..begun].last().is_none_or(|(_, to)| day > *to));
                }
                (without, named)
            }
            Tells::NewAccounts => {
                let prospects = table.column("prospect");
                let flags: Vec<bool> = listed.iter().filter_map(|l| prospects?.flag(l.row)).collect();
                (flags.iter().filter(|prospect| **prospect).count(), flags.len())
            }
            _ => return Ok(top_product(table, listed)),
        };
        let value = match known {
            0 if !listed.is_empty() => Value::Missing(Why::NoData),
            n if n < MEETINGS => Value::Missing(Why::TooFew),
            n => Value::Ratio(part as f64 / n as f64),
        };
        Ok(Cell { value, records: listed.len() as u32, known: known as u32 })
    }

    /// The days on which each account has an open deal, as far as the deals tell: one that was closed on no day may be open still.
    fn open_deals(&self) -> Open {
        let deals = &self.data.deals;
        let Some(accounts) = words(deals, "account") else { return Open::new() };
        let mut open = vec![None; accounts.words().len()];
        let is_open = words(deals, "state").and_then(|states| Some((states, states.code_of("open")?)));
        let (created, closed) = (deals.column("created_on"), deals.column("closed_on"));
        for row in (0..deals.len()).filter(|row| deals.used(*row)) {
            let Some(account) = accounts.code(row) else { continue };
            let until = match is_open {
                Some((states, code)) if states.code(row) == Some(code) => None,
                _ => closed.and_then(|closed| closed.day(row)),
            };
            let begun = created.and_then(|created| created.day(row));
            let span = (begun.unwrap_or(Day::MIN), until.unwrap_or(Day::MAX));
            open[account as usize].get_or_insert_with(Vec::new).push(span);
        }
        for spans in open.iter_mut().flatten() {
            spans.retain(|(from, to)| from <= to);
            spans.sort_unstable();
            spans.dedup_by(|next, known| {
                let meet = next.0 <= known.1;
                known.1 = if meet { known.1.max(next.1) } else { known.1 };
                meet
            });
        }
        open
    }
}

/// The largest share of one product in what was won.
fn top_product(deals: &Table, listed: &[Listed]) -> Cell {
    let (amounts, products, in_currency) = (deals.column("amount"), words(deals, "product"), words(deals, "currency"));
    let (mut by, mut records, mut currencies) = (BTreeMap::<u32, i128>::new(), 0, Vec::new());
    for one in listed {
        let product = products.and_then(|products| products.code(one.row));
        let (Some(product), Some(amount)) = (product, minor(amounts, one.row).filter(|n| *n > 0)) else {
            continue;
        };
        currencies.push(in_currency.and_then(|currencies| currencies.get(one.row)).unwrap_or_default());
        *by.entry(product).or_default() += i128::from(amount) * i128::from(one.share);
        records += 1;
    }
    currencies.sort_unstable();
    currencies.dedup();
    let (most, sum) = (by.values().max().copied().unwrap_or_default(), by.values().sum::<i128>());
    let value = if deals.column("product").is_none() || (records == 0 && !listed.is_empty()) {
        Value::Missing(Why::NoData)
    } else if currencies.len() > 1 {
        Value::Missing(Why::NotApplicable)
    } else if records < DEALS || records * 5 < listed.len() * 4 || sum == 0 {
        Value::Missing(Why::TooFew)
    } else {
        Value::Ratio(most as f64 / sum as f64)
    };
    Cell { value, records: listed.len() as u32, known: records as u32 }
}

/// How often each account was met, by its code in the table.
pub(super) fn met(table: &Table, listed: &[Listed]) -> Vec<(u32, u32)> {
    let Some(accounts) = words(table, "account") else { return Vec::new() };
    let mut codes: Vec<u32> = listed.iter().filter_map(|l| accounts.code(l.row)).collect();
    codes.sort_unstable();
    codes.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}
