//! Bytes → text: what is no text at all, which encoding it is in, and what separates its fields.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use super::Settings;
use super::scan::line_ends;
use crate::diagnostic::{Code, Diagnostic, Location};

/// How much of a text is looked at to find its delimiter.
const SNIFFED: usize = 64 * 1024;
/// How many records are compared with the headings to find the delimiter.
const COMPARED: usize = 20;

/// What the first bytes of other formats say.
const MAGIC: &[(&[u8], Code, &str, &str)] = &[
    (b"PK\x03\x04", Code::Unsupported, "this is a workbook or an archive, not delimited text", "save it as CSV, or unpack it first"),
    (b"\x1f\x8b", Code::Unsupported, "this file is compressed", "unpack it first: gunzip FILE"),
    (b"\xd0\xcf\x11\xe0", Code::Unsupported, "this is an Excel workbook, not delimited text", "save it as CSV"),
    (b"PAR1", Code::NotATable, "this is a Parquet file, not delimited text", "export it as CSV"),
    (b"\x89PNG", Code::NotATable, "this is an image, not delimited text", "export the data as CSV"),
    (b"\xff\xd8\xff", Code::NotATable, "this is an image, not delimited text", "export the data as CSV"),
    (b"%PDF", Code::NotATable, "this is a PDF, not delimited text", "export the report as CSV"),
];

/// The text of a file without its byte order mark, and what was said on the way.
///
/// A byte order mark decides; else the settings; else UTF-8 where the bytes are that. Bytes that are not, are UTF-8 with damage where most
/// characters beyond ASCII are valid, and Windows-1252 otherwise, which is what Excel and the Salesforce weekly export write.
pub(super) fn decode(name: &str, bytes: Vec<u8>, settings: &Settings) -> Result<(String, Vec<Diagnostic>), Diagnostic> {
    if let Some((_, code, message, hint)) = MAGIC.iter().find(|(magic, ..)| bytes.starts_with(magic)) {
        return Err(Diagnostic::error(*code, *message).at(Location::file(name)).hint(*hint));
    }
    let mut said = Vec::new();
    let text = text_of(name, bytes, settings, &mut said)?;
    refuse_what_is_no_table(name, &text)?;
    Ok((text, said))
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
    if bytes.contains(&0) {
        return Err(binary(name));
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
    if memchr::memchr(0, text.as_bytes()).is_some() || control * 20 > head.len() {
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

/// The delimiter with which the first records agree best with the headings; of those the one that gives more columns, then the first of
/// comma, semicolon, tab and bar. A comma where nothing separates.
pub(super) fn sniff(text: &str) -> u8 {
    let cut = text.floor_char_boundary(SNIFFED);
    let head = text.get(..cut).unwrap_or(text);
    let whole = cut == text.len();
    let mut best = (0_u32, 1_usize, b',');
    // Title lines above the headings are no records: then the width that most lines have tells.
    let mut usual = (0_usize, best.1, best.2);
    for delimiter in [b',', b';', b'\t', b'|'] {
        let mut widths = widths(head, delimiter);
        if !whole && widths.len() > 1 {
            widths.pop();
        }
        let most = widths.iter().filter(|w| **w > 1).max_by_key(|w| (widths.iter().filter(|o| o == w).count(), **w));
        if let Some(width) = most {
            let count = widths.iter().filter(|w| *w == width).count();
            let cells = count * (width - 1);
            if count > 1 && count * 2 >= widths.len() && cells > usual.0 {
                usual = (cells, *width, delimiter);
            }
        }
        let Some((headings, records)) = widths.split_first() else {
            continue;
        };
        if *headings < 2 {
            continue;
        }
        let agree = records.iter().filter(|w| *w == headings).count();
        let share = (agree * 1000).checked_div(records.len()).unwrap_or(1000) as u32 + 1;
        if (share, *headings) > (best.0, best.1) {
            best = (share, *headings, delimiter);
        }
    }
    let (share, width, delimiter) = best;
    if usual.0 > 0 && (share <= 500 || usual.1 > 3 && usual.1 >= 2 * width) { usual.2 } else { delimiter }
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
