//! The tables and keys of `leadlag.toml`, one slice per table: what is read, what is suggested and what is listed come from here.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::{
    Blank, COMMITMENT, Calendar, Config, Credit, DateOrder, Inputs, Money, Outcome, PaceShape, People, RESULTS, Report, SECTIONS, Words,
    rules,
};
use crate::calendar::{Pattern, Weekday};
use crate::crm::fold::fold;
use crate::measure::component;
use crate::measure::spec::reading::{Entry, Key, brief, closest, fill, names, quote, set};
use crate::measure::spec::{self, Draft, Text};
use crate::table;

/// A configuration that is being put together.
#[derive(Default)]
pub(super) struct Building {
    pub(super) config: Config,
    pub(super) drafts: Vec<Draft>,
    pub(super) components: Vec<component::Draft>,
}

/// The top of the file.
pub(super) const TOP: &[Key<Building>] = &[
    Key::table("report", |b, e| keys(e, &mut b.config.report, REPORT)),
    Key::table("calendar", |b, e| keys(e, &mut b.config.calendar, CALENDAR)),
    Key::table("money", |b, e| keys(e, &mut b.config.money, MONEY)),
    Key::table("inputs", |b, e| inputs(e, &mut b.config.inputs)),
    Key::table("people", |b, e| keys(e, &mut b.config.people, PEOPLE)),
    Key::table("credit", |b, e| keys(e, &mut b.config.credit, CREDIT)),
    Key::table("minutes", |b, e| minutes(e, &mut b.config.minutes)),
    Key::table("columns", |b, e| columns(e, &mut b.config.columns)),
    Key::table("words", |b, e| keys(e, &mut b.config.words, WORDS)),
    Key::table("stages", |b, e| keys(e, &mut b.config.stages, STAGES)),
    Key::table("outcome", |b, e| keys(e, &mut b.config.outcome, OUTCOME)),
    Key::table("filter", |b, e| filter(e, &mut b.config.filter)),
    Key::table("measure", |b, e| spec::read_drafts(e, &mut b.drafts)),
    Key::table("component", |b, e| component::read_drafts(e, &mut b.components)),
    Key::table("target", |b, e| rules::targets(e, &mut b.config.targets)),
    Key::table("check", |b, e| rules::checks(e, &mut b.config.checks)),
];

const REPORT: &[Key<Report>] = &[
    Key::value("title", |c, e| set(&mut c.title, e.text().map(|t| t.text))),
    Key::value("leads", |c, e| fill(&mut c.leads, e.texts())),
    Key::value("lags", |c, e| fill(&mut c.lags, e.texts())),
    Key::value("sections", |c, e| {
        set(&mut c.sections, e.words(&SECTIONS.iter().map(|s| (*s, *s)).collect::<Vec<_>>()));
    }),
    Key::value("on_pace", |c, e| set(&mut c.on_pace, on_pace(e))),
    Key::value("pace_shape", |c, e| {
        set(&mut c.pace_shape, e.word(&[("linear", PaceShape::Linear), ("own", PaceShape::Own)]));
    }),
];

const CALENDAR: &[Key<Calendar>] = &[
    Key::value("week_starts", |c, e| set(&mut c.week_starts, weekday(e))),
    Key::value("time_zone", |c, e| fill(&mut c.time_zone, e.time_zone())),
    Key::value("fiscal_year_starts", |c, e| set(&mut c.fiscal_year_starts, e.month_day())),
    Key::value("pattern", |c, e| {
        fill(&mut c.pattern, e.word(&Pattern::ALL.map(|pattern| (pattern.name(), pattern))));
    }),
    Key::value("workdays", |c, e| set(&mut c.workdays, workdays(e))),
    Key::value("holidays", |c, e| set(&mut c.holidays, e.days())),
];

const MONEY: &[Key<Money>] =
    &[Key::value("currency", |c, e| fill(&mut c.currency, e.currency())), Key::value("rates", |c, e| fill(&mut c.rates, e.filled()))];

