//! `leadlag predict`.

use std::path::PathBuf;
use std::thread;

use clap::Args as ClapArgs;
use clap::ValueHint::{FilePath, Other};

use super::exports::{AnyMeasure, Exports, Inputs};
use super::output::Output;
use super::plan::{Plan, configure};
use super::values;
use crate::cli::Global;
use crate::diagnostic::{Code, Diagnostic, Failure, Outcome};
use crate::measure::spec::{Role, Text};
use crate::predict::values::Choice;
use crate::predict::{self, Linkage, Panel, Required};
use crate::report::{self, Asked, Frame};
use crate::stats::lead::Settings;

/// Test whether each lead measure predicts a lag measure, and after how long.
///
/// First, what became of the accounts that were first met: which share bought, and after how many weeks. Then each lead with each lag:
/// whether a person's own activity lines up with that person's later results better than somebody else's activity does, with each
/// person's level and trend and each week's common effect taken out. Weeks that are not complete, and the weeks before and after a
/// person's time, are left out. It says what the records predict, never what causes what.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES, after_long_help = MORE)]
pub struct Args {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// A file of values instead of exports.
    #[arg(
        long,
        value_name = "FILE",
        value_hint = FilePath,
        help_heading = "Inputs",
        conflicts_with_all = ["files", "activities", "deals", "accounts", "lead_records", "people", "targets", "absences", "stages", "crm",
            "filters", "as_of", "through"],
        help = "Test these values instead of exports: a tidy csv, such as report --period week --format csv writes"
    )]
    pub values: Option<String>,
    /// The lead measures that are tested.
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', help_heading = "What is tested",
        value_parser = AnyMeasure(Some(Role::Lead)), hide_possible_values = true,
        help = "The lead measures, separated by commas [default: those of the report]")]
    pub leads: Option<Vec<String>>,
    /// The lag measures that are tested.
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', help_heading = "What is tested",
        value_parser = AnyMeasure(Some(Role::Lag)), hide_possible_values = true,
        help = "The lag measures, separated by commas [default: deals_won, revenue and those of the report]")]
    pub lags: Option<Vec<String>>,
    /// How many weeks ahead a lead may be at most; a third of the weeks where that is less
    #[arg(long, value_name = "N", value_hint = Other, help_heading = "What is tested", default_value_t = 13,
        value_parser = weeks, allow_negative_numbers = true)]
    pub max_lag: u8,
    /// What the shuffles are drawn from; the same seed gives the same result
    #[arg(long, value_name = "N", value_hint = Other, help_heading = "What is tested", default_value_t = 1,
        value_parser = seed, allow_negative_numbers = true)]
    pub seed: u64,
    /// Exit with 1 unless each lead leads with some lag, and with 2 where there is too little data
    #[arg(long, help_heading = "What is tested")]
    pub require: bool,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
}

/// The examples, once for both forms of the help.
macro_rules! examples {
    () => {
        "Examples:
  leadlag predict exports/               each lead of leadlag.toml with each lag
  leadlag predict exports/ --leads presentations --lags deals_won
  leadlag predict exports/ -o predict.html     with charts
  leadlag predict exports/ --require -q        a check: exit 1 where none leads
  leadlag report exports/ --periods 104 --format csv > weeks.csv
  leadlag predict --values weeks.csv           the same from any table of values
"
    };
}

const EXAMPLES: &str = concat!(
    examples!(),
    "
Exit codes: 0 did it; with --require 1 a lead leads no lag, 2 too little data
(see --help)."
);

const MORE: &str = concat!(
    examples!(),
    "
Verdicts, in the order in which they are decided:
  too little data            fewer than 5 usable people, 26 weeks, or 30 weeks
                             of a person with a result; it says what is missing
  leads                      it predicts the lag: at most 1 of 20 times would
                             chance alone look like that in any pair tested,
                             and the lead comes first
  moves together, not ahead  as unlikely by chance, but not clearly first
  hint, not proven           at most 1 of 20 times in this pair alone
  too little data to tell    nothing found, and even an activity behind every
                             result would hardly have been
  no lead shown              nothing found within the weeks looked ahead

Usable is who has 20 weeks in which both measures are known and vary. One week
is one row: a lead that takes longer than --max-lag cannot be seen. To see
weaker or slower leads, export more weeks; two years of ten people are a start.

Exit codes:
  0  did it, whatever was found
  1  with --require: some lead has no lag that it leads
  2  with --require: of some lead every pair has too little data; or nothing
     could be read. 2 comes before 1, and the page is written all the same"
);

