//! Leads against lags over time: a strip for each measure over one axis, and between leads and lags how long results take.

use crate::document::{Course, LeadTime, Line};
use crate::render::html::markup::Markup;
use crate::render::html::scale::{self, Bar, Linear, Slots};
use crate::render::html::words::{self, Amounts};
use crate::render::html::{shape, table};
use crate::render::text::{self, Cut};

/// The width of the drawing. Text in it is 12 high, and where the screen is narrower the drawing scrolls.
const WIDTH: f64 = 800.0;
/// Where the strips begin; what they show stands before.
const LEFT: f64 = 204.0;
/// The height of a strip, and the room below it.
const STRIP: (f64, f64) = (44.0, 16.0);
/// The height of the lane between leads and lags, and of each line of words in it.
const LANE: (f64, f64) = (20.0, 15.0);
/// The most lines of words in it.
const LANE_LINES: usize = 2;
/// The height of the names of the periods.
const AXIS: f64 = 20.0;
/// The room above the first strip.
const TOP: f64 = 8.0;
/// About how wide a character is.
const CHARACTER: f64 = 6.8;
/// The characters on a line before a strip.
const LABEL: usize = 25;

/// What is said of a line beside its strip.
struct Said<'a> {
    line: &'a Line,
    scale: Linear,
    amounts: Amounts,
}

/// The drawing and its numbers. `id` begins the names of its parts.
pub(super) fn course(m: &mut Markup, course: &Course, id: &str) {
    let said: Vec<Said<'_>> = course
        .lines
        .iter()
        .map(|line| {
            let scale = Linear::of(std::iter::once(line), STRIP.0);
            Said { line, scale, amounts: Amounts::new(&line.unit, &scale) }
        })
        .collect();
    if said.is_empty() || course.periods.is_empty() {
        return;
    }
    table::scrolling(m, &course.title, |m| drawing(m, course, &said, id));
    key(m, course);
    m.element("details", &[], |m| {
        m.words("summary", &[], "The numbers");
        numbers(m, course, &said);
    });
    m.line();
}

/// Where things are: the slots, those that are over or running, and all with those to come.
struct Place<'a> {
    course: &'a Course,
    slots: Slots,
    /// The last complete period.
    now: usize,
    /// The line before which the lane lies.
    lane: usize,
    /// Where the arrow in it ends.
    due: f64,
    /// The words in it.
    says: Vec<String>,
    bottom: f64,
}

impl Place<'_> {
    /// The upper edge of a strip.
    fn top(&self, line: usize) -> f64 {
        TOP + (STRIP.0 + STRIP.1) * line as f64 + if line >= self.lane { self.lane_height() } else { 0.0 }
    }

    fn lane_height(&self) -> f64 {
        if self.course.lead_time.is_some() { LANE.0 + LANE.1 * self.says.len() as f64 } else { 0.0 }
    }
}

