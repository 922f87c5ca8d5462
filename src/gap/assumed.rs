//! What a gap assumes, what is missing for it, and what it leaves out.

use super::activity::{Activity, LeadFrom};
use super::model::{self, FEWEST_DECIDED};
use super::work::{MEETINGS, Work};
use super::{Assumption, Estimate};
use crate::predict::linkage::LEAST_ACCOUNTS;
use crate::stats::survival::Fate;
use crate::unit::Unit;

impl Work<'_, '_> {
    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        let given = &self.ask.given;
        let money = self.goal.unit();
        let decided = self.history.decided();
        let rate = self.pipeline.as_ref().and_then(|pipeline| pipeline.rate);
        let win_rate = model::win_rate(&self.history);
        let one = |name, value, unit: &Unit, given: bool, (records, of): (usize, &str), says: &str| Assumption {
            name,
            value,
            unit: unit.clone(),
            given,
            records,
            rests_on: match (given, of) {
                (true, _) => "given".to_owned(),
                (false, "") => "the roster".to_owned(),
                (false, _) => counted(records, of),
            },
            says: says.to_owned(),
        };
        let ratio = Unit::Ratio;
        let people = self.people(self.ask.whole);
        let pace = self.whole().and_then(|at| self.pace.get(at).copied().flatten());
        let weeks = self.levers.lever(MEETINGS).map_or(0, |lever| lever.weeks);
        let exact = |number: f64| Some(Estimate::exact(number));
        vec![
            one(
                "pipeline-rate",
                rate,
                &ratio,
                given.pipeline_rate.is_some(),
                (decided, "decided deal"),
                "of the open amount is won by then",
            ),
            one(
                "win-rate",
                given.win_rate.map(Estimate::exact).or(win_rate.map(|(rate, _)| rate)),
                &ratio,
                given.win_rate.is_some(),
                (win_rate.map_or(0, |(_, of)| of), "decided deal"),
                "of the deals won or lost are won",
            ),
            one(
                "average-deal",
                self.average.as_ref().map(|average| average.amount),
                &money,
                given.average_deal.is_some(),
                (self.history.wins.len(), "won deal"),
                "mean amount won in 52 weeks",
            ),
            one(
                "conversion",
                self.meetings.conversion,
                &ratio,
                given.conversion.is_some(),
                (self.meetings.accounts, "account"),
                "of accounts met buy in a year",
            ),
            self.lead_weeks(),
            one("sellers", exact(f64::from(people)), &Unit::Count, given.people.is_some(), (people as usize, ""), "who sell"),
            one(
                "meetings-per-week",
                pace.and_then(exact),
                &Unit::Count,
                given.pace.is_some(),
                (weeks, "week"),
                "first meetings a week at present",
            ),
        ]
    }

    /// The lead time of first meetings, with the records that it is really from.
    fn lead_weeks(&self) -> Assumption {
        let won = self.history.fates.iter().filter(|(_, fate)| *fate == Fate::Won).count();
        let from = self.meetings.lead.map(|(_, from)| from);
        let (says, records, rests_on) = match (from, &self.ask.tested[0]) {
            (Some(LeadFrom::Given), _) => ("weeks from first meeting to win", 0, "given".to_owned()),
            (Some(LeadFrom::Tested), Some(tested)) => {
                let people = if tested.people == 1 { "person" } else { "people" };
                let of = format!("{} {people} × {}", tested.people, counted(tested.of, "week"));
                ("weeks that first meetings lead by", tested.people * tested.of, of)
            }
            (Some(LeadFrom::Linkage | LeadFrom::Tested), _) => {
                ("weeks from first meeting to win", self.meetings.won, counted(self.meetings.won, "won account"))
            }
            (Some(LeadFrom::DaysToWin), _) => ("weeks from creation to win of deals", won, counted(won, "won deal")),
            (None, _) => ("weeks from first meeting to win", 0, "nothing".to_owned()),
        };
        Assumption {
            name: "lead-weeks",
            value: self.meetings.lead.map(|(weeks, _)| weeks),
            unit: Unit::Count,
            given: from == Some(LeadFrom::Given),
            records,
            rests_on,
            says: says.to_owned(),
        }
    }

    /// What keeps something from being known, and the option that gives it.
    pub(super) fn needs(&self) -> Vec<String> {
        let given = &self.ask.given;
        let mut needs = Vec::new();
        if self.pipeline.is_none() {
            needs.push(format!(
                "what the open deals bring: {} of two years {} decided, and {FEWEST_DECIDED} at least would say it; give it with --pipeline-rate 25%",
                if self.history.decided() == 1 { "1 deal".to_owned() } else { format!("{} deals", self.history.decided()) },
                if self.history.decided() == 1 { "was" } else { "were" },
            ));
        }
        if self.average.is_none() {
            let why = if self.history.wins.is_empty() {
                "no deal with an amount was won in 52 weeks"
            } else {
                "the deals won in 52 weeks brought nothing"
            };
            needs.push(format!("what a won deal brings: {why}; give it with --average-deal 20000"));
        }
        if given.win_rate.is_some() && model::win_rate(&self.history).is_some_and(|(own, _)| own.value <= 0.0) {
            needs.push(
                "a won deal: --win-rate makes chances larger or smaller, and without any there are none; give it with --pipeline-rate 25%"
                    .to_owned(),
            );
        }
        for (activity, cuts) in [&self.meetings, &self.presentations].into_iter().zip(&self.cuts) {
            if activity.wins.is_none() {
                needs.push(self.unlinked(activity, cuts));
            }
        }
        if self.pace.iter().all(Option::is_none) {
            needs.push(
                "the present pace of first meetings: four whole weeks of them at least; give it with --meetings-per-week 10".to_owned(),
            );
        }
        needs
    }

    /// Why nothing is known of what an activity brings.
    fn unlinked(&self, activity: &Activity, cuts: &[String]) -> String {
        let what = if activity.measure == MEETINGS { "first meetings" } else { "presentations" };
        let why = cuts.last().cloned().unwrap_or_else(|| match (activity.accounts, activity.won) {
            (0, _) => "no account of any is followed to its deals".to_owned(),
            (n, 0) => format!("none of {n} accounts followed has bought"),
            (n, _) => format!("{n} accounts followed, and {LEAST_ACCOUNTS} at least would say it"),
        });
        let instead = match (activity.measure == MEETINGS, self.ask.given.conversion) {
            (true, None) => "; give it with --conversion 10% --lead-weeks 8",
            (true, Some(_)) => "; give --lead-weeks 8 beside --conversion",
            (false, _) => "",
        };
        format!("what {what} bring: {why}{instead}")
    }

    /// What is counted otherwise than it seems, or not at all.
    pub(super) fn notes(&self) -> Vec<String> {
        let deals = |n: usize| if n == 1 { "1 open deal".to_owned() } else { format!("{n} open deals") };
        let mut notes = Vec::new();
        if let Some(pipeline) = &self.pipeline {
            if pipeline.priceless > 0 {
                let worth = if self.average.is_some() { "worth the average deal" } else { "worth nothing here, since no average is known" };
                notes.push(format!("{} without an amount: {worth}", deals(pipeline.priceless)));
            }
            if pipeline.ageless > 0 {
                notes.push(format!("{} without a created date: nothing is expected of them", deals(pipeline.ageless)));
            }
            if pipeline.too_old > 0 {
                notes.push(format!("{} older than what history tells of: nothing is expected of them", deals(pipeline.too_old)));
            }
        }
        let none = self.history.open.iter().filter(|deal| deal.amount.is_some_and(|amount| amount <= 0.0)).count();
        if none > 0 {
            notes.push(format!("{} with an amount of 0 or less: counted as they are", deals(none)));
        }
        let (left, unowned) = (self.unheld(self.entities.len()), self.unheld(self.entities.len().saturating_sub(1)));
        let listed = self.engine.data.roster.people.iter().any(|person| person.listed);
        let gone = if listed { "still in the name of people who have left" } else { "in the name of people without a record in 91 days" };
        for (unheld, whose) in [(left, gone), (unowned, "in nobody's name")] {
            if unheld.deals > 0 {
                let is = if unheld.deals == 1 { "is" } else { "are" };
                let worth = format!("{:.0} {}", unheld.amount, self.goal.currency);
                notes.push(format!("{} ({}) {is} {whose}: in all, in no team", deals(unheld.deals), worth.trim_end()));
            }
        }
        let starting = self.starting();
        if starting > 0 {
            let people = if starting == 1 { "1 person has".to_owned() } else { format!("{starting} people have") };
            notes.push(format!("{people} been there for less than two whole weeks: their first meetings are in no pace"));
        }
        if self.history.foreign > 0 {
            notes.push(format!("{} in other currencies, which nothing converts: not counted", deals(self.history.foreign)));
        }
        let [counted_won, averaged] = self.history.foreign_won.map(|n| counted(n, "deal"));
        let [of_goal, of_average] = self.history.foreign_won;
        if of_goal > 0 {
            notes.push(format!("{counted_won} won in other currencies, which nothing converts: not in what is won"));
        }
        if of_average > 0 {
            notes.push(format!("{averaged} won in 52 weeks in other currencies: not in the average deal"));
        }
        if self.history.undated > 0 {
            notes.push(format!(
                "{} decided deals without a day on which they were, or before they were created: not in the chances",
                self.history.undated
            ));
        }
        notes.push(
            "deals that are still to be created with customers, or with accounts met already, come on top of what is expected".to_owned(),
        );
        if self.presentations.wins.is_some() {
            notes.push(
                "more presentations: with accounts that have had none; they stand for more meetings, and do not come on top".to_owned(),
            );
        }
        notes
    }
}

/// A number of records.
fn counted(n: usize, of: &str) -> String {
    if n == 1 { format!("1 {of}") } else { format!("{n} {of}s") }
}
