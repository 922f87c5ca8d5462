//! Arguments, config, clock and terminal, resolved once; then the exports, read and understood.

mod commitments;
mod config;
mod inputs;
mod inspection;
mod judged;
mod money;
mod presets;

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use super::exports::{By, Exports};
use super::targets;
use crate::calendar::{self, Calendar, Day, Grain, Period, Range};
use crate::cli::Global;
use crate::config::{Config, Origin};
use crate::crm::{self, Loaded, Reading, value};
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Severity};
use crate::facts::{self, Facts, Needs};
use crate::measure::filter::Predicate;
use crate::measure::spec::Aggregate;
use crate::measure::{self, Catalog, Component, Engine, Entity, Level, Measure, Target, Targets};
use crate::report::{self, Run};
use crate::table::{Data, Kind, Table};
use config::calendar;
pub(super) use config::{configure, filter_in_force, in_force, layers, settings_files};
pub(super) use inputs::delimiter;
use inputs::{facts_settings, filters, inputs, settings};
pub(super) use inspection::Inspection;
pub(super) use money::date_order;
use money::{Money, money, of_targets};
pub(super) use presets::presets;

/// A run whose exports are read and understood.
pub struct Plan {
    config: Config,
    calendar: Calendar,
    as_of: Day,
    data: Data,
    facts: Facts,
    reading: Reading,
    catalog: Catalog,
    measures: Vec<Measure>,
    targets: Vec<Target>,
    money: Money,
    leads: Vec<String>,
    lags: Vec<String>,
    verbose: bool,
    /// What is read, as words of a shell.
    again: Vec<String>,
    /// The files of the tables, over which nothing is written.
    pub(super) read: Vec<PathBuf>,
    /// What was said on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a command shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// All that there is to say.
    Page,
    /// Values of the leads and lags alone.
    Values,
}

impl Plan {
    /// Resolves the options and reads the exports; `more` are measures that the command needs besides those shown.
    ///
    /// # Errors
    /// Everything that keeps the command from doing what was asked.
    pub fn new(args: &Exports, global: &Global, more: &[String]) -> Result<Self, Failure> {
        Self::of(args, global, more, Scope::Page)
    }

