//! `leadlag check` from outside: exit codes over an export of a few lines worked out by hand, commands that work when they are copied, and
//! verdicts against a naive comparison of what `report` prints.

mod naive;

use std::path::Path;
use std::process::Output;

use crate::program;

/// Ann has 4 held customer meetings in 2026-W46 and 3 in W45, Bob 1 and 1, Lea leads and has none; Nia began three weeks ago and has none.
const PEOPLE: &str = "name,team,role,from,to\nAnn Bell,West,rep,2025-01-01,\nBob Cole,West,rep,2025-01-01,\nLea Diaz,West,leader,2025-01-01,\n\
    Nia Ek,West,rep,2026-10-26,\nOut Fox,West,rep,2025-01-01,2026-06-30\n";

const CONFIG: &str = "[[check]]\nmeasure = \"customer_meetings\"\nlevel = \"owner\"\nat_least = 3\n\n\
    [[check]]\nmeasure = \"customer_meetings\"\nlevel = \"team\"\nat_least = 9\nseverity = \"warning\"\n";

fn meetings(who: &str, day: &str, count: usize) -> String {
    let each: Vec<String> = (0..count).map(|n| format!("{who}-{day}-{n},{who},Meeting,{day},Held,Acme {n},{day}\n")).collect();
    each.concat()
}

/// A folder of exports.
fn exports(deals: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    let mut activities = "activity_id,rep_name,activity_type,activity_date,outcome,account,modified_date\n".to_owned();
    for (who, day, count) in [
        ("Ann Bell", "2026-09-01", 1),
        ("Ann Bell", "2026-11-04", 3),
        ("Ann Bell", "2026-11-10", 4),
        ("Bob Cole", "2026-11-05", 1),
        ("Bob Cole", "2026-11-13", 1),
    ] {
        activities += &meetings(who, day, count);
    }
    write("activities.csv", &activities);
    write("people.csv", PEOPLE);
    if !deals.is_empty() {
        write("deals.csv", deals);
    }
    folder
}

