//! What is known of a CRM, as data: the headings of its tables and what its words mean.
//!
//! A preset is TOML, and the shipped ones say the same in JSON, which is what the same code reads at each start: `build.rs` writes them out.
//! Adding a CRM is adding a file; `presets/generic.toml` begins with what its keys mean.

mod extend;
mod heading;
mod plain;
mod signature;
mod written;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use serde::Deserialize;

use self::extend::Extension;
use super::field::{self, Field};
use super::fold::fold;
use super::words;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::Kind;
pub(super) use heading::Heading;
pub(super) use plain::Plain;
use plain::{Cents, Mark};
use signature::Signature;
use written::{Shipped, Written};

/// In which zone times without an offset are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// In UTC.
    Utc,
    /// In the zone of the person who exported, taken to be the report's.
    #[default]
    Report,
}

/// Whether a deals table has one close date for open and closed deals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Close {
    /// One date, expected while open and real once closed (Salesforce, `HubSpot`, Zoho, `SugarCRM`).
    Shared,
    /// The close date is only ever a real one.
    Real,
    /// The preset can't tell: the rows must.
    #[default]
    ByData,
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Records of this table.
    Records(Kind),
    /// Rows that each add a value to a record of `table`: the record is found by its field `key`, the value goes into `fills`.
    Link {
        /// The table whose records are added to.
        table: Kind,
        /// The field of that table that names the record.
        key: &'static str,
        /// The field of that table that gets the value.
        fills: &'static str,
    },
    /// Rows that explain an id: every record of `table` whose field `key` has the row's id gets the row's other fields, where it has
    /// none of its own.
    Lookup {
        /// The table whose records are explained.
        table: Kind,
        /// The field of that table that holds the id.
        key: &'static str,
    },
}

impl Shape {
    /// The table that the rows belong to.
    pub fn table(self) -> Kind {
        match self {
            Self::Records(table) | Self::Link { table, .. } | Self::Lookup { table, .. } => table,
        }
    }
}

/// Something that must be there: what it is, and the fields of which one suffices.
#[derive(Debug, Clone)]
pub struct Need {
    /// What it is, in words.
    pub says: String,
    /// The fields; any one of them will do.
    pub any: Vec<&'static str>,
}

/// One sort of file that a CRM exports.
#[derive(Debug, Clone)]
pub struct Table {
    /// What the CRM calls it.
    pub name: String,
    /// What its rows are.
    pub shape: Shape,
    /// In which zone its times without an offset are written.
    pub zone: Zone,
    /// Its close dates.
    pub close: Close,
    /// Without all of these it is not this table.
    pub needs: Vec<Need>,
    /// The share of headings that must be known, unless three or more are found in no other table.
    pub share: f64,
    /// Where it fits, no table without this mark is considered.
    pub outright: bool,
    /// Fields with the same text in every row.
    pub constant: Vec<(&'static str, String)>,
    /// What stands before the name of a stage in headings whose cells say when the record entered it.
    pub entered: Vec<String>,
    /// What its cells need before they are understood.
    pub(super) plain: Plain,
    unless: FxHashSet<String>,
    prefixes: Vec<String>,
    signature: Signature,
    known: Patterns,
    headings: FxHashMap<Cow<'static, str>, (&'static Field, usize)>,
}

impl Table {
    /// The field that a heading fills, and its place in the order of preference.
    pub(super) fn slot(&self, heading: &Heading) -> Option<(&'static Field, usize)> {
        let listed = |heading: &Heading| self.by_spelling(heading, |folded| self.headings.get(folded).copied());
        // `Amount` comes before `Amount (USD)`, and both before what is less preferred.
        listed(heading).map(|(field, rank)| (field, rank * 2)).or_else(|| {
            let (field, rank) = listed(heading.bare.as_deref()?)?;
            is_money(field).then_some((field, rank * 2 + 1))
        })
    }

    /// Whether a heading is listed as one of its others.
    pub(super) fn knows(&self, heading: &Heading) -> bool {
        heading.spelled().any(|folded| self.known.have(folded))
    }

