//! Headings that are evidence of a CRM.

use rustc_hash::FxHashMap;

use crate::crm::fold::fold;

/// Headings that speak for a CRM, where spelling tells: `Create Date` is one CRM's label and `create_date` anybody's column.
#[derive(Debug, Clone)]
pub(super) struct Signature(FxHashMap<String, Spelling>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    /// However it is spelled.
    Any,
    /// A label, with blanks.
    Blanks,
    /// A label with a dot, as `Deal Owner.id`; `Deal Owner ID` is anybody's.
    Dotted,
    /// One run of letters, as `dealname`.
    Run,
    /// A name of capitalized words, as `Closing_Date`; `closing_date` is anybody's.
    Capitals,
    /// A name of several words without blanks, as `StageName`; warehouses write it `stage_name`.
    Joined,
}

impl Signature {
    pub(super) fn new(headings: &[String], common: bool) -> Self {
        let spelling = |heading: &str| match heading {
            _ if common => Spelling::Any,
            _ if heading.contains(' ') && heading.contains('.') => Spelling::Dotted,
            _ if heading.contains(' ') => Spelling::Blanks,
            _ if has_capitals(heading) => Spelling::Capitals,
            _ if heading.chars().all(|c| c.is_lowercase() || c.is_numeric()) => Spelling::Run,
            _ => Spelling::Joined,
        };
        Self(headings.iter().map(|h| (fold(h), spelling(h))).collect())
    }

    pub(super) fn has(&self, folded: &str, text: &str) -> bool {
        let blanks = || text.contains(char::is_whitespace);
        self.0.get(folded).is_some_and(|spelling| match spelling {
            Spelling::Any => true,
            Spelling::Blanks => blanks(),
            Spelling::Dotted => blanks() && text.contains('.'),
            Spelling::Capitals => has_capitals(text),
            Spelling::Run => !blanks() && !text.contains('_'),
            Spelling::Joined => !blanks(),
        })
    }

    /// Whether no heading is listed.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Whether a later word begins with a capital letter after an underscore.
fn has_capitals(text: &str) -> bool {
    text.as_bytes().windows(2).any(|pair| pair[0] == b'_' && pair[1].is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_tells_a_crm_from_anybody() {
        let signature = |heading: &str| Signature::new(&[heading.to_owned()], false);
        let signed = |heading: &str, text: &str| signature(heading).has(&fold(text), text);
        assert!(
            signed("Closing_Date", "Closing_Date") && !signed("Closing_Date", "closing_date") && !signed("Closing_Date", "Closing Date")
        );
        assert!(
            signed("Deal Owner.id", "Deal Owner.id")
                && !signed("Deal Owner.id", "Deal Owner ID")
                && !signed("Deal Owner.id", "deal_owner.id")
        );
        assert!(signed("StageName", "stage_name") && !signed("StageName", "Stage Name"));
        assert!(signed("CustomerPriority__c", "customer_priority_c") && signed("dealname", "DEALNAME") && !signed("dealname", "deal_name"));
    }
}
