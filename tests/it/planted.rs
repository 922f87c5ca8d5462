//! How often each flag of the whole job is raised on quarters with a planted pattern, and how often on steady ones: the rate of false
//! alarms is at most 1 in 20 person-quarters for every flag and mean. `cargo test --test it planted -- --nocapture` prints the rates.

mod people;
mod program;

use leadlag::stats::favourites::favourites;
use leadlag::stats::rhythm::{ALPHA, neglected, see_saw, start_stop};

use crate::generate::Random;
use people::{PATTERNS, Pattern, Quarter};

const MEANS: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 5.0];

/// How many weeks in a hundred are of absence, whole or in part.
const AWAY: [usize; 2] = [0, 20];

/// How many kinds of work of one person are looked at together.
const KINDS: usize = 8;

/// Of so many quarters, how many have each flag; the last two flags are raised as one of several kinds of work.
struct Rates {
    quarters: u32,
    flagged: [u32; 6],
}

impl Rates {
    const FLAGS: [&str; 6] = ["neglected", "start-stop", "see-saw", "favorites", "neglected of 8", "start-stop of 8"];

    fn of(pattern: Pattern, mean: f64, away: usize, quarters: u32) -> Self {
        let mut random = Random::new(mean.to_bits() ^ away as u64);
        let mut flagged = [0; 6];
        for _ in 0..quarters {
            let Quarter { prospecting, deal_work, met, .. } = Quarter::draw(pattern, mean, away, &mut random);
            let one_of_many = ALPHA / KINDS as f64;
            let found = [
                neglected(&prospecting, Some(mean), ALPHA).is_some(),
                start_stop(&prospecting, ALPHA).is_some(),
                see_saw(&prospecting, &deal_work, ALPHA).is_some(),
                favourites(&met, met.len() as u32, ALPHA).is_some(),
                neglected(&prospecting, Some(mean), one_of_many).is_some(),
                start_stop(&prospecting, one_of_many).is_some(),
            ];
            for (count, found) in flagged.iter_mut().zip(found) {
                *count += u32::from(found);
            }
        }
        Self { quarters, flagged }
    }

    fn of_flag(&self, flag: usize) -> f64 {
        f64::from(self.flagged[flag]) / f64::from(self.quarters)
    }

    fn print(&self, pattern: &str, mean: f64, away: usize) {
        print!("{pattern:<24}{mean:>5}{away:>6}");
        for (flag, name) in Self::FLAGS.iter().enumerate() {
            print!("{:>1$.1}", 100.0 * self.of_flag(flag), name.len() + 2);
        }
        println!();
    }
}

fn print_heading(what: &str) {
    println!("\n{what}, % of quarters flagged\n{:<24}{:>5}{:>6}  {}", "pattern", "mean", "away", Rates::FLAGS.join("  "));
}

/// The largest share that so many quarters may show when the true one is 1 in 20: three standard deviations above it.
fn most(quarters: u32) -> f64 {
    ALPHA + 3.0 * (ALPHA * (1.0 - ALPHA) / f64::from(quarters)).sqrt()
}

#[test]
fn planted_nothing_is_flagged_in_at_most_one_of_twenty_quarters() {
    print_heading("nothing planted");
    for (pattern, steady) in [("steady", Pattern::Steady), ("deals hot and cold", Pattern::HotDeals)] {
        for (away, mean) in AWAY.iter().flat_map(|away| MEANS.map(|mean| (*away, mean))) {
            let rates = Rates::of(steady, mean, away, 4000);
            rates.print(pattern, mean, away);
            for (flag, name) in Rates::FLAGS.iter().enumerate() {
                let rate = rates.of_flag(flag);
                assert!(rate <= most(4000), "{name}, {pattern}, {mean} a week, {away} % away: {rate}");
            }
        }
    }
}

