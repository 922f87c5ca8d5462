//! The CRMs whose exports hold activities and deals: Pipedrive, Dynamics 365, Zoho, Freshsales, `SugarCRM`, Odoo, Bitrix24; and SAP Business One's
//! activities.

use super::company::{ACCOUNTS, Act, Company, Deal, Happened, Kind, PEOPLE, State, email, name};
use super::spell::{Cell, Sheet, t};
use super::{Dialect, Holds, spell};

/// Numbers that need to know with which account an activity was.
const ACCOUNTLESS: [&str; 3] = ["accounts_met", "prospect_meetings", "new_prospect_meetings"];

pub(super) fn dialects() -> Vec<Dialect> {
    vec![
        Dialect {
            name: "pipedrive",
            sheets: pipedrive,
            spellings: &[spell::ISO, spell::DE, spell::FR],
            // Its types of activity have no demo, nothing says whom a call reached, and no deal says whether it is new business.
            lacks: &["presentations", "conversations", "deals_created"],
            ..Dialect::BOTH
        },
        Dialect {
            name: "pipedrive, one file",
            sheets: pipedrive_combined,
            spellings: &[spell::ISO],
            lacks: &["presentations", "conversations", "deals_created"],
            ..Dialect::BOTH
        },
        Dialect {
            name: "dynamics",
            sheets: dynamics,
            spellings: &[spell::US_24, spell::DE, spell::GB],
            lacks: &["presentations", "conversations", "deals_created"],
            ..Dialect::BOTH
        },
        Dialect { name: "zoho", sheets: zoho, spellings: &[spell::ISO], lacks: &["conversations"], ..Dialect::BOTH },
        Dialect {
            name: "freshsales",
            sheets: freshsales,
            spellings: &[spell::ISO, spell::US],
            lacks: &["conversations", "deals_created", "deals_added", "median_days_to_win", ACCOUNTLESS[0], ACCOUNTLESS[1], ACCOUNTLESS[2]],
            ..Dialect::BOTH
        },
        Dialect {
            name: "sugarcrm",
            sheets: sugarcrm,
            spellings: &[spell::ISO, spell::US, spell::GB],
            lacks: &["conversations", "deals_added", "deals_created", "median_days_to_win"],
            ..Dialect::BOTH
        },
        Dialect {
            name: "odoo",
            sheets: odoo,
            spellings: &[spell::ISO],
            // Its report of activities has what was done, without a length and by the name of a deal.
            lacks: &[
                "presentations",
                "conversations",
                "deals_created",
                "meeting_hours",
                "booked_next",
                ACCOUNTLESS[0],
                ACCOUNTLESS[1],
                ACCOUNTLESS[2],
            ],
            ..Dialect::BOTH
        },
        Dialect {
            name: "bitrix24",
            sheets: bitrix24,
            spellings: &[spell::ISO],
            lacks: &[
                "presentations",
                "conversations",
                "deals_created",
                "deals_added",
                "median_days_to_win",
                "meeting_hours",
                ACCOUNTLESS[0],
                ACCOUNTLESS[1],
                ACCOUNTLESS[2],
            ],
            ..Dialect::BOTH
        },
        Dialect {
            name: "sap business one",
            sheets: sap,
            spellings: &[spell::ISO, spell::DE, spell::US],
            lacks: &["presentations", "conversations", ACCOUNTLESS[0], ACCOUNTLESS[1], ACCOUNTLESS[2]],
            holds: Holds::Activities,
        },
    ]
}

