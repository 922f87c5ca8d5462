//! How records become one value: one variant each, the only place to add one.

use std::sync::Arc;

use rayon::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::catalog::Measure;
use super::cube::{Cell, Entity, Series, judged_until, scale};
use super::keys::{self, Keys, Nested, Periods, by_period};
use super::place::Places;
use super::select::Engine;
use super::spec::{Aggregate, UnitKind};
use super::whose::Report;
use crate::calendar::{Day, Period};
use crate::table::{Codes, Column, Numbers, Table, Words};
use crate::unit::{Currency, Unit, Value, Why};

/// Shares are in millionths.
const PARTS: i128 = 1_000_000;

/// Fewer records than this are not worth a second thread.
pub(super) const LARGE: usize = 1 << 16;

/// What is kept per cell while records are added.
#[derive(Clone)]
enum Kept {
    Count,
    /// Minor units times millionths.
    Sum(Vec<i128>),
    /// How many different values.
    Distinct(Vec<u32>),
    /// Who is named, by cell; sorted once all are there.
    Named(Vec<(u32, u32)>),
    /// Every value, by cell; once all are there each cell's stand together, and where they end is beside them.
    Median(Vec<(u32, i64)>, Vec<usize>),
    Latest(Vec<Option<Day>>),
}

/// The records that are in a currency.
#[derive(Clone, Copy)]
pub(super) struct Within<'a> {
    codes: Option<&'a Codes>,
    code: Option<u32>,
    /// Whether those that name none are.
    blank: bool,
}

impl Within<'_> {
    pub(super) fn holds(&self, row: usize) -> bool {
        match self.codes.and_then(|codes| codes.get(row)) {
            Some(code) => self.code == Some(code),
            None => self.blank,
        }
    }
}

/// The sums of one measure (in one currency) over all cells.
#[derive(Clone)]
pub(super) struct Sums<'a> {
    measure: &'a Measure,
    unit: Unit,
    /// Only records in this currency count.
    within: Option<Within<'a>>,
    as_of: Day,
    column: Option<&'a Column>,
    records: Vec<u32>,
    known: Vec<u32>,
    kept: Kept,
}

fn column<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    match name.strip_prefix("x.\"").and_then(|n| n.strip_suffix('"')) {
        Some(heading) => table.extra(&heading.replace("\"\"", "\"")),
        None => table.column(name),
    }
}

impl<'a> Sums<'a> {
    pub(super) fn new(engine: &Engine<'a>, measure: &'a Measure, unit: &Unit, currency: Option<&Currency>, cells: usize) -> Self {
        let table = engine.table(measure);
        let of = |name: &str| table.and_then(|t| column(t, name));
        let (kept, column) = match &measure.spec.value {
            Aggregate::Count
            | Aggregate::Ratio(..)
            | Aggregate::Left(_)
            | Aggregate::Plus(..)
            | Aggregate::Window(_)
            | Aggregate::Reports(None) => (Kept::Count, None),
            Aggregate::Reports(Some(name)) => (Kept::Named(Vec::new()), of(name)),
            Aggregate::Sum(name) => (Kept::Sum(vec![0; cells]), of(name)),
            Aggregate::Distinct(name) => (Kept::Distinct(vec![0; cells]), of(name)),
            Aggregate::Median(name) => (Kept::Median(Vec::new(), Vec::new()), of(name)),
            Aggregate::Age(name) => (Kept::Latest(vec![None; cells]), of(name)),
        };
        let currency = match unit {
            Unit::Money(currency) => Some(currency),
            _ => currency,
        };
        let within = currency.zip(table).map(|(currency, table)| {
            let words = match table.column("currency") {
                Some(Column::Words(words)) => Some(words),
                _ => None,
            };
            Within { codes: words.map(Words::codes), code: words.and_then(|w| w.code_of(currency)), blank: currency.is_empty() }
        });
        Self { measure, unit: unit.clone(), within, as_of: engine.as_of, column, records: vec![0; cells], known: vec![0; cells], kept }
    }

