//! Advances (measures, section 6): whether a step of the customer followed on what we did, or only activity of our own.
//!
//! An advance can follow a **held** customer meeting, or a held call that is not known to have reached nobody. A step belongs to one of them:
//! the latest with that customer, on the step's day or at most [`ADVANCE_DAYS`] before it; of one day the latest by time, then a meeting over
//! a call, then the later record. A step in a deal belongs to the latest that names the deal; only where none does, to the latest with its
//! customer that names no deal. So one step advances one activity, and an activity with several steps advances once, by the first of these:
//!
//! | rule | the step |
//! |---|---|
//! | `result` | the activity's own result word says that the customer took a step (`[words.result]`) |
//! | `next_step` | its own next step begins with words for a step of the customer, not of ours (`[words.next_step]` of the presets) |
//! | `next_meeting` | a later customer meeting with them was held, or stands booked with a contact or lead of theirs; agreed when it was entered, or on its own day where that comes first. One of which nobody knows when it was entered counts on the day on which it was held |
//! | `stage` | a deal of theirs moved forward to a stage that it had not been in, or was won |
//! | `disqualified` | a call's result word says that there is nothing to be sold, or a deal was lost or canceled for a stated reason while in one of its first two stages |
//!
//! `advanced` is true where a rule fired; false where none did and the activities reach [`ADVANCE_DAYS`] beyond the day; else null: not known
//! yet. It is null, too, for what can have no advance, and for a meeting or call that is linked to nobody and does not itself say that the
//! customer took a step: the steps that followed cannot be seen.
//! Nothing after the day of the report is a step, but a meeting that was booked by then is.

mod held;
mod stages;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Index;

use rayon::slice::ParallelSliceMut as _;

use super::customer::{With, activity_deals, deal_of};
use super::owner::rows_by_key;
use super::rows::{Days, Flags, NONE, PerWord, by_part, code, having, narrow, words};
use super::{ENDED_AFTER, Facts, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{ADVANCES, Column, Data, Kind, Said};
use held::{Held, can_advance};
use stages::History;

/// A step that comes more than this many days after an activity does not belong to it.
pub const ADVANCE_DAYS: i32 = 7;

/// What sort of step it was; of several the first decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The activity's own result says so.
    Result,
    /// Its own next step is one of the customer.
    NextStep,
    /// The customer agreed to meet again.
    NextMeeting,
    /// A deal of theirs reached a further stage.
    Stage,
    /// It was found out in time that there is nothing to be sold.
    Disqualified,
}

/// Every rule, in the order in which they decide.
pub const RULES: [Rule; 5] = [Rule::Result, Rule::NextStep, Rule::NextMeeting, Rule::Stage, Rule::Disqualified];

impl Rule {
    /// Its name in filters and output.
    pub fn name(self) -> &'static str {
        ADVANCES[self as usize]
    }
}

/// The step by which a customer advanced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Advance {
    /// Which rule fired.
    pub rule: Rule,
    /// The day of the step; for a meeting the day on which it was agreed.
    pub on: Day,
    /// The record that shows it, a row of a table: the later meeting, the row of the stage history, the deal; none where the activity itself does.
    pub shown_by: Option<(Kind, usize)>,
}

/// The steps of customers, by the activity to which each belongs.
#[derive(Debug, Clone, Default)]
pub struct Steps {
    /// How many activities there are.
    activities: usize,
    /// Those to which a step belongs, in order.
    rows: Vec<u32>,
    /// The step of each of these rows.
    found: Vec<Option<Advance>>,
}

impl Steps {
    /// The step that belongs to an activity.
    pub fn get(&self, row: usize) -> Option<Advance> {
        self.found[self.rows.binary_search(&(row as u32)).ok()?]
    }

    /// The first of the steps that belong to each of so many activities; given in any order.
    fn new(activities: usize, mut given: Given) -> Self {
        given.par_sort_unstable();
        // Of several steps of one rule the earliest is named.
        given.dedup_by_key(|(row, _)| *row);
        let (rows, found) = given.into_iter().map(|(row, step)| (row, Some(step))).unzip();
        Self { activities, rows, found }
    }

    /// That of every activity, by row.
    pub fn iter(&self) -> impl Iterator<Item = &Option<Advance>> {
        (0..self.activities).map(|row| &self[row])
    }

    /// The rule of each step, by row.
    fn rules(&self) -> impl Iterator<Item = (usize, Rule)> {
        self.rows.iter().zip(&self.found).filter_map(|(row, step)| Some((*row as usize, step.as_ref()?.rule)))
    }
}

impl Index<usize> for Steps {
    type Output = Option<Advance>;

    fn index(&self, row: usize) -> &Option<Advance> {
        self.rows.binary_search(&(row as u32)).map_or(&None, |at| &self.found[at])
    }
}

