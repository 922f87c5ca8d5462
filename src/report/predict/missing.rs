//! Why a measure tells nothing, or less than its weeks would.

use crate::predict::{Missing, Series};
use crate::report::words;
use crate::table::Kind;
use crate::unit::Unit;

/// Why nothing can be told of a measure: it is not known in any week of a person, or the same wherever it is.
pub(super) fn whole(of: &Series) -> Option<String> {
    let mut cells = (0..of.values.rows()).flat_map(|row| of.values.row(row)).copied().filter(|cell| cell.is_finite());
    let first = cells.next();
    if first.is_some_and(|first| cells.any(|cell| cell.total_cmp(&first).is_ne())) {
        return None;
    }
    let says = &of.says;
    if let Some((why, _)) = of.cells.missing {
        let known = format!("known in {} of {} weeks of a person", of.cells.known, of.cells.there);
        return Some(match why {
            Missing::NoTable(table) => format!("no {} among the exports", table.name()),
            Missing::NoData => format!("{says}: what they are made of is not in the exports"),
            Missing::Amounts => amounts(of),
            Missing::TooFew(least) => format!("{says}: too few records in a week ({least} needed), {known}"),
            Missing::Past => past(of),
            Missing::NotReached if of.cells.known == 0 => {
                format!("{says} not known in any week: the exports do not reach or look back so far")
            }
            Missing::NotReached => format!("{says}: {known}, the exports do not reach or look back so far as the others"),
            Missing::NotApplicable => format!("{says}: {known}"),
        });
    }
    Some(match first {
        None => format!("{says} not known in any week"),
        Some(first) => format!("{says} never anything but {first}"),
    })
}

/// The table of which no record is among the exports, where a measure needs one.
pub(super) fn table(of: &Series) -> Option<String> {
    match of.cells.missing {
        Some((Missing::NoTable(_), n)) if n == of.cells.there => whole(of),
        _ => None,
    }
}

/// What keeps a measure from being known in most weeks, where that is not the number of weeks.
pub(super) fn part(of: &Series) -> Option<String> {
    let (why, n) = of.cells.missing?;
    let most = n * 2 > of.cells.there;
    match why {
        Missing::Past if of.cells.of_now => Some(past(of)),
        Missing::Amounts if most => Some(amounts(of)),
        Missing::TooFew(least) if most => Some(format!("too few records of {} in most weeks ({least} needed)", of.says)),
        _ => None,
    }
}

/// What would let more be known of a measure.
pub(super) fn remedy(of: &Series) -> Option<String> {
    let (why, n) = of.cells.missing?;
    match why {
        Missing::NoTable(Kind::Activities) => Some("add activities to the exports: the CRM's tasks, calls and events".to_owned()),
        Missing::NoTable(table) => Some(format!("add {} to the exports", table.name())),
        Missing::Amounts if of.unit == Unit::Hours && n > 0 => {
            Some("say in leadlag.toml under [minutes] how long what has no minutes takes".to_owned())
        }
        _ => None,
    }
}

fn past(of: &Series) -> String {
    format!("{}: today's export can't tell how they stood before, so they can't be tested", of.says)
}

fn amounts(of: &Series) -> String {
    let what = if of.unit == Unit::Hours { "minutes" } else { "amounts" };
    format!("{}: {what} known for {} of {}", of.says, of.cells.priced, words::count(of.cells.records, "record"))
}
