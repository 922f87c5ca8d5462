//! Files → everything that the exports hold, in canonical form.

use std::collections::BTreeMap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::identity::Registry;
use super::link::{self, Merged};
use super::normalise::{self, Known, Problems};
use super::part::{Field, Part};
use super::preset::{self, Shape, WordLists};
use super::read::{self, Sheet};
use super::recognise::{Pinned, Recognised, recognise};
use super::value::{self, Order};
use super::words::Words as Vocabulary;
use super::{fold, unneeded};
use crate::calendar::{Calendar, Zone};
use crate::diagnostic::{Code, Diagnostic, Failure, Location, Severity};
use crate::table::{Column, Data, Kind, Source, Table, Words, WordsBuilder};

/// A file to be read.
#[derive(Debug)]
pub struct Input {
    /// Its name as the user gave it.
    pub name: String,
    /// Whether the user named this very file, and not a folder or pattern: then it must be a table.
    pub named: bool,
    /// The table that the user says it is.
    pub table: Option<Kind>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What the user has said about the exports.
#[derive(Debug, Clone)]
pub struct Settings<'a> {
    /// The preset to use (`--crm`).
    pub crm: Option<String>,
    /// In which order day and month stand.
    pub date_order: Option<Order>,
    /// The zone of times written without an offset.
    pub zone: Option<Zone>,
    /// The encoding of the files.
    pub encoding: Option<String>,
    /// What separates their fields.
    pub delimiter: Option<u8>,
    /// Headings of fields (`[columns.<table>]`).
    pub columns: Vec<(Kind, String, String)>,
    /// The company's own words.
    pub words: WordLists,
    /// The heading of a box that marks a no-show.
    pub missed: Option<String>,
    /// The currency of amounts that name none.
    pub currency: Option<String>,
    /// The report's calendar.
    pub calendar: &'a Calendar,
    /// Whether leaders' numbers count in their team's sums.
    pub leaders_sell: bool,
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
}

/// Reads files into canonical tables.
///
/// # Errors
/// Where a file that the user named is no table or is refused, where a column's dates fit two orders, and where no file holds activities
/// or deals; with everything else that was found wrong on the way.
pub fn load(inputs: Vec<Input>, settings: &Settings<'_>) -> Result<Loaded, Failure> {
    let mut problems = Problems::default();
    let mut reading = Reading::default();
    let mut sources = Vec::new();
    let mut parts = Vec::new();
    let mut vocabularies = Vocabularies::default();
    for input in inputs {
        open(input, settings, &mut vocabularies, &mut sources, &mut parts, &mut problems, &mut reading);
    }
    let countable = parts.iter().any(|p| matches!(p.shape, Shape::Records(Kind::Activities | Kind::Deals)));
    if !countable && !problems.fatal {
        problems.fatal = true;
        problems.say(Diagnostic::error(Code::NoInput, "no file holds activities or deals").hint(
            "name the CSV files that the CRM exports, or the folder that holds them; --activities FILE and --deals FILE say which is which",
        ));
    }
    if problems.fatal {
        return Err(Failure(problems.list));
    }
    let merged = link::apply(&mut parts);
    let loaded = assemble(&parts, &merged, sources, settings, problems, reading);
    loaded.map_err(Failure)
}

/// The words of each preset, made once however many files it recognises.
#[derive(Default)]
struct Vocabularies(BTreeMap<String, Rc<Vocabulary>>);

impl Vocabularies {
    fn of(&mut self, preset: &str, own: &WordLists) -> Rc<Vocabulary> {
        let make = || Rc::new(Vocabulary::new(preset::shipped(), preset, own));
        Rc::clone(self.0.entry(preset.to_owned()).or_insert_with(make))
    }
}

