//! Who coached whom, and which customer meetings had a coaching touch (measures, section 7).

use rustc_hash::FxHashMap;

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
        if people.len() < 2 {
            let owner = people.first().copied();
            for named in table.text("subject", row).map(|text| names.named(text, roster, owner, day)).unwrap_or_default() {
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
    let (mut coach, mut by) = (WordsBuilder::default(), WordsBuilder::default());
    let mut coached = vec![-1_i8; table.len()];
    let mut lists: Vec<Vec<&str>> = Vec::with_capacity(table.len());
    let (mut of_coach, mut of_coached) = (Credits::default(), Credits::default());
    let label = |person: u32| roster.people.get(person as usize).map(|p| p.name.as_str());
    for (row, coached) in coached.iter_mut().enumerate() {
        if let Some(session) = sessions.get(&row) {
            let said = !session.coached.is_empty();
            coach.push(session.coach.and_then(label));
            by.push(said.then_some(if session.led { "leader" } else { "peer" }));
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
/// The coach is the one who manages another of them, else the one whose role is to lead, else the owner: peers coach too. Of several who
/// could be, the owner is; where the owner is none of them, nothing says who was coached. Somebody alone coaches only by leading.
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
    let coach = match (managers.is_empty(), leaders.is_empty()) {
        (false, _) => one_of(&managers),
        (true, false) => one_of(&leaders),
        (true, true) => owner.filter(|_| !alone),
    };
    let Some(coach) = coach else { return Session::default() };
    let mut coached: Vec<u32> = people.iter().copied().filter(|person| *person != coach).collect();
    coached.sort_unstable();
    Session { coach: Some(coach), coached, led: managers.contains(&coach) || roster.leads(coach) }
}

/// The people of the roster by the words of their names.
struct Names {
    /// Per person, the folded words of the name.
    people: Vec<Vec<String>>,
}

impl Names {
    fn of(roster: &Roster) -> Self {
        Self { people: roster.people.iter().map(|person| tokens(&person.name)).collect() }
    }

    /// Whom a text names: by the whole name in either order, by a first name, and where there is neither by a last name: a customer may be
    /// called like one of ours. A part of a name must be written as a name, and be that of one person only: of the owner's reports, else
    /// of the owner's team, else of the roster.
    fn named(&self, text: &str, roster: &Roster, owner: Option<u32>, day: Option<Day>) -> Vec<u32> {
        let day = day.unwrap_or(Day::MAX);
        let words = tokens(text);
        let mut taken = vec![false; words.len()];
        let mut found: Vec<u32> = Vec::new();
        // Longer names first: `Ana Maria Silva` is nobody's `Ana`.
        let mut by_length: Vec<usize> = (0..self.people.len()).filter(|person| self.people[*person].len() > 1).collect();
        by_length.sort_by_key(|person| std::cmp::Reverse(self.people[*person].len()));
        for person in by_length {
            let name = &self.people[person];
            for at in 0..(words.len() + 1).saturating_sub(name.len()) {
                let part = at..at + name.len();
                let is_it = (0..name.len()).any(|turn| name[turn..].iter().chain(&name[..turn]).eq(&words[part.clone()]));
                if is_it && !taken[part.clone()].contains(&true) {
                    taken[part].fill(true);
                    found.push(person as u32);
                }
            }
        }
        let written = written_as_name(text);
        let left: Vec<&String> =
            words.iter().zip(&taken).filter(|(word, taken)| !**taken && written.contains(word)).map(|(word, _)| word).collect();
        let only = |having: Vec<u32>| Self::only(&having, roster, owner, day);
        found.extend(left.iter().filter_map(|word| only(self.having(|name| name.first() == Some(word)))));
        if found.is_empty() {
            found.extend(left.iter().filter_map(|word| only(self.having(|name| name.last() == Some(word)))));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    fn having(&self, is: impl Fn(&[String]) -> bool) -> Vec<u32> {
        (0..self.people.len() as u32).filter(|person| is(&self.people[*person as usize])).collect()
    }

    /// The only one of some people who is with us on a day: of the owner's reports, else of the owner's team, else of all.
    fn only(some: &[u32], roster: &Roster, owner: Option<u32>, day: Day) -> Option<u32> {
        let team_of = |person: u32| roster.people.get(person as usize).and_then(|p| p.team_on(day));
        let here: Vec<u32> = some.iter().copied().filter(|p| roster.people.get(*p as usize).is_some_and(|p| p.employed_on(day))).collect();
        let team = owner.and_then(team_of);
        let reports = |person: &u32| owner.is_some_and(|owner| roster.reports_to(*person, owner, day));
        let close: [Vec<u32>; 2] = [
            here.iter().copied().filter(reports).collect(),
            here.iter().copied().filter(|person| team.is_some() && team_of(*person) == team).collect(),
        ];
        match close.into_iter().find(|found| !found.is_empty()).unwrap_or(here).as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// The folded words of a text that begin with a capital letter, or all where it has none: `will` is a word, `Will` a name.
fn written_as_name(text: &str) -> Vec<String> {
    let parts =
        || text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '\u{2019}') || is_mark(c))).filter(|part| !part.is_empty());
    let capital = |part: &&str| part.chars().next().is_some_and(char::is_uppercase);
    let any = parts().any(|part| capital(&part));
    parts().filter(|part| !any || capital(part)).flat_map(tokens).collect()
}

/// Whether a character only marks the letter before it, as in decomposed text.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}
