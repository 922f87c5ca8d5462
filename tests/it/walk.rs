//! Every cell of the examples: the records that `explain` lists are the number that the report shows.
//!
//! The number comes from the cube, the list from the evidence; what the list comes to is worked out here, from the records' own columns.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use leadlag::calendar::{Day, Grain, Partition, Period};
use leadlag::commands::Plan;
use leadlag::diagnostic::Location;
use leadlag::facts::Whose;
use leadlag::measure::spec::{Aggregate, TeamRule, When, Who};
use leadlag::measure::{Cube, Engine, Entity, Evidence, Measure, filter};
use leadlag::report::Run;
use leadlag::table::{Column, Credit, Manager, Reason, Role, Table};
use leadlag::unit::{Unit, Value, Why};
use rust_decimal::Decimal;

use super::program;

mod documents;
mod figures;

/// The folders under `examples/` that have a configuration.
fn examples() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"))
        .expect("examples")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.join("leadlag.toml").is_file())
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

/// The day on which an example is read: the first that its README names with `--as-of`, else the one of the quick start.
fn as_of(folder: &Path) -> String {
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap_or_default();
    let named = readme.split_once("--as-of ").and_then(|(_, rest)| rest.split_whitespace().next());
    named.unwrap_or("2026-11-16").to_owned()
}

fn arguments(folder: &Path, more: &[&str]) -> Vec<String> {
    let path = |p: &Path| p.display().to_string();
    let mut args = vec![path(folder), "--config".to_owned(), path(&folder.join("leadlag.toml")), "--as-of".to_owned(), as_of(folder)];
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    args
}

/// An example with every measure that it can count: those that ship and its own. Read once for all tests.
fn plan(folder: &Path) -> Arc<Plan> {
    static READ: Mutex<BTreeMap<PathBuf, Arc<Plan>>> = Mutex::new(BTreeMap::new());
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    let first = || {
        let few = program::read(&arguments(folder, &[]), &[]).expect("the example is read");
        let every = measures(&few, folder);
        Arc::new(program::read(&arguments(folder, &[]), &every).expect("the example is read with every measure"))
    };
    Arc::clone(read.entry(folder.to_path_buf()).or_insert_with(first))
}

fn measures(plan: &Plan, folder: &Path) -> Vec<String> {
    run(plan, folder, &["--period", "all"]).catalog.names().map(str::to_owned).collect()
}

fn run<'a>(plan: &'a Plan, folder: &Path, more: &[&str]) -> Run<'a> {
    plan.run(&program::options(&arguments(folder, more)).0).expect("a run")
}

/// Periods of each kind around the end of the exports, and some that lie before the exports, in their first weeks and after them.
fn periods(run: &Run<'_>) -> Vec<Period> {
    let calendar = run.calendar;
    let through = run.facts.through.expect("dates");
    let first = run.facts.activities.first.expect("activities");
    let around = |grain, back: &[i32]| back.iter().map(move |days| calendar.period_of(grain, Day(through.0 - days))).collect::<Vec<_>>();
    let mut found = around(Grain::Week, &[0, 7, 14, 60, 90, 160, -1, -8]);
    found.extend([first.0 - 70, first.0, first.0 + 21, first.0 + 35].map(|day| calendar.period_of(Grain::Week, Day(day))));
    found.extend(around(Grain::Day, &[3]));
    found.extend(around(Grain::Month, &[0, 30]));
    found.extend(around(Grain::Quarter, &[0, 60]));
    found.extend(around(Grain::Year, &[0]));
    found.extend(run.periods.iter().cloned());
    found.sort_by_key(|a| (a.grain, a.range.first));
    found.dedup();
    found
}

fn partition(run: &Run<'_>, period: &Period) -> Partition {
    match period.grain {
        Grain::All | Grain::Range => run.calendar.partition(period.grain, period.range),
        _ => run.calendar.ending_with(period, 1),
    }
}

/// The values of one measure for everybody in one period, counted with nothing else beside it.
fn counted(run: &Run<'_>, measure: &Measure, period: &Period) -> Cube {
    run.engine.cube(std::slice::from_ref(&measure.spec.name), &partition(run, period)).expect("a cube")
}

