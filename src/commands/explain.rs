//! `leadlag explain`.

use clap::Args as ClapArgs;

use super::exports::{AnyMeasure, Exports};
use super::output::Output;
use super::{Done, Plan};
use crate::cli::Global;
use crate::diagnostic::Failure;
use crate::measure::Entity;
use crate::report::{self, Question};

/// Show what a number means and the records behind it: counted, near misses, left out.
///
/// A near miss fails exactly one part of the measure's rule, which is shown beside it. The number is that of the report with the same
/// options: of one person with --owner, of a team with --team, else of everybody.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The measure's name.
    #[arg(help = "The measure, such as new_prospect_meetings", value_parser = AnyMeasure(None), hide_possible_values = true)]
    pub measure: String,
    /// What to read, of which days, and of whom.
    #[command(flatten)]
    pub exports: Exports,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
    /// How many near misses are listed [default: 20]
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub near: Option<usize>,
    /// List every record and every near miss
    #[arg(long, help_heading = "Output")]
    pub all: bool,
}

const EXAMPLES: &str = "Examples:
  leadlag explain prospect_meetings --owner \"Ana Silva\" --week 2026-W46 exports/
  leadlag explain revenue --team West --period quarter exports/ --format csv";

/// Near misses listed where nothing is said.
const NEAR: usize = 20;

/// Counted records listed on the page where nothing is said.
const SHOWN: usize = 60;

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    args.output.format()?;
    let mut plan = Plan::new(&args.exports, global, std::slice::from_ref(&args.measure))?;
    let mut said = std::mem::take(&mut plan.diagnostics);
    let run = plan.run(&args.exports).map_err(|Failure(found)| {
        said.extend(found);
        Failure(std::mem::take(&mut said))
    })?;
    let measure = plan.measure(&args.measure)?;
    let entity = run.owner.or(run.team.map(Entity::Team)).unwrap_or(Entity::All);
    let question = Question {
        measure,
        entity,
        period: run.period().clone(),
        near: if args.all { None } else { Some(args.near.unwrap_or(NEAR)) },
        shown: if args.all { None } else { Some(SHOWN) },
    };
    let mut document = report::explain(&run, &question)?;
    said.extend(document.diagnostics.clone());
    document.diagnostics.clone_from(&said);
    args.output.write(&document, global, &plan.read)?;
    Ok(said)
}
