//! The vocabulary in which a measure is declared: the `[measure.<name>]` tables of the shipped library and of `leadlag.toml`.
//!
//! ```toml
//! [measure.exec_meetings]
//! role = "lead"
//! says = "Customer meetings with an executive"
//! from = "activities"
//! on = "day"
//! where = "customer_meeting AND outcome = 'held' AND subject ILIKE '%executive%'"
//! value = "count"
//! ```

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::window::Window;
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::facts::Whose;
use crate::table::{self, Type};
use reading::{Entry, Key, Source, Table, fill};

pub(crate) mod reading;
mod syntax;
#[cfg(test)]
mod tests;
pub(crate) mod values;

/// A text from a configuration file, and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The text, its escapes resolved.
    pub text: String,
    /// The place of its first character, inside the quotation marks; an escape such as `\"` takes two places of the file and one of the text.
    pub at: Location,
}

/// What a measure is to the people who sell: something that they do, or what came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is done.
    Lead,
    /// What came of it.
    Lag,
}

impl Role {
    /// Its name in config and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Lag => "lag",
        }
    }
}

/// How the records of a measure become one value; columns are canonical names, or `x."Heading"` for an export's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Aggregate {
    /// The number of records.
    Count,
    /// The sum of a column.
    Sum(String),
    /// The number of distinct values of a column.
    Distinct(String),
    /// The first measure divided by the second.
    Ratio(String, String),
    /// The median of a column.
    Median(String),
    /// Days from the latest date of a column to the end of the period.
    Age(String),
    /// What is left of another measure's target in its own period.
    Left(String),
    /// The records of two measures together.
    Plus(String, String),
    /// What is told of the weeks that end with the period.
    Window(Window),
    /// The number of people who report to somebody at the end of the period; of those whom a column of the records names, where there is
    /// one.
    Reports(Option<String>),
}

/// How a team's value comes from those of its people (`measures.md` §3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TeamRule {
    /// A record that several share counts once.
    Union,
    /// The sum over the people.
    Sum,
    /// The quotient of the sums.
    OfSums,
    /// Computed anew over all records of the team.
    OfAll,
}

impl TeamRule {
    const WORDS: &'static [(&'static str, Self)] =
        &[("union", Self::Union), ("sum", Self::Sum), ("of_sums", Self::OfSums), ("of_all", Self::OfAll)];

    /// Its name in config.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, rule)| *rule == self).map_or("", |(word, _)| word)
    }
}

/// The sort of unit; the currency of money comes from the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UnitKind {
    /// Whole things.
    Count,
    /// Hours, kept as minutes.
    Hours,
    /// A quotient.
    Ratio,
    /// Days.
    Days,
    /// Money.
    Money,
}

impl UnitKind {
    const WORDS: &'static [(&'static str, Self)] =
        &[("count", Self::Count), ("hours", Self::Hours), ("ratio", Self::Ratio), ("days", Self::Days), ("money", Self::Money)];

    /// Its name in config.
    pub fn name(self) -> &'static str {
        Self::WORDS.iter().find(|(_, unit)| *unit == self).map_or("", |(word, _)| word)
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// More is better.
    Up,
    /// Less is better.
    Down,
}

/// Who has a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// Everybody.
    Everybody,
    /// Those whose role is to lead; a team's and everybody's value is that of their leaders.
    Leaders,
}

/// When a record counts in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum When {
    /// When its date lies in the period.
    In,
    /// When its date lies in the period after: what is booked.
    Next,
    /// When it is so at the end of the period; past ends cannot be told from today's export.
    Now,
}

/// A measure as it is declared, complete.
#[derive(Debug, Clone, PartialEq)]
pub struct Spec {
    /// Its name: small letters, digits and underscores.
    pub name: String,
    /// Lead or lag.
    pub role: Role,
    /// What it means, in one sentence; its label where the declaration has none.
    pub says: String,
    /// The heading of its column, lines separated by `\n`; its name in words where the declaration has none.
    pub label: String,
    /// The table whose records it counts.
    pub from: table::Kind,
    /// The date column that puts a record in a period.
    pub on: String,
    /// Which records, as a SQL predicate; `TRUE` where the declaration has none.
    pub filter: Text,
    /// How records become a value.
    pub value: Aggregate,
    /// The place of `value`.
    pub value_at: Location,
    /// How a team's value comes from its people's.
    pub team: TeamRule,
    /// Its unit.
    pub unit: UnitKind,
    /// Which way is better.
    pub good: Direction,
    /// Fewer records than this (for a ratio: than this in the denominator) are too few for a value.
    pub min_count: Option<u32>,
    /// A sum of which less than this share of the records is known has no value.
    pub known: Option<f64>,
    /// Days from the beginning of its table in which the measure cannot look back far enough.
    pub warm_up: Option<u32>,
    /// Days that must have passed since a record's before what came of it is known: it counts from then on, and a period that ends later
    /// has no value yet.
    pub ripe_after: Option<u32>,
    /// When a record counts in a period.
    pub when: When,
    /// For whom a record counts.
    pub credit: Whose,
    /// Who has a value; that of a quotient is its parts'.
    pub who: Who,
    /// Where it is declared.
    pub origin: Location,
}

