//! A reader of Markdown as far as tables, lists and headings go, written from the specification of GFM: it gives the text that a page shows, and
//! refuses whatever a page could make more of.

use super::formats::obeyed;

/// What a page shows.
#[derive(Default)]
pub(super) struct Shown {
    /// The text of each heading.
    pub headings: Vec<String>,
    /// The text of each cell of a table.
    pub cells: Vec<String>,
}

/// Reads a page; an error where anything in it is neither heading, list, table nor plain text.
pub(super) fn read(text: &str) -> Result<Shown, String> {
    let mut shown = Shown::default();
    let mut width = None;
    if let Some(bad) = text.chars().find(|&c| c != '\n' && obeyed(c)) {
        return Err(format!("it holds U+{:04X}", u32::from(bad)));
    }
    for line in text.lines() {
        let place = |e: String| format!("{e}: {line}");
        if let Some(row) = line.strip_prefix('|') {
            let cells = cells(row).map_err(place)?;
            if *width.get_or_insert(cells.len()) != cells.len() {
                return Err(place(format!("{} cells", cells.len())));
            }
            for cell in cells {
                shown.cells.push(inline(cell.trim()).map_err(place)?);
            }
            continue;
        }
        width = None;
        let rest = line.trim_start_matches('#');
        if rest.len() < line.len() {
            let rest = rest.strip_prefix(' ').ok_or_else(|| place("no heading".to_owned()))?;
            if rest.ends_with('#') && !rest.trim_end_matches('#').ends_with(|c: char| c == '\\' || !c.is_whitespace()) {
                return Err(place("a heading that ends before its end".to_owned()));
            }
            shown.headings.push(inline(rest).map_err(place)?);
            continue;
        }
        let item = line.strip_prefix("  ").unwrap_or(line).strip_prefix("- ");
        let block = item.unwrap_or(line);
        if block.starts_with(['#', '>', ' ', '=']) || block.starts_with("- ") || block.starts_with("+ ") || block == "-" || numbered(block)
        {
            return Err(place("a block begins".to_owned()));
        }
        inline(block).map_err(place)?;
    }
    Ok(shown)
}

fn numbered(line: &str) -> bool {
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.len() && [". ", ") "].iter().any(|mark| rest.starts_with(mark) || rest == mark.trim_end())
}

/// The cells of a row without its first pipe. A pipe behind one backslash is text; behind two, readers differ.
fn cells(row: &str) -> Result<Vec<String>, String> {
    let mut cells = vec![String::new()];
    let mut slashes = 0;
    for c in row.chars() {
        let cell = cells.last_mut().expect("there is one");
        match (c, slashes) {
            ('|', 0) => cells.push(String::new()),
            ('|', 1) => {
                cell.pop();
                cell.push('|');
            }
            ('|', _) => return Err("a pipe behind two backslashes".to_owned()),
            _ => cell.push(c),
        }
        slashes = if c == '\\' { slashes + 1 } else { 0 };
    }
    match cells.pop() {
        Some(last) if last.is_empty() => Ok(cells),
        _ => Err("a row without an end".to_owned()),
    }
}

