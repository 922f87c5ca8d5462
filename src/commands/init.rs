//! `leadlag init`.

mod commitments;

use std::path::Path;

use clap::Args as ClapArgs;

use super::exports::Inputs;
use super::output;
use super::plan::{self, Inspection};
use super::{Done, Plan};
use crate::calendar::{Grain, Range};
use crate::cli::Global;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::measure::spec::{Aggregate, Text};
use crate::measure::{Catalog, Cube, Engine, Entity};
use crate::render;
use crate::report::{self, Draft, Measured, SetBy, Setting, quoted};
use crate::table::Kind;

/// Write a commented leadlag.toml from the exports; with --crm and no files, say what to export there.
///
/// What the file sets is what holds without it, so a report gives the same numbers with it. Everything that was understood stands in
/// comments, with counts, to be changed where it is wrong; what could not be decided is marked QUESTION. The file is printed, or written
/// with -o, and never over one that exists.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// Write to this file, which must not exist
    #[arg(short, long, value_name = "FILE", help_heading = "Output", value_hint = clap::ValueHint::FilePath)]
    pub output: Option<String>,
    /// Write a blank commitments file for a week, such as 2026-W47, or next for the one after today's: a row for each person, to be filled in and read with the exports
    #[arg(long, value_name = "WEEK", help_heading = "Output")]
    pub commitments: Option<String>,
}

const EXAMPLES: &str = "Examples:
  leadlag init exports/                  print it
  leadlag init exports/ -o leadlag.toml  write it
  leadlag init --crm salesforce          what to export from Salesforce
  leadlag init exports/ --commitments next -o exports/commitments.csv";

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    if let Some(path) = args.output.as_deref().filter(|path| *path != "-" && Path::new(path).symlink_metadata().is_ok()) {
        return Err(Diagnostic::error(Code::Unwritable, "the file exists, and nothing is written over it")
            .at(Location::file(path))
            .hint("name another file with -o, or move this one away")
            .into());
    }
    let guided = args.inputs.crm.is_some() && args.inputs.files.is_empty() && args.inputs.told().is_empty();
    if let Some(week) = &args.commitments {
        if guided {
            return Err(Diagnostic::error(
                Code::NoInput,
                "--commitments and --crm without files ask for two things: a form and what to export",
            )
            .hint("leave --crm away, or name the exports whose people the form is for")
            .into());
        }
        return commitments::run(args, week, global);
    }
    let inputs = &args.inputs;
    if guided {
        return guide(args, global);
    }
    let inspection = Inspection::new(inputs, global)?;
    let seen = &inspection.seen;
    let mut said = inspection.diagnostics.clone();
    let measured = measured(&inspection, &mut said);
    let shown = report::Inspection {
        evidence: &seen.evidence,
        loaded: seen.loaded.as_ref(),
        facts: inspection.facts.as_ref(),
        calendar: &inspection.calendar,
        as_of: inspection.as_of,
        files: &inputs.files,
        diagnostics: &inspection.diagnostics,
        failed: inspection.failed,
        zone_said: inspection.config.calendar.time_zone.is_some(),
        verbose: true,
    };
    let names = |own: Option<&Vec<Text>>, usual: Vec<String>| own.map_or(usual, |texts| texts.iter().map(|t| t.text.clone()).collect());
    let profit = seen.loaded.as_ref().is_some_and(|l| l.data.deals.column("profit").is_some());
    let report_of = &inspection.config.report;
    let place = |path: &str| place(path, args.output.as_deref());
    let settings = in_force(inputs, &inspection.config, &place);
    let draft = Draft {
        seen: &shown,
        settings: &settings,
        leads: names(report_of.leads.as_ref(), Plan::usual_leads()),
        lags: names(report_of.lags.as_ref(), Plan::usual_lags(profit)),
        measured,
        told: !inputs.told().is_empty(),
        place: &place,
    };
    let text = report::toml(&draft);
    global.progress.end();
    output::put(text.as_bytes(), args.output.as_deref().filter(|path| *path != "-"))?;
    if inspection.failed { Err(Failure(said)) } else { Ok(said) }
}

/// What to export from a CRM.
fn guide(args: &Args, global: &Global) -> Done {
    let (config, mut said, _) = plan::configure(&args.inputs, global)?;
    let presets = plan::presets(&args.inputs, &config)?;
    let preset = presets.all.iter().find(|p| Some(&p.name) == presets.pinned.as_ref());
    let preset = preset.ok_or_else(|| Failure::from(Diagnostic::error(Code::ConfigValue, "--crm names no preset")))?;
    let path = args.output.as_deref().filter(|path| *path != "-");
    let style = output::stdout_style(global, path.is_none());
    let format = &render::FORMATS[0];
    let failed = |e: anyhow::Error| Failure::from(Diagnostic::error(Code::Unwritable, format!("{e:#}")));
    output::put(&(format.render)(&report::guide(preset), &style).map_err(failed)?, path)?;
    said.retain(|d| d.severity > crate::diagnostic::Severity::Note);
    Ok(said)
}

