//! Bytes → text: what is no text at all, which encoding it is in, and what separates its fields.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::Settings;
use super::scan::line_ends;
use crate::diagnostic::{Code, Diagnostic, Location};

/// How much of a text is looked at to find its delimiter.
const SNIFFED: usize = 64 * 1024;
/// How many records are compared with the headings to find the delimiter.
const COMPARED: usize = 20;

/// What the first bytes of other formats say; those that are packed or opened before are not among them.
const MAGIC: &[(&[u8], Code, &str, &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", Code::Unsupported, "a 7z archive is not read", "unpack it, or pack the files as zip or gzip"),
    (b"Rar!\x1a\x07", Code::Unsupported, "a RAR archive is not read", "unpack it, or pack the files as zip or gzip"),
    (b"BZh", Code::Unsupported, "a bzip2 file is not read", "unpack it first: bunzip2 FILE"),
    (b"\xfd7zXZ\0", Code::Unsupported, "an xz file is not read", "unpack it first: unxz FILE"),
    (b"\x28\xb5\x2f\xfd", Code::Unsupported, "a Zstandard file is not read", "unpack it first: unzstd FILE"),
    (b"PAR1", Code::Unsupported, "a Parquet file is not read", "export it as CSV"),
    (b"Obj\x01", Code::Unsupported, "an Avro file is not read", "export it as CSV"),
    (b"SQLite format 3\0", Code::Unsupported, "an SQLite database is not read", "export its tables as CSV"),
    (b"\x89PNG", Code::NotATable, "this is an image, not delimited text", "export the data as CSV"),
    (b"\xff\xd8\xff", Code::NotATable, "this is an image, not delimited text", "export the data as CSV"),
    (b"%PDF", Code::NotATable, "this is a PDF, not delimited text", "export the report as CSV"),
];

/// Where a tar archive has its magic bytes, and what they are.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// One in so many characters may be a NUL in text that is otherwise whole.
const NULS: usize = 50;

/// The text of a file without its byte order mark, and what was said on the way.
///
/// A byte order mark decides; else the settings; else UTF-8 where the bytes are that. Bytes that are not, are UTF-8 with damage where most
/// characters beyond ASCII are valid, and Windows-1252 otherwise, which is what Excel and the Salesforce weekly export write.
pub(super) fn decode(name: &str, bytes: Vec<u8>, settings: &Settings) -> Result<(String, Vec<Diagnostic>), Diagnostic> {
    if let Some((_, code, message, hint)) = MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Err(Diagnostic::error(*code, *message).at(Location::file(name)).hint(*hint));
    }
    if bytes.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1)) {
        return Err(Diagnostic::error(Code::Unsupported, "a tar archive is not read")
            .at(Location::file(name))
            .hint("unpack it, or pack the files as zip"));
    }
    let mut said = Vec::new();
    let text = text_of(name, bytes, settings, &mut said)?;
    let text = without_nuls(name, text, &mut said)?;
    refuse_what_is_no_table(name, &text)?;
    Ok((text, said))
}

/// Shows NUL characters, which no export has and which a failing disk or program leaves, as damage: left out, `12\05` would be 125.
fn without_nuls(name: &str, mut text: String, said: &mut Vec<Diagnostic>) -> Result<String, Diagnostic> {
    // The mark that DOS put at the end of a text.
    if text.ends_with('\u{1a}') {
        text.pop();
    }
    let Some(first) = memchr::memchr(0, text.as_bytes()) else { return Ok(text) };
    let count = memchr::memchr_iter(0, text.as_bytes()).count();
    let line = text.as_bytes().get(..first).map_or(0, line_ends).saturating_add(1);
    if count.saturating_mul(NULS) > text.len() {
        return Err(binary(name));
    }
    let places =
        if count == 1 { "one NUL character is damage and is".to_owned() } else { format!("{count} NUL characters are damage and are") };
    said.push(
        Diagnostic::warning(Code::Decoded, format!("{places} shown as \u{fffd}"))
            .at(Location::line(name, line))
            .hint("export it again if cells are wrong"),
    );
    Ok(text.replace('\0', "\u{fffd}"))
}

