//! The records behind a cell: counted, near misses with the conjunct that failed, left out with the reason.

use std::sync::Arc;

use super::catalog::Measure;
use super::cube::{Entity, WHOLE, judged_until};
use super::select::Engine;
use super::spec::{Aggregate, When};
use crate::calendar::{Day, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::facts::Whose;
use crate::table::{Credit, Kind, Reason, Table};
use crate::unit::Unit;

/// A record that fails exactly one part of a measure's predicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The record's row.
    pub row: usize,
    /// The part that it fails, in the words of the predicate.
    pub conjunct: String,
    /// Whether the part is unknown for it rather than false.
    pub unknown: bool,
}

/// The records behind one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The table that holds them.
    pub table: Kind,
    /// The measure, or the part of a quotient.
    pub measure: String,
    /// The records counted, in order of day, file and line; one that counts for several people of a sum stands once for each.
    pub counted: Vec<usize>,
    /// The near misses.
    pub near: Vec<Miss>,
    /// Those that would count but for being left out.
    pub left_out: Vec<(usize, Reason)>,
}

impl Evidence {
    /// Takes in the records of somebody else for the same measure; [`Self::settle`] puts them in order.
    pub(super) fn join(&mut self, other: Self) {
        self.counted.extend(other.counted);
        self.near.extend(other.near);
        self.left_out.extend(other.left_out);
    }

    /// Puts what was joined in order of day, file and line, nothing twice.
    pub(super) fn settle(&mut self, table: &Table, on: &str) {
        let days = table.column(on);
        let place = |row: usize| (days.and_then(|days| days.day(row)), table.file[row], table.line.get(row), row);
        self.counted.sort_by_cached_key(|row| place(*row));
        self.counted.dedup();
        self.near.sort_by_cached_key(|miss| place(miss.row));
        self.near.dedup();
        self.left_out.sort_by_cached_key(|(row, _)| place(*row));
        self.left_out.dedup();
    }
}

/// What is not known of a record whose days to wait are not over, in words.
fn waits(measure: &Measure) -> String {
    measure.spec.ripe_after.map_or_else(String::new, |days| format!("what came within {days} days"))
}

