//! `[[target]]` and `[[check]]`: what was agreed, and what must hold.

use rust_decimal::Decimal;

use crate::calendar::Day;
use crate::check::{Bound, Check, Coverage, Of, Subject, lacks_percent, percent};
use crate::diagnostic::{Location, Severity};
use crate::measure::spec::Text;
use crate::measure::spec::reading::{Entry, Key, Table, closest, fill, quote};
use crate::measure::{Level, Per};
use crate::table;

/// A `[[target]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The measure; whether it exists is for the caller to say.
    pub measure: Text,
    /// For whom.
    pub level: Level,
    /// The team or person; none for every one of that level.
    pub name: Option<Text>,
    /// First day; none for always.
    pub from: Option<Day>,
    /// Last day, not before `from`; none for always.
    pub to: Option<Day>,
    /// How long the value is meant for; [`Per::Once`] only with both days.
    pub per: Per,
    /// How much, as exact as it is written; not negative.
    pub value: Decimal,
    /// The currency of money, an ISO 4217 code; none for the report's.
    pub currency: Option<String>,
    /// Where it begins.
    pub origin: Location,
}

#[derive(Default)]
pub(super) struct TargetDraft {
    measure: Option<Text>,
    level: Option<Level>,
    name: Option<Text>,
    from: Option<Day>,
    to: Option<Day>,
    per: Option<Per>,
    value: Option<Decimal>,
    currency: Option<String>,
}

/// The keys of a `[[target]]`.
pub(super) const TARGET: &[Key<TargetDraft>] = &[
    Key::value("measure", |d, e| fill(&mut d.measure, e.filled())),
    Key::value("level", |d, e| fill(&mut d.level, e.word(Level::WORDS))),
    Key::value("name", |d, e| fill(&mut d.name, e.filled())),
    Key::value("from", |d, e| fill(&mut d.from, e.day())),
    Key::value("to", |d, e| fill(&mut d.to, e.day())),
    Key::value("per", |d, e| fill(&mut d.per, per(e))),
    Key::value("value", |d, e| fill(&mut d.value, e.number())),
    Key::value("currency", |d, e| fill(&mut d.currency, e.currency())),
];

fn per(entry: &Entry<'_>) -> Option<Per> {
    // The adverb is a slip of its own: `weekly` is no misspelling of `week`.
    if let Some(text) = entry.string() {
        let stem = text.text.strip_suffix("ly").map(|stem| if stem == "dai" { "day" } else { stem });
        if let Some((word, _)) = stem.and_then(|stem| Per::WORDS.iter().find(|(word, _)| *word == stem)) {
            entry.refuse(format!("`per` cannot be {}", quote(&text.text)), format!("did you mean {}?", quote(word)));
            return None;
        }
    }
    entry.word(Per::WORDS)
}

/// Adds the `[[target]]` tables of a text.
pub(super) fn targets(entry: &Entry<'_>, targets: &mut Vec<Target>) {
    for table in entry.tables(targets.len()) {
        let mut draft = TargetDraft::default();
        table.read_into(&mut draft, TARGET);
        if let Some(target) = target(&table, draft) {
            targets.push(target);
        }
    }
}

fn lacks(table: &Table<'_>, key: &str, hint: &str) {
    if !table.has(key) {
        table.refuse(table.at(), format!("{} lacks `{key}`", table.title()), hint);
    }
}

