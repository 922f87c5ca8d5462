//! What can be said of a pair.

use super::{ALPHA, Evidence, FEWEST_EVENTS};

/// What can be said of a pair, in the order in which it is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Fewer people, weeks or events than anything can be said of.
    TooLittleData,
    /// The lead predicts the lag.
    Leads,
    /// Both move together, but the lead is not ahead.
    MovesTogether,
    /// Better than chance alone and ahead, but not proven among all pairs tested, or not without people who were starting.
    Hint,
    /// Nothing was found, and even an activity behind every event would hardly have been.
    TooLittleToTell,
    /// Nothing was found within the weeks looked ahead.
    NoLead,
}

impl Verdict {
    /// Every verdict with its words.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("too little data", Self::TooLittleData),
        ("leads", Self::Leads),
        ("moves together, not ahead", Self::MovesTogether),
        ("hint, not proven", Self::Hint),
        ("too little data to tell", Self::TooLittleToTell),
        ("no lead shown", Self::NoLead),
    ];

    /// Its words.
    pub fn words(self) -> &'static str {
        Self::WORDS.iter().find(|(_, verdict)| *verdict == self).map_or("", |(words, _)| words)
    }
}

/// The verdict on a pair with these numbers and so many events.
///
/// The direction decides beside the p value: shared shocks, vacations and results that drive activity make small p values as well, but no
/// score that is highest ahead. A lead that rests on people who were starting is a hint.
pub(super) fn decide(evidence: &Evidence, events: usize) -> Verdict {
    if events < FEWEST_EVENTS {
        Verdict::TooLittleData
    } else if evidence.p_adjusted <= ALPHA {
        match (evidence.ahead, evidence.starting) {
            (true, false) => Verdict::Leads,
            (true, true) => Verdict::Hint,
            (false, _) => Verdict::MovesTogether,
        }
    } else if evidence.p <= ALPHA && evidence.ahead {
        Verdict::Hint
    } else if evidence.detectable_share > 1.0 {
        Verdict::TooLittleToTell
    } else {
        Verdict::NoLead
    }
}
