//! Amounts of several currencies in one: each deal's at the rate of its day.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::rows::{Days, PerWord, having, words};
use super::{Facts, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Amounts, Column, Data, NoRate, Rates, Source, Table, Words};
use crate::unit::Currency;

/// A rate is old when it began this many days before the amount that it converts.
const OLD_DAYS: i32 = 366;

/// How amounts were converted.
#[derive(Debug, Clone)]
pub struct Conversion {
    /// The file of rates.
    pub file: String,
    /// The currency into which they were converted.
    pub home: Currency,
    /// Per deal, the rate at which its amounts were converted; none where they are in that currency already, or where there is no rate.
    pub rate: Vec<Option<Decimal>>,
}

/// The columns of money that a deal has.
const COLUMNS: [&str; 3] = ["amount", "cost", "profit"];

/// Puts every deal's money into one currency, and what the export says beside it; without rates it only says which currencies there are
/// beside the report's.
///
/// A deal that is over is converted at the rate of the day on which it closed, an open one at that of the day of the report: it would be
/// worth that today. Each amount is rounded once, so that sums over people, teams and all add up. What has no rate is missing.
pub(super) fn derive(data: &mut Data, settings: &Settings, facts: &mut Facts) {
    let Some(rates) = &settings.rates else { return foreign(data, settings, facts) };
    let deals = &data.deals;
    let rows = deals.len();
    let home = rates.home();
    let amounts =
        |name: &str| deals.column(name).map_or_else(|| vec![None; rows], |column| (0..rows).map(|row| column.amount(row)).collect());
    let mut converted: [Vec<Option<Decimal>>; 3] = COLUMNS.map(amounts);
    let (own_currency, open, closed) = (words(deals, "currency"), having(deals, "state", &["open"]), Days::of(deals, "closed_on"));
    let mut rate = vec![None; rows];
    let mut gaps = Gaps::default();
    let mut currency: Vec<Option<&str>> = Vec::with_capacity(rows);
    for row in 0..rows {
        let own = own_currency.and_then(|words| words.get(row));
        let worth = converted.iter().any(|column| column[row].is_some());
        // Without a currency of its own, the deal is in the report's: the reader has said so.
        let Some(own) = own.filter(|own| *own != &*home) else {
            currency.push(own.or(worth.then_some(&*home)));
            continue;
        };
        currency.push(Some(&home));
        let over = open.get(row).is_none();
        let day = closed.get(row).filter(|_| over).unwrap_or(settings.as_of);
        let found = rates.on(own, day);
        if let Ok(found) = &found
            && worth
        {
            gaps.age(deals, row, own, found.from, day);
        }
        let before = converted.each_ref().map(|column| column[row]);
        let values = found.and_then(|found| {
            let all = before.map(|amount| amount.map(|amount| rates.convert(amount, found.value).ok_or(NoRate::Currency)));
            let [amount, cost, profit] = all.map(Option::transpose);
            // Rounded by itself, a margin would not be what is left of the rounded amount.
            let margin = match (before, &amount, &cost) {
                ([Some(a), Some(c), Some(p)], Ok(Some(amount)), Ok(Some(cost))) if a.checked_sub(c) == Some(p) => Ok(Some(amount - cost)),
                _ => profit,
            };
            Ok(([amount?, cost?, margin?], found.value))
        });
        let values = match values {
            Ok((values, at)) => {
                rate[row] = Some(at).filter(|_| worth);
                values
            }
            Err(why) => {
                if worth && deals.used(row) {
                    gaps.missing(deals, row, own, day, why);
                }
                [None; 3]
            }
        };
        for (column, value) in converted.iter_mut().zip(values) {
            column[row] = value;
        }
    }
    facts.diagnostics.extend(gaps.say(rates, &data.sources));
    let currency = Words::from_texts(currency);
    let original = deals.column("currency").cloned();
    let amount = deals.column("amount").cloned();
    let filled = COLUMNS.map(|name| deals.column(name).is_some());
    let deals = &mut data.deals;
    for ((name, column), _) in COLUMNS.iter().zip(&converted).zip(filled).filter(|(_, filled)| *filled) {
        deals.set(name, Column::Money(Amounts::new(column)));
    }
    if let Some(amount) = amount {
        deals.set("original_amount", amount);
    }
    if let Some(original) = original {
        deals.set("original_currency", original);
    }
    deals.set("currency", Column::Words(currency));
    facts.conversion = Some(Conversion { file: rates.file.clone(), home, rate });
}

