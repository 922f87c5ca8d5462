//! What the workbook is, and how to read it.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cell::{self, Datum, Looks};
use super::paint;
use crate::document::Document;
use crate::render::face::{self, MARK};
use crate::render::{Style, number};

/// The sheet that explains the others.
pub(super) fn sheet(document: &Document, sheets: &[Worksheet], style: &Style) -> Result<Worksheet, XlsxError> {
    let has = |name: &str| sheets.iter().any(|sheet| sheet.name() == name);
    let mut lines: Vec<(&str, Datum)> = vec![
        ("title", Datum::words(&document.title)),
        ("as of", document.as_of.map_or(Datum::Empty, |day| Datum::day(number::date(day)))),
        ("time zone", Datum::words(&document.time_zone)),
        ("weeks start", Datum::words(&document.week_starts)),
        ("schema", Datum::words(document.schema)),
        (MARK, Datum::words("behind: look at it")),
        (face::dash(style.ascii), Datum::words("missing, which is not zero")),
        (if style.ascii { "~" } else { "≈" }, Datum::words("more digits than a spreadsheet holds (15); csv and json have them all")),
    ];
    if has("Flash") {
        lines.push(("28 / 30", Datum::words("a value, and what it is held against: a target, or what should stand by now")));
    }
    if has("Data") {
        lines.push(("Data", Datum::words("one row per name, period and measure, with the columns of the csv")));
        lines.push((
            "missing",
            Datum::words("why a value is empty: no_data, not_yet, not_applicable (the question does not arise), too_few"),
        ));
        lines.push(("pace", Datum::words("what should stand on the day of the report, by workdays")));
        lines.push(("average", Datum::words("the mean of the complete periods before")));
    }
    if has("Coverage") {
        lines.push(("Coverage", Datum::words("records read = used + refused + left out, for each file")));
    }
    let mut sheet = Worksheet::new();
    sheet.set_name("About")?;
    sheet.set_column_width(0, 14)?.set_column_width(1, 90)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    let mut labels = Looks::new(paint::wrapped().set_bold(), style.ascii);
    let mut texts = Looks::new(paint::wrapped().set_align(rust_xlsxwriter::FormatAlign::Left), style.ascii);
    let lines = lines.iter().filter(|(_, datum)| !matches!(datum, Datum::Empty));
    for (row, (label, datum)) in (0..).zip(lines) {
        cell::put(&mut sheet, row, 0, &Datum::words(label), &mut labels)?;
        cell::put(&mut sheet, row, 1, datum, &mut texts)?;
    }
    Ok(sheet)
}
