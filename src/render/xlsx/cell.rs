//! What a cell of a sheet holds, and how it is put there: never as a formula, a link or markup.

use std::collections::HashMap;

use jiff::civil;
use rust_xlsxwriter::{ExcelDateTime, Format, Worksheet, XlsxError};

use crate::render::number::{self, Plain};
use crate::render::text;
use crate::render::tidy::Field;
use crate::unit::Value;

/// The most UTF-16 units of a cell's text.
const LONGEST: usize = 32_767;
/// The significant digits that a spreadsheet keeps.
const DIGITS: usize = 15;
/// The number format of a cell that holds text, so that it stays text when somebody edits it.
const TEXT: &str = "@";

/// What a cell holds.
#[derive(Clone)]
pub(super) enum Datum {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number, and the number format that shows it.
    Number(f64, String),
    /// A date.
    Date(ExcelDateTime),
    /// True or false.
    Flag(bool),
}

impl Datum {
    /// A plain decimal with its own digits.
    pub(super) fn number(digits: &str, ascii: bool) -> Self {
        Self::shaped(digits, decimals(digits), ascii)
    }

    /// A plain decimal shown with that many decimals.
    pub(super) fn shaped(digits: &str, decimals: usize, ascii: bool) -> Self {
        let mark = match (significant(digits) > DIGITS, ascii) {
            (false, _) => "",
            (true, false) => "\"≈ \"",
            (true, true) => "\"~ \"",
        };
        Self::coded(digits, format!("{mark}{}", pattern(decimals)))
    }

    /// A plain decimal that is a share, shown in percent with that many decimals.
    pub(super) fn share(digits: &str, decimals: usize) -> Self {
        Self::coded(digits, format!("{}%", pattern(decimals).trim_start_matches("#,##")))
    }

    /// A word that is a plain decimal and nothing else, as the number with its decimals; none for any other word.
    pub(super) fn digits(word: &str, ascii: bool) -> Option<Self> {
        let plain = word.strip_prefix('-').unwrap_or(word);
        let whole = plain.split_once('.').map_or(plain, |(whole, _)| whole);
        let is_number = !plain.is_empty()
            && !plain.starts_with('.')
            && !plain.ends_with('.')
            && plain.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && plain.bytes().filter(|b| *b == b'.').count() <= 1
            && (whole.len() == 1 || !whole.starts_with('0'));
        is_number.then(|| Self::number(word, ascii))
    }

    fn coded(digits: &str, code: String) -> Self {
        match digits.parse::<f64>() {
            Ok(number) if number.is_finite() => Self::Number(number, code),
            _ => Self::Text(digits.to_owned()),
        }
    }

    /// A measured value as files have it; nothing where it is missing.
    pub(super) fn value(value: &Value, ascii: bool) -> Self {
        match (value, number::plain(value)) {
            (Value::Ratio(_), Plain::Number(digits)) => Self::share(&digits, 1),
            (_, plain) => Self::field(plain.into(), ascii),
        }
    }

    /// A field of a tidy row or a grid.
    pub(super) fn field(field: Field<'_>, ascii: bool) -> Self {
        match field {
            Field::Empty => Self::Empty,
            Field::Text(words) => Self::Text(words.into_owned()),
            Field::Word(word) => Self::day(word.into_owned()),
            Field::Number(digits) => Self::number(&digits, ascii),
            Field::Flag(flag) => Self::Flag(flag),
        }
    }

    /// A date where the word is one that every spreadsheet understands alike, else the word.
    pub(super) fn day(word: String) -> Self {
        let date = if word.len() == 10 { word.parse::<civil::Date>().ok() } else { None };
        // Excel has a 29th of February 1900, others have not: the days before it are numbered differently.
        let date = date.filter(|date| *date >= civil::date(1900, 3, 1)).and_then(|date| {
            ExcelDateTime::from_ymd(date.year().unsigned_abs(), date.month().unsigned_abs(), date.day().unsigned_abs()).ok()
        });
        date.map_or(Self::Text(word), Self::Date)
    }

    /// Words, or nothing where there are none.
    pub(super) fn words(words: &str) -> Self {
        if words.is_empty() { Self::Empty } else { Self::Text(words.to_owned()) }
    }

    /// A whole number.
    pub(super) fn whole(n: u64) -> Self {
        Self::number(&n.to_string(), false)
    }

    /// The columns of text that it takes, about.
    pub(super) fn width(&self) -> usize {
        match self {
            Self::Empty => 0,
            Self::Text(words) => words.lines().take(20).map(text::width).max().unwrap_or(0),
            Self::Number(number, code) => {
                let whole = format!("{:.0}", if code.ends_with('%') { number * 100.0 } else { *number }).len();
                whole + whole / 4 + decimals_of(code) + if code.starts_with('"') { 3 } else { 1 }
            }
            Self::Date(_) => 10,
            Self::Flag(_) => 5,
        }
    }

