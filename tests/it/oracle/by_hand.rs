//! The naive code itself against cases small enough to count by hand.

use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::compare::agrees;
use super::measures::want;
use super::world::World;
use super::{Want, Week, Who};

const PEOPLE: &str = "\
name,id,email,role,manager,team,from,to
Lea Lund,u1,,leader,,East,,
Ana Rao,u2,,rep,Lea Lund,East,,2026-03-11
Ana Rao,u2,,rep,Lea Lund,West,2026-03-12,
Ben Ito,u3,,rep,Lea Lund,East,,
";

const DEALS: &str = "\
deal_id,deal_name,rep_name,account,stage,amount,cost,created_date,close_date,type,modified_date,next_step
D1,one,Ana Rao,Acme,Closed Won,1000.10,400.05,2023-01-02,2026-03-10,New Business,2026-03-10,
D2,two,Ana Rao,Acme,Closed Won,50,,2026-03-02,2026-03-12,Existing Business,2026-03-12,
D3,three,,Birch,Closed Lost,70,,2026-03-09,2026-03-13,,2026-03-13,
D4,four,Ben Ito,Cedar,Negotiation,80,,2026-03-10,2026-03-11,New Business,2026-03-12,call
D4,four,Ben Ito,Cedar,Prospecting,9,,2026-03-10,2026-03-11,New Business,2026-03-10,
";

/// Week of 9 March 2026; the export starts five weeks before.
const ACTS: &str = "\
activity_id,rep_name,activity_type,subject,start_time,created_date,modified_date,status,duration_min,account,contact,deal_id,call_result
A0,Ben Ito,Meeting,Visit,2026-02-02 09:00,2026-02-02,2026-02-02,Held,30,Cedar,Pat,,
A1,Ana Rao,Meeting,Visit to Acme,2026-03-09 10:00,2026-03-01,2026-03-09,Completed,60,Acme,Kim,,
A2,Ben Ito,Meeting,Visit to Acme,2026-03-09 10:00,2026-03-01,2026-03-09,Completed,60,Acme,Kim,,
A3,Ana Rao,Demo,Show,2026-03-12 10:00,2026-03-01,2026-03-12,Held,30,Acme,,,
A4,Ben Ito,Event,Meeting with Cedar,2026-03-13 11:00,2026-03-01,2026-03-13,Completed,0,Cedar,Lou,D4,
A5,Ben Ito,Meeting,Visit,2026-03-13 12:00,2026-03-01,2026-03-13,No show,30,Birch,,,
A6,Ben Ito,Meeting,Visit,2026-03-10 12:00,2026-03-01,2026-03-13,,30,Dawn,,,
A7,Lea Lund,Meeting,Visit,2026-03-11 12:00,2026-03-01,2026-03-13,Completed,30,Birch,,,
A8,,Call,Call,2026-03-11 12:00,2026-03-01,2026-03-13,Planned,30,,,D4,Connected
A8,,Call,Call,2026-03-11 12:00,2026-03-01,2026-03-12,Planned,45,,,D4,Busy
A9,Ana Rao,Meeting,Visit,2026-03-18 12:00,2026-03-01,2026-03-13,Scheduled,30,Elm,,,
B1,Ana Rao,Event,Prepare demo for Acme,2026-03-11 08:00,2026-03-01,2026-03-13,Completed,30,Acme,,,
B2,Ana Rao,Event,Weekly team meeting,2026-03-11 08:00,2026-03-01,2026-03-13,Completed,30,,,,
B3,Ana Rao,Meeting,Visit,2026-03-10 17:00,2026-03-01,2026-03-16,Completed,30,,,,
";

fn world() -> World {
    let files = [("people.csv", PEOPLE), ("deals.csv", DEALS), ("activities.csv", ACTS)].map(|(n, t)| (n.to_owned(), t.to_owned()));
    World::read(&files, date(2026, 3, 16), "UTC")
}

