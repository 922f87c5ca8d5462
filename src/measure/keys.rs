//! How many different values cells have: records by period, then in each period what tells values apart by whose they are.
//!
//! Where each record is one person's, who is in one team or none whatever the day, a value that a person has had the team has had too, and so
//! have all: one look-up per record is enough for the three ([`Nested`]). Else each cell that a record counts in is looked at ([`ByPeriod`]).

use rayon::prelude::*;

use super::aggregate::Within;
use super::place::{NONE, Places};
use crate::table::{Codes, Column, Lists, Words};

/// Whose and of which period so many records are is looked up at once.
const CHUNK: usize = 1 << 10;

/// A number per row that tells its value apart from others of the column; small, so that it can be an index.
pub(super) struct Keys<'a> {
    of: Of<'a>,
    /// One more than the largest.
    len: usize,
}

enum Of<'a> {
    Words(&'a Words, &'a Codes),
    Lists(&'a Lists),
    /// The place of each row's value among the different ones; [`Keys::NULL`] where it is blank.
    Ranked(Vec<u32>),
    None,
}

impl<'a> Keys<'a> {
    const NULL: u32 = u32::MAX;

    pub(super) fn of(column: Option<&'a Column>) -> Self {
        match column {
            Some(Column::Words(words)) => Self { of: Of::Words(words, words.codes()), len: words.words().len() },
            Some(Column::Lists(lists)) => Self { of: Of::Lists(lists), len: lists.words.len() },
            Some(Column::Days(days)) => Self::ranked(days, Column::NO_DAY),
            Some(Column::Whole(numbers) | Column::Instants(numbers)) => Self::ranked(numbers, Column::NO_NUMBER),
            Some(Column::Money(amounts)) => Self::ranked(&amounts.minor, crate::table::Amounts::NULL),
            Some(Column::Flags(flags)) => Self::ranked(flags, -1),
            Some(Column::Short(short)) => {
                let numbers: Vec<i64> = (0..short.len()).map(|row| short.get(row)).collect();
                Self::ranked(&numbers, Column::NO_NUMBER)
            }
            None => Self { of: Of::None, len: 0 },
        }
    }

    fn ranked<T: Copy + Ord>(values: &[T], null: T) -> Self {
        let mut different: Vec<T> = values.iter().copied().filter(|value| *value != null).collect();
        different.sort_unstable();
        different.dedup();
        let rank = |value: &T| different.binary_search(value).map_or(Self::NULL, |at| at as u32);
        Self { of: Of::Ranked(values.iter().map(rank).collect()), len: different.len() }
    }

    /// Hands over what tells a row's value apart, each of a list's; whether there is any.
    #[inline]
    pub(super) fn each(&self, row: usize, mut found: impl FnMut(u32)) -> bool {
        match &self.of {
            Of::Words(_, codes) => codes.get(row).map(found).is_some(),
            Of::Ranked(keys) => keys.get(row).copied().filter(|key| *key != Self::NULL).map(found).is_some(),
            Of::Lists(lists) => {
                let codes = lists.get(row);
                for code in codes {
                    found(*code);
                }
                !codes.is_empty()
            }
            Of::None => false,
        }
    }

    /// What tells a row's value apart, [`Self::NULL`] where it is blank; none in a column of lists.
    #[inline]
    fn one(&self, row: usize) -> Option<u32> {
        match &self.of {
            Of::Words(_, codes) => Some(codes.get(row).unwrap_or(Self::NULL)),
            Of::Ranked(keys) => Some(keys.get(row).copied().unwrap_or(Self::NULL)),
            Of::Lists(_) => None,
            Of::None => Some(Self::NULL),
        }
    }

    /// What tells a name apart from the others of a column, where any row has it.
    pub(super) fn of_word(&self, name: &str) -> Option<u32> {
        match &self.of {
            Of::Words(words, _) => words.code_of(name),
            Of::Lists(lists) => lists.words.position(name).map(|code| code as u32),
            Of::Ranked(_) | Of::None => None,
        }
    }
}

/// In which periods records count.
#[derive(Clone, Copy)]
pub(super) struct Periods<'a> {
    pub(super) places: &'a Places<'a>,
    /// How many periods there are.
    pub(super) all: usize,
    /// Of which one alone records are wanted.
    pub(super) only: Option<usize>,
    pub(super) within: Option<Within<'a>>,
}

