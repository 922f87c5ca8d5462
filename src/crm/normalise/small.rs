//! The small tables: accounts, leads, targets, stage history.

use std::collections::{BTreeMap, BTreeSet};

use super::builder::Builder;
use super::{Known, Problems, amounts, brief, code_of, flags, moments};
use crate::calendar::{Calendar, Day, Grain};
use crate::crm::Settings;
use crate::crm::fold::fold;
use crate::crm::merged::Gone;
use crate::crm::part::Part;
use crate::crm::preset::Shape;
use crate::crm::value::{self, Order};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Reason, StageWord, Table};

fn of(parts: &[Part], kind: Kind) -> impl Iterator<Item = &Part> {
    parts.iter().filter(move |p| p.shape == Shape::Records(kind))
}

/// Understands the accounts of every file.
pub(in crate::crm) fn accounts(parts: &[Part], known: &mut Known, settings: &Settings, problems: &mut Problems) -> Table {
    let mut builder = Builder::new(Kind::Accounts);
    let mut gone = Vec::new();
    let merged = Gone::new(parts, Kind::Accounts);
    for part in of(parts, Kind::Accounts) {
        let since = moments(part, "customer_since", settings, problems);
        let deleted = flags(part, "deleted", problems);
        for row in 0..part.len() {
            let index = builder.row(part, row);
            let account = known.accounts.enter(part.text("id", row), part.text("name", row), None);
            let owner = known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row));
            let label = account.and_then(|a| known.account.get(a as usize));
            builder.text("id", label);
            builder.text("name", part.text("name", row));
            builder.text("owner", owner.and_then(|o| known.person.get(o as usize)).map(String::as_str));
            builder.day("customer_since", since.get(row).map(|m| m.day));
            builder.text("segment", part.text("segment", row));
            builder.text("region", part.text("region", row));
            if deleted.get(row) == Some(true) || merged.survivor(part, row, &known.accounts).is_some() {
                gone.push(index);
            }
        }
    }
    left_out(builder.finish(&[]), gone)
}

/// The table without the records that the CRM has deleted.
fn left_out(mut table: Table, deleted: Vec<usize>) -> Table {
    for row in deleted {
        table.leave_out(row, Reason::Deleted);
    }
    table
}

/// Understands the leads of every file.
pub(in crate::crm) fn leads(parts: &[Part], known: &mut Known, settings: &Settings, problems: &mut Problems) -> Table {
    let mut builder = Builder::new(Kind::Leads);
    let mut gone = Vec::new();
    for part in of(parts, Kind::Leads) {
        let converted = moments(part, "converted_on", settings, problems);
        let deleted = flags(part, "deleted", problems);
        for row in 0..part.len() {
            let index = builder.row(part, row);
            if deleted.get(row) == Some(true) {
                gone.push(index);
            }
            let account = part.text("account_id", row).and_then(|id| known.accounts.enter(Some(id), None, None));
            builder.text("id", part.first(&["id", "name"], row));
            let deal = part.text("deal_id", row).and_then(|id| known.deals.known(id)).and_then(|d| known.deal.get(d as usize));
            builder.text("deal", deal);
            builder.text("account", account.and_then(|a| known.account.get(a as usize)));
            builder.day("converted_on", converted.get(row).map(|m| m.day));
        }
    }
    left_out(builder.finish(&[]), gone)
}

