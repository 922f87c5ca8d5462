//! Small worlds of which it is known what their exports keep.

use std::ops::Range;

use super::super::small::{Activity, Deal, World, day};
use super::*;

/// The weeks that the worlds last.
const END: i32 = 150;

/// So many meetings a week, from Monday on.
fn meetings(world: &mut World, weeks: Range<i32>, a_week: impl Fn(i32) -> i32) {
    for week in weeks {
        for n in 0..a_week(week) {
            world.activities.push(Activity { on: week * 7 + n % 5, kind: "meeting", ..Activity::default() });
        }
    }
}

/// So many deals created a week, won 4 to 20 weeks later, of which an export holds those that it keeps by creation and close.
fn deals(world: &mut World, weeks: Range<i32>, a_week: i32, keeps: impl Fn(i32, i32) -> bool) {
    for n in weeks.start * a_week..weeks.end * a_week {
        let created = n / a_week * 7 + n % 5;
        let closed = Some(created + 28 + n * 37 % 113).filter(|closed| *closed < END * 7);
        if keeps(created, closed.unwrap_or(i32::MAX)) {
            world.deals.push(Deal { state: if closed.is_some() { "won" } else { "open" }, created, closed, ..Deal::default() });
        }
    }
}

fn all(_: i32, _: i32) -> bool {
    true
}

fn world() -> World {
    World { as_of: END * 7 - 1, ..World::default() }
}

/// From which day each table is whole, as activities and deals, and all that is said.
fn found(world: &World) -> (i32, i32, Vec<String>) {
    world.ask(&["revenue"], |engine| {
        let edges = edges(engine);
        let from = |table: Kind| edges.iter().find(|edge| edge.table == table).map_or(-1, |edge| edge.from.since(day(0)));
        (from(Kind::Activities), from(Kind::Deals), edges.iter().filter_map(|edge| edge.says.clone()).collect())
    })
}

#[test]
fn a_year_of_activities_beside_all_deals() {
    let mut world = world();
    meetings(&mut world, 98..END, |_| 6);
    deals(&mut world, 0..END, 3, all);
    let says = "activities are kept since 2025-11-17 only, deals since 2024-01-01: weeks before 2025-11-17 are not tested";
    assert_eq!(found(&world), (686, 0, vec![says.to_owned()]));
    // Kept since a Wednesday: the first whole week is the next.
    world.activities.retain(|activity| activity.on >= 688);
    let says = "activities are kept since 2025-11-19 only, deals since 2024-01-01: weeks before 2025-11-24 are not tested";
    assert_eq!(found(&world), (688, 0, vec![says.to_owned()]));
}

#[test]
fn strays_of_an_archive_are_no_activity() {
    let mut world = world();
    meetings(&mut world, 0..98, |week| i32::from(week % 7 == 3));
    meetings(&mut world, 98..END, |_| 6);
    deals(&mut world, 0..END, 3, all);
    let says =
        "activities are kept since 2025-11-17 only, deals since 2024-01-01 (14 older ones aside): weeks before 2025-11-17 are not tested";
    assert_eq!(found(&world), (686, 0, vec![says.to_owned()]));
}

#[test]
fn strays_of_both_tables_are_from_before_the_company_kept_anything() {
    let mut world = world();
    world.meeting(10, "Acme");
    world.won("Acme", 12, 40);
    meetings(&mut world, 60..END, |_| 6);
    deals(&mut world, 60..END, 4, all);
    let (activities, deals, says) = found(&world);
    assert_eq!((activities, says.len()), (420, 2), "{says:?}");
    assert_eq!(says[0], "activities are kept since 2025-02-24 only (1 older one aside): weeks before 2025-02-24 are not tested");
    assert!(deals >= 420, "{deals}");
}

#[test]
fn a_company_that_started_then_has_no_edge() {
    let mut young = world();
    meetings(&mut young, 40..END, |_| 6);
    deals(&mut young, 40..END, 3, all);
    assert_eq!(found(&young), (280, 280, Vec::new()));
    // Deals that come after the first meetings are no later edge.
    let mut patient = world();
    meetings(&mut patient, 40..END, |_| 6);
    deals(&mut patient, 43..END, 3, all);
    assert_eq!(found(&patient), (280, 301, Vec::new()));
}

#[test]
fn growth_is_no_edge() {
    let mut world = world();
    meetings(&mut world, 0..END, |week| 1 + week / 5);
    deals(&mut world, 0..END, 3, all);
    assert_eq!(found(&world), (0, 0, Vec::new()));
}

#[test]
fn a_summer_without_meetings_is_no_edge() {
    let mut world = world();
    meetings(&mut world, 0..END, |week| if (28..35).contains(&(week % 52)) { 0 } else { 6 });
    deals(&mut world, 0..END, 3, all);
    assert_eq!(found(&world), (0, 0, Vec::new()));
}

#[test]
fn a_small_company_without_a_win_for_a_quarter_has_no_edge() {
    let mut world = world();
    meetings(&mut world, 0..END, |_| 3);
    for win in [2, 60, 61, 64, 120, 121, 148] {
        world.won("Acme", win * 7 - 20, win * 7);
    }
    assert_eq!(found(&world), (0, -6, Vec::new()));
}

