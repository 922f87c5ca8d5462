//! Canonical tables to a cube of values.

pub mod spec;
