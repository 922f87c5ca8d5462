//! What is still needed to reach a goal: what is won, what the open pipeline and the present pace of first meetings can be expected to
//! bring by the date, how many more meetings or presentations the rest takes, and until which week they can still count for it.
//!
//! Everything is from this company's own history, or given instead; what neither has is missing, and said. Intervals are 80 % ones: from
//! the 10th to the 90th of a hundred outcomes, drawn with a fixed seed from resampled history (Efron 1979), so that the same exports give
//! the same numbers.
//!
//! - [`goal`]: how much, of which days, and what is won of it.
//! - [`history`]: the exports as plain numbers: how old deals got until they were won or lost, the open ones, the amounts won.
//! - [`model`]: those numbers and what is given → what can be expected, and what is missing.
//! - [`activity`]: first meetings and presentations: what each brings by the date, the pace, the last week that counts.
//! - [`levers`]: advance rate, win rate, deal size and meetings a week, beside the own past.

pub mod activity;
mod assumed;
pub mod goal;
pub mod history;
pub mod levers;
pub mod model;
mod people;
#[cfg(test)]
mod tests;
mod work;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::diagnostic::Diagnostic;
use crate::measure::{Engine, Entity, Targets};
use crate::unit::Unit;

pub use activity::{Activity, LeadFrom, Reach};
pub use goal::Goal;
pub use levers::{Best, Lever, Levers};
pub use model::Check;

/// What is asked.
#[derive(Debug, Clone)]
pub struct Ask {
    /// The amount to be won; none for the targets.
    pub goal: Option<Decimal>,
    /// The first day on which a win counts for the amount; none for the first of the fiscal quarter.
    pub from: Option<Day>,
    /// The last day; none for that of the target's period, else of the fiscal quarter.
    pub until: Option<Day>,
    /// Whom it is about: everybody, or the only team or person asked for.
    pub whole: Entity,
    /// Who has a row where each has a target, in order.
    pub rows: Vec<Entity>,
    /// The lag measures of the page: the first sum of money among them is what is to be won.
    pub lags: Vec<String>,
    /// What stands instead of the own history.
    pub given: Given,
    /// The lead times of first meetings and of presentations, where the lead test says that they lead.
    pub tested: [Option<Tested>; 2],
}

/// A lead time that the lead test found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tested {
    /// The weeks, with their range.
    pub weeks: Estimate,
    /// Of how many people.
    pub people: usize,
    /// In how many weeks.
    pub of: usize,
}

/// What stands instead of the own history; shares are from 0 to 1.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Given {
    /// The share of each open deal's amount that is expected by the date.
    pub pipeline_rate: Option<f64>,
    /// The share of decided deals that are won.
    pub win_rate: Option<f64>,
    /// The mean amount of a won deal.
    pub average_deal: Option<f64>,
    /// The share of first meetings that lead to a win.
    pub conversion: Option<f64>,
    /// The weeks from a first meeting to the win.
    pub lead_weeks: Option<f64>,
    /// How many sell.
    pub people: Option<u32>,
    /// First meetings with new prospects a week, of the whole.
    pub pace: Option<f64>,
}

/// A number with its 80 % interval; both ends are the number itself where it is given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number.
    pub value: f64,
    /// The lower end.
    pub lo: f64,
    /// The upper end; infinite where nothing is high enough.
    pub hi: f64,
}

impl Estimate {
    /// A number that is given, or known.
    pub fn exact(value: f64) -> Self {
        Self { value, lo: value, hi: value }
    }

    /// A number with the interval of its draws, which the number itself is never outside of.
    pub fn of(value: f64, draws: &[f64]) -> Self {
        let mut sorted = draws.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or(value);
        Self { value, lo: at(0.1).min(value), hi: at(0.9).max(value) }
    }
}

/// What was assumed, and where it is from.
#[derive(Debug, Clone, PartialEq)]
pub struct Assumption {
    /// Its name: the option without its dashes.
    pub name: &'static str,
    /// The number with its interval; none where the history says nothing and nothing is given.
    pub value: Option<Estimate>,
    /// Its unit; weeks are counts.
    pub unit: Unit,
    /// Whether it is given.
    pub given: bool,
    /// How many records of the own history it rests on.
    pub records: usize,
    /// What it rests on, in words: these records by name, such as `183 won accounts` or `12 people × 78 weeks`, `given` or `nothing`.
    pub rests_on: String,
    /// What it is of, or what is missing for it, in words.
    pub says: String,
}