/// The same run over one measure and what it divides alone.
fn alone<'a>(plan: &'a Plan, folder: &Path, more: &[&str], only: &'a [Measure]) -> Run<'a> {
    let whole = run(plan, folder, more);
    let mut engine = Engine::new(whole.data, whole.facts, whole.calendar, whole.as_of, only);
    engine.targets = Some(whole.targets.clone());
    Run { engine, ..whole }
}

/// A measure, after the two that it divides.
fn with_parts(plan: &Plan, name: &str) -> Vec<Measure> {
    let measure = plan.measure(name).expect("a prepared measure");
    let mut found = Vec::new();
    if let Aggregate::Left(of) = &measure.spec.value {
        found.extend(with_parts(plan, of));
    }
    if let Aggregate::Ratio(over, under) | Aggregate::Plus(over, under) = &measure.spec.value {
        found.extend(with_parts(plan, over));
        found.extend(with_parts(plan, under));
    }
    if let Aggregate::Window(window) = &measure.spec.value {
        window.of.iter().for_each(|part| found.extend(with_parts(plan, &part.component)));
    }
    found.push(measure.clone());
    found
}

/// What listed records come to, in one currency where the measure is one of money.
fn comes_to(run: &Run<'_>, measure: &Measure, listed: &[usize], unit: &Unit, entity: Entity, period: &Period) -> Value {
    if measure.spec.value == Aggregate::Reports(None) {
        return Value::Count(reports(run, entity, period).len().into());
    }
    let table = run.data.table(measure.spec.from).expect("a table");
    let ours = |row: &&usize| match unit {
        Unit::Money(currency) => table.text("currency", **row).unwrap_or("") == &**currency,
        _ => true,
    };
    let rows: Vec<usize> = listed.iter().filter(ours).copied().collect();
    let number = |column: &str, row: usize| {
        let column = table.column(column)?;
        column.amount(row).or_else(|| column.number(row).map(Decimal::from))
    };
    let of_unit = |n: Decimal| match unit {
        Unit::Money(currency) => Value::Money(n, currency.clone()),
        Unit::Hours => Value::Minutes(n),
        Unit::Days => Value::Days(n.to_string().parse().expect("a number")),
        _ => Value::Count(n),
    };
    match &measure.spec.value {
        Aggregate::Count => Value::Count(Decimal::from(rows.len())),
        Aggregate::Sum(column) => of_unit(rows.iter().filter_map(|row| number(column, *row)).sum()),
        Aggregate::Distinct(column) => {
            let words: BTreeSet<String> = rows.iter().flat_map(|row| texts(table, column, *row)).collect();
            Value::Count(Decimal::from(words.len()))
        }
        Aggregate::Reports(column) => {
            let column = column.as_deref().expect("a column");
            // A coached report counts for the leader who coached and is reported to.
            let pairs = rows.iter().flat_map(|row| {
                let coach = table.text("coach", *row).and_then(|name| run.data.roster.person(name));
                let theirs = coach.map(|coach| reports(run, Entity::Owner(coach), period)).unwrap_or_default();
                texts(table, column, *row).into_iter().filter(move |name| theirs.contains(name)).map(move |name| (coach, name))
            });
            Value::Count(pairs.collect::<BTreeSet<_>>().len().into())
        }
        Aggregate::Median(column) => {
            let mut numbers: Vec<Decimal> = rows.iter().filter_map(|row| number(column, *row)).collect();
            numbers.sort_unstable();
            match numbers.len() {
                0 => Value::Missing(Why::NoData),
                n => of_unit((numbers[(n - 1) / 2] + numbers[n / 2]) / Decimal::TWO),
            }
        }
        Aggregate::Age(column) => match rows.iter().filter_map(|row| table.day(column, *row)).max() {
            Some(day) => Value::Days(f64::from(period.range.last.min(run.as_of).0 - day.0)),
            None => none_since(run, measure, entity, period),
        },
        Aggregate::Ratio(..) | Aggregate::Left(_) | Aggregate::Plus(..) | Aggregate::Window(_) => {
            unreachable!("they have no records of their own")
        }
    }
}

