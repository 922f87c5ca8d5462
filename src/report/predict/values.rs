//! The frame of a page of predictions from a file of values.

use super::super::trust;
use super::Frame;
use crate::calendar::Calendar;
use crate::document::Coverage;
use crate::predict::values::Values;

impl Frame {
    /// The frame of a file of values, which has no day of its own.
    pub fn of_values(title: &str, values: &Values) -> Self {
        let coverage = vec![Coverage {
            path: values.path.clone(),
            table: "values".to_owned(),
            crm: "generic".to_owned(),
            bytes: values.bytes,
            xxh3: values.xxh3.clone(),
            through: values.grid.range.map(|range| range.last.to_string()),
            read: values.read,
            used: values.used,
            left_out: values.left_out.iter().map(|(reason, n)| ((*reason).to_owned(), (*n).into())).collect(),
            refused: 0,
        }];
        Self {
            title: title.to_owned(),
            as_of: None,
            calendar: Calendar::default(),
            trust: vec![trust::read(&coverage, None)],
            coverage,
            diagnostics: Vec::new(),
        }
    }
}