/// The text that a line of Markdown shows; a bold part is text.
fn inline(line: &str) -> Result<String, String> {
    let mut out = String::new();
    // What a page searches for links and the like: everything but code.
    let mut searched = String::new();
    let mut stars = 0;
    let mut rest = line;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let last = searched.chars().next_back();
        rest = after;
        let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        match c {
            '`' => {
                let fence = "`".repeat(1 + after.len() - after.trim_start_matches('`').len());
                let body = &after[fence.len() - 1..];
                let end = closing(body, &fence).ok_or("code without an end")?;
                let inner = &body[..end];
                let spaced = inner.starts_with(' ') && inner.ends_with(' ') && !inner.trim().is_empty();
                out.push_str(if spaced { &inner[1..inner.len() - 1] } else { inner });
                searched.push(' ');
                rest = &body[end + fence.len()..];
                continue;
            }
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                let next = after.chars().next().expect("it begins with one");
                out.push(next);
                searched.push(next);
                rest = &after[1..];
                continue;
            }
            '\\' if after.is_empty() => return Err("a backslash at the end".to_owned()),
            '&' => {
                if let Some((reference, text)) =
                    [("amp;", "&"), ("lt;", "<"), ("#124;", "|")].iter().find(|(name, _)| after.starts_with(name))
                {
                    out.push_str(text);
                    searched.push_str(text);
                    rest = &after[reference.len()..];
                    continue;
                }
                if after
                    .split_once(';')
                    .is_some_and(|(name, _)| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'))
                {
                    return Err("a reference".to_owned());
                }
            }
            '*' if after.starts_with('*') => {
                stars += 1;
                rest = &after[1..];
                continue;
            }
            '<' | '*' | '[' | '~' => return Err(format!("a live {c}")),
            '_' if !(letter(last) || last == Some('_')) || !(letter(after.chars().next()) || after.starts_with('_')) => {
                return Err("a live _".to_owned());
            }
            _ => {}
        }
        out.push(c);
        searched.push(c);
    }
    if stars % 2 > 0 {
        return Err("bold without an end".to_owned());
    }
    searched_for(&searched)?;
    Ok(out)
}

/// Where a run of just so many backticks begins.
fn closing(body: &str, fence: &str) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = body[at..].find('`') {
        let start = at + found;
        let run = body[start..].len() - body[start..].trim_start_matches('`').len();
        if run == fence.len() {
            return Some(start);
        }
        at = start + run;
    }
    None
}

/// What GitHub makes of the text that is left: calls, references, links, pictures, formulas.
fn searched_for(text: &str) -> Result<(), String> {
    let lower = text.to_lowercase();
    let follows = |mark: &str, of: fn(char) -> bool| lower.match_indices(mark).any(|(at, _)| lower[at + mark.len()..].starts_with(of));
    if follows("@", char::is_alphanumeric) || follows("#", |c| c.is_ascii_digit()) || follows("gh-", |c| c.is_ascii_digit()) {
        return Err("somebody or something is referred to".to_owned());
    }
    if ["://", "www.", "mailto:"].iter().any(|link| lower.contains(link)) {
        return Err("a link".to_owned());
    }
    if lower.contains(":tada:") {
        return Err("a picture".to_owned());
    }
    // A dollar sign before something and one behind something after it.
    let formula = lower.match_indices('$').any(|(at, _)| {
        let rest = &lower[at + 1..];
        rest.starts_with(|c: char| !c.is_whitespace()) && rest.match_indices('$').any(|(end, _)| !rest[..end].ends_with(' '))
    });
    if formula { Err("a formula".to_owned()) } else { Ok(()) }
}

#[test]
fn the_reader_sees_what_is_live() {
    for live in [
        "<b>",
        "a *b* c",
        "**b",
        "[x](y)",
        "~~x~~",
        "_x_",
        "x `y",
        "&copy; x",
        "hi @octocat",
        "see #12",
        "https://x.example",
        "www.x.example",
        ":tada:",
        "$x$",
        "- > quote",
        "- - list",
        "1. one",
        "- # x",
        "# a #",
        "| a | b |\n| a |",
        "| a \\\\| b |",
        "| a",
        "\u{202e}",
        "x\\",
    ] {
        assert!(read(live).is_err(), "{live}");
    }
    for (plain, text) in [("**a\\*b** `@x` \\<", "a*b @x <"), ("a\\_b &lt;i> c\\\\d", "a_b <i> c\\d"), ("``a`b`` x_y_z", "a`b x_y_z")] {
        assert_eq!(inline(plain).as_deref(), Ok(text));
    }
    let table = read("| a \\| b | `c\\|d` |\n| --- | --- |\n").ok().unwrap().cells;
    assert_eq!(table, ["a | b", "c|d", "---", "---"]);
}
