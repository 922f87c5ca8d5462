//! The specimens of every diagnostic: `fixtures/errors/<code>/` is run, and what it says is compared byte by byte.
//!
//! A case is a file `cmd` (then `cmd.2`, `cmd.3` …) with the arguments of the program, which runs in that folder; `stdin` is its standard
//! input, where there is one, and `stdout`, `stderr` and `status` are its transcript. Lines of `cmd` that begin with `#` say what the
//! case shows, and those with `#=` what its csv must hold whatever else changes: `#= NAME MEASURE VALUE`, where `all` is everybody
//! and `-` a missing value. They are worked out by hand from the exports, and blessing does not touch them.
//!
//! `LEADLAG_BLESS=1 cargo test --test it errors` writes the transcripts anew: read every one of them as its user would.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use leadlag::diagnostic::Code;

/// Codes without a specimen, and why.
const EXEMPT: &[(Code, &str)] =
    &[(Code::Accounting, "it guards against a bug of ours: records that are lost between reading and the page; no export provokes it")];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/errors")
}

/// One run of the program.
struct Case {
    folder: PathBuf,
    /// What follows the name of its files: nothing for the first, `.2` for the second.
    suffix: String,
    args: Vec<String>,
    /// `NAME MEASURE VALUE`.
    truths: Vec<String>,
}

impl Case {
    fn read(folder: &Path, suffix: &str) -> Self {
        let text = fs::read_to_string(folder.join(format!("cmd{suffix}"))).unwrap();
        let truths = text.lines().filter_map(|l| l.strip_prefix("#=")).map(|l| l.trim().to_owned()).collect();
        let command: Vec<&str> = text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()).collect();
        assert_eq!(command.len(), 1, "{}/cmd{suffix}: one line of arguments", folder.display());
        assert!(text.starts_with("# "), "{}/cmd{suffix}: its first line says what the case shows", folder.display());
        Self { folder: folder.to_owned(), suffix: suffix.to_owned(), args: words(command[0]), truths }
    }

    fn name(&self) -> String {
        format!("{}/cmd{}", self.folder.file_name().unwrap().to_string_lossy(), self.suffix)
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.join(format!("{file}{}", self.suffix))
    }

    fn run(&self) -> Output {
        let stdin = fs::read(self.path("stdin")).unwrap_or_default();
        program(&self.folder).args(&self.args).write_stdin(stdin).output().unwrap()
    }
}

/// The program in a folder, with none of the user's own settings.
fn program(folder: &Path) -> assert_cmd::Command {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-home");
    fs::create_dir_all(&home).unwrap();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_leadlag"));
    command.current_dir(folder).env("HOME", &home).env("XDG_CONFIG_HOME", &home).env("NO_COLOR", "1").env_remove("CLICOLOR_FORCE");
    command
}

