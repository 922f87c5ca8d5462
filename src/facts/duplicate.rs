//! The same record twice, the same export twice, and one meeting entered by several attendees (measures, section 1: Duplicates).

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::Facts;
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::table::{Column, Data, Lists, Reason, Source, Table};

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
    let mut winner: Vec<Option<usize>> = vec![None; ids.words().len()];
    let mut losers = Vec::new();
    for row in 0..table.len() {
        let Some(code) = ids.code(row) else { continue };
        let slot = &mut winner[code as usize];
        let Some(before) = *slot else {
            *slot = Some(row);
            continue;
        };
        let older = table.day("modified_on", row) < table.day("modified_on", before);
        let (keep, drop) = if older { (before, row) } else { (row, before) };
        *slot = Some(keep);
        losers.push(drop);
        if !same(table, row, before) {
            let name = |r: usize| sources.get(usize::from(table.file[r])).map_or("", |s| s.path.as_str());
            let id = ids.get(row).unwrap_or_default();
            facts.diagnostics.push(
                Diagnostic::warning(
                    Code::DuplicateId,
                    format!(
                        "id '{id}' stands here and in {} line {} with different contents: line {} counts",
                        name(before),
                        table.line[before],
                        table.line[keep]
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
    let mut by_file: FxHashMap<u16, FxHashMap<(i64, &str, &str), usize>> = FxHashMap::default();
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let whom = ["account", "contact", "deal", "lead"].iter().find_map(|name| table.text(name, row));
        let at = table.column("at").and_then(|c| c.number(row));
        if let (Some(whom), Some(at), Some(who)) = (whom, at, table.text("owner", row)) {
            *by_file.entry(table.file[row]).or_default().entry((at, who, whom)).or_default() += 1;
        }
    }
    let mut files: Vec<&u16> = by_file.keys().collect();
    files.sort_unstable();
    for (i, a) in files.iter().enumerate() {
        for b in &files[i + 1..] {
            let (one, other) = (&by_file[*a], &by_file[*b]);
            let size = one.values().sum::<usize>().min(other.values().sum());
            let agree: usize = one.iter().map(|(key, n)| other.get(key).map_or(0, |m| *n.min(m))).sum();
            if agree >= AGREEING && agree * 2 > size {
                let path = |file: u16| data.sources.get(usize::from(file)).map_or("", |s| s.path.as_str());
                return Err(Diagnostic::error(
                    Code::DuplicateExport,
                    format!(
                        "{agree} of {size} activities agree with {} on who, whom and instant, under other ids: the same work would count twice",
                        path(**a)
                    ),
                )
                .at(Location::file(path(**b)))
                .hint("give only one of the two files, or export both with the same ids")
                .into());
            }
        }
    }
    Ok(())
}

/// Merges one meeting entered by several attendees: it stands once, with everybody in `with_people`.
pub(super) fn group_meetings(data: &mut Data) {
    let copies = copies(data);
    let table = &data.activities;
    let mut attendees: FxHashMap<usize, Vec<usize>> = FxHashMap::default();
    for (copy, original) in &copies {
        attendees.entry(*original).or_default().push(*copy);
    }
    let given = match table.column("with_people") {
        Some(Column::Lists(lists)) => Some(lists),
        _ => None,
    };
    let of_row = |row: usize| {
        let owner = table.text("owner", row).into_iter();
        owner.chain(given.into_iter().flat_map(move |l| l.get(row).iter().map(move |code| &*l.words[*code as usize])))
    };
    let mut rows: Vec<Vec<&str>> = Vec::with_capacity(table.len());
    for row in 0..table.len() {
        let mut people: Vec<&str> = of_row(row).collect();
        for copy in attendees.get(&row).into_iter().flatten() {
            people.extend(of_row(*copy));
        }
        people.sort_unstable();
        people.dedup();
        rows.push(people);
    }
    let lists = Lists::from_rows(&rows);
    data.activities.set("with_people", Column::Lists(lists));
    for (copy, _) in copies {
        data.activities.leave_out(copy, Reason::GroupChild);
    }
}

/// Pairs of a copy and the record that stands for it.
fn copies(data: &Data) -> Vec<(usize, usize)> {
    let table = &data.activities;
    let child = |row: usize| data.child.get(row).copied().unwrap_or(false);
    let mut groups: FxHashMap<(u8, String), Vec<usize>> = FxHashMap::default();
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let meeting = matches!(table.text("kind", row), Some("meeting" | "presentation"));
        let key = data.group_key.as_ref().and_then(|k| k.get(row));
        let whom = table.text("account", row).or_else(|| table.text("deal", row));
        let time = table.column("at").and_then(|c| c.number(row));
        if let Some(key) = key {
            groups.entry((0, key.to_owned())).or_default().push(row);
        } else if let (Some(subject), Some(whom), Some(time), true) = (table.text("subject", row), whom, time, meeting || child(row)) {
            groups.entry((1, format!("{time}\u{0}{whom}\u{0}{}", subject.to_lowercase()))).or_default().push(row);
        }
    }
    // A copy whose time is unknown or was moved still belongs to the meeting of that day and subject.
    let mut originals: FxHashMap<(i32, String), usize> = FxHashMap::default();
    for row in (0..table.len()).filter(|r| table.used(*r) && !child(*r)) {
        if let (Some(day), Some(subject)) = (table.day("day", row), table.text("subject", row)) {
            originals.entry((day.0, subject.to_lowercase())).or_insert(row);
        }
    }
    let mut pairs = Vec::new();
    let mut paired = vec![false; table.len()];
    for ((rule, _), mut rows) in groups {
        // By day and subject two records of one owner are two meetings.
        if rows.len() < 2 {
            continue;
        }
        rows.sort_by_key(|r| (child(*r), table.file[*r], table.line[*r]));
        let original = rows[0];
        let mut seen = vec![table.text("owner", original)];
        for row in &rows[1..] {
            let owner = table.text("owner", *row);
            if rule == 0 || child(*row) || !seen.contains(&owner) {
                seen.push(owner);
                pairs.push((*row, original));
                paired[*row] = true;
            }
        }
    }
    for row in (0..table.len()).filter(|r| table.used(*r) && child(*r) && !paired[*r]) {
        if let (Some(day), Some(subject)) = (table.day("day", row), table.text("subject", row))
            && let Some(original) = originals.get(&(day.0, subject.to_lowercase()))
        {
            pairs.push((row, *original));
        }
    }
    pairs.sort_unstable();
    pairs
}
