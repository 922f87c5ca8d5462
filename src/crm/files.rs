//! What the user named → the files to read: files, folders, patterns and `-` for standard input.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::diagnostic::{Code, Diagnostic, Location};

/// The name of standard input.
pub const STDIN: &str = "-";

/// Names at least this similar are suggested (Jaro–Winkler, 0 to 1).
const SIMILAR: f64 = 0.8;

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Its name as the user typed it; a file of a folder as `folder/file`.
    pub name: String,
    /// Where its bytes are.
    pub origin: Origin,
    /// Whether the user named this very file, and not a folder or a pattern: then it must be a table.
    pub named: bool,
    /// What the user named within it: a sheet of a workbook, a file of an archive. Else everything in it is meant.
    pub inside: Option<String>,
}

/// Where the bytes of an input are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// In this file.
    File(PathBuf),
    /// On standard input.
    Stdin,
}

/// The bytes of a file.
#[derive(Debug, Clone)]
pub enum Bytes {
    /// In memory.
    Here(Arc<Vec<u8>>),
    /// In a file, and how many they are.
    There(PathBuf, u64),
    /// In a file that is open, such as one that is standard input: all behind a place in it, and how many they are.
    Open(Stream, u64),
}

impl Bytes {
    /// Those of an open file from where it stands, if it is a plain file and they are too many to be held in memory.
    pub fn of_open(mut file: fs::File) -> Option<Self> {
        let about = file.metadata().ok().filter(fs::Metadata::is_file)?;
        let begin = file.stream_position().ok()?;
        let bytes = about.len().saturating_sub(begin);
        let stream = Stream(Place::File { file: Arc::new(Mutex::new(file)), begin, at: 0 });
        // What cannot be read is said by whoever reads it.
        let mut first = [0];
        (bytes >= BIG && stream.clone().read_exact(&mut first).is_ok()).then_some(Self::Open(stream, bytes))
    }

    /// How many they are.
    pub fn len(&self) -> u64 {
        match self {
            Self::Here(bytes) => bytes.len() as u64,
            Self::There(_, bytes) | Self::Open(_, bytes) => *bytes,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of them in memory, where nobody else has them; `name` is what the user calls the file.
    ///
    /// # Errors
    /// [`Code::Unreadable`] with the system's reason.
    pub fn read(self, name: &str) -> Result<Vec<u8>, Diagnostic> {
        let all = self.all(name)?;
        drop(self);
        Ok(Arc::unwrap_or_clone(all))
    }

    /// All of them in memory; `name` is what the user calls the file.
    pub(super) fn all(&self, name: &str) -> Result<Arc<Vec<u8>>, Diagnostic> {
        match self {
            Self::Here(bytes) => Ok(Arc::clone(bytes)),
            Self::There(path, _) => fs::read(path).map(Arc::new).map_err(|e| unreadable(name, &e)),
            Self::Open(stream, bytes) => {
                let mut all = Vec::with_capacity(usize::try_from(*bytes).unwrap_or(0));
                let name = if name == STDIN { "standard input" } else { name };
                stream.clone().read_to_end(&mut all).map_err(|e| unreadable(name, &e))?;
                Ok(Arc::new(all))
            }
        }
    }

    /// The same as they come, from the first one on, as often as it is asked for.
    pub(super) fn stream(&self) -> io::Result<Stream> {
        Ok(match self {
            Self::Here(bytes) => Stream(Place::Memory(Cursor::new(Shared(Arc::clone(bytes))))),
            Self::There(path, _) => Stream(Place::File { file: Arc::new(Mutex::new(fs::File::open(path)?)), begin: 0, at: 0 }),
            Self::Open(stream, _) => stream.clone(),
        })
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Here(Arc::new(bytes))
    }
}

/// Bytes that are read as they come; each copy has a place of its own in them.
#[derive(Debug, Clone)]
pub struct Stream(Place);

#[derive(Debug, Clone)]
enum Place {
    Memory(Cursor<Shared>),
    /// Its first byte in the file, and where it stands behind that.
    File {
        file: Arc<Mutex<fs::File>>,
        begin: u64,
        at: u64,
    },
}

/// Bytes in memory that several read.
#[derive(Debug, Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Read for Stream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Place::Memory(bytes) => bytes.read(into),
            Place::File { file, begin, at } => {
                // The place in the file is everybody's who has it open.
                let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
                file.seek(SeekFrom::Start(begin.saturating_add(*at)))?;
                let n = file.read(into)?;
                *at += n as u64;
                Ok(n)
            }
        }
    }
}

