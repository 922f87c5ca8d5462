//! Activities: kinds, outcomes, days, lengths, and whom they belong to and are with.
//!
//! Columns are gone through one by one, and what words say is found out once for all rows that say the same.

mod days;
mod decide;
mod whom;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::lengths::Lengths;
use super::stacked::{Kept, Stacked, stack};
use super::{Known, Problems, brief, days_of, moments, words};
use crate::calendar::Grain;
use crate::crm::Settings;
use crate::crm::coded::{Groups, fill, first};
use crate::crm::part::Part;
use crate::crm::preset::Shape;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Codes, Column, Kind, Lists, Promise, Reason, Said, Short, Table, Words};
use days::Days;
use decide::{COMPLETED, CUSTOMER, Decision, Flags, MACHINE, decide};
use whom::Whom;

/// Activities and what facts need beside them.
pub(in crate::crm) struct Activities {
    pub(in crate::crm) table: Table,
    /// What [`crate::table::Data`] has under these names; empty where no activity says it.
    pub(in crate::crm) said_prospect: Vec<Option<bool>>,
    pub(in crate::crm) said_step: Vec<Option<Said>>,
    pub(in crate::crm) child: Vec<bool>,
    pub(in crate::crm) kept_as_task: Vec<bool>,
    pub(in crate::crm) group_key: Option<Words>,
    pub(in crate::crm) says_who_attended: bool,
    /// What tasks promise, by row.
    pub(in crate::crm) promised: BTreeMap<usize, Promise>,
    /// The source and line of each row that was refused.
    pub(in crate::crm) refused: Vec<(u16, u32)>,
    /// The words of records whose kind nothing decided, with how many there are.
    pub(in crate::crm) unmapped: FxHashMap<String, u64>,
    /// Words of a status or outcome column that mean nothing known, with how many there are.
    pub(in crate::crm) unknown_outcomes: FxHashMap<String, u64>,
    leave: Vec<(usize, Reason)>,
    keys: Vec<(usize, Column)>,
}

/// Understands the activities of every file.
pub(in crate::crm) fn activities(parts: &mut [Part], known: &mut Known, settings: &Settings, problems: &mut Problems) -> Activities {
    let of_activities = |part: &&mut Part| part.shape == Shape::Records(Kind::Activities);
    let one = parts.iter_mut().filter(of_activities).count() == 1;
    let mut table = if one { Stacked::of_one(Kind::Activities) } else { Stacked::new(Kind::Activities) };
    let mut out = Activities {
        table: Table::new(Kind::Activities, Vec::new(), Vec::new()),
        said_prospect: Vec::new(),
        said_step: Vec::new(),
        child: Vec::new(),
        kept_as_task: Vec::new(),
        group_key: None,
        says_who_attended: false,
        promised: BTreeMap::new(),
        refused: Vec::new(),
        unmapped: FxHashMap::default(),
        unknown_outcomes: FxHashMap::default(),
        leave: Vec::new(),
        keys: Vec::new(),
    };
    for part in parts.iter_mut().filter(of_activities) {
        let asked = problems.evidence.is_some();
        let early = ["modified_on", "created_on"].map(|field| if asked { None } else { let_go(part, field, settings) });
        part_of(part, early, known, settings, problems, &mut table, &mut out);
        if table.lacks_lines() {
            // Nobody asks the file again, unless it is what was understood, or how other dates of activities read.
            let asked = problems.evidence.is_some() || !problems.asked.is_empty();
            table.lines(if asked { part.line.clone() } else { std::mem::take(&mut part.line) });
        }
    }
    out.table = table.finish(&["id", "kind", "outcome", "day", "owner"]);
    for (row, reason) in std::mem::take(&mut out.leave) {
        out.table.leave_out(row, reason);
    }
    out.group_key = match stack(std::mem::take(&mut out.keys), out.table.len()) {
        Some(Column::Words(keys)) => Some(keys),
        _ => None,
    };
    out
}

/// The days of a column, and what is to be said of it.
type Early = Option<(Column, Vec<Diagnostic>)>;

/// The days of a column of dates that are all written alike, which nobody asks for anything else: it is let go of.
fn let_go(part: &mut Part, field: &str, settings: &Settings) -> Early {
    part.field(field)?.words.stamps()?;
    let mut said = Problems::default();
    let days = days_of(&moments(part, field, settings, &mut said), part.len());
    part.fields.take(field);
    Some((days, said.list))
}

