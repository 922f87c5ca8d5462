//! A tidy file of values from anywhere → people × weeks of leads and lags: the columns of `report --format csv`, in any order.

mod measures;
mod numbers;
mod table;
#[cfg(test)]
mod tests;
mod weeks;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use self::measures::Chosen;
use self::table::{COMPLETE, LEVEL, MEASURE, NAME, PERIOD, Table, VALUE, WRITE};
use self::weeks::{Weeks, shortened};
use super::panel::{Grid, Series};
use crate::crm::read::Settings;
use crate::crm::value::{self, Mark, Order};
use crate::diagnostic::{Code, Diagnostic, Failure};
use crate::measure::{Level, NO_OWNER};
use crate::stats::matrix::Matrix;

/// People × weeks × measures beyond this are not held: about 400 MB.
const MOST: usize = 32 << 20;

/// So many things that are wrong are said.
const SAID: usize = 10;

/// What the user says of the file, and which of its measures are tested.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The leads by name; else those whose role is `lead`.
    pub leads: Option<Vec<String>>,
    /// The lags by name; else those whose role is `lag`.
    pub lags: Option<Vec<String>>,
    /// What the page of a report shows, leads and lags: of a whole report's values, which are more than can be tested together, these are.
    pub page: (Vec<String>, Vec<String>),
    /// What separates the cells, and the encoding.
    pub settings: Settings,
    /// Which mark stands before decimals.
    pub mark: Option<Mark>,
    /// In which order day and month stand.
    pub order: Option<Order>,
}

/// What a file of values holds.
#[derive(Debug, Clone)]
pub struct Values {
    /// People × weeks of leads and lags.
    pub grid: Grid,
    /// What was assumed.
    pub said: Vec<Diagnostic>,
    /// The file as the user named it, and the path to the table in it.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its XXH3 hash, 16 hexadecimal digits.
    pub xxh3: String,
    /// How many rows it has: those used and those left out.
    pub read: u64,
    /// How many of them are in the grid.
    pub used: u64,
    /// How many are not, by reason.
    pub left_out: BTreeMap<&'static str, u64>,
}

/// Reads the leads and lags of people by week. Only rows of level `owner` count; the weeks run from the
/// first to the last that such a row of a chosen measure names. A value that is blank, or of which there is no row, is NaN.
///
/// # Errors
/// A file that is no such table, and every cell that is not what its column holds: a value that is passed over would make another one wrong.
pub fn values(name: &str, inside: Option<&str>, bytes: Vec<u8>, choice: &Choice) -> Result<Values, Failure> {
    let (table, mut said) = Table::open(name, inside, bytes, &choice.settings)?;
    let mut out = Out::default();
    let rows = rows(&table, &mut out)?;
    let chosen = measures::chosen(&table, &rows, choice, &mut said)?;
    let tested: Vec<usize> = rows.iter().copied().filter(|row| chosen.slot(&table, *row).is_some()).collect();
    out.measures = (rows.len() - tested.len()) as u64;
    let weeks = weeks::weeks(&table, &tested, choice.order)?;
    let people = People::of(&table, &rows);
    if let Some(said) = super::panel::crowd(people.names.len()) {
        return Err(said.at(table.whole()).into());
    }
    let Filled { matrices, gaps, twice } = fill(&table, &tested, &chosen, &weeks, &people, choice)?;
    out.twice = twice;
    let mut cuts = out.cuts();
    cuts.extend(chosen.others.clone());
    cuts.extend(gaps);
    let mut series: Vec<Series> = chosen.named.iter().zip(matrices).map(|(named, values)| named.series(values, &mut cuts)).collect();
    let lags = series.split_off(chosen.leads);
    let grid = Grid { people: people.names, weeks: weeks.names, range: weeks.range, leads: series, lags, cuts };
    let (read, used) = (table.len() as u64, tested.len() as u64 - twice);
    Ok(Values { grid, said, path: table.file, bytes: table.bytes, xxh3: table.xxh3, read, used, left_out: out.reasons() })
}

/// How many rows are left out.
#[derive(Default)]
struct Out {
    /// Of all and of teams.
    sums: u64,
    /// Of nobody.
    nobodys: u64,
    /// Of weeks that are not complete.
    partial: u64,
    /// Of ranges of days.
    ranges: u64,
    /// Of measures that are not tested.
    measures: u64,
    /// That stand in the file again.
    twice: u64,
}

