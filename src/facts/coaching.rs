//! Who coached whom, and which customer meetings had a coaching touch (measures, section 7).

mod names;

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use self::names::Names;
use super::credit::Credits;
use super::rows::{Days, Flags, NONE, having, narrow, rows_where};
use super::{Coaching, Facts};
use crate::calendar::Day;
use crate::table::fold::tokens;
use crate::table::{Column, Data, Dictionary, Lists, Roster, Words};

/// A customer meeting has a coaching touch where a session of that person lies at most so many days before or after it.
pub const TOUCH: i32 = 7;

/// One session: who coached and who was coached, as indices into the roster's people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Session {
    coach: Option<u32>,
    coached: Vec<u32>,
    /// Whether the coach leads or manages one of the coached.
    led: bool,
}

/// Fills `coach`, `coached_people`, `coached_by` and `coached` of activities, and credits them to those who coached and were coached.
pub(super) fn derive(data: &mut Data, facts: &mut Facts) {
    let rows = data.activities.len();
    let (sessions, told) = sessions(data, facts);
    let mut coached = touched(data, facts, &sessions, told);
    let roster = &data.roster;
    let who_leads = roster.says_who_leads();
    let said = |session: &Session| !session.coached.is_empty();
    let mut coach = vec![NONE; rows];
    let mut by = vec![u8::MAX; rows];
    for (row, session) in &sessions {
        coach[*row] = session.coach.unwrap_or(NONE);
        if said(session) && who_leads {
            by[*row] = u8::from(!session.led);
        }
        coached.flags[*row] = if said(session) { 1 } else { -1 };
    }
    let names: Vec<&str> = roster.people.iter().map(|person| person.name.as_str()).collect();
    let coach = Words::from_codes(&names, coach);
    let lists = coached_people(&sessions, &names, rows);
    let of_coach = sessions.iter().map(|(row, session)| (*row, session.coach.into_iter().collect()));
    facts.coach_credits = Credits::of_few(rows, of_coach);
    let mut of_coached: Vec<(usize, Vec<u32>)> = sessions.into_iter().map(|(row, session)| (row, session.coached)).collect();
    of_coached.append(&mut coached.people);
    of_coached.sort_unstable_by_key(|(row, _)| *row);
    facts.coached_credits = Credits::of_few(rows, of_coached.into_iter());
    facts.coaching = told;
    let table = &mut data.activities;
    table.set("coach", Column::Words(coach));
    table.set("coached_by", narrow(&["leader", "peer"], by));
    table.set("coached_people", Column::Lists(lists));
    table.set("coached", Column::Flags(coached.flags));
}

/// The held sessions by their rows.
fn sessions(data: &Data, facts: &Facts) -> (BTreeMap<usize, Session>, Coaching) {
    let (table, roster) = (&data.activities, &data.roster);
    let names = Names::of(roster);
    let (coaching, held) = (having(table, "kind", &["coaching"]), having(table, "outcome", &["held"]));
    let days = Days::of(table, "day");
    let mut sessions = BTreeMap::new();
    let mut told = Coaching::default();
    let rows = rows_where(table.len(), |row| coaching.get(row).is_some() && table.used(row) && held.get(row).is_some());
    for row in rows.into_iter().map(|row| row as usize) {
        let day = days.get(row);
        let mut people: Vec<u32> = facts.activity_credits.people(row).collect();
        if let Some(text) = table.text("subject", row).filter(|_| people.len() < 2) {
            let customer: FxHashSet<String> =
                ["account", "contact", "lead", "deal"].into_iter().filter_map(|column| table.text(column, row)).flat_map(tokens).collect();
            // At a customer, a single name may be anybody's there.
            let parts = table.text("account", row).is_none();
            for named in names.named(text, roster, day, parts, &customer) {
                if !people.contains(&named) {
                    people.push(named);
                }
            }
        }
        let owner = table.text("owner", row).and_then(|name| roster.person(name));
        let session = session(&people, owner, day, roster);
        told.sessions += 1;
        told.unsaid += u64::from(session.coached.is_empty());
        sessions.insert(row, session);
    }
    (sessions, told)
}

/// What is known of customer meetings around which there may have been a session.
struct Touched {
    /// Per activity, whether one of its people was coached.
    flags: Vec<i8>,
    /// The meetings of which somebody was, and who.
    people: Vec<(usize, Vec<u32>)>,
}

