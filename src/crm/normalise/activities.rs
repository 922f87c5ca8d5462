//! Activities: kinds, outcomes, days, lengths, and whom they belong to and are with.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use super::builder::Builder;
use super::lengths::Lengths;
use super::{Known, Moment, Problems, brief, by_word, by_word_or_nothing, flags, moments};
use crate::calendar::Grain;
use crate::crm::Settings;
use crate::crm::fold::fold;
use crate::crm::once::Once;
use crate::crm::part::{Keys, Part};
use crate::crm::preset::Shape;
use crate::crm::value;
use crate::crm::words::{Asked, Decided, TypeWord};
use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Kind, Promise, Reason, Said, Table, WordsBuilder};

/// Activities and what facts need beside them.
pub(in crate::crm) struct Activities {
    pub(in crate::crm) table: Table,
    pub(in crate::crm) said_prospect: Vec<Option<bool>>,
    pub(in crate::crm) said_step: Vec<Option<Said>>,
    pub(in crate::crm) group_key: Option<crate::table::Words>,
    pub(in crate::crm) child: Vec<bool>,
    pub(in crate::crm) says_who_attended: bool,
    pub(in crate::crm) kept_as_task: Vec<bool>,
    /// What tasks promise, by row.
    pub(in crate::crm) promised: BTreeMap<usize, Promise>,
    /// The source and line of each row that was refused.
    pub(in crate::crm) refused: Vec<(u16, u32)>,
    /// The words of records whose kind nothing decided, with how many there are.
    pub(in crate::crm) unmapped: FxHashMap<String, u64>,
    /// Words of a status or outcome column that mean nothing known, with how many there are.
    pub(in crate::crm) unknown_outcomes: FxHashMap<String, u64>,
}

