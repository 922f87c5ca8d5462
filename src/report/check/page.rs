//! The page of a check: the outcome, every breach, what could not be judged, warnings, who is not judged, what holds.

use std::collections::BTreeMap;

use rust_decimal::{Decimal, RoundingStrategy};

use super::Checked;
use super::cases::who;
use crate::check::{Bound, Check, Finding, Miss, Of, Subject, Verdict, percent};
use crate::diagnostic::{Outcome, Severity};
use crate::document::{Block, Cell, Column, Content, Note, Row, Table, Tone};
use crate::report::{page, words};
use crate::unit::{Unit, Value};

impl Checked<'_, '_> {
    /// The blocks of the page.
    pub(super) fn page(&self, outcome: Outcome) -> Vec<Block> {
        let mut blocks = vec![self.banner(), Block::Notes(vec![self.outcome(outcome)])];
        let could_not = self.could_not();
        if !could_not.is_empty() {
            blocks.push(Block::Notes(could_not));
        }
        for (title, severity) in [("Breaches, worst first", Severity::Error), ("Warnings, worst first", Severity::Warning)] {
            let breaches = self.of(Verdict::Breach, severity);
            if breaches.is_empty() {
                continue;
            }
            blocks.push(Block::Notes(vec![note("", Tone::Strong, vec![title.to_owned()])]));
            let mut rules: Vec<usize> = Vec::new();
            for finding in &breaches {
                if !rules.contains(&finding.rule) {
                    rules.push(finding.rule);
                }
            }
            for rule in rules {
                let of_rule: Vec<&Finding> = breaches.iter().copied().filter(|finding| finding.rule == rule).collect();
                let check = &self.rules.checks[rule];
                let said = self.text(check);
                blocks.push(Block::Notes(vec![note("", Tone::Plain, vec![format!("{said} ({})", check.place())])]));
                blocks.push(Block::Table(self.table(&said, &of_rule, severity)));
                let known: Vec<String> = of_rule.iter().filter_map(|finding| partly(finding)).collect();
                if !known.is_empty() {
                    blocks.push(Block::Notes(known.into_iter().map(|said| note("", Tone::Faint, vec![said])).collect()));
                }
            }
            let see = breaches.iter().filter_map(|finding| self.see(finding)).enumerate();
            blocks.push(Block::Notes(see.map(|(at, see)| note(if at == 0 { "See" } else { "" }, Tone::Plain, vec![see])).collect()));
        }
        let mut below = self.not_judged();
        below.extend(self.held());
        below.extend(self.rules.beside.iter().map(|beside| note("Beside", Tone::Faint, vec![beside.clone()])));
        blocks.push(Block::Notes(below));
        blocks
    }

    fn banner(&self) -> Block {
        match page::banner(self.run) {
            Block::Banner { left, right } => Block::Banner { left: format!("{left} · check"), right },
            other => other,
        }
    }

    /// How the run ended, in one line.
    fn outcome(&self, outcome: Outcome) -> Note {
        let count = |verdict: Verdict, severity: Severity| self.of(verdict, severity).len() as u64;
        let both = |verdict: Verdict| count(verdict, Severity::Error) + count(verdict, Severity::Warning);
        let mut parts = Vec::new();
        let mut add = |n: u64, one: &str, many: &str| {
            if n > 0 {
                parts.push(format!("{n} {}", if n == 1 { one } else { many }));
            }
        };
        add(count(Verdict::CouldNot, Severity::Error), "RULE COULD NOT BE JUDGED", "RULES COULD NOT BE JUDGED");
        add(count(Verdict::Breach, Severity::Error), "BREACH", "BREACHES");
        add(count(Verdict::Breach, Severity::Warning), "warning", "warnings");
        add(count(Verdict::CouldNot, Severity::Warning), "warning could not be judged", "warnings could not be judged");
        let unjudged = self.findings.iter().filter(|f| f.verdict == Verdict::NotJudged && !self.failed(f.rule)).count();
        add(unjudged as u64, "not judged", "not judged");
        add(both(Verdict::Held), "holds", "hold");
        parts.push(format!("as of {}", words::day_and_year(self.run.as_of)));
        let tone = if outcome == Outcome::Done { Tone::Good } else { Tone::Bad };
        note("", tone, parts)
    }

