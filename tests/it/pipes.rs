//! Where a result goes: a reader that stops reading is no mistake, a file is written whole or not at all, and what is no file is written to as it
//! is.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use leadlag::render::FORMATS;

use super::program;

const INPUT: [&str; 3] = ["fixtures/crm/generic", "--as-of", "2026-11-16"];

fn leadlag(args: &[&str]) -> Command {
    program::command(&[args, &INPUT].concat())
}

fn bytes(args: &[&str]) -> Vec<u8> {
    let output = leadlag(args).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{args:?}: {}", said(&output));
    output.stdout
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names in a folder, hidden ones too.
fn listed(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Every command that writes to standard output, in each of its formats.
fn commands() -> Vec<Vec<&'static str>> {
    let shown: [&[&str]; 3] = [&["report"], &["explain", "revenue", "--all"], &["inspect"]];
    let mut commands: Vec<Vec<&str>> = vec![vec!["init"], vec!["inspect", "--refused", "-"], vec!["inspect", "--config-origins"]];
    for format in FORMATS {
        commands.extend(shown.iter().map(|command| [*command, &["--format", format.name]].concat()));
    }
    commands
}

#[test]
fn a_reader_that_stops_reading_is_no_mistake() {
    program::each(&commands(), |args| {
        let whole = leadlag(args).output().unwrap();
        assert_eq!(whole.status.code(), Some(0), "{args:?}: {}", said(&whole));
        let mut child = leadlag(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let stopped = child.wait_with_output().unwrap();
        assert_eq!((stopped.status.code(), said(&stopped)), (Some(0), said(&whole)), "{args:?}");
    });
    for args in [&["--help"][..], &["report", "--help"], &["--version"]] {
        let mut child = program::command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let stopped = child.wait_with_output().unwrap();
        assert_eq!((stopped.status.code(), said(&stopped)), (Some(0), String::new()), "{args:?}");
    }
}

#[test]
fn what_nobody_reads_of_is_still_a_mistake() {
    for (args, status) in [
        (&["report", "-v"][..], 0),
        (&["report", "--owner", "Nobody"], 2),
        (&["explain", "no_such_measure"], 2),
        (&["report", "--no-such-option"], 2),
        (&["report", "-o", "no/such/folder.csv"], 2),
    ] {
        let mut child = leadlag(args).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stderr.take());
        assert_eq!(child.wait().unwrap().code(), Some(status), "{args:?}");
    }
}

#[test]
fn the_extension_says_the_format_in_any_case() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.MD");
    bytes(&["report", "-o", path.to_str().unwrap()]);
    assert_eq!(fs::read(&path).unwrap(), bytes(&["report", "--format", "markdown"]));
    // What is said goes before what a name looks like.
    bytes(&["report", "-o", path.to_str().unwrap(), "--format", "csv"]);
    assert_eq!(fs::read(&path).unwrap(), bytes(&["report", "--format", "csv"]));
    assert_eq!(listed(folder.path()), ["report.MD"]);
}

#[test]
fn what_cannot_be_written_is_said() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "here").unwrap();
    fs::create_dir(folder.path().join("folder.csv")).unwrap();
    for name in ["none/x.csv", "file/x.csv", "folder.csv"] {
        let path = folder.path().join(name);
        let output = leadlag(&["report", "-o", path.to_str().unwrap()]).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{name}");
        assert!(said(&output).contains("error[unwritable]") && said(&output).contains(path.to_str().unwrap()), "{name}: {}", said(&output));
    }
    assert_eq!(listed(folder.path()), ["file", "folder.csv"]);
    assert_eq!(fs::read_to_string(folder.path().join("file")).unwrap(), "here");
}

