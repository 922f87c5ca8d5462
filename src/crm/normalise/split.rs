//! Splits: who shares in a deal's money, and how much (measures, section 1: Who).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::Known;
use crate::crm::link::UNIT;
use crate::crm::part::Part;
use crate::table::Data;

/// The whole, in millionths.
const WHOLE: u32 = 1_000_000;

/// Shares that miss the whole by this many millionths were rounded.
const ROUNDED: u32 = 1_000;

/// No percentage is larger: what is, says nothing of a share, and could not be added up.
const MOST: Decimal = Decimal::from_parts(1_000_000, 0, 0, false, 0);

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
        let percent = cells.next()?.trim().trim_end_matches('%').trim().parse().ok().filter(|percent: &Decimal| percent.abs() <= MOST);
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

/// The shares of further owners, and the rest as that of whoever owns the deal; none where nobody shares in it.
pub(super) fn further<'a>(people: impl Iterator<Item = (&'a str, u32)>, known: &Known) -> Vec<(String, u32)> {
    let label = |who: &str| known.people.enter_known(who).and_then(|p| known.person.get(p as usize)).cloned();
    let mut shares: Vec<(String, u32)> = people.filter_map(|(who, share)| Some((label(who)?, share))).collect();
    if shares.is_empty() {
        return shares;
    }
    let given: u32 = shares.iter().map(|(_, share)| *share).sum();
    if given < WHOLE {
        shares.push((Data::OWNER.to_owned(), WHOLE - given));
    }
    shares
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use rustc_hash::FxHashMap;

    use super::*;
    use crate::crm::fold;
    use crate::crm::identity::Registry;
    use crate::table::Dictionary;

    fn known() -> Known {
        let mut people = Registry::new(fold::fold_name);
        for (id, name) in [("1", "Ana"), ("2", "Ben"), ("3", "Cy")] {
            people.enter(Some(id), Some(name), None);
        }
        let person = people.labels();
        let other = || Registry::new(fold::fold);
        Known {
            people,
            accounts: other(),
            deals: other(),
            person,
            account: Dictionary::default(),
            deal: Dictionary::default(),
            named: FxHashMap::default(),
            robot: Vec::new(),
        }
    }

    fn split(lines: &[(&str, &str, &str)]) -> Result<Vec<(String, u32)>, Decimal> {
        let text: Vec<String> = lines.iter().map(|(who, percent, sort)| format!("{who}{UNIT}{percent}{UNIT}{sort}")).collect();
        shares(&text.join(";"), &known())
    }

    #[test]
    fn shares_are_a_whole() {
        let thirds = split(&[("1", "33.33", ""), ("2", "33.33", ""), ("3", "33.33", "")]).unwrap();
        assert_eq!(thirds, [("Ana".to_owned(), 333_400), ("Ben".to_owned(), 333_300), ("Cy".to_owned(), 333_300)]);
        assert_eq!(split(&[("Ana", "60%", ""), ("Ben", "40 %", "")]).unwrap(), [("Ana".to_owned(), 600_000), ("Ben".to_owned(), 400_000)]);
        assert_eq!(split(&[("1", "0.75", ""), ("2", "0.25", "")]).unwrap(), [("Ana".to_owned(), 750_000), ("Ben".to_owned(), 250_000)]);
        assert_eq!(split(&[("1", "50", ""), ("1", "50", "")]).unwrap(), [("Ana".to_owned(), 1_000_000)]);
    }

    #[test]
    fn only_one_sort_of_split_shares_the_money() {
        let overlay = split(&[("1", "100", "Revenue"), ("2", "100", "Overlay")]).unwrap();
        assert_eq!(overlay, [("Ana".to_owned(), 1_000_000)]);
        let sorts = split(&[("3", "80", "T2"), ("1", "70", "T1"), ("2", "30", "T1")]).unwrap();
        assert_eq!(sorts, [("Ana".to_owned(), 700_000), ("Ben".to_owned(), 300_000)]);
    }

    #[test]
    fn what_adds_up_to_something_else_is_no_split() {
        assert_eq!(split(&[("1", "60", ""), ("2", "30", "")]), Err(Decimal::from(90)));
        assert_eq!(split(&[("1", "50", ""), ("nobody", "50", "")]), Err(Decimal::from(100)), "half of it is nobody's");
        // As large as a number can be: two of them have no sum.
        let huge = "79228162514264337593543950335";
        assert_eq!(split(&[("1", huge, ""), ("2", huge, "")]), Err(Decimal::ZERO));
    }
}
