//! The fields that an export can fill, per table: more than the canonical columns, since several raw columns make one canonical column.
//!
//! A preset maps headings to these names; what becomes of them is decided where cells are understood.

use crate::table::Kind;

/// A field that a column of an export can fill.
#[derive(Debug)]
pub struct Field {
    /// Its name in presets and in `[columns.…]`.
    pub name: &'static str,
    /// Other names that a user may write for it in `[columns.…]`, such as the canonical column that it makes.
    pub also: &'static [&'static str],
    /// Whether a heading that no other table has says, by filling it, what a row is.
    pub core: bool,
    /// What it holds, in one sentence.
    pub says: &'static str,
}

const fn field(name: &'static str, says: &'static str) -> Field {
    Field { name, also: &[], core: false, says }
}

const fn core(name: &'static str, says: &'static str) -> Field {
    Field { name, also: &[], core: true, says }
}

const fn named(field: &Field, also: &'static [&'static str]) -> Field {
    Field { also, ..*field }
}

/// The fields of a table.
pub fn fields(kind: Kind) -> &'static [Field] {
    match kind {
        Kind::Activities => ACTIVITIES,
        Kind::Deals => DEALS,
        Kind::Accounts => ACCOUNTS,
        Kind::Leads => LEADS,
        Kind::People => PEOPLE,
        Kind::Targets => TARGETS,
        Kind::Commitments => COMMITMENTS,
        Kind::Stages => STAGES,
        Kind::Absences => ABSENCES,
    }
}

/// The field of this name or other name.
pub fn find(kind: Kind, name: &str) -> Option<&'static Field> {
    let fields = fields(kind);
    fields.iter().find(|f| f.name == name).or_else(|| fields.iter().find(|f| f.also.contains(&name)))
}

/// The tables whose columns a row of this one may carry beside its own, as an activity carries its deal's stage and its account's region.
/// A row that says of itself what it is stays that, however many columns it carries.
pub fn carries(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::Activities => &[Kind::Deals, Kind::Accounts, Kind::Leads, Kind::People],
        Kind::Stages => &[Kind::Deals, Kind::Accounts],
        Kind::Deals => &[Kind::Accounts, Kind::Leads, Kind::People],
        Kind::Leads | Kind::Targets => &[Kind::Accounts],
        Kind::People => &[Kind::Targets],
        Kind::Accounts | Kind::Commitments | Kind::Absences => &[],
    }
}

/// What a table of this kind needs, as a user would say it.
pub fn needs(kind: Kind) -> &'static str {
    match kind {
        Kind::Activities => "an activities table needs a date, a type or subject, and an owner, deal, account or contact",
        Kind::Deals => "a deals table needs a stage, status or won flag, and an amount or close date",
        Kind::Accounts => "an accounts table needs an account id or name, and an owner, industry, segment, region or type",
        Kind::Leads => "a leads table needs a lead id, and a company, status or converted date",
        Kind::People => "a people table needs a name, and a role, team, manager, e-mail or start date",
        Kind::Targets => "a targets table needs a value or quota, and a name, measure or period",
        Kind::Commitments => "a commitments table needs a week, a person and a text",
        Kind::Stages => "a stages table needs a deal, the stage that it moved to, and a date",
        Kind::Absences => "an absences table needs a person, a first and a last day",
    }
}

