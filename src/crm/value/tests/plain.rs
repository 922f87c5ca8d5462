//! Flags and durations.

use super::super::*;

#[test]
fn flags() {
    for word in [
        "true",
        "TRUE",
        "True",
        "1",
        "1.0",
        "-1",
        "Yes",
        "y",
        "Done",
        "wahr",
        "Ja",
        "Oui",
        "Vrai",
        "S\u{ed}",
        "si",
        "Sim",
        "VERDADEIRO",
        " x ",
        "X",
        "\u{2713}",
        "\u{2714}\u{fe0f}",
        "\u{2611}",
        "checked",
        "Kyll\u{e4}",
        "Tak",
    ] {
        assert_eq!(flag(word), Some(true), "{word:?}");
    }
    for word in [
        "false",
        "False",
        "FALSE",
        "0",
        "0.0",
        "NO",
        "n",
        "Undone",
        "To do",
        "TODO",
        "Nein",
        "falsch",
        "Non",
        "faux",
        "N\u{e3}o",
        "Nej",
        "Nee",
        "Ei",
        "\u{2717}",
        "\u{2610}",
        "unchecked",
        "Not done",
    ] {
        assert_eq!(flag(word), Some(false), "{word:?}");
    }
    for word in ["", "maybe", "10", "00", "2", "-", "open"] {
        assert_eq!(flag(word), None, "{word:?}");
    }
}

fn of(word: &str, unit: TimeUnit) -> Result<i64, BadDuration> {
    durations(&[word], Some(unit), false).values[0]
}

#[test]
fn durations_by_word() {
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
        ("0h 45m", Minutes, 45),
        ("1h30", Minutes, 90),
        ("1 h 05", Minutes, 65),
        ("1.5h", Minutes, 90),
        ("1 hr, 30 mins", Minutes, 90),
        ("2 hours and 5 minutes", Minutes, 125),
        ("1 Std. 30 Min.", Minutes, 90),
        ("1 hora y 30 minutos", Minutes, 90),
        ("1 heure et 30 min", Minutes, 90),
        ("45 min", Seconds, 45),
        ("90 min", Minutes, 90),
        ("90s", Minutes, 2),
        ("PT1H30M", Minutes, 90),
        ("1:30:00", Seconds, 90),
        ("01:30:00", Minutes, 90),
        ("1:30", Minutes, 90),
        ("01:30", Hours, 90),
        ("1:30", Seconds, 2),
        ("0:12:31", Minutes, 13),
        ("24", Hours, 1440),
    ] {
        assert_eq!(of(word, unit), Ok(expected), "{word:?} {unit:?}");
    }
    assert_eq!(of("-5", Minutes), Err(BadDuration::Negative));
    assert_eq!(of("-0:30", Minutes), Err(BadDuration::Negative));
    assert_eq!(of("1441", Minutes), Err(BadDuration::TooLong));
    assert_eq!(of("1800000", Seconds), Err(BadDuration::TooLong));
    for word in ["", "abc", "1:75", "30m 1h", "h", "1h60", "1h305", "1:2:3:4", "5 apples", "999999999999999999", "pt", "30 30"] {
        assert_eq!(of(word, Minutes), Err(BadDuration::NoDuration), "{word:?}");
    }
}

#[test]
fn the_column_says_what_durations_count() {
    // 45 is no hour, so 12:30 is 12 minutes and a half.
    let read = durations(&["12:30", "45:10"], None, false);
    assert_eq!((read.values, read.clock), (vec![Ok(13), Ok(45)], None));
    let read = durations(&["01:30", "00:45"], None, false);
    assert_eq!((read.values, read.clock), (vec![Ok(90), Ok(45)], Some((0, false))));
    let read = durations(&["01:30", "00:45"], None, true);
    assert_eq!((read.values, read.clock), (vec![Ok(2), Ok(1)], Some((0, true))));
    // Beside hours, minutes and seconds the shorter form is hours and minutes.
    assert_eq!(durations(&["01:30", "00:45:00"], None, true).values, [Ok(90), Ok(45)]);
    // Half an hour, three quarters and two hours; minutes do not come so.
    let hours = durations(&["0.5", "0.75", "2", "1h"], None, false);
    assert_eq!((hours.no_minutes, hours.values[2], hours.values[3]), (Some(0), Err(BadDuration::NoUnit), Ok(60)));
    assert_eq!(durations(&["0.5", "0.75", "2"], Some(TimeUnit::Hours), false).values, [Ok(30), Ok(45), Ok(120)]);
    let seconds = durations(&["600", "1800", "3600", "90"], None, false);
    assert_eq!((seconds.no_minutes, seconds.values[0]), (Some(1), Err(BadDuration::NoUnit)));
    // One slip among many is a slip.
    let mut slip: Vec<String> = (1..40).map(|n| n.to_string()).collect();
    slip.push("4500".to_owned());
    let read = durations(&slip, None, false);
    assert_eq!((read.no_minutes, read.values[0], read.values[39]), (None, Ok(1), Err(BadDuration::TooLong)));
}

#[test]
fn headings_name_units() {
    use TimeUnit::{Hours, Milliseconds, Minutes, Seconds};
    for (heading, unit) in [
        ("Call Duration (in seconds)", Some(Seconds)),
        ("CallDurationInSeconds", Some(Seconds)),
        ("duration_min", Some(Minutes)),
        ("Duration (hours)", Some(Hours)),
        ("duration_ms", Some(Milliseconds)),
        ("Talk Time (s)", Some(Seconds)),
        ("Dauer (Min.)", Some(Minutes)),
        ("Dur\u{e9}e (h)", Some(Hours)),
        ("Duration", None),
        ("Call Duration", None),
        ("Duration (hh:mm:ss)", None),
    ] {
        assert_eq!(TimeUnit::of_heading(heading), unit, "{heading:?}");
    }
}
