#![allow(clippy::unwrap_used, clippy::expect_used)]

mod figures;

use std::io::{Cursor, Read};
use std::sync::Arc;

use calamine::{Data, DataType as _, Range, Reader, SheetVisible, Xlsx};
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::calendar::Day;
use crate::document::{Block, Content, Figure, Grid, GridCell, HeatCell, Record, Tone};
use crate::render::example::{alone, bad, count, dec, document, note, row, scoreboard, section, usd, words};
use crate::render::json;
use crate::unit::{Unit, Value, Why};

fn bytes(document: &Document) -> Vec<u8> {
    render(document, &Style::default()).unwrap()
}

fn opened(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(bytes)).unwrap()
}

fn range(bytes: &[u8], sheet: &str) -> Range<Data> {
    opened(bytes).worksheet_range(sheet).unwrap()
}

/// The parts of the package that hold XML, by name.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut package = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..package.len() {
        let mut part = package.by_index(at).unwrap();
        let mut xml = String::new();
        part.read_to_string(&mut xml).unwrap();
        parts.push((part.name().unwrap().into_owned(), xml));
    }
    parts
}

/// Each part is XML; no cell is a formula, and nothing links anywhere.
fn assert_sound(bytes: &[u8]) {
    for (name, xml) in parts(bytes) {
        let tree = roxmltree::Document::parse(&xml).unwrap_or_else(|e| panic!("{name}: {e}"));
        let is = |tag: &str| {
            tree.descendants().any(|node| node.has_tag_name(("http://schemas.openxmlformats.org/spreadsheetml/2006/main", tag)))
        };
        assert!(!is("f") && !is("hyperlink") && !is("definedNameLink"), "{name}");
        assert!(!xml.contains("TargetMode=\"External\""), "{name}");
        let merged: Vec<_> =
            tree.descendants().filter(|node| node.tag_name().name() == "mergeCell").map(|node| node.attribute("ref")).collect();
        let mut distinct = merged.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(merged.len(), distinct.len(), "{name}");
    }
}

/// A cell of a sheet as the JSON says it.
fn as_json(cell: &Data) -> serde_json::Value {
    match cell {
        Data::Empty => serde_json::Value::Null,
        Data::String(words) => words.as_str().into(),
        Data::Float(number) => serde_json::Number::from_f64(*number).unwrap().into(),
        Data::Bool(flag) => (*flag).into(),
        Data::DateTime(at) => {
            let day = at.as_f64();
            assert!((day - day.round()).abs() < f64::EPSILON, "a date has no time");
            crate::render::number::date(Day(day as i32 - 25_569)).into()
        }
        other => panic!("{other:?}"),
    }
}

/// Compares a list with the JSON of the same rows, cell by cell; returns how many cells held something.
fn compare(sheet: &Range<Data>, rows: &[serde_json::Value]) -> usize {
    let mut sheet = sheet.rows();
    let headings: Vec<String> = sheet.next().unwrap().iter().map(ToString::to_string).collect();
    let mut held = 0;
    for expected in rows {
        let expected = expected.as_object().unwrap();
        assert_eq!(headings, expected.keys().cloned().collect::<Vec<_>>());
        let cells = sheet.next().unwrap_or_default();
        assert!(cells.len() == expected.len() || cells.is_empty() && expected.values().all(serde_json::Value::is_null));
        for (cell, (key, expected)) in cells.iter().zip(expected) {
            let cell = as_json(cell);
            let same = match expected {
                // A sheet has no difference between no words and nothing, nor between whole numbers and others.
                serde_json::Value::String(words) if words.is_empty() => cell.is_null(),
                serde_json::Value::Number(number) => cell.as_f64() == number.as_f64(),
                other => cell == *other,
            };
            assert!(same, "{key}: {cell} instead of {expected}");
            held += usize::from(!cell.is_null());
        }
    }
    assert!(sheet.next().is_none_or(|cells| rows.is_empty() && cells.iter().all(|cell| *cell == Data::Empty)));
    held
}

