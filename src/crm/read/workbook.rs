//! Workbooks → the tables on their sheets, cell by cell, so that memory follows the cells that are there and not the area they claim.

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{
    Data, DataRef, Dimensions, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsb, XlsbError, Xlsx, XlsxError,
};

use super::Sheet;
use super::claims;
use super::grid::{Grid, TooSparse};
use super::spell;
use super::unpack::{About, Archive, Budget, Found, Stop};
use crate::diagnostic::{Code, Diagnostic, Location};

/// The most rows and columns that a sheet can have (Excel's own limits, <https://support.microsoft.com/excel>, "Excel specifications and limits").
const ROWS: u32 = 1_048_576;
const COLUMNS: u32 = 16_384;

/// What deflate can make of a byte at most.
const DEFLATE: u64 = 1032;

/// How a workbook is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Excel 97 to 2003.
    Xls,
    /// Excel since 2007, with or without macros.
    Xlsx,
    /// Excel's binary form of the same.
    Xlsb,
    /// The open document format, which `LibreOffice` writes.
    Ods,
}

/// Why a workbook, or a sheet of it, is not read.
enum Failed {
    Encrypted,
    /// An older Office file that holds something else.
    NoWorkbook,
    TooSparse,
    Damaged(String),
}

impl Failed {
    fn said(&self, path: &str) -> Diagnostic {
        let at = Location::file(path);
        match self {
            Self::Encrypted => Diagnostic::error(Code::Unreadable, "cannot be read: the workbook is encrypted, and needs a password")
                .at(at)
                .hint("open it in Excel, save it without a password, and name that"),
            Self::NoWorkbook => Diagnostic::error(Code::Unsupported, "an older Office file that is no workbook is not read")
                .at(at)
                .hint("export the data as CSV or as an Excel workbook"),
            Self::TooSparse => Diagnostic::error(Code::TooLarge, "the sheet spreads few cells over a vast area, which no table does")
                .at(at)
                .hint("delete the cells far off the table, or save the sheet as CSV"),
            Self::Damaged(why) => Diagnostic::error(Code::Damaged, format!("the workbook is damaged, so nothing of it is used: {why}"))
                .at(at)
                .hint("download it again, or open it in Excel and save it anew"),
        }
    }
}

impl From<TooSparse> for Failed {
    fn from(_: TooSparse) -> Self {
        Self::TooSparse
    }
}

/// The parsers say in the same words, under types of their own, what keeps them from reading.
macro_rules! failed {
    ($($error:ident),+) => {$(
        impl From<$error> for Failed {
            fn from(problem: $error) -> Self {
                match problem {
                    $error::Password => Self::Encrypted,
                    other => Self::Damaged(other.to_string()),
                }
            }
        }
    )+};
}
failed!(XlsxError, XlsbError, XlsError, OdsError);

/// Whether the parts of a workbook that are read unpack to what a workbook of its size can hold.
pub(super) fn bounded(archive: &mut Archive, budget: &mut Budget) -> Result<(), Stop> {
    for index in 0..archive.len() {
        let (packed, strings) = {
            let entry = archive.by_index_raw(index)?;
            let name = String::from_utf8_lossy(entry.name_raw()).to_lowercase();
            if ![".xml", ".rels", ".bin"].iter().any(|end| name.ends_with(end)) || name.ends_with("vbaproject.bin") {
                continue;
            }
            (entry.compressed_size(), name.ends_with("sharedstrings.xml"))
        };
        let most = packed.saturating_mul(DEFLATE);
        if strings {
            let mut head = String::new();
            // What is no text is left to whoever reads it.
            let _ = archive.by_index(index)?.take(4096).read_to_string(&mut head);
            claims::strings(&head, most)?;
        }
        if !budget.covers(most) {
            budget.count(&mut archive.by_index(index)?)?;
        }
    }
    Ok(())
}

