//! The lead test against the reference implementation, and on input that nobody would send.
#![allow(clippy::unwrap_used)]

use super::*;

mod any_input;
pub(super) mod reference;
