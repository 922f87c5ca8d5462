//! The one thing: what each has promised for the week, whether it was kept, and who has promised something for the week after.

use std::collections::{BTreeMap, BTreeSet};

use super::shared::whole;
use super::{Section, heading, rows, tone, words as text};
use crate::calendar::{Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Cell, Content, Note, Row, Table, Tone};
use crate::measure::{Catalog, Cube, Entity};
use crate::report::explain::shown;
use crate::report::{Run, order, words};
use crate::table::Role;
use crate::unit::{Value, Why};

pub(super) const SECTION: Section = Section { name: "one_thing", title: "The one thing", measures, build };

/// Who has exactly one and who has several; how many were kept of how many that can be told.
const MEASURES: &[&str] = &["commitments", "one_commitment", "several_commitments", "commitments_judged", "commitments_kept", "kept_rate"];

fn measures(_: &Catalog) -> Vec<String> {
    MEASURES.iter().map(|name| (*name).to_owned()).collect()
}

fn build(run: &Run<'_>) -> Result<Vec<Block>, Diagnostic> {
    let period = run.period();
    let week = match period.grain {
        Grain::Week => period.clone(),
        // Of anything longer the last week is shown that has begun.
        _ => run.calendar.period_of(Grain::Week, period.range.last.min(run.as_of)),
    };
    let weeks = [run.calendar.next(&week), week];
    let [after, week] = &weeks;
    let table = &run.data.commitments;
    if !(0..table.len()).any(|row| table.used(row)) {
        let parts = vec![
            format!("commitments: the file that `leadlag init --commitments {}` writes, filled in", after.name),
            "or tasks of the CRM whose subject begins with 'Commitment:'".to_owned(),
        ];
        return Ok(vec![Block::Notes(vec![note("Needs", Tone::Plain, parts)])]);
    }
    let (now, next) = (Week::new(run, week)?, Week::new(run, after)?);
    let rows = rows(run);
    let mut notes = vec![note(words::short(week), Tone::Strong, summary(run, &now))];
    notes.push(note(words::short(after), Tone::Plain, coming(run, &next)));
    let strangers = now.strangers(run);
    if !strangers.is_empty() {
        let mut parts = vec![format!("{} of nobody who is known, in no line here", words::count(strangers.len() as u64, "commitment"))];
        parts.push(few(&strangers));
        notes.push(note("Note", Tone::Plain, parts));
    }
    Ok(vec![Block::Table(page(run, &now, &next, &rows)), Block::Notes(notes)])
}

fn note(label: &str, tone: Tone, parts: Vec<String>) -> Note {
    Note { label: label.to_owned(), tone, parts }
}

/// Names, each once, and how many more there are.
fn few(names: &[String]) -> String {
    let mut once: Vec<&str> = Vec::new();
    let mut seen = BTreeSet::new();
    once.extend(names.iter().map(String::as_str).filter(|name| seen.insert(*name)));
    match once.len().checked_sub(NAMED) {
        Some(more @ 1..) => format!("{} and {more} more", once[..NAMED].join(", ")),
        _ => once.join(", "),
    }
}

/// The commitments of a week.
struct Week<'a> {
    period: &'a Period,
    cube: Cube,
    /// The rows of those that count, by person; those of nobody who is known are in a note alone.
    of: BTreeMap<u32, Vec<usize>>,
}

impl<'a> Week<'a> {
    fn new(run: &Run<'_>, period: &'a Period) -> Result<Self, Diagnostic> {
        let table = &run.data.commitments;
        let mut of: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        for row in (0..table.len()).filter(|row| table.used(*row)) {
            let inside = table.day("day", row).is_some_and(|day| period.range.contains(day));
            if let Some(person) = table.text("person", row).and_then(|name| run.data.roster.person(name)).filter(|_| inside) {
                of.entry(person).or_default().push(row);
            }
        }
        let cube = run.engine.cube(&measures(run.catalog), &run.calendar.ending_with(period, 1))?;
        Ok(Self { period, cube, of })
    }

