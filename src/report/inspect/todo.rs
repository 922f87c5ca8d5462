//! What somebody has to look at or answer, before anything else.

use super::{Inspection, brief, file, note, spelled};
use crate::crm::evidence::{Clock, Mapped, Settled, Word};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::document::{Block, Note, Tone};
use crate::report::trust;
use crate::table::Kind;

/// Words named in one line.
const WORDS: usize = 4;

/// What to look at; one line says so where there is nothing.
pub(super) fn block(run: &Inspection<'_>) -> Option<Block> {
    let mut notes = questions(run);
    notes.extend(unverified(run));
    for (vocabulary, what) in [
        ("kind", "the kind of activity"),
        ("subject", "the kind of activity"),
        ("outcome", "whether it took place"),
        ("state", "the state of a deal"),
    ] {
        notes.extend(unmapped(run, vocabulary, what));
    }
    notes.extend(zone(run));
    notes.extend(people(run));
    notes.extend(nothing_used(run));
    notes.extend(won(run));
    notes.extend(refused(run));
    notes.extend(warnings(run));
    if notes.is_empty() && run.evidence.files.is_empty() {
        return None;
    }
    if notes.is_empty() {
        let parts = vec!["every date, word and person is understood, and no record is refused".to_owned()];
        return Some(Block::Notes(vec![Note { label: "Nothing to ask".to_owned(), tone: Tone::Good, parts }]));
    }
    let mut first = true;
    for line in &mut notes {
        line.label = if std::mem::take(&mut first) { "Look at".to_owned() } else { String::new() };
    }
    Some(Block::Notes(notes))
}

/// What has to be answered before the exports can be reported on.
fn questions(run: &Inspection<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    for seen in &run.evidence.files {
        for column in &seen.columns {
            let Some(Settled::Open { readings, .. }) = column.dates.as_ref().map(|d| &d.order) else { continue };
            let orders: Vec<String> = readings.iter().map(|r| format!("\"{}\"", r.order.name())).collect();
            notes.push(bad(vec![
                format!("{}: {} in '{}'?", seen.path, file::which_first(readings), column.heading),
                format!("date_order = {} under [inputs], or --date-order, settles it", orders.join(" or ")),
            ]));
        }
    }
    let stops = |code: Code| {
        matches!(
            code,
            Code::AmbiguousTable
                | Code::UnrecognisedHeadings
                | Code::WrongTable
                | Code::NoInput
                | Code::DuplicateExport
                | Code::NotFound
                | Code::Unreadable
                | Code::EmptyFile
                | Code::NotATable
                | Code::Unsupported
                | Code::BadTarget
                | Code::FilterColumn
        )
    };
    for said in run.diagnostics.iter().filter(|d| run.failed && d.severity == Severity::Error && stops(d.code)) {
        let place = said.location.as_ref().map_or_else(String::new, |l| format!("{}: ", l.file));
        let mut parts = vec![format!("{place}{}", brief(&said.message, 200))];
        parts.extend(said.hints.first().cloned());
        notes.push(bad(parts));
    }
    notes.dedup_by(|a, b| a.parts == b.parts);
    notes
}

fn bad(parts: Vec<String>) -> Note {
    Note { tone: Tone::Bad, ..note("", parts) }
}

fn unverified(run: &Inspection<'_>) -> Option<Note> {
    let mut crms: Vec<&str> = run.evidence.files.iter().filter(|seen| !seen.verified).map(|seen| seen.label.as_str()).collect();
    crms.dedup();
    let names: Vec<String> = crms.into_iter().map(str::to_owned).collect();
    (!names.is_empty()).then(|| {
        let list = spelled::list(&names);
        note("", vec![format!("what is known of {list} was written without having seen an export: check columns and words")])
    })
}

fn unmapped(run: &Inspection<'_>, vocabulary: &str, what: &str) -> Option<Note> {
    let words: Vec<(&Word, u64)> = run
        .evidence
        .words
        .iter()
        .filter(|w| w.vocabulary == vocabulary)
        .filter_map(|w| if let Mapped::Unmapped(n) = w.mapped { Some((w, n)) } else { None })
        .collect();
    let records: u64 = words.iter().map(|(_, n)| n).sum();
    let shown: Vec<String> = words.iter().take(WORDS).map(|(w, n)| format!("'{}' ({n})", brief(&w.text, 30))).collect();
    let more = if words.len() > WORDS { format!(" and {} more", words.len() - WORDS) } else { String::new() };
    (records > 0).then(|| {
        let first = if vocabulary == "subject" {
            format!("{what} is not known of {}: neither type nor subject says it", spelled::count(records, "record"))
        } else {
            format!("{what} is not known of {}", spelled::count(records, "record"))
        };
        note("", vec![first, format!("{}{more}", shown.join(", "))])
    })
}

