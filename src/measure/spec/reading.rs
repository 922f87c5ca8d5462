//! A TOML text read key by key: every mistake of a text is collected, each with its line and position, and no mistake hides another.
//!
//! The keys of a table are one slice of [`Key`]s; reading, the list of valid keys and "did you mean" all come from it.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Text;
use crate::diagnostic::{Code, Diagnostic, Location};

/// A key of a table: its name, what it means, and how its value is put into `T`.
pub(crate) struct Key<T: 'static> {
    /// As it is written.
    pub(crate) name: &'static str,
    /// Whether its value is a table (or tables) of further keys.
    nested: bool,
    read: fn(&mut T, &Entry<'_>),
}

impl<T> Key<T> {
    /// A key with a value.
    pub(crate) const fn value(name: &'static str, read: fn(&mut T, &Entry<'_>)) -> Self {
        Self { name, nested: false, read }
    }

    /// A key that holds a table, or an array of tables, whose keys are settings of their own.
    pub(crate) const fn table(name: &'static str, read: fn(&mut T, &Entry<'_>)) -> Self {
        Self { name, nested: true, read }
    }

    /// Puts an entry's value into the target.
    pub(crate) fn read(&self, target: &mut T, entry: &Entry<'_>) {
        (self.read)(target, entry);
    }
}

/// The names of keys, in order.
pub(crate) fn names<T>(keys: &[Key<T>]) -> Vec<&'static str> {
    keys.iter().map(|k| k.name).collect()
}

/// Puts a value in its place, if it could be read.
pub(crate) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// The same where the place may be empty.
pub(crate) fn fill<T>(place: &mut Option<T>, value: Option<T>) {
    if value.is_some() {
        *place = value;
    }
}

/// A key that was set: its dotted path, its value as TOML would spell it on one line, and its line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    pub(crate) path: String,
    pub(crate) value: String,
    pub(crate) line: u32,
}

/// One TOML text, what was found wrong with it and what it sets.
pub(crate) struct Source<'a> {
    name: &'a str,
    text: &'a str,
    /// Whether its lines are the user's: a text made from an option has none to point at.
    has_lines: bool,
    line_starts: Vec<usize>,
    elsewhere: fn(&str) -> Vec<String>,
    found: RefCell<Vec<Diagnostic>>,
    /// What it sets; none where nobody asks.
    settings: Option<RefCell<Vec<Setting>>>,
}

impl<'a> Source<'a> {
    /// A text of that name; `elsewhere` names the tables in which a key would be known.
    pub(crate) fn new(name: &'a str, text: &'a str, has_lines: bool, elsewhere: fn(&str) -> Vec<String>) -> Self {
        // A byte-order mark is no character of the first line.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1)).collect();
        Self { name, text, has_lines, line_starts, elsewhere, found: RefCell::default(), settings: Some(RefCell::default()) }
    }

    /// The same without gathering what it sets.
    pub(crate) fn without_settings(self) -> Self {
        Self { settings: None, ..self }
    }

    /// Parses the text and hands its top table to `read`, unless it is no TOML; returns what was found wrong and what was set.
    pub(crate) fn read(self, read: impl FnOnce(&Table<'_>)) -> (Vec<Diagnostic>, Vec<Setting>) {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        if errors.is_empty() {
            read(&Table::new(&self, String::new(), 0..0, table.get_ref()));
        } else {
            super::syntax::explain(&self, &errors);
        }
        let mut found = self.found.into_inner();
        found.sort_by_key(|d| d.location.as_ref().map(|l| (l.line, position(l))));
        (found, self.settings.map(RefCell::into_inner).unwrap_or_default())
    }