const ACTIVITIES: &[Field] = &[
    core("id", "the export's own id"),
    core("type", "the export's own word for its kind"),
    field("subtype", "a second, coarser word for its kind, used where `type` is blank or only names the channel"),
    field("channel", "the sort of record that the CRM keeps it as, used where neither `type` nor the subject decides"),
    core("subject", "what it was about"),
    named(&field("owner", "who did it, by name"), &["rep", "person"]),
    field("owner_id", "who did it, by the CRM's id"),
    field("owner_email", "who did it, by e-mail address"),
    named(&core("start", "when it began: a date and time, a date, or only a time where `date` has the day"), &["at", "day"]),
    field("start_time", "the time of day when it began, beside a date in `start`, `date` or `due`"),
    core("date", "its calendar date, where the export has one that is no due date"),
    core("end", "when it ended: a date and time, or only a time"),
    field("end_time", "the time of day when it ended, beside a date"),
    core("due", "when it was to be done"),
    core("completed_on", "when it was completed"),
    field("created_on", "when it was entered"),
    field("modified_on", "when it was last changed"),
    field("status", "how far it is, such as Not Started or Completed"),
    field("closed", "a flag: it is done or otherwise over"),
    field("outcome", "whether it took place, in the export's own word"),
    core("disposition", "how a call ended, such as Connected or Left voicemail"),
    field("result", "the export's own word for what came of it"),
    field("connected", "a flag: a call reached someone"),
    field("no_show", "a flag: the customer did not come"),
    field("attended", "a flag: the customer came; where it says no, the customer did not"),
    core("minutes", "how long it took, in minutes"),
    core("seconds", "how long it took, in seconds"),
    core("milliseconds", "how long it took, in milliseconds"),
    core("hours", "how long it took, in hours; with `minutes` beside it, the whole hours to be added to them"),
    core("duration", "how long it took, where the heading does not say in what: minutes, unless the cells say otherwise"),
    field("account_id", "the company, by id"),
    field("account", "the company, by name"),
    field("contact_id", "the person at the company, by id"),
    field("contact", "the person at the company, by name"),
    field("contact_email", "the person at the company, by e-mail address"),
    field("who_id", "a lead or a contact by id, told apart by the id's first characters"),
    field("who", "a lead or a contact by name"),
    field("what_id", "a deal, an account or something else by id, told apart by the id's first characters or `what_type`"),
    field("what_type", "what sort of thing `what_id` or `what` names"),
    field("what", "a deal, an account or something else by name"),
    field("lead_id", "the lead, by id"),
    field("lead", "the lead, by name"),
    field("deal_id", "the deal, by id"),
    field("deal", "the deal, by name"),
    field("attendees", "everybody who took part or was invited, ours and theirs, several in one cell"),
    field("with_people", "ours who took part, several in one cell"),
    field("with_person", "one of ours who took part, by id or name; from a link table"),
    field("next_step", "what was agreed next"),
    field("deleted", "a flag: deleted in the CRM"),
    field("archived", "a flag: archived in the CRM"),
    field("is_child", "a flag: an attendee's copy of a group event"),
    field("is_group", "a flag: a group event"),
    field("group_key", "what the copies of one group event have in common"),
    field("is_recurrence", "a flag: the parent row of a recurring series"),
    field("recurrence_id", "the parent row of its recurring series"),
    field("all_day", "a flag: it has no time of day"),
    field("internal", "a flag or word: only ours took part"),
    field("direction", "inbound or outbound, and for calls sometimes internal"),
    named(&field("first_meeting", "a flag: the CRM's own word that it is a first meeting or new business"), &["prospect", "new_business"]),
    field("robot", "a flag: a machine wrote it"),
    field("note", "free text"),
];

const DEALS: &[Field] = &[
    field("id", "the export's own id"),
    field("name", "its name"),
    field("owner_id", "whose deal it is, by the CRM's id"),
    named(&field("owner", "whose deal it is, by name"), &["rep", "person"]),
    field("owner_email", "whose deal it is, by e-mail address"),
    field("account_id", "the company, by id"),
    field("account", "the company, by name"),
    field("contact_id", "the person at the company, by id"),
    field("contact", "the person at the company, by name"),
    field("lead_id", "the lead that it came from, by id"),
    field("stage_id", "its stage, by an id that a stage list explains"),
    core("stage", "its stage, in the export's own word"),
    core("won", "a flag: it was won"),
    core("closed", "a flag: it was won or lost"),
    named(&field("status", "whether it is open, won or lost, in the export's own word; no forecast category"), &["state"]),
    core("amount", "what it is worth"),
    core("actual_amount", "what a won deal brought, where the export keeps it apart from the estimate"),
    core("cost", "its cost"),
    core("profit", "its margin in money, where the export has one"),
    core("expected_revenue", "the amount weighted by probability: never its amount"),
    field("currency", "the currency of its amounts"),
    core("close_on", "one close date for open and closed deals"),
    core("closed_on", "when it really closed"),
    core("won_on", "when it was won"),
    core("lost_on", "when it was lost"),
    core("expected_on", "when it is expected to close"),
    field("created_on", "when it was created"),
    field("modified_on", "when it was last changed"),
    field("type", "the export's own word for new or existing business"),
    field("product", "what is sold"),
    field("pipeline", "the pipeline it is in"),
    field("pipeline_id", "the pipeline it is in, by an id that a list explains"),
    field("lead_source", "where it came from"),
    field("lost_reason", "why it was lost"),
    field("status_reason", "why it is in its status, whether won, lost or open"),
    field("next_step", "what was agreed next"),
    core("forecast", "the forecast category: recognised so that it is never taken for a status"),
    core("probability", "how likely it is to be won: never a status"),
    field("merged_ids", "the ids of those that were merged into it, several in one cell"),
    field("merged_into", "the id of the one into which it was merged"),
    field("deleted", "a flag: deleted in the CRM"),
    field("archived", "a flag: archived in the CRM"),
    field("active", "a flag: where it is not set, the CRM has archived the deal, which is how it keeps a lost one"),
    field("split", "who shares in its money; from a table of splits"),
    field("split_percent", "what share of the money a split is, in percent; only in a table of splits"),
    field("split_type", "what sort of split it is, such as Revenue or Overlay; only in a table of splits"),
];

const ACCOUNTS: &[Field] = &[
    field("id", "the export's own id"),
    field("name", "the company's name"),
    field("owner_id", "who looks after it, by the CRM's id"),
    named(&field("owner", "who looks after it, by name"), &["rep", "person"]),
    field("owner_email", "who looks after it, by e-mail address"),
    field("customer_since", "since when it is a customer"),
    field("segment", "its segment"),
    field("region", "its region"),
    field("industry", "its industry"),
    field("website", "its website or domain"),
    field("type", "what it is today, such as Prospect or Customer: never decides the past"),
    field("created_on", "when it was entered"),
    field("modified_on", "when it was last changed"),
    field("merged_ids", "the ids of those that were merged into it, several in one cell"),
    field("merged_into", "the id of the one into which it was merged"),
    field("deleted", "a flag: deleted in the CRM"),
];