fn people(run: &Inspection<'_>) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some(loaded) = run.loaded.filter(|l| !l.reading.unlisted.is_empty()) {
        let names = &loaded.reading.unlisted;
        let shown: Vec<String> = names.iter().take(WORDS).map(|name| brief(name, 30)).collect();
        let more = if names.len() > WORDS { format!(" and {} more", names.len() - WORDS) } else { String::new() };
        let verb = if names.len() == 1 { "is" } else { "are" };
        notes.push(note("", vec![format!("{}{more} {verb} not on the roster: shown, in no team", shown.join(", "))]));
    }
    if let Some(loaded) = run.loaded {
        for (table, name) in [(&loaded.data.activities, "activities"), (&loaded.data.deals, "deals")] {
            let used = (0..table.len()).filter(|row| table.used(*row)).count() as u64;
            let nobody = (0..table.len()).filter(|row| table.used(*row) && table.text("owner", *row).is_none()).count() as u64;
            if nobody > 0 {
                let all = if nobody == used { "none of the" } else { "no owner is known of" };
                let says = if nobody == used {
                    format!("{all} {used} {name} names a person, nor does a deal or account for it: they count in the whole alone")
                } else {
                    format!("{all} {nobody} of {used} {name}: they are shown under (no owner)")
                };
                notes.push(note("", vec![says]));
            }
        }
    }
    notes
}

/// Times of day whose day depends on a zone that nobody has named.
fn zone(run: &Inspection<'_>) -> Option<Note> {
    let timed = |clock: Clock| matches!(clock, Clock::Local | Clock::Offset | Clock::Both);
    let any = run.evidence.files.iter().flat_map(|f| &f.columns).filter_map(|c| c.dates.as_ref()).any(|d| timed(d.clock));
    (any && !run.zone_said).then(|| {
        let says = format!("days begin at midnight in {}: time_zone under [calendar] says where you work", run.calendar.zone_name());
        note("", vec![says])
    })
}

/// Files of activities or deals of which no record is used.
fn nothing_used(run: &Inspection<'_>) -> Vec<Note> {
    let countable = [Kind::Activities.name(), Kind::Deals.name()];
    let coverage = run.coverage();
    let empty = coverage.iter().filter(|c| run.facts.is_some() && c.read > 0 && c.used == 0 && countable.contains(&c.table.as_str()));
    empty
        .map(|c| {
            let mut why: Vec<String> = c.left_out.iter().map(|(reason, n)| trust::because(reason, n.as_u64().unwrap_or(0))).collect();
            if c.refused > 0 {
                why.push(format!("{} refused", c.refused));
            }
            note("", vec![format!("{}: none of its {} is used: {}", c.path, spelled::count(c.read, "record"), why.join(", "))])
        })
        .collect()
}

/// Deals of which none is won: then the word for it may be one that nobody has told.
fn won(run: &Inspection<'_>) -> Option<Note> {
    let deals = &run.loaded?.data.deals;
    let none = !deals.is_empty() && (0..deals.len()).all(|row| !deals.used(row) || deals.text("state", row) != Some("won"));
    (none && !run.failed && (0..deals.len()).any(|row| deals.used(row)))
        .then(|| note("", vec!["no deal is won: if one is, say which word means it under [words.state]: won = [\"…\"]".to_owned()]))
}

/// What else was warned of: one line for each sort, the first of it in words.
fn warnings(run: &Inspection<'_>) -> Vec<Note> {
    let said_here = |code: Code| matches!(code, Code::UnknownWord | Code::UnknownOwner | Code::Unattributable);
    let unread = |d: &Diagnostic| run.evidence.unread.iter().any(|(path, _)| d.location.as_ref().is_some_and(|l| l.file == *path));
    let mut by: Vec<(Code, &Diagnostic, u64)> = Vec::new();
    for warning in run.diagnostics.iter().filter(|d| d.severity == Severity::Warning && !said_here(d.code) && !unread(d)) {
        match by.iter_mut().find(|(code, ..)| *code == warning.code) {
            Some((.., n)) => *n += 1,
            None => by.push((warning.code, warning, 1)),
        }
    }
    by.into_iter()
        .map(|(_, first, n)| {
            let place = first.location.as_ref().map_or_else(String::new, |l| match l.line {
                Some(line) => format!("{}:{line}: ", l.file),
                None => format!("{}: ", l.file),
            });
            let mut parts = vec![format!("{place}{}", brief(&first.message, 200))];
            if n > 1 {
                parts.push(format!("and {} more like it", n - 1));
            }
            note("", parts)
        })
        .collect()
}

fn refused(run: &Inspection<'_>) -> Option<Note> {
    let all = &run.evidence.refused;
    let records = all.iter().filter(|r| r.whole).count() as u64;
    let cells = all.len() as u64 - records;
    let mut parts = Vec::new();
    if records > 0 {
        parts.push(format!("{} refused", spelled::count(records, "record")));
    }
    if cells > 0 {
        parts.push(format!("{} not understood and taken as blank", spelled::count(cells, "cell")));
    }
    if parts.is_empty() {
        return None;
    }
    parts.push(format!("leadlag inspect{} --refused refused.csv lists them", run.again()));
    Some(note("", parts))
}
