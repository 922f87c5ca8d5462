//! The part of the page that says what changed since an earlier report.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::Earlier;
use crate::document::{Block, Cell, Column, Content, Note, Restated, Row, Since, Table, Tone};
use crate::report::{Run, words};

/// Rows of the page where not everything is asked for.
const ROWS: usize = 12;

/// The columns of a narrow terminal, within which the reasons stay.
const NARROW: usize = 80;

/// Reasons are not broken into lines shorter than this, in characters.
const SHORTEST: usize = 24;

/// The headings of the table.
const HEADINGS: [&str; 6] = ["", "measure", "in", "was", "now", "because"];

/// The blocks of the page.
pub(super) fn blocks(run: &Run<'_>, earlier: &Earlier, since: &Since) -> Vec<Block> {
    let day = words::day_and_year(since.as_of);
    let note = |label: &str, tone: Tone, parts: Vec<String>| Note { label: label.to_owned(), tone, parts };
    let mut notes = Vec::new();
    let groups = groups(run, &since.restated);
    let shown = if run.verbose { usize::MAX } else { ROWS };
    let lines: Vec<(&Line<'_>, [String; 6])> = groups.iter().flatten().map(|line| (line, texts(run, earlier, line))).collect();
    let hidden = lines.len().saturating_sub(shown);
    let rows = rows(&lines[..lines.len().min(shown)]);
    if since.compared == 0 {
        notes.push(note("Since", Tone::Strong, vec![format!("nothing of the report of {day} can be compared")]));
    } else if since.restated.is_empty() {
        let of = if since.not_final.is_empty() { "nothing reported" } else { "no final number reported" };
        notes.push(note("Since", Tone::Strong, vec![format!("{of} on {} has changed since", since.as_of)]));
    } else {
        let mut parts = vec![day, format!("{} of {} numbers have changed", since.restated.len(), since.compared)];
        parts.extend(same_age(run, earlier, since));
        notes.push(note("Since", Tone::Strong, parts));
    }
    let mut blocks = Vec::new();
    let below = below(since, hidden);
    if rows.is_empty() {
        notes.extend(below);
        return vec![Block::Notes(notes)];
    }
    blocks.push(Block::Notes(notes));
    blocks.push(Block::Table(table(&words::day_and_year(since.as_of), rows)));
    if run.verbose {
        blocks.extend(records(since));
    }
    if let Some(note) = below {
        blocks.push(Block::Notes(vec![note]));
    }
    blocks
}

/// What the table does not have.
fn below(since: &Since, hidden: usize) -> Option<Note> {
    let mut parts = Vec::new();
    if hidden > 0 {
        parts.push(format!("and {hidden} more with -v, and in json"));
    }
    if !since.not_final.is_empty() {
        let periods: BTreeSet<&str> = since.not_final.iter().map(|row| row.period.as_str()).collect();
        let periods: Vec<String> = periods.into_iter().map(str::to_owned).collect();
        let (were, it) = if periods.len() == 1 { ("was", "it") } else { ("were", "them") };
        let count = words::count(since.not_final.len() as u64, "number");
        let too = if since.not_final.len() == 1 { "is another" } else { "are others" };
        parts.push(format!("{} {were} not complete then: {count} of {it} {too} now, and not restated", brief(&periods)));
    }
    (!parts.is_empty()).then(|| Note { label: String::new(), tone: Tone::Faint, parts })
}

/// A few names in a sentence.
fn brief(names: &[String]) -> String {
    const MOST: usize = 3;
    if names.len() <= MOST { words::list(names) } else { format!("{} and {} more periods", names[..MOST].join(", "), names.len() - MOST) }
}

/// What the same numbers of the period before came to, which were as young then as those of the page are now.
fn same_age(run: &Run<'_>, earlier: &Earlier, since: &Since) -> Option<String> {
    let period = run.period();
    let age = run.as_of.since(period.range.last);
    let whole = |measure: &str| {
        since.restated.iter().find(|row| row.measure == measure && row.level == "all").filter(|row| {
            let then = earlier.values.iter().find(|value| value.period == row.period && value.measure == row.measure);
            then.is_some_and(|value| {
                let same =
                    value.range.len() == period.range.len() || run.calendar.period_of(period.grain, value.range.first).range == value.range;
                same && value.range.last < period.range.last && earlier.as_of.since(value.range.last) == age
            })
        })
    };
    let row = run.leads.iter().find_map(|name| whole(name))?;
    let (was, now) = (row.was?, row.now?);
    let label = words::measure(run, &row.measure);
    let (young, old) = (earlier.short(&period.name), earlier.short(&row.period));
    Some(format!("{label}: as old as {young} is now, {old} stood at {}, and has since become {}", plain(was), plain(now)))
}

/// A line of the table.
struct Line<'a> {
    restated: &'a Restated,
    /// Whether it stands under another one of the same measure and period.
    under: bool,
    /// The only person whose number changed with it.
    only: Option<&'a str>,
}

