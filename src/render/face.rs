//! What the cells and headings of a page show, once for every format that shows it in words: so they cannot disagree.

use crate::document::{self, Cell, Column, Content, Row, State, Tone};
use crate::render::{Style, number, text};
use crate::unit::Value;

/// What marks a cell to look at.
pub(super) const MARK: &str = "!";

/// What a cell shows.
#[derive(Debug, Default)]
pub(super) enum Face {
    /// Nothing.
    #[default]
    Blank,
    /// Words, on one line.
    Words(String),
    /// A value, `/` and what it is held against, a percentage; the latter two may be empty.
    Number(String, String, String),
    /// A small chart.
    Spark(String),
}

/// A row's cell in that column, and how it is meant; nothing is meant by a blank.
pub(super) fn face(row: &Row, at: usize, style: &Style) -> (Face, Tone) {
    let Some(Cell { content, tone }) = row.cells.get(at) else {
        return (Face::Blank, Tone::Plain);
    };
    let face = match content {
        Content::Blank => Face::Blank,
        // Words without a letter are the page's own: a dash, an arrow, a range of numbers.
        Content::Text(words) if !words.contains(char::is_alphabetic) => Face::Words(text::ours(words, style.ascii).into_owned()),
        Content::Text(words) => Face::Words(text::line(words, style.ascii).into_owned()),
        Content::Value { value, against, share } => {
            let shown = |value| number::page(value).map(|shown| text::line(&shown, style.ascii).into_owned());
            let against = self::against(against.as_ref(), style.ascii);
            let share = share.and_then(number::percent).unwrap_or_default();
            Face::Number(shown(value).unwrap_or_else(|| dash(style.ascii).to_owned()), against, share)
        }
        Content::Spark(points) => Face::Spark(spark(points, style.ascii)),
        Content::Scores(values) => Face::Spark(scores(values, style.ascii)),
        Content::Shade { share, text } => Face::Words(format!("{}{}", shade(*share, style.ascii), text::show(text, style.ascii, &[]))),
    };
    let empty = match &face {
        Face::Blank => true,
        Face::Words(words) | Face::Spark(words) => words.is_empty(),
        Face::Number(..) => false,
    };
    if empty { (Face::Blank, Tone::Plain) } else { (face, *tone) }
}

/// What stands where a value is missing.
pub(super) fn dash(ascii: bool) -> &'static str {
    if ascii { "-" } else { "—" }
}

/// `/` and what a value is held against; empty for nothing.
pub(super) fn against(against: Option<&Value>, ascii: bool) -> String {
    against.and_then(number::page).map_or_else(String::new, |shown| format!("/{}", text::line(&shown, ascii)))
}

/// A heading on its lines, where a hyphen at the end of one is only there to break the word.
pub(super) fn lines(column: &Column, ascii: bool) -> Vec<String> {
    document::unbroken(column.heading.iter().map(|line| text::ours(line, ascii)))
}

/// A heading on one line.
pub(super) fn heading(column: &Column, ascii: bool) -> String {
    lines(column, ascii).join(" ")
}

/// How a word of a page judges: where it names a state of this document, of those that judge.
pub(super) fn judged(word: &str, states: &[State]) -> Option<Judged> {
    let found = match word {
        "WINNING" => Judged::Winning,
        "BUILDING" => Judged::Building,
        "COASTING" => Judged::Coasting,
        "BEHIND" => Judged::Behind,
        _ => return None,
    };
    states.iter().any(|state| state.state == word).then_some(found)
}

/// A state that judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// Leads and lags are as they should be.
    Winning,
    /// The leads are, the lags not yet.
    Building,
    /// The lags are, the leads no longer.
    Coasting,
    /// Neither is.
    Behind,
}

/// A chart of eight levels from zero to its own highest point. Only a zero (or less) is at the lowest level; a gap is a space.
fn spark(points: &[Option<f64>], ascii: bool) -> String {
    let levels: [char; 8] =
        if ascii { ['_', '.', ':', '-', '=', '+', '*', '#'] } else { ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] };
    let highest = points.iter().flatten().copied().filter(|point| point.is_finite()).fold(0.0, f64::max);
    let steps = levels.len() - 1;
    let glyph = |point: f64| {
        let level = if point > 0.0 { ((point / highest * steps as f64).round() as usize).clamp(1, steps) } else { 0 };
        levels.get(level).copied().unwrap_or(' ')
    };
    points.iter().map(|point| point.filter(|point| point.is_finite()).map_or(' ', glyph)).collect()
}

/// The score at which a chart of scores is full, unless one of its own is higher: what shuffled people hardly reach.
pub(super) const FULL: f64 = 4.0;

