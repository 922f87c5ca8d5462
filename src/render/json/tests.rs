#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::calendar::Day;
use crate::document::{GridCell, Note};
use crate::render::example::{column, dec, document, note, of, row, usd, words};
use crate::unit::{Value, Why};

fn text_of(document: &Document) -> String {
    String::from_utf8(render(document, &Style::default()).unwrap()).unwrap()
}

/// The example with a page of one block of each kind.
fn small() -> Document {
    let table = Table {
        title: String::new(),
        groups: vec![("LAG".to_owned(), 2)],
        columns: vec![column(&[], false, 0), column(&["revenue, k$", "(31 of 63 days)"], false, 0)],
        rows: vec![
            row(Tone::Strong, vec![words("Ana \"A\""), Cell { tone: Tone::Bad, ..of(usd("534"), usd("770.0")) }]),
            row(
                Tone::Plain,
                vec![
                    Cell { content: Content::Spark(vec![None, Some(1.5)]), tone: Tone::Plain },
                    Cell { content: Content::Scores(vec![-0.5, f64::NAN, 3.25]), tone: Tone::Plain },
                    Cell {
                        content: Content::Value { value: Value::Missing(Why::NoData), against: None, share: Some(0.5) },
                        tone: Tone::Plain,
                    },
                    Cell::default(),
                ],
            ),
        ],
    };
    let banner = Block::Banner { left: "Acme".to_owned(), right: String::new() };
    let notes: Vec<Note> = vec![note("  see", Tone::Faint, &["one", "two"])];
    Document { page: vec![banner, Block::Notes(notes), Block::Table(table)], ..document() }
}

#[test]
fn the_whole_document() {
    let expected = r#"{
  "schema": "leadlag/report/1",
  "title": "Acme · weekly flash",
  "as_of": "2026-11-16",
  "time_zone": "America/Chicago",
  "week_starts": "monday",
  "values": [
    {"level":"all","name":"","team":"","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lead","measure":"new_prospect_meetings","unit":"count","value":28,"missing":null,"target":30,"pace":30,"previous":26,"average":24.3846},
    {"level":"all","name":"","team":"","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lead","measure":"client_hours","unit":"hours","value":74.17,"missing":null,"target":75.00,"pace":null,"previous":null,"average":null},
    {"level":"all","name":"","team":"","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lag","measure":"revenue","unit":"USD","value":118000.50,"missing":null,"target":770000.00,"pace":378888.8889,"previous":66000.50,"average":null},
    {"level":"owner","name":"Ana Silva","team":"West","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":false,"role":"lead","measure":"new_prospect_meetings","unit":"count","value":0,"missing":null,"target":null,"pace":null,"previous":null,"average":null},
    {"level":"owner","name":"Ana Silva","team":"West","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lead","measure":"client_hours","unit":"hours","value":null,"missing":"too_few","target":null,"pace":null,"previous":null,"average":null},
    {"level":"owner","name":"Ana Silva","team":"West","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lead","measure":"no_show_rate","unit":"ratio","value":0.333333,"missing":null,"target":null,"pace":null,"previous":null,"average":null},
    {"level":"owner","name":"Ana Silva","team":"West","period":"2026-W46","period_start":"2026-11-09","period_end":"2026-11-15","complete":true,"role":"lag","measure":"revenue","unit":"USD","value":0.00,"missing":null,"target":null,"pace":null,"previous":null,"average":null}
  ],
  "states": [
    {
      "level": "all",
      "name": "",
      "state": "BUILDING",
      "reason": "leads 97 % of target, revenue 69 % of pace",
      "leads": 0.97,
      "lag": 0.694,
      "lag_measure": "revenue",
      "lag_period": "2026-Q4",
      "lag_value": "534000.00",
      "lag_target": "1565000.00",
      "lag_pace": null
    }
  ],
  "sections": [
    {
      "type": "banner",
      "left": "Acme",
      "right": ""
    },
    {
      "type": "notes",
      "notes": [
        {"label":"see","tone":"faint","parts":["one","two"]}
      ]
    },
    {
      "type": "table",
      "groups": [
        {"title":"LAG","columns":2}
      ],
      "columns": [
        "",
        "revenue, k$ (31 of 63 days)"
      ],
      "rows": [
        {"tone":"strong","cells":[{"text":"Ana \"A\""},{"value":534,"against":770.0,"tone":"bad"}]},
        {"tone":"plain","cells":[{"spark":[null,1.5]},{"scores":[-0.5,null,3.25]},{"value":null,"missing":"no_data","share":0.5},{}]}
      ]
    }
  ],
  "coverage": [
    {
      "path": "exports/activities.csv",
      "table": "activities",
      "crm": "salesforce",
      "bytes": 51234,
      "xxh3": "0011223344556677",
      "through": "2026-11-15",
      "read": 412,
      "used": 398,
      "left_out": {
        "duplicate": 9
      },
      "refused": 5
    }
  ],
  "records": [
    {"table":"activities","id":"00T1","owner":"Ana Silva","day":"2026-11-10","measures":["new_prospect_meetings","client_hours"]},
    {"table":"deals","file":"exports/deals.csv","line":12,"owner":null,"day":"2026-11-12","amount":"118000.50","measures":["revenue"]}
  ],
  "rules": {},
  "diagnostics": [
    {"code":"bad-date","severity":"error","file":"activities.csv","line":12,"column":"Due Date","message":"'31.02.2026' is no date","hints":[]}
  ]
}
"#;
    assert_eq!(text_of(&small()), expected);
}

