//! Files → everything that the exports hold, in canonical form.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::assemble::assemble;
use super::carried;
use super::evidence::Evidence;
use super::fold;
use super::grouped;
use super::history;
use super::link;
use super::normalise::Problems;
use super::part::{Field, Part};
use super::plain;
use super::preset::{self, Preset, Shape, WordLists};
use super::read::{self, Found, Holder, Records, Sheet};
use super::recognise::{Pinned, Recognised};
use super::second::{self, Share};
use super::tables::{self, Asked, Rows, Tableau, Tables};
use super::twins;
use super::value::{Mark, Order};
use super::words::{self, Unmatched, Words as Vocabulary};
use crate::calendar::{Calendar, Zone};
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Severity};
use crate::table::{Data, Kind, Source, Words, WordsBuilder};

/// A file to be read.
#[derive(Debug)]
pub struct Input {
    /// Its name as the user gave it.
    pub name: String,
    /// Whether the user named this very file, and not a folder or pattern: then it must be a table.
    pub named: bool,
    /// The table that the user says it is.
    pub table: Option<Kind>,
    /// Which of the tables inside are meant.
    pub inside: Inside,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Which of the tables in a file are meant, by their names inside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inside {
    /// This one: a sheet, a file, or all that a folder or archive of this name holds.
    Only(String),
    /// All but these, which were named on their own.
    But(Vec<String>),
}

impl Inside {
    fn means(&self, file: &str, path: &str) -> bool {
        let inner = path.strip_prefix(file).and_then(|rest| rest.strip_prefix('/')).unwrap_or_default();
        let is = |name: &str| inner.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match self {
            Self::Only(name) => is(name.trim_end_matches('/')),
            Self::But(names) => !names.iter().any(|name| is(name.trim_end_matches('/'))),
        }
    }
}

/// What the user has said about the exports.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// What is known of CRMs, the common preset last.
    pub presets: Cow<'static, [Preset]>,
    /// The preset to use (`--crm`).
    pub crm: Option<String>,
    /// In which order day and month stand.
    pub date_order: Option<Order>,
    /// Which mark stands before the decimals of amounts.
    pub decimal_mark: Option<Mark>,
    /// The zone of times written without an offset.
    pub zone: Option<Zone>,
    /// The encoding of the files.
    pub encoding: Option<String>,
    /// What separates their fields.
    pub delimiter: Option<u8>,
    /// Headings of fields (`[columns.<table>]`).
    pub columns: Vec<(Kind, String, String)>,
    /// The company's own words (`[words]`): they win over every preset's, and those of `state` hold for stages too.
    pub words: WordLists,
    /// The heading of a box that marks a no-show.
    pub missed: Option<String>,
    /// The currency of amounts that name none.
    pub currency: Option<String>,
    /// The report's calendar.
    pub calendar: &'a Calendar,
    /// Whether leaders' numbers count in their team's sums.
    pub leaders_sell: bool,
    /// Headings of further owners of a deal, each with the share of its money; none where the user has not said it.
    pub credit: Option<Vec<Share>>,
    /// Headings that filters name, by table.
    pub extras: BTreeMap<Kind, Vec<String>>,
}

/// What was noticed while reading.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// Files of a folder that no report needs, and why.
    pub unused: Vec<(String, String)>,
    /// Words of records whose kind nothing decided, the most frequent first.
    pub unmapped: Vec<(String, u64)>,
    /// Records whose kind nothing decided, and all records.
    pub other_kinds: (u64, u64),
    /// Cells that could not be understood and were taken as blank.
    pub cells: u64,
    /// Whether won deals fall on the one close date that the CRM keeps for open and closed deals.
    pub shared_close: bool,
    /// The heading of the amount.
    pub amount_heading: Option<String>,
    /// Owners who are not on the roster although there is one.
    pub unlisted: Vec<String>,
    /// Whether any activity names a moment rather than a day.
    pub timed: bool,
    /// Headings that the user has named and no file of their table has: the table, the field, and the heading most like it.
    pub unmatched: Vec<(Kind, String, Option<String>)>,
    /// The user's own words that no file has.
    pub unmatched_words: Vec<Unmatched>,
    /// Whether no activity has the heading that the user has named as the mark of a no-show.
    pub no_missed: bool,
    /// People whose name is written in several ways, with the others.
    pub spellings: Vec<(String, Vec<String>)>,
    /// Headings of further owners that no file of deals has.
    pub no_second: Vec<String>,
}

