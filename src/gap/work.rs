//! From the exports to the gap: everything is worked out once for all rows.

use super::activity::{Activity, Followed, From};
use super::history::{self, Dated, History};
use super::levers::{self, Best, Levers, MEASURES};
use super::model::{self, Average, Check, DRAWS, Days, Pipeline, brought, random};
use super::people::{sells, there};
use super::{AsBefore, Ask, Brings, Estimate, Gap, Given, Goal, Need, Row, Unheld, goal};
use crate::calendar::Day;
use crate::diagnostic::Diagnostic;
use crate::measure::{Engine, Entity, Targets};

/// The measures of the two activities.
pub(super) const MEETINGS: &str = MEASURES[0];
const PRESENTATIONS: &str = "presentations";

/// What the rows are worked out from.
pub(super) struct Work<'a, 'e> {
    pub(super) engine: &'a Engine<'e>,
    pub(super) targets: &'a Targets<'e>,
    pub(super) ask: &'a Ask,
    pub(super) goal: Goal,
    pub(super) known: Day,
    /// What the linkage of each activity leaves out, in sentences.
    pub(super) cuts: Vec<Vec<String>>,
    pub(super) entities: Vec<Entity>,
    pub(super) history: History,
    check: Option<Check>,
    pub(super) average: Option<Average>,
    pub(super) pipeline: Option<Pipeline>,
    pub(super) meetings: Activity,
    pub(super) presentations: Activity,
    pub(super) levers: Levers,
    won: Vec<f64>,
    /// The present pace of meetings by entity.
    pub(super) pace: Vec<Option<f64>>,
    /// The best weeks of meetings and of presentations by entity.
    best: [Vec<Best>; 2],
}

impl<'a, 'e> Work<'a, 'e> {
    pub(super) fn new(engine: &'a Engine<'e>, targets: &'a Targets<'e>, goal: Goal, ask: &'a Ask) -> Result<Self, Diagnostic> {
        let known = goal::known(engine);
        let entities = engine.entities();
        let won = goal.won(engine)?;
        let history = History::of(engine, &goal, known)?;
        let given = &ask.given;
        let average = Average::of(&history.wins, given.average_deal);
        let scale = given
            .win_rate
            .zip(model::win_rate(&history))
            .map_or(1.0, |(given, (own, _))| if own.value > 0.0 { given / own.value } else { 1.0 });
        let ahead = |day: Day| f64::from((day.0 - known.0).max(0));
        let days = Days { from: ahead(goal.range.first.plus(-1)), to: ahead(goal.range.last) };
        let pipeline = model::pipeline(&history, days, average.as_ref(), given, scale, entities.len() + 1);
        let check = {
            let whole = entities.binary_search(&ask.whole).ok();
            let of = |deal: &Dated, day: Day| history::of(engine, &entities, deal.row, day);
            // Whoever came later has the deals that others left open, and none of those that they won.
            let was_there = |day: Day| !matches!(ask.whole, Entity::Owner(person) if !there(engine, person, day));
            let whole = |day: Day| whole.filter(|_| was_there(day));
            let share =
                |deal: &Dated, day: Day| of(deal, day).iter().find(|(at, _)| Some(*at) == whole(day)).map_or(0.0, |(_, share)| *share);
            Check::of(&history, known, days, average.as_ref(), ask.whole, &share).filter(|_| given.pipeline_rate.is_none())
        };
        let levers = Levers::of(engine, &goal.unit())?;
        let own: Vec<Option<f64>> =
            levers.lever(MEETINGS).map_or_else(Vec::new, |lever| lever.values.iter().map(|(now, _)| now.as_f64()).collect());
        let whole = entities.binary_search(&ask.whole).ok().and_then(|at| own.get(at).copied().flatten());
        // Everybody's own pace is in proportion to that of the whole.
        let times = given.pace.zip(whole).map_or(1.0, |(given, own)| if own > 0.0 { given / own } else { 1.0 });
        let mut pace: Vec<Option<f64>> = own.into_iter().map(|pace| pace.map(|pace| pace * times)).collect();
        if let (Some(given), Ok(at)) = (given.pace, entities.binary_search(&ask.whole))
            && let Some(slot) = pace.get_mut(at)
        {
            *slot = Some(given);
        }
        let linked = [Followed::of(engine, MEETINGS, true)?, Followed::of(engine, PRESENTATIONS, false)?];
        // What is given of first meetings says nothing of presentations.
        let other = Given { conversion: None, lead_weeks: None, ..*given };
        let [meetings, presentations] = [(MEETINGS, given, 0), (PRESENTATIONS, &other, 1)].map(|(measure, given, at): (_, _, usize)| {
            let from = From {
                measure,
                followed: linked.get(at).and_then(Option::as_ref),
                average: average.as_ref(),
                calendar: engine.calendar,
                days: (engine.as_of, known),
                goal: &goal.period,
                tested: ask.tested[at],
                weeks_to_win: history.days_to_win.map(|days| days / 7.0),
            };
            Activity::of(&from, given)
        });
        let cuts = linked.into_iter().map(|linked| linked.map_or_else(Vec::new, |linked| linked.cuts)).collect();
        let best = [levers::best(engine, MEETINGS)?, levers::best(engine, PRESENTATIONS)?];
        Ok(Self {
            engine,
            targets,
            ask,
            goal,
            known,
            cuts,
            entities,
            history,
            check,
            average,
            pipeline,
            meetings,
            presentations,
            levers,
            won,
            pace,
            best,
        })
    }

