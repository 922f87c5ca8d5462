//! One file of the page: what it was taken for and why, how it is written, its columns, dates and records.

use std::collections::BTreeMap;

use super::{Inspection, brief, column, note, percent, row, spelled, table, text};
use crate::crm::evidence::{Bytes, Clock, ColumnSeen, Dates, Reading, Seen, Settled, Used, ZoneSeen};
use crate::crm::preset::Shape;
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::{Block, Cell, Coverage, Note, Row, Tone};
use crate::report::trust;
use crate::table::{Data, Kind, Table};

/// Headings that nothing reads, listed on the page.
const IGNORED: usize = 24;

/// What was noticed of a file, on the page.
const NOTICED: usize = 8;

/// The columns of a sample.
const SAMPLE: usize = 32;
/// The columns of a page that is not said to be narrower or wider.
const PAGE: usize = 100;

/// The blocks of a file.
pub(super) fn blocks(run: &Inspection<'_>, at: usize, seen: &Seen, coverage: Option<&Coverage>) -> Vec<Block> {
    let mut notes = vec![note("why", vec![seen.why.clone()])];
    if seen.others {
        notes.extend(coverage.map(|c| note("records", accounted(run, c))));
        return vec![Block::Banner { left: seen.path.clone(), right: what(seen) }, Block::Notes(notes)];
    }
    notes.extend(unseen(seen));
    notes.push(note("file", bytes(&seen.bytes)));
    let first = run.evidence.files.iter().position(|other| other.path == seen.path) == Some(at);
    notes.extend(noticed(run, seen).filter(|_| first));
    notes.extend(coverage.map(|c| note("records", accounted(run, c))));
    notes.extend(dates(run, seen));
    notes.extend(run.loaded.and_then(|loaded| money(&loaded.data, at, seen)));
    if !seen.constant.is_empty() {
        let each = seen.constant.iter().map(|(field, text)| format!("{field} is '{text}' in every row"));
        notes.push(note("added", each.collect()));
    }
    let (filled, blank): (Vec<&ColumnSeen>, Vec<&ColumnSeen>) = seen.columns.iter().partition(|c| c.filled > 0 || seen.rows == 0);
    notes.extend(headings(run, "blank", blank.iter().map(|c| c.heading.as_str())));
    notes.extend(headings(run, "not read", seen.ignored.iter().map(String::as_str)));
    let mut blocks = vec![Block::Banner { left: seen.path.clone(), right: what(seen) }, Block::Notes(notes)];
    if !filled.is_empty() {
        let widest = |f: &dyn Fn(&ColumnSeen) -> usize| filled.iter().map(|c| f(c)).max().unwrap_or(0);
        let beside = widest(&|c| field_of(c).chars().count()).max(5) + widest(&|c| c.heading.chars().count()).max(7) + "  filled    ".len();
        let room = PAGE.saturating_sub(beside).max(SAMPLE);
        blocks.push(table(
            vec![column("field", false, 0), column("heading", false, 0), column("filled", true, 0), column("values", false, 0)],
            filled.iter().map(|c| column_row(seen, c, room)).collect(),
        ));
    }
    blocks
}

/// What had to be assumed to read the file, such as an owner who is written once per group.
fn noticed(run: &Inspection<'_>, seen: &Seen) -> Option<Note> {
    let of_file = |d: &&Diagnostic| {
        // What ends the file is said with its bytes, and what is warned of above.
        let footer = |line: Option<u32>| line.is_some_and(|line| seen.bytes.footer.contains(&line));
        d.code == Code::Assumed
            && d.severity == Severity::Note
            && d.location.as_ref().is_some_and(|at| at.file == seen.path && !footer(at.line))
    };
    let all: Vec<&Diagnostic> = run.diagnostics.iter().filter(of_file).collect();
    let most = run.most(NOTICED);
    let mut parts: Vec<String> = all.iter().take(most).map(|d| d.message.clone()).collect();
    if all.len() > most {
        parts.push(format!("and {} more (-v lists them)", all.len() - most));
    }
    (!parts.is_empty()).then(|| note("noticed", parts))
}

/// Headings in one line.
fn headings<'a>(run: &Inspection<'_>, label: &str, all: impl Iterator<Item = &'a str>) -> Option<Note> {
    let all: Vec<&str> = all.collect();
    let most = run.most(IGNORED);
    let shown: Vec<String> = all.iter().take(most).map(|h| brief(h, 40)).collect();
    let more = if all.len() > most { format!(" and {} more (-v lists them)", all.len() - most) } else { String::new() };
    (!all.is_empty()).then(|| note(label, vec![format!("{}{more}", shown.join(", "))]))
}

/// What a file was taken for: `deals · Salesforce Opportunity`.
pub(super) fn what(seen: &Seen) -> String {
    if seen.others {
        return "rows of no table".to_owned();
    }
    let crm = if seen.label.is_empty() { "common headings".to_owned() } else { format!("{} {}", seen.label, seen.object) };
    format!("{} · {crm}", rows_of(seen))
}

/// The table that its rows belong to.
pub(super) fn table_of(seen: &Seen) -> &'static str {
    if seen.others { "others" } else { seen.shape.table().name() }
}

