//! Made-up panels of activity and revenue: people of differing strength, a calendar and growth that all share, and one thing that could
//! deceive a test, or a lead that is really there.

use leadlag::stats::matrix::Matrix;
use leadlag::stats::random::Random;

use crate::draw::{chance, drift, gamma_cdf, log_normal, normal, poisson};

/// Weeks that pass before the panel starts.
const BEFORE: usize = 40;
/// Activities a week.
const ACTIVITIES: f64 = 6.0;
/// The mean deal, and the standard deviation of its logarithm.
const DEAL: (f64, f64) = (20_000.0, 1.0);
/// How much people differ: standard deviations of logarithms, and their correlation.
const DIFFER: (f64, f64) = (0.4, 0.7);
/// The share of people who start inside the window, and after how many weeks they work as everybody does.
const STARTING: (f64, f64) = (0.3, 26.0);
/// After how many weeks a planted lead shows.
pub(crate) const LEAD_WEEKS: usize = 6;

/// What is simulated.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Scenario {
    /// No relation.
    Nothing,
    /// New people's activity and wins grow together, and they are in the data from the first week.
    Ramp,
    /// The same, and they are in the data from when they were hired.
    Hire,
    /// A win halves the next week's activity.
    Reverse,
    /// Two in five join late or leave early.
    Turnover,
    /// Each person's calendar swings differently, for activity and wins alike.
    OwnCalendar,
    /// Weeks away, three times a year.
    Vacation,
    /// Shocks that move a person's activity and wins in the same week.
    Shocks,
    /// This share of wins comes from activity, 6 weeks later with a standard deviation of 2.
    Planted(f64),
}

/// A simulated panel.
pub(crate) struct Panel {
    /// Activities.
    pub(crate) lead: Matrix,
    /// Revenue.
    pub(crate) lag: Matrix,
    /// What an activity brings.
    pub(crate) effect: f64,
}

/// The share of wins that come after 0, 1, 2… weeks: a gamma distribution of mean 6 and standard deviation 2.
fn lags() -> Vec<f64> {
    let share = |week: f64| gamma_cdf(week + 0.5, 9, 2.0 / 3.0) - gamma_cdf(week - 0.5, 9, 2.0 / 3.0);
    let shares: Vec<f64> = (0..40).map(|week| share(f64::from(week))).collect();
    let all: f64 = shares.iter().sum();
    shares.iter().map(|share| share / all).collect()
}

/// What every week does to everybody's activity and wins: holidays, quarter ends, summer, growth.
fn calendars(weeks: usize, random: &mut Random) -> [Vec<f64>; 2] {
    let offset = random.below(52);
    let mut both = [Vec::with_capacity(weeks), Vec::with_capacity(weeks)];
    for week in 0..weeks {
        let (of_year, of_quarter) = ((week + offset) % 52, (week + offset) % 13);
        let summer = (26..34).contains(&of_year);
        let growth = 1.0 + 0.35 * (week as f64 - BEFORE as f64) / (weeks - BEFORE) as f64;
        let if_so = |so: bool, factor: f64| if so { factor } else { 1.0 };
        let activity = if_so(of_quarter < 4, 1.2)
            * if_so(of_quarter >= 11, 0.85)
            * if_so(summer, 0.85)
            * if_so(of_year == 47, 0.6)
            * if_so(of_year == 51 || of_year == 0, 0.35 / 1.2);
        let wins = if_so(of_quarter == 12, 2.5) * if_so(of_quarter == 11, 1.5) * if_so(of_quarter < 3, 0.65) * if_so(summer, 0.85);
        for (factors, (factor, noise)) in both.iter_mut().zip([(activity, 0.08), (wins, 0.10)]) {
            factors.push(factor * (noise * normal(random)).exp() * growth);
        }
    }
    both.map(|factors| {
        let mean = factors[BEFORE..].iter().sum::<f64>() / (weeks - BEFORE) as f64;
        factors.iter().map(|factor| factor / mean).collect()
    })
}

/// What one person is expected to do and win in each week, and from when until when they are in the data.
struct Person {
    activity: Vec<f64>,
    wins: Vec<f64>,
    there: std::ops::Range<usize>,
}

