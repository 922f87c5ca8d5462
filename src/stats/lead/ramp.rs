//! Whether a lead holds without the people who were starting.

use super::lanes::{dot, sum};
use super::test::once;
use super::transform::taming;
use super::usable::both;
use super::{ALPHA, Evidence, FEWEST_PEOPLE, Matrix, Pair, Settings};

/// Weeks from the start to full speed, taken as half a year; people who take 13 or 52 are found with it as well.
const RAMP: f64 = 26.0;
/// Starts are tried from so many weeks before the first week, when the ramp would be half done, …
const BEFORE: f64 = 13.0;
/// … to so many before the last, with less than a third of the ramp to see.
const LEFT: usize = 9;
/// The t value from which a start is clear, the best of all starts having been taken. Activity comes in runs, whose t values are larger than
/// Student's; 5 takes 1 person in 200 without a start for a starter in 52 weeks of data, and fewer in longer ones.
const CLEAR: f64 = 5.0;
/// The same for a start in the first known week of a person who comes later than the first week: it need not be searched for.
const CLEAR_LATE: f64 = 2.5;
/// A starter begins at this share of full speed or below.
const BEGINNING: f64 = 0.5;
/// A week in which people do this share of their mean or less says nothing about anybody's speed.
const IDLE: f64 = 0.05;
/// The fewest weeks a ramp is fitted to.
const FEWEST_WEEKS: usize = 10;
/// What weighs less than this in all is no ramp but a corner of one.
const CORNER: f64 = 1.0;

/// Whether a lead rests on people who were starting: it does not hold without them.
///
/// People who start and grow into the job raise both measures over the same months, in a curve that no straight line takes out. Own lead and
/// own lag then go together at any distance in time, the highest of 40 windows is above those of shuffled people, and now and then by [`GAP`]
/// above the same week and the reverse as well. So the people whose two measures show a start are left out, and the test is made again
/// on the others, with half the shuffles: p, times what testing several pairs together had cost the first p, must be 0.05 or less, and the
/// lead must be ahead again. A condition beside the test, it can only take leads away; the numbers of the test are as they were.
///
/// A person was starting where, of all ramps over 26 weeks (flat, rising, flat), least squares find one in the lead, over what the week was for
/// everybody else, with t ≥ 5 (2.5 where it starts in the person's first week and that is not the panel's first), from at most half of
/// full speed, and the lag is higher with it too. Weeks are measured anew without the starters found, until none is added. Fewer than
/// 5 people left prove nothing.
///
/// Assumes that starters are told by their lead, and that most people of a week are not starting in it. By simulation at a nominal 5 %,
/// false leads before and after, 4,000 data sets each (standard error .003), with seeds that were not used to find the numbers above:
///
/// | people × weeks | 3 in 10 ramp, nobody knows since when | 3 in 10 hired inside the data |
/// |---|---|---|
/// | 10 × 52 | .057 → .033 | .051 → .028 |
/// | 20 × 52 | .060 → .034 | .054 → .032 |
/// | 20 × 104 | .097 → .034 | .064 → .026 |
/// | 40 × 104 | .140 → .036 | .070 → .030 |
/// | 20 × 156 | .106 → .029 | .067 → .025 |
/// | 60 × 156 (1,000, error .006) | .193 → .037 | .099 → .032 |
///
/// Where 6 in 10 ramp, .139 → .023, and over 13 weeks instead of 26, .108 → .027, over 52, .067 → .025 (20 × 104, 2,000 data sets each).
/// Any of four pairs tested together, 3 in 10 ramping: .159 → .045 (1,000 data sets; .079 were their number not counted).
///
/// Of true leads without starters, 2,000 data sets each, the five planted rows of the test keep .632 → .624, .723 → .717, .979 → .979,
/// .974 → .972 and .804 → .796; with joiners and leavers .930 → .925, where leaving out the first half year of every joiner keeps .901.
/// A true lead among people of whom 3 in 10 ramp has fewer left to show it: .978 → .885 (20 × 104), .656 → .532 (20 × 52; 1,000 each).
///
/// [`GAP`]: super::GAP
pub(super) fn rests_on_starters(pair: &Pair<'_>, usable: &[bool], shown: &Evidence, settings: &Settings) -> bool {
    let series = Series::new(pair, usable);
    let starting = series.starters();
    if !starting.contains(&true) {
        return false;
    }
    let mut lead = pair.lead.clone();
    let stay: Vec<usize> = series.people.iter().zip(&starting).filter_map(|(person, starting)| (!starting).then_some(*person)).collect();
    (0..lead.rows()).filter(|row| !stay.contains(row)).for_each(|row| lead.row_mut(row).fill(f64::NAN));
    let again = once(&[Pair { lead: &lead, ..*pair }], &Settings { shuffles: settings.shuffles / 2, ..*settings });
    let holds = |evidence: &Evidence| evidence.ahead && evidence.p * (shown.p_adjusted / shown.p) <= ALPHA;
    !again.pairs.iter().filter_map(|pair| pair.evidence.as_ref()).any(holds)
}

