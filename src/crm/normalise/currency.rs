//! Which currency an amount is in: what its column, its cell or its heading says, and what a sign means that several currencies share.

use super::stacked::Kept;
use super::{Amounts, Problems};
use crate::crm::coded::{Groups, Slots, fill};
use crate::crm::fold::{fold, tokens};
use crate::crm::part::Part;
use crate::crm::priced::Priced;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Column, Source, Table, Words};

/// Every code of ISO 4217 in which prices are made.
const CODES: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLF \
    CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR \
    IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR \
    MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL \
    THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG";

/// Codes that a heading may end with, such as `amount_usd`; the others are words too.
const IN_HEADINGS: &str = "AED AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF INR JPY MXN NOK NZD PLN SEK SGD USD ZAR";

/// Currencies that some CRMs write by name or sign, folded; what several countries share, such as `dollar`, is in [`SHARED`].
const NAMES: &[(&[&str], &str)] = &[
    (&["usdollar", "usdollars", "unitedstatesdollar", "americandollar", "us$"], "USD"),
    (&["euro", "euros", "€"], "EUR"),
    (&["poundsterling", "britishpound", "britishpoundsterling", "ukpound", "sterling", "£"], "GBP"),
    (&["swissfranc", "schweizerfranken"], "CHF"),
    (&["canadiandollar", "ca$", "c$", "cad$", "can$"], "CAD"),
    (&["australiandollar", "a$", "au$"], "AUD"),
    (&["newzealanddollar", "nz$"], "NZD"),
    (&["singaporedollar", "s$"], "SGD"),
    (&["hongkongdollar", "hk$"], "HKD"),
    (&["newtaiwandollar", "nt$"], "TWD"),
    (&["japaneseyen", "yen", "jp¥"], "JPY"),
    (&["chineseyuan", "yuanrenminbi", "chineseyuanrenminbi", "renminbi", "cn¥", "rmb"], "CNY"),
    (&["indianrupee", "₹"], "INR"),
    (&["brazilianreal", "real", "reais", "r$"], "BRL"),
    (&["mexicanpeso", "mx$", "mex$"], "MXN"),
    (&["swedishkrona"], "SEK"),
    (&["norwegiankrone"], "NOK"),
    (&["danishkrone"], "DKK"),
    (&["polishzloty", "zloty", "zł", "zl"], "PLN"),
    (&["czechkoruna", "kc"], "CZK"),
    (&["hungarianforint", "forint", "ft"], "HUF"),
    (&["turkishlira", "₺"], "TRY"),
    (&["southafricanrand", "rand"], "ZAR"),
    (&["₽"], "RUB"),
    (&["₩", "southkoreanwon"], "KRW"),
    (&["₪"], "ILS"),
    (&["₫"], "VND"),
    (&["₴"], "UAH"),
    (&["฿"], "THB"),
    (&["₦"], "NGN"),
    (&["₱"], "PHP"),
];

/// Signs and names that several currencies share, folded, with those.
const SHARED: &[(&[&str], &str)] = &[
    (&["$", "dollar", "dollars"], "USD CAD AUD NZD SGD HKD TWD MXN CLP COP ARS"),
    (&["kr", "krona", "krone", "kronor", "kroner"], "SEK NOK DKK ISK"),
    (&["¥", "￥"], "JPY CNY"),
    (&["peso", "pesos"], "MXN CLP COP ARS PHP UYU DOP"),
    (&["rs", "rupee", "rupees"], "INR PKR LKR NPR"),
    (&["fr", "franc", "sfr"], "CHF XAF XOF XPF"),
    (&["pound", "pounds"], "GBP EGP"),
];

/// The ISO 4217 code of a currency as a cell writes it; none for a sign that several currencies share.
pub(in crate::crm) fn code_of(text: &str) -> Option<String> {
    let text = text.trim();
    let folded = fold(text);
    if let Some((_, code)) = NAMES.iter().find(|(names, _)| names.contains(&folded.as_str())) {
        return Some((*code).to_owned());
    }
    if text.len() == 3 && text.bytes().all(|b| b.is_ascii_alphabetic()) {
        return Some(text.to_uppercase());
    }
    // `USD - US Dollar`, `Euro (EUR)`
    let words = || text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes = words().filter(|word| word.len() == 3 && listed(CODES, word));
    match (codes.next(), codes.next()) {
        (Some(code), None) => Some(code.to_owned()),
        _ => None,
    }
}

fn listed(list: &str, code: &str) -> bool {
    list.split(' ').any(|known| known == code)
}

/// The currencies that a sign or name can mean.
fn candidates(sign: &str) -> &'static str {
    let folded = fold(sign);
    SHARED.iter().find(|(names, _)| names.contains(&folded.as_str())).map_or("", |(_, codes)| codes)
}

