//! Flags and whole numbers: each word can be understood alone.

use super::super::fold::fold;

/// Words and marks that say true, folded: of the languages in which CRMs export.
const TRUE: &[&str] = &[
    "1",
    "true",
    "t",
    "yes",
    "y",
    "on",
    "x",
    "done",
    "checked",
    "ticked",
    "wahr",
    "ja",
    "j",
    "vrai",
    "oui",
    "verdadero",
    "verdadeiro",
    "vero",
    "si",
    "s",
    "sim",
    "tak",
    "kylla",
    "sand",
    "sant",
    "はい",
    "✓",
    "✔",
    "☑",
    "✅",
    "🗹",
];

/// Words and marks that say false.
const FALSE: &[&str] = &[
    "0",
    "false",
    "f",
    "no",
    "n",
    "off",
    "undone",
    "todo",
    "notdone",
    "unchecked",
    "falsch",
    "nein",
    "faux",
    "non",
    "falso",
    "nao",
    "nee",
    "nej",
    "nei",
    "nie",
    "ei",
    "いいえ",
    "✗",
    "✘",
    "☐",
    "❌",
];

/// Whether a word says true or false; none where it says neither. What a blank cell means is not decided here.
pub fn flag(word: &str) -> Option<bool> {
    // A program that kept flags as floats wrote 1.0 and 0.0; a variation selector only says in which colors a mark is drawn.
    let word = word.trim().trim_end_matches('\u{fe0f}');
    let folded = fold(word.strip_suffix(".0").unwrap_or(word));
    if TRUE.contains(&folded.as_str()) { Some(true) } else { FALSE.contains(&folded.as_str()).then_some(false) }
}

/// A whole number: a sign, digits, groups of three and a `.0` that a program wrote are understood; none for anything else.
pub fn whole(word: &str) -> Option<i64> {
    let text = word.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let text = match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') && zeros.len() != 3 => whole,
        _ => text,
    };
    let mark = text.chars().find(|c| !c.is_ascii_digit());
    let digits = match mark {
        None => text.to_owned(),
        Some(c) if matches!(c, ',' | '.' | '\'' | '\u{2019}') || c.is_whitespace() => {
            let groups: Vec<&str> = text.split(c).collect();
            let (first, others) = groups.split_first()?;
            let grouped = (1..=3).contains(&first.len()) && others.iter().all(|g| g.len() == 3);
            if !grouped || *first == "0" || !groups.iter().all(|g| g.bytes().all(|b| b.is_ascii_digit())) {
                return None;
            }
            groups.concat()
        }
        Some(_) => return None,
    };
    if digits.is_empty() {
        return None;
    }
    let n = digits.parse::<i64>().ok()?;
    Some(if negative { -n } else { n })
}
