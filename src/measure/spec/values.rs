//! The sorts of value that a key can take, each read with an error that says what to write instead.

use jiff::civil::Date;
use jiff::tz::TimeZoneDatabase;
use rust_decimal::Decimal;
use toml::de::DeValue;

use super::Text;
use super::reading::{Entry, brief, closest, quote};
use crate::calendar::Day;
use crate::table;

impl Entry<'_> {
    /// Any text, with the place of its first character.
    pub(crate) fn text(&self) -> Option<Text> {
        let text = self.string();
        if text.is_none() {
            let example = match self.value.get_ref() {
                DeValue::Array(_) | DeValue::Table(_) => "one text between quotation marks".to_owned(),
                other => quote(&other_text(other)),
            };
            self.unlike("a text", &example);
        }
        text
    }

    /// A text that is more than blanks.
    pub(crate) fn filled(&self) -> Option<Text> {
        let text = self.text()?;
        if text.text.trim().is_empty() {
            self.refuse(format!("`{}` is empty", self.name()), "write something, or take the line out");
            return None;
        }
        Some(text)
    }

    /// True or false.
    pub(crate) fn flag(&self) -> Option<bool> {
        if let DeValue::Boolean(flag) = self.value.get_ref() {
            return Some(*flag);
        }
        self.unlike("true or false", "true or false, without quotation marks");
        None
    }

    /// A number, exactly as it is written.
    pub(crate) fn number(&self) -> Option<Decimal> {
        let digits = match self.value.get_ref() {
            DeValue::Integer(n) if n.radix() == 10 => n.as_str(),
            DeValue::Float(n) => n.as_str(),
            DeValue::String(text) => {
                let bare = text.trim();
                let example =
                    if decimal(bare).is_some() { format!("{bare} without quotation marks") } else { "a number such as 4".to_owned() };
                self.unlike("a number", &example);
                return None;
            }
            _ => {
                self.unlike("a number", "a number such as 4");
                return None;
            }
        };
        let number = decimal(digits);
        if number.is_none() {
            self.refuse(format!("`{}` is no number that can be counted with", brief(digits)), "write a number of at most 28 digits");
        }
        number
    }

    /// A whole number between two others, both inclusive.
    pub(crate) fn whole(&self, least: u32, most: u32) -> Option<u32> {
        let number = self.number()?;
        let whole = if number.is_integer() { u32::try_from(number).ok() } else { None };
        let whole = whole.filter(|n| (least..=most).contains(n));
        if whole.is_none() {
            let message = format!("`{}` is {number}, which must be a whole number from {least} to {most}", self.name());
            self.refuse(message, format!("write a whole number from {least} to {most}"));
        }
        whole
    }

    /// One of a few words.
    pub(crate) fn word<T: Copy>(&self, choices: &[(&'static str, T)]) -> Option<T> {
        let valid: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        let word = self.word_of(&valid)?;
        choices.iter().find(|(w, _)| *w == word).map(|(_, meaning)| *meaning)
    }

    /// One of a few words, as it stands in the list of them.
    pub(crate) fn word_of<'w>(&self, valid: &[&'w str]) -> Option<&'w str> {
        let Some(text) = self.string() else {
            self.unlike("a word", &format!("one of {}", quoted(valid)));
            return None;
        };
        let found = valid.iter().find(|w| **w == text.text).copied();
        if found.is_none() {
            let mut hints = Vec::new();
            if let Some(close) = closest(&text.text, valid.iter().copied()) {
                hints.push(format!("did you mean {}?", quote(close)));
            }
            hints.push(format!("it is one of {}", quoted(valid)));
            self.refuse_all(format!("`{}` cannot be {}", self.name(), brief(&quote(&text.text))), hints);
        }
        found
    }

    /// The name of a table of the exports.
    pub(crate) fn kind(&self) -> Option<table::Kind> {
        self.word_of(&table::Kind::ALL.map(table::Kind::name)).and_then(table::Kind::named)
    }

    /// A list of texts that are more than blanks; one that stands twice is taken once, with a warning.
    pub(crate) fn texts(&self) -> Option<Vec<Text>> {
        let Some(items) = self.items() else {
            let example = self.string().map_or_else(|| "a list such as [\"a\", \"b\"]".to_owned(), |t| format!("[{}]", quote(&t.text)));
            self.unlike("a list", &example);
            return None;
        };
        self.collect(&items, super::reading::Entry::filled, |a, b| a.text == b.text)
    }

    /// A list of words of a few.
    pub(crate) fn words<T: Copy + PartialEq>(&self, choices: &[(&'static str, T)]) -> Option<Vec<T>> {
        let Some(items) = self.items() else {
            self.unlike("a list", &format!("a list such as [{}]", choices.first().map(|(w, _)| quote(w)).unwrap_or_default()));
            return None;
        };
        self.collect(&items, |item| item.word(choices), PartialEq::eq)
    }

    /// A list of dates, in the order of the calendar.
    pub(crate) fn days(&self) -> Option<Vec<Day>> {
        let Some(items) = self.items() else {
            self.unlike("a list", "a list such as [\"2026-11-26\"]");
            return None;
        };
        let mut days = self.collect(&items, Entry::day, PartialEq::eq)?;
        days.sort_unstable();
        Some(days)
    }

    fn collect<T>(&self, items: &[Self], read: impl Fn(&Self) -> Option<T>, same: impl Fn(&T, &T) -> bool) -> Option<Vec<T>> {
        let mut all = Vec::new();
        let mut whole = true;
        for item in items {
            match read(item) {
                Some(value) if all.iter().any(|a| same(a, &value)) => item.warn(format!("`{}` has this item twice", self.name())),
                Some(value) => all.push(value),
                None => whole = false,
            }
        }
        whole.then_some(all)
    }

    /// A calendar date, as text or as a date of TOML's own.
    pub(crate) fn day(&self) -> Option<Day> {
        let date = match self.value.get_ref() {
            DeValue::String(text) => date_of(text),
            DeValue::Datetime(at) => at.date.filter(|_| at.time.is_none()).and_then(|d| civil(d.year.into(), d.month.into(), d.day.into())),
            _ => None,
        };
        if date.is_none() {
            let written = match self.value.get_ref() {
                DeValue::String(text) => brief(&quote(text)),
                DeValue::Array(_) | DeValue::Table(_) => "this".to_owned(),
                other => brief(&other_text(other)),
            };
            self.refuse(format!("{written} in `{}` is no date", self.name()), "write year, month and day as \"2026-11-26\"");
        }
        date
    }

    /// A month and a day of every year, written `02-01`.
    pub(crate) fn month_day(&self) -> Option<(u8, u8)> {
        let text = self.text()?.text;
        let parts = text.split_once('-').filter(|(m, d)| m.len() == 2 && d.len() == 2);
        let numbers = parts.and_then(|(m, d)| Some((digits(m)?, digits(d)?)));
        // A common year, since a fiscal year cannot begin on a day that most years lack.
        let found = numbers.filter(|(m, d)| civil(2023, *m, *d).is_some());
        if found.is_none() {
            let message = format!("`{}` cannot be {}", self.name(), brief(&quote(&text)));
            let reason = match numbers {
                Some((month, _)) if !(1..=12).contains(&month) => format!("there is no month {month}: "),
                Some((month, day)) => format!("month {month} has no day {day} in every year: "),
                None => String::new(),
            };
            self.refuse(message, format!("{reason}write month and day as \"02-01\""));
        }
        found.and_then(|(m, d)| Some((u8::try_from(m).ok()?, u8::try_from(d).ok()?)))
    }

    /// A time zone of the IANA database, spelled as there.
    pub(crate) fn time_zone(&self) -> Option<String> {
        let text = self.text()?.text;
        let zones = TimeZoneDatabase::bundled();
        if let Ok(zone) = zones.get(text.trim()) {
            return Some(zone.iana_name().unwrap_or(text.trim()).to_owned());
        }
        let mut hints = Vec::new();
        let known: Vec<String> = zones.available().map(|name| name.as_str().to_owned()).collect();
        if let Some(close) = closest_zone(&text, &known) {
            hints.push(format!("did you mean {}?", quote(close)));
        }
        hints.push("names are those of the IANA database, such as \"America/Chicago\" or \"Europe/Berlin\"".to_owned());
        self.refuse_all(format!("{} is no time zone", brief(&quote(&text))), hints);
        None
    }

    /// A currency's code of three letters (ISO 4217).
    pub(crate) fn currency(&self) -> Option<String> {
        let text = self.text()?.text;
        let code = text.trim().to_ascii_uppercase();
        let is_code = code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase());
        if is_code && code == text {
            return Some(code);
        }
        let hint = if is_code {
            format!("write {}", quote(&code))
        } else {
            "write its code of three letters, such as \"USD\" or \"EUR\"".to_owned()
        };
        self.refuse(format!("{} is no currency code", brief(&quote(&text))), hint);
        None
    }
}

