//! People: one roster from every table that lists them and every record that names them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::commitments::place;
use super::{Known, Problems, brief, flags, moments};
use crate::calendar::Day;
use crate::crm::Settings;
use crate::crm::part::Part;
use crate::crm::preset::{Shape, nearest};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Manager, Person, Role, Roster, Span};

/// Enters everybody whom a people table lists, so that records find them.
pub(in crate::crm) fn enter(parts: &[Part], known: &mut Known, problems: &mut Problems) {
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::People)) {
        let robot = flags(part, "robot", problems);
        for row in 0..part.len() {
            let name = full_name(part, row);
            let Some(entry) = known.people.enter(part.text("id", row), name.as_deref(), part.text("email", row)) else { continue };
            for alias in part.text("aliases", row).into_iter().flat_map(|a| a.split([';', '|', '\n'])) {
                known.people.alias(entry, alias);
            }
            let machine = robot.get(row) == Some(true)
                || part.text("user_type", row).is_some_and(|word| part.words.robot(word))
                || name.as_deref().is_some_and(|n| part.words.robot(n));
            let index = entry as usize;
            if known.robot.len() <= index {
                known.robot.resize(index + 1, false);
            }
            known.robot[index] |= machine;
        }
    }
}

fn full_name(part: &Part, row: usize) -> Option<String> {
    part.text("name", row).map(str::to_owned).or_else(|| {
        let both: Vec<&str> = ["first_name", "last_name"].iter().filter_map(|field| part.text(field, row)).collect();
        (!both.is_empty()).then(|| both.join(" "))
    })
}

/// What the people tables say of one person.
#[derive(Default)]
struct Listed {
    /// Times in teams, each with the name of the manager that its row has.
    spans: Vec<(Span, Option<String>)>,
    role: Option<Role>,
    /// The manager that a row without days names.
    manager: Option<String>,
    /// Where a manager is named, the last row first.
    manager_at: Option<Location>,
    on_roster: bool,
}

/// A team as a row names it, with its first and last day and the manager.
type InTeam = (Option<String>, Option<Day>, Option<Day>, Option<String>);

/// The roster: everybody listed or named, sorted by label.
pub(in crate::crm) fn roster(parts: &[Part], known: &Known, settings: &Settings, problems: &mut Problems) -> Roster {
    let mut teams: Vec<String> = Vec::new();
    let mut listed: FxHashMap<u32, Listed> = FxHashMap::default();
    let mut spans: FxHashMap<u32, Vec<InTeam>> = FxHashMap::default();
    let mut managers_at: Vec<(String, Location)> = Vec::new();
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::People)) {
        let from = moments(part, "from", settings, problems);
        let to = moments(part, "to", settings, problems);
        for row in 0..part.len() {
            let name = full_name(part, row);
            let found = part
                .text("id", row)
                .and_then(|id| known.people.known(id))
                .or_else(|| part.text("email", row).and_then(|mail| known.people.known(mail)))
                .or_else(|| name.as_deref().and_then(|n| known.people.known(n)));
            let Some(entry) = found else { continue };
            let who = listed.entry(entry).or_default();
            let title = part.first(&["role", "title"], row).and_then(|word| part.words.role(word)).map(role_of);
            who.role = title.or(who.role);
            let manager = part.first(&["manager", "manager_id"], row).map(|text| {
                let found = known.people.known(text).and_then(|m| known.person.get(m as usize).cloned());
                found.unwrap_or_else(|| text.to_owned())
            });
            if let Some(name) = &manager {
                let field = if part.text("manager", row).is_some() { "manager" } else { "manager_id" };
                managers_at.push((name.clone(), place(part, row, field)));
                who.manager_at = Some(Location::line(&part.path, part.line.get(row)));
            }
            let team = part.first(&["team", "region"], row).map(str::to_owned);
            let (first, last) = (from.get(row).map(|m| m.day), to.get(row).map(|m| m.day));
            if let (Some(a), Some(b)) = (first, last)
                && a > b
            {
                problems.say(
                    Diagnostic::error(Code::BadDate, format!("the person leaves on {b}, before beginning on {a}"))
                        .at(Location::line(&part.path, part.line.get(row)))
                        .hint("correct the first or the last day"),
                );
            }
            // A CRM's list of users holds everybody with a login; who sells is in a role, a team or a date.
            who.on_roster |= team.is_some() || first.is_some() || last.is_some() || title.is_some_and(|r| r != Role::Other);
            if first.is_none() && last.is_none() {
                who.manager = manager.clone().or(who.manager.take());
            }
            if team.is_some() || first.is_some() || last.is_some() {
                spans.entry(entry).or_default().push((team, first, last, manager));
            }
        }
    }
    for list in spans.values() {
        teams.extend(list.iter().filter_map(|(team, ..)| team.clone()));
    }
    teams.sort_unstable();
    teams.dedup();
    for (entry, list) in spans {
        listed.entry(entry).or_default().spans = in_order(list, &teams);
    }
    let mut told: FxHashMap<String, Told> = FxHashMap::default();
    let mut people: Vec<Person> = (0..known.people.len() as u32)
        .filter(|entry| !known.robot.get(*entry as usize).copied().unwrap_or(false))
        .map(|entry| {
            let named = listed.contains_key(&entry);
            let said = listed.remove(&entry).unwrap_or_default();
            let name = known.person.get(entry as usize).cloned().unwrap_or_default();
            let everywhere = || vec![(Span { team: None, first: None, last: None, manager: Manager::Unsaid }, None)];
            let spans = if said.spans.is_empty() { everywhere() } else { said.spans };
            let (spans, managers): (Vec<Span>, Vec<Option<String>>) =
                spans.into_iter().map(|(span, manager)| (span, manager.or_else(|| said.manager.clone()))).unzip();
            if managers.iter().any(Option::is_some) {
                told.insert(name.clone(), (managers, said.manager_at));
            }
            Person {
                name,
                id: known.people.id(entry).map(str::to_owned),
                role: said.role.unwrap_or(Role::Rep),
                listed: said.on_roster,
                named,
                spans,
                absences: Vec::new(),
            }
        })
        .collect();
    people.sort_by(|a, b| a.name.cmp(&b.name));
    let mut roster = Roster { people, teams, leaders_sell: settings.leaders_sell };
    managers(&mut roster, &told, problems);
    strangers(&roster, managers_at, problems);
    roster
}