impl Out {
    fn reasons(&self) -> BTreeMap<&'static str, u64> {
        let all = [
            ("sum", self.sums),
            ("no_owner", self.nobodys),
            ("not_complete", self.partial),
            ("no_week", self.ranges),
            ("other_measure", self.measures),
            ("duplicate", self.twice),
        ];
        all.into_iter().filter(|(_, n)| *n > 0).collect()
    }

    /// The same in sentences; what nobody asked for needs none.
    fn cuts(&self) -> Vec<String> {
        let all = [
            (self.sums, "of level all or team is left out: it adds up others", "of level all or team are left out: they add up others"),
            (self.nobodys, "of nobody, (no owner), is left out", "of nobody, (no owner), are left out"),
            (self.partial, "of a week that is not complete is left out", "of weeks that are not complete are left out"),
            (self.ranges, "of a range of days is left out: it is no week", "of ranges of days are left out: they are no weeks"),
            (
                self.twice,
                "stands in the file twice with the same value and counts once",
                "stand in the file twice with the same value and count once",
            ),
        ];
        let said = all.into_iter().filter(|(n, ..)| *n > 0);
        said.map(|(n, one, several)| if n == 1 { format!("1 row {one}") } else { format!("{n} rows {several}") }).collect()
    }
}

/// The rows that say something of a person and a week.
fn rows(table: &Table, out: &mut Out) -> Result<Vec<usize>, Failure> {
    let [level, name, period, measure, complete] = [LEVEL, NAME, PERIOD, MEASURE, COMPLETE].map(|column| table.column(column));
    let levels: Vec<Option<Level>> = level.words().iter().map(|word| Level::named(&word.to_lowercase())).collect();
    let flags: Vec<Option<bool>> = complete.words().iter().map(value::flag).collect();
    let ranges: Vec<bool> = period.words().iter().map(weeks::is_range).collect();
    let nobody = name.code_of(NO_OWNER);
    let mut wrong = Wrong::default();
    let (mut rows, mut beside) = (Vec::new(), Vec::new());
    for row in 0..table.len() {
        match level.code(row).map(|code| levels[code as usize]) {
            Some(Some(Level::Owner)) => {}
            Some(Some(_)) => {
                out.sums += 1;
                continue;
            }
            found => {
                let word = found
                    .and(level.get(row))
                    .map_or("the row has no level".to_owned(), |word| format!("'{}' is no level", shortened(word)));
                let hint = "write owner for a person; all and team are read over";
                wrong.say(|| Diagnostic::error(Code::UnknownWord, word).at(table.cell(row, LEVEL)).hint(hint));
                continue;
            }
        }
        for (column, words, code) in
            [(NAME, name, Code::UnknownName), (PERIOD, period, Code::BadPeriod), (MEASURE, measure, Code::UnknownMeasure)]
        {
            if words.code(row).is_none() {
                let message = format!("the row has no {}", table::NEEDED[column]);
                wrong.say(|| Diagnostic::error(code, message).at(table.cell(row, column)).hint("fill it, or delete the row"));
            }
        }
        let whole = complete.code(row).is_none_or(|code| flags[code as usize].unwrap_or(true));
        if complete.code(row).is_some_and(|code| flags[code as usize].is_none()) {
            let message = format!("'{}' is neither true nor false", shortened(complete.get(row).unwrap_or_default()));
            let hint = "write true for a week that is over and in the data to its end, else false";
            wrong.say(|| Diagnostic::error(Code::BadFlag, message).at(table.cell(row, COMPLETE)).hint(hint));
        }
        if nobody.is_some() && name.code(row) == nobody {
            out.nobodys += 1;
        } else if !whole {
            out.partial += 1;
        } else if period.code(row).is_some_and(|code| ranges[code as usize]) {
            beside.push(row);
        } else {
            rows.push(row);
        }
    }
    wrong.none()?;
    if rows.is_empty() && !beside.is_empty() {
        // There are ranges alone: the first of them is where to say so.
        return Ok(beside);
    }
    if rows.is_empty() {
        let message = if out.partial > 0 {
            "no row of a person is of a complete week"
        } else {
            "no row is of the level owner, and the test needs people"
        };
        return Err(Diagnostic::error(Code::NoInput, message).at(table.whole()).hint(WRITE).into());
    }
    out.ranges = beside.len() as u64;
    Ok(rows)
}

/// Who has rows.
struct People {
    names: Vec<String>,
    /// The index of each of the column's words.
    of: Vec<Option<usize>>,
}

impl People {
    fn of(table: &Table, rows: &[usize]) -> Self {
        let column = table.column(NAME);
        let mut there = vec![false; column.words().len()];
        for row in rows {
            if let Some(code) = column.code(*row) {
                there[code as usize] = true;
            }
        }
        // Two spellings of a name that differ by the apostrophe alone are one person.
        let plain: Vec<&str> = column.words().iter().map(armed).collect();
        let mut names: Vec<&str> = plain.iter().zip(&there).filter(|(_, there)| **there).map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        let of = plain.iter().map(|name| names.binary_search(name).ok()).collect();
        Self { of, names: names.into_iter().map(str::to_owned).collect() }
    }
}

/// A name without the apostrophe that keeps a spreadsheet from running it.
fn armed(name: &str) -> &str {
    const SIGNS: [char; 8] = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    name.strip_prefix('\'').filter(|rest| rest.trim_start().starts_with(SIGNS)).unwrap_or(name)
}