fn hours(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

fn pipedrive_deal(d: &Deal) -> Vec<Cell> {
    let at = |state: State| d.closed.filter(|_| d.state == state).map_or(Cell::Blank, Cell::At);
    vec![
        Cell::Whole(2000 + d.number as i64),
        t(&d.name),
        t(name(d.owner)),
        t(ACCOUNTS[d.account]),
        t(["Qualified", "Demo Scheduled", "Proposal Made"][d.step()]),
        t(match d.state {
            State::Won => "Won",
            State::Lost => "Lost",
            State::Open => "Open",
        }),
        Cell::Money(d.cents),
        t("USD"),
        Cell::Money(d.cents / 2),
        Cell::At(d.created),
        at(State::Won),
        at(State::Lost),
        Cell::Day(d.expected),
    ]
}

const PIPEDRIVE_DEAL: &str = "Deal - ID|Deal - Title|Deal - Owner|Deal - Organization|Deal - Stage|Deal - Status|Deal - Value|Deal - Currency|Deal - Weighted value|Deal - Deal created|Deal - Won time|Deal - Lost time|Deal - Expected close date";

fn pipedrive_activity(a: &Act) -> Vec<Cell> {
    vec![
        Cell::Whole(5000 + a.number as i64),
        t(&a.subject),
        t(match a.kind {
            Kind::Meeting | Kind::Demo => "Meeting",
            Kind::Call => "Call",
            Kind::Email => "Email",
            Kind::Task => "Task",
        }),
        Cell::Day(a.start.date()),
        t(a.start.strftime("%H:%M").to_string()),
        t(hours(a.minutes)),
        t(name(a.owner)),
        t(if a.held() { "Done" } else { "To do" }),
        if a.held() { Cell::At(a.end()) } else { Cell::Blank },
    ]
}

const PIPEDRIVE_ACTIVITY: &str = "Activity - ID|Activity - Subject|Activity - Type|Activity - Due date|Activity - Due time|Activity - Duration|Activity - Assigned to user|Activity - Done|Activity - Marked as done time";

fn pipedrive(company: &Company) -> Vec<Sheet> {
    let activity = |a: &Act| {
        let mut row = pipedrive_activity(a);
        row.push(t(ACCOUNTS[a.account]));
        row
    };
    // What is no more is simply gone there.
    let kept = company.acts.iter().filter(|a| a.happened != Happened::Canceled);
    vec![
        Sheet::new("deals", PIPEDRIVE_DEAL, company.deals.iter().map(pipedrive_deal).collect()),
        Sheet::new("activities", const_join(PIPEDRIVE_ACTIVITY, "Activity - Organization"), kept.map(activity).collect()),
    ]
}

/// Deals and activities in one file: each row fills the columns of its own kind.
fn pipedrive_combined(company: &Company) -> Vec<Sheet> {
    let deal = |d: &Deal| {
        let mut row = pipedrive_deal(d);
        row.extend(vec![Cell::Blank; 10]);
        row
    };
    let activity = |a: &Act| {
        let mut row = vec![Cell::Blank; 13];
        row.extend(pipedrive_activity(a));
        row.push(t(ACCOUNTS[a.account]));
        row
    };
    let kept = company.acts.iter().filter(|a| a.happened != Happened::Canceled);
    let rows = company.deals.iter().map(deal).chain(kept.map(activity)).collect();
    vec![Sheet::new("pipedrive-export", const_join(const_join(PIPEDRIVE_DEAL, PIPEDRIVE_ACTIVITY), "Activity - Organization"), rows)]
}

/// Two lists of headings as one.
fn const_join(a: &str, b: &str) -> &'static str {
    Box::leak(format!("{a}|{b}").into_boxed_str())
}

