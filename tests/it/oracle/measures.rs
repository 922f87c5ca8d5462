//! Each shipped measure, by looping over everything. The quoted words are the rules'.

use rust_decimal::Decimal;

use super::world::{Act, Deal, World};
use super::{Want, Week, Who, number};

/// The shipped measures of activities, in the order asked for.
pub(super) const LEADS: [&str; 13] = [
    "new_prospect_meetings",
    "customer_meetings",
    "prospect_meetings",
    "presentations",
    "client_hours",
    "conversations",
    "proposals",
    "accounts_met",
    "new_contacts_met",
    "booked_next",
    "no_show_rate",
    "deals_created",
    "pipeline_created",
];

/// The shipped results, in the order asked for.
pub(super) const LAGS: [&str; 12] = [
    "revenue",
    "profit",
    "deals_won",
    "new_customers",
    "win_rate",
    "win_rate_value",
    "average_deal",
    "median_days_to_win",
    "open_pipeline",
    "stale_deals",
    "deals_without_next_step",
    "days_since_customer",
];

/// What stands at the end of a period rather than happens in it.
pub(super) const AS_OF_THE_END: [&str; 4] = ["open_pipeline", "stale_deals", "deals_without_next_step", "days_since_customer"];

pub(super) fn unit(measure: &str) -> &'static str {
    match measure {
        "client_hours" => "hours",
        "no_show_rate" | "win_rate" | "win_rate_value" => "ratio",
        "pipeline_created" | "revenue" | "profit" | "average_deal" | "open_pipeline" => "USD",
        "median_days_to_win" | "days_since_customer" => "days",
        _ => "count",
    }
}

/// Whether its values are additive over people.
pub(super) fn is_sum(measure: &str) -> bool {
    matches!(
        measure,
        "client_hours"
            | "conversations"
            | "proposals"
            | "deals_created"
            | "pipeline_created"
            | "revenue"
            | "profit"
            | "deals_won"
            | "new_customers"
            | "open_pipeline"
            | "stale_deals"
            | "deals_without_next_step"
    )
}

/// Whether a shared meeting counts once for the team.
pub(super) fn is_union(measure: &str) -> bool {
    matches!(measure, "customer_meetings" | "prospect_meetings" | "new_prospect_meetings" | "presentations" | "booked_next")
}

fn from_activities(measure: &str) -> bool {
    measure == "days_since_customer" || (LEADS.contains(&measure) && !matches!(measure, "deals_created" | "pipeline_created"))
}

/// "A source whose own last date lies 28 days or more before it has ended there; any other reaches as far as the run."
fn reach(world: &World, measure: &str) -> (jiff::civil::Date, bool) {
    let own = if from_activities(measure) { world.acts_through } else { world.deals_through };
    if (world.through - own).get_days() >= 28 { (own, true) } else { (world.through, false) }
}

/// "A period is complete when it is over at `--as-of` and `through` reaches its last workday."
pub(super) fn complete(world: &World, measure: &str, week: Week) -> bool {
    let friday = week.start.checked_add(jiff::ToSpan::days(4)).unwrap();
    week.end < world.as_of && reach(world, measure).0 >= friday
}

fn sum_of(known: Vec<Option<Decimal>>) -> Want {
    let all = known.len();
    let known: Vec<Decimal> = known.into_iter().flatten().collect();
    if all > 0 && known.is_empty() {
        // "Missing is not zero", and yet a sum of nothing known.
        return Want::Either(vec![Want::Number(Decimal::ZERO), Want::Missing(&[])]);
    }
    Want::Number(known.into_iter().sum())
}

fn ratio(part: usize, whole: usize) -> Want {
    if whole == 0 { Want::Missing(&[]) } else { Want::Near(part as f64 / whole as f64, 6e-5) }
}

fn float(d: Decimal) -> f64 {
    d.to_string().parse().unwrap()
}

/// What the cell should hold.
pub(super) fn want(world: &World, who: &Who, week: Week, measure: &str) -> Want {
    let (last, ended) = reach(world, measure);
    if ended && last < week.start {
        return Want::Missing(&["no_data"]);
    }
    if week.start > world.through {
        // Nothing reaches it: a zero so far, or not known yet.
        return Want::Any;
    }
    if from_activities(measure) { activity_measure(world, who, week, measure) } else { deal_measure(world, who, week, measure) }
}

