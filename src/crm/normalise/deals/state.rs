//! What became of a deal: by the CRM's flags, its status and stage, and where these are silent by its dates.

use std::collections::BTreeMap;

use crate::calendar::Day;
use crate::crm::coded::{Groups, Slots, fill};
use crate::crm::fold::fold;
use crate::crm::normalise::{ByWord, Moments, Problems, brief};
use crate::crm::part::Part;
use crate::diagnostic::{Code, Diagnostic, Location};

/// Statuses, folded, of deals that were deleted.
const DELETED: &[&str] = &["deleted", "geloscht", "supprime", "supprimee", "eliminado", "eliminada", "excluido", "excluida", "eliminato"];

/// What became of a deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Became {
    Open,
    Won,
    Lost,
    Canceled,
}

impl Became {
    /// Each of them, in the order of their numbers.
    pub(super) const ALL: [Self; 4] = [Self::Open, Self::Won, Self::Lost, Self::Canceled];

    /// The name of the state.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Canceled => "canceled",
        }
    }
}

/// What became of the deals of a part, found out once for all that say the same.
pub(super) struct States<'a> {
    groups: Groups<'a>,
    verdicts: Vec<Verdict>,
    became: Vec<Became>,
    over: Unsure,
    unknown: Unsure,
}

/// What deals come to that say the same.
#[derive(Clone, Copy)]
struct Verdict {
    state: State,
    /// Whether only its dates say what became of it.
    silent: bool,
    deleted: bool,
}

impl<'a> States<'a> {
    /// Understands the deals of a part by their flags (whether they are won, closed, deleted and active) and the dates of wins and losses.
    pub(super) fn new(part: &'a Part, flags: [&'a ByWord<'a, bool>; 4], dates: [&Moments<'_>; 2]) -> Self {
        let ([won, closed, deleted, active], [won_on, lost_on]) = (flags, dates);
        let columns = ["stage", "status", "status_reason"].iter().filter_map(|name| part.field(name));
        let mut slots: Vec<Slots<'_>> = columns.map(|field| Slots::of(&field.words)).collect();
        slots.extend(flags.iter().filter_map(|flag| flag.slots()));
        let groups = Groups::of(slots, part.len());
        let verdict = |row: usize| {
            let found = state(part, row, won.get(row), closed.get(row));
            // A CRM that archives what is lost archives now and then what was won.
            let lost = matches!(found, State::Said("open") | State::Unknown) && active.get(row) == Some(false);
            Verdict {
                state: if lost { State::Said("lost") } else { found },
                // Nothing else in the file says what became of it.
                silent: !lost && found == State::Said("open") && is_silent(part, row),
                // Some CRMs keep what was deleted under a status of its own.
                deleted: deleted.get(row) == Some(true) || is_deleted(part, row),
            }
        };
        let verdicts: Vec<Verdict> = groups.first.iter().map(|row| verdict(*row as usize)).collect();
        let sorts = groups.codes();
        let found = |row: usize| match verdicts[sorts.get(row).map_or(0, |sort| sort as usize)] {
            Verdict { silent: true, .. } => dated(won_on.get(row).map(|m| m.day), lost_on.get(row).map(|m| m.day)),
            Verdict { state, .. } => state,
        };
        let became = fill(part.len(), |row| found(row).became());
        let (mut over, mut unknown) = (Unsure::default(), Unsure::default());
        if verdicts.iter().any(|v| v.silent || matches!(v.state, State::Over | State::Unknown)) {
            for row in 0..part.len() {
                match found(row) {
                    State::Over => over.note(part, row),
                    State::Unknown if !is_deleted(part, row) => unknown.note(part, row),
                    _ => {}
                }
            }
        }
        Self { groups, verdicts, became, over, unknown }
    }

    /// What became of a row's deal.
    pub(super) fn of(&self, row: usize) -> Became {
        self.became[row]
    }

    /// Whether any deal became this.
    pub(super) fn any(&self, became: Became) -> bool {
        self.became.contains(&became)
    }

    /// Whether a row's deal was deleted.
    pub(super) fn deleted(&self, row: usize) -> bool {
        self.verdicts[self.groups.get(row)].deleted
    }

    /// Whether any deal was deleted.
    pub(super) fn any_deleted(&self) -> bool {
        self.verdicts.iter().any(|v| v.deleted)
    }

    /// Says of how many deals the state is not sure.
    pub(super) fn say(self, part: &Part, problems: &mut Problems) {
        self.over.say(part, problems, "are over, and nothing says whether they were won or lost; they count as neither");
        self.unknown.say(part, problems, "have a status that means nothing known; they count as open");
    }
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
    /// The state that it counts as.
    fn became(self) -> Became {
        match self {
            Self::Said("won") => Became::Won,
            Self::Said("lost") => Became::Lost,
            Self::Said("canceled") | Self::Over => Became::Canceled,
            Self::Said(_) | Self::Unknown => Became::Open,
        }
    }
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
        self.0.entry(brief(word)).or_insert((0, part.line.get(row))).0 += 1;
    }

    /// Says how many there are.
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