fn json_of(document: &Document) -> serde_json::Value {
    serde_json::from_slice(&json::render(document, &Style::default()).unwrap()).unwrap()
}

#[test]
fn the_data_are_those_of_the_json() {
    let mut document = document();
    let mut negative = document.values[2].clone();
    negative.value = usd("-0.10");
    negative.previous = Some(usd("12345678901.25"));
    document.values.push(negative);
    let bytes = bytes(&document);
    assert_sound(&bytes);
    let json = json_of(&document);
    let held = compare(&range(&bytes, "Data"), json["values"].as_array().unwrap());
    // 8 rows of 10 cells that always hold something but name, team (4 each) and value (1), with 1 reason and 13 others.
    assert!(held > 80, "{held}");
}

#[test]
fn the_sheets() {
    let bytes = bytes(&document());
    let sheets = opened(&bytes).sheets_metadata().to_vec();
    let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(names, ["Flash", "Charts", "Data", "States", "Records", "Coverage", "Diagnostics", "About", "Sparklines"]);
    let hidden: Vec<&str> = sheets.iter().filter(|sheet| sheet.visible != SheetVisible::Visible).map(|sheet| sheet.name.as_str()).collect();
    assert_eq!(hidden, ["Sparklines"]);
}

/// Sheets as text: one line per row, cells between bars.
fn as_text(bytes: &[u8], sheets: &[&str]) -> String {
    let mut out = String::new();
    for sheet in sheets {
        out.extend(["# ", sheet, "\n"]);
        let range = range(bytes, sheet);
        // From the first cell on, as a range begins with the first one that holds something.
        let (rows, columns) = range.end().map_or((0, 0), |(row, column)| (row + 1, column + 1));
        for row in 0..rows {
            let cells: Vec<String> = (0..columns)
                .map(|column| {
                    range.get_value((row, column)).map_or_else(String::new, |cell| match cell {
                        Data::DateTime(_) => as_json(cell).as_str().unwrap().to_owned(),
                        other => other.to_string().replace('\n', "⏎"),
                    })
                })
                .collect();
            out.push_str(cells.join("|").trim_end_matches('|'));
            out.push('\n');
        }
    }
    out
}

#[test]
fn the_workbook_as_text() {
    let bytes = bytes(&document());
    let sheets = ["Flash", "Charts", "States", "Records", "Coverage", "Diagnostics", "About", "Sparklines"];
    insta::assert_snapshot!(as_text(&bytes, &sheets));
}

#[test]
fn the_same_document_gives_the_same_bytes() {
    assert!(bytes(&document()) == bytes(&document()));
    let core = parts(&bytes(&document())).into_iter().find(|(name, _)| name == "docProps/core.xml").unwrap().1;
    assert!(core.contains("2026-11-16T00:00:00Z"), "{core}");
}

#[test]
fn an_empty_document_is_a_workbook() {
    let empty = bytes(&Document::default());
    assert_sound(&empty);
    assert_eq!(range(&empty, "Data").height(), 1);
    assert_eq!(opened(&empty).sheet_names(), ["Flash", "Data", "About"]);
}

#[test]
fn hostile_names_stay_text() {
    let long = "田".repeat(10_000);
    let names = [
        "=HYPERLINK(\"https://example.org\",\"click\")",
        "+cmd|' /C calc'!A0",
        "@SUM(A1:A9)",
        "-1+1",
        "https://example.org/?a=1",
        "mailto:ana@example.org",
        "<script>alert(1)</script>",
        "<r><t>bold</t></r>",
        "<r>&_x0041_</r>",
        "_x0041_",
        "0049",
        " spaced ",
        "two\nlines\tand a tab",
        "&amp; ]]> \"quoted\"",
        long.as_str(),
    ];
    let mut document = document();
    let first = document.values[3].clone();
    document.values = names.iter().map(|&name| crate::document::TidyRow { name: name.to_owned(), ..first.clone() }).collect();
    document.title = names[0].to_owned();
    let bytes = bytes(&document);
    assert_sound(&bytes);
    let data = range(&bytes, "Data");
    for (row, name) in data.rows().skip(1).zip(names) {
        // Excel's own escape `_x0041_` would be read as `A`, and so it is by this reader.
        assert_eq!(row[1], Data::String(name.to_owned()));
    }
    assert_eq!(data.height(), names.len() + 1);
}

