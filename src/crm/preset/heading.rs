//! Headings as a file has them.

use crate::crm::fold::fold;
use crate::crm::priced::Priced;

/// A heading as written and as compared.
#[derive(Debug)]
pub(in crate::crm) struct Heading {
    pub(in crate::crm) text: String,
    pub(in crate::crm) folded: String,
    /// The heading as compared without `__c`, by which Salesforce marks a company's own fields: `Customer_Since__c` is `Customer Since`.
    pub(super) unmarked: Option<String>,
    /// The heading without the unit of money that it says, as `Amount` of `Amount (USD)`.
    pub(super) bare: Option<Box<Heading>>,
}

impl Heading {
    pub(in crate::crm) fn new(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}').trim();
        let unmarked = |text: &str| {
            let (name, mark) = text.split_at_checked(text.len().checked_sub(3)?)?;
            mark.eq_ignore_ascii_case("__c").then(|| fold(name))
        };
        let plain = |text: &str| Self { text: text.to_owned(), folded: fold(text), unmarked: unmarked(text), bare: None };
        Self { bare: Priced::of(text).map(|priced| Box::new(plain(priced.bare))), ..plain(text) }
    }

    /// The heading as compared, and then without its unit.
    pub(super) fn spelled(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.folded).chain(self.bare.as_deref().map(|bare| &bare.folded)).map(String::as_str)
    }
}
