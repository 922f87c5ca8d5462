//! Targets, prorated by each person's own workdays (measures, section 4: Pace and targets).

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::cube::{Entity, Level};
use crate::calendar::{Calendar, Day, Grain, Range};
use crate::diagnostic::Location;
use crate::table::{Person, Rates, Role, Roster};
use crate::unit::{Currency, Unit};

/// How long a target's value is meant for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Per {
    /// A day.
    Day,
    /// A week.
    Week,
    /// A calendar month.
    Month,
    /// A fiscal quarter.
    Quarter,
    /// A fiscal year.
    Year,
    /// From the target's first to its last day.
    Once,
}

impl Per {
    /// Every length with its name in config and in targets files.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("day", Self::Day),
        ("week", Self::Week),
        ("month", Self::Month),
        ("quarter", Self::Quarter),
        ("year", Self::Year),
        ("once", Self::Once),
    ];

    /// Its name in config and in targets files.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, per)| *per == self).map_or("", |(word, _)| word)
    }

    /// The length of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(word, _)| *word == name).map(|(_, per)| *per)
    }

    /// The grain of its periods; none for once.
    pub fn grain(self) -> Option<Grain> {
        match self {
            Self::Day => Some(Grain::Day),
            Self::Week => Some(Grain::Week),
            Self::Month => Some(Grain::Month),
            Self::Quarter => Some(Grain::Quarter),
            Self::Year => Some(Grain::Year),
            Self::Once => None,
        }
    }
}

/// What somebody agreed to reach.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// The measure.
    pub measure: String,
    /// Whom it is for.
    pub level: Level,
    /// The team or person; none for each of that level.
    pub name: Option<String>,
    /// First day.
    pub from: Option<Day>,
    /// Last day.
    pub to: Option<Day>,
    /// How long its value is meant for.
    pub per: Per,
    /// How much.
    pub value: Decimal,
    /// The currency of money, where said.
    pub currency: Option<Currency>,
    /// Where it is written.
    pub origin: Location,
}

impl Target {
    fn window(&self, range: Range) -> Option<Range> {
        range.intersect(Range { first: self.from.unwrap_or(Day::MIN), last: self.to.unwrap_or(Day::MAX) })
    }
}

/// A target for somebody in a range of days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TargetOf {
    /// How much.
    pub value: Decimal,
    /// How much the members' own targets come to, where a team's given one differs from it.
    pub members: Option<Decimal>,
}

/// Every target, with whom and when it is for.
#[derive(Debug, Clone)]
pub struct Targets<'a> {
    list: &'a [Target],
    roster: &'a Roster,
    /// The first and last day of each person's records.
    seen: &'a [Option<(Day, Day)>],
    calendar: &'a Calendar,
    /// The currency of targets that name none: the most frequent one.
    main: Option<Currency>,
    /// The targets of a measure and level, by name where they have one.
    index: FxHashMap<(&'a str, Level, Option<&'a str>), Vec<&'a Target>>,
    /// Whether a people table lists anybody.
    listed: bool,
    /// What converts targets of other currencies.
    rates: Option<&'a Rates>,
}

impl<'a> Targets<'a> {
    /// Targets for the people of a roster; `seen` is the first and last day of each person's records, `main` the most frequent currency.
    pub fn new(
        list: &'a [Target],
        roster: &'a Roster,
        seen: &'a [Option<(Day, Day)>],
        calendar: &'a Calendar,
        main: Option<Currency>,
    ) -> Self {
        let mut index: FxHashMap<_, Vec<&Target>> = FxHashMap::default();
        for target in list {
            index.entry((target.measure.as_str(), target.level, target.name.as_deref())).or_default().push(target);
        }
        let listed = roster.people.iter().any(|p| p.listed);
        Self { list, roster, seen, calendar, main, index, listed, rates: None }
    }

    /// The same with rates: a target in another currency is worth what it was worth on the first day of its period.
    #[must_use]
    pub fn with_rates(mut self, rates: Option<&'a Rates>) -> Self {
        self.rates = rates;
        self
    }

    /// A target's value for one of its periods in the currency of the amounts; none where it cannot be converted.
    fn worth(&self, target: &Target, unit: &Unit, period: Range) -> Option<Decimal> {
        match (self.rates.filter(|_| matches!(unit, Unit::Money(_))), &target.currency) {
            (Some(rates), Some(currency)) if *currency != rates.home => {
                rates.convert(target.value, rates.on(currency, period.first).ok()?.value)
            }
            _ => Some(target.value),
        }
    }

