//! Leads against lags over time: a chart for each measure, one below the other over the same periods, and their numbers under them.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLayout, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker,
    ChartPoint, ChartSolidFill, ChartType, Color, Format, FormatAlign, XlsxError,
};

use super::super::cell::{self, Datum};
use super::super::paint;
use super::{Canvas, NAME, ROW, color, named, of_moment};
use crate::document::{Course, Line};
use crate::render::text;

/// The rows of a chart, and of the last one, under which the periods are named.
const ROWS: (u32, u32) = (8, 11);
/// The pixels across a chart.
const WIDTH: u32 = 1000;
/// The most periods ahead into which a lead time is drawn.
const AHEAD: usize = 60;
/// The target.
const TARGET: Color = Color::RGB(0x4B_55_63);
/// Where the numbers of the measures begin: after those that say which period it is.
const FIRST: usize = 4;

/// Draws the charts and writes their numbers.
pub(super) fn draw(course: &Course, page: &mut Canvas<'_>) -> Result<(), XlsxError> {
    page.titles(&course.title, &course.says)?;
    let ahead = lead_time(course);
    if let Some(lead) = &course.lead_time {
        let drawn = if ahead.is_some() { "; drawn along the foot of the lags from the last complete period on" } else { "" };
        page.say(0, &format!("Lead time: {}{drawn}", lead.says), Format::new())?;
        page.row += 1;
    }
    if course.periods.iter().any(|period| !period.complete) {
        page.say(0, "A pale column is of a period that is not complete.", Format::new().set_font_color(paint::FAINT))?;
        page.row += 1;
    }
    let top = page.row;
    let count = u32::try_from(course.lines.len()).unwrap_or(u32::MAX);
    page.row = page.row.saturating_add(count.saturating_mul(ROWS.0)) + ROWS.1 - ROWS.0 + 1;
    let table = numbers(course, ahead, page)?;
    for (at, line) in (0_u32..).zip(&course.lines) {
        let lowest = at + 1 == count;
        let chart = strip(course, line, at as usize, &table, lowest, page);
        page.sheet.insert_chart_with_offset(top + at * ROWS.0, 0, &chart, 0, 0)?;
    }
    Ok(())
}

/// The periods from the last complete one to the end of a lead time that begins there: the place of the first, and how many follow.
fn lead_time(course: &Course) -> Option<(usize, usize)> {
    let ahead = course.lead_time.as_ref()?.periods;
    let from = course.periods.iter().rposition(|period| period.complete)?;
    (1..=AHEAD).contains(&ahead).then_some((from, ahead))
}

/// Where the numbers of the charts stand.
struct Numbers {
    /// The first row of a period.
    first: u32,
    /// The last row of a period, those ahead included.
    last: u32,
    /// For each measure its column, and whether its targets stand in the next one.
    columns: Vec<(u16, bool)>,
    /// The column of the lead time, where it is drawn.
    lead_time: Option<u16>,
}

fn numbers(course: &Course, ahead: Option<(usize, usize)>, page: &mut Canvas<'_>) -> Result<Numbers, XlsxError> {
    let mut headings: Vec<String> = ["period", "first day", "last day", "complete"].map(str::to_owned).to_vec();
    let mut columns = Vec::new();
    let column = |headings: &[String]| u16::try_from(headings.len()).unwrap_or(u16::MAX);
    for line in &course.lines {
        let targets = line.targets.iter().any(Option::is_some);
        columns.push((column(&headings), targets));
        headings.push(named(line));
        if targets {
            headings.push(format!("target: {}", line.says));
        }
    }
    let lead_time = ahead.map(|_| column(&headings));
    if ahead.is_some() {
        headings.push("lead time".to_owned());
    }
    page.headings(&headings)?;
    let first = page.row;
    let (from, until) = ahead.map_or((usize::MAX, 0), |(from, ahead)| (from, from + ahead));
    for at in 0..course.periods.len().max(until + usize::from(ahead.is_some())) {
        let of_period = match course.periods.get(at) {
            Some(moment) => of_moment(moment),
            // The periods ahead have no names here: they are counted from the last complete one.
            None => [Datum::words(&format!("+{}", at - from)), Datum::Empty, Datum::Empty, Datum::Empty],
        };
        let mut data = of_period.to_vec();
        for (line, (_, targets)) in course.lines.iter().zip(&columns) {
            data.push(line.values.get(at).map_or(Datum::Empty, |value| Datum::value(value, page.style.ascii)));
            if *targets {
                let target = line.targets.get(at).and_then(Option::as_ref);
                data.push(target.map_or(Datum::Empty, |target| Datum::value(target, page.style.ascii)));
            }
        }
        if (from..=until).contains(&at) {
            data.push(Datum::number("0", false));
        }
        for (column, datum) in data.iter().enumerate().filter(|(_, datum)| !matches!(datum, Datum::Empty)) {
            let align = if column >= FIRST { FormatAlign::Right } else { FormatAlign::Left };
            page.put(column, datum, Format::new().set_align(align))?;
        }
        page.row += 1;
    }
    Ok(Numbers { first, last: page.row.saturating_sub(1).max(first), columns, lead_time })
}

