//! From plain numbers to what can be expected of the open deals, and how far that may be off.
//!
//! The chance of an open deal is that of its age: of the deals that were open as long, the share won within the days left, by Aalen and
//! Johansen's cumulative incidence. It assumes that deals go on as those of the last two years did, whatever their stage and amount. Each
//! draw resamples those deals and the amounts won, and then lets each open deal be won or not.

use rayon::prelude::*;

use super::history::{Dated, History, Open};
use super::{Estimate, Given};
use crate::calendar::Day;
use crate::measure::Entity;
use crate::stats::random::Random;
use crate::stats::survival::{Fate, Followed, Incidence, incidence, won_between};

/// How many outcomes are drawn.
pub const DRAWS: usize = 1000;

/// What the draws begin with, so that the same exports give the same numbers.
const SEED: u64 = 6;

/// Fewer decided deals than this say nothing of the open ones.
pub const FEWEST_DECIDED: usize = 30;

/// Of ages at which fewer deals were followed nothing is told.
const FEWEST_AT_RISK: usize = 10;

/// Of more records than this the history is not resampled: what it leaves open is small beside what becomes of each open deal.
const MOST_RESAMPLED: usize = 5000;

/// The days to the goal, counted from the last day of which anything is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// To the day before a win counts; 0 where it does already.
    pub from: f64,
    /// To the last day on which a win counts.
    pub to: f64,
}

/// The mean amount of a won deal.
#[derive(Debug, Clone)]
pub struct Average {
    /// It, with its interval.
    pub amount: Estimate,
    /// It by draw.
    pub draws: Vec<f64>,
    /// The amounts that it is the mean of; none where it is given.
    pub amounts: Vec<f64>,
}

impl Average {
    /// The mean that is given, else that of the amounts; none of none, or where it is not above 0.
    pub fn of(amounts: &[f64], given: Option<f64>) -> Option<Self> {
        if let Some(given) = given {
            return Some(Self { amount: Estimate::exact(given), draws: vec![given; DRAWS], amounts: Vec::new() });
        }
        let value = mean(amounts).filter(|mean| *mean > 0.0)?;
        let draws: Vec<f64> = (0..DRAWS)
            .map(|number| {
                let mut random = random(1, number);
                let sum = drawn(amounts.len(), &mut random).map(|places| places.map(|place| amounts[place]).sum::<f64>());
                sum.map_or(value, |sum| sum / amounts.len() as f64)
            })
            .collect();
        Some(Self { amount: Estimate::of(value, &draws), draws, amounts: amounts.to_vec() })
    }
}

fn mean(amounts: &[f64]) -> Option<f64> {
    (!amounts.is_empty()).then(|| amounts.iter().sum::<f64>() / amounts.len() as f64)
}

/// The generator of a draw, of one of the things that are drawn.
pub(super) fn random(of: u64, number: usize) -> Random {
    Random::new(SEED + of, number as u64)
}

/// As many records as there are, each any of them, by place; none where they are so many that a sample says what they do.
fn drawn(records: usize, random: &mut Random) -> Option<impl Iterator<Item = usize>> {
    (records <= MOST_RESAMPLED).then(|| (0..records).map(move |_| random.below(records)))
}

/// How often each of so many records is in as many that are drawn of them; none where they are too many to draw of.
pub(super) fn resampled(records: usize, random: &mut Random) -> Option<Vec<u32>> {
    let mut often = vec![0; records];
    drawn(records, random)?.for_each(|place| often[place] += 1);
    Some(often)
}

/// What the open deals can be expected to bring.
#[derive(Debug, Clone)]
pub struct Pipeline {
    /// The amount by entity, the most probable course of history taken as it is.
    pub expected: Vec<f64>,
    /// The amount by entity and draw.
    pub draws: Vec<Vec<f64>>,
    /// The mean chance of an open deal, weighted by amount; with the interval of the draws.
    pub rate: Option<Estimate>,
    /// How many open deals are older than any age at which enough were followed, or any was decided: nothing is expected of them.
    pub too_old: usize,
    /// How many are of no known age, and count for nothing.
    pub ageless: usize,
    /// How many have no amount: they are worth the average deal.
    pub priceless: usize,
}