impl Spec {
    /// Whether it is a part of a whole, which is never above 1: a ratio that its name calls a rate or a share, or a share of weeks.
    pub fn is_share(&self) -> bool {
        let window = matches!(self.value, Aggregate::Window(_));
        self.unit == UnitKind::Ratio
            && (window || self.name.split('_').any(|word| ["rate", "share", "percentage", "percent"].contains(&word)))
    }
}

/// A measure that is being put together, key by key, from one or more files.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    name: String,
    origin: Option<Location>,
    written: Vec<String>,
    role: Option<Role>,
    says: Option<String>,
    label: Option<String>,
    from: Option<table::Kind>,
    on: Option<Text>,
    filter: Option<Text>,
    value: Option<(Aggregate, Location)>,
    team: Option<(TeamRule, Location)>,
    unit: Option<(UnitKind, Location)>,
    good: Option<Direction>,
    min_count: Option<u32>,
    known: Option<f64>,
    warm_up: Option<u32>,
    ripe_after: Option<u32>,
    when: Option<When>,
    credit: Option<(Whose, Location)>,
    who: Option<(Who, Location)>,
}

/// The keys of a `[measure.<name>]` table.
pub(crate) const KEYS: &[Key<Draft>] = &[
    Key::value("role", |d, e| {
        fill(&mut d.role, e.word(&[("lead", Role::Lead), ("lag", Role::Lag)]));
    }),
    Key::value("says", |d, e| fill(&mut d.says, e.filled().map(|t| t.text))),
    Key::value("label", |d, e| fill(&mut d.label, e.filled().map(|t| t.text))),
    Key::value("from", |d, e| fill(&mut d.from, e.kind())),
    Key::value("on", |d, e| fill(&mut d.on, e.filled())),
    Key::value("where", |d, e| fill(&mut d.filter, e.filled())),
    Key::value("value", |d, e| fill(&mut d.value, aggregate(e))),
    Key::value("team", |d, e| fill(&mut d.team, e.word(TeamRule::WORDS).map(|rule| (rule, e.at())))),
    Key::value("unit", |d, e| fill(&mut d.unit, e.word(UnitKind::WORDS).map(|unit| (unit, e.at())))),
    Key::value("good", |d, e| {
        fill(&mut d.good, e.word(&[("up", Direction::Up), ("down", Direction::Down)]));
    }),
    Key::value("min_count", |d, e| fill(&mut d.min_count, e.whole(0, 1_000_000))),
    Key::value("known", |d, e| fill(&mut d.known, share(e))),
    Key::value("warm_up", |d, e| fill(&mut d.warm_up, e.whole(0, 3_650))),
    Key::value("ripe_after", |d, e| fill(&mut d.ripe_after, e.whole(0, 3_650))),
    Key::value("when", |d, e| fill(&mut d.when, e.word(&[("in", When::In), ("next", When::Next), ("now", When::Now)]))),
    Key::value("credit", |d, e| fill(&mut d.credit, e.word(Whose::WORDS).map(|whose| (whose, e.at())))),
    Key::value("who", |d, e| {
        fill(&mut d.who, e.word(&[("everybody", Who::Everybody), ("leaders", Who::Leaders)]).map(|who| (who, e.at())));
    }),
];

const AGGREGATES: &[&str] = &["sum", "distinct", "ratio", "median", "age", "left", "reports"];

