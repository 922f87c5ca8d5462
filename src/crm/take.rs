//! The cells of a recognised table → parts: its columns as fields, and what else the same rows fill.

use std::rc::Rc;

use rayon::prelude::*;

use super::coded::{Chain, is_trimmed};
use super::fold;
use super::grouped;
use super::history;
use super::load::Settings;
use super::open::Into;
use super::part::{Field, Part};
use super::plain;
use super::preset::Shape;
use super::read::{Records, Sheet, Wanted};
use super::recognise::Recognised;
use super::second;
use super::tables::{self, Rows, Tableau};
use super::twins;
use super::value;
use crate::diagnostic::Location;
use crate::table::{Kind, Lines, Source, Words};

/// The fields that hold dates.
const DATES: &[&str] = &[
    "start",
    "date",
    "due",
    "end",
    "completed_on",
    "created_on",
    "modified_on",
    "close_on",
    "closed_on",
    "won_on",
    "lost_on",
    "expected_on",
];

/// The fields that hold ids of which a run seldom needs the letters.
const IDS: &[&str] = &["id", "contact_id", "who_id"];

/// The fields that hold texts which mostly differ.
const TEXTS: &[&str] = &["name", "amount", "actual_amount"];

/// The cells of a table that are read.
pub(super) struct Cells {
    /// The columns, ascending.
    pub(super) wanted: Vec<usize>,
    pub(super) records: Records,
}

impl Cells {
    /// Reads what a table's fields and the user's filters need.
    pub(super) fn of(table: &Tableau, settings: &Settings<'_>) -> Self {
        let cells = Columns::of(table, settings);
        let records = table.sheet.read_fields(cells.wanted());
        Self { wanted: cells.all, records }
    }

    /// The same of a file of which only the beginning is in memory, whose hash is known then; none where that takes the whole text.
    pub(super) fn stream(table: &mut Tableau, settings: &Settings<'_>) -> Option<Self> {
        if table.rows != Rows::All {
            return None;
        }
        let cells = Columns::of(table, settings);
        let (records, xxh3) = table.sheet.stream(cells.wanted())?;
        table.sheet.xxh3 = xxh3;
        Some(Self { wanted: cells.all, records })
    }

    /// The cells of a heading, if it is read.
    pub(super) fn column(&self, at: usize) -> Option<&Words> {
        self.records.columns.get(self.wanted.binary_search(&at).ok()?)
    }
}

/// The columns of a table that are read.
struct Columns {
    /// All of them, ascending.
    all: Vec<usize>,
    /// Those of which a record must fill one.
    needed: Option<Vec<usize>>,
    dates: Vec<usize>,
    ids: Vec<usize>,
    texts: Vec<usize>,
}

impl Columns {
    fn wanted(&self) -> Wanted<'_> {
        Wanted { columns: &self.all, dates: &self.dates, ids: &self.ids, texts: &self.texts, needed: self.needed.as_deref() }
    }

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
        let named = |names: &[&str]| -> Vec<usize> {
            let columns = found.columns.iter().chain(&found.also).chain(second);
            columns.filter(|(name, _)| names.contains(name)).map(|(_, at)| *at).collect()
        };
        let mut dates = named(DATES);
        dates.extend(found.entered.iter().map(|(_, at)| *at));
        Self {
            all: wanted,
            needed: (table.rows == Rows::All).then_some(needed),
            dates,
            ids: named(IDS),
            texts: if found.shape == Shape::Records(Kind::Deals) { named(TEXTS) } else { Vec::new() },
        }
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
pub(super) fn source(sheet: &Sheet, found: &Recognised) -> Source {
    let table = match found.shape {
        Shape::Records(kind) => kind.name().to_owned(),
        Shape::Link { .. } => "links".to_owned(),
        Shape::Lookup { .. } => "lookups".to_owned(),
    };
    Source {
        crm: found.preset.clone(),
        object: found.object.clone(),
        why: found.why.clone(),
        bytes: sheet.bytes,
        xxh3: sheet.xxh3.clone(),
        ..Source::new(&sheet.name, table)
    }
}