#[allow(clippy::too_many_arguments)] // what is known, and what becomes of it
fn part_of(
    part: &Part,
    [modified, created]: [Early; 2],
    known: &mut Known,
    settings: &Settings,
    problems: &mut Problems,
    table: &mut Stacked,
    out: &mut Activities,
) {
    let rows = part.len();
    let when = Days::new(part, settings, problems);
    let mut days = |field, early: Early| match early {
        Some((days, said)) => {
            problems.list.extend(said);
            days
        }
        None => days_of(&moments(part, field, settings, problems), rows),
    };
    let (created, modified) = (days("created_on", created), days("modified_on", modified));
    let lengths = Lengths::new(part, problems);
    let (flags, all_day) = Flags::new(part, settings, problems);

    let refused: Vec<u32> = if when.any_bad() { (0..rows as u32).filter(|row| when.bad(*row as usize)).collect() } else { Vec::new() };
    out.refused.extend(refused.iter().map(|row| (part.source, part.line.get(*row as usize))));
    let kept = Kept::but(&refused, rows);
    let start = table.begin(part, kept.chosen.clone());

    let whom = Whom::of(part, &kept, known);
    for (name, words) in [("account", whom.account), ("contact", whom.contact), ("lead", whom.lead), ("deal", whom.deal)] {
        table.set(name, Column::Words(words));
    }
    let owners = Groups::by_fields(part, &["owner_id", "owner", "owner_email"]);
    let people: Vec<Option<u32>> = kept
        .by_group(&owners, |row| known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row)));
    let machines: Vec<bool> = people.iter().map(|p| p.is_some_and(|p| known.robot.get(p as usize).copied().unwrap_or(false))).collect();
    let labels: Vec<Option<&str>> = people.iter().map(|p| known.person.get((*p)? as usize).map(String::as_str)).collect();
    let mut bits: Vec<u8> = whom.customer.into_iter().map(|customer| if customer { CUSTOMER } else { 0 }).collect();
    if when.completed.present() {
        bits.par_iter_mut().enumerate().for_each(|(row, bits)| *bits |= if when.completed.get(row).is_some() { COMPLETED } else { 0 });
    }
    if machines.contains(&true) {
        bits.par_iter_mut().zip(owners.each(&machines)).for_each(|(bits, machine)| *bits |= if machine { MACHINE } else { 0 });
    }
    let (decisions, decided) = decide(part, &flags, &bits);
    drop(bits);
    let rulings = Groups::known(&decided, decisions.len());
    let decision = |row: usize| decided.get(row).map_or(0, |code| code as usize);

    let whole_day = |row: usize| all_day.get(row) == Some(true);
    let began = |row: usize| when.start(row).map(|m| if whole_day(row) { m.as_written() } else { m });
    let dated = |row: usize| {
        let (start, completed) = (began(row), when.completed.get(row));
        let day = completed.or(start).or_else(|| when.due(row)).map_or(Column::NO_DAY, |m| m.day.0);
        let at = start.and_then(|m| m.at).or_else(|| completed.and_then(|m| m.at)).filter(|_| !whole_day(row));
        (day, at.unwrap_or(Column::NO_NUMBER))
    };
    let alone = if all_day.present() { None } else { when.alone(part) };
    let (days, at) = alone.unwrap_or_else(|| {
        let (mut days, mut at) = (Vec::new(), Vec::new());
        (0..rows).into_par_iter().map(dated).unzip_into_vecs(&mut days, &mut at);
        (Column::Days(days), Column::Instants(at))
    });
    let blank = match &days {
        Column::Short(Short::Days { after, .. }) => after.contains(&Short::BLANK),
        _ => true,
    };
    // Where a column of dates is in question, the question has been asked.
    let asked = problems.fatal || !blank;
    let undated: Vec<usize> = if asked { Vec::new() } else { kept.rows().filter(|row| days.day(*row).is_none()).collect() };
    let length = |row: usize| {
        let ends = || when.end(row, began(row).or_else(|| when.due(row)));
        lengths.of(row, whole_day(row), || when.ends().then(|| began(row)).flatten(), ends)
    };
    let by_word = if all_day.present() || when.ends() { None } else { lengths.by_word() };
    let (minutes, backward) = if let Some(minutes) = by_word {
        (minutes, None)
    } else {
        let mut minutes = fill(rows, length);
        let backward = Lengths::settle(&mut minutes, part, kept.rows());
        (Column::Whole(minutes), backward)
    };

    table.set("id", words(part, &["id"]));
    table.set("kind", closed(&rulings, &decisions, |d| Some(d.kind)));
    table.set("type", words(part, &["type", "subtype"]));
    table.set("subject", words(part, &["subject"]));
    table.set("owner", Column::Words(owners.texts(&labels)));
    table.set("at", at);
    table.set("day", days);
    for (name, days) in [("created_on", created), ("completed_on", days_of(&when.completed, rows)), ("modified_on", modified)] {
        table.set(name, days);
    }
    table.set("outcome", closed(&rulings, &decisions, |d| d.outcome));
    table.set("result", words(part, &["result", "disposition", "outcome"]));
    table.set("minutes", minutes);
    table.set("next_step", words(part, &["next_step"]));
    if WITH.iter().any(|field| part.has(field)) {
        table.set("with_people", attendees(part, known));
    }
    table.set("internal", marks(&rulings, &decisions, |d| d.internal));
    table.set("connected", marks(&rulings, &decisions, |d| d.connected));
    table.set("robot", marks(&rulings, &decisions, |d| Some(d.robot)));

    let beside = Beside { start, kept: &kept, decisions: &decisions, decided: &decided };
    beside.add(&mut out.said_prospect, None, |d| d.prospect);
    beside.add(&mut out.said_step, None, |d| d.step);
    beside.add(&mut out.child, false, |d| d.child);
    beside.add(&mut out.kept_as_task, false, |d| d.as_task);
    steps(part, start, &kept, &mut out.said_step);
    let keys = first(part, &["group_key"]);
    let with = first(part, &WITH);
    if !with.words().is_empty() || !keys.words().is_empty() || decisions.iter().any(|d| d.child) {
        let says = |row: usize| decisions[decision(row)].child || !with.is_blank(row) || !keys.is_blank(row);
        out.says_who_attended |= kept.rows().any(says);
    }
    if !keys.words().is_empty() {
        out.keys.push((start, table.chosen(Column::Words(keys))));
    }
    if decisions.iter().any(|d| d.reason.is_some()) {
        let left = kept.rows().enumerate().filter_map(|(at, row)| Some((start + at, decisions[decision(row)].reason?)));
        out.leave.extend(left);
    }
    if decisions.iter().any(|d| d.unmapped.is_some() || d.unknown_outcome) {
        unknown_words(part, kept.rows().map(|row| (row, &decisions[decision(row)])), out);
    }
    let promises = if decisions.iter().any(|d| d.promises) {
        kept.rows().enumerate().filter(|(_, row)| decisions[decision(*row)].promises).collect()
    } else {
        Vec::new()
    };
    for (at, row) in promises {
        let Some(text) = part.words.promise(part.text("subject", row).unwrap_or("")) else { continue };
        if text.is_empty() {
            if !decisions[decision(row)].deleted {
                problems.say(without_text(part, row));
            }
        } else if let Some(on) = when.due(row).or_else(|| began(row)).or_else(|| when.completed.get(row)) {
            let week = settings.calendar.period_of(Grain::Week, on.day);
            out.promised.insert(start + at, Promise { text: text.to_owned(), week: week.name, day: week.range.first });
        }
    }
    for row in undated {
        problems.say(
            Diagnostic::warning(Code::BadDate, "the record has no date: it falls in no period")
                .at(Location::line(&part.path, part.line.get(row))),
        );
    }
    problems.list.extend(backward);
}

