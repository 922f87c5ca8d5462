//! Favorites counted by hand, with tails from `SciPy` 1.17, and beside a count of every case.
#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::stats::rhythm::ALPHA;
use crate::stats::rhythm::tests::placements;

#[test]
fn half_of_the_meetings_in_five_of_many_accounts() {
    // 15 of 20 meetings in five of 30 accounts: comb(30, 5) * binom.sf(14, 20, 5 / 30).
    let found = favourites(&[1, 1, 4, 3, 3, 1, 3, 1, 2, 1], 30, ALPHA).unwrap();
    assert_eq!((found.top, found.meetings, found.accounts), (15, 20, 30));
    assert!((found.chance / 0.002_012_204_942_280_695 - 1.0).abs() < 1e-9, "{found:?}");
    // Under half, and few meetings.
    assert_eq!(favourites(&[2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 1000, 1.0), None);
    assert_eq!(favourites(&[1, 1, 1, 1, 1, 1], 30, ALPHA), None);
    // Five accounts or fewer cannot have favorites among them.
    assert_eq!(favourites(&[90, 90, 90, 90, 90], 5, 1.0), None);
    assert_eq!(favourites(&[90], 1, 1.0), None);
    assert!(favourites(&[90, 90, 90, 90, 90], 6, ALPHA).is_some());
    // There are at least as many accounts as were met; one met never is none.
    assert_eq!(favourites(&[40, 1, 1, 1, 1, 1, 1, 1], 2, ALPHA).unwrap().accounts, 8);
    assert_eq!(favourites(&[40, 0, 0, 0, 0, 0, 0, 0], 2, 1.0), None);
    assert_eq!(favourites(&[], 50, 1.0), None);
    assert_eq!(favourites(&[0, 0], 50, 1.0), None);
}

/// Of every way in which few meetings can go to few accounts, those with as many in the top five are never more than the flag says.
#[test]
fn never_more_probable_than_it_says() {
    let mut raised = 0;
    for (accounts, meetings) in [(6, 6), (6, 8), (7, 7)] {
        let cases: Vec<_> = placements(accounts, meetings).collect();
        let top = |met: &[u32]| {
            let mut met = met.to_vec();
            met.sort_unstable();
            met[met.len() - 5..].iter().sum::<u32>()
        };
        for n in (0..=meetings as u32).rev() {
            let as_many = cases.iter().filter(|met| top(met) >= n).count() as f64 / cases.len() as f64;
            let Some(case) = cases.iter().find(|met| top(met) == n) else { continue };
            if let Some(found) = favourites(case, accounts as u32, 1.0) {
                raised += 1;
                assert!(found.chance >= as_many - 1e-12, "{case:?}: {found:?} {as_many}");
            }
        }
    }
    assert!(raised > 5, "{raised}");
}

proptest! {
    #[test]
    fn whatever_comes_is_answered(
        met in prop::collection::vec(prop_oneof![0..9_u32, any::<u32>()], 0..60),
        accounts in prop_oneof![0..100_u32, any::<u32>()],
        alpha in prop_oneof![0.0..1.0, any::<f64>(), Just(f64::NAN)],
    ) {
        if let Some(found) = favourites(&met, accounts, alpha) {
            prop_assert!((0.0..=1.0).contains(&found.chance) && found.chance <= alpha);
            prop_assert!(found.accounts > 5 && found.accounts >= accounts);
        }
    }
}
