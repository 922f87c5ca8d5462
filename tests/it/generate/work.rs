//! Activities: meetings, calls and the rest, plans, and colleagues who came along.

use jiff::ToSpan;
use jiff::civil::Date;

use super::{Act, Maker, Shape, salesforce_id};

impl Maker {
    pub(super) fn blank(&mut self, subject: String, owner: Option<usize>, due: Date) -> Act {
        let created = (due - self.random.between(0, 12).days()).max(self.first).min(self.quiet_from - 1.days()).max(self.first);
        let modified = (due + self.random.between(0, 3).days()).min(self.quiet_from);
        Act {
            id: String::new(),
            event: false,
            word: "",
            channel: "Task",
            subject,
            owner,
            due,
            time: (self.random.between(7, 21) as i8, *self.random.pick(&[0, 15, 30, 45])),
            status: "Completed",
            completed: None,
            seconds: None,
            account: None,
            contact: None,
            deal: None,
            result: "",
            created,
            modified,
            deleted: false,
            child: false,
            recurring: false,
        }
    }

    pub(super) fn push(&mut self, mut act: Act) -> usize {
        let n = self.acts.len() + 1;
        act.id = match self.plan.shape {
            Shape::Salesforce if act.event => salesforce_id("00U", n),
            Shape::Salesforce => salesforce_id("00T", n),
            Shape::Generic { .. } => format!("A-{n:06}"),
        };
        self.acts.push(act);
        n - 1
    }

    /// An account that is free for a customer meeting on that day.
    pub(super) fn free_account(&mut self, day: Date, week: usize) -> Option<usize> {
        let known = (self.accounts.len() * (2 * self.plan.weeks + 3 * week) / (5 * self.plan.weeks)).clamp(1, self.accounts.len());
        for _ in 0..10 {
            let a = self.random.below(known);
            let clash = self.accounts[a].met.iter().any(|m| *m == day || (*m - day).get_days().abs() == 180);
            if !clash {
                return Some(a);
            }
        }
        None
    }

    pub(super) fn meeting(&mut self, owner: usize, day: Date, week: usize) {
        let planned = day > self.as_of;
        let linked = !self.random.chance(6);
        let account = if linked { self.free_account(day, week) } else { None };
        if linked && account.is_none() {
            return;
        }
        let name = account.map_or("walk-in visitors".to_owned(), |a| self.accounts[a].name.clone());
        let mut act = self.blank(String::new(), Some(owner), day);
        let salesforce = self.plan.shape == Shape::Salesforce;
        act.event = salesforce && self.random.chance(80);
        // A past date alone never makes a task held, so what has no status is never called one.
        act.channel = if act.event || !salesforce { "Event" } else { "Task" };
        let presentation = self.random.chance(30);
        if presentation {
            (act.word, act.subject) = match self.random.below(4) {
                0 => ("Demo", format!("Tour for {name}")),
                1 => ("", format!("Product demo for {name}")),
                2 => ("", format!("Presentation to {name}")),
                _ => ("Presentation", format!("Offer shown to {name}")),
            };
        } else {
            (act.word, act.subject) = match self.random.below(6) {
                0 => ("", format!("Meeting with {name}")),
                // With a customer's account this is no internal meeting.
                1 if account.is_some() => ("Meeting", format!("Quarterly review {name}")),
                _ => ("Meeting", format!("Visit to {name}")),
            };
        }
        act.account = account;
        if let Some(a) = account {
            act.contact = if self.random.chance(25) { None } else { Some(self.random.below(4)) };
            let deals: Vec<usize> = self.accounts[a].deals.iter().copied().filter(|d| self.deals[*d].created <= day).collect();
            if !deals.is_empty() && self.random.chance(55) {
                let deal = *self.random.pick(&deals);
                if !planned || !self.deals[deal].next_step.is_empty() {
                    act.deal = Some(deal);
                }
                if self.deals[deal].kind.is_empty() {
                    act.contact = None;
                }
            }
        }
        act.status = if planned {
            "Scheduled"
        } else if presentation && !salesforce {
            // Fewer than half carry an outcome.
            self.random.weighted(&[("", 80), ("Completed", 12), ("No show", 4), ("Canceled", 4)])
        } else if salesforce {
            self.random.weighted(&[("Completed", 78), ("Not Started", 6), ("No Show", 10), ("Canceled", 6)])
        } else {
            self.random.weighted(&[
                ("Completed", 45),
                ("Held", 15),
                ("", 12),
                ("Scheduled", 6),
                ("No show", 9),
                ("NO_SHOW", 3),
                ("Canceled", 6),
                ("Rescheduled", 4),
            ])
        };
        if salesforce && planned {
            act.status = "Not Started";
        }
        if act.event {
            act.status = "";
        }
        if !act.event && salesforce && act.status == "Completed" && self.random.chance(40) {
            // Due some days before it was done; the day is the day it was done.
            act.completed = Some(day);
            act.due = (day - self.random.between(0, 9).days()).max(self.first);
            act.modified = act.modified.max(day);
        }
        if planned {
            act.modified = act.created.max(self.quiet_from - self.random.between(1, 6).days());
            act.created = act.created.min(self.quiet_from - 7.days());
        }
        act.seconds = match self.random.below(100) {
            0..5 => Some(0),
            5..11 => None,
            _ => Some(60 * self.random.between(3, 24) * 5),
        };
        // In Salesforce an owner is asked for; a sync can still lose it.
        if self.random.chance(5) && self.stands_in(act.deal) {
            act.owner = None;
        }
        act.deleted = salesforce && self.random.chance(3);
        act.recurring = act.event && self.random.chance(2);
        if let Some(a) = account {
            self.accounts[a].met.push(day);
            if !act.deleted
                && !act.recurring
                && (act.event || ["Completed", "Held"].contains(&act.status) || (presentation && act.status.is_empty()))
                && !planned
            {
                self.accounts[a].held.push((day, act.contact));
            }
        }
        self.push(act);
    }

