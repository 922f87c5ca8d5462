//! A file of dated exchange rates: a currency, from which day on, and what one unit of it is worth in the report's currency.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::fold::fold;
use super::normalise::{brief, code_of};
use super::read::{self, Sheet};
use super::value::{self, Order};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Rates, Source, Words};
use crate::unit::Currency;

/// Headings, folded, that say which currency.
const CURRENCY: &[&str] = &[
    "currency",
    "currencycode",
    "code",
    "isocode",
    "currencyisocode",
    "iso",
    "ccy",
    "fromcurrency",
    "currencyfrom",
    "sourcecurrency",
    "basecurrency",
    "wahrung",
    "devise",
    "moneda",
    "moeda",
    "valuta",
];

/// Headings that say from which day on.
const FROM: &[&str] = &[
    "from",
    "fromdate",
    "date",
    "startdate",
    "start",
    "validfrom",
    "effectivefrom",
    "effectivedate",
    "effective",
    "since",
    "day",
    "asof",
    "ab",
    "gultigab",
    "datum",
    "apartirde",
    "desde",
    "fecha",
    "data",
];

/// Headings that say what one unit is worth.
const RATE: &[&str] = &[
    "rate",
    "exchangerate",
    "fxrate",
    "fx",
    "kurs",
    "wechselkurs",
    "taux",
    "tauxdechange",
    "tipodecambio",
    "taxadecambio",
    "cambio",
    "tasa",
];

/// Headings that say into which currency.
const INTO: &[&str] = &["tocurrency", "currencyto", "targetcurrency", "quotecurrency", "into"];

/// Headings of rates that say the opposite: how many units of the currency one unit of the company's currency buys.
const OPPOSITE: &[&str] = &["conversionrate"];

/// Rates of one currency that differ by this factor from one to the next are a slip of the point, and no movement of a market.
const SLIP: u32 = 10;

/// What the user has said about the file.
#[derive(Debug, Clone, Default)]
pub struct RateSettings {
    /// The encoding of the exports.
    pub encoding: Option<String>,
    /// In which order day and month stand.
    pub date_order: Option<Order>,
}

