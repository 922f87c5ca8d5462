//! Whether commitments were kept: by the measure that they name, else by the file's word, else by the task's status.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::catalog::Catalog;
use super::cube::{Cube, Entity};
use super::select::Engine;
use super::spec::{Aggregate, Direction, Spec, UnitKind};
use crate::calendar::{Grain, Period, Range};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Amounts, Column, Data, Kind, Words};
use crate::unit::{Unit, Value, Why};

/// Weeks further than this from the day of the report, in days, are judged by no measure.
const FAR: i32 = 10 * 366;

/// Words that may stand before a number and a measure, as in `Hold 4 new prospect meetings`.
const VERBS: &[&str] = &["deliver", "do", "give", "have", "hold", "make", "run", "send"];

/// The measure that a commitment names, and how much of it was promised; none for as much as its person's target asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The measure's name.
    pub measure: String,
    /// How much.
    pub amount: Option<Decimal>,
}

/// What the commitments of the exports name, row by row, and what is wrong with it.
pub fn named(data: &Data, catalog: &Catalog) -> (Vec<Option<Named>>, Vec<Diagnostic>) {
    let table = &data.commitments;
    let labels = Labels::of(catalog);
    let mut problems = Vec::new();
    let (mut unmeasured, mut ambiguous) = (Vec::new(), Vec::new());
    // The same words stand in many rows.
    let (mut words, mut texts) = (BTreeMap::new(), BTreeMap::new());
    let mut of = |row: usize| {
        if !table.used(row) {
            return None;
        }
        let amount = table.amount("amount", row);
        let Some(word) = table.text("measure", row) else {
            unmeasured.extend(amount.map(|_| row));
            let text = table.text("text", row).filter(|_| amount.is_none())?;
            return match texts.entry(text).or_insert_with(|| labels.within(text)) {
                Within::One(named) => Some(named.clone()),
                Within::Several => {
                    ambiguous.push(row);
                    None
                }
                Within::None => None,
            };
        };
        let at = Location::line(data.sources.get(usize::from(table.file[row])).map_or("", |s| s.path.as_str()), table.line.get(row));
        let wrong = match words.entry(word).or_insert_with(|| labels.find(word)) {
            Ok(spec) if from(spec, catalog) == Kind::Commitments => {
                Diagnostic::error(Code::UnknownMeasure, format!("'{}' counts commitments: it can judge none", spec.name)).at(at)
            }
            // None at all is something to promise of what had better be less.
            Ok(spec) => match amount.filter(|n| n.is_sign_negative() && !n.is_zero() || n.is_zero() && spec.good != Direction::Down) {
                None => return Some(Named { measure: spec.name.clone(), amount }),
                Some(amount) => {
                    Diagnostic::error(Code::BadAmount, format!("{} {} is nothing to promise", amount.normalize(), spec.name)).at(at)
                }
            },
            Err(problem) => problem.clone().at(at),
        };
        problems.push(Diagnostic { severity: Severity::Warning, ..wrong }.hint("until then the commitment is judged by the word for kept"));
        None
    };
    let named = (0..table.len()).map(&mut of).collect();
    problems.extend(by_word(
        data,
        &unmeasured,
        ("has an amount but no measure", "have an amount but no measure"),
        "name the measure that the amount is of",
    ));
    problems.extend(by_word(
        data,
        &ambiguous,
        ("has a text that is the label of several measures", "have a text that is the label of several measures"),
        "write the name of the measure and the amount in their own columns",
    ));
    (named, problems)
}

/// That commitments cannot be judged by a measure for want of something, once for all of them.
fn by_word(data: &Data, rows: &[usize], (one, several): (&str, &str), hint: &str) -> Option<Diagnostic> {
    let table = &data.commitments;
    let first = *rows.first()?;
    let path = data.sources.get(usize::from(table.file[first])).map_or("", |s| s.path.as_str());
    let what = match rows.len() {
        1 => format!("the commitment {one}: it is"),
        n => format!("{n} commitments {several}: they are"),
    };
    let message = format!("{what} judged by the word for kept or the task's status alone");
    Some(Diagnostic::note(Code::Assumed, message).at(Location::line(path, table.line.get(first))).hint(hint))
}

/// The table whose records a measure counts.
fn from(spec: &Spec, catalog: &Catalog) -> Kind {
    match &spec.value {
        Aggregate::Ratio(over, _) if *over != spec.name => catalog.spec(over).map_or(spec.from, |over| over.from),
        _ => spec.from,
    }
}

/// The measures of a catalog by what they are called in words.
struct Labels<'c> {
    catalog: &'c Catalog,
    called: FxHashMap<Vec<String>, Vec<&'c Spec>>,
}