/// The texts of a cell.
fn texts(table: &Table, column: &str, row: usize) -> Vec<String> {
    match table.column(column) {
        Some(leadlag::table::Column::Lists(lists)) => lists.get(row).iter().map(|code| lists.words[*code as usize].to_string()).collect(),
        _ => table.text(column, row).map(str::to_owned).into_iter().collect(),
    }
}

/// Who reports to a leader, to the leaders of a team, or to any leader at the end of a period.
fn reports(run: &Run<'_>, entity: Entity, period: &Period) -> BTreeSet<String> {
    let roster = &run.data.roster;
    let until = period.range.last.min(run.as_of);
    let mut found = BTreeSet::new();
    for who in roster.people.iter().filter(|who| who.listed) {
        let Some(span) = who.spans.iter().find(|span| span.holds(until)) else { continue };
        for (index, above) in roster.people.iter().enumerate().filter(|(_, above)| above.role == Role::Leader) {
            let theirs = match span.manager {
                Manager::Person(manager) => manager as usize == index,
                Manager::Stranger => false,
                Manager::Unsaid => who.role == Role::Rep && span.team.is_some() && above.team_on(until) == span.team,
            };
            let asked = match entity {
                Entity::All => true,
                Entity::Team(team) => above.team_on(until) == Some(team),
                Entity::Owner(person) => person as usize == index,
                Entity::NoOwner => false,
            };
            if theirs && asked && above.name != who.name {
                found.insert(who.name.clone());
            }
        }
    }
    found
}

/// The days without a record: from the first day of the table, or of the person or the first of the team where that is later.
fn none_since(run: &Run<'_>, measure: &Measure, entity: Entity, period: &Period) -> Value {
    let roster = &run.data.roster;
    let activities = &run.data.activities;
    let used = (0..activities.len()).filter(|row| activities.used(*row));
    let first = used.filter_map(|row| activities.day("day", row)).min().expect("a day");
    let leaders = measure.spec.who == Who::Leaders;
    let begun = match entity {
        Entity::NoOwner => return Value::Missing(Why::NoData),
        Entity::All => first,
        Entity::Owner(person) => {
            let who = &roster.people[person as usize];
            let seen = || run.facts.seen[person as usize].map(|(first, _)| first);
            match if who.listed { Some(who.spans.iter().filter_map(|span| span.first).min().unwrap_or(first)) } else { seen() } {
                Some(begun) => begun.max(first),
                None => return Value::Missing(Why::NoData),
            }
        }
        Entity::Team(team) => {
            let mine = roster.people.iter().filter(|who| (who.role == Role::Leader) == leaders);
            let spans = mine.flat_map(|who| &who.spans).filter(|span| span.team == Some(team));
            match spans.map(|span| span.first.unwrap_or(first).max(first)).min() {
                Some(begun) => begun,
                None => return Value::Missing(Why::NoData),
            }
        }
    };
    let until = period.range.last.min(run.as_of);
    if begun > until { Value::Missing(Why::NotApplicable) } else { Value::Days(f64::from(until.0 - begun.0)) }
}

/// A target in its own period less the amounts listed; missing once these reach it.
fn left(run: &Run<'_>, of: &str, rows: &[usize], unit: &Unit, entity: Entity, period: &Period) -> Value {
    let whole = run.targets.own_period(of, unit, entity, period.range.last.min(run.as_of)).expect("a target");
    let target = run.targets.of(of, unit, entity, whole).expect("a target").value;
    let done: Decimal = rows.iter().filter_map(|row| run.data.deals.amount("amount", *row)).sum();
    match unit {
        Unit::Money(currency) => Value::Money(target - done, currency.clone()),
        _ => Value::Missing(Why::NotApplicable),
    }
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Ratio(a), Value::Ratio(b)) => (a - b).abs() < 1e-9,
        _ => a == b,
    }
}

