//! What can be said of counts without knowing what was counted: rhythms of weeks, favorites, how often chance alone looks like that, and
//! whether one measure predicts another.
//!
//! Numbers in, structs out. Every flag is a test with an exact probability, given how many records there are, under activity that is
//! steady and random; it is raised where that probability is at most the caller's `alpha`. Only the lead test draws at random, from a seed,
//! and its results are the same on any number of threads.

pub mod chance;
pub mod favourites;
pub mod lead;
pub mod matrix;
pub mod random;
pub mod rhythm;
pub mod student;
pub mod survival;
mod threads;