/// Understands the stage history of every file; gives also the source and line of each row that was refused.
pub(in crate::crm) fn stages(parts: &[Part], known: &Known, settings: &Settings, problems: &mut Problems) -> (Table, Vec<(u16, u32)>) {
    let mut builder = Builder::new(Kind::Stages);
    let (mut gone, mut refused, mut left) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    for part in of(parts, Kind::Stages) {
        let on = moments(part, "on", settings, problems);
        let deleted = flags(part, "deleted", problems);
        for row in 0..part.len() {
            // A history of every field is one of stages where the stage changed.
            if part
                .text("field", row)
                .is_some_and(|field| !matches!(fold(field).as_str(), "stagename" | "stage" | "dealstage" | "salesstage" | "stageid"))
            {
                continue;
            }
            let (text, stage) = (part.first(&["deal_id", "deal"], row), part.first(&["stage", "new"], row));
            let from = part.first(&["from_stage", "old"], row);
            let day = on.get(row).map(|m| m.day);
            let lacks = [(text.is_none(), "deal"), (stage.is_none(), "stage"), (day.is_none(), "date")];
            if let Some((_, what)) = lacks.iter().find(|(lacks, _)| *lacks && deleted.get(row) != Some(true)) {
                refused.push((part.source, part.line.get(row)));
                // A date that cannot be read has been said.
                if *what != "date" || part.text("on", row).is_none() {
                    let at = Location::line(&part.path, part.line.get(row));
                    let hint = "a change of stage needs its deal, the stage it led to and its date";
                    problems
                        .list
                        .push(Diagnostic::error(Code::BadReference, format!("the change of stage has no {what}")).at(at).hint(hint));
                }
                continue;
            }
            let index = builder.row(part, row);
            if deleted.get(row) == Some(true) {
                gone.push(index);
            } else if !seen.insert((text, stage, from, part.text("on", row))) {
                left.push((index, Reason::Duplicate));
            } else if day.is_some_and(|day| day > settings.as_of) {
                left.push((index, Reason::DatedAhead));
            }
            let deal = text.and_then(|t| known.deals.known(t)).and_then(|d| known.deal.get(d as usize));
            builder.text("deal", deal.or(text));
            builder.text("stage", stage);
            builder.text("from_stage", from);
            builder.day("on", day);
        }
    }
    let mut table = left_out(builder.finish(&[]), gone);
    for (row, reason) in left {
        table.leave_out(row, reason);
    }
    (table, refused)
}

/// What the words for stages mean, in deals and in their history.
pub(in crate::crm) fn stage_words(parts: &[Part]) -> BTreeMap<String, StageWord> {
    let fields = |kind: Kind| if kind == Kind::Deals { &["stage"][..] } else { &["stage", "new", "from_stage", "old"] };
    let kinds = [Kind::Deals, Kind::Stages].into_iter();
    let places = kinds.flat_map(|kind| of(parts, kind).flat_map(move |part| fields(kind).iter().map(move |field| (part, *field))));
    let mut found = BTreeMap::new();
    for (part, field) in places {
        for word in part.field(field).into_iter().flat_map(|f| f.words.words()) {
            let state = part.words.own_state(word).or_else(|| part.words.stage_state(word)).filter(|state| *state != "open");
            found.entry(word.to_string()).or_insert_with(|| StageWord { folded: fold(word), state, waits: part.words.waits(word) });
        }
    }
    found
}

/// Columns that hold a value for one length of time each.
const QUOTAS: &[(&str, &str)] =
    &[("quota_week", "week"), ("quota_month", "month"), ("quota_quarter", "quarter"), ("quota_year", "year"), ("value", "")];

