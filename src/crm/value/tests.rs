#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

mod dates;
mod money;

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
    #[test]
    fn nothing_panics(text in "\\PC{0,24}", digits in "[0-9.,:/ '+()$%kTZapm€\u{a0}-]{0,24}") {
        for word in [text.as_str(), digits.as_str()] {
            let _ = dates(&[word], None);
            let _ = dates(&[word, "13/1/2026"], Some(Order::MonthFirst));
            let _ = (money(&[word], None), money(&[word, "1,5"], Some(Mark::Comma)), time_of_day(word));
            let _ = (flag(word), whole(word), minutes(word, TimeUnit::Hours), minutes(word, TimeUnit::Milliseconds), fold_name(word));
            prop_assert_eq!(fold(&fold(word)), fold(word));
        }
    }
}
