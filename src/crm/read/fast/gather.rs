//! Blocks in their order → the records: plain ones as they were coded, the others through the general way.

use std::ops::Range;

use rayon::prelude::*;

use super::Undecided;
use super::block::{Cells, Modes, Parsed, Piece};
use super::codes::{Coded, Run};
use super::dict::Dict;
use super::merge;
use super::plan::{Kept, Plan};
use crate::crm::meter::Meter;
use crate::crm::read::parts::Parts;
use crate::crm::read::reading::{Reading, Rows};
use crate::crm::read::scan::Shape;
use crate::crm::read::{BATCH, Records, Row};
use crate::table::{Arena, Codes, Dictionary, Ids, Lines, Packed, Spelling, Stamps, Template, Words};

/// The places of a column's dictionaries: that of plain records, and that of the others.
const PLAIN: usize = 0;
const OWN: usize = 1;

/// A column as it grows.
#[derive(Debug)]
enum Column {
    /// Ids as numbers.
    Ids(Ids),
    /// Dates written by one template; none yet where all are blank.
    Stamps(Option<Template>, Vec<u32>),
    /// Texts, empty where blank.
    Texts(Arena),
    /// Codes of several dictionaries: which, up to which row.
    Coded(Coded, Vec<Run>),
}

/// The columns and lines of the records so far.
#[derive(Debug)]
pub(super) struct Columns<'p> {
    plan: &'p Plan<'p>,
    modes: &'p Modes,
    line: Lines,
    all: Vec<Column>,
    /// The words of records that are not plain, by column.
    dicts: Vec<Dict>,
    /// Those of the plain ones, once all have been read.
    plain: Vec<Dict>,
    failed: bool,
}

/// Puts blocks together.
pub(super) struct Gather<'p> {
    plan: &'p Plan<'p>,
    reading: Reading<'p, Columns<'p>>,
    /// The line on which the next block begins.
    line: u32,
}

impl<'p> Gather<'p> {
    /// Begins with the sheet's first record.
    pub(super) fn new(plan: &'p Plan<'p>, modes: &'p Modes) -> Self {
        let start = |kept: &Kept| match kept {
            Kept::Words => Column::Coded(Coded::default(), Vec::new()),
            Kept::Dates => Column::Stamps(None, Vec::new()),
            Kept::Ids => Column::Ids(Ids { spelling: Spelling::default(), numbers: Packed::default() }),
            Kept::Texts => Column::Texts(Arena::default()),
        };
        let columns = Columns {
            plan,
            modes,
            line: Lines::default(),
            all: plan.kept.iter().map(start).collect(),
            dicts: plan.wanted.iter().map(|_| Dict::new(false)).collect(),
            plain: Vec::new(),
            failed: false,
        };
        let mut reading = Reading::new(plan.sheet, plan.wanted, columns);
        reading.needed = plan.needed;
        Self { plan, reading, line: plan.sheet.body.1 }
    }

    /// Takes the block that comes next.
    pub(super) fn take(&mut self, found: &Parsed) -> Result<(), Undecided> {
        let (mut row, mut parts) = (0, None);
        for piece in &found.pieces {
            match piece {
                Piece::Other { bytes, line } => self.general(&mut parts, found, bytes.clone(), *line)?,
                Piece::Plain { rows, first, line } => {
                    let end = row + rows;
                    if !self.reading.is_clean() {
                        self.general(&mut parts, found, first.clone(), *line)?;
                        row += 1;
                        if !self.reading.is_clean() {
                            return Err(Undecided);
                        }
                    }
                    self.reading.rows.extend(found, row..end, self.line)?;
                    row = end;
                }
            }
        }
        self.line = self.line.checked_add(found.lines).ok_or(Undecided)?;
        Ok(())
    }

