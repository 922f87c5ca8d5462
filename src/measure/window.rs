//! What is told of the 13 weeks that end with a period: how regularly a component of the job is done, and what stands out.
//!
//! The weeks are the calendar's. The last one is the last that is over and complete by the end of the period: of a week itself. A week counts
//! for a person who is with us where at least half of its usual workdays are left after holidays and absences; what was done in a shorter
//! one counts too, so that a week away is never held against anybody and no work done is passed over. Weeks before the first whole one of
//! the exports do not count. With fewer than 8 weeks nobody is judged, nor anybody of whom the exports hold no activity at all.

mod flags;
mod meetings;
mod weekly;

use rust_decimal::Decimal;

use super::catalog::Measure;
use super::component::Job;
use super::cube::{Cell, Entity, Series};
use super::evidence::Evidence;
use super::select::Engine;
use super::spec::{Aggregate, UnitKind};
use crate::calendar::{Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::stats::rhythm::{WEEKS, rhythm};
use crate::table::Role;
use crate::unit::{Unit, Value, Why};
pub use flags::{Flag, Flagged, Flags};
pub(super) use weekly::Sheet;

/// With fewer weeks than this nothing is told.
pub const LEAST: usize = 8;

/// What is told of the weeks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tells {
    /// The share of a component in the held activities.
    Share,
    /// The share of the weeks with any record.
    Regularity,
    /// The most weeks in a row without a record.
    LongestGap,
    /// The weeks since the last record.
    WeeksSince,
    /// How many components are neglected.
    Neglected,
    /// How many components start and stop.
    StartStop,
    /// Whether prospecting stops while deals are hot.
    SeeSaw,
    /// Whether few accounts get most of the meetings.
    Favourites,
    /// The share of the five most-met accounts in the meetings.
    TopFive,
    /// The share of meetings with accounts that had no open deal.
    WithoutOpenDeal,
    /// The share of one product in the amount won.
    TopProduct,
    /// The share of meetings with prospects.
    NewAccounts,
}

impl Tells {
    /// Whether it says that something stands out, of a person or of how many people.
    pub fn is_flag(self) -> bool {
        matches!(self, Self::Neglected | Self::StartStop | Self::SeeSaw | Self::Favourites)
    }

    /// What it is in words, as a rule goes on.
    pub fn says(self) -> &'static str {
        match self {
            Self::Share => "share",
            Self::Regularity => "share of the weeks with any",
            Self::LongestGap => "most weeks in a row with none",
            Self::WeeksSince => "weeks since the last one",
            Self::Neglected => {
                "number neglected (none in the last 3 weeks or more, for longer than steady random work leaves in 1 of 20 people)"
            }
            Self::StartStop => {
                "number that start and stop (more weeks of none between others than steady random work leaves in 1 of 20 people)"
            }
            Self::SeeSaw => {
                "whether the first falls to half or less in the hot weeks of the second (less than chance leaves in 1 of 20 people)"
            }
            Self::Favourites => "whether five accounts get half or more (more than chance gives in 1 of 20 people)",
            Self::TopFive => "share of the five most-met accounts",
            Self::WithoutOpenDeal => "share with accounts that had no open deal on that day",
            Self::TopProduct => "share of one product in the amount",
            Self::NewAccounts => "share with prospects",
        }
    }
}

/// What is told, and of which components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// What is told.
    pub tells: Tells,
    /// The measures that count what it is told of.
    pub of: Vec<Part>,
}

/// A component, or another measure that counts records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name of the measure that counts it.
    pub component: String,
    /// Whose job it belongs to.
    pub who: Job,
}

