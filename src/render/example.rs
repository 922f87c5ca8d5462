//! A document like the page of the documentation, for the tests of every format.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::sync::Arc;

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::document::{
    Block, Cell, Column, Content, Course, Coverage, CurveLine, CurvePoint, Curves, Document, Figure, Heat, HeatCell, HeatGroup, HeatRow,
    LeadTime, Line, Moment, Multiples, Note, Panel, Record, Row, ScoreLine, Scores, State, Table, TidyRow, Tone,
};
use crate::unit::{Unit, Value, Why};

pub(super) fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn count(text: &str) -> Value {
    Value::Count(dec(text))
}

pub(super) fn usd(text: &str) -> Value {
    Value::Money(dec(text), Arc::from("USD"))
}

pub(super) fn cell(content: Content) -> Cell {
    Cell { content, tone: Tone::Plain }
}

pub(super) fn words(text: &str) -> Cell {
    cell(Content::Text(text.to_owned()))
}

pub(super) fn of(value: Value, against: Value) -> Cell {
    cell(Content::Value { value, against: Some(against), share: None })
}

pub(super) fn alone(value: Value) -> Cell {
    cell(Content::Value { value, against: None, share: None })
}

fn counted(value: &str, against: &str) -> Cell {
    of(count(value), count(against))
}

fn hours(value: i64, against: i64) -> Cell {
    of(Value::Minutes((value * 60).into()), Value::Minutes((against * 60).into()))
}

fn money(value: &str, against: &str, share: Option<f64>) -> Cell {
    cell(Content::Value { value: usd(value), against: Some(usd(against)), share })
}

fn spark(points: &[i32]) -> Cell {
    cell(Content::Spark(points.iter().map(|&point| Some(f64::from(point))).collect()))
}

pub(super) fn bad(cell: Cell) -> Cell {
    Cell { tone: Tone::Bad, ..cell }
}

pub(super) fn column(heading: &[&str], right: bool, drop: u8) -> Column {
    Column { heading: heading.iter().map(|&line| line.to_owned()).collect(), right, drop }
}

pub(super) fn note(label: &str, tone: Tone, parts: &[&str]) -> Note {
    Note { label: label.to_owned(), tone, parts: parts.iter().map(|&part| part.to_owned()).collect() }
}

pub(super) fn row(tone: Tone, cells: Vec<Cell>) -> Row {
    Row { tone, cells }
}

pub(super) fn scoreboard() -> Table {
    let groups = [("", 1), ("LEAD  held in W46 / target", 4), ("BOOKED", 1), ("LAG  quarter so far / pace", 2), ("", 1)];
    Table {
        title: "Leads and lags, W46".to_owned(),
        groups: groups.iter().map(|&(title, over)| (title.to_owned(), over)).collect(),
        columns: vec![
            column(&[], false, 0),
            column(&["new prospect", "meetings"], false, 0),
            column(&["last 13", "weeks"], false, 1),
            column(&["presen-", "tations"], false, 0),
            column(&["client", "hours"], false, 0),
            column(&["for W47"], false, 2),
            column(&["revenue, k$", "(31 of 63 days)"], false, 0),
            column(&["profit, k$"], false, 3),
            column(&["", "state"], false, 0),
        ],
        rows: vec![
            row(
                Tone::Strong,
                vec![
                    words("West (8)"),
                    counted("28", "30"),
                    spark(&[0, 1, 2, 4, 3, 5, 6]),
                    counted("19", "15"),
                    hours(74, 75),
                    counted("22", "30"),
                    money("534", "770", Some(0.694)),
                    money("204", "287", None),
                    words("BUILDING"),
                ],
            ),
            row(
                Tone::Plain,
                vec![
                    words("Ana Silva"),
                    counted("5", "4"),
                    spark(&[1, 2, 2, 5, 5, 6, 7]),
                    counted("3", "2"),
                    hours(11, 10),
                    counted("4", "4"),
                    money("142", "110", Some(1.29)),
                    money("58", "41", None),
                    words("WINNING"),
                ],
            ),
            row(
                Tone::Plain,
                vec![
                    words("Dev Rao"),
                    bad(counted("0", "4")),
                    spark(&[7, 6, 5, 3, 2, 1, 0]),
                    counted("3", "2"),
                    hours(8, 10),
                    bad(counted("0", "4")),
                    money("151", "110", Some(1.37)),
                    money("60", "41", None),
                    words("COASTING"),
                ],
            ),
            row(
                Tone::Plain,
                vec![
                    words("Mia Chen"),
                    counted("4", "4"),
                    cell(Content::Spark(vec![None, None, None, Some(2.0), Some(4.0), None, Some(1.0)])),
                    bad(counted("0", "2")),
                    of(Value::Missing(Why::TooFew), Value::Minutes(600.into())),
                    alone(count("3")),
                    bad(money("41", "110", Some(0.37))),
                    alone(Value::Missing(Why::NoData)),
                    Cell { tone: Tone::Faint, ..words("too soon") },
                ],
            ),
        ],
    }
}

