//! What the words and flags of activities come to: kinds, outcomes and the rest, decided once for all rows that say the same.

use std::sync::atomic::{AtomicU8, Ordering};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::crm::Settings;
use crate::crm::coded::{Groups, Slots};
use crate::crm::fold::fold;
use crate::crm::normalise::{ByWord, Problems, by_word_or_nothing, flags};
use crate::crm::part::{Keys, Part};
use crate::crm::value;
use crate::crm::words::{Asked, Decided, Open, TypeWord, Words as Vocabulary};
use crate::diagnostic::Code;
use crate::table::{Codes, Reason, Said, Words};

/// The fields whose words decide something, besides the subject and the next step.
const FIELDS: [&str; 10] =
    ["type", "subtype", "channel", "outcome", "status", "result", "disposition", "internal", "direction", "first_meeting"];

/// Those of them in which people may write whole sentences.
const FREE: [&str; 4] = ["outcome", "status", "result", "disposition"];

/// So many subjects beside what else there is are few.
const FEW: usize = 1 << 16;

/// A column with more words than this is decided by what they mean.
const MANY: usize = 256;

/// What else is known of a row when it is decided: bits of a number below [`KNOWN`].
pub(super) const CUSTOMER: u8 = 1;
/// That it says when it was completed.
pub(super) const COMPLETED: u8 = 2;
/// That its owner is a machine.
pub(super) const MACHINE: u8 = 4;
/// One more than all of them.
const KNOWN: usize = 8;

/// What rows come to that say the same.
#[allow(clippy::struct_excessive_bools)] // each is a mark of its own
#[derive(Debug, Clone, Copy)]
pub(super) struct Decision {
    pub(super) kind: &'static str,
    pub(super) outcome: Option<&'static str>,
    pub(super) internal: Option<bool>,
    pub(super) connected: Option<bool>,
    pub(super) robot: bool,
    pub(super) child: bool,
    pub(super) deleted: bool,
    pub(super) as_task: bool,
    /// Whether the subject promises something, be it nothing.
    pub(super) promises: bool,
    /// What the record's own words say came of it, its next step aside.
    pub(super) step: Option<Said>,
    pub(super) prospect: Option<bool>,
    /// Why the record is left out.
    pub(super) reason: Option<Reason>,
    /// The field whose word is to be mapped, where nothing decided the kind.
    pub(super) unmapped: Option<&'static str>,
    /// Whether a word of a status or outcome means nothing known.
    pub(super) unknown_outcome: bool,
}

/// The columns of flags.
pub(super) struct Flags<'a> {
    columns: [ByWord<'a, bool>; 7],
    attended: ByWord<'a, bool>,
    /// The box that marks a no-show by the user's own word.
    missed: Option<&'a Words>,
}

const DELETED: usize = 0;
const CLOSED: usize = 1;
const NO_SHOW: usize = 2;
const CHILD: usize = 3;
const PARENT: usize = 4;
const CONNECTED: usize = 5;
const ROBOT: usize = 6;

impl<'a> Flags<'a> {
    /// Understands the flags of a part but that of all-day events, which is given beside them.
    pub(super) fn new(part: &'a Part, settings: &Settings<'_>, problems: &mut Problems) -> (Self, ByWord<'a, bool>) {
        let [deleted, closed, no_show, child, parent, connected, robot, all_day] =
            ["deleted", "closed", "no_show", "is_child", "is_recurrence", "connected", "robot", "all_day"]
                .map(|field| flags(part, field, problems));
        let attended = attendance(part, problems);
        let missed = settings.missed.as_ref().and_then(|heading| part.extras.iter().find(|(h, _)| h == heading)).map(|(_, words)| words);
        (Self { columns: [deleted, closed, no_show, child, parent, connected, robot], attended, missed }, all_day)
    }

    fn get(&self, flag: usize, row: usize) -> Option<bool> {
        self.columns[flag].get(row)
    }

