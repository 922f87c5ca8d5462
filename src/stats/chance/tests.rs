//! Tails beside a count of every case, and beside numbers that `SciPy` 1.17 and exact fractions give.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::stats::rhythm::tests::placements;

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected.abs().max(1e-3)
}

/// `numpy.log(scipy.special.comb(n, k))`; the last is `gammaln(1001) - gammaln(301) - gammaln(701)`.
#[test]
fn choices() {
    for (n, k, expected) in [
        (5, 5, 0.0),
        (6, 5, 6_f64.ln()),
        (40, 5, 13.396_972_368_288_257),
        (100_000, 5, 52.777_035_580_569_06),
        (1000, 300, 607.271_496_264_375_4),
    ] {
        assert!(close(ln_choose(n, k), expected), "{n} {k}: {}", ln_choose(n, k));
    }
    assert!(ln_choose(4, 5).exp().abs() < f64::MIN_POSITIVE);
}

/// `scipy.stats.binom.logsf(k - 1, n, a / b)`; where that is minus infinity, and in the thirds, the logarithm of the exact fraction.
#[test]
fn binomial_tails_as_published() {
    for (k, n, a, b, expected) in [
        (8, 40, 5, 30, -1.059_528_360_951_678_1),
        (60, 100, 5, 20, -29.650_810_047_348_514),
        (3, 10, 6, 13, -0.091_408_625_794_999_95),
        (50, 100, 1, 2, -0.616_566_547_522_416_9),
        (400, 1000, 1, 3, -12.025_706_688_001_037),
        (300, 1000, 1, 3, -0.011_180_698_788_621_157),
        (9000, 10_000, 5, 100_000, -85_884.928_454_779_6),
        (334_000, 1_000_000, 1, 3, -2.540_555_160_320_304_5),
    ] {
        let found = ln_at_least(k, n, Share::of(a, b));
        assert!(close(found, expected), "{k} of {n} at {a}/{b}: {found}, not {expected}");
    }
}

/// Each of the records falls into one of `whole` places: of all cases, those with at least `k` in the first `part`.
#[test]
fn binomial_tails_beside_every_case() {
    for (records, part, whole) in [(5, 1, 4), (5, 2, 4), (6, 3, 5), (7, 1, 3), (1, 2, 3), (4, 4, 4), (4, 0, 4)] {
        for k in 0..=records + 1 {
            let (mut hits, mut cases) = (0, 0);
            for counts in placements(whole, records) {
                cases += 1;
                hits += u32::from(counts[..part].iter().sum::<u32>() >= k as u32);
            }
            let found = ln_at_least(k as u64, records as u64, Share::of(part as u64, whole as u64)).exp();
            assert!(close(found, f64::from(hits) / f64::from(cases)), "{k} of {records} at {part}/{whole}: {found}, not {hits}/{cases}");
        }
    }
}

/// All placements with something at both ends: of these, those with so many idle weeks.
#[test]
fn idle_weeks_beside_every_case() {
    for (weeks, records) in [(2, 2), (3, 2), (4, 5), (5, 6), (6, 4), (7, 5), (4, 8)] {
        for idle in 0..=weeks {
            let (mut hits, mut cases) = (0, 0);
            for counts in placements(weeks, records).filter(|counts| counts[0] > 0 && counts[weeks - 1] > 0) {
                cases += 1;
                hits += u32::from(counts.iter().filter(|n| **n == 0).count() >= idle);
            }
            let found = idle_between(idle, weeks, records as u64);
            assert!(close(found, f64::from(hits) / f64::from(cases)), "{idle} of {weeks}, {records}: {found}, not {hits}/{cases}");
        }
    }
}

/// Exact fractions from the inclusion–exclusion formula for surjections, with integers of any size in Python.
#[test]
fn idle_weeks_of_a_quarter() {
    for (idle, weeks, records, expected) in [
        (6, 13, 26, 5.502_416_221_314_888e-5),
        (6, 13, 13, 0.127_014_374_103_480_27),
        (7, 13, 13, 0.019_177_905_064_182_63),
        (6, 11, 24, 6.178_073_543_544_481e-7),
        (3, 9, 20, 0.011_245_167_911_639_15),
        (2, 13, 60, 0.002_415_518_367_105_640_8),
    ] {
        let found = idle_between(idle, weeks, records);
        assert!((found / expected - 1.0).abs() < 1e-9, "{idle} of {weeks}, {records}: {found}, not {expected}");
    }
}

proptest! {
    #[test]
    fn a_tail_is_a_probability_and_falls_with_what_it_asks(k in 0..90_000_u64, n in 0..90_000_u64, part in 0..60_u64, more in 0..60_u64) {
        let share = Share::of(part, part + more + 1);
        let (tail, next) = (ln_at_least(k, n, share), ln_at_least(k + 1, n, share));
        prop_assert!(tail <= 0.0 && next <= tail + 1e-6, "{tail} {next}");
    }

    #[test]
    fn idle_weeks_grow_rarer_with_records(idle in 0..15_usize, weeks in 0..15_usize, records in 0..80_u64) {
        let (now, then) = (idle_between(idle, weeks, records), idle_between(idle, weeks, records + 1));
        prop_assert!((0.0..=1.0).contains(&now), "{now}");
        prop_assert!(records < 2 || then <= now + 1e-12, "{then} > {now}");
        prop_assert!(idle_between(idle, weeks, u64::MAX) <= 1.0);
    }
}

#[test]
fn tails_are_those_of_small_numbers_counted_out() {
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    let (half, tenth) = (Share::of(1, 2), Share::of(1, 10));
    // Of 5 tosses of a coin 6 in 32 have at most one head, and as many at least four.
    close(at_most(1, 5, half), 6.0 / 32.0);
    close(at_least(4, 5, half), 6.0 / 32.0);
    // None of 4 with one in ten each.
    close(at_most(0, 4, tenth), 0.6561);
    close(at_least(1, 4, tenth), 0.3439);
    close(at_most(4, 4, tenth), 1.0);
    close(at_least(0, 4, tenth), 1.0);
    close(at_most(0, 4, Share::of(0, 4)), 1.0);
    let many = at_most(5_000, 10_000, half);
    assert!(many > 0.5 && many < 0.51, "{many}");
    close(so_few(0.0, 2.0), (-2.0_f64).exp());
    close(so_few(1.0, 2.0), 3.0 * (-2.0_f64).exp());
}
