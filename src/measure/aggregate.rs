//! How records become one value: one variant each, the only place to add one.

use std::sync::Arc;

use rust_decimal::{Decimal, RoundingStrategy};
use rustc_hash::FxHashSet;

use super::catalog::Measure;
use super::cube::{Cell, Entity, Series, judged_until, minor, scale};
use super::select::Engine;
use super::spec::{Aggregate, UnitKind};
use super::whose::Report;
use crate::calendar::{Day, Period};
use crate::table::{Column, Table};
use crate::unit::{Currency, Unit, Value, Why};

/// Shares are in millionths.
const PARTS: i128 = 1_000_000;

/// What is kept per cell while records are added.
enum Kept {
    Count,
    /// Minor units times millionths.
    Sum(Vec<i128>),
    Distinct {
        seen: FxHashSet<(usize, u64)>,
        counts: Vec<u32>,
    },
    /// Who is named, by cell.
    Named(FxHashSet<(usize, u64)>),
    Median(Vec<Vec<i64>>),
    Latest(Vec<Option<Day>>),
}

/// The sums of one measure (in one currency) over all cells.
pub(super) struct Sums<'a> {
    measure: &'a Measure,
    unit: Unit,
    /// Only records in this currency count.
    currency: Option<Currency>,
    as_of: Day,
    table: Option<&'a Table>,
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
            Aggregate::Reports(Some(name)) => (Kept::Named(FxHashSet::default()), of(name)),
            Aggregate::Sum(name) => (Kept::Sum(vec![0; cells]), of(name)),
            Aggregate::Distinct(name) => (Kept::Distinct { seen: FxHashSet::default(), counts: vec![0; cells] }, of(name)),
            Aggregate::Median(name) => (Kept::Median(vec![Vec::new(); cells]), of(name)),
            Aggregate::Age(name) => (Kept::Latest(vec![None; cells]), of(name)),
        };
        let currency = match unit {
            Unit::Money(currency) => Some(Arc::clone(currency)),
            _ => currency.cloned(),
        };
        Self {
            measure,
            unit: unit.clone(),
            currency,
            as_of: engine.as_of,
            table,
            column,
            records: vec![0; cells],
            known: vec![0; cells],
            kept,
        }
    }

    /// Adds a record to a cell, with a share of its money in millionths.
    pub(super) fn add(&mut self, cell: usize, row: usize, share: u32) {
        if let (Some(currency), Some(table)) = (&self.currency, self.table)
            && table.text("currency", row).unwrap_or("") != currency.as_ref()
        {
            return;
        }
        self.records[cell] += 1;
        let known = match &mut self.kept {
            Kept::Count => true,
            Kept::Sum(sums) => minor(self.column, row).map(|n| sums[cell] += i128::from(n) * i128::from(share)).is_some(),
            Kept::Distinct { seen, counts } => each(self.column, row, |c| counts[cell] += u32::from(seen.insert((cell, c)))),
            Kept::Named(seen) => each(self.column, row, |c| {
                seen.insert((cell, c));
            }),
            Kept::Median(values) => minor(self.column, row).map(|n| values[cell].push(n)).is_some(),
            Kept::Latest(days) => self.column.and_then(|c| c.day(row)).map(|day| days[cell] = days[cell].max(Some(day))).is_some(),
        };
        self.known[cell] += u32::from(known);
    }

    /// The value of a cell: an entity's in a period.
    pub(super) fn finish(&mut self, engine: &Engine<'_>, cell: usize, entity: Entity, period: &Period) -> Cell {
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

    fn value(&mut self, engine: &Engine<'_>, cell: usize, entity: Entity, period: &Period) -> Value {
        match &mut self.kept {
            Kept::Count => Value::Count(Decimal::from(self.records[cell])),
            Kept::Distinct { counts, .. } => Value::Count(Decimal::from(counts[cell])),
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
            Kept::Median(values) => {
                let values = &mut values[cell];
                values.sort_unstable();
                let middle = match (values.get(values.len() / 2), values.len() % 2) {
                    (None, _) => return Value::Missing(Why::NoData),
                    (Some(high), 0) => i128::from(*high) + i128::from(values[values.len() / 2 - 1]),
                    (Some(middle), _) => i128::from(*middle) * 2,
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
                let cell_of = |leader: u32| (1 + roster.teams.len() + leader as usize) * periods + cell % periods;
                let coached = |report: &Report| {
                    let name = roster.people.get(report.person as usize).map(|p| p.name.as_str());
                    let code = name.and_then(|name| code_of(self.column, name));
                    code.is_some_and(|code| seen.contains(&(cell_of(report.leader), code)))
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

fn code(column: Option<&Column>, row: usize) -> Option<u64> {
    match column? {
        Column::Words(w) => w.code(row).map(u64::from),
        Column::Days(v) => (v[row] != Column::NO_DAY).then_some(v[row] as u64),
        Column::Whole(v) | Column::Instants(v) => (v[row] != Column::NO_NUMBER).then_some(v[row] as u64),
        Column::Flags(v) => (v[row] >= 0).then_some(v[row] as u64),
        Column::Money(m) => (m.minor[row] != crate::table::Amounts::NULL).then_some(m.minor[row] as u64),
        Column::Lists(_) => None,
    }
}

/// Hands over what tells a row's value apart, each of a list's; whether there is any.
fn each(column: Option<&Column>, row: usize, mut found: impl FnMut(u64)) -> bool {
    if let Some(Column::Lists(lists)) = column {
        let codes = lists.get(row);
        for code in codes {
            found(u64::from(*code));
        }
        return !codes.is_empty();
    }
    code(column, row).map(found).is_some()
}

/// What tells a name apart from the others of a column, where any row has it.
fn code_of(column: Option<&Column>, name: &str) -> Option<u64> {
    match column? {
        Column::Words(words) => words.code_of(name).map(u64::from),
        Column::Lists(lists) => lists.words.position(name).map(|code| code as u64),
        _ => None,
    }
}

/// Minor units times millionths as a decimal of the column's own decimals where the shares come out even.
fn decimal(parts: i128, scale: u32) -> Decimal {
    if parts % PARTS == 0 {
        return Decimal::try_from_i128_with_scale(parts / PARTS, scale).unwrap_or(Decimal::MAX);
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