/// The currency that a heading names: `Amount (EUR)`, `amount_usd`, `Umsatz (T€)`; or the sign that it has, where several share it.
fn in_heading(heading: &str) -> Option<String> {
    let inside = heading.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
    let last = tokens(&heading.replace('_', " ")).pop().map(|word| word.to_uppercase());
    let inside = inside.and_then(code_of).filter(|code| listed(CODES, code));
    inside.or_else(|| last.filter(|word| listed(IN_HEADINGS, word))).or_else(|| {
        // A sign that several currencies share stays as it is, until what stands beside it tells.
        let sign = Priced::of(heading)?.currency?;
        code_of(&sign).or_else(|| (!candidates(&sign).is_empty()).then_some(sign))
    })
}

/// Whether a heading is that of amounts which the CRM itself has converted into the company's currency: Salesforce's `Amount (converted)`,
/// Dynamics' `Est. revenue (Base)`, `HubSpot`'s `Amount in company currency`.
pub(in crate::crm) fn is_converted(heading: &str) -> bool {
    let folded = fold(heading);
    ["converted", "homecurrency", "companycurrency", "corporatecurrency", "basecurrency"].iter().any(|mark| folded.contains(mark))
        || folded.ends_with("(base)")
        || folded.ends_with("valuebase")
}

/// A column of amounts, and what its heading says of their currency.
struct Stated<'a> {
    amounts: &'a Amounts<'a>,
    /// Whether the column of currencies is that of these amounts.
    column: bool,
    heading: Option<String>,
}

impl<'a> Stated<'a> {
    fn new(part: &Part, field: &str, amounts: &'a Amounts<'a>) -> Self {
        let heading = |name: &str| part.field(name).map(|f| f.heading.as_str());
        let converted = heading(field).is_some_and(is_converted);
        // What the CRM has converted is not in the currency of the deal.
        let column = !converted || heading("currency").is_some_and(is_converted);
        Self { amounts, column, heading: heading(field).and_then(in_heading) }
    }
}

/// Says in which currency the amounts of a file's rows are.
pub(super) struct Said<'a> {
    part: &'a Part,
    expected: Stated<'a>,
    actual: Stated<'a>,
}

impl<'a> Said<'a> {
    /// Looks at the headings of a file: those of the amounts that are expected, and of those that deals brought.
    pub(super) fn new(part: &'a Part, amount: &'a Amounts<'a>, actual: &'a Amounts<'a>) -> Self {
        let (expected, actual) = (Stated::new(part, "amount", amount), Stated::new(part, "actual_amount", actual));
        Self { part, expected, actual }
    }

    /// What is said of each row's expected amount, or of the actual one where a deal brought any: a code, else the word or sign as it is
    /// written; and what is to be said of those among the rows that are kept whose cell and column name different currencies.
    pub(super) fn of(&self, brought: impl Fn(usize) -> bool + Sync, kept: &Kept) -> (Words, Option<Diagnostic>) {
        let rows = self.part.len();
        let mut slots: Vec<Slots<'_>> = self.part.field("currency").map(|field| Slots::of(&field.words)).into_iter().collect();
        slots.extend([&self.expected, &self.actual].into_iter().filter_map(|stated| stated.amounts.slots()));
        slots.push(Slots::rows(fill(rows, |row| u8::from(brought(row))), 2));
        let groups = Groups::of(slots, rows);
        let said: Vec<(Option<String>, Option<String>)> =
            groups.first.iter().map(|row| self.of_row(*row as usize, brought(*row as usize))).collect();
        let differ = if said.iter().any(|(_, differ)| differ.is_some()) {
            let differ: Vec<usize> = kept.rows().filter(|row| said[groups.get(*row)].1.is_some()).collect();
            let what = differ.first().and_then(|row| said[groups.get(*row)].1.as_deref());
            what.and_then(|what| self.differ(what, &differ))
        } else {
            None
        };
        (groups.texts(&said.iter().map(|(said, _)| said.as_deref()).collect::<Vec<_>>()), differ)
    }

    /// What is said of a row's amount, and how its cell and column differ. Where nothing is said of the one amount, what is said of the other
    /// holds.
    fn of_row(&self, row: usize, actual: bool) -> (Option<String>, Option<String>) {
        let (own, other) = if actual { (&self.actual, &self.expected) } else { (&self.expected, &self.actual) };
        let plain = |text: &str| code_of(text).unwrap_or_else(|| text.trim().to_owned());
        let column = self.part.text("currency", row).filter(|_| own.column).map(plain);
        let cell = own.amounts.currency(row).or_else(|| other.amounts.currency(row));
        let differ = match (&column, cell) {
            (Some(column), Some(cell)) if column != cell && !candidates(cell).split(' ').any(|code| code == column) => {
                Some(format!("{cell} beside {column}"))
            }
            _ => None,
        };
        let said = column.or_else(|| cell.map(str::to_owned)).or_else(|| own.heading.clone()).or_else(|| other.heading.clone());
        (said, differ)
    }

    /// Says that in these rows cell and column name different currencies; `what` they are in the first.
    fn differ(&self, what: &str, rows: &[usize]) -> Option<Diagnostic> {
        let cells = if rows.len() == 1 { "1 amount names".to_owned() } else { format!("{} amounts name", rows.len()) };
        let message = format!("{cells} another currency than the column of currencies ({what}): the column's was taken");
        let line = self.part.line.get(*rows.first()?);
        Some(Diagnostic::warning(Code::Assumed, message).at(Location::line(&self.part.path, line)).hint("correct the one that is wrong"))
    }
}

