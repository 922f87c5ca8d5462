//! Whether work is done week after week: its rhythm, and the patterns that a mean hides.
//!
//! The weeks of one person and one kind of work come oldest first; `None` is a week that does not count (absence, not employed, fewer
//! than half of its workdays), and is passed over as if it were not there: it neither ends a gap nor makes one longer.
//!
//! A pattern is held against steady random work: the person's own records of the counted weeks, each of which could as well have fallen
//! into any of them. Given their number that is an exact probability, whatever the mean, so that steady work is flagged in at most
//! `alpha` of cases. Records that come several at once (one visit logged as four meetings) are less independent than that, and a week
//! cut short by holidays is counted as a whole one: with many of either, flags are more frequent.

use super::chance::{Share, idle_between, ln_at_least};

/// The false-alarm rate of a flag on steady random work: 1 in 20 person-quarters. Whoever looks at several kinds of work of one person
/// divides it by their number, and so keeps the rate for the person.
pub const ALPHA: f64 = 0.05;

/// How many weeks are looked at: a quarter's.
pub const WEEKS: usize = 13;

/// Fewer weeks without any at the end are no neglect.
const NEGLECTED: usize = 3;

/// Fewer idle weeks between active ones are no start–stop.
const IDLE: usize = 2;

/// Fewer hot weeks, or fewer cool ones, are nothing to compare.
const COMPARED: usize = 3;

/// The part of `alpha` that somebody without any record may use up. Given no record there is no week left to chance, so this rule's
/// false alarms come on top of those about a gap at the end, which leave more than this part unused.
const NEVER: f64 = 0.1;

/// How regularly something was done in the weeks that count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// Weeks that count.
    pub weeks: u32,
    /// Of these, weeks with any.
    pub active: u32,
    /// Records in all of them.
    pub total: u32,
    /// The longest run of counted weeks without any, the first and the last weeks included.
    pub longest_gap: u32,
    /// Counted weeks since the last one with any, 0 when that is the newest; all of them when there is none.
    pub since: u32,
}

/// None in the last weeks, after something; or none at all where others have many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Neglect {
    /// Counted weeks without any, up to the newest.
    pub weeks: u32,
    /// Records a week in the counted weeks before; 0 when there are none.
    pub before: f64,
    /// The probability of as long a gap at the end under steady random work, 0 to 1.
    pub chance: f64,
}

/// Weeks of none between weeks of many.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StartStop {
    /// Counted weeks without any, each after one with some and before another.
    pub idle: u32,
    /// Counted weeks with any.
    pub active: u32,
    /// Records a week in the weeks with any.
    pub per_active_week: f64,
    /// The probability of as many idle weeks between the first and the last active one under steady random work, 0 to 1.
    pub chance: f64,
}

/// Prospecting that falls while deals are hot.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeeSaw {
    /// Counted weeks of much deal work.
    pub hot_weeks: u32,
    /// Prospecting records a week in these.
    pub in_hot: f64,
    /// Prospecting records a week in the other counted weeks.
    pub in_cool: f64,
    /// The probability of as little prospecting in the hot weeks when it takes no notice of deals, 0 to 1.
    pub chance: f64,
}

fn counted(weeks: &[Option<u32>]) -> Vec<u32> {
    weeks.iter().copied().flatten().collect()
}

fn sum(weeks: &[u32]) -> u64 {
    weeks.iter().copied().map(u64::from).sum()
}

/// A count of weeks or records as it is handed out; one too large is as large as can be.
pub(super) fn count(n: impl TryInto<u32>) -> u32 {
    n.try_into().unwrap_or(u32::MAX)
}

/// How many weeks at the end have none.
fn gap_at_the_end(weeks: &[u32]) -> usize {
    weeks.iter().rev().take_while(|n| **n == 0).count()
}

/// The rhythm of some weeks; none where no week counts.
pub fn rhythm(weeks: &[Option<u32>]) -> Option<Rhythm> {
    let weeks = counted(weeks);
    if weeks.is_empty() {
        return None;
    }
    let longest = weeks.split(|n| *n > 0).map(<[u32]>::len).max().unwrap_or(0);
    Some(Rhythm {
        weeks: count(weeks.len()),
        active: count(weeks.iter().filter(|n| **n > 0).count()),
        total: count(sum(&weeks)),
        longest_gap: count(longest),
        since: count(gap_at_the_end(&weeks)),
    })
}

