//! Every class of mistake: its place, its words and its hint.

use super::super::*;
use super::{place, texts};
use crate::diagnostic::{Code, Location};

fn errors(text: &str) -> Vec<Diagnostic> {
    load(&[Layer::file("leadlag.toml", text)]).unwrap_err().0
}

/// The only error of a text: code, line, position, message and hints.
fn error(text: &str) -> (Code, u32, u32, String, String) {
    let all = errors(text);
    assert_eq!(all.len(), 1, "{all:?}");
    let (line, position) = place(&all[0]);
    (all[0].code, line, position, all[0].message.clone(), all[0].hints.join(" | "))
}

#[test]
fn what_is_no_toml_is_said_in_plain_words() {
    let cases: &[(&str, u32, u32, &str, &str)] = &[
        ("[report]\ntitle = Flash\n", 2, 9, "`Flash` needs quotation marks", "write \"Flash\""),
        ("[report]\ntitle = “Flash”\n", 2, 9, "`“Flash”` needs quotation marks", "write \"Flash\""),
        ("[report]\ntitle =\n", 2, 8, "a key without a value", "write the value after `=`, or take the line out"),
        ("[report]\ntitle = \"Flash\n", 2, 15, "a text that never closes", "close it with the same quotation mark on the same line"),
        ("[report]\ntitle = 'a'\ntitle = 'b'\n", 3, 1, "`title` stands here a second time", "keep one of the two"),
        ("[report\n", 1, 8, "unclosed table, expected `]`", "close the table's name with ]"),
        ("[people]\nleaders_sell = True\n", 2, 16, "`True` is written in small letters", "write true"),
        ("week starts monday", 1, 6, "a key without `=` and a value", "write key = value; a line that begins with # is a comment"),
        (
            "[report]\ntitle = \"\\d\"\n",
            2,
            11,
            "a backslash before a letter that cannot follow one",
            "write the text between single quotes, 'like this', where a backslash is only a backslash",
        ),
        ("[report]\nleads = [\"a\" \"b\"]\n", 2, 14, "missing comma between array elements, expected `,`", ""),
    ];
    for (text, line, position, message, hint) in cases {
        let found = errors(text);
        assert_eq!((found[0].code, place(&found[0])), (Code::ConfigSyntax, (*line, *position)), "{text}: {found:?}");
        assert_eq!(&found[0].message, message, "{text}");
        assert!(found[0].hints.join(" | ").contains(hint), "{text}: {found:?}");
    }
}

#[test]
fn an_unknown_key_names_its_table_and_the_key_that_is_meant() {
    let cases: &[(&str, u32, u32, &str, &str)] = &[
        ("[report]\ntitel = \"x\"\n", 2, 1, "unknown key `titel` in [report]", "did you mean `title`?"),
        (
            "[calendar]\n  currency = \"USD\"\n",
            2,
            3,
            "unknown key `currency` in [calendar]",
            "`currency` is a key of [money] and of [[target]] and of [[check]]",
        ),
        ("[reports]\n", 1, 2, "unknown table [reports]", "did you mean [report]?"),
        ("on_pace = 0.9\n", 1, 1, "unknown key `on_pace` outside of any table", "`on_pace` is a key of [report]"),
        ("[people]\nquux = 1\n", 2, 1, "unknown key `quux` in [people]", "its keys are leaders_sell"),
        ("[minutes]\nmeetings = 45\n", 2, 1, "unknown key `meetings` in [minutes]", "did you mean `meeting`?"),
        ("[words.kinds]\ncall = []\n", 1, 8, "unknown key `kinds` in [words]", "did you mean `kind`?"),
        ("[columns.activity]\ntype = \"x\"\n", 1, 10, "unknown key `activity` in [columns]", "did you mean `activities`?"),
        ("[filter]\ndeal = \"TRUE\"\n", 2, 1, "unknown key `deal` in [filter]", "did you mean `deals`?"),
        ("[inputs]\nactivites = []\n", 2, 1, "unknown key `activites` in [inputs]", "did you mean `activities`?"),
        ("[words]\nresult.advance = [\"x\"]\n", 2, 8, "unknown key `advance` in [words.result]", "did you mean `advanced`?"),
    ];
    for (text, line, position, message, hint) in cases {
        let (code, l, p, m, h) = error(text);
        assert_eq!((code, l, p, m.as_str(), h.as_str()), (Code::ConfigKey, *line, *position, *message, *hint), "{text}");
    }
    let text = "[[target]]\nmeasure = \"a\"\nlevel = \"all\"\nper = \"week\"\nvalue = 1\nat_least = 3\n";
    let (code, line, _, message, hint) = error(text);
    assert_eq!((code, line, message.as_str()), (Code::ConfigKey, 6, "unknown key `at_least` in [[target]]"));
    assert_eq!(hint, "`at_least` is a key of [[check]]");
}

