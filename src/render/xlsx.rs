//! An Excel workbook: the page as a sheet, native charts, and each list behind it as a real Excel table.
//!
//! | sheet | what it holds |
//! |---|---|
//! | Flash (Page where the document has rows of its own) | the page: numbers as numbers, charts in cells as sparklines, set up for print |
//! | one for each further section, by its name | what stands under the section's heading |
//! | Charts | the figures as charts, sparklines and shaded cells, with their numbers |
//! | Data | the tidy rows of the csv, one per name, period and measure |
//! | States, Records, Coverage, Diagnostics | the other lists of the JSON, where there are any |
//! | a grid's name, such as Records or Refused | a document's own rows, in place of Data, States, Records and Coverage |
//! | About | the day, the time zone, and what the marks mean |
//!
//! Numbers are numbers, dates are dates, flags are TRUE or FALSE, and what is missing is an empty cell. Text is text: no cell of the
//! workbook is a formula or a link, and cells that hold text are formatted as text, so that `=1+1` stays what it is when somebody edits
//! it. Unseen characters are shown (`␛`) but for tabs and line breaks; text of more than 32,767 UTF-16 units ends with `…`.
//!
//! A spreadsheet computes with floating-point numbers and shows 15 significant digits. A number of more digits is the nearest one that it
//! can hold, since text among numbers would silently be missing from every sum, and is marked `≈`; csv and json have all its digits.
//! Dates before March 1900, on which spreadsheets do not agree, are text. Lists of more rows than a sheet can hold go on on further
//! sheets (`Records 2`).

mod about;
mod cell;
mod charts;
mod lists;
mod page;
mod paint;
mod rows;
mod spark;

use anyhow::Context;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet};

use crate::document::Document;
use crate::render::Style;

/// The rows of a sheet.
const ROWS: u32 = 1_048_576;
/// The columns of a sheet.
const COLUMNS: u16 = 16_384;

/// The document as a workbook.
pub(super) fn render(document: &Document, style: &Style) -> anyhow::Result<Vec<u8>> {
    workbook(document, style, ROWS)
}

/// The document as a workbook whose lists have at most `rows` rows on a sheet, the heading included.
fn workbook(document: &Document, style: &Style, rows: u32) -> anyhow::Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(document, style)?);
    let sheets = sheets(document, style, rows).context("an Excel workbook cannot hold this document; csv and json can")?;
    for sheet in sheets {
        workbook.push_worksheet(sheet);
    }
    Ok(workbook.save_to_buffer()?)
}

fn sheets(document: &Document, style: &Style, rows: u32) -> anyhow::Result<Vec<Worksheet>> {
    let mut points = spark::Points::new(style.ascii)?;
    let mut sheets = page::sheets(document, &mut points, style)?;
    let charts = charts::sheet(&document.figures, &mut points, style)?;
    let lists = lists::sheets(document, rows, style.ascii)?;
    sheets.extend(charts);
    sheets.extend(lists);
    sheets.push(about::sheet(document, &sheets, style)?);
    sheets.extend(points.sheet());
    Ok(sheets)
}

/// What the file says about itself. Its time of making is the day of the report, for a clock would change the bytes.
fn properties(document: &Document, style: &Style) -> anyhow::Result<DocProperties> {
    let (year, month, day) = document.as_of.map_or((2000, 1, 1), crate::calendar::Day::ymd);
    let made = ExcelDateTime::from_ymd(year.unsigned_abs(), month.unsigned_abs(), day.unsigned_abs());
    let made = made.or_else(|_| ExcelDateTime::from_ymd(2000, 1, 1))?;
    let title = cell::shown(&document.title, style.ascii);
    Ok(DocProperties::new().set_title(title).set_author("leadlag").set_creation_datetime(&made))
}

#[cfg(test)]
mod tests;
