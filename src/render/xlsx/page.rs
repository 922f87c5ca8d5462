//! The page as a sheet: what the terminal shows, with numbers as numbers.
//!
//! A value, what it is held against and the share of it stand in cells side by side under one heading: `28`, `/ 30`, `93%`. Behind is
//! marked with `!` in the number's format and by color. Values are not rounded; their formats show as many decimals as the page does.

use rust_xlsxwriter::{Color, Format, FormatAlign, Worksheet, XlsxError};

use super::cell::{self, Datum, Looks};
use super::spark::Points;
use super::{COLUMNS, paint};
use crate::document::{Block, Cell, Column, Content, Document, Note, Row, State, Table, Tone};
use crate::render::face::{self, MARK};
use crate::render::number::{self, Plain};
use crate::render::{Style, text};
use crate::unit::Value;

/// The points of a line of text.
const LINE: f64 = 15.0;
/// The widest column of words, in characters; the first one's, which has names and labels, too.
const WORDS: usize = 44;
/// The width of a column with charts.
const SPARK: usize = 15;
/// The characters beside the labels that notes have at least.
const NOTES: usize = 80;
/// The points of headings and what is above them that may stay in view when a sheet is scrolled.
const FROZEN: f64 = 300.0;

/// The longest name of a sheet, in characters.
const NAME: usize = 31;

/// The sheets of the page: one up to the first heading of a further section, and one for each of those, whose tables have other columns.
pub(super) fn sheets(document: &Document, points: &mut Points, style: &Style) -> Result<Vec<Worksheet>, XlsxError> {
    let mut parts = document.page.chunk_by(|_, next| !matches!(next, Block::Heading(..)));
    let first = if document.grid.is_some() { "Page" } else { "Flash" };
    let begins = matches!(document.page.first(), Some(Block::Heading(..)));
    let page = if begins { &[] } else { parts.next().unwrap_or_default() };
    let mut sheets = vec![sheet(document, first, page, points, style)?];
    for part in parts {
        if let Some(Block::Heading(name, _)) = part.first() {
            let name = name.replace('_', " ");
            let (initial, rest) = name.split_at(name.chars().next().map_or(0, char::len_utf8));
            let name: String = initial.to_uppercase().chars().chain(rest.chars()).take(NAME).collect();
            sheets.push(sheet(document, &name, part, points, style)?);
        }
    }
    Ok(sheets)
}

fn sheet(document: &Document, name: &str, blocks: &[Block], points: &mut Points, style: &Style) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name(name)?;
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_margins(0.4, 0.4, 0.5, 0.5, 0.3, 0.3).set_footer("&L&A&RPage &P of &N");
    let tables: Vec<(&Table, Laid)> = blocks.iter().filter_map(|block| as_table(block).map(|table| (table, Laid::new(table)))).collect();
    let mut widths: Vec<usize> = vec![12];
    for note in blocks.iter().filter_map(|block| if let Block::Notes(notes) = block { Some(notes) } else { None }).flatten() {
        widths[0] = widths[0].max(text::width(&note.label) + 2).min(WORDS);
    }
    for (table, laid) in &tables {
        laid.widen(table, &mut widths);
    }
    while widths.iter().skip(1).sum::<usize>() < NOTES {
        widths.push(9);
    }
    widths.truncate(usize::from(COLUMNS));
    for (column, width) in (0..).zip(&widths) {
        sheet.set_column_width(column, *width as f64)?;
    }
    let mut page = Page { sheet, points, style, states: &document.states, widths, row: 0, height: 0.0, first: true };
    let mut heads = Vec::new();
    let mut laid = tables.iter().map(|(_, laid)| laid);
    for (at, block) in blocks.iter().enumerate() {
        if at > 0 {
            page.next(LINE / 2.0)?;
        }
        match block {
            Block::Banner { left, right } => page.banner(left, right)?,
            Block::Heading(_, title) => page.banner(title, "")?,
            Block::Notes(notes) => page.notes(notes)?,
            Block::Table(table) => {
                if let Some(laid) = laid.next() {
                    heads.push(page.table(table, laid)?);
                }
            }
        }
    }
    if page.first && !document.title.is_empty() {
        page.banner(&document.title, "")?;
    }
    let mut sheet = page.sheet;
    // Headings that stay in view would be wrong over another table.
    match heads.as_slice() {
        [head] if head.until <= FROZEN => {
            sheet.set_freeze_panes(head.end, 1)?;
            sheet.set_repeat_rows(head.first, head.end.saturating_sub(1).max(head.first))?;
        }
        [] => {}
        _ => {
            sheet.set_freeze_panes(0, 1)?;
        }
    }
    Ok(sheet)
}

