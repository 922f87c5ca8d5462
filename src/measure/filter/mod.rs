//! Conditions in SQL over the canonical tables: checked when the configuration loads, evaluated when the tables are read.
//!
//! The language is that of a `WHERE` clause: columns, literals, comparisons, AND OR NOT, IN, BETWEEN, LIKE and ILIKE, IS \[NOT\] NULL, IS
//! \[NOT\] TRUE or FALSE, arithmetic, `lower`, `upper`, `coalesce`, `length`, and `'Ana' = ANY(with_people)`, with SQL's three values. A bare
//! column of true and false is a condition. A date is text where it meets a date: `day >= '2026-01-31'`; a moment likewise.
//!
//! | file | does |
//! |---|---|
//! | `parse` | text to sqlparser's tree, with the place and the text of each part |
//! | `check` | that tree to a typed one, or diagnostics with places and advice |
//! | `evaluate` | the typed tree to masks: text once per distinct word (`dictionary`), numbers by polars (`number`) |
//!
//! Where engines differ: text compares byte by byte, case included; LIKE has no escape character unless ESCAPE names one; ILIKE compares
//! characters in lower case; `/` divides with a fraction, and what is divided by zero is NULL; sums, differences and products are exact,
//! quotients are binary numbers; a list without names (`with_people`) holds nobody, and is not NULL.

mod check;
mod dictionary;
mod evaluate;
mod exact;
mod like;
mod mask;
mod nearby;
mod number;
mod parse;
mod tree;

pub use mask::Mask;

use crate::diagnostic::{Code, Diagnostic, Location};
use crate::table::{Column, Kind, Table};
use check::{Checker, ExtraUse, WordUse, WordsOf};
use dictionary::Scope;
use tree::{Bool, Number, Text, TextRef};

/// A condition, checked and ready to be evaluated on tables of its kind.
#[derive(Debug, Clone)]
pub struct Predicate {
    /// The condition as the user wrote it.
    pub sql: String,
    conjuncts: Vec<Conjunct>,
    columns: Vec<String>,
    extras: Vec<String>,
    extra_uses: Vec<ExtraUse>,
    words: Vec<WordUse>,
}

/// One of the conditions that the outermost ANDs join. A record counts when each is true; a near miss fails exactly one.
#[derive(Debug, Clone)]
pub struct Conjunct {
    /// Its own text as the user wrote it.
    pub sql: String,
    tree: Bool,
}

/// Checks a condition over tables of a kind. `origin` is where its first character stands: diagnostics count lines and characters from there.
///
/// # Errors
/// Every mistake in it, with its place: text that is no SQL or SQL that is not supported ([`Code::FilterSyntax`]), names that are no columns
/// ([`Code::FilterColumn`]), words that a closed vocabulary does not have ([`Code::FilterWord`]), unlike things compared ([`Code::FilterType`]).
pub fn compile(sql: &str, kind: Kind, origin: &Location) -> Result<Predicate, Vec<Diagnostic>> {
    let source = parse::Source::new(sql, origin).map_err(|d| vec![d])?;
    let expr = source.parse().map_err(|d| vec![d])?;
    let mut checker = Checker::new(&source, kind);
    let parts = source.conjuncts(&expr);
    let conjuncts = parts.into_iter().filter_map(|(part, sql)| checker.condition(part).map(|tree| Conjunct { sql, tree })).collect();
    if !checker.wrong.is_empty() {
        return Err(checker.wrong);
    }
    Ok(Predicate {
        sql: sql.to_owned(),
        conjuncts,
        columns: checker.columns.into_iter().map(str::to_owned).collect(),
        extras: checker.extras.iter().map(|e| e.heading.clone()).collect(),
        extra_uses: checker.extras,
        words: checker.words,
    })
}

impl Predicate {
    /// The canonical columns that it reads, in the order in which it names them.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The headings that it reads through `x."…"`, in the order in which it names them.
    pub fn extras(&self) -> &[String] {
        &self.extras
    }

