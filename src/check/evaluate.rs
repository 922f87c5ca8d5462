//! Rules against tidy rows: a pure function, whose findings stand in a total order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::{Decimal, RoundingStrategy};

use super::compare::{self, Compared};
use super::{Bound, Check, Coverage, Exports, Of, Share, Subject};
use crate::calendar::{Day, Period, Range};
use crate::diagnostic::{Outcome, Severity};
use crate::document::TidyRow;
use crate::facts::Reach;
use crate::measure::{Level, NO_OWNER};
use crate::table::Kind;
use crate::unit::{Currency, Unit, Value, Why};

/// How a rule or somebody stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The rule itself could not be evaluated: never a pass.
    CouldNot,
    /// The bound is missed.
    Breach,
    /// Somebody whom the rule is not for, or of whom there is no number: neither a pass nor a breach.
    NotJudged,
    /// The bound holds.
    Held,
}

impl Verdict {
    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::CouldNot => "could_not",
            Self::Breach => "breach",
            Self::NotJudged => "not_judged",
            Self::Held => "held",
        }
    }
}

/// By how much a bound is missed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Miss {
    /// The bound, as the rule says it.
    pub bound: Decimal,
    /// Whether the value is above it.
    pub over: bool,
    /// What lies between, above 0: in the unit of the value, whatever is compared.
    pub by: Decimal,
    /// The same as a part of what was needed; none where 0 was needed, which is farther than any part.
    pub relative: Option<Decimal>,
}

impl Miss {
    /// How the number is rounded that misses its bound: away from the bound, so that it never seems to hold.
    pub fn rounding(&self) -> RoundingStrategy {
        if self.over { RoundingStrategy::ToPositiveInfinity } else { RoundingStrategy::ToNegativeInfinity }
    }

    /// What lies between with up to six decimals, or with as many as it takes not to be 0.
    pub fn shown(&self) -> Decimal {
        let short = self.by.round_dp(6);
        let shown =
            if short.is_zero() { self.by.round_sf_with_strategy(2, RoundingStrategy::AwayFromZero).unwrap_or(self.by) } else { short };
        shown.normalize()
    }
}

/// What one rule says of somebody, or of the exports.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The index of the rule.
    pub rule: usize,
    /// How it stands.
    pub verdict: Verdict,
    /// Whose value it is; none for a rule about the exports and for a rule that could not be evaluated.
    pub level: Option<Level>,
    /// The name; empty for all.
    pub name: String,
    /// The team of a person.
    pub team: String,
    /// The first and the last day of the value, which both belong to it; none for a rule about the exports.
    pub days: Option<Range>,
    /// The unit of the value.
    pub unit: Option<Unit>,
    /// The value.
    pub value: Option<Value>,
    /// What it is held against, where a quotient is compared.
    pub against: Option<Value>,
    /// What is compared with the bound: the value in its unit, or a share.
    pub compared: Option<Decimal>,
    /// By how much the bound is missed.
    pub miss: Option<Miss>,
    /// Why there is no verdict, or why a missed bound is none yet; else empty.
    pub reason: String,
    /// Whether the value rests on records of which not all are known.
    pub partial: bool,
}

/// Why somebody is held against no threshold in a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exempt {
    /// In words.
    pub reason: String,
    /// Whether a target of their own makes the rule theirs all the same.
    pub unless_agreed: bool,
    /// Whether it is for leading others, so that a rule about leaders is theirs.
    pub leads: bool,
}

/// A value over records of which not all are known.
#[derive(Debug, Clone, PartialEq)]
pub struct Partial {
    /// The unit whose values it is about; none for any.
    pub unit: Option<Unit>,
    /// What is not known, in words.
    pub says: String,
    /// Whether what is not known can only make the value larger.
    pub only_adds: bool,
}

/// Such values by measure, level, name, first day and last day.
pub type Partials = BTreeMap<(String, Level, String, i32, i32), Vec<Partial>>;

/// What rules are held against.
#[derive(Debug, Clone, Copy)]
pub struct Basis<'a> {
    /// The tidy rows of every measure that a rule names, over all periods.
    pub rows: &'a [TidyRow],
    /// The rows that are held against their pace: money to date in its target's own period.
    pub paced: &'a [TidyRow],
    /// The periods, oldest first; the last one is judged, and those before it serve rules about several in a row.
    pub periods: &'a [Period],
    /// The day on which the run stands.
    pub as_of: Day,
    /// The measures that are about leaders.
    pub of_leaders: &'a BTreeSet<String>,
    /// The measures by which leaders are judged as well as, or instead of, those who sell.
    pub of_leaders_too: &'a BTreeSet<String>,
    /// Who is held against no threshold, by level, name and period.
    pub exempt: &'a BTreeMap<(Level, String, String), Exempt>,
    /// Each measure's table and how far it reaches.
    pub reach: &'a BTreeMap<String, (Kind, Reach)>,
    /// The currencies of the amounts, the report's first.
    pub currencies: &'a [Currency],
    /// The exports.
    pub exports: &'a Exports,
    /// The values that rest on records of which not all are known.
    pub partials: &'a Partials,
}

