//! How many of those who are followed something has happened to, by the time since each began, though most are still being followed.
//!
//! Who is still being followed is censored: known to be without an event until then, and nothing beyond. Times are in any unit, 0 or more;
//! what is no number, or below 0, is nobody. An event and a censoring of the same time stand in that order, as everywhere.
//!
//! [`kaplan_meier`] is Kaplan and Meier (1958) with the 95 % band of Kalbfleisch and Prentice, Greenwood's variance on the scale of
//! log(−log S): that of lifelines, and of R's `survfit(conf.type = "log-log")`. [`cumulative_incidence`] is Aalen and Johansen (1978), for
//! deals that end in either of two ways: to treat the lost as censored would say that they might still be won.
//!
//! Those of whom many samples are drawn are sorted once, as [`Followed`]: a sample is how often it has each of them.

#[cfg(test)]
mod tests;

/// The 97.5 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// What either end of a 95 % interval leaves outside.
const OUTSIDE: f64 = 0.025;

/// A time at which the following of somebody ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// The time.
    pub time: f64,
    /// How many were followed until then or longer.
    pub at_risk: usize,
    /// Of how many the event came then.
    pub events: usize,
    /// The share without an event after that time.
    pub survival: f64,
    /// The lower end of its 95 % interval.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
}

/// The share to whom the event has come by some time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Share {
    /// From 0 to 1.
    pub share: f64,
    /// The lower end of its 95 % interval.
    pub lo: f64,
    /// The upper end.
    pub hi: f64,
    /// How many were followed so long, or had their event before.
    pub known: usize,
}

/// Those who are followed, in the order of time.
#[derive(Debug, Clone)]
pub struct Followed {
    /// The different times until which they are, ascending.
    times: Vec<f64>,
    /// Of each of those given, which of these times it is and what became of it: an index into three for each time; none of who is nobody.
    places: Vec<Option<u32>>,
}

impl Followed {
    /// Each who is followed until when, and what became of them.
    pub fn new(followed: impl IntoIterator<Item = (f64, Fate)>) -> Self {
        let all: Vec<(f64, Fate)> = followed.into_iter().collect();
        let counts = |(time, _): &(f64, Fate)| time.is_finite() && *time >= 0.0;
        let mut times: Vec<f64> = all.iter().filter(|one| counts(one)).map(|(time, _)| *time).collect();
        times.sort_by(f64::total_cmp);
        times.dedup_by(|b, a| *a >= *b);
        let place = |(time, fate): &(f64, Fate)| (3 * times.partition_point(|other| other < time) + *fate as usize) as u32;
        let places = all.iter().map(|one| counts(one).then(|| place(one))).collect();
        Self { times, places }
    }

    /// Each who is followed until when, and whether the event came then.
    pub fn events(followed: &[(f64, bool)]) -> Self {
        Self::new(followed.iter().map(|(time, event)| (*time, if *event { Fate::Won } else { Fate::Open })))
    }

    /// Calls `tell` with each different time, how many were followed until then or longer, and how many were won and lost then. `often` is
    /// how often each of those given counts, by place; once where there is none.
    fn each_time(&self, often: Option<&[u32]>, mut tell: impl FnMut(f64, usize, usize, usize)) {
        let mut counts = vec![0_usize; 3 * self.times.len()];
        let mut at_risk = 0;
        let mut count = |place: &Option<u32>, n: u32| {
            if let Some(place) = place {
                counts[*place as usize] += n as usize;
                at_risk += n as usize;
            }
        };
        match often {
            Some(often) => self.places.iter().zip(often).for_each(|(place, n)| count(place, *n)),
            None => self.places.iter().for_each(|place| count(place, 1)),
        }
        for (time, counts) in self.times.iter().zip(counts.chunks_exact(3)) {
            let (won, lost, all) = (counts[Fate::Won as usize], counts[Fate::Lost as usize], counts.iter().sum::<usize>());
            if all > 0 {
                tell(*time, at_risk, won, lost);
                at_risk -= all;
            }
        }
    }
}

/// A time at which the following of somebody ended, without an interval.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The time.
    pub time: f64,
    /// How many were followed until then or longer.
    pub at_risk: usize,
    /// Of how many the event came then.
    pub events: usize,
    /// The share without an event after that time.
    pub survival: f64,
}

/// The points of [`kaplan_meier`], without its band, of a sample that has each of those given as `often` as it says, by place; of each once
/// where there is none.
pub fn survival(followed: &Followed, often: Option<&[u32]>) -> Vec<Point> {
    let mut points = Vec::new();
    let mut survival = 1.0;
    followed.each_time(often, |time, at_risk, events, _| {
        survival *= 1.0 - events as f64 / at_risk as f64;
        points.push(Point { time, at_risk, events, survival });
    });
    points
}

