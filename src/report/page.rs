//! The page: state line, talk-first line, scoreboard, what was won, trust block.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::scale::{self, Scale};
use super::state::{self, Judged};
use super::tidy::{self, visible, with_history};
use super::{Run, evidence, order, pace, sections, talk, trust, words};
use crate::calendar::{Grain, Partition, Range};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Column, Content, Note, Row, Table, Tone};
use crate::measure::spec::UnitKind;
use crate::measure::{Cube, Entity, Level};
use crate::unit::{Unit, Value, Why};

/// More teams than this are not given a state line each.
const LINES: usize = 6;

/// The page, and whose rows its scoreboard has, top to bottom.
pub(super) struct Page {
    pub(super) blocks: Vec<Block>,
    pub(super) rows: Vec<Entity>,
}

/// The blocks of the page.
pub(super) fn page(run: &Run<'_>, judged: &[Judged]) -> Result<Page, Diagnostic> {
    let mut blocks = Vec::new();
    if let Some(note) = stepped_back(run) {
        blocks.push(Block::Notes(vec![note]));
    }
    blocks.push(banner(run));
    let mut top = state_lines(run, judged);
    let talks = talk::talks(run, judged)?;
    top.extend(talk::line(&talks));
    if !top.is_empty() {
        blocks.push(Block::Notes(top));
    }
    let (table, rows) = scoreboard(run, judged)?;
    blocks.push(Block::Table(table));
    let mut below = Vec::new();
    if let Some(note) = won(run)? {
        below.push(note);
    }
    below.extend(remarks(run, judged));
    below.extend(evidence::note(run));
    if !below.is_empty() {
        blocks.push(Block::Notes(below));
    }
    let first = talk::first(run, judged, &talks);
    blocks.push(Block::Notes(trust::block(run, first.as_deref())?));
    blocks.extend(sections::blocks(run)?);
    Ok(Page { blocks, rows })
}

/// That the period is not the calendar's last one, said before anything else.
fn stepped_back(run: &Run<'_>) -> Option<Note> {
    let period = run.period();
    if run.named || matches!(period.grain, Grain::All | Grain::Range) {
        return None;
    }
    let today = run.calendar.period_of(period.grain, run.as_of);
    let last = if today.range.last <= run.as_of { today } else { run.calendar.previous(&today) };
    let through = run.facts.through?;
    (last.name != period.name).then(|| Note {
        label: String::new(),
        tone: Tone::Bad,
        parts: vec![format!(
            "This is {}, the last complete {} of the exports, and not {}, the calendar's: the exports reach {}.",
            period.name,
            words::grain(period.grain),
            last.name,
            words::day_and_year(through)
        )],
    })
}

pub(super) fn banner(run: &Run<'_>) -> Block {
    let period = run.period();
    let mut left = run.title.clone();
    if let Some(only) = run.owner.or(run.team.map(Entity::Team)) {
        left.push_str(" · ");
        left.push_str(run.name(only));
    }
    let complete = if run.engine.complete(period) { "complete" } else { "not complete" };
    let reach = run.facts.through.map_or_else(
        || "the exports have no dates".to_owned(),
        |d| {
            let same = d.ymd().0 == period.range.last.ymd().0;
            format!("exports reach {}", if same { words::day(d) } else { words::day_and_year(d) })
        },
    );
    let span = words::span(period.range.first, period.range.last);
    let name = words::short(period);
    let right = if matches!(period.grain, Grain::Range | Grain::Day) {
        format!("{span}, {complete}; {reach}")
    } else {
        format!("{name} ({span}), {complete}; {reach}")
    };
    Block::Banner { left, right }
}