fn text_of(name: &str, bytes: Vec<u8>, settings: &Settings, said: &mut Vec<Diagnostic>) -> Result<String, Diagnostic> {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        let rest = bytes.get(length..).unwrap_or_default();
        if encoding != UTF_8 {
            said.push(
                Diagnostic::note(Code::Decoded, format!("read as {}, as its byte order mark says", encoding.name()))
                    .at(Location::file(name)),
            );
        }
        return Ok(read_as(name, rest, encoding, said));
    }
    if let Some(label) = &settings.encoding {
        let encoding = Encoding::for_label(label.trim().as_bytes()).ok_or_else(|| {
            Diagnostic::error(Code::ConfigValue, format!("\"{label}\" is no encoding"))
                .at(Location::file(name))
                .hint("such as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis")
        })?;
        return Ok(read_as(name, &bytes, encoding, said));
    }
    if let Some(encoding) = unmarked(&bytes) {
        said.push(
            Diagnostic::note(Code::Decoded, format!("read as {}, although no byte order mark says so", encoding.name()))
                .at(Location::file(name)),
        );
        return Ok(read_as(name, &bytes, encoding, said));
    }
    let bytes = match String::from_utf8(bytes) {
        Ok(text) => return Ok(text),
        Err(error) => error.into_bytes(),
    };
    let first = std::str::from_utf8(&bytes).err().map_or(0, |e| e.valid_up_to());
    let line = bytes.get(..first).map_or(0, line_ends).saturating_add(1);
    let (mut valid, mut invalid) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        invalid += usize::from(!chunk.invalid().is_empty());
    }
    let (text, message) = if valid > invalid {
        (
            String::from_utf8_lossy(&bytes).into_owned(),
            match invalid {
                1 => "one place is damaged UTF-8 and is shown as \u{fffd}".to_owned(),
                _ => format!("{invalid} places are damaged UTF-8 and are shown as \u{fffd}"),
            },
        )
    } else {
        let (text, _) = WINDOWS_1252.decode_without_bom_handling(&bytes);
        (text.into_owned(), "not UTF-8; read as Windows-1252".to_owned())
    };
    said.push(
        Diagnostic::warning(Code::Decoded, message)
            .at(Location::line(name, line))
            .hint("if names look wrong, set encoding in [inputs], or save the file as UTF-8"),
    );
    Ok(text)
}

/// UTF-16 without a byte order mark, told by where its NUL bytes stand: in text with delimiters, digits and line ends every few units are
/// ASCII, whose upper byte is NUL, while the lower one never is.
fn unmarked(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(SNIFFED)).unwrap_or_default();
    let (mut upper, mut lower) = (0_usize, 0_usize);
    for pair in head.chunks_exact(2) {
        lower += usize::from(pair.first() == Some(&0));
        upper += usize::from(pair.get(1) == Some(&0));
    }
    let units = head.len() / 2;
    let plain = |nuls: usize, others: usize| nuls * 10 >= units.max(1) && nuls > 1 && others == 0;
    let encoding = match () {
        () if !bytes.len().is_multiple_of(2) => return None,
        () if plain(upper, lower) => UTF_16LE,
        () if plain(lower, upper) => UTF_16BE,
        () => return None,
    };
    let damaged = encoding.decode_without_bom_handling(head.get(..units / 2 * 4).unwrap_or(head)).1;
    (!damaged || units > 1000).then_some(encoding)
}

fn read_as(name: &str, bytes: &[u8], encoding: &'static Encoding, said: &mut Vec<Diagnostic>) -> String {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    if damaged {
        said.push(
            Diagnostic::warning(Code::Decoded, format!("not all of it is {}; what is not is shown as \u{fffd}", encoding.name()))
                .at(Location::file(name))
                .hint("set encoding in [inputs], or save the file as UTF-8"),
        );
    }
    text.into_owned()
}

