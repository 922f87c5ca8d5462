//! Syntax tree to typed tree: every name must be a column, every word one that its column can have, and only like things meet.

mod combine;
mod literal;
mod names;

pub(super) use names::called;

use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, UnaryOperator};

use super::exact::Exact;
use super::like::Pattern;
use super::parse::{SUPPORTED, Source};
use super::tree::{Bool, Comparison, Number, Operator, Text};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::Kind;

/// Parts inside parts beyond this are refused, so that no walk over the tree can exhaust the stack.
const DEEPEST: usize = 60;

/// A word that a predicate compares with text, to be looked up when the tables are read.
#[derive(Debug, Clone)]
pub(super) struct WordUse {
    pub(super) text: WordsOf,
    pub(super) word: String,
    pub(super) at: Location,
}

/// What a word is compared with.
#[derive(Debug, Clone)]
pub(super) enum WordsOf {
    Text(Text),
    List(&'static str),
}

/// An extra heading and where it is first named.
#[derive(Debug, Clone)]
pub(super) struct ExtraUse {
    pub(super) heading: String,
    pub(super) at: Location,
}

/// The value of a part, by its type.
#[derive(Debug, Clone)]
enum Typed {
    Bool(Bool),
    Text(Text),
    Number(Number),
    Day(Number),
    Instant(Number),
    List(&'static str),
    Null,
}

impl Typed {
    fn says(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Text(_) => "text",
            Self::Number(_) => "a number",
            Self::Day(_) => "a date",
            Self::Instant(_) => "a moment",
            Self::List(_) => "a list of texts",
            Self::Null => "NULL",
        }
    }
}

/// A checked part and the token at which it begins.
#[derive(Debug, Clone)]
struct Part {
    typed: Typed,
    token: usize,
}

/// Something was wrong, and it has been said.
struct Refused;

type Checked<T> = Result<T, Refused>;

/// Walks a syntax tree, collecting what it names and what is wrong with it.
pub(super) struct Checker<'a> {
    source: &'a Source<'a>,
    kind: Kind,
    depth: usize,
    pub(super) wrong: Vec<Diagnostic>,
    pub(super) columns: Vec<&'static str>,
    pub(super) extras: Vec<ExtraUse>,
    pub(super) words: Vec<WordUse>,
}

impl<'a> Checker<'a> {
    pub(super) fn new(source: &'a Source<'a>, kind: Kind) -> Self {
        Self { source, kind, depth: 0, wrong: Vec::new(), columns: Vec::new(), extras: Vec::new(), words: Vec::new() }
    }

    /// The condition that a part is; none where something is wrong with it, which has then been said.
    pub(super) fn condition(&mut self, expr: &Expr) -> Option<Bool> {
        self.boolean(expr).ok()
    }

    fn refuse<T>(&mut self, code: Code, token: usize, message: impl Into<String>, hint: impl Into<String>) -> Checked<T> {
        let said = Diagnostic::error(code, message).at(self.source.place(token));
        let hint = hint.into();
        self.wrong.push(if hint.is_empty() { said } else { said.hint(hint) });
        Err(Refused)
    }

    fn unlike<T>(&mut self, token: usize, message: impl Into<String>, hint: impl Into<String>) -> Checked<T> {
        self.refuse(Code::FilterType, token, message, hint)
    }

    fn unsupported<T>(&mut self, token: usize, what: &str) -> Checked<T> {
        self.refuse(Code::FilterSyntax, token, format!("{what} is not supported in a condition"), SUPPORTED)
    }

    fn boolean(&mut self, expr: &Expr) -> Checked<Bool> {
        let part = self.part(expr)?;
        self.as_boolean(part)
    }

    fn as_boolean(&mut self, part: Part) -> Checked<Bool> {
        let hint = match part.typed {
            Typed::Bool(condition) => return Ok(condition),
            Typed::Null => return Ok(Bool::Constant(None)),
            Typed::Text(Text::Literal(ref word)) if word.eq_ignore_ascii_case("true") || word.eq_ignore_ascii_case("false") => {
                "write TRUE or FALSE without quotes"
            }
            Typed::Text(_) => "compare it with text: = 'held'",
            Typed::Number(_) => "compare it with a number: > 0",
            Typed::Day(_) => "compare it with a date: >= '2026-01-31'",
            Typed::Instant(_) => "compare it with a moment: >= '2026-01-31T14:00:00Z'",
            Typed::List(_) => "ask for a name: 'Ana' = ANY(with_people)",
        };
        self.unlike(part.token, format!("a condition is needed, but this is {}", part.typed.says()), hint)
    }

