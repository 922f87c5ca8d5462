//! What stands out in the weeks of a person, and of how many people of a team: each flag is a test of `stats` with its probability under
//! steady random work.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use rust_decimal::Decimal;

use super::meetings::{codes_in, words};
use super::weekly::Sheet;
use super::{Part, Tells, Window, meetings, none};
use crate::calendar::Range;
use crate::diagnostic::Diagnostic;
use crate::facts::Whose;
use crate::measure::cube::{Cell, Entity};
use crate::measure::select::Engine;
use crate::stats::favourites::{Favourites, favourites};
use crate::stats::rhythm::{ALPHA, Neglect, SeeSaw, StartStop, neglected, see_saw, start_stop};
use crate::table::{Kind, Words};
use crate::unit::{Value, Why};

/// What stands out, with its numbers.
#[derive(Debug, Clone)]
pub enum Flag {
    /// A component is neglected.
    Neglected(Neglect),
    /// A component starts and stops.
    StartStop(StartStop),
    /// Prospecting stops while deals are hot.
    SeeSaw(SeeSaw),
    /// Few accounts get most of the meetings.
    Favourites(Favourites),
}

impl Flag {
    /// How probable it is under steady random work, 0 to 1.
    pub fn chance(&self) -> f64 {
        match self {
            Self::Neglected(found) => found.chance,
            Self::StartStop(found) => found.chance,
            Self::SeeSaw(found) => found.chance,
            Self::Favourites(found) => found.chance,
        }
    }
}

/// A component, or another measure, of a person that stands out.
#[derive(Debug, Clone)]
pub struct Flagged {
    /// The measure that counts it.
    pub part: Part,
    /// How it stands out.
    pub flag: Flag,
}

/// The flags of a person, or why nobody can say.
pub type Flags = Result<Vec<Flagged>, Why>;

/// The flags of one measure, person and window.
type Asked = (Tells, u32, Range);

/// The records and counted weeks of all people of one role, by component and window.
type Means = BTreeMap<(String, u8, Range), (u64, u64)>;

/// What is found out once.
#[derive(Debug, Default)]
pub(in crate::measure) struct Kept {
    flags: RefCell<BTreeMap<Asked, Rc<Flags>>>,
    means: RefCell<Means>,
    /// The numbers of the accounts that each person owns or has deals with, in order.
    accounts: OnceCell<Vec<Vec<u32>>>,
    /// The number of each account of a table, by its code there.
    numbers: RefCell<BTreeMap<Kind, Vec<Option<u32>>>>,
    pub(super) open: OnceCell<meetings::Open>,
    /// The code in the deals of each account of a table, by its code there.
    pub(super) in_deals: RefCell<BTreeMap<Kind, Vec<Option<u32>>>>,
    /// Whether the accounts of a measure's records in the weeks are those of deals at all.
    pub(super) matched: RefCell<BTreeMap<(String, Range), bool>>,
}