fn state_lines(run: &Run<'_>, judged: &[Judged]) -> Vec<Note> {
    let of = |level: Level| judged.iter().filter(|j| j.entity.level() == level).collect::<Vec<_>>();
    let teams = of(Level::Team);
    let lines = if run.owner.is_none() && !teams.is_empty() && teams.len() <= LINES {
        teams
    } else if run.owner.is_some() {
        of(Level::Owner)
    } else {
        of(Level::All)
    };
    lines
        .into_iter()
        .filter(|j| !j.state.reason.is_empty())
        .map(|j| {
            let who = if j.entity == Entity::All { String::new() } else { format!("{}: ", j.state.name) };
            let label = if j.state.state.is_empty() { "no state".to_owned() } else { j.state.state.clone() };
            Note { label, tone: tone(&j.state.state), parts: vec![format!("{who}{}", j.state.reason)] }
        })
        .collect()
}

fn tone(state: &str) -> Tone {
    match state {
        "WINNING" => Tone::Good,
        "COASTING" | "BEHIND" => Tone::Bad,
        "BUILDING" => Tone::Strong,
        _ => Tone::Faint,
    }
}

/// What the scoreboard is made of.
struct Board<'a, 'r> {
    run: &'a Run<'r>,
    judged: &'a [Judged],
    /// Leads over the shown period and those before it.
    cube: Cube,
    /// The shown period in it.
    at: usize,
    /// What is booked for the next period.
    booked: Option<Cube>,
    /// The lags, each over its own period to date.
    lags: Vec<LagColumn>,
}

struct LagColumn {
    name: String,
    /// The whole period in which it is judged.
    whole: Range,
    /// The days of it that count.
    part: Range,
    cube: Cube,
    /// How money is scaled.
    scale: Scale,
}

fn scoreboard(run: &Run<'_>, judged: &[Judged]) -> Result<(Table, Vec<Entity>), Diagnostic> {
    let partition = with_history(run, run.periods.get(run.periods.len() - 1..).unwrap_or_default());
    let cube = run.engine.cube(&run.leads, &partition)?;
    let at = partition.len() - 1;
    let grain = run.period().grain;
    let booked = if run.engine.measure("booked_next").is_some() && !matches!(grain, Grain::All | Grain::Range) {
        let cube = run.engine.cube(&["booked_next".to_owned()], &run.calendar.ending_with(run.period(), 1))?;
        let index = cube.entity(Entity::All).unwrap_or(0);
        // Of a month or quarter that has begun only a part is still to be booked.
        let next = run.calendar.next(run.period());
        let ahead = grain == Grain::Week || run.facts.through.is_some_and(|through| through < next.range.first);
        Some(cube).filter(|c| ahead && !c.series.is_empty() && !c.value(0, index, 0).is_missing())
    } else {
        None
    };
    let board = Board { run, judged, cube, at, booked, lags: lags(run)? };
    let rows = order::in_order(run, |entity| board.shown(entity));
    Ok((board.table(&rows), rows))
}

/// Each lag to date in its own target's period; without a target, the quarter's or the shown period where that is longer.
fn lags(run: &Run<'_>) -> Result<Vec<LagColumn>, Diagnostic> {
    let mut largest: Vec<f64> = Vec::new();
    let mut columns = Vec::new();
    let shown = run.period();
    for name in &run.lags {
        let until = state::to_date(run);
        let (whole, part) = if matches!(shown.grain, Grain::All | Grain::Range) {
            (shown.range, shown.range)
        } else {
            let quarter = run.calendar.period_of(Grain::Quarter, until).range;
            let own = state::lag_period(run, name).or_else(|| run.lags.first().and_then(|first| state::lag_period(run, first)));
            let whole = own.unwrap_or(if shown.range.len() > quarter.len() { shown.range } else { quarter });
            (whole, whole.until(until).unwrap_or(whole))
        };
        let partition: Partition = run.calendar.partition(if shown.grain == Grain::All { Grain::All } else { Grain::Range }, part);
        let cube = run.engine.cube(std::slice::from_ref(name), &partition)?;
        if cube.series.is_empty() {
            continue;
        }
        let all = cube.entity(Entity::All).map_or(0.0, |all| cube.value(0, all, 0).as_f64().unwrap_or(0.0).abs());
        let pace = run.targets.part(name, &cube.series[0].unit, Entity::All, whole, part).and_then(|t| t.value.to_f64()).unwrap_or(0.0);
        largest.push(all.max(pace));
        columns.push(LagColumn { name: name.clone(), whole, part, cube, scale: Scale::of(0.0) });
    }
    // Amounts of one currency stand beside each other in the same thousands.
    let units: Vec<Unit> = columns.iter().map(|lag| lag.cube.series[0].unit.clone()).collect();
    for (at, lag) in columns.iter_mut().enumerate() {
        let alike = |other: &usize| *other == at || (matches!(units[at], Unit::Money(_)) && units[*other] == units[at]);
        lag.scale = Scale::of((0..units.len()).filter(alike).map(|other| largest[other]).fold(0.0, f64::max));
    }
    Ok(columns)
}