/// Everything that was read.
#[derive(Debug)]
pub struct Loaded {
    /// The tables.
    pub data: Data,
    /// What was noticed.
    pub reading: Reading,
    /// What went wrong or was odd, in order of file and line.
    pub diagnostics: Vec<Diagnostic>,
    /// What was understood, where it was asked for.
    pub evidence: Option<Evidence>,
}

/// What was understood of files, whether or not they can be reported on.
#[derive(Debug)]
pub struct Inspected {
    /// What was understood.
    pub evidence: Evidence,
    /// The tables, as far as they could be put together; none where no file is a table.
    pub loaded: Option<Loaded>,
    /// What went wrong or was odd.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether something has to be answered before the files can be reported on.
    pub failed: bool,
}

/// Reads files into canonical tables.
///
/// # Errors
/// Where a file that the user named is no table or is refused, where a column's dates fit two orders, and where no file holds activities
/// or deals; with everything else that was found wrong on the way.
pub fn load(inputs: Vec<Input>, settings: &Settings<'_>) -> Result<Loaded, Failure> {
    read_all(inputs, settings, None).map_err(|stopped| Failure(stopped.diagnostics))
}

/// Reads files and keeps what was understood of each, even where they cannot be reported on.
pub fn inspect(inputs: Vec<Input>, settings: &Settings<'_>) -> Inspected {
    let (mut loaded, mut stopped, failed) = match read_all(inputs, settings, Some(Evidence::default())) {
        Ok(loaded) => (Some(loaded), Box::default(), false),
        Err(mut stopped) => (stopped.loaded.take().map(|loaded| *loaded), stopped, true),
    };
    let of_tables = loaded.as_mut().map(|loaded| (loaded.evidence.take(), std::mem::take(&mut loaded.diagnostics)));
    let (evidence, diagnostics) = of_tables.unwrap_or_else(|| (stopped.evidence.take(), std::mem::take(&mut stopped.diagnostics)));
    Inspected { evidence: evidence.unwrap_or_default(), loaded, diagnostics, failed }
}

/// A run that cannot go on, with what it has come to know.
#[derive(Default)]
struct Stopped {
    diagnostics: Vec<Diagnostic>,
    evidence: Option<Evidence>,
    loaded: Option<Box<Loaded>>,
}

fn read_all(inputs: Vec<Input>, settings: &Settings<'_>, evidence: Option<Evidence>) -> Result<Loaded, Box<Stopped>> {
    let asked = evidence.is_some();
    let mut problems = Problems { evidence, ..Problems::default() };
    let mut reading = Reading::default();
    let mut sources = Vec::new();
    let mut parts = Vec::new();
    let mut headings = Headings::new();
    let mut vocabularies = Vocabularies::default();
    let mut forms = Vec::new();
    for input in inputs {
        let (vocabularies, sources, parts) = (&mut vocabularies, &mut sources, &mut parts);
        let (problems, reading, headings) = (&mut problems, &mut reading, &mut headings);
        let forms = &mut forms;
        open(input, &mut Into { settings, vocabularies, sources, parts, problems, reading, headings, forms });
    }
    unmatched(&headings, settings, &mut reading);
    let countable = parts.iter().any(|p| matches!(p.shape, Shape::Records(Kind::Activities | Kind::Deals)));
    if !countable && !problems.fatal {
        problems.fatal = true;
        // Where nothing could be used, why not is what matters.
        for said in problems.list.iter_mut().filter(|d| d.code == Code::NotUsed) {
            said.severity = Severity::Warning;
        }
        problems.say(Diagnostic::error(Code::NoInput, "no file holds activities or deals").hint(
            "name the CSV files that the CRM exports, or the folder that holds them; --activities FILE and --deals FILE say which is which",
        ));
    }
    // Whoever asks what was understood is shown all of it beside the question.
    if problems.fatal && (!asked || parts.is_empty()) {
        return Err(Box::new(Stopped { diagnostics: problems.list, evidence: problems.evidence, loaded: None }));
    }
    carried::apart(&mut parts, &mut sources, &mut problems);
    let merged = link::apply(&mut parts);
    reading.unmatched_words = words::unmatched(&settings.words, &parts);
    assemble(&parts, &merged, sources, settings, problems, reading).map_err(|mut loaded| {
        let diagnostics = if asked { Vec::new() } else { std::mem::take(&mut loaded.diagnostics) };
        Box::new(Stopped { diagnostics, evidence: None, loaded: Some(loaded) })
    })
}

