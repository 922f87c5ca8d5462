//! The weeks that a file names, on one line without gaps.

use rustc_hash::FxHashMap;

use super::table::{PERIOD, START, Table, WRITE};
use crate::calendar::{Calendar, CalendarSpec, Day, Grain, Range};
use crate::crm::value::{self, Order};
use crate::diagnostic::{Code, Diagnostic};

/// The most weeks from the first to the last: a hundred years.
const MOST: i64 = 5200;

/// Every week from the first to the last.
pub(super) struct Weeks {
    /// Their names.
    pub(super) names: Vec<String>,
    /// Their days, where they are known as days.
    pub(super) range: Option<Range>,
    /// The index of each of the column's words; none for those that no row has.
    pub(super) of: Vec<Option<usize>>,
}

/// What a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `2026-W46`.
    Named,
    /// A day, in whatever form.
    Day,
    /// A whole number.
    Number,
    /// What is no week.
    Other(&'static str),
}

impl Kind {
    fn of(word: &str) -> Self {
        let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let upper = word.to_ascii_uppercase();
        if word.contains('/') && word.split('/').all(|part| Day::parse(part).is_some()) {
            return Self::Other("a range of days");
        }
        if upper.split_once('W').is_some_and(|(year, week)| number(year.trim_end_matches('-')) && number(week)) {
            return Self::Named;
        }
        if number(word.strip_prefix('-').unwrap_or(word)) {
            return Self::Number;
        }
        if upper.split_once("-Q").is_some_and(|(year, quarter)| number(year.trim_start_matches("FY")) && number(quarter)) {
            return Self::Other("a quarter");
        }
        if upper.strip_prefix("FY").is_some_and(number) {
            return Self::Other("a year");
        }
        if word.split_once('-').is_some_and(|(year, month)| year.len() == 4 && month.len() == 2 && number(year) && number(month)) {
            return Self::Other("a month");
        }
        if upper == "ALL" {
            return Self::Other("all of the time");
        }
        Self::Day
    }

    fn says(self) -> &'static str {
        match self {
            Self::Named => "the name of a week",
            Self::Day => "a day",
            Self::Number => "a number",
            Self::Other(what) => what,
        }
    }
}

/// Whether a period is a range of days, as sections of a report show beside its periods.
pub(super) fn is_range(word: &str) -> bool {
    Kind::of(word) == Kind::Other("a range of days")
}

/// Puts the weeks of these rows on one line.
///
/// # Errors
/// [`Code::BadPeriod`] for what is no week, for periods of two kinds and for days on two weekdays; [`Code::AmbiguousDates`].
pub(super) fn weeks(table: &Table, rows: &[usize], order: Option<Order>) -> Result<Weeks, Diagnostic> {
    let column = table.column(PERIOD);
    let mut first: Vec<Option<usize>> = vec![None; column.words().len()];
    let mut used: Vec<u32> = Vec::new();
    for row in rows {
        if let Some(code) = column.code(*row)
            && first[code as usize].is_none()
        {
            first[code as usize] = Some(*row);
            used.push(code);
        }
    }
    let line = Line { table, column: &used, first };
    let kind = line.kind()?;
    let numbers = match kind {
        Kind::Named => line.named()?,
        Kind::Number => line.numbers()?,
        Kind::Day | Kind::Other(_) => line.days(order)?,
    };
    line.place(kind, &numbers)
}

/// The words that rows have, in the order of the rows.
struct Line<'a> {
    table: &'a Table,
    column: &'a [u32],
    first: Vec<Option<usize>>,
}