#[test]
fn unseen_characters_are_shown() {
    assert_eq!(cell::shown("\u{1b}[31m\u{0}a\r\nb\rc\u{202e}\u{fffe}\u{ffff}", false), "␛[31m␀a\nb␍c<U+202E><U+FFFE><U+FFFF>");
    assert_eq!(cell::shown("\u{1b}\t", true), "\\x1b\t");
}

#[test]
fn text_that_is_too_long_for_a_cell_is_cut() {
    let fits = "x".repeat(32_767);
    assert_eq!(cell::shown(&fits, false), fits);
    let cut = cell::shown(&"😀".repeat(20_000), false);
    assert_eq!(cut.chars().filter(|c| *c == '😀').count(), 16_383);
    assert!(cut.ends_with("😀…") && cut.encode_utf16().count() == 32_767);
    let mut document = document();
    document.title = "x".repeat(100_000);
    document.values[0].name = format!("<r>{}</r>", "<_".repeat(12_000));
    document.values[1].name = "x".repeat(100_000);
    let bytes = bytes(&document);
    assert_sound(&bytes);
    let data = range(&bytes, "Data");
    assert_eq!(data.get((1, 1)), Some(&Data::String(format!("{}…", document.values[0].name))));
    assert_eq!(data.get((2, 1)), Some(&Data::String(format!("{}…", "x".repeat(32_766)))));
}

#[test]
fn numbers_of_more_digits_than_a_sheet_keeps_are_marked() {
    let code = |digits: &str| match cell::Datum::number(digits, false) {
        cell::Datum::Number(number, code) => (number, code),
        _ => panic!("{digits} is no number"),
    };
    assert_eq!(code("1234567890123.45"), (1_234_567_890_123.45, "#,##0.00".to_owned()));
    assert_eq!(code("0.000000000000001234"), (1.234e-15, "#,##0.000000000000000000".to_owned()));
    assert_eq!(code("12000000000000000000"), (1.2e19, "#,##0".to_owned()));
    assert_eq!(code("12345678901234.56"), (12_345_678_901_234.56, "\"≈ \"#,##0.00".to_owned()));
    assert_eq!(code("-9007199254740993"), (-9_007_199_254_740_992.0, "\"≈ \"#,##0".to_owned()));
}

#[test]
fn dates_on_which_spreadsheets_disagree_are_text() {
    let is_date = |word: &str| matches!(cell::Datum::day(word.to_owned()), cell::Datum::Date(_));
    assert!(is_date("1900-03-01") && is_date("9999-12-31") && is_date("2028-02-29"));
    for word in ["1900-02-28", "1899-12-31", "-009999-01-01", "day 2147483647", "2026-W46", "20261109", "all", "2026-02-30"] {
        assert!(!is_date(word), "{word}");
    }
}

#[test]
fn a_long_list_goes_on_on_further_sheets() {
    let mut document = document();
    let record = document.records[0].clone();
    document.records = (0..7).map(|n| Record { id: Some(format!("{n:03}")), ..record.clone() }).collect();
    let bytes = workbook(&document, &Style::default(), 4).unwrap();
    assert_sound(&bytes);
    let mut ids = Vec::new();
    for (sheet, rows) in [("Records", 4), ("Records 2", 4), ("Records 3", 2)] {
        let range = range(&bytes, sheet);
        assert_eq!(range.height(), rows, "{sheet}");
        assert_eq!(range.get((0, 1)), Some(&Data::String("id".to_owned())));
        ids.extend(range.rows().skip(1).map(|row| row[1].to_string()));
    }
    assert_eq!(ids, ["000", "001", "002", "003", "004", "005", "006"]);
}

