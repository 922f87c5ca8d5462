//! What stands in a file, quoted: records by their lines, and how the lines end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Row, Sheet};

impl Sheet {
    /// The records that begin on these lines: each one's text without its line end, and its cells where it can be read.
    pub fn quote(&self, lines: &[u32]) -> BTreeMap<u32, (String, Vec<String>)> {
        let mut found = BTreeMap::new();
        let lines: BTreeSet<u32> = lines.iter().copied().collect();
        let Some(last) = lines.last().copied() else { return found };
        self.walk(super::BATCH, |raw, row| {
            if lines.contains(&raw.line) {
                let cells = match row {
                    Row::Read(record) => record.iter().map(|cell| cell.trim().to_owned()).collect(),
                    Row::Unclosed(_) | Row::Lost => Vec::new(),
                };
                found.insert(raw.line, (self.raw_text(raw.start..raw.end).to_owned(), cells));
            }
            raw.line < last
        });
        found
    }

    /// Whether it was made from a workbook's cells.
    pub fn is_of_cells(&self) -> bool {
        self.rows.is_some()
    }

    /// How the lines end: `LF`, `CRLF`, `CR`, or several of them; line ends within quoted cells count as well.
    pub fn line_ends(&self) -> String {
        let bytes = self.text.as_bytes();
        let (mut lf, mut crlf, mut cr) = (false, false, false);
        for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
            match (bytes.get(at), bytes.get(at + 1), at.checked_sub(1).and_then(|before| bytes.get(before))) {
                (Some(b'\r'), Some(b'\n'), _) => crlf = true,
                (Some(b'\r'), ..) => cr = true,
                (_, _, Some(b'\r')) => {}
                _ => lf = true,
            }
        }
        let found: Vec<&str> = [(lf, "LF"), (crlf, "CRLF"), (cr, "CR")].into_iter().filter(|(any, _)| *any).map(|(_, name)| name).collect();
        if found.is_empty() { "none".to_owned() } else { found.join(" and ") }
    }
}
