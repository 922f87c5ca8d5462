//! The fast way through big texts: blocks at true record boundaries, split and coded by several threads, put together in their order.
//!
//! What a record is, the general way says ([`super::reading`]). Here a record is only pushed where that would push it as it stands; the
//! others go through it in their place; and where the fast way may not decide it says so, and the file is read by the general way from its start.

mod block;
mod codes;
mod dict;
mod gather;
mod masks;
mod merge;
mod plan;
mod source;
mod split;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use self::block::{Modes, Parsed, Worker};
use self::dict::Shared;
use self::gather::Gather;
use self::plan::Plan;
use self::source::{Block, Source};
use super::{Records, Sheet, Wanted};

/// The fast way cannot tell what stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Undecided;

/// A text block by block, each ending with a record.
pub(super) struct Blocks<R> {
    source: Source<R>,
    block: Block,
}

impl<R: Read> Blocks<R> {
    /// Begins where the stream stands, which is where a record begins.
    pub(super) fn new(from: R) -> Self {
        Self { source: Source::new(from, STEP), block: Block::default() }
    }

    /// The next block; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<&[u8]>, Undecided> {
        let Some(block) = self.source.next(std::mem::take(&mut self.block))? else { return Ok(None) };
        self.block = block;
        Ok(Some(self.block.bytes()))
    }
}

/// How many of these bytes, the beginning of a text, are whole records; none where it is not even one.
pub(super) fn records(bytes: &[u8]) -> Option<usize> {
    source::last_record(bytes, memchr::memchr_iter(b'"', bytes).count() % 2 == 1)
}

/// How many bytes are read at once.
const STEP: usize = 256 << 10;

/// How many blocks for each thread may wait for one before them.
const AHEAD: usize = 4;

/// How the work is shared, which changes nothing of what is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shares {
    /// How many bytes are read at once.
    pub(super) step: usize,
    /// How many threads read.
    pub(super) threads: usize,
}

impl Default for Shares {
    fn default() -> Self {
        Self { step: STEP, threads: thread::available_parallelism().map_or(1, usize::from) }
    }
}

/// Where several threads meet.
struct Meeting<'p, R> {
    source: Mutex<Feed<R>>,
    order: Mutex<Order<'p>>,
    /// Told whenever a block has been put in its place.
    placed: Condvar,
}

struct Feed<R> {
    source: Source<R>,
    /// Memory of blocks that are done.
    spare: Vec<Block>,
}

struct Order<'p> {
    gather: Gather<'p>,
    next: usize,
    waiting: BTreeMap<usize, Parsed>,
    undecided: bool,
}

/// Reads every record of a sheet from a stream that stands where the first begins; `told` hears how many bytes have been taken.
pub(super) fn read<R: Read + Send>(
    sheet: &Sheet,
    from: R,
    wanted: Wanted<'_>,
    shares: Shares,
    told: &(dyn Fn(u64) + Sync),
) -> Result<Records, Undecided> {
    let plan = Plan::of(sheet, wanted).ok_or(Undecided)?;
    let (modes, threads) = (Modes::new(&plan), shares.threads.max(1));
    let meeting = Meeting {
        source: Mutex::new(Feed { source: Source::new(from, shares.step), spare: Vec::new() }),
        order: Mutex::new(Order { gather: Gather::new(&plan, &modes), next: 0, waiting: BTreeMap::new(), undecided: false }),
        placed: Condvar::new(),
    };
    let dicts: Vec<Shared> = wanted.columns.iter().map(|_| Shared::new()).collect();
    let work = || meeting.run(&mut Worker::new(&plan, &modes, &dicts), threads * AHEAD, told);
    let whole = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        work();
        // All of them are joined, whatever became of the first.
        others.into_iter().filter_map(|other| other.join().err()).count() == 0
    });
    let Order { gather, undecided, .. } = meeting.order.into_inner().unwrap_or_else(PoisonError::into_inner);
    if undecided || !whole {
        return Err(Undecided);
    }
    gather.finish(dicts.into_iter().map(Shared::into_dict).collect())
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    // A thread that panicked takes the others with it when they are joined.
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells the others when a thread panics, who would wait for its block for ever.
struct Leaving<'m, 'p, R>(&'m Meeting<'p, R>);

impl<R> Drop for Leaving<'_, '_, R> {
    fn drop(&mut self) {
        if thread::panicking() {
            lock(&self.0.order).undecided = true;
            self.0.placed.notify_all();
        }
    }
}

impl<R: Read> Meeting<'_, R> {
    /// Reads blocks as long as there are any.
    fn run(&self, worker: &mut Worker<'_>, ahead: usize, told: &(dyn Fn(u64) + Sync)) {
        let _leaving = Leaving(self);
        let mut done = Vec::new();
        loop {
            let block = {
                let mut feed = lock(&self.source);
                feed.spare.append(&mut done);
                let spare = feed.spare.pop().unwrap_or_default();
                let block = feed.source.next(spare);
                told(feed.source.at());
                block
            };
            let parsed = match block {
                Ok(None) => return,
                Ok(Some(block)) => worker.read(block),
                Err(undecided) => Err(undecided),
            };
            let mut order = lock(&self.order);
            let Some(ordinal) = order.put(parsed, &mut done) else {
                self.placed.notify_all();
                return;
            };
            self.placed.notify_all();
            while ordinal >= order.next + ahead && !order.undecided {
                order = self.placed.wait(order).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }
}

impl Order<'_> {
    /// Puts a block in its place, and those that have waited for it; their memory goes to `done`. Gives its number; none where nothing can
    /// be decided any more.
    fn put(&mut self, parsed: Result<Parsed, Undecided>, done: &mut Vec<Block>) -> Option<usize> {
        let Ok(parsed) = parsed else {
            self.undecided = true;
            return None;
        };
        let ordinal = parsed.block.ordinal;
        self.waiting.insert(ordinal, parsed);
        while let Some(parsed) = self.waiting.remove(&self.next).filter(|_| !self.undecided) {
            self.next += 1;
            self.undecided = self.gather.take(&parsed).is_err();
            done.push(parsed.block);
        }
        (!self.undecided).then_some(ordinal)
    }
}