#[test]
fn tables_are_as_excel_wants_them() {
    let bytes = bytes(&document());
    let mut workbook = opened(&bytes);
    workbook.load_tables().unwrap();
    let mut names: Vec<String> = workbook.table_names().into_iter().cloned().collect();
    names.sort();
    assert_eq!(names, ["coverage", "data", "diagnostics", "records", "states"]);
    for name in names {
        let table = workbook.table_by_name(&name).unwrap();
        let sheet = range(&bytes, table.sheet_name());
        let headings: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(table.columns(), headings, "{name}");
        assert_eq!(table.data().height(), sheet.height() - 1, "{name}");
    }
    for (name, xml) in parts(&bytes) {
        // A table brings its own filter: a second one on the sheet makes Excel repair the file.
        assert!(!(name.contains("worksheets/sheet") && xml.contains("<autoFilter")), "{name}");
    }
}

#[test]
fn a_grid_stands_in_place_of_the_lists_of_a_report() {
    let text = |text: &str| Some(GridCell::Text(text.to_owned()));
    let rows =
        vec![vec![text("=1"), Some(GridCell::Day(Day(20_766))), Some(GridCell::Number(dec("-12.50")))], vec![text("Ana"), None], vec![]];
    let grid = Grid { name: "records", columns: vec!["owner", "day", "amount"], rows, ..Grid::default() };
    let document = Document { grid: Some(grid), figures: Vec::new(), ..document() };
    let bytes = bytes(&document);
    assert_sound(&bytes);
    assert_eq!(opened(&bytes).sheet_names(), ["Page", "Records", "Diagnostics", "About", "Sparklines"]);
    compare(&range(&bytes, "Records"), json_of(&document)["records"].as_array().unwrap());
    for (name, sheet) in [("", "Rows"), ("about", "about rows"), ("re/fused", "Refused")] {
        let grid = Grid { name, columns: vec!["a", "A", ""], rows: Vec::new(), ..Grid::default() };
        let document = Document { grid: Some(grid), ..Document::default() };
        let bytes = render(&document, &Style::default()).unwrap();
        let headings: Vec<String> = range(&bytes, sheet).rows().next().unwrap().iter().map(ToString::to_string).collect();
        assert_eq!(headings, ["a", "A 2", "column 3"]);
    }
}

#[test]
fn the_page_keeps_numbers_and_marks_what_is_behind() {
    let bytes = bytes(&document());
    let flash = range(&bytes, "Flash");
    let row = flash.rows().find(|row| row[0] == Data::String("Dev Rao".to_owned())).unwrap();
    let numbers: Vec<f64> = row.iter().filter_map(|cell| if let Data::Float(n) = cell { Some(*n) } else { None }).collect();
    // Meetings, presentations, hours, booked, revenue with its share, profit; each before what it is held against.
    assert_eq!(numbers, [0.0, 4.0, 3.0, 2.0, 8.0, 10.0, 0.0, 4.0, 151.0, 110.0, 1.37, 60.0, 41.0]);
    let styles = parts(&bytes).into_iter().find(|(name, _)| name == "xl/styles.xml").unwrap().1;
    for code in ["#,##0&quot;!&quot;", "#,##0_!", "&quot;/ &quot;#,##0"] {
        assert!(styles.contains(code), "{code}");
    }
}

#[test]
fn sparklines_and_charts_point_at_numbers() {
    let bytes = bytes(&document());
    let points = range(&bytes, "Sparklines");
    let mut seen = 0;
    for (name, xml) in parts(&bytes).iter().filter(|(name, _)| name.contains("worksheets/sheet")) {
        let tree = roxmltree::Document::parse(xml).unwrap();
        for spark in tree.descendants().filter(|node| node.tag_name().name() == "sparkline") {
            let text = |tag: &str| spark.children().find(|node| node.tag_name().name() == tag).unwrap().text().unwrap();
            let (row, _) = text("f").strip_prefix("Sparklines!B").unwrap().split_once(':').unwrap();
            let row: u32 = row.parse().unwrap();
            let filled = (1..).map_while(|column| points.get_value((row - 1, column))).filter(|cell| **cell != Data::Empty).count();
            assert!(filled > 0 && !text("sqref").is_empty(), "{name}");
            seen += 1;
        }
    }
    // Four rows of the page, and two measures of two people.
    assert_eq!(seen, 8);
    let charts = parts(&bytes).into_iter().filter(|(name, _)| name.starts_with("xl/charts/")).count();
    // Two measures of the course, two pairs of scores, and the curves.
    assert_eq!(charts, 5);
}

