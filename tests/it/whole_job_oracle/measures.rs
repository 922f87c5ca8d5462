//! Each measure, by looping over everything.

use jiff::ToSpan;

use super::advance::{Advances, advances, can_advance};
use super::coaching::{Session, sessions, touched};
use super::world::{Act, World};
use crate::oracle::{Want, Week, Who, number};

/// Measures of coaching and joint meetings, as the program names them.
pub(super) const TOGETHER: [&str; 5] = ["customer_meetings", "joint_meetings", "coaching_sessions", "coaching_given", "coached_share"];

/// Measures of advances, as the program names them.
pub(super) const ADVANCING: [&str; 9] = [
    "customer_activities",
    "advances",
    "meeting_advances",
    "presentation_advances",
    "call_advances",
    "advance_rate",
    "meeting_advance_rate",
    "presentation_advance_rate",
    "call_advance_rate",
];

/// What the files say, with what follows from them.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) world: World,
    pub(super) advances: Advances,
    pub(super) sessions: Vec<Session>,
}

impl Known {
    pub(super) fn new(world: World) -> Self {
        Self { advances: advances(&world), sessions: sessions(&world), world }
    }

    /// Whether all seven days after the period are in the files.
    pub(super) fn is_ripe(&self, period: Week) -> bool {
        period.end + 7.days() <= self.world.reach
    }
}

fn ratio(part: usize, whole: usize) -> Want {
    if whole == 0 { Want::Missing(&[]) } else { Want::Near(part as f64 / whole as f64, 6e-5) }
}

/// What the cell should hold.
pub(super) fn want(known: &Known, who: &Who, period: Week, measure: &str) -> Want {
    let world = &known.world;
    let theirs = |a: &Act| a.people.iter().any(|p| world.belongs(p, a.day, who));
    let mine: Vec<(usize, &Act)> = world.acts.iter().enumerate().filter(|(_, a)| period.holds(a.day) && theirs(a)).collect();
    let met: Vec<&Act> = mine.iter().map(|m| m.1).filter(|a| a.is_customer_meeting() && a.is_held()).collect();
    let kind = ["meeting", "presentation", "call"].into_iter().find(|k| measure.starts_with(&format!("{k}_advance")));
    let could: Vec<usize> = mine.iter().filter(|(_, a)| can_advance(a) && kind.is_none_or(|k| a.kind == k)).map(|m| m.0).collect();
    let did = could.iter().filter(|i| known.advances.contains_key(i)).count();
    let held_sessions = || known.sessions.iter().filter(|s| period.holds(s.day));
    match measure {
        "customer_meetings" => number(met.len()),
        "joint_meetings" => number(met.iter().filter(|a| a.people.len() > 1).count()),
        // "Until 7 days have passed the value is not_yet."
        m if (m.contains("advance") || m == "customer_activities") && !known.is_ripe(period) => Want::Missing(&["not_yet"]),
        "customer_activities" => number(could.len()),
        m if m.ends_with("advances") => number(did),
        m if m.ends_with("advance_rate") => ratio(did, could.len()),
        // "Sum": one for each person coached.
        "coaching_sessions" => number(held_sessions().map(|s| s.coached.iter().filter(|c| world.belongs(c, s.day, who)).count()).sum()),
        "coaching_given" => number(held_sessions().filter(|s| world.belongs(&s.coach, s.day, who)).count()),
        // "Customer meetings with a coaching touch of that person within 7 days before or after."
        "coached_share" => {
            let near = |a: &&&Act| a.people.iter().any(|p| world.belongs(p, a.day, who) && touched(&known.sessions, p, a.day));
            let share = ratio(met.iter().filter(near).count(), met.len());
            // Whether a session still to come makes it unripe, no page says.
            if known.is_ripe(period) { share } else { Want::Either(vec![share, Want::Missing(&["not_yet"])]) }
        }
        other => panic!("the oracle doesn't know {other}"),
    }
}