impl Board<'_, '_> {
    fn table(&self, rows: &[Entity]) -> Table {
        let run = self.run;
        let period = run.period();
        let mut table = Table {
            title: format!("Leads and lags, {}", words::named(period)),
            groups: vec![(String::new(), 1)],
            columns: vec![column(vec![String::new()], false, 0)],
            rows: Vec::new(),
        };
        let history = self.cube.periods.len().min(tidy::BACK + 1) > 1;
        let leads: Vec<usize> = run.leads.iter().filter_map(|name| self.cube.of(name).next()).collect();
        let label = |series: usize| run.catalog.spec(&self.cube.series[series].measure).map(|s| s.label.clone()).unwrap_or_default();
        let deepest = leads.iter().map(|series| label(*series).lines().count()).max().unwrap_or(0);
        for (index, series) in leads.iter().enumerate() {
            let mut lines: Vec<String> = label(*series).lines().map(str::to_owned).collect();
            if let Some(mark) = self.lead_scale(*series).heading(&self.cube.series[*series].unit)
                && let Some(last) = lines.last_mut()
            {
                last.push_str(", ");
                last.push_str(&mark);
            }
            if let Some(found) = evidence::heading(run, &self.cube.series[*series].measure) {
                // What was found out about them stands side by side.
                lines.resize(deepest, String::new());
                lines.push(found);
            }
            table.columns.push(column(lines, true, if index < 2 { 0 } else { 4 }));
            if index == 0 && history {
                let grain = format!("{}s", words::grain(period.grain));
                table.columns.push(column(vec![format!("last {}", tidy::BACK), grain], false, 1));
            }
        }
        let held = match period.grain {
            Grain::All => "LEAD  held in all / target".to_owned(),
            Grain::Range => "LEAD  held in range / target".to_owned(),
            _ => format!("LEAD  held in {} / target", words::short(period)),
        };
        table.groups.push((held, leads.len() + usize::from(history && !leads.is_empty())));
        if self.booked.is_some() {
            let next = run.calendar.next(period);
            table.columns.push(column(vec![String::new(), format!("for {}", words::short(&next))], true, 2));
            table.groups.push(("BOOKED".to_owned(), 1));
        }
        let mut spans = 0;
        for (index, lag) in self.lags.iter().enumerate() {
            let unit = &lag.cube.series[0].unit;
            let name = words::measure(run, &lag.name);
            let scale = lag.scale.heading(unit);
            let lines = match (index, scale) {
                (0, scale) => vec![scale.map_or_else(|| name.clone(), |mark| format!("{name}, {mark}")), self.elapsed(lag)],
                (_, Some(mark)) => vec![format!("{name},"), mark],
                (_, None) => vec![name, String::new()],
            };
            table.columns.push(column(lines, true, if index == 0 { 0 } else { 3 }));
            spans += 1;
        }
        table.columns.push(column(vec![String::new(), "state".to_owned()], false, 0));
        table.groups.push((self.lag_group(), spans + 1));
        table.rows = rows.iter().map(|entity| self.row(*entity, &leads, history)).collect();
        table
    }

    fn lag_group(&self) -> String {
        let Some(lag) = self.lags.first() else { return String::new() };
        let own = state::period_name(self.run, lag.whole);
        let agreed = self.judged.iter().any(|j| j.lag.as_ref().is_some_and(|l| l.agreed));
        let what = match (self.run.period().grain, own.grain) {
            (Grain::All, _) => "all",
            (Grain::Range, _) => "range",
            (_, Grain::Range) => "period so far",
            (_, grain) => return format!("LAG  {} so far{}", words::grain(grain), if agreed { " / pace" } else { "" }),
        };
        format!("LAG  {what}{}", if agreed { " / pace" } else { "" })
    }

