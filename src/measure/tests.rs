//! What is counted over many records is what a plain loop over them counts.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Catalog, Engine, Entity, Measure, spec};
use crate::calendar::{Calendar, Day, Grain, Partition, Range};
use crate::facts::{self, Facts, Settings};
use crate::table::{Column, Credit, Data, Kind, Lists, Manager, Person, Role, Roster, Short, Source, Span, Table, Words};
use crate::unit::Value;

const MEASURES: &str = r#"
[measure.each]
role = "lead"
from = "activities"
on = "day"
where = "kind IN ('call', 'email') AND minutes IS NOT NULL"
value = "count"
team = "union"

[measure.added]
role = "lead"
from = "activities"
on = "day"
where = "kind = 'call'"
value = "count"
team = "sum"

[measure.length]
role = "lead"
from = "activities"
on = "day"
where = "kind <> 'email'"
value = { sum = "minutes" }
team = "sum"

[measure.accounts]
role = "lead"
from = "activities"
on = "day"
where = "kind <> 'email'"
value = { distinct = "account" }
team = "union"

[measure.met]
role = "lead"
from = "activities"
on = "day"
where = "TRUE"
value = { distinct = "with_people" }
team = "union"
who = "leaders"

[measure.lengths]
role = "lead"
from = "activities"
on = "day"
where = "TRUE"
value = { distinct = "minutes" }
team = "union"

[measure.middle]
role = "lead"
from = "activities"
on = "day"
where = "TRUE"
value = { median = "minutes" }
"#;

const PEOPLE: [&str; 4] = ["Ana", "Ben", "Cia", "Dan"];
const FIRST: i32 = 20_000;
const DAYS: i32 = 60;

type Row = (u8, u8, Option<u8>, Option<u16>, Option<u8>, u8, bool);

fn roster(cuts: [i32; 4]) -> Roster {
    let span = |first: Option<i32>, last: Option<i32>, team| Span {
        team,
        first: first.map(|day| Day(FIRST + day)),
        last: last.map(|day| Day(FIRST + day)),
        manager: Manager::Unsaid,
    };
    let person =
        |name: &str, role, spans| Person { name: name.to_owned(), id: None, role, listed: true, named: true, spans, absences: Vec::new() };
    Roster {
        people: vec![
            person("Ana", Role::Rep, vec![span(None, None, Some(0))]),
            person("Ben", Role::Rep, vec![span(None, Some(cuts[0]), Some(0)), span(Some(cuts[0] + 1), None, Some(1))]),
            person("Cia", Role::Leader, vec![span(Some(cuts[1]), Some(cuts[1] + cuts[2]), Some(1))]),
            person("Dan", Role::Other, vec![span(None, None, None)]),
        ],
        teams: vec!["East".to_owned(), "West".to_owned()],
        leaders_sell: cuts[3] % 2 == 0,
    }
}

fn data(rows: &[Row], roster: Roster) -> Data {
    let table = |kind: Kind, rows: usize| Table::new(kind, vec![0; rows], (2..).take(rows).collect());
    let name = |at: u8| PEOPLE.get(usize::from(at)).copied();
    let mut activities = table(Kind::Activities, rows.len());
    let words = |texts: Vec<Option<&str>>| Column::Words(Words::from_texts(texts));
    let kind = |row: &Row| ["call", "email", "meeting"][usize::from(row.1) % 3];
    let accounts: Vec<Option<String>> = rows.iter().map(|row| row.2.map(|account| format!("A{account}"))).collect();
    activities.set("kind", words(rows.iter().map(|row| Some(kind(row))).collect()));
    activities.set("owner", words(rows.iter().map(|row| name(row.5)).collect()));
    activities.set("account", words(accounts.iter().map(Option::as_deref).collect()));
    activities.set("outcome", words(vec![Some("held"); rows.len()]));
    let minutes = |row: &Row| row.3.map_or(Column::NO_NUMBER, i64::from);
    activities.set("minutes", Column::Whole(rows.iter().map(minutes).collect()));
    let day = |row: &Row| if row.0 == u8::MAX { Column::NO_DAY } else { FIRST + i32::from(row.0) % DAYS };
    let days: Vec<i32> = rows.iter().map(day).collect();
    let near = |day: &i32| if *day == Column::NO_DAY { Short::BLANK } else { (day - FIRST) as u16 };
    let short = || Column::Short(Short::Days { first: FIRST, after: days.iter().map(near).collect() });
    activities.set("day", if rows.len().is_multiple_of(2) { short() } else { Column::Days(days) });
    let with: Vec<Vec<&str>> = rows.iter().map(|row| row.4.and_then(name).into_iter().collect()).collect();
    activities.set("with_people", Column::Lists(Lists::from_rows(&with)));
    for (row, _) in rows.iter().enumerate().filter(|(_, row)| row.6) {
        activities.leave_out(row, crate::table::Reason::Filtered);
    }
    Data {
        sources: vec![Source::new("activities.csv", "activities")],
        said_prospect: vec![None; rows.len()],
        kept_as_task: vec![false; rows.len()],
        child: vec![false; rows.len()],
        said_step: vec![None; rows.len()],
        stage_words: BTreeMap::new(),
        activities,
        deals: table(Kind::Deals, 0),
        stages: table(Kind::Stages, 0),
        accounts: table(Kind::Accounts, 0),
        leads: table(Kind::Leads, 0),
        targets: table(Kind::Targets, 0),
        commitments: table(Kind::Commitments, 0),
        promised: BTreeMap::new(),
        roster,
        said_new_business: Vec::new(),
        splits: BTreeMap::new(),
        group_key: None,
        says_who_attended: true,
    }
}

