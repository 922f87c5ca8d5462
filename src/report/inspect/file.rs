//! One file of the page: what it was taken for and why, how it is written, its columns, dates and records.

use std::collections::BTreeMap;

use super::{Inspection, brief, column, note, percent, row, spelled, table, text};
use crate::crm::evidence::{Bytes, Clock, ColumnSeen, Dates, Seen, Settled, Used, ZoneSeen};
use crate::crm::preset::Shape;
use crate::crm::value::Order;
use crate::document::{Block, Cell, Coverage, Note, Row, Tone};
use crate::report::trust;
use crate::table::{Data, Kind};

/// Headings that nothing reads, listed on the page.
const IGNORED: usize = 24;

/// The columns of a sample.
const SAMPLE: usize = 32;
/// The columns of a page that is not said to be narrower or wider.
const PAGE: usize = 100;

/// The blocks of a file.
pub(super) fn blocks(run: &Inspection<'_>, at: usize, seen: &Seen, coverage: Option<&Coverage>) -> Vec<Block> {
    let mut notes = vec![note("why", vec![seen.why.clone()])];
    notes.extend(unseen(seen));
    notes.push(note("file", bytes(&seen.bytes)));
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
    let crm = if seen.label.is_empty() { "common headings".to_owned() } else { format!("{} {}", seen.label, seen.object) };
    format!("{} · {crm}", rows_of(seen.shape, &seen.object))
}

/// What its rows are.
pub(super) fn rows_of(shape: Shape, object: &str) -> String {
    match shape {
        Shape::Records(kind) => kind.name().to_owned(),
        Shape::Link { table, fills, .. } => format!("links: {fills} of {}", table.name()),
        Shape::Lookup { table, .. } if object.is_empty() => format!("list for {}", table.name()),
        Shape::Lookup { table, .. } => format!("list of {} for {}", object.to_lowercase(), table.name()),
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
    let mut parts = vec![size(bytes.size)];
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

/// In which currencies the amounts of a file of deals are.
fn money(data: &Data, at: usize, seen: &Seen) -> Option<Note> {
    if seen.shape != Shape::Records(Kind::Deals) {
        return None;
    }
    let deals = &data.deals;
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for row in (0..deals.len()).filter(|row| usize::from(deals.file[*row]) == at && deals.amount("amount", *row).is_some()) {
        *counts.entry(deals.text("currency", row).unwrap_or_default()).or_default() += 1;
    }
    let all: u64 = counts.values().sum();
    let heading = seen.columns.iter().find(|c| c.field == "amount" && c.used == Used::Own).map_or("", |c| c.heading.as_str());
    let mut parts = vec![match heading {
        "" => format!("{} has an amount", spelled::count(all, "deal")),
        _ => format!("'{heading}' is revenue where the deal is won, known for {all} of {}", seen.rows),
    }];
    let one = counts.len() == 1;
    let each = counts.iter().map(|(currency, n)| match (currency.is_empty(), one) {
        (true, true) => "no currency: [money] currency = \"USD\" in leadlag.toml names it".to_owned(),
        (true, false) => format!("{n} without a currency"),
        (false, true) => format!("in {currency}"),
        (false, false) => format!("{n} in {currency}"),
    });
    parts.extend(each);
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
        Settled::Said(order) => format!("{span}, {} first as you said", first(*order)),
        Settled::Cell { order, text, line } => format!("{span}, {} first: '{}' on line {line}", first(*order), brief(text, 30)),
        Settled::Open { text, line, day_first, month_first, .. } => {
            let day = |day: Option<crate::calendar::Day>| day.map_or_else(|| "no date".to_owned(), |d| d.to_string());
            format!(
                "which comes first? '{}' on line {line} is {} with the day first (the column's last date is then {}), {} with the month first (then {})",
                brief(text, 30),
                day(day_first.0),
                day(day_first.1),
                day(month_first.0),
                day(month_first.1)
            )
        }
    }
}

/// What stands first.
pub(super) fn first(order: Order) -> &'static str {
    match order {
        Order::DayFirst => "day",
        Order::MonthFirst => "month",
        Order::YearFirst => "year",
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
