//! A second, naive implementation of the counting rules, written from the documented rules alone: rows as strings, loops over all of them.
//!
//! It reads the same files as the program and computes every shipped measure for all, each team and each person, week by week; then it runs
//! the program and compares every cell. What the rules leave open is either not in the generated files (see `generate`), or accepted in
//! each sensible reading ([`Want::Either`]), or not compared ([`Want::Any`]).

mod by_hand;
mod compare;
mod exercise;
mod measures;
mod properties;
mod world;

pub(crate) use compare::{Got, agrees, parse, spell};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// What a cell should hold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Want {
    /// This value exactly.
    Number(Decimal),
    /// This value to within the distance.
    Near(f64, f64),
    /// No value, for one of these reasons; for any reason where the list is empty.
    Missing(&'static [&'static str]),
    /// Any of these.
    Either(Vec<Want>),
    /// The rules don't say.
    Any,
}

pub(crate) fn number(n: usize) -> Want {
    Want::Number(Decimal::from(n))
}

/// Whose cells: everybody's, a team's or a person's.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Who {
    All,
    Team(String),
    Owner(String),
}

/// Both days inclusive, Monday to Sunday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Week {
    pub(crate) start: Date,
    pub(crate) end: Date,
}

impl Week {
    pub(crate) fn holds(self, day: Date) -> bool {
        self.start <= day && day <= self.end
    }
}
