//! What width costs: an export of 700 columns and 100,000 rows against splitting its fields, and against the same facts in ten columns.
//!
//! `cargo bench --bench wide` writes both exports from a seed, runs everything in turn five times and prints medians and their ratios. Both reports
//! must be the same, byte for byte. `LEADLAG_BENCH_BIN` names another program than the one just built, `LEADLAG_BENCH_ROWS` another number of rows.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

const COLUMNS: usize = 700;
const NEEDED: [&str; 10] =
    ["Id", "Type", "Subject", "Owner", "Account Name", "Start", "Duration (minutes)", "Status", "Created Date", "Last Modified Date"];
const RUNS: usize = 5;

/// xorshift64* (Vigna 2016): seeded, and quick enough to fill a wide file.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        ((self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize) % n
    }
}

/// One activity in the order of the ten headings.
fn facts(row: usize, random: &mut Random) -> [String; 10] {
    let (month, day) = (1 + random.below(10), 1 + random.below(28));
    let date = format!("2026-{month:02}-{day:02}");
    [
        format!("A-{row}"),
        ["Meeting", "Demo", "Call", "Email"][random.below(4)].to_owned(),
        format!("Subject {}", random.below(5000)),
        format!("Person {}", random.below(40)),
        format!("Account {}", random.below(3000)),
        format!("{date} {:02}:{:02}", 8 + random.below(10), 15 * random.below(4)),
        (15 * (1 + random.below(8))).to_string(),
        ["Completed", "Completed", "Completed", "Canceled"][random.below(4)].to_owned(),
        format!("{date} 07:00"),
        format!("{date} 20:00"),
    ]
}

/// A cell that no report needs: most of them are blank, as in any wide export.
fn filler(random: &mut Random, line: &mut String) {
    match random.below(10) {
        0 => line.push_str("false"),
        1 => {
            let _ = write!(line, "{}", random.below(100_000));
        }
        2 => line.push_str("\"Some text, with a comma\""),
        3 => line.push_str("2026-05-14"),
        _ => {}
    }
}

/// Writes both exports; the needed columns stand spread over the wide one.
fn write(folder: &Path, rows: usize) -> (PathBuf, PathBuf) {
    let (wide, narrow) = (folder.join("wide.csv"), folder.join("narrow.csv"));
    let (mut w, mut n) = (BufWriter::new(File::create(&wide).unwrap()), BufWriter::new(File::create(&narrow).unwrap()));
    let place = |column: usize| (column % 70 == 35).then_some(column / 70);
    let heads: Vec<String> = (0..COLUMNS).map(|c| place(c).map_or_else(|| format!("Custom_{c}__c"), |at| NEEDED[at].to_owned())).collect();
    writeln!(w, "{}", heads.join(",")).unwrap();
    writeln!(n, "{}", NEEDED.join(",")).unwrap();
    let mut random = Random(20_261_116);
    for row in 0..rows {
        let facts = facts(row, &mut random);
        writeln!(n, "{}", facts.join(",")).unwrap();
        let mut line = String::with_capacity(3000);
        for column in 0..COLUMNS {
            match place(column) {
                Some(at) => line.push_str(&facts[at]),
                None => filler(&mut random, &mut line),
            }
            line.push(if column + 1 == COLUMNS { '\n' } else { ',' });
        }
        w.write_all(line.as_bytes()).unwrap();
    }
    w.flush().unwrap();
    n.flush().unwrap();
    (wide, narrow)
}

/// Splitting every field with the csv crate, and nothing else.
fn split(path: &Path) -> Duration {
    let started = Instant::now();
    let mut reader = csv::ReaderBuilder::new().from_path(path).unwrap();
    let mut record = csv::ByteRecord::new();
    let mut fields = 0;
    while reader.read_byte_record(&mut record).unwrap() {
        fields += record.len();
    }
    assert!(std::hint::black_box(fields) > 0);
    started.elapsed()
}

fn report(program: &str, path: &Path, home: &Path) -> (Duration, Vec<u8>) {
    let started = Instant::now();
    let output = Command::new(program)
        .args([
            "report",
            "--as-of",
            "2026-11-16",
            "--period",
            "all",
            "--leads",
            "customer_meetings,presentations,client_hours",
            "--format",
            "csv",
        ])
        .arg(path)
        .env("HOME", home)
        .env("XDG_CONFIG_HOME", home)
        .output()
        .unwrap();
    let taken = started.elapsed();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (taken, output.stdout)
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

fn main() {
    let program = std::env::var("LEADLAG_BENCH_BIN").unwrap_or_else(|_| env!("CARGO_BIN_EXE_leadlag").to_owned());
    let rows = std::env::var("LEADLAG_BENCH_ROWS").ok().map_or(100_000, |n| n.parse().expect("a number of rows"));
    let folder = tempfile::tempdir().unwrap();
    let (wide, narrow) = write(folder.path(), rows);
    let size = |path: &Path| std::fs::metadata(path).unwrap().len() as f64 / 1e6;
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..RUNS {
        let (taken, said) = report(&program, &wide, folder.path());
        times[0].push(taken);
        let (taken, same) = report(&program, &narrow, folder.path());
        times[1].push(taken);
        assert!(said == same, "the same facts, other numbers");
        times[2].push(split(&wide));
        times[3].push(split(&narrow));
    }
    let [wide_report, narrow_report, wide_split, narrow_split] = times.map(median);
    println!(
        "{rows} rows; {COLUMNS} columns: {:.0} MB, 10 columns: {:.0} MB; medians of {RUNS} interleaved runs",
        size(&wide),
        size(&narrow)
    );
    println!("report, {COLUMNS} columns        {wide_report:.3} s");
    println!("report, 10 columns         {narrow_report:.3} s");
    println!("fields split, {COLUMNS} columns  {wide_split:.3} s (csv crate)");
    println!("fields split, 10 columns   {narrow_split:.3} s (csv crate)");
    println!(
        "report ÷ splitting the same fields: {:.2} ({COLUMNS} columns), {:.2} (10 columns)",
        wide_report / wide_split,
        narrow_report / narrow_split
    );
    println!("{COLUMNS} columns ÷ 10 columns: {:.2} in time, {:.2} in bytes", wide_report / narrow_report, size(&wide) / size(&narrow));
}
