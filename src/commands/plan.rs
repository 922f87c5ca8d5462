//! Arguments, config, clock and terminal, resolved once; then the exports, read and understood.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exports::{By, Exports, Length, Order};
use super::targets;
use crate::calendar::{self, Calendar, CalendarSpec, Day, Grain, Period, Range, Zone};
use crate::cli::Global;
use crate::config::{self, Config, Layer};
use crate::crm::{self, Input, Loaded, Reading, files, value};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::facts::{self, Facts};
use crate::measure::filter::{self, Predicate};
use crate::measure::{self, Catalog, Engine, Entity, Level, Measure, Target, Targets};
use crate::report::{self, Run};
use crate::table::{Data, Kind, Table};

/// The name of the configuration file.
const CONFIG: &str = "leadlag.toml";

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
    leads: Vec<String>,
    lags: Vec<String>,
    verbose: bool,
    /// What was said on the way.
    pub diagnostics: Vec<Diagnostic>,
}

impl Plan {
    /// Resolves the options and reads the exports; `more` are measures that the command needs besides those shown.
    ///
    /// # Errors
    /// Everything that keeps the command from doing what was asked.
    pub fn new(args: &Exports, global: &Global, more: &[String]) -> Result<Self, Failure> {
        let (config, mut diagnostics, used) = configure(args, global)?;
        let calendar = calendar(&config)?;
        let as_of = match &args.as_of {
            Some(text) => date(text, "--as-of")?,
            None => calendar.day_of_instant(jiff::Timestamp::now().as_millisecond()),
        };
        let through = args.through.as_deref().map(|text| date(text, "--through")).transpose()?;
        let catalog = Catalog::new(&config.measures).map_err(Failure)?;
        let filters = filters(args, &config)?;
        let (leads, lags) = both(
            names(args.leads.as_ref(), "--leads", config.report.leads.as_ref(), &catalog),
            names(args.lags.as_ref(), "--lags", config.report.lags.as_ref(), &catalog),
        )?;
        let mut wanted: Vec<String> = leads.iter().chain(&lags).flatten().chain(more).cloned().collect();
        wanted.extend(DEFAULT_LEADS.iter().chain(DEFAULT_LAGS).chain(ALWAYS).map(|n| (*n).to_owned()));
        let measures = catalog.compile(&wanted).map_err(Failure)?;

        let inputs = inputs(args, &config, &mut diagnostics)?;
        // The configuration of the folder is used, though not as a table.
        diagnostics.retain(|d| d.code != Code::NotUsed || d.location.as_ref().is_none_or(|l| !used.contains(&l.file)));
        let settings = settings(args, &config, &calendar, &filters, &measures)?;
        let Loaded { mut data, reading, diagnostics: found } = crm::load(inputs, &settings).map_err(|Failure(found)| {
            diagnostics.extend(found);
            Failure(std::mem::take(&mut diagnostics))
        })?;
        diagnostics.extend(found);
        diagnostics.extend(unmatched(&config, &reading));
        let facts = facts::derive(&mut data, &facts_settings(&config, as_of, through)).map_err(|Failure(found)| {
            diagnostics.extend(found);
            Failure(std::mem::take(&mut diagnostics))
        })?;
        diagnostics.extend(unattributable(&data));
        let own = |m: &&Measure| config.measures.iter().any(|own| own.name == m.spec.name);
        let checked = filters.iter().map(|(kind, p)| (*kind, p));
        let checked = checked.chain(measures.iter().filter(own).map(|m| (m.spec.from, &m.predicate)));
        for (kind, predicate) in checked {
            diagnostics.extend(data.table(kind).map(|table| predicate.check_words(table)).into_iter().flatten());
        }
        // A condition on a heading that no file has would give numbers that look like any other.
        if diagnostics.iter().any(|d| d.code == Code::FilterColumn) {
            return Err(Failure(diagnostics));
        }
        for (kind, predicate) in &filters {
            measure::apply_filter(&mut data, *kind, predicate).map_err(Failure::from)?;
        }
        let targets = targets::targets(&config, &data, &catalog, &mut diagnostics);
        let leads = leads.unwrap_or_else(|| DEFAULT_LEADS.iter().map(|n| (*n).to_owned()).collect());
        let lags = lags.unwrap_or_else(|| {
            let profit = data.deals.column("profit").is_some();
            DEFAULT_LAGS.iter().filter(|n| **n != "profit" || profit).map(|n| (*n).to_owned()).collect()
        });
        let verbose = global.verbose;
        Ok(Self { config, calendar, as_of, data, facts, reading, catalog, measures, targets, leads, lags, verbose, diagnostics })
    }

