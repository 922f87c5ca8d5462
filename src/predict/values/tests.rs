//! Files as text → the grid, or what is said of them.

#![allow(clippy::unwrap_used, clippy::float_cmp)]

use std::fmt::Write as _;

use super::*;
use crate::calendar::{Day, Range};
use crate::diagnostic::Place;
use crate::unit::Unit;

const HEAD: &str = "level,name,period,role,measure,value\n";

fn read(text: &str, choice: &Choice) -> Result<(Grid, Vec<Diagnostic>), Vec<Diagnostic>> {
    let found = values("values.csv", None, text.as_bytes().to_vec(), choice).map_err(|Failure(wrong)| wrong)?;
    assert_eq!(found.read, found.used + found.left_out.values().sum::<u64>(), "every row is accounted for");
    Ok((found.grid, found.said))
}

fn grid(rows: &str) -> Grid {
    read(&format!("{HEAD}{rows}"), &Choice::default()).unwrap().0
}

/// What is wrong, each as `line: column: message (hint)`.
fn wrong_of(text: &str, choice: &Choice) -> Vec<String> {
    let shown = |d: Diagnostic| {
        let at = d.location.unwrap();
        let column = match at.column {
            Some(Place::Heading(heading)) => format!(" {heading}:"),
            _ => String::new(),
        };
        let hints = d.hints.join("; ");
        format!("[{}] {}:{column} {} ({hints})", d.code, at.line.unwrap_or(0), d.message)
    };
    read(text, choice).unwrap_err().into_iter().map(shown).collect()
}

