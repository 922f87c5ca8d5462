//! Where the values stand in a file: the one table in it that has their columns, and which those are.

use crate::crm::read::{self, Found, Records, Settings, Sheet};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::table::Words;
use crate::table::fold::fold;

/// The columns that there must be, as they are written.
pub(super) const NEEDED: [&str; 6] = ["level", "name", "period", "role", "measure", "value"];

/// The columns that are read where they are there.
const OPTIONAL: [&str; 3] = ["complete", "unit", "period_start"];

pub(super) const LEVEL: usize = 0;
pub(super) const NAME: usize = 1;
pub(super) const PERIOD: usize = 2;
pub(super) const ROLE: usize = 3;
pub(super) const MEASURE: usize = 4;
pub(super) const VALUE: usize = 5;
pub(super) const COMPLETE: usize = 6;
pub(super) const UNIT: usize = 7;
pub(super) const START: usize = 8;

/// Headings at least this similar to a missing one are suggested (Jaro–Winkler, 0 to 1).
const SIMILAR: f64 = 0.85;

/// The columns may stand this many lines below the top, as below the title of a workbook's sheet.
const TITLES: usize = 12;

/// How the columns come about.
pub(super) const WRITE: &str = "write it with `leadlag report --by owner --periods 104 --format csv`";

/// The records of the table, column by column.
pub(super) struct Table {
    pub(super) file: String,
    pub(super) bytes: u64,
    pub(super) xxh3: String,
    headings: Vec<String>,
    records: Records,
    pub(super) delimiter: u8,
}

impl Table {
    /// Opens a file and reads its values; the diagnostics say what was assumed.
    pub(super) fn open(name: &str, inside: Option<&str>, bytes: Vec<u8>, settings: &Settings) -> Result<(Self, Vec<Diagnostic>), Failure> {
        let (sheet, mut said) = choose(name, inside, bytes, settings)?;
        let at = columns(&sheet)?;
        let mut records = sheet.read(&at);
        if !records.refused.is_empty() {
            return Err(Failure(records.refused.drain(..).map(|refused| refused.diagnostic).collect()));
        }
        said.append(&mut records.diagnostics);
        let headings = at.iter().map(|at| sheet.headings.get(*at).cloned().unwrap_or_default()).collect();
        let (bytes, delimiter) = (sheet.bytes, sheet.delimiter);
        Ok((Self { file: sheet.name, bytes, xxh3: sheet.xxh3, headings, records, delimiter }, said))
    }

    /// A column.
    pub(super) fn column(&self, column: usize) -> &Words {
        &self.records.columns[column]
    }

    /// How many records there are.
    pub(super) fn len(&self) -> usize {
        self.records.line.len()
    }

    /// The line of a record.
    pub(super) fn line(&self, row: usize) -> u32 {
        self.records.line.get(row)
    }

    /// A cell of a record.
    pub(super) fn cell(&self, row: usize, column: usize) -> Location {
        Location::cell(self.file.as_str(), self.line(row), self.headings[column].as_str())
    }

    /// The whole file.
    pub(super) fn whole(&self) -> Location {
        Location::file(self.file.as_str())
    }
}

