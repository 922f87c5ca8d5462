//! Every part of every file understood and put together into the tables; who and what there is over all files.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::identity::{Registry, id_key};
use super::link::Merged;
use super::load::{Loaded, Reading, Settings};
use super::normalise::{self, Known, Problems};
use super::part::Part;
use super::preset::Shape;
use super::{fold, merged, second, unneeded, value};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Column, Data, Kind, Reason, Source, Table, Words, WordsBuilder};

/// Understands every part and puts the tables together.
///
/// # Errors
/// Where something has to be answered before any number can be trusted; with what could be put together without the answer.
pub(super) fn assemble(
    parts: &[Part],
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
    let activities = normalise::activities(parts, &mut known, settings, &mut problems);
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
        stage_words: normalise::stage_words(parts),
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
        account: Vec::new(),
        deal: Vec::new(),
        robot: Vec::new(),
    };
    normalise::enter_people(parts, &mut known, problems);
    known.people.settle_names();
    merged::enter(parts, Kind::Accounts, &mut known.accounts);
    merged::enter(parts, Kind::Deals, &mut known.deals);
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
    for part in of(Kind::Deals) {
        for row in 0..part.len() {
            for (who, _) in second::people(part, row, settings.credit.as_deref().unwrap_or_default()) {
                known.people.enter(None, Some(who), None);
            }
        }
    }
    for kind in [Kind::Accounts, Kind::Deals, Kind::Activities] {
        for part in of(kind) {
            let (owners, accounts) = (part.keys(["owner_id", "owner", "owner_email"]), part.keys(["account_id", "account", "what_id"]));
            let (mut owners_seen, mut accounts_seen) = (FxHashSet::default(), FxHashSet::default());
            for row in 0..part.len() {
                if owners_seen.insert(owners.of(row)) {
                    let person = known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row));
                    note_robot(&mut known, person, part, row);
                }
                if kind != Kind::Accounts && accounts_seen.insert(accounts.of(row)) {
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
    problems.list.iter().filter(is_cell).filter(in_kept).cloned().collect()
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
    let through = |row: usize| table.text("lead", row).and_then(|lead| of_lead.get(id_key(lead)).copied());
    let deal = Words::from_texts((0..table.len()).map(|row| table.text("deal", row).or_else(|| through(row))));
    if !deal.words().is_empty() {
        data.activities.set("deal", Column::Words(deal));
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
        (0..data.leads.len()).filter_map(|r| Some((id_key(data.leads.text("id", r)?), data.leads.text("account", r)?))).collect();
    let deals = &data.deals;
    let of_deal: FxHashMap<&str, &str> = (0..deals.len())
        .filter_map(|r| Some((deals.text("id", r).or_else(|| deals.text("name", r))?, deals.text("account", r)?)))
        .collect();
    let mut account = WordsBuilder::default();
    for row in 0..table.len() {
        let found = table
            .text("account", row)
            .or_else(|| table.text("contact", row).and_then(|c| of_contact.get(c).copied().flatten()))
            .or_else(|| table.text("lead", row).and_then(|l| of_lead.get(id_key(l)).copied()))
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
    let roster = data.roster.people.iter().any(|p| p.listed);
    if !roster && !data.roster.people.iter().any(|p| p.named) {
        return;
    }
    let mut seen: BTreeMap<&str, (Location, u64)> = BTreeMap::new();
    for table in [&data.activities, &data.deals] {
        for row in (0..table.len()).filter(|r| table.used(*r)) {
            let Some(owner) = table.text("owner", row) else { continue };
            let listed = data.roster.person(owner).is_none_or(|p| {
                let who = &data.roster.people[p as usize];
                if roster { who.listed } else { who.named }
            });
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