impl Periods<'_> {
    /// Calls back with each period that a record counts in.
    #[inline]
    fn of(self, row: usize, mut found: impl FnMut(usize)) {
        if self.within.is_none_or(|within| within.holds(row)) {
            self.places.periods(row, |period, _| {
                if self.only.is_none_or(|only| only == period) {
                    found(period);
                }
            });
        }
    }
}

impl Periods<'_> {
    /// Calls back with each of some records, its list of credits, [`NONE`] where that is not known, and each period that it counts in.
    pub(super) fn listed(self, rows: &[u32], mut found: impl FnMut(usize, u32, usize)) {
        let (mut lists, mut own) = (Vec::new(), Vec::new());
        for rows in rows.chunks(CHUNK) {
            self.places.lists_of(rows, &mut lists);
            if !self.places.only_periods(rows, &mut own) {
                rows.iter().zip(&lists).for_each(|(row, list)| self.of(*row as usize, |period| found(*row as usize, *list, period)));
                continue;
            }
            for ((row, list), period) in rows.iter().zip(&lists).zip(&own).filter(|(_, period)| **period != NONE) {
                let (row, period) = (*row as usize, *period as usize);
                if self.only.is_none_or(|only| only == period) && self.within.is_none_or(|within| within.holds(row)) {
                    found(row, *list, period);
                }
            }
        }
    }
}

/// Records by period, each in all periods that it counts in.
pub(super) struct ByPeriod {
    rows: Vec<u32>,
    /// Where the rows of each period end.
    ends: Vec<usize>,
}

/// Puts records beside each other that count in the same period, in their own order.
pub(super) fn by_period(rows: &[u32], periods: Periods<'_>) -> ByPeriod {
    let mut ends = vec![0_usize; periods.all];
    for row in rows {
        periods.of(*row as usize, |period| ends[period] += 1);
    }
    let mut all = 0;
    for end in &mut ends {
        (*end, all) = (all, all + *end);
    }
    let mut sorted = vec![0; all];
    for row in rows {
        periods.of(*row as usize, |period| {
            sorted[ends[period]] = *row;
            ends[period] += 1;
        });
    }
    ByPeriod { rows: sorted, ends }
}

/// What there is of one cell.
#[derive(Clone, Copy, Default)]
pub(super) struct Tally {
    pub(super) records: u32,
    /// Of them those with a value.
    pub(super) known: u32,
    pub(super) distinct: u32,
}

/// What one thread needs to count a period, made once.
struct Scratch {
    /// Whose and what, in the order of the records.
    pairs: Vec<(u32, u32)>,
    ends: Vec<u32>,
    keys: Vec<u32>,
    /// In which cell each value was seen last.
    seen: Vec<u32>,
    serial: u32,
}

impl ByPeriod {
    /// Counts the different values of each cell, and calls back with the cells that have any record, in order of period.
    pub(super) fn distinct(&self, keys: &Keys<'_>, places: &Places<'_>, mut found: impl FnMut(usize, Tally)) {
        let periods = self.ends.len();
        let counted = |scratch: &mut Scratch, period: usize| {
            let start = period.checked_sub(1).map_or(0, |before| self.ends[before]);
            scratch.count(&self.rows[start..self.ends[period]], period, keys, places)
        };
        let fresh = || Scratch { pairs: Vec::new(), ends: Vec::new(), keys: Vec::new(), seen: vec![u32::MAX; keys.len], serial: 0 };
        let each: Vec<Vec<(u32, Tally)>> = if self.rows.len() < super::aggregate::LARGE {
            let mut scratch = fresh();
            (0..periods).map(|period| counted(&mut scratch, period)).collect()
        } else {
            let fewest = periods.div_ceil(4 * rayon::current_num_threads());
            (0..periods).into_par_iter().with_min_len(fewest).map_init(fresh, counted).collect()
        };
        for (period, tallies) in each.into_iter().enumerate() {
            for (entity, tally) in tallies {
                found(entity as usize * periods + period, tally);
            }
        }
    }
}