/// What keeps deals from being converted, or makes their rate doubtful, by currency.
#[derive(Default)]
struct Gaps {
    /// By currency: how many, the first day that lacks a rate, whether there is any rate of it, and where the first such deal stands.
    missing: BTreeMap<String, Missing>,
    /// By currency: how many, the day from which the rate is, and the deal.
    old: BTreeMap<String, (u64, Day, Place)>,
}

/// A file by its index, and a line.
type Place = (u16, u32);

struct Missing {
    deals: u64,
    earliest: Day,
    first_rate: Option<Day>,
    place: Place,
}

impl Gaps {
    fn missing(&mut self, deals: &Table, row: usize, currency: &str, day: Day, why: NoRate) {
        let first_rate = match why {
            NoRate::Before(first) => Some(first),
            NoRate::Currency => None,
        };
        let place = (deals.file[row], deals.line.get(row));
        let gap = self.missing.entry(currency.to_owned()).or_insert(Missing { deals: 0, earliest: day, first_rate, place });
        gap.deals += 1;
        gap.earliest = gap.earliest.min(day);
    }

    fn age(&mut self, deals: &Table, row: usize, currency: &str, from: Option<Day>, day: Day) {
        let Some(from) = from.filter(|from| deals.used(row) && day.0.saturating_sub(from.0) > OLD_DAYS) else { return };
        let old = self.old.entry(currency.to_owned()).or_insert((0, from, (deals.file[row], deals.line.get(row))));
        old.0 += 1;
    }

    fn say(self, rates: &Rates, sources: &[Source]) -> Vec<Diagnostic> {
        let at = |(file, line): Place| Location::line(sources.get(usize::from(file)).map_or("", |s| s.path.as_str()), line);
        let (home, file) = (&rates.home, &rates.file);
        let missing = self.missing.into_iter().map(|(currency, gap)| {
            let lacks = if gap.deals == 1 { "its amount is missing" } else { "their amounts are missing" };
            let deals = count(gap.deals);
            let (why, hint) = match gap.first_rate {
                Some(first) => (
                    format!("the first rate of {currency} in {file} is from {first}, and {} is before that", gap.earliest),
                    format!("add the rate of {currency} from {} or before", gap.earliest),
                ),
                None => (
                    format!("{file} has no rate of {currency}"),
                    format!("add it: {currency}, {} or before, and how many {home} one {currency} is worth", gap.earliest),
                ),
            };
            Diagnostic::warning(Code::NoRate, format!("{deals} in {currency} cannot be converted, {lacks}: {why}"))
                .at(at(gap.place))
                .hint(hint)
        });
        let old = self.old.into_iter().map(|(currency, (n, from, place))| {
            let message = format!("{} in {currency} converted at a rate from {from}, more than a year before", count(n));
            Diagnostic::warning(Code::NoRate, message).at(at(place)).hint(format!("add later rates of {currency} to {file}"))
        });
        missing.chain(old).collect()
    }
}

fn count(deals: u64) -> String {
    if deals == 1 { "1 deal".to_owned() } else { format!("{deals} deals") }
}

/// Deals in other currencies than the report's, where nothing converts them.
fn foreign(data: &Data, settings: &Settings, facts: &mut Facts) {
    let Some(home) = &settings.currency else { return };
    let deals = &data.deals;
    let Some(currency) = words(deals, "currency") else { return };
    let other = PerWord::new(Some(currency), |word| (word != &**home).then_some(()));
    if currency.words().iter().all(|word| word == &**home) {
        return;
    }
    let amounts: Vec<&Column> = COLUMNS.iter().filter_map(|name| deals.column(name)).collect();
    let mut found: BTreeMap<&str, (u64, usize)> = BTreeMap::new();
    for row in (0..deals.len()).filter(|row| deals.used(*row) && other.get(*row).is_some()) {
        let worth = amounts.iter().any(|column| column.amount(row).is_some());
        if let Some(other) = currency.get(row).filter(|_| worth) {
            found.entry(other).or_insert((0, row)).0 += 1;
        }
    }
    for (currency, (n, row)) in found {
        let path = data.sources.get(usize::from(deals.file[row])).map_or("", |s| s.path.as_str());
        facts.diagnostics.push(
            Diagnostic::warning(Code::NoRate, format!("{} in {currency}, and the currency of the report is {home}: shown apart", are(n)))
                .at(Location::line(path, deals.line.get(row)))
                .hint("to convert them, name a file of dated rates in leadlag.toml: [money] rates = \"rates.csv\" (currency, from, rate)"),
        );
    }
}

fn are(deals: u64) -> String {
    if deals == 1 { "1 deal is".to_owned() } else { format!("{deals} deals are") }
}