fn wrong(rows: &str) -> Vec<String> {
    wrong_of(&format!("{HEAD}{rows}"), &Choice::default())
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

/// The cells of a matrix, `None` where not known.
fn cells(series: &Series) -> Vec<Vec<Option<f64>>> {
    let cell = |value: &f64| Some(*value).filter(|v| !v.is_nan());
    (0..series.values.rows()).map(|row| series.values.row(row).iter().map(cell).collect()).collect()
}

const TWO: &str =
    "owner,Bo,2026-W02,lead,calls,3\nowner,Bo,2026-W02,lag,won,1\nowner,Ana,2026-W01,lead,calls,-2.5\nowner,Ana,2026-W01,lag,won,\n";

#[test]
fn people_and_weeks_are_sorted_and_what_is_not_there_is_not_known() {
    let grid = grid(TWO);
    assert_eq!(grid.people, ["Ana", "Bo"]);
    assert_eq!(grid.weeks, ["2026-W01", "2026-W02"]);
    assert_eq!(grid.range, Some(Range::new(Day::parse("2025-12-29").unwrap(), Day::parse("2026-01-11").unwrap()).unwrap()));
    assert_eq!((grid.leads.len(), grid.lags.len()), (1, 1));
    assert_eq!(cells(&grid.leads[0]), [[Some(-2.5), None], [None, Some(3.0)]]);
    assert_eq!(cells(&grid.lags[0]), [[None, None], [None, Some(1.0)]]);
    assert_eq!(grid.cuts, Vec::<String>::new());
    assert_eq!((grid.leads[0].unit.clone(), grid.leads[0].drop), (Unit::Count, false));
}

#[test]
fn columns_stand_in_any_order_beside_others_and_units_are_kept() {
    let text = "value,team,Measure,period_start,UNIT,role,period,name,level,target\n\
        5,West,new_prospect_meetings,2026-11-08,count,lead,2026-W46,Ana,owner,4\n\
        1.50,West,client_hours,2026-11-08,hours,lead,2026-W46,Ana,owner,\n\
        2,West,deals_without_next_step,2026-11-08,count,lead,2026-W46,Ana,owner,\n\
        100.5,West,revenue,2026-11-08,EUR,lag,2026-W46,Ana,owner,\n\
        7,West,own_thing,2026-11-08,kg,lag,2026-W46,Ana,owner,\n";
    let (grid, said) = read(text, &Choice::default()).unwrap();
    let units: Vec<String> = grid.leads.iter().chain(&grid.lags).map(|series| format!("{} {}", series.name, series.unit)).collect();
    assert_eq!(
        units,
        ["new_prospect_meetings count", "client_hours hours", "deals_without_next_step count", "revenue EUR", "own_thing count"]
    );
    // The shipped library says that fewer deals without a next step are better.
    assert_eq!(grid.leads.iter().map(|series| series.drop).collect::<Vec<_>>(), [false, false, true]);
    assert_eq!((grid.leads[0].says.as_str(), grid.lags[1].says.as_str()), ("new prospect meetings", "own thing"));
    assert_eq!(grid.cuts, ["own_thing: the unit 'kg' is not known, and its values are shown as plain numbers"]);
    // Sunday weeks: 2026-W46 is the one that holds its Monday, 9 November.
    assert_eq!(grid.range.unwrap().first.to_string(), "2026-11-08");
    assert_eq!(said, []);
}

#[test]
fn rows_that_are_no_persons_complete_week_are_left_out_and_that_is_said() {
    let text = "level,name,period,complete,role,measure,value\n\
        all,,2026-W01,true,lead,calls,9\nteam,West,2026-W01,true,lead,calls,9\nowner,(no owner),2026-W01,true,lead,calls,4\n\
        owner,Ana,2026-W01,true,lead,calls,5\nowner,Ana,2026-W01,true,lag,won,0\n\
        owner,Ana,2026-W02,false,lead,calls,6\nowner,Ana,2025-10-01/2025-12-31,true,lead,calls,70\n";
    let (grid, _) = read(text, &Choice::default()).unwrap();
    assert_eq!((grid.people.len(), grid.weeks.len()), (1, 1));
    assert_eq!(cells(&grid.leads[0]), [[Some(5.0)]]);
    assert_eq!(
        grid.cuts,
        [
            "2 rows of level all or team are left out: they add up others",
            "1 row of nobody, (no owner), is left out",
            "1 row of a week that is not complete is left out",
            "1 row of a range of days is left out: it is no week",
        ]
    );
}

#[test]
fn weeks_between_are_columns_that_are_not_known() {
    // 2020 has 53 weeks.
    let rows = "owner,Ana,2020-W52,lead,calls,1\nowner,Ana,2020-W52,lag,won,1\nowner,Ana,2021-W02,lead,calls,2\n";
    let grid = grid(rows);
    assert_eq!(grid.weeks, ["2020-W52", "2020-W53", "2021-W01", "2021-W02"]);
    assert_eq!(cells(&grid.leads[0]), [[Some(1.0), None, None, Some(2.0)]]);
    assert_eq!(grid.cuts, ["2 of 4 weeks have no row and are not known: 2020-W53 and 1 more"]);
}

#[test]
fn a_week_is_its_name_its_first_day_or_a_number() {
    let of = |one: &str, other: &str| {
        let grid = grid(&format!("owner,Ana,{one},lead,calls,1\nowner,Ana,{other},lag,won,1\n"));
        (grid.weeks.join(" "), grid.range.map(|range| range.to_string()))
    };
    assert_eq!(of("2026-W46", "2026-w47"), ("2026-W46 2026-W47".to_owned(), Some("2026-11-09/2026-11-22".to_owned())));
    assert_eq!(of("2026-11-15", "2026-11-29"), ("2026-11-15 2026-11-22 2026-11-29".to_owned(), Some("2026-11-15/2026-12-05".to_owned())));
    assert_eq!(of("11/30/2026", "12/07/2026").0, "2026-11-30 2026-12-07");
    assert_eq!(of("9", "12"), ("9 10 11 12".to_owned(), None));
    assert_eq!(of("-1", "1"), ("-1 0 1".to_owned(), None));
}

#[test]
fn what_is_no_week_is_refused_where_it_stands_first() {
    let of = |one: &str, other: &str| wrong(&format!("owner,Ana,{one},lead,calls,1\nowner,Ana,{other},lag,won,1\n")).remove(0);
    for (one, other, starts) in [
        ("2026-W46", "2026-11", "[bad-period] 3: period: '2026-11' is a month, and the test needs weeks (write it with `leadlag report"),
        ("2026-Q4", "2026-Q4", "[bad-period] 2: period: '2026-Q4' is a quarter"),
        ("FY2027-Q1", "FY2027-Q2", "[bad-period] 2: period: 'FY2027-Q1' is a quarter"),
        ("FY2027", "FY2028", "[bad-period] 2: period: 'FY2027' is a year"),
        ("2026", "2025", "[bad-period] 2: period: '2026' is a year"),
        ("all", "all", "[bad-period] 2: period: 'all' is all of the time"),
        ("2026-11-01/2026-11-15", "2026-11-01/2026-11-15", "[bad-period] 2: period: '2026-11-01/2026-11-15' is a range of days"),
        ("2026-W46", "2026-11-16", "[bad-period] 3: period: '2026-11-16' is a day, and '2026-W46' in line 2 is the name of a week"),
        ("2026-11-09", "2026-11-17", "[bad-period] 3: period: '2026-11-17' is a tuesday, and '2026-11-09' in line 2 a monday"),
        ("2025-W53", "2026-W01", "[bad-period] 2: period: no such week: 2025-W53; 2025 has the weeks W01 to W52"),
        ("2025W03", "2026-W01", "[bad-period] 2: period: not a week: 2025W03; write it as 2026-W46"),
        ("202646", "202701", "[bad-period] 2: period: '202646' looks like a year and a week"),
        ("Week 46", "Week 47", "[bad-period] 2: period: 'Week 46' is no week (write it as 2026-W46"),
        ("", "2026-W46", "[bad-period] 2: period: the row has no period"),
        ("0001-W01", "9999-W01", "[bad-period] 3: period: '9999-W01' lies 521671 weeks after '0001-W01' in line 2"),
        ("0", "9000000000000000000", "[bad-period] 3: period: this number is too large"),
        ("03/04/2026", "10/04/2026", "[ambiguous-dates] 2: period: '03/04/2026' is another day with the day first"),
    ] {
        let said = of(one, other);
        assert!(said.starts_with(starts), "{one} and {other}: {said}");
    }
}

#[test]
fn numbers_are_plain_with_one_decimal_mark() {
    let of = |words: &[&str], mark: Option<Mark>, delimiter: u8| {
        let mut sorted = words.to_vec();
        sorted.sort_unstable();
        let dictionary = crate::table::Dictionary::from_sorted(&sorted);
        let found = numbers::numbers(&dictionary, mark, delimiter);
        words.iter().map(|word| found[dictionary.position(word).unwrap()]).collect::<Vec<_>>()
    };
    let good = |words: &[&str], delimiter: u8| of(words, None, delimiter).into_iter().map(Result::unwrap).collect::<Vec<f64>>();
    assert_eq!(good(&["1", "-2.5", "+.5", "1e-05", "1.234", "3.", "\u{2212}4"], b','), [1.0, -2.5, 0.5, 0.00001, 1.234, 3.0, -4.0]);
    assert_eq!(good(&["1,5", "12,125", "7"], b';'), [1.5, 12.125, 7.0]);
    assert_eq!(good(&["0,125", "12,125"], b';'), [0.125, 12.125]);
    let says = |words: &[&str], mark: Option<Mark>, delimiter: u8, at: usize| of(words, mark, delimiter)[at].unwrap_err();
    for word in ["n/a", "NaN", "inf", "-inf", "Infinity", "null", "-", "5 %", "$5", "1e", "0x10", "1_000", "٣"] {
        assert_eq!(says(&[word], None, b',', 0), "is no number", "{word}");
    }
    for word in ["1,234.50", "1.234,50", "1 234", "1'234", "1,234,567"] {
        assert!(says(&[word], None, b',', 0).contains("without marks between thousands"), "{word}");
    }
    assert!(says(&["1,5", "2.5"], None, b',', 0).contains("decimal comma"));
    assert!(says(&["1,234", "567"], None, b',', 0).contains("in two ways"));
    assert!(says(&["1.234", "567"], None, b';', 0).contains("in two ways"));
    assert_eq!(of(&["1,234"], Some(Mark::Comma), b','), [Ok(1.234)]);
    assert_eq!(of(&["1.234"], Some(Mark::Point), b';'), [Ok(1.234)]);
    assert!(says(&["1,5"], Some(Mark::Point), b';', 0).contains("--decimal-mark"));
    assert!(says(&["1e999"], None, b',', 0).contains("larger"));
}

#[test]
fn a_cell_that_is_no_number_is_an_error_with_its_place() {
    let said = wrong(&format!("{TWO}owner,Ana,2026-W02,lag,won,n/a\nowner,Cy,2026-W02,lag,won,n/a\nowner,Cy,2026-W01,lag,won,inf\n"));
    let hint = "(write a plain number such as 1234.5, and nothing where the value is not known)";
    assert_eq!(
        said,
        [
            format!("[bad-number] 6: value: 'n/a' is no number (2 times in the column) {hint}"),
            format!("[bad-number] 8: value: 'inf' is no number {hint}")
        ]
    );
    // A measure that is not tested may hold what it likes.
    let text = format!("{HEAD}{TWO}owner,Ana,2026-W02,lag,mood,good\n");
    assert!(read(&text, &Choice { lags: Some(names(&["won"])), ..Choice::default() }).is_ok());
}

#[test]
fn spreadsheets_separators_and_marks_are_understood() {
    let text = "\u{feff}level;name;period;role;measure;value\r\nowner;\"'=Ana; B\";2026-W46;lead;calls;1,50\r\nowner;\"'=Ana; B\";2026-W46;lag;won;-2\r\n";
    let (grid, _) = read(text, &Choice::default()).unwrap();
    assert_eq!((grid.people.as_slice(), cells(&grid.leads[0])), (&["=Ana; B".to_owned()][..], vec![vec![Some(1.5)]]));
    assert_eq!(cells(&grid.lags[0]), [[Some(-2.0)]]);
    let tabs = format!("{HEAD}{TWO}").replace(',', "\t");
    assert_eq!(cells(&read(&tabs, &Choice::default()).unwrap().0.leads[0]), cells(&self::grid(TWO).leads[0]));
}

#[test]
fn the_same_cell_twice_is_said_and_with_two_values_refused() {
    let again = grid(&format!("{TWO}owner,Bo,2026-W02,lead,calls,3.0\nowner,Ana,2026-W01,lag,won,\n"));
    assert_eq!(again.cuts, ["2 rows stand in the file twice with the same value and count once"]);
    assert_eq!(
        wrong(&format!("{TWO}owner,Bo,2026-W02,lead,calls,4\nowner,Ana,2026-W01,lag,won,0\n")),
        [
            "[duplicate-id] 6: value: calls of Bo in 2026-W02 is '4', and '3' in line 2 (keep the row that is right)",
            "[duplicate-id] 7: value: won of Ana in 2026-W01 is '0', and nothing in line 5 (keep the row that is right)"
        ]
    );
}

#[test]
fn two_currencies_of_one_measure_are_refused() {
    let text = "level,name,period,role,measure,unit,value\nowner,Ana,2026-W01,lead,calls,count,1\n\
        owner,Ana,2026-W01,lag,revenue,EUR,1\nowner,Ana,2026-W01,lag,revenue,USD,2\n";
    let said = wrong_of(text, &Choice::default()).remove(0);
    assert!(
        said.starts_with("[no-rate] 4: unit: 'revenue' is in USD here and in EUR in line 3: the test needs one unit (keep the rows"),
        "{said}"
    );
}

#[test]
fn measures_are_named_or_have_a_role() {
    let text = format!("{HEAD}{TWO}owner,Ana,2026-W01,lag,revenue,5\n");
    let of = |leads: Option<Vec<String>>, lags: Option<Vec<String>>| {
        let choice = Choice { leads, lags, ..Choice::default() };
        let (grid, _) = read(&text, &choice).unwrap();
        let names = |list: &[Series]| list.iter().map(|series| series.name.clone()).collect::<Vec<_>>().join(" ");
        format!("{} | {}", names(&grid.leads), names(&grid.lags))
    };
    assert_eq!(of(None, None), "calls | won revenue");
    assert_eq!(of(Some(names(&["revenue", "revenue"])), None), "revenue | won");
    assert_eq!(of(None, Some(names(&["revenue"]))), "calls | revenue");
    assert_eq!(of(Some(names(&["won"])), Some(names(&["calls"]))), "won | calls");
    let bad = |leads: &[&str], lags: &[&str]| {
        wrong_of(&text, &Choice { leads: Some(names(leads)), lags: Some(names(lags)), ..Choice::default() })
    };
    assert_eq!(
        bad(&["cals"], &["zzzzzzzz"]),
        [
            "[unknown-measure] 0: the file has no measure 'cals' of a person and week (did you mean 'calls'?; it has calls, won, revenue)",
            "[unknown-measure] 0: the file has no measure 'zzzzzzzz' of a person and week (it has calls, won, revenue)"
        ]
    );
    assert!(bad(&["won"], &["won"])[0].contains("'won' cannot be a lead and a lag at once"));
}

#[test]
fn roles_that_say_nothing_or_two_things_are_refused() {
    let said = wrong(&format!("{TWO}owner,Bo,2026-W01,lag,calls,3\n")).remove(0);
    assert!(said.starts_with("[unknown-word] 6: role: 'calls' is a lag here and a lead in line 2"), "{said}");
    let said = wrong("owner,Ana,2026-W01,leading,calls,1\nowner,Ana,2026-W01,,won,1\n").remove(0);
    assert!(said.starts_with("[unknown-word] 2: role: 'leading' is no role"), "{said}");
    let said = wrong("owner,Ana,2026-W01,lead,calls,1\nowner,Ana,2026-W01,,won,1\n").remove(0);
    assert!(said.starts_with("[unknown-word] 3: role: the row has no role"), "{said}");
    let said = wrong("owner,Ana,2026-W01,lead,calls,1\n").remove(0);
    assert!(
        said.starts_with("[no-input] 0: no measure of the file has the role lag (name some with --lags: the file has calls)"),
        "{said}"
    );
    let said = wrong("owner,Ana,2026-W01,lag,won,1\n").remove(0);
    assert!(said.starts_with("[no-input] 0: no measure of the file has the role lead"), "{said}");
}

#[test]
fn what_is_missing_is_said() {
    let write = "(write it with `leadlag report --by owner --periods 104 --format csv`)";
    let said = wrong("team,West,2026-W01,lead,calls,1\n").remove(0);
    assert_eq!(said, format!("[no-input] 0: no row is of the level owner, and the test needs people {write}"));
    assert_eq!(wrong("").remove(0), format!("[no-input] 0: no row is of the level owner, and the test needs people {write}"));
    let said =
        wrong("person,Ana,2026-W01,lead,calls,1\n,Ana,2026-W01,lead,calls,1\nowner,,2026-W01,lead,calls,1\nowner,Ana,2026-W01,lead,,1\n");
    assert!(said[0].starts_with("[unknown-word] 2: level: 'person' is no level"), "{said:?}");
    assert!(said[1].starts_with("[unknown-word] 3: level: the row has no level"), "{said:?}");
    assert!(said[2].starts_with("[unknown-name] 4: name: the row has no name"), "{said:?}");
    assert!(said[3].starts_with("[unknown-measure] 5: measure: the row has no measure"), "{said:?}");
    assert!(wrong("owner,Ana,2026-W01,lead\n")[0].starts_with("[ragged-row] 2: this record has 4 cells"), "a ragged row");
    let all = |text: &str| wrong_of(text, &Choice::default()).remove(0);
    assert!(all("").starts_with("[empty-file] 0: the file is empty"));
    let said = all("level,nmae,period,role,measure\nowner,Ana,2026-W01,lead,calls\n");
    assert_eq!(
        said,
        format!(
            "[unrecognised-headings] 1: a file of values needs the columns level, name, period, role, measure, value; \
             the columns name, value are missing (if 'nmae' is it, call it 'name'; {})",
            write.trim_matches(['(', ')'])
        )
    );
    assert!(all("level,name,team,period,complete,calls\nowner,Ana,,2026-W01,true,3\n").contains("it looks like a file of --wide"));
    assert!(all("level,name,name,period,role,measure,value\n").contains("two columns are called 'name'"));
    assert!(
        all("level,name,period,role,measure,value,complete\nowner,Ana,2026-W01,lead,calls,1,maybe\n")
            .starts_with("[bad-flag] 2: complete: 'maybe'")
    );
}

#[test]
fn many_wrong_cells_are_said_in_few_lines() {
    let mut rows = TWO.to_owned();
    for n in 0..50 {
        let _ = writeln!(rows, "owner,Ana,2026-W03,lead,calls,{n} calls");
    }
    let said = wrong(&rows);
    assert_eq!(said.len(), 10);
    assert!(said[9].ends_with("; 40 more such cells are wrong too)"), "{}", said[9]);
}

#[test]
fn a_crowd_is_refused_before_it_takes_all_memory() {
    let mut rows = TWO.to_owned();
    for n in 0..1000 {
        let _ = writeln!(rows, "owner,P{n},2026-W01,lead,calls,{n}");
    }
    let said = wrong(&rows);
    assert!(said[0].starts_with("[too-large] 0: 1002 people are more than can be compared with each other: at most 1000"), "{said:?}");
}

#[test]
fn many_leads_are_warned_of_unless_they_are_named() {
    let mut rows = TWO.to_owned();
    for n in 0..9 {
        let _ = writeln!(rows, "owner,Ana,2026-W01,lead,lead_{n},{n}");
    }
    let (grid, said) = read(&format!("{HEAD}{rows}"), &Choice::default()).unwrap();
    assert_eq!(grid.leads.len(), 10);
    assert_eq!(said.iter().map(|d| d.code).collect::<Vec<_>>(), [Code::ManyLeads]);
}

#[test]
fn of_a_whole_report_what_its_page_shows_is_tested() {
    let mut rows = TWO.to_owned();
    for n in 0..9 {
        let _ = writeln!(rows, "owner,Ana,2026-W01,lead,lead_{n},{n}\nowner,Ana,2026-W01,lag,lag_{n},{n}");
    }
    let of = |leads: &[&str], lags: Option<Vec<String>>| {
        let page = (leads.iter().map(|name| (*name).to_owned()).collect(), vec!["lag_4".to_owned(), "won".to_owned(), "profit".to_owned()]);
        let (grid, said) = read(&format!("{HEAD}{rows}"), &Choice { lags, page, ..Choice::default() }).unwrap();
        let names = |list: &[Series]| list.iter().map(|series| series.name.clone()).collect::<Vec<_>>().join(" ");
        (format!("{} | {}", names(&grid.leads), names(&grid.lags)), grid.cuts, said.len())
    };
    let (names, cuts, said) = of(&["lead_7", "calls"], None);
    assert_eq!((names.as_str(), said), ("lead_7 calls | lag_4 won", 0));
    assert_eq!(cuts, ["16 measures that the page of a report does not show are not tested: name them with --leads and --lags"]);
    assert_eq!(of(&["lead_7"], Some(self::names(&["lag_1"]))).0, "lead_7 | lag_1");
    // Without all of the page's leads it is no whole report.
    let (names, cuts, said) = of(&["lead_7", "mails"], None);
    assert!(names.starts_with("calls lead_0") && names.ends_with("won lag_0 lag_1 lag_2 lag_3 lag_4 lag_5 lag_6 lag_7 lag_8"), "{names}");
    assert_eq!((cuts.len(), said), (0, 1));
}

#[test]
fn the_values_may_lie_in_a_workbook_or_below_titles() {
    let text = format!("My values\n\n{HEAD}{TWO}");
    let (grid, _) = read(&text, &Choice::default()).unwrap();
    assert_eq!(cells(&grid.leads[0]), cells(&self::grid(TWO).leads[0]));
    assert_eq!(wrong_of(&format!("My values,,,,,\n\n{HEAD}{TWO}owner,Bo,2026-W02,lead,calls,x\n"), &Choice::default()).len(), 1);
}