fn tidy(level: &'static str, name: &str, measure: &str, unit: Unit, value: Value) -> TidyRow {
    TidyRow {
        level,
        name: name.to_owned(),
        team: if level == "owner" { "West".to_owned() } else { String::new() },
        period: "2026-W46".to_owned(),
        period_start: Day(20_766),
        period_end: Day(20_772),
        complete: true,
        role: if matches!(unit, Unit::Money(_)) { "lag" } else { "lead" },
        measure: measure.to_owned(),
        unit,
        value,
        target: None,
        pace: None,
        previous: None,
        average: None,
    }
}

pub(super) fn values() -> Vec<TidyRow> {
    let dollars = Unit::Money(Arc::from("USD"));
    vec![
        TidyRow {
            target: Some(count("30")),
            pace: Some(count("30.0")),
            previous: Some(count("26")),
            average: Some(count("24.384615384615384615384615385")),
            ..tidy("all", "", "new_prospect_meetings", Unit::Count, count("28"))
        },
        TidyRow {
            target: Some(Value::Minutes(4500.into())),
            average: Some(Value::Missing(Why::TooFew)),
            ..tidy("all", "", "client_hours", Unit::Hours, Value::Minutes(dec("4450")))
        },
        TidyRow {
            target: Some(usd("770000.00")),
            pace: Some(usd("378888.88888888888888888888889")),
            previous: Some(usd("66000.50")),
            ..tidy("all", "", "revenue", dollars.clone(), usd("118000.50"))
        },
        TidyRow { complete: false, ..tidy("owner", "Ana Silva", "new_prospect_meetings", Unit::Count, count("0")) },
        tidy("owner", "Ana Silva", "client_hours", Unit::Hours, Value::Missing(Why::TooFew)),
        tidy("owner", "Ana Silva", "no_show_rate", Unit::Ratio, Value::Ratio(1.0 / 3.0)),
        tidy("owner", "Ana Silva", "revenue", dollars, usd("0.00")),
    ]
}

/// 13 weeks up to the one of the page, the last of them not over.
fn moments() -> Vec<Moment> {
    let named = |at: i32| format!("2026-W{}", 34 + at);
    (0..13).map(|at| Moment { name: named(at), first: Day(20_682 + 7 * at), last: Day(20_688 + 7 * at), complete: at < 12 }).collect()
}

fn lead(values: [i64; 13], target: i64) -> Line {
    Line {
        measure: "new_prospect_meetings".to_owned(),
        says: "new prospect meetings".to_owned(),
        role: "lead",
        unit: Unit::Count,
        values: values.iter().map(|&n| Value::Count(n.into())).collect(),
        targets: vec![Some(Value::Count(target.into())); 13],
    }
}

fn lag(thousands: [i64; 13]) -> Line {
    let mut values: Vec<Value> = thousands.iter().map(|&n| Value::Money((n * 1000).into(), Arc::from("USD"))).collect();
    values[0] = Value::Missing(Why::NoData);
    Line {
        measure: "revenue".to_owned(),
        says: "revenue".to_owned(),
        role: "lag",
        unit: Unit::Money(Arc::from("USD")),
        values,
        targets: vec![None; 13],
    }
}