    /// Adds records, each where it counts; `only` in one period where that is given.
    pub(super) fn add(&mut self, places: &Places<'_>, rows: &[u32], periods: usize, only: Option<usize>) {
        if let Kept::Distinct(counts) = &mut self.kept {
            let keys = Keys::of(self.column);
            let found = |cell: usize, tally: keys::Tally| {
                self.records[cell] += tally.records;
                self.known[cell] += tally.known;
                counts[cell] += tally.distinct;
            };
            let periods = Periods { places, all: periods, only, within: self.within };
            match Nested::of(places, &keys) {
                Some(nested) => nested.distinct(rows, periods, &keys, found),
                None => by_period(rows, periods).distinct(&keys, places, found),
            }
            return;
        }
        let rest = self.add_by_list(places, rows, periods, only);
        let rows = rest.as_deref().unwrap_or(rows);
        let threads = rayon::current_num_threads();
        // Each thread has sums of its own, which must not cost more than the records.
        if rows.len() < LARGE || threads < 2 || rows.len() < 4 * self.records.len() {
            self.add_some(places, rows, periods, only);
            return;
        }
        let fresh = self.clone();
        let mut parts: Vec<&[u32]> = rows.chunks(rows.len().div_ceil(threads)).collect();
        let own = parts.remove(0);
        let (others, ()) = rayon::join(
            || -> Vec<Self> {
                let part = |rows: &&[u32]| {
                    let mut part = fresh.clone();
                    part.add_some(places, rows, periods, only);
                    part
                };
                parts.par_iter().map(part).collect()
            },
            || self.add_some(places, own, periods, only),
        );
        for other in others {
            self.join(other);
        }
    }

    /// Adds those records whose list of credits says for whom they count, whatever their day: by list and period first, so that a record is
    /// added once and not once for each who shares in it. Gives the others; none where this is not how the measure is counted, nor worth it.
    fn add_by_list(&mut self, places: &Places<'_>, rows: &[u32], periods: usize, only: Option<usize>) -> Option<Vec<u32>> {
        let numbers = match &self.kept {
            Kept::Count => Numbers::Plain(&[]),
            Kept::Sum(_) => Numbers::of(self.column),
            _ => return None,
        };
        let cells = places.lists() * periods;
        if cells == 0 || cells > rows.len().max(SMALL) {
            return None;
        }
        let within = self.within;
        let add = |rows: &[u32]| {
            let mut found = ByList { tallies: vec![Tally::default(); cells], full: Vec::new(), others: Vec::new() };
            found.add(rows, Periods { places, all: periods, only, within }, numbers);
            found
        };
        let threads = if rows.len() < LARGE { 1 } else { rayon::current_num_threads() };
        let parts: Vec<ByList> = rows.par_chunks(rows.len().div_ceil(threads).max(1)).map(add).collect();
        let mut others = Vec::new();
        for part in parts {
            others.extend(part.others);
            for (cell, tally) in part.tallies.iter().enumerate().filter(|(_, tally)| tally.records > 0) {
                for (entity, share) in places.fixed((cell / periods) as u32).into_iter().flatten() {
                    let at = *entity as usize * periods + cell % periods;
                    self.records[at] += tally.records;
                    match &mut self.kept {
                        Kept::Sum(sums) => {
                            self.known[at] += tally.known;
                            sums[at] += i128::from(tally.sum) * i128::from(*share);
                        }
                        _ => self.known[at] += tally.records,
                    }
                }
            }
            for (cell, sum) in part.full {
                for (entity, share) in places.fixed((cell / periods) as u32).into_iter().flatten() {
                    if let Kept::Sum(sums) = &mut self.kept {
                        sums[*entity as usize * periods + cell % periods] += i128::from(sum) * i128::from(*share);
                    }
                }
            }
        }
        Some(others)
    }

    /// Takes in the sums of other records, which come after its own.
    fn join(&mut self, other: Self) {
        let plus = |mine: &mut Vec<u32>, others: &[u32]| mine.iter_mut().zip(others).for_each(|(a, b)| *a += b);
        plus(&mut self.records, &other.records);
        plus(&mut self.known, &other.known);
        match (&mut self.kept, other.kept) {
            (Kept::Sum(sums), Kept::Sum(more)) => sums.iter_mut().zip(more).for_each(|(a, b)| *a += b),
            (Kept::Named(seen), Kept::Named(more)) => seen.extend(more),
            (Kept::Median(values, _), Kept::Median(more, _)) => values.extend(more),
            (Kept::Latest(days), Kept::Latest(more)) => days.iter_mut().zip(more).for_each(|(a, b)| *a = (*a).max(b)),
            _ => {}
        }
    }