fn cell(who: &Who, measure: &str) -> Want {
    let week = Week { start: date(2026, 3, 9), end: date(2026, 3, 15) };
    want(&world(), who, week, measure)
}

#[test]
fn a_week_counted_by_hand() {
    let (east, west) = (Who::Team("East".to_owned()), Who::Team("West".to_owned()));
    let (ana, ben) = (Who::Owner("Ana Rao".to_owned()), Who::Owner("Ben Ito".to_owned()));
    for (who, measure, value) in [
        // A1 with A2, A3, A4, A7, B3.
        (&Who::All, "customer_meetings", "5"),
        // A1 with A2, A4, B3 before Ana's move; A7 is a leader's.
        (&east, "customer_meetings", "3"),
        (&west, "customer_meetings", "1"),
        (&ana, "customer_meetings", "3"),
        (&ben, "customer_meetings", "2"),
        // A1 (Acme's first win is the day after), A4 (new business), A7; not A3, and B3 has no account.
        (&Who::All, "prospect_meetings", "3"),
        // A4 is on a new-business deal with a contact not met before, though Cedar was met in February.
        (&Who::All, "new_prospect_meetings", "3"),
        (&ben, "new_prospect_meetings", "2"),
        (&Who::All, "presentations", "1"),
        (&Who::All, "conversations", "1"),
        (&ben, "conversations", "1"),
        (&Who::All, "accounts_met", "3"),
        // Kim and Lou.
        (&Who::All, "new_contacts_met", "2"),
        (&ana, "booked_next", "1"),
        // 60 + 30 + 30.
        (&ana, "client_hours", "2"),
        // A1 twice, A3, A7, A8, B3; six of seven are timed, or five of six records: 60 + 60 + 30 + 30 + 30 + 30.
        (&Who::All, "client_hours", "4"),
        (&Who::All, "deals_created", "1"),
        (&Who::All, "pipeline_created", "80"),
        (&Who::All, "revenue", "1050.10"),
        (&east, "revenue", "1000.10"),
        (&west, "revenue", "50"),
        (&Who::All, "profit", "600.05"),
        (&Who::All, "deals_won", "2"),
        (&Who::All, "new_customers", "1"),
        (&Who::All, "open_pipeline", "80"),
        (&Who::All, "deals_without_next_step", "0"),
        (&Who::All, "days_since_customer", "2"),
        (&west, "days_since_customer", "3"),
    ] {
        let want = cell(who, measure);
        assert!(agrees(&want, value, ""), "{who:?} {measure}: {value} by hand, {want:?} by the loops");
    }
    // A4 has no minutes: A2 and A8 are two of three.
    assert_eq!(cell(&ben, "client_hours"), Want::Missing(&["too_few"]));
    assert_eq!(cell(&Who::All, "win_rate"), Want::Missing(&["too_few"]));
    assert_eq!(cell(&west, "profit"), Want::Either(vec![Want::Number(Decimal::ZERO), Want::Missing(&[])]));
    // A5 was a no-show; A2 and A4 were held.
    assert_eq!(cell(&ben, "no_show_rate"), Want::Near(1.0 / 3.0, 6e-5));
    // From 2 January 2023 to 10 March 2026, and ten days.
    assert_eq!(cell(&Who::All, "median_days_to_win"), Want::Near(f64::from(1163 + 10) / 2.0, 1e-9));
}

#[test]
fn the_first_four_weeks_are_not_yet() {
    let world = world();
    let week = |start: Date| Week { start, end: start.checked_add(jiff::ToSpan::days(6)).unwrap() };
    assert_eq!(want(&world, &Who::All, week(date(2026, 2, 23)), "new_prospect_meetings"), Want::Missing(&["not_yet"]));
    assert_eq!(want(&world, &Who::All, week(date(2026, 3, 2)), "new_prospect_meetings"), Want::Number(Decimal::ZERO));
}
