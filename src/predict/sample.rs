//! Which weeks and people the exports allow to test.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::edges::{Edge, edges};
use super::missing::{Cells, Found, Missing, absent, is_of_now, parts};
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
/// Where a predicate cannot be evaluated over these exports, and where there are more people than can be compared with each other.
pub fn panel(engine: &Engine<'_>, leads: &[String], lags: &[String], settings: &Settings) -> Result<Panel, Diagnostic> {
    let grid = grid(engine, leads, lags)?;
    match panel::crowd(grid.people.len()) {
        Some(said) => Err(said),
        None => Ok(panel::tested(grid, settings)),
    }
}

/// The measures by person and week: from the first week in which a lead and a lag are known to the last complete one; a measure that is
/// named twice stands once.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn grid(engine: &Engine<'_>, leads: &[String], lags: &[String]) -> Result<Grid, Diagnostic> {
    let (leads, lags) = (named(engine, leads), named(engine, lags));
    let all: Vec<&Measure> = leads.iter().chain(&lags).copied().collect();
    let sample = Sample::new(engine, (&leads, &lags), &all)?;
    let leads = leads.iter().map(|measure| sample.counted(measure)).collect();
    let lags = lags.iter().map(|measure| sample.counted(measure)).collect();
    Ok(sample.cut_to_known(leads, lags))
}

/// How many people the grid has, where a single lead and a single lag tell; none where they are not more than so many, and where only the
/// grid tells.
///
/// # Errors
/// As [`grid`].
pub fn more_than(most: usize, engine: &Engine<'_>, leads: &[String], lags: &[String]) -> Result<Option<usize>, Diagnostic> {
    let (leads, lags) = (named(engine, leads), named(engine, lags));
    // Of these every week is known that is complete.
    let counts = |of: &[&'_ Measure]| of.iter().position(|measure| measure.spec.value == Aggregate::Count);
    let (Some(lead), Some(lag)) = (counts(&leads), counts(&lags)) else { return Ok(None) };
    if engine.data.roster.people.len() <= most {
        return Ok(None);
    }
    let two = [leads[lead], lags[lag]];
    let mut sample = Sample::new(engine, (&leads, &lags), &two)?;
    let two = two.map(|measure| sample.counted(measure));
    let all = 0..sample.weeks.len();
    // Known at both ends, all weeks are looked at, whatever else is known in them.
    let ends = [all.start, all.end.saturating_sub(1)];
    let told = !all.is_empty() && two.iter().all(|counted| ends.iter().all(|week| sample.knows(counted, *week)));
    Ok(told.then(|| sample.choose_people(all).people.len()).filter(|people| *people > most))
}

/// The measures of these names, each once.
fn named<'e>(engine: &'e Engine<'_>, names: &[String]) -> Vec<&'e Measure> {
    let mut seen = BTreeSet::new();
    names.iter().filter(|name| seen.insert(name.as_str())).filter_map(|name| engine.measure(name)).collect()
}

/// A measure by person and week.
struct Counted<'m> {
    measure: &'m Measure,
    unit: Unit,
    /// Whether it is how things stand, and not what was done.
    of_now: bool,
    found: Vec<Vec<Found>>,
}

impl Counted<'_> {
    /// The values of the weeks and people that are tested.
    fn series(&self, cut: &Cut, there: &[Vec<bool>]) -> Series {
        let mut values = Matrix::filled(cut.people.len(), cut.weeks.len(), f64::NAN);
        let tested = cut.people.iter().enumerate().flat_map(|(row, person)| cut.weeks.clone().map(move |week| (row, *person, week)));
        let mut looked_at = Vec::new();
        for (row, person, week) in tested.filter(|(_, person, week)| there[*person][*week]) {
            let found = self.found[person][week];
            values.row_mut(row)[week - cut.weeks.start] = found.value.unwrap_or(f64::NAN);
            looked_at.push(found);
        }
        Series {
            name: self.measure.spec.name.clone(),
            says: says(self.measure),
            unit: self.unit.clone(),
            drop: self.measure.spec.good == Direction::Down,
            values,
            cells: Cells { of_now: self.of_now, ..Cells::sum(looked_at.into_iter()) },
        }
    }
}

/// What of the sample is tested.
struct Cut {
    weeks: std::ops::Range<usize>,
    /// Indices into the people of the sample.
    people: Vec<usize>,
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
    /// The weeks of all leads and lags, with what is counted of some of them.
    fn new(engine: &'e Engine<'a>, (leads, lags): (&[&Measure], &[&Measure]), of: &[&Measure]) -> Result<Self, Diagnostic> {
        let edges = edges(engine);
        let weeks = weeks(engine, &edges, leads, lags);
        let mut names: Vec<String> = of.iter().map(|measure| measure.spec.name.clone()).collect();
        names.sort_unstable();
        names.dedup();
        let cube = engine.cube(&names, &weeks)?;
        let roster = &engine.data.roster;
        let people: Vec<u32> =
            (0_u32..).zip(&roster.people).map(|(index, _)| index).filter(|index| roster.counts_in_team(*index)).collect();
        let there = people.iter().map(|person| weeks.iter().map(|week| with_us(engine, *person, week)).collect()).collect();
        Ok(Self { engine, edges, weeks, people, there, cube, cuts: Vec::new() })
    }

