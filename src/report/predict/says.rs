//! What is said of a lead with a lag, in a sentence.

use super::{missing, number};
use crate::calendar::{Calendar, Grain};
use crate::predict::{Known, Panel, Series};
use crate::report::words;
use crate::stats::lead::{Evidence, FEWEST_ACTIVE_WEEKS, FEWEST_EVENTS, FEWEST_PEOPLE, FEWEST_WEEKS, Lack, LeadWeeks, Tested, Verdict};
use crate::unit::Unit;

/// A pair of a panel.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) panel: &'a Panel,
    pub(super) index: usize,
    pub(super) lead: &'a Series,
    pub(super) lag: &'a Series,
    pub(super) known: &'a Known,
    pub(super) tested: &'a Tested,
}

/// The pairs of a panel, in their order.
pub(super) fn pairs(panel: &Panel) -> impl Iterator<Item = Pair<'_>> {
    let each = panel.pairs.iter().zip(&panel.known).zip(&panel.results.pairs).enumerate();
    each.map(move |(index, (((lead, lag), known), tested))| Pair {
        panel,
        index,
        lead: &panel.grid.leads[*lead],
        lag: &panel.grid.lags[*lag],
        known,
        tested,
    })
}

impl<'a> Pair<'a> {
    /// The evidence; none where nothing was tested.
    pub(super) fn evidence(&self) -> Option<&'a Evidence> {
        self.tested.evidence.as_ref()
    }

    /// How many people were used: of those tested together, who can be used in each pair.
    pub(super) fn people(&self) -> usize {
        if self.known.together { self.panel.results.usable.iter().filter(|usable| **usable).count() } else { self.known.people }
    }

    /// The most weeks looked ahead.
    pub(super) fn max_lag(&self) -> usize {
        self.panel.results.max_lag
    }

    /// What is found, as a sentence goes on after the lag; it stands under the lead.
    fn found(&self, calendar: &Calendar) -> String {
        let within = self.within();
        let Some(evidence) = self.evidence() else { return format!("too little data: {}.", self.lacks(calendar)) };
        match self.tested.verdict {
            Verdict::TooLittleData => format!("too little data: {}.", self.lacks(calendar)),
            Verdict::Leads => format!("predicted{}.{}", later(evidence.lead.as_ref()), self.effect(evidence)),
            Verdict::Hint => {
                let of = words::count(self.panel.known.iter().filter(|known| known.together).count() as u64, "pair");
                format!("a hint, not proven among {of} tested{}.{}", later(evidence.lead.as_ref()), starting(evidence))
            }
            Verdict::MovesTogether => {
                format!("moves together with it, but does not come after it {within}: no lead.{}", starting(evidence))
            }
            Verdict::TooLittleToTell if self.comes() => {
                format!("too little data to tell {within}: had all of it come from {}, that would hardly have shown.", self.lead.says)
            }
            Verdict::TooLittleToTell => {
                format!("too little data to tell {within}: even a relation that stood behind all of it would hardly have shown.")
            }
            Verdict::NoLead => format!("no lead shown {within}."),
        }
    }

    /// The weeks looked ahead, in words.
    fn within(&self) -> String {
        format!("within {}", words::count(self.max_lag() as u64, "week"))
    }

    /// Whether a result may be said to come from an activity: both are amounts of which more is better. Nothing comes from a neglect, and
    /// no part of a quotient from anything.
    fn comes(&self) -> bool {
        let amount = |of: &Series| !of.drop && !matches!(of.unit, Unit::Ratio | Unit::Days);
        amount(self.lead) && amount(self.lag)
    }

    fn effect(&self, evidence: &Evidence) -> String {
        let Some(effect) = &evidence.effect else { return String::new() };
        let (step, each) = number::step(&self.lead.unit);
        let size = number::size(effect, step, &self.lag.unit);
        let how = match (&self.lag.unit, size.less) {
            (_, false) => "more",
            (Unit::Count, true) => "fewer",
            (_, true) => "less",
        };
        let of = if matches!(self.lag.unit, Unit::Count | Unit::Money(_)) { "" } else { "in " };
        let unsure = if effect.lo <= 0.0 && effect.hi >= 0.0 { ", so how much is not known" } else { "" };
        format!(" {each} with {} {how} {of}{} {} ({}{unsure}).", size.much, self.lag.says, self.within(), size.interval)
    }

    /// What is missing, and from when on it will be there where that can be told.
    pub(super) fn lacks(&self, calendar: &Calendar) -> String {
        if self.panel.grid.people.is_empty() {
            return "nobody who sells has a record of their own and a whole week".to_owned();
        }
        // A table that is not there is why the other measure tells nothing too.
        let both = [self.lead, self.lag];
        if let Some(why) = both.iter().find_map(|of| missing::table(of)).or_else(|| both.iter().find_map(|of| missing::whole(of))) {
            return why;
        }
        let mut lacks = Vec::new();
        if self.people() < FEWEST_PEOPLE {
            let alone = if self.known.people >= FEWEST_PEOPLE { " in all pairs at once" } else { "" };
            let people = if self.people() == 1 { "1 usable person".to_owned() } else { format!("{} usable people", self.people()) };
            lacks.push(format!("{people} of {FEWEST_PEOPLE}{alone}{}", self.cost()));
        }
        if self.known.weeks < FEWEST_WEEKS {
            lacks.push(format!("{} of {FEWEST_WEEKS}", words::count(self.known.weeks as u64, "week")));
        }
        if lacks.is_empty() {
            lacks.push(format!("{} weeks of a person with a result, of {FEWEST_EVENTS}", self.tested.events));
        }
        // What keeps the measures from being known does so whatever else is lacking.
        lacks.extend([self.lead, self.lag].into_iter().filter_map(missing::part));
        let when = self.enough(calendar).map_or_else(String::new, |week| format!("; enough weeks from {week} on"));
        format!("{}{when}", lacks.join(", "))
    }

    /// Whether both measures are known and change, and more weeks of exports would tell more of them.
    pub(super) fn is_known(&self) -> bool {
        let known = |of: &Series| missing::whole(of).is_none() && missing::part(of).is_none();
        !self.panel.grid.people.is_empty() && known(self.lead) && known(self.lag)
    }

    /// Whether more weeks would let more be said of it.
    pub(super) fn wants_weeks(&self) -> bool {
        let short = self.known.lost.iter().any(|lost| matches!(lost.why, Lack::Weeks(_)));
        self.is_known()
            && match self.tested.verdict {
                Verdict::TooLittleToTell => true,
                Verdict::TooLittleData => self.known.weeks < FEWEST_WEEKS || short || self.people() >= FEWEST_PEOPLE,
                _ => false,
            }
    }

    /// What people lack, the most frequent first.
    fn cost(&self) -> String {
        let lost = if self.known.together { &self.panel.results.lost } else { &self.known.lost };
        let count = |of: fn(&Lack) -> bool| lost.iter().filter(|lost| lost.pair == self.index && of(&lost.why)).count();
        let few = count(|why| matches!(why, Lack::Weeks(_)));
        let mut each = vec![
            (few, format!("{few} with fewer than {FEWEST_ACTIVE_WEEKS} weeks")),
            (count(|why| *why == Lack::Lead), format!("{} without a change of {}", count(|why| *why == Lack::Lead), self.lead.says)),
            (count(|why| *why == Lack::Lag), format!("{} without a change of {}", count(|why| *why == Lack::Lag), self.lag.says)),
        ];
        each.retain(|(n, _)| *n > 0);
        each.sort_by_key(|(n, _)| std::cmp::Reverse(*n));
        if each.is_empty() {
            String::new()
        } else {
            format!(" ({})", each.into_iter().map(|(_, says)| says).collect::<Vec<_>>().join(", "))
        }
    }

    /// The week from which there are enough weeks, where time alone brings what is missing.
    fn enough(&self, calendar: &Calendar) -> Option<String> {
        let last = self.panel.grid.range.filter(|_| self.is_known())?.last;
        let mut missing = FEWEST_WEEKS.saturating_sub(self.known.weeks);
        if self.known.people < FEWEST_PEOPLE {
            let mut few: Vec<usize> = self
                .known
                .lost
                .iter()
                .filter_map(|lost| match lost.why {
                    Lack::Weeks(n) => Some(FEWEST_ACTIVE_WEEKS.saturating_sub(n)),
                    Lack::Lead | Lack::Lag => None,
                })
                .collect();
            few.sort_unstable();
            missing = missing.max(*few.get(FEWEST_PEOPLE - self.known.people - 1)?);
        }
        let days = i32::try_from(missing).ok()?.checked_mul(7)?;
        (missing > 0).then(|| {
            let week = calendar.period_of(Grain::Week, last.plus(days));
            let (year, name) = week.name.split_once('-').unwrap_or(("", &week.name));
            format!("{name} {year}").trim().to_owned()
        })
    }
}

