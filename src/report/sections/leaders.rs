//! Leaders in front of customers: their own customer meetings, whom they coach, where their time goes, and whose deals they win.

use super::shared::{last_week, never, note, weeks_to};
use super::{Column, Section, beside, heading, rows, table, words as text};
use crate::calendar::{Grain, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Content, Note, Table, Tone};
use crate::measure::{Catalog, Cube, Entity};
use crate::report::{Run, words};
use crate::unit::{Value, Why};

pub(super) const SECTION: Section = Section { name: "leaders", title: "Leaders in front of customers", measures, build };

/// A leader without a customer meeting for more days than this is marked.
const DAYS: f64 = 30.0;

const MEETINGS: &str = "leader_customer_meetings";
const SINCE: &str = "leader_days_since_customer";
const COACHED: &str = "reports_coached";
const REPORTS: &str = "direct_reports";
const SHARE: &str = "people_and_customers_share";
const BY_COUNT: &str = "people_and_customers_share_by_count";
const RECORDS: [&str; 2] = ["people_and_customers_records", "leader_records"];
const OWN: &str = "leader_deals_won";
const WON: &str = "deals_won";

const NOW: &[Column<'_>] = &[
    Column { measure: MEETINGS, heading: &["customer", "meetings"], drop: 0 },
    Column { measure: COACHED, heading: &["reports", "coached"], drop: 0 },
];

const WEEKS: &[Column<'_>] = &[Column { measure: MEETINGS, heading: &["customer", "meetings"], drop: 1 }];

const AGE: &[Column<'_>] = &[Column { measure: SINCE, heading: &["days since", "customer"], drop: 0 }];

const QUARTER: &[Column<'_>] = &[Column { measure: OWN, heading: &["own", "wins"], drop: 0 }];

fn measures(_: &Catalog) -> Vec<String> {
    let columns = [NOW, WEEKS, AGE, QUARTER].into_iter().flatten().map(|column| column.measure);
    columns.chain([REPORTS, SHARE, BY_COUNT, WON]).chain(RECORDS).map(str::to_owned).collect()
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let roster = &run.data.roster;
    if !(0..roster.people.len() as u32).any(|person| roster.leads(person)) {
        let what = "who leads: the role leader in people.csv (name, role, manager, team), or a leader's role among the CRM's users";
        return Ok(vec![Block::Notes(vec![note("Needs", vec![what.to_owned()])])]);
    }
    let leaders: Vec<Entity> = rows(run).into_iter().filter(|entity| matches!(entity, Entity::Owner(p) if roster.leads(*p))).collect();
    if leaders.is_empty() {
        return Ok(vec![Block::Notes(vec![note("Note", vec!["nobody who is shown leads".to_owned()])])]);
    }
    let now = run.period();
    let mut notes = Vec::new();
    let mut board = table(run, &format!("Leaders, {}", words::named(now)), now, &leaders, NOW)?;
    board.groups = vec![(String::new(), 1), (words::named(now), NOW.len())];
    notes.extend(of_reports(run, &mut board, &leaders, now)?);
    if let Some((weeks, period)) = last_week(run).and_then(|week| weeks_to(run, &week, 0)) {
        let share = shares(run, &period, &leaders)?;
        let columns = share.map(|measure| Column { measure, heading: &["people and", "customers"], drop: 0 });
        let columns: Vec<Column<'_>> = WEEKS.iter().copied().chain(columns).collect();
        beside(&mut board, table(run, "", &period, &leaders, &columns)?, words::count(weeks as u64, "week"));
        match share {
            Some(measure) => {
                let of = "coaching, recruiting and customer meetings over those and team, forecast, planning and admin";
                let how = if measure == SHARE { "by time" } else { "by number of records, as fewer than 80 % have a length" };
                notes.push(note("Share", vec![format!("people and customers: {of}, {how} ({measure})")]));
            }
            None => notes.push(note("Needs", vec![
                "records of team, forecast, planning or administrative work: without any, nothing says which share of leaders' time is with people and customers".to_owned(),
            ])),
        }
    }
    let mut age = table(run, "", now, &leaders, AGE)?;
    mark(&mut age);
    beside(&mut board, age, String::new());
    let days = to_date(run, now);
    if let Some((quarter, days)) = &days {
        let mut own = table(run, "", days, &leaders, QUARTER)?;
        says(run, &mut own, days, &leaders)?;
        beside(&mut board, own, words::named(quarter));
    }
    notes.extend(never(run, SINCE, &leaders, now)?);
    let mut rules = vec![format!("!: more than {DAYS} days without a customer meeting ({SINCE})")];
    rules.push(format!("reports coached: of those who report to the leader at the period's end ({COACHED} of {REPORTS})"));
    rules.push(format!("doer: more deals won in the leader's own name ({OWN}) than by all who report to the leader ({WON}); else builder"));
    notes.push(note("Note", rules));
    Ok(vec![Block::Table(board), Block::Notes(notes)])
}

/// The cube of some measures in one period.
fn cube(run: &Run<'_>, names: &[&str], period: &Period) -> Result<Cube, Diagnostic> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    match period.grain {
        Grain::All | Grain::Range => run.engine.cube(&names, &run.calendar.partition(period.grain, period.range)),
        _ => run.engine.cube(&names, &run.calendar.ending_with(period, 1)),
    }
}

fn value<'c>(cube: &'c Cube, measure: &str, entity: Entity) -> Option<&'c Value> {
    let (series, index) = (cube.of(measure).next()?, cube.entity(entity)?);
    Some(cube.value(series, index, 0)).filter(|value| !value.is_missing())
}

