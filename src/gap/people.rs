//! Who sells on a day, and which whole weeks somebody was with us.

use crate::calendar::{Calendar, Day, Grain, Period, Range};
use crate::measure::{Engine, SEEN_DAYS};
use crate::table::{Person, Role, Roster};

/// Whether a person is with us on a day: by the roster, else by records not long before.
pub(super) fn there(engine: &Engine<'_>, person: u32, day: Day) -> bool {
    let Some(who) = engine.data.roster.people.get(person as usize) else { return false };
    let seen = engine.facts.seen.get(person as usize).copied().flatten();
    let begun = || seen.is_none_or(|(first, _)| first <= day);
    if who.listed {
        return who.employed_on(day) && (who.first_day().is_some() || begun());
    }
    begun() && seen.is_some_and(|(_, last)| day.0 - last.0 <= SEEN_DAYS)
}

/// Whether a person sells on a day: by the roster where there is any.
pub(super) fn sells(engine: &Engine<'_>, person: u32, day: Day) -> bool {
    let roster: &Roster = &engine.data.roster;
    let Some(who) = roster.people.get(person as usize) else { return false };
    let role = who.role == Role::Rep || (who.role == Role::Leader && roster.leaders_sell);
    let listed = roster.people.iter().any(|person| person.listed);
    role && (who.listed || !listed) && there(engine, person, day)
}

/// The latest whole weeks in a row of some days that a person was with us, and how many they are; none where they are fewer than two.
pub(super) fn whole_weeks(engine: &Engine<'_>, person: u32, days: &Period) -> Option<(Range, usize)> {
    let who = engine.data.roster.people.get(person as usize)?;
    let seen = engine.facts.seen.get(person as usize).copied().flatten();
    let weeks = engine.calendar.partition(Grain::Week, days.range);
    let with = |week: &&Period| with_us(engine.calendar, who, seen, week.range);
    let run: Vec<&Period> = weeks.iter().rev().skip_while(|week| !with(week)).take_while(with).collect();
    let (last, first) = (run.first()?, run.last()?);
    Some((Range::new(first.range.first, last.range.last)?, run.len())).filter(|(_, weeks)| *weeks > 1)
}

/// Whether somebody was with us on each workday of a week. Where nothing says since when, it is since the first record of their own.
fn with_us(calendar: &Calendar, who: &Person, seen: Option<(Day, Day)>, week: Range) -> bool {
    let days: Vec<Day> = (0..week.len()).map(|day| week.first.plus(day as i32)).collect();
    let works = days.iter().any(|day| calendar.is_workday(*day));
    let mut workdays = days.iter().filter(|day| !works || calendar.is_workday(**day));
    let begun = |day: Day| seen.is_none_or(|(first, _)| first <= day);
    if who.listed {
        let since = who.first_day().is_some();
        return workdays.all(|day| who.employed_on(*day) && (since || begun(*day)));
    }
    workdays.all(|day| seen.is_some() && begun(*day) && seen.is_some_and(|(_, last)| *day <= last.plus(SEEN_DAYS)))
}
