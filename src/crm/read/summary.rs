//! Rows that only add up others: subtotals and totals of grouped reports, in the languages whose headings the presets know.

use csv::StringRecord;

use super::Sheet;
use crate::crm::value;
use rust_decimal::Decimal;

/// How much a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    /// Nothing else is called so: `Subtotal`, `Sum of Amount`.
    Sure,
    /// A company or deal may be called so: `Total`, `Count`, `Ana Silva Total`.
    Likely,
}

/// A row that may only add up others.
#[derive(Debug, Clone)]
pub(super) struct Summary {
    /// Its line.
    pub(super) line: u32,
    /// How many records stand before it.
    pub(super) row: usize,
    /// The column of its label.
    pub(super) column: usize,
    /// Whether its label leaves no doubt.
    pub(super) sure: bool,
    /// Whether it has a label at all; without one only its numbers show what it is.
    pub(super) labeled: bool,
    /// Its numbers, with their columns.
    numbers: Vec<(usize, Box<str>)>,
}

impl Summary {
    /// The row, if it holds a label among its first two filled cells and beside it nothing but numbers and currency codes. One word before
    /// a label that leaves no doubt is the group's name.
    pub(super) fn of(record: &StringRecord, line: u32, row: usize) -> Option<Self> {
        let mut filled = record.iter().map(str::trim).enumerate().filter(|(_, c)| !c.is_empty());
        let (at, first) = filled.next()?;
        let (column, found) = match label(first) {
            Some(found) => (at, found),
            None => filled.next().and_then(|(at, cell)| Some((at, label(cell)?))).filter(|(_, found)| *found == Label::Sure)?,
        };
        let (mut sure, mut numbers) = (found == Label::Sure, Vec::new());
        for (at, cell) in filled {
            if label(cell).is_some() {
                // `Total` and beside it `Sum`.
                sure = true;
            } else if is_sum(cell) {
                numbers.push((at, cell.into()));
            } else {
                return None;
            }
        }
        (sure || !numbers.is_empty()).then_some(Self { line, row, column, sure, labeled: true, numbers })
    }

    /// The row, if it has no label, nothing in its first column, and nothing but numbers in few others, as below the groups of a board.
    pub(super) fn unlabeled(record: &StringRecord, line: u32, row: usize) -> Option<Self> {
        if row == 0 || !record.get(0)?.trim().is_empty() {
            return None;
        }
        let filled = || record.iter().map(str::trim).enumerate().filter(|(_, c)| !c.is_empty());
        let few = (1..=record.len() / 3).contains(&filled().count());
        if !few || !filled().all(|(_, cell)| is_sum(cell) && cell.contains(|c: char| c.is_ascii_digit())) {
            return None;
        }
        let numbers: Vec<(usize, Box<str>)> = filled().map(|(at, cell)| (at, cell.into())).collect();
        let column = numbers.first()?.0;
        Some(Self { line, row, column, sure: false, labeled: false, numbers })
    }
}

/// What rows of totals are called.
const TOTALS: &[&str] = &["total", "totals", "gesamt", "summe", "somme", "suma", "soma", "totale", "totaal"];

/// What rows of sums and counts may be called. `Max`, `Min` and `Media` are people and companies, too.
const OTHERS: &[&str] = &[
    "sum",
    "count",
    "average",
    "avg",
    "anzahl",
    "mittelwert",
    "durchschnitt",
    "moyenne",
    "recuento",
    "promedio",
    "contagem",
    "média",
    "somma",
    "conteggio",
    "aantal",
    "gemiddelde",
];

/// Whether a text is what the row of totals at the end of a table is called, and not what a measure or person may be.
pub(super) fn is_total(text: &str) -> bool {
    let plain = || text.trim_end_matches([':', ' ']).to_lowercase();
    match label(text) {
        Some(Label::Sure) => true,
        Some(Label::Likely) => TOTALS.contains(&plain().as_str()),
        None => false,
    }
}

/// Whether a cell is a number, a share or a currency code, and no date.
pub(super) fn is_sum(cell: &str) -> bool {
    let code = cell.len() == 3 && cell.bytes().all(|b| b.is_ascii_uppercase());
    let digits = cell.trim_start_matches(['-', '(']);
    code || digits.contains(|c: char| c.is_ascii_digit())
        && !digits.contains(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '/' | ':'))
}

/// Whether a cell is what a row of sums or counts may be called.
pub(super) fn is_label(text: &str) -> bool {
    label(text).is_some()
}

/// How labels of sums begin and end, as [`three`] numbers.
const BEGIN: [u32; 23] = numbers([
    b"tot", b"ges", b"sum", b"som", b"cou", b"ave", b"avg", b"anz", b"mit", b"dur", b"moy", b"rec", b"pro", b"con", b"aan", b"gem", b"sub",
    b"zwi", b"tei", b"sou", b"gra", b"end", b"ein",
]);
const END: [u32; 6] = numbers([b"tal", b"unt", b"nis", b"mme", b"sum", b"age"]);

/// Three bytes as one number, letters without their case.
#[inline]
const fn three([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a.to_ascii_lowercase(), b.to_ascii_lowercase(), c.to_ascii_lowercase(), 0])
}

