//! Each record that a shown number counts.

use std::borrow::Cow;

use rust_decimal::Decimal;

use super::{Run, explain};
use crate::calendar::Partition;
use crate::diagnostic::Diagnostic;
use crate::document::{GridCell, Record};
use crate::facts::Whose;
use crate::measure::spec::{Aggregate, Who};
use crate::measure::{Measure, NO_OWNER};
use crate::table::{Credit, Kind, Table};

/// A whole share, in millionths.
const WHOLE: u32 = 1_000_000;

/// Where a record stands: its table, file, line and row.
type Place = (Kind, u16, u32, usize);

/// The records of every shown measure in every shown period, in order of table, file and line.
pub(super) fn records(run: &Run<'_>) -> Result<Vec<Record>, Diagnostic> {
    let told = run.all_told();
    // The page's own periods follow each other, and are looked at together.
    let own = told.len() - run.beside.borrow().len();
    let mut times: Vec<(Partition, usize)> = Vec::new();
    if let [first, .., last] | [first @ last] = &told[..own] {
        times.push((run.calendar.partition(first.0.grain, first.0.range.hull(last.0.range)), 0));
    }
    times.extend((own..told.len()).map(|at| (run.calendar.ending_with(&told[at].0, 1), at)));
    let mut names: Vec<&String> = Vec::new();
    for name in told.iter().flat_map(|(_, measures)| measures) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let entities = (run.owner.is_some() || run.team.is_some()).then(|| run.entities());
    // Where a record stands, which measure counts it, and in which period.
    let mut counted: Vec<(Place, usize, usize)> = Vec::new();
    for (order, name) in names.iter().enumerate() {
        let Some(measure) = run.engine.measure(name) else { continue };
        // What is told of the weeks before counts no record of the period.
        if matches!(measure.spec.value, Aggregate::Window(_)) {
            continue;
        }
        for part in run.engine.leaves(measure) {
            let kind = run.engine.kind_of(part);
            let Some(table) = run.data.table(kind) else { continue };
            for (periods, at) in times.iter().filter(|(_, at)| told[*at].1.contains(name)) {
                for (period, rows) in run.engine.rows_by_period(part, periods, entities.as_deref())?.into_iter().enumerate() {
                    let place = |row: u32| (kind, table.file[row as usize], table.line.get(row as usize), row as usize);
                    counted.extend(rows.into_iter().map(|row| (place(row), order, at + period)));
                }
            }
        }
    }
    // Of one measure the periods stay in the order in which they were found.
    counted.sort_by_key(|(place, order, _)| (*place, *order));
    let several = told.len() > 1;
    let of_one = counted.chunk_by(|(one, ..), (other, ..)| one == other);
    let record = |counts: &[(Place, usize, usize)]| {
        let (kind, _, _, row) = counts.first()?.0;
        let measures = || counts.chunk_by(|(_, one, _), (_, other, _)| one == other);
        let name = |counts: &[(Place, usize, usize)]| counts.first().and_then(|(_, order, _)| names.get(*order).map(|name| name.as_str()));
        let mut record = record(run, kind, row, &measures().filter_map(name).collect::<Vec<_>>())?;
        if several {
            let periods = |counts: &[(Place, usize, usize)]| counts.iter().map(|(_, _, at)| told[*at].0.name.clone()).collect();
            record.periods = measures().filter_map(|counts| Some((name(counts)?.to_owned(), periods(counts)))).collect();
        }
        Some(record)
    };
    Ok(of_one.filter_map(record).collect())
}

/// A record as measures count it.
pub(super) fn record(run: &Run<'_>, kind: Kind, row: usize, measures: &[&str]) -> Option<Record> {
    let table = run.data.table(kind)?;
    let id = table.spelled("id", row).map(Cow::into_owned);
    let unnamed = id.is_none();
    let source = run.data.sources.get(usize::from(table.file[row])).map(|s| s.path.clone());
    let day =
        if kind == Kind::Deals { table.day("closed_on", row).or_else(|| table.day("created_on", row)) } else { table.day("day", row) };
    let amount = table.amount("amount", row).map(|a| a.to_string());
    let several = kind == Kind::Deals && run.engine.currencies().len() > 1;
    let brings = measures.iter().filter_map(|name| Some(((*name).to_owned(), brought(run.engine.measure(name)?, table, row)?)));
    let mut record = Record {
        table: kind.name().to_owned(),
        id,
        file: source.filter(|_| unnamed),
        line: unnamed.then_some(table.line.get(row)),
        owner: explain::shown::owner(table, row).map(str::to_owned),
        day: day.map(|d| d.to_string()),
        amount,
        currency: table.text("currency", row).filter(|_| several).map(str::to_owned),
        measures: measures.iter().map(|name| (*name).to_owned()).collect(),
        brings: brings.collect(),
        ..Record::default()
    };
    credit(run, kind, row, &mut record);
    Some(record)
}

/// Says for whom a record counts, where that is not its owner alone and as a whole.
fn credit(run: &Run<'_>, kind: Kind, row: usize, record: &mut Record) {
    let Some(credits) = run.facts.credits(kind, Whose::Owner).map(|credits| credits.of(row)) else { return };
    let name = |credit: &Credit| run.data.roster.people.get(credit.person as usize).map_or(NO_OWNER, |p| p.name.as_str()).to_owned();
    let people: Vec<String> = credits.iter().filter(|credit| credit.whole).map(name).collect();
    if people != [record.owner.as_deref().unwrap_or(NO_OWNER)] {
        record.people = people;
    }
    if credits.iter().any(|credit| !credit.whole || credit.share_ppm != WHOLE) {
        let share = |credit: &Credit| Decimal::new(credit.share_ppm.into(), 6).normalize().to_string();
        record.shares = credits.iter().map(|credit| (name(credit), share(credit))).collect();
    }
    for measure in record.measures.iter().filter_map(|measure| run.engine.measure(measure)) {
        if run.engine.kind_of(measure) == kind && (measure.spec.credit, measure.spec.who) != (Whose::Owner, Who::Everybody) {
            let sum = matches!(measure.spec.value, Aggregate::Sum(_));
            let credits = run.engine.credits_of(measure, row).filter(|credit| credit.whole || sum);
            record.credited.insert(measure.spec.name.clone(), credits.map(|credit| name(&credit)).collect());
        }
    }
}

/// What a record brings to a measure that looks at another column than the amount; none for one that counts records.
fn brought(measure: &Measure, table: &Table, row: usize) -> Option<String> {
    let column = explain::part(&measure.spec)?;
    if column == "amount" && matches!(measure.spec.value, Aggregate::Sum(_)) {
        return None;
    }
    Some(match explain::brought(table, column, row)? {
        GridCell::Number(number) => number.to_string(),
        GridCell::Day(day) => day.to_string(),
        GridCell::Flag(flag) => flag.to_string(),
        GridCell::Text(text) => text,
    })
}
