//! Small exports of which every cell is known.
#![allow(clippy::float_cmp)]

use super::super::small::{Activity, Deal, World, day};
use super::*;
use crate::table::{Manager, Person, Role, Span};

/// The weeks that the worlds last.
const WEEKS: i32 = 40;

fn person(name: &str, role: Role, days: Option<(i32, i32)>) -> Person {
    let (first, last) = days.map(|(first, last)| (day(first), day(last))).unzip();
    Person {
        name: name.to_owned(),
        id: None,
        role,
        listed: days.is_some(),
        named: true,
        spans: vec![Span { team: None, first, last, manager: Manager::Unsaid }],
        absences: Vec::new(),
    }
}

fn meeting(world: &mut World, owner: &'static str, on: i32, account: &str) {
    world.activities.push(Activity { on, kind: "meeting", owner, account: account.to_owned(), ..Activity::default() });
}

fn won(world: &mut World, owner: &'static str, on: i32) {
    world.deals.push(Deal { owner, state: "won", created: on - 4, closed: Some(on), ..Deal::default() });
}

/// Ana meets on every Monday and wins on every Friday but in week 9; Ben has his first record on the Wednesday of week 3 and his last in week
/// 20, 140 days before the end; Cy is listed from the Monday of week 5 to the Sunday of week 30 and has a record in week 6; Dee leads.
fn world() -> World {
    let mut world = World { as_of: WEEKS * 7 - 1, ..World::default() };
    world.people = vec![
        person("Ana", Role::Rep, None),
        person("Ben", Role::Rep, None),
        person("Cy", Role::Rep, Some((35, 216))),
        person("Dee", Role::Leader, None),
        person("Eve", Role::Rep, None),
    ];
    for week in 0..WEEKS {
        meeting(&mut world, "Ana", week * 7, &format!("A{week}"));
        meeting(&mut world, "Dee", week * 7, &format!("D{week}"));
        if week != 9 {
            won(&mut world, "Ana", week * 7 + 4);
        }
    }
    meeting(&mut world, "Ben", 3 * 7 + 2, "B1");
    meeting(&mut world, "Ben", 20 * 7, "B2");
    meeting(&mut world, "Ben", 20 * 7 + 1, "B3");
    meeting(&mut world, "Cy", 6 * 7, "C1");
    world
}

fn grid_of(world: &World, leads: &[&str], lags: &[&str]) -> Grid {
    let names = |of: &[&str]| of.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    world.ask(&[leads, lags].concat(), |engine| grid(engine, &names(leads), &names(lags)).unwrap_or_else(|said| panic!("{said:?}")))
}

/// A row as text: `.` where nothing is known.
fn row(series: &Series, person: usize) -> String {
    series.values.row(person).iter().map(|cell| if cell.is_nan() { ".".to_owned() } else { format!("{cell}") }).collect()
}

#[test]
fn a_zero_is_none_and_a_week_before_or_after_ones_time_is_not_known() {
    let grid = grid_of(&world(), &["customer_meetings"], &["deals_won"]);
    assert_eq!(grid.people, ["Ana", "Ben", "Cy"]);
    assert_eq!((grid.weeks.len(), grid.weeks[0].as_str(), grid.weeks[39].as_str()), (40, "2024-W01", "2024-W40"));
    assert_eq!(grid.range.map(|range| (range.first, range.last)), Some((day(0), day(279))));
    let (meetings, wins) = (&grid.leads[0], &grid.lags[0]);
    assert_eq!((meetings.says.as_str(), meetings.drop), ("customer meetings", false));
    assert_eq!(row(meetings, 0), "1".repeat(40));
    assert_eq!(row(wins, 0), format!("{}0{}", "1".repeat(9), "1".repeat(30)));
    // The week of the first record is not whole; that of the last is not, since its Sunday is not known to be his.
    assert_eq!(row(meetings, 1), format!("{}{}{}", ".".repeat(4), "0".repeat(16), ".".repeat(20)));
    assert_eq!(row(meetings, 2), format!("{}01{}{}", ".".repeat(5), "0".repeat(24), ".".repeat(9)));
    let said =
        ["Dee is not looked at: leaders are in no team's sum", "1 person without a record of their own or a whole week in this time"];
    assert!(said.iter().all(|says| grid.cuts.iter().any(|cut| cut == says)), "{:?}", grid.cuts);
    assert!(grid.cuts.contains(&"38 of 120 weeks of a person: before the first or after the last whole week with us".to_owned()));
}

