//! The same patterns through the whole program: an export of more than a thousand people's quarter, and the flags as the report's csv
//! has them. Each is compared with what the statistics say of the counts that were written, so that nothing is lost on the way.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};
use leadlag::stats::favourites::favourites;
use leadlag::stats::rhythm::{ALPHA, WEEKS, neglected, see_saw, start_stop};

use super::most;
use super::people::{PATTERNS, Pattern, Quarter, There};
use crate::generate::Random;
use crate::program;

const PEOPLE: usize = 1200;
const MEANS: [f64; 3] = [1.0, 2.0, 3.0];
const FIRST: Date = date(2026, 8, 17);
const AS_OF: &str = "2026-11-16";
const FLAGS: [&str; 4] = ["neglected", "start_stop", "see_saw", "favourites"];

/// A kind of work as a weekly count, as its activities are told: type and subject.
const KINDS: [(&str, &str); 8] = [
    ("Call", "Prospecting call"),
    ("Proposal", "Offer"),
    ("Meeting", "Visit"),
    ("Planning", "Account plan"),
    ("Prep", "Prepare the visit"),
    ("Forecast", "Forecast"),
    ("Admin", "Expenses"),
    ("Training", "Course"),
];
const PROSPECTING: usize = 0;
const DEAL_WORK: usize = 1;
const MEETINGS: usize = 2;

/// How often a week each of the other kinds is done; the first are planted.
const STEADY: [f64; 8] = [0.0, 0.0, 0.0, 0.6, 1.0, 0.8, 0.5, 0.3];

/// Fewer counted weeks than this are not judged.
const LEAST: u64 = 8;

type Weeks = Vec<Option<u32>>;

struct Person {
    name: String,
    planted: Option<usize>,
    kinds: Vec<Weeks>,
    met: Vec<u32>,
}

#[derive(Default)]
struct Files {
    activities: String,
    deals: String,
    accounts: String,
    people: String,
    absences: String,
    records: usize,
}

impl Files {
    fn begun() -> Self {
        // One record each before the first week, so that the exports reach back further than it.
        Self {
            activities: format!(
                "activity_id,rep_name,activity_type,activity_date,outcome,account_id,subject\nA0,Rep 0001,Call,{0},Completed,,Check\n",
                FIRST - 35.days()
            ),
            deals: format!(
                "deal_id,deal_name,rep_name,account_id,stage,amount,close_date,created_date\nD0,First,Rep 0001,1-0,Closed Won,500.00,{0},{0}\n",
                FIRST - 7.days()
            ),
            accounts: "Account ID,Account Name,Owner,Customer Since\n".to_owned(),
            people: "Name,Role,Manager,Team,From,To\n".to_owned(),
            absences: "person,from,to\n".to_owned(),
            records: 0,
        }
    }

    fn activity(&mut self, who: &str, kind: usize, day: Date, account: &str) {
        self.records += 1;
        let (activity, subject) = KINDS[kind];
        writeln!(self.activities, "A{},{who},{activity},{day},Completed,{account},{subject}", self.records).unwrap();
    }

    fn deal(&mut self, who: &str, day: Date, account: &str) {
        self.records += 1;
        let created = FIRST - 3.days();
        writeln!(self.deals, "D{0},Deal {0},{who},{account},Closed Won,500.00,{day},{created}", self.records).unwrap();
    }

    fn write(&self, folder: &Path) {
        for (name, text) in [
            ("activities.csv", &self.activities),
            ("deals.csv", &self.deals),
            ("accounts.csv", &self.accounts),
            ("people.csv", &self.people),
            ("absences.csv", &self.absences),
        ] {
            fs::write(folder.join(name), text).unwrap();
        }
    }
}

/// A day of the week on which somebody is there.
fn day(week: usize, there: There, random: &mut Random) -> Date {
    let weekday = if there == There::Full { random.below(5) } else { 3 + random.below(2) };
    FIRST + (7 * week as i64 + weekday as i64).days()
}

/// Half of the people have nothing planted, the others each pattern in turn.
fn planted(number: usize) -> Option<usize> {
    (number % 2 == 1).then(|| number / 2 % PATTERNS.len())
}