/// Gives every deal the currency of its amounts: what is said of it, a shared sign by what stands beside it, and where nothing is said the
/// report's own.
pub(super) fn settle(table: &mut Table, said: Option<&Column>, home: Option<&str>, sources: &[Source], problems: &mut Problems) {
    let rows = table.len();
    let money: Vec<&[i64]> = ["amount", "cost", "profit"]
        .iter()
        .filter_map(|name| match table.column(name) {
            Some(Column::Money(money)) => Some(money.minor.as_slice()),
            _ => None,
        })
        .collect();
    let worth = |row: usize| money.iter().any(|minor| minor[row] != crate::table::Amounts::NULL);
    let none = Words::from_codes(&[""; 0], std::iter::repeat_n(u32::MAX, rows));
    let said = if let Some(Column::Words(said)) = said { said } else { &none };
    let mut named = vec![false; said.words().len()];
    for row in (0..rows).filter(|row| worth(*row)) {
        if let Some(code) = said.code(row) {
            named[code as usize] = true;
        }
    }
    let named: Vec<&str> = said.words().iter().zip(&named).filter(|(_, named)| **named).map(|(word, _)| word).collect();
    let meaning = |sign: &str| -> Option<String> {
        let codes = candidates(sign);
        let may_be = |code: &str| codes.split(' ').any(|c| c == code);
        if codes.is_empty() {
            return Some(sign.to_owned());
        }
        let mut beside = named.iter().filter(|other| may_be(other));
        match (home.filter(|home| may_be(home)), beside.next(), beside.next()) {
            (Some(home), ..) => Some(home.to_owned()),
            (None, Some(code), None) => Some((*code).to_owned()),
            // The one sign of all amounts says no more than none.
            _ if home.is_none() && named.len() == 1 => None,
            _ => Some(sign.to_owned()),
        }
    };
    let meanings: Vec<Option<String>> = said.words().iter().map(meaning).collect();
    let settled = |row: usize| said.code(row).is_some_and(|code| meanings[code as usize].is_some());
    let blank: Vec<usize> = (0..rows).filter(|row| worth(*row) && !settled(*row)).collect();
    let others = !blank.is_empty() && (0..rows).any(|row| worth(row) && settled(row));
    if let (Some(first), true) = (blank.first(), others) {
        let n = blank.len();
        let deals = if n == 1 { "1 deal names".to_owned() } else { format!("{n} deals name") };
        let (message, hint) = match home {
            Some(home) => {
                (format!("{deals} no currency, beside others that do: taken as {home}"), "export their currency too, if it is another")
            }
            None => (
                format!("{deals} no currency, beside others that do: shown apart, added to none of them"),
                "say it in leadlag.toml, such as [money] currency = \"USD\", or export it",
            ),
        };
        let path = sources.get(usize::from(table.file[*first])).map_or("", |s| s.path.as_str());
        problems.say(Diagnostic::warning(Code::Assumed, message).at(Location::line(path, table.line.get(*first))).hint(hint));
    }
    let texts: Vec<&str> = meanings.iter().map(|meaning| meaning.as_deref().or(home).unwrap_or("")).chain(home).collect();
    let silent = home.map_or(u32::MAX, |_| meanings.len() as u32);
    let code = |row: usize| match said.code(row) {
        Some(code) if meanings[code as usize].is_some() => code,
        _ => silent,
    };
    let column = Words::from_codes(&texts, (0..rows).map(code));
    if !column.words().is_empty() {
        table.set("currency", Column::Words(column));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_have_codes_by_sign_code_or_name() {
        let known = [
            ("€", "EUR"),
            (" usd ", "USD"),
            ("US Dollar", "USD"),
            ("Pound Sterling", "GBP"),
            ("Euro", "EUR"),
            ("R$", "BRL"),
            ("CA$", "CAD"),
            ("USD - U.S. Dollar", "USD"),
            ("Euro (EUR)", "EUR"),
            ("zł", "PLN"),
        ];
        for (text, code) in known {
            assert_eq!(code_of(text).as_deref(), Some(code), "{text}");
        }
        // Several countries have dollars, and two codes are none.
        assert_eq!((code_of("$"), code_of("Dollar"), code_of("EUR/USD")), (None, None, None));
    }

    #[test]
    fn headings_name_currencies_and_conversions() {
        let of = |heading: &str| in_heading(heading);
        assert_eq!((of("Amount (EUR)"), of("amount_usd"), of("Amount")), (Some("EUR".to_owned()), Some("USD".to_owned()), None));
        assert_eq!((of("Amount (converted)"), of("Total all"), of("Deal top")), (None, None, None), "words are no codes");
        for heading in ["Amount (converted)", "amount_in_home_currency", "Amount in company currency", "Est. revenue (Base)"] {
            assert!(is_converted(heading), "{heading}");
        }
        assert!(!is_converted("Amount") && !is_converted("Deal value"));
    }
}