/// What a text names.
#[derive(Debug, PartialEq, Eq)]
enum Within {
    One(Named),
    /// Of several that are called so none is meant for sure.
    Several,
    None,
}

impl<'c> Labels<'c> {
    fn of(catalog: &'c Catalog) -> Self {
        let mut called: FxHashMap<Vec<String>, Vec<&Spec>> = FxHashMap::default();
        let specs = || catalog.names().filter_map(|name| catalog.spec(name));
        // The two parts of a sum are called as the sum, which is what is meant.
        let parts: BTreeSet<&str> = specs()
            .filter_map(|spec| match &spec.value {
                Aggregate::Plus(one, other) => Some([one.as_str(), other.as_str()]),
                _ => None,
            })
            .flatten()
            .collect();
        for spec in specs() {
            let (label, name) = (plain(&spec.label.replace("-\n", "").replace('\n', " ")), plain(&spec.name.replace('_', " ")));
            if label != name && !parts.contains(spec.name.as_str()) {
                called.entry(label).or_default().push(spec);
            }
            called.entry(name).or_default().push(spec);
        }
        Self { catalog, called }
    }

    fn labeled(&self, words: &[String]) -> &[&'c Spec] {
        self.called.get(words).filter(|_| !words.is_empty()).map_or(&[], Vec::as_slice)
    }

    /// The measure that a word means: its name, or its name or label in words; else why there is none.
    fn find(&self, word: &str) -> Result<&'c Spec, Diagnostic> {
        let name = word.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
        if let Some(spec) = self.catalog.spec(&name) {
            return Ok(spec);
        }
        match self.labeled(&plain(word)) {
            [] => self.catalog.require(&name, None),
            [one] => Ok(one),
            several => {
                let names: Vec<&str> = several.iter().map(|spec| spec.name.as_str()).collect();
                let message = format!("'{word}' is the label of several measures: {}", names.join(", "));
                Err(Diagnostic::error(Code::UnknownMeasure, message).hint("write the name of the one that is meant"))
            }
        }
    }

    /// The measure that a text names with its number and nothing else.
    fn within(&self, text: &str) -> Within {
        let words = plain(text.trim_end_matches(['.', '!']));
        let rest = match words.split_first() {
            Some((first, rest)) if VERBS.contains(&first.as_str()) => rest,
            _ => &words[..],
        };
        let Some((number, label)) = rest.split_first() else { return Within::None };
        let Some(amount) = number.parse().ok().filter(|n: &Decimal| *n > Decimal::ZERO) else { return Within::None };
        let judges = |spec: &Spec| matches!(spec.unit, UnitKind::Count | UnitKind::Hours) && from(spec, self.catalog) != Kind::Commitments;
        match self.labeled(label) {
            [one] if judges(one) => Within::One(Named { measure: one.name.clone(), amount: Some(amount) }),
            [] | [_] => Within::None,
            _ => Within::Several,
        }
    }
}

/// The words of a text in small letters and without the s of a plural.
fn plain(text: &str) -> Vec<String> {
    let singular = |word: &str| match word.strip_suffix('s') {
        Some(stem) if stem.len() > 2 && !stem.ends_with('s') => stem.to_owned(),
        _ => word.to_owned(),
    };
    text.to_lowercase().split_whitespace().map(singular).collect()
}

/// What each commitment came to.
#[derive(Debug, Clone, Default)]
struct Verdict {
    kept: Option<bool>,
    by: Option<&'static str>,
    reached: Option<Decimal>,
    /// The measure that judges it, and how much of it was asked.
    asked: Option<(String, Decimal)>,
}

/// What all commitments came to.
#[derive(Debug, Clone)]
pub struct Verdicts {
    rows: Vec<Verdict>,
    /// Where a measure and somebody's word differ, and that no amount is asked of a measure.
    pub notes: Vec<Diagnostic>,
}

impl Verdicts {
    /// Puts what was found into the table: whether each was kept, and what says so.
    pub fn write(self, data: &mut Data) {
        let table = &mut data.commitments;
        if table.is_empty() {
            return;
        }
        let rows = &self.rows;
        let asked = |row: usize| rows[row].asked.as_ref();
        let measure: Vec<Option<String>> =
            (0..rows.len()).map(|row| asked(row).map(|a| a.0.clone()).or_else(|| table.text("measure", row).map(str::to_owned))).collect();
        let amounts: Vec<_> = (0..rows.len()).map(|row| asked(row).map(|a| a.1).or_else(|| table.amount("amount", row))).collect();
        let reached: Vec<_> = rows.iter().map(|r| r.reached).collect();
        table.set("measure", Column::Words(Words::from_texts(measure.iter().map(Option::as_deref))));
        table.set("amount", Column::Money(Amounts::new(&amounts)));
        table.set("reached", Column::Money(Amounts::new(&reached)));
        table.set("judged_by", Column::Words(Words::from_texts(rows.iter().map(|r| r.by))));
        table.set("kept", Column::Flags(rows.iter().map(|r| r.kept.map_or(-1, i8::from)).collect()));
    }
}

