//! Amounts of money, exact to the last decimal, with the currency that stands beside them.

use rayon::prelude::*;
use rust_decimal::Decimal;

use super::currencies::{currency, thousands_of};

/// So many words are understood by one thread.
const PART: usize = 1 << 12;

/// The most digits of an amount.
const DIGITS: usize = 28;

/// An amount and what stood beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    /// Its value, with the decimals that were written.
    pub value: Decimal,
    /// The currency's code in capitals (`USD`), else its symbol as written (`$`, `€`, `R$`, `kr`).
    pub currency: Option<Box<str>>,
}

/// Why a word is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BadAmount {
    /// It is none.
    NoAmount,
    /// It is a percentage.
    Percent,
    /// It has more than 28 digits.
    TooLong,
    /// It has the decimal mark that the user says is none here.
    OtherMark,
}

impl BadAmount {
    /// What is wrong, in words that follow the cell.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoAmount => "is no amount of money",
            Self::Percent => "is a percentage, not an amount of money",
            Self::TooLong => "has more digits than an amount can have",
            Self::OtherMark => "has the other decimal mark than decimal_mark says",
        }
    }
}

/// How amounts such as `1,234` were read where nothing in the column settles whether the mark groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guess {
    /// The index of such a word.
    pub word: usize,
    /// Whether its mark was read as grouping thousands.
    pub grouped: bool,
    /// Whether the mark is a point, which stands before decimals more often than a comma does.
    pub point: bool,
}

/// The distinct words of a column as amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// One per word.
    pub values: Vec<Result<Amount, BadAmount>>,
    /// What was assumed, where the column leaves it open.
    pub guess: Option<Guess>,
    /// A word with an exponent (`1.2E+06`), of which a spreadsheet may have kept a few digits only.
    pub shortened: Option<usize>,
}

/// Which mark stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mark {
    /// `1,234.56`
    Point,
    /// `1.234,56`
    Comma,
}

impl Mark {
    /// The mark that `decimal_mark` names.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "." | "point" => Some(Self::Point),
            "," | "comma" => Some(Self::Comma),
            _ => None,
        }
    }
}

/// The digits of a word before its column is known.
#[derive(Debug, PartialEq, Eq)]
struct Figures<'a> {
    negative: bool,
    core: &'a str,
    factor: i64,
    /// The power of ten of `1.2E+06`.
    exponent: Option<i32>,
    currency: Option<Box<str>>,
    marks: Marks,
}

/// An amount that is the same whatever else its column holds and whichever mark stands before decimals there, but for one where commas do:
/// up to twelve digits, and behind a point one or two more.
pub fn plain_amount(word: &str) -> Option<Decimal> {
    let (whole, decimals) = word.split_once('.').unwrap_or((word, "0"));
    let digits = |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole, 12) || whole.len() > 1 && whole.starts_with('0') || !digits(decimals, 2) {
        return None;
    }
    let scale = word.len().saturating_sub(whole.len() + 1);
    let number = word.bytes().filter(|b| *b != b'.').fold(0_i64, |number, digit| number * 10 + i64::from(digit - b'0'));
    Some(Decimal::new(number, scale as u32))
}

/// What the marks within the digits mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Marks {
    /// Nothing but digits, or groups that only spaces or apostrophes part.
    None,
    /// This mark stands before the decimals.
    Decimal(Mark),
    /// This mark groups, so that the other one stands before decimals.
    Groups(Mark),
    /// This mark stands once before exactly three digits.
    Open(Mark),
}

