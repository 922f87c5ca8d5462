//! `leadlag report`.

use std::cell::OnceCell;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::thread;

use clap::Args as ClapArgs;
use clap::builder::PossibleValuesParser;

use super::exports::Exports;
use super::output::Output;
use super::plan::configure;
use super::{Done, Plan, since};
use crate::cli::Global;
use crate::config;
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::document::{Document, TidyRows};
use crate::measure::Catalog;
use crate::predict;
use crate::render::SpellRows;
use crate::report::{self, Earlier, Evidence};
use crate::stats::lead::Settings;

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
    /// Further sections below the page, separated by commas, in place of those of leadlag.toml; all or none
    #[arg(long, value_name = "SECTIONS", value_delimiter = ',', value_parser = sections(), help_heading = "Who and what",
        hide_possible_values = true, help = LISTED.as_str())]
    pub sections: Option<Vec<String>>,
    /// An earlier report in JSON: say which of its numbers are others now, and by which records
    #[arg(long, value_name = "FILE", help_heading = "Who and what", long_help = SINCE)]
    pub since: Option<String>,
}

const SINCE: &str = "An earlier report in JSON: say which of its numbers are others now, and by which records: logged late, re-dated, \
re-owned, undone. Every period and measure of that report is compared, shown or not. The page has the largest changes, -v the records, json all of \
it; csv and tsv stay as they are. A file that -o writes too is read first, and need not be there the first time";

const EXAMPLES: &str = "Examples:
  leadlag report exports/                         the last complete week
  leadlag report exports/ --team West             one team
  leadlag report --week 2026-W46                  that week, even if not over
  unzip -p crm.zip deals.csv | leadlag report calls.csv -
  leadlag report exports/ --period month --periods 6 --format csv > months.csv
  leadlag report exports/ -o flash.json --since flash.json   weekly
  leadlag report exports/ --from 2026-10-01 --to 2026-11-15 -o quarter.json
  0 7 * * 1  leadlag report -q -o flash.json      in a crontab: Mondays at seven";

/// With more people than this, what leads are worth is left to `leadlag predict`.
const CROWD: usize = 100;

/// What stands for every section, and for none.
const ALL: &str = "all";
const NONE: &str = "none";

static LISTED: LazyLock<String> = LazyLock::new(|| {
    let names = config::SECTIONS.join(", ");
    format!("Further sections, separated by commas, in place of those of leadlag.toml: {names}; or {ALL}, or {NONE}")
});

/// The names of sections that the option takes.
fn sections() -> PossibleValuesParser {
    PossibleValuesParser::new(config::SECTIONS.iter().copied().chain([ALL, NONE]))
}

/// The sections that an option names, in its order, none twice.
fn chosen(given: &[String]) -> Result<Vec<&'static str>, Failure> {
    if let Some(word) = [ALL, NONE].into_iter().find(|word| given.iter().any(|name| name == word)) {
        if given.iter().any(|name| name != word) {
            let said = Diagnostic::error(Code::UnknownName, format!("--sections: {word} stands for itself: {}", given.join(",")));
            return Err(said.hint(format!("give the names of sections, or {word} alone")).into());
        }
        return Ok(if word == ALL { config::SECTIONS.to_vec() } else { Vec::new() });
    }
    let mut chosen = Vec::new();
    for name in given.iter().filter_map(|given| config::SECTIONS.iter().find(|name| *name == given)) {
        if !chosen.contains(name) {
            chosen.push(*name);
        }
    }
    Ok(chosen)
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    let format = args.output.format()?;
    // Only a report in JSON can be read again, and a part for each team goes to files of other names.
    let becomes = args.output.output.as_deref().filter(|_| format.name == "json" && args.split.is_none());
    let found = args.since.as_deref().map(|path| since::read(path, becomes)).transpose()?;
    let (earlier, first) = match found {
        Some(Ok(earlier)) => (Some(earlier), None),
        Some(Err(first)) => (None, Some(first)),
        None => (None, None),
    };
    let mut more = earlier.as_ref().map_or_else(|| Ok(Vec::new()), |earlier| since::measures(earlier, &args.exports.inputs, global))?;
    let (settings, ..) = configure(&args.exports.inputs, global)?;
    let sections = match args.sections.as_deref() {
        Some(given) => chosen(given)?,
        None => settings.report.sections.clone(),
    };
    more.extend(report::section_measures(&sections, &Catalog::with(&settings.measures, &settings.components).map_err(Failure)?));
    // What is compared with an earlier report is compared by its records.
    let rows = format.rows.filter(|_| earlier.is_none());
    // Sections look at more than the measures whose values they show.
    let values = rows.is_some() && sections.is_empty();
    let mut plan = if values { Plan::of_values(&args.exports, global)? } else { Plan::new(&args.exports, global, &more)? };
    let mut said = std::mem::take(&mut plan.diagnostics);
    said.extend(first);
    let how = How {
        sections: &sections,
        draws: format.draws,
        rows,
        // Rows of values alone say nothing of evidence.
        says: format.rows.is_none(),
        earlier: earlier.as_ref(),
        evidence: &OnceCell::new(),
    };
    if args.split.is_some() {
        for team in plan.teams() {
            let only = Exports { team: Some(team.clone()), owner: None, ..args.exports.clone() };
            let path = args.output.output.as_deref().map(|path| beside(path, team));
            write(&plan, &only, how, &mut said, |shown| shown.write(args, global, path.as_deref(), &plan.read))?;
        }
        if plan.teams().is_empty() {
            return Err(Diagnostic::error(Code::UnknownName, "there is no team to split by")
                .hint("give the people a team in people.csv: name, team, from, to")
                .into());
        }
        return Ok(said);
    }
    write(&plan, &args.exports, how, &mut said, |shown| shown.write(args, global, args.output.output.as_deref(), &plan.read))?;
    Ok(said)
}

