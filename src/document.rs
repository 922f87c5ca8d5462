//! What can be shown: one document per run, of which every output format is a pure function.
//!
//! A document holds meaning, not spelling: values with their units and roles. `report` decides what is said, `render` how it is spelled.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::calendar::Day;
use crate::diagnostic::Diagnostic;
use crate::unit::{Unit, Value, Why};

mod figure;

pub use figure::{
    Course, CurveLine, CurvePoint, Curves, Figure, Heat, HeatCell, HeatGroup, HeatRow, LeadTime, Line, Moment, Multiples, Panel, ScoreLine,
    Scores,
};

/// Everything that one run of a command has to show.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The schema of the JSON form, such as `leadlag/report/1`.
    pub schema: &'static str,
    /// The title.
    pub title: String,
    /// The day on which the run stands.
    pub as_of: Option<Day>,
    /// The IANA name of the report's time zone.
    pub time_zone: String,
    /// The first day of the week, such as `monday`.
    pub week_starts: String,
    /// The page, top to bottom.
    pub page: Vec<Block>,
    /// What formats that draw show beside the page; empty where nothing is drawn.
    pub figures: Vec<Figure>,
    /// The tidy values, in their total order.
    pub values: Vec<TidyRow>,
    /// The state of each entity of the page.
    pub states: Vec<State>,
    /// What was read from each source.
    pub coverage: Vec<Coverage>,
    /// Each record that a shown number counts.
    pub records: Vec<Record>,
    /// The rule of each measure shown, in words and SQL: what tells a rule that was changed from records that were.
    pub rules: BTreeMap<String, String>,
    /// What changed since an earlier report, where one was given.
    pub since: Option<Since>,
    /// Rows of a command's own, such as the records of `explain`: what csv and tsv write where there are no tidy values.
    pub grid: Option<Grid>,
    /// Rules and what they say, for what continuous integration reads.
    pub findings: Option<Findings>,
    /// What was said on the way.
    pub diagnostics: Vec<Diagnostic>,
}

/// A part of the page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A line with something at its left and its right end.
    Banner {
        /// At the left.
        left: String,
        /// At the right.
        right: String,
    },
    /// The heading of a further section, which lasts until the next one or a banner: its name in the configuration, and its title.
    Heading(&'static str, String),
    /// Labelled lines of text, wrapped under their first word.
    Notes(Vec<Note>),
    /// A table.
    Table(Table),
}

/// A labelled line of text.
#[derive(Debug, Clone)]
pub struct Note {
    /// The word before it, such as `Talk first`; empty for none.
    pub label: String,
    /// How it is meant.
    pub tone: Tone,
    /// Its parts, kept together where a line breaks and separated by ` · `.
    pub parts: Vec<String>,
}

/// How something is meant; never the only signal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    /// Plain.
    #[default]
    Plain,
    /// A heading, or something that matters.
    Strong,
    /// As it should be.
    Good,
    /// Behind; look at it.
    Bad,
    /// Beside the point.
    Faint,
}

/// A table of the page.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// What it shows, for formats that name a table: the caption of HTML, a sheet of a workbook. The terminal shows its headings alone.
    pub title: String,
    /// Headings over several columns, left to right: the title and how many columns it spans.
    pub groups: Vec<(String, usize)>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A column of a table.
#[derive(Debug, Clone)]
pub struct Column {
    /// The heading's lines.
    pub heading: Vec<String>,
    /// Whether its cells stand at the right.
    pub right: bool,
    /// The order in which columns go where the terminal is narrow: 1 goes first, 0 never.
    pub drop: u8,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// How the whole row is meant: the team's is strong.
    pub tone: Tone,
    /// One cell per column.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// What it shows.
    pub content: Content,
    /// How it is meant; [`Tone::Bad`] shows a `!` too.
    pub tone: Tone,
}