    /// The same for a command that shows values of the leads and lags and nothing else: what only a page needs is not prepared.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub(super) fn of_values(args: &Exports, global: &Global) -> Result<Self, Failure> {
        Self::of(args, global, &[], Scope::Values)
    }

    fn of(args: &Exports, global: &Global, more: &[String], scope: Scope) -> Result<Self, Failure> {
        // Whatever is read, they are needed: made while the settings and the files are opened.
        rayon::spawn(|| {
            crm::preset::shipped();
        });
        let (config, mut diagnostics, used) = configure(&args.inputs, global)?;
        let calendar = calendar(&config)?;
        let as_of = match &args.inputs.as_of {
            Some(text) => date(text, "--as-of")?,
            None => calendar.day_of_instant(jiff::Timestamp::now().as_millisecond()),
        };
        let through = args.inputs.through.as_deref().map(|text| date(text, "--through")).transpose()?;
        let catalog = Catalog::with(&config.measures, &config.components).map_err(Failure)?;
        let filters = filters(&args.inputs, &config)?;
        let (leads, lags) = both(
            names(args.leads.as_ref(), "--leads", config.report.leads.as_ref(), &catalog),
            names(args.lags.as_ref(), "--lags", config.report.lags.as_ref(), &catalog),
        )?;
        let shown: Vec<String> = leads.iter().chain(&lags).flatten().chain(more).cloned().collect();
        let measures = prepared(&shown, (&leads, &lags), scope, &config, &catalog)?;

        let mut money = money(&args.inputs, &config)?;
        let mut gathered = inputs(&args.inputs, &config, money.path.as_deref(), &global.progress, &mut diagnostics)?;
        let places = gathered.places();
        // The configuration of the folder is used, though not as a table.
        diagnostics.retain(|d| d.code != Code::NotUsed || d.location.as_ref().is_none_or(|l| !used.contains(&l.file)));
        let mut settings = settings(&args.inputs, &config, (&calendar, as_of), &filters, &measures, &global.progress)?;
        let loaded = commitments::load(gathered.inputs, &mut settings, &config, &catalog);
        let Loaded { mut data, reading, diagnostics: found, .. } = loaded.map_err(|Failure(found)| {
            diagnostics.extend(found);
            Failure(std::mem::take(&mut diagnostics))
        })?;
        diagnostics.extend(found);
        global.progress.counting();
        diagnostics.extend(unmatched(&config, &reading));
        let needs = match scope {
            Scope::Page => Needs::everything(),
            Scope::Values => needs(&filters, &measures),
        };
        let facts = facts::derive_needed(&mut data, &facts_settings(&config, &money, as_of, through), &needs);
        let facts = facts.map_err(|Failure(found)| {
            diagnostics.extend(found);
            Failure(std::mem::take(&mut diagnostics))
        })?;
        if let Some(rates) = &mut money.rates {
            diagnostics.append(&mut rates.diagnostics);
            data.sources.push(rates.source.clone());
        }
        diagnostics.extend(unattributable(&data));
        conditions(&mut data, &config, &filters, &measures, &mut diagnostics)?;
        let targets = targets::targets(&config, &data, &catalog, &mut diagnostics)?;
        diagnostics.extend(of_targets(&targets, &catalog, &data, &money));
        commitments::judge(&mut data, &facts, &calendar, as_of, (&catalog, &targets, &money), &mut diagnostics)?;
        let leads = leads.unwrap_or_else(Self::usual_leads);
        let lags = lags.unwrap_or_else(|| {
            let profit = data.deals.column("profit").is_some();
            Self::usual_lags(profit)
        });
        let verbose = global.verbose;
        let mut read = places.of(&data.sources.iter().map(|source| source.path.as_str()).collect::<Vec<_>>());
        read.extend(settings_files(&args.inputs, &config, &used, money.path.as_deref()));
        Ok(Self {
            config,
            calendar,
            as_of,
            data,
            facts,
            reading,
            catalog,
            measures,
            targets,
            money,
            leads,
            lags,
            verbose,
            again: args.inputs.again(global),
            read,
            diagnostics,
        })
    }

    /// The leads of the page where nobody says which.
    pub(super) fn usual_leads() -> Vec<String> {
        DEFAULT_LEADS.iter().map(|n| (*n).to_owned()).collect()
    }

    /// The lags of the page where nobody says which; profit only where the exports have it.
    pub(super) fn usual_lags(profit: bool) -> Vec<String> {
        DEFAULT_LAGS.iter().filter(|n| **n != "profit" || profit).map(|n| (*n).to_owned()).collect()
    }

    /// The run that reports are built from, over the periods that the options ask for.
    ///
    /// # Errors
    /// A period that cannot be, a name that nobody has, and exports in which nothing is complete.
    pub fn run(&self, args: &Exports) -> Result<Run<'_>, Failure> {
        self.run_over(args, |engine| self.periods(args, engine))
    }

    /// The run over these periods, and whether the user has named them.
    fn run_over<'p>(
        &'p self,
        args: &Exports,
        periods: impl FnOnce(&Engine<'p>) -> Result<(Vec<Period>, bool), Failure>,
    ) -> Result<Run<'p>, Failure> {
        let mut engine = Engine::new(&self.data, &self.facts, &self.calendar, self.as_of, &self.measures);
        engine.home.clone_from(&self.money.currency);
        // A target that names no currency is in the report's.
        let main = self.money.currency.clone().or_else(|| engine.currencies().first().cloned());
        let rates = self.money.rates.as_ref().map(|file| &file.rates);
        let targets = Targets::new(&self.targets, &self.data.roster, &self.facts.seen, &self.calendar, main).with_rates(rates);
        engine.targets = Some(targets.clone());
        let (periods, named) = periods(&engine)?;
        let owner = args.owner.as_deref().map(|name| self.owner(name)).transpose()?;
        let team = args.team.as_deref().map(|name| self.team(name)).transpose()?;
        if owner.is_some() && matches!(args.by, Some(By::All | By::Team)) || team.is_some() && args.by == Some(By::All) {
            return Err(Diagnostic::error(Code::UnknownName, "--by leaves out the level of --owner or --team: nothing would be shown")
                .hint("leave --by away, or choose a finer level")
                .into());
        }
        let finest = args.by.map_or(Level::Owner, Level::from);
        Ok(Run {
            data: &self.data,
            facts: &self.facts,
            calendar: &self.calendar,
            catalog: &self.catalog,
            targets,
            reading: &self.reading,
            as_of: self.as_of,
            title: self.config.report.title.clone(),
            leads: self.leads.clone(),
            lags: self.lags.clone(),
            own_pace: self.config.report.pace_shape == crate::config::PaceShape::Own,
            on_pace: self.config.report.on_pace,
            periods,
            named,
            finest,
            owner,
            team,
            inputs: self.again.clone(),
            sections: Vec::new(),
            beside: RefCell::default(),
            evidence: Vec::new(),
            crowd: None,
            verbose: self.verbose,
            draws: false,
            engine,
        })
    }

    /// The day of the report.
    pub fn as_of(&self) -> Day {
        self.as_of
    }

    /// The names of the teams.
    pub fn teams(&self) -> &[String] {
        &self.data.roster.teams
    }

    /// The periods that the options ask for, and whether they name them.
    fn periods(&self, args: &Exports, engine: &Engine<'_>) -> Result<(Vec<Period>, bool), Failure> {
        let bad = |message: String| Failure::from(Diagnostic::error(Code::BadPeriod, message));
        if let Some(name) = &args.week {
            return Ok((vec![self.calendar.named(Grain::Week, name).map_err(bad)?], true));
        }
        if let Some(name) = &args.month {
            return Ok((vec![self.calendar.named(Grain::Month, name).map_err(bad)?], true));
        }
        let grain = args.period.unwrap_or(Grain::Week);
        let first = [self.facts.activities.first, self.facts.deals.first].into_iter().flatten().min();
        if args.from.is_some() || args.to.is_some() {
            let last = args.to.as_deref().map(|t| date(t, "--to")).transpose()?.unwrap_or(self.as_of);
            let from = args.from.as_deref().map(|t| date(t, "--from")).transpose()?.or(first).unwrap_or(last);
            let range = Range::new(from, last).ok_or_else(|| bad(format!("--from {from} lies after --to {last}")))?;
            let grain = args.period.unwrap_or(Grain::Range);
            if range.len() > 200 * 366 {
                return Err(bad(format!("{range} is longer than 200 years")));
            }
            return Ok((self.calendar.partition(grain, range).iter().cloned().collect(), true));
        }
        if grain == Grain::All {
            let first = first.unwrap_or(self.as_of).min(self.as_of);
            return Ok((vec![self.calendar.all_period(Range { first, last: self.as_of })], true));
        }
        let count = usize::from(args.periods.unwrap_or(1));
        report::last_complete(engine, grain, count).map(|periods| (periods, false)).ok_or_else(|| {
            let reach = match (first, self.facts.through) {
                (Some(first), Some(through)) => format!("the exports hold records from {first} to {through}"),
                _ => "no record has a date up to then".to_owned(),
            };
            Diagnostic::error(Code::NothingComplete, format!("no {} is complete at {}: {reach}", grain.name(), self.as_of))
                .hint("show an incomplete one with --week, --month or --from and --to; --through DATE says until when the exports reach")
                .into()
        })
    }

    /// The person of a name, in whatever case or order it is written.
    ///
    /// # Errors
    /// Where nobody has it, with those who come near.
    pub fn owner(&self, name: &str) -> Result<Entity, Failure> {
        if name == measure::NO_OWNER {
            return Ok(Entity::NoOwner);
        }
        let people = &self.data.roster.people;
        let folded = value::fold_name(name);
        let found =
            self.data.roster.person(name).or_else(|| {
                people.iter().position(|p| value::fold_name(&p.name) == folded || p.id.as_deref() == Some(name)).map(|i| i as u32)
            });
        found.map(Entity::Owner).ok_or_else(|| unknown("person", name, people.iter().map(|p| p.name.as_str())))
    }

    /// The team of a name.
    ///
    /// # Errors
    /// Where there is none, with those that come near.
    pub fn team(&self, name: &str) -> Result<u32, Failure> {
        let teams = &self.data.roster.teams;
        let folded = crm::fold::fold(name);
        let found = teams.iter().position(|t| t == name).or_else(|| teams.iter().position(|t| crm::fold::fold(t) == folded));
        found.map(|i| i as u32).ok_or_else(|| unknown("team", name, teams.iter().map(String::as_str)))
    }

    /// The measure of a name.
    ///
    /// # Errors
    /// Where there is none.
    pub fn measure(&self, name: &str) -> Result<&Measure, Failure> {
        self.catalog.require(name, None).map_err(Failure::from)?;
        self.measures
            .iter()
            .find(|m| m.spec.name == name)
            .ok_or_else(|| Diagnostic::error(Code::UnknownMeasure, format!("the measure '{name}' was not prepared")).into())
    }
}

