//! What formats that draw show beside the page.

use crate::calendar::Day;
use crate::unit::{Unit, Value};

/// Something to draw. A picture is never the only place of a number: the tidy values have each of them.
#[derive(Debug, Clone)]
pub enum Figure {
    /// Leads against lags over time.
    Course(Course),
    /// The same for each person, small.
    Multiples(Multiples),
    /// Who keeps what up, period by period.
    Heat(Heat),
    /// How well a lead lines up with a lag, week by week apart.
    Scores(Scores),
    /// Which share has come so far, over time.
    Curves(Curves),
}

/// A period on the axis of a figure.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Its name, such as `2026-W46`.
    pub name: String,
    /// Its first day.
    pub first: Day,
    /// Its last day, which belongs to it.
    pub last: Day,
    /// Whether it is over and the exports reach its end.
    pub complete: bool,
}

/// A measure over the periods of a figure.
#[derive(Debug, Clone)]
pub struct Line {
    /// The measure's name.
    pub measure: String,
    /// The measure in words, such as `new prospect meetings`.
    pub says: String,
    /// `lead` or `lag`.
    pub role: &'static str,
    /// Its unit.
    pub unit: Unit,
    /// A value for each period; missing ones are gaps, never zeros.
    pub values: Vec<Value>,
    /// The target for each period, where there is one.
    pub targets: Vec<Option<Value>>,
}

/// How long results take, drawn from the last complete period on.
#[derive(Debug, Clone)]
pub struct LeadTime {
    /// How many periods after the last complete one its results are due; 0 where within the same.
    pub periods: usize,
    /// What it is and what it rests on, in words, such as `median of 41 deals won: 63 days from creation to close`.
    pub says: String,
}

/// Leads against lags over time: a strip for each measure, one below the other over the same periods.
#[derive(Debug, Clone)]
pub struct Course {
    /// The title.
    pub title: String,
    /// What it shows, in a sentence; what a reader who cannot see it is told.
    pub says: String,
    /// The periods, oldest first.
    pub periods: Vec<Moment>,
    /// The measures, leads first.
    pub lines: Vec<Line>,
    /// How long results take, where the exports tell.
    pub lead_time: Option<LeadTime>,
}

/// Small charts on shared scales, one for each person.
#[derive(Debug, Clone)]
pub struct Multiples {
    /// The title.
    pub title: String,
    /// What it shows, in a sentence.
    pub says: String,
    /// The periods, oldest first.
    pub periods: Vec<Moment>,
    /// The charts, in the order of the page.
    pub panels: Vec<Panel>,
}

/// The small chart of one person.
#[derive(Debug, Clone)]
pub struct Panel {
    /// Whose it is.
    pub name: String,
    /// The team; empty where there is none.
    pub team: String,
    /// The same measures in each panel.
    pub lines: Vec<Line>,
}

/// A heat map: rows of names, columns of periods, the shade a share of what each is held against.
#[derive(Debug, Clone)]
pub struct Heat {
    /// The title.
    pub title: String,
    /// What it shows, in a sentence.
    pub says: String,
    /// The groups of rows, each with its own scale and meaning.
    pub groups: Vec<HeatGroup>,
    /// The columns.
    pub columns: Vec<String>,
}

/// Rows of a heat map that belong together.
#[derive(Debug, Clone)]
pub struct HeatGroup {
    /// What they are of, such as a measure in words.
    pub title: String,
    /// The rows.
    pub rows: Vec<HeatRow>,
}

/// A row of a heat map.
#[derive(Debug, Clone)]
pub struct HeatRow {
    /// Whose it is.
    pub name: String,
    /// One cell per column.
    pub cells: Vec<HeatCell>,
}

/// A cell of a heat map.
#[derive(Debug, Clone)]
pub struct HeatCell {
    /// The value.
    pub value: Value,
    /// What it is held against, where there is such a thing.
    pub against: Option<Value>,
    /// How much of that is reached, which sets the shade; none where nothing can be said.
    pub share: Option<f64>,
}

/// How well leads line up with lags so many weeks later: a panel for each pair on one scale.
#[derive(Debug, Clone)]
pub struct Scores {
    /// The title.
    pub title: String,
    /// What it shows, in a sentence.
    pub says: String,
    /// The most weeks apart, on either side.
    pub max_lag: usize,
    /// The pairs, in the order of the page.
    pub lines: Vec<ScoreLine>,
}

/// The scores of one pair.
#[derive(Debug, Clone)]
pub struct ScoreLine {
    /// The lead in words.
    pub lead: String,
    /// The lag in words.
    pub lag: String,
    /// The verdict in words.
    pub verdict: String,
    /// Whether it is the verdict that a lead was found.
    pub found: bool,
    /// A score per week apart, from `-max_lag` (the lag first) over 0 to `max_lag` (the lead first): `2 * max_lag + 1` of them.
    pub values: Vec<f64>,
    /// After how many weeks the lead shows, and the range of that, where it can be said.
    pub weeks: Option<(usize, usize, usize)>,
}

/// Which share of those at the start something has happened to, over time.
#[derive(Debug, Clone)]
pub struct Curves {
    /// The title.
    pub title: String,
    /// What it shows, in a sentence.
    pub says: String,
    /// What is on the horizontal axis, such as `weeks after the first meeting`.
    pub axis: String,
    /// The curves.
    pub lines: Vec<CurveLine>,
}

/// A curve that goes up in steps.
#[derive(Debug, Clone)]
pub struct CurveLine {
    /// What it is of.
    pub says: String,
    /// Its steps, by time; before the first one the share is 0.
    pub points: Vec<CurvePoint>,
    /// Where it ends: the longest time that anybody was followed.
    pub until: f64,
}

/// A step of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CurvePoint {
    /// When, on the horizontal axis.
    pub at: f64,
    /// The share from then on, from 0 to 1.
    pub share: f64,
    /// The lower end of its interval.
    pub lo: f64,
    /// The upper end of its interval.
    pub hi: f64,
}
