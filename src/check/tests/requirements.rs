//! `--require`: what it means, and what it says to what it does not understand.

use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::check::{Bound, Check, Coverage, Of, Subject, parse};
use crate::diagnostic::{Location, Place, Severity};
use crate::measure::spec::Text;
use crate::measure::{Catalog, Level};
use crate::table::Kind;

fn catalog() -> Catalog {
    Catalog::new(&[]).unwrap()
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn read(text: &str) -> Check {
    parse(text, &catalog()).unwrap_or_else(|e| panic!("{text}: {} {:?}", e.message, e.hints))
}

/// A rule, and its measure, level, number, periods, currency and bound.
type Meaning = (&'static str, &'static str, Level, Of, u32, Option<&'static str>, Bound);

#[test]
fn rules_mean_what_they_say() {
    let at_least = |n: &str| Bound::AtLeast(dec(n));
    let measures: &[Meaning] = &[
        ("prospect_meetings >= 4 per owner", "prospect_meetings", Level::Owner, Of::Value, 1, None, at_least("4")),
        ("revenue >= 90% of pace per team", "revenue", Level::Team, Of::Pace, 1, None, at_least("0.9")),
        ("pace of revenue ≥ 0.9 per team", "revenue", Level::Team, Of::Pace, 1, None, at_least("0.9")),
        ("revenue >= 100 % of target per all", "revenue", Level::All, Of::Attainment, 1, None, at_least("1")),
        (
            "customer_meetings>=100% of average per owner for 2 periods",
            "customer_meetings",
            Level::Owner,
            Of::Average,
            2,
            None,
            at_least("1"),
        ),
        (
            "customer_meetings >= 1 of average for 2 periods per owner",
            "customer_meetings",
            Level::Owner,
            Of::Average,
            2,
            None,
            at_least("1"),
        ),
        ("change of revenue >= -10% per team", "revenue", Level::Team, Of::Change, 1, None, at_least("-0.1")),
        ("revenue >= 50000.50 EUR per team", "revenue", Level::Team, Of::Value, 1, Some("EUR"), at_least("50000.50")),
        ("win_rate between 25% and 40% per all", "win_rate", Level::All, Of::Value, 1, None, Bound::Between(dec("0.25"), dec("0.4"))),
        ("pipeline_coverage >= 300% per all", "pipeline_coverage", Level::All, Of::Value, 1, None, at_least("3")),
        ("pipeline_coverage >= 3 per all", "pipeline_coverage", Level::All, Of::Value, 1, None, at_least("3")),
        ("client_hours ≤ 40 per owner", "client_hours", Level::Owner, Of::Value, 1, None, Bound::AtMost(dec("40"))),
    ];
    for (text, name, level, of, for_periods, currency, bound) in measures {
        let check = read(text);
        let Subject::Measure { measure, level: l, of: o, for_periods: n, currency: c } = &check.subject else { panic!("{text}") };
        assert_eq!(
            (measure.text.as_str(), l, o, n, c.as_deref(), check.bound),
            (*name, level, of, for_periods, *currency, *bound),
            "{text}"
        );
        assert_eq!(check.severity, Severity::Error);
    }
    let subject = |text: &str| (read(text).subject, read(text).bound);
    assert_eq!(subject("freshness activities <= 3"), (Subject::Freshness(Kind::Activities), Bound::AtMost(dec("3"))));
    assert_eq!(subject("freshness deals <= 1 day").0, Subject::Freshness(Kind::Deals));
    let kind = Coverage::Column(Kind::Activities, "kind");
    assert_eq!(subject("coverage activities.kind >= 95%"), (Subject::Coverage(kind), at_least("0.95")));
    assert_eq!(subject("accounting >= 99.5%"), (Subject::Coverage(Coverage::Accounting), at_least("0.995")));
    assert_eq!(subject("staffing >= 1"), (Subject::Coverage(Coverage::Staffing), at_least("1")));
}

#[test]
fn mistakes_have_a_place_and_a_way_out() {
    let cases: &[(&str, u32, &str, &str)] = &[
        ("", 1, "the end of the rule where a measure should stand", "prospect_meetings >= 4"),
        ("prospect_meting >= 4 per owner", 1, "there is no measure 'prospect_meting'", "did you mean 'prospect_meetings'?"),
        ("prospect_meetings > 4 per owner", 19, "leaves its own out", "write >="),
        ("prospect_meetings < 4 per owner", 19, "leaves its own out", "write <="),
        ("prospect_meetings = 4 per owner", 19, "'=' is none", "between 4 and 4"),
        ("prospect_meetings => 4 per owner", 19, "'=>' is no comparison", "write >="),
        ("prospect_meetings =< 4 per owner", 19, "'=<' is no comparison", "write <="),
        ("prospect_meetings 4 per owner", 19, "'4' where a bound should stand", "write >="),
        ("prospect_meetings >= 4", 23, "whose numbers", "per owner, per team or per all"),
        ("prospect_meetings >= 4 per person", 28, "no level 'person'", "did you mean owner?"),
        ("prospect_meetings >= 4 per onwer", 28, "no level 'onwer'", "did you mean 'owner'?"),
        ("prospect_meetings >= 1,000 per owner", 22, "'1,000' is no number", "without thousands separators"),
        ("prospect_meetings >= 1 000 per owner", 24, "'000' after a number", "without thousands separators"),
        ("prospect_meetings >= 4,5 per owner", 22, "'4,5' is no number", "a point before decimals"),
        ("revenue >= 10k per team", 12, "'10k' is no number", "in full"),
        ("revenue >= $50000 per team", 12, "'$' where a number", "by its code"),
        ("revenue >= 50000 eur per team", 18, "no currency code", "write EUR"),
        ("prospect_meetings >= 4 EUR per owner", 0, "is no money", "take the currency out"),
        ("prospect_meetings >= 90% per owner", 19, "a percentage of what?", "of pace"),
        ("revenue >= 90 of pace per team", 0, "90 of pace is 9000%", "0.9"),
        ("revenue >= 90% of quota per team", 19, "'quota' is nothing to hold", "of pace, target, average"),
        ("revenue >= 90% of previous per team", 19, "a change stands before", "change of revenue"),
        ("change of revenue >= 90% of pace per team", 26, "already: change", "take one of the two out"),
        ("growth of revenue >= 1 per team", 1, "'growth' of a measure", "value, pace"),
        ("win_rate between 40% and 25% per all", 18, "above the second", "smaller one first"),
        ("win_rate between 0.2 and 40% per all", 18, "one bound is a percentage", "both"),
        ("win_rate >= 20% per all for 0 periods", 29, "whole number of periods", "for 2 periods"),
        ("win_rate >= 20% per all for 2 weeks", 31, "'weeks' where periods", "--period"),
        ("win_rate >= 20% per all per team", 25, "more than a rule says", "stands once"),
        ("win_rate >= 20% per all because", 25, "'because' is more", "per, for, of"),
        ("freshness activites <= 3", 11, "no table 'activites'", "did you mean 'activities'?"),
        ("freshness activities >= 3", 22, "a whole number of days", "<= 3"),
        ("freshness activities <= 2.5", 22, "a whole number of days", "<= 3"),
        ("freshness activities <= 3 per owner", 27, "'per' is more", "a rule about a measure"),
        ("coverage activities.kinds >= 95%", 10, "no column 'activities.kinds'", "did you mean 'activities.kind'?"),
        ("no_show_rate <= 20 per team", 14, "20 without % is 2000%", "write 20%"),
        ("win_rate between 20 and 40 per all", 10, "20 without % is 2000%", "write 20%"),
        ("win_rate >= 101% per all", 0, "no threshold", "[[check]]"),
        ("change of revenue >= -10 per all", 19, "-10 without % is -1000%", "write -10%"),
        ("change of revenue >= -101% per all", 0, "can never be missed", "[[check]]"),
        ("change presentations >= 0 per all", 1, "lacks its of", "write change of presentations"),
        ("REVENUE >= 1 per all", 1, "there is no measure 'REVENUE'", "did you mean 'revenue'?"),
        ("coverage people.name >= 95%", 10, "no column 'people.name'", "the tables are activities, deals, accounts"),
        ("accounting >= 95", 12, "between 0 and 100%", ">= 95%"),
    ];
    for (text, position, message, hint) in cases {
        let found = parse(text, &catalog()).map(|check| check.text(&catalog())).unwrap_err();
        let at = match found.location.as_ref().and_then(|at| at.column.clone()) {
            Some(Place::Position(at)) => at,
            _ => 0,
        };
        assert!(found.message.contains(message), "{text}: {}", found.message);
        assert!(found.hints.iter().any(|h| h.contains(hint)), "{text}: {:?}", found.hints);
        assert_eq!((at, found.location.unwrap().file.as_str()), (*position, "--require"), "{text}");
    }
}

fn number() -> BoxedStrategy<Decimal> {
    (-1_000_000_i64..1_000_000, 0_u32..6).prop_map(|(n, scale)| Decimal::new(n, scale)).boxed()
}

fn bound(numbers: BoxedStrategy<Decimal>) -> impl Strategy<Value = Bound> {
    prop_oneof![
        numbers.clone().prop_map(Bound::AtLeast),
        numbers.clone().prop_map(Bound::AtMost),
        (numbers.clone(), numbers).prop_map(|(a, b)| Bound::Between(a.min(b), a.max(b))),
    ]
}

fn of_measure() -> impl Strategy<Value = (Subject, Bound)> {
    let names: Vec<String> = catalog().names().map(str::to_owned).collect();
    let level = prop_oneof![Just(Level::All), Just(Level::Team), Just(Level::Owner)];
    let of = proptest::sample::select(Of::WORDS.iter().map(|(_, of)| *of).collect::<Vec<_>>());
    let shares = (-10_000_i64..=10_000).prop_map(|n| Decimal::new(n, 3)).boxed();
    let wholes = (-1_000_i64..=1_000).prop_map(|n| Decimal::new(n, 3)).boxed();
    let parts = (proptest::sample::select(names), level, of, 1_u32..=520, any::<bool>(), bound(number()), bound(shares), bound(wholes));
    parts.prop_map(|(name, level, of, for_periods, euros, plain, share, part)| {
        let spec = catalog().spec(&name).cloned().unwrap();
        let currency = (euros && spec.unit == crate::measure::spec::UnitKind::Money).then(|| "EUR".to_owned());
        let measure = Text { text: name, at: Location::file("--require") };
        let ratio = spec.unit == crate::measure::spec::UnitKind::Ratio;
        let bound = match of {
            Of::Value if ratio => part,
            Of::Change => part,
            Of::Value => plain,
            _ => share,
        };
        (Subject::Measure { measure, level, of, for_periods, currency }, bound)
    })
}

fn about_exports() -> impl Strategy<Value = (Subject, Bound)> {
    let columns: Vec<Coverage> = Coverage::columns()
        .map(|(kind, column)| Coverage::Column(kind, column))
        .chain([Coverage::Accounting, Coverage::Staffing])
        .collect();
    let shares = (0_i64..=1_000_000).prop_map(|n| Decimal::new(n, 6)).boxed();
    prop_oneof![
        (proptest::sample::select(columns), bound(shares)).prop_map(|(column, bound)| (Subject::Coverage(column), bound)),
        (proptest::sample::select(Kind::ALL.to_vec()), 0_u32..1000)
            .prop_map(|(kind, days)| (Subject::Freshness(kind), Bound::AtMost(Decimal::from(days)))),
    ]
}

/// A rule but for the places of its words.
fn meaning(check: &Check) -> (String, Bound) {
    let subject = match &check.subject {
        Subject::Measure { measure, level, of, for_periods, currency } => {
            format!("{} {level:?} {of:?} {for_periods} {currency:?}", measure.text)
        }
        other => format!("{other:?}"),
    };
    (subject, check.bound)
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again((subject, bound) in prop_oneof![of_measure(), about_exports()]) {
        let check = Check { subject, bound, severity: Severity::Error, origin: Location::file("--require") };
        let text = check.text(&catalog());
        let again = parse(&text, &catalog());
        prop_assert!(again.is_ok(), "{text}: {again:?}");
        prop_assert_eq!(meaning(&again.unwrap()), meaning(&check), "{}", text);
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
        let _ = parse(&text, &catalog());
    }

    #[test]
    fn no_order_of_words_breaks_the_reader(words in proptest::collection::vec(proptest::sample::select(vec![
        "revenue", "win_rate", ">=", "<=", "between", "and", "90", "%", "-1", ".", "1e9", "EUR", "of", "pace", "per", "owner", "for", "2",
        "periods", "freshness", "activities", "coverage", "activities.kind", "79228162514264337593543950335", "0.0000000000000000000000000001",
    ]), 0..12), blank in prop_oneof![Just(" "), Just("")]) {
        if let Ok(check) = parse(&words.join(blank), &catalog()) {
            prop_assert!(parse(&check.text(&catalog()), &catalog()).is_ok(), "{}", check.text(&catalog()));
        }
    }
}