/// The keys of `[inputs]` beside the names of tables.
const INPUTS: &[Key<Inputs>] = &[
    Key::value("files", |c, e| set(&mut c.any, e.texts())),
    Key::value("date_order", |c, e| {
        fill(&mut c.date_order, e.word(&[("dmy", DateOrder::Dmy), ("mdy", DateOrder::Mdy), ("ymd", DateOrder::Ymd)]));
    }),
    Key::value("decimal_mark", |c, e| fill(&mut c.decimal_mark, e.word(&[(".", '.'), (",", ',')]))),
    Key::value("encoding", |c, e| fill(&mut c.encoding, encoding(e))),
    Key::value("delimiter", |c, e| fill(&mut c.delimiter, delimiter(e))),
    Key::value("time_zone", |c, e| fill(&mut c.time_zone, e.time_zone())),
    Key::value("crm", |c, e| fill(&mut c.crm, e.filled())),
    Key::value("presets", |c, e| set(&mut c.presets, e.texts())),
];

const PEOPLE: &[Key<People>] = &[Key::value("leaders_sell", |c, e| set(&mut c.leaders_sell, e.flag()))];

const CREDIT: &[Key<Credit>] = &[
    Key::value("deals", |c, e| fill(&mut c.deals, shares(e))),
    Key::value("count", |c, e| set(&mut c.each, e.word(&[("owner", false), ("each", true)]))),
];

const WORDS: &[Key<Words>] = &[
    Key::table("kind", |c, e| words(e, table::KINDS, &mut c.kind)),
    Key::table("outcome", |c, e| words(e, table::OUTCOMES, &mut c.outcome)),
    Key::table("result", |c, e| words(e, RESULTS, &mut c.result)),
    Key::table("state", |c, e| words(e, table::STATES, &mut c.state)),
    Key::table("commitment", |c, e| words(e, COMMITMENT, &mut c.commitment)),
];

const STAGES: &[Key<Vec<String>>] = &[Key::value("order", |c, e| {
    set(c, e.texts().map(|all| all.into_iter().map(|t| t.text).collect()));
})];

const OUTCOME: &[Key<Outcome>] = &[
    Key::value("blank", |c, e| {
        fill(&mut c.blank, e.word(&[("held", Blank::Held), ("unknown", Blank::Unknown)]));
    }),
    Key::value("missed", |c, e| fill(&mut c.missed, e.filled())),
];

/// Every table with the keys that it knows.
pub(super) fn tables() -> Vec<(&'static str, Vec<&'static str>)> {
    let kinds = || table::Kind::ALL.map(table::Kind::name).to_vec();
    vec![
        ("[report]", names(REPORT)),
        ("[calendar]", names(CALENDAR)),
        ("[money]", names(MONEY)),
        ("[inputs]", [kinds(), names(INPUTS)].concat()),
        ("[people]", names(PEOPLE)),
        ("[credit]", names(CREDIT)),
        ("[minutes]", table::KINDS.to_vec()),
        ("[columns.<table>]", Vec::new()),
        ("[words.kind]", table::KINDS.to_vec()),
        ("[words.outcome]", table::OUTCOMES.to_vec()),
        ("[words.result]", RESULTS.to_vec()),
        ("[words.state]", table::STATES.to_vec()),
        ("[words.commitment]", COMMITMENT.to_vec()),
        ("[stages]", names(STAGES)),
        ("[outcome]", names(OUTCOME)),
        ("[filter]", kinds()),
        ("[measure.<name>]", names(spec::KEYS)),
        ("[component.<name>]", names(component::KEYS)),
        ("[[target]]", names(rules::TARGET)),
        ("[[check]]", names(rules::CHECK)),
    ]
}

/// The tables that know a key.
pub(super) fn elsewhere(key: &str) -> Vec<String> {
    tables().into_iter().filter(|(_, keys)| keys.contains(&key)).map(|(table, _)| table.to_owned()).collect()
}

fn keys<T>(entry: &Entry<'_>, target: &mut T, keys: &[Key<T>]) {
    if let Some(table) = entry.table() {
        table.read_into(target, keys);
    }
}

