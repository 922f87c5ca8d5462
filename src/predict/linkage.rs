//! From first meetings to wins: which share of the accounts first met buys, and after how long.
//!
//! An account is followed from the first record of a lead measure with it, such as a first meeting, to its first won deal closed on that
//! day or later. An account not won yet is censored on the last day of which the deals tell, lost deals or not: who has said no may still
//! buy, and to end there would overstate how many do. Not followed, and counted in [`Linkage::cuts`]:
//!
//! - records of the first [`LOOK_BACK`] days from which the activities are whole, and an account's next ones within as many days after another: a first is only
//!   known to be one where none came before it for so long; and records from before deals were kept;
//! - accounts that had bought before, since they are no prospects;
//! - records with whom no deal can be: a lead or a contact without an account, or nobody.

#[cfg(test)]
mod tests;

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::edges::edges;
use crate::calendar::{Day, Grain, Range};
use crate::diagnostic::Diagnostic;
use crate::document::{self, CurvePoint};
use crate::facts::LOOK_BACK;
use crate::measure::spec::{Aggregate, When};
use crate::measure::{Engine, Measure};
use crate::stats::survival::{Step, kaplan_meier, share_at};
use crate::table::Kind;

/// The weeks after which shares are told.
pub const WITHIN: [u32; 4] = [4, 13, 26, 52];

/// Of fewer accounts no share is told, and where fewer are still followed no time.
pub const LEAST_ACCOUNTS: usize = 10;

/// Of fewer wins it is not told when half of them had come.
pub const LEAST_WINS: usize = 5;

/// What is followed from first meetings on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Followed {
    /// Accounts.
    Accounts,
    /// Deals: neither they nor the records name accounts.
    Deals,
    /// Accounts, and deals that name none.
    Mixed,
}

impl Followed {
    /// So many of them in words, such as `1 account`, `12 deals` or `3 accounts and deals`.
    pub fn count(self, n: usize) -> String {
        match (self, n) {
            (Self::Accounts, 1) => "1 account".to_owned(),
            (Self::Accounts, _) => format!("{n} accounts"),
            (Self::Deals, 1) => "1 deal".to_owned(),
            (Self::Deals, _) => format!("{n} deals"),
            (Self::Mixed, _) => format!("{n} accounts and deals"),
        }
    }
}

/// What became of the accounts that a lead measure's records met first.
#[derive(Debug, Clone)]
pub struct Linkage {
    /// The lead measure, whose records are followed.
    pub lead: String,
    /// It in words, such as `new prospect meetings`.
    pub says: String,
    /// From which day on first meetings are followed.
    pub first: Day,
    /// Until which day, which is until when the deals tell what became of them.
    pub through: Day,
    /// What is followed; where the rest says accounts, these are meant.
    pub followed: Followed,
    /// How many accounts are followed.
    pub accounts: usize,
    /// Of how many of them a deal was won since.
    pub won: usize,
    /// The share that has bought within the weeks of [`WITHIN`], as far as anybody was followed so long; empty with fewer than
    /// [`LEAST_ACCOUNTS`] accounts, or without any won deal.
    pub within: Vec<Within>,
    /// The weeks by which half of those had bought that buy within 52, or within the longest time for which at least [`LEAST_ACCOUNTS`] were
    /// followed; none with fewer than [`LEAST_WINS`] wins by then.
    pub half: Option<f64>,
    /// The same by the quarter of the first meeting.
    pub cohorts: Vec<Cohort>,
    /// The share that has bought, over the weeks since the first meeting; empty where `within` is.
    pub curve: Vec<CurvePoint>,
    /// The longest time that anybody was followed without a win, or until one, in weeks.
    pub longest: f64,
    /// Of each account its weeks from the first meeting to the win, or until when it is followed, and whether it was won; empty where
    /// `within` is.
    pub times: Vec<(f64, bool)>,
    /// What was left out and why, in sentences.
    pub cuts: Vec<String>,
}

/// A share within some weeks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Within {
    /// The weeks.
    pub weeks: u32,
    /// The share, from 0 to 1.
    pub share: f64,
    /// The lower end of its 95 % interval.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
    /// How many accounts were followed so long without a win, or won.
    pub known: usize,
}

