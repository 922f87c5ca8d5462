//! A small company's exports, made from a seed: the same seed gives the same bytes.
//!
//! The rows exercise the counting rules: outcomes of every sort, deleted rows, internal work, joint meetings, the same id twice, missing
//! owners and accounts, prospects and customers, people who come, go and change team.
//!
//! What is left out on purpose, because the written rules don't decide it:
//! - two customer meetings with one account on one day (which is the first?), except one meeting of several people, which is merged;
//! - meetings with one account exactly 180 days apart (is the 180th day before inside "the 180 days before"?);
//! - one id twice with different contents and the same modified date (decided by row order, which is shuffled here);
//! - a deleted row whose id stands elsewhere undeleted, and activities linked to a deleted deal;
//! - records of people outside their time with the company, and records without owner whose deal or account belongs to such a person;
//! - customer meetings linked to a deal but to no account (does the deal's account count as met?): only calls are like that;
//! - words such as "first meeting" in a subject; typed meetings with an internal subject; typed presentations called rehearsal;
//! - deals created in the window without a type, and contacts met on such deals (new business or not?), deals without account, two wins of one account on one day;
//! - open deals neither fresh (touched in the last week) nor old (untouched for the whole window): no page says when a deal is stale;
//! - open deals without next step but with a planned activity;
//! - anything of the day of `--as-of` that is a customer meeting or a deal: is that day past? It is a Monday, so that weeks end before it;
//! - activity files that start or end at different times; a first activity that is not on the first Monday;
//! - planned meetings with a blank outcome where the export keeps outcomes.

mod company;
mod sheets;
mod work;

use std::fmt::Write as _;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

/// splitmix64 (Steele, Lea, Flood 2014): tiny, seeded, good enough to shuffle sales people.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n` − 1.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1) as usize) as i64
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// A word drawn by weight.
    pub(crate) fn weighted<'a>(&mut self, words: &[(&'a str, usize)]) -> &'a str {
        let mut left = self.below(words.iter().map(|w| w.1).sum());
        for (word, weight) in words {
            if left < *weight {
                return word;
            }
            left -= weight;
        }
        words[0].0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}

/// Whose headings the exports have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Salesforce's API names; events have no status, and instants carry a zone.
    Salesforce,
    /// Generic headings; with times of day or with dates only.
    Generic { times: bool },
}

/// What to make.
#[derive(Debug, Clone)]
pub(crate) struct Company {
    pub(crate) seed: u64,
    pub(crate) shape: Shape,
    pub(crate) people: usize,
    pub(crate) weeks: usize,
    /// About this many activities.
    pub(crate) rows: usize,
    /// How far the deals reach back before the first week.
    pub(crate) history_months: i32,
    /// So many weeks before the end the activities stop, in the middle of a week; 0 for none.
    pub(crate) silent_weeks: usize,
    /// The zone in which people meet: instants are written in UTC.
    pub(crate) zone: &'static str,
}

/// One file: its name, its headings and its rows.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    pub(crate) name: String,
    pub(crate) headings: String,
    pub(crate) rows: Vec<Vec<String>>,
}

impl Sheet {
    pub(crate) fn text(&self) -> String {
        let mut out = self.headings.clone();
        out.push('\n');
        for row in &self.rows {
            let cells: Vec<String> =
                row.iter().map(|c| if c.contains([',', '"']) { format!("\"{}\"", c.replace('"', "\"\"")) } else { c.clone() }).collect();
            let _ = writeln!(out, "{}", cells.join(","));
        }
        out
    }
}

/// The files of a company and the days that matter.
#[derive(Debug, Clone)]
pub(crate) struct Exports {
    pub(crate) sheets: Vec<Sheet>,
    /// The first Monday with activities.
    pub(crate) first: Date,
    /// The Monday after the last week.
    pub(crate) as_of: Date,
}

impl Exports {
    /// Writes the files into a folder that exists.
    pub(crate) fn write(&self, folder: &Path) {
        for sheet in &self.sheets {
            std::fs::write(folder.join(&sheet.name), sheet.text()).unwrap();
        }
    }

    /// The same rows in another order.
    pub(crate) fn shuffled(&self, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut other = self.clone();
        for sheet in &mut other.sheets {
            random.shuffle(&mut sheet.rows);
        }
        other
    }