/// Understands the activities of every file.
pub(in crate::crm) fn activities(parts: &[Part], known: &mut Known, settings: &Settings, problems: &mut Problems) -> Activities {
    let mut builder = Builder::new(Kind::Activities);
    let mut out = Activities {
        table: Table::new(Kind::Activities, Vec::new(), Vec::new()),
        said_prospect: Vec::new(),
        said_step: Vec::new(),
        group_key: None,
        says_who_attended: false,
        child: Vec::new(),
        kept_as_task: Vec::new(),
        promised: BTreeMap::new(),
        refused: Vec::new(),
        unmapped: FxHashMap::default(),
        unknown_outcomes: FxHashMap::default(),
    };
    let mut keys = WordsBuilder::default();
    let mut leave: Vec<(usize, Reason)> = Vec::new();
    for part in parts.iter().filter(|p| p.shape == Shape::Records(Kind::Activities)) {
        part_of(part, known, settings, problems, &mut builder, &mut out, &mut keys, &mut leave);
    }
    let present: &[&'static str] = &["id", "kind", "outcome", "day", "owner"];
    out.table = builder.finish(present);
    for (row, reason) in leave {
        out.table.leave_out(row, reason);
    }
    let keys = keys.finish();
    out.group_key = (!keys.words().is_empty()).then_some(keys);
    out
}

#[allow(clippy::too_many_arguments)] // one call, whose results all grow side by side
fn part_of(
    part: &Part,
    known: &mut Known,
    settings: &Settings,
    problems: &mut Problems,
    builder: &mut Builder,
    out: &mut Activities,
    keys: &mut WordsBuilder,
    leave: &mut Vec<(usize, Reason)>,
) {
    let when = Days::new(part, settings, problems);
    let created = moments(part, "created_on", settings, problems);
    let modified = moments(part, "modified_on", settings, problems);
    let mut lengths = Lengths::new(part, problems);
    let [deleted, closed, no_show, child, parent, connected, robot, all_day] =
        ["deleted", "closed", "no_show", "is_child", "is_recurrence", "connected", "robot", "all_day"]
            .map(|field| flags(part, field, problems));
    let ticked = Ticked::new(part, &closed);
    let attended = attendance(part, problems);

    let owner_keys = part.keys(["owner_id", "owner", "owner_email"]);
    let mut owners: FxHashMap<[u32; 3], Option<u32>> = FxHashMap::default();
    let mut accounts = Accounts::new(part);
    let task_words = Once::default();
    for row in 0..part.len() {
        if when.bad(row) {
            out.refused.push((part.source, part.line[row]));
            continue;
        }
        let index = builder.row(part, row);
        let whole_day = all_day.get(row) == Some(true);
        let start = when.start(row).map(|m| if whole_day { m.as_written() } else { m });
        let (completed, due) = (when.completed.get(row), when.due(row));
        let end = when.end(row, start.or(due)).filter(|_| !whole_day);
        let first = completed.or(start).or(due);
        let at = start.and_then(|m| m.at).or_else(|| completed.and_then(|m| m.at)).filter(|_| !whole_day);

        let whom = Whom::of(part, row, known, &mut accounts);
        let subject = part.text("subject", row).unwrap_or("");
        let type_word = part.text("type", row).unwrap_or("");
        let asked = Asked {
            type_word,
            subtype: part.text("subtype", row).unwrap_or(""),
            channel: part.text("channel", row).unwrap_or(""),
            subject,
            customer: whom.customer(),
        };
        let as_task = ["type", "subtype", "channel"].iter().any(|field| {
            part.text(field, row).is_some_and(|word| task_words.of(word, |word| matches!(fold(word).as_str(), "task" | "todo" | "tasks")))
        });
        let decided = part.words.kind(asked);
        // Whatever a commitment is about, the task that holds it is none of it.
        let promise = part.words.promise(subject).filter(|_| match decided {
            Some(("task", _)) => true,
            Some((_, Decided::Type | Decided::Subtype | Decided::Channel)) | None => false,
            Some(_) => {
                as_task
                    || ["type", "subtype", "channel"]
                        .iter()
                        .all(|field| part.text(field, row).is_none_or(|word| part.words.type_word(word) == Some(TypeWord::Defer)))
            }
        });
        let kind = match decided {
            _ if promise.is_some() => "task",
            Some((_, Decided::Nothing)) if as_task => "task",
            // Only calls have a disposition.
            Some((_, Decided::Nothing)) if type_word.is_empty() && subject.is_empty() && part.text("disposition", row).is_some() => "call",
            Some((kind, decided)) => {
                if decided == Decided::Nothing {
                    // A word that only names the channel is not what has to be mapped.
                    let silent = type_word.is_empty() || part.words.type_word(type_word) == Some(TypeWord::Defer);
                    let word = if silent && !subject.is_empty() { subject } else { type_word };
                    *out.unmapped.entry(brief(word)).or_default() += 1;
                }
                kind
            }
            None => {
                leave.push((index, Reason::SystemKind));
                "other"
            }
        };

        let outcome_word = part.text("outcome", row).or_else(|| part.text("status", row));
        let mapped = |field: &str| part.text(field, row).and_then(|word| part.words.outcome(word));
        let missed = settings.missed.as_ref().and_then(|heading| part.extras.iter().find(|(h, _)| h == heading));
        let boxed = missed.and_then(|(_, words)| words.get(row)).is_some_and(|word| value::flag(word) != Some(false));
        let closed = closed.get(row).or_else(|| ticked.blank_is_false(row).then_some(false));
        let outcome = if no_show.get(row) == Some(true) || boxed {
            Some("missed")
        } else {
            // Whether the customer came says more than how the record was closed, and less than a word for how the meeting went.
            let came = attended.get(row);
            let by_word = mapped("outcome").filter(|word| came.is_none() || !matches!(*word, "scheduled" | "unknown"));
            // Where the export keeps no outcome, what came of a meeting may say that there was none.
            let by_result = || mapped("result").filter(|_| kind != "call" && !part.has("outcome"));
            // Free words about a meeting are written after it.
            let came_of_it = || {
                let silent =
                    part.text("result", row).is_some() && mapped("result").is_none() && !part.has("outcome") && !part.has("status");
                silent && !as_task && matches!(kind, "meeting" | "presentation")
            };
            let said = by_word.or_else(|| (came == Some(true)).then_some("held")).or_else(|| {
                part.words
                    .outcome_in_type(type_word)
                    .or_else(|| by_result().filter(|word| matches!(*word, "missed" | "canceled")))
                    .or_else(|| mapped("status"))
                    .or_else(|| (closed == Some(true)).then_some("held"))
                    .or_else(|| completed.map(|_| "held"))
                    .or_else(|| (closed == Some(false)).then_some("scheduled"))
                    .or_else(|| mapped("disposition"))
                    .or_else(|| by_result().filter(|word| *word == "held"))
                    .or_else(|| came_of_it().then_some("held"))
                    .filter(|word| came.is_none() || matches!(*word, "canceled" | "scheduled"))
            });
            said.or_else(|| came.map(|_| "missed"))
        };
        if outcome.is_none()
            && let Some(word) = outcome_word
        {
            *out.unknown_outcomes.entry(brief(word)).or_default() += 1;
        }

        let minutes = lengths.of(part, row, whole_day, start, end);
        let owner = *owners
            .entry(owner_keys.of(row))
            .or_insert_with(|| known.people.enter(part.text("owner_id", row), part.text("owner", row), part.text("owner_email", row)));
        let label = owner.and_then(|o| known.person.get(o as usize)).map(String::as_str);
        let machine = owner.is_some_and(|o| known.robot.get(o as usize).copied().unwrap_or(false));

        builder.text("id", part.text("id", row));
        builder.text("kind", Some(kind));
        builder.text("type", part.text("type", row).or_else(|| part.text("subtype", row)));
        builder.text("subject", part.text("subject", row));
        builder.text("owner", label);
        builder.number("at", at);
        builder.day("day", first.map(|m| m.day));
        builder.day("created_on", created.get(row).map(|m| m.day));
        builder.day("completed_on", completed.map(|m| m.day));
        builder.day("modified_on", modified.get(row).map(|m| m.day));
        builder.text("outcome", outcome);
        builder.text("result", part.first(&["result", "disposition", "outcome"], row));
        builder.number("minutes", minutes);
        builder.text("account", whom.account.and_then(|a| known.account.get(a as usize)).map(String::as_str));
        builder.text("contact", whom.contact);
        builder.text("lead", whom.lead);
        builder.text("deal", whom.deal.and_then(|d| known.deal.get(d as usize)).map(String::as_str).or(whom.deal_text));
        builder.text("next_step", part.text("next_step", row));
        out.said_step.push(said_step(part, row));
        builder.list("with_people", attendees(part, row, known));
        out.says_who_attended |= part.first(&WITH, row).is_some() || part.text("group_key", row).is_some() || child.get(row) == Some(true);
        let internal = ["internal", "direction", "type", "subtype"].iter().find_map(|field| {
            let word = part.text(field, row)?;
            part.words.internal(word).or_else(|| if *field == "internal" { value::flag(word) } else { None })
        });
        builder.flag("internal", internal);
        if kind == "call" {
            let said = ["disposition", "outcome", "result", "status"].iter().find_map(|f| part.words.connected(part.text(f, row)?));
            builder.flag("connected", connected.get(row).or(said));
        }
        builder.flag("robot", Some(machine || robot.get(row) == Some(true)));
        out.said_prospect.push(["first_meeting", "type", "subtype", "subject"].iter().find_map(|field| {
            let text = part.text(field, row)?;
            let flag = if *field == "first_meeting" { value::flag(text) } else { None };
            flag.filter(|yes| *yes).or_else(|| part.words.first_meeting(text))
        }));
        out.kept_as_task.push(as_task);
        if promise == Some("") && deleted.get(row) != Some(true) {
            let place = part.field("subject").map(|column| Location::cell(&part.path, part.line[row], &column.heading));
            let place = place.unwrap_or_else(|| Location::line(&part.path, part.line[row]));
            problems.say(
                Diagnostic::warning(Code::BadReference, "the commitment has no text: the task counts as none")
                    .at(place)
                    .hint("write what is promised behind the word, as in 'Commitment: 3 presentations'"),
            );
        }
        if let (Some(text), Some(on)) = (promise.filter(|text| !text.is_empty()), due.or(start).or(completed)) {
            let week = settings.calendar.period_of(Grain::Week, on.day);
            out.promised.insert(index, Promise { text: text.to_owned(), week: week.name, day: week.range.first });
        }
        out.child.push(child.get(row) == Some(true));
        keys.push(part.text("group_key", row));

        for (found, reason) in [
            (deleted.get(row) == Some(true), Reason::Deleted),
            (parent.get(row) == Some(true), Reason::RecurringParent),
            (machine || robot.get(row) == Some(true), Reason::Robot),
        ] {
            if found {
                leave.push((index, reason));
            }
        }
        // Where a column of dates is in question, the question has been asked.
        if first.is_none() && !problems.fatal {
            problems.say(
                Diagnostic::warning(Code::BadDate, "the record has no date: it falls in no period")
                    .at(Location::line(&part.path, part.line[row])),
            );
        }
    }
    lengths.say(part, problems);
}

/// What a record's own words say came of it.
fn said_step(part: &Part, row: usize) -> Option<Said> {
    let result = ["result", "disposition", "outcome"].iter().find_map(|field| part.words.result(part.text(field, row)?));
    match result {
        Some("advanced") => Some(Said::Advanced),
        Some(_) => Some(Said::Disqualified),
        None => part.text("next_step", row).filter(|text| part.words.customers_step(text)).map(|_| Said::NextStep),
    }
}

/// The dates of a part.
struct Days<'a> {
    start: super::ByWord<'a, Moment>,
    date: super::ByWord<'a, Moment>,
    due: super::ByWord<'a, Moment>,
    end: super::ByWord<'a, Moment>,
    completed: super::ByWord<'a, Moment>,
    time: super::ByWord<'a, i64>,
    end_time: super::ByWord<'a, i64>,
    zone: Option<crate::calendar::Zone>,
    calendar: &'a crate::calendar::Calendar,
}

