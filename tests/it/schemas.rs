//! The JSON Schemas that ship: each is one, each document that the program writes is what its schema says, and a document that is not is
//! refused.
//!
//! The schemas that ship are open, so that a key may be added. Here they are closed as well: a key that none describes fails.

use std::collections::{BTreeMap, BTreeSet};

use jsonschema::Validator;
use leadlag::render::SCHEMAS;
use serde_json::{Value as Json, json};

use crate::program;
use crate::readme::{at_root, text, text_of};
use crate::transcripts;

/// Documents that no option prints as JSON: they are a page or rows alone.
const NEVER_JSON: &[&str] = &["leadlag/guide/1", "leadlag/refused/1"];

fn schemas() -> BTreeMap<&'static str, Json> {
    SCHEMAS.iter().map(|schema| (schema.id, serde_json::from_str(schema.text).expect("JSON"))).collect()
}

/// The same schema, in which our own objects have no key that it does not describe.
fn closed(schema: &Json) -> Json {
    match schema {
        Json::Object(members) => {
            let mut members: serde_json::Map<String, Json> = members.iter().map(|(key, value)| (key.clone(), closed(value))).collect();
            if members.get("type") == Some(&json!("object")) && members.contains_key("properties") {
                members.insert("additionalProperties".to_owned(), json!(false));
            }
            Json::Object(members)
        }
        Json::Array(items) => Json::Array(items.iter().map(closed).collect()),
        other => other.clone(),
    }
}

fn validator(schema: &Json) -> Validator {
    jsonschema::options().should_validate_formats(true).build(schema).expect("a schema")
}

fn validators(make: fn(&Json) -> Json) -> BTreeMap<&'static str, Validator> {
    schemas().into_iter().map(|(id, schema)| (id, validator(&make(&schema)))).collect()
}

