//! A big file that is never held in memory: its beginning tells what it is, and its records come in a stream, packed with gzip or not.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;

use super::fast::{self, Blocks, Shares};
use super::unpack::{GZIP, most};
use super::{Records, Settings, Sheet, Wanted};
use crate::crm::files::{Stream, stream};

/// So many bytes tell what a file is: more than anything looks at that is done before its records are read.
const HEAD: usize = 4 << 20;

/// So many lines at least stand among them: more than are looked at to find headings and the names of groups.
const LINES: usize = 300;

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where the text of a sheet is, of which only the beginning is in memory.
#[derive(Debug)]
pub(super) struct Stored {
    path: PathBuf,
    /// Its size as it is stored.
    bytes: u64,
    /// Whether it is packed with gzip.
    packed: bool,
    /// How many bytes stand before its text: a byte order mark.
    before: usize,
}

/// A stream that keeps account of what it gave.
struct Counted<R> {
    from: R,
    hash: Box<Xxh3>,
    at: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.hash.update(into.get(..n).unwrap_or_default());
        self.at.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The bytes of a text, unpacked.
enum Text {
    Plain(Counted<Stream>),
    Packed(Box<io::Take<MultiGzDecoder<Counted<Stream>>>>),
}

impl Read for Text {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(from) => from.read(into),
            Self::Packed(from) => match from.read(into)? {
                // What unpacks to more than an export can is refused by those who say so.
                0 if from.limit() == 0 => Err(io::ErrorKind::FileTooLarge.into()),
                n => Ok(n),
            },
        }
    }
}

impl Text {
    /// The hash of the bytes as they came, once all have.
    fn xxh3(self) -> String {
        let counted = match self {
            Self::Plain(counted) => counted,
            Self::Packed(text) => text.into_inner().into_inner(),
        };
        format!("{:016x}", counted.hash.digest())
    }
}

impl Stored {
    /// The text from its first byte on, a byte order mark left out, and how many bytes have been taken as they are stored.
    fn open(&self) -> io::Result<(Text, Arc<AtomicU64>)> {
        let at = Arc::new(AtomicU64::new(0));
        let file = Counted { from: stream(&self.path)?, hash: Box::default(), at: Arc::clone(&at) };
        let mut text = if self.packed {
            Text::Packed(Box::new(MultiGzDecoder::new(file).take(most(self.bytes).saturating_add(1))))
        } else {
            Text::Plain(file)
        };
        skip(&mut text, self.before)?;
        Ok((text, at))
    }
}

