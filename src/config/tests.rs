#![allow(clippy::unwrap_used, clippy::expect_used, clippy::float_cmp)]

use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::check::{Bound, Coverage, Of, Subject};
use crate::diagnostic::{Location, Place};
use crate::facts::Whose;
use crate::measure::spec::{Aggregate, Direction, Role, TeamRule, UnitKind, When, Who};
use crate::measure::{Level, Per};

mod errors;

const CONTRACT: &str = include_str!("tests/contract.toml");

fn config(text: &str) -> Config {
    load(&[Layer::file("leadlag.toml", text)]).unwrap().0
}

fn place(diagnostic: &Diagnostic) -> (u32, u32) {
    let location = diagnostic.location.as_ref().unwrap();
    let Some(Place::Position(position)) = location.column else { panic!("{location:?}") };
    (location.line.unwrap(), position)
}

/// The place of the first character of a snippet of the contract's example.
fn at(snippet: &str) -> Location {
    let byte = CONTRACT.find(snippet).unwrap();
    let line = CONTRACT[..byte].matches('\n').count() + 1;
    let column = CONTRACT[..byte].rsplit('\n').next().unwrap().chars().count() + 1;
    Location::at("leadlag.toml", u32::try_from(line).unwrap(), u32::try_from(column).unwrap())
}

fn texts(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|t| t.text.as_str()).collect()
}

#[test]
fn without_any_layer_the_defaults_hold() {
    let (config, found) = load(&[]).unwrap();
    assert!(found.is_empty());
    assert_eq!(config.report.title, "Weekly flash");
    assert_eq!(config.report.leads, None);
    assert_eq!(config.report.on_pace, 0.9);
    assert_eq!(config.report.pace_shape, PaceShape::Linear);
    assert_eq!(config.calendar.week_starts, Weekday::Mon);
    assert_eq!(config.calendar.time_zone, None);
    assert_eq!(config.calendar.fiscal_year_starts, (1, 1));
    assert_eq!(config.calendar.pattern, None);
    assert_eq!(config.calendar.workdays, Weekday::ALL[..5]);
    assert!(config.calendar.holidays.is_empty());
    assert!(!config.people.leaders_sell);
    assert_eq!(config.origin("report.on_pace").unwrap().source, Source::BuiltIn("defaults.toml".into()));
}

