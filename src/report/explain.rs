//! What a number means, the rule in force, and the records behind it: counted, near misses, left out.

pub(super) mod shown;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, json};

use super::tidy;
use super::{Run, advanced, sections, words};
use crate::calendar::{Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Column, Content, Document, Grid, GridCell, Note, Row, Table as PageTable, Tone};
use crate::facts::{Advance, Whose};
use crate::measure::spec::{Aggregate, Spec, When, Who};
use crate::measure::{Cube, Entity, Evidence, Measure};
use crate::table::{self, Kind, Table};
use crate::unit::{Unit, Value, Why};

/// What is to be explained.
pub struct Question<'a> {
    /// The measure.
    pub measure: &'a Measure,
    /// Whose number.
    pub entity: Entity,
    /// In which period.
    pub period: Period,
    /// At most this many near misses are listed; none for all.
    pub near: Option<usize>,
    /// At most this many counted records are listed on the page; none for all. Csv and json have them all.
    pub shown: Option<usize>,
}

/// The status of a record that counts.
const COUNTED: &str = "counted";

/// `value` is what a counted record brings to the number: 1 to a count, else its minutes, its profit, its account …
const COLUMNS: &[&str] = &[
    "status",
    "reason",
    "measure",
    "table",
    "id",
    "file",
    "line",
    "day",
    "owner",
    "account",
    "kind",
    "outcome",
    "subject",
    "minutes",
    "amount",
    "currency",
    "value",
    "assumed",
    "original_amount",
    "original_currency",
    "rate",
    "advance_rule",
    "advance_on",
];

/// Explains a number.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn explain(run: &Run<'_>, question: &Question<'_>) -> Result<Document, Diagnostic> {
    let evidence = run.engine.evidence(question.measure, question.entity, &question.period)?;
    let partition = match question.period.grain {
        Grain::All | Grain::Range => run.calendar.partition(question.period.grain, question.period.range),
        _ => run.calendar.ending_with(&question.period, 1),
    };
    let name = &question.measure.spec.name;
    let cube = run.engine.cube(std::slice::from_ref(name), &partition)?;
    let (mut rows, mut about) = (Vec::new(), Map::new());
    for found in &evidence {
        rows.extend(grid_rows(run, found, question));
    }
    about.insert("measure".to_owned(), json!(name));
    about.insert("says".to_owned(), json!(question.measure.spec.says));
    about.insert("rule".to_owned(), json!(rule(run, question.measure)));
    about.insert("level".to_owned(), json!(question.entity.level().name()));
    about.insert("name".to_owned(), json!(run.name(question.entity)));
    about.insert("period".to_owned(), json!(question.period.name));
    about.insert("period_start".to_owned(), json!(question.period.range.first.to_string()));
    about.insert("period_end".to_owned(), json!(question.period.range.last.to_string()));
    about.insert("counted".to_owned(), json!(evidence.iter().map(|e| e.counted.len()).sum::<usize>()));
    about.insert("near_misses".to_owned(), json!(evidence.iter().map(|e| e.near.len()).sum::<usize>()));
    about.insert("left_out".to_owned(), json!(evidence.iter().map(|e| e.left_out.len()).sum::<usize>()));
    let value = |n: &Number| json!({ "unit": n.unit.to_string(), "value": n.value.as_ref().ok(), "missing": n.value.as_ref().err().map(|w| w.word()) });
    about.insert("values".to_owned(), numbers(question, &cube).iter().map(value).collect());
    Ok(Document {
        schema: "leadlag/explain/1",
        title: run.title.clone(),
        as_of: Some(run.as_of),
        time_zone: run.calendar.zone_name().to_owned(),
        week_starts: run.calendar.week_starts().name().to_owned(),
        page: page(run, question, &evidence, &cube)?,
        grid: Some(Grid { name: "records", columns: COLUMNS.to_vec(), rows, about }),
        diagnostics: run.facts.diagnostics.clone(),
        ..Document::default()
    })
}

