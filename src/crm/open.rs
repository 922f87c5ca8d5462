//! A file → its tables, each read by its own headings: those inside a workbook or archive, and those that share a sheet.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::fold;
use super::load::{Headings, Input, Inside, Reading, Settings};
use super::normalise::Problems;
use super::part::Part;
use super::preset::{self, Shape};
use super::read::{self, Found, Holder, Sheet, Visit};
use super::recognise::{Pinned, Recognised};
use super::tables::{self, Asked, Rows, Tableau, Tables};
use super::take::{Cells, extra_headings, source, take};
use super::words::Words as Vocabulary;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Kind, Source};

/// What the program's own tables of results begin with: one left among the exports would be read as targets or activities.
const RESULTS: &[&[&str]] = &[
    &["level", "name", "team", "period", "period_start", "period_end", "complete"],
    &["status", "reason", "measure", "table", "id", "file", "line"],
    &["file", "line", "table", "status", "column", "code", "reason"],
    &["what", "file", "table", "field", "heading", "text", "means"],
];

fn is_result(headings: &[String]) -> bool {
    RESULTS.iter().any(|own| headings.len() >= own.len() && own.iter().zip(headings).all(|(own, heading)| own == heading))
}

/// So many tables are read in one run; a record says in two bytes whose it is.
const MOST_TABLES: usize = u16::MAX as usize - TABLES * TABLES;

/// So many tables below one another are read of one file.
const TABLES: usize = 16;

/// The words of each preset, made once however many files it recognises.
#[derive(Default)]
pub(super) struct Vocabularies(BTreeMap<String, Rc<Vocabulary>>);

impl Vocabularies {
    /// The words of a preset, with the user's own on top.
    pub(super) fn of(&mut self, preset: &str, settings: &Settings<'_>) -> Rc<Vocabulary> {
        let make = || Rc::new(Vocabulary::new(&settings.presets, preset, &settings.words));
        Rc::clone(self.0.entry(preset.to_owned()).or_insert_with(make))
    }
}

/// A file whose tables are taken.
struct Taking<'t, 'a, 'c> {
    name: &'t str,
    table: Option<Kind>,
    inside: &'t Inside,
    into: &'t mut Into<'a, 'c>,
    /// How many of its tables have been taken.
    tables: usize,
    /// What it holds besides what is meant.
    met: Vec<String>,
    /// Why others cannot be.
    set_aside: Vec<Diagnostic>,
}

impl Visit for Taking<'_, '_, '_> {
    fn stored(&mut self, mut sheet: Sheet) -> bool {
        if !self.inside.means(self.name, &sheet.name) {
            let sound = sheet.parts(|_| {});
            self.met.extend(sound.then_some(sheet.name));
            return sound;
        }
        sheet.watch(&self.into.settings.meter, sheet.name != self.name);
        let taken = self.into.stream(&sheet, self.table);
        self.tables += usize::from(taken);
        taken
    }

    fn found(&mut self, path: &str, found: Found) {
        if !self.inside.means(self.name, path) {
            return self.met.push(path.to_owned());
        }
        let into = &mut *self.into;
        let taken = match found {
            Found::Table(mut sheet, said) => {
                sheet.watch(&into.settings.meter, path != self.name);
                into.table(&sheet, &said, self.table)
            }
            Found::Refused(diagnostic) => Err(diagnostic),
            Found::Unused(why) if matches!(self.inside, Inside::Only(_)) => {
                Err(Diagnostic::error(Code::NotATable, why).at(Location::file(path)).hint("name a part that holds a table"))
            }
            Found::Unused(why) => {
                into.reading.unused.push((path.to_owned(), why.clone()));
                into.problems.say(Diagnostic::note(Code::NotUsed, format!("not used: {why}")).at(Location::file(path)));
                return;
            }
        };
        match taken {
            Ok(()) => self.tables += 1,
            Err(diagnostic) => {
                if let Some(evidence) = &mut into.problems.evidence {
                    evidence.set_aside(path, &diagnostic);
                }
                self.set_aside.push(diagnostic);
            }
        }
    }
}