    fn add_some(&mut self, places: &Places<'_>, rows: &[u32], periods: usize, only: Option<usize>) {
        let Self { within, column, records, known, kept, .. } = self;
        match kept {
            Kept::Count => counted(rows, *within, places, periods, only, |cell, _, _| {
                records[cell] += 1;
                known[cell] += 1;
            }),
            Kept::Sum(sums) => {
                let numbers = Numbers::of(*column);
                counted(rows, *within, places, periods, only, |cell, row, share| {
                    records[cell] += 1;
                    if let Some(n) = numbers.get(row) {
                        known[cell] += 1;
                        sums[cell] += i128::from(n) * i128::from(share);
                    }
                });
            }
            Kept::Median(values, _) => {
                let numbers = Numbers::of(*column);
                counted(rows, *within, places, periods, only, |cell, row, _| {
                    records[cell] += 1;
                    if let Some(n) = numbers.get(row) {
                        known[cell] += 1;
                        values.push((cell as u32, n));
                    }
                });
            }
            Kept::Latest(days) => counted(rows, *within, places, periods, only, |cell, row, _| {
                records[cell] += 1;
                if let Some(day) = column.and_then(|c| c.day(row)) {
                    known[cell] += 1;
                    days[cell] = days[cell].max(Some(day));
                }
            }),
            Kept::Named(seen) => {
                let keys = Keys::of(*column);
                counted(rows, *within, places, periods, only, |cell, row, _| {
                    records[cell] += 1;
                    let any = keys.each(row, |key| seen.push((cell as u32, key)));
                    known[cell] += u32::from(any);
                });
            }
            Kept::Distinct(_) => {}
        }
    }

    /// Makes ready for [`Self::finish`], once every record is there.
    pub(super) fn settle(&mut self) {
        match &mut self.kept {
            Kept::Named(seen) => {
                seen.sort_unstable();
                seen.dedup();
            }
            Kept::Median(values, ends) => {
                values.sort_unstable();
                let mut end = 0;
                *ends = self
                    .known
                    .iter()
                    .map(|known| {
                        end += *known as usize;
                        end
                    })
                    .collect();
            }
            Kept::Count | Kept::Sum(_) | Kept::Distinct(_) | Kept::Latest(_) => {}
        }
    }

    /// The value of a cell: an entity's in a period.
    pub(super) fn finish(&self, engine: &Engine<'_>, cell: usize, entity: Entity, period: &Period) -> Cell {
        let (records, known) = (self.records[cell], self.known[cell]);
        let spec = &self.measure.spec;
        let few = spec.min_count.is_some_and(|least| records < least);
        let share = spec.known.is_some_and(|share| records > 0 && f64::from(known) < share * f64::from(records));
        let value = if self.column.is_none() && spec.known.is_some() && records == 0 {
            self.value(engine, cell, entity, period)
        } else if self.column.is_none() && spec.known.is_none() && !matches!(self.kept, Kept::Count) {
            Value::Missing(Why::NoData)
        } else if few || share {
            Value::Missing(Why::TooFew)
        } else {
            self.value(engine, cell, entity, period)
        };
        Cell { value, records, known }
    }

