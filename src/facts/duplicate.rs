//! The same record twice, the same export twice, and one meeting entered by several attendees (measures, section 1: Duplicates).

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::Facts;
use super::customer::{PerWord, words};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::table::{Column, Data, Dictionary, Lists, Reason, Source, Table};

/// Fewer agreeing records than this are a coincidence and no second export.
const AGREEING: usize = 3;

/// Leaves out all but one record per id, and identical records without ids that several files hold.
pub(super) fn by_id(data: &mut Data, facts: &mut Facts) {
    let Data { activities, deals, sources, .. } = data;
    for table in [activities, deals] {
        for row in repeated_ids(table, sources, facts) {
            table.leave_out(row, Reason::Duplicate);
        }
        for row in repeated_rows(table) {
            table.leave_out(row, Reason::Duplicate);
        }
    }
}

fn repeated_ids(table: &Table, sources: &[Source], facts: &mut Facts) -> Vec<usize> {
    let Some(Column::Words(ids)) = table.column("id") else {
        return Vec::new();
    };
    // Calls and meetings that are numbered each on their own share no ids.
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    let spaces: Vec<usize> = sources.iter().enumerate().map(|(at, s)| *first.entry(s.object.as_str()).or_insert(at)).collect();
    let space = |row: usize| spaces.get(usize::from(table.file[row])).copied().unwrap_or(0);
    // The records that stand under an id: one, or one of each kind where the files number their kinds each on their own.
    let mut winners: FxHashMap<(usize, u32), Vec<usize>> = FxHashMap::default();
    let mut losers = Vec::new();
    for row in 0..table.len() {
        // What was merged into another record has its id, and is it no more.
        let merged = table.left_out[row] == Reason::Duplicate as u8;
        let Some(code) = ids.code(row).filter(|_| !merged) else { continue };
        let standing = winners.entry((space(row), code)).or_default();
        let like = |other: &usize| table.text("kind", row) == table.text("kind", *other);
        let beside = |other: &usize| table.file[row] == table.file[*other];
        let Some(at) = standing.iter().position(like).or_else(|| standing.iter().position(beside)) else {
            standing.push(row);
            continue;
        };
        let before = standing[at];
        let older = table.day("modified_on", row) < table.day("modified_on", before);
        let (keep, drop) = if older { (before, row) } else { (row, before) };
        standing[at] = keep;
        losers.push(drop);
        if !same(table, row, before) {
            let name = |r: usize| sources.get(usize::from(table.file[r])).map_or("", |s| s.path.as_str());
            let id = ids.get(row).unwrap_or_default();
            facts.diagnostics.push(
                Diagnostic::warning(
                    Code::DuplicateId,
                    format!(
                        "id '{id}' stands here and in {} line {} with different contents: {} counts",
                        name(before),
                        table.line[before],
                        if table.file[row] == table.file[before] {
                            format!("line {}", table.line[keep])
                        } else {
                            format!("line {} of {}", table.line[keep], name(keep))
                        }
                    ),
                )
                .at(Location::line(name(row), table.line[row]))
                .hint("the newer by its modified date counts, else the later record"),
            );
        }
    }
    losers
}

/// Rows without id that are identical in several files: the largest number in any one file stands, since inside one file they may be real.
fn repeated_rows(table: &Table) -> Vec<usize> {
    let without_id = |row: &usize| table.text("id", *row).is_none();
    let files: Vec<u16> = table.file.iter().copied().collect::<std::collections::BTreeSet<_>>().into_iter().collect();
    if files.len() < 2 {
        return Vec::new();
    }
    let mut groups: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
    for row in (0..table.len()).filter(without_id) {
        groups.entry(hash(table, row)).or_default().push(row);
    }
    let mut losers = Vec::new();
    for rows in groups.into_values().filter(|rows| rows.len() > 1) {
        let mut rest = rows;
        while let Some(&first) = rest.first() {
            let (alike, others): (Vec<usize>, Vec<usize>) = rest.iter().partition(|r| same(table, first, **r));
            rest = others;
            let mut per_file: FxHashMap<u16, usize> = FxHashMap::default();
            for row in &alike {
                *per_file.entry(table.file[*row]).or_default() += 1;
            }
            let best = per_file.iter().max_by_key(|(file, n)| (**n, std::cmp::Reverse(**file))).map(|(file, _)| *file);
            losers.extend(alike.into_iter().filter(|row| Some(table.file[*row]) != best));
        }
    }
    losers
}

fn hash(table: &Table, row: usize) -> u64 {
    let mut state = FxHasher::default();
    for column in table.filled() {
        match column {
            Column::Words(w) => w.code(row).hash(&mut state),
            Column::Days(v) => v[row].hash(&mut state),
            Column::Instants(v) | Column::Whole(v) => v[row].hash(&mut state),
            Column::Money(m) => m.minor[row].hash(&mut state),
            Column::Flags(v) => v[row].hash(&mut state),
            Column::Lists(l) => l.get(row).hash(&mut state),
        }
    }
    state.finish()
}

