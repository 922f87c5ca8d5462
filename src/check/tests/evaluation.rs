//! Verdicts over rows that are written here, worked out by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::calendar::{Calendar, Day, Grain, Period};
use crate::check::{Basis, Bound, Check, Coverage, Exempt, Exports, Finding, Of, Share, Subject, Verdict, evaluate, outcome};
use crate::diagnostic::{Location, Outcome, Severity};
use crate::document::TidyRow;
use crate::facts::Reach;
use crate::measure::spec::Text;
use crate::measure::{Level, NO_OWNER};
use crate::table::Kind;
use crate::unit::{Currency, Unit, Value, Why};

/// Monday 2026-11-16.
const AS_OF: Day = Day(20_773);

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn at_least(text: &str) -> Bound {
    Bound::AtLeast(dec(text))
}

/// Rows and facts of one measure, `m`, over three weeks that end with 2026-W46.
struct World {
    rows: Vec<TidyRow>,
    periods: Vec<Period>,
    exempt: BTreeMap<(Level, String, String), Exempt>,
    of_leaders: BTreeSet<String>,
    reach: BTreeMap<String, (Kind, Reach)>,
    currencies: Vec<Currency>,
    exports: Exports,
    partials: crate::check::Partials,
}

impl World {
    fn new() -> Self {
        let calendar = Calendar::default();
        let week = calendar.named(Grain::Week, "2026-W46").unwrap();
        let reach = Reach { first: Some(Day(20_000)), last: Some(Day(20_772)), ended: false };
        Self {
            rows: Vec::new(),
            periods: calendar.ending_with(&week, 3).iter().cloned().collect(),
            exempt: BTreeMap::new(),
            of_leaders: BTreeSet::new(),
            reach: BTreeMap::from([("m".to_owned(), (Kind::Activities, reach))]),
            currencies: Vec::new(),
            exports: Exports::default(),
            partials: crate::check::Partials::new(),
        }
    }

    /// Somebody's values, the last one that of the judged week.
    fn with(mut self, name: &str, values: &[Value]) -> Self {
        let first = self.periods.len() - values.len();
        for (value, period) in values.iter().zip(&self.periods[first..]) {
            self.rows.push(row(name, period, value.clone()));
        }
        self
    }

    fn counts(self, name: &str, counts: &[&str]) -> Self {
        let values: Vec<Value> = counts.iter().map(|n| Value::Count(dec(n))).collect();
        self.with(name, &values)
    }

    fn last(&mut self) -> &mut TidyRow {
        self.rows.last_mut().unwrap()
    }

    fn findings(&self, checks: &[Check]) -> Vec<Finding> {
        let Self { rows, periods, of_leaders, exempt, reach, currencies, exports, partials } = self;
        evaluate(
            checks,
            &Basis {
                rows,
                paced: rows,
                periods,
                as_of: AS_OF,
                of_leaders,
                of_leaders_too: of_leaders,
                exempt,
                reach,
                currencies,
                exports,
                partials,
            },
        )
    }

    /// The verdicts on one rule by name.
    fn verdicts(&self, check: &Check) -> Vec<(String, Verdict)> {
        let mut found: Vec<_> = self.findings(std::slice::from_ref(check)).into_iter().map(|f| (f.name, f.verdict)).collect();
        found.sort();
        found
    }

    fn verdict(&self, check: &Check) -> Verdict {
        let found = self.findings(std::slice::from_ref(check));
        found.iter().find(|f| f.level.is_some() || f.verdict == Verdict::CouldNot).map(|f| f.verdict).unwrap()
    }

    fn reason(&self, check: &Check) -> String {
        self.findings(std::slice::from_ref(check)).first().unwrap().reason.clone()
    }
}

fn row(name: &str, period: &Period, value: Value) -> TidyRow {
    let unit = match &value {
        Value::Money(_, currency) => Unit::Money(currency.clone()),
        Value::Minutes(_) => Unit::Hours,
        Value::Ratio(_) => Unit::Ratio,
        Value::Days(_) => Unit::Days,
        _ => Unit::Count,
    };
    TidyRow {
        level: "owner",
        name: name.to_owned(),
        team: "West".to_owned(),
        period: period.name.clone(),
        period_start: period.range.first,
        period_end: period.range.last,
        complete: true,
        role: "lead",
        measure: "m".to_owned(),
        unit,
        value,
        target: None,
        pace: None,
        previous: None,
        average: None,
    }
}

