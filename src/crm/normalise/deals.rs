//! Deals: state, dates, money (measures, section 1: Won, Money).

mod state;

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::stacked::{Kept, Stacked, stack};
use super::{DECIMALS, Known, Moments, Problems, amounts, brief, currency, days_of, flags, labels, moments, split, words};
use crate::crm::Settings;
use crate::crm::coded::{Groups, each, fill, first, spread};
use crate::crm::merged::Gone;
use crate::crm::part::Part;
use crate::crm::preset::{Close, Shape};
use crate::crm::second;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Amounts, Column, Kind, Reason, Source, Table, Words};
use state::{Became, States};

/// Deals, and what was refused and assumed about them.
pub(in crate::crm) struct Deals {
    pub(in crate::crm) table: Table,
    /// The source and line of each row that was refused.
    pub(in crate::crm) refused: Vec<(u16, u32)>,
    /// Whether a won deal falls on the one close date that the CRM keeps.
    pub(in crate::crm) shared: bool,
    /// Deals whose money several share, by row.
    pub(in crate::crm) splits: BTreeMap<usize, Vec<(String, u32)>>,
    /// The heading of revenue.
    pub(in crate::crm) amount_heading: Option<String>,
    /// What each row says of its currency, by the row with which a file begins.
    currencies: Vec<(usize, Column)>,
    /// Rows that are left out, and why.
    gone: Vec<(usize, Reason)>,
}

/// Understands the deals of every file.
pub(in crate::crm) fn deals(parts: &[Part], known: &mut Known, settings: &Settings, sources: &[Source], problems: &mut Problems) -> Deals {
    let mut table = Stacked::new(Kind::Deals);
    let mut out = Deals {
        table: Table::new(Kind::Deals, Vec::new(), Vec::new()),
        refused: Vec::new(),
        shared: false,
        splits: BTreeMap::new(),
        amount_heading: None,
        currencies: Vec::new(),
        gone: Vec::new(),
    };
    let merged = Gone::new(parts, Kind::Deals);
    let mut present: Vec<&'static str> = vec!["id", "owner", "state", "closed_on", "expected_on"];
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::Deals)) {
        for (field, column) in
            [("next_step", "next_step"), ("amount", "amount"), ("actual_amount", "amount"), ("profit", "profit"), ("cost", "profit")]
        {
            if part.has(field) {
                present.push(column);
            }
        }
        // What a won deal brought, where the export keeps it apart, is its revenue.
        if let Some(field) = part.field("actual_amount").or_else(|| part.field("amount")) {
            out.amount_heading.get_or_insert_with(|| field.heading.clone());
        }
        part_of(part, known, settings, problems, &mut table, &mut out, &merged);
    }
    out.table = table.finish(&present);
    let said = stack(std::mem::take(&mut out.currencies), out.table.len());
    currency::settle(&mut out.table, said.as_ref(), settings.currency.as_deref(), sources, problems);
    for (row, reason) in std::mem::take(&mut out.gone) {
        out.table.leave_out(row, reason);
    }
    out
}