    /// Whether a heading is listed by name, as a field's or as one of its others.
    #[cfg(test)]
    pub(super) fn lists(&self, heading: &Heading) -> bool {
        self.slot(heading).is_some() || self.names(heading)
    }

    /// Whether a heading is listed by name as one of its others.
    pub(super) fn names(&self, heading: &Heading) -> bool {
        !self.known.exact.is_empty() && heading.spelled().any(|folded| self.known.exact.contains(folded))
    }

    /// Whether it needs strong evidence.
    pub(super) fn is_signed(&self) -> bool {
        !self.signature.is_empty()
    }

    /// Whether a heading is strong evidence of this table in this CRM.
    pub(super) fn signed_by(&self, heading: &Heading) -> bool {
        self.by_spelling(heading, |folded| self.signature.has(folded, &heading.text).then_some(())).is_some()
    }

    /// Whether a heading says that it is not this table.
    pub(super) fn excluded_by(&self, heading: &Heading) -> bool {
        self.unless.contains(&heading.folded)
    }

    /// The first thing found of a heading as it is written, without a beginning that this table's headings may have, or without the mark of
    /// a company's own fields.
    fn by_spelling<T>(&self, heading: &Heading, mut find: impl FnMut(&str) -> Option<T>) -> Option<T> {
        let found = find(&heading.folded).or_else(|| {
            self.prefixes.iter().find_map(|prefix| {
                let start = heading.text.get(..prefix.len())?;
                start.eq_ignore_ascii_case(prefix).then(|| find(&fold(&heading.text[prefix.len()..])))?
            })
        });
        found.or_else(|| find(heading.unmarked.as_deref()?))
    }
}

/// Whether a field holds amounts of money, whose headings may say their unit.
fn is_money(field: &Field) -> bool {
    matches!(
        field.name,
        "amount"
            | "actual_amount"
            | "cost"
            | "profit"
            | "expected_revenue"
            | "value"
            | "quota_week"
            | "quota_month"
            | "quota_quarter"
            | "quota_year"
    )
}

/// Headings listed by name or by their beginning (`Recurrence*`).
#[derive(Debug, Clone, Default)]
struct Patterns {
    exact: FxHashSet<Cow<'static, str>>,
    beginnings: Vec<Cow<'static, str>>,
}

impl Patterns {
    fn new<'a>(patterns: impl IntoIterator<Item = &'a (impl Written + 'a)>) -> Self {
        let mut all = Self::default();
        for (folded, begins) in patterns.into_iter().map(Written::folded) {
            if begins {
                all.beginnings.push(folded);
            } else {
                all.exact.insert(folded);
            }
        }
        all
    }

    fn have(&self, folded: &str) -> bool {
        self.exact.contains(folded) || self.beginnings.iter().any(|b| folded.starts_with(&**b))
    }
}

/// Word lists: vocabulary (`kind`, `outcome` …) → value → the words that mean it; what a user's `[words]` holds.
pub type WordLists = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Where in a text a rule's words must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whereabouts {
    /// At its beginning.
    Start,
    /// Anywhere, as whole words.
    #[default]
    Anywhere,
}

/// What a text means that has one of these words; of several rules the first that fits decides.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The meaning: a kind of activity in `[[subject]]`, a role in `[[title]]`.
    pub is: String,
    /// The words or phrases.
    pub words: Vec<String>,
    /// Where they must stand.
    #[serde(default, rename = "where")]
    pub whereabouts: Whereabouts,
    /// Only for a record without a customer: with one, the words mean something else ("Quarterly review").
    #[serde(default)]
    pub alone: bool,
    /// Not for a record that the CRM keeps as a meeting, where `channel` or `type` says so.
    #[serde(default)]
    pub keeps_meetings: bool,
}

/// What to export from a CRM for one table, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guide {
    /// The table that it fills.
    pub of: String,
    /// Where it is: the object or report and the way to it, in one or two sentences.
    pub export: String,
    /// The columns to include, by the headings that they get.
    pub columns: Vec<String>,
    /// How far back it should reach, and why.
    pub back: String,
    /// What else to know, such as what the CRM leaves out of an export.
    #[serde(default)]
    pub note: Option<String>,
}

