//! How long activities took: a column of its own, hours beside minutes, or from beginning to end.

use super::{ByWord, Moment, Problems, assumed, by_word_or_nothing};
use crate::crm::fold::{fold, tokens};
use crate::crm::part::{Field, Part};
use crate::crm::value::{self, BadDuration, TimeUnit};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Column, Short};

/// The fields that hold a length, and what a bare number of theirs counts; of `duration` the heading says it or nothing does.
const FIELDS: [(&str, Option<TimeUnit>); 5] = [
    ("minutes", Some(TimeUnit::Minutes)),
    ("hours", Some(TimeUnit::Hours)),
    ("duration", None),
    ("seconds", Some(TimeUnit::Seconds)),
    ("milliseconds", Some(TimeUnit::Milliseconds)),
];

/// Words of a heading that times calls.
const CALLS: &[&str] = &["call", "calls", "talk", "phone", "anruf", "telefonat", "appel", "llamada", "ligacao", "chamada", "chiamata"];

/// What stands for the length of an activity that ends before it begins.
const BACKWARD: i64 = Column::NO_NUMBER + 1;

/// The lengths of a part's activities.
pub(super) struct Lengths<'a> {
    columns: [ByWord<'a, i64>; 5],
}

impl<'a> Lengths<'a> {
    /// Understands the columns of lengths.
    pub(super) fn new(part: &'a Part, problems: &mut Problems) -> Self {
        Self { columns: FIELDS.map(|(field, unit)| column(part, field, unit, problems)) }
    }

    /// The minutes of all rows, where at most one column says them by its words alone; to be settled no more.
    pub(super) fn by_word(&self) -> Option<Column> {
        let mut present = self.columns.iter().filter(|column| column.present());
        match (present.next(), present.next()) {
            (None, _) => Some(Column::Whole(Vec::new())),
            (Some(column), None) => {
                let minutes = |minutes: &Option<i64>| minutes.filter(|minutes| *minutes > 0).unwrap_or(Column::NO_NUMBER);
                Some(Column::Short(Short::Numbers(column.words?.clone(), column.values.iter().map(minutes).collect())))
            }
            _ => None,
        }
    }

    /// The minutes of a row, from 1 to 1,440; 0 and blank are missing. To be settled with those of the other rows.
    pub(super) fn of(
        &self,
        row: usize,
        whole_day: bool,
        start: impl FnOnce() -> Option<Moment>,
        end: impl FnOnce() -> Option<Moment>,
    ) -> i64 {
        if whole_day {
            return Column::NO_NUMBER;
        }
        let [minutes, hours, others @ ..] = &self.columns;
        let said = match (minutes.get(row), hours.get(row)) {
            // 90 minutes beside 1.5 hours are the same length twice.
            (Some(minutes), Some(hours)) if minutes >= 60 || hours % 60 != 0 => Some(minutes),
            (Some(minutes), Some(hours)) => Some(minutes + hours),
            (one, other) => one.or(other),
        };
        let positive = |minutes: &i64| *minutes > 0;
        let said = said.filter(positive).or_else(|| others.iter().find_map(|column| column.get(row).filter(positive)));
        said.or_else(|| between(start()?, end()?)).unwrap_or(Column::NO_NUMBER)
    }

    /// Settles the minutes of all rows; gives what is to be said of those that end before they begin.
    pub(super) fn settle(minutes: &mut [i64], part: &Part, rows: impl Iterator<Item = usize>) -> Option<Diagnostic> {
        if !minutes.contains(&BACKWARD) {
            return None;
        }
        let lines: Vec<u32> = rows.filter(|row| minutes[*row] == BACKWARD).map(|row| part.line.get(row)).collect();
        minutes.iter_mut().filter(|m| **m == BACKWARD).for_each(|m| *m = Column::NO_NUMBER);
        backward(part, &lines)
    }
}

/// The minutes from one moment to another.
fn between(start: Moment, end: Moment) -> Option<i64> {
    let millis = end.at?.checked_sub(start.at?)?;
    if millis < 0 {
        return Some(BACKWARD);
    }
    let minutes = (millis + 30_000) / 60_000;
    // Longer than a day is an event of several days and no meeting's length.
    (minutes > 0 && minutes <= 24 * 60).then_some(minutes)
}

/// Says how many activities end before they begin.
fn backward(part: &Part, lines: &[u32]) -> Option<Diagnostic> {
    let what = match lines {
        [_] => "1 activity ends before it begins: its length is".to_owned(),
        _ => format!("{} activities end before they begin: their lengths are", lines.len()),
    };
    let first = *lines.first()?;
    Some(Diagnostic::warning(Code::BadNumber, format!("{what} missing")).at(Location::line(&part.path, first)))
}

fn column<'a>(part: &'a Part, field: &str, unit: Option<TimeUnit>, problems: &mut Problems) -> ByWord<'a, i64> {
    let Some(column) = part.field(field) else { return ByWord::absent() };
    let unit = unit.or_else(|| TimeUnit::of_heading(&column.heading));
    let read = value::durations(column.words.words(), unit, times_calls(part, column));
    if let Some((word, seconds)) = read.clock {
        let read = if seconds { "minutes and seconds" } else { "hours and minutes" };
        problems.say(assumed(part, column, word, Severity::Note, &format!("was read as {read}, which nothing in the column settles")));
    }
    if let Some(word) = read.no_minutes {
        let text = column.words.words().get(word).map_or("", |w| w);
        let says = format!(
            "'{}' and the numbers beside it are no minutes, and nothing says what they count: they were taken as missing",
            super::brief(text)
        );
        let row = (0..part.len()).find(|r| column.words.code(*r) == Some(word as u32)).unwrap_or(0);
        let hint =
            format!("say it under [columns.activities] in leadlag.toml, such as seconds = \"{0}\" or hours = \"{0}\"", column.heading);
        problems
            .say(Diagnostic::warning(Code::BadNumber, says).at(Location::cell(&part.path, part.line.get(row), &column.heading)).hint(hint));
    }
    by_word_or_nothing(part, field, Code::BadNumber, problems, |index, word| match read.values[index] {
        Ok(minutes) => Ok(Some(minutes)),
        // What lasts whole days has no length in minutes, and the column's one question has been asked.
        Err(BadDuration::NoUnit) => Ok(None),
        Err(BadDuration::TooLong) if whole_days(word, unit) => Ok(None),
        Err(bad) => Err((bad.says().to_owned(), "write it in minutes, such as 45".to_owned())),
    })
}

/// Whether a length is one of several whole days, as calendars give those of all-day events.
fn whole_days(word: &str, unit: Option<TimeUnit>) -> bool {
    unit == Some(TimeUnit::Minutes) && value::whole(word).is_some_and(|minutes| minutes > 0 && minutes % (24 * 60) == 0)
}

/// Whether a column times calls, so that 12:30 in it is minutes and seconds.
fn times_calls(part: &Part, column: &Field) -> bool {
    let heading = fold(&column.heading);
    let spelled = heading.contains("mm:ss") && !heading.contains("h:mm");
    let by_heading = tokens(&column.heading).iter().any(|word| CALLS.contains(&word.as_str()));
    let by_part = part.constant.iter().any(|(field, text)| *field == "channel" && fold(text) == "call");
    spelled || (!heading.contains("h:mm") && (by_heading || by_part))
}