fn aggregate(entry: &Entry<'_>) -> Option<(Aggregate, Location)> {
    if entry.string().is_some() {
        let reports = entry.word(&[("count", false), ("reports", true)])?;
        return Some((if reports { Aggregate::Reports(None) } else { Aggregate::Count }, entry.at()));
    }
    let example = "\"count\", or a rule with its column such as { sum = \"minutes\" }";
    if entry.items().is_some() || !matches!(entry.value.get_ref(), toml::de::DeValue::Table(_)) {
        entry.unlike("a rule", example);
        return None;
    }
    let table = entry.table()?;
    let mut found = None;
    table.read_each(AGGREGATES, |name, rule| {
        found = if name == "ratio" {
            ratio(rule)
        } else {
            rule.filled().map(|column| {
                let make = match name {
                    "sum" => Aggregate::Sum,
                    "distinct" => Aggregate::Distinct,
                    "median" => Aggregate::Median,
                    "left" => Aggregate::Left,
                    "reports" => |column| Aggregate::Reports(Some(column)),
                    _ => Aggregate::Age,
                };
                (make(column.text), column.at)
            })
        };
    });
    if table.entries().len() != 1 {
        entry.refuse("`value` takes one rule", format!("write {example}"));
        return None;
    }
    found
}

fn ratio(entry: &Entry<'_>) -> Option<(Aggregate, Location)> {
    let names: Option<Vec<Text>> = match entry.items() {
        Some(items) if items.len() == 2 => items.iter().map(Entry::filled).collect(),
        _ => {
            entry.unlike("two measures", "{ ratio = [\"deals_won\", \"deals_decided\"] }");
            None
        }
    };
    let mut names = names?.into_iter();
    let (above, below) = (names.next()?, names.next()?);
    Some((Aggregate::Ratio(above.text, below.text), above.at))
}

impl Draft {
    /// Takes in the keys of a table; what it says wins over what was there.
    fn read(&mut self, table: &Table<'_>) {
        table.read_into(self, KEYS);
        self.written.extend(table.entries().iter().map(|e| e.key.to_owned()));
        self.origin = Some(table.at());
    }

    fn missing(&self, key: &str, hint: &str, found: &mut Vec<Diagnostic>) {
        // A key that is there but wrong has its own error already.
        if !self.written.iter().any(|k| k == key) {
            self.refuse(self.origin.clone(), format!("measure `{}` lacks `{key}`", self.name), hint, found);
        }
    }

    fn refuse(&self, at: Option<Location>, message: impl Into<String>, hint: &str, found: &mut Vec<Diagnostic>) {
        let mut diagnostic = Diagnostic::error(Code::ConfigValue, message).hint(hint);
        diagnostic.location = at.or_else(|| self.origin.clone());
        found.push(diagnostic);
    }

    /// The measure, if every key that it needs is there and they agree.
    pub(crate) fn finish(self, found: &mut Vec<Diagnostic>) -> Option<Spec> {
        let before = found.len();
        if self.role.is_none() {
            self.missing("role", "write role = \"lead\" for what is done, or \"lag\" for what came of it", found);
        }
        if self.from.is_none() {
            self.missing("from", "write the table that it counts, such as from = \"activities\"", found);
        }
        if self.value.is_none() {
            self.missing("value", "write value = \"count\", or a rule such as { sum = \"amount\" }", found);
        }
        let (Some(role), Some(from), Some((value, value_at))) = (self.role, self.from, self.value.clone()) else {
            return None;
        };
        let on = self.day_column(from, &value, found);
        let natural = self.natural_unit(from, &value, &value_at, found);
        let unit = self.unit(natural, &value, found);
        let team = self.team(&value, found);
        self.agree(from, &value, found);
        if found.len() > before {
            return None;
        }
        let origin = self.origin?;
        let label = self.label.unwrap_or_else(|| self.name.replace('_', " "));
        Some(Spec {
            role,
            says: self.says.unwrap_or_else(|| label.replace('\n', " ")),
            label,
            from,
            on: on?,
            filter: self.filter.unwrap_or_else(|| Text { text: "TRUE".to_owned(), at: origin.clone() }),
            value,
            value_at,
            team,
            unit,
            good: self.good.unwrap_or(Direction::Up),
            min_count: self.min_count,
            known: self.known,
            warm_up: self.warm_up,
            ripe_after: self.ripe_after,
            when: self.when.unwrap_or(When::In),
            credit: self.credit.map_or(Whose::Owner, |(whose, _)| whose),
            who: self.who.map_or(Who::Everybody, |(who, _)| who),
            origin,
            name: self.name,
        })
    }