/// Which activities a step of the customer followed, and what kept others from being told.
#[derive(Debug, Clone, Default)]
pub struct Advances {
    /// The step that belongs to each activity.
    pub of: Steps,
    /// Held customer meetings and calls that are linked to nobody and name no step themselves: those that followed cannot be seen.
    pub unlinked: u64,
    /// Customer meetings held or booked of which nobody knows when they were entered: those booked are no step, those held are one on their day.
    pub undated: u64,
    /// Rows of the stage history that belong to a deal that is used.
    pub stage_rows: u64,
    /// Rows of it that belong to none that was read.
    pub unknown_deals: u64,
    /// The last day of the stage history, where that lies 28 days or more before the exports' last.
    pub stages_ended: Option<Day>,
    /// Steps that led to stages which fewer than 3 deals reached, by stage, where no order is given.
    pub thin: BTreeMap<String, u64>,
    /// Deals lost or canceled for a stated reason of which nothing says how early: no stage before, or no order of stages.
    pub losses_untold: u64,
    /// Deals that name no account, so that only what is linked to the deal itself can have its steps.
    pub deals_without_account: u64,
}

/// Fills `advanced` and `advance_rule` of activities.
pub(super) fn derive(data: &mut Data, with: &With, settings: &Settings, facts: &mut Facts) {
    let table = &data.activities;
    let can = can_advance(table);
    let deal_of = deal_of(table, &activity_deals(data));
    let held = Held::new(data, with, &can, &deal_of);
    let mut found = Advances::default();
    let mut steps = own_words(data, &can);
    steps.extend(next_meetings(data, with, &held, &deal_of, settings.as_of, &mut found));
    let deals = stage_deals(data);
    let history = History::new(data, &deals, &settings.stages, settings.as_of);
    found.stage_rows = history.known;
    let unknown = unknown_rows(data, &deals);
    found.unknown_deals = unknown.len() as u64;
    facts.diagnostics.extend(unknown_deals(data, &unknown));
    found.stages_ended = history.last.zip(facts.through).filter(|(last, through)| through.0 - last.0 >= ENDED_AFTER).map(|(last, _)| last);
    deal_steps(data, with, &held, &history, settings.as_of, &mut found, &mut steps);
    drop(held);
    found.of = Steps::new(data.activities.len(), steps);
    fill(data, with, &can, facts.seen_until(Kind::Activities, settings.as_of), &mut found);
    facts.advances = found;
}

/// Says what is wrong with the history of stages, where nobody asks what advanced.
pub(super) fn check(data: &Data, facts: &mut Facts) {
    if !data.stages.is_empty() {
        facts.diagnostics.extend(unknown_deals(data, &unknown_rows(data, &stage_deals(data))));
    }
}

/// For each word by which the history names a deal, its row; [`NONE`] of one that is not used.
fn stage_deals(data: &Data) -> Vec<u32> {
    words(&data.stages, "deal")
        .map(|deals| rows_by_key(deals, &data.deals, &["id", "name"], |row| data.deals.used(row)))
        .unwrap_or_default()
}

/// The rows of the history that belong to no deal that was read.
fn unknown_rows(data: &Data, deals: &[u32]) -> Vec<usize> {
    let table = &data.stages;
    let named = words(table, "deal");
    // One that was read and left out is not unknown.
    let read = named.map(|deals| rows_by_key(deals, &data.deals, &["id", "name"], |_| true)).unwrap_or_default();
    let known = |code: u32| deals[code as usize] != NONE || read[code as usize] != NONE;
    (0..table.len()).filter(|row| table.used(*row) && !code(named, *row).is_some_and(known)).collect()
}

/// Says how many rows of a history belong to no deal that was read, where others do: at the first of each file.
fn unknown_deals(data: &Data, rows: &[usize]) -> Vec<Diagnostic> {
    let table = &data.stages;
    let mut by_file: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for row in rows {
        by_file.entry(table.file[*row]).or_default().push(*row);
    }
    let say = |(file, unknown): (u16, Vec<usize>)| {
        let all = table.file.iter().filter(|other| *other == file).count();
        let source = data.sources.get(usize::from(file)).filter(|_| unknown.len() < all)?;
        let message = format!("{} of its {all} changes of stage belong to no deal that was read: they advance nobody", unknown.len());
        let at = Location::line(&source.path, table.line.get(*unknown.first()?));
        Some(Diagnostic::note(Code::BadReference, message).at(at).hint("export the deals over the same time as their history"))
    };
    by_file.into_iter().filter_map(say).collect()
}

/// Steps and the rows of the activities to which they belong.
type Given = Vec<(u32, Advance)>;

fn own_words(data: &Data, can: &[bool]) -> Given {
    let call = having(&data.activities, "kind", &["call"]);
    let days = Days::of(&data.activities, "day");
    let step = |(row, said): (usize, &Option<Said>)| {
        let rule = match said.filter(|_| can.get(row) == Some(&true))? {
            Said::Advanced => Rule::Result,
            Said::NextStep => Rule::NextStep,
            Said::Disqualified => Rule::Disqualified,
        };
        // Of a meeting nobody says by a word that there is nothing to be sold.
        let may = rule != Rule::Disqualified || call.get(row).is_some();
        Some((row as u32, Advance { rule, on: days.get(row).filter(|_| may)?, shown_by: None }))
    };
    data.said_step.iter().enumerate().filter_map(step).collect()
}

