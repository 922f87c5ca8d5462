//! What could be done besides more meetings: each lever beside the own past.

use rust_decimal::Decimal;

use super::people::{there, whole_weeks};
use crate::calendar::{Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::facts::ADVANCE_DAYS;
use crate::measure::{Engine, Entity};
use crate::unit::{Unit, Value, Why};

/// What moves the result, and over how long it is looked at.
#[derive(Debug, Clone)]
pub struct Lever {
    /// The measure.
    pub measure: &'static str,
    /// The days that are looked at; none where the exports hold none.
    pub now: Option<Period>,
    /// As many days before.
    pub before: Option<Period>,
    /// How many weeks these are each.
    pub weeks: usize,
    /// The unit.
    pub unit: Unit,
    /// Value and value before, by entity in the engine's order. Where the measure counts, a number per week: a person's per whole week that
    /// the person was with us, and missing where these are fewer than two; the value now of a person who has left is missing too, and that
    /// of a team or of all is the sum over those who are there, in the team of the day, with that of records of no one in all.
    pub values: Vec<(Value, Value)>,
}

/// The levers, and by what one more of each moves what can be expected.
#[derive(Debug, Clone, Default)]
pub struct Levers {
    /// The levers, in the order of the page.
    pub list: Vec<Lever>,
}

/// Activities are looked at over so many weeks; over fewer where the exports are younger, but not over less than the last of these.
const WEEKS: [usize; 4] = [13, 10, 7, 4];

/// The best week is sought among so many.
const BEST_OF: usize = 104;

/// The rate that waits until it is known what came of its records.
const ADVANCE_RATE: &str = "advance_rate";

/// What is decided is looked at over half a year where that says as much as a year, else over a year.
const SPANS: [usize; 2] = [26, 52];

/// The levers in the order of the page.
pub const MEASURES: [&str; 4] = ["new_prospect_meetings", ADVANCE_RATE, "win_rate", "average_deal"];

impl Levers {
    /// The levers on a day, in a currency.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn of(engine: &Engine<'_>, unit: &Unit) -> Result<Self, Diagnostic> {
        let mut list = Vec::new();
        for name in MEASURES {
            list.push(match name {
                "win_rate" | "average_deal" => {
                    let [half, year] = SPANS;
                    let (half, year) = (lever(engine, name, half, unit)?, lever(engine, name, year, unit)?);
                    let known = |lever: &Lever| lever.values.iter().filter(|(now, _)| !now.is_missing()).count();
                    if known(&half) >= known(&year) { half } else { year }
                }
                _ => lately(engine, name, unit)?,
            });
        }
        Ok(Self { list })
    }

    /// The lever of a measure.
    pub fn lever(&self, measure: &str) -> Option<&Lever> {
        self.list.iter().find(|lever| lever.measure == measure)
    }
}

/// A lever over the longest of the last weeks in which it has a value for the whole.
fn lately(engine: &Engine<'_>, name: &'static str, unit: &Unit) -> Result<Lever, Diagnostic> {
    let [longest, shorter @ ..] = WEEKS;
    let whole = |lever: &Lever| lever.values.first().is_some_and(|(now, _)| !now.is_missing());
    let found = lever(engine, name, longest, unit)?;
    if whole(&found) {
        return Ok(found);
    }
    for weeks in shorter {
        let other = lever(engine, name, weeks, unit)?;
        if whole(&other) {
            return Ok(other);
        }
    }
    Ok(found)
}

/// A lever over so many weeks that end with the last week of which it is known.
fn lever(engine: &Engine<'_>, name: &'static str, weeks: usize, unit: &Unit) -> Result<Lever, Diagnostic> {
    let entities = engine.entities();
    let missing = || (Value::Missing(Why::NoData), Value::Missing(Why::NoData));
    let mut lever = Lever { measure: name, now: None, before: None, weeks, unit: unit.clone(), values: vec![missing(); entities.len()] };
    let Some(last) = last_week(engine, name) else { return Ok(lever) };
    let now = engine.calendar.ending_with(&last, weeks).range();
    let before = engine.calendar.previous(&engine.calendar.range_period(now));
    let now = engine.calendar.range_period(now);
    for (period, first) in [(&now, true), (&before, false)] {
        let cube = engine.cube(&[name.to_owned()], &engine.calendar.partition(Grain::Range, period.range))?;
        let series =
            cube.of(name).find(|series| !matches!(cube.series[*series].unit, Unit::Money(_)) || cube.series[*series].unit == *unit);
        let Some(series) = series else { continue };
        lever.unit = cube.series[series].unit.clone();
        let mut found: Vec<Value> = (0..entities.len()).map(|index| per_week(cube.value(series, index, 0), weeks)).collect();
        if lever.unit == Unit::Count {
            let whole = found.clone();
            by_person(engine, name, period, &mut found, &entities)?;
            if first {
                of_those_there(engine, &whole, &mut found, &entities);
            }
        }
        for (value, found) in lever.values.iter_mut().zip(found) {
            if first { value.0 = found } else { value.1 = found }
        }
    }
    (lever.now, lever.before) = (Some(now), Some(before));
    Ok(lever)
}

