//! Which records make the difference between two counts of the same measure and period, and what became of each.
//!
//! A record is the same one where its id is. Without ids a line says nothing, since lines shift from export to export: then records are
//! alike by owner, people, day, amount and what they bring, and what is left over on either side is called added or gone, and no more.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::earlier::Earlier;
use crate::calendar::{Day, Grain, Period};
use crate::diagnostic::Diagnostic;
use crate::document::{Moved, Record};
use crate::measure::spec::{Aggregate, When, Who as LedBy};
use crate::measure::{Level, Measure, NO_OWNER};
use crate::report::{Run, records, words};
use crate::table::{Kind, Reason, Table};

/// The name of whoever a value is of.
pub(super) struct Who<'a> {
    pub(super) level: Level,
    pub(super) name: &'a str,
}

/// A record that is counted otherwise, or may be.
pub(super) struct Change {
    how: &'static str,
    why: String,
    /// What is said of it to whom it was taken from.
    lost: String,
    /// What is said of it to whom it was given.
    gained: String,
    /// What else is otherwise with a record whose people are others: it is what changed for whoever has it as before.
    beside: Option<Label>,
    /// As it was counted.
    was: Option<Record>,
    /// As it is counted.
    now: Option<Record>,
    /// The row where it stands now, counted or not.
    row: Option<usize>,
    kind: Kind,
}

impl Change {
    fn new(how: &'static str, why: impl Into<String>, label: impl Into<String>, kind: Kind) -> Self {
        let label = label.into();
        Self { how, why: why.into(), lost: label.clone(), gained: label, beside: None, was: None, now: None, row: None, kind }
    }
}

/// Which of the two reports a record is seen in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Then,
    Now,
}

/// What tells the records of two reports apart.
pub(super) struct Matching<'a, 'r> {
    run: &'a Run<'r>,
    earlier: &'a Earlier,
    /// The records of the earlier report by measure.
    of_measure: BTreeMap<&'a str, Vec<usize>>,
    /// The records of the earlier report by table and id.
    by_id: BTreeMap<(&'a str, &'a str), usize>,
    /// Today's rows by id; none for a table without ids then or now.
    rows: BTreeMap<Kind, Option<FxHashMap<&'a str, usize>>>,
    /// The teams of people in the periods of the earlier report.
    teams: BTreeMap<(&'a str, &'a str), &'a str>,
    /// Whether the earlier report shows one period only.
    single: bool,
}

/// What became of a record, in one word, and what it is called in a sum of such records.
pub(super) type Label = (&'static str, String);

/// Whether a measure's value is the sum of what its records bring.
pub(super) fn additive(measure: &Measure) -> bool {
    matches!(measure.spec.value, Aggregate::Count | Aggregate::Sum(_) | Aggregate::Plus(..))
}

/// A sum of numbers from a file; none where it has too many digits.
pub(super) fn sum(numbers: impl IntoIterator<Item = Decimal>) -> Option<Decimal> {
    numbers.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add)
}

/// For whom a record counts by a measure.
fn people<'r>(record: &'r Record, measure: &str) -> Vec<&'r str> {
    if let Some(credited) = record.credited.get(measure) {
        return credited.iter().map(String::as_str).collect();
    }
    if record.people.is_empty() {
        return vec![record.owner.as_deref().unwrap_or(NO_OWNER)];
    }
    record.people.iter().map(String::as_str).collect()
}

fn number(text: Option<&String>) -> Option<Decimal> {
    Decimal::from_str_exact(text?).ok()
}

