//! Whose a measure's values are: for whom a record counts, who has a value at all, who reports to whom, and since when somebody has none.

use super::catalog::Measure;
use super::cube::{Entity, judged_until};
use super::select::Engine;
use super::spec::Who;
use crate::calendar::{Day, Period, Range};
use crate::table::{Credit, Span};

/// The day from which there was no record of somebody, where there is none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The day.
    pub day: Day,
    /// Whether it is the first day of the exports, before which there may have been one.
    pub exports: bool,
}

impl Engine<'_> {
    /// Whether a measure is about leaders; a quotient is where what it divides is.
    pub fn of_leaders(&self, measure: &Measure) -> bool {
        match self.parts(measure) {
            Some((over, _)) => self.of_leaders(over),
            None => measure.spec.who == Who::Leaders,
        }
    }

    /// Whether a credit counts for a measure.
    pub(super) fn counts_for(&self, measure: &Measure, credit: &Credit) -> bool {
        measure.spec.who == Who::Everybody || self.data.roster.leads(credit.person)
    }

    /// For whom a record counts by a measure.
    pub fn credits_of(&self, measure: &Measure, row: usize) -> impl Iterator<Item = Credit> {
        let credits = self.facts.credits(measure.spec.from, measure.spec.credit).map_or(&[][..], |credits| credits.of(row));
        credits.iter().filter(|credit| self.counts_for(measure, credit)).copied()
    }

    /// The team whose value a person's records of a day are in; a measure of leaders is that of their team's leaders.
    pub fn team_of(&self, measure: &Measure, person: u32, day: Day) -> Option<u32> {
        match measure.spec.who {
            Who::Everybody => self.data.roster.sum_of(person, day),
            Who::Leaders => self.data.roster.people.get(person as usize)?.team_on(day),
        }
    }

    /// Whether somebody has a value of a measure in a period; of leaders only leaders, and teams that have one.
    pub(super) fn has_value(&self, measure: &Measure, entity: Entity, period: &Period) -> bool {
        let roster = &self.data.roster;
        let leaders = || roster.people.iter().enumerate().filter(|(person, _)| roster.leads(*person as u32));
        let inside = |span: &Span| {
            let days = Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) };
            period.range.intersect(days).is_some()
        };
        match (measure.spec.who, entity) {
            (Who::Everybody, _) => true,
            (Who::Leaders, Entity::All) => leaders().next().is_some(),
            (Who::Leaders, Entity::Team(team)) => {
                leaders().any(|(_, p)| p.spans.iter().any(|span| span.team == Some(team) && inside(span)))
            }
            (Who::Leaders, Entity::Owner(person)) => roster.leads(person),
            (Who::Leaders, Entity::NoOwner) => false,
        }
    }

    /// Who reports to somebody, or to somebody of a team, at the end of a period, in order of name.
    pub fn reports(&self, measure: &Measure, entity: Entity, period: &Period) -> Vec<u32> {
        let until = judged_until(period, self.as_of);
        let roster = &self.data.roster;
        let may = |person: &u32| measure.spec.who == Who::Everybody || roster.leads(*person);
        let people = (0..roster.people.len() as u32).filter(may);
        let above: Vec<u32> = match entity {
            Entity::All => people.collect(),
            Entity::Team(team) => people.filter(|p| roster.people[*p as usize].team_on(until) == Some(team)).collect(),
            Entity::Owner(person) => people.filter(|p| *p == person).collect(),
            Entity::NoOwner => Vec::new(),
        };
        roster.reports_of(&above, until)
    }

    /// Since when an entity without a record of a measure has had none: since the first day that its table reaches, or the first day of the
    /// person or team where that is later; none where that cannot be told.
    pub fn none_since(&self, measure: &Measure, entity: Entity) -> Option<Since> {
        let first = self.reach(measure).first?;
        let roster = &self.data.roster;
        let begun = match entity {
            Entity::All => None,
            Entity::Owner(person) => {
                let who = roster.people.get(person as usize)?;
                // Of somebody whom no list has, the first record of all is the first sign.
                let seen = || self.facts.seen.get(person as usize).copied().flatten().map(|(first, _)| first);
                if who.listed { who.first_day() } else { Some(seen()?) }
            }
            Entity::Team(team) => {
                let people = roster.people.iter().enumerate();
                let may = people.filter(|(person, _)| match measure.spec.who {
                    Who::Everybody => roster.counts_in_team(*person as u32),
                    Who::Leaders => roster.leads(*person as u32),
                });
                let spans = may.flat_map(|(_, who)| &who.spans).filter(|span| span.team == Some(team));
                spans.map(|span| span.first).min()?
            }
            Entity::NoOwner => return None,
        };
        Some(match begun.filter(|begun| *begun >= first) {
            Some(begun) => Since { day: begun, exports: false },
            None => Since { day: first, exports: true },
        })
    }
}