impl Engine<'_> {
    /// The weeks that are looked at for a period; none where it begins after the exports end, or where they have no day.
    pub fn window_of(&self, period: &Period) -> Option<Partition> {
        let through = self.facts.through?;
        if period.range.first > through && period.grain != Grain::All {
            return None;
        }
        let end = period.range.last.min(self.as_of);
        let mut week = self.calendar.period_of(Grain::Week, end.min(through.plus(7)));
        while week.range.last > end || !self.complete(&week) {
            let earlier = self.calendar.previous(&week);
            if earlier == week {
                return None;
            }
            week = earlier;
        }
        Some(self.calendar.ending_with(&week, WEEKS))
    }

    /// The measures that count records in one table each, of which a measure is made.
    pub fn leaves(&self, measure: &Measure) -> Vec<&Measure> {
        match &measure.spec.value {
            Aggregate::Plus(one, other) => [one, other].into_iter().filter_map(|name| self.measure(name)).collect(),
            _ => self.measure(&measure.spec.name).into_iter().collect(),
        }
    }

    /// Whether a component belongs to the job of an entity.
    pub fn belongs(&self, who: Job, entity: Entity) -> bool {
        let roster = &self.data.roster;
        match entity {
            Entity::All => true,
            Entity::Team(team) => {
                let mut people = (0..).zip(&roster.people).filter(|(person, _)| roster.leads(*person));
                who != Job::Leaders || people.any(|(_, who)| who.spans.iter().any(|span| span.team == Some(team)))
            }
            Entity::NoOwner => false,
            Entity::Owner(person) => roster.people.get(person as usize).is_some_and(|person| match who {
                Job::All => true,
                Job::Reps => person.role == Role::Rep || (person.role == Role::Leader && roster.leaders_sell),
                Job::Leaders => person.role == Role::Leader,
            }),
        }
    }

    /// One series: what is told of the weeks that end with each period.
    pub(super) fn windowed(
        &self,
        measure: &Measure,
        window: &Window,
        entities: &[Entity],
        periods: &Partition,
    ) -> Result<Series, Diagnostic> {
        let weeks: Vec<Option<Partition>> = periods.iter().map(|period| self.window_of(period)).collect();
        if let Some(all) = weeks.iter().flatten().map(Partition::range).reduce(Range::hull) {
            // Counted once for all periods.
            self.sheet(all);
        }
        let mut cells = Vec::with_capacity(entities.len() * periods.len());
        for entity in entities {
            for (weeks, period) in weeks.iter().zip(periods) {
                cells.push(match weeks {
                    Some(weeks) => self.told(window, *entity, weeks.range())?,
                    None => none(self.nothing(period)),
                });
            }
        }
        let unit = if measure.spec.unit == UnitKind::Ratio { Unit::Ratio } else { Unit::Count };
        Ok(Series::new(&measure.spec.name, unit, cells))
    }

    /// Why nothing is told of a period.
    fn nothing(&self, period: &Period) -> Why {
        if self.facts.through.is_some_and(|through| period.range.first > through) { Why::NotYet } else { Why::NoData }
    }

    fn told(&self, window: &Window, entity: Entity, weeks: Range) -> Result<Cell, Diagnostic> {
        match window.tells {
            Tells::Share => self.share_of(window, entity, weeks),
            Tells::Regularity | Tells::LongestGap | Tells::WeeksSince => {
                let Some(part) = window.of.first() else { return Ok(none(Why::NoData)) };
                let counted = match self.counted(part, entity, weeks)? {
                    Ok(counted) => counted,
                    Err(why) => return Ok(none(why)),
                };
                let Some(rhythm) = rhythm(&counted) else { return Ok(none(Why::TooFew)) };
                let value = match window.tells {
                    Tells::Regularity => Value::Ratio(f64::from(rhythm.active) / f64::from(rhythm.weeks)),
                    Tells::LongestGap => Value::Count(Decimal::from(rhythm.longest_gap)),
                    _ => Value::Count(Decimal::from(rhythm.since)),
                };
                Ok(Cell { value, records: rhythm.total, known: rhythm.total })
            }
            Tells::Neglected | Tells::StartStop | Tells::SeeSaw | Tells::Favourites => self.flags_of(window, entity, weeks),
            Tells::TopFive | Tells::WithoutOpenDeal | Tells::TopProduct | Tells::NewAccounts => self.of_meetings(window, entity, weeks),
        }
    }

    /// The records of a component in each week, oldest first, none for a week that does not count; or why nothing is told.
    pub fn counted(&self, part: &Part, entity: Entity, weeks: Range) -> Result<Result<Vec<Option<u32>>, Why>, Diagnostic> {
        if !self.belongs(part.who, entity) {
            return Ok(Err(Why::NotApplicable));
        }
        let sheet = self.sheet(weeks);
        let Some(counts) = self.counts(&sheet, &part.component)? else { return Ok(Err(Why::NoData)) };
        // Where the exports hold no activity at all of somebody, theirs may be missing.
        if counts.activities && !sheet.active(entity) {
            return Ok(Err(Why::NoData));
        }
        if counts.ended.is_some_and(|ended| ended < weeks.last) || sheet.total(&counts, weeks) == 0 {
            return Ok(Err(Why::NoData));
        }
        let counted = sheet.slice(&counts, entity, weeks);
        Ok(if counted.iter().flatten().count() < LEAST { Err(Why::TooFew) } else { Ok(counted) })
    }

    /// Whether anybody has a record of a component in the weeks; where nobody has, it is not recorded here.
    pub fn recorded(&self, component: &str, weeks: Range) -> Result<bool, Diagnostic> {
        let sheet = self.sheet(weeks);
        Ok(self.counts(&sheet, component)?.is_some_and(|counts| sheet.total(&counts, weeks) > 0))
    }

    /// Whether the exports hold any activity of an entity, of whatever day and outcome; of a team, of anybody who has been in it.
    pub fn is_active(&self, entity: Entity, weeks: Range) -> bool {
        self.sheet(weeks).active(entity)
    }

    fn share_of(&self, window: &Window, entity: Entity, weeks: Range) -> Result<Cell, Diagnostic> {
        let [part, held] = window.of.as_slice() else { return Ok(none(Why::NoData)) };
        if let Err(why) = self.counted(part, entity, weeks)? {
            return Ok(none(why));
        }
        let sheet = self.sheet(weeks);
        let (Some(counts), Some(all)) = (self.counts(&sheet, &part.component)?, self.counts(&sheet, &held.component)?) else {
            return Ok(none(Why::NoData));
        };
        let (over, under) = sheet.held(&counts, &all, entity, weeks);
        let value = if under == 0 { Value::Missing(Why::TooFew) } else { Value::Ratio(f64::from(over) / f64::from(under)) };
        Ok(Cell { value, records: under, known: under })
    }

    /// The records behind what is told of the weeks: those of its components in them; of a flag, those of whoever and whatever is flagged.
    pub(super) fn windowed_evidence(&self, window: &Window, entity: Entity, period: &Period) -> Result<Vec<Evidence>, Diagnostic> {
        let Some(weeks) = self.window_of(period) else { return Ok(Vec::new()) };
        let sheet = self.sheet(weeks.range());
        // Of meetings, and of what is won, every record in the weeks is told; else those of the weeks that are known.
        let all =
            matches!(window.tells, Tells::Favourites | Tells::TopFive | Tells::WithoutOpenDeal | Tells::TopProduct | Tells::NewAccounts);
        let known = |part: &Part| -> Result<Option<Range>, Diagnostic> {
            Ok(match self.counts(&sheet, &part.component)? {
                Some(counts) => sheet.known(&counts, weeks.range()),
                None => Some(weeks.range()),
            })
        };
        let mut both = Some(weeks.range());
        for part in window.of.iter().filter(|_| window.tells == Tells::Share) {
            both = both.zip(known(part)?).and_then(|(both, known)| both.intersect(known));
        }
        let whose: Vec<(Entity, Vec<Part>)> = if window.tells.is_flag() {
            self.flagged(window, entity, weeks.range())?
        } else {
            vec![(entity, window.of.iter().filter(|part| self.belongs(part.who, entity)).cloned().collect())]
        };
        let mut found: Vec<Evidence> = Vec::new();
        for (entity, parts) in &whose {
            for part in parts {
                let days = if all { Some(weeks.range()) } else { known(part)?.zip(both).and_then(|(known, both)| known.intersect(both)) };
                let Some((measure, days)) = self.measure(&part.component).zip(days) else { continue };
                for leaf in self.leaves(measure) {
                    for more in self.evidence(leaf, *entity, &self.calendar.range_period(days))? {
                        match found.iter_mut().find(|known| known.measure == more.measure) {
                            Some(known) => known.join(more),
                            None => found.push(more),
                        }
                    }
                }
            }
        }
        for evidence in &mut found {
            if let Some((measure, table)) = self.measure(&evidence.measure).and_then(|m| Some((m, self.table(m)?))) {
                evidence.settle(table, &measure.spec.on);
            }
        }
        Ok(found)
    }
}

/// A cell without a value.
fn none(why: Why) -> Cell {
    Cell { value: Value::Missing(why), records: 0, known: 0 }
}