/// Holds the reports who were coached, the last column, against all who report; says of which leaders nobody does.
pub(super) fn of_reports(run: &Run<'_>, board: &mut Table, leaders: &[Entity], period: &Period) -> Result<Option<Note>, Diagnostic> {
    let reports = cube(run, &[REPORTS], period)?;
    let mut without = Vec::new();
    for (row, leader) in board.rows.iter_mut().zip(leaders) {
        let all = value(&reports, REPORTS, *leader);
        let Some(Content::Value { value, against, .. }) = row.cells.last_mut().map(|cell| &mut cell.content) else { continue };
        if all.and_then(Value::as_f64) == Some(0.0) {
            *value = Value::Missing(Why::NoData);
            without.push(run.name(*leader).to_owned());
        } else {
            *against = all.cloned();
        }
    }
    let says = || format!("a manager or team: nobody reports to {}", words::list(&without));
    Ok((!without.is_empty()).then(|| note("Needs", vec![says()])))
}

/// Which of the two shares of people and customers is shown: by time, by count where lengths are missing, none where no leader has any
/// business management on record.
fn shares(run: &Run<'_>, period: &Period, leaders: &[Entity]) -> Result<Option<&'static str>, Diagnostic> {
    let cube = cube(run, &[SHARE, BY_COUNT, RECORDS[0], RECORDS[1]], period)?;
    if value(&cube, RECORDS[0], Entity::All) == value(&cube, RECORDS[1], Entity::All) {
        return Ok(None);
    }
    let untimed = |leader: &Entity| value(&cube, SHARE, *leader).is_none() && value(&cube, BY_COUNT, *leader).is_some();
    Ok(Some(if leaders.iter().any(untimed) { BY_COUNT } else { SHARE }))
}

/// Marks those who have not met a customer for too long.
fn mark(table: &mut Table) {
    for cell in table.rows.iter_mut().filter_map(|row| row.cells.last_mut()) {
        if matches!(cell.content, Content::Value { value: Value::Days(days), .. } if days > DAYS) {
            cell.tone = Tone::Bad;
        }
    }
}

/// The quarter of a period, and its days until the period's end.
fn to_date(run: &Run<'_>, period: &Period) -> Option<(Period, Period)> {
    let last = period.range.last.min(run.as_of);
    let quarter = run.calendar.period_of(Grain::Quarter, last);
    let days = run.calendar.range_period(Range::new(quarter.range.first, last)?);
    Some((quarter, days))
}

/// Adds a word for who wins the deals: the leader, or those who report to the leader; none where nobody has won any.
fn says(run: &Run<'_>, table: &mut Table, days: &Period, leaders: &[Entity]) -> Result<(), Diagnostic> {
    let won = cube(run, &[OWN, WON], days)?;
    let count = |measure: &str, entity: Entity| value(&won, measure, entity).and_then(Value::as_f64);
    let reports = run.engine.measure(REPORTS);
    table.columns.push(heading(Vec::new(), false, 0));
    for (row, leader) in table.rows.iter_mut().zip(leaders) {
        let theirs = reports.map(|measure| run.engine.reports(measure, *leader, days)).unwrap_or_default();
        let theirs: f64 = theirs.into_iter().filter_map(|report| count(WON, Entity::Owner(report.person))).sum();
        let word = match count(OWN, *leader) {
            Some(own) if own > theirs => "doer",
            Some(own) if own + theirs > 0.0 => "builder",
            _ => "",
        };
        row.cells.push(text(word));
    }
    Ok(())
}
