//! Text to syntax tree: sqlparser says what the text is, its tokens say where each part stands.

use sqlparser::ast::{BinaryOperator, CastKind, Expr, Spanned};
use sqlparser::dialect::AnsiDialect;
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location as Spot, Token, TokenWithSpan, Tokenizer};

use crate::diagnostic::{Code, Diagnostic, Location, Place};

/// More words and signs than this are refused: nobody writes them, and a tree of them could be too deep to walk.
const MOST_TOKENS: usize = 2_000;

/// Parts inside parts beyond this are refused, about seven parentheses each inside the next: a level of sqlparser takes up to 100 kB of
/// stack in a build without optimization, and a thread may have 2 MB.
const DEEPEST: usize = 16;

/// A predicate's text with its tokens, which know their places.
pub(super) struct Source<'a> {
    sql: &'a str,
    origin: &'a Location,
    /// Blanks and comments left out.
    tokens: Vec<TokenWithSpan>,
}

/// What is supported, said where something is not.
pub(super) const SUPPORTED: &str = "supported: columns, text, numbers and dates; = <> < <= > >= AND OR NOT IN BETWEEN LIKE ILIKE, IS [NOT] NULL, TRUE or \
     FALSE; + - * /; lower, upper, coalesce, length; 'Ana' = ANY(with_people)";

impl<'a> Source<'a> {
    /// Reads the text into tokens.
    pub(super) fn new(sql: &'a str, origin: &'a Location) -> Result<Self, Diagnostic> {
        let mut tokens = Vec::new();
        let read = Tokenizer::new(&AnsiDialect {}, sql).tokenize_with_location_into_buf(&mut tokens);
        tokens.retain(|t| !matches!(t.token, Token::Whitespace(_)));
        let source = Self { sql, origin, tokens };
        match read {
            Ok(()) => source.refuse_tokens().map_or(Ok(source), Err),
            Err(error) => {
                let diagnostic = source.syntax(error.location, sentence(error.message.trim_end_matches('.')));
                Err(if error.message.contains("string literal") {
                    diagnostic.hint("close the text with a single quote; a quote inside it is written twice: 'O''Brien'")
                } else if error.message.contains("close delimiter") {
                    diagnostic.hint("close the name with a double quote")
                } else {
                    diagnostic
                })
            }
        }
    }

    /// The syntax tree.
    pub(super) fn parse(&self) -> Result<Expr, Diagnostic> {
        let mut parser = Parser::new(&AnsiDialect {}).with_recursion_limit(DEEPEST).with_tokens_with_locations(self.tokens.clone());
        let expr = parser.parse_expr().map_err(|error| self.refuse(&error))?;
        let next = parser.peek_token();
        if next.token == Token::EOF {
            return Ok(expr);
        }
        let said = self.syntax(next.span.start, format!("nothing can follow here, but `{}` does", next.token));
        Err(said.hint("join conditions with AND or OR"))
    }

    /// The place of a spot in the text.
    pub(super) fn location(&self, spot: Spot) -> Location {
        let first_line = self.origin.line.unwrap_or(1);
        let first_column = match self.origin.column {
            Some(Place::Position(position)) => position,
            _ => 1,
        };
        let (line, column) = (narrow(spot.line.max(1)), narrow(spot.column.max(1)));
        let column = if line == 1 { first_column.saturating_add(column - 1) } else { column };
        Location::at(self.origin.file.clone(), first_line.saturating_add(line - 1), column)
    }

    /// The place of a token; the end of the text where there is no such token.
    pub(super) fn place(&self, token: usize) -> Location {
        self.location(self.tokens.get(token).map_or_else(|| self.end(), |t| t.span.start))
    }

    fn end(&self) -> Spot {
        self.tokens.last().map_or(Spot { line: 1, column: 1 }, |t| t.span.end)
    }

    fn syntax(&self, spot: Spot, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(Code::FilterSyntax, message).at(self.location(spot))
    }

