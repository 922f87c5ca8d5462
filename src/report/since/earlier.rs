//! An earlier report, read back from its JSON.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::calendar::{Day, Range};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::document::Record;
use crate::measure::Level;

/// The schema that is read: that of a report.
const SCHEMA: &str = "leadlag/report/1";

/// The longest time that a report covers, in days: `--from` and `--to` allow no more.
const LONGEST: u32 = 200 * 366;

/// An earlier report.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Its file, as the user named it.
    pub path: String,
    /// The day on which it stood.
    pub as_of: Day,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The first day of its weeks.
    pub week_starts: String,
    /// Its values.
    pub(super) values: Vec<Row>,
    /// The records that it counted.
    pub(super) records: Vec<Record>,
    /// The rules by which it counted, where it says them.
    pub(super) rules: BTreeMap<String, String>,
    /// The last day that each of its tables held, never after the day of the report.
    pub(super) through: BTreeMap<String, Day>,
    /// The year of its weeks where all are of one.
    year: Option<String>,
}

/// A value of an earlier report.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) level: Level,
    pub(super) name: String,
    pub(super) team: String,
    pub(super) period: String,
    pub(super) range: Range,
    pub(super) complete: bool,
    pub(super) measure: String,
    pub(super) unit: String,
    /// The value, else why there was none.
    pub(super) value: Result<Decimal, String>,
}

#[derive(Deserialize)]
struct File<'a> {
    as_of: String,
    time_zone: String,
    week_starts: String,
    #[serde(borrow)]
    values: Vec<Written<'a>>,
    records: Vec<Record>,
    #[serde(default)]
    rules: BTreeMap<String, String>,
    #[serde(default)]
    coverage: Vec<Source>,
}

#[derive(Deserialize)]
struct Written<'a> {
    level: String,
    name: String,
    #[serde(default)]
    team: String,
    period: String,
    #[serde(borrow)]
    period_start: &'a RawValue,
    #[serde(borrow)]
    period_end: &'a RawValue,
    complete: bool,
    measure: String,
    unit: String,
    /// The digits as they stand there: a number of the machine would round them.
    #[serde(borrow)]
    value: Option<&'a RawValue>,
    missing: Option<String>,
}

#[derive(Deserialize)]
struct Source {
    table: String,
    #[serde(default)]
    through: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    schema: Option<serde_json::Value>,
}