/// Evaluates every rule. Rules that could not be evaluated come first, then breaches, worst first, then what is not judged and what holds;
/// within each, errors before warnings.
pub fn evaluate(checks: &[Check], basis: &Basis<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (rule, check) in checks.iter().enumerate() {
        let findings = match &check.subject {
            Subject::Measure { measure, level, of, for_periods, currency } => {
                let asked = Asked { measure: &measure.text, level: *level, of: *of, bound: check.bound, currency: currency.as_deref() };
                asked.evaluate(rule, *for_periods as usize, basis)
            }
            Subject::Freshness(kind) => vec![freshness(rule, *kind, check.bound, basis)],
            Subject::Coverage(coverage) => vec![share(rule, *coverage, check.bound, basis.exports)],
        };
        found.extend(findings);
    }
    let warning = |finding: &Finding| checks.get(finding.rule).is_some_and(|check| check.severity != Severity::Error);
    found.sort_by(|a, b| {
        let severity = warning(a).cmp(&warning(b));
        a.verdict.cmp(&b.verdict).then(severity).then_with(|| worst_first(a, b)).then_with(|| key(a).cmp(&key(b)))
    });
    found
}

/// How a run ends: an error-level rule that could not be evaluated outranks a breach, since the list of breaches is not whole then.
pub fn outcome(checks: &[Check], findings: &[Finding]) -> Outcome {
    let any = |verdict: Verdict| {
        findings.iter().any(|f| f.verdict == verdict && checks.get(f.rule).is_some_and(|check| check.severity == Severity::Error))
    };
    if any(Verdict::CouldNot) {
        Outcome::CouldNot
    } else if any(Verdict::Breach) {
        Outcome::Breach
    } else {
        Outcome::Done
    }
}

fn worst_first(a: &Finding, b: &Finding) -> Ordering {
    let far = |finding: &Finding| finding.miss.as_ref().map(|miss| (miss.relative.is_none(), miss.relative, miss.by));
    far(b).cmp(&far(a))
}

fn key(finding: &Finding) -> (&str, usize, Option<Level>, String) {
    (&finding.name, finding.rule, finding.level, finding.unit.as_ref().map(ToString::to_string).unwrap_or_default())
}

impl Finding {
    fn could_not(rule: usize, reason: impl Into<String>) -> Self {
        let (name, team, reason) = (String::new(), String::new(), reason.into());
        let verdict = Verdict::CouldNot;
        Self {
            rule,
            verdict,
            level: None,
            name,
            team,
            days: None,
            unit: None,
            value: None,
            against: None,
            compared: None,
            miss: None,
            reason,
            partial: false,
        }
    }

    fn of(rule: usize, row: &TidyRow, level: Level) -> Self {
        Self {
            verdict: Verdict::NotJudged,
            level: Some(level),
            name: row.name.clone(),
            team: row.team.clone(),
            days: Range::new(row.period_start, row.period_end),
            unit: Some(row.unit.clone()),
            value: (!row.value.is_missing()).then(|| row.value.clone()),
            ..Self::could_not(rule, "")
        }
    }

    fn take(&mut self, compared: Compared) {
        self.verdict = if compared.miss.is_some() { Verdict::Breach } else { Verdict::Held };
        self.against = compared.against;
        self.compared = Some(compared.number);
        self.miss = compared.miss;
    }
}

/// A rule about a measure.
struct Asked<'a> {
    measure: &'a str,
    level: Level,
    of: Of,
    bound: Bound,
    currency: Option<&'a str>,
}

