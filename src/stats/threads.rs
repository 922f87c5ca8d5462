//! Work that does not depend on the order in which it is done.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The results of `job` for 0 to below `count`, in that order, worked out on up to so many threads.
///
/// Each thread takes the next number that nobody has taken, so that a long job holds nobody up.
///
/// # Panics
/// Where `job` does.
pub(super) fn spread<T: Send>(count: usize, threads: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.min(count);
    if threads < 2 {
        return (0..count).map(job).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return done;
            }
            done.push((number, job(number)));
        }
    };
    let mut all: Vec<(usize, T)> = thread::scope(|scope| {
        let helpers: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for helper in helpers {
            match helper.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(number, _)| *number);
    all.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn results_stand_in_order_on_any_number_of_threads() {
        for threads in [0, 1, 2, 3, 50] {
            assert_eq!(spread(20, threads, |n| n * n), (0..20).map(|n| n * n).collect::<Vec<_>>());
            assert!(spread(0, threads, |n| n).is_empty());
        }
    }
}
