//! What changed in numbers that were already reported, and by which records.
//!
//! Each value of an earlier report is counted anew from today's exports, for the same period, and compared in the digits that files have.
//! A number of a period that was not complete then was not final: it is kept apart. What the records bring adds up to the change of every
//! count and sum; where something is left that no record explains, that is said.

mod earlier;
mod matching;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

pub use earlier::Earlier;
use earlier::Row;
use matching::{Change, Label, Matching, Who};

use super::{Run, explain, tidy};
use crate::calendar::{Grain, Partition, Period, Range};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::document::{Block, Document, Restated, Since};
use crate::measure::{Cube, Entity, Level, NO_OWNER};
use crate::render;

/// Adds to a report what changed since an earlier one: to the page, and all of it to the data.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports, or the earlier report holds more than can be counted anew.
pub fn since(run: &Run<'_>, earlier: &Earlier, document: &mut Document) -> Result<(), Diagnostic> {
    let mut comparison = Comparison::new(run, earlier)?;
    comparison.compare()?;
    comparison.appeared()?;
    document.diagnostics.append(&mut comparison.said);
    let Comparison { restated, not_final, compared, .. } = comparison;
    let since = Since { path: earlier.path.clone(), as_of: earlier.as_of, compared, restated, not_final };
    // What changed stands after the numbers, and before what they rest on.
    let end = document.page.iter().position(|block| matches!(block, Block::Heading(..))).unwrap_or(document.page.len());
    let at = end.saturating_sub(1);
    document.page.splice(at..at, page::blocks(run, earlier, &since));
    document.since = Some(since);
    Ok(())
}

/// Values that are counted anew, of everybody, at most.
const MOST: usize = 10_000_000;

/// Partitions of time that are counted at most: a report has one, and each is a pass over the exports.
const MOST_PARTITIONS: usize = 16;

/// A period of the earlier report, as both know it.
type Key = (String, Range);

/// What is found while two reports are compared.
struct Comparison<'a, 'r> {
    run: &'a Run<'r>,
    earlier: &'a Earlier,
    entities: BTreeSet<Entity>,
    periods: BTreeMap<Key, Period>,
    counted: Vec<Cube>,
    /// Where each period is counted: which of the partitions, and which of its periods.
    places: BTreeMap<(Grain, Range), (usize, usize)>,
    matching: Matching<'a, 'r>,
    changes: BTreeMap<(String, Key), Vec<Change>>,
    compared: usize,
    restated: Vec<Restated>,
    not_final: Vec<Restated>,
    said: Vec<Diagnostic>,
}

impl<'a, 'r> Comparison<'a, 'r> {
    fn new(run: &'a Run<'r>, earlier: &'a Earlier) -> Result<Self, Diagnostic> {
        let mut said = settings(run, earlier);
        let mut periods: BTreeMap<Key, Period> = BTreeMap::new();
        let mut refused: BTreeSet<String> = BTreeSet::new();
        let mut unknown: BTreeSet<&str> = BTreeSet::new();
        for row in &earlier.values {
            if run.engine.measure(&row.measure).is_none() {
                unknown.insert(&row.measure);
            }
            let key = (row.period.clone(), row.range);
            if periods.contains_key(&key) {
                continue;
            }
            match period_of(run, row) {
                Some(period) => drop(periods.insert(key, period)),
                None => drop(refused.insert(format!("{} of {}", row.period, row.range))),
            }
        }
        said.extend(passed_over(run, earlier, &refused, &unknown));
        let names: Vec<String> =
            earlier.measures().into_iter().filter(|name| run.engine.measure(name).is_some()).map(str::to_owned).collect();
        let partitions = runs(run, &periods);
        let counted = partitions.iter().map(|partition| partition.iter().count()).fold(0, usize::saturating_add);
        let cells = names.len().saturating_mul(counted).saturating_mul(run.engine.entities().len());
        if cells > MOST || partitions.len() > MOST_PARTITIONS {
            let message = format!("{} measures over {counted} periods are more than can be compared", names.len());
            let said = Diagnostic::error(Code::TooLarge, message).at(Location::file(&earlier.path));
            return Err(said.hint("compare with a report of fewer periods: --periods of that run says how many"));
        }
        let (mut counted, mut places) = (Vec::new(), BTreeMap::new());
        for partition in partitions {
            for (index, period) in partition.iter().enumerate() {
                places.insert((period.grain, period.range), (counted.len(), index));
            }
            counted.push(run.engine.cube(&names, &partition)?);
        }
        Ok(Self {
            run,
            earlier,
            entities: run.entities().into_iter().collect(),
            matching: Matching::new(run, earlier),
            periods,
            counted,
            places,
            changes: BTreeMap::new(),
            compared: 0,
            restated: Vec::new(),
            not_final: Vec::new(),
            said,
        })
    }