/// Whether something was dropped: none in the last g ≥ 3 counted weeks after some in those before.
///
/// With n records in W counted weeks steady random work leaves the last g empty with probability ((W − g) / W)ⁿ, which must be at most
/// `alpha`. For somebody without any record nothing is known but `others`, the mean a week of those who have the same job: a steady
/// Poisson count of that mean has none in W weeks with probability exp(−others · W), which must be at most a tenth of `alpha`, so that
/// both rules together keep to it. Without `others`, none at all is not judged.
pub fn neglected(weeks: &[Option<u32>], others: Option<f64>, alpha: f64) -> Option<Neglect> {
    let weeks = counted(weeks);
    let (all, gap, records) = (weeks.len(), gap_at_the_end(&weeks), sum(&weeks));
    if gap < NEGLECTED {
        return None;
    }
    if records == 0 {
        let others = others.filter(|mean| mean.is_finite() && *mean > 0.0)?;
        let chance = (-others * all as f64).exp();
        return (chance <= alpha * NEVER).then_some(Neglect { weeks: count(all), before: 0.0, chance });
    }
    let before = (all - gap) as f64;
    let chance = (before / all as f64).powf(records as f64);
    (chance <= alpha).then_some(Neglect { weeks: count(gap), before: records as f64 / before, chance })
}

/// Whether something was done by fits and starts: at least 2 idle weeks between active ones, and more than steady random work of the
/// same mean leaves.
///
/// Only the weeks from the first active one to the last are looked at: given both, each record in between is steady for somebody who
/// took the work up late, or dropped it, as well, so that neither is mistaken for start–stop. The probability is that of as many idle
/// weeks or more among them, given that the first and the last have some, and must be at most `alpha`.
pub fn start_stop(weeks: &[Option<u32>], alpha: f64) -> Option<StartStop> {
    let weeks = counted(weeks);
    let (first, last) = (weeks.iter().position(|n| *n > 0)?, weeks.iter().rposition(|n| *n > 0)?);
    let span = &weeks[first..=last];
    let idle = span.iter().filter(|n| **n == 0).count();
    if idle < IDLE {
        return None;
    }
    let (active, records) = (span.len() - idle, sum(span));
    let chance = idle_between(idle, span.len(), records);
    let per_active_week = records as f64 / active as f64;
    (chance <= alpha).then_some(StartStop { idle: count(idle), active: count(active), per_active_week, chance })
}

/// Whether prospecting falls while deals are hot: at most half as much a week in the hot weeks as in the others, and less than chance
/// leaves there.
///
/// Counted are the weeks that count for both. Hot are those whose deal work is above the person's median week; where equal weeks leave
/// fewer than 3 of these, those at the median too. There must be 3 hot weeks and 3 cool ones. Of N prospecting records each falls into
/// one of the H hot weeks of W with probability H / W, if it takes no notice of deals: the probability of so few in them is a binomial
/// tail and must be at most `alpha`.
pub fn see_saw(prospecting: &[Option<u32>], deal_work: &[Option<u32>], alpha: f64) -> Option<SeeSaw> {
    let weeks: Vec<(u32, u32)> = prospecting.iter().zip(deal_work).filter_map(|(p, d)| Some(((*p)?, (*d)?))).collect();
    let hot = hot_weeks(&weeks.iter().map(|(_, deals)| *deals).collect::<Vec<u32>>())?;
    let (mut in_hot, mut in_cool) = (0, 0);
    for ((prospecting, _), hot) in weeks.iter().zip(&hot) {
        *(if *hot { &mut in_hot } else { &mut in_cool }) += u64::from(*prospecting);
    }
    let hot_weeks = hot.iter().filter(|hot| **hot).count();
    let cool_weeks = weeks.len() - hot_weeks;
    let (a_hot_week, a_cool_week) = (in_hot as f64 / hot_weeks as f64, in_cool as f64 / cool_weeks as f64);
    if in_cool == 0 || a_hot_week > a_cool_week / 2.0 {
        return None;
    }
    let chance = ln_at_least(in_cool, in_hot + in_cool, Share::of(cool_weeks as u64, weeks.len() as u64)).exp();
    (chance <= alpha).then_some(SeeSaw { hot_weeks: count(hot_weeks), in_hot: a_hot_week, in_cool: a_cool_week, chance })
}

/// Which weeks are hot; none where there is no way to have enough of both kinds.
fn hot_weeks(deal_work: &[u32]) -> Option<Vec<bool>> {
    if deal_work.len() < 2 * COMPARED {
        return None;
    }
    let mut sorted = deal_work.to_vec();
    sorted.sort_unstable();
    let twice_the_median = u64::from(sorted[(sorted.len() - 1) / 2]) + u64::from(sorted[sorted.len() / 2]);
    let enough = |hot: &Vec<bool>| {
        let hot_weeks = hot.iter().filter(|hot| **hot).count();
        hot_weeks >= COMPARED && hot.len() - hot_weeks >= COMPARED
    };
    let above = deal_work.iter().map(|n| 2 * u64::from(*n) > twice_the_median).collect();
    let at_or_above = || deal_work.iter().map(|n| 2 * u64::from(*n) >= twice_the_median).collect();
    Some(above).filter(enough).or_else(|| Some(at_or_above()).filter(enough))
}

#[cfg(test)]
pub(super) mod tests;
