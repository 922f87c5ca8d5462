//! How far a run has come, on a terminal and after a second: a line on stderr that is gone before anything else is written.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::Global;
use crate::crm::files::Bytes;
use crate::crm::{Mark, Meter};
use crate::render;

/// A run that is over sooner shows nothing.
const AFTER: Duration = Duration::from_secs(1);

/// How often the line is drawn anew.
const EVERY: Duration = Duration::from_millis(100);

/// How many cells the bar has.
const CELLS: u64 = 16;

/// How far a run has come; every copy stands for the same run.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    step: Arc<Mutex<Step>>,
    meter: Meter,
    shown: Mutex<Option<Shown>>,
}

/// What the run is doing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum Step {
    /// Nothing that takes long.
    #[default]
    Idle,
    /// Getting the bytes of a file or of standard input, so many of them so far.
    Fetching(String, u64),
    /// Reading and understanding the tables.
    Loading,
    /// Counting and putting the result together.
    Counting,
}

impl Progress {
    /// Shows from now on what the run is doing, where somebody sits at a terminal and has not asked for quiet.
    pub(super) fn begin(&self, global: &Global) {
        let dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
        if !global.quiet && !dumb && io::stderr().is_terminal() {
            *lock(&self.0.shown) = Shown::new(Arc::clone(&self.0.step), self.0.meter.clone(), global.ascii);
        }
    }

    /// Takes the line away and shows no other; whatever is written next begins in its place.
    pub(super) fn end(&self) {
        *lock(&self.0.shown) = None;
    }

    /// The bytes of a file or of standard input are being fetched.
    pub(super) fn fetching(&self, name: &str) {
        self.set(Step::Fetching(name.to_owned(), 0));
    }

    /// The tables are being read; what is returned takes how far.
    pub(super) fn loading(&self) -> Meter {
        self.set(Step::Loading);
        self.0.meter.clone()
    }

    /// Everything is read, and the result is being worked out.
    pub(super) fn counting(&self) {
        self.set(Step::Counting);
    }

    /// The bytes of standard input: left where they are if that is a big file, else read to the end.
    pub(super) fn standard_input(&self) -> io::Result<Bytes> {
        #[cfg(unix)]
        let file = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned().map(File::from);
        #[cfg(windows)]
        let file = std::os::windows::io::AsHandle::as_handle(&io::stdin()).try_clone_to_owned().map(File::from);
        match file.ok().and_then(Bytes::of_open) {
            Some(bytes) => Ok(bytes),
            None => self.read_to_end(io::stdin().lock(), "standard input").map(Bytes::from),
        }
    }

    /// Reads to the end, telling how much it is.
    pub(super) fn read_to_end(&self, mut from: impl Read, name: &str) -> io::Result<Vec<u8>> {
        let (mut bytes, mut told) = (Vec::new(), 0);
        loop {
            // So much at once that telling costs nothing.
            if from.by_ref().take(1 << 20).read_to_end(&mut bytes)? == 0 {
                return Ok(bytes);
            }
            if bytes.len() - told >= 1 << 20 {
                told = bytes.len();
                self.set(Step::Fetching(name.to_owned(), told as u64));
            }
        }
    }

    fn set(&self, step: Step) {
        *lock(&self.0.step) = step;
    }
}

