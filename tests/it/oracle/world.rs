//! What the files say, read naively: strings to records, records to what counts.

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Week, Who};

type Row = HashMap<String, String>;

/// An activity that was not left out.
#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) kind: &'static str,
    pub(super) subject: String,
    pub(super) outcome: &'static str,
    pub(super) day: Date,
    /// Day and time, where there is a time of day.
    pub(super) at: Option<String>,
    /// 0 where it is not known.
    pub(super) minutes: i64,
    pub(super) account: String,
    pub(super) contact: String,
    pub(super) deal: String,
    pub(super) result: String,
    /// What the day's knowledge says of it, worked out once everything is read.
    pub(super) prospect: Option<bool>,
    pub(super) first_with_account: bool,
    pub(super) first_with_contact: bool,
    /// Who held it, and the team they were in on the day; no name where there is no owner.
    pub(super) credits: Vec<(String, Option<String>)>,
}

#[derive(Debug, Clone)]
pub(super) struct Deal {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) owner: String,
    pub(super) state: &'static str,
    pub(super) amount: Option<Decimal>,
    pub(super) cost: Option<Decimal>,
    pub(super) created: Date,
    pub(super) closed: Date,
    pub(super) kind: String,
    pub(super) next_step: String,
    pub(super) modified: Date,
}

#[derive(Debug, Clone)]
pub(super) struct Stay {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) leader: bool,
    pub(super) team: String,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) acts: Vec<Act>,
    pub(super) deals: Vec<Deal>,
    pub(super) people: Vec<Stay>,
    pub(super) as_of: Date,
    pub(super) has_cost: bool,
    /// The first day with an activity.
    pub(super) first: Date,
    /// Until when the activities and the deals reach, and the whole run.
    pub(super) acts_through: Date,
    pub(super) deals_through: Date,
    pub(super) through: Date,
}

fn cell<'a>(row: &'a Row, headings: &[&str]) -> &'a str {
    headings.iter().find_map(|h| row.get(*h)).map_or("", |v| v.trim())
}

fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    reader.records().map(|r| headings.iter().map(str::to_owned).zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

/// The day, and the text of day and time where there is one; an instant is moved to the zone, a date never.
fn moment(text: &str, zone: &TimeZone) -> Option<(Date, Option<String>)> {
    if text.is_empty() {
        return None;
    }
    if text.len() == 10 {
        return Some((text.parse().unwrap(), None));
    }
    let local: DateTime = if text.len() > 19 {
        assert!(text.ends_with("+0000"), "an instant in UTC: {text}");
        let utc: DateTime = text[..19].parse().unwrap();
        utc.to_zoned(TimeZone::UTC).unwrap().with_time_zone(zone.clone()).datetime()
    } else {
        text.replace(' ', "T").parse().unwrap()
    };
    Some((local.date(), Some(local.to_string())))
}

fn day(text: &str, zone: &TimeZone) -> Option<Date> {
    moment(text, zone).map(|m| m.0)
}

fn money(text: &str) -> Option<Decimal> {
    if text.is_empty() { None } else { Some(text.parse().unwrap()) }
}

fn channel(word: &str) -> bool {
    ["", "event", "task", "to-do", "other"].contains(&word.to_lowercase().as_str())
}

/// "From the type column's words, unless the word only names the channel: then from the subject, in this order: preparation and follow-up
/// → task; internal work → its own kind; then presentation or demo, meeting, call."
fn kind(words: &[&str], subject: &str, linked: bool) -> &'static str {
    if let Some(word) = words.iter().find(|w| !channel(w)) {
        return match word.to_lowercase().as_str() {
            "meeting" => "meeting",
            "presentation" | "demo" => "presentation",
            "call" => "call",
            "email" => "email",
            "proposal" => "proposal",
            other => panic!("the oracle doesn't know the type {other}"),
        };
    }
    let s = subject.to_lowercase();
    let has = |list: &[&str]| list.iter().any(|w| s.contains(w));
    if has(&["prepare", "prep ", "mock", "run-through", "review notes", "schedule", "send", "follow up"]) {
        return "task";
    }
    if !linked {
        for (words, internal) in [
            ("coaching", "coaching"),
            ("team meeting", "team"),
            ("forecast", "forecast"),
            ("planning", "planning"),
            ("recruiting", "recruiting"),
            ("expense", "admin"),
            ("training", "learning"),
        ] {
            if s.contains(words) {
                return internal;
            }
        }
    }
    match () {
        () if has(&["presentation", "demo"]) => "presentation",
        () if has(&["meeting"]) => "meeting",
        () if has(&["call"]) => "call",
        () => "other",
    }
}

