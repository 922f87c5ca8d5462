//! The canonical tables as columns of our own: their names, types and meaning are the vocabulary of every filter.
//!
//! Repeating text is dictionary-coded ([`Words`]), so that a word is understood once and not once per row. A record that is left out
//! stays in its table with a [`Reason`], so that the accounting is a count and `explain` has its list.

mod column;
mod dictionary;
mod files;
pub mod fold;
mod ids;
mod joined;
mod lines;
mod packed;
mod rates;
mod roster;
mod schema;
mod short;
mod stamps;
mod words;

pub use column::{Amounts, Codes, Column, Lists};
pub use dictionary::{Arena, Dictionary};
pub use files::Files;
pub use ids::{Ids, Spelling};
pub use joined::{joined, joined_of};
pub use lines::Lines;
pub use packed::Packed;
pub use rates::{NoRate, Rate, Rates};
pub use roster::{Manager, Person, Role, Roster, Span};
pub use schema::{ADVANCES, KINDS, Kind, OUTCOMES, ROLES, STATES, Spec, Type};
pub use short::{Numbers, Short, ShortView};
pub use stamps::{Pattern, REACH, Stamps, Template};
pub use words::{Words, WordsBuilder};

use std::borrow::Cow;
use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::calendar::Day;

/// Why a record that was read is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Reason {
    /// Deleted or archived in the CRM.
    Deleted = 1,
    /// The parent row of a recurring series.
    RecurringParent,
    /// An attendee's copy of a group event; kept as an attendee of it.
    GroupChild,
    /// An activity that the CRM writes itself.
    SystemKind,
    /// Written by a robot or a system user.
    Robot,
    /// The same record again.
    Duplicate,
    /// Done, but dated after the day of the report or after its source's last date.
    DatedAhead,
    /// Taken out by the user's own filter.
    Filtered,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Deleted,
        Self::RecurringParent,
        Self::GroupChild,
        Self::SystemKind,
        Self::Robot,
        Self::Duplicate,
        Self::DatedAhead,
        Self::Filtered,
    ];

    /// Its name in output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Deleted => "deleted",
            Self::RecurringParent => "recurring_parent",
            Self::GroupChild => "group_child",
            Self::SystemKind => "system_kind",
            Self::Robot => "robot",
            Self::Duplicate => "duplicate",
            Self::DatedAhead => "dated_ahead",
            Self::Filtered => "filtered",
        }
    }

    /// The reason with this code in a table's `left_out`; none for 0.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|r| *r as u8 == code)
    }
}

/// A share of a record that counts for a person: a record is not a credit, since meetings are joint and deals are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credit {
    /// The person, as an index into the people; [`Credit::NOBODY`] for none.
    pub person: u32,
    /// The share of the money, in millionths.
    pub share_ppm: u32,
    /// Whether the record itself counts for this person, and not only a share of its money.
    pub whole: bool,
}

impl Credit {
    /// What stands for no person.
    pub const NOBODY: u32 = u32::MAX;

    /// A record that is nobody's.
    pub const fn nobody() -> Self {
        Self { person: Self::NOBODY, share_ppm: 1_000_000, whole: true }
    }
}

/// A canonical table.
#[derive(Debug, Clone)]
pub struct Table {
    /// What it holds.
    pub kind: Kind,
    /// Which file each record stands in, an index into the run's sources.
    pub file: Files,
    /// The line on which each record begins, from 1.
    pub line: Lines,
    /// Why a record is not used, the code of a [`Reason`]; 0 where it is used.
    pub left_out: Vec<u8>,
    columns: Vec<Option<Column>>,
    extra: Vec<(String, Column)>,
}

impl Table {
    /// A table without columns.
    pub fn new(kind: Kind, file: Vec<u16>, line: Vec<u32>) -> Self {
        Self::of(kind, file.into(), line.into())
    }

