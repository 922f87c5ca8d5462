//! The lead test against the reference implementation, and on input that nobody would send.

use super::*;

mod any_input;
mod reference;
