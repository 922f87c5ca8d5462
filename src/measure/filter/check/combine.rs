//! Two or more parts that meet: compared, reckoned with, or the first of them that is known.

use sqlparser::ast::Expr;

use super::super::exact::Exact;
use super::super::tree::{Bool, Comparison, Number, Operator, Text};
use super::literal::DAY;
use super::{Checked, Checker, Part, Typed};
use crate::table::{Kind, Type};

impl Checker<'_> {
    /// A comparison; text that meets a date or a moment is read as one, and NULL is of whatever type it meets.
    pub(super) fn compare(&mut self, comparison: Comparison, left: Part, right: Part) -> Checked<Bool> {
        let (left_token, right_token) = (left.token, right.token);
        let (left, right) = self.alike(left, right)?;
        Ok(match (left, right) {
            (Typed::Text(left), Typed::Text(right)) => {
                if matches!(comparison, Comparison::Equal | Comparison::NotEqual) {
                    match (&left, &right) {
                        (_, Text::Literal(word)) => self.check_word(&left, word, right_token)?,
                        (Text::Literal(word), _) => self.check_word(&right, word, left_token)?,
                        _ => {}
                    }
                }
                Bool::Texts(comparison, left, right)
            }
            (
                Typed::Number(left) | Typed::Day(left) | Typed::Instant(left),
                Typed::Number(right) | Typed::Day(right) | Typed::Instant(right),
            ) => Bool::Numbers(comparison, left, right),
            (Typed::Bool(left), Typed::Bool(right)) => match comparison {
                Comparison::Equal => Bool::Same(Box::new(left), Box::new(right)),
                Comparison::NotEqual => Bool::Not(Box::new(Bool::Same(Box::new(left), Box::new(right)))),
                _ => return self.unlike(left_token, "true and false have no order", "compare them with = or <>"),
            },
            (Typed::List(column), _) | (_, Typed::List(column)) => {
                return self.unlike(left_token, format!("`{column}` is a list of texts"), format!("write 'Ana' = ANY({column})"));
            }
            _ => Bool::Constant(None),
        })
    }

    /// Two parts as one type.
    fn alike(&mut self, left: Part, right: Part) -> Checked<(Typed, Typed)> {
        use Typed as T;
        Ok(match (left.typed, right.typed) {
            (T::Day(day), T::Text(Text::Literal(text))) => (T::Day(day), T::Day(self.day(&text, right.token)?)),
            (T::Text(Text::Literal(text)), T::Day(day)) => (T::Day(self.day(&text, left.token)?), T::Day(day)),
            (T::Instant(at), T::Text(Text::Literal(text))) => (T::Instant(at), T::Instant(self.instant(&text, right.token)?)),
            (T::Text(Text::Literal(text)), T::Instant(at)) => (T::Instant(self.instant(&text, left.token)?), T::Instant(at)),
            (T::Instant(at), T::Day(Number::Literal(day))) => (T::Instant(at), T::Instant(midnight(day))),
            (T::Day(Number::Literal(day)), T::Instant(at)) => (T::Instant(midnight(day)), T::Instant(at)),
            (T::Null, T::Null) => (T::Null, T::Null),
            (some, T::Null) => {
                let null = null_like(&some);
                (some, null)
            }
            (T::Null, some) => (null_like(&some), some),
            (left_typed, right_typed) if std::mem::discriminant(&left_typed) == std::mem::discriminant(&right_typed) => {
                (left_typed, right_typed)
            }
            (T::List(column), _) | (_, T::List(column)) => {
                return self.unlike(left.token, format!("`{column}` is a list of texts"), format!("write 'Ana' = ANY({column})"));
            }
            (left_typed, right_typed) => {
                // The literal is what was most likely written wrongly.
                let left_wrong = is_literal(&left_typed) && !is_literal(&right_typed);
                let (wrong, token, other) =
                    if left_wrong { (left_typed, left.token, right_typed) } else { (right_typed, right.token, left_typed) };
                let hint = advice(&wrong, &other);
                return self.unlike(token, format!("{} cannot be compared with {}", other.says(), wrong.says()), hint);
            }
        })
    }

    pub(super) fn arithmetic(&mut self, operator: Operator, left: &Expr, right: &Expr) -> Checked<Typed> {
        let (left, right) = (self.part(left), self.part(right));
        let (left, right) = (left?, right?);
        let (days, moved) = match (&left.typed, &right.typed, operator) {
            (Typed::Day(_), Typed::Day(_) | Typed::Text(Text::Literal(_)), Operator::Minus) => {
                let (Typed::Day(left), Typed::Day(right)) = self.alike(left, right)? else {
                    return Err(super::Refused);
                };
                return Ok(Typed::Number(compute(operator, left, right)));
            }
            (Typed::Day(_), Typed::Number(_) | Typed::Null, Operator::Plus | Operator::Minus) => (left, right),
            (Typed::Number(_) | Typed::Null, Typed::Day(_), Operator::Plus) => (right, left),
            (Typed::Day(_), _, _) => {
                return self.unlike(
                    left.token,
                    "a date takes only days added or taken away, or another date taken away",
                    "such as day - 7",
                );
            }
            (_, Typed::Day(_), _) => {
                return self.unlike(
                    right.token,
                    "a date takes only days added or taken away, or another date taken away",
                    "such as day - 7",
                );
            }
            _ => {
                let (left, right) = (self.as_number(left), self.as_number(right));
                return Ok(Typed::Number(compute(operator, left?, right?)));
            }
        };
        let token = moved.token;
        let (Typed::Day(days), moved) = (days.typed, self.as_number(moved)?) else {
            return Err(super::Refused);
        };
        if !is_whole(self.kind, &moved) {
            return self.unlike(token, "a date moves by whole days", "such as day - 7");
        }
        Ok(Typed::Day(compute(operator, days, moved)))
    }

    /// The first of several parts that is known: they must be alike.
    pub(super) fn coalesce(&mut self, parts: Vec<Part>, token: usize) -> Checked<Typed> {
        let model = parts.iter().find(|p| !is_literal(&p.typed)).or_else(|| parts.iter().find(|p| !matches!(p.typed, Typed::Null)));
        let Some(model) = model.cloned() else {
            return self.unlike(token, "`coalesce` needs something that can be known", "write coalesce(account, lead)");
        };
        let mut alike = Vec::new();
        for part in parts {
            alike.push(self.alike(model.clone(), part)?.1);
        }
        let (mut conditions, mut texts, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
        for typed in alike {
            match typed {
                Typed::Bool(condition) => conditions.push(condition),
                Typed::Text(text) => texts.push(text),
                Typed::Number(number) | Typed::Day(number) | Typed::Instant(number) => numbers.push(number),
                Typed::List(column) => return self.unlike(token, format!("`{column}` is a list of texts"), ""),
                Typed::Null => {}
            }
        }
        Ok(match model.typed {
            Typed::Bool(_) => Typed::Bool(Bool::Coalesce(conditions)),
            Typed::Text(_) => Typed::Text(Text::Coalesce(texts)),
            Typed::Day(_) => Typed::Day(Number::Coalesce(numbers)),
            Typed::Instant(_) => Typed::Instant(Number::Coalesce(numbers)),
            Typed::Number(_) | Typed::List(_) | Typed::Null => Typed::Number(Number::Coalesce(numbers)),
        })
    }
}