/// The managers of a person's times by name, and where the last of them is named.
type Told = (Vec<Option<String>>, Option<Location>);

/// Enters who reports to whom; those whose managers go in a circle report to nobody, and it is said once per circle.
fn managers(roster: &mut Roster, told: &FxHashMap<String, Told>, problems: &mut Problems) {
    let manager = |name: &Option<String>| match name.as_deref() {
        None => Manager::Unsaid,
        Some(name) => roster.person(name).map_or(Manager::Stranger, Manager::Person),
    };
    let found: Vec<Vec<Manager>> = roster
        .people
        .iter()
        .map(|person| {
            let names = told.get(&person.name).map(|(names, _)| names.as_slice()).unwrap_or_default();
            names.iter().map(manager).collect()
        })
        .collect();
    for (person, managers) in roster.people.iter_mut().zip(&found) {
        for (span, manager) in person.spans.iter_mut().zip(managers) {
            span.manager = *manager;
        }
    }
    let above: Vec<Option<u32>> = roster.people.iter().map(|person| person.spans.last().and_then(|span| span.manager.person())).collect();
    // The walk in which each was met, so that nobody is walked over twice.
    let mut walk = vec![usize::MAX; above.len()];
    for start in 0..above.len() {
        let mut at = start;
        while walk[at] == usize::MAX {
            walk[at] = start;
            match above[at] {
                Some(next) => at = next as usize,
                None => break,
            }
        }
        if walk[at] != start || above[at].is_none() {
            continue;
        }
        let mut circle = vec![at];
        while let Some(next) = circle.last().and_then(|last| above[*last]).filter(|next| *next as usize != at) {
            circle.push(next as usize);
        }
        let first = circle.iter().enumerate().min_by_key(|(_, person)| **person).map_or(0, |(place, _)| place);
        circle.rotate_left(first);
        let names: Vec<&str> = circle.iter().chain(circle.first()).map(|person| roster.people[*person].name.as_str()).collect();
        let said = Diagnostic::warning(
            Code::BadReference,
            format!("managers go in a circle: {}; none of them counts as reporting to the next", names.join(" → ")),
        )
        .hint("correct the manager of one of them");
        let place = told.get(names[0]).and_then(|(_, at)| at.clone());
        problems.say(if let Some(place) = place { said.at(place) } else { said });
        for person in circle {
            for span in &mut roster.people[person].spans {
                if span.manager.person() == above[person] {
                    span.manager = Manager::Unsaid;
                }
            }
        }
    }
}