/// The last week that is over.
pub(super) fn is_last_complete(world: &World, week: Week) -> bool {
    (world.as_of - week.end).get_days() == 1
}

fn activity_measure(world: &World, who: &Who, week: Week, measure: &str) -> Want {
    let mine = |a: &&Act| World::credits(a, who) > 0;
    let held: Vec<&Act> = world.during(week).filter(|a| a.is_held_customer_meeting()).filter(mine).collect();
    let prospects = || held.iter().filter(|a| a.prospect == Some(true));
    let credits = |acts: &mut dyn Iterator<Item = &Act>| acts.map(|a| World::credits(a, who)).sum::<usize>();
    match measure {
        "customer_meetings" => number(held.len()),
        "prospect_meetings" => number(prospects().count()),
        // "The first 28 days are not_yet."
        "new_prospect_meetings" if (week.start - world.first).get_days() < 28 => Want::Missing(&["not_yet"]),
        // "The first held customer meeting in 180 days with that prospect (or, on a new-business deal, with a contact not met before)."
        "new_prospect_meetings" => number(
            prospects()
                .filter(|a| {
                    let new_business = world.deal(&a.deal).is_some_and(|d| d.kind == "New Business");
                    a.first_with_account || (new_business && a.first_with_contact)
                })
                .count(),
        ),
        "presentations" => number(held.iter().filter(|a| a.kind == "presentation").count()),
        "client_hours" => client_hours(world, who, week),
        "conversations" => number(credits(&mut world.during(week).filter(|a| a.is_conversation()))),
        "proposals" => number(credits(&mut world.during(week).filter(|a| a.kind == "proposal" && a.outcome == "held"))),
        "accounts_met" => number(distinct(held.iter().map(|a| &a.account))),
        "new_contacts_met" => {
            let new = number(distinct(held.iter().filter(|a| a.first_with_contact).map(|a| &a.contact)));
            // Whether the first 28 days are not_yet here too, no page says.
            if (week.start - world.first).get_days() < 28 { Want::Either(vec![new, Want::Missing(&["not_yet"])]) } else { new }
        }
        // Only where nothing of the next week has happened yet.
        "booked_next" if is_last_complete(world, week) => {
            let next = Week { start: week.end.tomorrow().unwrap(), end: week.end.checked_add(jiff::ToSpan::days(7)).unwrap() };
            number(world.during(next).filter(|a| a.is_customer_meeting() && a.outcome == "scheduled").filter(mine).count())
        }
        "no_show_rate" => {
            let missed = world.during(week).filter(|a| a.is_customer_meeting() && a.outcome == "missed").filter(mine).count();
            ratio(missed, missed + held.len())
        }
        "days_since_customer" if week.end < world.as_of => {
            let last = world.acts.iter().filter(|a| a.day <= week.end && a.is_held_customer_meeting()).filter(mine).map(|a| a.day).max();
            // Without one: from the first day of the exports, or of the person or team where that is later.
            let theirs = world.people.iter().filter(|p| match who {
                Who::All => true,
                Who::Team(team) => !p.leader && p.team == *team,
                Who::Owner(name) => p.name == *name,
            });
            let begun = theirs.map(|p| p.from.unwrap_or(world.first).max(world.first)).min();
            match last.or(begun).filter(|day| *day <= week.end) {
                Some(day) => number((week.end - day).get_days() as usize),
                None => Want::Missing(&[]),
            }
        }
        _ => Want::Any,
    }
}