fn drawing(m: &mut Markup, course: &Course, said: &[Said<'_>], id: &str) {
    let count = course.periods.len();
    let now = scale::last_complete(&course.periods).unwrap_or(0);
    let lane = said.iter().position(|s| s.line.role != "lead").unwrap_or(said.len());
    let periods = course.lead_time.as_ref().map_or(0, |lead| lead.periods) as f64;
    // So far into the future that the arrow ends on the drawing; a very long one ends at its edge.
    let ahead = now as f64 + 1.0 + periods - count as f64;
    let all = count as f64 + ahead.clamp(0.0, (count as f64).max(8.0));
    let slots = Slots { start: LEFT, width: (WIDTH - LEFT) / all };
    let due = slots.middle(now) + slots.width * periods;
    let mut place = Place { course, slots, now, lane, due, says: Vec::new(), bottom: 0.0 };
    place.says = course.lead_time.as_ref().map_or_else(Vec::new, |lead| lane_words(lead, due.min(WIDTH - 1.0) - LEFT));
    place.bottom = place.top(said.len()) - STRIP.1;
    let height = place.bottom + AXIS;
    let (title, description) = (format!("{id}-t"), format!("{id}-d"));
    let view = format!("0 0 {} {}", shape::px(WIDTH), shape::px(height));
    let attributes = [("class", "drawing"), ("viewBox", view.as_str()), ("preserveAspectRatio", "xMinYMin"), ("role", "img")];
    let named = format!("{title} {description}");
    m.element("svg", &[&attributes[..], &[("aria-labelledby", named.as_str())]].concat(), |m| {
        m.words("title", &[("id", &title)], &course.title);
        let lead = course.lead_time.as_ref().map_or_else(String::new, |lead| format!(" How long results take: {}.", lead.says));
        m.words("desc", &[("id", &description)], &format!("{}{lead} The numbers are in the table below.", course.says));
        let edge = place.slots.left(count);
        if edge < WIDTH - 0.5 {
            let [x, y, width, high] = [edge, TOP, WIDTH - edge, place.bottom - TOP].map(shape::px);
            m.void("rect", &[("class", "ahead"), ("x", &x), ("y", &y), ("width", &width), ("height", &high)]);
        }
        for (at, said) in said.iter().enumerate() {
            m.line();
            strip(m, said, &place, at);
        }
        m.line();
        if course.lead_time.is_some() {
            arrow(m, &place);
        }
        axis(m, &place);
    });
}

fn strip(m: &mut Markup, said: &Said<'_>, place: &Place<'_>, at: usize) {
    let (line, scale, top) = (said.line, &said.scale, place.top(at));
    let ends = [(scale.high, top), (0.0, top + scale.y(0.0)), (scale.low, top + scale.length)];
    for (end, y) in ends.into_iter().enumerate().filter(|(at, (value, _))| *at == 1 || *value != 0.0).map(|(_, end)| end) {
        shape::stroke(m, if end == 0.0 { "base" } else { "rule" }, (LEFT, y), (WIDTH, y));
        shape::write(m, "tick", "end", (LEFT - 5.0, y + 4.0), &said.amounts.end(end));
    }
    m.element("g", &[("class", if line.role == "lead" { "lead" } else { "lag" })], |m| {
        label(m, said, place, top);
        for (slot, (value, period)) in line.values.iter().zip(&place.course.periods).enumerate() {
            if let Some(bar) = scale::bar(scale, &place.slots, slot, top, 1.5, value) {
                let target = line.targets.get(slot).and_then(Option::as_ref);
                let open = if period.complete { "" } else { ", not complete" };
                one_bar(m, &bar, period.complete, &format!("{}: {}{open}", period.name, said.amounts.against(value, target)));
            }
        }
    });
    shape::targets(m, line, &place.course.periods, scale, &place.slots, top);
}

fn one_bar(m: &mut Markup, bar: &Bar, complete: bool, says: &str) {
    let [x, y, width, height] = [bar.x, bar.y, bar.width, bar.height].map(shape::px);
    let class = if complete { "" } else { "open" };
    m.element("rect", &[("class", class), ("x", &x), ("y", &y), ("width", &width), ("height", &height)], |m| {
        m.words("title", &[], says);
    });
}

/// The measure, its role, and where it stood last.
fn label(m: &mut Markup, said: &Said<'_>, place: &Place<'_>, top: f64) {
    let line = said.line;
    let says = text::line(&line.says, false);
    let mut lines = text::wrap(&says, LABEL);
    if lines.len() > 2 {
        let rest = lines.split_off(1).join(" ");
        lines.push(text::shorten(&rest, LABEL, Cut::End, false));
    }
    let unit = said.amounts.unit();
    let unit = if unit.is_empty() { unit } else { format!(" {unit}") };
    let now = match (line.values.get(place.now), place.course.periods.get(place.now)) {
        (Some(value), Some(period)) => {
            let against = said.amounts.against(value, line.targets.get(place.now).and_then(Option::as_ref));
            format!("{}, {}: {against}{unit}", line.role, period.name)
        }
        _ => line.role.to_owned(),
    };
    m.element("g", &[], |m| {
        m.words("title", &[], &says);
        let mut y = top + if lines.len() > 1 { 8.0 } else { 14.0 };
        for line in &lines {
            shape::write(m, "says", "", (0.0, y), line);
            y += 15.0;
        }
        shape::write(m, "tick", "", (0.0, y), &now);
    });
}

/// What is said of the lead time, on lines as long as there is room.
fn lane_words(lead: &LeadTime, room: f64) -> Vec<String> {
    let columns = (room / CHARACTER).max(1.0) as usize;
    let mut lines = text::wrap(&text::line(&lead.says, false), columns);
    if lines.len() > LANE_LINES {
        let rest = lines.split_off(LANE_LINES - 1).join(" ");
        lines.push(text::shorten(&rest, columns, Cut::End, false));
    }
    lines
}

/// From the last complete period to the one in which its results are due.
fn arrow(m: &mut Markup, place: &Place<'_>) {
    let y = place.top(place.lane) - place.lane_height() - STRIP.1 / 2.0 + 8.0;
    let (start, end) = (place.slots.middle(place.now), place.due.min(WIDTH - 1.0));
    m.element("g", &[("class", "due")], |m| {
        shape::stroke(m, "guide", (start, TOP), (start, y));
        if place.due <= WIDTH {
            shape::stroke(m, "guide", (end, y), (end, place.bottom));
        }
        let [start_x, end_x, back, level, up, down] = [start, end, end - 6.0, y, y - 4.0, y + 4.0].map(shape::px);
        let path = format!("M{start_x} {level}H{end_x}M{back} {up}L{end_x} {level}L{back} {down}");
        m.void("path", &[("class", "arrow"), ("d", &path)]);
        m.void("circle", &[("cx", &start_x), ("cy", &level), ("r", "3")]);
        // Below the arrow, up to its end: there the words cross neither guide.
        for (at, line) in place.says.iter().enumerate() {
            shape::write(m, "says", "end", (end - 6.0, y + 16.0 + LANE.1 * at as f64), line);
        }
    });
    m.line();
}

/// Names of periods as far as there is room, the last complete one among them.
fn axis(m: &mut Markup, place: &Place<'_>) {
    let names = || place.course.periods.iter().map(|p| p.name.as_str());
    let widest = words::short(names()).iter().map(|name| text::width(name)).max().unwrap_or(1);
    let every = ((widest as f64 + 1.0) * CHARACTER / place.slots.width).ceil().max(1.0) as usize;
    let shown: Vec<(usize, &str)> = names().enumerate().filter(|(at, _)| at % every == place.now % every).collect();
    let short = words::short(shown.iter().map(|(_, name)| *name));
    for ((at, full), short) in shown.iter().zip(short) {
        let x = place.slots.middle(*at);
        shape::stroke(m, "rule", (x, place.bottom), (x, place.bottom + 4.0));
        // A long name does not leave the drawing.
        let shown = text::shorten(short, ((WIDTH - LEFT) / CHARACTER) as usize, Cut::End, false);
        m.element(
            "text",
            &[("class", "tick"), ("x", &shape::px(x)), ("y", &shape::px(place.bottom + 16.0)), ("text-anchor", "middle")],
            |m| {
                m.text(&shown);
                if shown != **full {
                    m.words("title", &[], full);
                }
            },
        );
    }
}

/// What the marks mean, of those that are there.
fn key(m: &mut Markup, course: &Course) {
    m.element("p", &[("class", "key")], |m| {
        let has = |role: &str| course.lines.iter().any(|line| (line.role == "lead") == (role == "lead"));
        for role in ["lead", "lag"].into_iter().filter(|role| has(role)) {
            swatch(m, role, role);
        }
        if course.lines.iter().any(|line| line.targets.iter().any(Option::is_some)) {
            swatch(m, "target", "target");
        }
        if course.periods.iter().any(|p| !p.complete) {
            swatch(m, "open", "not complete");
        }
        if let Some(lead) = &course.lead_time {
            swatch(m, "due", &format!("how long results take: {}", text::line(&lead.says, false)));
        }
    });
    m.line();
}

/// A mark and what it means.
pub(super) fn swatch(m: &mut Markup, class: &str, says: &str) {
    m.element("span", &[], |m| {
        m.words("i", &[("class", class)], "");
        m.text(says);
    });
    m.text(" ");
}

fn numbers(m: &mut Markup, course: &Course, said: &[Said<'_>]) {
    table::scrolling(m, &format!("{}: the numbers", course.title), |m| {
        m.element("table", &[], |m| {
            m.words("caption", &[("class", "unseen")], &format!("{}: the numbers", course.title));
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    m.words("th", &[("scope", "col")], "period");
                    for said in said {
                        m.words("th", &[("scope", "col"), ("class", "n")], &said.amounts.named(&said.line.says));
                    }
                });
            });
            m.element("tbody", &[], |m| {
                for (at, period) in course.periods.iter().enumerate() {
                    m.line();
                    m.element("tr", &[], |m| {
                        m.words("th", &[("scope", "row")], &period.name);
                        for said in said {
                            number(m, said, at);
                        }
                    });
                }
            });
        });
    });
}

fn number(m: &mut Markup, said: &Said<'_>, at: usize) {
    m.element("td", &[("class", "n")], |m| match said.line.values.get(at) {
        Some(value) if !value.is_missing() => m.text(&said.amounts.against(value, said.line.targets.get(at).and_then(Option::as_ref))),
        Some(value) => table::value(m, value),
        None => {}
    });
}
