//! Deals: state, dates, money (measures, section 1: Won, Money).

use std::collections::BTreeMap;

use super::builder::Builder;
use super::{Known, Problems, amounts, currency, flags, moments, split};
use crate::calendar::Day;
use crate::crm::Settings;
use crate::crm::fold::fold;
use crate::crm::merged::Gone;
use crate::crm::part::Part;
use crate::crm::preset::{Close, Shape};
use crate::crm::second;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Reason, Source, Table};

/// Statuses, folded, of deals that were deleted.
const DELETED: &[&str] = &["deleted", "geloscht", "supprime", "supprimee", "eliminado", "eliminada", "excluido", "excluida", "eliminato"];

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
    /// What each row says of its currency.
    currencies: Vec<Option<String>>,
    /// Rows that are left out, and why.
    gone: Vec<(usize, Reason)>,
}

/// Understands the deals of every file.
pub(in crate::crm) fn deals(parts: &[Part], known: &mut Known, settings: &Settings, sources: &[Source], problems: &mut Problems) -> Deals {
    let mut builder = Builder::new(Kind::Deals);
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
        part_of(part, known, settings, problems, &mut builder, &mut out, &merged);
    }
    out.table = builder.finish(&present);
    currency::settle(&mut out.table, &out.currencies, settings.currency.as_deref(), sources, problems);
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
    builder: &mut Builder,
    out: &mut Deals,
    merged: &Gone<'_>,
) {
    let [won, closed, deleted, active] = ["won", "closed", "deleted", "active"].map(|field| flags(part, field, problems));
    let [close_on, closed_on, won_on, lost_on, expected_on, created, modified] =
        ["close_on", "closed_on", "won_on", "lost_on", "expected_on", "created_on", "modified_on"]
            .map(|field| moments(part, field, settings, problems));
    let [amount, actual, cost, profit] =
        ["amount", "actual_amount", "cost", "profit"].map(|field| amounts(part, field, settings, problems));
    let mut money = currency::Said::new(part, &amount, &actual);
    let (mut over, mut unknown) = (Unsure::default(), Unsure::default());
    let (mut open_dated, mut shared_win) = (false, false);
    let mut timeless: Vec<u32> = Vec::new();
    for row in 0..part.len() {
        let found = match state(part, row, won.get(row), closed.get(row)) {
            // A CRM that archives what is lost archives now and then what was won.
            State::Said("open") | State::Unknown if active.get(row) == Some(false) => State::Said("lost"),
            // Nothing else in the file says what became of it.
            State::Said("open") if is_silent(part, row) => dated(won_on.get(row).map(|m| m.day), lost_on.get(row).map(|m| m.day)),
            found => found,
        };
        match found {
            State::Over => over.note(part, row),
            State::Unknown if is_deleted(part, row) => {}
            State::Unknown => unknown.note(part, row),
            State::Said(_) => {}
        }
        let state = found.name();
        open_dated |= state == "open" && close_on.get(row).is_some();
        let real = match state {
            "won" => won_on.get(row).or_else(|| closed_on.get(row)),
            "open" => None,
            _ => lost_on.get(row).or_else(|| closed_on.get(row)),
        };
        let shared = close_on.get(row).filter(|_| state != "open");
        let day = real.or(shared).map(|m| m.day);
        // Some CRMs keep what was deleted under a status of its own.
        let deleted = deleted.get(row) == Some(true) || is_deleted(part, row);
        let survivor = merged.survivor(part, row, &known.deals).map(str::to_owned);
        if state == "won" && day.is_none() && !deleted && survivor.is_none() {
            // Where it is still a question how the dates read, none is known to be missing.
            if problems.fatal {
                continue;
            }
            let name = part.first(&["name", "id", "account"], row).unwrap_or_default();
            let headings: Vec<&str> =
                ["won_on", "closed_on", "close_on"].iter().filter_map(|f| part.field(f)).map(|f| f.heading.as_str()).collect();
            let location = match headings.first() {
                Some(heading) => Location::cell(&part.path, part.line[row], *heading),
                None => Location::line(&part.path, part.line[row]),
            };
            problems.say(
                Diagnostic::error(
                    Code::NoCloseDate,
                    format!("the deal '{}' is won but has no close date: it falls in no period", super::brief(name)),
                )
                .at(location)
                .hint("give it the date on which it was won, in the CRM or in the file"),
            );
            out.refused.push((part.source, part.line[row]));
            continue;
        }
        if state == "lost" && day.is_none() && !deleted && survivor.is_none() {
            timeless.push(part.line[row]);
        }
        shared_win |= state == "won" && real.is_none();
        let index = builder.row(part, row);
        let expected = expected_on.get(row).or_else(|| close_on.get(row)).filter(|_| state == "open").map(|m| m.day);
        let owner = known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row));
        let account = if part.text("account_id", row).is_some() || part.text("account", row).is_some() {
            known.accounts.enter(part.one("account_id", row), part.one("account", row), None)
        } else {
            None
        };
        let deal = known.deals.enter(part.text("id", row), part.text("name", row), None);
        let brought = actual.value.get(row).filter(|_| state == "won");
        let worth = brought.or_else(|| amount.value.get(row));
        let margin = profit.value.get(row).or_else(|| worth.zip(cost.value.get(row)).and_then(|(a, c)| a.checked_sub(c)));

        match part.text("split", row).map(|text| split::shares(text, known)) {
            Some(Ok(shares)) if !shares.is_empty() => drop(out.splits.insert(index, shares)),
            Some(Err(sum)) => problems.say(
                Diagnostic::warning(
                    Code::BadNumber,
                    format!(
                        "the splits of the deal '{}' add up to {sum} percent: its money is all its owner's",
                        super::brief(part.first(&["name", "id"], row).unwrap_or_default())
                    ),
                )
                .at(Location::line(&part.path, part.line[row]))
                .hint("correct them in the CRM, so that they add up to 100"),
            ),
            _ => {
                let shares = second::people(part, row, settings.credit.as_deref().unwrap_or_default());
                let shares = split::further(shares, known);
                if !shares.is_empty() {
                    out.splits.insert(index, shares);
                }
            }
        }
        builder.text("id", part.text("id", row).and(deal).and_then(|d| known.deal.get(d as usize)).map(String::as_str));
        builder.text("name", part.text("name", row));
        builder.text("owner", owner.and_then(|o| known.person.get(o as usize)).map(String::as_str));
        builder.text("account", account.and_then(|a| known.account.get(a as usize)).map(String::as_str));
        builder.text("stage", part.text("stage", row));
        builder.text("state", Some(state));
        builder.amount("amount", worth);
        builder.amount("cost", cost.value.get(row));
        builder.amount("profit", margin);
        out.currencies.push(money.of(row, brought.is_some()));
        builder.day("created_on", created.get(row).map(|m| m.day));
        builder.day("closed_on", day);
        builder.day("expected_on", expected);
        builder.day("modified_on", modified.get(row).map(|m| m.day));
        builder.flag("new_business", part.text("type", row).and_then(|word| part.words.new_business(word)));
        for name in ["type", "product", "pipeline", "lead_source", "lost_reason", "next_step"] {
            builder.text(name, part.text(name, row));
        }
        if let Some(survivor) = survivor {
            let name = super::brief(part.first(&["name", "id"], row).unwrap_or_default());
            problems.say(
                Diagnostic::note(
                    Code::DuplicateId,
                    format!("the deal '{name}' was merged into '{survivor}' in the CRM: it counts as that one"),
                )
                .at(Location::line(&part.path, part.line[row])),
            );
            out.gone.push((index, Reason::Duplicate));
        } else if deleted {
            out.gone.push((index, Reason::Deleted));
        }
    }
    out.shared |= shared_win
        && match part.close {
            Close::Shared => true,
            Close::Real => false,
            Close::ByData => open_dated,
        };
    money.say(problems);
    if !problems.fatal {
        problems.list.extend(without_day(part, &timeless));
    }
    over.say(part, problems, "are over, and nothing says whether they were won or lost; they count as neither");
    unknown.say(part, problems, "have a status that means nothing known; they count as open");
}

