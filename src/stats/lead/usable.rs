//! Whom the tests can use.

use super::{FEWEST_ACTIVE_WEEKS, Lack, Lost, Pair};

/// The lead and the lag of a person in a week; none where either is not known, not a finite number, or outside its matrix.
pub(super) fn both(pair: &Pair<'_>, person: usize, week: usize) -> Option<(f64, f64)> {
    let cell = |matrix: &super::Matrix| {
        if person >= matrix.rows() {
            return None;
        }
        matrix.row(person).get(week).copied().filter(|value| value.is_finite())
    };
    Some((cell(pair.lead)?, cell(pair.lag)?))
}

/// What a pair lacks of a person, if anything: weeks first, then a lead that varies, then a lag that does.
///
/// A measure that never changes says nothing about any other, and a straight line needs weeks to be told from chance.
fn lack(pair: &Pair<'_>, person: usize, weeks: usize) -> Option<Lack> {
    let mut known = (0..weeks).filter_map(|week| both(pair, person, week));
    let Some(first) = known.next() else { return Some(Lack::Weeks(0)) };
    let (mut count, mut lead, mut lag) = (1, false, false);
    for cell in known {
        count += 1;
        lead |= (cell.0 - first.0).abs() > 0.0;
        lag |= (cell.1 - first.1).abs() > 0.0;
    }
    match (lead, lag) {
        _ if count < FEWEST_ACTIVE_WEEKS => Some(Lack::Weeks(count)),
        (false, _) => Some(Lack::Lead),
        (true, false) => Some(Lack::Lag),
        (true, true) => None,
    }
}

/// The first pair that cannot use a person, for each person whom not every pair can use: pairs that are tested together share their people,
/// so that one shuffle serves them all.
pub fn lost(pairs: &[Pair<'_>], people: usize, weeks: usize) -> Vec<Lost> {
    let find = |person| pairs.iter().enumerate().find_map(|(pair, p)| Some(Lost { person, pair, why: lack(p, person, weeks)? }));
    (0..people).filter_map(find).collect()
}