    pub(super) fn call(&mut self, owner: usize, day: Date) {
        let account = self.random.below(self.accounts.len());
        let subject = format!("Call {}", self.accounts[account].name);
        let mut act = self.blank(subject, Some(owner), day);
        act.word = self.random.weighted(&[("Call", 3), ("", 1)]);
        act.channel = if self.plan.shape == Shape::Salesforce { "Call" } else { "Task" };
        act.result = self.random.weighted(&[("Connected", 45), ("Left voicemail", 25), ("No answer", 20), ("Busy", 6), ("", 4)]);
        act.seconds = match (act.result, self.random.below(100)) {
            (_, 0..4) => Some(0),
            (_, 4..9) => None,
            ("Connected", _) => Some(60 * self.random.between(1, 40)),
            _ => Some(60),
        };
        if self.random.chance(8) {
            act.status = "Not Started";
        } else if self.plan.shape == Shape::Salesforce {
            act.completed = Some(day);
            act.due = (day - self.random.between(0, 3).days()).max(self.first);
            act.modified = act.modified.max(day);
        }
        act.contact = if self.random.chance(30) { None } else { Some(self.random.below(4)) };
        act.account = Some(account);
        if let Some(deal) = self.accounts[account].deals.iter().copied().find(|d| self.deals[*d].created <= day) {
            act.deal = Some(deal);
            if self.random.chance(40) {
                (act.account, act.contact) = (None, None);
            }
        }
        if self.random.chance(8) && self.stands_in(act.deal) {
            act.owner = None;
        }
        act.deleted = self.plan.shape == Shape::Salesforce && self.random.chance(3);
        self.push(act);
    }

    pub(super) fn other(&mut self, owner: usize, day: Date) {
        let account = self.random.below(self.accounts.len());
        let name = self.accounts[account].name.clone();
        let salesforce = self.plan.shape == Shape::Salesforce;
        let mut act = self.blank(String::new(), Some(owner), day);
        match self.random.below(10) {
            0..2 => {
                act.word = "Proposal";
                act.subject = format!("Offer {name}");
                act.account = Some(account);
                if self.random.chance(25) {
                    act.status = if salesforce { "Not Started" } else { "Scheduled" };
                }
            }
            2..4 => {
                act.word = "Email";
                act.channel = "Email";
                act.subject = format!("Re: {name}");
                act.account = Some(account);
            }
            4..6 => {
                act.subject = (*self.random.pick(&[
                    "Prepare demo for",
                    "Mock presentation for",
                    "Send slides after meeting with",
                    "Follow up on call with",
                    "Schedule meeting with",
                ]))
                .to_owned()
                    + " "
                    + &name;
                act.account = Some(account);
            }
            _ => {
                let subjects = [
                    "Weekly team meeting",
                    "Forecast call",
                    "Coaching session",
                    "Territory planning meeting",
                    "Interview with candidate, recruiting",
                    "Expense report",
                    "Training: new product",
                ];
                act.subject = String::from(*self.random.pick(&subjects));
                act.event = salesforce;
                act.channel = if salesforce { "Event" } else { "Task" };
                act.seconds = Some(3600);
                if act.event {
                    act.status = "";
                }
            }
        }
        self.push(act);
    }

