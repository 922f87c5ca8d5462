//! `leadlag gap`.

use std::thread;

use clap::Args as ClapArgs;
use clap::ValueHint::Other;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::exports::{By, Exports, Inputs};
use super::output::Output;
use super::{Done, Plan};
use crate::calendar::{self, Day};
use crate::cli::Global;
use crate::crm::value;
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::gap::{self, Estimate, Given, Tested};
use crate::measure::Entity;
use crate::predict;
use crate::report::{self, Run};
use crate::stats::lead::{Settings, Verdict};

/// Work out the lead activity still needed to reach a goal, and until when it can help.
///
/// From the goal, what is won of it, the open deals and this company's own history: what can be expected by the date, what is then still
/// missing, how many more first meetings with new prospects or presentations a week would bring it, and the last week in which they can.
/// The goal is the revenue target of each person and team, or the amount of --goal for everybody, or for one with --owner or --team.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EXAMPLES, after_long_help = MORE)]
pub struct Args {
    /// What to read.
    #[command(flatten)]
    pub inputs: Inputs,
    /// The amount to be won, such as 500000 or 500k, instead of the targets
    #[arg(long, value_name = "AMOUNT", value_hint = Other, value_parser = amount, help_heading = "Goal", allow_negative_numbers = true)]
    pub goal: Option<Amount>,
    /// The last day on which a win counts [default: the last of the target's period, else of the fiscal quarter]
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Goal")]
    pub until: Option<String>,
    /// The first day on which a win counts for --goal [default: the first of the fiscal quarter that the last day lies in]
    #[arg(long, value_name = "DATE", value_hint = Other, help_heading = "Goal", requires = "goal")]
    pub from: Option<String>,
    /// The finest level shown [default: owner]
    #[arg(long, value_enum, value_name = "LEVEL", help_heading = "Who and what")]
    pub by: Option<By>,
    /// Only this person
    #[arg(long, value_name = "NAME", value_hint = Other, help_heading = "Who and what", conflicts_with = "team")]
    pub owner: Option<String>,
    /// Only this team and its people
    #[arg(long, value_name = "NAME", value_hint = Other, help_heading = "Who and what")]
    pub team: Option<String>,
    /// The share of each open deal's amount that is won by the date, such as 25%
    #[arg(long, value_name = "SHARE", value_hint = Other, value_parser = share, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub pipeline_rate: Option<f64>,
    /// The share of decided deals that are won: each open deal's chance grows in proportion
    #[arg(
        long, value_name = "SHARE", value_hint = Other, value_parser = share, help_heading = ASSUMED, conflicts_with = "pipeline_rate",
        allow_negative_numbers = true
    )]
    pub win_rate: Option<f64>,
    /// The mean amount of a won deal
    #[arg(long, value_name = "AMOUNT", value_hint = Other, value_parser = amount, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub average_deal: Option<Amount>,
    /// The share of accounts that buy once they have been met first
    #[arg(long, value_name = "SHARE", value_hint = Other, value_parser = share, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub conversion: Option<f64>,
    /// The weeks from a first meeting to the win
    #[arg(long, value_name = "N", value_hint = Other, value_parser = weeks, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub lead_weeks: Option<f64>,
    /// How many sell
    #[arg(long, value_name = "N", value_hint = Other, value_parser = sellers, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub sellers: Option<u32>,
    /// First meetings with new prospects a week, at present
    #[arg(long, value_name = "N", value_hint = Other, value_parser = pace, help_heading = ASSUMED, allow_negative_numbers = true)]
    pub meetings_per_week: Option<f64>,
    /// Where the result goes.
    #[command(flatten)]
    pub output: Output,
}

/// The heading of the options that stand for assumptions.
const ASSUMED: &str = "Instead of the own history";

/// The examples, once for both forms of the help.
macro_rules! examples {
    () => {
        "Examples:
  leadlag gap exports/                       what is left of the targets
  leadlag gap exports/ --goal 500k --until 2026-12-31
  leadlag gap exports/ --team West --by team
  leadlag gap exports/ --win-rate 30%        what if we won more of them"
    };
}

const EXAMPLES: &str = examples!();

const MORE: &str = concat!(
    examples!(),
    "

What is assumed stands on the page, each with the option that takes its place:
  open deals     each is won by the date with the chance of its age: as of the
                 deals created in two years that were open as long
                 (Aalen-Johansen); 30 decided deals at least
  new meetings   an account first met is won by the date with the chance of the
                 weeks left (Kaplan-Meier); 10 accounts at least
  a won deal     brings the mean amount of the deals won in 52 weeks
  pace           first meetings with new prospects a week, mean of the last 13
  last week      the date less the lead time: the lead test's where it says that
                 the measure leads, else the weeks by which half of the accounts
                 that buy had bought
Ranges hold 8 of 10 outcomes, drawn from that history with a fixed seed. Deals
that are still to be created with accounts met already, or with customers, are
not in the expected amount. Where several currencies have no rates, only the
deals in that of the report count."
);

