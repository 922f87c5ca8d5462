//! The file of exchange rates that the configuration names.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::calendar::Day;
use crate::commands::exports::{Inputs, Order};
use crate::config::{Config, DateOrder};
use crate::crm::{self, RateFile, RateSettings, files, value};
use crate::diagnostic::{Code, Diagnostic, Failure, Severity};
use crate::measure::spec::UnitKind;
use crate::measure::{Catalog, Target};
use crate::table::{Column, Data, Dictionary, NoRate};
use crate::unit::Currency;

/// The currency of the report, and what converts others into it.
#[derive(Default)]
pub(super) struct Money {
    /// The currency of the report, where the configuration says it.
    pub(super) currency: Option<Currency>,
    /// The rates.
    pub(super) rates: Option<RateFile>,
    /// Where the file of rates is, so that it is taken for nothing else.
    pub(super) path: Option<PathBuf>,
}

/// Reads the rates; the file is relative to the configuration that names it.
///
/// # Errors
/// Rates without a currency to convert into, a file that is not there, and everything that is wrong in it.
pub(super) fn money(args: &Inputs, config: &Config) -> Result<Money, Failure> {
    let currency: Option<Currency> = config.money.currency.as_deref().map(Arc::from);
    let Some(file) = &config.money.rates else { return Ok(Money { currency, ..Money::default() }) };
    let Some(home) = currency.clone() else {
        return Err(Diagnostic::error(Code::ConfigValue, "rates convert into the currency of the report, and none is named")
            .at(file.at.clone())
            .hint("add it under [money], such as currency = \"USD\"")
            .into());
    };
    let base = Path::new(&file.at.file).parent().map(Path::to_path_buf).unwrap_or_default();
    let found = files::find(&[&file.text], &base);
    let (wrong, _): (Vec<Diagnostic>, Vec<Diagnostic>) = found.diagnostics.into_iter().partition(|d| d.severity == Severity::Error);
    let input = match found.inputs.as_slice() {
        [input] if wrong.is_empty() && input.named && input.origin != files::Origin::Stdin => input,
        _ => {
            let about = wrong.into_iter().next();
            let why = about.as_ref().map_or_else(|| "it is no single file".to_owned(), |d| d.message.clone());
            let mut said =
                Diagnostic::error(Code::NotFound, format!("the rates '{}' cannot be read: {why}", file.text)).at(file.at.clone());
            said.hints = about.map(|d| d.hints).unwrap_or_default();
            return Err(said.hint(format!("the name is relative to {}", file.at.file)).into());
        }
    };
    let bytes = input.bytes(|| Ok(Vec::new()))?;
    let settings =
        RateSettings { encoding: args.encoding.clone().or_else(|| config.inputs.encoding.clone()), date_order: order(args, config) };
    let rates = crm::rates(&input.name, bytes, home, &settings).map_err(Failure)?;
    let path = base.join(&file.text);
    Ok(Money { currency, rates: Some(rates), path: Some(path.canonicalize().unwrap_or(path)) })
}

/// In which order day and month stand, by option or configuration.
pub(super) fn order(args: &Inputs, config: &Config) -> Option<value::Order> {
    args.date_order.map(date_order).or_else(|| {
        Some(match config.inputs.date_order? {
            DateOrder::Dmy => value::Order::DayFirst,
            DateOrder::Mdy => value::Order::MonthFirst,
            DateOrder::Ymd => value::Order::YearFirst,
        })
    })
}

/// What `--date-order` says.
pub(in crate::commands) fn date_order(order: Order) -> value::Order {
    match order {
        Order::Dmy => value::Order::DayFirst,
        Order::Mdy => value::Order::MonthFirst,
        Order::Ymd => value::Order::YearFirst,
    }
}

/// Targets of money in a currency in which there is nothing to hold against them.
pub(super) fn of_targets(targets: &[Target], catalog: &Catalog, data: &Data, money: &Money) -> Vec<Diagnostic> {
    let none = Dictionary::default();
    let deals = match data.deals.column("currency") {
        Some(Column::Words(words)) => words.words(),
        _ => &none,
    };
    let of_money = |target: &&Target| catalog.spec(&target.measure).is_some_and(|spec| spec.unit == UnitKind::Money);
    let said = targets.iter().filter(of_money).filter_map(|target| {
        // One that names no currency is in the report's.
        let currency = target.currency.as_ref().or(money.currency.as_ref()).filter(|_| !deals.is_empty())?;
        let (why, hint) = match money.rates.as_ref().map(|file| &file.rates) {
            Some(rates) => match rates.on(currency, target.from.unwrap_or(Day::MAX)) {
                Ok(_) => return None,
                Err(NoRate::Currency) => (
                    format!("{} has no rate of it", rates.file),
                    "add its rate, or write the target in the currency of the report".to_owned(),
                ),
                Err(NoRate::Before(first)) => (
                    format!("the first rate of it in {} is from {first}", rates.file),
                    "add an earlier rate, or write the target in the currency of the report".to_owned(),
                ),
            },
            None if deals.iter().any(|c| *c == **currency) => return None,
            None => (
                "no deal is".to_owned(),
                "write it in the currency of the deals, or name a file of rates: [money] rates = \"rates.csv\"".to_owned(),
            ),
        };
        let message = format!("the target for {} is in {currency}, and {why}: nothing is held against it", target.measure);
        Some(Diagnostic::warning(Code::BadTarget, message).at(target.origin.clone()).hint(hint))
    });
    said.collect()
}
