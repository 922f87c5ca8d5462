//! What is said of mistakes, and where.

use proptest::prelude::*;

use super::*;
use crate::diagnostic::{Place, Severity};

/// Each diagnostic as `code line:column message | hint | …`.
fn said(sql: &str, kind: Kind) -> Vec<String> {
    let wrong = compile(sql, kind, &origin()).err().unwrap_or_default();
    wrong.iter().map(spell).collect()
}

fn spell(diagnostic: &Diagnostic) -> String {
    let place = match diagnostic.location.as_ref().map(|l| (l.line, &l.column)) {
        Some((Some(line), Some(Place::Position(column)))) => format!("{line}:{column}"),
        other => panic!("no place: {other:?}"),
    };
    [vec![format!("{} {place} {}", diagnostic.code, diagnostic.message)], diagnostic.hints.clone()].concat().join(" | ")
}

/// The code and the place of the first diagnostic, and a part of its text.
fn expect_wrong(kind: Kind, cases: &[(&str, &str, &str)]) {
    for (sql, place, part) in cases {
        let said = said(sql, kind);
        assert!(said.first().is_some_and(|s| s.starts_with(&format!("{place} "))), "{sql}: {place} wanted, {said:?}");
        assert!(said[0].contains(part), "{sql}: `{part}` wanted, {said:?}");
    }
}

#[test]
fn syntax() {
    expect_wrong(
        Kind::Activities,
        &[
            ("", "filter-syntax 1:1", "an empty condition"),
            ("  -- nothing", "filter-syntax 1:1", "an empty condition"),
            ("kind = 'call", "filter-syntax 1:8", "close the text with a single quote"),
            ("kind = \"call", "filter-syntax 1:8", "double quote"),
            ("kind = \"meeting\"", "filter-syntax 1:8", "single quotes: 'meeting'"),
            ("kind == 'call'", "filter-syntax 1:6", "write `=`"),
            ("(kind = 'call'", "filter-syntax 1:1", "never closed"),
            ("kind = 'call')", "filter-syntax 1:14", "never opened"),
            ("kind = 'call'; kind = 'email'", "filter-syntax 1:14", "semicolon"),
            ("kind = 'call' internal", "filter-syntax 1:15", "join conditions with AND or OR"),
            ("kind =", "filter-syntax 1:7", "expected an expression, found the end"),
            ("kind = AND internal", "filter-syntax 1:8", "nothing stands before this AND"),
            ("AND internal", "filter-syntax 1:1", "nothing stands before this AND"),
            ("internal AND", "filter-syntax 1:13", "found the end"),
            ("internal OR (or joint)", "filter-syntax 1:14", "nothing stands before this OR"),
            ("WHERE internal", "filter-syntax 1:1", "write the condition alone"),
            ("select * from deals", "filter-syntax 1:1", "write the condition alone"),
            ("subject = \u{2018}call\u{2019}", "filter-syntax 1:11", "straight single quotes"),
            ("internal && joint", "filter-syntax 1:10", "write AND"),
            ("internal || joint", "filter-syntax 1:10", "write OR"),
            ("count(*) > 3", "filter-syntax 1:1", "`count()` is not supported"),
            ("minutes > 5 AND sum(minutes) > 3", "filter-syntax 1:17", "lower, upper, coalesce, length"),
            ("length(subject) OVER () > 3", "filter-syntax 1:1", "more than its arguments"),
            ("CASE WHEN internal THEN TRUE END", "filter-syntax 1:1", "CASE"),
            ("internal OR CAST(minutes AS text) = '5'", "filter-syntax 1:13", "a cast"),
            ("minutes::text = '5'", "filter-syntax 1:1", "a cast"),
            ("owner IN (SELECT name FROM people)", "filter-syntax 1:1", "a subquery"),
            ("NOT EXISTS (SELECT 1)", "filter-syntax 1:1", "a subquery"),
            ("internal AND (SELECT TRUE)", "filter-syntax 1:14", "a subquery"),
            ("minutes % 2 = 0", "filter-syntax 1:9", "`%`"),
            ("internal IS UNKNOWN", "filter-syntax 1:1", "IS NULL"),
            ("subject SIMILAR TO 'a|b'", "filter-syntax 1:1", "LIKE"),
            ("extract(year from day) = 2026", "filter-syntax 1:1", "EXTRACT"),
            ("'Ana' <> ANY(with_people)", "filter-syntax 1:1", "NOT ('Ana' = ANY(with_people))"),
            ("subject LIKE owner", "filter-syntax 1:14", "no literal"),
            ("subject LIKE 'a!' ESCAPE '!'", "filter-syntax 1:14", "escape"),
            ("subject LIKE 'a' ESCAPE 'no'", "filter-syntax 1:25", "one character"),
            ("lower(subject, owner) = 'a'", "filter-syntax 1:1", "takes one text"),
            ("lower() = 'a'", "filter-syntax 1:1", "takes one text"),
            ("TIMESTAMP '2026-01-31 14:00:00' = at", "filter-syntax 1:1", "TIMESTAMP"),
            ("subject = N'a'", "filter-syntax 1:11", "literal"),
        ],
    );
}

