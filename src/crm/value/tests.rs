#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;

mod dates;
mod money;
mod plain;

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
            let _ = (flag(word), whole(word), durations(&[word, "1:30"], None, true), durations(&[word], Some(TimeUnit::Milliseconds), false), fold_name(word));
            prop_assert_eq!(fold(&fold(word)), fold(word));
        }
    }
}