    /// Compares each value of the earlier report.
    fn compare(&mut self) -> Result<(), Diagnostic> {
        for row in &self.earlier.values {
            let key = (row.period.clone(), row.range);
            let Some(period) = self.periods.get(&key).cloned() else { continue };
            if self.run.engine.measure(&row.measure).is_none() {
                continue;
            }
            let entity = entity(self.run, row.level, &row.name);
            // Whom nobody knows any more cannot be told to be of the team or person that is asked for.
            let asked = entity.map_or(self.run.owner.is_none() && self.run.team.is_none(), |entity| self.entities.contains(&entity));
            if row.level > self.run.finest || !asked {
                continue;
            }
            self.compared += 1;
            let now = match entity {
                Some(entity) => self.value(entity, &period, &row.measure, &row.unit),
                None => Err(String::new()),
            };
            let same = match (&row.value, &now) {
                (Ok(was), Ok(now)) => was == now,
                (Err(_), Err(_)) => true,
                // Whoever had nothing and is there no more has lost nothing.
                (Ok(was), Err(why)) => was.is_zero() && why.is_empty(),
                (Err(_), Ok(_)) => false,
            };
            if same {
                continue;
            }
            let why = match (&row.value, &now) {
                (Ok(_), Err(_)) if entity.is_none() => {
                    format!("there is no {} of this name now", if row.level == Level::Team { "team" } else { "person" })
                }
                (Ok(_), Err(why)) if why.is_empty() => format!("nothing in {} now", row.unit),
                (Ok(_), Err(why)) => format!("no value now: {}", why.replace('_', " ")),
                (Err(_), Ok(_)) => "no value then".to_owned(),
                _ => String::new(),
            };
            let restated = self.restated(row, &period, now, why)?;
            if row.complete { self.restated.push(restated) } else { self.not_final.push(restated) }
        }
        Ok(())
    }

    /// Finds the values that would have stood in the earlier report and did not: of new names, and in new currencies.
    fn appeared(&mut self) -> Result<(), Diagnostic> {
        let known: BTreeSet<(Level, &str, &str, Range, &str, &str)> = self
            .earlier
            .values
            .iter()
            .map(|row| (row.level, row.name.as_str(), row.period.as_str(), row.range, row.measure.as_str(), row.unit.as_str()))
            .collect();
        let mut wholes: BTreeMap<(Key, &str), &Row> = BTreeMap::new();
        let mut levels: BTreeSet<(Level, &Key)> = BTreeSet::new();
        // Of a report of one team or person it is not known who would have been on it.
        for row in self.earlier.values.iter().filter(|row| row.level == Level::All) {
            wholes.entry(((row.period.clone(), row.range), row.measure.as_str())).or_insert(row);
        }
        let keys: BTreeMap<Key, Period> = self.periods.clone();
        for row in &self.earlier.values {
            if let Some((key, _)) = keys.get_key_value(&(row.period.clone(), row.range)) {
                levels.insert((row.level, key));
            }
        }
        for ((key, measure), whole) in &wholes {
            let Some(period) = keys.get(key) else { continue };
            let Some((at, index)) = self.places.get(&(period.grain, period.range)).copied() else { continue };
            let series: Vec<usize> = self.counted[at].of(measure).collect();
            for entity in self.entities.clone().into_iter().filter(|entity| levels.contains(&(entity.level(), key))) {
                let name = self.run.name(entity).to_owned();
                for series in &series {
                    let cube = &self.counted[at];
                    let unit = cube.series[*series].unit.to_string();
                    let Some(who) = cube.entity(entity) else { continue };
                    let Some(now) = digits(cube.value(*series, who, index)).ok().filter(|now| !now.is_zero()) else { continue };
                    if known.contains(&(entity.level(), &name, &key.0, key.1, measure, &unit))
                        || !tidy::visible(self.run, cube, entity, who, index, period)
                    {
                        continue;
                    }
                    let row = Row { level: entity.level(), name: name.clone(), unit, value: Err(String::new()), ..(*whole).clone() };
                    let restated = self.restated(&row, period, Ok(now), "no row of it then".to_owned())?;
                    if row.complete { self.restated.push(restated) } else { self.not_final.push(restated) }
                }
            }
        }
        Ok(())
    }

