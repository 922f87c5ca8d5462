//! Tests of the program from outside.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fuzz;
mod program;
mod transcripts;
mod walk;