    /// The conditions that its outermost ANDs join, in order.
    pub fn conjuncts(&self) -> &[Conjunct] {
        &self.conjuncts
    }

    /// The canonical columns that it reads and this table does not have: they are NULL in every record.
    pub fn unfilled(&self, table: &Table) -> Vec<&str> {
        let known = |name: &str| matches!(name, "file" | "line") || table.column(name).is_some();
        self.columns.iter().map(String::as_str).filter(|name| !known(name)).collect()
    }

    /// Compares its words with what a table holds: a warning for each word compared with text (`=`, `<>`, IN, ANY) that no record has, an
    /// error for each `x."…"` that no file has. A table without records, and a column that is not filled, say nothing about words.
    pub fn check_words(&self, table: &Table) -> Vec<Diagnostic> {
        let mut said = Vec::new();
        for extra in &self.extra_uses {
            if table.extra(&extra.heading).is_none() {
                let message = format!("no file of {} has the heading \"{}\"", table.kind.name(), extra.heading);
                let close = nearby::closest(&extra.heading, table.extras().map(|(heading, _)| heading));
                let diagnostic = Diagnostic::error(Code::FilterColumn, message).at(extra.at.clone());
                said.push(match close {
                    Some(close) => diagnostic.hint(format!("did you mean x.\"{close}\"?")),
                    None => diagnostic,
                });
            }
        }
        let scope = Scope::of(table, &[]);
        for word_use in &self.words {
            let word = word_use.word.as_str();
            let (called, close) = match &word_use.text {
                WordsOf::List(name) => {
                    let Some(Column::Lists(lists)) = table.column(name) else { continue };
                    let words = || lists.words.iter();
                    if lists.words.is_empty() || words().any(|w: &str| w == word) {
                        continue;
                    }
                    ((*name).to_owned(), nearby::closest(word, words()).map(str::to_owned))
                }
                WordsOf::Text(text) => {
                    let dictionary = scope.text(text);
                    if dictionary.words().next().is_none() || dictionary.words().any(|w| w == word) {
                        continue;
                    }
                    (check::called(text), nearby::closest(word, dictionary.words()).map(str::to_owned))
                }
            };
            let message = format!("no record of {} has {called} '{word}'", table.kind.name());
            let diagnostic = Diagnostic::warning(Code::FilterWord, message).at(word_use.at.clone());
            said.push(match close {
                Some(close) => diagnostic.hint(format!("did you mean '{close}'?")),
                None => diagnostic,
            });
        }
        said
    }

    /// A mask per conjunct, each with a result for every row, those left out included. `sources` are the names of the files that the
    /// table's `file` counts.
    ///
    /// # Errors
    /// When polars refuses an operation, which the checks are there to exclude.
    pub fn evaluate(&self, table: &Table, sources: &[String]) -> Result<Vec<Mask>, Diagnostic> {
        self.conjuncts.iter().map(|conjunct| conjunct.evaluate(table, sources)).collect()
    }
}

impl Conjunct {
    /// Whether it asks only that a column is blank which the table does not have: nothing is known of it, though every record would do.
    pub fn only_lacks(&self, table: &Table) -> bool {
        let (Bool::TextIsNull(Text::Column(TextRef::Column(name))) | Bool::NumberIsNull(Number::Column(name)) | Bool::ListIsNull(name)) =
            &self.tree
        else {
            return false;
        };
        table.column(name).is_none()
    }

    /// Its mask alone; as [`Predicate::evaluate`].
    ///
    /// # Errors
    /// As there.
    pub fn evaluate(&self, table: &Table, sources: &[String]) -> Result<Mask, Diagnostic> {
        evaluate::evaluate(&self.tree, &Scope::of(table, sources))
            .map_err(|error| Diagnostic::error(Code::FilterType, format!("`{}` could not be evaluated: {error}", self.sql)))
    }
}

#[cfg(test)]
mod tests;
