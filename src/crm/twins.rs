//! Columns that come in pairs: an amount and its currency, an amount and the same converted, a heading that stands twice.

use super::fold::fold;
use super::normalise::is_converted;
use super::part::Field;
use super::recognise::Recognised;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Lines, Words};

/// Gives an amount the currency that stands beside it and no other's, and takes converted amounts only where there are no original ones:
/// amounts are in their own currency, so that those of several currencies are never mixed.
pub(super) fn settle(found: &mut Recognised, headings: &[String]) {
    if found.shape.table() != Kind::Deals {
        return;
    }
    let heading = |at: usize| headings.get(at).map_or("", String::as_str);
    let of = |found: &Recognised, name: &str| found.column(name).map(|at| (at, is_converted(heading(at))));
    let (amount, actual) = (of(found, "amount"), of(found, "actual_amount"));
    if let (Some((_, of_estimate)), Some((_, of_actual))) = (amount, actual)
        && of_estimate != of_actual
    {
        let drop = if of_actual { "actual_amount" } else { "amount" };
        found.columns.retain(|(name, _)| *name != drop);
    }
    let Some((at, converted)) = of(found, "amount").or_else(|| of(found, "actual_amount")) else { return };
    let beside = format!("{}currency", fold(heading(at)));
    let twin = headings.iter().position(|h| fold(h) == beside);
    if twin.is_some() || converted {
        // The currency of other amounts says nothing of these.
        found.columns.retain(|(name, _)| *name != "currency");
        found.also.retain(|(name, _)| *name != "currency");
    }
    if let Some(twin) = twin {
        found.columns.retain(|(_, at)| *at != twin);
        found.ignored.retain(|at| *at != twin);
        found.columns.push(("currency", twin));
        found.columns.sort_unstable_by_key(|(_, at)| *at);
    }
}

/// Whether a second column under the same heading says something else somewhere; then it may mean something else and fills no blanks.
pub(super) fn differ(field: &Field, heading: &str, other: &Words, path: &str, line: &Lines) -> Option<Diagnostic> {
    if fold(&field.heading) != fold(heading) {
        return None;
    }
    let folded = |words: &Words| -> Vec<String> { words.words().iter().map(fold).collect() };
    let (ones, twos) = (folded(&field.words), folded(other));
    let row = (0..other.len()).find(|row| match (field.words.code(*row), other.code(*row)) {
        (Some(one), Some(two)) => ones[one as usize] != twos[two as usize],
        _ => false,
    })?;
    let (one, two) = (field.words.get(row).unwrap_or_default(), other.get(row).unwrap_or_default());
    let message = format!("the heading '{heading}' stands twice, and here one says '{one}' and the other '{two}': the first is read");
    Some(
        Diagnostic::warning(Code::Assumed, message)
            .at(Location::cell(path, line.get(row), heading))
            .hint("give the two columns different headings, or take one out of the export"),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;
    use crate::crm::preset;
    use crate::crm::recognise::{Pinned, recognise};

    /// The headings of amount, actual amount and currency.
    fn money(headings: &[&str]) -> [String; 3] {
        let mut all = vec!["Deal Name", "Stage", "Close Date", "Deal Owner"];
        all.extend(headings);
        let headings: Vec<String> = all.into_iter().map(str::to_owned).collect();
        let mut found = recognise(&headings, "deals.csv", preset::shipped(), Pinned::default()).map_err(|e| e.0.message).unwrap();
        settle(&mut found, &headings);
        ["amount", "actual_amount", "currency"].map(|name| found.column(name).map_or(String::new(), |at| headings[at].clone()))
    }

    #[test]
    fn an_amount_has_the_currency_beside_it() {
        let columns = ["Amount (converted) Currency", "Amount (converted)", "Amount Currency", "Amount"];
        assert_eq!(money(&columns), ["Amount", "", "Amount Currency"]);
        assert_eq!(money(&columns[..2]), ["Amount (converted)", "", "Amount (converted) Currency"]);
        // The deal's own currency is not that of an amount that was converted.
        assert_eq!(money(&["Currency", "Amount (converted)"]), ["Amount (converted)", "", ""]);
        assert_eq!(money(&["Currency", "Amount in company currency", "Amount"]), ["Amount", "", "Currency"]);
        assert_eq!(money(&["Total Amount Currency", "Total Amount"]), ["Total Amount", "", "Total Amount Currency"]);
        assert_eq!(money(&["Currency", "Amount"]), ["Amount", "", "Currency"]);
    }

    #[test]
    fn base_amounts_stand_in_only_where_there_are_no_others() {
        assert_eq!(money(&["Est. revenue (Base)", "Est. revenue", "Currency"]), ["Est. revenue", "", "Currency"]);
        assert_eq!(money(&["Est. revenue (Base)", "Currency"]), ["Est. revenue (Base)", "", ""]);
        assert_eq!(money(&["Est. revenue", "Actual Revenue (Base)", "Currency"]), ["Est. revenue", "", "Currency"]);
    }

    #[test]
    fn a_heading_that_stands_twice_means_one_thing_only_where_the_columns_agree() {
        let words = |texts: &[Option<&str>]| Words::from_texts(texts.iter().copied());
        let field = Field { name: "owner", heading: "Owner".to_owned(), words: words(&[Some("Ana"), None]) };
        assert!(differ(&field, "Owner", &words(&[Some("ANA "), Some("Ben")]), "x", &vec![2, 3].into()).is_none());
        assert!(differ(&field, "Rep", &words(&[Some("Ben"), None]), "x", &vec![2, 3].into()).is_none());
        let said = differ(&field, "owner", &words(&[Some("Ben"), None]), "x", &vec![2, 3].into()).unwrap();
        assert_eq!(said.location, Some(Location::cell("x", 2, "owner")));
    }
}
