//! One meeting entered by several attendees, and who took part in each activity (measures, section 1: Duplicates).

use rustc_hash::{FxHashMap, FxHashSet};

use super::duplicate::{Whom, alike, finished, mix};
use super::rows::{Days, NONE, code, having, rows_where, words};
use super::{Needs, Part};
use crate::calendar::Day;
use crate::table::{Column, Data, Dictionary, Lists, Numbers, Reason, Roster, Table, Words};

/// Who took part in the activities in which not only their owner did.
#[derive(Default)]
pub(super) struct Attendance {
    names: Dictionary,
    /// The activities that name somebody or have copies, in order.
    rows: Vec<u32>,
    /// Where the people of each end.
    ends: Vec<u32>,
    /// Who took part in each: its owner, whom the export lists, and the same of its copies.
    people: Vec<u32>,
}

impl Attendance {
    fn new(table: &Table, mut copies: Vec<(usize, usize)>) -> Self {
        let owner = words(table, "owner");
        let given = match table.column("with_people") {
            Some(Column::Lists(lists)) => Some(lists).filter(|lists| !lists.codes.is_empty()),
            _ => None,
        };
        let mut found = Self { names: names(table), ..Self::default() };
        if given.is_none() && copies.is_empty() {
            return found;
        }
        let codes_of = |words: &Dictionary| -> Vec<u32> { words.iter().map(|name| found.code(name)).collect() };
        let owner_codes = owner.map(|o| codes_of(o.words())).unwrap_or_default();
        let given_codes = given.map(|g| codes_of(&g.words)).unwrap_or_default();
        let people = |row: usize, into: &mut Vec<u32>| {
            into.extend(code(owner, row).map(|code| owner_codes[code as usize]));
            into.extend(given.into_iter().flat_map(|g| g.get(row)).map(|code| given_codes[*code as usize]));
        };
        copies.sort_unstable_by_key(|(copy, original)| (*original, *copy));
        found.rows = rows_where(table.len(), |row| given.is_some_and(|given| !given.get(row).is_empty()));
        found.rows.extend(copies.iter().map(|(_, original)| *original as u32));
        found.rows.sort_unstable();
        found.rows.dedup();
        let (mut copies, mut here) = (copies.into_iter().peekable(), Vec::new());
        for row in found.rows.iter().map(|row| *row as usize) {
            here.clear();
            people(row, &mut here);
            while let Some((copy, _)) = copies.next_if(|(_, original)| *original == row) {
                people(copy, &mut here);
            }
            here.sort_unstable();
            here.dedup();
            found.people.extend_from_slice(&here);
            found.ends.push(found.people.len() as u32);
        }
        found
    }

    fn code(&self, name: &str) -> u32 {
        self.names.position(name).map_or(NONE, |at| at as u32)
    }

    /// The activities in which others than the owner may have taken part, in order, and who did, as places among the names.
    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, &[u32])> {
        let starts = std::iter::once(&0).chain(&self.ends);
        let people = starts.zip(&self.ends).map(|(start, end)| &self.people[*start as usize..*end as usize]);
        self.rows.iter().map(|row| *row as usize).zip(people)
    }

    /// Each name as one of the roster's people.
    pub(super) fn people(&self, roster: &Roster) -> Vec<Option<u32>> {
        self.names.iter().map(|name| roster.person(name)).collect()
    }

    /// The column `with_people`.
    fn column(&self, table: &Table) -> Lists {
        let owner = words(table, "owner");
        let owner_codes: Vec<u32> = owner.map(|o| o.words().iter().map(|name| self.code(name)).collect()).unwrap_or_default();
        let (mut offsets, mut codes) = (Vec::with_capacity(table.len() + 1), Vec::with_capacity(table.len()));
        offsets.push(0);
        let mut rows = self.rows().peekable();
        for row in 0..table.len() {
            match rows.next_if(|(other, _)| *other == row) {
                Some((_, people)) => codes.extend_from_slice(people),
                None => codes.extend(code(owner, row).map(|code| owner_codes[code as usize])),
            }
            offsets.push(codes.len() as u32);
        }
        Lists { words: self.names.clone(), offsets, codes }
    }
}

