//! What is drawn, over a company so small that every number is counted by hand.

use std::fmt::Write as _;

use leadlag::document::{Course, Figure, Heat, Multiples};
use leadlag::report::{self, Evidence, Run};
use leadlag::stats::lead::{LeadWeeks, Verdict};
use leadlag::unit::Value;

use crate::program;

/// Ana sells all along, Ben from the tenth week of 2026 on, and Lea leads.
const PEOPLE: &str = "name,role,team,from,to\nLea Lund,leader,East,,\nAna Rao,rep,East,,\nBen Ito,rep,East,2026-03-02,\n";

/// Ana is away for the whole tenth week, Ben on the last two workdays of the twelfth.
const ABSENCES: &str = "person,from,to\nAna Rao,2026-03-02,2026-03-06\nBen Ito,2026-03-19,2026-03-20\n";

const TARGETS: &str = "measure,level,name,from,to,per,value\ncustomer_meetings,owner,Ben Ito,2026-03-02,,week,2\n\
    no_shows,owner,Ana Rao,2026-01-26,,week,1\nrevenue,owner,Ana Rao,2026-01-01,,quarter,1300\n";

const CONFIG: &str = "[report]\nleads = [\"customer_meetings\", \"no_shows\"]\nlags = [\"revenue\"]\n\n[measure.no_shows]\nrole = \"lead\"\n\
    says = \"Meetings to which nobody came\"\nfrom = \"activities\"\non = \"day\"\nwhere = \"customer_meeting AND outcome = 'missed'\"\n\
    value = \"count\"\nteam = \"sum\"\ngood = \"down\"\n";

/// The Mondays of the fifth to the twelfth week, each with the meetings of Ana, Ben and Lea, and those to which nobody came for Ana.
const WEEKS: [(&str, usize, usize, usize, usize); 8] = [
    ("2026-01-26", 2, 0, 1, 0),
    ("2026-02-02", 1, 0, 1, 2),
    ("2026-02-09", 3, 0, 1, 0),
    ("2026-02-16", 2, 0, 1, 0),
    ("2026-02-23", 2, 0, 1, 1),
    ("2026-03-02", 0, 1, 1, 0),
    ("2026-03-09", 4, 2, 1, 0),
    ("2026-03-16", 1, 1, 1, 4),
];

fn activities() -> String {
    let mut csv = "activity_id,rep_name,activity_type,subject,start_time,modified_date,status,account\n".to_owned();
    for (monday, ana, ben, lea, missed) in WEEKS {
        let held = [("Ana Rao", ana), ("Ben Ito", ben), ("Lea Lund", lea)].map(|(who, n)| (who, n, "Held"));
        for (who, n, status) in held.into_iter().chain([("Ana Rao", missed, "No show")]) {
            for at in 0..n {
                let id = format!("{who}-{status}-{monday}-{at}").replace(' ', "");
                writeln!(csv, "{id},{who},Meeting,Visit,{monday} {:02}:00,2026-03-20,{status},{id}", 8 + at).unwrap();
            }
        }
    }
    csv
}

/// Ana's deals won on the Fridays of the weeks, 100 each: the first took 10 days, the next 20, and so on; and one of long ago.
fn deals(won: i32, long_ago: bool, modified: &str) -> String {
    let mut csv = "deal_id,rep_name,account,stage,amount,currency,created_date,close_date,modified_date\n".to_owned();
    if long_ago {
        csv += "D0,Ana Rao,Old,Closed Won,5,USD,2024-01-08,2024-02-05,2024-02-05\n";
    }
    let day = |text: &str| text.parse::<jiff::civil::Date>().unwrap();
    for n in 1..=won {
        let closed = day("2026-01-30").saturating_add(jiff::Span::new().weeks(i64::from(n - 1) % 8));
        let created = closed.saturating_sub(jiff::Span::new().days(10 * i64::from(n)));
        writeln!(csv, "D{n},Ana Rao,Deal {n},Closed Won,100,USD,{created},{closed},{modified}").unwrap();
    }
    csv
}

/// The figures of a report over these deals.
fn figures(deals: &str, more: &[&str]) -> Vec<Figure> {
    tested(deals, more, Vec::new())
}

