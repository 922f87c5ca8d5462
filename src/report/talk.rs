//! Whom to talk to first: the up to three people with the lowest lead attainment over 4 weeks.

use super::state::{Judged, Lead};
use super::{Run, words};
use crate::document::{Note, Tone};
use crate::measure::Entity;
use crate::unit::Unit;

/// At most this many people are named.
const PEOPLE: usize = 3;

/// Whose records the page points to: the first person named, else the first one shown.
pub(super) fn first(run: &Run<'_>, judged: &[Judged]) -> Option<String> {
    let named = behind(run, judged).first().map(|j| j.state.name.clone());
    let shown =
        || judged.iter().find(|j| matches!(j.entity, Entity::Owner(p) if run.present(p, run.period().range))).map(|j| j.state.name.clone());
    named.or_else(shown)
}

/// Those who are behind, the lowest first.
fn behind<'j>(run: &Run<'_>, judged: &'j [Judged]) -> Vec<&'j Judged> {
    let mut behind: Vec<&Judged> = judged
        .iter()
        .filter(|j| matches!(j.entity, Entity::Owner(_)) && matches!(j.state.state.as_str(), "COASTING" | "BEHIND" | ""))
        .filter(|j| j.state.leads.is_some_and(|mean| mean < run.on_pace))
        .filter(|j| !matches!(j.entity, Entity::Owner(person) if run.leads_only(person)))
        .filter(|j| !matches!(j.entity, Entity::Owner(person) if !run.present(person, run.period().range)))
        .collect();
    behind.sort_by(|a, b| {
        let mean = |j: &Judged| j.state.leads.unwrap_or(1.0);
        mean(a).total_cmp(&mean(b)).then_with(|| a.state.name.cmp(&b.state.name))
    });
    behind.retain(|j| furthest(j).is_some());
    behind
}

/// The lead that is furthest behind; against the own past only where it is no mere chance.
fn furthest(judged: &Judged) -> Option<&Lead> {
    let leads = judged.leads.iter().filter(|l| l.agreed || !chance(l.value, l.against));
    leads.min_by(|a, b| a.share.total_cmp(&b.share))
}

/// Whether so few are within what chance brings where `usual` are usual: one in twenty by a Poisson count.
fn chance(value: f64, usual: f64) -> bool {
    let (mut term, mut sum) = ((-usual).exp(), 0.0);
    for n in 0..=value.clamp(0.0, 1_000.0) as u32 {
        sum += term;
        term *= usual / f64::from(n + 1);
    }
    sum > 0.05
}

/// The line that names them; none where everybody is on pace.
pub(super) fn talk_first(run: &Run<'_>, judged: &[Judged]) -> Option<Note> {
    let parts: Vec<String> = behind(run, judged)
        .into_iter()
        .take(PEOPLE)
        .filter_map(|j| Some(format!("{}: {}", j.state.name, says(run, furthest(j)?))))
        .collect();
    (!parts.is_empty()).then(|| Note { label: "Talk first".to_owned(), tone: Tone::Strong, parts })
}

fn says(run: &Run<'_>, lead: &Lead) -> String {
    let name = words::measure(run, &lead.measure);
    // A run as long as what was looked at may be longer.
    let weeks = |n: usize| if n >= lead.looked_at { format!("{n} weeks or more") } else { format!("{n} weeks") };
    if lead.weeks_none >= 2 {
        return format!("no {name} for {}", weeks(lead.weeks_none));
    }
    let number = |x: f64| {
        if lead.unit == Unit::Ratio {
            return words::percent(x);
        }
        let rounded = (x * 10.0).round() / 10.0;
        if rounded >= 10.0 || rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
    };
    let against = if lead.agreed { "" } else { " usual" };
    let below = if lead.weeks_below > 1 { format!(", below for {}", weeks(lead.weeks_below)) } else { String::new() };
    format!("{name} {} of {}{against} in {}{below}", number(lead.value), number(lead.against), words::count(lead.weeks as u64, "week"))
}
