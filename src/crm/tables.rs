//! Which tables a file holds: one below title lines, several by a column that says what each row is, several side by side under headings
//! that begin with what they belong to, and several one below the other.

use rustc_hash::FxHashSet;

use super::fold::fold;
use super::preset::Preset;
use super::read::{Line, Records, Sheet};
use super::recognise::{Pinned, Recognised, Refusal, recognise};
use super::twins;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Words};

/// Headings are looked for in so many lines.
const TITLES: usize = 30;

/// A column that says of each row what it is has no more words than this.
const TYPES: usize = 32;

/// Which rows of a file are records of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rows {
    /// All.
    All,
    /// Those with one of these words, folded, in this column.
    Of(usize, Vec<String>),
    /// Those that fill one of these columns; rows that are alike in all of them are one record, if that is `once`.
    Filling { columns: Vec<usize>, once: bool },
}

/// A table of a file.
#[derive(Debug)]
pub(super) struct Tableau {
    /// The file with the table's headings.
    pub(super) sheet: Sheet,
    /// What it is.
    pub(super) found: Recognised,
    /// Which rows are its records.
    pub(super) rows: Rows,
    /// Whether title lines stand above its headings.
    pub(super) titled: bool,
}

/// The tables of a file, and what was noticed on the way.
#[derive(Debug)]
pub(super) struct Tables {
    /// The tables; several share the file's rows.
    pub(super) list: Vec<Tableau>,
    /// Rows that are records of none of them, with what they say they are.
    pub(super) rest: Vec<(String, u64)>,
    /// What was noticed.
    pub(super) said: Vec<Diagnostic>,
}

/// What is asked of a file.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) presets: &'a [Preset],
    pub(super) pinned: Pinned<'a>,
}

impl Asked<'_> {
    fn recognise(&self, sheet: &Sheet, headings: &[String], table: Option<Kind>) -> Result<Recognised, Refusal> {
        let pinned = Pinned { table: table.or(self.pinned.table), ..self.pinned };
        let mut found = recognise(headings, &sheet.name, self.presets, pinned)?;
        twins::settle(&mut found, headings);
        Ok(found)
    }

    fn wants(&self, kind: Kind) -> bool {
        self.pinned.table.is_none_or(|table| table == kind)
    }
}

/// Finds the tables of a file. Where its first line is no headings, the first lines below it that are.
///
/// # Errors
/// As [`recognise`] refuses the first line, where no line of the file's beginning is headings.
pub(super) fn find(sheet: &Sheet, asked: Asked<'_>) -> Result<Tables, Refusal> {
    let mut refusal = match on(sheet, asked) {
        Ok(tables) => return Ok(tables),
        // What the user has said wrong, or what fits two tables, no other line settles.
        Err(refusal) if !matches!(refusal.0.code, Code::UnrecognisedHeadings | Code::WrongTable) => return Err(refusal),
        Err(refusal) => refusal,
    };
    let lines = sheet.lines(TITLES + 1);
    // A single word more is no better guess than the first line.
    let mut most = lines.first().map_or(0, Line::filled).max(3);
    for (at, line) in lines.iter().enumerate().skip(1) {
        // Headings have as many cells as what follows; a title that happens to hold words of headings has not.
        let follows = lines.get(at + 1).is_none_or(|next| next.cells.len() == line.cells.len());
        if !(line.can_head() && follows) {
            continue;
        }
        let Some(below) = sheet.from_line(line.line) else { continue };
        match on(&below, asked) {
            Ok(mut tables) => {
                tables.said.push(above(sheet, &lines[..at], line));
                tables.list.iter_mut().for_each(|table| table.titled = true);
                return Ok(tables);
            }
            // The fullest line is what the file's headings are most likely to be: what is wrong is said of it.
            Err(other) if line.filled() > most => {
                most = line.filled();
                refusal = Refusal(Box::new(other.0.at(Location::line(&sheet.name, line.line))));
                if refusal.0.code == Code::AmbiguousTable {
                    break;
                }
            }
            Err(_) => {}
        }
    }
    Err(refusal)
}