/// The rates of a file, as a source of the run, and what was odd about them.
#[derive(Debug)]
pub struct RateFile {
    /// The rates.
    pub rates: Rates,
    /// The file.
    pub source: Source,
    /// Warnings and notes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads dated rates into a currency from a file.
///
/// # Errors
/// Every row that is no rate, two rates of one currency and day that differ, and a file without the headings: a wrong rate makes every
/// amount of its currency wrong, so that none is passed over.
pub fn rates(name: &str, bytes: Vec<u8>, home: Currency, settings: &RateSettings) -> Result<RateFile, Vec<Diagnostic>> {
    let options = read::Settings { delimiter: None, encoding: settings.encoding.clone() };
    let (sheet, mut said) = Sheet::open(name, bytes, &options).map_err(|problem| vec![problem])?;
    let columns = columns(&sheet).map_err(|problem| vec![problem])?;
    let into = find(&sheet, INTO);
    let mut wanted = columns.to_vec();
    wanted.extend(into);
    let records = sheet.read(&wanted);
    let mut wrong: Vec<Diagnostic> = records.refused.iter().map(|r| r.diagnostic.clone()).collect();
    said.extend(records.diagnostics.iter().cloned());
    let cell = |row: usize, column: usize| {
        Location::cell(name, records.line.get(row), sheet.headings.get(wanted[column]).map_or("", String::as_str))
    };
    let [currency, from, rate] = [0, 1, 2].map(|column| &records.columns[column]);
    let days = match days(from, settings.date_order) {
        Ok(days) => days,
        Err((word, message)) => {
            let row = (0..from.len()).find(|row| from.code(*row) == Some(word)).unwrap_or(0);
            wrong.push(
                Diagnostic::error(Code::AmbiguousDates, message)
                    .at(cell(row, 1))
                    .hint("write the dates as 2026-01-31, or say the order with --date-order dmy or mdy"),
            );
            return Err(wrong);
        }
    };
    let numbers = numbers(rate);
    let mut list: BTreeMap<(String, Day), (Decimal, usize)> = BTreeMap::new();
    for row in 0..records.line.len() {
        let mut refuse = |column: usize, message: String, hint: &str| {
            wrong.push(Diagnostic::error(Code::BadRate, message).at(cell(row, column)).hint(hint));
        };
        let code = currency.get(row).map(|text| code_of(text).unwrap_or_else(|| text.to_owned()));
        let Some(code) = code else {
            refuse(0, "the rate names no currency".to_owned(), "write its ISO 4217 code, such as EUR, or delete the row");
            continue;
        };
        if let Some(other) = into.and_then(|_| records.columns[3].get(row)).filter(|text| code_of(text).as_deref() != Some(&*home)) {
            let message = format!("the rate is into {}, and the currency of the report is {home}", brief(other));
            refuse(3, message, "keep only the rates into the currency under [money] in leadlag.toml");
            continue;
        }
        let day = match from.code(row).map(|code| &days[code as usize]) {
            None => Err("the rate has no date from which it applies".to_owned()),
            Some(Err(says)) => Err(format!("'{}' {says}", brief(from.get(row).unwrap_or_default()))),
            Some(Ok(day)) => Ok(*day),
        };
        let value = match rate.code(row).map(|code| &numbers[code as usize]) {
            None => Err("the row has no rate".to_owned()),
            Some(Err(says)) => Err(format!("'{}' {says}", brief(rate.get(row).unwrap_or_default()))),
            Some(Ok(value)) => Ok(*value),
        };
        let worth = format!("write how many {home} one {code} is worth, such as 1.0845");
        if let Err(says) = &day {
            refuse(1, says.clone(), "write the first day of the rate, such as 2026-01-31");
        }
        if let Err(says) = &value {
            refuse(2, says.clone(), &worth);
        }
        let (Ok(day), Ok(value)) = (day, value) else { continue };
        if code == *home && value != Decimal::ONE {
            refuse(2, format!("one {home} is worth {value} {home}"), "the report's own currency has the rate 1, or none");
            continue;
        }
        match list.get(&(code.clone(), day)) {
            Some((other, line)) if *other != value => {
                let message = format!("{code} has the rate {value} from {day} on, and {other} in line {}", records.line.get(*line));
                refuse(2, message, "keep the one that is right");
            }
            _ => drop(list.insert((code, day), (value, row))),
        }
    }
    if wrong.is_empty() && list.is_empty() {
        wrong.push(Diagnostic::error(Code::BadRate, "the file holds no rate").at(Location::file(name)).hint(form(&home)));
    }
    if !wrong.is_empty() {
        return Err(wrong);
    }
    said.extend(slips(&list).into_iter().map(|(row, message)| {
        Diagnostic::warning(Code::BadRate, message).at(cell(row, 2)).hint("correct it, if it is a slip; the amounts are converted at it")
    }));
    let source = Source {
        crm: "generic".to_owned(),
        object: "rates".to_owned(),
        why: "named under [money] in leadlag.toml".to_owned(),
        bytes: sheet.bytes,
        xxh3: sheet.xxh3.clone(),
        read: records.read,
        merged: records.read,
        ..Source::new(name, "rates")
    };
    let rates = Rates::new(name, home, list.into_iter().map(|((code, day), (value, _))| (code, day, value)));
    Ok(RateFile { rates, source, diagnostics: said })
}

fn find(sheet: &Sheet, names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| sheet.headings.iter().position(|h| fold(h) == *name))
}

/// The places of currency, first day and rate among the headings.
fn columns(sheet: &Sheet) -> Result<[usize; 3], Diagnostic> {
    let at = Location::line(&sheet.name, sheet.heading_line);
    let found = [CURRENCY, FROM, RATE].map(|names| find(sheet, names));
    if let [Some(currency), Some(from), Some(rate)] = found {
        return Ok([currency, from, rate]);
    }
    if found[2].is_none()
        && let Some(opposite) = find(sheet, OPPOSITE)
    {
        let heading = sheet.headings.get(opposite).map_or("", String::as_str);
        let message = format!("'{heading}' is how many units of a currency one unit of the company's buys: the opposite of what is needed");
        return Err(Diagnostic::error(Code::BadRate, message).at(at).hint("add a column 'rate' that holds 1 divided by it"));
    }
    let lacking: Vec<&str> = ["currency", "from", "rate"].into_iter().zip(found).filter(|(_, at)| at.is_none()).map(|(n, _)| n).collect();
    let message =
        format!("a file of rates needs the headings currency, from and rate; it lacks {}", super::recognise::listed(&lacking, "and"));
    Err(Diagnostic::error(Code::BadRate, message).at(at).hint("write such as: currency,from,rate and below it EUR,2026-01-01,1.0845"))
}

fn form(home: &str) -> String {
    format!("write a line per currency and first day, such as EUR,2026-01-01,1.0845: one EUR is worth 1.0845 {home}")
}

/// The distinct words of a column as days; a word that two orders read differently comes back with both readings.
fn days(column: &Words, order: Option<Order>) -> Result<Vec<Result<Day, String>>, (u32, String)> {
    let words = column.words();
    match value::dates(words, order) {
        Ok(dates) => Ok(dates.values.into_iter().map(|v| v.map(value::When::written_day).map_err(|bad| bad.says().to_owned())).collect()),
        Err(question) => {
            let read = |day: Option<Day>| day.map_or_else(|| "no date".to_owned(), |d| d.to_string());
            let word = words.get(question.word).map_or("", |w| w);
            let (one, other) = (read(question.day_first), read(question.month_first));
            let message = format!("'{}' is {one} with the day first and {other} with the month first", brief(word));
            Err((question.word as u32, message))
        }
    }
}

