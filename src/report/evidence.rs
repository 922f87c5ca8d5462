//! What the lead test says of the page's leads: under their headings, in one note, and from when on results are due.

use super::{Run, words};
use crate::calendar::{Grain, Period};
use crate::document::{LeadTime, Note, Tone};
use crate::predict::{Missing, Panel};
use crate::stats::lead::{LeadWeeks, Verdict};

/// What was found out about a lead, with the lag that shows most of it.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// The lead measure.
    pub lead: String,
    /// The lag measure.
    pub lag: String,
    /// The verdict.
    pub verdict: Verdict,
    /// After how many weeks, where it leads and that can be said.
    pub weeks: Option<LeadWeeks>,
    /// How many weeks were looked ahead.
    pub max_lag: usize,
    /// Whether the exports hold any of it.
    pub recorded: bool,
}

/// What a panel says of each of its leads; nothing where none of them could be tested.
pub fn evidence(panel: &Panel) -> Vec<Evidence> {
    let of = |lead: usize| {
        let pairs = panel.pairs.iter().zip(&panel.results.pairs).filter(|((of, _), _)| *of == lead);
        let p = |tested: &crate::stats::lead::Tested| tested.evidence.as_ref().map_or(1.0, |found| found.p_adjusted);
        let best = pairs.min_by(|(_, a), (_, b)| rank(a.verdict).cmp(&rank(b.verdict)).then(p(a).total_cmp(&p(b))));
        best.and_then(|((_, lag), tested)| {
            Some(Evidence {
                lead: panel.grid.leads.get(lead)?.name.clone(),
                lag: panel.grid.lags.get(*lag)?.name.clone(),
                verdict: tested.verdict,
                weeks: tested.evidence.as_ref().and_then(|found| found.lead).filter(|_| tested.verdict == Verdict::Leads),
                max_lag: panel.results.max_lag,
                recorded: recorded(panel, lead),
            })
        })
    };
    let found: Vec<Evidence> = (0..panel.grid.leads.len()).filter_map(of).collect();
    if found.iter().all(|evidence| evidence.verdict == Verdict::TooLittleData) { Vec::new() } else { found }
}

/// Whether the exports hold any of a lead; where nobody is looked at, or little of it is good, nothing tells.
fn recorded(panel: &Panel, lead: usize) -> bool {
    let Some(series) = panel.grid.leads.get(lead) else { return true };
    match series.cells.missing {
        Some((Missing::NoTable(_) | Missing::NoData, n)) if n == series.cells.there => return false,
        // A record without its minutes is one that is there.
        _ if series.cells.records > 0 => return true,
        _ => {}
    }
    let mut cells = (0..series.values.rows()).flat_map(|row| series.values.row(row)).filter(|cell| cell.is_finite()).peekable();
    series.drop || cells.peek().is_none() || cells.any(|cell| *cell != 0.0)
}

/// The order in which verdicts are said of a lead that has several lags.
fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Leads => 0,
        Verdict::Hint => 1,
        Verdict::MovesTogether => 2,
        Verdict::NoLead => 3,
        Verdict::TooLittleToTell => 4,
        Verdict::TooLittleData => 5,
    }
}

/// What stands under a lead's heading; none where nothing was tested, or nothing is there to test.
pub(super) fn heading(run: &Run<'_>, lead: &str) -> Option<String> {
    let found = run.evidence.iter().find(|found| found.lead == lead).filter(|found| found.recorded)?;
    Some(match (found.verdict, found.weeks) {
        (Verdict::Leads, Some(lead)) => format!("leads {}w", lead.weeks),
        (Verdict::Leads, None) => "leads".to_owned(),
        (Verdict::Hint, _) => "a hint".to_owned(),
        (Verdict::MovesTogether, _) => "not ahead".to_owned(),
        (Verdict::NoLead, _) => "no lead".to_owned(),
        (Verdict::TooLittleToTell, _) => "unclear".to_owned(),
        (Verdict::TooLittleData, _) => "untested".to_owned(),
    })
}

/// The same in sentences; none where nothing was tested.
pub(super) fn note(run: &Run<'_>) -> Option<Note> {
    if let Some(people) = run.crowd {
        let parts = vec![format!("not tested on a page of {people} people: leadlag predict tests them")];
        return Some(Note { label: "Evidence".to_owned(), tone: Tone::Plain, parts });
    }
    if run.evidence.is_empty() {
        return None;
    }
    let mut parts: Vec<String> = run.evidence.iter().map(|found| says(run, found)).collect();
    parts.push("leadlag predict shows every pair".to_owned());
    Some(Note { label: "Evidence".to_owned(), tone: Tone::Plain, parts })
}

/// What a picture of leads and lags says of it.
pub(super) fn sentence(run: &Run<'_>) -> String {
    if run.evidence.is_empty() {
        return "Whether the leads lead to the lags is a question that this picture does not answer.".to_owned();
    }
    let found: Vec<String> = run.evidence.iter().map(|found| says(run, found)).collect();
    format!("What the lead test says, and this picture alone can't: {}.", found.join("; "))
}

/// What was found out about a lead, in a sentence without its end.
fn says(run: &Run<'_>, found: &Evidence) -> String {
    let (lead, lag) = (words::measure(run, &found.lead), words::measure(run, &found.lag));
    if !found.recorded {
        return format!("{lead}: none recorded");
    }
    match found.verdict {
        Verdict::Leads => match found.weeks {
            Some(LeadWeeks { weeks, first, last }) => {
                let range = if first == last { String::new() } else { format!(" ({first}–{last})") };
                format!("{lead} predict {lag}, about {} later{range}", words::count(weeks as u64, "week"))
            }
            None => format!("{lead} predict {lag} within {} weeks", found.max_lag),
        },
        Verdict::Hint => format!("{lead}: a hint on {lag}, not proven"),
        Verdict::MovesTogether => format!("{lead} move together with {lag}, not ahead of it"),
        Verdict::NoLead => format!("{lead}: no lead shown within {} weeks", found.max_lag),
        Verdict::TooLittleToTell => format!("{lead}: too little data to tell"),
        Verdict::TooLittleData => format!("{lead}: too little data to test"),
    }
}

/// The week from which the results of a week's work are due, where a lead time has been shown.
pub(super) fn due(run: &Run<'_>, week: &Period) -> Option<Period> {
    let weeks = shown(run)?.1.weeks;
    Some(run.calendar.period_of(Grain::Week, week.range.first.plus(7 * weeks as i32)))
}

/// The lead that shows the soonest, with its lead time.
fn shown<'r>(run: &'r Run<'_>) -> Option<(&'r Evidence, LeadWeeks)> {
    run.evidence.iter().filter_map(|found| Some((found, found.weeks?))).min_by_key(|(_, lead)| lead.weeks)
}

/// How long results take from a period on, where a lead time has been shown.
pub(super) fn lead_time(run: &Run<'_>, last: &Period) -> Option<LeadTime> {
    let (found, lead) = shown(run)?;
    let middle = last.range.first.plus((last.range.last.0 - last.range.first.0) / 2);
    let shows = run.calendar.period_of(last.grain, middle.plus(7 * lead.weeks as i32));
    let periods = run.calendar.partition(last.grain, last.range.hull(shows.range)).len().saturating_sub(1);
    let begun = match periods {
        0 => String::new(),
        _ => format!(": what is done in {} shows about {}", words::named(last), words::named(&shows)),
    };
    Some(LeadTime { periods, says: format!("{}{begun}", says(run, found)) })
}