/// What stands above the headings: titles, or what looks like records and belongs to no table that is known.
fn above(sheet: &Sheet, lines: &[Line], headings: &Line) -> Diagnostic {
    let shown: Vec<String> =
        lines.iter().take(3).filter_map(|l| l.cells.iter().find(|c| !c.is_empty())).map(|c| format!("'{c}'")).collect();
    let more = if lines.len() > 3 { " …" } else { "" };
    let (first, last) = (lines.first().map_or(1, |l| l.line), lines.last().map_or(1, |l| l.line));
    let which = if first == last { format!("line {first} stands") } else { format!("lines {first} to {last} stand") };
    let message = format!(
        "{which} above the headings of line {} and hold{} no record: {}{more}",
        headings.line,
        if first == last { "s" } else { "" },
        shown.join(", ")
    );
    let rows = lines.iter().filter(|l| l.filled() * 2 > headings.filled() && l.filled() > 2).count();
    let diagnostic = if rows > 1 { Diagnostic::warning(Code::Assumed, message) } else { Diagnostic::note(Code::Assumed, message) };
    diagnostic.at(Location::line(&sheet.name, first))
}

/// The tables whose headings stand on the sheet's own line of headings.
fn on(sheet: &Sheet, asked: Asked<'_>) -> Result<Tables, Refusal> {
    if let Some(tables) = side_by_side(sheet, asked) {
        return Ok(tables);
    }
    match asked.recognise(sheet, &sheet.headings, None) {
        Ok(found) => {
            let table = Tableau { sheet: sheet.clone(), found, rows: Rows::All, titled: false };
            Ok(Tables { list: vec![table], rest: Vec::new(), said: Vec::new() })
        }
        Err(refusal) => type_column(&sheet.headings).and_then(|column| by_type(sheet, column, asked)).ok_or(refusal),
    }
}

/// What a word calls a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Called {
    /// One of this table.
    Of(Kind),
    /// One that no table here keeps.
    NotKept,
}

impl Called {
    fn kind(self) -> Option<Kind> {
        match self {
            Self::Of(kind) => Some(kind),
            Self::NotKept => None,
        }
    }
}

/// What a word calls a record; none for a word that names no sort of record.
fn called(word: &str) -> Option<Called> {
    const WORDS: &[(&[&str], Called)] = &[
        (
            &[
                "activity",
                "activities",
                "task",
                "tasks",
                "event",
                "events",
                "call",
                "calls",
                "phonecall",
                "meeting",
                "meetings",
                "email",
                "emails",
                "note",
                "notes",
                "appointment",
                "appointments",
                "engagement",
                "engagements",
                "interaction",
                "visit",
                "todo",
                "aktivitat",
                "atividade",
                "actividad",
                "activite",
                "attivita",
            ],
            Called::Of(Kind::Activities),
        ),
        (
            &[
                "opportunity",
                "opportunities",
                "deal",
                "deals",
                "potential",
                "potentials",
                "negocio",
                "oportunidade",
                "oportunidad",
                "chance",
                "verkaufschance",
                "opportunite",
            ],
            Called::Of(Kind::Deals),
        ),
        (
            &[
                "account",
                "accounts",
                "company",
                "companies",
                "organization",
                "organizations",
                "organisation",
                "organisations",
                "customer",
                "empresa",
                "firma",
                "unternehmen",
                "cuenta",
                "conta",
                "entreprise",
            ],
            Called::Of(Kind::Accounts),
        ),
        (&["lead", "leads"], Called::Of(Kind::Leads)),
        (&["user", "users"], Called::Of(Kind::People)),
        (
            &[
                "contact",
                "contacts",
                "person",
                "persons",
                "people",
                "product",
                "products",
                "case",
                "cases",
                "ticket",
                "tickets",
                "quote",
                "quotes",
                "campaign",
                "campaigns",
                "order",
                "orders",
                "invoice",
                "invoices",
                "contract",
                "contracts",
                "project",
                "projects",
                "kontakt",
                "contato",
                "contacto",
            ],
            Called::NotKept,
        ),
    ];
    let word = fold(word);
    WORDS.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, called)| *called)
}