fn count(n: &str) -> Value {
    Value::Count(dec(n))
}

fn usd(n: &str) -> Value {
    Value::Money(dec(n), Arc::from("USD"))
}

fn rule(of: Of, bound: Bound) -> Check {
    let measure = Text { text: "m".to_owned(), at: Location::file("rules") };
    let subject = Subject::Measure { measure, level: Level::Owner, of, for_periods: 1, currency: None };
    Check { subject, bound, severity: Severity::Error, origin: Location::file("rules") }
}

fn of_value(bound: Bound) -> Check {
    rule(Of::Value, bound)
}

fn in_a_row(mut check: Check, n: u32) -> Check {
    if let Subject::Measure { for_periods, .. } = &mut check.subject {
        *for_periods = n;
    }
    check
}

fn in_currency(mut check: Check, code: &str) -> Check {
    if let Subject::Measure { currency, .. } = &mut check.subject {
        *currency = Some(code.to_owned());
    }
    check
}

#[test]
fn bounds_belong_to_what_holds() {
    let world = World::new().counts("Ana", &["3"]);
    for (bound, verdict) in [
        (at_least("3"), Verdict::Held),
        (at_least("3.0"), Verdict::Held),
        (at_least("3.01"), Verdict::Breach),
        (Bound::AtMost(dec("3")), Verdict::Held),
        (Bound::AtMost(dec("2.99")), Verdict::Breach),
        (Bound::Between(dec("3"), dec("3")), Verdict::Held),
        (Bound::Between(dec("1"), dec("2")), Verdict::Breach),
        (Bound::Between(dec("4"), dec("5")), Verdict::Breach),
    ] {
        assert_eq!(world.verdict(&of_value(bound)), verdict, "{bound:?}");
    }
}

#[test]
fn a_miss_is_measured_in_the_unit_of_the_value_and_as_a_part_of_what_was_needed() {
    let miss = |world: &World, check: Check| {
        let found = world.findings(&[check]).remove(0);
        let miss = found.miss.unwrap();
        (found.compared.unwrap().to_string(), miss.by.normalize().to_string(), miss.relative.map(|r| r.normalize().to_string()), miss.over)
    };
    let world = World::new().counts("Ana", &["3"]);
    assert_eq!(miss(&world, of_value(at_least("4"))), ("3".into(), "1".into(), Some("0.25".into()), false));
    assert_eq!(miss(&world, of_value(Bound::AtMost(dec("2")))), ("3".into(), "1".into(), Some("0.5".into()), true));
    assert_eq!(miss(&world, of_value(Bound::AtMost(dec("0")))), ("3".into(), "3".into(), None, true));
    let mut world = World::new().with("Ana", &[usd("534000.00")]);
    world.last().pace = Some(usd("770000"));
    assert_eq!(
        miss(&world, rule(Of::Pace, at_least("0.9"))),
        ("0.693506".into(), "159000".into(), Some("0.2294372294372294372294372294".into()), false)
    );
    // 4.5 hours of 5.
    let world = World::new().with("Ana", &[Value::Minutes(dec("270"))]);
    assert_eq!(miss(&world, of_value(at_least("5"))), ("4.5".into(), "0.5".into(), Some("0.1".into()), false));
}

#[test]
fn each_number_is_compared_with_its_own_base() {
    let mut world = World::new().counts("Ana", &["9"]);
    let last = world.last();
    (last.pace, last.target, last.previous, last.average) = (Some(count("10")), Some(count("12")), Some(count("8")), Some(count("9.5")));
    for (of, held, missed) in
        [(Of::Pace, "0.9", "0.91"), (Of::Attainment, "0.75", "0.76"), (Of::Change, "0.125", "0.126"), (Of::Average, "0.947368421", "0.95")]
    {
        assert_eq!(world.verdict(&rule(of, at_least(held))), Verdict::Held, "{of:?}");
        assert_eq!(world.verdict(&rule(of, at_least(missed))), Verdict::Breach, "{of:?}");
    }
}

