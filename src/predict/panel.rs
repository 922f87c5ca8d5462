//! People × weeks of leads and lags, and what the lead test says of each lead with each lag.

#[cfg(test)]
mod tests;

use super::missing::Cells;
use crate::calendar::Range;
use crate::diagnostic::{Code, Diagnostic};
use crate::stats::lead::{self, FEWEST_PEOPLE, FEWEST_WEEKS, Lost, Pair, Results, Settings, Tested, Verdict};
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
    /// Of how many weeks of a person it is known, and why not of the others.
    pub cells: Cells,
}

/// The test compares each person with each other person, in windows of weeks: more people take more memory than most machines have.
const CROWD: usize = 1000;

/// What is said of more people than can be compared with each other; none where they are few enough.
pub(super) fn crowd(people: usize) -> Option<Diagnostic> {
    let message = || format!("{people} people are more than can be compared with each other: at most {CROWD}");
    (people > CROWD).then(|| Diagnostic::error(Code::TooLarge, message()).hint("test a region or a team at a time"))
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
    /// Why people cannot be used, looking at this pair alone.
    pub lost: Vec<Lost>,
    /// In how many weeks of these people the lag is not 0.
    pub(crate) events: usize,
}

/// Whether every lead has earned its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Required {
    /// The leads, indices into [`Grid::leads`], that lead no lag, though some pair of theirs could be tested.
    pub missed: Vec<usize>,
    /// The leads of which every pair has too little data, and those without any pair.
    pub unjudged: Vec<usize>,
}

impl Panel {
    /// Whether every lead leads with some lag.
    pub fn required(&self) -> Required {
        let mut required = Required::default();
        for lead in 0..self.grid.leads.len() {
            let mine = self.pairs.iter().zip(&self.results.pairs).filter(|((of, _), _)| *of == lead);
            let verdicts: Vec<Verdict> = mine.map(|(_, tested)| tested.verdict).collect();
            if verdicts.iter().all(|verdict| *verdict == Verdict::TooLittleData) {
                required.unjudged.push(lead);
            } else if !verdicts.contains(&Verdict::Leads) {
                required.missed.push(lead);
            }
        }
        required
    }
}

impl Known {
    fn new(pair: &Pair<'_>) -> Self {
        let (people, columns) = (pair.lead.rows(), pair.lead.columns());
        let known = |person: usize, week: usize| pair.lead.row(person)[week].is_finite() && pair.lag.row(person)[week].is_finite();
        let weeks = (0..columns).filter(|week| (0..people).any(|person| known(person, *week))).count();
        let lost = lead::lost(std::slice::from_ref(pair), people, columns);
        let usable = (0..people).filter(|person| lost.iter().all(|lost| lost.person != *person));
        let result = |person: usize| (0..columns).filter(|week| known(person, *week) && pair.lag.row(person)[*week] != 0.0).count();
        let (people, events) = usable.fold((0, 0), |(people, events), person| (people + 1, events + result(person)));
        Self { people, weeks, together: people >= FEWEST_PEOPLE && weeks >= FEWEST_WEEKS, lost, events }
    }
}

/// Tests each lead with each lag but itself. Pairs that have too few people or weeks by themselves are judged alone, since a person has to be usable
/// in every pair that is tested together; the shuffles, and so the adjusted probabilities, are over the others.
pub fn tested(grid: Grid, settings: &Settings) -> Panel {
    let each = (0..grid.leads.len()).flat_map(|lead| (0..grid.lags.len()).map(move |lag| (lead, lag)));
    let pairs: Vec<(usize, usize)> = each.filter(|(lead, lag)| grid.leads[*lead].name != grid.lags[*lag].name).collect();
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
        for (index, known) in known.iter_mut().enumerate() {
            if known.together {
                results.pairs.extend(tested.next());
                continue;
            }
            known.lost.iter_mut().for_each(|lost| lost.pair = index);
            results.pairs.push(Tested { verdict: Verdict::TooLittleData, events: known.events, evidence: None });
        }
        (known, results)
    };
    Panel { grid, pairs, known, results }
}