fn check(folder: &Path, args: &[&str]) -> Output {
    let place = folder.display().to_string();
    let standing: &[&str] = if args.contains(&"--as-of") { &[] } else { &["--as-of", "2026-11-16"] };
    let words = [&["check", &place][..], standing, args].concat();
    program::run(&words)
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("a status")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// `name verdict` of each finding.
fn verdicts(output: &Output) -> Vec<String> {
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    let word = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    json["findings"].as_array().expect("findings").iter().map(|f| format!("{} {}", word(f, "name"), word(f, "verdict"))).collect()
}

#[test]
fn exit_codes_are_those_of_the_hand_count() {
    let folder = exports("");
    let at_least = |n: u32| format!("customer_meetings >= {n} per owner");
    for (rule, expected) in [(at_least(1), 0), (at_least(2), 1), (at_least(5), 1), ("revenue >= 1 per all".to_owned(), 2)] {
        let output = check(folder.path(), &["--require", &rule]);
        assert_eq!(code(&output), expected, "{rule}: {}{}", text(&output.stdout), text(&output.stderr));
    }
    let both = check(folder.path(), &["--format", "json", "--require", &at_least(2), "--require", "revenue >= 1 per all"]);
    assert_eq!(code(&both), 2);
    // Breaches are listed all the same.
    assert_eq!(verdicts(&both), [" could_not", "Bob Cole breach", "Lea Diaz not_judged", "Nia Ek not_judged", "Ann Bell held"]);
}

#[test]
fn rules_of_the_configuration_stand_unless_require_is_given() {
    let folder = exports("");
    std::fs::write(folder.path().join("leadlag.toml"), CONFIG).expect("a file");
    let output = check(folder.path(), &["--format", "json"]);
    assert_eq!(code(&output), 1);
    // The team has 5 of 9, a warning.
    assert_eq!(verdicts(&output), ["Bob Cole breach", "West breach", "Lea Diaz not_judged", "Nia Ek not_judged", "Ann Bell held"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    let (findings, rules) = (&json["findings"], &json["rules"]);
    assert_eq!((findings[0]["short_by"].to_string(), findings[1]["short_by"].to_string()), ("2".to_owned(), "4".to_owned()));
    assert_eq!((rules[0]["line"].as_u64(), rules[1]["line"].as_u64(), rules[1]["severity"].as_str()), (Some(1), Some(6), Some("warning")));
    let only = check(folder.path(), &["--require", "customer_meetings >= 1 per owner"]);
    assert_eq!(code(&only), 0);
    assert!(text(&only.stdout).contains("2 of leadlag.toml not looked at"), "{}", text(&only.stdout));
    // Bob's own rules: those of the team are not looked at.
    let bob = check(folder.path(), &["--owner", "Bob Cole", "--format", "json"]);
    assert_eq!((code(&bob), verdicts(&bob)), (1, vec!["Bob Cole breach".to_owned()]));
    let lea = check(folder.path(), &["--owner", "Lea Diaz", "--format", "json"]);
    assert_eq!((code(&lea), verdicts(&lea)), (1, vec!["Lea Diaz breach".to_owned()]));
    // Whoever is new stays so when named.
    let nia = check(folder.path(), &["--owner", "Nia Ek", "--format", "json"]);
    assert_eq!((code(&nia), verdicts(&nia)), (2, vec![" could_not".to_owned(), "Nia Ek not_judged".to_owned()]));
    let strict = check(folder.path(), &["--strict"]);
    assert_eq!(code(&strict), 1);
}

#[test]
fn who_was_away_is_not_judged_and_who_has_a_target_is() {
    let folder = exports("");
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).expect("a file");
    write("absences.csv", "person,from,to\nBob Cole,2026-11-09,2026-11-13\n");
    write("targets.csv", "measure,level,name,per,value\ncustomer_meetings,owner,Lea Diaz,week,2\n");
    let run = |rule: &str| check(folder.path(), &["--format", "json", "--require", rule]);
    let output = run("customer_meetings >= 2 per owner");
    assert_eq!(verdicts(&output), ["Lea Diaz breach", "Bob Cole not_judged", "Nia Ek not_judged", "Ann Bell held"]);
    // Only Lea has a target, and nobody is held against one that they do not have.
    let output = run("customer_meetings >= 50% of target per owner");
    assert_eq!(verdicts(&output), ["Lea Diaz breach", "Ann Bell not_judged", "Bob Cole not_judged", "Nia Ek not_judged"]);
    assert_eq!(code(&output), 1);
    // In a week in which nobody worked there is nothing to judge.
    write("leadlag.toml", "[calendar]\nholidays = [\"2026-11-09\", \"2026-11-10\", \"2026-11-11\", \"2026-11-12\", \"2026-11-13\"]\n");
    assert_eq!(code(&run("customer_meetings >= 2 per all")), 2);
}

#[test]
fn check_does_not_step_back() {
    let folder = exports("");
    let run = |args: &[&str]| check(folder.path(), &[&["--require", "customer_meetings >= 1 per all", "--format", "json"], args].concat());
    let period = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("json")["period"].clone();
    let now = run(&[]);
    assert_eq!((code(&now), period(&now)), (0, "2026-W46".into()));
    let later = run(&["--as-of", "2026-11-23"]);
    assert_eq!((code(&later), period(&later)), (2, "2026-W47".into()));
    let reason =
        |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("json")["findings"][0]["reason"].clone();
    assert_eq!(
        reason(&later),
        "stale: the activities reach 2026-11-13, and 2026-W47 ends 2026-11-22; export again, or give --through 2026-11-22"
    );
    // Told that nothing happened since, it is known that there was none.
    assert_eq!(code(&run(&["--as-of", "2026-11-23", "--through", "2026-11-22"])), 1);
    assert_eq!(code(&run(&["--week", "2026-W47"])), 2);
    assert_eq!(code(&run(&["--week", "2026-W45"])), 0);
    // In October, which is over, nobody met anybody: a real zero.
    assert_eq!(code(&run(&["--period", "month"])), 1);
    for refused in [&["--period", "all"][..], &["--periods", "2"], &["--from", "2026-11-02", "--to", "2026-11-15", "--period", "week"]] {
        let output = run(refused);
        assert_eq!((code(&output), text(&output.stdout)), (2, ""), "{refused:?}");
        assert!(text(&output.stderr).starts_with("error[bad-period]: "), "{}", text(&output.stderr));
    }
}

#[test]
fn quiet_prints_only_what_somebody_has_to_see() {
    let folder = exports("");
    for (rule, code_of, silent) in
        [("customer_meetings >= 1 per owner", 0, true), ("customer_meetings >= 2 per owner", 1, false), ("revenue >= 1 per all", 2, false)]
    {
        for more in [&[][..], &["--github"]] {
            let output = check(folder.path(), &[&["-q", "--require", rule], more].concat());
            assert_eq!((code(&output), text(&output.stdout).is_empty()), (code_of, silent), "{rule} {more:?}");
        }
    }
}

#[test]
fn money_in_two_currencies_is_not_compared_with_one_number() {
    let deals = "deal_id,rep_name,stage,amount,currency,created_date,close_date\n1,Ann Bell,Closed Won,100,USD,2026-01-01,2026-11-10\n\
        2,Ann Bell,Closed Won,300,EUR,2026-01-01,2026-11-13\n";
    let folder = exports(deals);
    let run = |rule: &str| check(folder.path(), &["--require", rule]);
    let both = run("revenue >= 100 per all");
    assert_eq!(code(&both), 2);
    assert!(text(&both.stdout).contains("revenue is in EUR and USD here"), "{}", text(&both.stdout));
    assert_eq!(code(&run("revenue >= 300 EUR per all")), 0);
    assert_eq!(code(&run("revenue >= 300 USD per all")), 1);
    assert_eq!(code(&run("revenue >= 300 GBP per all")), 2);
}

/// Two of four wins have no amount: more than 5000 may have been won.
#[test]
fn money_that_is_not_all_known_holds_no_upper_bound() {
    let deals = "deal_id,rep_name,stage,amount,created_date,close_date\n1,Ann Bell,Closed Won,100,2026-01-01,2026-11-10\n\
        2,Ann Bell,Closed Won,300,2026-01-01,2026-11-13\n3,Ann Bell,Closed Won,,2026-01-01,2026-11-13\n4,Bob Cole,Closed Won,,2026-01-01,2026-11-13\n";
    let folder = exports(deals);
    for (rule, expected) in
        [("revenue <= 5000 per all", 2), ("revenue >= 5000 per all", 2), ("revenue >= 400 per all", 0), ("revenue <= 399 per all", 1)]
    {
        let output = check(folder.path(), &["--require", rule, "--format", "json"]);
        assert_eq!(code(&output), expected, "{rule}: {}", text(&output.stdout));
        assert!(text(&output.stdout).contains("amount known for 2 of 4 records"), "{}", text(&output.stdout));
    }
}

#[test]
fn files_of_a_pipeline_are_written_whole_and_over_no_export() {
    let folder = exports("");
    let at = |name: &str| folder.path().join(name).display().to_string();
    let rule = ["--require", "customer_meetings >= 2 per owner"];
    let output = check(folder.path(), &[&rule[..], &["--github", "--junit", &at("found.xml"), "-o", &at("page.txt")]].concat());
    assert_eq!(code(&output), 1);
    let log = text(&output.stdout);
    assert!(
        log.starts_with("::error title=customer_meetings >= 2 per owner::Bob Cole: 1 in 2026-W46, must be >= 2, short by 1%0A"),
        "{log}"
    );
    assert!(std::fs::read_to_string(at("page.txt")).expect("a page").contains("1 BREACH ·"));
    let xml = std::fs::read_to_string(at("found.xml")).expect("a file");
    let tree = roxmltree::Document::parse(&xml).expect("XML");
    let suites = tree.root_element();
    let number = |name: &str| suites.attribute(name).expect("a number").to_owned();
    assert_eq!([number("tests"), number("failures"), number("errors"), number("skipped")], ["4", "1", "0", "2"]);
    let export = check(folder.path(), &[&rule[..], &["--junit", &at("activities.csv")]].concat());
    assert_eq!(code(&export), 2);
    assert!(std::fs::read_to_string(at("activities.csv")).expect("the export").starts_with("activity_id"));
    let same = check(folder.path(), &[&rule[..], &["--junit", &at("x.json"), "-o", &at("x.json")]].concat());
    assert_eq!(code(&same), 2);
    // The same file in another spelling, and two results in one stream.
    let spelled = format!("{}/./x.json", folder.path().display());
    for more in [&["--junit", &spelled, "-o", &at("x.json")][..], &["--junit", "-"], &["--junit", "-", "--github"]] {
        let output = check(folder.path(), &[&rule[..], more].concat());
        assert_eq!((code(&output), text(&output.stdout)), (2, ""), "{more:?}");
        assert!(!folder.path().join("x.json").exists());
    }
}

/// Rules that are left out, and those that could not be judged, are said where no page is.
#[test]
fn nothing_is_silent_that_was_not_judged() {
    let folder = exports("");
    let rules = ["--require", "customer_meetings >= 1 per owner", "--require", "customer_meetings >= 9 per team"];
    let output =
        check(folder.path(), &[&rules[..], &["--by", "owner", "--owner", "Bob Cole", "--junit", "/dev/stderr", "--github"]].concat());
    assert_eq!(code(&output), 0);
    assert!(text(&output.stdout).ends_with(", 1 not looked at\n"), "{}", text(&output.stdout));
    let said = text(&output.stderr);
    assert!(said.contains("warning[no-rule]: ") && said.contains("customer_meetings >= 9 per team"), "{said}");
    assert!(said.contains("not looked at: the options leave out its level"), "{said}");
    let page = folder.path().join("page.txt").display().to_string();
    let output = check(folder.path(), &["-q", "-o", &page, "--require", "revenue >= 1 per all"]);
    assert_eq!(code(&output), 2);
    assert!(text(&output.stderr).contains("error[not-judged]: "), "{}", text(&output.stderr));
}

/// The schema that ships is that of every outcome, and of nothing else.
#[test]
fn json_is_as_its_schema_says() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../src/render/json/schemas/check.schema.json")).expect("a schema");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let deals = "deal_id,rep_name,stage,amount,currency,created_date,close_date\n1,Ann Bell,Closed Won,100,USD,2026-01-01,2026-11-10\n\
        2,Ann Bell,Closed Won,300,EUR,2026-01-01,2026-11-13\n";
    let folder = exports(deals);
    std::fs::write(folder.path().join("leadlag.toml"), CONFIG).expect("a file");
    let rules = "customer_meetings >= 2 per owner|customer_meetings <= 3 per all|revenue >= 1 per all|change of revenue >= 0 per owner|\
        freshness activities <= 1|coverage activities.kind >= 95%|accounting >= 100%|staffing >= 100%|no_show_rate <= 20% per team|\
        client_hours >= 1 per team|customer_meetings >= 100% of average per owner for 2 periods";
    let args: Vec<&str> = rules.split('|').flat_map(|rule| ["--require", rule]).collect();
    for args in [&[][..], &args, &["--require", "customer_meetings >= 1 per owner"]] {
        let output = check(folder.path(), &[args, &["--format", "json"]].concat());
        let mut json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
        let wrong: Vec<String> = validator.iter_errors(&json).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{args:?}: {wrong:?}");
        let outcome = ["held", "breach", "could_not"][usize::try_from(code(&output)).expect("a status")];
        assert_eq!(json["outcome"], outcome);
        json["findings"][0]["verdict"] = "passed".into();
        assert!(!validator.is_valid(&json));
    }
}

/// What the page says to run is pasted into a shell: it works, whatever people and files are called, and runs nothing else.
#[cfg(unix)]
#[test]
fn commands_can_be_copied_into_a_shell() {
    let folder = tempfile::tempdir().expect("a folder");
    let inside = folder.path().join("an `id` $HOME");
    std::fs::create_dir(&inside).expect("a folder");
    let names = ["Pat O'Brien", "$(touch bad) Roe", "Sue \"\"Q\"\" `touch bad`", "-x Why!", "Ana\\ Silva"];
    let mut activities = "activity_id,rep_name,activity_type,activity_date,outcome,account,modified_date\n".to_owned();
    for name in names {
        for (n, day) in ["2026-08-03", "2026-11-13"].iter().enumerate() {
            let line = format!("{}{n},\"{name}\",Meeting,{day},Held,Acme,{day}\n", name.len());
            activities.push_str(&line);
        }
    }
    std::fs::write(inside.join("acts.csv"), activities).expect("a file");
    let folder = inside.display().to_string();
    let file = format!("{folder}/acts.csv");
    let filter = "activities=subject IS NULL OR subject <> '$(touch bad)'";
    let args = [
        "check",
        "--activities",
        &file,
        "--as-of",
        "2026-11-16",
        "--where",
        filter,
        "--format",
        "json",
        "--require",
        "customer_meetings >= 2 per owner",
    ];
    let output = program::run(&args);
    assert_eq!(code(&output), 1, "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).expect("json");
    let findings = json["findings"].as_array().expect("findings");
    assert_eq!(findings.len(), names.len());
    for finding in findings {
        let command = finding["explain"].as_str().expect("a command").replacen("leadlag", env!("CARGO_BIN_EXE_leadlag"), 1);
        let shell =
            std::process::Command::new("sh").args(["-c", &format!("{command} --format json")]).current_dir(&inside).output().expect("sh");
        assert!(shell.status.success(), "{command}: {}", text(&shell.stderr));
        let shown: serde_json::Value = serde_json::from_slice(&shell.stdout).expect("json");
        assert_eq!((&shown["name"], &shown["counted"]), (&finding["name"], &1.into()), "{command}");
    }
    assert!(!inside.join("bad").exists());
}

/// Whoever reads the results of a run that could not be made finds no results of the run before.
#[test]
fn what_could_not_be_made_is_in_the_results_too() {
    let folder = exports("");
    let junit = folder.path().join("results.xml");
    let junit = junit.to_str().expect("a name");
    let rule = ["--require", "customer_meetings >= 1 per all"];
    assert_eq!(code(&check(folder.path(), &[&rule[..], &["--junit", junit]].concat())), 0);
    let good = std::fs::read_to_string(junit).expect("results");
    assert!(good.contains("errors=\"0\""), "{good}");

    let nowhere = folder.path().join("nowhere");
    let failed = check(&nowhere, &[&rule[..], &["--junit", junit, "--github", "-q"]].concat());
    assert_eq!(code(&failed), 2);
    assert!(text(&failed.stdout).starts_with("::error title=could not be judged%3A leadlag check::"), "{}", text(&failed.stdout));
    let xml = std::fs::read_to_string(junit).expect("results");
    let results = roxmltree::Document::parse(&xml).expect("XML");
    assert_eq!(results.root_element().attribute("errors"), Some("1"), "{xml}");
    assert!(xml.contains("nowhere"), "{xml}");

    // What is no such file stays as it is.
    let activities = folder.path().join("activities.csv");
    let before = std::fs::read(&activities).expect("the export");
    assert_eq!(code(&check(&nowhere, &[&rule[..], &["--junit", activities.to_str().expect("a name")]].concat())), 2);
    assert!(std::fs::read(&activities).expect("the export") == before);
}