/// The names of owners and of whom the export lists.
fn names(table: &Table) -> Dictionary {
    let mut names: Vec<&str> = words(table, "owner").into_iter().flat_map(|owner| owner.words().iter()).collect();
    if let Some(Column::Lists(given)) = table.column("with_people") {
        names.extend(given.words.iter());
    }
    names.sort_unstable();
    names.dedup();
    Dictionary::from_sorted(names)
}

/// Merges one meeting entered by several attendees: it stands once, with everybody in `with_people`.
pub(super) fn meetings(data: &mut Data, needs: &Needs) -> Attendance {
    let copies = copies(data);
    for (copy, _) in &copies {
        data.activities.leave_out(*copy, Reason::GroupChild);
    }
    let attendance = Attendance::new(&data.activities, copies);
    if needs.part(Part::WithPeople) {
        let lists = attendance.column(&data.activities);
        data.activities.set("with_people", Column::Lists(lists));
    }
    attendance
}

/// The subjects of activities, those that differ by case and outer blanks alone as one.
struct Subjects<'a> {
    column: Option<&'a Words>,
    folded: FxHashMap<String, u32>,
    of_code: FxHashMap<u32, u32>,
}

impl<'a> Subjects<'a> {
    fn of(table: &'a Table) -> Self {
        Self { column: words(table, "subject"), folded: FxHashMap::default(), of_code: FxHashMap::default() }
    }

    /// The number of a row's subject: only of those that are asked for any text is looked at.
    fn get(&mut self, row: usize) -> Option<u32> {
        let column = self.column?;
        let code = column.code(row)?;
        let next = self.folded.len() as u32;
        let fold = || *self.folded.entry(column.words()[code as usize].trim().to_lowercase()).or_insert(next);
        Some(*self.of_code.entry(code).or_insert_with(fold))
    }
}

/// What two records of one meeting have in common: the CRM's own key, or time, customer and subject.
#[derive(PartialEq, Eq, Hash)]
enum Meeting {
    Key(u32, Day),
    Alike(i64, Whom, u32),
}

/// The account, else the deal, that each record of a table is with.
fn customer(table: &Table) -> impl Fn(usize) -> Option<Whom> + Sync + Send {
    let [account, deal] = ["account", "deal"].map(|name| words(table, name).map(Words::codes));
    move |row| account.and_then(|codes| codes.get(row)).map(|code| (0, code)).or_else(|| Some((1, deal?.get(row)?)))
}

