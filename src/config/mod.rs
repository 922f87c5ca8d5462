//! `leadlag.toml`: built-in defaults, the user's own file, the project's file and the options of the command line, laid over each other.
//!
//! Of two layers that set a key, the later one wins; tables merge key by key, lists replace each other, and only `[[target]]` and
//! `[[check]]` add up. Every effective value remembers who set it ([`Config::origins`]). Reading a text is `measure::spec`'s reading of
//! keys, so that each mistake of each file comes back with its place and what to write instead.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::calendar::{Day, Pattern, Weekday};
use crate::check::Check;
use crate::diagnostic::{Diagnostic, Failure, Severity};
use crate::measure::Component;
use crate::measure::spec::reading;
use crate::measure::spec::{Spec, Text};
use crate::table;

pub use layers::{Layer, Origin, Source};
pub use rules::Target;

mod layers;
mod rules;
mod schema;
#[cfg(test)]
mod tests;

const DEFAULTS: &str = include_str!("defaults.toml");

/// The sections of the report that `[report] sections` can name.
pub const SECTIONS: &[&str] = &["advancing", "whole_job", "coaching", "leaders", "one_thing", "pipeline"];

/// What a result word can be mapped to under `[words.result]`.
pub const RESULTS: &[&str] = &["advanced", "disqualified"];

/// What the word that a subject begins with can be mapped to under `[words.commitment]`: one that makes a commitment of it, or none.
pub const COMMITMENT: &[&str] = &["true", "false"];

/// The effective configuration.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// What the page shows.
    pub report: Report,
    /// How days make weeks, quarters and years.
    pub calendar: Calendar,
    /// Currencies.
    pub money: Money,
    /// What to read, and how.
    pub inputs: Inputs,
    /// Who counts.
    pub people: People,
    /// How several people share a deal.
    pub credit: Credit,
    /// Usual length in minutes (1 to 1,440) per kind of activity, for exports without one.
    pub minutes: BTreeMap<&'static str, u32>,
    /// Per table, the heading of a canonical field; the fields are not checked here, since more than the canonical columns can be read.
    pub columns: BTreeMap<table::Kind, BTreeMap<String, Text>>,
    /// What this company's words mean.
    pub words: Words,
    /// The order of deal stages, first to last; empty where the history shows it.
    pub stages: Vec<String>,
    /// How outcomes are judged.
    pub outcome: Outcome,
    /// Per table, the predicate of the records to keep.
    pub filter: BTreeMap<table::Kind, Text>,
    /// Measures, in the order in which they are first declared.
    pub measures: Vec<Spec>,
    /// Components of the job, in the order in which they are first declared.
    pub components: Vec<Component>,
    /// Targets, in order.
    pub targets: Vec<Target>,
    /// Checks, in order.
    pub checks: Vec<Check>,
    origins: BTreeMap<String, (String, Origin)>,
}

/// `[report]`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    /// The title of the page.
    pub title: String,
    /// The measures of the left block, in order; none for the default ones.
    pub leads: Option<Vec<Text>>,
    /// The measures of the right block, in order; none for the default ones.
    pub lags: Option<Vec<Text>>,
    /// Further sections, in order, each of [`SECTIONS`].
    pub sections: Vec<&'static str>,
    /// The share of pace from which somebody is on pace, 0 to 1.5.
    pub on_pace: f64,
    /// How a target grows within its period.
    pub pace_shape: PaceShape,
}

/// How a target grows within its period (`measures.md` §4).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum PaceShape {
    /// Evenly over the workdays.
    #[default]
    Linear,
    /// As past quarters have grown.
    Own,
}

/// `[calendar]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    /// The first day of the week.
    pub week_starts: Weekday,
    /// The report's time zone, a name of the IANA database; none where no one says.
    pub time_zone: Option<String>,
    /// Month (1 to 12) and day on which the fiscal year starts.
    pub fiscal_year_starts: (u8, u8),
    /// How quarters are made of weeks; none for quarters of calendar months.
    pub pattern: Option<Pattern>,
    /// The workdays, Monday first, none twice.
    pub workdays: Vec<Weekday>,
    /// Days off, in order, none twice.
    pub holidays: Vec<Day>,
}

/// `[money]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Money {
    /// The report's currency, an ISO 4217 code; none where no one says.
    pub currency: Option<String>,
    /// The file of dated rates (currency, from, rate).
    pub rates: Option<Text>,
}

/// The order of day, month and year in dates of digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DateOrder {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// `[inputs]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Per table, files, folders and patterns as they are written: relative to the file that says so (see [`Text::at`]).
    pub files: BTreeMap<table::Kind, Vec<Text>>,
    /// Likewise files whose headings say what they are, such as a folder, or a file that holds several tables.
    pub any: Vec<Text>,
    /// The order of the dates' parts; none to decide by column.
    pub date_order: Option<DateOrder>,
    /// The mark before the decimals of amounts, a point or a comma; none to decide by column.
    pub decimal_mark: Option<char>,
    /// The encoding's name (WHATWG), such as `windows-1252`; none to recognise it.
    pub encoding: Option<String>,
    /// What separates fields, one ASCII character; none to recognise it.
    pub delimiter: Option<char>,
    /// The time zone of times without one, a name of the IANA database.
    pub time_zone: Option<String>,
    /// The preset, by name or as a file (`.toml`) of one's own; none to recognise it.
    pub crm: Option<Text>,
    /// Files with presets of one's own, relative to the file that says so.
    pub presets: Vec<Text>,
}