/// How many of the cells that were walked had a number, and how many records they listed.
#[derive(Debug, Default)]
struct Walked {
    cells: usize,
    numbers: usize,
    records: usize,
    missing: usize,
    near: usize,
    left_out: usize,
}

/// One cell: what is listed comes to the number, and a missing number lists nothing but what made it too few.
fn check_cell(run: &Run<'_>, measure: &Measure, cube: &Cube, entity: Entity, period: &Period, walked: &mut Walked) {
    let name = &measure.spec.name;
    let at = format!("{name} of {:?} {:?} in {}", entity, run.name(entity), period.name);
    let evidence = run.engine.evidence(measure, entity, period).expect("evidence");
    let index = cube.entity(entity).expect("an entity");
    walked.cells += 1;
    walked.near += evidence.iter().map(|e| e.near.len()).sum::<usize>();
    walked.left_out += evidence.iter().map(|e| e.left_out.len()).sum::<usize>();
    if let Aggregate::Ratio(over, under) = &measure.spec.value {
        assert_eq!(evidence.iter().map(|e| &e.measure).collect::<Vec<_>>(), [over, under], "{at}");
        let parts = [over, under].map(|part| run.engine.measure(part).expect("a part"));
        let cubes = parts.map(|part| counted(run, part, period));
        for ((part, cube), found) in parts.iter().zip(&cubes).zip(&evidence) {
            check_part(run, part, cube, entity, period, found, &format!("{at}, its {}", part.spec.name));
        }
        for series in cube.of(name) {
            let value = cube.value(series, index, 0);
            let unit = &cube.series[series].unit;
            let part = |i: usize| {
                let unit = &cubes[i].series[series.min(cubes[i].series.len() - 1)].unit;
                match &parts[i].spec.value {
                    Aggregate::Left(of) => left(run, of, &evidence[i].counted, unit, entity, period),
                    _ => comes_to(run, parts[i], &evidence[i].counted, unit, entity, period),
                }
            };
            if value.is_missing() {
                walked.missing += 1;
                continue;
            }
            walked.numbers += 1;
            walked.records += evidence[1].counted.len();
            let plain = |value: Value| match value {
                Value::Count(n) | Value::Money(n, _) | Value::Minutes(n) => n,
                other => panic!("{at}: {other:?}"),
            };
            let (a, b) = (plain(part(0)), plain(part(1)));
            assert!(!b.is_zero(), "{at}");
            match (value, unit) {
                (Value::Ratio(x), Unit::Ratio) => {
                    let (a, b): (f64, f64) = (a.to_string().parse().unwrap(), b.to_string().parse().unwrap());
                    assert!((x - a / b).abs() < 1e-9, "{at}: {x} is not {a} / {b}");
                }
                (Value::Money(x, _), Unit::Money(_)) => assert!((*x * b - a).abs() <= b * Decimal::new(5, 3), "{at}: {x} is not {a} / {b}"),
                other => panic!("{at}: {other:?}"),
            }
        }
        return;
    }
    if let Aggregate::Plus(..) | Aggregate::Window(_) = &measure.spec.value {
        return check_together(run, measure, cube, entity, period, &evidence, walked);
    }
    let [found] = evidence.as_slice() else { panic!("{at}: not one list") };
    check_part(run, measure, cube, entity, period, found, &at);
    for series in cube.of(name) {
        match cube.value(series, index, 0) {
            Value::Missing(_) => walked.missing += 1,
            _ => walked.numbers += 1,
        }
    }
    walked.records += found.counted.len();
}