impl<'a, 'r> Matching<'a, 'r> {
    pub(super) fn new(run: &'a Run<'r>, earlier: &'a Earlier) -> Self {
        let mut of_measure: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut by_id = BTreeMap::new();
        for (index, record) in earlier.records.iter().enumerate() {
            for measure in &record.measures {
                of_measure.entry(measure).or_default().push(index);
            }
            if let Some(id) = &record.id {
                by_id.entry((record.table.as_str(), id.as_str())).or_insert(index);
            }
        }
        let owners = earlier.values.iter().filter(|row| row.level == Level::Owner);
        let teams = owners.map(|row| ((row.period.as_str(), row.name.as_str()), row.team.as_str())).collect();
        let mut periods: Vec<&str> = earlier.values.iter().map(|row| row.period.as_str()).collect();
        periods.sort_unstable();
        periods.dedup();
        Self { run, earlier, of_measure, by_id, rows: BTreeMap::new(), teams, single: periods.len() == 1 }
    }

    /// Today's rows by id, where the ids of this table can be compared.
    fn index(&mut self, kind: Kind) {
        if self.rows.contains_key(&kind) {
            return;
        }
        let mut index = FxHashMap::default();
        if let Some(table) = self.run.data.table(kind)
            && self.by_id.keys().any(|(name, _)| *name == kind.name())
        {
            for row in 0..table.len() {
                if let Some(id) = table.text("id", row) {
                    // Of several rows of one id that which is used is meant.
                    let known = index.entry(id).or_insert(row);
                    if !table.used(*known) && table.used(row) {
                        *known = row;
                    }
                }
            }
        }
        self.rows.insert(kind, Some(index).filter(|index| !index.is_empty()));
    }

    /// Every record that a measure counts in a period in one of the two reports only, or otherwise in both.
    pub(super) fn changes(&mut self, measure: &Measure, period: &Period) -> Result<Vec<Change>, Diagnostic> {
        let mut found = Vec::new();
        for leaf in self.run.engine.leaves(measure) {
            found.extend(self.changes_of(&measure.spec.name, leaf, period)?);
        }
        Ok(found)
    }

    /// The changes of the records of one table, which stand under a name in reports.
    fn changes_of(&mut self, name: &str, measure: &Measure, period: &Period) -> Result<Vec<Change>, Diagnostic> {
        let kind = self.run.engine.kind_of(measure);
        self.index(kind);
        let Some(table) = self.run.data.table(kind) else { return Ok(Vec::new()) };
        let named = self.rows.get(&kind).is_some_and(Option::is_some);
        let (mut then, mut loose): (FxHashMap<&str, usize>, Vec<usize>) = (FxHashMap::default(), Vec::new());
        for index in self.of_measure.get(name).into_iter().flatten().copied() {
            let record = &self.earlier.records[index];
            if record.table != kind.name() || !self.counted_in(record, name, measure, period) {
                continue;
            }
            match record.id.as_deref().filter(|_| named) {
                Some(id) if !then.contains_key(id) => drop(then.insert(id, index)),
                _ => loose.push(index),
            }
        }
        let mut found = Vec::new();
        let mut loose_rows = Vec::new();
        for row in self.run.engine.rows_in(measure, period)? {
            match table.text("id", row).filter(|_| named) {
                Some(id) => match then.remove(id) {
                    Some(index) => found.extend(self.both(name, kind, index, row)),
                    None => found.push(self.gained((name, measure), period, table, row, Some(id))),
                },
                None => loose_rows.push(row),
            }
        }
        for index in then.into_values() {
            found.push(self.lost(measure, period, table, index)?);
        }
        found.extend(self.unnamed((name, measure), period, table, &loose, loose_rows));
        let place = |change: &Change| {
            let record = change.now.as_ref().or(change.was.as_ref());
            let record = record.map(|r| (r.day.clone(), r.id.clone(), r.file.clone(), r.line));
            (record, change.row, change.was.as_ref().map(|r| (r.file.clone(), r.line)))
        };
        found.sort_by_cached_key(place);
        Ok(found)
    }

    /// Whether a measure counted a record of the earlier report in a period.
    fn counted_in(&self, record: &Record, name: &str, measure: &Measure, period: &Period) -> bool {
        if let Some(periods) = record.periods.get(name) {
            return periods.contains(&period.name);
        }
        if self.single {
            return true;
        }
        let day = record.day.as_deref().and_then(Day::parse);
        day.is_some_and(|day| self.run.engine.days_of(measure, period).contains(day))
    }

