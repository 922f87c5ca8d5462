//! What formats that draw show beside the page: leads against lags over time, the same for each person, and who keeps what up.
//!
//! A drawn value is the tidy row's of its period. What is no whole period says so: a measure whose exports begin within an earlier period has
//! a gap there, and a sentence says when they begin; a period within which the exports of a measure end is marked as not complete.

mod heat;

use std::collections::BTreeMap;

use super::{Run, evidence, tidy, words};
use crate::calendar::{Day, Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{Course, Figure, Line, Moment, Multiples, Panel};
use crate::measure::{Cube, Entity, Measure};
use crate::unit::{Unit, Value, Why};

/// Small charts and heat maps go back over as many periods as averages do.
const SMALL: usize = tidy::BACK;

/// Small charts show this many leads, and one lag.
const LEADS: usize = 2;

/// How many periods of a grain are drawn over time: half a year of weeks, and for longer ones enough to hold the same season twice.
const fn back(grain: Grain) -> usize {
    match grain {
        Grain::Day => 28,
        Grain::Week | Grain::All | Grain::Range => 26,
        Grain::Month => 13,
        Grain::Quarter => 8,
        Grain::Year => 5,
    }
}

/// The figures of a report whose page has these rows; none where there are not two periods to compare.
pub(super) fn figures(run: &Run<'_>, rows: &[Entity]) -> Result<Vec<Figure>, Diagnostic> {
    let Some(drawn) = Drawn::new(run)? else { return Ok(Vec::new()) };
    let each = each(rows);
    let mut figures = vec![Figure::Course(course(&drawn))];
    // One small chart would repeat the large one.
    if each.len() > 1 {
        figures.push(Figure::Multiples(multiples(&drawn, &each)));
    }
    figures.extend(heat::heat(&drawn, &each).map(Figure::Heat));
    Ok(figures)
}

/// The rows of the finest level shown, in the order of the page. Records of no one are nobody's course.
fn each(rows: &[Entity]) -> Vec<Entity> {
    let somebody = || rows.iter().copied().filter(|entity| *entity != Entity::NoOwner);
    let finest = somebody().map(Entity::level).max();
    somebody().filter(|entity| Some(entity.level()) == finest).collect()
}

/// The measures shown over the periods drawn and those before them that averages need.
struct Drawn<'a, 'r> {
    run: &'a Run<'r>,
    cube: Cube,
    /// The first period drawn.
    from: usize,
    /// The periods drawn.
    moments: Vec<Moment>,
}

impl<'a, 'r> Drawn<'a, 'r> {
    fn new(run: &'a Run<'r>) -> Result<Option<Self>, Diagnostic> {
        let shown = run.shown();
        let first = shown.iter().filter_map(|name| run.engine.reach(run.engine.measure(name)?).first).min();
        let (Some(last), Some(first)) = (last(run), first) else { return Ok(None) };
        let cube = run.engine.cube(&shown, &run.calendar.ending_with(&last, (SMALL + tidy::HISTORY).max(back(last.grain))))?;
        let n = cube.periods.len();
        // A range of days is drawn by the weeks in it.
        let first = if last.grain == run.period().grain { first } else { first.max(run.period().range.first) };
        let whole = |at: &usize| cube.periods.get(*at).is_some_and(|period| first <= period.range.first);
        let Some(from) = (n.saturating_sub(back(last.grain))..n).find(whole).filter(|from| n - from > 1) else { return Ok(None) };
        let mut drawn = Self { run, cube, from, moments: Vec::new() };
        drawn.moments = (from..n).filter_map(|at| drawn.moment(at)).collect();
        Ok(Some(drawn))
    }

    /// The one whom the page is about.
    fn whole(&self) -> Entity {
        self.run.owner.or(self.run.team.map(Entity::Team)).unwrap_or(Entity::All)
    }

    fn grain(&self) -> Grain {
        self.cube.periods.get(self.from).map_or(Grain::Week, |period| period.grain)
    }

    /// The measures of these names, each in the one currency that the page shows.
    fn series(&self, names: &[String]) -> Vec<(usize, &'r Measure)> {
        names.iter().filter_map(|name| Some((self.cube.of(name).next()?, self.run.engine.measure(name)?))).collect()
    }

    /// A period is marked as not complete too where a measure whose exports end within it shows what there is.
    fn moment(&self, at: usize) -> Option<Moment> {
        let period = self.cube.periods.get(at)?;
        let part = |(series, measure): &(usize, &Measure)| {
            !self.value(self.whole(), *series, measure, at).is_missing() && !self.run.engine.complete_for(measure, period)
        };
        let complete = self.run.engine.complete(period) && !self.series(&self.run.shown()).iter().any(part);
        Some(Moment { name: period.name.clone(), first: period.range.first, last: period.range.last, complete })
    }

    /// Whether the exports begin within a period before the one shown: what they hold of it is beside no whole period.
    fn begins_within(&self, measure: &Measure, at: usize) -> bool {
        let (Some(period), Some(first)) = (self.cube.periods.get(at), self.run.engine.reach(measure).first) else { return false };
        at + 1 < self.cube.periods.len() && period.range.first < first && first <= period.range.last
    }

    /// The value of a period: that of the tidy rows, but none of an earlier period whose beginning the exports lack. There are data of such a
    /// period; what they lack is the whole of it.
    fn value(&self, entity: Entity, series: usize, measure: &Measure, at: usize) -> Value {
        let (Some(index), Some(period)) = (self.cube.entity(entity), self.cube.periods.get(at)) else { return Value::Missing(Why::NoData) };
        if !tidy::there(self.run, &self.cube, entity, series, index, at) {
            return Value::Missing(Why::NotApplicable);
        }
        match self.cube.value(series, index, at) {
            Value::Missing(why) => Value::Missing(*why),
            _ if at + 1 < self.cube.periods.len() && !tidy::began(self.run, measure, period) => Value::Missing(Why::NotApplicable),
            value => value.clone(),
        }
    }

    /// The target of a whole period; none where the entity was not there.
    fn target(&self, entity: Entity, series: usize, measure: &Measure, at: usize) -> Option<Value> {
        let (index, period) = (self.cube.entity(entity)?, self.cube.periods.get(at)?);
        let there = tidy::there(self.run, &self.cube, entity, series, index, at);
        there.then(|| tidy::target(self.run, measure, &self.cube.series[series].unit, entity, period, true).0)?
    }

    fn line(&self, entity: Entity, series: usize, measure: &Measure, from: usize) -> Line {
        let periods = || from..self.cube.periods.len();
        Line {
            measure: measure.spec.name.clone(),
            says: words::measure(self.run, &measure.spec.name),
            role: measure.spec.role.name(),
            unit: self.cube.series[series].unit.clone(),
            values: periods().map(|at| self.value(entity, series, measure, at)).collect(),
            targets: periods().map(|at| self.target(entity, series, measure, at)).collect(),
        }
    }

    /// The first period of what goes back less far.
    fn small(&self) -> usize {
        self.from.max(self.cube.periods.len().saturating_sub(SMALL))
    }

    fn small_moments(&self) -> &[Moment] {
        &self.moments[self.small() - self.from..]
    }

    /// Since when there are exports of measures that lack a period for it, in sentences.
    fn begun(&self, names: &[String], from: usize) -> String {
        let mut within: BTreeMap<(usize, Day), Vec<String>> = BTreeMap::new();
        for (_, measure) in self.series(names) {
            let at = (from..self.cube.periods.len()).find(|at| self.begins_within(measure, *at));
            if let (Some(at), Some(first)) = (at, self.run.engine.reach(measure).first) {
                within.entry((at, first)).or_default().push(words::measure(self.run, &measure.spec.name));
            }
        }
        let sentence = |((at, first), names): (&(usize, Day), &Vec<String>)| {
            let period = self.cube.periods.get(*at).map_or_else(String::new, words::named);
            format!(" {period} lacks {}: the exports begin {first}.", words::list(names))
        };
        within.iter().map(sentence).collect()
    }

    /// What a reader must know of the periods from one on and of the amounts of some measures.
    fn remarks(&self, names: &[String], from: usize) -> String {
        let begun = self.begun(names, from);
        let open = self.moments.last().filter(|last| !last.complete).map(|last| format!(" {} is not complete.", last.name));
        let money = self.series(names).iter().any(|(series, _)| matches!(self.cube.series[*series].unit, Unit::Money(_)));
        let apart = match self.run.engine.currencies() {
            [shown, _, ..] if money => Some(format!(" Amounts are those in {}; csv and json have the others.", words::currency(shown))),
            _ => None,
        };
        [begun].into_iter().chain(open).chain(apart).collect()
    }

    /// The periods in words: `each week from 2026-W21 to 2026-W46`.
    fn span(&self, moments: &[Moment]) -> String {
        let name = |moment: Option<&Moment>| moment.map(|m| m.name.clone()).unwrap_or_default();
        format!("each {} from {} to {}", words::grain(self.grain()), name(moments.first()), name(moments.last()))
    }
}

/// The last period drawn: the one shown, or the last complete week within days that have no grain of their own.
fn last(run: &Run<'_>) -> Option<Period> {
    let shown = run.period();
    if !matches!(shown.grain, Grain::All | Grain::Range) {
        return Some(shown.clone());
    }
    let inside = |week: &&Period| shown.range.intersect(week.range) == Some(week.range) && run.engine.complete(week);
    run.calendar.partition(Grain::Week, shown.range).iter().rev().find(inside).cloned()
}

/// Whom a figure is of, in a sentence.
fn of<'r>(run: &'r Run<'_>, entity: Entity) -> &'r str {
    match entity {
        Entity::All => "everybody",
        entity => run.name(entity),
    }
}

fn course(drawn: &Drawn<'_, '_>) -> Course {
    let (run, whole) = (drawn.run, drawn.whole());
    let lines: Vec<Line> =
        drawn.series(&run.shown()).into_iter().map(|(series, measure)| drawn.line(whole, series, measure, drawn.from)).collect();
    let says = format!(
        "Leads above, lags below, {}, of {}. {}{}",
        drawn.span(&drawn.moments),
        of(run, whole),
        evidence::sentence(run),
        drawn.remarks(&run.shown(), drawn.from)
    );
    let complete = drawn.moments.iter().rposition(|moment| moment.complete).and_then(|at| drawn.cube.periods.get(drawn.from + at));
    let lead_time = complete.and_then(|last| evidence::lead_time(run, last));
    Course { title: "Leads against lags".to_owned(), says, periods: drawn.moments.clone(), lines, lead_time }
}

fn multiples(drawn: &Drawn<'_, '_>, each: &[Entity]) -> Multiples {
    let run = drawn.run;
    let names: Vec<String> = run.leads.iter().take(LEADS).chain(run.lags.first()).cloned().collect();
    let series = drawn.series(&names);
    let panel = |entity: &Entity| {
        let team = match entity {
            Entity::Owner(person) => run.team_in(*person, run.period().range).and_then(|team| run.data.roster.teams.get(team as usize)),
            _ => None,
        };
        Panel {
            name: run.name(*entity).to_owned(),
            team: team.cloned().unwrap_or_default(),
            lines: series.iter().map(|(series, measure)| drawn.line(*entity, *series, measure, drawn.small())).collect(),
        }
    };
    let all: Vec<String> = names.iter().map(|name| words::measure(run, name)).collect();
    let says = format!(
        "{}, {}, on the same scales.{}",
        capital(&words::list(&all)),
        drawn.span(drawn.small_moments()),
        drawn.remarks(&names, drawn.small())
    );
    Multiples {
        title: if matches!(each.first(), Some(Entity::Team(_))) { "Each team" } else { "Each person" }.to_owned(),
        says,
        periods: drawn.small_moments().to_vec(),
        panels: each.iter().map(panel).collect(),
    }
}

/// The same words as a sentence begins.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
