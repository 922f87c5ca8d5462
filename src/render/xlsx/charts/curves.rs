//! Curves that go up in steps: a chart with the ends of their intervals, what they come to at some times, and their steps.

use rust_xlsxwriter::{
    Chart, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartLineDashType, ChartMarker, ChartType, Color, Format, FormatAlign,
    XlsxError,
};

use super::super::cell::{self, Datum};
use super::super::{COLUMNS, paint};
use super::{Canvas, NAME, ROW};
use crate::document::{CurvePoint, Curves};
use crate::render::curve::{self, Curve};
use crate::render::{number, text};

/// The rows of the chart, and the pixels across it.
const CHART: (u32, u32) = (19, 1000);
/// The columns of a curve's numbers: when, the share, and the ends of its interval.
const OWN: u16 = 4;
/// The most curves: more have no columns.
const MOST: usize = (COLUMNS / OWN) as usize - 1;
/// The colors and dashes that curves have; further ones have the first again.
const LOOKS: [(Color, ChartLineDashType); 6] = [
    (paint::LEAD, ChartLineDashType::Solid),
    (paint::LAG, ChartLineDashType::Dash),
    (paint::LEAD_TIME, ChartLineDashType::RoundDot),
    (Color::RGB(0x0B_5A_2B), ChartLineDashType::DashDot),
    (Color::RGB(0x17_21_2B), ChartLineDashType::Dash),
    (Color::RGB(0xB3_26_1E), ChartLineDashType::RoundDot),
];

/// Draws the chart and writes its numbers.
pub(super) fn draw(curves: &Curves, page: &mut Canvas<'_>) -> Result<(), XlsxError> {
    page.titles(&curves.title, &curves.says)?;
    let drawn: Vec<Curve> = curves.lines.iter().take(MOST).map(Curve::new).collect();
    if drawn.is_empty() {
        return Ok(());
    }
    page.say(0, "Thin lines: the ends of the interval.", Format::new().set_font_color(paint::FAINT))?;
    page.row += 1;
    let top = page.row;
    page.row += CHART.0 + 1;
    reached(curves, &drawn, page)?;
    page.row += 1;
    let places = steps(curves, &drawn, page)?;
    let chart = chart(curves, &drawn, &places, page);
    page.sheet.insert_chart_with_offset(top, 0, &chart, 0, 0)?;
    Ok(())
}

/// A row for each curve: what it comes to at the times that are named.
fn reached(curves: &Curves, drawn: &[Curve], page: &mut Canvas<'_>) -> Result<(), XlsxError> {
    let times = curve::times(curve::until(drawn));
    let mut headings = vec![curves.axis.clone()];
    for time in &times {
        headings.extend([number::float(*time, 1).unwrap_or_default(), "from".to_owned(), "to".to_owned()]);
    }
    page.headings(&headings)?;
    for (line, curve) in curves.lines.iter().zip(drawn) {
        page.put(0, &Datum::words(&text::line(&line.says, page.style.ascii)), paint::wrapped())?;
        for (at, time) in times.iter().enumerate() {
            let point = curve.at(*time);
            let parts: [fn(&CurvePoint) -> f64; 3] = [|point| point.share, |point| point.lo, |point| point.hi];
            for (part, of) in parts.iter().enumerate() {
                let format = Format::new().set_align(FormatAlign::Right).set_align(FormatAlign::Top);
                let format = if part == 0 { format } else { format.set_font_color(paint::FAINT) };
                page.put(1 + 3 * at + part, &page.or_dash(share(point.as_ref().map_or(f64::NAN, of))), format)?;
            }
        }
        let lines = text::wrap(&line.says, 24).len().clamp(1, 6);
        page.sheet.set_row_height(page.row, 15.0 * lines as f64)?;
        page.row += 1;
    }
    Ok(())
}

/// A share; nothing where it is not known.
fn share(share: f64) -> Datum {
    number::float(share, 6).map_or(Datum::Empty, |digits| Datum::share(&digits, 1))
}

