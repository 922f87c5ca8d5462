//! The rules of `--require`, read by hand: each mistake with its place and what to write instead.
//!
//! ```text
//! [pace|attainment|change|average of] MEASURE BOUND [of pace|target|average] per owner|team|all [for N periods]
//! freshness TABLE <= DAYS        coverage TABLE.COLUMN BOUND        accounting BOUND        staffing BOUND
//! BOUND: >= NUMBER[%] [CURRENCY], <= NUMBER[%] [CURRENCY], between NUMBER[%] and NUMBER[%] [CURRENCY]
//! ```

mod lex;

use rust_decimal::Decimal;

use super::{Bound, Check, Coverage, Of, Subject};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::measure::spec::reading::{brief, closest};
use crate::measure::spec::{Text, UnitKind};
use crate::measure::{Catalog, Level};
use crate::table::Kind;
use lex::{Piece, Token};

/// What stands for the place of a rule that no file holds.
const OPTION: &str = "--require";

/// The periods in a row that can be asked for, as in a configuration.
const MOST_PERIODS: u32 = 520;

/// Reads a rule, its measure checked against the catalog.
///
/// # Errors
/// What is wrong with it, at its first character that is.
pub fn parse(text: &str, catalog: &Catalog) -> Result<Check, Diagnostic> {
    let pieces = lex::pieces(text);
    let mut reader = Reader { pieces: &pieces, next: 0, end: text.chars().count() as u32 + 1, catalog };
    let (subject, bound) = reader.rule()?;
    reader.nothing_more()?;
    let check = Check { subject, bound, severity: Severity::Error, origin: Location::file(OPTION) };
    check.validate(catalog)?;
    Ok(check)
}

struct Reader<'a, 't> {
    pieces: &'a [Piece<'t>],
    next: usize,
    /// The place after the last character.
    end: u32,
    catalog: &'a Catalog,
}

type Read<T> = Result<T, Diagnostic>;

