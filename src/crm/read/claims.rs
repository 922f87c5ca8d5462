//! What a workbook claims about its size, before a parser believes it: a few bytes can claim millions of cells.

use std::io::{Cursor, Read as _};

use zip::ZipArchive;

use super::unpack::Stop;

/// How many cells a sheet's area may have, whatever it holds.
const AREA: u64 = 1 << 20;
/// How many more for each byte of the workbook's cells.
const AREA_PER_BYTE: u64 = 16;

/// Whether the count of shared strings that `head`, the beginning of a workbook's list of them, names can be true; `most` is what the list
/// unpacks to at most, and each takes five bytes at least.
pub(super) fn strings(head: &str, most: u64) -> Result<(), Stop> {
    let claimed = head.split_once("uniqueCount=\"").and_then(|(_, rest)| rest.split('"').next()).and_then(|n| n.parse::<u64>().ok());
    if claimed.is_some_and(|n| n > most / 5) {
        return Err(Stop::Damaged("the workbook claims more texts than it holds".to_owned(), None));
    }
    Ok(())
}

/// What a compound file holds (MS-CFB), the container of Excel 97 to 2003 and of encrypted workbooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compound {
    Workbook,
    /// A workbook of today, encrypted.
    Encrypted,
    /// No workbook.
    Other,
    /// A sheet claims or spans far more cells than it holds.
    TooWide,
    Damaged,
}

/// Looks at a compound file and at the areas of the sheets in its workbook.
pub(super) fn compound(bytes: &[u8]) -> Compound {
    let named = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().chain(std::iter::once(0)).flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &wide).is_some()
    };
    if named("EncryptedPackage") {
        return Compound::Encrypted;
    }
    let Some(file) = File::of(bytes) else { return Compound::Damaged };
    match file.entry("Workbook").or_else(|| file.entry("Book")) {
        Some(entry) => file.stream(entry).map_or(Compound::Damaged, |stream| areas(&stream)),
        None => Compound::Other,
    }
}

/// Whether no sheet of a workbook stream (MS-XLS) claims or spans too many cells.
fn areas(stream: &[u8]) -> Compound {
    let most = AREA + AREA_PER_BYTE * stream.len() as u64;
    let (mut at, mut area) = (0_usize, Area::default());
    while let (Some(kind), Some(length)) = (short(stream, at), short(stream, at + 2)) {
        let data = stream.get(at + 4..at + 4 + usize::from(length)).unwrap_or_default();
        match kind {
            // The beginning of a sheet, or of the workbook itself.
            0x0809 => area = Area::default(),
            // Dimensions: first row, row after the last, first column, column after the last.
            0x0200 => {
                let (Some(first), Some(last)) = (long(data, 0), long(data, 4)) else { return Compound::Damaged };
                let (Some(left), Some(right)) = (short(data, 8), short(data, 10)) else { return Compound::Damaged };
                let claimed = u64::from(last.saturating_sub(first)) * u64::from(right.saturating_sub(left));
                if last < first || right < left || claimed > most {
                    return Compound::TooWide;
                }
            }
            // Numbers, texts, flags and formulas begin with their row and column; so do rows of numbers, which name their last column too.
            0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x00BD | 0x00D6 | 0x00FD | 0x027E => {
                if let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) {
                    area.meet(row, column);
                    if kind == 0x00BD
                        && let Some(last) = data.len().checked_sub(2).and_then(|end| short(data, end))
                    {
                        area.meet(row, last);
                    }
                    if area.cells() > most {
                        return Compound::TooWide;
                    }
                }
            }
            _ => {}
        }
        at += 4 + usize::from(length);
    }
    Compound::Workbook
}

/// The smallest area that holds some cells: rows and columns, ends included.
#[derive(Debug, Default)]
struct Area(Option<[u16; 4]>);

impl Area {
    fn meet(&mut self, row: u16, column: u16) {
        let [top, bottom, left, right] = self.0.unwrap_or([row, row, column, column]);
        self.0 = Some([top.min(row), bottom.max(row), left.min(column), right.max(column)]);
    }

    fn cells(&self) -> u64 {
        self.0.map_or(0, |[top, bottom, left, right]| (u64::from(bottom - top) + 1) * (u64::from(right - left) + 1))
    }
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// A compound file: streams as chains of sectors.
struct File<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// Which sector follows which.
    next: Vec<u32>,
    directory: Vec<u8>,
}