/// The column that may say of each row what it is.
pub(super) fn type_column(headings: &[String]) -> Option<usize> {
    const NAMES: &[&str] = &[
        "recordtype",
        "objecttype",
        "object",
        "objectname",
        "sobject",
        "sobjecttype",
        "attributestype",
        "entity",
        "entitytype",
        "module",
        "modulename",
        "recordkind",
        "rowtype",
        "resourcetype",
        "table",
        "tablename",
        "kind",
        "type",
    ];
    let folded: Vec<String> = headings.iter().map(|h| fold(h)).collect();
    NAMES.iter().find_map(|name| folded.iter().position(|h| h == name))
}

/// Whether the words of a column name records of several tables.
pub(super) fn mixed(words: &Words) -> bool {
    let kinds: Vec<Kind> = words.words().iter().take(TYPES + 1).filter_map(|word| called(word)?.kind()).collect();
    words.words().len() <= TYPES && kinds.iter().any(|kind| *kind != kinds[0])
}

/// The tables of a file in which a column says of each row what it is, each recognised by the headings that its own rows fill. Rows of
/// something that no table keeps are counted. None, if fewer than two tables are recognised: then the column says what a record is about.
pub(super) fn by_type(sheet: &Sheet, column: usize, asked: Asked<'_>) -> Option<Tables> {
    let groups = sheet.filled_by(column, TYPES)?;
    let of = |word: &Option<String>| word.as_deref().and_then(called).and_then(Called::kind);
    let (mut list, mut taken) = (Vec::new(), vec![false; groups.len()]);
    let kinds = [Kind::Activities, Kind::Deals, Kind::Accounts, Kind::Leads, Kind::People];
    for kind in kinds.into_iter().filter(|kind| groups.iter().any(|g| of(&g.word) == Some(*kind))) {
        let whole: Vec<usize> = (0..groups.len()).filter(|g| of(&groups[*g].word) == Some(kind)).collect();
        let each = whole.iter().map(|g| vec![*g]).collect::<Vec<_>>();
        // Tasks and events may be two tables of their CRM.
        for group in std::iter::once(whole).chain(each) {
            if group.iter().any(|g| taken[*g]) {
                continue;
            }
            let filled =
                |at: usize| group.iter().any(|g| groups[*g].filled.get(at) == Some(&true)) && (at != column || kind == Kind::Activities);
            let Ok(mut found) = by_some(sheet, filled, kind, asked) else { continue };
            let words: Vec<String> = group.iter().filter_map(|g| groups[*g].word.as_deref().map(fold)).collect();
            if kind == Kind::Activities && found.column("channel").is_none() && !found.columns.iter().any(|(_, at)| *at == column) {
                found.columns.push(("channel", column));
                found.columns.sort_unstable_by_key(|(_, at)| *at);
                found.constant.retain(|(name, _)| *name != "channel");
            }
            found.ignored.retain(|at| *at != column);
            for g in group {
                taken[g] = true;
            }
            list.push(Tableau { sheet: sheet.clone(), found, rows: Rows::Of(column, words), titled: false });
        }
    }
    let counted = |table: &Tableau| matches!(table.found.shape.table(), Kind::Activities | Kind::Deals);
    let several = list.iter().any(|table| table.found.shape.table() != list[0].found.shape.table());
    if !several || !list.iter().any(counted) {
        return None;
    }
    let name = |g: usize| groups[g].word.clone().unwrap_or_default();
    let mut rest: Vec<(String, u64)> = (0..groups.len()).filter(|g| !taken[*g]).map(|g| (name(g), groups[g].rows)).collect();
    for table in list.extract_if(.., |table| !asked.wants(table.found.shape.table())) {
        let Rows::Of(_, words) = &table.rows else { continue };
        rest.extend(
            groups
                .iter()
                .filter(|g| g.word.as_deref().is_some_and(|w| words.contains(&fold(w))))
                .map(|g| (g.word.clone().unwrap_or_default(), g.rows)),
        );
    }
    unread(&mut list, sheet, Some(column));
    let message = format!("'{}' says of each row what it is: the file holds {}", sheet.headings[column], kinds_of(&list));
    let said = vec![Diagnostic::note(Code::Assumed, message).at(Location::line(&sheet.name, sheet.heading_line))];
    (!list.is_empty()).then_some(Tables { list, rest, said })
}