/// One figure of each kind.
pub(super) fn figures() -> Vec<Figure> {
    let ana = [3, 4, 2, 5, 4, 4, 3, 5, 6, 4, 5, 5, 2];
    let dev = [5, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0, 0, 0];
    let both = [8, 8, 6, 8, 7, 6, 5, 6, 7, 4, 5, 5, 2];
    let cells = |values: [i64; 13]| {
        let cell = |n: i64| HeatCell { value: Value::Count(n.into()), against: Some(count("4")), share: Some(n as f64 / 4.0) };
        let mut cells: Vec<HeatCell> = values.iter().map(|&n| cell(n)).collect();
        cells[0] = HeatCell { value: Value::Missing(Why::NotYet), against: None, share: None };
        cells
    };
    vec![
        Figure::Course(Course {
            title: "Leads against lags".to_owned(),
            says: "Each week of the last 13, West.".to_owned(),
            periods: moments(),
            lines: vec![lead(both, 8), lag([0, 40, 66, 0, 25, 118, 0, 90, 12, 0, 66, 118, 0])],
            lead_time: Some(LeadTime { periods: 9, says: "median of 41 deals won: 63 days from creation to close".to_owned() }),
        }),
        Figure::Multiples(Multiples {
            title: "Each person".to_owned(),
            says: "Each week of the last 13, on shared scales.".to_owned(),
            periods: moments(),
            panels: vec![
                Panel { name: "Ana Silva".to_owned(), team: "West".to_owned(), lines: vec![lead(ana, 4), lag([0; 13])] },
                Panel { name: "Dev Rao".to_owned(), team: "West".to_owned(), lines: vec![lead(dev, 4), lag([9; 13])] },
            ],
        }),
        Figure::Heat(Heat {
            title: "Kept up, week after week".to_owned(),
            says: "How much of each target was reached.".to_owned(),
            groups: vec![HeatGroup {
                title: "new prospect meetings".to_owned(),
                rows: vec![
                    HeatRow { name: "Ana Silva".to_owned(), cells: cells(ana) },
                    HeatRow { name: "Dev Rao".to_owned(), cells: cells(dev) },
                ],
            }],
            columns: moments().iter().map(|m| m.name.clone()).collect(),
        }),
        Figure::Scores(Scores {
            title: "Leads ahead of lags".to_owned(),
            says: "How well each lead lines up with each lag so many weeks later.".to_owned(),
            max_lag: 13,
            lines: vec![
                score_line("new prospect meetings", "leads", scores(), Some((6, 5, 7))),
                score_line("presentations", "no lead shown", noise(), None),
            ],
        }),
        Figure::Curves(Curves {
            title: "From first meeting to win".to_owned(),
            says: "The share of accounts that have bought.".to_owned(),
            axis: "weeks after the first meeting".to_owned(),
            lines: vec![
                curve("all 212 accounts", &[(2, 0.02), (5, 0.06), (7, 0.11), (8, 0.14), (12, 0.17), (20, 0.19), (31, 0.21)], 58.0),
                curve("first met in 2026", &[(3, 0.04), (7, 0.12), (15, 0.15)], 22.0),
            ],
        }),
    ]
}

fn score_line(lead: &str, verdict: &str, values: Vec<f64>, weeks: Option<(usize, usize, usize)>) -> ScoreLine {
    let found = weeks.is_some();
    ScoreLine { lead: lead.to_owned(), lag: "deals won".to_owned(), verdict: verdict.to_owned(), found, values, weeks }
}

fn curve(says: &str, points: &[(i32, f64)], until: f64) -> CurveLine {
    let point = |&(at, share): &(i32, f64)| CurvePoint { at: f64::from(at), share, lo: share * 0.75, hi: share * 1.25 };
    CurveLine { says: says.to_owned(), points: points.iter().map(point).collect(), until }
}

/// Scores from 13 weeks that the lag comes first to 13 that the lead does: a lead of about 6 weeks.
pub(super) fn scores() -> Vec<f64> {
    let before = [0.4, -0.7, 0.1, 0.9, -1.2, 0.3, -0.2, 0.6, -0.5, 0.2, 0.8, -0.3, 0.5];
    let after = [0.9, 1.4, 2.2, 3.6, 4.9, 5.2, 4.1, 2.8, 1.1, 0.2, -0.4, 0.6, -0.8];
    [&before[..], &[0.7], &after[..]].concat()
}

/// Scores of which none stands out.
pub(super) fn noise() -> Vec<f64> {
    scores().iter().rev().map(|score| if *score > 1.0 { -score / 4.0 } else { *score }).collect()
}

/// A table with a small chart of scores in it, one of which is no number.
pub(super) fn verdicts() -> Table {
    let mut gap = noise();
    gap[20] = f64::NAN;
    let of = |lead: &str, values: Vec<f64>, verdict: &str| {
        row(Tone::Plain, vec![words(lead), words("deals won"), cell(Content::Scores(values)), words(verdict)])
    };
    Table {
        title: "Leads ahead of lags".to_owned(),
        groups: Vec::new(),
        columns: vec![
            column(&["lead"], false, 0),
            column(&["lag"], false, 0),
            column(&["13 weeks before", "to 13 after"], false, 1),
            column(&["verdict"], false, 0),
        ],
        rows: vec![of("new prospect meetings", scores(), "leads"), of("presentations", gap, "no lead shown")],
    }
}

/// The blocks of a further section.
pub(super) fn section() -> Vec<Block> {
    let of = |name: &str, deals: &str| row(Tone::Plain, vec![words(name), alone(count(deals))]);
    let table = Table {
        title: "Pipeline, W46".to_owned(),
        groups: Vec::new(),
        columns: vec![column(&[""], false, 0), column(&["open", "deals"], true, 0)],
        rows: vec![of("Ana Silva", "12"), of("Dev Rao", "7")],
    };
    vec![
        Block::Heading("pipeline", "Pipeline".to_owned()),
        Block::Table(table),
        Block::Notes(vec![note("Note", Tone::Plain, &["today's"])]),
    ]
}