fn open(
    input: Input,
    settings: &Settings<'_>,
    vocabularies: &mut Vocabularies,
    sources: &mut Vec<Source>,
    parts: &mut Vec<Part>,
    problems: &mut Problems,
    reading: &mut Reading,
) {
    let Input { name, named, table, bytes } = input;
    let wanted = named || table.is_some();
    let options = read::Settings { delimiter: settings.delimiter, encoding: settings.encoding.clone() };
    let mut set_aside = |problems: &mut Problems, diagnostic: Diagnostic| {
        if wanted {
            problems.fatal = true;
            problems.say(diagnostic);
        } else {
            reading.unused.push((name.clone(), diagnostic.message.clone()));
            let mut note = Diagnostic::note(Code::NotUsed, diagnostic.message).at(Location::file(&name));
            note.hints = diagnostic.hints;
            problems.say(note);
        }
    };
    let (sheet, said) = match Sheet::open(&name, bytes, &options) {
        Ok(opened) => opened,
        Err(diagnostic) => return set_aside(problems, diagnostic),
    };
    let pinned = Pinned { table, crm: settings.crm.as_deref(), columns: &settings.columns };
    let found = match recognise(&sheet.headings, &name, preset::shipped(), pinned) {
        Ok(found) => found,
        Err(refusal) => {
            let mut diagnostic = *refusal.0;
            diagnostic.location.get_or_insert_with(|| Location::line(&name, sheet.heading_line));
            // Two tables that fit alike are a question, whoever named the file.
            if diagnostic.code == Code::AmbiguousTable {
                problems.fatal = true;
                return problems.say(diagnostic);
            }
            return set_aside(problems, diagnostic);
        }
    };
    problems.list.extend(said);
    for mut diagnostic in found.diagnostics.iter().cloned() {
        problems.fatal |= diagnostic.severity == Severity::Error;
        diagnostic.location.get_or_insert_with(|| Location::line(&name, sheet.heading_line));
        problems.say(diagnostic);
    }
    take(&sheet, &found, settings, vocabularies, sources, parts, problems);
}

