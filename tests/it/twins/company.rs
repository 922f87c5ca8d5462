//! The facts of one company, made from a seed, and the numbers that follow from them: counted here, by no code of the program's.

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime, date};

use crate::generate::Random;

/// The day of the report, a Monday.
pub(super) const AS_OF: Date = date(2026, 11, 16);
/// The Mondays of the weeks that are shown.
pub(super) const WEEKS: [Date; 4] = [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)];
/// The first Monday with activities.
const FIRST: Date = date(2026, 9, 7);

/// The last twelve come up one by one, a week each, and have bought nothing.
pub(super) const ACCOUNTS: [&str; 24] = [
    "Altura Foods",
    "Norrby Paper",
    "Eskdale Dairy",
    "Müller & Söhne",
    "Café Léon",
    "Peña, Hijos",
    "Corvo Dairy",
    "Brix \"Halle\" Ltd",
    "Haus am See",
    "Ostra Líneas",
    "Vidros São Luís",
    "Kvarn & Co",
    "Lagoa Norte",
    "Öresund Frukt",
    "Tarn Valley",
    "Quai 9",
    "Zeche Süd",
    "Maison d'Été",
    "Plaza 22",
    "North; South",
    "Fjord | Fisk",
    "Ironworks",
    "Ébène",
    "Ultimo Molino",
];

pub(super) const PEOPLE: [(&str, &str); 5] =
    [("Ana", "Silva"), ("Jörg", "Weiß"), ("Chloé", "Martin"), ("Bruno", "Costa"), ("Inês", "Duarte")];

/// A person's name as most exports write it.
pub(super) fn name(person: usize) -> String {
    format!("{} {}", PEOPLE[person].0, PEOPLE[person].1)
}

/// A person's address.
pub(super) fn email(person: usize) -> String {
    ["ana.silva", "joerg.weiss", "chloe.martin", "bruno.costa", "ines.duarte"][person].to_owned() + "@altura.example"
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Meeting,
    Demo,
    Call,
    Email,
    Task,
}

