//! What a TOML parser objects to, in plain words.

use toml::de::Error;

use super::reading::{Source, brief, quote};
use crate::diagnostic::{Code, Diagnostic};

/// Reports the errors of a text that is no TOML: one per line, and none after a list or table that never closes, since what follows is
/// then misread.
pub(super) fn explain(source: &Source<'_>, errors: &[Error]) {
    let mut errors: Vec<(usize, &Error)> = errors.iter().map(|e| (e.span().map_or(0, |s| s.start), e)).collect();
    errors.sort_by_key(|(start, _)| *start);
    let mut last_line = 0;
    for (start, error) in errors {
        let line = source.line(start);
        if line == last_line {
            continue;
        }
        last_line = line;
        let (message, hint) = plain(source, error);
        let diagnostic = Diagnostic::error(Code::ConfigSyntax, message).at(source.at(start));
        source.report(if hint.is_empty() { diagnostic } else { diagnostic.hint(hint) });
        let reason = error.message();
        if reason.starts_with("unclosed") || reason.contains("array elements") || reason.contains("inline table") {
            break;
        }
    }
}

fn plain(source: &Source<'_>, error: &Error) -> (String, String) {
    let reason = error.message();
    let found = error.span().map(|span| source.slice(span)).unwrap_or_default();
    let small = found.to_lowercase();
    if reason.starts_with("invalid boolean") && (small == "true" || small == "false") {
        return (format!("`{found}` is written in small letters"), format!("write {small}"));
    }
    // A bare word that begins with t or f is taken for a misspelled true or false.
    if reason.starts_with("string values must be quoted") || reason.starts_with("invalid boolean") {
        if found.trim().is_empty() {
            return ("a key without a value".to_owned(), "write the value after `=`, or take the line out".to_owned());
        }
        let bare = found.trim_matches(['“', '”', '„', '‘', '’', '«', '»']);
        return (format!("`{}` needs quotation marks", brief(found)), format!("write {}", brief(&quote(bare))));
    }
    if reason.starts_with("duplicate key") {
        return (format!("`{}` stands here a second time", brief(found)), "keep one of the two".to_owned());
    }
    if reason.starts_with("key with no value") {
        return ("a key without `=` and a value".to_owned(), "write key = value; a line that begins with # is a comment".to_owned());
    }
    if reason.contains("string, expected `") {
        return ("a text that never closes".to_owned(), "close it with the same quotation mark on the same line".to_owned());
    }
    if reason.starts_with("missing escaped value") {
        let message = "a backslash before a letter that cannot follow one".to_owned();
        return (message, "write the text between single quotes, 'like this', where a backslash is only a backslash".to_owned());
    }
    let hint = match reason {
        r if r.starts_with("missing comma between array") => "put a comma between the items and ] after the last",
        r if r.starts_with("unclosed array") => "close the list with ]",
        r if r.starts_with("unclosed inline table") => "close it with }",
        r if r.starts_with("unclosed table") => "close the table's name with ]",
        r if r.starts_with("invalid date") => "write a date as \"2026-11-26\"",
        _ => "",
    };
    (reason.to_owned(), hint.to_owned())
}