#[test]
fn quotients_that_do_not_come_out_even_are_not_taken_for_misses() {
    // The average of 6, 7 and 7 is 20 ÷ 3, which no decimal is; nine tenths of it are 6.
    let mut world = World::new().counts("Ana", &["6"]);
    world.last().average = Some(Value::Count(Decimal::from(20) / Decimal::from(3)));
    assert_eq!(world.verdict(&rule(Of::Average, at_least("0.9"))), Verdict::Held);
    // A pace is prorated to six decimals.
    world.last().pace = Some(count("6.666667"));
    assert_eq!(world.verdict(&rule(Of::Pace, at_least("0.9"))), Verdict::Held);
    let mut world = World::new().with("Ana", &[Value::Ratio(0.3)]);
    world.last().average = Some(Value::Ratio(0.1 + 0.2));
    assert_eq!(world.verdict(&rule(Of::Average, at_least("1"))), Verdict::Held);
    assert_eq!(world.verdict(&of_value(at_least("0.3"))), Verdict::Held);
}

#[test]
fn what_there_is_nothing_to_compare_with_is_not_judged() {
    let world = World::new().counts("Ana", &["9"]).counts("Bo", &["9"]);
    for (of, reason) in
        [(Of::Pace, "no pace"), (Of::Attainment, "no target"), (Of::Change, "no complete period"), (Of::Average, "no average")]
    {
        let mut world = World { rows: world.rows.clone(), ..World::new() };
        let last = world.last();
        (last.pace, last.target, last.previous, last.average) = (Some(count("1")), Some(count("1")), Some(count("1")), Some(count("1")));
        let check = rule(of, at_least("0.5"));
        assert_eq!(world.verdicts(&check), [("Ana".to_owned(), Verdict::NotJudged), ("Bo".to_owned(), Verdict::Held)], "{of:?}");
        assert!(world.reason(&check).starts_with(reason), "{}", world.reason(&check));
        assert_eq!(outcome(std::slice::from_ref(&check), &world.findings(std::slice::from_ref(&check))), Outcome::Done);
    }
    let mut world = World::new().counts("Ana", &["9"]).counts("Bo", &["9"]);
    for (row, previous) in world.rows.iter_mut().zip(["0", "9"]) {
        row.previous = Some(count(previous));
    }
    let check = rule(Of::Change, at_least("0"));
    assert_eq!(world.verdicts(&check), [("Ana".to_owned(), Verdict::NotJudged), ("Bo".to_owned(), Verdict::Held)]);
    assert_eq!(world.reason(&check), "the value before is not above 0, and nothing can be divided by it");
}

#[test]
fn a_missing_value_is_no_zero() {
    for (why, reason) in [(Why::TooFew, "too few records"), (Why::NotYet, "not known yet"), (Why::NotApplicable, "does not apply here")] {
        let world = World::new().with("Ana", &[Value::Missing(why)]).counts("Bo", &["5"]);
        let check = of_value(at_least("4"));
        assert_eq!(world.verdicts(&check), [("Ana".to_owned(), Verdict::NotJudged), ("Bo".to_owned(), Verdict::Held)]);
        assert_eq!(world.reason(&check), reason);
    }
}

#[test]
fn who_is_exempt_is_no_breach_and_a_target_of_their_own_makes_the_rule_theirs() {
    let mut world = World::new().counts("Ana", &["0"]).counts("Lea", &["0"]).counts("New", &["0"]).counts(NO_OWNER, &["0"]);
    let mut spare = |name: &str, unless_agreed: bool| {
        world.exempt.insert(
            (Level::Owner, name.to_owned(), "2026-W46".to_owned()),
            Exempt { reason: format!("{name}!"), unless_agreed, leads: false },
        );
    };
    spare("Lea", true);
    spare("New", false);
    let check = of_value(at_least("1"));
    let verdicts = |world: &World| world.verdicts(&check).into_iter().map(|(_, verdict)| verdict).collect::<Vec<_>>();
    let [no, breach] = [Verdict::NotJudged, Verdict::Breach];
    assert_eq!(verdicts(&world), [no, breach, no, no]);
    world.rows.iter_mut().for_each(|row| row.target = Some(count("1")));
    assert_eq!(verdicts(&world), [no, breach, breach, no]);
}