/// The chart of one measure.
fn strip(course: &Course, line: &Line, at: usize, table: &Numbers, lowest: bool, page: &Canvas<'_>) -> Chart {
    let range = |column: u16| (NAME, table.first, column, table.last, column);
    let (column, targets) = table.columns.get(at).copied().unwrap_or((0, false));
    let title = cell::limited(text::line(&named(line), page.style.ascii).into_owned(), 200);
    let mut chart = Chart::new(ChartType::Column);
    let mut fill = ChartSolidFill::new();
    fill.set_color(color(line)).set_transparency(60);
    let pale = ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill));
    let points: Vec<ChartPoint> =
        course.periods.iter().map(|period| if period.complete { ChartPoint::default() } else { pale.clone() }).collect();
    let series =
        chart.add_series().set_categories(range(0)).set_values(range(column)).set_name((NAME, table.first - 1, column)).set_gap(40);
    series.set_format(ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(color(line))));
    if course.periods.iter().any(|period| !period.complete) {
        series.set_points(&points);
    }
    let mut marks: Vec<(u16, Color, f64, ChartLineDashType)> = Vec::new();
    if targets {
        marks.push((column + 1, TARGET, 1.5, ChartLineDashType::Dash));
    }
    if let Some(lead_time) = table.lead_time.filter(|_| line.role == "lag") {
        marks.push((lead_time, paint::LEAD_TIME, 4.0, ChartLineDashType::Solid));
    }
    let legend = !marks.is_empty();
    let mut over = Chart::new(ChartType::Line);
    for (column, color, width, dash) in marks {
        let mut stroke = ChartLine::new();
        stroke.set_color(color).set_width(width).set_dash_type(dash);
        over.add_series()
            .set_categories(range(0))
            .set_values(range(column))
            .set_name((NAME, table.first - 1, column))
            .set_marker(ChartMarker::new().set_none())
            .set_format(ChartFormat::new().set_line(&stroke));
    }
    if legend {
        chart.combine(&over);
    }
    let small = {
        let mut font = ChartFont::new();
        font.set_size(9);
        font
    };
    let height = if lowest { ROWS.1 } else { ROWS.0 };
    // The same pixels from the left and the top in each strip, so that a period is above itself.
    let plot = f64::from(ROWS.0 * ROW - 56) / f64::from(height * ROW);
    chart.plot_area().set_layout(&ChartLayout::new().set_offset(0.08, 36.0 / f64::from(height * ROW)).set_dimensions(0.9, plot));
    chart.title().set_name(title.as_str()).set_font(ChartFont::new().set_size(11)).set_overlay(true);
    chart.title().set_layout(&ChartLayout::new().set_offset(0.005, 0.01));
    chart.x_axis().set_font(&small).set_text_axis(true);
    if !lowest {
        chart.x_axis().set_label_position(ChartAxisLabelPosition::None);
    }
    chart
        .y_axis()
        .set_font(&small)
        .set_num_format("#,##0.##;-#,##0.##")
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE2_E8_F0)));
    if legend {
        chart.legend().set_position(ChartLegendPosition::TopRight).set_overlay(true).set_font(&small).delete_entries(&[0]);
        chart.legend().set_layout(&ChartLayout::new().set_offset(0.5, 0.01).set_dimensions(0.48, 24.0 / f64::from(height * ROW)));
    } else {
        chart.legend().set_hidden();
    }
    chart.set_width(WIDTH).set_height(height * ROW).set_alt_text(title);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart
}