/// `[people]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct People {
    /// Whether leaders' own numbers are in their team's sum.
    pub leaders_sell: bool,
}

/// `[credit]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Credit {
    /// Headings of further owners of a deal, each with the share of its money above 0; the rest, which may be all, is its owner's. None
    /// where no one says.
    pub deals: Option<Vec<(Text, Decimal)>>,
    /// Whether a deal counts for each who shares in it, and not for its owner alone.
    pub each: bool,
}

/// `[words.*]`: per canonical word, the export's own words for it; no word stands under two.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    /// By kind of activity ([`table::KINDS`]).
    pub kind: BTreeMap<&'static str, Vec<String>>,
    /// By outcome ([`table::OUTCOMES`]).
    pub outcome: BTreeMap<&'static str, Vec<String>>,
    /// By result ([`RESULTS`]).
    pub result: BTreeMap<&'static str, Vec<String>>,
    /// By state of a deal ([`table::STATES`]).
    pub state: BTreeMap<&'static str, Vec<String>>,
    /// By whether a subject that begins so makes a task a commitment ([`COMMITMENT`]).
    pub commitment: BTreeMap<&'static str, Vec<String>>,
}

impl Words {
    /// Every vocabulary by its name.
    pub fn lists(&self) -> [(&'static str, &BTreeMap<&'static str, Vec<String>>); 5] {
        let Self { kind, outcome, result, state, commitment } = self;
        [("kind", kind), ("outcome", outcome), ("result", result), ("state", state), ("commitment", commitment)]
    }
}

/// What a past activity without an outcome counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Blank {
    /// It took place.
    Held,
    /// Nobody knows.
    Unknown,
}

/// `[outcome]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// What a blank outcome means; none to judge it per source and kind.
    pub blank: Option<Blank>,
    /// The heading that marks a no-show.
    pub missed: Option<Text>,
}

impl Config {
    /// Every effective setting: its dotted path (`[[target]]` numbered from 0), its value as TOML, and who set it; ordered by path.
    pub fn origins(&self) -> Vec<(String, String, Origin)> {
        self.origins.iter().map(|(path, (value, origin))| (path.clone(), value.clone(), origin.clone())).collect()
    }

    /// Who set a key, by its dotted path such as `calendar.week_starts`.
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        self.origins.get(path).map(|(_, origin)| origin)
    }

    /// Shows the lists of words as they are in force: a later layer takes a word out of an earlier one's list.
    fn respell_words(&mut self) {
        for (table, lists) in self.words.lists() {
            for (meaning, words) in lists {
                if let Some((value, _)) = self.origins.get_mut(&format!("words.{table}.{meaning}")) {
                    *value = format!("[{}]", words.iter().map(|w| reading::quote(w)).collect::<Vec<_>>().join(", "));
                }
            }
        }
    }

    /// The measure of this name.
    pub fn measure(&self, name: &str) -> Option<&Spec> {
        self.measures.iter().find(|m| m.name == name)
    }
}

/// Reads the built-in defaults and then the layers over them, the later one winning; returns warnings beside the configuration.
///
/// # Errors
/// Every mistake of every layer (`config-syntax`, `config-key`, `config-value`), each with its file, line and position.
pub fn load(layers: &[Layer]) -> Result<(Config, Vec<Diagnostic>), Failure> {
    let defaults = Layer::built_in("defaults.toml", DEFAULTS);
    let mut building = schema::Building::default();
    let mut found = Vec::new();
    for layer in std::iter::once(&defaults).chain(layers) {
        let has_lines = !matches!(layer.source, Source::Flag(_));
        let source = reading::Source::new(layer.source.name(), &layer.text, has_lines, schema::elsewhere);
        let (diagnostics, settings) = source.read(|table| table.read_into(&mut building, schema::TOP));
        found.extend(diagnostics);
        for setting in settings {
            let origin = Origin { source: layer.source.clone(), line: has_lines.then_some(setting.line) };
            // A value written whole takes the place of its parts.
            let parts = format!("{}.", setting.path);
            building.config.origins.retain(|path, _| !path.starts_with(&parts));
            building.config.origins.insert(setting.path, (setting.value, origin));
        }
    }
    let schema::Building { mut config, drafts, components } = building;
    config.respell_words();
    config.measures = drafts.into_iter().filter_map(|draft| draft.finish(&mut found)).collect();
    config.components = components.into_iter().filter_map(|draft| draft.finish(&mut found)).collect();
    if found.iter().any(|d| d.severity == Severity::Error) { Err(Failure(found)) } else { Ok((config, found)) }
}