/// What is known of a pair, person by person.
struct Series {
    /// The rows of the matrices.
    people: Vec<usize>,
    /// How many weeks there are.
    weeks: usize,
    /// The known weeks of each with the lead, as its drop is expected or its rise, and the lag.
    known: Vec<Vec<(usize, f64, f64)>>,
}

impl Series {
    fn new(pair: &Pair<'_>, usable: &[bool]) -> Self {
        let weeks = pair.lead.columns();
        let people: Vec<usize> = (0..usable.len()).filter(|person| usable[*person]).collect();
        let of = |matrix: &Matrix| taming(&people.iter().flat_map(|person| matrix.row(*person)).copied().collect::<Vec<_>>());
        let (lead_scale, lag_scale) = (of(pair.lead) * if pair.drop { -1.0 } else { 1.0 }, of(pair.lag));
        let cell = |person, week| both(pair, person, week).map(|(lead, lag)| (week, lead * lead_scale, lag * lag_scale));
        let known = people.iter().map(|person| (0..weeks).filter_map(|week| cell(*person, week)).collect()).collect();
        Self { people, weeks, known }
    }

    /// Who was starting.
    fn starters(&self) -> Vec<bool> {
        let mut starting = vec![false; self.people.len()];
        while starting.iter().filter(|starting| !**starting).count() >= FEWEST_PEOPLE {
            let factors = self.factors(&starting);
            let found: Vec<bool> =
                self.known.iter().zip(&starting).map(|(known, starting)| *starting || self.starts(known, &factors)).collect();
            if found == starting {
                break;
            }
            starting = found;
        }
        starting
    }

    /// What each week was for those who were not starting, as a share of their means.
    fn factors(&self, starting: &[bool]) -> Vec<f64> {
        let mut sums = vec![(0.0, 0.0); self.weeks];
        for (known, _) in self.known.iter().zip(starting).filter(|(_, starting)| !**starting) {
            let mean = known.iter().map(|(_, lead, _)| lead).sum::<f64>() / known.len().max(1) as f64;
            if mean.abs() > 1e-12 {
                for (week, lead, _) in known {
                    sums[*week].0 += lead / mean;
                    sums[*week].1 += 1.0;
                }
            }
        }
        sums.into_iter().map(|(sum, n): (f64, f64)| sum / n.max(1.0)).collect()
    }

    fn starts(&self, known: &[(usize, f64, f64)], factors: &[f64]) -> bool {
        let speed = Speed::new(known, factors);
        let Some((first, ..)) = known.first() else { return false };
        if speed.weeks.len() < FEWEST_WEEKS {
            return false;
        }
        let starts = self.weeks.saturating_sub(LEFT - 1);
        let anywhere = (0..starts + BEFORE as usize).map(|start| start as f64 - BEFORE);
        speed.shows(anywhere, CLEAR) || (*first > 0 && speed.shows(std::iter::once(*first as f64), CLEAR_LATE))
    }
}

/// A person's lead over what the week was for the others, and their lag, in the weeks that say something.
#[derive(Default)]
struct Speed {
    weeks: Vec<f64>,
    /// The mean of the lead.
    mean: f64,
    /// Less its mean.
    lead: Vec<f64>,
    /// Less its mean.
    lag: Vec<f64>,
    /// What the weeks before each add up to.
    sums: Vec<Sums>,
}

