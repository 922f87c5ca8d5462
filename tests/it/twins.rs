//! Equal twins: one company's facts, written as every CRM writes them, in every encoding, with every delimiter, line end and container, give the
//! same tidy csv, byte for byte.
//!
//! A dialect cannot say everything: what it `lacks` are measures that its columns have no place for, and the rest must be the same. A dialect
//! that holds deals alone stands beside the plain activities, and the other way round. Each is written from what its vendor's documents and
//! public files show, never from its preset.
//!
//! `LEADLAG_TWINS=all` runs the whole product of dialects, encodings and delimiters; `LEADLAG_TWINS=zoho` the dialects of that name;
//! `LEADLAG_TWINS_KEEP=folder` writes the exports there, to look at.

mod company;
mod deals;
mod hubspot;
mod others;
mod salesforce;
pub(crate) mod spell;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use leadlag::render::{self, Style};
use leadlag::report;

use self::company::{AS_OF, Company, PEOPLE, WEEKS};
use self::spell::{Container, Encoding, Ends, Form, PLAIN, Sheet, Spelling, ZONE};
use super::program;

/// Which tables an export has; the plain ones stand in for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    Both,
    Deals,
    Activities,
}

/// One way in which a CRM writes its exports.
#[derive(Clone, Copy)]
struct Dialect {
    name: &'static str,
    sheets: fn(&Company) -> Vec<Sheet>,
    /// How dates and numbers may be written there.
    spellings: &'static [Spelling],
    holds: Holds,
    /// Measures that it cannot express.
    lacks: &'static [&'static str],
}

impl Dialect {
    const BOTH: Self = Self { name: "", sheets: words::english, spellings: &[spell::ISO], holds: Holds::Both, lacks: &[] };
}

/// Every dialect; a new one is a line in the list of its file.
fn dialects() -> Vec<Dialect> {
    [words::dialects(), salesforce::dialects(), hubspot::dialects(), others::dialects(), deals::dialects()].concat()
}

/// Dialects that are not read alike yet, and what they wait for. Each is tried all the same, and said when it could leave this list.
const PENDING: &[(&str, &str)] = &[];

/// Forms that are not read yet, and what they wait for.
const PENDING_FORMS: &[(Container, &str)] = &[];

const LEADS: [&str; 8] = [
    "customer_meetings",
    "presentations",
    "meeting_hours",
    "conversations",
    "accounts_met",
    "prospect_meetings",
    "new_prospect_meetings",
    "booked_next",
];
const LAGS: [&str; 9] = [
    "revenue",
    "deals_won",
    "deals_lost",
    "win_rate",
    "average_deal",
    "open_pipeline",
    "deals_added",
    "deals_created",
    "median_days_to_win",
];

const CONFIG: &str = r#"
[calendar]
time_zone = "America/Chicago"

[money]
currency = "USD"

[measure.meeting_hours]
role = "lead"
says = "Hours of held customer meetings"
from = "activities"
on = "day"
where = "customer_meeting AND outcome = 'held'"
value = { sum = "minutes" }

[measure.deals_lost]
role = "lag"
says = "Deals lost"
from = "deals"
on = "closed_on"
where = "state = 'lost'"
value = "count"

[measure.deals_added]
role = "lag"
says = "Deals created, of any type"
from = "deals"
on = "created_on"
value = "count"
"#;

/// The tidy csv of some files, or what keeps it from being made.
fn tidy(files: &[(String, Vec<u8>)], lacks: &[&str]) -> Result<String, String> {
    assert!(CONFIG.contains(ZONE));
    let folder = tempfile::tempdir().unwrap();
    let exports = folder.path().join("exports");
    std::fs::create_dir(&exports).unwrap();
    for (name, bytes) in files {
        std::fs::write(exports.join(name), bytes).unwrap();
    }
    let config = folder.path().join("leadlag.toml");
    std::fs::write(&config, CONFIG).unwrap();
    let shown = |all: &[&str]| all.iter().filter(|m| !lacks.contains(m)).copied().collect::<Vec<_>>().join(",");
    let as_of = AS_OF.to_string();
    let (exports, config) = (exports.display().to_string(), config.display().to_string());
    let (leads, lags) = (shown(&LEADS), shown(&LAGS));
    let args =
        [&exports, "--config", &config, "--as-of", &as_of, "--through", "2026-11-15", "--periods", "4", "--leads", &leads, "--lags", &lags];
    let said = |failure: leadlag::diagnostic::Failure| render::diagnostics(&failure.0, &Style::default(), true).replace(&exports, "");
    let (options, _) = program::options(&args);
    let plan = program::read(&args, &[]).map_err(said)?;
    let run = plan.run(&options).map_err(said)?;
    let document = report::report(&run).map_err(|problem| said(problem.into()))?;
    let bytes = (render::named("csv").unwrap().render)(&document, &Style::default()).unwrap();
    Ok(String::from_utf8(bytes).unwrap())
}

