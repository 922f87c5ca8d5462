//! A page for a browser, for mail and for paper: one file that needs nothing else and runs nothing.
//!
//! It is HTML and well-formed XML at once. There is no script, no resource from elsewhere, and a policy that forbids both. Text from the
//! exports is escaped, its control characters are shown, and each piece of it is isolated, so that names written from right to left
//! leave the row as it is. Charts are drawn here and by no charting library: marks need classes, for colors that follow the reader's
//! light or dark scheme, and words for who cannot see them, and `plotters` writes fixed colors, whole pixels and neither. Each number
//! of a chart is in a table or in the words of the chart too. `--ascii` is for terminals and means nothing here.

mod course;
mod curves;
mod heat;
mod markup;
mod multiples;
mod scale;
mod scores;
mod shape;
mod table;
mod words;

use crate::document::{Block, Document, Figure, Note, State};
use crate::render::{Style, text};
use markup::Markup;

/// What the page may load and run: nothing but the styles that are in it.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/// So many panels are few.
const FEW: usize = 15;

/// The document as a page.
#[allow(clippy::unnecessary_wraps, reason = "every format of the registry has this signature, and others can fail")]
pub(super) fn render(document: &Document, _style: &Style) -> anyhow::Result<Vec<u8>> {
    // What comes before the first banner is said before anything else.
    let banner = document.page.iter().position(|block| matches!(block, Block::Banner { .. }));
    let (top, rest) = document.page.split_at(banner.map_or(0, |at| at + 1));
    let title = match document.page.get(banner.unwrap_or(usize::MAX)) {
        Some(Block::Banner { left, right }) => [left, right].map(|end| text::line(end, false)).join(" · "),
        _ => text::line(&document.title, false).into_owned(),
    };
    let mut m = Markup::default();
    m.element("html", &[("lang", "en")], |m| {
        m.line();
        m.element("head", &[], |m| head(m, title.trim_matches([' ', '·'])));
        m.line();
        m.element("body", &[], |m| {
            m.line();
            m.element("header", &[], |m| {
                for block in top {
                    self::block(m, block, None, &document.states, "h1");
                }
                if banner.is_none() {
                    m.words("h1", &[], &text::line(&document.title, false));
                }
            });
            m.line();
            m.element("main", &[], |m| main(m, document, rest));
            m.line();
        });
        m.line();
    });
    Ok(format!("<!DOCTYPE html>\n{}\n", m.finish()).into_bytes())
}

fn head(m: &mut Markup, title: &str) {
    let named = [
        ("viewport", "width=device-width, initial-scale=1"),
        ("color-scheme", "light dark"),
        ("referrer", "no-referrer"),
        ("format-detection", "telephone=no"),
    ];
    m.line();
    m.void("meta", &[("charset", "utf-8")]);
    m.line();
    m.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", POLICY)]);
    for (name, content) in named {
        m.line();
        m.void("meta", &[("name", name), ("content", content)]);
    }
    m.line();
    m.words("title", &[], title);
    m.line();
    m.style(include_str!("html/style.css"));
    m.line();
}

fn main(m: &mut Markup, document: &Document, page: &[Block]) {
    m.line();
    let mut sections = page.chunk_by(|_, next| !begins(next));
    if !page.first().is_some_and(begins) {
        let blocks = sections.next().unwrap_or_default();
        for (at, block) in blocks.iter().enumerate() {
            // What stands below the first table explains it.
            let (before, _) = blocks.split_at(at);
            let below = before.iter().any(|block| matches!(block, Block::Table(_)));
            let class = if below { "below" } else { "block" };
            m.element("div", &[("class", class)], |m| self::block(m, block, before.last(), &document.states, "h2"));
            m.line();
        }
    }
    // The charts belong to the page, and stand before what is beside it; a page that is nothing but sections has them at its end.
    let board = page.iter().take_while(|block| !matches!(block, Block::Heading(..))).any(|block| matches!(block, Block::Table(_)));
    let mut drawn = false;
    for section in sections {
        if board && !drawn && matches!(section.first(), Some(Block::Heading(..))) {
            figures(m, &document.figures);
            drawn = true;
        }
        m.element("section", &[("class", "part")], |m| {
            for (at, block) in section.iter().enumerate() {
                self::block(m, block, section.split_at(at).0.last(), &document.states, "h2");
            }
        });
        m.line();
    }
    if !drawn {
        figures(m, &document.figures);
    }
    if let Some(grid) = document.grid.as_ref().filter(|_| document.page.is_empty()) {
        table::grid(m, grid, &document.title);
    }
}

