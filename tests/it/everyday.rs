//! What makes a tool pleasant day by day: completions, the manual, progress on a terminal, silence in cron, the configuration's origins.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::examples::{skipped, there_is};
use crate::readme::{at_root, text};

/// Runs the program in a folder, with a user's configuration and without a terminal.
fn leadlag(folder: &Path, user: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.args(args).current_dir(folder).env("HOME", user).env("XDG_CONFIG_HOME", user).stdin(Stdio::null());
    for name in ["COLUMNS", "NO_COLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.output().unwrap()
}

/// What a command without exports prints.
fn printed(args: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let output = leadlag(home.path(), home.path(), args);
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{args:?}");
    text(&output.stdout).to_owned()
}

/// What a shell prints for a script on its standard input, after the completions were read.
fn shell(program: &str, arguments: &[&str], script: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("script");
    fs::write(&file, script).unwrap();
    let home = folder.path().join("home");
    fs::create_dir(&home).unwrap();
    let mut command = Command::new(program);
    command.args(arguments).arg(&file).current_dir(at_root("")).env("HOME", &home).env("XDG_CONFIG_HOME", &home);
    command.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn scripts_for_shells_are_scripts() {
    for (name, program) in [("bash", "bash"), ("zsh", "zsh"), ("fish", "fish")] {
        let script = printed(&["completions", name]);
        assert!(script.len() > 10_000 && script.contains("explain"), "{name}");
        if !there_is(program) {
            skipped(&format!("the completions of {name}: there is no {program}"));
            continue;
        }
        let output = shell(program, &["-n"], &script);
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{name}");
    }
    for name in ["powershell", "elvish"] {
        assert!(printed(&["completions", name]).contains("explain"), "{name}");
    }
}

/// What bash and fish complete, asked as they ask when somebody presses the tabulator key.
#[test]
fn shells_complete_what_can_be_typed() {
    let measures = ["deals_lost", "deals_won", "revenue"];
    let cases: &[(&str, &str, &[&str], &[&str])] = &[
        ("leadlag re", "re", &["report"], &["inspect"]),
        ("leadlag report --form", "--form", &["--format"], &["--owner"]),
        ("leadlag report --format ", "", &["table", "csv", "json"], &["--owner"]),
        ("leadlag report --period ", "", &["week", "quarter"], &["csv"]),
        ("leadlag report --lags de", "de", &measures[..2], &["presentations"]),
        ("leadlag report --config Cargo.t", "Cargo.t", &["Cargo.toml"], &[]),
        ("leadlag explain re", "re", &measures[2..], &[]),
        ("leadlag completions ", "", &["bash", "zsh", "fish", "powershell"], &["report"]),
    ];
    for (line, word, wanted, unwanted) in cases {
        for program in ["bash", "fish"] {
            if !there_is(program) {
                skipped(&format!("completion in {program}"));
                continue;
            }
            let setup = printed(&["completions", program]);
            let script = if program == "bash" {
                let words: Vec<String> = line.split(' ').map(|word| format!("'{word}'")).collect();
                let before = line.split(' ').rev().nth(1).unwrap();
                // `compopt` works only where the shell itself asks.
                format!(
                    "{setup}\ncompopt() {{ :; }}\nCOMP_WORDS=({})\nCOMP_CWORD={}\n_leadlag leadlag '{word}' '{before}'\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
                    words.join(" "),
                    words.len() - 1
                )
            } else {
                format!("{setup}\ncomplete -C '{line}'\n")
            };
            let output = shell(program, &[], &script);
            let offered: Vec<&str> = text(&output.stdout).lines().map(|l| l.split('\t').next().unwrap()).collect();
            for name in *wanted {
                assert!(offered.contains(name), "{program}: {line}: {name} is not among {offered:?} {}", text(&output.stderr));
            }
            for name in *unwanted {
                assert!(!offered.contains(name), "{program}: {line}: {name} is among {offered:?}");
            }
        }
    }
}

/// A measure of one's own can be asked for, though shells know only those that ship.
#[test]
fn completions_forbid_nothing() {
    let output =
        leadlag(&at_root(""), Path::new("/nonexistent"), &["explain", "of_my_own", "examples/quickstart", "--as-of", "2026-11-16"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("error[unknown-measure]"), "{}", text(&output.stderr));
}

#[test]
fn the_manual_has_every_command_and_option() {
    use clap::CommandFactory as _;
    let page = printed(&["man"]);
    assert_eq!(page, printed(&["man"]), "the same bytes");
    let mut program = leadlag::cli::Cli::command();
    program.build();
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        assert!(page.contains(&format!(".SH \"LEADLAG {}\"", command.get_name().to_uppercase())), "{}", command.get_name());
        for option in command.get_arguments().filter_map(clap::Arg::get_long) {
            assert!(page.contains(&format!("\\-\\-{}\\fR", option.replace('-', "\\-"))), "{} --{option}", command.get_name());
        }
    }
    for heading in ["EXAMPLES", "CONFIGURATION", "ENVIRONMENT", "\"EXIT CODES\""] {
        assert!(page.contains(&format!("\n.SH {heading}\n")), "{heading}");
    }
    if !there_is("mandoc") {
        return skipped("the manual's form: there is no mandoc");
    }
    let output = shell("mandoc", &["-T", "lint", "-W", "warning"], &page);
    let said: Vec<&str> = text(&output.stdout).lines().filter(|line| !line.contains("missing date")).collect();
    assert!(said.is_empty(), "{said:?}");
    let read = shell("mandoc", &["-T", "utf8", "-O", "width=80"], &page);
    let plain: String = text(&read.stdout).split('\u{8}').map(|part| &part[..part.char_indices().last().map_or(0, |(at, _)| at)]).collect();
    assert!(plain.contains("leadlag report [OPTIONS] [FILES]..."), "{plain}");
}

/// Below the options stand lines that are lined up: a terminal of 80 columns shows them as they are.
#[test]
fn examples_in_the_help_fit_a_narrow_terminal() {
    use clap::CommandFactory as _;
    let program = leadlag::cli::Cli::command();
    for command in std::iter::once(&program).chain(program.get_subcommands()) {
        let text = command.get_after_long_help().or_else(|| command.get_after_help()).map(ToString::to_string).unwrap_or_default();
        assert!(text.starts_with("Examples:\n"), "{} has no examples", command.get_name());
        for line in text.lines() {
            assert!(line.chars().count() <= 80, "{}: {line}", command.get_name());
        }
    }
}

/// Runs the program on a terminal of 100 columns, its input coming late and in two parts, and prints what the terminal gets.
const TERMINAL: &str = r"
import fcntl, os, pty, struct, subprocess, sys, termios, time
export, *command = sys.argv[1:]
ours, theirs = pty.openpty()
fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 100, 0, 0))
run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs)
os.close(theirs)
data = open(export, 'rb').read()
run.stdin.write(data[:100]); run.stdin.flush()
time.sleep(2)
run.stdin.write(data[100:]); run.stdin.close()
while True:
    try: part = os.read(ours, 65536)
    except OSError: break
    if not part: break
    sys.stdout.buffer.write(part)