/// Records of several measures: two together are as many as both list; what is told of weeks lists records of those weeks only.
fn check_together(
    run: &Run<'_>,
    measure: &Measure,
    cube: &Cube,
    entity: Entity,
    period: &Period,
    evidence: &[Evidence],
    walked: &mut Walked,
) {
    let at = format!("{} of {:?} in {}", measure.spec.name, run.name(entity), period.name);
    let index = cube.entity(entity).expect("an entity");
    let series = cube.of(&measure.spec.name).next().expect("a series");
    let listed: usize = evidence.iter().map(|found| found.counted.len()).sum();
    let value = cube.value(series, index, 0);
    match (&measure.spec.value, value) {
        (_, Value::Missing(_)) => walked.missing += 1,
        (Aggregate::Plus(..), value) => {
            walked.numbers += 1;
            assert_eq!(*value, Value::Count(listed.into()), "{at}");
        }
        _ => {
            walked.numbers += 1;
            for found in evidence {
                let part = run.engine.measure(&found.measure).expect("a part");
                let table = run.data.table(found.table).expect("a table");
                let weeks = run.calendar.ending_with(period, 14).range();
                let inside = |row: &usize| table.day(&part.spec.on, *row).is_some_and(|day| weeks.contains(day));
                assert!(period.grain != leadlag::calendar::Grain::Week || found.counted.iter().all(inside), "{at}");
            }
        }
    }
    walked.records += listed;
}

fn check_part(run: &Run<'_>, measure: &Measure, cube: &Cube, entity: Entity, period: &Period, found: &Evidence, at: &str) {
    let index = cube.entity(entity).expect("an entity");
    let mut records = 0;
    for series in cube.of(&measure.spec.name) {
        let cell = cube.cell(series, index, 0);
        let unit = &cube.series[series].unit;
        records += cell.records as usize;
        let listed = match &measure.spec.value {
            Aggregate::Left(_) if cell.value.is_missing() => Value::Missing(Why::NotApplicable),
            Aggregate::Left(of) => left(run, of, &found.counted, unit, entity, period),
            _ => comes_to(run, measure, &found.counted, unit, entity, period),
        };
        match &cell.value {
            Value::Missing(Why::TooFew) => assert!(cell.records > 0, "{at}: too few of none"),
            // Records without any known amount have no sum, and are the reason why there is none.
            Value::Missing(Why::NoData) if cell.records > 0 => assert_eq!(cell.known, 0, "{at}"),
            Value::Missing(_) => assert!(found.counted.is_empty(), "{at}: missing, and yet {} listed", found.counted.len()),
            value => assert!(same(value, &listed), "{at}: the report says {value:?}, the records come to {listed:?}"),
        }
    }
    assert_eq!(found.counted.len(), records, "{at}: records listed and records counted");
    if measure.spec.value == Aggregate::Reports(None) {
        return;
    }
    let table = run.data.table(measure.spec.from).expect("a table");
    check_times(run, measure, table, entity, period, found, at);
    let order: Vec<_> =
        found.counted.iter().map(|row| (table.day(&measure.spec.on, *row), table.file[*row], table.line.get(*row))).collect();
    assert!(order.is_sorted(), "{at}: not in order of day, file and line");
}

/// A record of a sum stands once per person who shares it, any other once.
fn check_times(run: &Run<'_>, measure: &Measure, table: &Table, entity: Entity, period: &Period, found: &Evidence, at: &str) {
    let mut times: BTreeMap<usize, usize> = BTreeMap::new();
    for row in &found.counted {
        *times.entry(*row).or_default() += 1;
    }
    // A state is taken with the teams of the period's end, anything else with those of its own day.
    let state = measure.spec.when == When::Now || matches!(measure.spec.value, Aggregate::Age(_));
    let leaders = measure.spec.who == Who::Leaders;
    let end = period.range.last.min(run.as_of);
    let day = |row: usize| if state { end } else { table.day(&measure.spec.on, row).unwrap_or(end) };
    for (row, times) in times {
        let most = match (measure.spec.team, run.facts.credits(table.kind, measure.spec.credit)) {
            (TeamRule::Sum, Some(credits)) => credits
                .of(row)
                .iter()
                .filter(|credit| !leaders || run.data.roster.people.get(credit.person as usize).is_some_and(|p| p.role == Role::Leader))
                .filter(|credit| match entity {
                    Entity::All => true,
                    Entity::Team(team) if leaders => run.data.roster.people[credit.person as usize].team_on(day(row)) == Some(team),
                    Entity::Team(team) => run.data.roster.sum_of(credit.person, day(row)) == Some(team),
                    Entity::Owner(person) => credit.person == person,
                    Entity::NoOwner => credit.person == Credit::NOBODY,
                })
                .count(),
            _ => 1,
        };
        assert_eq!(times, most, "{at}: line {}", table.line.get(row));
    }
}

