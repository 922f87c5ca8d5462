//! The options of every command that reads exports.

use std::collections::BTreeMap;
use std::ffi::OsStr;

use clap::ValueHint::{AnyPath, FilePath, Other};
use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Args, ValueEnum};

use crate::calendar::Grain;
use crate::cli::Global;
use crate::measure::spec::{Role, Spec};
use crate::measure::{Catalog, Level};
use crate::report;
use crate::table::Kind;

/// What to read, as known on which day.
#[derive(Debug, Clone, Args)]
pub struct Inputs {
    /// What the CRM exports: files, folders, patterns such as 'exports/*.csv', or - for standard input
    ///
    /// CSV and other delimited text, workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods), and either in gzip or zip; one part of such a file is
    /// named as book.xlsx/Deals. Headings say what each file is. Without any, the inputs of leadlag.toml are read.
    #[arg(value_name = "FILES", value_hint = AnyPath)]
    pub files: Vec<String>,
    /// A file of activities
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub activities: Vec<String>,
    /// A file of deals
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub deals: Vec<String>,
    /// A file of accounts
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub accounts: Vec<String>,
    /// A file of leads as CRMs call them: persons or companies not yet accounts
    #[arg(long = "lead-records", value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub lead_records: Vec<String>,
    /// A file of people: names, teams, roles, first and last days
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub people: Vec<String>,
    /// A file of targets
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub targets: Vec<String>,
    /// A file of absences
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub absences: Vec<String>,
    /// A file of stage changes
    #[arg(long, value_name = "FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub stages: Vec<String>,
    /// The CRM that wrote the files, where they do not say it, or a preset file of your own
    #[arg(long, value_name = "NAME|FILE", value_hint = FilePath, help_heading = "Inputs")]
    pub crm: Option<String>,
    /// In which order dates such as 03/04/2026 stand
    #[arg(long, value_enum, value_name = "ORDER", help_heading = "Inputs")]
    pub date_order: Option<Order>,
    /// Which mark stands before the decimals of amounts such as 1.234
    #[arg(long, value_enum, value_name = "MARK", help_heading = "Inputs")]
    pub decimal_mark: Option<DecimalMark>,
    /// The encoding of the text files, such as windows-1252
    #[arg(long, value_name = "NAME", value_hint = Other, help_heading = "Inputs")]
    pub encoding: Option<String>,
    /// What separates the fields of the text files: a character, or tab
    #[arg(long, value_name = "CHARACTER", value_hint = Other, help_heading = "Inputs")]
    pub delimiter: Option<String>,
    /// Keep only these records of a table, such as deals="pipeline <> 'Renewals'"
    #[arg(long = "where", value_name = "TABLE=CONDITION", value_hint = Other, help_heading = "Inputs")]
    pub filters: Vec<String>,

    /// The day of the report; nothing done later exists [default: today]
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Period")]
    pub as_of: Option<String>,
    /// Until when the exports reach, where their own dates can't say it
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Period")]
    pub through: Option<String>,
}

/// What to read, of which days, and how finely.
#[derive(Debug, Clone, Args)]
pub struct Exports {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// How long a period is [default: week]
    #[arg(long, value_parser = lengths(), value_name = "LENGTH", help_heading = "Period")]
    pub period: Option<Grain>,
    /// How many periods, the last complete one and those before it
    #[arg(long, value_name = "N", value_hint = Other, help_heading = "Period", value_parser = clap::value_parser!(u16).range(1..=5200))]
    pub periods: Option<u16>,
    /// This week, such as 2026-W46
    #[arg(long, value_name = "WEEK", value_hint = Other, help_heading = "Period", conflicts_with_all = ["period", "periods", "month", "from", "to"])]
    pub week: Option<String>,
    /// This month, such as 2026-11
    #[arg(long, value_name = "MONTH", value_hint = Other, help_heading = "Period", conflicts_with_all = ["period", "periods", "from", "to"])]
    pub month: Option<String>,
    /// From this day: with --to one period, or every one of --period that it touches
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Period", conflicts_with = "periods")]
    pub from: Option<String>,
    /// To this day, which belongs to it [default: the day of the report]
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Period", conflicts_with = "periods")]
    pub to: Option<String>,