fn same(table: &Table, a: usize, b: usize) -> bool {
    table.filled().all(|column| match column {
        Column::Words(w) => w.code(a) == w.code(b),
        Column::Days(v) => v[a] == v[b],
        Column::Instants(v) | Column::Whole(v) => v[a] == v[b],
        Column::Money(m) => m.minor[a] == m.minor[b],
        Column::Flags(v) => v[a] == v[b],
        Column::Lists(l) => l.get(a) == l.get(b),
    })
}

/// Stops where more than half of a file's activities agree with another file's on who, whom and instant under other ids.
pub(super) fn same_export(data: &Data) -> Result<(), Failure> {
    let table = &data.activities;
    let (owner, at, whom) = (words(table, "owner"), table.column("at"), whom(table));
    let mut by_file: BTreeMap<u16, FxHashMap<(i64, u32, Whom), usize>> = BTreeMap::new();
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let at = at.and_then(|c| c.number(row));
        if let (Some(at), Some(whom), Some(who)) = (at, whom(row), owner.and_then(|o| o.code(row))) {
            *by_file.entry(table.file[row]).or_default().entry((at, who, whom)).or_default() += 1;
        }
    }
    let files: Vec<u16> = by_file.keys().copied().collect();
    for (i, a) in files.iter().enumerate() {
        for b in &files[i + 1..] {
            let (one, other) = (&by_file[a], &by_file[b]);
            let size = one.values().sum::<usize>().min(other.values().sum());
            let agree: usize = one.iter().map(|(key, n)| other.get(key).map_or(0, |m| *n.min(m))).sum();
            if agree >= AGREEING && agree * 2 > size {
                let path = |file: u16| data.sources.get(usize::from(file)).map_or("", |s| s.path.as_str());
                return Err(Diagnostic::error(
                    Code::DuplicateExport,
                    format!(
                        "{agree} of {size} activities agree with {} on who, whom and instant, under other ids: the same work would count twice",
                        path(*a)
                    ),
                )
                .at(Location::file(path(*b)))
                .hint("give only one of the two files, or export both with the same ids")
                .into());
            }
        }
    }
    Ok(())
}

/// Whom an activity is with: which column says it, and its code there.
type Whom = (u8, u32);

/// Whom the records of a table are with, by row.
fn whom(table: &Table) -> impl Fn(usize) -> Option<Whom> {
    let columns = ["account", "deal", "contact", "lead"].map(|name| words(table, name));
    move |row| (0_u8..).zip(&columns).find_map(|(sort, column)| Some((sort, (*column)?.code(row)?)))
}

/// Merges one meeting entered by several attendees: it stands once, with everybody in `with_people`.
pub(super) fn group_meetings(data: &mut Data) {
    let copies = copies(data);
    let lists = with_people(&data.activities, &copies);
    data.activities.set("with_people", Column::Lists(lists));
    for (copy, _) in copies {
        data.activities.leave_out(copy, Reason::GroupChild);
    }
}

/// Who took part in each activity: its owner, whom the export lists, and the owners of its copies.
fn with_people(table: &Table, copies: &[(usize, usize)]) -> Lists {
    let owner = words(table, "owner");
    let given = match table.column("with_people") {
        Some(Column::Lists(lists)) => Some(lists),
        _ => None,
    };
    let mut names: Vec<&str> = owner.into_iter().flat_map(|o| o.words().iter()).collect();
    names.extend(given.into_iter().flat_map(|g| g.words.iter()));
    names.sort_unstable();
    names.dedup();
    let names = Dictionary::from_sorted(names);
    let codes_of = |words: &Dictionary| -> Vec<u32> { words.iter().filter_map(|w| names.position(w)).map(|i| i as u32).collect() };
    let owner_codes = owner.map(|o| codes_of(o.words())).unwrap_or_default();
    let given_codes = given.map(|g| codes_of(&g.words)).unwrap_or_default();
    let mut attendees: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (copy, original) in copies {
        attendees.entry(*original).or_default().push(*copy);
    }
    let people = |row: usize, into: &mut Vec<u32>| {
        into.extend(owner.and_then(|o| o.code(row)).map(|code| owner_codes[code as usize]));
        into.extend(given.into_iter().flat_map(|g| g.get(row)).map(|code| given_codes[*code as usize]));
    };
    let (mut offsets, mut codes, mut here) = (vec![0_u32], Vec::with_capacity(table.len()), Vec::new());
    for row in 0..table.len() {
        here.clear();
        people(row, &mut here);
        for copy in attendees.get(&row).into_iter().flatten() {
            people(*copy, &mut here);
        }
        here.sort_unstable();
        here.dedup();
        codes.extend_from_slice(&here);
        offsets.push(codes.len() as u32);
    }
    Lists { words: names, offsets, codes }
}

