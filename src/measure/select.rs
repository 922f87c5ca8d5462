//! Which records a measure counts: the engine evaluates each predicate once, and cube and evidence share the masks.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::catalog::Measure;
use super::cube::Entity;
use super::filter::{Mask, Predicate};
use super::place::Places;
use super::spec::{Aggregate, When};
use crate::calendar::{Calendar, Day, Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::facts::{self, Facts, Reach};
use crate::table::{Data, Kind, Reason, Table};
use crate::unit::{Currency, Why};

/// A period's state can be told from an export that reaches at most this many days beyond its end.
const SNAPSHOT_DAYS: i32 = 7;

/// Leaves out the records of a table for which a predicate of the user's own is not true; gives how many.
pub fn apply_filter(data: &mut Data, kind: Kind, predicate: &Predicate) -> Result<u64, Diagnostic> {
    let sources = source_names(data);
    let Some(table) = data.table(kind) else { return Ok(0) };
    let masks = predicate.evaluate(table, &sources)?;
    let keep = Mask::and(&masks, table.len());
    let gone: Vec<usize> = (0..table.len()).filter(|row| table.used(*row) && !keep.is_true(*row)).collect();
    let count = gone.len() as u64;
    let table = match kind {
        Kind::Activities => &mut data.activities,
        Kind::Deals => &mut data.deals,
        Kind::Accounts => &mut data.accounts,
        Kind::Leads => &mut data.leads,
        Kind::Targets => &mut data.targets,
        Kind::Stages => &mut data.stages,
        Kind::People | Kind::Commitments | Kind::Absences => return Ok(0),
    };
    for row in gone {
        table.leave_out(row, Reason::Filtered);
    }
    if kind == Kind::Activities {
        facts::follow_tasks(data);
    }
    Ok(count)
}

pub(super) fn source_names(data: &Data) -> Vec<String> {
    data.sources.iter().map(|s| s.path.clone()).collect()
}

/// A table, a condition on its records and, for a state of the past, the day of it.
type Asked = (Kind, String, Option<Day>);

/// The records of a measure.
#[derive(Debug)]
pub(super) struct Selection {
    /// The rows that are used and for which every conjunct is true.
    pub(super) rows: Vec<u32>,
    /// The conjunct that no record can answer, if there is one: the exports lack what it asks for.
    pub(super) unanswered: Option<usize>,
}

/// Counts measures over the exports of one run.
pub struct Engine<'a> {
    /// The exports.
    pub data: &'a Data,
    /// What was found out about them.
    pub facts: &'a Facts,
    /// The calendar of the report.
    pub calendar: &'a Calendar,
    /// The day of the report.
    pub as_of: Day,
    /// The measures that can be counted: those asked for and those that they divide.
    pub measures: &'a [Measure],
    /// The currency of the report, where the user has said it: it comes before those that are more frequent.
    pub home: Option<Currency>,
    /// The targets, for what is left of one.
    pub targets: Option<super::target::Targets<'a>>,
    sources: Vec<String>,
    pub(super) currencies: OnceCell<Vec<Currency>>,
    pub(super) ranges: RefCell<BTreeMap<(String, Range), Rc<super::cube::Cube>>>,
    selections: RefCell<BTreeMap<Asked, Rc<Selection>>>,
    masks: RefCell<BTreeMap<Asked, Rc<Vec<Mask>>>>,
    pub(super) sheet: RefCell<Option<Rc<super::window::Sheet>>>,
    pub(super) cast: super::whose::Cast,
}

impl<'a> Engine<'a> {
    /// An engine over the exports.
    pub fn new(data: &'a Data, facts: &'a Facts, calendar: &'a Calendar, as_of: Day, measures: &'a [Measure]) -> Self {
        let sources = source_names(data);
        Self {
            data,
            facts,
            calendar,
            as_of,
            measures,
            home: None,
            targets: None,
            sources,
            currencies: OnceCell::new(),
            ranges: RefCell::default(),
            selections: RefCell::default(),
            masks: RefCell::default(),
            sheet: RefCell::default(),
            cast: super::whose::Cast::default(),
        }
    }