/// The table that the user means: the only one, else the only one with the columns.
fn choose(name: &str, inside: Option<&str>, bytes: Vec<u8>, settings: &Settings) -> Result<(Sheet, Vec<Diagnostic>), Diagnostic> {
    let wanted = inside.map(|inside| format!("{name}/{}", inside.trim_end_matches('/')));
    let (mut tables, mut refused, mut met) = (Vec::new(), Vec::new(), Vec::new());
    read::open(name, bytes, settings, &mut |path, found| {
        met.push(path.to_owned());
        if wanted.as_deref().is_some_and(|wanted| path != wanted) {
            return;
        }
        match found {
            Found::Table(sheet, said) => tables.push((below_titles(*sheet), said)),
            Found::Refused(problem) => refused.push(problem),
            Found::Unused(why) => refused.push(Diagnostic::error(Code::NotATable, why).at(Location::file(path))),
        }
    });
    // A part that cannot be read may be the one that is meant.
    if let Some(problem) = refused.iter().position(|p| p.code != Code::NotATable && p.code != Code::EmptyFile) {
        return Err(refused.swap_remove(problem));
    }
    if tables.len() > 1 && tables.iter().any(|(sheet, _)| columns(sheet).is_ok()) {
        tables.retain(|(sheet, _)| columns(sheet).is_ok());
    }
    let parts = |paths: &[String]| paths.iter().take(6).cloned().collect::<Vec<_>>().join(", ");
    if tables.len() > 1 {
        let names: Vec<String> = tables.into_iter().map(|(sheet, _)| sheet.name).collect();
        return Err(Diagnostic::error(Code::AmbiguousTable, "the file holds several tables")
            .at(Location::file(name))
            .hint(format!("name the one with the values: {}", parts(&names))));
    }
    tables.pop().ok_or_else(|| match refused.pop() {
        Some(problem) if refused.is_empty() => problem,
        _ => {
            let what = inside.map_or_else(|| "the file holds no table".to_owned(), |inside| format!("it holds no table '{inside}'"));
            let said = Diagnostic::error(Code::NotATable, what).at(Location::file(name));
            if met.is_empty() { said.hint(WRITE) } else { said.hint(format!("it holds {}", parts(&met))) }
        }
    })
}

/// The sheet from the line on which the columns are named, where titles stand above it.
fn below_titles(sheet: Sheet) -> Sheet {
    let names_all = |cells: &[String]| NEEDED.iter().all(|needed| cells.iter().any(|cell| fold(cell) == fold(needed)));
    if names_all(&sheet.headings) {
        return sheet;
    }
    let line = sheet.lines(TITLES).into_iter().find(|line| names_all(&line.cells));
    line.and_then(|line| sheet.from_line(line.line)).unwrap_or(sheet)
}

/// The places of the columns, those needed before the others; one that no heading has for those that are not there.
fn columns(sheet: &Sheet) -> Result<Vec<usize>, Diagnostic> {
    let folded: Vec<String> = sheet.headings.iter().map(|heading| fold(heading)).collect();
    let at = || Location::line(sheet.name.as_str(), sheet.heading_line);
    let mut found = Vec::new();
    for name in NEEDED.into_iter().chain(OPTIONAL) {
        let name_folded = fold(name);
        let mut places = (0..folded.len()).filter(|place| folded[*place] == name_folded);
        let place = places.next();
        if place.is_some() && places.next().is_some() {
            let message = format!("two columns are called '{name}'");
            return Err(Diagnostic::error(Code::UnrecognisedHeadings, message).at(at()).hint("delete or rename one of them"));
        }
        found.push(place);
    }
    let missing: Vec<&str> = NEEDED.into_iter().zip(&found).filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
    if missing.is_empty() {
        return Ok(found.into_iter().map(|place| place.unwrap_or(usize::MAX)).collect());
    }
    let (columns, are) = if missing.len() == 1 { ("column", "is") } else { ("columns", "are") };
    let message = format!("a file of values needs the columns {}; the {columns} {} {are} missing", NEEDED.join(", "), missing.join(", "));
    let mut said = Diagnostic::error(Code::UnrecognisedHeadings, message).at(at());
    for name in &missing {
        let near = |place: &usize| (strsim::jaro_winkler(&folded[*place], name), *place);
        let free = (0..folded.len()).filter(|place| !found.contains(&Some(*place)));
        if let Some((score, place)) = free.map(|place| near(&place)).max_by(|(a, _), (b, _)| a.total_cmp(b))
            && score >= SIMILAR
        {
            said = said.hint(format!("if '{}' is it, call it '{name}'", sheet.headings[place]));
        }
    }
    let wide = found[LEVEL].is_some() && found[PERIOD].is_some() && found[MEASURE].is_none() && found[VALUE].is_none();
    Err(if wide { said.hint("it looks like a file of --wide: write it without, one row per value") } else { said.hint(WRITE) })
}
