//! Shortening the words of a column without making two rows alike.

use std::collections::HashMap;

use crate::render::text::{self, Cut};

/// The columns below which words are not shortened.
pub(super) const NARROWEST: usize = 8;

/// Shortens each cell's words to its columns. Where `distinct`, words that differ stay different: those that a cut at the end would make
/// equal are cut in the middle, and where that does not tell them apart either, more is kept.
pub(super) fn shorten(cells: &mut [(&mut String, usize)], distinct: bool, ascii: bool) {
    let full: Vec<(String, usize)> = cells.iter().map(|(words, columns)| ((**words).clone(), *columns)).collect();
    for (words, columns) in cells.iter_mut() {
        **words = text::shorten(words, *columns, natural_cut(words), ascii);
    }
    if !distinct {
        return;
    }
    let mut more: usize = 1;
    loop {
        let alike = alike(cells, &full);
        let mut changed = false;
        for (((words, _), (full, columns)), alike) in cells.iter_mut().zip(&full).zip(alike) {
            if alike && words.as_str() != full.as_str() {
                **words = text::shorten(full, columns.max(&1).saturating_mul(more), Cut::Middle, ascii);
                changed = true;
            }
        }
        if !changed {
            break;
        }
        more = more.saturating_mul(2);
    }
}

/// Of each cell, whether other words are shown just so.
fn alike(cells: &[(&mut String, usize)], full: &[(String, usize)]) -> Vec<bool> {
    let mut meant: HashMap<&str, Option<&str>> = HashMap::new();
    for ((shown, _), (full, _)) in cells.iter().zip(full) {
        meant.entry(shown.as_str()).and_modify(|other| *other = other.filter(|other| *other == full)).or_insert(Some(full));
    }
    cells.iter().map(|(shown, _)| meant.get(shown.as_str()).is_some_and(Option::is_none)).collect()
}

/// Names keep their beginning; a place such as `exports/deals.csv:12` keeps its end, which says more.
fn natural_cut(words: &str) -> Cut {
    let is_place = words.rsplit_once(':').is_some_and(|(_, line)| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()));
    if is_place { Cut::Start } else { Cut::End }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    fn shortened(words: &[&str], columns: usize) -> Vec<String> {
        let mut words: Vec<String> = words.iter().map(|&words| words.to_owned()).collect();
        let mut cells: Vec<_> = words.iter_mut().map(|words| (words, columns)).collect();
        shorten(&mut cells, true, false);
        words
    }

    #[test]
    fn only_what_is_too_long_is_cut() {
        assert_eq!(shortened(&["Ana", "Bartholomew", "exports/deals.csv:12"], 9), ["Ana", "Bartholo…", "…s.csv:12"]);
    }

    #[test]
    fn words_that_differ_stay_different() {
        assert_eq!(shortened(&["Sales team North", "Sales team South"], 9), ["Sale…orth", "Sale…outh"]);
        assert_eq!(shortened(&["abcdefghijXklmnopqrst", "abcdefghijYklmnopqrst"], 6), ["abcdefghijXklmnopqrst", "abcdefghijYklmnopqrst"]);
        assert_eq!(shortened(&["Bartholo…", "Bartholomew"], 9), ["Bartholo…", "Bart…omew"]);
    }

    #[test]
    fn equal_words_stay_equal() {
        assert_eq!(shortened(&["Bartholomew", "Bartholomew"], 9), ["Bartholo…", "Bartholo…"]);
    }
}