/// Opens a file and takes every table in it.
pub(super) fn open(input: Input, into: &mut Into<'_, '_>) {
    let Input { name, named, table, inside, bytes } = input;
    let wanted = named || table.is_some();
    let options = read::Settings { delimiter: into.settings.delimiter, encoding: into.settings.encoding.clone() };
    into.settings.meter.file(&name, bytes.len());
    let mut taking = Taking { name: &name, table, inside: &inside, into, tables: 0, met: Vec::new(), set_aside: Vec::new() };
    let opened = read::open_stored(&name, bytes, &options, &mut taking);
    let Taking { into, tables, met, set_aside, .. } = taking;
    let holder = match opened {
        Ok(holder) => holder,
        Err(problem) => {
            into.problems.fatal = true;
            return into.problems.say(problem);
        }
    };
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

/// Puts the parts of one export in the order of their numbers, each in a place of one of them: a folder lists `Calls (1).csv` before
/// `Calls.csv`, whose headings it may need.
pub(super) fn in_order(mut inputs: Vec<Input>) -> Vec<Input> {
    // The number as text: its digits without leading zeros, the shorter the smaller.
    let part = |name: &str| -> (String, usize, String) {
        let file = name.rfind('/').map_or(0, |at| at + 1);
        let end = name.get(file..).and_then(|n| n.find('.')).map_or(name.len(), |dot| file + dot);
        let Some(stem) = stem(name) else { return (name.get(..end).unwrap_or(name).to_owned(), 0, String::new()) };
        let digits: String = name.get(stem.len()..end).unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
        let digits = digits.trim_start_matches('0');
        (stem.to_owned(), digits.len(), digits.to_owned())
    };
    let mut places: BTreeMap<(Option<Kind>, String), Vec<usize>> = BTreeMap::new();
    let keys: Vec<(String, usize, String)> = inputs.iter().map(|input| part(&input.name)).collect();
    for (at, (input, (stem, ..))) in inputs.iter().zip(&keys).enumerate() {
        places.entry((input.table, stem.clone())).or_default().push(at);
    }
    let mut to = vec![0; inputs.len()];
    for places in places.values() {
        let mut sorted = places.clone();
        sorted.sort_by_key(|at| (keys[*at].1, &keys[*at].2));
        for (place, at) in places.iter().zip(sorted) {
            to[at] = *place;
        }
    }
    let mut placed: Vec<(usize, Input)> = to.into_iter().zip(inputs.drain(..)).collect();
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, input)| input).collect()
}