impl<'a> Days<'a> {
    fn new(part: &'a Part, settings: &Settings<'a>, problems: &mut Problems) -> Self {
        // `Start Time` holds a moment, or only a time of day where another column has the date.
        let clock = |field: &str| {
            let filled = part.field(field).map(|f| f.words.words()).filter(|words| !words.is_empty());
            filled.is_some_and(|words| words.iter().all(|word| value::time_of_day(word).is_some()))
        };
        let (start_is_time, end_is_time) = (clock("start"), clock("end"));
        let mut of = |field, only_time| moments(part, if only_time { "" } else { field }, settings, problems);
        let (start, end) = (of("start", start_is_time), of("end", end_is_time));
        let (date, due, completed) = (of("date", false), of("due", false), of("completed_on", false));
        let mut time_of = |field| {
            by_word(part, field, Code::BadDate, problems, |_, word| {
                value::time_of_day(word).ok_or_else(|| ("is no time of day".to_owned(), "write it as 14:30".to_owned()))
            })
        };
        let time = time_of(if start_is_time { "start" } else { "start_time" });
        let end_time = time_of(if end_is_time { "end" } else { "end_time" });
        let zone =
            settings.zone.clone().or_else(|| (part.zone == crate::crm::preset::Zone::Report).then(|| settings.calendar.zone().clone()));
        Self { start, date, due, end, completed, time, end_time, zone, calendar: settings.calendar }
    }