fn on_pace(entry: &Entry<'_>) -> Option<f64> {
    let number = entry.number()?;
    let most = Decimal::new(15, 1);
    if number >= Decimal::ZERO && number <= most {
        return number.to_f64();
    }
    let hundred = Decimal::ONE_HUNDRED;
    let hint = if number > most && number <= most * hundred {
        format!("it is a share, not a percentage: write {}", (number / hundred).normalize())
    } else {
        "write a share such as 0.9".to_owned()
    };
    entry.refuse(format!("`on_pace` is {number}, which must be between 0 and 1.5"), hint);
    None
}

/// A day's whole name or its first three letters, large or small.
fn weekday(entry: &Entry<'_>) -> Option<Weekday> {
    let text = entry.text()?.text;
    let small = text.trim().to_lowercase();
    let found = Weekday::ALL.into_iter().find(|d| d.name() == small || d.name().get(..3) == Some(small.as_str()));
    if found.is_none() {
        let days = Weekday::ALL.map(Weekday::name);
        let short = days.map(|d| d.get(..3).unwrap_or(d));
        let close = if small.len() <= 4 { closest(&small, short) } else { closest(&small, days) };
        let hint = close.map_or_else(|| format!("the days are {}", days.join(", ")), |d| format!("did you mean {}?", quote(d)));
        entry.refuse(format!("{} in `{}` is no day of the week", brief(&quote(&text)), entry.name()), hint);
    }
    found
}

fn workdays(entry: &Entry<'_>) -> Option<Vec<Weekday>> {
    let example = "a list such as [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\"]";
    let Some(items) = entry.items() else {
        entry.unlike("a list", example);
        return None;
    };
    let read: Vec<Option<Weekday>> = items.iter().map(weekday).collect();
    let mut days = read.into_iter().collect::<Option<Vec<Weekday>>>()?;
    days.sort_unstable();
    days.dedup();
    if days.is_empty() {
        entry.refuse("`workdays` is empty: without a workday nothing is ever due", format!("write {example}"));
        return None;
    }
    Some(days)
}

fn encoding(entry: &Entry<'_>) -> Option<String> {
    const USUAL: &[&str] =
        &["utf-8", "utf-16le", "utf-16be", "windows-1252", "windows-1250", "windows-1251", "iso-8859-15", "shift_jis", "gbk"];
    let text = entry.text()?.text;
    if let Some(encoding) = encoding_rs::Encoding::for_label(text.as_bytes()) {
        return Some(encoding.name().to_ascii_lowercase());
    }
    let hint = closest(&text, USUAL.iter().copied())
        .map_or_else(|| format!("usual ones are {}", USUAL.join(", ")), |close| format!("did you mean {}?", quote(close)));
    entry.refuse(format!("{} is no encoding", brief(&quote(&text))), hint);
    None
}

fn delimiter(entry: &Entry<'_>) -> Option<char> {
    let text = entry.text()?.text;
    let mut chars = text.chars();
    let one = chars.next().filter(|_| chars.next().is_none());
    // A mark that numbers, words or quoting use themselves separates nothing.
    let fit = one.filter(|c| *c == '\t' || (c.is_ascii_punctuation() && !matches!(c, '"' | '\'' | '.' | '-' | '_' | '\\')));
    if fit.is_none() {
        let hint = match text.to_lowercase().as_str() {
            "tab" => "write \"\\t\"",
            "semicolon" => "write \";\"",
            "comma" => "write \",\"",
            "pipe" => "write \"|\"",
            _ => "write one of \",\", \";\", \"\\t\" and \"|\"",
        };
        entry.refuse(format!("{} cannot separate fields", brief(&quote(&text))), hint);
    }
    fit
}