    fn value(&self, engine: &Engine<'_>, cell: usize, entity: Entity, period: &Period) -> Value {
        match &self.kept {
            Kept::Count => Value::Count(Decimal::from(self.records[cell])),
            Kept::Distinct(counts) => Value::Count(Decimal::from(counts[cell])),
            Kept::Sum(sums) => {
                // Records without any known amount have no sum; no record at all is a real zero.
                if self.records[cell] > 0 && self.known[cell] == 0 {
                    return Value::Missing(Why::NoData);
                }
                let sum = decimal(sums[cell], scale(self.column));
                match &self.unit {
                    Unit::Money(currency) => Value::Money(sum, Arc::clone(currency)),
                    Unit::Hours => Value::Minutes(sum),
                    _ => Value::Count(sum),
                }
            }
            Kept::Median(values, ends) => {
                let end = ends[cell];
                let values = &values[end - self.known[cell] as usize..end];
                let middle = match (values.get(values.len() / 2), values.len() % 2) {
                    (None, _) => return Value::Missing(Why::NoData),
                    (Some((_, high)), 0) => i128::from(*high) + i128::from(values[values.len() / 2 - 1].1),
                    (Some((_, middle)), _) => i128::from(*middle) * 2,
                };
                match &self.unit {
                    Unit::Money(currency) => Value::Money(decimal(middle * PARTS, scale(self.column)) / Decimal::TWO, Arc::clone(currency)),
                    Unit::Days => Value::Days(middle as f64 / 2.0),
                    Unit::Hours => Value::Minutes(decimal(middle * PARTS, 0) / Decimal::TWO),
                    _ => Value::Count((decimal(middle * PARTS, scale(self.column)) / Decimal::TWO).normalize()),
                }
            }
            Kept::Named(seen) => {
                let roster = &engine.data.roster;
                // Each leader's own cell in the same period: a session of one leader says nothing of those who report to another.
                let entities = engine.entity_count();
                let periods = self.records.len() / entities;
                let keys = Keys::of(self.column);
                let cell_of = |leader: u32| (1 + roster.teams.len() + leader as usize) * periods + cell % periods;
                let coached = |report: &Report| {
                    let name = roster.people.get(report.person as usize).map(|p| p.name.as_str());
                    let code = name.and_then(|name| keys.of_word(name));
                    code.is_some_and(|code| seen.binary_search(&(cell_of(report.leader) as u32, code)).is_ok())
                };
                Value::Count(engine.reports(self.measure, entity, period).iter().filter(|report| coached(report)).count().into())
            }
            Kept::Latest(days) => {
                let until = judged_until(period, self.as_of);
                match days[cell].or_else(|| engine.none_since(self.measure, entity).map(|since| since.day)) {
                    Some(day) if days[cell].is_none() && day > until => Value::Missing(Why::NotApplicable),
                    Some(day) => Value::Days(f64::from(until.0.saturating_sub(day.0).max(0))),
                    None => Value::Missing(Why::NoData),
                }
            }
        }
    }
}

/// So many cells are worth it for however few records.
const SMALL: usize = 1 << 12;

/// What there is of one list of credits in one period.
#[derive(Clone, Copy, Default)]
struct Tally {
    sum: i64,
    records: u32,
    known: u32,
}

/// Records by list of credits and period.
struct ByList {
    tallies: Vec<Tally>,
    /// Sums that had no room for another number, which begins the next.
    full: Vec<(usize, i64)>,
    /// The records of which the day says for whom they count.
    others: Vec<u32>,
}

impl ByList {
    fn add(&mut self, rows: &[u32], periods: Periods<'_>, numbers: Numbers<'_>) {
        let fixed: Vec<bool> = (0..periods.places.lists() as u32).map(|list| periods.places.fixed(list).is_some()).collect();
        periods.listed(rows, |row, list, period| match fixed.get(list as usize) {
            Some(true) => self.tally(list as usize * periods.all + period, numbers.get(row)),
            // Where lists are known, a record counts in one period at most.
            Some(false) => self.others.push(row as u32),
            None => {}
        });
    }

    #[inline]
    fn tally(&mut self, cell: usize, number: Option<i64>) {
        let tally = &mut self.tallies[cell];
        tally.records += 1;
        if let Some(n) = number {
            tally.known += 1;
            tally.sum = tally.sum.checked_add(n).unwrap_or_else(|| {
                self.full.push((cell, tally.sum));
                n
            });
        }
    }
}

/// Calls back with each cell that a record counts in, the record, and the share of its money that is the cell's, in millionths.
#[inline]
fn counted(
    rows: &[u32],
    within: Option<Within<'_>>,
    places: &Places<'_>,
    periods: usize,
    only: Option<usize>,
    mut found: impl FnMut(usize, usize, u32),
) {
    for row in rows.iter().map(|row| *row as usize) {
        if within.is_some_and(|within| !within.holds(row)) {
            continue;
        }
        places.periods(row, |period, day| {
            if only.is_none_or(|only| only == period) {
                places.shares(row, day, |entity, share| found(entity * periods + period, row, share));
            }
        });
    }
}

