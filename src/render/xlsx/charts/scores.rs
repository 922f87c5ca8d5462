//! Scores by weeks apart: a column chart for each pair, all on one scale, and their numbers under them.

use rust_xlsxwriter::{
    Chart, ChartAxisLabelPosition, ChartFont, ChartFormat, ChartLayout, ChartLine, ChartPoint, ChartSolidFill, ChartType, Color, Format,
    FormatAlign, XlsxError,
};

use super::super::cell::{self, Datum};
use super::super::paint;
use super::{Canvas, NAME, ROW};
use crate::document::{ScoreLine, Scores};
use crate::render::{face, number, text};

/// The charts beside each other, the pixels across each, and its rows.
const CHART: (u32, u32, u32) = (3, 334, 11);
/// The pairs whose numbers stand beside each other.
const BESIDE: usize = 8;
/// The same week, and how pale a lead is where none was found, in percent.
const LOOKS: (Color, u8) = (Color::RGB(0x17_21_2B), 50);

/// Draws the charts and writes their numbers.
pub(super) fn draw(scores: &Scores, page: &mut Canvas<'_>) -> Result<(), XlsxError> {
    page.titles(&scores.title, &scores.says)?;
    let longest = scores.lines.iter().map(|line| line.values.len() / 2).max().unwrap_or(0);
    let weeks = scores.max_lag.min(longest);
    let says = "Across: weeks apart. Grey: the lag first; black: the same week; blue: the lead first, pale where none was found; violet: the range of the lead time.";
    page.say(0, says, Format::new().set_font_color(paint::FAINT))?;
    page.row += 1;
    let top = page.row;
    let (beside, width, rows) = CHART;
    let count = u32::try_from(scores.lines.len()).unwrap_or(u32::MAX);
    page.row = page.row.saturating_add(count.div_ceil(beside).saturating_mul(rows)) + 1;
    let scale = scale(scores);
    let mut at = 0;
    for lines in scores.lines.chunks(BESIDE) {
        let first = numbers(lines, weeks, page)?;
        for (line, column) in lines.iter().zip(1..) {
            let last = first + u32::try_from(2 * weeks).unwrap_or(0);
            let chart = chart(line, weeks, (first, last, column), scale, page);
            page.sheet.insert_chart_with_offset(top + at / beside * rows, 0, &chart, at % beside * width, 0)?;
            at += 1;
        }
        page.row += 1;
    }
    Ok(())
}

/// The whole numbers between which all scores lie; where all are low, up to what makes them look so.
fn scale(scores: &Scores) -> (f64, f64) {
    let values = || scores.lines.iter().flat_map(|line| &line.values).copied().filter(|value| value.is_finite());
    (values().fold(0.0, f64::min).floor(), values().fold(face::FULL, f64::max).ceil())
}

/// The score of a line so many weeks apart, the first of them at 0.
fn value(line: &ScoreLine, weeks: usize, at: usize) -> Option<f64> {
    let own = line.values.len() / 2;
    line.values.get((at + own).checked_sub(weeks)?).copied().filter(|value| value.is_finite())
}

