#![allow(clippy::unwrap_used, clippy::expect_used)]
use super::*;
use crate::diagnostic::Severity;

/// A folder with these files, each holding its own name.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in files {
        let path = dir.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, file).unwrap();
    }
    dir
}

fn names(found: &Found) -> Vec<&str> {
    found.inputs.iter().map(|i| i.name.as_str()).collect()
}

fn said(found: &Found) -> Vec<(Code, Severity, &str)> {
    found.diagnostics.iter().map(|d| (d.code, d.severity, d.location.as_ref().map_or("", |l| l.file.as_str()))).collect()
}

#[test]
fn a_folder_is_its_plain_files_by_name() {
    let dir =
        folder(&["x/deals.csv", "x/activities.tsv", "x/.hidden.csv", "x/README.md", "x/leadlag.toml", "x/sub/inner.csv", "x/book.xlsx"]);
    let found = find(&["x"], dir.path());
    assert_eq!(names(&found), ["x/activities.tsv", "x/book.xlsx", "x/deals.csv"]);
    assert!(found.inputs.iter().all(|i| !i.named));
    assert_eq!(
        said(&found),
        [
            (Code::NotUsed, Severity::Note, "x/README.md"),
            (Code::NotUsed, Severity::Note, "x/leadlag.toml"),
            (Code::NotUsed, Severity::Note, "x/sub"),
        ]
    );
    assert_eq!(names(&find(&["x/"], dir.path())), ["x/activities.tsv", "x/book.xlsx", "x/deals.csv"]);
    let bytes = found.inputs[2].bytes(|| panic!("standard input is not to be touched")).unwrap();
    assert_eq!(bytes, b"x/deals.csv");
}

#[test]
fn a_file_named_twice_is_read_once() {
    let dir = folder(&["x/a.csv", "x/b.csv"]);
    let found = find(&["x/b.csv", "x", "./x/../x/a.csv", "-", "-"], dir.path());
    assert_eq!(names(&found), ["x/b.csv", "x/a.csv", "-"]);
    assert_eq!(found.inputs.iter().map(|i| i.named).collect::<Vec<_>>(), [true, true, true]);
    assert_eq!(found.inputs[2].bytes(|| Ok(b"piped".to_vec())).unwrap(), b"piped");
    assert_eq!(found.inputs[2].bytes(|| Err(io::Error::other("closed"))).unwrap_err().code, Code::Unreadable);
}

#[test]
fn a_missing_file_is_said_with_the_nearest_name() {
    let dir = folder(&["x/activities.csv", "x/deals.csv"]);
    let found = find(&["x/activites.csv", "y/deals.csv", "x/deals.csv/", "x/deals.csv"], dir.path());
    assert_eq!(names(&found), ["x/deals.csv"]);
    let hints: Vec<(Code, &[String])> = found.diagnostics.iter().map(|d| (d.code, d.hints.as_slice())).collect();
    assert_eq!(hints[0], (Code::NotFound, ["did you mean x/activities.csv?".to_owned()].as_slice()));
    assert_eq!(hints[1], (Code::NotFound, ["there is no folder y".to_owned()].as_slice()));
    assert_eq!((hints.len(), hints[2].0), (3, Code::NotFound));
}

#[test]
fn patterns_match_in_order_and_take_no_hidden_file() {
    let dir = folder(&["e/act-2.csv", "e/act-1.csv", "e/.act-3.csv", "e/deals.csv", "e/act.json", "e/lit[1].csv"]);
    let found = find(&["e/act*", "e/lit[1].csv", "e/none-*.csv", "e/[.csv"], dir.path());
    assert_eq!(names(&found), ["e/act-1.csv", "e/act-2.csv", "e/lit[1].csv"]);
    assert_eq!(
        said(&found),
        [
            (Code::NotUsed, Severity::Note, "e/act.json"),
            (Code::NotFound, Severity::Error, "e/none-*.csv"),
            (Code::NotFound, Severity::Error, "e/[.csv")
        ]
    );
}

#[test]
fn what_a_file_holds_its_name_does_not_decide() {
    let dir = folder(&["deals.XLSX", "deals.csv.gz", "odd.json"]);
    let found = find(&["deals.XLSX", "deals.csv.gz", "odd.json"], dir.path());
    assert_eq!(names(&found), ["deals.XLSX", "deals.csv.gz", "odd.json"]);
    assert_eq!(said(&found), []);
}

#[test]
fn a_part_of_a_file_can_be_named() {
    let dir = folder(&["x/book.xlsx", "x/deals.csv"]);
    let found = find(&["x/book.xlsx/Deals 2026", "x/book.xlsx/", "x/no.xlsx/Deals"], dir.path());
    assert_eq!(found.inputs.len(), 1);
    assert_eq!((found.inputs[0].name.as_str(), found.inputs[0].inside.as_deref()), ("x/book.xlsx", Some("Deals 2026")));
    assert_eq!(said(&found).len(), 2);
}

#[test]
fn an_empty_folder_is_said() {
    let dir = folder(&["x/.hidden"]);
    assert_eq!(said(&find(&["x"], dir.path())), [(Code::NotFound, Severity::Error, "x")]);
    let gone = Input { name: "gone.csv".into(), origin: Origin::File(dir.path().join("gone.csv")), named: true, inside: None };
    assert_eq!(gone.bytes(|| Ok(Vec::new())).unwrap_err().code, Code::Unreadable);
}
