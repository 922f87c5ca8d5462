//! What a gap assumes, what is missing for it, and what it leaves out.

use super::activity::Activity;
use super::model::{self, FEWEST_DECIDED};
use super::work::{MEETINGS, Work};
use super::{Assumption, Estimate};
use crate::predict::linkage::LEAST_ACCOUNTS;
use crate::unit::Unit;

impl Work<'_, '_> {
    pub(super) fn assumptions(&self) -> Vec<Assumption> {
        let given = &self.ask.given;
        let money = self.goal.unit();
        let decided = self.history.decided();
        let rate = self.pipeline.as_ref().and_then(|pipeline| pipeline.rate);
        let win_rate = model::win_rate(&self.history);
        let one = |name, value, unit: &Unit, given: bool, records, says: String| Assumption {
            name,
            value,
            unit: unit.clone(),
            given,
            records,
            says,
        };
        let ratio = Unit::Ratio;
        let people = self.people(self.ask.whole);
        let pace = self.whole().and_then(|at| self.pace.get(at).copied().flatten());
        let weeks = self.levers.lever(MEETINGS).map_or(0, |lever| lever.weeks);
        let exact = |number: f64| Some(Estimate::exact(number));
        vec![
            one("pipeline-rate", rate, &ratio, given.pipeline_rate.is_some(), decided, "of the open amount is won by then".to_owned()),
            one(
                "win-rate",
                given.win_rate.map(Estimate::exact).or(win_rate.map(|(rate, _)| rate)),
                &ratio,
                given.win_rate.is_some(),
                win_rate.map_or(0, |(_, of)| of),
                "of the deals won or lost are won".to_owned(),
            ),
            one(
                "average-deal",
                self.average.as_ref().map(|average| average.amount),
                &money,
                given.average_deal.is_some(),
                self.history.wins.len(),
                "mean amount won in 52 weeks".to_owned(),
            ),
            one(
                "conversion",
                self.meetings.conversion,
                &ratio,
                given.conversion.is_some(),
                self.meetings.accounts,
                "of accounts first met buy in a year".to_owned(),
            ),
            one(
                "lead-weeks",
                self.meetings.lead.map(|(weeks, _)| weeks),
                &Unit::Count,
                given.lead_weeks.is_some(),
                self.meetings.won,
                "weeks from first meeting to win".to_owned(),
            ),
            one("sellers", exact(f64::from(people)), &Unit::Count, given.people.is_some(), people as usize, "who sell".to_owned()),
            one(
                "meetings-per-week",
                pace.and_then(exact),
                &Unit::Count,
                given.pace.is_some(),
                weeks,
                "first meetings a week at present".to_owned(),
            ),
        ]
    }

    /// What keeps something from being known, and the option that stands in.
    pub(super) fn needs(&self) -> Vec<String> {
        let given = &self.ask.given;
        let mut needs = Vec::new();
        if self.pipeline.is_none() {
            needs.push(format!(
                "what the open deals bring: {} of two years {} decided, and {FEWEST_DECIDED} at least would say it; --pipeline-rate 25% stands in",
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
            needs.push(format!("what a won deal brings: {why}; --average-deal 20000 stands in"));
        }
        if given.win_rate.is_some() && model::win_rate(&self.history).is_some_and(|(own, _)| own.value <= 0.0) {
            needs.push(
                "a won deal: --win-rate makes chances larger or smaller, and without any there are none; --pipeline-rate 25% stands in"
                    .to_owned(),
            );
        }
        for (activity, cuts) in [&self.meetings, &self.presentations].into_iter().zip(&self.cuts) {
            if activity.wins.is_none() {
                needs.push(self.unlinked(activity, cuts));
            }
        }
        if self.pace.iter().all(Option::is_none) {
            needs
                .push("the present pace of first meetings: four whole weeks of them at least; --meetings-per-week 10 stands in".to_owned());
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
            (true, None) => "; --conversion 10% and --lead-weeks 8 stand in",
            (true, Some(_)) => "; --lead-weeks 8 is needed beside --conversion",
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
        if self.history.foreign > 0 {
            notes.push(format!("{} in other currencies, which nothing converts: not counted", deals(self.history.foreign)));
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