fn target(table: &Table<'_>, draft: TargetDraft) -> Option<Target> {
    if draft.measure.is_none() {
        lacks(table, "measure", "write the measure that it is for, such as measure = \"revenue\"");
    }
    if draft.level.is_none() {
        lacks(table, "level", "write level = \"owner\", \"team\" or \"all\"");
    }
    if draft.value.is_none() {
        lacks(table, "value", "write how much, such as value = 4");
    }
    let dated = table.has("from") && table.has("to");
    let per = match draft.per {
        None if dated && !table.has("per") => Some(Per::Once),
        None => {
            lacks(table, "per", "write per = \"week\", \"month\", \"quarter\" or \"year\"; or both `from` and `to`");
            None
        }
        Some(Per::Once) if !dated => {
            table.refuse(table.at_key("per"), "a target for once needs `from` and `to`", "write the first and the last day");
            None
        }
        some => some,
    };
    let mut sound = true;
    if let (Some(from), Some(to)) = (draft.from, draft.to)
        && to < from
    {
        table.refuse(table.at_key("to"), "`to` is before `from`", "write the last day, which counts too");
        sound = false;
    }
    if draft.value.is_some_and(|v| v.is_sign_negative() && !v.is_zero()) {
        table.refuse(table.at_key("value"), "a target cannot be negative", "write 0 or more");
        sound = false;
    }
    if draft.level == Some(Level::All) && draft.name.is_some() {
        table.refuse(table.at_key("name"), "a target for all has no name", "write level = \"team\" or \"owner\", or take `name` out");
        sound = false;
    }
    if !sound {
        return None;
    }
    Some(Target {
        measure: draft.measure?,
        level: draft.level?,
        name: draft.name,
        from: draft.from,
        to: draft.to,
        per: per?,
        value: draft.value?,
        currency: draft.currency,
        origin: table.at(),
    })
}

#[derive(Default)]
pub(super) struct CheckDraft {
    measure: Option<Text>,
    freshness: Option<table::Kind>,
    coverage: Option<Coverage>,
    level: Option<Level>,
    at_least: Option<Decimal>,
    at_most: Option<Decimal>,
    between: Option<(Decimal, Decimal)>,
    of: Option<Of>,
    for_periods: Option<u32>,
    currency: Option<String>,
    severity: Option<Severity>,
}

/// The keys of a `[[check]]`.
pub(super) const CHECK: &[Key<CheckDraft>] = &[
    Key::value("measure", |d, e| fill(&mut d.measure, e.filled())),
    Key::value("freshness", |d, e| fill(&mut d.freshness, e.kind())),
    Key::value("coverage", |d, e| fill(&mut d.coverage, coverage(e))),
    Key::value("level", |d, e| fill(&mut d.level, e.word(Level::WORDS))),
    Key::value("at_least", |d, e| fill(&mut d.at_least, e.number())),
    Key::value("at_most", |d, e| fill(&mut d.at_most, e.number())),
    Key::value("between", |d, e| fill(&mut d.between, between(e))),
    Key::value("of", |d, e| fill(&mut d.of, e.word(Of::WORDS))),
    Key::value("for_periods", |d, e| fill(&mut d.for_periods, e.whole(1, 520))),
    Key::value("currency", |d, e| fill(&mut d.currency, e.currency())),
    Key::value("severity", |d, e| {
        fill(&mut d.severity, e.word(&[("error", Severity::Error), ("warning", Severity::Warning)]));
    }),
];

fn coverage(entry: &Entry<'_>) -> Option<Coverage> {
    let text = entry.text()?.text;
    let columns = Coverage::columns;
    let found = match text.as_str() {
        "accounting" => Some(Coverage::Accounting),
        "staffing" => Some(Coverage::Staffing),
        other => {
            let split = other.split_once('.');
            split.and_then(|(t, c)| columns().find(|(kind, name)| kind.name() == t && *name == c)).map(|(k, c)| Coverage::Column(k, c))
        }
    };
    if found.is_none() {
        let mut valid: Vec<String> = columns().map(|(kind, name)| format!("{}.{name}", kind.name())).collect();
        valid.extend(["accounting".to_owned(), "staffing".to_owned()]);
        let mut hints: Vec<String> =
            closest(&text, valid.iter().map(String::as_str)).map(|close| format!("did you mean {}?", quote(close))).into_iter().collect();
        let tables = Coverage::tables();
        hints.push(format!(
            "write a table and its column such as \"activities.kind\", or \"accounting\" or \"staffing\"; the tables are {tables}"
        ));
        entry.refuse_all(format!("`coverage` cannot be {}", quote(&text)), hints);
    }
    found
}