#[test]
fn an_empty_document_is_json() {
    let json: serde_json::Value = serde_json::from_str(&text_of(&Document::default())).unwrap();
    let keys: Vec<&String> = json.as_object().unwrap().keys().collect();
    let expected = [
        "schema",
        "title",
        "as_of",
        "time_zone",
        "week_starts",
        "values",
        "states",
        "sections",
        "coverage",
        "records",
        "rules",
        "diagnostics",
    ];
    assert_eq!(keys, expected);
    assert!(json["as_of"].is_null());
    assert_eq!(json["sections"], serde_json::json!([]));
}

#[test]
fn what_changed_has_its_digits_its_reasons_and_its_records() {
    let record = |day: &str, amount: &str| crate::document::Record {
        table: "deals".to_owned(),
        id: Some("D-1".to_owned()),
        owner: Some("Ana Silva".to_owned()),
        day: Some(day.to_owned()),
        amount: Some(amount.to_owned()),
        ..crate::document::Record::default()
    };
    let moved = crate::document::Moved {
        how: "amount",
        why: "10.00 → 12.50".to_owned(),
        change: Some(dec("2.5")),
        says: Some("Hall 1".to_owned()),
        place: Some(("deals.csv".to_owned(), 7)),
        was: Some(record("2026-11-03", "10.00")),
        now: Some(record("2026-11-04", "12.50")),
    };
    let restated = crate::document::Restated {
        level: "all",
        name: String::new(),
        period: "2026-W45".to_owned(),
        measure: "revenue".to_owned(),
        unit: "USD".to_owned(),
        was: Some(dec("9007199254740993.10")),
        was_missing: String::new(),
        now: Some(dec("9007199254740995.60")),
        now_missing: String::new(),
        why: "1 amount changed".to_owned(),
        records: vec![moved],
    };
    let gone = crate::document::Restated { now: None, now_missing: "no_data".to_owned(), records: Vec::new(), ..restated.clone() };
    let since = crate::document::Since {
        path: "last.json".to_owned(),
        as_of: Day(20_766),
        compared: 24,
        restated: vec![restated],
        not_final: vec![gone],
    };
    let expected = r#"  "since": {
    "path": "last.json",
    "as_of": "2026-11-09",
    "compared": 24
  },
  "restated": [
    {"level":"all","name":"","period":"2026-W45","measure":"revenue","unit":"USD","was":9007199254740993.10,"was_missing":null,"now":9007199254740995.60,"now_missing":null,"change":2.50,"why":"1 amount changed","records":[{"how":"amount","why":"10.00 → 12.50","change":2.5,"table":"deals","id":"D-1","file":"deals.csv","line":7,"subject":"Hall 1","day":"2026-11-04","owner":"Ana Silva","was":{"day":"2026-11-03","owner":"Ana Silva","amount":"10.00"},"now":{"day":"2026-11-04","owner":"Ana Silva","amount":"12.50"}}]}
  ],
  "not_final": [
    {"level":"all","name":"","period":"2026-W45","measure":"revenue","unit":"USD","was":9007199254740993.10,"was_missing":null,"now":null,"now_missing":"no_data","change":null,"why":"1 amount changed","records":[]}
  ],
