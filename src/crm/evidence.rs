//! What was understood of every file, kept beside the tables whether the run succeeds or not: what `inspect` shows and `init` writes.
//!
//! Nothing here decides anything: the same columns, words and registries that make the tables are looked at once more, and only where
//! somebody asks.

mod dates;
mod people;
mod refused;
mod words;

pub use dates::{Clock, Dates, Reading, Settled};
pub use people::{Nobody, Someone};
pub use refused::Refused;
pub use words::{Mapped, Word};

use std::collections::{BTreeMap, BTreeSet};

use super::load::Settings;
use super::part::Part;
use super::preset::{self, Shape, Zone};
use super::read::{self, Sheet};
use super::recognise::Recognised;
use super::take::may_fill;
use crate::diagnostic::{Code, Diagnostic};
use crate::table::{Kind, Lines, Words};

/// How many different values of a column are kept as its samples.
const SAMPLES: usize = 3;

/// Everything that was understood.
#[derive(Debug, Default)]
pub struct Evidence {
    /// The files that are tables, in the order in which they were read; the index is that of the run's sources.
    pub files: Vec<Seen>,
    /// The files that could not be read or recognised, and why.
    pub unread: Vec<(String, Diagnostic)>,
    /// The words that decide what a record is, those that nothing maps first within each vocabulary.
    pub words: Vec<Word>,
    /// Everybody whom a file names.
    pub people: Vec<Someone>,
    /// Records without any owner.
    pub nobody: Nobody,
    /// Every record that was refused, and every cell that was taken as blank, in order of file and line.
    pub refused: Vec<Refused>,
    /// Records that could not be read at all, by source.
    lost: Vec<(u16, read::Refused)>,
    /// The lines of each source's records: of several tables in one file, whose record a line is.
    lines: BTreeMap<u16, Lines>,
    sheets: BTreeMap<u16, Sheet>,
}

/// What was understood of one file.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The file as the user named it.
    pub path: String,
    /// The preset that recognised it.
    pub preset: String,
    /// The preset's name as the CRM's makers write it; empty for common headings.
    pub label: String,
    /// What the CRM calls the rows.
    pub object: String,
    /// What the rows are.
    pub shape: Shape,
    /// Whether these are the rows of a file with several tables that are records of none; only their number is known.
    pub others: bool,
    /// Why it was taken for that.
    pub why: String,
    /// Whether the preset was written with such an export, or a document of it, at hand.
    pub verified: bool,
    /// Headings of this file that the preset lists without having seen them.
    pub unverified: Vec<String>,
    /// How the file is written.
    pub bytes: Bytes,
    /// The records that could be read.
    pub rows: u64,
    /// The columns that are read, in the file's order.
    pub columns: Vec<ColumnSeen>,
    /// The headings that nothing reads.
    pub ignored: Vec<String>,
    /// Fields with the same text in every row, which the preset adds.
    pub constant: Vec<(&'static str, String)>,
    /// How times without an offset are read.
    pub zone: ZoneSeen,
}

/// How a file is written.
#[derive(Debug, Clone)]
pub struct Bytes {
    /// Its size as it came.
    pub size: u64,
    /// How it came packed: `gzip`, `zip` for a file in an archive, or nothing.
    pub packed: &'static str,
    /// The encoding, and why it is taken to be that where it is not plain UTF-8.
    pub encoding: String,
    /// What separates its cells.
    pub delimiter: u8,
    /// Whether it is a workbook's sheet, which has no lines of text.
    pub cells: bool,
    /// How its lines end: `LF`, `CRLF`, `CR` or several of them.
    pub line_ends: String,
    /// The line of its headings; none where its first line is a record, and its headings are those of the part that it continues.
    pub heading_line: Option<u32>,
    /// The lines at its end that hold no record.
    pub footer: Vec<u32>,
}

/// Why times without an offset are read in the zone that they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneSeen {
    /// The user has said so.
    Said,
    /// The CRM or the warehouse writes them in UTC.
    Utc,
    /// They are taken to be in the report's zone.
    Report,
}

