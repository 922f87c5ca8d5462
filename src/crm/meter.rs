//! How far reading has come, for whoever shows it while it goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How far reading has come: written once per table and per batch of records, and read by another thread.
#[derive(Debug, Clone, Default)]
pub struct Meter(Arc<Mutex<Mark>>);

/// Where reading stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    /// The file or the part of one that is being read, such as `export.zip/Deals.csv`.
    pub path: String,
    /// How many bytes of its text have been read.
    pub at: u64,
    /// How many bytes its text has; 0 where that is not known yet, as while something is being unpacked.
    pub of: u64,
    /// Whether it is one of several in its file.
    pub part: bool,
    /// The size of its file in bytes, as it came.
    pub bytes: u64,
    /// The size of the files before it.
    pub before: u64,
    /// The size of all files.
    pub total: u64,
    /// Whether all of them have been read.
    pub done: bool,
}

impl Meter {
    /// Where reading stands.
    pub fn mark(&self) -> Mark {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Mark> {
        // A mark is numbers to be shown: whatever state it was left in, it can be.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn begin(&self, total: u64) {
        *self.lock() = Mark { total, ..Mark::default() };
    }

    pub(super) fn file(&self, name: &str, bytes: u64) {
        let mut mark = self.lock();
        let (before, total) = (mark.before + mark.bytes, mark.total);
        *mark = Mark { path: name.to_owned(), bytes, before, total, ..Mark::default() };
    }

    pub(super) fn table(&self, path: &str, part: bool, of: u64) {
        let mut mark = self.lock();
        path.clone_into(&mut mark.path);
        (mark.at, mark.of, mark.part) = (0, of, part);
    }

    pub(super) fn at(&self, at: u64) {
        self.lock().at = at;
    }

    pub(super) fn done(&self) {
        self.lock().done = true;
    }
}