    /// Its number format.
    fn code(&self) -> &str {
        match self {
            Self::Empty => "General",
            Self::Text(_) => TEXT,
            // Excel shows words anyway; LibreOffice would show 1 and 0.
            Self::Flag(_) => "\"TRUE\";\"TRUE\";\"FALSE\"",
            Self::Number(_, code) => code,
            Self::Date(_) => "yyyy-mm-dd",
        }
    }
}

/// The characters that a number format takes for the decimals and their point.
fn decimals_of(code: &str) -> usize {
    code.rsplit_once('.').map_or(0, |(_, decimals)| decimals.chars().filter(|c| *c == '0').count() + 1)
}

/// The number format of that many decimals; Excel has no more than 30.
fn pattern(decimals: usize) -> String {
    if decimals == 0 { "#,##0".to_owned() } else { format!("#,##0.{}", "0".repeat(decimals.min(30))) }
}

/// The decimals of a plain decimal.
pub(super) fn decimals(digits: &str) -> usize {
    digits.split_once('.').map_or(0, |(_, decimals)| decimals.len())
}

/// The significant digits of a plain decimal: without zeros before and after them.
fn significant(digits: &str) -> usize {
    let digits: String = digits.chars().filter(char::is_ascii_digit).collect();
    digits.trim_matches('0').len()
}

/// Text as a cell shows it: no unseen characters but tabs and line breaks, nothing that XML cannot hold, and not too long.
pub(super) fn shown(text: &str, ascii: bool) -> String {
    let text = text.replace("\r\n", "\n");
    let shown = text::show(&text, ascii, &['\t', '\n']).replace('\u{fffe}', "<U+FFFE>").replace('\u{ffff}', "<U+FFFF>");
    limited(shown, LONGEST)
}

/// Text of at most so many UTF-16 units, with an ellipsis where something was cut.
pub(super) fn limited(text: String, longest: usize) -> String {
    // A character has at most as many UTF-16 units as bytes.
    if text.len() <= longest || text.encode_utf16().count() <= longest {
        return text;
    }
    let mut units = 0;
    let fits = text.chars().take_while(|c| {
        units += c.len_utf16();
        units < longest
    });
    fits.chain(['…']).collect()
}

/// How the cells of a place look; the formats of its numbers are made once.
pub(super) struct Looks {
    base: Format,
    of: HashMap<String, Format>,
    ascii: bool,
}

impl Looks {
    pub(super) fn new(base: Format, ascii: bool) -> Self {
        Self { base, of: HashMap::new(), ascii }
    }

    fn with(&mut self, code: &str) -> &Format {
        let base = &self.base;
        self.of.entry(code.to_owned()).or_insert_with(|| base.clone().set_num_format(code))
    }
}

/// Puts a datum into a cell. Where there is none, only a look is left.
pub(super) fn put(sheet: &mut Worksheet, row: u32, column: u16, datum: &Datum, looks: &mut Looks) -> Result<(), XlsxError> {
    let ascii = looks.ascii;
    let format = looks.with(datum.code());
    match datum {
        Datum::Empty => sheet.write_blank(row, column, format)?,
        Datum::Text(words) => return put_text(sheet, row, column, &shown(words, ascii), format),
        Datum::Number(number, _) => sheet.write_number_with_format(row, column, *number, format)?,
        Datum::Date(date) => sheet.write_datetime_with_format(row, column, date, format)?,
        Datum::Flag(flag) => sheet.write_boolean_with_format(row, column, *flag, format)?,
    };
    Ok(())
}

/// Puts text that [`shown`] made into a cell.
fn put_text(sheet: &mut Worksheet, row: u32, column: u16, words: &str, format: &Format) -> Result<(), XlsxError> {
    if !(words.starts_with("<r>") && words.ends_with("</r>")) {
        sheet.write_string_with_format(row, column, words, format)?;
        return Ok(());
    }
    // The library takes such text for the markup of a rich string that it wrote itself, and copies it into the file as it is. As a rich
    // string it is escaped; pieces that end with an underscore cannot hold an escape of Excel's own, such as `_x0041_`.
    let plain = Format::default();
    let pieces: Vec<(&Format, &str)> = words.split_inclusive('_').map(|piece| (&plain, piece)).collect();
    if sheet.write_rich_string_with_format(row, column, &pieces, format).is_err() {
        // Its markup is longer than a cell's text may be.
        sheet.write_string_with_format(row, column, limited(format!("{words}…"), LONGEST), format)?;
    }
    Ok(())
}
