//! Text → canonical columns; every cell given up becomes a diagnostic with its place.

mod activities;
mod builder;
mod commitments;
mod currency;
mod deals;
mod lengths;
mod people;
mod small;
mod split;

pub(super) use activities::activities;
pub(super) use commitments::commitments;
pub(super) use currency::{code_of, is_converted};
pub(super) use deals::deals;
pub(super) use people::{absences, enter as enter_people, roster};
pub(super) use small::{accounts, leads, stage_words, stages, targets};
pub(super) use split::splitters;

use rust_decimal::Decimal;

use super::Settings;
use super::evidence::Evidence;
use super::identity::Registry;
use super::part::{Field, Part};
use super::preset::Zone;
use super::priced;
use super::value::{self, Ambiguous, BadDate, Order, When};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::Words;

/// Who and what there is, over all files.
pub(super) struct Known {
    pub(super) people: Registry,
    pub(super) accounts: Registry,
    pub(super) deals: Registry,
    /// The labels of people.
    pub(super) person: Vec<String>,
    /// The labels of accounts.
    pub(super) account: Vec<String>,
    /// The labels of deals: their ids, else their names.
    pub(super) deal: Vec<String>,
    /// Per person, whether it is a machine.
    pub(super) robot: Vec<bool>,
}

/// What is given up while cells are understood.
#[derive(Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Diagnostic>,
    /// Whether something has to be answered before any number can be trusted.
    pub(super) fatal: bool,
    /// What was understood on the way, where somebody asks.
    pub(super) evidence: Option<Evidence>,
    /// Questions about the order of dates that another file of the same table may settle: their places in the list, the file and the field.
    pub(super) asked: Vec<(usize, u16, &'static str)>,
}

impl Problems {
    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }
}

/// A column understood word by word.
pub(super) struct ByWord<'a, T> {
    words: Option<&'a Words>,
    values: Vec<Option<T>>,
    bad: Vec<bool>,
}

impl<T> ByWord<'_, T> {
    /// A column that is not there.
    fn absent() -> Self {
        Self { words: None, values: Vec::new(), bad: Vec::new() }
    }
}

impl<T: Copy> ByWord<'_, T> {
    /// The value of a row.
    pub(super) fn get(&self, row: usize) -> Option<T> {
        let code = self.words?.code(row)?;
        self.values.get(code as usize).copied().flatten()
    }

    /// Whether the row has a cell that could not be understood.
    pub(super) fn bad(&self, row: usize) -> bool {
        self.words.and_then(|w| w.code(row)).is_some_and(|code| self.bad.get(code as usize).copied().unwrap_or(false))
    }

    /// Whether there is a column at all.
    pub(super) fn present(&self) -> bool {
        self.words.is_some()
    }
}

/// Understands a field word by word; what `understand` gives up is said for every row that has the word.
pub(super) fn by_word<'a, T>(
    part: &'a Part,
    field: &str,
    code: Code,
    problems: &mut Problems,
    mut understand: impl FnMut(usize, &str) -> Result<T, (String, String)>,
) -> ByWord<'a, T> {
    by_word_or_nothing(part, field, code, problems, |index, word| understand(index, word).map(Some))
}

/// The same where a word may also stand for nothing, as a blank cell does.
fn by_word_or_nothing<'a, T>(
    part: &'a Part,
    field: &str,
    code: Code,
    problems: &mut Problems,
    mut understand: impl FnMut(usize, &str) -> Result<Option<T>, (String, String)>,
) -> ByWord<'a, T> {
    let Some(column) = part.field(field) else { return ByWord::absent() };
    let results: Vec<Result<Option<T>, (String, String)>> =
        column.words.words().iter().enumerate().map(|(index, word)| understand(index, word)).collect();
    if results.iter().any(Result::is_err) {
        for row in 0..part.len() {
            let Some(word) = column.words.code(row) else { continue };
            if let Some(Err((says, hint))) = results.get(word as usize) {
                let text = &column.words.words()[word as usize];
                problems.say(
                    Diagnostic::error(code, format!("'{}' {says}", brief(text)))
                        .at(Location::cell(&part.path, part.line[row], &column.heading))
                        .hint(hint.clone()),
                );
            }
        }
    }
    let bad = results.iter().map(Result::is_err).collect();
    ByWord { words: Some(&column.words), values: results.into_iter().map(|r| r.ok().flatten()).collect(), bad }
}