    /// Who sells and has a whole week among the tested ones, and what is said of the others.
    fn choose_people(&mut self, weeks: std::ops::Range<usize>) -> Cut {
        let roster = &self.engine.data.roster;
        let leads = |index: &u32| !roster.counts_in_team(*index);
        let leaders: Vec<String> =
            (0_u32..).zip(&roster.people).filter(|(index, _)| leads(index)).map(|(_, person)| person.name.clone()).collect();
        if !leaders.is_empty() {
            self.cuts.push(format!(
                "{} {} not looked at: leaders are in no team's sum",
                list(&leaders),
                if leaders.len() == 1 { "is" } else { "are" }
            ));
        }
        let used: Vec<usize> = (0..self.people.len()).filter(|person| self.there[*person][weeks.clone()].contains(&true)).collect();
        let without = self.people.len() - used.len();
        if without > 0 {
            self.cuts.push(format!("{} without a record of their own or a whole week in this time", people(without)));
        }
        let away = |person: &usize| self.there[*person][weeks.clone()].iter().filter(|there| !**there).count();
        let cut: usize = used.iter().map(away).sum();
        if cut > 0 {
            let all = used.len() * weeks.len();
            self.cuts.push(format!("{cut} of {all} weeks of a person: before the first or after the last whole week with us"));
        }
        Cut { weeks, people: used }
    }

