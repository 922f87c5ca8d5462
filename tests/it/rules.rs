//! Single rules of counting, each on an export of a few lines with the answer worked out by hand.

use crate::program;

/// Runs a report over files and gives the csv row of a measure for a name; empty for all.
fn row(files: &[(&str, &str)], args: &[&str], measure: &str, name: &str) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in files {
        std::fs::write(folder.path().join(file), text).expect("a file");
    }
    let place = folder.path().display().to_string();
    let words: Vec<&str> = ["report", &place, "--format", "csv"].into_iter().chain(args.iter().copied()).collect();
    let output = program::run(&words);
    let (text, said) = (String::from_utf8(output.stdout).expect("UTF-8"), String::from_utf8(output.stderr).expect("UTF-8"));
    let found = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>()).find(|f| f[8] == measure && f[1] == name);
    found.unwrap_or_else(|| panic!("no {measure} of {name:?}: {text}{said}"))
}

/// The value, else why it is missing.
fn value(row: &[String]) -> &str {
    if row[10].is_empty() { &row[11] } else { &row[10] }
}

const WEEK: &[&str] = &["--as-of", "2026-11-16", "--week", "2026-W46"];

#[test]
fn a_past_meeting_without_an_outcome_was_held_although_nobody_entered_anything_since() {
    let activities = "activity_id,rep_name,activity_type,activity_date,created_date,account\n\
        1,Ana,Meeting,2026-11-10,2026-11-02,Acme\n2,Ana,Meeting,2026-11-11,2026-11-09,Bolt\n3,Ana,Meeting,2026-11-12,2026-11-04,Cask\n";
    let deals = "deal_id,rep_name,stage,amount,created_date,close_date\nD,Ana,Proposal,5,2026-11-15,2026-12-01\n";
    let args = [WEEK, &["--leads", "customer_meetings"]].concat();
    assert_eq!(value(&row(&[("activities.csv", activities), ("deals.csv", deals)], &args, "customer_meetings", "")), "3");
}

#[test]
fn what_is_marked_as_not_done_was_not_held() {
    let activities = "activity_id,rep_name,activity_type,activity_date,done,account\n1,Ana,Meeting,2026-11-10,true,Acme\n\
        2,Ana,Meeting,2026-11-10,false,Bolt\n3,Ana,Meeting,2026-11-11,false,Cask\n4,Ana,Meeting,2026-11-12,false,Dune\n";
    let args = [WEEK, &["--through", "2026-11-15", "--leads", "customer_meetings"]].concat();
    assert_eq!(value(&row(&[("activities.csv", activities)], &args, "customer_meetings", "")), "1");
}

#[test]
fn average_amounts_are_over_the_deals_in_their_own_currency() {
    let deals = "deal_id,rep_name,stage,amount,currency,created_date,close_date\n1,Ana,Closed Won,100,USD,2026-01-01,2026-11-10\n\
        2,Ana,Closed Won,300,USD,2026-01-01,2026-11-10\n3,Ana,Closed Won,600,EUR,2026-01-01,2026-11-10\n";
    let args = [WEEK, &["--through", "2026-11-15", "--lags", "average_deal", "--leads", "deals_created"]].concat();
    let usd = row(&[("deals.csv", deals)], &args, "average_deal", "");
    assert_eq!((usd[9].as_str(), value(&usd)), ("USD", "200"));
}

#[test]
fn a_deal_won_after_an_earlier_day_of_the_report_was_open_then() {
    let deals = "Id,Owner,Account,Amount,Stage,Close Date,Created Date\n1,Ann,Acme,100,Closed Won,2026-06-01,2026-05-01\n\
        2,Bob,Acme,50,Closed Won,2026-06-20,2026-05-01\n3,Bob,Acme,70,Negotiation,2026-06-22,2026-05-15\n4,Bob,Bolt,9,Negotiation,2026-07-22,2026-06-25\n";
    let args = ["--as-of", "2026-06-10", "--week", "2026-W23", "--through", "2026-06-10", "--leads", "open_pipeline", "--lags", "revenue"];
    assert_eq!(value(&row(&[("deals.csv", deals)], &args, "open_pipeline", "")), "120");
}

#[test]
fn people_count_in_a_team_only_while_they_are_with_it() {
    let people = "name,team,role,from,to\nAnn Bell,West,rep,2025-01-01,2026-11-10\nBob Cole,West,rep,2025-01-01,\n";
    let activities = "activity_id,rep_name,activity_type,activity_date,outcome,account\n1,Ann Bell,Meeting,2026-11-10,Held,Acme\n\
        2,Ann Bell,Meeting,2026-11-12,Held,Bolt\n3,Bob Cole,Meeting,2026-11-12,Held,Cask\n";
    let args = [WEEK, &["--through", "2026-11-15", "--leads", "customer_meetings"]].concat();
    let files = [("people.csv", people), ("activities.csv", activities)];
    assert_eq!(value(&row(&files, &args, "customer_meetings", "")), "3");
    assert_eq!(value(&row(&files, &args, "customer_meetings", "West")), "2");
    assert_eq!(value(&row(&files, &args, "customer_meetings", "Ann Bell")), "2");
}

#[test]
fn quotas_of_several_lengths_are_not_added_up() {
    let targets = "rep_name,quota_monthly,quota_quarterly\nAna,100,300\n";
    let deals = "deal_id,rep_name,stage,amount,created_date,close_date\n1,Ana,Closed Won,40,2026-01-01,2026-10-10\n";
    let files = [("targets.csv", targets), ("deals.csv", deals)];
    let of = |period: &str, from: &str, to: &str| {
        let args = [
            "--as-of",
            "2026-12-31",
            "--through",
            "2026-12-31",
            "--period",
            period,
            "--from",
            from,
            "--to",
            to,
            "--leads",
            "deals_created",
        ];
        row(&files, &args, "revenue", "Ana")[12].clone()
    };
    assert_eq!(of("quarter", "2026-10-01", "2026-12-31"), "300");
    assert_eq!(of("month", "2026-11-01", "2026-11-30"), "100");
}

#[test]
fn a_target_given_for_a_team_stands_for_its_people_in_the_whole_too() {
    let people = "name,team,role,from,to\nAnn Bell,East,rep,2025-01-01,\nBob Cole,West,rep,2025-01-01,\n";
    let targets = "measure,level,name,per,value\ncustomer_meetings,team,West,week,9\ncustomer_meetings,owner,Ann Bell,week,4\n\
        customer_meetings,owner,Bob Cole,week,3\n";
    let activities = "activity_id,rep_name,activity_type,activity_date,outcome,account\n1,Ann Bell,Meeting,2026-11-10,Held,Acme\n";
    let args = [WEEK, &["--through", "2026-11-15", "--leads", "customer_meetings"]].concat();
    let files = [("people.csv", people), ("targets.csv", targets), ("activities.csv", activities)];
    let target = |name: &str| row(&files, &args, "customer_meetings", name)[12].clone();
    assert_eq!((target("West"), target("East"), target("")), ("9".to_owned(), "4".to_owned(), "13".to_owned()));
}
