//! A commented `leadlag.toml` made from exports: what it sets is what holds without it; what was understood stands in comments.

mod commitments;
mod guide;
mod parts;

pub use commitments::commitments;
pub use guide::guide;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::inspect::{Inspection, SetBy, Setting};
use crate::measure::spec::Role;
use crate::measure::spec::reading::quote;
use crate::unit::Value;

/// What a configuration is drafted from.
pub struct Draft<'a> {
    /// What was understood of the exports.
    pub seen: &'a Inspection<'a>,
    /// The configuration in force; files are named in it from where the drafted one stands.
    pub settings: &'a [Setting],
    /// The lead measures in force.
    pub leads: Vec<String>,
    /// The lag measures in force.
    pub lags: Vec<String>,
    /// What each measure comes to over all that the exports hold.
    pub measured: Vec<Measured>,
    /// Whether the command line says of files which table they are.
    pub told: bool,
    /// A file as the drafted configuration must name it.
    pub place: &'a dyn Fn(&str) -> String,
}

/// A measure over all that the exports hold.
pub struct Measured {
    /// Its name.
    pub name: String,
    /// Lead or lag.
    pub role: Role,
    /// What it means.
    pub says: String,
    /// Its values, one per currency.
    pub values: Vec<Value>,
}

/// A text as a TOML string.
pub fn quoted(text: &str) -> String {
    quote(text)
}

/// The configuration as text.
pub fn toml(draft: &Draft<'_>) -> String {
    let mut out = Out::new(draft);
    parts::head(&mut out);
    parts::report(&mut out);
    parts::calendar(&mut out);
    parts::money(&mut out);
    parts::inputs(&mut out);
    parts::people(&mut out);
    parts::columns(&mut out);
    parts::words(&mut out);
    parts::stages(&mut out);
    parts::outcome(&mut out);
    parts::minutes(&mut out);
    out.rest();
    out.text
}

/// The text being written, and the settings in force that it has yet to say.
struct Out<'a> {
    draft: &'a Draft<'a>,
    text: String,
    /// By path: the value, and who set it.
    settings: BTreeMap<String, (String, String)>,
}

impl<'a> Out<'a> {
    fn new(draft: &'a Draft<'a>) -> Self {
        let mut settings = BTreeMap::new();
        for setting in draft.settings.iter().filter(|s| s.by != SetBy::BuiltIn) {
            let from = if setting.by == SetBy::Option { "the command line".to_owned() } else { setting.name.clone() };
            settings.insert(setting.path.clone(), (setting.value.clone(), from));
        }
        Self { draft, text: String::new(), settings }
    }

    /// A line as it is.
    fn line(&mut self, text: &str) {
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// A comment; what is longer than a line goes on in the next one.
    fn comment(&mut self, text: &str) {
        self.wrapped("# ", text);
    }

    /// A question that somebody has to answer.
    fn question(&mut self, text: &str) {
        self.wrapped("# ", &format!("QUESTION: {text}"));
    }

    fn wrapped(&mut self, begins: &str, text: &str) {
        const WIDTH: usize = 116;
        let mut line = String::from(begins);
        for word in text.split_whitespace() {
            // What a file holds stands in a comment as data: nothing of it ends the line.
            let word: String = word.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
            if line.chars().count() + word.chars().count() > WIDTH && line.len() > begins.len() {
                self.line(&line);
                line = format!("{begins}  ");
            }
            if !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(&word);
        }
        self.line(&line);
    }

    /// The beginning of a table.
    fn table(&mut self, name: &str) {
        self.text.push('\n');
        self.line(&format!("[{name}]"));
    }

    /// A setting in force, else this value, which is the built-in one; with what is to be said beside it.
    fn set(&mut self, path: &str, built_in: &str, says: &str) {
        let key = path.rsplit('.').next().unwrap_or(path);
        let (value, origin) = self.settings.remove(path).map_or_else(|| (built_in.to_owned(), None), |(v, from)| (v, Some(from)));
        let says = match (says, origin) {
            ("", None) => String::new(),
            ("", Some(from)) => format!("   # from {from}"),
            (says, None) => format!("   # {says}"),
            (says, Some(from)) => format!("   # {says}; from {from}"),
        };
        let line = format!("{key} = {value}{says}");
        self.line(&line);
    }

    /// Whether a setting is in force that nobody has written yet.
    fn is_set(&self, path: &str) -> bool {
        self.settings.contains_key(path)
    }

    /// The settings of a table that are in force and not written yet.
    fn settings_of(&mut self, table: &str) {
        let begins = format!("{table}.");
        let paths: Vec<String> =
            self.settings.keys().filter(|p| p.strip_prefix(&begins).is_some_and(|key| !key.contains('.'))).cloned().collect();
        for path in paths {
            self.set(&path, "", "");
        }
    }

    /// Every setting in force that has no place above.
    fn rest(&mut self) {
        let tables: BTreeSet<String> =
            self.settings.keys().filter_map(|path| path.rsplit_once('.').map(|(table, _)| table.to_owned())).collect();
        // The tenth entry of a list comes after its second.
        let number = |table: &str| table.split_once('[').and_then(|(_, n)| n.trim_end_matches(']').parse::<u32>().ok());
        let mut tables: Vec<String> = tables.into_iter().collect();
        tables.sort_by_key(|table| (table.split('[').next().unwrap_or_default().to_owned(), number(table), table.clone()));
        for table in tables {
            self.text.push('\n');
            // The entries of a list of tables are numbered.
            let listed = table.split_once('[').map(|(name, _)| name.to_owned());
            self.line(&listed.map_or_else(|| format!("[{table}]"), |name| format!("[[{name}]]")));
            self.settings_of(&table);
        }
    }
}

/// A number of records beside something.
fn beside(text: &str, says: &str) -> String {
    let mut line = format!("# {text}");
    let gap = 44_usize.saturating_sub(line.chars().count()).max(2);
    let _ = write!(line, "{}# {says}", " ".repeat(gap));
    line
}
