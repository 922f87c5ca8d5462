#![allow(clippy::unwrap_used, clippy::expect_used)]

mod diagnostics;
mod oracle;

use super::mask::{FALSE, NULL, TRUE};
use super::*;
use crate::table::{Amounts, Lists, Words};

/// Five deals, with a null in every column somewhere.
fn deals() -> Table {
    let mut table = Table::new(Kind::Deals, vec![0, 0, 0, 1, 1], vec![2, 3, 5, 2, 9]);
    let text = |texts: [Option<&str>; 5]| Column::Words(Words::from_texts(texts));
    table.set("name", text([Some("Acme"), Some("50% off"), Some("Größe"), None, Some("a_b")]));
    table.set("owner", text([Some("Ana"), Some("Bo"), None, Some("Ana"), Some("acme")]));
    table.set("account", text([Some("Acme"), Some("Bo"), Some("Cy"), None, Some("Zed")]));
    table.set("state", text([Some("won"), Some("lost"), Some("open"), None, Some("won")]));
    table.set("amount", Column::Money(Amounts { scale: 2, minor: vec![1_000_000, 1_000_001, -50, Amounts::NULL, 0] }));
    table.set("cost", Column::Money(Amounts { scale: 0, minor: vec![10_000, 5, Amounts::NULL, 7, 0] }));
    table.set("days_open", Column::Whole(vec![30, 31, Column::NO_NUMBER, 0, -1]));
    // 2026-01-31, 2026-02-01, null, 1970-01-01, 2025-12-31
    table.set("closed_on", Column::Days(vec![20_484, 20_485, Column::NO_DAY, 0, 20_453]));
    table.set("created_on", Column::Days(vec![20_454, 20_485, 20_000, Column::NO_DAY, 20_453]));
    table.set("new_business", Column::Flags(vec![1, 0, -1, 1, 0]));
    table.set("first_win", Column::Flags(vec![1, 1, 1, 0, -1]));
    table.set_extra("Region__c", text([Some("EMEA"), Some("APAC"), None, Some("EMEA"), None]));
    table
}

/// Three activities: a moment and people who took part.
fn activities() -> Table {
    let mut table = Table::new(Kind::Activities, vec![0; 3], vec![2, 3, 4]);
    // 2026-01-31T14:00:00Z, 2026-01-31T00:00:00Z, null
    table.set("at", Column::Instants(vec![1_769_868_000_000, 1_769_817_600_000, Column::NO_NUMBER]));
    table.set("with_people", Column::Lists(Lists::from_rows(&[vec!["Ana", "Bo"], vec!["Bo"], vec![]])));
    table.set("owner", Column::Words(Words::from_texts([Some("Ana"), Some("Cy"), None])));
    table.set("outcome", Column::Words(Words::from_texts([Some("held"), Some("missed"), None])));
    table
}

fn origin() -> Location {
    Location::at("--where", 1, 1)
}

/// The result of each row as a letter: true, false, `?` unknown.
fn rows(table: &Table, sql: &str) -> String {
    let predicate = compile(sql, table.kind, &origin()).unwrap_or_else(|d| panic!("{sql}: {d:?}"));
    let sources = ["deals.csv".to_owned(), "more.csv".to_owned()];
    let masks = predicate.evaluate(table, &sources).unwrap();
    let all = Mask::and(&masks, table.len());
    (0..table.len())
        .map(|row| match all.get(row) {
            Some(true) => 't',
            Some(false) => 'f',
            None => '?',
        })
        .collect()
}

fn expect(table: &Table, cases: &[(&str, &str)]) {
    for (sql, wanted) in cases {
        assert_eq!(rows(table, sql), *wanted, "{sql}");
    }
}

