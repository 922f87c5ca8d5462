//! Commitments: what somebody promised for a week, from files of their own.

use rustc_hash::FxHashMap;

use super::builder::Builder;
use super::moments::{Zones, ambiguous, moment};
use super::{Known, Problems, amounts, brief, by_word_or_nothing};
use crate::calendar::{Calendar, Day, Grain, Period};
use crate::crm::Settings;
use crate::crm::part::{Field, Part};
use crate::crm::preset::{Shape, nearest};
use crate::crm::value::{self, BadDate};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Table};

/// A week that names no year is taken for one that began at most this many days before the day of the report …
const BACK: i32 = 26 * 7;

/// … or begins at most this many after it; any other could be one of two.
const AHEAD: i32 = 4 * 7;

/// A week that begins further than this many days from the day of the report is likely mistyped.
const FAR: i32 = 53 * 7;

/// Understands the commitments of every file; gives also the source and line of each row that was refused. A row that names a week and a
/// person alone is a blank form, and no commitment.
pub(in crate::crm) fn commitments(parts: &[Part], known: &Known, settings: &Settings, problems: &mut Problems) -> (Table, Vec<(u16, u32)>) {
    let mut builder = Builder::new(Kind::Commitments);
    let mut refused = Vec::new();
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::Commitments)) {
        let weeks = Weeks::new(part, settings, problems);
        let amount = amounts(part, "amount", settings, problems);
        let kept = by_word_or_nothing(part, "kept", Code::BadFlag, problems, |_, word| kept(part, word));
        for row in 0..part.len() {
            let text = part.text("text", row);
            if text.is_none() && ["measure", "amount", "kept"].iter().all(|field| part.text(field, row).is_none()) {
                continue;
            }
            let mut refuse = |diagnostic: Option<Diagnostic>| {
                refused.push((part.source, part.line.get(row)));
                problems.list.extend(diagnostic);
            };
            let Some(text) = text else {
                refuse(Some(lacks(
                    part,
                    row,
                    "text",
                    "the commitment has no text",
                    "write what is promised, or leave the whole row blank",
                )));
                continue;
            };
            let Some(week) = weeks.get(row) else {
                // What stands there and was not understood is said already.
                let blank = part.text("week", row).is_none();
                refuse(blank.then(|| lacks(part, row, "week", "the commitment names no week", "write it as 2026-W46")));
                continue;
            };
            if (week.range.first.0 - settings.as_of.0).abs() > FAR {
                problems.say(
                    Diagnostic::warning(
                        Code::BadDate,
                        format!("the commitment is for {}, more than a year from {}", week.name, settings.as_of),
                    )
                    .at(place(part, row, "week"))
                    .hint("correct the year if it is mistyped"),
                );
            }
            let mut named = ["person_id", "person"].into_iter().filter_map(|field| part.text(field, row));
            let person = named.clone().find_map(|name| who(known, name));
            if person.is_none() {
                problems.say(nobody(part, row, named.clone().next_back(), known));
            }
            builder.row(part, row);
            builder.text("week", Some(&week.name));
            builder.day("day", Some(week.range.first));
            builder.text("person", person.or_else(|| named.next_back()));
            builder.text("text", Some(text));
            // A measure without the amount that was meant would be judged by another one.
            if !amount.value.bad(row) {
                builder.text("measure", part.text("measure", row));
                builder.amount("amount", amount.value.get(row));
            }
            builder.flag("kept", kept.get(row));
            builder.text("source", Some("file"));
        }
    }
    (builder.finish(&[]), refused)
}

/// The label of whom a text names, be it a name, an id, an address, or the label itself, which tells apart two of one name.
fn who<'k>(known: &'k Known, text: &str) -> Option<&'k str> {
    let entry = known.people.known(text).map(|person| person as usize);
    let entry = entry.or_else(|| known.person.iter().position(|label| label == text.trim()));
    entry.and_then(|person| known.person.get(person)).map(String::as_str)
}

