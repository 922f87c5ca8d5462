//! Findings as workflow commands of GitHub Actions: an annotation for each breach, and for each rule that could not be evaluated.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>: `%`, CR and LF are escaped in messages, `:` and `,` in
//! properties as well. Other characters that a terminal would obey are shown.

use std::path::Path;

use crate::document::{Case, Findings, Rule, Stands};
use crate::render::text;

/// The findings as lines of a workflow's log, gravest first; the last line says how many there are.
pub fn github(findings: &Findings) -> String {
    let mut out = String::new();
    for case in &findings.cases {
        if let Some(rule) = findings.rules.get(case.rule)
            && case.stands.is_grave()
        {
            out.push_str(&line(rule, case));
        }
    }
    let count = |stands: Stands| findings.cases.iter().filter(|case| case.stands == stands).count();
    let (missed, failed, skipped, held) = (count(Stands::Missed), count(Stands::Failed), count(Stands::Skipped), count(Stands::Held));
    let left_out = match count(Stands::LeftOut) {
        0 => String::new(),
        n => format!(", {n} not looked at"),
    };
    out + &format!("leadlag check: {missed} missed, {failed} could not be judged, {skipped} not judged, {held} held{left_out}\n")
}

fn line(rule: &Rule, case: &Case) -> String {
    let command = if rule.warns { "warning" } else { "error" };
    // Files of annotations are found from the root of the workspace: what lies outside it is none of them.
    let outside = |file: &str| Path::new(file).is_absolute() || file.starts_with("..");
    let place = rule.at.as_ref().filter(|(file, _)| !outside(file));
    let place = place.map(|(file, line)| format!("file={},line={line},", property(file))).unwrap_or_default();
    let what = if case.stands == Stands::Failed { "could not be judged: " } else { "" };
    let see = if case.see.is_empty() { String::new() } else { format!("\n{}", text::show(&case.see, false, &[])) };
    let message = data(&format!("{}{see}", text::show(&case.says, false, &['\n', '\r'])));
    format!("::{command} {place}title={}::{message}\n", property(&format!("{what}{}", rule.says)))
}

/// A message, which ends only with its line.
fn data(words: &str) -> String {
    words.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(words: &str) -> String {
    data(&text::show(words, false, &['\n', '\r'])).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::example::findings;

    #[test]
    fn each_breach_is_one_line_whatever_it_holds() {
        let expected = "::error file=conf%2Cig/lead%3Alag.toml,line=12,title=m >= 4 per owner::0, must be >= 4%0A::error::x%0Aleadlag explain m --owner x\n\
            ::error file=conf%2Cig/lead%3Alag.toml,line=12,title=could not be judged%3A m >= 4 per owner::stale: 100%25 sure\n\
            ::warning title=n <= 1 per owner::2, must be <= 1\n\
            leadlag check: 2 missed, 1 could not be judged, 2 not judged, 2 held\n";
        assert_eq!(github(&findings()), expected);
    }

    #[test]
    fn a_rule_outside_the_workspace_has_no_file_and_one_left_out_is_counted() {
        let mut found = findings();
        found.rules[0].at = Some(("../leadlag.toml".to_owned(), 3));
        found.cases[3].stands = Stands::LeftOut;
        let log = github(&found);
        assert!(log.starts_with("::error title=m >= 4"), "{log}");
        assert!(log.ends_with("1 not judged, 2 held, 1 not looked at\n"), "{log}");
    }

    #[test]
    fn escapes_are_those_of_the_runner() {
        assert_eq!(data("a%0A\r\nb:c,d"), "a%250A%0D%0Ab:c,d");
        assert_eq!(property("a%0A\r\nb:c,d\u{1b}"), "a%250A%0D%0Ab%3Ac%2Cd␛");
    }
}