/// What is wrong with a document, by its own word for what it is.
fn problems(validators: &BTreeMap<&'static str, Validator>, document: &Json) -> Vec<String> {
    let id = document["schema"].as_str().expect("a schema");
    let validator = validators.get(id).unwrap_or_else(|| panic!("no schema of {id}"));
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Every part of a schema that is a schema, with where it stands.
fn parts<'s>(schema: &'s Json, place: &str, found: &mut Vec<(String, &'s Json)>) {
    found.push((place.to_owned(), schema));
    for key in ["properties", "$defs"] {
        for (name, part) in schema[key].as_object().into_iter().flatten() {
            parts(part, &format!("{place}/{name}"), found);
        }
    }
    for key in ["items", "additionalProperties"] {
        if schema[key].is_object() {
            parts(&schema[key], &format!("{place}[]"), found);
        }
    }
    for key in ["oneOf", "anyOf"] {
        for (at, part) in schema[key].as_array().into_iter().flatten().enumerate() {
            parts(part, &format!("{place}({at})"), found);
        }
    }
}

#[test]
fn each_schema_is_one_and_says_whose_it_is() {
    let mut files: Vec<String> = std::fs::read_dir(at_root("src/render/json/schemas"))
        .expect("the schemas")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut named: Vec<String> = SCHEMAS.iter().map(|schema| format!("{}.schema.json", schema.name)).collect();
    named.sort();
    assert_eq!(files, named);
    for (id, schema) in schemas() {
        jsonschema::draft202012::meta::validate(&schema).unwrap_or_else(|error| panic!("{id}: {error}"));
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!((&schema["title"], &schema["properties"]["schema"]["const"]), (&json!(id), &json!(id)));
        assert_eq!(schema["$id"], format!("urn:{}", id.replace('/', ":")));
    }
    let wrong = json!({"type": "objekt"});
    assert!(jsonschema::draft202012::meta::validate(&wrong).is_err());
}

#[test]
fn every_part_of_a_schema_says_what_it_is_and_is_used() {
    let mut shared: BTreeMap<String, (&str, Json)> = BTreeMap::new();
    let all = schemas();
    for (id, schema) in &all {
        let mut found = Vec::new();
        parts(schema, "", &mut found);
        assert!(found.len() > 10, "{id}");
        let defined = schema["$defs"].as_object().expect("definitions");
        let mut used = BTreeSet::new();
        for (place, part) in &found {
            let to = part["$ref"].as_str().map(|to| to.strip_prefix("#/$defs/").expect("a definition of its own"));
            if let Some(to) = to {
                assert!(defined.contains_key(to), "{id}{place}: {to}");
                used.insert(to);
            }
            // What is in a list, and the nature of what may be null, is said where these are.
            let own = place.rsplit('/').next().is_some_and(|name| !name.is_empty() && !name.ends_with(['[', ']', ')']));
            let said = |part: &Json| part["description"].as_str().is_some_and(|says| says.ends_with('.') && says.len() > 5);
            assert!(
                !own || part.get("const").is_some() || said(part) || to.is_some_and(|to| said(&defined[to])),
                "{id}{place} says nothing"
            );
            // An object of ours says which keys are always there.
            let keys =
                part["properties"].as_object().map(|all| all.keys().map(String::as_str).collect::<BTreeSet<_>>()).unwrap_or_default();
            for required in part["required"].as_array().into_iter().flatten().filter(|_| !keys.is_empty()) {
                assert!(keys.contains(required.as_str().expect("a key")), "{id}{place}: {required}");
            }
        }
        assert_eq!(used, defined.keys().map(String::as_str).collect::<BTreeSet<_>>(), "{id}");
        // Of two schemas a word means the same, except where each has records of its own.
        for (name, definition) in defined.iter().filter(|(name, _)| !["record", "value"].contains(&name.as_str())) {
            let (first, one) = shared.entry(name.clone()).or_insert((id, definition.clone()));
            assert_eq!(one, definition, "{name} of {first} and of {id}");
        }
    }
}

/// Whatever the program calls a document has a schema, or is never written as JSON.
#[test]
fn every_document_has_a_schema() {
    let mut found = BTreeSet::new();
    let mut folders = vec![at_root("src/report"), at_root("src/commands")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a file");
            for rest in source.split("schema: \"").skip(1) {
                found.insert(rest.split('"').next().expect("a word").to_owned());
            }
        }
    }
    assert!(found.contains("leadlag/report/1"), "{found:?}");
    let known: BTreeSet<String> = SCHEMAS.iter().map(|schema| schema.id).chain(NEVER_JSON.iter().copied()).map(str::to_owned).collect();
    assert_eq!(found, known);
}

/// The command line of a transcript, with JSON as its format; none where it prints no document, or writes files.
fn as_json(words: Vec<String>) -> Option<Vec<String>> {
    if !["report", "check", "predict", "gap", "explain", "inspect"].contains(&words[0].as_str())
        || words.iter().any(|word| word == "--split")
    {
        return None;
    }
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--format" | "-o" | "--refused" | "--junit" => drop(words.next()),
            // How a page is drawn is nothing to the document.
            "--ascii" | "-v" | "-q" | "--wide" | "--excel" | "--github" => {}
            _ => kept.push(word),
        }
    }
    kept.extend(["--format", "json"].map(str::to_owned));
    Some(kept)
}

fn folders(of: &str) -> Vec<String> {
    let mut found: Vec<String> =
        std::fs::read_dir(at_root(of)).expect(of).map(|entry| format!("{of}/{}", entry.expect("an entry").file_name().display())).collect();
    found.retain(|folder| at_root(folder).is_dir());
    found.sort();
    found
}

