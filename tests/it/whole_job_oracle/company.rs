//! Small exports, made from a seed, in which customers come back soon, late or never and deals move on, back and away.
//!
//! What is left out on purpose, because the written rules don't decide it:
//! - moves forward from where a deal fell back to, but short of where it had been, to a stage never reached (forward from which?);
//! - two moves of one deal on one day; a close date other than the day of the last move; deals that open again;
//! - activities on a deal but with no account, or with another account than the deal's;
//! - calls that reached somebody and have no status (was the call held?);
//! - planned meetings without a created date (agreed when?);
//! - coaching sessions with two leaders, or with a leader and somebody who manages a third (who coaches?); those of somebody who leads
//!   nobody, which name nobody (given or received?); people unknown to the roster;
//! - a next step in words: which of them are a customer's, the word lists say, and no rule.

use std::path::Path;

use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::generate::Random;

pub(super) const PEOPLE: &str = "\
Name,Role,Manager,Team,From,To
Lea Lund,leader,,East,,
Max Moss,leader,Lea Lund,West,,
Ana Rao,rep,Lea Lund,East,,
Ben Ito,rep,Lea Lund,East,,
Cy Dorn,rep,Lea Lund,East,,2026-05-06
Cy Dorn,rep,Max Moss,West,2026-05-07,
Dee Falk,rep,Max Moss,West,,
Eli Gray,rep,Dee Falk,West,,
Fay Holm,rep,Max Moss,West,2026-04-20,
Gus Ives,rep,Lea Lund,East,,2026-05-10
";

const LEADERS: [&str; 2] = ["Lea Lund", "Max Moss"];
const OTHERS: [&str; 7] = ["Ana Rao", "Ben Ito", "Cy Dorn", "Dee Falk", "Eli Gray", "Fay Holm", "Gus Ives"];
const STAGES: [&str; 4] = ["Prospecting", "Discovery", "Proposal", "Negotiation"];

/// The first Monday.
pub(super) const FIRST: Date = date(2026, 3, 23);
/// The day of the report, a Monday, so that twelve weeks are over.
pub(super) const AS_OF: Date = date(2026, 6, 15);

/// The files' texts.
#[derive(Debug, Clone, Default)]
pub(super) struct Files {
    pub(super) activities: String,
    pub(super) deals: String,
    pub(super) stages: String,
    pub(super) people: String,
}

impl Files {
    pub(super) fn write(&self, folder: &Path) {
        for (name, text) in [
            ("activities.csv", &self.activities),
            ("deals.csv", &self.deals),
            ("stage_history.csv", &self.stages),
            ("people.csv", &self.people),
        ] {
            if !text.is_empty() {
                std::fs::write(folder.join(name), text).unwrap();
            }
        }
    }
}

/// One row of the activities, before its id.
#[derive(Debug, Clone, Default)]
struct Row {
    kind: &'static str,
    subject: String,
    owner: String,
    day: Date,
    time: String,
    status: &'static str,
    account: String,
    contact: String,
    deal: String,
    call_result: &'static str,
    result: &'static str,
    created: Option<Date>,
    with: String,
    internal: &'static str,
}

#[derive(Debug)]
struct Deal {
    id: String,
    account: String,
    stage: &'static str,
    created: Date,
    closed: Option<Date>,
    reason: &'static str,
    /// From, to and day; nothing where it began.
    moves: Vec<(&'static str, &'static str, Date)>,
}

struct Maker {
    random: Random,
    times: bool,
    /// Until when the files reach.
    reach: Date,
    rows: Vec<Row>,
    deals: Vec<Deal>,
}

/// The files of that seed; even ones have times of day, the others dates only, and every eighth has no history of stages.
pub(super) fn company(seed: u64) -> Files {
    let reach = AS_OF - i64::try_from(seed % 5).unwrap().days();
    let mut maker = Maker { random: Random::new(seed ^ 0x5EED), times: seed.is_multiple_of(2), reach, rows: Vec::new(), deals: Vec::new() };
    for i in 0..24 {
        maker.deal(i);
    }
    for _ in 0..230 {
        maker.activity();
    }
    for _ in 0..40 {
        maker.coaching();
    }
    maker.around_moves();
    maker.follow_ups();
    // Something done on the last day, so that the files say themselves how far they reach.
    let last = Row { owner: "Ana Rao".to_owned(), account: account(30), ..maker.row("Meeting", reach, "Completed") };
    maker.rows.push(last);
    let mut files = maker.files();
    if seed % 8 == 7 {
        files.stages.clear();
    }
    files
}

