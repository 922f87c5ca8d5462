//! A big file that is never held in memory: its beginning tells what it is, and its records come in a stream, packed with gzip or not.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::read::MultiGzDecoder;
use xxhash_rust::xxh3::Xxh3;
use zip::read::ZipFile;

use super::fast::{self, Blocks, Shares};
use super::unpack::{Archive, GZIP, most};
use super::{Records, Settings, Sheet, Wanted};
use crate::crm::files::{Buffered, Bytes, Stream};

/// So many bytes tell what a file is: more than anything looks at that is done before its records are read.
const HEAD: usize = 4 << 20;

/// So many lines at least stand among them: more than are looked at to find headings and the names of groups.
const LINES: usize = 300;

const MARK: &[u8] = "\u{feff}".as_bytes();

/// Where the text of a sheet is, of which only the beginning is in memory.
#[derive(Debug)]
pub(super) struct Stored {
    from: Origin,
    /// How many bytes stand before its text: a byte order mark.
    before: usize,
}

/// What a text is read from.
#[derive(Debug)]
enum Origin {
    /// Bytes as they are.
    Plain(Bytes),
    /// Bytes that are packed with gzip.
    Gzip(Bytes),
    /// The file of this number in an archive, which may unpack to so many bytes.
    Entry { archive: Archive, index: usize, most: u64 },
}

/// A stream that keeps account of what it gave.
struct Counted<R> {
    from: R,
    hash: Box<Xxh3>,
    at: Arc<AtomicU64>,
}

impl<R> Counted<R> {
    fn new(from: R, at: &Arc<AtomicU64>) -> Self {
        Self { from, hash: Box::default(), at: Arc::clone(at) }
    }

    /// The hash of what it has given.
    fn xxh3(&self) -> String {
        format!("{:016x}", self.hash.digest())
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let n = self.from.read(into)?;
        self.hash.update(into.get(..n).unwrap_or_default());
        self.at.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// The bytes of a text, unpacked; what is counted and hashed are those of a file as it came, and of an archive's those unpacked.
enum Text<'a> {
    Plain(Counted<Stream>),
    Gzip(Box<io::Take<MultiGzDecoder<Counted<Stream>>>>),
    /// And how many bytes it is said to have.
    Entry(Counted<io::Take<ZipFile<'a, Buffered>>>, u64),
}

impl Read for Text<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        // What unpacks to more than an export can is refused by those who say so.
        let too_large = || Err(io::ErrorKind::FileTooLarge.into());
        match self {
            Self::Plain(from) => from.read(into),
            Self::Gzip(from) => match from.read(into)? {
                0 if from.limit() == 0 => too_large(),
                n => Ok(n),
            },
            Self::Entry(from, size) => match from.read(into)? {
                0 if from.from.limit() == 0 => too_large(),
                0 if !into.is_empty() && from.at.load(Ordering::Relaxed) != *size => Err(io::ErrorKind::InvalidData.into()),
                n => Ok(n),
            },
        }
    }
}

impl Text<'_> {
    /// The hash of the bytes that it is known by, once all have come.
    fn xxh3(&self) -> String {
        match self {
            Self::Plain(counted) => counted.xxh3(),
            Self::Gzip(text) => text.get_ref().get_ref().xxh3(),
            Self::Entry(counted, _) => counted.xxh3(),
        }
    }
}

impl Stored {
    /// Gives the text from its first byte on to `read`, a byte order mark left out, with how many bytes have been taken as they are counted;
    /// none where it can't be read.
    fn open<T>(&self, read: impl FnOnce(&mut Text<'_>, &AtomicU64) -> Option<T>) -> Option<T> {
        let at = Arc::new(AtomicU64::new(0));
        let begin = |mut text: Text<'_>| {
            skip(&mut text, self.before).ok()?;
            read(&mut text, &at)
        };
        match &self.from {
            Origin::Plain(bytes) => begin(Text::Plain(Counted::new(bytes.stream().ok()?, &at))),
            Origin::Gzip(bytes) => {
                let counted = Counted::new(bytes.stream().ok()?, &at);
                begin(Text::Gzip(Box::new(MultiGzDecoder::new(counted).take(most(bytes.len()).saturating_add(1)))))
            }
            Origin::Entry { archive, index, most } => {
                let mut archive = archive.clone();
                let entry = archive.by_index(*index).ok()?;
                let size = entry.size();
                begin(Text::Entry(Counted::new(entry.take(most.saturating_add(1)), &at), size))
            }
        }
    }
}

