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
        assert_eq!(preset.name, *file);
    }
    let mut names: Vec<&str> = shipped().iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names.last(), Some(&"generic"));
    names.sort_unstable();
    assert_eq!(names, files.iter().map(|(file, _)| file.as_str()).collect::<Vec<_>>());
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
            assert!(is_word || preset.tables.iter().any(|t| t.lists(&heading)), "{}: {text}", preset.name);
        }
    }
}
