//! Shapes as SVG: coordinates to a tenth of a pixel, many bars in one path.

use std::fmt::Write as _;

use crate::document::{Line, Moment};
use crate::render::html::markup::Markup;
use crate::render::html::scale::{Bar, Linear, Slots};
use crate::render::number;
use crate::unit::Value;

/// A coordinate.
pub(super) fn px(x: f64) -> String {
    number::float(x, 1).unwrap_or_else(|| "0".to_owned())
}

/// Bars as one shape of strokes, as wide as the style says and as high as whole pixels; nothing where there are none.
pub(super) fn bars<'a>(m: &mut Markup, class: &str, bars: impl Iterator<Item = &'a Bar>) {
    let mut path = String::new();
    for bar in bars {
        let written = write!(path, "M{} {}V{}", px(bar.x + bar.width / 2.0), px(bar.y.round()), px((bar.y + bar.height).round()));
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    }
    if !path.is_empty() {
        m.void("path", &[("class", class), ("d", &path)]);
    }
}

/// The targets of a line as steps over its slots, the upper edge of the strip at `top`; a break where there is none.
pub(super) fn targets(m: &mut Markup, line: &Line, periods: &[Moment], scale: &Linear, slots: &Slots, top: f64) {
    let levels = line.targets.iter().take(periods.len()).map(|target| {
        let target = target.as_ref().and_then(Value::as_f64).filter(|y| y.is_finite());
        target.map(|target| px(top + scale.y(target)))
    });
    let levels: Vec<Option<String>> = levels.collect();
    let (mut path, mut slot, mut drawn) = (String::new(), 0, false);
    for run in levels.chunk_by(|one, next| one == next) {
        if let Some(Some(y)) = run.first() {
            let start = if drawn { format!("V{y}") } else { format!("M{} {y}", px(slots.left(slot))) };
            let written = write!(path, "{start}H{}", px(slots.left(slot + run.len())));
            debug_assert!(written.is_ok(), "a String takes what is written to it");
        }
        drawn = matches!(run.first(), Some(Some(_)));
        slot += run.len();
    }
    if !path.is_empty() {
        m.void("path", &[("class", "target"), ("d", &path)]);
    }
}

/// A straight line.
pub(super) fn stroke(m: &mut Markup, class: &str, from: (f64, f64), to: (f64, f64)) {
    m.void("path", &[("class", class), ("d", &format!("M{} {}L{} {}", px(from.0), px(from.1), px(to.0), px(to.1)))]);
}

/// Words at a place; `anchor` is empty where they begin there.
pub(super) fn write(m: &mut Markup, class: &'static str, anchor: &str, at: (f64, f64), words: &str) {
    m.words("text", &[("class", class), ("x", &px(at.0)), ("y", &px(at.1)), ("text-anchor", anchor)], words);
}