    fn part(&mut self, expr: &Expr) -> Checked<Part> {
        let token = self.source.first_token(expr);
        if self.depth >= DEEPEST {
            return self.refuse(Code::FilterSyntax, token, "parts inside parts, too deep", "write it with fewer parts inside each other");
        }
        self.depth += 1;
        let typed = self.typed(expr, token);
        self.depth -= 1;
        Ok(Part { typed: typed?, token })
    }

    fn typed(&mut self, expr: &Expr, token: usize) -> Checked<Typed> {
        let condition = match expr {
            Expr::Nested(inner) => return Ok(self.part(inner)?.typed),
            Expr::Identifier(name) => return self.name(name, token),
            Expr::CompoundIdentifier(names) => return self.compound(names, token),
            Expr::Value(value) => return self.literal(&value.value, token),
            Expr::TypedString(typed) => return self.typed_string(typed, token),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Bool::Not(Box::new(self.boolean(expr)?)),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr } => return self.negative(expr),
            Expr::UnaryOp { op: UnaryOperator::Plus, expr } => {
                let part = self.part(expr)?;
                return self.as_number(part).map(Typed::Number);
            }
            Expr::BinaryOp { left, op, right } => return self.binary(expr, left, op, right),
            Expr::IsTrue(inner) => Bool::Is(Box::new(self.boolean(inner)?), Some(true)),
            Expr::IsFalse(inner) => Bool::Is(Box::new(self.boolean(inner)?), Some(false)),
            Expr::IsNotTrue(inner) => Bool::Not(Box::new(Bool::Is(Box::new(self.boolean(inner)?), Some(true)))),
            Expr::IsNotFalse(inner) => Bool::Not(Box::new(Bool::Is(Box::new(self.boolean(inner)?), Some(false)))),
            Expr::IsNull(inner) => self.null(inner)?,
            Expr::IsNotNull(inner) => Bool::Not(Box::new(self.null(inner)?)),
            Expr::InList { expr, list, negated } => negate(*negated, self.in_list(expr, list)?),
            Expr::Between { expr, negated, low, high } => {
                let (part, low, high) = (self.part(expr), self.part(low), self.part(high));
                let (part, low, high) = (part?, low?, high?);
                let above = self.compare(Comparison::GreaterOrEqual, part.clone(), low)?;
                let below = self.compare(Comparison::LessOrEqual, part, high)?;
                negate(*negated, Bool::And(vec![above, below]))
            }
            Expr::Like { negated, any: false, expr, pattern, escape_char } => {
                negate(*negated, self.like(expr, pattern, escape_char.as_deref(), false)?)
            }
            Expr::ILike { negated, any: false, expr, pattern, escape_char } => {
                negate(*negated, self.like(expr, pattern, escape_char.as_deref(), true)?)
            }
            Expr::AnyOp { left, compare_op, right, is_some: false } => self.any(left, compare_op, right)?,
            Expr::Function(function) => return self.function(function, token),
            other => return self.unsupported(token, what(other)),
        };
        Ok(Typed::Bool(condition))
    }

    fn binary(&mut self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr) -> Checked<Typed> {
        let comparison = match op {
            BinaryOperator::And => return self.chain(whole, op).map(|parts| Typed::Bool(Bool::And(parts))),
            BinaryOperator::Or => return self.chain(whole, op).map(|parts| Typed::Bool(Bool::Or(parts))),
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            BinaryOperator::Plus => return self.arithmetic(Operator::Plus, left, right),
            BinaryOperator::Minus => return self.arithmetic(Operator::Minus, left, right),
            BinaryOperator::Multiply => return self.arithmetic(Operator::Times, left, right),
            BinaryOperator::Divide => return self.arithmetic(Operator::Over, left, right),
            other => {
                let token = self.source.first_token(right).saturating_sub(1);
                return self.unsupported(token, &format!("`{other}`"));
            }
        };
        let (left, right) = (self.part(left), self.part(right));
        self.compare(comparison, left?, right?).map(Typed::Bool)
    }

    /// The conditions that a chain of ANDs or of ORs joins: a loop, since the tree of a long chain is as deep as the chain is long.
    fn chain(&mut self, whole: &Expr, op: &BinaryOperator) -> Checked<Vec<Bool>> {
        let mut parts = Vec::new();
        let mut rest = whole;
        while let Expr::BinaryOp { left, op: this, right } = rest
            && this == op
        {
            parts.push(right.as_ref());
            rest = left;
        }
        parts.push(rest);
        // All of them are checked, so that every mistake is said at once.
        let checked: Vec<Checked<Bool>> = parts.into_iter().rev().map(|part| self.boolean(part)).collect();
        checked.into_iter().collect()
    }

    fn null(&mut self, inner: &Expr) -> Checked<Bool> {
        Ok(match self.part(inner)?.typed {
            Typed::Bool(condition) => Bool::Is(Box::new(condition), None),
            Typed::Text(text) => Bool::TextIsNull(text),
            Typed::Number(number) | Typed::Day(number) | Typed::Instant(number) => Bool::NumberIsNull(number),
            Typed::List(column) => Bool::ListIsNull(column),
            Typed::Null => Bool::Constant(Some(true)),
        })
    }

    fn in_list(&mut self, expr: &Expr, list: &[Expr]) -> Checked<Bool> {
        let part = self.part(expr);
        let items: Vec<Checked<Part>> = list.iter().map(|item| self.part(item)).collect();
        let part = part?;
        let items = items.into_iter().collect::<Checked<Vec<Part>>>()?;
        let checked: Vec<Checked<Bool>> = items.into_iter().map(|item| self.compare(Comparison::Equal, part.clone(), item)).collect();
        Ok(gather(checked.into_iter().collect::<Checked<Vec<Bool>>>()?))
    }

    fn like(&mut self, expr: &Expr, pattern: &Expr, escape: Option<&Expr>, folded: bool) -> Checked<Bool> {
        let token = self.source.first_token(pattern);
        let (part, pattern) = (self.part(expr), self.part(pattern));
        let (part, pattern) = (part?, pattern?);
        let text = match part.typed {
            Typed::Text(text) => text,
            Typed::Null => Text::Null,
            other => return self.unlike(part.token, format!("LIKE compares text, but this is {}", other.says()), ""),
        };
        let pattern = match pattern.typed {
            Typed::Text(Text::Literal(pattern)) => pattern,
            Typed::Null => return Ok(Bool::Constant(None)),
            Typed::Text(_) => return self.unsupported(token, "a pattern that is no literal text"),
            other => return self.unlike(token, format!("a pattern is text, but this is {}", other.says()), "write '%word%'"),
        };
        let escape = escape.map(|e| self.escape(e)).transpose()?.flatten();
        let Ok(compiled) = Pattern::new(&pattern, escape, folded) else {
            return self.refuse(Code::FilterSyntax, token, "the pattern ends in its escape character", "write it twice to mean itself");
        };
        self.check_pattern(&text, &pattern, &compiled, token)?;
        Ok(Bool::Like(text, compiled))
    }

    fn escape(&mut self, expr: &Expr) -> Checked<Option<char>> {
        let token = self.source.first_token(expr);
        if let Typed::Text(Text::Literal(text)) = self.part(expr)?.typed {
            let mut chars = text.chars();
            let first = chars.next();
            if chars.next().is_none() {
                return Ok(first);
            }
        }
        self.refuse(Code::FilterSyntax, token, "ESCAPE takes one character", "such as ESCAPE '!'")
    }

    fn any(&mut self, left: &Expr, op: &BinaryOperator, right: &Expr) -> Checked<Bool> {
        if *op != BinaryOperator::Eq {
            let token = self.source.first_token(left);
            return self.refuse(Code::FilterSyntax, token, format!("`{op} ANY` is not supported"), "write NOT ('Ana' = ANY(with_people))");
        }
        let (left, list) = (self.part(left), self.part(right));
        let (left, list) = (left?, list?);
        let Typed::List(column) = list.typed else {
            return self.unlike(
                list.token,
                format!("ANY takes a list of texts, but this is {}", list.typed.says()),
                "write IN for a list of words",
            );
        };
        let text = match left.typed {
            Typed::Text(text) => text,
            Typed::Null => Text::Null,
            other => return self.unlike(left.token, format!("`{column}` holds texts, but this is {}", other.says()), ""),
        };
        if let Text::Literal(word) = &text {
            self.words.push(WordUse { text: WordsOf::List(column), word: word.clone(), at: self.source.place(left.token) });
        }
        Ok(Bool::Any(text, column))
    }

    fn function(&mut self, function: &Function, token: usize) -> Checked<Typed> {
        let name = function.name.to_string();
        let known = ["lower", "upper", "coalesce", "length"].into_iter().find(|k| name.eq_ignore_ascii_case(k));
        let Some(known) = known else {
            return self.unsupported(token, &format!("`{name}()`"));
        };
        let plain =
            function.over.is_none() && function.filter.is_none() && function.null_treatment.is_none() && function.within_group.is_empty();
        let FunctionArguments::List(list) = &function.args else {
            return self.unsupported(token, &format!("`{name}` without arguments"));
        };
        if !plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() || function.parameters != FunctionArguments::None {
            return self.unsupported(token, &format!("`{name}` with more than its arguments"));
        }
        let mut parts = Vec::new();
        for arg in &list.args {
            let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg else {
                return self.unsupported(token, &format!("such an argument of `{name}`"));
            };
            parts.push(self.part(expr));
        }
        let mut parts = parts.into_iter().collect::<Checked<Vec<Part>>>()?;
        if known == "coalesce" {
            return self.coalesce(parts, token);
        }
        let (Some(part), true) = (parts.pop(), parts.is_empty()) else {
            return self.refuse(Code::FilterSyntax, token, format!("`{known}` takes one text"), format!("write {known}(subject)"));
        };
        let text = match part.typed {
            Typed::Text(text) => text,
            Typed::Null => Text::Null,
            other => return self.unlike(part.token, format!("`{known}` takes text, but this is {}", other.says()), ""),
        };
        Ok(match known {
            "lower" => Typed::Text(Text::Lower(Box::new(text))),
            "upper" => Typed::Text(Text::Upper(Box::new(text))),
            _ => Typed::Number(Number::Length(Box::new(text))),
        })
    }

    fn negative(&mut self, inner: &Expr) -> Checked<Typed> {
        let part = self.part(inner)?;
        Ok(Typed::Number(match self.as_number(part)? {
            Number::Literal(exact) => exact.negative().map_or(Number::Null, Number::Literal),
            number => Number::Negative(Box::new(number)),
        }))
    }

    fn as_number(&mut self, part: Part) -> Checked<Number> {
        match part.typed {
            Typed::Number(number) => Ok(number),
            Typed::Null => Ok(Number::Null),
            Typed::Text(Text::Literal(ref word)) if Exact::parse(word).is_some() => {
                self.unlike(part.token, format!("'{word}' is text, not a number"), format!("write {word} without quotes"))
            }
            other => self.unlike(part.token, format!("a number is needed, but this is {}", other.says()), ""),
        }
    }
}