    /// A value of today, else why there is none: a word, or nothing where there is no such row.
    fn value(&self, entity: Entity, period: &Period, measure: &str, unit: &str) -> Result<Decimal, String> {
        let found = || {
            let (at, index) = *self.places.get(&(period.grain, period.range))?;
            let cube = &self.counted[at];
            let who = cube.entity(entity)?;
            let series = cube.of(measure).find(|series| cube.series[*series].unit.to_string() == unit)?;
            Some(digits(cube.value(series, who, index)))
        };
        found().unwrap_or_else(|| Err(String::new()))
    }

    fn restated(&mut self, row: &Row, period: &Period, now: Result<Decimal, String>, why: String) -> Result<Restated, Diagnostic> {
        let mut restated = Restated {
            level: row.level.name(),
            name: row.name.clone(),
            period: row.period.clone(),
            measure: row.measure.clone(),
            unit: row.unit.clone(),
            was: row.value.as_ref().ok().copied(),
            was_missing: row.value.as_ref().err().cloned().unwrap_or_default(),
            now: now.as_ref().ok().copied(),
            now_missing: now.err().unwrap_or_default(),
            why,
            records: Vec::new(),
        };
        // Where there is no number on one side there is no difference for records to make.
        let both = restated.was_missing.is_empty() && restated.now_missing.is_empty();
        let Some(measure) = self.run.engine.measure(&row.measure).filter(|_| both) else { return Ok(restated) };
        let key = (row.measure.clone(), (row.period.clone(), row.range));
        if !self.changes.contains_key(&key) {
            let found = self.matching.changes(measure, period)?;
            self.changes.insert(key.clone(), found);
        }
        let changes = self.changes.get(&key).map_or(&[][..], Vec::as_slice);
        let who = Who { level: row.level, name: &row.name };
        let (records, labels) = self.matching.of(measure, changes, &who, period, &row.unit);
        restated.records = records;
        let parts = self.reasons(&restated, &labels);
        if !parts.is_empty() {
            let begun = if restated.why.is_empty() { String::new() } else { format!("{}: ", restated.why) };
            restated.why = begun + &parts.join(", ");
        }
        Ok(restated)
    }

    /// What the records come to in words, and what they leave unexplained.
    fn reasons(&self, restated: &Restated, labels: &[Label]) -> Vec<String> {
        let mut counts: BTreeMap<&str, (usize, BTreeSet<&str>)> = BTreeMap::new();
        for (how, label) in labels {
            let (count, called) = counts.entry(how).or_default();
            *count += 1;
            called.insert(label);
        }
        let mut counts: Vec<(usize, String)> = counts
            .into_iter()
            .map(|(how, (count, called))| {
                let mut called = called.into_iter();
                match (called.next(), called.next()) {
                    (Some(label), None) => (count, label.to_owned()),
                    _ => (count, how.replace("re_", "re-").replace('_', " ")),
                }
            })
            .collect();
        counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let mut parts: Vec<String> = counts.into_iter().map(|(count, label)| format!("{count} {label}")).collect();
        let measure = self.run.engine.measure(&restated.measure);
        let rule = measure.map(|measure| explain::rule(self.run, measure));
        if self.earlier.rules.get(&restated.measure).is_some_and(|then| Some(then) != rule.as_ref()) {
            parts.insert(0, "its rule is another now".to_owned());
        } else if let (Some(change), true) = (restated.change(), measure.is_some_and(matching::additive)) {
            // What a file says may be larger than any sum can be; then nothing is explained.
            let explained = matching::sum(restated.records.iter().filter_map(|record| record.change));
            let left = explained.and_then(|explained| change.checked_sub(explained));
            // Hours are rounded to two decimals one by one.
            let slack = if restated.unit == "hours" { Decimal::new(1 + restated.records.len() as i64, 2) } else { Decimal::ZERO };
            if left.is_none_or(|left| left.abs() > slack) {
                parts.push(if parts.is_empty() { "the same records, counted otherwise" } else { "others counted otherwise" }.to_owned());
            }
        }
        parts
    }
}

