//! Who may call whom: every `.rs` file is read, and a path that leads upward, or out to the world from where it may not, fails.
//!
//! Each room imports from lower layers and from its own folder. Within a layer two pairs are allowed: `measure` may use `facts`, because a
//! measure counts over the derived columns and credits that `facts` makes; `unit` may use `calendar`, because a value may be a day. Upward one pair is allowed: `commands` may use `cli`, which
//! holds the options that every command takes; clap wants them in one struct beside the list of subcommands.
//!
//! Test modules keep to the layers as well: what cannot be tested without a higher room belongs to that room. Only reading files is
//! free to them, since fixtures are files.

mod paths;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use paths::{Code, Use};

/// The layers, lowest first. A room that is not here may not exist.
const LAYERS: &[&[&str]] = &[
    &["calendar", "unit", "diagnostic"],
    &["table", "stats", "document"],
    &["crm", "facts", "measure", "render"],
    &["check", "predict"],
    &["gap"],
    &["report", "config"],
    &["commands"],
    &["cli", "run", "main"],
];

/// Who may use whom against the layers; the reasons are at the top of this file.
const ALLOWED: &[(&str, &str)] = &[("measure", "facts"), ("commands", "cli"), ("unit", "calendar")];

/// A file past this wants splitting.
const LONGEST: usize = 600;

/// What only some rooms may touch: the parts of a path that mean it, the files that may, and what to do instead.
const WORLD: &[(&[&str], &[&str], &str)] = &[
    (&["polars"], &["src/measure/", "src/facts/"], "polars lives in measure and facts only"),
    (&["Timestamp", "now"], EDGE, "today is an argument below commands"),
    (&["Zoned", "now"], EDGE, "today is an argument below commands"),
    (&["SystemTime"], EDGE, "today is an argument below commands"),
    (&["std", "env"], EDGE, "the environment is read at the edge only"),
    (&["env", "var"], EDGE, "the environment is read at the edge only"),
    (&["env", "var_os"], EDGE, "the environment is read at the edge only"),
    (&["io", "stdin"], EDGE, "the terminal is touched at the edge only"),
    (&["io", "stdout"], EDGE, "the terminal is touched at the edge only"),
    (&["io", "stderr"], EDGE, "the terminal is touched at the edge only"),
    (&["terminal_size"], EDGE, "the terminal is touched at the edge only"),
    (&["print!"], EDGE, "results and diagnostics are written at the edge only"),
    (&["println!"], EDGE, "results and diagnostics are written at the edge only"),
    (&["eprint!"], EDGE, "results and diagnostics are written at the edge only"),
    (&["eprintln!"], EDGE, "results and diagnostics are written at the edge only"),
    (&["dbg!"], &[], "nothing is left from looking for a mistake"),
    (&["std", "fs"], FILES, "files are read by commands and crm/files.rs only"),
    (&["fs", "read"], FILES, "files are read by commands and crm/files.rs only"),
    (&["fs", "read_to_string"], FILES, "files are read by commands and crm/files.rs only"),
    (&["File", "open"], FILES, "files are read by commands and crm/files.rs only"),
    (&["OpenOptions"], FILES, "files are read by commands and crm/files.rs only"),
    (&["tempfile"], FILES, "files are written by commands only"),
    (&["std", "net"], &[], "the program has no network"),
    (&["process", "Command"], &[], "the program starts no other"),
    (&["process", "exit"], &[], "an outcome is returned, so that everything is written and closed"),
    (&["todo!"], &[], "unfinished"),
    (&["unimplemented!"], &[], "unfinished"),
];

const EDGE: &[&str] = &["src/commands/", "src/cli.rs", "src/main.rs", "src/lib.rs"];
const FILES: &[&str] = &["src/commands/", "src/crm/files.rs"];

/// Words in a comment that say that something is left to do, in two parts so that this file does not say them.
const UNFINISHED: &[[&str; 2]] = &[["TO", "DO"], ["FIX", "ME"]];

