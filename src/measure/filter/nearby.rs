//! "Did you mean": the closest of the names that exist.

/// More candidates than this are not compared: the answer must come at once.
const MOST: usize = 50_000;

/// The candidate that a word was most likely meant to be: the same but for case, blanks or marks, or one with few letters changed.
pub(super) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = reduce(word);
    let length = word.chars().count();
    let allowed = (length / 3).clamp(1, 3);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates.into_iter().take(MOST) {
        if candidate == word {
            continue;
        }
        let reduced = reduce(candidate);
        if reduced == plain {
            return Some(candidate);
        }
        if reduced.chars().count().abs_diff(plain.chars().count()) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&plain, &reduced);
        if distance <= allowed && distance < length && best.is_none_or(|(d, _)| distance < d) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

fn reduce(word: &str) -> String {
    word.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
