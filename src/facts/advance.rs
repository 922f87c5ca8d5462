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

use super::customer::{PerWord, With, deal_rows, words};
use super::{ENDED_AFTER, Facts, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{ADVANCES, Column, Data, Kind, Said, WordsBuilder};
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

/// Which activities a step of the customer followed, and what kept others from being told.
#[derive(Debug, Clone, Default)]
pub struct Advances {
    /// Per activity, the step that belongs to it.
    pub of: Vec<Option<Advance>>,
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
    let index = deal_rows(&data.deals);
    let deal_of = PerWord::new(words(table, "deal"), |word| index.get(word).copied());
    let held = Held::new(data, with, &can, &deal_of);
    let mut found = Advances { of: vec![None; table.len()], ..Advances::default() };
    own_words(data, &can, &mut found);
    next_meetings(data, with, &held, &deal_of, settings.as_of, &mut found);
    let history = History::new(data, &index, &settings.stages, settings.as_of);
    found.stage_rows = history.known;
    found.unknown_deals = history.unknown.len() as u64;
    facts.diagnostics.extend(unknown_deals(data, &history.unknown));
    found.stages_ended = history.last.zip(facts.through).filter(|(last, through)| through.0 - last.0 >= ENDED_AFTER).map(|(last, _)| last);
    deal_steps(data, with, &held, &history, settings.as_of, &mut found);
    fill(data, with, &can, facts.seen_until(Kind::Activities, settings.as_of), &mut found);
    facts.advances = found;
}

/// Says how many rows of a history belong to no deal that was read, where others do: at the first of each file.
fn unknown_deals(data: &Data, rows: &[usize]) -> Vec<Diagnostic> {
    let table = &data.stages;
    let mut by_file: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for row in rows {
        by_file.entry(table.file[*row]).or_default().push(*row);
    }
    let say = |(file, unknown): (u16, Vec<usize>)| {
        let all = table.file.iter().filter(|other| **other == file).count();
        let source = data.sources.get(usize::from(file)).filter(|_| unknown.len() < all)?;
        let message = format!("{} of its {all} changes of stage belong to no deal that was read: they advance nobody", unknown.len());
        let at = Location::line(&source.path, table.line[*unknown.first()?]);
        Some(Diagnostic::note(Code::BadReference, message).at(at).hint("export the deals over the same time as their history"))
    };
    by_file.into_iter().filter_map(say).collect()
}

/// Gives a step to an activity, unless it has one of a rule that comes before.
fn give(found: &mut Advances, row: Option<usize>, step: Advance) {
    if let Some(slot) = row.and_then(|row| found.of.get_mut(row)) {
        // Of several steps of one rule the earliest is named.
        *slot = Some(slot.map_or(step, |other| other.min(step)));
    }
}

fn own_words(data: &Data, can: &[bool], found: &mut Advances) {
    let call = PerWord::new(words(&data.activities, "kind"), |word| (word == "call").then_some(()));
    for (row, said) in data.said_step.iter().enumerate().filter(|(row, _)| can.get(*row) == Some(&true)) {
        let rule = match said {
            Some(Said::Advanced) => Rule::Result,
            Some(Said::NextStep) => Rule::NextStep,
            Some(Said::Disqualified) if call.get(row).is_some() => Rule::Disqualified,
            Some(Said::Disqualified) | None => continue,
        };
        let Some(on) = data.activities.day("day", row) else { continue };
        give(found, Some(row), Advance { rule, on, shown_by: None });
    }
}

fn next_meetings(data: &Data, with: &With, held: &Held, deal_of: &PerWord<'_, usize>, as_of: Day, found: &mut Advances) {
    let table = &data.activities;
    for row in (0..table.len()).filter(|row| table.used(*row) && table.flag("customer_meeting", *row) == Some(true)) {
        let Some(day) = table.day("day", row).filter(|_| with.activity[row].is_some()) else { continue };
        let took_place = match table.text("outcome", row) {
            Some("held") => true,
            // Time that is kept free for a customer is no step of theirs, unless somebody of theirs is to come.
            Some("scheduled") if table.text("contact", row).or_else(|| table.text("lead", row)).is_some() => false,
            _ => continue,
        };
        let entered = table.day("created_on", row);
        found.undated += u64::from(entered.is_none());
        let agreed = match entered {
            Some(entered) => entered.min(day),
            None if took_place => day,
            None => continue,
        };
        if agreed > as_of {
            continue;
        }
        let whose = held.with(with.activity[row], deal_of.get(row), agreed, day);
        give(found, whose, Advance { rule: Rule::NextMeeting, on: agreed, shown_by: Some((Kind::Activities, row)) });
    }
}

/// Steps that show in deals: a further stage, a win, an early loss.
fn deal_steps(data: &Data, with: &With, held: &Held, history: &History, as_of: Day, found: &mut Advances) {
    let deals = &data.deals;
    let whose = |deal: usize, on: Day| held.about(with.deal[deal], deal, on);
    for step in history.moves() {
        let shown_by = Some((Kind::Stages, step.row));
        let whose = whose(step.deal, step.on);
        if let Some(stage) = data.stages.text("stage", step.row).filter(|_| whose.is_some() && history.is_thin(&step)) {
            *found.thin.entry(stage.to_owned()).or_default() += 1;
        }
        give(found, whose, Advance { rule: Rule::Stage, on: step.on, shown_by });
    }
    let wins = history.wins(deals.len());
    let closed = |deal: usize| deals.day("closed_on", deal).filter(|day| *day <= as_of);
    let last_open = history.last_open(deals.len(), closed);
    for deal in (0..deals.len()).filter(|deal| deals.used(*deal)) {
        found.deals_without_account += u64::from(deals.text("account", deal).is_none());
        let Some(on) = closed(deal) else { continue };
        let shown_by = Some((Kind::Deals, deal));
        match deals.text("state", deal) {
            Some("won") if !wins[deal] => give(found, whose(deal, on), Advance { rule: Rule::Stage, on, shown_by }),
            Some("lost" | "canceled") if deals.text("lost_reason", deal).is_some() => {
                let stage = last_open[deal].or_else(|| history.open_stage(data, deals.text("stage", deal)));
                match stage.and_then(|stage| history.early(stage)) {
                    Some(true) => give(found, whose(deal, on), Advance { rule: Rule::Disqualified, on, shown_by }),
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
    let mut rules = WordsBuilder::default();
    let mut advanced = vec![-1_i8; table.len()];
    for (row, flag) in advanced.iter_mut().enumerate() {
        let step = found.of[row].filter(|_| can[row]);
        rules.push(step.map(|step| step.rule.name()));
        if step.is_some() {
            *flag = 1;
            continue;
        }
        if !can[row] {
            continue;
        }
        if with.activity[row].is_none() {
            found.unlinked += 1;
        } else if table.day("day", row).zip(until).is_some_and(|(day, until)| day.plus(ADVANCE_DAYS) <= until) {
            *flag = 0;
        }
    }
    let table = &mut data.activities;
    table.set("advanced", Column::Flags(advanced));
    table.set("advance_rule", Column::Words(rules.finish()));
}
