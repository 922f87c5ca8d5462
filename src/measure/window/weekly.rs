//! The records of components by person and week, counted once for all the weeks that a run needs.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::calendar::{Day, Grain, Partition, Range};
use crate::diagnostic::Diagnostic;
use crate::facts::Whose;
use crate::measure::catalog::Measure;
use crate::measure::cube::Entity;
use crate::measure::place::Places;
use crate::measure::select::Engine;
use crate::measure::target::{SEEN_DAYS, Targets};
use crate::table::{Column, Kind};

/// Whether a week counts for an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    /// Not with us.
    Away,
    /// With us for less than half of its usual workdays: it counts where there is a record.
    Short,
    /// It counts.
    Full,
}

/// The records of one component, by entity and week.
#[derive(Debug)]
pub(in crate::measure) struct Counts {
    of: Vec<u32>,
    /// Those of anybody in each week, whether or not they count for whom the component is about.
    any: Vec<u32>,
    /// Those of them that are held activities.
    held: Vec<u32>,
    /// The first day from which they are known.
    first: Day,
    /// The last day of exports that ended.
    pub(super) ended: Option<Day>,
    /// Whether activities are among them.
    pub(super) activities: bool,
}

/// The records of each entity, by component and range.
type Lists = BTreeMap<(String, Range), Rc<Vec<Vec<Listed>>>>;

/// The weeks that are counted, and the components counted in them.
#[derive(Debug)]
pub(in crate::measure) struct Sheet {
    weeks: Partition,
    entities: Vec<Entity>,
    there: Vec<There>,
    /// Of which entities there is any activity.
    active: Vec<bool>,
    counts: RefCell<BTreeMap<String, Option<Rc<Counts>>>>,
    lists: RefCell<Lists>,
    pub(super) flags: super::flags::Kept,
}

/// A record of an entity.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listed {
    pub(super) row: usize,
    pub(super) day: Day,
    /// The entity's share of its money, in millionths.
    pub(super) share: u32,
}

impl Sheet {
    pub(super) fn at(&self, entity: Entity) -> Option<usize> {
        // All, teams, people, no owner: in that order.
        self.entities.binary_search(&entity).ok()
    }

    /// Whether there is any activity of an entity, of whatever day and outcome.
    pub(super) fn active(&self, entity: Entity) -> bool {
        self.at(entity).is_some_and(|at| self.active[at])
    }

    /// The cells of an entity's weeks.
    fn cells(&self, entity: Entity, weeks: Range) -> impl Iterator<Item = (usize, Range)> + '_ {
        let from = self.at(entity).map(|at| at * self.weeks.len());
        let weeks = self.weeks.iter().enumerate().filter(move |(_, week)| weeks.contains(week.range.first));
        weeks.filter_map(move |(at, week)| Some((from? + at, week.range)))
    }

    /// The records in each week, none for a week that does not count.
    pub(super) fn slice(&self, counts: &Counts, entity: Entity, weeks: Range) -> Vec<Option<u32>> {
        let counted = |(cell, week): (usize, Range)| {
            let n = counts.of[cell];
            match self.there[cell] {
                _ if week.first < counts.first => None,
                There::Full => Some(n),
                There::Short => Some(n).filter(|n| *n > 0),
                There::Away => None,
            }
        };
        self.cells(entity, weeks).map(counted).collect()
    }

    /// The days of the weeks from the first whole one on of which a component is known; none where there is none.
    pub(super) fn known(&self, counts: &Counts, weeks: Range) -> Option<Range> {
        let mut known = self.weeks.iter().map(|week| week.range.first).filter(|day| weeks.contains(*day) && *day >= counts.first);
        Some(Range { first: known.next()?, last: weeks.last })
    }

    /// The held activities of a component and of all it is a share of, in the weeks for which both are known.
    pub(super) fn held(&self, part: &Counts, all: &Counts, entity: Entity, weeks: Range) -> (u32, u32) {
        let first = part.first.max(all.first);
        let cells = self.cells(entity, weeks).filter(|(_, week)| week.first >= first);
        cells.fold((0, 0), |(over, under), (cell, _)| (over + part.held[cell], under + all.held[cell]))
    }

    /// The records of everybody.
    pub(super) fn total(&self, counts: &Counts, weeks: Range) -> u32 {
        self.weeks.iter().zip(&counts.any).filter(|(week, _)| weeks.contains(week.range.first)).map(|(_, n)| n).sum()
    }
}

