//! A file as it comes → the tables inside: what is compressed is unpacked, an archive gives its files, a workbook its sheets.
//!
//! What a file is, its first bytes say, and never its name. Memory is bounded by the file's own size ([`Budget`]), and what does not
//! unpack to its end is refused as a whole, since half a table would give wrong numbers.

#[cfg(test)]
mod tests;

use std::io::{self, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::super::files::{self, Buffered, Bytes};
use super::scan::line_ends;
use super::workbook::{self, Format};
use super::{Settings, Sheet};
use crate::diagnostic::{Code, Diagnostic, Location};

/// How many archives may lie inside one another.
const DEEPEST: usize = 3;

/// What anything may unpack to, whatever its size: 32 MiB.
const FLOOR: u64 = 32 << 20;

/// How many times its size a file may unpack to beyond [`FLOOR`]. Exports compress to a tenth or a fortieth; deflate itself cannot
/// exceed 1032.
const RATIO: u64 = 200;

/// The first bytes of a gzip member, of a zip archive's first entry, and of an archive without any.
pub(super) const GZIP: &[u8] = b"\x1f\x8b";
const ZIP: &[&[u8]] = &[b"PK\x03\x04", b"PK\x05\x06"];
/// The first bytes of the container in which Excel 97 to 2003, and encryption, put a workbook.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Something found in a file.
#[derive(Debug)]
pub enum Found {
    /// A table: its cells, and what was assumed to read it.
    Table(Box<Sheet>, Vec<Diagnostic>),
    /// What should be a table and cannot be read.
    Refused(Diagnostic),
    /// What is no table by its sort, such as a picture in an archive or a sheet that is hidden, and why.
    Unused(String),
}

/// What holds several things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A zip archive.
    Archive,
    /// A workbook.
    Workbook,
}

/// Who is given everything in a file.
pub(in crate::crm) trait Visit {
    /// Is given a table of which only the beginning is in memory; whether it could be read so, or is not wanted. Else it is found once more,
    /// all of it in memory.
    fn stored(&mut self, sheet: Sheet) -> bool;

    /// Is given anything else with its path.
    fn found(&mut self, path: &str, found: Found);
}

/// Somebody who wants everything whole.
struct Whole<'a>(&'a mut dyn FnMut(&str, Found));

impl Visit for Whole<'_> {
    fn stored(&mut self, _: Sheet) -> bool {
        false
    }

    fn found(&mut self, path: &str, found: Found) {
        (self.0)(path, found);
    }
}

/// An archive from which each reads at a place of its own.
pub(super) type Archive = ZipArchive<Buffered>;

/// Opens a file and gives `visit` everything in it, one after the other so that only one is in memory, with its path: the file's own
/// name, or `export.zip/Deals.csv`, `book.xlsx/Deals`. The answer says what the file holds several things as, if it does.
pub fn open(name: &str, bytes: Vec<u8>, settings: &Settings, visit: &mut dyn FnMut(&str, Found)) -> Option<Holder> {
    let mut opener = Opener { budget: Budget::of(bytes.len() as u64), settings, visit: &mut Whole(visit) };
    opener.open(name, bytes, 0)
}

/// As [`open`], but what is big is read as it comes where that tells the same.
///
/// # Errors
/// [`Code::Unreadable`] where the file cannot be read.
pub(in crate::crm) fn open_stored(
    name: &str,
    bytes: Bytes,
    settings: &Settings,
    visit: &mut dyn Visit,
) -> Result<Option<Holder>, Diagnostic> {
    let mut opener = Opener { budget: Budget::of(bytes.len()), settings, visit };
    if let Some(sheet) = Sheet::of_file(name, &bytes, settings)
        && opener.visit.stored(sheet)
    {
        return Ok(None);
    }
    let mut magic = [0; 4];
    if bytes.stream().is_ok_and(|mut stream| stream.read_exact(&mut magic).is_ok()) && ZIP.contains(&magic.as_slice()) {
        return Ok(opener.zip(name, &bytes, 0, None));
    }
    Ok(opener.open(name, bytes.read(name)?, 0))
}

struct Opener<'a> {
    budget: Budget,
    settings: &'a Settings,
    visit: &'a mut dyn Visit,
}

