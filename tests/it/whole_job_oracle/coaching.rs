//! Who coached whom, and which meetings that touched.

use jiff::civil::Date;

use super::world::{Act, World};

/// One held session.
#[derive(Debug, Clone)]
pub(super) struct Session {
    pub(super) day: Date,
    pub(super) coach: String,
    /// Nobody where neither attendees nor subject say whom.
    pub(super) coached: Vec<String>,
}

/// The held sessions: the leader among those who were there, or the manager of another, coaches, else the owner.
pub(super) fn sessions(world: &World) -> Vec<Session> {
    let mut found = Vec::new();
    for act in world.acts.iter().filter(|a| a.kind == "coaching" && a.is_held()) {
        let there = participants(world, act);
        let leads = |name: &&String| world.is_leader(name, act.day);
        let manages = |name: &&String| there.iter().any(|other| world.stay(other, act.day).is_some_and(|s| s.manager == **name));
        let coach = there.iter().find(leads).or_else(|| there.iter().find(manages)).unwrap_or(&act.owner).clone();
        let coached = there.iter().filter(|p| **p != coach).cloned().collect();
        found.push(Session { day: act.day, coach, coached });
    }
    found
}

/// The owner and the attendees of ours, else whom the subject names.
fn participants(world: &World, act: &Act) -> Vec<String> {
    let mut there = act.people.clone();
    if there.len() == 1 {
        for stay in &world.people {
            if act.subject.contains(&stay.name) && !there.contains(&stay.name) {
                there.push(stay.name.clone());
            }
        }
    }
    there
}

/// Whether that person was coached within seven days before or after.
pub(super) fn touched(sessions: &[Session], name: &str, day: Date) -> bool {
    sessions.iter().any(|s| (s.day - day).get_days().abs() <= 7 && s.coached.iter().any(|c| c == name))
}