/// The records of each day.
type ByDay = BTreeMap<Day, Vec<usize>>;

/// The records of a cell with how often each counts in it, row by row.
fn of_cell(data: &Data, facts: &Facts, measure: &Measure, entity: Entity, (days, by_day): (Range, &ByDay)) -> Vec<(usize, u32)> {
    let table = &data.activities;
    let kind = |row: usize| table.text("kind", row).unwrap();
    let long = |row: usize| table.column("minutes").unwrap().number(row).is_some();
    let selected = |row: usize| match measure.spec.name.as_str() {
        "each" => matches!(kind(row), "call" | "email") && long(row),
        "added" => kind(row) == "call",
        "length" | "accounts" => kind(row) != "email",
        _ => true,
    };
    let leaders = measure.spec.who == spec::Who::Leaders;
    let mut found = Vec::new();
    let inside = by_day.range(days.first..=days.last).flat_map(|(day, rows)| rows.iter().map(|row| (*day, *row)));
    for (day, row) in inside.filter(|(_, row)| table.used(*row) && selected(*row)) {
        let roster = &data.roster;
        let team = |person: u32| {
            if leaders { roster.people.get(person as usize).and_then(|who| who.team_on(day)) } else { roster.sum_of(person, day) }
        };
        let counts = |credit: &&Credit| !leaders || roster.leads(credit.person);
        let credits = facts.activity_credits.of(row).iter().filter(counts);
        let times = credits
            .filter(|credit| match entity {
                Entity::All => true,
                Entity::Team(of) => team(credit.person) == Some(of),
                Entity::Owner(person) => credit.person == person,
                Entity::NoOwner => credit.person == Credit::NOBODY,
            })
            .count() as u32;
        if times > 0 {
            found.push((row, if measure.adds_up() { times } else { 1 }));
        }
    }
    found.sort_unstable();
    found
}

/// The value of a cell, and how many records it has.
fn plain(data: &Data, measure: &Measure, rows: &[(usize, u32)]) -> (Option<Value>, u32) {
    let table = &data.activities;
    let minutes = |row: usize| table.column("minutes").unwrap().number(row);
    let records = rows.iter().map(|(_, times)| times).sum();
    let value = match measure.spec.name.as_str() {
        "each" | "added" => Some(Value::Count(Decimal::from(records))),
        "length" => {
            let known = rows.iter().filter_map(|(row, times)| Some(minutes(*row)? * i64::from(*times)));
            let none = records > 0 && rows.iter().all(|(row, _)| minutes(*row).is_none());
            (!none).then(|| Value::Minutes(Decimal::from(known.sum::<i64>())))
        }
        "accounts" => {
            let names: BTreeSet<&str> = rows.iter().filter_map(|(row, _)| table.text("account", *row)).collect();
            Some(Value::Count(names.len().into()))
        }
        "met" => {
            let Some(Column::Lists(lists)) = table.column("with_people") else { return (None, records) };
            let names: BTreeSet<u32> = rows.iter().flat_map(|(row, _)| lists.get(*row)).copied().collect();
            Some(Value::Count(names.len().into()))
        }
        "lengths" => {
            let lengths: BTreeSet<i64> = rows.iter().filter_map(|(row, _)| minutes(*row)).collect();
            Some(Value::Count(lengths.len().into()))
        }
        _ => {
            let mut all: Vec<i64> = rows.iter().filter_map(|(row, _)| minutes(*row)).collect();
            all.sort_unstable();
            let high = all.get(all.len() / 2).copied();
            high.map(|high| {
                let low = if all.len().is_multiple_of(2) { all[all.len() / 2 - 1] } else { high };
                Value::Minutes((Decimal::from(low + high) / Decimal::TWO).normalize())
            })
        }
    };
    (value, records)
}

fn check(rows: &[Row], cuts: [i32; 4]) {
    check_with(rows, roster(cuts));
}

/// The same people, none of whom ever changes the team.
fn settled() -> Roster {
    let mut roster = roster([0; 4]);
    for (person, team) in roster.people.iter_mut().zip([Some(1), Some(0), Some(1), None]) {
        person.role = Role::Rep;
        person.spans = vec![Span { team, first: None, last: None, manager: Manager::Unsaid }];
    }
    roster
}

