//! Files that are made to hurt: too long, too wide, never ending, packed beyond measure. Each is read or refused in bounded time and memory, with
//! words that say what is wrong and where; the same export with another file beside it loses nothing else.

mod formats;
mod markdown;
mod pages;

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};

use super::twins::spell::{gzip, zip};

/// Far above what any of these takes, and far below a hang.
const LIMIT: Duration = Duration::from_mins(1);
/// So much address space is enough for any of these, in kilobytes; the bombs below would fill twice as much.
const MEMORY: u64 = 2 * 1024 * 1024;

/// How a run ended.
struct Ran {
    status: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a report over files, in bounded memory where the system has such bounds.
fn report(files: &[(&str, &[u8])], named: bool) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let mut args: Vec<String> = ["report", "--as-of", "2026-11-16", "--period", "all", "--leads", "customer_meetings", "--lags", "revenue"]
        .map(str::to_owned)
        .into();
    args.extend(["--format", "csv"].map(str::to_owned));
    args.extend(if named { files.iter().map(|f| f.0.to_owned()).collect() } else { vec![".".to_owned()] });
    let binary = env!("CARGO_BIN_EXE_leadlag");
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\""), binary]);
        command
    } else {
        Command::new(binary)
    };
    let nowhere = folder.path().join("no-such-folder");
    command.args(args).current_dir(folder.path()).env("HOME", &nowhere).env("XDG_CONFIG_HOME", &nowhere).env("NO_COLOR", "1");
    let (out, err) = (folder.path().join("out.log"), folder.path().join("err.log"));
    let to = |path: &Path| Stdio::from(std::fs::File::create(path).unwrap());
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(to(&out)).stderr(to(&err)).spawn().unwrap();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status.code();
        }
        if started.elapsed() > LIMIT {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("it hangs: {:?}", files.iter().map(|f| f.0).collect::<Vec<_>>());
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let text = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    Ran { status, stdout: text(&out), stderr: text(&err) }
}

/// Two meetings and a call of Ana's.
const GOOD: &str = "Date,Type,Subject,Owner,Account,Status,Duration\n2026-11-10,Meeting,Visit,Ana,Acme,Held,30\n2026-11-11,Meeting,Visit,Ana,Brix,Held,30\n2026-11-12,Call,,Ana,Acme,Held,5\n";

fn meetings(ran: &Ran) -> Option<String> {
    let line = ran.stdout.lines().find(|l| l.starts_with("all,") && l.contains(",customer_meetings,"))?;
    line.split(',').nth(10).map(str::to_owned)
}

/// The file alone is refused with these words; beside a good one, nothing of the good one is lost.
fn refused(name: &str, bytes: &[u8], words: &[&str]) {
    let alone = report(&[(name, bytes)], true);
    assert_eq!(alone.status, Some(2), "{name}: {}", alone.stderr);
    assert!(alone.stderr.starts_with("error["), "{}", alone.stderr);
    for word in words.iter().chain(&[name]) {
        assert!(alone.stderr.contains(word), "{name}: nothing says '{word}': {}", alone.stderr);
    }
    assert!(alone.stderr.len() < 4096, "{name}: it goes on and on");
    let beside = report(&[("good.csv", GOOD.as_bytes()), (name, bytes)], false);
    assert_eq!(beside.status, Some(0), "{name}: {}", beside.stderr);
    assert_eq!(meetings(&beside).as_deref(), Some("2"), "{name}: {}", beside.stderr);
    assert!(beside.stderr.contains(name), "{name} is passed over in silence: {}", beside.stderr);
}

#[test]
fn a_field_of_ten_megabytes_is_a_field() {
    let long = "x".repeat(10 << 20);
    let text = format!("{GOOD}2026-11-13,Meeting,{long},Ana,Acme,Held,30\n");
    let ran = report(&[("long.csv", text.as_bytes())], true);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("3")), "{}", ran.stderr);
    let quoted = format!("{GOOD}2026-11-13,Meeting,\"{}\",Ana,Acme,Held,30\n", "a \"\"b\"\"\n".repeat(1 << 20));
    let ran = report(&[("long.csv", quoted.as_bytes())], true);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("3")), "{}", ran.stderr);
}

/// So many headings `c0,c1,…` after a text, a comma before each.
fn columns(many: usize) -> String {
    let mut heads = String::new();
    for column in 0..many {
        let _ = write!(heads, ",c{column}");
    }
    heads
}

