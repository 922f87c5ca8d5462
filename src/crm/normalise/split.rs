//! Splits: who shares in a deal's money, and how much (measures, section 1: Who).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Known;
use crate::crm::link::UNIT;
use crate::crm::part::Part;

/// The whole, in millionths.
const WHOLE: u32 = 1_000_000;

/// Shares that miss the whole by this many millionths were rounded.
const ROUNDED: u32 = 1_000;

/// One line of a table of splits.
struct Line<'a> {
    who: &'a str,
    percent: Option<Decimal>,
    sort: &'a str,
}

fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    text.split(';').filter_map(|piece| {
        let mut cells = piece.split(UNIT);
        let who = cells.next()?;
        let percent = cells.next()?.trim().trim_end_matches('%').trim().parse().ok();
        Some(Line { who, percent, sort: cells.next().unwrap_or("") })
    })
}

/// The people who share in a deal's money, as the table of splits names them.
pub(in crate::crm) fn splitters(part: &Part, row: usize) -> impl Iterator<Item = &str> {
    part.text("split", row).into_iter().flat_map(lines).map(|line| line.who)
}

/// The shares of a deal in millionths, which add up to the whole; an error where those in the table do not.
///
/// Only one sort of split shares the money: an overlay credits others beside, and may add up to anything.
pub(super) fn shares(text: &str, known: &Known) -> Result<Vec<(String, u32)>, Decimal> {
    let lines: Vec<Line<'_>> = lines(text).filter(|line| !line.sort.to_lowercase().contains("overlay")).collect();
    let mut sorts: Vec<&str> = Vec::new();
    for line in &lines {
        if !sorts.contains(&line.sort) {
            sorts.push(line.sort);
        }
    }
    let mut last = None;
    for sort in sorts {
        let of: Vec<&Line<'_>> = lines.iter().filter(|line| line.sort == sort).collect();
        let sum: Decimal = of.iter().filter_map(|line| line.percent).sum();
        // A percent field that a warehouse wrote as a fraction.
        let factor = if sum == Decimal::ONE { Decimal::from(WHOLE) } else { Decimal::from(WHOLE / 100) };
        let mut shares: Vec<(String, u32)> = Vec::new();
        for line in of {
            let Some(ppm) = line.percent.and_then(|p| (p * factor).round().to_u32()) else { continue };
            let Some(who) = known.people.known(line.who).and_then(|p| known.person.get(p as usize)) else { continue };
            match shares.iter_mut().find(|(name, _)| name == who) {
                Some((_, share)) => *share = share.saturating_add(ppm),
                None => shares.push((who.clone(), ppm)),
            }
        }
        let total: u64 = shares.iter().map(|(_, share)| u64::from(*share)).sum();
        if total.abs_diff(u64::from(WHOLE)) > u64::from(ROUNDED) {
            last.get_or_insert(sum);
            continue;
        }
        // Thirds written as 33.33: what is missing goes to the largest share, the first of several.
        let rest = i64::from(WHOLE) - total as i64;
        if let Some(largest) = shares.iter().map(|(_, share)| *share).max()
            && let Some((_, share)) = shares.iter_mut().find(|(_, share)| *share == largest)
        {
            *share = share.saturating_add_signed(rest as i32);
        }
        shares.retain(|(_, share)| *share > 0);
        return Ok(shares);
    }
    last.map_or(Ok(Vec::new()), Err)
}