#[test]
fn a_tone_is_never_color_alone() {
    let table = crate::document::Table {
        columns: scoreboard().columns.into_iter().take(4).collect(),
        rows: vec![row(
            Tone::Plain,
            vec![bad(words("late")), bad(alone(count("1"))), bad(alone(Value::Missing(Why::NoData))), {
                bad(crate::render::example::cell(Content::Spark(vec![Some(1.0)])))
            }],
        )],
        ..crate::document::Table::default()
    };
    let document = Document { page: vec![Block::Table(table)], ..Document::default() };
    let text = as_text(&bytes(&document), &["Flash"]);
    assert!(text.contains("late!|1|—|!"), "{text}");
}

/// A state is in the colors of the page in HTML, whatever the tone of its line.
#[test]
fn a_state_has_the_same_colors_as_in_html() {
    let css = include_str!("../html/style.css");
    let color = |name: &str| css.split_once(&format!("--{name}: #")).unwrap().1.get(..6).unwrap().to_uppercase();
    for (state, tone) in [("WINNING", Tone::Good), ("BUILDING", Tone::Plain), ("COASTING", Tone::Bad), ("BEHIND", Tone::Bad)] {
        let mut document = Document { states: document().states, ..Document::default() };
        document.states[0].state = state.to_owned();
        document.page = vec![Block::Notes(vec![note(state, tone, &["Ana Silva"])])];
        let styles = |document: &Document| parts(&bytes(document)).into_iter().find(|(name, _)| name == "xl/styles.xml").unwrap().1;
        let judged = styles(&document);
        for part in [state.to_lowercase(), format!("{}-ink", state.to_lowercase())] {
            assert!(judged.contains(&color(&part)), "{state}: {part}");
        }
        assert!(!judged.contains("FFC7CE"), "{state} is not also what is behind");
        // A name that reads like a state is none.
        document.states.clear();
        assert!(!styles(&document).contains(&color(&state.to_lowercase())), "{state}");
    }
}

#[test]
fn a_hyphen_before_a_capital_is_the_headings_own() {
    let mut table = scoreboard();
    table.columns[1].heading = vec!["win-".to_owned(), "Back".to_owned()];
    table.columns[2].heading = vec!["presen-".to_owned(), "tations".to_owned()];
    let text = as_text(&bytes(&Document { page: vec![Block::Table(table)], ..Document::default() }), &["Flash"]);
    assert!(text.contains("win-⏎Back") && text.contains("presentations"), "{text}");
}

#[test]
fn money_without_a_currency_has_no_unit() {
    let mut document = document();
    for figure in &mut document.figures {
        if let Figure::Course(course) = figure {
            course.lines.iter_mut().filter(|line| line.role == "lag").for_each(|line| line.unit = Unit::Money(Arc::from("")));
        }
    }
    let text = as_text(&bytes(&document), &["Charts"]);
    assert!(text.contains("lag: revenue") && !text.contains("XXX"), "{text}");
}

