//! Measures: what is counted, over which records, and the cube of values by entity, period and measure.

mod aggregate;
mod catalog;
mod commitment;
pub(crate) mod component;
mod cube;
mod evidence;
pub mod filter;
mod keys;
mod place;
mod select;
pub mod spec;
mod target;
mod whose;
mod window;

pub use catalog::{Catalog, Measure};
pub use commitment::{Named, Verdicts, named};
pub use component::{Component, Job};
pub use cube::{Cell, Cube, Entity, Level, NO_OWNER, Series};
pub use evidence::{Evidence, Miss};
pub use select::{Engine, apply_filter};
pub(crate) use target::SEEN_DAYS;
pub use target::{Per, Target, TargetOf, Targets};
pub use whose::Since;
pub use window::{Flag, Flagged, Flags, LEAST, Part, Tells, Window};

#[cfg(test)]
mod tests;