/// What the open deals can be expected to bring in some days to so many entities; none where the history is too short to say and no rate
/// is given. `scale` is the win rate that is given over the own one.
pub fn pipeline(history: &History, days: Days, average: Option<&Average>, given: &Given, scale: f64, entities: usize) -> Option<Pipeline> {
    let known = history.decided() >= FEWEST_DECIDED || given.pipeline_rate.is_some();
    if !known && !history.open.is_empty() {
        return None;
    }
    let followed = Followed::new(history.fates.iter().copied());
    let steps = told(&followed, None);
    let chance = |steps: &[Incidence], deal: &Open| match (given.pipeline_rate, deal.age) {
        (Some(rate), _) => rate,
        (None, Some(age)) => (within(steps, age, days) * scale).min(1.0),
        (None, None) => 0.0,
    };
    let worth = |deal: &Open, average: Option<f64>| deal.amount.or(average).unwrap_or(0.0);
    let mut expected = vec![0.0; entities];
    let (mut whole, mut total) = (0.0, 0.0);
    for deal in &history.open {
        let (chance, worth) = (chance(&steps, deal), worth(deal, average.map(|average| average.amount.value)));
        add(&mut expected, deal, chance * worth);
        whole += chance * worth;
        total += worth;
    }
    // Each draw begins with its own number, so that who makes it makes no difference.
    let draw = |number: usize| {
        let mut random = random(0, number);
        let often = if given.pipeline_rate.is_none() { resampled(history.fates.len(), &mut random) } else { None };
        let other = often.map(|often| told(&followed, Some(&often)));
        let steps = other.as_ref().unwrap_or(&steps);
        let average = average.and_then(|average| average.draws.get(number).copied());
        let (mut sum, mut won) = (0.0, vec![0.0; entities]);
        for deal in &history.open {
            let chance = chance(steps, deal);
            sum += chance * worth(deal, average);
            if random.share() < chance {
                add(&mut won, deal, worth(deal, average));
            }
        }
        (if total > 0.0 { sum / total } else { 0.0 }, won)
    };
    let drawn: Vec<(f64, Vec<f64>)> = (0..DRAWS).into_par_iter().map(draw).collect();
    let rates: Vec<f64> = drawn.iter().map(|(rate, _)| *rate).collect();
    let draws = (0..entities).map(|entity| drawn.iter().map(|(_, won)| won[entity]).collect()).collect();
    let oldest = steps.iter().filter(|step| step.won + step.lost > 0).map(|step| step.time).fold(0.0, f64::max);
    let own = |test: &dyn Fn(&Open) -> bool| {
        if given.pipeline_rate.is_some() { 0 } else { history.open.iter().filter(|deal| test(deal)).count() }
    };
    Some(Pipeline {
        expected,
        draws,
        rate: (total > 0.0).then(|| Estimate::of(whole / total, &rates)),
        too_old: own(&|deal| deal.age.is_some_and(|age| age >= oldest)),
        ageless: own(&|deal| deal.age.is_none()),
        priceless: history.open.iter().filter(|deal| deal.amount.is_none()).count(),
    })
}

/// The shares won and lost by age, as far as enough deals were followed.
fn told(followed: &Followed, often: Option<&[u32]>) -> Vec<Incidence> {
    incidence(followed, often).into_iter().take_while(|step| step.at_risk >= FEWEST_AT_RISK).collect()
}

/// Of fewer open deals nothing is told of how a reckoning did.
const FEWEST_OPEN: usize = 10;

/// What the same reckoning would have expected as long before as the date is ahead, and what then came.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Check {
    /// Whose deals: those of whom the page is about, or everybody's where these had fewer than ten open then.
    pub whose: Entity,
    /// The day on which it would have been made.
    pub day: Day,
    /// What it would have expected of the deals open then, by the last day of which anything is known.
    pub expected: Estimate,
    /// What came of them.
    pub came: f64,
}

