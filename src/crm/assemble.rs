//! Every part of every file understood and put together into the tables; who and what there is over all files.

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::coded::{Chain, Groups, ROWS, is_trimmed};
use super::identity::{Registry, id_key};
use super::link::Merged;
use super::load::{Loaded, Reading, Settings};
use super::normalise::{self, Known, Named, Problems};
use super::part::Part;
use super::preset::Shape;
use super::{fold, merged, second, unneeded, value};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Arena, Column, Data, Dictionary, Kind, Reason, Source, Table, Words, joined_of};

/// Understands every part and puts the tables together.
///
/// # Errors
/// Where something has to be answered before any number can be trusted; with what could be put together without the answer.
pub(super) fn assemble(
    parts: &mut [Part],
    merged: &[Merged],
    mut sources: Vec<Source>,
    settings: &Settings<'_>,
    mut problems: Problems,
    mut reading: Reading,
) -> Result<Loaded, Box<Loaded>> {
    let mut known = know(parts, settings, &mut problems);
    let accounts = normalise::accounts(parts, &mut known, settings, &mut problems);
    let leads = normalise::leads(parts, &mut known, settings, &mut problems);
    let deals = normalise::deals(parts, &mut known, settings, &sources, &mut problems);
    let stage_words = normalise::stage_words(parts);
    forget(parts, Kind::Deals, &problems);
    let activities = normalise::activities(parts, &mut known, settings, &mut problems);
    forget(parts, Kind::Activities, &problems);
    let (stages, refused_stages) = normalise::stages(parts, &known, settings, &mut problems);
    let (targets, refused_targets) = normalise::targets(parts, &known, settings, &mut problems);
    let (commitments, refused_commitments) = normalise::commitments(parts, &known, settings, &mut problems);
    let mut roster = normalise::roster(parts, &known, settings, &mut problems);
    normalise::absences(parts, &known, &mut roster, settings, &mut problems);
    normalise::settled_elsewhere(parts, &mut problems);

    // A roster that holds quotas too is counted by its people.
    let targets_only = |(source, _): &&(u16, u32)| sources[usize::from(*source)].table == Kind::Targets.name();
    let refused: Vec<(u16, u32)> = activities
        .refused
        .iter()
        .chain(&deals.refused)
        .chain(refused_targets.iter().filter(targets_only))
        .chain(&refused_commitments)
        .chain(&refused_stages)
        .copied()
        .collect();
    for (source, _) in &refused {
        sources[usize::from(*source)].refused += 1;
    }
    count_rows(&mut sources, parts, merged, [&accounts, &leads, &stages]);
    spellings(&known, &mut reading, &mut problems);
    let cells = cells(&problems, &sources, [&activities.table, &deals.table, &commitments, &stages]);
    reading.cells = cells.len() as u64;
    if let Some(evidence) = &mut problems.evidence {
        evidence.refused(&refused, &cells, &problems.list, &sources);
        evidence.words(parts, &activities.table, &deals.table);
        evidence.people(parts, &mut known, [&activities.table, &deals.table]);
    }
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
        commitments,
        roster,
        said_prospect: activities.said_prospect,
        said_step: activities.said_step,
        stage_words,
        said_new_business: Vec::new(),
        splits: deals.splits,
        group_key: activities.group_key,
        says_who_attended: activities.says_who_attended,
        child: activities.child,
        kept_as_task: activities.kept_as_task,
        promised: activities.promised,
    };
    let evidence = problems.evidence.take();
    if problems.fatal {
        return Err(Box::new(Loaded { data, reading, diagnostics: problems.list, evidence }));
    }
    deals_through(&mut data);
    accounts_through(&mut data);
    unneeded::say(&mut data, parts, merged, &mut reading, &mut problems);
    unlisted(&data, &mut reading, &mut problems);
    in_order(&mut problems.list, &data.sources);
    Ok(Loaded { data, reading, diagnostics: problems.list, evidence })
}