fn outcome_word(word: &str) -> Option<&'static str> {
    match word.to_lowercase().replace('_', " ").as_str() {
        "" => None,
        "completed" | "held" => Some("held"),
        "scheduled" | "not started" | "planned" => Some("scheduled"),
        "no show" => Some("missed"),
        "canceled" | "cancelled" | "rescheduled" => Some("canceled"),
        other => panic!("the oracle doesn't know the status {other}"),
    }
}

/// "Once per id and table; differing contents → the newer by modified date, else the later record."
fn once_per_id(rows: Vec<(String, Row)>, id: &[&str], modified: &[&str]) -> Vec<(String, Row)> {
    let mut kept: Vec<(String, Row)> = Vec::new();
    let mut place: HashMap<String, usize> = HashMap::new();
    for (file, row) in rows {
        let key = cell(&row, id).to_owned();
        match place.get(&key).copied() {
            None => {
                place.insert(key, kept.len());
                kept.push((file, row));
            }
            Some(i) if cell(&row, modified) >= cell(&kept[i].1, modified) => kept[i] = (file, row),
            Some(_) => {}
        }
    }
    kept
}

const ACT_ID: [&str; 2] = ["Id", "activity_id"];
const DEAL_ID: [&str; 2] = ["Id", "deal_id"];
const MODIFIED: [&str; 2] = ["LastModifiedDate", "modified_date"];
const CREATED: [&str; 2] = ["CreatedDate", "created_date"];
const OWNER: [&str; 2] = ["OwnerId", "rep_name"];

impl World {
    /// Reads the files (name and text) as they stand on that day, in that zone.
    pub(super) fn read(files: &[(String, String)], as_of: Date, zone: &str) -> Self {
        let zone = TimeZone::get(zone).unwrap();
        let (mut act_rows, mut deal_rows, mut account_rows, mut people) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, text) in files {
            let into = match name.to_lowercase() {
                n if n.starts_with("event") || n.starts_with("task") || n.starts_with("activities") => &mut act_rows,
                n if n.starts_with("opportunity") || n.starts_with("deals") => &mut deal_rows,
                n if n.starts_with("account") => &mut account_rows,
                n if n.starts_with("people") => &mut people,
                n => panic!("the oracle doesn't know {n}"),
            };
            into.extend(rows(text).into_iter().map(|r| (name.clone(), r)));
        }
        let people: Vec<Stay> = people.iter().map(|(_, r)| person(r, &zone)).collect();
        let named = |owner: &str| people.iter().find(|p| p.id == owner).map_or(owner, |p| p.name.as_str()).to_owned();
        let account_owner: BTreeMap<String, String> =
            account_rows.iter().map(|(_, r)| (cell(r, &["Id"]).to_owned(), named(cell(r, &["OwnerId"])))).collect();