    /// Whether the date that decides where the row belongs could not be understood.
    fn bad(&self, row: usize) -> bool {
        if self.completed.get(row).is_some() {
            return false;
        }
        let bad = |column: &super::ByWord<'_, Moment>| column.get(row).is_none() && column.bad(row);
        self.completed.bad(row) || bad(&self.start) || (self.start.get(row).is_none() && (bad(&self.date) || bad(&self.due)))
    }

    fn start(&self, row: usize) -> Option<Moment> {
        let found = self.start.get(row).or_else(|| self.date.get(row));
        self.timed(found, self.time.get(row))
    }

    fn due(&self, row: usize) -> Option<Moment> {
        self.timed(self.due.get(row), self.time.get(row))
    }

    /// When it ended: a moment, or a time of day on the day on which it began.
    fn end(&self, row: usize, began: Option<Moment>) -> Option<Moment> {
        match self.end_time.get(row) {
            Some(time) => {
                let day = self.end.get(row).or(began)?;
                self.timed(Some(Moment { at: None, ..day }), Some(time))
            }
            None => self.end.get(row),
        }
    }

    /// A date with the time of day that stands beside it.
    fn timed(&self, found: Option<Moment>, time: Option<i64>) -> Option<Moment> {
        let mut moment = found?;
        if moment.at.is_none()
            && let Some(millis) = time
        {
            let millis = u32::try_from(millis).unwrap_or(0);
            let at = match &self.zone {
                Some(zone) => zone.instant(moment.day, millis),
                None => i64::from(moment.day.0) * crate::calendar::DAY_MILLIS + i64::from(millis),
            };
            // Written in another zone, it may be on another day of the report's.
            moment = Moment { day: self.calendar.day_of_instant(at), at: Some(at), ..moment };
        }
        Some(moment)
    }
}

