//! What the rules say, as a page, rows and cases.

mod cases;
mod paced;
mod page;
mod partial;

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json, json};

use super::{Run, advanced, command, state, tidy, trust};
use crate::check::{self, Basis, Check, Coverage, Exempt, Exports, Finding, Subject, Verdict};
use crate::diagnostic::{Code, Diagnostic, Outcome, Severity};
use crate::document::{Document, Grid, GridCell};
use crate::measure::{Entity, Level};
use crate::unit::Value;

/// What is to be checked.
pub struct Rules<'a> {
    /// The rules.
    pub checks: &'a [Check],
    /// Rules that the options leave out.
    pub left: &'a [Check],
    /// What else is to be said of rules that are not looked at.
    pub beside: &'a [String],
    /// The words of a shell that name the inputs again.
    pub inputs: &'a [String],
}

/// The columns of a finding.
const COLUMNS: &[&str] = &[
    "rule",
    "severity",
    "verdict",
    "level",
    "name",
    "team",
    "period",
    "period_start",
    "period_end",
    "measure",
    "unit",
    "of",
    "value",
    "against",
    "compared",
    "bound",
    "short_by",
    "reason",
    "explain",
];

/// The rules with what they say.
struct Checked<'a, 'r> {
    run: &'a Run<'r>,
    rules: &'a Rules<'a>,
    findings: Vec<Finding>,
}

/// Holds the run's rows against rules: the document, and how the run ends.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub fn check(run: &Run<'_>, rules: &Rules<'_>) -> Result<(Document, Outcome), Diagnostic> {
    let rows = tidy::values(run)?;
    let paced = paced::rows(run, rules.checks, &rows)?;
    let exports = Exports::new(run.data, &trust::coverage(run.data), rules.checks);
    let (exempt, reach) = (exempt(run), reach(run));
    let leaders = |name: &String| run.engine.measure(name).is_some_and(|measure| run.engine.of_leaders(measure));
    let of_leaders = run.shown().into_iter().filter(leaders).collect();
    let partials = partial::partials(run, &run.shown(), &paced)?;
    let basis = Basis {
        rows: &rows,
        paced: &paced,
        periods: &run.periods,
        as_of: run.as_of,
        of_leaders: &of_leaders,
        exempt: &exempt,
        reach: &reach,
        currencies: run.engine.currencies(),
        exports: &exports,
        partials: &partials,
    };
    let findings = check::evaluate(rules.checks, &basis);
    let outcome = check::outcome(rules.checks, &findings);
    let checked = Checked { run, rules, findings };
    let document = Document {
        schema: "leadlag/check/1",
        title: run.title.clone(),
        as_of: Some(run.as_of),
        time_zone: run.calendar.zone_name().to_owned(),
        week_starts: run.calendar.week_starts().name().to_owned(),
        page: checked.page(outcome),
        grid: Some(Grid { name: "findings", columns: COLUMNS.to_vec(), rows: checked.rows(), about: checked.about(outcome) }),
        findings: Some(checked.cases()),
        diagnostics: run.facts.diagnostics.iter().cloned().chain(checked.not_judged_rules()).collect(),
        ..Document::default()
    };
    Ok((document, outcome))
}

fn reach(run: &Run<'_>) -> BTreeMap<String, (crate::table::Kind, crate::facts::Reach)> {
    let of = |name: String| {
        let measure = run.engine.measure(&name)?;
        Some((name, (run.engine.kind_of(measure), run.engine.reach(measure))))
    };
    run.shown().into_iter().filter_map(of).collect()
}

