//! What the numbers stand on: every record accounted for, what was assumed, how far the exports reach.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::{Run, command, words};
use crate::calendar::Period;
use crate::diagnostic::Diagnostic;
use crate::document::{Coverage, Note, Tone};
use crate::facts::{ENDED_AFTER, LOOK_BACK};
use crate::measure::{Entity, Level};
use crate::table::{Data, Kind, Reason, Source, Table};

/// So many records are looked at together.
const PART: usize = 1 << 12;

/// Why the records of a table are not used that no number needs; the file is named under `not used`.
const NOT_NEEDED: &str = "not_needed";

/// What was read from each source, and the accounting identity: read = used + left out + refused.
pub(super) fn coverage(data: &Data) -> Vec<Coverage> {
    data.sources
        .iter()
        .enumerate()
        .map(|(index, source)| {
            let (used, left_out) = tally(data, index as u16, source);
            Coverage {
                path: source.path.clone(),
                table: source.table.clone(),
                crm: source.crm.clone(),
                bytes: source.bytes,
                xxh3: source.xxh3.clone(),
                through: source.through.map(|d| d.to_string()),
                read: source.read,
                used,
                left_out: left_out.into_iter().map(|(reason, n)| (reason.to_owned(), n.into())).collect(),
                refused: source.refused,
            }
        })
        .collect()
}

fn tables(data: &Data, source: u16) -> Option<&Table> {
    [&data.activities, &data.deals].into_iter().find(|table| table.file.contains(source))
}

/// How many records of a source are used, and how many are left out by reason.
fn tally(data: &Data, index: u16, source: &Source) -> (u64, BTreeMap<&'static str, u64>) {
    let mut left_out = BTreeMap::new();
    let Some(table) = tables(data, index) else {
        let twice = |row: &usize| data.commitments.file[*row] == index && !data.commitments.used(*row);
        if source.table == Kind::Commitments.name() {
            let n = (0..data.commitments.len()).filter(twice).count() as u64;
            left_out.extend(Some((Reason::Duplicate.name(), n)).filter(|_| n > 0));
            return (source.merged.saturating_sub(n), left_out);
        }
        let mut used = source.merged;
        if source.table == Kind::Stages.name() {
            let stages = &data.stages;
            for reason in [Reason::Duplicate, Reason::DatedAhead] {
                let n = (0..stages.len()).filter(|row| stages.file[*row] == index && stages.left_out[*row] == reason as u8).count() as u64;
                left_out.extend(Some((reason.name(), n)).filter(|_| n > 0));
                used = used.saturating_sub(n);
            }
        }
        left_out.extend([(Reason::Deleted.name(), source.deleted), (NOT_NEEDED, source.unneeded)].into_iter().filter(|(_, n)| *n > 0));
        return (used, left_out);
    };
    let mut counts = [0_u64; 256];
    for (part, left_out) in table.left_out.chunks(PART).enumerate() {
        let rows = part * PART..part * PART + left_out.len();
        // Most records stand beside others of their file, and are used like these.
        if table.file.only(rows.clone()) == Some(index) && left_out.iter().fold(0, |out, reason| out | reason) == 0 {
            counts[0] += rows.len() as u64;
            continue;
        }
        for (_, code) in table.file.rows(rows).zip(left_out).filter(|(file, _)| *file == index) {
            counts[usize::from(*code)] += 1;
        }
    }
    let named = (0..=u8::MAX).zip(counts).filter_map(|(code, n)| Some((Reason::from_code(code)?.name(), n)));
    left_out.extend(named.filter(|(_, n)| *n > 0));
    (counts[0], left_out)
}

/// Sources of which not every record is accounted for: a bug of ours, and never to be passed over.
pub fn unaccounted(data: &Data) -> Vec<Diagnostic> {
    coverage(data)
        .into_iter()
        .filter_map(|c| {
            let out: u64 = c.left_out.values().filter_map(serde_json::Value::as_u64).sum();
            (c.read != c.used + out + c.refused).then(|| {
                Diagnostic::error(
                    crate::diagnostic::Code::Accounting,
                    format!(
                        "{} records read are not {} used + {out} left out + {} refused: this is a bug in leadlag",
                        c.read, c.used, c.refused
                    ),
                )
                .at(crate::diagnostic::Location::file(c.path))
            })
        })
        .collect()
}

