//! Files → everything that the exports hold, in canonical form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::assemble::assemble;
use super::carried;
use super::evidence::Evidence;
use super::files::Bytes;
use super::fold;
use super::link;
use super::meter::Meter;
use super::normalise::Problems;
use super::open::{Into, Vocabularies, in_order, open};
use super::preset::{self, Preset, Shape, WordLists};
use super::second::Share;
use super::value::{Mark, Order};
use super::words::{self, Unmatched};
use crate::calendar::{Calendar, Day, Zone};
use crate::diagnostic::{Code, Diagnostic, Failure, Severity};
use crate::table::{Data, Kind};

/// A file to be read.
#[derive(Debug, Clone)]
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
    pub bytes: Bytes,
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
    pub(super) fn means(&self, file: &str, path: &str) -> bool {
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
    /// The day of the report, around which weeks are that name no year.
    pub as_of: Day,
    /// Whether leaders' numbers count in their team's sums.
    pub leaders_sell: bool,
    /// Headings of further owners of a deal, each with the share of its money; none where the user has not said it.
    pub credit: Option<Vec<Share>>,
    /// Headings that filters name, by table.
    pub extras: BTreeMap<Kind, Vec<String>>,
    /// Where it is told how far reading has come.
    pub meter: Meter,
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
    settings.meter.begin(inputs.iter().map(|input| input.bytes.len()).sum());
    for input in in_order(inputs) {
        let (vocabularies, sources, parts) = (&mut vocabularies, &mut sources, &mut parts);
        let (problems, reading, headings) = (&mut problems, &mut reading, &mut headings);
        let forms = &mut forms;
        open(input, &mut Into { settings, vocabularies, sources, parts, problems, reading, headings, forms });
    }
    settings.meter.done();
    unmatched(&headings, settings, &mut reading);
    let countable = parts.iter().any(|p| matches!(p.shape, Shape::Records(Kind::Activities | Kind::Deals)));
    if !countable && !problems.fatal {
        problems.fatal = true;
        // Where nothing could be used, why not is what matters.
        for said in problems.list.iter_mut().filter(|d| d.code == Code::NotUsed) {
            said.severity = Severity::Warning;
        }
        problems.say(Diagnostic::error(Code::NoInput, "no file holds activities or deals").hint(
            "name the files that the CRM exports, or the folder that holds them; --activities FILE and --deals FILE say which is which",
        ));
    }
    // Whoever asks what was understood is shown all of it beside the question.
    if problems.fatal && (!asked || parts.is_empty()) {
        return Err(Box::new(Stopped { diagnostics: problems.list, evidence: problems.evidence, loaded: None }));
    }
    carried::apart(&mut parts, &mut sources, &mut problems);
    let merged = link::apply(&mut parts);
    reading.unmatched_words = words::unmatched(&settings.words, &parts);
    assemble(&mut parts, &merged, sources, settings, problems, reading).map_err(|mut loaded| {
        let diagnostics = if asked { Vec::new() } else { std::mem::take(&mut loaded.diagnostics) };
        Box::new(Stopped { diagnostics, evidence: None, loaded: Some(loaded) })
    })
}

/// The headings of the files of each table.
pub(super) type Headings = BTreeMap<Kind, Vec<String>>;

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
