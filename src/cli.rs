//! The command line: global options and the one list of subcommands.

use clap::{Args, Parser, Subcommand, ValueEnum, ValueHint};

use crate::commands::progress::Progress;
use crate::commands::{check, completions, explain, gap, init, inspect, man, predict, report, schema};

/// Lead measures beside lag measures, from any CRM's exports.
///
/// leadlag reads what a CRM exports (activities, deals, and the tables beside them, as CSV or Excel workbooks, packed or not) and prints
/// the weekly flash report: for each team and person what is being done that brings results, and what it has brought, with every record
/// accounted for. It uses no network and never changes an export.
#[derive(Debug, Parser)]
#[command(name = "leadlag", version, max_term_width = 100, after_help = SHORT, after_long_help = LONG)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub global: Global,
}

const SHORT: &str = "leadlag --help says more: examples, leadlag.toml, colors, exit codes; so does leadlag report --help.";

const LONG: &str = "Examples:
  leadlag inspect exports/                 what was understood of the files
  leadlag report exports/                  the page of the last complete week
  leadlag report exports/ -o report.json   the same for scripts, with records
  leadlag explain presentations exports/   where a number comes from
  leadlag init exports/ -o leadlag.toml    a configuration drafted from them
  leadlag report                           from then on: the files it names

Configuration:
  leadlag.toml says once what holds every week. It is looked for in the working
  folder, then in its parents, then in the folder of the exports; --config names
  another. A leadlag/leadlag.toml in ~/.config (or $XDG_CONFIG_HOME) holds for
  every report; where both set a value, the other one wins, and options win
  over both. leadlag inspect --config-origins shows each value and who set it.

  [report] [calendar]    title, measures shown; weeks, time zone, holidays
  [inputs]               files, or activities, deals …; crm and presets of your
                         own; date_order, decimal_mark, encoding, delimiter,
                         time_zone
  [money]                currency, and rates: a file with the headings currency,
                         from, rate
  [credit]               how a deal's money is shared with further owners
  [people] [minutes]     whether leaders sell; usual lengths
  [columns.<table>]      which heading fills what, where none is recognized
  [words.<vocabulary>]   what your words mean: kind, outcome, result, state,
                         commitment
  [stages] [outcome]     their order; what a blank means, a no-show's mark
  [filter]               records to keep
  [measure.<name>]       measures of your own
  [[target]] [[check]]   targets; what leadlag check demands

Output:
  The result alone goes to standard output; what is to be said of it, and on a
  terminal how far a run of more than a second has come, to standard error. With
  -q only errors are said, as cron wants it.

Environment:
  NO_COLOR         no colors; nothing is said by color alone
  CLICOLOR_FORCE   colors, also where the output is no terminal
  XDG_CONFIG_HOME  the folder of leadlag/leadlag.toml, else ~/.config

Exit codes:
  0    did what was asked; warnings may have been said
  1    a check found a breach
  2    could not do it: an option, a file or the configuration that cannot be,
       or a check that cannot be made; with --strict, anything refused too
  101  a bug; please report it";

/// The subcommands; what each does stands with its arguments.
#[derive(Debug, Subcommand)]
#[allow(missing_docs)] // a comment here would take the place of the longer one there
pub enum Command {
    Report(report::Args),
    Check(check::Args),
    Predict(predict::Args),
    Gap(gap::Args),
    Explain(explain::Args),
    Inspect(inspect::Args),
    Init(init::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
#[allow(clippy::struct_excessive_bools)] // each is a switch of the command line
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Read this leadlag.toml instead of looking for one in the working folder, its parents and the folder of the exports
    #[arg(long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
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
    /// Say nothing but errors: no warnings, no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more: notes, every diagnostic, the reason of each state
    #[arg(short, long, global = true)]
    pub verbose: bool,
    /// How far the run has come; no option.
    #[arg(skip)]
    pub progress: Progress,
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