    /// Whether the user's box for a no-show is ticked.
    fn boxed(&self, row: usize) -> bool {
        self.missed.and_then(|words| words.get(row)).is_some_and(|word| value::flag(word) != Some(false))
    }
}

/// Whether the customer came: a flag, or a word such as `Attended` and `No show`.
fn attendance<'a>(part: &'a Part, problems: &mut Problems) -> ByWord<'a, bool> {
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
    /// Looks at the boxes of rows, one for all that say the same.
    fn new(part: &'a Part, column: &ByWord<'_, bool>, rows: &[u32]) -> Self {
        let keys = part.keys(["type", "subtype", "channel"]);
        let rows = rows.iter().map(|row| *row as usize);
        let sorts = if column.never(false) && !column.any_bad() {
            rows.filter(|row| column.get(*row) == Some(true)).map(|row| keys.of(row)).collect()
        } else {
            FxHashSet::default()
        };
        Self { keys, sorts }
    }

    fn blank_is_false(&self, row: usize) -> bool {
        self.sorts.contains(&self.keys.of(row))
    }
}

/// What a subject says, as far as it is asked; none where it is not.
#[allow(clippy::option_option)] // not asked, asked and none, asked and some
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Subject {
    blank: bool,
    /// The kind that it names, by whether the record is linked to a customer and whether it is a meeting.
    kinds: [Option<Option<&'static str>>; 4],
    /// Whether it promises something.
    promises: Option<bool>,
    first_meeting: Option<Option<bool>>,
}

/// What is asked of a subject: bits beside one for each of [`Subject::kinds`].
const PROMISE: u8 = 16;
const FIRST_MEETING: u8 = 32;

impl Subject {
    fn of(words: &Vocabulary, text: &str, asked: u8) -> Self {
        let kind = |at: u8| (asked & 1 << at != 0).then(|| words.by_subject(text, at & 2 != 0, at & 1 != 0));
        Self {
            blank: text.is_empty(),
            kinds: [0, 1, 2, 3].map(kind),
            promises: (asked & PROMISE != 0).then(|| words.promise(text).is_some()),
            first_meeting: (asked & FIRST_MEETING != 0 && !text.is_empty()).then(|| words.find_first_meeting(text)),
        }
    }

    fn kind(&self, open: Open) -> Option<&'static str> {
        let (customer, meeting) = open.question()?;
        self.kinds[usize::from(customer) * 2 + usize::from(meeting)].flatten()
    }
}

/// What rows are before their subjects are looked at.
#[derive(Clone, Copy)]
struct Before {
    open: Open,
    as_task: bool,
    /// Whether its other words say that it is with a prospect.
    prospect: Option<bool>,
    asked: u8,
}

impl Before {
    fn of(part: &Part, row: usize, customer: bool) -> Self {
        let text = |field: &str| part.text(field, row);
        let asked = Asked {
            type_word: text("type").unwrap_or(""),
            subtype: text("subtype").unwrap_or(""),
            channel: text("channel").unwrap_or(""),
            subject: "",
            customer,
        };
        let open = part.words.open(asked);
        let as_task = ["type", "subtype", "channel"]
            .iter()
            .any(|field| text(field).is_some_and(|word| matches!(fold(word).as_str(), "task" | "todo" | "tasks")));
        let prospect = ["first_meeting", "type", "subtype"].iter().find_map(|field| {
            let word = text(field)?;
            let flag = if *field == "first_meeting" { value::flag(word) } else { None };
            flag.filter(|yes| *yes).or_else(|| part.words.first_meeting(word))
        });
        let mut asked = open.question().map_or(0, |(customer, meeting)| 1 << (usize::from(customer) * 2 + usize::from(meeting)));
        if may_promise(open) {
            asked |= PROMISE;
        }
        if prospect.is_none() {
            asked |= FIRST_MEETING;
        }
        Self { open, as_task, prospect, asked }
    }
}