fn binary(name: &str) -> Diagnostic {
    Diagnostic::error(Code::NotATable, "this holds bytes that no text has").at(Location::file(name)).hint("export the data as CSV (UTF-8)")
}

fn refuse_what_is_no_table(name: &str, text: &str) -> Result<(), Diagnostic> {
    let head: &str = text.get(..text.floor_char_boundary(SNIFFED)).unwrap_or(text);
    let control = head.bytes().filter(|b| matches!(b, 1..=8 | 14..=31)).count();
    if control * 20 > head.len() {
        return Err(binary(name));
    }
    let start: String = head.trim_start().chars().take(15).flat_map(char::to_lowercase).collect();
    // JSON is the same however it is spaced.
    let dense: String = head.chars().filter(|c| !c.is_whitespace()).take(2).collect();
    let what = if ["<!doctype", "<html", "<head", "<table"].iter().any(|s| start.starts_with(s)) {
        "this is a web page, not delimited text"
    } else if start.starts_with("<?xml") {
        "this is XML, not delimited text"
    } else if ["{\"", "{}", "[{", "[[", "[]"].iter().any(|s| dense.starts_with(s)) {
        "this is JSON, not delimited text"
    } else {
        return Ok(());
    };
    Err(Diagnostic::error(Code::NotATable, what).at(Location::file(name)).hint("export the data as CSV"))
}

/// The delimiter that a first line such as `sep=;` names, and the byte after that line.
pub(super) fn declared(text: &str) -> Option<(u8, usize)> {
    let end = text.find(['\n', '\r'])?;
    let line = text.get(..end)?.trim_end_matches(' ');
    let line = line.strip_prefix('"').and_then(|l| l.strip_suffix('"')).unwrap_or(line);
    let delimiter = match line.as_bytes() {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', d] if fits(*d) => *d,
        _ => return None,
    };
    let after = if text.get(end..).is_some_and(|t| t.starts_with("\r\n")) { end + 2 } else { end + 1 };
    Some((delimiter, after))
}

/// Whether a byte can separate fields.
pub(super) fn fits(delimiter: u8) -> bool {
    delimiter.is_ascii() && !matches!(delimiter, b'"' | b'\n' | b'\r' | 0)
}

/// The delimiter with which the first records agree best with the headings; of those the one that gives more columns, then the one that
/// blanks follow less often (in `Silva, Ana` the comma belongs to the name), then the first of comma, semicolon, tab and bar. A comma where
/// nothing separates.
pub(super) fn sniff(text: &str) -> u8 {
    let cut = text.floor_char_boundary(SNIFFED);
    let head = text.get(..cut).unwrap_or(text);
    let whole = cut == text.len();
    let mut best = ((0_u32, 1_usize, 0_u32), b',');
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut widths = widths(head, delimiter);
        if !whole && widths.len() > 1 {
            widths.pop();
        }
        let Some((headings, records)) = widths.split_first() else {
            continue;
        };
        if *headings < 2 {
            continue;
        }
        let agree = records.iter().filter(|w| *w == headings).count();
        let share = (agree * 1000).checked_div(records.len()).unwrap_or(1000) as u32 + 1;
        let spaced = memchr::memchr_iter(delimiter, head.as_bytes()).filter(|at| head.as_bytes().get(at + 1) == Some(&b' ')).count();
        let score = (share, *headings, u32::MAX - spaced as u32);
        if score > best.0 {
            best = (score, delimiter);
        }
    }
    best.1
}

fn widths(head: &str, delimiter: u8) -> Vec<usize> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(head.as_bytes());
    let mut record = csv::ByteRecord::new();
    let mut widths = Vec::new();
    while widths.len() <= COMPARED + 1 && reader.read_byte_record(&mut record).unwrap_or(false) {
        if !record.as_slice().trim_ascii().is_empty() {
            widths.push(record.len());
        }
    }
    widths
}
