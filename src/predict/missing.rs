//! Of how many weeks of a person a measure is known, and why not of the others.

use crate::measure::spec::{Aggregate, UnitKind, When};
use crate::measure::{Cell, Engine, Measure};
use crate::stats::matrix::Matrix;
use crate::table::{Kind, Table};
use crate::unit::{Value, Why};

/// Why a measure is not known of a person in a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// No record of this table is among the exports.
    NoTable(Kind),
    /// What it asks for is not in the exports, such as a column that is empty throughout.
    NoData,
    /// The amount or the minutes of some of the records that it sums are not known.
    Amounts,
    /// It needs this many records, and there are fewer.
    TooFew(u32),
    /// It is how things stand, and today's export cannot tell how they stood then.
    Past,
    /// The exports do not reach the week, or do not look back from it so far as it does.
    NotReached,
    /// The question does not arise.
    NotApplicable,
}

/// Of how many weeks of a person a measure is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cells {
    /// How many there are: each tested week of each person who was with us for the whole of it.
    pub there: usize,
    /// Of how many of them it is known.
    pub known: usize,
    /// Why it is not of most of the others, and of how many of them that is why; none where it is known of all, or where nobody says why.
    pub missing: Option<(Missing, usize)>,
    /// Of how many of the others the amount or the minutes of a record are what is missing.
    pub partial: usize,
    /// Whether it is how things stand, which today's export tells of its last days only: more weeks of exports do not help.
    pub of_now: bool,
    /// How many records these weeks count.
    pub records: u64,
    /// Of how many of them the amount or the minutes are known, where those are summed.
    pub priced: u64,
}

impl Cells {
    /// Those of values of which nobody says why some are missing.
    pub fn of(values: &Matrix) -> Self {
        let known = (0..values.rows()).flat_map(|row| values.row(row)).filter(|cell| cell.is_finite()).count();
        Self { there: values.rows() * values.columns(), known, ..Self::default() }
    }

    /// Adds up what each week of a person was found to be.
    pub(super) fn sum(of: impl Iterator<Item = Found>) -> Self {
        let mut cells = Self::default();
        let mut whys: Vec<(Missing, usize)> = Vec::new();
        for found in of {
            cells.there += 1;
            cells.records += u64::from(found.records);
            cells.priced += u64::from(found.priced);
            match found.value {
                Ok(_) => cells.known += 1,
                Err(why) => match whys.iter_mut().find(|(known, _)| *known == why) {
                    Some((_, n)) => *n += 1,
                    None => whys.push((why, 1)),
                },
            }
        }
        // Of two that are as frequent, the one that is listed first.
        whys.sort_unstable_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
        cells.missing = whys.first().copied();
        cells.partial = whys.iter().find(|(why, _)| *why == Missing::Amounts).map_or(0, |(_, n)| *n);
        cells
    }
}

/// What is found of a person in a week.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    pub(super) value: Result<f64, Missing>,
    records: u32,
    priced: u32,
}

impl Found {
    /// Nothing, of a week that is not looked at.
    pub(super) fn nothing(why: Missing) -> Self {
        Self { value: Err(why), records: 0, priced: 0 }
    }

    /// A cell's value; a sum of which a part is not known is not known.
    pub(super) fn new(measure: &Measure, past: bool, cell: &Cell) -> Self {
        let sums = matches!(measure.spec.value, Aggregate::Sum(_)) && matches!(measure.spec.unit, UnitKind::Money | UnitKind::Hours);
        let value = match &cell.value {
            _ if sums && cell.known < cell.records => Err(Missing::Amounts),
            Value::Missing(why) => Err(reason(measure, past, *why)),
            value => value.as_f64().ok_or(Missing::NotApplicable),
        };
        Self { value, records: cell.records, priced: if sums { cell.known } else { cell.records } }
    }
}

/// What a missing value means, where the measure is of how things stand (`past`), or not.
fn reason(measure: &Measure, past: bool, why: Why) -> Missing {
    match why {
        Why::NoData => Missing::NoData,
        Why::NotYet => Missing::NotReached,
        Why::TooFew => Missing::TooFew(measure.spec.min_count.unwrap_or(1)),
        Why::NotApplicable if past => Missing::Past,
        Why::NotApplicable => Missing::NotApplicable,
    }
}

/// The measures whose records a measure counts: itself, or those that it is made of; none where one of them is not known.
pub(super) fn parts<'e>(engine: &Engine<'e>, measure: &'e Measure) -> Option<Vec<&'e Measure>> {
    let of = |names: &[&str]| {
        let each = names.iter().map(|name| parts(engine, engine.measure(name)?));
        Some(each.collect::<Option<Vec<_>>>()?.concat())
    };
    match &measure.spec.value {
        Aggregate::Ratio(one, other) | Aggregate::Plus(one, other) => of(&[one, other]),
        Aggregate::Left(name) => of(&[name]),
        Aggregate::Window(window) => of(&window.of.iter().map(|part| part.component.as_str()).collect::<Vec<_>>()),
        _ => Some(vec![measure]),
    }
}

/// Whether a measure is of how things stand, which today's export tells of today only.
pub(super) fn is_of_now(engine: &Engine<'_>, measure: &Measure) -> bool {
    let parts = engine.measure(&measure.spec.name).and_then(|measure| parts(engine, measure));
    parts.is_some_and(|parts| parts.iter().any(|part| part.spec.when != When::In))
}

/// The table that a measure counts and of which no record is among the exports, where there is one.
pub(super) fn absent(engine: &Engine<'_>, measure: &Measure) -> Option<Kind> {
    let parts = parts(engine, engine.measure(&measure.spec.name)?)?;
    parts.iter().map(|part| part.spec.from).find(|kind| engine.data.table(*kind).is_none_or(Table::is_empty))
}
