//! Results → document: what is said, never how it is spelled. One file per part of the page.

mod advanced;
mod check;
mod command;
mod evidence;
mod explain;
mod figures;
mod gap;
mod init;
mod inspect;
mod order;
mod pace;
mod page;
mod predict;
mod records;
mod scale;
mod sections;
mod since;
mod state;
mod talk;
mod tidy;
mod trust;
mod words;

pub use check::{Rules, check};
pub use command::word;
pub use evidence::{Evidence, evidence};
pub use explain::{Question, explain};
pub use gap::{gap, measures as gap_measures};
pub use init::{Draft, Measured, commitments, guide, quoted, toml};
pub use inspect::{Inspection, SetBy, Setting, inspect, origins, refused};
pub use predict::{Asked, Frame, predict};
pub use sections::measures as section_measures;
pub use since::{Earlier, since};
pub use tidy::{Tidy, values};
pub use trust::unaccounted;

use std::cell::RefCell;

use crate::crm::Reading;

use crate::calendar::{Calendar, Day, Grain, Period, Range};
use crate::diagnostic::{Code, Diagnostic};
use crate::document::Document;
use crate::facts::Facts;
use crate::measure::{Catalog, Engine, Entity, Level, NO_OWNER, SEEN_DAYS, Targets};
use crate::table::{Data, Role};

/// Everything that a report is made of, counted lazily.
#[allow(clippy::struct_excessive_bools, reason = "each is an option or a setting of its own, and all combine")]
pub struct Run<'a> {
    /// The exports.
    pub data: &'a Data,
    /// What was found out about them.
    pub facts: &'a Facts,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The measures.
    pub catalog: &'a Catalog,
    /// Counts them.
    pub engine: Engine<'a>,
    /// The targets.
    pub targets: Targets<'a>,
    /// What the reader found.
    pub reading: &'a Reading,
    /// The day of the report.
    pub as_of: Day,
    /// The title.
    pub title: String,
    /// The lead measures shown.
    pub leads: Vec<String>,
    /// The lag measures shown.
    pub lags: Vec<String>,
    /// The further sections shown, by name, in order.
    pub sections: Vec<&'static str>,
    /// What these sections show of other periods than the page's, noted as their tables are made.
    pub beside: RefCell<Vec<Beside>>,
    /// Whether pace follows the company's own past periods instead of growing evenly.
    pub own_pace: bool,
    /// The share from which something is on pace.
    pub on_pace: f64,
    /// The periods shown, in order; never empty.
    pub periods: Vec<Period>,
    /// Whether the user named the period.
    pub named: bool,
    /// The finest level shown.
    pub finest: Level,
    /// The only person shown.
    pub owner: Option<Entity>,
    /// The only team shown.
    pub team: Option<u32>,
    /// What is read, as words of a shell for the command that shows the records behind a number.
    pub inputs: Vec<String>,
    /// What the lead test says of the leads; empty where it was not made, or could say nothing.
    pub evidence: Vec<Evidence>,
    /// How many people there are, where they are too many for a page to wait for the test.
    pub crowd: Option<usize>,
    /// Whether every state is given its reason.
    pub verbose: bool,
    /// Whether the format draws: nothing else needs the figures.
    pub draws: bool,
}

/// Measures that a section shows of a period of its own.
#[derive(Debug, Clone)]
pub struct Beside {
    period: Period,
    measures: Vec<String>,
}