/// The good rows with more columns behind them.
fn widened(many: usize) -> String {
    let (heads, cells) = (columns(many), ",".repeat(many));
    let mut text = String::new();
    for (at, line) in GOOD.lines().enumerate() {
        let _ = writeln!(text, "{line}{}", if at == 0 { &heads } else { &cells });
    }
    text
}

#[test]
fn a_million_columns_are_refused_and_as_many_as_a_spreadsheet_has_are_read() {
    refused("million.csv", widened(1_000_000).as_bytes(), &["not-a-table", "million.csv:1", "1000007"]);
    let ran = report(&[("wide.csv", widened(16_384 - 7).as_bytes())], true);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("2")), "{}", ran.stderr);
    assert!(ran.stderr.len() < 4096, "{}", ran.stderr);
    let ran = report(&[("other.csv", format!("a{}\n1{}\n", columns(16_000), ",".repeat(16_000)).as_bytes())], true);
    assert!(
        ran.status == Some(2) && ran.stderr.starts_with("error[unrecognised-headings]: other.csv:1") && ran.stderr.len() < 4096,
        "{}",
        ran.stderr
    );
    // A row with a million cells too many costs only itself.
    let ran = report(&[("ragged.csv", format!("{GOOD}2026-11-13,Meeting{}1\n", ",".repeat(1_000_000)).as_bytes())], true);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("2")), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[ragged-row]: ragged.csv:5") && ran.stderr.len() < 4096, "{}", ran.stderr);
}

#[test]
fn nul_bytes_are_no_end() {
    let cells = format!("{GOOD}2026-11-13,Meeting,a\0b,Ana,Acme,Held,30\n2026-11-13,Meeting,,Ana,\0,Held,30\n");
    let ran = report(&[("nul.csv", cells.as_bytes())], true);
    assert_ne!(ran.status, Some(101), "{}", ran.stderr);
    assert!(ran.status == Some(2) || meetings(&ran).as_deref() == Some("4"), "{}", ran.stderr);
    assert!(!ran.stdout.contains('\0') && !ran.stderr.contains('\0'));
    refused("zeros.csv", &[0; 4096], &[]);
}

#[test]
fn a_quote_that_never_closes_is_pointed_at_and_costs_its_own_line() {
    let text = GOOD.replace("Call,,", "Call,\"Hall 3,") + "2026-11-13,Meeting,\"last\",Ana,Acme,Held,30\n";
    let ran = report(&[("open.csv", text.as_bytes())], true);
    assert!(ran.stderr.contains("error[unclosed-quote]: open.csv:4"), "{}", ran.stderr);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("3")), "{}", ran.stderr);
    refused("headings.csv", b"Date,\"Type,Owner\n2026-11-13,Meeting,Ana\n", &["unclosed-quote", "headings.csv:1"]);
    // Nothing but quotes: each line might open one.
    let many = format!("{GOOD}{}", "\"\n".repeat(20_001));
    let ran = report(&[("quotes.csv", many.as_bytes())], true);
    assert_ne!(ran.status, Some(101), "{}", ran.stderr);
    let opened = format!("{GOOD}{}", "2026-11-13,Meeting,\"x,Ana,Acme,Held,30\n".repeat(20_001));
    let ran = report(&[("quotes.csv", opened.as_bytes())], true);
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    assert!(ran.stderr.len() < 1 << 20, "it says the same thing {} times", ran.stderr.lines().count());
}

#[test]
fn a_byte_order_mark_alone_on_a_line_moves_no_other_line() {
    let (heads, rows) = GOOD.split_once('\n').unwrap();
    let text = format!("{heads}\n\u{feff}\n{rows}TBD,Meeting,,Ana,Acme,Held,30\n");
    let ran = report(&[("marks.csv", text.as_bytes())], true);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("2")), "{}", ran.stderr);
    assert!(ran.stderr.contains("error[ragged-row]: marks.csv:2") && ran.stderr.contains("error[bad-date]: marks.csv:6"), "{}", ran.stderr);
}

#[test]
fn nothing_but_headings_is_an_empty_table() {
    let heads = GOOD.lines().next().unwrap();
    for text in [heads.to_owned(), format!("{heads}\n"), format!("\u{feff}{heads}\r\n\r\n")] {
        let ran = report(&[("heads.csv", text.as_bytes())], true);
        // Headings alone are an export of nothing, which is what the page says; no number is made of it.
        assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("")), "{}", ran.stderr);
        let row = ran.stdout.lines().find(|l| l.contains(",customer_meetings,")).unwrap();
        assert_eq!(row.split(',').nth(11), Some("no_data"), "{row}");
    }
    refused("nothing.csv", b"", &["empty"]);
    refused("blank.csv", b"\n\r\n  \n", &["empty"]);
}