fn block(m: &mut Markup, block: &Block, before: Option<&Block>, states: &[State], heading: &'static str) {
    match block {
        Block::Banner { left, right } => {
            let (left, right) = (text::line(left, false), text::line(right, false));
            m.element("div", &[("class", "banner")], |m| {
                if !left.is_empty() {
                    m.element(heading, &[], |m| m.words("bdi", &[], &left));
                }
                if !right.is_empty() {
                    m.words("p", &[], &right);
                }
            });
            m.line();
        }
        Block::Heading(_, title) => {
            m.element(heading, &[], |m| m.words("bdi", &[], &text::line(title, false)));
            m.line();
        }
        Block::Notes(list) => notes(m, list, states),
        Block::Table(table) => table::table(m, table, before.is_some_and(|before| says(before, &table.title)), states),
    }
}

/// Whether a block is a heading that says just this, or ends with a line that does.
fn says(block: &Block, title: &str) -> bool {
    match block {
        Block::Notes(list) => list.last().is_some_and(|note| note.label.is_empty() && note.parts.len() == 1 && note.parts[0] == title),
        Block::Heading(_, said) => said == title,
        Block::Banner { .. } | Block::Table(_) => false,
    }
}

/// Whether a block begins a section of its own.
fn begins(block: &Block) -> bool {
    matches!(block, Block::Banner { .. } | Block::Heading(..))
}

/// Labelled lines; a line without a label joins the one before it.
fn notes(m: &mut Markup, list: &[Note], states: &[State]) {
    let labelled = list.iter().position(|note| !note.label.trim().is_empty()).unwrap_or(list.len());
    let (alone, labelled) = list.split_at(labelled);
    for note in alone {
        m.element("p", &[("class", table::tone(note.tone))], |m| parts(m, note));
        m.line();
    }
    if labelled.is_empty() {
        return;
    }
    m.element("dl", &[], |m| {
        for run in labelled.chunk_by(|_, next| next.label.trim().is_empty()) {
            m.line();
            let Some(first) = run.first() else { continue };
            let of_sub = if first.label.starts_with(' ') { "sub " } else { "" };
            let class = format!("{of_sub}{}", table::tone(first.tone));
            m.element("div", &[("class", class.trim())], |m| {
                let label = text::line(&first.label, false);
                m.element("dt", &[], |m| match table::state(&label, states) {
                    "" => m.words("bdi", &[], &label),
                    class => m.words("span", &[("class", class)], &label),
                });
                for note in run {
                    let tone = if note.label.is_empty() { table::tone(note.tone) } else { "" };
                    m.element("dd", &[("class", tone)], |m| parts(m, note));
                }
            });
        }
    });
    m.line();
}

/// The parts of a note, each isolated from the next and whole where it fits on a line; a line that goes on ends with the separator.
fn parts(m: &mut Markup, note: &Note) {
    let parts: Vec<_> = note.parts.iter().map(|part| text::line(part, false)).filter(|part| !part.is_empty()).collect();
    let last = parts.len().saturating_sub(1);
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            m.text(" ");
        }
        m.element("span", &[], |m| {
            m.words("bdi", &[], part);
            m.text(if at < last { text::SEPARATOR.trim_end() } else { "" });
        });
    }
}

fn figures(m: &mut Markup, figures: &[Figure]) {
    if figures.is_empty() {
        return;
    }
    m.element("div", &[("class", "figures")], |m| {
        m.line();
        for (at, figure) in figures.iter().enumerate() {
            self::figure(m, figure, &format!("f{}", at + 1));
        }
    });
    m.line();
}

fn figure(m: &mut Markup, figure: &Figure, id: &str) {
    let (class, title, says) = match figure {
        Figure::Course(course) => ("figure course", &course.title, &course.says),
        // On paper few panels stand beside the course.
        Figure::Multiples(multiples) if multiples.panels.len() <= FEW => ("figure few", &multiples.title, &multiples.says),
        Figure::Multiples(multiples) => ("figure", &multiples.title, &multiples.says),
        Figure::Heat(heat) => ("figure", &heat.title, &heat.says),
        Figure::Scores(scores) => ("figure", &scores.title, &scores.says),
        Figure::Curves(curves) => ("figure", &curves.title, &curves.says),
    };
    let heading = format!("{id}-h");
    m.element("section", &[("class", class), ("aria-labelledby", &heading)], |m| {
        m.line();
        m.words("h2", &[("id", &heading)], &text::line(title, false));
        m.line();
        m.words("p", &[("class", "says")], &text::line(says, false));
        m.line();
        match figure {
            Figure::Course(course) => course::course(m, course, id),
            Figure::Multiples(multiples) => multiples::multiples(m, multiples),
            Figure::Heat(heat) => heat::heat(m, heat),
            Figure::Scores(scores) => scores::figure(m, scores),
            Figure::Curves(curves) => curves::figure(m, curves, id),
        }
    });
    m.line();
}

#[cfg(test)]
mod tests;