#[test]
fn text_compares_by_bytes() {
    expect(
        &deals(),
        &[
            ("owner = 'Ana'", "tf?tf"),
            ("'Ana' = owner", "tf?tf"),
            ("OWNER <> 'Ana'", "ft?ft"),
            ("\"owner\" != 'Ana'", "ft?ft"),
            ("owner < 'B'", "tf?tf"),
            ("owner >= 'Bo'", "ft?ft"),
            ("'Bo' <= owner", "ft?ft"),
            ("owner > 'Ana'", "ft?ft"),
            ("owner <= 'Ana'", "tf?tf"),
            ("name = 'Größe'", "fft?f"),
            ("owner = NULL", "?????"),
            ("'a' = 'a'", "ttttt"),
            ("'a' > 'b'", "fffff"),
            ("owner BETWEEN 'Ana' AND 'B'", "tf?tf"),
            ("owner NOT BETWEEN 'Ana' AND 'B'", "ft?ft"),
            ("owner = account", "ft??f"),
            ("owner <> account", "tf??t"),
            ("owner > account", "tf??t"),
            ("lower(name) = owner", "ff??f"),
            ("coalesce(owner, account) = 'Cy'", "fftff"),
            ("coalesce(owner, NULL, 'nobody') = 'nobody'", "fftff"),
            ("lower(coalesce(owner, account)) = 'cy'", "fftff"),
            ("coalesce(account, owner) = owner", "ft?tf"),
        ],
    );
}

#[test]
fn membership_knows_null() {
    expect(
        &deals(),
        &[
            ("owner IN ('Ana', 'Bo')", "tt?tf"),
            ("owner NOT IN ('Ana', 'Bo')", "ff?ft"),
            ("owner IN ('Ana', NULL)", "t??t?"),
            ("owner NOT IN ('Ana', NULL)", "f??f?"),
            ("owner IN (NULL)", "?????"),
            ("owner IN (account, 'Ana')", "tt?tf"),
            ("upper(owner) IN ('ANA')", "tf?tf"),
            ("days_open IN (30, 0, 1.5)", "tf?tf"),
            ("days_open NOT IN (30, NULL)", "f????"),
            ("days_open + 0 IN (30, 31, NULL)", "tt???"),
            ("amount IN (10000, -0.5)", "tft?f"),
            ("closed_on IN ('2026-01-31', DATE '1970-01-01')", "tf?tf"),
            ("'2026-02-01' IN (closed_on, created_on)", "ft??f"),
        ],
    );
}

#[test]
fn patterns_fit_whole_texts() {
    expect(
        &deals(),
        &[
            ("name LIKE 'Acme'", "tff?f"),
            ("name LIKE 'acme'", "fff?f"),
            ("name ILIKE 'aCME'", "tff?f"),
            ("name LIKE 'A%'", "tff?f"),
            ("name LIKE '%e'", "tft?f"),
            ("name LIKE '%c%e%'", "tff?f"),
            ("name LIKE '%%'", "ttt?t"),
            ("name LIKE ''", "fff?f"),
            ("name LIKE '____'", "tff?f"),
            ("name LIKE 'Gr__e'", "fft?f"),
            ("name ILIKE 'GRÖ%'", "fft?f"),
            ("name LIKE '%50!% o%' ESCAPE '!'", "ftf?f"),
            ("name LIKE 'a!_b' ESCAPE '!'", "fff?t"),
            ("name LIKE 'a\\_b'", "fff?f"),
            ("name NOT LIKE '%e'", "ftf?t"),
            ("name NOT ILIKE '%E'", "ftf?t"),
            ("name LIKE '%_me'", "tff?f"),
            ("name LIKE 'Ac%cme'", "fff?f"),
            ("name LIKE NULL", "?????"),
            ("state LIKE 'wo%'", "tff?t"),
        ],
    );
}

