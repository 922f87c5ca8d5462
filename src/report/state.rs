//! The state of each entity: leads over 4 weeks against lag to date (measures, section 4).

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{Run, evidence, pace, tidy, words};
use crate::calendar::{Day, Grain, Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::document::State;
use crate::measure::spec::{Direction, UnitKind};
use crate::measure::{Cube, Entity, Measure};
use crate::table::Role;
use crate::unit::{Unit, Value};

/// Leads are judged over this many complete weeks.
pub(super) const WEEKS: usize = 4;

/// Without a target they are held against this many weeks before.
const BASE: usize = 13;

/// The state of somebody who is too new to have one.
pub(super) const TOO_SOON: &str = "too soon";

/// Somebody on the roster for fewer weeks is not judged.
const SETTLED_DAYS: i32 = 8 * 7;

/// A state with what the page draws beside it.
pub(super) struct Judged {
    /// Whose.
    pub(super) entity: Entity,
    /// The state.
    pub(super) state: State,
    /// How each lead stands.
    pub(super) leads: Vec<Lead>,
    /// The lag that is judged.
    pub(super) lag: Option<Lag>,
}

/// How one lead stands over the last weeks.
pub(super) struct Lead {
    /// The measure.
    pub(super) measure: String,
    /// The sum over the weeks.
    pub(super) value: f64,
    /// What was agreed, or the own past.
    pub(super) against: f64,
    /// Whether `against` is a target.
    pub(super) agreed: bool,
    /// Its unit.
    pub(super) unit: Unit,
    /// Over how many weeks.
    pub(super) weeks: usize,
    /// How many weeks were looked at for the runs below.
    pub(super) looked_at: usize,
    /// Value over what it is held against.
    pub(super) share: f64,
    /// For how many weeks in a row it has been below.
    pub(super) weeks_below: usize,
    /// For how many weeks in a row there was none.
    pub(super) weeks_none: usize,
}

/// How the lag stands to date.
pub(super) struct Lag {
    /// Value over pace, or over the 13 weeks before.
    pub(super) share: f64,
    /// Whether it is held against a target.
    pub(super) agreed: bool,
}

/// The weeks by which states are judged: they end with the last complete week that the page's period reaches.
pub(super) fn weeks(run: &Run<'_>) -> Option<Partition> {
    let end = run.period().range.last.min(run.as_of);
    let through = run.facts.through?;
    let mut last = run.calendar.period_of(Grain::Week, end.min(through.plus(7)));
    while !run.engine.complete(&last) || last.range.last > end {
        if last.range.last < run.facts.activities.first.or(run.facts.deals.first)? {
            return None;
        }
        last = run.calendar.previous(&last);
    }
    Some(run.calendar.ending_with(&last, 2 * BASE + WEEKS))
}

/// Judges every entity that the options leave.
pub(super) fn states(run: &Run<'_>) -> Result<Vec<Judged>, Diagnostic> {
    let Some(weeks) = weeks(run) else { return Ok(Vec::new()) };
    let cube = run.engine.cube(&run.shown(), &weeks)?;
    let lags = lag_cube(run)?;
    let mut judged = Vec::new();
    for entity in run.entities() {
        if matches!(entity, Entity::NoOwner) || matches!(entity, Entity::Owner(p) if !run.present(p, run.period().range)) {
            continue;
        }
        judged.push(judge(run, &cube, lags.as_ref(), entity));
    }
    Ok(judged)
}

/// The day until which lags are taken: the end of the page's period, or the day of the report where that comes first.
pub(super) fn to_date(run: &Run<'_>) -> Day {
    until(run, run.period())
}

/// The day until which lags are taken in a period.
pub(super) fn until(run: &Run<'_>, period: &Period) -> Day {
    let end = period.range.last.min(run.as_of);
    run.facts.through.map_or(end, |through| if run.calendar.reaches_end(Range::day(end), through) { end } else { end.min(through) })
}

/// The period in which a lag is judged: its target's own, for everybody on the page the same.
pub(super) fn lag_period(run: &Run<'_>, measure: &str) -> Option<Range> {
    let unit = match run.catalog.spec(measure)?.unit {
        UnitKind::Money => Unit::Money(run.engine.currencies().first()?.clone()),
        _ => Unit::Count,
    };
    own_period(run, measure, &unit, to_date(run))
}

/// The longest period of its own that a measure's target has for anybody on a day.
pub(super) fn own_period(run: &Run<'_>, measure: &str, unit: &Unit, day: Day) -> Option<Range> {
    let entities = run.engine.entities().into_iter();
    entities.filter_map(|entity| run.targets.own_period(measure, unit, entity, day)).max_by_key(|range| range.len())
}

/// The first lag over its target's own period to date, if it has a target.
fn lag_cube(run: &Run<'_>) -> Result<Option<(Range, Cube)>, Diagnostic> {
    let Some(name) = run.lags.first() else { return Ok(None) };
    let Some(whole) = lag_period(run, name) else { return Ok(None) };
    let Some(part) = whole.until(to_date(run)) else { return Ok(None) };
    let partition = run.calendar.partition(Grain::Range, part);
    Ok(Some((whole, run.engine.cube(std::slice::from_ref(name), &partition)?)))
}

fn judge(run: &Run<'_>, cube: &Cube, lags: Option<&(Range, Cube)>, entity: Entity) -> Judged {
    let leads: Vec<Lead> = run.leads.iter().filter_map(|name| lead(run, cube, entity, name)).collect();
    let mean = (!leads.is_empty()).then(|| leads.iter().map(|l| l.share.min(1.0)).sum::<f64>() / leads.len() as f64);
    let (lag, mut state) = lag(run, cube, lags, entity);
    state.level = entity.level().name();
    run.name(entity).clone_into(&mut state.name);
    state.leads = mean;
    state.lag = lag.as_ref().map(|l| l.share);
    (state.state, state.reason) = verdict(run, cube, entity, &leads, mean, lag.as_ref(), &state);
    Judged { entity, state, leads, lag }
}

fn verdict(
    run: &Run<'_>,
    cube: &Cube,
    entity: Entity,
    leads: &[Lead],
    mean: Option<f64>,
    lag: Option<&Lag>,
    state: &State,
) -> (String, String) {
    if let Entity::Owner(person) = entity {
        if let Some(reason) = helps(run, person)
            && leads.iter().all(|l| !l.agreed)
        {
            return (String::new(), format!("{reason}: not judged as one who sells"));
        }
        if let Some(reason) = too_new(run, person, cube.periods.range().last) {
            return (TOO_SOON.to_owned(), reason);
        }
    }
    let (Some(mean), Some(lag)) = (mean, lag) else {
        let measure = run.engine.measure(&state.lag_measure);
        let ended = measure.map(|m| (m, run.engine.reach(m))).filter(|(_, reach)| reach.ended && lag.is_none());
        if let Some((measure, last)) = ended.and_then(|(m, reach)| Some((m, reach.last?))) {
            let name = words::measure(run, &state.lag_measure);
            return (String::new(), format!("{} ended {last}: there is no {name} to date to be judged", measure.spec.from.name()));
        }
        let missing = match (mean, lag) {
            (None, None) => "neither leads nor lag have a target, or enough of their own past, to be held against",
            (None, _) => "no lead has a target, or 4 weeks of its own past with anything in them, to be held against",
            _ => "the lag has neither a target nor 26 weeks of its own past to be held against",
        };
        return (String::new(), missing.to_owned());
    };
    let word = match (mean >= run.on_pace, lag.share >= run.on_pace) {
        (true, true) => "WINNING",
        (true, false) => "BUILDING",
        (false, true) => "COASTING",
        (false, false) => "BEHIND",
    };
    let mut reason = reason(run, leads, mean, lag, state);
    if word == "BUILDING"
        && let Some(due) = cube.periods.get(cube.periods.len() - 1).and_then(|last| evidence::due(run, last))
    {
        reason.push_str("; results due from ");
        reason.push_str(words::short(&due));
    }
    (word.to_owned(), reason)
}

/// Whether a person is one who sells, so that the own past can stand for a target.
pub(super) fn sells(run: &Run<'_>, person: u32) -> bool {
    run.data.roster.people.get(person as usize).is_none_or(|p| p.role == Role::Rep)
}

/// Why an entity stands as it does, in words.
fn reason(run: &Run<'_>, leads: &[Lead], mean: f64, lag: &Lag, state: &State) -> String {
    let lag_name = words::measure(run, &state.lag_measure);
    let short = leads.iter().map(|l| l.weeks).max().filter(|weeks| *weeks < WEEKS);
    let since = short.map(|weeks| format!("of target over the {} that it has been set for", words::count(weeks as u64, "week")));
    let leads_by = if let Some(since) = since.as_deref().filter(|_| leads.iter().all(|l| l.agreed)) {
        since
    } else if leads.iter().all(|l| l.agreed) {
        "of target over 4 weeks"
    } else if leads.iter().any(|l| l.agreed) {
        "of target or own past over 4 weeks"
    } else {
        "of the own 13 weeks before, over 4 weeks"
    };
    let lag_by = if lag.agreed { "of pace" } else { "of the 13 weeks before" };
    format!("leads {} {leads_by}; {lag_name} {} {lag_by}", words::percent(mean), words::percent(lag.share))
}

/// Why somebody is not judged as one who sells, unless a target says otherwise: a leader whose numbers are in no team's sum, or a helper.
pub(super) fn helps(run: &Run<'_>, person: u32) -> Option<&'static str> {
    match run.data.roster.people.get(person as usize)?.role {
        Role::Leader if !run.data.roster.leaders_sell => Some("leads others"),
        Role::Other => Some("neither sells nor leads"),
        Role::Leader | Role::Rep => None,
    }
}

/// Why somebody is too new to be judged over days that end with `last`.
pub(super) fn too_new(run: &Run<'_>, person: u32, last: Day) -> Option<String> {
    let first = first_day(run, person).filter(|first| last.0 - first.0 + 1 < SETTLED_DAYS)?;
    Some(format!("here since {first}: not judged before 8 weeks"))
}

fn first_day(run: &Run<'_>, person: u32) -> Option<Day> {
    let who = run.data.roster.people.get(person as usize)?;
    let seen = run.facts.seen.get(person as usize).copied().flatten().map(|(first, _)| first);
    if who.listed {
        return who.first_day();
    }
    // Where the export itself is young, everybody is.
    seen.filter(|first| run.facts.activities.first.is_some_and(|begin| first.0 - begin.0 > SETTLED_DAYS))
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

/// How a lead stands over the last weeks: against its target, else against the own 13 weeks before.
fn lead(run: &Run<'_>, cube: &Cube, entity: Entity, name: &str) -> Option<Lead> {
    let series = cube.of(name).next()?;
    let index = cube.entity(entity)?;
    let measure = run.engine.measure(name)?;
    let unit = &cube.series[series].unit;
    let n = cube.periods.len();
    let there = |at: usize| match (entity, cube.periods.get(at)) {
        (Entity::Owner(person), Some(p)) => run.present(person, p.range),
        _ => true,
    };
    let value = |at: usize| number(cube.value(series, index, at)).filter(|_| there(at));
    let target = |at: usize| {
        let period = cube.periods.get(at)?;
        tidy::target(run, measure, unit, entity, period, true).0.as_ref().and_then(number)
    };
    let last: Vec<usize> = (n.saturating_sub(WEEKS)..n).filter(|at| value(*at).is_some()).collect();
    if last.is_empty() {
        return None;
    }
    let rate = matches!(unit, Unit::Ratio | Unit::Days);
    let total = |f: &dyn Fn(usize) -> Option<f64>, at: &[usize]| at.iter().filter_map(|a| f(*a)).sum::<f64>();
    let targets: Vec<usize> = last.iter().copied().filter(|at| target(*at).is_some()).collect();
    let agreed = !targets.is_empty();
    // Weeks before there was a target are not held against it.
    let last = if agreed { targets.clone() } else { last };
    let done = total(&value, &last) / if rate { last.len() as f64 } else { 1.0 };
    let base: Vec<usize> = (n.saturating_sub(WEEKS + BASE)..n.saturating_sub(WEEKS))
        .filter(|at| value(*at).is_some() && cube.periods.get(*at).is_some_and(|p| tidy::began(run, measure, p)))
        .collect();
    let usual = total(&value, &base) / base.len().max(1) as f64;
    let against = if agreed {
        total(&target, &targets) / if rate { targets.len() as f64 } else { 1.0 }
    } else if base.len() >= WEEKS {
        usual * if rate { 1.0 } else { last.len() as f64 }
    } else {
        return None;
    };
    let share = reached(measure, done, against)?;
    let down = measure.spec.good == Direction::Down;
    let below = |at: usize| {
        let aim = if agreed { target(at) } else { Some(usual) };
        value(at).zip(aim).is_some_and(|(v, t)| t > 0.0 && if down { v > t } else { v < t })
    };
    Some(Lead {
        measure: name.to_owned(),
        value: done,
        unit: unit.clone(),
        weeks: last.len(),
        looked_at: n,
        against,
        agreed,
        share,
        weeks_below: (0..n).rev().take_while(|at| below(*at)).count(),
        weeks_none: (0..n).rev().take_while(|at| value(*at) == Some(0.0) && (!agreed || target(*at).is_some_and(|t| t > 0.0))).count(),
    })
}

/// How much of what it is held against a value comes to: the other way around where less is better; none where there is nothing to reach.
pub(super) fn reached(measure: &Measure, value: f64, against: f64) -> Option<f64> {
    if against <= 0.0 {
        return None;
    }
    Some(match measure.spec.good {
        Direction::Up => value / against,
        Direction::Down if value > 0.0 => against / value,
        Direction::Down => 1.0,
    })
}

/// How the first lag stands: to date against pace, else its last 13 weeks against the 13 before.
fn lag(run: &Run<'_>, cube: &Cube, lags: Option<&(Range, Cube)>, entity: Entity) -> (Option<Lag>, State) {
    let mut state = State {
        level: "",
        name: String::new(),
        state: String::new(),
        reason: String::new(),
        leads: None,
        lag: None,
        lag_measure: run.lags.first().cloned().unwrap_or_default(),
        lag_period: String::new(),
        lag_value: None,
        lag_target: None,
        lag_pace: None,
    };
    let Some(name) = run.lags.first() else { return (None, state) };
    if let Some((whole, to_date)) = lags
        && let Some(found) = against_pace(run, name, *whole, to_date, entity, &mut state)
    {
        return (Some(found), state);
    }
    let (Some(series), Some(index)) = (cube.of(name).next(), cube.entity(entity)) else { return (None, state) };
    let n = cube.periods.len();
    let whole = |first: &Period| run.engine.measure(name).is_some_and(|measure| tidy::began(run, measure, first));
    if n < 2 * BASE || !cube.periods.get(n - 2 * BASE).is_some_and(whole) {
        return (None, state);
    }
    let sum = |from: usize| -> Option<f64> { (from..from + BASE).map(|at| number(cube.value(series, index, at))).sum() };
    let found = sum(n - BASE).zip(sum(n - 2 * BASE)).filter(|(_, before)| *before > 0.0);
    if let (Some(first), Some(last)) = (cube.periods.get(n - BASE), cube.periods.get(n - 1)) {
        state.lag_period = Range { first: first.range.first, last: last.range.last }.to_string();
        let exact = |from: usize| -> Option<String> {
            let parts: Option<Vec<Decimal>> = (from..from + BASE).map(|at| decimal(cube.value(series, index, at))).collect();
            Some(parts?.iter().sum::<Decimal>().to_string())
        };
        state.lag_value = exact(n - BASE);
        state.lag_pace = exact(n - 2 * BASE);
    }
    (found.map(|(now, before)| Lag { share: now / before, agreed: false }), state)
}

fn against_pace(run: &Run<'_>, name: &str, whole: Range, to_date: &Cube, entity: Entity, state: &mut State) -> Option<Lag> {
    let series = to_date.of(name).next()?;
    let index = to_date.entity(entity)?;
    let unit = &to_date.series[series].unit;
    let value = to_date.value(series, index, 0);
    let pace = pace::pace(run, run.engine.measure(name)?, unit, entity, whole, to_date.periods.range())?;
    let target = run.targets.of(name, unit, entity, whole)?.value;
    state.lag_period = whole.to_string();
    state.lag_target = Some(plain(target));
    state.lag_pace = Some(plain(pace));
    state.lag_value = match value {
        Value::Count(n) | Value::Money(n, _) => Some(n.to_string()),
        other => other.as_f64().map(|x| x.to_string()),
    };
    let pace = pace.to_f64().filter(|p| *p > 0.0)?;
    Some(Lag { share: value.as_f64()? / pace, agreed: true })
}

/// A number or an amount as it is.
fn decimal(value: &Value) -> Option<Decimal> {
    match value {
        Value::Count(n) | Value::Money(n, _) => Some(*n),
        _ => None,
    }
}

fn plain(number: Decimal) -> String {
    number.round_dp(2).normalize().to_string()
}

/// The period that holds the days of a lag's target, by its own name where it has one.
pub(super) fn period_name(run: &Run<'_>, range: Range) -> Period {
    [Grain::Day, Grain::Week, Grain::Month, Grain::Quarter, Grain::Year]
        .into_iter()
        .map(|grain| run.calendar.period_of(grain, range.first))
        .find(|period| period.range == range)
        .unwrap_or_else(|| run.calendar.range_period(range))
}