/// A share: a percentage, or a part of 1.
fn share(text: &str) -> Result<f64, String> {
    let (digits, percent) = match text.trim().strip_suffix('%') {
        Some(digits) => (digits.trim(), true),
        None => (text.trim(), false),
    };
    let number: f64 = digits.parse().map_err(|_| "write a share as 20% or 0.2".to_owned())?;
    if text.trim() == "1" {
        return Err("is that 1 % or 100 %? write 1% or 100%".to_owned());
    }
    let share = if percent { number / 100.0 } else { number };
    if (0.0..=1.0).contains(&share) {
        Ok(share)
    } else if !percent && number > 1.0 && number <= 100.0 {
        Err(format!("a share is a part of 1: write {digits}% or {}", number / 100.0))
    } else {
        Err("a share lies between 0% and 100%".to_owned())
    }
}

/// More than this is no amount that anybody sells for.
const MOST_MONEY: i64 = 1_000_000_000_000;

/// More meetings a week than this are a slip of the keys.
const MOST_MEETINGS: f64 = 10_000.0;

/// An amount of money, and the currency that stands beside it, if any: its code, or its sign as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    value: Decimal,
    currency: Option<Box<str>>,
}

impl Amount {
    /// The amount in the currency of the report.
    ///
    /// # Errors
    /// Where another currency stands beside it.
    fn of(&self, option: &str, report: &str) -> Result<Decimal, Diagnostic> {
        match self.currency.as_deref() {
            Some(own) if !report.is_empty() && !same(own, report) => {
                let said = format!("{option} is in {own}, and the report in {report}: the two are not converted");
                Err(Diagnostic::error(Code::BadTarget, said).hint(format!("give the amount in {report}")))
            }
            _ => Ok(self.value),
        }
    }
}

/// Whether a code or sign can stand for a currency.
fn same(own: &str, currency: &str) -> bool {
    match own {
        "€" => currency == "EUR",
        "£" => matches!(currency, "GBP" | "GGP" | "GIP" | "FKP" | "JEP" | "IMP" | "SHP" | "EGP" | "LBP"),
        "¥" | "￥" => matches!(currency, "JPY" | "CNY" | "CNH" | "RMB"),
        // Dollars are many, and so are pesos.
        "$" => currency.ends_with('D') || matches!(currency, "ARS" | "CLP" | "COP" | "CUP" | "DOP" | "MXN" | "UYU"),
        "US$" | "U$" | "USD$" => currency == "USD",
        code => code.eq_ignore_ascii_case(currency),
    }
}

/// An amount above 0.
fn amount(text: &str) -> Result<Amount, String> {
    let read = value::money(&[text], None);
    let open = read.guess.is_some();
    match read.values.into_iter().next() {
        Some(Ok(_)) if open => Err("write it without marks between the thousands, as 500000".to_owned()),
        Some(Ok(amount)) if amount.value > Decimal::from(MOST_MONEY) => {
            Err("it is more than anybody sells for: 1000000000000 at most".to_owned())
        }
        Some(Ok(amount)) if amount.value > Decimal::ZERO => Ok(Amount { value: amount.value, currency: amount.currency }),
        Some(Ok(_)) => Err("it must be above 0".to_owned()),
        Some(Err(wrong)) => Err(format!("it {}; write it as 500000 or 500k", wrong.says())),
        None => Err("write it as 500000 or 500k".to_owned()),
    }
}

/// A number of weeks.
fn weeks(text: &str) -> Result<f64, String> {
    number(text, 520.0)
}

/// A number of meetings a week.
fn pace(text: &str) -> Result<f64, String> {
    number(text, MOST_MEETINGS)
}

/// A number of people.
fn sellers(text: &str) -> Result<u32, String> {
    let found = text.trim().parse::<u32>().ok().filter(|number| (1..=1_000_000).contains(number));
    found.ok_or_else(|| "write a whole number from 1 to 1000000".to_owned())
}

fn number(text: &str, most: f64) -> Result<f64, String> {
    let found = text.trim().parse::<f64>().ok().filter(|number| (0.0..=most).contains(number));
    found.ok_or_else(|| format!("write a number from 0 to {most}"))
}

fn date(text: &str, option: &str) -> Result<Day, Failure> {
    calendar::parse_date(text).map_err(|message| Diagnostic::error(Code::BadPeriod, format!("{option}: {message}")).into())
}

impl Args {
    /// The options as those of every command, over a day.
    fn exports(&self, day: &str) -> Exports {
        Exports {
            inputs: self.inputs.clone(),
            period: None,
            periods: None,
            week: None,
            month: None,
            from: Some(day.to_owned()),
            to: Some(day.to_owned()),
            by: self.by,
            owner: self.owner.clone(),
            team: self.team.clone(),
            leads: None,
            lags: None,
        }
    }
}

