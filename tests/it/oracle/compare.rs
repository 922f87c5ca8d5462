//! Runs the program and compares every cell with the naive values.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use assert_cmd::Command;
use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::measures::{AS_OF_THE_END, LAGS, LEADS, complete, unit, want};
use super::world::World;
use super::{Want, Week, Who};
use crate::generate::{Company, Exports, Shape, generate};

/// One row of the tidy output.
#[derive(Debug, Clone)]
pub(crate) struct Got {
    pub(crate) level: String,
    pub(crate) name: String,
    pub(crate) team: String,
    pub(crate) period: String,
    pub(crate) start: Date,
    pub(crate) end: Date,
    pub(crate) complete: String,
    pub(crate) role: String,
    pub(crate) measure: String,
    pub(crate) unit: String,
    pub(crate) value: String,
    pub(crate) missing: String,
    pub(crate) previous: String,
}

/// A company on disk, and what was asked of it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) company: Company,
    pub(super) exports: Exports,
    pub(super) as_of: Date,
    /// Measures that the rules don't decide here.
    pub(super) undecided: Vec<&'static str>,
}

impl Case {
    pub(super) fn new(company: Company) -> Self {
        let exports = generate(&company);
        let as_of = exports.as_of;
        Self { company, exports, as_of, undecided: Vec::new() }
    }

    pub(super) fn weeks(&self) -> Vec<Week> {
        (0..=self.company.weeks as i64)
            .map(|w| {
                let start = self.exports.first + w.weeks();
                Week { start, end: start + 6.days() }
            })
            .filter(|w| w.start <= self.as_of)
            .collect()
    }

    pub(super) fn world(&self) -> World {
        let files: Vec<(String, String)> = self.exports.sheets.iter().map(|s| (s.name.clone(), s.text())).collect();
        World::read(&files, self.as_of, self.company.zone)
    }

    /// What the program prints for these exports.
    pub(super) fn print(&self, exports: &Exports, format: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        self.print_in(folder.path(), exports, format)
    }

    fn print_in(&self, folder: &Path, exports: &Exports, format: &str) -> String {
        let inside = folder.join("exports");
        std::fs::create_dir(&inside).unwrap();
        exports.write(&inside);
        let config =
            format!("[calendar]\nweek_starts = \"monday\"\ntime_zone = \"{}\"\n\n[money]\ncurrency = \"USD\"\n", self.company.zone);
        std::fs::write(folder.join("leadlag.toml"), config).unwrap();
        let weeks = self.weeks();
        let output = Command::new(env!("CARGO_BIN_EXE_leadlag"))
            .current_dir(folder)
            .args(["report", "exports", "--period", "week", "--format", format, "-q"])
            .args(["--as-of", &self.as_of.to_string()])
            .args(["--from", &weeks[0].start.to_string(), "--to", &weeks[weeks.len() - 1].end.to_string()])
            .args(["--leads", &LEADS.join(","), "--lags", &LAGS.join(",")])
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{}\n{errors}", output.status);
        String::from_utf8(output.stdout).unwrap()
    }
}

pub(crate) fn parse(text: &str) -> Vec<Got> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let headings = reader.headers().unwrap().clone();
    let column = |name: &str| headings.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name} in {headings:?}"));
    let columns = [
        "level",
        "name",
        "team",
        "period",
        "period_start",
        "period_end",
        "complete",
        "role",
        "measure",
        "unit",
        "value",
        "missing",
        "previous",
    ]
    .map(column);
    let text = |row: &csv::StringRecord, i: usize| row.get(columns[i]).unwrap_or_default().to_owned();
    reader
        .records()
        .map(|row| {
            let row = row.unwrap();
            Got {
                level: text(&row, 0),
                name: text(&row, 1),
                team: text(&row, 2),
                period: text(&row, 3),
                start: text(&row, 4).parse().unwrap(),
                end: text(&row, 5).parse().unwrap(),
                complete: text(&row, 6),
                role: text(&row, 7),
                measure: text(&row, 8),
                unit: text(&row, 9),
                value: text(&row, 10),
                missing: text(&row, 11),
                previous: text(&row, 12),
            }
        })
        .collect()
}

pub(crate) fn agrees(want: &Want, value: &str, missing: &str) -> bool {
    let known = value.parse::<Decimal>().ok();
    match want {
        Want::Number(n) => known == Some(*n) && missing.is_empty(),
        Want::Near(x, distance) => missing.is_empty() && known.and_then(|k| k.to_f64()).is_some_and(|k| (k - x).abs() <= *distance),
        Want::Missing(reasons) => value.is_empty() && !missing.is_empty() && (reasons.is_empty() || reasons.contains(&missing)),
        Want::Either(some) => some.iter().any(|w| agrees(w, value, missing)),
        Want::Any => true,
    }
}

