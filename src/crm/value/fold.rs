//! Text as it is compared: headings, words of a closed vocabulary, names of people.

use unicode_normalization::UnicodeNormalization;

/// The text without case, accents, `_ - . /`, spaces, a byte order mark and a trailing `*` (an import template's mark of a required
/// column): `Close Date`, `close_date` and `CloseDate` are one heading (formats.md §0).
pub fn fold(text: &str) -> String {
    let mut folded: String = if text.is_ascii() {
        text.bytes().filter(|b| !separates(char::from(*b))).map(|b| char::from(b.to_ascii_lowercase())).collect()
    } else {
        // Marks between which something stood have an order of their own.
        plain(text).filter(|c| !separates(*c)).collect::<String>().nfkd().collect()
    };
    folded.truncate(folded.trim_end_matches('*').len());
    folded
}

fn separates(c: char) -> bool {
    c.is_whitespace() || matches!(c, '_' | '-' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{200b}' | '\u{feff}')
}

/// Lower case without accents.
fn plain(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).flat_map(char::to_lowercase).flat_map(|c| {
        let spelt: &'static str = match c {
            'ß' => "ss",
            'ø' => "o",
            'ł' => "l",
            'đ' | 'ð' => "d",
            'ı' => "i",
            'æ' => "ae",
            'œ' => "oe",
            'þ' => "th",
            _ => "",
        };
        // `İ` becomes an i with a combining dot, which is no letter of its own.
        spelt.chars().chain((spelt.is_empty() && c != '\u{307}').then_some(c))
    })
}

/// A person's name without case, accents and extra spaces, and `Silva, Ana` as `Ana Silva`. A suffix such as `Jr.` is no first name.
pub fn fold_name(text: &str) -> String {
    let spaced: String = plain(text).map(|c| if matches!(c, '\u{2019}' | '\u{2018}' | '\u{2bc}' | '`') { '\'' } else { c }).collect();
    let join = |part: &str| {
        part.split(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
            .filter(|w| !w.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    match spaced.split_once(',') {
        Some((last, first)) if !first.contains(',') => {
            let (last, first) = (join(last), join(first));
            match (last.is_empty(), first.is_empty()) {
                (true, _) => first,
                (_, true) => last,
                _ if matches!(
                    first.trim_end_matches('.'),
                    "jr" | "sr" | "ii" | "iii" | "iv" | "phd" | "ph.d" | "md" | "m.d" | "mba" | "esq"
                ) =>
                {
                    format!("{last} {first}")
                }
                _ => format!("{first} {last}"),
            }
        }
        _ => join(&spaced),
    }
}
