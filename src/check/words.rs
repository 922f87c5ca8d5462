//! A rule as `--require` takes it: what is printed can be given again.

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::{Bound, Check, Coverage, Of, Subject};
use crate::measure::Catalog;
use crate::measure::spec::UnitKind;

/// A share as a percentage, exactly: 0.995 is `99.5%`.
pub fn percent(share: Decimal) -> String {
    share.checked_mul(Decimal::ONE_HUNDRED).map_or_else(|| plain(share), |n| format!("{}%", plain(n)))
}

fn plain(n: Decimal) -> String {
    let n = n.normalize();
    if n.is_zero() { "0".to_owned() } else { n.to_string() }
}

impl Check {
    /// The rule as `--require` takes it, such as `revenue >= 90% of pace per team`; a severity has no place there.
    pub fn text(&self, catalog: &Catalog) -> String {
        match &self.subject {
            Subject::Freshness(kind) => format!("freshness {} {}", kind.name(), bound(self.bound, plain)),
            Subject::Coverage(Coverage::Column(kind, column)) => {
                format!("coverage {}.{column} {}", kind.name(), bound(self.bound, percent))
            }
            Subject::Coverage(Coverage::Accounting) => format!("accounting {}", bound(self.bound, percent)),
            Subject::Coverage(Coverage::Staffing) => format!("staffing {}", bound(self.bound, percent)),
            Subject::Measure { measure, level, of, for_periods, currency } => {
                let ratio = catalog.spec(&measure.text).is_some_and(|spec| spec.unit == UnitKind::Ratio);
                let number = if ratio || *of != Of::Value { percent } else { plain };
                let mut text = if *of == Of::Change { format!("change of {} ", measure.text) } else { format!("{} ", measure.text) };
                text.push_str(&bound(self.bound, number));
                if let Some(currency) = currency {
                    let _ = write!(text, " {currency}");
                }
                text.push_str(match of {
                    Of::Value | Of::Change => "",
                    Of::Pace => " of pace",
                    Of::Attainment => " of target",
                    Of::Average => " of average",
                });
                let _ = write!(text, " per {}", level.name());
                if *for_periods > 1 {
                    let _ = write!(text, " for {for_periods} periods");
                }
                text
            }
        }
    }

    /// Where it is written: `leadlag.toml:12`, or `--require`.
    pub fn place(&self) -> String {
        match self.origin.line {
            Some(line) => format!("{}:{line}", self.origin.file),
            None => self.origin.file.clone(),
        }
    }
}

fn bound(bound: Bound, number: fn(Decimal) -> String) -> String {
    match bound {
        Bound::AtLeast(n) => format!(">= {}", number(n)),
        Bound::AtMost(n) => format!("<= {}", number(n)),
        Bound::Between(a, b) => format!("between {} and {}", number(a), number(b)),
    }
}