#[test]
fn who_was_just_seen_is_still_there() {
    let mut world = world();
    meeting(&mut world, "Ben", 30 * 7, "B4");
    let grid = grid_of(&world, &["customer_meetings"], &["deals_won"]);
    assert_eq!(row(&grid.leads[0], 1), format!("{}{}2{}1{}", ".".repeat(4), "0".repeat(16), "0".repeat(9), "0".repeat(9)));
}

#[test]
fn first_meetings_are_known_once_the_exports_look_back() {
    let grid = grid_of(&world(), &["new_prospect_meetings", "customer_meetings"], &["deals_won"]);
    // Day 180 is the Saturday of week 25: the first whole week is 26.
    assert_eq!(row(&grid.leads[0], 0), format!("{}{}", ".".repeat(26), "1".repeat(14)));
    assert_eq!(row(&grid.leads[1], 0), "1".repeat(40));
    assert!(
        grid.cuts.contains(&"new prospect meetings are known from 2024-06-29 on: they look back 180 days".to_owned()),
        "{:?}",
        grid.cuts
    );
    // Alone, they make the sample so much shorter.
    let grid = grid_of(&world(), &["new_prospect_meetings"], &["deals_won"]);
    assert_eq!((grid.weeks.len(), row(&grid.lags[0], 0)), (14, "1".repeat(14)));
}

#[test]
fn without_deals_nothing_is_known_of_wins() {
    let mut world = world();
    world.deals.clear();
    let grid = grid_of(&world, &["customer_meetings"], &["deals_won"]);
    // What is left reaches the Monday of the last week, which is not whole.
    assert_eq!((row(&grid.leads[0], 0), row(&grid.lags[0], 0)), ("1".repeat(39), ".".repeat(39)));
    let said: Vec<String> = super::super::absences(&grid).into_iter().map(|said| said.message).collect();
    assert_eq!(said, ["no deals among the exports: nothing is known of deals won"]);
    world.activities.clear();
    won(&mut world, "Ana", 4);
    let grid = grid_of(&world, &["customer_meetings", "presentations"], &["deals_won", "revenue"]);
    let said: Vec<String> = super::super::absences(&grid).into_iter().map(|said| said.message).collect();
    assert_eq!(said, ["no activities among the exports: nothing is known of customer meetings and presentations"]);
}

#[test]
fn a_week_that_is_not_over_is_not_known() {
    let mut world = world();
    world.as_of -= 4;
    let grid = grid_of(&world, &["customer_meetings", "customer_meetings"], &["deals_won"]);
    assert_eq!((grid.weeks.len(), grid.leads.len()), (39, 1));
}

#[test]
fn what_is_not_known_is_told_apart_from_none_and_why() {
    let cells = |lead: &str, lag: &str| {
        let grid = grid_of(&world(), &[lead], &[lag]);
        (grid.leads[0].cells.clone(), grid.lags[0].cells.clone())
    };
    // No meeting has minutes: only weeks without one are known, of Ben 4 to 19, of Cy 5 to 30 but 6. In these 27 weeks Ana has one each.
    let (hours, wins) = cells("client_hours", "deals_won");
    assert_eq!((hours.there, hours.known, hours.missing), (69, 41, Some((Missing::Amounts, 28))));
    assert_eq!((hours.records, hours.priced, hours.of_now), (28, 0, false));
    assert_eq!((wins.there, wins.known, wins.missing, wins.records), (69, 69, None, 26));
    // Of all 40 weeks Ana has 40, Ben 16 and Cy 26.
    let (_, rate) = cells("customer_meetings", "win_rate");
    assert_eq!((rate.there, rate.known, rate.missing), (82, 0, Some((Missing::TooFew(10), 82))));
    let (_, open) = cells("customer_meetings", "open_deals");
    assert!(open.of_now);
    let both = grid_of(&world(), &["customer_meetings"], &["open_deals", "deals_won"]);
    // Only the last two weeks end within 7 days of the end of the exports: 2 of Ana's are known.
    assert_eq!((both.lags[0].cells.known, both.lags[0].cells.missing), (2, Some((Missing::Past, 80))));
    let mut without = world();
    without.deals.clear();
    let grid = grid_of(&without, &["customer_meetings"], &["deals_won"]);
    assert_eq!((grid.leads[0].cells.known, grid.leads[0].cells.missing), (81, None));
    assert_eq!(grid.lags[0].cells.missing, Some((Missing::NoTable(crate::table::Kind::Deals), 81)));
}