    /// A record that counts in both.
    fn both(&self, name: &str, kind: Kind, index: usize, row: usize) -> Option<Change> {
        let was = self.earlier.records[index].clone();
        let now = records::record(self.run, kind, row, &[name])?;
        let mut why = Vec::new();
        let mut how = "otherwise";
        let mut change = Change::new(how, "", "counted otherwise", kind);
        let say = |text: Option<&String>| text.cloned().unwrap_or_else(|| "none".to_owned());
        if was.brings.get(name).is_some_and(|value| now.brings.get(name) != Some(value)) {
            how = "changed";
            why.push(format!("{} → {}", say(was.brings.get(name)), say(now.brings.get(name))));
            (change.lost, change.gained) = ("changed".to_owned(), "changed".to_owned());
        }
        if number(was.amount.as_ref()) != number(now.amount.as_ref()) || was.currency.is_some() && was.currency != now.currency {
            how = "amount";
            let with = |record: &Record| format!("{} {}", say(record.amount.as_ref()), record.currency.as_deref().unwrap_or_default());
            why.push(format!("{} → {}", with(&was).trim_end(), with(&now).trim_end()));
            (change.lost, change.gained) = ("amount changed".to_owned(), "amount changed".to_owned());
        }
        let (then, here) = (people(&was, name), people(&now, name));
        if then != here || was.shares != now.shares {
            if how != "otherwise" {
                change.beside = Some((how, change.gained.clone()));
            }
            how = "re_owned";
            why.push(if then == here { "other shares".to_owned() } else { format!("{} → {}", then.join(" + "), here.join(" + ")) });
            let others = |of: &[&str], but: &[&str]| of.iter().copied().filter(|name| !but.contains(name)).collect::<Vec<_>>().join(" + ");
            let label =
                |verb: &str, names: String, alone: &str| if names.is_empty() { alone.to_owned() } else { format!("{verb} {names}") };
            change.lost = label("re-owned to", others(&here, &then), "taken off");
            change.gained = label("re-owned from", others(&then, &here), "put on");
        }
        Some(Change { how, why: why.join("; "), was: Some(was), now: Some(now), row: Some(row), ..change })
    }

    /// A record that counts now and did not then.
    fn gained(&self, (name, measure): (&str, &Measure), period: &Period, table: &Table, row: usize, id: Option<&str>) -> Change {
        let kind = table.kind;
        let now = records::record(self.run, kind, row, &[name]);
        let known = id.and_then(|id| self.by_id.get(&(kind.name(), id))).map(|index| &self.earlier.records[*index]);
        let change = match known {
            Some(was) => Change { was: Some(was.clone()), ..self.known_then((name, measure), period, was, now.as_ref(), kind) },
            None => self.unknown_then(table, row, id.is_some()),
        };
        // What counted elsewhere brought nothing here.
        Change { now, row: Some(row), ..change }
    }

    /// A record that counted then in another period, or for another measure only.
    fn known_then(&self, (called, measure): (&str, &Measure), period: &Period, was: &Record, now: Option<&Record>, kind: Kind) -> Change {
        let (then, here) = (was.day.as_deref(), now.and_then(|record| record.day.as_deref()));
        let elsewhere = then.and_then(Day::parse).filter(|day| !self.run.engine.days_of(measure, period).contains(*day));
        if let (Some(day), Some(then), Some(here), true) = (elsewhere, then, here, then != here) {
            let label = format!("re-dated from {}", self.period_of(period, day));
            return Change::new("re_dated", format!("{then} → {here}"), label, kind);
        }
        let planned = |name: &String| self.run.catalog.spec(name).is_some_and(|spec| spec.when == When::Next);
        if was.measures.iter().any(planned) {
            return Change::new("done_later", "it was planned then", "done later", kind);
        }
        let others: Vec<String> = was.measures.iter().filter(|name| *name != called).cloned().collect();
        let why = if others.is_empty() { "not counted then".to_owned() } else { format!("counted then by {} only", words::list(&others)) };
        Change::new("changed", why, "changed", kind)
    }