/// Understands the distinct words of a column: `12,500.00`, `$10,000`, `1.364,82`, `1 234,56`, `1'234.50`, `€ 5`, `USD 1,200`, `5 EUR`,
/// `(1,200.00)`, `-12.5`, `45.3k`, `1.2M`, `1.2E+06`. `mark` is what the user said stands before decimals; else the column decides.
///
/// A mark before exactly three digits (`1,234`) is decided by the rest of the column. Where that is silent, [`Money::guess`] says how it was
/// read: a comma groups thousands; a point does too where every amount from a thousand on has one (`12.500`, `8.000`), and else stands before
/// decimals.
pub fn money<'a>(words: impl IntoIterator<Item = &'a (impl AsRef<str> + ?Sized + 'a)>, mark: Option<Mark>) -> Money {
    let words: Vec<&str> = words.into_iter().map(AsRef::as_ref).collect();
    let figures: Vec<Result<Figures<'_>, BadAmount>> = words.into_par_iter().with_min_len(PART).map(figures).collect();
    let (mut point, mut comma) = (0_usize, 0_usize);
    let (mut points, mut rounded, mut plain) = (0_usize, false, false);
    for found in figures.iter().flatten() {
        match found.marks {
            Marks::Decimal(Mark::Point) | Marks::Groups(Mark::Comma) => point += 1,
            Marks::Decimal(Mark::Comma) | Marks::Groups(Mark::Point) => comma += 1,
            // Dinars have a thousand parts.
            Marks::Open(Mark::Point) if found.currency.as_deref().is_some_and(thousands_of) => point += 1,
            Marks::Open(Mark::Point) => (points, rounded) = (points + 1, rounded || found.core.ends_with('0')),
            Marks::None => plain |= found.core.len() > 3 && found.core.bytes().all(|b| b.is_ascii_digit()),
            Marks::Open(Mark::Comma) => {}
        }
    }
    // 12.500 beside 8.000 groups: three decimals in every amount would be a currency's of which there are few. 5000 beside them is not grouped.
    let all_grouped = !plain && (points > 1 || (points == 1 && rounded));
    // Where amounts of both spellings stand in one column, the rest is open whatever the majority.
    let settled = mark.is_some() || point.min(comma) * 10 < point.max(comma);
    let decimal = match mark {
        Some(mark) => mark,
        None if comma > point || (point == comma && all_grouped) => Mark::Comma,
        None => Mark::Point,
    };
    // Where the user has said which mark stands before decimals, none has the other one there, nor that one between groups.
    let other_mark = |marks: Marks| match marks {
        Marks::Decimal(other) => mark.is_some_and(|mark| mark != other),
        Marks::Groups(other) => mark.is_some_and(|mark| mark == other),
        Marks::None | Marks::Open(_) => false,
    };
    let open = |(word, found): (usize, &Result<Figures<'_>, BadAmount>)| match found.as_ref().ok()?.marks {
        Marks::Open(mark) => Some(Guess { word, grouped: mark != decimal, point: mark == Mark::Point }),
        _ => None,
    };
    let guess = if settled { None } else { figures.iter().enumerate().find_map(open) };
    let shortened = figures.iter().position(|f| f.as_ref().is_ok_and(|f| f.exponent.is_some() && !other_mark(f.marks)));
    let understood = |found: Result<Figures<'_>, BadAmount>| {
        let found = found?;
        let before_decimals = match found.marks {
            marks if other_mark(marks) => return Err(BadAmount::OtherMark),
            Marks::Decimal(mark) => Some(mark),
            Marks::Open(mark) => (mark == decimal).then_some(mark),
            Marks::None | Marks::Groups(_) => None,
        };
        Ok(Amount { value: value(&found, before_decimals)?, currency: found.currency })
    };
    let values = figures.into_par_iter().with_min_len(PART).map(understood).collect();
    Money { values, guess, shortened }
}

/// A character that only ever groups digits.
fn groups(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '\u{2019}')
}

/// How prices end that have no cents.
const NO_CENTS: &[&str] = &[".--", ",--", ".-", ",-", ".\u{2013}", ",\u{2013}", ".\u{2014}", ",\u{2014}"];

fn figures(word: &str) -> Result<Figures<'_>, BadAmount> {
    plain(word).map_or_else(|| spelled(word), Ok)
}

