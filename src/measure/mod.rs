//! From tables to a cube of values: entity × period × measure.

pub mod filter;