/// How many more of something a week would bring what is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Need {
    /// How many more a week.
    pub more: Estimate,
    /// Whether that is likely to be done: false where it would, together with the present pace, be by three a week or more beyond both
    /// twice the mean of the best four weeks in a row and the best week, of the last two years; and where nothing is high enough.
    pub likely: bool,
    /// The most in a week of the last two years.
    pub best: f64,
}

/// How somebody stands to the goal; amounts in the goal's currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Who.
    pub entity: Entity,
    /// How many sell.
    pub people: u32,
    /// What is to be won; none without a target.
    pub goal: Option<f64>,
    /// What is won so far.
    pub won: f64,
    /// How many deals are open.
    pub open: usize,
    /// Their known amounts.
    pub open_amount: f64,
    /// What they can be expected to bring by the date.
    pub pipeline: Option<Estimate>,
    /// First meetings with new prospects a week, at present.
    pub pace: Option<f64>,
    /// What they can be expected to bring by the date.
    pub at_pace: Option<Estimate>,
    /// What is then still missing: 0 where nothing is; none where the goal or what the pipeline brings is not known.
    pub missing: Option<Estimate>,
    /// How probable it is that nothing is missing, as the history goes; see `hedged`.
    pub chance: Option<f64>,
    /// Whether the same reckoning failed before ([`Check::failed`]), so that `chance` and the ranges are no more to be relied on than that.
    pub hedged: bool,
    /// What would be expected and missing if the open deals brought as much less, or more, as they did then; only of the whole, and where
    /// it is hedged.
    pub as_before: Option<AsBefore>,
    /// How many more first meetings with new prospects a week would bring it.
    pub meetings: Option<Need>,
    /// How many more presentations a week would bring it.
    pub presentations: Option<Need>,
}

/// What would be, if open deals brought so many times what is expected as they did when the same reckoning failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AsBefore {
    /// What came then over what would have been expected.
    pub times: f64,
    /// What the open deals would bring.
    pub pipeline: f64,
    /// What would be missing, with what the present pace brings: 0 where nothing is; none without a target.
    pub missing: Option<f64>,
}

/// Open deals that are in nobody's row.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Unheld {
    /// How many; one that several share counts where any of them has left.
    pub deals: usize,
    /// Their known amounts, as far as they are in it.
    pub amount: f64,
    /// What they can be expected to bring by the date, which is in that of all; none where that is not known.
    pub expected: Option<f64>,
}

impl Row {
    /// What is left to be won; none without a target, 0 where it is reached.
    pub fn left(&self) -> Option<f64> {
        self.goal.map(|goal| (goal - self.won).max(0.0))
    }
}

/// What one more of a lever would bring the whole by the date; none where it is not known, or nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Brings {
    /// One more first meeting a week, up to the last week that counts.
    pub meeting: Option<f64>,
    /// One more presentation a week.
    pub presentation: Option<f64>,
    /// One point more of the win rate, of the open deals.
    pub win_rate: Option<f64>,
    /// Deals larger by one hundredth, of all that is expected.
    pub average_deal: Option<f64>,
}

/// The gap to a goal.
#[derive(Debug, Clone)]
pub struct Gap {
    /// The goal.
    pub goal: Goal,
    /// The last day of which it is known what was won.
    pub known: Day,
    /// The first day on which a win counts, where that lies after the day of the report; none where wins count already.
    pub starts: Option<Day>,
    /// The open deals of everybody that are still in the name of people who have left: in all, and in no team.
    pub left: Unheld,
    /// The open deals of everybody that have no owner: in all, and in no team.
    pub unowned: Unheld,
    /// The rows, the whole first.
    pub rows: Vec<Row>,
    /// First meetings with new prospects.
    pub meetings: Activity,
    /// Presentations.
    pub presentations: Activity,
    /// What was assumed.
    pub assumptions: Vec<Assumption>,
    /// What could be done besides.
    pub levers: Levers,
    /// How the same reckoning of the open deals has done before, of whom [`Check::whose`] says; none where the history is too short for it, or a
    /// rate is given for all of them.
    pub check: Option<Check>,
    /// What one more of a lever would bring the whole by the date, where that follows simply.
    pub brings: Brings,
    /// What keeps something from being known, and which option gives it, in sentences.
    pub needs: Vec<String>,
    /// What else is to be known, in sentences.
    pub notes: Vec<String>,
}

/// Works out the gap.
///
/// # Errors
/// Neither a target nor an amount, days that cannot be, deals too old to say what is won, and where a predicate cannot be evaluated over
/// these exports.
pub fn gap(engine: &Engine<'_>, targets: &Targets<'_>, goal: Goal, ask: &Ask) -> Result<Gap, Diagnostic> {
    Ok(work::Work::new(engine, targets, goal, ask)?.gap())
}