/// An amount of digits with at most one point among them and a sign before them, as most exports write all of theirs.
fn plain(word: &str) -> Option<Figures<'_>> {
    let core = word.strip_prefix('-').unwrap_or(word);
    let (whole, decimals) = core.split_once('.').unwrap_or((core, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(decimals) {
        return None;
    }
    let marks = if whole.len() == core.len() { Marks::None } else { one_mark(whole, decimals, Mark::Point) };
    Some(Figures { negative: core.len() < word.len(), core, factor: 1, exponent: None, currency: None, marks })
}

/// Any other amount.
fn spelled(word: &str) -> Result<Figures<'_>, BadAmount> {
    // Spreadsheets mark text with an apostrophe.
    let text = word.trim().trim_start_matches('\'');
    if text.contains(['%', '\u{2030}']) {
        return Err(BadAmount::Percent);
    }
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or(BadAmount::NoAmount)?;
    let last = text.rfind(|c: char| c.is_ascii_digit()).ok_or(BadAmount::NoAmount)?;
    let (mut before, core, after) =
        (text.get(..first).unwrap_or_default(), text.get(first..=last).unwrap_or_default(), text.get(last + 1..).unwrap_or_default());
    // A mark right before the first digit belongs to the number: .50
    let bare = before.ends_with(['.', ',']) && !before.trim_end_matches(['.', ',']).ends_with(char::is_alphabetic);
    let core = if bare {
        before = before.get(..first - 1).unwrap_or_default();
        text.get(first - 1..=last).unwrap_or_default()
    } else {
        core
    };
    let (core, exponent) = exponent(core)?;
    let after = NO_CENTS.iter().find_map(|s| after.strip_prefix(s)).unwrap_or(after);
    let mut negative = false;
    let mut sign = |text: &str, marks: &[char]| -> String {
        text.chars()
            .filter(|c| {
                let is_sign = marks.contains(c);
                negative |= is_sign && matches!(c, '-' | '\u{2212}' | '(');
                !is_sign && !c.is_whitespace()
            })
            .collect()
    };
    let opened = before.matches('(').count();
    let signs = before.matches(['-', '\u{2212}', '+']).count() + after.matches(['-', '\u{2212}']).count();
    if opened != after.matches(')').count() || opened > 1 || signs > 1 || (opened == 1 && signs == 1) {
        return Err(BadAmount::NoAmount);
    }
    let before = sign(before, &['-', '\u{2212}', '+', '(']);
    let after = sign(after, &['-', '\u{2212}', ')']);
    let (factor, beside) = magnitude(&after, &before);
    let (prefix, before) = prefixed(&before);
    if (factor != 1 && prefix != 1) || (exponent.is_some() && factor * prefix != 1) {
        return Err(BadAmount::NoAmount);
    }
    let currency = match (before.is_empty(), beside.is_empty()) {
        (true, true) => None,
        (false, true) => Some(currency(before).ok_or(BadAmount::NoAmount)?),
        (true, false) => Some(currency(beside).ok_or(BadAmount::NoAmount)?),
        (false, false) => {
            let (a, b) = (currency(before).ok_or(BadAmount::NoAmount)?, currency(beside).ok_or(BadAmount::NoAmount)?);
            // $1,200 USD: the code says more than the symbol.
            Some(if b.len() == 3 && b.is_ascii() && b.bytes().all(|c| c.is_ascii_uppercase()) { b } else { a })
        }
    };
    let marks = match marks(core).ok_or(BadAmount::NoAmount)? {
        Marks::Open(mark) if exponent.is_some() => Marks::Decimal(mark),
        marks => marks,
    };
    Ok(Figures { negative, core, factor: factor * prefix, exponent, currency, marks })
}

/// Digits and the power of ten behind them: `1.2E+06`.
fn exponent(core: &str) -> Result<(&str, Option<i32>), BadAmount> {
    let Some((digits, power)) = core.split_once(['e', 'E']) else { return Ok((core, None)) };
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b','));
    let power = power.strip_prefix('+').unwrap_or(power);
    match power.parse::<i32>() {
        Ok(power) if plain && power.abs() <= DIGITS as i32 => Ok((digits, Some(power))),
        _ => Err(BadAmount::NoAmount),
    }
}

/// The factor that a suffix names, and what follows it. `before` is what stands before the digits.
fn magnitude<'a>(after: &'a str, before: &str) -> (i64, &'a str) {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let (word, rest) = after.split_at(end);
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let rupees = || before.contains('\u{20b9}') || ["rs", "rs.", "inr"].contains(&before.to_lowercase().as_str());
    let factor = match word.to_lowercase().as_str() {
        "k" | "tsd" | "thousand" | "tausend" => 1000,
        // T€ are thousands in German; a bare T is a trillion elsewhere.
        "t" if rest.starts_with('\u{20ac}') => 1000,
        "m" | "mm" | "mn" | "mio" | "mln" | "mill" | "million" | "millions" | "millionen" | "millones" => 1_000_000,
        "b" | "bn" | "mrd" | "mds" | "md" | "billion" | "milliarden" => 1_000_000_000,
        "lakh" | "lakhs" | "lac" => 100_000,
        "crore" | "crores" => 10_000_000,
        "cr" if rupees() => 10_000_000,
        _ => return split(after),
    };
    (factor, rest)
}

/// `kEUR`, `TEUR`, `MUSD`: a thousand or a million of a currency.
fn prefixed(text: &str) -> (i64, &str) {
    let (factor, rest) = split(text);
    // K$ and T€ before the digits.
    let symbol = |rest: &str| matches!(rest, "$" | "\u{20ac}" | "\u{a3}");
    match text.strip_prefix(['k', 'K']) {
        Some(rest) if symbol(rest) => (1000, rest),
        _ if text.strip_prefix('T') == Some("\u{20ac}") => (1000, "\u{20ac}"),
        _ => (factor, rest),
    }
}

fn split(text: &str) -> (i64, &str) {
    let code = |rest: &str| rest.len() == 3 && currency(rest).is_some();
    match text.split_at_checked(1) {
        Some(("k" | "K" | "T", rest)) if code(rest) => (1000, rest),
        Some(("M", rest)) if code(rest) => (1_000_000, rest),
        _ => (1, text),
    }
}

