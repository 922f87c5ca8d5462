//! Diagnostics for the standard error stream.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::diagnostic::{Code, Diagnostic, Location, Place, Severity};
use crate::render::terminal::{Paint, painted};
use crate::render::text::{self, Cut};
use crate::render::Style;

/// How many diagnostics of one code and file are printed before the rest is counted.
const SHOWN: usize = 5;
/// The columns after which a message is cut unless everything was asked for: one cell of an export may hold a novel.
const LONGEST: usize = 600;

/// The diagnostics as lines of text, in their order: `error[bad-date]: activities.csv:12, column "Due Date": …`, then a line per hint.
///
/// Unless `verbose`, notes are left away, and so are the diagnostics after the first five of one code and file, whose number is said.
/// A hint that one code has given already is not repeated. The style's width does not matter: a terminal wraps, a log keeps its lines.
pub fn diagnostics(list: &[Diagnostic], style: &Style, verbose: bool) -> String {
    let mut groups: Vec<Vec<&Diagnostic>> = Vec::new();
    let mut group_of: HashMap<(Code, Severity, &str), usize> = HashMap::new();
    for diagnostic in list.iter().filter(|diagnostic| verbose || diagnostic.severity > Severity::Note) {
        let file = diagnostic.location.as_ref().map_or("", |location| location.file.as_str());
        let group = *group_of.entry((diagnostic.code, diagnostic.severity, file)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        if let Some(group) = groups.get_mut(group) {
            group.push(diagnostic);
        }
    }
    let mut out = String::new();
    let mut hinted: HashSet<(Code, &str)> = HashSet::new();
    for group in groups {
        let shown = if verbose { group.len() } else { SHOWN };
        for diagnostic in group.iter().take(shown) {
            out.push_str(&spelled(diagnostic, style, verbose));
            for hint in diagnostic.hints.iter().filter(|hint| hinted.insert((diagnostic.code, hint))) {
                out.push_str("  ");
                out.push_str(&painted("hint:", [Paint::Faint], style));
                out.push(' ');
                out.push_str(&words(hint, style, verbose));
                out.push('\n');
            }
        }
        if group.len() > shown {
            let dots = if style.ascii { "..." } else { "…" };
            let more = format!("  {dots} and {} more like it (all of them: -v or --format json)", group.len() - shown);
            out.push_str(&painted(&more, [Paint::Faint], style));
            out.push('\n');
        }
    }
    out
}

fn spelled(diagnostic: &Diagnostic, style: &Style, verbose: bool) -> String {
    let (severity, paint) = match diagnostic.severity {
        Severity::Error => ("error", Paint::Error),
        Severity::Warning => ("warning", Paint::Warning),
        Severity::Note => ("note", Paint::Strong),
    };
    let mut out = painted(&format!("{severity}[{}]", diagnostic.code), [paint], style);
    out.push_str(": ");
    if let Some(location) = &diagnostic.location {
        out.push_str(&place(location, style));
        out.push_str(": ");
    }
    out.push_str(&words(&diagnostic.message, style, verbose));
    out.push('\n');
    out
}

/// Where something is: `file:line:position`, or `file:line, column "Heading"`.
fn place(location: &Location, style: &Style) -> String {
    let mut out = text::line(&location.file, style.ascii).into_owned();
    let mut add = |part: std::fmt::Arguments<'_>| {
        let written = out.write_fmt(part);
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    };
    if let Some(line) = location.line {
        add(format_args!(":{line}"));
    }
    match &location.column {
        Some(Place::Position(position)) => add(format_args!(":{position}")),
        Some(Place::Heading(heading)) => add(format_args!(", column \"{}\"", text::line(heading, style.ascii))),
        None => {}
    }
    out
}

fn words(words: &str, style: &Style, verbose: bool) -> String {
    let words = text::line(words, style.ascii);
    if verbose { words.into_owned() } else { text::shorten(&words, LONGEST, Cut::Middle, style.ascii) }
}