fn account(i: usize) -> String {
    ["Acme", "Birch", "Cedar", "Dawn", "Elm", "Fir"][i % 6].to_owned() + ["", " West", " East", " Labs", " Group", " Works"][i / 6 % 6]
}

fn here(name: &str, day: Date) -> bool {
    (name != "Fay Holm" || day >= date(2026, 4, 20)) && (name != "Gus Ives" || day <= date(2026, 5, 10))
}

impl Maker {
    fn day(&mut self) -> Date {
        let span = (self.reach - FIRST).get_days() + 14;
        FIRST - 14.days() + self.random.between(0, i64::from(span)).days()
    }

    fn person(&mut self, day: Date) -> String {
        loop {
            let name = if self.random.chance(12) { *self.random.pick(&LEADERS) } else { *self.random.pick(&OTHERS) };
            if here(name, day) {
                return name.to_owned();
            }
        }
    }

    fn rep(&mut self, day: Date) -> String {
        loop {
            let name = *self.random.pick(&OTHERS);
            if here(name, day) {
                return name.to_owned();
            }
        }
    }

    /// Some accounts are busy, most are not.
    fn account(&mut self) -> String {
        account(self.random.below(30).min(self.random.below(30)))
    }

    fn row(&mut self, kind: &'static str, day: Date, status: &'static str) -> Row {
        let time = format!("{:02}:{}", 8 + self.random.below(10), self.random.pick(&["00", "30"]));
        let created = match self.random.below(20) {
            0 if status != "Scheduled" => None,
            0 | 1 => Some(day + self.random.between(1, 3).days()),
            2..=8 => Some(day),
            9..=15 => Some(day - self.random.between(1, 8).days()),
            _ => Some(day - self.random.between(9, 20).days()),
        };
        let subject = format!("Talk {}", self.rows.len());
        let internal = if kind == "Meeting" && self.random.chance(5) { "Yes" } else { "No" };
        Row { kind, subject, day, time, status, internal, created: created.map(|c| c.min(self.reach)), ..Row::default() }
    }

