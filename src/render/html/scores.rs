//! Scores by weeks apart: bars from zero up and down, the lag first at the left, the same week in the middle, the lead first at the right.

use crate::document::{ScoreLine, Scores};
use crate::render::face;
use crate::render::html::markup::Markup;
use crate::render::html::scale::{self, Bar, Linear, Slots};
use crate::render::html::{course, shape, table};
use crate::render::number;
use crate::render::text;

/// The height of a chart in a cell, and the width of each of its bars.
const CELL: (f64, f64) = (16.0, 5.0);
/// The width of a panel.
const WIDTH: f64 = 232.0;
/// Where its bars begin; how high they reach stands before.
const LEFT: f64 = 22.0;
/// The room above the bars, the height of the bars, and the room below for the weeks.
const HEIGHT: (f64, f64, f64) = (16.0, 80.0, 16.0);
/// About how wide a character is.
const CHARACTER: f64 = 6.0;
/// The columns that a measure and a verdict may take: a few lines.
const WORDS: (usize, usize) = (56, 120);

/// A panel for each pair, all on one scale, what their marks mean, and their numbers.
pub(super) fn figure(m: &mut Markup, scores: &Scores) {
    if scores.lines.is_empty() {
        return;
    }
    let longest = scores.lines.iter().map(|line| line.values.len() / 2).max().unwrap_or(0);
    let place = Place {
        scale: Linear::over(scores.lines.iter().flat_map(|line| &line.values).copied().chain([face::FULL]), HEIGHT.1),
        weeks: scores.max_lag.min(longest),
    };
    key(m, scores, &place);
    m.element("ul", &[("class", "panels scores"), ("role", "list")], |m| {
        for line in &scores.lines {
            m.line();
            m.element("li", &[("class", if line.found { "found" } else { "" })], |m| panel(m, line, &place));
        }
    });
    m.line();
    m.element("details", &[], |m| {
        m.words("summary", &[], "The numbers");
        numbers(m, scores, &place);
    });
    m.line();
}

/// Where things are in a panel.
struct Place {
    scale: Linear,
    /// The most weeks apart on either side.
    weeks: usize,
}

impl Place {
    fn slots(&self) -> Slots {
        Slots { start: LEFT, width: (WIDTH - LEFT) / (2 * self.weeks + 1) as f64 }
    }

    /// So much of a line's scores as lies on either side, and the slot of the first.
    fn within<'a>(&self, line: &'a ScoreLine) -> (&'a [f64], usize) {
        let own = line.values.len() / 2;
        let cut = own.saturating_sub(self.weeks);
        let end = line.values.len().min(own + self.weeks + 1);
        (line.values.get(cut..end).unwrap_or_default(), self.weeks.saturating_sub(own))
    }

    /// The weeks that are named: none, half of all, and all.
    fn ticks(&self) -> Vec<(usize, String)> {
        let half = self.weeks / 2;
        let mut apart = vec![0, half, self.weeks];
        apart.dedup();
        let before = apart.iter().rev().filter(|week| **week > 0).map(|week| (self.weeks - week, format!("\u{2212}{week}")));
        before.chain(apart.iter().map(|week| (self.weeks + week, week.to_string()))).collect()
    }
}

/// What the marks mean, of those that are there.
fn key(m: &mut Markup, scores: &Scores, place: &Place) {
    m.element("p", &[("class", "key")], |m| {
        course::swatch(m, "before", "lag first");
        course::swatch(m, "same", "same week");
        course::swatch(m, "lead", "lead first");
        if scores.lines.iter().any(|line| !line.found) {
            course::swatch(m, "pale", "none found");
        }
        if scores.lines.iter().any(|line| line.weeks.is_some()) {
            course::swatch(m, "range", "after how many weeks, its range shaded");
        }
        let end = |end: f64| number::float(end, 2).unwrap_or_default().replace('-', "\u{2212}");
        let from = if place.scale.low < 0.0 { format!("from {} ", end(place.scale.low)) } else { String::new() };
        m.words("span", &[], &format!("scores {from}up to {}, by weeks apart", end(place.scale.high)));
    });
    m.line();
}

fn panel(m: &mut Markup, line: &ScoreLine, place: &Place) {
    let (name, title) = pair(line);
    m.element("p", &[("class", "pair"), ("title", &title)], |m| m.words("bdi", &[], &name));
    let (values, first) = place.within(line);
    let (top, length, below) = HEIGHT;
    let view = format!("0 0 {} {}", shape::px(WIDTH), shape::px(top + length + below));
    m.element("svg", &[("class", "drawing"), ("viewBox", &view), ("role", "img")], |m| {
        let weeks = line.weeks.map_or_else(String::new, |weeks| format!("; lead time {}", face::lead_time(weeks)));
        m.words("title", &[], &format!("{name}: {}{weeks}", said(values)));
        let slots = place.slots();
        if let Some(weeks) = line.weeks.filter(|(middle, ..)| *middle <= place.weeks) {
            range(m, weeks, place, &slots);
        }
        axes(m, place, &slots);
        let slots = Slots { start: slots.left(first), ..slots };
        let width = shape::px(slots.width * 0.8);
        m.element("g", &[("class", "bars"), ("stroke-width", &width)], |m| bars(m, values, &place.scale, &slots, top));
    });
    let (shown, title) = table::clipped(&line.verdict, WORDS.1);
    m.element("p", &[("class", "verdict"), ("title", &title)], |m| m.words("bdi", &[], &shown));
}

