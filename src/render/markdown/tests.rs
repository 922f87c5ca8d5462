#![allow(clippy::unwrap_used, clippy::expect_used)]

use proptest::prelude::*;

use super::*;
use crate::calendar::Day;
use crate::document::GridCell;
use crate::render::example::{column, dec, document, note, row as row_of, section, verdicts, words};

fn of(document: &Document, style: &Style) -> String {
    String::from_utf8(render(document, style).unwrap()).unwrap()
}

fn page(blocks: Vec<Block>) -> String {
    of(&Document { page: blocks, ..Document::default() }, &Style::default())
}

const EXAMPLE: &str = r#"# Acme · weekly flash · West

W46 (9–15 Nov 2026), complete; exports reach Sun 15 Nov

- **BUILDING** Leads 97 % of target over 4 weeks; revenue 69 % of pace. Results due from W52.
- **Talk first** Dev: no new prospect for 3 weeks · Mia: 14 hours, no advance · Lee: 2 no-shows of 5

## Leads and lags, W46

| | LEAD held in W46 / target: new prospect meetings | last 13 weeks | presentations | client hours | BOOKED: for W47 | LAG quarter so far / pace: revenue, k$ (31 of 63 days) | profit, k$ | state |
| --- | --- | ---: | --- | --- | --- | --- | --- | --- |
| **West (8)** | **28/30** | ▁▂▃▆▅▇█ | **19/15** | **74/75** | **22/30** | **534/770 69 %** | **204/287** | **BUILDING** |
| Ana Silva | 5/4 | ▂▃▃▆▆▇█ | 3/2 | 11/10 | 4/4 | 142/110 129 % | 58/41 | WINNING |
| Dev Rao | 0/4! | █▇▆▄▃▂▁ | 3/2 | 8/10 | 0/4! | 151/110 137 % | 60/41 | COASTING |
| Mia Chen | 4/4 | ▅█ ▃ | 0/2! | —/10 | 3 | 41/110 37 %! | — | too soon |

Won in W46: 7 deals, 118 k$ (W45: 4, 66)

- **Trust** activities 412 read = 398 used (188 on this page) + 9 left out + 5 refused · deals 96 read = 96 used
  - **not on it** 131 e-mails and tasks, 52 internal, 18 planned, 9 no-shows and canceled
  - **looks back** deals since 2021-02 · all 8 people matched
  - **see** leadlag explain new_prospect_meetings --owner "Dev Rao" --week 2026-W46
"#;

#[test]
fn the_page_as_headings_lists_and_tables() {
    assert_eq!(of(&document(), &Style::default()).replace('\u{a0}', " "), EXAMPLE);
    assert!(of(&document(), &Style::default()).contains("| ▅█\u{a0}▃ |"), "a gap that no reader closes");
}

#[test]
fn the_page_within_ascii() {
    let ascii = of(&document(), &Style { ascii: true, ..Style::default() });
    assert!(ascii.is_ascii());
    let chart = |from: &str, to: &str, text: String| text.replace(from, to);
    let expected = EXAMPLE.replace('·', "|").replace(['–', '—'], "-");
    let expected = chart("▁▂▃▆▅▇█", "`_.:+=*#`", expected);
    let expected = chart("▂▃▃▆▆▇█", "`.::++*#`", expected);
    let expected = chart("█▇▆▄▃▂▁", "`#*+-:._`", expected);
    assert_eq!(ascii, chart("▅█ ▃", "`   =# :`", expected));
}

#[test]
fn nothing_but_the_rows_of_a_grid_makes_a_table() {
    let text = |text: &str| Some(GridCell::Text(text.to_owned()));
    let rows = vec![
        vec![text("Silva | Ana"), Some(GridCell::Day(Day(0))), Some(GridCell::Number(dec("-12.50")))],
        vec![text("5\" pipe\nsecond"), None],
    ];
    let grid = Grid { name: "records", columns: vec!["owner", "day", "amount"], rows, ..Grid::default() };
    let document = Document { title: "Refused".to_owned(), grid: Some(grid), ..Document::default() };
    let expected = "\
# Refused

| owner | day | amount |
| --- | --- | ---: |
| Silva \\| Ana | 1970-01-01 | -12.50 |
| 5\" pipe␊second | | |
";
    assert_eq!(of(&document, &Style::default()), expected);
    let both = Document { page: vec![Block::Notes(vec![note("", Tone::Plain, &["a page"])])], ..document };
    assert_eq!(of(&both, &Style::default()), "a page\n");
    assert_eq!(of(&Document::default(), &Style::default()), "");
    assert_eq!(page(vec![Block::Notes(Vec::new()), Block::Table(Table::default())]), "");
}