impl<'a> File<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let sector = match short(bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, sector, next: Vec::new(), directory: Vec::new() };
        // The sectors of the table of sectors: 109 in the header, more in a chain of their own.
        let mut tables: Vec<u32> = (0..109).filter_map(|i| long(bytes, 76 + 4 * i)).collect();
        let most = bytes.len() / sector + 1;
        let (mut more, mut seen) = (long(bytes, 68)?, 0);
        while let Some(listed) = file.at(more).filter(|_| seen <= most) {
            let count = listed.len() / 4 - 1;
            tables.extend((0..count).filter_map(|i| long(listed, 4 * i)));
            more = long(listed, 4 * count)?;
            seen += 1;
        }
        for table in tables.into_iter().take(most) {
            if let Some(listed) = file.at(table) {
                let listed: Vec<u32> = (0..listed.len() / 4).filter_map(|i| long(listed, 4 * i)).collect();
                file.next.extend(listed);
            }
        }
        file.directory = file.chain(long(bytes, 48)?)?;
        Some(file)
    }

    fn at(&self, sector: u32) -> Option<&'a [u8]> {
        let start = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|found| found.len() >= 4)
    }

    fn chain(&self, first: u32) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut at = first;
        while let Some(found) = self.at(at) {
            out.extend_from_slice(found);
            // A chain longer than the file runs in a circle.
            if out.len() > self.bytes.len() {
                return None;
            }
            at = *self.next.get(at as usize)?;
        }
        Some(out)
    }

    fn entry(&self, name: &str) -> Option<&[u8]> {
        let wide: Vec<u8> = name.encode_utf16().chain(std::iter::once(0)).flat_map(u16::to_le_bytes).collect();
        self.directory.chunks_exact(128).find(|e| e.starts_with(&wide))
    }

    /// The bytes of an entry's stream. Small ones lie in sectors of 64 bytes within the first entry's own stream.
    fn stream(&self, entry: &[u8]) -> Option<Vec<u8>> {
        let (first, size) = (long(entry, 116)?, long(entry, 120)?);
        if size >= 4096 {
            return self.chain(first).filter(|stream| stream.len() >= size as usize);
        }
        self.small(first, size as usize)
    }

    fn small(&self, first: u32, size: usize) -> Option<Vec<u8>> {
        let holder = self.chain(long(&self.directory, 116)?)?;
        let table = self.chain(long(self.bytes, 60)?)?;
        let (mut out, mut at) = (Vec::new(), first);
        while out.len() < size {
            let start = (at as usize).checked_mul(64)?;
            out.extend_from_slice(holder.get(start..start.checked_add(64)?.min(holder.len()))?);
            at = long(&table, (at as usize).checked_mul(4)?)?;
        }
        out.truncate(size);
        Some(out)
    }
}

/// Whether no table of an open document spans far more cells than it holds: a repeated cell or row is written once.
pub(super) fn open_document(bytes: &[u8]) -> bool {
    let mut content = Vec::new();
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return true };
    let Ok(mut entry) = archive.by_name("content.xml") else { return true };
    // What it unpacks to has been found bounded before.
    if entry.read_to_end(&mut content).is_err() {
        return true;
    }
    let most = AREA + AREA_PER_BYTE * content.len() as u64;
    let (mut row, mut width) = (0_u64, 0_u64);
    let (mut column, mut repeated, mut filled) = (0_u64, 1_u64, 0_u64);
    for tag in content.split(|b| *b == b'<').skip(1) {
        let tag = tag.split(|b| *b == b'>').next().unwrap_or_default();
        let times = |attribute: &str| -> u64 {
            let value = memchr::memmem::find(tag, attribute.as_bytes()).and_then(|at| tag.get(at + attribute.len()..));
            let digits = value.and_then(|v| v.split(|b| *b == b'"').next());
            digits.and_then(|d| std::str::from_utf8(d).ok()).and_then(|d| d.parse().ok()).unwrap_or(1)
        };
        if tag.starts_with(b"table:table-cell") || tag.starts_with(b"table:covered-table-cell") {
            column = column.saturating_add(times("number-columns-repeated=\""));
            if ["office:value-type", "table:formula", "-value="].iter().any(|sign| memchr::memmem::find(tag, sign.as_bytes()).is_some()) {
                filled = column;
            }
        } else if tag.starts_with(b"table:table-row ") || tag == b"table:table-row" {
            (column, filled, repeated) = (0, 0, times("number-rows-repeated=\""));
        } else if tag == b"/table:table-row" {
            row = row.saturating_add(repeated);
            if filled > 0 {
                width = width.max(filled);
                // Every cell up to the last is kept, also in rows that are narrower.
                if row.saturating_mul(width) > most {
                    return false;
                }
            }
        } else if tag.starts_with(b"table:table ") {
            (row, width) = (0, 0);
        }
    }
    true
}
