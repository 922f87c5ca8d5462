//! The figures: native charts, sparklines and shaded cells, with their numbers in cells.

mod course;
mod curves;
mod scores;

use rust_xlsxwriter::{Format, FormatAlign, Worksheet, XlsxError};

use super::cell::{self, Datum, Looks};
use super::spark::Points;
use super::{COLUMNS, paint};
use crate::document::{Figure, Heat, Line, Moment, Multiples, Tone};
use crate::render::{Style, face, number, text};
use crate::unit::{Unit, Value};

/// The name of the sheet, to which charts refer.
const NAME: &str = "Charts";
/// The pixels of a row.
const ROW: u32 = 20;

/// The sheet of the figures; none where there are none.
pub(super) fn sheet(figures: &[Figure], points: &mut Points, style: &Style) -> Result<Option<Worksheet>, XlsxError> {
    if figures.is_empty() {
        return Ok(None);
    }
    let mut sheet = Worksheet::new();
    sheet.set_name(NAME)?;
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0).set_footer("&L&A&RPage &P of &N");
    sheet.set_default_row_height_pixels(ROW);
    sheet.set_column_width(0, 26)?;
    sheet.set_column_range_width(1, 40, 11)?;
    let mut page = Canvas { sheet, points, style, row: 0 };
    let mut breaks = Vec::new();
    for figure in figures {
        if page.row > 0 {
            breaks.push(page.row);
        }
        match figure {
            Figure::Course(course) => course::draw(course, &mut page)?,
            Figure::Multiples(multiples) => page.multiples(multiples)?,
            Figure::Heat(heat) => page.heat(heat)?,
            Figure::Scores(scores) => scores::draw(scores, &mut page)?,
            Figure::Curves(curves) => curves::draw(curves, &mut page)?,
        }
        page.row += 2;
    }
    // Each figure on a page of its own; Excel has no more breaks than that.
    breaks.truncate(1000);
    if !breaks.is_empty() {
        page.sheet.set_page_breaks(&breaks)?;
    }
    Ok(Some(page.sheet))
}

/// The sheet, being written from top to bottom.
struct Canvas<'a> {
    sheet: Worksheet,
    points: &'a mut Points,
    style: &'a Style,
    row: u32,
}

