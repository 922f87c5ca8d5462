//! What took place, and until when the exports reach (measures, section 1: Through, Outcome).

use std::ops::Range;

use super::rows::{Days, Numbers, PerWord, by_part, by_row, code, having, narrow, words};
use super::{Blank, Facts, Reach, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Column, Data, Reason, Table};

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
    let mut dates = vec![Dates::default(); data.sources.len()];
    let seen = [note_dates(&data.activities, settings.as_of, &mut dates), note_dates(&data.deals, settings.as_of, &mut dates)];
    for (source, found) in data.sources.iter_mut().zip(&dates) {
        source.dated = found.changed.is_some();
    }
    let past = past(data, settings, &dates, &seen);
    judge_activities(data, settings, &dates, (&past, seen[0].blank), facts);
    judge_deals(data, settings, &dates);
    let mut last: Vec<Option<Day>> = dates.iter().map(|d| d.changed.map(|c| c.min(settings.as_of))).collect();
    latest_done(data, &dates, settings, facts, &mut last);
    reach(data, settings, facts, &last);
}

/// The words for outcomes in byte order, and the code of each.
const WORDS: [&str; 5] = ["canceled", "held", "missed", "scheduled", "unknown"];
const CANCELED: u8 = 0;
const HELD: u8 = 1;
const MISSED: u8 = 2;
const SCHEDULED: u8 = 3;
const UNKNOWN: u8 = 4;
/// What is noted beside it: that it was assumed, and that the record lies ahead of its source or of the day of the report.
const ASSUMED: u8 = 1 << 6;
const AHEAD: u8 = 1 << 7;

/// Which of [`WORDS`] each record's outcome is.
fn outcomes(table: &Table) -> PerWord<'_, u8> {
    PerWord::new(words(table, "outcome"), |word| Some(WORDS.iter().position(|known| *known == word).map_or(UNKNOWN, |code| code as u8)))
}

/// What is found of a table beside the dates of its sources.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// The last day up to that of the report of what was held.
    held: Option<Day>,
    /// Whether any record says no outcome.
    blank: bool,
}

fn note_dates(table: &Table, as_of: Day, dates: &mut [Dates]) -> Seen {
    let [days, modified, created, completed] = ["day", "modified_on", "created_on", "completed_on"].map(|name| Days::of(table, name));
    let outcome = outcomes(table);
    let none = (Dates::default(), None::<Day>, 0_u64, 0_u64);
    let parts = by_part(table.len(), |rows| {
        let mut seen = Seen::default();
        let mut found = vec![none; dates.len()];
        for row in rows {
            let word = outcome.get(row);
            seen.blank |= word.is_none();
            if !table.used(row) {
                continue;
            }
            if word == Some(HELD) {
                seen.held = seen.held.max(days.get(row).filter(|day| *day <= as_of));
            }
            let Some((dates, last, filled, all)) = found.get_mut(usize::from(table.file[row])) else { continue };
            dates.changed = dates.changed.max(modified.get(row));
            dates.created = dates.created.max(created.get(row));
            if matches!(word, Some(HELD) | None) {
                let day = completed.get(row);
                *last = (*last).max(day);
                *filled += u64::from(day.is_some());
                *all += 1;
            }
        }
        (seen, found)
    });
    for (source, found) in dates.iter_mut().enumerate() {
        let (mut last, mut filled, mut all) = (None, 0, 0);
        for (_, part) in &parts {
            let (dates, day, some, of) = part[source];
            found.changed = found.changed.max(dates.changed);
            found.created = found.created.max(dates.created);
            (last, filled, all) = (day.max(last), filled + some, all + of);
        }
        // Where only some kinds are ever completed, the column does not say how far the others reach.
        if filled * 2 >= all {
            found.changed = found.changed.max(last);
        }
    }
    let seen = parts.into_iter().map(|(seen, _)| seen);
    seen.fold(Seen::default(), |all, part| Seen { held: all.held.max(part.held), blank: all.blank | part.blank })
}

/// Per source, until when a record without an outcome is past: as far as the run reaches by anything but such records themselves, since a
/// meeting that was booked before the export and lies after it is a plan. A source without dates of entry says nothing about that.
fn past(data: &Data, settings: &Settings, dates: &[Dates], [activities, _]: &[Seen; 2]) -> Vec<Day> {
    let as_of = settings.as_of;
    let reached = settings.through.or_else(|| {
        let deals = &data.deals;
        let (open, days) = (having(deals, "state", &["open"]), Days::of(deals, "closed_on"));
        let closed = |row: usize| days.get(row).filter(|day| *day <= as_of && deals.used(row) && open.get(row).is_none());
        let closed = (0..deals.len()).filter_map(closed).max();
        let entered = dates.iter().filter_map(|d| d.entered()).map(|day| day.min(as_of)).max();
        entered.max(activities.held).max(closed)
    });
    let reached = reached.unwrap_or(as_of).min(as_of);
    dates.iter().map(|d| if d.entered().is_some() { reached } else { as_of }).collect()
}

