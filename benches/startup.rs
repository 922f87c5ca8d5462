//! What a run costs that reads next to nothing: whole processes, from their start to their end.
//!
//! `cargo bench --bench startup`. `LEADLAG_BENCH_BIN` names another program than the one just built.
#![allow(clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Stdio};

use divan::Bencher;

const ONE: &str = "Id,Type,Owner,Start\n1,Meeting,Ana Silva,2026-11-10 10:00\n";

fn main() {
    divan::main();
}

fn run(bencher: Bencher<'_, '_>, args: &[&str]) {
    let program = std::env::var("LEADLAG_BENCH_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_leadlag").to_owned());
    bencher.bench(|| {
        let status = Command::new(&program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(status.success(), "{args:?}");
    });
}

/// The command line alone.
#[divan::bench(args = ["--version", "--help"])]
fn command_line(bencher: Bencher<'_, '_>, option: &str) {
    run(bencher, &[option]);
}

/// Presets, measures, calendar and page, of a file with a single record.
#[divan::bench]
fn one_record(bencher: Bencher<'_, '_>) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("activities.csv");
    std::fs::write(&file, ONE).unwrap();
    run(bencher, &["report", file.to_str().unwrap(), "--as-of", "2026-11-16", "--through", "2026-11-15"]);
}

/// The example, with its sections and its evidence.
#[divan::bench(args = ["report", "inspect", "predict", "gap"])]
fn quickstart(bencher: Bencher<'_, '_>, command: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/quickstart");
    let day: &[&str] = if command == "inspect" { &[] } else { &["--as-of", "2026-11-16"] };
    run(bencher, &[&[command, folder.to_str().unwrap()], day].concat());
}