/// What the marks mean; none where the digits are grouped in no known way.
fn marks(core: &str) -> Option<Marks> {
    if !core.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',' || groups(c)) {
        return None;
    }
    let points = core.matches('.').count();
    let commas = core.matches(',').count();
    let spaced = core.contains(groups);
    let (mark, other) = match (core.rfind('.'), core.rfind(',')) {
        (None, None) => return grouped(core, groups).then_some(Marks::None),
        (Some(p), Some(c)) if p > c => (Mark::Point, commas),
        (Some(_), None) => (Mark::Point, commas),
        _ => (Mark::Comma, points),
    };
    let (c, count) = match mark {
        Mark::Point => ('.', points),
        Mark::Comma => (',', commas),
    };
    let opposite = if c == '.' { ',' } else { '.' };
    if count > 1 {
        return (other == 0 && !spaced && grouped(core, |x| x == c)).then_some(Marks::Groups(mark));
    }
    let (whole, decimals) = core.rsplit_once(c)?;
    if decimals.is_empty() || !decimals.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    if other > 0 {
        return (!spaced && grouped(whole, |x| x == opposite)).then_some(Marks::Decimal(mark));
    }
    if spaced {
        return grouped(whole, groups).then_some(Marks::Decimal(mark));
    }
    Some(one_mark(whole, decimals, mark))
}

/// What the only mark between digits means.
fn one_mark(whole: &str, decimals: &str, mark: Mark) -> Marks {
    let open = decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if open { Marks::Open(mark) } else { Marks::Decimal(mark) }
}

/// Whether digits stand in groups of three, or of two before the last three as in India; no group is fine too.
fn grouped(text: &str, by: impl Fn(char) -> bool) -> bool {
    let parts: Vec<&str> = text.split(by).collect();
    let Some((first, others)) = parts.split_first() else { return false };
    let Some((last, middle)) = others.split_last() else { return true };
    let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    let threes = (1..=3).contains(&first.len()) && middle.iter().all(|m| m.len() == 3);
    let twos = (1..=2).contains(&first.len()) && middle.iter().all(|m| m.len() == 2);
    digits && last.len() == 3 && (threes || twos)
}

fn value(found: &Figures<'_>, mark: Option<Mark>) -> Result<Decimal, BadAmount> {
    let (whole, decimals) = match mark {
        Some(Mark::Point) => found.core.rsplit_once('.').unwrap_or((found.core, "")),
        Some(Mark::Comma) => found.core.rsplit_once(',').unwrap_or((found.core, "")),
        None => (found.core, ""),
    };
    // What fits a register needs no text of its own.
    if whole.len() + decimals.len() <= 18 && found.exponent.is_none() && found.factor == 1 {
        let digits = whole.bytes().chain(decimals.bytes()).filter(u8::is_ascii_digit);
        let n = digits.fold(0_i64, |n, digit| n * 10 + i64::from(digit - b'0'));
        return Ok(Decimal::new(if found.negative { -n } else { n }, decimals.len() as u32));
    }
    let digits: String = whole.chars().chain(decimals.chars()).filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if digits.len() > DIGITS || decimals.len() > DIGITS {
        return Err(BadAmount::TooLong);
    }
    let n: i128 = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| BadAmount::NoAmount)? };
    let value =
        Decimal::try_from_i128_with_scale(if found.negative { -n } else { n }, decimals.len() as u32).map_err(|_| BadAmount::TooLong)?;
    if let Some(power) = found.exponent {
        return shifted(value, power).ok_or(BadAmount::TooLong);
    }
    if found.factor == 1 {
        return Ok(value);
    }
    value.checked_mul(Decimal::from(found.factor)).map(|d| d.normalize()).ok_or(BadAmount::TooLong)
}

/// The value times a power of ten.
fn shifted(value: Decimal, power: i32) -> Option<Decimal> {
    let mut value = value.normalize();
    let scale = i64::from(value.scale()) - i64::from(power);
    if scale >= 0 {
        value.set_scale(u32::try_from(scale).ok()?).ok()?;
        return Some(value.normalize());
    }
    value.set_scale(0).ok()?;
    (0..-scale).try_fold(value, |value, _| value.checked_mul(Decimal::TEN))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{plain, spelled};

    proptest! {
        /// What is read at once is what the long way finds.
        #[test]
        fn plain_amounts_are_read_as_all_others(word in "-?[0-9]{0,5}[.]?[0-9]{0,4}") {
            if let Some(found) = plain(&word) {
                prop_assert_eq!(Ok(found), spelled(&word));
            }
        }
    }
}