    /// The text between two bytes; empty where the range is none of it.
    pub(super) fn slice(&self, span: Range<usize>) -> &'a str {
        self.text.get(span).unwrap_or_default()
    }

    /// The line, from 1, of a byte.
    pub(super) fn line(&self, byte: usize) -> u32 {
        u32::try_from(self.line_starts.partition_point(|start| *start <= byte)).unwrap_or(u32::MAX).max(1)
    }

    /// The place of a byte.
    pub(super) fn at(&self, byte: usize) -> Location {
        if !self.has_lines {
            return Location::file(self.name);
        }
        let line = self.line(byte);
        let start = self.line_starts.get(line as usize - 1).copied().unwrap_or(0);
        let before = self.text.get(start..byte.min(self.text.len())).unwrap_or_default();
        Location::at(self.name, line, u32::try_from(before.chars().count()).unwrap_or(u32::MAX).saturating_add(1))
    }

    /// Keeps a diagnostic.
    pub(super) fn report(&self, diagnostic: Diagnostic) {
        self.found.borrow_mut().push(diagnostic);
    }
}

fn position(location: &Location) -> u32 {
    match location.column {
        Some(crate::diagnostic::Place::Position(p)) => p,
        _ => 0,
    }
}

/// A table of the text, its entries in the order in which they are written.
pub(crate) struct Table<'a> {
    source: &'a Source<'a>,
    path: String,
    at: Range<usize>,
    entries: Vec<Entry<'a>>,
}

impl<'a> Table<'a> {
    fn new(source: &'a Source<'a>, path: String, at: Range<usize>, table: &'a DeTable<'a>) -> Self {
        let mut entries: Vec<Entry<'a>> = table
            .iter()
            .map(|(key, value)| Entry {
                source,
                table: path.clone(),
                path: join(&path, key.get_ref()),
                key: key.get_ref(),
                key_at: key.span(),
                value,
            })
            .collect();
        entries.sort_by_key(|e| e.key_at.start);
        Self { source, path, at, entries }
    }

    /// Where it begins: at its name or header.
    pub(crate) fn at(&self) -> Location {
        self.source.at(self.at.start)
    }

    /// Its entries.
    pub(crate) fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// Reads every entry by the key of its name; others are unknown.
    pub(crate) fn read_into<T>(&self, target: &mut T, keys: &[Key<T>]) {
        for entry in &self.entries {
            match keys.iter().find(|k| k.name == entry.key) {
                Some(key) => {
                    key.read(target, entry);
                    if !key.nested {
                        entry.record();
                    }
                }
                None => entry.unknown(&names(keys)),
            }
        }
    }

    /// Reads every entry whose name is one of a list, by one rule; others are unknown.
    pub(crate) fn read_each(&self, names: &[&'static str], mut read: impl FnMut(&'static str, &Entry<'a>)) {
        for entry in &self.entries {
            match names.iter().find(|n| **n == entry.key) {
                Some(name) => {
                    read(name, entry);
                    if !matches!(entry.value.get_ref(), DeValue::Table(_)) {
                        entry.record();
                    }
                }
                None => entry.unknown(names),
            }
        }
    }

    /// Whether a key is written here, well or badly.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.entries.iter().any(|e| e.key == key)
    }

    /// The place of a key's value, else of the table.
    pub(crate) fn at_key(&self, key: &str) -> Location {
        self.entries.iter().find(|e| e.key == key).map_or_else(|| self.at(), Entry::at)
    }

    /// Its name as it is written in the text, such as `[report]`.
    pub(crate) fn title(&self) -> String {
        title(&self.path)
    }

    /// Keeps an error about a value of this table.
    pub(crate) fn refuse(&self, at: Location, message: impl Into<String>, hint: impl Into<String>) {
        self.source.report(Diagnostic::error(Code::ConfigValue, message).at(at).hint(hint));
    }
}

