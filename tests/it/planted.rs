//! How often each flag of the whole job is raised on quarters with a planted pattern, and how often on steady ones: the rate of false
//! alarms is at most 1 in 20 person-quarters for every flag and mean. `cargo test --test it planted -- --nocapture` prints the rates.

mod people;

use leadlag::stats::favourites::favourites;
use leadlag::stats::rhythm::{ALPHA, neglected, see_saw, start_stop};

use people::{Pattern, Quarter, Random};

const MEANS: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 5.0];

/// How many kinds of work of one person are looked at together.
const KINDS: usize = 8;

/// Of so many quarters, the shares in which each flag is raised.
#[derive(Default)]
struct Rates {
    quarters: u32,
    neglected: u32,
    start_stop: u32,
    see_saw: u32,
    favourites: u32,
}

impl Rates {
    fn of(pattern: Pattern, mean: f64, away: f64, alpha: f64, quarters: u32) -> Self {
        let mut random = Random::seeded(mean.to_bits() ^ away.to_bits().rotate_left(32));
        let mut rates = Self { quarters, ..Self::default() };
        for _ in 0..quarters {
            let Quarter { prospecting, deal_work, met } = Quarter::draw(pattern, mean, away, &mut random);
            rates.neglected += u32::from(neglected(&prospecting, Some(mean), alpha).is_some());
            rates.start_stop += u32::from(start_stop(&prospecting, alpha).is_some());
            rates.see_saw += u32::from(see_saw(&prospecting, &deal_work, alpha).is_some());
            rates.favourites += u32::from(favourites(&met, met.len() as u32, alpha).is_some());
        }
        rates
    }

    fn each(&self) -> [f64; 4] {
        [self.neglected, self.start_stop, self.see_saw, self.favourites].map(|n| f64::from(n) / f64::from(self.quarters))
    }
}

/// The largest share that so many quarters may show when the true one is 1 in 20: three standard deviations above it.
fn most(quarters: u32) -> f64 {
    ALPHA + 3.0 * (ALPHA * (1.0 - ALPHA) / f64::from(quarters)).sqrt()
}

fn print(pattern: &str, mean: f64, away: f64, rates: [f64; 4]) {
    let [neglected, start_stop, see_saw, favourites] = rates.map(|rate| 100.0 * rate);
    println!("{pattern:<28}{mean:>5}{:>6}{neglected:>11.1}{start_stop:>12.1}{see_saw:>9.1}{favourites:>12.1}", 100.0 * away);
}

#[test]
fn planted_steady_work_is_flagged_in_at_most_one_of_twenty_quarters() {
    for away in [0.0, 0.1] {
        for mean in MEANS {
            let rates = Rates::of(Pattern::Steady, mean, away, ALPHA, 4000).each();
            print("steady", mean, away, rates);
            assert!(rates.iter().all(|rate| *rate <= most(4000)), "{mean} a week, {away} away: {rates:?}");
        }
    }
}

#[test]
fn planted_patterns() {
    for (name, p) in [
        ("ss22", Pattern::StartStop { on: 2, off: 2 }),
        ("ss33", Pattern::StartStop { on: 3, off: 3 }),
        ("ss42", Pattern::StartStop { on: 4, off: 2 }),
        ("saw0", Pattern::SeeSaw { left: 0.0 }),
        ("saw15", Pattern::SeeSaw { left: 0.15 }),
        ("saw30", Pattern::SeeSaw { left: 0.3 }),
        ("neg3", Pattern::Neglect { weeks: 3 }),
        ("neg4", Pattern::Neglect { weeks: 4 }),
        ("neg6", Pattern::Neglect { weeks: 6 }),
        ("fav60", Pattern::Favourites { share: 0.6 }),
        ("fav75", Pattern::Favourites { share: 0.75 }),
        ("fav90", Pattern::Favourites { share: 0.9 }),
    ] {
        for mean in MEANS {
            for alpha in [ALPHA, ALPHA / 8.0] {
                print(&format!("{name} {alpha:.4}"), mean, 0.0, Rates::of(p, mean, 0.0, alpha, 1000).each());
            }
        }
    }
    assert!(KINDS > 0);
}