/// What a mark in a rate can be.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    Point,
    Comma,
}

impl Mark {
    fn of(c: char) -> Option<Self> {
        match c {
            '.' => Some(Self::Point),
            ',' => Some(Self::Comma),
            _ => None,
        }
    }
}

/// The distinct words of a column as rates. A mark is a decimal one where the column shows it to be; `1,085` alone is refused, since a rate
/// a thousand times too large is no small mistake.
fn numbers(column: &Words) -> Vec<Result<Decimal, String>> {
    let words = column.words();
    let shown: Vec<Mark> = words.iter().filter_map(evident).collect();
    let column = match (shown.contains(&Mark::Point), shown.contains(&Mark::Comma)) {
        (true, true) => Marks::Both,
        (true, false) => Marks::One(Mark::Point),
        (false, true) => Marks::One(Mark::Comma),
        (false, false) => Marks::None,
    };
    words.iter().map(|word| number(word, column)).collect()
}

/// The decimal marks that a column shows.
#[derive(Clone, Copy)]
enum Marks {
    None,
    One(Mark),
    Both,
}

/// The decimal mark that a word shows by itself: one that does not stand before exactly three digits, or behind another mark, or behind 0.
fn evident(word: &str) -> Option<Mark> {
    let text = word.trim();
    let (at, last) = text.char_indices().rev().find_map(|(at, c)| Some((at, Mark::of(c)?)))?;
    let (before, after) = (&text[..at], &text[at + 1..]);
    let other = before.chars().filter_map(Mark::of).any(|mark| mark != last);
    let again = before.chars().filter_map(Mark::of).any(|mark| mark == last);
    (!again && (other || after.len() != 3 || before.trim_start_matches('0').is_empty())).then_some(last)
}

fn number(word: &str, column: Marks) -> Result<Decimal, String> {
    let text = word.trim();
    let none = || "is no rate".to_owned();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_digit() || Mark::of(c).is_some() || c == '-' || c == '+') {
        return Err(none());
    }
    let marked = text.chars().any(|c| Mark::of(c).is_some());
    let mark = match (evident(word), column) {
        (Some(mark), _) | (None, Marks::One(mark)) => mark,
        (None, Marks::Both) if marked => {
            return Err("can be read in two ways: the column has decimal points and decimal commas".to_owned());
        }
        (None, _) if text.contains(',') => {
            return Err("can be read in two ways: the comma may group thousands or stand before decimals".to_owned());
        }
        (None, _) => Mark::Point,
    };
    let plain: String = text
        .chars()
        .filter_map(|c| match Mark::of(c) {
            Some(m) if m == mark => Some('.'),
            Some(_) => None,
            None => Some(c),
        })
        .collect();
    let value = Decimal::from_str_exact(&plain).map_err(|_| none())?;
    if value.is_zero() || value.is_sign_negative() {
        return Err("is no rate: what a currency is worth is more than 0".to_owned());
    }
    Ok(value)
}

