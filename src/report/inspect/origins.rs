//! The configuration in force, and who set each value.

use super::{column, note, row, table, text};
use crate::config::{Config, Origin, Source};
use crate::document::{Block, Document, Grid, GridCell, Row, Tone};

/// Every value of the configuration with its origin.
pub fn origins(config: &Config) -> Document {
    let all = config.origins();
    let set = |source: &Source| !matches!(source, Source::BuiltIn(_));
    let rows: Vec<Row> = all
        .iter()
        .map(|(path, value, origin)| {
            let tone = if set(&origin.source) { Tone::Plain } else { Tone::Faint };
            Row { tone, ..row(vec![text(short(origin)), text(path.clone()), text(value.clone())]) }
        })
        .collect();
    let cell = |text: &str| Some(GridCell::Text(text.to_owned()));
    let grid = all.iter().map(|(path, value, origin)| {
        let line = origin.line.filter(|_| set(&origin.source)).map(|line| GridCell::Number(line.into()));
        let (sort, name) = match &origin.source {
            Source::BuiltIn(_) => ("built_in", ""),
            Source::File(name) => ("file", name.as_str()),
            Source::Flag(name) => ("option", name.trim_start_matches('-')),
        };
        vec![cell(path), cell(value), cell(sort), Some(name).filter(|n| !n.is_empty()).and_then(cell), line]
    });
    let columns = vec!["key", "value", "origin", "name", "line"];
    let own = all.iter().filter(|(.., origin)| set(&origin.source)).count();
    let mut files: Vec<String> =
        all.iter().filter_map(|(.., origin)| if let Source::File(name) = &origin.source { Some(name.clone()) } else { None }).collect();
    files.sort_unstable();
    files.dedup();
    let files = if files.is_empty() { Vec::new() } else { vec![Block::Notes(vec![note("read from", files)])] };
    let left = format!("{} values in force, {own} of them not built in", all.len());
    Document {
        schema: "leadlag/config/1",
        title: "The configuration in force".to_owned(),
        page: std::iter::once(Block::Banner { left, right: String::new() })
            .chain(files)
            .chain([table(vec![column("set by", false, 0), column("key", false, 0), column("value", false, 0)], rows)])
            .collect(),
        grid: Some(Grid { name: "config", columns, rows: grid.collect(), about: serde_json::Map::new() }),
        ..Document::default()
    }
}

/// Who set a value, by the last part of a file's name: the whole of it stands above.
fn short(origin: &Origin) -> String {
    match (&origin.source, origin.line) {
        (Source::File(name), Some(line)) => format!("{}:{line}", name.rsplit('/').next().unwrap_or(name)),
        _ => origin.to_string(),
    }
}