        let acts_through = last_day(&act_rows, as_of, &zone);
        let deals_through = last_day(&deal_rows, as_of, &zone);
        let has_cost = deal_rows.iter().any(|(_, r)| r.contains_key("cost"));
        let deals = deals(&once_per_id(deal_rows, &DEAL_ID, &MODIFIED), &account_owner, &named, as_of, &zone);
        let mut acts = acts(&once_per_id(act_rows, &ACT_ID, &MODIFIED), &deals, &account_owner, &named, as_of, &zone);
        for act in &mut acts {
            for credit in &mut act.credits {
                credit.1 = team_of(&people, &credit.0, act.day);
            }
        }
        acts.sort_by_key(|a| a.day);
        let first = acts.iter().map(|a| a.day).min().unwrap_or(as_of);
        let through = acts_through.max(deals_through);
        let mut world = Self { acts, deals, people, as_of, has_cost, first, acts_through, deals_through, through };
        for i in (0..world.acts.len()).filter(|i| world.acts[*i].is_customer_meeting()).collect::<Vec<_>>() {
            let act = &world.acts[i];
            let (account, contact) = (world.first_with(act, |a| &a.account), world.first_with(act, |a| &a.contact));
            let prospect = world.prospect(act);
            let act = &mut world.acts[i];
            (act.prospect, act.first_with_account, act.first_with_contact) = (prospect, account, contact);
        }
        world
    }

    /// The activities of that week.
    pub(super) fn during(&self, week: Week) -> impl Iterator<Item = &Act> {
        let from = self.acts.partition_point(|a| a.day < week.start);
        self.acts[from..].iter().take_while(move |a| a.day <= week.end)
    }

    pub(super) fn team_of(&self, name: &str, day: Date) -> Option<String> {
        team_of(&self.people, name, day)
    }

    /// Whether that person was with the company on that day; nobody always is.
    pub(super) fn is_here(&self, name: &str, day: Date) -> bool {
        name.is_empty() || self.people.iter().any(|p| p.name == name && p.from.is_none_or(|f| f <= day) && p.to.is_none_or(|t| day <= t))
    }

    pub(super) fn deal(&self, id: &str) -> Option<&Deal> {
        self.deals.iter().find(|d| d.id == id)
    }

    /// How many of the act's credits belong to them.
    pub(super) fn credits(act: &Act, who: &Who) -> usize {
        act.credits
            .iter()
            .filter(|(name, team)| match who {
                Who::All => true,
                Who::Team(t) => team.as_deref() == Some(t),
                Who::Owner(o) => name == o,
            })
            .count()
    }

    /// The deals that are not left out.
    pub(super) fn counted(&self) -> impl Iterator<Item = &Deal> {
        self.deals.iter().filter(|d| d.state == "open" || d.closed <= self.as_of)
    }

    /// Whether the deal counts for them, on the day that puts it in a period.
    pub(super) fn owns(&self, deal: &Deal, who: &Who, on: Date) -> bool {
        match who {
            Who::All => true,
            Who::Team(t) => self.team_of(&deal.owner, on).as_deref() == Some(t),
            Who::Owner(o) => deal.owner == *o,
        }
    }

    /// "Decided as of the activity's day, by the first that applies: …; the deal's type; a won deal before that day → false; else true
    /// where there are deals to look at."
    fn prospect(&self, act: &Act) -> Option<bool> {
        if let Some(deal) = self.deal(&act.deal) {
            match deal.kind.as_str() {
                "New Business" => return Some(true),
                "Existing Business" | "Add-On Business" | "Renewal" => return Some(false),
                "" => {}
                other => panic!("the oracle doesn't know the deal type {other}"),
            }
        }
        if act.account.is_empty() || self.deals.is_empty() {
            return None;
        }
        Some(!self.deals.iter().any(|d| d.account == act.account && d.state == "won" && d.closed < act.day))
    }

    /// "No held customer meeting with it in the 180 days before."
    fn first_with(&self, act: &Act, whom: impl Fn(&Act) -> &String) -> bool {
        let earlier = self.acts.iter().take_while(|other| other.day < act.day);
        let same = earlier.filter(|other| whom(other) == whom(act) && other.is_held_customer_meeting());
        !whom(act).is_empty() && same.last().is_none_or(|other| (act.day - other.day).get_days() > 180)
    }
}

impl Act {
    pub(super) fn is_customer_meeting(&self) -> bool {
        self.kind == "meeting" || self.kind == "presentation"
    }

