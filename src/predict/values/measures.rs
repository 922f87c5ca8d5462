//! Which measures of the file are tested: those that the user names, else those whose role says so.

use std::sync::Arc;

use super::table::{MEASURE, ROLE, Table, UNIT, WRITE};
use super::weeks::shortened;
use super::{Choice, Matrix, Series, Wrong};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::document;
use crate::measure::Catalog;
use crate::measure::spec::{Direction, Role};
use crate::predict::Cells;
use crate::unit::Unit;

/// So many measures are named to whoever names one that the file does not have.
const SHOWN: usize = 12;

/// More leads than this are a whole report, or cost each other their evidence.
const MANY: usize = 8;

/// The measures that are tested, leads before lags.
pub(super) struct Chosen {
    pub(super) named: Vec<Named>,
    /// How many of them are leads.
    pub(super) leads: usize,
    /// Which measures with a role are not tested, in a sentence.
    pub(super) others: Option<String>,
    /// The index of each of the column's words.
    slots: Vec<Option<usize>>,
}

impl Chosen {
    /// The measure of a row, if it is tested.
    pub(super) fn slot(&self, table: &Table, row: usize) -> Option<usize> {
        table.column(MEASURE).code(row).and_then(|code| self.slots[code as usize])
    }
}

/// A measure that is tested.
pub(super) struct Named {
    pub(super) name: String,
    unit: Option<String>,
}

impl Named {
    /// The measure with its values; of one that ships, its words and direction are known.
    pub(super) fn series(&self, values: Matrix, cuts: &mut Vec<String>) -> Series {
        let spec = Catalog::shipped().iter().find(|spec| spec.name == self.name);
        let words = || self.name.replace('_', " ");
        let says = spec.map_or_else(words, |spec| document::unbroken(spec.label.lines()).join(" "));
        let unit = self.unit.as_deref().map_or(Unit::Count, |word| match word {
            "count" => Unit::Count,
            "hours" => Unit::Hours,
            "ratio" => Unit::Ratio,
            "days" => Unit::Days,
            "XXX" => Unit::Money(Arc::from("")),
            code if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) => Unit::Money(Arc::from(code)),
            other => {
                cuts.push(format!(
                    "{}: the unit '{}' is not known, and its values are shown as plain numbers",
                    self.name,
                    shortened(other)
                ));
                Unit::Count
            }
        });
        let cells = Cells::of(&values);
        Series { name: self.name.clone(), says, unit, drop: spec.is_some_and(|spec| spec.good == Direction::Down), values, cells }
    }
}

/// A measure of the file.
#[derive(Default, Clone)]
struct Met {
    /// The first row of it.
    first: Option<usize>,
    /// The first row with each role.
    lead: Option<usize>,
    lag: Option<usize>,
    /// The first row with a role that is none.
    odd: Option<usize>,
    /// The first row that has a unit.
    unit: Option<usize>,
    /// The first row with another unit.
    other: Option<usize>,
}

/// Chooses the measures of these rows.
pub(super) fn chosen(table: &Table, rows: &[usize], choice: &Choice, said: &mut Vec<Diagnostic>) -> Result<Chosen, Failure> {
    let met = meet(table, rows);
    let words = table.column(MEASURE).words();
    let mut wrong = Wrong::default();
    let mut find = |names: &[String], option: &str| {
        let mut codes: Vec<usize> = Vec::new();
        for name in names {
            match words.iter().position(|word| *word == **name).filter(|code| met[*code].first.is_some()) {
                Some(code) if codes.contains(&code) => {}
                Some(code) => codes.push(code),
                None => wrong.say(|| unknown(table, &met, name, option)),
            }
        }
        codes
    };
    let leads = choice.leads.as_deref().map(|names| find(names, "--leads"));
    let lags = choice.lags.as_deref().map(|names| find(names, "--lags"));
    wrong.none()?;
    let (leads, lags) = (
        by_role(table, &met, leads.as_deref(), lags.as_deref(), Role::Lead)?,
        by_role(table, &met, lags.as_deref(), leads.as_deref(), Role::Lag)?,
    );
    if let Some(both) = leads.iter().find(|code| lags.contains(code)) {
        let message = format!("'{}' cannot be a lead and a lag at once", &words[*both]);
        return Err(Diagnostic::error(Code::UnknownMeasure, message)
            .at(Location::file("--lags"))
            .hint("name it in one of --leads and --lags")
            .into());
    }
    let (mut leads, mut lags, mut others) = (leads, lags, None);
    if choice.leads.is_none() && leads.len() > MANY {
        let shown = |page: &[String], of: &[usize]| -> Vec<usize> {
            page.iter().filter_map(|name| of.iter().copied().find(|code| words[*code] == **name)).collect()
        };
        let page = shown(&choice.page.0, &leads);
        if !page.is_empty() && page.len() == choice.page.0.len() {
            let before = leads.len() + lags.len();
            leads = page;
            let results = shown(&choice.page.1, &lags);
            if choice.lags.is_none() && !results.is_empty() {
                lags = results;
            }
            let n = before - leads.len() - lags.len();
            others =
                Some(format!("{n} measures that the page of a report does not show are not tested: name them with --leads and --lags"));
        }
    }
    units(table, &met, leads.iter().chain(&lags))?;
    if choice.leads.is_none() && leads.len() > MANY {
        let message = format!("{} leads are tested together: each makes it harder to prove another", leads.len());
        let hint = format!("name the few that matter, such as --leads {}", &words[leads[0]]);
        said.push(Diagnostic::warning(Code::ManyLeads, message).at(table.whole()).hint(hint));
    }
    let mut slots = vec![None; words.len()];
    let codes = || leads.iter().chain(&lags);
    codes().enumerate().for_each(|(slot, code)| slots[*code] = Some(slot));
    let unit = |code: &usize| met[*code].unit.and_then(|row| table.column(UNIT).get(row)).map(str::to_owned);
    let named = codes().map(|code| Named { name: words[*code].to_string(), unit: unit(code) }).collect();
    Ok(Chosen { named, leads: leads.len(), others, slots })
}

