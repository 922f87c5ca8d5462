//! How headings and value words are compared: by what a reader sees, not by how it is spelled.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text without byte-order mark, outer blanks, trailing `*`, case, accents, and without `_ - . /` and spaces, so that `Close Date`,
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
    folded.truncate(folded.trim_end_matches('*').len());
    folded
}

fn skipped(c: char) -> bool {
    matches!(c, '_' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}') || c.is_whitespace() || c.is_control()
}

fn push_lower(folded: &mut String, c: char) {
    match c {
        'ß' | 'ẞ' => folded.push_str("ss"),
        'ł' | 'Ł' => folded.push('l'),
        'ø' | 'Ø' => folded.push('o'),
        _ => folded.extend(c.to_lowercase().filter(|l| !is_combining_mark(*l))),
    }
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
    }

    #[test]
    fn words_of_a_subject() {
        assert_eq!(tokens("1:1 with Bob’s team"), ["1", ":", "1", "with", "bobs", "team"]);
        assert_eq!(tokens("Démo – Acme (2nd)"), ["demo", "acme", "2nd"]);
        assert!(tokens("  ").is_empty());
    }
}