fn dynamics(company: &Company) -> Vec<Sheet> {
    let guid = |family: &str, number: usize| t(format!("{family}41df91e-bd14-f011-9989-{number:012x}"));
    let deal = |d: &Deal| {
        let (status, reason) = match d.state {
            State::Open => ("Open", "In Progress"),
            State::Won => ("Won", "Won"),
            State::Lost => ("Lost", "Out-Sold"),
        };
        vec![
            guid("c", d.number),
            t("kRHx/8s="),
            Cell::At(d.modified()),
            t(format!("{} | 1-Year", d.name)),
            t(ACCOUNTS[d.account]),
            t(name(d.owner)),
            t(status),
            t(reason),
            t(["Qualify", "Propose", "Close"][d.step()]),
            Cell::Money(d.cents),
            match d.state {
                State::Won => Cell::Money(d.cents),
                State::Lost => Cell::Money(0),
                State::Open => Cell::Blank,
            },
            t("US Dollar"),
            Cell::Day(d.expected),
            d.closed.map_or(Cell::Blank, Cell::At),
            Cell::At(d.created),
        ]
    };
    let status = |a: &Act| match a.happened {
        Happened::Held => ["Completed", "Completed"],
        Happened::Planned => ["Scheduled", "Busy"],
        Happened::Missed | Happened::Canceled => ["Canceled", "Canceled"],
    };
    let appointment = |a: &Act| {
        let actual = |at| if a.held() { Cell::At(at) } else { Cell::Blank };
        vec![
            guid("a", a.number),
            t(&a.subject),
            Cell::At(a.start),
            Cell::At(a.end()),
            actual(a.start),
            actual(a.end()),
            Cell::Whole(a.minutes),
            t("Maria Reis"),
            t(name(a.owner)),
            t(ACCOUNTS[a.account]),
            t("Yes"),
            t(name(a.owner)),
            t(status(a)[0]),
            t(status(a)[1]),
            Cell::At(a.made()),
        ]
    };
    let other = |a: &Act| {
        vec![
            guid("b", a.number),
            t(&a.subject),
            t(match a.kind {
                Kind::Call => "Phone Call",
                Kind::Email => "Email",
                _ => "Task",
            }),
            t(ACCOUNTS[a.account]),
            t(name(a.owner)),
            t(if a.held() { "Completed" } else { "Open" }),
            t(match (a.kind, a.held()) {
                (Kind::Call, true) => "Made",
                (Kind::Email, true) => "Sent",
                (_, true) => "Completed",
                _ => "Open",
            }),
            Cell::At(a.start),
            if a.held() { Cell::At(a.end()) } else { Cell::Blank },
            Cell::Whole(a.minutes),
        ]
    };
    // The CRM writes one of these for every closed deal.
    let closing = |d: &Deal| {
        d.closed.map(|at| {
            vec![
                guid("d", d.number),
                t(format!("Opportunity Close - {}", d.name)),
                t("Opportunity Close"),
                t(&d.name),
                t(name(d.owner)),
                t("Completed"),
                t("Completed"),
                Cell::At(at),
                Cell::At(at),
                Cell::Blank,
            ]
        })
    };
    let account = |a: usize| vec![guid("e", a), t(ACCOUNTS[a]), t(name(a % PEOPLE.len())), t("Machinery")];
    let others = company.acts.iter().filter(|a| !a.kind.customer()).map(other).chain(company.deals.iter().filter_map(closing)).collect();
    vec![
        Sheet::new(
            "My Opportunities",
            "(Do Not Modify) Opportunity|(Do Not Modify) Row Checksum|(Do Not Modify) Modified On|Topic|Potential Customer|Owner|Status|Status Reason|Sales Stage|Est. revenue|Actual Revenue|Currency|Est. close date|Actual Close Date|Created On",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new("Active Accounts", "(Do Not Modify) Account|Account Name|Owner|Industry", (0..ACCOUNTS.len()).map(account).collect()),
        Sheet::new(
            "Appointments",
            "(Do Not Modify) Appointment|Subject|Start Time|End Time|Actual Start|Actual End|Duration|Required Attendees|Organizer|Regarding|Is Online Meeting|Owner|Status|Status Reason|Created On",
            company.acts.iter().filter(|a| a.kind.customer()).map(appointment).collect(),
        ),
        Sheet::new(
            "All Activities",
            "(Do Not Modify) Activity|Subject|Activity Type|Regarding|Owner|Activity Status|Status Reason|Due Date|Actual End|Duration",
            others,
        ),
    ]
}

fn zoho(company: &Company) -> Vec<Sheet> {
    let id = |number: usize| t(format!("zcrm_5361160000000{number:06}"));
    let deal = |d: &Deal| {
        vec![
            id(d.number),
            t(&d.name),
            id(900 + d.owner),
            t(name(d.owner)),
            t(match d.state {
                State::Won => "Closed Won",
                State::Lost => "Closed Lost",
                State::Open => ["Qualification", "Needs Analysis", "Proposal/Price Quote"][d.step()],
            }),
            Cell::Money(d.cents),
            Cell::Day(d.close()),
            t("Standard"),
            Cell::Money(d.cents / 2),
            t(if d.new { "New Business" } else { "Existing Business" }),
            id(800 + d.account),
            t(ACCOUNTS[d.account]),
            Cell::At(d.created),
            Cell::At(d.modified()),
        ]
    };
    let meeting = |a: &Act| {
        vec![
            id(10_000 + a.number),
            t(&a.subject),
            Cell::At(a.start),
            Cell::At(a.end()),
            t(name(a.owner)),
            t("Room 2"),
            t(ACCOUNTS[a.account]),
            t("Maria Reis"),
        ]
    };
    let call = |a: &Act| {
        vec![
            id(20_000 + a.number),
            t(&a.subject),
            t("Outbound"),
            Cell::At(a.start),
            Cell::Whole(a.minutes * 60),
            id(900 + a.owner),
            t(name(a.owner)),
            t(""),
            id(800 + a.account),
        ]
    };
    let task = |a: &Act| {
        vec![
            id(30_000 + a.number),
            t(&a.subject),
            Cell::Day(a.start.date()),
            t(if a.held() { "Completed" } else { "Not Started" }),
            t("High"),
            id(900 + a.owner),
            t(name(a.owner)),
            if a.held() { Cell::At(a.end()) } else { Cell::Blank },
        ]
    };
    let account = |a: usize| vec![id(800 + a), t(name(a % PEOPLE.len())), t(ACCOUNTS[a]), t("Machinery")];
    let users = (0..PEOPLE.len()).map(|p| vec![id(900 + p), t(PEOPLE[p].0), t(PEOPLE[p].1), t(email(p))]);
    // Meetings have no status there: those that did not take place are deleted.
    let meetings = |a: &&Act| a.kind.customer() && matches!(a.happened, Happened::Held | Happened::Planned);
    vec![
        Sheet::new(
            "Deals_2026_11_16",
            "Record Id|Deal Name|Deal Owner.id|Deal Owner|Stage|Amount|Closing Date|Pipeline|Expected Revenue|Type|Account Name.id|Account Name|Created Time|Modified Time",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new(
            "Meetings_2026_11_16",
            "Record Id|Title|From|To|Host|Location|Related To|Contact Name",
            company.acts.iter().filter(meetings).map(meeting).collect(),
        ),
        Sheet::new(
            "Calls_2026_11_16",
            "Record Id|Subject|Call Type|Call Start Time|Call Duration (in seconds)|Call Owner.id|Call Owner|Call Result|Related To.id",
            company.acts.iter().filter(|a| a.kind == Kind::Call && a.held()).map(call).collect(),
        ),
        Sheet::new(
            "Tasks_2026_11_16",
            "Record Id|Subject|Due Date|Status|Priority|Task Owner.id|Task Owner|Closed Time",
            company.acts.iter().filter(|a| a.kind == Kind::Task).map(task).collect(),
        ),
        Sheet::new("Accounts_2026_11_16", "Record Id|Account Owner|Account Name|Industry", (0..ACCOUNTS.len()).map(account).collect()),
        Sheet::new("Users_2026_11_16", "Record Id|First Name|Last Name|Email", users.collect()),
    ]
}

fn freshsales(company: &Company) -> Vec<Sheet> {
    let deal = |d: &Deal| {
        vec![
            t(&d.name),
            Cell::Money(d.cents),
            t("New Deal"),
            Cell::Day(d.expected),
            d.closed.map_or(Cell::Blank, |at| Cell::Day(at.date())),
            t(name(d.owner)),
            t("Default Pipeline"),
            t(match d.state {
                State::Won => "Won",
                State::Lost => "Lost",
                State::Open => ["New", "Qualification", "Negotiation"][d.step()],
            }),
            t(ACCOUNTS[d.account]),
            t("ana@x.example;bo@x.example"),
        ]
    };
    // Its outcome is a company's own word, and mostly blank.
    let appointment = |a: &Act| vec![t(&a.subject), Cell::At(a.start), Cell::At(a.end()), Cell::Blank, t(name(a.owner))];
    let kept = |a: &&Act| a.kind.customer() && matches!(a.happened, Happened::Held | Happened::Planned);
    vec![
        Sheet::new(
            "deals",
            "Deal Name|Deal Value|Type|Expected close date|Closed date|Sales owner|Deal Pipeline|Deal Stage|Account|Related Contacts",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new("appointments", "Title|From|To|Outcome|Sales owner", company.acts.iter().filter(kept).map(appointment).collect()),
    ]
}

fn sugarcrm(company: &Company) -> Vec<Sheet> {
    let id = |family: &str, number: usize| t(format!("{family}-{number:05}-4b1e"));
    let work = |a: &Act| {
        vec![
            id("act", a.number),
            t(&a.subject),
            Cell::At(a.start),
            Cell::At(a.end()),
            Cell::Whole(a.minutes / 60),
            Cell::Whole(a.minutes % 60),
            t(match a.happened {
                Happened::Held => "Held",
                Happened::Planned => "Planned",
                Happened::Missed | Happened::Canceled => "Not Held",
            }),
            t("Outbound"),
            t("Accounts"),
            id("acc", a.account),
            t(name(a.owner)),
            id("usr", a.owner),
            t("0"),
        ]
    };
    let deal = |d: &Deal| {
        vec![
            id("opp", d.number),
            t(&d.name),
            t(ACCOUNTS[d.account]),
            Cell::Money(d.cents),
            Cell::Money(d.cents),
            t("-99"),
            Cell::Day(d.close()),
            t(match d.state {
                State::Won => "Closed Won",
                State::Lost => "Closed Lost",
                State::Open => ["Prospecting", "Qualification", "Value Proposition"][d.step()],
            }),
            t(name(d.owner)),
            t(if d.new { "New Business" } else { "Existing Business" }),
        ]
    };
    let account = |a: usize| vec![id("acc", a), t(ACCOUNTS[a]), t("Machinery"), t(name(a % PEOPLE.len())), t("0")];
    let headings = "id|name|date_start|date_end|duration_hours|duration_minutes|status|direction|parent_type|parent_id|assigned_user_name|assigned_user_id|deleted";
    vec![
        Sheet::new("Meetings", headings, company.acts.iter().filter(|a| a.kind.customer()).map(work).collect()),
        Sheet::new("Calls", headings, company.acts.iter().filter(|a| a.kind == Kind::Call).map(work).collect()),
        Sheet::new(
            "Opportunities",
            "id|name|account_name|amount|amount_usdollar|currency_id|date_closed|sales_stage|assigned_user_name|opportunity_type",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new("Accounts", "id|name|industry|assigned_user_name|deleted", (0..ACCOUNTS.len()).map(account).collect()),
    ]
}

fn odoo(company: &Company) -> Vec<Sheet> {
    let deal = |d: &Deal| {
        vec![
            t(&d.name),
            t(ACCOUNTS[d.account]),
            t(name(d.owner)),
            t("Europe"),
            t(if d.won() { "Won" } else { ["New", "Qualified", "Proposition"][d.step()] }),
            Cell::Money(d.cents),
            t("50"),
            Cell::Day(d.expected),
            d.closed.map_or(Cell::Blank, |at| Cell::Day(at.date())),
            t(match d.state {
                State::Won => "Won",
                State::Lost => "Lost",
                State::Open => "Pending",
            }),
            // What is lost is archived.
            t(if d.state == State::Lost { "False" } else { "True" }),
            Cell::Day(d.created.date()),
        ]
    };
    let done = |a: &Act| {
        vec![
            Cell::Day(a.start.date()),
            t(name(a.owner)),
            t(&a.subject),
            t(match a.kind {
                Kind::Call => "Call",
                Kind::Email => "Email",
                Kind::Task => "To-Do",
                _ => "Meeting",
            }),
            t(format!("Pump line {}", 1 + a.account)),
        ]
    };
    vec![
        Sheet::new(
            "crm.lead",
            "name|partner_id|user_id|team_id|stage_id|expected_revenue|probability|date_deadline|date_closed|won_status|active|create_date",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new(
            "crm.activity.report",
            "date|user_id|subject|mail_activity_type_id|lead_id",
            company.acts.iter().filter(|a| a.held()).map(done).collect(),
        ),
    ]
}

fn bitrix24(company: &Company) -> Vec<Sheet> {
    let person = |p: usize| Cell::Whole(41 + p as i64);
    let deal = |d: &Deal| {
        vec![
            Cell::Whole(d.number as i64),
            t(&d.name),
            t(match d.state {
                State::Won => "WON",
                State::Lost => "LOST",
                State::Open => ["NEW", "PREPARATION"][d.number % 2],
            }),
            person(d.owner),
            t(ACCOUNTS[d.account]),
            Cell::Money(d.cents),
            d.closed.map_or(Cell::Blank, |at| Cell::Day(at.date())),
        ]
    };
    let activity = |a: &Act| {
        vec![
            Cell::Whole(a.number as i64),
            t(match a.kind {
                Kind::Call => "call",
                Kind::Email => "email",
                Kind::Task => "task",
                _ => "meeting",
            }),
            t(&a.subject),
            person(a.owner),
            Cell::Day(a.start.date()),
            t(if a.held() { "true" } else { "false" }),
        ]
    };
    let user = |p: usize| vec![person(p), t(name(p)), t(email(p))];
    vec![
        Sheet::new(
            "crm_deals",
            "deal_id|title|stage_id|manager_id|company|expected_amount|closed_at",
            company.deals.iter().map(deal).collect(),
        ),
        Sheet::new(
            "crm_activities",
            "activity_id|activity_type|subject|responsible_user_id|deadline_at|completed",
            company.acts.iter().filter(|a| a.happened != Happened::Canceled).map(activity).collect(),
        ),
        Sheet::new("users", "user_id|name|email", (0..PEOPLE.len()).map(user).collect()),
    ]
}

fn sap(company: &Company) -> Vec<Sheet> {
    let kept = |a: &&Act| (a.kind.customer() || a.kind == Kind::Call) && matches!(a.happened, Happened::Held | Happened::Planned);
    let row = |a: &Act| {
        vec![
            t(if a.kind == Kind::Call { "Phone Call" } else { "Meeting" }),
            t(name(a.owner)),
            Cell::Blank,
            t(format!("{}h {}m", a.minutes / 60, a.minutes % 60)),
            Cell::At(a.start),
            Cell::At(a.end()),
        ]
    };
    // A call that was never made is none of its records.
    let made = |a: &&Act| a.kind.customer() || a.held();
    let rows = company.acts.iter().filter(kept).filter(made).map(row).collect();
    vec![Sheet::new("Activities", "Activity|Assigned To|Activity Stage|Duration|Start|End", rows)]
}
