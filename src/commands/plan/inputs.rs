//! What is read and how: the files, the filters, and what the user has said about the exports.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;

use super::super::exports::{DecimalMark, Inputs};
use super::super::progress::Progress;
use super::money::{Money, order};
use super::presets::{Presets, presets};
use crate::calendar::{Calendar, Day, Zone};
use crate::config::{self, Config};
use crate::crm::{self, Input, Inside, files, value};
use crate::diagnostic::{Code, Diagnostic, Failure, Location};
use crate::facts;
use crate::measure::Measure;
use crate::measure::filter::{self, Predicate};
use crate::measure::spec::Text;
use crate::table::Kind;

/// The predicates of `--where` and `[filter]`; both hold where both are given.
pub(super) fn filters(args: &Inputs, config: &Config) -> Result<Vec<(Kind, Predicate)>, Failure> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let countable = [Kind::Activities, Kind::Deals];
    for (kind, text) in &config.filter {
        if !countable.contains(kind) {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{}' is no table that can be filtered", kind.name()))
                    .at(text.at.clone())
                    .hint("write activities = \"…\" or deals = \"…\""),
            );
            continue;
        }
        match filter::compile(&text.text, *kind, &text.at) {
            Ok(predicate) => found.push((*kind, predicate)),
            Err(list) => problems.extend(list),
        }
    }
    for given in &args.filters {
        let at = Location::file("--where");
        let Some((table, sql)) = given.split_once('=') else {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{given}' names no table"))
                    .at(at)
                    .hint("write --where deals=\"pipeline <> 'Renewals'\""),
            );
            continue;
        };
        let Some(kind) = Kind::named(table.trim()).filter(|k| countable.contains(k)) else {
            problems.push(
                Diagnostic::error(Code::FilterSyntax, format!("'{}' is no table that can be filtered", table.trim()))
                    .at(at)
                    .hint("write activities=… or deals=…"),
            );
            continue;
        };
        let position = u32::try_from(table.chars().count() + 2).unwrap_or(1);
        match filter::compile(sql, kind, &Location::at("--where", 1, position)) {
            Ok(predicate) => found.push((kind, predicate)),
            Err(list) => problems.extend(list),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(Failure(problems)) }
}

/// The files to read.
pub(super) struct Gathered {
    /// The files with their bytes.
    pub(super) inputs: Vec<Input>,
    /// Whether any of those that were named cannot be read.
    pub(super) failed: bool,
    /// Where each file is, by the name that it was given.
    places: Vec<(String, PathBuf)>,
}

impl Gathered {
    /// The places of files, which are empty once they are taken.
    pub(super) fn places(&mut self) -> Places {
        Places(std::mem::take(&mut self.places))
    }
}

/// Where files are, by the names that they were given.
pub(super) struct Places(Vec<(String, PathBuf)>);

