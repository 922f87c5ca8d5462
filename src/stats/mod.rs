//! What can be said of counts without knowing what was counted: rhythms of weeks, favorites, and how often chance alone looks like that.
//!
//! Numbers in, structs out. Every flag is a test with an exact probability, given how many records there are, under activity that is
//! steady and random; it is raised where that probability is at most the caller's `alpha`. Nothing is drawn at random here.

pub mod chance;
pub mod favourites;
pub mod lead;
pub mod matrix;
pub mod rhythm;
pub mod survival;