    /// The measure of a name.
    pub fn measure(&self, name: &str) -> Option<&'a Measure> {
        self.measures.iter().find(|m| m.spec.name == name)
    }

    pub(super) fn table(&self, measure: &Measure) -> Option<&'a Table> {
        self.data.table(measure.spec.from)
    }

    pub(super) fn select(&self, measure: &Measure) -> Result<Rc<Selection>, Diagnostic> {
        self.selection(measure, None)
    }

    /// The records of a measure in one period: those of a state as they stood at the period's end, where the export reaches beyond it.
    pub(super) fn select_at(&self, measure: &Measure, period: &Period) -> Result<Rc<Selection>, Diagnostic> {
        self.selection(measure, self.as_of_then(measure, period))
    }

    /// What is true, false or unknown of each record of a measure's table in one period: a mask for each part of its condition.
    pub(super) fn masks_at(&self, measure: &Measure, period: &Period) -> Result<Rc<Vec<Mask>>, Diagnostic> {
        let then = self.as_of_then(measure, period);
        let key = (measure.spec.from, measure.predicate.sql.clone(), then);
        if let Some(found) = self.masks.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let masks = Rc::new(match (self.table(measure), then) {
            (None, _) => Vec::new(),
            (Some(_), Some(day)) => measure.predicate.evaluate(&facts::deals_at(self.data, self.facts, day), &self.sources)?,
            (Some(table), None) => measure.predicate.evaluate(table, &self.sources)?,
        });
        self.masks.borrow_mut().insert(key, Rc::clone(&masks));
        Ok(masks)
    }

    /// The day as of which the records of a measure are taken in a period, where that is not the one that the exports show.
    fn as_of_then(&self, measure: &Measure, period: &Period) -> Option<Day> {
        let end = period.range.last;
        let later = self.facts.through.is_some_and(|through| end < through);
        let then = measure.spec.when == When::Now && measure.spec.from == Kind::Deals && later && period.grain != Grain::All;
        then.then_some(end)
    }

    /// Measures of the same condition share what it selects.
    fn selection(&self, measure: &Measure, then: Option<Day>) -> Result<Rc<Selection>, Diagnostic> {
        let key = (measure.spec.from, measure.predicate.sql.clone(), then);
        if let Some(found) = self.selections.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let selection = Rc::new(match (self.table(measure), then) {
            (None, _) => Selection { rows: Vec::new(), unanswered: None },
            (Some(_), Some(day)) => self.evaluate(measure, &facts::deals_at(self.data, self.facts, day))?,
            (Some(table), None) => self.evaluate(measure, table)?,
        });
        self.selections.borrow_mut().insert(key, Rc::clone(&selection));
        Ok(selection)
    }

    fn evaluate(&self, measure: &Measure, table: &Table) -> Result<Selection, Diagnostic> {
        let (mut all, mut unanswered) = (None, None);
        for (index, part) in measure.predicate.conjuncts().iter().enumerate() {
            let mask = part.evaluate(table, &self.sources)?;
            if unanswered.is_none() && !table.is_empty() {
                let unknown = || (0..table.len()).all(|row| !table.used(row) || mask.get(row).is_none());
                unanswered = (unknown() || part.only_lacks(table)).then_some(index);
            }
            all = Some(match all {
                None => mask,
                Some(mut all) => {
                    Mask::and_with(&mut all, &mask);
                    all
                }
            });
        }
        let all = all.unwrap_or_else(|| Mask::constant(Some(true), table.len()));
        Ok(Selection { rows: all.rows_used(&table.left_out), unanswered })
    }

    /// The rows that a measure counts in a period, whoever's they are; those of both parts for a quotient.
    pub fn rows_in(&self, measure: &Measure, period: &Period) -> Result<Vec<usize>, Diagnostic> {
        let rows = self.rows_by_period(measure, &self.calendar.ending_with(period, 1), None)?;
        Ok(rows.into_iter().flatten().map(|row| row as usize).collect())
    }

    /// The rows that a measure counts in each period, in order; those of both parts for a quotient. With entities, those that count for any
    /// of them.
    pub fn rows_by_period(&self, measure: &Measure, periods: &Partition, of: Option<&[Entity]>) -> Result<Vec<Vec<u32>>, Diagnostic> {
        let mut rows = vec![Vec::new(); periods.len()];
        if let Some((over, under)) = self.parts(measure) {
            for part in [over, under] {
                for (rows, more) in rows.iter_mut().zip(self.rows_by_period(part, periods, of)?) {
                    rows.extend(more);
                }
            }
            for rows in &mut rows {
                rows.sort_unstable();
                rows.dedup();
            }
            return Ok(rows);
        }
        match (&measure.spec.value, of) {
            // The records of two tables have no common rows: those of the first.
            (Aggregate::Plus(one, _), None) => return self.measure(one).map_or(Ok(rows), |one| self.rows_by_period(one, periods, of)),
            // What is told of the weeks before counts no record of the period.
            (Aggregate::Window(_), None) => return Ok(rows),
            (Aggregate::Plus(..) | Aggregate::Window(_) | Aggregate::Left(_), Some(entities)) => {
                for (rows, period) in rows.iter_mut().zip(periods) {
                    for entity in entities {
                        let found = self.evidence(measure, *entity, period)?;
                        rows.extend(found.into_iter().flat_map(|found| found.counted).map(|row| row as u32));
                    }
                    rows.sort_unstable();
                    rows.dedup();
                }
                return Ok(rows);
            }
            _ => {}
        }
        let Some(table) = self.table(measure) else { return Ok(rows) };
        let selection = self.select(measure)?;
        let blank: Vec<bool> = periods.iter().map(|period| self.gap(measure, &selection, period).is_some()).collect();
        let places = Places::new(self, measure, table, periods, |period| blank[period]);
        let mine: Option<Vec<bool>> = of.map(|of| self.entities().iter().map(|entity| of.contains(entity)).collect());
        let counts = |row: usize, day: Day| match &mine {
            None => places.counts(row),
            Some(mine) => {
                let mut any = false;
                places.shares(row, day, |entity, _| any |= mine[entity]);
                any
            }
        };
        let mut add = |selected: &[u32], only: Option<usize>| {
            for row in selected {
                places.periods(*row as usize, |period, day| {
                    if only.is_none_or(|only| only == period) && counts(*row as usize, day) {
                        rows[period].push(*row);
                    }
                });
            }
        };
        if measure.spec.when == When::Now {
            for (index, period) in periods.iter().enumerate().filter(|(index, _)| !blank[*index]) {
                add(&self.select_at(measure, period)?.rows, Some(index));
            }
        } else {
            add(&selection.rows, None);
        }
        Ok(rows)
    }

    /// The table whose records a measure counts; that of its first part for a quotient.
    pub fn kind_of(&self, measure: &Measure) -> Kind {
        self.parts(measure).map_or(measure.spec.from, |(over, _)| self.kind_of(over))
    }

    /// Whether it is known by now what came of a day's records, where a measure asks that; its table must reach so far.
    pub fn ripe(&self, measure: &Measure, day: Day) -> bool {
        self.ripe_until(measure).is_some_and(|until| day <= until)
    }

    /// The last day of whose records it is known by now what came of them; none where that is known of no day.
    pub(super) fn ripe_until(&self, measure: &Measure) -> Option<Day> {
        let Some(days) = measure.spec.ripe_after else { return Some(Day(i32::MAX)) };
        let until = self.facts.seen_until(measure.spec.from, self.as_of)?;
        Some(Day(until.0.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX))))
    }

    /// How far a measure's table reaches.
    pub fn reach(&self, measure: &Measure) -> Reach {
        self.facts.reach(measure.spec.from)
    }

    /// Whether a period is over at the day of the report and the exports reach its last workday.
    pub fn complete(&self, period: &Period) -> bool {
        period.range.last <= self.as_of && self.facts.through.is_some_and(|through| self.calendar.reaches_end(period.range, through))
    }

    /// The last complete period of a grain; none where nothing is complete.
    pub fn last_complete(&self, grain: Grain) -> Option<Period> {
        let until = self.facts.through?.min(self.as_of);
        let first = [self.facts.activities.first, self.facts.deals.first].into_iter().flatten().min()?;
        // A period may be complete from its last workday on, which lies before its last day.
        let mut period = self.calendar.period_of(grain, until.plus(7));
        while !self.complete(&period) {
            if period.range.last < first {
                return None;
            }
            period = self.calendar.previous(&period);
        }
        (period.range.last >= first).then_some(period)
    }

    /// Whether a period is complete for one measure: its table too reaches the period's end.
    pub fn complete_for(&self, measure: &Measure, period: &Period) -> bool {
        self.complete(period) && self.reach(measure).last.is_some_and(|last| self.calendar.reaches_end(period.range, last))
    }

    /// Why a measure has no value in a period, whoever's it is; none where it has one.
    pub(super) fn gap(&self, measure: &Measure, selection: &Selection, period: &Period) -> Option<Why> {
        let reach = self.reach(measure);
        if measure.spec.from == Kind::Commitments {
            return self.no_commitment(period);
        }
        if selection.unanswered.is_some() || self.table(measure).is_none_or(Table::is_empty) {
            return Some(Why::NoData);
        }
        let (Some(last), Some(through)) = (reach.last, self.facts.through) else { return Some(Why::NoData) };
        match measure.spec.when {
            When::Next => {
                let next = self.calendar.next(period);
                if period.grain == Grain::All || (self.complete(&next) && next.range.last <= through) {
                    return Some(Why::NotApplicable);
                }
                return (last < period.range.first).then_some(Why::NoData);
            }
            When::Now => {
                if period.grain != Grain::All && period.range.last.0.saturating_add(SNAPSHOT_DAYS) < through.0 {
                    return Some(Why::NotApplicable);
                }
                return (last < period.range.first).then_some(if reach.ended { Why::NoData } else { Why::NotYet });
            }
            When::In => {}
        }
        // Of everything those records count of which it is known.
        let last_known = if period.grain == Grain::All { reach.first.unwrap_or(last) } else { period.range.last };
        if !self.ripe(measure, last_known) && period.range.first <= last {
            return Some(Why::NotYet);
        }
        if period.grain == Grain::All {
            // What needs a history longer than anything that is there cannot be told of any day.
            return self.knows_from(measure).filter(|from| *from > last).map(|_| Why::NotYet);
        }
        if period.range.first > last {
            return Some(if !reach.ended && period.range.first > through { Why::NotYet } else { Why::NoData });
        }
        let first = reach.first?;
        if period.range.last < first {
            // An age looks back from the period's end, a count cannot.
            return Some(Why::NoData);
        }
        let warm_up = measure.spec.warm_up.map_or(0, |days| days as i32);
        if period.range.first.0 < first.0.saturating_add(warm_up) && warm_up > 0 {
            return Some(Why::NotYet);
        }
        None
    }

    /// The day from which a measure that needs a long history, as new customers do, can be told; none for one that needs none.
    pub fn knows_from(&self, measure: &Measure) -> Option<Day> {
        let days = measure.spec.warm_up.map(|days| days as i32).filter(|days| *days > facts::LOOK_BACK)?;
        Some(self.reach(measure).first?.plus(days))
    }

    /// Why nothing can be said of commitments in a period: where nobody has made any for it, they may be kept elsewhere.
    fn no_commitment(&self, period: &Period) -> Option<Why> {
        let table = &self.data.commitments;
        let days = table.column("day");
        let mut days = (0..table.len()).filter(|row| table.used(*row)).filter_map(|row| days?.day(row));
        if days.any(|day| period.range.contains(day)) {
            return None;
        }
        let to_come = !table.is_empty() && period.range.first > self.as_of;
        Some(if to_come { Why::NotYet } else { Why::NoData })
    }

    /// Whether a measure is a quotient of two others.
    pub(super) fn parts(&self, measure: &Measure) -> Option<(&'a Measure, &'a Measure)> {
        match &measure.spec.value {
            Aggregate::Ratio(over, under) => Some((self.measure(over)?, self.measure(under)?)),
            _ => None,
        }
    }
}