#[test]
fn figures_without_anything_to_draw_are_drawn() {
    let mut document = document();
    for figure in &mut document.figures {
        match figure {
            Figure::Course(course) => {
                course.periods.clear();
                course.lines.clear();
            }
            Figure::Multiples(multiples) => multiples.panels.clear(),
            Figure::Heat(heat) => heat.groups.clear(),
            Figure::Scores(scores) => scores.lines.clear(),
            Figure::Curves(curves) => curves.lines.clear(),
        }
    }
    assert_sound(&bytes(&document));
    let mut document = crate::render::example::document();
    for figure in &mut document.figures {
        match figure {
            Figure::Course(course) => course.lead_time.as_mut().unwrap().periods = usize::MAX,
            Figure::Multiples(multiples) => multiples.panels.iter_mut().for_each(|panel| panel.lines.truncate(1)),
            Figure::Heat(heat) => {
                heat.groups[0].rows[0].cells = vec![
                    HeatCell { value: count("3"), against: None, share: Some(f64::NAN) },
                    HeatCell { value: count("-3"), against: None, share: Some(-7.0) },
                ];
            }
            Figure::Scores(scores) => scores.lines.iter_mut().for_each(|line| line.values.truncate(1)),
            Figure::Curves(curves) => curves.lines.iter_mut().for_each(|line| line.until = f64::NAN),
        }
    }
    assert_sound(&bytes(&document));
}

#[test]
fn many_rows_are_all_there() {
    let mut document = document();
    let rows = document.values.clone();
    document.values = rows.iter().cycle().take(5_000).cloned().collect();
    let bytes = bytes(&document);
    assert_eq!(range(&bytes, "Data").height(), 5_001);
}

fn any_decimal() -> impl Strategy<Value = Decimal> {
    (any::<i128>(), 0_u32..=28).prop_map(|(n, scale)| Decimal::from_i128_with_scale(n >> 32, scale))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_document_holds_it_is_a_workbook(
        names in proptest::collection::vec(any::<String>(), 1..4),
        amount in any_decimal(),
        share in any::<f64>(),
        day in any::<i32>(),
        points in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..5),
    ) {
        let mut document = document();
        for (row, name) in document.values.iter_mut().zip(names.iter().cycle()) {
            row.name.clone_from(name);
            row.unit = Unit::Money(Arc::from(name.as_str()));
            row.value = Value::Money(amount, Arc::from(name.as_str()));
            row.target = Some(Value::Ratio(share));
            row.previous = Some(Value::Days(share));
            row.period_start = Day(day);
        }
        document.title.clone_from(&names[0]);
        document.as_of = Some(Day(day));
        document.records[0].owner = Some(names[0].clone());
        if let Some(Block::Table(table)) = document.page.get_mut(2) {
            table.title.clone_from(&names[0]);
            table.groups[1].0.clone_from(&names[0]);
            table.columns[1].heading.clone_from(&names);
            table.rows[0].cells[0] = words(&names[0]);
            table.rows[1].cells[1] = crate::render::example::of(Value::Money(amount, Arc::from("USD")), Value::Days(share));
            table.rows[2].cells[2] = crate::render::example::cell(Content::Spark(points));
            table.rows[2].cells[3] = alone(Value::Date(Day(day)));
        }
        for figure in &mut document.figures {
            if let Figure::Course(course) = figure {
                course.title.clone_from(&names[0]);
                course.lines[0].says.clone_from(&names[0]);
                course.lines[0].values[1] = Value::Money(amount, Arc::from("USD"));
                course.lead_time.as_mut().unwrap().periods = share as usize;
            }
        }
        let bytes = bytes(&document);
        assert_sound(&bytes);
        let data = range(&bytes, "Data");
        let expected = json_of(&document);
        for (row, expected) in data.rows().skip(1).zip(expected["values"].as_array().unwrap()) {
            if let Some(value) = expected["value"].as_f64() {
                prop_assert_eq!(row[10].as_f64(), Some(value));
            }
        }
    }
}

#[test]
fn each_further_section_has_a_sheet_of_its_own() {
    let document = Document { page: [document().page, section()].concat(), ..document() };
    let bytes = bytes(&document);
    assert_sound(&bytes);
    let names = opened(&bytes).sheet_names();
    assert_eq!(&names[..2], ["Flash", "Pipeline"], "{names:?}");
    let sheet = range(&bytes, "Pipeline");
    assert!(sheet.rows().any(|row| row[0] == Data::String("Dev Rao".to_owned()) && row.contains(&Data::Float(7.0))), "{sheet:?}");
    assert!(!range(&bytes, "Flash").rows().any(|row| row[0] == Data::String("Pipeline".to_owned())), "not twice");
}