/// Whether a record may be a task whose subject promises something, as far as is known before its subject is looked at.
fn may_promise(open: Open) -> bool {
    match open {
        Open::Settled(None) => false,
        Open::Settled(Some((kind, Decided::Type | Decided::Subtype | Decided::Channel))) => kind == "task",
        _ => true,
    }
}

/// Decides the rows of a part; `bits` has what else is known of each. Gives what there is, and which of it each row comes to.
pub(super) fn decide(part: &Part, flags: &Flags<'_>, bits: &[u8]) -> (Vec<Decision>, Codes) {
    let words: &Vocabulary = &part.words;
    let mut slots: Vec<Slots<'_>> = FIELDS.iter().filter_map(|name| Some(of_words(part, name, words, &part.field(name)?.words))).collect();
    slots.extend(flags.columns.iter().chain([&flags.attended]).filter_map(ByWord::slots));
    slots.extend(flags.missed.map(|words| {
        let boxed = |word: &str| value::flag(word) != Some(false);
        Slots::classes(words, words.words().iter().map(boxed).chain([false]))
    }));
    slots.push(Slots::bytes(bits, KNOWN));
    let before = |row: usize| Before::of(part, row, bits[row] & CUSTOMER != 0);
    let constant = part.constant_of("subject").unwrap_or("");
    let column = part.field("subject").map(|field| &field.words);
    let text = |slot: usize| column.and_then(|column| column.words().get(slot)).unwrap_or(constant);
    let understood = |asked: Vec<u8>| -> Vec<Subject> {
        asked.into_par_iter().enumerate().with_min_len(64).map(|(slot, asked)| Subject::of(words, text(slot), asked)).collect()
    };
    let decision = |row: usize, before: Before, subject: &Subject, ticked: &Ticked<'_>| {
        one(part, row, before, subject, flags, ticked.blank_is_false(row), bits[row])
    };
    if let Some(column) = column
        && Slots::product(&slots).saturating_mul(column.words().len() + 1) <= FEW
    {
        // Of few subjects each is looked at beside what else there is, and the rows but once.
        let others = slots.len();
        slots.push(Slots::of(column));
        let fine = Groups::of(slots, part.len());
        let rows = || fine.first.iter().map(|row| *row as usize);
        let slot = |row: usize| column.code(row).map_or(column.words().len(), |code| code as usize);
        let (mut coarse, mut befores) = (FxHashMap::default(), Vec::new());
        let coarse: Vec<usize> = rows()
            .map(|row| {
                *coarse.entry(fine.said(row, others)).or_insert_with(|| {
                    befores.push(before(row));
                    befores.len() - 1
                })
            })
            .collect();
        let mut asked = vec![0; column.words().len() + 1];
        for (row, group) in rows().zip(&coarse) {
            asked[slot(row)] |= befores[*group].asked;
        }
        let (subjects, ticked) = (understood(asked), Ticked::new(part, &flags.columns[CLOSED], &fine.first));
        let mut known: FxHashMap<(usize, Subject), u32> = FxHashMap::default();
        let mut decisions = Vec::new();
        let of_fine: Vec<u32> = rows()
            .zip(coarse)
            .map(|(row, group)| {
                let subject = subjects[slot(row)];
                *known.entry((group, subject)).or_insert_with(|| {
                    decisions.push(decision(row, befores[group], &subject, &ticked));
                    decisions.len() as u32 - 1
                })
            })
            .collect();
        let of_row = fine.coded(&of_fine, decisions.len());
        return (decisions, of_row);
    }
    let groups = Groups::of(slots, part.len());
    let before: Vec<Before> = groups.first.iter().map(|row| before(*row as usize)).collect();
    let ticked = Ticked::new(part, &flags.columns[CLOSED], &groups.first);
    let Some(column) = column else {
        let asked = before.iter().fold(0, |asked, before| asked | before.asked);
        let subject = Subject::of(words, constant, asked);
        let decisions = groups.first.iter().zip(&before).map(|(row, before)| decision(*row as usize, *before, &subject, &ticked)).collect();
        return (decisions, groups.codes());
    };
    let coarse = groups.codes();
    let group = |row: usize| coarse.get(row).map_or(0, |group| group as usize);
    let slot = |row: usize| column.code(row).map_or(column.words().len(), |code| code as usize);
    let asked = asked(column, part.len(), |row| before[group(row)].asked, &before.iter().map(|before| before.asked));
    let subjects = understood(asked);
    let both = Groups::of(vec![Slots::coded(&coarse, groups.len()), Slots::classes(column, subjects.iter().copied())], part.len());
    let decide = |row: usize| decision(row, before[group(row)], &subjects[slot(row)], &ticked);
    let decisions = both.first.iter().map(|row| decide(*row as usize)).collect();
    (decisions, both.codes())
}