/// Gives `visit` every sheet of a workbook.
///
/// # Errors
/// Where the workbook as a whole cannot be read.
pub(super) fn read(path: &str, bytes: &[u8], format: Format, about: &About, visit: &mut dyn FnMut(&str, Found)) -> Result<(), Diagnostic> {
    let mut sheets = 0_usize;
    let mut counted = |path: &str, found: Found| {
        sheets += 1;
        visit(path, found);
    };
    let visit: &mut dyn FnMut(&str, Found) = &mut counted;
    // A crafted workbook can drive its parser out of bounds; that must cost the file, and not the run.
    let guarded = catch_unwind(AssertUnwindSafe(|| match format {
        Format::Xlsx => xlsx(path, bytes, about, visit),
        Format::Xlsb => xlsb(path, bytes, about, visit),
        Format::Xls => xls(path, bytes, about, visit),
        Format::Ods => ods(path, bytes, about, visit),
    }));
    let failed = match guarded {
        // A workbook has a sheet at least: one without has lost them.
        Ok(Ok(())) if sheets == 0 => Failed::Damaged("it has no sheet".to_owned()),
        Ok(Ok(())) => return Ok(()),
        Ok(Err(failed)) => failed,
        Err(_) => Failed::Damaged("it does not hold together".to_owned()),
    };
    Err(failed.said(path))
}

/// The sheets that may hold a table, by name; the others are said.
fn sheets(path: &str, all: &[calamine::Sheet], visit: &mut dyn FnMut(&str, Found)) -> Vec<String> {
    let mut names = Vec::new();
    for sheet in all {
        let why = match (sheet.typ, sheet.visible) {
            (SheetType::WorkSheet, SheetVisible::Visible) => {
                names.push(sheet.name.clone());
                continue;
            }
            (SheetType::WorkSheet, _) => "the sheet is hidden; show it in Excel to have it read",
            _ => "a chart or a macro, and no sheet of cells",
        };
        visit(&format!("{path}/{}", sheet.name), Found::Unused(why.to_owned()));
    }
    names
}

fn xlsx(path: &str, bytes: &[u8], about: &About, visit: &mut dyn FnMut(&str, Found)) -> Result<(), Failed> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes))?;
    let since_1904 = book.has_1904_epoch();
    for name in sheets(path, book.sheets_metadata(), visit) {
        let inner = format!("{path}/{name}");
        let mut cells = Cells::new(since_1904);
        let filled = (|| {
            cells.merged(book.merge_cells_by_sheet_name(&name)?);
            let mut reader = book.worksheet_cells_reader(&name)?;
            loop {
                match reader.next_cell_with_style_id() {
                    Ok(Some((cell, style))) => {
                        let format = reader.styles().get(style).and_then(|s| s.number_format.as_ref()).map(|f| f.format_code.as_str());
                        cells.put(cell.get_position(), cell.get_value(), format)?;
                    }
                    Ok(None) | Err(XlsxError::NotAWorksheet(_)) => return Ok(()),
                    // Excel has more kinds of error than the parser knows, such as #SPILL!; it can go on behind one.
                    Err(XlsxError::CellError(what)) => cells.failed(None, &what),
                    Err(problem) => return Err(problem.into()),
                }
            }
        })();
        give(&inner, filled.and_then(|()| cells.finish(&inner, about)), visit);
    }
    Ok(())
}

fn xlsb(path: &str, bytes: &[u8], about: &About, visit: &mut dyn FnMut(&str, Found)) -> Result<(), Failed> {
    let mut book: Xlsb<_> = Xlsb::new(Cursor::new(bytes))?;
    let since_1904 = book.has_1904_epoch();
    for name in sheets(path, book.sheets_metadata(), visit) {
        let inner = format!("{path}/{name}");
        let mut cells = Cells::new(since_1904);
        let filled = (|| {
            let mut reader = book.worksheet_cells_reader(&name)?;
            while let Some(cell) = reader.next_cell()? {
                cells.put(cell.get_position(), cell.get_value(), None)?;
            }
            Ok(())
        })();
        give(&inner, filled.and_then(|()| cells.finish(&inner, about)), visit);
    }
    Ok(())
}

fn xls(path: &str, bytes: &[u8], about: &About, visit: &mut dyn FnMut(&str, Found)) -> Result<(), Failed> {
    match claims::compound(bytes) {
        claims::Compound::Workbook => {}
        claims::Compound::Encrypted => return Err(Failed::Encrypted),
        claims::Compound::Other => return Err(Failed::NoWorkbook),
        claims::Compound::TooWide => return Err(Failed::TooSparse),
        claims::Compound::Damaged => return Err(Failed::Damaged("it ends too early, or its parts do not hold together".to_owned())),
    }
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes))?;
    let since_1904 = book.has_1904_epoch();
    for name in sheets(path, book.sheets_metadata(), visit) {
        let inner = format!("{path}/{name}");
        let mut cells = Cells::new(since_1904);
        let filled = (|| {
            cells.merged(book.merge_cells_by_sheet_name(&name)?);
            cells.range(&book.worksheet_range(&name)?)
        })();
        give(&inner, filled.and_then(|()| cells.finish(&inner, about)), visit);
    }
    Ok(())
}

