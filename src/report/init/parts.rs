//! The tables of a drafted configuration, one function each.

use std::collections::{BTreeMap, BTreeSet};

use super::{Out, beside};
use crate::crm::evidence::{Clock, Mapped, Settled, Used, Word};
use crate::crm::field;
use crate::crm::preset::Shape;
use crate::measure::spec::Role;
use crate::measure::spec::reading::quote;
use crate::report::inspect::{as_exported, which_first};
use crate::report::words as spelled;
use crate::table::{KINDS, Kind, OUTCOMES, STATES, Table};
use crate::unit::Value;

/// Words in one line.
const LINE: usize = 8;
/// Subjects that say nothing, one a line.
const SUBJECTS: usize = 20;

pub(super) fn head(out: &mut Out<'_>) {
    let seen = out.draft.seen;
    let files = spelled::count(seen.evidence.paths(), "file");
    out.comment(&format!("leadlag.toml, drafted from {files} as of {}.", seen.as_of));
    out.comment("Lines without # hold without this file too. Lines with # are what was understood, or what you may want to say.");
    if seen.failed {
        out.question("the exports cannot be reported on yet; what has to be answered first:");
        for said in seen.diagnostics.iter().filter(|d| d.severity == crate::diagnostic::Severity::Error) {
            let place = said.location.as_ref().map_or_else(String::new, |l| match l.line {
                Some(line) => format!("{}:{line}: ", l.file),
                None => format!("{}: ", l.file),
            });
            out.comment(&format!("- {place}{}", said.message));
        }
    }
}

pub(super) fn report(out: &mut Out<'_>) {
    out.table("report");
    out.set("report.title", "\"Weekly flash\"", "");
    let draft = out.draft;
    for (path, role, list) in [("report.leads", Role::Lead, &draft.leads), ("report.lags", Role::Lag, &draft.lags)] {
        let quoted: Vec<String> = list.iter().map(|n| quote(n)).collect();
        let what = if role == Role::Lead { "left block, in this order; two to four" } else { "right block" };
        out.set(path, &format!("[{}]", quoted.join(", ")), what);
        let (there, not): (Vec<_>, Vec<_>) =
            draft.measured.iter().filter(|m| m.role == role && !list.contains(&m.name)).partition(|m| m.values.iter().any(tells));
        if !there.is_empty() {
            out.comment("these exports tell, over all their days:");
        }
        for measure in there {
            let values: Vec<String> = measure.values.iter().filter_map(shown).collect();
            out.line(&format!("#   {:<26} {:<14} {}", measure.name, values.join(", "), one_line(&measure.says)));
        }
        if !not.is_empty() {
            let names: Vec<&str> = not.iter().map(|m| m.name.as_str()).collect();
            out.comment(&format!("nothing of: {}", names.join(", ")));
        }
    }
    out.settings_of("report");
}

fn tells(value: &Value) -> bool {
    match value {
        Value::Missing(_) => false,
        Value::Count(n) | Value::Money(n, _) | Value::Minutes(n) => !n.is_zero(),
        Value::Ratio(_) | Value::Days(_) | Value::Date(_) | Value::Text(_) => true,
    }
}

fn shown(value: &Value) -> Option<String> {
    Some(match value {
        Value::Missing(_) => return None,
        Value::Count(n) => n.normalize().to_string(),
        Value::Money(n, currency) => format!("{} {currency}", n.round_dp(0).normalize()).trim_end().to_owned(),
        Value::Minutes(n) => format!("{} hours", (n / rust_decimal::Decimal::from(60)).round_dp(0).normalize()),
        Value::Ratio(x) => format!("{:.0} %", x * 100.0),
        Value::Days(x) => format!("{x:.0} days"),
        Value::Date(day) => day.to_string(),
        Value::Text(text) => text.clone(),
    })
}

