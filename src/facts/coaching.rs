//! Who coached whom, and which customer meetings had a coaching touch (measures, section 7).

mod names;

use rustc_hash::{FxHashMap, FxHashSet};

use self::names::Names;
use super::credit::Credits;
use super::customer::{PerWord, words};
use super::{Coaching, Facts};
use crate::calendar::Day;
use crate::table::fold::tokens;
use crate::table::{Column, Data, Lists, Roster, WordsBuilder};

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
    let (table, roster) = (&data.activities, &data.roster);
    let names = Names::of(roster);
    let is = |column: &'static str, word: &'static str| PerWord::new(words(table, column), move |w| (w == word).then_some(()));
    let (coaching, held_word) = (is("kind", "coaching"), is("outcome", "held"));
    let held = |row: usize| table.used(row) && held_word.get(row).is_some();
    let (days, customer_meeting) = (table.column("day"), table.column("customer_meeting"));
    let day_of = |row: usize| days.and_then(|column| column.day(row));
    let mut sessions: FxHashMap<usize, Session> = FxHashMap::default();
    let mut received: Vec<Vec<Day>> = vec![Vec::new(); roster.people.len()];
    let mut told = Coaching::default();
    for row in (0..table.len()).filter(|row| coaching.get(*row).is_some() && held(*row)) {
        let day = day_of(row);
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
        for person in &session.coached {
            if let (Some(days), Some(day)) = (received.get_mut(*person as usize), day) {
                days.push(day);
            }
        }
        sessions.insert(row, session);
    }
    for days in &mut received {
        days.sort_unstable();
    }
    let touched = |person: u32, day: Day| {
        let days = received.get(person as usize).map(Vec::as_slice).unwrap_or_default();
        days.get(days.partition_point(|d| d.0 < day.0.saturating_sub(TOUCH))).is_some_and(|d| d.0 <= day.0.saturating_add(TOUCH))
    };

    let known = told.unsaid < told.sessions;
    let who_leads = roster.says_who_leads();
    let (mut coach, mut by) = (WordsBuilder::default(), WordsBuilder::default());
    let mut coached = vec![-1_i8; table.len()];
    let mut lists: Vec<Vec<&str>> = Vec::with_capacity(table.len());
    let (mut of_coach, mut of_coached) = (Credits::default(), Credits::default());
    let label = |person: u32| roster.people.get(person as usize).map(|p| p.name.as_str());
    for (row, coached) in coached.iter_mut().enumerate() {
        if let Some(session) = sessions.get(&row) {
            let said = !session.coached.is_empty();
            coach.push(session.coach.and_then(label));
            by.push((said && who_leads).then_some(if session.led { "leader" } else { "peer" }));
            *coached = if said { 1 } else { -1 };
            lists.push(session.coached.iter().filter_map(|person| label(*person)).collect());
            of_coach.push_people(session.coach);
            of_coached.push_people(session.coached.iter().copied());
            continue;
        }
        coach.push(None);
        by.push(None);
        lists.push(Vec::new());
        of_coach.push_people(None);
        let meeting = || customer_meeting.and_then(|column| column.flag(row)) == Some(true) && held(row);
        let day = day_of(row).filter(|_| known && meeting());
        let touched: Vec<u32> =
            day.map(|day| facts.activity_credits.people(row).filter(|person| touched(*person, day)).collect()).unwrap_or_default();
        if let Some(day) = day {
            let over = facts.activities.last.is_some_and(|last| day.0.saturating_add(TOUCH) <= last.0);
            *coached = if touched.is_empty() { if over { 0 } else { -1 } } else { 1 };
        }
        of_coached.push_people(touched);
    }
    let lists = Lists::from_rows(&lists);
    data.activities.set("coach", Column::Words(coach.finish()));
    data.activities.set("coached_by", Column::Words(by.finish()));
    data.activities.set("coached_people", Column::Lists(lists));
    data.activities.set("coached", Column::Flags(coached));
    facts.coach_credits = of_coach;
    facts.coached_credits = of_coached;
    facts.coaching = told;
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
