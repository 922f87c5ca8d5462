#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::render::example::{document, note, section};

fn page(style: &Style) -> String {
    String::from_utf8(render(&document(), style).unwrap()).unwrap()
}

fn of(blocks: Vec<Block>, style: &Style) -> String {
    String::from_utf8(render(&Document { page: blocks, ..Document::default() }, style).unwrap()).unwrap()
}

/// Leaves the line break after the opening quotation mark away.
fn golden(text: &str) -> &str {
    text.strip_prefix('\n').unwrap()
}

const AT_100: &str = r#"
Acme · weekly flash · West                   W46 (9–15 Nov 2026), complete; exports reach Sun 15 Nov

BUILDING    Leads 97 % of target over 4 weeks; revenue 69 % of pace. Results due from W52.
Talk first  Dev: no new prospect for 3 weeks · Mia: 14 hours, no advance · Lee: 2 no-shows of 5

           LEAD  held in W46 / target              BOOKED   LAG  quarter so far / pace
           new prospect  last 13  presen-  client  for W47  revenue, k$      profit, k$
           meetings      weeks    tations  hours            (31 of 63 days)              state
West (8)   28/30         ▁▂▃▆▅▇█  19/15    74/75   22/30    534/770  69 %    204/287     BUILDING
Ana Silva   5/4          ▂▃▃▆▆▇█   3/2     11/10    4/4     142/110 129 %     58/41      WINNING
Dev Rao     0/4!         █▇▆▄▃▂▁   3/2      8/10    0/4!    151/110 137 %     60/41      COASTING
Mia Chen    4/4             ▅█ ▃   0/2!     —/10    3        41/110  37 %!     —         too soon

Won in W46: 7 deals, 118 k$ (W45: 4, 66)

Trust  activities 412 read = 398 used (188 on this page) + 9 left out + 5 refused ·
       deals 96 read = 96 used
  not on it   131 e-mails and tasks, 52 internal, 18 planned, 9 no-shows and canceled
  looks back  deals since 2021-02 · all 8 people matched
  see         leadlag explain new_prospect_meetings --owner "Dev Rao" --week 2026-W46
"#;

#[test]
fn the_page_at_100_columns() {
    assert_eq!(page(&Style::default()), golden(AT_100));
}

#[test]
fn the_page_at_140_columns_is_the_same_with_its_ends_further_apart() {
    let wide = page(&Style { width: 140, ..Style::default() });
    let expected = AT_100
        .replace("West                   W46 (9–15", "West                                                           W46 (9–15")
        .replace("refused ·\n       deals", "refused · deals");
    assert_eq!(wide, golden(&expected));
    assert_eq!(text::width(wide.lines().next().unwrap()), 140);
}

#[test]
fn the_page_at_80_columns_loses_its_charts_and_what_is_booked() {
    let expected = r#"
Acme · weekly flash · West
W46 (9–15 Nov 2026), complete; exports reach Sun 15 Nov

BUILDING    Leads 97 % of target over 4 weeks; revenue 69 % of pace. Results due
            from W52.
Talk first  Dev: no new prospect for 3 weeks · Mia: 14 hours, no advance ·
            Lee: 2 no-shows of 5

           LEAD  held in W46 / target     LAG  quarter so far / pace
           new prospect  presen-  client  revenue, k$      profit, k$
           meetings      tations  hours   (31 of 63 days)              state
West (8)   28/30         19/15    74/75   534/770  69 %    204/287     BUILDING
Ana Silva   5/4           3/2     11/10   142/110 129 %     58/41      WINNING
Dev Rao     0/4!          3/2      8/10   151/110 137 %     60/41      COASTING
Mia Chen    4/4           0/2!     —/10    41/110  37 %!     —         too soon

Won in W46: 7 deals, 118 k$ (W45: 4, 66)

Trust  activities 412 read = 398 used (188 on this page) + 9 left out + 5
       refused · deals 96 read = 96 used
  not on it   131 e-mails and tasks, 52 internal, 18 planned, 9 no-shows and
              canceled
  looks back  deals since 2021-02 · all 8 people matched
  see         leadlag explain new_prospect_meetings --owner "Dev Rao" --week
              2026-W46
"#;
    assert_eq!(page(&Style { width: 80, ..Style::default() }), golden(expected));
}

#[test]
fn the_page_at_60_columns_shortens_names_last() {
    let expected = r#"
Acme · weekly flash · West
W46 (9–15 Nov 2026), complete; exports reach Sun 15 Nov

BUILDING    Leads 97 % of target over 4 weeks; revenue 69 %
            of pace. Results due from W52.
Talk first  Dev: no new prospect for 3 weeks ·
            Mia: 14 hours, no advance · Lee: 2 no-shows of 5

          LEAD  held in W46 / target     LAG quarter so far / pace
          new prospect  presen-  client  revenue, k$
          meetings      tations  hours   (31 of 63 days)  state
West (8)  28/30         19/15    74/75   534/770  69 %    BUILDING
Ana Sil…   5/4           3/2     11/10   142/110 129 %    WINNING
Dev Rao    0/4!          3/2      8/10   151/110 137 %    COASTING
Mia Chen   4/4           0/2!     —/10    41/110  37 %!   too soon

Won in W46: 7 deals, 118 k$ (W45: 4, 66)

Trust  activities 412 read = 398 used (188 on this page) +
       9 left out + 5 refused · deals 96 read = 96 used
  not on it   131 e-mails and tasks, 52 internal, 18
              planned, 9 no-shows and canceled
  looks back  deals since 2021-02 · all 8 people matched
  see         leadlag explain new_prospect_meetings --owner
              "Dev Rao" --week 2026-W46
"#;
    assert_eq!(page(&Style { width: 60, ..Style::default() }), golden(expected));
}

