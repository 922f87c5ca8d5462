//! What is simulated, and what the reference implementation says of it.

use crate::simulate::Scenario;

/// A kind of panel.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) scenario: Scenario,
    pub(crate) people: usize,
    pub(crate) weeks: usize,
    /// Wins per person-week.
    pub(crate) rate: f64,
    /// The shares, in the order of [`FIGURES`], that were published with the method.
    pub(crate) published: [Option<f64>; 5],
}

/// When a figure is better than another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Better {
    Higher,
    Lower,
    /// Nearer to this.
    Nearer(f64),
}

/// What is counted: leads that are found; of those, lead times within 1 and 2 weeks of the planted one and ranges that cover it; of all panels,
/// intervals that cover the effect.
pub(crate) const FIGURES: &[(&str, Better); 5] = &[
    ("found", Better::Higher),
    ("±1", Better::Higher),
    ("±2", Better::Higher),
    ("range", Better::Higher),
    ("effect", Better::Nearer(0.95)),
];

/// What is counted where there is no lead.
pub(crate) const FALSE: (&str, Better) = ("false", Better::Lower);

/// Panels behind a published figure, as its digits suggest.
pub(crate) const PUBLISHED_PANELS: usize = 400;

/// What the reference says, again, of panels that its own simulators make: how many, and their shares.
const AGAIN: &str = include_str!("../../fixtures/stats/figures.csv");

impl Row {
    /// Whether there is a lead to be found.
    pub(crate) fn is_planted(&self) -> bool {
        matches!(self.scenario, Scenario::Planted(_))
    }

    /// How many panels the reference judged again, and its shares; 0 and none where it did not.
    pub(crate) fn again(&self) -> (usize, [Option<f64>; 5]) {
        let key = [self.name, &self.people.to_string(), &self.weeks.to_string()].join(",") + ",";
        let Some(line) = AGAIN.lines().find_map(|line| line.strip_prefix(&key)) else { return (0, [None; 5]) };
        let mut cells = line.split(',').map(|cell| cell.parse::<f64>().ok());
        let panels = cells.next().flatten().map_or(0, |panels| panels as usize);
        (panels, std::array::from_fn(|_| cells.next().flatten()))
    }
}

const fn null(name: &'static str, scenario: Scenario, people: usize, weeks: usize, published: Option<f64>) -> Row {
    Row { name, scenario, people, weeks, rate: 0.3, published: [published, None, None, None, None] }
}

const fn planted(name: &'static str, share: f64, rate: f64, (people, weeks): (usize, usize), published: [f64; 5]) -> Row {
    let [found, one, two, range, effect] = published;
    let published = [Some(found), Some(one), Some(two), Some(range), Some(effect)];
    Row { name, scenario: Scenario::Planted(share), people, weeks, rate, published }
}

/// Every kind of panel. Wins are 0.3 a week where the name says nothing else; activity leads by 6 weeks, with a standard deviation of 2.
pub(crate) const ROWS: &[Row] = &[
    planted("80 % of 0.3 wins", 0.8, 0.3, (20, 52), [0.65, 0.86, 0.99, 0.98, 0.93]),
    planted("80 % of 0.3 wins", 0.8, 0.3, (10, 104), [0.75, 0.83, 0.97, 0.97, 0.92]),
    planted("80 % of 0.3 wins", 0.8, 0.3, (20, 104), [0.92, 0.95, 1.00, 0.96, 0.93]),
    planted("90 % of 1.0 wins", 0.9, 1.0, (8, 104), [0.97, 0.96, 0.99, 0.99, 0.90]),
    planted("40 % of 0.3 wins", 0.4, 0.3, (40, 104), [0.79, 0.92, 1.00, 0.98, 0.94]),
    null("no relation", Scenario::Nothing, 5, 26, Some(0.027)),
    null("no relation", Scenario::Nothing, 10, 52, Some(0.043)),
    null("no relation", Scenario::Nothing, 20, 52, Some(0.044)),
    null("no relation", Scenario::Nothing, 20, 104, Some(0.039)),
    null("no relation", Scenario::Nothing, 60, 156, Some(0.033)),
    null("ramp of new people", Scenario::Ramp, 20, 104, Some(0.078)),
    null("hires inside the window", Scenario::Hire, 20, 104, Some(0.060)),
    null("a win cuts next week's activity", Scenario::Reverse, 20, 104, Some(0.028)),
    null("joins and leaves", Scenario::Turnover, 20, 104, Some(0.020)),
    null("joins and leaves", Scenario::Turnover, 10, 52, None),
    null("own calendars", Scenario::OwnCalendar, 20, 104, Some(0.028)),
    null("vacations", Scenario::Vacation, 20, 104, Some(0.003)),
    null("shared same-week shocks", Scenario::Shocks, 20, 104, Some(0.010)),
    null("shared same-week shocks", Scenario::Shocks, 10, 52, None),
];