/// Whether the export keeps neither flag nor status for its deals, and this one's stage says nothing of an end.
fn is_silent(part: &Part, row: usize) -> bool {
    !["won", "closed", "status"].iter().any(|field| part.has(field))
        && part.text("stage", row).and_then(|word| part.words.stage_state(word)).is_none()
}

/// What became of a deal by the days on which it was won and lost: of both the later one holds.
fn dated(won: Option<Day>, lost: Option<Day>) -> State {
    match (won, lost) {
        (None, None) => State::Said("open"),
        (Some(won), Some(lost)) if won == lost => State::Over,
        (won, lost) => State::Said(if won > lost { "won" } else { "lost" }),
    }
}

/// Whether a deal's status says that it was deleted.
fn is_deleted(part: &Part, row: usize) -> bool {
    part.text("status", row).is_some_and(|word| DELETED.contains(&fold(word).as_str()))
}

/// What a deal is, and how sure that is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// What the flag or a word says, or open where neither says anything.
    Said(&'static str),
    /// Over, but nothing says how: kept apart from wins and losses.
    Over,
    /// Taken to be open though it has a status, since the status means nothing known.
    Unknown,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Said(state) => state,
            Self::Over => "canceled",
            Self::Unknown => "open",
        }
    }
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

/// Words that say that a deal is over and not how, folded: to some, who closes a deal has won it.
const OVER: &[&str] = &[
    "closed",
    "abgeschlossen",
    "geschlossen",
    "cloture",
    "cloturee",
    "ferme",
    "fermee",
    "cerrado",
    "cerrada",
    "fechado",
    "fechada",
    "negociofechado",
    "chiuso",
    "chiusa",
];

