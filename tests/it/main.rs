//! The program from outside: transcripts, every fixture folder, and what they must say.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crm;