pub(super) fn calendar(out: &mut Out<'_>) {
    let seen = out.draft.seen;
    out.table("calendar");
    out.set("calendar.week_starts", "\"monday\"", "or \"sunday\" …");
    if out.is_set("calendar.time_zone") {
        out.set("calendar.time_zone", "", "");
    } else {
        let columns = || seen.evidence.files.iter().flat_map(|f| &f.columns);
        let clock = |wanted: &[Clock]| columns().filter_map(|c| c.dates.as_ref()).any(|d| wanted.contains(&d.clock));
        let timed = clock(&[Clock::Local, Clock::Offset, Clock::Both]);
        let offsets: BTreeSet<&str> = columns().filter(|c| c.dates.is_some()).flat_map(|c| &c.samples).filter_map(|s| offset(s)).collect();
        let hint = match offsets.len() {
            0 => String::new(),
            _ => format!(" (its times are written with {})", offsets.into_iter().collect::<Vec<_>>().join(", ")),
        };
        if timed {
            out.question(&format!(
                "where do you work? A day begins at midnight there, and a late meeting may belong to another day than in {}, which holds now{hint}.",
                seen.calendar.zone_name()
            ));
        } else {
            out.comment("no column has times of day, so that no zone moves anything");
        }
        out.line("# time_zone = \"America/Chicago\"");
    }
    out.set("calendar.fiscal_year_starts", "\"01-01\"", "month and day");
    out.set("calendar.workdays", "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]", "");
    out.set("calendar.holidays", "[]", "days off, such as \"2026-12-25\"");
    out.settings_of("calendar");
}

/// The offset from UTC that a time is written with, unless that is none.
fn offset(text: &str) -> Option<&str> {
    let at = text.rfind(['+', '-']).filter(|at| *at > 10)?;
    let found = text.get(at..)?;
    let digits: String = found.chars().filter(char::is_ascii_digit).collect();
    (matches!(found.len(), 5 | 6) && digits.len() == 4 && digits != "0000").then_some(found)
}

pub(super) fn money(out: &mut Out<'_>) {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    if let Some(loaded) = out.draft.seen.loaded {
        let deals = &loaded.data.deals;
        for currency in (0..deals.len()).filter_map(|row| as_exported(deals, row)) {
            *counts.entry(currency.to_owned()).or_default() += 1;
        }
    }
    if counts.is_empty() && !out.is_set("money.currency") && !out.is_set("money.rates") {
        return;
    }
    out.table("money");
    let unnamed = counts.remove("");
    let found: Vec<String> = counts.iter().map(|(currency, n)| format!("{currency} {n}")).collect();
    if !found.is_empty() {
        out.comment(&format!("currencies that the amounts name, with their deals: {}", found.join(", ")));
    }
    if found.len() > 1 && !out.is_set("money.rates") {
        out.comment("without rates each currency is reported apart");
    }
    if out.is_set("money.currency") {
        out.set("money.currency", "", "of amounts that name none");
    } else if let Some(n) = unnamed {
        out.question(&format!("in which currency are the amounts of {}, which name none?", spelled::count(n, "deal")));
        out.line("# currency = \"USD\"");
    } else {
        out.comment("every amount names its currency, so that none has to be said");
    }
    out.settings_of("money");
}

pub(super) fn inputs(out: &mut Out<'_>) {
    let seen = out.draft.seen;
    out.table("inputs");
    let keys: Vec<String> = Kind::ALL.iter().map(|kind| format!("inputs.{}", kind.name())).chain(["inputs.files".to_owned()]).collect();
    // A file that holds several tables is none of them: its headings say what it holds. Beside such a file the others are named so too,
    // in the order in which they were read, unless somebody has said which table one is.
    let several = |path: &str| seen.evidence.files.iter().filter(|f| f.path == path).count() > 1;
    let told = out.draft.told || keys.iter().any(|key| out.is_set(key));
    let all = !told && seen.evidence.files.iter().any(|f| several(&f.path));
    let mut by: BTreeMap<Option<Kind>, Vec<String>> = BTreeMap::new();
    for file in &seen.evidence.files {
        let kind = (!all && !several(&file.path)).then(|| file.shape.table());
        let (files, path) = (by.entry(kind).or_default(), quote(&(out.draft.place)(&file.path)));
        if !files.contains(&path) {
            files.push(path);
        }
    }
    // Where files are named on the command line, those of the configuration are not read.
    out.settings.retain(|path, _| !keys.contains(path));
    for (kind, files) in by {
        let key = kind.map_or("files", Kind::name);
        if let [only] = files.as_slice() {
            out.line(&format!("{key} = [{only}]"));
        } else {
            out.line(&format!("{key} = ["));
            for file in files {
                out.line(&format!("    {file},"));
            }
            out.line("]");
        }
    }
    for (path, why) in &seen.evidence.unread {
        out.comment(&format!("not read: {path}: {}", why.message));
    }
    dates(out);
    for file in seen.evidence.files.iter().filter(|f| f.bytes.encoding != "UTF-8") {
        out.comment(&format!("{}: {}; encoding = \"…\" says another", file.path, file.bytes.encoding));
    }
    let crms: BTreeSet<&str> = seen.evidence.files.iter().filter(|f| !f.label.is_empty()).map(|f| f.preset.as_str()).collect();
    if !crms.is_empty() && !out.is_set("inputs.crm") {
        let crms: Vec<&str> = crms.into_iter().collect();
        out.line(&beside(&format!("crm = {}", quote(crms[0])), &format!("recognised by the headings: {}", crms.join(", "))));
    }
    for file in seen.evidence.files.iter().filter(|f| !f.verified) {
        out.comment(&format!(
            "{}: the preset {} was written without having seen an export: check it with leadlag inspect",
            file.path, file.preset
        ));
    }
    out.settings_of("inputs");
}