/// What the CRM says; of a deal that is open for the CRM, what the company's own words say of its stage or status: a pipeline may end in a
/// stage that the CRM does not know to be the end.
fn state(part: &Part, row: usize, won: Option<bool>, closed: Option<bool>) -> State {
    let own = || ["stage", "status"].iter().find_map(|field| part.words.own_state(part.text(field, row)?));
    match said_by_crm(part, row, won, closed) {
        State::Said("open") => State::Said(own().unwrap_or("open")),
        other => other,
    }
}

/// The CRM's own flag, else its status, else its stage's words.
fn said_by_crm(part: &Part, row: usize, won: Option<bool>, closed: Option<bool>) -> State {
    let status = part.text("status", row).and_then(|word| part.words.state(word));
    let stage = part.text("stage", row).and_then(|word| part.words.stage_state(word));
    let reason = part.text("status_reason", row).and_then(|word| part.words.state(word));
    let canceled = [status, stage, reason].contains(&Some("canceled"));
    let said = status.or(stage);
    let not_won = if canceled { "canceled" } else { "lost" };
    match (won, closed) {
        (Some(true), _) => State::Said("won"),
        (_, Some(false)) => State::Said("open"),
        // Some exports leave a flag blank where it is not set; then the words may still tell a win.
        (None, Some(true)) if said == Some("won") => State::Said("won"),
        (_, Some(true)) if part.has("won") => State::Said(not_won),
        (Some(false), None) if part.has("closed") => State::Said("open"),
        (Some(false), None) if said == Some("won") => State::Over,
        (None, Some(true)) => match said {
            Some("lost" | "canceled") => State::Said(not_won),
            _ => State::Over,
        },
        _ => match said {
            Some("won") => State::Said("won"),
            _ if canceled => State::Said("canceled"),
            Some(said) => State::Said(said),
            None => match part.text("status", row).map(fold) {
                Some(word) if OVER.contains(&word.as_str()) => State::Over,
                Some(_) => State::Unknown,
                None => State::Said("open"),
            },
        },
    }
}

/// Words of deals whose state is not sure, with how many there are and where the first stands.
#[derive(Default)]
struct Unsure(BTreeMap<String, (u64, u32)>);

impl Unsure {
    fn note(&mut self, part: &Part, row: usize) {
        let word = part.first(&["status", "stage"], row).unwrap_or_default();
        self.0.entry(super::brief(word)).or_insert((0, part.line[row])).0 += 1;
    }

    fn say(self, part: &Part, problems: &mut Problems, what: &str) {
        let Some(line) = self.0.values().map(|(_, line)| *line).min() else { return };
        let total: u64 = self.0.values().map(|(n, _)| n).sum();
        let mut words: Vec<(String, u64)> = self.0.into_iter().map(|(word, (n, _))| (word, n)).collect();
        words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        let shown: Vec<String> = words.iter().take(5).map(|(word, n)| format!("'{word}' ({n})")).collect();
        let more = if words.len() > 5 { format!(" and {} more", words.len() - 5) } else { String::new() };
        problems.say(
            Diagnostic::warning(Code::UnknownWord, format!("{total} deals {what}: {}{more}", shown.join(", ")))
                .at(Location::line(&part.path, line))
                .hint("say what the words mean under [words.state] in leadlag.toml, such as won = [\"Delivered\"]"),
        );
    }
}
