//! The exports as plain numbers: how old deals were when they were won or lost, the open ones, and the amounts won.

use std::sync::Arc;

use super::goal::Goal;
use super::people::there;
use crate::calendar::{Day, Range};
use crate::diagnostic::Diagnostic;
use crate::facts::Whose;
use crate::measure::{Engine, Entity};
use crate::stats::survival::Fate;
use crate::table::{Credit, Kind};

/// Deals created in so many days before are looked at: two years.
pub const CREATED_WITHIN: i32 = 731;

/// Wins of so many days are averaged: 52 weeks.
pub const AVERAGED: i32 = 364;

/// The measure of the open deals.
const OPEN: &str = "open_pipeline";

/// A deal that is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Its days since it was created; none where the export does not say when.
    pub age: Option<f64>,
    /// Its amount; none where it has none.
    pub amount: Option<f64>,
    /// Whose it is: indices into the engine's entities, each with its share from 0 to 1.
    pub of: Vec<(usize, f64)>,
}

/// A deal from its creation to its end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Dated {
    /// When it was created.
    pub created: Day,
    /// When it was won, lost or canceled; none while it is open.
    pub ended: Option<Day>,
    /// What became of it.
    pub fate: Fate,
    /// Its amount; none where it has none.
    pub amount: Option<f64>,
    /// Its row among the deals.
    pub row: usize,
}

/// What the deals say.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Each deal in the goal's currency, or without an amount, of which both days are known.
    pub dated: Vec<Dated>,
    /// Of each of them created lately, its days until it was won, lost or canceled, or until when it is open.
    pub fates: Vec<(f64, Fate)>,
    /// How many of them were canceled: not won, but no lost decision.
    pub canceled: usize,
    /// How many more ended at a day that nothing says, or before they were created.
    pub undated: usize,
    /// The open deals.
    pub open: Vec<Open>,
    /// How many more are open in other currencies.
    pub foreign: usize,
    /// How many were won in other currencies on the goal's days, and how many in the weeks that are averaged.
    pub foreign_won: [usize; 2],
    /// The known amounts of the deals won lately.
    pub wins: Vec<f64>,
    /// The median days from creation to win, of those won lately.
    pub days_to_win: Option<f64>,
}

impl History {
    /// What the deals of a run say on a day.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn of(engine: &Engine<'_>, goal: &Goal, known: Day) -> Result<Self, Diagnostic> {
        let (wins, foreign_won) = wins(engine, goal, known)?;
        let mut found = Self { foreign_won, wins, ..Self::default() };
        let deals = &engine.data.deals;
        for row in (0..deals.len()).filter(|row| deals.used(*row)) {
            let Some(created) = deals.day("created_on", row).filter(|day| *day <= known) else { continue };
            let lately = created.0 >= known.0 - CREATED_WITHIN;
            let fate = match deals.text("state", row) {
                Some("won") => Fate::Won,
                Some("lost" | "canceled") => Fate::Lost,
                Some("open") => Fate::Open,
                _ => continue,
            };
            let ended = if fate == Fate::Open { None } else { deals.day("closed_on", row) };
            if fate != Fate::Open && ended.is_none_or(|day| day < created) {
                found.undated += usize::from(lately);
                continue;
            }
            found.canceled += usize::from(lately && deals.text("state", row) == Some("canceled"));
            if !is_foreign(engine, goal, row) {
                found.dated.push(Dated { created, ended, fate, amount: amount(engine, goal, row), row });
            }
        }
        found.fates = fates(&found.dated, known);
        let mut days_to_win: Vec<f64> = found.fates.iter().filter(|(_, fate)| *fate == Fate::Won).map(|(age, _)| *age).collect();
        days_to_win.sort_by(f64::total_cmp);
        found.days_to_win = median(&days_to_win);
        found.open(engine, goal, known)?;
        Ok(found)
    }

    /// The deals as they stood on an earlier day, with no more than was known then; and what those open then brought by `known`, each without
    /// an amount worth the average. Of each open one counts the `share`, from 0 to 1.
    pub fn on(&self, day: Day, known: Day, average: f64, share: &dyn Fn(&Dated) -> f64) -> (Self, f64) {
        let open = |deal: &&Dated| deal.created <= day && deal.ended.is_none_or(|ended| ended > day) && share(deal) > 0.0;
        let worth = |deal: &Dated| share(deal) * deal.amount.unwrap_or(average);
        let won = |deal: &&Dated| deal.fate == Fate::Won && deal.ended.is_some_and(|ended| ended <= known);
        let came = self.dated.iter().filter(open).filter(won).map(worth).sum();
        let of = |deal: &Dated| Open { age: Some(f64::from(day.0 - deal.created.0)), amount: deal.amount, of: vec![(0, share(deal))] };
        let past = Self { fates: fates(&self.dated, day), open: self.dated.iter().filter(open).map(of).collect(), ..Self::default() };
        (past, came)
    }

    /// How many deals were decided, canceled ones too.
    pub fn decided(&self) -> usize {
        self.fates.iter().filter(|(_, fate)| *fate != Fate::Open).count()
    }

    fn open(&mut self, engine: &Engine<'_>, goal: &Goal, known: Day) -> Result<(), Diagnostic> {
        let Some(measure) = engine.measure(OPEN) else { return Ok(()) };
        let deals = &engine.data.deals;
        let entities = engine.entities();
        // What is open has no first day.
        let until = engine.calendar.range_period(Range { first: Day::MIN, last: engine.as_of });
        for row in engine.rows_in(measure, &until)? {
            if is_foreign(engine, goal, row) {
                self.foreign += 1;
                continue;
            }
            let amount = amount(engine, goal, row);
            let age = deals.day("created_on", row).map(|day| f64::from((known.0 - day.0).max(0)));
            self.open.push(Open { age, amount, of: of(engine, &entities, row, engine.as_of) });
        }
        Ok(())
    }
}

