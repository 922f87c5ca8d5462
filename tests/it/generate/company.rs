//! People, accounts and deals.

use jiff::ToSpan;
use jiff::civil::{Date, date};

use super::{Account, Deal, Maker, Person, Shape, Stay, salesforce_id};

const FIRST: [&str; 8] = ["Ana", "Ben", "Caro", "Dev", "Eli", "Fay", "Gil", "Hana"];
const LAST: [&str; 9] = ["Silva", "Rao", "Berg", "Okoye", "Novak", "Lund", "Haddad", "Ito", "Price"];
const LEAF: [&str; 6] = ["Alder", "Birch", "Cedar", "Hazel", "Linden", "Maple"];

impl Maker {
    pub(super) fn people(&mut self) {
        let teams = if self.plan.people >= 12 { 3 } else { 2 };
        let days = self.plan.weeks as i64 * 7;
        for i in 0..self.plan.people {
            let team = i % teams;
            let name = format!("{} {}", FIRST[i % FIRST.len()], LAST[(i * 2 + i / FIRST.len()) % LAST.len()]);
            let leader = i < teams;
            let forever = Stay { team, from: if i % 2 == 0 { None } else { Some(date(2019, 1, 1)) }, to: None };
            let mut always = true;
            // In the middle of weeks, and neither in the first four weeks nor in the last six.
            let turn = self.first + self.random.between(30, days - 45).days();
            let stays = match i {
                i if i == teams + 1 => {
                    always = false;
                    vec![Stay { from: Some(turn), ..forever }]
                }
                i if i == teams + 2 => {
                    always = false;
                    vec![Stay { to: Some(turn), ..forever }]
                }
                i if i == teams + 3 => {
                    let yesterday = turn - 1.days();
                    vec![Stay { to: Some(yesterday), ..forever }, Stay { team: (team + 1) % teams, from: Some(turn), to: None }]
                }
                _ => vec![forever],
            };
            self.people.push(Person { name, id: salesforce_id("005", i + 1), leader, stays, always });
        }
    }

    pub(super) fn regular(&mut self) -> usize {
        loop {
            let i = self.random.below(self.people.len());
            // Leaders sell too, but less.
            if self.people[i].always && (!self.people[i].leader || self.random.chance(30)) {
                return i;
            }
        }
    }

    pub(super) fn seller(&mut self, from: Date, to: Date) -> usize {
        for _ in 0..20 {
            let i = self.random.below(self.people.len());
            if self.people[i].here(from) && self.people[i].here(to) && (!self.people[i].leader || self.random.chance(30)) {
                return i;
            }
        }
        self.regular()
    }

    pub(super) fn accounts(&mut self) {
        for i in 0..(self.plan.rows / 8).max(40) {
            let name = format!("{} Works {i:03}", LEAF[i % LEAF.len()]);
            let contacts = (0..4).map(|c| (salesforce_id("003", i * 4 + c + 1), format!("Contact {i:03}-{c}"))).collect();
            let owner = if self.random.chance(12) { None } else { Some(self.regular()) };
            self.accounts.push(Account {
                id: salesforce_id("001", i + 1),
                name,
                owner,
                contacts,
                met: Vec::new(),
                held: Vec::new(),
                wins: Vec::new(),
                deals: Vec::new(),
            });
        }
    }

    pub(super) fn amount(&mut self) -> String {
        if self.random.chance(7) {
            String::new()
        } else if self.random.chance(2) {
            "0".to_owned()
        } else {
            format!("{}.{:02}", self.random.between(900, 42_000), self.random.below(100))
        }
    }