    /// The run that reports are built from, over the periods that the options ask for.
    ///
    /// # Errors
    /// A period that cannot be, a name that nobody has, and exports in which nothing is complete.
    pub fn run(&self, args: &Exports) -> Result<Run<'_>, Failure> {
        let mut engine = Engine::new(&self.data, &self.facts, &self.calendar, self.as_of, &self.measures);
        let main = engine.currencies().first().cloned();
        let targets = Targets::new(&self.targets, &self.data.roster, &self.facts.seen, &self.calendar, main);
        engine.targets = Some(targets.clone());
        let (periods, named) = self.periods(args, &engine)?;
        let owner = args.owner.as_deref().map(|name| self.owner(name)).transpose()?;
        let team = args.team.as_deref().map(|name| self.team(name)).transpose()?;
        if owner.is_some() && matches!(args.by, Some(By::All | By::Team)) || team.is_some() && args.by == Some(By::All) {
            return Err(Diagnostic::error(Code::UnknownName, "--by leaves out the level of --owner or --team: nothing would be shown")
                .hint("leave --by away, or choose a finer level")
                .into());
        }
        let finest = match args.by {
            Some(By::All) => Level::All,
            Some(By::Team) => Level::Team,
            Some(By::Owner) | None => Level::Owner,
        };
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
            on_pace: self.config.report.on_pace,
            periods,
            named,
            finest,
            owner,
            team,
            verbose: self.verbose,
            engine,
        })
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
        let grain = args.period.map_or(Grain::Week, grain_of);
        let first = [self.facts.activities.first, self.facts.deals.first].into_iter().flatten().min();
        if args.from.is_some() || args.to.is_some() {
            let last = args.to.as_deref().map(|t| date(t, "--to")).transpose()?.unwrap_or(self.as_of);
            let from = args.from.as_deref().map(|t| date(t, "--from")).transpose()?.or(first).unwrap_or(last);
            let range = Range::new(from, last).ok_or_else(|| bad(format!("--from {from} lies after --to {last}")))?;
            let grain = args.period.map_or(Grain::Range, grain_of);
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
const ALWAYS: &[&str] = &["booked_next", "deals_won", "revenue"];

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

fn grain_of(length: Length) -> Grain {
    match length {
        Length::Day => Grain::Day,
        Length::Week => Grain::Week,
        Length::Month => Grain::Month,
        Length::Quarter => Grain::Quarter,
        Length::Year => Grain::Year,
        Length::All => Grain::All,
    }
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
    columns.chain(missed.map(|text| lacks("[outcome] missed".to_owned(), text, Kind::Activities))).collect()
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

/// The configuration: built in, the user's own, the project's.
fn configure(args: &Exports, global: &Global) -> Result<(Config, Vec<Diagnostic>, Vec<String>), Failure> {
    let mut layers = Vec::new();
    let mut notes = Vec::new();
    let read = |path: &Path, name: String| -> Result<Layer, Failure> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Layer::file(name, text)),
            Err(e) => {
                let (code, why) = match e.kind() {
                    std::io::ErrorKind::NotFound => (Code::NotFound, "no such file".to_owned()),
                    std::io::ErrorKind::IsADirectory => (Code::Unreadable, "it is a folder".to_owned()),
                    std::io::ErrorKind::InvalidData => (Code::Unreadable, "it is not UTF-8".to_owned()),
                    _ => (Code::Unreadable, e.to_string()),
                };
                Err(Diagnostic::error(code, format!("the configuration cannot be read: {why}")).at(Location::file(name)).into())
            }
        }
    };
    if let Some(path) = user_config().filter(|p| p.is_file()) {
        layers.push(read(&path, path.display().to_string())?);
    }
    let project = find_upward();
    let beside = args.files.iter().map(|f| Path::new(f).join(CONFIG)).find(|p| p.is_file());
    match (&global.config, project, beside) {
        (Some(path), ..) => layers.push(read(Path::new(path), path.clone())?),
        (None, Some((path, name)), beside) => {
            layers.push(read(&path, name.clone())?);
            if let Some(other) = beside.filter(|b| b.canonicalize().ok() != path.canonicalize().ok()) {
                notes.push(
                    Diagnostic::warning(Code::NotUsed, format!("this configuration is not used: {name} is"))
                        .at(Location::file(other.display().to_string()))
                        .hint(format!("use it with --config {}", other.display())),
                );
            }
        }
        (None, None, Some(path)) => layers.push(read(&path, path.display().to_string())?),
        (None, None, None) => {}
    }
    let (config, found) = config::load(&layers)?;
    notes.extend(found);
    let used = layers.iter().map(|l| l.source.name().to_owned()).collect();
    Ok((config, notes, used))
}

