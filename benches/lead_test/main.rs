//! Whether the lead test cries wolf, and whether it finds what is there: panels are simulated from seeds, and what the test says of them stands
//! beside what the reference implementation says of its own: as published, and again with `fixtures/stats/figures.py`.
//!
//! `cargo bench --bench lead_test -- [N] [WORD]` simulates N panels for each row (1000 without it), of the rows whose names have the word in
//! them. The last line says whether every figure is within the Monte Carlo error of the reference's or better.
#![allow(clippy::print_stdout)]

mod draw;
mod rows;
mod simulate;

use std::fmt::Write as _;
use std::process::ExitCode;
use std::thread;
use std::time::Instant;

use leadlag::stats::lead::{Pair, Settings, Verdict, test};
use leadlag::stats::matrix::Matrix;
use leadlag::stats::random::Random;

use rows::{Better, FALSE, FIGURES, PUBLISHED_PANELS, ROWS, Row};
use simulate::{LEAD_WEEKS, panel};

/// Standard errors within which two figures are the same: 99 % of those that are the same fall within.
const ERRORS: f64 = 2.6;

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

/// Two shares of so many panels each, compared by the standard error of their difference.
fn standing(share: Share, (expected, of): (f64, f64), direction: Better) -> Standing {
    let n = (share.of as f64).max(1.0);
    // A published 1.00 may be anything from 0.995.
    let both = ((share.yes as f64 + expected * of) / (n + of)).clamp(0.005, 0.995);
    let over = share.value() - expected;
    let error = (both * (1.0 - both) * (1.0 / n + 1.0 / of)).sqrt();
    match direction {
        _ if over.abs() <= ERRORS * error => Standing::Same,
        Better::Higher if over > 0.0 => Standing::Better,
        Better::Lower if over < 0.0 => Standing::Better,
        Better::Nearer(nominal) if (share.value() - nominal).abs() < (expected - nominal).abs() => Standing::Better,
        _ => Standing::Worse,
    }
}

/// A row's figures in a line, and those of them that are worse than the reference's, of how many that were compared.
fn line(row: &Row, shares: &[Share; 5]) -> (String, Vec<String>, usize) {
    let (panels, again) = row.again();
    let mut line = format!("{:<46}", format!("{}, {} × {}", row.name, row.people, row.weeks));
    let (mut worse, mut compared) = (Vec::new(), 0);
    for (figure, share) in shares.iter().enumerate() {
        // What share of those found comes from fewer panels.
        let found = |of: usize, found: Option<f64>| of as f64 * if (1..=3).contains(&figure) { found.unwrap_or(1.0) } else { 1.0 };
        let published = row.published[figure].map(|value| (value, found(PUBLISHED_PANELS, row.published[0])));
        let again = again[figure].filter(|value| value.is_finite()).map(|value| (value, found(panels, again[0])));
        if published.or(again).is_none() {
            continue;
        }
        let (name, direction) = if row.is_planted() { FIGURES[figure] } else { FALSE };
        let value = share.value();
        let error = (value * (1.0 - value) / (share.of as f64).max(1.0)).sqrt();
        let mut beside = Vec::new();
        for expected in [published, again] {
            let Some(expected) = expected else {
                beside.push("–".to_owned());
                continue;
            };
            compared += 1;
            let mark = match standing(*share, expected, direction) {
                Standing::Same => "",
                Standing::Better => "+",
                Standing::Worse => {
                    worse.push(format!("{}, {} × {}: {name} {value:.3} against {:.3}", row.name, row.people, row.weeks, expected.0));
                    "!"
                }
            };
            beside.push(format!("{:.3}{mark}", expected.0));
        }
        let _ = write!(line, "  {name} {value:.3} ± {error:.3} ({})", beside.join(", "));
    }
    (line, worse, compared)
}

/// The time for 60 people, 156 weeks and 8 pairs, on one thread and on all.
fn timing() {
    let mut random = Random::new(1, 0);
    let row = Row { name: "", scenario: simulate::Scenario::Turnover, people: 60, weeks: 156, rate: 0.3, published: [None; 5] };
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
    println!("{panels} panels a row: figure ± its Monte Carlo error (as published, the reference again); + better, ! worse");
    let (mut compared, mut worse) = (0, Vec::new());
    for row in ROWS.iter().filter(|row| word.is_none_or(|word| row.name.contains(word))) {
        let start = Instant::now();
        let (line, row_worse, row_compared) = line(row, &shares(row, panels));
        println!("{line}  [{:.0} s]", start.elapsed().as_secs_f64());
        worse.extend(row_worse);
        compared += row_compared;
    }
    timing();
    if worse.is_empty() {
        println!(
            "of {compared} comparisons with the reference's figures, all are within {ERRORS} standard errors or better: none is worse"
        );
        return ExitCode::SUCCESS;
    }
    println!("of {compared} comparisons with the reference's figures, {} are worse: {}", worse.len(), worse.join("; "));
    ExitCode::FAILURE
}
