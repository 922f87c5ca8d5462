//! Text that is safe to show: control characters made visible, widths in columns, shortening and wrapping.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// What separates the parts of a note.
pub(super) const SEPARATOR: &str = " · ";

/// The most columns that one unbroken word of a note or a banner may take, over several lines.
const LONGEST_WORD: usize = 400;

/// Whether a character is unseen yet changes what a terminal, an editor or a reader makes of the text around it: control characters, line
/// and paragraph separators, bidirectional controls, zero-width spaces, byte order marks, tags.
pub(super) fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with every unseen character made visible, except those of `keep`: control characters as their pictures (`␛`) or, within ASCII,
/// as escapes (`\x1b`); all others as `<U+202E>`. Nothing else is changed.
pub(super) fn show<'a>(text: &'a str, ascii: bool, keep: &[char]) -> Cow<'a, str> {
    use std::fmt::Write;

    let hidden = |c: char| unseen(c) && !keep.contains(&c);
    if !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if !hidden(c) {
            out.push(c);
            continue;
        }
        let code = u32::from(c);
        let picture = match code {
            0..=0x1f => char::from_u32(0x2400 + code),
            0x7f => Some('\u{2421}'),
            _ => None,
        };
        let written = match (picture, ascii) {
            (Some(picture), false) => {
                out.push(picture);
                Ok(())
            }
            (Some(_), true) => match c {
                '\n' => out.write_str("\\n"),
                '\r' => out.write_str("\\r"),
                '\t' => out.write_str("\\t"),
                _ => write!(out, "\\x{code:02x}"),
            },
            (None, _) => write!(out, "<U+{code:04X}>"),
        };
        debug_assert!(written.is_ok(), "a String takes what is written to it");
    }
    Cow::Owned(out)
}

/// Text from the exports as one line of a terminal.
pub(super) fn line(text: &str, ascii: bool) -> Cow<'_, str> {
    match show(text, ascii, &[]) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The page's own words as one line of a terminal, with stand-ins for its typography where only ASCII is wanted.
pub(super) fn ours(text: &str, ascii: bool) -> Cow<'_, str> {
    let text = line(text, ascii);
    if !ascii || text.is_ascii() { text } else { Cow::Owned(stand_ins(&text)) }
}

/// ASCII stand-ins for the typographic marks that a page uses; letters and everything else stay.
fn stand_ins(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '–' | '—' | '−' | '‐' | '‑' => out.push('-'),
            '·' | '•' | '│' => out.push('|'),
            '…' => out.push_str("..."),
            '“' | '”' | '„' => out.push('"'),
            '‘' | '’' | '‚' => out.push('\''),
            '×' => out.push('x'),
            '÷' => out.push('/'),
            '≥' => out.push_str(">="),
            '≤' => out.push_str("<="),
            '≈' => out.push('~'),
            '→' => out.push_str("->"),
            '\u{a0}' | '\u{2009}' | '\u{202f}' => out.push(' '),
            '€' => out.push_str("EUR"),
            '£' => out.push_str("GBP"),
            _ => out.push(c),
        }
    }
    out
}

/// The separator of a note's parts.
pub(super) fn separator(ascii: bool) -> &'static str {
    if ascii { " | " } else { SEPARATOR }
}

/// The columns that a text takes.
pub(super) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text and spaces after it up to `columns`.
pub(super) fn pad(text: &str, columns: usize) -> String {
    format!("{text}{}", spaces(columns.saturating_sub(width(text))))
}

/// Spaces up to `columns`, then the text.
pub(super) fn pad_left(text: &str, columns: usize) -> String {
    format!("{}{text}", spaces(columns.saturating_sub(width(text))))
}

/// That many spaces.
pub(super) fn spaces(count: usize) -> String {
    " ".repeat(count)
}

/// What must not be cut apart: a character with the marks, joiners and modifiers that belong to it.
fn clusters(text: &str) -> Vec<&str> {
    let mut starts = Vec::new();
    let mut joined = false;
    for (at, c) in text.char_indices() {
        let belongs = c.width() == Some(0) || matches!(c, '\u{1f3fb}'..='\u{1f3ff}') || joined;
        if !belongs || at == 0 {
            starts.push(at);
        }
        joined = c == '\u{200d}';
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts.iter().zip(ends).filter_map(|(&start, end)| text.get(start..end)).collect()
}

/// Where a shortened text loses its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Keep the beginning.
    End,
    /// Keep both ends.
    Middle,
    /// Keep the end.
    Start,
}

/// The text in at most `columns` columns, with an ellipsis where something was cut.
pub(super) fn shorten(text: &str, columns: usize, cut: Cut, ascii: bool) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let dots = if ascii { "..." } else { "…" };
    let room = columns.saturating_sub(width(dots));
    let tail = match cut {
        Cut::End => 0,
        Cut::Middle => room / 2,
        Cut::Start => room,
    };
    let clusters = clusters(text);
    let head = take(clusters.iter(), room - tail);
    let tail = take(clusters.iter().rev(), tail);
    let head: String = clusters.iter().take(head).copied().collect();
    let tail: String = clusters.iter().skip(clusters.len().saturating_sub(tail)).copied().collect();
    format!("{}{dots}{}", head.trim_end(), tail.trim_start())
}

/// How many of the clusters fit.
fn take<'a>(clusters: impl Iterator<Item = &'a &'a str>, columns: usize) -> usize {
    let mut used = 0;
    clusters
        .take_while(|cluster| {
            used += width(cluster);
            used <= columns
        })
        .count()
}

