//! What took place, and until when the exports reach (measures, section 1: Through, Outcome).

use std::ops::Range;

use rayon::prelude::*;

use super::rows::{Days, PerWord, by_part, by_row, code, having, narrow, one_file, words};
use super::{Blank, Facts, Reach, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Codes, Column, Data, Dictionary, Numbers, Reason, Short, Table, Words};

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

/// What stands for a record that its words alone do not judge.
const TO_BE_LOOKED_AT: (u8, bool) = (u8::MAX, false);

/// So many records are judged in one go.
const PART: usize = 1 << 16;

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

/// The last days of a source, and of how many of the records that are done it says when they were completed.
#[derive(Debug, Clone, Copy)]
struct Entered {
    changed: i32,
    created: i32,
    completed: i32,
    filled: u64,
    done: u64,
}

impl Default for Entered {
    fn default() -> Self {
        Self { changed: Column::NO_DAY, created: Column::NO_DAY, completed: Column::NO_DAY, filled: 0, done: 0 }
    }
}

fn note_dates(table: &Table, as_of: Day, dates: &mut [Dates]) -> Seen {
    let [days, modified, created, completed] = ["day", "modified_on", "created_on", "completed_on"].map(|name| Days::of(table, name));
    let outcome = outcomes(table);
    let untold = table.column("completed_on").is_none();
    // No day is less than every day, so that the greatest of several needs no look at each.
    let no_day = |day: i32| Some(day).filter(|day| *day != Column::NO_DAY).map(Day);
    let parts = by_part(table.len(), |rows| {
        let (mut held, mut blank) = (Column::NO_DAY, false);
        let mut found = vec![Entered::default(); dates.len()];
        // Of one file all rows together are as good as each by each, where nothing says when they were completed.
        let alone = if untold { one_file(table, rows.clone()).map(usize::from).filter(|file| *file < found.len()) } else { None };
        if let Some(file) = alone {
            found[file].changed = modified.last(rows.clone());
            found[file].created = created.last(rows.clone());
            if let (Some((first, after, until)), Some((codes, words))) = (days.near(as_of), outcome.narrow()) {
                // One day later, so that nothing is the earliest; all bits of what counts, none of others, and nothing to guess wrong.
                let all_bits = |counts: bool| u16::from(counts).wrapping_neg();
                let (said, held) = (words.map(|word| word.is_some()), words.map(|word| all_bits(word == Some(HELD))));
                let (mut all_said, mut last) = (true, 0);
                for (code, after) in codes[rows.clone()].iter().zip(&after[rows]) {
                    all_said &= said[usize::from(*code)];
                    last = last.max(after.wrapping_add(1) & held[usize::from(*code)] & all_bits(*after <= until));
                }
                blank |= !all_said;
                return (Seen { held: (last > 0).then(|| Day(first + i32::from(last) - 1)), blank }, found);
            }
            for row in rows {
                let (word, day) = (outcome.get(row), days.raw(row));
                blank |= word.is_none();
                held = held.max(if word == Some(HELD) && day <= as_of.0 { day } else { Column::NO_DAY });
            }
            return (Seen { held: no_day(held), blank }, found);
        }
        for row in rows {
            let word = outcome.get(row);
            blank |= word.is_none();
            if !table.used(row) {
                continue;
            }
            let day = days.raw(row);
            held = held.max(if word == Some(HELD) && day <= as_of.0 { day } else { Column::NO_DAY });
            let Some(found) = found.get_mut(usize::from(table.file[row])) else { continue };
            found.changed = found.changed.max(modified.raw(row));
            found.created = found.created.max(created.raw(row));
            let done = matches!(word, Some(HELD) | None);
            let completed = if done { completed.raw(row) } else { Column::NO_DAY };
            found.completed = found.completed.max(completed);
            found.filled += u64::from(completed != Column::NO_DAY);
            found.done += u64::from(done);
        }
        (Seen { held: no_day(held), blank }, found)
    });
    for (source, found) in dates.iter_mut().enumerate() {
        let mut all = Entered::default();
        for (_, part) in &parts {
            let part = part[source];
            all.changed = all.changed.max(part.changed);
            all.created = all.created.max(part.created);
            all.completed = all.completed.max(part.completed);
            all.filled += part.filled;
            all.done += part.done;
        }
        found.changed = found.changed.max(no_day(all.changed));
        found.created = found.created.max(no_day(all.created));
        // Where only some kinds are ever completed, the column does not say how far the others reach.
        if all.filled * 2 >= all.done {
            found.changed = found.changed.max(no_day(all.completed));
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
    let keeps = (blank && settings.blank.is_none()).then(|| Keeps::new(&data.activities, past));
    let mut left_out = std::mem::take(&mut data.activities.left_out);
    let table = &data.activities;
    let as_of = settings.as_of;
    let (days, created) = (Days::of(table, "day"), Days::of(table, "created_on"));
    let (at, minutes) = (Numbers::of(table.column("at")), Numbers::of(table.column("minutes")));
    let outcome = outcomes(table);
    let kinds = words(table, "kind");
    let task = having(table, "kind", &["task"]);
    let as_task = |row: usize| data.kept_as_task.get(row).copied().unwrap_or(false);
    // What has a time and a length is an appointment in the calendar, though its subject is work for oneself.
    let in_calendar = |row: usize| at.get(row).is_some() && minutes.get(row).is_some_and(|minutes| minutes > 0);
    // What is past and says no outcome.
    let past_without = |file: u16, kind: Option<u32>| match (settings.blank, &keeps) {
        (Some(Blank::Held), _) => (HELD, false),
        (None, keeps) if !keeps.as_ref().is_some_and(|keeps| keeps.outcomes(file, kind)) => (HELD, true),
        _ => (UNKNOWN, false),
    };
    let judge = |row: usize| {
        let source = usize::from(table.file[row]);
        let word = outcome.get(row);
        let (Some(day), Some(until)) = (days.get(row), past.get(source)) else { return (word.unwrap_or(UNKNOWN), false, false) };
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
            None => {
                let (word, guessed) = past_without(table.file[row], code(kinds, row));
                (word, guessed, false)
            }
        };
        (judged, assumed, ahead || later)
    };
    // What is past by every account is judged by its words alone: by the kind, and then by the outcome.
    let names = words(table, "kind").map(Words::words);
    let few = names.map_or(0, Dictionary::len);
    let by_words = |file: u16| -> Vec<(u8, bool)> {
        let kinds = (0..few).map(|kind| Some(kind as u32)).chain([None]);
        let judged = |kind: Option<u32>, word: Option<u8>| match word {
            Some(word) => (word, false),
            None if kind.and_then(|kind| names?.get(kind as usize)) == Some("task") => TO_BE_LOOKED_AT,
            None => past_without(file, kind),
        };
        kinds.flat_map(|kind| (0..=UNKNOWN).map(Some).chain([None]).map(move |word| judged(kind, word))).collect()
    };
    let sorts = usize::from(UNKNOWN) + 2;
    let codes = kinds.map(Words::codes);
    let mut judged = vec![UNKNOWN; table.len()];
    let mut assumed = vec![false; table.len()];
    let parts = judged.par_chunks_mut(PART).zip(assumed.par_chunks_mut(PART)).zip(left_out.par_chunks_mut(PART));
    parts.enumerate().for_each(|(part, ((judged, assumed), left_out))| {
        let rows = part * PART..part * PART + judged.len();
        let one_by_one = |at: usize, judged: &mut u8, assumed: &mut bool, left_out: &mut u8| {
            let used = *left_out == 0;
            let (word, guessed, ahead) = judge(part * PART + at);
            (*judged, *assumed) = (word, guessed && used);
            if ahead && used {
                *left_out = Reason::DatedAhead as u8;
            }
        };
        let alone = table.file.only(rows.clone());
        let quick = alone.filter(|_| data.kept_as_task.is_empty() && created.last(rows.clone()) <= as_of.0);
        let Some((file, until)) = quick.and_then(|file| Some((file, past.get(usize::from(file))?))) else {
            (0..rows.len()).for_each(|at| one_by_one(at, &mut judged[at], &mut assumed[at], &mut left_out[at]));
            return;
        };
        let until = (*until).min(as_of).min(dates[usize::from(file)].changed.unwrap_or(Day::MAX)).0;
        let by_words = by_words(file);
        if let (Some((_, after, until)), Some((outcomes, words)), Some(Codes::Narrow(kinds))) =
            (days.near(Day(until)), outcome.narrow(), codes)
        {
            // The same where all that is asked of a row is a byte or two.
            let of_kind: [u16; 256] = std::array::from_fn(|kind| (kind.min(few) * sorts) as u16);
            let of_word: [u16; 256] = std::array::from_fn(|code| words[code].map_or(sorts - 1, usize::from) as u16);
            let (mut odd, mut odds) = (vec![0; rows.len() + 1], 0);
            let said = outcomes[rows.clone()].iter().zip(&kinds[rows.clone()]).zip(&after[rows.clone()]);
            let verdicts = judged.iter_mut().zip(assumed.iter_mut()).zip(left_out.iter());
            for (at, (((outcome, kind), after), ((judged, assumed), out))) in said.zip(verdicts).enumerate() {
                let (word, guessed) = by_words[usize::from(of_kind[usize::from(*kind)] + of_word[usize::from(*outcome)])];
                (*judged, *assumed) = (word, guessed && *out == 0);
                odd[odds] = at;
                odds += usize::from(*after > until) | usize::from(word == TO_BE_LOOKED_AT.0);
            }
            odd.into_iter().take(odds).for_each(|at| one_by_one(at, &mut judged[at], &mut assumed[at], &mut left_out[at]));
            return;
        }
        for (at, judged) in judged.iter_mut().enumerate() {
            let row = rows.start + at;
            let (day, word) = (days.raw(row), outcome.get(row).map_or(sorts - 1, usize::from));
            let kind = codes.and_then(|codes| codes.get(row)).map_or(few, |kind| kind as usize);
            let by_words = by_words[kind * sorts + word];
            if day == Column::NO_DAY || day > until || by_words == TO_BE_LOOKED_AT {
                one_by_one(at, judged, &mut assumed[at], &mut left_out[at]);
                continue;
            }
            (*judged, assumed[at]) = (by_words.0, by_words.1 && left_out[at] == 0);
        }
    });
    // A call that is still to be made has reached nobody yet.
    let connected = match table.column("connected") {
        Some(Column::Flags(flags)) => {
            let later = |row: usize| days.get(row).is_some_and(|day| day > as_of);
            Some(by_row(flags.len(), |row| if later(row) { -1 } else { flags[row] }))
        }
        _ => None,
    };
    data.activities.left_out = left_out;
    facts.assumed = assumed;
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
    fn new(table: &Table, known_until: &[Day]) -> Self {
        let outcome = outcomes(table);
        let column = words(table, "kind");
        let kinds = column.map_or(0, |column| column.words().len()) + 1;
        let codes = column.map(Words::codes);
        let days = Days::of(table, "day");
        let parts = by_part(table.len(), |rows| {
            let mut counts = vec![(0_u64, 0_u64); kinds * known_until.len()];
            let alone = one_file(table, rows.clone()).map(usize::from);
            if let Some((file, until)) = alone.and_then(|file| Some((file, *known_until.get(file)?))) {
                for row in rows {
                    let day = days.raw(row);
                    let past = u64::from(day != Column::NO_DAY && day <= until.0);
                    let (carry, all) =
                        &mut counts[file * kinds + codes.and_then(|codes| codes.get(row)).map_or(kinds - 1, |kind| kind as usize)];
                    *all += past;
                    *carry += past & u64::from(matches!(outcome.get(row), Some(HELD | MISSED | CANCELED)));
                }
                return counts;
            }
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
        _ => (0..table.len()).map(|row| Days::of(table, name).raw(row)).collect(),
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
    // Of most files something says it.
    let silent = |table: &Table| {
        let silent = |file: u16| dates.get(usize::from(file)).is_some_and(|found| found.changed.is_none());
        by_part(table.len(), |rows| table.file.rows(rows).any(silent)).contains(&true)
    };
    let table = &data.activities;
    let (outcome, days, created) = (outcomes(table), Days::of(table, "day"), Days::of(table, "created_on"));
    let rows = if silent(table) { table.len() } else { 0 };
    for row in (0..rows).filter(|r| table.used(*r)) {
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
            if one_file(table, rows.clone()).is_some() {
                return columns.iter().filter_map(|days| days.first(rows.clone())).min();
            }
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
        // What has no length by its own word has none at all.
        Some(Column::Short(Short::Numbers(words, mut values))) if settings.minutes.is_empty() => {
            values.iter_mut().filter(|minutes| **minutes <= 0).for_each(|minutes| *minutes = Column::NO_NUMBER);
            return data.activities.set("minutes", Column::Short(Short::Numbers(words, values)));
        }
        Some(Column::Short(short)) => (0..rows).map(|row| short.get(row)).collect(),
        Some(Column::Whole(minutes)) => minutes,
        _ => vec![Column::NO_NUMBER; rows],
    };
    let usual = PerWord::new(words(&data.activities, "kind"), |word| settings.minutes.get(word).copied());
    for (row, minutes) in minutes.iter_mut().enumerate().filter(|(_, minutes)| **minutes <= 0) {
        *minutes = usual.get(row).unwrap_or(Column::NO_NUMBER);
    }
    data.activities.set("minutes", Column::Whole(minutes));
}

#[cfg(test)]
mod tests;