fn next_meetings(data: &Data, with: &With, held: &Held<'_>, deal_of: &PerWord<'_, u32>, as_of: Day, found: &mut Advances) -> Given {
    let table = &data.activities;
    let [days, created] = ["day", "created_on"].map(|name| Days::of(table, name));
    let [contact, lead] = ["contact", "lead"].map(|name| words(table, name));
    let meeting = Flags::of(table, "customer_meeting");
    let took_place = PerWord::new(words(table, "outcome"), |word| match word {
        "held" => Some(true),
        "scheduled" => Some(false),
        _ => None,
    });
    let parts = by_part(table.len(), |rows| {
        let (mut given, mut undated) = (Given::new(), 0);
        for row in rows.filter(|row| meeting.get(*row) == Some(true) && table.used(*row)) {
            let (Some(day), Some(took_place), Some(who)) = (days.get(row), took_place.get(row), with.activity(row)) else { continue };
            // Time that is kept free for a customer is no step of theirs, unless somebody of theirs is to come.
            if !took_place && code(contact, row).or_else(|| code(lead, row)).is_none() {
                continue;
            }
            let entered = created.get(row);
            undated += u64::from(entered.is_none());
            let agreed = match entered {
                Some(entered) => entered.min(day),
                None if took_place => day,
                None => continue,
            };
            if agreed <= as_of
                && let Some(whose) = held.with(who, deal_of.get(row), agreed, day)
            {
                given.push((whose as u32, Advance { rule: Rule::NextMeeting, on: agreed, shown_by: Some((Kind::Activities, row)) }));
            }
        }
        (given, undated)
    });
    found.undated += parts.iter().map(|(_, undated)| undated).sum::<u64>();
    parts.into_iter().flat_map(|(given, _)| given).collect()
}

/// Steps that show in deals: a further stage, a win, an early loss.
fn deal_steps(data: &Data, with: &With, held: &Held<'_>, history: &History, as_of: Day, found: &mut Advances, steps: &mut Given) {
    let deals = &data.deals;
    let whose = |deal: usize, on: Day| held.about(with.deal(deal), deal as u32, on);
    let mut give = |row: Option<usize>, step: Advance| steps.extend(row.map(|row| (row as u32, step)));
    for step in history.moves() {
        let shown_by = Some((Kind::Stages, step.row));
        let whose = whose(step.deal, step.on);
        if let Some(stage) = data.stages.text("stage", step.row).filter(|_| whose.is_some() && history.is_thin(&step)) {
            *found.thin.entry(stage.to_owned()).or_default() += 1;
        }
        give(whose, Advance { rule: Rule::Stage, on: step.on, shown_by });
    }
    let wins = history.wins(deals.len());
    let days = Days::of(deals, "closed_on");
    let closed = |deal: usize| days.get(deal).filter(|day| *day <= as_of);
    let last_open = history.last_open(deals.len(), closed);
    let (account, reason) = (words(deals, "account"), words(deals, "lost_reason"));
    let won = PerWord::new(words(deals, "state"), |word| match word {
        "won" => Some(true),
        "lost" | "canceled" => Some(false),
        _ => None,
    });
    let stages = PerWord::new(words(deals, "stage"), |word| history.open_stage(data, Some(word)));
    for deal in (0..deals.len()).filter(|deal| deals.used(*deal)) {
        found.deals_without_account += u64::from(code(account, deal).is_none());
        let Some(on) = closed(deal) else { continue };
        let shown_by = Some((Kind::Deals, deal));
        match won.get(deal) {
            Some(true) if !wins[deal] => give(whose(deal, on), Advance { rule: Rule::Stage, on, shown_by }),
            Some(false) if code(reason, deal).is_some() => {
                let stage = last_open[deal].or_else(|| stages.get(deal));
                match stage.and_then(|stage| history.early(stage)) {
                    Some(true) => give(whose(deal, on), Advance { rule: Rule::Disqualified, on, shown_by }),
                    Some(false) => {}
                    None => found.losses_untold += 1,
                }
            }
            _ => {}
        }
    }
}

fn fill(data: &mut Data, with: &With, can: &[bool], until: Option<Day>, found: &mut Advances) {
    let table = &data.activities;
    let days = Days::of(table, "day");
    let mut rules = vec![u8::MAX; table.len()];
    let mut advanced = vec![-1_i8; table.len()];
    let mut names = ADVANCES.to_vec();
    names.sort_unstable();
    for (row, rule) in found.of.rules() {
        advanced[row] = 1;
        rules[row] = names.iter().position(|name| *name == rule.name()).map_or(u8::MAX, |code| code as u8);
    }
    for (row, flag) in advanced.iter_mut().enumerate().filter(|(row, flag)| can[*row] && **flag < 0) {
        if with.activity(row).is_none() {
            found.unlinked += 1;
        } else if days.get(row).zip(until).is_some_and(|(day, until)| day.plus(ADVANCE_DAYS) <= until) {
            *flag = 0;
        }
    }
    let table = &mut data.activities;
    table.set("advanced", Column::Flags(advanced));
    table.set("advance_rule", narrow(&names, rules));
}