fn judge_activities(data: &mut Data, settings: &Settings, dates: &[Dates], (past, blank): (&[Day], bool), facts: &mut Facts) {
    let table = &data.activities;
    let as_of = settings.as_of;
    let (days, created) = (Days::of(table, "day"), Days::of(table, "created_on"));
    let (at, minutes) = (Numbers::of(table, "at"), Numbers::of(table, "minutes"));
    let outcome = outcomes(table);
    let kinds = words(table, "kind");
    let task = having(table, "kind", &["task"]);
    let keeps = (blank && settings.blank.is_none()).then(|| Keeps::new(table, &outcome, past));
    let as_task = |row: usize| data.kept_as_task.get(row).copied().unwrap_or(false);
    // What has a time and a length is an appointment in the calendar, though its subject is work for oneself.
    let in_calendar = |row: usize| at.get(row).is_some() && minutes.get(row).is_some_and(|minutes| minutes > 0);
    let judge = |row: usize| {
        let source = usize::from(table.file[row]);
        let word = outcome.get(row);
        let (Some(day), Some(until)) = (days.get(row), past.get(source)) else { return word.unwrap_or(UNKNOWN) };
        let later = created.get(row).is_some_and(|created| created > as_of);
        let (judged, assumed, ahead) = match word {
            Some(HELD) if day > as_of => {
                let known = dates[source].entered().is_some_and(|last| last >= day);
                let planned = created.get(row).is_some_and(|created| created <= as_of);
                if known && planned { (SCHEDULED, false, false) } else { (HELD, false, true) }
            }
            Some(HELD) => (HELD, false, dates[source].changed.is_some_and(|last| day > last)),
            Some(MISSED) if day > as_of => (SCHEDULED, false, false),
            Some(word) => (word, false, false),
            None if day > *until => (SCHEDULED, false, false),
            None if as_task(row) || (task.get(row).is_some() && !in_calendar(row)) => (UNKNOWN, false, false),
            None => match (settings.blank, &keeps) {
                (Some(Blank::Held), _) => (HELD, false, false),
                (None, keeps) if !keeps.as_ref().is_some_and(|keeps| keeps.outcomes(table.file[row], code(kinds, row))) => {
                    (HELD, table.used(row), false)
                }
                _ => (UNKNOWN, false, false),
            },
        };
        judged | if assumed { ASSUMED } else { 0 } | if ahead || later { AHEAD } else { 0 }
    };
    let mut judged = by_row(table.len(), judge);
    // A call that is still to be made has reached nobody yet.
    let connected = match table.column("connected") {
        Some(Column::Flags(flags)) => {
            let later = |row: usize| days.get(row).is_some_and(|day| day > as_of);
            Some(by_row(flags.len(), |row| if later(row) { -1 } else { flags[row] }))
        }
        _ => None,
    };
    facts.assumed = judged.iter().map(|judged| judged & ASSUMED != 0).collect();
    for (row, judged) in judged.iter_mut().enumerate() {
        if *judged & AHEAD != 0 {
            data.activities.leave_out(row, Reason::DatedAhead);
        }
        *judged &= !(ASSUMED | AHEAD);
    }
    data.activities.set("outcome", narrow(&WORDS, judged));
    if let Some(connected) = connected {
        data.activities.set("connected", Column::Flags(connected));
    }
}

/// The kinds per source of whose past records at least half carry an outcome.
struct Keeps {
    /// How many kinds there are, none included.
    kinds: usize,
    /// By source and kind.
    outcomes: Vec<bool>,
}