/// A column of words: its codes, or in a column of sentences what these mean.
fn of_words<'a>(part: &Part, name: &str, vocabulary: &Vocabulary, words: &'a Words) -> Slots<'a> {
    if words.words().len() <= MANY || !FREE.contains(&name) || part.constant_of(name).is_some() {
        return Slots::of(words);
    }
    let means = |word| Some((vocabulary.outcome(word), vocabulary.connected(word), vocabulary.result(word)));
    Slots::classes(words, words.words().iter().map(means).chain([None]))
}

/// What is asked of each word of a column of subjects, and behind them of a blank one.
fn asked(column: &Words, rows: usize, of: impl Fn(usize) -> u8 + Sync, all: &(impl Iterator<Item = u8> + Clone)) -> Vec<u8> {
    let slots = column.words().len() + 1;
    let most = all.clone().fold(0, |most, asked| most | asked);
    if all.clone().all(|asked| asked == most) {
        return vec![most; slots];
    }
    let asked: Vec<AtomicU8> = (0..slots).map(|_| AtomicU8::new(0)).collect();
    (0..rows).into_par_iter().with_min_len(1 << 15).for_each(|row| {
        let (slot, more) = (&asked[column.code(row).map_or(slots - 1, |code| code as usize)], of(row));
        if slot.load(Ordering::Relaxed) & more != more {
            slot.fetch_or(more, Ordering::Relaxed);
        }
    });
    asked.into_iter().map(AtomicU8::into_inner).collect()
}