#[test]
fn a_day_on_which_every_deal_was_imported_is_no_edge() {
    let mut world = world();
    meetings(&mut world, 0..END, |_| 6);
    deals(&mut world, 0..END, 3, all);
    for _ in 0..500 {
        world.deals.push(Deal { state: "open", created: 700, closed: None, ..Deal::default() });
    }
    assert_eq!(found(&world), (0, 0, Vec::new()));
}

#[test]
fn closed_deals_that_were_purged() {
    let mut world = world();
    meetings(&mut world, 0..END, |_| 6);
    deals(&mut world, 0..END, 4, |_, closed| closed >= 630);
    let (activities, from, says) = found(&world);
    // None is closed on the first two days.
    assert_eq!((activities, from), (0, 632), "{says:?}");
    assert_eq!(says, ["deals are kept since 2025-09-24 only, activities since 2024-01-01: weeks before 2025-09-29 are not tested"]);
    // Deals of old that are still open were created long before.
    for week in [1, 20, 33, 52, 70] {
        world.deals.push(Deal { state: "open", created: week * 7, closed: None, ..Deal::default() });
    }
    assert_eq!(found(&world), (0, 632, says));
}

/// They are closed 28 to 140 days after creation, nine of ten within 129, and within 127 of those closed by now.
#[test]
fn deals_exported_by_the_day_of_their_creation() {
    let mut world = world();
    meetings(&mut world, 0..END, |_| 6);
    deals(&mut world, 0..END, 4, |created, _| created >= 630);
    let (activities, from, says) = found(&world);
    assert_eq!((activities, from), (0, 630 + 127), "{says:?}");
    let says_so = "deals are kept by the day of their creation, since 2025-09-22 only, and 9 of 10 are closed within 127 days: weeks before 2026-02-02 are not tested";
    assert_eq!(says, [says_so]);
}

#[test]
fn a_table_that_ends_earlier() {
    let mut world = world();
    meetings(&mut world, 0..END, |_| 6);
    deals(&mut world, 0..END, 3, |created, closed| created < 900 && closed < 900);
    let says = world.ask(&["revenue"], |engine| {
        let edges = edges(engine);
        assert_eq!((edges[0].until, edges[1].until), (day(1047), day(894)));
        edges[1].says.clone()
    });
    assert_eq!(says.as_deref(), Some("deals end on 2026-06-13, other exports later: weeks after it are not tested"));
}

#[test]
fn tables_without_a_record_have_no_edge() {
    assert_eq!(found(&world()), (-1, -1, Vec::new()));
    let mut alone = world();
    meetings(&mut alone, 98..END, |_| 6);
    assert_eq!(found(&alone), (686, -1, Vec::new()));
}

/// Uniform numbers from 0 to 1.
fn random(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from((state >> 33) as u32) / f64::from(1_u32 << 31)
    }
}

/// The days of a steady random process, so many a week.
fn steady(random: &mut impl FnMut() -> f64, from: i32, a_week: f64) -> Vec<i32> {
    let mut days = Vec::new();
    let mut at = f64::from(from);
    loop {
        at -= random().max(1e-9).ln() * 7.0 / a_week;
        if at >= f64::from(END * 7) {
            return days;
        }
        days.push(at as i32);
    }
}

/// Companies of every size, whose first deals come up to three weeks after the first meetings: chance alone hardly ever makes
/// an edge of their tables.
#[test]
fn chance_is_hardly_ever_an_edge() {
    let mut told = Vec::new();
    for seed in 0..120 {
        let mut random = random(seed);
        let (start, a_week) = (seed as i32 % 4 * 7, [0.7, 3.0, 6.0][seed as usize % 3]);
        let mut world = world();
        for on in steady(&mut random, 0, a_week * 2.0) {
            world.activities.push(Activity { on, kind: "meeting", ..Activity::default() });
        }
        for created in steady(&mut random, start, a_week) {
            let closed = Some(created - (random().max(1e-9).ln() * 70.0) as i32).filter(|closed| *closed < END * 7);
            world.deals.push(Deal { state: if closed.is_some() { "won" } else { "open" }, created, closed, ..Deal::default() });
        }
        let (.., says) = found(&world);
        told.extend((!says.is_empty()).then_some((seed, a_week, start, says)));
    }
    assert!(told.len() <= 1, "{} of 120: {told:#?}", told.len());
}

#[test]
fn what_a_third_of_the_records_lie_before_is_no_edge() {
    // 3 deals a week for 45 weeks, next to none for 30, and 3 again: 135 of 360 lie before the second begin, as those of a quiet time do.
    let mut quiet = world();
    meetings(&mut quiet, 0..END, |_| 6);
    deals(&mut quiet, 0..45, 3, all);
    deals(&mut quiet, 75..END, 3, all);
    assert_eq!(found(&quiet), (0, 0, Vec::new()));
    // 20 old ones are an archive.
    let mut archive = quiet.clone();
    let mut old = 0;
    archive.deals.retain(|deal| {
        old += i32::from(deal.created < 45 * 7);
        deal.created >= 45 * 7 || old % 7 == 0
    });
    let (activities, deals, says) = found(&archive);
    assert!(activities == 0 && deals >= 75 * 7 && says.len() == 1, "{deals} {says:?}");
}