/// A number that is explained, in digits; or why there is none.
struct Number {
    unit: Unit,
    value: Result<String, Why>,
}

/// The numbers that are explained, one per currency.
fn numbers(question: &Question<'_>, cube: &Cube) -> Vec<Number> {
    let Some(index) = cube.entity(question.entity) else { return Vec::new() };
    (0..cube.series.len())
        .map(|series| {
            let value = match cube.value(series, index, 0) {
                Value::Date(day) => Ok(day.to_string()),
                Value::Text(text) => Ok(text.clone()),
                Value::Missing(why) => Err(*why),
                value => tidy::number(value).map(|n| n.to_string()).ok_or(Why::NotApplicable),
            };
            Number { unit: cube.series[series].unit.clone(), value }
        })
        .collect()
}

/// The number as the page says it: with its unit, a share as a percentage beside the two numbers that it divides.
fn says(run: &Run<'_>, question: &Question<'_>, cube: &Cube, number: &Number) -> Result<Vec<String>, Diagnostic> {
    let value = match &number.value {
        Ok(value) => value,
        Err(why) => return Ok(vec![why_missing(run, question, *why)]),
    };
    let mut parts = vec![match &number.unit {
        Unit::Count => value.clone(),
        Unit::Ratio => format!("{:.1} %", value.parse::<f64>().unwrap_or_default() * 100.0),
        unit => format!("{value} {unit}"),
    }];
    if let Some(since) = none(question, cube).then(|| run.engine.none_since(question.measure, question.entity)).flatten() {
        let what = if since.exports { ", the first day of the exports: there may have been one before" } else { ", the first day there" };
        parts.push(format!("none since {}{what}", since.day));
    }
    if let Aggregate::Ratio(over, under) = &question.measure.spec.value {
        let cube = run.engine.cube(&[over.clone(), under.clone()], &cube.periods)?;
        // Of several currencies each quotient would need its own pair.
        if let [Number { value: Ok(a), .. }, Number { value: Ok(b), .. }] = numbers(question, &cube).as_slice() {
            parts.push(format!("{a} ÷ {b}"));
        }
    }
    Ok(parts)
}

/// Whether a number is an age without any record to take it from.
fn none(question: &Question<'_>, cube: &Cube) -> bool {
    let records = || cube.entity(question.entity).map(|index| cube.cell(0, index, 0).records);
    matches!(question.measure.spec.value, Aggregate::Age(_)) && records() == Some(0)
}

fn why_missing(run: &Run<'_>, question: &Question<'_>, why: Why) -> String {
    let spec = &question.measure.spec;
    let reach = run.engine.reach(question.measure);
    if let Aggregate::Window(window) = &spec.value {
        return format!("none: {}", sections::nothing(window.tells, why));
    }
    match why {
        Why::NoData => match (reach.ended, reach.last) {
            (true, Some(last)) => format!("none: {} ended {last}", spec.from.name()),
            _ => format!("none: {}", why.says()),
        },
        Why::NotYet => match (spec.warm_up, reach.first) {
            (Some(days), Some(first)) if question.period.range.first.0 < first.0.saturating_add(days as i32) => {
                format!("none yet: the first {days} days of the exports, from {first} on, can't tell what is new")
            }
            _ => match (advanced::ripens(run, question.measure), run.facts.through) {
                (Some(days), Some(through)) if question.period.range.first <= through => {
                    if let Some(last) = reach.last.filter(|_| reach.ended) {
                        let what = spec.from.name();
                        return format!(
                            "none yet: what comes within {days} days counts, and {what} ended {last}; known when they are exported further"
                        );
                    }
                    let known = question.period.range.last.plus(days as i32);
                    format!(
                        "none yet: what comes within {days} days counts, and the exports reach {through}; known when they reach {known}"
                    )
                }
                _ => "none yet: the exports don't reach so far".to_owned(),
            },
        },
        Why::NotApplicable if run.engine.of_leaders(question.measure) => match question.entity {
            Entity::Owner(person) if run.data.roster.leads(person) => "none: not with us then".to_owned(),
            Entity::All => "none: nobody's role is to lead".to_owned(),
            Entity::Team(_) => "none: the team has no leader then".to_owned(),
            Entity::Owner(_) | Entity::NoOwner => "none: it is a number of leaders".to_owned(),
        },
        Why::NotApplicable => "none: these exports can't tell it for this period".to_owned(),
        Why::TooFew => match (spec.min_count, spec.known) {
            (Some(least), _) => format!("none: of fewer than {least} records it would mean nothing"),
            (None, Some(share)) => format!("none: known for fewer than {} of the records", words::percent(share)),
            (None, None) => "none: there is nothing to divide by".to_owned(),
        },
    }
}