/// What a cell shows.
#[derive(Debug, Clone, Default)]
pub enum Content {
    /// Nothing.
    #[default]
    Blank,
    /// Words.
    Text(String),
    /// A value, and what it is held against where there is such a thing: `28/30`.
    Value {
        /// The value.
        value: Value,
        /// What it is held against.
        against: Option<Value>,
        /// Value over what it is held against, shown as a percentage where present.
        share: Option<f64>,
    },
    /// A small chart, oldest first; none where a value is missing.
    Spark(Vec<Option<f64>>),
    /// How well a lead lines up with a lag, in standard deviations: a score per week apart, from the most weeks that the lag comes first
    /// over the same week to as many weeks that the lead comes first; as many before as after the middle.
    Scores(Vec<f64>),
    /// A cell of a heat map.
    Shade {
        /// From 0 for the lightest to 1 for the darkest.
        share: f64,
        /// What stands in it; spaces before it align it with that of other cells.
        text: String,
    },
}

/// A row of the tidy output: one level × name × period × measure (and currency).
#[derive(Debug, Clone)]
pub struct TidyRow {
    /// `all`, `team` or `owner`.
    pub level: &'static str,
    /// Empty for `all`.
    pub name: String,
    /// The owner's team in that period.
    pub team: String,
    /// The period's name.
    pub period: String,
    /// First day.
    pub period_start: Day,
    /// Last day.
    pub period_end: Day,
    /// Whether the period is over and the exports reach its end.
    pub complete: bool,
    /// `lead` or `lag`.
    pub role: &'static str,
    /// The measure's name.
    pub measure: String,
    /// Its unit.
    pub unit: Unit,
    /// Its value.
    pub value: Value,
    /// The target for the whole period.
    pub target: Option<Value>,
    /// What should stand at the day of the report.
    pub pace: Option<Value>,
    /// The value of the period before.
    pub previous: Option<Value>,
    /// The mean of the complete periods before.
    pub average: Option<Value>,
}

impl TidyRow {
    /// Whose it is, and of which days.
    fn about(&self) -> (&str, &str, &str, &str, Day, Day) {
        (self.level, &self.name, &self.team, &self.period, self.period_start, self.period_end)
    }
}

/// What takes the rows of one entity in one period: a row that says whose they are, whether all are complete, and a value for each series.
pub type Together<'f> = dyn FnMut(&TidyRow, bool, &[Option<&Value>]) + 'f;

/// Tidy rows that are handed over one by one in their total order: a report over years has too many of them to be kept.
pub trait TidyRows {
    /// The measures with their units, in the order in which the rows have them first, none twice.
    fn series(&self) -> Vec<(&str, &Unit)>;

    /// Hands over each row.
    fn each(&self, found: &mut dyn FnMut(&TidyRow));

    /// Hands over what rows that follow each other say of one entity in one period: a row that says whose they are and of which days, whether
    /// all of them are complete, and the value of each of [`Self::series`].
    fn together(&self, found: &mut Together<'_>);
}

impl TidyRows for Vec<TidyRow> {
    fn series(&self) -> Vec<(&str, &Unit)> {
        let mut series = Vec::new();
        for row in self {
            let own = (row.measure.as_str(), &row.unit);
            if !series.contains(&own) {
                series.push(own);
            }
        }
        series
    }

    fn each(&self, found: &mut dyn FnMut(&TidyRow)) {
        self.iter().for_each(found);
    }