/// What its rows are.
pub(super) fn rows_of(seen: &Seen) -> String {
    match seen.shape {
        _ if seen.others => "others".to_owned(),
        Shape::Records(kind) => kind.name().to_owned(),
        Shape::Link { table, fills, .. } => format!("links: {fills} of {}", table.name()),
        Shape::Lookup { table, .. } if seen.object.is_empty() => format!("list for {}", table.name()),
        Shape::Lookup { table, .. } => format!("list of {} for {}", seen.object.to_lowercase(), table.name()),
    }
}

fn unseen(seen: &Seen) -> Option<Note> {
    let part = if !seen.verified {
        "this preset was written without having seen an export: check the columns and words below".to_owned()
    } else if seen.unverified.is_empty() {
        return None;
    } else {
        let one = seen.unverified.len() == 1;
        let headings: Vec<String> = seen.unverified.iter().map(|h| format!("'{h}'")).collect();
        let (heading, were) = if one { ("heading", "was") } else { ("headings", "were") };
        format!("the {heading} {} {were} put into the preset without having been seen in an export", spelled::list(&headings))
    };
    Some(Note { label: "unverified".to_owned(), tone: Tone::Strong, parts: vec![part] })
}

/// How a file is written.
pub(super) fn bytes(bytes: &Bytes) -> Vec<String> {
    let mut parts = vec![match bytes.packed {
        "gzip" => format!("{}, packed with gzip", size(bytes.size)),
        "zip" => format!("{}, in a zip archive", size(bytes.size)),
        _ => size(bytes.size),
    }];
    if bytes.cells {
        parts.extend(["a workbook's sheet".to_owned(), headings_at(bytes.heading_line, "in row")]);
    } else {
        parts.extend([
            bytes.encoding.clone(),
            format!("{} between cells", delimiter(bytes.delimiter)),
            format!("line ends {}", bytes.line_ends),
            headings_at(bytes.heading_line, "on line"),
        ]);
    }
    match (bytes.footer.first(), bytes.footer.last()) {
        (Some(first), Some(last)) if first == last => parts.push(format!("footer on line {first}, no record")),
        (Some(first), Some(last)) => parts.push(format!("footer on lines {first} to {last}, no records")),
        _ => {}
    }
    parts
}