impl Scratch {
    fn count(&mut self, rows: &[u32], period: usize, keys: &Keys<'_>, places: &Places<'_>) -> Vec<(u32, Tally)> {
        let mut tallies = vec![Tally::default(); places.entities()];
        self.pairs.clear();
        for row in rows.iter().map(|row| *row as usize) {
            let day = places.day_in(row, period);
            places.shares(row, day, |entity, _| {
                let tally = &mut tallies[entity];
                tally.records += 1;
                tally.known += u32::from(keys.each(row, |key| self.pairs.push((entity as u32, key))));
            });
        }
        self.ends.clear();
        self.ends.resize(tallies.len(), 0);
        for (entity, _) in &self.pairs {
            self.ends[*entity as usize] += 1;
        }
        let mut all = 0;
        for end in &mut self.ends {
            (*end, all) = (all, all + *end);
        }
        self.keys.clear();
        self.keys.resize(self.pairs.len(), 0);
        for (entity, key) in &self.pairs {
            let end = &mut self.ends[*entity as usize];
            self.keys[*end as usize] = *key;
            *end += 1;
        }
        let mut start = 0;
        for (tally, end) in tallies.iter_mut().zip(&self.ends) {
            for key in &self.keys[start as usize..*end as usize] {
                let seen = &mut self.seen[*key as usize];
                tally.distinct += u32::from(*seen != self.serial);
                *seen = self.serial;
            }
            start = *end;
            self.serial += 1;
        }
        tallies.into_iter().zip(0..).filter(|(tally, _)| tally.records > 0).map(|(tally, entity)| (entity, tally)).collect()
    }
}

/// What one thread needs to count a period by [`Nested`], made once.
struct Seen {
    /// The number of the group in which each value was seen last: groups are numbered on from team to team and from period to period.
    serials: Vec<u32>,
    serial: u32,
    ends: Vec<u32>,
    /// The values of a period, group by group.
    sorted: Vec<u32>,
}

/// Whose each list of credits is, where that is one person in one team or none, on every day.
pub(super) struct Nested {
    /// The group of each list, [`Nested::NOBODY`] where its records count for nobody: groups of one team stand together.
    of_list: Vec<u32>,
    /// The person and the team of each group, as entities; [`Nested::NOBODY`] for no team.
    groups: Vec<(u32, u32)>,
}

/// The records of each period, one period behind the other: the group and the value of each.
struct Sorted {
    records: Vec<(u32, u32)>,
    ends: Vec<usize>,
}

impl Nested {
    const NOBODY: u32 = u32::MAX;

    /// Whose the lists of some places are; none where any list is several people's or depends on the day, and for values that are lists.
    pub(super) fn of(places: &Places<'_>, keys: &Keys<'_>) -> Option<Self> {
        if places.lists() == 0 || matches!(keys.of, Of::Lists(_)) {
            return None;
        }
        let whose = |list: u32| match places.fixed(list)? {
            [] => Some(None),
            [(0, _), (person, _)] => Some(Some((Self::NOBODY, *person))),
            [(0, _), (team, _), (person, _)] => Some(Some((*team, *person))),
            _ => None,
        };
        let whose: Vec<Option<(u32, u32)>> = (0..places.lists() as u32).map(whose).collect::<Option<_>>()?;
        let mut groups: Vec<(u32, u32)> = whose.iter().flatten().copied().collect();
        groups.sort_unstable();
        groups.dedup();
        // Somebody in two groups would be in two teams.
        let mut people: Vec<u32> = groups.iter().map(|(_, person)| *person).collect();
        people.sort_unstable();
        if people.windows(2).any(|two| two[0] == two[1]) {
            return None;
        }
        let group =
            |whose: Option<(u32, u32)>| whose.and_then(|whose| groups.binary_search(&whose).ok()).map_or(Self::NOBODY, |at| at as u32);
        let of_list = whose.into_iter().map(group).collect();
        Some(Self { of_list, groups: groups.into_iter().map(|(team, person)| (person, team)).collect() })
    }