impl Run<'_> {
    /// Notes that measures are shown of a period.
    fn also(&self, period: &Period, measures: &[String]) {
        if self.periods.iter().any(|own| own.name == period.name) {
            return;
        }
        let mut beside = self.beside.borrow_mut();
        let at = beside.iter().position(|known| known.period.name == period.name).unwrap_or_else(|| {
            beside.push(Beside { period: period.clone(), measures: Vec::new() });
            beside.len() - 1
        });
        for measure in measures {
            if !beside[at].measures.contains(measure) {
                beside[at].measures.push(measure.clone());
            }
        }
    }

    /// The periods whose values are told, each with its measures: those of the page, then those that sections show beside.
    fn all_told(&self) -> Vec<(Period, Vec<String>)> {
        let told = self.told();
        let own = self.periods.iter().map(|period| (period.clone(), told.clone()));
        own.chain(self.beside.borrow().iter().map(|beside| (beside.period.clone(), beside.measures.clone()))).collect()
    }

    /// The name of an entity; empty for all.
    pub fn name(&self, entity: Entity) -> &str {
        let roster = &self.data.roster;
        match entity {
            Entity::All => "",
            Entity::Team(team) => roster.teams.get(team as usize).map_or("", String::as_str),
            Entity::Owner(person) => roster.people.get(person as usize).map_or("", |p| p.name.as_str()),
            Entity::NoOwner => NO_OWNER,
        }
    }

    /// The last period shown.
    pub fn period(&self) -> &Period {
        // The periods are never empty: whoever makes a run has found at least one.
        &self.periods[self.periods.len() - 1]
    }

    /// Every measure shown, leads first.
    pub fn shown(&self) -> Vec<String> {
        self.leads.iter().chain(&self.lags).cloned().collect()
    }

    /// Every measure whose values are told: those shown, then those of the further sections.
    fn told(&self) -> Vec<String> {
        let mut told = self.shown();
        for name in sections::measures(&self.sections, self.catalog) {
            if !told.contains(&name) {
                told.push(name);
            }
        }
        told
    }

    /// The team of a person in a period: that on the last day of the period with us.
    fn team_in(&self, person: u32, range: Range) -> Option<u32> {
        let who = self.data.roster.people.get(person as usize)?;
        let inside = |span: &crate::table::Span| {
            range.intersect(Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) })
        };
        who.spans.iter().filter_map(|span| Some((inside(span)?.last, span.team))).max_by_key(|(last, _)| *last).and_then(|(_, team)| team)
    }

    /// Whether a person has a row in a range of days, with or without records.
    fn present(&self, person: u32, range: Range) -> bool {
        present(self.data, self.facts, person, range)
    }

    /// Whether a person leads and is in no team's sum.
    fn leads_only(&self, person: u32) -> bool {
        !self.data.roster.counts_in_team(person) && self.data.roster.people.get(person as usize).is_some_and(|p| p.role == Role::Leader)
    }

    /// The entities that the options leave, in their total order: all, teams, people by name, no owner.
    fn entities(&self) -> Vec<Entity> {
        self.engine
            .entities()
            .into_iter()
            .filter(|entity| entity.level() <= self.finest)
            .filter(|entity| match (self.owner, self.team, entity) {
                (Some(owner), _, entity) => *entity == owner,
                (None, Some(team), Entity::Team(t)) => *t == team,
                (None, Some(team), Entity::Owner(person)) => {
                    self.periods.iter().any(|period| self.team_in(*person, period.range) == Some(team))
                }
                (None, Some(_), _) => false,
                (None, None, _) => true,
            })
            .collect()
    }
}

/// Whether a person is with us in a range of days: by the roster, else by records not long before.
fn present(data: &Data, facts: &Facts, person: u32, range: Range) -> bool {
    let Some(who) = data.roster.people.get(person as usize) else { return false };
    let seen = facts.seen.get(person as usize).copied().flatten();
    if who.listed {
        return who
            .spans
            .iter()
            .any(|span| range.intersect(Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) }).is_some());
    }
    seen.is_some_and(|(first, last)| range.intersect(Range { first, last: last.plus(SEEN_DAYS) }).is_some())
}

/// Builds the flash report.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn report(run: &Run<'_>) -> Result<Document, Diagnostic> {
    let states = state::states(run)?;
    // What the sections show of other periods is known once the page is made.
    let page = page::page(run, &states)?;
    let values = tidy::values(run)?;
    let mut figures = Vec::new();
    if run.draws {
        figures.extend(figures::figures(run, &page.rows)?);
        figures.extend(sections::figures(run)?);
    }
    Ok(Document {
        schema: "leadlag/report/1",
        title: run.title.clone(),
        as_of: Some(run.as_of),
        time_zone: run.calendar.zone_name().to_owned(),
        week_starts: run.calendar.week_starts().name().to_owned(),
        page: page.blocks,
        figures,
        values,
        states: states.into_iter().map(|s| s.state).collect(),
        coverage: trust::coverage(run.data),
        records: records::records(run)?,
        rules: explain::rules(run),
        since: None,
        grid: None,
        findings: None,
        diagnostics: diagnostics(run),
    })
}

/// The tidy rows of the flash report alone, for formats that show nothing else.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn rows<'r, 'a>(run: &'r Run<'a>) -> Result<Tidy<'r, 'a>, Diagnostic> {
    // What the sections show of other periods is known once they are made.
    sections::blocks(run)?;
    Tidy::new(run)
}

/// What there is to say of a report, besides what was said on the way to it.
pub fn diagnostics(run: &Run<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = run.facts.diagnostics.clone();
    if run.leads.len() > 4 {
        diagnostics.push(
            Diagnostic::warning(
                Code::ManyLeads,
                format!("{} lead measures on one page: nobody can attend to more than four", run.leads.len()),
            )
            .hint("name the two to four that matter most in [report] leads, and show the others with --leads when needed"),
        );
    }
    diagnostics
}

/// The last complete periods of a grain, oldest first; none where nothing is complete.
pub fn last_complete(engine: &Engine<'_>, grain: Grain, count: usize) -> Option<Vec<Period>> {
    let period = engine.last_complete(grain)?;
    Some(engine.calendar.ending_with(&period, count.max(1)).iter().cloned().collect())
}