/// Sums over weeks, of which ramps are made: any stretch of them is the difference of two, so that a ramp costs as much as a week.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weeks: f64,
    week_squares: f64,
    lead: f64,
    lead_by_week: f64,
}

/// A ramp fitted to a person.
struct Fit {
    start: f64,
    /// How much the lead grows from nothing to full speed.
    growth: f64,
    /// The mean of the ramp, which goes from 0 to 1.
    mean: f64,
    /// How much of the squared differences of the lead it accounts for.
    explained: f64,
}

impl Speed {
    fn new(known: &[(usize, f64, f64)], factors: &[f64]) -> Self {
        let mut speed = Self::default();
        for (week, lead, lag) in known.iter().filter(|(week, ..)| factors[*week] > IDLE) {
            speed.weeks.push(*week as f64);
            speed.lead.push(lead / factors[*week]);
            speed.lag.push(*lag);
        }
        let center = |values: &mut [f64]| {
            let mean = sum(values) / values.len().max(1) as f64;
            for value in values {
                *value -= mean;
            }
            mean
        };
        center(&mut speed.lag);
        speed.mean = center(&mut speed.lead);
        let mut so_far = Sums::default();
        speed.sums.push(so_far);
        for (week, lead) in speed.weeks.iter().zip(&speed.lead) {
            so_far.weeks += week;
            so_far.week_squares += week * week;
            so_far.lead += lead;
            so_far.lead_by_week += week * lead;
            speed.sums.push(so_far);
        }
        speed
    }

    /// Whether the best of these starts is clear and low enough, and the lag is higher with it.
    fn shows(&self, starts: impl Iterator<Item = f64>, clear: f64) -> bool {
        let better = |best: Fit, fit: Fit| if fit.explained > best.explained { fit } else { best };
        let Some(fit) = starts.filter_map(|start| self.fit(start)).reduce(better) else { return false };
        let all = dot(&self.lead, &self.lead);
        let left = (all - fit.explained).max(1e-12 * all);
        let first = self.mean + fit.growth * (step(self.weeks[0], fit.start) - fit.mean);
        let full = self.mean + fit.growth * (1.0 - fit.mean);
        let low = first.abs().min(full.abs()) <= BEGINNING * first.abs().max(full.abs()) || first * full <= 0.0;
        let lag: f64 = self.weeks.iter().zip(&self.lag).map(|(week, lag)| (step(*week, fit.start) - fit.mean) * lag).sum();
        let t = (fit.explained / left * (self.weeks.len() as f64 - 2.0)).sqrt();
        t >= clear && low && lag > 0.0
    }

    /// Least squares of a ramp; none where there is too little of it to see or the lead falls.
    fn fit(&self, start: f64) -> Option<Fit> {
        let n = self.weeks.len();
        let (begun, done) = (self.weeks.partition_point(|week| *week <= start), self.weeks.partition_point(|week| *week < start + RAMP));
        let (before, after) = (self.sums[begun], self.sums[done]);
        let (rising, full) = ((done - begun) as f64, (n - done) as f64);
        let weeks = after.weeks - before.weeks;
        let total = (weeks - start * rising) / RAMP + full;
        let mean = total / n as f64;
        let rising_squares = after.week_squares - before.week_squares - 2.0 * start * weeks + start * start * rising;
        let squares = rising_squares / (RAMP * RAMP) + full - total * mean;
        // The lead is centered: what the ramp's mean takes off is nothing.
        let rising_lead = after.lead_by_week - before.lead_by_week - start * (after.lead - before.lead);
        let growth = (rising_lead / RAMP + self.sums[n].lead - after.lead) / squares;
        (squares > CORNER && growth > 0.0).then_some(Fit { start, growth, mean, explained: growth * growth * squares })
    }
}

/// How far a ramp has come in a week, from 0 to 1.
fn step(week: f64, start: f64) -> f64 {
    ((week - start) / RAMP).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests;
