//! A blank form for commitments: a row for each who sells or leads in a week, to be filled in and read back.

use super::super::present;
use crate::calendar::Period;
use crate::document::{Document, Grid, GridCell};
use crate::facts::Facts;
use crate::table::{Data, Role};

/// The headings of a commitments file.
const COLUMNS: &[&str] = &["week", "person", "text", "measure", "amount", "kept"];

/// The form for a week: teams by name, in each who sells before who leads; none where nobody is known.
pub fn commitments(data: &Data, facts: &Facts, week: &Period) -> Option<Document> {
    let people = &data.roster.people;
    let mut rows: Vec<_> = (0..people.len() as u32)
        .filter(|person| people[*person as usize].role != Role::Other && present(data, facts, *person, week.range))
        .map(|person| {
            let who = &people[person as usize];
            // Whoever leaves in the middle of the week is still in the team that it began in.
            let team = who.team_on(week.range.last).or_else(|| who.team_on(week.range.first));
            (team.is_none(), team, who.role, who.name.as_str())
        })
        .collect();
    if rows.is_empty() {
        return None;
    }
    rows.sort_unstable();
    let text = |text: &str| Some(GridCell::Text(text.to_owned()));
    let row = |name: &str| {
        COLUMNS
            .iter()
            .map(|column| match *column {
                "week" => text(&week.name),
                "person" => text(name),
                _ => None,
            })
            .collect()
    };
    let rows = rows.into_iter().map(|(.., name)| row(name)).collect();
    let grid = Grid { columns: COLUMNS.to_vec(), rows, ..Grid::default() };
    Some(Document { grid: Some(grid), ..Document::default() })
}