fn user_config() -> Option<PathBuf> {
    let folder = std::env::var_os("XDG_CONFIG_HOME").filter(|v| !v.is_empty()).map(PathBuf::from);
    let home = || std::env::var_os("HOME").filter(|v| !v.is_empty()).map(|h| PathBuf::from(h).join(".config"));
    Some(folder.or_else(home)?.join("leadlag").join(CONFIG))
}

/// The configuration of the working folder or the nearest of its parents, and its name as seen from there.
fn find_upward() -> Option<(PathBuf, String)> {
    let here = std::env::current_dir().ok()?;
    let mut name = CONFIG.to_owned();
    for folder in here.ancestors() {
        let path = folder.join(CONFIG);
        if path.is_file() {
            return Some((path, name));
        }
        name = format!("../{name}");
    }
    None
}

fn calendar(config: &Config) -> Result<Calendar, Failure> {
    let weekday = |day: config::Weekday| calendar::Weekday::ALL[usize::from(day.number()) - 1];
    let from = &config.calendar;
    let pattern = from.pattern.map(|weeks| match weeks {
        [4, 5, 4] => Ok(calendar::Pattern::FourFiveFour),
        [5, 4, 4] => Ok(calendar::Pattern::FiveFourFour),
        [4, 4, 5] => Ok(calendar::Pattern::FourFourFive),
        [a, b, c] => Err(Failure::from(
            Diagnostic::error(Code::ConfigValue, format!("{a}-{b}-{c} is no known pattern")).hint("write 4-4-5, 4-5-4 or 5-4-4"),
        )),
    });
    let spec = CalendarSpec {
        week_starts: weekday(from.week_starts),
        time_zone: from.time_zone.clone(),
        fiscal_year_starts: Some(from.fiscal_year_starts),
        pattern: pattern.transpose()?,
        workdays: from.workdays.iter().map(|d| weekday(*d)).collect(),
        holidays: from.holidays.clone(),
    };
    Calendar::new(&spec).map_err(|problem| {
        let path = format!("calendar.{}", problem.key);
        let mut diagnostic = Diagnostic::error(Code::ConfigValue, problem.message);
        if let Some(origin) = config.origin(&path) {
            diagnostic = diagnostic.at(match origin.line {
                Some(line) => Location::line(origin.source.name(), line),
                None => Location::file(origin.source.name()),
            });
        }
        diagnostic.into()
    })
}