/// Machines that own records.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Robots {
    /// Their names, whole.
    pub names: Vec<String>,
    /// Phrases found only in the names of machines.
    pub phrases: Vec<String>,
}

/// What is known of a CRM.
#[derive(Debug, Clone)]
pub struct Preset {
    /// Its name in `--crm`.
    pub name: String,
    /// Its name as its makers write it.
    pub label: String,
    /// What it covers, in one sentence.
    pub says: String,
    /// Whether its headings and words were seen in documents or files, save those of `unverified`.
    pub verified: bool,
    /// Headings and words that no document or file has shown.
    pub unverified: Vec<String>,
    /// Whether it stands behind every other preset: its tables need no evidence of a CRM, its words hold wherever a CRM has none.
    pub common: bool,
    /// Its tables.
    pub tables: Vec<Table>,
    /// What its words mean.
    pub words: WordLists,
    /// What its subjects mean.
    pub subjects: Vec<Rule>,
    /// What job titles mean.
    pub titles: Vec<Rule>,
    /// Its machines.
    pub robots: Robots,
    /// What to export there, table by table.
    pub guides: Vec<Guide>,
    signature: Signature,
    known: Patterns,
    utc_if: Patterns,
}

impl Preset {
    /// Reads a preset. `file` is what diagnostics call the text.
    ///
    /// # Errors
    /// `config-syntax` for text that is no TOML, `config-key` for an unknown key, `config-value` for an unknown table, field or word.
    pub fn parse(text: &str, file: &str) -> Result<Self, Diagnostic> {
        let syntax = |error: toml::de::Error| {
            let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.matches('\n').count() + 1);
            let message = error.message();
            let code = if message.contains("unknown field") { Code::ConfigKey } else { Code::ConfigSyntax };
            Diagnostic::error(code, message).at(Location::line(file, u32::try_from(line).unwrap_or(u32::MAX)))
        };
        let raw = match extend::base(text) {
            Some(_) => toml::from_str::<Extension<String>>(text).map_err(syntax)?.extended(),
            None => Ok(toml::from_str(text).map_err(syntax)?),
        };
        raw.and_then(Self::build).map_err(|wrong| {
            let line = text.lines().position(|line| line.contains(&wrong.word)).map_or(1, |at| at + 1);
            let diagnostic = Diagnostic::error(Code::ConfigValue, wrong.message);
            let diagnostic = diagnostic.at(Location::line(file, u32::try_from(line).unwrap_or(u32::MAX)));
            wrong.hint.into_iter().fold(diagnostic, Diagnostic::hint)
        })
    }

    fn build(raw: RawPreset<impl Written>) -> Result<Self, Wrong> {
        words::check(&raw.words)?;
        words::check_rules("kind", &raw.subject)?;
        words::check_rules("role", &raw.title)?;
        if let Some(guide) = raw.guide.iter().find(|guide| Kind::named(&guide.of).is_none()) {
            return Err(Wrong::unknown("table", &guide.of, Kind::ALL.map(Kind::name)));
        }
        let mut tables = Vec::with_capacity(raw.table.len());
        for (at, table) in raw.table.iter().enumerate() {
            let model = match &table.like {
                None => None,
                Some(like) => {
                    let earlier = &raw.table[..at];
                    let names = earlier.iter().map(|t| t.name.as_str());
                    Some(earlier.iter().find(|t| t.name == *like).ok_or_else(|| Wrong::unknown("earlier table", like, names))?)
                }
            };
            tables.push(build_table(table, model, &raw)?);
        }
        Ok(Self {
            name: raw.name,
            label: raw.label,
            says: raw.says,
            verified: raw.verified,
            unverified: raw.unverified,
            common: raw.common,
            tables,
            words: raw.words,
            subjects: raw.subject,
            titles: raw.title,
            robots: raw.robots,
            guides: raw.guide,
            signature: Signature::new(&raw.signature, raw.common),
            known: Patterns::new(&raw.known),
            utc_if: Patterns::new(&raw.utc_if),
        })
    }

    /// Whether a heading says that times without an offset are in UTC, as where a warehouse wrote the file.
    pub(super) fn in_utc(&self, heading: &Heading) -> bool {
        self.utc_if.have(&heading.folded)
    }

    /// Whether a heading is one of this CRM's that no table needs.
    pub(super) fn knows(&self, heading: &Heading) -> bool {
        self.known.have(&heading.folded)
    }

    /// Whether a heading is evidence of this CRM, whatever the table.
    pub(super) fn signed_by(&self, heading: &Heading) -> bool {
        self.signature.has(&heading.folded, &heading.text)
    }
}

