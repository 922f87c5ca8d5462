//! Where a table stands in its file: headings below title lines, tables below one another, and lines that name a group between the records.

use std::sync::Arc;

use csv::StringRecord;
use rustc_hash::FxHashMap;

use super::parts::Parts;
use super::scan::Shape;
use super::summary;
use super::{Row, Sheet};
use crate::crm::meter::Meter;

/// Lines that name a group begin within so many records, and repeat.
const LOOKED_AT: usize = 200;

/// A line of a file as cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number, from 1.
    pub line: u32,
    /// Its cells, trimmed.
    pub cells: Vec<String>,
}

impl Line {
    /// How many cells say anything.
    pub fn filled(&self) -> usize {
        self.cells.iter().filter(|c| !c.is_empty()).count()
    }

    /// Whether the cells can be headings: several, all different, and none of them a number or a date.
    pub fn can_head(&self) -> bool {
        let mut filled: Vec<&str> = self.cells.iter().map(String::as_str).filter(|c| !c.is_empty()).collect();
        let wordy = |cell: &&str| cell.contains(char::is_alphabetic) && !cell.starts_with(|c: char| c.is_ascii_digit()) && cell.len() < 120;
        let several = filled.len() > 1 && filled.iter().all(wordy);
        filled.sort_unstable();
        let repeated = filled.windows(2).filter(|pair| pair[0] == pair[1]).count();
        several && repeated * 4 <= filled.len()
    }
}

/// The name of a group on a line of its own: `Opportunity Owner: Ana Silva (5 records)` is the heading `Opportunity Owner`, the value
/// `Ana Silva`, and whether it says how many records follow.
fn label(text: &str) -> Option<(&str, &str, bool)> {
    let (heading, rest) = text.split_once(':')?;
    let (heading, rest) = (heading.trim(), rest.trim());
    let named = !heading.is_empty() && heading.len() <= 60 && !heading.contains(|c: char| c.is_ascii_digit()) && !rest.starts_with("//");
    if !named {
        return None;
    }
    let counted = rest.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')).filter(|(_, count)| {
        let mut words = count.split_whitespace();
        words
            .next()
            .is_some_and(|n| n.starts_with(|c: char| c.is_ascii_digit()) && n.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.')))
            && words.all(|w| w.chars().all(char::is_alphabetic))
    });
    Some(match counted {
        Some((value, _)) => (heading, value.trim(), true),
        None => (heading, rest, false),
    })
}

/// The heading and value of a line that names a group; beside the label there may only be sums.
fn label_of(record: &StringRecord) -> Option<(&str, &str, bool)> {
    let mut filled = record.iter().map(str::trim).filter(|c| !c.is_empty());
    let found = label(filled.next()?)?;
    filled.all(summary::is_sum).then_some(found)
}

impl Sheet {
    /// The first lines from the headings on, at most `n`, whatever they hold; blank ones are left out.
    pub fn lines(&self, n: usize) -> Vec<Line> {
        let (start, line) = self.begin;
        let mut scanner = self.scanner(&self.text, start, line);
        let mut lines = Vec::new();
        let (mut parts, mut record) = (Parts::new(self.delimiter), StringRecord::new());
        while lines.len() < n {
            let Some(raw) = scanner.next().filter(|raw| self.until.is_none_or(|until| self.row(raw.line) < until)) else { break };
            if matches!(raw.shape, Shape::Unclosed { .. }) {
                continue;
            }
            if parts.read_one(&self.text, raw.start..raw.end, &mut record) && !super::blank(&record) {
                lines.push(Line { line: self.row(raw.line), cells: record.iter().map(|c| c.trim().to_owned()).collect() });
            }
        }
        // The rows of a workbook end with their last filled cell, and are all as wide as the widest.
        if self.rows.is_some() {
            let width = lines.iter().map(|l| l.cells.len()).max().unwrap_or(0);
            for line in &mut lines {
                line.cells.resize(width, String::new());
            }
        }
        lines
    }

    /// The same file with the headings on this line, if a record stands there.
    pub fn from_line(&self, line: u32) -> Option<Self> {
        let (start, first) = self.begin;
        let mut scanner = self.scanner(&self.text, start, first);
        let raw = scanner
            .find(|raw| self.row(raw.line) >= line)
            .filter(|raw| self.row(raw.line) == line && matches!(raw.shape, Shape::Record { .. }))?;
        let mut record = StringRecord::new();
        Parts::new(self.delimiter).read_one(&self.text, raw.start..raw.end, &mut record).then_some(())?;
        let (begin, body) = ((raw.start, raw.line), (scanner.position(), scanner.line()));
        let mut sheet = Self { text: Arc::clone(&self.text), begin, body, heading_line: line, ..self.clone() };
        sheet.head(&record);
        Some(sheet)
    }

    /// The same file up to this line.
    #[must_use]
    pub fn until(&self, line: u32) -> Self {
        Self { until: Some(line), ..self.clone() }
    }