#[test]
fn a_wrong_value_says_what_to_write_instead() {
    let target = |key: &str, value: &str| {
        let mut lines = vec![("measure", "\"a\""), ("level", "\"owner\""), ("per", "\"week\""), ("value", "1")];
        lines.retain(|(k, _)| *k != key);
        let body: Vec<String> = lines.iter().map(|(k, v)| format!("{k} = {v}\n")).collect();
        format!("[[target]]\n{key} = {value}\n{}", body.concat())
    };
    let cases: &[(String, u32, u32, &str, &str)] = &[
        (
            "[calendar]\nweek_starts = \"mondayy\"".into(),
            2,
            15,
            "\"mondayy\" in `week_starts` is no day of the week",
            "did you mean \"monday\"?",
        ),
        ("[calendar]\nworkdays = [\"mon\", \"teu\"]".into(), 2, 20, "\"teu\" in `workdays` is no day of the week", "did you mean \"tue\"?"),
        ("[calendar]\nfiscal_year_starts = \"13-01\"".into(), 2, 22, "`fiscal_year_starts` cannot be \"13-01\"", "there is no month 13"),
        (
            "[calendar]\nfiscal_year_starts = \"02-29\"".into(),
            2,
            22,
            "`fiscal_year_starts` cannot be \"02-29\"",
            "has no day 29 in every year",
        ),
        (
            "[calendar]\nholidays = [\"2026-11-26\", \"2026-11-31\"]".into(),
            2,
            27,
            "\"2026-11-31\" in `holidays` is no date",
            "\"2026-11-26\"",
        ),
        (
            "[calendar]\nholidays = \"2026-11-26\"".into(),
            2,
            12,
            "`holidays` takes a list, and this, `\"2026-11-26\"`, is a text",
            "write a list",
        ),
        (
            "[calendar]\ntime_zone = \"America/Chicgo\"".into(),
            2,
            13,
            "\"America/Chicgo\" is no time zone",
            "did you mean \"America/Chicago\"?",
        ),
        (
            "[calendar]\ntime_zone = \"Europe/Chicago\"".into(),
            2,
            13,
            "\"Europe/Chicago\" is no time zone",
            "did you mean \"America/Chicago\"?",
        ),
        ("[calendar]\ntime_zone = \"new york\"".into(), 2, 13, "\"new york\" is no time zone", "did you mean \"America/New_York\"?"),
        ("[calendar]\npattern = \"4-4-4\"".into(), 2, 11, "`pattern` cannot be \"4-4-4\"", "did you mean \"4-4-5\"?"),
        ("[report]\non_pace = 90".into(), 2, 11, "`on_pace` is 90, which must be between 0 and 1.5", "write 0.9"),
        ("[report]\non_pace = \"0.9\"".into(), 2, 11, "`on_pace` takes a number, and this, `\"0.9\"`, is a text", "write 0.9 without"),
        ("[report]\non_pace = nan".into(), 2, 11, "`nan` is no number that can be counted with", ""),
        ("[report]\ntitle = 3".into(), 2, 9, "`title` takes a text, and this, `3`, is a number", "write \"3\""),
        ("[report]\nleads = \"revenue\"".into(), 2, 9, "`leads` takes a list, and this, `\"revenue\"`, is a text", "write [\"revenue\"]"),
        ("[report]\nsections = [\"whole-job\"]".into(), 2, 13, "`sections` cannot be \"whole-job\"", "did you mean \"whole_job\"?"),
        ("[people]\nleaders_sell = \"no\"".into(), 2, 16, "`leaders_sell` takes true or false", "without quotation marks"),
        ("[money]\ncurrency = \"usd\"".into(), 2, 12, "\"usd\" is no currency code", "write \"USD\""),
        ("[credit]\ndeals = { owner = 0.5, SDR = 0.4 }".into(), 2, 9, "the shares of a deal add up to 0.9, not to 1", "owner = 0.5"),
        (
            "[credit]\ndeals = { owner = 50, SDR = 50 }".into(),
            2,
            9,
            "the shares of a deal add up to 100, not to 1",
            "they are shares, not percentages",
        ),
        ("[credit]\ndeals = { owner = 1.5, SDR = -0.5 }".into(), 2, 30, "\"SDR\" of a deal cannot be -0.5", "write a share of 1"),
        ("[credit]\ncount = \"both\"".into(), 2, 9, "`count` cannot be \"both\"", "each"),
        ("[money]\ncurrency = \"US$\"".into(), 2, 12, "\"US$\" is no currency code", "three letters"),
        ("[inputs]\ndate_order = \"DMY\"".into(), 2, 14, "`date_order` cannot be \"DMY\"", "did you mean \"dmy\"?"),
        ("[inputs]\nencoding = \"windos-1252\"".into(), 2, 12, "\"windos-1252\" is no encoding", "did you mean \"windows-1252\"?"),
        ("[inputs]\ndelimiter = \"tab\"".into(), 2, 13, "\"tab\" cannot separate fields", "write \"\\t\""),
        ("[minutes]\nmeeting = 1.5".into(), 2, 11, "`meeting` is 1.5, which must be a whole number from 1 to 1440", ""),
        ("[outcome]\nblank = \"hold\"".into(), 2, 9, "`blank` cannot be \"hold\"", "did you mean \"held\"?"),
        ("[filter]\ndeals = \" \"".into(), 2, 9, "`deals` is empty", "take the line out"),
        ("report = 3".into(), 1, 10, "`report` is a table", "write [report]"),
        ("[target]\nmeasure = \"a\"".into(), 1, 1, "`target` is a list of tables", "write [[target]]"),
        (
            "[words.kind]\ncall = [\"Demo\"]\nmeeting = [\"demo \"]".into(),
            3,
            13,
            "\"demo \" cannot mean both call and meeting",
            "one of the two",
        ),
        (target("per", "\"weekly\""), 2, 7, "`per` cannot be \"weekly\"", "did you mean \"week\"?"),
        (target("per", "\"daily\""), 2, 7, "`per` cannot be \"daily\"", "did you mean \"day\"?"),
        (target("per", "\"once\""), 2, 7, "a target for once needs `from` and `to`", ""),
        (target("level", "\"owners\""), 2, 9, "`level` cannot be \"owners\"", "did you mean \"owner\"?"),
        (target("value", "-1"), 2, 9, "a target cannot be negative", ""),
        (target("from", "\"2026-11-01\"\nto = \"2026-10-01\""), 3, 6, "`to` is before `from`", ""),
        ("[[target]]\nmeasure = \"a\"\nlevel = \"all\"\nvalue = 1".into(), 1, 1, "[[target]] lacks `per`", ""),
        ("[[check]]\nat_least = 1".into(), 1, 1, "[[check]] needs one of measure, freshness, coverage", ""),
        ("[[check]]\nfreshness = \"deals\"".into(), 1, 1, "[[check]] needs one of at_least, at_most, between", ""),
        ("[[check]]\nfreshness = \"deals\"\nat_most = 3\nlevel = \"all\"".into(), 4, 9, "`level` says nothing about freshness", ""),
        (
            "[[check]]\ncoverage = \"activities.kinds\"\nat_least = 1".into(),
            2,
            12,
            "`coverage` cannot be \"activities.kinds\"",
            "did you mean \"activities.kind\"?",
        ),
        ("[[check]]\ncoverage = \"accounting\"\nat_least = 95".into(), 2, 12, "coverage is a share between 0 and 1", ""),
        ("[[check]]\ncoverage = \"accounting\"\nbetween = [1, 0]".into(), 3, 11, "1 is more than 0", "write [0, 1]"),
    ];
    for (text, line, position, message, hint) in cases {
        let (code, l, p, m, h) = error(text);
        assert_eq!((code, l, p), (Code::ConfigValue, *line, *position), "{text}: {m}");
        assert!(m.starts_with(message), "{text}: {m}");
        assert!(h.contains(hint), "{text}: {h}");
    }
}