/// The rule of each measure shown.
pub(super) fn rules(run: &Run<'_>) -> BTreeMap<String, String> {
    let shown = run.told().into_iter();
    shown.filter_map(|name| run.engine.measure(&name).map(|measure| rule(run, measure)).map(|rule| (name, rule))).collect()
}

/// The rule in force, in words and SQL.
pub(super) fn rule(run: &Run<'_>, measure: &Measure) -> String {
    let spec = &measure.spec;
    let what = match &spec.value {
        Aggregate::Count => "count of records".to_owned(),
        Aggregate::Sum(column) => format!("sum of {column}"),
        Aggregate::Distinct(column) => format!("distinct {column}"),
        Aggregate::Median(column) => format!("median of {column}"),
        Aggregate::Reports(None) => "number of people who report to them".to_owned(),
        Aggregate::Reports(Some(column)) => format!("number of their reports among the {column}"),
        Aggregate::Left(of) => format!("what is left of the target of {of} after the amounts"),
        Aggregate::Age(column) => {
            format!("days to the period's end from the latest {column}, or else from the first day that could have one,")
        }
        Aggregate::Plus(one, other) => {
            let of = |name: &str| run.engine.measure(name).map(|m| rule(run, m)).unwrap_or_default();
            return format!("{}, and {}", of(one), of(other));
        }
        Aggregate::Window(window) => {
            let of = |name: &str| run.engine.measure(name).map(|m| rule(run, m)).unwrap_or_default();
            let parts: Vec<&str> = window.of.iter().map(|part| part.component.as_str()).collect();
            let told = format!("{}, over the 13 weeks that end with the period, of {}", window.tells.says(), parts.join(", "));
            // What looks at every component would repeat the rules of all.
            let each = if parts.len() > 2 { Vec::new() } else { parts };
            return std::iter::once(told)
                .chain(each.into_iter().map(|name| format!("{name} is the {}", of(name))))
                .collect::<Vec<_>>()
                .join("; ");
        }
        Aggregate::Ratio(over, under) => {
            let of = |name: &str| run.engine.measure(name).map(|m| rule(run, m)).unwrap_or_default();
            return format!("{over} ÷ {under}, where {over} is the {}, and {under} the {}", of(over), of(under));
        }
    };
    let whose = match (spec.credit, spec.who) {
        (Whose::Owner, Who::Everybody) => "",
        (Whose::Owner, Who::Leaders) => ", of leaders only",
        (Whose::Coach, Who::Everybody) => ", for whoever coached",
        (Whose::Coach, Who::Leaders) => ", for the leader who coached",
        (Whose::Coached, Who::Everybody) => ", for those coached",
        (Whose::Coached, Who::Leaders) => ", for the leaders coached",
    };
    if spec.value == Aggregate::Reports(None) {
        return format!("{what} at the period's end{whose}");
    }
    let when = match spec.when {
        When::In => format!("whose {} is in the period", spec.on),
        When::Next => format!("whose {} is in the period after", spec.on),
        When::Now => "as of the period's end".to_owned(),
    };
    let ripe = spec.ripe_after.map_or_else(String::new, |days| format!(", and that is {days} days ago"));
    format!("{what} of {} {when}{ripe} and for which {}{whose}", spec.from.name(), on_one_line(&spec.filter.text))
}

