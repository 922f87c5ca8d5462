#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::document::{Content, Heat, HeatGroup, HeatRow, Multiples, Panel};
use crate::render::example::{self, document};

fn page(document: &Document) -> String {
    String::from_utf8(render(document, &Style::default()).unwrap()).unwrap()
}

/// The example with as many people, among them one whose name is written from right to left and one whose name is long.
fn team_of(people: usize) -> Document {
    let mut large = document();
    let names: Vec<String> = (0..people)
        .map(|at| match at {
            3 => "محمد العلي".to_owned(),
            5 => "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh y Villanueva de la Cañada".to_owned(),
            _ => format!("{} {}", ["Ana", "Dev", "Mia", "Tomás", "Zoë", "Lee"][at % 6], ["Silva", "Rao", "Chen", "O'Dell", "Nair"][at % 5]),
        })
        .collect();
    for block in &mut large.page {
        if let Block::Table(table) = block {
            let (team, rows) = (table.rows[0].clone(), table.rows[1..].to_vec());
            table.rows = names
                .iter()
                .zip(rows.iter().cycle())
                .map(|(name, row)| {
                    let mut row = row.clone();
                    row.cells[0].content = Content::Text(name.clone());
                    row
                })
                .collect();
            table.rows.insert(0, team);
        }
    }
    for figure in &mut large.figures {
        match figure {
            Figure::Course(_) => {}
            Figure::Multiples(Multiples { panels, .. }) => {
                let two = panels.clone();
                *panels = names.iter().zip(two.iter().cycle()).map(|(name, panel)| Panel { name: name.clone(), ..panel.clone() }).collect();
            }
            Figure::Heat(Heat { groups, .. }) => {
                let two = groups[0].rows.clone();
                let rows =
                    || names.iter().zip(two.iter().cycle()).map(|(name, row)| HeatRow { name: name.clone(), ..row.clone() }).collect();
                *groups = ["new prospect meetings", "presentations", "client hours"]
                    .map(|t| HeatGroup { title: t.to_owned(), rows: rows() })
                    .into();
            }
        }
    }
    large
}

#[test]
fn write_them() {
    std::fs::write("/tmp/h/example.html", page(&document())).unwrap();
    std::fs::write("/tmp/h/twelve.html", page(&team_of(12))).unwrap();
    std::fs::write("/tmp/h/sixty.html", page(&team_of(60))).unwrap();
    let _ = example::figures();
}