/// What two records of one meeting have in common: the CRM's own key, or time, customer and subject.
#[derive(PartialEq, Eq, Hash)]
enum Meeting {
    Key(u32, Day),
    Alike(i64, Whom, u32),
}

/// Pairs of a copy and the record that stands for it.
fn copies(data: &Data) -> Vec<(usize, usize)> {
    let table = &data.activities;
    let child = |row: usize| data.child.get(row).copied().unwrap_or(false);
    let mut folded: FxHashMap<String, u32> = FxHashMap::default();
    let subject = PerWord::new(words(table, "subject"), |word| {
        let next = folded.len() as u32;
        Some(*folded.entry(word.trim().to_lowercase()).or_insert(next))
    });
    let meeting = PerWord::new(words(table, "kind"), |word| matches!(word, "meeting" | "presentation").then_some(()));
    let (whom, at, days) = (whom(table), table.column("at"), table.column("day"));
    let customer = |row: usize| whom(row).filter(|(sort, _)| *sort < 2);
    let mut groups: FxHashMap<Meeting, Vec<usize>> = FxHashMap::default();
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let time = at.and_then(|c| c.number(row));
        let key = data.group_key.as_ref().and_then(|k| k.code(row));
        // Every meeting of a series has the series' key: the day tells them apart.
        if let (Some(key), Some(day)) = (key, days.and_then(|c| c.day(row))) {
            groups.entry(Meeting::Key(key, day)).or_default().push(row);
        } else if let (Some(subject), Some(whom), Some(time), true) =
            (subject.get(row), customer(row), time, meeting.get(row).is_some() || child(row))
        {
            groups.entry(Meeting::Alike(time, whom, subject)).or_default().push(row);
        }
    }
    let mut pairs = Vec::new();
    let mut paired = vec![false; table.len()];
    for (group, mut rows) in groups.into_iter().filter(|(_, rows)| rows.len() > 1) {
        // Where one of them held it, it was held.
        let held = |r: usize| !matches!(table.text("outcome", r), Some("held") | None);
        rows.sort_by_key(|r| (held(*r), child(*r), table.file[*r], table.line[*r]));
        let original = rows[0];
        let mut seen = vec![table.text("owner", original)];
        for row in &rows[1..] {
            let owner = table.text("owner", *row);
            // By time and subject alone two records of one owner are two meetings.
            if matches!(group, Meeting::Key(..)) || child(*row) || !seen.contains(&owner) {
                seen.push(owner);
                pairs.push((*row, original));
                paired[*row] = true;
            }
        }
    }
    let alone: Vec<usize> = (0..table.len()).filter(|r| table.used(*r) && child(*r) && !paired[*r]).collect();
    if !alone.is_empty() {
        // A copy whose time is unknown or was moved still belongs to the meeting of that day and subject.
        let mut originals: FxHashMap<(Day, u32), Vec<usize>> = FxHashMap::default();
        for row in (0..table.len()).filter(|r| table.used(*r) && !child(*r)) {
            if let (Some(day), Some(subject)) = (table.day("day", row), subject.get(row)) {
                originals.entry((day, subject)).or_default().push(row);
            }
        }
        for row in alone {
            let candidates = table.day("day", row).zip(subject.get(row)).and_then(|key| originals.get(&key));
            let same = |other: &&usize| customer(row).is_none() || customer(**other).is_none() || customer(row) == customer(**other);
            pairs.extend(candidates.and_then(|rows| rows.iter().find(same)).map(|original| (row, *original)));
        }
    }
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::table::{Kind, Words};

    /// The rows that are left out of records with one id: the file and the kind of each.
    fn left_out(records: &[(u16, &str)]) -> Vec<usize> {
        let file: Vec<u16> = records.iter().map(|(file, _)| *file).collect();
        let mut table = Table::new(Kind::Activities, file, vec![2; records.len()]);
        table.set("id", Column::Words(Words::from_texts(records.iter().map(|_| Some("1")))));
        table.set("kind", Column::Words(Words::from_texts(records.iter().map(|(_, kind)| Some(*kind)))));
        repeated_ids(&table, &[], &mut Facts::default())
    }

    #[test]
    fn files_that_number_their_kinds_apart_are_told_in_whatever_order_they_come() {
        assert_eq!(left_out(&[(0, "meeting"), (1, "call"), (2, "meeting"), (3, "call")]), [0, 1]);
        assert_eq!(left_out(&[(0, "call"), (1, "meeting"), (2, "meeting"), (3, "call")]), [1, 0]);
        // In one file an id is one record, whatever it has become.
        assert_eq!(left_out(&[(0, "call"), (0, "meeting")]), [0]);
    }
}