impl Person {
    fn new(scenario: Scenario, [of_activity, of_wins]: &[Vec<f64>; 2], random: &mut Random) -> Self {
        let all = of_activity.len();
        let weeks = all - BEFORE;
        let mut activity_drift = drift(all, 0.7, 0.35, random);
        let (mut activity, mut wins) = (of_activity.clone(), of_wins.clone());
        let mut there = BEFORE..all;
        match scenario {
            Scenario::Nothing | Scenario::Reverse | Scenario::Planted(_) => {}
            Scenario::Ramp | Scenario::Hire => {
                let start = BEFORE + (random.share() * 0.6 * weeks as f64) as usize;
                if chance(STARTING.0, random) {
                    for week in 0..all {
                        let strength = (0.2 + 0.8 * (week as f64 - start as f64) / STARTING.1).clamp(0.2, 1.0);
                        activity[week] *= strength;
                        wins[week] *= strength;
                    }
                    if scenario == Scenario::Hire {
                        there.start = start;
                    }
                }
            }
            Scenario::Turnover => {
                let (which, cut) = (random.share(), BEFORE + (weeks as f64 * (0.2 + 0.5 * random.share())) as usize);
                match which {
                    joins if joins < 0.2 => there.start = cut,
                    leaves if leaves < 0.4 => there.end = cut,
                    _ => {}
                }
            }
            Scenario::OwnCalendar => {
                let own = (0.5 * normal(random)).exp();
                for factor in activity.iter_mut().chain(&mut wins) {
                    *factor = (1.0 + own * (*factor - 1.0)).max(0.05);
                }
            }
            Scenario::Vacation => {
                let mut two = false;
                for week in 0..all {
                    let starts = chance(3.0 / 52.0, random);
                    if starts || two {
                        activity[week] = 0.0;
                        wins[week] *= 0.2;
                    }
                    two = starts && chance(0.5, random);
                }
            }
            Scenario::Shocks => {
                let shared = drift(all, 0.7, 0.4, random);
                activity_drift.iter_mut().zip(&shared).for_each(|(own, shared)| *own = *own * 0.5 + shared);
                wins.iter_mut().zip(shared).for_each(|(wins, shared)| *wins *= shared.exp());
            }
        }
        activity.iter_mut().zip(activity_drift).for_each(|(mean, drift)| *mean *= drift.exp());
        Self { activity, wins, there }
    }
}

/// How a person's win rate drifts, beside what shocks do to it.
fn own_wins(scenario: Scenario, weeks: usize, random: &mut Random) -> Vec<f64> {
    let deviation = if scenario == Scenario::Reverse { 0.6 } else { 0.5 };
    let half = if scenario == Scenario::Shocks { 0.5 } else { 1.0 };
    drift(weeks, 0.7, deviation, random).into_iter().map(|drift| (drift * half).exp()).collect()
}

/// A panel of so many people and weeks with so many wins per person-week, of revenue after activity.
pub(crate) fn panel(scenario: Scenario, people: usize, weeks: usize, rate: f64, random: &mut Random) -> Panel {
    let all = weeks + BEFORE;
    let calendars = calendars(all, random);
    let (mut lead, mut lag) = (Matrix::filled(people, weeks, f64::NAN), Matrix::filled(people, weeks, f64::NAN));
    let lags = lags();
    let mut effect = 0.0;
    for row in 0..people {
        let person = Person::new(scenario, &calendars, random);
        let (a, b) = (normal(random), normal(random));
        let (differ, together) = DIFFER;
        let strength = |z: f64| (differ * z - differ * differ / 2.0).exp();
        let busy = ACTIVITIES * strength(a);
        let own_rate = rate * strength(together * a + (1.0 - together * together).sqrt() * b);
        let drift = own_wins(scenario, all, random);
        let (mut activities, mut wins) = (vec![0.0; all], vec![0.0; all]);
        for week in 0..all {
            let tired = scenario == Scenario::Reverse && week > 0 && wins[week - 1] > 0.0;
            activities[week] = poisson(busy * person.activity[week] * if tired { 0.5 } else { 1.0 }, random);
            let expected = if let Scenario::Planted(share) = scenario {
                let per_activity = share * rate / ACTIVITIES;
                effect = per_activity * DEAL.0;
                let sown: f64 = lags.iter().enumerate().take(week + 1).map(|(lag, share)| share * activities[week - lag]).sum();
                per_activity * sown + (1.0 - share) * own_rate * drift[week]
            } else {
                own_rate * drift[week]
            };
            wins[week] = poisson(person.wins[week] * expected, random);
        }
        for week in person.there {
            lead.row_mut(row)[week - BEFORE] = activities[week];
            lag.row_mut(row)[week - BEFORE] = (0..wins[week] as usize).map(|_| log_normal(DEAL.0, DEAL.1, random)).sum();
        }
    }
    Panel { lead, lag, effect }
}