/// What a measure says of a commitment.
enum Judged {
    /// How much there was of how much; and whether that is enough, once the week can be told.
    So { reached: Decimal, asked: Decimal, kept: Option<bool> },
    /// The week can't be told yet.
    NotYet,
    /// Neither the commitment nor a target asks for an amount.
    NoAmount,
    /// It says nothing of this week or person.
    Silent,
}

impl Engine<'_> {
    /// Judges the commitments by what they name.
    ///
    /// # Errors
    /// Where a predicate cannot be evaluated over these exports.
    pub fn judge_commitments(&self, named: &[Option<Named>]) -> Result<Verdicts, Diagnostic> {
        let cubes = self.cubes_of(named)?;
        let table = &self.data.commitments;
        let mut found = Verdicts { rows: vec![Verdict::default(); table.len()], notes: Vec::new() };
        let mut unasked = Vec::new();
        for row in (0..table.len()).filter(|row| table.used(*row)) {
            let Some(day) = table.day("day", row) else { continue };
            let week = self.calendar.period_of(Grain::Week, day);
            let said = self.said(row, &week);
            let judged = match named.get(row).and_then(Option::as_ref) {
                Some(named) => self.by_measure(row, named, &week, cubes.get(named.measure.as_str())),
                None => Judged::Silent,
            };
            unasked.extend(matches!(judged, Judged::NoAmount).then_some(row));
            let measure = || named.get(row).and_then(Option::as_ref).map(|n| n.measure.clone()).unwrap_or_default();
            found.rows[row] = match judged {
                Judged::So { reached, asked, kept } => {
                    if let (Some(kept), (Some(said), by)) = (kept, said)
                        && kept != said
                    {
                        found.notes.push(self.differ(row, &measure(), (reached, asked, kept), (said, by)));
                    }
                    Verdict { kept, by: kept.and(Some("measure")), reached: Some(reached), asked: Some((measure(), asked)) }
                }
                Judged::NotYet => Verdict::default(),
                Judged::Silent | Judged::NoAmount => Verdict { kept: said.0, by: said.0.map(|_| said.1), ..Verdict::default() },
            };
        }
        let (one, several) = (
            "names a measure but no amount, and its person has no target for it",
            "name a measure but no amount, and their people have no target for it",
        );
        found.notes.extend(by_word(self.data, &unasked, (one, several), "write the amount that was promised"));
        Ok(found)
    }

    /// The values of each named measure over the weeks of the commitments that name it.
    fn cubes_of<'n>(&self, named: &'n [Option<Named>]) -> Result<BTreeMap<&'n str, Cube>, Diagnostic> {
        let mut weeks: BTreeMap<&str, Range> = BTreeMap::new();
        for (row, named) in named.iter().enumerate().filter_map(|(row, named)| Some((row, named.as_ref()?))) {
            let day = self.data.commitments.day("day", row).filter(|day| (day.0 - self.as_of.0).abs() <= FAR);
            if let Some(day) = day {
                let range = weeks.entry(&named.measure).or_insert(Range::day(day));
                *range = Range { first: range.first.min(day), last: range.last.max(day) };
            }
        }
        let count =
            |(name, range): (&'n str, Range)| Ok((name, self.cube(&[name.to_owned()], &self.calendar.partition(Grain::Week, range))?));
        weeks.into_iter().map(count).collect()
    }

    /// What the file's word, else the task's status says, and which of them.
    fn said(&self, row: usize, week: &Period) -> (Option<bool>, &'static str) {
        let table = &self.data.commitments;
        if week.range.first > self.as_of {
            return (None, "");
        }
        if let Some(kept) = table.flag("kept", row) {
            return (Some(kept), "file");
        }
        let activities = self.facts.reach(Kind::Activities).last;
        let over = || self.complete(week) && activities.is_some_and(|last| self.calendar.reaches_end(week.range, last));
        match table.text("status", row) {
            Some("held") => (Some(true), "status"),
            Some("scheduled" | "missed" | "canceled") if over() => (Some(false), "status"),
            _ => (None, ""),
        }
    }

    fn by_measure(&self, row: usize, named: &Named, week: &Period, cube: Option<&Cube>) -> Judged {
        let person = self.data.commitments.text("person", row).and_then(|name| self.data.roster.person(name));
        let (Some(cube), Some(person), Some(measure)) = (cube, person, self.measure(&named.measure)) else { return Judged::Silent };
        let entity = Entity::Owner(person);
        // Amounts of several currencies are no one number.
        let ([series], Some(index), Some(at)) = (cube.series.as_slice(), cube.entity(entity), cube.periods.index_of(week.range.first))
        else {
            return Judged::Silent;
        };
        let value = match cube.value(0, index, at) {
            Value::Missing(Why::NotYet) => return Judged::NotYet,
            Value::Missing(_) => return Judged::Silent,
            value => value,
        };
        let share = measure.spec.is_share();
        let asked = match named.amount {
            // A share is never above 1: 60 of one are per cent.
            Some(amount) if share && amount > Decimal::ONE => amount / Decimal::ONE_HUNDRED,
            Some(amount) => amount,
            None => match self.agreed(&measure.spec, &series.unit, entity, week) {
                Some(target) => target,
                None => return Judged::NoAmount,
            },
        };
        let reached = match value {
            Value::Count(n) | Value::Money(n, _) => *n,
            Value::Minutes(minutes) => minutes / Decimal::from(60),
            other => match other.as_f64().and_then(|x| Decimal::try_from(x).ok()) {
                Some(n) => n,
                None => return Judged::Silent,
            },
        };
        let enough = if measure.spec.good == Direction::Down { reached <= asked } else { reached >= asked };
        let kept = self.complete_for(measure, week).then_some(enough);
        Judged::So { reached: reached.round_dp(4).normalize(), asked: asked.normalize(), kept }
    }

    /// The person's own target for a week.
    fn agreed(&self, spec: &Spec, unit: &Unit, entity: Entity, week: &Period) -> Option<Decimal> {
        let targets = self.targets.as_ref()?;
        match spec.unit {
            UnitKind::Ratio | UnitKind::Days => targets.level(&spec.name, entity, week.range),
            _ => targets.of(&spec.name, unit, entity, week.range).map(|target| target.value),
        }
    }

    fn differ(&self, row: usize, measure: &str, judged: (Decimal, Decimal, bool), said: (bool, &str)) -> Diagnostic {
        let table = &self.data.commitments;
        let word = |kept: bool| if kept { "kept" } else { "not kept" };
        let who = table.text("person", row).unwrap_or_default();
        let by = if said.1 == "file" { "file" } else { "task" };
        let (reached, asked, kept) = judged;
        let message = format!(
            "the {by} says that the commitment of {who} was {}; {measure} was {reached} of {asked}: it counts as {}",
            word(said.0),
            word(kept)
        );
        let path = self.data.sources.get(usize::from(table.file[row])).map_or("", |s| s.path.as_str());
        Diagnostic::note(Code::Assumed, message)
            .at(Location::line(path, table.line.get(row)))
            .hint("the measure decides where a commitment names one; take the measure out where it is not what was meant")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_text_names_a_measure_by_its_number_and_its_label_alone() {
        let catalog = Catalog::new(&[]).unwrap();
        let labels = Labels::of(&catalog);
        let of = |text: &str| match labels.within(text) {
            Within::One(named) => Some((named.measure, named.amount.unwrap().to_string())),
            _ => None,
        };
        for (text, measure, amount) in [
            ("3 presentations", "presentations", "3"),
            ("1 presentation", "presentations", "1"),
            ("Hold 4 new prospect meetings", "new_prospect_meetings", "4"),
            ("hold 4 New  Prospect  Meeting!", "new_prospect_meetings", "4"),
            ("12.5 client hours", "client_hours", "12.5"),
            ("Send 2 proposals.", "proposals", "2"),
        ] {
            assert_eq!(of(text), Some((measure.to_owned(), amount.to_owned())), "{text}");
        }
        for text in [
            "20 calls a week to new logos",
            "presentations",
            "3",
            "3 presentations to Alder",
            "three presentations",
            "60 kept",
            "2 commitments",
            "30 win rate",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn no_two_shipped_measures_are_called_the_same() {
        let catalog = Catalog::new(&[]).unwrap();
        let labels = Labels::of(&catalog);
        assert!(labels.called.len() > 100);
        let twice: Vec<Vec<&str>> = labels
            .called
            .values()
            .filter(|specs| specs.len() > 1)
            .map(|specs| specs.iter().map(|spec| spec.name.as_str()).collect())
            .collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
