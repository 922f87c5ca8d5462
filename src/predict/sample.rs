//! Which weeks and people the exports allow to test.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::edges::{Edge, edges};
use super::panel::{self, Grid, Panel, Series};
use crate::calendar::{Day, Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::document;
use crate::facts::LOOK_BACK;
use crate::measure::spec::{Aggregate, Direction};
use crate::measure::{Cube, Engine, Entity, Measure, SEEN_DAYS};
use crate::stats::lead::Settings;
use crate::stats::matrix::Matrix;
use crate::unit::Unit;

/// What the lead test says of each lead with each lag, over the weeks that the exports allow.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn panel(engine: &Engine<'_>, leads: &[String], lags: &[String], settings: &Settings) -> Result<Panel, Diagnostic> {
    Ok(panel::tested(grid(engine, leads, lags)?, settings))
}

/// The measures by person and week: from the first week in which a lead and a lag are known to the last complete one; a measure that is
/// named twice stands once.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn grid(engine: &Engine<'_>, leads: &[String], lags: &[String]) -> Result<Grid, Diagnostic> {
    let named = |names: &[String]| {
        let mut seen = BTreeSet::new();
        names.iter().filter(|name| seen.insert(name.as_str())).filter_map(|name| engine.measure(name)).collect::<Vec<&Measure>>()
    };
    let (leads, lags) = (named(leads), named(lags));
    let sample = Sample::new(engine, &leads, &lags)?;
    let leads = leads.iter().map(|measure| sample.series(measure)).collect();
    let lags = lags.iter().map(|measure| sample.series(measure)).collect();
    Ok(sample.cut_to_known(leads, lags))
}

/// The weeks and people, and what was counted of them.
struct Sample<'e, 'a> {
    engine: &'e Engine<'a>,
    edges: Vec<Edge>,
    weeks: Partition,
    people: Vec<u32>,
    /// Per person and week, whether the person was with us for the whole of it.
    there: Vec<Vec<bool>>,
    cube: Cube,
    cuts: Vec<String>,
}

