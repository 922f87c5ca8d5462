//! Parts of a text → their records, by the rules of the csv crate.

use std::io::{self, SeekFrom};
use std::ops::Range;

use csv::StringRecord;

/// The csv crate's reader, set to parts of texts: to build it takes longer than to read a few records.
pub(super) struct Parts<'t>(csv::Reader<Segments<'t>>);

impl<'t> Parts<'t> {
    pub(super) fn new(delimiter: u8) -> Self {
        let nothing = Segments::new("", Vec::new());
        Self(csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(nothing))
    }

    /// Sets it to the beginning of these parts.
    pub(super) fn begin(&mut self, text: &'t str, parts: Vec<Range<usize>>) {
        // To be set somewhere makes the reader forget what it has read; where that is, the parts say.
        let set = self.0.seek_raw(SeekFrom::Start(0), csv::Position::new());
        debug_assert!(set.is_ok(), "the seek of parts never fails");
        *self.0.get_mut() = Segments::new(text, parts);
    }

    /// Reads the next record; whether there is any.
    pub(super) fn read(&mut self, record: &mut StringRecord) -> bool {
        self.0.read_record(record).unwrap_or(false)
    }

    /// Reads the record of which a part consists; whether there is any.
    pub(super) fn read_one(&mut self, text: &'t str, part: Range<usize>, record: &mut StringRecord) -> bool {
        self.begin(text, std::iter::once(part).collect());
        self.read(record)
    }
}

/// Parts of a text, read one after another.
struct Segments<'a> {
    text: &'a [u8],
    parts: std::vec::IntoIter<Range<usize>>,
    now: &'a [u8],
}

impl<'a> Segments<'a> {
    fn new(text: &'a str, parts: Vec<Range<usize>>) -> Self {
        // The csv crate skips a byte order mark where its input begins, which is in the midst of the file here; and blank lines, so that this one hurts nobody.
        Self { text: text.as_bytes(), parts: parts.into_iter(), now: b"\n" }
    }
}

impl io::Read for Segments<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.now.is_empty() {
            let Some(part) = self.parts.next() else { return Ok(0) };
            self.now = self.text.get(part).unwrap_or_default();
        }
        self.now.read(into)
    }
}

impl io::Seek for Segments<'_> {
    fn seek(&mut self, _to: SeekFrom) -> io::Result<u64> {
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_is_read_for_itself() {
        let text = "a,b\n\u{feff}c,\"d\ne\"\n\n\"x\"\"\",\r\ny";
        let (mut parts, mut record) = (Parts::new(b','), StringRecord::new());
        let mut read = |from: &str, to: &str| {
            let part = text.find(from).unwrap_or(0)..text.rfind(to).map_or(0, |at| at + to.len());
            parts.read_one(text, part, &mut record).then(|| record.iter().collect::<Vec<_>>().join("|"))
        };
        assert_eq!(read("a,", "b\n").as_deref(), Some("a|b"));
        assert_eq!(read("\n\n", "\n\n"), None);
        assert_eq!(read("y", "y").as_deref(), Some("y"));
        assert_eq!(read("\u{feff}", "e\"\n").as_deref(), Some("\u{feff}c|d\ne"));
        // Whatever is behind the first record of a part, the next part begins anew.
        assert_eq!(read("a,", "y").as_deref(), Some("a|b"));
        assert_eq!(read("\"x", "\r\n").as_deref(), Some("x\"|"));
    }
}