/// Reads the columns of a recognised file.
fn take(
    sheet: &Sheet,
    found: &Recognised,
    settings: &Settings<'_>,
    vocabularies: &mut Vocabularies,
    sources: &mut Vec<Source>,
    parts: &mut Vec<Part>,
    problems: &mut Problems,
) {
    let source = u16::try_from(sources.len()).unwrap_or(u16::MAX);
    let extras: Vec<usize> = extra_headings(found.shape.table(), settings)
        .iter()
        .filter_map(|heading| sheet.headings.iter().position(|h| h.trim() == heading.trim()))
        .collect();
    let also: Vec<usize> = found.also.iter().map(|(_, at)| *at).collect();
    let second: &[(&'static str, usize)] = found.also_fills.as_ref().map_or(&[], |(_, columns)| columns.as_slice());
    let mut wanted: Vec<usize> = found.columns.iter().map(|(_, at)| *at).collect();
    wanted.extend(also.iter().chain(&extras).copied());
    wanted.extend(second.iter().map(|(_, at)| *at));
    wanted.sort_unstable();
    wanted.dedup();
    let records = sheet.read(&wanted);
    let column = |at: usize| wanted.binary_search(&at).ok().and_then(|i| records.columns.get(i)).cloned();
    let heading = |at: usize| sheet.headings.get(at).cloned().unwrap_or_default();
    let fields = |columns: &[(&'static str, usize)]| -> Vec<Field> {
        columns.iter().filter_map(|(name, at)| Some(Field { name, heading: heading(*at), words: column(*at)? })).collect()
    };
    let mut own = fields(&found.columns);
    for (name, at) in found.also.iter().filter(|(name, at)| may_fill(name, &heading(*at))) {
        fill_blanks(&mut own, name, column(*at));
    }
    for field in &mut own {
        without_markers(field);
    }
    let words = vocabularies.of(&found.preset, &settings.words);
    let part = |shape: Shape, fields: Vec<Field>| Part {
        source,
        path: sheet.name.clone(),
        shape,
        zone: found.zone,
        close: found.close,
        words: Rc::clone(&words),
        line: records.line.clone(),
        fields,
        extras: Vec::new(),
        constant: found.constant.clone(),
        refused: vec![false; records.line.len()],
    };
    if let Some((kind, columns)) = &found.also_fills {
        parts.push(part(Shape::Records(*kind), fields(columns)));
    }
    let mut main = part(found.shape, own);
    main.extras = extras.iter().filter_map(|at| Some((heading(*at).trim().to_owned(), column(*at)?))).collect();
    let table = match found.shape {
        Shape::Records(kind) => kind.name().to_owned(),
        Shape::Link { .. } => "links".to_owned(),
        Shape::Lookup { .. } => "lookups".to_owned(),
    };
    sources.push(Source {
        path: sheet.name.clone(),
        table,
        crm: found.preset.clone(),
        why: found.why.clone(),
        bytes: sheet.bytes,
        xxh3: sheet.xxh3.clone(),
        read: records.read,
        refused: records.refused.len() as u64,
        merged: 0,
        deleted: 0,
        unneeded: 0,
        through: None,
        dated: false,
    });
    problems.list.extend(records.diagnostics.iter().cloned());
    problems.list.extend(records.refused.into_iter().map(|r| r.diagnostic));
    parts.push(main);
}

fn extra_headings(kind: Kind, settings: &Settings<'_>) -> Vec<String> {
    let mut headings = settings.extras.get(&kind).cloned().unwrap_or_default();
    if kind == Kind::Activities {
        headings.extend(settings.missed.clone());
    }
    headings
}

/// Whether a second heading may fill a field's blank cells. A blank amount is missing, and no amount of another sort; a record without owner
/// belongs to its deal's or account's owner, not to who typed it in or to whose manager's it is.
fn may_fill(field: &str, heading: &str) -> bool {
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

/// Blanks cells that only mark that there is nothing.
fn without_markers(field: &mut Field) {
    let owner = matches!(field.name, "owner" | "owner_id" | "owner_email");
    let nothing = |word: &str| {
        let word = word.trim().to_lowercase();
        MARKERS.contains(&word.as_str()) || owner && NOBODY.contains(&word.as_str())
    };
    if !field.words.words().iter().any(|word| nothing(word)) {
        return;
    }
    let words = Words::from_texts((0..field.words.len()).map(|row| field.words.get(row).filter(|word| !nothing(word))));
    field.words = words;
}

/// Fills the blank cells of a field from another heading that means the same.
fn fill_blanks(fields: &mut [Field], name: &str, other: Option<crate::table::Words>) {
    let (Some(field), Some(other)) = (fields.iter_mut().find(|f| f.name == name), other) else { return };
    let mut both = WordsBuilder::default();
    for row in 0..field.words.len() {
        both.push(field.words.get(row).or_else(|| other.get(row)));
    }
    field.words = both.finish();
}

/// Understands every part and puts the tables together.
fn assemble(
    parts: &[Part],
    merged: &[Merged],
    mut sources: Vec<Source>,
    settings: &Settings<'_>,
    mut problems: Problems,
    mut reading: Reading,
) -> Result<Loaded, Vec<Diagnostic>> {
    let mut known = know(parts, &mut problems);
    let accounts = normalise::accounts(parts, &mut known, settings, &mut problems);
    let leads = normalise::leads(parts, &mut known, settings, &mut problems);
    let deals = normalise::deals(parts, &mut known, settings, &mut problems);
    let activities = normalise::activities(parts, &mut known, settings, &mut problems);
    let stages = normalise::stages(parts, &known, settings, &mut problems);
    let (targets, refused_targets) = normalise::targets(parts, &known, settings, &mut problems);
    let mut roster = normalise::roster(parts, &known, settings, &mut problems);
    normalise::absences(parts, &known, &mut roster, settings, &mut problems);

    // A roster that holds quotas too is counted by its people.
    for source in refused_targets.into_iter().map(usize::from).filter(|s| sources[*s].table == Kind::Targets.name()).collect::<Vec<_>>() {
        sources[source].refused += 1;
    }
    count_rows(&mut sources, parts, merged, [&activities.table, &deals.table, &accounts, &leads, &stages]);
    reading.cells = cells(&problems, &sources, [&activities.table, &deals.table]);
    reading.shared_close = deals.shared;
    reading.amount_heading = deals.amount_heading;
    reading.timed = activities.table.column("at").is_some();
    let total = activities.table.len() as u64;
    reading.other_kinds = (activities.unmapped.values().sum(), total);
    reading.unmapped = by_frequency(activities.unmapped);
    unknown_words(&reading, &by_frequency(activities.unknown_outcomes), &mut problems);

    let mut data = Data {
        sources,
        activities: activities.table,
        deals: deals.table,
        accounts,
        leads,
        targets,
        stages,
        roster,
        said_prospect: activities.said_prospect,
        said_new_business: Vec::new(),
        splits: deals.splits,
        group_key: activities.group_key,
        child: activities.child,
    };
    if problems.fatal {
        return Err(problems.list);
    }
    accounts_through(&mut data);
    unneeded::say(&mut data, parts, merged, &mut reading, &mut problems);
    unlisted(&data, &mut reading, &mut problems);
    Ok(Loaded { data, reading, diagnostics: problems.list })
}

/// Everybody and everything that any file names, so that each gets one label before a record refers to it.
fn know(parts: &[Part], problems: &mut Problems) -> Known {
    let mut known = Known {
        people: Registry::new(value::fold_name),
        accounts: Registry::new(fold::fold),
        deals: Registry::new(fold::fold),
        person: Vec::new(),
        account: Vec::new(),
        deal: Vec::new(),
        robot: Vec::new(),
    };
    normalise::enter_people(parts, &mut known, problems);
    let of = |kind: Kind| parts.iter().filter(move |p| p.shape == Shape::Records(kind));
    for part in of(Kind::Accounts) {
        for row in 0..part.len() {
            known.accounts.enter(part.text("id", row), part.text("name", row), None);
        }
    }
    for part in of(Kind::Deals) {
        for row in 0..part.len() {
            known.deals.enter(part.text("id", row), part.text("name", row), None);
        }
    }
    for part in of(Kind::Deals) {
        for row in 0..part.len() {
            for who in normalise::splitters(part, row) {
                known.people.enter(Some(who), None, None);
            }
        }
    }
    for kind in [Kind::Accounts, Kind::Deals, Kind::Activities] {
        for part in of(kind) {
            for row in 0..part.len() {
                let person = known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row));
                note_robot(&mut known, person, part, row);
                if kind != Kind::Accounts {
                    let account = part.one("account_id", row).or_else(|| part.text("what_id", row).filter(|id| id.starts_with("001")));
                    known.accounts.enter(account, part.one("account", row), None);
                }
            }
        }
    }
    known.person = known.people.labels();
    known.account = known.accounts.labels();
    // A deal is referred to by its id, which is never repeated; one without id by its name.
    let names = known.deals.labels();
    known.deal =
        (0..known.deals.len() as u32).map(|d| known.deals.id(d).map_or_else(|| names[d as usize].clone(), str::to_owned)).collect();
    known
}

fn note_robot(known: &mut Known, person: Option<u32>, part: &Part, row: usize) {
    let Some(index) = person.map(|p| p as usize) else { return };
    if known.robot.len() <= index {
        known.robot.resize(index + 1, false);
    }
    if let Some(name) = part.text("owner", row) {
        known.robot[index] |= part.words.robot(name);
    }
}

/// Rows that were read but became no record count as refused.
fn count_rows(sources: &mut [Source], parts: &[Part], merged: &[Merged], tables: [&Table; 5]) {
    for (part, merged) in parts.iter().zip(merged) {
        let source = &mut sources[usize::from(part.source)];
        let of = |kind: Kind| tables.iter().find(|t| t.kind == kind);
        let rows = |table: &Table, deleted: bool| {
            (0..table.len()).filter(|r| table.file[*r] == part.source && !(deleted && table.used(*r))).count() as u64
        };
        match part.shape {
            Shape::Records(kind @ (Kind::Activities | Kind::Deals)) => {
                source.refused = source.read - of(kind).map_or(0, |table| rows(table, false));
            }
            Shape::Records(kind) => {
                source.deleted = of(kind).map_or(0, |table| rows(table, true));
                source.merged = source.read - source.refused - source.deleted;
            }
            Shape::Link { .. } | Shape::Lookup { .. } => {
                source.deleted = merged.deleted;
                source.merged = source.read - source.refused - source.deleted;
            }
        }
    }
}

/// Cells that were taken as blank, in records that are kept: one that cost its record is counted there.
fn cells(problems: &Problems, sources: &[Source], tables: [&Table; 2]) -> u64 {
    let mut kept: FxHashMap<&str, FxHashSet<u32>> = FxHashMap::default();
    for source in sources.iter().filter(|s| tables.iter().any(|t| t.kind.name() == s.table)) {
        kept.insert(&source.path, FxHashSet::default());
    }
    for table in tables {
        for (file, line) in table.file.iter().zip(&table.line) {
            if let Some(lines) = sources.get(usize::from(*file)).and_then(|s| kept.get_mut(s.path.as_str())) {
                lines.insert(*line);
            }
        }
    }
    let is_cell = |d: &&Diagnostic| {
        d.severity == Severity::Error && matches!(d.code, Code::BadDate | Code::BadAmount | Code::BadNumber | Code::BadFlag)
    };
    let in_kept = |d: &&Diagnostic| {
        let Some(Location { file, line: Some(line), column: Some(_) }) = &d.location else { return false };
        kept.get(file.as_str()).is_none_or(|lines| lines.contains(line))
    };
    problems.list.iter().filter(is_cell).filter(in_kept).count() as u64
}

fn by_frequency(counts: FxHashMap<String, u64>) -> Vec<(String, u64)> {
    let mut list: Vec<(String, u64)> = counts.into_iter().collect();
    list.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    list
}

/// Warns where words that decide numbers mean nothing known.
fn unknown_words(reading: &Reading, outcomes: &[(String, u64)], problems: &mut Problems) {
    let listed = |words: &[(String, u64)]| {
        let shown: Vec<String> = words.iter().take(5).map(|(w, n)| format!("'{w}' ({n})")).collect();
        let more = if words.len() > 5 { format!(" and {} more", words.len() - 5) } else { String::new() };
        format!("{}{more}", shown.join(", "))
    };
    let (other, all) = reading.other_kinds;
    if other * 10 > all {
        problems.say(
            Diagnostic::warning(
                Code::UnknownWord,
                format!("the kind of {other} of {all} activities is not known: {}", listed(&reading.unmapped)),
            )
            .hint("say what they are under [words.kind] in leadlag.toml, such as meeting = [\"Visit\"]"),
        );
    }
    if !outcomes.is_empty() {
        problems.say(
            Diagnostic::warning(Code::UnknownWord, format!("words of a status or outcome that mean nothing known: {}", listed(outcomes)))
                .hint("say what they mean under [words.outcome] in leadlag.toml, such as held = [\"Took place\"]"),
        );
    }
}

/// Gives an activity without an account that of its contact, its lead or its deal.
fn accounts_through(data: &mut Data) {
    let table = &data.activities;
    let mut of_contact: FxHashMap<&str, Option<&str>> = FxHashMap::default();
    for row in 0..table.len() {
        if let (Some(contact), Some(account)) = (table.text("contact", row), table.text("account", row)) {
            // A contact seen with two companies says nothing about which.
            of_contact.entry(contact).and_modify(|a| *a = a.filter(|known| *known == account)).or_insert(Some(account));
        }
    }
    let of_lead: FxHashMap<&str, &str> =
        (0..data.leads.len()).filter_map(|r| Some((data.leads.text("id", r)?, data.leads.text("account", r)?))).collect();
    let deals = &data.deals;
    let of_deal: FxHashMap<&str, &str> = (0..deals.len())
        .filter_map(|r| Some((deals.text("id", r).or_else(|| deals.text("name", r))?, deals.text("account", r)?)))
        .collect();
    let mut account = WordsBuilder::default();
    for row in 0..table.len() {
        let found = table
            .text("account", row)
            .or_else(|| table.text("contact", row).and_then(|c| of_contact.get(c).copied().flatten()))
            .or_else(|| table.text("lead", row).and_then(|l| of_lead.get(l).copied()))
            .or_else(|| table.text("deal", row).and_then(|d| of_deal.get(d).copied()));
        account.push(found);
    }
    let account = account.finish();
    if !account.words().is_empty() {
        data.activities.set("account", Column::Words(account));
    }
}

/// Owners of records whom the roster does not list, where there is one.
fn unlisted(data: &Data, reading: &mut Reading, problems: &mut Problems) {
    if !data.roster.people.iter().any(|p| p.listed) {
        return;
    }
    let mut seen: BTreeMap<&str, (Location, u64)> = BTreeMap::new();
    for table in [&data.activities, &data.deals] {
        for row in (0..table.len()).filter(|r| table.used(*r)) {
            let Some(owner) = table.text("owner", row) else { continue };
            let listed = data.roster.person(owner).is_none_or(|p| data.roster.people[p as usize].listed);
            if !listed {
                let path = data.sources.get(usize::from(table.file[row])).map_or("", |s| s.path.as_str());
                seen.entry(owner).or_insert_with(|| (Location::line(path, table.line[row]), 0)).1 += 1;
            }
        }
    }
    for (owner, (place, n)) in seen {
        reading.unlisted.push(owner.to_owned());
        problems.say(
            Diagnostic::warning(Code::UnknownOwner, format!("'{owner}' owns {n} records but is not on the roster: shown, in no team"))
                .at(place)
                .hint("add the person to people.csv, or add this spelling to the aliases of one who is there"),
        );
    }
}