sys.stdout.flush()
sys.exit(run.wait())
";

#[test]
fn a_terminal_shows_how_far_a_long_run_is_and_nothing_else_does() {
    if !there_is("python3") {
        return skipped("progress on a terminal: there is no python3");
    }
    let on_terminal = |more: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        let fixed =
            ["-c", TERMINAL, "examples/quickstart/Event.csv", env!("CARGO_BIN_EXE_leadlag"), "report", "-", "--as-of", "2026-11-16"];
        let mut command = Command::new("python3");
        command.args(fixed).args(more).current_dir(at_root("")).env("HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
        command.env("TERM", "xterm").env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        text(&output.stdout).to_owned()
    };
    let shown = on_terminal(&[]);
    assert!(shown.contains("⠙ opening -") || shown.contains("⠹ opening -"), "{shown:?}");
    // Its line is taken away before the page is written, and the page is the same as without it.
    let (drawn, page) = shown.rsplit_once("\u{1b}[2K").unwrap();
    assert!(drawn.contains("opening") && !page.contains("opening") && page.contains("Trust"), "{page:?}");
    let quiet = on_terminal(&["-q"]);
    assert!(!quiet.contains('\u{1b}') && page.starts_with(&quiet), "{quiet:?}");
    let plain = on_terminal(&["--ascii"]);
    let (drawn, _) = plain.rsplit_once("\u{1b}[2K").unwrap();
    assert!(drawn.is_ascii() && drawn.contains("opening -"), "{drawn:?}");

    let mut slow = Command::new("sh");
    let script = "(sleep 1.5; cat examples/quickstart/Event.csv) | \"$0\" report - --as-of 2026-11-16";
    let output =
        slow.args(["-c", script, env!("CARGO_BIN_EXE_leadlag")]).current_dir(at_root("")).env("HOME", "/nonexistent").output().unwrap();
    assert!(!text(&output.stderr).contains("opening") && !text(&output.stdout).contains('\u{1b}'), "{}", text(&output.stderr));
}