impl Engine<'_> {
    /// The sheet that holds these weeks; a larger one takes the place of a smaller.
    pub(super) fn sheet(&self, weeks: Range) -> Rc<Sheet> {
        let held = self.sheet.borrow().clone();
        let all = match held {
            Some(sheet) if sheet.weeks.range().hull(weeks) == sheet.weeks.range() => return sheet,
            Some(sheet) => sheet.weeks.range().hull(weeks),
            None => weeks,
        };
        let weeks = self.calendar.partition(Grain::Week, all);
        let entities = self.entities();
        let there = self.there(&entities, &weeks);
        let active = self.active(&entities);
        let sheet = Rc::new(Sheet {
            weeks,
            entities,
            there,
            active,
            counts: RefCell::default(),
            lists: RefCell::default(),
            flags: super::flags::Kept::default(),
        });
        *self.sheet.borrow_mut() = Some(Rc::clone(&sheet));
        sheet
    }

    /// The counts of a component or another measure; none where no record could answer.
    pub(super) fn counts(&self, sheet: &Sheet, name: &str) -> Result<Option<Rc<Counts>>, Diagnostic> {
        if let Some(found) = sheet.counts.borrow().get(name) {
            return Ok(found.clone());
        }
        let counts = self.count_weekly(sheet, name)?.map(Rc::new);
        sheet.counts.borrow_mut().insert(name.to_owned(), counts.clone());
        Ok(counts)
    }

    fn count_weekly(&self, sheet: &Sheet, name: &str) -> Result<Option<Counts>, Diagnostic> {
        let cells = sheet.there.len();
        let mut counts = Counts {
            of: vec![0; cells],
            any: vec![0; sheet.weeks.len()],
            held: vec![0; cells],
            first: Day::MIN,
            ended: None,
            activities: false,
        };
        let (mut known, mut took_part) = (false, Vec::new());
        for leaf in self.measure(name).map(|measure| self.leaves(measure)).unwrap_or_default() {
            let selection = self.select(leaf)?;
            let reach = self.reach(leaf);
            let (Some(table), Some(first)) = (self.table(leaf), reach.first) else { continue };
            if table.is_empty() || selection.unanswered.is_some() {
                continue;
            }
            known = true;
            counts.activities |= table.kind == Kind::Activities;
            // What needs a history is not known before it has one.
            let warm_up = leaf.spec.warm_up.map_or(0, |days| days as i32);
            counts.first = counts.first.max(first.plus(warm_up));
            if let Some(last) = reach.last.filter(|_| reach.ended) {
                counts.ended = Some(counts.ended.map_or(last, |ended| ended.min(last)));
            }
            let places = Places::new(self, leaf, table, &sheet.weeks, |_| false);
            let other = leaf.spec.credit != Whose::Owner;
            let outcome = match table.column("outcome") {
                Some(Column::Words(words)) if table.kind == Kind::Activities => words.code_of("held").map(|code| (words.codes(), code)),
                _ => None,
            };
            for row in selection.rows.iter().map(|row| *row as usize) {
                let held = outcome.is_some_and(|(codes, held)| codes.get(row) == Some(held));
                places.periods(row, |week, day| {
                    counts.any[week] += 1;
                    if other && held {
                        took_part.clear();
                        places.shares_of(self.facts.activity_credits.of(row), day, |entity, _| took_part.push(entity));
                    }
                    places.shares(row, day, |entity, _| {
                        let cell = entity * sheet.weeks.len() + week;
                        counts.of[cell] += 1;
                        // A share is of the activities that one took part in: a coach who did not adds to no whole.
                        let mine = !other || took_part.contains(&entity);
                        counts.held[cell] += u32::from(held && mine);
                    });
                });
            }
        }
        Ok(known.then_some(counts))
    }

    /// The records of a measure in the weeks, a list for each entity.
    pub(super) fn lists(&self, sheet: &Sheet, measure: &Measure, weeks: Range) -> Result<Rc<Vec<Vec<Listed>>>, Diagnostic> {
        let key = (measure.spec.name.clone(), weeks);
        if let Some(found) = sheet.lists.borrow().get(&key) {
            return Ok(Rc::clone(found));
        }
        let mut lists = vec![Vec::new(); sheet.entities.len()];
        let whole = self.calendar.partition(Grain::Range, weeks);
        if let Some(table) = self.table(measure) {
            let places = Places::new(self, measure, table, &whole, |_| false);
            for row in self.select(measure)?.rows.iter().map(|row| *row as usize) {
                places.periods(row, |_, day| {
                    places.shares(row, day, |entity, share| lists[entity].push(Listed { row, day, share }));
                });
            }
        }
        let lists = Rc::new(lists);
        sheet.lists.borrow_mut().insert(key, Rc::clone(&lists));
        Ok(lists)
    }

    /// Of which entities there is any activity: that they took part in, or coached in.
    fn active(&self, entities: &[Entity]) -> Vec<bool> {
        let (roster, table) = (&self.data.roster, &self.data.activities);
        let mut people = vec![false; roster.people.len()];
        for row in (0..table.len()).filter(|row| table.used(*row)) {
            let took_part = self.facts.activity_credits.of(row);
            for credit in took_part.iter().chain(self.facts.coach_credits.of(row)) {
                if let Some(active) = people.get_mut(credit.person as usize) {
                    *active = true;
                }
            }
        }
        let been_in = |who: &crate::table::Person, team: u32| who.spans.iter().any(|span| span.team == Some(team));
        let active = |entity: &Entity| match *entity {
            Entity::Owner(person) => people.get(person as usize).copied().unwrap_or_default(),
            Entity::Team(team) => roster.people.iter().zip(&people).any(|(who, active)| *active && been_in(who, team)),
            Entity::All | Entity::NoOwner => !table.is_empty(),
        };
        entities.iter().map(active).collect()
    }

    /// Whether each week counts for each entity.
    fn there(&self, entities: &[Entity], weeks: &Partition) -> Vec<There> {
        let plain;
        let targets = if let Some(targets) = &self.targets {
            targets
        } else {
            plain = Targets::new(&[], &self.data.roster, &self.facts.seen, self.calendar, None);
            &plain
        };
        let days = |entity: Entity, week: Range| -> Option<u32> {
            let roster = &self.data.roster;
            match entity {
                Entity::Owner(person) => {
                    let who = roster.people.get(person as usize)?;
                    let days = if who.listed {
                        week
                    } else {
                        let (first, last) = self.facts.seen.get(person as usize).copied().flatten()?;
                        week.intersect(Range { first: first.min(last), last: last.plus(SEEN_DAYS) })?
                    };
                    let with_us = |span: &crate::table::Span| {
                        days.intersect(Range { first: span.first.unwrap_or(Day::MIN), last: span.last.unwrap_or(Day::MAX) }).is_some()
                    };
                    who.spans.iter().any(with_us).then(|| targets.worked(who, days, None))
                }
                Entity::Team(team) => {
                    let middle = week.first.plus(3);
                    let any = (0..roster.people.len() as u32).any(|person| roster.sum_of(person, middle) == Some(team));
                    any.then(|| self.calendar.workdays(week))
                }
                Entity::All | Entity::NoOwner => Some(self.calendar.workdays(week)),
            }
        };
        let mut there = Vec::with_capacity(entities.len() * weeks.len());
        for entity in entities {
            for week in weeks {
                let usual = self.calendar.workdays_of_week(week.range);
                there.push(match days(*entity, week.range) {
                    None => There::Away,
                    Some(days) if days > 0 && days * 2 >= usual => There::Full,
                    Some(_) => There::Short,
                });
            }
        }
        there
    }
}
