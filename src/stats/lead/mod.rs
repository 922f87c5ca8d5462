//! The peer-swap lead test: does a person's own activity line up with that person's later results better than some other person's activity
//! would?

mod adjust;
mod effect;
mod lanes;
mod null;
mod ramp;
mod scores;
mod standard;
mod test;
mod time;
mod transform;
mod usable;
mod verdict;

pub use test::test;
pub use usable::lost;
pub use verdict::Verdict;

use super::matrix::Matrix;

/// The fewest usable people, weeks, active weeks of a person, and cells of the lag that are not 0, on which anything is said.
pub const FEWEST_PEOPLE: usize = 5;
/// See [`FEWEST_PEOPLE`].
pub const FEWEST_WEEKS: usize = 26;
/// See [`FEWEST_PEOPLE`].
pub const FEWEST_ACTIVE_WEEKS: usize = 20;
/// See [`FEWEST_PEOPLE`].
pub const FEWEST_EVENTS: usize = 30;
/// The share of false alarms that is accepted.
pub const ALPHA: f64 = 0.05;
/// Below this many weeks no lead time is given.
pub const FEWEST_WEEKS_FOR_LEAD_TIME: usize = 39;
/// By how much the score ahead must exceed those behind and within the week.
pub const GAP: f64 = 1.0;

/// A lead measure and a lag measure of the same people and weeks.
#[derive(Debug, Clone, Copy)]
pub struct Pair<'a> {
    /// The lead measure; NaN where it is not known or the person was not employed.
    pub lead: &'a Matrix,
    /// The lag measure, likewise.
    pub lag: &'a Matrix,
    /// Whether less of the lead is expected to bring more of the lag.
    pub drop: bool,
}

/// How the test is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// The most weeks that a lead may be ahead; a third of the weeks where that is less; 0 is taken as 1.
    pub max_lag: usize,
    /// How many seeded shuffles there are beside the order as it is, where not all orders are gone through (7 people and more).
    pub shuffles: usize,
    /// What the shuffles are drawn from.
    pub seed: u64,
    /// How many threads may be used; the result is the same on any number.
    pub threads: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { max_lag: 13, shuffles: 1999, seed: 1, threads: 1 }
    }
}

/// What the pairs that were tested together show.
#[derive(Debug, Clone)]
pub struct Results {
    /// Per person, whether the tests could use them.
    pub usable: Vec<bool>,
    /// Why a person could not be used: the person, the pair that cost them, and what it lacked; none for people who are usable.
    pub lost: Vec<Lost>,
    /// How many weeks there are.
    pub weeks: usize,
    /// The most weeks looked ahead.
    pub max_lag: usize,
    /// What each pair shows, in the order given.
    pub pairs: Vec<Tested>,
}

/// A person of whom a pair knows too little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// The person, a row of the matrices.
    pub person: usize,
    /// The pair, an index into those given.
    pub pair: usize,
    /// What it lacked.
    pub why: Lack,
}

/// What a pair lacks of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// Weeks in which both measures are known: so many there are.
    Weeks(usize),
    /// A lead that varies.
    Lead,
    /// A lag that varies.
    Lag,
}

/// What a pair shows.
#[derive(Debug, Clone)]
pub struct Tested {
    /// The verdict.
    pub verdict: Verdict,
    /// Person-weeks of usable people in which the lag is not 0.
    pub events: usize,
    /// The evidence; none where there are too few usable people or weeks to test anything.
    pub evidence: Option<Evidence>,
}

/// The numbers behind a verdict.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The share of shuffles that look at least as good, of this pair alone.
    pub p: f64,
    /// The share of shuffles in which any pair looks at least as good.
    pub p_adjusted: f64,
    /// How far the best weeks ahead stand above shuffled people, in standard deviations.
    pub z: f64,
    /// The same with the lag before the lead.
    pub z_reverse: f64,
    /// The same within the week.
    pub z_same_week: f64,
    /// Whether `z` exceeds the two others by 1 or more.
    pub ahead: bool,
    /// Whether it rests on people who were starting, and is no `leads` for that.
    pub starting: bool,
    /// After how many weeks: the center of the strongest weeks and their 5 % and 95 % points; none below 39 weeks of data.
    pub lead: Option<LeadWeeks>,
    /// What an extra unit of the lead brings within the weeks looked ahead; none where the lead does not vary enough.
    pub effect: Option<Effect>,
    /// How far the lead swings around what is expected of person and week, over its mean.
    pub swing: f64,
    /// The share of the lag's events that would have to come from the lead for these data to show it 4 times in 5; above 1 even all would not do.
    pub detectable_share: f64,
    /// The score of each single week: negative where the lag comes first, 0 within the week, positive ahead; from `-max_lag` to `max_lag`.
    pub by_lag: Vec<f64>,
}

/// After how many weeks a lead shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeadWeeks {
    /// The center of the strongest weeks.
    pub weeks: usize,
    /// Their 5 % point.
    pub first: usize,
    /// Their 95 % point.
    pub last: usize,
}

/// What an extra unit of the lead brings, in units of the lag, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effect {
    /// Per extra unit of the lead; of the lead as it was given, also where a drop was expected.
    pub per_activity: f64,
    /// The lower end.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
}

#[cfg(test)]
mod tests;
