//! The cube: a value per entity, period and measure.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::aggregate::{self, Sums};
use super::catalog::Measure;
use super::select::Engine;
use super::spec::{Aggregate, UnitKind, When};
use crate::calendar::{Partition, Period};
use crate::diagnostic::Diagnostic;
use crate::table::{Column, Credit, Table};
use crate::unit::{Currency, Unit, Value, Why};

/// How fine an entity is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Everybody.
    All,
    /// A team.
    Team,
    /// A person, or no one.
    Owner,
}

impl Level {
    /// Every level with its name in config and output.
    pub const WORDS: &'static [(&'static str, Self)] = &[("all", Self::All), ("team", Self::Team), ("owner", Self::Owner)];

    /// Its name in config and output.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, level)| *level == self).map_or("", |(word, _)| word)
    }

    /// The level of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == name).map(|(_, level)| *level)
    }
}

/// Whose value it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Entity {
    /// Everybody's, records of no one included.
    All,
    /// A team's, an index into the roster's teams.
    Team(u32),
    /// A person's, an index into the roster's people.
    Owner(u32),
    /// Of no one: records without owner.
    NoOwner,
}

impl Entity {
    /// Its level.
    pub fn level(self) -> Level {
        match self {
            Self::All => Level::All,
            Self::Team(_) => Level::Team,
            Self::Owner(_) | Self::NoOwner => Level::Owner,
        }
    }
}

/// What stands for records without owner.
pub const NO_OWNER: &str = "(no owner)";

/// One cell of the cube.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value.
    pub value: Value,
    /// How many records it counts.
    pub records: u32,
    /// Of how many of them the summed column is known.
    pub known: u32,
}

/// One measure (in one currency) over all entities and periods.
#[derive(Debug, Clone)]
pub struct Series {
    /// The measure's name.
    pub measure: String,
    /// Its unit.
    pub unit: Unit,
    cells: Vec<Cell>,
}

impl Series {
    pub(super) fn new(measure: &str, unit: Unit, cells: Vec<Cell>) -> Self {
        Self { measure: measure.to_owned(), unit, cells }
    }

    pub(super) fn cells(&self) -> &[Cell] {
        &self.cells
    }
}

/// Values by entity, period and measure.
#[derive(Debug, Clone)]
pub struct Cube {
    /// The entities: all, teams, people, no owner.
    pub entities: Vec<Entity>,
    /// The periods.
    pub periods: Partition,
    /// The measures, in the order asked for; one of money stands once per currency.
    pub series: Vec<Series>,
}

impl Cube {
    /// The index of an entity.
    pub fn entity(&self, entity: Entity) -> Option<usize> {
        self.entities.iter().position(|e| *e == entity)
    }

    /// A cell.
    pub fn cell(&self, series: usize, entity: usize, period: usize) -> &Cell {
        &self.series[series].cells[entity * self.periods.len() + period]
    }

    /// A value.
    pub fn value(&self, series: usize, entity: usize, period: usize) -> &Value {
        &self.cell(series, entity, period).value
    }

    /// The series of a measure, one per currency.
    pub fn of<'a>(&'a self, measure: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.series.iter().enumerate().filter(move |(_, s)| s.measure == measure).map(|(i, _)| i)
    }
}