/// What one row comes to, and every row that says the same.
fn one(part: &Part, row: usize, before: Before, subject: &Subject, flags: &Flags<'_>, blank_is_false: bool, bits: u8) -> Decision {
    let Before { open, as_task, .. } = before;
    let text = |field: &str| part.text(field, row);
    let type_word = text("type").unwrap_or("");
    let decided = open.settle(subject.kind(open));
    // Whatever a commitment is about, the task that holds it is none of it.
    let promises = subject.promises == Some(true)
        && match decided {
            Some(("task", _)) => true,
            Some((_, Decided::Type | Decided::Subtype | Decided::Channel)) | None => false,
            Some(_) => {
                as_task
                    || ["type", "subtype", "channel"]
                        .iter()
                        .all(|field| text(field).is_none_or(|word| part.words.type_word(word) == Some(TypeWord::Defer)))
            }
        };
    let mut unmapped = None;
    let kind = match decided {
        _ if promises => "task",
        Some((_, Decided::Nothing)) if as_task => "task",
        // Only calls have a disposition.
        Some((_, Decided::Nothing)) if type_word.is_empty() && subject.blank && text("disposition").is_some() => "call",
        Some((kind, decided)) => {
            if decided == Decided::Nothing {
                // A word that only names the channel is not what has to be mapped.
                let silent = type_word.is_empty() || part.words.type_word(type_word) == Some(TypeWord::Defer);
                unmapped = Some(if silent && !subject.blank { "subject" } else { "type" });
            }
            kind
        }
        None => "other",
    };
    let outcome = outcome(part, row, kind, as_task, flags, blank_is_false, bits & COMPLETED != 0);
    let internal = ["internal", "direction", "type", "subtype"].iter().find_map(|field| {
        let word = text(field)?;
        part.words.internal(word).or_else(|| if *field == "internal" { value::flag(word) } else { None })
    });
    let reached = || ["disposition", "outcome", "result", "status"].iter().find_map(|f| part.words.connected(text(f)?));
    let robot = bits & MACHINE != 0 || flags.get(ROBOT, row) == Some(true);
    let deleted = flags.get(DELETED, row) == Some(true);
    let reasons = [
        (decided.is_none() && !promises, Reason::SystemKind),
        (deleted, Reason::Deleted),
        (flags.get(PARENT, row) == Some(true), Reason::RecurringParent),
        (robot, Reason::Robot),
    ];
    Decision {
        kind,
        outcome,
        internal,
        connected: if kind == "call" { flags.get(CONNECTED, row).or_else(reached) } else { None },
        robot,
        child: flags.get(CHILD, row) == Some(true),
        deleted,
        as_task,
        promises,
        step: step(part, row),
        prospect: before.prospect.or_else(|| subject.first_meeting.flatten()),
        reason: reasons.into_iter().find_map(|(found, reason)| found.then_some(reason)),
        unmapped,
        unknown_outcome: outcome.is_none() && (text("outcome").is_some() || text("status").is_some()),
    }
}

/// Whether an activity took place.
fn outcome(
    part: &Part,
    row: usize,
    kind: &str,
    as_task: bool,
    flags: &Flags<'_>,
    blank_is_false: bool,
    completed: bool,
) -> Option<&'static str> {
    if flags.get(NO_SHOW, row) == Some(true) || flags.boxed(row) {
        return Some("missed");
    }
    let mapped = |field: &str| part.text(field, row).and_then(|word| part.words.outcome(word));
    let closed = flags.get(CLOSED, row).or_else(|| blank_is_false.then_some(false));
    // Whether the customer came says more than how the record was closed, and less than a word for how the meeting went.
    let came = flags.attended.get(row);
    let by_word = mapped("outcome").filter(|word| came.is_none() || !matches!(*word, "scheduled" | "unknown"));
    // Where the export keeps no outcome, what came of a meeting may say that there was none.
    let by_result = || mapped("result").filter(|_| kind != "call" && !part.has("outcome"));
    // Free words about a meeting are written after it.
    let came_of_it = || {
        let silent = part.text("result", row).is_some() && mapped("result").is_none() && !part.has("outcome") && !part.has("status");
        silent && !as_task && matches!(kind, "meeting" | "presentation")
    };
    let said = by_word.or_else(|| (came == Some(true)).then_some("held")).or_else(|| {
        part.words
            .outcome_in_type(part.text("type", row).unwrap_or(""))
            .or_else(|| by_result().filter(|word| matches!(*word, "missed" | "canceled")))
            .or_else(|| mapped("status"))
            .or_else(|| (closed == Some(true)).then_some("held"))
            .or_else(|| completed.then_some("held"))
            .or_else(|| (closed == Some(false)).then_some("scheduled"))
            .or_else(|| mapped("disposition"))
            .or_else(|| by_result().filter(|word| *word == "held"))
            .or_else(|| came_of_it().then_some("held"))
            .filter(|word| came.is_none() || matches!(*word, "canceled" | "scheduled"))
    });
    said.or_else(|| came.map(|_| "missed"))
}

/// What a record's own words say came of it, its next step aside.
fn step(part: &Part, row: usize) -> Option<Said> {
    let result = ["result", "disposition", "outcome"].iter().find_map(|field| part.words.result(part.text(field, row)?));
    result.map(|result| if result == "advanced" { Said::Advanced } else { Said::Disqualified })
}
