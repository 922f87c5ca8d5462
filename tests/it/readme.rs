//! What the pages for readers say is run: their commands print what stands below them, and their set-up is the one that is checked.
//!
//! `LEADLAG_BLESS=1 cargo test --test it` rewrites the blocks with what the program prints now; read the difference before you keep it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The pages with `console` blocks.
const PAGES: &[&str] = &["README.md", "examples/quickstart/README.md"];

/// A file of the package.
pub(crate) fn at_root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The text of a file of the package.
pub(crate) fn text_of(path: &str) -> String {
    fs::read_to_string(at_root(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Whether files are to be rewritten with what the program prints now.
pub(crate) fn blessing() -> bool {
    std::env::var_os("LEADLAG_BLESS").is_some()
}

/// Runs the program in the root of the package, for somebody without settings and without a terminal.
pub(crate) fn leadlag(args: &[impl AsRef<std::ffi::OsStr>]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_leadlag"))
        .args(args)
        .current_dir(at_root(""))
        .env("HOME", home.path())
        .env("XDG_CONFIG_HOME", home.path())
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

/// Bytes that must be text.
pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A command line as a shell takes it apart, as far as the pages use one: words, and quotes around some.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for c in line.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "a quote stays open: {line}");
    words.extend(word);
    words
}

/// What the program prints for a line of a page: `leadlag …`, or its first or last lines with `| head -N` or `| tail -N`.
fn printed(line: &str) -> String {
    let cut = |by: &str| line.split_once(by).map(|(command, count)| (command, count.parse().expect("a number of lines")));
    let (head, tail) = (cut(" | head -"), cut(" | tail -"));
    let command = head.or(tail).map_or(line, |(command, _)| command);
    let (head, tail): (usize, usize) = (head.map_or(usize::MAX, |(_, count)| count), tail.map_or(usize::MAX, |(_, count)| count));
    let words = words(command);
    assert_eq!(words[0], "leadlag", "only this program is run: {line}");
    assert!(words.iter().any(|w| w == "--as-of" || w.starts_with("--help")), "its output changes with the day: {line}");
    let output = leadlag(&words[1..]);
    // A check that finds something has done what was asked.
    let found = i32::from(words[1] == "check" && output.status.code() == Some(1));
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(found), ""), "{line}");
    let lines: Vec<&str> = text(&output.stdout).lines().take(head).collect();
    lines[lines.len().saturating_sub(tail)..].iter().fold(String::new(), |all, line| all + line + "\n")
}

/// A page with the output of each command of its `console` blocks replaced by what `print` gives for it, and how many there are; its `sh`
/// blocks go to `run` between them.
pub(crate) fn replayed(page: &str, print: &mut dyn FnMut(&str) -> String, run: &mut dyn FnMut(&str)) -> (String, usize) {
    let (mut whole, mut commands, mut inside) = (String::new(), 0, false);
    let mut script: Option<String> = None;
    for line in page.lines() {
        match (&mut script, line) {
            (Some(_), "```") => run(&script.take().unwrap()),
            (Some(lines), _) => lines.extend([line, "\n"]),
            (None, "```sh") => script = Some(String::new()),
            (None, _) => {}
        }
        if line == "```console" {
            inside = true;
        } else if line == "```" {
            inside = false;
        }
        match line.strip_prefix("$ ") {
            Some(command) if inside => {
                commands += 1;
                whole.extend([line, "\n", &print(command)]);
            }
            _ if inside && line != "```console" => {}
            _ => whole.extend([line, "\n"]),
        }
    }
    assert!(!inside, "a block stays open");
    (whole, commands)
}

/// The text of the blocks of a page in a language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    page.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn commands_print_what_the_pages_show() {
    for page in PAGES {
        let (replayed, commands) = replayed(&text_of(page), &mut printed, &mut |_| {});
        assert!(commands > 0, "{page} shows no command");
        same(page, &replayed);
    }
}

/// That a page stands as it was replayed, or makes it stand so.
pub(crate) fn same(page: &str, replayed: &str) {
    let said = text_of(page);
    if blessing() {
        return fs::write(at_root(page), replayed).unwrap();
    }
    for (number, (said, now)) in said.lines().zip(replayed.lines()).enumerate() {
        assert_eq!(said, now, "{page}:{}: LEADLAG_BLESS=1 cargo test --test it rewrites it", number + 1);
    }
    assert_eq!(said.lines().count(), replayed.lines().count(), "{page}");
}

