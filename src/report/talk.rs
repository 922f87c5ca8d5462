//! Whom to talk to first: the up to three people with the lowest lead attainment over 4 weeks.

use super::state::{Judged, Lead, WEEKS};
use super::{Run, words};
use crate::document::{Note, Tone};
use crate::measure::Entity;

/// At most this many people are named.
const PEOPLE: usize = 3;

/// The line that names them; none where everybody is on pace.
pub(super) fn talk_first(run: &Run<'_>, judged: &[Judged]) -> Option<Note> {
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
    let parts: Vec<String> = behind
        .into_iter()
        .take(PEOPLE)
        .filter_map(|j| {
            let lead = j.leads.iter().min_by(|a, b| a.share.total_cmp(&b.share))?;
            Some(format!("{}: {}", j.state.name, says(run, lead)))
        })
        .collect();
    (!parts.is_empty()).then(|| Note { label: "Talk first".to_owned(), tone: Tone::Strong, parts })
}

fn says(run: &Run<'_>, lead: &Lead) -> String {
    let name = words::measure(run, &lead.measure);
    if lead.weeks_none >= 2 {
        return format!("no {name} for {} weeks", lead.weeks_none);
    }
    let number = |x: f64| {
        let rounded = (x * 10.0).round() / 10.0;
        if rounded >= 10.0 || rounded.fract() == 0.0 { format!("{rounded:.0}") } else { format!("{rounded:.1}") }
    };
    let against = if lead.agreed { "" } else { " usual" };
    let below = if lead.weeks_below > 1 { format!(", below for {} weeks", lead.weeks_below) } else { String::new() };
    format!("{name} {} of {}{against} in {WEEKS} weeks{below}", number(lead.value), number(lead.against))
}