impl Engine<'_> {
    /// The flags of a person in the weeks; of a window measure that is no flag there are none.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn flags(&self, window: &Window, person: u32, weeks: Range) -> Result<Rc<Flags>, Diagnostic> {
        let sheet = self.sheet(weeks);
        let key = (window.tells, person, weeks);
        if let Some(found) = sheet.flags.flags.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let found = Rc::new(match window.tells {
            Tells::Neglected | Tells::StartStop => self.by_component(window, person, weeks)?,
            Tells::SeeSaw => self.see_saw(window, person, weeks)?,
            Tells::Favourites => self.favourites(&sheet, window, person, weeks)?,
            _ => Ok(Vec::new()),
        });
        sheet.flags.flags.borrow_mut().insert(key, Rc::clone(&found));
        Ok(found)
    }

    /// The people whose flags an entity's number counts: a team's of the last day, without those who only lead.
    pub fn people_of(&self, entity: Entity, weeks: Range) -> Vec<u32> {
        let roster = &self.data.roster;
        let people = 0..roster.people.len() as u32;
        match entity {
            Entity::All => people.collect(),
            Entity::Team(team) => people.filter(|person| roster.sum_of(*person, weeks.last) == Some(team)).collect(),
            Entity::Owner(person) => vec![person],
            Entity::NoOwner => Vec::new(),
        }
    }

    /// The number of flags of a person, or of people with any of a team or all.
    pub(super) fn flags_of(&self, window: &Window, entity: Entity, weeks: Range) -> Result<Cell, Diagnostic> {
        if entity == Entity::NoOwner {
            return Ok(none(Why::NotApplicable));
        }
        let alone = matches!(entity, Entity::Owner(_));
        let (mut judged, mut found, mut whys) = (0_u32, 0_usize, Vec::new());
        for person in self.people_of(entity, weeks) {
            match &*self.flags(window, person, weeks)? {
                Ok(flags) => {
                    judged += 1;
                    found += if alone { flags.len() } else { usize::from(!flags.is_empty()) };
                }
                Err(why) => whys.push(*why),
            }
        }
        if judged == 0 {
            // Of several reasons the one that more weeks or other exports would change.
            let first = [Why::TooFew, Why::NoData].into_iter().find(|why| whys.contains(why));
            return Ok(none(first.unwrap_or(Why::NotApplicable)));
        }
        Ok(Cell { value: Value::Count(Decimal::from(found)), records: judged, known: judged })
    }

    /// Whoever of an entity is flagged, each with what is.
    pub(super) fn flagged(&self, window: &Window, entity: Entity, weeks: Range) -> Result<Vec<(Entity, Vec<Part>)>, Diagnostic> {
        let mut all = Vec::new();
        for person in self.people_of(entity, weeks) {
            let flags = self.flags(window, person, weeks)?;
            let Ok(flags) = &*flags else { continue };
            let whole = matches!(window.tells, Tells::SeeSaw | Tells::Favourites);
            let parts: Vec<Part> = match flags.is_empty() {
                // What a person's meetings and deals are looks the same to a reader whether it stands out or not.
                _ if whole && matches!(entity, Entity::Owner(_)) => window.of.clone(),
                true => continue,
                false if whole => window.of.clone(),
                false => flags.iter().map(|flagged| flagged.part.clone()).collect(),
            };
            all.push((Entity::Owner(person), parts));
        }
        Ok(all)
    }

    fn by_component(&self, window: &Window, person: u32, weeks: Range) -> Result<Flags, Diagnostic> {
        let (mut tested, mut whys) = (Vec::new(), Vec::new());
        for part in &window.of {
            match self.counted(part, Entity::Owner(person), weeks)? {
                Ok(counted) => tested.push((part, counted)),
                Err(why) => whys.push(why),
            }
        }
        if tested.is_empty() {
            let first = [Why::TooFew, Why::NoData].into_iter().find(|why| whys.contains(why));
            return Ok(Err(first.unwrap_or(Why::NotApplicable)));
        }
        // Whoever is looked at in several ways has as many chances of a false alarm.
        let alpha = ALPHA / tested.len() as f64;
        let mut flags = Vec::new();
        for (part, counted) in tested {
            let flag = if window.tells == Tells::Neglected {
                neglected(&counted, self.mean_of_others(part, person, &counted, weeks)?, alpha).map(Flag::Neglected)
            } else {
                start_stop(&counted, alpha).map(Flag::StartStop)
            };
            flags.extend(flag.map(|flag| Flagged { part: part.clone(), flag }));
        }
        Ok(Ok(flags))
    }

    /// The mean a week of the others who have the same role; none where there is nobody else.
    fn mean_of_others(&self, part: &Part, person: u32, own: &[Option<u32>], weeks: Range) -> Result<Option<f64>, Diagnostic> {
        let people = &self.data.roster.people;
        let Some(role) = people.get(person as usize).map(|who| who.role) else { return Ok(None) };
        let key = (part.component.clone(), role as u8, weeks);
        let sheet = self.sheet(weeks);
        let known = sheet.flags.means.borrow().get(&key).copied();
        let (total, counted) = if let Some(found) = known {
            found
        } else {
            let mut sum = (0, 0);
            for (other, _) in (0..).zip(people).filter(|(_, who)| who.role == role) {
                if let Ok(weeks) = self.counted(part, Entity::Owner(other), weeks)? {
                    sum.0 += weeks.iter().flatten().map(|n| u64::from(*n)).sum::<u64>();
                    sum.1 += weeks.iter().flatten().count() as u64;
                }
            }
            sheet.flags.means.borrow_mut().insert(key, sum);
            sum
        };
        let mine: u64 = own.iter().flatten().map(|n| u64::from(*n)).sum();
        let weeks = counted.saturating_sub(own.iter().flatten().count() as u64);
        Ok((weeks > 0).then(|| total.saturating_sub(mine) as f64 / weeks as f64))
    }

    fn see_saw(&self, window: &Window, person: u32, weeks: Range) -> Result<Flags, Diagnostic> {
        let [prospecting, deal_work] = window.of.as_slice() else { return Ok(Err(Why::NoData)) };
        let of = |part| self.counted(part, Entity::Owner(person), weeks);
        let (prospects, deals) = match (of(prospecting)?, of(deal_work)?) {
            (Ok(prospects), Ok(deals)) => (prospects, deals),
            (Err(why), _) | (_, Err(why)) => return Ok(Err(why)),
        };
        let flag = see_saw(&prospects, &deals, ALPHA).map(Flag::SeeSaw);
        Ok(Ok(flag.map(|flag| Flagged { part: prospecting.clone(), flag }).into_iter().collect()))
    }

    fn favourites(&self, sheet: &Sheet, window: &Window, person: u32, weeks: Range) -> Result<Flags, Diagnostic> {
        let Some(part) = window.of.first() else { return Ok(Err(Why::NoData)) };
        if let Err(why) = self.counted(part, Entity::Owner(person), weeks)? {
            return Ok(Err(why));
        }
        let found = self.measure(&part.component).zip(sheet.at(Entity::Owner(person)));
        let Some((measure, at)) = found else { return Ok(Err(Why::NoData)) };
        let Some(table) = self.table(measure) else { return Ok(Err(Why::NoData)) };
        let lists = self.lists(sheet, measure, weeks)?;
        let listed = lists.get(at).map_or(&[][..], Vec::as_slice);
        let met = meetings::met(table, listed);
        if met.is_empty() && !listed.is_empty() {
            return Ok(Err(Why::NoData));
        }
        let known = sheet.flags.accounts.get_or_init(|| self.accounts());
        let known = known.get(person as usize).map_or(&[][..], Vec::as_slice);
        let mut numbers = sheet.flags.numbers.borrow_mut();
        let numbers = numbers.entry(table.kind).or_insert_with(|| self.numbers(words(table, "account")));
        let number = |account: u32| numbers.get(account as usize).copied().flatten();
        let both = met.iter().filter(|(account, _)| number(*account).is_some_and(|number| known.binary_search(&number).is_ok()));
        let others = known.len() - both.count();
        let often: Vec<u32> = met.iter().map(|(_, times)| *times).collect();
        let flag = favourites(&often, (met.len() + others) as u32, ALPHA).map(Flag::Favourites);
        Ok(Ok(flag.map(|flag| Flagged { part: part.clone(), flag }).into_iter().collect()))
    }

    /// The number of each account of a column, by its code: its place among the ids of the accounts, else among the accounts of the deals
    /// behind them; none where it is in neither.
    fn numbers(&self, column: Option<&Words>) -> Vec<Option<u32>> {
        let Some(column) = column else { return Vec::new() };
        let among =
            |other: Option<&Words>| other.map_or_else(|| vec![None; column.words().len()], |other| codes_in(column.words(), other.words()));
        let ids = words(&self.data.accounts, "id");
        let behind = ids.map_or(0, |ids| ids.words().len() as u32);
        let of_deals = among(words(&self.data.deals, "account"));
        among(ids).into_iter().zip(of_deals).map(|(id, deal)| id.or(deal.map(|code| behind + code))).collect()
    }

    /// The numbers of the accounts that each person owns or has deals with, in order.
    fn accounts(&self) -> Vec<Vec<u32>> {
        let (roster, accounts, deals) = (&self.data.roster, &self.data.accounts, &self.data.deals);
        let mut all = vec![Vec::new(); roster.people.len()];
        let owners = words(accounts, "owner");
        let people: Vec<Option<u32>> = owners.map_or_else(Vec::new, |owners| owners.words().iter().map(|o| roster.person(o)).collect());
        if let Some((ids, owners)) = words(accounts, "id").zip(owners) {
            for row in (0..accounts.len()).filter(|row| accounts.used(*row)) {
                let owner = owners.code(row).and_then(|code| people[code as usize]);
                if let (Some(id), Some(owner)) = (ids.code(row), owner) {
                    all[owner as usize].push(id);
                }
            }
        }
        let named = words(deals, "account");
        let numbers = self.numbers(named);
        if let Some((named, credits)) = named.zip(self.facts.credits(Kind::Deals, Whose::Owner)) {
            for row in (0..deals.len()).filter(|row| deals.used(*row)) {
                let Some(number) = named.code(row).and_then(|code| numbers[code as usize]) else { continue };
                for credit in credits.of(row) {
                    if let Some(known) = all.get_mut(credit.person as usize) {
                        known.push(number);
                    }
                }
            }
        }
        for known in &mut all {
            known.sort_unstable();
            known.dedup();
        }
        all
    }
}