impl Asked<'_> {
    fn evaluate(&self, rule: usize, for_periods: usize, basis: &Basis<'_>) -> Vec<Finding> {
        let could_not = |reason: String| vec![Finding::could_not(rule, reason)];
        let Some(period) = basis.periods.last() else { return could_not("there is no period to judge".to_owned()) };
        let mine = |row: &&TidyRow| row.measure == self.measure && row.level == self.level.name();
        let rows = if self.of == Of::Pace { basis.paced } else { basis.rows };
        let all: Vec<&TidyRow> = rows.iter().filter(mine).collect();
        let now: Vec<&TidyRow> = all.iter().copied().filter(|row| row.period == period.name).collect();
        if now.is_empty() {
            return could_not(match self.level {
                Level::Team => "there are no teams: give people one in people.csv (name, team, from, to)".to_owned(),
                Level::Owner => format!("nobody has a row in {}", period.name),
                Level::All => format!("the exports hold nothing for {}", period.name),
            });
        }
        if now.iter().any(|row| !row.complete) {
            return could_not(self.stale(period, basis));
        }
        let now = match self.in_currency(now, basis) {
            Ok(rows) => rows,
            Err(reason) => return could_not(reason),
        };
        let unit = |row: &TidyRow| row.unit.to_string();
        let by: BTreeMap<(&str, String, &str), &TidyRow> = if for_periods < 2 {
            BTreeMap::new()
        } else {
            all.iter().map(|row| ((row.name.as_str(), unit(row), row.period.as_str()), *row)).collect()
        };
        let mut findings: Vec<Finding> = Vec::new();
        for row in now {
            let earlier: Vec<Option<&TidyRow>> = basis.periods[basis.periods.len().saturating_sub(for_periods)..basis.periods.len() - 1]
                .iter()
                .rev()
                .map(|p| by.get(&(row.name.as_str(), unit(row), p.name.as_str())).copied())
                .collect();
            findings.push(self.judge(rule, row, &earlier, for_periods, basis));
        }
        if findings.iter().all(|finding| finding.verdict == Verdict::NotJudged) {
            let who = if self.level == Level::Owner { "nobody" } else { "nothing" };
            findings.push(Finding::could_not(rule, format!("{who} could be judged: {}", commonest(&findings))));
        }
        findings
    }

    /// Why a period that is not complete cannot be judged, and until when the exports reach.
    fn stale(&self, period: &Period, basis: &Basis<'_>) -> String {
        let (name, end) = (&period.name, period.range.last);
        if end > basis.as_of {
            return format!("{name} is not over on {}: it ends {end}", basis.as_of);
        }
        match basis.reach.get(self.measure) {
            Some((table, Reach { last: Some(last), ended, .. })) => {
                let how = if *ended { "ended" } else { "reach" };
                format!("stale: the {} {how} {last}, and {name} ends {end}; export again, or give --through {end}", table.name())
            }
            Some((table, _)) => format!("there is no file of {}, or none with a date", table.name()),
            None => format!("the exports do not reach the end of {name}"),
        }
    }

    /// The rows of the only currency that there is, or that the rule is about: money of several is never compared with one number.
    fn in_currency<'r>(&self, rows: Vec<&'r TidyRow>, basis: &Basis<'_>) -> Result<Vec<&'r TidyRow>, String> {
        let units: BTreeSet<String> = rows.iter().filter(|r| matches!(r.unit, Unit::Money(_))).map(|r| r.unit.to_string()).collect();
        let named = |c: &Currency| if c.is_empty() { "no named currency".to_owned() } else { c.to_string() };
        let there = || basis.currencies.iter().map(named).collect::<Vec<_>>();
        match self.currency {
            Some(currency) if !units.contains(currency) => {
                Err(format!("no amount is in {currency}: they are in {}; [money] currency and rates say in which", and(&there())))
            }
            Some(currency) => Ok(rows.into_iter().filter(|row| row.unit.to_string() == currency).collect()),
            None if self.of == Of::Value && units.len() > 1 => {
                Err(format!("{} is in {} here: name the currency in the rule, or give rates under [money]", self.measure, and(&there())))
            }
            None => Ok(rows),
        }
    }

    fn judge(&self, rule: usize, row: &TidyRow, earlier: &[Option<&TidyRow>], for_periods: usize, basis: &Basis<'_>) -> Finding {
        let mut finding = Finding::of(rule, row, self.level);
        match self.compare(row, basis) {
            Err(reason) => finding.reason = reason,
            Ok(compared) => finding.take(compared),
        }
        self.doubt(&mut finding, row, basis);
        if finding.verdict != Verdict::Breach || for_periods < 2 {
            return finding;
        }
        let before: Vec<Result<Compared, String>> =
            earlier.iter().map(|row| row.map_or_else(|| Err("nothing is known".to_owned()), |row| self.compare(row, basis))).collect();
        if before.iter().any(|known| known.as_ref().is_ok_and(|compared| compared.miss.is_none())) {
            finding.verdict = Verdict::Held;
            finding.reason = format!("missed now, and not {for_periods} periods in a row");
        } else if let Some(reason) = before.iter().find_map(|known| known.as_ref().err()) {
            finding.verdict = Verdict::NotJudged;
            finding.reason = format!("missed now, but of a period before: {reason}");
        } else if before.len() + 1 < for_periods {
            finding.verdict = Verdict::NotJudged;
            finding.reason = format!("missed now, but there are no {for_periods} periods in a row");
        }
        finding
    }

    /// Says of how many records the value is known, and takes the verdict back where the others could turn it.
    fn doubt(&self, finding: &mut Finding, row: &TidyRow, basis: &Basis<'_>) {
        if !matches!(finding.verdict, Verdict::Held | Verdict::Breach) {
            return;
        }
        let partial = |first: Day, last: Day| {
            let whose = (self.measure.to_owned(), self.level, row.name.clone(), first.0, last.0);
            let all = basis.partials.get(&whose).map(Vec::as_slice).unwrap_or_default();
            all.iter().find(|partial| partial.unit.as_ref().is_none_or(|unit| *unit == row.unit))
        };
        let (mut larger, mut smaller, mut reasons) = (false, false, Vec::new());
        if let Some(now) = partial(row.period_start, row.period_end) {
            (larger, smaller) = (true, !now.only_adds);
            reasons.push(now.says.clone());
        }
        let place = basis.periods.iter().position(|period| period.name == row.period);
        let before = place.and_then(|at| at.checked_sub(1)).and_then(|at| basis.periods.get(at));
        if self.of == Of::Change
            && let Some(before) = before.and_then(|period| partial(period.range.first, period.range.last))
        {
            (larger, smaller) = (larger || !before.only_adds, true);
            reasons.push(format!("the period before: {}", before.says));
        }
        let reason = reasons.join("; ");
        if reason.is_empty() {
            return;
        }
        let turns = match &finding.miss {
            Some(miss) if miss.over => smaller,
            Some(_) => larger,
            None => (larger && self.bound.most().is_some()) || (smaller && self.bound.least().is_some()),
        };
        (finding.reason, finding.partial) = (reason, true);
        if turns {
            finding.verdict = Verdict::NotJudged;
            finding.reason.push_str(": what is not known could turn the verdict");
            (finding.compared, finding.against, finding.miss) = (None, None, None);
        }
    }

    fn compare(&self, row: &TidyRow, basis: &Basis<'_>) -> Result<Compared, String> {
        if row.name == NO_OWNER {
            return Err("records of nobody".to_owned());
        }
        if basis.of_leaders.contains(self.measure) && row.value == Value::Missing(Why::NotApplicable) {
            return Err(if self.level == Level::Owner { "does not lead others" } else { "has no leader" }.to_owned());
        }
        if let Some(exempt) = basis.exempt.get(&(self.level, row.name.clone(), row.period.clone()))
            && !(exempt.unless_agreed && row.target.is_some())
            && !(exempt.leads && basis.of_leaders_too.contains(self.measure))
        {
            return Err(exempt.reason.clone());
        }
        if !row.complete {
            return Err(format!("{} is not complete", row.period));
        }
        compare::compare(row, self.of, self.bound)
    }
}