fn inputs(entry: &Entry<'_>, target: &mut Inputs) {
    let Some(table) = entry.table() else { return };
    let kinds = table::Kind::ALL.map(table::Kind::name);
    let all = [kinds.to_vec(), names(INPUTS)].concat();
    table.read_each(&all, |name, value| {
        if let Some(kind) = table::Kind::named(name) {
            if let Some(files) = value.texts() {
                target.files.insert(kind, files);
            }
        } else if let Some(key) = INPUTS.iter().find(|k| k.name == name) {
            key.read(target, value);
        }
    });
}

/// The shares of a deal's money by heading; `owner` is the deal's owner, and together they are the whole.
fn shares(entry: &Entry<'_>) -> Option<Vec<(Text, Decimal)>> {
    let example = "such as deals = { owner = 0.5, \"SDR\" = 0.5 }";
    let table = entry.table()?;
    let mut others = Vec::new();
    let mut sum = Decimal::ZERO;
    for share in table.entries() {
        let number = share.number()?;
        if number.is_sign_negative() && !number.is_zero() || number > Decimal::ONE_HUNDRED {
            share.refuse(format!("{} of a deal cannot be {number}", brief(&quote(share.key))), format!("write a share of 1, {example}"));
            return None;
        }
        sum += number;
        if share.key != "owner" && !number.is_zero() {
            others.push((Text { text: share.key.to_owned(), at: share.key_at() }, number));
        }
    }
    if sum != Decimal::ONE {
        let hint =
            if sum == Decimal::ONE_HUNDRED { format!("they are shares, not percentages: {example}") } else { format!("write {example}") };
        entry.refuse(format!("the shares of a deal add up to {}, not to 1", sum.normalize()), hint);
        return None;
    }
    Some(others)
}

fn minutes(entry: &Entry<'_>, target: &mut BTreeMap<&'static str, u32>) {
    const DAY: u32 = 24 * 60;
    let Some(table) = entry.table() else { return };
    table.read_each(table::KINDS, |kind, value| {
        if let Some(minutes) = value.whole(1, DAY) {
            target.insert(kind, minutes);
        }
    });
}

fn columns(entry: &Entry<'_>, target: &mut BTreeMap<table::Kind, BTreeMap<String, Text>>) {
    let Some(tables) = entry.table() else { return };
    tables.read_each(&table::Kind::ALL.map(table::Kind::name), |name, value| {
        let (Some(kind), Some(fields)) = (table::Kind::named(name), value.table()) else {
            return;
        };
        for field in fields.entries() {
            if let Some(heading) = field.filled() {
                target.entry(kind).or_default().insert(field.key.to_owned(), heading);
                field.record();
            }
        }
    });
}

fn words(entry: &Entry<'_>, valid: &[&'static str], target: &mut BTreeMap<&'static str, Vec<String>>) {
    let Some(table) = entry.table() else { return };
    // As the reader compares words.
    let plain = |word: &str| fold(word);
    let mut taken: BTreeMap<String, &'static str> = BTreeMap::new();
    let mut fresh = Vec::new();
    table.read_each(valid, |meaning, value| {
        let Some(texts) = value.texts() else { return };
        for text in &texts {
            match taken.insert(plain(&text.text), meaning) {
                Some(other) if other != meaning => {
                    let message = format!("{} cannot mean both {other} and {meaning}", brief(&quote(&text.text)));
                    table.refuse(text.at.clone(), message, "keep it in one of the two lists");
                }
                _ => {}
            }
        }
        fresh.push((meaning, texts));
    });
    // A word that an earlier layer gave another meaning has the later one's.
    for list in target.values_mut() {
        list.retain(|word| !taken.contains_key(&plain(word)));
    }
    for (meaning, texts) in fresh {
        target.insert(meaning, texts.into_iter().map(|t| t.text).collect());
    }
}

fn filter(entry: &Entry<'_>, target: &mut BTreeMap<table::Kind, Text>) {
    let Some(table) = entry.table() else { return };
    table.read_each(&table::Kind::ALL.map(table::Kind::name), |name, value| {
        if let (Some(kind), Some(sql)) = (table::Kind::named(name), value.filled()) {
            target.insert(kind, sql);
        }
    });
}
