//! Charts in cells: sparklines, whose numbers stand on a hidden sheet.

use rust_xlsxwriter::{Color, Format, Sparkline, SparklineType, Worksheet, XlsxError};

use super::cell::{self, Datum, Looks};
use super::{COLUMNS, ROWS, paint};
use crate::render::number;

/// The name of the hidden sheet.
const NAME: &str = "Sparklines";

/// How much higher than its highest column a sparkline is, so that it does not touch the one above.
const HEADROOM: f64 = 1.15;

/// The numbers of the workbook's sparklines, one per row.
pub(super) struct Points {
    sheet: Worksheet,
    rows: u32,
    looks: Looks,
}

impl Points {
    pub(super) fn new(ascii: bool) -> Result<Self, XlsxError> {
        let mut sheet = Worksheet::new();
        sheet.set_name(NAME)?;
        sheet.set_hidden(true);
        sheet.set_column_width(0, 40)?;
        Ok(Self { sheet, rows: 0, looks: Looks::new(Format::new(), ascii) })
    }

    /// A sparkline of these points, oldest first, in columns from zero up to `highest`, else to its own highest point. None where no
    /// point is a number. `what` says what it shows.
    pub(super) fn columns(
        &mut self,
        what: &str,
        points: &[Option<f64>],
        highest: Option<f64>,
        color: Color,
    ) -> Result<Option<Sparkline>, XlsxError> {
        let room = usize::from(COLUMNS - 1);
        let points = points.get(points.len().saturating_sub(room)..).unwrap_or_default();
        let real = |point: &Option<f64>| point.filter(|point| point.is_finite());
        if self.rows == ROWS || !points.iter().any(|point| real(point).is_some()) {
            return Ok(None);
        }
        let row = self.rows;
        self.rows += 1;
        cell::put(&mut self.sheet, row, 0, &Datum::words(what), &mut self.looks)?;
        for (column, point) in (1..).zip(points) {
            if let Some(digits) = real(point).and_then(|point| number::float(point, 6)) {
                cell::put(&mut self.sheet, row, column, &Datum::number(&digits, false), &mut self.looks)?;
            }
        }
        let last = u16::try_from(points.len()).unwrap_or(COLUMNS - 1);
        let mut sparkline =
            Sparkline::new().set_range((NAME, row, 1, row, last)).set_type(SparklineType::Column).set_sparkline_color(color);
        let lowest = points.iter().filter_map(real).fold(0.0, f64::min);
        if lowest < 0.0 {
            sparkline = sparkline.show_negative_points(true).set_negative_points_color(paint::FAINT).show_axis(true);
        } else {
            sparkline = sparkline.set_custom_min(0);
        }
        let highest = highest.unwrap_or_else(|| points.iter().filter_map(real).fold(0.0, f64::max)) * HEADROOM;
        if highest > 0.0 && highest.is_finite() {
            sparkline = sparkline.set_custom_max(highest);
        }
        Ok(Some(sparkline))
    }

    /// The sheet, where any sparkline needs it.
    pub(super) fn sheet(self) -> Option<Worksheet> {
        (self.rows > 0).then_some(self.sheet)
    }
}
