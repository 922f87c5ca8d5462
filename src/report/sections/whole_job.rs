//! The whole job: who does every component of it, week after week, over the 13 weeks that end with the one shown; and what stands out
//! beyond what chance would bring.
//!
//! A cell is the number of weeks with any record, its shade that of their share; both are `<component>_regularity`.

mod grid;
mod says;

use super::shared::{note, whole};
use super::{Section, heading, rows, words};
use crate::calendar::{Partition, Period, Range};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Content, Note, Row, Table, Tone};
use crate::measure::spec::Aggregate;
use crate::measure::{Catalog, Component, Entity, Flag, Flags, Job, LEAST, Part, Tells, Window};
use crate::report::{Run, order, words as say};
use crate::stats::rhythm::{WEEKS, rhythm};
use crate::unit::{Value, Why};

pub(super) use grid::figure;
pub(in crate::report) use says::nothing;

pub(super) const SECTION: Section = Section { name: "whole_job", title: "The whole job", measures, build };

/// The flags, in the order in which they are told.
const FLAGS: [&str; 4] = ["neglected", "start_stop", "see_saw", "favourites"];

/// What is told of a component.
const TOLD: [&str; 4] = ["share", "regularity", "longest_gap", "weeks_since"];

/// What is told of whom somebody meets, and what is won.
const SHARES: [&str; 4] = ["top_five_share", "without_open_deal_share", "top_product_share", "new_account_share"];

fn measures(catalog: &Catalog) -> Vec<String> {
    let of = |component: &Component| TOLD.map(|told| format!("{}_{told}", component.name));
    let all = catalog.components().iter().flat_map(of).chain(FLAGS.into_iter().chain(SHARES).map(str::to_owned));
    // A measure of the user's own that has one of these names tells something else.
    all.filter(|name| catalog.spec(name).is_some_and(|spec| matches!(spec.value, Aggregate::Window(_)))).collect()
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    if run.data.activities.is_empty() {
        return Ok(vec![Block::Notes(vec![note("Needs", vec!["activities: who did what, and when".to_owned()])])]);
    }
    let Some(weeks) = run.engine.window_of(run.period()) else {
        return Ok(vec![Block::Notes(vec![note("Needs", vec!["activities that reach the period".to_owned()])])]);
    };
    let range = weeks.range();
    let first = run.facts.activities.first;
    let whole = weeks.iter().filter(|week| first.is_some_and(|first| first <= week.range.first)).count();
    if whole < LEAST {
        let needs =
            format!("{LEAST} whole weeks of activities to tell a rhythm, and the exports have {whole} of the {WEEKS} to {}", last(&weeks));
        return Ok(vec![Block::Notes(vec![note("Needs", vec![needs])])]);
    }
    let (mut here, mut absent, mut ended) = (Vec::new(), Vec::new(), Vec::new());
    for component in run.catalog.components() {
        let list = if !run.engine.recorded(&component.name, range)? {
            &mut absent
        } else if run.engine.counted(&part(component), Entity::All, range)? == Err(Why::NoData) {
            &mut ended
        } else {
            &mut here
        };
        list.push(component);
    }
    if here.is_empty() {
        let needs = match says::activities_ended(run, range) {
            Some(day) => format!("activities up to {}: those of these exports ended on {}", last(&weeks), say::day_and_year(day)),
            None => "activities whose kind or subject says what part of the job they are: \
                     [words] and [component.<name>] name this company's words"
                .to_owned(),
        };
        return Ok(vec![Block::Notes(vec![note("Needs", vec![needs])])]);
    }
    let mut blocks = Vec::new();
    if let Some(Entity::Owner(person)) = run.owner {
        blocks.push(Block::Table(grid::grid(run, person, &here, &weeks)?));
    } else {
        let people = people(run);
        let title = format!("The whole job, {WEEKS} weeks to {}", last(&weeks));
        let of = |leaders: bool| here.iter().copied().filter(|c| (c.who == Job::Leaders) == leaders).collect::<Vec<_>>();
        let leaders: Vec<Entity> = people.iter().copied().filter(|e| matches!(e, Entity::Owner(p) if run.data.roster.leads(*p))).collect();
        blocks.push(Block::Table(map(run, title, &people, &of(false), range, true)?));
        let own = of(true);
        if !leaders.is_empty() && !own.is_empty() {
            blocks.push(Block::Table(map(
                run,
                format!("The job of leaders, {WEEKS} weeks to {}", last(&weeks)),
                &leaders,
                &own,
                range,
                false,
            )?));
        }
    }
    blocks.push(Block::Notes(notes(run, &weeks, &absent, &ended)?));
    Ok(blocks)
}