impl<'e, 'a> Sample<'e, 'a> {
    fn new(engine: &'e Engine<'a>, leads: &[&Measure], lags: &[&Measure]) -> Result<Self, Diagnostic> {
        let edges = edges(engine);
        let weeks = weeks(engine, &edges, leads, lags);
        let mut names: Vec<String> = leads.iter().chain(lags).map(|measure| measure.spec.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let cube = engine.cube(&names, &weeks)?;
        let mut sample = Self { engine, edges, weeks, people: Vec::new(), there: Vec::new(), cube, cuts: Vec::new() };
        sample.cuts.extend(sample.edges.iter().filter_map(|edge| edge.says.clone()));
        sample.choose_people();
        sample.say_who_is_nobody();
        sample.say_what_begins_later(leads.iter().chain(lags).copied());
        sample.say_other_currencies(leads.iter().chain(lags).copied());
        Ok(sample)
    }

    /// Everybody who sells and has a record and a whole week.
    fn choose_people(&mut self) {
        let roster = &self.engine.data.roster;
        let (mut leaders, mut without, mut cut) = (Vec::new(), 0_usize, 0_usize);
        for (index, person) in (0_u32..).zip(&roster.people) {
            if !roster.counts_in_team(index) {
                leaders.push(person.name.clone());
                continue;
            }
            let there: Vec<bool> = self.weeks.iter().map(|week| self.with_us(index, week)).collect();
            if there.contains(&true) {
                cut += there.iter().filter(|there| !**there).count();
                self.people.push(index);
                self.there.push(there);
            } else {
                without += 1;
            }
        }
        if !leaders.is_empty() {
            self.cuts.push(format!(
                "{} {} not looked at: leaders are in no team's sum",
                list(&leaders),
                if leaders.len() == 1 { "is" } else { "are" }
            ));
        }
        if without > 0 {
            self.cuts.push(format!("{} without a record of their own or a whole week in this time", people(without)));
        }
        if cut > 0 {
            let all = self.people.len() * self.weeks.len();
            self.cuts.push(format!("{cut} of {all} weeks of a person: before the first or after the last whole week with us"));
        }
    }

    /// Whether a person was with us for the whole of a week: by the roster, and where that does not say since when or until when, by the
    /// first and last record of their own. Who has a record in the last 91 days of the exports is still there.
    fn with_us(&self, person: u32, week: &Period) -> bool {
        let (Some(who), Some(Some((first, last)))) =
            (self.engine.data.roster.people.get(person as usize), self.engine.facts.seen.get(person as usize))
        else {
            return false;
        };
        let still = self.engine.facts.through.is_none_or(|through| last.plus(SEEN_DAYS) >= through);
        let days = week.range;
        if !who.listed {
            return *first <= days.first && (still || days.last <= *last);
        }
        let begins = who.first_day().is_some() || *first <= days.first;
        begins && (0..days.len()).all(|day| who.employed_on(days.first.plus(day as i32)))
    }

    /// The matrix of a measure: NaN where it is not known, not complete, or the person was not there.
    fn series(&self, measure: &Measure) -> Series {
        let (spec, columns) = (&measure.spec, self.weeks.len());
        let main = self.engine.currencies().first();
        let found = self.cube.of(&spec.name).find(|series| match &self.cube.series[*series].unit {
            Unit::Money(currency) => Some(currency) == main,
            _ => true,
        });
        let mut values = Matrix::filled(self.people.len(), columns, f64::NAN);
        let from = begin(self.engine, &self.edges, measure).map(|begin| begin.day);
        if let (Some(series), Some(from)) = (found, from) {
            let known: Vec<bool> =
                self.weeks.iter().map(|week| week.range.first >= from && self.engine.complete_for(measure, week)).collect();
            for (row, person) in self.people.iter().enumerate() {
                let Some(entity) = self.cube.entity(Entity::Owner(*person)) else { continue };
                for (week, cell) in values.row_mut(row).iter_mut().enumerate().filter(|(week, _)| known[*week] && self.there[row][*week]) {
                    *cell = self.cube.value(series, entity, week).as_f64().unwrap_or(f64::NAN);
                }
            }
        }
        Series {
            name: spec.name.clone(),
            says: says(measure),
            unit: found.map_or(Unit::Count, |series| self.cube.series[series].unit.clone()),
            drop: spec.good == Direction::Down,
            values,
        }
    }

    fn say_who_is_nobody(&mut self) {
        let Some(nobody) = self.cube.entity(Entity::NoOwner) else { return };
        let records =
            |series: usize| (0..self.weeks.len()).map(|week| u64::from(self.cube.cell(series, nobody, week).records)).sum::<u64>();
        let each = self.cube.series.iter().enumerate().map(|(series, of)| (records(series), of.measure.as_str()));
        let found: Vec<String> = each
            .filter(|(n, _)| *n > 0)
            .map(|(n, name)| format!("{n} of {}", self.engine.measure(name).map_or_else(|| name.to_owned(), says)))
            .collect();
        if !found.is_empty() {
            self.cuts.push(format!("records without an owner: {}", list(&found)));
        }
    }

    fn say_what_begins_later<'m>(&mut self, measures: impl Iterator<Item = &'m Measure>) {
        let first = self.weeks.range().first;
        for (measure, begin) in measures.filter_map(|measure| Some((measure, begin(self.engine, &self.edges, measure)?))) {
            if begin.looks_back > 0 && begin.day > first {
                let (says, days) = (says(measure), begin.looks_back);
                self.cuts.push(format!("{says} are known from {} on: they look back {days} days", begin.day));
            }
        }
    }