/// The command lines of documents of every kind: those of the transcripts, and of each folder of exports what was understood of it and one
/// document more, in turn.
fn command_lines() -> Vec<Vec<String>> {
    const IN_TURN: [&str; 3] = ["report --period all", "report --period month --periods 2", "explain customer_meetings --period all"];
    let mut all: Vec<Vec<String>> = transcripts::command_lines().into_iter().filter_map(as_json).collect();
    let mut add = |command: &str, folder: &str| {
        let words = command.split(' ').chain([folder, "--as-of", "2026-11-16", "--format", "json"]);
        all.push(words.map(str::to_owned).collect());
    };
    for (at, folder) in ["examples", "fixtures/crm"].into_iter().flat_map(folders).enumerate() {
        add(IN_TURN[at % IN_TURN.len()], &folder);
        add("inspect", &folder);
    }
    for folder in folders("fixtures/errors") {
        add("inspect", &folder);
    }
    for whom in [&["--by", "team"][..], &["--owner", "Aisha Karim"], &["--goal", "2m", "--until", "2027-03-31"]] {
        let words = ["gap", "examples/quickstart", "--as-of", "2026-11-16", "--format", "json"].iter().chain(whom);
        all.push(words.map(|word| (*word).to_owned()).collect());
    }
    for folder in folders("fixtures/crm").iter().step_by(5).chain(&["examples/quickstart".to_owned()]) {
        let rules = ["new_prospect_meetings >= 4 per owner", "revenue >= 90% of pace per team", "freshness deals <= 3", "staffing >= 99%"];
        let words = std::iter::once("check").chain(rules.iter().flat_map(|rule| ["--require", rule]));
        let words = words.chain([folder.as_str(), "--as-of", "2026-11-16", "--format", "json"]);
        all.push(words.map(str::to_owned).collect());
    }
    all.sort();
    all.dedup();
    all
}

#[test]
fn every_document_is_what_its_schema_says() {
    // What keeps to the closed schemas keeps to the open ones.
    let closed = validators(closed);
    let checked = program::each(&command_lines(), |words| {
        let output = program::run(words);
        if output.stdout.is_empty() {
            return None;
        }
        let document: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}"));
        assert_eq!(problems(&closed, &document), Vec::<String>::new(), "{words:?}");
        document["schema"].as_str().map(str::to_owned)
    });
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    checked.into_iter().flatten().for_each(|id| *counts.entry(id).or_default() += 1);
    assert_eq!(counts.keys().map(String::as_str).collect::<Vec<_>>(), schemas().into_keys().collect::<Vec<_>>());
    assert!(counts.values().sum::<usize>() > 150 && counts["leadlag/inspect/1"] > 90, "{counts:?}");
}

/// A real document of a kind, its lists cut to two.
fn sample(words: &[&str]) -> Json {
    fn cut(value: &mut Json) {
        match value {
            Json::Array(items) => {
                items.truncate(2);
                items.iter_mut().for_each(cut);
            }
            Json::Object(members) => members.values_mut().for_each(cut),
            _ => {}
        }
    }
    let output = program::run(&[words, &["--as-of", "2026-11-16", "--format", "json"]].concat());
    let mut document: Json = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{words:?}: {error}"));
    if let Some(Json::Array(sections)) = document.get_mut("sections") {
        // The scoreboard stands after the first two.
        sections.rotate_left(2);
    }
    cut(&mut document);
    document
}

/// A report on the later exports of a company, with what changed since that on the earlier ones.
fn restated(company: &str) -> Json {
    let folder = tempfile::tempdir().expect("a folder");
    let last = folder.path().join("last.json");
    let (then, now) = (format!("fixtures/since/{company}/then"), format!("fixtures/since/{company}/now"));
    let last = last.to_str().expect("a name");
    let first = program::run(&["report", &then, "--as-of", "2026-11-09", "-o", last]);
    assert_eq!(first.status.code(), Some(0), "{}", text(&first.stderr));
    let document = sample(&["report", &now, "--since", last]);
    assert!(!document["restated"].as_array().expect("a list").is_empty());
    document
}

fn samples() -> Vec<Json> {
    vec![
        sample(&["report", "examples/quickstart"]),
        sample(&["report", "fixtures/crm/generic-values", "--period", "all"]),
        sample(&["explain", "revenue", "examples/quickstart"]),
        sample(&["predict", "examples/quickstart"]),
        sample(&["inspect", "examples/quickstart"]),
        sample(&["inspect", "fixtures/errors/bad-date"]),
        sample(&["inspect", "examples/quickstart", "--config-origins"]),
        sample(&["check", "examples/quickstart", "--require", "presentations >= 1 per owner", "--require", "freshness deals <= 30"]),
        restated("salesforce"),
        restated("generic"),
    ]
}