const LEADS: &[Field] = &[
    field("id", "the export's own id"),
    field("name", "the person's name"),
    field("first_name", "the person's first name"),
    field("last_name", "the person's last name"),
    field("account", "the company, by name"),
    field("account_id", "the account that it became, by id"),
    field("contact_id", "the contact that it became, by id"),
    field("deal_id", "the deal that it became, by id"),
    field("owner_id", "whose lead it is, by the CRM's id"),
    field("owner", "whose lead it is, by name"),
    core("converted_on", "when it became an account"),
    core("converted", "a flag: it became an account"),
    field("status", "how far it is"),
    field("created_on", "when it was entered"),
    field("modified_on", "when it was last changed"),
    field("deleted", "a flag: deleted in the CRM"),
];

const PEOPLE: &[Field] = &[
    field("id", "the CRM's id of the person"),
    field("name", "the person's name"),
    field("first_name", "the person's first name"),
    field("last_name", "the person's last name"),
    field("email", "e-mail address"),
    field("aliases", "other spellings, separated by semicolons"),
    field("role", "rep, leader or other, or a word for it"),
    field("role_id", "the role, by an id that a list explains"),
    field("title", "job title, used where there is no role"),
    field("manager_id", "whom the person reports to, by the CRM's id"),
    field("manager", "whom the person reports to, by name or e-mail address"),
    field("team", "the team"),
    field("region", "the region or office, used as team where there is none"),
    field("from", "first day of the employment or of the time in that team"),
    field("to", "last day"),
    field("active", "a flag: the account is in use today"),
    field("robot", "a flag: no person but a machine"),
    field("user_type", "the CRM's sort of user, which tells people from machines"),
    field("modified_on", "when it was last changed"),
];

const TARGETS: &[Field] = &[
    field("measure", "the measure it is for; a quota without one is for revenue"),
    field("level", "whom it is for: all, team or owner"),
    named(&field("name", "the team or person"), &["owner", "person", "rep"]),
    field("team", "the team, where the file has a column of its own for it"),
    field("owner_id", "the person, by the CRM's id"),
    field("owner_email", "the person, by e-mail address"),
    field("from", "first day it applies"),
    field("to", "last day it applies"),
    field("per", "how long its value is meant for"),
    core("value", "how much; how long it is meant for stands elsewhere"),
    core("quota_week", "how much per week"),
    core("quota_month", "how much per month"),
    core("quota_quarter", "how much per quarter"),
    core("quota_year", "how much per year"),
    field("week", "the week it is for"),
    field("month", "the month it is for"),
    field("quarter", "the quarter it is for"),
    field("year", "the year it is for, alone or beside a month or quarter"),
    field("currency", "the currency of money"),
];

const COMMITMENTS: &[Field] = &[
    field("week", "the week it is for"),
    field("person", "whose it is, by name"),
    field("person_id", "whose it is, by the CRM's id"),
    core("text", "what was promised"),
    field("measure", "the measure that judges it"),
    field("amount", "how much was promised"),
    core("kept", "whether it was kept"),
];

const STAGES: &[Field] = &[
    field("id", "the export's own id of the change"),
    field("deal_id", "the deal, by id"),
    field("deal", "the deal, by name"),
    core("stage", "the stage that it moved to"),
    field("stage_id", "the stage that it moved to, by an id that a stage list explains"),
    core("from_stage", "the stage that it came from"),
    field("on", "when"),
    core("left_on", "when it left that stage"),
    core("field", "which field changed, where the table records every field's changes"),
    core("old", "the field's old value"),
    core("new", "the field's new value"),
    field("deleted", "a flag: deleted in the CRM"),
];

const ABSENCES: &[Field] = &[
    field("person", "who is away, by name"),
    field("person_id", "who is away, by the CRM's id"),
    field("person_email", "who is away, by e-mail address"),
    field("from", "first day away"),
    field("to", "last day away"),
    field("days", "how many days"),
    core("reason", "why, such as vacation"),
];

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique_and_every_canonical_name_a_user_may_write_leads_somewhere() {
        for kind in Kind::ALL {
            let names: BTreeSet<_> = fields(kind).iter().map(|f| f.name).collect();
            assert_eq!(names.len(), fields(kind).len(), "{}", kind.name());
            assert!(fields(kind).iter().all(|f| !f.says.is_empty()));
        }
        for name in ["type", "subject", "owner", "at", "day", "outcome", "minutes", "with_people", "internal", "connected"] {
            assert!(find(Kind::Activities, name).is_some(), "{name}");
        }
        for name in ["stage", "state", "amount", "closed_on", "expected_on", "lost_reason"] {
            assert!(find(Kind::Deals, name).is_some(), "{name}");
        }
        assert_eq!(find(Kind::Activities, "day").unwrap().name, "start");
        assert_eq!(find(Kind::Activities, "with_people").unwrap().name, "with_people", "its own name");
        assert!(find(Kind::Deals, "nonsense").is_none());
    }
}