/// The predicates of `--where` and `[filter]`; both hold where both are given.
fn filters(args: &Exports, config: &Config) -> Result<Vec<(Kind, Predicate)>, Failure> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let countable = [Kind::Activities, Kind::Deals];
    for (kind, text) in &config.filter {
        if !countable.contains(kind) {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{}' is no table that can be filtered", kind.name()))
                    .at(text.at.clone())
                    .hint("write activities = \"…\" or deals = \"…\""),
            );
            continue;
        }
        match filter::compile(&text.text, *kind, &text.at) {
            Ok(predicate) => found.push((*kind, predicate)),
            Err(list) => problems.extend(list),
        }
    }
    for given in &args.filters {
        let at = Location::file("--where");
        let Some((table, sql)) = given.split_once('=') else {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{given}' names no table"))
                    .at(at)
                    .hint("write --where deals=\"pipeline <> 'Renewals'\""),
            );
            continue;
        };
        let Some(kind) = Kind::named(table.trim()).filter(|k| countable.contains(k)) else {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{}' is no table that can be filtered", table.trim()))
                    .at(at)
                    .hint("write activities=… or deals=…"),
            );
            continue;
        };
        let position = u32::try_from(table.chars().count() + 2).unwrap_or(1);
        match filter::compile(sql, kind, &Location::at("--where", 1, position)) {
            Ok(predicate) => found.push((kind, predicate)),
            Err(list) => problems.extend(list),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Failure(problems)) }
}

/// The files to read, with their bytes.
fn inputs(args: &Exports, config: &Config, diagnostics: &mut Vec<Diagnostic>) -> Result<Vec<Input>, Failure> {
    let mut names: Vec<(Option<Kind>, Vec<String>, PathBuf)> = Vec::new();
    for (kind, list) in args.told() {
        names.push((Some(kind), list.to_vec(), PathBuf::new()));
    }
    if !args.files.is_empty() {
        names.push((None, args.files.clone(), PathBuf::new()));
    }
    if names.is_empty() {
        for (kind, list) in &config.inputs.files {
            for text in list {
                let base = Path::new(&text.at.file).parent().map(Path::to_path_buf).unwrap_or_default();
                names.push((Some(*kind), vec![text.text.clone()], base));
            }
        }
    }
    if names.is_empty() {
        return Err(Diagnostic::error(Code::NoInput, "no files to read")
            .hint("name the CSV files that the CRM exports, or the folder that holds them: leadlag report exports/")
            .hint("or list them under [inputs] in leadlag.toml")
            .into());
    }
    let mut inputs: Vec<Input> = Vec::new();
    let mut failed = false;
    for (table, list, base) in names {
        let found = files::find(&list, &base);
        failed |= found.diagnostics.iter().any(|d| d.severity == crate::diagnostic::Severity::Error);
        diagnostics.extend(found.diagnostics);
        for input in found.inputs {
            if inputs.iter().any(|i| i.name == input.name) {
                continue;
            }
            let stdin = || {
                let mut bytes = Vec::new();
                std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
            };
            match input.bytes(stdin) {
                Ok(bytes) => inputs.push(Input { name: input.name.clone(), named: input.named, table, bytes }),
                Err(problem) => {
                    failed = true;
                    diagnostics.push(problem);
                }
            }
        }
    }
    if failed { Err(Failure(std::mem::take(diagnostics))) } else { Ok(inputs) }
}

