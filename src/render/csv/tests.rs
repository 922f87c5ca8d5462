#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::calendar::Day;
use crate::document::{Grid, GridCell};
use crate::render::example::{count, dec, document, usd, values};
use crate::unit::{Unit, Value};

fn text_of(document: &Document, style: &Style) -> String {
    String::from_utf8(render(document, style).unwrap()).unwrap()
}

fn grid(rows: Vec<Vec<Option<GridCell>>>) -> Document {
    let grid = Grid { name: "records", columns: vec!["owner", "day", "amount"], rows, ..Grid::default() };
    Document { grid: Some(grid), values: values(), ..Document::default() }
}

#[test]
fn tidy_rows() {
    let expected = "\
level,name,team,period,period_start,period_end,complete,role,measure,unit,value,missing,target,pace,previous,average
all,,,2026-W46,2026-11-09,2026-11-15,true,lead,new_prospect_meetings,count,28,,30,30,26,24.3846
all,,,2026-W46,2026-11-09,2026-11-15,true,lead,client_hours,hours,74.17,,75.00,,,
all,,,2026-W46,2026-11-09,2026-11-15,true,lag,revenue,USD,118000.50,,770000.00,378888.8889,66000.50,
owner,Ana Silva,West,2026-W46,2026-11-09,2026-11-15,false,lead,new_prospect_meetings,count,0,,,,,
owner,Ana Silva,West,2026-W46,2026-11-09,2026-11-15,true,lead,client_hours,hours,,too_few,,,,
owner,Ana Silva,West,2026-W46,2026-11-09,2026-11-15,true,lead,no_show_rate,ratio,0.333333,,,,,
owner,Ana Silva,West,2026-W46,2026-11-09,2026-11-15,true,lag,revenue,USD,0.00,,,,,
";
    assert_eq!(text_of(&document(), &Style::default()), expected);
    assert_eq!(String::from_utf8(render_tabs(&document(), &Style::default()).unwrap()).unwrap(), expected.replace(',', "\t"));
}

#[test]
fn the_heading_is_there_without_rows() {
    let empty = Document::default();
    assert_eq!(text_of(&empty, &Style::default()).lines().count(), 1);
    assert_eq!(text_of(&empty, &Style { wide: true, ..Style::default() }), "level,name,team,period,period_start,period_end,complete\n");
}

#[test]
fn wide_rows_are_complete_where_all_their_values_are() {
    let expected = "\
level,name,team,period,period_start,period_end,complete,new_prospect_meetings,client_hours,revenue,no_show_rate
all,,,2026-W46,2026-11-09,2026-11-15,true,28,74.17,118000.50,
owner,Ana Silva,West,2026-W46,2026-11-09,2026-11-15,false,0,,0.00,0.333333
";
    assert_eq!(text_of(&document(), &Style { wide: true, ..Style::default() }), expected);
}

#[test]
fn wide_headings_name_a_currency_only_where_there_are_several() {
    let mut document = document();
    let mut euros = document.values[2].clone();
    euros.unit = Unit::Money(Arc::from("EUR"));
    euros.value = Value::Money(dec("9.99"), Arc::from("EUR"));
    document.values.insert(3, euros);
    let wide = text_of(&document, &Style { wide: true, ..Style::default() });
    let mut lines = wide.lines();
    assert!(lines.next().unwrap().ends_with("complete,new_prospect_meetings,client_hours,revenue (USD),revenue (EUR),no_show_rate"));
    assert!(lines.next().unwrap().ends_with("true,28,74.17,118000.50,9.99,"));
    assert!(lines.next().unwrap().ends_with("false,0,,0.00,,0.333333"));
}

#[test]
fn a_spreadsheet_gets_marks_commas_and_semicolons() {
    let style = Style { excel: true, ..Style::default() };
    let sheet = text_of(&document(), &style);
    assert!(sheet.starts_with("\u{feff}level;name;team;"));
    assert!(sheet.contains("\r\nall;;;2026-W46;2026-11-09;2026-11-15;true;lag;revenue;USD;118000,50;;770000,00;378888,8889;66000,50;\r\n"));
    assert_eq!(sheet.matches('\n').count(), sheet.matches("\r\n").count());
    let tabs = String::from_utf8(render_tabs(&document(), &style).unwrap()).unwrap();
    assert!(tabs.starts_with("\u{feff}level\tname\t"));
}

#[test]
fn a_grid_goes_before_values() {
    let text = |text: &str| Some(GridCell::Text(text.to_owned()));
    let document = grid(vec![
        vec![text("Silva, Ana"), Some(GridCell::Day(Day(0))), Some(GridCell::Number(dec("-12.50")))],
        vec![text("5\" pipe\nsecond"), None],
        vec![],
    ]);
    let expected = "owner,day,amount\n\"Silva, Ana\",1970-01-01,-12.50\n\"5\"\" pipe\nsecond\",,\n,,\n";
    assert_eq!(text_of(&document, &Style::default()), expected);
}

const PLAIN: Style = Style { width: 100, color: false, ascii: false, wide: false, excel: false };
const EXCEL: Style = Style { excel: true, ..PLAIN };