impl Seek for Stream {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match &mut self.0 {
            Place::Memory(bytes) => bytes.seek(to),
            Place::File { file, begin, at } => {
                let end = || -> io::Result<u64> {
                    let file = file.lock().unwrap_or_else(PoisonError::into_inner);
                    Ok(file.metadata()?.len().saturating_sub(*begin))
                };
                let place = match to {
                    SeekFrom::Start(place) => Some(place),
                    SeekFrom::Current(by) => at.checked_add_signed(by),
                    SeekFrom::End(by) => end()?.checked_add_signed(by),
                };
                *at = place.ok_or(io::ErrorKind::InvalidInput)?;
                Ok(*at)
            }
        }
    }
}

/// The same for who reads a few bytes at a time.
#[derive(Debug)]
pub(super) struct Buffered(BufReader<Stream>);

impl Buffered {
    pub(super) fn new(stream: Stream) -> Self {
        Self(BufReader::new(stream))
    }
}

impl Clone for Buffered {
    /// One that stands where this one began to fill its buffer: whoever copies it goes to a place of their own.
    fn clone(&self) -> Self {
        Self::new(self.0.get_ref().clone())
    }
}

impl Read for Buffered {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Seek for Buffered {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// A plain file with so many bytes is not held in memory if it need not be.
const BIG: u64 = 4 << 20;

fn open(path: &Path) -> io::Result<Bytes> {
    let mut file = fs::File::open(path)?;
    let about = file.metadata()?;
    if about.is_file() && about.len() >= BIG {
        return Ok(Bytes::There(path.to_path_buf(), about.len()));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(about.len()).unwrap_or(0));
    file.read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// The files to read, and what was said about the others.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// What to read, in the order in which it was named; each file once.
    pub inputs: Vec<Input>,
    /// Names that match nothing, files that are not used, formats that are not read.
    pub diagnostics: Vec<Diagnostic>,
}

impl Input {
    /// Reads its bytes; standard input is only touched through `stdin`.
    ///
    /// # Errors
    /// [`Code::Unreadable`] with the system's reason.
    pub fn bytes(&self, stdin: impl FnOnce() -> io::Result<Vec<u8>>) -> Result<Vec<u8>, Diagnostic> {
        match &self.origin {
            Origin::File(path) => fs::read(path).map_err(|e| unreadable(&self.name, &e)),
            Origin::Stdin => stdin().map_err(|e| unreadable("standard input", &e)),
        }
    }