impl Opener<'_> {
    fn open(&mut self, path: &str, bytes: Vec<u8>, depth: usize) -> Option<Holder> {
        let mut packed = None;
        let mut bytes = bytes;
        for _ in 0..=DEEPEST {
            if !bytes.starts_with(GZIP) {
                break;
            }
            packed.get_or_insert_with(|| About::of(&bytes));
            match gunzip(&bytes, &mut self.budget) {
                Ok(plain) => bytes = plain,
                Err(stop) => return self.refuse(stop.said(path, self.budget.limit)),
            }
        }
        if bytes.starts_with(GZIP) {
            return self.refuse(too_deep(path));
        }
        let came = match (&packed, depth) {
            (Some(_), _) => "gzip",
            (None, 0) => "",
            (None, _) => "zip",
        };
        if bytes.starts_with(COMPOUND) {
            let about = packed.unwrap_or_else(|| About::of(&bytes));
            return self.workbook(path, &bytes, Format::Xls, &about);
        }
        if ZIP.iter().any(|magic| bytes.starts_with(magic)) {
            return self.zip(path, &bytes.into(), depth, packed);
        }
        let found = match Sheet::open(path, bytes, self.settings) {
            Ok((mut sheet, said)) => {
                if let Some(about) = packed {
                    (sheet.bytes, sheet.xxh3) = (about.bytes, about.xxh3);
                }
                Found::Table(Box::new(Sheet { packed: came, ..sheet }), said)
            }
            Err(diagnostic) => Found::Refused(diagnostic),
        };
        self.visit.found(path, found);
        None
    }

    fn refuse(&mut self, diagnostic: Diagnostic) -> Option<Holder> {
        let path = diagnostic.location.as_ref().map(|l| l.file.clone()).unwrap_or_default();
        self.visit.found(&path, Found::Refused(diagnostic));
        None
    }

    fn workbook(&mut self, path: &str, bytes: &[u8], format: Format, about: &About) -> Option<Holder> {
        match workbook::read(path, bytes, format, about, &mut |path, found| self.visit.found(path, found)) {
            Ok(()) => Some(Holder::Workbook),
            Err(diagnostic) => self.refuse(diagnostic),
        }
    }

    /// `packed` is what the archive came as, where it was packed once more.
    fn zip(&mut self, path: &str, bytes: &Bytes, depth: usize, packed: Option<About>) -> Option<Holder> {
        let opened = bytes.stream().map_err(ZipError::Io).and_then(|stream| ZipArchive::new(Buffered::new(stream)));
        let mut archive = match opened {
            Ok(archive) => archive,
            Err(problem) => return self.refuse(Stop::from(problem).said(path, self.budget.limit)),
        };
        match sort_of(&mut archive) {
            Sort::Files => {}
            Sort::Workbook(format) => {
                let checked = workbook::bounded(&mut archive, &mut self.budget);
                if let Err(stop) = checked {
                    return self.refuse(stop.said(path, self.budget.limit));
                }
                return match bytes.all(path) {
                    Ok(bytes) => self.workbook(path, &bytes, format, &packed.unwrap_or_else(|| About::of(&bytes))),
                    Err(diagnostic) => self.refuse(diagnostic),
                };
            }
            Sort::Other(what) => {
                return self.refuse(
                    Diagnostic::error(Code::Unsupported, format!("{what} is not read"))
                        .at(Location::file(path))
                        .hint("export the data as CSV or as an Excel workbook"),
                );
            }
        }
        if depth >= DEEPEST {
            return self.refuse(too_deep(path));
        }
        let mut entries = Vec::new();
        for index in 0..archive.len() {
            match archive.by_index_raw(index) {
                Ok(entry) => {
                    let name = entry_name(&entry);
                    let hidden = name.split(['/', '\\']).any(|part| part.starts_with('.') || part == "__MACOSX");
                    if !entry.is_dir() && !hidden {
                        entries.push((name, index, entry.encrypted(), entry.is_symlink()));
                    }
                }
                Err(problem) => return self.refuse(Stop::from(problem).said(path, self.budget.limit)),
            }
        }
        entries.sort();
        if entries.is_empty() {
            return self.refuse(
                Diagnostic::error(Code::EmptyFile, "the archive holds no file")
                    .at(Location::file(path))
                    .hint("export it again; the archive should hold the CSV files"),
            );
        }
        for (name, index, encrypted, link) in entries {
            let inner = format!("{path}/{name}");
            if link {
                self.visit.found(&inner, Found::Unused("a link to another file".to_owned()));
            } else if let Some(why) = files::no_table(&name) {
                self.visit.found(&inner, Found::Unused(why.to_owned()));
            } else if encrypted {
                self.refuse(encrypted_entry(&inner));
            } else if !self.streamed(&archive, index, &inner) {
                match self.entry(&mut archive, index) {
                    Ok(bytes) => {
                        self.open(&inner, bytes, depth + 1);
                    }
                    Err(stop) => {
                        self.refuse(stop.said(&inner, self.budget.limit));
                        if matches!(stop, Stop::TooLarge) {
                            break;
                        }
                    }
                }
            }
        }
        Some(Holder::Archive)
    }

    /// Whether a file of an archive has been read as it comes.
    fn streamed(&mut self, archive: &Archive, index: usize, path: &str) -> bool {
        let Some(sheet) = Sheet::of_entry(path, (archive, index), self.budget.left, self.settings) else { return false };
        let bytes = sheet.bytes;
        self.visit.stored(sheet) && self.budget.covers(bytes)
    }

    fn entry(&mut self, archive: &mut Archive, index: usize) -> Result<Vec<u8>, Stop> {
        let mut out = Vec::new();
        let mut entry = archive.by_index(index)?;
        self.budget.read(&mut entry, &mut out)?;
        Ok(out)
    }
}

