//! Busy and advancing: what people did with customers beside the steps that customers took on it.
//!
//! The weeks are those of which it is known by now: they end with the last ripe one. Who is marked had at least 5 activities in 4 weeks, and so few
//! advances only once in twenty by chance at the team's own rate.

use super::shared::{LONG, note, weeks_to, whole};
use super::{Column, Section, beside, rows, table};
use crate::calendar::Period;
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Note, Tone};
use crate::facts::{ADVANCE_DAYS, RULES, Rule};
use crate::measure::Catalog;
use crate::report::{Run, advanced, state, talk, words};
use crate::table::Table as Records;

pub(super) const SECTION: Section = Section { name: "advancing", title: "Busy and advancing", measures, build };

/// So many stages are named.
const NAMED: usize = 3;

const WEEK: &[Column<'_>] = &[
    Column { measure: "customer_activities", heading: &["activi-", "ties"], drop: 0 },
    Column { measure: "advances", heading: &["ad-", "vances"], drop: 0 },
];

const WEEKS: &[Column<'_>] = &[
    Column { measure: "customer_activities", heading: &["activi-", "ties"], drop: 0 },
    Column { measure: "advances", heading: &["ad-", "vances"], drop: 0 },
    Column { measure: RATE, heading: &["", "rate"], drop: 0 },
];

const QUARTER: &[Column<'_>] = &[
    Column { measure: RATE, heading: &["", "rate"], drop: 0 },
    Column { measure: "meeting_advance_rate", heading: &["meet-", "ings"], drop: 2 },
    Column { measure: "presentation_advance_rate", heading: &["presen-", "tations"], drop: 1 },
    Column { measure: "call_advance_rate", heading: &["", "calls"], drop: 2 },
    Column { measure: "new_contacts_at_customers", heading: &["contacts at", "customers"], drop: 3 },
];

const RATE: &str = "advance_rate";

fn measures(_: &Catalog) -> Vec<String> {
    let shown = [WEEK, WEEKS, QUARTER].into_iter().flatten().map(|column| column.measure.to_owned());
    shown.chain(RULES.iter().map(|rule| counted_by(*rule))).collect()
}

/// The measure that counts the advances of a rule.
fn counted_by(rule: Rule) -> String {
    format!("advances_by_{}", rule.name())
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let known = (0..run.data.activities.len()).any(|row| run.data.activities.flag("advanced", row).is_some());
    let Some(week) = advanced::ripe_week(run).filter(|_| known) else {
        let days = format!("held customer meetings or calls, and exports that reach {ADVANCE_DAYS} days beyond their week");
        return Ok(vec![Block::Notes(vec![note("Needs", vec![days])])]);
    };
    let short = advanced::weeks_to(run, &week, state::WEEKS);
    let (weeks, long) = weeks_to(run, &week, 0).unwrap_or_else(|| (LONG, advanced::weeks_to(run, &week, LONG)));
    let busy = advanced::busy(run, short.range)?;
    let shown = rows(run);
    let mut board = table(run, &format!("Busy and advancing, {} to {}", state::WEEKS, words::short(&week)), &week, &shown, WEEK)?;
    board.groups = vec![(String::new(), 1), (words::short(&week).to_owned(), WEEK.len())];
    for (period, weeks, columns) in [(&short, state::WEEKS, WEEKS), (&long, weeks, QUARTER)] {
        beside(&mut board, table(run, "", period, &shown, columns)?, words::count(weeks as u64, "week"));
    }
    let rate = WEEK.len() + WEEKS.len();
    for (entity, row) in shown.iter().zip(&mut board.rows) {
        if let Some(cell) = row.cells.get_mut(rate).filter(|_| busy.iter().any(|busy| busy.entity == *entity)) {
            cell.tone = Tone::Bad;
        }
    }
    let mut notes = vec![note("Weeks", vec![until(run, &week)])];
    let marked: Vec<String> = busy
        .iter()
        .filter(|busy| shown.contains(&busy.entity))
        .map(|busy| format!("{}: {}, by chance {}", run.name(busy.entity), talk::without_advance(busy), words::once_in(busy.chance)))
        .collect();
    if !marked.is_empty() {
        notes.push(note("Busy", marked));
    }
    notes.extend(by_rule(run, weeks, &long)?);
    let needs = needs(run);
    if !needs.is_empty() {
        notes.push(note("Needs", needs));
    }
    notes.push(note("Note", vec!["learning is counted; whether it is applied is not measurable here".to_owned()]));
    Ok(vec![Block::Table(board), Block::Notes(notes)])
}