    pub(super) fn gap(self) -> Gap {
        let shown = if self.goal.given.is_some() { vec![self.ask.whole] } else { self.ask.rows.clone() };
        let rows = shown.into_iter().filter_map(|entity| self.row(entity)).collect();
        let (assumptions, brings, needs, notes) = (self.assumptions(), self.brings(), self.needs(), self.notes());
        let (left, unowned) = (self.unheld(self.entities.len()), self.unheld(self.entities.len().saturating_sub(1)));
        let Self { goal, known, meetings, presentations, levers, check, engine, .. } = self;
        let starts = Some(goal.range.first).filter(|first| *first > engine.as_of);
        Gap { goal, known, starts, left, unowned, rows, meetings, presentations, assumptions, levers, check, brings, needs, notes }
    }

    /// The open deals at a place of nobody's: the last of the entities is no owner, and after it come people who have left.
    pub(super) fn unheld(&self, at: usize) -> Unheld {
        let open = self.history.open.iter().filter_map(|deal| Some((deal, deal.of.iter().find(|(of, _)| *of == at)?.1)));
        let (mut deals, mut amount) = (0, 0.0);
        for (deal, share) in open {
            deals += 1;
            amount += deal.amount.unwrap_or(0.0) * share;
        }
        Unheld { deals, amount, expected: self.pipeline.as_ref().and_then(|pipeline| pipeline.expected.get(at).copied()) }
    }

    /// How many who are there have no pace yet.
    pub(super) fn starting(&self) -> usize {
        // Where nothing is known of anybody, nobody lacks it by being new.
        if self.pace.iter().all(Option::is_none) {
            return 0;
        }
        let without = |entity: &Entity, pace: &Option<f64>| match entity {
            Entity::Owner(person) => pace.is_none() && sells(self.engine, *person, self.engine.as_of),
            _ => false,
        };
        self.entities.iter().zip(&self.pace).filter(|(entity, pace)| without(entity, pace)).count()
    }

    /// The place of the whole among the entities.
    pub(super) fn whole(&self) -> Option<usize> {
        self.entities.binary_search(&self.ask.whole).ok()
    }

    /// What one more of a lever would bring the whole.
    fn brings(&self) -> Brings {
        let some = |number: f64| Some(number).filter(|number| *number > 0.0);
        let each = |activity: &Activity| activity.each.as_ref().and_then(|(each, _)| some(each.value));
        let expected = self.whole().zip(self.pipeline.as_ref()).and_then(|(at, pipeline)| pipeline.expected.get(at).copied());
        let rate = self.ask.given.win_rate.or(model::win_rate(&self.history).map(|(rate, _)| rate.value));
        let at_pace = self.whole().and_then(|at| Some(self.at_pace(at, self.pace.get(at).copied().flatten()?)?.0.value));
        Brings {
            meeting: each(&self.meetings),
            presentation: each(&self.presentations),
            // The chances of open deals grow in proportion to the win rate; where one rate is given for all of them, they do not.
            win_rate: expected
                .zip(rate.filter(|rate| *rate > 0.0 && self.ask.given.pipeline_rate.is_none()))
                .and_then(|(expected, rate)| some(expected / rate / 100.0)),
            average_deal: expected.and_then(|expected| some((expected + at_pace.unwrap_or(0.0)) / 100.0)),
        }
    }