/// Near misses fail exactly the part that is named, left-out records none, and nobody near or left out is missing from the lists.
///
/// Each part of the rule is compiled again on its own, and the ones that say one thing of one column are read by hand.
fn check_lists(run: &Run<'_>, measure: &Measure, period: &Period) {
    // What is told of weeks lists the records of what it looks at, by the rule of that.
    if matches!(measure.spec.value, Aggregate::Left(_) | Aggregate::Reports(None) | Aggregate::Window(_) | Aggregate::Plus(..)) {
        return;
    }
    // A state is that of the period's end.
    let then = leadlag::facts::deals_at(run.data, run.facts, period.range.last);
    let state = measure.spec.when == When::Now && measure.spec.from == leadlag::table::Kind::Deals;
    let earlier = run.facts.through.is_some_and(|through| period.range.last < through) && period.grain != leadlag::calendar::Grain::All;
    let table = if state && earlier { &then } else { run.data.table(measure.spec.from).expect("a table") };
    let sources: Vec<String> = run.data.sources.iter().map(|source| source.path.clone()).collect();
    let parts: Vec<(&str, Vec<Option<bool>>)> = measure
        .predicate
        .conjuncts()
        .iter()
        .map(|conjunct| {
            let compiled = filter::compile(&conjunct.sql, table.kind, &Location::file("a part")).expect("a part compiles");
            let masks = compiled.evaluate(table, &sources).expect("a part is evaluated");
            let truth = |row: usize| {
                let all: Vec<Option<bool>> = masks.iter().map(|mask| mask.get(row)).collect();
                if all.contains(&Some(false)) { Some(false) } else { all.iter().copied().collect::<Option<Vec<_>>>().map(|_| true) }
            };
            (conjunct.sql.as_str(), (0..table.len()).map(truth).collect())
        })
        .collect();
    for (sql, truth) in &parts {
        for (row, truth) in truth.iter().enumerate() {
            if let Some(read) = by_hand(sql, table, row) {
                assert_eq!(*truth, read, "{sql} on line {} of {}", table.line.get(row), measure.spec.name);
            }
        }
    }
    let [found] = &run.engine.evidence(measure, Entity::All, period).expect("evidence")[..] else { return };
    let near: BTreeMap<usize, (&str, bool)> = found.near.iter().map(|miss| (miss.row, (miss.conjunct.as_str(), miss.unknown))).collect();
    let out: BTreeMap<usize, Reason> = found.left_out.iter().copied().collect();
    let counted: BTreeSet<usize> = found.counted.iter().copied().collect();
    assert_eq!((near.len(), out.len()), (found.near.len(), found.left_out.len()), "{} lists a record twice", measure.spec.name);
    let missing = counted.is_empty();
    for row in 0..table.len() {
        let ripe = |day: &Day| run.engine.ripe(measure, *day);
        let dated = table.day(&measure.spec.on, row).is_some_and(|day| match measure.spec.when {
            leadlag::measure::spec::When::Next => run.calendar.next(period).range.contains(day),
            leadlag::measure::spec::When::Now => day <= period.range.last,
            leadlag::measure::spec::When::In if matches!(measure.spec.value, Aggregate::Age(_)) => day <= period.range.last,
            leadlag::measure::spec::When::In => period.range.contains(day),
        });
        let here = dated && table.day(&measure.spec.on, row).as_ref().is_some_and(ripe);
        // A record is listed for whom it counts; one that counts for no coach and nobody coached, for who took part.
        let of = |whose: Whose| run.facts.credits(table.kind, whose).map_or(&[][..], |credits| credits.of(row));
        let lead = |credit: &Credit| {
            measure.spec.who == Who::Everybody || run.data.roster.people.get(credit.person as usize).is_some_and(|p| p.role == Role::Leader)
        };
        let theirs = of(measure.spec.credit).iter().any(lead);
        let nobody = of(measure.spec.credit).iter().all(|credit| credit.person == Credit::NOBODY);
        let looked_for = theirs || (nobody && of(Whose::Owner).iter().any(lead));
        let (counts, here) = (here && theirs, here && looked_for);
        let failed: Vec<_> = parts.iter().filter(|(_, truth)| truth[row] != Some(true)).collect();
        let at = format!("{} in {}: line {}", measure.spec.name, period.name, table.line.get(row));
        let used = table.left_out[row] == 0;
        assert!(missing || counted.contains(&row) == (counts && used && failed.is_empty()), "{at} is counted or not");
        assert_eq!(out.contains_key(&row), dated && looked_for && !used && failed.is_empty(), "{at} is left out or not");
        assert_eq!(out.get(&row).map_or(table.left_out[row], |reason| *reason as u8), table.left_out[row], "{at}");
        let waits = table.day(&measure.spec.on, row).is_some_and(|day| !ripe(&day));
        match (near.get(&row), failed.as_slice()) {
            // What came of it is not all seen yet.
            (Some((sql, true)), []) if waits && used => assert!(sql.starts_with("what came within"), "{at}"),
            (Some(_), [_]) if waits && used => {}
            (Some((sql, unknown)), [(failed, truth)]) if here && used => {
                assert_eq!((sql, *unknown), (failed, truth[row].is_none()), "{at}");
            }
            (None, [_]) => assert!(!here || !used, "{at} is a near miss and is not listed"),
            (near, failed) => assert!(near.is_none(), "{at} is listed as a near miss, and fails {}", failed.len()),
        }
    }
}

