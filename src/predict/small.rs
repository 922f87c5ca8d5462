//! Small worlds for tests: a few activities and deals by days since Monday, 1 January 2024.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use crate::calendar::{Calendar, Day};
use crate::facts::{self, Settings};
use crate::measure::{Catalog, Engine};
use crate::table::{Column, Data, Kind, Person, Roster, Source, Table, Words};

/// Day n since Monday, 1 January 2024, which is 0.
pub(super) fn day(n: i32) -> Day {
    Day::from_ymd(2024, 1, 1).unwrap().plus(n)
}

/// A held activity.
#[derive(Clone, Default)]
pub(super) struct Activity {
    pub(super) on: i32,
    pub(super) kind: &'static str,
    pub(super) owner: &'static str,
    pub(super) account: String,
    pub(super) lead: String,
    pub(super) deal: String,
}

/// A deal, of new business where it is with an account not known before.
#[derive(Clone, Default)]
pub(super) struct Deal {
    pub(super) owner: &'static str,
    pub(super) account: String,
    pub(super) state: &'static str,
    pub(super) created: i32,
    pub(super) closed: Option<i32>,
    pub(super) amount: Option<i64>,
}

#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) activities: Vec<Activity>,
    pub(super) deals: Vec<Deal>,
    /// Our people, in order of name.
    pub(super) people: Vec<Person>,
    /// The day of the report, and until when the exports reach.
    pub(super) as_of: i32,
}

impl World {
    pub(super) fn meeting(&mut self, on: i32, account: &str) {
        self.activities.push(Activity { on, kind: "meeting", account: account.to_owned(), ..Activity::default() });
    }

    pub(super) fn won(&mut self, account: &str, created: i32, closed: i32) {
        self.deals.push(Deal { account: account.to_owned(), state: "won", created, closed: Some(closed), ..Deal::default() });
    }

    fn data(&self) -> Data {
        let mut activities = table(Kind::Activities, self.activities.len());
        let of = |text: fn(&Activity) -> &str| words(self.activities.iter().map(text));
        activities.set("kind", of(|a| a.kind));
        activities.set("owner", of(|a| a.owner));
        activities.set("account", of(|a| &a.account));
        activities.set("lead", of(|a| &a.lead));
        activities.set("deal", of(|a| &a.deal));
        activities.set("outcome", of(|_| "held"));
        activities.set("day", days(self.activities.iter().map(|a| Some(a.on))));
        let mut deals = table(Kind::Deals, self.deals.len());
        let ids: Vec<String> = (1..=self.deals.len()).map(|n| format!("D{n}")).collect();
        deals.set("id", words(ids.iter().map(String::as_str)));
        deals.set("owner", words(self.deals.iter().map(|d| d.owner)));
        deals.set("account", words(self.deals.iter().map(|d| d.account.as_str())));
        deals.set("state", words(self.deals.iter().map(|d| d.state)));
        deals.set("created_on", days(self.deals.iter().map(|d| Some(d.created))));
        if self.deals.iter().any(|deal| deal.amount.is_some()) {
            let amounts: Vec<_> = self.deals.iter().map(|deal| deal.amount.map(rust_decimal::Decimal::from)).collect();
            deals.set("amount", Column::Money(crate::table::Amounts::new(&amounts)));
        }
        deals.set("closed_on", days(self.deals.iter().map(|d| d.closed)));
        Data {
            sources: vec![source("activities"), source("deals")],
            said_prospect: vec![None; activities.len()],
            kept_as_task: vec![false; activities.len()],
            child: vec![false; activities.len()],
            said_step: vec![None; activities.len()],
            stage_words: BTreeMap::new(),
            activities,
            deals,
            stages: table(Kind::Stages, 0),
            accounts: table(Kind::Accounts, 0),
            leads: table(Kind::Leads, 0),
            targets: table(Kind::Targets, 0),
            commitments: table(Kind::Commitments, 0),
            promised: BTreeMap::new(),
            roster: Roster { people: self.people.clone(), ..Roster::default() },
            said_new_business: Vec::new(),
            splits: BTreeMap::new(),
            group_key: None,
            says_who_attended: false,
        }
    }

    /// Asks an engine over the world that knows some measures.
    pub(super) fn ask<T>(&self, measures: &[&str], ask: impl FnOnce(&Engine<'_>) -> T) -> T {
        let as_of = day(self.as_of);
        let settings = Settings {
            as_of,
            through: None,
            blank: None,
            minutes: BTreeMap::new(),
            count_each: false,
            currency: None,
            rates: None,
            stages: Vec::new(),
        };
        let mut data = self.data();
        let facts = facts::derive(&mut data, &settings).unwrap();
        let names: Vec<String> = measures.iter().map(|&name| name.to_owned()).collect();
        let measures = Catalog::new(&[]).unwrap().compile(&names).unwrap();
        ask(&Engine::new(&data, &facts, &Calendar::default(), as_of, &measures))
    }
}

fn table(kind: Kind, rows: usize) -> Table {
    let file = u16::from(kind == Kind::Deals);
    Table::new(kind, vec![file; rows], (2..).take(rows).collect())
}

fn words<'a>(texts: impl Iterator<Item = &'a str>) -> Column {
    Column::Words(Words::from_texts(texts.map(|text| Some(text).filter(|text| !text.is_empty()))))
}

fn days(days: impl Iterator<Item = Option<i32>>) -> Column {
    Column::Days(days.map(|n| n.map_or(Column::NO_DAY, |n| day(n).0)).collect())
}

fn source(table: &str) -> Source {
    Source::new(format!("{table}.csv"), table)
}