/// A key with its value.
pub(crate) struct Entry<'a> {
    source: &'a Source<'a>,
    table: String,
    path: String,
    /// The key, or the item's number in an array.
    pub(crate) key: &'a str,
    key_at: Range<usize>,
    pub(super) value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Entry<'a> {
    /// Where its value begins.
    pub(crate) fn at(&self) -> Location {
        self.source.at(self.value.span().start)
    }

    /// Where its key begins.
    pub(crate) fn key_at(&self) -> Location {
        self.source.at(self.key_at.start)
    }

    /// Keeps an error about its value.
    pub(crate) fn refuse(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.refuse_all(message, vec![hint.into()]);
    }

    /// Keeps an error about its value with several hints.
    pub(crate) fn refuse_all(&self, message: impl Into<String>, hints: Vec<String>) {
        let mut diagnostic = Diagnostic::error(Code::ConfigValue, message).at(self.at());
        diagnostic.hints = hints;
        self.source.report(diagnostic);
    }

    /// Keeps an error about its key.
    pub(crate) fn refuse_key(&self, message: impl Into<String>, hint: impl Into<String>) {
        self.source.report(Diagnostic::error(Code::ConfigKey, message).at(self.key_at()).hint(hint));
    }

    /// Keeps a warning about its value.
    pub(crate) fn warn(&self, message: impl Into<String>) {
        self.source.report(Diagnostic::warning(Code::ConfigValue, message).at(self.at()));
    }

    /// Says that the key is none of its table's, which one may be meant and where it would be known.
    pub(crate) fn unknown(&self, valid: &[&str]) {
        let table = title(&self.table);
        let message = match (self.table.is_empty(), self.value.get_ref()) {
            (true, DeValue::Table(_)) => format!("unknown table [{}]", brief(self.key)),
            (true, _) => format!("unknown key `{}` outside of any table", brief(self.key)),
            _ => format!("unknown key `{}` in {table}", brief(self.key)),
        };
        let mut diagnostic = Diagnostic::error(Code::ConfigKey, message).at(self.key_at());
        let others: Vec<String> = (self.source.elsewhere)(self.key).into_iter().filter(|t| *t != table).collect();
        let close = closest(self.key, valid.iter().copied());
        if !others.is_empty() {
            diagnostic = diagnostic.hint(format!("`{}` is a key of {}", self.key, others.join(" and of ")));
        }
        if let Some(close) = close {
            let name = if self.table.is_empty() { format!("[{close}]") } else { format!("`{close}`") };
            diagnostic = diagnostic.hint(format!("did you mean {name}?"));
        }
        if diagnostic.hints.is_empty() {
            let place = if self.table.is_empty() { "the tables are" } else { "its keys are" };
            diagnostic = diagnostic.hint(format!("{place} {}", valid.join(", ")));
        }
        self.source.report(diagnostic);
    }

    /// Says that a value is of the wrong sort: `expected` such as `a text`, `example` such as `"monday"`.
    pub(crate) fn unlike(&self, expected: &str, example: &str) {
        let found = match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let written = match self.value.get_ref() {
            DeValue::Array(_) | DeValue::Table(_) => String::new(),
            value => format!(", `{}`,", brief(&spell(value))),
        };
        self.refuse(format!("`{}` takes {expected}, and this{written} is {found}", self.name()), format!("write {example}"));
    }

    /// The key as messages name it: an item of a list by the list's key.
    pub(crate) fn name(&self) -> &str {
        let last = self.path.rsplit('.').next().unwrap_or(&self.path);
        if self.is_item() { last.split('[').next().unwrap_or(last) } else { self.key }
    }

    fn is_item(&self) -> bool {
        self.key.is_empty() && self.path.ends_with(']')
    }

    /// Its items, each as an entry without a key; none where it is no list.
    pub(crate) fn items(&self) -> Option<Vec<Entry<'a>>> {
        let DeValue::Array(items) = self.value.get_ref() else { return None };
        let item = |(i, value): (usize, &'a Spanned<DeValue<'a>>)| Entry {
            source: self.source,
            table: self.table.clone(),
            path: format!("{}[{i}]", self.path),
            key: "",
            key_at: value.span(),
            value,
        };
        Some(items.iter().enumerate().map(item).collect())
    }

    /// Its table.
    pub(crate) fn table(&self) -> Option<Table<'a>> {
        if let DeValue::Table(table) = self.value.get_ref() {
            return Some(Table::new(self.source, self.path.clone(), self.key_at.clone(), table));
        }
        self.refuse(format!("`{}` is a table", self.name()), format!("write [{}] on a line of its own and its keys below", self.path));
        None
    }

    /// Its tables, where it is written as `[[key]]`; the first is number `offset`.
    pub(crate) fn tables(&self, offset: usize) -> Vec<Table<'a>> {
        let mut tables = Vec::new();
        if let DeValue::Array(items) = self.value.get_ref()
            && items.iter().all(|i| matches!(i.get_ref(), DeValue::Table(_)))
        {
            for (i, item) in items.iter().enumerate() {
                if let DeValue::Table(table) = item.get_ref() {
                    tables.push(Table::new(self.source, format!("{}[{}]", self.path, offset + i), item.span(), table));
                }
            }
        } else {
            self.refuse(format!("`{0}` is a list of tables", self.path), format!("write [[{}]] above the keys of each", self.path));
        }
        tables
    }

    /// The text of a string and the place of its first character; none where it is no string.
    pub(crate) fn string(&self) -> Option<Text> {
        let DeValue::String(text) = self.value.get_ref() else { return None };
        let span = self.value.span();
        let raw = self.source.slice(span.clone());
        let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
        let inside = raw.get(quotes..).unwrap_or_default();
        // A line break right after the quotes that open a text of several lines is none of it.
        let skipped = match quotes {
            3 if inside.starts_with("\r\n") => 2,
            3 if inside.starts_with('\n') => 1,
            _ => 0,
        };
        Some(Text { text: text.to_string(), at: self.source.at(span.start + quotes + skipped) })
    }

    /// Remembers that it was set.
    pub(crate) fn record(&self) {
        let Some(settings) = &self.source.settings else { return };
        let line = self.source.line(self.key_at.start);
        let setting = Setting { path: self.path.clone(), value: spell(self.value.get_ref()), line };
        settings.borrow_mut().push(setting);
    }
}

