//! Leads against lags: which weeks and people the exports allow to test, how many first meetings lead to a win and after how long, and what
//! the lead test says of each lead with each lag.

pub mod edges;
pub mod linkage;
mod panel;
mod sample;
#[cfg(test)]
mod small;
pub mod values;

pub use edges::{Edge, edges};
pub use linkage::{Cohort, Linkage, Within, linkage};
pub use panel::{Grid, Known, Panel, Required, Series, tested};
pub use sample::{grid, panel};