    fn elapsed(&self, lag: &LagColumn) -> String {
        let calendar = self.run.calendar;
        if lag.part == lag.whole {
            return String::new();
        }
        format!("({}/{} days)", calendar.workdays(lag.part), calendar.workdays(lag.whole))
    }

    fn lead_scale(&self, series: usize) -> Scale {
        match (&self.cube.series[series].unit, self.cube.entity(Entity::All)) {
            (Unit::Money(_), Some(all)) => Scale::of(self.cube.value(series, all, self.at).as_f64().unwrap_or(0.0).abs()),
            _ => Scale::of(0.0),
        }
    }

    fn shown(&self, entity: Entity) -> bool {
        let Some(index) = self.cube.entity(entity) else { return false };
        let period = self.run.period();
        visible(self.run, &self.cube, entity, index, self.at, period)
            || self.lags.iter().any(|lag| {
                matches!(entity, Entity::Owner(_) | Entity::NoOwner)
                    && lag.cube.entity(entity).is_some_and(|i| lag.cube.cell(0, i, 0).records > 0)
            })
    }

    fn row(&self, entity: Entity, leads: &[usize], history: bool) -> Row {
        let run = self.run;
        let mut cells = vec![Cell { content: Content::Text(order::label(run, entity)), tone: Tone::Plain }];
        for (order, series) in leads.iter().enumerate() {
            cells.push(self.lead(entity, *series));
            if order == 0 && history {
                cells.push(self.spark(entity, *series));
            }
        }
        if let Some(booked) = &self.booked {
            let value = booked.entity(entity).map_or(Value::Missing(Why::NoData), |i| booked.value(0, i, 0).clone());
            let next = run.calendar.next(run.period());
            let target = run.targets.of("booked_next", &Unit::Count, entity, next.range).map(|t| Value::Count(t.value));
            let mut cell = against(value, target, run.on_pace, false);
            if let Content::Value { share, .. } = &mut cell.content {
                *share = None;
            }
            cells.push(cell);
        }
        for lag in &self.lags {
            cells.push(self.lag(entity, lag));
        }
        let judged = self.judged.iter().find(|j| j.entity == entity);
        let state = judged.map_or("", |j| j.state.state.as_str());
        let leads = matches!(entity, Entity::Owner(person) if run.leads_only(person));
        let text = match (state, leads) {
            ("", true) => "leader".to_owned(),
            ("", false) => "—".to_owned(),
            (state, _) => state.to_owned(),
        };
        let quiet = matches!(tone(state), Tone::Bad);
        cells.push(Cell { content: Content::Text(text), tone: if quiet { Tone::Strong } else { tone(state) } });
        Row { tone: if matches!(entity, Entity::All | Entity::Team(_)) { Tone::Strong } else { Tone::Plain }, cells }
    }

    fn lead(&self, entity: Entity, series: usize) -> Cell {
        let Some(index) = self.cube.entity(entity) else { return Cell::default() };
        let unit = &self.cube.series[series].unit;
        let name = &self.cube.series[series].measure;
        let value = self.cube.value(series, index, self.at).clone();
        let Some(measure) = self.run.engine.measure(name) else { return Cell::default() };
        let target = tidy::target(self.run, measure, unit, entity, self.run.period(), true).0;
        let scale = self.lead_scale(series);
        let down = measure.spec.good == crate::measure::spec::Direction::Down;
        let mut cell = against(scale.value(&value), target.map(|t| scale.value(&t)), self.run.on_pace, down);
        if let Content::Value { share, .. } = &mut cell.content {
            *share = None;
        }
        cell
    }

