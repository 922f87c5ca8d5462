//! What stands in a file, quoted: records by their lines, and how the lines end.

use std::collections::{BTreeMap, BTreeSet};

use super::scan::{Raw, line_ends};
use super::{Row, Sheet};
use crate::crm::meter::Meter;

impl Sheet {
    /// The records that begin on these lines: each one's text without its line end, and its cells where it can be read.
    pub fn quote(&self, lines: &[u32]) -> BTreeMap<u32, (String, Vec<String>)> {
        let mut found = BTreeMap::new();
        let lines: BTreeSet<u32> = lines.iter().copied().collect();
        let Some(last) = lines.last().copied() else { return found };
        let mut visit = |text: &str, raw: &Raw, row: Row<'_>| {
            if lines.contains(&raw.line) {
                let cells = match row {
                    Row::Read(record) => record.iter().map(|cell| cell.trim().to_owned()).collect(),
                    Row::Unclosed(_) | Row::Lost => Vec::new(),
                };
                let text = text.get(raw.start..raw.end).unwrap_or_default();
                found.insert(raw.line, (super::without_line_end(text).to_owned(), cells));
            }
            raw.line < last
        };
        let streamed = self.blocks(|text, line| {
            // Most blocks hold none of them.
            let end = line.saturating_add(line_ends(text.as_bytes()));
            if lines.range(line..=end).next().is_some() {
                self.walk_in(text, (0, line), super::BATCH, &Meter::default(), |raw, row| visit(text, raw, row));
            }
            end <= last
        });
        if !streamed {
            let whole = self.whole();
            let sheet = whole.as_ref().unwrap_or(self);
            sheet.walk(super::BATCH, |raw, row| visit(&sheet.text, raw, row));
        }
        found
    }

    /// Whether it was made from a workbook's cells.
    pub fn is_of_cells(&self) -> bool {
        self.rows.is_some()
    }

    /// How the lines end: `LF`, `CRLF`, `CR`, or several of them; line ends within quoted cells count as well.
    pub fn line_ends(&self) -> String {
        let (mut lf, mut crlf, mut cr, mut returned) = (false, false, false, false);
        let mut part = |bytes: &[u8]| {
            for at in memchr::memchr2_iter(b'\n', b'\r', bytes) {
                let after_return = at.checked_sub(1).map_or(returned, |before| bytes[before] == b'\r');
                match (bytes[at], bytes.get(at + 1)) {
                    (b'\n', _) if after_return => crlf = true,
                    (b'\n', _) => lf = true,
                    // Of one at the end the next part says how it goes on.
                    (_, None | Some(b'\n')) => {}
                    (_, Some(_)) => cr = true,
                }
            }
            cr |= returned && bytes.first().is_some_and(|b| *b != b'\n');
            returned = bytes.last().map_or(returned, |b| *b == b'\r');
        };
        if !self.parts(&mut part) {
            part(self.text.as_bytes());
        }
        cr |= returned;
        let found: Vec<&str> = [(lf, "LF"), (crlf, "CRLF"), (cr, "CR")].into_iter().filter(|(any, _)| *any).map(|(_, name)| name).collect();
        if found.is_empty() { "none".to_owned() } else { found.join(" and ") }
    }
}
