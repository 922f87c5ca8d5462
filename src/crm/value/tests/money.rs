//! Every form of formats.md §12 (Money seen), worth what a reader of that locale would say.

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::super::*;

fn amount(word: &str) -> Result<(String, Option<String>), BadAmount> {
    money(&[word], None).values[0].clone().map(|a| (a.value.to_string(), a.currency.map(String::from)))
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
        ("$45,300", "45300", Some("$")),
        ("$7,450,000.00 ", "7450000.00", Some("$")),
        ("1.364,82", "1364.82", None),
        ("R$ 1.364,82", "1364.82", Some("R$")),
        ("1 234,56", "1234.56", None),
        ("1\u{a0}234\u{a0}567,8", "1234567.8", None),
        ("1\u{202f}234,56\u{a0}€", "1234.56", Some("€")),
        ("€\u{a0}1\u{202f}234,56", "1234.56", Some("€")),
        ("1.234.567", "1234567", None),
        ("1.234.567,89", "1234567.89", None),
        ("1,234,567", "1234567", None),
        ("1,23,45,678.50", "12345678.50", None),
        ("₹1,23,456", "123456", Some("₹")),
        ("₹12,34,567.00", "1234567.00", Some("₹")),
        ("Rs. 12,34,567", "1234567", Some("Rs")),
        ("USD 1,200", "1200", Some("USD")),
        ("USD 1,234.00", "1234.00", Some("USD")),
        ("usd1200", "1200", Some("USD")),
        ("$1,200.00 CAD", "1200.00", Some("CAD")),
        ("CA$1,200.00", "1200.00", Some("CA$")),
        ("1,200.00 EUR", "1200.00", Some("EUR")),
        ("1.200,00€", "1200.00", Some("€")),
        ("£ 99.50", "99.50", Some("£")),
        ("¥1,200,000", "1200000", Some("¥")),
        ("1,200,000円", "1200000", Some("円")),
        ("(1,200.00)", "-1200.00", None),
        ("$(1,200.00)", "-1200.00", Some("$")),
        ("($1,200.00)", "-1200.00", Some("$")),
        ("-12000.00", "-12000.00", None),
        ("\u{2212}5", "-5", None),
        ("-$5", "-5", Some("$")),
        ("5-", "-5", None),
        ("1.200,50-", "-1200.50", None),
        ("45.3k", "45300", None),
        ("$45.3K", "45300", Some("$")),
        ("45 k€", "45000", Some("€")),
        ("45 T€", "45000", Some("€")),
        ("T€ 45", "45000", Some("€")),
        ("45 TEUR", "45000", Some("EUR")),
        ("kUSD 45", "45000", Some("USD")),
        ("1.2 MEUR", "1200000", Some("EUR")),
        ("1.2M", "1200000", None),
        ("1,2 Mio", "1200000", None),
        ("1,2 Mio. €", "1200000", Some("€")),
        ("€1,25 Mio.", "1250000", Some("€")),
        ("1.2 million", "1200000", None),
        ("₹1.5 Cr", "15000000", Some("₹")),
        ("₹12.5 lakh", "1250000", Some("₹")),
        ("1'234.50", "1234.50", None),
        ("CHF 1’234.–", "1234", Some("CHF")),
        ("1.200,--", "1200", None),
        ("Fr. 20.50", "20.50", Some("Fr")),
        ("99,5 zł", "99.5", Some("zł")),
        ("1 234,50 kr", "1234.50", Some("kr")),
        ("kr 1.234,50", "1234.50", Some("kr")),
        ("12.345 KWD", "12.345", Some("KWD")),
        ("'1,234.00", "1234.00", None),
        ("0.125", "0.125", None),
        ("1234.567", "1234.567", None),
        ("33333.333333333336", "33333.333333333336", None),
        ("9999999999999999999999999999", "9999999999999999999999999999", None),
        ("1.2E+06", "1200000", None),
        ("1,5E+06", "1500000", None),
        ("1.234E+06", "1234000", None),
        ("1e3", "1000", None),
        ("1.25E-02", "0.0125", None),
        ("1.12474115E+06", "1124741.15", None),
        ("-1.2E+06", "-1200000", None),
        ("$1.2E+06", "1200000", Some("$")),
    ] {
        assert_eq!(amount(word), Ok((value.to_owned(), currency.map(str::to_owned))), "{word:?}");
    }
}

#[test]
fn what_is_no_amount_is_said() {
    for word in [
        "",
        "abc",
        "TBD",
        "eight thousand",
        "-",
        "12,34,5",
        "1,2345.00",
        "1.2.3",
        "1,234.567.8",
        "2026-11-15",
        "10:30",
        "1 2",
        "1.5E+06k",
        "1E+99",
        "five 5",
        "(5",
        "--5",
        "(-5)",
        "5 apples",
        // Three letters that are no currency's: pieces, and a thousand in Spanish and Portuguese.
        "5 pcs",
        "5 mil",
        "5 hrs",
        // Credit and crore, thousand and trillion: only rupees tell.
        "1,200.00 CR",
        "1.2T",
        "8k-10k",
        "~5000",
        "1,",
        "USD",
    ] {
        assert_eq!(amount(word), Err(BadAmount::NoAmount), "{word:?}");
    }
    assert_eq!(amount("75%"), Err(BadAmount::Percent));
    assert_eq!(amount("7,5 %"), Err(BadAmount::Percent));
    assert_eq!(amount("99999999999999999999999999999"), Err(BadAmount::TooLong));
    assert_eq!(amount("9E+28"), Err(BadAmount::TooLong));
    assert_eq!(amount("0.00000000000000000000000000001"), Err(BadAmount::TooLong));
}