/// The same where the lead test has said something.
fn tested(deals: &str, more: &[&str], evidence: Vec<Evidence>) -> Vec<Figure> {
    let folder = tempfile::tempdir().expect("a folder");
    let all = [
        ("people.csv", PEOPLE),
        ("absences.csv", ABSENCES),
        ("targets.csv", TARGETS),
        ("activities.csv", &activities()),
        ("deals.csv", deals),
        ("leadlag.toml", CONFIG),
    ];
    for (name, text) in all {
        std::fs::write(folder.path().join(name), text).expect("a file");
    }
    let place = |name: &str| folder.path().join(name).display().to_string();
    let mut args = vec![place(""), "--config".to_owned(), place("leadlag.toml"), "--as-of".to_owned(), "2026-03-23".to_owned()];
    args.extend(more.iter().map(|arg| (*arg).to_owned()));
    let plan = program::read(&args, &[]).unwrap_or_else(|failure| panic!("{failure:?}"));
    let run = plan.run(&program::options(&args).0).expect("a run");
    assert!(report::report(&run).expect("a report").figures.is_empty(), "who does not draw pays nothing");
    report::report(&Run { draws: true, evidence, ..run }).expect("a report").figures
}

fn course(figures: &[Figure]) -> &Course {
    figures.iter().find_map(|figure| if let Figure::Course(course) = figure { Some(course) } else { None }).expect("a course")
}

fn multiples(figures: &[Figure]) -> Option<&Multiples> {
    figures.iter().find_map(|figure| if let Figure::Multiples(multiples) = figure { Some(multiples) } else { None })
}

fn heat(figures: &[Figure]) -> &Heat {
    figures.iter().find_map(|figure| if let Figure::Heat(heat) = figure { Some(heat) } else { None }).expect("a heat map")
}

/// A value as short as a hand writes it: `2`, or why there is none.
fn short(value: &Value) -> String {
    match value {
        Value::Missing(why) => why.word().to_owned(),
        value => format!("{}", (value.as_f64().expect("a number") * 1e4).round() / 1e4),
    }
}

fn shorts<'a>(values: impl IntoIterator<Item = &'a Value>) -> String {
    values.into_iter().map(short).collect::<Vec<_>>().join(" ")
}

fn optional(values: &[Option<Value>]) -> String {
    values.iter().map(|value| value.as_ref().map_or("-".to_owned(), short)).collect::<Vec<_>>().join(" ")
}

fn incomplete(course: &Course) -> Vec<&str> {
    course.periods.iter().filter(|moment| !moment.complete).map(|moment| moment.name.as_str()).collect()
}

#[test]
fn leads_stand_against_lags_in_each_week_that_the_exports_hold() {
    let figures = figures(&deals(8, true, "2026-03-20"), &["--leads", "customer_meetings"]);
    let course = course(&figures);
    // The deals go back to 2024, and the page half a year.
    assert_eq!((course.periods.len(), course.periods[0].name.as_str()), (26, "2025-W39"));
    assert_eq!(course.periods[25].last.to_string(), "2026-03-22");
    assert_eq!(incomplete(course), Vec::<&str>::new());
    let [meetings, revenue] = course.lines.as_slice() else { panic!("{:?}", course.lines) };
    assert_eq!((meetings.role, revenue.role, meetings.says.as_str()), ("lead", "lag", "customer meetings"));
    // Activities begin on Monday of the fifth week. What nobody exported is missing, and not none.
    assert_eq!(shorts(&meetings.values), format!("{} 3 2 4 3 3 2 7 3", vec!["no_data"; 18].join(" ")));
    assert_eq!(shorts(&revenue.values[17..]), "0 100 100 100 100 100 100 100 100");
    // Ben's, of which his two days away are taken off; money keeps the quarter that it was agreed for.
    assert_eq!(optional(&meetings.targets[18..]), "- - - - - 2 2 1.2");
    assert!(revenue.targets.iter().all(Option::is_none));
    assert!(
        course.says.ends_with("Whether the leads lead to the lags is a question that this picture does not answer."),
        "{}",
        course.says
    );
}

#[test]
fn a_week_whose_beginning_no_export_holds_is_not_drawn_but_the_one_shown_is() {
    // The deal won on 20 March took 80 days: it was created on Tuesday 30 December 2025, and is the first record of all.
    let weeks = figures(&deals(8, false, "2026-03-20"), &["--leads", "customer_meetings"]);
    assert_eq!(course(&weeks).periods[0].name, "2026-W02");
    // Activities begin within January, so that February is their first whole month.
    let months = figures(&deals(8, false, "2026-03-20"), &["--leads", "customer_meetings", "--month", "2026-03"]);
    let months = course(&months);
    let names: Vec<&str> = months.periods.iter().map(|moment| moment.name.as_str()).collect();
    assert_eq!(names, ["2026-01", "2026-02", "2026-03"]);
    assert_eq!(incomplete(months), ["2026-03"]);
    assert!(months.says.contains("2026-03 is not complete."), "{}", months.says);
    assert_eq!(shorts(&months.lines[0].values), "not_applicable 12 12");
    let begun = " 2026-01 lacks customer meetings: the exports begin 2026-01-26.";
    assert!(months.says.contains(begun), "{}", months.says);
    assert_eq!(shorts(&months.lines[1].values), "100 400 300");
    // There is nothing to compare the first week of all with.
    assert!(figures(&deals(0, false, ""), &["--leads", "customer_meetings", "--week", "2026-W05"]).is_empty());
}

