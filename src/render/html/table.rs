//! Tables of the page, and rows without a page: captions, header cells with their scopes, numbers aligned at the slash.

use crate::document::{Cell, Content, Grid, Row, State, Table, Tone};
use crate::render::face::{self, Judged, MARK};
use crate::render::html::heat;
use crate::render::html::markup::Markup;
use crate::render::html::scale::{self, Linear, Slots};
use crate::render::html::{scores, shape};
use crate::render::number;
use crate::render::text::{self, Cut};
use crate::render::tidy::{self, Field};
use crate::unit::Value;

/// The height of a small chart, and the width of each of its points.
const SPARK: (f64, f64) = (16.0, 5.0);
/// The columns that a name may take, and a title: a few lines each.
const NAME: usize = 80;
const TITLE: usize = 500;
/// The widest part of a number that is aligned, in digits.
const ALIGNED: usize = 16;

/// A box that scrolls where its content is wider than the screen, with its own name for who cannot see it.
pub(super) fn scrolling(m: &mut Markup, label: &str, inside: impl FnOnce(&mut Markup)) {
    m.element("div", &[("class", "scroll"), ("role", "group"), ("tabindex", "0"), ("aria-label", label)], inside);
    m.line();
}

/// The class of a tone.
pub(super) fn tone(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "",
        Tone::Strong => "strong",
        Tone::Good => "good",
        Tone::Bad => "bad",
        Tone::Faint => "faint",
    }
}

/// The class of a word that names a state of this document, of those that judge; empty for any other.
pub(super) fn state(word: &str, states: &[State]) -> &'static str {
    match face::judged(word, states) {
        Some(Judged::Winning) => "state winning",
        Some(Judged::Building) => "state building",
        Some(Judged::Coasting) => "state coasting",
        Some(Judged::Behind) => "state behind",
        None => "",
    }
}

/// A name within so many columns, and as a title what of it is not seen; empty where all is.
pub(super) fn clipped(name: &str, columns: usize) -> (String, String) {
    let name = text::line(name, false);
    let shown = text::shorten(&name, columns, Cut::End, false);
    let title = if shown == *name { String::new() } else { text::shorten(&name, TITLE, Cut::End, false) };
    (shown, title)
}

/// A table of the page; where its title is said right above, its caption is there for who cannot see that.
pub(super) fn table(m: &mut Markup, table: &Table, is_said: bool, states: &[State]) {
    let headings: Vec<Vec<String>> = table.columns.iter().map(|column| face::lines(column, false)).collect();
    let title = text::line(&table.title, false);
    let said: Vec<String> = headings.iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join(" ")).collect();
    let name = if title.is_empty() { said.join(", ") } else { title.into_owned() };
    let laid: Vec<Laid> = (0..table.columns.len()).map(|at| Laid::new(table, at)).collect();
    scrolling(m, &name, |m| {
        m.element("table", &[], |m| {
            m.words("caption", &[("class", if is_said || table.title.trim().is_empty() { "unseen" } else { "" })], &name);
            m.line();
            m.element("thead", &[], |m| head(m, table, &headings, &laid));
            m.line();
            m.element("tbody", &[], |m| {
                for row in &table.rows {
                    m.line();
                    m.element("tr", &[("class", tone(row.tone))], |m| cells(m, row, &laid, states));
                }
            });
        });
    });
}

fn head(m: &mut Markup, table: &Table, headings: &[Vec<String>], laid: &[Laid]) {
    if !table.groups.is_empty() {
        m.element("tr", &[("class", "groups")], |m| {
            let mut left = headings.len();
            for (title, over) in table.groups.iter().map(|(title, over)| (title.as_str(), *over)).chain([("", usize::MAX)]) {
                let span = over.min(left);
                if span > 0 {
                    group(m, &text::line(title, false), span, left == headings.len());
                }
                left -= span;
            }
        });
        m.line();
    }
    m.element("tr", &[], |m| {
        for (heading, laid) in headings.iter().zip(laid) {
            if heading.is_empty() {
                m.words("td", &[("class", laid.class())], "");
            } else {
                m.element("th", &[("scope", "col"), ("class", laid.class())], |m| {
                    for (at, line) in heading.iter().enumerate() {
                        m.text(if at > 0 { " " } else { "" });
                        m.words("span", &[], line);
                    }
                });
            }
        }
    });
}

