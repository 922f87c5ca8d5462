//! Columns of dates: what they settle, word by word, or second by second where all are written alike.

use super::stamped::Stamped;
use super::{ByWord, Problems, assumed, brief, by_word_or_nothing};
use crate::calendar::{Day, Zone};
use crate::crm::Settings;
use crate::crm::part::{Field, Part};
use crate::crm::preset;
use crate::crm::value::{self, Ambiguous, BadDate, Order, When};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::Words;

/// When something was: a calendar date, and the moment where there is a time of day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The day, in the report's zone.
    pub(super) day: Day,
    /// UTC milliseconds.
    pub(super) at: Option<i64>,
    /// The date as it is written.
    pub(super) written: Day,
}

impl Moment {
    /// The calendar date alone: what lasts all day begins at midnight nowhere in particular.
    pub(super) fn as_written(self) -> Self {
        Self { day: self.written, at: None, written: self.written }
    }
}

/// A field understood as dates.
pub(super) enum Moments<'a> {
    /// Word by word.
    Words(ByWord<'a, Moment>),
    /// All written alike.
    Stamps(Stamped<'a>),
}

impl Moments<'_> {
    /// The moment of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<Moment> {
        match self {
            Self::Words(words) => words.get(row),
            Self::Stamps(stamps) => stamps.get(row),
        }
    }

    /// Whether the row has a cell that could not be understood.
    pub(super) fn bad(&self, row: usize) -> bool {
        match self {
            Self::Words(words) => words.bad(row),
            Self::Stamps(_) => false,
        }
    }

    /// Whether any row has such a cell.
    pub(super) fn any_bad(&self) -> bool {
        match self {
            Self::Words(words) => words.any_bad(),
            Self::Stamps(_) => false,
        }
    }

    /// Whether there is a column of dates at all.
    pub(super) fn present(&self) -> bool {
        match self {
            Self::Words(words) => words.present(),
            Self::Stamps(_) => true,
        }
    }
}

/// A field as dates; a column that fits two orders with different results stops the run with a question.
pub(super) fn moments<'a>(part: &'a Part, field: &str, settings: &Settings, problems: &mut Problems) -> Moments<'a> {
    let Some(column) = part.field(field) else { return Moments::Words(ByWord::absent()) };
    let zones = Zones::of(part, settings);
    if let Some(stamps) = column.words.stamps() {
        let stamped = Stamped::new(stamps, &zones);
        // An event may be at the same hour every time; a date that is no event's has no hour.
        if !matches!(field, "start" | "end")
            && let Some(word) = stamped.steady(settings.calendar.zone())
        {
            problems.say(steady(part, column, word));
        }
        return Moments::Stamps(stamped);
    }
    let words = column.words.words();
    let dates = match value::dates(words, settings.date_order) {
        Ok(dates) => dates,
        Err(question) => {
            problems.fatal = true;
            if !question.contradicted {
                problems.asked.push((problems.list.len(), part.source, column.name));
            }
            problems.say(ambiguous(part, column, &question));
            return Moments::Words(ByWord::absent());
        }
    };
    if let Some(word) = dates.values.iter().position(|d| *d == Err(BadDate::Placeholder)) {
        problems.say(assumed(part, column, word, Severity::Note, "stands for no date: it was taken as blank"));
    }
    if dates.steady && !matches!(field, "start" | "end") {
        let at_midnight = |when: &When| match when {
            When::Instant { at, .. } => settings.calendar.zone().local(*at).1 == 0,
            _ => false,
        };
        if let Some(word) = dates.values.iter().position(|d| d.is_ok_and(|when| !at_midnight(&when))) {
            problems.say(steady(part, column, word));
        }
    }
    Moments::Words(by_word_or_nothing(part, field, Code::BadDate, problems, |index, _| match dates.values[index] {
        Ok(when) => Ok(Some(moment(when, dates.midnight, &zones))),
        Err(BadDate::Placeholder) => Ok(None),
        Err(bad) => Err((bad.says().to_owned(), bad.hint().to_owned())),
    }))
}

/// Says that a column is at one time of day throughout, at the first word that shows it.
fn steady(part: &Part, column: &Field, word: usize) -> Diagnostic {
    let says = "is at the same time of day as the whole column, as dates are that were midnight in another zone: they may be a day off";
    let hint = "if they are dates, say that zone as time_zone under [calendar] in leadlag.toml";
    assumed(part, column, word, Severity::Warning, says).hint(hint)
}

