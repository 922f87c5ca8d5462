#![allow(clippy::unwrap_used, clippy::expect_used)]
use std::str::FromStr;

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::table::{Amounts, Words};

mod dates;

fn amount(word: &str) -> Result<(String, Option<String>), BadAmount> {
    money(&[word]).values[0].clone().map(|a| (a.value.to_string(), a.currency.map(String::from)))
}

#[test]
fn amounts_as_crms_write_them() {
    for (word, value, currency) in [
        ("24120000", "24120000", None),
        ("1124741.15", "1124741.15", None),
        ("100.0", "100.0", None),
        ("0", "0", None),
        (".50", "0.50", None),
        ("12,500.00", "12500.00", None),
        ("$10,000", "10000", Some("$")),
        ("$7,450,000.00 ", "7450000.00", Some("$")),
        ("1.364,82", "1364.82", None),
        ("R$ 1.364,82", "1364.82", Some("R$")),
        ("1 234,56", "1234.56", None),
        ("1\u{a0}234\u{a0}567,8", "1234567.8", None),
        ("€\u{a0}1\u{202f}234,56", "1234.56", Some("€")),
        ("1.234.567", "1234567", None),
        ("1,234,567", "1234567", None),
        ("1,23,45,678.50", "12345678.50", None),
        ("₹1,23,456", "123456", Some("₹")),
        ("USD 1,200", "1200", Some("USD")),
        ("usd1200", "1200", Some("USD")),
        ("$1,200.00 CAD", "1200.00", Some("CAD")),
        ("1,200.00 EUR", "1200.00", Some("EUR")),
        ("1.200,00€", "1200.00", Some("€")),
        ("(1,200.00)", "-1200.00", None),
        ("$(1,200.00)", "-1200.00", Some("$")),
        ("($1,200.00)", "-1200.00", Some("$")),
        ("-12000.00", "-12000.00", None),
        ("\u{2212}5", "-5", None),
        ("-$5", "-5", Some("$")),
        ("5-", "-5", None),
        ("45.3k", "45300", None),
        ("$45.3K", "45300", Some("$")),
        ("1.2M", "1200000", None),
        ("€1,25 Mio.", "1250000", Some("€")),
        ("1'234.50", "1234.50", None),
        ("CHF 1’234.–", "1234", Some("CHF")),
        ("Fr. 20.50", "20.50", Some("Fr")),
        ("99,5 zł", "99.5", Some("zł")),
        ("0.125", "0.125", None),
        ("1234.567", "1234.567", None),
        ("33333.333333333336", "33333.333333333336", None),
        ("9999999999999999999999999999", "9999999999999999999999999999", None),
    ] {
        assert_eq!(amount(word), Ok((value.to_owned(), currency.map(str::to_owned))), "{word:?}");
    }
    for word in [
        "",
        "abc",
        "-",
        "12,34,5",
        "1,2345.00",
        "1.2.3",
        "1,234.567.8",
        "2026-11-15",
        "10:30",
        "1 2",
        "1.5E+06",
        "five 5",
        "(5",
        "--5",
        "(-5)",
        "5 apples",
        "1,",
        "USD",
    ] {
        assert_eq!(amount(word), Err(BadAmount::NoAmount), "{word:?}");
    }
    assert_eq!(amount("75%"), Err(BadAmount::Percent));
    assert_eq!(amount("99999999999999999999999999999"), Err(BadAmount::TooLong));
    assert_eq!(amount("0.00000000000000000000000000001"), Err(BadAmount::TooLong));
}

#[test]
fn the_column_decides_the_mark() {
    let values = |words: &[&str]| {
        let read = money(words);
        let texts: Vec<String> = read.values.iter().map(|v| v.as_ref().unwrap().value.to_string()).collect();
        (texts.join(" "), read.guess)
    };
    assert_eq!(values(&["1,234", "500"]), ("1234 500".into(), Some(Guess { word: 0, grouped: true })));
    assert_eq!(values(&["500", "1.234"]), ("500 1.234".into(), Some(Guess { word: 1, grouped: false })));
    assert_eq!(values(&["1,234", "99.50"]), ("1234 99.50".into(), None));
    assert_eq!(values(&["1,234", "99,5"]), ("1.234 99.5".into(), None));
    assert_eq!(values(&["1.234", "1.234.567"]), ("1234 1234567".into(), None));
    assert_eq!(values(&["1.234", "1.364,82"]), ("1234 1364.82".into(), None));
    assert_eq!(values(&["1.234", "1.50"]), ("1.234 1.50".into(), None));
    // The majority decides what is open; what speaks for itself is read as it stands.
    assert_eq!(values(&["1,234", "2.50", "3.50", "4,5"]), ("1234 2.50 3.50 4.5".into(), None));
}