#[cfg(unix)]
mod unix {
    use std::fs::{File, OpenOptions};
    use std::io::{Read as _, Write as _};
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, symlink};

    use super::*;

    /// The program under a limit on what it may write, as on a disk that is nearly full.
    fn on_a_full_disk(args: &[&str]) -> Output {
        let mut command = leadlag(args);
        let all: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let program = command.get_program().to_owned();
        command = program::command::<&str>(&[]);
        let envs: Vec<_> = command.get_envs().map(|(name, value)| (name.to_owned(), value.map(ToOwned::to_owned))).collect();
        let mut shell = Command::new("sh");
        // Else the limit ends the program instead of failing its write.
        shell.args(["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\""]).arg(program).args(all).current_dir(env!("CARGO_MANIFEST_DIR"));
        for (name, value) in envs {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.output().unwrap()
    }

    #[test]
    fn a_write_that_fails_leaves_the_old_file_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        fs::write(&path, "last week's").unwrap();
        let output = on_a_full_disk(&["report", "-o", path.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
        assert!(said(&output).contains("error[unwritable]"), "{}", said(&output));
        assert_eq!(fs::read_to_string(&path).unwrap(), "last week's");
        assert_eq!(listed(folder.path()), ["report.csv"]);
        let fresh = folder.path().join("fresh.json");
        assert_eq!(on_a_full_disk(&["report", "-o", fresh.to_str().unwrap()]).status.code(), Some(2));
        assert_eq!(listed(folder.path()), ["report.csv"]);
    }

    #[test]
    fn a_folder_without_permission_keeps_what_it_has() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.csv");
        fs::write(&path, "last week's").unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let powerful = File::create(folder.path().join("probe")).is_ok();
        let output = leadlag(&["report", "-o", path.to_str().unwrap()]).output().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        // Nothing is forbidden to some users.
        if powerful {
            assert_eq!((output.status.code(), listed(folder.path())), (Some(0), vec!["probe".to_owned(), "report.csv".to_owned()]));
        } else {
            assert_eq!((output.status.code(), listed(folder.path())), (Some(2), vec!["report.csv".to_owned()]));
            assert!(said(&output).contains("error[unwritable]"), "{}", said(&output));
            assert_eq!(fs::read_to_string(&path).unwrap(), "last week's");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_behind_standard_output_is_said() {
        for args in [&["report"][..], &["init"], &["report", "-o", "/dev/full", "--format", "csv"]] {
            let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
            let output = leadlag(args).stdout(full).output().unwrap();
            assert_eq!(output.status.code(), Some(2), "{args:?}");
            assert!(said(&output).contains("error[unwritable]"), "{args:?}: {}", said(&output));
        }
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        assert_eq!(program::command(&["--help"]).stdout(full).output().unwrap().status.code(), Some(2));
    }

    #[test]
    fn standard_output_by_its_name_is_added_to() {
        let expected = bytes(&["report", "--format", "csv"]);
        assert_eq!(bytes(&["report", "--format", "csv", "-o", "/dev/stdout"]), expected);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        fs::write(&path, "before\n").unwrap();
        let log = OpenOptions::new().append(true).open(&path).unwrap();
        let status = leadlag(&["report", "--format", "csv", "-o", "/dev/stdout"]).stdout(log).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(0));
        assert_eq!(fs::read(&path).unwrap(), [b"before\n".to_vec(), expected].concat());
    }

    #[test]
    fn a_link_stays_one_and_a_file_keeps_its_permissions() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("file.csv"), folder.path().join("link.csv"));
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o640).open(&file).unwrap().write_all(b"old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("file.csv", &link).unwrap();
        bytes(&["report", "-o", link.to_str().unwrap()]);
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(&file).unwrap(), bytes(&["report", "--format", "csv"]));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        assert_eq!(listed(folder.path()), ["file.csv", "link.csv"]);
    }

    #[test]
    fn a_named_pipe_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe.csv");
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let expected = bytes(&["report", "--format", "csv"]);
        let child = leadlag(&["report", "-o", path.to_str().unwrap()]).stderr(Stdio::piped()).spawn().unwrap();
        let mut read = Vec::new();
        File::open(&path).unwrap().read_to_end(&mut read).unwrap();
        assert_eq!((child.wait_with_output().unwrap().status.code(), read), (Some(0), expected));
        // The second reader goes at once; what it would have read is more than a pipe holds.
        let long = ["report", "examples/quickstart", "--as-of", "2026-11-16", "--periods", "20", "-o", path.to_str().unwrap()];
        let child = program::command(&long).stderr(Stdio::piped()).spawn().unwrap();
        drop(File::open(&path).unwrap());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), said(&output)), (Some(0), String::new()));
        assert_eq!(listed(folder.path()), ["pipe.csv"]);
    }
}