/// A value in the digits of a file, else the word for why it is missing.
fn digits(value: &crate::unit::Value) -> Result<Decimal, String> {
    let digits = render::plain(value).map_err(str::to_owned)?;
    Decimal::from_str_exact(&digits).map_err(|_| "not_applicable".to_owned())
}

/// The entity of a name.
fn entity(run: &Run<'_>, level: Level, name: &str) -> Option<Entity> {
    let roster = &run.data.roster;
    match level {
        Level::All => Some(Entity::All),
        Level::Team => roster.teams.iter().position(|team| team == name).map(|at| Entity::Team(at as u32)),
        Level::Owner if name == NO_OWNER => Some(Entity::NoOwner),
        Level::Owner => roster.person(name).map(Entity::Owner),
    }
}

/// The period of a row where today's calendar has one of that name and those days.
fn period_of(run: &Run<'_>, row: &Row) -> Option<Period> {
    let special = [run.calendar.all_period(row.range), run.calendar.range_period(row.range)];
    if let Some(period) = special.into_iter().find(|period| period.name == row.period) {
        return Some(period);
    }
    let named = Grain::NAMED.into_iter().filter(|grain| *grain != Grain::All);
    named.filter_map(|grain| run.calendar.named(grain, &row.period).ok()).find(|period| period.range == row.range)
}

/// The partitions in which the periods are counted: one of each grain, from its first day to its last, whatever lacks between, and each
/// period that is of no grain by itself.
fn runs(run: &Run<'_>, periods: &BTreeMap<Key, Period>) -> Vec<Partition> {
    let (mut spans, mut alone): (BTreeMap<Grain, Range>, Vec<&Period>) = (BTreeMap::new(), Vec::new());
    for period in periods.values() {
        if matches!(period.grain, Grain::All | Grain::Range) {
            alone.push(period);
        } else {
            spans.entry(period.grain).and_modify(|span| *span = span.hull(period.range)).or_insert(period.range);
        }
    }
    let alone = alone.into_iter().map(|period| (period.grain, period.range));
    spans.into_iter().chain(alone).map(|(grain, span)| run.calendar.partition(grain, span)).collect()
}

/// What differs in the settings of the two reports and may be why numbers differ.
fn settings(run: &Run<'_>, earlier: &Earlier) -> Vec<Diagnostic> {
    let mut said = Vec::new();
    let mut warn = |message: String, hint: &str| {
        said.push(Diagnostic::warning(Code::NotCompared, message).at(Location::file(&earlier.path)).hint(hint));
    };
    let zone = run.calendar.zone_name();
    if earlier.time_zone != zone {
        warn(
            format!(
                "its days are those of {}, and here those of {zone}: what was near midnight may count on another day",
                earlier.time_zone
            ),
            "give both reports the same time_zone in [calendar]",
        );
    }
    if run.as_of < earlier.as_of {
        warn(
            format!(
                "it stands on {}, after this report of {}: what it has more is not undone, but not yet known here",
                earlier.as_of, run.as_of
            ),
            "take the older of the two reports for --since",
        );
    }
    said
}

/// What of the earlier report cannot be compared.
fn passed_over(run: &Run<'_>, earlier: &Earlier, refused: &BTreeSet<String>, unknown: &BTreeSet<&str>) -> Vec<Diagnostic> {
    const MOST: usize = 5;
    let mut said = Vec::new();
    let list = |names: Vec<&str>| {
        let more = if names.len() > MOST { format!(" and {} more", names.len() - MOST) } else { String::new() };
        names.into_iter().take(MOST).collect::<Vec<_>>().join(", ") + &more
    };
    if !refused.is_empty() {
        let names = list(refused.iter().map(String::as_str).collect());
        let message = format!("these periods are no periods of this calendar, and are not compared: {names}");
        let said_of = Diagnostic::warning(Code::NotCompared, message).at(Location::file(&earlier.path));
        let starts = run.calendar.week_starts().name();
        said.push(if earlier.week_starts == starts {
            said_of.hint("the fiscal year in [calendar] was another then")
        } else {
            said_of.hint(format!("week_starts in [calendar] was {} then, and is {starts}", earlier.week_starts))
        });
    }
    if !unknown.is_empty() {
        let names = list(unknown.iter().copied().collect());
        let message = format!("these measures are not known any more, and are not compared: {names}");
        let said_of = Diagnostic::warning(Code::NotCompared, message).at(Location::file(&earlier.path));
        said.push(said_of.hint("they were declared in the leadlag.toml of that report"));
    }
    said
}