fn dates(out: &mut Out<'_>) {
    let mut settled = Vec::new();
    for file in &out.draft.seen.evidence.files {
        for column in &file.columns {
            match column.dates.as_ref().map(|d| &d.order) {
                Some(Settled::Open { text, line, readings, .. }) => {
                    let each: Vec<String> = readings.iter().map(|r| format!("{} with the {} first", r.cell(), r.order.first())).collect();
                    out.question(&format!(
                        "{} in '{}' of {}? '{text}' on line {line} is {}.",
                        which_first(readings),
                        column.heading,
                        file.path,
                        spelled::list(&each)
                    ));
                    let orders: Vec<String> = readings.iter().map(|r| quote(r.order.name())).collect();
                    if let [first, others @ ..] = orders.as_slice() {
                        out.line(&format!("# date_order = {first}   # or {}", others.join(", ")));
                    }
                }
                Some(Settled::Cell { order, text, line }) => {
                    settled.push(format!("{} of {}: {}, as '{text}' on line {line} says", column.heading, file.path, order.name()));
                }
                _ => {}
            }
        }
    }
    for text in settled {
        out.comment(&format!("order of dates settled in {text}"));
    }
}

pub(super) fn people(out: &mut Out<'_>) {
    let seen = out.draft.seen;
    out.table("people");
    let listed = seen.loaded.is_some_and(|l| l.data.roster.people.iter().any(|p| p.listed));
    let owners: Vec<&str> =
        seen.evidence.people.iter().filter(|w| !w.robot && w.activities + w.deals > 0).map(|w| w.label.as_str()).collect();
    if listed {
        if let Some(unlisted) = seen.loaded.map(|l| &l.reading.unlisted).filter(|list| !list.is_empty()) {
            out.question(&format!("who are these owners of records, whom the roster does not list? {}", unlisted.join(", ")));
            out.comment("add them to the file of people, or their spelling to somebody's aliases");
        }
    } else if !owners.is_empty() {
        out.question("who is in which team, and who leads? A file people.csv says it, named above as people = [\"people.csv\"]:");
        out.line("#   name,team,role,manager,from,to");
        for name in owners.iter().take(40) {
            out.line(&format!("#   {},,rep,,,", one_line(name)));
        }
        if owners.len() > 40 {
            out.comment(&format!("  and {} more", owners.len() - 40));
        }
    }
    out.set("people.leaders_sell", "false", "true: leaders' own numbers are in their team's sum");
    out.settings_of("people");
}

pub(super) fn columns(out: &mut Out<'_>) {
    let mut done: BTreeSet<Kind> = BTreeSet::new();
    for file in &out.draft.seen.evidence.files {
        let (Shape::Records(kind), false) = (file.shape, file.others) else { continue };
        let own = out.settings.keys().any(|path| path.starts_with(&format!("columns.{}.", kind.name())));
        if !file.label.is_empty() && !own || !done.insert(kind) {
            continue;
        }
        let table = format!("columns.{}", kind.name());
        out.table(&table);
        out.comment(&format!("which heading fills what in {}: take the # away where it is another", file.path));
        out.settings_of(&table);
        for column in file.columns.iter().filter(|c| c.used == Used::Own && c.of.is_none() && field::find(kind, c.field).is_some()) {
            let says = format!("{} of {} filled", column.filled, file.rows);
            out.line(&beside(&format!("{} = {}", column.field, quote(&column.heading)), &says));
        }
        if !file.ignored.is_empty() {
            let headings: Vec<String> = file.ignored.iter().take(40).map(|h| quote(h)).collect();
            let more = if file.ignored.len() > 40 { format!(" and {} more", file.ignored.len() - 40) } else { String::new() };
            out.comment(&format!("nothing reads: {}{more}", headings.join(", ")));
        }
    }
}