/// Lets go of parts of which there is a table, where nobody asks what was understood, nor how other dates of such parts read.
fn forget(parts: &mut [Part], kind: Kind, problems: &Problems) {
    if problems.evidence.is_none() && problems.asked.is_empty() {
        parts.iter_mut().filter(|p| p.shape == Shape::Records(kind)).for_each(Part::forget);
    }
}

/// Sorts what was said by file, in the order in which they were named, and by line; what has no place stays behind.
fn in_order(list: &mut [Diagnostic], sources: &[Source]) {
    let file: FxHashMap<&str, usize> = sources.iter().enumerate().map(|(i, s)| (s.path.as_str(), i)).collect();
    list.sort_by_cached_key(|d| {
        let place = d.location.as_ref();
        (place.is_none(), place.and_then(|p| file.get(p.file.as_str()).copied()), place.and_then(|p| p.line))
    });
}

/// Everybody and everything that any file names, so that each gets one label before a record refers to it.
fn know(parts: &[Part], settings: &Settings<'_>, problems: &mut Problems) -> Known {
    let mut known = Known {
        people: Registry::new(value::fold_name),
        accounts: Registry::new(fold::fold),
        deals: Registry::new(fold::fold),
        person: Vec::new(),
        account: Dictionary::default(),
        deal: Dictionary::default(),
        named: FxHashMap::default(),
        robot: Vec::new(),
    };
    normalise::enter_people(parts, &mut known, problems);
    known.people.settle_names();
    merged::enter(parts, Kind::Accounts, &mut known.accounts);
    let refers = refers_to_deals(parts);
    if refers {
        merged::enter(parts, Kind::Deals, &mut known.deals);
    }
    let of = |kind: Kind| parts.iter().filter(move |p| p.shape == Shape::Records(kind));
    for part in of(Kind::Accounts) {
        for row in 0..part.len() {
            known.accounts.enter(part.text("id", row), part.text("name", row), None);
        }
    }
    for part in of(Kind::Deals).filter(|_| refers) {
        for row in 0..part.len() {
            known.deals.enter(part.text("id", row), part.text("name", row), None);
        }
    }
    for part in of(Kind::Deals).filter(|part| part.has("split")) {
        for row in 0..part.len() {
            for who in normalise::splitters(part, row) {
                known.people.enter(Some(who), None, None);
            }
        }
    }
    let credit = settings.credit.as_deref().unwrap_or_default();
    for part in of(Kind::Deals).filter(|_| !credit.is_empty()) {
        for row in 0..part.len() {
            for (who, _) in second::people(part, row, credit) {
                known.people.enter(None, Some(who), None);
            }
        }
    }
    let mut names = Names::default();
    for kind in [Kind::Accounts, Kind::Deals, Kind::Activities] {
        for part in of(kind) {
            let owners = Groups::by_fields(part, &["owner_id", "owner", "owner_email"]);
            for row in owners.first.iter().map(|row| *row as usize) {
                let person = known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row));
                note_robot(&mut known, person, part, row);
            }
            if kind != Kind::Accounts {
                let accounts = Groups::by_fields(part, &["account_id", "account", "what_id"]);
                if part.has("account_id") || part.has("what_id") {
                    for row in accounts.first.iter().map(|row| *row as usize) {
                        let account = part.one("account_id", row).or_else(|| part.text("what_id", row).filter(|id| id.starts_with("001")));
                        known.accounts.enter(account, part.one("account", row), None);
                    }
                } else {
                    let entered = names.enter(part, &accounts.first, &mut known.accounts);
                    known.named.insert((part.source, kind), Named { entered, rows: accounts.found() });
                }
            }
        }
    }
    if !known.accounts.only_names() {
        known.named.clear();
    }
    known.person = known.people.labels();
    known.account = known.accounts.all_labels();
    // A deal is referred to by its id, which is never repeated; one without id by its name.
    let (names, mut deals) = (known.deals.all_labels(), Arena::default());
    (0..known.deals.len()).for_each(|deal| deals.push(known.deals.id(deal as u32).unwrap_or_else(|| &names[deal])));
    known.deal = deals.finish();
    known
}

