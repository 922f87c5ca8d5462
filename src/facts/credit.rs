//! Who is credited with a record: its owner, and for activities everybody of ours who took part.

use std::ops::Range;

use rustc_hash::FxHashMap;

use super::group::Attendance;
use super::rows::{Days, NONE, by_part, by_row, code, ends, narrow, words};
use super::{Facts, Needs, Part, Settings};
use crate::calendar::Day;
use crate::table::{Codes, Column, Credit, Data, Roster, Table, Words};

/// The credits of a table. Records that are credited alike share a list, so that a list is looked at once and not once per record.
#[derive(Debug, Clone, Default)]
pub struct Credits {
    which: Which,
    /// Where each list ends.
    ends: Vec<u32>,
    /// All lists, one behind the other.
    listed: Vec<Credit>,
}

/// Which list a record has.
#[derive(Debug, Clone)]
enum Which {
    /// That of its owner's code; without an owner this one.
    Owner(Words, u32),
    /// One per record.
    Each(Vec<u32>),
    /// That of the few that are named, in order; the first for all others of so many records.
    Few(usize, Vec<(u32, u32)>),
}

impl Default for Which {
    fn default() -> Self {
        Self::Few(0, Vec::new())
    }
}

impl Credits {
    /// The credits of a record; at least one, if only nobody's.
    pub fn of(&self, record: usize) -> &[Credit] {
        self.list_of(record).map_or(&[], |list| self.list(list))
    }

    /// The list that holds the credits of a record, below [`Self::lists`]; none of a record that there is not.
    #[inline]
    pub fn list_of(&self, record: usize) -> Option<u32> {
        match &self.which {
            Which::Owner(owner, nobody) => {
                let codes = owner.codes();
                (record < codes.len()).then(|| codes.get(record).unwrap_or(*nobody))
            }
            Which::Each(lists) => lists.get(record).copied(),
            Which::Few(records, named) if record < *records => {
                Some(named.binary_search_by_key(&(record as u32), |(record, _)| *record).map_or(0, |at| named[at].1))
            }
            Which::Few(..) => None,
        }
    }

    /// The same of several records, in the place of what `lists` holds; `u32::MAX` of those that there are not.
    pub fn lists_of(&self, records: impl Iterator<Item = usize>, lists: &mut Vec<u32>) {
        lists.clear();
        let Which::Owner(owner, nobody) = &self.which else {
            return lists.extend(records.map(|record| self.list_of(record).unwrap_or(NONE)));
        };
        match owner.codes() {
            Codes::Narrow(codes) => lists.extend(records.map(|record| of_owner(codes.get(record), u8::MAX, *nobody))),
            Codes::Middle(codes) => lists.extend(records.map(|record| of_owner(codes.get(record), u16::MAX, *nobody))),
            Codes::Wide(codes) => lists.extend(records.map(|record| of_owner(codes.get(record), u32::MAX, *nobody))),
            Codes::Each(_) => lists.extend(records.map(|record| self.list_of(record).unwrap_or(NONE))),
        }
    }

    /// How many lists of credits there are.
    pub fn lists(&self) -> usize {
        self.ends.len()
    }

    /// The credits of a list; empty for one that there is not.
    #[inline]
    pub fn list(&self, list: u32) -> &[Credit] {
        let list = list as usize;
        let Some(end) = self.ends.get(list) else { return &[] };
        let start = list.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.listed[start as usize..*end as usize]
    }

    /// The people credited with a record.
    pub(super) fn people(&self, record: usize) -> impl Iterator<Item = u32> {
        self.of(record).iter().map(|credit| credit.person).filter(|person| *person != Credit::NOBODY)
    }

    /// Credits each record to somebody, or nobody.
    pub(super) fn one_each(people: impl Iterator<Item = Option<u32>>) -> Self {
        let mut found = Collected::default();
        let lists = people.map(|person| found.list(&[whole(person)])).collect();
        found.finish(Which::Each(lists))
    }

    /// Credits few of so many records to somebody, and the others to nobody; in order of records.
    pub(super) fn of_few(records: usize, named: impl Iterator<Item = (usize, Vec<u32>)>) -> Self {
        let mut found = Collected::default();
        found.list(&[whole(None)]);
        let named = named.filter(|(_, people)| !people.is_empty());
        let named = named.map(|(row, people)| {
            let people: Vec<Share> = people.into_iter().map(|person| whole(Some(person))).collect();
            (row as u32, found.list(&people))
        });
        let named = named.collect();
        found.finish(Which::Few(records, named))
    }
}