pub(super) fn words(out: &mut Out<'_>) {
    for (table, vocabularies, values, first, others) in [
        (
            "words.kind",
            &["kind"][..],
            KINDS,
            "meeting",
            "or presentation, call, email, task, proposal, coaching, team, forecast, planning, admin, learning …",
        ),
        ("words.outcome", &["outcome"][..], OUTCOMES, "held", "or scheduled, missed, canceled, unknown"),
        ("words.state", &["state", "stage"][..], STATES, "won", "or open, lost, canceled"),
    ] {
        let all: Vec<&Word> = out.draft.seen.evidence.words.iter().filter(|w| vocabularies.contains(&w.vocabulary)).collect();
        let own = out.settings.keys().any(|path| path.starts_with(&format!("{table}.")));
        if all.is_empty() && !own {
            continue;
        }
        out.table(table);
        out.settings_of(table);
        let unmapped: Vec<(&Word, u64)> = all
            .iter()
            .filter_map(|w| if let Mapped::Unmapped(n) = w.mapped { Some((*w, n)) } else { None })
            .filter(|(w, _)| !w.text.is_empty() && w.vocabulary != "stage")
            .collect();
        if !unmapped.is_empty() {
            out.question(&format!("what do these words mean? {others}"));
            for (word, n) in &unmapped {
                out.line(&beside(
                    &format!("{first} = [{}]", quote(&word.text)),
                    &format!("{n} of {}", spelled::count(word.records, "record")),
                ));
            }
        }
        let mut by: BTreeMap<&str, Vec<&Word>> = BTreeMap::new();
        for word in all.iter().filter(|w| w.mapped == Mapped::Listed && !w.text.is_empty()) {
            if let [(means, _), ..] = word.means.as_slice() {
                by.entry(means).or_default().push(word);
            }
        }
        if !by.is_empty() {
            out.comment("understood without this file, with how many records:");
        }
        for (means, words) in by {
            for some in words.chunks(LINE) {
                let texts: Vec<String> = some.iter().map(|w| quote(&w.text)).collect();
                let counts: Vec<String> = some.iter().map(|w| w.records.to_string()).collect();
                let counts = counts.join(", ");
                // What this table cannot say, such as whom a call reached, is no line of it.
                if values.contains(&means) {
                    out.line(&beside(&format!("{means} = [{}]", texts.join(", ")), &counts));
                } else {
                    out.comment(&format!("{means}: {} ({counts})", texts.join(", ")));
                }
            }
        }
        let elsewhere: Vec<String> = all
            .iter()
            .filter(|w| w.mapped == Mapped::Elsewhere && w.vocabulary != "stage" && !w.text.is_empty())
            .map(|w| format!("{} ({})", quote(&w.text), w.records))
            .collect();
        if table == "words.kind" {
            subjects(out);
        }
        let undecided = all.iter().filter(|w| w.vocabulary == "stage" && matches!(w.mapped, Mapped::Unmapped(_)));
        let undecided: Vec<String> = undecided.map(|w| format!("{} ({})", quote(&w.text), w.records)).collect();
        if !undecided.is_empty() {
            out.comment(&format!("stages that no list has, taken as open; say so here where one is not: {}", undecided.join(", ")));
        }
        if !elsewhere.is_empty() {
            out.comment(&format!("decided by the subject or another column: {}", elsewhere.join(", ")));
        }
    }
}

