//! First meetings and presentations: what each can be expected to bring by the date, and until which week it counts for it.
//!
//! The share of accounts that have bought some weeks after the first record of a measure is Kaplan and Meier's: who has not bought yet is
//! followed until then, and not lost. A draw resamples the accounts.

use rayon::prelude::*;

use super::model::{Average, DRAWS, random, resampled};
use super::{Estimate, Given, Tested};
use crate::calendar::{Calendar, Day, Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::measure::Engine;
use crate::predict::linkage;
use crate::predict::linkage::LEAST_ACCOUNTS;
use crate::stats::survival::{self, survival};

/// The share that buys is that of those who have bought so many weeks after.
const WITHIN: f64 = 52.0;

/// What became of the accounts first met.
#[derive(Debug, Clone, Default)]
pub struct Followed {
    /// Each account's weeks from its first record to its first win, or until when it is followed; and whether it was won.
    pub accounts: Vec<(f64, bool)>,
    /// How many of these accounts there are per record: 1, or less where records are with accounts that are not followed.
    pub per_record: f64,
    /// The weeks by which half of those that buy had bought.
    pub half: Option<f64>,
    /// What is left out and why, in sentences.
    pub cuts: Vec<String>,
}

impl Followed {
    /// What became of the accounts that a measure's records met first; none where the exports cannot follow any. Where each account counts
    /// `once`, a record is no new account where several are with the same.
    ///
    /// # Errors
    /// Where the measure's predicate cannot be evaluated over these exports.
    pub fn of(engine: &Engine<'_>, measure: &str, once: bool) -> Result<Option<Self>, Diagnostic> {
        let Some(found) = linkage(engine, measure)? else { return Ok(None) };
        let mut per_record = 1.0;
        if let (true, Some(measure), Some(days)) = (once, engine.measure(measure), Range::new(found.first, found.through)) {
            let records = engine.rows_in(measure, &engine.calendar.range_period(days))?.len();
            per_record = (found.accounts as f64 / records.max(1) as f64).min(1.0);
        }
        Ok(Some(Self { accounts: found.times, per_record, half: found.half, cuts: found.cuts }))
    }
}

/// The share that has bought over the weeks since the first record.
#[derive(Debug, Clone, PartialEq)]
pub struct Curve {
    /// The share from each time on, by time.
    steps: Vec<(f64, f64)>,
    /// What a week of the history becomes where another lead time is given.
    stretch: f64,
    /// How many weeks later, where the lead time of the history is too short to stretch.
    shift: f64,
    /// What a share becomes where another conversion is given.
    scale: f64,
}

impl Curve {
    /// The curve of accounts that were followed, as far as [`LEAST_ACCOUNTS`] of them were.
    pub fn of(accounts: &[(f64, bool)]) -> Self {
        Self::sampled(&survival::Followed::events(accounts), None)
    }

    /// The curve of a sample that has each account as `often` as it says; of each once where there is none.
    fn sampled(accounts: &survival::Followed, often: Option<&[u32]>) -> Self {
        let told = survival(accounts, often).into_iter().take_while(|point| point.at_risk >= LEAST_ACCOUNTS);
        let steps = told.filter(|point| point.events > 0).map(|point| (point.time, 1.0 - point.survival)).collect();
        Self { steps, stretch: 1.0, shift: 0.0, scale: 1.0 }
    }

    /// The curve on which everybody who buys does so after some weeks.
    pub fn step(weeks: f64, share: f64) -> Self {
        Self { steps: vec![(weeks, share)], stretch: 1.0, shift: 0.0, scale: 1.0 }
    }

    /// The share that has bought by so many weeks; that of the longest time followed beyond it.
    pub fn at(&self, weeks: f64) -> f64 {
        let before = self.steps.partition_point(|(time, _)| self.moved(*time) <= weeks);
        before.checked_sub(1).and_then(|at| self.steps.get(at)).map_or(0.0, |(_, share)| (share * self.scale).min(1.0))
    }

    /// When those buy who bought so many weeks after in the history.
    fn moved(&self, weeks: f64) -> f64 {
        // Nobody buys before the first meeting.
        (weeks * self.stretch + self.shift).max(0.0)
    }

    /// The share that has bought within a year, or the longest time followed.
    pub fn end(&self) -> f64 {
        self.at(WITHIN.max(self.moved(WITHIN)))
    }

    /// The weeks by which half of those had bought; none where nobody has.
    pub fn half(&self) -> Option<f64> {
        let half = self.end() / 2.0;
        let found = self.steps.iter().find(|(_, share)| share * self.scale >= half - 1e-12 && *share > 0.0)?;
        Some(self.moved(found.0))
    }

    /// The same curve with another conversion, where one is given, and another lead time in place of the one that is assumed else: each
    /// account's weeks in proportion, or as many weeks later where less than a week is assumed.
    pub(super) fn with(mut self, conversion: Option<f64>, lead: Option<(f64, f64)>) -> Self {
        if let Some((lead, assumed)) = lead {
            (self.stretch, self.shift) = if assumed < 1.0 { (1.0, lead - assumed) } else { (lead / assumed, 0.0) };
        }
        if let Some(conversion) = conversion {
            let end = self.end();
            self.scale = if end > 0.0 { conversion / end } else { 1.0 };
        }
        self
    }
}

/// Where a lead time is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeadFrom {
    /// It is given.
    Given,
    /// The lead test found it.
    Tested,
    /// By then half of the accounts that buy had bought.
    Linkage,
    /// Deals take so long from creation to win.
    DaysToWin,
}