/// The accounts by which rows name them alone, column by column.
#[derive(Default)]
struct Names<'a> {
    /// Columns, and the entry of each of their words, `u32::MAX` where it is unknown.
    columns: Vec<(&'a Words, Vec<u32>)>,
}

impl<'a> Names<'a> {
    /// So many columns are looked through for names that were entered before.
    const COLUMNS: usize = 4;

    /// Enters the accounts that rows of a part name, in their order.
    fn enter(&mut self, part: &'a Part, rows: &[u32], accounts: &mut Registry) -> Vec<Option<u32>> {
        let Some(words) = part.field("account").map(|field| &field.words) else {
            return rows.iter().map(|row| accounts.enter(None, part.text("account", *row as usize), None)).collect();
        };
        let mut entries = vec![u32::MAX; words.words().len()];
        for (column, known) in self.columns.iter().rev().take(Self::COLUMNS) {
            entries.par_chunks_mut(ROWS).enumerate().for_each(|(part, entries)| {
                let start = part * ROWS;
                let codes = joined_of(words.words(), start..start + entries.len(), column.words());
                for (entry, code) in entries.iter_mut().zip(codes) {
                    if let (u32::MAX, Some(known)) = (*entry, known.get(code as usize)) {
                        *entry = *known;
                    }
                }
            });
        }
        let constant = part.constant_of("account");
        let named = |row: &u32| match words.code(*row as usize) {
            Some(code) => (words.words().get(code as usize), Some(entries[code as usize]).filter(|entry| *entry != u32::MAX)),
            None => (constant, None),
        };
        let entered = accounts.enter_names(&rows.par_iter().with_min_len(ROWS).map(named).collect::<Vec<_>>());
        for (row, entry) in rows.iter().zip(&entered) {
            if let (Some(code), Some(entry)) = (words.code(*row as usize), entry) {
                entries[code as usize] = *entry;
            }
        }
        self.columns.push((words, entries));
        entered
    }
}

/// Whether anything asks which deals there are: another table names them, some were merged, or an id is spelled in two ways. Else each is
/// what its own id says, and nobody need know them all.
fn refers_to_deals(parts: &[Part]) -> bool {
    let of = |kind: Kind| parts.iter().filter(move |p: &&Part| p.shape == Shape::Records(kind));
    let named = of(Kind::Activities).any(|part| ["deal_id", "deal", "what_id", "what"].iter().any(|field| part.has(field)));
    let elsewhere = named || of(Kind::Stages).next().is_some() || of(Kind::Leads).any(|part| part.has("deal_id"));
    if elsewhere || of(Kind::Deals).any(|part| part.has("merged_ids") || part.has("merged_into")) {
        return true;
    }
    // An id without a name may be that of a deal which another row has under that name.
    let nameless = |part: &&Part| match (part.field("id"), part.field("name")) {
        (Some(id), Some(name)) => name.words.any_blank() && (0..part.len()).any(|row| !id.words.is_blank(row) && name.words.is_blank(row)),
        (Some(_), None) => of(Kind::Deals).any(|part| part.has("name")),
        (None, _) => false,
    };
    of(Kind::Deals).any(|part| part.constant_of("id").is_some() || nameless(&part)) || spelled_twice(&of(Kind::Deals))
}