fn skip(text: &mut Text<'_>, bytes: usize) -> io::Result<()> {
    let skipped = io::copy(&mut text.by_ref().take(bytes as u64), &mut io::sink())?;
    if skipped == bytes as u64 { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

impl Sheet {
    /// The sheet of a big file, by its beginning; none where that does not tell all there is to know before its records are read, and where
    /// its text is in memory already.
    pub(in crate::crm) fn of_file(name: &str, bytes: &Bytes, settings: &Settings) -> Option<Self> {
        let mut magic = [0; 2];
        bytes.stream().ok()?.read_exact(&mut magic).ok()?;
        let (from, packed) = match bytes {
            _ if magic == *GZIP => (Origin::Gzip(bytes.clone()), "gzip"),
            Bytes::Here(_) => return None,
            Bytes::There(..) | Bytes::Open(..) => (Origin::Plain(bytes.clone()), ""),
        };
        Self::of_stored(name, from, settings).map(|sheet| Self { bytes: bytes.len(), packed, ..sheet })
    }

    /// The same of a file in an archive, which may unpack to so many bytes.
    pub(super) fn of_entry(name: &str, (archive, index): (&Archive, usize), most: u64, settings: &Settings) -> Option<Self> {
        let bytes = archive.by_index_data(index).ok()?.size();
        if bytes < HEAD as u64 || bytes > most {
            return None;
        }
        let from = Origin::Entry { archive: archive.clone(), index, most };
        Self::of_stored(name, from, settings).map(|sheet| Self { bytes, packed: "zip", ..sheet })
    }

    fn of_stored(name: &str, from: Origin, settings: &Settings) -> Option<Self> {
        if settings.encoding.is_some() {
            return None;
        }
        let mut stored = Stored { from, before: 0 };
        let mut head = Vec::new();
        stored.open(|text, _| text.take(HEAD as u64).read_to_end(&mut head).ok())?;
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
        sheet.xxh3.clear();
        sheet.rest = Some(Arc::new(stored));
        told.then_some(sheet)
    }

    /// Reads the records of a file of which only the beginning is in memory, and its hash; none where only the whole text tells what they
    /// are.
    pub(in crate::crm) fn stream(&self, wanted: Wanted<'_>) -> Option<(Records, String)> {
        self.rest.as_ref()?.open(|text, at| {
            skip(text, self.body.0).ok()?;
            let told = |_| self.meter.at(at.load(Ordering::Relaxed));
            let records = fast::read(self, &mut *text, wanted, Shares::default(), &told).ok()?;
            Some((records, text.xxh3()))
        })
    }

    /// The same with all of its text in memory.
    pub(super) fn whole(&self) -> Option<Self> {
        let mut whole = Vec::new();
        self.rest.as_ref()?.open(|text, _| text.read_to_end(&mut whole).ok())?;
        Some(Self { text: Arc::new(String::from_utf8(whole).ok()?), rest: None, ..self.clone() })
    }

    /// Gives the records block by block, each as a text and the line on which it begins, until `visit` returns false; false where the blocks
    /// cannot be told, or there is more in memory than the beginning.
    pub(super) fn blocks(&self, mut visit: impl FnMut(&str, u32) -> bool) -> bool {
        let Some(stored) = &self.rest else { return false };
        let told = stored.open(|text, _| {
            skip(text, self.body.0).ok()?;
            let (mut blocks, mut line) = (Blocks::new(text), self.body.1);
            while let Some(block) = blocks.next().ok()? {
                if !visit(std::str::from_utf8(block).ok()?, line) {
                    break;
                }
                line = line.saturating_add(super::scan::line_ends(block));
            }
            Some(())
        });
        told.is_some()
    }

    /// Gives all bytes of a stored text in parts; whether they could be read.
    pub(in crate::crm) fn parts(&self, mut visit: impl FnMut(&[u8])) -> bool {
        let Some(stored) = &self.rest else { return false };
        let mut part = vec![0; 1 << 20];
        let read = stored.open(|text, _| {
            loop {
                match text.read(&mut part) {
                    Ok(0) => return Some(()),
                    Ok(n) => visit(part.get(..n).unwrap_or_default()),
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => return None,
                }
            }
        });
        read.is_some()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::format_push_string)]

    use std::io::Write as _;
    use std::path::{Path, PathBuf};

    use super::super::unpack;
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

    fn there(path: &Path) -> Bytes {
        Bytes::There(path.to_path_buf(), path.metadata().unwrap().len())
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
                let sheet = Sheet::of_file("x.csv", &there(&path), &Settings::default()).unwrap();
                let (records, xxh3) = sheet.stream(wanted).unwrap();
                assert_eq!(xxh3, super::super::unpack::About::of(&bytes).xxh3);
                assert!(records == expected);
                assert!(records.columns[2].stamps().is_some());
                let lines = [expected.line.get(5), expected.line.get(70_000), expected.line.get(expected.line.len() - 1), 7];
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
            Some((Sheet::of_file("x.csv", &there(&path), &Settings::default())?, folder))
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

    /// What an archive gives whom it is opened for: the tables that were read in a stream, by path, hash and records, and how many others.
    #[derive(Default)]
    struct Given(Vec<(String, String, Records)>, usize);

    impl unpack::Visit for Given {
        fn stored(&mut self, sheet: Sheet) -> bool {
            let wanted = Wanted { dates: &[2], ids: &[0], texts: &[3], ..Wanted::of(&[0, 1, 2, 3]) };
            let (read, before) = (sheet.stream(wanted), self.0.len());
            self.0.extend(read.map(|(records, xxh3)| (sheet.name, xxh3, records)));
            self.0.len() > before
        }

        fn found(&mut self, _: &str, _: unpack::Found) {
            self.1 += 1;
        }
    }

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn given(bytes: Bytes) -> Given {
        let mut given = Given::default();
        unpack::open_stored("x", bytes, &Settings::default(), &mut given).unwrap();
        given
    }

    #[test]
    fn a_file_of_an_archive_in_a_stream_is_the_same_table_as_in_memory() {
        let plain = text("\r\nGrand Totals (80000 records)\r\nCopyright (c) 2026\r\n").into_bytes();
        let whole = Sheet::open("x/a.csv", plain.clone(), &Settings::default()).unwrap().0;
        let expected = whole.read_plainly(Wanted { dates: &[2], ids: &[0], texts: &[3], ..Wanted::of(&[0, 1, 2, 3]) });
        let once = archive(&[("a.csv", &plain), ("b.csv", &plain)]);
        let twice = archive(&[("in.zip", &once)]);
        let (_folder, path) = stored(&once);
        let open = Bytes::of_open(std::fs::File::open(&path).unwrap());
        assert!(open.is_none(), "a small file is read at once");
        for (bytes, paths) in [
            (once.clone().into(), ["x/a.csv", "x/b.csv"]),
            (there(&path), ["x/a.csv", "x/b.csv"]),
            (twice.into(), ["x/in.zip/a.csv", "x/in.zip/b.csv"]),
        ] {
            let Given(tables, others) = given(bytes);
            assert_eq!((tables.iter().map(|t| t.0.as_str()).collect::<Vec<_>>(), others), (paths.to_vec(), 0));
            for (_, xxh3, records) in tables {
                assert_eq!(xxh3, whole.xxh3);
                assert!(records.columns == expected.columns && records.line == expected.line && records.footer == expected.footer);
            }
        }
    }

    #[test]
    fn a_file_of_an_archive_that_is_not_what_it_should_be_is_found_whole_or_refused() {
        let plain = text("").into_bytes();
        let sound = archive(&[("a.csv", &plain)]);
        assert_eq!(given(sound.clone().into()).0.len(), 1);
        let directory = memchr::memmem::find(&sound, b"PK\x01\x02").unwrap();
        // Its checksum, and its size, which is more than there is or less.
        for (at, bit) in [(16, 1), (24, 1), (26, 1)] {
            let mut wrong = sound.clone();
            wrong[directory + at] ^= bit;
            let Given(tables, others) = given(wrong.into());
            assert_eq!((tables.len(), others), (0, 1), "{at}");
        }
        let mut damaged = sound.clone();
        damaged[directory / 2] ^= 0x55;
        assert!(given(damaged.into()).0.is_empty());
    }

    #[test]
    fn an_open_file_is_read_from_where_it_stands() {
        let plain = text("").into_bytes();
        let line = plain.iter().position(|b| *b == b'\n').unwrap() + 1;
        let (_folder, path) = stored(&[b"read before\n".as_slice(), &plain].concat());
        let mut file = std::fs::File::open(&path).unwrap();
        file.read_exact(&mut [0; 12]).unwrap();
        let bytes = Bytes::of_open(file).unwrap();
        assert_eq!(bytes.len(), plain.len() as u64);
        let sheet = Sheet::of_file("-", &bytes, &Settings::default()).unwrap();
        assert_eq!((sheet.packed, sheet.bytes, sheet.body.0), ("", plain.len() as u64, line - MARK.len()));
        let wanted = Wanted::of(&[0]);
        assert_eq!(sheet.stream(wanted).unwrap().0.line.len(), 80_000);
        assert_eq!(sheet.stream(wanted).unwrap().1, super::super::unpack::About::of(&plain).xxh3, "and as often as it is asked for");
        assert_eq!(bytes.read("-").unwrap(), plain);
    }
}
