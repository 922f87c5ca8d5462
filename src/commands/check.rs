//! `leadlag check`.

use std::io::ErrorKind;

use clap::Args as ClapArgs;

use super::exports::Exports;
use super::output::{self, Output};
use super::{Plan, plan, since};
use crate::check::{self, Check};
use crate::cli::Global;
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Outcome, Severity};
use crate::document::{Case, Findings, Rule, Stands};
use crate::measure::spec::Role;
use crate::measure::{Catalog, Level};
use crate::render;
use crate::report::{self, Rules};

/// Compare measures with their thresholds; exit with 1 where one is missed.
///
/// The rules are the [[check]] tables of leadlag.toml, or those of --require instead. The period is the calendar's last one that is over,
/// or the one that is named; unlike report, check never takes an earlier one where the exports do not reach its end: then nothing is
/// known, and it exits with 2. What is compared are the numbers that report shows.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES, after_long_help = MORE)]
pub struct Args {
    /// What to read, of which days, and how finely.
    #[command(flatten)]
    pub exports: Exports,
    /// Rules instead of those of leadlag.toml.
    #[arg(
        long,
        value_name = "RULE",
        help_heading = "Rules",
        help = "A rule instead of those of leadlag.toml, such as 'prospect_meetings >= 4 per owner'; may be given several times"
    )]
    pub require: Vec<String>,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
    /// The file of the findings as XML.
    #[arg(
        long,
        value_name = "FILE",
        help_heading = "Output",
        help = "Write the findings as JUnit XML too: a suite per rule, a case per person or team"
    )]
    pub junit: Option<String>,
    /// Print annotations for GitHub Actions instead of the page, which -o still writes
    #[arg(long, help_heading = "Output")]
    pub github: bool,
}

/// The examples, once for both forms of the help.
macro_rules! examples {
    () => {
        "Examples:
  leadlag check exports/                 the rules of leadlag.toml
  leadlag check exports/ --require 'prospect_meetings >= 4 per owner'
  leadlag check exports/ --junit check.xml --github
  leadlag check exports/ --github --format markdown -o \"$GITHUB_STEP_SUMMARY\"
  leadlag check exports/ -q              for cron: silent while all holds
"
    };
}

const EXAMPLES: &str = concat!(
    examples!(),
    "
Exit codes: 0 all rules hold, 1 one is missed, 2 one could not be judged (see
--help)."
);

const MORE: &str = concat!(
    examples!(),
    "
Rules:
  prospect_meetings >= 4 per owner        a measure, at least; per owner, team
                                          or all
  no_show_rate <= 20% per team            at most
  client_hours between 5 and 20 per owner
                                          from and to; both bounds hold
  revenue >= 90% of pace per team         of pace, of target, or of average: the
                                          mean of the 13 complete periods before
  change of revenue >= -10% per all       against the period before
  revenue >= 50000 EUR per team           in one currency, where there are
                                          several
  customer_meetings >= 100% of average per owner for 2 periods
                                          missed only when missed twice in a row
  freshness activities <= 3               days since the last date of a table
  coverage activities.kind >= 95%         share of records whose kind is known
  accounting >= 99.5%                     share of records that were not refused
  staffing >= 100%                        share of people who are on the roster

In leadlag.toml:
  [[check]]
  measure = \"prospect_meetings\"
  level = \"owner\"               # or team, all
  at_least = 4                  # or at_most, between = [3, 6]
  of = \"value\"                  # or pace, attainment, change, average, where
                                # at_least = 0.9 is 90 %
  for_periods = 1               # missed in so many periods in a row
  severity = \"error\"            # or warning, which never changes the exit code
                                # also currency = \"EUR\"

Not judged, and never a breach: who is on the roster for less than 8 weeks (be
they named or not), who had no workday, leaders and helpers without a target of
their own (unless leaders_sell, named with --owner, or the measure is one of
leaders), records of nobody, whoever has no number to compare, and numbers that
what is not known could turn. A rule by which nobody can be judged could not be
judged. Rules whose level --owner, --team or --by leave out are not looked at,
and named on stderr. Numbers are compared exactly, and shown rounded.

Exit codes:
  0  every rule holds for all who are judged
  1  a rule is missed
  2  a rule could not be judged (stale exports, no data, several currencies),
     there is none, or nothing could be read. 2 comes before 1, since the list
     of breaches is not whole then; those found are listed all the same"
);

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Result<(Vec<Diagnostic>, Outcome), Failure> {
    distinct(args)?;
    let done = judge(args, global);
    if let Err(failure) = &done {
        not_made(args, failure);
    }
    done
}