#[test]
fn amounts_share_a_scale() {
    let d = |s: &str| Some(Decimal::from_str(s).unwrap());
    let words = Words::from_texts([Some("a"), None, Some("b"), Some("a")]);
    let got = to_amounts(&[d("12.5"), d("100.0")], words.codes()).unwrap();
    assert_eq!(got, Amounts { scale: 1, minor: vec![125, Amounts::NULL, 1000, 125] });
    let two = Words::from_texts([Some("a"), Some("b")]);
    for (texts, scale, minor) in [
        (["100.0", "7"], 0, [100, 7]),
        (["12500.00", "7"], 2, [1_250_000, 700]),
        (["1.500000", "7"], 2, [150, 700]),
        (["0.125", "7.00"], 3, [125, 7000]),
        // A float written out: 33333.333333333336 is 33,333.33; half to even: 0.125 → 0.12 is not taken, it has 3 decimals.
        (["33333.333333333336", "-1417.4099999999999"], 2, [3_333_333, -141_741]),
        (["0.12345650", "1"], 6, [123_456, 1_000_000]),
        (["0.12345750", "1"], 6, [123_458, 1_000_000]),
    ] {
        let got = to_amounts(&[d(texts[0]), d(texts[1])], two.codes()).unwrap();
        assert_eq!(got, Amounts { scale, minor: minor.to_vec() }, "{texts:?}");
        assert_eq!(money(&texts).scale, scale);
    }
    assert_eq!(to_amounts(&[None, d("1")], two.codes()).unwrap().minor, [Amounts::NULL, 1]);
    assert_eq!(to_amounts(&[d("1"), d("9223372036854775808")], two.codes()), Err(TooLarge { word: 1 }));
    assert_eq!(to_amounts(&[d("9223372036854775807"), d("0.01")], two.codes()), Err(TooLarge { word: 0 }));
}

#[test]
fn flags() {
    for word in ["true", "TRUE", "1", "1.0", "Yes", "y", "Done", "wahr", "Vrai", "Sí", "si", "sim", " x "] {
        assert_eq!(flag(word), Some(true), "{word:?}");
    }
    for word in ["false", "False", "0", "0.0", "NO", "n", "Undone", "To do", "TODO", "falsch", "faux", "não"] {
        assert_eq!(flag(word), Some(false), "{word:?}");
    }
    for word in ["", "maybe", "10", "00", "2", "-"] {
        assert_eq!(flag(word), None, "{word:?}");
    }
}

#[test]
fn durations() {
    use TimeUnit::{Hours, Milliseconds, Minutes, Seconds};
    for (word, unit, expected) in [
        ("30", Minutes, 30),
        ("0", Seconds, 0),
        ("-0", Seconds, 0),
        ("29", Seconds, 1),
        ("1", Milliseconds, 1),
        ("89", Seconds, 1),
        ("90", Seconds, 2),
        ("2450", Seconds, 41),
        ("1800000", Milliseconds, 30),
        ("1.5", Hours, 90),
        ("1,5", Hours, 90),
        ("22.5", Minutes, 23),
        ("1h 30m", Seconds, 90),
        ("1h 0m", Minutes, 60),
        ("1 hr, 30 mins", Minutes, 90),
        ("2 hours and 5 minutes", Minutes, 125),
        ("45 min", Seconds, 45),
        ("90s", Minutes, 2),
        ("PT1H30M", Minutes, 90),
        ("1:30:00", Seconds, 90),
        ("1:30", Minutes, 90),
        ("1:30", Seconds, 2),
        ("0:12:31", Minutes, 13),
        ("168", Hours, 10_080),
    ] {
        assert_eq!(minutes(word, unit), Ok(expected), "{word:?} {unit:?}");
    }
    assert_eq!(minutes("-5", Minutes), Err(BadDuration::Negative));
    assert_eq!(minutes("10081", Minutes), Err(BadDuration::TooLong));
    assert_eq!(minutes("1800000", Seconds), Err(BadDuration::TooLong));
    for word in ["", "abc", "1:75", "30m 1h", "h", "1h30", "1:2:3:4", "5 apples", "999999999999999999", "pt"] {
        assert_eq!(minutes(word, Minutes), Err(BadDuration::NoDuration), "{word:?}");
    }
}

