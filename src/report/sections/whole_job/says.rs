//! Flags in words: their rule, their numbers, and how often chance alone would raise them.

use crate::calendar::{Day, Grain, Partition, Range};
use crate::document::{Note, Tone};
use crate::measure::{Entity, Flag, Flagged, Level, Tells};
use crate::report::{Run, words};
use crate::unit::Why;

/// Whose the cause is where a whole team does the same.
pub(super) const CAUSE: &str = "the cause is the manager's priority of the day, not the people";

/// Why nothing is told of the weeks.
pub(in crate::report) fn nothing(tells: Tells, why: Why) -> &'static str {
    match (why, tells) {
        (Why::NoData, Tells::WithoutOpenDeal) => "no deal is with any account that was met, or nobody has met any",
        (Why::NoData, Tells::TopProduct) => "the deals have no product, or none was won",
        (Why::NoData, _) => {
            "nobody has a record of it in these weeks, or the exports ended before, or hold no activity at all of whom it is about"
        }
        (Why::NotYet, _) => "not known yet",
        (Why::NotApplicable, Tells::TopProduct) => "the deals won are in several currencies",
        (Why::NotApplicable, _) => "it is no part of this job",
        (Why::TooFew, Tells::TopProduct) => "fewer than 8 of the weeks count, or too few deals won have a product and an amount",
        (Why::TooFew, Tells::TopFive | Tells::WithoutOpenDeal | Tells::NewAccounts) => {
            "fewer than 8 of the weeks count, or fewer than 10 meetings tell it"
        }
        (Why::TooFew, Tells::Share) => "fewer than 8 of the weeks count, or there is no held activity in them",
        (Why::TooFew, _) => "fewer than 8 of the weeks count",
    }
}

/// The label of a flag.
pub(super) fn label(name: &str) -> &'static str {
    match name {
        "neglected" => "Neglected",
        "start_stop" => "Start-stop",
        "see_saw" => "See-saw",
        _ => "Favorites",
    }
}

/// A flag in a word.
pub(super) fn in_short(flag: &Flag) -> &'static str {
    match flag {
        Flag::Neglected(_) => "neglected",
        Flag::StartStop(_) => "start-stop",
        Flag::SeeSaw(_) => "see-saw",
        Flag::Favourites(_) => "favorites",
    }
}

/// What is flagged, with its numbers and its chance: `prospecting none for 5 weeks after 2.3 a week, by chance 1 in 410`.
pub(in crate::report) fn case(run: &Run<'_>, flagged: &Flagged) -> String {
    let component = run.catalog.components().iter().find(|c| c.name == flagged.part.component);
    let what = component.map_or_else(|| words::measure(run, &flagged.part.component), crate::measure::Component::words);
    let numbers = match &flagged.flag {
        Flag::Neglected(found) if found.before > 0.0 => {
            format!("{what} none for {} after {} a week", words::count(found.weeks.into(), "week"), rate(found.before))
        }
        Flag::Neglected(found) => format!("{what} none in {}, which others have", words::count(found.weeks.into(), "week")),
        Flag::StartStop(found) => {
            let (some, none) = (words::count(found.active.into(), "week"), words::count(found.idle.into(), "week"));
            format!("{what} {} a week in {some}, and none in {none} between them", rate(found.per_active_week))
        }
        Flag::SeeSaw(found) => {
            let hot = words::count(found.hot_weeks.into(), "week");
            format!("{what} {} a week in {hot} of much deal work, {} in the others", rate(found.in_hot), rate(found.in_cool))
        }
        Flag::Favourites(found) => {
            format!("{} of {} meetings with five of {} accounts", found.top, found.meetings, found.accounts)
        }
    };
    format!("{numbers}, by chance {}", words::once_in(flagged.flag.chance()))
}

/// A number a week with one decimal where it has one.
fn rate(per_week: f64) -> String {
    let rounded = (per_week * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
}

/// More names than this are a number.
const NAMES: usize = 6;

/// Of whom of these nothing can be told, since the exports hold no activity of theirs.
pub(super) fn without_activities(run: &Run<'_>, people: &[u32], weeks: Range) -> Option<Note> {
    let without = |person: &&u32| !run.engine.is_active(Entity::Owner(**person), weeks);
    let mut names: Vec<String> = people.iter().filter(without).map(|person| run.name(Entity::Owner(*person)).to_owned()).collect();
    if names.is_empty() {
        return None;
    }
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    if more > 0 {
        names.push(format!("{more} more"));
    }
    let says = format!("no activities of {} in these exports: none of their activities is told or judged", words::list(&names));
    Some(Note { label: "Needs".to_owned(), tone: Tone::Plain, parts: vec![says] })
}

/// Since when there are no activities, where they ended before the last of the weeks.
pub(super) fn activities_ended(run: &Run<'_>, weeks: Range) -> Option<Day> {
    let (reach, table) = (run.facts.activities, &run.data.activities);
    let ended = reach.last.filter(|last| reach.ended && *last < weeks.last);
    let days = || (0..table.len()).filter(|row| table.used(*row)).filter_map(|row| table.day("day", row));
    ended.or_else(|| days().filter(|day| *day <= weeks.last).max().filter(|day| *day < weeks.first))
}

/// The targets of teams or everybody that were changed within a quarter, by the last of the weeks.
pub(super) fn changed_targets(run: &Run<'_>, weeks: &Partition) -> Option<Note> {
    let mut parts = Vec::new();
    for (target, day) in run.targets.changed(weeks.range()) {
        if run.calendar.period_of(Grain::Quarter, day).range.first == day {
            continue;
        }
        let whose = match (&target.name, target.level) {
            (Some(name), Level::Team) => name.clone(),
            (None, Level::Team) => "each team".to_owned(),
            (None, Level::Owner) => "everybody".to_owned(),
            (_, Level::All) => "all".to_owned(),
            (Some(_), Level::Owner) => continue,
        };
        let says =
            format!("{whose}: the target of {} was changed in mid-quarter, on {}", words::measure(run, &target.measure), words::day(day));
        if !parts.contains(&says) {
            parts.push(says);
        }
    }
    if let Some(last) = parts.last_mut() {
        last.push_str(": ");
        last.push_str(CAUSE);
    }
    (!parts.is_empty()).then(|| Note { label: "Team".to_owned(), tone: Tone::Bad, parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chances_never_look_rarer_than_they_are() {
        assert_eq!(
            [0.05, 0.04999, 1.0 / 410.5, 1e-9, 0.0].map(words::once_in),
            ["1 in 20", "1 in 20", "1 in 410", "less than 1 in 10000", "less than 1 in 10000"]
        );
        assert_eq!([2.0, 2.34, 0.04].map(rate), ["2", "2.3", "0"]);
    }
}