fn as_table(block: &Block) -> Option<&Table> {
    if let Block::Table(table) = block { Some(table) } else { None }
}

/// Where a table's headings stand.
struct Head {
    first: u32,
    /// One past the last row.
    end: u32,
    /// The points from the top of the sheet to there.
    until: f64,
}

/// A table on the columns of the sheet.
struct Laid {
    /// For each column of the table.
    columns: Vec<Place>,
}

/// The columns of the sheet that a column of a table takes.
#[derive(Debug, Clone, Copy)]
struct Place {
    first: usize,
    against: bool,
    share: bool,
}

impl Place {
    fn count(self) -> usize {
        1 + usize::from(self.against) + usize::from(self.share)
    }
}

impl Laid {
    fn new(table: &Table) -> Self {
        let mut first = 0;
        let place = |at: usize| {
            let has = |held: fn(&Content) -> bool| table.rows.iter().filter_map(|row| row.cells.get(at)).any(|cell| held(&cell.content));
            let against =
                has(|content| matches!(content, Content::Value { against: Some(against), .. } if number::page(against).is_some()));
            let share = has(|content| matches!(content, Content::Value { share: Some(share), .. } if share.is_finite()));
            let place = Place { first, against, share };
            first += place.count();
            place
        };
        Self { columns: (0..table.columns.len()).map(place).collect() }
    }

    /// Widens the columns of the sheet for this table.
    fn widen(&self, table: &Table, widths: &mut Vec<usize>) {
        for (at, (column, place)) in table.columns.iter().zip(&self.columns).enumerate() {
            let mut own = [5, if place.against { 5 } else { 0 }, if place.share { 7 } else { 0 }];
            for cell in table.rows.iter().filter_map(|row| row.cells.get(at)) {
                let shown = |value: &Value| number::page(value).map_or(1, |shown| text::width(&shown) + shown.len() / 4);
                match &cell.content {
                    Content::Blank => {}
                    Content::Text(words) | Content::Shade { text: words, .. } => own[0] = own[0].max((text::width(words) + 3).min(WORDS)),
                    Content::Spark(_) | Content::Scores(_) => own[0] = own[0].max(SPARK),
                    Content::Value { value, against, .. } => {
                        own[0] = own[0].max((shown(value) + 3).min(WORDS));
                        if let Some(against) = against {
                            own[1] = own[1].max((shown(against) + 3).min(WORDS));
                        }
                    }
                }
            }
            let missing = face::lines(column, false)
                .iter()
                .map(|line| text::width(line))
                .max()
                .unwrap_or(0)
                .saturating_add(2)
                .saturating_sub(own.iter().sum())
                .min(WORDS);
            // Shared between both sides of the slash, where there is one.
            let beside = if place.against { missing / 2 } else { 0 };
            own[0] += missing - beside;
            own[1] += beside;
            let parts = own.iter().filter(|width| **width > 0).take(place.count());
            for (part, width) in parts.enumerate() {
                let at = place.first + part;
                if widths.len() <= at {
                    widths.resize(at + 1, 0);
                }
                widths[at] = widths[at].max(*width);
            }
        }
    }
}

