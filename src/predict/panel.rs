//! People × weeks of leads and lags, and what the lead test says of each lead with each lag.

use crate::calendar::Range;
use crate::stats::lead::{self, FEWEST_ACTIVE_WEEKS, FEWEST_PEOPLE, FEWEST_WEEKS, Lost, Pair, Results, Settings};
use crate::stats::matrix::Matrix;
use crate::unit::Unit;

/// Measures of the same people and weeks, wherever they come from.
#[derive(Debug, Clone)]
pub struct Grid {
    /// The names of the people, a row of the matrices each.
    pub people: Vec<String>,
    /// The names of the weeks, a column each, oldest first and without a gap.
    pub weeks: Vec<String>,
    /// The days from the first week's first to the last week's last, where the weeks are known as days.
    pub range: Option<Range>,
    /// The measures that may predict.
    pub leads: Vec<Series>,
    /// The measures that may be predicted.
    pub lags: Vec<Series>,
    /// What the sample leaves out and why, in sentences.
    pub cuts: Vec<String>,
}

/// A measure of people and weeks.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// In words, such as `new prospect meetings`.
    pub says: String,
    /// Its unit; hours in hours, money in units of its currency.
    pub unit: Unit,
    /// Whether less of it is better.
    pub drop: bool,
    /// Its values; NaN where they are not known or the person was not there.
    pub values: Matrix,
}

/// What is tested, and what it shows.
#[derive(Debug, Clone)]
pub struct Panel {
    /// The measures.
    pub grid: Grid,
    /// Each lead with each lag: indices into both, leads first.
    pub pairs: Vec<(usize, usize)>,
    /// What is known of each pair.
    pub known: Vec<Known>,
    /// What the pairs show.
    pub results: Results,
}

/// What is known of a lead with a lag.
#[derive(Debug, Clone)]
pub struct Known {
    /// How many people can be used, looking at this pair alone.
    pub people: usize,
    /// In how many weeks both are known of anybody.
    pub weeks: usize,
    /// Whether it was tested with the others; a pair that lacks people or weeks by itself would cost the others theirs.
    pub together: bool,
    /// Why people cannot be used, where it was not: `pair` is its own index.
    pub lost: Vec<Lost>,
}

impl Known {
    fn new(pair: &Pair<'_>) -> Self {
        let (people, columns) = (pair.lead.rows().min(pair.lag.rows()), pair.lead.columns().min(pair.lag.columns()));
        let (mut usable, mut seen) = (0, vec![false; columns]);
        for person in 0..people {
            let cells = pair.lead.row(person).iter().zip(pair.lag.row(person));
            let both: Vec<(usize, (f64, f64))> =
                cells.map(|(x, y)| (*x, *y)).enumerate().filter(|(_, (x, y))| x.is_finite() && y.is_finite()).collect();
            both.iter().for_each(|(week, _)| seen[*week] = true);
            let varies = |of: fn(&(f64, f64)) -> f64| both.iter().any(|(_, cell)| of(cell) != of(&both[0].1));
            usable += usize::from(both.len() >= FEWEST_ACTIVE_WEEKS && varies(|c| c.0) && varies(|c| c.1));
        }
        let weeks = seen.into_iter().filter(|seen| *seen).count();
        Self { people: usable, weeks, together: usable >= FEWEST_PEOPLE && weeks >= FEWEST_WEEKS, lost: Vec::new() }
    }
}

/// Tests each lead with each lag. Pairs that have too few people or weeks by themselves are judged alone, since a person has to be usable
/// in every pair that is tested together; the shuffles, and so the adjusted probabilities, are over the others.
pub fn tested(grid: Grid, settings: &Settings) -> Panel {
    let pairs: Vec<(usize, usize)> = (0..grid.leads.len()).flat_map(|lead| (0..grid.lags.len()).map(move |lag| (lead, lag))).collect();
    let (known, results) = {
        let of = |(lead, lag): &(usize, usize)| {
            let (lead, lag) = (&grid.leads[*lead], &grid.lags[*lag]);
            Pair { lead: &lead.values, lag: &lag.values, drop: lead.drop != lag.drop }
        };
        let each: Vec<Pair<'_>> = pairs.iter().map(of).collect();
        let mut known: Vec<Known> = each.iter().map(Known::new).collect();
        let together: Vec<usize> = (0..each.len()).filter(|index| known[*index].together).collect();
        let group: Vec<Pair<'_>> = together.iter().map(|index| each[*index]).collect();
        let mut results = if group.is_empty() {
            let weeks = grid.weeks.len();
            let max_lag = settings.max_lag.min(weeks / 3);
            Results { usable: vec![false; grid.people.len()], lost: Vec::new(), weeks, max_lag, pairs: Vec::new() }
        } else {
            lead::test(&group, settings)
        };
        results.lost.iter_mut().for_each(|lost| lost.pair = together[lost.pair]);
        let mut tested = std::mem::take(&mut results.pairs).into_iter();
        for (index, pair) in each.iter().enumerate() {
            if known[index].together {
                results.pairs.extend(tested.next());
                continue;
            }
            let mut alone = lead::test(std::slice::from_ref(pair), settings);
            alone.lost.iter_mut().for_each(|lost| lost.pair = index);
            known[index].lost = alone.lost;
            results.pairs.append(&mut alone.pairs);
        }
        (known, results)
    };
    Panel { grid, pairs, known, results }
}
