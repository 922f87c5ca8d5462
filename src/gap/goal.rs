//! How much is to be won, in which days, and what is won of it.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::Ask;
use crate::calendar::{Day, Grain, Period, Range};
use crate::diagnostic::{Code, Diagnostic};
use crate::facts::ENDED_AFTER;
use crate::measure::spec::{Aggregate, UnitKind};
use crate::measure::{Engine, Entity, Measure, Targets};
use crate::table::Kind;
use crate::unit::{Currency, Unit, Value, Why};

/// What is to be won unless the page has another sum of the amounts won.
const REVENUE: &str = "revenue";

/// A goal further away than this says nothing about what to do this week.
const FARTHEST_YEARS: i32 = 10;

/// What is to be won.
#[derive(Debug, Clone)]
pub struct Goal {
    /// The measure, a sum of the amounts of won deals.
    pub measure: String,
    /// The currency; deals in others count for nothing.
    pub currency: Currency,
    /// The days on which a win counts.
    pub range: Range,
    /// These days as a period, by their own name where they have one.
    pub period: Period,
    /// The amount that is given; none for the targets.
    pub given: Option<Decimal>,
}

impl Goal {
    /// The goal that is asked for.
    ///
    /// # Errors
    /// Neither an amount nor a target, and days that lie behind, or too far ahead.
    pub fn of(engine: &Engine<'_>, targets: &Targets<'_>, ask: &Ask) -> Result<Self, Diagnostic> {
        let measure = measure(engine, &ask.lags);
        // The engine gives at least one currency, be it one without a name.
        let currency = engine.currencies().first().cloned().unwrap_or_default();
        let unit = Unit::Money(currency.clone());
        let as_of = engine.as_of;
        let bad = |message: String| Diagnostic::error(Code::BadPeriod, message);
        if let Some(until) = ask.until.filter(|until| *until < as_of) {
            return Err(bad(format!(
                "--until {until} lies before the day of the report, {as_of}: nothing that is still to be done helps it"
            ))
            .hint("give a later day, or an earlier --as-of"));
        }
        let day = ask.until.unwrap_or(as_of);
        if day.0 - as_of.0 > FARTHEST_YEARS * 366 {
            return Err(bad(format!("--until {day} is more than {FARTHEST_YEARS} years away")));
        }
        let entities = engine.entities().into_iter();
        let own = entities.filter_map(|entity| targets.own_period(&measure, &unit, entity, day)).max_by_key(|range| range.len());
        let range = match (ask.goal, own) {
            (None, Some(own)) => own,
            (None, None) => {
                let said = format!("there is no target for {measure} on {day}, and no --goal");
                return Err(Diagnostic::error(Code::BadTarget, said)
                    .hint("give one: --goal 500000 --until 2026-12-31")
                    .hint(format!("or a targets file: measure, level, name, from, to, per, value, as in {measure},owner,Ana Silva,2026-10-01,,quarter,90000")));
            }
            (Some(_), own) => {
                let last =
                    ask.until.or(own.map(|own| own.last)).unwrap_or_else(|| engine.calendar.period_of(Grain::Quarter, as_of).range.last);
                let first = ask.from.unwrap_or_else(|| engine.calendar.period_of(Grain::Quarter, last).range.first);
                Range::new(first, last).ok_or_else(|| bad(format!("--from {first} lies after the last day of the goal, {last}")))?
            }
        };
        let named = [Grain::Week, Grain::Month, Grain::Quarter, Grain::Year].map(|grain| engine.calendar.period_of(grain, range.first));
        let period = named.into_iter().find(|period| period.range == range).unwrap_or_else(|| engine.calendar.range_period(range));
        Ok(Self { measure, currency, range, period, given: ask.goal })
    }

    /// The unit of its amounts.
    pub fn unit(&self) -> Unit {
        Unit::Money(self.currency.clone())
    }

    /// What somebody is to win: the amount that is given, else the target.
    pub fn amount(&self, targets: &Targets<'_>, entity: Entity) -> Option<f64> {
        match self.given {
            Some(amount) => amount.to_f64(),
            None => targets.of(&self.measure, &self.unit(), entity, self.range)?.value.to_f64(),
        }
    }

    /// What is won so far, by entity in the engine's order; 0 where the goal's days have not begun.
    ///
    /// # Errors
    /// Deals that ended too long ago to know it, and where a predicate cannot be evaluated over these exports.
    pub fn won(&self, engine: &Engine<'_>) -> Result<Vec<f64>, Diagnostic> {
        let entities = engine.entities();
        let nothing = vec![0.0; entities.len()];
        let Some(part) = self.range.until(engine.as_of) else { return Ok(nothing) };
        let cube = engine.to_date(&self.measure, part)?;
        let unit = self.unit();
        let Some(series) = cube.of(&self.measure).find(|series| cube.series[*series].unit == unit) else { return Ok(nothing) };
        let reach = engine.facts.reach(Kind::Deals);
        let old = reach.last.is_none_or(|last| engine.as_of.0 - last.0 >= ENDED_AFTER);
        let of = |index: usize| match cube.value(series, index, 0) {
            Value::Missing(Why::NoData | Why::NotYet) if old => None,
            value => Some(value.as_f64().unwrap_or(0.0)),
        };
        (0..entities.len()).map(of).collect::<Option<_>>().ok_or_else(|| {
            let reach = reach.last.map_or_else(|| "hold no day".to_owned(), |last| format!("reach {last}"));
            Diagnostic::error(Code::Stale, format!("what is won from {} on is not known: the deals {reach}", self.range.first))
                .hint("export the deals again; --through DATE says until when they reach where their own dates can't")
        })
    }
}

/// The first sum of the amounts of won deals among the lags of the page, else revenue.
fn measure(engine: &Engine<'_>, lags: &[String]) -> String {
    let sums = |measure: &&Measure| {
        let spec = &measure.spec;
        spec.unit == UnitKind::Money && spec.from == Kind::Deals && spec.value == Aggregate::Sum("amount".to_owned())
    };
    let found = lags.iter().filter_map(|name| engine.measure(name)).find(sums);
    found.map_or_else(|| REVENUE.to_owned(), |measure| measure.spec.name.clone())
}

/// The last day of which it is known what was won and what is open.
pub fn known(engine: &Engine<'_>) -> Day {
    engine.facts.seen_until(Kind::Deals, engine.as_of).unwrap_or(engine.as_of)
}