const fn numbers<const N: usize>(of: [&[u8; 3]; N]) -> [u32; N] {
    let (mut numbers, mut at) = ([0; N], 0);
    while at < N {
        numbers[at] = three(*of[at]);
        at += 1;
    }
    numbers
}

/// Whether a cell may be such a label, by its first and last bytes: what is asked of every record, and mostly says no.
#[inline]
pub(super) fn may_label(text: &[u8]) -> bool {
    // No branch for each of them, which would mostly be guessed wrong.
    let among = |all: &[u32], one: u32| all.iter().fold(0, |among, other| among | u8::from(*other == one));
    match (text.first_chunk(), text.last_chunk()) {
        (Some(first), Some(last)) => {
            let letters = first[1].is_ascii() && first[2].is_ascii();
            !letters || among(&BEGIN, three(*first)) + among(&END, three(*last)) > 0
        }
        _ => true,
    }
}

fn label(text: &str) -> Option<Label> {
    // Asked of every record: what begins and ends otherwise is not looked at.
    let bytes = text.as_bytes();
    let begins = bytes.first().is_some_and(|b| b"tsgcazemnr".contains(&b.to_ascii_lowercase()));
    let ends = |end: &str| bytes.len() > end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes());
    let suffixed = [" total", " subtotal", " count", " ergebnis", " summe", " sum", " average"].iter().any(|end| ends(end));
    if bytes.len() > 64 || !(begins || suffixed) {
        return None;
    }
    let text = text.trim_end_matches([':', ' ']).to_lowercase();
    match text.as_str() {
        "subtotal" | "subtotals" | "sub total" | "sub-total" | "zwischensumme" | "teilergebnis" | "sous-total" | "sous total"
        | "subtotale" | "subtotaal" | "grand total" | "grand totals" | "gesamtergebnis" | "gesamtsumme" | "endsumme" | "total general"
        | "total geral" | "total général" | "totale generale" | "eindtotaal" | "record count" => return Some(Label::Sure),
        word if TOTALS.contains(&word) || OTHERS.contains(&word) => return Some(Label::Likely),
        _ => {}
    }
    let starts = |with: &[&str]| with.iter().any(|start| text.starts_with(start));
    if starts(&["subtotal ", "subtotal(", "sum of ", "zwischensumme ", "sous-total ", "grand total ", "grand totals "]) {
        return Some(Label::Sure);
    }
    (suffixed || starts(&["total ", "total(", "count of ", "average of ", "summe ", "anzahl "])).then_some(Label::Likely)
}

/// Which of these rows really add up the rows above them: one of their numbers is the sum of its column since the last such row, or since
/// the first record.
pub(super) fn adding_up(sheet: &Sheet, found: &[Summary]) -> Vec<bool> {
    let mut columns: Vec<usize> = found.iter().flat_map(|s| s.numbers.iter().map(|(at, _)| *at)).collect();
    columns.sort_unstable();
    columns.dedup();
    let records = sheet.read_as_they_stand(&columns);
    let mut adds = vec![false; found.len()];
    for (column, words) in columns.iter().zip(&records.columns) {
        let money = value::money(words.words(), None).values;
        let amount = |row: usize| words.code(row).and_then(|code| money.get(code as usize)?.as_ref().ok().map(|a| a.value));
        let (mut all, mut since, mut from) = (Decimal::ZERO, Decimal::ZERO, 0);
        for (summary, adds) in found.iter().zip(&mut adds) {
            let place = records.line.position(summary.line).unwrap_or(summary.row);
            for row in from..place.min(words.len()) {
                let amount = amount(row).unwrap_or_default();
                all = all.checked_add(amount).unwrap_or(all);
                since = since.checked_add(amount).unwrap_or(since);
            }
            let own = summary.numbers.iter().any(|(at, _)| at == column).then(|| amount(place)).flatten();
            *adds |= own.is_some_and(|own| !own.is_zero() && (own == since || own == all));
            // The row stands among the records here, and is none of those that the next one adds up.
            (since, from) = (Decimal::ZERO, place + 1);
        }
    }
    adds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_without_a_label_is_a_sum_only_where_it_holds_nothing_but_few_numbers() {
        let of = |cells: &[&str], row: usize| Summary::unlabeled(&StringRecord::from(cells.to_vec()), 9, row).map(|s| (s.column, s.sure));
        assert_eq!(of(&["", "", "13000", "", "", ""], 2), Some((2, false)));
        for cells in [
            // A name, a word, a date, too many numbers, nothing at all, a code alone.
            ["Mill", "", "13000", "", "", ""],
            ["", "Ana", "13000", "", "", ""],
            ["", "", "13000", "", "2026-10-19", ""],
            ["", "1", "13000", "5", "", ""],
            ["", "", "", "", "", ""],
            ["", "", "USD", "", "", ""],
        ] {
            assert_eq!(of(&cells, 2), None, "{cells:?}");
        }
        assert_eq!(of(&["", "", "13000", "", "", ""], 0), None, "there is nothing above it");
    }
}