impl Engine<'_> {
    /// The records behind a cell; a quotient has those of both its parts.
    pub fn evidence(&self, measure: &Measure, entity: Entity, period: &Period) -> Result<Vec<Evidence>, Diagnostic> {
        if let Some((over, under)) = self.parts(measure) {
            let mut both = self.evidence(over, entity, period)?;
            both.extend(self.evidence(under, entity, period)?);
            return Ok(both);
        }
        match &measure.spec.value {
            Aggregate::Left(of) => return self.evidence_to_date(measure, of, entity, period),
            Aggregate::Window(window) => return self.windowed_evidence(window, entity, period),
            Aggregate::Plus(..) => {
                let each = self.leaves(measure).into_iter().map(|part| self.evidence(part, entity, period));
                return Ok(each.collect::<Result<Vec<_>, _>>()?.concat());
            }
            _ => {}
        }
        let selection = self.select_at(measure, period)?;
        let mut found = Evidence {
            table: measure.spec.from,
            measure: measure.spec.name.clone(),
            counted: Vec::new(),
            near: Vec::new(),
            left_out: Vec::new(),
        };
        let Some(table) = self.table(measure) else { return Ok(vec![found]) };
        let blank = self.gap(measure, &selection, period).is_some();
        let masks = self.masks_at(measure, period)?;
        // Looked up once: every cell of a report may be asked for, and each looks at every record.
        let days = table.column(&measure.spec.on);
        let inside = self.days_of(measure, period);
        for row in 0..table.len() {
            let day = days.and_then(|c| c.day(row)).or((measure.spec.when == When::Now).then_some(Day::MIN));
            let Some(day) = day.filter(|day| inside.contains(*day)) else { continue };
            let team_day = self.team_day(measure, day, period);
            let times = self.times(measure, table, row, entity, team_day);
            if times == 0 && !self.may_count(measure, table, row, entity, team_day) {
                continue;
            }
            let failed: Vec<usize> =
                masks.iter().enumerate().filter(|(_, mask)| !mask.is_true(row)).map(|(index, _)| index).take(2).collect();
            let ripe = self.ripe(measure, day);
            match (Reason::from_code(table.left_out[row]), failed.as_slice()) {
                // What came of it is not all seen yet, so that it counts for nothing so far.
                (None, []) if !ripe => found.near.push(Miss { row, conjunct: waits(measure), unknown: true }),
                (Some(reason), []) => found.left_out.push((row, reason)),
                (None, []) if !blank && times > 0 => found.counted.extend(std::iter::repeat_n(row, times)),
                (None, [one]) => found.near.push(Miss {
                    row,
                    conjunct: measure.predicate.conjuncts().get(*one).map(|c| c.sql.clone()).unwrap_or_default(),
                    unknown: masks[*one].get(row).is_none(),
                }),
                _ => {}
            }
        }
        let place = |row: usize| (table.day(&measure.spec.on, row), table.file[row], table.line.get(row));
        found.counted.sort_by_cached_key(|row| place(*row));
        found.near.sort_by_cached_key(|miss| place(miss.row));
        found.left_out.sort_by_cached_key(|(row, _)| place(*row));
        Ok(vec![found])
    }

    /// The parts of a measure's predicate that are not true of a record in a period; for a quotient those of what it divides.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn failed(&self, measure: &Measure, period: &Period, row: usize) -> Result<Vec<Miss>, Diagnostic> {
        if let Some((over, _)) = self.parts(measure) {
            return self.failed(over, period, row);
        }
        let part = match &measure.spec.value {
            Aggregate::Window(window) => window.of.first().map(|part| &part.component),
            _ => None,
        };
        if let Some(part) = part.and_then(|name| self.measure(name)) {
            return self.failed(part, period, row);
        }
        let masks = self.masks_at(measure, period)?;
        let parts = masks.iter().zip(measure.predicate.conjuncts()).filter(|(mask, _)| !mask.is_true(row));
        Ok(parts.map(|(mask, part)| Miss { row, conjunct: part.sql.clone(), unknown: mask.get(row).is_none() }).collect())
    }

    /// The records of what has been reached of a target in its own period; none once it is reached.
    fn evidence_to_date(&self, measure: &Measure, of: &str, entity: Entity, period: &Period) -> Result<Vec<Evidence>, Diagnostic> {
        let name = &measure.spec.name;
        let none = Evidence { table: Kind::Deals, measure: name.clone(), counted: Vec::new(), near: Vec::new(), left_out: Vec::new() };
        for currency in self.currencies() {
            if let (Some((part, _)), Some(of)) = (self.left_of(of, &Unit::Money(Arc::clone(currency)), entity, period)?, self.measure(of)) {
                let found = self.evidence(of, entity, &self.calendar.range_period(part))?;
                return Ok(found.into_iter().map(|e| Evidence { measure: name.clone(), ..e }).collect());
            }
        }
        Ok(vec![none])
    }

    /// The days whose records a measure counts in a period.
    pub fn days_of(&self, measure: &Measure, period: &Period) -> Range {
        match (measure.spec.when, &measure.spec.value) {
            (When::Next, _) => self.calendar.next(period).range,
            (When::Now, _) | (When::In, Aggregate::Age(_)) => Range { first: Day::MIN, last: period.range.last },
            (When::In, _) => period.range,
        }
    }

    /// The day on which a record's people's teams are taken.
    fn team_day(&self, measure: &Measure, day: Day, period: &Period) -> Day {
        match (measure.spec.when, &measure.spec.value) {
            (When::Now, _) | (When::In, Aggregate::Age(_)) => judged_until(period, self.as_of),
            _ => day,
        }
    }

    /// The share of a deal's money that is an entity's, in millionths.
    pub fn share(&self, measure: &Measure, row: usize, entity: Entity, period: &Period) -> u32 {
        let (Some(table), Some(credits)) = (self.table(measure), self.facts.credits(measure.spec.from, measure.spec.credit)) else {
            return WHOLE;
        };
        let day = table.day(&measure.spec.on, row).unwrap_or(period.range.last);
        let day = self.team_day(measure, day, period);
        let mine = credits.of(row).iter().filter(|credit| self.is_of(measure, credit, entity, day));
        mine.map(|credit| credit.share_ppm).fold(0, u32::saturating_add).min(WHOLE)
    }

    fn is_of(&self, measure: &Measure, credit: &Credit, entity: Entity, day: Day) -> bool {
        self.counts_for(measure, credit)
            && match entity {
                Entity::All => true,
                Entity::Team(team) => self.team_of(measure, credit.person, day) == Some(team),
                Entity::Owner(person) => credit.person == person,
                Entity::NoOwner => credit.person == Credit::NOBODY,
            }
    }

    /// How often a record counts for an entity: a sum's once per person, but a deal that several share once.
    fn times(&self, measure: &Measure, table: &Table, row: usize, entity: Entity, day: Day) -> usize {
        let nobody = [Credit::nobody()];
        let credits = self.facts.credits(table.kind, measure.spec.credit).map_or(&nobody[..], |c| c.of(row));
        let mine = credits
            .iter()
            .filter(|c| c.whole || matches!(measure.spec.value, Aggregate::Sum(_)))
            .filter(|credit| self.is_of(measure, credit, entity, day))
            .count();
        if measure.adds_up() && table.kind != Kind::Deals { mine } else { mine.min(1) }
    }

    /// Whether a record that counts for no coach and nobody coached would be looked for under somebody who took part in it.
    fn may_count(&self, measure: &Measure, table: &Table, row: usize, entity: Entity, day: Day) -> bool {
        let of = |whose: Whose| self.facts.credits(table.kind, whose).map_or(&[][..], |c| c.of(row));
        measure.spec.credit != Whose::Owner
            && of(measure.spec.credit).iter().all(|credit| credit.person == Credit::NOBODY)
            && of(Whose::Owner).iter().any(|credit| self.is_of(measure, credit, entity, day))
    }
}