/// So many tables below one another are read of one file.
const TABLES: usize = 16;

/// The words of each preset, made once however many files it recognises.
#[derive(Default)]
struct Vocabularies(BTreeMap<String, Rc<Vocabulary>>);

impl Vocabularies {
    fn of(&mut self, preset: &str, settings: &Settings<'_>) -> Rc<Vocabulary> {
        let make = || Rc::new(Vocabulary::new(&settings.presets, preset, &settings.words));
        Rc::clone(self.0.entry(preset.to_owned()).or_insert_with(make))
    }
}

/// Opens a file and takes every table in it.
fn open(input: Input, into: &mut Into<'_, '_>) {
    let Input { name, named, table, inside, bytes } = input;
    let wanted = named || table.is_some();
    let options = read::Settings { delimiter: into.settings.delimiter, encoding: into.settings.encoding.clone() };
    let mut set_aside: Vec<Diagnostic> = Vec::new();
    let (mut tables, mut met) = (0_usize, Vec::new());
    let holder = read::open(&name, bytes, &options, &mut |path, found| {
        if !inside.means(&name, path) {
            return met.push(path.to_owned());
        }
        let taken = match found {
            Found::Table(sheet, said) => into.table(*sheet, said, table),
            Found::Refused(diagnostic) => Err(diagnostic),
            Found::Unused(why) if matches!(inside, Inside::Only(_)) => {
                Err(Diagnostic::error(Code::NotATable, why).at(Location::file(path)).hint("name a part that holds a table"))
            }
            Found::Unused(why) => {
                into.reading.unused.push((path.to_owned(), why.clone()));
                into.problems.say(Diagnostic::note(Code::NotUsed, format!("not used: {why}")).at(Location::file(path)));
                return;
            }
        };
        match taken {
            Ok(()) => tables += 1,
            Err(diagnostic) => {
                if let Some(evidence) = &mut into.problems.evidence {
                    evidence.set_aside(path, &diagnostic);
                }
                set_aside.push(diagnostic);
            }
        }
    });
    if let Inside::Only(part) = &inside
        && tables == 0
        && set_aside.is_empty()
    {
        into.problems.fatal = true;
        let near = preset::nearest(&format!("{name}/{part}"), met.iter().map(String::as_str)).map(|near| format!("did you mean {near}?"));
        let said = Diagnostic::error(Code::NotFound, format!("it holds no table '{part}'")).at(Location::file(&name));
        return into.problems.say(
            said.hint(near.unwrap_or_else(|| format!("it holds {}", met.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ")))),
        );
    }
    // Where parts were named on their own, the rest need not be a table.
    let nothing = wanted && tables == 0 && (met.is_empty() || matches!(inside, Inside::Only(_)));
    // One thing that cannot be read is what is wrong; of several the user must hear which there are.
    if nothing && (holder.is_none() || set_aside.len() == 1) {
        into.problems.fatal = true;
        return set_aside.into_iter().for_each(|diagnostic| into.problems.say(diagnostic));
    }
    if nothing && let Some(holder) = holder {
        into.problems.fatal = true;
        return into.problems.say(nothing_in(&name, holder, &set_aside));
    }
    for diagnostic in set_aside {
        // Part of what the user named is gone: the rest would be half of it.
        let broken = wanted && matches!(diagnostic.code, Code::Damaged | Code::TooLarge | Code::Unreadable);
        into.problems.fatal |= broken;
        into.set_aside(diagnostic, broken);
    }
}

/// The name of a numbered file without its number and what follows, `Calls` of `backup/Calls_002.csv.gz`; its folder stays.
fn stem(path: &str) -> Option<&str> {
    let file = path.rfind('/').map_or(0, |at| at + 1);
    let name = path.get(file..)?;
    let plain = name.get(..name.find('.').unwrap_or(name.len()))?;
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ')' | '('));
    let part = stem.trim_end_matches(['_', '-', ' ']);
    (part.len() < plain.len() && stem.len() < plain.len() && !part.is_empty()).then(|| path.get(..file + part.len()))?
}

/// Whether a file is the first part, numbered or not, of those with this stem.
fn stem_is(path: &str, wanted: &str) -> bool {
    stem(path) == Some(wanted) || path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How many of the tables that cannot be used are said where none can.
const SHOWN: usize = 5;

/// The one thing to say where a workbook or archive that the user named holds no table.
fn nothing_in(name: &str, holder: Holder, set_aside: &[Diagnostic]) -> Diagnostic {
    let what = match holder {
        Holder::Archive => "no file in this archive is a table that can be used",
        Holder::Workbook => "no sheet of this workbook is a table that can be used",
    };
    let mut said = Diagnostic::error(Code::NotATable, what).at(Location::file(name));
    for aside in set_aside.iter().take(SHOWN) {
        let path = aside.location.as_ref().map_or("", |at| at.file.as_str());
        said = said.hint(format!("{path}: {}", aside.message));
    }
    match set_aside.len() {
        0 => said.hint("a table has one row of headings above its records"),
        n if n > SHOWN => said.hint(format!("and {} more", n - SHOWN)),
        _ => said,
    }
}

/// Where everything goes that is read.
struct Into<'a, 'c> {
    settings: &'a Settings<'c>,
    vocabularies: &'a mut Vocabularies,
    sources: &'a mut Vec<Source>,
    parts: &'a mut Vec<Part>,
    problems: &'a mut Problems,
    reading: &'a mut Reading,
    headings: &'a mut Headings,
    /// The tables read so far, and their headings.
    forms: &'a mut Vec<(String, Vec<String>)>,
}

impl<'a> Into<'a, '_> {
    /// Says why something is not used, though the run goes on without it.
    fn set_aside(&mut self, diagnostic: Diagnostic, grave: bool) {
        let path = diagnostic.location.as_ref().map(|at| at.file.clone()).unwrap_or_default();
        self.reading.unused.push((path.clone(), diagnostic.message.clone()));
        self.problems.say(if matches!(diagnostic.code, Code::UnrecognisedHeadings | Code::WrongTable) {
            let mut note = Diagnostic::note(Code::NotUsed, diagnostic.message).at(Location::file(&path));
            note.hints = diagnostic.hints;
            note
        } else if grave {
            diagnostic
        } else {
            // What should be a table and cannot be read may be the very one that is needed.
            Diagnostic { severity: Severity::Warning, ..diagnostic }
        });
    }

    /// A numbered part that has no headings of its own, under those of a part before it, and that one's path.
    fn part_of(&self, sheet: &Sheet) -> Option<(Sheet, String)> {
        let stem = stem(&sheet.name)?;
        let mut same = self.forms.iter().filter(|(path, headings)| stem_is(path, stem) && *headings != sheet.headings);
        same.find_map(|(path, headings)| Some((sheet.under(headings)?, path.clone())))
    }

    /// Takes the tables of a sheet, or says why it holds none.
    fn table(&mut self, sheet: Sheet, said: Vec<Diagnostic>, table: Option<Kind>) -> Result<(), Diagnostic> {
        let settings = self.settings;
        let pinned = Pinned { table, crm: settings.crm.as_deref(), columns: &settings.columns };
        let asked = Asked { presets: &settings.presets, pinned };
        let (name, line) = (sheet.name.clone(), sheet.heading_line);
        let mut found = match tables::find(sheet.clone(), asked) {
            Ok(found) => found,
            Err(refusal) => {
                if let Some((part, from)) = self.part_of(&sheet).filter(|_| refusal.0.code == Code::UnrecognisedHeadings) {
                    let message = format!("its first line is a record: read under the headings of {from}, which it continues");
                    let mut said = said;
                    said.push(Diagnostic::warning(Code::Assumed, message).at(Location::line(&name, line)));
                    return self.table(part, said, table);
                }
                let mut diagnostic = *refusal.0;
                diagnostic.location.get_or_insert_with(|| Location::line(&name, line));
                // Two tables that fit alike are a question, whoever named the file.
                if diagnostic.code == Code::AmbiguousTable {
                    self.problems.fatal = true;
                    if let Some(evidence) = &mut self.problems.evidence {
                        evidence.set_aside(&name, &diagnostic);
                    }
                    self.problems.say(diagnostic);
                    return Ok(());
                }
                return Err(diagnostic);
            }
        };
        self.problems.list.extend(said.iter().cloned());
        for more in (0..TABLES).rev() {
            let Some(below) = self.fill(found, more > 0, asked, &said) else { break };
            found = below;
        }
        Ok(())
    }

    /// Reads the tables of a sheet; gives those that stand below them, where `more` are looked for.
    fn fill(&mut self, mut tables: Tables, more: bool, asked: Asked<'a>, said: &[Diagnostic]) -> Option<Tables> {
        let (mut below, mut read) = (None, None);
        if let [table] = tables.list.as_mut_slice()
            && table.rows == Rows::All
        {
            let mut records = Cells::of(table, self.settings);
            let next = if more { tables::below(&table.sheet, &records.records, asked) } else { None };
            if let Some((until, found)) = next {
                table.sheet = table.sheet.until(until);
                records = Cells::of(table, self.settings);
                self.problems.say(
                    Diagnostic::note(Code::Assumed, format!("another table begins on line {until}"))
                        .at(Location::line(&table.sheet.name, until)),
                );
                below = Some(found);
            } else {
                self.problems.list.extend(tables::unknown_below(&table.sheet, &table.found, &records.records));
            }
            let kinds = tables::type_column(&table.sheet.headings).filter(|at| records.column(*at).is_some_and(tables::mixed));
            match kinds.and_then(|at| tables::by_type(&table.sheet, at, asked)) {
                Some(several) => {
                    let titles = std::mem::take(&mut tables.said);
                    tables = several;
                    tables.said.splice(..0, titles);
                }
                None => read = Some(records),
            }
        }
        self.problems.list.append(&mut tables.said);
        let whole = self.sources.len();
        for table in &tables.list {
            for mut diagnostic in table.found.diagnostics.iter().cloned() {
                self.problems.fatal |= diagnostic.severity == Severity::Error;
                diagnostic.location.get_or_insert_with(|| Location::line(&table.sheet.name, table.sheet.heading_line));
                self.problems.say(diagnostic);
            }
            let extra = extra_headings(table.found.shape.table(), self.settings);
            self.problems.say(taken_for(&table.sheet, &table.found, &extra));
            self.forms.push((table.sheet.name.clone(), table.sheet.headings.clone()));
            self.headings.entry(table.found.shape.table()).or_default().extend(table.sheet.headings.iter().cloned());
            let mut cells = read.take().unwrap_or_else(|| Cells::of(table, self.settings));
            if self.sources.len() > whole {
                // Whose record it is that cannot be read, nobody knows: it is counted once.
                cells.records.refused.clear();
                cells.records.diagnostics.clear();
            }
            let source = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
            take(table, cells, self.settings, self.vocabularies, self.sources, self.parts, self.problems);
            if let Some(evidence) = &mut self.problems.evidence {
                evidence.keep(source, table.sheet.clone(), said);
            }
        }
        if let (Some(table), false) = (tables.list.first(), tables.rest.is_empty()) {
            self.rest(table, &tables.rest);
        }
        below
    }

    /// Says which rows of a file with several tables are records of none that is read, and counts them.
    fn rest(&mut self, table: &Tableau, rest: &[(String, u64)]) {
        let rows: u64 = rest.iter().map(|(_, n)| n).sum();
        let shown: Vec<String> =
            rest.iter().take(5).map(|(word, n)| format!("{n} {}", if word.is_empty() { "that say no more" } else { word })).collect();
        let more = if rest.len() > 5 { " …" } else { "" };
        let what = if rows == 1 { "1 row is a record".to_owned() } else { format!("{rows} rows are records") };
        let why = format!("{what} of no table that is read: {}{more}", shown.join(", "));
        self.reading.unused.push((table.sheet.name.clone(), why.clone()));
        self.problems.say(Diagnostic::note(Code::NotUsed, format!("not used: {why}")).at(Location::file(&table.sheet.name)));
        let of = source(&table.sheet, &table.found);
        if let Some(evidence) = &mut self.problems.evidence {
            evidence.others(&why, rows);
        }
        self.sources.push(Source { table: "others".to_owned(), object: String::new(), why, read: rows, unneeded: rows, ..of });
    }
}

/// What a file was taken for, why, and which of its headings nothing reads: a column that somebody counts on is not passed over unsaid.
fn taken_for(sheet: &Sheet, found: &Recognised, extra: &[String]) -> Diagnostic {
    let table = match found.shape {
        Shape::Records(kind) => kind.name(),
        Shape::Link { .. } => "links",
        Shape::Lookup { .. } => "lookups",
    };
    let note = Diagnostic::note(Code::Recognised, format!("read as {table} ({} {}): {}", found.preset, found.object, found.why))
        .at(Location::line(&sheet.name, sheet.heading_line));
    let ignored = found.ignored.iter().filter_map(|at| sheet.headings.get(*at)).map(|h| h.trim()).filter(|h| !h.is_empty());
    let unread: Vec<&str> = ignored.filter(|h| !extra.iter().any(|e| fold::fold(e) == fold::fold(h))).collect();
    if unread.is_empty() { note } else { note.hint(format!("not read: {}", unread.join(", "))) }
}

/// The headings of the files of each table.
type Headings = BTreeMap<Kind, Vec<String>>;

/// Notes the headings that the user has named and no file has; a table without any file says nothing.
fn unmatched(headings: &Headings, settings: &Settings<'_>, reading: &mut Reading) {
    let lacks = |kind: Kind, heading: &str| -> Option<&[String]> {
        let there = headings.get(&kind)?;
        (!there.iter().any(|h| fold::fold(h) == fold::fold(heading))).then_some(there.as_slice())
    };
    for (kind, field, heading) in &settings.columns {
        if let Some(there) = lacks(*kind, heading) {
            let near = preset::nearest(heading, there.iter().map(String::as_str));
            reading.unmatched.push((*kind, field.clone(), near.map(str::to_owned)));
        }
    }
    reading.no_second =
        settings.credit.iter().flatten().map(|(heading, _)| heading.clone()).filter(|h| lacks(Kind::Deals, h).is_some()).collect();
    reading.no_missed = settings.missed.as_deref().is_some_and(|heading| lacks(Kind::Activities, heading).is_some());
}

/// The cells of a table that are read.
struct Cells {
    /// The columns, ascending.
    wanted: Vec<usize>,
    records: Records,
}

impl Cells {
    /// Reads what a table's fields and the user's filters need.
    fn of(table: &Tableau, settings: &Settings<'_>) -> Self {
        let (sheet, found) = (&table.sheet, &table.found);
        let second: &[(&'static str, usize)] = found.also_fills.as_ref().map_or(&[], |(_, columns)| columns.as_slice());
        let mut wanted: Vec<usize> = found.columns.iter().chain(&found.also).chain(second).map(|(_, at)| *at).collect();
        wanted.extend(found.entered.iter().map(|(_, at)| *at));
        wanted.extend(found.plain.headings(&sheet.headings));
        let needed = wanted.clone();
        wanted.extend(extra_columns(sheet, found, settings));
        wanted.extend(second_owners(sheet, found, settings));
        match &table.rows {
            Rows::All => wanted.extend(tables::type_column(&sheet.headings)),
            Rows::Of(at, _) => wanted.push(*at),
            Rows::Filling { columns, .. } => wanted.extend(columns),
        }
        wanted.sort_unstable();
        wanted.dedup();
        // A row of several tables fills the columns of one.
        let records = if table.rows == Rows::All { sheet.read_records(&wanted, &needed) } else { sheet.read(&wanted) };
        Self { wanted, records }
    }

    fn column(&self, at: usize) -> Option<&Words> {
        self.records.columns.get(self.wanted.binary_search(&at).ok()?)
    }
}

/// The places of the headings that filters name.
fn extra_columns(sheet: &Sheet, found: &Recognised, settings: &Settings<'_>) -> Vec<usize> {
    let place = |heading: &String| {
        let exact = sheet.headings.iter().position(|h| h.trim() == heading.trim());
        exact.or_else(|| sheet.headings.iter().position(|h| fold::fold(h) == fold::fold(heading)))
    };
    let mut extras: Vec<usize> = extra_headings(found.shape.table(), settings).iter().filter_map(place).collect();
    extras.sort_unstable();
    extras.dedup();
    extras
}

/// The places of headings that may name second owners, where the user has not said who is credited.
fn second_owners(sheet: &Sheet, found: &Recognised, settings: &Settings<'_>) -> Vec<usize> {
    if settings.credit.is_none() { second::unread(found, &sheet.headings) } else { Vec::new() }
}

/// What a file or one of its tables is, before anything of it is counted.
fn source(sheet: &Sheet, found: &Recognised) -> Source {
    let table = match found.shape {
        Shape::Records(kind) => kind.name().to_owned(),
        Shape::Link { .. } => "links".to_owned(),
        Shape::Lookup { .. } => "lookups".to_owned(),
    };
    Source {
        path: sheet.name.clone(),
        table,
        crm: found.preset.clone(),
        object: found.object.clone(),
        why: found.why.clone(),
        bytes: sheet.bytes,
        xxh3: sheet.xxh3.clone(),
        read: 0,
        refused: 0,
        merged: 0,
        deleted: 0,
        unneeded: 0,
        through: None,
        dated: false,
    }
}

/// Makes the records of a table into parts.
fn take(
    table: &Tableau,
    mut cells: Cells,
    settings: &Settings<'_>,
    vocabularies: &mut Vocabularies,
    sources: &mut Vec<Source>,
    parts: &mut Vec<Part>,
    problems: &mut Problems,
) {
    let (sheet, found) = (&table.sheet, &table.found);
    let at = u16::try_from(sources.len()).unwrap_or(u16::MAX);
    let own: Vec<usize> = ["id", "name", "subject"].iter().filter_map(|name| found.column(name)).collect();
    // Where rows are of several tables, a blank cell may only say that the row is of another.
    if table.rows == Rows::All {
        problems.list.extend(grouped::fill_down(sheet, &mut cells.records, &cells.wanted, &own, table.titled));
    }
    if let Some(chosen) = tables::chosen(&table.rows, &cells.records, &cells.wanted) {
        cells.records.keep(&chosen);
    }
    let column = |at: usize| cells.column(at).cloned();
    let heading = |at: usize| sheet.headings.get(at).cloned().unwrap_or_default();
    let fields = |columns: &[(&'static str, usize)]| -> Vec<Field> {
        columns.iter().filter_map(|(name, at)| Some(Field { name, heading: heading(*at), words: column(*at)? })).collect()
    };
    let mut own = fields(&found.columns);
    for (name, at) in found.also.iter().filter(|(name, at)| may_fill(name, &heading(*at))) {
        let Some(other) = column(*at) else { continue };
        let Some(field) = own.iter_mut().find(|field| field.name == *name) else { continue };
        match twins::differ(field, &heading(*at), &other, &sheet.name, &cells.records.line) {
            Some(diagnostic) => problems.say(diagnostic),
            None => fill_blanks(field, &other),
        }
    }
    for field in &mut own {
        without_markers(field);
    }
    let owner = own.iter().find(|field| field.name == "owner").map(|field| &field.words);
    for at in second_owners(sheet, found, settings) {
        let passed = |words: Words| second::passed_over(&sheet.name, &cells.records.line, &heading(at), &words, owner);
        problems.list.extend(column(at).and_then(passed));
    }
    let raw = |name: &str| plain::place(&sheet.headings, name).and_then(|at| Some((heading(at), column(at)?)));
    let guessed = plain::apply(&mut own, &found.plain, raw);
    problems.list.extend(guessed.map(|said| said.at(Location::line(&sheet.name, sheet.heading_line))));
    let words = vocabularies.of(&found.preset, settings);
    let records = &cells.records;
    let part = |shape: Shape, line: &[u32], fields: Vec<Field>| Part {
        source: at,
        path: sheet.name.clone(),
        shape,
        beside: true,
        carried: false,
        zone: found.zone,
        close: found.close,
        words: Rc::clone(&words),
        line: line.to_vec(),
        fields: fields.into(),
        extras: Vec::new(),
        constant: Vec::new(),
    };
    if let Some((kind, columns)) = &found.also_fills {
        parts.push(part(Shape::Records(*kind), &records.line, fields(columns)));
    }
    let entered: Vec<(&str, String, Words)> =
        found.entered.iter().filter_map(|(stage, at)| Some((stage.as_str(), heading(*at), column(*at)?))).collect();
    if let Some(history) = history::of(&records.line, &own, &entered) {
        parts.push(part(Shape::Records(Kind::Stages), &history.line, history.fields));
    }
    let carried = matches!(table.rows, Rows::Filling { once: true, .. });
    let mut main = Part { beside: false, carried, constant: found.constant.clone(), ..part(found.shape, &records.line, own) };
    let extras = extra_columns(sheet, found, settings);
    main.extras = extras.iter().filter_map(|at| Some((heading(*at).trim().to_owned(), column(*at)?))).collect();
    sources.push(Source { read: records.read, refused: records.refused.len() as u64, ..source(sheet, found) });
    if let Some(evidence) = &mut problems.evidence {
        evidence.file(sheet, found, records, &main, &cells.wanted, settings);
    }
    problems.list.extend(records.diagnostics.iter().cloned());
    problems.list.extend(cells.records.refused.into_iter().map(|r| r.diagnostic));
    parts.push(main);
}

fn extra_headings(kind: Kind, settings: &Settings<'_>) -> Vec<String> {
    let mut headings = settings.extras.get(&kind).cloned().unwrap_or_default();
    match kind {
        Kind::Activities => headings.extend(settings.missed.clone()),
        Kind::Deals => headings.extend(settings.credit.iter().flatten().map(|(heading, _)| heading.clone())),
        _ => {}
    }
    headings
}

/// Whether a second heading may fill a field's blank cells. A blank amount is missing, and no amount of another sort; a record without owner
/// belongs to its deal's or account's owner, not to who typed it in or to whose manager's it is.
pub(super) fn may_fill(field: &str, heading: &str) -> bool {
    match field {
        "amount" | "actual_amount" | "cost" | "profit" | "expected_revenue" => false,
        "owner" | "owner_id" => !matches!(fold::fold(heading).as_str(), "createdby" | "managerid"),
        _ => true,
    }
}

/// What programs write where there is nothing.
const MARKERS: &[&str] =
    &["null", "\\n", "nan", "nat", "n/a", "#n/a", "<null>", "(null)", "(blank)", "(none)", "-", "--", "\u{2013}", "\u{2014}"];

/// What stands for nobody in a column of owners.
const NOBODY: &[&str] = &["unassigned", "(unassigned)", "no owner", "(no owner)", "none", "not assigned", "unowned"];

/// Whether a cell only marks that there is nothing, or in a column of owners nobody.
pub(super) fn says_nothing(word: &str, owner: bool) -> bool {
    let word = word.trim().to_lowercase();
    MARKERS.contains(&word.as_str()) || owner && NOBODY.contains(&word.as_str())
}

/// Blanks cells that only mark that there is nothing.
fn without_markers(field: &mut Field) {
    let owner = matches!(field.name, "owner" | "owner_id" | "owner_email");
    let nothing = |word: &str| says_nothing(word, owner);
    if !field.words.words().iter().any(|word| nothing(word)) {
        return;
    }
    let words = Words::from_texts((0..field.words.len()).map(|row| field.words.get(row).filter(|word| !nothing(word))));
    field.words = words;
}

/// Fills the blank cells of a field from another heading that means the same.
fn fill_blanks(field: &mut Field, other: &Words) {
    let mut both = WordsBuilder::default();
    for row in 0..field.words.len() {
        both.push(field.words.get(row).or_else(|| other.get(row)));
    }
    field.words = both.finish();
}