/// Who is held against no threshold: whoever was not there or had no workday, is too new, or does not sell.
fn exempt(run: &Run<'_>) -> BTreeMap<(Level, String, String), Exempt> {
    let roster = &run.data.roster;
    let mut found = BTreeMap::new();
    for period in &run.periods {
        let range = period.range;
        let worked = |person: u32, team: Option<u32>| {
            run.present(person, range) && roster.people.get(person as usize).is_some_and(|who| run.targets.worked(who, range, team) > 0)
        };
        let people = 0..roster.people.len() as u32;
        for entity in run.engine.entities() {
            let always = |reason: &str| Some(Exempt { reason: reason.to_owned(), unless_agreed: false, leads: false });
            let reason = match entity {
                Entity::All => (run.calendar.workdays(range) == 0).then(|| always("there was no workday")).flatten(),
                Entity::Team(team) => {
                    let anybody = people.clone().any(|person| roster.counts_in_team(person) && worked(person, Some(team)));
                    (!anybody).then(|| always("nobody in it had a workday")).flatten()
                }
                Entity::Owner(person) if !run.present(person, range) => always("not with us then"),
                Entity::Owner(person) if !worked(person, None) => always("no workday then"),
                Entity::Owner(person) => {
                    let new = state::too_new(run, person, range.last).map(|reason| Exempt { reason, unless_agreed: false, leads: false });
                    // Whoever is named is asked about, whatever they are there for; how long they have been there stays as it is.
                    let aside = if run.owner == Some(entity) { None } else { not_meant(run, person) };
                    new.or_else(|| {
                        aside.map(|reason| Exempt { reason: reason.to_owned(), unless_agreed: true, leads: roster.leads(person) })
                    })
                }
                Entity::NoOwner => None,
            };
            if let Some(exempt) = reason {
                found.insert((entity.level(), run.name(entity).to_owned(), period.name.clone()), exempt);
            }
        }
    }
    found
}

