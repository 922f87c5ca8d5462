//! Words understood once, and not once per row.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

/// What words come to, each found out when it is first asked for.
#[derive(Debug)]
pub(super) struct Once<T>(RefCell<FxHashMap<Box<str>, T>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Copy> Once<T> {
    /// What a word comes to.
    pub(super) fn of(&self, word: &str, understand: impl FnOnce(&str) -> T) -> T {
        if let Some(known) = self.0.borrow().get(word) {
            return *known;
        }
        let found = understand(word);
        self.0.borrow_mut().insert(word.into(), found);
        found
    }
}