    /// A table without columns, of as many records as there are lines.
    pub fn of(kind: Kind, file: Files, line: Lines) -> Self {
        let left_out = vec![0; line.len()];
        Self { kind, file, line, left_out, columns: vec![None; kind.columns().len()], extra: Vec::new() }
    }

    /// The number of records, those left out included.
    pub fn len(&self) -> usize {
        self.line.len()
    }

    /// Whether it holds no record.
    pub fn is_empty(&self) -> bool {
        self.line.is_empty()
    }

    /// Whether a record is used.
    #[inline]
    pub fn used(&self, row: usize) -> bool {
        self.left_out[row] == 0
    }

    /// Leaves a record out, unless it is left out already.
    pub fn leave_out(&mut self, row: usize, reason: Reason) {
        if self.left_out[row] == 0 {
            self.left_out[row] = reason as u8;
        }
    }

    /// The column of a canonical name, where the exports or a derivation have filled it.
    pub fn column(&self, name: &str) -> Option<&Column> {
        let index = self.kind.index_of(name)?;
        self.columns[index].as_ref()
    }

    /// Fills a canonical column.
    ///
    /// # Panics
    /// If the table has no such column: names are written in the source, so that is a bug there.
    pub fn set(&mut self, name: &str, column: Column) {
        let index = self.kind.index_of(name);
        debug_assert!(index.is_some(), "no column {name} in {}", self.kind.name());
        if let Some(index) = index {
            self.columns[index] = Some(column);
        }
    }

    /// Takes a canonical column out, to be filled in otherwise.
    pub fn take(&mut self, name: &str) -> Option<Column> {
        let index = self.kind.index_of(name)?;
        self.columns[index].take()
    }

    /// The column of an export's own heading, `x."heading"` in filters.
    pub fn extra(&self, heading: &str) -> Option<&Column> {
        self.extra.iter().find(|(h, _)| h == heading).map(|(_, c)| c)
    }

    /// Every column that is filled, canonical ones first.
    pub fn filled(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().flatten().chain(self.extra.iter().map(|(_, c)| c))
    }

    /// Every column of an export's own heading.
    pub fn extras(&self) -> impl Iterator<Item = (&str, &Column)> {
        self.extra.iter().map(|(h, c)| (h.as_str(), c))
    }

    /// Adds a column of an export's own heading.
    pub fn set_extra(&mut self, heading: impl Into<String>, column: Column) {
        self.extra.push((heading.into(), column));
    }

    /// The text of a cell; none where the column is absent or the cell blank.
    pub fn text(&self, name: &str, row: usize) -> Option<&str> {
        self.column(name)?.text(row)
    }

    /// The text of a cell alone, for which no other of its column is spelled; none where blank.
    pub fn spelled(&self, name: &str, row: usize) -> Option<Cow<'_, str>> {
        match self.column(name)? {
            Column::Words(words) => words.spelled(row),
            _ => None,
        }
    }

    /// The day of a cell.
    pub fn day(&self, name: &str, row: usize) -> Option<Day> {
        self.column(name)?.day(row)
    }

    /// The flag of a cell.
    pub fn flag(&self, name: &str, row: usize) -> Option<bool> {
        self.column(name)?.flag(row)
    }

    /// The amount of a cell.
    pub fn amount(&self, name: &str, row: usize) -> Option<Decimal> {
        self.column(name)?.amount(row)
    }
}

/// What the subject of a task promises, as in `Commitment: 3 presentations`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// What is promised.
    pub text: String,
    /// The name of the week it is for: that in which the task is due.
    pub week: String,
    /// The first day of that week.
    pub day: Day,
}