/// Whether any two ids of these parts are spelled differently and mean the same.
fn spelled_twice<'a>(parts: &(impl Iterator<Item = &'a Part> + Clone)) -> bool {
    let columns = || parts.clone().filter_map(|part| part.field("id")).map(|field| &field.words);
    // Of one id one spelling is longer than the other.
    let lengths: Option<Vec<usize>> = columns().map(|words| words.ids()?.spelling.length()).collect();
    if lengths.is_some_and(|lengths| lengths.iter().all(|length| Some(length) == lengths.first())) {
        return false;
    }
    let words = || columns().flat_map(|words| words.words().iter());
    if words().any(|id| !is_trimmed(id) || id.is_empty()) {
        return true;
    }
    let mut lengths = words().map(str::len);
    let first = lengths.next();
    if lengths.all(|length| Some(length) == first) {
        return false;
    }
    let mut ids: FxHashMap<&str, &str> = FxHashMap::default();
    words().any(|id| *ids.entry(id_key(id)).or_insert(id) != id)
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

/// People whose one name is written in several ways: who is taken for whom is never passed over.
fn spellings(known: &Known, reading: &mut Reading, problems: &mut Problems) {
    for (person, others) in known.people.variants().filter(|(p, _)| !known.robot.get(*p as usize).copied().unwrap_or(false)) {
        let Some(name) = known.person.get(person as usize) else { continue };
        let others: Vec<String> = others.into_iter().map(str::to_owned).collect();
        let listed: Vec<String> = others.iter().map(|o| format!("'{o}'")).collect();
        problems.say(Diagnostic::note(Code::Assumed, format!("{} in the files is '{name}'", listed.join(" and "))));
        reading.spellings.push((name.clone(), others));
    }
}

/// What became of the rows that are no records to be counted: activities and deals are tallied row by row in the report.
fn count_rows(sources: &mut [Source], parts: &[Part], merged: &[Merged], tables: [&Table; 3]) {
    for (part, merged) in parts.iter().zip(merged).filter(|(part, _)| !part.beside) {
        let source = &mut sources[usize::from(part.source)];
        let of = |kind: Kind| tables.iter().find(|t| t.kind == kind);
        let deleted = |table: &Table| {
            (0..table.len()).filter(|r| table.file[*r] == part.source && table.left_out[*r] == Reason::Deleted as u8).count() as u64
        };
        match part.shape {
            Shape::Records(Kind::Activities | Kind::Deals) => {}
            Shape::Records(kind) => {
                source.deleted = of(kind).map_or(0, |table| deleted(table));
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
fn cells(problems: &Problems, sources: &[Source], tables: [&Table; 4]) -> Vec<Diagnostic> {
    let is_cell = |d: &&Diagnostic| {
        d.severity == Severity::Error && matches!(d.code, Code::BadDate | Code::BadAmount | Code::BadNumber | Code::BadFlag)
    };
    let found: Vec<&Diagnostic> = problems.list.iter().filter(is_cell).collect();
    if found.is_empty() {
        return Vec::new();
    }
    let mut kept: FxHashMap<&str, FxHashSet<u32>> = FxHashMap::default();
    for source in sources.iter().filter(|s| tables.iter().any(|t| t.kind.name() == s.table)) {
        kept.insert(&source.path, FxHashSet::default());
    }
    for table in tables {
        for (file, line) in table.file.iter().zip(table.line.iter()) {
            if let Some(lines) = sources.get(usize::from(file)).and_then(|s| kept.get_mut(s.path.as_str())) {
                lines.insert(line);
            }
        }
    }
    let in_kept = |d: &&Diagnostic| {
        let Some(Location { file, line: Some(line), column: Some(_) }) = &d.location else { return false };
        kept.get(file.as_str()).is_none_or(|lines| lines.contains(line))
    };
    found.into_iter().filter(in_kept).cloned().collect()
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

/// Gives an activity without a deal that which its lead became.
fn deals_through(data: &mut Data) {
    let leads = &data.leads;
    let of_lead: FxHashMap<&str, &str> =
        (0..leads.len()).filter_map(|r| Some((id_key(leads.text("id", r)?), leads.text("deal", r)?))).collect();
    if of_lead.is_empty() {
        return;
    }
    let table = &data.activities;
    let mut chain = Chain::new(table.len());
    chain.or_column(table, "deal", Some);
    chain.or_column(table, "lead", |lead| of_lead.get(id_key(lead)).copied());
    let deal = chain.finish();
    if !deal.words().is_empty() {
        data.activities.set("deal", Column::Words(deal));
    }
}

/// Gives an activity without an account that of its contact, its lead or its deal.
fn accounts_through(data: &mut Data) {
    let table = &data.activities;
    if words_of(table, "account").is_some_and(|account| !account.any_blank()) {
        return;
    }
    let of_contact = accounts_of_contacts(table);
    let of_lead: FxHashMap<&str, &str> =
        (0..data.leads.len()).filter_map(|r| Some((id_key(data.leads.text("id", r)?), data.leads.text("account", r)?))).collect();
    let deals = &data.deals;
    let (ids, names, accounts) = (words_of(deals, "id"), words_of(deals, "name"), words_of(deals, "account"));
    let of_deal: FxHashMap<&str, &str> = match words_of(table, "deal") {
        None => FxHashMap::default(),
        Some(_) => {
            (0..deals.len()).filter_map(|r| Some((ids.and_then(|ids| ids.get(r)).or_else(|| names?.get(r))?, accounts?.get(r)?))).collect()
        }
    };
    let mut chain = Chain::new(table.len());
    chain.or_column(table, "account", Some);
    chain.or_column(table, "contact", |contact| of_contact.get(contact).copied());
    chain.or_column(table, "lead", |lead| of_lead.get(id_key(lead)).copied());
    chain.or_column(table, "deal", |deal| of_deal.get(deal).copied());
    let account = chain.finish();
    if !account.words().is_empty() {
        data.activities.set("account", Column::Words(account));
    }
}

fn words_of<'a>(table: &'a Table, name: &str) -> Option<&'a Words> {
    match table.column(name)? {
        Column::Words(words) => Some(words),
        _ => None,
    }
}

/// The accounts of the contacts that are seen with one alone: a contact seen with two companies says nothing about which.
fn accounts_of_contacts(table: &Table) -> FxHashMap<&str, &str> {
    let (Some(contacts), Some(accounts)) = (words_of(table, "contact"), words_of(table, "account")) else { return FxHashMap::default() };
    let (mut with, several) = (vec![u32::MAX; contacts.words().len()], u32::MAX - 1);
    for row in 0..table.len() {
        if let (Some(contact), Some(account)) = (contacts.code(row), accounts.code(row)) {
            let with = &mut with[contact as usize];
            *with = if *with == u32::MAX || *with == account { account } else { several };
        }
    }
    let pairs = with.iter().zip(contacts.words().iter());
    pairs.filter_map(|(account, contact)| Some((contact, accounts.words().get(*account as usize)?))).collect()
}

/// Owners of records whom the roster does not list, where there is one.
fn unlisted(data: &Data, reading: &mut Reading, problems: &mut Problems) {
    let roster = data.roster.people.iter().any(|p| p.listed);
    if !roster && !data.roster.people.iter().any(|p| p.named) {
        return;
    }
    let mut seen: BTreeMap<&str, (Location, u64)> = BTreeMap::new();
    for table in [&data.activities, &data.deals] {
        let Some(owners) = words_of(table, "owner") else { continue };
        let listed = |owner: &str| {
            data.roster.person(owner).is_none_or(|p| {
                let who = &data.roster.people[p as usize];
                if roster { who.listed } else { who.named }
            })
        };
        let unlisted: Vec<bool> = owners.words().iter().map(|owner| !listed(owner)).collect();
        if !unlisted.contains(&true) {
            continue;
        }
        // How many records each owns, and the first of them.
        let mut owned = vec![(0_usize, 0_u64); unlisted.len()];
        for row in (0..table.len()).filter(|r| table.used(*r)) {
            if let Some(owner) = owners.code(row) {
                let owned = &mut owned[owner as usize];
                *owned = (if owned.1 == 0 { row } else { owned.0 }, owned.1 + 1);
            }
        }
        for ((owner, unlisted), (row, n)) in owners.words().iter().zip(unlisted).zip(owned) {
            if unlisted && n > 0 {
                let path = data.sources.get(usize::from(table.file[row])).map_or("", |s| s.path.as_str());
                seen.entry(owner).or_insert_with(|| (Location::line(path, table.line.get(row)), 0)).1 += n;
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