    /// Refuses a `credit` and a `who` that the value has no use for.
    fn agree(&self, from: table::Kind, value: &Aggregate, found: &mut Vec<Diagnostic>) {
        if let Some((Whose::Coach | Whose::Coached, at)) = &self.credit
            && (from != table::Kind::Activities || matches!(value, Aggregate::Ratio(..)))
        {
            let message = format!("measure `{}` counts no activities, and only these have a coach", self.name);
            self.refuse(Some(at.clone()), message, "take the line out; of a quotient the two measures that it divides have it", found);
        }
        if let (Some((_, at)), Aggregate::Ratio(..) | Aggregate::Left(_)) = (&self.who, value) {
            let message = format!("the value of `{}` is that of other measures, and they say whose it is", self.name);
            self.refuse(Some(at.clone()), message, "take the line out, and write it into those", found);
        }
    }

    fn day_column(&self, from: table::Kind, value: &Aggregate, found: &mut Vec<Diagnostic>) -> Option<String> {
        let days: Vec<&str> = from.columns().iter().filter(|c| c.ty == Type::Day).map(|c| c.name).collect();
        if let Some(on) = &self.on {
            if days.contains(&on.text.as_str()) {
                return Some(on.text.clone());
            }
            let hint = suggestion(&on.text, &days, "its dates are");
            self.refuse(Some(on.at.clone()), format!("`{}` is no date of {}", on.text, from.name()), &hint, found);
            return None;
        }
        match (from, value) {
            (table::Kind::Activities, _) => Some("day".to_owned()),
            // A ratio dates no record itself: the two measures that it divides do.
            (_, Aggregate::Ratio(..) | Aggregate::Reports(None)) => Some(days.first().map_or_else(String::new, |d| (*d).to_owned())),
            _ => {
                self.missing("on", &format!("write the date that puts a record in a period; its dates are {}", days.join(", ")), found);
                None
            }
        }
    }

    /// The unit that the rule yields by itself; none where the exports decide (their own columns, ratios).
    fn natural_unit(&self, from: table::Kind, value: &Aggregate, at: &Location, found: &mut Vec<Diagnostic>) -> Option<UnitKind> {
        let (column, fits): (&str, fn(Type) -> bool) = match value {
            Aggregate::Count | Aggregate::Reports(None) => return Some(UnitKind::Count),
            Aggregate::Left(_) => return Some(UnitKind::Money),
            Aggregate::Ratio(..) | Aggregate::Plus(..) | Aggregate::Window(_) => return None,
            Aggregate::Distinct(column) => (column, |_| true),
            Aggregate::Sum(column) | Aggregate::Median(column) => (column, |ty| matches!(ty, Type::Whole | Type::Money)),
            Aggregate::Age(column) => (column, |ty| ty == Type::Day),
            Aggregate::Reports(Some(column)) => (column, |ty| matches!(ty, Type::Text | Type::Texts)),
        };
        let own = column.starts_with("x.\"") && column.ends_with('"') && column.len() > 4;
        if own && !matches!(value, Aggregate::Age(_) | Aggregate::Reports(_)) {
            return matches!(value, Aggregate::Distinct(_)).then_some(UnitKind::Count);
        }
        let fitting: Vec<&str> = from.columns().iter().filter(|c| fits(c.ty) && c.name != "line").map(|c| c.name).collect();
        if !fitting.contains(&column) {
            let message = match from.column(column) {
                Some(_) => format!("`{column}` of {} cannot be used so", from.name()),
                None => format!("{} has no column `{}`", from.name(), reading::brief(column)),
            };
            self.refuse(Some(at.clone()), message, &suggestion(column, &fitting, "those that can are"), found);
            return None;
        }
        Some(match value {
            Aggregate::Distinct(_) | Aggregate::Reports(_) => UnitKind::Count,
            Aggregate::Age(_) => UnitKind::Days,
            _ if from.column(column).is_some_and(|c| c.ty == Type::Money) => UnitKind::Money,
            _ if column == "minutes" => UnitKind::Hours,
            _ if column == "days_open" => UnitKind::Days,
            _ => UnitKind::Count,
        })
    }

    fn unit(&self, natural: Option<UnitKind>, value: &Aggregate, found: &mut Vec<Diagnostic>) -> UnitKind {
        match (&self.unit, natural) {
            (Some((unit, at)), Some(natural)) if *unit != natural => {
                let message = format!("measure `{}` comes in {}, not in {}", self.name, natural.name(), unit.name());
                self.refuse(Some(at.clone()), message, &format!("write unit = \"{}\", or take the line out", natural.name()), found);
                natural
            }
            (Some((unit, _)), _) => *unit,
            (None, Some(natural)) => natural,
            (None, None) if matches!(value, Aggregate::Ratio(..)) => UnitKind::Ratio,
            (None, None) => UnitKind::Count,
        }
    }