/// The presets that ship, the common one last.
pub fn shipped() -> &'static [Preset] {
    static SHIPPED: OnceLock<Vec<Preset>> = OnceLock::new();
    // A shipped preset that cannot be read is left out here and fails a test.
    SHIPPED
        .get_or_init(|| extend::names().filter_map(|name| extend::whole::<Shipped<'static>>(name).and_then(Preset::build).ok()).collect())
}

/// A user's own presets before those that ship; one with a shipped preset's name takes its place.
pub fn with_own(own: Vec<Preset>) -> Cow<'static, [Preset]> {
    if own.is_empty() {
        return Cow::Borrowed(shipped());
    }
    let kept: Vec<Preset> = shipped().iter().filter(|p| !own.iter().any(|o| o.name == p.name)).cloned().collect();
    Cow::Owned(own.into_iter().chain(kept).collect())
}

/// A word of a preset or config that is not understood.
#[derive(Debug)]
pub(super) struct Wrong {
    pub(super) word: String,
    pub(super) message: String,
    pub(super) hint: Option<String>,
}

impl Wrong {
    /// `what` has no such `word`; with the nearest of those that it has.
    pub(super) fn unknown<'a>(what: &str, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let message = format!("unknown {what} `{word}`");
        Self { word: word.to_owned(), message, hint: nearest(word, known).map(|near| format!("did you mean `{near}`?")) }
    }
}

/// The known name most like this one, if any is like it.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    known
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&folded, &fold(name)), name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPreset<T: Ord> {
    name: String,
    label: String,
    says: String,
    #[serde(default)]
    verified: bool,
    #[serde(default)]
    unverified: Vec<String>,
    #[serde(default)]
    common: bool,
    #[serde(default)]
    id_prefix: Option<String>,
    #[serde(default)]
    zone: Zone,
    #[serde(default)]
    close: Close,
    #[serde(default)]
    signature: Vec<String>,
    #[serde(default = "Vec::new")]
    known: Vec<T>,
    #[serde(default = "Vec::new")]
    utc_if: Vec<T>,
    #[serde(default = "Vec::new")]
    table: Vec<RawTable<T>>,
    #[serde(default)]
    words: WordLists,
    #[serde(default)]
    subject: Vec<Rule>,
    #[serde(default)]
    title: Vec<Rule>,
    #[serde(default)]
    robots: Robots,
    #[serde(default)]
    guide: Vec<Guide>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, Default)]
