//! The canonical tables as columns of our own: their names, types and meaning are the vocabulary of every filter.
//!
//! Repeating text is dictionary-coded ([`Words`]), so that a word is understood once and not once per row. A record that is left out
//! stays in its table with a [`Reason`], so that the accounting is a count and `explain` has its list.

use rust_decimal::Decimal;

use crate::calendar::Day;

/// The kinds of table that exports hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What people did: meetings, calls, e-mails, tasks.
    Activities,
    /// Opportunities.
    Deals,
    /// Companies.
    Accounts,
    /// Persons or companies not yet accounts.
    Leads,
    /// Ours who sell, lead or help.
    People,
    /// Quotas and goals.
    Targets,
    /// One thing each that matters most, per week.
    Commitments,
    /// When deals changed stage.
    Stages,
    /// When ours were away.
    Absences,
}

impl Kind {
    /// Every kind, in the order in which they are listed.
    pub const ALL: [Self; 9] = [
        Self::Activities,
        Self::Deals,
        Self::Accounts,
        Self::Leads,
        Self::People,
        Self::Targets,
        Self::Commitments,
        Self::Stages,
        Self::Absences,
    ];

    /// Its name in options, config and output.
    pub fn name(self) -> &'static str {
        match self {
            Self::Activities => "activities",
            Self::Deals => "deals",
            Self::Accounts => "accounts",
            Self::Leads => "leads",
            Self::People => "people",
            Self::Targets => "targets",
            Self::Commitments => "commitments",
            Self::Stages => "stages",
            Self::Absences => "absences",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.name() == name)
    }

    /// The columns that this table can have.
    pub fn columns(self) -> &'static [Spec] {
        match self {
            Self::Activities => ACTIVITIES,
            Self::Deals => DEALS,
            Self::Accounts => ACCOUNTS,
            Self::Leads => LEADS,
            Self::People => PEOPLE,
            Self::Targets => TARGETS,
            Self::Commitments => COMMITMENTS,
            Self::Stages => STAGES,
            Self::Absences => ABSENCES,
        }
    }

    /// The column of this name.
    pub fn column(self, name: &str) -> Option<&'static Spec> {
        self.columns().iter().find(|c| c.name == name)
    }
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Type {
    /// Any text.
    Text,
    /// One of these words.
    Closed(&'static [&'static str]),
    /// A calendar date.
    Day,
    /// A moment: UTC milliseconds.
    Instant,
    /// A whole number.
    Whole,
    /// An amount of money.
    Money,
    /// True or false.
    Flag,
    /// Several texts.
    Texts,
}

/// What a column is.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its canonical name.
    pub name: &'static str,
    /// Its type.
    pub ty: Type,
    /// What it means, in one sentence.
    pub says: &'static str,
}

const fn spec(name: &'static str, ty: Type, says: &'static str) -> Spec {
    Spec { name, ty, says }
}

/// The kinds of activity.
pub const KINDS: &[&str] = &[
    "meeting",
    "presentation",
    "call",
    "email",
    "task",
    "proposal",
    "coaching",
    "team",
    "forecast",
    "planning",
    "recruiting",
    "admin",
    "learning",
    "travel",
    "note",
    "other",
];

/// What became of an activity.
pub const OUTCOMES: &[&str] = &["held", "scheduled", "missed", "canceled", "unknown"];

/// What became of a deal.
pub const STATES: &[&str] = &["open", "won", "lost", "canceled"];

/// What a person does.
pub const ROLES: &[&str] = &["rep", "leader", "other"];

use Type::{Closed, Day as D, Flag, Instant, Money as M, Text, Texts, Whole};