#[test]
fn a_lag_whose_table_ended_is_missing_after_it_and_not_none() {
    // Deals end on Wednesday of the sixth week, when the second was won.
    let ended = deals(2, true, "2026-02-04").replace(",2026-02-06,", ",2026-02-04,");
    let figures = figures(&ended, &["--leads", "customer_meetings"]);
    let course = course(&figures);
    assert_eq!(shorts(&course.lines[1].values[18..]), "100 100 no_data no_data no_data no_data no_data no_data");
    assert_eq!(shorts(&course.lines[0].values[18..]), "3 2 4 3 3 2 7 3");
    // What there is of that week is not the whole of it.
    assert_eq!(incomplete(course), ["2026-W06"]);
    assert!(course.lead_time.is_none());
}

#[test]
fn ranges_and_everything_are_drawn_by_the_whole_weeks_in_them() {
    let range = figures(&deals(8, true, "2026-03-20"), &["--from", "2026-02-04", "--to", "2026-03-18"]);
    let names: Vec<&str> = course(&range).periods.iter().map(|moment| moment.name.as_str()).collect();
    assert_eq!(names, ["2026-W07", "2026-W08", "2026-W09", "2026-W10", "2026-W11"]);
    let all = figures(&deals(8, true, "2026-03-20"), &["--period", "all"]);
    assert_eq!(course(&all).periods.last().expect("a week").name, "2026-W12");
    // One week is nothing to compare, and at the beginning of the calendar there is none before.
    for (from, to) in [("2026-03-09", "2026-03-15"), ("0001-01-01", "0001-01-02"), ("9999-12-30", "9999-12-31")] {
        assert!(figures(&deals(8, true, "2026-03-20"), &["--from", from, "--to", to]).is_empty(), "{from}");
    }
}

#[test]
fn the_lead_time_drawn_is_one_that_was_shown() {
    let shown = |verdict: Verdict, weeks: Option<LeadWeeks>| Evidence {
        lead: "customer_meetings".to_owned(),
        lag: "deals_won".to_owned(),
        verdict,
        weeks,
        max_lag: 13,
        recorded: true,
    };
    let told = |evidence: Evidence, more: &[&str]| course(&tested(&deals(8, true, "2026-03-20"), more, vec![evidence])).clone();
    let six = Some(LeadWeeks { weeks: 6, first: 5, last: 8 });
    let found = told(shown(Verdict::Leads, six), &["--leads", "customer_meetings"]);
    // Six weeks after Thursday of W12 is Thursday of W18.
    let lead = found.lead_time.expect("a lead time");
    assert_eq!(lead.says, "customer meetings predict deals won, about 6 weeks later (5–8): what is done in W12 shows about W18");
    assert_eq!(lead.periods, 6);
    assert!(found.says.contains("customer meetings predict deals won, about 6 weeks later (5–8)"), "{}", found.says);
    // The middle of February is the 14th; six weeks later it is 28 March.
    let month = told(shown(Verdict::Leads, six), &["--month", "2026-02"]).lead_time.expect("a lead time");
    assert_eq!((month.periods, month.says.ends_with(": what is done in 2026-02 shows about 2026-03")), (1, true), "{}", month.says);
    // No evidence, no lead time.
    let none = told(shown(Verdict::NoLead, None), &["--leads", "customer_meetings"]);
    assert!(none.lead_time.is_none());
    assert!(none.says.contains("customer meetings: no lead shown within 13 weeks"), "{}", none.says);
}

#[test]
fn each_person_has_a_panel_in_the_order_of_the_page() {
    let figures = figures(&deals(8, true, "2026-03-20"), &[]);
    let multiples = multiples(&figures).expect("panels");
    let names: Vec<(&str, &str)> = multiples.panels.iter().map(|panel| (panel.name.as_str(), panel.team.as_str())).collect();
    assert_eq!(names, [("Ana Rao", "East"), ("Ben Ito", "East"), ("Lea Lund", "East")]);
    assert_eq!((multiples.periods.len(), multiples.periods[0].name.as_str()), (13, "2025-W52"));
    let measures: Vec<&str> = multiples.panels[0].lines.iter().map(|line| line.measure.as_str()).collect();
    assert_eq!(measures, ["customer_meetings", "no_shows", "revenue"]);
    // Ben was not there in the ninth week, and came in the tenth.
    assert_eq!(shorts(&multiples.panels[1].lines[0].values[9..]), "not_applicable 1 2 1");
    assert_eq!(optional(&multiples.panels[1].lines[0].targets[9..]), "- 2 2 1.2");
    assert_eq!(shorts(&multiples.panels[0].lines[1].values[5..]), "0 2 0 0 1 0 0 4");
}