fn measure(line: &str) -> &str {
    // Names of people hold no comma, and the period of a week none either.
    line.split(',').nth(8).unwrap_or_default()
}

/// Lines that are in one csv alone, the first few of them.
fn difference(expected: &str, found: &str, lacks: &[&str]) -> Option<String> {
    let expected: String = expected.lines().filter(|l| !lacks.contains(&measure(l))).flat_map(|l| [l, "\n"]).collect();
    if expected == found {
        return None;
    }
    let mut out = String::new();
    let lines = expected.lines().filter(|l| !found.lines().any(|f| f == *l)).map(|l| ('-', l));
    let more = found.lines().filter(|l| !expected.lines().any(|e| e == *l)).map(|l| ('+', l));
    let (gone, new): (Vec<_>, Vec<_>) = (lines.collect(), more.collect());
    for (sign, line) in gone.iter().take(4).chain(new.iter().take(4)) {
        let _ = writeln!(out, "    {sign}{line}");
    }
    let mut measures: Vec<&str> = gone.iter().chain(&new).map(|(_, l)| measure(l)).collect();
    measures.sort_unstable();
    measures.dedup();
    let _ = writeln!(out, "    {} and {} lines differ, of {measures:?}", gone.len(), new.len());
    Some(out)
}

const ENCODINGS: [Encoding; 5] = [Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];
const DELIMITERS: [(char, bool); 5] = [(',', false), (';', false), ('\t', false), ('|', false), (';', true)];

/// The forms in which the dialect of a place in the list is written: over five dialects, every encoding meets every delimiter.
fn forms(place: usize, all: bool) -> Vec<Form> {
    let mut forms = vec![PLAIN];
    for (e, encoding) in ENCODINGS.iter().enumerate() {
        for (d, (delimiter, declared)) in DELIMITERS.iter().enumerate() {
            if all || d == (e + place) % DELIMITERS.len() {
                forms.push(Form {
                    encoding: *encoding,
                    delimiter: *delimiter,
                    declared: *declared,
                    ends: [Ends::Lf, Ends::CrLf, Ends::Mixed][(e + d + place) % 3],
                    quoted: (e + place).is_multiple_of(2),
                    container: Container::Plain,
                });
            }
        }
    }
    for container in [Container::Gzip, Container::Zip, Container::Workbook] {
        forms.push(Form { container, ..PLAIN });
    }
    forms
}

fn plain(sheets: &[Sheet], name: &str) -> Vec<(String, Vec<u8>)> {
    let mut sheet = sheets.iter().find(|s| s.name == name).unwrap().clone();
    sheet.name = if name == "deals" { "plain-deals" } else { "plain-activities" };
    spell::files(&[sheet], &spell::ISO, PLAIN)
}

/// Writes every dialect plainly, to look at.
fn keep(company: &Company, folder: &std::path::Path) {
    for dialect in dialects() {
        let home = folder.join(dialect.name);
        std::fs::create_dir_all(&home).unwrap();
        for (name, bytes) in spell::files(&(dialect.sheets)(company), &dialect.spellings[0], PLAIN) {
            std::fs::write(home.join(name), bytes).unwrap();
        }
    }
    std::fs::write(folder.join("leadlag.toml"), CONFIG).unwrap();
}

