#![allow(clippy::unwrap_used, clippy::expect_used, clippy::format_collect, clippy::format_push_string)]
use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use zip::write::SimpleFileOptions;

use super::*;
use crate::diagnostic::Severity;

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// What is found: each path with its headings, or with the code of what was said, or with why it is not used.
fn found(name: &str, bytes: Vec<u8>) -> (Option<Holder>, Vec<(String, String)>) {
    let mut list = Vec::new();
    let holder = open(name, bytes, &Settings::default(), &mut |path, found| {
        list.push((
            path.to_owned(),
            match found {
                Found::Table(sheet, _) => {
                    assert_eq!(sheet.name, path);
                    format!("{} {}", sheet.headings.join("|"), sheet.read(&[0]).read)
                }
                Found::Refused(said) => {
                    assert_eq!((said.severity, said.location.unwrap().file.as_str()), (Severity::Error, path));
                    assert!(!said.hints.is_empty());
                    format!("{}: {}", said.code, said.message)
                }
                Found::Unused(why) => format!("unused: {why}"),
            },
        ));
    });
    (holder, list)
}

fn pairs(list: &[(String, String)]) -> Vec<(&str, &str)> {
    list.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect()
}

#[test]
fn gzip_is_known_by_its_bytes_and_read_to_its_last_member() {
    let mut two = gz(b"a,b\n1,2\n");
    two.extend(gz(b"3,4\n"));
    two.extend([0; 512]);
    assert_eq!(pairs(&found("x.csv", two.clone()).1), [("x.csv", "a|b 2")]);
    // The hash is of the file as it came, which is what a user can compare.
    let mut hash = String::new();
    open("x.csv", two.clone(), &Settings::default(), &mut |_, found| {
        if let Found::Table(sheet, _) = found {
            assert_eq!(sheet.bytes, two.len() as u64);
            hash.clone_from(&sheet.xxh3);
        }
    });
    assert_eq!(hash, format!("{:016x}", xxhash_rust::xxh3::xxh3_64(&two)));
    assert_eq!(pairs(&found("x", gz(&gz(b"a,b\n"))).1), [("x", "a|b 0")]);
    assert_eq!(found("x", gz(b"")).1[0].1, "empty-file: the file is empty: it has no headings");
}

#[test]
fn what_ends_too_early_is_refused_whole() {
    let text: String = (0..5000).map(|n| format!("{n},{}\n", n * 7919 % 1000)).collect();
    let whole = gz(format!("a,b\n{text}").as_bytes());
    for cut in [1, 9, whole.len() / 2] {
        let (_, list) = found("x.gz", whole[..whole.len() - cut].to_vec());
        assert!(list[0].1.starts_with("damaged: it ends too early, after line "), "{list:?}");
    }
    let mut flipped = whole.clone();
    let end = flipped.len() - 6;
    flipped[end] ^= 0x55;
    assert!(found("x.gz", flipped).1[0].1.starts_with("damaged: it is damaged"), "the checksum");
    let mut trailing = whole.clone();
    trailing.extend(b"more,rows\n");
    assert_eq!(
        found("x.gz", trailing).1[0].1,
        "damaged: 10 bytes that are not compressed stand behind what is, after line 5001, so nothing of it is used"
    );
    let archive = zipped(&[("a.csv", text.as_bytes())]);
    assert_eq!(
        found("x.zip", archive[..archive.len() - 30].to_vec()).1[0].1,
        "damaged: the archive is cut off or damaged, so nothing of it is used"
    );
}

