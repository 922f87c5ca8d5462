//! What was refused: whole records, and cells taken as blank.

use std::collections::BTreeMap;

use super::{Evidence, Used};
use crate::diagnostic::{Diagnostic, Location, Place, Severity};
use crate::table::Source;

/// A record that was refused, or a cell that was taken as blank.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The file, an index into the run's sources.
    pub source: u16,
    /// The line on which the record begins.
    pub line: u32,
    /// Whether the whole record is refused.
    pub whole: bool,
    /// Why; the first names the cell where there is one.
    pub why: Vec<Diagnostic>,
    /// The text of that cell, as it stands in the file.
    pub cell: Option<String>,
    /// The text of the record, as it stands in the file.
    pub record: String,
}

impl Refused {
    /// The heading of the cell.
    pub fn heading(&self) -> Option<&str> {
        match &self.why.first()?.location.as_ref()?.column {
            Some(Place::Heading(heading)) => Some(heading),
            _ => None,
        }
    }
}

impl Evidence {
    /// The source of a cell: of several tables in one file that whose records have this line, and whose columns this heading.
    fn source_of(&self, file: &str, line: u32, column: Option<&Place>, sources: &[Source]) -> u16 {
        let heading = if let Some(Place::Heading(heading)) = column { Some(heading) } else { None };
        let of_file = sources.iter().enumerate().filter(|(_, s)| s.path == file).filter_map(|(at, _)| u16::try_from(at).ok());
        let has_line = |at: u16| self.lines.get(&at).is_some_and(|lines| lines.position(line).is_ok());
        let has_heading = |at: u16| {
            let seen = self.files.get(usize::from(at));
            heading.is_none_or(|heading| seen.is_some_and(|s| s.columns.iter().any(|c| c.heading == *heading)))
        };
        // The first of those that fit best.
        let best = of_file.min_by_key(|at| (!has_line(*at), !has_heading(*at)));
        best.unwrap_or(u16::MAX)
    }

    /// Notes what was refused: the records that could not be read, those that could not be understood, and cells.
    pub(in crate::crm) fn refused(&mut self, records: &[(u16, u32)], cells: &[Diagnostic], said: &[Diagnostic], sources: &[Source]) {
        let path = |source: u16| sources.get(usize::from(source)).map_or("", |s| s.path.as_str());
        let mut by_line: BTreeMap<(&str, u32), Vec<&Diagnostic>> = BTreeMap::new();
        for diagnostic in said.iter().filter(|d| d.severity == Severity::Error) {
            if let Some(Location { file, line: Some(line), .. }) = &diagnostic.location {
                by_line.entry((file, *line)).or_default().push(diagnostic);
            }
        }
        let mut all: Vec<Refused> = Vec::new();
        for (source, lost) in std::mem::take(&mut self.lost) {
            all.push(Refused { source, line: lost.line, whole: true, why: vec![lost.diagnostic], cell: None, record: lost.text });
        }
        for (source, line) in records {
            let why = by_line.get(&(path(*source), *line)).map(|list| list.iter().map(|d| (*d).clone()).collect()).unwrap_or_default();
            all.push(Refused { source: *source, line: *line, whole: true, why, cell: None, record: String::new() });
        }
        for cell in cells {
            let Some(Location { file, line: Some(line), .. }) = &cell.location else { continue };
            let source = self.source_of(file, *line, cell.location.as_ref().and_then(|at| at.column.as_ref()), sources);
            all.push(Refused { source, line: *line, whole: false, why: vec![cell.clone()], cell: None, record: String::new() });
        }
        all.sort_by_key(|r| (r.source, r.line, !r.whole));
        for (source, sheet) in &self.sheets {
            let lines: Vec<u32> = all.iter().filter(|r| r.source == *source).map(|r| r.line).collect();
            let quoted = sheet.quote(&lines);
            for refused in all.iter_mut().filter(|r| r.source == *source) {
                let Some((text, cells)) = quoted.get(&refused.line) else { continue };
                if refused.record.is_empty() {
                    refused.record.clone_from(text);
                }
                let heading = refused.heading();
                let place = self.files.get(usize::from(*source)).and_then(|seen| {
                    let own = seen.columns.iter().find(|c| c.used == Used::Own && Some(c.heading.as_str()) == heading);
                    own.or_else(|| seen.columns.iter().find(|c| Some(c.heading.as_str()) == heading)).map(|c| c.at)
                });
                refused.cell = place.and_then(|at| cells.get(at)).cloned();
            }
        }
        self.refused = all;
        // What is kept of the files was only needed for this.
        self.sheets.clear();
        self.lines.clear();
    }
}
