//! People whose quarter follows a planted pattern, drawn from a seed: the same seed gives the same people everywhere.

use leadlag::stats::rhythm::WEEKS;

use crate::generate::Random;

/// How somebody works.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Pattern {
    /// Week after week the same mean, of deal work too, with whatever account.
    Steady,
    /// The same with deals that run hot and cold, as they do in every pattern below, and that prospecting takes no notice of.
    HotDeals,
    /// So many weeks of work and so many of none, in turn from anywhere in the turn; over both the same mean.
    StartStop { on: usize, off: usize },
    /// In weeks of hot deals this share of the prospecting of other weeks.
    SeeSaw { left: f64 },
    /// Steady, and in so many last weeks none.
    Neglect { weeks: usize },
    /// This share of the meetings goes to five accounts.
    Favourites { share: f64 },
}

/// Every pattern but the steady one, with its name.
pub(super) const PATTERNS: [(&str, Pattern); 13] = [
    ("deals hot and cold", Pattern::HotDeals),
    ("start-stop 2 on 2 off", Pattern::StartStop { on: 2, off: 2 }),
    ("start-stop 3 on 3 off", Pattern::StartStop { on: 3, off: 3 }),
    ("start-stop 4 on 2 off", Pattern::StartStop { on: 4, off: 2 }),
    ("see-saw, 0 % left", Pattern::SeeSaw { left: 0.0 }),
    ("see-saw, 15 % left", Pattern::SeeSaw { left: 0.15 }),
    ("see-saw, 30 % left", Pattern::SeeSaw { left: 0.3 }),
    ("neglect, 3 weeks", Pattern::Neglect { weeks: 3 }),
    ("neglect, 4 weeks", Pattern::Neglect { weeks: 4 }),
    ("neglect, 6 weeks", Pattern::Neglect { weeks: 6 }),
    ("favorites, 60 %", Pattern::Favourites { share: 0.6 }),
    ("favorites, 75 %", Pattern::Favourites { share: 0.75 }),
    ("favorites, 90 %", Pattern::Favourites { share: 0.9 }),
];

/// How much of a week somebody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum There {
    /// All five days.
    Full,
    /// The last two days: such a week counts only where it has a record.
    Short,
    /// Not at all.
    Away,
}

/// One person's quarter: what each week has, and whom the meetings were with.
pub(super) struct Quarter {
    /// How much of each week the person is there.
    pub(super) there: Vec<There>,
    /// Records of prospecting each week; none where the week does not count.
    pub(super) prospecting: Vec<Option<u32>>,
    /// Records of deal work in the same weeks.
    pub(super) deal_work: Vec<Option<u32>>,
    /// Meetings with each account there is, those never met included.
    pub(super) met: Vec<u32>,
}

impl Quarter {
    /// Draws somebody who prospects, and meets, `mean` times a week; of `away` in a hundred weeks half are short and half of absence.
    pub(super) fn draw(pattern: Pattern, mean: f64, away: usize, random: &mut Random) -> Self {
        let absent = |random: &mut Random| if random.chance(50) { There::Away } else { There::Short };
        let there: Vec<There> = (0..WEEKS).map(|_| if random.chance(away) { absent(random) } else { There::Full }).collect();
        let hot = hot(random);
        let phase = random.below(WEEKS);
        let expected = |week: usize| match pattern {
            Pattern::StartStop { on, off } if (week + phase) % (on + off) < on => mean * (on + off) as f64 / on as f64,
            Pattern::SeeSaw { left } if hot[week] => mean * left,
            Pattern::Neglect { weeks } if there[week..].iter().filter(|there| **there == There::Full).count() > weeks => mean,
            Pattern::StartStop { .. } | Pattern::Neglect { .. } => 0.0,
            Pattern::Steady | Pattern::HotDeals | Pattern::Favourites { .. } | Pattern::SeeSaw { .. } => mean,
        };
        let prospecting = weekly(&there, expected, random);
        let deals = |week: usize| match pattern {
            Pattern::Steady => 2.0,
            _ if hot[week] => 5.0,
            _ => 1.0,
        };
        let deal_work = weekly(&there, deals, random);
        let mut met = vec![0; 20 + random.below(41)];
        for _ in 0..poisson(mean * WEEKS as f64, random) {
            let among = match pattern {
                Pattern::Favourites { share } if unit(random) < share => 5,
                _ => met.len(),
            };
            met[random.below(among)] += 1;
        }
        Self { there, prospecting, deal_work, met }
    }

    /// Draws another kind of work of the same weeks, which is steady.
    pub(super) fn steady(&self, mean: f64, random: &mut Random) -> Vec<Option<u32>> {
        weekly(&self.there, |_| mean, random)
    }
}

/// In which weeks deals are hot: two to four at a time, with two to five between.
fn hot(random: &mut Random) -> Vec<bool> {
    let mut all = Vec::new();
    while all.len() < 2 * WEEKS {
        let (cool, warm) = (2 + random.below(4), 2 + random.below(3));
        all.extend([vec![false; cool], vec![true; warm]].concat());
    }
    let first = random.below(WEEKS);
    all[first..first + WEEKS].to_vec()
}

fn weekly(there: &[There], expected: impl Fn(usize) -> f64, random: &mut Random) -> Vec<Option<u32>> {
    let week = |(week, there): (usize, &There)| match there {
        There::Full => Some(poisson(expected(week), random)),
        There::Short => Some(poisson(expected(week) * 0.4, random)).filter(|n| *n > 0),
        There::Away => None,
    };
    there.iter().enumerate().map(week).collect()
}

/// A number from 0 to below 1.
fn unit(random: &mut Random) -> f64 {
    random.below(1 << 53) as f64 / (1_u64 << 53) as f64
}

/// A Poisson count, by multiplying until the product falls below exp(-mean).
fn poisson(mean: f64, random: &mut Random) -> u32 {
    let (floor, mut product, mut n) = ((-mean).exp(), unit(random), 0);
    while product > floor {
        product *= unit(random);
        n += 1;
    }
    n
}