#[test]
fn columns() {
    expect_wrong(
        Kind::Activities,
        &[
            ("outcom = 'held'", "filter-column 1:1", "did you mean `outcome`?"),
            ("internal AND amount > 5", "filter-column 1:14", "`amount` is a column of deals"),
            ("Region__c = 'EMEA'", "filter-column 1:1", "x.\"Region__c\""),
            ("activities.kind = 'call'", "filter-column 1:1", "write `kind` alone"),
            ("deals.state = 'won'", "filter-column 1:1", "only the columns of activities"),
            ("internal\n  AND NOT amuont IS NULL", "filter-column 2:11", ""),
        ],
    );
    assert_eq!(
        said("minuts > 5", Kind::Activities),
        [
            "filter-column 1:1 activities have no column `minuts` | did you mean `minutes`? | a heading of the export's own is written x.\"minuts\""
        ]
    );
}

#[test]
fn words() {
    let held = "filter-word 1:11 outcome is never 'Held' | did you mean 'held'? | it is one of held, scheduled, missed, canceled, unknown";
    assert_eq!(said("outcome = 'Held'", Kind::Activities), [held]);
    expect_wrong(
        Kind::Activities,
        &[
            ("'cancelled' <> outcome", "filter-word 1:1", "did you mean 'canceled'?"),
            ("kind IN ('call', 'e-mail')", "filter-word 1:18", "did you mean 'email'?"),
            ("kind NOT IN ('call', 'visit')", "filter-word 1:22", "kind is never 'visit'"),
            ("upper(outcome) = 'held'", "filter-word 1:18", "did you mean 'HELD'?"),
            ("coalesce(outcome, 'none') = 'nope'", "filter-word 1:29", "is never 'nope'"),
            ("kind LIKE 'Meet%'", "filter-word 1:11", "kind never fits 'Meet%'"),
            ("kind NOT ILIKE 'visit%'", "filter-word 1:16", "kind never fits"),
        ],
    );
    for sql in ["coalesce(outcome, 'none') = 'none'", "lower(outcome) = 'held'", "kind ILIKE 'Meet%'", "kind > 'b'", "outcome = NULL"] {
        assert_eq!(said(sql, Kind::Activities), Vec::<String>::new(), "{sql}");
    }
}

