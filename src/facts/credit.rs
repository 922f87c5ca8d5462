//! Who is credited with a record: its owner, and for activities everybody of ours who took part.

use super::{Facts, Settings};
use crate::calendar::Day;
use crate::table::{Column, Credit, Data, Lists, Roster, Table, WordsBuilder};

/// The credits of a table, by record.
#[derive(Debug, Clone, Default)]
pub struct Credits {
    offsets: Vec<u32>,
    list: Vec<Credit>,
}

impl Credits {
    /// The credits of a record; at least one, if only nobody's.
    pub fn of(&self, record: usize) -> &[Credit] {
        match (self.offsets.get(record), self.offsets.get(record + 1)) {
            (Some(first), Some(end)) => &self.list[*first as usize..*end as usize],
            _ => &[],
        }
    }

    /// The people credited with a record.
    pub(super) fn people(&self, record: usize) -> impl Iterator<Item = u32> {
        self.of(record).iter().map(|credit| credit.person).filter(|person| *person != Credit::NOBODY)
    }

    /// Credits people with the next record, or nobody where there is none.
    pub(super) fn push_people(&mut self, people: impl IntoIterator<Item = u32>) {
        let mut people = people.into_iter().map(Some).peekable();
        match people.peek() {
            Some(_) => self.push_shares(people.map(|person| (person, 1_000_000, true))),
            None => self.push(&[None]),
        }
    }

    pub(super) fn push(&mut self, people: &[Option<u32>]) {
        self.push_shares(people.iter().map(|person| (*person, 1_000_000, true)));
    }

    /// Credits people with shares of the money, and those of them with the record itself for whom it counts as a whole.
    fn push_shares(&mut self, people: impl IntoIterator<Item = (Option<u32>, u32, bool)>) {
        if self.offsets.is_empty() {
            self.offsets.push(0);
        }
        let record = self.offsets.len() as u32 - 1;
        for (person, share_ppm, whole) in people {
            self.list.push(Credit { record, person: person.unwrap_or(Credit::NOBODY), share_ppm, whole });
        }
        self.offsets.push(self.list.len() as u32);
    }
}

/// Credits activities and deals, and fills the columns `team` and `joint`.
pub(super) fn derive(data: &mut Data, settings: &Settings, facts: &mut Facts) {
    let activities = &data.activities;
    let owners = people_of(activities, &data.roster);
    let with = match activities.column("with_people") {
        Some(Column::Lists(lists)) => Some((lists, people_in(lists, &data.roster))),
        _ => None,
    };
    let mut credits = Credits::default();
    let mut joint = Vec::with_capacity(activities.len());
    let mut people: Vec<Option<u32>> = Vec::new();
    for (row, owner) in owners.iter().enumerate() {
        people.clear();
        people.extend(owner.map(Some));
        if let Some((lists, index)) = &with {
            people.extend(lists.get(row).iter().filter_map(|code| index[*code as usize]).map(Some));
        }
        people.sort_unstable();
        people.dedup();
        if people.is_empty() {
            people.push(None);
        }
        joint.push(i8::from(people.len() > 1));
        credits.push(&people);
    }
    // Where nothing says who took part, that nobody else did is not known.
    if !data.says_who_attended && !joint.contains(&1) {
        joint.fill(-1);
    }
    let team = teams(activities, &owners, &data.roster, |row| activities.day("day", row));
    data.activities.set("team", team);
    data.activities.set("joint", Column::Flags(joint));
    facts.activity_credits = credits;

    let deals = &data.deals;
    let owners = people_of(deals, &data.roster);
    let day = |row: usize| deals.day("closed_on", row).or_else(|| deals.day("created_on", row));
    let mut credits = Credits::default();
    for (row, owner) in owners.iter().enumerate() {
        match data.splits.get(&row) {
            Some(shares) => credits.push_shares(split(shares, *owner, settings.count_each, &data.roster)),
            None => credits.push(&[*owner]),
        }
    }
    let team = teams(deals, &owners, &data.roster, day);
    data.deals.set("team", team);
    facts.deal_credits = credits;
    facts.seen = seen(data, facts);
}

/// Who shares in a deal's money; the deal itself counts for its owner, even one without a share, and for the others where each is to have it.
fn split(shares: &[(String, u32)], owner: Option<u32>, each: bool, roster: &Roster) -> Vec<(Option<u32>, u32, bool)> {
    let mut credits: Vec<(Option<u32>, u32, bool)> = Vec::new();
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

/// The first and last day of each person's own records.
fn seen(data: &Data, facts: &Facts) -> Vec<Option<(Day, Day)>> {
    let mut seen: Vec<Option<(Day, Day)>> = vec![None; data.roster.people.len()];
    let mut note = |credits: &[Credit], day: Option<Day>| {
        for credit in credits {
            if let (Some(slot), Some(day)) = (seen.get_mut(credit.person as usize), day) {
                *slot = Some(slot.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
            }
        }
    };
    let until = facts.through;
    let past = |day: Option<Day>| day.filter(|d| until.is_none_or(|u| *d <= u));
    for row in (0..data.activities.len()).filter(|r| data.activities.used(*r)) {
        note(facts.activity_credits.of(row), past(data.activities.day("day", row)));
    }
    for row in (0..data.deals.len()).filter(|r| data.deals.used(*r)) {
        note(facts.deal_credits.of(row), past(data.deals.day("created_on", row)));
        note(facts.deal_credits.of(row), past(data.deals.day("closed_on", row)));
    }
    seen
}

fn people_of(table: &Table, roster: &Roster) -> Vec<Option<u32>> {
    match table.column("owner") {
        Some(Column::Words(owner)) => {
            let index: Vec<Option<u32>> = owner.words().iter().map(|name| roster.person(name)).collect();
            (0..table.len()).map(|row| owner.code(row).and_then(|code| index[code as usize])).collect()
        }
        _ => vec![None; table.len()],
    }
}

fn people_in(lists: &Lists, roster: &Roster) -> Vec<Option<u32>> {
    lists.words.iter().map(|name| roster.person(name)).collect()
}

fn teams(table: &Table, owners: &[Option<u32>], roster: &Roster, day: impl Fn(usize) -> Option<Day>) -> Column {
    let mut team = WordsBuilder::default();
    for (row, owner) in owners.iter().enumerate().take(table.len()) {
        let found = owner.and_then(|p| roster.people.get(p as usize)).zip(day(row)).and_then(|(person, day)| person.team_on(day));
        team.push(found.and_then(|t| roster.teams.get(t as usize)).map(String::as_str));
    }
    Column::Words(team.finish())
}