    /// As [`Input::bytes`], but a big file stays where it is.
    ///
    /// # Errors
    /// [`Code::Unreadable`] with the system's reason.
    pub fn open(&self, stdin: impl FnOnce() -> io::Result<Bytes>) -> Result<Bytes, Diagnostic> {
        match &self.origin {
            Origin::File(path) => open(path).map_err(|e| unreadable(&self.name, &e)),
            Origin::Stdin => stdin().map_err(|e| unreadable("standard input", &e)),
        }
    }
}

/// Finds what `names` stand for; relative ones are looked for in `base` (empty for the working folder). It goes on after a name that
/// matches nothing, so that everything wrong is said at once.
pub fn find(names: &[impl AsRef<str>], base: &Path) -> Found {
    let mut finder = Finder { base, found: Found::default(), seen: HashMap::new() };
    for name in names {
        finder.name(name.as_ref());
    }
    finder.found
}

struct Finder<'a> {
    base: &'a Path,
    found: Found,
    /// The canonical paths found so far, and which input each is.
    seen: HashMap<PathBuf, usize>,
}

impl Finder<'_> {
    fn name(&mut self, name: &str) {
        if name == STDIN {
            if !self.found.inputs.iter().any(|i| i.origin == Origin::Stdin) {
                self.found.inputs.push(Input { name: STDIN.to_owned(), origin: Origin::Stdin, named: true, inside: None });
            }
            return;
        }
        let path = self.base.join(name);
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => self.folder(name, &path),
            Ok(_) => self.file(name.to_owned(), path, true),
            Err(e) if e.kind() == io::ErrorKind::NotFound && name.contains(['*', '?', '[']) => self.pattern(name),
            Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => match self.holder(name) {
                Some((holder, inside)) => self.found.inputs.push(Input {
                    name: holder.to_owned(),
                    origin: Origin::File(self.base.join(holder)),
                    named: true,
                    inside: Some(inside.to_owned()),
                }),
                None => self.not_found(name, &path),
            },
            Err(e) => self.say(unreadable(name, &e)),
        }
    }

    /// The file whose name begins this one, as in `book.xlsx/Deals`, and what follows.
    fn holder<'n>(&self, name: &'n str) -> Option<(&'n str, &'n str)> {
        let parts = name.match_indices('/').filter_map(|(at, _)| Some((name.get(..at)?, name.get(at + 1..)?)));
        parts
            .filter(|(_, inside)| !inside.is_empty())
            .find(|(holder, _)| fs::metadata(self.base.join(holder)).is_ok_and(|about| about.is_file()))
    }

    fn folder(&mut self, name: &str, path: &Path) {
        let entries = match list(path) {
            Ok(entries) => entries,
            Err(e) => return self.say(unreadable(name, &e)),
        };
        let prefix = if name.ends_with('/') { name.to_owned() } else { format!("{name}/") };
        let before = self.found.inputs.len();
        let mut any = false;
        for file in entries.into_iter().filter(|f| !f.starts_with('.')) {
            any = true;
            let inside = path.join(&file);
            self.listed(format!("{prefix}{file}"), inside);
        }
        if !any && before == self.found.inputs.len() {
            self.say(
                Diagnostic::error(Code::NotFound, "this folder holds no file")
                    .at(Location::file(name))
                    .hint("name the folder with the exports"),
            );
        }
    }

    fn pattern(&mut self, name: &str) {
        let options =
            glob::MatchOptions { require_literal_separator: true, require_literal_leading_dot: true, ..glob::MatchOptions::new() };
        let base = self.base.to_string_lossy();
        let full = if base.is_empty() || Path::new(name).is_absolute() {
            name.to_owned()
        } else {
            format!("{}/{name}", glob::Pattern::escape(base.trim_end_matches('/')))
        };
        let paths = match glob::glob_with(&full, options) {
            Ok(paths) => paths,
            Err(e) => {
                let said = format!("this pattern cannot be: {}", e.msg);
                return self.say(Diagnostic::error(Code::NotFound, said).at(Location::file(name)));
            }
        };
        let mut any = false;
        for path in paths {
            any = true;
            match path {
                Ok(path) => {
                    let shown = path.strip_prefix(self.base).unwrap_or(&path).to_string_lossy().into_owned();
                    self.listed(shown, path);
                }
                Err(e) => {
                    let shown = e.path().to_string_lossy().into_owned();
                    self.say(unreadable(&shown, e.error()));
                }
            }
        }
        if !any {
            self.say(Diagnostic::error(Code::NotFound, "no file matches this pattern").at(Location::file(name)));
        }
    }

    /// A file that the user did not name itself.
    fn listed(&mut self, name: String, path: PathBuf) {
        match fs::metadata(&path) {
            Ok(about) if about.is_dir() => self.not_used(name, "a folder inside a folder is not searched"),
            Ok(about) if !about.is_file() => self.not_used(name, "not a plain file"),
            Ok(_) => match no_table(&name) {
                Some(why) => self.not_used(name, why),
                None => self.file(name, path, false),
            },
            Err(e) => self.say(unreadable(&name, &e)),
        }
    }

    fn file(&mut self, name: String, path: PathBuf, named: bool) {
        let canonical = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
        if let Some(earlier) = self.seen.get(&canonical) {
            if let Some(input) = self.found.inputs.get_mut(*earlier) {
                input.named |= named;
            }
            return;
        }
        self.seen.insert(canonical, self.found.inputs.len());
        self.found.inputs.push(Input { name, origin: Origin::File(path), named, inside: None });
    }

    fn not_found(&mut self, name: &str, path: &Path) {
        let mut said = Diagnostic::error(Code::NotFound, "no such file or folder").at(Location::file(name));
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let wanted = path.file_name().map(|f| f.to_string_lossy().to_lowercase()).unwrap_or_default();
        let typed = name.trim_end_matches('/').rfind('/').and_then(|i| name.get(..=i)).unwrap_or_default();
        match list(folder) {
            Ok(names) => {
                let near = names
                    .into_iter()
                    .filter(|n| !n.starts_with('.'))
                    .map(|n| (strsim::jaro_winkler(&n.to_lowercase(), &wanted), n))
                    .filter(|(score, _)| *score >= SIMILAR)
                    .max_by(|(a, an), (b, bn)| a.total_cmp(b).then_with(|| bn.cmp(an)));
                if let Some((_, near)) = near {
                    said = said.hint(format!("did you mean {typed}{near}?"));
                }
            }
            Err(_) => said = said.hint(format!("there is no folder {}", typed.trim_end_matches('/'))),
        }
        self.say(said);
    }

    fn not_used(&mut self, name: String, why: &str) {
        self.say(Diagnostic::note(Code::NotUsed, format!("not used: {why}")).at(Location::file(name)));
    }

    fn say(&mut self, diagnostic: Diagnostic) {
        self.found.diagnostics.push(diagnostic);
    }
}