    pub(super) fn is_held_customer_meeting(&self) -> bool {
        self.is_customer_meeting() && self.outcome == "held"
    }

    pub(super) fn is_conversation(&self) -> bool {
        self.kind == "call" && self.result == "Connected"
    }
}

fn person(row: &Row, zone: &TimeZone) -> Stay {
    Stay {
        name: cell(row, &["name"]).to_owned(),
        id: cell(row, &["id"]).to_owned(),
        leader: cell(row, &["role"]) == "leader",
        team: cell(row, &["team"]).to_owned(),
        from: day(cell(row, &["from"]), zone),
        to: day(cell(row, &["to"]), zone),
    }
}

/// The team on that day; none for a leader, "in no team's sum".
fn team_of(people: &[Stay], name: &str, on: Date) -> Option<String> {
    let here = people.iter().find(|p| p.name == name && p.from.is_none_or(|f| f <= on) && p.to.is_none_or(|t| on <= t))?;
    if here.leader { None } else { Some(here.team.clone()) }
}

/// "Its latest modified or completed date", at most the day of the report.
fn last_day(rows: &[(String, Row)], as_of: Date, zone: &TimeZone) -> Date {
    let mut last = Date::MIN;
    for (_, row) in rows {
        for heading in ["LastModifiedDate", "modified_date", "CompletedDateTime"] {
            if let Some(d) = day(cell(row, &[heading]), zone)
                && d <= as_of
            {
                last = last.max(d);
            }
        }
    }
    last
}

fn deals(
    rows: &[(String, Row)],
    account_owner: &BTreeMap<String, String>,
    named: &dyn Fn(&str) -> String,
    as_of: Date,
    zone: &TimeZone,
) -> Vec<Deal> {
    let mut out = Vec::new();
    for (_, r) in rows {
        if cell(r, &["IsDeleted"]) == "true" {
            continue;
        }
        let account = cell(r, &["AccountId", "account"]).to_owned();
        let mut owner = named(cell(r, &OWNER));
        if owner.is_empty() {
            owner = account_owner.get(&account).cloned().unwrap_or_default();
        }
        let step = cell(r, &["StageName", "stage"]);
        // By the CRM's own flag, else by the stage's words; canceled, duplicate and disqualified are kept apart.
        let (won, closed) = match cell(r, &["IsClosed"]) {
            "" => (step == "Closed Won", ["Closed Won", "Closed Lost", "Canceled", "Duplicate", "Disqualified"].contains(&step)),
            flag => (cell(r, &["IsWon"]) == "true", flag == "true"),
        };
        let state = match (won, closed) {
            (true, _) => "won",
            (false, true) if step == "Closed Lost" => "lost",
            (false, true) => "canceled",
            (false, false) => "open",
        };
        let deal = Deal {
            id: cell(r, &DEAL_ID).to_owned(),
            account,
            owner,
            state,
            amount: money(cell(r, &["Amount", "amount"])),
            cost: money(cell(r, &["cost"])),
            created: day(cell(r, &CREATED), zone).unwrap(),
            closed: day(cell(r, &["CloseDate", "close_date"]), zone).unwrap(),
            kind: cell(r, &["Type", "type"]).to_owned(),
            next_step: cell(r, &["NextStep", "next_step"]).to_owned(),
            modified: day(cell(r, &MODIFIED), zone).unwrap(),
        };
        // Nothing created later than the day of the report exists; what closed later is left out, but its activities are still about it.
        if deal.created <= as_of {
            out.push(deal);
        }
    }
    out
}