/// Makes the records of a table into parts.
pub(super) fn take(table: &Tableau, mut cells: Cells, into: &mut Into<'_, '_>) {
    let Into { settings, vocabularies, sources, parts, problems, .. } = into;
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
        // Calendars write `Start Date` beside a `Start Time`.
        if *name == "start" && is_clock(own.iter().find(|f| f.name == "start")) && !own.iter().any(|f| f.name == "date") {
            own.push(Field { name: "date", heading: heading(*at), words: other });
            continue;
        }
        let Some(field) = own.iter_mut().find(|field| field.name == *name) else { continue };
        match twins::differ(field, &heading(*at), &other, &sheet.name, &cells.records.line) {
            Some(diagnostic) => problems.say(diagnostic),
            None => fill_blanks(field, &other),
        }
    }
    own.par_iter_mut().for_each(without_markers);
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
    let part = |shape: Shape, line: &Lines, fields: Vec<Field>| Part {
        source: at,
        path: sheet.name.clone(),
        shape,
        beside: true,
        carried: false,
        zone: found.zone,
        close: found.close,
        words: Rc::clone(&words),
        line: line.clone(),
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

pub(super) fn extra_headings(kind: Kind, settings: &Settings<'_>) -> Vec<String> {
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

/// Whether a field holds nothing but times of day.
fn is_clock(field: Option<&Field>) -> bool {
    let words = field.map(|f| &f.words).filter(|words| words.stamps().is_none() && words.ids().is_none());
    words.is_some_and(|words| !words.words().is_empty() && words.words().iter().all(|word| value::time_of_day(word).is_some()))
}

/// What programs write where there is nothing.
const MARKERS: &[&str] =
    &["null", "\\n", "nan", "nat", "n/a", "#n/a", "<null>", "(null)", "(blank)", "(none)", "-", "--", "\u{2013}", "\u{2014}"];

/// What stands for nobody in a column of owners.
const NOBODY: &[&str] = &["unassigned", "(unassigned)", "no owner", "(no owner)", "none", "not assigned", "unowned"];

/// The bytes of the longest of [`MARKERS`] and [`NOBODY`], and more.
const LONGEST: usize = 16;

/// Whether a cell only marks that there is nothing, or in a column of owners nobody.
pub(super) fn says_nothing(word: &str, owner: bool) -> bool {
    // Most words are longer than any of them, or numbers.
    if word.len() > LONGEST && is_trimmed(word) || word.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let word = word.trim();
    if word.is_ascii() {
        let is = |marker: &str| word.eq_ignore_ascii_case(marker);
        return MARKERS.iter().any(|marker| is(marker)) || owner && NOBODY.iter().any(|marker| is(marker));
    }
    let word = word.to_lowercase();
    MARKERS.contains(&word.as_str()) || owner && NOBODY.contains(&word.as_str())
}

/// Blanks cells that only mark that there is nothing.
fn without_markers(field: &mut Field) {
    // Dates and ids are none.
    if field.words.stamps().is_some() || field.words.ids().is_some() {
        return;
    }
    let owner = matches!(field.name, "owner" | "owner_id" | "owner_email");
    if !field.words.any(|word| says_nothing(word, owner)) {
        return;
    }
    let nothing: Vec<bool> = field.words.words().iter().map(|word| says_nothing(word, owner)).collect();
    let words: Vec<&str> = field.words.words().iter().collect();
    let code = |row: usize| field.words.code(row).filter(|code| !nothing[*code as usize]).unwrap_or(u32::MAX);
    field.words = Words::from_codes(&words, (0..field.words.len()).map(code));
}

/// Fills the blank cells of a field from another heading that means the same.
fn fill_blanks(field: &mut Field, other: &Words) {
    if (0..field.words.len()).all(|row| !field.words.is_blank(row)) || (0..other.len()).all(|row| other.is_blank(row)) {
        return;
    }
    let mut chain = Chain::new(field.words.len());
    chain.or(&field.words, Some);
    chain.or(other, Some);
    field.words = chain.finish();
}