/// The question that a column of dates asks: both readings, and what settles it.
pub(super) fn ambiguous(part: &Part, column: &Field, question: &Ambiguous) -> Diagnostic {
    let word = column.words.words().get(question.word).map_or("", |w| w);
    let row = (0..part.len()).find(|r| column.words.code(*r) == Some(question.word as u32)).unwrap_or(0);
    let reading = |day: Option<Day>, first: &str| match day {
        Some(day) => format!("{day} with the {first} first"),
        None => format!("no date with the {first} first"),
    };
    let (day, month) = (question.day_first, question.month_first);
    let (readings, orders) = match (question.year_first.map(|year| reading(Some(year), "year")), day, month) {
        (Some(year), Some(_), Some(_)) => (format!("{}, {} and {year}", reading(day, "day"), reading(month, "month")), "dmy, mdy or ymd"),
        // Two that are dates say enough.
        (Some(year), None, Some(_)) => (format!("{} and {year}", reading(month, "month")), "dmy, mdy or ymd"),
        (Some(year), _, None) => (format!("{} and {year}", reading(day, "day")), "dmy, mdy or ymd"),
        (None, ..) => (format!("{} and {}", reading(day, "day"), reading(month, "month")), "dmy or mdy"),
    };
    let why = if question.contradicted { "the column has dates of both orders" } else { "nothing in the column settles which" };
    let asked = Diagnostic::error(Code::AmbiguousDates, format!("'{}' is {readings}, and {why}", brief(word)))
        .at(Location::cell(&part.path, part.line.get(row), &column.heading))
        .hint(format!("say it with --date-order {orders}, or with date_order = \"dmy\" under [inputs] in leadlag.toml"));
    match settled_beside(part, column) {
        Some((heading, order)) if !question.contradicted => {
            asked.hint(format!("the dates under '{heading}' in the same file have the {order} first"))
        }
        _ => asked,
    }
}

/// Another column of the file whose dates settle their order.
fn settled_beside<'a>(part: &'a Part, column: &Field) -> Option<(&'a str, &'static str)> {
    let others = part.fields.iter().filter(|other| other.heading != column.heading);
    others.into_iter().find_map(|other| Some((other.heading.as_str(), settled(&other.words)?)))
}

/// What stands first in the dates of a column that settle it, and would be others in another order.
fn settled(column: &Words) -> Option<&'static str> {
    let read = value::dates(column.words(), None).ok()?;
    let values = |order: Order| Some(value::dates(column.words(), Some(order)).ok()?.values);
    let order = read.order?.first();
    (values(Order::DayFirst)? != values(Order::MonthFirst)? && read.values.iter().all(Result::is_ok)).then_some(order)
}

/// Adds to each question about the order of dates what other files of the same table show: a part of an export may be too short to settle it.
pub(in crate::crm) fn settled_elsewhere(parts: &[Part], problems: &mut Problems) {
    for (at, source, field) in std::mem::take(&mut problems.asked) {
        let Some(shape) = parts.iter().find(|p| p.source == source && p.field(field).is_some()).map(|p| p.shape) else { continue };
        let others = parts.iter().filter(|p| p.source != source && p.shape == shape);
        let found = others.into_iter().find_map(|p| {
            let column = p.field(field)?;
            Some((p, column.heading.as_str(), settled(&column.words)?))
        });
        if let (Some((part, heading, order)), Some(question)) = (found, problems.list.get_mut(at)) {
            question.hints.push(format!("the dates under '{heading}' in {} have the {order} first", part.path));
        }
    }
}

/// The zones of a file's times.
pub(super) struct Zones {
    /// That of times without an offset; none where they are on the clocks of the report's zone.
    pub(super) there: Option<Zone>,
    /// The report's.
    pub(super) report: Zone,
}

impl Zones {
    /// Those of a part: what the user has said, else what its CRM writes.
    pub(super) fn of(part: &Part, settings: &Settings<'_>) -> Self {
        let there = settings.zone.clone().or_else(|| (part.zone == preset::Zone::Utc).then(Zone::utc));
        Self { there, report: settings.calendar.zone().clone() }
    }
}

/// What a cell says of when, in the report's zone. `midnight`: every time of its column is midnight, and says nothing.
pub(super) fn moment(when: When, midnight: bool, zones: &Zones) -> Moment {
    let written = when.written_day();
    if midnight {
        return Moment { day: written, at: None, written };
    }
    let instant = |at: i64| Moment { day: zones.report.day_of(at), at: Some(at), written };
    match when {
        When::Date(day) => Moment { day, at: None, written },
        When::Instant { at, .. } => instant(at),
        When::Local { day, millis } => match &zones.there {
            Some(there) => instant(there.instant(day, millis)),
            None => Moment { day, at: Some(zones.report.instant(day, millis)), written },
        },
    }
}