/// The last of the weeks as a page says it.
fn last(weeks: &Partition) -> &str {
    weeks.periods().last().map_or("", say::short)
}

/// Whoever has a row: the people, or the groups where only these are shown.
fn people(run: &Run<'_>) -> Vec<Entity> {
    let all = rows(run);
    let people: Vec<Entity> = all.iter().copied().filter(|entity| matches!(entity, Entity::Owner(_))).collect();
    if people.is_empty() { all } else { people }
}

/// The window of a measure.
fn window<'r>(run: &Run<'r>, name: &str) -> Option<&'r Window> {
    match &run.engine.measure(name)?.spec.value {
        Aggregate::Window(window) => Some(window),
        _ => None,
    }
}

/// The flags of one sort of a person; none where the measure is not prepared.
fn flags(run: &Run<'_>, name: &str, person: u32, weeks: Range) -> Result<Option<std::rc::Rc<Flags>>, Diagnostic> {
    window(run, name).map(|window| run.engine.flags(window, person, weeks)).transpose()
}

fn part(component: &Component) -> Part {
    Part { component: component.name.clone(), who: component.who }
}

/// The heat map: a row for each of the people, a column for each component.
fn map(
    run: &Run<'_>,
    title: String,
    people: &[Entity],
    components: &[&Component],
    weeks: Range,
    flagged: bool,
) -> Result<Table, Diagnostic> {
    let mut table = Table { title, columns: vec![heading(Vec::new(), false, 0)], ..Table::default() };
    for component in components {
        // What is shown last goes first where the page is narrow.
        table.columns.push(heading(component.label.lines().map(str::to_owned).collect(), true, 0));
    }
    if flagged {
        table.columns.push(heading(vec!["flags".to_owned()], false, 0));
    }
    for entity in people {
        let mut cells = vec![words(order::label(run, *entity))];
        for component in components {
            cells.push(cell(run, *entity, component, weeks)?);
        }
        if flagged {
            let short = in_short(run, *entity, weeks)?;
            let counted = counted_weeks(run, *entity, components, weeks)?.map(|n| format!("{n} weeks count"));
            cells.push(words(
                [short, counted.unwrap_or_default()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            ));
        }
        table.rows.push(Row { tone: super::tone(*entity), cells });
    }
    Ok(table)
}

/// How many weeks have any, on its shade; marked where the component is neglected.
fn cell(run: &Run<'_>, entity: Entity, component: &Component, weeks: Range) -> Result<Cell, Diagnostic> {
    let counted = match run.engine.counted(&part(component), entity, weeks)? {
        Ok(counted) => counted,
        Err(why) => return Ok(Cell { content: missing(why), tone: Tone::Plain }),
    };
    let Some(found) = rhythm(&counted) else { return Ok(Cell { content: missing(Why::TooFew), tone: Tone::Plain }) };
    let neglected = match entity {
        Entity::Owner(person) => is_neglected(run, &component.name, person, weeks)?,
        _ => false,
    };
    let content = Content::Shade { share: f64::from(found.active) / f64::from(found.weeks), text: format!("{:>2}", found.active) };
    Ok(Cell { content, tone: if neglected { Tone::Bad } else { Tone::Plain } })
}

/// How many weeks count of somebody, where it is not all of them.
fn counted_weeks(run: &Run<'_>, entity: Entity, components: &[&Component], weeks: Range) -> Result<Option<usize>, Diagnostic> {
    for component in components {
        if let Ok(counted) = run.engine.counted(&part(component), entity, weeks)? {
            return Ok(Some(counted.iter().flatten().count()).filter(|n| *n < WEEKS));
        }
    }
    Ok(None)
}

fn missing(why: Why) -> Content {
    Content::Value { value: Value::Missing(why), against: None, share: None }
}

fn is_neglected(run: &Run<'_>, component: &str, person: u32, weeks: Range) -> Result<bool, Diagnostic> {
    let found = flags(run, "neglected", person, weeks)?;
    Ok(found.is_some_and(|flags| flags.as_ref().as_ref().is_ok_and(|flags| flags.iter().any(|f| f.part.component == component))))
}

/// The flags of a person in a few words.
fn in_short(run: &Run<'_>, entity: Entity, weeks: Range) -> Result<String, Diagnostic> {
    let Entity::Owner(person) = entity else { return Ok(String::new()) };
    let mut parts = Vec::new();
    let mut too_new = false;
    for name in FLAGS {
        match flags(run, name, person, weeks)?.as_deref() {
            Some(Ok(found)) if !found.is_empty() => parts.push(match found.as_slice() {
                [one] => says::in_short(&one.flag).to_owned(),
                more => format!("{} {}", more.len(), says::in_short(&more[0].flag)),
            }),
            Some(Err(Why::TooFew)) => too_new = true,
            _ => {}
        }
    }
    if parts.is_empty() && too_new {
        parts.push("too soon".to_owned());
    }
    Ok(parts.join(", "))
}

/// What is behind a number that is told of the weeks: how many records each has, and what stands out; nothing of any other measure.
///
/// # Errors
/// Where a predicate cannot be evaluated over these exports.
pub(in crate::report) fn behind(run: &Run<'_>, measure: &str, entity: Entity, period: &Period) -> Result<Vec<Note>, Diagnostic> {
    let (Some(window), Some(weeks)) = (window(run, measure), run.engine.window_of(period)) else { return Ok(Vec::new()) };
    let range = weeks.range();
    let mut notes = vec![note("Weeks", vec![format!("{WEEKS} to {} ({})", last(&weeks), say::span(range.first, range.last))])];
    if let (Tells::Regularity | Tells::LongestGap | Tells::WeeksSince, Some(part)) = (window.tells, window.of.first())
        && let Ok(counted) = run.engine.counted(part, entity, range)?
    {
        let records: Vec<String> = counted.iter().map(|n| n.map_or_else(|| "–".to_owned(), |n| n.to_string())).collect();
        let active = counted.iter().flatten().filter(|n| **n > 0).count();
        notes[0].parts.push(format!("{active} of {} with any", counted.iter().flatten().count()));
        notes[0].parts.push(format!("records: {}", records.join(" ")));
    }
    let mut cases = Vec::new();
    for person in run.engine.people_of(entity, range).into_iter().filter(|_| window.tells.is_flag()) {
        if let Ok(found) = &*run.engine.flags(window, person, range)? {
            cases.extend(found.iter().map(|f| format!("{}: {}", run.name(Entity::Owner(person)), says::case(run, f))));
        }
    }
    if !cases.is_empty() {
        notes.push(note("Flags", cases));
    }
    Ok(notes)
}

/// At most this many cases of a flag are told; the others stand in the table.
const CASES: usize = 6;

/// What stands out with its numbers, whose cause it is, what is not recorded here, and how often chance alone does the same.
fn notes(run: &Run<'_>, weeks: &Partition, absent: &[&Component], ended: &[&Component]) -> Result<Vec<Note>, Diagnostic> {
    let range = weeks.range();
    let people: Vec<u32> = people(run).iter().filter_map(|e| if let Entity::Owner(person) = e { Some(*person) } else { None }).collect();
    let mut notes = Vec::new();
    for name in FLAGS {
        let mut cases: Vec<(f64, String)> = Vec::new();
        for person in &people {
            let found = flags(run, name, *person, range)?;
            let Some(Ok(found)) = found.as_deref() else { continue };
            let who = run.name(Entity::Owner(*person));
            cases.extend(found.iter().map(|f| (f.flag.chance(), format!("{who}: {}", says::case(run, f)))));
        }
        // The least likely by chance first; those of the same chance keep the order of the page.
        cases.sort_by(|a, b| a.0.total_cmp(&b.0));
        let more = cases.len().saturating_sub(CASES);
        let mut parts: Vec<String> = cases.into_iter().take(CASES).map(|(_, case)| case).collect();
        if more > 0 {
            parts.push(format!("{more} more: explain {name} --owner NAME"));
        }
        if !parts.is_empty() {
            notes.push(Note { tone: Tone::Bad, ..note(says::label(name), parts) });
        }
    }
    notes.extend(together(run, range)?);
    notes.extend(meetings(run)?);
    notes.extend(says::changed_targets(run, weeks));
    if !absent.is_empty() {
        let names: Vec<String> = absent.iter().map(|component| component.words()).collect();
        notes.push(note("No record", vec![format!("not recorded here, and held against nobody: {}", names.join(", "))]));
    }
    if !run.catalog.aside().is_empty() {
        let names = run.catalog.aside().join(", ");
        notes.push(note("Left out", vec![format!("the components {names}: measures of leadlag.toml have their names")]));
    }
    if !ended.is_empty() {
        let names: Vec<String> = ended.iter().map(|component| component.words()).collect();
        notes
            .push(note("Needs", vec![format!("exports that reach {}, to tell of {}: theirs ended before", last(weeks), names.join(", "))]));
    }
    notes.extend(says::without_activities(run, &people, range));
    let listed = run.data.roster.people.iter().any(|person| person.listed);
    let away = run.data.roster.people.iter().any(|person| !person.absences.is_empty());
    if !(listed && away) {
        let what = if listed { "absences (person, from, to)" } else { "a roster and absences (people.csv, absences.csv)" };
        notes.push(note("Needs", vec![format!("{what}: without them a week away is a week of none")]));
    }
    let days = format!("the {WEEKS} weeks to {}, {}", last(weeks), say::span(range.first, range.last));
    let cells = match run.owner {
        Some(Entity::Owner(_)) => format!("records in each of {days}; weeks away do not count"),
        _ => format!("weeks with any of {days}, or of those that count; ! neglected; weeks away do not count"),
    };
    notes.push(note("Cells", vec![cells]));
    notes.push(note(
        "Chance",
        vec![
            "each flag comes up for at most 1 in 20 people whose work is steady and random".to_owned(),
            "at about one record a week or less 13 weeks show few patterns: no flag is no all-clear".to_owned(),
            "weeks and records: explain FLAG --owner NAME".to_owned(),
        ],
    ));
    Ok(notes)
}

/// With whom meetings are held and what is won, of whom the page is about.
fn meetings(run: &Run<'_>) -> Result<Option<Note>, Diagnostic> {
    let period = run.period();
    let names: Vec<String> = SHARES.iter().filter(|name| window(run, name).is_some()).map(|name| (*name).to_owned()).collect();
    let cube = run.engine.cube(&names, &run.calendar.partition(period.grain, period.range))?;
    let whole = whole(run);
    let Some(index) = cube.entity(whole) else { return Ok(None) };
    let told = |(name, says): (&str, &str)| match cube.value(cube.of(name).next()?, index, 0) {
        Value::Ratio(share) => Some(format!("{} {says}", say::percent(*share))),
        _ => None,
    };
    let says = [
        "of meetings with the five most-met accounts",
        "of meetings with accounts without an open deal",
        "of the amount won in one product",
        "of meetings with prospects",
    ];
    let parts: Vec<String> = SHARES.into_iter().zip(says).filter_map(told).collect();
    Ok((!parts.is_empty()).then(|| note("Focus", parts)))
}

/// Fewer people than this are no team that sees-saws together.
const TOGETHER: usize = 3;

/// The teams of which most see-saw: the cause is not the people.
fn together(run: &Run<'_>, weeks: Range) -> Result<Option<Note>, Diagnostic> {
    let Some(window) = window(run, "see_saw") else { return Ok(None) };
    let shown = run.entities();
    let teams: Vec<Entity> = if run.data.roster.teams.is_empty() {
        vec![Entity::All]
    } else {
        shown.iter().copied().filter(|entity| matches!(entity, Entity::Team(_))).collect()
    };
    let mut parts = Vec::new();
    for team in teams.into_iter().filter(|team| shown.contains(team)) {
        let (mut judged, mut see_saw) = (0_usize, 0_usize);
        for person in run.engine.people_of(team, weeks) {
            if let Ok(flags) = &*run.engine.flags(window, person, weeks)? {
                judged += 1;
                see_saw += usize::from(flags.iter().any(|flagged| matches!(flagged.flag, Flag::SeeSaw(_))));
            }
        }
        if judged >= TOGETHER && see_saw * 2 > judged {
            let who = if team == Entity::All { "all".to_owned() } else { run.name(team).to_owned() };
            parts.push(format!("{who}: {see_saw} of {judged} see-saw together: {}", says::CAUSE));
        }
    }
    Ok((!parts.is_empty()).then(|| Note { tone: Tone::Bad, ..note("Team", parts) }))
}