    /// The targets of a measure and level that are in force at some time in a range, for one name or for each of that level.
    fn in_force(&self, measure: &str, unit: &Unit, level: Level, name: Option<&str>, range: Range) -> Vec<&'a Target> {
        let found = self.index.get(&(measure, level, name)).map_or(&[][..], Vec::as_slice);
        found.iter().filter(|t| self.fits(t, unit) && t.window(range).is_some()).copied().collect()
    }

    /// The target of an entity in a range of days; none where nobody agreed to one. Parts of a target's own period are prorated by workdays.
    pub fn of(&self, measure: &str, unit: &Unit, entity: Entity, range: Range) -> Option<TargetOf> {
        self.part(measure, unit, entity, range, range)
    }

    /// What should stand of the target of a whole range of days once only a part of it has passed.
    pub fn part(&self, measure: &str, unit: &Unit, entity: Entity, whole: Range, part: Range) -> Option<TargetOf> {
        let days = Days { whole, part };
        let given = match entity {
            Entity::NoOwner => return None,
            Entity::Owner(person) => {
                let value = self.person(measure, unit, person, days, None)?;
                return Some(TargetOf { value: rounded(value, unit), members: None });
            }
            Entity::Team(_) | Entity::All => {
                self.sum(&self.given(measure, unit, entity, whole), unit, days, |days| self.calendar.workdays(days))
            }
        };
        let (given, members) = (given.map(|v| rounded(v, unit)), self.members(measure, unit, entity, days).map(|v| rounded(v, unit)));
        match (given, members) {
            (Some(value), members) => Some(TargetOf { value, members: members.filter(|m| *m != value) }),
            (None, Some(value)) => Some(TargetOf { value, members: None }),
            (None, None) => None,
        }
    }

    /// Whether there is any target of a measure.
    pub fn any(&self, measure: &str) -> bool {
        self.list.iter().any(|target| target.measure == measure)
    }

    /// Whether the targets that apply keep a longer period of their own: money is not cut into smaller ones.
    pub fn keeps_longer(&self, measure: &str, unit: &Unit, entity: Entity, range: Range) -> bool {
        let longer = |target: &&Target| {
            self.periods(target, range).iter().any(|period| range.intersect(*period) != Some(*period) && period.len() > range.len())
        };
        self.deciding(measure, unit, entity, range).iter().any(longer)
    }

    /// The period of its own that a measure's target has for an entity on a day: the longest of those that apply.
    pub fn own_period(&self, measure: &str, unit: &Unit, entity: Entity, day: Day) -> Option<Range> {
        let applying = self.list.iter().filter(|t| t.measure == measure && self.fits(t, unit) && self.may_apply(t, entity));
        applying
            .filter_map(|target| {
                let window = target.window(Range::day(day))?;
                self.periods(target, window).first().copied()
            })
            .max_by_key(|range| range.len())
    }

    /// The target of a ratio or a number of days, which no workday prorates: the last one that applies.
    pub fn level(&self, measure: &str, entity: Entity, range: Range) -> Option<Decimal> {
        let applies = |t: &&Target| t.measure == measure && t.window(range).is_some() && self.may_apply(t, entity);
        let applying: Vec<&Target> = self.list.iter().filter(applies).collect();
        let own = applying.iter().rev().find(|t| t.level == entity.level() && t.name.is_some());
        own.or_else(|| applying.iter().rev().find(|t| t.level == entity.level())).or_else(|| applying.last()).map(|t| t.value)
    }

    /// Whether a target's money is in the currency of a unit; one that names none is in the most frequent one.
    fn fits(&self, target: &Target, unit: &Unit) -> bool {
        let Unit::Money(currency) = unit else { return true };
        if let Some(rates) = self.rates
            && target.currency.as_deref().is_some_and(|own| rates.currencies().any(|known| known == own))
        {
            return *currency == rates.home;
        }
        target.currency.as_ref().or(self.main.as_ref()).is_none_or(|c| c == currency)
    }

    fn may_apply(&self, t: &Target, entity: Entity) -> bool {
        match (t.level, entity) {
            (Level::Owner, Entity::Owner(person)) => self
                .roster
                .people
                .get(person as usize)
                .is_some_and(|p| t.name.as_ref().map_or_else(|| self.sells(person), |n| *n == p.name)),
            (Level::Owner, Entity::All | Entity::Team(_)) | (Level::Team | Level::All, Entity::All) => true,
            (Level::Team, Entity::Team(team)) => {
                self.roster.teams.get(team as usize).is_some_and(|name| t.name.as_ref().is_none_or(|n| n == name))
            }
            _ => false,
        }
    }

    /// Whether a target for every owner is meant for a person: those who sell, and where there is a roster those who are on it.
    fn sells(&self, person: u32) -> bool {
        let Some(who) = self.roster.people.get(person as usize) else { return false };
        let role = who.role == Role::Rep || (who.role == Role::Leader && self.roster.leaders_sell);
        role && (who.listed || !self.listed)
    }

    fn periods(&self, target: &Target, window: Range) -> Vec<Range> {
        match (target.per.grain(), target.from, target.to) {
            (Some(grain), ..) => self.calendar.partition(grain, window).iter().map(|p| p.range).collect(),
            (None, Some(first), Some(last)) => Range::new(first, last).into_iter().collect(),
            (None, ..) => vec![window],
        }
    }

    /// The targets of one length that decide in a range: of several lengths the longest that is no longer than the range, else the shortest;
    /// of several for the same days the last one written.
    fn choose<'t>(&self, targets: Vec<&'t Target>, range: Range) -> Vec<&'t Target> {
        let length = |t: &Target| t.window(range).and_then(|w| self.periods(t, w).iter().map(|p| p.len()).max()).unwrap_or(0);
        let lengths: Vec<(u32, Per)> = targets.iter().map(|t| (length(t), t.per)).collect();
        let fitting = lengths.iter().filter(|(days, _)| *days <= range.len()).max();
        let Some((_, per)) = fitting.or_else(|| lengths.iter().min()).copied() else { return Vec::new() };
        let mut chosen: Vec<&Target> = Vec::new();
        for target in targets.into_iter().filter(|t| t.per == per) {
            chosen.retain(|t| (t.from, t.to) != (target.from, target.to));
            chosen.push(target);
        }
        chosen
    }

    /// The workdays that a target's value stands for. A day's or week's is a rate for a full one, so that a holiday lowers it; a month's, a
    /// quarter's or a year's is agreed with its holidays known.
    fn base(&self, per: Per, period: Range) -> u32 {
        match per {
            Per::Day | Per::Week => self.calendar.workdays_of_week(period),
            _ => self.calendar.workdays(period),
        }
    }

    fn sum(&self, targets: &[&Target], unit: &Unit, days: Days, worked: impl Fn(Range) -> u32) -> Option<Decimal> {
        let mut sum = None;
        for target in targets {
            let Some(window) = target.window(days.part) else {
                // It has not begun, or is over: nothing of it is due in this part.
                if target.window(days.whole).is_some() {
                    sum.get_or_insert(Decimal::ZERO);
                }
                continue;
            };
            let total = sum.get_or_insert(Decimal::ZERO);
            for period in self.periods(target, window) {
                // One for certain days takes the place of one for always.
                let dated = |t: &&&Target| t.from.is_some() && t.window(period).is_some();
                if target.from.is_none() && target.to.is_none() && targets.iter().any(|t| dated(&t)) {
                    continue;
                }
                let base = self.base(target.per, period);
                let own = period.intersect(window).map_or(0, &worked);
                let value = self.worth(target, unit, period)?;
                if own == base && base > 0 {
                    *total += value;
                } else if base > 0 {
                    *total += value * Decimal::from(own) / Decimal::from(base);
                }
            }
        }
        sum.map(|sum| sum.round_dp(6).normalize())
    }

    /// The targets given for a team or for all, as such.
    fn given(&self, measure: &str, unit: &Unit, entity: Entity, range: Range) -> Vec<&Target> {
        let name = match entity {
            Entity::Team(team) => self.roster.teams.get(team as usize),
            _ => None,
        };
        let level = entity.level();
        let named = name.map(|name| self.in_force(measure, unit, level, Some(name), range)).unwrap_or_default();
        self.choose(if named.is_empty() { self.in_force(measure, unit, level, None, range) } else { named }, range)
    }

    fn of_person(&self, measure: &str, unit: &Unit, person: u32, range: Range) -> Vec<&Target> {
        let Some(who) = self.roster.people.get(person as usize) else { return Vec::new() };
        let named = self.in_force(measure, unit, Level::Owner, Some(&who.name), range);
        if !named.is_empty() {
            return self.choose(named, range);
        }
        if self.sells(person) { self.choose(self.in_force(measure, unit, Level::Owner, None, range), range) } else { Vec::new() }
    }

    /// The targets by which an entity is judged: those given for it, else its members'.
    fn deciding(&self, measure: &str, unit: &Unit, entity: Entity, range: Range) -> Vec<&Target> {
        match entity {
            Entity::NoOwner => Vec::new(),
            Entity::Owner(person) => self.of_person(measure, unit, person, range),
            Entity::Team(_) | Entity::All => {
                let given = self.given(measure, unit, entity, range);
                if !given.is_empty() {
                    return given;
                }
                let members = self.people_of(entity, range).into_iter().flat_map(|p| self.of_person(measure, unit, p, range));
                members.collect()
            }
        }
    }

    fn person(&self, measure: &str, unit: &Unit, person: u32, days: Days, team: Option<u32>) -> Option<Decimal> {
        let who = self.roster.people.get(person as usize)?;
        let targets = self.of_person(measure, unit, person, days.whole);
        let named = targets.iter().any(|t| t.name.is_some());
        // Without a roster a target for everybody is for those who are there to be seen.
        let there = if named || who.listed { None } else { Some(self.seen.get(person as usize).copied().flatten()?) };
        self.sum(&targets, unit, days, |days| {
            let days = match there {
                Some((first, last)) => days.intersect(Range { first: first.min(last), last: last.plus(SEEN_DAYS) }),
                None => Some(days),
            };
            days.map_or(0, |days| self.worked(who, days, team))
        })
    }

    /// The targets of teams, all or each person that take the place of another one within a range of days, and the day on which they do.
    pub fn changed(&self, range: Range) -> Vec<(&'a Target, Day)> {
        let same =
            |a: &Target, b: &Target| (&a.measure, a.level, &a.name, a.per) == (&b.measure, b.level, &b.name, b.per) && a.value != b.value;
        let changed = |target: &'a Target| {
            let day = target.from.filter(|day| range.contains(*day))?;
            let before = |other: &&Target| same(other, target) && other.window(Range::day(day.plus(-1))).is_some();
            self.list.iter().find(before).map(|_| (target, day))
        };
        self.list.iter().filter_map(changed).collect()
    }

    /// A person's workdays: calendar, less holidays, absences and days not employed (or not in that team).
    pub fn worked(&self, who: &Person, days: Range, team: Option<u32>) -> u32 {
        let absences: Vec<Range> = who.absences.iter().filter_map(|(first, last)| Range::new(*first, *last)).collect();
        who.spans
            .iter()
            .filter(|span| team.is_none() || span.team == team)
            .filter_map(|span| days.intersect(Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) }))
            .map(|days| self.calendar.workdays_except(days, &absences))
            .sum()
    }

    /// The people whose targets make up an entity's.
    fn people_of(&self, entity: Entity, range: Range) -> Vec<u32> {
        let people = 0..self.roster.people.len() as u32;
        let Entity::Team(team) = entity else { return people.collect() };
        let in_team = |person: &u32| {
            let who = self.roster.people.get(*person as usize);
            let spans = who.map_or(&[][..], |p| p.spans.as_slice());
            let there = |s: &crate::table::Span| {
                s.team == Some(team)
                    && range.intersect(Range { first: s.first.unwrap_or(Day::MIN), last: s.last.unwrap_or(Day::MAX) }).is_some()
            };
            spans.iter().any(there) && self.roster.counts_in_team(*person)
        };
        people.filter(in_team).collect()
    }

    fn members(&self, measure: &str, unit: &Unit, entity: Entity, days: Days) -> Option<Decimal> {
        let add = |sum: Option<Decimal>, value: Decimal| Some(sum.unwrap_or_default() + value);
        if let Entity::Team(team) = entity {
            let people = self.people_of(entity, days.whole).into_iter();
            return people.filter_map(|p| self.person(measure, unit, p, days, Some(team))).fold(None, add).map(|s| s.normalize());
        }
        let teams: Vec<u32> = (0..self.roster.teams.len() as u32).collect();
        let given =
            |team: &u32| self.sum(&self.given(measure, unit, Entity::Team(*team), days.whole), unit, days, |d| self.calendar.workdays(d));
        let of_teams: Vec<(u32, Decimal)> = teams.iter().filter_map(|team| Some((*team, given(team)?))).collect();
        // A target given for a team stands for its people's.
        let in_given = |person: u32| {
            let spans = self.roster.people.get(person as usize).map_or(&[][..], |p| p.spans.as_slice());
            self.roster.counts_in_team(person) && spans.iter().any(|s| of_teams.iter().any(|(team, _)| s.team == Some(*team)))
        };
        let people = self.people_of(entity, days.whole).into_iter().filter(|p| !in_given(*p));
        let sum = people.filter_map(|p| self.person(measure, unit, p, days, None)).fold(None, add);
        of_teams.iter().map(|(_, value)| *value).fold(sum, add).map(|s| s.normalize())
    }
}

/// A prorated target of money in whole cents.
fn rounded(value: Decimal, unit: &Unit) -> Decimal {
    if matches!(unit, Unit::Money(_)) { value.round_dp(2).normalize() } else { value }
}

/// A range of days and the part of it that counts.
#[derive(Debug, Clone, Copy)]
struct Days {
    whole: Range,
    part: Range,
}

/// A person without a roster entry is taken to be there this many days after the last record.
pub(crate) const SEEN_DAYS: i32 = 91;