/// Makes the numbers per week of people those of the whole weeks that they were with us.
fn by_person(engine: &Engine<'_>, name: &str, period: &Period, values: &mut [Value], entities: &[Entity]) -> Result<(), Diagnostic> {
    for (index, (value, entity)) in values.iter_mut().zip(entities).enumerate() {
        let Entity::Owner(person) = *entity else { continue };
        if value.is_missing() {
            continue;
        }
        *value = match whole_weeks(engine, person, period) {
            None => Value::Missing(Why::TooFew),
            Some((days, _)) if days == period.range => continue,
            Some((days, weeks)) => {
                let cube = engine.to_date(name, days)?;
                cube.of(name).next().map_or(Value::Missing(Why::NoData), |series| per_week(cube.value(series, index, 0), weeks))
            }
        };
    }
    Ok(())
}

/// Leaves out who is not there any more, also from the numbers of teams and of all: the sum of those who are and sell, less the part that
/// meetings of several people have in everybody's own numbers over all these weeks, `whole`.
fn of_those_there(engine: &Engine<'_>, whole: &[Value], values: &mut [Value], entities: &[Entity]) {
    let (day, roster) = (engine.as_of, &engine.data.roster);
    let count = |value: &Value| if let Value::Count(n) = value { *n } else { Decimal::ZERO };
    let over = |of: &dyn Fn(Entity) -> bool| -> Decimal {
        whole.iter().zip(entities).filter(|(_, entity)| of(**entity)).map(|(value, _)| count(value)).sum()
    };
    let nobody = over(&|of| of == Entity::NoOwner);
    let each = over(&|of| matches!(of, Entity::Owner(person) if roster.counts_in_team(person)));
    let once = over(&|of| of == Entity::All) - nobody;
    let once = if each > once && each > Decimal::ZERO { once / each } else { Decimal::ONE };
    for (value, entity) in values.iter_mut().zip(entities) {
        if matches!(entity, Entity::Owner(person) if !there(engine, *person, day)) {
            *value = Value::Missing(Why::NotApplicable);
        }
    }
    let own = |of: &dyn Fn(Entity) -> bool| -> Decimal {
        let mine = values.iter().zip(entities).filter(|(_, entity)| of(**entity));
        mine.filter_map(|(value, _)| if let Value::Count(n) = value { Some(*n) } else { None }).sum()
    };
    let sums: Vec<Option<Decimal>> = entities
        .iter()
        .map(|entity| match *entity {
            Entity::All => Some(own(&|of| matches!(of, Entity::Owner(person) if roster.counts_in_team(person))) * once + nobody),
            Entity::Team(team) => Some(own(&|of| matches!(of, Entity::Owner(person) if roster.sum_of(person, day) == Some(team))) * once),
            _ => None,
        })
        .collect();
    for (value, sum) in values.iter_mut().zip(sums) {
        if let (Value::Count(value), Some(sum)) = (value, sum) {
            *value = sum.round_dp(4).normalize();
        }
    }
}

/// A count as a number per week; anything else as it is.
fn per_week(value: &Value, weeks: usize) -> Value {
    match value {
        Value::Count(n) => Value::Count((n / Decimal::from(weeks as u64)).round_dp(4).normalize()),
        other => other.clone(),
    }
}

/// The last complete week of which a measure is known.
fn last_week(engine: &Engine<'_>, name: &str) -> Option<Period> {
    let kind = engine.kind_of(engine.measure(name)?);
    let until = engine.facts.seen_until(kind, engine.as_of)?;
    let first = engine.facts.reach(kind).first?;
    let over = |week: &Period| {
        let ripe = name != ADVANCE_RATE || week.range.last.plus(ADVANCE_DAYS) <= until;
        ripe && week.range.last <= engine.as_of && engine.calendar.reaches_end(week.range, until)
    };
    let mut week = engine.calendar.period_of(Grain::Week, until.plus(7));
    while !over(&week) {
        if week.range.last < first {
            return None;
        }
        week = engine.calendar.previous(&week);
    }
    (week.range.last >= first).then_some(week)
}

/// The most of a measure that somebody had, so far.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Best {
    /// In a week.
    pub week: f64,
    /// In the mean of four weeks in a row.
    pub month: f64,
}

impl Best {
    /// The best of weeks in their order.
    pub fn of(weeks: &[f64]) -> Self {
        let most = |found: f64, next: f64| found.max(next);
        Self {
            week: weeks.iter().copied().fold(0.0, most),
            month: weeks.windows(4).map(|four| four.iter().sum::<f64>() / 4.0).fold(0.0, most),
        }
    }

    /// Whether a number a week is likely to be done: not by three or more beyond twice the mean of the best four weeks, or beyond the best
    /// week where that was more.
    pub fn likely(&self, number: f64) -> bool {
        number - (2.0 * self.month).max(self.week) < 3.0
    }
}

/// How many of a measure somebody had in the best weeks of the last two years, by entity in the engine's order.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn best(engine: &Engine<'_>, name: &str) -> Result<Vec<Best>, Diagnostic> {
    let nothing = vec![Best::default(); engine.entities().len()];
    let Some(last) = last_week(engine, name) else { return Ok(nothing) };
    let weeks = engine.calendar.ending_with(&last, BEST_OF);
    let cube = engine.cube(&[name.to_owned()], &weeks)?;
    let Some(series) = cube.of(name).next() else { return Ok(nothing) };
    let value = |index: usize, at: usize| cube.value(series, index, at).as_f64().unwrap_or(0.0);
    Ok((0..nothing.len()).map(|index| Best::of(&(0..weeks.len()).map(|at| value(index, at)).collect::<Vec<f64>>())).collect())
}
