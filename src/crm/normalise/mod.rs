//! Text → canonical columns; every cell given up becomes a diagnostic with its place.

mod activities;
mod builder;
mod commitments;
mod currency;
mod deals;
mod lengths;
mod moments;
mod people;
mod small;
mod split;
mod stacked;
mod stamped;

pub(super) use activities::activities;
pub(super) use commitments::commitments;
pub(super) use currency::{code_of, is_converted};
pub(super) use deals::deals;
pub(super) use moments::settled_elsewhere;
pub(super) use people::{absences, enter as enter_people, roster};
pub(super) use small::{accounts, leads, stage_words, stages, targets};
pub(super) use split::splitters;

use moments::{Moment, Moments, moments};
use rayon::prelude::*;
use rust_decimal::Decimal;
use rustc_hash::FxHashMap;

use super::Settings;
use super::coded::{Found, Groups, ROWS, Slots, fill, first, of_words};
use super::evidence::Evidence;
use super::identity::Registry;
use super::part::{Field, Part};
use super::priced;
use super::value::{self, Mark};
use crate::diagnostic::{Code, Diagnostic, Location, Severity};
use crate::table::{Column, Dictionary, Kind, Short, Words};

/// Who and what there is, over all files.
pub(super) struct Known {
    pub(super) people: Registry,
    pub(super) accounts: Registry,
    pub(super) deals: Registry,
    /// The labels of people.
    pub(super) person: Vec<String>,
    /// The labels of accounts.
    pub(super) account: Dictionary,
    /// The labels of deals: their ids, else their names.
    pub(super) deal: Dictionary,
    /// The accounts that rows of a part name, by the part's file and table; only of parts that name them by nothing but a name, where no ids
    /// are known that could tell names apart.
    pub(super) named: FxHashMap<(u16, Kind), Named>,
    /// Per person, whether it is a machine.
    pub(super) robot: Vec<bool>,
}

/// The accounts that rows name, in the order of their first rows, and which row names which.
pub(super) struct Named {
    pub(super) entered: Vec<Option<u32>>,
    pub(super) rows: Found,
}

impl Named {
    /// The rows of a part by the accounts that they name, and these.
    fn of(self, part: &Part) -> (Groups<'_>, Vec<Option<u32>>) {
        (Groups::again(part, &["account"], self.rows), self.entered)
    }
}

/// What is given up while cells are understood.
#[derive(Default)]
pub(super) struct Problems {
    pub(super) list: Vec<Diagnostic>,
    /// Whether something has to be answered before any number can be trusted.
    pub(super) fatal: bool,
    /// What was understood on the way, where somebody asks.
    pub(super) evidence: Option<Evidence>,
    /// Questions about the order of dates that another file of the same table may settle: their places in the list, the file and the field.
    pub(super) asked: Vec<(usize, u16, &'static str)>,
}

impl Problems {
    pub(super) fn say(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }
}

/// A column understood word by word.
pub(super) struct ByWord<'a, T> {
    words: Option<&'a Words>,
    values: Vec<Option<T>>,
    /// Which words could not be understood; empty where all were.
    bad: Vec<bool>,
    /// Whether the values are those of the rows and not of the words.
    by_row: bool,
}

impl<T> ByWord<'_, T> {
    /// A column that is not there.
    fn absent() -> Self {
        Self { words: None, values: Vec::new(), bad: Vec::new(), by_row: false }
    }
}

impl ByWord<'_, Moment> {
    /// The days of all rows; none where they are too far from one another.
    fn days(&self) -> Option<Short> {
        let days = || self.values.iter().flatten().map(|moment| moment.day.0);
        let (first, last) = (days().min().unwrap_or(0), days().max().unwrap_or(0));
        if last.abs_diff(first) > Short::DAYS {
            return None;
        }
        let near = |moment: &Option<Moment>| moment.map_or(Short::BLANK, |moment| (moment.day.0 - first) as u16);
        let of_word: Vec<u16> = self.values.iter().map(near).chain([Short::BLANK]).collect();
        Some(Short::Days { first, after: of_words(self.words?, &of_word) })
    }
}

impl<T: Copy> ByWord<'_, T> {
    /// The value of a row.
    #[inline]
    pub(super) fn get(&self, row: usize) -> Option<T> {
        let code = if self.by_row { row } else { self.words?.code(row)? as usize };
        self.values.get(code).copied().flatten()
    }

    /// Whether the row has a cell that could not be understood.
    pub(super) fn bad(&self, row: usize) -> bool {
        let code = || self.words.and_then(|w| w.code(row));
        self.any_bad() && code().is_some_and(|code| self.bad.get(code as usize).copied().unwrap_or(false))
    }

    /// The column by the values of its words, where there is one; a cell that could not be understood is like a blank one.
    fn slots(&self) -> Option<Slots<'_>>
    where
        T: Eq + std::hash::Hash,
    {
        Some(Slots::classes(self.words?, self.values.iter().copied().chain([None])))
    }

    /// Whether no word has this value.
    pub(super) fn never(&self, value: T) -> bool
    where
        T: PartialEq,
    {
        !self.values.contains(&Some(value))
    }

    /// Whether any word could not be understood.
    pub(super) fn any_bad(&self) -> bool {
        !self.bad.is_empty()
    }

    /// Whether there is a column at all.
    pub(super) fn present(&self) -> bool {
        self.words.is_some()
    }
}