fn between(entry: &Entry<'_>) -> Option<(Decimal, Decimal)> {
    let items = entry.items().filter(|items| items.len() == 2);
    let Some(items) = items else {
        entry.unlike("two numbers", "the least and the most, such as [3, 6]");
        return None;
    };
    let numbers: Vec<Option<Decimal>> = items.iter().map(Entry::number).collect();
    let (least, most) = (numbers.first().copied().flatten()?, numbers.get(1).copied().flatten()?);
    if most < least {
        entry.refuse(format!("{least} is more than {most}"), format!("write [{most}, {least}]"));
        return None;
    }
    Some((least, most))
}

/// Adds the `[[check]]` tables of a text.
pub(super) fn checks(entry: &Entry<'_>, checks: &mut Vec<Check>) {
    for table in entry.tables(checks.len()) {
        let mut draft = CheckDraft::default();
        table.read_into(&mut draft, CHECK);
        if let Some(check) = check(&table, draft) {
            checks.push(check);
        }
    }
}

/// The one of some keys that the table has; an error where there is none or more than one.
fn only<'k>(table: &Table<'_>, keys: &[&'k str], hint: &str) -> Option<&'k str> {
    let present: Vec<&'k str> = keys.iter().copied().filter(|k| table.has(k)).collect();
    match present.as_slice() {
        [one] => return Some(one),
        [] => table.refuse(table.at(), format!("[[check]] needs one of {}", keys.join(", ")), hint),
        [_, second, ..] => table.refuse(table.at_key(second), format!("[[check]] has both {}", present.join(" and ")), hint),
    }
    None
}

fn check(table: &Table<'_>, draft: CheckDraft) -> Option<Check> {
    let subject = only(table, &["measure", "freshness", "coverage"], "write what it looks at, such as measure = \"presentations\"");
    let bound = only(table, &["at_least", "at_most", "between"], "write what must hold, such as at_least = 3");
    let mut sound = true;
    let mut refuse = |key: &str, message: &str, hint: &str| {
        table.refuse(table.at_key(key), message, hint);
        sound = false;
    };
    let bound = match bound? {
        "at_least" => Bound::AtLeast(draft.at_least?),
        "at_most" => Bound::AtMost(draft.at_most?),
        _ => draft.between.map(|(least, most)| Bound::Between(least, most))?,
    };
    if draft.of == Some(Of::Change)
        && let Some(n) = [bound.least(), bound.most()].into_iter().flatten().find(|n| n.abs() > Decimal::ONE)
    {
        refuse("of", &format!("a change of {n} is {}: no threshold", percent(n)), &lacks_percent(n));
    }
    let subject = match subject? {
        "measure" => {
            if draft.level.is_none() {
                lacks(table, "level", "write level = \"owner\", \"team\" or \"all\"");
            }
            Subject::Measure {
                measure: draft.measure?,
                level: draft.level?,
                of: draft.of.unwrap_or(Of::Value),
                for_periods: draft.for_periods.unwrap_or(1),
                currency: draft.currency,
            }
        }
        other => {
            for key in ["level", "of", "for_periods", "currency"].into_iter().filter(|k| table.has(k)) {
                refuse(key, &format!("`{key}` says nothing about {other}"), "take the line out");
            }
            if other == "freshness" {
                if !matches!(bound, Bound::AtMost(days) if days.is_integer() && !days.is_sign_negative()) {
                    refuse("freshness", "freshness is a number of days that must not be exceeded", "write at_most = 3");
                }
                Subject::Freshness(draft.freshness?)
            } else {
                let share = |n: &Decimal| *n >= Decimal::ZERO && *n <= Decimal::ONE;
                let fits = match &bound {
                    Bound::AtLeast(n) | Bound::AtMost(n) => share(n),
                    Bound::Between(a, b) => share(a) && share(b),
                };
                if !fits {
                    refuse("coverage", "coverage is a share between 0 and 1", "write at_least = 0.95");
                }
                Subject::Coverage(draft.coverage?)
            }
        }
    };
    sound.then(|| Check { subject, bound, severity: draft.severity.unwrap_or(Severity::Error), origin: table.at() })
}