    fn say_other_currencies<'m>(&mut self, mut measures: impl Iterator<Item = &'m Measure>) {
        let others: Vec<String> =
            self.engine.currencies().iter().skip(1).map(|c| if c.is_empty() { "no currency".to_owned() } else { c.to_string() }).collect();
        if !others.is_empty() && measures.any(|measure| measure.spec.unit == crate::measure::spec::UnitKind::Money) {
            self.cuts.push(format!("amounts in {}: money of one currency is tested", list(&others)));
        }
    }

    /// The grid from the first to the last week in which a lead and a lag are known of anybody.
    fn cut_to_known(self, leads: Vec<Series>, lags: Vec<Series>) -> Grid {
        let any = |of: &[Series], week: usize| of.iter().any(|s| (0..s.values.rows()).any(|row| s.values.row(row)[week].is_finite()));
        let known: Vec<usize> = (0..self.weeks.len()).filter(|week| any(&leads, *week) && any(&lags, *week)).collect();
        let (first, last) = known.first().zip(known.last()).map_or((0, self.weeks.len() - 1), |(first, last)| (*first, *last));
        let cut = |series: Vec<Series>| -> Vec<Series> {
            series.into_iter().map(|series| Series { values: columns(&series.values, first, last), ..series }).collect()
        };
        let weeks = &self.weeks.periods()[first..=last];
        let roster = &self.engine.data.roster;
        Grid {
            people: self.people.iter().filter_map(|person| roster.people.get(*person as usize)).map(|who| who.name.clone()).collect(),
            weeks: weeks.iter().map(|week| week.name.clone()).collect(),
            range: weeks.first().zip(weeks.last()).map(|(first, last)| first.range.hull(last.range)),
            leads: cut(leads),
            lags: cut(lags),
            cuts: self.cuts,
        }
    }
}

/// The columns from one to another, both included.
fn columns(of: &Matrix, first: usize, last: usize) -> Matrix {
    let mut cut = Matrix::filled(of.rows(), last + 1 - first, f64::NAN);
    for row in 0..of.rows() {
        cut.row_mut(row).copy_from_slice(&of.row(row)[first..=last]);
    }
    cut
}

/// The weeks from the first in which a lead and a lag may be known to the last complete one.
fn weeks(engine: &Engine<'_>, edges: &[Edge], leads: &[&Measure], lags: &[&Measure]) -> Partition {
    let last = engine.last_complete(Grain::Week).unwrap_or_else(|| engine.calendar.period_of(Grain::Week, engine.as_of));
    let from = |of: &[&Measure]| of.iter().filter_map(|measure| begin(engine, edges, measure)).map(|begin| begin.day).min();
    let first = from(leads).max(from(lags)).unwrap_or(last.range.first).min(last.range.first);
    engine.calendar.partition(Grain::Week, Range { first, last: last.range.first })
}

/// From when on a measure is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Begin {
    /// The first day.
    day: Day,
    /// How many days it looks back.
    looks_back: i32,
}

/// From when on a measure is known: from the edge of its table, and so many days later as it looks back; none where nothing is.
fn begin(engine: &Engine<'_>, edges: &[Edge], measure: &Measure) -> Option<Begin> {
    let of = |names: &[&str]| {
        let each = names.iter().map(|name| begin(engine, edges, engine.measure(name)?));
        each.collect::<Option<Vec<Begin>>>()?.into_iter().max()
    };
    match &measure.spec.value {
        Aggregate::Ratio(one, other) | Aggregate::Plus(one, other) => of(&[one, other]),
        Aggregate::Left(name) => of(&[name]),
        Aggregate::Window(window) => of(&window.of.iter().map(|part| part.component.as_str()).collect::<Vec<_>>()),
        _ => {
            engine.data.table(measure.spec.from).filter(|table| !table.is_empty())?;
            let edge = edges.iter().find(|edge| edge.table == measure.spec.from).map(|edge| edge.from);
            let first = edge.max(engine.reach(measure).first).or_else(|| edges.iter().map(|edge| edge.from).min())?;
            let met =
                measure.predicate.columns().iter().any(|column| matches!(column.as_str(), "first_with_account" | "first_with_contact"));
            let warm_up = measure.spec.warm_up.map_or(0, |days| days as i32);
            let looks_back = if met { warm_up.max(LOOK_BACK) } else { warm_up };
            Some(Begin { day: first.plus(looks_back), looks_back })
        }
    }
}

/// A measure's heading on one line, such as `new prospect meetings`.
fn says(measure: &Measure) -> String {
    document::unbroken(measure.spec.label.lines()).join(" ")
}

fn people(n: usize) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} people") }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