fn touched(data: &Data, facts: &Facts, sessions: &BTreeMap<usize, Session>, told: Coaching) -> Touched {
    let table = &data.activities;
    let mut found = Touched { flags: vec![-1; table.len()], people: Vec::new() };
    // Where no session says who was coached, nobody can tell.
    if told.unsaid >= told.sessions {
        return found;
    }
    let days = Days::of(table, "day");
    let mut received: Vec<Vec<Day>> = vec![Vec::new(); data.roster.people.len()];
    for (row, session) in sessions {
        for person in &session.coached {
            if let (Some(received), Some(day)) = (received.get_mut(*person as usize), days.get(*row)) {
                received.push(day);
            }
        }
    }
    for days in &mut received {
        days.sort_unstable();
    }
    let touched = |person: u32, day: Day| {
        let days = received.get(person as usize).map(Vec::as_slice).unwrap_or_default();
        days.get(days.partition_point(|d| d.0 < day.0.saturating_sub(TOUCH))).is_some_and(|d| d.0 <= day.0.saturating_add(TOUCH))
    };
    let (meeting, held) = (Flags::of(table, "customer_meeting"), having(table, "outcome", &["held"]));
    for row in (0..table.len()).filter(|row| meeting.get(*row) == Some(true) && table.used(*row) && held.get(*row).is_some()) {
        let Some(day) = days.get(row).filter(|_| !sessions.contains_key(&row)) else { continue };
        let people: Vec<u32> = facts.activity_credits.people(row).filter(|person| touched(*person, day)).collect();
        let over = facts.activities.last.is_some_and(|last| day.0.saturating_add(TOUCH) <= last.0);
        found.flags[row] = if people.is_empty() { if over { 0 } else { -1 } } else { 1 };
        if !people.is_empty() {
            found.people.push((row, people));
        }
    }
    found
}

/// The column `coached_people`.
fn coached_people(sessions: &BTreeMap<usize, Session>, names: &[&str], rows: usize) -> Lists {
    let mut people: Vec<u32> = sessions.values().flat_map(|session| session.coached.iter().copied()).collect();
    people.sort_unstable();
    people.dedup();
    let mut lists = Lists { words: Dictionary::default(), offsets: Vec::with_capacity(rows + 1), codes: Vec::new() };
    for (row, session) in sessions {
        lists.offsets.resize(row + 1, lists.codes.len() as u32);
        lists.codes.extend(session.coached.iter().filter_map(|person| people.binary_search(person).ok()).map(|code| code as u32));
    }
    lists.offsets.resize(rows + 1, lists.codes.len() as u32);
    // The people of the roster stand in the order of their names.
    lists.words = Dictionary::from_sorted(people.iter().filter_map(|person| names.get(*person as usize)));
    lists
}

/// Who coached and who was coached among those who took part; nobody was where that cannot be told.
///
/// The coach is the one whose role is to lead, else who manages another of them, else the owner: peers coach too. Of several leaders it is
/// who manages another of them, and of several who could be, the owner; where the owner is none of them, nothing says who was coached.
/// Somebody alone coaches only by leading.
fn session(people: &[u32], owner: Option<u32>, day: Option<Day>, roster: &Roster) -> Session {
    let day = day.unwrap_or(Day::MAX);
    let manages = |person: &u32| people.iter().any(|other| roster.reports_to(*other, *person, day));
    let managers: Vec<u32> = people.iter().copied().filter(manages).collect();
    let leaders: Vec<u32> = people.iter().copied().filter(|person| roster.leads(*person)).collect();
    let alone = people.len() < 2;
    let one_of = |some: &[u32]| match some {
        [one] => Some(*one),
        _ => owner.filter(|owner| some.contains(owner)),
    };
    let above: Vec<u32> = leaders.iter().copied().filter(|leader| managers.contains(leader)).collect();
    let coach = if let Some(first) = [&above, &leaders, &managers].into_iter().find(|some| !some.is_empty()) {
        one_of(first)
    } else {
        owner.filter(|_| !alone)
    };
    let Some(coach) = coach else { return Session::default() };
    let mut coached: Vec<u32> = people.iter().copied().filter(|person| *person != coach).collect();
    coached.sort_unstable();
    Session { coach: Some(coach), coached, led: managers.contains(&coach) || roster.leads(coach) }
}