/// The text on lines of at most `columns` columns, broken at spaces, else within a word.
pub(super) fn wrap(text: &str, columns: usize) -> Vec<String> {
    if width(text) <= columns {
        return vec![text.to_owned()];
    }
    let mut lines = Vec::new();
    let mut current = String::new();
    for word in words(text) {
        let joined = width(&current) + 1 + width(&word);
        if !current.is_empty() && joined <= columns {
            current.push(' ');
            current.push_str(&word);
            continue;
        }
        if !current.is_empty() {
            lines.push(std::mem::take(&mut current));
        }
        let mut pieces = broken(&word, columns);
        current = pieces.pop().unwrap_or_default();
        lines.extend(pieces);
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

/// The words of a text; a percent sign stays with its number.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last) if word.starts_with('%') => {
                last.push(' ');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

/// The text with every word shortened that would fill a screen.
pub(super) fn bounded(text: &str, ascii: bool) -> String {
    let words: Vec<String> = text.split(' ').map(|word| shorten(word, LONGEST_WORD, Cut::Middle, ascii)).collect();
    words.join(" ")
}

/// One word in pieces that fit, shortened where it would fill the screen.
fn broken(word: &str, columns: usize) -> Vec<String> {
    if width(word) <= columns {
        return vec![word.to_owned()];
    }
    let word = shorten(word, LONGEST_WORD, Cut::Middle, false);
    let mut pieces = Vec::new();
    let (mut piece, mut used) = (String::new(), 0);
    for cluster in clusters(&word) {
        let wide = width(cluster);
        if used + wide > columns && !piece.is_empty() {
            pieces.push(std::mem::take(&mut piece));
            used = 0;
        }
        piece.push_str(cluster);
        used += wide;
    }
    pieces.push(piece);
    pieces
}

/// The parts on lines of at most `columns` columns: a part is kept whole where it fits on a line of its own, and a line that goes on ends
/// with the separator's mark.
pub(super) fn wrap_parts(parts: &[String], columns: usize, separator: &str) -> Vec<String> {
    let mark = separator.trim_end();
    let mut lines = Vec::new();
    let mut current = String::new();
    let mut parts = parts.iter().filter(|part| !part.is_empty()).peekable();
    while let Some(part) = parts.next() {
        let room = if parts.peek().is_some() { columns.saturating_sub(width(mark)) } else { columns };
        if !current.is_empty() {
            if width(&current) + width(separator) + width(part) <= room {
                current.push_str(separator);
                current.push_str(part);
                continue;
            }
            current.push_str(mark);
            lines.push(std::mem::take(&mut current));
        }
        let mut wrapped = wrap(part, room);
        current = wrapped.pop().unwrap_or_default();
        lines.extend(wrapped);
    }
    if !current.is_empty() {
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn unseen_characters_are_shown() {
        assert_eq!(show("\u{1b}[31mred", false, &[]), "␛[31mred");
        assert_eq!(show("\u{1b}[31mred\u{7f}", true, &[]), "\\x1b[31mred\\x7f");
        assert_eq!(show("a\r\nb\tc", false, &[]), "a␍␊b␉c");
        assert_eq!(show("a\nb\tc\u{0}", true, &['\n', '\t']), "a\nb\tc\\x00");
        assert_eq!(show("safe\u{202e}fdp.exe", false, &[]), "safe<U+202E>fdp.exe");
        assert_eq!(show("\u{9b}31m \u{feff}\u{e0041}", true, &[]), "<U+009B>31m <U+FEFF><U+E0041>");
    }

    #[test]
    fn other_text_stays_as_it_is() {
        for text in ["Zoë–Ann Müller", "田中 太郎", "👩\u{200d}💻", "مریم", "नमस्ते", ""] {
            assert!(matches!(show(text, true, &[]), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn shortening_keeps_characters_whole() {
        assert_eq!(shorten("Ana Silva", 9, Cut::End, false), "Ana Silva");
        assert_eq!(shorten("Ana Silva", 8, Cut::End, false), "Ana Sil…");
        assert_eq!(shorten("Ana Silva", 5, Cut::End, false), "Ana…");
        assert_eq!(shorten("Ana Silva", 8, Cut::End, true), "Ana S...");
        assert_eq!(shorten("田中太郎", 6, Cut::End, false), "田中…");
        assert_eq!(shorten("abcdefghij", 7, Cut::Middle, false), "abc…hij");
        assert_eq!(shorten("exports/deals.csv:12", 12, Cut::Start, false), "…eals.csv:12");
        assert_eq!(shorten("e\u{301}e\u{301}e\u{301}", 2, Cut::End, false), "e\u{301}…");
        assert_eq!(shorten("👩\u{200d}💻👩\u{200d}💻", 3, Cut::End, false), "👩\u{200d}💻…");
        assert_eq!(shorten("abc", 0, Cut::Middle, false), "…");
    }

    #[test]
    fn parts_stay_whole_where_they_can() {
        let parts = ["one two".to_owned(), "three four".to_owned(), "five".to_owned()];
        assert_eq!(wrap_parts(&parts, 40, " · "), ["one two · three four · five"]);
        assert_eq!(wrap_parts(&parts, 22, " · "), ["one two · three four ·", "five"]);
        assert_eq!(wrap_parts(&parts, 21, " · "), ["one two ·", "three four · five"]);
        assert_eq!(wrap_parts(&parts, 8, " · "), ["one", "two ·", "three", "four ·", "five"]);
        assert!(wrap_parts(&[], 8, " · ").is_empty());
    }

    #[test]
    fn a_percent_sign_stays_with_its_number() {
        assert_eq!(wrap("revenue is 69 % of pace", 12), ["revenue is", "69 % of pace"]);
    }

    #[test]
    fn a_word_without_end_ends() {
        let lines = wrap(&"x".repeat(10_000), 80);
        assert_eq!(lines.len(), 5);
        assert!(lines.iter().all(|line| width(line) == 80));
    }
}
