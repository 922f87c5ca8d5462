//! Plain numbers: a sign, digits, one decimal mark, an exponent; never grouped.

use crate::crm::value::Mark;
use crate::table::Dictionary;

/// Reads the distinct words of a column. All have one decimal mark: the one that the user says, else the one that stands in it.
///
/// # Errors
/// Per word, what is wrong with it, in words that follow the cell.
pub(super) fn numbers(words: &Dictionary, said: Option<Mark>, delimiter: u8) -> Vec<Result<f64, &'static str>> {
    let shapes: Vec<Option<Shape<'_>>> = words.iter().map(shape).collect();
    let marked = |mark: Mark| shapes.iter().flatten().filter(move |shape| shape.mark == Some(mark));
    let (points, commas) = (marked(Mark::Point).count(), marked(Mark::Comma).count());
    let decimal = said.unwrap_or(if commas > 0 && points == 0 { Mark::Comma } else { Mark::Point });
    // A spreadsheet's file may group with either mark, a program's only with the comma.
    let doubtful = said.is_none() && (decimal == Mark::Comma || delimiter == b';');
    let open = doubtful && marked(decimal).next().is_some() && marked(decimal).all(Shape::may_group);
    words
        .iter()
        .zip(&shapes)
        .map(|(word, shape)| match shape {
            None => Err(none(word)),
            Some(shape) if shape.mark.is_some_and(|mark| mark != decimal) => Err(match said {
                Some(_) => "has the other decimal mark than --decimal-mark says",
                None => "has a decimal comma, and other values have decimal points",
            }),
            Some(shape) if open && shape.mark.is_some() => {
                Err("can be read in two ways: its mark may group thousands or stand before decimals; say --decimal-mark point or comma")
            }
            Some(_) => {
                let plain = word.replace(',', ".").replace('\u{2212}', "-");
                plain.parse::<f64>().ok().filter(|n| n.is_finite()).ok_or("is larger than any number can be")
            }
        })
        .collect()
}

/// What a number looks like.
struct Shape<'a> {
    /// The mark before its decimals.
    mark: Option<Mark>,
    whole: &'a str,
    decimals: &'a str,
    exponent: bool,
}

impl Shape<'_> {
    /// Whether its mark may as well group thousands.
    fn may_group(&self) -> bool {
        self.decimals.len() == 3 && (1..=3).contains(&self.whole.len()) && !self.whole.starts_with('0') && !self.exponent
    }
}

fn shape(word: &str) -> Option<Shape<'_>> {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = word.strip_prefix(['-', '+', '\u{2212}']).unwrap_or(word);
    let (number, power) = match unsigned.split_once(['e', 'E']) {
        Some((number, power)) => (number, Some(power.strip_prefix(['-', '+']).unwrap_or(power))),
        None => (unsigned, None),
    };
    let (whole, decimals, mark) = match number.split_once(['.', ',']) {
        Some((whole, decimals)) => {
            (whole, decimals, Some(if number.as_bytes().get(whole.len()) == Some(&b'.') { Mark::Point } else { Mark::Comma }))
        }
        None => (number, "", None),
    };
    let fits = digits(whole) && digits(decimals) && whole.len() + decimals.len() > 0;
    let raised = power.is_none_or(|power| !power.is_empty() && digits(power));
    (fits && raised).then_some(Shape { mark, whole, decimals, exponent: power.is_some() })
}

/// Why a word is no number.
fn none(word: &str) -> &'static str {
    let digit = word.contains(|c: char| c.is_ascii_digit());
    let grouped = digit
        && word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '-' | '\'' | '\u{2019}' | '\u{2212}') || c.is_whitespace());
    if grouped { "is no plain number: write it without marks between thousands" } else { "is no number" }
}
