//! Typed tree to masks. A part that reads one column of words alone is worked out once per word; masks are combined as bytes.

use std::cell::OnceCell;

use polars::prelude::PolarsResult;

use super::dictionary::Scope;
use super::mask::{FALSE, Mask, NULL, TRUE, byte};
use super::number;
use super::tree::{Bool, Text};
use crate::table::Column;

/// The result of a condition for each row of a scope.
pub(super) fn evaluate(condition: &Bool, scope: &Scope) -> PolarsResult<Mask> {
    if let Some(column) = condition.only_text()
        && let Some((words, codes)) = scope.narrowed(column)
    {
        let folded = OnceCell::new();
        let answers = evaluate(condition, &Scope { folded: Some(&folded), ..words })?;
        // The last answer is that for NULL.
        let null = answers.0.last().copied().unwrap_or(NULL);
        return Ok(Mask(codes.gather(&answers.0, null)));
    }
    Ok(match condition {
        Bool::Constant(value) => Mask::constant(*value, scope.rows),
        Bool::Flag(name) => flags(name, scope),
        Bool::Not(inner) => evaluate(inner, scope)?.not(),
        Bool::And(parts) => {
            let mut all = Mask::constant(Some(true), scope.rows);
            for part in parts {
                all.and_with(&evaluate(part, scope)?);
            }
            all
        }
        Bool::Or(parts) => {
            let mut any = Mask::constant(Some(false), scope.rows);
            for part in parts {
                any.or_with(&evaluate(part, scope)?);
            }
            any
        }
        Bool::Coalesce(parts) => {
            let mut first = Mask::constant(None, scope.rows);
            for part in parts {
                first.or_else(&evaluate(part, scope)?);
            }
            first
        }
        Bool::Is(inner, value) => evaluate(inner, scope)?.is(*value),
        Bool::Same(left, right) => {
            let (left, right) = (evaluate(left, scope)?, evaluate(right, scope)?);
            let same = |(a, b): (&u8, &u8)| if *a == NULL || *b == NULL { NULL } else { byte(Some(a == b)) };
            Mask(left.0.iter().zip(&right.0).map(same).collect())
        }
        Bool::Texts(comparison, text, Text::Literal(word)) => scope.text(text).compare_word(*comparison, word),
        Bool::Texts(comparison, Text::Literal(word), text) => scope.text(text).compare_word(comparison.mirrored(), word),
        Bool::Texts(comparison, left, right) => scope.text(left).compare(*comparison, &scope.text(right)),
        Bool::Numbers(comparison, left, right) => number::compare(*comparison, left, right, scope)?,
        Bool::TextIn(text, words, null) => scope.text(text).among(words, *null),
        Bool::NumberIn(number, list, null) => number::among(number, list, *null, scope)?,
        Bool::Like(text, pattern) => scope.like(text, pattern),
        Bool::TextIsNull(text) => scope.text(text).is_null(),
        Bool::NumberIsNull(number) => number::is_null(number, scope)?,
        Bool::ListIsNull(name) => Mask::constant(Some(!matches!(scope.table.column(name), Some(Column::Lists(_)))), scope.rows),
        Bool::Any(text, name) => any(text, name, scope),
    })
}

fn flags(name: &str, scope: &Scope) -> Mask {
    match scope.table.column(name) {
        Some(Column::Flags(flags)) => Mask(flags.iter().map(|f| [FALSE, TRUE].get(*f as usize).copied().unwrap_or(NULL)).collect()),
        _ => Mask::constant(None, scope.rows),
    }
}

/// Whether each row's list holds its text. A list without names holds none, whatever the text.
fn any(text: &Text, name: &str, scope: &Scope) -> Mask {
    let Some(Column::Lists(lists)) = scope.table.column(name) else {
        return Mask::constant(None, scope.rows);
    };
    let text = scope.text(text);
    let nulls = text.is_null();
    let codes = text.codes_in(&lists.words);
    let held = codes.iter().zip(&nulls.0).zip(lists.offsets.windows(2)).map(|((code, null), ends)| {
        let list = lists.codes.get(ends[0] as usize..ends[1] as usize).unwrap_or_default();
        match code {
            _ if list.is_empty() => FALSE,
            _ if *null == TRUE => NULL,
            Some(code) if list.contains(code) => TRUE,
            _ => FALSE,
        }
    });
    Mask(held.collect())
}
