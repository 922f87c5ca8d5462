//! What predicts what, as a page: what became of first meetings, then each lead with each lag.

mod json;
mod linked;
mod missing;
mod more;
mod number;
mod says;
mod table;
mod usable;
mod values;

use super::{Run, trust, words};
use crate::calendar::{Calendar, Day};
use crate::diagnostic::Diagnostic;
use crate::document::{Block, Coverage, CurveLine, Curves, Document, Figure, Note, ScoreLine, Scores, Tone};
use crate::predict::{Followed, Linkage, Panel, Required};
use crate::stats::lead::{Settings, Verdict};
use says::Pair;

/// What a page of predictions has besides them, wherever the values come from.
pub struct Frame {
    /// The title.
    pub title: String,
    /// The day on which the run stands, where there is one.
    pub as_of: Option<Day>,
    /// The calendar of the weeks.
    pub calendar: Calendar,
    /// What was read, in lines below the page.
    pub trust: Vec<Note>,
    /// The same for programs.
    pub coverage: Vec<Coverage>,
    /// What was said on the way.
    pub diagnostics: Vec<Diagnostic>,
}

impl Frame {
    /// The frame of exports.
    pub fn of(run: &Run<'_>) -> Self {
        let coverage = trust::coverage(run.data);
        Self {
            title: run.title.clone(),
            as_of: Some(run.as_of),
            calendar: run.calendar.clone(),
            trust: vec![trust::read(&coverage, None)],
            coverage,
            diagnostics: run.facts.diagnostics.clone(),
        }
    }
}

/// What was asked for.
pub struct Asked<'a> {
    /// How the test was made.
    pub settings: &'a Settings,
    /// What is not as `--require` asks for; none without it.
    pub required: Option<&'a Required>,
}

/// Builds the page of predictions.
pub fn predict(frame: &Frame, panel: &Panel, linkages: &[Linkage], asked: &Asked<'_>) -> Document {
    let pairs: Vec<Pair<'_>> = says::pairs(panel).collect();
    let mut page = vec![banner(frame, panel)];
    if let Some(required) = asked.required {
        page.push(Block::Notes(missed(panel, required)));
    }
    if let Some(linkage) = linkages.iter().find(|linkage| !linkage.within.is_empty()).or(linkages.first()) {
        page.push(Block::Heading("linkage", "From first meeting to win".to_owned()));
        page.extend(linked::blocks(linkage));
    }
    page.push(Block::Heading("pairs", "Does it predict?".to_owned()));
    page.push(Block::Notes(sentences(&pairs, frame)));
    if pairs.iter().any(|pair| pair.evidence().is_some()) {
        page.push(Block::Table(table::scores(&pairs, panel.results.max_lag)));
    }
    page.push(Block::Table(table::numbers(&pairs)));
    page.push(Block::Notes(notes(panel, &pairs, asked.settings)));
    if !frame.trust.is_empty() {
        page.push(Block::Notes(frame.trust.clone()));
    }
    Document {
        schema: "leadlag/predict/1",
        title: frame.title.clone(),
        as_of: frame.as_of,
        time_zone: frame.calendar.zone_name().to_owned(),
        week_starts: frame.calendar.week_starts().name().to_owned(),
        page,
        figures: figures(panel, &pairs, linkages),
        grid: Some(json::grid(panel, &pairs, linkages, &frame.coverage, &frame.calendar)),
        diagnostics: frame.diagnostics.clone(),
        ..Document::default()
    }
}

fn banner(frame: &Frame, panel: &Panel) -> Block {
    let named = |week: &str| week.split_once("-W").map(|(year, week)| format!("W{week} {year}"));
    let short = |week: &String| named(week).unwrap_or_else(|| week.clone());
    let weeks = &panel.grid.weeks;
    let span = match (weeks.first(), weeks.last()) {
        (Some(first), Some(last)) if first != last => format!(" ({} – {})", short(first), short(last)),
        (Some(only), _) => format!(" ({})", short(only)),
        _ => String::new(),
    };
    let people = panel.grid.people.len();
    let people = if people == 1 { "1 person".to_owned() } else { format!("{people} people") };
    Block::Banner {
        left: format!("{} · predict", frame.title),
        right: format!("{people}, {}{span}", words::count(weeks.len() as u64, "week")),
    }
}