#[test]
fn three_values_combine_as_kleene_says() {
    expect(
        &deals(),
        &[
            ("new_business", "tf?tf"),
            ("NOT new_business", "ft?ft"),
            ("new_business AND first_win", "tf?ff"),
            ("new_business OR first_win", "tttt?"),
            ("new_business AND NULL", "?f??f"),
            ("new_business OR NULL", "t??t?"),
            ("new_business = TRUE", "tf?tf"),
            ("new_business <> first_win", "ft?t?"),
            ("new_business IS TRUE", "tfftf"),
            ("new_business IS NOT TRUE", "fttft"),
            ("new_business IS FALSE", "ftfft"),
            ("new_business IS NOT FALSE", "tfttf"),
            ("new_business IS NULL", "fftff"),
            ("new_business IS NOT NULL", "ttftt"),
            ("coalesce(new_business, FALSE)", "tfftf"),
            ("(owner = 'Ana') IS NOT TRUE", "fttft"),
            ("owner IS NULL", "fftff"),
            ("owner IS NOT NULL OR owner = 'x'", "tt?tt"),
            ("amount IS NULL", "ffftf"),
            ("amount + 1 IS NULL", "ffftf"),
            ("closed_on IS NOT NULL", "ttftt"),
            ("NULL IS NULL", "ttttt"),
            ("TRUE", "ttttt"),
            ("NOT TRUE OR NULL", "?????"),
        ],
    );
}

#[test]
fn numbers_compare_exactly_whatever_their_decimals() {
    expect(
        &deals(),
        &[
            ("amount > 10000", "ftf?f"),
            ("amount >= 10000", "ttf?f"),
            ("amount = 10000.00", "tff?f"),
            ("amount = 10000.005", "fff?f"),
            ("amount <> 10000.005", "ttt?t"),
            ("amount < 10000.005", "tft?t"),
            ("amount <= 10000.015", "ttt?t"),
            ("amount > 10000.005", "ftf?f"),
            ("10000.005 < amount", "ftf?f"),
            ("amount > 1e4", "ftf?f"),
            ("amount < -0.4", "fft?f"),
            ("amount > -0.505", "ttt?t"),
            ("amount < 99999999999999999999999999", "ttt?t"),
            ("amount > -9999999999999999999999999", "ttt?t"),
            ("amount = cost", "tf??t"),
            ("amount > cost", "ft??f"),
            ("amount - cost = 0.00", "tf??t"),
            ("amount + 0.001 > 10000.011", "fff?f"),
            ("amount + 0.001 >= 10000.011", "ftf?f"),
            ("-amount = 0.5", "fft?f"),
            ("amount * 2 = 20000.02", "ftf?f"),
            ("cost * cost = 25", "ft?ff"),
            ("amount / cost = 1", "tf???"),
            ("amount / 0 > 0", "?????"),
            ("days_open / 2 = 15.5", "ft?ff"),
            ("coalesce(cost, amount) = -0.5", "fftff"),
            ("coalesce(cost, 1, 2) = 1", "fftff"),
            ("coalesce(cost / 2, 1) = 2.5", "ftfff"),
            ("days_open BETWEEN 0 AND 30", "tf?tf"),
            ("days_open NOT BETWEEN 0 AND 30", "ft?ft"),
            ("days_open > 30.5", "ft?ff"),
            ("1 + 1 = 2", "ttttt"),
            ("1 / 2 = 0.5", "ttttt"),
            ("1 / 0 = 1", "?????"),
            ("length(name) = 5", "fft?f"),
            ("length(name) > days_open", "ff??t"),
            ("length(coalesce(owner, account)) = 2", "fttff"),
            ("line >= 3 AND line < 9", "fttff"),
            ("line = days_open - 28", "tt?ff"),
        ],
    );
}

#[test]
fn sums_too_large_for_64_bits_are_exact() {
    let mut table = Table::new(Kind::Deals, vec![0; 2], vec![2, 3]);
    let near = i64::MAX - 1;
    table.set("amount", Column::Money(Amounts { scale: 0, minor: vec![near, 1] }));
    table.set("cost", Column::Money(Amounts { scale: 0, minor: vec![near, -1] }));
    expect(
        &table,
        &[
            ("amount + cost > 0", "tf"),
            ("amount + cost = 18446744073709551612", "tf"),
            ("amount * cost > 9000000000000000000", "tf"),
            ("-amount - cost < 0", "tf"),
            ("amount + 0.001 > cost", "tt"),
            ("coalesce(amount + 0.0000000000000001, 1) > amount", "tt"),
            ("amount * cost * amount * cost > 0", "tt"),
        ],
    );
}