/// The accounts first met in one quarter.
#[derive(Debug, Clone)]
pub struct Cohort {
    /// The quarter's name.
    pub period: String,
    /// How many accounts.
    pub accounts: usize,
    /// Of how many a deal was won since.
    pub won: usize,
    /// The share that has bought within the weeks of [`WITHIN`]; none where the youngest was not followed so long: not ripe.
    pub within: Vec<Option<Within>>,
}

/// What became of the accounts that a lead measure's records met first; none where it does not count activities by their day, or where
/// the exports hold no such activity or no deal.
///
/// # Errors
/// Where the measure's predicate cannot be evaluated over these exports.
pub fn linkage(engine: &Engine<'_>, measure: &str) -> Result<Option<Linkage>, Diagnostic> {
    let Some(measure) = engine.measure(measure).filter(|measure| is_followed(measure)) else { return Ok(None) };
    let mut rows = engine.rows_in(measure, &engine.calendar.all_period(Range::ALWAYS))?;
    let edges = edges(engine);
    let edge = |table: Kind| edges.iter().find(|edge| edge.table == table);
    let (Some(activities), Some(deals)) = (edge(Kind::Activities), edge(Kind::Deals)) else { return Ok(None) };
    if rows.is_empty() {
        return Ok(None);
    }
    let days = Days { looked_back: activities.from.plus(LOOK_BACK), deals: deals.from, until: deals.until };
    let table = &engine.data.activities;
    rows.sort_by_cached_key(|row| (table.day(&measure.spec.on, *row), table.file[*row], table.line.get(*row)));
    let deals = Deals::new(engine, days);
    let Met { first, what, mut cuts } = Met::new(engine, measure, &rows, days, &deals);
    cuts.extend(deals.said());
    let followed: Vec<Case> = first.iter().map(|(who, day)| deals.follow(*who, *day, days.until)).collect();
    let tells = match deals.silent(&first) {
        None if followed.len() < LEAST_ACCOUNTS => {
            cuts.push(format!("{} followed: too few to tell which share buys", what.count(followed.len())));
            false
        }
        None => true,
        Some(why) => {
            cuts.push(why);
            false
        }
    };
    let steps = kaplan_meier(&times(&followed));
    let longest = steps.last().map_or(0.0, |step| step.time);
    let steps = if tells { steps } else { Vec::new() };
    Ok(Some(Linkage {
        lead: measure.spec.name.clone(),
        says: says(measure),
        first: days.first(),
        through: days.until,
        followed: what,
        accounts: followed.len(),
        won: followed.iter().filter(|account| account.won).count(),
        within: WITHIN.iter().filter_map(|weeks| within(&steps, *weeks)).collect(),
        half: half(&steps),
        cohorts: cohorts(engine, &followed, days.until, tells),
        curve: steps.iter().filter(|step| step.events > 0).map(point).collect(),
        longest,
        times: if tells { times(&followed) } else { Vec::new() },
        cuts,
    }))
}

/// Whether what a measure counts are activities, one each and on the day that it is put in a period by: of hours or quotients no first
/// record is followed, since another measure counts the same ones.
fn is_followed(measure: &Measure) -> bool {
    let spec = &measure.spec;
    spec.from == Kind::Activities && spec.when == When::In && spec.value == Aggregate::Count
}

/// Between which days records are followed.
#[derive(Debug, Clone, Copy)]
struct Days {
    /// The first day whose firsts are known to be firsts.
    looked_back: Day,
    /// The first day of deals.
    deals: Day,
    /// The last day of which deals tell.
    until: Day,
}

impl Days {
    fn first(self) -> Day {
        self.looked_back.max(self.deals)
    }

    /// Why records from before the first day are not followed.
    fn said(self, records: usize, says: &str) -> String {
        let first = self.first();
        if self.looked_back > self.until {
            return format!("{records} {says}: a first one is only known to be one {LOOK_BACK} days after the activities begin");
        }
        if self.deals > self.looked_back {
            return format!("{records} {says} before {first}: deals are kept since then only");
        }
        format!("{records} {says} before {first}: in the first {LOOK_BACK} days of the activities a first one is not known to be one")
    }
}