/// What the rows say of each measure.
fn meet(table: &Table, rows: &[usize]) -> Vec<Met> {
    let (measure, role, unit) = (table.column(MEASURE), table.column(ROLE), table.column(UNIT));
    let roles: Vec<Option<Role>> = role.words().iter().map(role_of).collect();
    let mut met = vec![Met::default(); measure.words().len()];
    for row in rows.iter().copied() {
        let Some(met) = measure.code(row).map(|code| &mut met[code as usize]) else { continue };
        met.first.get_or_insert(row);
        match role.code(row).and_then(|code| roles[code as usize]) {
            Some(Role::Lead) => met.lead.get_or_insert(row),
            Some(Role::Lag) => met.lag.get_or_insert(row),
            None => met.odd.get_or_insert(row),
        };
        if let Some(code) = unit.code(row) {
            let first = *met.unit.get_or_insert(row);
            if unit.code(first) != Some(code) {
                met.other.get_or_insert(row);
            }
        }
    }
    met
}

fn role_of(word: &str) -> Option<Role> {
    [Role::Lead, Role::Lag].into_iter().find(|role| word.eq_ignore_ascii_case(role.name()))
}

/// The measures that the user names, else those that have a role and are not named as the other one, in the order of the file.
fn by_role(table: &Table, met: &[Met], named: Option<&[usize]>, others: Option<&[usize]>, role: Role) -> Result<Vec<usize>, Failure> {
    if let Some(named) = named {
        return Ok(named.to_vec());
    }
    let words = table.column(MEASURE).words();
    let mut wrong = Wrong::default();
    let mut found: Vec<(usize, usize)> = Vec::new();
    for (code, met) in met.iter().enumerate().filter(|(code, _)| others.is_none_or(|others| !others.contains(code))) {
        let Some(first) = met.first else { continue };
        let option = "write lead or lag, or choose with --leads and --lags";
        if let Some(row) = met.odd {
            let role = table.column(ROLE).get(row);
            let what = role.map_or("the row has no role".to_owned(), |word| format!("'{}' is no role", shortened(word)));
            wrong.say(|| Diagnostic::error(Code::UnknownWord, what).at(table.cell(row, ROLE)).hint(option));
        } else if let (Some(lead), Some(lag)) = (met.lead, met.lag) {
            let (row, other) = (lead.max(lag), lead.min(lag));
            let message = format!(
                "'{}' is a {} here and a {} in line {}",
                &words[code],
                table.column(ROLE).get(row).unwrap_or_default(),
                table.column(ROLE).get(other).unwrap_or_default(),
                table.line(other)
            );
            wrong.say(|| Diagnostic::error(Code::UnknownWord, message).at(table.cell(row, ROLE)).hint(option));
        } else if [met.lead, met.lag][usize::from(role == Role::Lag)].is_some() {
            found.push((first, code));
        }
    }
    wrong.none()?;
    if found.is_empty() {
        let message = format!("no measure of the file has the role {}", role.name());
        let said = Diagnostic::error(Code::NoInput, message).at(table.whole());
        let hint = format!("name some with --{}s: the file has {}", role.name(), there(table, met));
        return Err(said.hint(hint).into());
    }
    found.sort_unstable();
    Ok(found.into_iter().map(|(_, code)| code).collect())
}

/// The names of the measures that people have, the first of them.
fn there(table: &Table, met: &[Met]) -> String {
    let words = table.column(MEASURE).words();
    let mut names: Vec<(usize, &str)> = met.iter().zip(words).filter_map(|(met, word)| Some((met.first?, word))).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<&str> = names.into_iter().take(SHOWN).map(|(_, name)| name).collect();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn unknown(table: &Table, met: &[Met], name: &str, option: &str) -> Diagnostic {
    let words = table.column(MEASURE).words();
    let said = Diagnostic::error(Code::UnknownMeasure, format!("the file has no measure '{}' of a person and week", shortened(name)));
    let said = said.at(Location::file(option));
    let close = met.iter().zip(words).filter(|(met, _)| met.first.is_some());
    let close = close.map(|(_, word)| (strsim::damerau_levenshtein(word, name), word)).min().filter(|(apart, _)| *apart <= 4);
    let said = if let Some((_, close)) = close { said.hint(format!("did you mean '{close}'?")) } else { said };
    match there(table, met) {
        none if none.is_empty() => said.hint(WRITE),
        names => said.hint(format!("it has {names}")),
    }
}

/// Whether each measure is in one unit.
fn units<'a>(table: &Table, met: &[Met], codes: impl Iterator<Item = &'a usize>) -> Result<(), Failure> {
    let mut wrong = Wrong::default();
    for code in codes {
        if let (Some(row), Some(other)) = (met[*code].unit, met[*code].other) {
            let word = |row: usize| table.column(UNIT).get(row).unwrap_or_default();
            let message = format!(
                "'{}' is in {} here and in {} in line {}: the test needs one unit",
                &table.column(MEASURE).words()[*code],
                shortened(word(other)),
                shortened(word(row)),
                table.line(row)
            );
            let hint = "keep the rows of one unit; amounts of several currencies become one with [money] rates in leadlag.toml";
            wrong.say(|| Diagnostic::error(Code::NoRate, message).at(table.cell(other, UNIT)).hint(hint));
        }
    }
    wrong.none()
}