/// The numbers by measure and period, the largest change first: the whole and under it the people, who explain it.
fn groups<'a>(run: &Run<'_>, restated: &'a [Restated]) -> Vec<Vec<Line<'a>>> {
    let mut keys: Vec<(&str, &str, &str)> = Vec::new();
    let mut rows: BTreeMap<(&str, &str, &str), Vec<&Restated>> = BTreeMap::new();
    for row in restated {
        let key = (row.measure.as_str(), row.period.as_str(), row.unit.as_str());
        let list = rows.entry(key).or_default();
        if list.is_empty() {
            keys.push(key);
        }
        list.push(row);
    }
    let mut groups: Vec<Vec<Line<'a>>> = keys.into_iter().map(|key| group(run, &rows.remove(&key).unwrap_or_default())).collect();
    // What moved between people and left the whole as it was comes last.
    groups.sort_by_cached_key(|group| {
        let first = group.first().map(|line| line.restated);
        std::cmp::Reverse(first.map(|first| (first.level == "all", size(first))))
    });
    groups
}

fn group<'a>(run: &Run<'_>, rows: &[&'a Restated]) -> Vec<Line<'a>> {
    let of = |level: &str| rows.iter().copied().filter(|row| row.level == level).collect::<Vec<_>>();
    let (all, teams, mut people) = (of("all"), of("team"), of("owner"));
    // Teams are between: shown where they are all there is, or the whole is not asked for.
    let top = if all.is_empty() && run.team.is_none() && !people.is_empty() {
        Vec::new()
    } else if all.is_empty() {
        teams.clone()
    } else {
        all
    };
    if people.is_empty() && !top.iter().any(|row| row.level == "team") {
        people = teams;
    }
    people.sort_by(|a, b| size(b).cmp(&size(a)).then(a.name.cmp(&b.name)));
    let single = match (top.as_slice(), people.as_slice()) {
        ([whole], [one]) if whole.change() == one.change() && whole.why == one.why => Some(one.name.as_str()),
        _ => None,
    };
    let under = !top.is_empty();
    let mut lines: Vec<Line<'a>> = top.into_iter().map(|restated| Line { restated, under: false, only: single }).collect();
    if single.is_none() {
        lines.extend(people.into_iter().map(|restated| Line { restated, under, only: None }));
    }
    lines
}

/// How large a change is beside the number, from 0 to 1 and above where the sign turns; 1 where there was none, or is none.
fn size(row: &Restated) -> Decimal {
    let (Some(was), Some(now)) = (row.was, row.now) else { return Decimal::ONE };
    let largest = was.abs().max(now.abs());
    row.change().and_then(|change| change.abs().checked_div(largest)).unwrap_or_default().round_dp(6)
}

/// The cells of a line.
fn texts(run: &Run<'_>, earlier: &Earlier, line: &Line<'_>) -> [String; 6] {
    let restated = line.restated;
    let who = if restated.level == "all" { "all".to_owned() } else { restated.name.clone() };
    let number = |value: Option<Decimal>| value.map_or_else(|| "—".to_owned(), plain);
    let why = match line.only {
        Some(name) if restated.why.is_empty() => name.to_owned(),
        Some(name) => format!("{} ({name})", restated.why),
        None => restated.why.clone(),
    };
    let (measure, period) =
        if line.under { (String::new(), String::new()) } else { (label(run, restated), earlier.short(&restated.period).to_owned()) };
    [who, measure, period, number(restated.was), number(restated.now), why]
}

/// The rows of the table: reasons go on in further rows, for a narrow terminal would cut them off.
fn rows(lines: &[(&Line<'_>, [String; 6])]) -> Vec<Row> {
    let widest = |at: usize| {
        let cells = lines.iter().map(|(_, texts)| texts[at].chars().count());
        cells.chain(std::iter::once(HEADINGS[at].len())).max().unwrap_or(0)
    };
    let others: usize = (0..HEADINGS.len() - 1).map(|at| widest(at) + 2).sum();
    let room = NARROW.saturating_sub(others).max(SHORTEST);
    let mut rows = Vec::new();
    for (line, texts) in lines {
        let [.., why] = texts;
        let mut reasons = wrapped(why, room).into_iter();
        let mut cells = texts.clone();
        cells[5] = reasons.next().unwrap_or_default();
        let tone = if line.under { Tone::Plain } else { Tone::Strong };
        let mut add = |cells: [String; 6]| {
            let cell =
                |text: String| Cell { content: if text.is_empty() { Content::Blank } else { Content::Text(text) }, tone: Tone::Plain };
            rows.push(Row { tone, cells: cells.into_iter().map(cell).collect() });
        };
        add(cells);
        for reason in reasons {
            add([String::new(), String::new(), String::new(), String::new(), String::new(), reason]);
        }
    }
    rows
}

/// Reasons in lines of so many characters, broken between two of them, and within one only where it is longer than a line.
fn wrapped(why: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let fits = |line: &str, more: &str| line.chars().count() + 1 + more.chars().count() <= room;
    for reason in why.split_inclusive(", ").map(str::trim_end) {
        match lines.last_mut() {
            Some(line) if fits(line, reason) => *line = format!("{line} {reason}"),
            _ if reason.chars().count() <= room => lines.push(reason.to_owned()),
            _ => {
                let mut line = String::new();
                for word in reason.split(' ') {
                    if line.is_empty() {
                        word.clone_into(&mut line);
                    } else if fits(&line, word) {
                        line = format!("{line} {word}");
                    } else {
                        lines.push(std::mem::replace(&mut line, word.to_owned()));
                    }
                }
                lines.push(line);
            }
        }
    }
    lines
}

fn label(run: &Run<'_>, restated: &Restated) -> String {
    let label = words::measure(run, &restated.measure);
    match restated.unit.as_str() {
        "count" | "XXX" => label,
        "hours" if label.contains("hours") => label,
        unit => format!("{label}, {unit}"),
    }
}

/// Digits without trailing zeros.
fn plain(number: Decimal) -> String {
    number.normalize().to_string()
}

fn table(day: &str, rows: Vec<Row>) -> Table {
    let column = |heading: &str| Column { heading: vec![heading.to_owned()], right: matches!(heading, "was" | "now"), drop: 0 };
    Table { title: format!("Changed since {day}"), groups: Vec::new(), columns: HEADINGS.into_iter().map(column).collect(), rows }
}

/// The records behind the changes, each once.
fn records(since: &Since) -> Option<Block> {
    let column = |heading: &str, drop: u8| Column { heading: vec![heading.to_owned()], right: false, drop };
    let cell = |text: Option<&str>| Cell {
        content: text.filter(|t| !t.is_empty()).map_or(Content::Blank, |text| Content::Text(text.to_owned())),
        tone: Tone::Plain,
    };
    let mut seen = BTreeSet::new();
    let mut rows = Vec::new();
    for moved in since.restated.iter().flat_map(|restated| &restated.records) {
        let Some(record) = moved.now.as_ref().or(moved.was.as_ref()) else { continue };
        let last = |file: &str| file.rsplit('/').next().unwrap_or(file).to_owned();
        let name = match (&record.id, &moved.place, &record.file) {
            (Some(id), ..) => id.clone(),
            (None, Some((file, line)), _) => format!("{}:{line}", last(file)),
            // The line is that of the earlier export.
            (None, None, Some(file)) => format!("{}:{} then", last(file), record.line.unwrap_or_default()),
            (None, None, None) => String::new(),
        };
        let how = moved.how.replace("re_", "re-").replace('_', " ");
        let how = if moved.why.is_empty() { how } else { format!("{how}: {}", moved.why) };
        if seen.insert((name.clone(), how.clone())) {
            let cells = [Some(name.as_str()), record.day.as_deref(), record.owner.as_deref(), moved.says.as_deref(), Some(how.as_str())];
            rows.push(Row { tone: Tone::Plain, cells: cells.into_iter().map(cell).collect() });
        }
    }
    let columns = vec![column("record", 0), column("day", 0), column("owner", 0), column("subject", 1), column("what became of it", 0)];
    (!rows.is_empty()).then(|| Block::Table(Table { title: "Records behind the changes".to_owned(), groups: Vec::new(), columns, rows }))
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn no_reason_is_lost_and_few_are_broken() {
        let why = "2 changed, 2 logged late, 2 undone, 1 gone, 1 re-dated to W46, 1 taken off";
        assert_eq!(wrapped(why, 100), [why]);
        assert_eq!(wrapped(why, 26), ["2 changed, 2 logged late,", "2 undone, 1 gone,", "1 re-dated to W46,", "1 taken off"]);
        assert_eq!(wrapped("there is no person of this name now: 3 re-owned to Bea, 1 gone", 24).join(" ").len(), 62);
        assert_eq!(wrapped("1 re-owned to Wolfeschlegelsteinhausen, 1 gone", 20), ["1 re-owned to", "Wolfeschlegelsteinhausen,", "1 gone"]);
        assert_eq!(wrapped("", 24), Vec::<String>::new());
    }
}