fn other_text(value: &DeValue<'_>) -> String {
    match value {
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
        DeValue::String(s) => s.to_string(),
        DeValue::Array(_) | DeValue::Table(_) => String::new(),
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|w| quote(w)).collect::<Vec<_>>().join(", ")
}

fn decimal(text: &str) -> Option<Decimal> {
    let text = text.trim_start_matches('+');
    if text.contains(['e', 'E']) { Decimal::from_scientific(text).ok() } else { Decimal::from_str_exact(text).ok() }
}

fn digits(text: &str) -> Option<i32> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
}

/// The date of a text of ten characters, `2026-11-26`.
pub(crate) fn date_of(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    civil(digits(year)?, digits(month)?, digits(day)?)
}

fn civil(year: i32, month: i32, day: i32) -> Option<Day> {
    let date = Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let days = date.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24;
    i32::try_from(days).ok().map(Day)
}

/// The zone most like a mistyped name: by the whole name, else by the city alone.
fn closest_zone<'z>(text: &str, known: &'z [String]) -> Option<&'z str> {
    // Short names such as PST resemble others that mean another zone.
    const SHORTEST: usize = 5;
    let wanted = text.trim().replace(' ', "_");
    if wanted.len() < SHORTEST {
        return None;
    }
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let names = || known.iter().map(String::as_str).filter(|n| n.contains('/') && !n.starts_with("Etc/"));
    if let Some(zone) = names().find(|n| city(n) == city(&wanted)) {
        return Some(zone);
    }
    closest(&wanted, names()).or_else(|| {
        let cities: Vec<String> = names().map(city).collect();
        let close = closest(&city(&wanted), cities.iter().map(String::as_str))?;
        names().find(|n| city(n) == close)
    })
}
