//! The further sections of the report, whatever they show: in every format, each number reachable, and never silent about what they lack.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use leadlag::config::SECTIONS;
use serde_json::Value as Json;

use super::program::{each, run};

/// What the sections of the quick start print in a format.
fn quickstart(more: &[&str]) -> String {
    let output = run(&[&["report", "examples/quickstart", "--as-of", "2026-11-16"], more].concat());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{more:?}");
    assert!(output.status.success(), "{more:?}");
    String::from_utf8(output.stdout).expect("text")
}

/// The titles of the sections that a JSON document has, by name.
fn titles(json: &Json) -> BTreeMap<String, String> {
    let sections = json["sections"].as_array().expect("sections").iter().filter(|s| s["type"] == "heading");
    let text = |value: &Json| value.as_str().expect("text").to_owned();
    sections.map(|s| (text(&s["name"]), text(&s["title"]))).collect()
}

/// Value and reason by measure, for everybody.
fn values(json: &Json) -> BTreeMap<String, (Json, Json)> {
    let rows = json["values"].as_array().expect("values").iter().filter(|row| row["level"] == "all" && row["period"] == "2026-W46");
    rows.map(|row| (row["measure"].as_str().expect("a name").to_owned(), (row["value"].clone(), row["missing"].clone()))).collect()
}

#[test]
fn every_section_of_the_configuration_is_one_of_the_report() {
    let json: Json = serde_json::from_str(&quickstart(&["--sections", "all", "--by", "all", "--format", "json"])).expect("JSON");
    let found: BTreeSet<String> = titles(&json).into_keys().collect();
    assert_eq!(found, SECTIONS.iter().map(|name| (*name).to_owned()).collect());
}

#[test]
fn every_section_appears_in_every_format() {
    let json: Json = serde_json::from_str(&quickstart(&["--sections", "all", "--format", "json"])).expect("JSON");
    let titles = titles(&json);
    for format in ["table", "markdown", "html"] {
        let page = quickstart(&["--sections", "all", "--format", format]);
        for title in titles.values() {
            assert!(page.contains(title.as_str()), "{format} lacks {title}");
        }
    }
    let csv = quickstart(&["--sections", "all", "--format", "csv", "--by", "all"]);
    for measure in values(&json).keys() {
        assert!(csv.lines().any(|line| line.contains(&format!(",{measure},"))), "csv lacks {measure}");
    }
    let alone = quickstart(&["--sections", "pipeline", "--format", "table"]);
    let others: Vec<&String> = titles.iter().filter(|(name, _)| *name != "pipeline").map(|(_, title)| title).collect();
    assert!(others.iter().all(|title| !alone.lines().any(|line| line == title.as_str())), "only what was asked for");
    assert_eq!(quickstart(&["--sections", "none", "--by", "all"]), quickstart(&["--sections", "none", "--by", "all"]));
}

#[test]
fn every_number_of_a_section_can_be_explained_and_required() {
    let of = |sections: &str| -> Json {
        serde_json::from_str(&quickstart(&["--sections", sections, "--by", "all", "--format", "json"])).expect("JSON")
    };
    let shown: BTreeSet<String> = values(&of("none")).into_keys().collect();
    let all = values(&of("all"));
    let measures: Vec<&String> = all.keys().filter(|name| !shown.contains(*name)).collect();
    assert!(measures.len() > 20, "{measures:?}");
    let checked = each(&measures, |measure| {
        let at = ["examples/quickstart", "--as-of", "2026-11-16"];
        let explained = run(&[&["explain", measure.as_str()], &at[..], &["--format", "json"]].concat());
        let json: Json = serde_json::from_slice(&explained.stdout).unwrap_or_default();
        let value = json["values"][0]["value"].clone();
        // A rule that everything holds: what cannot be judged for anybody is the one other way to end.
        let rule = format!("{measure} >= 0 per all");
        let held = run(&[&["check", "--require", &rule], &at[..]].concat());
        (explained.status.code(), value, held.status.code(), String::from_utf8_lossy(&held.stderr).into_owned())
    });
    for (measure, (explained, value, held, said)) in measures.iter().zip(checked) {
        assert_eq!(explained, Some(0), "explain {measure}");
        let (there, _) = &all[*measure];
        let number = |json: &Json| json.as_str().map_or_else(|| json.as_f64(), |text| text.parse().ok());
        assert_eq!(number(&value), number(there), "explain {measure} and the report");
        assert!(held == Some(0) || (held == Some(2) && said.contains("not-judged")), "check {measure}: {held:?} {said}");
    }
}

/// Exports that lack what some sections need.
const LACKING: &[(&str, &[(&str, &str)])] = &[
    (
        "no deals, no people, no durations",
        &[(
            "activities.csv",
            "id,type,subject,owner,date,status,account\n1,Meeting,Visit,Ana,2026-11-03,Completed,Acme\n2,Call,Talk,Ben,2026-11-10,Completed,Bolt\n",
        )],
    ),
    (
        "no activities",
        &[(
            "deals.csv",
            "id,name,owner,account,stage,status,amount,created,close date\nd1,One,Ana,Acme,Closed Won,Won,100,2026-09-01,2026-11-03\n",
        )],
    ),
    (
        "a leader of nobody, a cycle of managers, a commitment of nobody for no week",
        &[
            (
                "activities.csv",
                "id,type,subject,owner,date,status,account\n1,Meeting,Visit,Ana,2026-11-03,Completed,Acme\n2,Coaching,Coaching,Cy,2026-11-10,Completed,\n",
            ),
            ("people.csv", "name,role,manager,team\nAna,rep,Ben,West\nBen,rep,Ana,West\nCy,leader,,\n"),
            (
                "commitments.csv",
                "week,person,text,measure,amount,kept\n2026-W46,Nobody,20 calls,,,\nsoon,Ana,Visit Acme,,,\n2026-W46,Ana,,,,\n",
            ),
        ],
    ),
];

#[test]
fn a_section_without_its_data_says_what_it_needs() {
    for (what, files) in LACKING {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in *files {
            fs::write(folder.path().join(name), text).expect("written");
        }
        let page = |sections: &str, format: &str| {
            let path = folder.path().to_str().expect("text");
            let output =
                run(&["report", path, "--as-of", "2026-11-16", "--through", "2026-11-15", "--sections", sections, "--format", format]);
            assert_eq!(output.status.code(), Some(0), "{what}, {sections}: {}", String::from_utf8_lossy(&output.stderr));
            String::from_utf8(output.stdout).expect("text")
        };
        for section in SECTIONS {
            let page = page(section, "table");
            let lines: Vec<&str> = page.lines().collect();
            let heading = lines.windows(2).position(|pair| pair[1].chars().all(|c| c == '─') && !pair[1].is_empty());
            let below = &lines[heading.unwrap_or_else(|| panic!("{what}: no heading of {section}\n{page}")) + 2..];
            assert!(below.iter().any(|line| !line.trim().is_empty()), "{what}: {section} says nothing");
        }
        for format in ["csv", "json", "markdown", "html"] {
            assert!(!page("all", format).is_empty());
        }
    }
}

#[test]
fn what_leadlag_toml_switches_on_is_there_and_the_option_wins() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("leadlag.toml");
    fs::write(&config, "[report]\nsections = [\"pipeline\"]\n").expect("written");
    let of = |more: &[&str]| quickstart(&[&["--config", config.to_str().expect("text")], more].concat());
    assert!(of(&[]).contains("\nPipeline\n────────\n"));
    assert!(!of(&["--sections", "none"]).contains("\nPipeline\n"));
    assert!(Path::new("examples/quickstart").exists());
}
