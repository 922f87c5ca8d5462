//! A list as an Excel table: headings, a filter, banded rows, the heading frozen and repeated in print; on several sheets where it is long.

use std::collections::HashSet;

use rust_xlsxwriter::{Format, FormatAlign, IgnoreError, Table, TableColumn, TableStyle, Worksheet, XlsxError};

use super::cell::{self, Datum, Looks};
use super::{COLUMNS, paint};
use crate::render::text;

/// The widest column, in characters.
const WIDEST: usize = 60;
/// The bytes from which on text stays on one line: a row of it would fill the screen.
const LONGEST: usize = 600;
/// The most UTF-16 units of a heading.
const HEADING: usize = 255;

/// The sheets of a list: `rows` rows at most on each, the heading included; at least one, with an empty row where there is none.
pub(super) fn sheets(
    name: &str,
    headings: &[String],
    rows: impl Iterator<Item = Vec<Datum>>,
    most: u32,
    ascii: bool,
) -> Result<Vec<Worksheet>, XlsxError> {
    let headings = distinct(headings, ascii);
    let mut rows = rows.peekable();
    let mut sheets = Vec::new();
    while sheets.is_empty() || rows.peek().is_some() {
        let name = if sheets.is_empty() { name.to_owned() } else { format!("{name} {}", sheets.len() + 1) };
        sheets.push(sheet(&name, &headings, rows.by_ref().take(most.max(2) as usize - 1), ascii)?);
    }
    Ok(sheets)
}

fn sheet(name: &str, headings: &[String], rows: impl Iterator<Item = Vec<Datum>>, ascii: bool) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    let plain = Format::new().set_align(FormatAlign::Top);
    let mut looks = Looks::new(plain.clone(), ascii);
    let mut centered = Looks::new(plain.clone().set_align(FormatAlign::Center), ascii);
    let mut wrapped = Looks::new(plain.set_text_wrap(), ascii);
    // Room for the button of the filter.
    let mut widths: Vec<usize> = headings.iter().map(|heading| text::width(heading) + 4).collect();
    let mut last = 0;
    for (row, data) in (1..).zip(rows) {
        for ((column, datum), width) in (0..).zip(&data).zip(&mut widths) {
            *width = (*width).max(datum.width() + 2);
            let looks = match datum {
                Datum::Empty => continue,
                Datum::Flag(_) => &mut centered,
                Datum::Text(words) if words.contains('\n') || (WIDEST..LONGEST).contains(&words.len()) => &mut wrapped,
                _ => &mut looks,
            };
            cell::put(&mut sheet, row, column, datum, looks)?;
        }
        last = row;
    }
    let end = u16::try_from(headings.len()).unwrap_or(COLUMNS).saturating_sub(1);
    // LibreOffice leaves the style of a table away, so the heading has a look of its own.
    let look = paint::list_heading();
    let columns: Vec<TableColumn> =
        headings.iter().map(|heading| TableColumn::new().set_header(heading).set_header_format(&look)).collect();
    let table = Table::new().set_name(name.to_lowercase().replace(' ', "_")).set_style(TableStyle::Medium2).set_columns(&columns);
    sheet.add_table(0, 0, last.max(1), end, &table)?;
    // Ids and names of digits are text on purpose.
    sheet.ignore_error_range(0, 0, last.max(1), end, IgnoreError::NumberStoredAsText)?;
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width(column, (*width).min(WIDEST) as f64)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&RPage &P of &N");
    Ok(sheet)
}

/// The headings as a table can have them: none empty, no two alike in any case.
fn distinct(headings: &[String], ascii: bool) -> Vec<String> {
    let mut taken = HashSet::new();
    let columns = headings.iter().take(usize::from(COLUMNS)).enumerate();
    let name = |(at, heading): (usize, &String)| {
        let shown = text::line(&cell::shown(heading, ascii), ascii).into_owned();
        let base = cell::limited(if shown.is_empty() { format!("column {}", at + 1) } else { shown }, HEADING - 10);
        let mut name = base.clone();
        for more in 2.. {
            if taken.insert(name.to_lowercase()) {
                break;
            }
            name = format!("{base} {more}");
        }
        name
    };
    columns.map(name).collect()
}