/// The share without an event over time: a step for each different time, by time, of each who is followed until when, and whether the event
/// came then.
///
/// Where Greenwood's variance says nothing the band is not his: as long as no event has come, which would be an interval without width,
/// the lower end is the exact one of no event among those still at risk (Clopper and Pearson 1934); where the event has come to all, the
/// lower end is 0 and the upper end that of the step before, or the exact one of all at risk where there is none.
pub fn kaplan_meier(followed: &[(f64, bool)]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut greenwood = 0.0;
    for Point { time, at_risk, events, survival } in survival(&Followed::events(followed), None) {
        let (n, d) = (at_risk as f64, events as f64);
        greenwood += d / (n * (n - d));
        let before = steps.last().map(|step| step.hi);
        let (lo, hi) = band(survival, greenwood, at_risk, before);
        steps.push(Step { time, at_risk, events, survival, lo, hi });
    }
    steps
}

/// Both ends of the interval of a share, with the upper end of the step before.
fn band(survival: f64, greenwood: f64, at_risk: usize, before: Option<f64>) -> (f64, f64) {
    let exact = OUTSIDE.powf(1.0 / at_risk as f64);
    if survival >= 1.0 {
        return (exact, 1.0);
    }
    if survival <= 0.0 {
        return (0.0, before.unwrap_or(1.0 - exact));
    }
    let log = survival.ln();
    let (middle, half) = ((-log).ln(), Z * greenwood.sqrt() / -log);
    let at = |place: f64| (-place.exp()).exp();
    (at(middle + half), at(middle - half))
}

/// The share to whom the event has come by a time; none where nobody was followed so long, unless it had come to all before.
pub fn share_at(steps: &[Step], time: f64) -> Option<Share> {
    if time.is_nan() {
        return None;
    }
    let after = steps.partition_point(|step| step.time < time);
    let at_risk = steps.get(after).map(|step| step.at_risk);
    let known = steps[..after].iter().map(|step| step.events).sum::<usize>() + at_risk.unwrap_or(0);
    let last = steps[..steps.partition_point(|step| step.time <= time)].last();
    let (survival, lo, hi) = match (last.filter(|step| step.survival < 1.0), at_risk) {
        (Some(step), Some(_)) => (step.survival, step.lo, step.hi),
        (Some(step), None) if step.survival <= 0.0 => (step.survival, step.lo, step.hi),
        (None, Some(at_risk)) => (1.0, band(1.0, 0.0, at_risk, None).0, 1.0),
        _ => return None,
    };
    Some(Share { share: 1.0 - survival, lo: 1.0 - hi, hi: 1.0 - lo, known })
}

/// What became of somebody who was followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It ended in the way that is asked about.
    Won,
    /// It ended in the other way.
    Lost,
    /// It has not ended.
    Open,
}

/// A time at which the following of somebody ended, either of two ways apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Incidence {
    /// The time.
    pub time: f64,
    /// How many were followed until then or longer.
    pub at_risk: usize,
    /// How many were won then.
    pub won: usize,
    /// How many were lost then.
    pub lost: usize,
    /// The share that is open after that time.
    pub open: f64,
    /// The share won by then.
    pub won_by: f64,
    /// The share lost by then; the three are 1 together.
    pub lost_by: f64,
}

/// The shares open, won and lost over time: a step for each different time, by time.
pub fn cumulative_incidence(followed: &[(f64, Fate)]) -> Vec<Incidence> {
    incidence(&Followed::new(followed.iter().copied()), None)
}

/// The steps of [`cumulative_incidence`], of a sample that has each of those given as `often` as it says, by place; of each once where there
/// is none.
pub fn incidence(followed: &Followed, often: Option<&[u32]>) -> Vec<Incidence> {
    let mut steps = Vec::new();
    let (mut open, mut won_by, mut lost_by) = (1.0, 0.0, 0.0);
    followed.each_time(often, |time, at_risk, won, lost| {
        let n = at_risk as f64;
        won_by += open * won as f64 / n;
        lost_by += open * lost as f64 / n;
        open *= 1.0 - (won + lost) as f64 / n;
        steps.push(Incidence { time, at_risk, won, lost, open, won_by, lost_by });
    });
    steps
}

/// The probability that what is open at the age `from` is won by the age `to`. None where nobody was followed until `to` and some were open
/// still, and where nobody is open at `from`.
pub fn won_between(steps: &[Incidence], from: f64, to: f64) -> Option<f64> {
    let last = steps.last()?;
    if from.is_nan() || to.is_nan() || (last.time < to && last.open > 0.0) {
        return None;
    }
    let at =
        |time: f64| steps[..steps.partition_point(|step| step.time <= time)].last().map_or((1.0, 0.0), |step| (step.open, step.won_by));
    let ((open, before), (_, after)) = (at(from), at(to));
    (open > 0.0).then(|| ((after - before) / open).clamp(0.0, 1.0))
}