/// The activities that the page's leads count, of whomever the page shows.
fn on_page(run: &Run<'_>, period: &Period) -> Result<BTreeSet<usize>, Diagnostic> {
    let mut rows = BTreeSet::new();
    for name in &run.leads {
        if let Some(measure) = run.engine.measure(name)
            && run.engine.kind_of(measure) == Kind::Activities
        {
            let only = run.owner.or(run.team.map(Entity::Team));
            match only {
                Some(entity) => rows.extend(run.engine.evidence(measure, entity, period)?.into_iter().flat_map(|e| e.counted)),
                None => rows.extend(run.engine.rows_in(measure, period)?),
            }
        }
    }
    Ok(rows)
}

/// The trust block.
pub(super) fn block(run: &Run<'_>, first: Option<&str>) -> Result<Vec<Note>, Diagnostic> {
    let period = run.period();
    let shown = on_page(run, period)?;
    let coverage = coverage(run.data);
    let mut notes = vec![read(&coverage, Some(shown.len()))];
    let mut line = |label: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            notes.push(Note { label: format!("  {label}"), tone: Tone::Plain, parts });
        }
    };
    line("not on it", not_on_it(run, period, &shown));
    line("left out", left_out(&coverage));
    line("refused", refused(run, &coverage));
    line("assumed", assumed(run, period, &shown));
    line("converted", converted(run));
    line("names", names(run));
    line("unknown", unknown(run, period));
    line("looks back", looks_back(run));
    line("not used", run.reading.unused.iter().map(|(path, why)| format!("{path}: {why}")).collect());
    line("see", vec![see(run, first)]);
    Ok(notes)
}

/// How many records of each table were read and what became of them; how many activities the page shows, where it shows any.
pub(super) fn read(coverage: &[Coverage], shown: Option<usize>) -> Note {
    let mut parts = Vec::new();
    for table in ["activities", "deals", "values"] {
        let of: Vec<&Coverage> = coverage.iter().filter(|c| c.table == table).collect();
        if of.is_empty() {
            continue;
        }
        let sum = |f: fn(&Coverage) -> u64| of.iter().map(|c| f(c)).sum::<u64>();
        let (read, used, refused) = (sum(|c| c.read), sum(|c| c.used), sum(|c| c.refused));
        let on_page = shown.filter(|_| table == "activities").map_or_else(String::new, |shown| format!(" ({shown} on this page)"));
        let out = read - used - refused;
        let left_out = if out > 0 { format!(" + {out} left out") } else { String::new() };
        let refused = if refused > 0 { format!(" + {refused} refused") } else { String::new() };
        parts.push(format!("{table} {read} read = {used} used{on_page}{left_out}{refused}"));
    }
    Note { label: "Trust".to_owned(), tone: Tone::Strong, parts }
}

/// Activities that are used but not counted on the page, by why not.
fn not_on_it(run: &Run<'_>, period: &Period, shown: &BTreeSet<usize>) -> Vec<String> {
    let table = &run.data.activities;
    let mut counts: BTreeMap<(u8, &str), u64> = BTreeMap::new();
    let mut here = vec![false; table.len()];
    for row in shown {
        here[*row] = true;
    }
    // Most lie in other periods: of these nothing but the day is looked at.
    let (mut dated, mut within) = (0_u64, Vec::new());
    let others = || (0..table.len()).filter(|row| table.used(*row) && !here[*row]);
    if let Some(days) = table.column("day") {
        for (row, day) in others().filter_map(|row| Some((row, days.day(row)?))) {
            dated += 1;
            if period.range.contains(day) {
                within.push(row);
            }
        }
    }
    let apart = [((7, "without a date"), others().count() as u64 - dated), ((6, "in other periods"), dated - within.len() as u64)];
    counts.extend(apart.into_iter().filter(|(_, n)| *n > 0));
    for row in within {
        let group = match (table.text("kind", row).unwrap_or("other"), table.text("outcome", row)) {
            ("email" | "task" | "note", _) => (0, "e-mails, tasks and notes"),
            ("coaching" | "team" | "forecast" | "planning" | "recruiting" | "admin" | "learning" | "travel", _) => (1, "internal"),
            ("meeting" | "presentation", _) if table.flag("internal", row) == Some(true) => (1, "internal"),
            (_, Some("scheduled")) => (2, "planned"),
            (_, Some("missed" | "canceled")) => (3, "no-shows and canceled"),
            (_, Some("unknown")) => (4, "of unknown outcome"),
            _ => (5, "of other kinds or measures"),
        };
        *counts.entry(group).or_default() += 1;
    }
    counts.into_iter().map(|((_, what), n)| format!("{n} {what}")).collect()
}

