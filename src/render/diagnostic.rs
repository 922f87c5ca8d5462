//! Diagnostics for the standard error stream.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;

use crate::diagnostic::{Code, Diagnostic, Location, Place, Severity};
use crate::render::Style;
use crate::render::terminal::{Paint, painted};
use crate::render::text::{self, Cut};

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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn dates(count: u32) -> Vec<Diagnostic> {
        let bad = |line| {
            Diagnostic::error(Code::BadDate, format!("'{line}.02.2026' is no date"))
                .at(Location::cell("activities.csv", line, "Due Date"))
                .hint("say [inputs] date_order")
        };
        (1..=count).map(bad).collect()
    }

    #[test]
    fn each_place_is_spelled() {
        let list = [
            Diagnostic::error(Code::BadDate, "'31.02.2026' is no date").at(Location::cell("activities.csv", 12, "Due Date")),
            Diagnostic::error(Code::FilterColumn, "no column 'knd'")
                .at(Location::at("leadlag.toml", 3, 17))
                .hint("did you mean 'kind'?")
                .hint("see --help"),
            Diagnostic::warning(Code::RaggedRow, "5 fields, 6 headings").at(Location::line("deals.csv", 7)),
            Diagnostic::warning(Code::EmptyFile, "nothing in it").at(Location::file("leads.csv")),
            Diagnostic::error(Code::NoInput, "nothing to read"),
            Diagnostic::note(Code::Assumed, "14 meetings were held"),
        ];
        let expected = "\
error[bad-date]: activities.csv:12, column \"Due Date\": '31.02.2026' is no date
error[filter-column]: leadlag.toml:3:17: no column 'knd'
  hint: did you mean 'kind'?
  hint: see --help
warning[ragged-row]: deals.csv:7: 5 fields, 6 headings
warning[empty-file]: leads.csv: nothing in it
error[no-input]: nothing to read
";
        assert_eq!(diagnostics(&list, &Style::default(), false), expected);
        let verbose = format!("{expected}note[assumed]: 14 meetings were held\n");
        assert_eq!(diagnostics(&list, &Style::default(), true), verbose);
        assert_eq!(diagnostics(&[], &Style::default(), true), "");
    }

    #[test]
    fn many_of_a_kind_are_counted() {
        let mut list = dates(42);
        list.insert(1, Diagnostic::error(Code::BadDate, "elsewhere").at(Location::line("deals.csv", 2)));
        let shown = diagnostics(&list, &Style::default(), false);
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines.len(), 5 + 1 + 1 + 1, "{shown}");
        assert_eq!(lines[0], "error[bad-date]: activities.csv:1, column \"Due Date\": '1.02.2026' is no date");
        assert_eq!(lines[1], "  hint: say [inputs] date_order");
        assert_eq!(lines[6], "  … and 37 more like it (all of them: -v or --format json)");
        assert_eq!(lines[7], "error[bad-date]: deals.csv:2: elsewhere");
        assert_eq!(diagnostics(&list, &Style::default(), true).lines().count(), 43 + 1);
        assert_eq!(diagnostics(&dates(5), &Style::default(), false).lines().count(), 5 + 1);
        assert!(diagnostics(&list, &Style { ascii: true, ..Style::default() }, false).is_ascii());
    }

    #[test]
    fn hostile_text_is_shown_and_a_novel_is_cut() {
        let list = [Diagnostic::warning(Code::UnknownOwner, format!("\u{1b}[31m{}\r\n", "x".repeat(10_000)))
            .at(Location::cell("a\u{202e}.csv", 1, "h\u{7}"))
            .hint("\u{9b}2J")];
        let shown = diagnostics(&list, &Style::default(), false);
        assert!(shown.starts_with("warning[unknown-owner]: a<U+202E>.csv:1, column \"h␇\": ␛[31mxxx"));
        assert!(shown.ends_with("xx␍␊\n  hint: <U+009B>2J\n"));
        assert!(shown.len() < 800);
        assert!(diagnostics(&list, &Style::default(), true).len() > 10_000);
    }

    #[test]
    fn color_marks_how_grave_it_is() {
        let style = Style { color: true, ..Style::default() };
        let list = [Diagnostic::error(Code::NoInput, "nothing").hint("say which"), Diagnostic::warning(Code::Stale, "old")];
        let expected = "\x1b[1;31merror[no-input]\x1b[0m: nothing\n  \x1b[2mhint:\x1b[0m say which\n\x1b[1;33mwarning[stale]\x1b[0m: old\n";
        assert_eq!(diagnostics(&list, &style, false), expected);
    }
}