/// Pairs of a copy and the record that stands for it.
fn copies(data: &Data) -> Vec<(usize, usize)> {
    let table = &data.activities;
    let child = |row: usize| data.child.get(row).copied().unwrap_or(false);
    let mut subjects = Subjects::of(table);
    let meeting = having(table, "kind", &["meeting", "presentation"]);
    let (at, days) = (Numbers::of(table.column("at")), Days::of(table, "day"));
    let customer = customer(table);
    let keyed = |row: usize| Some((code(data.group_key.as_ref(), row)?, days.get(row)?));
    let timed = |row: usize| {
        let may = meeting.get(row).is_some() || child(row);
        if may { Some((at.get(row)?, customer(row)?)) } else { None }
    };
    let subject = subjects.column.map(Words::codes);
    let named = |row: usize| subject.is_some_and(|codes| codes.get(row).is_some());
    let may = |row: usize| keyed(row).is_some() || (meeting.get(row).is_some() || child(row)) && timed(row).is_some() && named(row);
    let plain = data.group_key.is_none() && data.child.is_empty();
    let rows = if plain {
        // The same without a branch that is as good as chance.
        rows_where(table.len(), |row| {
            table.used(row) & meeting.get(row).is_some() & at.get(row).is_some() & customer(row).is_some() & named(row)
        })
    } else {
        rows_where(table.len(), |row| table.used(row) && may(row))
    };
    // Every meeting of a series has the series' key: the day tells them apart.
    let by_time = |time: i64, (sort, whom): Whom| mix(mix(2, time as u64), u64::from(whom) << 8 | u64::from(sort));
    let hash = |row: usize| {
        finished(match (keyed(row), timed(row)) {
            (Some((key, day)), _) => mix(mix(1, u64::from(key)), day.0 as u64),
            (None, Some((time, whom))) => by_time(time, whom),
            (None, None) => 0,
        })
    };
    let mut pairs = Vec::new();
    let mut paired: FxHashSet<usize> = FxHashSet::default();
    let (outcome, owner) = (having(table, "outcome", &["canceled", "missed", "scheduled", "unknown"]), words(table, "owner"));
    let groups = if plain {
        // All of these are meetings that say when and with whom they are.
        alike(rows, |row| at.get(row).zip(customer(row)).map_or(0, |(time, whom)| finished(by_time(time, whom))))
    } else {
        alike(rows, hash)
    };
    for group in groups {
        let mut groups: FxHashMap<Meeting, Vec<usize>> = FxHashMap::default();
        for row in group {
            if let Some((key, day)) = keyed(row) {
                groups.entry(Meeting::Key(key, day)).or_default().push(row);
            } else if let (Some(subject), Some((time, whom))) = (subjects.get(row), timed(row)) {
                groups.entry(Meeting::Alike(time, whom, subject)).or_default().push(row);
            }
        }
        for (group, mut rows) in groups.into_iter().filter(|(_, rows)| rows.len() > 1) {
            // Where one of them held it, it was held.
            rows.sort_by_key(|r| (outcome.get(*r).is_some(), child(*r), table.file[*r], table.line.get(*r)));
            let original = rows[0];
            let mut seen = vec![code(owner, original)];
            for row in &rows[1..] {
                let owner = code(owner, *row);
                // By time and subject alone two records of one owner are two meetings.
                if matches!(group, Meeting::Key(..)) || child(*row) || !seen.contains(&owner) {
                    seen.push(owner);
                    pairs.push((*row, original));
                    paired.insert(*row);
                }
            }
        }
    }
    if data.child.contains(&true) {
        let alone = rows_where(table.len(), |row| table.used(row) && child(row) && !paired.contains(&row));
        pairs.extend(originals(table, &alone, child, &mut subjects));
    }
    pairs.sort_unstable();
    pairs
}

/// The originals of copies that are alone: a copy whose time is unknown or was moved still belongs to the meeting of that day and subject.
fn originals(
    table: &Table,
    alone: &[u32],
    child: impl Fn(usize) -> bool + Sync + Send,
    subjects: &mut Subjects<'_>,
) -> Vec<(usize, usize)> {
    let (days, customer) = (Days::of(table, "day"), customer(table));
    let mut originals: FxHashMap<(Day, u32), Vec<usize>> = FxHashMap::default();
    for row in alone {
        if let Some(key) = days.get(*row as usize).zip(subjects.get(*row as usize)) {
            originals.entry(key).or_default();
        }
    }
    let asked: FxHashSet<Day> = originals.keys().map(|(day, _)| *day).collect();
    let may = rows_where(table.len(), |row| table.used(row) && !child(row) && days.get(row).is_some_and(|day| asked.contains(&day)));
    for row in may.into_iter().map(|row| row as usize) {
        let key = days.get(row).zip(subjects.get(row));
        if let Some(found) = key.and_then(|key| originals.get_mut(&key)) {
            found.push(row);
        }
    }
    let original = |row: &u32| {
        let row = *row as usize;
        let same = |other: &&usize| customer(row).is_none() || customer(**other).is_none() || customer(row) == customer(**other);
        let candidates = originals.get(&days.get(row).zip(subjects.get(row))?)?;
        candidates.iter().find(same).map(|original| (row, *original))
    };
    alone.iter().filter_map(original).collect()
}
