//! Whom to talk to first: the up to three people whom a conversation this week would help most, with the reason.
//!
//! A reason is one of these, over 4 weeks, and never what chance brings:
//!
//! | reason | who has it | how much of what is due is there |
//! |---|---|---|
//! | leads | who is behind with them (state COASTING, BEHIND or none); the lead furthest behind is named | mean lead attainment |
//! | advances | who is busy without advancing: at least 5 customer meetings and calls, and so few advances at the team's own rate at most once in twenty; of weeks of which advances are known | own rate over the team's |
//! | no-shows | who has at least 2, and so many at the team's own rate at most once in twenty | the team's rate over the own |
//!
//! Whoever has more reasons comes first, then who has the least of what is due, then by name; two reasons are said. Leaders, helpers and people
//! who are too new are not named. Where these exports can't tell advances or no-shows, nobody has such a reason.

use super::advanced::{self, Busy};
use super::state::{self, Judged, Lead, WEEKS};
use super::{Run, words};
use crate::calendar::Grain;
use crate::diagnostic::Diagnostic;
use crate::document::{Note, Tone};
use crate::measure::Entity;
use crate::stats::chance::{RARE, Share, at_least, so_few};
use crate::unit::Unit;

/// At most this many people are named.
const PEOPLE: usize = 3;

/// At most this many reasons are said of each.
const REASONS: usize = 2;

/// Fewer no-shows than this are nothing to talk about.
const NO_SHOWS: u32 = 2;

/// Missed customer meetings, and those that were held or missed.
const MISSED: [&str; 2] = ["missed_meetings", "held_or_missed_meetings"];

/// Somebody to talk to.
pub(super) struct Talk {
    name: String,
    /// The least of what is due that any reason has.
    share: f64,
    reasons: Vec<String>,
}

/// Whose records the page points to: the first person named, else the first one shown.
pub(super) fn first(run: &Run<'_>, judged: &[Judged], talks: &[Talk]) -> Option<String> {
    let shown =
        || judged.iter().find(|j| matches!(j.entity, Entity::Owner(p) if run.present(p, run.period().range))).map(|j| j.state.name.clone());
    talks.first().map(|talk| talk.name.clone()).or_else(shown)
}

/// Everybody with a reason, in order.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub(super) fn talks(run: &Run<'_>, judged: &[Judged]) -> Result<Vec<Talk>, Diagnostic> {
    // What was so before the activities ended is nothing to talk about this week.
    let activities = run.facts.activities;
    let over = activities.ended && activities.last.is_none_or(|last| last < run.period().range.first);
    let busy = match advanced::ripe_week(run).filter(|_| !over) {
        Some(week) => advanced::busy(run, advanced::weeks_to(run, &week, WEEKS).range)?,
        None => Vec::new(),
    };
    let stood_up = no_shows(run)?;
    let mut talks: Vec<Talk> = judged
        .iter()
        .filter(|j| matches!(j.entity, Entity::Owner(person) if !run.leads_only(person) && run.present(person, run.period().range)))
        .filter_map(|j| {
            let mut reasons: Vec<(f64, String)> = Vec::new();
            if let Some(lead) = behind(run, j) {
                reasons.push((j.state.leads.unwrap_or(1.0), says(run, lead)));
            }
            if let Some(busy) = busy.iter().find(|busy| busy.entity == j.entity) {
                reasons.push((f64::from(busy.advances) / f64::from(busy.activities) / busy.rate, without_advance(busy)));
            }
            if let Some((_, share, text)) = stood_up.iter().find(|(entity, ..)| *entity == j.entity) {
                reasons.push((*share, text.clone()));
            }
            let share = reasons.iter().map(|(share, _)| *share).min_by(f64::total_cmp)?;
            let reasons = reasons.into_iter().map(|(_, text)| text).collect();
            Some(Talk { name: j.state.name.clone(), share, reasons })
        })
        .collect();
    talks.sort_by(|a, b| b.reasons.len().cmp(&a.reasons.len()).then_with(|| a.share.total_cmp(&b.share)).then_with(|| a.name.cmp(&b.name)));
    Ok(talks)
}