/// What the default page shows; profit only where the export has it.
const DEFAULT_LEADS: &[&str] = &["new_prospect_meetings", "presentations", "client_hours"];
const DEFAULT_LAGS: &[&str] = &["revenue", "profit"];

/// What the page needs besides the measures shown.
const ALWAYS: &[&str] =
    &["booked_next", "deals_won", "revenue", "advances", "customer_activities", "missed_meetings", "held_or_missed_meetings"];

/// The measures that a command needs: those shown, those of the page, and what they are made of.
fn prepared(
    shown: &[String],
    (leads, lags): (&Option<Vec<String>>, &Option<Vec<String>>),
    scope: Scope,
    config: &Config,
    catalog: &Catalog,
) -> Result<Vec<Measure>, Failure> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let page = || [shown.to_vec(), owned(DEFAULT_LEADS), owned(DEFAULT_LAGS), owned(ALWAYS)].concat();
    if scope == Scope::Page {
        return catalog.compile(&page()).map_err(Failure);
    }
    let mut names = shown.to_vec();
    names.extend(leads.is_none().then(|| owned(DEFAULT_LEADS)).into_iter().flatten());
    names.extend(lags.is_none().then(|| owned(DEFAULT_LAGS)).into_iter().flatten());
    // Whoever declares a measure of the page is told what is wrong with it, whatever is shown.
    if !config.measures.is_empty() || !config.components.is_empty() {
        names.extend(
            catalog.compile(&page()).map_err(Failure)?.into_iter().map(|measure| measure.spec.name).filter(|name| owns(config, name)),
        );
    }
    catalog.compile(&names).map_err(Failure)
}