const ACTIVITIES: &[Spec] = &[
    spec("id", Text, "the export's own id"),
    spec("kind", Closed(KINDS), "what sort of activity it is"),
    spec("type", Text, "the export's own word for its kind"),
    spec("subject", Text, "what it was about"),
    spec("owner", Text, "who did it"),
    spec("team", Text, "the owner's team on that day"),
    spec("at", Instant, "when it began, where the export has a time"),
    spec("day", D, "the day it counts on: completed, else start, else due"),
    spec("created_on", D, "when it was entered"),
    spec("completed_on", D, "when it was completed"),
    spec("modified_on", D, "when it was last changed"),
    spec("outcome", Closed(OUTCOMES), "whether it took place"),
    spec("result", Text, "the export's own word for what came of it"),
    spec("minutes", Whole, "how long it took"),
    spec("account", Text, "the company"),
    spec("contact", Text, "the person at the company"),
    spec("lead", Text, "the lead it belongs to"),
    spec("deal", Text, "the deal it belongs to"),
    spec("next_step", Text, "what was agreed next"),
    spec("with_people", Texts, "ours who took part, the owner included"),
    spec("internal", Flag, "whether only ours took part"),
    spec("connected", Flag, "whether a call reached someone"),
    spec("robot", Flag, "whether a machine wrote it"),
    spec("prospect", Flag, "whether the customer had not bought before that day"),
    spec(
        "customer_meeting",
        Flag,
        "kind meeting or presentation and not internal, whatever the outcome",
    ),
    spec(
        "first_with_account",
        Flag,
        "no held customer meeting with that account in the 180 days before",
    ),
    spec(
        "first_with_contact",
        Flag,
        "no held customer meeting with that contact in the 180 days before",
    ),
    spec("new_business", Flag, "whether its deal is new business"),
    spec("joint", Flag, "whether two or more of ours took part"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const DEALS: &[Spec] = &[
    spec("id", Text, "the export's own id"),
    spec("name", Text, "its name"),
    spec("owner", Text, "whose deal it is"),
    spec(
        "team",
        Text,
        "the owner's team on its closing day, or on its creation day while open",
    ),
    spec("account", Text, "the company"),
    spec("stage", Text, "the export's own word for its stage"),
    spec("state", Closed(STATES), "whether it is open, won, lost or canceled"),
    spec("amount", M, "its amount"),
    spec("cost", M, "its cost"),
    spec("profit", M, "amount less cost, or the export's own margin"),
    spec("currency", Text, "the currency of its amounts"),
    spec("created_on", D, "when it was created"),
    spec("closed_on", D, "when it was won, lost or canceled"),
    spec("expected_on", D, "when an open deal is expected to close"),
    spec("modified_on", D, "when it was last changed"),
    spec("days_open", Whole, "days from creation to close, or to the day of the report"),
    spec("new_business", Flag, "whether it is new business"),
    spec("first_win", Flag, "whether it is the first win of its account"),
    spec("type", Text, "the export's own word for new or existing business"),
    spec("product", Text, "what is sold"),
    spec("pipeline", Text, "the pipeline it is in"),
    spec("lead_source", Text, "where it came from"),
    spec("lost_reason", Text, "why it was lost"),
    spec("next_step", Text, "what was agreed next"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const ACCOUNTS: &[Spec] = &[
    spec("id", Text, "the export's own id"),
    spec("name", Text, "the company's name"),
    spec("owner", Text, "who looks after it"),
    spec("customer_since", D, "since when it is a customer"),
    spec("segment", Text, "its segment"),
    spec("region", Text, "its region"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const LEADS: &[Spec] = &[
    spec("id", Text, "the export's own id"),
    spec("account", Text, "the account it became"),
    spec("converted_on", D, "when it became one"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const PEOPLE: &[Spec] = &[
    spec("name", Text, "the person's name"),
    spec("id", Text, "the CRM's id of the person"),
    spec("email", Text, "e-mail address"),
    spec("aliases", Text, "other spellings, separated by semicolons"),
    spec("role", Closed(ROLES), "rep, leader or other"),
    spec("manager", Text, "whom the person reports to"),
    spec("team", Text, "the team, from `from` to `to`"),
    spec("from", D, "first day of the employment or of the time in that team"),
    spec("to", D, "last day"),
    spec("active", Flag, "whether the account is in use today"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const TARGETS: &[Spec] = &[
    spec("measure", Text, "the measure it is for; a quota without one is for revenue"),
    spec("level", Closed(&["all", "team", "owner"]), "whom it is for"),
    spec("name", Text, "the team or person; empty for every one of that level"),
    spec("from", D, "first day it applies"),
    spec("to", D, "last day it applies"),
    spec(
        "per",
        Closed(&["day", "week", "month", "quarter", "year", "once"]),
        "how long its value is meant for; once is from `from` to `to`",
    ),
    spec("value", M, "how much"),
    spec("currency", Text, "the currency of money"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const COMMITMENTS: &[Spec] = &[
    spec("week", Text, "the week it is for"),
    spec("person", Text, "whose it is"),
    spec("text", Text, "what was promised"),
    spec("measure", Text, "the measure that judges it"),
    spec("amount", M, "how much was promised"),
    spec("kept", Flag, "whether it was kept"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const STAGES: &[Spec] = &[
    spec("deal", Text, "the deal"),
    spec("stage", Text, "the stage it moved to"),
    spec("from_stage", Text, "the stage it came from"),
    spec("on", D, "when"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const ABSENCES: &[Spec] = &[
    spec("person", Text, "who is away"),
    spec("from", D, "first day away"),
    spec("to", D, "last day away"),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

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

/// Dictionary codes, as narrow as they fit; the type's largest number stands for null.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Codes {
    /// Up to 255 words.
    Narrow(Vec<u8>),
    /// Up to 65,535 words.
    Middle(Vec<u16>),
    /// More.
    Wide(Vec<u32>),
}

impl Codes {
    fn from_wide(wide: Vec<u32>, words: usize) -> Self {
        if words < usize::from(u8::MAX) {
            Self::Narrow(wide.into_iter().map(|c| u8::try_from(c).unwrap_or(u8::MAX)).collect())
        } else if words < usize::from(u16::MAX) {
            Self::Middle(wide.into_iter().map(|c| u16::try_from(c).unwrap_or(u16::MAX)).collect())
        } else {
            Self::Wide(wide)
        }
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(v) => v.len(),
            Self::Middle(v) => v.len(),
            Self::Wide(v) => v.len(),
        }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The code of a row; none for null.
    pub fn get(&self, row: usize) -> Option<u32> {
        let (code, null) = match self {
            Self::Narrow(v) => (u32::from(v[row]), u32::from(u8::MAX)),
            Self::Middle(v) => (u32::from(v[row]), u32::from(u16::MAX)),
            Self::Wide(v) => (v[row], u32::MAX),
        };
        (code != null).then_some(code)
    }
}

/// A dictionary-coded text column: its distinct words in byte order, and a code per row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    words: Vec<Box<str>>,
    codes: Codes,
}

impl Words {
    /// A column from each row's text; an empty text is kept as a text, so pass `None` for blank cells.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = Option<&'a str>>) -> Self {
        let mut builder = WordsBuilder::default();
        for text in texts {
            builder.push(text);
        }
        builder.finish()
    }

    /// A column of distinct words in any order (repeats allowed) and a code into them per row, `u32::MAX` for null; words get sorted,
    /// unused ones dropped.
    pub fn from_codes(words: &[impl AsRef<str>], codes: impl IntoIterator<Item = u32>) -> Self {
        Self::from_texts(codes.into_iter().map(|c| words.get(c as usize).map(AsRef::as_ref)))
    }

    /// The distinct words, sorted.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }

    /// The code per row.
    pub fn codes(&self) -> &Codes {
        &self.codes
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code of a row; none where blank.
    pub fn code(&self, row: usize) -> Option<u32> {
        self.codes.get(row)
    }

    /// The text of a row; none where blank.
    pub fn get(&self, row: usize) -> Option<&str> {
        self.codes.get(row).map(|c| &*self.words[c as usize])
    }

    /// The code of a word, if any row has it.
    pub fn code_of(&self, word: &str) -> Option<u32> {
        self.words.binary_search_by(|w| (**w).cmp(word)).ok().map(|i| i as u32)
    }
}

/// Builds a [`Words`] row by row.
#[derive(Debug, Default)]
pub struct WordsBuilder {
    index: rustc_hash::FxHashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    codes: Vec<u32>,
}

impl WordsBuilder {
    /// Adds a row.
    pub fn push(&mut self, text: Option<&str>) {
        let Some(text) = text else {
            self.codes.push(u32::MAX);
            return;
        };
        let code = if let Some(code) = self.index.get(text) {
            *code
        } else {
            let code = self.words.len() as u32;
            self.index.insert(text.into(), code);
            self.words.push(text.into());
            code
        };
        self.codes.push(code);
    }

    /// The number of rows so far.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there is no row yet.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The column, its words sorted.
    pub fn finish(self) -> Words {
        let mut order: Vec<u32> = (0..self.words.len() as u32).collect();
        order.sort_unstable_by(|a, b| self.words[*a as usize].cmp(&self.words[*b as usize]));
        let mut rank = vec![0_u32; order.len()];
        for (new, old) in order.iter().enumerate() {
            rank[*old as usize] = new as u32;
        }
        let mut slots: Vec<Option<Box<str>>> = self.words.into_iter().map(Some).collect();
        let words: Vec<Box<str>> = order.iter().filter_map(|old| slots[*old as usize].take()).collect();
        let codes = self
            .codes
            .into_iter()
            .map(|c| rank.get(c as usize).copied().unwrap_or(u32::MAX))
            .collect();
        Words {
            codes: Codes::from_wide(codes, words.len()),
            words,
        }
    }
}

/// A column of money: each amount a whole number of 10^-`scale` units, [`Amounts::NULL`] where blank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// Decimals of every amount, as many as the most exact one needs.
    pub scale: u8,
    /// The amounts.
    pub minor: Vec<i64>,
}

impl Amounts {
    /// What stands for a blank amount.
    pub const NULL: i64 = i64::MIN;

    /// The amount of a row.
    pub fn get(&self, row: usize) -> Option<Decimal> {
        let minor = self.minor[row];
        (minor != Self::NULL).then(|| Decimal::new(minor, u32::from(self.scale)))
    }
}

/// Several texts per row: row r has `codes[offsets[r]..offsets[r + 1]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lists {
    /// The distinct words, sorted.
    pub words: Vec<Box<str>>,
    /// One more than there are rows.
    pub offsets: Vec<u32>,
    /// Codes into the words.
    pub codes: Vec<u32>,
}

impl Lists {
    /// A column from each row's texts.
    pub fn from_rows(rows: &[Vec<&str>]) -> Self {
        let flat = Words::from_texts(rows.iter().flatten().map(|t| Some(*t)));
        let mut offsets = vec![0_u32];
        let mut end = 0;
        for row in rows {
            end += row.len() as u32;
            offsets.push(end);
        }
        let codes = (0..flat.len()).filter_map(|i| flat.code(i)).collect();
        Self {
            words: flat.words,
            offsets,
            codes,
        }
    }

    /// The codes of a row.
    pub fn get(&self, row: usize) -> &[u32] {
        &self.codes[self.offsets[row] as usize..self.offsets[row + 1] as usize]
    }
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Column {
    /// [`Type::Text`] and [`Type::Closed`].
    Words(Words),
    /// [`Type::Day`]: days since 1970-01-01, [`Column::NO_DAY`] where blank.
    Days(Vec<i32>),
    /// [`Type::Instant`]: UTC milliseconds since 1970, [`Column::NO_NUMBER`] where blank.
    Instants(Vec<i64>),
    /// [`Type::Whole`], [`Column::NO_NUMBER`] where blank.
    Whole(Vec<i64>),
    /// [`Type::Money`].
    Money(Amounts),
    /// [`Type::Flag`]: 1 true, 0 false, -1 null.
    Flags(Vec<i8>),
    /// [`Type::Texts`].
    Lists(Lists),
}

impl Column {
    /// What stands for a blank day.
    pub const NO_DAY: i32 = i32::MIN;
    /// What stands for a blank number.
    pub const NO_NUMBER: i64 = i64::MIN;

    /// The day of a row in a column of days.
    pub fn day(&self, row: usize) -> Option<Day> {
        match self {
            Self::Days(v) if v[row] != Self::NO_DAY => Some(Day(v[row])),
            _ => None,
        }
    }

    /// The text of a row in a column of words.
    pub fn text(&self, row: usize) -> Option<&str> {
        match self {
            Self::Words(w) => w.get(row),
            _ => None,
        }
    }

    /// The flag of a row in a column of flags.
    pub fn flag(&self, row: usize) -> Option<bool> {
        match self {
            Self::Flags(v) if v[row] >= 0 => Some(v[row] == 1),
            _ => None,
        }
    }

    /// The number of a row in a column of whole numbers or instants.
    pub fn number(&self, row: usize) -> Option<i64> {
        match self {
            Self::Whole(v) | Self::Instants(v) if v[row] != Self::NO_NUMBER => Some(v[row]),
            _ => None,
        }
    }

    /// The amount of a row in a column of money.
    pub fn amount(&self, row: usize) -> Option<Decimal> {
        match self {
            Self::Money(m) => m.get(row),
            _ => None,
        }
    }
}

/// A share of a record that counts for a person: a record is not a credit, since meetings are joint and deals are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Credit {
    /// The row of the record.
    pub record: u32,
    /// The person, as an index into the people; [`Credit::NOBODY`] for none.
    pub person: u32,
    /// The team then, as an index into the teams; [`Credit::NOBODY`] for none.
    pub team: u32,
    /// The share of the money, in millionths.
    pub share_ppm: u32,
    /// Whether the record itself counts for this person, and not only a share of its money.
    pub whole: bool,
}

impl Credit {
    /// What stands for no person and for no team.
    pub const NOBODY: u32 = u32::MAX;
}

/// A canonical table.
#[derive(Debug, Clone)]
pub struct Table {
    /// What it holds.
    pub kind: Kind,
    /// Which file each record stands in, an index into the run's sources.
    pub file: Vec<u16>,
    /// The line on which each record begins, from 1.
    pub line: Vec<u32>,
    /// Why a record is not used, the code of a [`Reason`]; 0 where it is used.
    pub left_out: Vec<u8>,
    columns: Vec<Option<Column>>,
    extra: Vec<(String, Column)>,
}

impl Table {
    /// A table without columns.
    pub fn new(kind: Kind, file: Vec<u16>, line: Vec<u32>) -> Self {
        let left_out = vec![0; line.len()];
        Self {
            kind,
            file,
            line,
            left_out,
            columns: vec![None; kind.columns().len()],
            extra: Vec::new(),
        }
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
        let index = self.kind.columns().iter().position(|c| c.name == name)?;
        self.columns[index].as_ref()
    }

    /// Fills a canonical column.
    ///
    /// # Panics
    /// If the table has no such column: names are written in the source, so that is a bug there.
    pub fn set(&mut self, name: &str, column: Column) {
        let index = self.kind.columns().iter().position(|c| c.name == name);
        debug_assert!(index.is_some(), "no column {name} in {}", self.kind.name());
        if let Some(index) = index {
            self.columns[index] = Some(column);
        }
    }

    /// The column of an export's own heading, `x."heading"` in filters.
    pub fn extra(&self, heading: &str) -> Option<&Column> {
        self.extra.iter().find(|(h, _)| h == heading).map(|(_, c)| c)
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