/// Understands a field word by word; what `understand` gives up is said for every row that has the word.
pub(super) fn by_word<'a, T>(
    part: &'a Part,
    field: &str,
    code: Code,
    problems: &mut Problems,
    mut understand: impl FnMut(usize, &str) -> Result<T, (String, String)>,
) -> ByWord<'a, T> {
    by_word_or_nothing(part, field, code, problems, |index, word| understand(index, word).map(Some))
}

/// The same where a word may also stand for nothing, as a blank cell does.
fn by_word_or_nothing<'a, T>(
    part: &'a Part,
    field: &str,
    code: Code,
    problems: &mut Problems,
    mut understand: impl FnMut(usize, &str) -> Result<Option<T>, (String, String)>,
) -> ByWord<'a, T> {
    let Some(column) = part.field(field) else { return ByWord::absent() };
    let mut wrong: FxHashMap<u32, (String, String)> = FxHashMap::default();
    let mut values: Vec<Option<T>> = Vec::with_capacity(column.words.words().len());
    for (index, word) in column.words.words().iter().enumerate() {
        values.push(understand(index, word).unwrap_or_else(|says| {
            wrong.insert(index as u32, says);
            None
        }));
    }
    let mut bad = Vec::new();
    if !wrong.is_empty() {
        bad = (0..values.len() as u32).map(|code| wrong.contains_key(&code)).collect();
        for row in 0..part.len() {
            let Some((code_of_word, (says, hint))) = column.words.code(row).and_then(|word| Some((word, wrong.get(&word)?))) else {
                continue;
            };
            let text = &column.words.words()[code_of_word as usize];
            problems.say(
                Diagnostic::error(code, format!("'{}' {says}", brief(text)))
                    .at(Location::cell(&part.path, part.line.get(row), &column.heading))
                    .hint(hint.clone()),
            );
        }
    }
    ByWord { words: Some(&column.words), values, bad, by_row: false }
}

/// The first of several fields that each row fills.
fn words(part: &Part, fields: &[&str]) -> Column {
    Column::Words(first(part, fields))
}

/// A column of days.
fn days_of(column: &Moments<'_>, rows: usize) -> Column {
    let short = match column {
        _ if !column.present() => return Column::Days(Vec::new()),
        Moments::Stamps(stamps) => stamps.days(),
        Moments::Words(words) => words.days(),
    };
    short.map_or_else(|| Column::Days(fill(rows, |row| column.get(row).map_or(Column::NO_DAY, |m| m.day.0))), Column::Short)
}

/// The labels of those that were found.
pub(super) fn labels<'k>(found: &[Option<u32>], all: &'k Dictionary) -> Vec<Option<&'k str>> {
    found.par_iter().with_min_len(ROWS).map(|entry| all.get((*entry)? as usize)).collect()
}

/// A text short enough to be quoted in a message.
pub(super) fn brief(text: &str) -> String {
    let mut chars = text.chars();
    let start: String = chars.by_ref().take(60).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

/// A field as flags; a blank cell is none.
pub(super) fn flags<'a>(part: &'a Part, field: &str, problems: &mut Problems) -> ByWord<'a, bool> {
    by_word(part, field, Code::BadFlag, problems, |_, word| {
        value::flag(word).ok_or_else(|| ("is neither true nor false".to_owned(), "write true or false, or leave it blank".to_owned()))
    })
}

/// A field as amounts, with the currency that the cells themselves name.
pub(super) struct Amounts<'a> {
    pub(super) value: ByWord<'a, Decimal>,
    pub(super) currency: Vec<Option<String>>,
    words: Option<&'a Words>,
}

impl Amounts<'_> {
    /// The column by the currencies of its cells, where these name any.
    fn slots(&self) -> Option<Slots<'_>> {
        let named = self.currency.iter().any(Option::is_some);
        let words = self.words.filter(|_| named)?;
        Some(Slots::classes(words, self.currency.iter().map(Option::as_deref).chain([None])))
    }

    /// The currency in a row's cell: its code, else its sign as written.
    pub(super) fn currency(&self, row: usize) -> Option<&str> {
        let code = self.words?.code(row)?;
        self.currency.get(code as usize)?.as_deref()
    }
}

/// The decimals that an amount keeps. Binary fractions come with a dozen (`33333.333333333336`); a column in which one amount had them all
/// would have no room for the large ones.
const DECIMALS: u32 = 6;

/// The largest amount: with [`DECIMALS`] decimals it fits a column, and so does the difference of two.
const LARGEST: Decimal = Decimal::from_parts(FOUR_TRILLION as u32, (FOUR_TRILLION >> 32) as u32, 0, false, 0);
const FOUR_TRILLION: u64 = 4_000_000_000_000;

