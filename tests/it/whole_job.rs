//! The whole job over 13 weeks, counted by hand: who was there, how regularly, since when not, and what is flagged.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::program::run;

/// The Monday of a week of 2026.
fn monday(week: u32) -> String {
    // The first ISO week of 2026 begins on 29 December 2025.
    let day = jiff::civil::date(2025, 12, 29).checked_add(jiff::Span::new().weeks(week - 1)).expect("a day");
    day.to_string()
}

/// One line per record: a meeting, or what is said.
fn activities() -> String {
    let mut out = "id,type,subject,owner,date,status,account\n".to_owned();
    let mut id = 0;
    let mut add = |kind: &str, who: &str, day: &str, account: &str| {
        id += 1;
        writeln!(out, "{id},{kind},{kind},{who},{day},Completed,{account}").unwrap();
    };
    // The exports begin in W33, the week before the 13 that end with W46.
    add("Meeting", "Ana", &monday(33), "Acme");
    for week in [34, 35, 36, 39, 40, 44] {
        add("Meeting", "Ana", &monday(week), "Acme");
    }
    for week in [34, 36] {
        add("Plan", "Ana", &monday(week), "");
    }
    // Away in W37 and W38, and yet there for one meeting; none in W42.
    for week in [34, 35, 36, 37, 39, 40, 41, 43, 44, 45, 46] {
        add("Meeting", "Ben", &monday(week), "Bolt");
    }
    // New in W41.
    for week in 41..=46 {
        add("Meeting", "Cara", &monday(week), "Cork");
    }
    // 15 meetings up to W42, and none for 4 weeks.
    for week in 34..=42 {
        add("Meeting", "Dan", &monday(week), "Dome");
        if week % 3 != 0 {
            add("Meeting", "Dan", &monday(week), "Dray");
        }
    }
    add("Coaching", "Lea", &monday(40), "");
    out
}

const PEOPLE: &str = "name,role,team,from\nAna,rep,West,2026-01-01\nBen,rep,West,2026-01-01\nCara,rep,West,2026-10-05\n\
                      Dan,rep,West,2026-01-01\nLea,leader,West,2026-01-01\n";

const CONFIG: &str = "[component.plans]\nsays = \"Plans made\"\nwho = \"reps\"\nactivities = \"type = 'Plan' AND outcome = 'held'\"\n";

fn exports() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).expect("written");
    put("activities.csv", &activities());
    put("people.csv", PEOPLE);
    put("absences.csv", "person,from,to\nBen,2026-09-07,2026-09-18\n");
    put("leadlag.toml", CONFIG);
    folder
}

fn leadlag(command: &str, folder: &Path, more: &[&str]) -> std::process::Output {
    let (path, config) = (folder.display().to_string(), folder.join("leadlag.toml").display().to_string());
    run(&[&[command], more, &[path.as_str(), "--config", &config, "--as-of", "2026-11-16", "--through", "2026-11-15"]].concat())
}

/// The value of a measure of somebody, else why there is none.
struct Values(Vec<Json>);

impl Values {
    fn of(folder: &Path, more: &[&str]) -> Self {
        let output = leadlag("report", folder, &[&["--sections", "whole_job", "--format", "json"], more].concat());
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
        Self(json["values"].as_array().expect("values").clone())
    }

    fn get(&self, name: &str, measure: &str) -> String {
        let row = self.0.iter().find(|row| row["name"] == name && row["measure"] == measure);
        let row = row.unwrap_or_else(|| panic!("no row of {measure} of {name}"));
        let number = |json: &Json| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
        if row["value"].is_null() { number(&row["missing"]) } else { number(&row["value"]) }
    }

    fn all(&self, name: &str, component: &str) -> [String; 4] {
        ["share", "regularity", "longest_gap", "weeks_since"].map(|told| self.get(name, &format!("{component}_{told}")))
    }
}

#[test]
fn weeks_are_counted_as_by_hand() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    // Six of 13 weeks; 6 of 8 held activities; none in W41 to W43; W44 was the last.
    assert_eq!(values.all("Ana", "customer_contact"), ["0.75", "0.461538", "3", "2"]);
    // W34 and W36 alone: ten weeks since.
    assert_eq!(values.all("Ana", "plans"), ["0.25", "0.153846", "10", "10"]);
    // W38 does not count, and W37 does for its meeting: eleven of twelve, none in W42.
    assert_eq!(values.all("Ben", "customer_contact"), ["1", "0.916667", "1", "0"]);
    // Of plans there is none in W37 either.
    assert_eq!(values.all("Ben", "plans"), ["0", "0", "11", "11"]);
    // Six weeks are too few to tell a rhythm.
    assert_eq!(values.all("Cara", "customer_contact"), ["too_few"; 4]);
    // Somebody met somebody in each of the 13 weeks.
    assert_eq!(values.all("West", "customer_contact")[1..], ["1", "0", "0"]);
    assert_eq!(values.all("", "plans")[1..], ["0.153846", "10", "10"]);
}

