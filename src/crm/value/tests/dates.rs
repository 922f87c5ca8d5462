//! Every form of formats.md §12 and of the vendors' sections, its date worked out by hand.

use proptest::prelude::*;

use super::super::*;
use crate::calendar::Day;

/// Days since 1970, as jiff counts them.
fn day(y: i16, m: i8, d: i8) -> Day {
    let date = jiff::civil::date(y, m, d);
    Day(date.since(jiff::civil::date(1970, 1, 1)).unwrap().get_days())
}

fn on(y: i16, m: i8, d: i8) -> When {
    When::Date(day(y, m, d))
}

fn one(word: &str) -> Result<When, BadDate> {
    dates(&[word], None).unwrap().values[0]
}

fn local(y: i16, m: i8, d: i8, hour: u32, minute: u32, second: u32) -> When {
    When::Local { day: day(y, m, d), millis: ((hour * 60 + minute) * 60 + second) * 1000 }
}

/// A moment written in the zone of its offset.
fn instant(text: &str) -> When {
    // The date as it is written, whatever the zone: the first ten characters.
    let written: jiff::civil::Date = text[..10].parse().unwrap();
    let at = text.parse::<jiff::Timestamp>().unwrap().as_millisecond();
    When::Instant { at, written: day(written.year(), written.month(), written.day()) }
}

#[test]
fn dates_by_number() {
    for (word, when) in [
        ("2024-11-10", on(2024, 11, 10)),
        (" 2026/06/15 ", on(2026, 6, 15)),
        ("2026-3-5", on(2026, 3, 5)),
        ("2026.03.05", on(2026, 3, 5)),
        ("2026. 3. 5.", on(2026, 3, 5)),
        ("2026年3月5日", on(2026, 3, 5)),
        ("20260315", on(2026, 3, 15)),
        ("20260315.0", on(2026, 3, 15)),
        ("10/20/2016", on(2016, 10, 20)),
        ("03-13-2018", on(2018, 3, 13)),
        ("31.12.2026", on(2026, 12, 31)),
        ("31. 12. 2026", on(2026, 12, 31)),
        ("5/5/2026", on(2026, 5, 5)),
        ("3/25/26", on(2026, 3, 25)),
        ("3/25/98", on(1998, 3, 25)),
        ("'2026-03-05", on(2026, 3, 5)),
        ("2024-02-29", on(2024, 2, 29)),
        ("2023-09-01 00:00:00", local(2023, 9, 1, 0, 0, 0)),
        ("2016-11-05 10:21:50", local(2016, 11, 5, 10, 21, 50)),
        ("2025-01-15 09:00", local(2025, 1, 15, 9, 0, 0)),
        ("2021-01-07 6:49:18", local(2021, 1, 7, 6, 49, 18)),
        ("2025-01-15T09:00:01", local(2025, 1, 15, 9, 0, 1)),
        ("3/25/2025 13:00", local(2025, 3, 25, 13, 0, 0)),
        ("26-02-2018 19:58", local(2018, 2, 26, 19, 58, 0)),
        ("14.06.2026 09:20", local(2026, 6, 14, 9, 20, 0)),
        ("30.6.2024 14.05", local(2024, 6, 30, 14, 5, 0)),
        ("30/06/2024, 14:05", local(2024, 6, 30, 14, 5, 0)),
        ("30/06/2024 à 14:05", local(2024, 6, 30, 14, 5, 0)),
        ("30/06/2024 14h05", local(2024, 6, 30, 14, 5, 0)),
        ("30/06/2024 9 h", local(2024, 6, 30, 9, 0, 0)),
        ("30.06.2024 um 14:05 Uhr", local(2024, 6, 30, 14, 5, 0)),
        ("2026-03-05 - 10:30", local(2026, 3, 5, 10, 30, 0)),
        ("3/15/2026 2:15:33 PM", local(2026, 3, 15, 14, 15, 33)),
        ("3/15/2026 02:15:33 pm", local(2026, 3, 15, 14, 15, 33)),
        ("3/15/2026 12:00\u{202f}am", local(2026, 3, 15, 0, 0, 0)),
        ("3/15/2026, 2:15:33\u{202f}PM", local(2026, 3, 15, 14, 15, 33)),
        ("3/15/2026 12:30 p.m.", local(2026, 3, 15, 12, 30, 0)),
        ("25/3/2026, 10:22 a.\u{a0}m.", local(2026, 3, 25, 10, 22, 0)),
        ("25/3/2026 10:22:05 p. m.", local(2026, 3, 25, 22, 22, 5)),
        ("3/14/2025, 10:22 AM", local(2025, 3, 14, 10, 22, 0)),
        ("20260315T1405", local(2026, 3, 15, 14, 5, 0)),
        ("20260315140533", local(2026, 3, 15, 14, 5, 33)),
    ] {
        assert_eq!(one(word), Ok(when), "{word:?}");
    }
    let micro = When::Local { day: day(2023, 6, 8), millis: 84_158_270 };
    assert_eq!(one("2023-06-08 23:22:38.270000"), Ok(micro));
}