#[test]
fn a_rule_about_leaders_is_theirs_but_not_of_leaders_who_were_not_there() {
    let mut world = World::new().counts("Lea", &["0"]).counts("Away", &["0"]).with("Rep", &[Value::Missing(Why::NotApplicable)]);
    for (name, leads) in [("Lea", true), ("Away", false)] {
        let exempt = Exempt { reason: "leads others".to_owned(), unless_agreed: leads, leads };
        world.exempt.insert((Level::Owner, name.to_owned(), "2026-W46".to_owned()), exempt);
    }
    let check = of_value(at_least("1"));
    let verdicts = |world: &World| world.verdicts(&check).into_iter().filter(|(name, _)| !name.is_empty()).collect::<Vec<_>>();
    let of = |name: &str, verdict| (name.to_owned(), verdict);
    assert!(verdicts(&world).iter().all(|(_, verdict)| *verdict == Verdict::NotJudged));
    world.of_leaders.insert("m".to_owned());
    let [no, breach] = [Verdict::NotJudged, Verdict::Breach];
    assert_eq!(verdicts(&world), [of("Away", no), of("Lea", breach), of("Rep", no)]);
}

#[test]
fn a_rule_by_which_nobody_is_judged_could_not_be_judged() {
    let world = World::new().with("Ana", &[Value::Missing(Why::TooFew)]).with("Bo", &[Value::Missing(Why::TooFew)]);
    let check = of_value(at_least("1"));
    let found = world.findings(std::slice::from_ref(&check));
    assert_eq!(found[0].verdict, Verdict::CouldNot);
    assert_eq!(found[0].reason, "nobody could be judged: too few records");
    assert_eq!(outcome(&[check], &found), Outcome::CouldNot);
}

#[test]
fn a_breach_for_several_periods_needs_each_of_them_missed_and_known() {
    let two = in_a_row(of_value(at_least("4")), 2);
    let three = in_a_row(of_value(at_least("4")), 3);
    let verdict = |counts: &[&str], check: &Check| World::new().counts("Ana", counts).verdict(check);
    assert_eq!(verdict(&["9", "3", "3"], &two), Verdict::Breach);
    assert_eq!(verdict(&["9", "3", "3"], &three), Verdict::Held);
    assert_eq!(verdict(&["3", "3", "3"], &three), Verdict::Breach);
    assert_eq!(verdict(&["3", "9", "3"], &two), Verdict::Held);
    assert_eq!(verdict(&["3", "3", "9"], &three), Verdict::Held);
    // Of an earlier week that nobody knows, nothing follows; of a week that holds, all does.
    let missing = Value::Missing(Why::NotYet);
    let known = |values: &[Value], check: &Check| World::new().with("Ana", values).counts("Bo", &["9"]).verdicts(check)[0].1;
    let three_of = Value::Count(dec("3"));
    assert_eq!(known(&[missing.clone(), three_of.clone()], &two), Verdict::NotJudged);
    assert_eq!(known(std::slice::from_ref(&three_of), &two), Verdict::NotJudged);
    assert_eq!(known(&[missing.clone(), Value::Count(dec("4")), three_of.clone()], &three), Verdict::Held);
    let mut world = World::new().counts("Ana", &["3", "3"]).counts("Bo", &["9"]);
    world.rows[0].complete = false;
    assert_eq!(world.verdicts(&two)[0].1, Verdict::NotJudged);
}

#[test]
fn a_period_that_is_not_complete_is_not_judged_but_stale() {
    let mut world = World::new().counts("Ana", &["9"]);
    world.last().complete = false;
    let check = of_value(at_least("4"));
    world.reach.insert("m".to_owned(), (Kind::Activities, Reach { last: Some(Day(20_769)), ..Reach::default() }));
    assert_eq!(world.verdict(&check), Verdict::CouldNot);
    assert_eq!(
        world.reason(&check),
        "stale: the activities reach 2026-11-12, and 2026-W46 ends 2026-11-15; export again, or give --through 2026-11-15"
    );
    world.reach.insert("m".to_owned(), (Kind::Deals, Reach::default()));
    assert_eq!(world.reason(&check), "there is no file of deals, or none with a date");
    let found = world.findings(std::slice::from_ref(&check));
    assert_eq!(outcome(&[check], &found), Outcome::CouldNot);
}