    fn together(&self, found: &mut Together<'_>) {
        let series = self.series();
        for rows in self.chunk_by(|one, other| one.about() == other.about()) {
            let mut values = vec![None; series.len()];
            for row in rows {
                let own = series.iter().position(|(measure, unit)| *measure == row.measure && **unit == row.unit);
                if let Some(own) = own {
                    values[own] = Some(&row.value);
                }
            }
            found(&rows[0], rows.iter().all(|row| row.complete), &values);
        }
    }
}

/// How an entity stands.
#[derive(Debug, Clone, Serialize)]
pub struct State {
    /// `all`, `team` or `owner`.
    pub level: &'static str,
    /// Its name.
    pub name: String,
    /// `WINNING`, `BUILDING`, `COASTING`, `BEHIND`, `too soon`, or empty where it cannot be judged.
    pub state: String,
    /// The reason in words.
    pub reason: String,
    /// Mean attainment of the leads over the last 4 complete weeks, each capped at 1.
    pub leads: Option<f64>,
    /// The first lag to date over its pace.
    pub lag: Option<f64>,
    /// The lag measure judged.
    pub lag_measure: String,
    /// The period in which the lag is judged.
    pub lag_period: String,
    /// The lag's value to date.
    pub lag_value: Option<String>,
    /// The lag's target in that period.
    pub lag_target: Option<String>,
    /// What should stand by now.
    pub lag_pace: Option<String>,
}

/// What was read from one source.
#[derive(Debug, Clone, Serialize)]
pub struct Coverage {
    /// The file as the user named it.
    pub path: String,
    /// The canonical table it fills.
    pub table: String,
    /// The preset that recognised it.
    pub crm: String,
    /// Its size.
    pub bytes: u64,
    /// Its XXH3 hash, 16 hexadecimal digits.
    pub xxh3: String,
    /// Its own last date.
    pub through: Option<String>,
    /// Records read.
    pub read: u64,
    /// Records used.
    pub used: u64,
    /// Records left out, by reason.
    pub left_out: serde_json::Map<String, serde_json::Value>,
    /// Records refused.
    pub refused: u64,
}

/// A record that a shown number counts; a later report reads it again.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Record {
    /// Its table.
    pub table: String,
    /// Its id, where the export has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Else its file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// And its line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Whose it is.
    #[serde(default)]
    pub owner: Option<String>,
    /// For whom it counts, where that is not its owner alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// For whom it counts by a measure that counts it for others than those who held it: for who coached or was coached, for leaders only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credited: BTreeMap<String, Vec<String>>,
    /// Whose part of its money is how much, as a part of 1, where several share it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shares: BTreeMap<String, String>,
    /// The day it counts on.
    #[serde(default)]
    pub day: Option<String>,
    /// Its amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// The currency of its amounts, where the report has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The measures that count it.
    #[serde(default)]
    pub measures: Vec<String>,
    /// The periods in which each measure counts it, where the report shows several.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub periods: BTreeMap<String, Vec<String>>,
    /// What it brings to a measure that looks at another column than the amount: minutes, a profit, an account.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub brings: BTreeMap<String, String>,
}

/// What changed since an earlier report.
#[derive(Debug, Clone)]
pub struct Since {
    /// The earlier report's file, as the user named it.
    pub path: String,
    /// The day on which the earlier report stood.
    pub as_of: Day,
    /// How many of its values were compared.
    pub compared: usize,
    /// Values of periods that were complete then, and are others now.
    pub restated: Vec<Restated>,
    /// Values that changed too, but were not final: their periods were not complete then.
    pub not_final: Vec<Restated>,
}

/// A value that is another one now.
#[derive(Debug, Clone)]
pub struct Restated {
    /// `all`, `team` or `owner`.
    pub level: &'static str,
    /// Whose value; empty for all.
    pub name: String,
    /// The period's name.
    pub period: String,
    /// The measure's name.
    pub measure: String,
    /// Its unit, as the tidy output says it.
    pub unit: String,
    /// What was reported; none where there was no value, or no such row.
    pub was: Option<Decimal>,
    /// Why there was none; empty where there was one, or no such row.
    pub was_missing: String,
    /// What it is now; none where there is no value, or no such row.
    pub now: Option<Decimal>,
    /// Why there is none; empty where there is one, or no such row.
    pub now_missing: String,
    /// Why it changed, in words: `5 logged late, 1 re-dated to W46`.
    pub why: String,
    /// The records that make the difference.
    pub records: Vec<Moved>,
}

