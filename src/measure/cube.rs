//! The cube: a value per entity, period and measure.

use std::rc::Rc;
use std::sync::Arc;

use super::aggregate::{self, Sums};
use super::catalog::Measure;
use super::place::Places;
use super::select::Engine;
use super::spec::{Aggregate, UnitKind, When};
use crate::calendar::{Day, Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::table::{Column, Numbers, Short, Words};
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
        // In their total order, as the engine hands them over.
        self.entities.binary_search(&entity).ok()
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

    /// How many entities there are.
    pub(super) fn entity_count(&self) -> usize {
        self.data.roster.teams.len() + self.data.roster.people.len() + 2
    }

    /// The currencies of the amounts that are used: the report's first, then the most frequent; one empty one where nothing says which.
    pub fn currencies(&self) -> &[Currency] {
        self.currencies.get_or_init(|| {
            let deals = &self.data.deals;
            let amounts = ["amount", "profit", "cost"].map(|name| Numbers::of(deals.column(name)));
            let words = match deals.column("currency") {
                Some(Column::Words(words)) => Some(words),
                _ => None,
            };
            let codes = words.map(Words::codes);
            // One more, for those that name none.
            let mut counts = vec![0_usize; words.map_or(0, |words| words.words().len()) + 1];
            let none = counts.len() - 1;
            for row in (0..deals.len()).filter(|row| deals.used(*row)) {
                if amounts.iter().any(|amounts| amounts.get(row).is_some()) {
                    counts[codes.and_then(|codes| codes.get(row)).map_or(none, |code| code as usize)] += 1;
                }
            }
            let names = words.into_iter().flat_map(|words| words.words().iter()).chain(std::iter::once(""));
            let mut found: Vec<(&str, usize)> = Vec::new();
            for (name, count) in names.zip(&counts).filter(|(_, count)| **count > 0) {
                match found.iter_mut().find(|(known, _)| *known == name) {
                    Some((_, sum)) => *sum += count,
                    None => found.push((name, *count)),
                }
            }
            let other = |currency: &str| self.home.as_deref() != Some(currency);
            // Where they are as frequent, one that is named comes before none.
            found.sort_by(|a, b| {
                other(a.0).cmp(&other(b.0)).then(b.1.cmp(&a.1)).then(a.0.is_empty().cmp(&b.0.is_empty())).then(a.0.cmp(b.0))
            });
            if found.is_empty() {
                // Of no deal the report's own currency is the sum.
                return vec![self.home.clone().unwrap_or_else(|| Arc::from(""))];
            }
            found.into_iter().map(|(currency, _)| Arc::from(currency)).collect()
        })
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
            let series = self.count(measure, &entities, periods, currencies, &done)?;
            done.extend(series);
        }
        let mut series = Vec::with_capacity(done.len());
        for (at, name) in names.iter().enumerate() {
            if names[at + 1..].contains(name) {
                series.extend(done.iter().filter(|s| s.measure == *name).cloned());
            } else {
                // Nobody asks for it again.
                series.extend(done.extract_if(.., |s| s.measure == *name));
            }
        }
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
        if let Some((over, under)) = self.parts(measure) {
            let money = measure.spec.unit == UnitKind::Money && currencies.len() > 1 && under.spec.unit != UnitKind::Money;
            if !money || self.parts(under).is_some() {
                return Ok(aggregate::quotients(measure, &over.spec.name, &under.spec.name, done, currencies));
            }
            // A mean amount in one currency is over the records in that currency.
            let mut parts: Vec<Series> = done.iter().filter(|s| s.measure == over.spec.name).cloned().collect();
            for currency in currencies {
                parts.push(self.sums(under, entities, periods, Unit::Count, Some(currency))?);
            }
            return Ok(aggregate::quotients(measure, &over.spec.name, &under.spec.name, &parts, currencies));
        }
        if measure.spec.value == Aggregate::Reports(None) {
            return Ok(vec![self.count_reports(measure, entities, periods)]);
        }
        if let Aggregate::Left(of) = &measure.spec.value {
            return self.left(measure, of, entities, periods, currencies);
        }
        if let Aggregate::Plus(one, other) = &measure.spec.value {
            return self.plus(measure, [one, other], entities, periods);
        }
        if let Aggregate::Window(window) = &measure.spec.value {
            return Ok(vec![self.windowed(measure, window, entities, periods)?]);
        }
        let units: Vec<Unit> = match measure.spec.unit {
            UnitKind::Money => currencies.iter().map(|c| Unit::Money(Arc::clone(c))).collect(),
            UnitKind::Count => vec![Unit::Count],
            UnitKind::Hours => vec![Unit::Hours],
            UnitKind::Ratio => vec![Unit::Ratio],
            UnitKind::Days => vec![Unit::Days],
        };
        units.into_iter().map(|unit| self.sums(measure, entities, periods, unit, None)).collect()
    }

    /// One series: a measure in one unit, and of amounts in one currency only where that is asked for.
    fn sums(
        &self,
        measure: &Measure,
        entities: &[Entity],
        periods: &Partition,
        unit: Unit,
        currency: Option<&Currency>,
    ) -> Result<Series, Diagnostic> {
        let selection = self.select(measure)?;
        let gaps: Vec<Option<Why>> = periods.iter().map(|p| self.gap(measure, &selection, p)).collect();
        let cells = entities.len() * periods.len();
        let mut sums = Sums::new(self, measure, &unit, currency, cells);
        if let Some(table) = self.table(measure) {
            let places = Places::new(self, measure, table, periods, |period| gaps[period].is_some());
            if measure.spec.when == When::Now {
                for (index, period) in periods.iter().enumerate().filter(|(index, _)| gaps[*index].is_none()) {
                    sums.add(&places, &self.select_at(measure, period)?.rows, periods.len(), Some(index));
                }
            } else {
                sums.add(&places, &selection.rows, periods.len(), None);
            }
        }
        sums.settle();
        let missing = |why: Why| Cell { value: Value::Missing(why), records: 0, known: 0 };
        let cells = (0..cells).map(|cell| {
            let (entity, at) = (entities[cell / periods.len()], cell % periods.len());
            let Some(period) = periods.get(at) else { return missing(Why::NoData) };
            match gaps[at] {
                _ if !self.has_value(measure, entity, period) => missing(Why::NotApplicable),
                Some(why) => missing(why),
                None => sums.finish(self, cell, entity, period),
            }
        });
        Ok(Series { measure: measure.spec.name.clone(), unit, cells: cells.collect() })
    }

    /// The records of two measures together; those of one where nothing is known of the other.
    fn plus(&self, measure: &Measure, of: [&str; 2], entities: &[Entity], periods: &Partition) -> Result<Vec<Series>, Diagnostic> {
        let mut sum: Option<Vec<Cell>> = None;
        for part in of.into_iter().filter_map(|name| self.measure(name)) {
            let cells = self.sums(part, entities, periods, Unit::Count, None)?.cells;
            sum = Some(match sum {
                Some(sum) => sum.iter().zip(&cells).map(|(a, b)| added(a, b)).collect(),
                None => cells,
            });
        }
        Ok(vec![Series::new(&measure.spec.name, Unit::Count, sum.unwrap_or_default())])
    }

    /// How many people report to each at the end of each period.
    fn count_reports(&self, measure: &Measure, entities: &[Entity], periods: &Partition) -> Series {
        let pairs = entities.iter().flat_map(|entity| periods.iter().map(move |period| (*entity, period)));
        let cells = pairs.map(|(entity, period)| {
            let value = if !self.has_value(measure, entity, period) {
                Value::Missing(Why::NotApplicable)
            } else if period.range.first > self.as_of {
                Value::Missing(Why::NotYet)
            } else {
                Value::Count(self.reports(measure, entity, period).len().into())
            };
            Cell { value, records: 0, known: 0 }
        });
        Series { measure: measure.spec.name.clone(), unit: Unit::Count, cells: cells.collect() }
    }

    /// What is left of a measure's target in its own period: target less value to date; not applicable without a target or once it is
    /// reached.
    fn left(
        &self,
        measure: &Measure,
        of: &str,
        entities: &[Entity],
        periods: &Partition,
        currencies: &[Currency],
    ) -> Result<Vec<Series>, Diagnostic> {
        let missing = || Cell { value: Value::Missing(Why::NotApplicable), records: 0, known: 0 };
        let mut all: Vec<Series> = Vec::new();
        for currency in currencies {
            let unit = Unit::Money(Arc::clone(currency));
            let mut cells = vec![missing(); entities.len() * periods.len()];
            for (at, period) in periods.iter().enumerate() {
                for (index, entity) in entities.iter().enumerate() {
                    if let Some((_, cell)) = self.left_of(of, &unit, *entity, period)? {
                        cells[index * periods.len() + at] = cell;
                    }
                }
            }
            all.push(Series::new(&measure.spec.name, unit, cells));
        }
        Ok(all)
    }

    /// What is left of one target in its own period at the end of a period, and the days over which it was reached so far.
    pub(super) fn left_of(&self, of: &str, unit: &Unit, entity: Entity, period: &Period) -> Result<Option<(Range, Cell)>, Diagnostic> {
        let end = judged_until(period, self.as_of);
        let target = self.targets.as_ref().and_then(|targets| {
            let whole = targets.own_period(of, unit, entity, end)?;
            Some((whole.until(end)?, targets.of(of, unit, entity, whole)?.value))
        });
        let Some((part, target)) = target else { return Ok(None) };
        let to_date = self.to_date(of, part)?;
        let series = to_date.of(of).find(|s| to_date.series[*s].unit == *unit);
        let (Some(series), Some(index)) = (series, to_date.entity(entity)) else { return Ok(None) };
        let cell = to_date.cell(series, index, 0);
        let left = match &cell.value {
            Value::Money(done, currency) if target > *done => Value::Money(target - done, Arc::clone(currency)),
            _ => return Ok(None),
        };
        Ok(Some((part, Cell { value: left, records: cell.records, known: cell.known })))
    }

    /// A measure over a range of days as one period, counted once per range.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn to_date(&self, name: &str, part: Range) -> Result<Rc<Cube>, Diagnostic> {
        let key = (name.to_owned(), part);
        if let Some(found) = self.ranges.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let cube = Rc::new(self.cube(&[name.to_owned()], &self.calendar.partition(Grain::Range, part))?);
        self.ranges.borrow_mut().insert(key, Rc::clone(&cube));
        Ok(cube)
    }
}

fn added(one: &Cell, other: &Cell) -> Cell {
    let value = match (&one.value, &other.value) {
        (Value::Count(a), Value::Count(b)) => Value::Count(a + b),
        (Value::Missing(_), value) | (value, _) => value.clone(),
    };
    Cell { value, records: one.records + other.records, known: one.known + other.known }
}

/// A whole share, in millionths.
pub(super) const WHOLE: u32 = 1_000_000;

/// The amount of a row as a whole number of minor units, with the column's scale.
pub(super) fn minor(column: Option<&Column>, row: usize) -> Option<i64> {
    match column? {
        Column::Money(m) => Some(m.minor[row]).filter(|m| *m != crate::table::Amounts::NULL),
        Column::Whole(v) => Some(v[row]).filter(|n| *n != Column::NO_NUMBER),
        Column::Short(short @ Short::Numbers(..)) => Some(short.get(row)).filter(|n| *n != Column::NO_NUMBER),
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
pub(super) fn judged_until(period: &Period, as_of: Day) -> Day {
    period.range.last.min(as_of)
}
