//! The rows as each kind of export writes them.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::{Act, Deal, Maker, Shape, Sheet};

const TEAMS: [&str; 3] = ["East", "North", "West"];

impl Maker {
    pub(super) fn instant(&self, day: Date, time: (i8, i8)) -> String {
        let zone = TimeZone::get(self.plan.zone).unwrap();
        let local = day.at(time.0, time.1, 0, 0).to_zoned(zone).unwrap();
        local.with_time_zone(TimeZone::UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string()
    }

    pub(super) fn owner_id(&self, owner: Option<usize>) -> String {
        owner.map(|o| self.people[o].id.clone()).unwrap_or_default()
    }

    pub(super) fn owner_name(&self, owner: Option<usize>) -> String {
        owner.map(|o| self.people[o].name.clone()).unwrap_or_default()
    }

    pub(super) fn people_sheet(&self) -> Sheet {
        let mut rows = Vec::new();
        let text = |d: Option<Date>| d.map(|d| d.to_string()).unwrap_or_default();
        for p in &self.people {
            for stay in &p.stays {
                let manager = if p.leader { String::new() } else { self.people[stay.team].name.clone() };
                let email = format!("{}@example.com", p.name.to_lowercase().replace(' ', "."));
                let role = if p.leader { "leader" } else { "rep" };
                rows.push(vec![
                    p.name.clone(),
                    p.id.clone(),
                    email,
                    role.to_owned(),
                    manager,
                    TEAMS[stay.team].to_owned(),
                    text(stay.from),
                    text(stay.to),
                ]);
            }
        }
        Sheet { name: "people.csv".to_owned(), headings: "name,id,email,role,manager,team,from,to".to_owned(), rows }
    }

    /// Which rows appear again: an older version of it, or the row itself.
    pub(super) fn repeats(&mut self, deleted: &[bool]) -> Vec<(usize, bool)> {
        let mut out = Vec::new();
        for (i, gone) in deleted.iter().enumerate() {
            if !gone && self.random.chance(3) {
                out.push((i, self.random.chance(50)));
            }
        }
        out
    }

    pub(super) fn rows_to_write(&mut self) -> (Vec<Act>, Vec<Deal>) {
        let again_acts = self.repeats(&self.acts.iter().map(|a| a.deleted).collect::<Vec<_>>());
        let again_deals = self.repeats(&self.deals.iter().map(|d| d.deleted).collect::<Vec<_>>());
        let mut acts = self.acts.clone();
        for (i, older) in again_acts {
            let mut act = self.acts[i].clone();
            if older {
                act.modified -= 3.days();
                act.seconds = act.seconds.map(|s| s + 600);
                if !act.event && act.status == "Completed" {
                    act.status = if self.plan.shape == Shape::Salesforce { "Not Started" } else { "Scheduled" };
                    act.completed = None;
                }
            }
            acts.push(act);
        }
        let mut deals = self.deals.clone();
        for (i, older) in again_deals {
            let mut deal = self.deals[i].clone();
            if older {
                deal.modified -= 3.days();
                deal.stage = "Prospecting";
                "111.11".clone_into(&mut deal.amount);
            }
            deals.push(deal);
        }
        self.random.shuffle(&mut acts);
        self.random.shuffle(&mut deals);
        (acts, deals)
    }

    pub(super) fn salesforce(&mut self) -> Vec<Sheet> {
        let (acts, deals) = self.rows_to_write();
        let flag = |b: bool| if b { "true" } else { "false" }.to_owned();
        let mut events = Vec::new();
        let mut tasks = Vec::new();
        for act in &acts {
            let deal = act.deal.map(|d| self.deals[d].id.clone());
            let account = act.account.map(|a| self.accounts[a].id.clone());
            let contact = act.account.zip(act.contact).map(|(a, c)| self.accounts[a].contacts[c].0.clone()).unwrap_or_default();
            // The account stands in its own column, or only in "related to".
            let own_column = deal.is_some() || act.id.as_bytes()[13].is_multiple_of(2);
            let what = deal.or_else(|| account.clone()).unwrap_or_default();
            let account = if own_column { account.unwrap_or_default() } else { String::new() };
            let created = self.instant(act.created, (6, 0));
            let modified = self.instant(act.modified, (22, 0));
            let owner = self.owner_id(act.owner);
            if act.event {
                events.push(vec![
                    act.id.clone(),
                    act.subject.clone(),
                    owner,
                    self.instant(act.due, act.time),
                    act.seconds.map(|s| (s / 60).to_string()).unwrap_or_default(),
                    what,
                    contact,
                    account,
                    act.word.to_owned(),
                    act.channel.to_owned(),
                    created,
                    modified,
                    flag(act.deleted),
                    flag(act.child),
                    flag(act.recurring),
                ]);
            } else {
                tasks.push(vec![
                    act.id.clone(),
                    act.subject.clone(),
                    owner,
                    act.due.to_string(),
                    act.status.to_owned(),
                    flag(act.status == "Completed"),
                    act.completed.map(|d| self.instant(d, act.time)).unwrap_or_default(),
                    act.word.to_owned(),
                    act.channel.to_owned(),
                    act.result.to_owned(),
                    act.seconds.map(|s| s.to_string()).unwrap_or_default(),
                    what,
                    contact,
                    account,
                    created,
                    modified,
                    flag(act.deleted),
                ]);
            }
        }
        let mut opportunities = Vec::new();
        for deal in &deals {
            let won = deal.stage == "Closed Won";
            let closed = won || ["Closed Lost", "Canceled", "Duplicate", "Disqualified"].contains(&deal.stage);
            opportunities.push(vec![
                deal.id.clone(),
                format!("{} deal", self.accounts[deal.account].name),
                self.owner_id(deal.owner),
                self.accounts[deal.account].id.clone(),
                deal.stage.to_owned(),
                deal.amount.clone(),
                // Weighted by probability: never an amount.
                deal.amount.parse::<f64>().map(|a| format!("{:.2}", a / 4.0)).unwrap_or_default(),
                if won { "100" } else { "25" }.to_owned(),
                deal.close.to_string(),
                self.instant(deal.created, (19, 30)),
                flag(closed),
                flag(won),
                deal.kind.to_owned(),
                deal.next_step.to_owned(),
                self.instant(deal.modified, (20, 0)),
                flag(deal.deleted),
            ]);
        }
        let accounts = self
            .accounts
            .iter()
            .map(|a| {
                // Today's state: it must not decide what was a prospect then.
                let state = if a.wins.is_empty() { "Prospect" } else { "Customer" };
                vec![a.id.clone(), a.name.clone(), self.owner_id(a.owner), state.to_owned()]
            })
            .collect();
        let sheet = |name: &str, headings: &str, rows| Sheet { name: name.to_owned(), headings: headings.to_owned(), rows };
        vec![
            sheet(
                "Event.csv",
                "Id,Subject,OwnerId,StartDateTime,DurationInMinutes,WhatId,WhoId,AccountId,Type,EventSubtype,\
                    CreatedDate,LastModifiedDate,IsDeleted,IsChild,IsRecurrence",
                events,
            ),
            sheet(
                "Task.csv",
                "Id,Subject,OwnerId,ActivityDate,Status,IsClosed,CompletedDateTime,Type,TaskSubtype,CallDisposition,\
                    CallDurationInSeconds,WhatId,WhoId,AccountId,CreatedDate,LastModifiedDate,IsDeleted",
                tasks,
            ),
            sheet(
                "Opportunity.csv",
                "Id,Name,OwnerId,AccountId,StageName,Amount,ExpectedRevenue,Probability,CloseDate,CreatedDate,\
                    IsClosed,IsWon,Type,NextStep,LastModifiedDate,IsDeleted",
                opportunities,
            ),
            sheet("Account.csv", "Id,Name,OwnerId,Type", accounts),
            self.people_sheet(),
        ]
    }

    pub(super) fn generic(&mut self, times: bool) -> Vec<Sheet> {
        let (acts, deals) = self.rows_to_write();
        let mut rows = Vec::new();
        for act in &acts {
            let when = if times { format!("{} {:02}:{:02}", act.due, act.time.0, act.time.1) } else { act.due.to_string() };
            rows.push(vec![
                act.id.clone(),
                self.owner_name(act.owner),
                if act.word.is_empty() { act.channel } else { act.word }.to_owned(),
                act.subject.clone(),
                when,
                act.created.to_string(),
                act.modified.to_string(),
                if act.status == "Not Started" { "Planned" } else { act.status }.to_owned(),
                act.seconds.map(|s| (s / 60).to_string()).unwrap_or_default(),
                act.account.map(|a| self.accounts[a].name.clone()).unwrap_or_default(),
                act.account.zip(act.contact).map(|(a, c)| self.accounts[a].contacts[c].1.clone()).unwrap_or_default(),
                act.deal.map(|d| self.deals[d].id.clone()).unwrap_or_default(),
                act.result.to_owned(),
            ]);
        }
        let deal_rows = deals
            .iter()
            .map(|deal| {
                vec![
                    deal.id.clone(),
                    format!("{} deal", self.accounts[deal.account].name),
                    self.owner_name(deal.owner),
                    self.accounts[deal.account].name.clone(),
                    deal.stage.to_owned(),
                    deal.amount.clone(),
                    deal.cost.clone(),
                    deal.created.to_string(),
                    deal.close.to_string(),
                    deal.kind.to_owned(),
                    deal.modified.to_string(),
                    deal.next_step.to_owned(),
                ]
            })
            .collect();
        let when = if times { "start_time" } else { "activity_date" };
        vec![
            Sheet {
                name: "activities.csv".to_owned(),
                headings: format!(
                    "activity_id,rep_name,activity_type,subject,{when},created_date,modified_date,status,duration_min,\
                    account,contact,deal_id,call_result"
                ),
                rows,
            },
            Sheet {
                name: "deals.csv".to_owned(),
                headings: "deal_id,deal_name,rep_name,account,stage,amount,cost,created_date,close_date,type,modified_date,next_step"
                    .to_owned(),
                rows: deal_rows,
            },
            self.people_sheet(),
        ]
    }
}
