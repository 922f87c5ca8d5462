//! The program and its house from outside, as one binary: what it prints, what its pages say, who may call whom.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod catalogue;
mod crm;
mod docs;
mod errors;
mod faults;
mod figures;
mod fuzz;
mod generate;
mod hostile;
mod init;
mod inspect;
mod layers;
mod money;
mod oracle;
mod pace;
mod packed;
mod program;
mod readme;
mod real;
mod rules;
mod schemas;
mod transcripts;
mod twins;
mod walk;