#[test]
fn days_and_moments() {
    expect(
        &deals(),
        &[
            ("closed_on = '2026-01-31'", "tf?ff"),
            ("closed_on >= DATE '2026-01-31'", "tt?ff"),
            ("'2026-01-31' < closed_on", "ft?ff"),
            ("closed_on BETWEEN '2025-12-31' AND '2026-01-31'", "tf?ft"),
            ("closed_on - created_on = 30", "tf??f"),
            ("closed_on - 30 = created_on", "tf??f"),
            ("closed_on = created_on + 30", "tf??f"),
            ("closed_on = 30 + created_on", "tf??f"),
            ("closed_on - '1970-01-01' = 0", "ff?tf"),
            ("closed_on - days_open > '2026-01-01'", "ff?ff"),
            ("coalesce(closed_on, '2030-01-01') > '2029-01-01'", "fftff"),
            ("closed_on < DATE '2026-01-31' + 1", "tf?tt"),
        ],
    );
    expect(
        &activities(),
        &[
            ("at = '2026-01-31T14:00:00Z'", "tf?"),
            ("at = '2026-01-31T15:00:00+01:00'", "tf?"),
            ("at > '2026-01-31'", "tf?"),
            ("at >= DATE '2026-01-31'", "tt?"),
            ("at BETWEEN '2026-01-31' AND '2026-01-31T13:59:59Z'", "ft?"),
        ],
    );
}

#[test]
fn people_who_took_part() {
    expect(
        &activities(),
        &[
            ("'Ana' = ANY(with_people)", "tff"),
            ("NOT ('Bo' = ANY(with_people))", "fft"),
            ("'Nobody' = ANY(with_people)", "fff"),
            ("owner = ANY(with_people)", "tff"),
            ("NULL = ANY(with_people)", "??f"),
            ("with_people IS NULL", "fff"),
        ],
    );
    let bare = Table::new(Kind::Activities, vec![0], vec![2]);
    expect(&bare, &[("'Ana' = ANY(with_people)", "?"), ("with_people IS NULL", "t")]);
}

#[test]
fn headings_of_the_export_and_places() {
    expect(
        &deals(),
        &[
            ("x.\"Region__c\" = 'EMEA'", "tf?t?"),
            ("X.Region__c = 'EMEA'", "tf?t?"),
            ("x.\"Other\" = 'EMEA'", "?????"),
            ("file = 'more.csv'", "ffftt"),
            ("file LIKE 'deals%'", "tttff"),
            ("file = owner", "ff?ff"),
        ],
    );
}

#[test]
fn a_column_that_no_export_fills_is_null() {
    let sql = "pipeline <> 'Renewals' OR profit > 0 OR expected_on > '2026-01-01' OR type IN ('a')";
    expect(&deals(), &[(sql, "?????"), ("pipeline IS NULL", "ttttt"), ("profit IS NULL", "ttttt"), ("profit + amount IS NULL", "ttttt")]);
    let predicate = compile(sql, Kind::Deals, &origin()).unwrap();
    assert_eq!(predicate.unfilled(&deals()), ["pipeline", "profit", "expected_on", "type"]);
}

#[test]
fn a_table_without_records_has_masks_without_rows() {
    let table = Table::new(Kind::Deals, vec![], vec![]);
    for sql in ["amount + cost > 3", "owner = account", "state = 'won'", "1 = 1", "amount / 2 > cost * 2"] {
        assert_eq!(rows(&table, sql), "", "{sql}");
    }
}