/// What stands beside the table, row by row of it.
struct Beside<'a> {
    start: usize,
    kept: &'a Kept,
    decisions: &'a [Decision],
    decided: &'a Codes,
}

impl Beside<'_> {
    /// Adds what the rows of a part come to; nothing where all of them come to nothing.
    fn add<T: Copy + PartialEq>(&self, to: &mut Vec<T>, nothing: T, of: impl Fn(&Decision) -> T) {
        let values: Vec<T> = self.decisions.iter().map(of).collect();
        if values.iter().any(|value| *value != nothing) {
            to.resize(self.start, nothing);
            to.extend(self.kept.rows().map(|row| self.decided.get(row).map_or(nothing, |code| values[code as usize])));
        }
    }
}

/// A column of closed words, by what is decided.
fn closed(rulings: &Groups<'_>, decisions: &[Decision], word: impl Fn(&Decision) -> Option<&'static str>) -> Column {
    Column::Words(rulings.texts(&decisions.iter().map(word).collect::<Vec<_>>()))
}

/// A column of flags, by what is decided; of no row where none has one.
fn marks(rulings: &Groups<'_>, decisions: &[Decision], flag: impl Fn(&Decision) -> Option<bool>) -> Column {
    let flags: Vec<i8> = decisions.iter().map(|d| flag(d).map_or(-1, i8::from)).collect();
    if flags.iter().all(|flag| *flag < 0) {
        return Column::Flags(Vec::new());
    }
    Column::Flags(rulings.each(&flags))
}