#[test]
fn the_page_within_ascii() {
    let ascii = page(&Style { ascii: true, ..Style::default() });
    assert!(ascii.is_ascii());
    // Charts apart, only single marks are exchanged, so nothing moves.
    let expected = AT_100.replace('·', "|").replace(['–', '—'], "-");
    let expected: String = expected
        .chars()
        .map(|c| "▁▂▃▄▅▆▇█".chars().position(|level| level == c).map_or(c, |at| "_.:-=+*#".chars().nth(at).unwrap()))
        .collect();
    assert_eq!(ascii, golden(&expected));
}

#[test]
fn color_only_adds() {
    let colored = page(&Style { color: true, ..Style::default() });
    let line = |start: &str| colored.lines().find(|line| line.contains(start)).unwrap();
    assert_eq!(
        line("West (8)"),
        "\x1b[1mWest (8)\x1b[0m   \x1b[1m28/30\x1b[0m         \x1b[1m▁▂▃▆▅▇█\x1b[0m  \x1b[1m19/15\x1b[0m    \x1b[1m74/75\x1b[0m   \
         \x1b[1m22/30\x1b[0m    \x1b[1m534/770  69 %\x1b[0m    \x1b[1m204/287\x1b[0m     \x1b[1mBUILDING\x1b[0m"
    );
    assert_eq!(
        line("Mia Chen"),
        "Mia Chen    4/4             ▅█ ▃   \x1b[1;31m0/2!\x1b[0m     —/10    3        \x1b[1;31m41/110  37 %!\x1b[0m     —         \
         \x1b[2mtoo soon\x1b[0m"
    );
    assert!(line("Results due").starts_with("\x1b[1mBUILDING\x1b[0m    Leads"));
    assert!(line("explain").starts_with("  \x1b[2msee\x1b[0m         \x1b[2mleadlag"));
    let mut plain = colored.clone();
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[1;31m"] {
        plain = plain.replace(code, "");
    }
    assert_eq!(plain, golden(AT_100));
}

#[test]
fn no_line_ends_with_a_space() {
    for width in 0..200 {
        for (color, ascii) in [(false, false), (false, true), (true, false)] {
            for line in page(&Style { width, color, ascii, ..Style::default() }).lines() {
                assert_eq!(line, line.trim_end(), "at {width} columns");
            }
        }
    }
}

#[test]
fn an_empty_page_is_empty() {
    assert_eq!(of(Vec::new(), &Style::default()), "");
    let empty = vec![
        Block::Notes(Vec::new()),
        Block::Table(crate::document::Table::default()),
        Block::Banner { left: String::new(), right: String::new() },
    ];
    assert_eq!(of(empty, &Style::default()), "");
}

#[test]
fn notes_without_labels_join_those_before() {
    let notes = vec![
        note("", Tone::Plain, &["First."]),
        note("Assumed", Tone::Plain, &["one"]),
        note("", Tone::Plain, &["two"]),
        note("See", Tone::Plain, &[]),
        note("  deep", Tone::Plain, &["three", "", "four"]),
    ];
    assert_eq!(of(vec![Block::Notes(notes)], &Style::default()), "First.\nAssumed  one\n         two\nSee\n  deep  three · four\n");
}

#[test]
fn hostile_text_is_shown_not_obeyed() {
    let hostile = "\u{1b}[2Jx\u{202e}y\r\nz\u{9b}31m";
    let blocks = vec![
        Block::Banner { left: hostile.to_owned(), right: hostile.to_owned() },
        Block::Notes(vec![note(hostile, Tone::Bad, &[hostile])]),
    ];
    let shown = "␛[2Jx<U+202E>y␍␊z<U+009B>31m";
    let page = of(blocks, &Style { width: 200, ..Style::default() });
    assert_eq!(page.matches(shown).count(), 3, "{page}");
    assert!(page.chars().all(|c| c == '\n' || !text::unseen(c)));
}

#[test]
fn a_long_text_is_wrapped_and_ends() {
    let long = "x".repeat(10_000);
    let page = of(vec![Block::Notes(vec![note(&long, Tone::Plain, &[&long, "after"])])], &Style::default());
    assert!(page.lines().all(|line| text::width(line) <= 100), "{page}");
    assert_eq!(page.lines().count(), 6);
    assert!(page.ends_with("after\n"));
}

#[test]
fn a_heading_belongs_to_what_stands_under_it() {
    let blocks = || [vec![Block::Notes(vec![note("", Tone::Plain, &["Above."])])], section()].concat();
    let expected =
        "Above.\n\nPipeline\n────────\n            open\n           deals\nAna Silva     12\nDev Rao        7\n\nNote  today's\n";
    assert_eq!(of(blocks(), &Style::default()), expected);
    assert_eq!(of(blocks(), &Style { ascii: true, ..Style::default() }), expected.replace('─', "-"));
}
