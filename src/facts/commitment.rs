//! What was promised for a week: commitments of files and of tasks in one table, each once, and whose they are.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::credit::Credits;
use super::{Facts, Settings};
use crate::calendar::Day;
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Amounts, Column, Data, Kind, Reason, Roster, Table, Words};

/// A commitment while the table is put together.
struct Row {
    file: u16,
    line: u32,
    left_out: u8,
    week: String,
    day: Option<Day>,
    person: Option<String>,
    text: String,
    measure: Option<String>,
    amount: Option<Decimal>,
    said: Option<bool>,
    task: bool,
    status: Option<String>,
}

impl Row {
    /// The same promise of the same person for the same week, however it is spaced and capitalized; a task names no measure of its own.
    fn is(&self, other: &Self) -> bool {
        let judged = self.task || other.task || (&self.measure, self.amount) == (&other.measure, other.amount);
        judged && self.day == other.day && self.person == other.person && plain(&self.text) == plain(&other.text)
    }
}

/// A text however it is spaced and capitalized.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Adds what tasks promise to what files do, leaves out what stands twice, and credits each to whose it is.
pub(super) fn derive(data: &mut Data, settings: &Settings, facts: &mut Facts) {
    let mut rows: Vec<Row> = of_files(&data.commitments);
    rows.extend(of_tasks(data, settings));
    if rows.is_empty() {
        return;
    }
    merge(&mut rows, data, facts);
    facts.diagnostics.extend(taken(&rows, data));
    data.commitments = table(&rows);
    alone(&mut data.commitments, &data.roster);
    let people = rows.iter().map(|row| row.person.as_deref().and_then(|name| data.roster.person(name)));
    facts.commitment_credits = Credits::one_each(people);
}

/// Leaves out the commitments of tasks that the user's own filter has taken out; what stands in another task too counts there.
pub fn follow_tasks(data: &mut Data) {
    let Some(first) = data.commitments.len().checked_sub(data.promised.len()) else { return };
    let table = &mut data.commitments;
    let gone: Vec<bool> = data.promised.keys().map(|task| data.activities.left_out[*task] == Reason::Filtered as u8).collect();
    let key = |table: &Table, row: usize| {
        (table.day("day", row), table.text("person", row).map(str::to_owned), table.text("text", row).map(plain))
    };
    let mut lost = BTreeSet::new();
    for row in gone.iter().enumerate().filter(|(_, gone)| **gone).map(|(index, _)| first + index) {
        if table.used(row) {
            lost.insert(key(table, row));
        }
        table.leave_out(row, Reason::Filtered);
    }
    if !lost.is_empty() {
        for row in gone.iter().enumerate().filter(|(_, gone)| !**gone).map(|(index, _)| first + index) {
            if table.left_out[row] == Reason::Duplicate as u8 && lost.remove(&key(table, row)) {
                table.left_out[row] = 0;
            }
        }
    }
    if !data.commitments.is_empty() {
        alone(&mut data.commitments, &data.roster);
    }
}

fn of_files(table: &Table) -> Vec<Row> {
    let text = |name: &str, row: usize| table.text(name, row).map(str::to_owned);
    let of = |row: usize| Row {
        file: table.file[row],
        line: table.line.get(row),
        left_out: table.left_out[row],
        week: text("week", row).unwrap_or_default(),
        day: table.day("day", row),
        person: text("person", row),
        text: text("text", row).unwrap_or_default(),
        measure: text("measure", row),
        amount: table.amount("amount", row),
        said: table.flag("kept", row),
        task: false,
        status: None,
    };
    (0..table.len()).map(of).collect()
}

fn of_tasks(data: &Data, settings: &Settings) -> Vec<Row> {
    let table = &data.activities;
    let later = |day: Option<Day>| day.is_some_and(|day| day > settings.as_of);
    let of = |(row, promise): (&usize, &crate::table::Promise)| {
        let row = *row;
        let outcome = table.text("outcome", row);
        // What is done on a later day is still to be done, and a plan dated ahead is a plan.
        let outcome = if outcome == Some("held") && later(table.day("day", row)) { Some("scheduled") } else { outcome };
        let ahead = table.left_out[row] == Reason::DatedAhead as u8 && !later(table.day("created_on", row));
        Row {
            file: table.file[row],
            line: table.line.get(row),
            left_out: if ahead { 0 } else { table.left_out[row] },
            week: promise.week.clone(),
            day: Some(promise.day),
            person: table.text("owner", row).map(str::to_owned),
            text: promise.text.clone(),
            measure: None,
            amount: None,
            said: None,
            task: true,
            status: outcome.map(str::to_owned),
        }
    };
    data.promised.iter().map(of).collect()
}