fn nobody(part: &Part, row: usize, name: Option<&str>, known: &Known) -> Diagnostic {
    let Some(name) = name else {
        let said = lacks(part, row, "person", "the commitment names nobody: it counts for no owner", "write whose it is");
        return Diagnostic { severity: crate::diagnostic::Severity::Warning, ..said };
    };
    let message = format!("'{}' has a commitment but is nobody who is known: it counts for no owner", brief(name));
    let field = if part.text("person", row).is_some() { "person" } else { "person_id" };
    let said = Diagnostic::warning(Code::BadReference, message).at(place(part, row, field));
    match nearest(name, known.person.iter().map(String::as_str)) {
        Some(near) => said.hint(format!("did you mean '{near}'?")),
        None => said.hint("spell the name as people.csv or the exports do"),
    }
}

fn lacks(part: &Part, row: usize, field: &str, message: &str, hint: &str) -> Diagnostic {
    Diagnostic::error(Code::BadReference, message).at(place(part, row, field)).hint(hint)
}

/// The cell of a field, or the line where no column has it.
pub(super) fn place(part: &Part, row: usize, field: &str) -> Location {
    match part.field(field) {
        Some(column) => Location::cell(&part.path, part.line.get(row), &column.heading),
        None => Location::line(&part.path, part.line.get(row)),
    }
}

/// Whether a word says that a commitment was kept; none for one that leaves it open. One that says neither comes back with what is wrong.
fn kept(part: &Part, word: &str) -> Result<Option<bool>, (String, String)> {
    if let Some(kept) = part.words.kept(word).or_else(|| value::flag(word)) {
        return Ok(Some(kept));
    }
    match part.words.outcome(word) {
        Some("held") => Ok(Some(true)),
        Some("missed" | "canceled") => Ok(Some(false)),
        Some(_) => Ok(None),
        None => Err(("says neither kept nor not".to_owned(), "write yes or no, or leave it blank".to_owned())),
    }
}

/// The weeks of a part, by the word of its column.
struct Weeks<'a> {
    column: Option<&'a Field>,
    by_word: Vec<Option<Period>>,
}

impl<'a> Weeks<'a> {
    /// Understands names of weeks, and days within them: the days of a column are all written in one order.
    fn new(part: &'a Part, settings: &Settings, problems: &mut Problems) -> Self {
        let Some(column) = part.field("week") else { return Self { column: None, by_word: Vec::new() } };
        let words = column.words.words();
        let calendar = settings.calendar;
        let mut by_word: Vec<Option<Period>> = vec![None; words.len()];
        let mut wrong: FxHashMap<usize, (String, String)> = FxHashMap::default();
        let mut days: Vec<usize> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            match Named::new(word) {
                None => days.push(index),
                Some(Named { year: Some(year), week }) => match calendar.named(Grain::Week, &format!("{year:04}-W{week:02}")) {
                    Ok(period) => by_word[index] = Some(period),
                    Err(message) => drop(wrong.insert(index, (format!("is no week: {message}"), "write it as 2026-W46".to_owned()))),
                },
                Some(Named { year: None, week }) => match near(calendar, settings.as_of, week) {
                    Some(period) => {
                        let says = format!("names no year: it was taken as {}", period.name);
                        problems.say(super::assumed(part, column, index, crate::diagnostic::Severity::Note, &says));
                        by_word[index] = Some(period);
                    }
                    None => {
                        drop(wrong.insert(index, ("names no year, and may be of several".to_owned(), "write it as 2026-W46".to_owned())));
                    }
                },
            }
        }
        let texts: Vec<&str> = days.iter().map(|index| &words[*index]).collect();
        match value::dates(&texts, settings.date_order) {
            Ok(dates) => {
                let zones = Zones::of(part, settings);
                for (index, found) in days.iter().zip(&dates.values) {
                    match found {
                        Ok(when) => {
                            by_word[*index] = Some(calendar.period_of(Grain::Week, moment(*when, dates.midnight, &zones).day));
                        }
                        Err(bad) => {
                            let says = if *bad == BadDate::Placeholder { "is no week" } else { "is neither a week nor a date" };
                            wrong.insert(*index, (says.to_owned(), "write it as 2026-W46, or as a date of that week".to_owned()));
                        }
                    }
                }
            }
            Err(mut question) => {
                question.word = days.get(question.word).copied().unwrap_or(0);
                problems.fatal = true;
                problems.say(ambiguous(part, column, &question));
            }
        }
        for row in 0..part.len() {
            let code = column.words.code(row).map(|code| code as usize);
            if let Some((says, hint)) = code.and_then(|code| wrong.get(&code)) {
                let message = format!("'{}' {says}", brief(part.text("week", row).unwrap_or_default()));
                problems.say(Diagnostic::error(Code::BadDate, message).at(place(part, row, "week")).hint(hint.clone()));
            }
        }
        Self { column: Some(column), by_word }
    }

    fn get(&self, row: usize) -> Option<&Period> {
        let code = self.column?.words.code(row)?;
        self.by_word.get(code as usize)?.as_ref()
    }
}

