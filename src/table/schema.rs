//! The vocabulary: which tables there are, which columns each can have, of what type, and what they mean.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

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
        self.columns().get(self.index_of(name)?)
    }

    /// The place of a column among [`Kind::columns`]; looked up once per cell in places, so by hash.
    pub(super) fn index_of(self, name: &str) -> Option<usize> {
        type Index = FxHashMap<&'static str, usize>;
        static INDEX: [OnceLock<Index>; Kind::ALL.len()] = [const { OnceLock::new() }; Kind::ALL.len()];
        let index = INDEX[self as usize].get_or_init(|| self.columns().iter().enumerate().map(|(at, column)| (column.name, at)).collect());
        index.get(name).copied()
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

/// The sorts of step by which a customer advances.
pub const ADVANCES: &[&str] = &["result", "next_step", "next_meeting", "stage", "disqualified"];
/// Who coaches.
pub(super) const COACHES: &[&str] = &["leader", "peer"];

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
    spec("customer_meeting", Flag, "kind meeting or presentation and not internal, whatever the outcome"),
    spec("first_with_account", Flag, "no held customer meeting with that account in the 180 days before"),
    spec("first_with_contact", Flag, "no held customer meeting with that contact in the 180 days before"),
    spec("new_business", Flag, "whether its deal is new business"),
    spec("joint", Flag, "whether two or more of ours took part; where any activity says who took part"),
    spec("advanced", Flag, "whether a step of the customer followed within 7 days; unknown until then, and of what can have none"),
    spec("advance_rule", Closed(ADVANCES), "which sort of step it was"),
    spec("coach", Text, "who coached in a held coaching session"),
    spec("coached_people", Texts, "ours who were coached in a held coaching session"),
    spec(
        "coached_by",
        Closed(COACHES),
        "whether the coach leads or manages one of the coached; where it is known who was coached and who leads",
    ),
    spec(
        "coached",
        Flag,
        "whether one of ours who held the customer meeting was coached within 7 days before or after; of a held coaching session, true where it is known who was coached",
    ),
    spec("file", Text, "the file it stands in"),
    spec("line", Whole, "the line it begins on"),
];

const DEALS: &[Spec] = &[
    spec("id", Text, "the export's own id"),
    spec("name", Text, "its name"),
    spec("owner", Text, "whose deal it is"),
    spec("team", Text, "the owner's team on its closing day, or on its creation day while open"),
    spec("account", Text, "the company"),
    spec("stage", Text, "the export's own word for its stage"),
    spec("state", Closed(STATES), "whether it is open, won, lost or canceled"),
    spec("amount", M, "its amount"),
    spec("cost", M, "its cost"),
    spec("profit", M, "amount less cost, or the export's own margin"),
    spec("currency", Text, "the currency of its amounts"),
    spec("original_amount", M, "its amount before it was converted; where there are rates"),
    spec("original_currency", Text, "the currency in which the export has its amounts; where there are rates"),
    spec("created_on", D, "when it was created"),
    spec("closed_on", D, "when it was won, lost or canceled"),
    spec("expected_on", D, "when an open deal is expected to close"),
    spec("modified_on", D, "when it was last changed"),
    spec("days_open", Whole, "days from creation to close, or to the day of the report"),
    spec("days_idle", Whole, "days since the last held activity with it, or since its creation; of open deals"),
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
    spec("deal", Text, "the deal it became"),
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
    spec("week", Text, "the week it is for, such as 2026-W46"),
    spec("day", D, "the first day of that week"),
    spec("person", Text, "whose it is"),
    spec("text", Text, "what was promised"),
    spec("measure", Text, "the measure that judges it"),
    spec("amount", M, "how much was promised"),
    spec("reached", M, "how much of the measure there was in that week; hours and shares as such"),
    spec("kept", Flag, "whether it was kept; null while nobody can say"),
    spec("judged_by", Closed(&["measure", "file", "status"]), "what says whether it was kept"),
    spec("source", Closed(&["file", "task"]), "where it is written: in a commitments file, or in a task of the CRM"),
    spec("status", Closed(OUTCOMES), "the outcome of the task that it is written in"),
    spec("alone", Flag, "whether it is the only one of its person for that week; null of nobody who is known"),
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