/// Cron mails whatever is said: with -q that is errors alone, and the result is the same.
#[test]
fn quiet_says_errors_alone() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["Event.csv", "Opportunity.csv"] {
        fs::copy(at_root("examples/quickstart").join(name), folder.path().join(name)).unwrap();
    }
    // Nobody has a heading of that name, which is worth a warning.
    fs::write(folder.path().join("leadlag.toml"), "[outcome]\nmissed = \"No such heading\"\n").unwrap();
    let ask = |args: &[&str]| leadlag(folder.path(), folder.path(), args);
    let commands: &[&[&str]] = &[&["report", "."], &["explain", "presentations", "."], &["inspect", "."], &["init", "."]];
    for command in commands {
        let command = [*command, &["--as-of", "2026-11-16"]].concat();
        let (said, quiet) = (ask(&command), ask(&[command.as_slice(), &["-q"]].concat()));
        assert_eq!((said.status.code(), quiet.status.code()), (Some(0), Some(0)), "{command:?}");
        assert!(text(&said.stderr).contains("warning[") && quiet.stderr.is_empty(), "{command:?}: {}", text(&quiet.stderr));
        assert_eq!(said.stdout, quiet.stdout, "{command:?}");
    }
    let wrong = ask(&["report", "nowhere.csv", "-q"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).starts_with("error["), "{}", text(&wrong.stderr));
}

/// Whoever sees no colors misses nothing: without them the words are the same.
#[test]
fn colors_add_no_words() {
    let plain = |text: &str| {
        let mut parts = text.split("\u{1b}[");
        let first = parts.next().unwrap().to_owned();
        parts.fold(first, |all, part| all + part.split_once('m').unwrap().1)
    };
    for command in
        [&["report", "examples/quickstart"][..], &["inspect", "examples/quickstart"], &["explain", "revenue", "examples/quickstart"]]
    {
        let ask = |when: &str| {
            leadlag(&at_root(""), Path::new("/nonexistent"), &[command, &["--as-of", "2026-11-16", "-v", "--color", when]].concat())
        };
        let (with, without) = (ask("always"), ask("never"));
        assert!(text(&with.stdout).contains("\u{1b}[") && !text(&without.stdout).contains('\u{1b}'), "{command:?}");
        assert_eq!(plain(text(&with.stdout)), text(&without.stdout), "{command:?}");
        assert_eq!(plain(text(&with.stderr)), text(&without.stderr), "{command:?}");
    }
}