/// Whether the page goes to a file.
fn to_file(args: &Args) -> bool {
    args.output.output.as_deref().is_some_and(|path| path != "-")
}

/// Refuses results that would mix with each other, or take each other's place.
fn distinct(args: &Args) -> Result<(), Failure> {
    args.output.format()?;
    if args.junit.as_deref() == Some("-") && (args.github || !to_file(args)) {
        let said = Diagnostic::error(Code::Unwritable, "--junit - and what else is printed would mix on standard output");
        return Err(said.hint("write the page to a file with -o and leave --github away, or give --junit a file").into());
    }
    if let (Some(path), Some(junit)) = (&args.output.output, &args.junit)
        && since::same(path, junit)
    {
        let said = Diagnostic::error(Code::Unwritable, "-o and --junit name the same file").at(Location::file(junit));
        return Err(said.hint("give each a name of its own").into());
    }
    Ok(())
}

/// Says in the outputs for continuous integration that a check could not be made: a file of the run before would look as if it had been.
fn not_made(args: &Args, Failure(said): &Failure) {
    let errors = said.iter().filter(|d| d.severity == Severity::Error);
    let cases = errors.map(|d| {
        let place = d.location.as_ref().map(|at| format!("{}: ", at.file)).unwrap_or_default();
        let says = std::iter::once(format!("{place}{}", d.message)).chain(d.hints.iter().cloned()).collect::<Vec<_>>().join("; ");
        Case { rule: 0, name: d.code.name().to_owned(), stands: Stands::Failed, says, see: String::new() }
    });
    let rule = Rule { says: "leadlag check".to_owned(), warns: false, at: None };
    let findings = Findings { rules: vec![rule], cases: cases.collect() };
    // What was read is not known here, so nothing is written over but results in XML. The failure itself is what the run ends with.
    let earlier = |path: &&str| match std::fs::metadata(path) {
        Ok(found) => found.is_file() && std::fs::read(path).is_ok_and(|old| old.starts_with(b"<?xml")),
        Err(problem) => problem.kind() == ErrorKind::NotFound,
    };
    if let Some(path) = args.junit.as_deref().filter(|path| *path != "-").filter(earlier)
        && let Ok(xml) = render::junit(&findings)
    {
        let _ = output::put(&xml, Some(path));
    }
    if args.github {
        let _ = output::put(render::github(&findings).as_bytes(), None);
    }
}

