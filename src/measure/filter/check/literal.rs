//! Literals: text, numbers, TRUE, FALSE, NULL, and text that must be a date or a moment because of what it is compared with.

use jiff::civil::Date;
use sqlparser::ast::{DataType, TypedString, Value};

use super::super::exact::Exact;
use super::super::tree::{Bool, Number, Text};
use super::{Checked, Checker, Typed};

/// Milliseconds of a day.
pub(super) const DAY: i128 = 86_400_000;

impl Checker<'_> {
    pub(super) fn literal(&mut self, value: &Value, token: usize) -> Checked<Typed> {
        match value {
            Value::SingleQuotedString(text) => Ok(Typed::Text(Text::Literal(text.clone()))),
            Value::Boolean(value) => Ok(Typed::Bool(Bool::Constant(Some(*value)))),
            Value::Null => Ok(Typed::Null),
            Value::Number(text, false) => match Exact::parse(text) {
                Some(exact) => Ok(Typed::Number(Number::Literal(exact))),
                None => self.unlike(token, format!("{text} has more digits than fit in a number"), ""),
            },
            _ => self.unsupported(token, "this way to write a literal"),
        }
    }

    pub(super) fn typed_string(&mut self, typed: &TypedString, token: usize) -> Checked<Typed> {
        let Value::SingleQuotedString(text) = &typed.value.value else {
            return self.unsupported(token, "this way to write a literal");
        };
        if typed.data_type != DataType::Date || typed.uses_odbc_syntax {
            return self.unsupported(token, &format!("a literal of type {}", typed.data_type));
        }
        self.day(text, token + 1).map(Typed::Day)
    }

    /// The day that a text spells.
    pub(super) fn day(&mut self, text: &str, token: usize) -> Checked<Number> {
        match day_number(text) {
            Some(day) => Ok(Number::Literal(Exact::whole(day))),
            None => self.unlike(token, format!("'{text}' is no date"), "a date is written '2026-01-31'"),
        }
    }

    /// The moment that a text spells; a date is its midnight in UTC.
    pub(super) fn instant(&mut self, text: &str, token: usize) -> Checked<Number> {
        let moment = match day_number(text) {
            Some(day) => Some(i128::from(day) * DAY),
            // A moment is spelled in full: other forms that the parser knows would be read by a warehouse in other ways.
            None if text.is_ascii() && text.get(10..11).is_some_and(|c| c == "T" || c == " ") => {
                text.parse::<jiff::Timestamp>().ok().map(|t| i128::from(t.as_millisecond()))
            }
            None => None,
        };
        match moment {
            Some(moment) => Ok(Number::Literal(Exact::whole(moment))),
            None => self.unlike(
                token,
                format!("'{text}' is no moment"),
                "a moment is written '2026-01-31T14:00:00Z', or as a date for its midnight in UTC",
            ),
        }
    }
}

/// Days since 1970-01-01 of `YYYY-MM-DD`.
fn day_number(text: &str) -> Option<i32> {
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10 && bytes.iter().enumerate().all(|(i, b)| if i == 4 || i == 7 { *b == b'-' } else { b.is_ascii_digit() });
    if !shaped {
        return None;
    }
    let date: Date = text.parse().ok()?;
    Some(date.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days())
}