/// Somebody has several kinds of work, some of much and some of little, and is flagged when any of them is.
#[test]
fn planted_nothing_is_flagged_in_at_most_one_of_twenty_people() {
    let (quarters, alpha) = (4000, ALPHA / KINDS as f64);
    for away in AWAY {
        let mut random = Random::new(8);
        let (mut neglect, mut stops) = (0, 0);
        for _ in 0..quarters {
            let person = Quarter::draw(Pattern::Steady, 1.0, away, &mut random);
            let kinds: Vec<_> = MEANS.iter().cycle().take(KINDS).map(|mean| (*mean, person.steady(*mean, &mut random))).collect();
            neglect += u32::from(kinds.iter().any(|(mean, weeks)| neglected(weeks, Some(*mean), alpha).is_some()));
            stops += u32::from(kinds.iter().any(|(_, weeks)| start_stop(weeks, alpha).is_some()));
        }
        let [neglect, stops] = [neglect, stops].map(|n| f64::from(n) / f64::from(quarters));
        println!("any of {KINDS} kinds, {away} % away: neglected {:.1} %, start-stop {:.1} %", 100.0 * neglect, 100.0 * stops);
        assert!(neglect <= most(quarters) && stops <= most(quarters), "{neglect} {stops}");
        assert!(neglect > 0.0 && stops > 0.0, "no alarm at all is no test");
    }
}

/// Where there is enough to see, the flag that belongs to a pattern sees it: at these means and above in these shares of quarters.
const SEEN: [(&str, usize, f64, f64); 20] = [
    ("start-stop 2 on 2 off", 1, 2.0, 0.95),
    ("start-stop 3 on 3 off", 1, 2.0, 0.9),
    ("start-stop 4 on 2 off", 1, 3.0, 0.85),
    ("start-stop 2 on 2 off", 5, 2.0, 0.8),
    ("start-stop 3 on 3 off", 5, 3.0, 0.9),
    ("start-stop 4 on 2 off", 5, 5.0, 0.9),
    ("see-saw, 0 % left", 2, 2.0, 0.7),
    ("see-saw, 0 % left", 2, 5.0, 0.85),
    ("see-saw, 15 % left", 2, 3.0, 0.6),
    ("see-saw, 30 % left", 2, 5.0, 0.6),
    ("neglect, 3 weeks", 0, 2.0, 0.9),
    ("neglect, 4 weeks", 0, 2.0, 0.95),
    ("neglect, 6 weeks", 0, 1.0, 0.8),
    ("neglect, 3 weeks", 4, 3.0, 0.9),
    ("neglect, 4 weeks", 4, 3.0, 0.95),
    ("neglect, 6 weeks", 4, 2.0, 0.85),
    ("favorites, 60 %", 3, 3.0, 0.9),
    ("favorites, 75 %", 3, 2.0, 0.9),
    ("favorites, 90 %", 3, 1.0, 0.75),
    ("favorites, 90 %", 3, 2.0, 0.95),
];

#[test]
fn planted_patterns_are_seen() {
    print_heading("patterns planted in prospecting, or in whom is met");
    for (name, pattern) in PATTERNS.into_iter().filter(|(_, pattern)| *pattern != Pattern::HotDeals) {
        for away in AWAY {
            for mean in MEANS {
                let rates = Rates::of(pattern, mean, away, 1000);
                rates.print(name, mean, away);
                // A quarter with a fifth of its weeks away has less to see.
                let less = if away == 0 { 0.0 } else { 0.3 };
                for (_, flag, _, floor) in SEEN.iter().filter(|(of, _, from, _)| *of == name && mean >= *from) {
                    let rate = rates.of_flag(*flag);
                    assert!(rate >= *floor - less, "{name}, {mean} a week, {away} % away: {} in {rate}", Rates::FLAGS[*flag]);
                }
                // Who only drops something does not start and stop.
                let dropped = matches!(pattern, Pattern::Neglect { .. });
                assert!(!dropped || rates.of_flag(1) <= most(1000), "{name}, {mean} a week: start-stop in {}", rates.of_flag(1));
            }
        }
    }
}
