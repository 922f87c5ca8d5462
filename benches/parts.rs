//! What the parts of a run cost, each alone: reading, understanding dates and money, conditions, and counting.
//!
//! `cargo bench --bench parts`. Everything is over a generated export of 200,000 activities, the same each time; bytes are those of the text,
//! items its records, or the distinct words where a word is understood once.
#![allow(clippy::unwrap_used)]

#[path = "generate/draw.rs"]
mod draw;
#[path = "generate/shape.rs"]
#[allow(dead_code)]
mod shape;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};

use leadlag::calendar::{Calendar, Day, Grain, parse_date};
use leadlag::crm::read::{Settings, Sheet, Wanted};
use leadlag::crm::{self, Input, Inside, Meter, value};
use leadlag::diagnostic::Location;
use leadlag::facts::{self, Facts};
use leadlag::measure::{Catalog, Engine, filter};
use leadlag::table::{Data, Kind, Pattern, Template};

const ACTIVITIES: u64 = 200_000;

/// What is counted in one pass: records, sums, distinct accounts, money, and two for the quotient of both.
const MEASURES: [&str; 5] = ["customer_meetings", "presentations", "client_hours", "accounts_met", "revenue"];

fn main() {
    divan::main();
}

/// The text of one of the exports.
fn text(write: impl Fn(&shape::Shape, &mut dyn std::io::Write) -> std::io::Result<()>) -> Vec<u8> {
    let mut shape = shape::Shape::preset("small").unwrap();
    for (name, size) in [("activities", ACTIVITIES), ("deals", ACTIVITIES / 10), ("people", 100), ("weeks", 150)] {
        *shape.size(name).unwrap() = size;
    }
    let mut text = Vec::new();
    write(&shape, &mut text).unwrap();
    text
}

static TEXT: LazyLock<Vec<u8>> = LazyLock::new(|| text(|shape, out| shape::activities(shape, out)));

static SHEET: LazyLock<Sheet> = LazyLock::new(|| Sheet::open("activities.csv", TEXT.clone(), &Settings::default()).unwrap().0);

/// The columns of the activities with these headings.
fn columns(headings: &[&str]) -> Vec<usize> {
    headings.iter().map(|heading| SHEET.headings.iter().position(|h| h == heading).unwrap()).collect()
}

/// All columns of the activities, and those that hold dates and ids.
fn wanted() -> [Vec<usize>; 3] {
    let named = |part: &str| (0..SHEET.headings.len()).filter(|at| SHEET.headings[*at].contains(part)).collect();
    [named(""), named("Date"), named("Id")]
}

/// Everything that was read, and what was derived of it.
static READ: LazyLock<(Data, Facts)> = LazyLock::new(|| {
    let input = |name: &str, text: Vec<u8>| Input {
        name: name.to_owned(),
        named: true,
        table: None,
        inside: Inside::But(Vec::new()),
        bytes: text.into(),
    };
    let inputs = vec![input("activities.csv", TEXT.clone()), input("deals.csv", text(|shape, out| shape::deals(shape, out)))];
    let calendar = Calendar::default();
    let settings = crm::Settings {
        presets: Cow::Borrowed(crm::preset::shipped()),
        crm: None,
        date_order: None,
        decimal_mark: None,
        zone: None,
        encoding: None,
        delimiter: None,
        columns: Vec::new(),
        words: BTreeMap::new(),
        missed: None,
        currency: Some("USD".to_owned()),
        calendar: &calendar,
        as_of: day(),
        leaders_sell: false,
        credit: None,
        extras: BTreeMap::new(),
        meter: Meter::default(),
    };
    let mut data = crm::load(inputs, &settings).unwrap().data;
    let settings = facts::Settings {
        as_of: day(),
        through: None,
        blank: None,
        minutes: BTreeMap::new(),
        count_each: false,
        currency: Some("USD".into()),
        rates: None,
        stages: Vec::new(),
    };
    let facts = facts::derive(&mut data, &settings).unwrap();
    (data, facts)
});

fn day() -> Day {
    parse_date("2026-11-16").unwrap()
}

