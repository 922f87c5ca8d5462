//! What is read of a sheet, and whether a record is one that the general way would push as it stands.

use super::dict::cell;
use crate::crm::read::{Sheet, Wanted, summary};

/// How a column is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kept {
    /// Distinct words, and a code for each row.
    Words,
    /// Dates written alike, as seconds; else words.
    Dates,
    /// Ids as numbers; else words.
    Ids,
    /// The text of each row.
    Texts,
}

impl Kept {
    fn of(column: usize, wanted: &Wanted<'_>) -> Self {
        let ways = [(wanted.texts, Self::Texts), (wanted.dates, Self::Dates), (wanted.ids, Self::Ids)];
        ways.into_iter().find(|(columns, _)| columns.contains(&column)).map_or(Self::Words, |(_, kept)| kept)
    }
}

/// What is read of a sheet.
#[derive(Debug)]
pub(super) struct Plan<'s> {
    pub(super) sheet: &'s Sheet,
    pub(super) delimiter: u8,
    /// How many fields a record has.
    pub(super) width: usize,
    /// The columns that are read.
    pub(super) wanted: &'s [usize],
    /// For each of them, how it is kept as long as its cells allow.
    pub(super) kept: Vec<Kept>,
    /// A record that fills none of these is refused.
    pub(super) needed: Option<&'s [usize]>,
    /// The columns of lists within a record; empty where there are none.
    sublists: Vec<bool>,
    /// A column with a heading, and the heading: what repeats all headings repeats this one.
    heading: (usize, &'s str),
    /// Whether the first column has no heading.
    margin: bool,
}

/// The fields of a record as they stand in the file, without what encloses them.
pub(super) trait Fields {
    /// The bytes of a field.
    fn field(&self, at: usize) -> &[u8];
}

impl<'s> Plan<'s> {
    /// What is read of a sheet; none where only the general way can read it.
    pub(super) fn of(sheet: &'s Sheet, wanted: Wanted<'s>) -> Option<Self> {
        let simple = sheet.rows.is_none() && sheet.until.is_none() && sheet.labels.is_empty() && sheet.width > 1;
        let heading = sheet.headings.iter().map(String::as_str).enumerate().find(|(_, heading)| !heading.is_empty())?;
        simple.then(|| Self {
            sheet,
            delimiter: sheet.delimiter,
            width: sheet.width,
            wanted: wanted.columns,
            kept: wanted.columns.iter().map(|at| Kept::of(*at, &wanted)).collect(),
            needed: wanted.needed.filter(|needed| !needed.is_empty()),
            sublists: sheet.sublists(),
            heading,
            margin: sheet.headings.first().is_none_or(String::is_empty),
        })
    }

    /// Whether a record with a field for each heading is certainly neither the headings again nor a row that may be none: the line of a
    /// footer, a row of sums, a continued list, a record without anything that is needed.
    #[inline]
    pub(super) fn is_plain(&self, record: &impl Fields) -> bool {
        let (mut filled, mut first, mut own) = (0, 0, self.sublists.is_empty());
        for at in 0..self.width {
            let field = record.field(at);
            if is_blank(field) {
                continue;
            }
            if filled == 0 {
                first = at;
            }
            if filled < 2 && is_label(field) {
                return false;
            }
            filled += 1;
            own = own || self.sublists.get(at) == Some(&false);
            if filled > 1 && own {
                break;
            }
        }
        filled > 1
            && own
            && (first == 0 || self.margin || !self.only_sums(record))
            && self.needed.is_none_or(|needed| needed.iter().any(|at| *at < self.width && !is_blank(record.field(*at))))
            && !self.may_repeat(record)
    }

    /// Whether a record holds nothing but numbers, as below the groups of a board.
    #[cold]
    fn only_sums(&self, record: &impl Fields) -> bool {
        (0..self.width).map(|at| record.field(at)).all(|field| {
            let text = std::str::from_utf8(field).unwrap_or_default().trim();
            text.is_empty() || summary::is_sum(text)
        })
    }

    #[inline]
    fn may_repeat(&self, record: &impl Fields) -> bool {
        let (at, heading) = self.heading;
        let field = record.field(at);
        let (heading_byte, byte) = (heading.as_bytes().first(), field.first());
        (byte == heading_byte || byte.is_none_or(|b| !is_plain_edge(*b)))
            && std::str::from_utf8(field).is_ok_and(|text| cell(text) == heading)
    }
}

/// Whether a text that begins or ends with this byte needs no trimming there, and marks nothing inside.
#[inline]
pub(super) fn is_plain_edge(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e)
}

#[inline]
fn is_blank(field: &[u8]) -> bool {
    match field.first() {
        None => true,
        Some(0x21..=0x7e) => false,
        Some(_) => std::str::from_utf8(field).is_ok_and(|text| text.trim().is_empty()),
    }
}

/// Whether a cell may be what a row of sums is called.
#[inline]
fn is_label(field: &[u8]) -> bool {
    let plain = field.first().is_some_and(|b| is_plain_edge(*b)) && field.last().is_some_and(|b| is_plain_edge(*b));
    if plain && !summary::may_label(field) {
        return false;
    }
    std::str::from_utf8(field).is_ok_and(|text| summary::is_label(&cell(text)))
}
