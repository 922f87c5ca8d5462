//! Who sells, in which team and when.

use crate::calendar::Day;

/// What a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Sells.
    Rep,
    /// Leads a team.
    Leader,
    /// Helps: no targets of the team apply.
    Other,
}

/// Whom a person reports to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Manager {
    /// Nobody is named: the team's leaders.
    #[default]
    Unsaid,
    /// Somebody is named whom the roster does not know: none of ours.
    Stranger,
    /// An index into [`Roster::people`].
    Person(u32),
}

impl Manager {
    /// The manager on the roster.
    pub fn person(self) -> Option<u32> {
        match self {
            Self::Person(person) => Some(person),
            Self::Unsaid | Self::Stranger => None,
        }
    }
}

/// A time in one team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// An index into [`Roster::teams`]; none for no team.
    pub team: Option<u32>,
    /// First day; none for as long as the exports go back.
    pub first: Option<Day>,
    /// Last day; none while it lasts.
    pub last: Option<Day>,
    /// Whom the person reports to in that time.
    pub manager: Manager,
}

impl Span {
    /// Whether a day is in it.
    pub fn holds(&self, day: Day) -> bool {
        self.first.is_none_or(|f| f <= day) && self.last.is_none_or(|l| day <= l)
    }
}

/// One of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name shown, different from everybody else's.
    pub name: String,
    /// The CRM's id.
    pub id: Option<String>,
    /// What the person does.
    pub role: Role,
    /// Whether a people table lists the person.
    pub listed: bool,
    /// Whether a people table or a CRM's list of users names the person at all.
    pub named: bool,
    /// Times in teams, in order of their first days; never empty.
    pub spans: Vec<Span>,
    /// Days away, inclusive ends, in any order.
    pub absences: Vec<(Day, Day)>,
}

impl Person {
    /// The team on a day; none before the first and after the last day with us.
    pub fn team_on(&self, day: Day) -> Option<u32> {
        self.spans.iter().find(|s| s.holds(day)).and_then(|s| s.team)
    }

    /// Whether the person is with us on a day.
    pub fn employed_on(&self, day: Day) -> bool {
        self.spans.iter().any(|s| s.holds(day))
    }

    /// The first day of all; none for as long as the exports go back.
    pub fn first_day(&self) -> Option<Day> {
        self.spans.iter().map(|s| s.first).min().flatten()
    }

    /// The last day of all; none while it lasts.
    pub fn last_day(&self) -> Option<Day> {
        if self.spans.iter().any(|s| s.last.is_none()) { None } else { self.spans.iter().filter_map(|s| s.last).max() }
    }
}

/// Everybody, and the teams.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    /// The people, sorted by name.
    pub people: Vec<Person>,
    /// The teams' names, sorted.
    pub teams: Vec<String>,
    /// Whether leaders' own numbers count in their team's sums.
    pub leaders_sell: bool,
}

impl Roster {
    /// The person of this name.
    pub fn person(&self, name: &str) -> Option<u32> {
        self.people.binary_search_by(|p| p.name.as_str().cmp(name)).ok().map(|i| i as u32)
    }

    /// The team in whose sum a person's numbers of a day count; none for leaders who only lead, for no one, and outside every team.
    pub fn sum_of(&self, person: u32, day: Day) -> Option<u32> {
        let who = self.people.get(person as usize)?;
        if self.counts_in_team(person) { who.team_on(day) } else { None }
    }

    /// Whether this person's numbers count in a team's sum.
    pub fn counts_in_team(&self, person: u32) -> bool {
        self.leaders_sell || !self.leads(person)
    }

    /// Whether a person's role is to lead.
    pub fn leads(&self, person: u32) -> bool {
        self.people.get(person as usize).is_some_and(|p| p.role == Role::Leader)
    }

    /// Whether anything says who leads: a role, or a manager whom the roster knows.
    pub fn says_who_leads(&self) -> bool {
        self.people.iter().any(|p| p.role == Role::Leader || p.spans.iter().any(|s| s.manager.person().is_some()))
    }

    /// Whether a person reports to another on a day: by the manager that the roster names for that time; where it names none, a rep
    /// reports to the leaders of the team. Who reports to a stranger reports to none of ours.
    pub fn reports_to(&self, person: u32, leader: u32, day: Day) -> bool {
        let (Some(who), Some(above)) = (self.people.get(person as usize), self.people.get(leader as usize)) else { return false };
        let Some(span) = who.spans.iter().find(|span| span.holds(day)).filter(|_| person != leader) else { return false };
        match span.manager {
            Manager::Person(manager) => manager == leader,
            Manager::Stranger => false,
            Manager::Unsaid => {
                who.role == Role::Rep && above.role == Role::Leader && span.team.is_some() && above.team_on(day) == span.team
            }
        }
    }
}
