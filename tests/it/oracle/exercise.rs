//! The generated rows must exercise the rules and keep out of what the rules leave open; else agreement would mean little.

use std::collections::BTreeMap;

use super::compare::{Case, company};
use super::measures::{LAGS, LEADS, want};
use super::world::World;
use super::{Want, Who};
use crate::generate::{Company, Shape};

fn count(seen: &mut BTreeMap<String, usize>, what: &str, when: bool) {
    *seen.entry(what.to_owned()).or_default() += usize::from(when);
}

fn exercised(world: &World, shape: Shape) -> BTreeMap<String, usize> {
    let mut seen = BTreeMap::new();
    for act in &world.acts {
        if act.is_customer_meeting() {
            count(&mut seen, &format!("outcome {}", act.outcome), true);
            count(&mut seen, "booked ahead", act.day > world.as_of && act.outcome == "scheduled");
            count(&mut seen, "without account", act.account.is_empty());
            count(&mut seen, "without minutes", act.minutes == 0);
            count(&mut seen, "on a deal", world.deal(&act.deal).is_some());
            count(&mut seen, "joint", act.credits.len() > 1 || shape == (Shape::Generic { times: false }));
            count(&mut seen, "three of ours", act.credits.len() > 2 || shape == (Shape::Generic { times: false }));
            count(&mut seen, &format!("prospect {:?}", act.prospect), true);
            let again = !act.first_with_account && act.first_with_contact;
            count(&mut seen, "new contact of a known account", again);
        }
        count(&mut seen, "internal", ["team", "forecast", "coaching", "planning"].contains(&act.kind));
        count(&mut seen, "preparation", act.kind == "task");
        count(&mut seen, "conversation", act.is_conversation());
        count(&mut seen, "conversation in a task not done", act.is_conversation() && act.outcome == "scheduled");
        count(&mut seen, "voicemail", act.kind == "call" && act.result == "Left voicemail");
        count(&mut seen, "proposal", act.kind == "proposal" && act.outcome == "held");
        count(&mut seen, "nobody's", act.credits[0].0.is_empty());
    }
    for deal in &world.deals {
        count(&mut seen, &format!("deal {}", deal.state), true);
        count(&mut seen, "won without amount", deal.state == "won" && deal.amount.is_none());
        count(&mut seen, "open past its close date", deal.state == "open" && deal.closed < world.as_of);
        count(&mut seen, "deal without type", deal.kind.is_empty());
    }
    seen
}

#[test]
fn the_generated_rows_exercise_the_rules() {
    for shape in [Shape::Salesforce, Shape::Generic { times: true }, Shape::Generic { times: false }] {
        let case = Case::new(Company { weeks: 20, rows: 1600, ..company(1, shape) });
        let world = case.world();
        let seen = exercised(&world, shape);
        let thin: Vec<_> = seen.iter().filter(|s| *s.1 < 5).collect();
        assert!(thin.is_empty() && seen.len() >= 25, "{shape:?}: too few of {thin:?} in {seen:?}");
        let outcomes = ["held", "missed", "canceled", "scheduled"];
        assert!(outcomes.iter().all(|o| seen.contains_key(&format!("outcome {o}"))));
        let mut known = 0;
        for week in case.weeks() {
            for who in [Who::All, Who::Team("East".to_owned()), Who::Owner(world.people[4].name.clone())] {
                for measure in LEADS.iter().chain(&LAGS) {
                    known += usize::from(!matches!(want(&world, &who, week, measure), Want::Any | Want::Either(_)));
                }
            }
        }
        assert!(known > 21 * 3 * 18, "{shape:?}: only {known} cells are decided");
    }
}

#[test]
fn the_generated_rows_keep_out_of_what_is_undecided() {
    for (seed, shape) in [(1, Shape::Salesforce), (2, Shape::Generic { times: true }), (3, Shape::Generic { times: false })] {
        let world = Case::new(Company { zone: "America/Chicago", ..company(seed, shape) }).world();
        let met: Vec<_> = world.acts.iter().filter(|a| a.is_customer_meeting() && !a.account.is_empty()).collect();
        for (i, a) in met.iter().enumerate() {
            for b in met[..i].iter().filter(|b| b.account == a.account) {
                let days = (a.day - b.day).get_days().abs();
                let merged = shape != (Shape::Generic { times: false });
                assert!(days != 180 && (days > 0 || !merged), "{a:?} and {b:?}");
            }
        }
        for act in &world.acts {
            for (name, _) in &act.credits {
                assert!(world.is_here(name, act.day), "{name} isn't there: {act:?}");
            }
        }
        for deal in &world.deals {
            assert!(world.is_here(&deal.owner, deal.created) || deal.created < world.first, "{deal:?}");
            assert!(deal.state == "open" || world.is_here(&deal.owner, deal.closed) || deal.closed < world.first, "{deal:?}");
            assert!(deal.state != "open" || world.is_here(&deal.owner, world.as_of), "{deal:?}");
        }
    }
}
