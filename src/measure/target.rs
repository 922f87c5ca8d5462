//! Targets, prorated by each person's own workdays (measures, section 4: Pace and targets).

use rust_decimal::Decimal;

use super::cube::{Entity, Level};
use crate::calendar::{Calendar, Day, Grain, Range};
use crate::diagnostic::Location;
use crate::table::{Person, Role, Roster};
use crate::unit::Currency;

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
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a> {
    /// The targets.
    pub list: &'a [Target],
    /// The people.
    pub roster: &'a Roster,
    /// The calendar.
    pub calendar: &'a Calendar,
}

impl Targets<'_> {
    /// The target of an entity in a range of days; none where nobody agreed to one. Parts of a target's own period are prorated by workdays.
    pub fn of(&self, measure: &str, entity: Entity, range: Range) -> Option<TargetOf> {
        let value = match entity {
            Entity::NoOwner => return None,
            Entity::Owner(person) => return self.person(measure, person, range, None).map(|value| TargetOf { value, members: None }),
            Entity::Team(team) => self.given(measure, Level::Team, self.roster.teams.get(team as usize), range),
            Entity::All => self.given(measure, Level::All, None, range),
        };
        let members = self.members(measure, entity, range);
        match (value, members) {
            (Some(value), members) => Some(TargetOf { value, members: members.filter(|m| *m != value) }),
            (None, Some(value)) => Some(TargetOf { value, members: None }),
            (None, None) => None,
        }
    }

    /// Whether the range holds only whole periods of the targets that apply: money is not cut into smaller ones.
    pub fn whole(&self, measure: &str, entity: Entity, range: Range) -> bool {
        self.applying(measure, entity).all(|target| {
            target
                .window(range)
                .is_none_or(|window| self.periods(target, window).iter().all(|period| range.intersect(*period) == Some(*period)))
        })
    }

    /// The period of its own that a measure's target has for an entity on a day: the longest of those that apply.
    pub fn own_period(&self, measure: &str, entity: Entity, day: Day) -> Option<(Grain, Range)> {
        self.applying(measure, entity)
            .filter_map(|target| {
                let window = target.window(Range::day(day))?;
                let range = *self.periods(target, window).first()?;
                Some((target.per.grain().unwrap_or(Grain::Range), range))
            })
            .max_by_key(|(_, range)| range.len())
    }

    /// The targets that can count for an entity.
    fn applying<'s>(&'s self, measure: &'s str, entity: Entity) -> impl Iterator<Item = &'s Target> + 's {
        let of_people = matches!(entity, Entity::All | Entity::Team(_));
        self.list.iter().filter(move |t| {
            t.measure == measure
                && match (t.level, entity) {
                    (Level::Owner, Entity::Owner(person)) => {
                        self.roster.people.get(person as usize).is_some_and(|p| t.name.as_ref().is_none_or(|n| *n == p.name))
                    }
                    (Level::Owner, _) => of_people,
                    (Level::Team, Entity::Team(team)) => {
                        self.roster.teams.get(team as usize).is_some_and(|name| t.name.as_ref().is_none_or(|n| n == name))
                    }
                    (Level::All, Entity::All) => true,
                    _ => false,
                }
        })
    }

    fn periods(&self, target: &Target, window: Range) -> Vec<Range> {
        match (target.per.grain(), target.from, target.to) {
            (Some(grain), ..) => self.calendar.partition(grain, window).iter().map(|p| p.range).collect(),
            (None, Some(first), Some(last)) => Range::new(first, last).into_iter().collect(),
            (None, ..) => vec![window],
        }
    }

    /// The workdays that a target's value stands for. A day's or week's is a rate for a full one, so that a holiday lowers it; a month's, a
    /// quarter's or a year's is agreed with its holidays known.
    fn base(&self, per: Per, period: Range) -> u32 {
        match per {
            Per::Day | Per::Week => self.calendar.workdays_of_week(period),
            _ => self.calendar.workdays(period),
        }
    }

    fn sum(&self, targets: &[&Target], range: Range, worked: impl Fn(Range) -> u32) -> Option<Decimal> {
        let mut sum = None;
        for target in targets {
            let Some(window) = target.window(range) else { continue };
            let total = sum.get_or_insert(Decimal::ZERO);
            for period in self.periods(target, window) {
                let base = self.base(target.per, period);
                let own = period.intersect(window).map_or(0, &worked);
                if own == base && base > 0 {
                    *total += target.value;
                } else if base > 0 {
                    *total += target.value * Decimal::from(own) / Decimal::from(base);
                }
            }
        }
        sum.map(|sum| sum.round_dp(6).normalize())
    }

    fn given(&self, measure: &str, level: Level, name: Option<&String>, range: Range) -> Option<Decimal> {
        let of = |named: bool| -> Vec<&Target> {
            self.list
                .iter()
                .filter(|t| {
                    t.measure == measure
                        && t.level == level
                        && if named { t.name.is_some() && t.name.as_ref() == name } else { t.name.is_none() }
                })
                .filter(|t| t.window(range).is_some())
                .collect()
        };
        let named = of(true);
        self.sum(&if named.is_empty() { of(false) } else { named }, range, |days| self.calendar.workdays(days))
    }

    fn person(&self, measure: &str, person: u32, range: Range, team: Option<u32>) -> Option<Decimal> {
        let who = self.roster.people.get(person as usize)?;
        let of = |named: bool| -> Vec<&Target> {
            self.list
                .iter()
                .filter(|t| t.measure == measure && t.level == Level::Owner)
                .filter(|t| if named { t.name.as_deref() == Some(who.name.as_str()) } else { t.name.is_none() })
                .filter(|t| t.window(range).is_some())
                .collect()
        };
        let named = of(true);
        let targets = if !named.is_empty() {
            named
        } else if who.role == Role::Rep || (who.role == Role::Leader && self.roster.leaders_sell) {
            of(false)
        } else {
            return None;
        };
        self.sum(&targets, range, |days| self.worked(who, days, team))
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

    fn members(&self, measure: &str, entity: Entity, range: Range) -> Option<Decimal> {
        let team = match entity {
            Entity::Team(team) => Some(team),
            _ => None,
        };
        let mut sum: Option<Decimal> = None;
        for (index, person) in self.roster.people.iter().enumerate() {
            let member = team.is_none() || (person.spans.iter().any(|s| s.team == team) && self.roster.counts_in_team(index as u32));
            if !member {
                continue;
            }
            if let Some(value) = self.person(measure, index as u32, range, team) {
                *sum.get_or_insert(Decimal::ZERO) += value;
            }
        }
        sum.map(|s| s.normalize())
    }
}

impl Targets<'_> {
    /// Whether a measure's targets are in the currency of a series: those that name none are in the most frequent one.
    pub fn currency_fits(&self, measure: &str, unit: &crate::unit::Unit, main: Option<&Currency>) -> bool {
        let crate::unit::Unit::Money(currency) = unit else { return true };
        self.list.iter().filter(|t| t.measure == measure).all(|t| t.currency.as_ref().or(main).is_none_or(|c| c == currency))
    }

    /// The target of a ratio or a number of days, which no workday prorates: the last one that applies.
    pub fn level(&self, measure: &str, entity: Entity, range: Range) -> Option<Decimal> {
        let applying: Vec<&Target> = self.applying(measure, entity).filter(|t| t.window(range).is_some()).collect();
        let own = applying.iter().rev().find(|t| t.level == entity.level() && t.name.is_some());
        own.or_else(|| applying.iter().rev().find(|t| t.level == entity.level())).or_else(|| applying.last()).map(|t| t.value)
    }
}