#[test]
fn money_of_several_currencies_is_never_compared_with_one_number() {
    let eur = Value::Money(dec("5"), Arc::from("EUR"));
    let mut world = World::new().with("Ana", &[usd("50")]).with("Ana", std::slice::from_ref(&eur));
    world.currencies = vec![Arc::from("EUR"), Arc::from("USD")];
    let check = of_value(at_least("10"));
    assert_eq!(world.verdict(&check), Verdict::CouldNot);
    assert_eq!(world.reason(&check), "m is in EUR and USD here: name the currency in the rule, or give rates under [money]");
    assert_eq!(world.verdict(&in_currency(check.clone(), "USD")), Verdict::Held);
    assert_eq!(world.verdict(&in_currency(check.clone(), "EUR")), Verdict::Breach);
    assert_eq!(world.verdict(&in_currency(check.clone(), "GBP")), Verdict::CouldNot);
    world.currencies = vec![Arc::from("EUR"), Arc::from("")];
    assert!(world.reason(&check).starts_with("m is in EUR and no named currency here"), "{}", world.reason(&check));
    // A quotient has no currency: each is judged apart.
    for row in &mut world.rows {
        row.previous = Some(if row.unit == Unit::Money(Arc::from("USD")) { usd("100") } else { eur.clone() });
    }
    let verdicts = world.verdicts(&rule(Of::Change, at_least("0")));
    assert_eq!(verdicts, [("Ana".to_owned(), Verdict::Breach), ("Ana".to_owned(), Verdict::Held)]);
    let mut one = World::new().with("Ana", &[usd("50")]);
    one.currencies = vec![Arc::from("USD")];
    assert_eq!(one.verdict(&check), Verdict::Held);
}

#[test]
fn warnings_never_change_the_outcome_and_what_could_not_be_judged_outranks_a_breach() {
    let world = World::new().counts("Ana", &["3"]);
    let warning = |check: Check| Check { severity: Severity::Warning, ..check };
    let (held, breach) = (of_value(at_least("1")), of_value(at_least("4")));
    let could_not = Check { subject: Subject::Freshness(Kind::Deals), ..of_value(Bound::AtMost(dec("3"))) };
    for (checks, expected) in [
        (vec![held.clone()], Outcome::Done),
        (vec![breach.clone()], Outcome::Breach),
        (vec![breach.clone(), could_not.clone()], Outcome::CouldNot),
        (vec![warning(breach.clone()), warning(could_not.clone()), held.clone()], Outcome::Done),
        (vec![warning(could_not), breach.clone()], Outcome::Breach),
    ] {
        let found = world.findings(&checks);
        assert_eq!(outcome(&checks, &found), expected);
        assert_eq!(found.iter().any(|f| f.verdict == Verdict::Breach), checks.iter().any(|c| c.bound == breach.bound));
    }
}

#[test]
fn the_worst_comes_first_and_errors_before_warnings() {
    let world = World::new().counts("Cy", &["2"]).counts("Bo", &["2"]).counts("Ana", &["3"]).counts("Di", &["0"]);
    let zero = Check { severity: Severity::Error, ..of_value(Bound::AtMost(dec("0"))) };
    let warning = Check { severity: Severity::Warning, ..of_value(at_least("4")) };
    let names =
        |checks: &[Check]| world.findings(checks).into_iter().map(|f| format!("{}{}", f.name, f.rule)).collect::<Vec<_>>().join(" ");
    assert_eq!(names(&[of_value(at_least("4"))]), "Di0 Bo0 Cy0 Ana0");
    // What was needed is 0: farther off than any part of a bound, and by how many decides.
    assert_eq!(names(&[warning, zero]), "Ana1 Bo1 Cy1 Di0 Bo0 Cy0 Ana0 Di1");
}