    fn row(&self, entity: Entity) -> Option<Row> {
        let at = self.entities.binary_search(&entity).ok()?;
        let goal = self.goal.amount(self.targets, entity);
        let won = self.won.get(at).copied().unwrap_or(0.0);
        let left = goal.map(|goal| goal - won);
        let mine = || self.history.open.iter().filter_map(|deal| Some((deal, deal.of.iter().find(|(of, _)| *of == at)?.1)));
        let pace = self.pace.get(at).copied().flatten();
        let pipeline = self.pipeline.as_ref().and_then(|found| Some((found.expected.get(at).copied()?, found.draws.get(at)?)));
        let at_pace = pace.and_then(|pace| self.at_pace(at, pace));
        let missing = left.zip(pipeline).map(|(left, (expected, draws))| {
            let (more, drawn) = at_pace.as_ref().map_or((0.0, None), |(more, drawn)| (more.value, Some(drawn)));
            let each =
                draws.iter().enumerate().map(|(number, draw)| left - draw - drawn.and_then(|drawn| drawn.get(number)).unwrap_or(&0.0));
            (left - expected - more, each.collect::<Vec<f64>>())
        });
        let need = |activity: &Activity, pace: f64, best: &[Best]| {
            let (value, draws) = missing.as_ref()?;
            let (each, by) = activity.each.as_ref()?;
            let per = |missing: f64, each: f64| {
                if missing <= 0.0 {
                    0.0
                } else if each > 0.0 {
                    missing / each
                } else {
                    f64::INFINITY
                }
            };
            let drawn: Vec<f64> = draws.iter().zip(by).map(|(missing, each)| per(*missing, *each)).collect();
            let more = Estimate::of(per(*value, each.value), &drawn);
            let best = best.get(at).copied().unwrap_or_default();
            Some(Need { more, likely: more.value <= 0.0 || best.likely(more.value + pace), best: best.week })
        };
        let failed = self.check.filter(Check::failed);
        let as_before =
            failed.filter(|_| entity == self.ask.whole).and_then(|check| check.times()).zip(pipeline).map(|(times, (expected, _))| {
                let pipeline = expected * times;
                let more = at_pace.as_ref().map_or(0.0, |(more, _)| more.value);
                AsBefore { times, pipeline, missing: left.map(|left| (left - pipeline - more).max(0.0)) }
            });
        Some(Row {
            entity,
            people: self.people(entity),
            goal,
            won,
            open: mine().count(),
            open_amount: mine().filter_map(|(deal, share)| Some(deal.amount? * share)).sum(),
            pipeline: pipeline.map(|(expected, draws)| Estimate::of(expected, draws)),
            pace,
            at_pace: at_pace.map(|(at_pace, _)| at_pace),
            chance: missing
                .as_ref()
                .filter(|_| at_pace_known(pace, &self.meetings))
                .map(|(_, draws)| draws.iter().filter(|missing| **missing <= 0.0).count() as f64 / DRAWS as f64),
            hedged: failed.is_some(),
            as_before,
            meetings: need(&self.meetings, pace.unwrap_or(0.0), &self.best[0]),
            presentations: need(&self.presentations, 0.0, &self.best[1]),
            missing: missing.map(|(value, draws)| {
                let all = Estimate::of(value, &draws);
                Estimate { value: all.value.max(0.0), lo: all.lo.max(0.0), hi: all.hi.max(0.0) }
            }),
        })
    }

    /// What first meetings at a pace bring, with its draws: as many wins as chance makes of it, each of an amount that was won.
    fn at_pace(&self, at: usize, pace: f64) -> Option<(Estimate, Vec<f64>)> {
        let (wins, drawn) = self.meetings.wins.as_ref()?;
        let average = self.average.as_ref()?;
        let draws: Vec<f64> =
            drawn.iter().enumerate().map(|(number, wins)| brought(pace * wins, average, &mut random(16 + at as u64, number))).collect();
        Some((Estimate::of(pace * wins * average.amount.value, &draws), draws))
    }

    /// How many of an entity's sell on the day of the report.
    pub(super) fn people(&self, entity: Entity) -> u32 {
        if let Some(given) = self.ask.given.people.filter(|_| entity == self.ask.whole) {
            return given;
        }
        let roster = &self.engine.data.roster;
        let day = self.engine.as_of;
        let people = (0..roster.people.len() as u32).filter(|person| sells(self.engine, *person, day));
        match entity {
            Entity::All => people.count() as u32,
            Entity::Team(team) => people.filter(|person| roster.sum_of(*person, day) == Some(team)).count() as u32,
            Entity::Owner(_) => 1,
            Entity::NoOwner => 0,
        }
    }
}

/// Whether it is known what the present pace brings.
fn at_pace_known(pace: Option<f64>, meetings: &Activity) -> bool {
    pace.is_some() && meetings.wins.is_some()
}