fn left_out(coverage: &[Coverage]) -> Vec<String> {
    let mut by: BTreeMap<&str, u64> = BTreeMap::new();
    for c in coverage.iter().filter(|c| [Kind::Activities.name(), Kind::Deals.name()].contains(&c.table.as_str())) {
        for (reason, n) in c.left_out.iter().filter(|(reason, _)| *reason != NOT_NEEDED) {
            *by.entry(reason).or_default() += n.as_u64().unwrap_or(0);
        }
    }
    by.into_iter().map(|(reason, n)| because(reason, n)).collect()
}

/// How many records are left out for a reason.
pub(super) fn because(reason: &str, n: u64) -> String {
    let one = n == 1;
    let words = match reason {
        "deleted" => "deleted",
        "duplicate" if one => "duplicate",
        "recurring_parent" if one => "parent of a recurring series",
        "group_child" if one => "attendee's copy of a meeting",
        "robot" if one => "by a robot",
        "recurring_parent" => "parents of a recurring series",
        "group_child" => "attendees' copies of a meeting",
        "system_kind" => "written by the CRM itself",
        "robot" => "by robots",
        "duplicate" => "duplicates",
        "dated_ahead" => "dated ahead",
        "filtered" => "taken out by your filter",
        NOT_NEEDED => "that no number needs",
        other => other,
    };
    format!("{n} {words}")
}

fn refused(run: &Run<'_>, coverage: &[Coverage]) -> Vec<String> {
    let records: u64 = coverage.iter().map(|c| c.refused).sum();
    let mut parts = Vec::new();
    if records > 0 {
        parts.push(format!("{} (said on stderr, each with file and line)", words::count(records, "record")));
    }
    if run.reading.cells > 0 {
        parts.push(format!("{} taken as blank", words::count(run.reading.cells, "cell")));
    }
    parts
}

fn assumed(run: &Run<'_>, period: &Period, shown: &BTreeSet<usize>) -> Vec<String> {
    let table = &run.data.activities;
    let mut parts = Vec::new();
    let count = |f: &dyn Fn(usize) -> bool| shown.iter().filter(|r| f(**r)).count();
    let held = count(&|r| run.facts.assumed.get(r).copied().unwrap_or(false));
    if held > 0 {
        parts.push(format!("held: {held} without an outcome"));
    }
    let customers = |r: usize| table.flag("customer_meeting", r) == Some(true);
    let prospects =
        count(&|r| customers(r) && run.facts.prospect_assumed.get(r).copied().unwrap_or(false) && table.flag("prospect", r) == Some(true));
    if prospects > 0 {
        let back = run.facts.deals.first.map_or_else(String::new, |first| format!("; deals reach back to {first}"));
        let meetings = words::count(prospects as u64, "meeting");
        parts.push(format!("prospects: {meetings} with accounts without an earlier win{back}"));
    }
    let business = ["deals_created", "pipeline_created", "new_prospect_meetings"];
    if run.facts.new_business_assumed > 0 && run.leads.iter().any(|l| business.contains(&l.as_str())) {
        parts.push(format!("new business: {} deals without a type, of accounts without an earlier win", run.facts.new_business_assumed));
    }
    if run.facts.owner_from_deal > 0 {
        parts.push(format!("owner from deal: {}", run.facts.owner_from_deal));
    }
    if run.facts.owner_from_account > 0 {
        parts.push(format!("owner from account: {}", run.facts.owner_from_account));
    }
    if run.facts.deal_owner_from_account > 0 {
        parts.push(format!("deals' owner from account: {}", run.facts.deal_owner_from_account));
    }
    let shared = run.data.splits.keys().filter(|row| run.data.deals.used(**row)).count() as u64;
    if shared > 0 {
        parts.push(format!("money shared by several people: {}", words::count(shared, "deal")));
    }
    if run.reading.shared_close {
        parts.push("won on the CRM's one close date".to_owned());
    }
    let late = late_starters(run, period);
    if late > 0 {
        parts.push(format!("won before their owner of today began: {late} deals"));
    }
    if let Some(heading) = run.reading.amount_heading.as_ref().filter(|_| run.lags.iter().any(|l| l == "revenue")) {
        parts.push(format!("revenue is '{heading}' of won deals, by today's owner"));
    }
    parts
}