/// The words of a command line: blanks part them, but for those between quotation marks; `\"` is a mark between double ones.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut open: Option<char> = None;
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match (open, c) {
            (Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(mark), c) if c == mark => open = None,
            (None, '"' | '\'') => {
                open = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert!(open.is_none(), "{line}: a quotation mark never closes");
    words.extend(word);
    words
}

/// The cases of a folder, in order.
fn cases(folder: &Path) -> Vec<Case> {
    let suffixes = (1..).map(|n| if n == 1 { String::new() } else { format!(".{n}") });
    suffixes.take_while(|suffix| folder.join(format!("cmd{suffix}")).exists()).map(|suffix| Case::read(folder, &suffix)).collect()
}

fn names(folder: &Path) -> BTreeSet<String> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Runs every case of a code; what differs from its transcript is said, or written where it is to be blessed.
fn differences(code: &str, bless: bool) -> Vec<String> {
    let folder = folder().join(code);
    let cases = cases(&folder);
    let mut found = Vec::new();
    let mut said = String::new();
    let mut expected = BTreeSet::new();
    for case in &cases {
        let output = case.run();
        let status = output.status.code().map_or_else(|| "killed".to_owned(), |code| code.to_string());
        if status == "101" {
            found.push(format!("{}: it panicked: {}", case.name(), String::from_utf8_lossy(&output.stderr)));
        }
        said.push_str(&String::from_utf8_lossy(&output.stderr));
        said.push_str(&String::from_utf8_lossy(&output.stdout));
        for (file, bytes) in [("stdout", output.stdout.clone()), ("stderr", output.stderr), ("status", format!("{status}\n").into_bytes())]
        {
            let path = case.path(file);
            expected.insert(path.file_name().unwrap().to_string_lossy().into_owned());
            if bless {
                fs::write(&path, &bytes).unwrap();
            }
            let wanted = fs::read(&path).unwrap_or_default();
            if wanted != bytes {
                let (wanted, got) = (String::from_utf8_lossy(&wanted).into_owned(), String::from_utf8_lossy(&bytes).into_owned());
                found.push(format!("{}: {file}\n--- expected\n{wanted}\n--- got\n{got}", case.name()));
            }
        }
        let csv = String::from_utf8_lossy(&output.stdout).into_owned();
        found.extend(case.truths.iter().filter_map(|truth| untrue(truth, &csv)).map(|why| format!("{}: {why}\n{csv}", case.name())));
    }
    // The command line's own mistakes have no code.
    if !said.contains(&format!("[{code}]")) {
        found.push(format!("{code}: none of its {} cases mentions it", cases.len()));
    }
    let transcripts = ["cmd", "stdout", "stderr", "status"];
    for file in names(&folder) {
        let stem = file.split('.').next().unwrap_or_default();
        if transcripts.contains(&stem) && !expected.contains(&file) && !cases.iter().any(|c| file == format!("cmd{}", c.suffix)) {
            found.push(format!("{code}/{file} belongs to no case: cases are numbered without a gap"));
        }
    }
    found
}

/// Why a truth does not hold in a csv.
fn untrue(truth: &str, csv: &str) -> Option<String> {
    let mut parts = truth.rsplitn(3, ' ');
    let (Some(value), Some(measure), Some(name)) = (parts.next(), parts.next(), parts.next()) else {
        return Some(format!("'{truth}' is no NAME MEASURE VALUE"));
    };
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headings = reader.headers().ok()?.clone();
    let at = |heading: &str| headings.iter().position(|h| h == heading);
    let (Some(level), Some(names), Some(measures), Some(values)) = (at("level"), at("name"), at("measure"), at("value")) else {
        return Some(format!("no csv that could hold '{truth}'"));
    };
    let shown: Vec<String> = reader
        .records()
        .map(Result::unwrap)
        .filter(|r| r[measures] == *measure && if name == "all" { r[level] == *"all" } else { r[names] == *name })
        .map(|r| r[values].to_owned())
        .collect();
    let same = |shown: &String| shown.parse::<f64>().ok().zip(value.parse::<f64>().ok()).is_some_and(|(a, b)| (a - b).abs() < 1e-9);
    let holds = shown.len() == 1 && shown.iter().all(|s| if value == "-" { s.is_empty() } else { same(s) });
    (!holds).then(|| format!("'{truth}' does not hold: {shown:?}"))
}

#[test]
fn every_code_has_its_specimen_and_every_specimen_its_code() {
    let exempt: BTreeSet<&str> = EXEMPT.iter().map(|(code, _)| code.name()).collect();
    let codes: BTreeSet<String> = Code::ALL.iter().map(|c| c.name().to_owned()).filter(|c| !exempt.contains(c.as_str())).collect();
    assert_eq!(names(&folder()), codes);
    for code in codes {
        assert!(!cases(&folder().join(&code)).is_empty(), "{code} has no case");
    }
}

#[test]
fn every_specimen_says_what_it_said() {
    let bless = std::env::var_os("LEADLAG_BLESS").is_some_and(|v| v == "1");
    let codes: Vec<String> = names(&folder()).into_iter().collect();
    let found: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = codes
            .chunks(codes.len().div_ceil(2))
            .map(|half| scope.spawn(move || half.iter().flat_map(|code| differences(code, bless)).collect::<Vec<_>>()))
            .collect();
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// What no folder of a repository can hold: a file that nobody may read, and links that lead round in a circle.
#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_is_said() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("unreadable");
    fs::create_dir_all(&folder).unwrap();
    let run = |file: &str| program(&folder).args(["report", file, "--as-of", "2026-11-16"]).output().unwrap();
    let said = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();

    let circle = folder.join("circle.csv");
    let _ = fs::remove_file(&circle);
    std::os::unix::fs::symlink("circle.csv", &circle).unwrap();
    let output = run("circle.csv");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).starts_with("error[unreadable]: circle.csv: cannot be read: "), "{}", said(&output));

    let locked = folder.join("locked.csv");
    fs::write(&locked, "Subject,Owner,Date\n").unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::File::open(&locked).is_ok() {
        eprintln!("whoever runs this test may read everything: the rest is skipped");
        return;
    }
    let output = run("locked.csv");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(said(&output), "error[unreadable]: locked.csv: cannot be read: permission denied\n");
}

#[test]
fn words_are_parted_as_a_shell_parts_them() {
    assert_eq!(words(r#"report  'a b' --where "x.\"Y\" = 'z'" -q"#), ["report", "a b", "--where", r#"x."Y" = 'z'"#, "-q"]);
}
