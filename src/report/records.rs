//! Each record that a shown number counts.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::{Run, explain};
use crate::calendar::Period;
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

/// The measures that count a record, each with the periods in which it does.
type Counts = Vec<(String, Vec<String>)>;

/// The rows that a measure counts in a period for anybody who is shown.
fn rows(run: &Run<'_>, measure: &Measure, period: &Period) -> Result<Vec<usize>, Diagnostic> {
    if run.owner.is_none() && run.team.is_none() {
        return run.engine.rows_in(measure, period);
    }
    let mut rows = BTreeSet::new();
    for entity in run.entities() {
        rows.extend(run.engine.evidence(measure, entity, period)?.into_iter().flat_map(|found| found.counted));
    }
    Ok(rows.into_iter().collect())
}

/// The records of every shown measure in every shown period, in order of table, file and line.
pub(super) fn records(run: &Run<'_>) -> Result<Vec<Record>, Diagnostic> {
    let mut counted: BTreeMap<Place, Counts> = BTreeMap::new();
    let told = run.all_told();
    let mut names: Vec<&String> = told.iter().flat_map(|(_, measures)| measures).collect();
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(*name));
    for name in names {
        let Some(measure) = run.engine.measure(name) else { continue };
        // What is told of the weeks before counts no record of the period.
        if matches!(measure.spec.value, Aggregate::Window(_)) {
            continue;
        }
        let periods = || told.iter().filter(|(_, measures)| measures.contains(name)).map(|(period, _)| period);
        let parts = run.engine.leaves(measure).into_iter().flat_map(|part| periods().map(move |period| (part, period)));
        for (part, period) in parts {
            let kinds = run.engine.kind_of(part);
            for row in rows(run, part, period)? {
                let Some(table) = run.data.table(kinds) else { continue };
                let measures = counted.entry((kinds, table.file[row], table.line[row], row)).or_default();
                match measures.iter_mut().find(|(known, _)| known == name) {
                    Some((_, periods)) => periods.push(period.name.clone()),
                    None => measures.push((name.clone(), vec![period.name.clone()])),
                }
            }
        }
    }
    let several = told.len() > 1;
    Ok(counted
        .into_iter()
        .filter_map(|((kind, _, _, row), measures)| {
            let mut record = record(run, kind, row, &measures.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>())?;
            if several {
                record.periods = measures.into_iter().collect();
            }
            Some(record)
        })
        .collect())
}

/// A record as measures count it.
pub(super) fn record(run: &Run<'_>, kind: Kind, row: usize, measures: &[&str]) -> Option<Record> {
    let table = run.data.table(kind)?;
    let id = table.text("id", row).map(str::to_owned);
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
        line: unnamed.then_some(table.line[row]),
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