#[test]
fn notes_without_labels_are_paragraphs_headings_or_further_items() {
    let table = Table {
        title: "said already".to_owned(),
        groups: Vec::new(),
        columns: vec![column(&["a"], true, 0)],
        rows: vec![row_of(Tone::Plain, vec![words("1")]), row_of(Tone::Plain, vec![])],
    };
    let blocks = vec![
        Block::Banner { left: "One".to_owned(), right: String::new() },
        Block::Notes(vec![
            note("", Tone::Bad, &["First."]),
            note("Assumed", Tone::Plain, &["one"]),
            note("", Tone::Plain, &["two"]),
            note("See", Tone::Plain, &[]),
            note("  deep", Tone::Plain, &["three", "", "four"]),
        ]),
        Block::Banner { left: "Two".to_owned(), right: "- 2".to_owned() },
        Block::Notes(vec![note("", Tone::Strong, &["Counted: 1", "5 more"])]),
        Block::Table(table),
    ];
    let expected = "\
# One

**First.**

- **Assumed** one
  - two
- **See**
  - **deep** three · four

## Two

\\- 2

## Counted: 1 · 5 more

| a |
| ---: |
| 1 |
| |
";
    assert_eq!(page(blocks), expected);
}

#[test]
fn scores_stay_in_their_cell() {
    let table = || vec![Block::Table(verdicts())];
    let rows = |page: String| page.lines().skip(4).map(str::to_owned).collect::<Vec<_>>();
    let expected = [
        "| new prospect meetings | deals won | ▁.▁▂.▁.▁.▁▂.▁│▂│▂▃▄▆██▇▅▂▁.▁. | leads |",
        "| presentations | deals won | .▂.▁........▂│▂│▁.▂▁.▂\u{a0}▁.▂▁.▁ | no lead shown |",
    ];
    assert_eq!(rows(page(table())), expected);
    let ascii = render(&Document { page: table(), ..Document::default() }, &Style { ascii: true, ..Style::default() }).unwrap();
    let row = rows(String::from_utf8(ascii).unwrap()).swap_remove(0);
    assert!(row.contains(" `._.:_._._.:_.\\|.\\|::-+##*=:._._` |"), "a bar has a backslash: {row}");
}

#[test]
fn a_text_without_end_ends() {
    let long = "x".repeat(10_000);
    let table = Table {
        title: String::new(),
        groups: Vec::new(),
        columns: vec![column(&["name"], false, 0)],
        rows: vec![row_of(Tone::Plain, vec![words(&format!("{long}1"))]), row_of(Tone::Plain, vec![words(&format!("{long}2"))])],
    };
    let blocks = vec![
        Block::Banner { left: long.clone(), right: long.clone() },
        Block::Notes(vec![note("a", Tone::Plain, &[&long, "after"])]),
        Block::Table(table),
    ];
    let shown = page(blocks);
    assert!(shown.len() < 3000, "{}", shown.len());
    assert!(shown.contains("after\n") && shown.contains("x1 |") && shown.contains("x2 |"), "two names stay two");
}

#[test]
fn what_people_are_called_reads_as_it_is_written() {
    for name in [
        "Brian O'Dell",
        "Zoë Müller",
        "Smith-Jones, \"Bob\"",
        "R&D, Sales & Co",
        "AT&T",
        "new_prospect_meetings",
        "Customer_Since__c",
        "مریم",
        "👩\u{200d}💻 dev",
        "C#",
        "(no owner)",
        "Booking.com",
        "2026-11-15T09:30:00.000Z",
        "file.csv:12",
        "-5",
        "+49 30 1234",
        "00123",
        "100 %!",
        "1 > 0",
        "k$ (W45: 137 k$)",
        "$5 and 6",
        "a = b",
        "C:\\Users",
        "No. 1.",
        "#",
        "@",
        "held: 72",
        "deadline",
        "5",
        "W46]",
    ] {
        let shown = inline(name, Place::Cell);
        assert_eq!(shown.replace("\\#", "#"), name);
    }
}