#[test]
fn dates_by_name() {
    for (word, when) in [
        ("05-Mar-2026", on(2026, 3, 5)),
        ("05-MAR-26", on(2026, 3, 5)),
        ("05/Mar/2026", on(2026, 3, 5)),
        ("5 Mar 2026", on(2026, 3, 5)),
        ("2026-Mar-05", on(2026, 3, 5)),
        ("Mar-05-2026", on(2026, 3, 5)),
        ("Mar 5, 2026", on(2026, 3, 5)),
        ("Nov 16, 2026", on(2026, 11, 16)),
        ("Sept. 5, 2026", on(2026, 9, 5)),
        ("March 5th, 2026", on(2026, 3, 5)),
        ("2nd of March 2026", on(2026, 3, 2)),
        ("Sunday, November 15, 2026", on(2026, 11, 15)),
        ("Mon 16 Nov 2026", on(2026, 11, 16)),
        ("5. März 2026", on(2026, 3, 5)),
        ("5. Mrz. 2026", on(2026, 3, 5)),
        ("Montag, 16. November 2026", on(2026, 11, 16)),
        ("Mo., 16. Nov. 2026", on(2026, 11, 16)),
        ("5 mars 2026", on(2026, 3, 5)),
        ("1er août 2026", on(2026, 8, 1)),
        ("15 févr. 2026", on(2026, 2, 15)),
        ("lundi 16 novembre 2026", on(2026, 11, 16)),
        ("mar. 3 nov. 2026", on(2026, 11, 3)),
        ("5 de mayo de 2026", on(2026, 5, 5)),
        ("5 de marzo del 2026", on(2026, 3, 5)),
        ("5 ene 2026", on(2026, 1, 5)),
        ("5-ene-2026", on(2026, 1, 5)),
        ("lunes, 16 de noviembre de 2026", on(2026, 11, 16)),
        ("1º de março de 2026", on(2026, 3, 1)),
        ("5 de fev. de 2026", on(2026, 2, 5)),
        ("segunda-feira, 16 de novembro de 2026", on(2026, 11, 16)),
        ("Mar 5, 2026 at 3 PM", local(2026, 3, 5, 15, 0, 0)),
        ("05-Mar-2026 07:08", local(2026, 3, 5, 7, 8, 0)),
        ("5 de marzo de 2026, 14:05", local(2026, 3, 5, 14, 5, 0)),
        ("16 novembre 2026 à 09:30", local(2026, 11, 16, 9, 30, 0)),
        ("16. November 2026 um 09:30 Uhr", local(2026, 11, 16, 9, 30, 0)),
    ] {
        assert_eq!(one(word), Ok(when), "{word:?}");
    }
}