/// Whether the customer came: a flag, or a word such as `Attended` and `No show`.
fn attendance<'a>(part: &'a Part, problems: &mut Problems) -> super::ByWord<'a, bool> {
    by_word_or_nothing(part, "attended", Code::BadFlag, problems, |_, word| {
        match (value::flag(word), part.words.outcome(word)) {
            (Some(came), _) => Ok(Some(came)),
            (None, Some("held")) => Ok(Some(true)),
            (None, Some("missed")) => Ok(Some(false)),
            // What is only planned or was called off says nothing about who came.
            (None, Some(_)) => Ok(None),
            (None, None) => Err(("is neither true nor false".to_owned(), "write true or false, or leave it blank".to_owned())),
        }
    })
}

/// Boxes that are ticked or blank: in a column without any word for no, a blank is one, for the sorts of records that are ticked at all.
struct Ticked<'a> {
    keys: Keys<'a, 3>,
    sorts: FxHashSet<[u32; 3]>,
}

impl<'a> Ticked<'a> {
    fn new(part: &'a Part, column: &super::ByWord<'_, bool>) -> Self {
        let keys = part.keys(["type", "subtype", "channel"]);
        let only_yes = (0..part.len()).all(|row| column.get(row) != Some(false) && !column.bad(row));
        let sorts = (0..part.len()).filter(|row| only_yes && column.get(*row) == Some(true)).map(|row| keys.of(row)).collect();
        Self { keys, sorts }
    }

    fn blank_is_false(&self, row: usize) -> bool {
        self.sorts.contains(&self.keys.of(row))
    }
}

/// The fields that say who took part.
const WITH: [&str; 3] = ["attendees", "with_people", "with_person"];

/// Ours who took part, besides the owner.
fn attendees(part: &Part, row: usize, known: &Known) -> Vec<String> {
    let mut people: Vec<String> = Vec::new();
    for field in WITH {
        let Some(text) = part.text(field, row) else { continue };
        // `Silva, Ana` is one person, `Ana, Dev` are two.
        let whole = known.people.known(text);
        let names = text.split([';', '\n', '|']).flat_map(|piece| match known.people.known(piece) {
            Some(_) => vec![piece],
            None => piece.split(',').collect(),
        });
        let found = names.filter_map(|name| known.people.known(name)).chain(whole);
        people.extend(found.filter_map(|p| known.person.get(p as usize).cloned()));
    }
    people.sort_unstable();
    people.dedup();
    people
}