/// A deflate stream of so many megabytes of one letter, a thousandth as long: one compressed megabyte over and over.
fn bomb(megabytes: usize) -> Vec<u8> {
    let mut compress = Compress::new(Compression::best(), false);
    let megabyte = vec![b'a'; 1 << 20];
    let mut block = Vec::with_capacity(1 << 16);
    // Flushed in full, the block refers to nothing before it and ends on a whole byte.
    compress.compress_vec(&megabyte, &mut block, FlushCompress::Full).unwrap();
    assert_eq!(compress.total_in(), 1 << 20);
    let mut stream = block.repeat(megabytes);
    stream.extend([3, 0]);
    stream
}

fn gzip_bomb(megabytes: usize) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    bytes.extend(bomb(megabytes));
    bytes.extend([0; 8]);
    bytes
}

/// A zip archive of one member, which says how long it is.
fn zip_bomb(megabytes: usize, says: u32) -> Vec<u8> {
    let (stream, name) = (bomb(megabytes), b"deals.csv");
    let mut sizes = Vec::new();
    sizes.extend(0_u32.to_le_bytes());
    sizes.extend((stream.len() as u32).to_le_bytes());
    sizes.extend(says.to_le_bytes());
    sizes.extend((name.len() as u16).to_le_bytes());
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\x21\0".to_vec();
    bytes.extend(&sizes);
    bytes.extend([0, 0]);
    bytes.extend(name);
    bytes.write_all(&stream).unwrap();
    let directory = bytes.len() as u32;
    bytes.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\x21\0");
    bytes.extend(&sizes);
    bytes.extend([0; 2 + 2 + 2 + 2 + 4 + 4]);
    bytes.extend(name);
    let length = bytes.len() as u32 - directory;
    bytes.extend(b"PK\x05\x06\0\0\0\0\x01\0\x01\0");
    bytes.extend(length.to_le_bytes());
    bytes.extend(directory.to_le_bytes());
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn a_packed_export_that_was_cut_off_says_so() {
    let whole = gzip(GOOD.repeat(200).as_bytes());
    for length in [5, 12, whole.len() / 2, whole.len() - 4] {
        refused("cut.csv.gz", &whole[..length], &["damaged"]);
    }
    let whole = zip(&[("activities.csv".to_owned(), GOOD.as_bytes().to_vec())]);
    for length in [10, whole.len() / 2, whole.len() - 4] {
        refused("cut.zip", &whole[..length], &["damaged"]);
    }
}

#[test]
fn a_bomb_is_refused_before_it_fills_the_memory() {
    refused("bomb.csv.gz", &gzip_bomb(4 << 10), &["too-large"]);
    refused("bomb.zip", &zip_bomb(4095, 4095 << 20), &["too-large"]);
    // One that lies is not what it says, or too large: neither fills the memory.
    refused("liar.zip", &zip_bomb(4095, 1000), &["error["]);
}

#[test]
fn archives_in_archives_end_somewhere() {
    let mut bytes = zip(&[("activities.csv".to_owned(), GOOD.as_bytes().to_vec())]);
    for _ in 0..100 {
        bytes = zip(&[("inner.zip".to_owned(), bytes)]);
    }
    let ran = report(&[("good.csv", GOOD.as_bytes()), ("nested.zip", &bytes)], false);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("2")), "{}", ran.stderr);
    assert!(ran.stderr.contains("nested.zip"), "{}", ran.stderr);
    let mut packed = GOOD.as_bytes().to_vec();
    for _ in 0..100 {
        packed = gzip(&packed);
    }
    let ran = report(&[("good.csv", GOOD.as_bytes()), ("nested.csv.gz", &packed)], false);
    assert_eq!((ran.status, meetings(&ran).as_deref()), (Some(0), Some("2")), "{}", ran.stderr);
}

#[test]
fn the_bombs_are_what_they_seem() {
    use std::io::Read as _;
    // Two megabytes of the same make: the stream is sound, so a reader without bounds would unpack it all.
    let mut text = Vec::new();
    flate2::read::DeflateDecoder::new(&bomb(2)[..]).read_to_end(&mut text).unwrap();
    assert_eq!(text.len(), 2 << 20);
    assert!(gzip_bomb(4 << 10).len() < 8 << 20, "small on disk");
}