    /// What the tokens alone show to be wrong, with better advice than a parser can give.
    fn refuse_tokens(&self) -> Option<Diagnostic> {
        let Some(first) = self.tokens.first() else {
            return Some(
                self.syntax(Spot { line: 1, column: 1 }, "an empty condition")
                    .hint("leave it out, or write one, such as `outcome = 'held'`"),
            );
        };
        if let Some(word @ (Keyword::WHERE | Keyword::SELECT)) = keyword(&first.token) {
            let said = self.syntax(first.span.start, format!("a condition does not begin with {word:?}"));
            return Some(said.hint("write the condition alone, such as `outcome = 'held'`"));
        }
        let mut open = Vec::new();
        let mut counted = 0;
        let mut before = None;
        for token in &self.tokens {
            let at = |message: &str| self.syntax(token.span.start, message);
            // The parser would take such an AND for a column's name.
            if let Some(word @ (Keyword::AND | Keyword::OR)) = keyword(&token.token)
                && before.is_none_or(wants_more)
            {
                return Some(at(&format!("nothing stands before this {word:?}")));
            }
            before = Some(&token.token);
            match &token.token {
                Token::LParen => open.push(token.span.start),
                Token::RParen if open.pop().is_none() => {
                    return Some(at("a parenthesis closes here that was never opened"));
                }
                Token::SemiColon => return Some(at("one condition, not several statements").hint("leave the semicolon out")),
                Token::DoubleEq => return Some(at("`==` is no SQL").hint("write `=`")),
                Token::Char('\u{2018}' | '\u{2019}' | '\u{201c}' | '\u{201d}' | '\u{b4}' | '`') => {
                    return Some(at("a typographic quotation mark").hint("put text between straight single quotes: 'held'"));
                }
                Token::Ampersand | Token::Overlap => return Some(at("`&` is not supported").hint("write AND")),
                Token::Pipe | Token::StringConcat => return Some(at("`|` is not supported").hint("write OR")),
                _ => {}
            }
            if !matches!(token.token, Token::Comma | Token::Number(..) | Token::SingleQuotedString(_)) {
                counted += 1;
            }
        }
        if let Some(spot) = open.pop() {
            return Some(self.syntax(spot, "a parenthesis opens here that is never closed"));
        }
        (counted > MOST_TOKENS).then(|| self.syntax(first.span.start, "too long a condition").hint("use IN for a list of words or numbers"))
    }

    /// What the parser said, with its place as ours.
    fn refuse(&self, error: &ParserError) -> Diagnostic {
        let text = match error {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
            ParserError::RecursionLimitExceeded => {
                return self.syntax(Spot { line: 1, column: 1 }, "parts inside parts, too deep").hint("write it with fewer parentheses");
            }
        };
        let (message, spot) = text.rsplit_once(" at Line: ").map_or((text.as_str(), None), |(m, place)| (m, spot(place)));
        let message = message.strip_prefix("Expected: ").map_or_else(
            || sentence(message),
            |m| format!("expected {}", m.replace(", found: EOF", ", found the end").replace(", found: ", ", found ")),
        );
        self.syntax(spot.unwrap_or_else(|| self.end()), message).hint(SUPPORTED)
    }

    /// The index of the token at which a part begins.
    ///
    /// sqlparser's spans leave out what stands before a part's first name or literal, so those tokens are counted on the way to it; and they
    /// are made by walking the whole part, so the way is a loop: a long chain of operators must not exhaust the stack.
    pub(super) fn first_token(&self, part: &Expr) -> usize {
        let (mut part, mut before) = (part, 0);
        while let Some((inner, prefix)) = leftmost(part) {
            part = inner;
            before += prefix;
        }
        before += match part {
            Expr::TypedString(_) | Expr::Interval(_) | Expr::Subquery(_) | Expr::Tuple(_) => 1,
            Expr::Exists { negated, .. } => 2 + usize::from(*negated),
            _ => 0,
        };
        let spot = part.span().start;
        self.tokens.partition_point(|t| (t.span.start.line, t.span.start.column) < (spot.line, spot.column)).saturating_sub(before)
    }

