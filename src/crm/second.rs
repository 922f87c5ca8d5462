//! Deals of two people: who set them up and who closed them, each in a column of its own.

use super::fold::fold;
use super::part::Part;
use super::preset::Shape;
use super::recognise::Recognised;
use super::take::says_nothing;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Lines, Words};

/// A heading that names a further owner of a deal, and that person's share of the money in millionths.
pub type Share = (String, u32);

/// Headings, folded, that name a second person to whom a deal is owed.
const HEADINGS: &[&str] = &[
    "setter",
    "settername",
    "appointmentsetter",
    "setby",
    "bookedby",
    "sdr",
    "sdrname",
    "sdrowner",
    "sdrrep",
    "assignedsdr",
    "bdr",
    "bdrname",
    "bdrowner",
    "bdrrep",
    "assignedbdr",
    "ldr",
    "mdr",
    "isr",
    "insidesales",
    "insidesalesrep",
    "sourcedby",
    "sourcedbyrep",
    "sourcingrep",
    "sourcerep",
    "opener",
    "openedby",
    "openername",
    "closer",
    "closername",
    "coowner",
    "secondowner",
    "secondaryowner",
    "secondrep",
    "secondaryrep",
    "splitowner",
    "splitrep",
    "leadgenerator",
    "leadgenrep",
    "prospector",
    "prospectedby",
    "accountexecutive",
    "ae",
    "aename",
    "salesdevelopmentrep",
    "salesdevelopmentrepresentative",
    "businessdevelopmentrep",
    "businessdevelopmentrepresentative",
];

/// Whether a heading names such a person.
fn is_second(heading: &str) -> bool {
    let plain = heading.trim();
    // Salesforce marks the columns that a company has added.
    let plain = plain.strip_suffix("__c").or_else(|| plain.strip_suffix("__C")).unwrap_or(plain);
    HEADINGS.contains(&fold(plain).as_str())
}

/// The places of headings that name a second person and that nothing reads, but to fill the blanks of the owner.
pub(super) fn unread(found: &Recognised, headings: &[String]) -> Vec<usize> {
    if found.shape != Shape::Records(Kind::Deals) {
        return Vec::new();
    }
    let fills_blanks = found.also.iter().filter(|(name, _)| *name == "owner").map(|(_, at)| *at);
    let places = found.ignored.iter().copied().chain(fills_blanks);
    places.filter(|at| headings.get(*at).is_some_and(|h| is_second(h))).collect()
}

/// Says that a column names a second person for some deals, and that it is passed over.
pub(super) fn passed_over(path: &str, lines: &Lines, heading: &str, column: &Words, owner: Option<&Words>) -> Option<Diagnostic> {
    let named: Vec<Option<String>> = column.words().iter().map(|name| (!says_nothing(name, true)).then(|| fold(name))).collect();
    let owners: Vec<String> = owner.into_iter().flat_map(|o| o.words().iter()).map(fold).collect();
    let other = |row: &usize| {
        let named = column.code(*row).and_then(|name| named[name as usize].as_ref());
        let owner = || owner.and_then(|o| o.code(*row)).map(|owner| &owners[owner as usize]);
        named.is_some_and(|name| owner().is_none_or(|owner| owner != name))
    };
    let rows: Vec<usize> = (0..column.len()).filter(other).collect();
    let first = rows.first()?;
    let heading = heading.trim();
    let deals = if rows.len() == 1 { "1 deal: it counts".to_owned() } else { format!("{} deals: they count", rows.len()) };
    let whose = if rows.len() == 1 { "its owner" } else { "their owners" };
    Some(
        Diagnostic::warning(Code::Assumed, format!("'{heading}' names a second person of {deals} for {whose} alone"))
            .at(Location::cell(path, lines.get(*first), heading))
            .hint(format!("to share their money, write in leadlag.toml: [credit] deals = {{ owner = 0.5, \"{heading}\" = 0.5 }}"))
            .hint("if it is right so, write deals = { owner = 1 } there"),
    )
}

/// The people whom the named columns give a deal of, each with the share.
pub(super) fn people<'p>(part: &'p Part, row: usize, shares: &'p [Share]) -> impl Iterator<Item = (&'p str, u32)> {
    shares.iter().filter_map(move |(heading, share)| {
        let (_, words) = part.extras.iter().find(|(h, _)| fold(h) == fold(heading))?;
        Some((words.get(row).filter(|name| !says_nothing(name, true))?, *share))
    })
}

#[cfg(test)]
mod tests {
    use super::is_second;

    #[test]
    fn headings_of_a_second_person() {
        for heading in ["SDR", "Setter__c", "Sourced By", "BDR Owner", "Account Executive", "Co-Owner"] {
            assert!(is_second(heading), "{heading}");
        }
        for heading in ["Owner", "Created By", "Partner", "Manager", "Lead Source", "Close"] {
            assert!(!is_second(heading), "{heading}");
        }
    }
}