pub(super) fn document() -> Document {
    Document {
        schema: "leadlag/report/1",
        title: "Acme · weekly flash".to_owned(),
        as_of: Some(Day(20_773)),
        time_zone: "America/Chicago".to_owned(),
        week_starts: "monday".to_owned(),
        page: vec![
            Block::Banner {
                left: "Acme · weekly flash · West".to_owned(),
                right: "W46 (9–15 Nov 2026), complete; exports reach Sun 15 Nov".to_owned(),
            },
            Block::Notes(vec![
                note("BUILDING", Tone::Strong, &["Leads 97 % of target over 4 weeks; revenue 69 % of pace. Results due from W52."]),
                note("Talk first", Tone::Plain, &["Dev: no new prospect for 3 weeks", "Mia: 14 hours, no advance", "Lee: 2 no-shows of 5"]),
            ]),
            Block::Table(scoreboard()),
            Block::Notes(vec![note("", Tone::Plain, &["Won in W46: 7 deals, 118 k$ (W45: 4, 66)"])]),
            Block::Notes(vec![
                note(
                    "Trust",
                    Tone::Plain,
                    &["activities 412 read = 398 used (188 on this page) + 9 left out + 5 refused", "deals 96 read = 96 used"],
                ),
                note("  not on it", Tone::Plain, &["131 e-mails and tasks, 52 internal, 18 planned, 9 no-shows and canceled"]),
                note("  looks back", Tone::Plain, &["deals since 2021-02", "all 8 people matched"]),
                note("  see", Tone::Faint, &["leadlag explain new_prospect_meetings --owner \"Dev Rao\" --week 2026-W46"]),
            ]),
        ],
        figures: figures(),
        values: values(),
        states: vec![State {
            level: "all",
            name: String::new(),
            state: "BUILDING".to_owned(),
            reason: "leads 97 % of target, revenue 69 % of pace".to_owned(),
            leads: Some(0.97),
            lag: Some(0.694),
            lag_measure: "revenue".to_owned(),
            lag_period: "2026-Q4".to_owned(),
            lag_value: Some("534000.00".to_owned()),
            lag_target: Some("1565000.00".to_owned()),
            lag_pace: None,
        }],
        coverage: vec![Coverage {
            path: "exports/activities.csv".to_owned(),
            table: "activities".to_owned(),
            crm: "salesforce".to_owned(),
            bytes: 51_234,
            xxh3: "0011223344556677".to_owned(),
            through: Some("2026-11-15".to_owned()),
            read: 412,
            used: 398,
            left_out: [("duplicate".to_owned(), 9.into())].into_iter().collect(),
            refused: 5,
        }],
        records: vec![
            Record {
                table: "activities".to_owned(),
                id: Some("00T1".to_owned()),
                owner: Some("Ana Silva".to_owned()),
                day: Some("2026-11-10".to_owned()),
                measures: vec!["new_prospect_meetings".to_owned(), "client_hours".to_owned()],
                ..Record::default()
            },
            Record {
                table: "deals".to_owned(),
                file: Some("exports/deals.csv".to_owned()),
                line: Some(12),
                day: Some("2026-11-12".to_owned()),
                amount: Some("118000.50".to_owned()),
                measures: vec!["revenue".to_owned()],
                ..Record::default()
            },
        ],
        rules: std::collections::BTreeMap::new(),
        since: None,
        grid: None,
        findings: None,
        diagnostics: vec![Diagnostic::error(Code::BadDate, "'31.02.2026' is no date").at(Location::cell("activities.csv", 12, "Due Date"))],
    }
}

/// Findings of each sort, with text that XML and a log would obey.
pub(super) fn findings() -> crate::document::Findings {
    use crate::document::{Case, Findings, Rule, Stands};
    let case = |rule: usize, name: &str, stands: Stands, says: &str, see: &str| Case {
        rule,
        name: name.to_owned(),
        stands,
        says: says.to_owned(),
        see: see.to_owned(),
    };
    Findings {
        rules: vec![
            Rule { says: "m >= 4 per owner".to_owned(), warns: false, at: Some(("conf,ig/lead:lag.toml".to_owned(), 12)) },
            Rule { says: "n <= 1 per owner".to_owned(), warns: true, at: None },
        ],
        cases: vec![
            case(0, "Ana <b>\u{1b}[31m &amp; \"O'Brien\"", Stands::Missed, "0, must be >= 4\n::error::x", "leadlag explain m --owner x"),
            case(0, "the rule", Stands::Failed, "stale: 100% sure", ""),
            case(1, "Bo", Stands::Missed, "2, must be <= 1", ""),
            case(0, "Cy", Stands::Skipped, "leads others", ""),
            case(1, "Cy", Stands::Skipped, "leads others", ""),
            case(0, "Di", Stands::Held, "5, must be >= 4", ""),
            case(1, "Di", Stands::Held, "0, must be <= 1", ""),
        ],
    }
}