/// The place of every value below, the outermost left away.
fn places(value: &Json, place: &str, found: &mut Vec<String>) {
    let mut below = |name: &str, value: &Json| {
        let place = format!("{place}/{}", name.replace('~', "~0").replace('/', "~1"));
        found.push(place.clone());
        places(value, &place, found);
    };
    match value {
        Json::Array(items) => items.iter().enumerate().for_each(|(at, item)| below(&at.to_string(), item)),
        Json::Object(members) => members.iter().for_each(|(key, value)| below(key, value)),
        _ => {}
    }
}

/// What has the words of exports and configurations for its keys.
const OWN_KEYS: [&str; 8] = ["credited", "left_out", "means", "added", "rules", "brings", "shares", "periods"];

/// Whether a key need not be there: of a cell, of a record without it, or of what lists words of the exports.
fn may_lack(place: &str) -> bool {
    let (above, key) = place.rsplit_once('/').expect("a place");
    let list = above.rsplit('/').next().expect("a key");
    let of_records = above.ends_with("/records") && ["used", "left_out"].contains(&key);
    let of_dates = above.ends_with("/dates") && key.ends_with("_first");
    let where_needed = ["amount", "brings", "credited", "people", "shares", "currency", "periods"].contains(&key);
    let of_sides = ["was", "now"].contains(&list) && key == "value";
    above.rsplit('/').nth(1) == Some("cells") || OWN_KEYS.contains(&list) || where_needed || of_records || of_dates || of_sides
}

#[test]
fn what_lacks_a_key_or_is_of_another_type_is_refused() {
    let open = validators(Json::clone);
    let mut mutants = 0;
    for document in samples() {
        assert_eq!(problems(&open, &document), Vec::<String>::new());
        let mut all = Vec::new();
        places(&document, "", &mut all);
        for place in all {
            let refused = |mutant: &Json| {
                let known = mutant["schema"].as_str().is_some_and(|id| open.contains_key(id));
                !known || !problems(&open, mutant).is_empty()
            };
            let mut other = document.clone();
            let value = other.pointer_mut(&place).expect("a value");
            *value = if value.is_array() || value.is_object() { json!(true) } else { json!([]) };
            assert!(refused(&other), "{}{place}: {}", document["schema"], other.pointer(&place).expect("a value"));
            mutants += 1;
            let (above, key) = place.rsplit_once('/').expect("a place");
            let mut without = document.clone();
            if let Some(Json::Object(members)) = without.pointer_mut(above)
                && !may_lack(&place)
            {
                members.shift_remove(key);
                assert!(refused(&without), "{} without {place}", document["schema"]);
                mutants += 1;
            }
        }
    }
    assert!(mutants > 1000, "{mutants}");
}

