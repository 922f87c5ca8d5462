//! "An advance is a customer's step, not ours, and belongs to one held activity, at most one each."

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::world::{Act, Move, World};

/// The places of the activities that advanced, each with the rules that say so.
pub(super) type Advances = BTreeMap<usize, BTreeSet<&'static str>>;

/// Whether it is told if a customer took a step in it: a held customer meeting, or a held call that reached somebody, that is linked to
/// them or says so itself.
pub(super) fn can_advance(act: &Act) -> bool {
    let reached = !["Left voicemail", "No answer"].contains(&act.call_result.as_str());
    let linked = [&act.account, &act.contact, &act.deal].iter().any(|link| !link.is_empty());
    let says = act.result == "Advanced" || (act.kind == "call" && act.result == "Disqualified");
    act.is_held() && (linked || says) && (act.is_customer_meeting() || (act.kind == "call" && reached && !act.internal))
}

/// Whether `a` came after `b`: by day, by time, a meeting after a call, else the later line.
fn later(a: &Act, b: &Act) -> bool {
    if a.day != b.day {
        return a.day > b.day;
    }
    if a.time != b.time {
        return a.time > b.time;
    }
    if (a.kind == "call") != (b.kind == "call") {
        return b.kind == "call";
    }
    a.line > b.line
}

/// The latest activity that fits, on that day or up to seven days before.
fn latest(world: &World, step: Date, fits: impl Fn(&Act) -> bool) -> Option<usize> {
    let mut best: Option<usize> = None;
    for (i, act) in world.acts.iter().enumerate() {
        let in_time = act.day <= step && (step - act.day).get_days() <= 7;
        if can_advance(act) && in_time && fits(act) && best.is_none_or(|b| later(act, &world.acts[b])) {
            best = Some(i);
        }
    }
    best
}

pub(super) fn is_over(stage: &str) -> bool {
    ["Closed Lost", "Canceled"].contains(&stage)
}

/// The stages that deal has been in, in the order in which it reached each first, up to that place in the history.
fn reached<'a>(world: &'a World, deal: &str, until: usize) -> Vec<&'a str> {
    let mut seen: Vec<&str> = Vec::new();
    for m in world.moves[..until].iter().filter(|m| m.deal == deal) {
        for stage in [m.from.as_str(), m.to.as_str()] {
            if !stage.is_empty() && !seen.contains(&stage) {
                seen.push(stage);
            }
        }
    }
    seen
}

/// How many more deals first reach `s` after `t` than `t` after `s`.
pub(super) fn lead(world: &World, s: &str, t: &str) -> i32 {
    let mut more = 0;
    for deal in &world.deals {
        let seen = reached(world, &deal.id, world.moves.len());
        let place = |stage: &str| seen.iter().position(|x| *x == stage);
        if let (Some(s), Some(t)) = (place(s), place(t)) {
            more += if s > t { 1 } else { -1 };
        }
    }
    more
}

/// The stages of open deals in the order of the history: those with the fewest before them first.
pub(super) fn order(world: &World) -> Vec<String> {
    let mut stages: Vec<String> = world.moves.iter().map(|m| m.to.clone()).filter(|s| !is_over(s)).collect();
    stages.sort();
    stages.dedup();
    let all = stages.clone();
    stages.sort_by_key(|s| all.iter().filter(|t| lead(world, s, t) > 0).count());
    stages
}

/// Whether the deal moved forward to a stage it had never been in.
fn is_new_ground(world: &World, place: usize) -> bool {
    let m: &Move = &world.moves[place];
    if m.from.is_empty() || is_over(&m.to) {
        return false;
    }
    let before = reached(world, &m.deal, place);
    m.to != m.from && !before.contains(&m.to.as_str()) && lead(world, &m.to, &m.from) > 0
}

/// The customers' steps in that export.
pub(super) fn advances(world: &World) -> Advances {
    let mut found = Advances::new();
    let mut add = |activity: Option<usize>, rule: &'static str| {
        if let Some(i) = activity {
            found.entry(i).or_default().insert(rule);
        }
    };
    // (a) "A later meeting with that account was held, or stands booked with a contact of theirs, agreed within 7 days."
    for next in world.acts.iter().filter(|a| a.is_customer_meeting() && !a.whom.is_empty()) {
        // Booked without a day of entry, nobody knows whether it was agreed in time.
        let booked = next.status == "Scheduled" && !next.contact.is_empty() && next.created.is_some();
        if next.is_held() || booked {
            let agreed = next.created.map_or(next.day, |c| c.min(next.day));
            add(latest(world, agreed, |a| a.whom == next.whom && a.day < next.day), if booked { "booked" } else { "met again" });
        }
    }
    for (i, act) in world.acts.iter().enumerate().filter(|(_, a)| can_advance(a)) {
        // (b) "The result word says so."
        if act.result == "Advanced" {
            add(Some(i), "result");
        }
        // (d) "A call's result word says disqualified."
        if act.kind == "call" && act.result == "Disqualified" {
            add(Some(i), "disqualified");
        }
    }
    // A deal's step goes to the latest that names the deal; where none does, to the latest of its customer that names none.
    let about = |deal: &str, day: Date| {
        let whose = world.deals.iter().find(|d| d.id == deal).map_or("", |d| d.account.as_str());
        latest(world, day, |a| a.deal == deal).or_else(|| latest(world, day, |a| a.deal.is_empty() && !whose.is_empty() && a.whom == whose))
    };
    // (c) "The deal moved within 7 days to a stage never reached before", or was won.
    for (place, m) in world.moves.iter().enumerate() {
        if is_new_ground(world, place) {
            add(about(&m.deal, m.day), "stage");
        }
    }
    let order = order(world);
    let first_two = &order[..order.len().min(2)];
    for deal in &world.deals {
        let Some(closed) = deal.closed else { continue };
        let with_it = about(&deal.id, closed);
        if deal.stage == "Closed Won" {
            add(with_it, "won");
        }
        // (d) "A deal in its first two stages was lost or canceled with a lost reason."
        if is_over(&deal.stage) && !deal.reason.is_empty() {
            let its = world.moves.iter().filter(|m| m.deal == deal.id);
            let mut stages = its.flat_map(|m| [&m.from, &m.to]).filter(|s| !s.is_empty() && !is_over(s));
            if stages.next_back().is_some_and(|s| first_two.contains(s)) {
                add(with_it, "let go");
            }
        }
    }
    found
}