impl Keeps {
    fn new(table: &Table, outcome: &PerWord<'_, u8>, known_until: &[Day]) -> Self {
        let column = words(table, "kind");
        let kinds = column.map_or(0, |column| column.words().len()) + 1;
        let days = Days::of(table, "day");
        let parts = by_part(table.len(), |rows| {
            let mut counts = vec![(0_u64, 0_u64); kinds * known_until.len()];
            for row in rows.filter(|row| table.used(*row)) {
                let source = usize::from(table.file[row]);
                let past = days.get(row).zip(known_until.get(source)).is_some_and(|(day, until)| day <= *until);
                if past {
                    let (carry, all) = &mut counts[source * kinds + code(column, row).map_or(kinds - 1, |kind| kind as usize)];
                    *all += 1;
                    *carry += u64::from(matches!(outcome.get(row), Some(HELD | MISSED | CANCELED)));
                }
            }
            counts
        });
        let sum = |at: usize| parts.iter().fold((0, 0), |(carry, all), part| (carry + part[at].0, all + part[at].1));
        let outcomes = (0..kinds * known_until.len()).map(sum).map(|(carry, all)| carry * 2 >= all && carry > 0).collect();
        Self { kinds, outcomes }
    }

    fn outcomes(&self, source: u16, kind: Option<u32>) -> bool {
        let kind = kind.map_or(self.kinds - 1, |kind| kind as usize);
        self.outcomes.get(usize::from(source) * self.kinds + kind).copied().unwrap_or(false)
    }
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
    let (state, created) = (words(table, "state"), Days::of(table, "created_on"));
    let over = PerWord::new(state, |word| (word != "open").then_some(()));
    let (mut ahead, mut reopened) = (Vec::new(), Vec::new());
    for row in 0..table.len() {
        let found = dates.get(usize::from(table.file[row])).copied().unwrap_or_default();
        let close = Some(closed[row]).filter(|day| *day != Column::NO_DAY && over.get(row).is_some()).map(Day);
        if created.get(row).is_some_and(|created| created > as_of) {
            ahead.push(row);
        }
        match close {
            // The exports know of it, but on the day of the report it was still open.
            Some(day) if day > as_of && later.is_some_and(|last| last >= day) => {
                closed[row] = Column::NO_DAY;
                expected[row] = day.0;
                reopened.push(row);
            }
            Some(day) if day > as_of || found.changed.is_some_and(|last| day > last) => ahead.push(row),
            _ => {}
        }
    }
    if let Some(state) = super::deal::opened(state, table.len(), &reopened) {
        data.deals.set("state", Column::Words(state));
    }
    data.deals.set("closed_on", Column::Days(closed));
    data.deals.set("expected_on", Column::Days(expected));
    for row in ahead {
        data.deals.leave_out(row, Reason::DatedAhead);
    }
}

/// Where no modified or completed column says it, a source reaches to its latest created date, held activity or closed deal.
fn latest_done(data: &Data, dates: &[Dates], settings: &Settings, facts: &Facts, last: &mut [Option<Day>]) {
    if dates.iter().all(|found| found.changed.is_some()) {
        return;
    }
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
    let (outcome, days, created) = (outcomes(table), Days::of(table, "day"), Days::of(table, "created_on"));
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        note(table.file[row], created.get(row));
        // What was only assumed to be held says nothing where created dates do.
        let entered = dates.get(usize::from(table.file[row])).is_some_and(|d| d.created.is_some());
        if outcome.get(row) == Some(HELD) && !(entered && facts.assumed[row]) {
            note(table.file[row], days.get(row));
        }
    }
    let table = &data.deals;
    let (over, days, created) =
        (having(table, "state", &["won", "lost", "canceled"]), Days::of(table, "closed_on"), Days::of(table, "created_on"));
    for row in (0..table.len()).filter(|r| table.used(*r)) {
        note(table.file[row], created.get(row));
        if over.get(row).is_some() {
            note(table.file[row], days.get(row));
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
        let names: &[&str] = if is_deals { &["created_on", "closed_on"] } else { &["day"] };
        let columns: Vec<Days> = names.iter().map(|name| Days::of(table, name)).collect();
        let first = |rows: Range<usize>| {
            rows.filter(|row| table.used(*row)).filter_map(|row| columns.iter().filter_map(|days| days.get(row)).min()).min()
        };
        let first = by_part(table.len(), first).into_iter().flatten().min();
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
    let minutes = data.activities.take("minutes");
    if minutes.is_none() && settings.minutes.is_empty() {
        return;
    }
    let rows = data.activities.len();
    let mut minutes = match minutes {
        Some(Column::Whole(minutes)) => minutes,
        _ => vec![Column::NO_NUMBER; rows],
    };
    let usual = PerWord::new(words(&data.activities, "kind"), |word| settings.minutes.get(word).copied());
    for (row, minutes) in minutes.iter_mut().enumerate().filter(|(_, minutes)| **minutes <= 0) {
        *minutes = usual.get(row).unwrap_or(Column::NO_NUMBER);
    }
    data.activities.set("minutes", Column::Whole(minutes));
}