#[test]
fn words_numbers_and_dates_that_cannot_be_are_refused() {
    let open = validators(Json::clone);
    let samples = samples();
    let of = |id: &str, at: usize| samples.iter().filter(|document| document["schema"] == id).nth(at).expect("a sample").clone();
    let mut cases: Vec<(Json, &str, Json)> = Vec::new();
    let mut case = |document: &Json, place: &'static str, wrong: Json| cases.push((document.clone(), place, wrong));
    let report = of("leadlag/report/1", 0);
    for (place, wrong) in [
        ("/as_of", json!("15.11.2026")),
        ("/as_of", json!("2026-02-30")),
        ("/week_starts", json!("mon")),
        ("/values/0/level", json!("person")),
        ("/values/0/role", json!("leading")),
        ("/values/0/period", json!("W46")),
        ("/values/0/value", json!("36")),
        ("/values/0/value", json!(null)),
        ("/values/0/missing", json!("no_data")),
        ("/values/0/complete", json!("true")),
        ("/values/0/unit", json!("")),
        ("/states/0/state", json!("winning")),
        ("/states/0/lag_value", json!("1e5")),
        ("/states/0/lag_value", json!(606_000)),
        ("/states/0/lag_period", json!("2026-Q4")),
        ("/sections/0/type", json!("chart")),
        ("/coverage/0/table", json!("contacts")),
        ("/coverage/0/read", json!(-1)),
        ("/coverage/0/bytes", json!(1.5)),
        ("/coverage/0/xxh3", json!("0011")),
        ("/coverage/0/left_out", json!({"duplicate": 0})),
        ("/records/0/measures", json!([])),
        ("/records/0/file", json!("also.csv")),
        ("/diagnostics/0/severity", json!("fatal")),
        ("/diagnostics/0/code", json!("Bad date")),
    ] {
        case(&report, place, wrong);
    }
    let explain = of("leadlag/explain/1", 0);
    for (place, wrong) in [
        ("/records/0/status", json!("missed")),
        ("/records/0/reason", json!("not: state = 'won'")),
        ("/values/0/value", json!(91_150)),
        ("/values/0/value", json!(null)),
        ("/counted", json!("4")),
        ("/level", json!("everybody")),
    ] {
        case(&explain, place, wrong);
    }
    let inspect = of("leadlag/inspect/1", 0);
    for (place, wrong) in [
        ("/files/0/zone", json!("local")),
        ("/files/0/packed", json!("rar")),
        ("/files/0/delimiter", json!(", ")),
        ("/files/0/columns/0/used", json!("")),
        ("/words/0/mapped", json!("yes")),
        ("/words/0/vocabulary", json!("words")),
        ("/people/0/standing", json!("off")),
    ] {
        case(&inspect, place, wrong);
    }
    case(&of("leadlag/inspect/1", 1), "/refused/0/status", json!("row"));
    case(&of("leadlag/inspect/1", 1), "/refused/0/line", json!(0));
    let config = of("leadlag/config/1", 0);
    case(&config, "/config/0/origin", json!("default"));
    case(&config, "/as_of", json!("2026-11-16"));
    for (mut document, place, wrong) in cases {
        // A key that is not there is added.
        let (above, key) = place.rsplit_once('/').expect("a place");
        match document.pointer_mut(above).unwrap_or_else(|| panic!("{place}")) {
            Json::Object(members) => drop(members.insert(key.to_owned(), wrong.clone())),
            list => list[key.parse::<usize>().expect("a place in a list")] = wrong.clone(),
        }
        assert!(!problems(&open, &document).is_empty(), "{}{place}: {wrong}", document["schema"]);
    }
}

#[test]
fn a_key_may_be_added_and_is_found_by_the_closed_schemas() {
    let (open, closed) = (validators(Json::clone), validators(closed));
    for document in samples() {
        let mut all = vec![String::new()];
        places(&document, "", &mut all);
        for place in all {
            let mut more = document.clone();
            let Some(Json::Object(members)) = more.pointer_mut(&place) else { continue };
            if OWN_KEYS.iter().any(|name| place.rsplit('/').next() == Some(name)) {
                continue;
            }
            members.insert("of_a_later_version".to_owned(), json!(1));
            assert_eq!(problems(&open, &more), Vec::<String>::new(), "{place}");
            assert!(!problems(&closed, &more).is_empty(), "{}{place}", document["schema"]);
        }
    }
}

#[test]
fn the_program_prints_its_schemas() {
    let list = program::run(&["schema"]);
    assert_eq!((list.status.code(), text(&list.stderr)), (Some(0), ""));
    let lines: Vec<Vec<&str>> =
        text(&list.stdout).lines().map(|line| line.split("  ").map(str::trim).filter(|part| !part.is_empty()).collect()).collect();
    assert_eq!(lines, SCHEMAS.iter().map(|schema| vec![schema.name, schema.id, schema.says]).collect::<Vec<_>>());
    for schema in SCHEMAS {
        for name in [schema.name, schema.id] {
            let output = program::run(&["schema", name]);
            assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
            assert_eq!(text(&output.stdout), text_of(&format!("src/render/json/schemas/{}.schema.json", schema.name)));
        }
    }
    let unknown = program::run(&["schema", "reprot"]);
    assert_eq!((unknown.status.code(), text(&unknown.stdout)), (Some(2), ""));
    assert!(text(&unknown.stderr).contains("a similar value exists: 'report'"), "{}", text(&unknown.stderr));
}