/// That tasks were taken for commitments by their subjects.
fn taken(rows: &[Row], data: &Data) -> Option<Diagnostic> {
    let tasks = rows.iter().filter(|row| row.task && row.left_out == 0);
    let (n, first) = (tasks.clone().count(), tasks.clone().next()?);
    let path = data.sources.get(usize::from(first.file)).map_or("", |source| source.path.as_str());
    let tasks = if n == 1 { "1 task is a commitment".to_owned() } else { format!("{n} tasks are commitments") };
    Some(
        Diagnostic::note(Code::Assumed, format!("{tasks} by the word that the subject begins with"))
            .at(Location::line(path, first.line))
            .hint("a word is taken out, or added, under [words.commitment] in leadlag.toml: false = [\"WIG\"]"),
    )
}

/// Leaves out each that stands again, once it has told whether it was kept: the later file knows more.
fn merge(rows: &mut [Row], data: &Data, facts: &mut Facts) {
    let mut first: BTreeMap<(Option<Day>, Option<String>), Vec<usize>> = BTreeMap::new();
    let place = |row: &Row| Location::line(data.sources.get(usize::from(row.file)).map_or("", |s| s.path.as_str()), row.line);
    for index in 0..rows.len() {
        if rows[index].left_out != 0 {
            continue;
        }
        let known = first.entry((rows[index].day, rows[index].person.clone())).or_default();
        let Some(same) = known.iter().copied().find(|other| rows[*other].is(&rows[index])) else {
            known.push(index);
            continue;
        };
        let (said, status) = (rows[index].said, rows[index].status.clone());
        let at = place(&rows[same]);
        let where_ = format!("{}:{}", at.file, at.line.unwrap_or(0));
        if let (Some(now), Some(before)) = (said, rows[same].said)
            && now != before
        {
            let word = if now { "kept" } else { "not kept" };
            facts.diagnostics.push(
                Diagnostic::warning(Code::Assumed, format!("the commitment is {word} here, and the contrary at {where_}: this row holds"))
                    .at(place(&rows[index]))
                    .hint("correct one of the two rows, or take one out"),
            );
        } else if !rows[index].task {
            let message = format!("the commitment stands at {where_} too: it counts once");
            facts.diagnostics.push(Diagnostic::note(Code::Assumed, message).at(place(&rows[index])));
        }
        let kept = &mut rows[same];
        kept.said = said.or(kept.said);
        kept.status = kept.status.take().or(status);
        rows[index].left_out = Reason::Duplicate as u8;
    }
}

fn table(rows: &[Row]) -> Table {
    let mut table = Table::new(Kind::Commitments, rows.iter().map(|r| r.file).collect(), rows.iter().map(|r| r.line).collect());
    table.left_out = rows.iter().map(|r| r.left_out).collect();
    let mut words = |name: &str, of: fn(&Row) -> Option<&str>| table.set(name, Column::Words(Words::from_texts(rows.iter().map(of))));
    words("week", |r| Some(&r.week));
    words("person", |r| r.person.as_deref());
    words("text", |r| Some(&r.text));
    words("measure", |r| r.measure.as_deref());
    words("source", |r| Some(if r.task { "task" } else { "file" }));
    words("status", |r| r.status.as_deref());
    table.set("day", Column::Days(rows.iter().map(|r| r.day.map_or(Column::NO_DAY, |day| day.0)).collect()));
    table.set("amount", Column::Money(Amounts::new(&rows.iter().map(|r| r.amount).collect::<Vec<_>>())));
    table.set("kept", Column::Flags(rows.iter().map(|r| r.said.map_or(-1, i8::from)).collect()));
    table
}

/// Says of each commitment that counts whether it is the only one of its person for its week; of one that nobody who is known has made
/// nothing can be said.
fn alone(table: &mut Table, roster: &Roster) {
    let key = |row: usize| Some((table.day("day", row)?, roster.person(table.text("person", row)?)?));
    let mut counts: BTreeMap<(Day, u32), u32> = BTreeMap::new();
    for key in (0..table.len()).filter(|row| table.used(*row)).filter_map(key) {
        *counts.entry(key).or_default() += 1;
    }
    let flag = |row: usize| key(row).and_then(|key| counts.get(&key)).map_or(-1, |n| i8::from(*n == 1));
    let flags = (0..table.len()).map(flag).collect();
    table.set("alone", Column::Flags(flags));
}