    /// What is found of a measure in each week of each person: nothing where it is not known or not complete.
    fn counted<'m>(&self, measure: &'m Measure) -> Counted<'m> {
        let main = self.engine.currencies().first();
        let series = self.cube.of(&measure.spec.name).find(|series| match &self.cube.series[*series].unit {
            Unit::Money(currency) => Some(currency) == main,
            _ => true,
        });
        let from = begin(self.engine, &self.edges, measure).map(|begin| begin.day);
        let absent = absent(self.engine, measure).map_or(Missing::NoData, Missing::NoTable);
        let of_now = is_of_now(self.engine, measure);
        let complete: Vec<bool> = self.weeks.iter().map(|week| self.engine.complete_for(measure, week)).collect();
        let found = |person: u32, week: usize| {
            let entity = self.cube.entity(Entity::Owner(person));
            let (Some(series), Some(from), Some(entity)) = (series, from, entity) else { return Found::nothing(absent) };
            if !complete[week] || self.weeks.get(week).is_none_or(|days| days.range.first < from) {
                return Found::nothing(Missing::NotReached);
            }
            Found::new(measure, of_now, self.cube.cell(series, entity, week))
        };
        let of = |person: &u32| (0..self.weeks.len()).map(|week| found(*person, week)).collect();
        let unit = series.map_or(Unit::Count, |series| self.cube.series[series].unit.clone());
        Counted { measure, unit, of_now, found: self.people.iter().map(of).collect() }
    }

    /// Whether a measure is known of anybody in a week.
    fn knows(&self, counted: &Counted<'_>, week: usize) -> bool {
        let known = |(person, found): (usize, &Vec<Found>)| self.there[person][week] && found[week].value.is_ok();
        counted.found.iter().enumerate().any(known)
    }

    fn say_who_is_nobody(&mut self, weeks: std::ops::Range<usize>) {
        let Some(nobody) = self.cube.entity(Entity::NoOwner) else { return };
        let records = |series: usize| weeks.clone().map(|week| u64::from(self.cube.cell(series, nobody, week).records)).sum::<u64>();
        let each = self.cube.series.iter().enumerate().map(|(series, of)| (records(series), of.measure.as_str()));
        let found: Vec<String> = each
            .filter(|(n, _)| *n > 0)
            .map(|(n, name)| match self.engine.measure(name) {
                Some(measure) if measure.spec.value == Aggregate::Count => format!("{n} of {}", says(measure)),
                measure => format!("{n} that {} are of", measure.map_or_else(|| name.to_owned(), says)),
            })
            .collect();
        if !found.is_empty() {
            self.cuts.push(format!("records without an owner: {}", list(&found)));
        }
    }

    fn say_what_begins_later<'m>(&mut self, measures: impl Iterator<Item = &'m Measure>) {
        let Range { first, last } = self.weeks.range();
        for (measure, begin) in measures.filter_map(|measure| Some((measure, begin(self.engine, &self.edges, measure)?))) {
            let (says, days) = (says(measure), begin.looks_back);
            let wait = begin.day.since(last.plus(1));
            if days > 0 && wait >= 0 {
                // A week counts that begins on that day or after it.
                let weeks = (wait + 6) / 7 + 1;
                let more = if weeks == 1 { "1 more week".to_owned() } else { format!("{weeks} more weeks") };
                self.cuts.push(format!("{says} look back {days} days, and the exports do not reach so far yet: {more}"));
            } else if days > 0 && begin.day > first {
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
    fn cut_to_known(mut self, leads: Vec<Counted<'_>>, lags: Vec<Counted<'_>>) -> Grid {
        let any = |of: &[Counted<'_>], week: usize| of.iter().any(|counted| self.knows(counted, week));
        let known: Vec<usize> = (0..self.weeks.len()).filter(|week| any(&leads, *week) && any(&lags, *week)).collect();
        let weeks = known.first().zip(known.last()).map_or(0..self.weeks.len(), |(first, last)| *first..*last + 1);
        self.cuts.extend(self.edges.iter().filter_map(|edge| edge.says.clone()));
        let cut = self.choose_people(weeks);
        let measures = || leads.iter().chain(&lags).map(|counted| counted.measure);
        self.say_who_is_nobody(cut.weeks.clone());
        self.say_what_begins_later(measures());
        self.say_other_currencies(measures());
        let of = |counted: Vec<Counted<'_>>| counted.iter().map(|counted| counted.series(&cut, &self.there)).collect();
        let (leads, lags): (Vec<Series>, Vec<Series>) = (of(leads), of(lags));
        self.cuts.extend(leads.iter().chain(&lags).filter_map(partly));
        let weeks = &self.weeks.periods()[cut.weeks.clone()];
        let roster = &self.engine.data.roster;
        let name = |person: &usize| Some(roster.people.get(self.people[*person] as usize)?.name.clone());
        Grid {
            people: cut.people.iter().filter_map(name).collect(),
            weeks: weeks.iter().map(|week| week.name.clone()).collect(),
            range: weeks.first().zip(weeks.last()).map(|(first, last)| first.range.hull(last.range)),
            leads,
            lags,
            cuts: self.cuts,
        }
    }
}

/// In how many weeks a sum is not known since a part of it is not.
fn partly(of: &Series) -> Option<String> {
    let what = if of.unit == Unit::Hours { "the minutes of a record are" } else { "the amount of a deal is" };
    let weeks = of.cells.partial;
    (weeks > 0).then(|| format!("{weeks} {} of a person of {}: {what} not known", if weeks == 1 { "week" } else { "weeks" }, of.says))
}

/// Whether a person was with us for the whole of a week: by the roster, and where that does not say since when or until when, by the
/// first and last record of their own. Who has a record in the last 91 days of the exports is still there.
fn with_us(engine: &Engine<'_>, person: u32, week: &Period) -> bool {
    let (Some(who), Some(Some((first, last)))) = (engine.data.roster.people.get(person as usize), engine.facts.seen.get(person as usize))
    else {
        return false;
    };
    let still = engine.facts.through.is_none_or(|through| last.plus(SEEN_DAYS) >= through);
    let days = week.range;
    if !who.listed {
        return *first <= days.first && (still || days.last <= *last);
    }
    let begins = who.first_day().is_some() || *first <= days.first;
    begins && (0..days.len()).all(|day| who.employed_on(days.first.plus(day as i32)))
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
    let own = |part: &Measure| {
        engine.data.table(part.spec.from).filter(|table| !table.is_empty())?;
        let edge = edges.iter().find(|edge| edge.table == part.spec.from).map(|edge| edge.from);
        let first = edge.max(engine.reach(part).first).or_else(|| edges.iter().map(|edge| edge.from).min())?;
        let met = part.predicate.columns().iter().any(|column| matches!(column.as_str(), "first_with_account" | "first_with_contact"));
        let warm_up = part.spec.warm_up.map_or(0, |days| days as i32);
        let looks_back = if met { warm_up.max(LOOK_BACK) } else { warm_up };
        Some(Begin { day: first.plus(looks_back), looks_back })
    };
    let each = parts(engine, engine.measure(&measure.spec.name)?)?.into_iter().map(own);
    each.collect::<Option<Vec<Begin>>>()?.into_iter().max()
}

/// A measure's heading on one line, such as `new prospect meetings`.
fn says(measure: &Measure) -> String {
    document::unbroken(measure.spec.label.lines()).join(" ")
}

fn people(n: usize) -> String {
    if n == 1 { "1 person".to_owned() } else { format!("{n} people") }
}

/// Names in a sentence: `a`, `a and b`, `a, b and c`.
pub(super) fn list(names: &[String]) -> String {
    match names {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}
