//! Salesforce, by API names, as reports, as the weekly export and as warehouses keep it.

use super::company::{ACCOUNTS, Act, Company, Deal, Happened, Kind, PEOPLE, State, email, name};
use super::spell::{Cell, Sheet, t};
use super::{Dialect, Holds, spell};

/// Salesforce keeps no outcome of events: what did not take place is deleted, and a no-show is not written at all.
const DIALECTS: [Dialect; 5] = [
    Dialect { name: "salesforce, API names", sheets: api, spellings: &[spell::API, spell::ZULU], ..Dialect::BOTH },
    Dialect { name: "salesforce, weekly export", sheets: weekly, spellings: &[spell::WEEKLY], ..Dialect::BOTH },
    Dialect { name: "salesforce, warehouse", sheets: warehouse, spellings: &[spell::WAREHOUSE], ..Dialect::BOTH },
    Dialect {
        name: "salesforce, reports",
        sheets: reports,
        spellings: &[spell::US, spell::GB, spell::DE, spell::FR, spell::BR, spell::US_24],
        ..Dialect::BOTH
    },
    Dialect {
        name: "salesforce, grouped report",
        sheets: grouped,
        spellings: &[spell::US, spell::DE],
        holds: Holds::Deals,
        ..Dialect::BOTH
    },
];

pub(super) fn dialects() -> Vec<Dialect> {
    DIALECTS.to_vec()
}

/// Salesforce's 18 characters: 15, and three that say where capitals are.
fn id(prefix: &str, number: usize) -> String {
    let short = format!("{prefix}Kd{number:010}");
    let tail = short.as_bytes().chunks(5).map(|chunk| {
        let bits = chunk.iter().enumerate().fold(0_usize, |sum, (i, b)| sum + (usize::from(b.is_ascii_uppercase()) << i));
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"[bits])
    });
    short.chars().chain(tail).collect()
}

fn user(person: usize) -> Cell {
    t(id("005", person + 1))
}

fn account(number: usize) -> Cell {
    t(id("001", number + 1))
}

fn events(company: &Company) -> impl Iterator<Item = &Act> {
    company.acts.iter().filter(|a| a.kind.customer() && a.happened != Happened::Missed)
}

fn tasks(company: &Company) -> impl Iterator<Item = &Act> {
    company.acts.iter().filter(|a| !a.kind.customer())
}

fn subtype(act: &Act) -> &'static str {
    match act.kind {
        Kind::Call => "Call",
        Kind::Email => "Email",
        _ => "Task",
    }
}

fn kind(act: &Act) -> Cell {
    match act.kind {
        Kind::Meeting => t("Meeting"),
        Kind::Demo => t("Demo"),
        Kind::Call => t("Call"),
        Kind::Email => t("Email"),
        Kind::Task => Cell::Blank,
    }
}

fn disposition(act: &Act) -> Cell {
    match (act.kind, act.held(), act.reached) {
        (Kind::Call, true, true) => t("Connected"),
        (Kind::Call, true, false) => t("Left Voicemail"),
        _ => Cell::Blank,
    }
}

fn stage(deal: &Deal) -> &'static str {
    match deal.state {
        State::Won => "Closed Won",
        State::Lost => "Closed Lost",
        State::Open => ["Prospecting", "Proposal/Price Quote", "Negotiation/Review"][deal.step()],
    }
}

fn business(deal: &Deal) -> &'static str {
    if deal.new { "New Business" } else { "Existing Business" }
}

/// How flags are written.
struct Flags(&'static str, &'static str);

impl Flags {
    fn cell(&self, flag: bool) -> Cell {
        t(if flag { self.0 } else { self.1 })
    }
}