impl Restated {
    /// How much it changed; none where either value is missing, or the difference has too many digits.
    pub fn change(&self) -> Option<Decimal> {
        self.now?.checked_sub(self.was?)
    }
}

/// A record that counts otherwise than in an earlier report.
#[derive(Debug, Clone)]
pub struct Moved {
    /// What became of it, one word: `logged_late`, `new`, `re_dated`, `re_owned`, `undone`, `amount`, `done_later`, `changed`, `added`, `gone`
    /// or `otherwise`.
    pub how: &'static str,
    /// The same in words, with what was and what is.
    pub why: String,
    /// What it brings to the change of its value; none where a value is no sum of its records.
    pub change: Option<Decimal>,
    /// What it was about, where today's exports have it.
    pub says: Option<String>,
    /// The file and line where it stands in today's exports.
    pub place: Option<(String, u32)>,
    /// As the earlier report counted it.
    pub was: Option<Record>,
    /// As it counts now, or as it stands now where it no longer counts.
    pub now: Option<Record>,
}

/// Plain rows under headings.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The name of the rows in JSON; empty where what is said about them says it all.
    pub name: &'static str,
    /// The headings.
    pub columns: Vec<&'static str>,
    /// The rows; none where a cell is empty.
    pub rows: Vec<Vec<Option<GridCell>>>,
    /// What else the JSON form says, before the rows.
    pub about: serde_json::Map<String, serde_json::Value>,
}

/// A cell of a grid.
#[derive(Debug, Clone, PartialEq)]
pub enum GridCell {
    /// Words.
    Text(String),
    /// A number.
    Number(Decimal),
    /// A date.
    Day(Day),
    /// True or false.
    Flag(bool),
}

/// Rules, and what they say of each whom they are about.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// The rules.
    pub rules: Vec<Rule>,
    /// What they say, gravest first.
    pub cases: Vec<Case>,
}

/// A rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The rule in words.
    pub says: String,
    /// Whether it only warns.
    pub warns: bool,
    /// The file and the line where it is written, if in a file.
    pub at: Option<(String, u32)>,
}

/// What a rule says of somebody or something.
#[derive(Debug, Clone)]
pub struct Case {
    /// The index of the rule.
    pub rule: usize,
    /// Of whom or what.
    pub name: String,
    /// How it stands.
    pub stands: Stands,
    /// What was found, in a sentence.
    pub says: String,
    /// The command that shows more; empty for none.
    pub see: String,
}

/// How something stands against a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// It holds.
    Held,
    /// It is missed.
    Missed,
    /// The rule says nothing of it.
    Skipped,
    /// The rule could not be evaluated.
    Failed,
    /// The rule was not looked at: the options leave out whom it is about.
    LeftOut,
}

impl Stands {
    /// Whether somebody has to look at it.
    pub fn is_grave(self) -> bool {
        matches!(self, Self::Missed | Self::Failed)
    }
}

/// The lines of a heading, none of them empty, where a word that a hyphen cuts in two is one again: `presen-`, `tations` are `presentations`.
/// A hyphen before a capital or behind a mark is the heading's own.
pub fn unbroken<S: AsRef<str>>(lines: impl IntoIterator<Item = S>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for line in lines {
        let line = line.as_ref();
        let cut = |before: &&mut String| before.strip_suffix('-').is_some_and(|word| word.ends_with(char::is_alphabetic));
        match out.last_mut().filter(|_| line.starts_with(char::is_lowercase)).filter(cut) {
            Some(before) => {
                before.pop();
                before.push_str(line);
            }
            None if line.is_empty() => {}
            None => out.push(line.to_owned()),
        }
    }
    out
}

/// Why a value is missing, as the tidy output says it; empty where there is one.
pub fn missing(value: &Value) -> &'static str {
    match value {
        Value::Missing(why) => Why::word(*why),
        _ => "",
    }
}
