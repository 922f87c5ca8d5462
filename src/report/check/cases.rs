//! Findings as cases of rules, in sentences.

use super::Checked;
use super::page::{compared, must_be, short};
use crate::check::{Finding, Verdict};
use crate::diagnostic::Severity;
use crate::document::{Case, Findings, Rule, Stands};

impl Checked<'_, '_> {
    /// The rules and what they say, gravest first.
    pub(super) fn cases(&self) -> Findings {
        let rules = self.rules.checks.iter().chain(self.rules.left).map(|check| Rule {
            says: self.text(check),
            warns: check.severity != Severity::Error,
            at: check.origin.line.map(|line| (check.origin.file.clone(), line)),
        });
        let cases = self.findings.iter().map(|finding| Case {
            rule: finding.rule,
            name: who(finding),
            stands: match finding.verdict {
                Verdict::CouldNot => Stands::Failed,
                Verdict::Breach => Stands::Missed,
                Verdict::NotJudged => Stands::Skipped,
                Verdict::Held => Stands::Held,
            },
            says: self.sentence(finding),
            see: self.see(finding).unwrap_or_default(),
        });
        let left = (self.rules.checks.len()..).zip(self.rules.left).map(|(rule, _)| Case {
            rule,
            name: "the rule".to_owned(),
            stands: Stands::LeftOut,
            says: "not looked at: the options leave out its level".to_owned(),
            see: String::new(),
        });
        Findings { rules: rules.collect(), cases: cases.chain(left).collect() }
    }

    /// What was found, in a sentence.
    fn sentence(&self, finding: &Finding) -> String {
        let check = self.check(finding);
        let period = check.measure().map_or_else(String::new, |_| format!(" in {}", self.run.period().name));
        match finding.verdict {
            Verdict::CouldNot | Verdict::NotJudged => finding.reason.clone(),
            Verdict::Breach | Verdict::Held => {
                let is = compared(check, finding);
                let by = finding.miss.as_ref().map(|miss| format!(", {} by {}", over(miss.over), short(finding)));
                let why = if finding.reason.is_empty() { String::new() } else { format!(" ({})", finding.reason) };
                format!("{}: {is}{period}, must be {}{}{why}", who(finding), must_be(check, finding), by.unwrap_or_default())
            }
        }
    }
}

fn over(over: bool) -> &'static str {
    if over { "over" } else { "short" }
}

/// Of whom a finding is; the rule itself where it could not be evaluated.
pub(super) fn who(finding: &Finding) -> String {
    match (finding.name.is_empty(), finding.verdict) {
        (true, Verdict::CouldNot) => "the rule".to_owned(),
        (true, _) => "all".to_owned(),
        (false, _) => finding.name.clone(),
    }
}