impl Canvas<'_> {
    fn put(&mut self, column: usize, datum: &Datum, format: Format) -> Result<(), XlsxError> {
        let column = u16::try_from(column).unwrap_or(COLUMNS);
        cell::put(&mut self.sheet, self.row, column, datum, &mut Looks::new(format, self.style.ascii))
    }

    /// Our own words.
    fn say(&mut self, column: usize, words: &str, format: Format) -> Result<(), XlsxError> {
        let words = text::ours(words, self.style.ascii).into_owned();
        self.put(column, &Datum::words(&words), format)
    }

    fn titles(&mut self, title: &str, says: &str) -> Result<(), XlsxError> {
        self.say(0, title, paint::title(14))?;
        self.row += 1;
        self.say(0, says, Format::new().set_font_color(paint::FAINT))?;
        self.row += 1;
        Ok(())
    }

    /// A row of headings from the first column on.
    fn headings(&mut self, headings: &[String]) -> Result<(), XlsxError> {
        for (column, words) in headings.iter().enumerate() {
            let words = text::line(words, self.style.ascii).into_owned();
            self.put(column, &Datum::words(&words), paint::heading())?;
        }
        let lines = headings.iter().skip(1).map(|words| text::wrap(words, 10).len()).max().unwrap_or(1);
        self.sheet.set_row_height(self.row, 15.0 * lines.min(6) as f64 + 3.0)?;
        self.row += 1;
        Ok(())
    }

    /// A row for each person: a sparkline of each measure on the scale that all share, and the last complete period's number.
    fn multiples(&mut self, multiples: &Multiples) -> Result<(), XlsxError> {
        self.titles(&multiples.title, &multiples.says)?;
        let lines = |at: usize| multiples.panels.iter().filter_map(move |panel| panel.lines.get(at));
        let measures = multiples.panels.iter().map(|panel| panel.lines.len()).max().unwrap_or(0);
        let last = multiples.periods.iter().rposition(|period| period.complete);
        let mut headings = vec!["name".to_owned(), "team".to_owned()];
        let mut highest = Vec::new();
        for at in 0..measures {
            headings.push(lines(at).next().map_or_else(String::new, |line| line.says.clone()));
            headings.push(last.and_then(|last| multiples.periods.get(last)).map_or_else(String::new, |period| period.name.clone()));
            highest.push(lines(at).flat_map(|line| &line.values).filter_map(Value::as_f64).fold(0.0, f64::max));
        }
        self.headings(&headings)?;
        for panel in &multiples.panels {
            self.put(0, &Datum::words(&text::line(&panel.name, self.style.ascii)), paint::of_row(Tone::Plain))?;
            self.put(1, &Datum::words(&text::line(&panel.team, self.style.ascii)), paint::of_row(Tone::Faint))?;
            for (at, (line, highest)) in panel.lines.iter().zip(&highest).enumerate() {
                let values: Vec<Option<f64>> = line.values.iter().map(Value::as_f64).collect();
                let what = format!("{}: {}", panel.name, line.says);
                let sparkline = self.points.columns(&what, &values, Some(*highest), color(line))?;
                if let (Some(sparkline), Ok(column)) = (sparkline, u16::try_from(2 + 2 * at)) {
                    self.sheet.add_sparkline(self.row, column, &sparkline)?;
                }
                self.put(2 + 2 * at, &Datum::Empty, paint::of_row(Tone::Plain))?;
                let value = last.and_then(|last| line.values.get(last));
                let datum = value.map_or(Datum::Empty, |value| Datum::value(value, self.style.ascii));
                self.put(3 + 2 * at, &self.or_dash(datum), paint::of_row(Tone::Plain).set_align(FormatAlign::Left).set_indent(1))?;
            }
            self.sheet.set_row_height(self.row, 21)?;
            self.row += 1;
        }
        Ok(())
    }

    /// A dash for what is missing.
    fn or_dash(&self, datum: Datum) -> Datum {
        match datum {
            Datum::Empty => Datum::words(face::dash(self.style.ascii)),
            datum => datum,
        }
    }

    /// Rows of cells with values, shaded by how much of what each is held against is reached.
    fn heat(&mut self, heat: &Heat) -> Result<(), XlsxError> {
        self.titles(&heat.title, &heat.says)?;
        self.say(0, "shade: share reached", Format::new().set_font_color(paint::FAINT))?;
        for (column, share) in [(1, 0.0), (2, 0.25), (3, 0.5), (4, 0.75), (5, 1.0)] {
            let more = if share < 1.0 { "" } else { "≥ " };
            let words = number::percent(share).map_or_else(String::new, |percent| format!("{more}{percent}"));
            self.put(
                column,
                &Datum::words(&text::ours(&words, self.style.ascii)),
                paint::shaded(Format::new(), share).set_align(FormatAlign::Center),
            )?;
        }
        self.row += 1;
        let room = usize::from(COLUMNS) - 1;
        for group in &heat.groups {
            let headings: Vec<String> = [group.title.clone()].into_iter().chain(heat.columns.iter().take(room).cloned()).collect();
            self.headings(&headings)?;
            for row in &group.rows {
                self.put(0, &Datum::words(&text::line(&row.name, self.style.ascii)), Format::new())?;
                for (column, cell) in row.cells.iter().take(room).enumerate() {
                    let format = Format::new().set_align(FormatAlign::Center);
                    let datum = self.or_dash(Datum::value(&cell.value, self.style.ascii));
                    let format = match cell.share.filter(|share| share.is_finite()) {
                        Some(share) => paint::shaded(format, share),
                        None => format.set_font_color(paint::FAINT),
                    };
                    self.put(column + 1, &datum, format)?;
                }
                self.row += 1;
            }
        }
        Ok(())
    }
}

fn color(line: &Line) -> rust_xlsxwriter::Color {
    if line.role == "lag" { paint::LAG } else { paint::LEAD }
}

/// A measure with its role and its unit, if it has one, such as `lag: revenue, USD`.
fn named(line: &Line) -> String {
    match &line.unit {
        // Money of which nothing says the currency has no unit to name.
        unit if *unit == Unit::Count || matches!(unit, Unit::Money(code) if code.is_empty()) => format!("{}: {}", line.role, line.says),
        unit => format!("{}: {}, {unit}", line.role, line.says),
    }
}

/// The columns that say which period a row is of.
fn of_moment(moment: &Moment) -> [Datum; 4] {
    let day = |day| Datum::day(number::date(day));
    [Datum::words(&moment.name), day(moment.first), day(moment.last), Datum::Flag(moment.complete)]
}
