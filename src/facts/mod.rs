//! What needs several tables: who stands in as owner, what took place and until when the exports reach, duplicates and group meetings,
//! prospects, new business, advances, coaching, commitments, credits.
//!
//! Joins are look-ups by dictionary word: a word is looked up once, not once per row. Columns and credits that no measure of a run asks for are
//! not derived (`needs`).

mod advance;
mod coaching;
mod commitment;
mod credit;
mod customer;
mod deal;
mod duplicate;
mod group;
mod money;
mod needs;
mod outcome;
mod owner;
mod rows;
mod timeline;

use std::collections::BTreeMap;

pub use advance::{ADVANCE_DAYS, Advance, Advances, RULES, Rule, Steps};
pub use coaching::TOUCH;
pub use commitment::follow_tasks;
pub use credit::Credits;
pub use customer::{LOOK_BACK, With};
pub use deal::deals_at;
pub use money::Conversion;
pub use needs::Needs;
pub use outcome::ENDED_AFTER;

use crate::calendar::Day;
use crate::diagnostic::{Diagnostic, Failure};
use crate::table::{Data, Kind, Rates, Table};
use crate::unit::Currency;
use needs::Part;

/// What a blank outcome of a past record means, where the user has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blank {
    /// It took place.
    Held,
    /// Nobody knows.
    Unknown,
}

/// What the run and the config say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The day of the report: nothing done later exists.
    pub as_of: Day,
    /// Until when the exports reach, where the user has said so.
    pub through: Option<Day>,
    /// What a blank outcome means, where the user has said so.
    pub blank: Option<Blank>,
    /// The usual length in minutes of a kind of activity, for records without one.
    pub minutes: BTreeMap<String, i64>,
    /// Whether a deal counts for each who shares in it, and not for its owner alone.
    pub count_each: bool,
    /// The currency of the report, where the user has said it.
    pub currency: Option<Currency>,
    /// What converts other currencies into it.
    pub rates: Option<Rates>,
    /// The stages that a deal goes through, first to last, folded as [`Data::stage_words`] are; empty where the history shows their order.
    pub stages: Vec<String>,
}

/// Days from which to which a table has records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reach {
    /// The first day of any record.
    pub first: Option<Day>,
    /// The last day that the table can answer for.
    pub last: Option<Day>,
    /// Whether the table ended 28 days or more before the others.
    pub ended: bool,
}

/// For whom of ours an activity counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Whose {
    /// For its owner and everybody of ours who took part.
    Owner,
    /// For the coach of a coaching session.
    Coach,
    /// For those coached in a session; of a customer meeting, for those of its people who were coached around it.
    Coached,
}

impl Whose {
    /// Every one with its name in config.
    pub const WORDS: &'static [(&'static str, Self)] = &[("owner", Self::Owner), ("coach", Self::Coach), ("coached", Self::Coached)];
}

/// How many held coaching sessions there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Coaching {
    /// All of them.
    pub sessions: u64,
    /// Those that do not say who was coached.
    pub unsaid: u64,
}

/// What was found out beside the columns that were derived.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// Until when the exports reach.
    pub through: Option<Day>,
    /// How far activities reach.
    pub activities: Reach,
    /// How far deals reach.
    pub deals: Reach,
    /// Who is credited with which activity.
    pub activity_credits: Credits,
    /// Who is credited with which deal.
    pub deal_credits: Credits,
    /// Who has made which commitment.
    pub commitment_credits: Credits,
    /// Who coached in which activity.
    pub coach_credits: Credits,
    /// Who was coached in which activity, or around which customer meeting.
    pub coached_credits: Credits,
    /// What the exports say of coaching.
    pub coaching: Coaching,
    /// The first and last day of each person's own records.
    pub seen: Vec<Option<(Day, Day)>>,
    /// Whom activities and deals are with, where that was needed.
    pub with: With,
    /// Per activity, whether its outcome was assumed, where that was needed.
    pub assumed: Vec<bool>,
    /// Per activity, whether it counts as a prospect's only because no earlier win is known and the deals reach back less than 24 months.
    pub prospect_assumed: Vec<bool>,
    /// Records whose owner stands in from the deal or the account.
    pub owner_from_deal: u64,
    /// Likewise from the account.
    pub owner_from_account: u64,
    /// Deals that count as new business because no earlier win is known of their account: no word of their own says so.
    pub new_business_assumed: u64,
    /// Deals whose owner stands in from the account.
    pub deal_owner_from_account: u64,
    /// How amounts were converted, where there are rates.
    pub conversion: Option<Conversion>,
    /// Which activities a step of the customer followed, and what kept others from being told.
    pub advances: Advances,
    /// Diagnostics.
    pub diagnostics: Vec<Diagnostic>,
}