    /// Takes these cells as headings, without the mark of a sorted column, and behind them those of lines that name groups.
    pub(super) fn head(&mut self, record: &StringRecord) {
        const SORTED: [char; 4] = ['\u{2191}', '\u{2193}', '\u{25b2}', '\u{25bc}'];
        let clean = |h: &str| h.trim().trim_start_matches('\u{feff}').trim_end_matches(SORTED).trim_end().to_owned();
        self.headings = record.iter().map(clean).collect();
        self.sorted = (0..record.len()).filter(|at| record.get(*at).is_some_and(|h| h.trim().ends_with(SORTED))).collect();
        self.width = self.headings.len();
        self.labels = self.find_labels();
        self.headings.extend(self.labels.iter().cloned());
    }

    /// The headings of lines that name groups: the first record is one, and says how many records follow or comes again with another value.
    fn find_labels(&self) -> Vec<String> {
        let mut labels: Vec<(String, bool)> = Vec::new();
        let mut looked_at = 0;
        let mut again: Vec<(String, String)> = Vec::new();
        if self.width > 2 {
            self.walk_in(&self.text, self.body, 16, &Meter::default(), |_, row| {
                let Row::Read(record) = row else { return false };
                if super::blank(record) {
                    return true;
                }
                looked_at += 1;
                let found = label_of(record).map(|(heading, value, counted)| (heading.to_owned(), value.to_owned(), counted));
                match found {
                    Some((heading, value, counted)) if again.len() + 1 == looked_at => {
                        labels.push((heading.clone(), counted));
                        again.push((heading, value));
                    }
                    Some((heading, value, _)) => {
                        for (label, counted) in &mut labels {
                            *counted |= *label == heading && again.iter().any(|(h, v)| *h == heading && *v != value);
                        }
                    }
                    None => {}
                }
                // A file whose first record names no group is asked nothing more.
                let open = labels.iter().any(|(_, counted)| !counted);
                again.len() == looked_at || open && looked_at < LOOKED_AT
            });
        }
        if labels.iter().any(|(_, counted)| !counted) {
            return Vec::new();
        }
        labels.into_iter().map(|(label, _)| label).collect()
    }

    /// Which label a record is, and its value; none for a record.
    pub(super) fn label<'r>(&self, record: &'r StringRecord) -> Option<(usize, &'r str)> {
        if self.labels.is_empty() {
            return None;
        }
        let (heading, value, _) = label_of(record)?;
        Some((self.labels.iter().position(|label| label == heading)?, value))
    }

    /// The columns of lists within a record, which continue on rows of their own (Odoo writes `order_line/product_id`): headings that
    /// share what stands before a stroke.
    pub(super) fn sublists(&self) -> Vec<bool> {
        let before = |heading: &String| {
            let (list, rest) = heading.split_once('/')?;
            let tight = !list.is_empty() && !rest.is_empty() && !list.ends_with(' ') && !rest.starts_with(' ');
            tight.then(|| list.to_owned())
        };
        let lists: Vec<Option<String>> = self.headings.iter().map(before).collect();
        let mut times: FxHashMap<&str, usize> = FxHashMap::default();
        for list in lists.iter().flatten() {
            *times.entry(list).or_default() += 1;
        }
        let shared = |list: &Option<String>| {
            list.as_deref().is_some_and(|list| list.ends_with("_ids") || times.get(list).is_some_and(|times| *times > 1))
        };
        let found: Vec<bool> = lists.iter().map(shared).collect();
        if found.contains(&true) && found.contains(&false) { found } else { Vec::new() }
    }
}

/// The rows that say the same in a column.
#[derive(Debug)]
pub struct Group {
    /// What they say; none where the cell is blank.
    pub word: Option<String>,
    /// How many they are.
    pub rows: u64,
    /// Per heading, whether any of them fills it.
    pub filled: Vec<bool>,
}

impl Sheet {
    /// The records by what they say in a column, in the order in which they come; none if they say more than `most` different things.
    pub fn filled_by(&self, column: usize, most: usize) -> Option<Vec<Group>> {
        let mut groups: Vec<Group> = Vec::new();
        self.walk(super::BATCH, |_, row| {
            let Row::Read(record) = row else { return true };
            if !self.fits(record) || super::blank(record) {
                return true;
            }
            let word = record.get(column).map(str::trim).filter(|w| !w.is_empty());
            let at = groups.iter().position(|g| g.word.as_deref() == word).unwrap_or_else(|| {
                groups.push(Group { word: word.map(str::to_owned), rows: 0, filled: vec![false; self.headings.len()] });
                groups.len() - 1
            });
            let group = &mut groups[at];
            group.rows += 1;
            for (filled, cell) in group.filled.iter_mut().zip(record) {
                *filled |= !*filled && !cell.trim().is_empty();
            }
            groups.len() <= most
        });
        (groups.len() <= most).then_some(groups)
    }
}
