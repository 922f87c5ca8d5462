//! The same record twice, and the same export twice (measures, section 1: Duplicates).

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Facts;
use super::rows::{Days, PerWord, code, rows_where, words};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::table::{Column, Data, Ids, Numbers, Reason, Source, Stamps, Table, Words};

/// A table of bits is filled in so many parts, a power of two.
const PARTS: usize = 16;

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

/// Whether several records have each word.
fn repeated(ids: &Words) -> PerWord<'_, ()> {
    let mut found = vec![0_u8; ids.words().len()];
    for code in (0..ids.len()).filter_map(|row| ids.code(row)) {
        let count = &mut found[code as usize];
        *count = count.saturating_add(1);
    }
    PerWord::by_code(Some(ids), found.into_iter().map(|count| (count > 1).then_some(())))
}

fn repeated_ids(table: &Table, sources: &[Source], facts: &mut Facts) -> Vec<usize> {
    let Some(ids) = words(table, "id").filter(|ids| !ids.all_differ()) else {
        return Vec::new();
    };
    let repeated = repeated(ids);
    // What was merged into another record has its id, and is it no more.
    let merged = |row: usize| table.left_out[row] == Reason::Duplicate as u8;
    let rows = rows_where(table.len(), |row| repeated.get(row).is_some() && !merged(row));
    // Calls and meetings that are numbered each on their own share no ids.
    let mut first: FxHashMap<&str, usize> = FxHashMap::default();
    let spaces: Vec<usize> = sources.iter().enumerate().map(|(at, s)| *first.entry(s.object.as_str()).or_insert(at)).collect();
    let space = |row: usize| spaces.get(usize::from(table.file[row])).copied().unwrap_or(0);
    let (kind, modified) = (words(table, "kind"), Days::of(table, "modified_on"));
    // The records that stand under an id: one, or one of each kind where the files number their kinds each on their own.
    let mut winners: FxHashMap<(usize, u32), Vec<usize>> = FxHashMap::default();
    let mut losers = Vec::new();
    for row in rows.into_iter().map(|row| row as usize) {
        let Some(id) = ids.code(row) else { continue };
        let standing = winners.entry((space(row), id)).or_default();
        let like = |other: &usize| code(kind, row) == code(kind, *other);
        let beside = |other: &usize| table.file[row] == table.file[*other];
        let Some(at) = standing.iter().position(like).or_else(|| standing.iter().position(beside)) else {
            standing.push(row);
            continue;
        };
        let before = standing[at];
        let older = modified.get(row) < modified.get(before);
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
                        table.line.get(before),
                        if table.file[row] == table.file[before] {
                            format!("line {}", table.line.get(keep))
                        } else {
                            format!("line {} of {}", table.line.get(keep), name(keep))
                        }
                    ),
                )
                .at(Location::line(name(row), table.line.get(row)))
                .hint("the newer by its modified date counts, else the later record"),
            );
        }
    }
    losers
}

/// Whether records stand in several files.
fn several_files(table: &Table) -> bool {
    !table.is_empty() && table.file.only(0..table.len()).is_none()
}

