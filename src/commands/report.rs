//! `leadlag report`.

use std::path::Path;

use clap::Args as ClapArgs;

use super::exports::Exports;
use super::output::Output;
use super::{Done, Plan};
use crate::cli::Global;
use crate::diagnostic::{Code, Diagnostic};
use crate::report;

/// Print the flash report: lead measures beside lag measures, by team and person.
///
/// It shows the last complete week: one that is over and whose last workday the exports reach. On the left stands what was done, against its
/// target; on the right what came of it, against where it should stand today; below, what the numbers rest on.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to read, of which days, and how finely.
    #[command(flatten)]
    pub exports: Exports,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
    /// Write one file per team, its name before the extension of -o
    #[arg(long, value_name = "LEVEL", value_parser = ["team"], requires = "output", help_heading = "Output")]
    pub split: Option<String>,
}

const EXAMPLES: &str = "Examples:
  leadlag report exports/                         the last complete week
  leadlag report exports/ --team West             one team
  leadlag report --week 2026-W46                  that week, even if not over
  unzip -p crm.zip deals.csv | leadlag report calls.csv -
  leadlag report exports/ --period month --periods 6 --format csv > months.csv
  leadlag report exports/ --from 2026-10-01 --to 2026-11-15 -o quarter.json
  0 7 * * 1  leadlag report -q -o flash.json      in a crontab: Mondays at seven";

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    args.output.format()?;
    let mut plan = Plan::new(&args.exports, global, &[])?;
    let mut said = std::mem::take(&mut plan.diagnostics);
    if args.split.is_some() {
        for team in plan.teams() {
            let only = Exports { team: Some(team.clone()), owner: None, ..args.exports.clone() };
            let document = build(&plan, &only, &mut said)?;
            let path = args.output.output.as_deref().map(|path| beside(path, team));
            args.output.write_to(&document, global, path.as_deref(), &plan.read)?;
        }
        if plan.teams().is_empty() {
            return Err(Diagnostic::error(Code::UnknownName, "there is no team to split by")
                .hint("give the people a team in people.csv: name, team, from, to")
                .into());
        }
        return Ok(said);
    }
    let document = build(&plan, &args.exports, &mut said)?;
    args.output.write(&document, global, &plan.read)?;
    Ok(said)
}

fn build(plan: &Plan, exports: &Exports, said: &mut Vec<Diagnostic>) -> Result<crate::document::Document, crate::diagnostic::Failure> {
    let run = plan.run(exports).map_err(|crate::diagnostic::Failure(found)| {
        said.extend(found);
        crate::diagnostic::Failure(std::mem::take(said))
    })?;
    let mut document = report::report(&run)?;
    for diagnostic in document.diagnostics.iter().chain(&report::unaccounted(run.data)) {
        if !said.contains(diagnostic) {
            said.push(diagnostic.clone());
        }
    }
    document.diagnostics.clone_from(said);
    Ok(document)
}

/// A file's name with a team's before its extension; what no file name can hold becomes a dash.
fn beside(path: &str, team: &str) -> String {
    let safe: String = team.chars().map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') { c } else { '-' }).collect();
    let path = Path::new(path);
    let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or("report");
    let name = match path.extension().and_then(|e| e.to_str()) {
        Some(extension) => format!("{stem}.{safe}.{extension}"),
        None => format!("{stem}.{safe}"),
    };
    path.with_file_name(name).to_string_lossy().into_owned()
}