/// Whether a file is the first part, numbered or not, of those with this stem.
fn stem_is(path: &str, wanted: &str) -> bool {
    stem(path) == Some(wanted) || path.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How many of the headings that nothing reads are said of a file.
const HEADINGS: usize = 24;

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
pub(super) struct Into<'a, 'c> {
    pub(super) settings: &'a Settings<'c>,
    pub(super) vocabularies: &'a mut Vocabularies,
    pub(super) sources: &'a mut Vec<Source>,
    pub(super) parts: &'a mut Vec<Part>,
    pub(super) problems: &'a mut Problems,
    pub(super) reading: &'a mut Reading,
    pub(super) headings: &'a mut Headings,
    /// The tables read so far, and their headings.
    pub(super) forms: &'a mut Vec<(String, Vec<String>)>,
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
    fn table(&mut self, sheet: &Sheet, said: &[Diagnostic], table: Option<Kind>) -> Result<(), Diagnostic> {
        if self.sources.len() >= MOST_TABLES {
            self.problems.fatal = true;
            let message = format!("more than {MOST_TABLES} tables are too many for one run");
            self.problems
                .say(Diagnostic::error(Code::TooLarge, message).at(Location::file(&sheet.name)).hint("read fewer files at a time"));
            return Ok(());
        }
        if is_result(&sheet.headings) {
            let said = Diagnostic::error(Code::UnrecognisedHeadings, "leadlag wrote this file: it is a result, and no export");
            return Err(said.at(Location::line(&sheet.name, sheet.heading_line)).hint("leave it out, or keep results in another folder"));
        }
        let settings = self.settings;
        let pinned = Pinned { table, crm: settings.crm.as_deref(), columns: &settings.columns };
        let asked = Asked { presets: &settings.presets, pinned };
        let (name, line) = (sheet.name.clone(), sheet.heading_line);
        let mut found = match tables::find(sheet, asked) {
            Ok(found) => found,
            Err(refusal) => {
                if let Some((part, from)) = self.part_of(sheet).filter(|_| refusal.0.code == Code::UnrecognisedHeadings) {
                    let message = format!("its first line is a record: read under the headings of {from}, which it continues");
                    let mut said = said.to_vec();
                    said.push(Diagnostic::warning(Code::Assumed, message).at(Location::line(&name, line)));
                    return self.table(&part, &said, table);
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
            let Some(below) = self.fill(found, None, more > 0, asked, said) else { break };
            found = below;
        }
        Ok(())
    }

    /// Takes the table of a file of which only the beginning is in memory. Whether that could be: else nothing has been taken or said.
    fn stream(&mut self, sheet: &Sheet, table: Option<Kind>) -> bool {
        if self.sources.len() >= MOST_TABLES || is_result(&sheet.headings) {
            return false;
        }
        let settings = self.settings;
        let pinned = Pinned { table, crm: settings.crm.as_deref(), columns: &settings.columns };
        let asked = Asked { presets: &settings.presets, pinned };
        let Ok(mut tables) = tables::find(sheet, asked) else { return false };
        let [only] = tables.list.as_mut_slice() else { return false };
        let Some(cells) = Cells::stream(only, settings) else { return false };
        if tables::type_column(&sheet.headings).is_some_and(|at| cells.column(at).is_some_and(tables::mixed)) {
            return false;
        }
        self.fill(tables, Some(cells), false, asked, &[]);
        true
    }

    /// Reads the tables of a sheet, unless one has been `read`; gives those that stand below them, where `more` are looked for.
    fn fill(&mut self, mut tables: Tables, mut read: Option<Cells>, more: bool, asked: Asked<'a>, said: &[Diagnostic]) -> Option<Tables> {
        let mut below = None;
        if read.is_none()
            && let [table] = tables.list.as_mut_slice()
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
            take(table, cells, self);
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
    let more = if unread.len() > HEADINGS {
        format!(" and {} more; leadlag inspect -v lists them", unread.len() - HEADINGS)
    } else {
        String::new()
    };
    let shown: Vec<&str> = unread.iter().take(HEADINGS).copied().collect();
    if unread.is_empty() { note } else { note.hint(format!("not read: {}{more}", shown.join(", "))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_stand_in_the_order_of_their_numbers() {
        let input = |name: &str| Input {
            name: name.to_owned(),
            named: true,
            table: None,
            inside: Inside::But(Vec::new()),
            bytes: Vec::new().into(),
        };
        let order =
            |names: &[&str]| -> Vec<String> { in_order(names.iter().map(|n| input(n)).collect()).into_iter().map(|i| i.name).collect() };
        assert_eq!(order(&["x/Calls (1).csv", "x/Calls.csv", "x/Deals.csv"]), ["x/Calls.csv", "x/Calls (1).csv", "x/Deals.csv"]);
        assert_eq!(order(&["c_10.csv", "deals.csv", "c_2.csv.gz", "c_1.csv"]), ["c_1.csv", "deals.csv", "c_2.csv.gz", "c_10.csv"]);
        assert_eq!(order(&["b/c_2.csv", "a/c_1.csv", "-"]), ["b/c_2.csv", "a/c_1.csv", "-"], "folders are no parts of one another");
        assert_eq!(order(&["2.csv", "1.csv", "é2.csv", "é1.csv"]), ["2.csv", "1.csv", "é1.csv", "é2.csv"], "a bare number names no export");
    }
}