/// What is found of a lead, in sentences; lags of which the same is found share one.
pub(super) fn sentences(pairs: &[Pair<'_>], calendar: &Calendar) -> Vec<String> {
    let mut groups: Vec<(String, Vec<&Pair<'_>>)> = Vec::new();
    for pair in pairs {
        let found = pair.found(calendar);
        match groups.iter_mut().find(|(known, _)| *known == found) {
            Some((_, pairs)) => pairs.push(pair),
            None => groups.push((found, vec![pair])),
        }
    }
    let sentence = |(found, pairs): (String, Vec<&Pair<'_>>)| {
        let lags: Vec<String> = pairs.iter().map(|pair| pair.lag.says.clone()).collect();
        format!("{}: {found}{}", capital(&words::list(&lags)), seen(&pairs))
    };
    groups.into_iter().map(sentence).collect()
}

/// The share that would have been seen, where no lead is shown.
fn seen(pairs: &[&Pair<'_>]) -> String {
    let none = pairs.iter().filter(|pair| pair.tested.verdict == Verdict::NoLead);
    let mut shares: Vec<f64> = none.filter_map(|pair| pair.evidence()).map(|evidence| evidence.detectable_share * 100.0).collect();
    shares.sort_by(f64::total_cmp);
    let (Some(least), Some(most), Some(pair)) = (shares.first(), shares.last(), pairs.first()) else { return String::new() };
    let (least, most) = (format!("{least:.0}"), format!("{most:.0}"));
    let share = if least == most { most } else { format!("{least} to {most}") };
    if pairs.iter().all(|pair| pair.comes()) {
        return format!(" Had {share} % come from {}, that would have shown 4 times in 5.", pair.lead.says);
    }
    let lags: Vec<String> = pairs.iter().map(|pair| pair.lag.says.clone()).collect();
    format!(" A relation would have been seen 4 times in 5 only if it stood behind {share} % of {}.", words::list(&lags))
}

fn later(lead: Option<&LeadWeeks>) -> String {
    lead.map_or_else(String::new, |lead| format!(", about {} later{}", words::count(lead.weeks as u64, "week"), number::range(lead)))
}

fn starting(evidence: &Evidence) -> &'static str {
    if evidence.starting { " It rests on people who were starting: whoever learns the job does more and wins more." } else { "" }
}

/// The same with a capital first.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}
