//! One file per subcommand: its arguments, whose doc comments are the help, and `run`: load, compute, build, render.

pub mod check;
pub mod completions;
pub mod explain;
pub mod exports;
pub mod gap;
pub mod init;
pub mod inspect;
pub mod man;
mod output;
mod plan;
pub mod predict;
pub mod progress;
pub mod report;
pub mod schema;
mod since;
mod targets;
mod values;

use std::io::Write as _;

use crate::cli::{Cli, Command};
use crate::diagnostic::{Diagnostic, Failure, Outcome, Severity};
use crate::render;

pub use plan::Plan;

/// What a command did: its diagnostics, to be said on stderr.
pub(crate) type Done = Result<Vec<Diagnostic>, Failure>;

/// Runs a command.
pub fn run(cli: Cli) -> Outcome {
    let global = cli.global;
    global.progress.begin(&global);
    let mut outcome = Outcome::Done;
    let done = match cli.command {
        Command::Check(args) => check::run(&args, &global).map(|(said, found)| {
            outcome = found;
            said
        }),
        Command::Predict(args) => predict::run(&args, &global).map(|(said, found)| {
            outcome = found;
            said
        }),
        Command::Report(args) => report::run(&args, &global),
        Command::Gap(args) => gap::run(&args, &global),
        Command::Explain(args) => explain::run(&args, &global),
        Command::Inspect(args) => inspect::run(&args, &global),
        Command::Init(args) => init::run(&args, &global),
        Command::Schema(args) => schema::run(&args),
        Command::Completions(args) => completions::run(&args),
        Command::Man(args) => man::run(&args),
    };
    global.progress.end();
    let (mut list, failed) = match done {
        Ok(list) => (list, false),
        Err(Failure(list)) => (list, true),
    };
    let refused = list.iter().any(|d| d.severity == Severity::Error);
    if global.quiet {
        list.retain(|d| d.severity == Severity::Error);
    }
    let style = output::stderr_style(&global);
    let text = render::diagnostics(&list, &style, global.verbose);
    // Nobody reads a closed stderr, and there is nowhere else to say so.
    let _ = std::io::stderr().write_all(text.as_bytes());
    if failed || (global.strict && refused) { Outcome::CouldNot } else { outcome }
}
