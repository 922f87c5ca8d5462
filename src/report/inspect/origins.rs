//! The configuration in force, and who set each value.

use super::{column, note, row, table, text};
use crate::document::{Block, Document, Grid, GridCell, Row, Tone};

/// Who sets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetBy {
    /// The program itself.
    BuiltIn,
    /// A file.
    File,
    /// An option of the command line.
    Option,
}

/// A value of the configuration that is in force.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Its dotted path.
    pub path: String,
    /// The value as TOML.
    pub value: String,
    /// Who set it.
    pub by: SetBy,
    /// The name of the file or option.
    pub name: String,
    /// The line of the file.
    pub line: Option<u32>,
}

/// Every value of the configuration with its origin.
pub fn origins(all: &[Setting]) -> Document {
    let mut files: Vec<String> = all.iter().filter(|s| s.by == SetBy::File).map(|s| s.name.clone()).collect();
    files.sort_unstable();
    files.dedup();
    let rows: Vec<Row> = all
        .iter()
        .map(|setting| {
            let tone = if setting.by == SetBy::BuiltIn { Tone::Faint } else { Tone::Plain };
            Row { tone, ..row(vec![text(short(setting, &files)), text(setting.path.clone()), text(setting.value.clone())]) }
        })
        .collect();
    let cell = |text: &str| (!text.is_empty()).then(|| GridCell::Text(text.to_owned()));
    let grid = all.iter().map(|setting| {
        let (sort, name) = match setting.by {
            SetBy::BuiltIn => ("built_in", ""),
            SetBy::File => ("file", setting.name.as_str()),
            // Two dashes would have to be disarmed as if they were a formula.
            SetBy::Option => ("option", setting.name.trim_start_matches('-')),
        };
        let line = setting.line.filter(|_| setting.by == SetBy::File).map(|line| GridCell::Number(line.into()));
        vec![cell(&setting.path), cell(&setting.value), cell(sort), cell(name), line]
    });
    let columns = vec!["key", "value", "origin", "name", "line"];
    let own = all.iter().filter(|setting| setting.by != SetBy::BuiltIn).count();
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

/// Who set a value, by so much of a file's name as tells it from the others: the whole of it stands above.
fn short(setting: &Setting, files: &[String]) -> String {
    match (setting.by, setting.line) {
        (SetBy::BuiltIn, _) => "built in".to_owned(),
        (SetBy::File, Some(line)) => format!("{}:{line}", tail(&setting.name, files)),
        _ => setting.name.clone(),
    }
}

/// The last parts of a file's name, as many as no other file ends with.
fn tail<'a>(name: &'a str, files: &[String]) -> &'a str {
    if name.starts_with("..") && files.len() > 1 {
        return name;
    }
    let mut ends = name.rmatch_indices('/').filter_map(|(at, _)| name.get(at + 1..));
    ends.find(|end| files.iter().filter(|file| file.ends_with(end)).count() < 2).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_told_apart_by_as_little_as_it_takes() {
        let of = |name: &'static str, others: &[&str]| tail(name, &others.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        assert_eq!(of("/home/ana/acme/leadlag.toml", &["/home/ana/acme/leadlag.toml"]), "leadlag.toml");
        let both = ["/home/ana/.config/leadlag/leadlag.toml", "leadlag.toml"];
        assert_eq!(of("leadlag.toml", &both), "leadlag.toml");
        assert_eq!(of("/home/ana/.config/leadlag/leadlag.toml", &both), "leadlag/leadlag.toml");
        let above = ["../../leadlag.toml", "/home/ana/.config/leadlag/leadlag.toml"];
        assert_eq!(of("../../leadlag.toml", &above), "../../leadlag.toml", "points alone name no folder");
    }
}