#[test]
fn moments_with_a_zone() {
    for (word, when) in [
        ("2025-01-03T08:00:00.000Z", instant("2025-01-03T08:00:00Z")),
        ("2025-01-03 08:00:00Z", instant("2025-01-03T08:00:00Z")),
        ("2024-01-22T16:14:25.000+0000", instant("2024-01-22T16:14:25Z")),
        ("2026-06-08T16:45:00+05:00", instant("2026-06-08T16:45:00+05:00")),
        ("2026-06-08T23:45:00-05", instant("2026-06-08T23:45:00-05:00")),
        ("2026-06-08 16:45:00.123456+00:00", instant("2026-06-08T16:45:00.123Z")),
        ("2026-06-08 16:45:00.12345+05:30", instant("2026-06-08T16:45:00.123+05:30")),
        ("2026-03-01 10:00:00 UTC", instant("2026-03-01T10:00:00Z")),
        ("2026-03-01 10:00:00 -0600", instant("2026-03-01T10:00:00-06:00")),
        ("2026-03-01 10:00 CET", instant("2026-03-01T10:00:00+01:00")),
        ("2026-07-01 10:00 cest", instant("2026-07-01T10:00:00+02:00")),
        // RFC 5322 §4.3: EST is -0500, PDT -0700.
        ("2026-11-15 09:00 EST", instant("2026-11-15T09:00:00-05:00")),
        ("7/15/2026 9:00 AM PDT", instant("2026-07-15T09:00:00-07:00")),
        ("2026-03-01 10:00 GMT+1", instant("2026-03-01T10:00:00+01:00")),
        ("2026-03-01 10:00 UTC+5:30", instant("2026-03-01T10:00:00+05:30")),
        ("2026-03-01 10:00 (UTC)", instant("2026-03-01T10:00:00Z")),
        ("2026-03-01T10:00:00-06:00[America/Chicago]", instant("2026-03-01T10:00:00-06:00")),
        // Chicago is 5 hours behind in July, 6 in January.
        ("2026-07-01 10:00 America/Chicago", instant("2026-07-01T10:00:00-05:00")),
        ("15.01.2026 10:00 America/Chicago", instant("2026-01-15T10:00:00-06:00")),
        ("Mon, 16 Nov 2026 10:00:00 +0100", instant("2026-11-16T10:00:00+01:00")),
        ("Mon Nov 16 2026 10:00:00 GMT+0100 (Central European Standard Time)", instant("2026-11-16T10:00:00+01:00")),
        ("20260315T140533Z", instant("2026-03-15T14:05:33Z")),
        // `date -u -d @1427997766` says 2015-04-02 18:02:46.
        ("1427997766", instant("2015-04-02T18:02:46Z")),
        ("1427997766.25", instant("2015-04-02T18:02:46.250Z")),
        ("1427997766000", instant("2015-04-02T18:02:46Z")),
        ("1427997766000.0", instant("2015-04-02T18:02:46Z")),
        ("1427997766000000", instant("2015-04-02T18:02:46Z")),
        ("1427997766000000000", instant("2015-04-02T18:02:46Z")),
    ] {
        assert_eq!(one(word), Ok(when), "{word:?}");
    }
    for word in ["2026-03-01 10:00 IST", "2026-03-01 10:00 BST", "2026-03-01 10:00 Europe/Nowhere"] {
        assert_eq!(one(word), Err(BadDate::Zone), "{word:?}");
    }
    // An hour that the clocks of Chicago skip, and one that they show twice: no panic, and an hour's difference at most.
    let [skipped, twice] = ["2026-03-08 02:30 America/Chicago", "2026-11-01 01:30 America/Chicago"].map(|w| one(w).unwrap());
    assert_eq!(skipped, When::Instant { at: 1_772_958_600_000, written: day(2026, 3, 8) });
    assert_eq!(twice, instant("2026-11-01T01:30:00-05:00"));
}