/// A heading over several columns. Blanks are no headings. The word before two spaces says the role.
fn group(m: &mut Markup, title: &str, span: usize, first: bool) {
    let span = span.to_string();
    if title.is_empty() {
        m.words("td", &[("colspan", &span)], "");
        return;
    }
    m.element("th", &[("scope", "colgroup"), ("colspan", &span), ("class", if first { "" } else { "g" })], |m| {
        match title.split_once("  ") {
            Some((role, rest)) => {
                m.words("b", &[], role);
                m.text("  ");
                m.words("span", &[], rest.trim_start());
            }
            None => m.words("b", &[], title),
        }
    });
}

fn cells(m: &mut Markup, row: &Row, laid: &[Laid], states: &[State]) {
    let blank = Cell::default();
    for (at, laid) in laid.iter().enumerate() {
        let cell = row.cells.get(at).unwrap_or(&blank);
        let shade = if let Content::Shade { share, .. } = cell.content { heat::shade_of(share) } else { "" };
        let class = [laid.class(), shade, tone(cell.tone)].into_iter().filter(|c| !c.is_empty()).collect::<Vec<_>>().join(" ");
        match (&cell.content, at) {
            // A row is named by its first cell; a name that is not there names nothing.
            (Content::Text(words), 0) if !words.trim().is_empty() => {
                let (shown, title) = clipped(words, NAME);
                let clipped = Cell { content: Content::Text(shown), ..cell.clone() };
                m.element("th", &[("scope", "row"), ("class", &class), ("title", &title)], |m| content(m, &clipped, laid, states));
            }
            _ => m.element("td", &[("class", &class)], |m| content(m, cell, laid, states)),
        }
    }
}

fn content(m: &mut Markup, cell: &Cell, laid: &Laid, states: &[State]) {
    let bad = cell.tone == Tone::Bad;
    match &cell.content {
        Content::Blank => {}
        Content::Text(words) => {
            let words = text::line(words, false);
            match state(&words, states) {
                "" => m.words("bdi", &[], &words),
                class => m.words("span", &[("class", class)], &words),
            }
            mark(m, bad && !words.is_empty());
        }
        Content::Value { value, against, share } => {
            let [held, part] = laid.widths;
            let percent = share.and_then(number::percent).unwrap_or_default();
            self::value(m, value);
            // What follows a value is as wide in each row, so that values end in one column.
            if held > 0 {
                m.element("span", &[("class", &format!("w{held}"))], |m| {
                    m.text(&face::against(against.as_ref(), false));
                    mark(m, bad && percent.is_empty());
                });
            }
            if part > 0 {
                m.text(" ");
                m.element("span", &[("class", &format!("p w{part}"))], |m| {
                    m.text(&percent);
                    mark(m, bad && !percent.is_empty());
                });
            }
        }
        Content::Shade { text, .. } => {
            m.text(&text::line(text, false));
            mark(m, bad);
        }
        Content::Spark(points) => {
            spark(m, points);
            mark(m, bad);
        }
        Content::Scores(values) => {
            scores::cell(m, values);
            mark(m, bad);
        }
    }
}

fn mark(m: &mut Markup, bad: bool) {
    if bad {
        m.words("b", &[("class", "mark")], MARK);
    }
}

/// A value as the page shows it; where it is missing, a dash and the reason for whoever asks or cannot see it.
pub(super) fn value(m: &mut Markup, value: &Value) {
    match (number::page(value), value) {
        (Some(shown), _) => m.text(&text::line(&shown, false)),
        (None, Value::Missing(why)) => missing(m, why.says()),
        (None, _) => missing(m, "no number"),
    }
}

/// A dash with its reason.
fn missing(m: &mut Markup, reason: &str) {
    m.element("span", &[("class", "missing"), ("title", reason)], |m| {
        m.text(face::dash(false));
        m.words("span", &[("class", "unseen")], &format!(" {reason}"));
    });
}