/// The values where they belong.
struct Filled {
    /// A matrix for each measure.
    matrices: Vec<Matrix>,
    /// Which weeks have no row.
    gaps: Option<String>,
    /// How many rows stand in the file again.
    twice: u64,
}

fn fill(table: &Table, rows: &[usize], chosen: &Chosen, weeks: &Weeks, people: &People, choice: &Choice) -> Result<Filled, Failure> {
    let (name, period, column) = (table.column(NAME), table.column(PERIOD), table.column(VALUE));
    let numbers = numbers::numbers(column.words(), choice.mark, table.delimiter);
    let width = weeks.names.len();
    let size = people.names.len().saturating_mul(width);
    if size.saturating_mul(chosen.named.len()) > MOST {
        let message =
            format!("{} people, {width} weeks and {} measures are more than can be tested", people.names.len(), chosen.named.len());
        return Err(Diagnostic::error(Code::TooLarge, message)
            .at(table.whole())
            .hint("name fewer measures with --leads and --lags")
            .into());
    }
    let mut matrices = vec![Matrix::filled(people.names.len(), width, f64::NAN); chosen.named.len()];
    // The row of each cell, counted from 1.
    let mut from = vec![0_u32; size * chosen.named.len()];
    let mut there = vec![false; width];
    let (mut wrong, mut bad, mut twice) = (Wrong::default(), FxHashMap::<u32, (usize, u64)>::default(), 0_u64);
    for row in rows {
        let found = (
            chosen.slot(table, *row),
            name.code(*row).and_then(|c| people.of[c as usize]),
            period.code(*row).and_then(|c| weeks.of[c as usize]),
        );
        let (Some(slot), Some(person), Some(week)) = found else { continue };
        there[week] = true;
        let number = match column.code(*row).map(|code| (code, numbers[code as usize])) {
            None => f64::NAN,
            Some((_, Ok(number))) => number,
            Some((code, Err(_))) => {
                bad.entry(code).or_insert((*row, 0)).1 += 1;
                continue;
            }
        };
        let cell = &mut matrices[slot].row_mut(person)[week];
        let before = &mut from[slot * size + person * width + week];
        match before.checked_sub(1) {
            None => {
                *cell = number;
                *before = u32::try_from(*row + 1).unwrap_or(u32::MAX);
            }
            Some(_) if cell.to_bits() == number.to_bits() => twice += 1,
            Some(other) => {
                let word = |row: usize| column.get(row).map_or("nothing".to_owned(), |word| format!("'{word}'"));
                let message = format!(
                    "{} of {} in {} is {}, and {} in line {}",
                    chosen.named[slot].name,
                    people.names[person],
                    weeks.names[week],
                    word(*row),
                    word(other as usize),
                    table.line(other as usize)
                );
                wrong.say(|| Diagnostic::error(Code::DuplicateId, message).at(table.cell(*row, VALUE)).hint("keep the row that is right"));
            }
        }
    }
    let mut bad: Vec<(usize, u64, u32)> = bad.into_iter().map(|(code, (row, times))| (row, times, code)).collect();
    bad.sort_unstable();
    for (row, times, code) in bad {
        let why = numbers[code as usize].err().unwrap_or_default();
        let times = if times > 1 { format!(" ({times} times in the column)") } else { String::new() };
        let message = format!("'{}' {why}{times}", shortened(column.get(row).unwrap_or_default()));
        let hint = "write a plain number such as 1234.5, and nothing where the value is not known";
        wrong.say(|| Diagnostic::error(Code::BadNumber, message).at(table.cell(row, VALUE)).hint(hint));
    }
    wrong.none()?;
    let gaps: Vec<&str> = weeks.names.iter().zip(&there).filter(|(_, there)| !**there).map(|(name, _)| name.as_str()).collect();
    let gaps = gaps.first().map(|first| {
        let which = if gaps.len() == 1 { (*first).to_owned() } else { format!("{first} and {} more", gaps.len() - 1) };
        format!("{} of {width} weeks have no row and are not known: {which}", gaps.len())
    });
    Ok(Filled { matrices, gaps, twice })
}

/// What is wrong, of which the first are said.
#[derive(Default)]
struct Wrong {
    said: Vec<Diagnostic>,
    more: u64,
}

impl Wrong {
    fn say(&mut self, problem: impl FnOnce() -> Diagnostic) {
        if self.said.len() < SAID { self.said.push(problem()) } else { self.more += 1 }
    }

    /// Nothing, if nothing is wrong.
    fn none(mut self) -> Result<(), Failure> {
        if let Some(last) = self.said.pop() {
            self.said.push(if self.more > 0 { last.hint(format!("{} more such cells are wrong too", self.more)) } else { last });
            return Err(Failure(self.said));
        }
        Ok(())
    }
}