/// How a wanted value reads in a list of disagreements.
pub(crate) fn spell(want: &Want) -> String {
    match want {
        Want::Number(n) => n.to_string(),
        Want::Near(x, _) => format!("{x:.4}"),
        Want::Missing([]) => "missing".to_owned(),
        Want::Missing(reasons) => reasons.join(" or "),
        Want::Either(some) => some.iter().map(spell).collect::<Vec<_>>().join(" or "),
        Want::Any => "anything".to_owned(),
    }
}

fn who(got: &Got) -> Who {
    match got.level.as_str() {
        "all" => Who::All,
        "team" => Who::Team(got.name.clone()),
        _ => Who::Owner(if got.name == "(no owner)" { String::new() } else { got.name.clone() }),
    }
}

/// Every entity that must have a row in that week, with its name as printed.
fn expected(world: &World, week: Week) -> BTreeMap<(u8, String), Who> {
    let mut all = BTreeMap::from([((0, String::new()), Who::All)]);
    for stay in &world.people {
        if stay.from.is_none_or(|f| f <= week.end) && stay.to.is_none_or(|t| week.start <= t) {
            all.insert((2, stay.name.clone()), Who::Owner(stay.name.clone()));
            if !stay.leader {
                all.insert((1, stay.team.clone()), Who::Team(stay.team.clone()));
            }
        }
    }
    let nobody = Who::Owner(String::new());
    if number_somewhere(world, &nobody, week) {
        all.insert((2, "(no owner)".to_owned()), nobody);
    }
    all
}

fn number_somewhere(world: &World, who: &Who, week: Week) -> bool {
    ["customer_meetings", "conversations", "proposals", "deals_created", "deals_won"]
        .iter()
        .any(|m| matches!(want(world, who, week, m), Want::Number(n) if n > Decimal::ZERO))
}

/// All disagreements, one line each.
pub(super) fn differences(case: &Case, rows: &[Got]) -> Vec<String> {
    let world = case.world();
    let mut out = Vec::new();
    let mut seen = BTreeSet::new();
    let expected: BTreeMap<Week, BTreeMap<(u8, String), Who>> = case.weeks().into_iter().map(|w| (w, expected(&world, w))).collect();
    for got in rows {
        let key = (got.level.clone(), got.name.clone(), got.start, got.measure.clone());
        let at = format!("{} {:?} {} {}", got.level, got.name, got.period, got.measure);
        if !seen.insert(key) {
            out.push(format!("{at}: printed twice"));
        }
        let week = Week { start: got.start, end: got.end };
        let Some(expected) = expected.get(&week) else {
            out.push(format!("{at}: a period not asked for"));
            continue;
        };
        let iso = got.start.iso_week_date();
        let label = format!("{}-W{:02}", iso.year(), iso.week());
        if got.period != label {
            out.push(format!("{at}: expected the period's name {label}"));
        }
        let role = if LEADS.contains(&got.measure.as_str()) { "lead" } else { "lag" };
        // Whether what is known as of the period's end leads or lags, no page says.
        if got.role != role && !AS_OF_THE_END.contains(&got.measure.as_str()) {
            out.push(format!("{at}: expected the role {role}, got {}", got.role));
        }
        let moneyless = got.value.is_empty() && unit(&got.measure) == "USD";
        if got.unit != unit(&got.measure) && !moneyless {
            out.push(format!("{at}: expected the unit {}, got {}", unit(&got.measure), got.unit));
        }
        if case.undecided.contains(&got.measure.as_str()) {
            continue;
        }
        let who = who(got);
        let is_complete = complete(&world, &got.measure, week);
        if got.complete != is_complete.to_string() {
            out.push(format!("{at}: expected complete = {is_complete}, got {}", got.complete));
        }
        let here = expected.values().any(|w| *w == who);
        if let Who::Owner(name) = &who
            && here
        {
            let (first, last) = (world.team_of(name, week.start), world.team_of(name, week.end));
            if first == last && got.team != first.clone().unwrap_or_default() {
                out.push(format!("{at}: expected the team {first:?}, got {:?}", got.team));
            }
        }
        let want = want(&world, &who, week, &got.measure);
        // Before somebody comes and after they leave there is nothing to count, and no page says how that is written.
        if !agrees(&want, &got.value, &got.missing) && (here || got.missing.is_empty()) {
            out.push(format!("{at}: expected {}, got {}{}", spell(&want), got.value, got.missing));
        }
    }
    for (week, expected) in &expected {
        for (level, name) in expected.keys() {
            let level = ["all", "team", "owner"][usize::from(*level)].to_owned();
            for measure in LEADS.iter().chain(&LAGS) {
                if !seen.contains(&(level.clone(), name.clone(), week.start, (*measure).to_owned())) {
                    out.push(format!("{level} {name:?} week of {} {measure}: not printed", week.start));
                }
            }
        }
    }
    previous(rows, &mut out);
    order(rows, &mut out);
    out
}

