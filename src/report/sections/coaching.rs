//! Coaching: who received sessions and who gave them, beside the customer meetings around which somebody was coached.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive as _, ToPrimitive as _};

use super::leaders::of_reports;
use super::shared::{last_week, never, note, weeks_to};
use super::{Column, Section, beside, rows, table};
use crate::calendar::Period;
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Content, Note, Table};
use crate::facts::TOUCH;
use crate::measure::{Catalog, Entity};
use crate::report::{Run, advanced, words};
use crate::unit::Value;

pub(super) const SECTION: Section = Section { name: "coaching", title: "Coaching", measures, build };

const SINCE: &str = "days_since_coaching";
const SHARE: &str = "coached_share";

const NOW: &[Column<'_>] = &[Column { measure: "coaching_sessions", heading: &["", "sessions"], drop: 0 }];

const WEEKS: &[Column<'_>] = &[
    Column { measure: "coaching_sessions", heading: &["", "sessions"], drop: 0 },
    Column { measure: "peer_coaching", heading: &["from", "peers"], drop: 1 },
    Column { measure: "coaches", heading: &["peer", "coaches"], drop: 2 },
    Column { measure: "joint_meetings", heading: &["joint", "meetings"], drop: 0 },
];

const RIPE: &[Column<'_>] = &[Column { measure: SHARE, heading: &["meetings", "coached"], drop: 0 }];

const WITHOUT: &[Column<'_>] = &[Column { measure: SINCE, heading: &["weeks", "without"], drop: 0 }];

const GIVEN_NOW: &[Column<'_>] = &[
    Column { measure: "coaching_given", heading: &["sessions", "given"], drop: 0 },
    Column { measure: "reports_coached", heading: &["reports", "coached"], drop: 0 },
];

const GIVEN: &[Column<'_>] = &[
    Column { measure: "coaching_given", heading: &["sessions", "given"], drop: 0 },
    Column { measure: "leader_people_coached", heading: &["people", "coached"], drop: 1 },
    Column { measure: "reports_coached", heading: &["reports", "coached"], drop: 0 },
];

/// How many people report to a leader.
const REPORTS: &str = "direct_reports";

/// What the notes count.
const UNSAID: [&str; 2] = ["coaching_unsaid", "coaching_given"];

fn measures(_: &Catalog) -> Vec<String> {
    let columns = [NOW, WEEKS, RIPE, WITHOUT, GIVEN_NOW, GIVEN].into_iter().flatten().map(|column| column.measure.to_owned());
    columns.chain(UNSAID.map(str::to_owned)).chain([REPORTS.to_owned()]).collect()
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let (told, now) = (&run.facts.coaching, run.period());
    let mut notes = Vec::new();
    if told.sessions == 0 {
        let what = "coaching sessions: held activities of the kind coaching, such as 'Coaching: NAME' or '1:1 with NAME'";
        notes.push(note("Needs", vec![what.to_owned()]));
    } else if told.unsaid == told.sessions {
        let what = "the person coached: as attendee of the coaching meeting, or by name in its subject";
        notes.push(note("Needs", vec![what.to_owned()]));
    }
    if told.sessions > 0 && !run.data.roster.says_who_leads() {
        let what = "who leads: role or manager in people.csv, to tell coaching by peers from that by leaders";
        notes.push(note("Needs", vec![what.to_owned()]));
    }
    let activities = &run.data.activities;
    if !activities.is_empty() && (0..activities.len()).all(|row| activities.flag("joint", row).is_none()) {
        let what = "who took part besides the owner: attendees, or each attendee's own copy of a meeting, to tell joint meetings";
        notes.push(note("Needs", vec![what.to_owned()]));
    }
    let shown = rows(run);
    let leads = |entity: &Entity| matches!(entity, Entity::Owner(person) if run.data.roster.leads(*person));
    let received: Vec<Entity> = shown.iter().copied().filter(|entity| !leads(entity)).collect();
    let leaders: Vec<Entity> = shown.iter().copied().filter(leads).collect();
    let long = last_week(run).and_then(|week| weeks_to(run, &week, 0));

    let mut board = table(run, &format!("Coaching received, {}", words::named(now)), now, &received, NOW)?;
    board.groups = vec![(String::new(), 1), (words::named(now), NOW.len())];
    if let Some((weeks, period)) = &long {
        beside(&mut board, table(run, "", period, &received, WEEKS)?, words::count(*weeks as u64, "week"));
    }
    let ripe = advanced::ripe_week_of(run, "coached_meetings").and_then(|week| Some((weeks_to(run, &week, TOUCH)?, week)));
    if let Some(((weeks, period), week)) = &ripe {
        let group = format!("{} to {}", words::count(*weeks as u64, "week"), words::short(week));
        beside(&mut board, table(run, "", period, &received, RIPE)?, group);
    }
    let mut without = table(run, "", now, &received, WITHOUT)?;
    in_weeks(&mut without);
    beside(&mut board, without, String::new());
    let mut blocks = Vec::new();
    if !received.is_empty() {
        blocks.push(Block::Table(board));
    }
    if !leaders.is_empty() {
        let mut given = table(run, &format!("Coaching given, {}", words::named(now)), now, &leaders, GIVEN_NOW)?;
        given.groups = vec![(String::new(), 1), (words::named(now), GIVEN_NOW.len())];
        notes.extend(of_reports(run, &mut given, &leaders, now)?);
        if let Some((weeks, period)) = &long {
            let mut more = table(run, "", period, &leaders, GIVEN)?;
            dash_as(&given, &mut more);
            beside(&mut given, more, words::count(*weeks as u64, "week"));
        }
        blocks.push(Block::Table(given));
    }
    if let Some((weeks, period)) = &long {
        notes.extend(unsaid(run, *weeks, period)?);
    }
    notes.extend(never(run, SINCE, &received, now)?);
    let touch = format!("meetings coached ({SHARE}): held by somebody who was coached within {TOUCH} days before or after");
    let weeks = format!("weeks without are whole weeks of {SINCE}");
    let who = "who was coached: the attendees beside the coach, else the name in the subject";
    notes.push(note("Note", vec![touch, weeks, who.to_owned()]));
    blocks.push(Block::Notes(notes));
    Ok(blocks)
}

/// Leaves the last column empty in rows where that of another table is.
fn dash_as(other: &Table, table: &mut Table) {
    for (row, other) in table.rows.iter_mut().zip(&other.rows) {
        let gone = |cell: &Cell| matches!(&cell.content, Content::Value { value, .. } if value.is_missing());
        if let (Some(cell), Some(last)) = (row.cells.last_mut(), other.cells.last().filter(|cell| gone(cell))) {
            cell.content = last.content.clone();
        }
    }
}

/// Turns days into whole weeks.
fn in_weeks(table: &mut Table) {
    for cell in table.rows.iter_mut().flat_map(|row| row.cells.iter_mut().skip(1)) {
        if let Content::Value { value, .. } = &mut cell.content
            && let Value::Days(days) = value
        {
            *value = Value::Count(Decimal::from_f64((*days / 7.0).floor()).unwrap_or_default());
        }
    }
}

/// How many sessions do not say who was coached.
fn unsaid(run: &Run<'_>, weeks: usize, period: &Period) -> Result<Option<Note>, Diagnostic> {
    let cube = run.engine.cube(&UNSAID.map(str::to_owned), &run.calendar.partition(period.grain, period.range))?;
    let count = |name: &str| match cube.of(name).next().map(|series| cube.value(series, 0, 0)) {
        Some(Value::Count(n)) => n.to_u64().unwrap_or_default(),
        _ => 0,
    };
    let (some, all) = (count(UNSAID[0]), count(UNSAID[1]));
    Ok((some > 0).then(|| {
        let verb = if some == 1 { "does" } else { "do" };
        note("Unknown", vec![format!("{some} of {} in {weeks} weeks {verb} not say who was coached", words::count(all, "session"))])
    }))
}