/// The sheet, being written from top to bottom.
struct Page<'a> {
    sheet: Worksheet,
    points: &'a mut Points,
    style: &'a Style,
    states: &'a [State],
    /// Of the sheet's columns, in characters.
    widths: Vec<usize>,
    row: u32,
    /// The points above the row.
    height: f64,
    /// Whether there was no banner yet.
    first: bool,
}

impl Page<'_> {
    /// Ends a row, of that many points.
    fn next(&mut self, height: f64) -> Result<(), XlsxError> {
        let height = height.min(400.0);
        self.sheet.set_row_height(self.row, height)?;
        self.height += height;
        self.row += 1;
        Ok(())
    }

    fn put(&mut self, column: usize, datum: &Datum, format: Format) -> Result<(), XlsxError> {
        let column = u16::try_from(column).unwrap_or(COLUMNS);
        cell::put(&mut self.sheet, self.row, column, datum, &mut Looks::new(format, self.style.ascii))
    }

    /// Text over the columns from `first` to before `end`.
    fn across(&mut self, first: usize, end: usize, words: &str, format: Format) -> Result<(), XlsxError> {
        let at = |column: usize| u16::try_from(column).unwrap_or(COLUMNS);
        if end > first + 1 {
            self.sheet.merge_range(self.row, at(first), self.row, at(end - 1), "", &format)?;
        }
        self.put(first, &Datum::Text(words.to_owned()), format)
    }

    /// The lines that text takes on so many characters.
    fn lines(words: &str, characters: usize) -> f64 {
        words.lines().map(|line| text::wrap(line, characters.max(4)).len()).sum::<usize>().max(1) as f64
    }

    fn banner(&mut self, left: &str, right: &str) -> Result<(), XlsxError> {
        let size = if self.first { 16 } else { 12 };
        self.first = false;
        let left = text::ours(left, self.style.ascii).into_owned();
        self.put(0, &Datum::Text(left), paint::title(size))?;
        self.next(f64::from(size) * 1.4)?;
        let right = text::ours(right, self.style.ascii).into_owned();
        if !right.is_empty() {
            self.put(0, &Datum::Text(right), Format::new().set_font_color(paint::FAINT))?;
            self.next(LINE)?;
        }
        Ok(())
    }

    fn notes(&mut self, notes: &[Note]) -> Result<(), XlsxError> {
        let bare = notes.iter().all(|note| note.label.trim().is_empty());
        let (first, end) = (usize::from(!bare), self.widths.len());
        // Widths are counted in digits; a quarter more letters fit, as most are narrower.
        let room = self.widths.iter().skip(first).sum::<usize>() * 5 / 4;
        for note in notes {
            let ascii = self.style.ascii;
            let of_text = if note.tone == Tone::Faint || note.label.is_empty() { note.tone } else { Tone::Plain };
            let label = text::ours(&note.label, ascii).into_owned();
            if !bare && !label.is_empty() {
                let indented = note.label.starts_with(' ');
                let format = paint::wrapped().set_indent(u8::from(indented));
                let format = if note.tone == Tone::Plain && !indented { format.set_bold() } else { paint::toned(format, note.tone) };
                let format = paint::judged(format, face::judged(&label, self.states));
                self.put(0, &Datum::Text(label), format)?;
            }
            let parts: Vec<String> =
                note.parts.iter().map(|part| text::ours(part, ascii).into_owned()).filter(|part| !part.is_empty()).collect();
            let words = parts.join(text::separator(ascii));
            let lines = Self::lines(&words, room);
            self.across(first, end, &words, paint::toned(paint::wrapped(), of_text))?;
            self.next(lines * LINE)?;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table, laid: &Laid) -> Result<Head, XlsxError> {
        let first = self.row;
        if table.groups.iter().any(|(title, _)| !title.is_empty()) {
            self.groups(table, laid)?;
        }
        if table.columns.iter().any(|column| !face::lines(column, false).is_empty()) {
            self.headings(table, laid)?;
        }
        let head = Head { first, end: self.row, until: self.height };
        for row in &table.rows {
            self.body(table, row, laid)?;
        }
        Ok(head)
    }

    /// The characters of some of the sheet's columns.
    fn room(&self, first: usize, end: usize) -> usize {
        self.widths.get(first..end.min(self.widths.len())).unwrap_or_default().iter().sum()
    }

    fn groups(&mut self, table: &Table, laid: &Laid) -> Result<(), XlsxError> {
        let mut begins = 0_usize;
        let mut lines = 1.0_f64;
        for (title, over) in &table.groups {
            let under = laid.columns.get(begins..begins.saturating_add(*over).min(laid.columns.len())).unwrap_or_default();
            begins = begins.saturating_add(*over);
            let (Some(from), Some(to)) = (under.first(), under.last()) else { continue };
            let (first, end) = (from.first, to.first + to.count());
            let title = text::ours(title, self.style.ascii).into_owned();
            lines = lines.max(Self::lines(&title, self.room(first, end)));
            let format = if title.is_empty() { Format::new() } else { paint::heading() };
            self.across(first, end, &title, format)?;
        }
        self.next(lines * LINE + 3.0)
    }

    fn headings(&mut self, table: &Table, laid: &Laid) -> Result<(), XlsxError> {
        let mut lines = 1.0_f64;
        for (at, (column, place)) in table.columns.iter().zip(&laid.columns).enumerate() {
            let words = face::lines(column, self.style.ascii).join("\n");
            let end = place.first + place.count();
            lines = lines.max(Self::lines(&words, self.room(place.first, end)));
            let format = match (place.count(), column.right) {
                (1, true) => paint::heading().set_align(FormatAlign::Right),
                (1, false) => paint::heading().set_align(FormatAlign::Left).set_indent(u8::from(at > 0)),
                _ => paint::heading().set_align(FormatAlign::Center),
            };
            self.across(place.first, end, &words, format)?;
        }
        self.next(lines * LINE + 3.0)
    }

    fn body(&mut self, table: &Table, row: &Row, laid: &Laid) -> Result<(), XlsxError> {
        let mut lines = 1.0_f64;
        let name = row.cells.first().map_or("", |cell| if let Content::Text(words) = &cell.content { words } else { "" });
        for (at, (column, place)) in table.columns.iter().zip(&laid.columns).enumerate() {
            let blank = Cell::default();
            let cell = row.cells.get(at).unwrap_or(&blank);
            let base = paint::of_row(row.tone);
            for part in 0..place.count() {
                self.put(place.first + part, &Datum::Empty, base.clone())?;
            }
            let toned = paint::toned(base.clone(), cell.tone);
            if matches!(cell.content, Content::Spark(_) | Content::Scores(_)) && cell.tone == Tone::Bad {
                self.put(place.first, &Datum::Text(MARK.to_owned()), toned.clone())?;
            }
            match &cell.content {
                Content::Blank => {}
                Content::Text(words) => {
                    let mark = if cell.tone == Tone::Bad { MARK } else { "" };
                    let words = text::line(words, self.style.ascii);
                    let toned = paint::judged(toned, face::judged(&words, self.states));
                    let words = format!("{words}{mark}");
                    lines = lines.max(Self::lines(&words, self.room(place.first, place.first + 1)));
                    let align = if column.right { FormatAlign::Right } else { FormatAlign::Left };
                    // Words that follow numbers do not touch them.
                    let indent = u8::from(at > 0 && !column.right);
                    let datum = Datum::digits(&words, self.style.ascii).filter(|_| column.right).unwrap_or(Datum::Text(words));
                    self.put(place.first, &datum, toned.set_align(align).set_text_wrap().set_indent(indent))?;
                }
                Content::Value { value, against, share } => {
                    self.value(value, cell.tone, *place, toned)?;
                    let against = against.as_ref().map(|against| self.number(against, |code| format!("\"/ \"{code}")));
                    if let Some(datum) = against.filter(|datum| !matches!(datum, Datum::Empty)) {
                        self.put(place.first + 1, &datum, base.clone().set_font_color(paint::FAINT).set_align(FormatAlign::Left))?;
                    }
                    if let Some(digits) = share.and_then(|share| number::float(share, 6)) {
                        let column = place.first + 1 + usize::from(place.against);
                        self.put(column, &Datum::share(&digits, 0), base.clone().set_align(FormatAlign::Right))?;
                    }
                }
                Content::Shade { share, text } => {
                    let words = text::line(text, self.style.ascii);
                    let shaded = paint::shaded(base.clone(), *share).set_align(FormatAlign::Right);
                    let datum = match (words.parse::<u32>(), cell.tone) {
                        (Ok(n), Tone::Bad) => Datum::Number(f64::from(n), format!("0\"{MARK}\"")),
                        (Ok(n), _) => Datum::Number(f64::from(n), "0_!".to_owned()),
                        (Err(_), Tone::Bad) => Datum::Text(format!("{words}{MARK}")),
                        (Err(_), _) => Datum::Text(words.into_owned()),
                    };
                    self.put(place.first, &datum, shaded)?;
                }
                Content::Spark(points) => self.chart(name, column, points, None, place.first)?,
                Content::Scores(values) => {
                    let points: Vec<Option<f64>> = values.iter().copied().map(Some).collect();
                    self.chart(name, column, &points, Some(face::highest_score(values)), place.first)?;
                }
            }
        }
        self.next((lines * LINE).max(18.0))
    }

    /// A small chart of a row's cell.
    fn chart(&mut self, name: &str, column: &Column, points: &[Option<f64>], highest: Option<f64>, at: usize) -> Result<(), XlsxError> {
        let what = format!("{name}: {}", face::heading(column, false));
        let sparkline = self.points.columns(&what, points, highest, paint::LEAD)?;
        if let (Some(sparkline), Ok(column)) = (sparkline, u16::try_from(at)) {
            self.sheet.add_sparkline(self.row, column, &sparkline)?;
        }
        Ok(())
    }

    /// A value; a dash where it is missing, as on every page.
    fn value(&mut self, value: &Value, tone: Tone, place: Place, format: Format) -> Result<(), XlsxError> {
        // Digits stand under digits whether or not a mark follows them.
        let mark = if tone == Tone::Bad { "\"!\"" } else { "_!" };
        let (datum, color) = match self.number(value, |code| format!("{code}{mark}")) {
            Datum::Empty => (Datum::Text(face::dash(self.style.ascii).to_owned()), Some(paint::FAINT)),
            Datum::Text(words) if tone == Tone::Bad => (Datum::Text(format!("{words}{MARK}")), None::<Color>),
            datum => (datum, None),
        };
        let format = format.set_align(FormatAlign::Right);
        self.put(place.first, &datum, color.map_or(format.clone(), |color| format.set_font_color(color)))
    }

    /// A value with as many decimals as the page shows; nothing where it is missing.
    fn number(&self, value: &Value, shape: impl Fn(String) -> String) -> Datum {
        let digits = match number::derived(value, number::decimals(value)) {
            Plain::Number(digits) => digits,
            Plain::Words(words) => return Datum::day(words),
            Plain::Missing(_) => return Datum::Empty,
        };
        let decimals = number::page(value).map_or(0, |shown| cell::decimals(shown.trim_end_matches(" d"))).min(4);
        let datum = match value {
            Value::Ratio(_) => Datum::share(&digits, 0),
            _ => Datum::shaped(&digits, decimals, self.style.ascii),
        };
        match (value, datum) {
            (Value::Days(_), Datum::Number(number, code)) => Datum::Number(number, shape(format!("{code}\" d\""))),
            (_, Datum::Number(number, code)) => Datum::Number(number, shape(code)),
            (_, datum) => datum,
        }
    }
}
