//! With whom somebody meets, and what is won, over the weeks: how much of it goes to few accounts, to accounts without a deal, to one product.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::weekly::Listed;
use super::{Tells, Window, none};
use crate::calendar::{Day, Range};
use crate::diagnostic::Diagnostic;
use crate::measure::cube::{Cell, Entity, minor};
use crate::measure::select::Engine;
use crate::table::Table;
use crate::unit::{Value, Why};

/// Of fewer meetings than this no share is told.
const MEETINGS: usize = 10;

/// Of fewer deals than this no share is told.
const DEALS: usize = 5;

/// How many of the most-met accounts are taken together.
const TOP: usize = 5;

/// The days on which each account has an open deal: spans in order, none of which meet.
pub(super) type Open = FxHashMap<String, Vec<(Day, Day)>>;

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
                let mut met: Vec<u32> = met(table, listed).into_values().collect();
                met.sort_unstable_by(|a, b| b.cmp(a));
                (met.iter().take(TOP).sum::<u32>() as usize, met.iter().sum::<u32>() as usize)
            }
            Tells::WithoutOpenDeal => {
                let open = sheet.flags.open.get_or_init(|| self.open_deals());
                // Accounts that no deal names at all, in anybody's meetings, are named otherwise in the deals.
                let names = |all: &Vec<Listed>| all.iter().any(|l| table.text("account", l.row).is_some_and(|a| open.contains_key(a)));
                let key = (measure.spec.name.clone(), weeks);
                if !*sheet.flags.matched.borrow_mut().entry(key).or_insert_with(|| lists.first().is_some_and(names)) {
                    return Ok(none(Why::NoData));
                }
                let named: Vec<(&str, Day)> = listed.iter().filter_map(|l| Some((table.text("account", l.row)?, l.day))).collect();
                let without = |(account, day): &&(&str, Day)| {
                    let spans = open.get(*account).map_or(&[][..], Vec::as_slice);
                    // Of spans that do not meet only the last that begins by then can hold the day.
                    let begun = spans.partition_point(|(from, _)| from <= day);
                    spans[..begun].last().is_none_or(|(_, to)| day > to)
                };
                (named.iter().filter(without).count(), named.len())
            }
            Tells::NewAccounts => {
                let flags: Vec<bool> = listed.iter().filter_map(|l| table.flag("prospect", l.row)).collect();
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
        let mut open = Open::default();
        for row in (0..deals.len()).filter(|row| deals.used(*row)) {
            let Some(account) = deals.text("account", row) else { continue };
            let until = if deals.text("state", row) == Some("open") { None } else { deals.day("closed_on", row) };
            let span = (deals.day("created_on", row).unwrap_or(Day::MIN), until.unwrap_or(Day::MAX));
            open.entry(account.to_owned()).or_default().push(span);
        }
        for spans in open.values_mut() {
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
    let amounts = deals.column("amount");
    let (mut by, mut records, mut currencies) = (BTreeMap::<&str, i128>::new(), 0, Vec::new());
    for one in listed {
        let (Some(product), Some(amount)) = (deals.text("product", one.row), minor(amounts, one.row).filter(|n| *n > 0)) else {
            continue;
        };
        currencies.push(deals.text("currency", one.row).unwrap_or_default());
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

/// How often each account was met.
pub(super) fn met<'t>(table: &'t Table, listed: &[Listed]) -> BTreeMap<&'t str, u32> {
    let mut met = BTreeMap::new();
    for account in listed.iter().filter_map(|l| table.text("account", l.row)) {
        *met.entry(account).or_default() += 1;
    }
    met
}