/// A module and the room, the part of `src/` below which it lies, that it belongs to.
fn room(file: &str) -> (Vec<String>, String) {
    let inside = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    let mut module: Vec<String> = inside.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    match module[0].as_str() {
        "lib" => (Vec::new(), "run".to_owned()),
        "main" => (Vec::new(), "main".to_owned()),
        first => {
            let room = first.to_owned();
            (module, room)
        }
    }
}

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// What a file of `src/` does that its place in the house forbids.
fn broken(file: &str, text: &str) -> Vec<String> {
    let (module, from) = room(file);
    let Some(own) = layer(&from) else {
        return vec![format!("{file}: the room '{from}' stands in no layer")];
    };
    let mut found = Vec::new();
    let code = Code::read(text);
    let whole_file = file.ends_with("/tests.rs") || file.contains("/tests/");
    for Use { line, path, inside } in code.paths(&module) {
        let spelled = path.join("::");
        if let ("crate", Some(to)) = (path[0].as_str(), path.get(1).map(String::as_str)) {
            let allowed = to == from || ALLOWED.contains(&(from.as_str(), to)) || layer(to).is_some_and(|to| to < own) || from == "run";
            if !allowed {
                found.push(format!("{file}:{line}: {spelled}: {from} may not use {to}"));
            }
        }
        let in_tests = whole_file || inside.iter().any(|name| name == "tests");
        let free = |may: &[&str]| may.iter().any(|place| file.starts_with(place)) || (in_tests && may == FILES);
        if let Some((.., why)) = WORLD.iter().find(|(parts, may, _)| path.windows(parts.len()).any(|w| w == *parts) && !free(may)) {
            found.push(format!("{file}:{line}: {spelled}: {why}"));
        }
    }
    found
}

/// What a file may not hold wherever it lies: too many lines, a mark of something unfinished.
fn untidy(file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = text.lines().count();
    if lines > LONGEST {
        found.push(format!("{file}: {lines} lines, and more than {LONGEST} want splitting"));
    }
    for (line, comment) in Code::read(text).comments {
        for mark in UNFINISHED.iter().map(|parts| parts.concat()) {
            if comment.contains(&mark) {
                found.push(format!("{file}:{line}: {mark} in a comment"));
            }
        }
    }
    found
}

