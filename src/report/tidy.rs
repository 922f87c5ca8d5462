//! The tidy values: one row per level × name × period × measure (and currency).

use rust_decimal::{Decimal, RoundingStrategy};
use std::sync::Arc;

use super::{Run, pace};
use crate::calendar::{Day, Grain, Partition, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{TidyRow, TidyRows, Together};
use crate::measure::spec::{Aggregate, When};
use crate::measure::{Cube, Entity, Measure, Series};
use crate::unit::{Unit, Value, Why};

/// The average looks back over this many periods.
pub(super) const BACK: usize = 13;

/// An average looks for them in this many periods, of which some may not be complete.
pub(super) const HISTORY: usize = BACK + 4;

/// Fewer complete periods than this make no average.
const FEWEST: usize = 4;

/// The tidy rows in their total order.
pub fn values(run: &Run<'_>) -> Result<Vec<TidyRow>, Diagnostic> {
    let mut rows = Vec::new();
    Tidy::new(run)?.each(&mut |row| rows.push(row.clone()));
    Ok(rows)
}

/// The tidy rows of a run, to be handed over one by one.
pub struct Tidy<'r, 'a> {
    run: &'r Run<'a>,
    /// That of the page's periods, then those of the periods that sections show beside.
    counted: Vec<Counted<'r>>,
    /// Whose rows there are of which period, in their total order.
    heads: Vec<Head>,
}

/// A cube, with what is asked of each of its measures for every row.
struct Counted<'r> {
    cube: Cube,
    series: Vec<Told<'r>>,
}

/// A series of a cube.
struct Told<'r> {
    measure: &'r Measure,
    /// Whether there is any target of it.
    aimed: bool,
    /// Of each period, whether it is complete.
    complete: Vec<bool>,
    /// Of each period, whether averages take it.
    whole: Vec<bool>,
}

/// Somebody in a period: the rows of every measure of a cube.
struct Head {
    counted: usize,
    entity: Entity,
    index: usize,
    at: usize,
}

impl<'r, 'a> Tidy<'r, 'a> {
    /// Counts what the rows hold.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn new(run: &'r Run<'a>) -> Result<Self, Diagnostic> {
        let partition = with_history(run, &run.periods);
        let own: Vec<usize> =
            run.periods.iter().filter_map(|period| partition.iter().position(|other| other.name == period.name)).collect();
        let mut counted = vec![Counted::new(run, run.engine.cube(&run.told(), &partition)?)];
        let mut places: Vec<(usize, Vec<usize>)> = vec![(0, own)];
        for beside in run.beside.borrow().iter() {
            let partition = with_history(run, std::slice::from_ref(&beside.period));
            places.push((counted.len(), vec![partition.len() - 1]));
            counted.push(Counted::new(run, run.engine.cube(&beside.measures, &partition)?));
        }
        let entities = run.entities();
        let ranks = ranks(run, &entities);
        let mut heads = Vec::new();
        for (cube, periods) in places {
            for (entity, rank) in entities.iter().zip(&ranks) {
                let Some(index) = counted[cube].cube.entity(*entity) else { continue };
                for at in &periods {
                    let Some(period) = counted[cube].cube.periods.get(*at) else { continue };
                    if counted[cube].visible(run, *entity, index, *at, period) {
                        let head = Head { counted: cube, entity: *entity, index, at: *at };
                        // The periods of the page stand before those that its sections show beside.
                        heads.push(((*rank, cube > 0, period.range.first, period.range.last), head));
                    }
                }
            }
        }
        heads.sort_by_key(|(order, _)| *order);
        Ok(Self { run, counted, heads: heads.into_iter().map(|(_, head)| head).collect() })
    }
}

/// The place of each entity in the order of rows: by level, then by name, no one last; those of one name share it.
fn ranks(run: &Run<'_>, entities: &[Entity]) -> Vec<usize> {
    let key = |entity: &Entity| (entity.level(), run.name(*entity) == crate::measure::NO_OWNER, run.name(*entity));
    let mut keys: Vec<_> = entities.iter().map(key).collect();
    keys.sort_unstable();
    entities.iter().map(|entity| keys.partition_point(|other| *other < key(entity))).collect()
}