/// Says which managers are on no roster, each name once, where it stands first.
fn strangers(roster: &Roster, named: Vec<(String, Location)>, problems: &mut Problems) {
    let mut said: FxHashSet<String> = FxHashSet::default();
    for (name, at) in named {
        if roster.person(&name).is_some() || !said.insert(name.clone()) {
            continue;
        }
        let message = format!("the manager '{}' is not on the roster: who reports there reports to nobody known", brief(&name));
        let hint = match nearest(&name, roster.people.iter().map(|person| person.name.as_str())) {
            Some(near) => format!("did you mean '{near}'?"),
            None => "add a row for the manager, or leave the cell blank: then the team's leader counts".to_owned(),
        };
        problems.say(Diagnostic::warning(Code::BadReference, message).at(at).hint(hint));
    }
}

fn role_of(word: &str) -> Role {
    match word {
        "leader" => Role::Leader,
        "other" => Role::Other,
        _ => Role::Rep,
    }
}

/// Times in teams in order; one without a last day ends where the next begins, and they do not overlap.
fn in_order(mut list: Vec<InTeam>, teams: &[String]) -> Vec<(Span, Option<String>)> {
    list.sort_by_key(|(_, first, last, _)| (*first, last.is_none(), *last));
    list.dedup_by(|later, kept| {
        let same = (&later.0, later.1, later.2) == (&kept.0, kept.1, kept.2);
        if same {
            kept.3 = kept.3.take().or(later.3.take());
        }
        same
    });
    // What only names a team, beside rows with dates, says nothing about when.
    if list.iter().any(|(_, first, last, _)| first.is_some() || last.is_some()) {
        list.retain(|(_, first, last, _)| first.is_some() || last.is_some());
    } else {
        list.truncate(1);
    }
    let begins: Vec<Option<Day>> = list.iter().map(|(_, first, ..)| *first).collect();
    list.into_iter()
        .enumerate()
        .map(|(index, (team, first, last, manager))| {
            let before_next = begins.get(index + 1).copied().flatten().map(|next| next.plus(-1));
            let last = match (last, before_next) {
                (Some(last), Some(next)) => Some(last.min(next)),
                (last, next) => last.or(next),
            };
            let team = team.and_then(|t| teams.binary_search(&t).ok()).map(|i| i as u32);
            (Span { team, first, last, manager: Manager::Unsaid }, manager)
        })
        .filter(|(span, _)| span.first.zip(span.last).is_none_or(|(first, last)| first <= last))
        .collect()
}

/// Adds days away to the people of the roster.
pub(in crate::crm) fn absences(parts: &[Part], known: &Known, roster: &mut Roster, settings: &Settings, problems: &mut Problems) {
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::Absences)) {
        let from = moments(part, "from", settings, problems);
        let to = moments(part, "to", settings, problems);
        let mut unknown: FxHashSet<String> = FxHashSet::default();
        for row in 0..part.len() {
            let text = part.first(&["person_id", "person_email", "person"], row);
            // An id that no other file has says less than the name beside it.
            let mut names = ["person_id", "person_email", "person"].into_iter().filter_map(|field| part.text(field, row));
            let entry = names.find_map(|name| known.people.known(name));
            let person = entry.and_then(|p| known.person.get(p as usize)).and_then(|n| roster.person(n));
            let (first, last) = (from.get(row).map(|m| m.day), to.get(row).map(|m| m.day));
            match (person, first, last.or(first)) {
                (Some(person), Some(first), Some(last)) if first <= last => roster.people[person as usize].absences.push((first, last)),
                (None, ..) => {
                    let name = text.unwrap_or_default().to_owned();
                    if unknown.insert(name.clone()) {
                        problems.say(
                            Diagnostic::warning(Code::BadReference, format!("'{name}' is away but is nobody who is known"))
                                .at(Location::line(&part.path, part.line.get(row)))
                                .hint("spell the name as people.csv or the exports do"),
                        );
                    }
                }
                _ => problems.say(
                    Diagnostic::error(Code::BadDate, "an absence needs a first day that is not after its last")
                        .at(Location::line(&part.path, part.line.get(row))),
                ),
            }
        }
    }
}