#[test]
fn one_row_needs_no_panels_and_teams_have_their_own() {
    let only = figures(&deals(8, true, "2026-03-20"), &["--owner", "Ana Rao"]);
    assert!(multiples(&only).is_none());
    assert!(course(&only).says.contains(", of Ana Rao."), "{}", course(&only).says);
    let team = figures(&deals(8, true, "2026-03-20"), &["--by", "team"]);
    assert!(multiples(&team).is_none());
    assert_eq!(heat(&team).groups[0].rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["East"]);
}

#[test]
fn what_is_kept_up_is_a_share_of_the_target_or_of_the_own_weeks_before() {
    let figures = figures(&deals(8, true, "2026-03-20"), &[]);
    let heat = heat(&figures);
    assert_eq!((heat.columns.len(), heat.columns[5].as_str(), heat.columns[12].as_str()), (13, "2026-W05", "2026-W12"));
    let titles: Vec<&str> = heat.groups.iter().map(|group| group.title.as_str()).collect();
    assert_eq!(titles, ["customer meetings", "no shows (less is better)"]);
    let row = |group: usize, row: usize| -> Vec<String> {
        let cell = |cell: &leadlag::document::HeatCell| {
            let share = cell.share.map_or("-".to_owned(), |share| format!("{}", (share * 1e4).round() / 1e4));
            format!("{}/{}={share}", short(&cell.value), cell.against.as_ref().map_or("-".to_owned(), short))
        };
        heat.groups[group].rows[row].cells[5..].iter().map(cell).collect()
    };
    // Ana has no target of meetings. Four weeks make a mean, 8 ÷ 4; nothing is asked of her in her week away; then 10 ÷ 6, and 14 ÷ 7.
    assert_eq!(row(0, 0), ["2/-=-", "1/-=-", "3/-=-", "2/-=-", "2/2=1", "0/-=-", "4/1.6667=2.4", "1/2=0.5"]);
    // Ben has one of two, and three of five days in the last week.
    let away = vec!["not_applicable/-=-"; 5];
    assert_eq!(row(0, 1), [away, vec!["1/2=0.5", "2/2=1", "1/1.2=0.8333"]].concat());
    // Who leads is not held against weeks of selling, and the map says so.
    assert!(heat.says.contains("Leaders who have no target are not shaded."), "{}", heat.says);
    assert_eq!(row(0, 2), ["1/-=-"; 8]);
    // Of what should not be, none is all right and four where one is allowed a quarter of it.
    assert_eq!(row(1, 0), ["0/1=1", "2/1=0.5", "0/1=1", "0/1=1", "1/1=1", "0/0=-", "0/1=1", "4/1=0.25"]);
}

#[test]
fn what_is_not_over_is_not_compared() {
    let figures = figures(&deals(8, true, "2026-03-20"), &["--month", "2026-03", "--leads", "no_shows"]);
    let heat = heat(&figures);
    assert!(heat.says.ends_with("What is not complete is not compared."), "{}", heat.says);
    let ana = &heat.groups[0].rows[0].cells;
    let last = ana.last().expect("a month");
    assert_eq!((short(&last.value), last.against.is_some(), last.share), ("4".to_owned(), true, None));
    assert!(ana[ana.len() - 2].share.is_some());
}

#[test]
fn amounts_are_drawn_in_the_one_currency_of_the_page() {
    let two = deals(8, true, "2026-03-20") + "E1,Ana Rao,Euro,Closed Won,900,EUR,2026-03-02,2026-03-20,2026-03-20\n";
    let figures = figures(&two, &[]);
    let course = course(&figures);
    assert_eq!(course.lines.iter().filter(|line| line.measure == "revenue").count(), 1);
    assert_eq!(
        (course.lines[2].unit.to_string(), short(course.lines[2].values.last().expect("a week"))),
        ("USD".to_owned(), "100".to_owned())
    );
    assert!(course.says.ends_with("Amounts are those in USD; csv and json have the others."), "{}", course.says);
    // The map holds no amounts, so there is nothing to say of them.
    assert!(!heat(&figures).says.contains("USD"));
}
