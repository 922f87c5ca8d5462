//! From first meetings to wins: which share of the accounts first met buys, and after how long.

use crate::calendar::Day;
use crate::document::CurvePoint;

/// What became of the accounts that a lead measure's records met first.
#[derive(Debug, Clone)]
pub struct Linkage {
    /// The lead measure, whose records are followed.
    pub lead: String,
    /// It in words, such as `new prospect meetings`.
    pub says: String,
    /// The days of the first meetings that are followed.
    pub first: Day,
    /// The last of these days, and until when the deals tell what became of them.
    pub through: Day,
    /// How many accounts are followed.
    pub accounts: usize,
    /// Of how many of them a deal was won since.
    pub won: usize,
    /// The share that has bought within some weeks: 4, 13, 26 and 52, as far as anybody was followed so long.
    pub within: Vec<Within>,
    /// The weeks by which half of those had bought that buy within 52, or within the longest time followed.
    pub half: Option<f64>,
    /// The same by the quarter of the first meeting.
    pub cohorts: Vec<Cohort>,
    /// The share that has bought, over the weeks since the first meeting.
    pub curve: Vec<CurvePoint>,
    /// The longest time that anybody was followed, in weeks.
    pub longest: f64,
    /// What was left out and why, in sentences.
    pub cuts: Vec<String>,
}

/// A share within some weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Within {
    /// The weeks.
    pub weeks: u32,
    /// The share, from 0 to 1.
    pub share: f64,
    /// The lower end of its 95 % interval.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
    /// How many accounts were followed so long without a win, or won.
    pub known: usize,
}

/// The accounts first met in one quarter.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// The quarter's name.
    pub period: String,
    /// How many accounts.
    pub accounts: usize,
    /// Of how many a deal was won since.
    pub won: usize,
    /// The share that has bought within 4, 13, 26 and 52 weeks; none where the youngest was not followed so long: not ripe.
    pub within: Vec<Option<Within>>,
}