/// Whoever sets up follows two commands: they stand on the page, one is the check's own, and the other works whatever day it is.
#[test]
fn the_set_up_is_the_one_that_is_checked() {
    let said = text_of("README.md");
    let lines: Vec<String> = blocks(&said, "sh").iter().flat_map(|b| b.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    for command in ["cargo run -- report examples/quickstart", "cargo test", "cargo install --path ."] {
        assert_eq!(lines.iter().filter(|l| *l == command).count(), 1, "{command}");
    }
    assert!(text_of(".ci/run").lines().any(|line| line.trim() == "cargo test"), ".ci/run does not run the page's tests");
    let first = lines.iter().find_map(|l| l.strip_prefix("cargo run -- ")).unwrap();
    for today in ["2026-11-15", "2026-11-16", "2035-12-31"] {
        let output = leadlag(&[words(first), vec!["--as-of".to_owned(), today.to_owned()]].concat());
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{today}");
        assert!(text(&output.stdout).contains("Tarnwick Pumps"), "{today}");
    }
    let version =
        text_of("Cargo.toml").lines().find_map(|l| l.strip_prefix("rust-version = \"")?.strip_suffix('"').map(str::to_owned)).unwrap();
    assert!(said.contains(&format!("{version} or later")), "the page names another Rust than {version}");
}

/// Commands that print too much for the page, or write files, do what they are said to do, for somebody whose exports lie in `exports`.
#[test]
fn other_commands_of_the_page_run() {
    let place = crate::examples::Workplace::new();
    place.print("ln -s examples/quickstart exports");
    let page = text_of("README.md");
    let mut count = 0;
    for line in blocks(&page, "sh").iter().flat_map(|block| block.lines()).filter(|line| line.starts_with("leadlag ")) {
        place.print(line);
        count += 1;
    }
    assert!(count >= 8, "{count} commands");
    for file in ["refused.csv", "leadlag.toml", "flash.json", "completions.bash", "leadlag.1"] {
        assert!(fs::metadata(place.path(file)).unwrap().len() > 0, "{file}");
    }
}

/// The settings on the page are settings that the program takes, without a word of complaint.
#[test]
fn the_settings_on_the_page_work() {
    let folder = tempfile::tempdir().unwrap();
    let settings = blocks(&text_of("README.md"), "toml");
    let path = folder.path().join("leadlag.toml");
    fs::write(&path, &settings[0]).unwrap();
    let path = path.to_str().unwrap();
    let output = leadlag(&["report", "examples/quickstart", "--as-of", "2026-11-16", "--config", path, "--format", "csv"]);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let csv = text(&output.stdout);
    let row =
        csv.lines().find(|l| l.starts_with("owner,Grant Whitfield,") && l.contains(",exec_meetings,")).expect("the measure of one's own");
    // Value, no reason for its absence, target and pace: one a week.
    assert!(row.contains(",exec_meetings,count,0,,1,1,"), "{row}");
    // The others stand by themselves, with the file of rates beside them.
    let rates: Vec<String> = blocks(&text_of("README.md"), "csv");
    fs::write(folder.path().join("rates.csv"), &rates[0]).unwrap();
    let (presets, more): (Vec<&String>, Vec<&String>) = settings[1..].iter().partition(|block| block.starts_with("extends"));
    assert_eq!((presets.len(), more.len()), (1, 3), "files, rates and shares");
    fs::write(folder.path().join("our-crm.toml"), presets[0]).unwrap();
    for more in more {
        fs::write(path, more).unwrap();
        let output = leadlag(&["report", "examples/quickstart", "--as-of", "2026-11-16", "--config", path]);
        // The example has no column of who set a deal up, and is told so.
        let said = text(&output.stderr);
        let expected =
            if more.contains("SDR") { said.lines().count() == 1 && said.contains("has the heading 'SDR'") } else { said.is_empty() };
        assert!(output.status.code() == Some(0) && expected, "{more}: {said}");
    }
}

/// What the example's page says of its two teams is in the numbers.
#[test]
fn the_story_of_the_example_is_in_its_numbers() {
    let ask = |more: &[&str]| {
        let fixed = ["report", "examples/quickstart", "--as-of", "2026-11-16", "--by", "team", "--format", "csv"];
        let output = leadlag(&[&fixed, more].concat());
        let mut reader = csv::Reader::from_reader(&output.stdout[..]);
        let headings = reader.headers().unwrap().clone();
        let column = |name: &str| headings.iter().position(|h| h == name).unwrap();
        let kept = ["name", "period", "measure", "value", "target"].map(column);
        reader.records().map(|r| r.unwrap()).map(|r| kept.map(|at| r[at].to_owned())).collect::<Vec<[String; 5]>>()
    };
    let leads = "new_prospect_meetings,presentations,client_hours,booked_next";
    let rows = ask(&["--leads", leads, "--periods", "13"]);
    let shown = |name: &str, week: &str, measure: &str| {
        let row = rows.iter().find(|r| r[0] == name && r[1] == week && r[2] == measure).unwrap();
        let number = |text: &String| text.parse::<rust_decimal::Decimal>().unwrap();
        (number(&row[3]), number(&row[4]))
    };
    assert_eq!(shown("West", "2026-W46", "new_prospect_meetings"), (10.into(), 20.into()));
    assert_eq!(shown("West", "2026-W46", "presentations"), (5.into(), 10.into()));
    for measure in ["new_prospect_meetings", "presentations"] {
        let (held, target) = shown("West", "2026-W34", measure);
        assert!(held >= target, "West, W34: {held} of {target} {measure}");
    }
    for week in 39..=46 {
        for measure in leads.split(',').take(3) {
            let (held, target) = shown("East", &format!("2026-W{week}"), measure);
            assert!(held >= target, "East, W{week}: {held} of {target} {measure}");
        }
    }
    assert_eq!([shown("East", "2026-W46", "booked_next").0, shown("West", "2026-W46", "booked_next").0], [24.into(), 5.into()]);
}

/// Links lead to files that are there.
#[test]
fn links_lead_somewhere() {
    let examples = crate::examples::pages();
    for page in PAGES.iter().copied().chain(["CHANGELOG.md"]).chain(examples.iter().map(String::as_str)) {
        let folder = at_root(page).parent().unwrap().to_owned();
        for target in text_of(page).split("](").skip(1).map(|rest| rest.split(')').next().unwrap()) {
            assert!(target.starts_with("https://") || folder.join(target).exists(), "{page}: {target}");
        }
    }
}

/// What is not told apart here would be run as something else there.
#[test]
fn lines_are_taken_apart_as_a_shell_does() {
    assert_eq!(
        words("leadlag explain x --owner \"Grant O'Dell\" 'a b'  c"),
        ["leadlag", "explain", "x", "--owner", "Grant O'Dell", "a b", "c"]
    );
    assert_eq!(words("a \"\" b"), ["a", "", "b"]);
    assert_eq!(blocks("x\n```sh\na\nb\n```\n```toml\nc\n```\n", "toml"), ["c\n"]);
}