/// Minor units times millionths as a decimal of the column's own decimals where the shares come out even.
fn decimal(parts: i128, scale: u32) -> Decimal {
    // Division of 64 bits is far quicker, and nearly always enough.
    let whole = match i64::try_from(parts) {
        Ok(parts) => (parts % PARTS as i64 == 0).then_some(i128::from(parts / PARTS as i64)),
        Err(_) => (parts % PARTS == 0).then_some(parts / PARTS),
    };
    if let Some(whole) = whole {
        return Decimal::try_from_i128_with_scale(whole, scale).unwrap_or(Decimal::MAX);
    }
    Decimal::try_from_i128_with_scale(parts, scale + 6).map_or(Decimal::MAX, |d| d.normalize())
}

/// The series of a quotient of two measures that were counted before.
pub(super) fn quotients(measure: &Measure, over: &str, under: &str, done: &[Series], currencies: &[Currency]) -> Vec<Series> {
    let of = |name: &str| done.iter().filter(|s| s.measure == name).collect::<Vec<_>>();
    let (overs, unders) = (of(over), of(under));
    let money = measure.spec.unit == UnitKind::Money;
    let units: Vec<Unit> = if money {
        currencies.iter().map(|c| Unit::Money(Arc::clone(c))).collect()
    } else {
        vec![match measure.spec.unit {
            UnitKind::Days => Unit::Days,
            UnitKind::Count => Unit::Count,
            UnitKind::Hours => Unit::Hours,
            _ => Unit::Ratio,
        }]
    };
    units
        .into_iter()
        .enumerate()
        .map(|(index, unit)| {
            let pick =
                |series: &[&Series]| -> Option<Series> { series.get(if series.len() > 1 { index } else { 0 }).map(|s| (*s).clone()) };
            let mixed = !money && (overs.len() > 1 || unders.len() > 1);
            let cells = match (pick(&overs), pick(&unders)) {
                (Some(over), Some(under)) => {
                    over.cells().iter().zip(under.cells()).map(|(a, b)| quotient(measure, a, b, &unit, mixed)).collect()
                }
                _ => Vec::new(),
            };
            Series::new(&measure.spec.name, unit, cells)
        })
        .collect()
}

fn quotient(measure: &Measure, over: &Cell, under: &Cell, unit: &Unit, mixed: bool) -> Cell {
    let value = match (&over.value, &under.value) {
        (Value::Missing(why), _) | (_, Value::Missing(why)) => Value::Missing(*why),
        // Amounts of several currencies have no quotient.
        _ if mixed => Value::Missing(Why::NotApplicable),
        _ if measure.spec.min_count.is_some_and(|least| under.records < least) => Value::Missing(Why::TooFew),
        (a, b) => match (plain(a), plain(b)) {
            (Some(_), Some(b)) if b.is_zero() => Value::Missing(Why::TooFew),
            (Some(a), Some(b)) => spell(a, b, unit),
            _ => match (a.as_f64(), b.as_f64()) {
                (Some(a), Some(b)) if b != 0.0 => Value::Ratio(a / b),
                _ => Value::Missing(Why::TooFew),
            },
        },
    };
    Cell { value, records: under.records, known: under.known }
}

fn plain(value: &Value) -> Option<Decimal> {
    match value {
        Value::Count(n) | Value::Money(n, _) => Some(*n),
        Value::Minutes(n) => n.checked_div(Decimal::from(60)),
        _ => None,
    }
}

fn spell(over: Decimal, under: Decimal, unit: &Unit) -> Value {
    use rust_decimal::prelude::ToPrimitive;
    let Some(quotient) = over.checked_div(under) else { return Value::Missing(Why::NotApplicable) };
    match unit {
        Unit::Money(currency) => {
            let cents = over.scale().max(2);
            Value::Money(quotient.round_dp_with_strategy(cents, RoundingStrategy::MidpointAwayFromZero), Arc::clone(currency))
        }
        Unit::Days => Value::Days(quotient.to_f64().unwrap_or_default()),
        Unit::Count => Value::Count(quotient.round_dp(4).normalize()),
        Unit::Hours => Value::Minutes(quotient * Decimal::from(60)),
        Unit::Ratio => Value::Ratio(quotient.to_f64().unwrap_or_default()),
    }
}