/// A file's rows as records of one table, by those of its headings that are kept.
fn by_some(sheet: &Sheet, keep: impl Fn(usize) -> bool, kind: Kind, asked: Asked<'_>) -> Result<Recognised, Refusal> {
    let kept: Vec<usize> = (0..sheet.headings.len()).filter(|at| keep(*at)).collect();
    let headings: Vec<String> = kept.iter().map(|at| sheet.headings[*at].clone()).collect();
    let mut found = asked.recognise(sheet, &headings, Some(kind))?;
    let place = |at: &mut usize| *at = kept.get(*at).copied().unwrap_or(*at);
    found.columns.iter_mut().chain(&mut found.also).for_each(|(_, at)| place(at));
    found.entered.iter_mut().for_each(|(_, at)| place(at));
    found.also_fills.iter_mut().flat_map(|(_, columns)| columns).for_each(|(_, at)| place(at));
    found.ignored.iter_mut().for_each(place);
    Ok(found)
}

/// Notes at the first table the headings that none of a file's tables reads, such as those that only rows of no table fill; the column
/// that says what a row is has been read.
fn unread(list: &mut [Tableau], sheet: &Sheet, told_by: Option<usize>) {
    let known: FxHashSet<usize> = list
        .iter()
        .flat_map(|table| {
            let found = &table.found;
            let columns = found.columns.iter().chain(&found.also).chain(found.also_fills.iter().flat_map(|(_, columns)| columns));
            let columns = columns.map(|(_, at)| *at).chain(found.entered.iter().map(|(_, at)| *at));
            columns.chain(found.ignored.iter().copied()).collect::<Vec<_>>()
        })
        .chain(told_by)
        .collect();
    if let Some(first) = list.first_mut() {
        first.found.ignored.extend((0..sheet.headings.len()).filter(|at| !known.contains(at)));
        first.found.ignored.sort_unstable();
    }
}