fn write_person(number: usize, files: &mut Files, random: &mut Random) -> Person {
    let planted = planted(number);
    let mean = MEANS[number / (2 * PATTERNS.len()) % MEANS.len()];
    let quarter = Quarter::draw(planted.map_or(Pattern::Steady, |at| PATTERNS[at].1), mean, 20, random);
    let name = format!("Rep {number:04}");
    writeln!(files.people, "{name},rep,,Team {},,", number % 10).unwrap();
    for account in 0..quarter.met.len() {
        writeln!(files.accounts, "{number}-{account},Customer {number}-{account},{name},2015-01-05").unwrap();
    }
    for (week, there) in quarter.there.iter().enumerate() {
        let monday = FIRST + (7 * week as i64).days();
        let last = match there {
            There::Full => continue,
            There::Short => monday + 2.days(),
            There::Away => monday + 6.days(),
        };
        writeln!(files.absences, "{name},{monday},{last}").unwrap();
    }
    let mut kinds: Vec<Weeks> = STEADY.iter().map(|mean| quarter.steady(*mean, random)).collect();
    kinds[PROSPECTING].clone_from(&quarter.prospecting);
    kinds[DEAL_WORK].clone_from(&quarter.deal_work);
    for (kind, weeks) in kinds.iter().enumerate().filter(|(kind, _)| *kind != MEETINGS) {
        for (week, n) in weeks.iter().enumerate() {
            for record in 0..n.unwrap_or(0) {
                let day = day(week, quarter.there[week], random);
                if kind == DEAL_WORK && record % 3 == 2 {
                    files.deal(&name, day, &format!("{number}-{}", random.below(quarter.met.len())));
                } else {
                    files.activity(&name, kind, day, "");
                }
            }
        }
    }
    let mut met = vec![0; quarter.met.len()];
    let mut weeks: Weeks = quarter.there.iter().map(|there| (*there == There::Full).then_some(0)).collect();
    for (account, n) in quarter.met.iter().enumerate() {
        for _ in 0..*n {
            let week = random.below(WEEKS);
            if quarter.there[week] == There::Away {
                continue;
            }
            met[account] += 1;
            *weeks[week].get_or_insert(0) += 1;
            files.activity(&name, MEETINGS, day(week, quarter.there[week], random), &format!("{number}-{account}"));
        }
    }
    kinds[MEETINGS] = weeks;
    Person { name, planted, kinds, met }
}

fn counted(weeks: &Weeks) -> (u64, u64) {
    weeks.iter().flatten().fold((0, 0), |(records, weeks), n| (records + u64::from(*n), weeks + 1))
}

/// Whether so many weeks count for a kind of work that it is judged.
fn judged(person: &Person, kind: usize) -> bool {
    counted(&person.kinds[kind]).1 >= LEAST
}

/// The number of flags of each sort that a person's counts have; none where they are too few to judge.
fn expected(person: &Person, all: &[(u64, u64)]) -> [Option<usize>; 4] {
    let of_enough: Vec<usize> = (0..KINDS.len()).filter(|kind| judged(person, *kind)).collect();
    let alpha = ALPHA / of_enough.len() as f64;
    let others = |kind: usize| {
        let ((records, weeks), (own, own_weeks)) = (all[kind], counted(&person.kinds[kind]));
        Some((records - own) as f64 / (weeks - own_weeks) as f64)
    };
    let [prospecting, deal_work] = [PROSPECTING, DEAL_WORK].map(|kind| &person.kinds[kind]);
    let with = |flagged: &dyn Fn(usize) -> bool| of_enough.iter().filter(|kind| flagged(**kind)).count();
    let any = !of_enough.is_empty();
    let both = judged(person, PROSPECTING) && judged(person, DEAL_WORK);
    [
        any.then(|| with(&|kind| neglected(&person.kinds[kind], others(kind), alpha).is_some())),
        any.then(|| with(&|kind| start_stop(&person.kinds[kind], alpha).is_some())),
        both.then(|| usize::from(see_saw(prospecting, deal_work, ALPHA).is_some())),
        judged(person, MEETINGS).then(|| usize::from(favourites(&person.met, person.met.len() as u32, ALPHA).is_some())),
    ]
}