/// The reason that most of them have; of as frequent ones the first by name.
fn commonest(findings: &[Finding]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings {
        *counts.entry(&finding.reason).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or_default();
    counts.into_iter().find(|(_, n)| *n == most).map(|(reason, _)| reason.to_owned()).unwrap_or_default()
}

fn and(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// A number about the exports, compared as every other is.
fn about_exports(rule: usize, name: String, unit: Unit, value: Value, bound: Bound) -> Finding {
    match compare::hold(&value, &unit, None, Of::Value, bound) {
        Ok(compared) => {
            let mut finding = Finding { name, unit: Some(unit), value: Some(value), ..Finding::could_not(rule, "") };
            finding.take(compared);
            finding
        }
        Err(reason) => Finding::could_not(rule, reason),
    }
}

fn freshness(rule: usize, kind: Kind, bound: Bound, basis: &Basis<'_>) -> Finding {
    let Some(last) = basis.exports.through.get(&kind) else {
        return Finding::could_not(rule, format!("there is no file of {}, or none with a date", kind.name()));
    };
    let days = f64::from(basis.as_of.0.saturating_sub(last.0).max(0));
    let mut finding = about_exports(rule, kind.name().to_owned(), Unit::Days, Value::Days(days), bound);
    finding.reason = format!("the last date of {} is {last}", kind.name());
    finding
}

fn share(rule: usize, coverage: Coverage, bound: Bound, exports: &Exports) -> Finding {
    let (name, share, of, none) = match coverage {
        Coverage::Column(kind, column) => {
            let none = format!("the exports hold no record of {}", kind.name());
            (format!("{}.{column}", kind.name()), exports.known.get(&(kind, column)).copied(), "records", none)
        }
        Coverage::Accounting => {
            let none = "the exports hold no record of activities or deals".to_owned();
            ("accounting".to_owned(), Some(exports.accounted), "records", none)
        }
        Coverage::Staffing => {
            let none = "there is no roster to be on: give people.csv (name, team, from, to)".to_owned();
            ("staffing".to_owned(), exports.staffed, "people", none)
        }
    };
    let Some(Share { part, whole }) = share.filter(|share| share.whole > 0) else { return Finding::could_not(rule, none) };
    let value = Value::Ratio(part as f64 / whole as f64);
    let mut finding = about_exports(rule, name, Unit::Ratio, value, bound);
    finding.reason = format!("{part} of {whole} {of}");
    finding
}
