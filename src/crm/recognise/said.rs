//! How a choice is explained and a refusal worded.

use std::fmt::Write as _;

use super::super::field;
use super::super::preset::{Heading, Shape};
use super::{Fit, Refusal};
use crate::diagnostic::{Code, Diagnostic};
use crate::table::Kind;

/// Why a table was chosen.
pub(super) fn why(
    fit: &Fit<'_>,
    headings: &[Heading],
    also: Option<&(Kind, Vec<(&'static str, usize)>)>,
    entered: &[(String, usize)],
) -> String {
    // Columns without a heading, as a wider table elsewhere on the sheet leaves them, are no headings.
    let all = headings.iter().filter(|heading| !heading.text.trim().is_empty()).count();
    let mut why = format!("{} of {all} headings are those of {}", fit.known, fit.title());
    let telling = telling(fit, headings);
    if !fit.only_here.is_empty() {
        let verb = if telling.len() == 1 { "is" } else { "are" };
        let _ = write!(why, "; {} {verb} found in no other table", listed(&telling, "and"));
    }
    if let Some((kind, columns)) = also {
        let quotas = columns.iter().filter(|(name, _)| field::find(*kind, name).is_some_and(|f| f.core));
        let quotas: Vec<&str> = quotas.map(|(_, at)| headings[*at].text.as_str()).collect();
        let _ = write!(why, "; {} also {} {}", listed(&quotas, "and"), if quotas.len() == 1 { "fills" } else { "fill" }, kind.name());
    }
    if let [(_, first), rest @ ..] = entered {
        let more = if rest.is_empty() { " also fills".to_owned() } else { format!(" and {} more like it also fill", rest.len()) };
        let _ = write!(why, "; {}{more} stages", headings[*first].text);
    }
    why
}

/// Up to three headings that speak for a table: those found nowhere else first, of them those that say what a row is.
fn telling<'h>(fit: &Fit<'_>, headings: &'h [Heading]) -> Vec<&'h str> {
    let mut places: Vec<usize> = if fit.only_here.is_empty() {
        fit.slots.iter().enumerate().filter(|(_, slot)| slot.is_some()).map(|(at, _)| at).collect()
    } else {
        fit.only_here.clone()
    };
    let is_core = |at: &usize| fit.slots[*at].is_some_and(|(name, _)| field::find(fit.kind(), name).is_some_and(|f| f.core));
    places.sort_by_key(|at| !is_core(at));
    places.truncate(3);
    places.sort_unstable();
    places.into_iter().map(|at| headings[at].text.as_str()).collect()
}

/// A file given as one table whose headings are another's.
pub(super) fn wrong_table(given: Kind, best: &Fit<'_>, headings: &[Heading]) -> Refusal {
    let kind = best.kind().name();
    let message = format!("given as {}, but its headings are those of {kind}: {}", given.name(), telling(best, headings).join(", "));
    refusal(Diagnostic::error(Code::WrongTable, message).hint(match best.kind() {
        // Its option writes a form for a week.
        Kind::Commitments => "name it without an option: its headings say what it is".to_owned(),
        kind => format!("give it with `{} FILE`", option(kind)),
    }))
}

/// The option that says which table a file is; `--leads` names measures.
fn option(kind: Kind) -> String {
    if kind == Kind::Leads { "--lead-records".to_owned() } else { format!("--{}", kind.name()) }
}

/// Headings that fit several tables alike.
pub(super) fn ambiguous(rivals: &[&Fit<'_>], headings: &[Heading]) -> Refusal {
    let mut names: Vec<&str> = rivals.iter().map(|fit| fit.kind().name()).collect();
    names.dedup();
    let shared: Vec<&str> = (0..headings.len())
        .filter(|at| rivals.iter().all(|fit| fit.slots[*at].is_some()))
        .map(|at| headings[at].text.as_str())
        .take(5)
        .collect();
    let mut message = format!("its headings fit {} alike", listed(&names, "and"));
    if !shared.is_empty() {
        let _ = write!(message, ": {}", shared.join(", "));
    }
    let mut kinds: Vec<Kind> = rivals.iter().map(|fit| fit.kind()).collect();
    kinds.dedup();
    let options: Vec<String> =
        kinds.into_iter().filter(|kind| *kind != Kind::Commitments).map(|kind| format!("`{} FILE`", option(kind))).collect();
    let options: Vec<&str> = options.iter().map(String::as_str).collect();
    refusal(Diagnostic::error(Code::AmbiguousTable, message).hint(format!("say which with {}", listed(&options, "or"))))
}

/// Headings that fit none, with what would be needed.
pub(super) fn unrecognised(fits: &[Fit<'_>], headings: &[Heading], pinned: Option<Kind>) -> Refusal {
    let seen: Vec<&str> = headings.iter().map(|h| h.text.as_str()).filter(|text| !text.is_empty()).collect();
    let mut message = match pinned {
        Some(kind) => format!("given as {}, but its headings are others: ", kind.name()),
        None => "no table has these headings: ".to_owned(),
    };
    message.push_str(&seen.iter().take(8).copied().collect::<Vec<_>>().join(", "));
    if seen.len() > 8 {
        let _ = write!(message, " and {} more", seen.len() - 8);
    }
    let near = fits
        .iter()
        .filter(|fit| {
            matches!(fit.table.shape, Shape::Records(_))
                && fit.preset.common
                && !fit.table.is_signed()
                && pinned.is_none_or(|kind| kind == fit.kind())
        })
        // One heading that another sort of table has too is no reason to ask for the rest of that table.
        .filter(|fit| {
            let counted = matches!(fit.kind(), Kind::Activities | Kind::Deals);
            pinned.is_some() || fit.weight >= 1.0 && (counted || fit.filled() > 1)
        })
        .max_by(|a, b| a.weight.total_cmp(&b.weight));
    let diagnostic = match near {
        Some(fit) => {
            let kind = fit.kind();
            if !fit.lacks.is_empty() {
                let _ = write!(message, "; for {} it lacks {}", kind.name(), listed(&fit.lacks, "and"));
            }
            Diagnostic::error(Code::UnrecognisedHeadings, message)
                .hint(field::needs(kind))
                .hint(format!("name its headings under `[columns.{}]` in leadlag.toml", kind.name()))
        }
        None => Diagnostic::error(Code::UnrecognisedHeadings, message)
            .hint(field::needs(Kind::Activities))
            .hint(field::needs(Kind::Deals))
            .hint("name its headings under `[columns.activities]` or `[columns.deals]` in leadlag.toml"),
    };
    refusal(diagnostic)
}

/// A refusal that says this.
pub(super) fn refusal(diagnostic: Diagnostic) -> Refusal {
    Refusal(Box::new(diagnostic))
}

/// `a, b and c`.
pub(in crate::crm) fn listed(names: &[&str], last: &str) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., end] => format!("{} {last} {end}", first.join(", ")),
    }
}