/// Which people have which flags, and how many, as the program's csv says.
fn reported(folder: &Path) -> BTreeMap<(String, String), String> {
    let leads = FLAGS.join(",");
    let args = ["report", folder.to_str().unwrap(), "--as-of", AS_OF, "--format", "csv", "--by", "owner", "--leads", &leads];
    let output = program::run(&args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut rows = csv::Reader::from_reader(output.stdout.as_slice());
    let headings = rows.headers().unwrap().clone();
    let at = |name: &str| headings.iter().position(|heading| heading == name).unwrap();
    let [level, name, measure, value, missing] = ["level", "name", "measure", "value", "missing"].map(at);
    let rows = rows.records().map(Result::unwrap);
    let owners = rows.filter(|row| &row[level] == "owner" && FLAGS.contains(&&row[measure]));
    owners.map(|row| ((row[name].to_owned(), row[measure].to_owned()), format!("{}{}", &row[value], &row[missing]))).collect()
}

#[test]
fn planted_patterns_through_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let (mut files, mut random) = (Files::begun(), Random::new(13));
    let people: Vec<Person> = (1..=PEOPLE).map(|number| write_person(number, &mut files, &mut random)).collect();
    files.write(folder.path());
    let sum = |kind: usize| {
        let weeks = people.iter().map(|person| counted(&person.kinds[kind])).filter(|(_, weeks)| *weeks >= LEAST);
        weeks.fold((0, 0), |sum, more| (sum.0 + more.0, sum.1 + more.1))
    };
    let all: Vec<(u64, u64)> = (0..KINDS.len()).map(sum).collect();
    let reported = reported(folder.path());

    // Of those with nothing planted, and of those with each pattern: how many, and how many with each flag.
    let mut groups: BTreeMap<Option<usize>, (u32, [u32; 4])> = BTreeMap::new();
    for person in &people {
        let group = groups.entry(person.planted).or_default();
        group.0 += 1;
        for ((flag, expected), count) in FLAGS.iter().zip(expected(person, &all)).zip(&mut group.1) {
            let said = &reported[&(person.name.clone(), (*flag).to_owned())];
            let expected = expected.map_or("too_few".to_owned(), |n| n.to_string());
            assert_eq!(*said, expected, "{flag} of {}", person.name);
            *count += u32::from(!matches!(expected.as_str(), "0" | "too_few"));
        }
    }
    println!(
        "\n{} records of {PEOPLE} people, % of people flagged by the program\n{:<24}people  {}",
        files.records,
        "planted",
        FLAGS.join("  ")
    );
    for (planted, (quarters, flagged)) in &groups {
        let rates = flagged.map(|n| f64::from(n) / f64::from(*quarters));
        let [neglect, stops, saw, favorites] = rates.map(|rate| 100.0 * rate);
        let name = planted.map_or("nothing", |at| PATTERNS[at].0);
        println!("{name:<24}{quarters:>6}{neglect:>11.1}{stops:>12.1}{saw:>9.1}{favorites:>12.1}");
        let floor = match planted.map(|at| PATTERNS[at].1) {
            None => {
                assert!(rates.iter().all(|rate| *rate <= most(*quarters)), "{rates:?}");
                continue;
            }
            Some(Pattern::HotDeals) => {
                // Such deal work is not steady, and may start and stop; prospecting is.
                assert!(rates[2] <= most(*quarters), "{rates:?}");
                continue;
            }
            Some(Pattern::Neglect { weeks }) if weeks > 3 => (0, 0.5),
            Some(Pattern::StartStop { off: 2.., on: 2 | 3 }) => (1, 0.4),
            Some(Pattern::SeeSaw { left }) if left < 0.1 => (2, 0.4),
            Some(Pattern::Favourites { share }) if share > 0.7 => (3, 0.6),
            Some(_) => continue,
        };
        assert!(rates[floor.0] >= floor.1, "{name}: {rates:?}");
    }
}