/// The size and hash of a file as it came.
#[derive(Debug, Clone)]
pub(super) struct About {
    pub(super) bytes: u64,
    pub(super) xxh3: String,
}

impl About {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.len() as u64, xxh3: format!("{:016x}", xxhash_rust::xxh3::xxh3_64(bytes)) }
    }
}

/// How much more a file may unpack to, everything in it together.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
    limit: u64,
}

/// How much a file of so many bytes may unpack to.
pub(super) fn most(packed: u64) -> u64 {
    FLOOR.saturating_add(packed.saturating_mul(RATIO))
}

impl Budget {
    fn of(packed: u64) -> Self {
        let limit = most(packed);
        Self { left: limit, limit }
    }

    /// Reads to the end.
    fn read(&mut self, from: &mut impl Read, into: &mut Vec<u8>) -> Result<(), Stop> {
        let before = into.len();
        let read = from.take(self.left.saturating_add(1)).read_to_end(into);
        let got = into.len().saturating_sub(before) as u64;
        if got > self.left {
            return Err(Stop::TooLarge);
        }
        read.map_err(|problem| Stop::damaged(&problem, Some(into)))?;
        self.left -= got;
        Ok(())
    }

    /// Takes what a part unpacks to without keeping it.
    pub(super) fn count(&mut self, from: &mut impl Read) -> Result<(), Stop> {
        let got =
            io::copy(&mut from.take(self.left.saturating_add(1)), &mut io::sink()).map_err(|problem| Stop::damaged(&problem, None))?;
        self.left = self.left.checked_sub(got).ok_or(Stop::TooLarge)?;
        Ok(())
    }

    /// Takes so many bytes at once; whether there were so many.
    pub(super) fn covers(&mut self, bytes: u64) -> bool {
        let covers = bytes <= self.left;
        if covers {
            self.left -= bytes;
        }
        covers
    }
}

/// Why something does not unpack.
#[derive(Debug)]
pub(super) enum Stop {
    TooLarge,
    Encrypted,
    Method,
    /// What is wrong, and after how many whole lines where that is known.
    Damaged(String, Option<u32>),
}

impl Stop {
    fn damaged(problem: &io::Error, so_far: Option<&[u8]>) -> Self {
        let what = if problem.kind() == io::ErrorKind::UnexpectedEof { "it ends too early" } else { "it is damaged" };
        Self::Damaged(what.to_owned(), so_far.map(line_ends))
    }