/// A chart of scores, the same week set apart. It is full at [`FULL`], so that what is low everywhere looks so; a zero or less is a mark
/// on the ground, and what is no number a space.
fn scores(values: &[f64], ascii: bool) -> String {
    let (ground, levels, bar): (char, &[char], char) = if ascii {
        ('_', &['.', ':', '-', '=', '+', '*', '#'], '|')
    } else {
        ('.', &['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'], '│')
    };
    let full = highest_score(values);
    let glyph = |value: f64| match value {
        _ if !value.is_finite() => ' ',
        _ if value <= 0.0 => ground,
        _ => {
            let level = (value / full * levels.len() as f64).ceil() as usize;
            levels[level.clamp(1, levels.len()) - 1]
        }
    };
    let shown = |part: &[f64]| part.iter().map(|value| glyph(*value)).collect::<String>();
    let (before, rest) = values.split_at(values.len() / 2);
    match rest.split_first() {
        Some((same, after)) => format!("{}{bar}{}{bar}{}", shown(before), glyph(*same), shown(after)),
        None => String::new(),
    }
}

/// Where a chart of these scores is full.
pub(super) fn highest_score(values: &[f64]) -> f64 {
    values.iter().copied().filter(|value| value.is_finite()).fold(FULL, f64::max)
}

/// After how many weeks a lead shows, and the range of that: `6 weeks (5–7)`.
pub(super) fn lead_time((weeks, first, last): (usize, usize, usize)) -> String {
    let range = if first == last { String::new() } else { format!(" ({first}–{last})") };
    format!("{weeks} week{}{range}", if weeks == 1 { "" } else { "s" })
}

/// A shade of five: nothing, up to a third, up to two thirds, below all, all.
fn shade(share: f64, ascii: bool) -> char {
    const THIRD: f64 = 1.0 / 3.0;
    let shades = if ascii { ['.', '-', '+', '*', '#'] } else { ['·', '░', '▒', '▓', '█'] };
    let bounds = [0.0, THIRD, 2.0 * THIRD];
    let step = if share >= 1.0 { 4 } else { bounds.iter().filter(|bound| share > **bound).count() };
    shades[step]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shades_begin_with_nothing_and_end_with_all() {
        let all = [0.0, 0.01, 1.0 / 3.0, 0.34, 0.67, 0.99, 1.0, f64::NAN].map(|share| shade(share, false));
        assert_eq!(all.iter().collect::<String>(), "·░░▒▓▓█·");
        assert_eq!([0.0, 0.1, 0.5, 0.9, 1.0].map(|share| shade(share, true)).iter().collect::<String>(), ".-+*#");
    }

    #[test]
    fn charts_begin_at_zero_and_keep_their_gaps() {
        assert_eq!(spark(&[Some(0.0), Some(0.01), Some(50.0), Some(100.0)], false), "▁▂▅█");
        assert_eq!(spark(&[None, Some(0.0), None, Some(0.0)], false), " ▁ ▁");
        assert_eq!(spark(&[Some(-5.0), Some(f64::NAN), Some(1.0)], true), "_ #");
        assert_eq!(spark(&[], false), "");
    }

    #[test]
    fn scores_are_full_at_four_and_set_the_same_week_apart() {
        let low = [-1.0, 0.0, 0.5, 0.51, 1.0, f64::NAN, 4.0];
        assert_eq!(scores(&low, false), "..▁│▂│▂ █");
        assert_eq!(scores(&low, true), "__.|.|: #");
        assert_eq!(scores(&[0.9, 0.9, 0.9], false), "▂│▂│▂", "what is low everywhere looks so");
        assert_eq!(scores(&[2.0, -3.0, 16.0], false), "▁│.│█");
        assert_eq!(scores(&[f64::INFINITY, f64::NEG_INFINITY, 3.9], false), " │ │█");
        assert_eq!(scores(&[1.0], false), "│▂│");
        assert_eq!(scores(&[], false), "");
        let width = |ascii| text::width(&scores(&[1.5; 27], ascii));
        assert_eq!((width(false), width(true)), (29, 29));
    }

    #[test]
    fn a_lead_time_has_its_range_where_there_is_one() {
        assert_eq!([(6, 5, 7), (1, 1, 2), (1, 1, 1)].map(lead_time), ["6 weeks (5–7)", "1 week (1–2)", "1 week"]);
    }

    #[test]
    fn a_heading_is_one_line() {
        let one = |lines: &[&str]| {
            let heading: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
            super::heading(&Column { heading, right: false, drop: 0 }, false)
        };
        assert_eq!(one(&["presen-", "tations"]), "presentations");
        assert_eq!(one(&["new prospect", "meetings"]), "new prospect meetings");
        assert_eq!(one(&["", "state"]), "state");
        assert_eq!(one(&["win-", "Back"]), "win- Back");
        assert_eq!(one(&["-", "a"]), "- a");
        assert_eq!(one(&[]), "");
    }
}
