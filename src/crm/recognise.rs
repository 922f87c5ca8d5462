//! Which table of which CRM a file is, by its headings.
//!
//! Every table of every preset is held against the headings. A table is possible when all that it needs is there and nothing that rules it
//! out. Each heading weighs the less, the more sorts of table list it: `Name` says little, `StartDateTime` says all. The heaviest possible
//! table is taken; two of unlike sort that weigh about the same are refused, unless the file's name settles it.

mod held;
mod said;

use held::{Held, HeldTable, listing_kinds};
pub(super) use said::listed;
use said::{ambiguous, refusal, unrecognised, why, wrong_table};

use super::field;
use super::fold::fold;
use super::preset::{Close, Heading, Plain, Preset, Shape, Table, Zone, nearest};
use crate::diagnostic::{Code, Diagnostic};
use crate::table::Kind;

/// What the user has said about a file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pinned<'a> {
    /// Its table (`--activities FILE`).
    pub table: Option<Kind>,
    /// The preset (`--crm NAME`).
    pub crm: Option<&'a str>,
    /// Headings of tables (`[columns.<table>] field = "heading"`).
    pub columns: &'a [(Kind, String, String)],
}

/// What a file is.
#[derive(Debug)]
pub struct Recognised {
    /// The preset's name.
    pub preset: String,
    /// What the CRM calls the table.
    pub object: String,
    /// What its rows are.
    pub shape: Shape,
    /// The fields that it fills, each with the place of its heading, in the file's order.
    pub columns: Vec<(&'static str, usize)>,
    /// More headings for fields already filled, in order of preference.
    pub also: Vec<(&'static str, usize)>,
    /// Places of headings that fill nothing.
    pub ignored: Vec<usize>,
    /// Fields with the same text in every row.
    pub constant: Vec<(&'static str, String)>,
    /// What its cells need before they are understood.
    pub(super) plain: Plain,
    /// In which zone its times without an offset are written.
    pub zone: Zone,
    /// Its close dates.
    pub close: Close,
    /// A second table that the same rows fill, with its columns: a roster's quotas.
    pub also_fills: Option<(Kind, Vec<(&'static str, usize)>)>,
    /// Columns that say when the record entered a stage, with the stage's name as the heading has it.
    pub entered: Vec<(String, usize)>,
    /// Why it was taken for that, in one sentence.
    pub why: String,
    /// What is odd about the user's own columns.
    pub diagnostics: Vec<Diagnostic>,
}

impl Recognised {
    /// The place of the heading that fills a field.
    pub fn column(&self, field: &str) -> Option<usize> {
        self.columns.iter().find(|(name, _)| *name == field).map(|(_, at)| *at)
    }
}

/// Why a file was not recognised; its place is for the caller to add.
#[derive(Debug)]
pub struct Refusal(pub Box<Diagnostic>);

/// Weights within this share of the heaviest are too near to choose by.
const NEAR: f64 = 0.8;

/// A CRM's own table is taken before the common one from this share of its weight on.
const MOST: f64 = 0.6;

/// A table whose weight is below this share of the heaviest is not what its user says it is.
const FAR: f64 = 0.5;

/// Recognises a file by its headings.
///
/// # Errors
/// `ambiguous-table` when two tables fit alike, `unrecognised-headings` when none does, `wrong-table` when the pinned table is not what
/// the headings say, `config-value` for a pinned preset that is not there.
pub fn recognise(headings: &[String], file_name: &str, presets: &[Preset], pinned: Pinned<'_>) -> Result<Recognised, Refusal> {
    if let Some(crm) = pinned.crm
        && !presets.iter().any(|p| p.name == crm)
    {
        let names: Vec<_> = presets.iter().map(|p| p.name.as_str()).collect();
        let diagnostic = Diagnostic::error(Code::ConfigValue, format!("no preset is named `{crm}`"));
        return Err(refusal(match nearest(crm, names.iter().copied()) {
            Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
            None => diagnostic.hint(format!("there are {}", listed(&names, "and"))),
        }));
    }
    let own = Own::new(headings, pinned.columns);
    let headings: Vec<Heading> = headings.iter().map(|h| Heading::new(h)).collect();
    let held: Vec<Held<'_>> = presets.iter().map(|preset| Held::new(preset, &headings)).collect();
    let kinds = listing_kinds(&headings, &held, &own);
    let mut fits = Vec::with_capacity(held.iter().map(|held| held.tables.len()).sum());
    for held in &held {
        fits.extend(held.tables.iter().map(|table| Fit::new(held, table, &headings, &kinds, &own, pinned.crm)));
    }
    keep_pinned_crm(&mut fits, pinned.crm);
    let best = choose(&fits, &headings, file_name, pinned.table)?;
    Ok(describe(best, &headings, presets, own))
}

/// The headings that the user has named.
struct Own {
    columns: Vec<(Kind, &'static str, usize)>,
    diagnostics: Vec<Diagnostic>,
}

impl Own {
    fn new(headings: &[String], columns: &[(Kind, String, String)]) -> Self {
        let mut own = Self { columns: Vec::new(), diagnostics: Vec::new() };
        for (kind, name, heading) in columns {
            let table = kind.name();
            let Some(field) = field::find(*kind, name) else {
                let message = format!("`[columns.{table}]` has no field `{name}`");
                let diagnostic = Diagnostic::error(Code::ConfigKey, message);
                let known = field::fields(*kind).iter().map(|f| f.name);
                own.diagnostics.push(match nearest(name, known) {
                    Some(near) => diagnostic.hint(format!("did you mean `{near}`?")),
                    None => diagnostic,
                });
                continue;
            };
            let wanted = fold(heading);
            let exact = headings.iter().position(|h| h.trim() == heading.trim());
            if let Some(at) = exact.or_else(|| headings.iter().position(|h| fold(h) == wanted)) {
                own.columns.push((*kind, field.name, at));
            }
        }
        own
    }

    fn field(&self, table: &Table, at: usize) -> Option<&'static str> {
        let Shape::Records(kind) = table.shape else { return None };
        self.columns.iter().find(|(k, _, a)| *k == kind && *a == at).map(|(_, name, _)| *name)
    }
}

fn bit(kind: Kind) -> u16 {
    Kind::ALL.iter().position(|k| *k == kind).map_or(0, |at| 1 << at)
}

/// How well a table fits.
struct Fit<'a> {
    preset: &'a Preset,
    table: &'a Table,
    /// Per heading: the field that it fills and its place in the order of preference.
    slots: Vec<Option<(&'static str, usize)>>,
    /// How many headings are the table's own or its CRM's.
    known: usize,
    weight: f64,
    /// Places of headings that no other kind of table lists.
    only_here: Vec<usize>,
    /// Whether a row says of itself that it is of this table, so that columns of other tables are only carried along.
    says_so: bool,
    /// What it needs and has not.
    lacks: Vec<&'a str>,
    possible: bool,
}

impl<'a> Fit<'a> {
    fn new(held: &Held<'a>, at_table: &HeldTable<'a>, headings: &[Heading], kinds: &[u16], own: &Own, crm: Option<&str>) -> Self {
        let (preset, HeldTable { table, slots, lists }) = (held.preset, at_table);
        let kind = table.shape.table();
        let records = matches!(table.shape, Shape::Records(_));
        let mut fit = Self {
            preset,
            table,
            slots: Vec::with_capacity(headings.len()),
            known: 0,
            weight: 0.0,
            only_here: Vec::new(),
            says_so: false,
            lacks: Vec::new(),
            possible: false,
        };
        let (mut signed, mut vouched, mut core) = (0, 0, false);
        for (at, (heading, bits)) in headings.iter().zip(kinds).enumerate() {
            let slot = match own.field(table, at) {
                Some(name) => Some((name, 0)),
                // A heading that the user has given to one field fills no other.
                None if records && own.columns.iter().any(|(k, _, a)| *k == kind && *a == at) => None,
                None => slots[at].map(|(field, rank)| (field.name, rank + 1)),
            };
            let is_listed = slot.is_some() || lists[at];
            if is_listed || held.known[at] || table.knows(heading) {
                fit.known += 1;
            }
            if table.signed_by(heading) {
                signed += 1;
                fit.weight += 1.0;
            } else if held.signed[at] {
                vouched += 1;
                fit.weight += 0.25;
            }
            if is_listed {
                fit.weight += 1.0 / f64::from((bits | if records { bit(kind) } else { 0 }).count_ones().max(1));
                if records && *bits == bit(kind) {
                    fit.only_here.push(at);
                    core |= slot.is_some_and(|(name, _)| field::find(kind, name).is_some_and(|f| f.core));
                }
            }
            fit.slots.push(slot);
        }
        fit.says_so = records && (kind == Kind::People || core && fit.only_here.len() >= 2);
        let filled = |name: &str| fit.slots.iter().flatten().any(|(n, _)| *n == name) || table.constant.iter().any(|(n, _)| *n == name);
        fit.lacks = table.needs.iter().filter(|need| !need.any.iter().any(|name| filled(name))).map(|need| need.says.as_str()).collect();
        let share = fit.known as f64 / headings.len().max(1) as f64;
        // A table that outdoes all others needs evidence of its own.
        let loose = records && !table.outright;
        let named = crm == Some(preset.name.as_str());
        fit.possible = fit.lacks.is_empty()
            && fit.weight > 0.0
            && !headings.iter().any(|h| table.excluded_by(h))
            && (signed > 0 || preset.common && !table.is_signed() || loose && (vouched > 0 || named && share >= 0.5))
            && (share >= table.share || fit.only_here.len() >= 3);
        fit
    }

    fn kind(&self) -> Kind {
        self.table.shape.table()
    }

    fn filled(&self) -> usize {
        self.slots.iter().flatten().count()
    }

    /// What it is, for the reader: `Salesforce Event`, `an activities table`.
    fn title(&self) -> String {
        if self.preset.common {
            match self.table.shape {
                Shape::Records(kind) => format!("a table of {}", kind.name()),
                _ => format!("a list of {}", self.table.name),
            }
        } else {
            format!("{} {}", self.preset.label, self.table.name)
        }
    }
}

/// With a preset named, its tables come before all others; only where none of them is possible may the common ones stand in.
fn keep_pinned_crm(fits: &mut [Fit<'_>], crm: Option<&str>) {
    let Some(crm) = crm else { return };
    let any = fits.iter().any(|fit| fit.possible && fit.preset.name == crm);
    for fit in fits {
        fit.possible &= fit.preset.name == crm || !any && fit.preset.common;
    }
}

fn choose<'f, 'a>(fits: &'f [Fit<'a>], headings: &[Heading], file_name: &str, pinned: Option<Kind>) -> Result<&'f Fit<'a>, Refusal> {
    let mut possible: Vec<&'f Fit<'a>> = fits.iter().filter(|fit| fit.possible).collect();
    if possible.iter().any(|fit| fit.table.outright) {
        possible.retain(|fit| fit.table.outright);
    }
    let carried: Vec<Kind> = possible.iter().filter(|fit| fit.says_so).flat_map(|fit| field::carries(fit.kind())).copied().collect();
    let mut ranked = possible.clone();
    ranked.retain(|fit| !(matches!(fit.table.shape, Shape::Records(_)) && carried.contains(&fit.kind())));
    let by_weight = |a: &&Fit<'_>, b: &&Fit<'_>| b.weight.total_cmp(&a.weight).then(b.filled().cmp(&a.filled()));
    ranked.sort_by(by_weight);
    possible.sort_by(by_weight);
    let Some(best) = ranked.first().copied() else {
        return Err(unrecognised(fits, headings, pinned));
    };
    let settle = |fit| of_the_name(of_a_crm(fit, &ranked), &ranked, file_name);
    let best = settle(best);
    if let Some(kind) = pinned {
        let given = ranked.iter().chain(&possible).find(|fit| fit.kind() == kind).map(|fit| settle(fit));
        // Of tables that weigh alike the user is asked to say which, and must be able to.
        let asked = |fit: &Fit<'_>| fit.weight >= best.weight * NEAR;
        let outdone =
            best.kind() != kind && given.is_none_or(|fit| fit.weight < best.weight * FAR || !fit.says_so && best.says_so && !asked(fit));
        return given.filter(|_| !outdone).ok_or_else(|| wrong_table(kind, best, headings));
    }
    let mut rivals = vec![best];
    let heaviest = ranked.first().map_or(0.0, |fit| fit.weight);
    for fit in ranked.iter().copied().filter(|fit| fit.weight >= heaviest * NEAR) {
        if !rivals.iter().any(|rival| rival.table.shape == fit.table.shape) {
            rivals.push(fit);
        }
    }
    let hints = hints(file_name);
    let mut hinted = rivals.iter().filter(|fit| hints.contains(&fit.kind()));
    match (rivals.len(), hinted.next(), hinted.next()) {
        (1, ..) => Ok(best),
        (_, Some(only), None) => Ok(of_a_crm(only, &possible)),
        _ => Err(ambiguous(&rivals, headings)),
    }
}

/// The same table as a CRM has it, where there is evidence of the CRM: headings that only the common table has are columns that somebody
/// has added, and it fills them all the same.
fn of_a_crm<'f, 'a>(best: &'f Fit<'a>, ranked: &[&'f Fit<'a>]) -> &'f Fit<'a> {
    let own = |fit: &&&Fit<'_>| !fit.preset.common && fit.table.shape == best.table.shape && fit.weight >= best.weight * MOST;
    if best.preset.common { ranked.iter().find(own).copied().unwrap_or(best) } else { best }
}

/// Of a CRM's tables of the same sort, such as meetings and calls with the same columns, that which the file is named after.
fn of_the_name<'f, 'a>(best: &'f Fit<'a>, ranked: &[&'f Fit<'a>], file_name: &str) -> &'f Fit<'a> {
    let plain = |word: &str| word.trim_end_matches('s').to_owned();
    let alike =
        |fit: &Fit<'_>| fit.preset.name == best.preset.name && fit.table.shape == best.table.shape && fit.weight >= best.weight * NEAR;
    let named = |words: Vec<String>| {
        let named = |fit: &Fit<'_>| words.iter().any(|word| plain(word) == plain(&fit.table.name.to_lowercase()));
        if named(best) { Some(best) } else { ranked.iter().copied().find(|fit| alike(fit) && named(fit)) }
    };
    file_names(file_name).map(super::fold::tokens).find_map(named).unwrap_or(best)
}

/// The name of a table's file without its folders, and behind it, for a sheet that may be called anything, that of its workbook.
fn file_names(path: &str) -> impl Iterator<Item = &str> {
    let mut parts = path.rsplit(['/', '\\']);
    let last = parts.next().unwrap_or(path);
    let holder = parts.next().filter(|part| {
        let end = part.rsplit_once('.').map_or("", |(_, end)| end).to_lowercase();
        matches!(end.as_str(), "xlsx" | "xlsm" | "xlsb" | "xls" | "ods" | "zip" | "gz")
    });
    std::iter::once(last).chain(holder)
}

/// The tables that a file's name speaks of.
fn hints(file_name: &str) -> Vec<Kind> {
    const NAMES: &[(Kind, &[&str])] = &[
        (
            Kind::Activities,
            &[
                "activity",
                "activities",
                "task",
                "tasks",
                "event",
                "events",
                "meeting",
                "meetings",
                "call",
                "calls",
                "engagement",
                "engagements",
                "appointments",
                "aktivitaten",
                "aktivitaeten",
                "termine",
                "besuche",
                "anrufe",
                "activites",
                "visites",
                "reunions",
                "actividades",
                "visitas",
                "reuniones",
                "atividades",
                "reunioes",
                "tarefas",
            ],
        ),
        (
            Kind::Deals,
            &[
                "deal",
                "deals",
                "opportunity",
                "opportunities",
                "opp",
                "opps",
                "pipeline",
                "verkaufschancen",
                "affaires",
                "opportunites",
                "oportunidades",
                "negocios",
                "negociacoes",
            ],
        ),
        (
            Kind::Accounts,
            &[
                "account",
                "accounts",
                "company",
                "companies",
                "organization",
                "organizations",
                "customer",
                "customers",
                "clients",
                "kunden",
                "firmen",
                "entreprises",
                "clientes",
                "empresas",
            ],
        ),
        (Kind::Leads, &["lead", "leads"]),
        (
            Kind::People,
            &[
                "people",
                "user",
                "users",
                "owner",
                "owners",
                "rep",
                "reps",
                "roster",
                "staff",
                "employees",
                "mitarbeiter",
                "vertreter",
                "commerciaux",
                "vendedores",
                "usuarios",
            ],
        ),
        (Kind::Targets, &["target", "targets", "quota", "quotas", "goal", "goals", "ziele", "objectifs", "objetivos", "metas", "cuotas"]),
        (Kind::Commitments, &["commitment", "commitments"]),
        (Kind::Stages, &["stages", "history", "transitions", "changes"]),
        (
            Kind::Absences,
            &[
                "absence",
                "absences",
                "vacation",
                "vacations",
                "leave",
                "leaves",
                "pto",
                "holidays",
                "abwesenheiten",
                "urlaub",
                "conges",
                "ausencias",
                "ferias",
            ],
        ),
    ];
    let hints = |words: Vec<String>| -> Vec<Kind> {
        NAMES.iter().filter(|(_, names)| words.iter().any(|w| names.contains(&w.as_str()))).map(|(kind, _)| *kind).collect()
    };
    file_names(file_name).map(super::fold::tokens).map(hints).find(|found| !found.is_empty()).unwrap_or_default()
}

fn describe(fit: &Fit<'_>, headings: &[Heading], presets: &[Preset], own: Own) -> Recognised {
    let mut slots = fit.slots.clone();
    let kind = fit.kind();
    if let Shape::Records(_) = fit.table.shape
        && !fit.preset.common
    {
        let spare = presets.iter().filter(|p| p.common).flat_map(|p| &p.tables).find(|t| t.shape == fit.table.shape);
        fill_from(&mut slots, spare, fit, headings);
    }
    let mut order: Vec<(usize, &'static str, usize)> =
        slots.iter().enumerate().filter_map(|(at, slot)| slot.map(|(name, rank)| (rank, name, at))).collect();
    order.sort_unstable_by_key(|(rank, _, at)| (*rank, *at));
    let (mut columns, mut also) = (Vec::<(&'static str, usize)>::new(), Vec::new());
    for (_, name, at) in order {
        if columns.iter().any(|(n, _)| *n == name) {
            also.push((name, at));
        } else {
            columns.push((name, at));
        }
    }
    columns.sort_unstable_by_key(|(_, at)| *at);
    let entered = entered(&slots, fit.table, headings);
    let is_entered = |at: &usize| entered.iter().any(|(_, a)| a == at);
    let ignored = slots.iter().enumerate().filter(|(_, slot)| slot.is_none()).map(|(at, _)| at).filter(|at| !is_entered(at)).collect();
    let also_fills = if fit.table.shape == Shape::Records(Kind::People) { quotas(headings, presets, &columns) } else { None };
    let warehouse = |heading: &Heading| fit.preset.in_utc(heading) || presets.iter().any(|p| p.common && p.in_utc(heading));
    let zone = if headings.iter().any(warehouse) { Zone::Utc } else { fit.table.zone };
    let is_filled = |name: &str| columns.iter().any(|(n, _)| *n == name);
    Recognised {
        preset: fit.preset.name.clone(),
        object: fit.table.name.clone(),
        shape: fit.table.shape,
        constant: fit.table.constant.iter().filter(|(name, _)| !is_filled(name)).cloned().collect(),
        plain: fit.table.plain.clone(),
        zone,
        close: fit.table.close,
        why: why(fit, headings, also_fills.as_ref(), &entered),
        entered,
        also_fills,
        diagnostics: own.diagnostics,
        columns,
        also,
        ignored: if kind == Kind::People { without_quotas(ignored, headings, presets) } else { ignored },
    }
}

/// The columns that say when a record entered a stage; what names no stage but the one of the day does not.
fn entered(slots: &[Option<(&'static str, usize)>], table: &Table, headings: &[Heading]) -> Vec<(String, usize)> {
    let stage = |heading: &Heading| {
        let before =
            table.entered.iter().find(|before| heading.text.get(..before.len()).is_some_and(|t| t.eq_ignore_ascii_case(before)))?;
        let stage = heading.text.get(before.len()..)?.trim_matches(|c: char| c.is_whitespace() || QUOTES.contains(&c));
        (!stage.is_empty() && fold(stage) != "currentstage").then(|| stage.to_owned())
    };
    let free = slots.iter().zip(headings).enumerate().filter(|(_, (slot, _))| slot.is_none());
    free.filter_map(|(at, (_, heading))| Some((stage(heading)?, at))).collect()
}

/// Quotation marks as exports spell them.
const QUOTES: [char; 9] = ['"', '\'', '\u{201c}', '\u{201d}', '\u{201e}', '\u{2018}', '\u{2019}', '\u{ab}', '\u{bb}'];

/// Gives fields that a CRM's own table leaves empty the headings that the common table has for them.
fn fill_from(slots: &mut [Option<(&'static str, usize)>], spare: Option<&Table>, fit: &Fit<'_>, headings: &[Heading]) {
    let Some(spare) = spare else { return };
    let filled: Vec<&str> = slots.iter().flatten().map(|(name, _)| *name).collect();
    for (slot, heading) in slots.iter_mut().zip(headings) {
        if slot.is_none() && !fit.table.knows(heading) && !fit.preset.knows(heading) {
            *slot = spare.slot(heading).filter(|(field, _)| !filled.contains(&field.name)).map(|(field, rank)| (field.name, rank + 1));
        }
    }
}

/// The quotas that a roster holds beside its people, as columns of targets.
fn quotas(headings: &[Heading], presets: &[Preset], people: &[(&'static str, usize)]) -> Option<(Kind, Vec<(&'static str, usize)>)> {
    let mut columns = quota_columns(headings, presets);
    if columns.is_empty() {
        return None;
    }
    for (from, to) in [("id", "owner_id"), ("name", "name"), ("email", "owner_email")] {
        columns.extend(people.iter().filter(|(name, _)| *name == from).map(|(_, at)| (to, *at)));
    }
    columns.sort_unstable_by_key(|(_, at)| *at);
    Some((Kind::Targets, columns))
}

fn quota_columns(headings: &[Heading], presets: &[Preset]) -> Vec<(&'static str, usize)> {
    let common = presets.iter().filter(|p| p.common).flat_map(|p| &p.tables).find(|t| t.shape == Shape::Records(Kind::Targets));
    let Some(targets) = common else { return Vec::new() };
    let mut columns: Vec<(&'static str, usize)> = Vec::new();
    for (at, heading) in headings.iter().enumerate() {
        if let Some((field, _)) = targets.slot(heading).filter(|(field, _)| field.core || field.name == "currency")
            && !columns.iter().any(|(name, _)| *name == field.name)
        {
            columns.push((field.name, at));
        }
    }
    if columns.iter().all(|(name, _)| *name == "currency") { Vec::new() } else { columns }
}

fn without_quotas(mut ignored: Vec<usize>, headings: &[Heading], presets: &[Preset]) -> Vec<usize> {
    let quotas = quota_columns(headings, presets);
    ignored.retain(|at| !quotas.iter().any(|(_, a)| a == at));
    ignored
}

#[cfg(test)]
mod tests;