/// "`previous`: the value of the period before; empty when there is none or it is not complete."
fn previous(rows: &[Got], out: &mut Vec<String>) {
    let by_key: BTreeMap<_, _> = rows.iter().map(|g| ((&g.level, &g.name, &g.measure, g.start), g)).collect();
    for got in rows {
        if let Some(before) = by_key.get(&(&got.level, &got.name, &got.measure, got.start - 7.days())) {
            let should = if before.complete == "true" { before.value.as_str() } else { "" };
            if got.previous != should {
                out.push(format!(
                    "{} {:?} {} {}: expected previous = {should}, got {}",
                    got.level, got.name, got.period, got.measure, got.previous
                ));
            }
        }
    }
}

/// "Ordered by level (all, team, owner), name, period, measure order."
fn order(rows: &[Got], out: &mut Vec<String>) {
    let key = |g: &Got| {
        let level = ["all", "team", "owner"].iter().position(|l| *l == g.level);
        let measure = LEADS.iter().chain(&LAGS).position(|m| *m == g.measure);
        (level, if g.name == "(no owner)" { None } else { Some(g.name.clone()) }, g.start, measure)
    };
    for pair in rows.windows(2) {
        let (a, b) = (key(&pair[0]), key(&pair[1]));
        // Where `(no owner)` stands among the names is left open.
        if a.1.is_some() && b.1.is_some() && a > b {
            out.push(format!(
                "out of order: {} {:?} {} {} after {:?} {}",
                b.0.unwrap_or(9),
                pair[1].name,
                pair[1].period,
                pair[1].measure,
                pair[0].name,
                pair[0].period
            ));
        }
    }
}

fn check(case: &Case) {
    let text = case.print(&case.exports, "csv");
    let found = differences(case, &parse(&text));
    assert!(
        found.is_empty(),
        "{} disagreements
{}",
        found.len(),
        digest(&found)
    );
}

/// How many there are by measure, and the first of each.
fn digest(found: &[String]) -> String {
    let mut by_measure: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in found {
        let measure = LEADS.iter().chain(&LAGS).find(|m| line.contains(&format!(" {m}:"))).unwrap_or(&"order");
        by_measure.entry(measure).or_default().push(line);
    }
    let shown = by_measure.iter().map(|(m, lines)| {
        format!(
            "{m}: {}
    {}",
            lines.len(),
            lines[..lines.len().min(4)].join(
                "
    "
            )
        )
    });
    shown.collect::<Vec<_>>().join(
        "
",
    )
}

pub(super) fn company(seed: u64, shape: Shape) -> Company {
    Company { seed, shape, people: 10, weeks: 28, rows: 2000, history_months: 30, silent_weeks: 0, zone: "UTC" }
}

#[test]
fn salesforce_exports_count_as_the_naive_loops_do() {
    check(&Case::new(company(1, Shape::Salesforce)));
}

#[test]
fn instants_move_to_the_zone_of_the_report() {
    check(&Case::new(Company { zone: "America/Chicago", weeks: 14, rows: 1100, ..company(2, Shape::Salesforce) }));
}

#[test]
fn generic_exports_count_as_the_naive_loops_do() {
    check(&Case::new(Company { weeks: 20, rows: 1600, ..company(3, Shape::Generic { times: true }) }));
}

#[test]
fn dates_without_time_merge_nothing_and_young_deals_know_no_new_customers() {
    let company = Company { history_months: 6, weeks: 14, people: 12, rows: 1100, ..company(4, Shape::Generic { times: false }) };
    check(&Case::new(company));
}

#[test]
fn activities_that_end_early_are_missing_and_never_zero() {
    let company = Company { silent_weeks: 6, weeks: 20, rows: 1200, ..company(5, Shape::Generic { times: true }) };
    let mut case = Case::new(company);
    // Without activities nobody knows what is booked, or whether a deal is stale.
    case.undecided = vec!["booked_next", "stale_deals"];
    check(&case);
}

#[test]
fn an_earlier_day_of_the_report_hides_what_came_later() {
    let mut case = Case::new(Company { weeks: 16, rows: 1200, ..company(6, Shape::Generic { times: true }) });
    case.as_of = case.exports.as_of - 21.days();
    // What was planned, open or created then, today's export can't tell.
    case.undecided = vec!["booked_next", "open_pipeline", "stale_deals", "deals_without_next_step", "deals_created", "pipeline_created"];
    check(&case);
}