impl Line<'_> {
    fn word(&self, code: u32) -> &str {
        self.table.column(PERIOD).words().get(code as usize).map_or("", |word| word)
    }

    /// The first row with a word.
    fn row(&self, code: u32) -> usize {
        self.first[code as usize].unwrap_or(0)
    }

    fn wrong(&self, code: u32, message: String) -> Diagnostic {
        Diagnostic::error(Code::BadPeriod, message).at(self.table.cell(self.row(code), PERIOD))
    }

    /// The one kind that all words are of.
    fn kind(&self) -> Result<Kind, Diagnostic> {
        let mut kind: Option<(Kind, u32)> = None;
        for code in self.column {
            let word = self.word(*code);
            let found = Kind::of(word);
            if let Kind::Other(what) = found {
                return Err(self.wrong(*code, format!("'{word}' is {what}, and the test needs weeks")).hint(WRITE));
            }
            let (kind, before) = *kind.get_or_insert((found, *code));
            if found != kind {
                let (other, line) = (self.word(before), self.table.line(self.row(before)));
                let message = format!("'{word}' is {}, and '{other}' in line {line} is {}", found.says(), kind.says());
                return Err(self.wrong(*code, message).hint("write all periods alike: 2026-W46, or the first day of each week"));
            }
        }
        kind.map(|(kind, _)| kind).ok_or_else(|| Diagnostic::error(Code::NoInput, "no row names a week").at(self.table.whole()))
    }

    /// The Mondays by which weeks are named, a number each.
    fn named(&self) -> Result<Vec<(u32, i64)>, Diagnostic> {
        let calendar = Calendar::default();
        let week = |code: &u32| {
            let found = calendar.named(Grain::Week, self.word(*code));
            found.map(|week| (*code, i64::from(week.range.first.0))).map_err(|message| self.wrong(*code, message))
        };
        self.column.iter().map(week).collect()
    }

    fn numbers(&self) -> Result<Vec<(u32, i64)>, Diagnostic> {
        let number = |code: &u32| {
            let found = self.word(*code).parse::<i64>().ok().filter(|n| n.abs() < i64::MAX / 8);
            found.map(|n| (*code, n)).ok_or_else(|| self.wrong(*code, "this number is too large to be a week".to_owned()))
        };
        let numbers: Vec<(u32, i64)> = self.column.iter().map(number).collect::<Result<_, _>>()?;
        let all = |like: fn(i64) -> bool| numbers.iter().all(|(_, n)| like(*n)).then(|| numbers[0].0);
        if let Some(code) = all(|n| (190_001..=219_953).contains(&n) && (1..=53).contains(&(n % 100))) {
            let word = self.word(code);
            let (year, week) = word.split_at_checked(4).unwrap_or((word, ""));
            let message = format!("'{word}' looks like a year and a week, and as a number it is followed by no week of the next year");
            return Err(self.wrong(code, message).hint(format!("write it as {year}-W{week}")));
        }
        if let Some(code) = all(|n| (1900..=2100).contains(&n)).filter(|_| numbers.len() < 26) {
            return Err(self.wrong(code, format!("'{}' is a year, and the test needs weeks", self.word(code))).hint(WRITE));
        }
        Ok(numbers.into_iter().map(|(code, n)| (code, n * 7)).collect())
    }

    /// The first days of weeks, all on one weekday.
    fn days(&self, order: Option<Order>) -> Result<Vec<(u32, i64)>, Diagnostic> {
        let words: Vec<&str> = self.column.iter().map(|code| self.word(*code)).collect();
        let read = value::dates(&words, order).map_err(|question| {
            let code = self.column.get(question.word).copied().unwrap_or_default();
            let message = format!("'{}' is another day with the day first than with the month first", self.word(code));
            let said = Diagnostic::error(Code::AmbiguousDates, message).at(self.table.cell(self.row(code), PERIOD));
            said.hint("write the days as 2026-11-09, or say the order with --date-order dmy or mdy")
        })?;
        let mut days: Vec<(u32, i64)> = Vec::new();
        let mut starts: Option<(Day, u32)> = None;
        for (code, when) in self.column.iter().zip(read.values) {
            let day = when.map_err(|_| {
                let message = format!("'{}' is no week", shortened(self.word(*code)));
                self.wrong(*code, message).hint("write it as 2026-W46, as the week's first day or as a whole number")
            })?;
            let day = day.written_day();
            let (before, other) = *starts.get_or_insert((day, *code));
            if day.weekday() != before.weekday() {
                let message = format!(
                    "'{}' is a {}, and '{}' in line {} a {}: weeks begin on one weekday",
                    self.word(*code),
                    day.weekday().name(),
                    self.word(other),
                    self.table.line(self.row(other)),
                    before.weekday().name()
                );
                return Err(self.wrong(*code, message).hint("add the days of each week up, and give the week's first day"));
            }
            days.push((*code, i64::from(day.0)));
        }
        Ok(days)
    }

    /// The weeks between the first and the last, each seven days.
    fn place(&self, kind: Kind, numbers: &[(u32, i64)]) -> Result<Weeks, Diagnostic> {
        let by = |(_, n): &&(u32, i64)| *n;
        let (Some(first), Some(last)) = (numbers.iter().min_by_key(by), numbers.iter().max_by_key(by)) else {
            return Err(Diagnostic::error(Code::NoInput, "no row names a week").at(self.table.whole()));
        };
        let count = (last.1 - first.1) / 7 + 1;
        if count > MOST {
            let (one, line) = (self.word(first.0), self.table.line(self.row(first.0)));
            let message = format!("'{}' lies {} weeks after '{one}' in line {line}", self.word(last.0), count - 1);
            return Err(self.wrong(last.0, message).hint("correct the slip: the values of a company cover no hundred years"));
        }
        let mut of = vec![None; self.first.len()];
        let mut written: FxHashMap<i64, u32> = FxHashMap::default();
        for (code, n) in numbers {
            let week = (n - first.1) / 7;
            of[*code as usize] = usize::try_from(week).ok();
            written.entry(week).or_insert(*code);
        }
        let calendar = Calendar::default();
        let name = |week: i64| match (kind, written.get(&week)) {
            (Kind::Named, _) => calendar.period_of(Grain::Week, day(first.1 + week * 7)).name,
            (Kind::Number, _) => (first.1 / 7 + week).to_string(),
            (Kind::Day | Kind::Other(_), _) => day(first.1 + week * 7).to_string(),
        };
        let names: Vec<String> = (0..count).map(name).collect();
        let range = match kind {
            Kind::Named => self.range(first.0, names.first(), names.last()),
            Kind::Day => Range::new(day(first.1), day(last.1).plus(6)),
            Kind::Number | Kind::Other(_) => None,
        };
        Ok(Weeks { names, range, of })
    }

    /// The days of named weeks, which begin on the weekday that `period_start` says.
    fn range(&self, code: u32, first: Option<&String>, last: Option<&String>) -> Option<Range> {
        let start = self.table.column(START).get(self.row(code)).and_then(Day::parse);
        let days = |week_starts| {
            let calendar = Calendar::new(&CalendarSpec { week_starts, ..CalendarSpec::default() }).ok()?;
            Some(calendar.named(Grain::Week, first?).ok()?.range.hull(calendar.named(Grain::Week, last?).ok()?.range))
        };
        let monday = days(CalendarSpec::default().week_starts);
        start.and_then(|start| days(start.weekday()).filter(|range| range.first == start)).or(monday)
    }
}

fn day(n: i64) -> Day {
    Day(i32::try_from(n).unwrap_or_default()).clamped()
}

/// A text that may be anything, for a message.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