    /// The finest level shown [default: owner]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Who and what")]
    pub by: Option<By>,
    /// Only this person
    #[arg(long, value_name = "NAME", value_hint = Other, help_heading = "Who and what", conflicts_with = "team")]
    pub owner: Option<String>,
    /// Only this team and its people
    #[arg(long, value_name = "NAME", value_hint = Other, help_heading = "Who and what")]
    pub team: Option<String>,
    /// The lead measures shown, separated by commas
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', help_heading = "Who and what",
        value_parser = AnyMeasure(Some(Role::Lead)), hide_possible_values = true)]
    pub leads: Option<Vec<String>>,
    /// The lag measures shown, separated by commas
    #[arg(long, value_name = "MEASURES", value_delimiter = ',', help_heading = "Who and what",
        value_parser = AnyMeasure(Some(Role::Lag)), hide_possible_values = true)]
    pub lags: Option<Vec<String>>,
}

/// The order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Day, month, year
    Dmy,
    /// Month, day, year
    Mdy,
    /// Year of two digits, month, day
    Ymd,
}

impl Order {
    /// Its name, as options and `leadlag.toml` write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }
}

/// The mark before decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DecimalMark {
    /// 1,234.56
    Point,
    /// 1.234,56
    Comma,
}

impl DecimalMark {
    /// Its name, as the option takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Point => "point",
            Self::Comma => "comma",
        }
    }

    /// The mark itself.
    pub(super) fn char(self) -> char {
        match self {
            Self::Point => '.',
            Self::Comma => ',',
        }
    }
}

/// The lengths of period that can be asked for.
fn lengths() -> impl TypedValueParser<Value = Grain> {
    PossibleValuesParser::new(Grain::NAMED.map(Grain::name)).map(|name| Grain::parse(&name).unwrap_or(Grain::Week))
}

/// The name of a measure: any, since users have their own, but shells complete those that ship.
#[derive(Debug, Clone, Copy)]
pub(super) struct AnyMeasure(pub(super) Option<Role>);

impl TypedValueParser for AnyMeasure {
    type Value = String;

    fn parse_ref(&self, command: &clap::Command, argument: Option<&clap::Arg>, value: &OsStr) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let fits = |spec: &&Spec| self.0.is_none_or(|role| spec.role == role);
        let names = Catalog::shipped().iter().filter(fits).map(|spec| PossibleValue::new(spec.name.as_str()).help(spec.says.as_str()));
        Some(Box::new(names.collect::<Vec<_>>().into_iter()))
    }
}

/// The finest level shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Everybody together
    All,
    /// Teams
    Team,
    /// People
    Owner,
}

impl From<By> for Level {
    fn from(by: By) -> Self {
        match by {
            By::All => Self::All,
            By::Team => Self::Team,
            By::Owner => Self::Owner,
        }
    }
}

impl Inputs {
    /// The words of a shell that name the same inputs again.
    pub(super) fn again(&self, global: &Global) -> Vec<String> {
        let mut words: Vec<String> = self.files.iter().map(|file| report::word(file)).collect();
        let mut add = |option: &str, value: &str| words.push(format!("{option} {}", report::word(value)));
        for (kind, files) in self.told() {
            let option = if kind == Kind::Leads { "lead-records" } else { kind.name() };
            for file in files {
                add(&format!("--{option}"), file);
            }
        }
        let (order, mark) = (self.date_order.map(Order::name), self.decimal_mark.map(DecimalMark::name));
        let options = [
            ("--config", global.config.as_deref()),
            ("--crm", self.crm.as_deref()),
            ("--date-order", order),
            ("--decimal-mark", mark),
            ("--encoding", self.encoding.as_deref()),
            ("--delimiter", self.delimiter.as_deref()),
            ("--as-of", self.as_of.as_deref()),
            ("--through", self.through.as_deref()),
        ];
        for (option, value) in options {
            if let Some(value) = value {
                add(option, value);
            }
        }
        for filter in &self.filters {
            add("--where", filter);
        }
        words
    }

    /// The files whose table the user says, by table.
    pub(super) fn told(&self) -> BTreeMap<Kind, &[String]> {
        [
            (Kind::Activities, &self.activities),
            (Kind::Deals, &self.deals),
            (Kind::Accounts, &self.accounts),
            (Kind::Leads, &self.lead_records),
            (Kind::People, &self.people),
            (Kind::Targets, &self.targets),
            (Kind::Absences, &self.absences),
            (Kind::Stages, &self.stages),
        ]
        .into_iter()
        .filter(|(_, files)| !files.is_empty())
        .map(|(kind, files)| (kind, files.as_slice()))
        .collect()
    }
}
