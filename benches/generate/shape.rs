//! What is written: sizes, and the columns of each file.

use std::io::{self, Write};

use crate::draw::Draw;

/// How much of what.
pub(crate) struct Shape {
    activities: u64,
    deals: u64,
    people: u64,
    weeks: u64,
    columns: u64,
    seed: u64,
}

impl Shape {
    pub(crate) fn preset(name: &str) -> Option<Self> {
        let (activities, deals, people, weeks, columns) = match name {
            "recipe" => (5_000_000, 500_000, 500, 150, COLUMNS.len() as u64),
            "small" => (10_000, 1_000, 12, 52, COLUMNS.len() as u64),
            "wide" => (100_000, 1_000, 50, 104, 700),
            _ => return None,
        };
        Some(Self { activities, deals, people, weeks, columns, seed: 7 })
    }

    pub(crate) fn size(&mut self, name: &str) -> Option<&mut u64> {
        Some(match name {
            "activities" => &mut self.activities,
            "deals" => &mut self.deals,
            "people" => &mut self.people,
            "weeks" => &mut self.weeks,
            "columns" => &mut self.columns,
            "seed" => &mut self.seed,
            _ => return None,
        })
    }

    /// Accounts, each with some 25 activities.
    fn accounts(&self) -> u64 {
        (self.activities / 25).max(10)
    }
}

/// What reads them: every measure of the comparison, and what the columns mean.
pub(crate) const CONFIG: &str = r#"[report]
title = "Generated exports"
leads = ["meetings_held", "demos", "hours_met", "accounts_seen"]
lags = ["won_revenue", "won_deals"]

[calendar]
time_zone = "UTC"

[money]
currency = "USD"

[measure.meetings_held]
role = "lead"
says = "Held meetings and presentations"
from = "activities"
on = "day"
where = "kind IN ('meeting', 'presentation') AND outcome = 'held'"
value = "count"
team = "sum"

[measure.demos]
role = "lead"
says = "Held presentations"
from = "activities"
on = "day"
where = "kind = 'presentation' AND outcome = 'held'"
value = "count"
team = "sum"

[measure.hours_met]
role = "lead"
says = "Hours of held meetings and presentations"
from = "activities"
on = "day"
where = "kind IN ('meeting', 'presentation') AND outcome = 'held'"
value = { sum = "minutes" }
team = "sum"

[measure.accounts_seen]
role = "lead"
says = "Distinct accounts met"
from = "activities"
on = "day"
where = "kind IN ('meeting', 'presentation') AND outcome = 'held' AND account IS NOT NULL"
value = { distinct = "account" }
team = "union"

[measure.won_revenue]
role = "lag"
says = "Amounts of won deals"
from = "deals"
on = "closed_on"
where = "state = 'won'"
value = { sum = "amount" }
team = "sum"

[measure.won_deals]
role = "lag"
says = "Won deals"
from = "deals"
on = "closed_on"
where = "state = 'won'"
value = "count"
team = "sum"
"#;

const COLUMNS: [&str; 12] = [
    "Id",
    "Type",
    "Subject",
    "Description",
    "Owner.Name",
    "Account.Name",
    "WhoId",
    "StartDateTime",
    "DurationInMinutes",
    "Meeting_Outcome__c",
    "CreatedDate",
    "LastModifiedDate",
];