/// A column that is read.
#[derive(Debug, Clone)]
pub struct ColumnSeen {
    /// The field that it fills.
    pub field: &'static str,
    /// The table of that field, where it is not the file's own: a roster's quotas are targets.
    pub of: Option<&'static str>,
    /// Its heading.
    pub heading: String,
    /// Its place in the file, from 0.
    pub at: usize,
    /// What it is there for.
    pub used: Used,
    /// Its first different values.
    pub samples: Vec<String>,
    /// Cells that hold something.
    pub filled: u64,
    /// Its dates, where it has any.
    pub dates: Option<Dates>,
}

/// What a column is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Used {
    /// It is its field's own.
    Own,
    /// It fills the blank cells of the column that is its field's own.
    Blanks,
    /// It means the same as the field's own column, and must not stand in for it: a blank amount is missing, and no amount of another sort.
    Never,
}

impl Used {
    /// Its name in output; nothing for a field's own column.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "",
            Self::Blanks => "fills_blanks",
            Self::Never => "not_used",
        }
    }
}

impl Evidence {
    /// How many files those are whose tables were understood.
    pub fn paths(&self) -> u64 {
        self.files.iter().map(|seen| seen.path.as_str()).collect::<BTreeSet<_>>().len() as u64
    }

    /// Notes a file that is no table.
    pub(super) fn set_aside(&mut self, path: &str, why: &Diagnostic) {
        self.unread.push((path.to_owned(), why.clone()));
    }

