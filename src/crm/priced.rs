//! Headings of money that say their unit: `Amount (USD)`, `Deal Value €`, `opp_amount_usd`, `Umsatz (T€)`, `Revenue k€`.

use super::fold::fold;
use super::value;

/// A heading of money, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::crm) struct Priced<'a> {
    /// What stands before or around the unit.
    pub(in crate::crm) bare: &'a str,
    /// How many of the currency one in a cell is.
    pub(in crate::crm) factor: u32,
    /// The currency as it is written, if one is named.
    pub(in crate::crm) currency: Option<String>,
}

/// Signs of currencies as headings have them, folded; those of three letters are codes.
const SIGNS: &[&str] =
    &["$", "us$", "r$", "c$", "ca$", "a$", "au$", "nz$", "s$", "hk$", "€", "£", "¥", "₹", "₺", "₽", "₪", "zł", "zl", "kč", "kc", "kr"];

/// Codes that a heading may end with without brackets: others are words, too.
const CODES: &[&str] = &[
    "aed", "aud", "brl", "cad", "chf", "cny", "czk", "dkk", "eur", "gbp", "hkd", "huf", "inr", "jpy", "mxn", "nok", "nzd", "pln", "sek",
    "sgd", "usd", "zar",
];

/// Multiples, folded; the last says whether it may stand alone in brackets: `(k)` counts thousands, and `(t)` may be tons.
const MULTIPLES: &[(&str, u32, bool)] = &[
    ("thousands", 1_000, true),
    ("thousand", 1_000, true),
    ("tausend", 1_000, true),
    ("milliers", 1_000, true),
    ("miles", 1_000, true),
    ("milhares", 1_000, true),
    ("000s", 1_000, true),
    ("000", 1_000, true),
    ("tsd", 1_000, true),
    ("k", 1_000, true),
    ("t", 1_000, false),
    ("millions", 1_000_000, true),
    ("million", 1_000_000, true),
    ("millionen", 1_000_000, true),
    ("millones", 1_000_000, true),
    ("mio", 1_000_000, true),
    ("mln", 1_000_000, true),
    ("mm", 1_000_000, false),
    ("mn", 1_000_000, false),
    ("m", 1_000_000, false),
];

impl<'a> Priced<'a> {
    /// The heading, if it says a unit of money: in brackets at its end, as its last word, or as a sign or code right behind it.
    pub(in crate::crm) fn of(heading: &'a str) -> Option<Self> {
        let text = heading.trim().trim_end_matches(['*', '?']).trim_end();
        for (open, close) in [('(', ')'), ('[', ']')] {
            if let Some((bare, inside)) = text.strip_suffix(close).and_then(|rest| rest.rsplit_once(open)) {
                let (factor, currency) = unit(inside, true)?;
                return Self { bare, factor, currency }.checked();
            }
        }
        let (bare, last) = text.rsplit_once([' ', '_', '\u{a0}', ','])?;
        if let Some((factor, currency)) = unit(last, false) {
            let bare = bare.trim_end();
            let bare = [" in", "_in", " en", " em", ","].iter().find_map(|word| bare.strip_suffix(word)).unwrap_or(bare);
            return Self { bare, factor, currency }.checked();
        }
        None
    }

    fn checked(mut self) -> Option<Self> {
        self.bare = self.bare.trim_end_matches([' ', '_', '-', ',', '\u{a0}']);
        (!self.bare.is_empty()).then_some(self)
    }
}

/// How many of which currency a unit is; none for what is no unit.
fn unit(written: &str, in_brackets: bool) -> Option<(u32, Option<String>)> {
    let lower = written.trim().to_lowercase();
    let lower = ["in ", "en ", "em "].iter().find_map(|word| lower.strip_prefix(word)).unwrap_or(&lower);
    let text: String = lower.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '.' | '\'' | '\u{2019}' | '_' | '-' | '/')).collect();
    let common = |text: &str| SIGNS.contains(&text) || CODES.contains(&text) || matches!(text, "euro" | "euros" | "dollars");
    // In small letters `all` and `top` are words.
    let code = || value::is_code(&text) && lower.len() == 3 && !written.trim().contains(|c: char| c.is_lowercase());
    if common(&text) || in_brackets && code() {
        return Some((1, Some(text)));
    }
    MULTIPLES.iter().find_map(|(word, factor, alone)| {
        if text == *word {
            return (in_brackets && *alone).then_some((*factor, None));
        }
        let rest = text.strip_prefix(word).or_else(|| text.strip_suffix(word))?;
        let rest = rest.strip_prefix("de").unwrap_or(rest);
        common(rest).then(|| (*factor, Some(rest.to_owned())))
    })
}

/// How many of its currency one in a cell under this heading is: 1 unless the heading says `k€` or the like.
pub(in crate::crm) fn factor(heading: &str) -> u32 {
    Priced::of(heading).map_or(1, |priced| priced.factor)
}

/// Whether a cell says its own multiple, as `45.3k`: then the heading's is not applied once more.
pub(in crate::crm) fn says_multiple(cell: &str) -> bool {
    fold(cell).ends_with(['k', 'm'])
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_heading_of_money_says_its_unit() {
        let of = |heading: &str| Priced::of(heading).map(|p| (p.bare.to_owned(), p.factor, p.currency.unwrap_or_default()));
        let is = |bare: &str, factor: u32, currency: &str| Some((bare.to_owned(), factor, currency.to_owned()));
        assert_eq!(of("Amount (USD)"), is("Amount", 1, "usd"));
        assert_eq!(of("opp_amount_usd"), is("opp_amount", 1, "usd"));
        assert_eq!(of("Deal Value €"), is("Deal Value", 1, "€"));
        assert_eq!(of("Amount in EUR"), is("Amount", 1, "eur"));
        assert_eq!(of("Amount, USD"), is("Amount", 1, "usd"));
        assert_eq!(of("Valor (R$)"), is("Valor", 1, "r$"));
        assert_eq!(of("Amount [$]"), is("Amount", 1, "$"));
        assert_eq!(of("Amount (GEL)"), is("Amount", 1, "gel"));
        assert_eq!(of("Revenue k€"), is("Revenue", 1_000, "€"));
        assert_eq!(of("Umsatz (T€)"), is("Umsatz", 1_000, "€"));
        assert_eq!(of("Umsatz in TEUR"), is("Umsatz", 1_000, "eur"));
        assert_eq!(of("Amount ($K)"), is("Amount", 1_000, "$"));
        assert_eq!(of("Amount ('000)"), is("Amount", 1_000, ""));
        assert_eq!(of("Amount (USD thousands)"), is("Amount", 1_000, "usd"));
        assert_eq!(of("Volumen (Mio. €)"), is("Volumen", 1_000_000, "€"));
        assert_eq!(of("Amount ($M)"), is("Amount", 1_000_000, "$"));
    }

    #[test]
    fn what_is_no_unit_of_money_stays() {
        for heading in
            ["Amount", "Probability (%)", "Margin (%)", "Amount (converted)", "Amount (base)", "Weight (t)", "Amount (M)", "Plan B", "All"]
        {
            assert_eq!(Priced::of(heading), None, "{heading}");
        }
        assert_eq!(Priced::of("(USD)"), None, "nothing is left");
        assert!(says_multiple("45.3k") && !says_multiple("45.3"));
    }
}