/// Rows without id that are identical in several files: the largest number in any one file stands, since inside one file they may be real.
fn repeated_rows(table: &Table) -> Vec<usize> {
    if !several_files(table) {
        return Vec::new();
    }
    let ids = words(table, "id");
    let rows = rows_where(table.len(), |row| ids.is_none_or(|ids| ids.is_blank(row)));
    let mut losers = Vec::new();
    for rows in alike(rows, |row| hash(table, row)) {
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

/// Groups of rows, each in order, whose keys are the same; rows whose key no other has are in none. Keys that are hashes may be the same by
/// chance.
pub(super) fn alike(rows: Vec<u32>, key: impl Fn(usize) -> u64 + Sync) -> Vec<Vec<usize>> {
    // A table of bits tells most of those apart that are alone: a part of it for the rows whose keys begin alike, filled by one thread.
    let bits = (rows.len() * 8).next_power_of_two().clamp(PARTS * 64, 1 << 32);
    let threads = if rows.len() < 1 << 16 { 1 } else { rayon::current_num_threads() };
    let shares = rows.par_chunks(rows.len().div_ceil(threads).max(1));
    let shares: Vec<ByBeginning> = shares.map(|rows| by_beginning(rows, &key)).collect();
    drop(rows);
    let of_part = |part: usize| {
        let size = bits / PARTS;
        let place = |hash: u32| (hash as usize >> (32 - bits.trailing_zeros())) % size;
        let (mut once, mut twice) = (vec![0_u64; size / 64], vec![0_u64; size / 64]);
        let rows = || shares.iter().flat_map(|(rows, ends)| &rows[part.checked_sub(1).map_or(0, |before| ends[before])..ends[part]]);
        for (hash, _) in rows() {
            let at = place(*hash);
            let bit = 1 << (at % 64);
            twice[at / 64] |= once[at / 64] & bit;
            once[at / 64] |= bit;
        }
        let again = |hash: u32| twice[place(hash) / 64] & (1 << (place(hash) % 64)) != 0;
        let again = rows().filter(|(hash, _)| again(*hash)).map(|(_, row)| (key(*row as usize), *row));
        again.collect::<Vec<(u64, u32)>>()
    };
    let mut keys = (0..PARTS).into_par_iter().map(of_part).collect::<Vec<_>>().concat();
    keys.par_sort_unstable();
    let groups = keys.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1);
    groups.map(|group| group.iter().map(|(_, row)| *row as usize).collect()).collect()
}

/// The beginnings of keys, each with its row, and where those of each part end.
type ByBeginning = (Vec<(u32, u32)>, [usize; PARTS]);

/// The beginnings of the keys of some rows, each with its row, put beside each other where the first bits are the same; and where these end.
fn by_beginning(rows: &[u32], key: impl Fn(usize) -> u64) -> ByBeginning {
    let hashes: Vec<u32> = rows.iter().map(|row| (key(*row as usize) >> 32) as u32).collect();
    let part = |hash: u32| (hash >> (32 - PARTS.trailing_zeros())) as usize;
    let mut ends = [0; PARTS];
    for hash in &hashes {
        ends[part(*hash)] += 1;
    }
    let mut all = 0;
    for end in &mut ends {
        (*end, all) = (all, all + *end);
    }
    let mut sorted = vec![(0, 0); rows.len()];
    for (hash, row) in hashes.into_iter().zip(rows) {
        let end = &mut ends[part(hash)];
        sorted[*end] = (hash, *row);
        *end += 1;
    }
    (sorted, ends)
}

/// Mixes a number into a hash, whose higher bits depend on all of it.
pub(super) fn mix(hash: u64, number: u64) -> u64 {
    let hash = (hash.rotate_left(26) ^ number).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 32)
}

/// Mixes once more, so that the highest bits are as good as the others.
pub(super) fn finished(hash: u64) -> u64 {
    hash.wrapping_mul(0xd6e8_feb8_6659_fd93)
}

/// What tells the words of a column apart: its codes, or the dates or ids in their place.
fn word(words: &Words, row: usize) -> Option<u64> {
    match (words.stamps(), words.ids()) {
        (Some(stamps), _) => Some(stamps.seconds[row]).filter(|seconds| *seconds != Stamps::BLANK).map(u64::from),
        (_, Some(ids)) => Some(ids.numbers.get(row)).filter(|number| *number != Ids::BLANK),
        _ => words.code(row).map(u64::from),
    }
}

fn hash(table: &Table, row: usize) -> u64 {
    let number = |hash: u64, column: &Column| match column {
        Column::Words(w) => mix(hash, word(w, row).unwrap_or(u64::MAX)),
        Column::Days(v) => mix(hash, v[row] as u64),
        Column::Instants(v) | Column::Whole(v) => mix(hash, v[row] as u64),
        Column::Money(m) => mix(hash, m.minor[row] as u64),
        Column::Flags(v) => mix(hash, v[row] as u64),
        Column::Short(s) => mix(hash, s.get(row) as u64),
        Column::Lists(l) => l.get(row).iter().fold(hash, |hash, code| mix(hash, u64::from(*code))),
    };
    finished(table.filled().fold(0, number))
}

fn same(table: &Table, a: usize, b: usize) -> bool {
    table.filled().all(|column| match column {
        Column::Words(w) => word(w, a) == word(w, b),
        Column::Days(v) => v[a] == v[b],
        Column::Instants(v) | Column::Whole(v) => v[a] == v[b],
        Column::Money(m) => m.minor[a] == m.minor[b],
        Column::Flags(v) => v[a] == v[b],
        Column::Short(s) => s.get(a) == s.get(b),
        Column::Lists(l) => l.get(a) == l.get(b),
    })
}

/// Who was with whom when.
type Met = (i64, u32, Whom);