"#;
    let text = text_of(&Document { since: Some(since), ..document() });
    assert!(text.contains(expected), "{text}");
}

#[test]
fn a_grid_stands_for_itself() {
    let mut about = serde_json::Map::new();
    about.insert("measure".to_owned(), "prospect_meetings".into());
    about.insert("title".to_owned(), "not this one".into());
    about.insert("counted".to_owned(), serde_json::json!({"records": 2}));
    let rows =
        vec![vec![Some(GridCell::Text("Ana".to_owned())), Some(GridCell::Number(dec("12.50"))), Some(GridCell::Day(Day(0)))], vec![None]];
    let grid = Grid { name: "records", columns: vec!["owner", "amount", "day"], rows, about };
    let document = Document { grid: Some(grid), schema: "leadlag/explain/1", diagnostics: Vec::new(), ..document() };
    let expected = r#"{
  "schema": "leadlag/explain/1",
  "title": "Acme · weekly flash",
  "as_of": "2026-11-16",
  "measure": "prospect_meetings",
  "counted": {
    "records": 2
  },
  "records": [
    {"owner":"Ana","amount":12.50,"day":"1970-01-01"},
    {"owner":null,"amount":null,"day":null}
  ],
  "diagnostics": []
}
"#;
    assert_eq!(text_of(&document), expected);
}

#[test]
fn text_means_the_same_and_a_terminal_obeys_none_of_it() {
    let hostile = "=HYPERLINK(\"x\") \u{1b}[31m \u{202e} \u{9b} \u{7f} \u{2028} \u{e0041} \r\n 田中 👩\u{200d}💻";
    let mut document = small();
    document.values[0].name = hostile.to_owned();
    document.title = hostile.to_owned();
    let json = text_of(&document);
    assert!(!json.contains(|c| c != '\n' && text::unseen(c)));
    assert!(json.contains("田中 👩\u{200d}💻"));
    let read: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(read["title"], hostile);
    assert_eq!(read["values"][0]["name"], hostile);
}

#[test]
fn csv_and_json_carry_the_same_values() {
    let document = document();
    let json = text_of(&document);
    let csv = crate::render::csv::render(&document, &Style::default()).unwrap();
    let mut reader = ::csv::Reader::from_reader(csv.as_slice());
    let headings = reader.headers().unwrap().clone();
    // The digits themselves are compared, so the lines are read as text, not through floating-point numbers.
    let lines: Vec<&str> = json.lines().skip_while(|line| !line.contains("\"values\"")).skip(1).take(document.values.len()).collect();
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), lines.len());
    for (record, line) in records.iter().zip(lines) {
        let members: Vec<String> = headings
            .iter()
            .zip(record)
            .map(|(heading, field)| {
                let is_text = ["level", "name", "team", "period", "period_start", "period_end", "role", "measure", "unit"]
                    .contains(&heading)
                    || (heading == "missing" && !field.is_empty());
                let json = if is_text {
                    format!("\"{field}\"")
                } else if field.is_empty() {
                    "null".to_owned()
                } else {
                    field.to_owned()
                };
                format!("\"{heading}\":{json}")
            })
            .collect();
        assert_eq!(line.trim().trim_end_matches(','), format!("{{{}}}", members.join(",")));
    }
}

#[test]
fn a_heading_names_its_section() {
    let document = Document { page: crate::render::example::section(), ..document() };
    let json: serde_json::Value = serde_json::from_slice(&render(&document, &Style::default()).unwrap()).unwrap();
    assert_eq!(json["sections"][0], serde_json::json!({ "type": "heading", "name": "pipeline", "title": "Pipeline" }));
    assert_eq!(json["sections"][1]["rows"][1]["cells"][1]["value"], 7);
}