#[test]
fn types() {
    assert_eq!(
        said("amount > '10000'", Kind::Deals),
        ["filter-type 1:10 a number cannot be compared with text | write 10000 without quotes"]
    );
    expect_wrong(
        Kind::Deals,
        &[
            ("name = 5", "filter-type 1:8", "put it in quotes: '5'"),
            ("5 = name", "filter-type 1:1", "put it in quotes: '5'"),
            ("closed_on > 5", "filter-type 1:13", "a date is written '2026-01-31'"),
            ("closed_on > '31.01.2026'", "filter-type 1:13", "is no date"),
            ("closed_on > '2026-02-30'", "filter-type 1:13", "is no date"),
            ("closed_on > DATE '2026-2-3'", "filter-type 1:18", "is no date"),
            ("closed_on BETWEEN '2026-01-01' AND 'x'", "filter-type 1:36", "is no date"),
            ("closed_on > '2026-01-31T14:00:00Z'", "filter-type 1:13", "is no date"),
            ("new_business = 'true'", "filter-type 1:16", "= TRUE"),
            ("new_business > FALSE", "filter-type 1:1", "no order"),
            ("amount", "filter-type 1:1", "a condition is needed, but this is a number"),
            ("new_business AND name", "filter-type 1:18", "text"),
            ("new_business OR 'true'", "filter-type 1:17", "TRUE or FALSE without quotes"),
            ("NOT closed_on", "filter-type 1:5", "a date"),
            ("name + 1 = 2", "filter-type 1:1", "a number is needed, but this is text"),
            ("amount * '2' > 3", "filter-type 1:10", "write 2 without quotes"),
            ("-name = 3", "filter-type 1:2", "a number is needed"),
            ("closed_on * 2 > 3", "filter-type 1:1", "days added"),
            ("closed_on + created_on > 3", "filter-type 1:1", "days added"),
            ("7 - closed_on > 3", "filter-type 1:5", "days added"),
            ("closed_on + 1.5 > '2026-01-01'", "filter-type 1:13", "whole days"),
            ("closed_on + amount > '2026-01-01'", "filter-type 1:13", "whole days"),
            ("length(amount) > 3", "filter-type 1:8", "takes text"),
            ("amount LIKE '1%'", "filter-type 1:1", "LIKE compares text"),
            ("name LIKE 5", "filter-type 1:11", "a pattern is text"),
            ("coalesce(name, amount) = 'a'", "filter-type 1:16", "cannot be compared"),
            ("coalesce(NULL) = 'a'", "filter-type 1:1", "can be known"),
            ("name = ANY(owner)", "filter-type 1:12", "a list of texts"),
            ("amount IN (1, 'two')", "filter-type 1:15", "a number"),
            ("amount > 123456789012345678901234567890", "filter-type 1:10", "more digits"),
        ],
    );
    expect_wrong(
        Kind::Activities,
        &[
            ("at > '2026-01-31T14:00:00'", "filter-type 1:6", "is no moment"),
            ("at > day", "filter-type 1:6", ""),
            ("at - 5 > day", "filter-type 1:1", "a number is needed"),
            ("with_people = 'Ana'", "filter-type 1:1", "ANY(with_people)"),
            ("'Ana' IN (with_people)", "filter-type 1:1", "ANY(with_people)"),
            ("5 = ANY(with_people)", "filter-type 1:1", "holds texts"),
            ("with_people", "filter-type 1:1", "ANY(with_people)"),
        ],
    );
}

#[test]
fn every_mistake_is_said_at_once() {
    let said = said("outcome = 'Held' AND (minuts > 5 OR day > 3) AND kind IN ('a', 'call')", Kind::Activities);
    let starts: Vec<&str> = said.iter().filter_map(|s| s.split(' ').nth(1)).collect();
    assert_eq!(starts, ["1:11", "1:23", "1:43", "1:59"]);
}

#[test]
fn places_count_from_the_origin_in_characters() {
    let place = |sql: &str, origin: &Location| compile(sql, Kind::Deals, origin).unwrap_err()[0].location.clone();
    let at = Location::at("leadlag.toml", 12, 10);
    assert_eq!(place("name = 'ü' AND nam = 'x'", &at), Some(Location::at("leadlag.toml", 12, 25)));
    assert_eq!(place("name = 'ü'\r\n\tAND nam = 'x'", &at), Some(Location::at("leadlag.toml", 13, 6)));
    assert_eq!(place("name =", &at), Some(Location::at("leadlag.toml", 12, 16)));
    assert_eq!(place("nam = 'x'", &Location::file("--where")), Some(Location::at("--where", 1, 1)));
}