impl Kind {
    pub(super) fn customer(self) -> bool {
        matches!(self, Self::Meeting | Self::Demo)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Happened {
    Held,
    /// Booked ahead; a call or task that is not done.
    Planned,
    /// Meetings only.
    Missed,
    /// Meetings only.
    Canceled,
}

#[derive(Debug, Clone)]
pub(super) struct Act {
    pub(super) number: usize,
    pub(super) kind: Kind,
    pub(super) owner: usize,
    pub(super) account: usize,
    pub(super) subject: String,
    /// Wall time in the company's zone.
    pub(super) start: DateTime,
    pub(super) minutes: i64,
    pub(super) happened: Happened,
    /// Whether a call that was made reached somebody.
    pub(super) reached: bool,
}

impl Act {
    pub(super) fn end(&self) -> DateTime {
        self.start + self.minutes.minutes()
    }

    pub(super) fn held(&self) -> bool {
        self.happened == Happened::Held
    }

    /// When it was last touched: when it was over, or long ago.
    pub(super) fn modified(&self) -> DateTime {
        if self.start.date() < AS_OF { self.end() + 5.minutes() } else { date(2026, 11, 13).at(16, 0, 0, 0) }
    }

    pub(super) fn made(&self) -> DateTime {
        let before = self.start.date() - 4.days();
        before.min(date(2026, 11, 12)).at(9, 30, 0, 0)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Open,
    Won,
    Lost,
}

#[derive(Debug, Clone)]
pub(super) struct Deal {
    pub(super) number: usize,
    pub(super) name: String,
    pub(super) account: usize,
    pub(super) owner: usize,
    pub(super) state: State,
    pub(super) cents: i64,
    pub(super) created: DateTime,
    /// Won or lost then.
    pub(super) closed: Option<DateTime>,
    /// Where it is open, some of these days are past.
    pub(super) expected: Date,
    pub(super) new: bool,
}

impl Deal {
    pub(super) fn won(&self) -> bool {
        self.state == State::Won
    }

    /// The one date of CRMs that keep a single one.
    pub(super) fn close(&self) -> Date {
        self.closed.map_or(self.expected, DateTime::date)
    }

    pub(super) fn modified(&self) -> DateTime {
        self.closed.unwrap_or(self.created) + 10.minutes()
    }

    /// The stage of a CRM whose stages say nothing about winning.
    pub(super) fn step(&self) -> usize {
        self.number % 3
    }
}

#[derive(Debug)]
pub(super) struct Company {
    pub(super) acts: Vec<Act>,
    pub(super) deals: Vec<Deal>,
}

impl Company {
    pub(super) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let mut company = Self { acts: Vec::new(), deals: Vec::new() };
        company.sell(&mut random);
        company.work(&mut random);
        company
    }

    fn sell(&mut self, random: &mut Random) {
        for number in 1..=72_usize {
            let state = [State::Won, State::Lost, State::Open, State::Won, State::Lost, State::Won][number % 6];
            let day = if number % 3 == 0 {
                date(2026, 2, 2) + (random.below(200) as i64).days()
            } else {
                date(2026, 8, 31) + (random.below(75) as i64).days()
            };
            let hour = |random: &mut Random| (8 + random.below(12) as i8, (random.below(12) * 5) as i8);
            let ((ch, cm), (h, m)) = (hour(random), hour(random));
            let created = match state {
                State::Open => AS_OF - (3 + random.below(60) as i64).days(),
                _ => day - (20 + random.below(100) as i64).days(),
            };
            let created = created.at(ch, cm, 0, 0);
            // Evenings in the company's zone are the next day in UTC.
            let closed = (state != State::Open).then(|| day.at(h, m, 0, 0));
            let expected = closed.map_or_else(|| AS_OF + (random.below(80) as i64 - 20).days(), |at| at.date() - 3.days());
            self.deals.push(Deal {
                number,
                name: format!("Pump line {number}"),
                account: random.below(if state == State::Won { 9 } else { 20 }),
                owner: random.below(PEOPLE.len()),
                state,
                cents: 100_000 + random.below(9_000_000) as i64,
                created,
                closed,
                expected,
                new: random.below(3) > 0,
            });
        }
    }

    fn work(&mut self, random: &mut Random) {
        let mut number = 0;
        for week in 0..12_i64 {
            for owner in 0..PEOPLE.len() {
                for place in 0..7_usize {
                    number += 1;
                    let kind = if place == 0 {
                        Kind::Meeting
                    } else {
                        [Kind::Meeting, Kind::Demo, Kind::Call, Kind::Call, Kind::Email, Kind::Task, Kind::Demo, Kind::Meeting]
                            [random.below(8)]
                    };
                    // Everybody works on the first Monday, so that every way of writing it begins then.
                    // What is of the report's own day, a Monday, may be past or not: nothing is.
                    let weekday = if place == 0 { 0 } else { random.below(5) as i64 };
                    let day = FIRST + (week * 7 + if week < 10 { weekday } else { weekday.max(1) }).days();
                    let account = self.free(random, kind, day);
                    let (start, minutes) = if kind == Kind::Call {
                        (day.at(17 + random.below(4) as i8, (random.below(6) * 10) as i8, 0, 0), 1 + random.below(20) as i64)
                    } else {
                        (day.at(8 + random.below(10) as i8, (random.below(4) * 15) as i8, 0, 0), 15 * (1 + random.below(8) as i64))
                    };
                    let drawn = random.below(20);
                    let happened = if day >= AS_OF || (!kind.customer() && drawn < 4) {
                        Happened::Planned
                    } else if place > 0 && kind.customer() && drawn < 2 {
                        Happened::Missed
                    } else if place > 0 && kind.customer() && drawn < 5 {
                        Happened::Canceled
                    } else {
                        Happened::Held
                    };
                    let reached = kind == Kind::Call && happened == Happened::Held && random.below(2) == 0;
                    let subject = match kind {
                        Kind::Meeting => format!("Site meeting {number}"),
                        Kind::Demo => format!("Product demo {number}"),
                        Kind::Call => format!("Call {number}"),
                        Kind::Email => format!("Offer {number}"),
                        Kind::Task => format!("Send drawings {number}"),
                    };
                    self.acts.push(Act { number, kind, owner, account, subject, start, minutes, happened, reached });
                }
            }
        }
    }

    /// An account without another customer meeting on that day: which of two was the first would depend on whether times are written.
    fn free(&self, random: &mut Random, kind: Kind, day: Date) -> usize {
        loop {
            let weeks = (FIRST.until(day).unwrap().get_days() / 7) as usize;
            let account = random.below(ACCOUNTS.len().min(13 + weeks));
            let taken = |a: &Act| a.account == account && a.kind.customer() && a.start.date() == day;
            if !kind.customer() || !self.acts.iter().any(taken) {
                return account;
            }
        }
    }

    /// What a measure must be in the week that begins on a Monday, for one person or for everybody.
    pub(super) fn truth(&self, measure: &str, monday: Date, owner: Option<usize>) -> Option<f64> {
        let within = |day: Date, monday: Date| monday <= day && day < monday + 7.days();
        let of = |who: usize| owner.is_none_or(|o| o == who);
        let met = || self.acts.iter().filter(move |a| a.kind.customer() && a.held() && of(a.owner) && within(a.start.date(), monday));
        let deals = |state: State| {
            let in_week = move |d: &&Deal| d.closed.is_some_and(|at| within(at.date(), monday));
            self.deals.iter().filter(move |d| d.state == state && of(d.owner)).filter(in_week)
        };
        let bought = |a: &Act| self.deals.iter().any(|d| d.won() && d.account == a.account && d.close() < a.start.date());
        let met_before = |a: &Act| {
            let earlier = |b: &Act| b.kind.customer() && b.held() && b.account == a.account && b.start.date() < a.start.date();
            self.acts.iter().any(earlier)
        };
        Some(match measure {
            "customer_meetings" => met().count() as f64,
            "presentations" => met().filter(|a| a.kind == Kind::Demo).count() as f64,
            "meeting_hours" => met().map(|a| a.minutes).sum::<i64>() as f64 / 60.0,
            "conversations" => self.acts.iter().filter(|a| a.reached && of(a.owner) && within(a.start.date(), monday)).count() as f64,
            "accounts_met" => met().map(|a| a.account).collect::<std::collections::BTreeSet<_>>().len() as f64,
            "prospect_meetings" => met().filter(|a| !bought(a)).count() as f64,
            "new_prospect_meetings" => met().filter(|a| !bought(a) && !met_before(a)).count() as f64,
            "booked_next" => {
                let next = |a: &&Act| a.kind.customer() && a.happened == Happened::Planned && of(a.owner);
                self.acts.iter().filter(next).filter(|a| within(a.start.date(), monday + 7.days())).count() as f64
            }
            "deals_won" => deals(State::Won).count() as f64,
            "deals_lost" => deals(State::Lost).count() as f64,
            "revenue" => deals(State::Won).map(|d| d.cents).sum::<i64>() as f64 / 100.0,
            "deals_added" => self.deals.iter().filter(|d| of(d.owner) && within(d.created.date(), monday)).count() as f64,
            "deals_created" => self.deals.iter().filter(|d| d.new && of(d.owner) && within(d.created.date(), monday)).count() as f64,
            _ => return None,
        })
    }
}