/// More people than this whose names are written in several ways are only counted.
const NAMED: usize = 3;

/// Who was taken for whom because one name is written in several ways.
fn names(run: &Run<'_>) -> Vec<String> {
    let all = &run.reading.spellings;
    let mut parts: Vec<String> = all
        .iter()
        .take(NAMED)
        .map(|(name, others)| {
            let shown: Vec<String> = others.iter().take(NAMED).map(|o| format!("'{o}'")).collect();
            let more = if others.len() > NAMED { " …" } else { "" };
            format!("{}{more} = {name}", shown.join(", "))
        })
        .collect();
    if all.len() > NAMED {
        parts.push(format!("{} more people in several spellings (each with -v)", all.len() - NAMED));
    }
    parts
}

/// At which rates the amounts of other currencies were converted, and how many could not be.
fn converted(run: &Run<'_>) -> Vec<String> {
    let Some(conversion) = &run.facts.conversion else { return Vec::new() };
    let deals = &run.data.deals;
    let mut by: BTreeMap<&str, Vec<Decimal>> = BTreeMap::new();
    for row in (0..deals.len()).filter(|row| deals.used(*row)) {
        if let Some(rate) = conversion.rate.get(row).copied().flatten() {
            by.entry(deals.text("original_currency", row).unwrap_or_default()).or_default().push(rate);
        }
    }
    let mut parts: Vec<String> = by
        .iter()
        .filter_map(|(currency, rates)| {
            let (least, most) = (rates.iter().min()?, rates.iter().max()?);
            let at = if least == most { least.to_string() } else { format!("{least} to {most}") };
            Some(format!("{} at {at}", words::count(rates.len() as u64, &format!("{currency} deal"))))
        })
        .collect();
    if let Some(last) = parts.last_mut() {
        let _ =
            write!(last, " into {} by {} (rates of the closing day, for open deals of {})", conversion.home, conversion.file, run.as_of);
    }
    let mut lacking: BTreeMap<&str, u64> = BTreeMap::new();
    for row in (0..deals.len()).filter(|row| deals.used(*row) && run.facts.unconverted(deals, *row)) {
        *lacking.entry(deals.text("original_currency", row).unwrap_or_default()).or_default() += 1;
    }
    parts.extend(
        lacking.into_iter().map(|(currency, n)| format!("{} not converted: no rate", words::count(n, &format!("{currency} deal")))),
    );
    parts
}

/// Deals won in the period whose owner of today began only after the close.
fn late_starters(run: &Run<'_>, period: &Period) -> usize {
    let deals = &run.data.deals;
    let closed = deals.column("closed_on");
    (0..deals.len())
        .filter(|row| {
            let Some(day) = closed.and_then(|days| days.day(*row)).filter(|day| period.range.contains(*day)) else { return false };
            if !deals.used(*row) || deals.text("state", *row) != Some("won") {
                return false;
            }
            let owner = deals.text("owner", *row).and_then(|name| run.data.roster.person(name));
            owner.and_then(|p| run.data.roster.people[p as usize].first_day()).is_some_and(|first| day < first)
        })
        .count()
}

fn unknown(run: &Run<'_>, period: &Period) -> Vec<String> {
    let table = &run.data.activities;
    let mut parts = Vec::new();
    let days = table.column("day");
    let falls = |row: usize| days.and_then(|days| days.day(row)).is_some_and(|day| period.range.contains(day));
    let here: Vec<usize> = (0..table.len()).filter(|row| table.used(*row) && falls(*row)).collect();
    let held = |r: &&usize| table.flag("customer_meeting", **r) == Some(true) && table.text("outcome", **r) == Some("held");
    let prospect = here.iter().filter(held).filter(|r| table.flag("prospect", **r).is_none()).count();
    if prospect > 0 {
        parts.push(format!("prospect unknown: {prospect} meetings without an account, or without deals to look at"));
    }
    let outcome =
        here.iter().filter(|r| table.flag("customer_meeting", **r) == Some(true) && table.text("outcome", **r) == Some("unknown")).count();
    if outcome > 0 {
        parts.push(format!("outcome unknown: {outcome} meetings"));
    }
    for (person, n) in outside(run, &here) {
        parts.push(format!("{}: {n} before the first or after the last day with us, in no team", run.name(Entity::Owner(person))));
    }
    for name in run.shown() {
        let measure = run.engine.measure(&name);
        if let Some(from) = measure.and_then(|m| run.engine.knows_from(m)).filter(|from| period.range.first < *from) {
            parts.push(format!("{}: counted from {from} on, when the exports reach back far enough", words::measure(run, &name)));
        }
    }
    let (other, all) = run.reading.other_kinds;
    if other * 10 > all && all > 0 {
        parts.push(format!("kind unknown: {other} of {all} activities (say what their words mean under [words.kind])"));
    }
    for name in run.shown() {
        if let Some(part) = known_of(run, &name, period) {
            parts.push(part);
        }
    }
    parts
}