    /// Reads some bytes of a block record by record.
    fn general<'t>(&mut self, parts: &mut Option<Parts<'t>>, found: &'t Parsed, bytes: Range<usize>, line: u32) -> Result<(), Undecided> {
        let text = std::str::from_utf8(&found.block.bytes()[bytes]).map_err(|_| Undecided)?;
        let (reading, mut decided) = (&mut self.reading, true);
        let (sheet, from) = (self.plan.sheet, (0, self.line.saturating_add(line)));
        let parts = parts.get_or_insert_with(|| Parts::new(sheet.delimiter));
        let blank = sheet.walk_with(parts, text, from, BATCH, &Meter::default(), |raw, row| {
            decided &= raw.shape == Shape::Record { odd: None } && matches!(row, Row::Read(_));
            if decided {
                reading.take(raw, &row, text.get(raw.start..raw.end).unwrap_or_default());
            }
            decided
        });
        if blank {
            reading.gap();
        }
        if decided && !reading.is_doubtful() && !reading.rows.failed { Ok(()) } else { Err(Undecided) }
    }

    /// Everything that was read, once every block has been taken; with the dictionaries of plain records.
    pub(super) fn finish(mut self, plain: Vec<Dict>) -> Result<Records, Undecided> {
        self.reading.end();
        self.reading.rows.plain = plain;
        if self.reading.is_doubtful() || self.reading.rows.failed { Err(Undecided) } else { Ok(self.reading.finish()) }
    }
}

impl Columns<'_> {
    /// Adds some of a block's plain records.
    fn extend(&mut self, found: &Parsed, rows: Range<usize>, line: u32) -> Result<(), Undecided> {
        if rows.is_empty() {
            return Ok(());
        }
        self.line.extend(found.line[rows.clone()].iter().map(|at| line.saturating_add(*at)));
        for (at, cells) in found.columns.iter().enumerate() {
            self.add(at, cells, rows.clone())?;
        }
        Ok(())
    }

    fn add(&mut self, at: usize, cells: &Cells, rows: Range<usize>) -> Result<(), Undecided> {
        if let (Column::Ids(all), Cells::Ids(spelling, more)) = (&mut self.all[at], cells)
            && let Some(by) = all.spelling.join(spelling)
        {
            let more = &more[rows];
            if by.is_empty() {
                all.numbers.extend_from_slice(more);
            } else {
                all.numbers.extend(more.iter().map(|number| Ids::shifted(*number, &by)));
            }
            return Ok(());
        }
        match (&mut self.all[at], cells) {
            (Column::Stamps(all, seconds), Cells::Stamps(template, more)) if all.is_none() || template.is_none() || all == template => {
                *all = all.or(*template);
                seconds.extend_from_slice(&more[rows]);
                return Ok(());
            }
            (Column::Texts(all), Cells::Texts(more)) => {
                all.append(more, rows);
                return Ok(());
            }
            (Column::Coded(..), _) => {}
            _ => self.make_coded(at)?,
        }
        let (Column::Coded(codes, runs), dict) = (&mut self.all[at], &mut self.dicts[at]) else { return Err(Undecided) };
        match cells {
            Cells::Coded(more) => {
                codes.extend(more, rows);
                run(runs, PLAIN, codes.len());
            }
            Cells::Ids(spelling, more) => {
                for number in &more[rows] {
                    codes.push(spelled_id(dict, spelling, *number)?);
                }
                run(runs, OWN, codes.len());
            }
            Cells::Texts(more) => {
                for text in rows.filter_map(|row| more.get(row)) {
                    codes.push(if text.is_empty() { u32::MAX } else { dict.code_of(text.as_bytes())? });
                }
                run(runs, OWN, codes.len());
            }
            Cells::Stamps(template, more) => {
                for seconds in &more[rows] {
                    codes.push(spelled(dict, *template, *seconds)?);
                }
                run(runs, OWN, codes.len());
            }
        }
        Ok(())
    }

    /// Makes a column one of words.
    fn make_coded(&mut self, at: usize) -> Result<(), Undecided> {
        self.modes.words(at);
        let (mut codes, dict) = (Coded::default(), &mut self.dicts[at]);
        match &self.all[at] {
            Column::Ids(all) => {
                for number in all.numbers.iter() {
                    codes.push(spelled_id(dict, &all.spelling, number)?);
                }
            }
            Column::Stamps(template, seconds) => {
                for seconds in seconds {
                    codes.push(spelled(dict, *template, *seconds)?);
                }
            }
            Column::Texts(_) | Column::Coded(..) => return Ok(()),
        }
        let mut runs = Vec::new();
        run(&mut runs, OWN, codes.len());
        self.all[at] = Column::Coded(codes, runs);
        Ok(())
    }

    fn one(&mut self, at: usize, text: Option<&str>) -> Result<(), Undecided> {
        match (&mut self.all[at], text) {
            (Column::Texts(all), text) => {
                all.push(text.unwrap_or_default());
                return Ok(());
            }
            (Column::Ids(all), None) => {
                all.numbers.push(Ids::BLANK);
                return Ok(());
            }
            (Column::Ids(all), Some(text)) => {
                if let Some(number) = all.spelling.read(text.as_bytes()) {
                    all.numbers.push(number);
                    return Ok(());
                }
                self.make_coded(at)?;
            }
            (Column::Stamps(_, seconds), None) => {
                seconds.push(Stamps::BLANK);
                return Ok(());
            }
            (Column::Stamps(template, all), Some(text)) => {
                let by = template.or_else(|| Template::of(text.as_bytes()));
                if let Some(seconds) = by.and_then(|by| by.read(text.as_bytes())) {
                    *template = by;
                    all.push(seconds);
                    return Ok(());
                }
                self.make_coded(at)?;
            }
            (Column::Coded(..), _) => {}
        }
        let (Column::Coded(codes, runs), dict) = (&mut self.all[at], &mut self.dicts[at]) else { return Err(Undecided) };
        codes.push(match text {
            None => u32::MAX,
            Some(text) => dict.code_of(text.as_bytes())?,
        });
        run(runs, OWN, codes.len());
        Ok(())
    }
}