    fn could_not(&self) -> Vec<Note> {
        let each = [Severity::Error, Severity::Warning].into_iter().flat_map(|severity| self.of(Verdict::CouldNot, severity));
        each.enumerate()
            .map(|(at, finding)| {
                let check = self.check(finding);
                let warns = if check.severity == Severity::Error { "" } else { ", a warning" };
                let said = format!("{} ({}{warns}): {}", self.text(check), check.place(), finding.reason);
                note(if at == 0 { "Could not be judged" } else { "" }, Tone::Bad, vec![said])
            })
            .collect()
    }

    fn table(&self, title: &str, breaches: &[&Finding], severity: Severity) -> Table {
        let column = |heading: &str, right: bool, drop: u8| Column { heading: vec![heading.to_owned()], right, drop };
        let text = |words: String| Cell { content: Content::Text(words), tone: Tone::Plain };
        let tone = if severity == Severity::Error { Tone::Bad } else { Tone::Plain };
        let quotients = breaches.iter().any(|finding| finding.against.is_some());
        let mut table = Table {
            title: title.to_owned(),
            groups: Vec::new(),
            // The rule above the table names the measure too.
            columns: vec![column("", false, 0), column("measure", false, 2), column("value", true, 0)],
            rows: Vec::new(),
        };
        if quotients {
            table.columns.push(column("is", false, 1));
        }
        table.columns.extend([column("must be", false, 0), column("off by", true, 0)]);
        for finding in breaches {
            let check = self.check(finding);
            let value = match (&finding.value, &finding.against) {
                (Some(Value::Ratio(_)), None) => Content::Text(compared(check, finding)),
                (Some(value), against) => Content::Value { value: bare(value), against: against.as_ref().map(bare), share: None },
                (None, _) => Content::Blank,
            };
            let mut cells = vec![text(who(finding)), text(self.measure(check, finding)), Cell { content: value, tone }];
            if quotients {
                let is = finding.against.as_ref().map_or(Content::Blank, |_| Content::Text(compared(check, finding)));
                cells.push(Cell { content: is, tone: Tone::Plain });
            }
            cells.extend([text(must_be(check, finding)), text(short(finding))]);
            table.rows.push(Row { tone: Tone::Plain, cells });
        }
        table
    }

    /// The measure with its currency, and whether it is that of its target's own period to date, or what of the exports is looked at.
    fn measure(&self, check: &Check, finding: &Finding) -> String {
        let Subject::Measure { measure, .. } = &check.subject else {
            return if matches!(check.subject, Subject::Freshness(_)) { "freshness".to_owned() } else { "coverage".to_owned() };
        };
        let mut said = measure.text.clone();
        if let Some(unit @ Unit::Money(code)) = &finding.unit
            && !code.is_empty()
        {
            said = format!("{said}, {unit}");
        }
        if finding.days.is_some_and(|days| days.first != self.run.period().range.first) {
            said.push_str(", to date");
        }
        said
    }

    /// Whether a rule could not be evaluated, so that nobody's own reason matters.
    fn failed(&self, rule: usize) -> bool {
        self.findings.iter().any(|f| f.rule == rule && f.verdict == Verdict::CouldNot)
    }