fn join(path: &str, key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let key = if bare { key.to_owned() } else { quote(key) };
    if path.is_empty() { key } else { format!("{path}.{key}") }
}

fn title(path: &str) -> String {
    match path.split_once('[').filter(|_| path.ends_with(']')) {
        Some((name, _)) => format!("[[{name}]]"),
        None => format!("[{path}]"),
    }
}

/// A text cut to what fits in a message.
pub(crate) fn brief(text: &str) -> String {
    if text.chars().count() <= 60 { text.to_owned() } else { format!("{}…", text.chars().take(59).collect::<String>()) }
}

/// A text as a TOML string on one line.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn spell(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => quote(text),
        DeValue::Integer(n) => n.to_string(),
        DeValue::Float(n) => n.to_string(),
        DeValue::Boolean(b) => b.to_string(),
        DeValue::Datetime(d) => d.to_string(),
        DeValue::Array(items) => format!("[{}]", items.iter().map(|i| spell(i.get_ref())).collect::<Vec<_>>().join(", ")),
        DeValue::Table(table) => {
            let entries: Vec<String> = table.iter().map(|(k, v)| format!("{} = {}", join("", k.get_ref()), spell(v.get_ref()))).collect();
            if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
        }
    }
}

/// The candidate that a mistyped word most likely means: at most a third of its letters differ; else one begins with the other, or both
/// begin alike (Jaro–Winkler, for plurals and endings).
pub(crate) fn closest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    const LONGEST: usize = 80;
    const ALIKE: f64 = 0.9;
    let word = word.trim().to_lowercase();
    let length = word.chars().count();
    if length == 0 || length > LONGEST {
        return None;
    }
    let score = |candidate: &'c str| {
        let lower = candidate.to_lowercase();
        let distance = strsim::damerau_levenshtein(&word, &lower);
        if distance <= (length / 3).max(1) && distance < length {
            return Some((distance, candidate));
        }
        let part = length >= 3 && (lower.starts_with(&word) || (lower.len() >= 3 && word.starts_with(&lower)));
        let alike = length >= 5 && strsim::jaro_winkler(&word, &lower) >= ALIKE;
        (part || alike).then_some((LONGEST + distance, candidate))
    };
    candidates.into_iter().filter_map(score).min_by_key(|(distance, _)| *distance).map(|(_, candidate)| candidate)
}