fn check_with(rows: &[Row], roster: Roster) {
    let mut data = data(rows, roster);
    let as_of = Day(FIRST + DAYS);
    let settings = Settings {
        as_of,
        through: Some(as_of),
        blank: None,
        minutes: BTreeMap::new(),
        count_each: false,
        currency: None,
        rates: None,
        stages: Vec::new(),
    };
    let facts = facts::derive(&mut data, &settings).unwrap();
    let specs = spec::read(MEASURES, "measures.toml").unwrap();
    let names: Vec<String> = specs.iter().map(|spec| spec.name.clone()).collect();
    let measures = Catalog::new(&specs).unwrap().compile(&names).unwrap();
    let calendar = Calendar::default();
    let engine = Engine::new(&data, &facts, &calendar, as_of, &measures);
    let mut by_day = ByDay::new();
    for row in 0..data.activities.len() {
        if let Some(day) = data.activities.day("day", row) {
            by_day.entry(day).or_default().push(row);
        }
    }
    let all = Range { first: Day(FIRST), last: Day(FIRST + DAYS - 1) };
    let partitions: [Partition; 2] = [calendar.partition(Grain::Week, all), calendar.partition(Grain::Range, all)];
    for periods in &partitions {
        let cube = engine.cube(&names, periods).unwrap();
        for (index, entity) in cube.entities.clone().into_iter().enumerate() {
            for (at, period) in periods.iter().enumerate() {
                for (series, name) in names.iter().enumerate() {
                    let cell = cube.cell(series, index, at);
                    let measure = engine.measure(name).unwrap();
                    let rows = of_cell(&data, &facts, measure, entity, (period.range, &by_day));
                    let (value, records) = plain(&data, measure, &rows);
                    // Of a period of which the exports say nothing there is no value.
                    if cell.records > 0 || !cell.value.is_missing() {
                        let same = match (&value, &cell.value) {
                            (Some(Value::Minutes(one)), Value::Minutes(other)) => one.normalize() == other.normalize(),
                            (Some(one), other) => one == other,
                            (None, other) => other.is_missing(),
                        };
                        assert!(same, "{name} of {entity:?} in {}: {value:?} is not {:?}", period.name, cell.value);
                        assert_eq!(records, cell.records, "{name} of {entity:?} in {}", period.name);
                    }
                    let told = cell.records > 0 || !cell.value.is_missing();
                    if rows.len() > 2_000 {
                        continue;
                    }
                    let counted = engine.rows_by_period(measure, &calendar.ending_with(period, 1), Some(&[entity])).unwrap();
                    let wanted: Vec<u32> = rows.iter().map(|(row, _)| *row as u32).filter(|_| told).collect();
                    if told {
                        assert_eq!(counted.concat(), wanted, "{name} of {entity:?} in {}", period.name);
                    }
                }
            }
        }
    }
}

fn row() -> impl Strategy<Value = Row> {
    let day = prop_oneof![9 => 0..DAYS as u8, 1 => Just(u8::MAX)];
    let few = |most: u8| proptest::option::of(0..most);
    (day, 0..3_u8, few(6), proptest::option::of(0..5_u16), few(4), 0..5_u8, proptest::bool::weighted(0.1))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn cells_are_what_a_plain_loop_counts(
        rows in proptest::collection::vec(row(), 1..120),
        cuts in [0..DAYS, 0..DAYS, 0..DAYS, 0..2],
    ) {
        check(&rows, cuts);
    }

    #[test]
    fn cells_of_people_who_keep_their_team_and_are_alone_are_what_a_plain_loop_counts(
        rows in proptest::collection::vec(row(), 1..120),
    ) {
        check_with(&alone(rows), settled());
    }
}

/// The same records, each its owner's alone.
fn alone(rows: Vec<Row>) -> Vec<Row> {
    rows.into_iter().map(|(day, kind, account, minutes, _, owner, out)| (day, kind, account, minutes, None, owner, out)).collect()
}

/// So many records that several threads count them.
#[test]
fn cells_of_many_records_are_what_a_plain_loop_counts() {
    let mut state = 7_u64;
    let mut next = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let mut some = |most: u64| if next(10) == 0 { None } else { Some(next(most)) };
    let rows: Vec<Row> = (0..90_000)
        .map(|_| {
            let day = some(DAYS as u64).map_or(u8::MAX, |day| day as u8);
            let (kind, account, minutes) = (some(3), some(200), some(400));
            let (with, owner, out) = (some(4), some(5), some(20));
            let small = |n: Option<u64>| n.unwrap_or(0) as u8;
            (day, small(kind), account.map(|n| n as u8), minutes.map(|n| n as u16), with.map(|n| n as u8), small(owner), out == Some(3))
        })
        .collect();
    check(&rows, [20, 5, 30, 1]);
    check_with(&alone(rows), settled());
}