#[test]
fn marks_are_text() {
    let cases = [
        ("*bold* _x_ __y__", r"\*bold\* \_x\_ \_\_y\_\_"),
        ("~~gone~~ `code`", r"\~\~gone\~\~ \`code\`"),
        ("[x](y) ![z] [^1]", r"\[x](y) !\[z] \[^1]"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("<!-- x -->", "&lt;!-- x -->"),
        ("&amp; &lt; &copy R&D &#64;", "&amp;amp; &amp;lt; &copy R&D `&#64;`"),
        (r"a\*b \\ c\", r"a\\\*b \\\ c\\"),
        (r"a|b \| c", r"a\|b \\&#124; c"),
        ("C # ##", r"C \# \##"),
        ("a:tada:b 10:30:00", "`a:tada:b` 10:30:00"),
        ("@octocat and (@org/team)", "`@octocat` and `(@org/team)`"),
        ("ana@example.com|x", r"`ana@example.com`\|x"),
        ("see https://evil.example, WWW.x.y", "see `https://evil.example,` `WWW.x.y`"),
        ("#12 org/repo#3 GH-4 a1b2c3d", "`#12` `org/repo#3` `GH-4` `a1b2c3d`"),
        ("`@x` ``@y", "`` `@x` `` ``` ``@y ```"),
        ("$a$ $", "`$a$` $"),
        ("$5 or $6, $7", "`$5` or `$6,` $7"),
        ("$x and y$", "`$x` and y$"),
        ("5 k$ and 6 k$", "5 k$ and 6 k$"),
        ("=1+1 | -2+3", r"=1+1 \| -2+3"),
    ];
    for (text, expected) in cases {
        assert_eq!(inline(text, Place::Cell), expected, "{text}");
    }
    assert_eq!(inline("a|b", Place::Line), "a|b");
}

#[test]
fn no_text_begins_a_block() {
    let cases = [
        ("- x", r"\- x"),
        ("+ x", r"\+ x"),
        ("-", r"\-"),
        ("---", r"\---"),
        ("-5", "-5"),
        ("+49 30", "+49 30"),
        ("> x", r"\> x"),
        ("# x", r"\# x"),
        ("12. x", r"12\. x"),
        ("1)", r"1\)"),
        ("1.5", "1.5"),
        ("===", r"\==="),
        ("* x", r"\* x"),
        ("___", r"\_\_\_"),
        ("```", r"\`\`\`"),
        ("[ ] x", r"\[ ] x"),
    ];
    for (text, expected) in cases {
        assert_eq!(inline(text, Place::Start), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn a_table_keeps_its_shape(names in proptest::collection::vec("[\\\\|`*_<>&#;@a$: \\[\\]\u{e9}\n]{0,12}", 1..4)) {
        let table = Table {
            title: String::new(),
            groups: Vec::new(),
            columns: names.iter().map(|name| column(&[name], false, 0)).collect(),
            rows: vec![row_of(Tone::Strong, names.iter().map(|name| words(name)).collect())],
        };
        let shown = page(vec![Block::Table(table)]);
        prop_assert_eq!(shown.lines().count(), 3, "{}", shown);
        for line in shown.lines() {
            // Every pipe of the text has a backslash of its own before it.
            let pipes = line.replace("\\\\", "").replace("\\|", "").matches('|').count();
            prop_assert_eq!(pipes, names.len() + 1, "{}", line);
        }
    }
}

#[test]
fn a_further_section_has_a_heading_of_its_own() {
    let expected =
        "## Pipeline\n\n### Pipeline, W46\n\n| | open deals |\n| --- | ---: |\n| Ana Silva | 12 |\n| Dev Rao | 7 |\n\n- **Note** today's\n";
    let shown = page(section());
    assert_eq!(shown.replace("&nbsp;", " "), expected);
}