fn objects(company: &Company, is: &Flags, heads: [&'static str; 5]) -> Vec<Sheet> {
    let users = (0..PEOPLE.len()).map(|p| vec![user(p), t(name(p)), t(PEOPLE[p].0), t(PEOPLE[p].1), t(email(p)), is.cell(true)]);
    let accounts = (0..ACCOUNTS.len()).map(|a| vec![account(a), t(ACCOUNTS[a]), user(a % PEOPLE.len()), is.cell(false)]);
    let event = |a: &Act| {
        vec![
            t(id("00U", a.number)),
            t(&a.subject),
            kind(a),
            user(a.owner),
            account(a.account),
            account(a.account),
            Cell::At(a.start),
            Cell::At(a.end()),
            Cell::Whole(a.minutes),
            is.cell(false),
            is.cell(false),
            is.cell(a.happened == Happened::Canceled),
            Cell::At(a.made()),
            Cell::At(a.modified()),
        ]
    };
    let task = |a: &Act| {
        vec![
            t(id("00T", a.number)),
            t(&a.subject),
            kind(a),
            t(subtype(a)),
            t(if a.held() { "Completed" } else { "Not Started" }),
            Cell::Day(a.start.date()),
            if a.held() { Cell::At(a.end()) } else { Cell::Blank },
            user(a.owner),
            account(a.account),
            account(a.account),
            if a.kind == Kind::Call { Cell::Whole(a.minutes * 60) } else { Cell::Blank },
            disposition(a),
            is.cell(a.held()),
            is.cell(false),
            Cell::At(a.made()),
            Cell::At(a.modified()),
        ]
    };
    let deal = |d: &Deal| {
        vec![
            t(id("006", d.number)),
            is.cell(false),
            account(d.account),
            t(&d.name),
            t(stage(d)),
            Cell::Money(d.cents),
            Cell::Money(d.cents / 2),
            Cell::Day(d.close()),
            t(business(d)),
            is.cell(d.state != State::Open),
            is.cell(d.won()),
            t("USD"),
            user(d.owner),
            Cell::At(d.created),
            Cell::At(d.modified()),
        ]
    };
    vec![
        Sheet::new("User", heads[0], users.collect()),
        Sheet::new("Account", heads[1], accounts.collect()),
        Sheet::new("Event", heads[2], events(company).map(event).collect()),
        Sheet::new("Task", heads[3], tasks(company).map(task).collect()),
        Sheet::new("Opportunity", heads[4], company.deals.iter().map(deal).collect()),
    ]
}

const NAMES: [&str; 5] = [
    "Id|Name|FirstName|LastName|Email|IsActive",
    "Id|Name|OwnerId|IsDeleted",
    "Id|Subject|Type|OwnerId|WhatId|AccountId|StartDateTime|EndDateTime|DurationInMinutes|IsChild|IsRecurrence|IsDeleted|CreatedDate|LastModifiedDate",
    "Id|Subject|Type|TaskSubtype|Status|ActivityDate|CompletedDateTime|OwnerId|WhatId|AccountId|CallDurationInSeconds|CallDisposition|IsClosed|IsDeleted|CreatedDate|LastModifiedDate",
    "Id|IsDeleted|AccountId|Name|StageName|Amount|ExpectedRevenue|CloseDate|Type|IsClosed|IsWon|CurrencyIsoCode|OwnerId|CreatedDate|LastModifiedDate",
];

fn api(company: &Company) -> Vec<Sheet> {
    objects(company, &Flags("true", "false"), NAMES)
}

fn weekly(company: &Company) -> Vec<Sheet> {
    objects(company, &Flags("1", "0"), NAMES)
}

fn warehouse(company: &Company) -> Vec<Sheet> {
    let heads = [
        "id|name|first_name|last_name|email|is_active",
        "id|name|owner_id|is_deleted",
        "id|subject|type|owner_id|what_id|account_id|start_date_time|end_date_time|duration_in_minutes|is_child|is_recurrence|is_deleted|created_date|last_modified_date",
        "id|subject|type|task_subtype|status|activity_date|completed_date_time|owner_id|what_id|account_id|call_duration_in_seconds|call_disposition|is_closed|is_deleted|created_date|last_modified_date",
        "id|is_deleted|account_id|name|stage_name|amount|expected_revenue|close_date|type|is_closed|is_won|currency_iso_code|owner_id|created_date|last_modified_date",
    ];
    // TRUE in one table and true in another.
    let mut sheets = objects(company, &Flags("TRUE", "FALSE"), heads);
    let lower = objects(company, &Flags("true", "false"), heads);
    sheets[4] = lower[4].clone();
    sheets
}

const FOOTER: [&str; 3] = [
    "Grand Totals (5700 records)",
    "Confidential Information - Do Not Distribute",
    "Copyright © 2000-2026 salesforce.com, inc. All rights reserved.",
];

fn reports(company: &Company) -> Vec<Sheet> {
    let row = |a: &Act| {
        let event = a.kind.customer();
        vec![
            t(name(a.owner)),
            t(&a.subject),
            kind(a),
            Cell::Day(a.start.date()),
            if event { Cell::At(a.start) } else { Cell::Blank },
            if event { Cell::At(a.end()) } else { Cell::Blank },
            match (event, a.held()) {
                (true, _) => Cell::Blank,
                (false, true) => t("Completed"),
                (false, false) => t("Not Started"),
            },
            t(ACCOUNTS[a.account]),
            Cell::Whole(a.minutes),
            disposition(a),
        ]
    };
    let headings = "Assigned|Subject|Type|Date|Start|End|Status|Company / Account|Duration|Call Result";
    // Deleted records are in no report.
    let shown = events(company).filter(|a| a.happened != Happened::Canceled).chain(tasks(company));
    let mut activities = Sheet::new("report1794816000000", headings, shown.map(row).collect());
    activities.footer = FOOTER.to_vec();
    let deal = |d: &Deal| {
        vec![
            t(name(d.owner)),
            t(&d.name),
            t(ACCOUNTS[d.account]),
            t(stage(d)),
            t("USD"),
            Cell::Money(d.cents),
            t("USD"),
            Cell::Money(d.cents / 2),
            t("75%"),
            Cell::Day(d.close()),
            Cell::Day(d.created.date()),
            t(business(d)),
            t(if d.number.is_multiple_of(5) { "Call them,\r\nthen \"send\" it" } else { "" }),
        ]
    };
    let headings = "Opportunity Owner|Opportunity Name|Account Name|Stage|Amount Currency|Amount|Expected Revenue Currency|Expected Revenue|Probability (%)|Close Date|Created Date|Type|Next Step";
    let mut deals = Sheet::new("report1794816060000", headings, company.deals.iter().map(deal).collect());
    deals.footer = FOOTER.to_vec();
    vec![activities, deals]
}

/// The owner stands on the first row of its group alone, and a subtotal ends each group.
fn grouped(company: &Company) -> Vec<Sheet> {
    let mut rows = Vec::new();
    for person in 0..PEOPLE.len() {
        let own: Vec<&Deal> = company.deals.iter().filter(|d| d.owner == person).collect();
        for (at, d) in own.iter().enumerate() {
            rows.push(vec![
                if at == 0 { t(name(person)) } else { Cell::Blank },
                t(&d.name),
                t(ACCOUNTS[d.account]),
                t(stage(d)),
                Cell::Money(d.cents),
                Cell::Day(d.close()),
                Cell::Day(d.created.date()),
                t(business(d)),
            ]);
        }
        let sum = own.iter().map(|d| d.cents).sum();
        let mut subtotal = vec![Cell::Blank; 8];
        subtotal[0] = t("Subtotal");
        subtotal[4] = Cell::Money(sum);
        rows.push(subtotal);
    }
    let mut total = vec![Cell::Blank; 8];
    total[0] = t("Total");
    total[4] = Cell::Money(company.deals.iter().map(|d| d.cents).sum());
    rows.push(total);
    vec![Sheet::new("Pipeline by owner", "Opportunity Owner|Opportunity Name|Account Name|Stage|Amount|Close Date|Created Date|Type", rows)]
}