#[test]
fn what_is_no_date_is_said() {
    for word in [
        "TBD",
        "",
        "2026",
        "12",
        "2025-02-29",
        "2026-13-01",
        "31/02/2026",
        "13/13/2026",
        "2026-11-15 25:00",
        "2026-11-15 10:60",
        "1/2",
        "1/2/3",
        "2026-11-15x",
        "15/11-2026",
        "3/15/2026 13:00 PM",
        "2026-11-15 9",
        "10:30",
        "Q1-2025",
        "2024 4",
        "2026-W46",
        "Mar 2026",
        "5 2026",
        "123-01-01",
        "Silva, Ana",
        "Monday",
        "mar",
        "8,000",
        "١/٢/٢٠٢٦",
    ] {
        let words = [word, "2026-11-15"];
        assert_eq!(dates(&words, None).unwrap().values[0], Err(BadDate::NoDate), "{word:?}");
    }
    assert_eq!(one("1970-01-19 07:12:00"), Err(BadDate::Epoch));
    assert_eq!(one("1970-01-31"), Err(BadDate::Epoch));
    assert_eq!(one("1970-01-01T00:00:00Z"), Err(BadDate::Epoch));
    assert_eq!(one("1970-02-01"), Ok(on(1970, 2, 1)));
    assert_eq!(one("1899-12-29"), Err(BadDate::OutOfRange));
    assert_eq!(one("1900-01-02"), Ok(on(1900, 1, 2)));
    assert_eq!(one("2200-12-31"), Ok(on(2200, 12, 31)));
    assert_eq!(one("2201-01-01"), Err(BadDate::OutOfRange));
    assert_eq!(one("0026-03-05"), Err(BadDate::OutOfRange));
    // 1,427,997,766,000 milliseconds as a spreadsheet shows them.
    assert_eq!(one("1.428E+12"), Err(BadDate::Shortened));
    for word in [
        "0000-00-00",
        "0000-00-00 00:00:00",
        "00/00/0000",
        "0001-01-01T00:00:00Z",
        "1899-12-30",
        "1900-01-00",
        "1/0/1900",
        "1900-01-01 00:00:00",
        "9999-12-31",
        "9999-12-31T23:59:59Z",
    ] {
        assert_eq!(one(word), Err(BadDate::Placeholder), "{word:?}");
    }
}

#[test]
fn one_order_per_column() {
    // 26 can only be a day, so 03-05 is the 3rd of May.
    let read = dates(&["03-05-2026 10:00", "26-05-2026 10:00", "2026-01-02"], None).unwrap();
    assert_eq!(read.order, Some(Order::DayFirst));
    assert_eq!(read.values[0], Ok(local(2026, 5, 3, 10, 0, 0)));
    let read = dates(&["03-05-2026", "05-26-2026"], None).unwrap();
    assert_eq!((read.order, read.values[0]), (Some(Order::MonthFirst), Ok(on(2026, 3, 5))));
    // Dates and date-times in one column, as Dynamics writes them.
    let read = dates(&["6/26/2021", "10/4/2025 11:21"], None).unwrap();
    assert_eq!(read.values, [Ok(on(2021, 6, 26)), Ok(local(2025, 10, 4, 11, 21, 0))]);
    let read = dates(&["05-01-2018 11:45", "26-01-2018 14:30:00"], None).unwrap();
    assert_eq!(read.values, [Ok(local(2018, 1, 5, 11, 45, 0)), Ok(local(2018, 1, 26, 14, 30, 0))]);
    // Nothing settles it.
    let question = dates(&["2026-01-01", "4/4/2026", "3/5/2026", "1/2/2026"], None).unwrap_err();
    let expected = Ambiguous {
        word: 2,
        day_first: Some(day(2026, 5, 3)),
        month_first: Some(day(2026, 3, 5)),
        year_first: None,
        contradicted: false,
        words: 2,
    };
    assert_eq!(question, expected);
    let answered = dates(&["3/5/2026", "13/5/2026", "5/13/2026"], Order::named("mdy")).unwrap();
    assert_eq!(answered.values, [Ok(on(2026, 3, 5)), Err(BadDate::OtherOrder), Ok(on(2026, 5, 13))]);
    // Both are the same day, or nothing depends on it.
    assert_eq!(dates(&["4/4/2026"], None).unwrap().values, [Ok(on(2026, 4, 4))]);
    assert_eq!(dates(&["2026-04-05"], Order::named("dmy")).unwrap().order, None);
}