    pub(super) fn said(&self, path: &str, limit: u64) -> Diagnostic {
        match self {
            Self::TooLarge => {
                let mib = limit >> 20;
                Diagnostic::error(
                    Code::TooLarge,
                    format!("it unpacks to more than {mib} MiB, which is more than an export of its size can hold"),
                )
                .at(Location::file(path))
                .hint("if it is a real export, unpack it and name the files inside")
            }
            Self::Encrypted => encrypted_entry(path),
            Self::Method => Diagnostic::error(Code::Unsupported, "it is compressed in a way that is not read")
                .at(Location::file(path))
                .hint("unpack it and name the files inside, or pack them as an ordinary zip"),
            Self::Damaged(what, lines) => {
                let after = match lines {
                    Some(0) => ", within the first line".to_owned(),
                    Some(1) => ", after the first line".to_owned(),
                    Some(n) => format!(", after line {n}"),
                    None => String::new(),
                };
                Diagnostic::error(Code::Damaged, format!("{what}{after}, so nothing of it is used"))
                    .at(Location::file(path))
                    .hint("copy or download it again; what is there may be unpacked by other means and named instead")
            }
        }
    }
}

impl From<ZipError> for Stop {
    fn from(problem: ZipError) -> Self {
        match problem {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) | ZipError::InvalidPassword => Self::Encrypted,
            ZipError::CompressionMethodNotSupported(_) | ZipError::UnsupportedArchive(_) => Self::Method,
            ZipError::Io(problem) => Self::damaged(&problem, None),
            // The list of files stands at the end.
            _ => Self::Damaged("the archive is cut off or damaged".to_owned(), None),
        }
    }
}

fn encrypted_entry(path: &str) -> Diagnostic {
    Diagnostic::error(Code::Unreadable, "cannot be read: it is encrypted, and needs a password")
        .at(Location::file(path))
        .hint("unpack it with its password and name the files inside")
}

fn too_deep(path: &str) -> Diagnostic {
    Diagnostic::error(Code::Unsupported, format!("archives inside archives are opened {DEEPEST} deep, and this one lies deeper"))
        .at(Location::file(path))
        .hint("unpack it and name the files inside")
}

/// Unpacks every member of a gzip file; zeros behind the last are padding.
fn gunzip(bytes: &[u8], budget: &mut Budget) -> Result<Vec<u8>, Stop> {
    let mut out = Vec::new();
    let mut rest = bytes;
    loop {
        let mut member = flate2::bufread::GzDecoder::new(rest);
        budget.read(&mut member, &mut out)?;
        rest = member.into_inner();
        if rest.iter().all(|b| *b == 0) {
            return Ok(out);
        }
        if !rest.starts_with(GZIP) {
            let what = format!("{} bytes that are not compressed stand behind what is", rest.len());
            return Err(Stop::Damaged(what, Some(line_ends(&out))));
        }
    }
}

/// What a zip archive is.
enum Sort {
    Files,
    Workbook(Format),
    Other(&'static str),
}

fn sort_of(archive: &mut Archive) -> Sort {
    let has = |name: &str| archive.file_names_raw().any(|n| n.eq_ignore_ascii_case(name.as_bytes()));
    let begins = |start: &str| archive.file_names_raw().any(|n| n.starts_with(start.as_bytes()));
    let ends = |end: &str| archive.file_names_raw().any(|n| n.ends_with(end.as_bytes()));
    if has("[Content_Types].xml") {
        return match () {
            () if ends("workbook.bin") => Sort::Workbook(Format::Xlsb),
            () if begins("word/") => Sort::Other("a Word document"),
            () if begins("ppt/") => Sort::Other("a presentation"),
            () => Sort::Workbook(Format::Xlsx),
        };
    }
    if begins("Index/") && ends(".iwa") {
        return Sort::Other("an Apple Numbers document");
    }
    if has("mimetype") && has("content.xml") {
        let mut said = String::new();
        let read = archive.by_name("mimetype").map(|entry| entry.take(100).read_to_string(&mut said));
        return match read {
            Ok(Ok(_)) if said.trim() == "application/vnd.oasis.opendocument.spreadsheet" => Sort::Workbook(Format::Ods),
            _ => Sort::Other("an OpenDocument file without sheets"),
        };
    }
    Sort::Files
}

/// The name of an archive's entry: UTF-8 where it is that, whatever its flag says; else cp437, as the format has it.
fn entry_name<R: Read>(entry: &zip::read::ZipFile<'_, R>) -> String {
    match std::str::from_utf8(entry.name_raw()) {
        Ok(name) => name.to_owned(),
        Err(_) => entry.name().map_or_else(|_| String::from_utf8_lossy(entry.name_raw()).into_owned(), std::borrow::Cow::into_owned),
    }
}