    fn status(&mut self, day: Date) -> &'static str {
        if day > self.reach {
            return self.random.weighted(&[("Scheduled", 80), ("Canceled", 20)]);
        }
        self.random.weighted(&[("Completed", 76), ("Scheduled", 8), ("No show", 6), ("Canceled", 6), ("", 4)])
    }

    fn activity(&mut self) {
        let day = self.day();
        let kinds = [("Meeting", 34), ("Demo", 6), ("Presentation", 6), ("Call", 38), ("Email", 8), ("Proposal", 4), ("Team meeting", 4)];
        let (kind, status) = (self.random.weighted(&kinds), self.status(day));
        let (row, account) = (self.row(kind, day, status), self.account());
        self.customer(row, account, 50);
    }

    /// Adds that row as one with a customer: somebody of theirs, a deal, what came of it, who of ours was there.
    fn customer(&mut self, mut row: Row, account: String, on_a_deal: usize) {
        row.owner = self.person(row.day);
        if row.kind == "Team meeting" {
            self.rows.push(row);
            return;
        }
        if !row.deal.is_empty() || self.random.chance(97) {
            row.account = account;
        }
        if !row.account.is_empty() && self.random.chance(60) {
            row.contact = format!("{} {}", self.random.pick(&["Kim", "Lou", "Pat"]), row.account);
        }
        let deals: Vec<String> = self.deals.iter().filter(|d| d.account == row.account).map(|d| d.id.clone()).collect();
        if row.deal.is_empty() && !deals.is_empty() && self.random.chance(on_a_deal) {
            row.deal.clone_from(self.random.pick(&deals));
        }
        if row.deal.is_empty() && self.random.chance(3) {
            row.owner.clear();
        }
        if row.kind == "Call" && !row.status.is_empty() && row.day <= self.reach {
            row.call_result = self.random.weighted(&[("Connected", 50), ("", 25), ("Left voicemail", 15), ("No answer", 10)]);
        }
        if !row.status.is_empty() && row.day <= self.reach {
            let disqualified = if row.kind == "Call" { 8 } else { 3 };
            row.result = self.random.weighted(&[("", 75), ("Went well", 12), ("Advanced", 6), ("Disqualified", disqualified)]);
        }
        let meeting = matches!(row.kind, "Meeting" | "Demo" | "Presentation");
        if meeting && !row.owner.is_empty() && self.random.chance(22) {
            let mut with = vec![self.person(row.day)];
            if self.random.chance(30) {
                with.push(self.person(row.day));
            }
            if self.random.chance(20) {
                with.push(row.owner.clone());
            }
            row.with = with.join("; ");
        } else if meeting && self.times && !row.owner.is_empty() && !row.account.is_empty() && self.random.chance(8) {
            // The same meeting, logged by two.
            let twin = Row { owner: self.person(row.day), ..row.clone() };
            if twin.owner != row.owner {
                self.rows.push(twin);
            }
        }
        self.rows.push(row);
    }

    fn coaching(&mut self) {
        let day = self.day();
        let status = self.status(day);
        let mut row = self.row("Coaching", day, status);
        let (leader, one) = ((*self.random.pick(&LEADERS)).to_owned(), self.rep(day));
        let mut two = self.rep(day);
        while two == one || (one == "Dee Falk" && two == "Eli Gray") || (one == "Eli Gray" && two == "Dee Falk") {
            two = self.rep(day);
        }
        if self.random.chance(15) {
            row.account = self.account();
        }
        let number = self.rows.len();
        row.subject = format!("Coaching {number}");
        row.owner.clone_from(&leader);
        match self.random.below(12) {
            0..=2 => row.with = one,
            3 => row.with = format!("{one}; {two}; {leader}"),
            4 => row.subject = format!("Coaching {one} {number}"),
            5 => row.subject = format!("Coaching with {one}: {number}"),
            // Nobody knows whom.
            6 => {}
            7 => (row.owner, row.with) = (one, leader),
            8 => (row.owner, row.subject) = (one, format!("Coaching with {leader} {number}")),
            9 => (row.owner, row.with) = (one, two),
            // Her manager is no leader.
            10 => (row.owner, row.with) = ("Eli Gray".to_owned(), "Dee Falk".to_owned()),
            _ => (row.owner, row.subject) = (one, format!("Coaching {two} {number}")),
        }
        self.rows.push(row);
    }

    fn deal(&mut self, i: usize) {
        // The first ones went straight through before anything else here, and say in which order stages come.
        let old = i < 6;
        let account = if i.is_multiple_of(3) { account(i) } else { self.account() };
        let mut day = if old { date(2025, 9, 1) + i64::try_from(i).unwrap().days() } else { self.day() };
        let mut at = if old { 0 } else { [0, 0, 0, 0, 1, 2][self.random.below(6)] };
        let mut deal = Deal { id: format!("D{i}"), account, stage: STAGES[at], created: day, closed: None, reason: "", moves: Vec::new() };
        let mut reached = [false; 4];
        reached[at] = true;
        if old || self.random.chance(85) {
            deal.moves.push(("", STAGES[at], day));
        }
        loop {
            day += self.random.between(1, 13).days();
            if day > self.reach {
                break;
            }
            let max = (0..4).filter(|s| reached[*s]).max().unwrap_or(at);
            let on: Vec<usize> = (at + 1..4).filter(|s| reached[*s] || *s > max).collect();
            let dice = if old { 0 } else { self.random.below(100) };
            let over = match dice {
                0..64 if on.is_empty() => "Closed Won",
                64..69 if at == 2 => "Closed Won",
                86..95 => "Closed Lost",
                95..100 => "Canceled",
                _ => "",
            };
            if !over.is_empty() {
                // What became of it stands in the history or only with the deal.
                if old || self.random.chance(60) {
                    deal.moves.push((STAGES[at], over, day));
                }
                (deal.stage, deal.closed) = (over, Some(day));
                if over != "Closed Won" && self.random.chance(65) {
                    deal.reason = "No budget";
                }
                break;
            }
            let next = match dice {
                0..64 => on.first().copied(),
                64..76 => on.get(1).or(on.first()).copied(),
                _ => (at > 0).then(|| self.random.below(at)),
            };
            let Some(next) = next else { continue };
            deal.moves.push((STAGES[at], STAGES[next], day));
            (at, reached[next], deal.stage) = (next, true, STAGES[next]);
        }
        self.deals.push(deal);
    }

    /// Something done on a deal up to ten days before it moves.
    fn around_moves(&mut self) {
        let closings = self.deals.iter().filter_map(|d| Some((d.id.clone(), d.account.clone(), d.closed?)));
        let moves = self.deals.iter().flat_map(|d| d.moves.iter().map(|m| (d.id.clone(), d.account.clone(), m.2)));
        let all: Vec<_> = closings.chain(moves).filter(|m| m.2 > FIRST).collect();
        for (deal, account, day) in all {
            for _ in 0..self.random.below(3) {
                let kind = *self.random.pick(&["Meeting", "Call", "Call", "Demo"]);
                let day = day - self.random.between(0, 10).days();
                let row = Row { deal: deal.clone(), ..self.row(kind, day, "Completed") };
                // Away from their account's other steps half the time.
                self.customer(row, account.clone(), 0);
            }
        }
    }

    /// Meetings agreed 0 to 9 days after another.
    fn follow_ups(&mut self) {
        let held: Vec<_> =
            self.rows.iter().filter(|r| r.status == "Completed" && !r.account.is_empty() && r.kind != "Coaching").cloned().collect();
        for before in held {
            if !self.random.chance(18) {
                continue;
            }
            let agreed = before.day + self.random.between(0, 9).days();
            let day = agreed + self.random.between(0, 12).days();
            if agreed > self.reach {
                continue;
            }
            let status = self.status(day);
            let kind = *self.random.pick(&["Meeting", "Meeting", "Presentation"]);
            let row = Row { created: Some(agreed), ..self.row(kind, day, status) };
            self.customer(row, before.account, 30);
        }
    }

    fn files(self) -> Files {
        let mut activities = format!(
            "Activity ID,Activity Type,Subject,Owner,{},Status,Duration (min),Account,Contact,Deal ID,Call Result,Result,Created Date,Internal Attendees,Internal\n",
            if self.times { "Start" } else { "Date" }
        );
        for (i, r) in self.rows.iter().enumerate() {
            let when = if self.times { format!("{} {}", r.day, r.time) } else { r.day.to_string() };
            let created = r.created.map(|c| c.to_string()).unwrap_or_default();
            activities += &[
                &format!("A{i}"),
                r.kind,
                &r.subject,
                &r.owner,
                &when,
                r.status,
                "30",
                &r.account,
                &r.contact,
                &r.deal,
                r.call_result,
                r.result,
                &created,
                &r.with,
                r.internal,
            ]
            .join(",");
            activities.push('\n');
        }
        let mut deals =
            "Deal ID,Deal Name,Owner,Account,Stage,Amount,Created Date,Closed Date,Expected Close Date,Lost Reason,Deal Type\n".to_owned();
        let mut stages = "Deal ID,From Stage,To Stage,Transition Date\n".to_owned();
        for d in &self.deals {
            let closed = d.closed.map(|c| c.to_string()).unwrap_or_default();
            deals += &[
                &d.id,
                &format!("{} {}", d.account, d.id),
                "Ana Rao",
                &d.account,
                d.stage,
                "100",
                &d.created.to_string(),
                &closed,
                "2026-09-30",
                d.reason,
                "New Business",
            ]
            .join(",");
            deals.push('\n');
        }
        // As they happened, all deals mixed.
        let mut moves: Vec<_> = self.deals.iter().flat_map(|d| d.moves.iter().map(move |m| (m.2, &d.id, m))).collect();
        moves.sort_by_key(|m| m.0);
        for (day, deal, (from, to, _)) in moves {
            stages += &[deal.as_str(), from, to, &day.to_string()].join(",");
            stages.push('\n');
        }
        Files { activities, deals, stages, people: PEOPLE.to_owned() }
    }
}
