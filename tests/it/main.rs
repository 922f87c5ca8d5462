//! The program and its house from outside, as one binary: what it prints, what its pages say, who may call whom.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod crm;
mod docs;
mod errors;
mod fuzz;
mod generate;
mod init;
mod inspect;
mod layers;
mod money;
mod oracle;
mod pace;
mod packed;
mod program;
mod readme;
mod rules;
mod transcripts;
mod walk;