    /// Who is not judged, by reason.
    fn not_judged(&self) -> Vec<Note> {
        let mut by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for finding in self.findings.iter().filter(|f| f.verdict == Verdict::NotJudged && !self.failed(f.rule)) {
            let (names, name) = (by.entry(&finding.reason).or_default(), who(finding));
            // In one currency there may be nothing to judge, and in another there is.
            let name = match &finding.unit {
                Some(unit @ Unit::Money(_)) if self.run.engine.currencies().len() > 1 => format!("{name} in {unit}"),
                _ => name,
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let line = |(at, (reason, names)): (usize, (&str, Vec<String>))| {
            note(if at == 0 { "Not judged" } else { "" }, Tone::Plain, vec![format!("{}: {reason}", words::list(&names))])
        };
        by.into_iter().enumerate().map(line).collect()
    }

    /// The rules that hold, for how many.
    fn held(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        for (index, check) in self.rules.checks.iter().enumerate() {
            let n = self.findings.iter().filter(|f| f.rule == index && f.verdict == Verdict::Held).count() as u64;
            if n > 0 {
                let label = if notes.is_empty() { "Holds" } else { "" };
                let of = if check.level().is_some() { format!(" for {n}") } else { String::new() };
                let mut parts = vec![format!("{}{of}", self.text(check))];
                let held = self.findings.iter().filter(|f| f.rule == index && f.verdict == Verdict::Held);
                parts.extend(held.filter_map(partly));
                notes.push(note(label, Tone::Plain, parts));
            }
        }
        notes
    }
}

/// Of how many records a value is known, where it is a measure's and not of all.
fn partly(finding: &Finding) -> Option<String> {
    (finding.partial && !finding.reason.is_empty()).then(|| format!("{}: {}", who(finding), finding.reason))
}

fn note(label: &str, tone: Tone, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone, parts }
}

/// Whether what is compared with the bound is a share.
fn is_share(check: &Check, finding: &Finding) -> bool {
    let quotient = matches!(&check.subject, Subject::Measure { of, .. } if *of != Of::Value);
    quotient || finding.unit == Some(Unit::Ratio)
}

/// What is compared with the bound, in words. A share is rounded away from the bound that it misses, so that it never seems to hold.
pub(super) fn compared(check: &Check, finding: &Finding) -> String {
    let Some(number) = finding.compared else { return String::new() };
    let rounding = finding.miss.as_ref().map_or(RoundingStrategy::MidpointAwayFromZero, Miss::rounding);
    if !is_share(check, finding) {
        let unit = match &finding.unit {
            None | Some(Unit::Count) => String::new(),
            Some(Unit::Days) => " d".to_owned(),
            Some(Unit::Hours) => " h".to_owned(),
            Some(unit) => format!(" {unit}"),
        };
        let decimals = finding.miss.as_ref().map_or(2, |miss| miss.bound.scale().clamp(2, 6));
        return format!("{}{unit}", number.round_dp_with_strategy(decimals, rounding).normalize());
    }
    let share = percent(number.round_dp_with_strategy(3, rounding));
    match &check.subject {
        Subject::Measure { of: Of::Pace, .. } => format!("{share} of pace"),
        Subject::Measure { of: Of::Attainment, .. } => format!("{share} of target"),
        Subject::Measure { of: Of::Average, .. } => format!("{share} of average"),
        Subject::Measure { of: Of::Change, .. } => format!("a change of {share}"),
        _ => share,
    }
}

/// The bound in words.
pub(super) fn must_be(check: &Check, finding: &Finding) -> String {
    let number = |n: Decimal| if is_share(check, finding) { percent(n) } else { n.normalize().to_string() };
    let of = match &check.subject {
        Subject::Measure { of: Of::Pace, .. } => " of pace",
        Subject::Measure { of: Of::Attainment, .. } => " of target",
        Subject::Measure { of: Of::Average, .. } => " of average",
        _ => "",
    };
    match check.bound {
        Bound::AtLeast(n) => format!(">= {}{of}", number(n)),
        Bound::AtMost(n) => format!("<= {}{of}", number(n)),
        Bound::Between(a, b) => format!("{} to {}{of}", number(a), number(b)),
    }
}

/// By how much the bound is missed, in the unit of the value; rounded up, so that it is never nothing.
pub(super) fn short(finding: &Finding) -> String {
    let Some(miss) = &finding.miss else { return String::new() };
    let up = |decimals| miss.by.round_dp_with_strategy(decimals, RoundingStrategy::ToPositiveInfinity);
    match &finding.unit {
        Some(Unit::Ratio) => percent(up(3)),
        Some(Unit::Days) => format!("{} d", up(1).normalize()),
        Some(Unit::Hours) => format!("{} h", up(1).normalize()),
        Some(Unit::Money(_)) if miss.by >= LARGE => up(0).to_string(),
        _ => up(2).normalize().to_string(),
    }
}

/// Amounts from here on are shown without decimals.
const LARGE: Decimal = Decimal::ONE_THOUSAND;

/// Money without decimals that matter little.
fn bare(value: &Value) -> Value {
    match value {
        Value::Money(n, currency) if n.abs() >= LARGE => Value::Money(n.round_dp(0), currency.clone()),
        Value::Money(n, currency) => Value::Money(n.round_dp(2).normalize(), currency.clone()),
        other => other.clone(),
    }
}
