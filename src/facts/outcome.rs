//! What took place, and until when the exports reach (measures, section 1: Through, Outcome).

use std::collections::{BTreeMap, BTreeSet};

use super::customer::words;
use super::{Blank, Facts, Reach, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Column, Data, Reason, Table, WordsBuilder};

/// A source whose last date lies this many days before the run's has ended there.
pub const ENDED_AFTER: i32 = 28;

/// What a source's own dates say.
#[derive(Debug, Clone, Copy, Default)]
struct Dates {
    /// The latest modified or completed date.
    changed: Option<Day>,
    /// The latest created date.
    created: Option<Day>,
}

impl Dates {
    /// The last day on which somebody entered or changed something.
    fn entered(self) -> Option<Day> {
        self.changed.max(self.created)
    }
}

/// Judges outcomes, takes the run back to its day, and finds how far each source, table and the run reach.
pub(super) fn judge(data: &mut Data, settings: &Settings, facts: &mut Facts) {
    let sources = data.sources.len();
    let mut dates = vec![Dates::default(); sources];
    for table in [&data.activities, &data.deals] {
        note_dates(table, &mut dates);
    }
    for (source, found) in data.sources.iter_mut().zip(&dates) {
        source.dated = found.changed.is_some();
    }
    let past = past(data, settings, &dates);
    judge_activities(data, settings, &dates, &past, facts);
    judge_deals(data, settings, &dates);
    let mut last: Vec<Option<Day>> = dates.iter().map(|d| d.changed.map(|c| c.min(settings.as_of))).collect();
    latest_done(data, &dates, settings, facts, &mut last);
    reach(data, settings, facts, &last);
}

fn note_dates(table: &Table, dates: &mut [Dates]) {
    let mut completed: Vec<(Option<Day>, u64, u64)> = vec![(None, 0, 0); dates.len()];
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let source = usize::from(table.file[row]);
        let Some(found) = dates.get_mut(source) else { continue };
        found.changed = found.changed.max(table.day("modified_on", row));
        found.created = found.created.max(table.day("created_on", row));
        if matches!(table.text("outcome", row), Some("held") | None) {
            let (last, filled, all) = &mut completed[source];
            let day = table.day("completed_on", row);
            *last = (*last).max(day);
            *filled += u64::from(day.is_some());
            *all += 1;
        }
    }
    for (found, (last, filled, all)) in dates.iter_mut().zip(completed) {
        // Where only some kinds are ever completed, the column does not say how far the others reach.
        if filled * 2 >= all {
            found.changed = found.changed.max(last);
        }
    }
}

/// Per source, until when a record without an outcome is past: as far as the run reaches by anything but such records themselves, since a
/// meeting that was booked before the export and lies after it is a plan. A source without dates of entry says nothing about that.
fn past(data: &Data, settings: &Settings, dates: &[Dates]) -> Vec<Day> {
    let as_of = settings.as_of;
    let table = &data.activities;
    let held = (0..table.len()).filter(|r| table.used(*r) && table.text("outcome", *r) == Some("held")).filter_map(|r| table.day("day", r));
    let deals = &data.deals;
    let closed =
        (0..deals.len()).filter(|r| deals.used(*r) && deals.text("state", *r) != Some("open")).filter_map(|r| deals.day("closed_on", r));
    let entered = dates.iter().filter_map(|d| d.entered()).map(|day| day.min(as_of));
    let reached = settings.through.or_else(|| entered.chain(held.chain(closed).filter(|day| *day <= as_of)).max());
    let reached = reached.unwrap_or(as_of).min(as_of);
    dates.iter().map(|d| if d.entered().is_some() { reached } else { as_of }).collect()
}

