//! Words understood once, and not once per row.

use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

/// What words come to, each found out when it is first asked for.
#[derive(Debug)]
pub(super) struct Once<T>(Mutex<FxHashMap<Box<str>, T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Copy> Once<T> {
    /// What a word comes to.
    pub(super) fn of(&self, word: &str, understand: impl FnOnce(&str) -> T) -> T {
        // What was known when another thread gave up is as true as before.
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known().get(word) {
            return *known;
        }
        let found = understand(word);
        known().insert(word.into(), found);
        found
    }
}
