//! What the program says of itself: its help, its version, and the words of its measures.

use std::collections::BTreeSet;
use std::fs;

use clap::CommandFactory as _;

use crate::readme::{at_root, blessing, leadlag, text, text_of};

/// The commands that a user can type.
fn commands() -> Vec<String> {
    leadlag::cli::Cli::command().get_subcommands().filter(|c| !c.is_hide_set()).map(|c| c.get_name().to_owned()).collect()
}

/// The help is a page like any other: it stands in a file, so that a change of it is read. `LEADLAG_BLESS=1` rewrites the file.
#[test]
fn help_is_as_it_was_read() {
    let mut pages = vec![("help-leadlag".to_owned(), vec!["--help".to_owned()])];
    pages.extend(commands().into_iter().map(|c| (format!("help-{c}"), vec![c, "--help".to_owned()])));
    for (name, args) in pages {
        let output = leadlag(&args);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{args:?}");
        let now = text(&output.stdout);
        let path = format!("fixtures/golden/{name}.txt");
        if blessing() {
            fs::create_dir_all(at_root("fixtures/golden")).unwrap();
            fs::write(at_root(&path), now).unwrap();
        }
        assert_eq!(text_of(&path), now, "{path}: LEADLAG_BLESS=1 cargo test --test it rewrites it");
        for line in now.lines() {
            assert!(line.chars().count() <= 100, "{name}: wider than 100 columns: {line}");
        }
    }
}

#[test]
fn every_option_and_argument_says_what_it_is() {
    let mut command = leadlag::cli::Cli::command();
    command.build();
    for command in std::iter::once(&command).chain(command.get_subcommands()) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
    }
}

#[test]
fn version_is_that_of_the_package() {
    for option in ["--version", "-V"] {
        let output = leadlag(&[option]);
        assert_eq!((output.status.code(), text(&output.stdout)), (Some(0), concat!("leadlag ", env!("CARGO_PKG_VERSION"), "\n")));
    }
}

/// The page for readers has every command, and none that does not exist.
#[test]
fn the_page_names_the_commands_that_there_are() {
    let page = text_of("README.md");
    let mut named = BTreeSet::new();
    for rest in page.split("leadlag ").skip(1) {
        let word: String = rest.chars().take_while(char::is_ascii_lowercase).collect();
        let whole = rest[word.len()..].chars().next().is_none_or(|c| c.is_whitespace() || c == '`');
        // In a sentence "leadlag" is the program's name in code marks, so what follows it directly is a command.
        if whole && !word.is_empty() {
            named.insert(word);
        }
    }
    assert_eq!(named, commands().into_iter().collect::<BTreeSet<_>>());
}

/// Every measure that ships says what it counts, as a sentence begins, and its name is one that can be typed.
#[test]
fn every_measure_says_what_it_is() {
    let mut count = 0;
    for entry in fs::read_dir(at_root("src/measure/library")).unwrap() {
        let path = entry.unwrap().path();
        let library: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
        for (name, measure) in library["measure"].as_table().unwrap() {
            count += 1;
            let says = measure.get("says").and_then(toml::Value::as_str).unwrap_or_default();
            assert!(says.chars().next().is_some_and(char::is_uppercase) && says.len() > 5, "{name} says '{says}'");
            assert!(!says.ends_with('.') && says == says.trim(), "{name} says '{says}'");
            assert!(name.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{name}");
        }
    }
    assert!(count > 20, "only {count} measures were found");
}

/// The licenses that the package names are there in full.
#[test]
fn licenses_are_there() {
    assert!(text_of("Cargo.toml").contains("license = \"MIT OR Apache-2.0\""));
    let (mit, apache) = (text_of("LICENSE-MIT"), text_of("LICENSE-APACHE"));
    assert!(mit.contains("The leadlag authors") && mit.contains("THE SOFTWARE IS PROVIDED \"AS IS\""));
    assert!(apache.contains("The leadlag authors") && apache.contains("END OF TERMS AND CONDITIONS") && apache.lines().count() > 195);
}

/// What is new stands first in the list of changes, and every command is in it.
#[test]
fn changes_are_listed() {
    let changes = text_of("CHANGELOG.md");
    assert!(changes.lines().find(|l| l.starts_with("## ")).is_some_and(|l| l == "## Unreleased" || l.contains(env!("CARGO_PKG_VERSION"))));
    for command in commands() {
        assert!(changes.contains(&format!("`leadlag {command}`")), "{command}");
    }
}
