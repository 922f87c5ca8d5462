//! Names: columns of the table, headings of the export's own, and the words that a column can have.

use sqlparser::ast::Ident;

use super::super::like::Pattern;
use super::super::nearby::closest;
use super::super::tree::{Bool, Number, Text, TextRef};
use super::{Checked, Checker, ExtraUse, Typed, WordUse, WordsOf};
use crate::diagnostic::{Code, Diagnostic};
use crate::table::{Kind, Spec, Type};

impl Checker<'_> {
    pub(super) fn name(&mut self, name: &Ident, token: usize) -> Checked<Typed> {
        let quoted = name.quote_style.is_some();
        // SQL ignores the case of a name that is not quoted.
        let found =
            self.kind.columns().iter().find(|c| if quoted { c.name == name.value } else { c.name.eq_ignore_ascii_case(&name.value) });
        match found {
            Some(spec) => Ok(self.column(spec)),
            None if quoted => {
                let hint = format!("text stands between single quotes: '{0}'; a heading of the export's own is x.\"{0}\"", name.value);
                self.refuse(
                    Code::FilterSyntax,
                    token,
                    format!("\"{}\" in double quotes is the name of a column, and there is none", name.value),
                    hint,
                )
            }
            None => self.no_column(&name.value, token),
        }
    }

    fn column(&mut self, spec: &'static Spec) -> Typed {
        if !self.columns.contains(&spec.name) {
            self.columns.push(spec.name);
        }
        let number = if spec.name == "line" { Number::Line } else { Number::Column(spec.name) };
        match spec.ty {
            Type::Text if spec.name == "file" => Typed::Text(Text::Column(TextRef::File)),
            Type::Text | Type::Closed(_) => Typed::Text(Text::Column(TextRef::Column(spec.name))),
            Type::Day => Typed::Day(number),
            Type::Instant => Typed::Instant(number),
            Type::Whole | Type::Money => Typed::Number(number),
            Type::Flag => Typed::Bool(Bool::Flag(spec.name)),
            Type::Texts => Typed::List(spec.name),
        }
    }

    fn no_column<T>(&mut self, name: &str, token: usize) -> Checked<T> {
        let lower = name.to_lowercase();
        let mut hints = Vec::new();
        if let Some(close) = closest(name, self.kind.columns().iter().map(|c| c.name)) {
            hints.push(format!("did you mean `{close}`?"));
        }
        let owners: Vec<&str> = Kind::ALL.into_iter().filter(|k| k.column(&lower).is_some()).map(Kind::name).collect();
        if !owners.is_empty() {
            hints.push(format!("`{lower}` is a column of {}", owners.join(", ")));
        }
        hints.push(format!("a heading of the export's own is written x.\"{name}\""));
        let said = format!("{} have no column `{name}`", self.kind.name());
        let said = Diagnostic::error(Code::FilterColumn, said).at(self.source.place(token));
        self.wrong.push(hints.into_iter().fold(said, Diagnostic::hint));
        Err(super::Refused)
    }

    pub(super) fn compound(&mut self, names: &[Ident], token: usize) -> Checked<Typed> {
        if let [table, heading] = names
            && table.value.eq_ignore_ascii_case("x")
        {
            if !self.extras.iter().any(|e| e.heading == heading.value) {
                let at = self.source.place(token);
                self.extras.push(ExtraUse { heading: heading.value.clone(), at });
            }
            return Ok(Typed::Text(Text::Column(TextRef::Extra(heading.value.clone()))));
        }
        let whole = names.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        let hint = match names {
            [table, name] if table.value.eq_ignore_ascii_case(self.kind.name()) => format!("write `{name}` alone"),
            _ => {
                format!("a condition sees only the columns of {}; a heading of the export's own is written x.\"Heading\"", self.kind.name())
            }
        };
        self.refuse(Code::FilterColumn, token, format!("`{whole}` is no column"), hint)
    }

    /// The words that a text can be, where they are known because every column in it has a closed vocabulary; and whether it has a column.
    fn vocabulary(&self, text: &Text) -> Option<(Vec<String>, bool)> {
        match text {
            Text::Column(TextRef::Column(name)) => match self.kind.column(name)?.ty {
                Type::Closed(words) => Some((words.iter().map(ToString::to_string).collect(), true)),
                _ => None,
            },
            Text::Column(_) => None,
            Text::Literal(word) => Some((vec![word.clone()], false)),
            Text::Null => Some((Vec::new(), false)),
            Text::Lower(inner) => self.vocabulary(inner).map(|(words, has)| (words.iter().map(|w| w.to_lowercase()).collect(), has)),
            Text::Upper(inner) => self.vocabulary(inner).map(|(words, has)| (words.iter().map(|w| w.to_uppercase()).collect(), has)),
            Text::Coalesce(parts) => parts.iter().try_fold((Vec::new(), false), |(mut all, has), part| {
                let (words, more) = self.vocabulary(part)?;
                all.extend(words);
                Some((all, has || more))
            }),
        }
    }

    /// Refuses a word that a text can never be, or notes it to be looked up in the tables.
    pub(super) fn check_word(&mut self, text: &Text, word: &str, token: usize) -> Checked<()> {
        let Some((words, has_column)) = self.vocabulary(text) else {
            if !mentions_file(text) {
                let at = self.source.place(token);
                self.words.push(WordUse { text: WordsOf::Text(text.clone()), word: word.to_owned(), at });
            }
            return Ok(());
        };
        if !has_column || words.iter().any(|w| w == word) {
            return Ok(());
        }
        let message = format!("{} is never '{word}'", called(text));
        let close = closest(word, words.iter().map(String::as_str)).map(|close| format!("did you mean '{close}'?"));
        let all = format!("it is one of {}", words.join(", "));
        let said = Diagnostic::error(Code::FilterWord, message).at(self.source.place(token));
        self.wrong.push(close.into_iter().chain([all]).fold(said, Diagnostic::hint));
        Err(super::Refused)
    }

    /// Refuses a pattern that no word of a closed vocabulary fits.
    pub(super) fn check_pattern(&mut self, text: &Text, pattern: &str, compiled: &Pattern, token: usize) -> Checked<()> {
        let Some((words, true)) = self.vocabulary(text) else {
            return Ok(());
        };
        let mut buffer = String::new();
        if words.iter().any(|w| compiled.matches(w, &mut buffer)) {
            return Ok(());
        }
        self.refuse(
            Code::FilterWord,
            token,
            format!("{} never fits '{pattern}'", called(text)),
            format!("it is one of {}", words.join(", ")),
        )
    }
}

fn mentions_file(text: &Text) -> bool {
    match text {
        Text::Column(column) => *column == TextRef::File,
        Text::Lower(inner) | Text::Upper(inner) => mentions_file(inner),
        Text::Coalesce(parts) => parts.iter().any(mentions_file),
        Text::Literal(_) | Text::Null => false,
    }
}

/// A text as messages call it.
pub(in super::super) fn called(text: &Text) -> String {
    match text {
        Text::Column(TextRef::Column(name)) => (*name).to_owned(),
        Text::Column(TextRef::Extra(heading)) => format!("x.\"{heading}\""),
        Text::Column(TextRef::File) => "file".to_owned(),
        Text::Literal(word) => format!("'{word}'"),
        Text::Null => "NULL".to_owned(),
        Text::Lower(inner) => format!("lower({})", called(inner)),
        Text::Upper(inner) => format!("upper({})", called(inner)),
        Text::Coalesce(parts) => format!("coalesce({})", parts.iter().map(called).collect::<Vec<_>>().join(", ")),
    }
}
