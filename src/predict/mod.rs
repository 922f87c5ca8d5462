//! Leads against lags: which weeks and people the exports allow to test, how many first meetings lead to a win and after how long, and what
//! the lead test says of each lead with each lag.

pub mod edges;
pub mod linkage;
#[cfg(test)]
mod small;

pub use edges::{Edge, edges};
pub use linkage::{Cohort, Linkage, Within, linkage};

use crate::calendar::{Day, Range};
use crate::stats::lead::Results;
use crate::unit::Unit;

/// What is tested, and what it shows.
#[derive(Debug, Clone)]
pub struct Panel {
    /// The names of the people, a row of the matrices each.
    pub people: Vec<String>,
    /// The names of the weeks, a column each, without a gap.
    pub weeks: Vec<String>,
    /// The days from the first week's first to the last week's last, where the weeks are known as days.
    pub range: Option<Range>,
    /// The measures.
    pub leads: Vec<Tested>,
    /// The measures that come after.
    pub lags: Vec<Tested>,
    /// What the sample leaves out and why, in sentences.
    pub cuts: Vec<String>,
    /// Each lead with each lag: indices into both.
    pub pairs: Vec<(usize, usize)>,
    /// What they show.
    pub results: Results,
}

/// A measure of a panel.
#[derive(Debug, Clone)]
pub struct Tested {
    /// Its name.
    pub name: String,
    /// In words, such as `new prospect meetings`.
    pub says: String,
    /// Its unit.
    pub unit: Unit,
    /// The first day from which it is known, where that is not the panel's.
    pub from: Option<Day>,
}