/// The configuration in force with what the options say on top; files are named from where the drafted configuration stands.
fn in_force(inputs: &Inputs, config: &Config, place: &dyn Fn(&str) -> String) -> Vec<Setting> {
    let named = |text: &Text| {
        let folder = Path::new(&text.at.file).parent().unwrap_or(Path::new(""));
        quoted(&place(&folder.join(&text.text).display().to_string()))
    };
    let mut settings = plan::in_force(config);
    for setting in &mut settings {
        match (setting.path.as_str(), &config.money.rates, &config.inputs.crm) {
            ("money.rates", Some(rates), _) => setting.value = named(rates),
            ("inputs.crm", _, Some(crm)) if is_file(&crm.text) => setting.value = named(crm),
            ("inputs.presets", ..) => {
                setting.value = format!("[{}]", config.inputs.presets.iter().map(named).collect::<Vec<_>>().join(", "));
            }
            _ => {}
        }
    }
    for (path, value) in spoken(inputs, config, place) {
        settings.retain(|setting| setting.path != path);
        settings.push(Setting { path, value, by: SetBy::Option, name: String::new(), line: None });
    }
    settings
}

/// Whether a preset is named by its file.
fn is_file(crm: &str) -> bool {
    Path::new(crm).extension().is_some_and(|end| end.eq_ignore_ascii_case("toml"))
}

/// What the options of the command line say, as settings: a path and its value as TOML.
fn spoken(inputs: &Inputs, config: &Config, place: &dyn Fn(&str) -> String) -> Vec<(String, String)> {
    let mut said = Vec::new();
    let mut say = |path: &str, value: String| said.push((path.to_owned(), value));
    if let Some(crm) = &inputs.crm {
        say("inputs.crm", if is_file(crm) { quoted(&place(crm)) } else { quoted(crm) });
    }
    if let Some(order) = inputs.date_order {
        say("inputs.date_order", quoted(order.name()));
    }
    if let Some(mark) = inputs.decimal_mark {
        say("inputs.decimal_mark", quoted(&mark.char().to_string()));
    }
    if let Some(encoding) = &inputs.encoding {
        say("inputs.encoding", quoted(encoding));
    }
    if let Some(delimiter) = &inputs.delimiter {
        say("inputs.delimiter", quoted(if matches!(delimiter.as_str(), "tab" | "\\t") { "\t" } else { delimiter }));
    }
    for kind in [Kind::Activities, Kind::Deals] {
        if let Some(both) = plan::filter_in_force(inputs, config, kind) {
            say(&format!("filter.{}", kind.name()), quoted(&both));
        }
    }
    said
}

/// A file as the written configuration must name it: relative to where it stands.
fn place(path: &str, output: Option<&str>) -> String {
    let folder = output.and_then(|output| Path::new(output).parent()).filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        None => path.to_owned(),
        Some(folder) if folder == Path::new(".") => path.to_owned(),
        Some(_) => std::path::absolute(path).map_or_else(|_| path.to_owned(), |p| p.display().to_string()),
    }
}

/// What each measure comes to over all that the exports hold.
fn measured(inspection: &Inspection, said: &mut Vec<Diagnostic>) -> Vec<Measured> {
    let (Some(loaded), Some(facts)) = (&inspection.seen.loaded, &inspection.facts) else { return Vec::new() };
    let first = [facts.activities.first, facts.deals.first].into_iter().flatten().min();
    let range = first.zip(facts.through).and_then(|(first, last)| Range::new(first, last.min(inspection.as_of)));
    let count = || -> Result<Vec<Measured>, Failure> {
        let Some(range) = range else { return Ok(Vec::new()) };
        let catalog = Catalog::with(&inspection.config.measures, &inspection.config.components).map_err(Failure)?;
        // What is told of the last weeks says nothing of all that the exports hold.
        let window = |name: &&str| catalog.spec(name).is_some_and(|spec| matches!(spec.value, Aggregate::Window(_)));
        let names: Vec<String> = catalog.names().filter(|name| !window(name)).map(str::to_owned).collect();
        let measures = catalog.compile(&names).map_err(Failure)?;
        let engine = Engine::new(&loaded.data, facts, &inspection.calendar, inspection.as_of, &measures);
        let over = |grain: Grain| engine.cube(&names, &inspection.calendar.partition(grain, range));
        // Of what is known only some days after, the last days do not count among everything.
        let (cube, ripe) = (over(Grain::Range)?, over(Grain::All)?);
        let all = cube.entity(Entity::All);
        let value = |cube: &Cube, series: usize| Some(cube.value(series, all?, 0).clone());
        let of = |name: &String| -> Option<Measured> {
            let spec = catalog.spec(name)?;
            let values = cube
                .of(name)
                .filter_map(|series| value(&cube, series).filter(|value| !value.is_missing()).or_else(|| value(&ripe, series)));
            Some(Measured { name: name.clone(), role: spec.role, says: spec.says.clone(), values: values.collect() })
        };
        Ok(names.iter().filter_map(of).collect())
    };
    count().unwrap_or_else(|Failure(list)| {
        said.extend(list);
        Vec::new()
    })
}
