//! `leadlag inspect`.

use clap::Args as ClapArgs;

use super::exports::Inputs;
use super::output::Output;
use super::plan::{self, Inspection};
use super::{Done, Plan};
use crate::cli::Global;
use crate::config::{self, Layer};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::render;
use crate::report::{self, SetBy, Setting};
use crate::table::Kind;

/// Show what was understood of the exports, and what was not: CRM, columns, dates, words, people, records.
///
/// For each file: what it was taken for and why, every column that is read with samples of its values, the headings that nothing reads, in
/// which order its dates stand and which cell says so, and every record accounted for. Over all files: the words that mean nothing known
/// and what to write into leadlag.toml for them, who is matched with whom, and what was refused. Where the exports cannot be reported on,
/// it shows everything else beside the question, and exits with 2.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
    /// Write every refused record, and every cell taken as blank, to this csv file with its reason and its own text; - for standard output
    #[arg(long, value_name = "FILE", help_heading = "Output", value_hint = clap::ValueHint::FilePath)]
    pub refused: Option<String>,
    /// Show the configuration in force instead, and who set each value: built in, a file with its line, or an option
    #[arg(long, help_heading = "Output", conflicts_with = "refused")]
    pub config_origins: bool,
}

const EXAMPLES: &str = "Examples:
  leadlag inspect exports/                    what was understood, on one page
  leadlag inspect exports/ -v                 every word, person and diagnostic
  leadlag inspect exports/ --refused bad.csv  the records to correct in the CRM
  leadlag inspect exports/ --format csv       a row per column, word and person
  leadlag inspect --config-origins            every setting and who set it";

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    args.output.format()?;
    if args.config_origins {
        return origins(args, global);
    }
    let inspection = Inspection::new(&args.inputs, global)?;
    let seen = &inspection.seen;
    let shown = report::Inspection {
        evidence: &seen.evidence,
        loaded: seen.loaded.as_ref(),
        facts: inspection.facts.as_ref(),
        calendar: &inspection.calendar,
        as_of: inspection.as_of,
        files: &args.inputs.files,
        diagnostics: &inspection.diagnostics,
        failed: inspection.failed,
        zone_said: inspection.config.calendar.time_zone.is_some(),
        verbose: global.verbose,
    };
    if let Some(path) = &args.refused {
        let rows = report::refused(&shown);
        args.output.write_as(render::named("csv"), &rows, global, Some(path), &inspection.read)?;
    }
    // With --refused - the rows are the result.
    if args.refused.as_deref() != Some("-") {
        args.output.write(&report::inspect(&shown), global, &inspection.read)?;
    }
    let mut said = inspection.diagnostics;
    if let Some(loaded) = &seen.loaded
        && inspection.facts.is_some()
    {
        said.extend(report::unaccounted(&loaded.data));
    }
    if inspection.failed { Err(Failure(said)) } else { Ok(said) }
}

/// The configuration in force, with the options of the command line as its last layers.
fn origins(args: &Args, global: &Global) -> Done {
    let (mut layers, mut said) = plan::layers(&args.inputs, global)?;
    let inputs = &args.inputs;
    let texts = [
        ("--crm", "inputs.crm", inputs.crm.clone()),
        ("--decimal-mark", "inputs.decimal_mark", inputs.decimal_mark.map(|mark| mark.char().to_string())),
        ("--encoding", "inputs.encoding", inputs.encoding.clone()),
        ("--delimiter", "inputs.delimiter", inputs.delimiter.as_deref().map(|d| if d == "tab" { "\t" } else { d }.to_owned())),
        ("--date-order", "inputs.date_order", inputs.date_order.map(|order| order.name().to_owned())),
    ];
    layers.extend(texts.into_iter().filter_map(|(option, path, text)| Some(Layer::flag(option, path, &text?))));
    for (kind, files) in inputs.told() {
        let option = if kind == Kind::Leads { "--lead-records".to_owned() } else { format!("--{}", kind.name()) };
        layers.push(Layer::flag_list(option, &format!("inputs.{}", kind.name()), files.iter().map(String::as_str)));
    }
    let (mut config, found) = config::load(&layers)?;
    said.extend(found);
    let filtered: Vec<Layer> = [Kind::Activities, Kind::Deals]
        .into_iter()
        .filter_map(|kind| {
            let both = plan::filter_in_force(inputs, &config, kind)?;
            Some(Layer::flag("--where", &format!("filter.{}", kind.name()), &both))
        })
        .collect();
    if !filtered.is_empty() {
        layers.extend(filtered);
        (config, _) = config::load(&layers)?;
    }
    if !inputs.files.is_empty() {
        let text = "the files named on the command line are read instead of those under [inputs]";
        said.push(Diagnostic::note(Code::NotUsed, text).at(Location::file("FILES")));
    }
    let mut all = plan::in_force(&config);
    let unsaid =
        [("report.leads", &config.report.leads, Plan::usual_leads()), ("report.lags", &config.report.lags, Plan::usual_lags(true))];
    for (path, said, names) in unsaid {
        if said.is_none() {
            let value = format!("[{}]", names.iter().map(|name| report::quoted(name)).collect::<Vec<_>>().join(", "));
            all.push(Setting { path: path.to_owned(), value, by: SetBy::BuiltIn, name: String::new(), line: None });
        }
    }
    all.sort_by(|a, b| a.path.cmp(&b.path));
    let names: Vec<String> = layers.iter().map(|layer| layer.source.name().to_owned()).collect();
    let read = plan::settings_files(inputs, &config, &names, None);
    args.output.write(&report::origins(&all), global, &read)?;
    Ok(said)
}