#[test]
fn an_archive_gives_its_files_in_order() {
    let inner = zipped(&[("Calls.csv", b"d\n1\n")]);
    let packed = gz(b"e,f\n");
    let archive = zipped(&[
        ("b/Deals.csv", b"a;b\n1;2\n"),
        ("README.md", b"read me"),
        ("a.csv", b"c\n1\n2\n"),
        ("more.zip", &inner),
        ("tasks.csv.gz", &packed),
        ("__MACOSX/._a.csv", b"\0\0"),
        (".DS_Store", b"\0"),
        ("deep/", b""),
        ("Größe.csv", b"g\n"),
    ]);
    let (holder, list) = found("x.zip", archive);
    assert_eq!(holder, Some(Holder::Archive));
    assert_eq!(
        pairs(&list),
        [
            ("x.zip/Größe.csv", "g 0"),
            ("x.zip/README.md", "unused: a document"),
            ("x.zip/a.csv", "c 2"),
            ("x.zip/b/Deals.csv", "a|b 1"),
            ("x.zip/more.zip/Calls.csv", "d 1"),
            ("x.zip/tasks.csv.gz", "e|f 0"),
        ]
    );
    assert_eq!(found("x", zipped(&[])).1[0].1, "empty-file: the archive holds no file");
}

#[test]
fn names_are_decoded() {
    // 0x81 is ü in cp437, the format's own code page; a name without a flag that is UTF-8 is taken for that.
    let mut archive = zipped(&[("M_ller.csv", b"a\n"), ("Z__.csv", b"b\n")]);
    for (from, to) in [(&b"M_ller"[..], &b"M\x81ller"[..]), (b"Z__", "Zü".as_bytes())] {
        while let Some(at) = memchr::memmem::find(&archive, from) {
            archive[at..at + to.len()].copy_from_slice(to);
        }
    }
    assert_eq!(pairs(&found("x", archive).1), [("x/Müller.csv", "a 0"), ("x/Zü.csv", "b 0")]);
}

#[test]
fn a_bomb_is_stopped() {
    let bomb = gz(&gz(&vec![b'0'; 1 << 20]).repeat(40));
    assert!(bomb.len() < 2000);
    let said = "too-large: it unpacks to more than 32 MiB, which is more than an export of its size can hold";
    assert_eq!(pairs(&found("x.gz", bomb.clone()).1), [("x.gz", said)]);
    // An archive's files count together, and what comes behind the one that is too much is not even tried.
    let (_, list) = found("x.zip", zipped(&[("a.csv", b"a\n"), ("b.gz", &bomb), ("c.csv", b"c\n")]));
    assert_eq!(pairs(&list)[..2], [("x.zip/a.csv", "a 0"), ("x.zip/b.gz", said)]);
    let mut nested = b"a\n".to_vec();
    for _ in 0..6 {
        nested = zipped(&[("x.zip", &nested)]);
    }
    assert!(found("x", nested).1[0].1.starts_with("unsupported: archives inside archives are opened 3 deep"));
}

#[test]
fn other_formats_are_named() {
    for (bytes, said) in [
        (&b"7z\xbc\xaf\x27\x1c\0"[..], "a 7z archive is not read"),
        (b"Rar!\x1a\x07\0", "a RAR archive is not read"),
        (b"PAR1....", "a Parquet file is not read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ""),
    ] {
        let (holder, list) = found("x", bytes.to_vec());
        assert_eq!(holder, None);
        assert!(list[0].1.ends_with(said) || list[0].1.starts_with("damaged"), "{list:?}");
    }
    let word = zipped(&[("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")]);
    assert_eq!(found("x.docx", word).1[0].1, "unsupported: a Word document is not read");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Whatever is damaged in an archive or a compressed file, nothing panics, and something is said or given.
    #[test]
    fn damage_never_panics(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>(), kind in 0..2) {
        let mut bytes = if kind == 0 { zipped(&[("a.csv", b"a,b\n1,2\n"), ("b.csv", b"c\n")]) } else { gz(b"a,b\n1,2\n3,4\n") };
        let i = at.index(bytes.len());
        bytes[i] = byte;
        if byte % 3 == 0 {
            bytes.truncate(cut.index(bytes.len()).max(4));
        }
        prop_assert!(!found("x", bytes).1.is_empty());
    }
}