/// A condition that is written on several lines.
fn on_one_line(sql: &str) -> String {
    sql.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn text(value: Option<&str>) -> Option<GridCell> {
    value.map(|t| GridCell::Text(t.to_owned()))
}

fn grid_rows(run: &Run<'_>, evidence: &Evidence, question: &Question<'_>) -> Vec<Vec<Option<GridCell>>> {
    let Some(table) = run.data.table(evidence.table) else { return Vec::new() };
    let spec = run.catalog.spec(&evidence.measure);
    let left = spec.is_some_and(|spec| matches!(spec.value, Aggregate::Left(_)));
    let row = |row: usize, status: &str, reason: String| -> Vec<Option<GridCell>> {
        let day = spec.and_then(|spec| table.day(&spec.on, row));
        let value = spec.filter(|_| status == COUNTED).and_then(|spec| match if left { Some("amount") } else { part(spec) } {
            Some(column) => brought(table, column, row).map(|value| shared(value, share(run, evidence, question, row))),
            None => Some(GridCell::Number(Decimal::ONE)),
        });
        let minutes = table.column("minutes").and_then(|c| c.number(row)).map(|n| GridCell::Number(Decimal::from(n)));
        vec![
            text(Some(status)),
            Some(GridCell::Text(reason)).filter(|c| *c != GridCell::Text(String::new())),
            text(Some(&evidence.measure)),
            text(Some(table.kind.name())),
            text(table.spelled("id", row).as_deref()),
            text(run.data.sources.get(usize::from(table.file[row])).map(|s| s.path.as_str())),
            Some(GridCell::Number(Decimal::from(table.line.get(row)))),
            day.map(GridCell::Day),
            text(shown::owner(table, row)),
            text(table.text("account", row)),
            text(shown::kind(table, row)),
            text(shown::outcome(table, row)),
            text(shown::name(table, row)),
            minutes,
            table.amount("amount", row).map(GridCell::Number),
            text(table.text("currency", row)),
            value,
            text(assumed(run, table, row).as_deref()),
            table.amount("original_amount", row).map(GridCell::Number),
            text(table.text("original_currency", row)),
            rate(run, table, row).map(GridCell::Number),
            text(advance(run, table, row).map(|a| a.rule.name())),
            advance(run, table, row).map(|a| GridCell::Day(a.on)),
        ]
    };
    let mut rows: Vec<_> = evidence.counted.iter().map(|r| row(*r, COUNTED, String::new())).collect();
    rows.extend(
        evidence
            .near
            .iter()
            .take(question.near.unwrap_or(usize::MAX))
            .map(|miss| row(miss.row, "near", failed(&miss.conjunct, miss.unknown))),
    );
    rows.extend(evidence.left_out.iter().map(|(r, reason)| row(*r, "left_out", reason.name().to_owned())));
    rows
}

/// The column that a measure sums, tells apart or takes the middle or the latest of; none for a plain count.
pub(super) fn part(spec: &Spec) -> Option<&str> {
    match &spec.value {
        Aggregate::Sum(column) | Aggregate::Distinct(column) | Aggregate::Median(column) | Aggregate::Age(column) => Some(column),
        Aggregate::Reports(column) => column.as_deref(),
        Aggregate::Count | Aggregate::Ratio(..) | Aggregate::Left(_) | Aggregate::Plus(..) | Aggregate::Window(_) => None,
    }
}

/// A record's own value in a column of any type.
pub(super) fn brought(table: &Table, name: &str, row: usize) -> Option<GridCell> {
    let column = match name.strip_prefix("x.\"").and_then(|n| n.strip_suffix('"')) {
        Some(heading) => table.extra(&heading.replace("\"\"", "\""))?,
        None => table.column(name)?,
    };
    let number = column.amount(row).or_else(|| column.number(row).map(Decimal::from)).map(GridCell::Number);
    let several = || match column {
        table::Column::Lists(lists) => {
            let words: Vec<&str> = lists.get(row).iter().filter_map(|code| lists.words.get(*code as usize)).map(AsRef::as_ref).collect();
            (!words.is_empty()).then(|| GridCell::Text(words.join("; ")))
        }
        _ => None,
    };
    number.or_else(|| column.day(row).map(GridCell::Day)).or_else(|| text(column.text(row))).or_else(several)
}

fn failed(conjunct: &str, unknown: bool) -> String {
    if unknown { format!("unknown: {conjunct}") } else { format!("not: {conjunct}") }
}

/// The rate at which a deal's amounts were converted.
fn rate(run: &Run<'_>, table: &Table, row: usize) -> Option<Decimal> {
    let conversion = run.facts.conversion.as_ref().filter(|_| table.kind == Kind::Deals)?;
    conversion.rate.get(row).copied().flatten()
}

/// The step by which an activity advanced.
fn advance(run: &Run<'_>, table: &Table, row: usize) -> Option<Advance> {
    run.facts.advances.of.get(row).filter(|_| table.kind == Kind::Activities)
}

/// What a reader of the page must know of a record: the step by which it advanced, where the measure asks for that; its amount before it was
/// converted, what was assumed.
fn note_of(run: &Run<'_>, table: &Table, measure: &str, row: usize, share: Option<Decimal>) -> String {
    let of = share.map(|share| format!("{} % of it", (share * Decimal::ONE_HUNDRED).normalize()));
    let asks = run.engine.measure(measure).is_some_and(|m| m.predicate.columns().iter().any(|c| c.starts_with("advance")));
    let step = advanced::step(run, row).filter(|_| asks && table.kind == Kind::Activities);
    let said = converted_or_assumed(run, table, row);
    [of.unwrap_or_default(), step.unwrap_or_default(), said].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn converted_or_assumed(run: &Run<'_>, table: &Table, row: usize) -> String {
    if table.kind == Kind::Commitments {
        return shown::judged(table, row);
    }
    let currency = table.text("original_currency", row).unwrap_or_default();
    if let Some((rate, amount)) = rate(run, table, row).zip(table.amount("original_amount", row)) {
        return format!("{amount} {currency} × {rate}");
    }
    if table.kind == Kind::Deals && run.facts.unconverted(table, row) {
        return format!("no rate for {} {currency}", table.amount("original_amount", row).unwrap_or_default());
    }
    assumed(run, table, row).map_or_else(String::new, |a| format!("assumed: {a}"))
}

/// The share of a deal's money that is that of whom the number is, as a part of 1; none where all of it is.
fn share(run: &Run<'_>, evidence: &Evidence, question: &Question<'_>, row: usize) -> Option<Decimal> {
    let measure = run.engine.measure(&evidence.measure).unwrap_or(question.measure);
    if measure.spec.from != Kind::Deals || !matches!(measure.spec.value, Aggregate::Sum(_)) {
        return None;
    }
    let share = Decimal::new(run.engine.share(measure, row, question.entity, &question.period).into(), 6);
    (share != Decimal::ONE).then_some(share)
}

fn shared(value: GridCell, share: Option<Decimal>) -> GridCell {
    match (value, share) {
        (GridCell::Number(amount), Some(share)) => GridCell::Number(amount.checked_mul(share).unwrap_or(amount).normalize()),
        (value, _) => value,
    }
}

/// What was assumed of a record.
fn assumed(run: &Run<'_>, table: &Table, row: usize) -> Option<String> {
    if table.kind != Kind::Activities {
        return None;
    }
    let mut parts = Vec::new();
    if run.facts.assumed.get(row).copied().unwrap_or(false) {
        parts.push("held");
    }
    if run.facts.prospect_assumed.get(row).copied().unwrap_or(false) && table.flag("prospect", row) == Some(true) {
        parts.push("prospect");
    }
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn page(run: &Run<'_>, question: &Question<'_>, evidence: &[Evidence], cube: &Cube) -> Result<Vec<Block>, Diagnostic> {
    let measure = question.measure;
    let who = match question.entity {
        Entity::All => "all".to_owned(),
        entity => run.name(entity).to_owned(),
    };
    let period = &question.period;
    let left = format!("{} · {who} · {}", measure.spec.name, period.name);
    let complete = if run.engine.complete(period) { "complete" } else { "not complete" };
    let right = format!("{}, {complete}", words::span(period.range.first, period.range.last));
    let note = |label: &str, parts: Vec<String>| Note { label: label.to_owned(), tone: Tone::Plain, parts };
    let mut about = vec![note("Means", vec![measure.spec.says.clone()]), note("Rule", vec![rule(run, measure)])];
    for number in numbers(question, cube) {
        about.push(note("Number", says(run, question, cube, &number)?));
    }
    about.extend(sections::behind(run, &measure.spec.name, question.entity, period)?);
    if let Some(series) = cube.series.first()
        && let (Some(target), _) = tidy::target(run, measure, &series.unit, question.entity, period, true)
    {
        let target = match (&target, &series.unit) {
            (Value::Minutes(n), Unit::Hours) => (n / Decimal::from(60)).normalize().to_string(),
            (Value::Count(n) | Value::Money(n, _), _) => n.normalize().to_string(),
            (other, _) => other.as_f64().map(|x| x.to_string()).unwrap_or_default(),
        };
        about.push(note("Target", vec![target]));
    }
    let counts_reports = |m: &Measure| matches!(m.spec.value, Aggregate::Reports(_));
    let parts = evidence.iter().filter_map(|found| run.engine.measure(&found.measure));
    if let Some(measure) = parts.into_iter().find(|measure| counts_reports(measure)) {
        let reports = run.engine.reports(measure, question.entity, period);
        let name = |person: u32| run.name(Entity::Owner(person));
        // Who reports to several counts once for each.
        let again = |person: u32| reports.iter().filter(|report| report.person == person).count() > 1;
        let names: Vec<String> = reports
            .iter()
            .map(|report| {
                if again(report.person) {
                    format!("{} to {}", name(report.person), name(report.leader))
                } else {
                    name(report.person).to_owned()
                }
            })
            .collect();
        about.push(note("Reports", if names.is_empty() { vec!["nobody".to_owned()] } else { vec![names.join(", ")] }));
    }
    let waits = advanced::ripens(run, measure).is_some();
    let unknown = waits && numbers(question, cube).iter().any(|number| number.value == Err(Why::NotYet));
    let mut blocks = vec![Block::Banner { left, right }, Block::Notes(about)];
    for found in evidence {
        let of = if evidence.len() > 1 { format!(" of {}", found.measure) } else { String::new() };
        let Some(table) = run.data.table(found.table) else { continue };
        let counted: Vec<(usize, String)> =
            found.counted.iter().map(|r| (*r, note_of(run, table, &found.measure, *r, share(run, found, question, *r)))).collect();
        let Some(spec) = run.catalog.spec(&found.measure) else { continue };
        let title = if unknown && counted.is_empty() { "not known yet".to_owned() } else { counted.len().to_string() };
        blocks.extend(list(run, table, spec, &format!("Counted{of}: {title}"), "note", &counted, question.shown));
        let near: Vec<(usize, String)> = found.near.iter().map(|m| (m.row, failed(&m.conjunct, m.unknown))).collect();
        let title = if unknown { "Not known yet, and near misses" } else { "Near misses" };
        blocks.extend(list(run, table, spec, &format!("{title}{of}: {}", near.len()), "fails", &near, question.near));
        let out: Vec<(usize, String)> = found.left_out.iter().map(|(r, reason)| (*r, reason.name().replace('_', " "))).collect();
        blocks.extend(list(run, table, spec, &format!("Left out{of}: {}", out.len()), "because", &out, question.near));
    }
    Ok(blocks)
}

/// A deal's amount, with its currency where there are several.
fn money(run: &Run<'_>, table: &Table, row: usize) -> Option<String> {
    let amount = table.amount("amount", row)?;
    let currency = table.text("currency", row).filter(|_| run.engine.currencies().len() > 1).unwrap_or_default();
    Some(format!("{amount} {currency}").trim_end().to_owned())
}

/// The place of the account among the columns of a list.
const ACCOUNT: usize = 4;

/// A list of records under its title.
fn list(run: &Run<'_>, table: &Table, spec: &Spec, title: &str, why: &str, rows: &[(usize, String)], most: Option<usize>) -> Vec<Block> {
    let most = most.unwrap_or(usize::MAX);
    let more = rows.len().saturating_sub(most);
    let mut parts = vec![title.to_owned()];
    if more > 0 {
        parts.push(format!("{more} more with --all"));
    }
    let mut blocks = vec![Block::Notes(vec![Note { label: String::new(), tone: Tone::Strong, parts }])];
    if rows.is_empty() {
        return blocks;
    }
    let deals = table.kind == Kind::Deals;
    // Commitments are for a week and with no account.
    let own = table.kind != Kind::Commitments;
    let column = |heading: &str, right: bool, drop: u8| Column { heading: vec![heading.to_owned()], right, drop };
    let said = rows.iter().any(|(_, text)| !text.is_empty());
    let brings = part(spec);
    // Where the page is narrow, what says least of a record goes first, and never what the number is made of.
    let drop = |name: &str, order: u8| if brings == Some(name) { 0 } else { order };
    let mut page = PageTable {
        title: title.to_owned(),
        groups: Vec::new(),
        columns: vec![
            column("file:line", false, 0),
            column(if own { "day" } else { "week" }, false, 0),
            column("owner", false, if own { 3 } else { 0 }),
            column(shown::heading(table), false, 0),
            column("account", false, drop("account", if deals { 1 } else { 2 })),
            if deals { column("amount", true, drop("amount", 2)) } else { column("outcome", false, u8::from(own)) },
        ],
        rows: Vec::new(),
    };
    if !own {
        page.columns.remove(ACCOUNT);
    }
    let beside = if deals { ["account", "amount"] } else { ["account", "day"] };
    let part = brings.filter(|column| !beside.contains(column));
    if let Some(name) = part {
        page.columns.push(column(&name.replace('_', " "), !matches!(spec.value, Aggregate::Distinct(_)), 0));
    }
    if said {
        page.columns.push(column(why, false, u8::from(!own)));
    }
    for (row, text) in rows.iter().take(most) {
        let cell = |content: Option<String>| Cell { content: content.map_or(Content::Blank, Content::Text), tone: Tone::Plain };
        let path = run.data.sources.get(usize::from(table.file[*row])).map_or("", |s| s.path.as_str());
        let short = path.rsplit('/').next().unwrap_or(path);
        let day = table.day(&spec.on, *row);
        let mut cells = vec![
            cell(Some(format!("{short}:{}", table.line.get(*row)))),
            cell(if own { day.map(|d| d.to_string()) } else { table.text("week", *row).map(str::to_owned) }),
            cell(shown::owner(table, *row).map(str::to_owned)),
            cell(shown::name(table, *row).or_else(|| table.text("type", *row)).map(str::to_owned)),
            cell(table.text("account", *row).or_else(|| table.text("deal", *row)).map(str::to_owned)),
            cell(if deals { money(run, table, *row) } else { shown::outcome(table, *row).map(str::to_owned) }),
        ];
        if !own {
            cells.remove(ACCOUNT);
        }
        if let Some(name) = part {
            cells.push(cell(brought(table, name, *row).map(|value| match value {
                GridCell::Text(text) => text,
                GridCell::Number(n) => n.to_string(),
                GridCell::Day(day) => day.to_string(),
                GridCell::Flag(flag) => flag.to_string(),
            })));
        }
        if said {
            cells.push(cell(Some(text.clone()).filter(|t| !t.is_empty())));
        }
        page.rows.push(Row { tone: Tone::Plain, cells });
    }
    blocks.push(Block::Table(page));
    blocks
}