/// Writes the corners of each curve, two for each step, and says from which row to which they stand.
fn steps(curves: &Curves, drawn: &[Curve], page: &mut Canvas<'_>) -> Result<Vec<(u32, u32)>, XlsxError> {
    page.say(0, "The steps: what a curve comes to until then and from then on.", Format::new().set_font_color(paint::FAINT))?;
    page.row += 1;
    let mut headings = Vec::new();
    for line in curves.lines.iter().take(drawn.len()) {
        headings.extend([curves.axis.clone(), line.says.clone(), "from".to_owned(), "to".to_owned()]);
    }
    page.headings(&headings)?;
    let (first, mut last) = (page.row, page.row);
    let mut places = Vec::new();
    for (at, curve) in drawn.iter().enumerate() {
        page.row = first;
        for corner in corners(curve) {
            let time = number::float(corner.at, 2).map_or(Datum::Empty, |digits| Datum::number(&digits, false));
            for (part, datum) in [time, share(corner.share), share(corner.lo), share(corner.hi)].iter().enumerate() {
                page.put(usize::from(OWN) * at + part, datum, Format::new().set_align(FormatAlign::Right))?;
            }
            page.row += 1;
        }
        places.push((first, page.row.saturating_sub(1).max(first)));
        last = last.max(page.row);
    }
    page.row = last;
    Ok(places)
}

/// The corners of a curve, from its beginning to its end.
fn corners(curve: &Curve) -> Vec<CurvePoint> {
    let mut before = CurvePoint { at: 0.0, share: 0.0, lo: f64::NAN, hi: f64::NAN };
    let mut corners = vec![before];
    for point in &curve.points {
        corners.extend([CurvePoint { at: point.at, ..before }, *point]);
        before = *point;
    }
    if curve.until > before.at {
        corners.push(CurvePoint { at: curve.until, ..before });
    }
    corners
}

fn chart(curves: &Curves, drawn: &[Curve], places: &[(u32, u32)], page: &Canvas<'_>) -> Chart {
    let mut chart = Chart::new(ChartType::ScatterStraight);
    let mut unnamed = Vec::new();
    for (at, ((first, last), (color, dash))) in (0_u16..).zip(places.iter().zip(LOOKS.iter().cycle())) {
        let column = OWN * at;
        for (part, width) in [(1, 2.25), (2, 0.75), (3, 0.75)] {
            let mut stroke = ChartLine::new();
            stroke.set_color(*color).set_width(width).set_dash_type(*dash);
            if part > 1 {
                stroke.set_transparency(40).set_dash_type(ChartLineDashType::Solid);
                unnamed.push(usize::from(3 * at + part - 1));
            }
            chart
                .add_series()
                .set_categories((NAME, *first, column, *last, column))
                .set_values((NAME, *first, column + part, *last, column + part))
                .set_name((NAME, first - 1, column + part))
                .set_marker(ChartMarker::new().set_none())
                .set_format(ChartFormat::new().set_line(&stroke));
        }
    }
    let (step, steps) = curve::shares(drawn);
    let until = curve::until(drawn);
    let mut small = ChartFont::new();
    small.set_size(9);
    let rule = |color: u32| {
        let mut line = ChartLine::new();
        line.set_color(Color::RGB(color));
        line
    };
    let axis = cell::limited(text::line(&curves.axis, page.style.ascii).into_owned(), 200);
    let title = cell::limited(text::line(&curves.title, page.style.ascii).into_owned(), 200);
    // Quarters, then years.
    let every = if until <= 4.0 {
        1.0
    } else if until <= 160.0 {
        13.0
    } else {
        52.0 * (until / 520.0).ceil()
    };
    chart.x_axis().set_font(&small).set_name(axis.as_str()).set_name_font(&small).set_min(0).set_max(until).set_major_unit(every);
    chart.x_axis().set_num_format("0").set_major_gridlines(true).set_major_gridlines_line(&rule(0xE2_E8_F0));
    chart.y_axis().set_font(&small).set_min(0).set_max(step * f64::from(steps)).set_major_unit(step).set_num_format("0%");
    chart.y_axis().set_major_gridlines_line(&rule(0xE2_E8_F0));
    chart.title().set_hidden();
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&small).delete_entries(&unnamed);
    chart.set_width(CHART.1).set_height(CHART.0 * ROW).set_alt_text(title);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart
}