/// A configuration is found from deep below it, and its files are named from where it stands.
#[test]
fn the_configuration_is_found_in_parent_folders() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("a/b/c");
    fs::create_dir_all(&deep).unwrap();
    fs::create_dir(folder.path().join("exports")).unwrap();
    fs::copy(at_root("examples/quickstart/Event.csv"), folder.path().join("exports/Event.csv")).unwrap();
    fs::write(folder.path().join("leadlag.toml"), "[report]\ntitle = \"Found from below\"\n[inputs]\nfiles = [\"exports\"]\n").unwrap();
    let output = leadlag(&deep, folder.path(), &["report", "--as-of", "2026-11-16"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("Found from below"));
}

/// Each value in force stands beside who set it: built in, the user's file, the project's, an option.
#[test]
fn the_origin_of_each_value_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (user, deep) = (folder.path().join("user"), folder.path().join("project/reports"));
    fs::create_dir_all(user.join("leadlag")).unwrap();
    fs::create_dir_all(&deep).unwrap();
    let own = "[calendar]\nweek_starts = \"sunday\"\ntime_zone = \"Europe/Berlin\"\n\n[[target]]\nmeasure = \"presentations\"\nlevel = \"owner\"\nper = \"week\"\nvalue = 3\n";
    fs::write(user.join("leadlag/leadlag.toml"), own).unwrap();
    let project = "[report]\nleads = [\n  \"presentations\",\n]\n[calendar]\ntime_zone = \"America/Chicago\"\nholidays = [\"2026-11-26\"]\n[filter]\ndeals = \"amount > 5\"\n[inputs]\ncrm = \"hubspot\"\n\n[[target]]\nmeasure = \"revenue\"\nlevel = \"team\"\nper = \"quarter\"\nvalue = 100\n\n[[check]]\nmeasure = \"presentations\"\nlevel = \"owner\"\nat_least = 2\n";
    fs::write(folder.path().join("project/leadlag.toml"), project).unwrap();
    let output = leadlag(
        &deep,
        &user,
        &["inspect", "--config-origins", "--crm", "salesforce", "--deals", "d.csv", "--where", "deals=stage = 'x'", "--format", "json"],
    );
    assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let user = user.join("leadlag/leadlag.toml").display().to_string();
    let rows = json["config"].as_array().unwrap();
    let expected = [
        ("calendar.week_starts", "\"sunday\"", "file", user.as_str(), 2),
        ("calendar.time_zone", "\"America/Chicago\"", "file", "../leadlag.toml", 6),
        ("calendar.holidays", "[\"2026-11-26\"]", "file", "../leadlag.toml", 7),
        ("calendar.fiscal_year_starts", "\"01-01\"", "built_in", "", 0),
        ("report.leads", "[\"presentations\"]", "file", "../leadlag.toml", 2),
        ("report.lags", "[\"revenue\", \"profit\"]", "built_in", "", 0),
        ("inputs.crm", "\"salesforce\"", "option", "crm", 0),
        ("inputs.deals", "[\"d.csv\"]", "option", "deals", 0),
        ("filter.deals", "\"(stage = 'x') AND (amount > 5)\"", "option", "where", 0),
        ("target[0].value", "3", "file", user.as_str(), 9),
        ("target[1].measure", "\"revenue\"", "file", "../leadlag.toml", 14),
        ("target[1].value", "100", "file", "../leadlag.toml", 17),
        ("check[0].at_least", "2", "file", "../leadlag.toml", 22),
    ];
    for (key, value, origin, name, line) in expected {
        let row = rows.iter().find(|row| row["key"] == key).unwrap_or_else(|| panic!("{key} is not shown"));
        let got =
            (row["value"].as_str(), row["origin"].as_str(), row["name"].as_str().unwrap_or_default(), row["line"].as_u64().unwrap_or(0));
        assert_eq!(got, (Some(value), Some(origin), name, line), "{key}");
    }
    assert!(rows.iter().all(|row| row["origin"].is_string()));
}