/// Stops where more than half of a file's activities agree with another file's on who, whom and instant under other ids.
pub(super) fn same_export(data: &Data) -> Result<(), Failure> {
    let table = &data.activities;
    if !several_files(table) {
        return Ok(());
    }
    let (owner, at, whom) = (words(table, "owner"), Numbers::of(table.column("at")), whom(table));
    let met = |row: usize| -> Option<Met> { Some((at.get(row)?, code(owner, row)?, whom(row)?)) };
    let rows = rows_where(table.len(), |row| table.used(row) && met(row).is_some());
    let mut sizes: BTreeMap<u16, usize> = BTreeMap::new();
    for row in &rows {
        *sizes.entry(table.file[*row as usize]).or_default() += 1;
    }
    if sizes.len() < 2 {
        return Ok(());
    }
    let hash = |row: usize| {
        met(row).map_or(0, |(at, who, (sort, whom))| {
            finished(mix(mix(mix(0, at as u64), u64::from(who)), u64::from(whom) << 8 | u64::from(sort)))
        })
    };
    // Of each that agrees with one of another file, how many there are in each of the two.
    let mut agreeing: BTreeMap<(u16, u16), usize> = BTreeMap::new();
    for group in alike(rows, hash) {
        let mut keys: BTreeMap<Option<Met>, BTreeMap<u16, usize>> = BTreeMap::new();
        for row in group {
            *keys.entry(met(row)).or_default().entry(table.file[row]).or_default() += 1;
        }
        for files in keys.values() {
            for (a, n) in files {
                for (b, m) in files.range(a + 1..) {
                    *agreeing.entry((*a, *b)).or_default() += n.min(m);
                }
            }
        }
    }
    for ((a, b), agree) in agreeing {
        let size = sizes[&a].min(sizes[&b]);
        if agree >= AGREEING && agree * 2 > size {
            let path = |file: u16| data.sources.get(usize::from(file)).map_or("", |s| s.path.as_str());
            return Err(Diagnostic::error(
                Code::DuplicateExport,
                format!(
                    "{agree} of {size} activities agree with {} on who, whom and instant, under other ids: the same work would count twice",
                    path(a)
                ),
            )
            .at(Location::file(path(b)))
            .hint("give only one of the two files, or export both with the same ids")
            .into());
        }
    }
    Ok(())
}

/// Whom an activity is with: which column says it, and its code there.
pub(super) type Whom = (u8, u32);

/// Whom the records of a table are with, by row.
fn whom(table: &Table) -> impl Fn(usize) -> Option<Whom> {
    let columns = ["account", "deal", "contact", "lead"].map(|name| words(table, name));
    move |row| (0_u8..).zip(&columns).find_map(|(sort, column)| Some((sort, (*column)?.code(row)?)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::table::Kind;

    /// The rows that are left out of records with one id: the file and the kind of each.
    fn left_out(records: &[(u16, &str)]) -> Vec<usize> {
        let file: Vec<u16> = records.iter().map(|(file, _)| *file).collect();
        let mut table = Table::new(Kind::Activities, file, vec![2; records.len()]);
        table.set("id", Column::Words(Words::from_texts(records.iter().map(|_| Some("1")))));
        table.set("kind", Column::Words(Words::from_texts(records.iter().map(|(_, kind)| Some(*kind)))));
        repeated_ids(&table, &[], &mut Facts::default())
    }

    #[test]
    fn rows_with_one_key_are_grouped_and_single_ones_are_not() {
        let keys: Vec<u64> = (0..500_u64).map(|n| finished(mix(0, n * n % 301))).collect();
        let mut plain: std::collections::BTreeMap<u64, Vec<usize>> = std::collections::BTreeMap::new();
        for (row, key) in keys.iter().enumerate() {
            plain.entry(*key).or_default().push(row);
        }
        let plain: Vec<Vec<usize>> = plain.into_values().filter(|rows| rows.len() > 1).collect();
        assert!(plain.len() > 50);
        assert_eq!(alike((0..500).collect(), |row| keys[row]), plain);
        assert!(alike(Vec::new(), |_| 0).is_empty());
    }

    /// So many rows that several threads put them beside each other.
    #[test]
    fn many_rows_with_one_key_are_grouped() {
        let keys: Vec<u64> = (0..100_000_u64).map(|n| finished(mix(0, n * n % 60_013))).collect();
        let mut plain: std::collections::BTreeMap<u64, Vec<usize>> = std::collections::BTreeMap::new();
        for (row, key) in keys.iter().enumerate() {
            plain.entry(*key).or_default().push(row);
        }
        let plain: Vec<Vec<usize>> = plain.into_values().filter(|rows| rows.len() > 1).collect();
        assert_eq!(alike((0..100_000).collect(), |row| keys[row]), plain);
    }

    #[test]
    fn files_that_number_their_kinds_apart_are_told_in_whatever_order_they_come() {
        assert_eq!(left_out(&[(0, "meeting"), (1, "call"), (2, "meeting"), (3, "call")]), [0, 1]);
        assert_eq!(left_out(&[(0, "call"), (1, "meeting"), (2, "meeting"), (3, "call")]), [1, 0]);
        // In one file an id is one record, whatever it has become.
        assert_eq!(left_out(&[(0, "call"), (0, "meeting")]), [0]);
    }
}