#[test]
fn the_example_of_the_contract_is_understood_whole() {
    let (config, found) = load(&[Layer::file("leadlag.toml", CONTRACT)]).unwrap();
    assert!(found.is_empty(), "{found:?}");

    assert_eq!(config.report.title, "Acme · weekly flash");
    assert_eq!(texts(config.report.leads.as_ref().unwrap()), ["new_prospect_meetings", "presentations", "client_hours"]);
    assert_eq!(config.report.leads.as_ref().unwrap()[1].at, at("presentations\""));
    assert_eq!(texts(config.report.lags.as_ref().unwrap()), ["revenue", "profit"]);
    assert_eq!(config.report.sections, SECTIONS);
    assert_eq!(config.report.on_pace, 0.9);
    assert_eq!(config.report.pace_shape, PaceShape::Linear);

    assert_eq!(config.calendar.week_starts, Weekday::Mon);
    assert_eq!(config.calendar.time_zone.as_deref(), Some("America/Chicago"));
    assert_eq!(config.calendar.fiscal_year_starts, (2, 1));
    assert_eq!(config.calendar.workdays, Weekday::ALL[..5]);
    // `date -d 2026-11-26 +%s` ÷ 86,400, and 29 days later.
    assert_eq!(config.calendar.holidays, [Day(20_783), Day(20_812)]);

    assert_eq!(config.money, Money { currency: Some("USD".into()), rates: None });
    assert_eq!(texts(&config.inputs.files[&table::Kind::Activities]), ["exports/activities*.csv"]);
    assert_eq!(texts(&config.inputs.files[&table::Kind::Deals]), ["exports/opportunities.csv"]);
    assert_eq!(config.inputs.date_order, Some(DateOrder::Dmy));
    assert!(!config.people.leaders_sell);
    assert_eq!(config.minutes, BTreeMap::from([("meeting", 45)]));
    assert_eq!(config.columns[&table::Kind::Activities]["type"].text, "Interaction Type");
    assert_eq!(config.words.kind["presentation"], ["Demo", "Presentation", "Tech deep dive"]);
    assert_eq!(config.words.kind["meeting"], ["Visit", "First meeting"]);
    assert_eq!(config.stages, ["Discovery", "Proposal", "Closed Won"]);
    assert_eq!(config.outcome.blank, Some(Blank::Held));
    assert_eq!(config.outcome.missed.as_ref().unwrap().text, "No show");

    let filter = &config.filter[&table::Kind::Deals];
    assert_eq!((filter.text.as_str(), &filter.at), ("pipeline <> 'Renewals'", &at("pipeline <>")));

    let measure = config.measure("exec_meetings").unwrap();
    let sql = "customer_meeting AND outcome = 'held' AND subject ILIKE '%executive%'";
    let expected = Spec {
        name: "exec_meetings".into(),
        role: Role::Lead,
        says: "Customer meetings with an executive".into(),
        label: "exec meetings".into(),
        from: table::Kind::Activities,
        on: "day".into(),
        filter: Text { text: sql.into(), at: at(sql) },
        value: Aggregate::Count,
        value_at: at("\"count\"  "),
        team: TeamRule::Union,
        unit: UnitKind::Count,
        good: Direction::Up,
        min_count: None,
        known: None,
        warm_up: None,
        ripe_after: None,
        when: When::In,
        credit: Whose::Owner,
        who: Who::Everybody,
        origin: at("exec_meetings]"),
    };
    assert_eq!(measure, &expected);

    let four = Decimal::from(4);
    let target = &config.targets[0];
    assert_eq!(
        (target.measure.text.as_str(), target.level, target.per, target.value),
        ("new_prospect_meetings", Level::Owner, Per::Week, four)
    );
    assert_eq!((&target.name, target.from, target.to, &target.currency), (&None, None, None, &None));
    assert_eq!(target.origin, at("[[target]]"));

    let at_least_three = Bound::AtLeast(Decimal::from(3));
    let measure = Text { text: "new_prospect_meetings".into(), at: Location::at("leadlag.toml", at("at_least = 3").line.unwrap() - 2, 12) };
    let subject = Subject::Measure { measure, level: Level::Owner, of: Of::Value, for_periods: 1, currency: None };
    assert_eq!((&config.checks[0].subject, config.checks[0].bound, config.checks[0].severity), (&subject, at_least_three, Severity::Error));
    assert_eq!(config.checks[1].subject, Subject::Freshness(table::Kind::Activities));
    assert_eq!(config.checks[1].bound, Bound::AtMost(Decimal::from(3)));
    assert_eq!(config.checks[2].subject, Subject::Coverage(Coverage::Column(table::Kind::Activities, "kind")));
    assert_eq!(config.checks[2].bound, Bound::AtLeast(Decimal::new(95, 2)));
    assert_eq!((config.targets.len(), config.checks.len(), config.measures.len()), (1, 3, 1));
}

#[test]
fn the_keys_that_the_example_only_mentions_are_understood() {
    let config = config(
        r#"
        [report]
        pace_shape = "own"
        [calendar]
        pattern = "4-5-4"
        holidays = [2026-12-25, "2026-11-26", "2026-12-25"]
        workdays = ["Sunday", "mon"]
        [money]
        rates = "rates.csv"
        [inputs]
        absences = ["a.csv"]
        encoding = "latin1"
        delimiter = "\t"
        time_zone = "europe/berlin"
        crm = "hubspot"
        [words]
        outcome.held = ["Done"]
        result = { advanced = ["Next step"], disqualified = ["No fit"] }
        state.canceled = ["Duplicate"]
        [[target]]
        measure = "revenue"
        level = "team"
        name = "West"
        from = "2026-10-01"
        to = 2026-12-31
        value = 1_250_000.10
        currency = "EUR"
        [[check]]
        measure = "no_show_rate"
        level = "team"
        between = [-0.1, 0.2]
        of = "change"
        for_periods = 2
        severity = "warning"
        [[check]]
        coverage = "staffing"
        at_least = 1
        "#,
    );
    assert_eq!(config.calendar.pattern, Some(Pattern::FourFiveFour));
    assert_eq!(config.calendar.holidays, [Day(20_783), Day(20_812)]);
    assert_eq!(config.calendar.workdays, [Weekday::Mon, Weekday::Sun]);
    assert_eq!(config.money.rates.unwrap().text, "rates.csv");
    // The WHATWG standard reads the label latin1 as windows-1252.
    assert_eq!(config.inputs.encoding.as_deref(), Some("windows-1252"));
    assert_eq!(config.inputs.delimiter, Some('\t'));
    assert_eq!(config.inputs.time_zone.as_deref(), Some("Europe/Berlin"));
    assert_eq!(config.words.outcome["held"], ["Done"]);
    assert_eq!(config.words.result["disqualified"], ["No fit"]);
    assert_eq!(config.words.state["canceled"], ["Duplicate"]);
    let target = &config.targets[0];
    assert_eq!((target.per, target.value.to_string().as_str()), (Per::Once, "1250000.10"));
    assert_eq!((target.from, target.to), (Some(Day(20_727)), Some(Day(20_818))));
    assert_eq!(config.checks[0].bound, Bound::Between(Decimal::new(-1, 1), Decimal::new(2, 1)));
    assert_eq!(config.checks[0].severity, Severity::Warning);
    assert_eq!(config.checks[1].subject, Subject::Coverage(Coverage::Staffing));
}

