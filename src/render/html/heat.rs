//! The heat map: a table for each group, its cells shaded by how much is reached, the values printed in them.

use crate::document::{Heat, HeatCell, HeatGroup, HeatRow};
use crate::render::html::markup::Markup;
use crate::render::html::{course, table, words};
use crate::render::number;
use crate::render::text::{self, Cut};
use crate::unit::Value;

/// From which share on each shade but the first begins; the first is that of nothing.
const STEPS: [f64; 6] = [f64::MIN_POSITIVE, 0.25, 0.5, 0.75, 1.0, 1.25];
/// The shades in words.
const SHADES: [(&str, &str); 7] = [
    ("h0", "nothing"),
    ("h1", "below 25 %"),
    ("h2", "25–49 %"),
    ("h3", "50–74 %"),
    ("h4", "75–99 %"),
    ("h5", "100–124 %"),
    ("h6", "125 % and more"),
];
/// The columns that a name may take.
const NAME: usize = 24;

/// The tables, side by side where there is room, and what their shades mean.
pub(super) fn heat(m: &mut Markup, heat: &Heat) {
    let cells = || heat.groups.iter().flat_map(|group| &group.rows).flat_map(|row| &row.cells);
    if cells().any(|cell| shade(cell).is_some()) {
        m.element("p", &[("class", "key")], |m| {
            m.words("span", &[], "reached:");
            m.text(" ");
            for (class, says) in SHADES {
                course::swatch(m, class, says);
            }
        });
        m.line();
    }
    m.element("div", &[("class", "heats")], |m| {
        for one in &heat.groups {
            m.line();
            group(m, one, &heat.columns);
        }
    });
    m.line();
}

/// The class of a cell's shade; none where nothing is held against anything.
fn shade(cell: &HeatCell) -> Option<&'static str> {
    let share = cell.share.filter(|share| !share.is_nan() && !cell.value.is_missing())?;
    SHADES.get(STEPS.iter().filter(|step| share >= **step).count()).map(|(class, _)| *class)
}

fn group(m: &mut Markup, group: &HeatGroup, columns: &[String]) {
    let short = words::short(columns.iter().map(String::as_str));
    // Where each row is held against one thing all the way, a column says it; else each cell does to whoever points at it.
    let against: Option<Vec<String>> = group.rows.iter().map(held_against).collect();
    let against = against.filter(|rows| rows.iter().any(|held| !held.is_empty()));
    let title = text::line(&group.title, false);
    table::scrolling(m, &title, |m| {
        m.element("table", &[("class", "heat")], |m| {
            m.words("caption", &[], &title);
            m.line();
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    m.words("td", &[], "");
                    if against.is_some() {
                        m.words("th", &[("scope", "col")], "of");
                    }
                    for (full, short) in columns.iter().zip(&short) {
                        // The year stands in the tooltip: columns are narrow.
                        let (shown, title) = narrow(full, short);
                        m.words("th", &[("scope", "col"), ("title", title)], shown);
                    }
                });
            });
            m.line();
            m.element("tbody", &[], |m| {
                for (at, one) in group.rows.iter().enumerate() {
                    m.line();
                    let held = against.as_ref().and_then(|rows| rows.get(at));
                    m.element("tr", &[], |m| row(m, one, held.map(String::as_str)));
                }
            });
        });
    });
}

/// A column's heading and the full name where that is another.
fn narrow<'a>(full: &'a str, short: &'a str) -> (&'a str, &'a str) {
    let shown = match short.split_once('-') {
        Some((_, rest)) if rest.starts_with(char::is_alphabetic) => rest,
        _ => short,
    };
    (shown, if shown == full { "" } else { full })
}

/// What all cells of a row are held against, where that is one thing; empty where it is nothing.
fn held_against(row: &HeatRow) -> Option<String> {
    let mut held = row.cells.iter().filter_map(|cell| cell.against.as_ref()).filter_map(number::page);
    let first = held.next().unwrap_or_default();
    held.all(|other| other == first).then_some(first)
}

fn row(m: &mut Markup, row: &HeatRow, held: Option<&str>) {
    let name = text::line(&row.name, false);
    let shown = text::shorten(&name, NAME, Cut::End, false);
    m.element("th", &[("scope", "row"), ("title", if shown == *name { "" } else { &name })], |m| m.words("bdi", &[], &shown));
    if let Some(held) = held {
        m.words("td", &[("class", "of")], held);
    }
    for cell in &row.cells {
        let against = cell.against.as_ref().filter(|_| held.is_none()).and_then(number::page);
        let title = against.map_or_else(String::new, |against| format!("of {against}"));
        m.element("td", &[("class", shade(cell).unwrap_or_default()), ("title", &title)], |m| match &cell.value {
            Value::Missing(why) => m.words("span", &[("title", words::reason(*why))], words::DASH),
            value => table::value(m, value),
        });
    }
}