fn midnight(day: Exact) -> Number {
    day.times(Exact::whole(DAY)).map_or(Number::Null, Number::Literal)
}

fn null_like(typed: &Typed) -> Typed {
    match typed {
        Typed::Bool(_) => Typed::Bool(Bool::Constant(None)),
        Typed::Text(_) => Typed::Text(Text::Null),
        Typed::Number(_) => Typed::Number(Number::Null),
        Typed::Day(_) => Typed::Day(Number::Null),
        Typed::Instant(_) => Typed::Instant(Number::Null),
        Typed::List(_) | Typed::Null => Typed::Null,
    }
}

fn is_literal(typed: &Typed) -> bool {
    match typed {
        Typed::Text(Text::Literal(_)) | Typed::Bool(Bool::Constant(_)) | Typed::Null => true,
        Typed::Number(number) | Typed::Day(number) | Typed::Instant(number) => number.is_constant(),
        _ => false,
    }
}

/// What to write instead of `wrong` beside `other`.
fn advice(wrong: &Typed, other: &Typed) -> String {
    match (wrong, other) {
        (Typed::Text(Text::Literal(word)), Typed::Number(_)) if Exact::parse(word).is_some() => format!("write {word} without quotes"),
        (Typed::Number(Number::Literal(exact)), Typed::Text(_)) => format!("put it in quotes: '{exact}'"),
        (Typed::Text(_), Typed::Bool(_)) => "write the condition alone, or = TRUE, or NOT before it".to_owned(),
        (Typed::Bool(_), Typed::Text(_)) => "put the word in quotes".to_owned(),
        (_, Typed::Day(_)) => "a date is written '2026-01-31'".to_owned(),
        (_, Typed::Instant(_)) => "a moment is written '2026-01-31T14:00:00Z'".to_owned(),
        _ => String::new(),
    }
}

/// An operation, done at once where both numbers are known and the result is exact.
fn compute(operator: Operator, left: Number, right: Number) -> Number {
    if let (Number::Literal(a), Number::Literal(b)) = (&left, &right) {
        let known = match operator {
            Operator::Plus => a.plus(*b),
            Operator::Minus => b.negative().and_then(|b| a.plus(b)),
            Operator::Times => a.times(*b),
            Operator::Over => None,
        };
        if let Some(exact) = known {
            return Number::Literal(exact);
        }
    }
    Number::Arithmetic(operator, Box::new(left), Box::new(right))
}

/// Whether a number has no fraction, whatever the record.
fn is_whole(kind: Kind, number: &Number) -> bool {
    match number {
        Number::Column(name) => kind.column(name).is_some_and(|c| matches!(c.ty, Type::Whole | Type::Day | Type::Instant)),
        Number::Literal(exact) => exact.is_whole(),
        Number::Line | Number::Null | Number::Length(_) => true,
        Number::Negative(inner) => is_whole(kind, inner),
        Number::Arithmetic(operator, left, right) => *operator != Operator::Over && is_whole(kind, left) && is_whole(kind, right),
        Number::Coalesce(parts) => parts.iter().all(|p| is_whole(kind, p)),
    }
}