/// A chart from zero to its own highest point, the last point marked; only a zero (or less) is at the bottom, and a gap is a gap.
fn spark(m: &mut Markup, points: &[Option<f64>]) {
    if points.is_empty() {
        return;
    }
    let (height, width) = SPARK;
    let points: Vec<Option<f64>> = points.iter().map(|p| p.filter(|p| p.is_finite())).collect();
    let scale = Linear { low: 0.0, high: points.iter().flatten().copied().fold(0.0, f64::max).max(f64::MIN_POSITIVE), length: height };
    let slots = Slots { start: 0.0, width };
    let bars: Vec<Option<scale::Bar>> =
        points.iter().enumerate().map(|(at, point)| point.map(|p| scale::bar_of(&scale, &slots, at, 0.0, 1.0, p.max(0.0)))).collect();
    let said: Vec<String> =
        points.iter().map(|p| p.and_then(|p| number::float(p, 1)).unwrap_or_else(|| face::dash(false).to_owned())).collect();
    let view = format!("0 0 {} {}", shape::px(width * points.len() as f64), shape::px(height));
    m.element("svg", &[("class", "spark"), ("viewBox", &view), ("role", "img")], |m| {
        m.words("title", &[], &said.join(", "));
        let (last, before) = bars.split_last().map_or((None, &[][..]), |(last, before)| (*last, before));
        shape::bars(m, "", before.iter().flatten());
        shape::bars(m, "last", last.iter());
    });
}

/// How the cells of a column lie.
#[derive(Debug)]
struct Laid {
    right: bool,
    /// The characters of what follows a value, and of the percentage; marks included.
    widths: [usize; 2],
    /// Whether it is the first under a heading over several columns.
    first: bool,
}

impl Laid {
    fn new(table: &Table, at: usize) -> Self {
        let cells = || table.rows.iter().filter_map(|row| row.cells.get(at));
        let (mut widths, mut numbers) = ([0; 2], false);
        for cell in cells() {
            if let Content::Value { value, against, share } = &cell.content {
                let mark = usize::from(cell.tone == Tone::Bad);
                let share = share.and_then(number::percent).unwrap_or_default();
                let held = face::against(against.as_ref(), false);
                let (held_mark, share_mark) = if share.is_empty() { (mark, 0) } else { (0, mark) };
                numbers |= !value.is_missing();
                for (widest, part) in widths.iter_mut().zip([text::width(&held) + held_mark, text::width(&share) + share_mark]) {
                    *widest = part.min(ALIGNED).max(*widest);
                }
            }
        }
        let right = table.columns.get(at).is_some_and(|column| column.right);
        let starts = table.groups.iter().scan(0, |next, (title, over)| {
            let start = *next;
            *next += over;
            Some((start, title))
        });
        let first = at > 0 && starts.into_iter().any(|(start, title)| start == at && !title.trim().is_empty());
        Self { right: right || numbers, widths, first }
    }

    /// The classes of its cells.
    fn class(&self) -> &'static str {
        match (self.right, self.first) {
            (true, true) => "n g",
            (true, false) => "n",
            (false, true) => "g",
            (false, false) => "",
        }
    }
}

/// Rows that no page says more about.
pub(super) fn grid(m: &mut Markup, grid: &Grid, title: &str) {
    let title = if grid.name.is_empty() { title } else { grid.name };
    scrolling(m, title, |m| {
        m.element("table", &[("class", "grid")], |m| {
            m.words("caption", &[], &text::line(title, false));
            m.line();
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| grid.columns.iter().for_each(|column| m.words("th", &[("scope", "col")], column)));
            });
            m.line();
            m.element("tbody", &[], |m| {
                for row in &grid.rows {
                    m.line();
                    m.element("tr", &[], |m| tidy::grid_fields(grid, row).for_each(|field| grid_cell(m, field)));
                }
            });
        });
    });
}

fn grid_cell(m: &mut Markup, field: Field<'_>) {
    match field {
        Field::Empty => m.words("td", &[], ""),
        Field::Text(words) => m.element("td", &[], |m| m.words("bdi", &[], &text::line(&words, false))),
        Field::Word(word) => m.words("td", &[], &word),
        Field::Number(digits) => m.words("td", &[("class", "n")], &digits),
        Field::Flag(flag) => m.words("td", &[], if flag { "true" } else { "false" }),
    }
}