    /// A record of which the earlier report knows nothing: its own dates tell since when it is what it is.
    fn unknown_then(&self, table: &Table, row: usize, named: bool) -> Change {
        let kind = table.kind;
        let reached = self.earlier.through.get(kind.name()).copied().unwrap_or(self.earlier.as_of);
        let (created, completed, modified) = (table.day("created_on", row), table.day("completed_on", row), table.day("modified_on", row));
        match created {
            // What was entered on the last day of that export and changed after it may have been there already.
            Some(day) if day > reached || day == reached && modified.is_none_or(|modified| modified <= day) => {
                Change::new("logged_late", format!("entered {day}"), "logged late", kind)
            }
            None if named => Change::new("new", "not in the earlier report", "new", kind),
            _ if !named => Change::new("added", "no record like it was counted then", "added", kind),
            _ => match (completed.filter(|day| *day >= reached), modified.filter(|day| *day >= reached), created) {
                (Some(day), ..) => Change::new("done_later", format!("completed {day}"), "done later", kind),
                (None, Some(day), Some(created)) => Change::new("changed", format!("entered {created}, changed {day}"), "changed", kind),
                _ => Change::new(
                    "otherwise",
                    "unchanged since, and not counted then: its export or the rules were others",
                    "not counted then",
                    kind,
                ),
            },
        }
    }

    /// A record that counted then and does not now.
    fn lost(&self, measure: &Measure, period: &Period, table: &Table, index: usize) -> Result<Change, Diagnostic> {
        let kind = table.kind;
        let was = &self.earlier.records[index];
        let row = was.id.as_deref().and_then(|id| self.rows.get(&kind)?.as_ref()?.get(id)).copied();
        let change = match row {
            Some(row) => self.fate(measure, period, table, row, was)?,
            None => Change::new("gone", "no longer in the exports", "gone", kind),
        };
        Ok(Change { was: Some(was.clone()), row, ..change })
    }

    /// Why a record that is still there does not count any more.
    fn fate(&self, measure: &Measure, period: &Period, table: &Table, row: usize, was: &Record) -> Result<Change, Diagnostic> {
        let kind = table.kind;
        let undone = |why: String, word: Option<&str>| {
            let label = word.map_or_else(|| "undone".to_owned(), |word| format!("undone ({word})"));
            Ok(Change::new("undone", why, label, kind))
        };
        match Reason::from_code(table.left_out[row]) {
            Some(Reason::Filtered) => return Ok(Change::new("otherwise", "left out by a filter", "left out by a filter", kind)),
            Some(reason) => {
                let word = reason.name().replace('_', " ");
                return undone(word.clone(), Some(&word));
            }
            None => {}
        }
        let day = table.day(&measure.spec.on, row);
        if let Some(day) = day.filter(|day| !self.run.engine.days_of(measure, period).contains(*day)) {
            let then = was.day.as_deref().unwrap_or("no date");
            let label = format!("re-dated to {}", self.period_of(period, day));
            return Ok(Change::new("re_dated", format!("{then} → {day}"), label, kind));
        }
        let failed = self.run.engine.failed(measure, period, row)?;
        if failed.is_empty() {
            return Ok(Change::new("otherwise", "it is as it was, and is not counted", "not counted now", kind));
        }
        let column = if kind == Kind::Deals { "state" } else { "outcome" };
        if failed.iter().any(|miss| miss.conjunct.contains(column)) {
            let word = table.text(column, row).unwrap_or("unknown");
            return undone(format!("{column} is now {word}"), Some(word));
        }
        let parts: Vec<String> =
            failed.iter().map(|miss| format!("{} {}", if miss.unknown { "unknown:" } else { "not:" }, miss.conjunct)).collect();
        undone(parts.join("; "), None)
    }

