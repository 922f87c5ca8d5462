//! Amounts of money, exact to the last decimal, with the currency that stands beside them.

use rust_decimal::Decimal;
use rust_decimal::prelude::{RoundingStrategy, ToPrimitive};

use crate::table::{Amounts, Codes};

/// The most digits of an amount.
const DIGITS: usize = 28;
/// The most decimals of a column of amounts.
const SCALE: u32 = 6;
/// From so many decimals on, an amount is a binary float that was written out, such as 33333.333333333336.
const NOISE: u32 = 10;

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
}

impl BadAmount {
    /// What is wrong, in words that follow the cell.
    pub fn says(self) -> &'static str {
        match self {
            Self::NoAmount => "is no amount of money",
            Self::Percent => "is a percentage, not an amount of money",
            Self::TooLong => "has more digits than an amount can have",
        }
    }
}

/// How amounts such as `1,234` were read where nothing in the column settles whether the mark groups thousands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guess {
    /// The index of such a word.
    pub word: usize,
    /// Whether its mark was read as grouping thousands: a comma is, a point is not.
    pub grouped: bool,
}

/// The distinct words of a column as amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// One per word.
    pub values: Vec<Result<Amount, BadAmount>>,
    /// What was assumed, where the column leaves it open.
    pub guess: Option<Guess>,
    /// The decimals that the column needs, as [`to_amounts`] uses them.
    pub scale: u8,
}

/// An amount that does not fit the column: more than about 9.2 × 10^18 units of its last decimal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TooLarge {
    /// The index of its word.
    pub word: usize,
}

/// Which mark stands before the decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

/// The digits of a word before its column is known.
struct Figures<'a> {
    negative: bool,
    core: &'a str,
    factor: i64,
    currency: Option<Box<str>>,
    marks: Marks,
}

/// What the marks within the digits mean.
#[derive(Clone, Copy)]
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
/// `(1,200.00)`, `-12.5`, `45.3k`, `1.2M`.
///
/// A mark before exactly three digits (`1,234`) is decided by the rest of the column; where that is silent, a comma groups thousands, a point
/// stands before decimals, and [`Money::guess`] says so.
pub fn money(words: &[impl AsRef<str>]) -> Money {
    let figures: Vec<Result<Figures<'_>, BadAmount>> = words.iter().map(|w| figures(w.as_ref())).collect();
    let (mut point, mut comma) = (0_usize, 0_usize);
    for found in figures.iter().flatten() {
        match found.marks {
            Marks::Decimal(Mark::Point) | Marks::Groups(Mark::Comma) => point += 1,
            Marks::Decimal(Mark::Comma) | Marks::Groups(Mark::Point) => comma += 1,
            Marks::None | Marks::Open(_) => {}
        }
    }
    let decimal = if comma > point { Mark::Comma } else { Mark::Point };
    let mut guess = None;
    let mut scale = 0;
    let values = figures
        .into_iter()
        .enumerate()
        .map(|(word, found)| {
            let found = found?;
            let mark = match found.marks {
                Marks::Decimal(mark) => Some(mark),
                Marks::Open(mark) => {
                    if point == comma && guess.is_none() {
                        guess = Some(Guess { word, grouped: mark != decimal });
                    }
                    (mark == decimal).then_some(mark)
                }
                Marks::None | Marks::Groups(_) => None,
            };
            let value = value(&found, mark)?;
            scale = scale.max(needs(value));
            Ok(Amount { value, currency: found.currency })
        })
        .collect();
    Money { values, guess, scale: scale as u8 }
}

/// A column of amounts of a common scale: as many decimals as the most exact amount has, at most 6 (the rest is rounded half to even). An
/// amount with ten decimals or more is a float written out and has 2.
///
/// # Errors
/// [`TooLarge`] for the first amount that does not fit.
pub fn to_amounts(per_word: &[Option<Decimal>], codes: &Codes) -> Result<Amounts, TooLarge> {
    let scale = per_word.iter().flatten().map(|d| needs(*d)).max().unwrap_or(0);
    let mut words = Vec::with_capacity(per_word.len());
    for (word, amount) in per_word.iter().enumerate() {
        words.push(match amount {
            None => Amounts::NULL,
            Some(d) => minor(*d, scale).ok_or(TooLarge { word })?,
        });
    }
    let minor = (0..codes.len()).map(|row| codes.get(row).and_then(|c| words.get(c as usize)).copied().unwrap_or(Amounts::NULL)).collect();
    Ok(Amounts { scale: scale as u8, minor })
}