impl Facts {
    /// How far a table reaches.
    pub fn reach(&self, kind: Kind) -> Reach {
        match kind {
            Kind::Activities => self.activities,
            Kind::Deals => self.deals,
            _ => Reach { first: None, last: self.through, ended: false },
        }
    }

    /// The last day of which a table can show what came of its records by a day: a table that ended knows nothing later. None where nothing
    /// says until when the exports reach.
    pub fn seen_until(&self, kind: Kind, as_of: Day) -> Option<Day> {
        let reach = self.reach(kind);
        let own = reach.last.filter(|_| reach.ended);
        self.through.map(|through| through.min(as_of)).map(|until| own.map_or(until, |own| own.min(until)))
    }

    /// Whether a deal's amount is missing because there is no rate for it.
    pub fn unconverted(&self, deals: &Table, row: usize) -> bool {
        self.conversion.is_some() && deals.amount("original_amount", row).is_some() && deals.amount("amount", row).is_none()
    }

    /// Who is credited with which record of a table; deals have an owner only.
    pub fn credits(&self, kind: Kind, whose: Whose) -> Option<&Credits> {
        match (kind, whose) {
            (Kind::Activities, Whose::Owner) => Some(&self.activity_credits),
            (Kind::Activities, Whose::Coach) => Some(&self.coach_credits),
            (Kind::Activities, Whose::Coached) => Some(&self.coached_credits),
            (Kind::Deals, _) => Some(&self.deal_credits),
            (Kind::Commitments, _) => Some(&self.commitment_credits),
            _ => None,
        }
    }
}

/// Derives what `shared` rules need from several tables, leaves out what must not count, and credits the rest.
///
/// # Errors
/// Where two files hold the same records under other ids: counting both would double every number, so the run stops and asks.
pub fn derive(data: &mut Data, settings: &Settings) -> Result<Facts, Failure> {
    derive_needed(data, settings, &Needs::everything())
}

/// The same, with only those of the further columns and credits that are needed; what is left out, what is said and how far everything reaches
/// is the same.
///
/// # Errors
/// As [`derive()`].
pub fn derive_needed(data: &mut Data, settings: &Settings, needs: &Needs) -> Result<Facts, Failure> {
    let mut facts = Facts::default();
    let commitments = !data.commitments.is_empty() || !data.promised.is_empty();
    // A commitment may name any measure.
    let needs = &if commitments { Needs::everything() } else { needs.clone() };
    owner::stand_in(data, &mut facts);
    duplicate::by_id(data, &mut facts);
    duplicate::same_export(data)?;
    outcome::judge(data, settings, &mut facts);
    if !needs.part(Part::Assumed) {
        facts.assumed = Vec::new();
    }
    let attendance = group::meetings(data, needs);
    money::derive(data, settings, &mut facts);
    deal::derive(data, settings, needs, &mut facts);
    let with = customer::derive(data, needs, &mut facts);
    if needs.part(Part::Advances) {
        advance::derive(data, &with, settings, &mut facts);
    } else {
        advance::check(data, &mut facts);
    }
    outcome::fill_minutes(data, settings);
    credit::derive(data, &attendance, settings, needs, &mut facts);
    commitment::derive(data, settings, &mut facts);
    if needs.part(Part::Coaching) {
        coaching::derive(data, &mut facts);
    }
    facts.with = with;
    Ok(facts)
}
