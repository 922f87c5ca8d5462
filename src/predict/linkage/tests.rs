//! Small worlds whose shares are counted by hand.
#![allow(clippy::unwrap_used)]

use super::super::small::{Activity, Deal, World, day};
use super::*;

/// A world whose activities begin on day 0 and deals long before; both reach day 600.
fn begun() -> World {
    let mut world = World { as_of: 600, ..World::default() };
    world.activities.push(Activity { kind: "call", ..Activity::default() });
    world.activities.push(Activity { on: 600, kind: "call", ..Activity::default() });
    world.won("Long ago", -800, -790);
    world.deals.push(Deal { account: "New".to_owned(), state: "open", created: 600, closed: None, ..Deal::default() });
    world
}

fn followed(world: &World) -> Linkage {
    world.ask(&["new_prospect_meetings"], |engine| linkage(engine, "new_prospect_meetings").unwrap()).unwrap()
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

/// Twelve accounts met on day 300: won 7, 14, 21, 28, 70 and 210 days later; one is lost, five have no deal. Followed for 300 days, 42.9 weeks.
fn twelve() -> World {
    let mut world = begun();
    for account in 0..12 {
        world.meeting(300, &format!("A{account}"));
    }
    for (account, after) in [7, 14, 21, 28, 70, 210].into_iter().enumerate() {
        world.won(&format!("A{account}"), 301, 300 + after);
    }
    world.deals.push(Deal { account: "A6".to_owned(), state: "lost", created: 301, closed: Some(310), ..Deal::default() });
    world
}

#[test]
fn shares_of_accounts_followed_alike_are_plain_shares() {
    let found = followed(&twelve());
    assert_eq!((found.accounts, found.won, found.first, found.through), (12, 6, day(180), day(600)));
    let shares: Vec<(u32, usize)> = found.within.iter().map(|within| (within.weeks, within.known)).collect();
    assert_eq!(shares, [(4, 12), (13, 12), (26, 12)], "nobody was followed for 52 weeks");
    for (within, won) in found.within.iter().zip([4.0, 5.0, 5.0]) {
        assert!(close(within.share, won / 12.0) && within.lo < within.share && within.share < within.hi, "{within:?}");
    }
    assert!(close(found.longest, 300.0 / 7.0), "{}", found.longest);
    // Ten are still followed in week 3 and nine after it, so that three wins are known: too few for the weeks by which half came.
    assert_eq!(found.half, None);
    let curve: Vec<(f64, f64)> = found.curve.iter().map(|point| (point.at, (point.share * 12.0).round())).collect();
    assert_eq!(curve, [(1.0, 1.0), (2.0, 2.0), (3.0, 3.0), (4.0, 4.0), (10.0, 5.0), (30.0, 6.0)]);
    // 1 January 2024 + 300 days is 27 October.
    let cohorts: Vec<(&str, usize, usize)> = found.cohorts.iter().map(|c| (c.period.as_str(), c.accounts, c.won)).collect();
    assert_eq!(cohorts, [("2024-Q4", 12, 6)]);
    let ripe: Vec<bool> = found.cohorts[0].within.iter().map(Option::is_some).collect();
    assert_eq!(ripe, [true, true, true, false]);
    assert_eq!(found.cuts, Vec::<String>::new());
}

/// Ten more that were met 3 weeks before the end and have not bought: lost or not, they say nothing of what comes later.
#[test]
fn accounts_not_yet_won_are_followed_no_further() {
    let mut world = twelve();
    for account in 0..10 {
        let name = format!("B{account}");
        world.meeting(579, &name);
        world.deals.push(Deal { account: name, state: "lost", created: 580, closed: Some(590), ..Deal::default() });
    }
    let found = followed(&world);
    assert_eq!((found.accounts, found.won), (22, 6));
    // 22 at risk until week 3, when the third of them buys; then 9 are left, one of whom buys in week 4.
    let after_four = 1.0 - (19.0 / 22.0) * (8.0 / 9.0);
    assert!(close(found.within[0].share, after_four), "{:?}", found.within);
    assert_eq!(found.within[0].known, 12);
    let last = &found.cohorts[1];
    assert_eq!((last.period.as_str(), last.accounts, last.within.iter().flatten().count()), ("2025-Q3", 10, 0), "not ripe");
}

/// Forty accounts, of whom twenty buy after 1 to 20 weeks: half of them by week 10.
#[test]
fn weeks_by_which_half_of_the_buyers_had_bought() {
    let mut world = begun();
    for account in 0..40 {
        let name = format!("A{account}");
        world.meeting(200, &name);
        if account < 20 {
            world.won(&name, 201, 200 + 7 * (account + 1));
        }
    }
    let found = followed(&world);
    assert_eq!((found.half, found.within.len()), (Some(10.0), 4), "{found:?}");
    assert!(close(found.within[3].share, 0.5), "{:?}", found.within[3]);
}

#[test]
fn what_is_not_followed_is_counted() {
    let mut world = twelve();
    // In the look-back; again so soon that it is no first; and one who bought before, though the record calls it a first.
    world.meeting(100, "Early");
    world.meeting(170, "Again");
    world.meeting(260, "Again");
    world.meeting(300, "Long ago");
    world.activities.push(Activity { on: 310, kind: "meeting", lead: "L1".to_owned(), ..Activity::default() });
    let found = followed(&world);
    assert_eq!(found.accounts, 12, "{:?}", found.cuts);
    assert_eq!(
        found.cuts,
        [
            "2 new prospect meetings before 2024-06-29: in the first 180 days of the activities a first one is not known to be one",
            "1 of 13 new prospect meetings name no account that deals name, so what became of them is unknown",
        ]
    );
    // Half a year later the same account is met for the first time again.
    world.meeting(450, "Again");
    assert_eq!(followed(&world).accounts, 13);
}

#[test]
fn presentations_are_followed_as_well_and_customers_are_not() {
    let mut world = twelve();
    for activity in &mut world.activities {
        activity.kind = if activity.kind == "meeting" { "presentation" } else { activity.kind };
    }
    world.activities.push(Activity { on: 320, kind: "presentation", account: "A0".to_owned(), ..Activity::default() });
    world.activities.push(Activity { on: 320, kind: "presentation", account: "Long ago".to_owned(), ..Activity::default() });
    let found = world.ask(&["presentations"], |engine| linkage(engine, "presentations").unwrap()).unwrap();
    assert_eq!((found.says.as_str(), found.accounts, found.won), ("presentations", 12, 6));
    assert_eq!(found.cuts, ["1 account that had bought before"]);
}

#[test]
fn a_meeting_with_a_deal_is_with_its_account_or_with_the_deal() {
    let mut world = twelve();
    world.activities.push(Activity { on: 300, kind: "meeting", deal: "D10".to_owned(), ..Activity::default() });
    world.deals.push(Deal { state: "won", created: 290, closed: Some(335), ..Deal::default() });
    let found = followed(&world);
    assert_eq!((found.followed, found.accounts, found.won), (Followed::Mixed, 13, 7));
    assert_eq!(found.cuts, ["1 of 7 deals won name no account: only what names the deal itself is followed to them"]);
}

#[test]
fn nothing_is_told_where_little_or_nothing_is_known() {
    let silent = |world: &World, says: &str| {
        let found = followed(world);
        assert!(found.within.is_empty() && found.half.is_none() && found.curve.is_empty(), "{found:?}");
        assert!(found.cohorts.iter().all(|cohort| cohort.within.iter().all(Option::is_none)), "{found:?}");
        assert_eq!(found.cuts.last().unwrap(), says);
    };
    let mut few = twelve();
    few.activities.retain(|a| !["A7", "A8", "A9"].contains(&a.account.as_str()));
    silent(&few, "9 accounts followed: too few to tell which share buys");
    let mut none_won = twelve();
    none_won.deals.retain(|deal| deal.account == "Long ago" || deal.state != "won");
    silent(&none_won, "no deal was won in this time, so nothing can be told of who buys");
    let mut others = twelve();
    for deal in &mut others.deals {
        deal.account = format!("{} Inc.", deal.account);
    }
    silent(&others, "none of the 12 accounts has a deal in these exports: do both name accounts alike?");
    let no_deals = World { deals: Vec::new(), ..twelve() };
    assert!(no_deals.ask(&["new_prospect_meetings"], |engine| linkage(engine, "new_prospect_meetings").unwrap()).is_none());
    for other in ["revenue", "booked_next", "no_show_rate", "client_hours", "unheard_of"] {
        let known = if other == "unheard_of" { "revenue" } else { other };
        assert!(twelve().ask(&[known], |engine| linkage(engine, other).unwrap()).is_none(), "{other}");
    }
}

#[test]
fn who_may_have_bought_before_the_deals_begin_is_said() {
    let mut world = twelve();
    world.deals.remove(0);
    world.won("Recent", 100, 110);
    let found = followed(&world);
    assert_eq!(found.cuts, ["12 of 12 accounts may have bought before 2024-04-10: deals begin there"]);
    // Deals that begin later than activities can tell of later meetings only.
    let mut late = twelve();
    late.deals.remove(0);
    let found = followed(&late);
    assert_eq!((found.first, found.accounts), (day(301), 0));
    assert_eq!(found.cuts[0], "12 new prospect meetings before 2024-10-28: deals are kept since then only");
}

#[test]
fn where_nothing_names_an_account_deals_are_followed() {
    let mut world = begun();
    world.deals.iter_mut().for_each(|deal| deal.account = String::new());
    // D3 to D14 are met on day 300, and 5 of them won 30 days later; D15 is met after its win; one meeting names nothing.
    for n in 0..12 {
        let won = n < 5;
        world.deals.push(Deal { state: if won { "won" } else { "open" }, created: 300, closed: won.then_some(330), ..Deal::default() });
        world.activities.push(Activity { on: 300, kind: "meeting", deal: format!("D{}", n + 3), ..Activity::default() });
    }
    world.deals.push(Deal { state: "won", created: 300, closed: Some(310), ..Deal::default() });
    world.activities.push(Activity { on: 320, kind: "meeting", deal: "D15".to_owned(), ..Activity::default() });
    world.activities.push(Activity { on: 320, kind: "meeting", ..Activity::default() });
    // A record of new prospects is one by its deal or lead only where that says so: presentations ask for none.
    world.activities.iter_mut().filter(|a| a.kind == "meeting").for_each(|a| a.kind = "presentation");
    let found = world.ask(&["presentations"], |engine| linkage(engine, "presentations").unwrap()).unwrap();
    assert_eq!((found.followed, found.accounts, found.won), (Followed::Deals, 12, 5));
    assert_eq!(
        found.cuts,
        [
            "1 of 14 presentations name no deal, so what became of them is unknown",
            "1 deal met only after the win",
            "6 of 6 deals won name no account: only what names the deal itself is followed to them"
        ]
    );
    // Deals that begin just before are no history in which one of these deals could have been won.
    world.deals.remove(0);
    let found = world.ask(&["presentations"], |engine| linkage(engine, "presentations").unwrap()).unwrap();
    assert!(!found.cuts.iter().any(|cut| cut.contains("may have bought")), "{:?}", found.cuts);
}

#[test]
fn no_day_after_the_exports_is_named() {
    let mut world = begun();
    world.activities.retain(|activity| activity.on > 0);
    world.activities.push(Activity { on: 500, kind: "meeting", account: "New".to_owned(), ..Activity::default() });
    let found = followed(&world);
    assert_eq!(found.accounts, 0);
    assert_eq!(found.cuts[0], "1 new prospect meetings: a first one is only known to be one 180 days after the activities begin");
}
