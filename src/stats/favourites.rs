//! Whether somebody meets a few accounts again and again, and the others hardly ever.

use super::chance::{Share, ln_at_least, ln_choose};
use super::rhythm::count;

/// How many accounts can be favorites.
const FEW: usize = 5;

/// Meetings that go to few accounts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Favourites {
    /// Meetings with the five most-met accounts.
    pub top: u32,
    /// Meetings with all accounts.
    pub meetings: u32,
    /// Accounts that could have been met.
    pub accounts: u32,
    /// At most so probable is it that any five accounts get as many meetings, when each meeting is with any account; 0 to 1.
    pub chance: f64,
}

/// Whether meetings go to favorites: at least half of them to the five most-met of more than five accounts, and more than chance gives.
///
/// `met` is the number of meetings with each account that was met, in any order; `accounts` is how many there are to meet, of which it
/// takes as many as were met when it says fewer. Of n meetings, each with any of A accounts, five given ones get `top` or more with a
/// binomial tail's probability; that any five do is at most C(A, 5) times as probable, and must be at most `alpha`. The bound is on the
/// safe side by far where meetings are few.
pub fn favourites(met: &[u32], accounts: u32, alpha: f64) -> Option<Favourites> {
    let mut most_first: Vec<u32> = met.iter().copied().filter(|n| *n > 0).collect();
    most_first.sort_unstable_by(|a, b| b.cmp(a));
    let accounts = accounts.max(count(most_first.len()));
    let sum = |met: &[u32]| met.iter().copied().map(u64::from).sum::<u64>();
    let (top, meetings) = (sum(&most_first[..FEW.min(most_first.len())]), sum(&most_first));
    if accounts as usize <= FEW || meetings == 0 || top < meetings - top {
        return None;
    }
    let few = FEW as u64;
    let chance = (ln_choose(accounts.into(), few) + ln_at_least(top, meetings, Share::of(few, accounts.into()))).exp().min(1.0);
    (chance <= alpha).then_some(Favourites { top: count(top), meetings: count(meetings), accounts, chance })
}

#[cfg(test)]
mod tests;
