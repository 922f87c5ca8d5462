//! `leadlag` reads what a CRM exports and prints the weekly flash report: lead measures, which people can act on this week, beside lag
//! measures, which nobody can influence any more.
//!
//! Data goes one way, and each room hands over one typed thing:
//!
//! ```text
//! exports ──crm──▶ tables ──facts──▶ tables + derived columns, credits ──measure──▶ cube ─┬──────────────────────────▶ report ──▶ document
//!                                                                                         ├──check──▶ findings ──▶ report ──▶ document
//!                                                                                         └──predict──▶ verdicts ─┬▶ report ──▶ document
//!                                                                                                                 └gap──▶ report ──▶ document
//!
//! document ──render──▶ terminal, csv, tsv, json, markdown, html, xlsx
//! ```
//!
//! | layer | module | what it holds |
//! |---|---|---|
//! | 0 | [`calendar`], [`mod@unit`], [`diagnostic`] | days and periods; values with units; what went wrong, where, and what to do |
//! | 1 | [`table`], [`document`] | the canonical tables as dictionary-coded columns, the roster; what can be shown |
//! | 1 | [`stats`] | numbers in, structs out: rhythms of weeks, favorites, how often chance alone looks like that, and survival curves, and whether one measure predicts another |
//! | 2 | [`crm`] | any export → canonical tables: files unpacked, records with lines, presets as data, recognition, cells, rates, identity, evidence |
//! | 2 | [`facts`] | what needs several tables: stand-in owners, outcomes, how far exports reach, duplicates, prospects, advances, coaching, commitments, currencies, credits |
//! | 2 | [`measure`] | measures and the parts of a job as data, SQL predicates, the cube of values, what is told of 13 weeks, evidence, targets |
//! | 2 | [`render`] | document → bytes, one file per format |
//! | 3 | [`check`] | thresholds: what must hold, as configuration and command line say it, and whether it does |
//! | 3 | [`predict`] | leads against lags: which weeks and people can be tested, from first meetings to wins, and the verdicts; people and weeks of a file of values |
//! | 4 | [`gap`] | what is missing to a goal: the open deals' chances, what first meetings bring and until when, the other levers; each assumption own or given |
//! | 5 | [`report`], [`config`] | what is said of numbers, in sections of one file each, of what changed in them, of one number, of what was understood, and as a drafted configuration; `leadlag.toml` in layers |
//! | 6 | [`commands`] | one file per subcommand: load, compute, build, render; how far a run has come, on a terminal |
//! | 7 | [`cli`], [`run`] | the command line |
//!
//! A module imports only from layers above it in this table, or from its own folder; `tests/it/layers.rs` checks it. Three pairs are
//! excepted there, with their reasons: a value may be a day, measures count over what facts derive, and commands take the global options
//! of the command line. Only `commands` reads
//! the clock, the environment or the terminal. Polars evaluates arithmetic in filters and is used nowhere else: joins are look-ups by
//! dictionary word.
//!
//! Big texts are read in blocks by several threads ([`crm::read`]), and never held whole where they lie in a file, packed or not, or in an
//! archive, nor where standard input is such a file; what comes through a pipe is, since it comes once. From there on no row's text is
//! looked at: columns are codes into words ([`table::Words`]), what a word says is found out once, and rows that say the same share it.
//! Dates that are written alike, and ids, are numbers in their place, and become words only where somebody asks for those.
//! What a run does not ask for is not derived ([`facts::Needs`]). Results are the same for any number of threads.
//!
//! Exit codes: 0 did what was asked (a reader that closes the pipe included), 1 a check found a breach, 2 could not do what was asked (a check
//! that cannot be made is that), 101 a bug. Warnings never change the code.

pub mod calendar;
pub mod check;
pub mod cli;
pub mod commands;
pub mod config;
pub mod crm;
pub mod diagnostic;
pub mod document;
pub mod facts;
pub mod gap;
pub mod measure;
pub mod predict;
pub mod render;
pub mod report;
pub mod stats;
pub mod table;
pub mod unit;

use std::ffi::OsString;

use clap::Parser as _;

use diagnostic::Outcome;

/// Runs the program with its arguments, the first of which is its name; everything it has to say is on stdout and stderr.
pub fn run(args: impl IntoIterator<Item = OsString>) -> Outcome {
    let cli = match cli::Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(problem) => {
            // Help and version are results; a mistake is none, whether or not somebody reads of it.
            let unread = problem.print().is_err_and(|e| e.kind() != std::io::ErrorKind::BrokenPipe);
            return if problem.use_stderr() || unread { Outcome::CouldNot } else { Outcome::Done };
        }
    };
    commands::run(cli)
}
