//! The test itself, from measures to verdicts.

use super::adjust::Known;
use super::effect::{detectable_share, effect, swing};
use super::null::{Chance, Shuffled, chances};
use super::ramp::rests_on_starters;
use super::scores::{Abreast, Ahead, Overlaps, Window, same_week, scores, windows};
use super::standard::{moments, peak, z};
use super::time::lead_weeks;
use super::transform::{even_out, mid_ranks, taming};
use super::usable::{both, lost};
use super::verdict::decide;
use super::{Evidence, FEWEST_PEOPLE, FEWEST_WEEKS, FEWEST_WEEKS_FOR_LEAD_TIME, GAP, Pair, Results, Settings, Tested, Verdict};
use crate::stats::matrix::Matrix;
use crate::stats::threads::spread;

/// Whether each lead predicts its lag, and after how many weeks: the verdict on every pair with the numbers behind it.
///
/// Each person's level and straight line and each week's mean are taken out of both measures, and the person's own past out of the lag; then
/// people's own pairings of lead and later lag are compared with pairings of shuffled people. Pairs that are tested together share people
/// (those whom every pair can use) and shuffles. Values that are not finite count as not known. Assumes that people do not influence each other
/// and that, without a relation, anybody's activity would line up with a person's later results as well as their own.
///
/// The matrices are of the same people and weeks; what one lacks of the first pair's lead is taken as not known.
pub fn test(pairs: &[Pair<'_>], settings: &Settings) -> Results {
    let Results { usable, lost, weeks, max_lag, pairs: mut tested } = once(pairs, settings);
    for (pair, tested) in pairs.iter().zip(&mut tested) {
        if let (Verdict::Leads, Some(evidence)) = (tested.verdict, &mut tested.evidence) {
            evidence.starting = rests_on_starters(pair, &usable, evidence, settings);
            tested.verdict = decide(evidence, tested.events);
        }
    }
    Results { usable, lost, weeks, max_lag, pairs: tested }
}

/// The test without asking whether what it shows rests on people who were starting.
pub(super) fn once(pairs: &[Pair<'_>], settings: &Settings) -> Results {
    let (people, weeks) = pairs.first().map_or((0, 0), |pair| (pair.lead.rows(), pair.lead.columns()));
    let lost = lost(pairs, people, weeks);
    let mut usable = vec![true; people];
    for lost in &lost {
        usable[lost.person] = false;
    }
    let rows: Vec<usize> = (0..people).filter(|person| usable[*person]).collect();
    let max_lag = settings.max_lag.max(1).min(weeks / 3);
    let pairs = if rows.len() < FEWEST_PEOPLE || weeks < FEWEST_WEEKS {
        pairs.iter().map(|pair| Tested { verdict: Verdict::TooLittleData, events: events(pair, &rows, weeks), evidence: None }).collect()
    } else {
        tested(pairs, &rows, weeks, max_lag, settings)
    };
    Results { usable, lost, weeks, max_lag, pairs }
}

/// Person-weeks of these people in which the lag is not 0.
fn events(pair: &Pair<'_>, rows: &[usize], weeks: usize) -> usize {
    let of = |row: &usize| (0..weeks).filter(|week| both(pair, *row, *week).is_some_and(|(_, lag)| lag != 0.0)).count();
    rows.iter().map(of).sum()
}

/// Which measures, of which known cells, the pairs are made of: each is prepared once, however many pairs it is in.
#[derive(Default)]
struct Sides<'a> {
    known: Vec<Known>,
    leads: Vec<(&'a Matrix, bool, usize)>,
    lags: Vec<(&'a Matrix, usize)>,
    /// The lead and the lag of each pair.
    pairs: Vec<(usize, usize)>,
}

/// The index of an item that is equal, or of the one that is added.
fn place<T>(items: &mut Vec<T>, item: T, same: impl Fn(&T, &T) -> bool) -> usize {
    items.iter().position(|other| same(other, &item)).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}

impl<'a> Sides<'a> {
    fn new(pairs: &[Pair<'a>], rows: &[usize], weeks: usize) -> Self {
        let mut sides = Self::default();
        for pair in pairs {
            let cell = |row: &usize, week| if both(pair, *row, week).is_some() { 1.0 } else { 0.0 };
            let cells = rows.iter().flat_map(|row| (0..weeks).map(move |week| cell(row, week))).collect();
            let known = place(&mut sides.known, Known::new(rows.len(), weeks, cells), PartialEq::eq);
            let lead = place(&mut sides.leads, (pair.lead, pair.drop, known), |a, b| std::ptr::eq(a.0, b.0) && (a.1, a.2) == (b.1, b.2));
            let lag = place(&mut sides.lags, (pair.lag, known), |a, b| std::ptr::eq(a.0, b.0) && a.1 == b.1);
            sides.pairs.push((lead, lag));
        }
        sides
    }
}

/// A lead as it is compared.
struct Lead {
    known: usize,
    drop: bool,
    /// As given, 0 where not known, times a power of two that keeps squares within range.
    raw: Vec<f64>,
    scale: f64,
    adjusted: Vec<f64>,
    /// Evened out, adjusted, of the same size for everybody.
    units: Vec<f64>,
}

/// A lag as it is compared.
struct Lag {
    scale: f64,
    adjusted: Vec<f64>,
    /// Mid-ranks, adjusted.
    ranks: Abreast,
    /// The same less the own past.
    news: Abreast,
    events: usize,
}

/// The cells of these people, 0 where not known or where a pair lacks one side.
fn cells(matrix: &Matrix, rows: &[usize], known: &Known) -> Vec<f64> {
    let of = |row: usize| (0..known.weeks).map(move |week| matrix.row(row).get(week).copied().unwrap_or(0.0));
    let values = rows.iter().flat_map(|row| of(*row));
    values.zip(&known.cells).map(|(value, cell)| if *cell > 0.0 { value } else { 0.0 }).collect()
}

impl Lead {
    fn new((matrix, drop, which): (&Matrix, bool, usize), rows: &[usize], known: &Known) -> Self {
        let mut raw = cells(matrix, rows, known);
        if drop {
            for value in &mut raw {
                *value = -*value;
            }
        }
        let scale = taming(&raw);
        let units = known.unit(known.adjust(&even_out(&raw, &known.cells)));
        for value in &mut raw {
            *value *= scale;
        }
        Self { known: which, drop, scale, adjusted: known.adjust(&raw), units, raw }
    }
}

impl Lag {
    fn new(matrix: &Matrix, rows: &[usize], known: &Known) -> Self {
        let mut raw = cells(matrix, rows, known);
        let events = raw.iter().filter(|value| **value != 0.0).count();
        let scale = taming(&raw);
        let ranks = known.adjust(&mid_ranks(&raw, &known.cells));
        let news = known.less_own_past(&ranks);
        let abreast = |values: &[f64]| Abreast::new(values, known.people, known.weeks);
        for value in &mut raw {
            *value *= scale;
        }
        Self { scale, adjusted: known.adjust(&raw), ranks: abreast(&ranks), news: abreast(&news), events }
    }
}

/// What a pair shows before it is compared with shuffled people.
struct Shown {
    forward: Shuffled,
    evidence: Evidence,
    events: usize,
}

/// How far ahead is looked, and what makes up for gaps, by the known cells and which measure comes first.
struct Reach {
    max_lag: usize,
    windows: Vec<Window>,
    overlaps: Vec<[Overlaps; 2]>,
}

impl Shown {
    fn new(lead: &Lead, lag: &Lag, known: &Known, reach: &Reach) -> Self {
        let [ahead, behind] = &reach.overlaps[lead.known];
        let scored = |lag: &Abreast, which, overlaps| scores(&lead.units, lag, &reach.windows, reach.max_lag, which, overlaps);
        let forward = scored(&lag.news, Ahead::Lead, ahead);
        let forward_moments = moments(&forward);
        let forward_z = z(&forward, &forward_moments);
        let standardized = |planes| z(&planes, &moments(&planes));
        let reverse_z = standardized(scored(&lag.news, Ahead::Lag, behind));
        let same_z = peak(&standardized(same_week(&lead.units, &lag.news)));
        let (best, reverse) = (peak(&forward_z), peak(&reverse_z));
        let swing = swing(&lead.raw, &lead.adjusted, known);
        let weeks = |planes| lead_weeks(&standardized(planes), &reach.windows);
        // The single weeks come first among the windows.
        let single = |z: &[f64]| z[..reach.max_lag].to_vec();
        let by_lag = single(&reverse_z).into_iter().rev().chain([same_z]).chain(single(&forward_z)).collect();
        let sign = if lead.drop { -1.0 } else { 1.0 };
        let evidence = Evidence {
            p: 1.0,
            p_adjusted: 1.0,
            z: best,
            z_reverse: reverse,
            z_same_week: same_z,
            ahead: best > reverse.max(same_z) + GAP,
            starting: false,
            lead: (known.weeks >= FEWEST_WEEKS_FOR_LEAD_TIME).then(|| weeks(scored(&lag.ranks, Ahead::Lead, ahead))),
            effect: effect(&lead.adjusted, &lag.adjusted, known, reach.max_lag)
                .and_then(|effect| effect.times(sign * lead.scale / lag.scale)),
            swing,
            detectable_share: detectable_share(swing, lag.events),
            by_lag,
        };
        Self { forward: Shuffled::new(&forward, &forward_moments), evidence, events: lag.events }
    }

    fn judged(self, chance: Chance) -> Tested {
        let evidence = Evidence { p: chance.alone, p_adjusted: chance.any, ..self.evidence };
        Tested { verdict: decide(&evidence, self.events), events: self.events, evidence: Some(evidence) }
    }
}

fn tested(pairs: &[Pair<'_>], rows: &[usize], weeks: usize, max_lag: usize, settings: &Settings) -> Vec<Tested> {
    let threads = settings.threads;
    let Sides { known, leads, lags, pairs } = Sides::new(pairs, rows, weeks);
    let windows = windows(max_lag);
    let overlaps =
        spread(known.len(), threads, |n| [Ahead::Lead, Ahead::Lag].map(|ahead| Overlaps::new(&known[n], &windows, max_lag, ahead)));
    let leads = spread(leads.len(), threads, |n| Lead::new(leads[n], rows, &known[leads[n].2]));
    let lags = spread(lags.len(), threads, |n| Lag::new(lags[n].0, rows, &known[lags[n].1]));
    let reach = Reach { max_lag, windows, overlaps };
    let shown = spread(pairs.len(), threads, |n| {
        let (lead, lag) = (&leads[pairs[n].0], &lags[pairs[n].1]);
        Shown::new(lead, lag, &known[lead.known], &reach)
    });
    let seen: Vec<(&Shuffled, f64)> = shown.iter().map(|shown| (&shown.forward, shown.evidence.z)).collect();
    let chances = chances(&seen, rows.len(), settings.shuffles, settings.seed, threads);
    shown.into_iter().zip(chances).map(|(shown, chance)| shown.judged(chance)).collect()
}