/// Where its headings stand.
fn headings_at(line: Option<u32>, at: &str) -> String {
    line.map_or_else(|| "no headings: read under those of the part that it continues".to_owned(), |line| format!("headings {at} {line}"))
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

fn delimiter(byte: u8) -> String {
    match byte {
        b',' => "commas".to_owned(),
        b';' => "semicolons".to_owned(),
        b'\t' => "tabs".to_owned(),
        b'|' => "bars".to_owned(),
        other => format!("'{}'", char::from(other)),
    }
}

/// The accounting of a file's records.
fn accounted(run: &Inspection<'_>, c: &Coverage) -> Vec<String> {
    if run.facts.is_none() {
        let refused = if c.refused > 0 { format!(", {} of them refused", c.refused) } else { String::new() };
        return vec![format!("{} read{refused}; what is used of them is known when the question is answered", c.read)];
    }
    let mut sum = vec![format!("{} used", c.used)];
    sum.extend(c.left_out.iter().map(|(reason, n)| trust::because(reason, n.as_u64().unwrap_or(0))));
    if c.refused > 0 {
        sum.push(format!("{} refused", c.refused));
    }
    vec![format!("{} read = {}", c.read, sum.join(" + "))]
}

/// The currency in which the export has a deal's amount, empty where it names none; none without an amount.
pub(in crate::report) fn as_exported(deals: &Table, row: usize) -> Option<&str> {
    // What was converted keeps what it was.
    let (amount, currency) = match deals.column("original_amount") {
        Some(_) => ("original_amount", "original_currency"),
        None => ("amount", "currency"),
    };
    deals.amount(amount, row).map(|_| deals.text(currency, row).unwrap_or_default())
}

/// In which currencies the amounts of a file of deals are.
fn money(data: &Data, at: usize, seen: &Seen) -> Option<Note> {
    if seen.shape != Shape::Records(Kind::Deals) {
        return None;
    }
    let deals = &data.deals;
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    let rows = || (0..deals.len()).filter(|row| usize::from(deals.file[*row]) == at);
    for currency in rows().filter_map(|row| as_exported(deals, row)) {
        *counts.entry(currency).or_default() += 1;
    }
    let converted = deals.column("original_amount").is_some();
    let lacking = rows().filter(|row| as_exported(deals, *row).is_some() && deals.amount("amount", *row).is_none()).count() as u64;
    let all: u64 = counts.values().sum();
    let heading = seen.columns.iter().find(|c| c.field == "amount" && c.used == Used::Own).map_or("", |c| c.heading.as_str());
    let mut parts = vec![match heading {
        "" => format!("{} has an amount", spelled::count(all, "deal")),
        _ => format!("'{heading}' is revenue where the deal is won, known for {all} of {}", rows().count()),
    }];
    let one = counts.len() == 1;
    let each = counts.iter().map(|(currency, n)| match (currency.is_empty(), one) {
        (true, true) => "no currency: [money] currency = \"USD\" in leadlag.toml names it".to_owned(),
        (true, false) => format!("{n} without a currency"),
        (false, true) => format!("in {currency}"),
        (false, false) => format!("{n} in {currency}"),
    });
    parts.extend(each);
    if converted {
        parts.push(match lacking {
            0 => "converted at the dated rates".to_owned(),
            n => format!("converted at the dated rates, but for {n} without a rate"),
        });
    }
    (all > 0).then(|| note("money", parts))
}

/// How each column of dates was read, one line each.
fn dates(run: &Inspection<'_>, seen: &Seen) -> Vec<Note> {
    let dated: Vec<(&ColumnSeen, &Dates)> = seen.columns.iter().filter_map(|c| Some((c, c.dates.as_ref()?))).collect();
    let mut notes: Vec<Note> = Vec::new();
    let (mut zoned, mut offsets) = (false, false);
    for (column, dates) in &dated {
        let mut parts = vec![format!("{}: {}", column.heading, read_as(dates))];
        match dates.clock {
            Clock::None => {}
            Clock::Midnight => parts.push("midnight throughout: dates without a time".to_owned()),
            Clock::Offset => offsets = true,
            Clock::Local => zoned = true,
            Clock::Both => {
                (zoned, offsets) = (true, true);
                parts.push("some of its times carry an offset from UTC, others none".to_owned());
            }
        }
        if dates.bad > 0 {
            parts.push(format!("{} no date", spelled::count(dates.bad, "cell")));
        }
        let open = matches!(dates.order, Settled::Open { .. });
        let label = if notes.is_empty() { "dates" } else { "" };
        notes.push(Note { label: label.to_owned(), tone: if open { Tone::Bad } else { Tone::Plain }, parts });
    }
    let name = run.calendar.zone_name();
    let mut parts = Vec::new();
    if offsets {
        parts.push("times carry their offset from UTC".to_owned());
    }
    if zoned {
        parts.push(match seen.zone {
            ZoneSeen::Said => "times without an offset are read in the zone that you gave under [inputs]".to_owned(),
            ZoneSeen::Utc => "times without an offset are read as UTC, as this export writes them".to_owned(),
            ZoneSeen::Report => format!("times without an offset are read in {name}; time_zone under [inputs] says another zone"),
        });
    }
    if offsets || zoned {
        parts.push(format!("days begin at midnight in {name}"));
        notes.push(note("times", parts));
    }
    notes
}

/// The span of a column's dates and what settled their order.
fn read_as(dates: &Dates) -> String {
    let span = match (dates.first, dates.last) {
        (Some(first), Some(last)) if first == last => format!("all {first}"),
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "no dates".to_owned(),
    };
    match &dates.order {
        Settled::Alike => span,
        Settled::Said(order) => format!("{span}, {} first as you said", order.first()),
        Settled::Cell { order, text, line } => format!("{span}, {} first: '{}' on line {line}", order.first(), brief(text, 30)),
        Settled::Open { text, line, readings, .. } => {
            let last = |reading: &Reading| reading.last.map_or_else(|| "no date".to_owned(), |day| day.to_string());
            let each: Vec<String> = readings
                .iter()
                .enumerate()
                .map(|(at, r)| {
                    let then = if at == 0 { "the column's last date is then" } else { "then" };
                    format!("{} with the {} first ({then} {})", r.cell(), r.order.first(), last(r))
                })
                .collect();
            format!("which comes first? '{}' on line {line} is {}", brief(text, 30), each.join(", "))
        }
    }
}

/// The question that a column of dates asks: `does the day or the month come first`.
pub(in crate::report) fn which_first(readings: &[Reading]) -> String {
    let names: Vec<String> = readings.iter().map(|r| format!("the {}", r.order.first())).collect();
    match names.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("does {} or {last} come first", first.join(", ")),
        _ => "what comes first".to_owned(),
    }
}

/// What a column fills.
fn field_of(column: &ColumnSeen) -> String {
    match (column.used, column.of) {
        (Used::Blanks, _) => format!("{}, where blank", column.field),
        (Used::Never, _) => format!("{}, not used", column.field),
        (Used::Own, Some(table)) => format!("{} of {table}", column.field),
        (Used::Own, None) => column.field.to_owned(),
    }
}

fn column_row(seen: &Seen, column: &ColumnSeen, room: usize) -> Row {
    let field = field_of(column);
    let share = text(percent(column.filled, seen.rows));
    let mut samples = String::new();
    for sample in column.samples.iter().map(|s| brief(s, SAMPLE)) {
        if !samples.is_empty() {
            if samples.chars().count() + sample.chars().count() + 3 > room {
                break;
            }
            samples.push_str(" | ");
        }
        samples.push_str(&sample);
    }
    let cells: Vec<Cell> = vec![text(field), text(column.heading.clone()), share, text(samples)];
    let mut shown = row(cells);
    if column.used != Used::Own {
        shown.tone = Tone::Faint;
    }
    shown
}
