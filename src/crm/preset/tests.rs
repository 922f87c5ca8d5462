#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;

#[test]
fn every_shipped_preset_reads() {
    let mut files: Vec<_> = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src/crm/presets"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    files.sort();
    for (file, text) in &files {
        let preset = Preset::parse(text, file).unwrap_or_else(|d| panic!("{d:?}"));
        assert_eq!(preset.name, extend::base(text).unwrap_or_else(|| file.clone()));
    }
    let mut known: Vec<_> = extend::adding().map(|(file, base)| (file.to_owned(), base.map(str::to_owned))).collect();
    known.sort();
    assert_eq!(known, files.iter().map(|(file, text)| (file.clone(), extend::base(text))).collect::<Vec<_>>());
    files.retain(|(_, text)| extend::base(text).is_none());
    let mut names: Vec<&str> = shipped().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.last(), Some(&"generic"));
    names.sort_unstable();
    assert_eq!(names, files.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>());
}

/// What is read at each start says what the files say, as far as nothing is added to them.
#[test]
fn what_is_written_out_is_what_the_files_say() {
    for ours in shipped().iter().filter(|p| extend::adding().all(|(_, base)| base != Some(p.name.as_str()))) {
        let path = format!("{}/src/crm/presets/{}.toml", env!("CARGO_MANIFEST_DIR"), ours.name);
        let read = Preset::parse(&std::fs::read_to_string(path).unwrap(), &ours.name).unwrap();
        assert_eq!(format!("{ours:#?}"), format!("{read:#?}"));
    }
}

#[test]
fn ones_own_presets_come_first_and_replace_a_shipped_one() {
    let own = |name: &str| Preset::parse(&format!("name = \"{name}\"\nlabel = \"X\"\nsays = \"Ours\"\n"), "x.toml").unwrap();
    let all = with_own(vec![own("hubspot"), own("acme")]);
    assert_eq!(all.iter().map(|p| (p.name.as_str(), p.says == "Ours")).take(2).collect::<Vec<_>>(), [("hubspot", true), ("acme", true)]);
    assert_eq!((all.len(), all.iter().filter(|p| p.name == "hubspot").count()), (shipped().len() + 1, 1));
    assert!(with_own(Vec::new()).iter().map(|p| &p.name).eq(shipped().iter().map(|p| &p.name)));
}

#[test]
fn a_users_own_preset_is_read_by_the_same_code() {
    let text = r#"
name = "acme"
label = "Acme CRM"
says = "Ours"
[[table]]
of = "activities"
name = "touch"
signature = ["Touch No"]
[table.requires]
"a date" = ["date"]
[table.fields]
id = ["Touch No"]
date = ["Touched"]
type = ["Sort"]
owner = ["Wer"]
[words.kind]
meeting = ["M"]
"#;
    let preset = Preset::parse(text, "acme.toml").unwrap();
    let headings = ["Touch No", "Touched", "Sort", "Wer"].map(str::to_owned);
    let found = super::super::recognise::recognise(&headings, "x.csv", &[preset], super::super::recognise::Pinned::default()).unwrap();
    assert_eq!(found.why, "4 of 4 headings are those of Acme CRM touch; Touch No, Touched and Sort are found in no other table");
}

#[test]
fn a_wrong_preset_is_told_with_its_line() {
    let told = |text: &str| {
        let d = Preset::parse(text, "p.toml").unwrap_err();
        (d.code, d.message.clone(), d.location.and_then(|l| l.line), d.hints.join(" "))
    };
    let head = "name = \"p\"\nlabel = \"P\"\nsays = \"P\"\n";
    let (code, _, line, _) = told(&format!("{head}nonsense = 1\n"));
    assert_eq!((code, line), (Code::ConfigKey, Some(4)));
    let (code, _, line, _) = told("name = \n");
    assert_eq!((code, line), (Code::ConfigSyntax, Some(1)));
    let (code, message, line, hint) = told(&format!("{head}[[table]]\nof = \"activites\"\nname = \"x\"\n[table.fields]\n"));
    assert_eq!((code, message.as_str(), line), (Code::ConfigValue, "unknown table `activites`", Some(5)));
    assert_eq!(hint, "did you mean `activities`?");
    let (_, message, line, hint) = told(&format!("{head}[[table]]\nof = \"deals\"\nname = \"x\"\n[table.fields]\namout = [\"A\"]\n"));
    assert_eq!((message.as_str(), line, hint.as_str()), ("unknown field of deals `amout`", Some(8), "did you mean `amount`?"));
    let (_, message, _, _) =
        told(&format!("{head}[[table]]\nof = \"deals\"\nname = \"x\"\n[table.fields]\namount = [\"A b\"]\ncost = [\"a_b\"]\n"));
    assert_eq!(message, "the heading `a_b` stands under two fields of x");
    let (_, message, _, _) = told(&format!("{head}[words.kind]\nmeting = [\"A\"]\n"));
    assert_eq!(message, "unknown value of words.kind `meting`");
}

