//! Whether the lead test cries wolf, and whether it finds what is there: panels are simulated from seeds, and what the test says of them stands
//! beside what the reference implementation says of its own.
//!
//! `cargo bench --bench lead_test -- [N] [WORD]` simulates N panels for each row (1000 without it), of the rows whose names have the word in
//! them. The last line says whether every figure is within the Monte Carlo error of the reference's, and none is worse.
#![allow(clippy::print_stdout)]

mod draw;
mod rows;
mod simulate;

use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use leadlag::stats::lead::{Pair, Settings, Verdict, test};
use leadlag::stats::matrix::Matrix;
use leadlag::stats::random::Random;

use rows::{Better, FIGURES, ROWS, Row};
use simulate::{LEAD_WEEKS, panel};

/// Standard errors within which two figures are the same: 99 % of those that are the same fall within.
const ERRORS: f64 = 2.6;
/// Panels behind a figure of the reference, at least.
const REFERENCE_PANELS: f64 = 1000.0;

/// How often something was so, of how many.
#[derive(Debug, Clone, Copy, Default)]
struct Share {
    yes: usize,
    of: usize,
}

impl Share {
    fn add(&mut self, yes: bool) {
        self.yes += usize::from(yes);
        self.of += 1;
    }

    fn plus(self, other: Self) -> Self {
        Self { yes: self.yes + other.yes, of: self.of + other.of }
    }

    fn value(self) -> f64 {
        self.yes as f64 / (self.of as f64).max(1.0)
    }
}

/// One panel's results, a share for each of [`FIGURES`].
fn simulate(row: &Row, number: usize, seed: u64) -> [Share; 5] {
    let mut random = Random::new(seed, number as u64);
    let panel = panel(row.scenario, row.people, row.weeks, row.rate, &mut random);
    let settings = Settings { seed: number as u64, ..Settings::default() };
    let tested = test(&[Pair { lead: &panel.lead, lag: &panel.lag, drop: false }], &settings).pairs.remove(0);
    let found = tested.verdict == Verdict::Leads;
    let mut shares = [Share::default(); 5];
    shares[0].add(found);
    if let Some(evidence) = tested.evidence {
        if let Some(lead) = evidence.lead.filter(|_| found) {
            shares[1].add(lead.weeks.abs_diff(LEAD_WEEKS) <= 1);
            shares[2].add(lead.weeks.abs_diff(LEAD_WEEKS) <= 2);
            shares[3].add((lead.first..=lead.last).contains(&LEAD_WEEKS));
        }
        if let Some(effect) = evidence.effect {
            shares[4].add((effect.lo..=effect.hi).contains(&panel.effect));
        }
    }
    shares
}

/// The shares of so many panels, on all processors.
fn shares(row: &Row, panels: usize) -> [Share; 5] {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let seed = row.name.bytes().fold(0, |seed: u64, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    let add = |a: [Share; 5], b: [Share; 5]| std::array::from_fn(|figure| a[figure].plus(b[figure]));
    thread::scope(|scope| {
        let part = |first: usize| move || (first..panels).step_by(threads).map(|n| simulate(row, n, seed)).fold(Default::default(), add);
        let parts: Vec<_> = (0..threads).map(|first| scope.spawn(part(first))).collect();
        parts.into_iter().map(|part| part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).fold(Default::default(), add)
    })
}

/// How a figure stands to the reference's.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Standing {
    Same,
    Better,
    Worse,
}

fn standing(share: Share, expected: f64, better: Better) -> Standing {
    let error = (expected * (1.0 - expected) * (1.0 / share.of.max(1) as f64 + 1.0 / REFERENCE_PANELS)).sqrt();
    let over = (share.value() - expected) / error.max(f64::MIN_POSITIVE);
    match better {
        _ if over.abs() <= ERRORS => Standing::Same,
        Better::Higher if over > 0.0 => Standing::Better,
        Better::Lower if over < 0.0 => Standing::Better,
        Better::Nominal(nominal) if (share.value() - nominal).abs() < (expected - nominal).abs() => Standing::Better,
        _ => Standing::Worse,
    }
}

/// The time for 60 people, 156 weeks and 8 pairs, on one thread and on all.
fn timing() {
    let mut random = Random::new(1, 0);
    let row = Row { name: "", scenario: simulate::Scenario::Turnover, people: 60, weeks: 156, rate: 0.3, expected: [None; 5] };
    let panels: Vec<_> = (0..4).map(|_| panel(row.scenario, row.people, row.weeks, row.rate, &mut random)).collect();
    // One mask for all, as one sample has.
    let masked = |matrix: &Matrix| {
        let mut matrix = matrix.clone();
        for person in 0..matrix.rows() {
            let there = panels[0].lead.row(person);
            matrix.row_mut(person).iter_mut().zip(there).for_each(|(cell, there)| {
                *cell = if there.is_nan() { f64::NAN } else { cell.max(0.0) };
            });
        }
        matrix
    };
    let leads: Vec<Matrix> = panels.iter().map(|panel| masked(&panel.lead)).collect();
    let lags: Vec<Matrix> = panels[..2].iter().map(|panel| masked(&panel.lag)).collect();
    let pairs: Vec<Pair<'_>> = leads.iter().flat_map(|lead| lags.iter().map(move |lag| Pair { lead, lag, drop: false })).collect();
    let all = thread::available_parallelism().map_or(1, usize::from);
    for threads in [1, all] {
        let start = Instant::now();
        let results = test(&pairs, &Settings { threads, ..Settings::default() });
        println!("60 people × 156 weeks × {} pairs on {threads} threads: {:.2} s", results.pairs.len(), start.elapsed().as_secs_f64());
    }
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let panels = arguments.iter().find_map(|argument| argument.parse().ok()).unwrap_or(1000);
    let word = arguments.iter().find(|argument| argument.parse::<usize>().is_err());
    println!("{panels} panels a row: figure ± its Monte Carlo error (reference)");
    let (mut figures, mut better, mut worse) = (0, 0, Vec::new());
    for row in ROWS.iter().filter(|row| word.is_none_or(|word| row.name.contains(word))) {
        let start = Instant::now();
        let shares = shares(row, panels);
        let mut line = format!("{:<44}", format!("{}, {} × {}", row.name, row.people, row.weeks));
        for ((share, expected), (name, direction)) in shares.iter().zip(row.expected).zip(FIGURES) {
            let Some(expected) = expected else { continue };
            let value = share.value();
            let error = (value * (1.0 - value) / share.of.max(1) as f64).sqrt();
            let direction = if row.is_planted() { *direction } else { Better::Lower };
            let name = if row.is_planted() { name } else { "false" };
            let mark = match standing(*share, expected, direction) {
                Standing::Same => "",
                Standing::Better => "+",
                Standing::Worse => "!",
            };
            line += &format!("  {name} {value:.3} ± {error:.3} ({expected:.3}){mark}");
            figures += 1;
            better += usize::from(mark == "+");
            if mark == "!" {
                worse.push(format!("{} {name}", row.name));
            }
        }
        println!("{line}  [{:.0} s]", start.elapsed().as_secs_f64());
    }
    timing();
    if worse.is_empty() {
        println!("all {figures} figures are within Monte Carlo error of the reference's, or better ({better}); none is worse");
        return ExitCode::SUCCESS;
    }
    println!("{} of {figures} figures are worse than the reference's: {}", worse.len(), worse.join("; "));
    ExitCode::FAILURE
}
