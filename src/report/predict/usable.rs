//! Who could not be used, and which measure cost them.

use std::collections::BTreeMap;

use crate::predict::Panel;
use crate::report::words;
use crate::stats::lead::{FEWEST_ACTIVE_WEEKS, Lack};

/// Somebody whom the pairs that were tested together could not use.
pub(super) struct Unusable<'a> {
    pub(super) name: &'a str,
    pub(super) lead: &'a str,
    pub(super) lag: &'a str,
    pub(super) why: String,
}

/// Who could not be used.
pub(super) fn lost(panel: &Panel) -> Vec<Unusable<'_>> {
    let of = panel.results.lost.iter().filter_map(|lost| {
        let (lead, lag) = panel.pairs.get(lost.pair)?;
        let (lead, lag) = (&panel.grid.leads[*lead], &panel.grid.lags[*lag]);
        let why = match lost.why {
            Lack::Weeks(n) => {
                format!("{} of {} with {} known, of {FEWEST_ACTIVE_WEEKS}", words::count(n as u64, "week"), lead.says, lag.says)
            }
            Lack::Lead => format!("{} never change", lead.says),
            Lack::Lag => format!("{} never change", lag.says),
        };
        Some(Unusable { name: panel.grid.people.get(lost.person)?, lead: &lead.name, lag: &lag.name, why })
    });
    of.collect()
}

/// The same in sentences: people by what they lack.
pub(super) fn says(panel: &Panel) -> Vec<String> {
    let mut by: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for lost in lost(panel) {
        by.entry(lost.why).or_default().push(lost.name.to_owned());
    }
    by.into_iter().map(|(why, names)| format!("{} ({why})", some(&names))).collect()
}

/// Names, and of more than these the number.
fn some(names: &[String]) -> String {
    const SHOWN: usize = 6;
    if names.len() <= SHOWN + 1 {
        return words::list(names);
    }
    format!("{} and {} more", names[..SHOWN].join(", "), names.len() - SHOWN)
}