    /// The same files, and for each table with ids a second file that repeats every second row.
    pub(crate) fn overlapping(&self) -> Self {
        let mut other = self.clone();
        for sheet in &self.sheets {
            if sheet.name.starts_with("people") {
                continue;
            }
            let mut again = sheet.clone();
            again.name = sheet.name.replace(".csv", "_2.csv");
            again.rows = sheet.rows.iter().step_by(2).cloned().collect();
            other.sheets.push(again);
        }
        other
    }
}

#[derive(Debug, Clone)]
struct Stay {
    team: usize,
    from: Option<Date>,
    to: Option<Date>,
}

#[derive(Debug, Clone)]
struct Person {
    name: String,
    id: String,
    leader: bool,
    stays: Vec<Stay>,
    /// With the company before, during and after the window.
    always: bool,
}

impl Person {
    fn here(&self, day: Date) -> bool {
        self.stays.iter().any(|s| s.from.is_none_or(|f| f <= day) && s.to.is_none_or(|t| day <= t))
    }
}

#[derive(Debug, Clone)]
struct Account {
    id: String,
    name: String,
    owner: Option<usize>,
    contacts: Vec<(String, String)>,
    /// Days of customer meetings, planned or held.
    met: Vec<Date>,
    /// Day and contact of held ones.
    held: Vec<(Date, Option<usize>)>,
    wins: Vec<Date>,
    deals: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Deal {
    id: String,
    account: usize,
    owner: Option<usize>,
    stage: &'static str,
    amount: String,
    cost: String,
    created: Date,
    close: Date,
    kind: &'static str,
    next_step: &'static str,
    modified: Date,
    deleted: bool,
    /// Whether activities may belong to it.
    linkable: bool,
}

#[derive(Debug, Clone)]
#[allow(clippy::struct_excessive_bools)]
struct Act {
    id: String,
    /// In Salesforce: an Event rather than a Task.
    event: bool,
    word: &'static str,
    channel: &'static str,
    subject: String,
    owner: Option<usize>,
    due: Date,
    time: (i8, i8),
    status: &'static str,
    completed: Option<Date>,
    seconds: Option<i64>,
    account: Option<usize>,
    contact: Option<usize>,
    deal: Option<usize>,
    result: &'static str,
    created: Date,
    modified: Date,
    deleted: bool,
    child: bool,
    recurring: bool,
}

/// Salesforce's 18 characters: 15, and three that say where capitals are.
fn salesforce_id(prefix: &str, number: usize) -> String {
    let short = format!("{prefix}{number:0width$}", width = 15 - prefix.len());
    let bytes = short.as_bytes();
    let mut id = short.clone();
    for chunk in bytes.chunks(5) {
        let bits = chunk.iter().enumerate().fold(0_usize, |sum, (i, b)| sum + (usize::from(b.is_ascii_uppercase()) << i));
        id.push(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits]));
    }
    id
}

struct Maker {
    random: Random,
    plan: Company,
    first: Date,
    as_of: Date,
    people: Vec<Person>,
    accounts: Vec<Account>,
    deals: Vec<Deal>,
    acts: Vec<Act>,
    /// The last day on which an activity was touched.
    quiet_from: Date,
}

/// Makes the exports of a company.
pub(crate) fn generate(plan: &Company) -> Exports {
    let first = date(2026, 1, 5);
    let as_of = first + (plan.weeks as i64).weeks();
    let quiet_from = if plan.silent_weeks == 0 { as_of } else { as_of - (plan.silent_weeks as i64 * 7 - 2).days() };
    let mut maker = Maker {
        random: Random::new(plan.seed),
        plan: plan.clone(),
        first,
        as_of,
        people: Vec::new(),
        accounts: Vec::new(),
        deals: Vec::new(),
        acts: Vec::new(),
        quiet_from,
    };
    maker.people();
    maker.accounts();
    maker.deals();
    maker.activities();
    maker.joint();
    let sheets = match plan.shape {
        Shape::Salesforce => maker.salesforce(),
        Shape::Generic { times } => maker.generic(times),
    };
    Exports { sheets, first, as_of }
}