/// A week that is still ahead, as far as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Ahead {
    /// The week.
    pub week: Period,
    /// How much of its work is still ahead: 1 for five workdays of five.
    pub part: f64,
    /// The weeks from its middle to the day before a win counts; below 0 where that day is earlier.
    pub from: f64,
    /// The weeks from its middle to the last day on which a win counts.
    pub to: f64,
}

/// The weeks from a day on to the last day on which a win counts.
pub fn ahead(calendar: &Calendar, first: Day, goal: Range) -> Vec<Ahead> {
    let Some(days) = Range::new(first, goal.last) else { return Vec::new() };
    let weeks: Partition = calendar.partition(Grain::Week, days);
    let part = |week: &Period| {
        let left = week.range.intersect(days)?;
        let full = f64::from(calendar.workdays_of_week(week.range)).max(1.0);
        let middle = left.first.0 + (left.last.0 - left.first.0) / 2;
        let to = |day: Day| f64::from(day.0 - middle) / 7.0;
        let part = f64::from(calendar.workdays(left)) / full;
        Some(Ahead { week: week.clone(), part, from: to(goal.first) - 1.0 / 7.0, to: to(goal.last) })
    };
    weeks.iter().filter_map(part).filter(|ahead| ahead.part > 0.0).collect()
}

/// Until when a record counts for the date.
#[derive(Debug, Clone, PartialEq)]
pub struct Reach {
    /// The last week whose records can still count.
    pub last: Period,
    /// Whether that week lies behind.
    pub over: bool,
    /// The first week whose records no longer can, of those that are not behind.
    pub then: Period,
    /// The period that they serve.
    pub serves: Period,
}

impl Reach {
    /// Until when records count that take so many weeks.
    pub fn of(calendar: &Calendar, as_of: Day, goal: &Period, weeks: f64) -> Self {
        let days = (weeks * 7.0).round().clamp(0.0, 1e6) as i32;
        let last = calendar.period_of(Grain::Week, goal.range.last.plus(-days));
        let now = calendar.period_of(Grain::Week, as_of);
        let over = last.range.last < as_of;
        let then = if over { now } else { calendar.next(&last) };
        let grain = if goal.grain == Grain::Range { Grain::Quarter } else { goal.grain };
        let serves = calendar.period_of(grain, then.range.first.plus(days).max(goal.range.last.plus(1)));
        Self { last, over, then, serves }
    }
}

/// What a measure can be expected to bring.
#[derive(Debug, Clone)]
pub struct Activity {
    /// The measure.
    pub measure: &'static str,
    /// How many accounts are followed.
    pub accounts: usize,
    /// How many of them were won.
    pub won: usize,
    /// The share that buys; none where too few are followed and nothing is given.
    pub conversion: Option<Estimate>,
    /// The weeks that it takes.
    pub lead: Option<(Estimate, LeadFrom)>,
    /// Until when it counts.
    pub reach: Option<Reach>,
    /// How many weeks are left in which it counts, one that has begun too: in each of them one more a week is one more; 0 where that is
    /// over, or not known.
    pub weeks_left: usize,
    /// What one more a week brings, up to the last week that counts; with its draws.
    pub each: Option<(Estimate, Vec<f64>)>,
    /// The share of the wins of one record a week, over all weeks that are ahead, by the date: what the present pace is multiplied with.
    pub wins: Option<(f64, Vec<f64>)>,
}