fn acts(
    rows: &[(String, Row)],
    deals: &[Deal],
    account_owner: &BTreeMap<String, String>,
    named: &dyn Fn(&str) -> String,
    as_of: Date,
    zone: &TimeZone,
) -> Vec<Act> {
    // First the kinds, because outcomes are judged per source and kind.
    let mut kinds = Vec::new();
    let mut days = Vec::new();
    let mut past: HashMap<(String, &'static str), (usize, usize)> = HashMap::new();
    for (file, r) in rows {
        let linked = !cell(r, &["AccountId", "account"]).is_empty() || !cell(r, &["WhatId", "deal_id"]).is_empty();
        let kind = kind(
            &[cell(r, &["Type", "activity_type"]), cell(r, &["TaskSubtype", "EventSubtype"])],
            cell(r, &["Subject", "subject"]),
            linked,
        );
        // Completed, else start, else due.
        let when = [&["CompletedDateTime"][..], &["StartDateTime", "start_time"], &["ActivityDate", "activity_date"]]
            .iter()
            .find_map(|h| moment(cell(r, h), zone))
            .unwrap();
        if when.0 <= as_of {
            let seen = past.entry((file.clone(), kind)).or_default();
            seen.0 += 1;
            seen.1 += usize::from(!cell(r, &["Status", "status"]).is_empty());
        }
        kinds.push(kind);
        days.push(when);
    }
    let mut out: Vec<Act> = Vec::new();
    for (i, (file, r)) in rows.iter().enumerate() {
        if cell(r, &["IsDeleted"]) == "true" || cell(r, &["IsRecurrence"]) == "true" {
            continue;
        }
        let (kind, (day_of, at)) = (kinds[i], days[i].clone());
        let said = outcome_word(cell(r, &["Status", "status"]));
        // A call that reached someone is done, whatever its task's status.
        let done = said == Some("held") || cell(r, &["CallDisposition", "call_result"]) == "Connected";
        if day(cell(r, &CREATED), zone).unwrap() > as_of || (done && day_of > as_of) {
            continue;
        }
        let (total, carrying) = past.get(&(file.clone(), kind)).copied().unwrap_or_default();
        let outcome = match said {
            // Nobody can have missed what is still to come.
            Some("missed") | None if day_of > as_of => "scheduled",
            Some(word) => word,
            None if carrying * 2 < total => "held",
            None => "unknown",
        };
        let what = cell(r, &["WhatId", "deal_id"]);
        let mut account = cell(r, &["AccountId", "account"]).to_owned();
        if account.is_empty() && what.starts_with("001") {
            what.clone_into(&mut account);
        }
        let deal = if what.starts_with("001") { String::new() } else { what.to_owned() };
        // Where it has no owner, its deal's, then its account's owner stands in.
        let mut owner = named(cell(r, &OWNER));
        if owner.is_empty() {
            owner = deals.iter().find(|d| d.id == deal).map(|d| d.owner.clone()).unwrap_or_default();
        }
        if owner.is_empty() {
            owner = account_owner.get(&account).cloned().unwrap_or_default();
        }
        let seconds = cell(r, &["CallDurationInSeconds"]).parse::<i64>().unwrap_or(0);
        let minutes = cell(r, &["DurationInMinutes", "duration_min"]).parse::<i64>().unwrap_or(seconds / 60);
        let act = Act {
            kind,
            subject: cell(r, &["Subject", "subject"]).to_owned(),
            outcome,
            day: day_of,
            at: if cell(r, &["CompletedDateTime"]).is_empty() { at } else { None },
            minutes,
            account,
            contact: cell(r, &["WhoId", "contact"]).to_owned(),
            deal,
            result: cell(r, &["CallDisposition", "call_result"]).to_owned(),
            prospect: None,
            first_with_account: false,
            first_with_contact: false,
            credits: vec![(owner, None)],
        };
        // One meeting of several attendees: same account or deal, same subject and same time of day.
        let same = out.iter_mut().find(|o| {
            act.is_customer_meeting()
                && o.kind == act.kind
                && o.at.is_some()
                && o.at == act.at
                && o.subject == act.subject
                && ((!act.account.is_empty() && o.account == act.account) || (!act.deal.is_empty() && o.deal == act.deal))
                && !o.credits.contains(&act.credits[0])
        });
        match same {
            Some(o) => o.credits.extend(act.credits),
            None => out.push(act),
        }
    }
    out
}
