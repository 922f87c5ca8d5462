//! What went wrong or was assumed: a code, where it happened, and what to do about it; and how a run ended.
#![doc = ""]
#![doc = include_str!("diagnostic/catalogue.md")]

use std::fmt;

use serde::Serialize;

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Said, nothing to do.
    Note,
    /// The numbers stand, but somebody should look.
    Warning,
    /// Something was refused: a file, a record, a cell, an option.
    Error,
}

macro_rules! codes {
    ($($variant:ident $name:literal $says:literal;)+) => {
        /// The kinds of diagnostic; each has a specimen folder of its name under `fixtures/errors/`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $says] $variant),+ }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code's name, as printed and as its specimen's folder.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

codes! {
    NotFound "not-found" "A file, folder or pattern that matches nothing.";
    Unreadable "unreadable" "A file that the system refuses to read, or that needs a password.";
    EmptyFile "empty-file" "A file without a heading row.";
    NotATable "not-a-table" "A file that holds no table.";
    Unsupported "unsupported" "A file of a format that this version does not read.";
    Damaged "damaged" "A compressed file, an archive or a workbook that ends too early or does not hold together.";
    TooLarge "too-large" "A file that unpacks to far more than an export of its size can hold.";
    NotUsed "not-used" "A file of a folder that no report needs.";
    Recognised "recognised" "What a file was taken for, and why.";
    UnrecognisedHeadings "unrecognised-headings" "Headings that fit no table.";
    AmbiguousTable "ambiguous-table" "Headings that fit two tables equally well.";
    WrongTable "wrong-table" "A file given as one table whose headings are another's.";
    NoInput "no-input" "No file to read, or none that holds activities or deals.";
    RaggedRow "ragged-row" "A record with more or fewer fields than the headings.";
    BlankRecord "blank-record" "A record of which no column that is read holds anything.";
    UnclosedQuote "unclosed-quote" "A quoted field that never closes.";
    QuoteInField "quote-in-field" "A quotation mark inside an unquoted field, or text after a closing one.";
    Decoded "decoded" "A file that is not UTF-8 and was read in another encoding.";
    BadDate "bad-date" "A cell that is no date.";
    AmbiguousDates "ambiguous-dates" "A column whose dates fit day-first and month-first with different results.";
    BadAmount "bad-amount" "A cell that is no amount of money.";
    BadNumber "bad-number" "A cell that is no number.";
    BadFlag "bad-flag" "A cell that is neither true nor false.";
    UnknownWord "unknown-word" "Words of the export that no preset or config maps.";
    NoCloseDate "no-close-date" "A won deal without a close date.";
    DuplicateId "duplicate-id" "Two records of one id with different contents.";
    DuplicateExport "duplicate-export" "Two files that hold the same records under other ids.";
    UnknownOwner "unknown-owner" "An owner who is not on the roster.";
    BadReference "bad-reference" "A record that refers to a person or thing that is not there.";
    ConfigSyntax "config-syntax" "A configuration file that is no TOML.";
    ConfigKey "config-key" "An unknown key in a configuration file.";
    ConfigValue "config-value" "A value that its key cannot take.";
    FilterSyntax "filter-syntax" "A predicate that is no SQL, or SQL that is not supported here.";
    FilterColumn "filter-column" "A predicate that names no column.";
    FilterWord "filter-word" "A predicate with a word that no record can have.";
    FilterType "filter-type" "A predicate that compares unlike things.";
    UnknownMeasure "unknown-measure" "A measure that neither the library nor the config has.";
    NoRule "no-rule" "A check without any rule, or without one for what is shown.";
    NotJudged "not-judged" "A rule of a check that could not be evaluated.";
    NoLead "no-lead" "A lead measure that is not shown to lead any lag, where predict --require asks for it.";
    UnknownName "unknown-name" "An owner or team that the exports do not have.";
    BadPeriod "bad-period" "A period, date or range that cannot be.";
    NothingComplete "nothing-complete" "No complete period to report on.";
    BadTarget "bad-target" "A target that cannot be applied.";
    BadRate "bad-rate" "A file of exchange rates that cannot be used, or a rate that looks like a slip.";
    NoRate "no-rate" "Amounts in a currency that nothing converts into the report's.";
    Assumed "assumed" "Something that the exports do not say and that was assumed.";
    Unattributable "unattributable" "Records that belong to no person.";
    Stale "stale" "An export that ended before the others.";
    ManyLeads "many-leads" "More lead measures on the page than anybody can attend to.";
    NotCompared "not-compared" "What keeps numbers of an earlier report from being compared with today's.";
    Unwritable "unwritable" "An output that cannot be written.";
    Accounting "accounting" "Records read that are not all accounted for: a bug.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Where in a line something is.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Place {
    /// Under this heading of an export.
    Heading(String),
    /// At this character of the line, counted from 1.
    Position(u32),
}

/// Where something is: a file, and within it a line (from 1) and a place in that line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Location {
    /// The file as the user named it, or what stands for one (`--where`).
    pub file: String,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The place in the line.
    pub column: Option<Place>,
}

impl Location {
    /// A whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self { file: file.into(), line: None, column: None }
    }

    /// A line of a file.
    pub fn line(file: impl Into<String>, line: u32) -> Self {
        Self { file: file.into(), line: Some(line), column: None }
    }

    /// A cell of an export.
    pub fn cell(file: impl Into<String>, line: u32, heading: impl Into<String>) -> Self {
        Self { file: file.into(), line: Some(line), column: Some(Place::Heading(heading.into())) }
    }

    /// A character of a text.
    pub fn at(file: impl Into<String>, line: u32, position: u32) -> Self {
        Self { file: file.into(), line: Some(line), column: Some(Place::Position(position)) }
    }
}

/// One thing to tell the user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// Where it is, if anywhere.
    #[serde(flatten)]
    pub location: Option<Location>,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do about it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// A diagnostic without place or hints.
    pub fn new(code: Code, severity: Severity, message: impl Into<String>) -> Self {
        Self { code, severity, location: None, message: message.into(), hints: Vec::new() }
    }

    /// An error.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, message)
    }

    /// A warning.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, message)
    }

    /// A note.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Note, message)
    }

    /// The same with its place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.location = Some(location);
        self
    }

    /// The same with one more hint.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

/// A failed run: diagnostics of which at least one is an error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub Vec<Diagnostic>);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let first = self.0.iter().max_by_key(|d| d.severity).map_or("failed", |d| d.message.as_str());
        f.write_str(first)
    }
}

impl std::error::Error for Failure {}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

/// How a run ended, as an exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked: 0.
    Done,
    /// A check found a breach: 1.
    Breach,
    /// It could not do what was asked: 2.
    CouldNot,
}

impl Outcome {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Breach => 1,
            Self::CouldNot => 2,
        }
    }
}