/// What a preset calls unverified is in it.
#[test]
fn unverified_headings_and_words_exist() {
    for preset in shipped() {
        for text in &preset.unverified {
            let heading = Heading::new(text);
            let is_word = preset.words.values().flat_map(|v| v.values()).flatten().any(|w| w == text);
            let is_known = preset.knows(&heading) || preset.robots.names.contains(text);
            assert!(is_word || is_known || preset.tables.iter().any(|t| t.lists(&heading)), "{}: {text}", preset.name);
        }
    }
}

#[test]
fn a_preset_may_add_to_one_that_ships() {
    let text = r#"
extends = "hubspot"
[[table]]
name = "deals"
signature = ["Geschäft Nr"]
known = ["Farbe"]
[table.fields]
amount = ["Unser Wert"]
[words.kind]
meeting = ["Kaffee mit Kunde"]
[words.role]
rep = ["Barista"]
"#;
    let more = Preset::parse(text, "more.toml").unwrap();
    let ours = shipped().iter().find(|p| p.name == "hubspot").unwrap();
    assert_eq!((more.name.as_str(), more.tables.len(), more.says.as_str()), ("hubspot", ours.tables.len(), ours.says.as_str()));
    let amount = |preset: &Preset| {
        let table = preset.tables.iter().find(|t| t.name == "deals").unwrap();
        (
            table.slot(&Heading::new("Unser Wert")).map(|(field, _)| field.name),
            table.slot(&Heading::new("Amount")).map(|(field, _)| field.name),
        )
    };
    assert_eq!((amount(&more), amount(ours)), ((Some("amount"), Some("amount")), (None, Some("amount"))));
    assert!(more.words["kind"]["meeting"].iter().any(|w| w == "Kaffee mit Kunde") && more.words["kind"]["meeting"].len() > 1);
    // A vocabulary that the other has not is begun.
    assert_eq!(more.words["role"]["rep"], ["Barista"]);
    // In front of what ships it takes the place of what it adds to.
    assert_eq!(with_own(vec![more]).iter().filter(|p| p.name == "hubspot").count(), 1);
}

#[test]
fn what_a_preset_cannot_add_to_is_told() {
    let told = |text: &str| {
        let d = Preset::parse(text, "p.toml").unwrap_err();
        (d.code, d.message.clone(), d.hints.join(" "))
    };
    assert_eq!(
        told("extends = \"salesfroce\"\n"),
        (Code::ConfigValue, "unknown preset `salesfroce`".to_owned(), "did you mean `salesforce`?".to_owned())
    );
    let (_, message, _) = told("extends = \"hubspot\"\n[[table]]\nname = \"deels\"\n");
    assert_eq!(message, "unknown table `deels`");
    // What needs no evidence of a CRM would need some from then on.
    let (_, message, _) = told("extends = \"generic\"\n[[table]]\nname = \"deals\"\nsignature = [\"X\"]\n");
    assert_eq!(message, "unknown table with a signature `deals`");
    let (_, message, _) = told("extends = \"generic\"\n[[subject]]\nis = \"meeting\"\nalone = true\nwords = [\"x\"]\n");
    assert_eq!(message, "no rule for `meeting` to add words to");
    assert_eq!(told("extends = \"generic\"\nname = \"mine\"\n").0, Code::ConfigKey);
}
