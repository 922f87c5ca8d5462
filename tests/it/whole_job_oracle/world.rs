//! What the files say, read naively.

use std::collections::HashMap;

use jiff::civil::Date;

use super::company::Files;
use crate::oracle::Who;

#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) id: String,
    pub(super) line: usize,
    pub(super) kind: &'static str,
    pub(super) subject: String,
    pub(super) owner: String,
    /// Who of ours was there, each once, the owner first; one empty name where nobody owns it.
    pub(super) people: Vec<String>,
    pub(super) day: Date,
    pub(super) time: String,
    pub(super) status: String,
    pub(super) account: String,
    /// With whom it is: the account, else that of its deal.
    pub(super) whom: String,
    pub(super) contact: String,
    pub(super) deal: String,
    pub(super) call_result: String,
    pub(super) result: String,
    pub(super) created: Option<Date>,
    pub(super) internal: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Deal {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) stage: String,
    pub(super) closed: Option<Date>,
    pub(super) reason: String,
}

#[derive(Debug, Clone)]
pub(super) struct Move {
    pub(super) deal: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) day: Date,
}

#[derive(Debug, Clone)]
pub(super) struct Stay {
    pub(super) name: String,
    pub(super) leader: bool,
    pub(super) manager: String,
    pub(super) team: String,
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
}

#[derive(Debug, Clone)]
pub(super) struct World {
    pub(super) acts: Vec<Act>,
    pub(super) deals: Vec<Deal>,
    /// In the order of their days.
    pub(super) moves: Vec<Move>,
    pub(super) people: Vec<Stay>,
    /// The last day of which the files know anything.
    pub(super) reach: Date,
}

fn rows(text: &str) -> Vec<HashMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    reader.records().map(|r| headings.iter().map(str::to_owned).zip(r.unwrap().iter().map(str::to_owned)).collect()).collect()
}

fn day(text: &str) -> Option<Date> {
    if text.is_empty() { None } else { Some(text[..10].parse().unwrap()) }
}

impl Stay {
    fn here(&self, day: Date) -> bool {
        self.from.is_none_or(|f| f <= day) && self.to.is_none_or(|t| day <= t)
    }
}

impl Act {
    /// "Kind meeting or presentation, not internal, linked to an account or not."
    pub(super) fn is_customer_meeting(&self) -> bool {
        (self.kind == "meeting" || self.kind == "presentation") && !self.internal
    }

    pub(super) fn is_held(&self) -> bool {
        // How a call ended says that it was made, where no status says another thing.
        self.status == "Completed" || (self.kind == "call" && self.status.is_empty() && self.call_result == "Connected")
    }
}

impl World {
    pub(super) fn read(files: &Files, as_of: Date) -> Self {
        let mut acts: Vec<Act> = Vec::new();
        for (line, r) in rows(&files.activities).iter().enumerate() {
            let when = r.get("Start").or_else(|| r.get("Date")).unwrap();
            let kind = match r["Activity Type"].as_str() {
                "Meeting" => "meeting",
                "Demo" | "Presentation" => "presentation",
                "Call" => "call",
                "Email" => "email",
                "Proposal" => "proposal",
                "Team meeting" => "team",
                "Coaching" => "coaching",
                other => panic!("the oracle doesn't know the type {other}"),
            };
            let mut people = vec![r["Owner"].clone()];
            for name in r["Internal Attendees"].split(';').map(str::trim).filter(|n| !n.is_empty()) {
                if !people.iter().any(|p| p == name) {
                    people.push(name.to_owned());
                }
            }
            let act = Act {
                id: r["Activity ID"].clone(),
                line,
                kind,
                subject: r["Subject"].clone(),
                owner: r["Owner"].clone(),
                people,
                day: day(when).unwrap(),
                time: when[10..].to_owned(),
                status: r["Status"].clone(),
                account: r["Account"].clone(),
                whom: r["Account"].clone(),
                contact: r["Contact"].clone(),
                deal: r["Deal ID"].clone(),
                call_result: r["Call Result"].clone(),
                result: r["Result"].clone(),
                created: day(&r["Created Date"]),
                internal: r["Internal"] == "Yes",
            };
            // "One meeting of several attendees is merged by same account or deal, same subject and same time of day."
            let same = |a: &Act| {
                !a.time.is_empty()
                    && (a.day, &a.time, &a.subject) == (act.day, &act.time, &act.subject)
                    && ((!act.account.is_empty() && a.account == act.account) || (!act.deal.is_empty() && a.deal == act.deal))
            };
            if let Some(twin) = acts.iter_mut().find(|a| same(a)) {
                let new: Vec<String> = act.people.into_iter().filter(|p| !twin.people.contains(p)).collect();
                twin.people.extend(new);
            } else {
                acts.push(act);
            }
        }
        let deals: Vec<Deal> = rows(&files.deals)
            .iter()
            .map(|r| Deal {
                id: r["Deal ID"].clone(),
                account: r["Account"].clone(),
                stage: r["Stage"].clone(),
                closed: day(&r["Closed Date"]),
                reason: r["Lost Reason"].clone(),
            })
            .collect();
        for act in acts.iter_mut().filter(|a| a.account.is_empty()) {
            act.whom = deals.iter().find(|d| d.id == act.deal).map_or(String::new(), |d| d.account.clone());
        }
        let mut moves: Vec<Move> = rows(&files.stages)
            .iter()
            .map(|r| Move {
                deal: r["Deal ID"].clone(),
                from: r["From Stage"].clone(),
                to: r["To Stage"].clone(),
                day: day(&r["Transition Date"]).unwrap(),
            })
            .collect();
        moves.sort_by_key(|m| m.day);
        let people = rows(&files.people)
            .iter()
            .map(|r| Stay {
                name: r["Name"].clone(),
                leader: r["Role"] == "leader",
                manager: r["Manager"].clone(),
                team: r["Team"].clone(),
                from: day(&r["From"]),
                to: day(&r["To"]),
            })
            .collect();
        let held = acts.iter().filter(|a| a.is_held()).map(|a| a.day);
        let known = held.chain(acts.iter().filter_map(|a| a.created)).chain(deals.iter().filter_map(|d| d.closed));
        let reach = known.filter(|d| *d <= as_of).max().unwrap();
        Self { acts, deals, moves, people, reach }
    }

    pub(super) fn stay(&self, name: &str, day: Date) -> Option<&Stay> {
        self.people.iter().find(|p| p.name == name && p.here(day))
    }

    /// Whether what that person did on that day counts for them.
    pub(super) fn belongs(&self, name: &str, day: Date, who: &Who) -> bool {
        match who {
            Who::All => true,
            // "Leaders are in no team's sum."
            Who::Team(team) => self.stay(name, day).is_some_and(|s| s.team == *team && !s.leader),
            Who::Owner(owner) => name == owner,
        }
    }

    pub(super) fn is_leader(&self, name: &str, day: Date) -> bool {
        self.stay(name, day).is_some_and(|s| s.leader)
    }
}