fn negate(negated: bool, condition: Bool) -> Bool {
    if negated { Bool::Not(Box::new(condition)) } else { condition }
}

/// Equalities of one thing as one test of membership, where all are with literals of text, or all with literals of numbers.
fn gather(equalities: Vec<Bool>) -> Bool {
    let (mut words, mut numbers, mut null) = (Vec::new(), Vec::new(), false);
    for equality in &equalities {
        match equality {
            Bool::Texts(_, _, Text::Literal(word)) => words.push(word.clone()),
            Bool::Numbers(_, _, Number::Literal(exact)) => numbers.push(*exact),
            Bool::Texts(_, _, Text::Null) | Bool::Numbers(_, _, Number::Null) => null = true,
            _ => return Bool::Or(equalities),
        }
    }
    words.sort_unstable();
    words.dedup();
    numbers.sort_unstable_by(|a, b| a.compare(*b));
    match equalities.first() {
        Some(Bool::Texts(_, text, _)) if equalities.iter().all(|e| matches!(e, Bool::Texts(..))) => Bool::TextIn(text.clone(), words, null),
        Some(Bool::Numbers(_, number, _)) if equalities.iter().all(|e| matches!(e, Bool::Numbers(..))) => {
            Bool::NumberIn(number.clone(), numbers, null)
        }
        _ => Bool::Or(equalities),
    }
}

/// What a part that is not supported is called.
fn what(expr: &Expr) -> &'static str {
    match expr {
        Expr::Case { .. } => "CASE",
        Expr::Cast { .. } | Expr::Convert { .. } => "a cast",
        Expr::Subquery(_) | Expr::InSubquery { .. } | Expr::Exists { .. } => "a subquery",
        Expr::IsUnknown(_) | Expr::IsNotUnknown(_) => "IS UNKNOWN (write IS NULL)",
        Expr::IsDistinctFrom(..) | Expr::IsNotDistinctFrom(..) => "IS DISTINCT FROM",
        Expr::SimilarTo { .. } | Expr::RLike { .. } => "a regular expression (write LIKE or ILIKE)",
        Expr::Like { .. } | Expr::ILike { .. } => "LIKE ANY",
        Expr::AllOp { .. } => "ALL",
        Expr::Interval(_) => "an interval (write day - 7)",
        Expr::Extract { .. } => "EXTRACT",
        Expr::Tuple(_) => "a list outside IN",
        Expr::Substring { .. } | Expr::Trim { .. } | Expr::Position { .. } | Expr::Overlay { .. } => "this function",
        Expr::Ceil { .. } | Expr::Floor { .. } => "rounding",
        _ => "this",
    }
}