fn judge(args: &Args, global: &Global) -> Result<(Vec<Diagnostic>, Outcome), Failure> {
    let to_file = to_file(args);
    let (checks, catalog, mut beside) = rules(args, global)?;
    let (checks, left) = in_view(checks, &args.exports)?;
    beside.extend(left.iter().map(|check| format!("not looked at, as the options leave out its level: {}", check.text(&catalog))));
    let mut names: Vec<String> = Vec::new();
    for name in checks.iter().filter_map(Check::measure) {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    let mut plan = Plan::new(&args.exports, global, &names)?;
    let mut said = std::mem::take(&mut plan.diagnostics);
    if !left.is_empty() {
        let rules: Vec<String> = left.iter().map(|check| check.text(&catalog)).collect();
        said.push(
            Diagnostic::warning(Code::NoRule, format!("not looked at, as the options leave out their level: {}", rules.join("; ")))
                .hint("leave --owner, --team or --by away"),
        );
    }
    let back = checks.iter().map(Check::periods).max().unwrap_or(1);
    let mut run = plan.judged(&args.exports, back).map_err(|Failure(found)| {
        said.extend(found);
        Failure(std::mem::take(&mut said))
    })?;
    let of_role = |role: Role| names.iter().filter(|name| catalog.spec(name).is_some_and(|spec| spec.role == role)).cloned().collect();
    (run.leads, run.lags) = (of_role(Role::Lead), of_role(Role::Lag));
    let inputs = args.exports.inputs.again(global);
    let (mut document, outcome) = report::check(&run, &Rules { checks: &checks, left: &left, beside: &beside, inputs: &inputs })?;
    for diagnostic in document.diagnostics.iter().chain(&report::unaccounted(run.data)) {
        if !said.contains(diagnostic) {
            said.push(diagnostic.clone());
        }
    }
    document.diagnostics.clone_from(&said);
    let findings = document.findings.clone().unwrap_or_default();
    if let Some(path) = &args.junit {
        output::over_none(path, &plan.read)?;
        let xml = render::junit(&findings).map_err(|e| Failure::from(Diagnostic::error(Code::Unwritable, format!("{e:#}"))))?;
        output::put(&xml, Some(path).filter(|path| *path != "-").map(String::as_str))?;
    }
    let quiet = global.quiet && findings.cases.iter().all(|case| !case.stands.is_grave());
    if to_file || !(args.github || quiet) {
        args.output.write(&document, global, &plan.read)?;
    }
    if args.github && !quiet {
        output::put(render::github(&findings).as_bytes(), None)?;
    }
    Ok((said, outcome))
}

/// The rules: those of `--require`, else those of the configuration, each with a measure that there is; and what is to be said beside them.
fn rules(args: &Args, global: &Global) -> Result<(Vec<Check>, Catalog, Vec<String>), Failure> {
    let (config, ..) = plan::configure(&args.exports.inputs, global)?;
    let catalog = Catalog::with(&config.measures, &config.components).map_err(Failure)?;
    let (mut checks, mut problems, mut beside) = (Vec::new(), Vec::new(), Vec::new());
    for text in &args.require {
        match check::parse(text, &catalog) {
            Ok(check) => checks.push(check),
            Err(problem) => problems.push(problem),
        }
    }
    problems.extend(config.checks.iter().filter_map(|check| check.validate(&catalog).err()));
    if !problems.is_empty() {
        return Err(Failure(problems));
    }
    match (args.require.is_empty(), config.checks.len()) {
        (true, 0) => {
            return Err(Diagnostic::error(Code::NoRule, "there is no rule to check")
                .hint("give one: --require 'prospect_meetings >= 4 per owner'")
                .hint("or write it into leadlag.toml: [[check]], then measure = \"prospect_meetings\", level = \"owner\" and at_least = 4, each on a line")
                .into());
        }
        (true, _) => checks = config.checks,
        (false, 0) => {}
        (false, n) => beside.push(format!("{n} of leadlag.toml not looked at: --require stands instead of [[check]]")),
    }
    Ok((checks, catalog, beside))
}

/// The rules whose level the options show, and the others.
fn in_view(checks: Vec<Check>, exports: &Exports) -> Result<(Vec<Check>, Vec<Check>), Failure> {
    let finest = exports.by.map_or(Level::Owner, Level::from);
    let shown = |check: &Check| match check.level() {
        None => true,
        Some(Level::Owner) => finest == Level::Owner,
        Some(Level::Team) => finest >= Level::Team && exports.owner.is_none(),
        Some(Level::All) => exports.owner.is_none() && exports.team.is_none(),
    };
    let (seen, left): (Vec<Check>, Vec<Check>) = checks.into_iter().partition(shown);
    if seen.is_empty() {
        return Err(Diagnostic::error(Code::NoRule, "no rule is about the level that --owner, --team or --by shows")
            .hint("leave the option away, or give a rule of that level with --require")
            .into());
    }
    Ok((seen, left))
}