    /// Counts the different values of each cell of some records, and calls back with the cells that have any of them, in order of period.
    pub(super) fn distinct(&self, rows: &[u32], periods: Periods<'_>, keys: &Keys<'_>, mut found: impl FnMut(usize, Tally)) {
        let large = rows.len() >= super::aggregate::LARGE;
        let threads = if large { rayon::current_num_threads() } else { 1 };
        let parts = rows.par_chunks(rows.len().div_ceil(threads).max(1));
        let parts: Vec<Sorted> = parts.map(|rows| self.sorted(rows, periods, keys)).collect();
        let fresh = || Seen { serials: vec![0; keys.len], serial: 0, ends: Vec::new(), sorted: Vec::new() };
        let counted = |seen: &mut Seen, period: usize| {
            let records = parts.iter().map(|part| &part.records[period.checked_sub(1).map_or(0, |at| part.ends[at])..part.ends[period]]);
            self.count(records, seen, periods.places.entities())
        };
        let each: Vec<Vec<(u32, Tally)>> = if large {
            let fewest = periods.all.div_ceil(4 * threads);
            (0..periods.all).into_par_iter().with_min_len(fewest).map_init(fresh, counted).collect()
        } else {
            let mut seen = fresh();
            (0..periods.all).map(|period| counted(&mut seen, period)).collect()
        };
        for (period, tallies) in each.into_iter().enumerate() {
            for (entity, tally) in tallies {
                found(entity as usize * periods.all + period, tally);
            }
        }
    }

    /// Puts records beside each other that count in the same period: what is asked of each is read once, in the order of rows.
    fn sorted(&self, rows: &[u32], periods: Periods<'_>, keys: &Keys<'_>) -> Sorted {
        let group = |list: u32| self.of_list.get(list as usize).copied().unwrap_or(Self::NOBODY);
        let mut ends = vec![0_usize; periods.all];
        periods.listed(rows, |_, list, period| ends[period] += usize::from(group(list) != Self::NOBODY));
        let mut all = 0;
        for end in &mut ends {
            (*end, all) = (all, all + *end);
        }
        let mut records = vec![(0, 0); all];
        periods.listed(rows, |row, list, period| {
            let group = group(list);
            if group != Self::NOBODY {
                records[ends[period]] = (group, keys.one(row).unwrap_or(Keys::NULL));
                ends[period] += 1;
            }
        });
        Sorted { records, ends }
    }

    /// What there is in one period.
    fn count<'r>(&self, records: impl Iterator<Item = &'r [(u32, u32)]> + Clone, seen: &mut Seen, entities: usize) -> Vec<(u32, Tally)> {
        let Seen { serials, serial, ends, sorted } = seen;
        ends.clear();
        ends.resize(self.groups.len(), 0);
        for (group, _) in records.clone().flatten() {
            ends[*group as usize] += 1;
        }
        let mut all = 0;
        for end in ends.iter_mut() {
            (*end, all) = (all, all + *end);
        }
        sorted.clear();
        sorted.resize(all as usize, 0);
        for (group, key) in records.flatten() {
            let end = &mut ends[*group as usize];
            sorted[*end as usize] = *key;
            *end += 1;
        }
        let in_period = *serial + 1;
        let mut in_team = (Self::NOBODY, in_period);
        let mut tallies = vec![Tally::default(); entities];
        let mut start = 0;
        let mut whole = Tally::default();
        for ((person, team), end) in self.groups.iter().zip(ends.iter()) {
            *serial += 1;
            if in_team.0 != *team {
                in_team = (*team, *serial);
            }
            let (mut own, mut teams, mut alls) = (Tally::default(), 0, 0);
            for key in &sorted[start as usize..*end as usize] {
                // A blank value is past the last one.
                let Some(seen) = serials.get_mut(*key as usize) else { continue };
                own.known += 1;
                own.distinct += u32::from(*seen != *serial);
                teams += u32::from(*seen < in_team.1);
                alls += u32::from(*seen < in_period);
                *seen = *serial;
            }
            own.records = end - start;
            start = *end;
            if own.records > 0 {
                let plus = |tally: &mut Tally, distinct: u32| {
                    tally.records += own.records;
                    tally.known += own.known;
                    tally.distinct += distinct;
                };
                plus(&mut tallies[*person as usize], own.distinct);
                plus(&mut whole, alls);
                if *team != Self::NOBODY {
                    plus(&mut tallies[*team as usize], teams);
                }
            }
        }
        if let Some(first) = tallies.first_mut() {
            *first = whole;
        }
        tallies.into_iter().zip(0..).filter(|(tally, _)| tally.records > 0).map(|(tally, entity)| (entity, tally)).collect()
    }
}