/// The lead times of first meetings and presentations, where the lead test says of the page's leads that they lead, as `leadlag predict`
/// does.
fn tested(run: &Run<'_>) -> Result<[Option<Tested>; 2], Failure> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let panel = predict::panel(&run.engine, &run.leads, &predict::usual_lags(&run.lags), &Settings { threads, ..Settings::default() })?;
    let people = panel.results.usable.iter().filter(|usable| **usable).count();
    // What comes before a decision or a lead is no time to a win.
    let results = ["deals_won", "revenue"];
    Ok(["new_prospect_meetings", "presentations"].map(|name| {
        let of = |result: &&str| {
            let pairs = panel.pairs.iter().zip(&panel.results.pairs);
            let mut pairs = pairs.filter(|((lead, lag), _)| panel.grid.leads[*lead].name == name && panel.grid.lags[*lag].name == **result);
            let (_, tested) = pairs.next().filter(|(_, tested)| tested.verdict == Verdict::Leads)?;
            tested.evidence.as_ref()?.lead
        };
        let weeks = results.iter().find_map(of)?;
        let weeks = Estimate { value: weeks.weeks as f64, lo: weeks.first as f64, hi: weeks.last as f64 };
        Some(Tested { weeks, people, of: panel.results.weeks })
    }))
}

/// Runs the command.
pub(super) fn run(args: &Args, global: &Global) -> Done {
    args.output.format()?;
    let until = args.until.as_deref().map(|text| date(text, "--until")).transpose()?;
    let from = args.from.as_deref().map(|text| date(text, "--from")).transpose()?;
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        return Err(Diagnostic::error(Code::BadPeriod, format!("--from {from} lies after --until {until}")).hint("swap the two").into());
    }
    let mut plan = Plan::new(&args.exports(""), global, &report::gap_measures())?;
    let mut said = std::mem::take(&mut plan.diagnostics);
    let mut run = plan.run(&args.exports(&plan.as_of().to_string())).map_err(|Failure(found)| {
        said.extend(found);
        Failure(std::mem::take(&mut said))
    })?;
    let currency = run.engine.currencies().first().cloned().unwrap_or_default();
    let money = |given: &Option<Amount>, option| given.as_ref().map(|given| given.of(option, &currency)).transpose();
    let (goal, average_deal) = (money(&args.goal, "--goal")?, money(&args.average_deal, "--average-deal")?);
    let ask = gap::Ask {
        goal,
        from,
        until,
        whole: run.owner.or(run.team.map(Entity::Team)).unwrap_or(Entity::All),
        rows: Vec::new(),
        lags: run.lags.clone(),
        given: Given {
            pipeline_rate: args.pipeline_rate,
            win_rate: args.win_rate,
            average_deal: average_deal.and_then(|amount| amount.to_f64()),
            conversion: args.conversion,
            lead_weeks: args.lead_weeks,
            people: args.sellers,
            pace: args.meetings_per_week,
        },
        tested: tested(&run)?,
    };
    // What was refused on the way may be why.
    let mut document = report::gap(&mut run, ask).map_err(|found| {
        said.extend(Failure::from(found).0);
        Failure(std::mem::take(&mut said))
    })?;
    said.extend(document.diagnostics.clone());
    document.diagnostics.clone_from(&said);
    args.output.write(&document, global, &plan.read)?;
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_a_percentage_or_a_part_of_one() {
        assert_eq!((share("20%"), share("0.2"), share(" 12.5 % "), share("0")), (Ok(0.2), Ok(0.2), Ok(0.125), Ok(0.0)));
        assert_eq!(share("20"), Err("a share is a part of 1: write 20% or 0.2".to_owned()));
        assert_eq!((share("1%"), share("100%"), share("1.0")), (Ok(0.01), Ok(1.0), Ok(1.0)));
        assert!(["", "%", "x", "-1", "1", "101%", "1000", "NaN", "inf"].iter().all(|text| share(text).is_err()));
    }

    #[test]
    fn an_amount_is_above_nothing_and_plain() {
        let plain = |value: i64| Ok(Amount { value: Decimal::from(value), currency: None });
        assert_eq!(amount("500k"), plain(500_000));
        assert_eq!(amount("1.2M"), plain(1_200_000));
        assert!(["", "0", "-5", "20%", "ten", "1,234", "1e99", "2000000000000"].iter().all(|text| amount(text).is_err()));
        assert!(["NaN", "inf", "-1", "521"].iter().all(|text| weeks(text).is_err()));
    }
    #[test]
    fn an_amount_is_in_the_currency_of_the_report() {
        let of = |text: &str, report: &str| amount(text).map(|amount| amount.of("--goal", report).is_ok());
        for (text, report) in [("500k", "USD"), ("$500k", "USD"), ("$500k", "CAD"), ("€500k", "EUR"), ("500000 GBP", "GBP"), ("€500k", "")]
        {
            assert_eq!(of(text, report), Ok(true), "{text} {report}");
        }
        for (text, report) in [("€500k", "USD"), ("$500k", "EUR"), ("£5", "USD"), ("500000 EUR", "USD")] {
            assert_eq!(of(text, report), Ok(false), "{text} {report}");
        }
    }

    #[test]
    fn what_nobody_does_is_refused() {
        assert_eq!((pace("34.5"), sellers("3")), (Ok(34.5), Ok(3)));
        assert!(["1e6", "-1", "x"].iter().all(|text| pace(text).is_err()));
        assert!(["2.5", "0", "-1", "x", ""].iter().all(|text| sellers(text).is_err()));
    }
}