/// The names in a folder, sorted.
fn list(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort_unstable();
    Ok(names)
}

fn unreadable(name: &str, error: &io::Error) -> Diagnostic {
    let said = match error.kind() {
        io::ErrorKind::PermissionDenied => "cannot be read: permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "cannot be read: it is a folder".to_owned(),
        _ => format!("cannot be read: {error}"),
    };
    Diagnostic::error(Code::Unreadable, said).at(Location::file(name))
}

fn extension(name: &str) -> String {
    let file = name.rsplit('/').next().unwrap_or(name);
    file.rsplit_once('.').map(|(_, e)| e.to_lowercase()).unwrap_or_default()
}

/// Why a file of a folder or archive is certainly no table, by its name.
pub(super) fn no_table(name: &str) -> Option<&'static str> {
    let file = name.rsplit('/').next().unwrap_or(name);
    if file == "leadlag.toml" {
        return Some("the configuration");
    }
    if file.starts_with("~$") || file.ends_with('~') {
        return Some("a temporary file");
    }
    Some(match extension(name).as_str() {
        "toml" | "yaml" | "yml" | "ini" | "cfg" | "conf" | "env" | "lock" => "a settings file",
        "md" | "markdown" | "rst" | "adoc" | "pdf" | "doc" | "docx" | "odt" | "rtf" | "ppt" | "pptx" | "eml" | "msg" => "a document",
        "json" | "jsonl" | "ndjson" | "xml" | "parquet" | "avro" | "db" | "sqlite" => "data, but no delimited text",
        "html" | "htm" | "css" | "js" => "a web page",
        "png" | "jpg" | "jpeg" | "gif" | "svg" | "webp" | "bmp" | "ico" | "tif" | "tiff" => "an image",
        "sql" | "py" | "rs" | "sh" | "ps1" | "bat" | "r" | "ipynb" => "a program",
        "log" | "bak" | "tmp" | "swp" | "part" | "crdownload" => "a temporary file",
        _ => return None,
    })
}
