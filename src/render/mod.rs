//! Documents → bytes: one file per format and one line in [`FORMATS`]. A renderer spells; what is said was decided before.
//!
//! Every renderer is a pure function of the document and the style: it reads no clock, no environment and no terminal, so that the same
//! document always gives the same bytes.

mod csv;
mod curve;
mod diagnostic;
mod face;
mod github;
mod html;
mod json;
mod junit;
mod layout;
mod markdown;
mod names;
mod number;
mod terminal;
mod text;
mod tidy;
mod xlsx;

use crate::document::{Document, TidyRows};
use crate::unit::Value;

pub use diagnostic::diagnostics;
pub use github::github;
pub use json::schemas::{SCHEMAS, Schema};
pub use junit::junit;

/// Spells tidy rows.
pub type SpellRows = fn(&dyn TidyRows, &Style) -> Vec<u8>;

/// An output format.
#[derive(Debug, Clone, Copy)]
pub struct Format {
    /// Its name, as `--format` takes it.
    pub name: &'static str,
    /// The extensions of `-o` that mean it, without the dot and in lower case.
    pub extension: &'static [&'static str],
    /// What it is, in a few words for the help.
    pub says: &'static str,
    /// Whether it draws the figures of a document: who makes one can leave them away for the others.
    pub draws: bool,
    /// Whether it is no text: nothing that a terminal could show.
    pub binary: bool,
    /// Spells a document.
    pub render: fn(&Document, &Style) -> anyhow::Result<Vec<u8>>,
    /// Spells tidy rows alone, where that is all that it shows of a document that has them: they need not be kept then.
    pub rows: Option<SpellRows>,
}

/// The formats, in the order of the help; the first is the default.
pub const FORMATS: &[Format] = &[
    Format {
        name: "table",
        extension: &["txt"],
        says: "a page for the terminal",
        draws: false,
        binary: false,
        render: terminal::render,
        rows: None,
    },
    Format {
        name: "csv",
        extension: &["csv"],
        says: "tidy rows, comma-separated",
        draws: false,
        binary: false,
        render: csv::render,
        rows: Some(csv::rows),
    },
    Format {
        name: "tsv",
        extension: &["tsv", "tab"],
        says: "tidy rows, tab-separated",
        draws: false,
        binary: false,
        render: csv::render_tabs,
        rows: Some(csv::rows_tabs),
    },
    Format {
        name: "json",
        extension: &["json"],
        says: "everything, with the records behind the numbers",
        draws: false,
        binary: false,
        render: json::render,
        rows: None,
    },
    Format {
        name: "markdown",
        extension: &["md", "markdown"],
        says: "tables for GitHub, wikis and chat",
        draws: false,
        binary: false,
        render: markdown::render,
        rows: None,
    },
    Format {
        name: "html",
        extension: &["html", "htm"],
        says: "a page to mail or print",
        draws: true,
        binary: false,
        render: html::render,
        rows: None,
    },
    Format {
        name: "xlsx",
        extension: &["xlsx"],
        says: "a workbook for Excel and LibreOffice",
        draws: true,
        binary: true,
        render: xlsx::render,
        rows: None,
    },
];

/// A text from outside in one line, with what a terminal would obey shown instead.
pub fn shown(text: &str, ascii: bool) -> String {
    text::line(text, ascii).into_owned()
}

/// The format of that name.
pub fn named(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// The format that a file extension means, in any case and without its dot.
pub fn for_extension(extension: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.extension.iter().any(|known| known.eq_ignore_ascii_case(extension)))
}

/// A value as every file has it: its digits, else the word for why it is missing.
pub fn plain(value: &Value) -> Result<String, &'static str> {
    match number::plain(value) {
        number::Plain::Number(digits) | number::Plain::Words(digits) => Ok(digits),
        number::Plain::Missing(why) => Err(why),
    }
}

/// How to spell, as far as that is the user's choice or the terminal's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of its own on the command line, and all combine")]
pub struct Style {
    /// Columns of the page; below [`Style::NARROWEST`] it is taken as that.
    pub width: usize,
    /// Whether colors may be used; they never are the only signal.
    pub color: bool,
    /// Whether the page's own typography (dashes, charts, ellipses) stays within ASCII; names from the exports stay as they are.
    pub ascii: bool,
    /// csv and tsv: one row per name and period, with a column per measure.
    pub wide: bool,
    /// csv and tsv: for a spreadsheet with decimal commas. A byte order mark, `;` between the fields of csv, CRLF line ends.
    pub excel: bool,
}

impl Style {
    /// The narrowest page, in columns.
    pub const NARROWEST: usize = 40;

    /// The columns to use.
    pub(crate) fn columns(&self) -> usize {
        self.width.max(Self::NARROWEST)
    }
}

impl Default for Style {
    fn default() -> Self {
        Self { width: 100, color: false, ascii: false, wide: false, excel: false }
    }
}

#[cfg(test)]
mod example;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn each_format_is_found_by_its_name_and_its_extensions() {
        for format in FORMATS {
            assert_eq!(named(format.name).unwrap().name, format.name);
            for extension in format.extension {
                assert_eq!(for_extension(extension).unwrap().name, format.name, "{extension}");
            }
        }
        assert_eq!(for_extension("JSON").unwrap().name, "json");
        assert!(named("pdf").is_none());
        assert!(for_extension("").is_none());
    }

    #[test]
    fn no_two_formats_share_an_extension() {
        let mut extensions: Vec<_> = FORMATS.iter().flat_map(|format| format.extension).collect();
        extensions.sort_unstable();
        let all = extensions.len();
        extensions.dedup();
        assert_eq!(extensions.len(), all);
    }
}
