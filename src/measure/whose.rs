//! Whose a measure's values are: for whom a record counts, who has a value at all, who reports to whom, and since when somebody has none.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::catalog::Measure;
use super::cube::{Entity, judged_until};
use super::select::Engine;
use super::spec::Who;
use crate::calendar::{Day, Period, Range};
use crate::table::{Credit, Manager, Role, Roster};

/// The day from which there was no record of somebody, where there is none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Since {
    /// The day.
    pub day: Day,
    /// Whether it is the first day of the exports, before which there may have been one.
    pub exports: bool,
}

/// Somebody who reports to another, both indices into the roster's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Report {
    /// Who reports.
    pub person: u32,
    /// To whom.
    pub leader: u32,
}

/// Who reports to whom on a day, and where those stand who somebody reports to.
#[derive(Debug, Default)]
struct Chart {
    /// Who reports to each, in order of name.
    reports: BTreeMap<u32, Vec<u32>>,
    /// Those to whom somebody reports, by team.
    above: BTreeMap<u32, Vec<u32>>,
}

impl Chart {
    /// By the same rule as `Roster::reports_to`; everybody counts where nobody is listed.
    fn new(roster: &Roster, day: Day) -> Self {
        let listed = roster.people.iter().any(|p| p.listed);
        let mut leading: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (index, person) in roster.people.iter().enumerate().filter(|(_, p)| p.role == Role::Leader) {
            if let Some(team) = person.team_on(day) {
                leading.entry(team).or_default().push(index as u32);
            }
        }
        let mut chart = Self::default();
        for (index, person) in roster.people.iter().enumerate().filter(|(_, p)| !listed || p.listed) {
            let Some(span) = person.spans.iter().find(|span| span.holds(day)) else { continue };
            let above = match (&span.manager, span.team) {
                (Manager::Person(manager), _) => std::slice::from_ref(manager),
                (Manager::Unsaid, Some(team)) if person.role == Role::Rep => leading.get(&team).map_or(&[][..], Vec::as_slice),
                _ => &[],
            };
            for leader in above.iter().filter(|leader| **leader != index as u32 && roster.people.len() > **leader as usize) {
                chart.reports.entry(*leader).or_default().push(index as u32);
            }
        }
        for leader in chart.reports.keys() {
            if let Some(team) = roster.people.get(*leader as usize).and_then(|p| p.team_on(day)) {
                chart.above.entry(team).or_default().push(*leader);
            }
        }
        chart
    }
}

/// What is asked of the roster for every cell, found once.
#[derive(Debug, Default)]
pub(super) struct Cast {
    charts: RefCell<BTreeMap<Day, Rc<Chart>>>,
    teams: OnceCell<Teams>,
}

/// The teams, by when anybody is in them.
#[derive(Debug, Default)]
struct Teams {
    /// Whether anybody leads.
    led: bool,
    /// The days on which a leader is in each team.
    leaders: BTreeMap<u32, Vec<Range>>,
    /// The first day of anybody whose numbers count in each team; none as far back as the exports go.
    begun: BTreeMap<u32, Option<Day>>,
    /// The first day of any leader in each.
    begun_leading: BTreeMap<u32, Option<Day>>,
}

impl Teams {
    fn new(roster: &Roster) -> Self {
        let mut teams = Self::default();
        for (index, person) in roster.people.iter().enumerate() {
            let (leads, counts) = (roster.leads(index as u32), roster.counts_in_team(index as u32));
            teams.led |= leads;
            for (span, team) in person.spans.iter().filter_map(|span| Some((span, span.team?))) {
                let earliest = |begun: &mut BTreeMap<u32, Option<Day>>| {
                    begun.entry(team).and_modify(|first| *first = (*first).min(span.first)).or_insert(span.first);
                };
                if counts {
                    earliest(&mut teams.begun);
                }
                if leads {
                    earliest(&mut teams.begun_leading);
                    let days = Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) };
                    teams.leaders.entry(team).or_default().push(days);
                }
            }
        }
        teams
    }
}