fn kinds_of(list: &[Tableau]) -> String {
    let mut names: Vec<&str> = list.iter().map(|table| table.found.shape.table().name()).collect();
    names.dedup();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// What a heading belongs to, and what it is called there: `Deal - Title`, `Deal: Title` and `deal.title` are a deal's title.
fn belongs(heading: &str) -> Option<(Option<Kind>, &str)> {
    [" - ", ": ", " / ", "."].iter().find_map(|mark| {
        let (owner, rest) = heading.split_once(mark)?;
        // A note beside an activity is no second one.
        let kind = called(owner)?.kind().filter(|_| !matches!(fold(owner).as_str(), "note" | "notes"));
        Some((kind, rest))
    })
}

/// The tables of a file whose headings begin with what they belong to, as `Deal - Title` and `Activity - Subject`, where both the deals' and
/// the activities' own headings make a table. A row may hold a record of each, and a deal stands on every row of one of its activities.
fn side_by_side(sheet: &Sheet, asked: Asked<'_>) -> Option<Tables> {
    let owners: Vec<Option<(Option<Kind>, &str)>> = sheet.headings.iter().map(|h| belongs(h)).collect();
    let of = |kind: Kind| owners.iter().filter(|o| o.is_some_and(|(k, _)| k == Some(kind))).count();
    if of(Kind::Activities) < 3 || of(Kind::Deals) < 3 {
        return None;
    }
    let links = |rest: &str| {
        matches!(fold(rest).as_str(), "id" | "title" | "name" | "pipedrivesystemid" | "systemid" | "organization" | "contactperson")
    };
    let mut list = Vec::new();
    for kind in [Kind::Activities, Kind::Deals] {
        let keeps = |owner: &Option<(Option<Kind>, &str)>| match owner {
            None | Some((None | Some(Kind::Accounts), _)) => true,
            Some((Some(other), rest)) => *other == kind || kind == Kind::Activities && *other == Kind::Deals && links(rest),
        };
        let mut found = by_some(sheet, |at| owners.get(at).is_none_or(keeps), kind, asked).ok()?;
        let own: Vec<usize> = (0..owners.len()).filter(|at| owners[*at].is_some_and(|(k, _)| k == Some(kind))).collect();
        found.ignored.retain(|at| own.contains(at));
        let rows = Rows::Filling { columns: own, once: kind == Kind::Deals };
        list.push(Tableau { sheet: sheet.clone(), found, rows, titled: false });
    }
    list.retain(|table| asked.wants(table.found.shape.table()));
    unread(&mut list, sheet, None);
    let own: Vec<usize> =
        list.iter().flat_map(|table| if let Rows::Filling { columns, .. } = &table.rows { columns.clone() } else { Vec::new() }).collect();
    let records = sheet.read(&own);
    let neither = (0..records.line.len()).filter(|row| records.columns.iter().all(|words| words.code(*row).is_none())).count() as u64;
    let rest = if neither > 0 { vec![(String::new(), neither)] } else { Vec::new() };
    let message = format!("its headings say whose they are: the file holds {}, several on one row", kinds_of(&list));
    let said = vec![Diagnostic::note(Code::Assumed, message).at(Location::line(&sheet.name, sheet.heading_line))];
    (!list.is_empty()).then_some(Tables { list, rest, said })
}

/// The tables below a gap where headings stand once more, and the line on which they begin, title lines included.
pub(super) fn below(sheet: &Sheet, records: &Records, asked: Asked<'_>) -> Option<(u32, Tables)> {
    // What the user says of the file is said of its first table.
    let any = Asked { pinned: Pinned { table: None, ..asked.pinned }, ..asked };
    records.below.iter().find_map(|(begins, line)| {
        any.recognise(sheet, &line.cells, None).ok()?;
        Some((*begins, on(&sheet.from_line(line.line)?, any).ok()?))
    })
}

/// Says of a line below the only gap of a file that it looks like the headings of a table that is not known. Its rows cannot be told from
/// records.
pub(super) fn unknown_below(sheet: &Sheet, found: &Recognised, records: &Records) -> Option<Diagnostic> {
    let [(_, line)] = records.below.as_slice() else { return None };
    // Where every record is words, so may this one be.
    if !matches!(found.shape.table(), Kind::Activities | Kind::Deals) || line.line <= records.line.first().unwrap_or(0) {
        return None;
    }
    let shown: Vec<&str> = line.cells.iter().map(String::as_str).filter(|c| !c.is_empty()).take(4).collect();
    let message = format!(
        "this line below a gap looks like headings of another table ({}): it and what follows were read as records",
        shown.join(", ")
    );
    Some(
        Diagnostic::warning(Code::Assumed, message).at(Location::line(&sheet.name, line.line)).hint("keep each table in a file of its own"),
    )
}

/// Which records of a sheet are those of a table; `wanted` are the columns that were read.
pub(super) fn chosen(rows: &Rows, records: &Records, wanted: &[usize]) -> Option<Vec<bool>> {
    let column = |at: &usize| wanted.binary_search(at).ok().and_then(|place| records.columns.get(place));
    match rows {
        Rows::All => None,
        Rows::Of(at, of) => {
            let words = column(at)?;
            let is: Vec<bool> = words.words().iter().map(|word| of.contains(&fold(word))).collect();
            Some((0..words.len()).map(|row| words.code(row).is_some_and(|code| is[code as usize])).collect())
        }
        Rows::Filling { columns, once } => {
            let columns: Vec<&Words> = columns.iter().filter_map(column).collect();
            let mut seen: FxHashSet<Vec<Option<u32>>> = FxHashSet::default();
            let keep = |row: usize| {
                let codes: Vec<Option<u32>> = columns.iter().map(|words| words.code(row)).collect();
                codes.iter().any(Option::is_some) && (!once || seen.insert(codes))
            };
            Some((0..records.line.len()).map(keep).collect())
        }
    }
}
