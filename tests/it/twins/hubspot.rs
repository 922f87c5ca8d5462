//! `HubSpot`, by its labels, by its properties' names, and as a warehouse dumps them.

use super::company::{ACCOUNTS, Act, Company, Deal, Happened, Kind, PEOPLE, State, email, name};
use super::spell::{Cell, Sheet, t};
use super::{Dialect, spell};

pub(super) fn dialects() -> Vec<Dialect> {
    vec![
        Dialect { name: "hubspot, labels", sheets: labels, spellings: &[spell::ISO, spell::FR, spell::US], ..Dialect::BOTH },
        Dialect {
            name: "hubspot, API names",
            sheets: api,
            spellings: &[spell::EPOCH, spell::ZULU],
            // Its meetings name no company here.
            lacks: &["accounts_met", "prospect_meetings", "new_prospect_meetings"],
            ..Dialect::BOTH
        },
        Dialect {
            name: "hubspot, upper-case dump",
            sheets: dump,
            spellings: &[spell::ZULU],
            lacks: &["accounts_met", "prospect_meetings", "new_prospect_meetings"],
            ..Dialect::BOTH
        },
    ]
}

fn of(company: &Company, wanted: fn(&Act) -> bool) -> impl Iterator<Item = &Act> {
    company.acts.iter().filter(move |a| wanted(a))
}

fn outcome(act: &Act) -> [&'static str; 2] {
    match act.happened {
        Happened::Held => ["Completed", "COMPLETED"],
        Happened::Planned => ["Scheduled", "SCHEDULED"],
        Happened::Missed => ["No show", "NO_SHOW"],
        Happened::Canceled if act.number.is_multiple_of(2) => ["Rescheduled", "RESCHEDULED"],
        Happened::Canceled => ["Canceled", "CANCELED"],
    }
}

fn stage(deal: &Deal) -> [&'static str; 2] {
    match deal.state {
        State::Won => ["Closed Won", "closedwon"],
        State::Lost => ["Closed Lost", "closedlost"],
        State::Open => [
            ["Appointment Scheduled", "appointmentscheduled"],
            ["Presentation Scheduled", "presentationscheduled"],
            ["Contract Sent", "contractsent"],
        ][deal.step()],
    }
}

fn demo(act: &Act) -> Cell {
    if act.kind == Kind::Demo { t("Demo") } else { Cell::Blank }
}

fn company_id(account: usize) -> Cell {
    Cell::Whole(9001 + account as i64)
}

fn close(deal: &Deal) -> Cell {
    Cell::At(deal.closed.unwrap_or_else(|| deal.expected.at(10, 0, 0, 0)))
}

fn labels(company: &Company) -> Vec<Sheet> {
    let meeting = |a: &Act| {
        vec![
            Cell::Whole(300_100_000_000 + a.number as i64),
            t(&a.subject),
            demo(a),
            Cell::At(a.start),
            Cell::At(a.start),
            Cell::At(a.end()),
            t(outcome(a)[0]),
            t(name(a.owner)),
            company_id(a.account),
            t(ACCOUNTS[a.account]),
            Cell::At(a.made()),
            Cell::At(a.modified()),
        ]
    };
    let call = |a: &Act| {
        vec![
            Cell::Whole(300_200_000_000 + a.number as i64),
            t(&a.subject),
            Cell::At(a.start),
            Cell::Whole(a.minutes * 60_000),
            t("Completed"),
            t(if a.reached { "Connected" } else { "Left voicemail" }),
            t(name(a.owner)),
            company_id(a.account),
            t(ACCOUNTS[a.account]),
            Cell::At(a.modified()),
        ]
    };
    let task = |a: &Act| {
        vec![
            Cell::Whole(300_300_000_000 + a.number as i64),
            t(&a.subject),
            t(if a.held() { "Completed" } else { "Not started" }),
            t("To-do"),
            Cell::At(a.start),
            if a.held() { Cell::At(a.end()) } else { Cell::Blank },
            t(name(a.owner)),
            company_id(a.account),
            Cell::At(a.modified()),
        ]
    };
    let deal = |d: &Deal| {
        vec![
            Cell::Whole(7000 + d.number as i64),
            t(&d.name),
            t(stage(d)[0]),
            t("Sales Pipeline"),
            Cell::Money(d.cents),
            Cell::Money(d.cents),
            t("USD"),
            close(d),
            Cell::At(d.created),
            t(name(d.owner)),
            t(if d.new { "newbusiness" } else { "existingbusiness" }),
            company_id(d.account),
            t(ACCOUNTS[d.account]),
            Cell::At(d.created),
            Cell::At(d.modified()),
        ]
    };
    vec![
        Sheet::new(
            "hubspot-crm-exports-all-meetings",
            "Record ID|Meeting name|Call and meeting type|Activity date|Meeting start time|Meeting end time|Meeting outcome|Activity assigned to|Associated Company IDs|Associated Company|Create Date|Last Modified Date",
            of(company, |a| a.kind.customer()).map(meeting).collect(),
        ),
        Sheet::new(
            "hubspot-crm-exports-all-calls",
            "Record ID|Call title|Activity date|Call duration|Call status|Call outcome|Activity assigned to|Associated Company IDs|Associated Company|Last Modified Date",
            of(company, |a| a.kind == Kind::Call && a.held()).map(call).collect(),
        ),
        Sheet::new(
            "hubspot-crm-exports-all-tasks",
            "Record ID|Task title|Task status|Task type|Due date|Completion date|Assigned to|Associated Company IDs|Last Modified Date",
            of(company, |a| a.kind == Kind::Task).map(task).collect(),
        ),
        Sheet::new(
            "hubspot-crm-exports-all-deals",
            "Record ID|Deal Name|Deal Stage|Pipeline|Amount|Amount in company currency|Currency|Close Date|Create Date|Deal owner|Deal Type|Associated Company IDs (Primary)|Associated Company (Primary)|Date entered \"Demo (Sales Pipeline)\"|Last Modified Date",
            company.deals.iter().map(deal).collect(),
        ),
    ]
}