#[test]
fn formulas_are_disarmed_and_numbers_are_not() {
    let formulas = [
        "=HYPERLINK(\"x\")",
        "+cmd|' /C calc'!A0",
        "-1+1",
        "-2+3",
        "@SUM(A1)",
        "@",
        "\tx",
        "\nx",
        "=1",
        "-A1",
        "＝1",
        "＋1+1",
        "－A1",
        "＠x",
        " =1",
        "\u{a0}=1",
        "\u{3000}@x",
        "+1*2",
        "-1^2",
        "-1&2",
        "+A1",
        "-1e5",
    ];
    for formula in formulas {
        assert_eq!(harmless(formula, &PLAIN), format!("'{formula}"));
        assert_eq!(harmless(formula, &EXCEL), format!("'{formula}"));
    }
    assert_eq!(harmless("\rx", &PLAIN), "'␍x");
    for text in [
        "-5",
        "-1,234.50",
        "-5 %",
        "-$20",
        "-€1'200.00",
        "+49 30 1234",
        "+493012345",
        "+1 (555) 010-9999",
        "+49 30-1234",
        "-",
        "+",
        "00123",
        "Ana",
        "'=1",
        "a=b",
        "",
        "2026-11-09",
        "1+1",
        "Smith, -5 of them",
        "O'Dell; +49 30 1234",
        "a@b.example",
        "x = y",
        "(=1)",
        "5-3",
    ] {
        assert_eq!(harmless(text, &PLAIN), text);
        assert_eq!(harmless(text, &EXCEL), text);
    }
    // Excel would show -654, 0.25 and 19 for these.
    for phone in ["+1-555-0100", "+1/4", "+49 - 30", "-5-3"] {
        assert_eq!(harmless(phone, &PLAIN), phone);
        assert_eq!(harmless(phone, &EXCEL), format!("'{phone}"));
    }
    assert_eq!(harmless("a\r\nb\rc\u{1b}[31m\u{202e}", &PLAIN), "a\nb␍c␛[31m<U+202E>");
    assert_eq!(harmless("a\rb", &Style { ascii: true, ..PLAIN }), "a\\rb");
}

/// Where a file is split at another separator, or its quotes are not understood, a cell may begin anywhere after one of these.
#[test]
fn formulas_within_a_text_are_disarmed_where_a_cell_might_begin() {
    for (text, expected) in [
        ("a;=1+1", "a;'=1+1"),
        ("a,@x,+A1", "a,'@x,'+A1"),
        ("a\t=1", "a\t'=1"),
        ("a\n-A1", "a\n'-A1"),
        ("a\r=1", "a␍'=1"),
        ("x;\"=1+1\"", "x;\"'=1+1\""),
        ("a;＝1", "a;'＝1"),
        (";=1", ";'=1"),
        ("a;-5;+49 30", "a;-5;+49 30"),
        ("a,-1,cmd|x", "a,-1,cmd|x"),
        ("a;-1,cmd|x", "a;'-1,cmd|x"),
        ("a; =1", "a; =1"),
    ] {
        assert_eq!(harmless(text, &PLAIN), expected);
    }
}

#[test]
fn whatever_a_spreadsheet_splits_at_is_quoted() {
    let text = |text: &str| Some(GridCell::Text(text.to_owned()));
    let document =
        grid(vec![vec![text("a;b"), text("a,b"), text("a\tb")], vec![text("a b"), text("'"), Some(GridCell::Number(dec("-1.5")))]]);
    assert_eq!(text_of(&document, &PLAIN), "owner,day,amount\n\"a;b\",\"a,b\",\"a\tb\"\na b,',-1.5\n");
    assert_eq!(text_of(&document, &EXCEL), "\u{feff}owner;day;amount\r\n\"a;b\";\"a,b\";\"a\tb\"\r\na b;';-1,5\r\n");
    assert_eq!(
        String::from_utf8(render_tabs(&document, &PLAIN).unwrap()).unwrap(),
        "owner\tday\tamount\n\"a;b\"\t\"a,b\"\t\"a\tb\"\na b\t'\t-1.5\n"
    );
    let one = Grid { columns: vec!["owner"], rows: vec![vec![None], vec![text("x")]], ..Grid::default() };
    assert_eq!(text_of(&Document { grid: Some(one), ..Document::default() }, &PLAIN), "owner\n\"\"\nx\n");
}

#[test]
fn formulas_of_the_data_are_disarmed_in_the_file() {
    let mut document = document();
    document.values.truncate(1);
    document.values[0].name = "=HYPERLINK(\"x\")".to_owned();
    document.values[0].value = count("-28");
    let line = text_of(&document, &Style::default()).lines().nth(1).unwrap().to_owned();
    assert!(line.starts_with("all,\"'=HYPERLINK(\"\"x\"\")\",,"), "{line}");
    assert!(line.contains(",count,-28,,"), "{line}");
}

#[test]
fn a_long_name_stays_whole() {
    let name = "田".repeat(10_000);
    let mut document = document();
    document.values[0].name.clone_from(&name);
    document.values[0].value = usd("1");
    assert!(text_of(&document, &Style::default()).contains(&name));
}

proptest! {
    #[test]
    fn whatever_is_written_can_be_read_and_starts_no_formula(names in proptest::collection::vec(any::<String>(), 1..5), excel in any::<bool>()) {
        let document = grid(names.iter().map(|name| vec![Some(GridCell::Text(name.clone())), None, None]).collect());
        let bytes = render(&document, &Style { excel, ..Style::default() }).unwrap();
        let mut reader = ::csv::ReaderBuilder::new().delimiter(if excel { b';' } else { b',' }).from_reader(bytes.as_slice());
        let read: Vec<String> = reader.records().map(|record| record.unwrap().get(0).unwrap().to_owned()).collect();
        prop_assert_eq!(read.len(), names.len());
        for (read, name) in read.iter().zip(&names) {
            prop_assert!(!is_formula(read), "{read:?}");
            for cell in read.split([',', ';', '\t', '\n', '"']) {
                prop_assert!(!cell.starts_with(['=', '@', '\u{ff1d}', '\u{ff20}']), "{read:?}");
            }
            prop_assert!(!read.contains(|c: char| c.is_control() && c != '\t' && c != '\n'));
            if name.chars().all(char::is_alphanumeric) {
                prop_assert_eq!(read, name);
            }
        }
    }
}