/// Adds the next steps that are steps of the customer, where nothing else says what came of an activity.
fn steps(part: &Part, start: usize, kept: &Kept, said: &mut Vec<Option<Said>>) {
    let next = first(part, &["next_step"]);
    let theirs: Vec<bool> = next.words().iter().map(|text| part.words.customers_step(text)).collect();
    if !theirs.contains(&true) {
        return;
    }
    for (at, row) in kept.rows().enumerate() {
        if next.code(row).is_some_and(|code| theirs[code as usize]) {
            said.resize(said.len().max(start + at + 1), None);
            said[start + at].get_or_insert(Said::NextStep);
        }
    }
}

/// Counts the words that are to be mapped, and those of an outcome that mean nothing known.
fn unknown_words<'a>(part: &Part, rows: impl Iterator<Item = (usize, &'a Decision)>, out: &mut Activities) {
    let columns = ["subject", "type", "outcome", "status"].map(|name| (name, part.field(name).map(|f| &f.words), part.constant_of(name)));
    let mut counts = columns.map(|(_, words, _)| vec![0_u64; words.map_or(0, |w| w.words().len()) + 1]);
    for (row, decision) in rows {
        let code = |at: usize| columns[at].1.and_then(|words| words.code(row));
        let mut count = |at: usize| {
            let blank = counts[at].len() - 1;
            counts[at][code(at).map_or(blank, |code| code as usize)] += 1;
        };
        match decision.unmapped {
            Some("subject") => count(0),
            Some(_) => count(1),
            None => {}
        }
        if decision.unknown_outcome {
            count(if code(2).is_some() || columns[2].2.is_some() { 2 } else { 3 });
        }
    }
    for (at, (counts, (_, words, constant))) in counts.into_iter().zip(columns).enumerate() {
        let all = if at < 2 { &mut out.unmapped } else { &mut out.unknown_outcomes };
        for (code, n) in counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
            let word = words.and_then(|words| words.words().get(code)).or(constant).unwrap_or("");
            *all.entry(brief(word)).or_default() += n;
        }
    }
}

/// Says that a commitment promises nothing.
fn without_text(part: &Part, row: usize) -> Diagnostic {
    let place = part.field("subject").map(|column| Location::cell(&part.path, part.line.get(row), &column.heading));
    let place = place.unwrap_or_else(|| Location::line(&part.path, part.line.get(row)));
    Diagnostic::warning(Code::BadReference, "the commitment has no text: the task counts as none")
        .at(place)
        .hint("write what is promised behind the word, as in 'Commitment: 3 presentations'")
}

/// The fields that say who took part.
const WITH: [&str; 3] = ["attendees", "with_people", "with_person"];

/// Ours who took part, besides the owner.
fn attendees(part: &Part, known: &Known) -> Column {
    let groups = Groups::by_fields(part, &WITH);
    let people: Vec<Vec<&str>> = groups.first.iter().map(|row| taking_part(part, *row as usize, known)).collect();
    // The codes of the lists of groups are those of the lists of rows.
    let lists = Lists::from_rows(&people);
    let (mut offsets, mut codes) = (Vec::with_capacity(part.len() + 1), Vec::new());
    offsets.push(0);
    for row in 0..part.len() {
        codes.extend_from_slice(lists.get(groups.get(row)));
        offsets.push(codes.len() as u32);
    }
    Column::Lists(Lists { words: lists.words, offsets, codes })
}

fn taking_part<'a>(part: &Part, row: usize, known: &'a Known) -> Vec<&'a str> {
    let mut people: Vec<&str> = Vec::new();
    for field in WITH {
        let Some(text) = part.text(field, row) else { continue };
        // `Silva, Ana` is one person, `Ana, Dev` are two.
        let whole = known.people.known(text);
        let names = text.split([';', '\n', '|']).flat_map(|piece| match known.people.known(piece) {
            Some(_) => vec![piece],
            None => piece.split(',').collect(),
        });
        let found = names.filter_map(|name| known.people.known(name)).chain(whole);
        people.extend(found.filter_map(|p| known.person.get(p as usize)).map(String::as_str));
    }
    people.sort_unstable();
    people.dedup();
    people
}