fn owner_id(person: usize) -> Cell {
    Cell::Whole(32_779_820 + person as i64)
}

fn owners(headings: &'static str) -> Sheet {
    let row = |p: usize| vec![owner_id(p), t(email(p)), t(PEOPLE[p].0), t(PEOPLE[p].1), t("false")];
    Sheet::new("owners", headings, (0..PEOPLE.len()).map(row).collect())
}

fn properties(company: &Company, flags: [&str; 2], heads: [&'static str; 3]) -> Vec<Sheet> {
    let flag = |set: bool| t(flags[usize::from(set)]);
    let meeting = |a: &Act| {
        vec![
            Cell::Whole(400_100_000_000 + a.number as i64),
            t(&a.subject),
            demo(a),
            Cell::At(a.start),
            Cell::At(a.start),
            Cell::At(a.end()),
            t(outcome(a)[1]),
            owner_id(a.owner),
            Cell::At(a.modified()),
        ]
    };
    // What the call came to is a GUID in the API: one of HubSpot's own.
    let call = |a: &Act| {
        vec![
            Cell::Whole(400_200_000_000 + a.number as i64),
            t(&a.subject),
            Cell::At(a.start),
            Cell::Whole(a.minutes * 60_000),
            t("COMPLETED"),
            t(if a.reached { "f240bbac-87c9-4f6e-bf70-924b57d47db7" } else { "b2cf5968-551e-4856-9783-52b3da59a7d0" }),
            owner_id(a.owner),
            Cell::At(a.modified()),
        ]
    };
    let deal = |d: &Deal| {
        vec![
            Cell::Whole(8000 + d.number as i64),
            t(&d.name),
            t(stage(d)[1]),
            t("default"),
            Cell::Money(d.cents),
            t("USD"),
            close(d),
            Cell::At(d.created),
            owner_id(d.owner),
            t(if d.new { "newbusiness" } else { "existingbusiness" }),
            flag(d.state != State::Open),
            flag(d.won()),
            Cell::At(d.modified()),
        ]
    };
    vec![
        Sheet::new("meetings", heads[0], of(company, |a| a.kind.customer()).map(meeting).collect()),
        Sheet::new("calls", heads[1], of(company, |a| a.kind == Kind::Call && a.held()).map(call).collect()),
        Sheet::new("deals", heads[2], company.deals.iter().map(deal).collect()),
    ]
}

fn api(company: &Company) -> Vec<Sheet> {
    let heads = [
        "hs_object_id|hs_meeting_title|hs_activity_type|hs_timestamp|hs_meeting_start_time|hs_meeting_end_time|hs_meeting_outcome|hubspot_owner_id|hs_lastmodifieddate",
        "hs_object_id|hs_call_title|hs_timestamp|hs_call_duration|hs_call_status|hs_call_disposition|hubspot_owner_id|hs_lastmodifieddate",
        "hs_object_id|dealname|dealstage|pipeline|amount|deal_currency_code|closedate|createdate|hubspot_owner_id|dealtype|hs_is_closed|hs_is_closed_won|hs_lastmodifieddate",
    ];
    let mut sheets = properties(company, ["false", "true"], heads);
    sheets.push(owners("id|email|firstName|lastName|archived"));
    sheets
}

fn dump(company: &Company) -> Vec<Sheet> {
    let heads = [
        "HS_OBJECT_ID|HS_MEETING_TITLE|HS_ACTIVITY_TYPE|HS_TIMESTAMP|HS_MEETING_START_TIME|HS_MEETING_END_TIME|HS_MEETING_OUTCOME|HUBSPOT_OWNER_ID|HS_LASTMODIFIEDDATE",
        "HS_OBJECT_ID|HS_CALL_TITLE|HS_TIMESTAMP|HS_CALL_DURATION|HS_CALL_STATUS|HS_CALL_DISPOSITION|HUBSPOT_OWNER_ID|HS_LASTMODIFIEDDATE",
        "HS_OBJECT_ID|DEALNAME|DEALSTAGE|PIPELINE|AMOUNT|DEAL_CURRENCY_CODE|CLOSEDATE|CREATEDATE|HUBSPOT_OWNER_ID|DEALTYPE|HS_IS_CLOSED|HS_IS_CLOSED_WON|HS_LASTMODIFIEDDATE",
    ];
    let mut sheets = properties(company, ["False", "True"], heads);
    sheets.push(owners("ID|EMAIL|FIRSTNAME|LASTNAME|ARCHIVED"));
    sheets
}
