//! Findings as `JUnit` XML: a suite for each rule, a case for each whom it is about.
//!
//! There is no time and no timestamp, so that the same findings give the same bytes. Characters that XML cannot hold, and those that a
//! terminal would obey, are shown.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::document::{Case, Findings, Rule, Stands};
use crate::render::text;

/// The findings as `JUnit` XML.
///
/// # Errors
/// Where the XML cannot be written, which memory alone decides.
pub fn junit(findings: &Findings) -> anyhow::Result<Vec<u8>> {
    let mut report = Report::new("leadlag check");
    for (index, rule) in findings.rules.iter().enumerate() {
        let cases: Vec<&Case> = findings.cases.iter().filter(|case| case.rule == index).collect();
        let mut suite = TestSuite::new(shown(&rule.says));
        suite.add_test_cases(cases.into_iter().map(|case| of_case(rule, case)));
        report.add_test_suite(suite);
    }
    Ok(report.to_string()?.into_bytes())
}

fn of_case(rule: &Rule, case: &Case) -> TestCase {
    let says = shown(&case.says);
    let gravely = |kind: NonSuccessKind, what: &str| {
        let mut status = TestCaseStatus::non_success(kind);
        status.set_message(says.as_str()).set_type(what);
        if !case.see.is_empty() {
            status.set_description(shown(&case.see));
        }
        status
    };
    let status = match (case.stands, rule.warns) {
        (Stands::Missed, false) => gravely(NonSuccessKind::Failure, "breach"),
        (Stands::Failed, false) => gravely(NonSuccessKind::Error, "could_not"),
        (Stands::Skipped | Stands::LeftOut, _) | (Stands::Failed, true) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(says.as_str());
            status
        }
        (Stands::Held, _) | (Stands::Missed, true) => TestCaseStatus::success(),
    };
    let mut found = TestCase::new(shown(&case.name), status);
    found.set_classname(shown(&rule.says));
    if case.stands == Stands::Missed && rule.warns {
        found.set_system_out(format!("warning: {says}"));
    }
    found
}

/// Text that XML can hold and no terminal obeys.
fn shown(words: &str) -> String {
    // Both are no characters, and XML has no escape for them.
    text::show(words, false, &[]).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::render::example::findings;

    #[test]
    fn another_reader_finds_each_case_as_it_stands() {
        let xml = String::from_utf8(junit(&findings()).unwrap()).unwrap();
        let document = roxmltree::Document::parse(&xml).unwrap();
        let root = document.root_element();
        let count = |name: &str| root.attribute(name).unwrap().to_owned();
        assert_eq!(
            (count("tests"), count("failures"), count("errors"), count("skipped")),
            ("7".into(), "1".into(), "1".into(), "2".into())
        );
        let case = |name: &str| document.descendants().find(|n| n.has_tag_name("testcase") && n.attribute("name") == Some(name)).unwrap();
        let failure = case("Ana <b>␛[31m &amp; \"O'Brien\"").children().find(|n| n.has_tag_name("failure")).unwrap();
        assert_eq!((failure.attribute("type"), failure.attribute("message")), (Some("breach"), Some("0, must be >= 4␊::error::x")));
        assert_eq!(failure.text(), Some("leadlag explain m --owner x"));
        let warned = case("Bo");
        assert!(!warned.children().any(|n| n.has_tag_name("failure")));
        let said = warned.children().find(|n| n.has_tag_name("system-out")).unwrap();
        assert_eq!(said.text(), Some("warning: 2, must be <= 1"));
        let suites: Vec<&str> = root.children().filter(|n| n.has_tag_name("testsuite")).map(|n| n.attribute("name").unwrap()).collect();
        assert_eq!(suites, ["m >= 4 per owner", "n <= 1 per owner"]);
        assert!(document.descendants().all(|n| n.attribute("time").is_none() && n.attribute("timestamp").is_none()));
    }

    #[test]
    fn what_xml_cannot_hold_is_shown() {
        assert_eq!(shown("a\u{0}b\u{b}c\u{1b}d\u{fffe}e\u{202e}f"), "a␀b␋c␛d\u{fffd}e<U+202E>f");
    }
}