    /// What is left of records without ids once those that are alike are taken away.
    fn unnamed(
        &self,
        (name, measure): (&str, &Measure),
        period: &Period,
        table: &Table,
        then: &[usize],
        mut rows: Vec<usize>,
    ) -> Vec<Change> {
        let alike = |record: &Record| {
            let people: Vec<String> = people(record, name).into_iter().map(str::to_owned).collect();
            let amount = number(record.amount.as_ref()).map(|amount| amount.normalize());
            (record.owner.clone(), people, record.day.clone(), amount, record.brings.get(name).cloned())
        };
        let mut left: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for index in then.iter().rev() {
            left.entry(alike(&self.earlier.records[*index])).or_default().push(*index);
        }
        let mut found = Vec::new();
        // Of several that are alike those entered first are the ones that were known.
        rows.sort_by_cached_key(|row| (table.day("created_on", *row), table.file[*row], table.line.get(*row)));
        for row in rows {
            let Some(now) = records::record(self.run, table.kind, row, &[name]) else { continue };
            if left.get_mut(&alike(&now)).and_then(Vec::pop).is_none() {
                found.push(self.gained((name, measure), period, table, row, None));
            }
        }
        for index in left.into_values().flatten() {
            let change = Change::new("gone", "no record like it is counted now", "gone", table.kind);
            found.push(Change { was: Some(self.earlier.records[index].clone()), ..change });
        }
        found
    }

    /// The period of a grain that holds a day, in a few words.
    fn period_of(&self, like: &Period, day: Day) -> String {
        match like.grain {
            Grain::All | Grain::Range => day.to_string(),
            grain => self.earlier.short(&self.run.calendar.period_of(grain, day).name).to_owned(),
        }
    }

    /// The changes that are somebody's, and what each is called in a sum of them.
    pub(super) fn of(&self, measure: &Measure, changes: &[Change], who: &Who<'_>, period: &Period, unit: &str) -> (Vec<Moved>, Vec<Label>) {
        let (mut moved, mut labels) = (Vec::new(), Vec::new());
        for change in changes {
            // What was counted elsewhere is shown, and brought nothing here.
            let here = change.was.as_ref().filter(|was| self.counted(was, measure, period));
            let was = here.map_or(Weight::NONE, |record| self.weight(measure, record, who, period, unit, Side::Then));
            let now = change.now.as_ref().map_or(Weight::NONE, |record| self.weight(measure, record, who, period, unit, Side::Now));
            let difference = additive(measure).then(|| now.sum?.checked_sub(was.sum?)).flatten();
            let same = match difference {
                Some(difference) => difference.is_zero() && (was.times == now.times || was.sum == now.sum),
                None => was.times == now.times && (was.times == 0 || change.how == "otherwise"),
            };
            if same {
                continue;
            }
            let gained = difference.map_or(now.times > was.times, |difference| difference > Decimal::ZERO);
            let kept = was.times > 0 && was.times == now.times;
            let label = change.beside.clone().filter(|_| kept);
            let label = label.unwrap_or_else(|| (change.how, if gained { change.gained.clone() } else { change.lost.clone() }));
            moved.push(self.moved(change, label.0, difference));
            labels.push(label);
        }
        (moved, labels)
    }

    /// Whether a record was counted by a measure in a period.
    fn counted(&self, was: &Record, measure: &Measure, period: &Period) -> bool {
        was.measures.contains(&measure.spec.name) && self.counted_in(was, &measure.spec.name, measure, period)
    }

