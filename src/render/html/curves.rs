//! Curves that go up in steps, each in its band, and what they come to at some times.

use std::fmt::Write as _;

use crate::document::{CurveLine, CurvePoint, Curves};
use crate::render::curve::{self, Curve};
use crate::render::face;
use crate::render::html::markup::Markup;
use crate::render::html::scale::Linear;
use crate::render::html::{shape, table};
use crate::render::number;
use crate::render::text;

/// The width of the drawing, and the height of the curves in it.
const SIZE: (f64, f64) = (640.0, 220.0);
/// The room at the left, for the shares; above; and below, for the times and what they are.
const ROOM: (f64, f64, f64) = (44.0, 10.0, 40.0);
/// The room at the right, so that the last time is whole.
const RIGHT: f64 = 14.0;
/// The looks that curves have; further ones have the first again.
const LOOKS: [&str; 6] = ["c1", "c2", "c3", "c4", "c5", "c6"];
/// The columns that a name may take.
const NAME: usize = 60;

/// Where things are.
struct Place {
    until: f64,
    scale: Linear,
}

impl Place {
    fn x(&self, at: f64) -> f64 {
        ROOM.0 + (at / self.until).clamp(0.0, 1.0) * (SIZE.0 - RIGHT - ROOM.0)
    }

    fn y(&self, share: f64) -> f64 {
        ROOM.1 + self.scale.y(share)
    }
}

/// The drawing, and a table of what the curves come to, which says their looks too. `id` begins the names of its parts.
pub(super) fn figure(m: &mut Markup, curves: &Curves, id: &str) {
    if curves.lines.is_empty() {
        return;
    }
    let drawn: Vec<Curve> = curves.lines.iter().map(Curve::new).collect();
    let (step, steps) = curve::shares(&drawn);
    let place = Place { until: curve::until(&drawn), scale: Linear { low: 0.0, high: step * f64::from(steps), length: SIZE.1 } };
    let times = curve::times(place.until);
    table::scrolling(m, &curves.title, |m| {
        let (title, description) = (format!("{id}-t"), format!("{id}-d"));
        let view = format!("0 0 {} {}", shape::px(SIZE.0), shape::px(ROOM.1 + SIZE.1 + ROOM.2));
        let named = format!("{title} {description}");
        let attributes = [("class", "drawing curves"), ("viewBox", view.as_str()), ("role", "img"), ("aria-labelledby", named.as_str())];
        m.element("svg", &attributes, |m| {
            m.words("title", &[("id", &title)], &curves.title);
            m.words("desc", &[("id", &description)], &format!("{} The numbers are in the table below.", curves.says));
            axes(m, curves, &place, &times, (step, steps));
            // Bands lie below all curves.
            for (curve, look) in drawn.iter().zip(LOOKS.iter().cycle()) {
                band(m, curve, &place, look);
            }
            for ((line, curve), look) in curves.lines.iter().zip(&drawn).zip(LOOKS.iter().cycle()) {
                m.line();
                self::curve(m, line, curve, &place, look);
            }
        });
    });
    numbers(m, curves, &drawn, &times);
}

fn axes(m: &mut Markup, curves: &Curves, place: &Place, times: &[f64], (step, steps): (f64, u8)) {
    let (left, right, bottom) = (ROOM.0, SIZE.0 - RIGHT, ROOM.1 + SIZE.1);
    for at in 0..=steps {
        let share = step * f64::from(at);
        let y = place.y(share);
        shape::stroke(m, if at == 0 { "base" } else { "rule" }, (left, y), (right, y));
        shape::write(m, "tick", "end", (left - 6.0, y + 4.0), &number::percent(share).unwrap_or_default());
    }
    for at in [0.0].iter().chain(times) {
        let x = place.x(*at);
        shape::stroke(m, "rule", (x, if *at > 0.0 { ROOM.1 } else { bottom }), (x, bottom + 4.0));
        shape::write(m, "tick", "middle", (x, bottom + 16.0), &number::float(*at, 1).unwrap_or_default());
    }
    let axis = text::shorten(&text::line(&curves.axis, false), NAME, text::Cut::End, false);
    shape::write(m, "tick", "end", (right, bottom + 32.0), &axis);
}