#[test]
fn every_dialect_tells_the_same() {
    let company = Company::new(20_261_116);
    let english = words::english(&company);
    let expected = tidy(&spell::files(&english, &spell::ISO, PLAIN), &[]).unwrap();
    if let Some(folder) = std::env::var_os("LEADLAG_TWINS_KEEP") {
        keep(&company, std::path::Path::new(&folder));
    }
    truths(&company, &expected);
    let asked = std::env::var("LEADLAG_TWINS").ok();
    let all = asked.as_deref() == Some("all");
    let dialects = dialects();
    let mut runs = Vec::new();
    for (place, dialect) in dialects.iter().enumerate() {
        if asked.as_ref().is_some_and(|a| a != "all" && !dialect.name.contains(a.as_str())) {
            continue;
        }
        for (at, form) in forms(place, all).into_iter().enumerate() {
            runs.push((*dialect, dialect.spellings[at % dialect.spellings.len()], form));
        }
        // Each spelling once without anything else.
        runs.extend(dialect.spellings.iter().skip(1).map(|spelling| (*dialect, *spelling, PLAIN)));
    }
    let found = program::each(&runs, |(dialect, spelling, form)| {
        let mut files = spell::files(&(dialect.sheets)(&company), spelling, *form);
        match dialect.holds {
            Holds::Both => {}
            Holds::Deals => files.extend(plain(&english, "activities")),
            Holds::Activities => files.extend(plain(&english, "deals")),
        }
        match tidy(&files, dialect.lacks) {
            Ok(text) => difference(&expected, &text, dialect.lacks),
            Err(said) => Some(format!("    {}", said.lines().take(6).collect::<Vec<_>>().join("\n    "))),
        }
    });
    let mut wrong = BTreeMap::<&str, (usize, String)>::new();
    let mut waiting = BTreeMap::<String, (usize, usize)>::new();
    for ((dialect, spelling, form), difference) in runs.iter().zip(found) {
        let why = PENDING.iter().find(|p| p.0 == dialect.name).map(|p| format!("{}: {}", p.0, p.1));
        let why = why.or_else(|| PENDING_FORMS.iter().find(|p| p.0 == form.container).map(|p| p.1.to_owned()));
        if let Some(why) = why {
            let (alike, other) = waiting.entry(why).or_default();
            *(if difference.is_none() { alike } else { other }) += 1;
        } else if let Some(difference) = difference {
            let (times, said) = wrong.entry(dialect.name).or_default();
            *times += 1;
            if *times <= 2 {
                let _ = writeln!(said, "  {}, {form:?}\n{difference}", spelling.name);
            }
        }
    }
    for (why, (alike, other)) in &waiting {
        eprintln!("pending: {why}: {alike} alike, {other} not{}", if *other == 0 { "; it can leave the list" } else { "" });
    }
    eprintln!("{} dialects, {} runs", dialects.len(), runs.len());
    for (name, _) in PENDING {
        assert!(dialects.iter().any(|d| d.name == *name), "{name} is no dialect");
    }
    let wrong: Vec<String> = wrong.iter().map(|(name, (times, said))| format!("{name}: {times} runs\n{said}")).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// What the plain export says is what the facts are.
fn truths(company: &Company, csv: &str) {
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let mut counted = 0;
    let mut positive = BTreeSet::new();
    for row in reader.records().map(Result::unwrap) {
        let monday: jiff::civil::Date = row[4].parse().unwrap();
        assert!(WEEKS.contains(&monday), "{row:?}");
        let owner =
            (!row[1].is_empty()).then(|| (0..PEOPLE.len()).find(|p| company::name(*p) == row[1]).unwrap_or_else(|| panic!("{row:?}")));
        let Some(truth) = company.truth(&row[8], monday, owner) else { continue };
        if &row[8] == "booked_next" && monday != WEEKS[3] {
            assert_eq!(&row[11], "not_applicable", "what was booked then, today's export does not say: {row:?}");
            continue;
        }
        let value: f64 = row[10].parse().unwrap_or_else(|_| panic!("no number: {row:?}; the facts say {truth}"));
        assert!((value - truth).abs() < 0.005 + 1e-6, "the facts say {truth}: {row:?}");
        counted += 1;
        if truth > 0.0 {
            positive.insert(row[8].to_owned());
        }
    }
    assert_eq!(counted, (1 + PEOPLE.len()) * (WEEKS.len() * 12 + 1), "numbers that the facts say too");
    assert_eq!(positive.len(), 13, "something of each: {positive:?}");
}