/// A text short enough to be quoted in a message.
pub(super) fn brief(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

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

/// A field as dates; a column that fits two orders with different results stops the run with a question.
pub(super) fn moments<'a>(part: &'a Part, field: &str, settings: &Settings, problems: &mut Problems) -> ByWord<'a, Moment> {
    let Some(column) = part.field(field) else { return ByWord::absent() };
    let words = column.words.words();
    let dates = match value::dates(words, settings.date_order) {
        Ok(dates) => dates,
        Err(question) => {
            problems.fatal = true;
            if !question.contradicted {
                problems.asked.push((problems.list.len(), part.source, column.name));
            }
            problems.say(ambiguous(part, column, &question));
            return ByWord::absent();
        }
    };
    if let Some(word) = dates.values.iter().position(|d| *d == Err(BadDate::Placeholder)) {
        problems.say(assumed(part, column, word, Severity::Note, "stands for no date: it was taken as blank"));
    }
    // An event may be at the same hour every time; a date that is no event's has no hour.
    if dates.steady && !matches!(field, "start" | "end") {
        let at_midnight = |when: &When| match when {
            When::Instant { at, .. } => settings.calendar.zone().local(*at).1 == 0,
            _ => false,
        };
        if let Some(word) = dates.values.iter().position(|d| d.is_ok_and(|when| !at_midnight(&when))) {
            let says =
                "is at the same time of day as the whole column, as dates are that were midnight in another zone: they may be a day off";
            let hint = "if they are dates, say that zone as time_zone under [calendar] in leadlag.toml";
            problems.say(assumed(part, column, word, Severity::Warning, says).hint(hint));
        }
    }
    by_word_or_nothing(part, field, Code::BadDate, problems, |index, _| match dates.values[index] {
        Ok(when) => Ok(Some(moment(when, dates.midnight, part, settings))),
        Err(BadDate::Placeholder) => Ok(None),
        Err(bad) => Err((bad.says().to_owned(), bad.hint().to_owned())),
    })
}

/// The question that a column of dates asks: both readings, and what settles it.
fn ambiguous(part: &Part, column: &Field, question: &Ambiguous) -> Diagnostic {
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
        .at(Location::cell(&part.path, part.line.get(row).copied().unwrap_or(0), &column.heading))
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
pub(super) fn settled_elsewhere(parts: &[Part], problems: &mut Problems) {
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

fn moment(when: When, midnight: bool, part: &Part, settings: &Settings) -> Moment {
    let written = when.written_day();
    if midnight {
        return Moment { day: written, at: None, written };
    }
    let instant = |at: i64| Moment { day: settings.calendar.day_of_instant(at), at: Some(at), written };
    match when {
        When::Date(day) => Moment { day, at: None, written },
        When::Instant { at, .. } => instant(at),
        When::Local { day, millis } => match (&settings.zone, part.zone) {
            (Some(zone), _) => instant(zone.instant(day, millis)),
            (None, Zone::Utc) => instant(i64::from(day.0) * crate::calendar::DAY_MILLIS + i64::from(millis)),
            (None, Zone::Report) => Moment { day, at: Some(settings.calendar.zone().instant(day, millis)), written },
        },
    }
}

/// A field as flags; a blank cell is none.
pub(super) fn flags<'a>(part: &'a Part, field: &str, problems: &mut Problems) -> ByWord<'a, bool> {
    by_word(part, field, Code::BadFlag, problems, |_, word| {
        value::flag(word).ok_or_else(|| ("is neither true nor false".to_owned(), "write true or false, or leave it blank".to_owned()))
    })
}

/// A field as amounts, with the currency that the cells themselves name.
pub(super) struct Amounts<'a> {
    pub(super) value: ByWord<'a, Decimal>,
    pub(super) currency: Vec<Option<String>>,
    words: Option<&'a Words>,
}

impl Amounts<'_> {
    /// The currency in a row's cell: its code, else its sign as written.
    pub(super) fn currency(&self, row: usize) -> Option<&str> {
        let code = self.words?.code(row)?;
        self.currency.get(code as usize)?.as_deref()
    }
}