    /// Notes a file that was recognised, with its records.
    pub(super) fn file(
        &mut self,
        sheet: &Sheet,
        found: &Recognised,
        records: &read::Records,
        part: &Part,
        wanted: &[usize],
        settings: &Settings<'_>,
    ) {
        let preset = settings.presets.iter().find(|p| p.name == found.preset);
        // Whoever wrote a preset of their own has seen their exports.
        let own = !preset::shipped().iter().any(|p| p.name == found.preset);
        let heading = |at: usize| sheet.headings.get(at).map_or("", |h| h.trim()).to_owned();
        let unseen = |text: &&String| preset.is_some_and(|p| p.unverified.iter().any(|u| super::fold::fold(u) == super::fold::fold(text)));
        let zone = match (&settings.zone, part.zone) {
            (Some(_), _) => ZoneSeen::Said,
            (None, Zone::Utc) => ZoneSeen::Utc,
            (None, Zone::Report) => ZoneSeen::Report,
        };
        let raw = |at: usize| wanted.binary_search(&at).ok().and_then(|i| records.columns.get(i));
        let seen = |field: &'static str, at: usize, used: Used, of: Option<&'static str>| -> Option<ColumnSeen> {
            let words = raw(at)?;
            // The field as it is understood: without the marks that stand for nothing, its blanks filled.
            let own = part.field(field).filter(|_| used == Used::Own && of.is_none()).map(|f| &f.words);
            let is_filled = |row: usize| words.code(row).is_some() && own.is_none_or(|own| own.code(row).is_some());
            Some(ColumnSeen {
                field,
                of,
                heading: heading(at),
                at,
                used,
                samples: samples(words),
                filled: (0..words.len()).filter(|row| is_filled(*row)).count() as u64,
                dates: own.filter(|_| dates::is_date(found.shape, field)).and_then(|own| dates::dates(own, &records.line, settings)),
            })
        };
        let spare = |field: &str, at: usize| if may_fill(field, &heading(at)) { Used::Blanks } else { Used::Never };
        let mut columns: Vec<ColumnSeen> = found.columns.iter().filter_map(|(field, at)| seen(field, *at, Used::Own, None)).collect();
        columns.extend(found.also.iter().filter_map(|(field, at)| seen(field, *at, spare(field, *at), None)));
        if let Some((kind, also)) = &found.also_fills {
            let quotas = also.iter().filter(|(_, at)| !found.columns.iter().any(|(_, own)| own == at));
            columns.extend(quotas.filter_map(|(field, at)| seen(field, *at, Used::Own, Some(kind.name()))));
        }
        let entered = found.entered.iter().filter_map(|(_, at)| seen("on", *at, Used::Own, Some(Kind::Stages.name())));
        columns.extend(entered);
        // What no field reads, the user's own settings may: a further owner, a condition.
        let is = |at: usize, named: &str| super::fold::fold(&heading(at)) == super::fold::fold(named);
        let table = found.shape.table();
        let by_settings = |at: usize| {
            let shared = table == Kind::Deals && settings.credit.iter().flatten().any(|(named, _)| is(at, named));
            let named = settings.extras.get(&table).into_iter().flatten().any(|named| is(at, named));
            if shared { Some("further owner") } else { named.then_some("x, for conditions") }
        };
        let theirs = found.ignored.iter().filter_map(|at| seen(by_settings(*at)?, *at, Used::Own, None));
        columns.extend(theirs.collect::<Vec<_>>());
        columns.sort_by_key(|c| c.at);
        self.lines.insert(part.source, records.line.clone());
        self.lost.extend(records.refused.iter().map(|refused| (part.source, refused.clone())));
        self.files.push(Seen {
            path: sheet.name.clone(),
            preset: found.preset.clone(),
            label: preset.filter(|p| !p.common).map(|p| p.label.clone()).unwrap_or_default(),
            object: found.object.clone(),
            shape: found.shape,
            others: false,
            why: found.why.clone(),
            verified: preset.is_none_or(|p| p.verified || p.common || own),
            unverified: columns.iter().map(|c| &c.heading).filter(unseen).cloned().collect(),
            bytes: Bytes {
                size: sheet.bytes,
                packed: sheet.packed,
                encoding: "UTF-8".to_owned(),
                delimiter: sheet.delimiter,
                cells: sheet.is_of_cells(),
                line_ends: sheet.line_ends(),
                heading_line: Some(sheet.heading_line).filter(|line| records.line.first().is_none_or(|first| first > *line)),
                footer: records.footer.clone(),
            },
            rows: records.line.len() as u64,
            columns,
            ignored: found
                .ignored
                .iter()
                .filter(|at| by_settings(**at).is_none())
                .map(|at| heading(*at))
                .filter(|h| !h.is_empty())
                .collect(),
            constant: found.constant.clone(),
            zone,
        });
    }

    /// Notes the rows of the last file's text that are records of no table that is read: a file of its own among the sources.
    pub(super) fn others(&mut self, why: &str, rows: u64) {
        let Some(last) = self.files.last() else { return };
        let others = Seen {
            preset: String::new(),
            label: String::new(),
            object: String::new(),
            others: true,
            verified: true,
            why: why.to_owned(),
            columns: Vec::new(),
            ignored: Vec::new(),
            constant: Vec::new(),
            unverified: Vec::new(),
            rows,
            ..last.clone()
        };
        self.files.push(others);
    }

    /// Keeps a file's text, so that what was refused can be shown as it stands there; `said` is what was said while it was decoded.
    pub(super) fn keep(&mut self, source: u16, sheet: Sheet, said: &[Diagnostic]) {
        if let (Some(seen), Some(decoded)) = (self.files.last_mut(), said.iter().find(|d| d.code == Code::Decoded)) {
            seen.bytes.encoding.clone_from(&decoded.message);
        }
        self.sheets.insert(source, sheet);
    }
}

/// The first different values of a column.
fn samples(words: &Words) -> Vec<String> {
    let mut codes: Vec<u32> = Vec::new();
    for code in (0..words.len()).filter_map(|row| words.code(row)) {
        if !codes.contains(&code) {
            codes.push(code);
        }
        if codes.len() == SAMPLES.min(words.words().len()) {
            break;
        }
    }
    codes.iter().filter_map(|code| words.words().get(*code as usize)).map(ToString::to_string).collect()
}