/// The list of an owner's code; of a blank one that of nobody, and [`NONE`] of a record that there is not.
#[inline]
fn of_owner<C: Copy + PartialEq + Into<u32>>(code: Option<&C>, blank: C, nobody: u32) -> u32 {
    match code {
        Some(code) if *code == blank => nobody,
        code => code.map_or(NONE, |code| (*code).into()),
    }
}

/// Somebody, the share of the money in millionths, and whether the record itself counts.
type Share = (Option<u32>, u32, bool);

fn whole(person: Option<u32>) -> Share {
    (person, 1_000_000, true)
}

/// The lists so far, each once.
#[derive(Default)]
struct Collected {
    index: FxHashMap<Box<[Share]>, u32>,
    ends: Vec<u32>,
    credits: Vec<Credit>,
}

impl Collected {
    fn list(&mut self, shares: &[Share]) -> u32 {
        if let Some(list) = self.index.get(shares) {
            return *list;
        }
        let list = self.push(shares);
        self.index.insert(shares.into(), list);
        list
    }

    /// Adds a list, be it there already.
    fn push(&mut self, shares: &[Share]) -> u32 {
        let credit =
            |(person, share_ppm, whole): &Share| Credit { person: person.unwrap_or(Credit::NOBODY), share_ppm: *share_ppm, whole: *whole };
        self.credits.extend(shares.iter().map(credit));
        self.ends.push(self.credits.len() as u32);
        self.ends.len() as u32 - 1
    }

    fn finish(self, which: Which) -> Credits {
        Credits { which, ends: self.ends, listed: self.credits }
    }
}

/// The credits of a table: its owners', but for the records that have others.
fn credits(table: &Table, roster: &Roster, others: impl Iterator<Item = (usize, Vec<Share>)>) -> Credits {
    let mut found = Collected::default();
    let owner = words(table, "owner");
    for name in owner.into_iter().flat_map(|owner| owner.words().iter()) {
        found.push(&[whole(roster.person(name))]);
    }
    let nobody = found.push(&[whole(None)]);
    let others: Vec<(usize, u32)> = others.map(|(row, shares)| (row, found.list(&shares))).collect();
    let which = match owner {
        Some(owner) if others.is_empty() => Which::Owner(owner.clone(), nobody),
        _ => {
            let mut lists = by_row(table.len(), |row| code(owner, row).unwrap_or(nobody));
            for (row, list) in others {
                lists[row] = list;
            }
            Which::Each(lists)
        }
    };
    found.finish(which)
}

/// Credits activities and deals, and fills the columns `team` and `joint`.
pub(super) fn derive(data: &mut Data, attendance: &Attendance, settings: &Settings, needs: &Needs, facts: &mut Facts) {
    let activities = &data.activities;
    let people = attendance.people(&data.roster);
    let owner = words(activities, "owner");
    let owners: Vec<Option<u32>> = owner.map(|o| o.words().iter().map(|name| data.roster.person(name)).collect()).unwrap_or_default();
    let took_part = attendance.rows().filter_map(|(row, names)| {
        let own = code(owner, row).and_then(|code| owners[code as usize]);
        let mut here: Vec<u32> = own.into_iter().chain(names.iter().filter_map(|name| people[*name as usize])).collect();
        here.sort_unstable();
        here.dedup();
        (here.len() > 1 || here.first().copied() != own).then(|| (row, here.into_iter().map(|person| whole(Some(person))).collect()))
    });
    facts.activity_credits = credits(activities, &data.roster, took_part);
    if needs.part(Part::Joint) {
        let credits = &facts.activity_credits;
        let several: Vec<bool> = (0..credits.lists() as u32).map(|list| credits.list(list).len() > 1).collect();
        // Where nothing says who took part, that nobody else did is not known.
        let joint = if !data.says_who_attended && !several.contains(&true) {
            vec![-1; activities.len()]
        } else {
            by_row(activities.len(), |row| i8::from(credits.list_of(row).is_some_and(|list| several[list as usize])))
        };
        data.activities.set("joint", Column::Flags(joint));
    }

    let splits = data.splits.iter().filter(|(row, _)| **row < data.deals.len());
    let owner = words(&data.deals, "owner");
    let shared = splits.map(|(row, shares)| {
        let own = code(owner, *row).and_then(|code| data.roster.person(&owner?.words()[code as usize]));
        (*row, split(shares, own, settings.count_each, &data.roster))
    });
    facts.deal_credits = credits(&data.deals, &data.roster, shared);
    if needs.part(Part::Team) {
        let days = Days::of(&data.activities, "day");
        let team = teams(&data.activities, &data.roster, |row| days.get(row));
        data.activities.set("team", team);
        let (created, closed) = (Days::of(&data.deals, "created_on"), Days::of(&data.deals, "closed_on"));
        let team = teams(&data.deals, &data.roster, |row| closed.get(row).or_else(|| created.get(row)));
        data.deals.set("team", team);
    }
    facts.seen = seen(data, facts);
}