const TYPES: [&str; 5] = ["Meeting", "Demo", "Call", "Email", "Meeting"];
const OUTCOMES: [&str; 6] = ["Held", "Held", "Held", "Held", "No Show", "Canceled"];
const FIRST: [&str; 24] = [
    "Ana", "Ben", "Chloé", "Dev", "Emma", "Farid", "Grace", "Hugo", "Iris", "Jonas", "Kira", "Luis", "Maya", "Nils", "Olga", "Pedro",
    "Quinn", "Rosa", "Sven", "Tara", "Uma", "Viktor", "Wen", "Zoë",
];
const LAST: [&str; 24] = [
    "Silva",
    "Okafor",
    "Lindqvist",
    "Rao",
    "Meyer",
    "Haddad",
    "O'Brien",
    "Petit",
    "Novak",
    "Berg",
    "Tanaka",
    "Peña",
    "Costa",
    "Olsen",
    "Kowalczyk",
    "Santos",
    "Murphy",
    "Vega",
    "Larsen",
    "Khan",
    "Iyer",
    "Horvat",
    "Zhang",
    "Weiss",
];
const COMPANY: [&str; 16] = [
    "Malford",
    "Torford",
    "Quinworth",
    "Holwyn",
    "Malmont",
    "Brackwell",
    "Easton",
    "Farrow",
    "Grantley",
    "Hexham",
    "Ilford",
    "Jarrow",
    "Kelby",
    "Linton",
    "Marlow",
    "Norby",
];
const TRADE: [&str; 12] = [
    "Water District",
    "Farms",
    "Dairy",
    "Marine",
    "Irrigation",
    "Foods, Inc.",
    "Chemicals",
    "Brewing Co.",
    "Energy",
    "Paper",
    "Steel \"North\"",
    "Logistics",
];
const TEXT: [&str; 10] = [
    "Went through the pump curves and the quotation again",
    "They asked for drawings, rev. B, before the board meets",
    "Budget is approved; waits for the plant manager",
    "Said \"send the contract\" and wants 5% off",
    "Competes with a cheaper set, 3\" instead of 4\"",
    "Next: site visit with the engineer",
    "Left word with the assistant",
    "Decision maker was not there, so it was short",
    "Ärger mit der Lieferung: call back",
    "Agreed on the service plan, signature next week",
];

fn name(person: u64) -> String {
    let (first, last) = (person % 24, (person / 24) % 24);
    let more = person / 576;
    let last = LAST[((last + first) % 24) as usize];
    if more == 0 { format!("{} {last}", FIRST[first as usize]) } else { format!("{} {last} {}", FIRST[first as usize], more + 1) }
}

fn company(account: u64) -> String {
    format!("{} {} {}", COMPANY[(account % 16) as usize], TRADE[(account / 16 % 12) as usize], account / 192 + 1)
}

/// A cell between quotation marks, those inside written twice.
fn cell(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        if c == '"' {
            out.push('"');
        }
        out.push(c);
    }
    out.push('"');
}

/// The last day of all, 2026-11-15, a Sunday, as days since 1970.
const LAST_DAY: i64 = 20_772;

/// A day of the proleptic Gregorian calendar (Hinnant, chrono-compatible low-level date algorithms).
fn date(day: i64) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (d, m) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    (yoe + era * 400 + i64::from(m <= 2), m, d)
}

fn moment(day: i64, second: u64) -> String {
    let (y, m, d) = date(day);
    format!("{y:04}-{m:02}-{d:02}T{:02}:{:02}:{:02}.000Z", second / 3600, second / 60 % 60, second % 60)
}

/// Who sells.
pub(crate) fn people(shape: &Shape, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "name,team")?;
    (0..shape.people).try_for_each(|person| writeln!(out, "{},Team {:02}", name(person), person / 10 + 1))
}