fn ods(path: &str, bytes: &[u8], about: &About, visit: &mut dyn FnMut(&str, Found)) -> Result<(), Failed> {
    if !claims::open_document(bytes) {
        return Err(Failed::TooSparse);
    }
    let mut book: Ods<_> = Ods::new(Cursor::new(bytes))?;
    for name in sheets(path, book.sheets_metadata(), visit) {
        let inner = format!("{path}/{name}");
        let mut cells = Cells::new(false);
        let filled = book.worksheet_range(&name).map_err(Failed::from).and_then(|range| cells.range(&range));
        give(&inner, filled.and_then(|()| cells.finish(&inner, about)), visit);
    }
    Ok(())
}

fn give(path: &str, found: Result<Found, Failed>, visit: &mut dyn FnMut(&str, Found)) {
    visit(path, found.unwrap_or_else(|failed| Found::Refused(failed.said(path))));
}

/// The cells of one sheet, as they come.
struct Cells {
    grid: Grid,
    since_1904: bool,
    /// The errors that cells hold in place of a value, by name, and the row of the first.
    errors: BTreeMap<String, u64>,
    first_error: Option<u32>,
}

impl Cells {
    fn new(since_1904: bool) -> Self {
        Self { grid: Grid::default(), since_1904, errors: BTreeMap::new(), first_error: None }
    }

    /// The value of cells merged one below the other is that of each.
    fn merged(&mut self, areas: Vec<Dimensions>) {
        for area in areas {
            self.grid.merge(area.start.0, area.end.0, area.start.1);
        }
    }

    fn range(&mut self, range: &Range<Data>) -> Result<(), Failed> {
        let (top, left) = range.start().unwrap_or_default();
        for (row, column, value) in range.used_cells() {
            let position = (top.saturating_add(row as u32), left.saturating_add(column as u32));
            let value = match value {
                Data::Int(n) => DataRef::Int(*n),
                Data::Float(n) => DataRef::Float(*n),
                Data::String(text) => DataRef::SharedString(text),
                Data::Bool(is) => DataRef::Bool(*is),
                Data::DateTime(at) => DataRef::DateTime(*at),
                Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
                Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
                Data::Error(what) => DataRef::Error(what.clone()),
                Data::Empty => DataRef::Empty,
            };
            self.put(position, &value, None)?;
        }
        Ok(())
    }

    fn put(&mut self, (row, column): (u32, u32), value: &DataRef<'_>, format: Option<&str>) -> Result<(), Failed> {
        if row >= ROWS || column >= COLUMNS {
            return Err(Failed::Damaged(format!(
                "it has a cell in row {}, column {}, which no sheet has",
                row.saturating_add(1),
                column.saturating_add(1)
            )));
        }
        if let DataRef::Error(what) = value {
            self.failed(Some(row), &what.to_string());
            return Ok(());
        }
        let number = matches!(value, DataRef::Int(_) | DataRef::Float(_));
        let text = spell::cell(value, self.since_1904, format);
        Ok(self.grid.put(row, column, text, !number)?)
    }

    fn failed(&mut self, row: Option<u32>, what: &str) {
        *self.errors.entry(what.to_owned()).or_default() += 1;
        self.first_error = self.first_error.or(row);
    }

    fn finish(self, path: &str, about: &About) -> Result<Found, Failed> {
        let (text, rows) = self.grid.finish()?;
        if text.is_empty() {
            return Ok(Found::Unused("the sheet is empty".to_owned()));
        }
        Ok(match Sheet::of_cells(path, about, text, rows) {
            Ok(sheet) => {
                let mut said = Vec::new();
                if !self.errors.is_empty() {
                    let count: u64 = self.errors.values().sum();
                    let names: Vec<String> = self.errors.iter().map(|(name, n)| format!("{name} {n}")).collect();
                    let (cells, hold) = if count == 1 { ("cell", "holds") } else { ("cells", "hold") };
                    let at = self.first_error.map_or_else(|| Location::file(path), |row| Location::line(path, row + 1));
                    said.push(
                        Diagnostic::warning(
                            Code::Assumed,
                            format!("{count} {cells} {hold} an error of a formula ({}), taken as blank", names.join(", ")),
                        )
                        .at(at)
                        .hint("mend the formulas in the workbook, or export the values again"),
                    );
                }
                Found::Table(Box::new(sheet), said)
            }
            Err(diagnostic) => Found::Refused(diagnostic),
        })
    }
}
