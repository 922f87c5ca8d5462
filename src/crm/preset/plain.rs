//! How a CRM spells what every other says plainly.

use serde::Deserialize;

/// What the cells of a table need before they are understood.
#[derive(Debug, Clone, Default)]
pub(in crate::crm) struct Plain {
    /// What some of the CRM's files put before an id and others do not, as `zcrm_`.
    pub(in crate::crm) id_prefix: Option<String>,
    /// Flags that words of another heading set.
    pub(in crate::crm) marks: Vec<(&'static str, Mark)>,
    /// A heading whose whole numbers may count hundredths.
    pub(in crate::crm) cents: Option<Cents>,
}

/// Words of a heading that set a flag: a deal with the status `deleted` is deleted.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::crm) struct Mark {
    /// The heading.
    pub(in crate::crm) heading: String,
    /// The words.
    pub(in crate::crm) words: Vec<String>,
}

/// A heading whose whole numbers count hundredths of the currency.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::crm) struct Cents {
    /// The heading.
    pub(in crate::crm) heading: String,
    /// The heading that has the same amounts written out, which shows whether that is so.
    pub(in crate::crm) shown_by: Option<String>,
}

impl Plain {
    /// The places of the headings that it needs.
    pub(in crate::crm) fn headings<'a>(&'a self, headings: &'a [String]) -> impl Iterator<Item = usize> + 'a {
        let named = self.marks.iter().map(|(_, mark)| mark.heading.as_str());
        let shown = self.cents.iter().flat_map(|cents| [Some(cents.heading.as_str()), cents.shown_by.as_deref()]).flatten();
        named.chain(shown).filter_map(|name| crate::crm::plain::place(headings, name))
    }
}
