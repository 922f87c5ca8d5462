#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;
use crate::document::{Cell, Content};
use crate::render::example::{alone, bad, column, count, of, row, scoreboard, verdicts, words};
use crate::unit::Value;

fn lines(table: &Table, width: usize) -> Vec<String> {
    super::table(table, &Style { width, ..Style::default() })
}

/// A table of names beside one right-aligned number.
fn named<S: AsRef<str>>(names: &[S]) -> Table {
    Table {
        title: String::new(),
        groups: Vec::new(),
        columns: vec![column(&["name"], false, 0), column(&["meetings"], true, 0)],
        rows: names.iter().map(|name| row(Tone::Plain, vec![words(name.as_ref()), alone(count("5"))])).collect(),
    }
}

#[test]
fn digits_stand_under_each_other_marked_or_not() {
    let table = Table {
        title: String::new(),
        groups: Vec::new(),
        columns: vec![column(&["a"], true, 0), column(&["held"], true, 0), column(&["word"], true, 0)],
        rows: vec![
            row(Tone::Plain, vec![alone(count("128")), of(count("9"), count("10")), words("17")]),
            row(Tone::Plain, vec![bad(alone(count("4.5"))), bad(of(count("12"), count("100"))), bad(words("3"))]),
            row(Tone::Plain, vec![]),
        ],
    };
    assert_eq!(lines(&table, 80), ["   a     held  word", "128    9/10     17", "4.5!  12/100!    3!", ""]);
}

#[test]
fn shares_stand_in_a_column_of_their_own() {
    let share = |value: &str, share: f64| Cell {
        content: Content::Value { value: count(value), against: Some(count("10")), share: Some(share) },
        tone: Tone::Plain,
    };
    let table = Table {
        title: String::new(),
        groups: Vec::new(),
        columns: vec![column(&["x"], false, 0)],
        rows: vec![
            row(Tone::Plain, vec![share("12", 1.2)]),
            row(Tone::Plain, vec![bad(share("0", 0.0))]),
            row(Tone::Plain, vec![share("3", f64::NAN)]),
        ],
    };
    assert_eq!(lines(&table, 80), ["x", "12/10 120 %", " 0/10   0 %!", " 3/10"]);
}

#[test]
fn wide_characters_take_two_columns() {
    let table = named(&["田中 太郎", "Zoë", "e\u{301}a", "👩\u{200d}💻 dev"]);
    assert_eq!(
        lines(&table, 80),
        [
            "name       meetings",
            "田中 太郎         5",
            "Zoë               5",
            "e\u{301}a                5",
            "👩\u{200d}💻 dev            5"
        ]
    );
}

#[test]
fn long_names_are_shortened_and_stay_different() {
    let long = "N".repeat(10_000);
    let one = format!("{long}1");
    let two = format!("{long}2");
    let shown = lines(&named(&[one.as_str(), two.as_str(), "Ana", "Wolfeschlegelsteinhausenbergerdorff"]), 80);
    assert_eq!(shown[1], "NNNNNNNNNNNN…NNNNNNNNNN1         5");
    assert_eq!(shown[2], "NNNNNNNNNNNN…NNNNNNNNNN2         5");
    assert_eq!(shown[3], "Ana                              5");
    assert_eq!(shown[4], "Wolfeschlegelsteinhause…         5");
}

#[test]
fn hostile_names_are_shown() {
    let shown = lines(&named(&["=HYPERLINK(\"x\")", "\u{1b}[31mred", "a\u{202e}b", "a\r\nb", "  "]), 80);
    assert_eq!(
        shown,
        [
            "name             meetings",
            "=HYPERLINK(\"x\")         5",
            "␛[31mred                5",
            "a<U+202E>b              5",
            "a␍␊b                    5",
            "                        5",
        ]
    );
}

#[test]
fn other_words_get_the_room_that_is_left() {
    let subject = "A subject of many words that go on until somebody stops reading it, which may be soon";
    let mut table = named(&["Ana"]);
    table.columns.insert(1, column(&["subject"], false, 0));
    table.rows[0].cells.insert(1, words(subject));
    assert_eq!(text::width(subject), 85);
    assert_eq!(lines(&table, 101)[1], format!("Ana   {subject}         5"));
    assert_eq!(lines(&table, 100)[1], format!("Ana   {}…         5", &subject[..83]));
    assert_eq!(lines(&table, 50)[1], format!("Ana   {}…         5", &subject[..33].trim_end()));
}