#[test]
fn the_column_decides_the_mark() {
    let values = |words: &[&str]| {
        let read = money(words, None);
        let texts: Vec<String> = read.values.iter().map(|v| v.as_ref().unwrap().value.to_string()).collect();
        (texts.join(" "), read.guess.map(|g| (g.word, g.grouped)))
    };
    assert_eq!(values(&["1,234", "500"]), ("1234 500".into(), Some((0, true))));
    assert_eq!(values(&["500", "1.234"]), ("500 1.234".into(), Some((1, false))));
    assert_eq!(values(&["1,234", "99.50"]), ("1234 99.50".into(), None));
    assert_eq!(values(&["1,234", "99,5"]), ("1.234 99.5".into(), None));
    assert_eq!(values(&["1.234", "1.234.567"]), ("1234 1234567".into(), None));
    assert_eq!(values(&["1.234", "1.364,82"]), ("1234 1364.82".into(), None));
    assert_eq!(values(&["1.234", "1.50"]), ("1.234 1.50".into(), None));
    // Every amount from a thousand on has its point, or one ends in a nought that no decimal needs: said, since nothing settles it.
    assert_eq!(values(&["12.500", "8.000", "750"]), ("12500 8000 750".into(), Some((0, true))));
    assert_eq!(values(&["12.500", "750"]), ("12500 750".into(), Some((0, true))));
    assert_eq!(values(&["12.500", "8.125", "5000"]), ("12.500 8.125 5000".into(), Some((0, false))));
    // Amounts of both spellings: the more frequent one decides what is open, and it is said; what speaks for itself is read as it stands.
    assert_eq!(values(&["1,234", "2.50", "3.50", "4,5"]), ("1234 2.50 3.50 4.5".into(), Some((0, true))));
    assert_eq!(money(&["5", "1.2E+06"], None).shortened, Some(1));
}

#[test]
fn the_user_settles_the_mark() {
    let values = |words: &[&str], mark: &str| {
        money(words, Mark::named(mark))
            .values
            .iter()
            .map(|v| v.as_ref().map_or("-".into(), |a| a.value.to_string()))
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(values(&["1,234", "1.234"], "."), "1234 1.234");
    assert_eq!(values(&["1,234", "1.234"], ","), "1.234 1234");
    assert_eq!(values(&["1.234", "5000", "99,50", "99.50", "1,234,567"], ","), "1234 5000 99.50 - -");
    assert_eq!(money(&["1.234"], Mark::named(",")).guess, None);
    assert_eq!(money(&["99.50"], Mark::named(",")).values[0], Err(BadAmount::OtherMark));
}

proptest! {
    /// What is plain on its own leaves no question in a column of its like, and is the same amount there.
    #[test]
    fn plain_amounts_are_those_of_their_column(words in prop::collection::vec("(0|[1-9][0-9]{0,11}|[0-9]{1,4})([.,][0-9]{0,3})?|-?5|1e3|", 1..20)) {
        let plain: Vec<(&String, Decimal)> = words.iter().filter_map(|word| Some((word, plain_amount(word)?))).collect();
        let alone: Vec<&str> = plain.iter().map(|(word, _)| word.as_str()).collect();
        for mark in [None, Some(Mark::Point)] {
            let column = money(alone.iter().copied(), mark);
            prop_assert!(column.guess.is_none() && column.shortened.is_none());
            for (found, (word, amount)) in column.values.iter().zip(&plain) {
                let found = found.as_ref().unwrap();
                prop_assert_eq!((found.value, found.value.scale(), &found.currency), (*amount, amount.scale(), &None), "{}", word);
            }
        }
    }

    /// Cents written with either pair of marks are the same cents.
    #[test]
    fn cents_survive_their_spelling(cents in -99_999_999_999_i64..99_999_999_999) {
        let value = Decimal::new(cents, 2);
        let (whole, rest) = ((cents / 100).abs().to_string(), (cents % 100).abs());
        let groups: Vec<String> = whole.as_bytes().rchunks(3).rev().map(|c| String::from_utf8(c.to_vec()).unwrap()).collect();
        let sign = if cents < 0 { "-" } else { "" };
        for (group, mark) in [(",", "."), (".", ","), (" ", ","), ("\u{a0}", ","), ("'", "."), ("", "."), ("", ",")] {
            let text = format!("{sign}{}{mark}{rest:02}", groups.join(group));
            let read = money(&[&text], None);
            prop_assert_eq!(read.values[0].as_ref().map(|a| a.value), Ok(value), "{}", text);
        }
    }
}