/// Which week is the last, and why no later one.
fn until(run: &Run<'_>, week: &Period) -> String {
    let last = format!("all end with {} ({})", words::short(week), words::span(week.range.first, week.range.last));
    let next = run.calendar.next(week);
    let activities = run.facts.activities;
    let reach = match (activities.ended, activities.last) {
        (true, Some(last)) => Some(format!("the activities ended {}", words::day(last))),
        _ => run.facts.through.map(|through| format!("the exports reach {}", words::day(through.min(run.as_of)))),
    };
    match reach {
        Some(reach) if run.engine.complete(&next) && next.range.last <= run.period().range.last => {
            format!("{last}: a step counts that comes within {ADVANCE_DAYS} days, and {reach}, too few days beyond {}", words::short(&next))
        }
        _ => last,
    }
}

/// How many advances each rule has found.
fn by_rule(run: &Run<'_>, count_of: usize, weeks: &Period) -> Result<Option<Note>, Diagnostic> {
    let names: Vec<String> = RULES.iter().map(|rule| counted_by(*rule)).collect();
    let cube = run.engine.cube(&names, &run.calendar.partition(weeks.grain, weeks.range))?;
    let whole = whole(run);
    let says = |rule: Rule| match rule {
        Rule::Result => "by the result of the activity",
        Rule::NextStep => "by its next step",
        Rule::NextMeeting => "by a next meeting",
        Rule::Stage => "by a deal's further stage or win",
        Rule::Disqualified => "by disqualifying",
    };
    let count = |rule: Rule| advanced::counts(&cube, whole, [counted_by(rule).as_str()]).map_or(0, |[n]| n);
    let found: Vec<String> =
        RULES.into_iter().filter(|rule| count(*rule) > 0).map(|rule| format!("{} {}", count(rule), says(rule))).collect();
    Ok((!found.is_empty())
        .then(|| note("Advances", std::iter::once(format!("in {}", words::count(count_of as u64, "week"))).chain(found).collect())))
}

/// What the exports lack to tell more.
fn needs(run: &Run<'_>) -> Vec<String> {
    let facts = &run.facts.advances;
    let (deals, stages) = (&run.data.deals, &run.data.stages);
    let used = |table: &Records| (0..table.len()).filter(|row| table.used(*row)).count() as u64;
    let mut found = Vec::new();
    if run.data.said_step.iter().all(Option::is_none) {
        found.push(
            "results or next steps that say a customer took a step: [words.result] advanced = [\"…\"] names this company's words"
                .to_owned(),
        );
    }
    if facts.stage_rows == 0 && used(deals) > 0 {
        found.push("a stage history (deal, stage, date): without it only a win shows that a deal moved".to_owned());
    }
    if let Some(last) = facts.stages_ended {
        found.push(format!("a stage history up to now: it ends {last}, and later moves are not seen"));
    }
    if facts.unknown_deals > 0 {
        let rows = words::count(facts.unknown_deals, "row");
        found.push(format!("the deals of {rows} of the stage history ({} read): they are in no file of deals", used(stages)));
    }
    if !facts.thin.is_empty() {
        let steps = words::count(facts.thin.values().sum(), "step");
        let stages: Vec<String> = facts.thin.keys().take(NAMED).map(|stage| format!("'{stage}'")).collect();
        let more = if facts.thin.len() > NAMED { " …" } else { "" };
        found.push(format!(
            "the order of stages ([stages] order): {steps} led to {}{more}, which fewer than 3 deals reached; they are taken as further",
            stages.join(", ")
        ));
    }
    if facts.undated > 0 {
        let meetings = words::count(facts.undated, "customer meeting");
        found.push(format!(
            "the day of entry of {meetings}: without it one that was held counts on its own day, and one that is booked not at all"
        ));
    }
    if facts.deals_without_account > 0 {
        let deals = words::count(facts.deals_without_account, "deal");
        found.push(format!("the account of {deals}: only activities that name such a deal can have its steps"));
    }
    if facts.losses_untold > 0 {
        let deals = words::count(facts.losses_untold, "deal");
        found.push(format!(
            "the stages of {deals} lost for a stated reason, and their order ([stages] order): nothing says how early they were lost"
        ));
    }
    if facts.unlinked > 0 {
        let records = words::count(facts.unlinked, "record");
        found.push(format!(
            "the account, contact or deal of {records} of held meetings and calls: no step that followed can be seen, so they are not counted here"
        ));
    }
    if run.data.activities.column("contact").is_none() {
        found.push("the contacts of meetings, to tell new ones".to_owned());
    }
    found
}
