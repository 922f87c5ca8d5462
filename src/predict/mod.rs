//! Leads against lags: which weeks and people the exports allow to test, how many first meetings lead to a win and after how long, and what
//! the lead test says of each lead with each lag.

pub mod edges;
pub mod linkage;
mod missing;
mod panel;
mod sample;
#[cfg(test)]
mod small;
pub mod values;

pub use edges::{Edge, edges};
pub use linkage::{Cohort, Followed, Linkage, Within, linkage};
pub use missing::{Cells, Missing, absences};
pub use panel::{Grid, Known, Panel, Required, Series, tested};
pub use sample::{grid, more_than, panel};

/// The lags that are tested first where nobody says which: counts of wins show a lead sooner than their amounts, whose heavy tail hides it.
const FIRST: &[&str] = &["deals_won", "revenue"];

/// The lags that are tested where nobody says which: wins, revenue, and the others that are shown.
pub fn usual_lags(shown: &[String]) -> Vec<String> {
    let first = FIRST.iter().map(|name| (*name).to_owned());
    first.chain(shown.iter().filter(|name| !FIRST.contains(&name.as_str())).cloned()).collect()
}