impl Earlier {
    /// Reads the JSON of a report.
    ///
    /// # Errors
    /// Where it is no JSON, ends too early, is something else than a report of this schema, or holds what a report does not.
    pub fn read(bytes: &[u8], path: &str) -> Result<Self, Diagnostic> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let advice = "--since takes what an earlier run wrote with -o last.json";
        let other = |message: String| Diagnostic::error(Code::Unsupported, message).at(Location::file(path)).hint(advice);
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(Diagnostic::error(Code::Damaged, "this report is empty").at(Location::file(path)).hint(advice));
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) if text.trim_start().starts_with('{') => text,
            Ok(_) => return Err(other("this is no report in JSON".to_owned())),
            Err(_) => return Err(other("this is no report in JSON: it is not UTF-8".to_owned())),
        };
        let head: Head = serde_json::from_str(text).map_err(|problem| broken(&problem, path))?;
        match head.schema.as_ref().map(serde_json::Value::as_str) {
            Some(Some(SCHEMA)) => {}
            Some(Some(schema)) => return Err(other(format!("this is '{schema}', and not '{SCHEMA}'"))),
            _ => return Err(other(format!("this JSON does not say that it is '{SCHEMA}'"))),
        }
        let file: File<'_> = serde_json::from_str(text).map_err(|problem| broken(&problem, path))?;
        Self::checked(file, text, path)
    }

    /// The measures of its values, each once.
    pub fn measures(&self) -> BTreeSet<&str> {
        self.values.iter().map(|row| row.measure.as_str()).collect()
    }

    /// A period as a page says it: `W46` for a week, with its year unless all periods of the report and this one are of one year.
    pub(super) fn short<'p>(&self, period: &'p str) -> &'p str {
        let week = |name: &'p str| name.split_once('-').filter(|(_, week)| week.starts_with('W'));
        match week(period) {
            Some((year, week)) if self.year.as_deref() == Some(year) => week,
            _ => period,
        }
    }

    fn checked(file: File<'_>, text: &str, path: &str) -> Result<Self, Diagnostic> {
        let whole = |what: &str| damaged(what, Location::file(path));
        let as_of = Day::parse(&file.as_of).ok_or_else(|| whole(&format!("`as_of` is no date: '{}'", shortened(&file.as_of))))?;
        let values = file.values.iter().map(|written| row(written, text, path)).collect::<Result<Vec<_>, _>>()?;
        let ranges: BTreeSet<Range> = values.iter().map(|row| row.range).collect();
        if ranges.iter().copied().reduce(Range::hull).is_some_and(|range| range.len() > LONGEST) {
            return Err(whole("its values cover more than 200 years"));
        }
        // Between them days may lack: whoever was not there in a period has no row of it. Sections show ranges of days beside.
        let named: BTreeSet<Range> = values.iter().filter(|row| !row.period.contains('/')).map(|row| row.range).collect();
        if named.iter().zip(named.iter().skip(1)).any(|(one, next)| one.last >= next.first) {
            return Err(whole("its periods overlap, as those of a report never do"));
        }
        let mut through: BTreeMap<String, Day> = BTreeMap::new();
        for source in file.coverage {
            if let Some(day) = source.through.as_deref().and_then(Day::parse) {
                let known = through.entry(source.table).or_insert(Day::MIN);
                *known = (*known).max(day.min(as_of));
            }
        }
        let years: BTreeSet<&str> = values.iter().filter_map(|row| row.period.split_once("-W")).map(|(year, _)| year).collect();
        let year = years.first().filter(|_| years.len() == 1).map(|year| (*year).to_owned());
        Ok(Self {
            path: path.to_owned(),
            as_of,
            time_zone: file.time_zone,
            week_starts: file.week_starts,
            values,
            records: file.records,
            rules: file.rules,
            through,
            year,
        })
    }
}

fn row(written: &Written<'_>, text: &str, path: &str) -> Result<Row, Diagnostic> {
    let at = |raw: &RawValue| place(text, raw, path);
    let day = |raw: &RawValue| {
        let date = serde_json::from_str::<String>(raw.get()).ok().and_then(|date| Day::parse(&date));
        date.ok_or_else(|| damaged(&format!("this is no date: {}", shortened(raw.get())), at(raw)))
    };
    let (first, last) = (day(written.period_start)?, day(written.period_end)?);
    let range = Range::new(first, last).ok_or_else(|| damaged(&format!("a period from {first} to {last}"), at(written.period_end)))?;
    let level = Level::named(&written.level)
        .ok_or_else(|| damaged(&format!("'{}' is no level: all, team or owner", shortened(&written.level)), at(written.period_start)))?;
    let value = match written.value {
        Some(raw) => Ok(Decimal::from_str_exact(raw.get())
            .map_err(|_| damaged(&format!("this is no value of a report: {}", shortened(raw.get())), at(raw)))?),
        None => Err(written.missing.clone().unwrap_or_default()),
    };
    Ok(Row {
        level,
        name: written.name.clone(),
        team: written.team.clone(),
        period: written.period.clone(),
        range,
        complete: written.complete,
        measure: written.measure.clone(),
        unit: written.unit.clone(),
        value,
    })
}

/// Where a part of the text stands, which was borrowed from it.
fn place(text: &str, raw: &RawValue, path: &str) -> Location {
    let offset = (raw.get().as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
    let before = text.get(..offset).unwrap_or_default();
    let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |begun| begun.chars().count()) + 1;
    Location::at(path, line as u32, column as u32)
}

fn broken(problem: &serde_json::Error, path: &str) -> Diagnostic {
    let message = problem.to_string();
    // Its place is said beside the message.
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
    let at = Location::at(path, problem.line() as u32, problem.column() as u32);
    if problem.is_eof() {
        return damaged("it ends too early", at);
    }
    damaged(&shortened(message), at)
}

fn damaged(what: &str, at: Location) -> Diagnostic {
    let said = Diagnostic::error(Code::Damaged, format!("this earlier report cannot be used: {what}")).at(at);
    said.hint("take another one, or write this one anew: leave --since away and name it with -o")
}

/// A text of a file that may hold anything, for a message.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}