fn part_of(
    part: &Part,
    known: &mut Known,
    settings: &Settings,
    problems: &mut Problems,
    table: &mut Stacked,
    out: &mut Deals,
    merged: &Gone<'_>,
) {
    let [won, closed, deleted, active] = ["won", "closed", "deleted", "active"].map(|field| flags(part, field, problems));
    let [close_on, closed_on, won_on, lost_on, expected_on, created, modified] =
        ["close_on", "closed_on", "won_on", "lost_on", "expected_on", "created_on", "modified_on"]
            .map(|field| moments(part, field, settings, problems));
    let [amount, actual, cost, profit] =
        ["amount", "actual_amount", "cost", "profit"].map(|field| amounts(part, field, settings, problems));
    let said = currency::Said::new(part, &amount, &actual);
    let rows = part.len();

    let states = States::new(part, [&won, &closed, &deleted, &active], [&won_on, &lost_on]);
    let day = |column: &Moments<'_>, row: usize| column.get(row).map(|m| m.day);
    let real = |row: usize| match states.of(row) {
        Became::Won => day(&won_on, row).or_else(|| day(&closed_on, row)),
        Became::Open => None,
        Became::Lost | Became::Canceled => day(&lost_on, row).or_else(|| day(&closed_on, row)),
    };
    let closing = |row: usize| real(row).or_else(|| day(&close_on, row).filter(|_| states.of(row) != Became::Open));
    let days: Vec<i32> = fill(rows, |row| closing(row).map_or(Column::NO_DAY, |day| day.0));
    let survivors: Vec<Option<String>> =
        if merged.any() { (0..rows).map(|row| merged.survivor(part, row, &known.deals).map(str::to_owned)).collect() } else { Vec::new() };
    let survivor = |row: usize| survivors.get(row).and_then(Option::as_ref);
    let undated = |row: usize, state: Became| {
        states.of(row) == state && days[row] == Column::NO_DAY && !states.deleted(row) && survivor(row).is_none()
    };
    let refused: Vec<u32> = (0..rows as u32).filter(|row| undated(*row as usize, Became::Won)).collect();
    // Where it is still a question how the dates read, none is known to be missing.
    if !problems.fatal {
        for row in refused.iter().map(|row| *row as usize) {
            problems.say(without_close(part, row));
            out.refused.push((part.source, part.line.get(row)));
        }
    }
    let kept = Kept::but(&refused, rows);
    let timeless: Vec<u32> = kept.rows().filter(|row| undated(*row, Became::Lost)).map(|row| part.line.get(row)).collect();
    let shared_win = kept.rows().any(|row| states.of(row) == Became::Won && real(row).is_none());
    let open_dated = close_on.present() && (0..rows).any(|row| states.of(row) == Became::Open && close_on.get(row).is_some());

    let start = table.begin(part, kept.chosen.clone());
    let owners = Groups::by_fields(part, &["owner_id", "owner", "owner_email"]);
    let people: Vec<Option<u32>> = kept
        .by_group(&owners, |row| known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row)));
    let (companies, accounts) = if let Some(named) = known.named.remove(&(part.source, Kind::Deals)) {
        named.of(part)
    } else {
        let companies = Groups::by_fields(part, &["account_id", "account"]);
        let accounts = kept.by_group(&companies, |row| account(part, row, known));
        (companies, accounts)
    };
    let ids = ids(part, known);
    let known = &*known;
    let owner: Vec<Option<&str>> = people.iter().map(|p| known.person.get((*p)? as usize).map(String::as_str)).collect();
    let account = labels(&accounts, &known.account);

    let brought = |row: usize| actual.value.get(row).filter(|_| states.of(row) == Became::Won);
    let worth = |row: usize| brought(row).or_else(|| amount.value.get(row));
    let margin = |row: usize| {
        profit.value.get(row).or_else(|| worth(row).zip(cost.value.get(row)).and_then(|(worth, cost)| worth.checked_sub(cost)))
    };
    table.set("id", Column::Words(ids));
    table.set("name", words(part, &["name"]));
    table.set("owner", Column::Words(owners.texts(&owner)));
    table.set("account", Column::Words(companies.texts(&account)));
    table.set("stage", words(part, &["stage"]));
    table.set(
        "state",
        Column::Words(spread(rows, &Became::ALL.map(|state| states.any(state).then(|| state.name())), |row| states.of(row) as usize)),
    );
    for (name, present, value) in [
        ("amount", amount.value.present() || actual.value.present(), &worth as &(dyn Fn(usize) -> Option<Decimal> + Sync)),
        ("cost", cost.value.present(), &|row| cost.value.get(row)),
        ("profit", profit.value.present() || cost.value.present(), &margin),
    ] {
        if present {
            table.set(name, money(rows, &kept, value));
        }
    }
    table.set("created_on", days_of(&created, rows));
    table.set("closed_on", Column::Days(days));
    let expected = |row: usize| match states.of(row) {
        Became::Open => day(&expected_on, row).or_else(|| day(&close_on, row)),
        _ => None,
    };
    table.set("expected_on", Column::Days(fill(rows, |row| expected(row).map_or(Column::NO_DAY, |day| day.0))));
    table.set("modified_on", days_of(&modified, rows));
    table.set("new_business", new_business(part));
    for name in ["type", "product", "pipeline", "lead_source", "lost_reason", "next_step"] {
        table.set(name, words(part, &[name]));
    }
    let (currencies, differ) = said.of(|row| brought(row).is_some(), &kept);
    out.currencies.push((start, table.chosen(Column::Words(currencies))));

    let credit = settings.credit.as_deref().unwrap_or_default();
    let shared = part.has("split") || !credit.is_empty();
    if shared || states.any_deleted() || !survivors.is_empty() {
        for (index, row) in kept.rows().enumerate().map(|(at, row)| (start + at, row)) {
            if shared {
                shares(part, row, index, credit, known, out, problems);
            }
            if let Some(survivor) = survivor(row) {
                problems.say(absorbed(part, row, survivor));
                out.gone.push((index, Reason::Duplicate));
            } else if states.deleted(row) {
                out.gone.push((index, Reason::Deleted));
            }
        }
    }
    out.shared |= shared_win
        && match part.close {
            Close::Shared => true,
            Close::Real => false,
            Close::ByData => open_dated,
        };
    problems.list.extend(differ);
    if !problems.fatal {
        problems.list.extend(without_day(part, &timeless));
    }
    states.say(part, problems);
}

fn account(part: &Part, row: usize, known: &mut Known) -> Option<u32> {
    let named = part.text("account_id", row).is_some() || part.text("account", row).is_some();
    if named { known.accounts.enter(part.one("account_id", row), part.one("account", row), None) } else { None }
}