impl<'t> Reader<'_, 't> {
    fn peek(&self) -> Option<Token<'t>> {
        self.pieces.get(self.next).map(|piece| piece.token)
    }

    fn at(&self) -> u32 {
        self.pieces.get(self.next).map_or(self.end, |piece| piece.at)
    }

    fn wrong<T>(&self, message: impl Into<String>, hint: impl Into<String>) -> Read<T> {
        Err(refuse(self.at(), message, hint))
    }

    /// The text of the next piece in a message.
    fn found(&self) -> String {
        match self.peek() {
            Some(token) => format!("'{}'", brief(token.text())),
            None => "the end of the rule".to_owned(),
        }
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.peek() == Some(Token::Word(word));
        self.next += usize::from(there);
        there
    }

    fn word(&mut self, what: &str, example: &str) -> Read<&'t str> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.next += 1;
                Ok(word)
            }
            _ => self.wrong(format!("{} where {what} should stand", self.found()), format!("write it such as {example}")),
        }
    }

    fn rule(&mut self) -> Read<(Subject, Bound)> {
        let known = |name: &str| self.catalog.spec(name).is_some();
        match self.peek() {
            Some(Token::Word("freshness")) if !known("freshness") => self.freshness(),
            Some(Token::Word("coverage")) if !known("coverage") => self.coverage(),
            Some(Token::Word("accounting")) if !known("accounting") => self.about_all(Coverage::Accounting),
            Some(Token::Word("staffing")) if !known("staffing") => self.about_all(Coverage::Staffing),
            _ => self.measure(),
        }
    }

    fn freshness(&mut self) -> Read<(Subject, Bound)> {
        self.next += 1;
        let at = self.at();
        let name = self.word("a table", "freshness activities <= 3")?;
        let Some(kind) = Kind::named(name) else {
            let tables = Kind::ALL.map(Kind::name);
            return Err(refuse(at, format!("there is no table '{}'", brief(name)), suggestion(name, &tables, "the tables are")));
        };
        let at = self.at();
        let (bound, percent) = self.bound(false)?;
        match bound {
            Bound::AtMost(days) if !percent && days.is_integer() && !days.is_sign_negative() => {
                let _ = self.take("days") || self.take("day");
                Ok((Subject::Freshness(kind), bound))
            }
            _ => Err(refuse(at, "freshness is a whole number of days that must not be exceeded", "write freshness activities <= 3")),
        }
    }

    fn coverage(&mut self) -> Read<(Subject, Bound)> {
        self.next += 1;
        let at = self.at();
        let name = self.word("a table and its column", "coverage activities.kind >= 95%")?;
        let columns = Coverage::columns;
        let found = name.split_once('.').and_then(|(table, column)| columns().find(|(k, c)| k.name() == table && *c == column));
        let Some((kind, column)) = found else {
            let valid: Vec<String> = columns().map(|(kind, column)| format!("{}.{column}", kind.name())).collect();
            let hint = closest(name, valid.iter().map(String::as_str)).map_or_else(
                || format!("write a column such as activities.kind; the tables are {}", Coverage::tables()),
                |near| format!("did you mean '{near}'?"),
            );
            return Err(refuse(at, format!("there is no column '{}'", brief(name)), hint));
        };
        self.share(Coverage::Column(kind, column))
    }

    fn about_all(&mut self, coverage: Coverage) -> Read<(Subject, Bound)> {
        self.next += 1;
        self.share(coverage)
    }

    fn share(&mut self, coverage: Coverage) -> Read<(Subject, Bound)> {
        let at = self.at();
        let (bound, _) = self.bound(true)?;
        let fits = |n: Option<Decimal>| n.is_none_or(|n| n >= Decimal::ZERO && n <= Decimal::ONE);
        if fits(bound.least()) && fits(bound.most()) {
            return Ok((Subject::Coverage(coverage), bound));
        }
        Err(refuse(at, "it is a share between 0 and 100%", "write such as >= 95%"))
    }

    fn measure(&mut self) -> Read<(Subject, Bound)> {
        let mut of = Of::Value;
        if let (Some(Token::Word(word)), Some(Token::Word("of"))) = (self.peek(), self.pieces.get(self.next + 1).map(|p| p.token)) {
            let Some((_, found)) = Of::WORDS.iter().find(|(name, _)| *name == word) else {
                let names: Vec<&str> = Of::WORDS.iter().map(|(name, _)| *name).collect();
                return self.wrong(format!("'{}' of a measure is nothing to compare", brief(word)), suggestion(word, &names, "write"));
            };
            of = *found;
            self.next += 2;
        }
        let at = self.at();
        let name = self.word("a measure", "prospect_meetings >= 4 per owner")?;
        let measure = Text { text: name.to_owned(), at: Location::at(OPTION, 1, at) };
        if self.catalog.spec(name).is_none()
            && let Some(Token::Word(next)) = self.peek()
            && Of::WORDS.iter().any(|(word, _)| *word == name)
            && self.catalog.spec(next).is_some()
        {
            return Err(refuse(at, format!("'{name}' lacks its of"), format!("write {name} of {next}")));
        }
        let spec = match self.catalog.names().find(|known| *known != name && known.eq_ignore_ascii_case(name)) {
            Some(known) if self.catalog.spec(name).is_none() => {
                let unknown = Diagnostic::error(Code::UnknownMeasure, format!("there is no measure '{}'", brief(name)));
                return Err(unknown.at(measure.at).hint(format!("did you mean '{known}'?")));
            }
            _ => self.catalog.require(name, Some(&measure.at))?,
        };
        let ratio = spec.unit == UnitKind::Ratio;
        let at = self.at();
        let (bound, percent) = self.bound(true)?;
        let currency = self.currency()?;
        if self.peek() == Some(Token::Word("of")) {
            of = self.held_against(of)?;
        }
        if percent && of == Of::Value && !ratio {
            return Err(refuse(
                at,
                format!("a percentage of what? {name} is no share"),
                "write such as >= 90% of pace, of target or of average",
            ));
        }
        if !percent && (of == Of::Change || (of == Of::Value && ratio && spec.is_share())) {
            let beyond = |n: Option<Decimal>| n.filter(|n| n.abs() > Decimal::ONE);
            if let Some(n) = beyond(bound.least()).or(beyond(bound.most())) {
                let (what, n) = (if of == Of::Change { "a change" } else { name }, n.normalize());
                let hint = format!("write {n}%, or {} if that is meant", super::percent(n));
                return Err(refuse(at, format!("{what} is a share, and {n} without % is {}", super::percent(n)), hint));
            }
        }
        let (mut level, mut for_periods) = (None, None);
        loop {
            if level.is_none() && self.take("per") {
                level = Some(self.level()?);
            } else if for_periods.is_none() && self.take("for") {
                for_periods = Some(self.periods()?);
            } else {
                break;
            }
        }
        let Some(level) = level else {
            if self.peek().is_some() {
                self.nothing_more()?;
            }
            return self.wrong("it does not say whose numbers must hold", "add per owner, per team or per all");
        };
        Ok((Subject::Measure { measure, level, of, for_periods: for_periods.unwrap_or(1), currency }, bound))
    }

    /// `of pace` after the bound.
    fn held_against(&mut self, before: Of) -> Read<Of> {
        if before != Of::Value {
            return self.wrong(format!("the rule says what it compares already: {}", before.name()), "take one of the two out");
        }
        self.next += 1;
        let found = match self.peek() {
            Some(Token::Word("pace")) => Of::Pace,
            Some(Token::Word("target" | "attainment")) => Of::Attainment,
            Some(Token::Word("average")) => Of::Average,
            Some(Token::Word("change" | "previous")) => {
                return self.wrong("a change stands before the measure", "write such as change of revenue >= -10%");
            }
            Some(Token::Word(word)) => {
                let hint = suggestion(word, &["pace", "target", "average"], "write of");
                return self.wrong(format!("'{}' is nothing to hold a measure against", brief(word)), hint);
            }
            _ => return self.wrong(format!("{} where pace should stand", self.found()), "write of pace, of target or of average"),
        };
        self.next += 1;
        Ok(found)
    }

    fn level(&mut self) -> Read<Level> {
        let at = self.at();
        let word = self.word("owner, team or all", "per owner")?;
        let hint = match word {
            "person" | "rep" | "people" | "owners" | "user" | "seller" => "did you mean owner?".to_owned(),
            word => suggestion(word, &["owner", "team", "all"], "the levels are"),
        };
        Level::named(word).ok_or_else(|| refuse(at, format!("there is no level '{}'", brief(word)), hint))
    }

    fn periods(&mut self) -> Read<u32> {
        let at = self.at();
        let number = self.number()?;
        let fits = Decimal::ONE <= number && number <= Decimal::from(MOST_PERIODS) && number.is_integer();
        let Some(periods) = Some(number).filter(|_| fits).and_then(|n| n.normalize().to_string().parse().ok()) else {
            return Err(refuse(at, "it is a whole number of periods, at least 1", "write such as for 2 periods"));
        };
        if !self.take("periods") && !self.take("period") {
            return self
                .wrong(format!("{} where periods should stand", self.found()), "write for 2 periods; how long one is says --period");
        }
        Ok(periods)
    }

    /// A bound, and whether it is a percentage.
    fn bound(&mut self, may_be_percent: bool) -> Read<(Bound, bool)> {
        match self.peek() {
            Some(Token::Sign(">=" | "≥")) => {
                self.next += 1;
                let (n, percent) = self.amount(may_be_percent)?;
                Ok((Bound::AtLeast(n), percent))
            }
            Some(Token::Sign("<=" | "≤")) => {
                self.next += 1;
                let (n, percent) = self.amount(may_be_percent)?;
                Ok((Bound::AtMost(n), percent))
            }
            Some(Token::Word("between")) => {
                self.next += 1;
                let at = self.at();
                let (least, one) = self.amount(may_be_percent)?;
                if !self.take("and") {
                    return self.wrong(format!("{} where 'and' should stand", self.found()), "write such as between 3 and 6");
                }
                let (most, other) = self.amount(may_be_percent)?;
                if one != other {
                    return Err(refuse(at, "one bound is a percentage and one is not", "write both with % or both without"));
                }
                if most < least {
                    return Err(refuse(at, "the first bound is above the second", "write the smaller one first"));
                }
                Ok((Bound::Between(least, most), one))
            }
            Some(Token::Sign("=>")) => self.wrong("'=>' is no comparison", "write >="),
            Some(Token::Sign("=<")) => self.wrong("'=<' is no comparison", "write <="),
            Some(Token::Sign(">")) => {
                self.wrong("bounds belong to what holds, and '>' leaves its own out", "write >= and the least that will do")
            }
            Some(Token::Sign("<")) => {
                self.wrong("bounds belong to what holds, and '<' leaves its own out", "write <= and the most that will do")
            }
            Some(Token::Sign("=" | "==")) => {
                self.wrong("a rule has a bound, and '=' is none", "write >= for at least, <= for at most, or between 4 and 4")
            }
            _ => self.wrong(format!("{} where a bound should stand", self.found()), "write >=, <= or between, such as >= 4"),
        }
    }

    /// A number, divided by 100 where it is a percentage.
    fn amount(&mut self, may_be_percent: bool) -> Read<(Decimal, bool)> {
        let number = self.number()?;
        if self.peek() != Some(Token::Sign("%")) {
            return Ok((number, false));
        }
        if !may_be_percent {
            return self.wrong("this is no share", "write it without %");
        }
        self.next += 1;
        // A division by 100 moves the point: it is exact while there is room for the digits.
        match number.checked_div(Decimal::ONE_HUNDRED) {
            Some(share) if share * Decimal::ONE_HUNDRED == number => Ok((share.normalize(), true)),
            _ => self.wrong("the percentage has too many digits", "write fewer decimals"),
        }
    }

    fn number(&mut self) -> Read<Decimal> {
        let Some(Token::Number(text)) = self.peek() else {
            let hint = match self.peek() {
                Some(Token::Other('$' | '€' | '£' | '¥', _)) => "write the currency after the number, by its code: 50000 EUR",
                _ => "write digits, with a point before decimals, such as 4 or 0.5",
            };
            return self.wrong(format!("{} where a number should stand", self.found()), hint);
        };
        let number = lex::number(text).map_err(|hint| refuse(self.at(), format!("'{}' is no number", brief(text)), hint))?;
        self.next += 1;
        if let Some(Token::Number(more)) = self.peek() {
            return self.wrong(format!("'{}' after a number", brief(more)), "write the digits together, without thousands separators");
        }
        Ok(number)
    }

    /// A currency after a bound.
    fn currency(&mut self) -> Read<Option<String>> {
        let Some(Token::Word(word)) = self.peek() else {
            if let Some(Token::Other('$' | '€' | '£' | '¥', _)) = self.peek() {
                return self.wrong(format!("{} is no currency code", self.found()), "write its code of three letters, such as USD or EUR");
            }
            return Ok(None);
        };
        if word.len() != 3 || ["per", "for"].contains(&word) || !word.bytes().all(|b| b.is_ascii_alphabetic()) {
            return Ok(None);
        }
        if word.bytes().any(|b| b.is_ascii_lowercase()) {
            return self.wrong(format!("'{word}' is no currency code"), format!("write {}", word.to_ascii_uppercase()));
        }
        self.next += 1;
        Ok(Some(word.to_owned()))
    }

    fn nothing_more(&self) -> Read<()> {
        let Some(token) = self.peek() else { return Ok(()) };
        let hint = match token {
            Token::Word("per" | "for") => "take it out: such a part stands once, and only in a rule about a measure".to_owned(),
            Token::Word(word) => suggestion(word, &["per", "for", "of"], "what may follow is"),
            _ => "take it out, or write such as prospect_meetings >= 4 per owner".to_owned(),
        };
        self.wrong(format!("{} is more than a rule says", self.found()), hint)
    }
}

fn refuse(at: u32, message: impl Into<String>, hint: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::ConfigValue, message).at(Location::at(OPTION, 1, at)).hint(hint)
}

fn suggestion(word: &str, valid: &[&str], otherwise: &str) -> String {
    match closest(word, valid.iter().copied()) {
        Some(near) => format!("did you mean '{near}'?"),
        None => format!("{otherwise} {}", valid.join(", ")),
    }
}
