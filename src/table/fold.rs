//! How headings and value words are compared: by what a reader sees, not by how it is spelled.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without byte-order mark, outer blanks, trailing `*` and `?`, case, accents, and without `_ - . /` and spaces, so that `Close Date`,
/// `close_date` and `CloseDate` are one.
pub fn fold(text: &str) -> String {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.extend(text.bytes().filter(|b| !skipped(char::from(*b))).map(|b| char::from(b.to_ascii_lowercase())));
    } else {
        for c in text.nfkd().filter(|c| !is_combining_mark(*c) && !skipped(*c)) {
            push_lower(&mut folded, c);
        }
    }
    // Last, since what is skipped may stand behind it.
    // `Held?` asks what `Held` says; `?` alone is a cell of somebody who did not know.
    match folded.trim_end_matches(['*', '?']).len() {
        0 if folded.contains('?') => "?".clone_into(&mut folded),
        n => folded.truncate(n),
    }
    folded
}

fn skipped(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}')
        || c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200b}' | '\u{feff}')
}

fn push_lower(folded: &mut String, c: char) {
    for lower in c.to_lowercase().filter(|l| !is_combining_mark(*l)) {
        match lower {
            'ß' => folded.push_str("ss"),
            'ł' => folded.push('l'),
            'ø' => folded.push('o'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            other => folded.push(other),
        }
    }
}

/// A person's name without case, accents and extra spaces, and `Silva, Ana` as `Ana Silva`. A suffix such as `Jr.` is no first name.
pub fn fold_name(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`' => plain.push('\''),
            other => push_lower(&mut plain, other),
        }
    }
    let join = |part: &str| {
        part.split(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let plain = without_mark(&plain);
    match plain.split_once(',') {
        Some((last, first)) if !first.contains(',') => {
            let (last, first) = (join(last), join(first));
            match (last.is_empty(), first.is_empty()) {
                (true, _) => first,
                (_, true) => last,
                _ if is_suffix(&first) => format!("{last} {first}"),
                _ => format!("{first} {last}"),
            }
        }
        _ => join(plain),
    }
}

/// The name without the mark that a CRM or its users give to who has left: `Ana Silva (Inactive)`, `[x] Ana Silva`, `Ana Silva - inactive`.
fn without_mark(name: &str) -> &str {
    let name = name.trim();
    for (open, close) in [('(', ')'), ('[', ']')] {
        if let Some((before, mark)) = name.strip_suffix(close).and_then(|n| n.rsplit_once(open))
            && has_left(mark)
        {
            return before.trim_end();
        }
        if let Some((mark, after)) = name.strip_prefix(open).and_then(|n| n.split_once(close))
            && has_left(mark)
        {
            return after.trim_start();
        }
    }
    match name.rsplit_once(" - ") {
        Some((before, mark)) if has_left(mark) && mark.trim() != "x" => before.trim_end(),
        _ => name,
    }
}

fn has_left(mark: &str) -> bool {
    matches!(
        mark.trim(),
        "inactive"
            | "deactivated"
            | "deactivated user"
            | "deleted"
            | "deleted user"
            | "removed"
            | "disabled"
            | "former"
            | "ex"
            | "left"
            | "x"
            | "terminated"
            | "inaktiv"
            | "inactif"
            | "inactivo"
            | "inactiva"
            | "inativo"
            | "inativa"
    )
}

/// Whether what stands behind a comma belongs to the name before it.
fn is_suffix(text: &str) -> bool {
    matches!(text.trim_end_matches('.'), "jr" | "sr" | "ii" | "iii" | "iv" | "phd" | "ph.d" | "md" | "m.d" | "mba" | "esq")
}

/// The words of a text, folded: runs of letters and digits, and each `:` by itself (as in `1:1` and `Re:`).
pub fn tokens(text: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut word = String::new();
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            push_lower(&mut word, c);
            continue;
        }
        // An apostrophe belongs to its word.
        if matches!(c, '\'' | '\u{2019}') {
            continue;
        }
        if !word.is_empty() {
            tokens.push(std::mem::take(&mut word));
        }
        if c == ':' {
            tokens.push(":".to_owned());
        }
    }
    if !word.is_empty() {
        tokens.push(word);
    }
    tokens
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn one_heading_however_it_is_spelled() {
        for text in ["CloseDate", "close_date", "Close Date", "\u{feff}CLOSE DATE ", "Close-Date*", "close.date", "Close\u{a0}Date"] {
            assert_eq!(fold(text), "closedate", "{text:?}");
        }
        assert_eq!(fold("Responsável pela negociação"), "responsavelpelanegociacao");
        assert_eq!(fold("Straße"), fold("STRASSE"));
        assert_eq!(fold("No\u{2013}Show"), "noshow");
        assert_eq!(fold(" * "), "");
        assert_eq!((fold("Held?"), fold("Won ?*"), fold("?")), ("held".to_owned(), "won".to_owned(), "?".to_owned()));
    }

    #[test]
    fn one_name_however_it_is_written_and_marked() {
        let names = [
            "Ana Silva",
            "silva, ana",
            "ÁNA  SÍLVA ",
            "Ana Silva (Inactive)",
            "Ana Silva [x]",
            "[Inactive] Ana Silva",
            "Ana Silva - inactive",
            "Silva, Ana (Deactivated User)",
            "Ana\u{a0}Silva",
        ];
        for name in names {
            assert_eq!(fold_name(name), "ana silva", "{name}");
        }
        assert_eq!(fold_name("Ana Silva (West)"), "ana silva (west)", "no mark of who has left");
        assert_eq!(fold_name("Malcolm X"), "malcolm x");
    }

    #[test]
    fn words_of_a_subject() {
        assert_eq!(tokens("1:1 with Bob’s team"), ["1", ":", "1", "with", "bobs", "team"]);
        assert_eq!(tokens("Démo – Acme (2nd)"), ["demo", "acme", "2nd"]);
        assert!(tokens("  ").is_empty());
    }
}
