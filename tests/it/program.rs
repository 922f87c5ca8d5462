//! The program as tests run it: in-process through the library, or the binary in a bare environment.

use std::process::{Command, Output};

use clap::Parser as _;
use leadlag::cli::{self, Cli, Global};
use leadlag::commands::Plan;
use leadlag::commands::exports::Exports;
use leadlag::diagnostic::Failure;

/// The options of a `report` command line without its first two words, and the global ones.
pub(crate) fn options<S: AsRef<str>>(args: &[S]) -> (Exports, Global) {
    let words = ["leadlag", "report"].into_iter().chain(args.iter().map(AsRef::as_ref));
    let cli = Cli::try_parse_from(words).expect("a command line");
    match cli.command {
        cli::Command::Report(args) => (args.exports, cli.global),
        _ => unreachable!("report was asked for"),
    }
}

/// The exports of a `report` command line, read; measures beside those shown are prepared too.
pub(crate) fn read<S: AsRef<str>>(args: &[S], more: &[String]) -> Result<Plan, Failure> {
    let (exports, global) = options(args);
    Plan::new(&exports, &global, more)
}

/// Runs the binary where no configuration, terminal or locale of the user's reaches it.
pub(crate) fn run<S: AsRef<str>>(args: &[S]) -> Output {
    command(args).output().expect("the program runs")
}

/// The binary, to be run so.
pub(crate) fn command<S: AsRef<str>>(args: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    let nowhere = concat!(env!("CARGO_MANIFEST_DIR"), "/no-such-folder");
    command.args(args.iter().map(AsRef::as_ref)).current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["COLUMNS", "CLICOLOR_FORCE", "LANG", "LC_ALL", "TZ"] {
        command.env_remove(name);
    }
    command.env("HOME", nowhere).env("XDG_CONFIG_HOME", nowhere).env("NO_COLOR", "1");
    command
}

/// `f` of each, on as many threads as there are cores, in order.
pub(crate) fn each<T: Sync, R: Send>(items: &[T], f: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len().max(1));
    let next = std::sync::atomic::AtomicUsize::new(0);
    let mut found: Vec<(usize, R)> = std::thread::scope(|scope| {
        let work = || {
            let mut done = Vec::new();
            loop {
                let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                let Some(item) = items.get(at) else { return done };
                done.push((at, f(item)));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, result)| result).collect()
}
