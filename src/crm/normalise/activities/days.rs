//! When activities were: beginnings, ends, due dates and completions, with the times of day that stand beside them.

use crate::calendar::{Calendar, DAY_MILLIS, Zone};
use crate::crm::Settings;
use crate::crm::normalise::moments::{Moment, Moments, moments};
use crate::crm::normalise::{ByWord, Problems, by_word};
use crate::crm::part::Part;
use crate::crm::preset;
use crate::crm::value;
use crate::diagnostic::Code;
use crate::table::{Column, Short, Words};

/// The dates of a part.
pub(super) struct Days<'a> {
    start: Moments<'a>,
    date: Moments<'a>,
    due: Moments<'a>,
    end: Moments<'a>,
    pub(super) completed: Moments<'a>,
    time: ByWord<'a, i64>,
    end_time: ByWord<'a, i64>,
    zone: Option<Zone>,
    calendar: &'a Calendar,
}

impl<'a> Days<'a> {
    /// Understands the columns of dates and times.
    pub(super) fn new(part: &'a Part, settings: &Settings<'a>, problems: &mut Problems) -> Self {
        // `Start Time` holds a moment, or only a time of day where another column has the date.
        let clock = |field: &str| {
            let dates = |words: &Words| words.stamps().is_some();
            let filled = part.field(field).filter(|f| !dates(&f.words)).map(|f| f.words.words()).filter(|words| !words.is_empty());
            filled.is_some_and(|words| words.iter().all(|word| value::time_of_day(word).is_some()))
        };
        let (start_is_time, end_is_time) = (clock("start"), clock("end"));
        let mut of = |field, only_time| moments(part, if only_time { "" } else { field }, settings, problems);
        let (start, end) = (of("start", start_is_time), of("end", end_is_time));
        let (date, due, completed) = (of("date", false), of("due", false), of("completed_on", false));
        let mut time_of = |field| {
            by_word(part, field, Code::BadDate, problems, |_, word| {
                value::time_of_day(word).ok_or_else(|| ("is no time of day".to_owned(), "write it as 14:30".to_owned()))
            })
        };
        let time = time_of(if start_is_time { "start" } else { "start_time" });
        let end_time = time_of(if end_is_time { "end" } else { "end_time" });
        let zone = settings.zone.clone().or_else(|| (part.zone == preset::Zone::Report).then(|| settings.calendar.zone().clone()));
        Self { start, date, due, end, completed, time, end_time, zone, calendar: settings.calendar }
    }

    /// Whether any row may have a date that could not be understood.
    pub(super) fn any_bad(&self) -> bool {
        [&self.start, &self.date, &self.due, &self.completed].into_iter().any(Moments::any_bad)
    }

    /// Whether anything says when activities ended.
    pub(super) fn ends(&self) -> bool {
        self.end.present() || self.end_time.present()
    }

    /// Whether the date that decides where the row belongs could not be understood.
    pub(super) fn bad(&self, row: usize) -> bool {
        if self.completed.get(row).is_some() {
            return false;
        }
        let bad = |column: &Moments<'_>| column.get(row).is_none() && column.bad(row);
        self.completed.bad(row) || bad(&self.start) || (self.start.get(row).is_none() && (bad(&self.date) || bad(&self.due)))
    }

    /// The one column that says when activities were, where it does so alone and all are written alike: a day and a moment per row.
    pub(super) fn alone(&self, part: &Part) -> Option<(Column, Column)> {
        let others = [&self.due, &self.completed].into_iter().any(Moments::present) || self.time.present();
        let (stamps, name) = match (&self.start, &self.date) {
            _ if others => return None,
            (Moments::Stamps(stamps), date) if !date.present() => (stamps, "start"),
            (start, Moments::Stamps(stamps)) if !start.present() => (stamps, "date"),
            _ => return None,
        };
        let at = if stamps.moments() {
            Column::Short(Short::Moments(part.field(name)?.words.clone()))
        } else if stamps.dates() {
            Column::Instants(Vec::new())
        } else {
            return None;
        };
        Some((Column::Short(stamps.days()?), at))
    }

    /// When it began.
    pub(super) fn start(&self, row: usize) -> Option<Moment> {
        let found = self.start.get(row).or_else(|| self.date.get(row));
        self.timed(found, self.time.get(row))
    }

    /// When it was to be done.
    pub(super) fn due(&self, row: usize) -> Option<Moment> {
        self.timed(self.due.get(row), self.time.get(row))
    }

    /// When it ended: a moment, or a time of day on the day on which it began.
    pub(super) fn end(&self, row: usize, began: Option<Moment>) -> Option<Moment> {
        match self.end_time.get(row) {
            Some(time) => {
                let day = self.end.get(row).or(began)?;
                self.timed(Some(Moment { at: None, ..day }), Some(time))
            }
            None => self.end.get(row),
        }
    }

    /// A date with the time of day that stands beside it.
    fn timed(&self, found: Option<Moment>, time: Option<i64>) -> Option<Moment> {
        let mut moment = found?;
        if moment.at.is_none()
            && let Some(millis) = time
        {
            let millis = u32::try_from(millis).unwrap_or(0);
            let at = match &self.zone {
                Some(zone) => zone.instant(moment.day, millis),
                None => i64::from(moment.day.0) * DAY_MILLIS + i64::from(millis),
            };
            // Written in another zone, it may be on another day of the report's.
            moment = Moment { day: self.calendar.day_of_instant(at), at: Some(at), ..moment };
        }
        Some(moment)
    }
}
