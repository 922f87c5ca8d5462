//! People whose quarter follows a planted pattern, drawn from a seed: the same seed gives the same people everywhere.

use leadlag::stats::rhythm::WEEKS;

/// Random numbers by splitmix64, whose whole state is the number of draws so far.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn seeded(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to below 1.
    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(super) fn below(&mut self, n: usize) -> usize {
        (self.unit() * n as f64) as usize
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A Poisson count, by multiplying until the product falls below exp(-mean).
    pub(super) fn poisson(&mut self, mean: f64) -> u32 {
        let (floor, mut product, mut n) = ((-mean).exp(), self.unit(), 0);
        while product > floor {
            product *= self.unit();
            n += 1;
        }
        n
    }
}

/// How somebody works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pattern {
    /// Week after week the same mean, with whatever account.
    Steady,
    /// So many weeks of work and so many of none, in turn from anywhere in the turn; over both the same mean.
    StartStop { on: usize, off: usize },
    /// In weeks of hot deals this share of the prospecting of other weeks.
    SeeSaw { left: f64 },
    /// Steady, and in so many last weeks none.
    Neglect { weeks: usize },
    /// This share of the meetings goes to five accounts.
    Favourites { share: f64 },
}

/// One person's quarter: what each week has, and whom the meetings were with.
pub(super) struct Quarter {
    /// Records of prospecting each week; none where the week does not count.
    pub(super) prospecting: Vec<Option<u32>>,
    /// Records of deal work in the same weeks.
    pub(super) deal_work: Vec<Option<u32>>,
    /// Meetings with each account there is, those never met included.
    pub(super) met: Vec<u32>,
}

impl Quarter {
    /// Draws somebody who prospects, and meets, `mean` times a week; `away` is the share of weeks of absence.
    pub(super) fn draw(pattern: Pattern, mean: f64, away: f64, random: &mut Random) -> Self {
        let there: Vec<bool> = (0..WEEKS).map(|_| !random.happens(away)).collect();
        // Deals are hot for two to four weeks at a time, in a third to half of all.
        let mut hot = Vec::new();
        while hot.len() < 2 * WEEKS {
            let (cool, warm) = (2 + random.below(4), 2 + random.below(3));
            hot.extend([vec![false; cool], vec![true; warm]].concat());
        }
        let hot = &hot[random.below(WEEKS)..];
        let phase = random.below(WEEKS);
        let expected = |week: usize| match pattern {
            Pattern::Steady | Pattern::Favourites { .. } => mean,
            Pattern::StartStop { on, off } if (week + phase) % (on + off) < on => mean * (on + off) as f64 / on as f64,
            Pattern::SeeSaw { left } if hot[week] => mean * left,
            Pattern::SeeSaw { .. } => mean,
            Pattern::Neglect { weeks } if there[week..].iter().filter(|there| **there).count() > weeks => mean,
            Pattern::StartStop { .. } | Pattern::Neglect { .. } => 0.0,
        };
        let mut drawn = |mean: f64, week: usize| there[week].then(|| random.poisson(mean));
        let prospecting = (0..WEEKS).map(|week| drawn(expected(week), week)).collect();
        let deal_work = (0..WEEKS).map(|week| drawn(if hot[week] { 5.0 } else { 1.0 }, week)).collect();
        let mut met = vec![0; 20 + random.below(41)];
        for _ in 0..random.poisson(mean * WEEKS as f64) {
            let among = match pattern {
                Pattern::Favourites { share } if random.happens(share) => 5,
                _ => met.len(),
            };
            met[random.below(among)] += 1;
        }
        Self { prospecting, deal_work, met }
    }
}