#[test]
fn conjuncts_keep_their_own_text() {
    let texts =
        |sql: &str| -> Vec<String> { compile(sql, Kind::Deals, &origin()).unwrap().conjuncts().iter().map(|c| c.sql.clone()).collect() };
    assert_eq!(texts("state = 'won'"), ["state = 'won'"]);
    assert_eq!(texts("state = 'won' AND amount > 5"), ["state = 'won'", "amount > 5"]);
    assert_eq!(texts(" ( state='won' and (amount >\n 5 AND new_business) ) "), ["state='won'", "amount >\n 5", "new_business"]);
    assert_eq!(texts("amount BETWEEN 1 AND 2 AND (new_business OR first_win)"), ["amount BETWEEN 1 AND 2", "(new_business OR first_win)"]);
    assert_eq!(texts("new_business AND NOT (first_win AND state = 'won')"), ["new_business", "NOT (first_win AND state = 'won')"]);
    assert_eq!(texts("new_business OR first_win AND state = 'won'"), ["new_business OR first_win AND state = 'won'"]);
    assert_eq!(
        texts("((amount)) > -5 AND closed_on > DATE '2026-01-01' AND NOT NOT first_win"),
        ["((amount)) > -5", "closed_on > DATE '2026-01-01'", "NOT NOT first_win"]
    );
    assert_eq!(
        texts("name = 'Größe AND' AND -- why\n x.\"Änd\" LIKE '%ö%' /* so */ AND first_win IS NOT TRUE"),
        ["name = 'Größe AND'", "x.\"Änd\" LIKE '%ö%'", "first_win IS NOT TRUE"]
    );
    assert_eq!(
        texts("coalesce(name, 'a') = 'b' AND lower(name) = 'c' AND length(name) > 1"),
        ["coalesce(name, 'a') = 'b'", "lower(name) = 'c'", "length(name) > 1"]
    );
}

#[test]
fn a_predicate_names_what_it_reads() {
    let sql = "state = 'won' AND x.\"B\" = 'b' AND amount > 5 AND (x.\"A\" = 'a' OR state = 'lost') AND line > 3";
    let predicate = compile(sql, Kind::Deals, &origin()).unwrap();
    assert_eq!(predicate.columns(), ["state", "amount", "line"]);
    assert_eq!(predicate.extras(), ["B", "A"]);
    assert_eq!(predicate.sql, sql);
}

#[test]
fn every_column_of_every_table_can_be_named() {
    for kind in Kind::ALL {
        for spec in kind.columns() {
            for sql in [format!("{} IS NULL", spec.name), format!("1 = 1 AND {} IS NOT NULL OR TRUE", spec.name)] {
                let compiled = compile(&sql, kind, &origin());
                assert!(compiled.is_ok(), "{} {sql}: {compiled:?}", kind.name());
                assert_eq!(compiled.unwrap().columns(), [spec.name], "{sql}");
            }
        }
    }
}

#[test]
fn masks_answer_per_row() {
    let mask = Mask(vec![FALSE, NULL, TRUE]);
    assert_eq!([mask.get(0), mask.get(1), mask.get(2), mask.get(3)], [Some(false), None, Some(true), None]);
    assert_eq!((mask.len(), mask.rows().count(), mask.rows().collect::<Vec<_>>()), (3, 1, vec![2]));
    assert!(mask.is_true(2) && !mask.is_true(1) && !mask.is_empty());
    let all = Mask::constant(Some(true), 3);
    assert_eq!(Mask::and([&mask, &all], 3), mask);
    assert_eq!(Mask::and([], 2), Mask::constant(Some(true), 2));
}

#[test]
fn dictionaries_of_every_width_are_looked_up() {
    for (words, sql, wanted) in [
        (200, "owner = 'w00100'", 1),
        (300, "owner = 'w00255'", 1),
        (300, "owner IN ('w00255', 'w00299', 'w00300')", 2),
        (70_000, "owner > 'w69989'", 10),
        (70_000, "owner LIKE 'w6553_'", 10),
        (70_000, "owner <= account", 70_000),
        (70_000, "owner IS NULL", 1),
    ] {
        let texts: Vec<String> = (0..words).map(|i| format!("w{i:05}")).collect();
        let column = || Column::Words(Words::from_texts(texts.iter().map(|t| Some(t.as_str())).chain([None])));
        let mut table = Table::new(Kind::Deals, vec![0; words + 1], vec![2; words + 1]);
        table.set("owner", column());
        table.set("account", column());
        let masks = compile(sql, Kind::Deals, &origin()).unwrap().evaluate(&table, &[]).unwrap();
        assert_eq!(Mask::and(&masks, words + 1).rows().count(), wanted, "{words} words, {sql}");
        assert_eq!(masks[0].get(words).is_none(), !sql.ends_with("IS NULL"));
    }
}
