//! The same small chart for each person, on shared scales; its title has its numbers.

use crate::document::{Line, Moment, Multiples, Panel};
use crate::render::html::markup::Markup;
use crate::render::html::scale::{self, Linear, Slots};
use crate::render::html::words::Amounts;
use crate::render::html::{course, shape, table};
use crate::render::text::{self, Cut};

/// The width of a period, and the height of a measure with the room below it. A panel is stretched to the room that it gets.
const SLOT: f64 = 10.0;
const STRIP: (f64, f64) = (30.0, 6.0);
/// The height of a zero.
const LEAST: f64 = 1.0;
/// The columns that a name may take.
const NAME: usize = 28;
/// Panels have a size of their own up to so many measures.
const SIZES: usize = 8;

/// The scale that the lines of one place share over all panels.
struct Shared {
    scale: Linear,
    amounts: Amounts,
}

/// The panels, what their lines are, and their numbers.
pub(super) fn multiples(m: &mut Markup, multiples: &Multiples) {
    let periods = &multiples.periods;
    let most = multiples.panels.iter().max_by_key(|panel| panel.lines.len()).map_or(&[][..], |panel| &panel.lines);
    let shared: Vec<Shared> = most
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let scale = Linear::of(multiples.panels.iter().filter_map(|panel| panel.lines.get(at)), STRIP.0);
            Shared { scale, amounts: Amounts::new(&line.unit, &scale) }
        })
        .collect();
    if most.is_empty() || periods.is_empty() {
        return;
    }
    key(m, multiples, most, &shared);
    let mut teams: Vec<&str> = multiples.panels.iter().map(|panel| panel.team.as_str()).collect();
    teams.dedup();
    m.element("ul", &[("class", "panels"), ("role", "list")], |m| {
        for one in &multiples.panels {
            m.line();
            m.element("li", &[], |m| panel(m, one, periods, &shared, teams.len() > 1));
        }
    });
    m.line();
}

/// What the strips are, top to bottom, how high they reach and what the number beside them is.
fn key(m: &mut Markup, multiples: &Multiples, lines: &[Line], shared: &[Shared]) {
    m.element("p", &[("class", "key")], |m| {
        for (line, shared) in lines.iter().zip(shared) {
            let role = if line.role == "lead" { "lead" } else { "lag" };
            let says = format!("{}, up to {}", shared.amounts.named(&line.says), shared.amounts.end(shared.scale.high));
            course::swatch(m, role, &says);
        }
        if multiples.panels.iter().any(|panel| panel.lines.iter().any(|line| line.targets.iter().any(Option::is_some))) {
            course::swatch(m, "target", "target");
        }
        if multiples.periods.iter().any(|p| !p.complete) {
            course::swatch(m, "open", "not complete");
        }
        if let Some(now) = scale::last_complete(&multiples.periods).and_then(|now| multiples.periods.get(now)) {
            m.words("span", &[], &format!("beside: {}", now.name));
            m.words("span", &[("class", "screen")], "point at a chart for all periods");
        }
    });
    m.line();
}

fn panel(m: &mut Markup, panel: &Panel, periods: &[Moment], shared: &[Shared], with_team: bool) {
    let (shown, title) = table::clipped(&panel.name, NAME);
    let name = if title.is_empty() { &shown } else { &title };
    m.element("p", &[("class", "who"), ("title", &title)], |m| {
        m.words("bdi", &[], &shown);
        if with_team && !panel.team.is_empty() {
            m.text(" ");
            m.words("small", &[], &text::shorten(&text::line(&panel.team, false), NAME, Cut::End, false));
        }
    });
    let now = scale::last_complete(periods).unwrap_or(0);
    let last: Vec<String> = panel.lines.iter().zip(shared).map(|(line, shared)| at(line, shared, now)).collect();
    let lines = shared.len().clamp(1, SIZES);
    m.element("div", &[("class", &format!("strips s{lines}"))], |m| {
        let (width, height) = (SLOT * periods.len() as f64, (STRIP.0 + STRIP.1) * shared.len() as f64);
        let view = format!("0 0 {} {}", shape::px(width), shape::px(height));
        m.element("svg", &[("viewBox", &view), ("preserveAspectRatio", "none"), ("role", "img")], |m| {
            let said: Vec<String> = panel.lines.iter().zip(shared).map(|(line, shared)| all(line, shared)).collect();
            m.words("title", &[], &format!("{name}: {}", said.join("; ")));
            for (at, (line, shared)) in panel.lines.iter().zip(shared).enumerate() {
                strip(m, line, periods, &shared.scale, (STRIP.0 + STRIP.1) * at as f64);
            }
        });
        m.element("div", &[], |m| last.iter().for_each(|last| m.words("span", &[], last)));
    });
}

fn strip(m: &mut Markup, line: &Line, periods: &[Moment], scale: &Linear, top: f64) {
    let slots = Slots { start: 0.0, width: SLOT };
    let of = |complete: bool| {
        let values = line.values.iter().zip(periods).enumerate().filter(move |(_, (_, period))| period.complete == complete);
        values.filter_map(|(slot, (value, _))| scale::bar(scale, &slots, slot, top, LEAST, value)).collect::<Vec<_>>()
    };
    m.element("g", &[("class", if line.role == "lead" { "lead" } else { "lag" })], |m| {
        shape::bars(m, "", of(true).iter());
        shape::bars(m, "open", of(false).iter());
    });
    shape::targets(m, line, periods, scale, &slots, top);
}

/// A line in words: the measure and its value in each period.
fn all(line: &Line, shared: &Shared) -> String {
    let values: Vec<String> = line.values.iter().map(|value| shared.amounts.value(value)).collect();
    format!("{} {}", shared.amounts.named(&line.says), values.join(", "))
}

fn at(line: &Line, shared: &Shared, at: usize) -> String {
    line.values.get(at).map_or_else(String::new, |value| shared.amounts.against(value, line.targets.get(at).and_then(Option::as_ref)))
}