impl Places {
    /// The files of these tables, whose paths go on within a workbook or archive.
    pub(super) fn of(&self, tables: &[&str]) -> Vec<PathBuf> {
        let holds =
            |name: &str| tables.iter().any(|path| path.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')));
        self.0.iter().filter(|(name, _)| holds(name)).map(|(_, place)| place.clone()).collect()
    }
}

/// The files to read, with their bytes; that of the rates, which may lie beside the exports, is none of them.
pub(super) fn inputs(
    args: &Inputs,
    config: &Config,
    rates: Option<&Path>,
    progress: &Progress,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Gathered, Failure> {
    let gathered = gather(args, config, rates, progress, diagnostics)?;
    if gathered.failed { Err(Failure(std::mem::take(diagnostics))) } else { Ok(gathered) }
}

/// The files to read, those that cannot be included.
pub(super) fn gather(
    args: &Inputs,
    config: &Config,
    rates: Option<&Path>,
    progress: &Progress,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Gathered, Failure> {
    let mut names: Vec<(Option<Kind>, Vec<String>, PathBuf)> = Vec::new();
    for (kind, list) in args.told() {
        names.push((Some(kind), list.to_vec(), PathBuf::new()));
    }
    if !args.files.is_empty() {
        names.push((None, args.files.clone(), PathBuf::new()));
    }
    if names.is_empty() {
        let typed = config.inputs.files.iter().flat_map(|(kind, list)| list.iter().map(|text| (Some(*kind), text)));
        for (kind, text) in typed.chain(config.inputs.any.iter().map(|text| (None, text))) {
            let base = Path::new(&text.at.file).parent().map(Path::to_path_buf).unwrap_or_default();
            names.push((kind, vec![text.text.clone()], base));
        }
    }
    if names.is_empty() {
        return Err(Diagnostic::error(Code::NoInput, "no files to read")
            .hint("name the files that the CRM exports, or the folder that holds them: leadlag report exports/")
            .hint("or list them under [inputs] in leadlag.toml")
            .into());
    }
    let mut inputs: Vec<Input> = Vec::new();
    let mut places = Vec::new();
    let mut failed = false;
    // A file is read once, whatever ways it is named.
    let mut seen: BTreeSet<(PathBuf, Option<String>)> = rates.into_iter().map(|path| (path.to_path_buf(), None)).collect();
    for (table, list, base) in names {
        let found = files::find(&list, &base);
        failed |= found.diagnostics.iter().any(|d| d.severity == crate::diagnostic::Severity::Error);
        diagnostics.extend(found.diagnostics);
        for input in found.inputs {
            let place = match &input.origin {
                files::Origin::File(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
                files::Origin::Stdin => PathBuf::from(files::STDIN),
            };
            // Nor is what was named within it read again with the rest.
            let except =
                seen.range((place.clone(), None)..).take_while(|(p, _)| *p == place).filter_map(|(_, inside)| inside.clone()).collect();
            if seen.contains(&(place.clone(), None)) || !seen.insert((place, input.inside.clone())) {
                continue;
            }
            if let files::Origin::File(path) = &input.origin {
                places.push((input.name.clone(), path.canonicalize().unwrap_or_else(|_| path.clone())));
            }
            let inside = input.inside.clone().map_or(Inside::But(except), Inside::Only);
            progress.fetching(&input.name);
            match input.open(|| progress.standard_input()) {
                Ok(bytes) => inputs.push(Input { name: input.name.clone(), named: input.named, table, inside, bytes }),
                Err(problem) => {
                    failed = true;
                    diagnostics.push(problem);
                }
            }
        }
    }
    Ok(Gathered { inputs, failed, places })
}

/// What the reader needs to know of options and config.
pub(super) fn settings<'a>(
    args: &Inputs,
    config: &Config,
    (calendar, as_of): (&'a Calendar, Day),
    filters: &[(Kind, Predicate)],
    measures: &[Measure],
    progress: &Progress,
) -> Result<crm::Settings<'a>, Failure> {
    let bad = |message: String| Failure::from(Diagnostic::error(Code::ConfigValue, message));
    known(args, config)?;
    let delimiter = match args.delimiter.as_deref() {
        Some(text) => Some(delimiter(text)?),
        None => config.inputs.delimiter.and_then(|c| u8::try_from(c).ok()),
    };
    let mut extras: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let used = filters.iter().map(|(kind, p)| (*kind, p)).chain(measures.iter().map(|m| (m.spec.from, &m.predicate)));
    for (kind, predicate) in used {
        extras.entry(kind).or_default().extend(predicate.extras().iter().cloned());
    }
    for headings in extras.values_mut() {
        headings.sort_unstable();
        headings.dedup();
    }
    let words = |list: &BTreeMap<&'static str, Vec<String>>| list.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let mut vocabularies = crm::preset::WordLists::new();
    for (name, list) in config.words.lists() {
        if !list.is_empty() {
            vocabularies.insert(name.to_owned(), words(list));
        }
    }
    let Presets { all: presets, pinned: crm } = presets(args, config)?;
    Ok(crm::Settings {
        presets,
        crm,
        date_order: order(args, config),
        decimal_mark: args
            .decimal_mark
            .map(DecimalMark::char)
            .or(config.inputs.decimal_mark)
            .and_then(|c| value::Mark::named(&c.to_string())),
        zone: config.inputs.time_zone.as_deref().map(Zone::named).transpose().map_err(bad)?,
        encoding: args.encoding.clone().or_else(|| config.inputs.encoding.clone()),
        delimiter,
        columns: config
            .columns
            .iter()
            .flat_map(|(kind, fields)| fields.iter().map(|(field, heading)| (*kind, field.clone(), heading.text.clone())))
            .collect(),
        words: vocabularies,
        missed: config.outcome.missed.as_ref().map(|t| t.text.clone()),
        currency: config.money.currency.clone(),
        calendar,
        as_of,
        leaders_sell: config.people.leaders_sell,
        credit: config.credit.deals.as_ref().map(|list| list.iter().map(share).collect()),
        extras,
        meter: progress.loading(),
    })
}

/// What `--delimiter` says.
pub(in crate::commands) fn delimiter(text: &str) -> Result<u8, Failure> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] => Ok(*one),
        _ => Err(Diagnostic::error(Code::ConfigValue, format!("--delimiter takes one character or tab, and not '{text}'")).into()),
    }
}

