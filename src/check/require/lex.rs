//! The words, numbers and signs of a rule, each with its place.

use rust_decimal::Decimal;

/// A piece of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// Letters, digits, underscores and points, from a letter on.
    Word(&'t str),
    /// What begins like a number, whatever hangs on it.
    Number(&'t str),
    /// A sign of comparison, or a percent sign.
    Sign(&'t str),
    /// Any other character.
    Other(char, &'t str),
}

impl<'t> Token<'t> {
    /// Its text.
    pub(super) fn text(self) -> &'t str {
        match self {
            Self::Word(text) | Self::Number(text) | Self::Sign(text) | Self::Other(_, text) => text,
        }
    }
}

/// A token and its place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece<'t> {
    pub(super) token: Token<'t>,
    /// Its first character, from 1.
    pub(super) at: u32,
}

/// The pieces of a rule.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut rest, mut at) = (text, 1_u32);
    while let Some(first) = rest.chars().next() {
        let length = match first {
            c if c.is_whitespace() => c.len_utf8(),
            c if is_word(c) => run(rest, |c| is_word(c) || c.is_numeric() || c == '.'),
            c if begins_number(rest, c) => run(rest, |c| is_word(c) || c.is_numeric() || "+-−.,'’".contains(c)),
            '>' | '<' | '=' | '≥' | '≤' => run(rest, |c| "><=≥≤".contains(c)),
            c => c.len_utf8(),
        };
        let (piece, after) = rest.split_at(length);
        let token = match first {
            c if c.is_whitespace() => None,
            c if is_word(c) => Some(Token::Word(piece)),
            c if begins_number(rest, c) => Some(Token::Number(piece)),
            '>' | '<' | '=' | '≥' | '≤' | '%' => Some(Token::Sign(piece)),
            c => Some(Token::Other(c, piece)),
        };
        pieces.extend(token.map(|token| Piece { token, at }));
        at = at.saturating_add(piece.chars().count() as u32);
        rest = after;
    }
    pieces
}

fn is_word(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn begins_number(rest: &str, c: char) -> bool {
    let after = || rest.chars().nth(1).is_some_and(|next| next.is_ascii_digit() || next == '.');
    c.is_numeric() || ("+-−.".contains(c) && after())
}

/// The length in bytes of the first characters that fit.
fn run(text: &str, fits: impl Fn(char) -> bool) -> usize {
    text.find(|c| !fits(c)).unwrap_or(text.len())
}

/// The number of a text: a minus sign, digits, and decimals after a point; else what to write instead.
pub(super) fn number(text: &str) -> Result<Decimal, &'static str> {
    let plain = text.strip_prefix(['-', '−']).unwrap_or(text);
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if digits(whole) && digits(decimals) {
        let spelled = text.replace('−', "-");
        return Decimal::from_str_exact(&spelled).map(|n| n.normalize()).map_err(|_| "write fewer digits");
    }
    Err(match plain {
        plain if plain.contains([',', '\'', '’', '_']) => "write it without thousands separators, with a point before decimals: 1234.5",
        plain if plain.ends_with(['k', 'K', 'm', 'M']) => "write it in full, such as 10000",
        plain if plain.starts_with('.') => "write a digit before the point, such as 0.5",
        _ => "write digits, with a point before decimals, such as 4 or 0.5",
    })
}