/// What is tested, what it shows, and what was said and read on the way.
struct Found {
    frame: Frame,
    panel: Panel,
    linkages: Vec<Linkage>,
    said: Vec<Diagnostic>,
    read: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Result<(Vec<Diagnostic>, Outcome), Failure> {
    args.output.format()?;
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings { max_lag: usize::from(args.max_lag), seed: args.seed, threads, ..Settings::default() };
    let found = match &args.values {
        Some(file) => of_values(file, args, global, &settings),
        None => of_exports(args, global, &settings),
    };
    let Found { frame, panel, linkages, mut said, read } = found?;
    let required = args.require.then(|| panel.required());
    let mut document = report::predict(&frame, &panel, &linkages, &Asked { settings: &settings, required: required.as_ref() });
    said.extend(required.iter().flat_map(|required| missed(&panel, required)));
    for diagnostic in &document.diagnostics {
        if !said.contains(diagnostic) {
            said.push(diagnostic.clone());
        }
    }
    document.diagnostics.clone_from(&said);
    let outcome = match &required {
        Some(required) if !required.unjudged.is_empty() => Outcome::CouldNot,
        Some(required) if !required.missed.is_empty() => Outcome::Breach,
        _ => Outcome::Done,
    };
    let to_file = args.output.output.as_deref().is_some_and(|path| path != "-");
    if to_file || !(global.quiet && args.require && outcome == Outcome::Done) {
        args.output.write(&document, global, &read)?;
    }
    Ok((said, outcome))
}

/// The leads that are not as `--require` asks for.
fn missed(panel: &Panel, required: &Required) -> Vec<Diagnostic> {
    let name = |lead: &usize| panel.grid.leads[*lead].name.as_str();
    let unjudged = required.unjudged.iter().map(|lead| {
        Diagnostic::error(Code::NotJudged, format!("--require: whether {} leads any lag cannot be said: too little data", name(lead)))
            .hint("the page says what is missing; leave the lead out with --leads until it is there")
    });
    let missed = required.missed.iter().map(|lead| {
        Diagnostic::warning(
            Code::NoLead,
            format!("--require: {} is not shown to lead any lag within {} weeks", name(lead), panel.results.max_lag),
        )
        .hint("look at its verdicts; a lead that is not shown may still be one that takes longer or that few data hide")
    });
    unjudged.chain(missed).collect()
}

/// The panel of the exports.
fn of_exports(args: &Args, global: &Global, settings: &Settings) -> Result<Found, Failure> {
    let exports = exports(args);
    let mut plan = Plan::new(&exports, global, &[])?;
    let mut said = std::mem::take(&mut plan.diagnostics);
    let mut run = plan.run(&exports).map_err(|Failure(found)| {
        said.extend(found.into_iter().map(of_weeks));
        Failure(std::mem::take(&mut said))
    })?;
    if args.lags.is_none() {
        run.lags = predict::usual_lags(&run.lags);
    }
    let panel = predict::panel(&run.engine, &run.leads, &run.lags, settings)?;
    let mut linkages = Vec::new();
    for lead in &panel.grid.leads {
        linkages.extend(predict::linkage(&run.engine, &lead.name)?);
    }
    said.extend(report::unaccounted(run.data));
    said.extend(predict::absences(&panel.grid));
    Ok(Found { frame: Frame::of(&run), panel, linkages, said, read: plan.read.clone() })
}

/// What is wrong, with hints that this command can follow: it has no option that shows a week that is not complete.
fn of_weeks(mut found: Diagnostic) -> Diagnostic {
    if found.code == Code::NothingComplete {
        found.hints =
            vec!["whole weeks are tested: name a later day with --as-of, or with --through until when the exports reach".to_owned()];
    }
    found
}

/// A number of weeks ahead.
fn weeks(text: &str) -> Result<u8, String> {
    let found = text.trim().parse::<u8>().ok().filter(|weeks| (1..=52).contains(weeks));
    found.ok_or_else(|| "write a whole number of weeks from 1 to 52".to_owned())
}

/// What shuffles are drawn from.
fn seed(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("write a whole number from 0 to {}", u64::MAX))
}

/// The panel of a file of values, of which no records are known.
fn of_values(file: &str, args: &Args, global: &Global, settings: &Settings) -> Result<Found, Failure> {
    let (config, mut said, _) = configure(&args.inputs, global)?;
    let named = |list: &Option<Vec<Text>>| list.as_ref().map(|list| list.iter().map(|name| name.text.clone()).collect::<Vec<String>>());
    let leads = named(&config.report.leads).unwrap_or_else(Plan::usual_leads);
    let lags = predict::usual_lags(&named(&config.report.lags).unwrap_or_else(|| Plan::usual_lags(true)));
    let measures = Choice { leads: args.leads.clone(), lags: args.lags.clone(), page: (leads, lags), ..Choice::default() };
    let (values, read) = values::read(file, &args.inputs, measures, &global.progress)?;
    let frame = Frame::of_values(&config.report.title, &values);
    said.extend(values.said);
    Ok(Found { frame, panel: predict::tested(values.grid, settings), linkages: Vec::new(), said, read })
}

/// The exports as a report would read them.
fn exports(args: &Args) -> Exports {
    Exports {
        inputs: args.inputs.clone(),
        leads: args.leads.clone(),
        lags: args.lags.clone(),
        period: None,
        periods: None,
        week: None,
        month: None,
        from: None,
        to: None,
        by: None,
        owner: None,
        team: None,
    }
}