    fn spark(&self, entity: Entity, series: usize) -> Cell {
        let Some(index) = self.cube.entity(entity) else { return Cell::default() };
        let from = (self.at + 1).saturating_sub(tidy::BACK);
        let values: Vec<Option<f64>> = (from..=self.at)
            .map(|at| {
                let present = match (entity, self.cube.periods.get(at)) {
                    (Entity::Owner(person), Some(p)) => self.run.present(person, p.range),
                    _ => true,
                };
                self.cube.value(series, index, at).as_f64().filter(|_| present)
            })
            .collect();
        Cell { content: Content::Spark(paired(&values)), tone: Tone::Plain }
    }

    fn lag(&self, entity: Entity, lag: &LagColumn) -> Cell {
        let run = self.run;
        let Some(index) = lag.cube.entity(entity) else { return Cell::default() };
        let value = lag.cube.value(0, index, 0).clone();
        let unit = &lag.cube.series[0].unit;
        // Targets that begin long after the first record say nothing about everything.
        let all = run.period().grain == Grain::All;
        let measure = run.engine.measure(&lag.name).filter(|_| !all);
        let pace = measure.and_then(|m| pace::pace(run, m, unit, entity, lag.whole, lag.part)).map(|value| tidy::in_unit(value, unit));
        let mut cell = against(lag.scale.value(&value), pace.as_ref().map(|p| lag.scale.value(p)), run.on_pace, false);
        let exact = value.as_f64().zip(pace.as_ref().and_then(Value::as_f64)).filter(|(_, p)| *p > 0.0).map(|(v, p)| v / p);
        if let Content::Value { share, .. } = &mut cell.content {
            *share = exact.filter(|_| self.lags.first().is_some_and(|first| first.name == lag.name));
        }
        // What is behind shows in its percentage and in the state.
        cell.tone = Tone::Plain;
        cell
    }
}