    fn value(&self, measure: &str, entity: Entity) -> Value {
        let found = self.cube.of(measure).next().zip(self.cube.entity(entity));
        found.map_or(Value::Missing(Why::NoData), |(series, index)| self.cube.value(series, index, 0).clone())
    }

    /// A count in digits; none where it is missing.
    fn count(&self, measure: &str, entity: Entity) -> Option<String> {
        match self.value(measure, entity) {
            Value::Count(n) => Some(n.normalize().to_string()),
            _ => None,
        }
    }

    /// Why nothing is known of the week, if it is so.
    fn missing(&self) -> Option<Why> {
        match self.value("commitments", Entity::All) {
            Value::Missing(why) => Some(why),
            _ => None,
        }
    }

    fn rows(&self, person: u32) -> &[usize] {
        self.of.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The names of those who have made a commitment and are nobody who is known, where everybody is shown.
    fn strangers(&self, run: &Run<'_>) -> Vec<String> {
        let table = &run.data.commitments;
        if run.owner.is_some() || run.team.is_some() {
            return Vec::new();
        }
        let inside = |row: &usize| table.used(*row) && table.day("day", *row).is_some_and(|day| self.period.range.contains(day));
        let name = |row: usize| table.text("person", row).unwrap_or("(no owner)").to_owned();
        let unknown = |row: &usize| table.text("person", *row).is_none_or(|name| run.data.roster.person(name).is_none());
        (0..table.len()).filter(inside).filter(unknown).map(name).collect()
    }
}

/// Of whom a commitment is expected: those with us who sell or lead, and whoever has made one; at whatever level the page stops.
fn expected(run: &Run<'_>, week: &Week<'_>) -> Vec<u32> {
    let range = run.period().range;
    let ours = |person: &u32| match whole(run) {
        Entity::All => true,
        // Leaders are in no team's sum.
        Entity::Team(team) => run.team_in(*person, range) == Some(team) && !run.leads_only(*person),
        entity => entity == Entity::Owner(*person),
    };
    let sells = |person: u32| run.data.roster.people.get(person as usize).is_some_and(|who| who.role != Role::Other);
    let asked = |person: &u32| sells(*person) && run.present(*person, range) || week.of.contains_key(person);
    (0..run.data.roster.people.len() as u32).filter(ours).filter(asked).collect()
}

/// How many have exactly one, none and several, and how many were kept.
fn summary(run: &Run<'_>, week: &Week<'_>) -> Vec<String> {
    let who = whole(run);
    let count = |measure: &str| week.count(measure, who);
    let (Some(one), Some(several)) = (count("one_commitment"), count("several_commitments")) else {
        return vec!["no commitments are recorded for it".to_owned()];
    };
    let people = expected(run, week);
    let none = people.iter().filter(|person| week.rows(**person).is_empty()).count();
    let mut parts = vec![format!("{one} of {} have exactly one", people.len())];
    if let (Some(kept), Some(judged)) = (count("commitments_kept"), count("commitments_judged")) {
        // Where nobody has any, there is none to be judged.
        if none < people.len() {
            parts.push(if judged == "0" { "none can be judged yet".to_owned() } else { format!("kept {kept} of {judged} judged") });
        }
    }
    parts.push(format!("{none} none"));
    parts.push(format!("{several} too many"));
    parts
}

/// Who has one for the week after.
fn coming(run: &Run<'_>, week: &Week<'_>) -> Vec<String> {
    let past = week.period.range.last < run.as_of;
    if past && week.missing().is_some() {
        return vec!["no commitments are recorded for it".to_owned()];
    }
    let people = expected(run, week);
    let without: Vec<&str> =
        people.iter().filter(|person| week.rows(**person).is_empty()).map(|person| run.name(Entity::Owner(*person))).collect();
    if without.len() == people.len() {
        return vec!["nobody has one yet".to_owned(), format!("leadlag init --commitments {} writes the form", week.period.name)];
    }
    let mut parts = vec![format!("{} of {} have one", people.len() - without.len(), people.len())];
    if !without.is_empty() && without.len() <= NAMED {
        parts.push(format!("still without: {}", without.join(", ")));
    }
    parts
}

/// How it is said that somebody has none.
const NONE: (&str, Tone) = ("none", Tone::Bad);
/// The same of a week that has hardly begun.
const NOT_YET: (&str, Tone) = ("none yet", Tone::Faint);

/// No more than this many are named.
const NAMED: usize = 6;

fn page(run: &Run<'_>, now: &Week<'_>, next: &Week<'_>, rows: &[Entity]) -> Table {
    let (this, after) = (words::short(now.period), words::short(next.period));
    let line = |text: &str| vec![text.to_owned()];
    let mut table = Table {
        title: format!("The one thing, {this}"),
        groups: Vec::new(),
        columns: vec![
            heading(Vec::new(), false, 0),
            heading(line(&format!("the one thing in {this}")), false, 0),
            heading(line("kept"), false, 0),
            heading(line(&format!("for {after}")), false, 1),
        ],
        rows: Vec::new(),
    };
    for entity in rows {
        let mut cells = vec![text(order::label(run, *entity))];
        match entity {
            Entity::Owner(person) => {
                cells.extend([promised(run, now, *person, NONE), kept(run, now, *person), promised(run, next, *person, NOT_YET)]);
            }
            group => cells.extend([number(now, "one_commitment", *group), judged(now, *group), number(next, "one_commitment", *group)]),
        }
        table.rows.push(Row { tone: tone(*entity), cells });
    }
    table
}

fn cell(content: impl Into<String>, tone: Tone) -> Cell {
    Cell { content: Content::Text(content.into()), tone }
}

/// That nothing is known of a week.
fn missing(why: Why) -> Cell {
    Cell { content: Content::Value { value: Value::Missing(why), against: None, share: None }, tone: Tone::Plain }
}

/// The one thing of a person; or that there is none, or how many there are.
fn promised(run: &Run<'_>, week: &Week<'_>, person: u32, none: (&str, Tone)) -> Cell {
    match (week.rows(person), week.missing()) {
        (_, Some(why)) => missing(why),
        ([], None) => cell(none.0, none.1),
        ([one], None) => cell(run.data.commitments.text("text", *one).unwrap_or_default(), Tone::Plain),
        (several, None) => cell(format!("{}: too many", several.len()), Tone::Bad),
    }
}

/// Whether the one thing of a person was kept, or how many were of those that can be told.
fn kept(run: &Run<'_>, week: &Week<'_>, person: u32) -> Cell {
    match (week.rows(person), week.missing()) {
        ([], _) | (_, Some(_)) => Cell::default(),
        ([one], None) => {
            let word = shown::kept(&run.data.commitments, *one);
            cell(
                word,
                match word {
                    "kept" => Tone::Good,
                    "not kept" => Tone::Bad,
                    _ => Tone::Plain,
                },
            )
        }
        (_, None) => judged(week, Entity::Owner(person)),
    }
}

/// How many have exactly one.
fn number(week: &Week<'_>, measure: &str, entity: Entity) -> Cell {
    match (week.count(measure, entity), week.missing()) {
        (_, Some(why)) => missing(why),
        (Some(n), None) => cell(format!("{n} with exactly one"), Tone::Plain),
        (None, None) => Cell::default(),
    }
}

/// How many were kept of those that can be told.
fn judged(week: &Week<'_>, entity: Entity) -> Cell {
    let any = ["one_commitment", "several_commitments"].iter().any(|measure| week.count(measure, entity).is_some_and(|n| n != "0"));
    if !any {
        return Cell::default();
    }
    match (week.count("commitments_kept", entity), week.count("commitments_judged", entity)) {
        (Some(_), Some(judged)) if judged == "0" => cell("open", Tone::Plain),
        (Some(kept), Some(judged)) => cell(format!("{kept} of {judged}"), Tone::Plain),
        _ => Cell::default(),
    }
}
