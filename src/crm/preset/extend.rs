//! Presets that add to one that ships: its headings and words in a further language, or what a company calls things in its CRM.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{RawPreset, Robots, Rule, WordLists, Wrong};

/// The presets that ship, and what adds to them, by file; the common one last.
const SOURCES: &[(&str, &str)] = &[
    ("salesforce.toml", include_str!("../presets/salesforce.toml")),
    ("hubspot.toml", include_str!("../presets/hubspot.toml")),
    ("copper.toml", include_str!("../presets/copper.toml")),
    ("sugarcrm.toml", include_str!("../presets/sugarcrm.toml")),
    ("odoo.toml", include_str!("../presets/odoo.toml")),
    ("bitrix24.toml", include_str!("../presets/bitrix24.toml")),
    ("sap-business-one.toml", include_str!("../presets/sap-business-one.toml")),
    ("rd-station.toml", include_str!("../presets/rd-station.toml")),
    ("agendor.toml", include_str!("../presets/agendor.toml")),
    ("generic-de.toml", include_str!("../presets/generic-de.toml")),
    ("generic-fr.toml", include_str!("../presets/generic-fr.toml")),
    ("generic-es.toml", include_str!("../presets/generic-es.toml")),
    ("generic-pt.toml", include_str!("../presets/generic-pt.toml")),
    ("generic.toml", include_str!("../presets/generic.toml")),
];

/// What a text says that it adds to.
#[derive(Deserialize)]
struct Base {
    extends: Option<String>,
}

/// What is added to a preset.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Extension {
    /// The preset that it adds to.
    extends: String,
    #[serde(default)]
    unverified: Vec<String>,
    #[serde(default)]
    known: Vec<String>,
    #[serde(default)]
    table: Vec<More>,
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
struct More {
    name: String,
    #[serde(default)]
    signature: Vec<String>,
    #[serde(default)]
    known: Vec<String>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    fields: BTreeMap<String, Vec<String>>,
}

/// The preset that a text adds to, if it adds to one.
pub(super) fn base(text: &str) -> Option<String> {
    toml::from_str::<Base>(text).ok().and_then(|base| base.extends)
}

/// The files of the presets that ship and add to no other.
pub(super) fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    SOURCES.iter().copied().filter(|(_, text)| base(text).is_none())
}

/// A preset that ships, with all that ships and adds to it.
pub(super) fn whole(name: &str) -> Result<RawPreset, Wrong> {
    let named = |file: &str| file.strip_suffix(".toml") == Some(name);
    let unknown = || Wrong::unknown("preset", name, files().filter_map(|(file, _)| file.strip_suffix(".toml")));
    let (_, text) = files().find(|(file, _)| named(file)).ok_or_else(unknown)?;
    let broken =
        |file: &str, error: toml::de::Error| Wrong { word: String::new(), message: format!("{file}: {}", error.message()), hint: None };
    let mut raw: RawPreset = toml::from_str(text).map_err(|error| broken(name, error))?;
    for (file, text) in SOURCES.iter().filter(|(_, text)| base(text).as_deref() == Some(name)) {
        toml::from_str::<Extension>(text).map_err(|error| broken(file, error))?.add_to(&mut raw)?;
    }
    Ok(raw)
}

impl Extension {
    /// The preset that this adds to, with what it adds, behind what is there.
    pub(super) fn extended(self) -> Result<RawPreset, Wrong> {
        let mut raw = whole(&self.extends)?;
        self.add_to(&mut raw)?;
        Ok(raw)
    }

    fn add_to(self, raw: &mut RawPreset) -> Result<(), Wrong> {
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

impl More {
    fn add_to(self, raw: &mut RawPreset) -> Result<(), Wrong> {
        let unknown = |raw: &RawPreset, sort: &str| Wrong::unknown(sort, &self.name, raw.table.iter().map(|t| t.name.as_str()));
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