/// Activities in the order in which they were entered.
pub(crate) fn activities(shape: &Shape, out: &mut dyn Write) -> io::Result<()> {
    let mut draw = Draw::new(shape.seed);
    let further = shape.columns.saturating_sub(COLUMNS.len() as u64);
    let mut row = String::new();
    for (at, heading) in COLUMNS.iter().enumerate() {
        row.push_str(if at > 0 { "," } else { "" });
        cell(&mut row, heading);
    }
    for at in 0..further {
        row.push(',');
        cell(&mut row, &format!("Custom_{at}__c"));
    }
    row.push('\n');
    out.write_all(row.as_bytes())?;
    let days = shape.weeks * 7;
    for id in 0..shape.activities {
        row.clear();
        let account = draw.below(shape.accounts());
        let kind = draw.one(&TYPES);
        let meets = matches!(kind, "Meeting" | "Demo");
        // Who looks after an account meets it and does most else: two of ours with one customer at one time would be one meeting.
        let person = if meets || draw.chance(60) { account % shape.people } else { draw.below(shape.people) };
        let week = draw.below(shape.weeks) as i64;
        let day = LAST_DAY - days as i64 + 1 + week * 7 + draw.below(5) as i64;
        let time = 28_800 + draw.below(40) * 900;
        let entered = draw.below(10) as i64;
        cell(&mut row, &format!("00U5g{id:010}AAA"));
        row.push(',');
        cell(&mut row, kind);
        row.push(',');
        cell(
            &mut row,
            &format!(
                "{kind}: {}",
                draw.one(&["pump curves", "quotation", "service plan", "annual review", "drawings, rev. B", "follow-up"])
            ),
        );
        row.push(',');
        let mut text = draw.one(&TEXT).to_owned();
        if draw.chance(30) {
            text.push_str(if draw.chance(20) { "\n\n" } else { "\n" });
            text.push_str(draw.one(&TEXT));
        }
        cell(&mut row, &text);
        row.push(',');
        cell(&mut row, &name(person));
        row.push(',');
        cell(&mut row, &company(account));
        row.push(',');
        cell(&mut row, &format!("0035g{:010}AAA", account * 3 + draw.below(3)));
        row.push(',');
        cell(&mut row, &moment(day, time));
        row.push(',');
        cell(&mut row, draw.one(&["15", "30", "30", "45", "60", "60", "90", "120"]));
        row.push(',');
        cell(&mut row, if meets { draw.one(&OUTCOMES) } else { "" });
        row.push(',');
        cell(&mut row, &moment(day - entered, 25_200 + draw.below(36_000)));
        row.push(',');
        cell(&mut row, &moment(day, time + 3600 + draw.below(9000)));
        for at in 0..further {
            row.push(',');
            match at % 5 {
                0 => cell(&mut row, ""),
                1 => cell(&mut row, if draw.chance(50) { "true" } else { "false" }),
                2 => cell(&mut row, &draw.below(100_000).to_string()),
                3 => cell(&mut row, draw.one(&["North", "South, West", "East"])),
                _ => row.push_str(if draw.chance(70) { "" } else { "n/a" }),
            }
        }
        row.push('\n');
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}

/// Deals in the order in which they were created.
pub(crate) fn deals(shape: &Shape, out: &mut dyn Write) -> io::Result<()> {
    let mut draw = Draw::new(shape.seed ^ 0xdea1);
    let mut row = String::from(
        "\"Id\",\"Name\",\"Owner.Name\",\"Account.Name\",\"StageName\",\"Amount\",\"IsClosed\",\"IsWon\",\"CloseDate\",\"CreatedDate\"\n",
    );
    out.write_all(row.as_bytes())?;
    let days = (shape.weeks * 7) as i64;
    for id in 0..shape.deals {
        row.clear();
        let account = draw.below(shape.accounts());
        let person = if draw.chance(85) { account % shape.people } else { draw.below(shape.people) };
        let created = LAST_DAY - days + 1 + draw.below(days as u64) as i64;
        let close = created + 14 + draw.below(150) as i64;
        let (stage, closed, won) = match draw.below(10) {
            _ if close > LAST_DAY => ("Proposal", false, false),
            0..3 => ("Closed Won", true, true),
            3..8 => ("Closed Lost", true, false),
            _ => ("Negotiation", false, false),
        };
        let close = if closed { close } else { close.max(LAST_DAY + 10) };
        cell(&mut row, &format!("0065g{id:010}AAA"));
        row.push(',');
        cell(&mut row, &format!("{} - set {id}", company(account)));
        row.push(',');
        cell(&mut row, &name(person));
        row.push(',');
        cell(&mut row, &company(account));
        row.push(',');
        cell(&mut row, stage);
        row.push(',');
        cell(&mut row, &format!("{}.{:02}", 500 + draw.below(90_000), draw.below(100)));
        for flag in [closed, won] {
            row.push(',');
            cell(&mut row, if flag { "true" } else { "false" });
        }
        let (y, m, d) = date(close);
        row.push(',');
        cell(&mut row, &format!("{y:04}-{m:02}-{d:02}"));
        row.push(',');
        cell(&mut row, &moment(created, 30_000 + draw.below(30_000)));
        row.push('\n');
        out.write_all(row.as_bytes())?;
    }
    Ok(())
}