/// What is found, under each lead.
fn sentences(pairs: &[Pair<'_>], frame: &Frame) -> Vec<Note> {
    let of_lead = |of: &[Pair<'_>]| {
        let name = of.first().map_or_else(String::new, |pair| says::capital(&pair.lead.says));
        let labels = std::iter::once(name).chain(std::iter::repeat(String::new()));
        let said = labels.zip(says::sentences(of, &frame.calendar));
        said.map(|(label, says)| {
            let tone = if label.is_empty() { Tone::Plain } else { Tone::Strong };
            Note { label, tone, parts: vec![says] }
        })
        .collect::<Vec<Note>>()
    };
    pairs.chunk_by(|one, other| one.lead.name == other.lead.name).flat_map(of_lead).collect()
}

/// What `--require` asks for and is not so; nothing where all is as it should be.
fn missed(panel: &Panel, required: &Required) -> Vec<Note> {
    let names = |of: &[usize]| words::list(&of.iter().map(|lead| panel.grid.leads[*lead].says.clone()).collect::<Vec<_>>());
    let mut notes = Vec::new();
    let mut add = |leads: &[usize], says: &str| {
        if !leads.is_empty() {
            notes.push(Note { label: "Required".to_owned(), tone: Tone::Bad, parts: vec![format!("{}: {says}", names(leads))] });
        }
    };
    add(&required.unjudged, "too little data to say whether they lead any lag");
    add(&required.missed, "not shown to lead any lag");
    notes
}

/// What the page rests on, and how to read it.
fn notes(panel: &Panel, pairs: &[Pair<'_>], settings: &Settings) -> Vec<Note> {
    let mut notes: Vec<Note> = Vec::new();
    let mut add = |label: &str, parts: Vec<String>| {
        if !parts.is_empty() {
            notes.push(Note { label: label.to_owned(), tone: Tone::Plain, parts });
        }
    };
    let together = panel.known.iter().filter(|known| known.together).count();
    let usable = panel.results.usable.iter().filter(|usable| **usable).count();
    let tested = pairs.iter().any(|pair| pair.evidence().is_some());
    if tested {
        add(
            "Tested",
            vec![format!(
                "does a person's own activity line up with that person's later results better than another person's would, {} ahead at most; each person's level and trend, each week's common effect and the lag's own past are taken out",
                words::count(panel.results.max_lag as u64, "week")
            )],
        );
        add(
            "Chance",
            vec![format!(
                "p is how often shuffled people look as good in any of {} ({} shuffles, seed {}); it is not enough: a lead must also score 1 more than the same week and the lag first",
                words::count(together as u64, "pair"),
                settings.shuffles,
                settings.seed
            )],
        );
        add(
            "Careful",
            vec![
                "it predicts, which is not that it causes".to_owned(),
                "where data are few, an effect that is found is 1.4 to 2.9 times too large on average".to_owned(),
            ],
        );
    }
    let unusable = usable::says(panel);
    if !unusable.is_empty() {
        let all = panel.grid.people.len();
        let mut parts = vec![format!("{} of {all} people can be used", usable)];
        parts.extend(unusable);
        add("Not usable", parts);
    }
    add("Left out", panel.grid.cuts.clone());
    add("To see more", more::parts(panel, pairs));
    notes
}

fn figures(panel: &Panel, pairs: &[Pair<'_>], linkages: &[Linkage]) -> Vec<Figure> {
    let mut figures = Vec::new();
    // Measures of the same first meetings have one curve.
    let mut lines: Vec<CurveLine> = Vec::new();
    for linkage in linkages.iter().filter(|linkage| !linkage.curve.is_empty()) {
        match lines.iter_mut().find(|line| line.points == linkage.curve) {
            Some(line) => line.says = format!("{}, {}", line.says, linkage.says),
            None => lines.push(CurveLine { says: linkage.says.clone(), points: linkage.curve.clone(), until: linkage.longest }),
        }
    }
    if !lines.is_empty() {
        let deals = linkages.iter().all(|linkage| linkage.followed == Followed::Deals);
        let (title, bought) =
            if deals { ("Won", "deals first met that was won") } else { ("Bought", "accounts first met that has bought") };
        figures.push(Figure::Curves(Curves {
            title: format!("{title}, by weeks since the first meeting"),
            says: format!("The share of the {bought}, over the weeks since the first meeting, with its 95 % band"),
            axis: "weeks after the first meeting".to_owned(),
            lines,
        }));
    }
    let lines: Vec<ScoreLine> = pairs
        .iter()
        .filter_map(|pair| {
            let evidence = pair.evidence()?;
            let weeks = evidence.lead.filter(|_| table::said_when(pair.tested.verdict));
            Some(ScoreLine {
                lead: pair.lead.says.clone(),
                lag: pair.lag.says.clone(),
                verdict: pair.tested.verdict.words().to_owned(),
                found: pair.tested.verdict == Verdict::Leads,
                values: evidence.by_lag.clone(),
                weeks: weeks.map(|lead| (lead.weeks, lead.first, lead.last)),
            })
        })
        .collect();
    if !lines.is_empty() {
        let max_lag = panel.results.max_lag;
        figures.push(Figure::Scores(Scores {
            title: "Scores by weeks apart".to_owned(),
            says: format!(
                "How well each lead lines up with each lag so many weeks later, in standard deviations of shuffled people; left of 0 the lag comes first, {} at most",
                words::count(max_lag as u64, "week")
            ),
            max_lag,
            lines,
        }));
    }
    figures
}

#[cfg(test)]
mod tests;