/// Whether the configuration declares a measure.
fn owns(config: &Config, name: &str) -> bool {
    let mut components = config.components.iter().flat_map(Component::counted_by);
    config.measures.iter().any(|own| own.name == name) || components.any(|own| own == name)
}

/// What has to be derived for filters and measures.
fn needs(filters: &[(Kind, Predicate)], measures: &[Measure]) -> Needs {
    let mut needs = Needs::default();
    let conditions = filters.iter().map(|(kind, predicate)| (*kind, predicate));
    for (kind, predicate) in conditions.chain(measures.iter().map(|measure| (measure.spec.from, &measure.predicate))) {
        for name in predicate.columns() {
            needs.column(kind, name);
        }
    }
    for Measure { spec, .. } in measures {
        needs.column(spec.from, &spec.on);
        needs.credits(spec.credit);
        match &spec.value {
            Aggregate::Sum(name)
            | Aggregate::Distinct(name)
            | Aggregate::Median(name)
            | Aggregate::Age(name)
            | Aggregate::Reports(Some(name)) => needs.column(spec.from, name),
            // What is told of weeks looks at more than its measures count.
            Aggregate::Window(_) => return Needs::everything(),
            Aggregate::Count | Aggregate::Ratio(..) | Aggregate::Left(_) | Aggregate::Plus(..) | Aggregate::Reports(None) => {}
        }
    }
    needs
}

fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Failure {
    let mut known: Vec<&str> = known.collect();
    let diagnostic = Diagnostic::error(Code::UnknownName, format!("there is no {what} '{name}'"));
    if known.is_empty() {
        return diagnostic.hint(format!("the exports name no {what}")).into();
    }
    known.sort_by_key(|k| strsim::damerau_levenshtein(&k.to_lowercase(), &name.to_lowercase()));
    let near = strsim::jaro_winkler(&known[0].to_lowercase(), &name.to_lowercase()) > 0.8;
    let hint = if near {
        format!("did you mean '{}'?", known[0])
    } else {
        known.truncate(12);
        format!("there are {}", known.join(", "))
    };
    diagnostic.hint(hint).into()
}

fn date(text: &str, option: &str) -> Result<Day, Failure> {
    calendar::parse_date(text).map_err(|message| Diagnostic::error(Code::BadPeriod, format!("{option}: {message}")).into())
}

/// The measures that an option, else the config, names.
fn names(
    given: Option<&Vec<String>>,
    option: &str,
    configured: Option<&Vec<measure::spec::Text>>,
    catalog: &Catalog,
) -> Result<Option<Vec<String>>, Failure> {
    let list: Vec<(String, Option<Location>)> = match (given, configured) {
        (Some(names), _) => {
            let plain = names.iter().map(|n| n.trim()).filter(|n| !n.is_empty());
            plain.map(|n| (n.to_owned(), Some(Location::file(option)))).collect()
        }
        (None, Some(names)) => names.iter().map(|t| (t.text.clone(), Some(t.at.clone()))).collect(),
        (None, None) => return Ok(None),
    };
    let problems: Vec<Diagnostic> = list.iter().filter_map(|(name, at)| catalog.require(name, at.as_ref()).err()).collect();
    if problems.is_empty() { Ok(Some(list.into_iter().map(|(name, _)| name).collect())) } else { Err(Failure(problems)) }
}

/// Both, or everything that is wrong with either.
fn both<A, B>(one: Result<A, Failure>, other: Result<B, Failure>) -> Result<(A, B), Failure> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (Err(Failure(mut list)), Err(Failure(more))) => {
            list.extend(more);
            Err(Failure(list))
        }
        (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => Err(failure),
    }
}

/// Headings that the configuration names and no file has.
fn unmatched(config: &Config, reading: &Reading) -> Vec<Diagnostic> {
    let lacks = |what: String, text: &measure::spec::Text, kind: Kind| {
        let message = format!("{what}: no file of {} has the heading '{}'", kind.name(), text.text);
        Diagnostic::warning(Code::ConfigValue, message).at(text.at.clone())
    };
    let columns = reading.unmatched.iter().filter_map(|(kind, field, near)| {
        let said = lacks(format!("[columns.{}] {field}", kind.name()), config.columns.get(kind)?.get(field)?, *kind);
        Some(match near {
            Some(near) => said.hint(format!("did you mean '{near}'?")),
            None => said,
        })
    });
    let missed = config.outcome.missed.iter().filter(|_| reading.no_missed);
    let seconds = config.credit.deals.iter().flatten().filter(|(text, _)| reading.no_second.contains(&text.text));
    let seconds = seconds.map(|(text, _)| lacks("[credit] deals".to_owned(), text, Kind::Deals));
    let columns = columns.chain(seconds).chain(missed.map(|text| lacks("[outcome] missed".to_owned(), text, Kind::Activities)));
    columns.chain(reading.unmatched_words.iter().map(|lacking| unmatched_word(config, lacking))).collect()
}

