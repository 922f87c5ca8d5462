//! Scores by weeks apart: bars from zero up and down, the lag first at the left, the same week in the middle, the lead first at the right.

use crate::render::face;
use crate::render::html::markup::Markup;
use crate::render::html::scale::{self, Bar, Linear, Slots};
use crate::render::html::shape;
use crate::render::number;

/// The height of a chart in a cell, and the width of each of its bars.
const CELL: (f64, f64) = (16.0, 5.0);

/// A chart in a cell, on the scale of [`face::FULL`].
pub(super) fn cell(m: &mut Markup, values: &[f64]) {
    if values.is_empty() {
        return;
    }
    let (height, width) = CELL;
    let scale = Linear { low: lowest(values), high: face::highest_score(values), length: height };
    let slots = Slots { start: 0.0, width };
    let right = slots.left(values.len());
    let view = format!("0 0 {} {}", shape::px(right), shape::px(height));
    m.element("svg", &[("class", "spark"), ("viewBox", &view), ("role", "img")], |m| {
        m.words("title", &[], &said(values));
        bars(m, values, &scale, &slots);
    });
}

/// The bars of both sides and of the same week.
fn bars(m: &mut Markup, values: &[f64], scale: &Linear, slots: &Slots) {
    let bars: Vec<Option<Bar>> =
        values.iter().enumerate().map(|(at, value)| value.is_finite().then(|| scale::bar_of(scale, slots, at, 0.0, 1.0, *value))).collect();
    let (before, rest) = bars.split_at(bars.len() / 2);
    let (same, after) = rest.split_at(rest.len().min(1));
    for (class, part) in [("before", before), ("same", same), ("after", after)] {
        shape::bars(m, class, part.iter().flatten());
    }
}

/// The lowest score, zero where none is below.
fn lowest(values: &[f64]) -> f64 {
    values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::min)
}

/// The scores in words, each side from the weeks next to each other on.
fn said(values: &[f64]) -> String {
    let shown = |value: &f64| number::float(*value, 1).unwrap_or_else(|| face::dash(false).to_owned());
    let (before, rest) = values.split_at(values.len() / 2);
    let same = rest.first().map_or_else(String::new, shown);
    let list = |part: Vec<String>| if part.is_empty() { face::dash(false).to_owned() } else { part.join(", ") };
    let before = list(before.iter().rev().map(shown).collect());
    let after = list(rest.iter().skip(1).map(shown).collect());
    format!("same week {same}; lead 1 week ahead and more {after}; lag 1 week ahead and more {before}")
}