/// The band between the ends of the intervals.
fn band(m: &mut Markup, curve: &Curve, place: &Place, look: &str) {
    let Some(first) = curve.points.first() else { return };
    let mut path = format!("M{} {}", shape::px(place.x(first.at)), shape::px(place.y(0.0)));
    steps(&mut path, curve.points.iter().map(|point| (point.at, point.share.max(point.hi))), place);
    let written = write!(path, "H{}", shape::px(place.x(curve.until)));
    debug_assert!(written.is_ok(), "a String takes what is written to it");
    // Back along the lower ends: what a step comes to is left before the time of it.
    for point in curve.points.iter().rev() {
        let written = write!(path, "V{}H{}", shape::px(place.y(point.share.min(point.lo))), shape::px(place.x(point.at)));
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    }
    path.push('Z');
    m.void("path", &[("class", &format!("band {look}")), ("d", &path)]);
}

fn curve(m: &mut Markup, line: &CurveLine, curve: &Curve, place: &Place, look: &str) {
    let mut path = format!("M{} {}", shape::px(place.x(0.0)), shape::px(place.y(0.0)));
    steps(&mut path, curve.points.iter().map(|point| (point.at, point.share)), place);
    let written = write!(path, "H{}", shape::px(place.x(curve.until)));
    debug_assert!(written.is_ok(), "a String takes what is written to it");
    m.element("path", &[("class", &format!("curve {look}")), ("d", &path)], |m| {
        m.words("title", &[], &text::shorten(&text::line(&line.says, false), NAME, text::Cut::End, false));
    });
}

/// Across to the time of each step, and there up or down to it.
fn steps(path: &mut String, points: impl Iterator<Item = (f64, f64)>, place: &Place) {
    for (at, share) in points {
        let written = write!(path, "H{}V{}", shape::px(place.x(at)), shape::px(place.y(share)));
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    }
}

/// A row for each curve, a column for each time that is named.
fn numbers(m: &mut Markup, curves: &Curves, drawn: &[Curve], times: &[f64]) {
    let caption = text::line(&curves.axis, false);
    let caption = if caption.is_empty() { text::line(&curves.title, false) } else { caption };
    table::scrolling(m, &caption, |m| {
        m.element("table", &[("class", "curves")], |m| {
            m.words("caption", &[], &text::shorten(&caption, NAME, text::Cut::End, false));
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    m.words("td", &[], "");
                    for at in times {
                        m.words("th", &[("scope", "col"), ("class", "n")], &number::float(*at, 1).unwrap_or_default());
                    }
                });
            });
            m.element("tbody", &[], |m| {
                for ((line, curve), look) in curves.lines.iter().zip(drawn).zip(LOOKS.iter().cycle()) {
                    m.line();
                    m.element("tr", &[], |m| {
                        let (shown, title) = table::clipped(&line.says, NAME);
                        m.element("th", &[("scope", "row"), ("title", &title)], |m| {
                            m.words("i", &[("class", look)], "");
                            m.words("bdi", &[], if shown.is_empty() { face::dash(false) } else { &shown });
                        });
                        for at in times {
                            m.words("td", &[("class", "n")], &curve.at(*at).map_or_else(|| face::dash(false).to_owned(), said));
                        }
                    });
                }
            });
        });
    });
}

/// A share, and its interval where that is known: `21 % (18–24 %)`.
fn said(point: CurvePoint) -> String {
    let share = number::percent(point.share).unwrap_or_default();
    match (number::percent(point.lo), number::percent(point.hi)) {
        (Some(lo), Some(hi)) => format!("{share} ({}\u{2013}{hi})", lo.trim_end_matches(" %")),
        _ => share,
    }
}