/// Why a rule for everybody is not meant for a person, as a target for every owner is not.
fn not_meant(run: &Run<'_>, person: u32) -> Option<&'static str> {
    let people = &run.data.roster.people;
    let unlisted = people.iter().any(|p| p.listed) && !people.get(person as usize)?.listed;
    state::helps(run, person).or_else(|| unlisted.then_some("not on the roster"))
}

impl Checked<'_, '_> {
    fn check(&self, finding: &Finding) -> &Check {
        // Every finding is made of a rule of this list.
        &self.rules.checks[finding.rule]
    }

    fn text(&self, check: &Check) -> String {
        check.text(self.run.catalog)
    }

    fn of(&self, verdict: Verdict, severity: Severity) -> Vec<&Finding> {
        self.findings.iter().filter(|f| f.verdict == verdict && self.check(f).severity == severity).collect()
    }

    /// Which week to judge instead, for a measure that is known only some days after.
    fn unripe(&self, name: &str) -> Option<String> {
        let run = self.run;
        let measure = run.engine.measure(name)?;
        let days = advanced::ripens(run, measure)?;
        let (last, until) = (run.period().range.last, run.facts.seen_until(run.engine.kind_of(measure), run.as_of)?);
        (last.plus(days as i32) > until).then(|| {
            let week =
                advanced::ripe_week_of(run, name).map_or_else(String::new, |week| format!("; judge an earlier one: --week {}", week.name));
            format!("{name} counts what comes within {days} days, and is known when the exports reach {}{week}", last.plus(days as i32))
        })
    }

    /// The rules that could not be evaluated, as a run says it that prints no page.
    fn not_judged_rules(&self) -> Vec<Diagnostic> {
        let failed = self.findings.iter().filter(|finding| finding.verdict == Verdict::CouldNot);
        let said = failed.map(|finding| {
            let check = self.check(finding);
            let message = format!("{} could not be judged: {}", self.text(check), finding.reason);
            let said = match check.severity {
                Severity::Error => Diagnostic::error(Code::NotJudged, message),
                _ => Diagnostic::warning(Code::NotJudged, message),
            };
            let unripe = check.measure().and_then(|name| self.unripe(name));
            if let Some(hint) = unripe {
                return said.at(check.origin.clone()).hint(hint);
            }
            let hint = match (&check.subject, finding.reason.starts_with("stale: ") || finding.reason.contains(':')) {
                (Subject::Measure { .. }, false) => "look at what was read with leadlag inspect, or take the rule out",
                (_, false) => "give that export too, or take the rule out",
                (_, true) => "",
            };
            let said = said.at(check.origin.clone());
            if hint.is_empty() { said } else { said.hint(hint) }
        });
        said.collect()
    }

    /// The command that shows what stands behind a missed bound.
    fn see(&self, finding: &Finding) -> Option<String> {
        if finding.verdict != Verdict::Breach {
            return None;
        }
        let check = self.check(finding);
        let inspect = |more: &[&str]| {
            let words = ["leadlag inspect"].into_iter().chain(self.rules.inputs.iter().map(String::as_str)).chain(more.iter().copied());
            words.collect::<Vec<_>>().join(" ")
        };
        Some(match &check.subject {
            Subject::Measure { measure, .. } => {
                let who = finding.level.map(|level| (level, finding.name.as_str()));
                let period = self.run.period();
                let to_date = finding.days.filter(|days| *days != period.range).map(|days| self.run.calendar.range_period(days));
                command::explain(&measure.text, self.rules.inputs, who, to_date.as_ref().unwrap_or(period))
            }
            Subject::Coverage(Coverage::Accounting) => inspect(&["--refused -"]),
            Subject::Freshness(_) | Subject::Coverage(_) => inspect(&[]),
        })
    }

    fn rows(&self) -> Vec<Vec<Option<GridCell>>> {
        let text = |words: &str| (!words.is_empty()).then(|| GridCell::Text(words.to_owned()));
        self.findings
            .iter()
            .map(|finding| {
                let check = self.check(finding);
                let of_measure = match &check.subject {
                    Subject::Measure { of, .. } => Some(of.name()),
                    _ => None,
                };
                let period = check.measure().map_or("", |_| self.run.period().name.as_str());
                let bound = finding.miss.as_ref().map(|miss| miss.bound).or(check.bound.least()).or(check.bound.most());
                vec![
                    Some(GridCell::Number(Decimal::from(finding.rule + 1))),
                    text(severity(check)),
                    text(finding.verdict.name()),
                    text(finding.level.map_or("", Level::name)),
                    text(&finding.name),
                    text(&finding.team),
                    text(period),
                    finding.days.map(|days| GridCell::Day(days.first)),
                    finding.days.map(|days| GridCell::Day(days.last)),
                    text(check.measure().unwrap_or_default()),
                    finding.unit.as_ref().and_then(|unit| text(&unit.to_string())),
                    text(of_measure.unwrap_or_default()),
                    finding.value.as_ref().and_then(tidy::number).map(GridCell::Number),
                    finding.against.as_ref().and_then(|against| held_against(against, finding.value.as_ref())).map(GridCell::Number),
                    finding.compared.map(GridCell::Number),
                    bound.map(|bound| GridCell::Number(bound.normalize())),
                    finding.miss.as_ref().map(|miss| GridCell::Number(miss.shown())),
                    text(&finding.reason),
                    self.see(finding).map(GridCell::Text),
                ]
            })
            .collect()
    }

    fn about(&self, outcome: Outcome) -> Map<String, Json> {
        let period = self.run.period();
        let mut about = Map::new();
        about.insert("outcome".to_owned(), json!(word(outcome)));
        about.insert("period".to_owned(), json!(period.name));
        about.insert("period_start".to_owned(), json!(period.range.first.to_string()));
        about.insert("period_end".to_owned(), json!(period.range.last.to_string()));
        let rules = self.rules.checks.iter().enumerate().map(|(index, check)| {
            let count = |verdict: Verdict| self.findings.iter().filter(|f| f.rule == index && f.verdict == verdict).count();
            json!({
                "rule": index + 1,
                "text": self.text(check),
                "file": check.origin.file,
                "line": check.origin.line,
                "severity": severity(check),
                "for_periods": check.periods(),
                "could_not": count(Verdict::CouldNot) > 0,
                "breach": count(Verdict::Breach),
                "not_judged": count(Verdict::NotJudged),
                "held": count(Verdict::Held),
            })
        });
        about.insert("rules".to_owned(), rules.collect());
        about.insert("not_looked_at".to_owned(), json!(self.rules.beside));
        about
    }
}

/// How a run ended, in a word.
fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Done => "held",
        Outcome::Breach => "breach",
        Outcome::CouldNot => "could_not",
    }
}

fn severity(check: &Check) -> &'static str {
    if check.severity == Severity::Error { "error" } else { "warning" }
}

/// A pace, target or average with as many decimals as the tidy rows give it: at most four, money at least its own.
fn held_against(against: &Value, value: Option<&Value>) -> Option<Decimal> {
    let mut number = tidy::number(against)?.round_dp(4).normalize();
    if let Some(Value::Money(own, _)) = value {
        number.rescale(number.scale().max(own.scale().min(4)));
    }
    Some(number)
}