#[test]
fn columns_of_one_order_go_together_and_their_title_with_them() {
    let table = scoreboard();
    let has = |width: usize, word: &str| lines(&table, width).iter().any(|line| line.contains(word));
    for (word, at_least) in [("▁", 97), ("BOOKED", 88), ("204/287", 79)] {
        assert!(has(at_least, word), "{word} at {at_least}");
        assert!(!has(at_least - 1, word), "{word} at {}", at_least - 1);
    }
    let mut table = scoreboard();
    table.columns[2].drop = 2;
    let narrow = lines(&table, 90);
    assert!(!narrow.iter().any(|line| line.contains('▁') || line.contains("BOOKED")), "{narrow:#?}");
}

#[test]
fn titles_go_on_in_further_lines() {
    let table = Table {
        title: String::new(),
        groups: vec![("LEAD  held in W46".to_owned(), 2), ("BOOKEDNEXT".to_owned(), 1), ("LAG  to date".to_owned(), 9)],
        columns: vec![column(&["a"], false, 0), column(&["meetings"], false, 0), column(&["b"], false, 0), column(&["c"], false, 0)],
        rows: vec![row(Tone::Plain, vec![words("x"), words("y"), words("z"), words("w")])],
    };
    assert_eq!(
        lines(&table, 80),
        ["LEAD held    BOOKEDNEXT  LAG  to date", "in W46", "a  meetings  b           c", "x  y         z           w"]
    );
}

#[test]
fn charts_end_together() {
    let chart = |points: &[f64]| Cell { content: Content::Spark(points.iter().map(|&point| Some(point)).collect()), tone: Tone::Plain };
    let table = Table {
        title: String::new(),
        groups: Vec::new(),
        columns: vec![column(&["weeks"], false, 0), column(&["n"], true, 0)],
        rows: vec![
            row(Tone::Plain, vec![chart(&[1.0, 2.0, 2.0]), alone(Value::Ratio(0.5))]),
            row(Tone::Plain, vec![bad(chart(&[0.0])), alone(Value::Days(3.0))]),
        ],
    };
    assert_eq!(lines(&table, 80), ["weeks     n", "▅██    50 %", "  ▁!    3 d"]);
}

#[test]
fn scores_stand_week_under_week() {
    let expected = [
        "lead                   lag        13 weeks before                verdict",
        "                                  to 13 after",
        "new prospect meetings  deals won  ▁.▁▂.▁.▁.▁▂.▁│▂│▂▃▄▆██▇▅▂▁.▁.  leads",
        "presentations          deals won  .▂.▁........▂│▂│▁.▂▁.▂ ▁.▂▁.▁  no lead shown",
    ];
    assert_eq!(lines(&verdicts(), 100), expected);
    let ascii = super::table(&verdicts(), &Style { width: 100, ascii: true, ..Style::default() });
    assert_eq!(ascii[2], "new prospect meetings  deals won  ._.:_._._.:_.|.|::-+##*=:._._  leads");
}

proptest! {
    #[test]
    fn no_line_is_too_wide_or_ends_with_a_space(
        names in proptest::collection::vec(".{0,60}", 1..6),
        state in any::<String>(),
        numbers in proptest::collection::vec((0_u32..1000, 0_u32..1000, any::<bool>()), 6),
        width in 40_usize..140,
        ascii in any::<bool>(),
    ) {
        let mut table = scoreboard();
        table.columns[0] = column(&["name"], false, 0);
        for (at, column) in table.columns.iter_mut().enumerate() {
            column.drop = u8::from((2..8).contains(&at));
        }
        table.rows = names.iter().zip(&numbers).map(|(name, (value, against, is_bad))| {
            let number = of(count(&value.to_string()), count(&against.to_string()));
            row(Tone::Plain, vec![words(name), if *is_bad { bad(number) } else { number }, Cell::default(), Cell::default(), Cell::default(),
                Cell::default(), Cell::default(), Cell::default(), words(&state)])
        }).collect();
        let lines = super::table(&table, &Style { width, ascii, ..Style::default() });
        prop_assert!(lines.len() >= table.rows.len() + 3);
        for line in &lines {
            prop_assert!(text::width(line) <= width, "{} > {width}: {line:?}", text::width(line));
            prop_assert_eq!(line.as_str(), line.trim_end());
            prop_assert!(!line.contains(text::unseen));
        }
    }

    #[test]
    fn different_names_look_different(names in proptest::collection::hash_set("[ab]{20,40}", 2..30)) {
        let names: Vec<String> = names.into_iter().collect();
        let mut shown = lines(&named(&names), 60);
        shown.remove(0);
        shown.sort();
        shown.dedup();
        prop_assert_eq!(shown.len(), names.len());
    }
}
