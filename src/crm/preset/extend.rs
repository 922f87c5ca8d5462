//! Presets that add to one that ships: its headings and words in a further language, or what a company calls things in its CRM.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RawPreset, Robots, Rule, WordLists, Wrong};

/// A preset that ships, or what adds to one.
struct Shipped {
    /// Its name: that of its file.
    name: &'static str,
    /// The preset that it adds to, as its text says too: known before any text is parsed.
    adds_to: Option<&'static str>,
    /// The file as `build.rs` has written it out: as JSON.
    json: &'static str,
}

macro_rules! shipped {
    (@) => { None };
    (@ $base:literal) => { Some($base) };
    ($($name:literal $(adds to $base:literal)?),+ $(,)?) => {
        &[$(Shipped { name: $name, adds_to: shipped!(@ $($base)?), json: include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")) }),+]
    };
}

/// The presets that ship, and what adds to them; the common one last.
const SHIPPED: &[Shipped] = shipped![
    "salesforce",
    "hubspot",
    "pipedrive",
    "dynamics",
    "zoho",
    "close",
    "freshsales",
    "copper",
    "sugarcrm",
    "odoo",
    "bitrix24",
    "sap-business-one",
    "rd-station",
    "agendor",
    "generic-de" adds to "generic",
    "generic-fr" adds to "generic",
    "generic-es" adds to "generic",
    "generic-pt" adds to "generic",
    "generic",
];

/// What a text says that it adds to.
#[derive(Deserialize)]
struct Base {
    extends: Option<String>,
}

/// What is added to a preset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension<T: Ord> {
    /// The preset that it adds to.
    extends: String,
    #[serde(default)]
    unverified: Vec<String>,
    #[serde(default = "Vec::new")]
    known: Vec<T>,
    #[serde(default = "Vec::new")]
    table: Vec<More<T>>,
    #[serde(default)]
    words: WordLists,
    #[serde(default)]
    subject: Vec<Rule>,
    #[serde(default)]
    title: Vec<Rule>,
    #[serde(default)]
    robots: Robots,
}

/// What is added to a table.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct More<T: Ord> {
    name: String,
    #[serde(default)]
    signature: Vec<String>,
    #[serde(default = "Vec::new")]
    known: Vec<T>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default = "BTreeMap::new")]
    fields: BTreeMap<T, Vec<T>>,
}

/// The preset that a text adds to, if it adds to one.
pub(super) fn base(text: &str) -> Option<String> {
    toml::from_str::<Base>(text).ok().and_then(|base| base.extends)
}

/// The names of the presets that ship.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    SHIPPED.iter().filter(|s| s.adds_to.is_none()).map(|s| s.name)
}

/// What each shipped file adds to, by name.
#[cfg(test)]
pub(super) fn adding() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    SHIPPED.iter().map(|s| (s.name, s.adds_to))
}

/// A preset that ships, with all that ships and adds to it.
pub(super) fn whole<T: Deserialize<'static> + Ord>(name: &str) -> Result<RawPreset<T>, Wrong> {
    let unknown = || Wrong::unknown("preset", name, names());
    let shipped = SHIPPED.iter().find(|s| s.adds_to.is_none() && s.name == name).ok_or_else(unknown)?;
    let broken = |file: &str, error: serde_json::Error| Wrong { word: String::new(), message: format!("{file}: {error}"), hint: None };
    let mut raw: RawPreset<T> = serde_json::from_str(shipped.json).map_err(|error| broken(name, error))?;
    for more in SHIPPED.iter().filter(|s| s.adds_to == Some(name)) {
        serde_json::from_str::<Extension<T>>(more.json).map_err(|error| broken(more.name, error))?.add_to(&mut raw)?;
    }
    Ok(raw)
}

impl<T: Deserialize<'static> + Ord> Extension<T> {
    /// The preset that this adds to, with what it adds, behind what is there.
    pub(super) fn extended(self) -> Result<RawPreset<T>, Wrong> {
        let mut raw = whole(&self.extends)?;
        self.add_to(&mut raw)?;
        Ok(raw)
    }

    fn add_to(self, raw: &mut RawPreset<T>) -> Result<(), Wrong> {
        raw.unverified.extend(self.unverified);
        raw.known.extend(self.known);
        for more in self.table {
            more.add_to(raw)?;
        }
        for (vocabulary, values) in self.words {
            let there = raw.words.entry(vocabulary).or_default();
            for (value, words) in values {
                there.entry(value).or_default().extend(words);
            }
        }
        add_rules(self.subject, &mut raw.subject)?;
        add_rules(self.title, &mut raw.title)?;
        raw.robots.names.extend(self.robots.names);
        raw.robots.phrases.extend(self.robots.phrases);
        Ok(())
    }
}

impl<T: Ord> More<T> {
    fn add_to(self, raw: &mut RawPreset<T>) -> Result<(), Wrong> {
        let unknown = |raw: &RawPreset<T>, sort: &str| Wrong::unknown(sort, &self.name, raw.table.iter().map(|t| t.name.as_str()));
        if !self.signature.is_empty() {
            // A table that needed no evidence would need some from then on.
            let Some(signed) = raw.table.iter_mut().find(|t| t.name == self.name && !t.signature.is_empty()) else {
                return Err(unknown(raw, "table with a signature"));
            };
            signed.signature.extend(self.signature);
        }
        let Some(table) = raw.table.iter_mut().find(|t| t.name == self.name) else {
            return Err(unknown(raw, "table"));
        };
        table.known.extend(self.known);
        table.unless.extend(self.unless);
        for (field, headings) in self.fields {
            table.fields.entry(field).or_default().extend(headings);
        }
        Ok(())
    }
}

/// Adds words to the rules that say the same in the same circumstances: where a rule stands among the others is for the preset to say.
fn add_rules(more: Vec<Rule>, there: &mut [Rule]) -> Result<(), Wrong> {
    for rule in more {
        let same = |other: &&mut Rule| {
            (&other.is, other.whereabouts, other.alone, other.keeps_meetings)
                == (&rule.is, rule.whereabouts, rule.alone, rule.keeps_meetings)
        };
        let Some(other) = there.iter_mut().find(same) else {
            return Err(Wrong { word: rule.is.clone(), message: format!("no rule for `{}` to add words to", rule.is), hint: None });
        };
        other.words.extend(rule.words);
    }
    Ok(())
}
