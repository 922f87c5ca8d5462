//! Thresholds: what must hold, as `[[check]]` and `--require` say it, and whether it does.
//!
//! What is compared are the tidy rows that a report shows, so that report and check cannot disagree. An evaluation that could not be made
//! is never a pass: a rule without a single verdict could not be judged, and says why.

mod compare;
mod evaluate;
mod exports;
mod require;
#[cfg(test)]
mod tests;
mod words;

use rust_decimal::Decimal;

use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::measure::spec::{Text, UnitKind};
use crate::measure::{Catalog, Level};
use crate::table;

pub use evaluate::{Basis, Exempt, Finding, Miss, Partial, Partials, Verdict, evaluate, outcome};
pub use exports::{Exports, Share};
pub use require::parse;
pub use words::percent;

/// What a check compares with its bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Of {
    /// The value itself.
    Value,
    /// Value ÷ pace.
    Pace,
    /// Value ÷ target.
    Attainment,
    /// Value ÷ previous − 1.
    Change,
    /// Value ÷ average.
    Average,
}

impl Of {
    /// Every one with its name in config and output.
    pub const WORDS: &'static [(&'static str, Self)] = &[
        ("value", Self::Value),
        ("pace", Self::Pace),
        ("attainment", Self::Attainment),
        ("change", Self::Change),
        ("average", Self::Average),
    ];

    /// Its name in config and output.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, of)| *of == self).map_or("", |(word, _)| word)
    }
}

/// The share of what a coverage check asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Coverage {
    /// Records of a table whose column is known.
    Column(table::Kind, &'static str),
    /// Records that are accounted for.
    Accounting,
    /// People who are matched.
    Staffing,
}

impl Coverage {
    /// The columns that a rule can ask for: those of the tables whose records are counted, not of those that say who and what there is.
    pub fn columns() -> impl Iterator<Item = (table::Kind, &'static str)> {
        use table::Kind::{Accounts, Activities, Deals, Leads, Stages, Targets};
        let tables = [Activities, Deals, Accounts, Leads, Stages, Targets];
        tables.into_iter().flat_map(|kind| kind.columns().iter().map(move |column| (kind, column.name)))
    }

    /// The tables of [`Coverage::columns`], in words.
    pub(crate) fn tables() -> String {
        let mut names: Vec<&str> = Self::columns().map(|(kind, _)| kind.name()).collect();
        names.dedup();
        names.join(", ")
    }
}

/// What a check looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// A measure.
    Measure {
        /// Its name; whether it exists is for [`Check::validate`] to say.
        measure: Text,
        /// Whose values.
        level: Level,
        /// Which number.
        of: Of,
        /// Breached only when missed in this many periods in a row, at least 1.
        for_periods: u32,
        /// The only currency of money that is looked at, an ISO 4217 code; none for whichever there is.
        currency: Option<String>,
    },
    /// Days since the last date of a table's exports.
    Freshness(table::Kind),
    /// A share, 0 to 1.
    Coverage(Coverage),
}

/// The bound of a check, inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// At least this.
    AtLeast(Decimal),
    /// At most this.
    AtMost(Decimal),
    /// From the first to the second, which is not smaller.
    Between(Decimal, Decimal),
}

impl Bound {
    /// The least that holds, if there is such a thing.
    pub fn least(self) -> Option<Decimal> {
        match self {
            Self::AtLeast(n) | Self::Between(n, _) => Some(n),
            Self::AtMost(_) => None,
        }
    }

    /// The most that holds, if there is such a thing.
    pub fn most(self) -> Option<Decimal> {
        match self {
            Self::AtMost(n) | Self::Between(_, n) => Some(n),
            Self::AtLeast(_) => None,
        }
    }
}

/// A rule: a `[[check]]` or a `--require`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What it looks at.
    pub subject: Subject,
    /// What must hold.
    pub bound: Bound,
    /// [`Severity::Error`] or [`Severity::Warning`].
    pub severity: Severity,
    /// Where it begins.
    pub origin: Location,
}

/// A share above this is a percentage that lacks its sign: 10 times the pace is no threshold.
const LARGEST_SHARE: Decimal = Decimal::TEN;

/// The same for quotients of one thing by another, which a name does not tell to be a part of a whole.
const LARGEST_RATIO: Decimal = Decimal::ONE_HUNDRED;

impl Check {
    /// The measure that it looks at, if any.
    pub fn measure(&self) -> Option<&str> {
        match &self.subject {
            Subject::Measure { measure, .. } => Some(&measure.text),
            _ => None,
        }
    }

    /// Whose values it looks at; none for a rule about the exports.
    pub fn level(&self) -> Option<Level> {
        match &self.subject {
            Subject::Measure { level, .. } => Some(*level),
            _ => None,
        }
    }

    /// In how many periods in a row it must be missed, at least 1.
    pub fn periods(&self) -> usize {
        match &self.subject {
            Subject::Measure { for_periods, .. } => *for_periods as usize,
            _ => 1,
        }
    }

    /// Whether its measure exists and can be held against its bound; known before any export is read.
    ///
    /// # Errors
    /// An unknown measure, a currency for what is no money, and a share that must have been meant as a percentage.
    pub fn validate(&self, catalog: &Catalog) -> Result<(), Diagnostic> {
        let Subject::Measure { measure, of, currency, .. } = &self.subject else { return Ok(()) };
        let spec = catalog.require(&measure.text, Some(&measure.at))?;
        let wrong = |message: String, hint: String| Err(Diagnostic::error(Code::ConfigValue, message).at(self.origin.clone()).hint(hint));
        if let Some(currency) = currency.as_ref().filter(|_| spec.unit != UnitKind::Money) {
            let message = format!("{} is no money: it cannot be in {currency}", measure.text);
            return wrong(message, "take the currency out".to_owned());
        }
        let shares = [self.bound.least(), self.bound.most()];
        if *of != Of::Value
            && let Some(large) = shares.into_iter().flatten().find(|share| share.abs() > LARGEST_SHARE)
        {
            let message = format!("{large} of {} is {}", of.name(), percent(large));
            return wrong(message, format!("for {large} % write {}", (large / Decimal::ONE_HUNDRED).normalize()));
        }
        let most = if spec.is_share() { Decimal::ONE } else { LARGEST_RATIO };
        if *of == Of::Value
            && spec.unit == UnitKind::Ratio
            && let Some(large) = shares.into_iter().flatten().find(|share| share.abs() > most)
        {
            let message = format!("{} is a share, and {large} of it is {}: no threshold", measure.text, percent(large));
            return wrong(message, lacks_percent(large));
        }
        if *of == Of::Change
            && let Some(least) = self.bound.least().filter(|least| *least < Decimal::NEGATIVE_ONE)
        {
            let message = format!("a change of {} is less than nothing left: such a rule can never be missed", percent(least));
            return wrong(message, lacks_percent(least));
        }
        Ok(())
    }
}

/// What to write where a percentage lacks its sign: as `--require` takes it, and as a `[[check]]` does.
pub(crate) fn lacks_percent(n: Decimal) -> String {
    let share = n.checked_div(Decimal::ONE_HUNDRED).unwrap_or(n).normalize();
    let n = n.normalize();
    format!("for {n} % write {n}% with --require, and {share} in [[check]]")
}
