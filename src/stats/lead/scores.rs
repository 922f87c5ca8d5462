//! How well each person's lead lines up with each person's later lag, over windows of weeks.

use super::adjust::Known;
use super::lanes::LANES;

/// The widest window reaches so many weeks to either side of its center.
const WIDEST: usize = 3;
/// Two people who are known together for less than this share of a person's own weeks say nothing.
const OVERLAP: f64 = 0.2;

/// A window of weeks ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Its middle.
    pub(super) center: usize,
    /// How many weeks it reaches to either side.
    pub(super) reach: usize,
}

/// All windows that lie within 1 to `max_lag` weeks, the single weeks first.
///
/// Lead times of a group spread over some weeks; a window as wide as the spread sees them best, and the largest of all is judged against the
/// largest of all among shuffled people.
pub(super) fn windows(max_lag: usize) -> Vec<Window> {
    let of = |reach| (1 + reach..(max_lag + 1).saturating_sub(reach)).map(move |center| Window { center, reach });
    (0..=WIDEST).flat_map(of).collect()
}

/// Which of the two comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ahead {
    Lead,
    Lag,
}

/// A table of people × people for each of a number of windows or weeks, one behind the other: whose lead (row), whose lag (column).
#[derive(Debug)]
pub(super) struct Planes {
    pub(super) people: usize,
    pub(super) cells: Vec<f64>,
}

impl Planes {
    /// The tables.
    pub(super) fn each(&self) -> impl Iterator<Item = &[f64]> {
        self.cells.chunks_exact(self.people * self.people)
    }
}

/// A series for each person, with eight people side by side: `groups[g][week][lane]`; missing people are 0.
pub(super) struct Abreast {
    people: usize,
    groups: Vec<Vec<[f64; LANES]>>,
}

impl Abreast {
    pub(super) fn new(values: &[f64], people: usize, weeks: usize) -> Self {
        let group = |first: usize| {
            let of = |week| std::array::from_fn(|lane| if first + lane < people { values[(first + lane) * weeks + week] } else { 0.0 });
            (0..weeks).map(of).collect()
        };
        Self { people, groups: (0..people).step_by(LANES).map(group).collect() }
    }
}

/// Σ over weeks t of `first[s, t − lag]` × `second[r, t]`, for every two people, or of `first[s, t + lag]` where the lag is ahead.
fn products(first: &[f64], second: &Abreast, lag: usize, ahead: Ahead, into: &mut Vec<f64>) {
    let people = second.people;
    let weeks = first.len() / people;
    let overlap = weeks.saturating_sub(lag);
    let (of_first, of_second) = match ahead {
        Ahead::Lead => (0..overlap, weeks - overlap..weeks),
        Ahead::Lag => (weeks - overlap..weeks, 0..overlap),
    };
    let start = into.len();
    into.resize(start + people * people, 0.0);
    let plane = &mut into[start..];
    let row = |person: usize| &first[(person.min(people - 1)) * weeks..][of_first.clone()];
    for (number, group) in second.groups.iter().enumerate() {
        let group = &group[of_second.clone()];
        let columns = number * LANES..people.min((number + 1) * LANES);
        // Two rows at once keep the adders busy.
        for person in (0..people).step_by(2) {
            let mut sums = [[0.0; LANES]; 2];
            for ((week, a), b) in group.iter().zip(row(person)).zip(row(person + 1)) {
                for lane in 0..LANES {
                    sums[0][lane] += a * week[lane];
                    sums[1][lane] += b * week[lane];
                }
            }
            for (row, sums) in (person..people.min(person + 2)).zip(&sums) {
                plane[row * people..][columns.clone()].copy_from_slice(&sums[..columns.len()]);
            }
        }
    }
}

/// The means over each window of what there is for each week ahead.
fn over_windows(by_week: &Planes, windows: &[Window]) -> Vec<f64> {
    let size = by_week.people * by_week.people;
    let mut cells = Vec::with_capacity(windows.len() * size);
    for window in windows {
        let start = cells.len();
        cells.resize(start + size, 0.0);
        let plane = &mut cells[start..];
        for week in window.center - window.reach..=window.center + window.reach {
            plane.iter_mut().zip(&by_week.cells[(week - 1) * size..week * size]).for_each(|(mean, value)| *mean += value);
        }
        let n = (2 * window.reach + 1) as f64;
        for mean in plane {
            *mean /= n;
        }
    }
    cells
}

/// The same-week products of every two people.
pub(super) fn same_week(lead: &[f64], lag: &Abreast) -> Planes {
    let mut cells = Vec::new();
    products(lead, lag, 0, Ahead::Lead, &mut cells);
    Planes { people: lag.people, cells }
}

/// What makes up for gaps: by which factor the score of each window and two people is multiplied.
#[derive(Debug)]
pub(super) struct Overlaps(Option<Vec<f64>>);

impl Overlaps {
    /// The root of own weeks over shared weeks, for the weeks that two people are known together; 0 where they share less than [`OVERLAP`].
    ///
    /// A sum of fewer products varies less: this gives each shuffled pairing the variance of the real one.
    pub(super) fn new(known: &Known, windows: &[Window], max_lag: usize, ahead: Ahead) -> Self {
        if known.full {
            return Self(None);
        }
        let people = known.people;
        let mut factors = over_windows(&by_week(&known.cells, &Abreast::new(&known.cells, people, known.weeks), max_lag, ahead), windows);
        for plane in factors.chunks_exact_mut(people * people) {
            let own: Vec<f64> = (0..people).map(|person| plane[person * people + person]).collect();
            for row in plane.chunks_exact_mut(people) {
                for (n, own) in row.iter_mut().zip(&own) {
                    *n = if *n >= OVERLAP * own { (own / n.max(1e-9)).sqrt() } else { 0.0 };
                }
            }
        }
        Self(Some(factors))
    }
}

fn by_week(first: &[f64], second: &Abreast, max_lag: usize, ahead: Ahead) -> Planes {
    let mut cells = Vec::with_capacity(max_lag * second.people * second.people);
    for lag in 1..=max_lag {
        products(first, second, lag, ahead, &mut cells);
    }
    Planes { people: second.people, cells }
}

/// The score of every two people in each window: the mean over its weeks of the sums of products, made up for gaps.
pub(super) fn scores(lead: &[f64], lag: &Abreast, windows: &[Window], max_lag: usize, ahead: Ahead, overlaps: &Overlaps) -> Planes {
    let mut cells = over_windows(&by_week(lead, lag, max_lag, ahead), windows);
    if let Some(factors) = &overlaps.0 {
        cells.iter_mut().zip(factors).for_each(|(score, factor)| *score *= factor);
    }
    Planes { people: lag.people, cells }
}