/// Rates that are ten times the one before, or a tenth of it, with the row that says so.
fn slips(list: &BTreeMap<(String, Day), (Decimal, usize)>) -> Vec<(usize, String)> {
    let pairs = list.iter().zip(list.iter().skip(1)).filter(|((a, _), (b, _))| a.0 == b.0);
    let far = |a: Decimal, b: Decimal| a.checked_div(b).is_none_or(|times| times >= Decimal::from(SLIP));
    pairs
        .filter(|((_, (before, _)), (_, (now, _)))| far(*before, *now) || far(*now, *before))
        .map(|((_, (before, _)), ((code, day), (now, row)))| {
            (*row, format!("from {day} on {code} is worth {now}, and {before} until then: one is {SLIP} times the other or more"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use super::*;

    fn read(text: &str) -> Result<RateFile, Vec<String>> {
        rates("rates.csv", text.as_bytes().to_vec(), Arc::from("USD"), &RateSettings::default()).map_err(|wrong| {
            wrong.into_iter().map(|d| format!("{}: {}", d.location.and_then(|l| l.line).unwrap_or(0), d.message)).collect()
        })
    }

    fn worth(text: &str, currency: &str, day: &str) -> String {
        let day = crate::calendar::parse_date(day).unwrap();
        read(text).unwrap().rates.on(currency, day).unwrap().value.to_string()
    }

    #[test]
    fn headings_separators_and_marks_are_those_of_spreadsheets() {
        assert_eq!(worth("currency,from,rate\nEUR,2026-01-01,1.0845\n", "EUR", "2026-01-01"), "1.0845");
        assert_eq!(worth("Currency Code,Valid From,Exchange Rate\neuro,1/31/2026,1.0845\n", "EUR", "2026-02-01"), "1.0845");
        assert_eq!(worth("Währung;gültig ab;Kurs\nEUR;31.01.2026;1,0845\nGBP;31.01.2026;1,250\n", "GBP", "2026-02-01"), "1.250");
        assert_eq!(worth("sep=;\r\ncurrency;from;rate\r\nVND;2026-01-01;1.234,5\r\n", "VND", "2026-02-01"), "1234.5");
        assert_eq!(worth("currency,to currency,date,rate\nEUR,USD,2026-01-01,1.1\n", "EUR", "2026-02-01"), "1.1");
        assert_eq!(worth("currency,from,rate\nEUR,2026-01-01,1\nJPY,2026-01-01,0.006\n", "JPY", "2026-02-01"), "0.006");
        assert_eq!(worth("currency,from,rate\nJPY,2026-01-01,\"0,006\"\n", "JPY", "2026-02-01"), "0.006");
        assert_eq!(worth("currency,from,rate\nEUR,2026-01-01,1.085\n", "EUR", "2026-02-01"), "1.085");
    }

    #[test]
    fn what_is_no_rate_is_said_with_its_line() {
        let wrong = |rows: &str| read(&format!("currency,from,rate\n{rows}")).unwrap_err();
        assert_eq!(wrong("EUR,2026-01-01,0\n"), ["2: '0' is no rate: what a currency is worth is more than 0"]);
        assert_eq!(wrong("EUR,2026-01-01,1\nEUR,2026-02-01,-1.1\n"), ["3: '-1.1' is no rate: what a currency is worth is more than 0"]);
        assert_eq!(wrong(",2026-01-01,1.1\n"), ["2: the rate names no currency"]);
        assert_eq!(wrong("EUR,,1.1\n"), ["2: the rate has no date from which it applies"]);
        assert_eq!(wrong("EUR,2026-01-01,\n"), ["2: the row has no rate"]);
        assert_eq!(wrong("EUR,soon,1.1%\n"), ["2: 'soon' is no date", "2: '1.1%' is no rate"]);
        assert_eq!(
            wrong("EUR,2026-01-01,1.08\nGBP,2026-01-01,1.3\nEUR,2026-01-01,1.09\n"),
            ["4: EUR has the rate 1.09 from 2026-01-01 on, and 1.08 in line 2"]
        );
        assert_eq!(wrong("USD,2026-01-01,1.1\n"), ["2: one USD is worth 1.1 USD"]);
        assert_eq!(wrong(""), ["0: the file holds no rate"]);
        assert_eq!(
            wrong("VND,2026-01-01,\"1,085\"\n"),
            ["2: '1,085' can be read in two ways: the comma may group thousands or stand before decimals"]
        );
        assert_eq!(
            wrong("EUR,2026-01-01,\"1,08\"\nGBP,2026-01-01,1.25\nVND,2026-01-01,1.085\n"),
            ["4: '1.085' can be read in two ways: the column has decimal points and decimal commas"]
        );
        assert_eq!(wrong("EUR,03/04/2026,1.1\n"), ["2: '03/04/2026' is 2026-04-03 with the day first and 2026-03-04 with the month first"]);
    }

    #[test]
    fn the_same_rate_twice_is_one_and_a_slip_of_the_point_is_said() {
        let file =
            read("currency,from,rate\nEUR,2026-01-01,1.08\nEUR,2026-01-01,1.080\nEUR,2026-02-01,10.9\nJPY,2026-01-01,0.006\n").unwrap();
        let said: Vec<&str> = file.diagnostics.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(said, ["from 2026-02-01 on EUR is worth 10.9, and 1.080 until then: one is 10 times the other or more"]);
        assert_eq!((file.source.read, file.source.merged), (4, 4));
    }

    #[test]
    fn headings_that_say_something_else_are_refused() {
        let wrong = read("IsoCode,StartDate,ConversionRate\nEUR,2026-01-01,0.92\n").unwrap_err();
        assert!(wrong[0].contains("the opposite"), "{wrong:?}");
        let wrong = read("currency,rate\nEUR,1.1\n").unwrap_err();
        assert_eq!(wrong, ["1: a file of rates needs the headings currency, from and rate; it lacks from"]);
        let wrong = read("currency,target currency,from,rate\nEUR,GBP,2026-01-01,0.85\n").unwrap_err();
        assert_eq!(wrong, ["2: the rate is into GBP, and the currency of the report is USD"]);
    }
}