impl TidyRows for Tidy<'_, '_> {
    fn series(&self) -> Vec<(&str, &Unit)> {
        let mut cubes: Vec<usize> = Vec::new();
        for head in &self.heads {
            if !cubes.contains(&head.counted) {
                cubes.push(head.counted);
            }
        }
        let mut series = Vec::new();
        for own in cubes.into_iter().flat_map(|cube| &self.counted[cube].cube.series) {
            let own = (own.measure.as_str(), &own.unit);
            if !series.contains(&own) {
                series.push(own);
            }
        }
        series
    }

    fn each(&self, found: &mut dyn FnMut(&TidyRow)) {
        let Some(first) = self.heads.first() else { return };
        // One row is made into the next, since most of it stays.
        let Some(mut row) = self.counted[first.counted].blank() else { return };
        for head in &self.heads {
            let (run, counted) = (self.run, &self.counted[head.counted]);
            let Some(period) = counted.cube.periods.get(head.at) else { continue };
            about(run, head, period, &mut row);
            let mut there = Vec::new();
            for series in 0..counted.series.len() {
                counted.fill(run, head, period, series, &mut there, &mut row);
                found(&row);
            }
        }
    }

    fn together(&self, found: &mut Together<'_>) {
        let Some(mut row) = self.heads.first().and_then(|first| self.counted[first.counted].blank()) else { return };
        let all = self.series();
        let place = |own: &Series| all.iter().position(|(measure, unit)| *measure == own.measure && **unit == own.unit);
        let places: Vec<Vec<Option<usize>>> = self.counted.iter().map(|counted| counted.cube.series.iter().map(place).collect()).collect();
        let mut values = vec![None; all.len()];
        for head in &self.heads {
            let counted = &self.counted[head.counted];
            let Some(period) = counted.cube.periods.get(head.at).filter(|_| !counted.series.is_empty()) else { continue };
            about(self.run, head, period, &mut row);
            values.fill(None);
            for (series, place) in places[head.counted].iter().enumerate() {
                if let Some(place) = place {
                    values[*place] = Some(counted.cube.value(series, head.index, head.at));
                }
            }
            let complete = counted.series.iter().all(|told| told.is_complete(head, period));
            found(&row, complete, &values);
        }
    }
}

/// Makes a row that of somebody in a period.
fn about(run: &Run<'_>, head: &Head, period: &Period, row: &mut TidyRow) {
    row.level = head.entity.level().name();
    run.name(head.entity).clone_into(&mut row.name);
    let team = match head.entity {
        Entity::Owner(person) if !run.leads_only(person) => run.team_in(person, period.range),
        _ => None,
    };
    team.and_then(|team| run.data.roster.teams.get(team as usize)).map_or("", String::as_str).clone_into(&mut row.team);
    row.period.clone_from(&period.name);
    (row.period_start, row.period_end) = (period.range.first, period.range.last);
}

impl Told<'_> {
    /// Whether the rows of somebody in a period are complete.
    fn is_complete(&self, head: &Head, period: &Period) -> bool {
        self.complete[head.at] && period.grain != Grain::All
    }
}

impl<'r> Counted<'r> {
    fn new(run: &'r Run<'_>, cube: Cube) -> Self {
        let told = |series: &Series| {
            let measure = run.engine.measure(&series.measure)?;
            let complete: Vec<bool> = cube.periods.iter().map(|period| run.engine.complete_for(measure, period)).collect();
            let whole = cube.periods.iter().zip(&complete).map(|(period, complete)| *complete && began(run, measure, period)).collect();
            Some(Told { measure, aimed: run.targets.any(&series.measure), complete, whole })
        };
        // Whatever is counted is a measure of the engine.
        let series: Vec<Told<'r>> = cube.series.iter().filter_map(told).collect();
        debug_assert_eq!(series.len(), cube.series.len());
        Self { cube, series }
    }