impl Check {
    /// The same reckoning of the deals alone, on that earlier day; none where it could not have been made. `share` is the part of a deal
    /// that was on a day of whom the page is about.
    pub fn of(
        history: &History,
        known: Day,
        days: Days,
        average: Option<&Average>,
        whole: Entity,
        share: &dyn Fn(&Dated, Day) -> f64,
    ) -> Option<Self> {
        let day = known.plus(-(days.to as i32));
        if day >= known || days.from > 0.0 {
            return None;
        }
        let of = |whose: Entity, share: &dyn Fn(&Dated) -> f64| {
            let (past, came) = history.on(day, known, average.map_or(0.0, |average| average.amount.value), share);
            let enough = whose == Entity::All || past.open.len() >= FEWEST_OPEN;
            let found = pipeline(&past, days, average, &Given::default(), 1.0, 1).filter(|_| !past.open.is_empty() && enough)?;
            Some(Self { whose, day, expected: Estimate::of(*found.expected.first()?, found.draws.first()?), came })
        };
        let own = if whole == Entity::All { None } else { of(whole, &|deal| share(deal, day)) };
        own.or_else(|| of(Entity::All, &|_| 1.0))
    }

    /// What came over what would have been expected; none where nothing would.
    pub fn times(&self) -> Option<f64> {
        (self.expected.value > 0.0).then(|| (self.came / self.expected.value).max(0.0))
    }

    /// Whether what came lies outside of what would have been expected.
    pub fn failed(&self) -> bool {
        self.came < self.expected.lo || self.came > self.expected.hi
    }
}

fn add(sums: &mut [f64], deal: &Open, amount: f64) {
    for (entity, share) in &deal.of {
        if let Some(sum) = sums.get_mut(*entity) {
            *sum += share * amount;
        }
    }
}

/// The chance that a deal that is open at an age is won in some days to come. Beyond the longest time followed nothing more is won.
pub fn within(steps: &[Incidence], age: f64, days: Days) -> f64 {
    let end = steps.last().map_or(0.0, |step| step.time);
    let by = |days: f64| won_between(steps, age, (age + days).min(end.max(age))).unwrap_or(0.0);
    // At the end of the curve and beyond, the very last step is what there is to say.
    if age >= end { 0.0 } else { (by(days.to) - by(days.from)).max(0.0) }
}

/// From so many expected wins on, what they bring is drawn from the normal distribution, which it is hardly to be told from.
const MANY_WINS: f64 = 2000.0;

/// What wins bring where so many are expected, each of them any of the amounts, or the mean where there are none.
pub(super) fn brought(wins: f64, average: &Average, random: &mut Random) -> f64 {
    let amounts = &average.amounts;
    if wins > MANY_WINS {
        let square = mean(&amounts.iter().map(|amount| amount * amount).collect::<Vec<f64>>());
        let spread = (wins * square.unwrap_or(average.amount.value.powi(2))).sqrt();
        // Box and Muller (1958).
        let (radius, angle) = ((-2.0 * (1.0 - random.share()).ln()).sqrt(), std::f64::consts::TAU * random.share());
        return wins * average.amount.value + spread * radius * angle.cos();
    }
    (0..poisson(wins, random)).map(|_| amounts.get(random.below(amounts.len())).copied().unwrap_or(average.amount.value)).sum()
}

/// A number of wins where so many are expected, at most [`MANY_WINS`] (Knuth 1969, in parts small enough for his product).
pub(super) fn poisson(mean: f64, random: &mut Random) -> usize {
    const PART: f64 = 20.0;
    let (mut left, mut drawn) = (mean.min(MANY_WINS), 0);
    while left > 0.0 {
        let limit = (-left.min(PART)).exp();
        left -= PART;
        let mut product = random.share();
        while product > limit {
            drawn += 1;
            product *= random.share();
        }
    }
    drawn
}

/// The 90 % point of the normal distribution.
const Z: f64 = 1.281_551_565_544_600_5;

/// The share of the deals won or lost that were won, with the interval of Wilson (1927), and how many deals these are; none where the
/// history is too short.
pub fn win_rate(history: &History) -> Option<(Estimate, usize)> {
    let won = history.fates.iter().filter(|(_, fate)| *fate == Fate::Won).count();
    let of = history.decided() - history.canceled;
    if history.decided() < FEWEST_DECIDED || of == 0 {
        return None;
    }
    let (n, share) = (of as f64, won as f64 / of as f64);
    let (middle, half) = (share + Z * Z / (2.0 * n), Z * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt());
    let by = 1.0 + Z * Z / n;
    Some((Estimate { value: share, lo: (middle - half) / by, hi: (middle + half) / by }, of))
}