fn distinct<'a>(names: impl Iterator<Item = &'a String>) -> usize {
    let mut seen: Vec<&String> = Vec::new();
    for name in names {
        if !name.is_empty() && !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen.len()
}

/// "Minutes of customer meetings and connected calls; 0 or blank minutes are missing: missing (`too_few`) below 80 %."
fn client_hours(world: &World, who: &Who, week: Week) -> Want {
    let (mut minutes, mut records, mut timed, mut credits, mut timed_credits) = (0_i64, 0, 0, 0, 0);
    for act in world.during(week).filter(|a| a.is_held_customer_meeting() || a.is_conversation()) {
        let shares = World::credits(act, who);
        if shares == 0 {
            continue;
        }
        records += 1;
        credits += shares;
        if act.minutes > 0 {
            minutes += act.minutes * shares as i64;
            timed += 1;
            timed_credits += shares;
        }
    }
    let hours = Want::Number((Decimal::from(minutes) / Decimal::from(60)).round_dp(2));
    match (timed * 10 < records * 8, timed_credits * 10 < credits * 8) {
        (true, true) => Want::Missing(&["too_few"]),
        (false, false) => hours,
        // Shared meetings tip the share: of records or of people's records, no page says.
        _ => Want::Either(vec![hours, Want::Missing(&["too_few"])]),
    }
}

fn deal_measure(world: &World, who: &Who, week: Week, measure: &str) -> Want {
    let closed = |state: &str| -> Vec<&Deal> {
        world.counted().filter(|d| d.state == state && week.holds(d.closed) && world.owns(d, who, d.closed)).collect()
    };
    let (won, lost) = (closed("won"), closed("lost"));
    let created: Vec<&Deal> =
        world.counted().filter(|d| week.holds(d.created) && d.kind == "New Business" && world.owns(d, who, d.created)).collect();
    let open: Vec<&Deal> = world.counted().filter(|d| d.state == "open" && world.owns(d, who, week.end)).collect();
    let snapshot = is_last_complete(world, week);
    match measure {
        "deals_created" => number(created.len()),
        "pipeline_created" => sum_of(created.iter().map(|d| d.amount).collect()),
        "revenue" => sum_of(won.iter().map(|d| d.amount).collect()),
        // "Profit is amount − cost; a blank amount or cost is missing."
        "profit" if !world.has_cost => Want::Missing(&[]),
        "profit" => sum_of(won.iter().map(|d| Some(d.amount? - d.cost?)).collect()),
        "deals_won" => number(won.len()),
        // "First win of an account, where the deals reach back 24 months."
        "new_customers" => {
            let oldest = world.deals.iter().map(|d| d.created).min().unwrap();
            match (week.start - oldest).get_days() {
                0..700 => Want::Missing(&[]),
                700..760 => Want::Any,
                _ => number(
                    won.iter()
                        .filter(|d| !world.deals.iter().any(|e| e.state == "won" && e.account == d.account && e.closed < d.closed))
                        .count(),
                ),
            }
        }
        // "won ÷ (won + lost), by count; too_few under 10."
        "win_rate" if won.len() + lost.len() < 10 => Want::Missing(&["too_few"]),
        "win_rate" => ratio(won.len(), won.len() + lost.len()),
        "win_rate_value" => {
            let known = |deals: &[&Deal]| deals.iter().filter_map(|d| d.amount).collect::<Vec<_>>();
            let (w, l) = (known(&won), known(&lost));
            // Two reasons can hold at once, and no page ranks them.
            let nothing_known = (!won.is_empty() && w.is_empty()) || (!lost.is_empty() && w.is_empty() && l.is_empty());
            // Ten deals, or ten with an amount? Only compared where both say the same.
            match (won.len() + lost.len() < 10, w.len() + l.len() < 10) {
                (true, _) if nothing_known => Want::Missing(&["too_few", "no_data"]),
                (true, _) => Want::Missing(&["too_few"]),
                (false, false) if !nothing_known => {
                    let (w, l): (Decimal, Decimal) = (w.into_iter().sum(), l.into_iter().sum());
                    Want::Near(float(w) / float(w + l), 6e-5)
                }
                _ => Want::Any,
            }
        }
        "average_deal" => {
            let known: Vec<Decimal> = won.iter().filter_map(|d| d.amount).collect();
            if known.is_empty() {
                Want::Missing(&[])
            } else {
                Want::Near(float(known.iter().sum::<Decimal>()) / known.len() as f64, 0.0051)
            }
        }
        "median_days_to_win" => {
            let mut days: Vec<i32> = won.iter().map(|d| (d.closed - d.created).get_days()).collect();
            days.sort_unstable();
            let middle = days.len() / 2;
            match days.len() {
                0 => Want::Missing(&[]),
                n if n % 2 == 1 => Want::Near(f64::from(days[middle]), 1e-9),
                _ => Want::Near(f64::from(days[middle - 1] + days[middle]) / 2.0, 1e-9),
            }
        }
        "open_pipeline" if snapshot => sum_of(open.iter().map(|d| d.amount).collect()),
        // Untouched for the whole window or touched last week: any sensible limit says the same.
        "stale_deals" if snapshot => number(open.iter().filter(|d| (week.end - d.modified).get_days() > 60).count()),
        "deals_without_next_step" if snapshot => number(open.iter().filter(|d| d.next_step.is_empty()).count()),
        _ => Want::Any,
    }
}