fn judge_activities(data: &mut Data, settings: &Settings, dates: &[Dates], past: &[Day], facts: &mut Facts) {
    let table = &data.activities;
    let as_of = settings.as_of;
    let keeps = keeps_outcomes(table, past);
    let as_task = |row: usize| data.kept_as_task.get(row).copied().unwrap_or(false);
    // What has a time and a length is an appointment in the calendar, though its subject is work for oneself.
    let number = |name: &str, row: usize| data.activities.column(name).and_then(|column| column.number(row));
    let in_calendar = |row: usize| number("at", row).is_some() && number("minutes", row).is_some_and(|minutes| minutes > 0);
    let kinds = words(table, "kind");
    let mut assumed = vec![false; table.len()];
    let mut ahead = Vec::new();
    let mut outcome = WordsBuilder::default();
    for (row, assumed) in assumed.iter_mut().enumerate() {
        let source = usize::from(table.file[row]);
        let word = table.text("outcome", row);
        let (Some(day), Some(until)) = (table.day("day", row), past.get(source)) else {
            outcome.push(word.or(Some("unknown")));
            continue;
        };
        let kind = kinds.and_then(|k| k.code(row));
        if table.day("created_on", row).is_some_and(|created| created > as_of) {
            ahead.push(row);
        }
        let judged = match word {
            Some("held") if day > as_of => {
                let later = dates[source].entered().is_some_and(|last| last >= day);
                let planned = table.day("created_on", row).is_some_and(|created| created <= as_of);
                if later && planned {
                    "scheduled"
                } else {
                    ahead.push(row);
                    "held"
                }
            }
            Some("held") => {
                if dates[source].changed.is_some_and(|last| day > last) {
                    ahead.push(row);
                }
                "held"
            }
            Some("missed") if day > as_of => "scheduled",
            Some(word) => word,
            None if day > *until => "scheduled",
            None if as_task(row) || (kinds.and_then(|k| k.get(row)) == Some("task") && !in_calendar(row)) => "unknown",
            None => {
                let held = match settings.blank {
                    Some(blank) => blank == Blank::Held,
                    None => !keeps.contains(&(table.file[row], kind)),
                };
                if held && settings.blank.is_none() && table.used(row) {
                    *assumed = true;
                }
                if held { "held" } else { "unknown" }
            }
        };
        outcome.push(Some(judged));
    }
    // A call that is still to be made has reached nobody yet.
    let connected = match table.column("connected") {
        Some(Column::Flags(flags)) => {
            let later = |row: usize| table.day("day", row).is_some_and(|day| day > as_of);
            Some(flags.iter().enumerate().map(|(row, flag)| if later(row) { -1 } else { *flag }).collect())
        }
        _ => None,
    };
    data.activities.set("outcome", Column::Words(outcome.finish()));
    if let Some(connected) = connected {
        data.activities.set("connected", Column::Flags(connected));
    }
    for row in ahead {
        data.activities.leave_out(row, Reason::DatedAhead);
    }
    facts.assumed = assumed;
}

/// The kinds per source of whose past records at least half carry an outcome.
fn keeps_outcomes(table: &Table, known_until: &[Day]) -> BTreeSet<(u16, Option<u32>)> {
    let kinds = words(table, "kind");
    let mut counts: BTreeMap<(u16, Option<u32>), (u64, u64)> = BTreeMap::new();
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        let past = table.day("day", row).zip(known_until.get(usize::from(table.file[row]))).is_some_and(|(day, until)| day <= *until);
        if past {
            let (carry, all) = counts.entry((table.file[row], kinds.and_then(|k| k.code(row)))).or_default();
            *all += 1;
            *carry += u64::from(matches!(table.text("outcome", row), Some("held" | "missed" | "canceled")));
        }
    }
    counts.into_iter().filter(|(_, (carry, all))| carry * 2 >= *all && *carry > 0).map(|(key, _)| key).collect()
}

fn judge_deals(data: &mut Data, settings: &Settings, dates: &[Dates]) {
    let table = &data.deals;
    let as_of = settings.as_of;
    let days = |name: &str| match table.column(name) {
        Some(Column::Days(days)) => days.clone(),
        _ => vec![Column::NO_DAY; table.len()],
    };
    let (mut closed, mut expected) = (days("closed_on"), days("expected_on"));
    // How far anything in the exports goes: what closed before that was open on an earlier day of the report.
    let later = dates.iter().filter_map(|d| d.entered()).max();
    let mut state = WordsBuilder::default();
    let mut ahead = Vec::new();
    for row in 0..table.len() {
        let found = dates.get(usize::from(table.file[row])).copied().unwrap_or_default();
        let word = table.text("state", row);
        let close = table.day("closed_on", row).filter(|_| word.is_some_and(|w| w != "open"));
        if table.day("created_on", row).is_some_and(|created| created > as_of) {
            ahead.push(row);
        }
        match close {
            // The exports know of it, but on the day of the report it was still open.
            Some(day) if day > as_of && later.is_some_and(|last| last >= day) => {
                closed[row] = Column::NO_DAY;
                expected[row] = day.0;
                state.push(Some("open"));
                continue;
            }
            Some(day) if day > as_of || found.changed.is_some_and(|last| day > last) => ahead.push(row),
            _ => {}
        }
        state.push(word);
    }
    data.deals.set("state", Column::Words(state.finish()));
    data.deals.set("closed_on", Column::Days(closed));
    data.deals.set("expected_on", Column::Days(expected));
    for row in ahead {
        data.deals.leave_out(row, Reason::DatedAhead);
    }
}