/// The accounts and the day of the first record with each.
struct Met {
    first: BTreeMap<u32, Day>,
    what: Followed,
    cuts: Vec<String>,
}

impl Met {
    /// Goes through the records of a measure, earliest first.
    fn new(engine: &Engine<'_>, measure: &Measure, rows: &[usize], days: Days, deals: &Deals) -> Self {
        let (table, with) = (&engine.data.activities, &engine.facts.with);
        let says = says(measure);
        let mut found = Self { first: BTreeMap::new(), what: Followed::Accounts, cuts: Vec::new() };
        let mut last: BTreeMap<u32, Day> = BTreeMap::new();
        let (mut all, mut early, mut unnamed, mut late, mut assumed) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
        let mut bought = BTreeSet::new();
        for row in rows {
            let Some(day) = table.day(&measure.spec.on, *row) else { continue };
            let who = with.activity(*row).filter(|who| with.in_deals(*who));
            let before = who.and_then(|who| last.insert(who, day));
            if day > days.until {
                late += 1;
                continue;
            }
            if day < days.first() {
                early += 1;
                continue;
            }
            all += 1;
            let Some(who) = who else {
                unnamed += 1;
                continue;
            };
            if with.bought(who).is_some_and(|since| since < day) && !found.first.contains_key(&who) {
                bought.insert(who);
            } else if before.is_none_or(|before| day.since(before) > LOOK_BACK)
                && let Entry::Vacant(place) = found.first.entry(who)
            {
                place.insert(day);
                let may = engine.facts.prospect_assumed.get(*row) == Some(&true) && !deals.themselves.contains(&who);
                assumed += usize::from(may);
            }
        }
        if early > 0 {
            found.cuts.push(days.said(early, &says));
        }
        if late > 0 {
            found.cuts.push(format!("{late} {says} after {}: deals end there", days.until));
        }
        if unnamed > 0 {
            let named = if deals.name_accounts { "no account that deals name" } else { "no deal" };
            found.cuts.push(format!("{unnamed} of {all} {says} name {named}, so what became of them is unknown"));
        }
        let (own, customers): (Vec<u32>, Vec<u32>) = bought.into_iter().partition(|who| deals.themselves.contains(who));
        if !customers.is_empty() {
            found.cuts.push(format!("{} that had bought before", Followed::Accounts.count(customers.len())));
        }
        if !own.is_empty() {
            found.cuts.push(format!("{} met only after the win", Followed::Deals.count(own.len())));
        }
        let own = found.first.keys().filter(|who| deals.themselves.contains(who)).count();
        found.what = match own {
            0 if deals.name_accounts || !found.first.is_empty() => Followed::Accounts,
            _ if own == found.first.len() => Followed::Deals,
            _ => Followed::Mixed,
        };
        if assumed > 0 {
            found.cuts.push(format!(
                "{assumed} of {} may have bought before {}: deals begin there",
                Followed::Accounts.count(found.first.len() - own),
                days.deals
            ));
        }
        found
    }
}

/// What deals tell of accounts.
struct Deals {
    /// Per account with a won deal, the day on which the first was closed.
    won: BTreeMap<u32, Day>,
    /// Those with any deal.
    any: BTreeSet<u32>,
    /// Those that are deals, which name no account.
    themselves: BTreeSet<u32>,
    /// Whether any deal names an account.
    name_accounts: bool,
    /// The won deals closed since accounts are followed, and those of them that name no account.
    wins: usize,
    unnamed: usize,
}

impl Deals {
    fn new(engine: &Engine<'_>, days: Days) -> Self {
        let table = &engine.data.deals;
        let (any, themselves) = (BTreeSet::new(), BTreeSet::new());
        let mut found = Self { won: BTreeMap::new(), any, themselves, name_accounts: false, wins: 0, unnamed: 0 };
        for row in (0..table.len()).filter(|row| table.used(*row)) {
            let who = engine.facts.with.deal(row);
            found.any.extend(who);
            if table.text("account", row).is_some() {
                found.name_accounts = true;
            } else {
                found.themselves.extend(who);
            }
            let closed = table.day("closed_on", row).filter(|_| table.text("state", row) == Some("won"));
            let Some(day) = closed.filter(|day| *day <= days.until) else { continue };
            if day >= days.first() {
                found.wins += 1;
                found.unnamed += usize::from(table.text("account", row).is_none());
            }
            if let Some(who) = who {
                found.won.entry(who).and_modify(|first| *first = day.min(*first)).or_insert(day);
            }
        }
        found
    }