/// How many decimals an amount needs: those written; `.0` is a float's and needs none; zeros after the second decimal say nothing.
pub fn needs(d: Decimal) -> u32 {
    let exact = d.normalize().scale();
    if exact >= NOISE {
        2
    } else if d.scale() >= 2 {
        exact.clamp(2, SCALE)
    } else {
        exact
    }
}

/// The amount in units of its column's last decimal; none where it does not fit.
pub fn minor(d: Decimal, scale: u32) -> Option<i64> {
    let d = if d.normalize().scale() >= NOISE { d.round_dp_with_strategy(2, RoundingStrategy::MidpointNearestEven) } else { d };
    let d = d.round_dp_with_strategy(scale, RoundingStrategy::MidpointNearestEven);
    d.checked_mul(Decimal::from(10_i64.pow(scale.min(SCALE))))?.to_i64().filter(|m| *m != Amounts::NULL)
}

/// A character that only ever groups digits.
fn groups(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '\u{2019}')
}

fn figures(word: &str) -> Result<Figures<'_>, BadAmount> {
    let text = word.trim();
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
    // Swiss and German prices end in ".-" or ",-" where there are no cents.
    let after =
        [".-", ",-", ".\u{2013}", ",\u{2013}", ".\u{2014}", ",\u{2014}"].iter().find_map(|s| after.strip_prefix(s)).unwrap_or(after);
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
    let (factor, after) = magnitude(&after);
    let currency = match (before.is_empty(), after.is_empty()) {
        (true, true) => None,
        (false, true) => Some(currency(&before).ok_or(BadAmount::NoAmount)?),
        (true, false) => Some(currency(after).ok_or(BadAmount::NoAmount)?),
        (false, false) => {
            let (a, b) = (currency(&before).ok_or(BadAmount::NoAmount)?, currency(after).ok_or(BadAmount::NoAmount)?);
            // $1,200 USD: the code says more than the symbol.
            Some(if b.len() == 3 && b.is_ascii() && b.bytes().all(|c| c.is_ascii_uppercase()) { b } else { a })
        }
    };
    let marks = marks(core).ok_or(BadAmount::NoAmount)?;
    Ok(Figures { negative, core, factor, currency, marks })
}

/// The factor that a suffix names, and what follows it.
fn magnitude(after: &str) -> (i64, &str) {
    let end = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
    let (word, rest) = after.split_at(end);
    let factor = match word.to_lowercase().as_str() {
        "k" => 1000,
        "m" | "mm" | "mn" | "mio" | "mln" => 1_000_000,
        "b" | "bn" | "mrd" => 1_000_000_000,
        _ => return (1, after),
    };
    (factor, rest.strip_prefix('.').unwrap_or(rest))
}

/// A currency's code in capitals, or its symbol.
fn currency(text: &str) -> Option<Box<str>> {
    let text = text.trim_end_matches('.');
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    if letters == 3 && text.len() == 3 {
        return Some(text.to_uppercase().into());
    }
    let sign = text.chars().next_back()?;
    let is_sign = matches!(sign, '$' | '\u{a2}'..='\u{a5}' | '\u{20a0}'..='\u{20cf}' | '\u{ff04}' | '\u{ffe5}');
    let rest = text.strip_suffix(sign)?;
    if is_sign && rest.len() <= 3 && rest.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(text.to_uppercase().into());
    }
    let known = ["kr", "zł", "kč", "ft", "lei", "fr", "sfr", "rs", "r", "s/", "tl", "rp", "rm", "лв", "руб", "euro", "euros"];
    known.contains(&text.to_lowercase().as_str()).then(|| text.into())
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
    let open = decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    Some(if open { Marks::Open(mark) } else { Marks::Decimal(mark) })
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
    let digits: String = whole.chars().chain(decimals.chars()).filter(char::is_ascii_digit).collect();
    let digits = digits.trim_start_matches('0');
    if digits.len() > DIGITS || decimals.len() > DIGITS {
        return Err(BadAmount::TooLong);
    }
    let n: i128 = if digits.is_empty() { 0 } else { digits.parse().map_err(|_| BadAmount::NoAmount)? };
    let value =
        Decimal::try_from_i128_with_scale(if found.negative { -n } else { n }, decimals.len() as u32).map_err(|_| BadAmount::TooLong)?;
    if found.factor == 1 {
        return Ok(value);
    }
    value.checked_mul(Decimal::from(found.factor)).map(|d| d.normalize()).ok_or(BadAmount::TooLong)
}