/// Understands the targets of every file; gives also the source and line of each row that was refused.
pub(in crate::crm) fn targets(parts: &[Part], known: &Known, settings: &Settings, problems: &mut Problems) -> (Table, Vec<(u16, u32)>) {
    let mut builder = Builder::new(Kind::Targets);
    let mut refused = Vec::new();
    for part in of(parts, Kind::Targets) {
        let (from, to) = (moments(part, "from", settings, problems), moments(part, "to", settings, problems));
        let months = part.field("month").map(|_| moments_of_month(part, settings, problems));
        // One row says the same in months and in quarters: the shortest that it fills is taken, and the others are not added to it.
        let mut taken = vec![false; part.len()];
        for (field, length) in QUOTAS.iter().filter(|(field, _)| part.field(field).is_some()) {
            let value = amounts(part, field, settings, problems);
            if value.value.present() {
                mixed(part, field, problems);
            }
            for row in 0..part.len() {
                let Some(amount) = value.value.get(row).filter(|_| !taken[row]) else { continue };
                taken[row] = true;
                let named = length.is_empty();
                let per = if named { part.text("per", row).map(|word| part.words.per(word).unwrap_or("")) } else { Some(*length) };
                let period = named_period(part, row, months.as_ref().and_then(|m| m[row]), settings);
                let (first, last) = match &period {
                    Some((_, range)) => (Some(range.first), Some(range.last)),
                    None => (from.get(row).map(|m| m.day), to.get(row).map(|m| m.day)),
                };
                let per = match (per, &period) {
                    (Some(""), _) => {
                        refused.push((part.source, part.line.get(row)));
                        problems.say(bad(
                            part,
                            row,
                            "the word for how long the target is meant is none of day, week, month, quarter, year and once",
                        ));
                        continue;
                    }
                    (Some(per), _) => per,
                    (None, Some((grain, _))) => grain.name(),
                    (None, None) if first.is_some() && last.is_some() => "once",
                    // What stands there and was not understood is said already.
                    (None, None) if part.first(&["month", "from", "to"], row).is_some() && first.is_none() && last.is_none() => {
                        refused.push((part.source, part.line.get(row)));
                        continue;
                    }
                    (None, None) => {
                        refused.push((part.source, part.line.get(row)));
                        problems.say(bad(part, row, "nothing says for how long the target is meant").hint(
                            "add a column per (week, month, quarter, year), or from and to; a heading such as 'Quarterly quota' says it too",
                        ));
                        continue;
                    }
                };
                let person = part
                    .first(&["owner_id", "owner_email"], row)
                    .or_else(|| part.text("name", row))
                    .and_then(|t| known.people.known(t))
                    .and_then(|p| known.person.get(p as usize))
                    .map(String::as_str);
                let level = part.text("level", row).map_or_else(
                    || {
                        if part.first(&["owner_id", "owner_email", "name"], row).is_some() {
                            "owner"
                        } else if part.text("team", row).is_some() {
                            "team"
                        } else {
                            "all"
                        }
                    },
                    |word| part.words.level(word).unwrap_or(""),
                );
                if level.is_empty() {
                    refused.push((part.source, part.line.get(row)));
                    problems.say(bad(part, row, "the level of the target is none of all, team and owner"));
                    continue;
                }
                builder.row(part, row);
                // `Prospect Meetings` is the measure `prospect_meetings`.
                let measure =
                    part.text("measure", row).unwrap_or("revenue").split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
                builder.text("measure", Some(&measure));
                let name = match level {
                    "owner" => person.or_else(|| part.first(&["name", "owner_id", "owner_email"], row)),
                    _ => part.first(&["team", "name"], row),
                };
                builder.text("level", Some(level));
                builder.text("name", name);
                builder.day("from", first);
                builder.day("to", last);
                builder.text("per", Some(per));
                builder.amount("value", Some(amount));
                let currency = part
                    .text("currency", row)
                    .map(|text| code_of(text).unwrap_or_else(|| text.to_owned()))
                    .or_else(|| value.currency(row).and_then(code_of));
                builder.text("currency", currency.as_deref());
            }
        }
    }
    (builder.finish(&[]), refused)
}

fn bad(part: &Part, row: usize, message: &str) -> Diagnostic {
    Diagnostic::error(Code::BadTarget, message).at(Location::line(&part.path, part.line.get(row)))
}

/// Refuses a column in which some cells are money and others are not: 120000 dollars and 12 deals in one column.
fn mixed(part: &Part, field: &str, problems: &mut Problems) {
    let Some(column) = part.field(field) else { return };
    if part.has("measure") {
        return;
    }
    let marked = |w: &str| w.chars().any(|c| matches!(c, '$' | '€' | '£' | '¥' | '₹'));
    let counted =
        |w: &str| w.split_whitespace().any(|t| matches!(t.to_lowercase().as_str(), "deals" | "deal" | "units" | "meetings" | "logos"));
    let words = column.words.words();
    let money = words.iter().find(|w| marked(w));
    let things = words.iter().find(|w| counted(w));
    if let (Some(money), Some(things)) = (money, things) {
        problems.fatal = true;
        problems.say(
            Diagnostic::error(
                Code::BadTarget,
                format!(
                    "the column '{}' holds both money ('{}') and numbers of things ('{}')",
                    column.heading,
                    brief(money),
                    brief(things)
                ),
            )
            .at(Location::file(&part.path))
            .hint("give the file a column measure that says what each row is for"),
        );
    }
}