/// The decimals that an amount keeps. Binary fractions come with a dozen (`33333.333333333336`); a column in which one amount had them all
/// would have no room for the large ones.
const DECIMALS: u32 = 6;

/// The largest amount: with [`DECIMALS`] decimals it fits a column, and so does the difference of two.
const LARGEST: Decimal = Decimal::from_parts(FOUR_TRILLION as u32, (FOUR_TRILLION >> 32) as u32, 0, false, 0);
const FOUR_TRILLION: u64 = 4_000_000_000_000;

/// A field as money.
pub(super) fn amounts<'a>(part: &'a Part, field: &str, settings: &Settings, problems: &mut Problems) -> Amounts<'a> {
    let Some(column) = part.field(field) else {
        return Amounts { value: ByWord::absent(), currency: Vec::new(), words: None };
    };
    let money = value::money(column.words.words(), settings.decimal_mark);
    let mut currency = vec![None; money.values.len()];
    if let Some(guess) = money.guess {
        problems.say(assumed_mark(part, column, guess));
    }
    if let Some(word) = money.shortened {
        let says = "is written with an exponent: digits that a spreadsheet has dropped are lost";
        problems.say(assumed(part, column, word, Severity::Warning, says).hint("export it again, and do not save it from a spreadsheet"));
    }
    if let Some(word) = money.values.iter().position(|v| v.as_ref().is_ok_and(|a| a.value.normalize().scale() > DECIMALS)) {
        problems.say(assumed(
            part,
            column,
            word,
            Severity::Note,
            &format!("has more than {DECIMALS} decimals: such amounts are rounded to {DECIMALS}"),
        ));
    }
    let factor = Decimal::from(priced::factor(&column.heading));
    if factor > Decimal::ONE {
        let message = format!(
            "'{}' counts {}: its amounts were multiplied",
            brief(&column.heading),
            if factor == Decimal::from(1_000) { "thousands" } else { "millions" }
        );
        let line = part.line.first().copied().unwrap_or(0);
        problems.say(Diagnostic::note(Code::Assumed, message).at(Location::cell(&part.path, line, &column.heading)));
    }
    let too_long = || (value::BadAmount::TooLong.says().to_owned(), "write it as 12500.00, or leave it blank".to_owned());
    let value = by_word(part, field, Code::BadAmount, problems, |index, word| match &money.values[index] {
        Ok(amount) if amount.value.abs() > LARGEST => Err(too_long()),
        Ok(amount) => {
            currency[index] = amount.currency.as_deref().map(|text| code_of(text).unwrap_or_else(|| text.to_owned()));
            let times = if priced::says_multiple(word) { Decimal::ONE } else { factor };
            amount.value.checked_mul(times).map(|value| value.round_dp(DECIMALS)).ok_or_else(too_long)
        }
        Err(bad) => Err((bad.says().to_owned(), "write it as 12500.00, or leave it blank".to_owned())),
    });
    Amounts { value, currency, words: Some(&column.words) }
}

/// How amounts were read whose mark nothing in the column settles. A point read wrongly makes them a thousand times too small or too large.
fn assumed_mark(part: &Part, column: &Field, guess: value::Guess) -> Diagnostic {
    let severity = if guess.grouped && !guess.point { Severity::Note } else { Severity::Warning };
    let read = if guess.grouped { "grouping thousands" } else { "standing before decimals" };
    let says = format!("has a mark that nothing in the column settles: it was read as {read}");
    assumed(part, column, guess.word, severity, &says)
        .hint("export amounts with their decimals, such as 1234.00, or say decimal_mark = \".\" or \",\" under [inputs] in leadlag.toml")
}

/// What was assumed of a column, at the first cell that shows it.
fn assumed(part: &Part, column: &Field, word: usize, severity: Severity, says: &str) -> Diagnostic {
    let text = column.words.words().get(word).map_or("", |w| w);
    let row = (0..part.len()).find(|r| column.words.code(*r) == Some(word as u32)).unwrap_or(0);
    Diagnostic::new(Code::Assumed, severity, format!("'{}' {says}", brief(text))).at(Location::cell(
        &part.path,
        part.line.get(row).copied().unwrap_or(0),
        &column.heading,
    ))
}