    fn moved(&self, change: &Change, how: &'static str, difference: Option<Decimal>) -> Moved {
        let table = self.run.data.table(change.kind);
        let stands = change.row.zip(table);
        let text = |name: &str| stands.and_then(|(row, table)| table.text(name, row)).map(str::to_owned);
        let says = text(if change.kind == Kind::Deals { "name" } else { "subject" }).or_else(|| text("type"));
        let place = stands.and_then(|(row, table)| {
            let source = self.run.data.sources.get(usize::from(table.file[row]))?;
            Some((source.path.clone(), table.line.get(row)))
        });
        let now = change.now.clone().or_else(|| records::record(self.run, change.kind, change.row?, &[]));
        Moved { how, why: change.why.clone(), change: difference, says, place, was: change.was.clone(), now }
    }

    /// What a record brings to somebody's value.
    fn weight(&self, measure: &Measure, record: &Record, who: &Who<'_>, period: &Period, unit: &str, side: Side) -> Weight {
        let money = !matches!(unit, "count" | "hours" | "ratio" | "days");
        if money && record.currency.as_deref().is_some_and(|currency| currency != unit) {
            return Weight::NONE;
        }
        let Aggregate::Sum(column) = &measure.spec.value else {
            let times =
                people(record, &measure.spec.name).into_iter().filter(|name| self.is_of(measure, name, record, who, period, side)).count();
            let times = if measure.adds_up() && measure.spec.from != Kind::Deals { times } else { times.min(1) };
            return Weight { times, sum: Some(Decimal::from(times)) };
        };
        let parts: Vec<(&str, Decimal)> = if record.shares.is_empty() {
            people(record, &measure.spec.name).into_iter().map(|name| (name, Decimal::ONE)).collect()
        } else {
            let credited = record.credited.get(&measure.spec.name);
            let shares = record.shares.iter().filter(|(name, _)| credited.is_none_or(|names| names.contains(name)));
            shares.map(|(name, share)| (name.as_str(), number(Some(share)).unwrap_or(Decimal::ONE))).collect()
        };
        let mine: Vec<Decimal> =
            parts.into_iter().filter(|(name, _)| self.is_of(measure, name, record, who, period, side)).map(|(_, share)| share).collect();
        if mine.is_empty() {
            return Weight::NONE;
        }
        let times = mine.len();
        let share = if measure.adds_up() { sum(mine) } else { Some(Decimal::ONE) };
        let text = if column == "amount" { record.amount.as_ref() } else { record.brings.get(&measure.spec.name) };
        let brought = match number(text) {
            Some(value) => share.and_then(|share| value.checked_mul(share)),
            // Of a record without an amount nothing is added.
            None => text.is_none().then_some(Decimal::ZERO),
        };
        let brought = if unit == "hours" { brought.and_then(|minutes| minutes.checked_div(Decimal::from(60))) } else { brought };
        Weight { times, sum: brought.map(|brought| brought.round_dp(6).normalize()) }
    }

    fn is_of(&self, measure: &Measure, name: &str, record: &Record, who: &Who<'_>, period: &Period, side: Side) -> bool {
        match who.level {
            Level::All => true,
            Level::Owner => name == who.name,
            Level::Team => self.team_of(measure, name, record, period, side).is_some_and(|team| team == who.name),
        }
    }

    /// The team in whose sum a record counts for somebody.
    fn team_of(&self, measure: &Measure, name: &str, record: &Record, period: &Period, side: Side) -> Option<&str> {
        // Leaders are in no team of the values.
        if side == Side::Then
            && measure.spec.who == LedBy::Everybody
            && let Some(team) = self.teams.get(&(period.name.as_str(), name))
        {
            return Some(team);
        }
        let roster = &self.run.data.roster;
        let day = record.day.as_deref().and_then(Day::parse).unwrap_or(period.range.last);
        let team = self.run.engine.team_of(measure, roster.person(name)?, day)?;
        roster.teams.get(team as usize).map(String::as_str)
    }
}

/// What a record brings to a value.
struct Weight {
    /// How often it counts.
    times: usize,
    /// What it adds; none where that cannot be told.
    sum: Option<Decimal>,
}

impl Weight {
    const NONE: Self = Self { times: 0, sum: Some(Decimal::ZERO) };
}