#[test]
fn whole_numbers() {
    for (word, n) in
        [("5", 5), ("-3", -3), ("+7", 7), (" 12.0 ", 12), ("1,234", 1234), ("1 234 567", 1_234_567), ("1'000", 1000), ("0", 0), ("8.00", 8)]
    {
        assert_eq!(whole(word), Some(n), "{word:?}");
    }
    for word in ["", "-", "1.5", "12,34", "1,2345", "abc", "1e3", "9223372036854775808", "0,123", "1,234.5"] {
        assert_eq!(whole(word), None, "{word:?}");
    }
}

#[test]
fn headings_and_words_fold() {
    for (text, folded) in [
        ("\u{feff}Close Date", "closedate"),
        ("close_date", "closedate"),
        ("Activity - Subject*", "activitysubject"),
        ("Owner.Name", "ownername"),
        ("Company / Account", "companyaccount"),
        (" Responsável\u{a0}pela negociação ", "responsavelpelanegociacao"),
        ("Straße", "strasse"),
        ("ÉTAPE", "etape"),
        ("İptal", "iptal"),
        ("closed won ", "closedwon"),
        ("Łódź", "lodz"),
        ("***", ""),
        ("(Do Not Modify) Opportunity", "(donotmodify)opportunity"),
    ] {
        assert_eq!(fold(text), folded, "{text:?}");
        assert_eq!(fold(&fold(text)), folded);
    }
}

#[test]
fn names_fold() {
    for (text, folded) in [
        ("Ana  Silva", "ana silva"),
        ("Silva, Ana", "ana silva"),
        ("SILVA , ana ", "ana silva"),
        ("Inès\u{a0}Moreau", "ines moreau"),
        ("John Smith, Jr.", "john smith jr."),
        ("O\u{2019}Neil, Pat", "pat o'neil"),
        ("Silva,", "silva"),
        ("a, b, c", "a, b, c"),
        ("", ""),
    ] {
        assert_eq!(fold_name(text), folded, "{text:?}");
    }
}

proptest! {
    /// Cents written with either pair of marks are the same cents.
    #[test]
    fn cents_survive_their_spelling(cents in -99_999_999_999_i64..99_999_999_999) {
        let value = Decimal::new(cents, 2);
        let (whole, rest) = ((cents / 100).abs().to_string(), (cents % 100).abs());
        let groups: Vec<String> = whole.as_bytes().rchunks(3).rev().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
        let sign = if cents < 0 { "-" } else { "" };
        for (group, mark) in [(",", "."), (".", ","), (" ", ","), ("'", "."), ("", "."), ("", ",")] {
            let text = format!("{sign}{}{mark}{rest:02}", groups.join(group));
            let read = money(&[&text]);
            prop_assert_eq!(read.values[0].as_ref().map(|a| a.value), Ok(value), "{}", text);
        }
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,24}", digits in "[0-9.,:/ '+()$%kTZapm€\u{a0}-]{0,24}") {
        for word in [text.as_str(), digits.as_str()] {
            let _ = dates(&[word], None);
            let _ = dates(&[word, "13/1/2026"], Some(Order::MonthFirst));
            let amounts: Vec<Option<Decimal>> = money(&[word]).values.into_iter().map(|v| v.ok().map(|a| a.value)).collect();
            let _ = to_amounts(&amounts, Words::from_texts([Some(word)]).codes());
            let _ = (flag(word), whole(word), minutes(word, TimeUnit::Hours), minutes(word, TimeUnit::Milliseconds), fold_name(word));
            prop_assert_eq!(fold(&fold(word)), fold(word));
        }
    }
}
