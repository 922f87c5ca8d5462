//! What would show more: only what fits what is lacking.

use super::missing;
use super::says::Pair;
use crate::predict::Panel;
use crate::stats::lead::Verdict;
use crate::unit::Unit;

/// Weeks and people with which a lead begins to show.
const A_START: (usize, usize) = (104, 10);

/// What would let the test say more of these pairs; nothing where nothing can be said to help.
pub(super) fn parts(panel: &Panel, pairs: &[Pair<'_>]) -> Vec<String> {
    let series = panel.grid.leads.iter().chain(&panel.grid.lags);
    let mut parts: Vec<String> = Vec::new();
    for remedy in series.filter_map(missing::remedy) {
        if !parts.contains(&remedy) {
            parts.push(remedy);
        }
    }
    if pairs.iter().any(Pair::wants_weeks) {
        let (weeks, people) = (panel.grid.weeks.len(), panel.grid.people.len());
        parts.push(if weeks < A_START.0 || people < A_START.1 {
            "export more weeks: two years of ten people are a start".to_owned()
        } else {
            "export more weeks, or more people".to_owned()
        });
    }
    let unsure = |pair: &&Pair<'_>| matches!(pair.tested.verdict, Verdict::TooLittleData | Verdict::TooLittleToTell);
    let together = panel.known.iter().filter(|known| known.together).count();
    if together > 1 && !panel.results.lost.is_empty() && pairs.iter().any(|pair| unsure(&pair) && pair.known.together) {
        parts.push("test fewer measures at once with --leads and --lags: a person has to be usable in all".to_owned());
    }
    let counts = panel.grid.lags.iter().any(|lag| lag.unit == Unit::Count);
    if !counts && pairs.iter().any(|pair| unsure(&pair) && pair.is_known()) {
        parts.push("test counts such as deals_won, which show a lead sooner than amounts".to_owned());
    }
    parts
}