    /// The parts that the outermost ANDs join, each with its own text, in order; a part that holds no AND of its own keeps its parentheses.
    pub(super) fn conjuncts<'e>(&self, expr: &'e Expr) -> Vec<(&'e Expr, String)> {
        let mut found = Vec::new();
        let mut waiting = vec![(expr, 0, self.tokens.len())];
        while let Some((part, start, end)) = waiting.pop() {
            let (mut inner, mut inside) = (part, 0);
            while let Expr::Nested(e) = inner {
                inner = e;
                inside += 1;
            }
            if let Expr::BinaryOp { left, op: BinaryOperator::And, right } = inner {
                let (start, end) = (start + inside, end.saturating_sub(inside));
                let and = self.first_token(right).saturating_sub(1);
                if start < and && and + 1 < end {
                    waiting.push((right, and + 1, end));
                    waiting.push((left, start, and));
                    continue;
                }
            }
            found.push((part, self.text(start, end)));
        }
        found
    }

    /// The text from one token up to, not including, another.
    fn text(&self, start: usize, end: usize) -> String {
        let tokens = self.tokens.get(start..end).unwrap_or_default();
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else {
            return String::new();
        };
        let (from, to) = (self.offset(first.span.start), self.offset(last.span.end));
        self.sql.get(from..to).unwrap_or_default().to_owned()
    }

    /// How many bytes stand before a spot.
    fn offset(&self, spot: Spot) -> usize {
        let lines = narrow(spot.line.saturating_sub(1)) as usize;
        let start: usize = self.sql.split_inclusive('\n').take(lines).map(str::len).sum();
        let line = self.sql.get(start..).unwrap_or_default();
        start + line.chars().take(narrow(spot.column.saturating_sub(1)) as usize).map(char::len_utf8).sum::<usize>()
    }
}

/// The part with which a part begins, and how many tokens stand before it.
fn leftmost(part: &Expr) -> Option<(&Expr, usize)> {
    Some(match part {
        Expr::BinaryOp { left: first, .. }
        | Expr::AnyOp { left: first, .. }
        | Expr::AllOp { left: first, .. }
        | Expr::IsDistinctFrom(first, _)
        | Expr::IsNotDistinctFrom(first, _)
        | Expr::IsTrue(first)
        | Expr::IsNotTrue(first)
        | Expr::IsFalse(first)
        | Expr::IsNotFalse(first)
        | Expr::IsNull(first)
        | Expr::IsNotNull(first)
        | Expr::IsUnknown(first)
        | Expr::IsNotUnknown(first)
        | Expr::InList { expr: first, .. }
        | Expr::InSubquery { expr: first, .. }
        | Expr::Between { expr: first, .. }
        | Expr::Like { expr: first, .. }
        | Expr::ILike { expr: first, .. }
        | Expr::RLike { expr: first, .. }
        | Expr::SimilarTo { expr: first, .. }
        | Expr::IsJson { expr: first, .. }
        | Expr::IsNormalized { expr: first, .. }
        | Expr::Collate { expr: first, .. }
        | Expr::AtTimeZone { timestamp: first, .. }
        | Expr::CompoundFieldAccess { root: first, .. }
        | Expr::Cast { kind: CastKind::DoubleColon, expr: first, .. } => (first, 0),
        Expr::Nested(first) | Expr::UnaryOp { expr: first, .. } | Expr::Prior(first) => (first, 1),
        Expr::Cast { expr: first, .. }
        | Expr::Ceil { expr: first, .. }
        | Expr::Floor { expr: first, .. }
        | Expr::Substring { expr: first, .. }
        | Expr::Trim { expr: first, .. }
        | Expr::Position { expr: first, .. }
        | Expr::Overlay { expr: first, .. } => (first, 2),
        Expr::Extract { expr: first, .. } => (first, 4),
        _ => return None,
    })
}

/// Whether something must follow a token before an AND or OR can.
fn wants_more(token: &Token) -> bool {
    use Token::{Comma, Div, Eq, Gt, GtEq, LParen, Lt, LtEq, Minus, Mul, Neq, Plus};
    matches!(token, Comma | Div | Eq | Gt | GtEq | LParen | Lt | LtEq | Minus | Mul | Neq | Plus)
        || matches!(keyword(token), Some(Keyword::AND | Keyword::OR | Keyword::NOT | Keyword::BETWEEN | Keyword::LIKE | Keyword::ILIKE))
}

fn narrow(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn keyword(token: &Token) -> Option<Keyword> {
    match token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.keyword),
        _ => None,
    }
}

/// `3, Column: 7` as a spot.
fn spot(place: &str) -> Option<Spot> {
    let (line, column) = place.split_once(", Column: ")?;
    Some(Spot { line: line.parse().ok()?, column: column.parse().ok()? })
}

/// The parser's words as the beginning of one of our sentences.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