fn skip(text: &mut Text, bytes: usize) -> io::Result<()> {
    let skipped = io::copy(&mut text.by_ref().take(bytes as u64), &mut io::sink())?;
    if skipped == bytes as u64 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

impl Sheet {
    /// The sheet of a big file, by its beginning; none where that does not tell all there is to know before its records are read.
    pub(in crate::crm) fn of_file(name: &str, path: &Path, bytes: u64, settings: &Settings) -> Option<Self> {
        if settings.encoding.is_some() {
            return None;
        }
        let mut magic = [0; 2];
        stream(path).ok()?.read_exact(&mut magic).ok()?;
        let mut stored = Stored { path: path.to_path_buf(), bytes, packed: magic == *GZIP, before: 0 };
        let mut head = Vec::new();
        stored.open().ok()?.0.take(HEAD as u64).read_to_end(&mut head).ok()?;
        if head.starts_with(GZIP) || head.len() < HEAD || memchr::memchr(0, &head).is_some() {
            return None;
        }
        head.truncate(fast::records(&head)?);
        if head.starts_with(MARK) {
            stored.before = MARK.len();
        }
        std::str::from_utf8(&head).ok()?;
        let (mut sheet, said) = Self::open(name, head, settings).ok()?;
        let told = said.is_empty() && sheet.labels.is_empty() && sheet.body.0 < HEAD / 2 && sheet.lines(LINES).len() == LINES;
        (sheet.bytes, sheet.packed) = (bytes, if stored.packed { "gzip" } else { "" });
        sheet.xxh3.clear();
        sheet.rest = Some(Arc::new(stored));
        told.then_some(sheet)
    }

    /// Reads the records of a file of which only the beginning is in memory, and its hash; none where only the whole text tells what they
    /// are.
    pub(in crate::crm) fn stream(&self, wanted: Wanted<'_>) -> Option<(Records, String)> {
        let (mut text, at) = self.rest.as_ref()?.open().ok()?;
        skip(&mut text, self.body.0).ok()?;
        let told = |_| self.meter.at(at.load(Ordering::Relaxed));
        let records = fast::read(self, &mut text, wanted, Shares::default(), &told).ok()?;
        Some((records, text.xxh3()))
    }

    /// The same with all of its text in memory.
    pub(super) fn whole(&self) -> Option<Self> {
        let mut text = Vec::new();
        self.rest.as_ref()?.open().ok()?.0.read_to_end(&mut text).ok()?;
        Some(Self { text: Arc::new(String::from_utf8(text).ok()?), rest: None, ..self.clone() })
    }

    /// Gives the records block by block, each as a text and the line on which it begins, until `visit` returns false; false where the blocks
    /// cannot be told, or there is more in memory than the beginning.
    pub(super) fn blocks(&self, mut visit: impl FnMut(&str, u32) -> bool) -> bool {
        let Some((mut text, _)) = self.rest.as_ref().and_then(|stored| stored.open().ok()) else { return false };
        if skip(&mut text, self.body.0).is_err() {
            return false;
        }
        let (mut blocks, mut line) = (Blocks::new(text), self.body.1);
        loop {
            let block = match blocks.next() {
                Ok(Some(block)) => block,
                Ok(None) => return true,
                Err(_) => return false,
            };
            let Ok(text) = std::str::from_utf8(block) else { return false };
            if !visit(text, line) {
                return true;
            }
            line = line.saturating_add(super::scan::line_ends(block));
        }
    }

    /// Gives all bytes of a stored text in parts; whether they could be read.
    pub(super) fn parts(&self, mut visit: impl FnMut(&[u8])) -> bool {
        let Some((mut text, _)) = self.rest.as_ref().and_then(|stored| stored.open().ok()) else { return false };
        let mut part = vec![0; 1 << 20];
        loop {
            match text.read(&mut part) {
                Ok(0) => return true,
                Ok(n) => visit(part.get(..n).unwrap_or_default()),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::format_push_string)]

    use std::io::Write as _;

    use super::*;

    /// A big text: dates, words, several lines in a cell, and what `odd` says of the last records.
    fn text(odd: &str) -> String {
        let mut text = "\u{feff}\"id\",\"who\",\"date\",\"what\"\r\n".to_owned();
        for n in 0..80_000 {
            let (day, who) = (1 + n % 28, n % 97);
            text += &format!("\"{n:07}\",\"Ana {who}\",\"2026-10-{day:02}\",\"said \"\"yes\"\",\r\nand {}\"\r\n", n % 7);
        }
        text + odd
    }

    fn stored(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.csv");
        std::fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    fn zipped(bytes: &[u8]) -> Vec<u8> {
        let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packer.write_all(bytes).unwrap();
        packer.finish().unwrap()
    }

    #[test]
    fn a_file_in_a_stream_is_the_same_table_as_in_memory() {
        let footer = "\r\nGrand Totals (80000 records)\r\nCopyright (c) 2026\r\n";
        for odd in [footer, "\"1\",\"2\"\r\n\r\n\"z\",\"Ana\",\"2026-10-05\",\"end\""] {
            let plain = text(odd).into_bytes();
            let whole = Sheet::open("x.csv", plain.clone(), &Settings::default()).unwrap().0;
            let wanted = Wanted { columns: &[0, 1, 2, 3], dates: &[2], ids: &[0], texts: &[1], needed: Some(&[0, 1]) };
            let expected = whole.read_plainly(wanted);
            for bytes in [plain.clone(), zipped(&plain)] {
                let (_folder, path) = stored(&bytes);
                let sheet = Sheet::of_file("x.csv", &path, bytes.len() as u64, &Settings::default()).unwrap();
                let (records, xxh3) = sheet.stream(wanted).unwrap();
                assert_eq!(xxh3, super::super::unpack::About::of(&bytes).xxh3);
                assert!(records == expected);
                assert!(records.columns[2].stamps().is_some());
                let lines = [expected.line[5], expected.line[70_000], expected.line[expected.line.len() - 1], 7];
                assert_eq!(sheet.quote(&lines), whole.quote(&lines));
                assert_eq!((sheet.line_ends(), &sheet.headings), (whole.line_ends(), &whole.headings));
                assert_eq!(sheet.sample(3), whole.sample(3));
            }
        }
    }

    #[test]
    fn what_the_beginning_does_not_tell_is_not_decided_by_it() {
        let wanted = Wanted { columns: &[0, 1, 2, 3], dates: &[2], ids: &[0], texts: &[3], needed: None };
        let whole = text("");
        let of = |bytes: &[u8]| {
            let (folder, path) = stored(bytes);
            Some((Sheet::of_file("x.csv", &path, bytes.len() as u64, &Settings::default())?, folder))
        };
        // Damage behind the beginning: bytes that are no UTF-8, a NUL, a mark within a cell, and a packed file that is cut off.
        for odd in [&b"\xff,1,2,3\r\n"[..], b"\0,1,2,3\r\n", b"a\"b,1,2,3\r\n", b"\"never,1,2,3\r\n", b"1,2,3,4\r\n\x1a"] {
            let mut bytes = whole.clone().into_bytes();
            bytes.extend_from_slice(odd);
            let (sheet, _folder) = of(&bytes).unwrap();
            assert!(sheet.stream(wanted).is_none(), "{odd:?}");
        }
        let packed = zipped(whole.as_bytes());
        let (sheet, _folder) = of(&packed[..packed.len() - 9]).unwrap();
        assert!(sheet.stream(wanted).is_none());
        let (sheet, _folder) = of(&[packed.as_slice(), &[0; 100]].concat()).unwrap();
        assert!(sheet.stream(wanted).is_none());
        // A beginning that is not enough, or not a table's.
        assert!(of(b"id,who\n1,2\n").is_none());
        assert!(of(&zipped(&packed)).is_none());
        assert!(of(&whole.replace("Ana", "A\0a").into_bytes()).is_none());
    }
}