/// Writes the numbers of some lines beside each other, and says in which row the first week stands.
fn numbers(lines: &[ScoreLine], weeks: usize, page: &mut Canvas<'_>) -> Result<u32, XlsxError> {
    let pairs = lines.iter().map(|line| format!("{} \u{2192} {}", line.lead, line.lag));
    let headings: Vec<String> = ["weeks apart".to_owned()].into_iter().chain(pairs).collect();
    page.headings(&headings.iter().map(|words| text::ours(words, page.style.ascii).into_owned()).collect::<Vec<_>>())?;
    let first = page.row;
    let zero = i64::try_from(weeks).unwrap_or(0);
    for (at, week) in (-zero..=zero).enumerate() {
        page.put(0, &Datum::number(&week.to_string(), false), Format::new().set_align(FormatAlign::Left))?;
        for (line, column) in lines.iter().zip(1..) {
            let score = value(line, weeks, at).and_then(|value| number::float(value, 6));
            let datum = score.map_or(Datum::Empty, |digits| Datum::shaped(&digits, 2, false));
            page.put(column, &page.or_dash(datum), Format::new().set_align(FormatAlign::Right))?;
        }
        page.row += 1;
    }
    let of_weeks = |which: fn(&(usize, usize, usize)) -> usize| {
        lines.iter().map(|line| line.weeks.as_ref().map_or(Datum::Empty, |weeks| Datum::whole(which(weeks) as u64))).collect::<Vec<_>>()
    };
    let verdicts = lines.iter().map(|line| Datum::words(&text::line(&line.verdict, page.style.ascii))).collect();
    for (says, data) in [
        ("lead time, weeks", of_weeks(|weeks| weeks.0)),
        ("its range from", of_weeks(|weeks| weeks.1)),
        ("its range to", of_weeks(|weeks| weeks.2)),
        ("verdict", verdicts),
    ] {
        page.put(0, &Datum::words(says), paint::wrapped().set_bold())?;
        let lines = data.iter().map(|datum| if let Datum::Text(words) = datum { text::wrap(words, 11).len() } else { 1 }).max();
        for (datum, column) in data.into_iter().zip(1..) {
            page.put(column, &page.or_dash(datum), paint::wrapped().set_align(FormatAlign::Right))?;
        }
        page.sheet.set_row_height(page.row, 15.0 * lines.unwrap_or(1).clamp(1, 8) as f64)?;
        page.row += 1;
    }
    Ok(first)
}

/// The chart of a pair, whose numbers stand in these rows of that column.
fn chart(line: &ScoreLine, weeks: usize, (first, last, column): (u32, u32, usize), scale: (f64, f64), page: &Canvas<'_>) -> Chart {
    let column = u16::try_from(column).unwrap_or(u16::MAX);
    let solid = |color: Color, transparency: u8| {
        let mut fill = ChartSolidFill::new();
        fill.set_color(color).set_transparency(transparency);
        ChartPoint::new().set_format(ChartFormat::new().set_solid_fill(&fill))
    };
    let in_range = |week: usize| line.weeks.is_some_and(|(_, from, to)| (from..=to).contains(&week));
    let point = |at: usize| match at.checked_sub(weeks) {
        None => solid(paint::FAINT, 30),
        Some(0) => solid(LOOKS.0, 0),
        Some(week) if in_range(week) => solid(paint::LEAD_TIME, 0),
        Some(_) => solid(paint::LEAD, if line.found { 0 } else { LOOKS.1 }),
    };
    let points: Vec<ChartPoint> = (0..=2 * weeks).map(point).collect();
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_categories((NAME, first, 0, last, 0))
        .set_values((NAME, first, column, last, column))
        .set_name((NAME, first - 1, column))
        .set_gap(20)
        .set_points(&points);
    let lead_time = line.weeks.map_or_else(String::new, |weeks| format!("; {}", face::lead_time(weeks)));
    let measures = [&line.lead, &line.lag].map(|measure| text::shorten(&text::line(measure, false), 40, text::Cut::End, false));
    let verdict = text::shorten(&text::line(&line.verdict, false), 50, text::Cut::End, false);
    let title = format!("{} \u{2192} {}: {verdict}{lead_time}", measures[0], measures[1]);
    let title = cell::shown(&text::ours(&title, page.style.ascii), page.style.ascii);
    let mut small = ChartFont::new();
    small.set_size(8);
    let height = CHART.2 * ROW;
    chart.title().set_name(title.as_str()).set_font(ChartFont::new().set_size(9)).set_overlay(true);
    chart.title().set_layout(&ChartLayout::new().set_offset(0.01, 0.01));
    chart.plot_area().set_layout(&ChartLayout::new().set_offset(0.08, 0.27).set_dimensions(0.9, 0.6));
    // The weeks are named at the ends and in the middle.
    let every = u16::try_from(weeks.max(1)).unwrap_or(u16::MAX);
    chart.x_axis().set_font(&small).set_text_axis(true).set_label_interval(every).set_label_position(ChartAxisLabelPosition::Low);
    chart
        .y_axis()
        .set_font(&small)
        .set_min(scale.0)
        .set_max(scale.1)
        .set_num_format("0;-0;0")
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE2_E8_F0)));
    chart.legend().set_hidden();
    chart.set_width(CHART.1 - 6).set_height(height - 6).set_alt_text(title);
    chart.chart_area().set_format(ChartFormat::new().set_no_border());
    chart
}