#[serde(rename_all = "snake_case")]
enum Role {
    #[default]
    Records,
    Link,
    Lookup,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTable<T: Ord> {
    of: String,
    name: String,
    /// An earlier table of the preset whose fields, needs and other headings it shares, save where it has its own.
    like: Option<String>,
    #[serde(default)]
    role: Role,
    key: Option<String>,
    fills: Option<String>,
    zone: Option<Zone>,
    close: Option<Close>,
    #[serde(default)]
    prefixes: Vec<String>,
    #[serde(default)]
    signature: Vec<String>,
    #[serde(default = "Vec::new")]
    known: Vec<T>,
    #[serde(default)]
    requires: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    share: f64,
    #[serde(default)]
    outright: bool,
    #[serde(default)]
    constant: BTreeMap<String, String>,
    #[serde(default)]
    entered: Vec<String>,
    #[serde(default)]
    marks: BTreeMap<String, Mark>,
    cents: Option<Cents>,
    #[serde(default = "BTreeMap::new")]
    fields: BTreeMap<T, Vec<T>>,
}

fn build_table<T: Written>(raw: &RawTable<T>, model: Option<&RawTable<T>>, preset: &RawPreset<T>) -> Result<Table, Wrong> {
    let kind = Kind::named(&raw.of).ok_or_else(|| Wrong::unknown("table", &raw.of, Kind::ALL.map(Kind::name)))?;
    let named = |name: &str| {
        let known = field::fields(kind).iter().map(|f| f.name);
        field::find(kind, name).ok_or_else(|| Wrong::unknown(&format!("field of {}", kind.name()), name, known))
    };
    let shared = model.into_iter().flat_map(|m| &m.fields).filter(|(name, _)| !raw.fields.contains_key(*name));
    let spelled = raw.fields.values().chain(shared.clone().map(|(_, spellings)| spellings)).map(Vec::len).sum();
    let mut headings = FxHashMap::with_capacity_and_hasher(spelled, FxBuildHasher);
    for (name, spellings) in raw.fields.iter().chain(shared) {
        let field = named(name.as_ref())?;
        for (rank, heading) in spellings.iter().enumerate() {
            if headings.insert(heading.folded().0, (field, rank)).is_some_and(|(other, _)| other.name != field.name) {
                let heading = heading.as_ref();
                let message = format!("the heading `{heading}` stands under two fields of {}", raw.name);
                return Err(Wrong { word: heading.to_owned(), message, hint: None });
            }
        }
    }
    let key = raw.key.as_deref().map(named).transpose()?.map(|f| f.name);
    let fills = raw.fills.as_deref().map(named).transpose()?.map(|f| f.name);
    let shape = match (raw.role, key, fills) {
        (Role::Records, ..) => Shape::Records(kind),
        (Role::Lookup, Some(key), _) => Shape::Lookup { table: kind, key },
        (Role::Link, Some(key), Some(fills)) => Shape::Link { table: kind, key, fills },
        (Role::Link | Role::Lookup, ..) => {
            let message = format!("{} needs `key`, the field that finds its records; a link also `fills`, the field it fills", raw.name);
            return Err(Wrong { word: raw.name.clone(), message, hint: None });
        }
    };
    let mut needs = Vec::new();
    for (says, any) in model.filter(|_| raw.requires.is_empty()).map_or(&raw.requires, |m| &m.requires) {
        let any = any.iter().map(|name| named(name).map(|f| f.name)).collect::<Result<_, _>>()?;
        needs.push(Need { says: says.clone(), any });
    }
    let mut constant = Vec::new();
    for (name, text) in &raw.constant {
        constant.push((named(name)?.name, text.clone()));
    }
    let marks = model.filter(|_| raw.marks.is_empty()).map_or(&raw.marks, |m| &m.marks);
    let marks = marks.iter().map(|(name, mark)| Ok((named(name)?.name, mark.clone()))).collect::<Result<_, _>>()?;
    let unless = model.filter(|_| raw.unless.is_empty()).map_or(&raw.unless, |m| &m.unless);
    Ok(Table {
        name: raw.name.clone(),
        shape,
        zone: raw.zone.unwrap_or(preset.zone),
        close: raw.close.unwrap_or(preset.close),
        needs,
        share: raw.share,
        outright: raw.outright,
        constant,
        entered: model.filter(|_| raw.entered.is_empty()).map_or(&raw.entered, |m| &m.entered).clone(),
        plain: Plain {
            id_prefix: preset.id_prefix.clone(),
            marks,
            cents: raw.cents.clone().or_else(|| model.and_then(|m| m.cents.clone())),
        },
        unless: unless.iter().map(|h| fold(h)).collect(),
        prefixes: model.filter(|_| raw.prefixes.is_empty()).map_or(&raw.prefixes, |m| &m.prefixes).clone(),
        signature: Signature::new(&raw.signature, preset.common),
        known: Patterns::new(raw.known.iter().chain(model.into_iter().flat_map(|m| &m.known))),
        headings,
    })
}

#[cfg(test)]
mod tests;
