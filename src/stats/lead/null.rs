//! What shuffled people show: whose lead goes with whose lag is drawn, everything else stays as it is.

use super::lanes::LANES;
use super::scores::Planes;
use super::standard::Moments;
use crate::stats::random::Random;
use crate::stats::threads::spread;

/// Orders of more people than this are never gone through one by one.
const MOST: usize = 10;
/// Orders that one thread takes at a time.
const CHUNK: usize = 64;
/// Scores so near are the same.
const TIE: f64 = 1e-9;

/// The orders of people that are looked at: all there are where that is no more than asked for, else the real one and so many drawn ones.
#[derive(Debug, Clone, Copy)]
struct Orders {
    people: usize,
    count: usize,
    all: bool,
    seed: u64,
}

impl Orders {
    fn new(people: usize, shuffles: usize, seed: u64) -> Self {
        let asked = shuffles.saturating_add(1);
        let there_are: usize = (1..=people.min(MOST)).product();
        let all = people <= MOST && there_are <= asked;
        Self { people, count: if all { there_are } else { asked }, all, seed }
    }

    /// The order of this number, the real one at 0: in lexicographic order where all are gone through, else each drawn for itself.
    fn order(self, number: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.people).collect();
        if !self.all {
            if number > 0 {
                Random::new(self.seed, number as u64).shuffle(&mut order);
            }
            return order;
        }
        let mut rest = number;
        for place in (0..self.people).rev() {
            // The digits of the number in the factorial base, the last place first.
            let choices = self.people - place;
            order[place] = rest % choices;
            rest /= choices;
        }
        let mut left: Vec<usize> = (0..self.people).collect();
        order.into_iter().map(|digit| left.remove(digit)).collect()
    }
}

/// The scores of a pair, laid out for summing along shuffled orders: eight windows side by side.
#[derive(Debug)]
pub(super) struct Shuffled {
    groups: Vec<Group>,
}

#[derive(Debug)]
struct Group {
    /// Whose lead × whose lag.
    cells: Vec<[f64; LANES]>,
    mean: [f64; LANES],
    deviation: [f64; LANES],
}

impl Shuffled {
    /// The tables of the windows, with their moments.
    pub(super) fn new(planes: &Planes, moments: &[Moments]) -> Self {
        let size = planes.people * planes.people;
        let group = |first: usize| {
            let lanes = first..moments.len().min(first + LANES);
            // A lane without a window is minus infinity, so that it is never the largest.
            let (mut mean, mut deviation) = ([f64::INFINITY; LANES], [1.0; LANES]);
            let mut cells = vec![[0.0; LANES]; size];
            for (lane, window) in lanes.enumerate() {
                (mean[lane], deviation[lane]) = (moments[window].mean, moments[window].deviation);
                for (cell, value) in cells.iter_mut().zip(&planes.cells[window * size..]) {
                    cell[lane] = *value;
                }
            }
            Group { cells, mean, deviation }
        };
        Self { groups: (0..moments.len()).step_by(LANES).map(group).collect() }
    }

    /// The largest score of any window when each lag goes with the lead that `along` points to.
    fn peak(&self, along: &[usize]) -> f64 {
        let mut peaks = [f64::NEG_INFINITY; LANES];
        for group in &self.groups {
            let mut sums = [0.0; LANES];
            for place in along {
                let cell = &group.cells[*place];
                for lane in 0..LANES {
                    sums[lane] += cell[lane];
                }
            }
            for lane in 0..LANES {
                let score = (sums[lane] - group.mean[lane]) / group.deviation[lane];
                // What is no number is never the largest.
                peaks[lane] = if score > peaks[lane] { score } else { peaks[lane] };
            }
        }
        peaks.into_iter().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// How often chance looks as good as a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Chance {
    /// The share of orders in which the pair itself does.
    pub(super) alone: f64,
    /// The share of orders in which any pair does.
    pub(super) any: f64,
}

/// For each pair, of which `seen` is its largest score: the share of orders whose largest score reaches it, of its own and of any pair.
///
/// A permutation test (Fisher 1935; Pitman 1937): exact where people are exchangeable under the null, that is where each person's lag, less
/// level, line, week and own past, has nothing to do with whose lead it is put beside; the real order counts among them, so that no share is
/// 0 (Phipson and Smyth 2010). The largest over pairs is the single-step max-T of Westfall and Young (1993): at most `alpha` of all families
/// of pairs without any relation show one, however the pairs hang together.
pub(super) fn chances(pairs: &[(&Shuffled, f64)], people: usize, shuffles: usize, seed: u64, threads: usize) -> Vec<Chance> {
    let orders = Orders::new(people, shuffles, seed);
    let counted = spread(orders.count.div_ceil(CHUNK), threads, |chunk| {
        let numbers = chunk * CHUNK..orders.count.min((chunk + 1) * CHUNK);
        let along: Vec<usize> =
            numbers.flat_map(|number| orders.order(number).into_iter().enumerate().map(|(lag, lead)| lead * people + lag)).collect();
        let peaks: Vec<Vec<f64>> =
            pairs.iter().map(|(pair, _)| along.chunks_exact(people).map(|along| pair.peak(along)).collect()).collect();
        let of_any = |order: usize| peaks.iter().map(|peaks| peaks[order]).fold(f64::NEG_INFINITY, f64::max);
        let any: Vec<f64> = (0..along.len() / people).map(of_any).collect();
        let reaches = |peaks: &[f64], seen: f64| peaks.iter().filter(|peak| **peak >= seen - TIE).count();
        pairs.iter().zip(&peaks).map(|((_, seen), own)| [reaches(own, *seen), reaches(&any, *seen)]).collect::<Vec<_>>()
    });
    let share = |pair: usize, which: usize| counted.iter().map(|chunk| chunk[pair][which]).sum::<usize>() as f64 / orders.count as f64;
    (0..pairs.len()).map(|pair| Chance { alone: share(pair, 0), any: share(pair, 1) }).collect()
}

#[cfg(test)]
mod tests {
    use super::Orders;

    #[test]
    fn all_orders_are_gone_through_where_they_are_few() {
        let few = Orders::new(6, 1999, 1);
        let mut orders: Vec<_> = (0..few.count).map(|number| few.order(number)).collect();
        assert_eq!(orders[0], [0, 1, 2, 3, 4, 5]);
        assert!(orders.is_sorted());
        orders.dedup();
        assert_eq!(orders.len(), 720);
        assert!(Orders::new(7, 5039, 1).all && !Orders::new(7, 5038, 1).all && !Orders::new(11, usize::MAX, 1).all);
    }

    #[test]
    fn many_orders_are_drawn_and_start_with_the_real_one() {
        let many = Orders::new(9, 1999, 1);
        assert_eq!((many.count, many.order(0)), (2000, (0..9).collect()));
        assert!((1..50).all(|number| many.order(number) != many.order(number + 50)));
    }
}