    fn team(&self, value: &Aggregate, found: &mut Vec<Diagnostic>) -> TeamRule {
        let possible: &[TeamRule] = match value {
            Aggregate::Count => &[TeamRule::Union, TeamRule::Sum],
            Aggregate::Sum(_) => &[TeamRule::Sum, TeamRule::Union],
            Aggregate::Distinct(_) | Aggregate::Reports(_) => &[TeamRule::Union],
            Aggregate::Ratio(..) => &[TeamRule::OfSums, TeamRule::OfAll],
            Aggregate::Median(_) | Aggregate::Age(_) | Aggregate::Left(_) | Aggregate::Plus(..) | Aggregate::Window(_) => {
                &[TeamRule::OfAll]
            }
        };
        let usual = possible.first().copied().unwrap_or(TeamRule::Union);
        match &self.team {
            Some((rule, at)) if !possible.contains(rule) => {
                let words: Vec<String> = possible.iter().map(|r| format!("\"{}\"", r.name())).collect();
                let message = format!("the values of `{}` do not add up to a team's by \"{}\"", self.name, rule.name());
                self.refuse(Some(at.clone()), message, &format!("write team = {}, or take the line out", words.join(" or ")), found);
                usual
            }
            Some((rule, _)) => *rule,
            None => usual,
        }
    }
}

/// Refuses a name of a measure or component that is no small word.
pub(super) fn check_name(entry: &Entry<'_>, sort: &str) {
    let name = entry.key;
    let fit = name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'));
    if !fit {
        let better: String = name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let better = better.trim_matches(|c: char| !c.is_ascii_lowercase());
        let hint = if better.is_empty() { String::new() } else { format!(", such as [{sort}.{}]", reading::brief(better)) };
        let message = format!("`{}` is no name for a {sort}", reading::brief(name));
        entry.refuse_key(message, format!("write it in small letters, digits and underscores{hint}"));
    }
}

fn suggestion(word: &str, valid: &[&str], otherwise: &str) -> String {
    match reading::closest(word, valid.iter().copied()) {
        Some(close) => format!("did you mean \"{close}\"?"),
        None => format!("{otherwise} {}", valid.join(", ")),
    }
}

/// Takes the `[measure.<name>]` tables of a text into drafts, in the order in which they are written.
pub(crate) fn read_drafts(entry: &Entry<'_>, drafts: &mut Vec<Draft>) {
    let Some(measures) = entry.table() else { return };
    for measure in measures.entries() {
        let name = measure.key;
        check_name(measure, "measure");
        let Some(table) = measure.table() else { continue };
        if let Some(draft) = drafts.iter_mut().find(|d| d.name == name) {
            draft.read(&table);
        } else {
            let mut draft = Draft { name: name.to_owned(), ..Draft::default() };
            draft.read(&table);
            drafts.push(draft);
        }
    }
}

/// Reads a text that holds `[measure.<name>]` tables only, such as a file of the shipped library; `file` is its name in diagnostics.
/// Measures come in the order in which they are written.
///
/// # Errors
/// Every mistake in the text, with its line and position.
pub fn read(text: &str, file: &str) -> Result<Vec<Spec>, Vec<Diagnostic>> {
    const TOP: &[Key<Vec<Draft>>] = &[Key::table("measure", |drafts, e| read_drafts(e, drafts))];
    let mut drafts = Vec::new();
    let elsewhere = |key: &str| {
        if reading::names(KEYS).contains(&key) { vec!["[measure.<name>]".to_owned()] } else { Vec::new() }
    };
    let (mut found, _) = Source::new(file, text, true, elsewhere).without_settings().read(|table| table.read_into(&mut drafts, TOP));
    let specs: Vec<Spec> = drafts.into_iter().filter_map(|d| d.finish(&mut found)).collect();
    if found.iter().any(|d| d.severity == Severity::Error) { Err(found) } else { Ok(specs) }
}

/// A share from 0 to 1.
fn share(entry: &Entry<'_>) -> Option<f64> {
    let number = entry.number()?;
    if number < Decimal::ZERO || number > Decimal::ONE {
        entry.unlike("a share from 0 to 1", "0.8");
        return None;
    }
    number.to_f64()
}