/// Who shares in a deal's money; the deal itself counts for its owner, even one without a share, and for the others where each is to have it.
fn split(shares: &[(String, u32)], owner: Option<u32>, each: bool, roster: &Roster) -> Vec<Share> {
    let mut credits: Vec<Share> = Vec::new();
    for (name, share) in shares {
        let person = if name == Data::OWNER { owner } else { roster.person(name) };
        match credits.iter_mut().find(|(other, ..)| *other == person) {
            // Who set a deal up may have closed it, too.
            Some((_, sum, _)) => *sum += *share,
            None => credits.push((person, *share, each || person == owner)),
        }
    }
    if !credits.iter().any(|(person, ..)| *person == owner) {
        credits.push((owner, 0, true));
    }
    credits.sort_unstable();
    credits
}

/// The lists of so many rows are looked up at once.
const CHUNK: usize = 1 << 10;

/// So many lists are not kept once for each part of the rows.
const MANY: usize = 1 << 12;

/// The first and last day of each person's own records.
fn seen(data: &Data, facts: &Facts) -> Vec<Option<(Day, Day)>> {
    let mut seen: Vec<Option<(Day, Day)>> = vec![None; data.roster.people.len()];
    let past = |day: &Day| facts.through.is_none_or(|until| *day <= until);
    for (table, credits, columns) in
        [(&data.activities, &facts.activity_credits, &["day"][..]), (&data.deals, &facts.deal_credits, &["created_on", "closed_on"])]
    {
        let columns: Vec<Days> = columns.iter().map(|name| Days::of(table, name)).collect();
        let seen_in = |rows: Range<usize>| {
            let mut lists: Vec<(Day, Day)> = vec![(Day::MAX, Day::MIN); credits.lists()];
            let mut of_rows = Vec::new();
            for start in rows.clone().step_by(CHUNK) {
                let rows = start..rows.end.min(start + CHUNK);
                credits.lists_of(rows.clone(), &mut of_rows);
                for days in &columns {
                    for (row, list) in rows.clone().zip(&of_rows).filter(|(row, _)| table.used(*row)) {
                        let Some(slot) = lists.get_mut(*list as usize) else { continue };
                        if let Some(day) = days.get(row).filter(past) {
                            *slot = (slot.0.min(day), slot.1.max(day));
                        }
                    }
                }
            }
            lists
        };
        // Where there are many lists, one thread keeps them once.
        let parts = if credits.lists() < MANY { by_part(table.len(), seen_in) } else { vec![seen_in(0..table.len())] };
        for lists in parts {
            for (list, (first, last)) in lists.into_iter().enumerate().filter(|(_, (first, last))| first <= last) {
                for credit in credits.list(list as u32) {
                    if let Some(slot) = seen.get_mut(credit.person as usize) {
                        let all = ends(slot.iter().flat_map(|(first, last)| [*first, *last]).chain([first, last]));
                        *slot = all;
                    }
                }
            }
        }
    }
    seen
}

/// The owner's team on a day of each record.
fn teams(table: &Table, roster: &Roster, day: impl Fn(usize) -> Option<Day> + Sync + Send) -> Column {
    /// The team of an owner: the same on every day, or to be looked up.
    #[derive(Clone, Copy)]
    enum Team {
        Always(u32),
        Of(u32),
    }
    let owner = words(table, "owner");
    let of = |name: &str| {
        let Some(person) = roster.person(name) else { return Team::Always(NONE) };
        match roster.people[person as usize].spans.as_slice() {
            [span] if span.first.is_none() && span.last.is_none() => Team::Always(span.team.unwrap_or(NONE)),
            _ => Team::Of(person),
        }
    };
    let per_owner: Vec<Team> = owner.map(|owner| owner.words().iter().map(of).collect()).unwrap_or_default();
    let team = |row: usize| {
        let (Some(owner), Some(day)) = (code(owner, row), day(row)) else { return NONE };
        match per_owner[owner as usize] {
            Team::Always(team) => team,
            Team::Of(person) => roster.people[person as usize].team_on(day).unwrap_or(NONE),
        }
    };
    if roster.teams.len() < usize::from(u8::MAX) && roster.teams.is_sorted_by(|a, b| a < b) {
        let names: Vec<&str> = roster.teams.iter().map(String::as_str).collect();
        return narrow(&names, by_row(table.len(), |row| team(row) as u8));
    }
    Column::Words(Words::from_codes(&roster.teams, by_row(table.len(), team)))
}