impl Engine<'_> {
    fn teams(&self) -> &Teams {
        self.cast.teams.get_or_init(|| Teams::new(&self.data.roster))
    }

    fn chart(&self, day: Day) -> Rc<Chart> {
        Rc::clone(self.cast.charts.borrow_mut().entry(day).or_insert_with(|| Rc::new(Chart::new(&self.data.roster, day))))
    }

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
        match (measure.spec.who, entity) {
            (Who::Everybody, _) => true,
            (Who::Leaders, Entity::All) => self.teams().led,
            (Who::Leaders, Entity::Team(team)) => {
                let days = self.teams().leaders.get(&team);
                days.is_some_and(|days| days.iter().any(|days| period.range.intersect(*days).is_some()))
            }
            (Who::Leaders, Entity::Owner(person)) => self.data.roster.leads(person),
            (Who::Leaders, Entity::NoOwner) => false,
        }
    }

    /// Who reports to somebody, or to somebody of a team, at the end of a period, and to whom, in order of name. Who reports to several stands once for each.
    pub fn reports(&self, measure: &Measure, entity: Entity, period: &Period) -> Vec<Report> {
        let chart = self.chart(judged_until(period, self.as_of));
        let may = |leader: &u32| measure.spec.who == Who::Everybody || self.data.roster.leads(*leader);
        let above: Vec<u32> = match entity {
            Entity::All => chart.reports.keys().copied().collect(),
            Entity::Team(team) => chart.above.get(&team).cloned().unwrap_or_default(),
            Entity::Owner(person) => vec![person],
            Entity::NoOwner => Vec::new(),
        };
        let of = |leader: u32| chart.reports.get(&leader).into_iter().flatten().map(move |person| Report { person: *person, leader });
        let mut reports: Vec<Report> = above.into_iter().filter(may).flat_map(of).collect();
        reports.sort_unstable_by_key(|report| (report.person, report.leader));
        reports
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
                let begun = match measure.spec.who {
                    Who::Everybody => &self.teams().begun,
                    Who::Leaders => &self.teams().begun_leading,
                };
                *begun.get(&team)?
            }
            Entity::NoOwner => return None,
        };
        Some(match begun.filter(|begun| *begun >= first) {
            Some(begun) => Since { day: begun, exports: false },
            None => Since { day: first, exports: true },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Person, Span};

    #[test]
    fn a_chart_says_what_the_roster_says_of_each_two() {
        let span = |first: i32, last: i32, team, manager| Span { first: Some(Day(first)), last: Some(Day(last)), team, manager };
        let person = |name: &str, role: Role, spans: Vec<Span>| Person {
            name: name.to_owned(),
            id: None,
            role,
            listed: true,
            named: true,
            spans,
            absences: Vec::new(),
        };
        let roster = Roster {
            people: vec![
                person("Ana", Role::Rep, vec![span(0, 9, Some(0), Manager::Unsaid), span(10, 19, Some(1), Manager::Unsaid)]),
                person("Ben", Role::Rep, vec![span(0, 19, Some(0), Manager::Person(4))]),
                person("Cia", Role::Leader, vec![span(0, 19, Some(0), Manager::Person(4))]),
                person("Dan", Role::Leader, vec![span(5, 19, Some(0), Manager::Unsaid)]),
                person("Eva", Role::Other, vec![span(0, 14, Some(1), Manager::Person(4))]),
                person("Fay", Role::Leader, vec![span(0, 19, Some(1), Manager::Person(99))]),
            ],
            teams: vec!["East".to_owned(), "West".to_owned()],
            ..Roster::default()
        };
        let mut found = 0;
        for day in [-1, 0, 4, 5, 9, 10, 14, 15, 19, 20].map(Day) {
            let chart = Chart::new(&roster, day);
            for leader in 0..6 {
                let reports = chart.reports.get(&leader).cloned().unwrap_or_default();
                for person in 0..6 {
                    assert_eq!(reports.contains(&person), roster.reports_to(person, leader, day), "{person} to {leader} on {day}");
                }
                found += reports.len();
            }
        }
        assert!(found > 20, "{found}");
    }
}