/// The share of a further owner in millionths.
fn share((heading, share): &(Text, Decimal)) -> crm::Share {
    (heading.text.clone(), (share * Decimal::from(1_000_000)).round().to_u32().unwrap_or(0))
}

/// Whether what the user says about the files are words that the reader knows: said once, and not for each file.
fn known(args: &Inputs, config: &Config) -> Result<(), Failure> {
    let mut problems = Vec::new();
    let mut say = |what: &str, at: Location, near: Option<String>| {
        let said = Diagnostic::error(Code::ConfigValue, what).at(at);
        problems.push(match near {
            Some(hint) => said.hint(hint),
            None => said,
        });
    };
    if let Some(label) = &args.encoding
        && encoding_rs::Encoding::for_label(label.trim().as_bytes()).is_none()
    {
        let hint = "such as utf-8, windows-1252, iso-8859-15, utf-16le, shift_jis".to_owned();
        say(&format!("'{label}' is no encoding"), Location::file("--encoding"), Some(hint));
    }
    for (kind, fields) in &config.columns {
        for (name, heading) in fields.iter().filter(|(name, _)| crm::field::find(*kind, name).is_none()) {
            let near = crm::preset::nearest(name, crm::field::fields(*kind).iter().map(|f| f.name));
            let said = Diagnostic::error(Code::ConfigKey, format!("[columns.{}] has no field '{name}'", kind.name()));
            let said = said.at(heading.at.clone());
            problems.push(match near {
                Some(near) => said.hint(format!("did you mean '{near}'?")),
                None => said,
            });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(Failure(problems)) }
}

/// What the derivations need to know of options and config.
pub(super) fn facts_settings(config: &Config, money: &Money, as_of: Day, through: Option<Day>) -> facts::Settings {
    facts::Settings {
        as_of,
        through,
        blank: config.outcome.blank.map(|blank| match blank {
            config::Blank::Held => facts::Blank::Held,
            config::Blank::Unknown => facts::Blank::Unknown,
        }),
        minutes: config.minutes.iter().map(|(kind, minutes)| ((*kind).to_owned(), i64::from(*minutes))).collect(),
        count_each: config.credit.each,
        currency: money.currency.clone(),
        rates: money.rates.as_ref().map(|file| file.rates.clone()),
        stages: config.stages.iter().map(|stage| crm::fold::fold(stage)).collect(),
    }
}