/// Every column, block by block on so many threads.
#[divan::bench(args = [1, 2], sample_count = 10)]
fn read_in_blocks(bencher: Bencher<'_, '_>, threads: usize) {
    let [columns, dates, ids] = wanted();
    let wanted = Wanted { dates: &dates, ids: &ids, ..Wanted::of(&columns) };
    bencher.counter(BytesCount::new(TEXT.len())).bench(|| SHEET.read_in_blocks(wanted, 256 << 10, threads).unwrap().read);
}

/// The same record by record, as where a block cannot be told from the next.
#[divan::bench(sample_count = 5)]
fn read_by_record(bencher: Bencher<'_, '_>) {
    let [columns, ..] = wanted();
    let wanted = Wanted::of(&columns);
    bencher.counter(BytesCount::new(TEXT.len())).bench(|| SHEET.read_plainly(wanted).read);
}

/// The distinct words of a column of dates.
fn dates() -> Vec<String> {
    let columns = columns(&["CreatedDate"]);
    let column = &SHEET.read(&columns).columns[0];
    column.words().iter().map(str::to_owned).collect()
}

/// Dates that are all written alike, as while reading.
#[divan::bench]
fn dates_alike(bencher: Bencher<'_, '_>) {
    let words = dates();
    let pattern = Template::of(words[0].as_bytes()).and_then(Pattern::of).unwrap();
    let bench = bencher.counter(ItemsCount::new(words.len()));
    bench.bench(|| words.iter().filter_map(|word| pattern.read_cell(word.as_bytes())).fold(0_u32, u32::wrapping_add));
}

/// The same by what understands any way of writing a date.
#[divan::bench(sample_count = 20)]
fn dates_of_any_form(bencher: Bencher<'_, '_>) {
    let words = dates();
    bencher.counter(ItemsCount::new(words.len())).bench(|| value::dates(&words, None).is_ok());
}

/// Amounts as people write them.
#[divan::bench(sample_count = 20)]
fn amounts(bencher: Bencher<'_, '_>) {
    let write = |n: u64| match n % 4 {
        0 => format!("${},{:03}.{:02}", n % 900 + 1, n % 1000, n % 100),
        1 => format!("{}.{:02}", n * 7, n % 100),
        2 => format!("USD {}", n * 13),
        _ => n.to_string(),
    };
    let words: Vec<String> = (0..50_000).map(write).collect::<BTreeSet<_>>().into_iter().collect();
    bencher.counter(ItemsCount::new(words.len())).bench(|| value::money(&words, None));
}

/// Conditions on words: each is asked once of every distinct word, and rows look the answer up.
#[divan::bench(args = [
    "kind IN ('meeting', 'presentation') AND outcome = 'held'",
    "owner = 'Ana Silva' OR account IS NULL",
    "subject ILIKE '%review%' OR subject ILIKE '%prep:%' OR subject ILIKE '%plan%'",
    "minutes / 60 > 0.5",
])]
fn condition(bencher: Bencher<'_, '_>, sql: &str) {
    let table = &READ.0.activities;
    let predicate = filter::compile(sql, Kind::Activities, &Location::file("bench")).unwrap();
    bencher.counter(ItemsCount::new(table.len())).bench(|| predicate.evaluate(table, &[]).unwrap().len());
}

/// Five measures by person, team and week of 150, as a wide report counts them; rows are those of all activities.
#[divan::bench(sample_count = 20)]
fn counting(bencher: Bencher<'_, '_>) {
    let (data, facts) = &*READ;
    let (calendar, names) = (Calendar::default(), MEASURES.map(str::to_owned));
    let measures = Catalog::new(&[]).unwrap().compile(&names).unwrap();
    let weeks = calendar.ending_with(&calendar.period_of(Grain::Week, day()), 150);
    bencher.counter(ItemsCount::new(data.activities.len())).bench(|| {
        // One that has counted before remembers what its conditions select.
        let engine = Engine::new(data, facts, &calendar, day(), &measures);
        engine.cube(&names, &weeks).unwrap().series.len()
    });
}