/// Activities of people who were not yet or no longer with us, by person.
fn outside(run: &Run<'_>, rows: &[usize]) -> BTreeMap<u32, u64> {
    let table = &run.data.activities;
    let mut counts = BTreeMap::new();
    for row in rows {
        let person = table.text("owner", *row).and_then(|name| run.data.roster.person(name));
        if let (Some(person), Some(day)) = (person, table.day("day", *row))
            && run.data.roster.people.get(person as usize).is_some_and(|p| !p.employed_on(day))
        {
            *counts.entry(person).or_default() += 1;
        }
    }
    counts
}

/// Of how many records a summed column is known, where it is not all of them.
fn known_of(run: &Run<'_>, name: &str, period: &Period) -> Option<String> {
    let measure = run.engine.measure(name)?;
    let crate::measure::spec::Aggregate::Sum(column) = &measure.spec.value else { return None };
    let table = run.data.table(measure.spec.from)?;
    let rows = run.engine.rows_in(measure, period).ok()?;
    let filled = |row: &&usize| table.column(column).is_some_and(|c| c.amount(**row).is_some() || c.number(**row).is_some());
    let (records, known) = (rows.len(), rows.iter().filter(filled).count());
    (known < records).then(|| format!("{}: {column} known for {known} of {records}", words::measure(run, name)))
}

fn looks_back(run: &Run<'_>) -> Vec<String> {
    let mut parts = Vec::new();
    let reach = |name: &str, reach: crate::facts::Reach| {
        let first = reach.first?;
        let end = match (reach.ended, reach.last) {
            (true, Some(last)) => format!(", ended {last}"),
            _ => String::new(),
        };
        Some(format!("{name} since {first}{end}"))
    };
    let young = run.facts.activities.first.is_some_and(|first| run.period().range.first.0 - first.0 < LOOK_BACK);
    let inside = run.facts.activities.first.is_some_and(|first| first < run.period().range.first);
    if young && inside && run.leads.iter().any(|l| l == "new_prospect_meetings") {
        let days = run.facts.activities.first.map_or(0, |first| (run.period().range.first.0 - first.0).max(0));
        parts.push(format!("new: no meeting with them in the {days} days that there is data for, not 180"));
    }
    parts.extend(reach("activities", run.facts.activities));
    parts.extend(reach("deals", run.facts.deals));
    if let Some(through) = run.facts.through {
        let old =
            |s: &&Source| ["activities", "deals"].contains(&s.table.as_str()) && s.through.is_some_and(|t| through.0 - t.0 >= ENDED_AFTER);
        for source in run.data.sources.iter().filter(old) {
            parts.push(format!("{} ended {}", source.path, source.through.map(|d| d.to_string()).unwrap_or_default()));
        }
    }
    let people = run.data.roster.people.iter().filter(|p| p.listed).count();
    if people > 0 && run.reading.unlisted.is_empty() {
        parts.push(format!("all {people} people matched"));
    } else if people > 0 {
        parts.push(format!("not on the roster: {}", words::list(&run.reading.unlisted)));
    }
    parts.push(format!("time zone {}", run.calendar.zone_name()));
    parts
}

/// The command that shows the records behind a number of the page: of whom it says to talk to first.
fn see(run: &Run<'_>, first: Option<&str>) -> String {
    let measure = run.leads.first().or(run.lags.first()).map_or("revenue", String::as_str);
    command::explain(measure, &run.inputs, first.map(|name| (Level::Owner, name)), run.period())
}