/// The code of an id in letters.
fn spelled_id(dict: &mut Dict, spelling: &Spelling, number: u64) -> Result<u32, Undecided> {
    if number == Ids::BLANK { Ok(u32::MAX) } else { dict.code_of(spelling.spell(number).as_bytes()) }
}

/// A column of so many blank cells.
fn none(rows: usize) -> Words {
    Words::from_parts(Dictionary::default(), Codes::from_wide(vec![u32::MAX; rows], 0))
}

/// The code of a date in words.
fn spelled(dict: &mut Dict, template: Option<Template>, seconds: u32) -> Result<u32, Undecided> {
    match template.filter(|_| seconds != Stamps::BLANK) {
        None => Ok(u32::MAX),
        Some(template) => dict.code_of(template.spell(seconds).as_bytes()),
    }
}

/// Notes that the rows so far are of this dictionary.
fn run(runs: &mut Vec<Run>, dict: usize, rows: usize) {
    match runs.last_mut() {
        Some((until, of)) if *of == dict => *until = rows,
        _ => runs.push((rows, dict)),
    }
}

impl Rows for Columns<'_> {
    fn len(&self) -> usize {
        self.line.len()
    }

    fn begin(&mut self, line: u32) {
        self.line.push(line);
    }

    fn cell(&mut self, column: usize, text: Option<&str>) {
        self.failed |= self.one(column, text).is_err();
    }

    fn finish(self) -> (Lines, Vec<Words>) {
        let mut dicts: Vec<Vec<Dict>> = self.plan.wanted.iter().map(|_| Vec::new()).collect();
        for of_one in [self.plain, self.dicts] {
            for (all, mut dict) in dicts.iter_mut().zip(of_one) {
                dict.settle();
                all.push(dict);
            }
        }
        let columns: Vec<_> = self.all.into_iter().zip(dicts).zip(&self.plan.kept).collect();
        let words = columns.into_par_iter().map(|((column, dicts), kept)| match column {
            Column::Ids(ids) if !ids.numbers.all_blank() => Words::from_ids(ids),
            Column::Ids(ids) => none(ids.numbers.len()),
            Column::Texts(texts) => Words::from_rows(texts),
            Column::Stamps(Some(template), seconds) => Words::from_stamps(Stamps { template, seconds }),
            Column::Stamps(None, seconds) => none(seconds.len()),
            Column::Coded(codes, runs) => merge::merge(codes, &runs, dicts, *kept == Kept::Dates),
        });
        (self.line, words.collect())
    }
}