fn settings<'a>(
    args: &Exports,
    config: &Config,
    calendar: &'a Calendar,
    filters: &[(Kind, Predicate)],
    measures: &[Measure],
) -> Result<crm::Settings<'a>, Failure> {
    let bad = |message: String| Failure::from(Diagnostic::error(Code::ConfigValue, message));
    known(args, config)?;
    let order = match (args.date_order, config.inputs.date_order) {
        (Some(Order::Dmy), _) | (None, Some(config::DateOrder::Dmy)) => Some(value::Order::DayFirst),
        (Some(Order::Mdy), _) | (None, Some(config::DateOrder::Mdy)) => Some(value::Order::MonthFirst),
        _ => None,
    };
    let delimiter = match args.delimiter.as_deref() {
        Some("tab" | "\\t") => Some(b'\t'),
        Some(text) if text.len() == 1 => text.bytes().next(),
        Some(text) => return Err(bad(format!("--delimiter takes one character or tab, and not '{text}'"))),
        None => config.inputs.delimiter.and_then(|c| u8::try_from(c).ok()),
    };
    let mut extras: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let used = filters.iter().map(|(kind, p)| (*kind, p)).chain(measures.iter().map(|m| (m.spec.from, &m.predicate)));
    for (kind, predicate) in used {
        extras.entry(kind).or_default().extend(predicate.extras().iter().cloned());
    }
    for headings in extras.values_mut() {
        headings.sort_unstable();
        headings.dedup();
    }
    let words = |list: &BTreeMap<&'static str, Vec<String>>| list.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let mut vocabularies = crm::preset::WordLists::new();
    for (name, list) in [
        ("kind", &config.words.kind),
        ("outcome", &config.words.outcome),
        ("result", &config.words.result),
        ("state", &config.words.state),
        ("stage", &config.words.state),
    ] {
        if !list.is_empty() {
            vocabularies.insert(name.to_owned(), words(list));
        }
    }
    Ok(crm::Settings {
        crm: args.crm.clone().or_else(|| config.inputs.crm.as_ref().map(|t| t.text.clone())),
        date_order: order,
        zone: config.inputs.time_zone.as_deref().map(Zone::named).transpose().map_err(bad)?,
        encoding: args.encoding.clone().or_else(|| config.inputs.encoding.clone()),
        delimiter,
        columns: config
            .columns
            .iter()
            .flat_map(|(kind, fields)| fields.iter().map(|(field, heading)| (*kind, field.clone(), heading.text.clone())))
            .collect(),
        words: vocabularies,
        missed: config.outcome.missed.as_ref().map(|t| t.text.clone()),
        currency: config.money.currency.clone(),
        calendar,
        leaders_sell: config.people.leaders_sell,
        extras,
    })
}

/// Whether what the user says about the files are words that the reader knows: said once, and not for each file.
fn known(args: &Exports, config: &Config) -> Result<(), Failure> {
    let mut problems = Vec::new();
    let mut say = |what: &str, at: Location, near: Option<String>| {
        let said = Diagnostic::error(Code::ConfigValue, what).at(at);
        problems.push(match near {
            Some(hint) => said.hint(hint),
            None => said,
        });
    };
    let option = args.crm.as_ref().map(|name| (name, Location::file("--crm")));
    if let Some((name, at)) = option.or_else(|| config.inputs.crm.as_ref().map(|t| (&t.text, t.at.clone()))) {
        let names: Vec<&str> = crm::preset::shipped().iter().map(|p| p.name.as_str()).collect();
        if !names.contains(&name.as_str()) {
            let near = crm::preset::nearest(name, names.iter().copied());
            let hint = near.map_or_else(|| format!("there are {}", names.join(", ")), |near| format!("did you mean '{near}'?"));
            say(&format!("no preset is named '{name}'"), at, Some(hint));
        }
    }
    if let Some(label) = &args.encoding
        && encoding_rs::Encoding::for_label(label.trim().as_bytes()).is_none()
    {
        let hint = "such as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis".to_owned();
        say(&format!("'{label}' is no encoding"), Location::file("--encoding"), Some(hint));
    }
    for (kind, fields) in &config.columns {
        for (name, heading) in fields.iter().filter(|(name, _)| crm::field::find(*kind, name).is_none()) {
            let near = crm::preset::nearest(name, crm::field::fields(*kind).iter().map(|f| f.name));
            let said = Diagnostic::error(Code::ConfigKey, format!("[columns.{}] has no field '{name}'", kind.name()));
            let said = said.at(heading.at.clone());
            problems.push(match near {
                Some(near) => said.hint(format!("did you mean '{near}'?")),
                None => said,
            });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure(problems)) }
}

fn facts_settings(config: &Config, as_of: Day, through: Option<Day>) -> facts::Settings {
    facts::Settings {
        as_of,
        through,
        blank: config.outcome.blank.map(|blank| match blank {
            config::Blank::Held => facts::Blank::Held,
            config::Blank::Unknown => facts::Blank::Unknown,
        }),
        minutes: config.minutes.iter().map(|(kind, minutes)| ((*kind).to_owned(), i64::from(*minutes))).collect(),
    }
}

/// A currency as targets and amounts share it.
pub(super) fn currency(text: &str) -> crate::unit::Currency {
    Arc::from(text)
}