/// What a thread that panicked has left behind is still a step to show.
fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread that draws; it is told to stop and waited for when this goes.
#[derive(Debug)]
struct Shown {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Shown {
    fn new(step: Arc<Mutex<Step>>, meter: Meter, ascii: bool) -> Option<Self> {
        let (stop, stopped) = mpsc::channel();
        let now = move || {
            let step = lock(&step).clone();
            line(&step, &meter.mark(), ascii)
        };
        let thread = std::thread::Builder::new().name("progress".to_owned()).spawn(move || draw(&now, &stopped, ascii)).ok()?;
        Some(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        drop(self.stop.take());
        // Without its line the run is none the worse.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn draw(now: &dyn Fn() -> Option<String>, stopped: &Receiver<()>, ascii: bool) {
    let goes_on = |for_: Duration| stopped.recv_timeout(for_) == Err(RecvTimeoutError::Timeout);
    let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg}") else { return };
    if !goes_on(AFTER) {
        return;
    }
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style.tick_chars(if ascii { "-\\|/ " } else { "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ " }));
    while goes_on(EVERY) {
        if let Some(line) = now() {
            bar.set_message(line);
            bar.tick();
        }
    }
    bar.finish_and_clear();
}

/// What the run is doing, in a line; none where there is nothing to say.
fn line(step: &Step, mark: &Mark, ascii: bool) -> Option<String> {
    let shown = |name: &str| render::shown(name, ascii);
    Some(match step {
        Step::Idle => return None,
        Step::Fetching(name, 0) => format!("opening {}", shown(name)),
        Step::Fetching(name, bytes) => format!("opening {}  {} so far", shown(name), size(*bytes)),
        Step::Loading if mark.done => "working out who did what, and when".to_owned(),
        Step::Loading if mark.path.is_empty() => return None,
        Step::Loading => reading(&shown(&mark.path), mark, ascii),
        Step::Counting => "counting".to_owned(),
    })
}

/// How much of a file has been read, and how much of all of them.
fn reading(path: &str, mark: &Mark, ascii: bool) -> String {
    // What is packed is shown by its size as it came, unless that says nothing of how far one of its parts is.
    let of = if mark.part { mark.of } else { mark.bytes };
    let at = if mark.of == 0 { 0 } else { share(mark.at, mark.of, of) };
    let file = match (mark.of, mark.part) {
        (0, _) => format!("{} in", size(mark.bytes)),
        (_, true) => format!("{} of {} unpacked in", size(at), size(of)),
        (_, false) => format!("{} of {} in", size(at), size(of)),
    };
    let read = mark.before + if mark.part { 0 } else { at };
    let (done, open) = if ascii { ("#", "-") } else { ("━", "─") };
    let cells = share(read, mark.total, CELLS) as usize;
    let bar = done.repeat(cells) + &open.repeat(CELLS as usize - cells);
    // A narrow terminal cuts the line off behind what matters.
    format!("reading  {bar}  {} % of {}  {file} {path}", share(read, mark.total, 100), size(mark.total))
}

/// The part of `whole` that `at` is of `of`, at most all of it and nothing of nothing.
fn share(at: u64, of: u64, whole: u64) -> u64 {
    let part = u128::from(at.min(of)) * u128::from(whole) / u128::from(of.max(1));
    u64::try_from(part).unwrap_or(whole)
}

/// A number of bytes, in three digits or fewer.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes.div_ceil(1000)),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{}.{} GB", bytes / 1_000_000_000, bytes / 100_000_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn of(mark: &Mark) -> String {
        line(&Step::Loading, mark, true).unwrap()
    }

    #[test]
    fn a_line_says_how_much_of_the_file_and_of_all_is_read() {
        let plain = Mark {
            path: "exports/Event.csv".to_owned(),
            at: 30,
            of: 40,
            bytes: 400_000_000,
            before: 100_000_000,
            total: 800_000_000,
            ..Mark::default()
        };
        // 300 of its 400 MB and the 100 MB before are half of everything.
        assert_eq!(of(&plain), "reading  ########--------  50 % of 800 MB  300 MB of 400 MB in exports/Event.csv");
        assert!(line(&Step::Loading, &plain, false).unwrap().contains("  ━━━━━━━━────────  "));
        // How far the parts of an archive are says nothing of its own size, so only what was read before it counts.
        let part = Mark { path: "all.zip/a.csv".to_owned(), part: true, at: 20_000_000, of: 90_000_000, ..plain.clone() };
        assert_eq!(of(&part), "reading  ##--------------  12 % of 800 MB  20 MB of 90 MB unpacked in all.zip/a.csv");
        let packed = Mark { at: 0, of: 0, ..plain.clone() };
        assert_eq!(of(&packed), "reading  ##--------------  12 % of 800 MB  400 MB in exports/Event.csv");
        assert_eq!(of(&Mark { done: true, ..plain }), "working out who did what, and when");
        assert_eq!(line(&Step::Loading, &Mark::default(), true), None, "no file is open yet");
    }

    #[test]
    fn other_steps_say_what_they_are() {
        let said = |step: Step| line(&step, &Mark::default(), true);
        assert_eq!(said(Step::Idle), None);
        assert_eq!(said(Step::Fetching("-".to_owned(), 0)).unwrap(), "opening -");
        assert_eq!(said(Step::Fetching("standard input".to_owned(), 3_400_000)).unwrap(), "opening standard input  3 MB so far");
        assert_eq!(said(Step::Counting).unwrap(), "counting");
    }

    #[test]
    fn names_are_shown_and_not_obeyed() {
        let mark = Mark { path: "a\u{1b}[2J\r\n.csv".to_owned(), ..Mark::default() };
        let said = of(&mark);
        assert!(said.contains(" in a") && !said.contains(char::is_control), "{said:?}");
    }

    #[test]
    fn sizes_have_few_digits_and_nothing_is_divided_by_nothing() {
        assert_eq!([0, 1, 999_999, 1_000_000, 1_250_000_000].map(size), ["0 kB", "1 kB", "1000 kB", "1 MB", "1.2 GB"]);
        assert_eq!((share(5, 0, 100), share(7, 5, 100), share(u64::MAX, u64::MAX, u64::MAX)), (0, 100, u64::MAX));
    }

    #[test]
    fn standard_input_is_read_whole() {
        let progress = Progress::default();
        let bytes: Vec<u8> = (0..3_000_001_u32).map(|n| n as u8).collect();
        assert_eq!(progress.read_to_end(&bytes[..], "standard input").unwrap(), bytes);
        assert!(matches!(&*lock(&progress.0.step), Step::Fetching(_, told) if *told >= 2_000_000));
    }
}