    pub(super) fn add_deal(
        &mut self,
        account: usize,
        stage: &'static str,
        created: Date,
        close: Date,
        modified: Date,
        linkable: bool,
    ) -> usize {
        let id = if self.plan.shape == Shape::Salesforce {
            salesforce_id("006", self.deals.len() + 1)
        } else {
            format!("D-{:05}", self.deals.len() + 1)
        };
        let closed = stage.starts_with("Closed") || ["Canceled", "Duplicate", "Disqualified"].contains(&stage);
        let owner = match self.random.below(100) {
            // Where the account has no owner either, nobody stands in.
            0..5 => None,
            _ if !closed => Some(self.regular()),
            _ => Some(self.seller(created, close)),
        };
        let kind = if created < self.first && self.random.chance(35) {
            ""
        } else {
            self.random.weighted(&[("New Business", 55), ("Existing Business", 30), ("Add-On Business", 8), ("Renewal", 7)])
        };
        let amount = self.amount();
        let cost = match amount.parse::<f64>() {
            Ok(a) if !self.random.chance(12) => format!("{:.2}", a * self.random.between(30, 90) as f64 / 100.0),
            _ if self.random.chance(20) => "100.50".to_owned(),
            _ => String::new(),
        };
        let deleted = linkable && !self.deals.is_empty() && self.plan.shape == Shape::Salesforce && self.random.chance(3);
        let next_step = if self.random.chance(55) { "Agree on scope" } else { "" };
        let index = self.deals.len();
        self.deals.push(Deal {
            id,
            account,
            owner,
            stage,
            amount,
            cost,
            created,
            close,
            kind,
            next_step,
            modified,
            deleted,
            linkable: linkable && !deleted,
        });
        if stage == "Closed Won" && !deleted {
            self.accounts[account].wins.push(close);
        }
        if self.deals[index].linkable {
            self.accounts[account].deals.push(index);
        }
        index
    }

    pub(super) fn deals(&mut self) {
        let back = i64::from(self.plan.history_months) * 30;
        let days = self.plan.weeks as i64 * 7;
        let last = self.as_of - 1.days();
        // The oldest deal says how far the export reaches back.
        let oldest = self.first - (back + 40).days();
        self.add_deal(0, "Closed Won", oldest, oldest + 20.days(), oldest + 20.days(), true);
        for i in 0..self.accounts.len() * 2 / 5 {
            let close = self.first - self.random.between(3, back).days();
            let created = (close - self.random.between(5, 90).days()).max(oldest);
            let stage = self.random.weighted(&[("Closed Won", 70), ("Closed Lost", 30)]);
            if created < close && !self.accounts[i].wins.contains(&close) {
                self.add_deal(i, stage, created, close, close, true);
            }
        }
        for _ in 0..self.plan.weeks * 13 {
            let close = self.first + self.random.between(0, days - 1).days();
            let created = close - self.random.between(1, 100).days();
            let account = self.random.below(self.accounts.len());
            let stage =
                self.random.weighted(&[("Closed Won", 46), ("Closed Lost", 40), ("Canceled", 6), ("Duplicate", 3), ("Disqualified", 5)]);
            if !self.accounts[account].wins.contains(&close) {
                let modified = (close + self.random.between(0, 20).days()).min(last);
                self.add_deal(account, stage, created, close, modified, true);
            }
        }
        for i in 0..self.plan.rows / 30 {
            let account = self.random.below(self.accounts.len());
            let close = self.as_of + self.random.between(-60, 90).days();
            let stage = self.random.weighted(&[("Prospecting", 30), ("Needs Analysis", 30), ("Negotiation/Review", 30)]);
            if i % 3 == 0 {
                // Untouched since before the window.
                let modified = self.first - self.random.between(10, 90).days();
                let created = modified - self.random.between(20, 200).days();
                self.add_deal(account, stage, created.max(oldest), close, modified, false);
            } else {
                let created = self.as_of - self.random.between(10, days).days();
                let modified = last - self.random.between(0, 4).days();
                self.add_deal(account, stage, created, close, modified, true);
            }
        }
    }

    /// Whether the deal's owner (or nobody) was there on every day.
    pub(super) fn stands_in(&self, deal: Option<usize>) -> bool {
        deal.and_then(|d| self.deals[d].owner).is_none_or(|o| self.people[o].always)
    }

    pub(super) fn is_open(&self, deal: usize) -> bool {
        ["Prospecting", "Needs Analysis", "Negotiation/Review"].contains(&self.deals[deal].stage)
    }
}
