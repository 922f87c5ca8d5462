//! Where a setting comes from: built-in defaults, the user's own file, the project's, the options of the command line.

use std::fmt;

use crate::measure::spec::reading::quote;

/// Who says something about the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Source {
    /// The program itself, in a file of this name that it carries.
    BuiltIn(String),
    /// A file, as the user named it.
    File(String),
    /// An option of the command line, such as `--leads`.
    Flag(String),
}

impl Source {
    /// The file or option as diagnostics name it.
    pub fn name(&self) -> &str {
        match self {
            Self::BuiltIn(name) | Self::File(name) | Self::Flag(name) => name,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BuiltIn(_) => f.write_str("built in"),
            Self::File(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// One text of settings; of two layers that set a key, the later one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Who says it.
    pub source: Source,
    /// What it says, as TOML.
    pub text: String,
}

impl Layer {
    /// A file's text.
    pub fn file(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { source: Source::File(name.into()), text: text.into() }
    }

    /// A text that the program carries, such as a file of its measure library.
    pub fn built_in(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { source: Source::BuiltIn(name.into()), text: text.into() }
    }

    /// An option that sets one key to a text: `Layer::flag("--crm", "inputs.crm", "hubspot")`.
    pub fn flag(option: impl Into<String>, path: &str, text: &str) -> Self {
        Self { source: Source::Flag(option.into()), text: format!("{path} = {}\n", quote(text)) }
    }

    /// An option that sets one key to a list of texts: `Layer::flag_list("--leads", "report.leads", ["presentations"])`.
    pub fn flag_list<'a>(option: impl Into<String>, path: &str, items: impl IntoIterator<Item = &'a str>) -> Self {
        let items: Vec<String> = items.into_iter().map(quote).collect();
        Self { source: Source::Flag(option.into()), text: format!("{path} = [{}]\n", items.join(", ")) }
    }
}

/// Where an effective value was set.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Origin {
    /// Who set it.
    pub source: Source,
    /// The line of the file, from 1; none for an option.
    pub line: Option<u32>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.source, self.line) {
            (Source::File(_), Some(line)) => write!(f, "{}:{line}", self.source),
            _ => self.source.fmt(f),
        }
    }
}
