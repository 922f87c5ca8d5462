//! The command line: global options and the one list of subcommands.

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::commands::{explain, init, inspect, report, schema};

/// Lead measures beside lag measures, from any CRM's exports.
///
/// leadlag reads what a CRM exports (activities, deals, and the tables beside them, as CSV or Excel workbooks, packed or not) and prints
/// the weekly flash report: for each team and person what is being done that brings results, and what it has brought, with every record
/// accounted for.
#[derive(Debug, Parser)]
#[command(name = "leadlag", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

const EXIT_CODES: &str = "leadlag.toml says once what holds every week; leadlag init drafts it:
  [report] [calendar]    title, measures shown; weeks, time zone, fiscal year, holidays
  [inputs]               files, or activities, deals …; crm and presets of your own; date_order,
                         decimal_mark, encoding, delimiter, time_zone
  [money]                currency, and rates: a file with the headings currency, from, rate
  [credit]               how a deal's money is shared with further owners
  [people] [minutes]     whether leaders sell; usual lengths
  [columns.<table>]      which heading fills what, where headings are not recognized
  [words.<vocabulary>]   what your words mean: kind, outcome, result, state
  [stages] [outcome]     their order; what a blank means, which box marks a no-show
  [filter]               records to keep
  [measure.<name>]       measures of your own
  [[target]]             targets

Exit codes: 0 did what was asked, 1 a check found a breach, 2 could not do it.";

/// The subcommands; what each does stands with its arguments.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)] // a comment here would take the place of the longer one there
pub enum Command {
    Report(report::Args),
    Explain(explain::Args),
    Inspect(inspect::Args),
    Init(init::Args),
    Schema(schema::Args),
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of the command line
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read this leadlag.toml instead of looking for one in the working folder, its parents and the folder of the exports
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<String>,
    /// Exit with 2 when anything was refused (a file, a record or a cell), after writing the result
    #[arg(long, global = true)]
    pub strict: bool,
    /// Use colors
    #[arg(
        long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN",
        help = "Use colors; auto heeds CLICOLOR_FORCE, then NO_COLOR"
    )]
    pub color: Color,
    /// Draw the page's own marks in ASCII; names stay as the exports write them
    #[arg(long, global = true)]
    pub ascii: bool,
    /// Say only what is wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: notes, every diagnostic, the reason of each state
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

/// When to use colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