/// A file that was read, and what it gave.
#[derive(Debug, Clone, Default)]
pub struct Source {
    /// The file as the user named it.
    pub path: String,
    /// The table that it fills, or the name of a link or lookup table.
    pub table: String,
    /// The preset that recognised it.
    pub crm: String,
    /// What the CRM calls the rows, such as Event.
    pub object: String,
    /// Why it was recognised so.
    pub why: String,
    /// Its size.
    pub bytes: u64,
    /// Its XXH3 hash, 16 hexadecimal digits.
    pub xxh3: String,
    /// Records read, those refused included.
    pub read: u64,
    /// Records refused.
    pub refused: u64,
    /// Records used by being merged into another table, as links and lookups are.
    pub merged: u64,
    /// Records of any other table than activities and deals that the CRM has deleted.
    pub deleted: u64,
    /// Records of such a table that no number needs.
    pub unneeded: u64,
    /// The last day that it holds; filled by `facts`.
    pub through: Option<Day>,
    /// Whether a column of modified or completed dates says how far it reaches.
    pub dated: bool,
}

impl Source {
    /// A file of which nothing is known yet but its name and what it fills.
    pub fn new(path: impl Into<String>, table: impl Into<String>) -> Self {
        Self { path: path.into(), table: table.into(), ..Self::default() }
    }
}

/// What an activity's own words say came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Its result is a step of the customer.
    Advanced,
    /// Its next step is one of the customer.
    NextStep,
    /// Its result is that there is nothing to be sold here.
    Disqualified,
}

/// What a word for a stage means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageWord {
    /// Whether a deal only waits there.
    pub waits: bool,
    /// The word as it is compared with others: without case, accents and blanks.
    pub folded: String,
    /// Won, lost or canceled; none for a stage on the way there.
    pub state: Option<&'static str>,
}

/// Everything that the exports hold, in canonical form.
#[derive(Debug, Clone)]
pub struct Data {
    /// The files.
    pub sources: Vec<Source>,
    /// What people did.
    pub activities: Table,
    /// Opportunities.
    pub deals: Table,
    /// Companies.
    pub accounts: Table,
    /// Leads.
    pub leads: Table,
    /// Quotas and goals.
    pub targets: Table,
    /// When deals changed stage.
    pub stages: Table,
    /// What was promised for a week: of files, and once `facts` has added them, of tasks.
    pub commitments: Table,
    /// Who sells.
    pub roster: Roster,
    /// Per activity, whether its own words say that it is with a prospect.
    pub said_prospect: Vec<Option<bool>>,
    /// Per activity, what its own words say came of it.
    pub said_step: Vec<Option<Said>>,
    /// What the words for stages mean, of deals and of their history alike.
    pub stage_words: BTreeMap<String, StageWord>,
    /// Per deal, whether its own words say if it is new business; filled by `facts`.
    pub said_new_business: Vec<bool>,
    /// Deals whose money several share, by row: who, and the share in millionths; the shares of a deal are a whole.
    pub splits: BTreeMap<usize, Vec<(String, u32)>>,
    /// Per activity, the key of the group event that it belongs to.
    pub group_key: Option<Words>,
    /// Per activity, whether the CRM keeps it as a task, whatever its subject makes of it.
    pub kept_as_task: Vec<bool>,
    /// Per activity, whether it is an attendee's copy of a group event.
    pub child: Vec<bool>,
    /// Whether any activity says who took part besides its owner, be it none of ours.
    pub says_who_attended: bool,
    /// What tasks promise, by the row of the activity.
    pub promised: BTreeMap<usize, Promise>,
}

impl Data {
    /// What stands in [`Data::splits`] for whoever owns the deal, be it somebody who stands in, or nobody.
    pub const OWNER: &'static str = "";

    /// The table of a kind that measures count over.
    pub fn table(&self, kind: Kind) -> Option<&Table> {
        match kind {
            Kind::Activities => Some(&self.activities),
            Kind::Deals => Some(&self.deals),
            Kind::Accounts => Some(&self.accounts),
            Kind::Leads => Some(&self.leads),
            Kind::Targets => Some(&self.targets),
            Kind::Stages => Some(&self.stages),
            Kind::Commitments => Some(&self.commitments),
            Kind::People | Kind::Absences => None,
        }
    }
}