/// A week as it is named.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    year: Option<i32>,
    week: u32,
}

impl Named {
    /// A name such as `2026-W46`, `W46/2026`, `KW 46` or `46`; none for anything else, which may be a date.
    fn new(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let mut runs: Vec<&str> = Vec::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find(char::is_alphanumeric) {
            rest = &rest[start..];
            let digits = rest.starts_with(|c: char| c.is_ascii_digit());
            let end = rest.find(|c: char| !c.is_alphanumeric() || c.is_ascii_digit() != digits).unwrap_or(rest.len());
            runs.push(&rest[..end]);
            rest = &rest[end..];
        }
        let is_week =
            |run: &&str| matches!(*run, "w" | "wk" | "week" | "cw" | "kw" | "woche" | "kalenderwoche" | "s" | "sem" | "semaine" | "semana");
        let (words, numbers): (Vec<&str>, Vec<&str>) = runs.into_iter().partition(|run| !run.starts_with(|c: char| c.is_ascii_digit()));
        if words.len() > 1 || !words.iter().all(is_week) {
            return None;
        }
        let week = |run: &str| run.parse().ok().filter(|_| run.len() <= 2);
        match numbers.as_slice() {
            [one] => Some(Self { year: None, week: week(one)? }),
            [year, one] | [one, year] if year.len() == 4 && words.len() == 1 => Some(Self { year: year.parse().ok(), week: week(one)? }),
            _ => None,
        }
    }
}

/// The week of this number around the day of the report; none where there is no such one, or where it may be of two years.
fn near(calendar: &Calendar, as_of: Day, week: u32) -> Option<Period> {
    let year: i32 = as_of.to_string().get(..4)?.parse().ok()?;
    let weeks = (year - 1..=year + 1).filter_map(|year| calendar.named(Grain::Week, &format!("{year:04}-W{week:02}")).ok());
    weeks.into_iter().find(|period| (-BACK..=AHEAD).contains(&(period.range.first.0 - as_of.0)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn weeks_are_named_in_many_ways_and_dates_are_none() {
        let of = |text: &str| Named::new(text).map(|n| (n.year, n.week));
        for text in ["2026-W46", "2026W46", "w46 2026", "KW 46/2026", "Week 46, 2026", "2026 wk46"] {
            assert_eq!(of(text), Some((Some(2026), 46)), "{text}");
        }
        for text in ["W46", "46", "KW46", "week 46", "Semana 46"] {
            assert_eq!(of(text), Some((None, 46)), "{text}");
        }
        for text in ["2026-11-09", "9 Nov 2026", "11/2026", "2026", "", "next week", "W466", "Q4 2026"] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn a_week_without_a_year_is_one_around_the_report_or_none() {
        let calendar = Calendar::default();
        let of = |day: &str, week| near(&calendar, Day::parse(day).unwrap(), week).map(|p| p.name);
        assert_eq!(of("2026-11-16", 46).as_deref(), Some("2026-W46"));
        assert_eq!(of("2026-11-16", 49).as_deref(), Some("2026-W49"));
        assert_eq!(of("2027-01-05", 52).as_deref(), Some("2026-W52"));
        assert_eq!(of("2026-12-28", 1).as_deref(), Some("2027-W01"));
        // Six weeks ahead, or 46 ago.
        assert_eq!(of("2026-11-16", 1), None);
        assert_eq!(of("2026-11-16", 60), None);
    }
}