/// The accounts of a part, each looked up once.
struct Accounts<'a> {
    keys: Keys<'a, 2>,
    found: FxHashMap<[u32; 2], Option<u32>>,
}

impl<'a> Accounts<'a> {
    fn new(part: &'a Part) -> Self {
        Self { keys: part.keys(["account_id", "account"]), found: FxHashMap::default() }
    }
}

/// With whom an activity is.
#[derive(Default)]
struct Whom<'a> {
    account: Option<u32>,
    deal: Option<u32>,
    deal_text: Option<&'a str>,
    contact: Option<&'a str>,
    lead: Option<&'a str>,
}

impl<'a> Whom<'a> {
    fn of(part: &'a Part, row: usize, known: &mut Known, accounts: &mut Accounts<'_>) -> Self {
        let text = |field: &str| part.text(field, row);
        let mut whom = Self {
            contact: part
                .one("contact_id", row)
                .or_else(|| text("who_id").filter(|id| !id.starts_with("00Q")))
                .or_else(|| part.one("contact", row))
                .or_else(|| text("contact_email")),
            lead: text("lead_id").or_else(|| text("lead")),
            ..Self::default()
        };
        // Of several deals the first that the exports hold.
        let among = |ids: &str| ids.split(';').find_map(|id| known.deals.known(id));
        whom.deal =
            text("deal_id").and_then(among).or_else(|| text("deal").and_then(|name| known.deals.known(name).or_else(|| among(name))));
        whom.deal_text = part.one("deal_id", row).or_else(|| part.one("deal", row));
        if text("account_id").is_some() || text("account").is_some() {
            let enter = || known.accounts.enter(part.one("account_id", row), part.one("account", row), None);
            whom.account = *accounts.found.entry(accounts.keys.of(row)).or_insert_with(enter);
        }
        if let Some(id) = text("who_id").or_else(|| text("who")) {
            if text("who_id").is_some_and(|id| id.starts_with("00Q")) {
                whom.lead = whom.lead.or(Some(id));
            } else {
                whom.contact = whom.contact.or(Some(id));
            }
        }
        whom.related(part, row, known);
        whom
    }

    /// What it is related to: an id says by its first characters what it is of, or a word beside it does, or a table knows it.
    fn related(&mut self, part: &'a Part, row: usize, known: &mut Known) {
        let (id, name) = (part.text("what_id", row), part.text("what", row));
        let Some(what) = id.or(name) else { return };
        let sort = part.text("what_type", row).and_then(|word| part.words.what(word)).or(match id.and_then(|id| id.get(..3)) {
            Some("006") => Some("deal"),
            Some("001") => Some("account"),
            Some("00Q") => Some("lead"),
            Some("003") => Some("contact"),
            _ => None,
        });
        match sort {
            Some("lead") => self.lead = self.lead.or(Some(what)),
            Some("contact") => self.contact = self.contact.or(Some(what)),
            Some("account") => self.account = self.account.or_else(|| known.accounts.enter(id, name, None)),
            Some("other") => {}
            deal => {
                let found = id.and_then(|id| known.deals.known(id)).or_else(|| name.and_then(|n| known.deals.known(n)));
                if found.is_some() || deal.is_some() {
                    self.deal = self.deal.or(found);
                    self.deal_text = self.deal_text.or(Some(what));
                } else if let Some(account) = known.accounts.known(what) {
                    self.account = self.account.or(Some(account));
                }
            }
        }
    }

    fn customer(&self) -> bool {
        self.account.is_some() || self.deal.is_some() || self.deal_text.is_some() || self.contact.is_some() || self.lead.is_some()
    }
}