/// A field as money.
pub(super) fn amounts<'a>(part: &'a Part, field: &str, settings: &Settings, problems: &mut Problems) -> Amounts<'a> {
    let Some(column) = part.field(field) else {
        return Amounts { value: ByWord::absent(), currency: Vec::new(), words: None };
    };
    let factor = Decimal::from(priced::factor(&column.heading));
    let plain = factor == Decimal::ONE;
    let texts = column.words.rows().filter(|_| plain && settings.decimal_mark != Some(Mark::Comma));
    if let Some(values) = texts.and_then(plain_amounts) {
        let value = ByWord { words: Some(&column.words), values, bad: Vec::new(), by_row: true };
        return Amounts { value, currency: Vec::new(), words: None };
    }
    let money = value::money(column.words.words(), settings.decimal_mark);
    let mut currency = vec![None; money.values.len()];
    if let Some(guess) = money.guess {
        problems.say(assumed_mark(part, column, guess));
    }
    if let Some(word) = money.shortened {
        let says = "is written with an exponent: digits that a spreadsheet has dropped are lost";
        problems.say(assumed(part, column, word, Severity::Warning, says).hint("export it again, and do not save it from a spreadsheet"));
    }
    if let Some(word) =
        money.values.iter().position(|v| v.as_ref().is_ok_and(|a| a.value.scale() > DECIMALS && a.value.normalize().scale() > DECIMALS))
    {
        problems.say(assumed(
            part,
            column,
            word,
            Severity::Note,
            &format!("has more than {DECIMALS} decimals: such amounts are rounded to {DECIMALS}"),
        ));
    }
    if factor > Decimal::ONE {
        let message = format!(
            "'{}' counts {}: its amounts were multiplied",
            brief(&column.heading),
            if factor == Decimal::from(1_000) { "thousands" } else { "millions" }
        );
        let line = part.line.first().unwrap_or(0);
        problems.say(Diagnostic::note(Code::Assumed, message).at(Location::cell(&part.path, line, &column.heading)));
    }
    let too_long = || (value::BadAmount::TooLong.says().to_owned(), "write it as 12500.00, or leave it blank".to_owned());
    let value = by_word(part, field, Code::BadAmount, problems, |index, word| match &money.values[index] {
        Ok(amount) if amount.value.mantissa().unsigned_abs() > u128::from(FOUR_TRILLION) && amount.value.abs() > LARGEST => Err(too_long()),
        Ok(amount) => {
            currency[index] = amount.currency.as_deref().map(|text| code_of(text).unwrap_or_else(|| text.to_owned()));
            if plain || priced::says_multiple(word) {
                let value = once(amount.value);
                return Ok(if value.scale() > DECIMALS { value.round_dp(DECIMALS) } else { value });
            }
            amount.value.checked_mul(factor).map(|value| value.round_dp(DECIMALS)).ok_or_else(too_long)
        }
        Err(bad) => Err((bad.says().to_owned(), "write it as 12500.00, or leave it blank".to_owned())),
    });
    Amounts { value, currency, words: Some(&column.words) }
}

/// The amounts of rows of which none leaves a question; none where any does.
fn plain_amounts(texts: &Dictionary) -> Option<Vec<Option<Decimal>>> {
    // Fewer are not worth a thread of their own.
    const PART: usize = 1 << 12;
    let amount = |row: usize| match &texts[row] {
        "" => Some(None),
        text => Some(Some(once(value::plain_amount(text)?))),
    };
    (0..texts.len()).into_par_iter().with_min_len(PART).map(amount).collect()
}

/// An amount times one: nothing has no decimals.
fn once(amount: Decimal) -> Decimal {
    if amount.is_zero() { Decimal::ZERO } else { amount }
}

/// How amounts were read whose mark nothing in the column settles. A point read wrongly makes them a thousand times too small or too large.
fn assumed_mark(part: &Part, column: &Field, guess: value::Guess) -> Diagnostic {
    let severity = if guess.grouped && !guess.point { Severity::Note } else { Severity::Warning };
    let read = if guess.grouped { "grouping thousands" } else { "standing before decimals" };
    let says = format!("has a mark that nothing in the column settles: it was read as {read}");
    assumed(part, column, guess.word, severity, &says)
        .hint("export amounts with their decimals, such as 1234.00, or say decimal_mark = \".\" or \",\" under [inputs] in leadlag.toml")
}

/// What was assumed of a column, at the first cell that shows it.
fn assumed(part: &Part, column: &Field, word: usize, severity: Severity, says: &str) -> Diagnostic {
    let text = column.words.words().get(word).map_or("", |w| w);
    let row = (0..part.len()).find(|r| column.words.code(*r) == Some(word as u32)).unwrap_or(0);
    Diagnostic::new(Code::Assumed, severity, format!("'{}' {says}", brief(text))).at(Location::cell(
        &part.path,
        part.line.get(row),
        &column.heading,
    ))
}