/// A part that says one thing of one column, read from the column; none for any other part.
#[allow(clippy::option_option)] // none for a part that is not read, null for one that is unknown
fn by_hand(sql: &str, table: &Table, row: usize) -> Option<Option<bool>> {
    if let Some((column, word)) = sql.split_once(" = '") {
        let word = word.strip_suffix('\'').filter(|word| !word.contains('\''))?;
        let column = table.column(column).filter(|column| matches!(column, Column::Words(_)))?;
        return Some(column.text(row).map(|text| text == word));
    }
    if let Some(column) = sql.strip_suffix(" IS NOT NULL") {
        return Some(Some(table.text(column, row).is_some() || table.amount(column, row).is_some() || table.flag(column, row).is_some()));
    }
    let column = table.column(sql).filter(|column| matches!(column, Column::Flags(_)))?;
    Some(column.flag(row))
}

#[test]
fn the_records_listed_are_the_number_reported_for_every_cell() {
    for folder in examples() {
        let plan = plan(&folder);
        let names = measures(&plan, &folder);
        let walked = program::each(&names, |name| {
            let only = with_parts(&plan, name);
            let mut walked = Walked::default();
            let run = alone(&plan, &folder, &["--period", "all"], &only);
            let measure = only.last().expect("the measure");
            for period in periods(&run) {
                let cube = counted(&run, measure, &period);
                for entity in run.engine.entities() {
                    check_cell(&run, measure, &cube, entity, &period, &mut walked);
                }
                if !matches!(measure.spec.value, Aggregate::Ratio(..)) {
                    check_lists(&run, measure, &period);
                }
            }
            walked
        });
        let sum = |f: fn(&Walked) -> usize| walked.iter().map(f).sum::<usize>();
        let totals = [sum(|w| w.cells), sum(|w| w.numbers), sum(|w| w.records), sum(|w| w.missing), sum(|w| w.near), sum(|w| w.left_out)];
        // A walk over nothing shows nothing.
        assert!(totals.iter().all(|n| *n > 500), "{}: {totals:?}", folder.display());
        for (name, walked) in names.iter().zip(&walked) {
            // Who reports to whom is no record; of what nobody records, and of deals without a product, nothing is told of any weeks.
            let value = &plan.measure(name).expect("a measure").spec.value;
            let any = walked.records > 0 || walked.near > 0 || *value == Aggregate::Reports(None);
            let told = matches!(value, Aggregate::Window(_)) && walked.numbers == 0;
            assert!(told || walked.numbers > 0 && any, "{name} has no number anywhere: {walked:?}");
        }
    }
}