    /// Whether an entity has rows in a period.
    fn visible(&self, run: &Run<'_>, entity: Entity, index: usize, at: usize, period: &Period) -> bool {
        is_visible(run, entity, period, || {
            let counts = |(series, told): (usize, &Told<'_>)| self.cube.cell(series, index, at).records > 0 && !looks_back(told.measure);
            self.series.iter().enumerate().any(counts)
        })
    }

    /// A row without anything of its own.
    fn blank(&self) -> Option<TidyRow> {
        let day = Day(0);
        Some(TidyRow {
            level: "",
            name: String::new(),
            team: String::new(),
            period: String::new(),
            period_start: day,
            period_end: day,
            complete: false,
            role: "",
            measure: String::new(),
            unit: self.cube.series.first()?.unit.clone(),
            value: Value::Missing(Why::NoData),
            target: None,
            pace: None,
            previous: None,
            average: None,
        })
    }

    /// Makes a row that of a measure. `there` says of each period before whether somebody was there, and is filled where that is asked.
    fn fill(&self, run: &Run<'_>, head: &Head, period: &Period, series: usize, there: &mut Vec<bool>, row: &mut TidyRow) {
        let (told, of) = (&self.series[series], &self.cube.series[series]);
        row.complete = told.is_complete(head, period);
        row.role = told.measure.spec.role.name();
        row.measure.clone_from(&of.measure);
        if row.unit != of.unit {
            row.unit.clone_from(&of.unit);
        }
        row.value.clone_from(self.cube.value(series, head.index, head.at));
        (row.target, row.pace) =
            if told.aimed { target(run, told.measure, &of.unit, head.entity, period, row.complete) } else { (None, None) };
        let before = head.at.checked_sub(1).filter(|before| told.complete[*before]);
        row.previous = before.map(|before| self.cube.value(series, head.index, before).clone()).filter(|value| !value.is_missing());
        if let (Entity::Owner(person), true) = (head.entity, there.is_empty()) {
            let periods = self.cube.periods.iter().enumerate();
            let near = |at: usize| at < head.at && at + HISTORY >= head.at;
            there.extend(periods.map(|(at, period)| near(at) && run.present(person, period.range)));
        }
        let records = |at: usize| self.cube.cell(series, head.index, at).records > 0;
        row.average = mean_before(&self.cube, series, head.index, head.at, |at| {
            told.whole[at] && there.get(at).is_none_or(|there| *there || records(at))
        });
    }
}

/// The periods with those before them that averages need.
pub(super) fn with_history(run: &Run<'_>, periods: &[Period]) -> Partition {
    let (Some(first), Some(last)) = (periods.first(), periods.last()) else { return run.calendar.ending_with(run.period(), 1) };
    match first.grain {
        Grain::All | Grain::Range => run.calendar.ending_with(last, 1),
        grain => {
            let before = run.calendar.ending_with(first, HISTORY + 1);
            run.calendar.partition(grain, before.range().hull(last.range))
        }
    }
}

/// Whether an entity has rows in a period.
pub(super) fn visible(run: &Run<'_>, cube: &Cube, entity: Entity, index: usize, at: usize, period: &Period) -> bool {
    is_visible(run, entity, period, || {
        let back = |series: usize| run.engine.measure(&cube.series[series].measure).is_some_and(looks_back);
        (0..cube.series.len()).any(|series| cube.cell(series, index, at).records > 0 && !back(series))
    })
}

/// Whether an entity has rows in a period, where that may depend on whether any record of its own is counted.
fn is_visible(run: &Run<'_>, entity: Entity, period: &Period, counted: impl Fn() -> bool) -> bool {
    match entity {
        Entity::All | Entity::Team(_) => true,
        Entity::Owner(person) if run.team.is_some() && run.team_in(person, period.range) != run.team => false,
        Entity::Owner(person) => run.present(person, period.range) || counted(),
        Entity::NoOwner => counted(),
    }
}

/// Whether a measure counts records of a time when somebody may have been here who no longer is.
fn looks_back(measure: &Measure) -> bool {
    matches!(measure.spec.value, Aggregate::Window(_) | Aggregate::Age(_))
}

/// A value as the number of its unit that files have: hours with two decimals, ratios with up to six; none where it is missing or words.
pub(super) fn number(value: &Value) -> Option<Decimal> {
    let float = |x: f64| Decimal::try_from(x).ok().map(|n| n.round_dp(6).normalize());
    match value {
        Value::Count(n) => Some(n.normalize()),
        Value::Money(n, _) => Some(*n),
        Value::Minutes(n) => Some((n / Decimal::from(60)).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)),
        Value::Ratio(x) | Value::Days(x) => float(*x),
        Value::Date(_) | Value::Text(_) | Value::Missing(_) => None,
    }
}