/// Of each deal created within two years before a day, its age when it ended, or on that day where it had not.
fn fates(dated: &[Dated], day: Day) -> Vec<(f64, Fate)> {
    let lately = |deal: &&Dated| deal.created <= day && deal.created.0 >= day.0 - CREATED_WITHIN;
    let fate = |deal: &Dated| match deal.ended.filter(|ended| *ended <= day) {
        Some(ended) => (f64::from(ended.0 - deal.created.0), deal.fate),
        None => (f64::from(day.0 - deal.created.0), Fate::Open),
    };
    dated.iter().filter(lately).map(fate).collect()
}

/// Whether a deal has an amount, but none in the goal's currency.
fn is_foreign(engine: &Engine<'_>, goal: &Goal, row: usize) -> bool {
    let deals = &engine.data.deals;
    amount(engine, goal, row).is_none() && (deals.amount("amount", row).is_some() || engine.facts.unconverted(deals, row))
}

/// The middle of sorted numbers.
fn median(sorted: &[f64]) -> Option<f64> {
    let (upper, lower) = (sorted.get(sorted.len() / 2)?, sorted.get((sorted.len().max(1) - 1) / 2)?);
    Some(f64::midpoint(*lower, *upper))
}

/// The amount of a deal in the goal's currency; none where it has none, or one in another.
fn amount(engine: &Engine<'_>, goal: &Goal, row: usize) -> Option<f64> {
    use rust_decimal::prelude::ToPrimitive as _;
    let deals = &engine.data.deals;
    let own = Arc::from(deals.text("currency", row).unwrap_or(""));
    deals.amount("amount", row).filter(|_| own == goal.currency)?.to_f64()
}

/// The known amounts of the deals won in the 52 weeks that end with a day; and how many were won in other currencies on the goal's days, and
/// in these weeks.
fn wins(engine: &Engine<'_>, goal: &Goal, known: Day) -> Result<(Vec<f64>, [usize; 2]), Diagnostic> {
    let Some(measure) = engine.measure(&goal.measure) else { return Ok((Vec::new(), [0; 2])) };
    let year = engine.calendar.range_period(Range { first: known.plus(1 - AVERAGED), last: known });
    let rows = engine.rows_in(measure, &year)?;
    let foreign = |rows: &[usize]| rows.iter().filter(|row| is_foreign(engine, goal, **row)).count();
    let counted = match goal.range.until(engine.as_of) {
        Some(days) => foreign(&engine.rows_in(measure, &engine.calendar.range_period(days))?),
        None => 0,
    };
    let foreign = [counted, foreign(&rows)];
    Ok((rows.into_iter().filter_map(|row| amount(engine, goal, row)).collect(), foreign))
}

/// Whose a deal is by its owners of today, as they stood on a day: everybody's, its people's, their teams', and after all entities the part
/// of people who had left.
pub(super) fn of(engine: &Engine<'_>, entities: &[Entity], row: usize, day: Day) -> Vec<(usize, f64)> {
    let roster = &engine.data.roster;
    let credits = engine.facts.credits(Kind::Deals, Whose::Owner).map_or(&[][..], |credits| credits.of(row));
    let mut found: Vec<(usize, f64)> = Vec::new();
    let mut add = |at: usize, share: f64| match found.iter_mut().find(|(known, _)| *known == at) {
        Some((_, sum)) => *sum += share,
        None => found.push((at, share)),
    };
    let at = |entity: Entity| entities.binary_search(&entity).ok();
    for credit in credits {
        let share = f64::from(credit.share_ppm) / 1e6;
        let (mut whose, mut left) = (vec![Entity::All], None);
        if credit.person == Credit::NOBODY {
            whose.push(Entity::NoOwner);
        } else {
            whose.push(Entity::Owner(credit.person));
            if there(engine, credit.person, day) {
                whose.extend(roster.sum_of(credit.person, day).map(Entity::Team));
            } else {
                left = Some(entities.len());
            }
        }
        whose.into_iter().filter_map(at).chain(left).for_each(|at| add(at, share));
    }
    found
}