#[test]
fn a_job_is_that_of_its_role_and_what_nobody_records_is_held_against_nobody() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    assert_eq!(values.all("Lea", "coaching"), ["1", "0.076923", "6", "6"]);
    assert_eq!(values.all("Ana", "coaching"), ["not_applicable"; 4]);
    assert_eq!(values.all("Lea", "plans"), ["not_applicable"; 4]);
    for name in ["", "West", "Ana", "Lea"] {
        assert_eq!(values.all(name, "learning"), ["no_data"; 4], "{name}");
    }
}

#[test]
fn the_weeks_are_those_that_are_over_by_the_end_of_the_period() {
    let folder = exports();
    // October ends within W44. Of W31 to W43 the exports have W33 on: eleven weeks, of which Ana met in W33 to W36, W39 and W40.
    let month = Values::of(folder.path(), &["--month", "2026-10"]);
    assert_eq!(month.all("Ana", "customer_contact")[1..], ["0.545455", "3", "3"]);
    // Of W26 to W38 there are six.
    let early = Values::of(folder.path(), &["--week", "2026-W38"]);
    assert_eq!(early.all("Ana", "customer_contact"), ["too_few"; 4]);
}

#[test]
fn what_is_neglected_is_flagged_for_its_person_and_counted_for_the_team() {
    let folder = exports();
    let values = Values::of(folder.path(), &[]);
    let neglected = ["Dan", "Ana", "Ben", "Cara", "West", ""].map(|name| values.get(name, "neglected"));
    assert_eq!(neglected, ["1", "0", "0", "too_few", "1", "1"]);
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job"]).stdout).expect("text");
    // 9 of the 13 weeks hold all of 15 records once in (13 / 9)^15 = 248.6 times.
    let said = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("Dan: customer contact none for 4 weeks after 1.7 a week, by chance 1 in 248"), "{page}");
    let row = page.lines().rfind(|line| line.starts_with("Dan ")).expect("a row");
    assert!(row.contains("▓ 9!") && row.ends_with("neglected"), "{row}");
    assert!(page.lines().any(|line| line.starts_with("Cara ") && line.ends_with("too soon")), "{page}");
    assert!(said.contains("held against nobody: prospecting, account planning"), "{page}");
}

#[test]
fn every_number_can_be_explained_and_required() {
    let folder = exports();
    let output = leadlag("explain", folder.path(), &["plans_longest_gap", "--owner", "Ana", "--format", "json"]);
    let json: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((&json["counted"], &json["values"][0]["value"]), (&Json::from(2), &Json::from("10")), "{json}");
    let page = String::from_utf8(leadlag("explain", folder.path(), &["neglected", "--owner", "Dan"]).stdout).expect("text");
    assert!(page.contains("Counted: 15"), "{page}");
    let check = |rule: &str| leadlag("check", folder.path(), &["--require", rule]).status.code();
    assert_eq!(check("customer_contact_longest_gap <= 3 per owner"), Some(1));
    assert_eq!(check("customer_contact_longest_gap <= 4 per owner"), Some(0));
    assert_eq!(check("customer_contact_regularity >= 46% per owner"), Some(0));
    assert_eq!(check("neglected <= 0 per team"), Some(1));
}

#[test]
fn one_person_has_a_line_for_each_component() {
    let folder = exports();
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job", "--owner", "Ben"]).stdout).expect("text");
    let line = page.lines().find(|line| line.starts_with("customer contact ")).expect("a line");
    let words: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(words[2..15].join(" "), "1 1 1 1 – 1 1 1 · 1 1 1 1", "{page}");
    assert_eq!(words[15..].join(" "), "100 % 92 % 1 0", "{page}");
}

#[test]
fn a_team_that_does_the_same_together_is_said_to_be_led_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut out = "id,type,subject,owner,date,status,account\n".to_owned();
    let mut id = 0;
    for who in ["Ana", "Ben", "Cy"] {
        for week in 34..=46 {
            // Every other week is full of deals, and the ones between of prospects.
            let (kind, times) = if week % 2 == 0 { ("Proposal", 6) } else { ("Prospecting", 4) };
            for _ in 0..times {
                id += 1;
                writeln!(out, "{id},Task,{kind},{who},{},Completed,Acme", monday(week)).unwrap();
            }
        }
    }
    fs::write(folder.path().join("activities.csv"), out).expect("written");
    fs::write(folder.path().join("people.csv"), "name,role,team\nAna,rep,West\nBen,rep,West\nCy,rep,West\n").expect("written");
    let config = "[[target]]\nmeasure = \"prospecting\"\nlevel = \"team\"\nper = \"week\"\nvalue = 4\nfrom = 2026-01-01\n\n\
                  [[target]]\nmeasure = \"prospecting\"\nlevel = \"team\"\nper = \"week\"\nvalue = 9\nfrom = 2026-11-02\n";
    fs::write(folder.path().join("leadlag.toml"), config).expect("written");
    let page = String::from_utf8(leadlag("report", folder.path(), &["--sections", "whole_job"]).stdout).expect("text");
    let said = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("West: 3 of 3 see-saw together: the cause is the manager's priority of the day, not the people"), "{page}");
    assert!(said.contains("each team: the target of prospecting was changed in mid-quarter, on Mon 2 Nov"), "{page}");
}