#[test]
fn every_mistake_of_every_file_is_told() {
    let user = "[report]\ntitel = 'x'\non_pace = 90\n";
    let project = "[calendar]\nweek_starts = 'mondayy'\n[repot]\n";
    let all = load(&[Layer::file("user.toml", user), Layer::file("leadlag.toml", project)]).unwrap_err().0;
    let places: Vec<(&str, (u32, u32))> = all.iter().map(|d| (d.location.as_ref().unwrap().file.as_str(), place(d))).collect();
    assert_eq!(places, [("user.toml", (2, 1)), ("user.toml", (3, 11)), ("leadlag.toml", (2, 15)), ("leadlag.toml", (3, 2))]);
}

#[test]
fn a_mistake_in_an_option_is_the_options() {
    let all = load(&[Layer::flag("--time-zone", "calendar.time_zone", "Chicago/America")]).unwrap_err().0;
    assert_eq!(all[0].location, Some(Location::file("--time-zone")));
}

#[test]
fn an_item_that_stands_twice_is_taken_once_with_a_warning() {
    let (config, found) = load(&[Layer::file("leadlag.toml", "[report]\nleads = ['a', 'b', 'a']\n")]).unwrap();
    assert_eq!(texts(config.report.leads.as_ref().unwrap()), ["a", "b"]);
    assert_eq!((found[0].severity, place(&found[0])), (Severity::Warning, (2, 20)));
}
