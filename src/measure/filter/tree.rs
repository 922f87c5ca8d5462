//! What a checked predicate is: a tree in which every part has one type and every name is a column.

use super::exact::Exact;
use super::like::Pattern;

/// A column of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextRef {
    /// A canonical column.
    Column(&'static str),
    /// A heading of the export's own.
    Extra(String),
    /// The name of the record's file.
    File,
}

/// A part whose value is text.
#[derive(Debug, Clone)]
pub(super) enum Text {
    Column(TextRef),
    Literal(String),
    Null,
    Lower(Box<Text>),
    Upper(Box<Text>),
    Coalesce(Vec<Text>),
}

/// A part whose value is a number, a day (days since 1970) or a moment (UTC milliseconds): to compute they are all numbers.
#[derive(Debug, Clone)]
pub(super) enum Number {
    Column(&'static str),
    /// The line on which the record begins.
    Line,
    Literal(Exact),
    Null,
    Length(Box<Text>),
    Negative(Box<Number>),
    Arithmetic(Operator, Box<Number>, Box<Number>),
    Coalesce(Vec<Number>),
}

/// An operator of arithmetic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Plus,
    Minus,
    Times,
    Over,
}

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    /// Whether it holds for two things that compare so.
    pub(super) fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }

    /// The same seen from the other side: `a < b` is `b > a`.
    pub(super) fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
            same => same,
        }
    }
}

/// A part that is true, false or unknown.
#[derive(Debug, Clone)]
pub(super) enum Bool {
    Constant(Option<bool>),
    Flag(&'static str),
    Not(Box<Bool>),
    And(Vec<Bool>),
    Or(Vec<Bool>),
    Coalesce(Vec<Bool>),
    /// `IS TRUE`, `IS FALSE`, `IS NULL` of a condition.
    Is(Box<Bool>, Option<bool>),
    /// `=` and `<>` between conditions.
    Same(Box<Bool>, Box<Bool>),
    Texts(Comparison, Text, Text),
    Numbers(Comparison, Number, Number),
    /// Membership in sorted words, or beside them NULL.
    TextIn(Text, Vec<String>, bool),
    /// Membership in sorted numbers, or beside them NULL.
    NumberIn(Number, Vec<Exact>, bool),
    Like(Text, Pattern),
    TextIsNull(Text),
    NumberIsNull(Number),
    ListIsNull(&'static str),
    /// `text = ANY(list)`.
    Any(Text, &'static str),
}

/// A column that a part reads.
pub(super) enum Leaf<'a> {
    Text(&'a TextRef),
    Other,
}

impl Text {
    pub(super) fn leaves<'a>(&'a self, found: &mut Vec<Leaf<'a>>) {
        match self {
            Self::Column(column) => found.push(Leaf::Text(column)),
            Self::Literal(_) | Self::Null => {}
            Self::Lower(inner) | Self::Upper(inner) => inner.leaves(found),
            Self::Coalesce(parts) => parts.iter().for_each(|p| p.leaves(found)),
        }
    }
}

impl Number {
    pub(super) fn leaves<'a>(&'a self, found: &mut Vec<Leaf<'a>>) {
        match self {
            Self::Column(_) | Self::Line => found.push(Leaf::Other),
            Self::Literal(_) | Self::Null => {}
            Self::Length(text) => text.leaves(found),
            Self::Negative(inner) => inner.leaves(found),
            Self::Arithmetic(_, left, right) => {
                left.leaves(found);
                right.leaves(found);
            }
            Self::Coalesce(parts) => parts.iter().for_each(|p| p.leaves(found)),
        }
    }

    /// Whether it reads no column.
    pub(super) fn is_constant(&self) -> bool {
        let mut found = Vec::new();
        self.leaves(&mut found);
        found.is_empty()
    }
}

impl Bool {
    fn leaves<'a>(&'a self, found: &mut Vec<Leaf<'a>>) {
        match self {
            Self::Constant(_) => {}
            Self::Flag(_) | Self::ListIsNull(_) => found.push(Leaf::Other),
            Self::Not(inner) | Self::Is(inner, _) => inner.leaves(found),
            Self::And(parts) | Self::Or(parts) | Self::Coalesce(parts) => parts.iter().for_each(|p| p.leaves(found)),
            Self::Same(left, right) => {
                left.leaves(found);
                right.leaves(found);
            }
            Self::Texts(_, left, right) => {
                left.leaves(found);
                right.leaves(found);
            }
            Self::Numbers(_, left, right) => {
                left.leaves(found);
                right.leaves(found);
            }
            Self::TextIn(text, ..) | Self::Like(text, _) | Self::TextIsNull(text) => text.leaves(found),
            Self::NumberIn(number, ..) | Self::NumberIsNull(number) => number.leaves(found),
            Self::Any(text, _) => {
                text.leaves(found);
                found.push(Leaf::Other);
            }
        }
    }

    /// The one column of words that it reads, where it reads that and nothing else.
    pub(super) fn only_text(&self) -> Option<&TextRef> {
        let mut found = Vec::new();
        self.leaves(&mut found);
        let mut only = None;
        for leaf in found {
            match (leaf, only) {
                (Leaf::Text(column), None) => only = Some(column),
                (Leaf::Text(column), Some(other)) if column == other => {}
                _ => return None,
            }
        }
        only
    }
}