#[test]
fn a_sum_of_which_a_part_is_unknown_is_not_known() {
    let mut world = world();
    world.deals.iter_mut().for_each(|deal| deal.amount = Some(7));
    // In week 3 Ana wins a second deal and in week 5 a single one, of which nobody knows how much.
    won(&mut world, "Ana", 3 * 7 + 2);
    world.deals[5].amount = None;
    let grid = grid_of(&world, &["customer_meetings"], &["revenue", "deals_won"]);
    assert_eq!(row(&grid.lags[0], 0), format!("777.7.7770{}", "7".repeat(30)));
    assert_eq!(row(&grid.lags[1], 0), format!("111211{}0{}", "1".repeat(3), "1".repeat(30)));
    let cells = &grid.lags[0].cells;
    assert_eq!((cells.known, cells.partial, cells.records, cells.priced), (80, 2, 40, 38));
    assert!(grid.cuts.contains(&"2 weeks of a person of revenue: the amount of a deal is not known".to_owned()), "{:?}", grid.cuts);
}

#[test]
fn only_what_is_tested_is_counted_as_left_out() {
    let grid = grid_of(&world(), &["new_prospect_meetings"], &["deals_won"]);
    // Of the last 14 weeks Ben has none, and Cy weeks 26 to 30.
    assert_eq!((grid.people.as_slice(), grid.weeks.len()), (["Ana".to_owned(), "Cy".to_owned()].as_slice(), 14));
    assert!(grid.cuts.contains(&"9 of 28 weeks of a person: before the first or after the last whole week with us".to_owned()));
    assert!(grid.cuts.contains(&"2 people without a record of their own or a whole week in this time".to_owned()), "{:?}", grid.cuts);
}

#[test]
fn no_day_is_named_that_the_exports_do_not_reach() {
    let mut world = world();
    // The exports end on day 139, the Sunday of week 19: the look-back ends on day 180, and the first whole week after it begins on 182.
    world.as_of = 139;
    world.activities.retain(|activity| activity.on < 140);
    world.deals.retain(|deal| deal.closed < Some(140));
    let grid = grid_of(&world, &["new_prospect_meetings", "customer_meetings"], &["deals_won"]);
    let said = "new prospect meetings look back 180 days, and the exports do not reach so far yet: 7 more weeks";
    assert!(grid.cuts.iter().any(|cut| cut == said), "{:?}", grid.cuts);
    assert_eq!(grid.leads[0].cells.missing.map(|(why, _)| why), Some(Missing::NotReached));
}

#[test]
fn how_many_people_there_are_may_be_known_without_the_grid() {
    let names = |of: &[&str]| of.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
    let told = |world: &World, most: usize, leads: &[&str], lags: &[&str]| {
        world
            .ask(&[leads, lags].concat(), |engine| more_than(most, engine, &names(leads), &names(lags)))
            .unwrap_or_else(|said| panic!("{said:?}"))
    };
    let (leads, lags) = (["client_hours", "customer_meetings", "conversations"], ["revenue", "deals_won"]);
    let world = world();
    let people = grid_of(&world, &leads, &lags).people.len();
    assert_eq!((people, told(&world, 2, &leads, &lags), told(&world, 3, &leads, &lags)), (3, Some(3), None));
    assert_eq!(told(&world, 2, &["client_hours"], &lags), None, "no lead that is known of every week");
    // Where nothing is complete, or the deals begin later, no single pair tells.
    let empty = World { as_of: 100, ..World::default() };
    assert_eq!(told(&empty, 0, &leads, &lags), None);
    for shift in [0, 5, 60] {
        let mut later = world.clone();
        later.deals.retain(|deal| deal.closed.is_some_and(|closed| closed > shift * 3));
        let all = grid_of(&later, &leads, &lags).people.len();
        assert!(told(&later, 0, &leads, &lags).is_none_or(|people| people == all), "{shift}");
    }
}