/// What an activity is worked out from.
pub struct From<'a> {
    /// The measure.
    pub measure: &'static str,
    /// What became of the accounts.
    pub followed: Option<&'a Followed>,
    /// The mean amount of a won deal.
    pub average: Option<&'a Average>,
    /// The calendar.
    pub calendar: &'a Calendar,
    /// The day of the report, and the last day of which anything is known.
    pub days: (Day, Day),
    /// The goal's days.
    pub goal: &'a Period,
    /// The lead time that the lead test found, with its range.
    pub tested: Option<Tested>,
    /// The weeks from a deal's creation to its win.
    pub weeks_to_win: Option<f64>,
}

impl Activity {
    /// What a measure can be expected to bring, with what is given of it.
    pub fn of(from: &From<'_>, given: &Given) -> Self {
        let accounts = from.followed.map_or(&[][..], |followed| followed.accounts.as_slice());
        let own = (accounts.len() >= LEAST_ACCOUNTS && accounts.iter().any(|(_, won)| *won)).then(|| Curve::of(accounts));
        let tested = from.tested.as_ref().map(|tested| (tested.weeks, LeadFrom::Tested));
        let days_to_win = from.weeks_to_win.map(|weeks| (Estimate::exact(weeks), LeadFrom::DaysToWin));
        let half = from.followed.and_then(|followed| followed.half);
        // What is assumed unless another is given, which the history is then stretched by.
        let assumed = tested.or(half.map(|half| (Estimate::exact(half), LeadFrom::Linkage))).or(days_to_win);
        let (mut curve, mut draws) = (None, Vec::new());
        if let Some(own) = own {
            let assumed = assumed.map(|(weeks, _)| weeks.value).or(own.half());
            let lead = given.lead_weeks.zip(assumed);
            let sorted = survival::Followed::events(accounts);
            draws = (0..DRAWS)
                .into_par_iter()
                .map(|number| {
                    let often = resampled(accounts.len(), &mut random(2, number));
                    let drawn = often.map_or_else(|| own.clone(), |often| Curve::sampled(&sorted, Some(&often)));
                    drawn.with(given.conversion, lead)
                })
                .collect();
            curve = Some(own.with(given.conversion, lead));
        } else if let (Some(share), Some(weeks)) = (given.conversion, given.lead_weeks.or(assumed.map(|(weeks, _)| weeks.value))) {
            curve = Some(Curve::step(weeks, share));
            draws = vec![Curve::step(weeks, share); DRAWS];
        }
        let halves: Vec<f64> = draws.iter().filter_map(Curve::half).collect();
        let half = half.filter(|_| curve.is_some()).map(|half| (Estimate::of(half, &halves), LeadFrom::Linkage));
        let lead = given.lead_weeks.map(|weeks| (Estimate::exact(weeks), LeadFrom::Given)).or(tested).or(half).or(days_to_win);
        // A conversion that is given is that of a meeting, whoever it is with.
        let per_record = from.followed.filter(|_| given.conversion.is_none()).map_or(1.0, |followed| followed.per_record);
        let (as_of, known) = from.days;
        let reach = lead.map(|(weeks, _)| Reach::of(from.calendar, as_of, from.goal, weeks.value));
        let all = ahead(from.calendar, known.plus(1), from.goal.range);
        let wins = |curve: &Curve, weeks: &[Ahead]| {
            per_record * weeks.iter().map(|week| week.part * (curve.at(week.to) - curve.at(week.from))).sum::<f64>()
        };
        let counting: Vec<Ahead> = reach.as_ref().map_or_else(Vec::new, |reach| {
            ahead(from.calendar, as_of, from.goal.range).into_iter().filter(|week| week.week.range.first <= reach.last.range.last).collect()
        });
        let each = curve.as_ref().zip(from.average).map(|(curve, average)| {
            let drawn: Vec<f64> = draws.iter().zip(&average.draws).map(|(curve, average)| wins(curve, &counting) * average).collect();
            (Estimate::of(wins(curve, &counting) * average.amount.value, &drawn), drawn)
        });
        let ends: Vec<f64> = draws.iter().map(Curve::end).collect();
        Self {
            measure: from.measure,
            accounts: accounts.len(),
            won: accounts.iter().filter(|(_, won)| *won).count(),
            conversion: curve.as_ref().map(|curve| Estimate::of(curve.end(), &ends)),
            lead,
            reach,
            weeks_left: counting.len(),
            each,
            wins: curve.as_ref().map(|curve| (wins(curve, &all), draws.iter().map(|curve| wins(curve, &all)).collect())),
        }
    }
}
