//! Text as Markdown that shows just this text, on GitHub, in a wiki and in chat.
//!
//! Three ways, the most readable one that is safe. A mark of `CommonMark` gets a backslash where it could mean something (`new\_`, never
//! `new_prospect_meetings`). `<` and `&` become references where they could begin a tag or a reference. A word in which GitHub would find
//! something after the Markdown is read (`@octocat`, `#12`, `https://…`, `ana@example.com`, `:tada:`, `GH-3`, the hash of a commit, `$x$`)
//! becomes code: neither a backslash nor a reference stops those (<https://github.com/github/cmark-gfm/issues/181>), and within code nothing
//! is looked for.

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// At the beginning of a paragraph or of an item of a list.
    Start,
    /// After something else on a line.
    Line,
    /// In a cell of a table.
    Cell,
}

/// One line of text as Markdown. What surrounds it must be spaces or marks of bold text, and no line may be made of two such texts: the
/// second of two dollar signs is looked for in this one only.
pub(super) fn inline(text: &str, place: Place) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut at = 0;
    for word in text.split_inclusive(|c: char| c.is_whitespace() || c == '|') {
        let bare = word.trim_end_matches(|c: char| c.is_whitespace() || c == '|');
        if is_live(bare) || opens_math(text, at, bare) {
            out.push_str(&code(bare));
        } else {
            escape(text, at, bare, place, &mut out);
        }
        escape(text, at + bare.len(), word.get(bare.len()..).unwrap_or_default(), place, &mut out);
        at += word.len();
    }
    out
}

/// Text that stays as it is, in a span of code: within a fence longer than any in it.
pub(super) fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // A space at both ends is taken off by every reader.
    let spaced = text.starts_with(' ') && text.ends_with(' ');
    let pad = if text.starts_with('`') || text.ends_with('`') || spaced { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// A part of the text, which begins at that byte, with its marks made harmless.
fn escape(text: &str, at: usize, part: &str, place: Place, out: &mut String) {
    for (offset, c) in part.char_indices() {
        let before = text.get(..at + offset).unwrap_or_default();
        let after = text.get(at + offset + c.len_utf8()..).unwrap_or_default();
        // Marks of emphasis mean what their whole run means.
        let run = if c == '_' { c } else { '\0' };
        let (last, next) = (before.trim_end_matches(run).chars().next_back(), after.trim_start_matches(run).chars().next());
        match c {
            '<' => out.push_str("&lt;"),
            '&' if begins_reference(after) => out.push_str("&amp;"),
            // Readers differ in what two backslashes before a pipe mean.
            '|' if place == Place::Cell && last == Some('\\') => out.push_str("&#124;"),
            _ => {
                if means_something(c, last, next, place) || (place == Place::Start && begins_block(c, before, next)) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
}

/// Whether a character between these two is a mark of Markdown.
fn means_something(c: char, last: Option<char>, next: Option<char>, place: Place) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '*' | '`' | '[' | '~' => true,
        // Within a word it is none.
        '_' => !(letter(last) && letter(next)),
        '\\' => next.is_none_or(|next| next.is_ascii_punctuation()),
        '|' => place == Place::Cell,
        // At the beginning of a heading or, unless something stands before it, at its end.
        '#' => last.is_none_or(char::is_whitespace),
        _ => false,
    }
}

/// Whether a character at, or close to, the beginning of a block makes it a quotation or a list.
fn begins_block(c: char, before: &str, next: Option<char>) -> bool {
    let ends = next.is_none_or(char::is_whitespace);
    match c {
        '>' | '=' => before.is_empty(),
        '-' | '+' => before.is_empty() && (ends || next == Some(c)),
        '.' | ')' => !before.is_empty() && ends && before.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Whether an ampersand before this begins a character reference.
fn begins_reference(after: &str) -> bool {
    let name = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '#');
    name.len() < after.len() && name.starts_with(';')
}

/// Whether GitHub, or a chat, would make a link, a picture or a call of something in the word.
fn is_live(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    let followed = |mark: char| {
        word.match_indices(mark)
            .any(|(at, _)| word.get(at + 1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')))
    };
    let numbered = |mark: &str| {
        word.match_indices(mark)
            .any(|(at, _)| word.get(at + mark.len()..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
    };
    ["://", "www.", "mailto:", "xmpp:"].iter().any(|link| word.contains(link))
        || followed('@')
        || followed('#')
        || numbered("gh-")
        || has_emoji(&word)
        || word.split(|c: char| !c.is_ascii_alphanumeric()).any(is_hash)
}

/// Whether there is a name between two colons. The minutes of a time of day are none.
fn has_emoji(word: &str) -> bool {
    let mut between = word.split(':').skip(1).peekable();
    while let Some(name) = between.next() {
        let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'+' | b'-'));
        let minutes = name.len() <= 2 && name.bytes().all(|b| b.is_ascii_digit());
        if between.peek().is_some() && named && !minutes {
            return true;
        }
    }
    false
}

/// Whether a word without its punctuation may name a commit.
fn is_hash(word: &str) -> bool {
    (7..=40).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_hexdigit())
        && word.bytes().any(|b| b.is_ascii_digit())
        && word.bytes().any(|b| b.is_ascii_alphabetic())
}

/// Whether a dollar sign of the word, which begins at that byte of the text, could open a formula that a later one closes. Readers differ in
/// what may stand beside one; behind a letter or digit and before none, as in `91 k$`, only the laxest see anything in it.
fn opens_math(text: &str, at: usize, word: &str) -> bool {
    word.match_indices('$').any(|(offset, _)| {
        let (before, from) = text.split_at_checked(at + offset).unwrap_or_default();
        let after = from.strip_prefix('$').unwrap_or_default();
        let unit = before.ends_with(char::is_alphanumeric) && !after.starts_with(|c: char| c.is_alphanumeric() || c == '$');
        !unit && after.contains('$')
    })
}