    pub(super) fn activities(&mut self) {
        let per_person_week = self.plan.rows * 100 / (self.plan.people * self.plan.weeks).max(1);
        // The first day has one of each, so that every file starts on it.
        let anchor = self.people.iter().position(|p| p.always).unwrap_or(0);
        for event in [true, false] {
            let account = usize::from(event);
            let name = self.accounts[account].name.clone();
            let mut act = self.blank(format!("Visit to {name}"), Some(anchor), self.first);
            act.event = event && self.plan.shape == Shape::Salesforce;
            act.word = "Meeting";
            act.channel = if act.event { "Event" } else { "Task" };
            act.status = if act.event { "" } else { "Completed" };
            act.account = Some(account);
            act.seconds = Some(1800);
            self.accounts[account].met.push(self.first);
            self.accounts[account].held.push((self.first, None));
            self.push(act);
        }
        for week in 0..self.plan.weeks {
            for person in 0..self.people.len() {
                let factor = if self.people[person].leader { 50 } else { 115 };
                let n = per_person_week * factor / 100;
                let n = n / 100 + usize::from(self.random.below(100) < n % 100);
                for _ in 0..n {
                    // Mostly weekdays; Sunday evenings show whose clock is used.
                    let weekday = if self.random.chance(4) { 6 } else { self.random.between(0, 4) };
                    let day = self.first + (week as i64 * 7 + weekday).days();
                    if !self.people[person].here(day) || day >= self.quiet_from {
                        continue;
                    }
                    match self.random.below(100) {
                        0..48 => self.meeting(person, day, week),
                        48..78 => self.call(person, day),
                        _ => self.other(person, day),
                    }
                }
            }
        }
        // The last touch of each file: calls and internal work, no customer meeting.
        for _ in 0..4 {
            let who = self.regular();
            let day = self.quiet_from;
            let mut act = self.blank("Weekly team meeting".to_owned(), Some(who), day);
            act.event = self.plan.shape == Shape::Salesforce;
            act.channel = if act.event { "Event" } else { "Task" };
            act.status = if act.event { "" } else { "Completed" };
            act.modified = day;
            act.time = (8, 15);
            self.push(act);
            self.call(who, day);
            if let Some(last) = self.acts.last_mut() {
                last.modified = day;
                last.time = (8, 30);
                last.deleted = false;
            }
        }
        if self.plan.silent_weeks > 0 {
            return;
        }
        // Plans, this week and later, and what claims to be done already.
        for _ in 0..self.plan.people * 4 {
            let who = self.regular();
            let day = self.as_of + (*self.random.pick(&[1, 2, 3, 4, 8, 10, 15])).days();
            self.meeting(who, day, self.plan.weeks);
        }
        for _ in 0..4 {
            let who = self.regular();
            let day = self.as_of + self.random.between(2, 9).days();
            self.meeting(who, day, self.plan.weeks);
            if let Some(last) = self.acts.last_mut()
                && !last.event
            {
                last.status = "Completed";
                last.completed = None;
            }
        }
        // Every fresh open deal was worked on last week.
        for deal in 0..self.deals.len() {
            if self.is_open(deal) && self.deals[deal].linkable {
                let day = self.as_of - self.random.between(3, 7).days();
                let subject = format!("Re: {}", self.accounts[self.deals[deal].account].name);
                let mut act = self.blank(subject, self.deals[deal].owner, day);
                act.word = "Email";
                act.channel = "Email";
                act.account = Some(self.deals[deal].account);
                act.deal = Some(deal);
                self.push(act);
            }
        }
    }

    /// Colleagues who came along: the same account, subject and time under another id.
    pub(super) fn joint(&mut self) {
        let dates_only = self.plan.shape == Shape::Generic { times: false };
        for i in 0..self.acts.len() {
            let act = self.acts[i].clone();
            let (Some(owner), Some(account)) = (act.owner, act.account) else {
                continue;
            };
            let customer = act.word == "Meeting"
                || act.subject.starts_with("Meeting with")
                || act.subject.starts_with("Visit")
                || act.word == "Presentation";
            let salesforce = self.plan.shape == Shape::Salesforce;
            if !customer || (salesforce && !act.event) || act.deleted || act.recurring || !self.random.chance(14) {
                continue;
            }
            if dates_only {
                // Not merged: both count. Neither may be the first with that account or contact.
                let before = |with: Option<Option<usize>>| {
                    let same =
                        |h: &(Date, Option<usize>)| with.is_none_or(|c| h.1 == c) && h.0 < act.due && (act.due - h.0).get_days() < 170;
                    self.accounts[account].held.iter().any(same)
                };
                if !before(None) || (act.contact.is_some() && !before(Some(act.contact))) {
                    continue;
                }
            }
            let guests = 1 + usize::from(self.random.chance(35));
            let mut present = vec![owner];
            for _ in 0..guests {
                let guest = self.random.below(self.people.len());
                if present.contains(&guest) || !self.people[guest].here(act.due) || (act.due > self.as_of && !self.people[guest].always) {
                    continue;
                }
                present.push(guest);
                let mut other = act.clone();
                other.owner = Some(guest);
                other.child = self.random.chance(50);
                self.push(other);
            }
        }
    }
}