/// Where no modified or completed column says it, a source reaches to its latest created date, held activity or closed deal.
fn latest_done(data: &Data, dates: &[Dates], settings: &Settings, facts: &Facts, last: &mut [Option<Day>]) {
    let mut note = |source: u16, day: Option<Day>| {
        let index = usize::from(source);
        if let (Some(day), Some(slot), Some(found)) = (day, last.get_mut(index), dates.get(index))
            && found.changed.is_none()
            && day <= settings.as_of
        {
            *slot = (*slot).max(Some(day));
        }
    };
    let table = &data.activities;
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        note(table.file[row], table.day("created_on", row));
        // What was only assumed to be held says nothing where created dates do.
        let entered = dates.get(usize::from(table.file[row])).is_some_and(|d| d.created.is_some());
        if table.text("outcome", row) == Some("held") && !(entered && facts.assumed[row]) {
            note(table.file[row], table.day("day", row));
        }
    }
    let table = &data.deals;
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        note(table.file[row], table.day("created_on", row));
        if matches!(table.text("state", row), Some("won" | "lost" | "canceled")) {
            note(table.file[row], table.day("closed_on", row));
        }
    }
}

fn reach(data: &mut Data, settings: &Settings, facts: &mut Facts, last: &[Option<Day>]) {
    let through = settings.through.or_else(|| last.iter().flatten().max().copied());
    facts.through = through;
    for (source, last) in data.sources.iter_mut().zip(last) {
        source.through = *last;
    }
    let Some(through) = through else { return };
    for (table, is_deals) in [(&data.activities, false), (&data.deals, true)] {
        let mut own: Option<Day> = None;
        for (source, last) in data.sources.iter().zip(last) {
            if source.table != table.kind.name() {
                continue;
            }
            own = own.max(*last);
            if let Some(day) = *last
                && through.0 - day.0 >= ENDED_AFTER
                && settings.through.is_none()
            {
                facts.diagnostics.push(
                    Diagnostic::warning(
                        Code::Stale,
                        format!(
                            "the file's own last date is {day}, {} days before the others' ({through}): it has ended there",
                            through.0 - day.0
                        ),
                    )
                    .at(Location::file(&source.path))
                    .hint("export it again, or say until when it reaches with --through"),
                );
            }
        }
        let ended = settings.through.is_none() && own.is_some_and(|day| through.0 - day.0 >= ENDED_AFTER);
        let first = (0..table.len())
            .filter(|r| table.used(*r))
            .filter_map(|r| {
                let names: &[&str] = if is_deals { &["created_on", "closed_on"] } else { &["day"] };
                names.iter().filter_map(|n| table.day(n, r)).min()
            })
            .min();
        let found = Reach { first, last: if ended { own } else { (!table.is_empty()).then_some(through) }, ended };
        if is_deals {
            facts.deals = found;
        } else {
            facts.activities = found;
        }
    }
}

/// Gives records without a length the usual one of their kind, where the config has one; a length of 0 is none.
pub(super) fn fill_minutes(data: &mut Data, settings: &Settings) {
    let table = &data.activities;
    let given = |row: usize| table.column("minutes").and_then(|c| c.number(row)).filter(|m| *m > 0);
    if table.column("minutes").is_none() && settings.minutes.is_empty() {
        return;
    }
    let usual: Vec<Option<i64>> = match table.column("kind") {
        Some(Column::Words(kinds)) => {
            let per_word: Vec<Option<i64>> = kinds.words().iter().map(|w| settings.minutes.get(w).copied()).collect();
            (0..kinds.len()).map(|row| kinds.code(row).and_then(|c| per_word[c as usize])).collect()
        }
        _ => vec![None; table.len()],
    };
    let minutes = (0..table.len()).map(|row| given(row).or(usual[row]).unwrap_or(Column::NO_NUMBER)).collect();
    data.activities.set("minutes", Column::Whole(minutes));
}