/// What is written.
enum Shown<'s> {
    /// A document.
    All(&'s Document),
    /// Its tidy rows alone, by what spells them.
    Rows(SpellRows, &'s dyn TidyRows),
}

impl Shown<'_> {
    fn write(&self, args: &Args, global: &Global, path: Option<&str>, read: &[PathBuf]) -> Result<(), Failure> {
        match self {
            Self::All(document) => args.output.write_to(document, global, path, read),
            Self::Rows(spell, rows) => args.output.write_rows(*spell, *rows, global, path, read),
        }
    }
}

/// What a report has besides what the options on exports say.
#[derive(Clone, Copy)]
struct How<'a> {
    sections: &'a [&'static str],
    draws: bool,
    /// What spells the tidy rows, where nothing else is shown.
    rows: Option<SpellRows>,
    says: bool,
    earlier: Option<&'a Earlier>,
    /// What the lead test says, once for every part of a report, and how many people were too many for it.
    evidence: &'a OnceCell<(Vec<Evidence>, Option<usize>)>,
}

fn write(
    plan: &Plan,
    exports: &Exports,
    how: How<'_>,
    said: &mut Vec<Diagnostic>,
    put: impl FnOnce(Shown<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let run = plan.run(exports).map_err(|Failure(found)| {
        said.extend(found);
        Failure(std::mem::take(said))
    })?;
    if how.says && how.evidence.get().is_none() {
        let lags = predict::usual_lags(&run.lags);
        // The test compares each person with each other, and a page must come soon.
        let found = if let Some(people) = predict::more_than(CROWD, &run.engine, &run.leads, &lags)? {
            (Vec::new(), Some(people))
        } else {
            let threads = thread::available_parallelism().map_or(1, usize::from);
            let grid = predict::grid(&run.engine, &run.leads, &lags)?;
            let people = grid.people.len();
            if people > CROWD {
                (Vec::new(), Some(people))
            } else {
                (report::evidence(&predict::tested(grid, &Settings { threads, ..Settings::default() })), None)
            }
        };
        how.evidence.get_or_init(|| found);
    }
    let (evidence, crowd) = how.evidence.get().cloned().unwrap_or_default();
    let run = report::Run { draws: how.draws, sections: how.sections.to_vec(), evidence, crowd, ..run };
    let mut say = |more: &[Diagnostic]| {
        for diagnostic in more.iter().chain(&report::unaccounted(run.data)) {
            if !said.contains(diagnostic) {
                said.push(diagnostic.clone());
            }
        }
    };
    if let Some(spell) = how.rows {
        let rows = report::rows(&run)?;
        say(&report::diagnostics(&run));
        return put(Shown::Rows(spell, &rows));
    }
    let mut document = report::report(&run)?;
    if let Some(earlier) = how.earlier {
        report::since(&run, earlier, &mut document)?;
    }
    say(&document.diagnostics);
    document.diagnostics.clone_from(said);
    put(Shown::All(&document))
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