/// A number in the unit of a series.
pub(super) fn in_unit(number: Decimal, unit: &Unit) -> Value {
    use rust_decimal::prelude::ToPrimitive;
    match unit {
        Unit::Count => Value::Count(number),
        Unit::Hours => Value::Minutes(number * Decimal::from(60)),
        Unit::Ratio => Value::Ratio(number.to_f64().unwrap_or_default()),
        Unit::Days => Value::Days(number.to_f64().unwrap_or_default()),
        Unit::Money(currency) => Value::Money(number, Arc::clone(currency)),
    }
}

/// The target of an entity for a whole period, and what should stand at the day of the report.
pub(super) fn target(
    run: &Run<'_>,
    measure: &Measure,
    unit: &Unit,
    entity: Entity,
    period: &Period,
    complete: bool,
) -> (Option<Value>, Option<Value>) {
    let name = &measure.spec.name;
    // Targets that begin long after the first record say nothing about everything.
    if period.grain == Grain::All {
        return (None, None);
    }
    if matches!(unit, Unit::Ratio | Unit::Days) {
        let value = run.targets.level(name, entity, period.range).map(|t| in_unit(t, unit));
        return (value.clone(), value);
    }
    // What is booked is held against the target of the period that it is booked for.
    let range = if measure.spec.when == When::Next { run.calendar.next(period).range } else { period.range };
    if matches!(unit, Unit::Money(_)) && run.targets.keeps_longer(name, unit, entity, range) {
        return (None, None);
    }
    let whole = run.targets.of(name, unit, entity, range).map(|t| in_unit(t.value, unit));
    let part = || pace::pace(run, measure, unit, entity, range, range.until(run.as_of)?).map(|value| in_unit(value, unit));
    let pace = if complete { whole.clone() } else { part() };
    (whole, pace)
}

/// Whether the exports of a measure begin before a period does, so that it can be whole.
pub(super) fn began(run: &Run<'_>, measure: &Measure, period: &Period) -> bool {
    run.engine.reach(measure).first.is_some_and(|first| first <= period.range.first)
}

/// Whether an entity is there in a period: a person who is with us, or has records.
pub(super) fn there(run: &Run<'_>, cube: &Cube, entity: Entity, series: usize, index: usize, at: usize) -> bool {
    match (entity, cube.periods.get(at)) {
        (Entity::Owner(person), Some(period)) => run.present(person, period.range) || cube.cell(series, index, at).records > 0,
        (_, period) => period.is_some(),
    }
}

/// The mean of the complete periods before this one.
pub(super) fn average(
    run: &Run<'_>,
    cube: &Cube,
    measure: &Measure,
    entity: Entity,
    series: usize,
    index: usize,
    at: usize,
) -> Option<Value> {
    let whole = |period: &Period| began(run, measure, period) && run.engine.complete_for(measure, period);
    mean_before(cube, series, index, at, |before| {
        cube.periods.get(before).is_some_and(whole) && there(run, cube, entity, series, index, before)
    })
}

/// The mean of the periods before one that are taken.
fn mean_before(cube: &Cube, series: usize, index: usize, at: usize, taken: impl Fn(usize) -> bool) -> Option<Value> {
    let mut values = [const { &Value::Missing(Why::NoData) }; BACK];
    let mut n = 0;
    for before in (at.saturating_sub(HISTORY)..at).rev().filter(|before| taken(*before)).take(BACK) {
        let value = cube.value(series, index, before);
        if !value.is_missing() {
            values[n] = value;
            n += 1;
        }
    }
    if n < FEWEST { None } else { mean(&values[..n]) }
}

/// The mean of values of one unit.
pub(super) fn mean(values: &[&Value]) -> Option<Value> {
    let n = Decimal::from(values.len());
    let decimals: Option<Vec<Decimal>> = values
        .iter()
        .map(|v| match v {
            Value::Count(d) | Value::Money(d, _) | Value::Minutes(d) => Some(*d),
            _ => None,
        })
        .collect();
    if let Some(decimals) = decimals {
        let mean = decimals.iter().sum::<Decimal>().checked_div(n)?;
        return Some(match values.first()? {
            Value::Money(_, currency) => Value::Money(mean, Arc::clone(currency)),
            Value::Minutes(_) => Value::Minutes(mean),
            _ => Value::Count(mean),
        });
    }
    let floats: Option<Vec<f64>> = values.iter().map(|v| v.as_f64()).collect();
    let mean = floats?.iter().sum::<f64>() / values.len() as f64;
    Some(match values.first()? {
        Value::Days(_) => Value::Days(mean),
        _ => Value::Ratio(mean),
    })
}