/// The line that names the first of them; none where nobody has a reason.
pub(super) fn line(talks: &[Talk]) -> Option<Note> {
    let say = |talk: &Talk| {
        let reasons: Vec<&str> = talk.reasons.iter().take(REASONS).map(String::as_str).collect();
        format!("{}: {}", talk.name, reasons.join("; "))
    };
    let parts: Vec<String> = talks.iter().take(PEOPLE).map(say).collect();
    (!parts.is_empty()).then(|| Note { label: "Talk first".to_owned(), tone: Tone::Strong, parts })
}

/// The lead to talk about with somebody who is behind.
fn behind<'j>(run: &Run<'_>, judged: &'j Judged) -> Option<&'j Lead> {
    let due =
        matches!(judged.state.state.as_str(), "COASTING" | "BEHIND" | "") && judged.state.leads.is_some_and(|mean| mean < run.on_pace);
    furthest(judged).filter(|_| due)
}

/// The lead that is furthest behind; against the own past only where it is no mere chance.
fn furthest(judged: &Judged) -> Option<&Lead> {
    let leads = judged.leads.iter().filter(|l| l.agreed || so_few(l.value, l.against) <= RARE);
    leads.min_by(|a, b| a.share.total_cmp(&b.share))
}

/// What is said of somebody who is busy without advancing.
pub(super) fn without_advance(busy: &Busy) -> String {
    let advances = if busy.advances == 0 { "no advance".to_owned() } else { words::count(busy.advances.into(), "advance") };
    let peers = if busy.peers == Entity::All { "all" } else { "team" };
    format!("{} customer meetings and calls in {WEEKS} weeks, {advances} ({peers}: {})", busy.activities, words::percent(busy.rate))
}

/// Who was stood up more often than chance brings at the team's rate: how that rate compares with the own, and what is said of it.
fn no_shows(run: &Run<'_>) -> Result<Vec<(Entity, f64, String)>, Diagnostic> {
    let Some(last) = state::weeks(run).and_then(|weeks| weeks.get(weeks.len().checked_sub(1)?).cloned()) else { return Ok(Vec::new()) };
    if MISSED.iter().any(|name| run.engine.measure(name).is_none()) {
        return Ok(Vec::new());
    }
    let range = advanced::weeks_to(run, &last, WEEKS).range;
    let cube = run.engine.cube(&MISSED.map(str::to_owned), &run.calendar.partition(Grain::Range, range))?;
    let mut found = Vec::new();
    for entity in run.entities() {
        let Entity::Owner(person) = entity else { continue };
        let settled = state::helps(run, person).is_none() && state::too_new(run, person, range.last).is_none();
        let Some([missed, of]) = advanced::counts(&cube, entity, MISSED).filter(|_| settled) else { continue };
        let team = run.team_in(person, range).map_or(Entity::All, Entity::Team);
        let Some([all_missed, all]) = advanced::counts(&cube, team, MISSED).filter(|[_, all]| *all > 0) else { continue };
        let chance = at_least(missed.into(), of.into(), Share::of(all_missed.into(), all.into()));
        if missed >= NO_SHOWS && chance <= RARE {
            let share = f64::from(all_missed) / f64::from(all) * f64::from(of) / f64::from(missed);
            found.push((entity, share, format!("{missed} no-shows of {of} meetings in {WEEKS} weeks")));
        }
    }
    Ok(found)
}

fn says(run: &Run<'_>, lead: &Lead) -> String {
    let name = words::measure(run, &lead.measure);
    // A run as long as what was looked at may be longer.
    let weeks = |n: usize| if n >= lead.looked_at { format!("{n} weeks or more") } else { format!("{n} weeks") };
    if lead.weeks_none >= 2 {
        return format!("no {name} for {}", weeks(lead.weeks_none));
    }
    let number = |x: f64| {
        if lead.unit == Unit::Ratio {
            return words::percent(x);
        }
        let rounded = (x * 10.0).round() / 10.0;
        if rounded >= 10.0 || rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
    };
    let against = if lead.agreed { "" } else { " usual" };
    let below = if lead.weeks_below > 1 { format!(", below for {}", weeks(lead.weeks_below)) } else { String::new() };
    format!("{name} {} of {}{against} in {}{below}", number(lead.value), number(lead.against), words::count(lead.weeks as u64, "week"))
}