#[test]
fn dates_of_both_orders_in_one_column() {
    // 13/1, 25/1 and 1/25 can each be read in one way only; what they say of the column is not the same.
    let mixed = dates(&["13/1/2026", "25/1/2026", "1/25/2026"], None).unwrap();
    assert_eq!((mixed.order, mixed.values[2]), (Some(Order::DayFirst), Err(BadDate::OtherOrder)));
    // With 3/5 beside them it matters which: one in three is no slip.
    let asked = dates(&["13/1/2026", "25/1/2026", "1/25/2026", "3/5/2026"], None).unwrap_err();
    assert_eq!((asked.word, asked.contradicted, asked.words), (3, true, 4));
    // One of twelve is one.
    let mut words: Vec<String> = (13..=23).map(|d| format!("{d}/1/2026")).collect();
    words.extend(["1/25/2026".to_owned(), "3/5/2026".to_owned()]);
    let slip = dates(&words, None).unwrap();
    assert_eq!((slip.values[11], slip.values[12]), (Err(BadDate::OtherOrder), Ok(on(2026, 5, 3))));
    let tie = dates(&["13/1/2026", "1/25/2026"], None).unwrap_err();
    assert_eq!((tie.words, tie.month_first, tie.contradicted), (2, None, true));
}

#[test]
fn american_dates_among_iso_ones_settle_their_order_among_themselves() {
    let iso = ["2026-01-13", "2026-02-25", "2026-03-30"];
    let settled: Vec<&str> = iso.into_iter().chain(["3/5/2026", "3/25/2026"]).collect();
    let read = dates(&settled, None).unwrap();
    assert_eq!(read.values[3..], [Ok(on(2026, 3, 5)), Ok(on(2026, 3, 25))]);
    assert_eq!(read.values[0], Ok(on(2026, 1, 13)));
    let open: Vec<&str> = iso.into_iter().chain(["3/5/2026"]).collect();
    assert_eq!(dates(&open, None).unwrap_err().word, 3);
}

#[test]
fn a_year_of_two_digits_may_stand_first() {
    // Days vary and years do not: 26 is the year, or the column would be of the 26th of several months.
    let swedish = ["26-03-05", "26-03-17", "26-04-02"];
    let asked = dates(&swedish, None).unwrap_err();
    assert_eq!((asked.day_first, asked.year_first), (Some(day(2005, 3, 26)), Some(day(2026, 3, 5))));
    let answered = dates(&swedish, Order::named("ymd")).unwrap();
    assert_eq!(answered.values, [Ok(on(2026, 3, 5)), Ok(on(2026, 3, 17)), Ok(on(2026, 4, 2))]);
    // 98 is no day.
    assert_eq!(one("98-12-31"), Ok(on(1998, 12, 31)));
    let british = dates(&["05/03/26", "17/03/26", "02/04/26"], None).unwrap();
    assert_eq!(british.values, [Ok(on(2026, 3, 5)), Ok(on(2026, 3, 17)), Ok(on(2026, 4, 2))]);
    // The answer is none to a year that stands last.
    assert_eq!(dates(&["13/1/2026"], Order::named("ymd")).unwrap().values, [Ok(on(2026, 1, 13))]);
}

#[test]
fn serials_only_where_no_date_is_written() {
    // Excel shows 45631 as 2024-12-05; .4375 of a day is 10:30.
    let read = dates(&["45631", "45631.4375", "45631,4375", "45631.999999"], None).unwrap();
    let half_past = Ok(local(2024, 12, 5, 10, 30, 0));
    assert_eq!(read.values, [Ok(on(2024, 12, 5)), half_past, half_past, Ok(on(2024, 12, 6))]);
    assert_eq!(dates(&["45631", "TBD"], None).unwrap().values, [Ok(on(2024, 12, 5)), Err(BadDate::NoDate)]);
    assert_eq!(dates(&["45631", "2024-12-06"], None).unwrap().values[0], Err(BadDate::Serial));
    assert_eq!(dates(&["45631", "13/1/2025"], None).unwrap().values[0], Err(BadDate::Serial));
}