impl Engine<'_> {
    /// The entities of this run, in their total order.
    pub fn entities(&self) -> Vec<Entity> {
        let roster = &self.data.roster;
        let teams = (0..roster.teams.len() as u32).map(Entity::Team);
        let people = (0..roster.people.len() as u32).map(Entity::Owner);
        std::iter::once(Entity::All).chain(teams).chain(people).chain(std::iter::once(Entity::NoOwner)).collect()
    }

    /// The currencies of the amounts that are used, the most frequent first; one empty one where nothing says which.
    pub fn currencies(&self) -> Vec<Currency> {
        let deals = &self.data.deals;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in (0..deals.len()).filter(|r| deals.used(*r)) {
            if ["amount", "profit", "cost"].iter().any(|c| deals.amount(c, row).is_some()) {
                *counts.entry(deals.text("currency", row).unwrap_or("")).or_default() += 1;
            }
        }
        let mut found: Vec<(&str, usize)> = counts.into_iter().collect();
        found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        if found.is_empty() { vec![Arc::from("")] } else { found.into_iter().map(|(c, _)| Arc::from(c)).collect() }
    }

    /// Counts measures over the periods of a partition.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn cube(&self, names: &[String], periods: &Partition) -> Result<Cube, Diagnostic> {
        let entities = self.entities();
        let currencies = self.currencies();
        let mut done: Vec<Series> = Vec::new();
        let needed = self.needed(names);
        for measure in self.measures.iter().filter(|m| needed.contains(&m.spec.name.as_str())) {
            let series = self.count(measure, &entities, periods, &currencies, &done)?;
            done.extend(series);
        }
        let series = names.iter().flat_map(|name| done.iter().filter(move |s| s.measure == *name).cloned()).collect();
        Ok(Cube { entities, periods: periods.clone(), series })
    }

    /// The named measures and those that they divide.
    fn needed<'n>(&'n self, names: &'n [String]) -> Vec<&'n str> {
        let mut needed: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut at = 0;
        while let Some(name) = needed.get(at) {
            if let Some((over, under)) = self.measure(name).and_then(|m| self.parts(m)) {
                for part in [over, under] {
                    if !needed.contains(&part.spec.name.as_str()) {
                        needed.push(&part.spec.name);
                    }
                }
            }
            at += 1;
        }
        needed
    }

    fn count(
        &self,
        measure: &Measure,
        entities: &[Entity],
        periods: &Partition,
        currencies: &[Currency],
        done: &[Series],
    ) -> Result<Vec<Series>, Diagnostic> {
        let name = &measure.spec.name;
        if let Some((over, under)) = self.parts(measure) {
            return Ok(aggregate::quotients(measure, &over.spec.name, &under.spec.name, done, currencies));
        }
        let selection = self.select(measure)?;
        let gaps: Vec<Option<Why>> = periods.iter().map(|p| self.gap(measure, &selection, p)).collect();
        let units: Vec<Unit> = match measure.spec.unit {
            UnitKind::Money => currencies.iter().map(|c| Unit::Money(Arc::clone(c))).collect(),
            UnitKind::Count => vec![Unit::Count],
            UnitKind::Hours => vec![Unit::Hours],
            UnitKind::Ratio => vec![Unit::Ratio],
            UnitKind::Days => vec![Unit::Days],
        };
        let mut series = Vec::with_capacity(units.len());
        for unit in units {
            let cells = entities.len() * periods.len();
            let mut sums = Sums::new(self, measure, &unit, cells);
            if let Some(table) = self.table(measure) {
                for row in &selection.rows {
                    self.place(measure, table, *row as usize, periods, |period, credit| {
                        if gaps[period].is_none() {
                            for entity in self.shares(measure, credit, entities) {
                                sums.add(entity.0 * periods.len() + period, *row as usize, entity.1);
                            }
                        }
                    });
                }
            }
            let cells = (0..cells).map(|cell| match gaps[cell % periods.len()] {
                Some(why) => Cell { value: Value::Missing(why), records: 0, known: 0 },
                None => sums.finish(cell, periods.get(cell % periods.len())),
            });
            series.push(Series { measure: name.clone(), unit, cells: cells.collect() });
        }
        Ok(series)
    }

    /// Calls back with the period and the credits of a record; a state's record is in every period whose end it was open at.
    fn place(&self, measure: &Measure, table: &Table, row: usize, periods: &Partition, mut found: impl FnMut(usize, &[Credit])) {
        let Some(day) = Self::day_of(measure, table, row) else { return };
        let nobody = [Credit { record: row as u32, person: Credit::NOBODY, team: Credit::NOBODY, share_ppm: 1_000_000, whole: true }];
        let credits = match self.facts.credits(measure.spec.from) {
            Some(credits) => credits.of(row),
            None => &nobody,
        };
        match (measure.spec.when, &measure.spec.value) {
            (When::Now, _) | (When::In, Aggregate::Age(_)) => {
                for (index, period) in periods.iter().enumerate() {
                    if day <= period.range.last {
                        found(index, credits);
                    }
                }
            }
            (When::Next, _) => {
                for (index, period) in periods.iter().enumerate() {
                    if self.calendar.next(period).range.contains(day) {
                        found(index, credits);
                    }
                }
            }
            (When::In, _) => {
                if let Some(index) = periods.index_of(day) {
                    found(index, credits);
                }
            }
        }
    }

    /// The entities that a record counts for, each with the share of its money in millionths.
    fn shares(&self, measure: &Measure, credits: &[Credit], entities: &[Entity]) -> Vec<(usize, u32)> {
        let roster = &self.data.roster;
        let (teams, people) = (roster.teams.len(), roster.people.len());
        let sum = measure.spec.team == super::spec::TeamRule::Sum;
        let counts = |c: &&Credit| c.whole || matches!(measure.spec.value, Aggregate::Sum(_));
        let mut shares = Vec::with_capacity(credits.len() * 3 + 1);
        if !sum {
            shares.push((0, 1_000_000));
        }
        for (index, credit) in credits.iter().filter(counts).enumerate() {
            if sum {
                shares.push((0, credit.share_ppm));
            }
            let in_team = credit.team != Credit::NOBODY && roster.counts_in_team(credit.person);
            let counted = credits[..index].iter().any(|c| c.team == credit.team && roster.counts_in_team(c.person));
            if in_team && (sum || !counted) {
                shares.push((1 + credit.team as usize, if sum { credit.share_ppm } else { 1_000_000 }));
            }
            let owner = if credit.person == Credit::NOBODY { 1 + teams + people } else { 1 + teams + credit.person as usize };
            shares.push((owner, credit.share_ppm));
        }
        debug_assert!(shares.iter().all(|(e, _)| *e < entities.len()));
        shares
    }
}

/// The amount of a row as a whole number of minor units, with the column's scale.
pub(super) fn minor(column: Option<&Column>, row: usize) -> Option<i64> {
    match column? {
        Column::Money(m) => Some(m.minor[row]).filter(|m| *m != crate::table::Amounts::NULL),
        Column::Whole(v) => Some(v[row]).filter(|n| *n != Column::NO_NUMBER),
        _ => None,
    }
}

/// The decimals of a column's amounts.
pub(super) fn scale(column: Option<&Column>) -> u32 {
    match column {
        Some(Column::Money(m)) => u32::from(m.scale),
        _ => 0,
    }
}

/// The last day on which a period can be judged.
pub(super) fn judged_until(period: &Period, as_of: crate::calendar::Day) -> crate::calendar::Day {
    period.range.last.min(as_of)
}