#[test]
fn amounts_that_are_not_known_turn_no_verdict() {
    let [held, breach, no] = [Verdict::Held, Verdict::Breach, Verdict::CouldNot];
    // 30 of two wins; what the two others brought is not known.
    for (only_adds, bound, expected) in [
        (true, at_least("30"), held),
        (true, at_least("31"), no),
        (true, Bound::AtMost(dec("50")), no),
        (true, Bound::AtMost(dec("29")), breach),
        (true, Bound::Between(dec("1"), dec("50")), no),
        (false, at_least("30"), no),
        (false, Bound::AtMost(dec("29")), no),
    ] {
        let mut world = World::new().with("Ana", &[usd("30")]);
        let (row, partial) = (world.last().clone(), |only_adds| crate::check::Partial {
            unit: Some(Unit::Money(Arc::from("USD"))),
            says: "amount known for 2 of 4 records".to_owned(),
            only_adds,
        });
        let whose = ("m".to_owned(), Level::Owner, row.name, row.period_start.0, row.period_end.0);
        world.partials.insert(whose, vec![partial(only_adds)]);
        let found = world.findings(&[of_value(bound)]);
        assert_eq!(found[0].verdict, expected, "{bound:?} {only_adds}");
        assert!(found.iter().all(|f| f.reason.contains("amount known for 2 of 4 records")), "{found:?}");
    }
}

/// 4 of 11 are 36.363636… %, and 661 minutes 11.016666… hours.
#[test]
fn a_miss_by_little_is_shown_as_one() {
    for (value, bound, number) in [
        (Value::Ratio(4.0 / 11.0), Bound::AtMost(dec("0.363636")), "0.363637"),
        (Value::Minutes(dec("661")), at_least("11.016667"), "11.016666"),
    ] {
        let found = World::new().with("Ana", &[value]).findings(&[of_value(bound)]).remove(0);
        let miss = found.miss.expect("a miss");
        assert!(miss.shown() > Decimal::ZERO && miss.shown() < dec("0.000001"), "{}", miss.shown());
        assert_eq!(found.compared.expect("a number").to_string(), number);
    }
}

#[test]
fn rules_about_the_exports() {
    let mut world = World::new();
    let check = |subject: Subject, bound: Bound| Check { subject, ..of_value(bound) };
    let fresh = check(Subject::Freshness(Kind::Activities), Bound::AtMost(dec("3")));
    let kind = check(Subject::Coverage(Coverage::Column(Kind::Activities, "kind")), at_least("0.95"));
    let staffing = check(Subject::Coverage(Coverage::Staffing), at_least("1"));
    let accounting = check(Subject::Coverage(Coverage::Accounting), at_least("0.995"));
    let verdict = |world: &World, check: &Check| world.findings(std::slice::from_ref(check))[0].verdict;
    for check in [&fresh, &kind, &staffing, &accounting] {
        assert_eq!(verdict(&world, check), Verdict::CouldNot);
    }
    for (last, expected) in [(20_770, Verdict::Held), (20_769, Verdict::Breach), (20_800, Verdict::Held)] {
        world.exports.through.insert(Kind::Activities, Day(last));
        assert_eq!(verdict(&world, &fresh), expected);
    }
    for (part, expected) in [(95, Verdict::Held), (94, Verdict::Breach)] {
        world.exports.known.insert((Kind::Activities, "kind"), Share { part, whole: 100 });
        assert_eq!(verdict(&world, &kind), expected);
    }
    world.exports.staffed = Some(Share { part: 7, whole: 8 });
    assert_eq!(verdict(&world, &staffing), Verdict::Breach);
    world.exports.accounted = Share { part: 199, whole: 200 };
    assert_eq!(verdict(&world, &accounting), Verdict::Held);
}

#[test]
fn a_level_without_rows_and_numbers_without_end_are_said() {
    let world = World::new().counts("Ana", &["3"]);
    let mut teams = of_value(at_least("4"));
    if let Subject::Measure { level, .. } = &mut teams.subject {
        *level = Level::Team;
    }
    assert!(world.reason(&teams).starts_with("there are no teams"));
    let mut world = World::new().with("Ana", &[usd("1")]);
    world.last().previous = Some(Value::Money(Decimal::MAX, Arc::from("USD")));
    assert_eq!(world.verdict(&rule(Of::Change, at_least("9"))), Verdict::CouldNot);
}