/// Means of two periods each, so that 13 of them take 7 places; the last pair is the latest.
fn paired(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let odd = values.len() % 2;
    let mean = |pair: &[Option<f64>]| {
        let known: Vec<f64> = pair.iter().flatten().copied().collect();
        (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
    };
    values[..odd].iter().copied().chain(values[odd..].chunks(2).map(mean)).collect()
}

fn column(heading: Vec<String>, right: bool, drop: u8) -> Column {
    Column { heading, right, drop }
}

/// A value against what was agreed: marked where it is below half of it, since a week's number is small.
fn against(value: Value, target: Option<Value>, on_pace: f64, down: bool) -> Cell {
    let share = value.as_f64().zip(target.as_ref().and_then(Value::as_f64)).filter(|(_, t)| *t > 0.0).map(|(v, t)| v / t);
    let bad = share.is_some_and(|s| if down { s * on_pace > 1.0 } else { s < 0.5 });
    let target = match target {
        Some(Value::Count(n)) => Some(Value::Count(n.round_dp(u32::from(n < Decimal::TEN)).normalize())),
        other => other,
    };
    Cell { content: Content::Value { value, against: target, share }, tone: if bad { Tone::Bad } else { Tone::Plain } }
}

/// What was won in the period, and in the one before.
fn won(run: &Run<'_>) -> Result<Option<Note>, Diagnostic> {
    let period = run.period();
    let names = ["deals_won".to_owned(), "revenue".to_owned()];
    if names.iter().any(|n| run.engine.measure(n).is_none()) || period.grain == Grain::All {
        return Ok(None);
    }
    let partition = run.calendar.ending_with(period, 2);
    let cube = run.engine.cube(&names, &partition)?;
    let who = run.owner.or(run.team.map(Entity::Team)).unwrap_or(Entity::All);
    let Some(index) = cube.entity(who) else { return Ok(None) };
    let says = |at: usize| -> Option<String> {
        let Value::Count(deals) = cube.value(0, index, at) else { return None };
        let amounts: Vec<String> = (1..cube.series.len())
            .filter(|s| cube.cell(*s, index, at).records > 0)
            .filter_map(|s| match cube.value(s, index, at) {
                Value::Money(amount, currency) => Some(scale::amount(*amount, currency)),
                _ => None,
            })
            .collect();
        let deals = deals.normalize();
        let amounts = if amounts.is_empty() { String::new() } else { format!(", {}", amounts.join(" and ")) };
        Some(format!("{deals} {}{amounts}", if deals == Decimal::ONE { "deal" } else { "deals" }))
    };
    let at = partition.len() - 1;
    let Some(now) = says(at) else { return Ok(None) };
    let before = at.checked_sub(1).and_then(|b| Some((partition.get(b)?, says(b)?)));
    let before = before.map(|(p, text)| format!(" ({}: {text})", words::named(p))).unwrap_or_default();
    Ok(Some(Note { label: String::new(), tone: Tone::Plain, parts: vec![format!("Won in {}: {now}{before}", words::named(period))] }))
}

/// What a reader must know of the numbers above: targets that differ, currencies apart, nothing to attribute.
fn remarks(run: &Run<'_>, judged: &[Judged]) -> Vec<Note> {
    let mut parts = Vec::new();
    let note = |text: String| Note { label: String::new(), tone: Tone::Faint, parts: vec![text] };
    if run.data.roster.people.is_empty() {
        parts.push(Note {
            label: String::new(),
            tone: Tone::Bad,
            parts: vec![
                "No record names a person: nothing here can be attributed to anybody, and the whole is counted all the same.".to_owned(),
            ],
        });
    }
    let judged_so = |j: &&Judged| !j.state.state.is_empty() && j.state.state != state::TOO_SOON;
    let own_past = judged.iter().filter(judged_so).flat_map(|j| &j.leads).any(|l| !l.agreed);
    if own_past {
        parts.push(note("Leads without a target are held against the person's own 13 complete weeks before.".to_owned()));
    }
    parts.extend(differing_targets(run).into_iter().map(note));
    let currencies = run.engine.currencies();
    if currencies.len() > 1 {
        let names: Vec<String> = currencies.iter().map(|c| words::currency(c).to_owned()).collect();
        parts.push(note(format!(
            "Amounts in {} are not added to each other; this page shows {}, csv and json show each.",
            words::list(&names),
            names[0]
        )));
    }
    let weeks = state::weeks(run);
    if let Some(last) = weeks.as_ref().and_then(|w| w.get(w.len() - 1))
        && run.period().grain == Grain::Week
        && last.name != run.period().name
    {
        parts.push(note(format!("States and whom to talk to first are as of {}, the last complete week.", last.name)));
    }
    if run.verbose {
        for j in judged.iter().filter(|j| !j.state.reason.is_empty()) {
            let who = if j.entity == Entity::All { "All" } else { j.state.name.as_str() };
            let state = if j.state.state.is_empty() { "no state" } else { j.state.state.as_str() };
            parts.push(note(format!("{who}: {state}, {}", j.state.reason)));
        }
    }
    parts
}

/// Targets given for a team or for all that differ from what their people's come to.
fn differing_targets(run: &Run<'_>) -> Vec<String> {
    let teams = (0..run.data.roster.teams.len() as u32).map(Entity::Team);
    let mut found = Vec::new();
    for entity in std::iter::once(Entity::All).chain(teams) {
        for name in run.shown() {
            let Some(spec) = run.catalog.spec(&name) else { continue };
            let unit = match spec.unit {
                UnitKind::Money => run.engine.currencies().first().cloned().map_or(Unit::Count, Unit::Money),
                _ => Unit::Count,
            };
            let own = run.targets.own_period(&name, &unit, entity, run.period().range.last);
            let range = if spec.unit == UnitKind::Money { own.unwrap_or(run.period().range) } else { run.period().range };
            let Some(target) = run.targets.of(&name, &unit, entity, range) else { continue };
            let Some(members) = target.members else { continue };
            let difference = target.value - members;
            found.push(format!(
                "{}: the target given for {} is {}, its people's come to {} ({}{})",
                if entity == Entity::All { "All" } else { run.name(entity) },
                words::measure(run, &name),
                target.value.normalize(),
                members.normalize(),
                if difference.is_sign_negative() { "" } else { "+" },
                difference.normalize()
            ));
        }
    }
    found
}