fn moments_of_month(part: &Part, settings: &Settings, problems: &mut Problems) -> Vec<Option<Day>> {
    // Months are written as dates of their first day or as 2026-11; the latter is no date and is read below.
    let Some(column) = part.field("month") else { return Vec::new() };
    let named = |word: &str| settings.calendar.named(Grain::Month, word).ok().map(|p| p.range.first);
    let year_of = |row: usize| part.text("year", row).and_then(|year| year.trim().parse::<i32>().ok());
    let of = |row: usize| -> Option<Day> {
        let word = column.words.get(row)?;
        named(word).or_else(|| month_of(word, year_of(row)))
    };
    if (0..part.len()).all(|row| column.words.get(row).is_none() || of(row).is_some()) {
        return (0..part.len()).map(of).collect();
    }
    // A month is written as its first day: where only one order of day and month makes first days of all, it is that one.
    let firsts = |order: Order| {
        value::dates(column.words.words(), Some(order))
            .is_ok_and(|dates| dates.values.iter().all(|d| d.is_ok_and(|when| when.written_day().to_string().ends_with("-01"))))
    };
    let order = match (firsts(Order::DayFirst), firsts(Order::MonthFirst)) {
        (true, false) => Some(Order::DayFirst),
        (false, true) => Some(Order::MonthFirst),
        _ => settings.date_order,
    };
    let settings = &Settings { date_order: order, ..settings.clone() };
    let dates = moments(part, "month", settings, problems);
    (0..part.len()).map(|row| dates.get(row).map(|m| m.day)).collect()
}

/// The first day of a month as people write it: `Oct 2026`, `October-26`, `10/2026`, or `October` and `10` beside a year.
fn month_of(word: &str, year: Option<i32>) -> Option<Day> {
    let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).filter(|p| !p.is_empty()).collect();
    let number = |text: &str| value::month(text).or_else(|| text.parse::<u8>().ok().filter(|m| (1..=12).contains(m)).map(u32::from));
    let (month, year) = match (parts.as_slice(), year) {
        ([month], Some(year)) => (number(month)?, year),
        ([month, year], _) if year.len() == 4 => (number(month)?, year.parse().ok()?),
        ([year, month], _) if year.len() == 4 => (number(month)?, year.parse().ok()?),
        ([month, year], _) if year.len() == 2 && value::month(month).is_some() => (number(month)?, 2000 + year.parse::<i32>().ok()?),
        _ => return None,
    };
    Day::from_ymd(i16::try_from(year).ok()?, i8::try_from(month).ok()?, 1)
}

/// A quarter's name as a calendar has it: `Q4 2026`, `4Q26`, `2026 Q4` and `FY2027 Q1` are spelled 2026-Q4 and FY2027-Q1.
fn quarter_named(calendar: &Calendar, text: &str) -> Option<crate::calendar::Range> {
    let folded = fold(text);
    let at = folded.find('q')?;
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && !text.is_empty();
    let (before, after) = (&folded[..at], &folded[at + 1..]);
    let (quarter, year) = match (before.strip_prefix("fy").unwrap_or(before), after.split_at_checked(1)) {
        // 2026 Q4, FY27 Q1
        (year, Some((quarter, ""))) if digits(year) && year.len() >= 2 => (quarter, year),
        // Q4 2026, Q1 FY27
        ("", Some((quarter, year))) => (quarter, year.strip_prefix("fy").unwrap_or(year)),
        // 4Q26
        (quarter, _) if quarter.len() == 1 => (quarter, after),
        _ => return None,
    };
    if !digits(quarter) || !digits(year) || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let year = if year.len() == 2 { format!("20{year}") } else { year.to_owned() };
    ["", "FY"].iter().find_map(|fiscal| calendar.named(Grain::Quarter, &format!("{fiscal}{year}-Q{quarter}")).ok()).map(|p| p.range)
}

/// The period that a row is for, by a heading of its own.
fn named_period(part: &Part, row: usize, month: Option<Day>, settings: &Settings) -> Option<(Grain, crate::calendar::Range)> {
    let calendar = settings.calendar;
    let with = |grain: Grain, day: Day| (grain, calendar.period_of(grain, day).range);
    if let Some(day) = month {
        return Some(with(Grain::Month, day));
    }
    for (field, grain) in [("week", Grain::Week), ("quarter", Grain::Quarter), ("year", Grain::Year)] {
        let Some(text) = part.text(field, row) else { continue };
        if let Ok(period) = calendar.named(grain, text) {
            return Some((grain, period.range));
        }
        if let Some(day) = Day::parse(text) {
            return Some(with(grain, day));
        }
        if let (Grain::Quarter, Some(range)) = (grain, quarter_named(calendar, text)) {
            return Some((grain, range));
        }
        if let (Grain::Quarter, Some(year)) = (grain, part.text("year", row))
            && let Ok(period) = calendar.named(grain, &format!("{}-Q{}", year.trim(), text.trim().trim_start_matches(['Q', 'q'])))
        {
            return Some((grain, period.range));
        }
    }
    None
}