#[test]
fn midnight_throughout_is_no_time() {
    assert!(dates(&["2023-09-01 00:00:00", "2023-09-02 00:00:00", "2023-09-03"], None).unwrap().midnight);
    assert!(dates(&["2025-01-03T00:00:00.000Z"], None).unwrap().midnight);
    // 1772323200 is 2026-03-01T00:00:00Z.
    assert!(dates(&["1772323200000"], None).unwrap().midnight);
    assert_eq!(dates(&["1772323200000"], None).unwrap().values[0].unwrap().written_day(), day(2026, 3, 1));
    // Midnight where it was written is as little a time of day as midnight in Greenwich.
    let far = dates(&["2025-01-03T00:00:00+05:00", "2025-07-03T00:00:00+06:00"], None).unwrap();
    assert!(far.midnight);
    assert_eq!(far.values[0].unwrap().written_day(), day(2025, 1, 3));
    assert!(!dates(&["2023-09-01 00:00:00", "2023-09-02 10:00:00"], None).unwrap().midnight);
    assert!(!dates(&["2025-01-03T05:00:00Z"], None).unwrap().midnight);
    assert!(!dates(&["2025-01-03"], None).unwrap().midnight);
}

#[test]
fn dates_may_be_midnight_of_another_zone() {
    // Midnight in Shanghai is 16:00 of the day before in Greenwich; midnight in Chicago is 06:00 in winter and 05:00 in summer.
    let column =
        |hour: &dyn Fn(u32) -> u32, n: u32| -> Vec<String> { (1..=n).map(|d| format!("2026-03-{d:02}T{:02}:00:00Z", hour(d))).collect() };
    assert!(dates(&column(&|_| 16, 10), None).unwrap().steady);
    assert!(dates(&column(&|d| if d < 8 { 6 } else { 5 }, 10), None).unwrap().steady);
    assert!(!dates(&column(&|d| if d < 8 { 6 } else { 9 }, 10), None).unwrap().steady);
    assert!(!dates(&column(&|_| 16, 9), None).unwrap().steady, "nine may be chance");
    assert!(!dates(&column(&|_| 0, 10), None).unwrap().steady, "midnight itself is known");
}

#[test]
fn times_of_day() {
    for (word, hour, minute, second) in [
        ("14:30", 14, 30, 0),
        ("9:05", 9, 5, 0),
        ("14:30:05", 14, 30, 5),
        ("2:30 PM", 14, 30, 0),
        ("2:30pm", 14, 30, 0),
        ("12:00 a.m.", 0, 0, 0),
        ("3 PM", 15, 0, 0),
        ("14h30", 14, 30, 0),
        ("14.30", 14, 30, 0),
        ("14:30 Uhr", 14, 30, 0),
        ("0.4375", 10, 30, 0),
        ("0,75000", 18, 0, 0),
    ] {
        assert_eq!(time_of_day(word), Some(((hour * 60 + minute) * 60 + second) * 1000), "{word:?}");
    }
    for word in ["", "14", "25:00", "10:60", "13 PM", "0.5", "2026-03-05", "10:30 UTC", "noon", "1.5"] {
        assert_eq!(time_of_day(word), None, "{word:?}");
    }
}

proptest! {
    /// Every date of the range, in each of its spellings, is the day that jiff counts.
    #[test]
    fn every_day_is_understood(n in -25_565_i32..84_370) {
        prop_assume!(!(0..=30).contains(&n));
        let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        let (y, m, d) = (date.year(), date.month(), date.day());
        prop_assert_eq!(one(&date.to_string()), Ok(When::Date(Day(n))));
        prop_assert_eq!(one(&date.strftime("%d-%b-%Y").to_string()), Ok(When::Date(Day(n))));
        prop_assert_eq!(one(&date.strftime("%A, %B %d, %Y").to_string()), Ok(When::Date(Day(n))));
        let german = dates(&[format!("{d}.{m}.{y}")], Some(Order::DayFirst)).unwrap();
        prop_assert_eq!(german.values[0], Ok(When::Date(Day(n))));
        let american = dates(&[format!("{m:02}/{d:02}/{y} 12:00 AM")], Some(Order::MonthFirst)).unwrap();
        prop_assert_eq!(american.values[0], Ok(When::Local { day: Day(n), millis: 0 }));
    }
}