    fn follow(&self, who: u32, met: Day, until: Day) -> Case {
        let won = self.won.get(&who).filter(|day| **day >= met);
        Case { met, until: won.copied().unwrap_or(until), won: won.is_some() }
    }

    fn said(&self) -> Option<String> {
        (self.unnamed > 0).then(|| {
            format!("{} of {} deals won name no account: only what names the deal itself is followed to them", self.unnamed, self.wins)
        })
    }

    /// Why deals that are silent of every account are no evidence that none buys.
    fn silent(&self, met: &BTreeMap<u32, Day>) -> Option<String> {
        if self.wins == 0 {
            return Some("no deal was won in this time, so nothing can be told of who buys".to_owned());
        }
        let linked = met.is_empty() || met.keys().any(|who| self.any.contains(who));
        (!linked).then(|| {
            format!("none of the {} has a deal in these exports: do both name accounts alike?", Followed::Accounts.count(met.len()))
        })
    }
}

/// An account or deal from its first record on.
#[derive(Debug, Clone, Copy)]
struct Case {
    met: Day,
    /// The day of the win, or the last of which the deals tell.
    until: Day,
    won: bool,
}

fn times(followed: &[Case]) -> Vec<(f64, bool)> {
    followed.iter().map(|account| (f64::from(account.until.since(account.met)) / 7.0, account.won)).collect()
}

fn within(steps: &[Step], weeks: u32) -> Option<Within> {
    let found = share_at(steps, f64::from(weeks))?;
    Some(Within { weeks, share: found.share, lo: found.lo, hi: found.hi, known: found.known })
}

fn point(step: &Step) -> CurvePoint {
    CurvePoint { at: step.time, share: 1.0 - step.survival, lo: 1.0 - step.hi, hi: 1.0 - step.lo }
}

/// The weeks by which half of those had bought that buy at all, as far as enough are followed.
fn half(steps: &[Step]) -> Option<f64> {
    let longest = WITHIN.map(f64::from).into_iter().fold(0.0, f64::max);
    let known: Vec<&Step> = steps.iter().take_while(|step| step.time <= longest && step.at_risk >= LEAST_ACCOUNTS).collect();
    if known.iter().map(|step| step.events).sum::<usize>() < LEAST_WINS {
        return None;
    }
    let bought = 1.0 - known.last()?.survival;
    known.iter().find(|step| 1.0 - step.survival >= bought / 2.0 - 1e-12).map(|step| step.time)
}

fn cohorts(engine: &Engine<'_>, followed: &[Case], until: Day, tells: bool) -> Vec<Cohort> {
    let mut quarters: BTreeMap<Day, (String, Vec<Case>)> = BTreeMap::new();
    for account in followed {
        let quarter = engine.calendar.period_of(Grain::Quarter, account.met);
        quarters.entry(quarter.range.first).or_insert_with(|| (quarter.name, Vec::new())).1.push(*account);
    }
    let cohort = |(period, accounts): (String, Vec<Case>)| {
        let youngest = accounts.iter().map(|account| until.since(account.met)).min().unwrap_or(0);
        let steps = kaplan_meier(&times(&accounts));
        let ripe = |weeks: &u32| tells && i64::from(youngest) >= i64::from(*weeks) * 7;
        Cohort {
            period,
            accounts: accounts.len(),
            won: accounts.iter().filter(|account| account.won).count(),
            within: WITHIN.iter().map(|weeks| Some(*weeks).filter(ripe).and_then(|weeks| within(&steps, weeks))).collect(),
        }
    };
    quarters.into_values().map(cohort).collect()
}

/// The measure in words, such as `new prospect meetings`.
fn says(measure: &Measure) -> String {
    document::unbroken(measure.spec.label.lines()).join(" ")
}