/// The lead and the lag, and as a title what of them is not seen; empty where all is.
fn pair(line: &ScoreLine) -> (String, String) {
    let [(lead, all_lead), (lag, all_lag)] = [&line.lead, &line.lag].map(|measure| table::clipped(measure, WORDS.0));
    let of = |cut: &str, all: &str| if all.is_empty() { cut.to_owned() } else { all.to_owned() };
    let all = format!("{} \u{2192} {}", of(&lead, &all_lead), of(&lag, &all_lag));
    let shown = format!("{lead} \u{2192} {lag}");
    let title = if all == shown { String::new() } else { all };
    (shown, title)
}

/// After how many weeks the lead shows: its range shaded, a line at its middle, and the weeks above.
fn range(m: &mut Markup, weeks: (usize, usize, usize), place: &Place, slots: &Slots) {
    let (middle, first, last) = weeks;
    let slot = |week: usize| place.weeks + week.min(place.weeks);
    let (left, right) = (slots.left(slot(first)), slots.left(slot(last) + 1));
    let [x, y, width, height] = [left, HEIGHT.0, (right - left).max(0.0), HEIGHT.1].map(shape::px);
    m.void("rect", &[("class", "range"), ("x", &x), ("y", &y), ("width", &width), ("height", &height)]);
    let x = slots.middle(slot(middle));
    shape::stroke(m, "due", (x, HEIGHT.0 - 3.0), (x, HEIGHT.0 + HEIGHT.1));
    // Its words do not leave the panel.
    let words = face::lead_time(weeks);
    shape::write(m, "due", "end", ((x + CHARACTER * text::width(&words) as f64 / 2.0).min(WIDTH), HEIGHT.0 - 5.0), &words);
}

fn axes(m: &mut Markup, place: &Place, slots: &Slots) {
    let (top, length, _) = HEIGHT;
    let bottom = top + length;
    let zero = top + place.scale.y(0.0);
    let low = Some(place.scale.low).filter(|low| *low < 0.0);
    for end in [Some(place.scale.high), low].into_iter().flatten() {
        let y = top + place.scale.y(end);
        shape::stroke(m, "rule", (LEFT, y), (WIDTH, y));
    }
    shape::stroke(m, "base", (LEFT, zero), (WIDTH, zero));
    shape::write(m, "tick", "end", (LEFT - 4.0, top + 8.0), &number::float(place.scale.high, 2).unwrap_or_default());
    shape::write(m, "tick", "end", (LEFT - 4.0, zero + 4.0), "0");
    for (slot, week) in place.ticks() {
        let x = slots.middle(slot);
        shape::stroke(m, "rule", (x, bottom), (x, bottom + 3.0));
        // The last one does not leave the panel.
        let anchor = if slot == 2 * place.weeks && slot > 0 { "end" } else { "middle" };
        let x = if anchor == "end" { WIDTH } else { x };
        shape::write(m, "tick", anchor, (x, bottom + 13.0), &week);
    }
}

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
        bars(m, values, &scale, &slots, 0.0);
    });
}

/// The bars of both sides and of the same week, the upper edge of the scale at `top`.
fn bars(m: &mut Markup, values: &[f64], scale: &Linear, slots: &Slots, top: f64) {
    let bars: Vec<Option<Bar>> =
        values.iter().enumerate().map(|(at, value)| value.is_finite().then(|| scale::bar_of(scale, slots, at, top, 1.0, *value))).collect();
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

/// A row for each pair, a column for each week apart.
fn numbers(m: &mut Markup, scores: &Scores, place: &Place) {
    let caption = format!("{}: the numbers", scores.title);
    let weeks = i64::try_from(place.weeks).unwrap_or(i64::MAX);
    table::scrolling(m, &caption, |m| {
        m.element("table", &[], |m| {
            m.words("caption", &[("class", "unseen")], &caption);
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    m.words("th", &[("scope", "col")], "weeks apart");
                    for week in -weeks..=weeks {
                        m.words("th", &[("scope", "col"), ("class", "n")], &week.to_string().replace('-', "\u{2212}"));
                    }
                    m.words("th", &[("scope", "col")], "lead time");
                    m.words("th", &[("scope", "col")], "verdict");
                });
            });
            m.element("tbody", &[], |m| {
                for line in &scores.lines {
                    m.line();
                    m.element("tr", &[], |m| row(m, line, place));
                }
            });
        });
    });
}

fn row(m: &mut Markup, line: &ScoreLine, place: &Place) {
    let (shown, title) = pair(line);
    m.element("th", &[("scope", "row"), ("title", &title)], |m| m.words("bdi", &[], &shown));
    let (values, first) = place.within(line);
    for slot in 0..=2 * place.weeks {
        let value = slot.checked_sub(first).and_then(|at| values.get(at)).and_then(|value| number::float(*value, 1));
        m.words("td", &[("class", "n")], &value.unwrap_or_else(|| face::dash(false).to_owned()).replace('-', "\u{2212}"));
    }
    m.words("td", &[], &line.weeks.map_or_else(|| face::dash(false).to_owned(), face::lead_time));
    let (shown, title) = table::clipped(&line.verdict, WORDS.1);
    m.element("td", &[("title", &title)], |m| m.words("bdi", &[], &shown));
}