#[test]
fn a_later_layer_wins_key_by_key_and_each_key_remembers_who_set_it() {
    let user = "[calendar]\nweek_starts = \"sunday\"\ntime_zone = \"UTC\"\n[words.kind]\nmeeting = [\"Demo\", \"Visit\"]\n[[target]]\nmeasure = \"a\"\nlevel = \"all\"\nper = \"week\"\nvalue = 1\n";
    let project = "[calendar]\ntime_zone = \"America/Chicago\"\n\n[words.kind]\npresentation = [\"demo\"]\n[[target]]\nmeasure = \"b\"\nlevel = \"all\"\nper = \"week\"\nvalue = 2\n";
    let flags = Layer::flag_list("--leads", "report.leads", ["presentations", "calls \"x\""]);
    let layers = [Layer::file("~/leadlag.toml", user), Layer::file("leadlag.toml", project), flags];
    let (config, _) = load(&layers).unwrap();
    assert_eq!(config.calendar.week_starts, Weekday::Sun);
    assert_eq!(config.calendar.time_zone.as_deref(), Some("America/Chicago"));
    assert_eq!(texts(config.report.leads.as_ref().unwrap()), ["presentations", "calls \"x\""]);
    assert_eq!(config.report.leads.as_ref().unwrap()[0].at, Location::file("--leads"));
    assert_eq!(config.words.kind["meeting"], ["Visit"]);
    assert_eq!(config.words.kind["presentation"], ["demo"]);
    let measures: Vec<&str> = config.targets.iter().map(|t| t.measure.text.as_str()).collect();
    assert_eq!(measures, ["a", "b"]);

    let origin = |path: &str| config.origin(path).unwrap().to_string();
    assert_eq!(origin("calendar.week_starts"), "~/leadlag.toml:2");
    assert_eq!(origin("calendar.time_zone"), "leadlag.toml:2");
    assert_eq!(origin("calendar.workdays"), "built in");
    assert_eq!(origin("report.leads"), "--leads");
    assert_eq!(origin("target[0].value"), "~/leadlag.toml:10");
    assert_eq!(origin("target[1].value"), "leadlag.toml:10");
    let all = config.origins();
    let value = |path: &str| all.iter().find(|(p, _, _)| p == path).unwrap().1.clone();
    assert_eq!(value("calendar.workdays"), r#"["mon", "tue", "wed", "thu", "fri"]"#);
    assert_eq!(value("report.leads"), r#"["presentations", "calls \"x\""]"#);
    assert_eq!(value("report.on_pace"), "0.9");
    assert_eq!(value("words.kind.meeting"), r#"["Visit"]"#);
}

#[test]
fn every_key_of_the_example_has_an_origin_in_it() {
    let config = config(CONTRACT);
    let written: Vec<String> =
        config.origins().into_iter().filter(|(_, _, o)| matches!(o.source, Source::File(_))).map(|(path, _, _)| path).collect();
    let lines = CONTRACT.lines().map(|l| l.split('#').next().unwrap()).filter(|l| l.contains(" = ")).count();
    assert_eq!(written.len(), lines, "{written:#?}");
    for path in ["words.kind.meeting", "columns.activities.type", "filter.deals", "measure.exec_meetings.value", "check[2].at_least"] {
        assert!(written.iter().any(|w| w == path), "{path}");
    }
}

#[test]
fn a_measure_can_be_changed_key_by_key() {
    let library = "[measure.revenue]\nrole = \"lag\"\nsays = \"Won\"\nfrom = \"deals\"\non = \"closed_on\"\nwhere = \"state = 'won'\"\nvalue = { sum = \"amount\" }\n";
    let own = "[measure.revenue]\nlabel = \"bookings\"\n[measure.calls]\nrole = \"lead\"\nfrom = \"activities\"\nvalue = \"count\"\n";
    let (config, _) = load(&[Layer::built_in("results.toml", library), Layer::file("leadlag.toml", own)]).unwrap();
    let names: Vec<&str> = config.measures.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(names, ["revenue", "calls"]);
    let revenue = config.measure("revenue").unwrap();
    assert_eq!((revenue.label.as_str(), revenue.says.as_str(), revenue.unit), ("bookings", "Won", UnitKind::Money));
    assert_eq!(revenue.filter.at, Location::at("results.toml", 6, 10));
    assert_eq!(config.measure("calls").unwrap().filter.text, "TRUE");
    let value = |config: &Config| {
        let all = config.origins().into_iter().filter(|(path, _, _)| path.starts_with("measure.revenue.value"));
        all.map(|(path, value, origin)| (path, value, origin.line)).collect::<Vec<_>>()
    };
    let path = "measure.revenue.value".to_owned();
    assert_eq!(value(&config), [(path.clone(), "{ sum = \"amount\" }".to_owned(), Some(7))]);
    let counted = Layer::file("leadlag.toml", "[measure.revenue]\nvalue = \"count\"\n");
    let (config, _) = load(&[Layer::built_in("results.toml", library), counted]).unwrap();
    assert_eq!(value(&config), [(path, "\"count\"".to_owned(), Some(2))]);
}

#[test]
fn a_text_of_several_lines_begins_where_its_first_line_is() {
    let config = config("[filter]\ndeals = '''\nstate = 'won'\n'''\nactivities = \"\"\"kind = 'call'\"\"\"\naccounts = 'région = \"x\"'\n");
    let at = |kind| config.filter[&kind].at.clone();
    assert_eq!(config.filter[&table::Kind::Deals].text, "state = 'won'\n");
    assert_eq!(at(table::Kind::Deals), Location::at("leadlag.toml", 3, 1));
    assert_eq!(at(table::Kind::Activities), Location::at("leadlag.toml", 5, 17));
    assert_eq!(at(table::Kind::Accounts), Location::at("leadlag.toml", 6, 13));
    let config = self::config("\u{feff}filter.deals = \"\"\"\r\nTRUE\"\"\"");
    assert_eq!(config.filter[&table::Kind::Deals].at, Location::at("leadlag.toml", 2, 1));
}

#[test]
fn no_key_is_listed_twice_in_a_table() {
    for (table, mut keys) in schema::tables() {
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count, "{table}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,80}") {
        let _ = load(&[Layer::file("leadlag.toml", text)]);
    }

    #[test]
    fn no_value_of_a_known_key_makes_it_panic(
        table in prop::sample::select(schema::TOP.iter().map(|k| k.name).collect::<Vec<_>>()),
        key in prop::sample::select(schema::tables().into_iter().flat_map(|(_, keys)| keys).collect::<Vec<_>>()),
        value in prop_oneof![
            "\"\\PC{0,12}\"", "-?[0-9]{1,40}(\\.[0-9]{1,40})?", "\\[\\]", "\\{\\}", "\\[\"[a-z]{0,5}\", [0-9]\\]", "true", "[0-9]{4}-[0-9]{2}-[0-9]{2}",
            "\"[0-9]{1,4}-[0-9]{1,2}(-[0-9]{1,2})?\"", "'''\r?\n?\\PC{0,5}'''", "-?inf", "[0-9]e-?[0-9]{1,3}", "0x[0-9a-f]{1,20}",
        ],
    ) {
        for text in [format!("[{table}]\n{key} = {value}\n"), format!("[[{table}]]\n{key} = {value}\n"), format!("[{table}.{key}]\n{key} = {value}\n")] {
            let _ = load(&[Layer::file("leadlag.toml", text)]);
        }
    }

    #[test]
    fn a_cut_or_changed_example_never_panics(start in 0..CONTRACT.len(), end in 0..CONTRACT.len(), with in "\\PC{0,3}") {
        let (start, end) = (start.min(end), start.max(end));
        if let (Some(head), Some(tail)) = (CONTRACT.get(..start), CONTRACT.get(end..)) {
            let _ = load(&[Layer::file("leadlag.toml", format!("{head}{with}{tail}"))]);
        }
    }
}