/// A word of the user's own that no file has.
fn unmatched_word(config: &Config, lacking: &crm::words::Unmatched) -> Diagnostic {
    let crm::words::Unmatched { vocabulary, value, word, near, alone } = lacking;
    // One of several spellings that these exports happen not to have is no mistake.
    let severity = if near.is_some() || *alone { Severity::Warning } else { Severity::Note };
    let said = Diagnostic::new(Code::ConfigValue, severity, format!("[words.{vocabulary}] {value}: no record has the word '{word}'"));
    let said = match config.origin(&format!("words.{vocabulary}.{value}")) {
        Some(Origin { source, line: Some(line) }) => said.at(Location::line(source.name(), *line)),
        _ => said,
    };
    match near {
        Some(near) => said.hint(format!("did you mean '{near}'?")),
        None => said,
    }
}

/// Columns that a condition of the user's own asks for and no file fills: it is true for no record.
fn unfilled(predicate: &Predicate, table: &Table) -> Option<Diagnostic> {
    let lacking = predicate.unfilled(table);
    let names: Vec<String> = lacking.iter().map(|name| format!("'{name}'")).collect();
    (!names.is_empty()).then(|| {
        let message =
            format!("no file of {} fills {}: this is unknown for every record: {}", table.kind.name(), names.join(" or "), predicate.sql);
        Diagnostic::warning(Code::FilterColumn, message).hint("export that column too, or leave the condition away")
    })
}

/// Checks the conditions of the user's own against what the files hold, and leaves out what the filters take out.
fn conditions(
    data: &mut Data,
    config: &Config,
    filters: &[(Kind, Predicate)],
    measures: &[Measure],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<(), Failure> {
    let own = |m: &&Measure| owns(config, &m.spec.name);
    let all = || filters.iter().map(|(kind, p)| (*kind, p)).chain(measures.iter().filter(own).map(|m| (m.spec.from, &m.predicate)));
    for (kind, predicate) in all() {
        diagnostics.extend(data.table(kind).map(|table| predicate.check_words(table)).into_iter().flatten());
    }
    // A condition on a heading that no file has would give numbers that look like any other.
    if diagnostics.iter().any(|d| d.code == Code::FilterColumn) {
        return Err(Failure(std::mem::take(diagnostics)));
    }
    for (kind, predicate) in all() {
        diagnostics.extend(data.table(kind).filter(|t| !t.is_empty()).and_then(|table| unfilled(predicate, table)));
    }
    for (kind, predicate) in filters {
        measure::apply_filter(data, *kind, predicate).map_err(Failure::from)?;
    }
    Ok(())
}

/// Tables of which no record belongs to a person: not by itself, nor through its deal or account.
fn unattributable(data: &Data) -> Vec<Diagnostic> {
    let nobody = |table: &&Table| {
        let mut rows = (0..table.len()).filter(|row| table.used(*row)).peekable();
        rows.peek().is_some() && rows.all(|row| table.text("owner", row).is_none())
    };
    let say = |table: &Table| {
        let name = table.kind.name();
        Diagnostic::warning(
            Code::Unattributable,
            format!("none of the {name} names a person: they cannot be attributed to anybody, and count in the whole alone"),
        )
        .hint("export them with their owner; a heading such as Owner or Owner ID says it, and that of a deal or account stands in")
    };
    [&data.activities, &data.deals].into_iter().filter(nobody).map(say).collect()
}

/// A currency as targets and amounts share it.
pub(super) fn currency(text: &str) -> crate::unit::Currency {
    Arc::from(text)
}