/// Subjects that say nothing.
fn subjects(out: &mut Out<'_>) {
    let all: Vec<&Word> = out.draft.seen.evidence.words.iter().filter(|w| w.vocabulary == "subject").collect();
    if all.is_empty() {
        return;
    }
    out.question(
        "what were these activities? Neither type nor subject says it, and they count as other. A subject is of the kind that has a word \
         of its beginning, or a phrase from anywhere in it:",
    );
    for word in all.iter().take(SUBJECTS) {
        out.line(&beside(&format!("meeting = [{}]", quote(&word.text)), &spelled::count(word.records, "record")));
    }
    if all.len() > SUBJECTS {
        out.comment(&format!("and {} more subjects, which leadlag inspect -v lists", all.len() - SUBJECTS));
    }
}

pub(super) fn stages(out: &mut Out<'_>) {
    let stages: Vec<&Word> = out.draft.seen.evidence.words.iter().filter(|w| w.vocabulary == "stage").collect();
    if stages.is_empty() && !out.is_set("stages.order") {
        return;
    }
    out.table("stages");
    if out.is_set("stages.order") {
        return out.set("stages.order", "", "");
    }
    let state = |w: &&Word, name: &str| w.mapped == Mapped::Listed && w.means.first().is_some_and(|(means, _)| means == name);
    let open = stages.iter().filter(|w| w.mapped != Mapped::Listed).chain(stages.iter().filter(|w| state(w, "won")));
    let order: Vec<String> = open.map(|w| quote(&w.text)).collect();
    out.question("in which order does a deal go through its stages? These are by how many deals stand there:");
    out.line(&format!("# order = [{}]", order.join(", ")));
}

pub(super) fn outcome(out: &mut Out<'_>) {
    let assumed = out.draft.seen.facts.map_or(0, |facts| facts.assumed.iter().filter(|a| **a).count());
    let set = out.is_set("outcome.blank") || out.is_set("outcome.missed");
    let boxes: Vec<&str> = out
        .draft
        .seen
        .evidence
        .files
        .iter()
        .flat_map(|f| &f.ignored)
        .map(String::as_str)
        .filter(|h| ["noshow", "missed", "didnotattend"].iter().any(|mark| crate::crm::fold::fold(h).contains(mark)))
        .collect();
    if assumed == 0 && !set && boxes.is_empty() {
        return;
    }
    out.table("outcome");
    if assumed > 0 && !out.is_set("outcome.blank") {
        out.comment(&format!(
            "{assumed} past activities do not say whether they took place and count as held, where their kind hardly ever says it"
        ));
        out.line(&beside("blank = \"unknown\"", "shows them apart instead; \"held\" counts every blank"));
    }
    for heading in boxes.into_iter().filter(|_| !out.settings.contains_key("outcome.missed")).collect::<Vec<_>>() {
        out.question("does this box mark a customer who did not come?");
        out.line(&format!("# missed = {}", quote(heading)));
    }
    out.settings_of("outcome");
}

pub(super) fn minutes(out: &mut Out<'_>) {
    let lacking = out.draft.seen.loaded.map_or_else(BTreeMap::new, |l| untimed(&l.data.activities));
    let own: BTreeSet<String> = out.settings.keys().filter_map(|path| path.strip_prefix("minutes.")).map(str::to_owned).collect();
    if lacking.is_empty() && own.is_empty() {
        return;
    }
    out.table("minutes");
    out.settings_of("minutes");
    for (kind, (without, all)) in lacking.iter().filter(|(kind, _)| !own.contains(*kind)) {
        out.line(&beside(&format!("{kind} = 45"), &format!("{without} of {all} say no length: client hours leave them out")));
    }
}

/// Per kind of activity whose length counts: how many of how many say none.
fn untimed(table: &Table) -> BTreeMap<String, (u64, u64)> {
    let mut counts: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for row in (0..table.len()).filter(|row| table.used(*row)) {
        let Some(kind) = table.text("kind", row).filter(|kind| matches!(*kind, "meeting" | "presentation" | "call")) else { continue };
        let of = counts.entry(kind.to_owned()).or_default();
        of.1 += 1;
        of.0 += u64::from(table.column("minutes").and_then(|c| c.number(row)).is_none_or(|n| n <= 0));
    }
    counts.retain(|_, (without, _)| *without > 0);
    counts
}

/// A text without line breaks or control characters, as a comment must have it.
fn one_line(text: &str) -> String {
    let clean: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.split_whitespace().collect::<Vec<_>>().join(" ")
}
