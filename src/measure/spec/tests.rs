#![allow(clippy::unwrap_used, clippy::expect_used)]

use super::*;
use crate::diagnostic::Place;

const SOME: &str = r#"
[measure.revenue]
role = "lag"
says = "Amount of the deals won"
label = "revenue"
from = "deals"
on = "closed_on"
where = "state = 'won'"
value = { sum = "amount" }

[measure.client_hours]
role = "lead"
label = "client\nhours"
from = "activities"
value = { sum = "minutes" }

[measure.accounts_met]
role = "lead"
from = "activities"
on = "day"
value = { distinct = "account" }

[measure.win_rate]
role = "lag"
from = "deals"
value = { ratio = ["deals_won", "deals_decided"] }
min_count = 10

[measure.median_days_to_win]
role = "lag"
from = "deals"
on = "closed_on"
value = { median = "days_open" }
good = "down"

[measure.days_since_customer]
role = "lead"
from = "activities"
value = { age = "day" }
good = "down"

[measure.seats]
role = "lag"
from = "deals"
on = "closed_on"
value = { sum = 'x."Seats"' }
"#;

#[test]
fn rule_unit_and_team_rule_come_from_the_value_where_nothing_else_is_said() {
    let specs = read(SOME, "library.toml").unwrap();
    let seen: Vec<_> = specs.iter().map(|s| (s.name.as_str(), s.on.as_str(), s.value.clone(), s.unit, s.team)).collect();
    let ratio = Aggregate::Ratio("deals_won".into(), "deals_decided".into());
    assert_eq!(
        seen,
        [
            ("revenue", "closed_on", Aggregate::Sum("amount".into()), UnitKind::Money, TeamRule::Sum),
            ("client_hours", "day", Aggregate::Sum("minutes".into()), UnitKind::Hours, TeamRule::Sum),
            ("accounts_met", "day", Aggregate::Distinct("account".into()), UnitKind::Count, TeamRule::Union),
            ("win_rate", "created_on", ratio, UnitKind::Ratio, TeamRule::OfSums),
            ("median_days_to_win", "closed_on", Aggregate::Median("days_open".into()), UnitKind::Days, TeamRule::OfAll),
            ("days_since_customer", "day", Aggregate::Age("day".into()), UnitKind::Days, TeamRule::OfAll),
            ("seats", "closed_on", Aggregate::Sum("x.\"Seats\"".into()), UnitKind::Count, TeamRule::Sum),
        ]
    );
    assert_eq!(specs[3].min_count, Some(10));
    assert_eq!((specs[0].good, specs[4].good), (Direction::Up, Direction::Down));
    assert_eq!((specs[1].label.as_str(), specs[1].says.as_str()), ("client\nhours", "client hours"));
    assert_eq!((specs[2].label.as_str(), specs[2].filter.text.as_str()), ("accounts met", "TRUE"));
    assert_eq!(specs[0].filter, Text { text: "state = 'won'".into(), at: Location::at("library.toml", 8, 10) });
    assert_eq!(specs[0].origin, Location::at("library.toml", 2, 10));
    assert_eq!(specs[0].value_at, Location::at("library.toml", 9, 18));
}

#[test]
fn every_mistake_in_a_measure_has_its_place_and_a_hint() {
    let measure = |line: &str| {
        let key = line.split(' ').next().unwrap();
        let rest: Vec<&str> = ["role = \"lag\"", "from = \"deals\"", "on = \"closed_on\"", "value = { sum = \"amount\" }"]
            .into_iter()
            .filter(|l| l.split(' ').next() != Some(key))
            .collect();
        format!("[measure.a]\n{line}\n{}\n", rest.join("\n"))
    };
    let cases: &[(String, u32, u32, &str, &str)] = &[
        (measure("role = \"leed\""), 2, 8, "`role` cannot be \"leed\"", "did you mean \"lead\"?"),
        (measure("from = \"deal\""), 2, 8, "`from` cannot be \"deal\"", "did you mean \"deals\"?"),
        (measure("on = \"close_on\""), 2, 7, "`close_on` is no date of deals", "did you mean \"closed_on\"?"),
        (measure("on = \"amount\""), 2, 7, "`amount` is no date of deals", "its dates are created_on, closed_on"),
        (measure("value = { sum = \"amonut\" }"), 2, 18, "deals has no column `amonut`", "did you mean \"amount\"?"),
        (measure("value = { sum = \"stage\" }"), 2, 18, "`stage` of deals cannot be used so", "those that can are amount, cost"),
        (measure("value = { summe = \"amount\" }"), 2, 11, "unknown key `summe` in [measure.a.value]", "did you mean `sum`?"),
        (measure("value = { sum = \"amount\", median = \"amount\" }"), 2, 9, "`value` takes one rule", "\"count\""),
        (measure("value = \"sum\""), 2, 9, "`value` cannot be \"sum\"", "it is one of \"count\""),
        (measure("value = 3"), 2, 9, "`value` takes a rule", "\"count\""),
        (measure("value = { ratio = [\"b\"] }"), 2, 19, "`ratio` takes two measures", "deals_decided"),
        (measure("unit = \"hour\""), 2, 8, "`unit` cannot be \"hour\"", "did you mean \"hours\"?"),
        (measure("unit = \"count\""), 2, 8, "measure `a` comes in money, not in count", "write unit = \"money\""),
        (measure("team = \"of_sums\""), 2, 8, "the values of `a` do not add up to a team's by \"of_sums\"", "team = \"sum\" or \"union\""),
        (measure("good = \"higher\""), 2, 8, "`good` cannot be \"higher\"", "it is one of \"up\", \"down\""),
        (measure("credit = \"coached\""), 2, 10, "measure `a` counts no activities, and only these have a coach", "take the line out"),
        (measure("who = \"leader\""), 2, 7, "`who` cannot be \"leader\"", "did you mean \"leaders\"?"),
        (
            "[measure.a]\nrole = \"lag\"\nfrom = \"deals\"\nvalue = { ratio = [\"b\", \"c\"] }\nwho = \"leaders\"\n".into(),
            5,
            7,
            "the value of `a` is that of other measures",
            "write it into those",
        ),
        (measure("filter = \"TRUE\""), 2, 1, "unknown key `filter` in [measure.a]", "its keys are role"),
        ("[measure.a]\nfrom = \"deals\"\non = \"closed_on\"\nvalue = \"count\"\n".into(), 1, 10, "measure `a` lacks `role`", "\"lead\""),
        ("[measure.a]\nrole = \"lag\"\nfrom = \"deals\"\nvalue = \"count\"\n".into(), 1, 10, "measure `a` lacks `on`", "closed_on"),
        (
            "[measure.\"Exec Meetings\"]\nrole = \"lead\"\nfrom = \"activities\"\nvalue = \"count\"\n".into(),
            1,
            10,
            "`Exec Meetings` is no name for a measure",
            "[measure.exec_meetings]",
        ),
        ("[report]\n".into(), 1, 2, "unknown table [report]", "the tables are measure"),
        ("role = \"lead\"\n".into(), 1, 1, "unknown key `role` outside of any table", "`role` is a key of [measure.<name>]"),
    ];
    for (text, line, position, message, hint) in cases {
        let found = read(text, "library.toml").unwrap_err();
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        let place = Location { file: "library.toml".into(), line: Some(*line), column: Some(Place::Position(*position)) };
        assert_eq!(found[0].location, Some(place), "{text}: {found:?}");
        assert!(found[0].message.starts_with(message), "{text}: {found:?}");
        assert!(found[0].hints.join(" | ").contains(hint), "{text}: {found:?}");
    }
}