/// The ids of deals, as the files first spell each.
fn ids(part: &Part, known: &mut Known) -> Words {
    if known.deal.is_empty() {
        // Nothing refers to deals, and no id is spelled in two ways.
        return first(part, &["id"]);
    }
    let entered: Vec<u32> = (0..part.len())
        .map(|row| known.deals.enter(part.text("id", row), part.text("name", row), None).filter(|_| part.text("id", row).is_some()))
        .map(|deal| deal.unwrap_or(u32::MAX))
        .collect();
    Words::from_codes(&known.deal.iter().collect::<Vec<_>>(), entered)
}

/// Whether the words of the deals' types mean new business.
fn new_business(part: &Part) -> Column {
    let types = first(part, &["type"]);
    let means: Vec<i8> = types.words().iter().map(|word| part.words.new_business(word).map_or(-1, i8::from)).chain([-1]).collect();
    if means.iter().all(|flag| *flag < 0) {
        return Column::Flags(Vec::new());
    }
    Column::Flags(each(part.len(), &means, |row| types.code(row).map_or(means.len() - 1, |code| code as usize)))
}

/// Notes who shares in the money of a deal.
fn shares(part: &Part, row: usize, index: usize, credit: &[second::Share], known: &Known, out: &mut Deals, problems: &mut Problems) {
    match part.text("split", row).map(|text| split::shares(text, known)) {
        Some(Ok(shares)) if !shares.is_empty() => drop(out.splits.insert(index, shares)),
        Some(Err(sum)) => problems.say(
            Diagnostic::warning(
                Code::BadNumber,
                format!(
                    "the splits of the deal '{}' add up to {sum} percent: its money is all its owner's",
                    brief(part.first(&["name", "id"], row).unwrap_or_default())
                ),
            )
            .at(Location::line(&part.path, part.line.get(row)))
            .hint("correct them in the CRM, so that they add up to 100"),
        ),
        _ => {
            let shares = split::further(second::people(part, row, credit), known);
            if !shares.is_empty() {
                out.splits.insert(index, shares);
            }
        }
    }
}

/// Says that a deal was merged into another one.
fn absorbed(part: &Part, row: usize, survivor: &str) -> Diagnostic {
    let name = brief(part.first(&["name", "id"], row).unwrap_or_default());
    let says = format!("the deal '{name}' was merged into '{survivor}' in the CRM: it counts as that one");
    Diagnostic::note(Code::DuplicateId, says).at(Location::line(&part.path, part.line.get(row)))
}

/// Says that a deal was won and nothing says when.
fn without_close(part: &Part, row: usize) -> Diagnostic {
    let name = part.first(&["name", "id", "account"], row).unwrap_or_default();
    let heading = ["won_on", "closed_on", "close_on"].iter().find_map(|f| part.field(f)).map(|f| f.heading.as_str());
    let location = match heading {
        Some(heading) => Location::cell(&part.path, part.line.get(row), heading),
        None => Location::line(&part.path, part.line.get(row)),
    };
    Diagnostic::error(Code::NoCloseDate, format!("the deal '{}' is won but has no close date: it falls in no period", brief(name)))
        .at(location)
        .hint("give it the date on which it was won, in the CRM or in the file")
}

/// Says of lost deals that nothing dates that no period has them: a rate of wins would be too good.
fn without_day(part: &Part, lines: &[u32]) -> Option<Diagnostic> {
    let first = *lines.first()?;
    let shown: Vec<String> = lines.iter().take(5).map(ToString::to_string).collect();
    let more = if lines.len() > shown.len() { format!(" and {} more", lines.len() - shown.len()) } else { String::new() };
    let message = match lines {
        [_] => "a lost deal has no close date: it falls in no period".to_owned(),
        _ => format!("{} lost deals have no close date, on lines {}{more}: they fall in no period", lines.len(), shown.join(", ")),
    };
    let said = Diagnostic::warning(Code::NoCloseDate, message).at(Location::line(&part.path, first));
    Some(said.hint("export the day on which they were lost: without it the win rate of a period is too high"))
}

/// A column of money: whole numbers of the smallest unit that any of its amounts needs.
fn money(rows: usize, kept: &Kept, value: &(dyn Fn(usize) -> Option<Decimal> + Sync)) -> Column {
    let minor = |mut value: Decimal| {
        let scale = value.scale();
        if let Some(unit) = DECIMALS.checked_sub(scale).map(|more| 10_i64.pow(more))
            && let Some(minor) = i64::try_from(value.mantissa()).ok().and_then(|minor| minor.checked_mul(unit))
        {
            return Some((minor, scale as u8));
        }
        value.rescale(DECIMALS);
        i64::try_from(value.mantissa()).ok().filter(|_| value.scale() == DECIMALS).map(|minor| (minor, scale as u8))
    };
    let values = fill(rows, |row| value(row).and_then(minor).unwrap_or((Amounts::NULL, 0)));
    let scale = kept.rows().map(|row| values[row].1).max().unwrap_or(0);
    let unit = 10_i64.pow(DECIMALS.saturating_sub(u32::from(scale)));
    let minor = |(minor, _): (i64, u8)| if minor == Amounts::NULL { minor } else { minor / unit };
    Column::Money(Amounts { scale, minor: values.into_iter().map(minor).collect() })
}