/// Every `.rs` file below a folder of the package, by its path from there.
fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(&folder)) else { continue };
        for entry in entries {
            let entry = entry.unwrap();
            let name = format!("{folder}/{}", entry.file_name().to_str().unwrap());
            if entry.file_type().unwrap().is_dir() {
                folders.push(name);
            } else if Path::new(&name).extension().is_some_and(|e| e == "rs") {
                found.push((name, fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn nothing_in_the_house_leads_upward_or_out() {
    let files = sources("src");
    assert!(files.len() > 50, "only {} files were found", files.len());
    let found: Vec<String> = files.iter().flat_map(|(file, text)| broken(file, text)).collect();
    assert!(found.is_empty(), "{} breaks:\n{}", found.len(), found.join("\n"));
}

#[test]
fn files_are_short_and_finished() {
    let files = ["src", "tests", "benches"].iter().flat_map(|folder| sources(folder));
    let found: Vec<String> = files.flat_map(|(file, text)| untidy(&file, &text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// The crate documentation lists the rooms with their layers; readers trust it.
#[test]
fn the_crate_documentation_gives_each_room_its_layer() {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let mut said = BTreeSet::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.trim_start_matches("//!").split('|').map(str::trim).collect();
        let [_, layer, rooms, _, _] = cells[..] else { continue };
        let Ok(layer) = layer.parse::<usize>() else { continue };
        said.extend(rooms.split(',').map(|room| (layer, room.trim().trim_matches(['[', '`', ']']).trim_start_matches("mod@").to_owned())));
    }
    let declared: BTreeSet<String> =
        text.lines().filter_map(|l| Some(l.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned())).chain(["run".to_owned()]).collect();
    let expected: BTreeSet<(usize, String)> =
        declared.into_iter().map(|room| (layer(&room).unwrap_or_else(|| panic!("'{room}' stands in no layer")), room)).collect();
    assert_eq!(said, expected);
}

/// A check that lets everything pass looks like one that finds nothing wrong.
#[test]
fn breaks_are_found_however_they_are_written() {
    for (file, text) in [
        ("src/calendar/day.rs", "use crate::table::Kind;"),
        ("src/unit.rs", "fn f() -> crate::document::Cell { x }"),
        ("src/unit.rs", "use crate::{\n    diagnostic::Code,\n};"),
        ("src/table/mod.rs", "use crate::{calendar::Day, render::{self, Style}};"),
        ("src/crm/read/mod.rs", "use super::super::report;"),
        ("src/crm/mod.rs", "use super::facts::Facts;"),
        ("src/crm/mod.rs", "mod inner { fn f() { super::super::measure::x() } }"),
        ("src/facts/mod.rs", "use crate::measure;"),
        ("src/render/mod.rs", "#[cfg(test)]\nmod tests { use crate::report; }"),
        ("src/report/mod.rs", "use crate::config::Config;"),
        ("src/report/mod.rs", "use crate::*;"),
        ("src/config/mod.rs", "use crate::run;"),
        ("src/commands/mod.rs", "use crate::run;"),
        ("src/odd.rs", ""),
        ("src/render/mod.rs", "use polars::prelude::*;"),
        ("src/facts/mod.rs", "fn f() { jiff::Timestamp::now(); }"),
        ("src/calendar/mod.rs", "use jiff::{Zoned, civil}; fn f() { Zoned::now() }"),
        ("src/crm/load.rs", "use std::{env, fmt};"),
        ("src/crm/load.rs", "use std::{fmt, fs::{self, File}};"),
        ("src/crm/load.rs", "use std::io::{self, Read, stdin};"),
        ("src/render/mod.rs", "fn f() { std::io::stdout().lock(); }"),
        ("src/render/mod.rs", "fn f() { println!(\"x\"); }"),
        ("src/commands/mod.rs", "use std::net::TcpStream;"),
        ("src/commands/mod.rs", "fn f() { todo!() }"),
        ("src/crm/tests.rs", "fn f() { std::env::var(\"X\"); }"),
    ] {
        assert!(!broken(file, text).is_empty(), "{file}: {text}");
    }
    for (text, found) in [("// left: TODO", 1), ("/* a\n   FIXME b */", 1), ("let x = \"TODO\";", 0)] {
        assert_eq!(untidy("src/unit.rs", text).len(), found, "{text}");
    }
    assert_eq!(untidy("src/unit.rs", &"\n".repeat(LONGEST)).len(), 0);
    assert_eq!(untidy("src/unit.rs", &"\n".repeat(LONGEST + 1)).len(), 1);
}

/// Nor may it see breaks where there are none.
#[test]
fn what_is_allowed_passes() {
    for (file, text) in [
        ("src/table/mod.rs", "use crate::calendar::Day; use crate::table::Kind; use self::column::Column; use super::unit::Value;"),
        ("src/crm/read/mod.rs", "use super::{part, files::Input}; pub(in crate::crm) fn f() {} pub(crate) fn g() {} pub(super) fn h() {}"),
        ("src/crm/mod.rs", "mod tests { use super::*; use super::read; }"),
        ("src/crm/read/tests.rs", "use super::super::files; use std::fs; fn f() { fs::read(\"x\"); }"),
        ("src/measure/mod.rs", "use crate::facts::Facts; use polars::prelude::*;"),
        ("src/commands/mod.rs", "use crate::cli::Global; use std::env; fn f() { std::io::stdin(); jiff::Zoned::now(); }"),
        (
            "src/render/mod.rs",
            "//! see crate::report\n/* use crate::report; /* crate::report */ */\nconst X: &str = \"use crate::report;\";",
        ),
        (
            "src/render/mod.rs",
            "const X: &str = r#\"a \" crate::report\"#; const C: char = '\"'; fn f<'a>(x: &'a str) {} const B: u8 = b'\\'';",
        ),
        ("src/lib.rs", "use commands::x; use crate::report;"),
        ("src/main.rs", "fn main() { leadlag::run(std::env::args_os()); }"),
        ("src/facts/mod.rs", "use jiff::Timestamp; fn f(stdin: u8) { let env = stdin; x.fs(); Column::Instant; }"),
    ] {
        assert_eq!(broken(file, text), Vec::<String>::new(), "{text}");
    }
}
