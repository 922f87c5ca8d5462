//! The heat map: a table for each group, its cells shaded by how much is reached, the values printed in them.

use std::collections::HashMap;

use crate::document::{Heat, HeatCell, HeatGroup, HeatRow};
use crate::render::face;
use crate::render::html::markup::Markup;
use crate::render::html::{course, table, words};
use crate::render::number;
use crate::render::text;
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
    Some(shade_of(share))
}

/// The class of the shade of a share.
pub(super) fn shade_of(share: f64) -> &'static str {
    SHADES.get(STEPS.iter().filter(|step| share >= **step).count()).map_or("", |(class, _)| *class)
}

fn group(m: &mut Markup, group: &HeatGroup, columns: &[String]) {
    let short = words::short(columns.iter().map(String::as_str));
    let against: Vec<String> = group.rows.iter().map(held_against).collect();
    let has_held = against.iter().any(|held| !held.is_empty());
    let title = text::line(&group.title, false);
    table::scrolling(m, &title, |m| {
        m.element("table", &[("class", "heat")], |m| {
            m.words("caption", &[], &title);
            m.line();
            m.element("thead", &[], |m| {
                m.element("tr", &[], |m| {
                    m.words("td", &[], "");
                    if has_held {
                        m.words("th", &[("scope", "col"), ("title", "what most of the row is held against; other cells say so")], "of");
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
                for (one, held) in group.rows.iter().zip(&against) {
                    m.line();
                    m.element("tr", &[], |m| row(m, one, held, has_held));
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

/// What most cells of a row are held against, of several equally many the latest; empty where it is nothing.
fn held_against(row: &HeatRow) -> String {
    let mut many: HashMap<String, usize> = HashMap::new();
    let (mut most, mut found) = (0, String::new());
    for held in row.cells.iter().filter_map(|cell| cell.against.as_ref()).filter_map(number::page) {
        let times = many.entry(held.clone()).or_default();
        *times += 1;
        if *times >= most {
            (most, found) = (*times, held);
        }
    }
    found
}

fn row(m: &mut Markup, row: &HeatRow, held: &str, has_held: bool) {
    let (shown, title) = table::clipped(&row.name, NAME);
    m.element("th", &[("scope", "row"), ("title", &title)], |m| m.words("bdi", &[], &shown));
    if has_held {
        m.words("td", &[("class", "of")], held);
    }
    for cell in &row.cells {
        let against = cell.against.as_ref().and_then(number::page).filter(|against| against != held);
        match &cell.value {
            Value::Missing(why) => m.words("td", &[("title", why.says())], face::dash(false)),
            value => {
                let title = against.map_or_else(String::new, |against| format!("of {against}"));
                m.element("td", &[("class", shade(cell).unwrap_or_default()), ("title", &title)], |m| table::value(m, value));
            }
        }
    }
}