#[test]
fn words_that_no_record_has() {
    let check = |sql: &str| -> Vec<(Severity, String)> {
        let table = deals();
        let predicate = compile(sql, Kind::Deals, &origin()).unwrap();
        predicate.check_words(&table).iter().map(|d| (d.severity, spell(d))).collect()
    };
    assert_eq!(
        check("owner = 'ana' AND name <> 'Acme'"),
        [(Severity::Warning, "filter-word 1:9 no record of deals has owner 'ana' | did you mean 'Ana'?".to_owned())]
    );
    assert_eq!(
        check("owner IN ('Ana', 'Boo') OR lower(name) = 'Acme'").iter().map(|(_, s)| s.as_str()).collect::<Vec<_>>(),
        [
            "filter-word 1:18 no record of deals has owner 'Boo' | did you mean 'Bo'?",
            "filter-word 1:42 no record of deals has lower(name) 'Acme' | did you mean 'acme'?"
        ]
    );
    assert_eq!(
        check("x.\"region\" = 'a' AND x.\"Region__c\" = 'EMAE'"),
        [
            (Severity::Error, "filter-column 1:1 no file of deals has the heading \"region\" | did you mean x.\"Region__c\"?".to_owned()),
            (Severity::Warning, "filter-word 1:38 no record of deals has x.\"Region__c\" 'EMAE' | did you mean 'EMEA'?".to_owned()),
        ]
    );
    assert_eq!(
        check("x.\"Region_c\" IS NULL"),
        [(Severity::Error, "filter-column 1:1 no file of deals has the heading \"Region_c\" | did you mean x.\"Region__c\"?".to_owned())]
    );
    // Closed vocabularies, columns that are not filled, orders and patterns are no matter of words in the tables.
    assert_eq!(check("state = 'canceled' OR pipeline = 'x' OR owner > 'b' OR owner LIKE 'x%' OR file = 'no'"), []);
    let predicate = compile("'Anna' = ANY(with_people)", Kind::Activities, &origin()).unwrap();
    let said = predicate.check_words(&activities());
    assert_eq!(
        said.iter().map(spell).collect::<Vec<_>>(),
        ["filter-word 1:1 no record of activities has with_people 'Anna' | did you mean 'Ana'?"]
    );
}

#[test]
fn deep_and_long_text_is_refused_or_understood_but_never_too_much() {
    let nested = format!("{}new_business{}", "(".repeat(500), ")".repeat(500));
    let nots = format!("{}new_business", "NOT ".repeat(500));
    let calls = format!("{}name{} = 'a'", "lower(".repeat(500), ")".repeat(500));
    let minus = format!("{}1 > 0", "- ".repeat(900));
    let nulls = format!("name{}", " IS NULL".repeat(600));
    let sum = format!("1{} > 0", " + 1".repeat(1_500));
    let casts = format!("name{} = 'a'", "::text".repeat(600));
    let branches = format!("{}name{}", "CASE WHEN ".repeat(300), " THEN 1 END".repeat(300));
    let endless = "a ".repeat(100_000);
    for sql in [nested, nots, calls, minus, nulls, sum, casts, branches, endless] {
        let said = said(&sql, Kind::Deals);
        assert!(said.first().is_some_and(|s| s.starts_with("filter-syntax")), "{}: {said:?}", &sql[..20]);
    }
    let alternatives = format!("name = 'a'{}", " OR name ILIKE '%b%'".repeat(500));
    assert_eq!(rows(&deals(), &alternatives), "fft?t".replace("ft?t", "ff?t"));
    assert_eq!(rows(&deals(), "(((((((name = 'Acme') OR first_win) AND NOT (new_business))))))"), "ft?f?");
    let list = (0..20_000).map(|i| format!("'{i}'")).collect::<Vec<_>>().join(", ");
    assert_eq!(rows(&deals(), &format!("name NOT IN ({list}, 'Acme')")), "ftt?t");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_never_panics(sql in "\\PC{0,60}") {
        let _ = compile(&sql, Kind::Deals, &origin());
    }

    #[test]
    fn arbitrary_pieces_of_sql_never_panic(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "name", "amount", "closed_on", "new_business", "state", "x", ".", "\"Region__c\"", "(", ")", "(", ")", ",", "=", "<>", "<", "+", "-",
                "*", "/", "AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "ILIKE", "ESCAPE", "IS", "NULL", "TRUE", "FALSE", "'won'", "'2026-01-31'",
                "'ü%'", "5", "1.5", "1e9", "DATE", "ANY", "lower", "coalesce", "length", "CASE", "WHEN", "THEN", "END", "CAST", "AS", "::", "text",
                "SELECT", "EXISTS", "INTERVAL", "EXTRACT", "FROM", "[", "]", "\n", "--", "/*", "*/", "IS DISTINCT FROM", "AT TIME ZONE", "SIMILAR TO",
            ]),
            0..30,
        ),
    ) {
        let sql = pieces.join(" ");
        let table = deals();
        if let Ok(predicate) = compile(&sql, Kind::Deals, &origin()) {
            prop_assert!(predicate.evaluate(&table, &[]).is_ok());
            predicate.check_words(&table);
        }
    }
}
