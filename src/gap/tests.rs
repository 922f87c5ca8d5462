//! Small histories whose chances are counted by hand.

use super::activity::{Activity, Ahead, Curve, Followed, From, Reach, ahead};
use super::history::{History, Open};
use super::levers::Best;
use super::model::{self, Average, Check, Days, brought, pipeline, poisson, random};
use super::{Estimate, Given, Tested};
use crate::calendar::{Calendar, Day, Grain, Range};
use crate::measure::Entity;
use crate::stats::survival::{Fate, cumulative_incidence};

fn day(year: i16, month: i8, day: i8) -> Day {
    Day::from_ymd(year, month, day).unwrap_or(Day::MIN)
}

fn close(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

/// Forty deals, ten each: won at 10 days, lost at 20, won at 30, and open at 40.
fn forty() -> Vec<(f64, Fate)> {
    [(10.0, Fate::Won), (20.0, Fate::Lost), (30.0, Fate::Won), (40.0, Fate::Open)].into_iter().flat_map(|one| [one; 10]).collect()
}

fn open(age: Option<f64>, amount: Option<f64>) -> Open {
    Open { age, amount, of: vec![(0, 1.0)] }
}

fn history(open: Vec<Open>) -> History {
    History { fates: forty(), open, ..History::default() }
}

const TO: fn(f64) -> Days = |to| Days { from: 0.0, to };

/// By 10 days a quarter is won; by 20 a quarter lost; by 30 half is won and a quarter open.
#[test]
fn a_deal_is_won_with_the_chance_of_its_age() {
    let steps = cumulative_incidence(&forty());
    let chance = |age: f64, days: Days| model::within(&steps, age, days);
    assert!(close(chance(0.0, TO(9.0)), 0.0) && close(chance(0.0, TO(10.0)), 0.25));
    assert!(close(chance(15.0, TO(20.0)), 0.25 / 0.75), "of the three quarters open at 15 days a third is won by 35");
    assert!(close(chance(25.0, TO(5.0)), 0.25 / 0.5));
    assert!(close(chance(25.0, TO(1e6)), 0.5), "beyond the longest time followed nothing more is won");
    assert!(close(chance(40.0, TO(100.0)), 0.0) && close(chance(400.0, TO(100.0)), 0.0));
    assert!(close(chance(5.0, Days { from: 4.0, to: 6.0 }), 0.25), "a win counts from the tenth day on");
    assert!(close(chance(5.0, Days { from: 5.0, to: 24.0 }), 0.0), "and one before does not");
    assert!(close(model::within(&[], 3.0, TO(9.0)), 0.0));
}

#[test]
fn open_deals_bring_their_chance_times_their_amount() {
    let deals = vec![open(Some(15.0), Some(300.0)), open(Some(25.0), None), open(Some(90.0), Some(1e6)), open(None, Some(1e6))];
    let average = Average::of(&[60.0, 120.0], None).unwrap_or_else(|| unreachable!("amounts above 0"));
    assert!(close(average.amount.value, 90.0));
    let days = TO(20.0);
    let found = pipeline(&history(deals.clone()), days, Some(&average), &Given::default(), 1.0, 1);
    let found = found.unwrap_or_else(|| unreachable!("thirty deals were decided"));
    assert!(close(found.expected[0], 300.0 / 3.0 + 90.0 / 2.0), "{:?}", found.expected);
    assert_eq!((found.too_old, found.ageless, found.priceless), (1, 1, 1));
    // A win rate half as large again makes every chance so.
    let more = pipeline(&history(deals.clone()), days, Some(&average), &Given::default(), 1.5, 1);
    assert!(more.is_some_and(|more| close(more.expected[0], 150.0 + 67.5)));
    let given = Given { pipeline_rate: Some(0.5), ..Given::default() };
    let half = pipeline(&history(deals), days, Some(&average), &given, 1.0, 1);
    assert!(half.is_some_and(|half| close(half.expected[0], 150.0 + 45.0 + 1e6) && half.too_old == 0));
}

#[test]
fn too_short_a_history_says_nothing() {
    let few = History { fates: forty()[..29].to_vec(), open: vec![open(Some(5.0), Some(1.0))], ..History::default() };
    let ask = |history: &History, given: &Given| pipeline(history, TO(9.0), None, given, 1.0, 1).map(|found| found.expected[0]);
    assert_eq!(ask(&few, &Given::default()), None);
    assert_eq!(ask(&few, &Given { pipeline_rate: Some(0.25), ..Given::default() }), Some(0.25));
    let none = History { open: Vec::new(), ..few };
    assert_eq!(ask(&none, &Given::default()), Some(0.0), "of no open deal nothing is expected, whatever the history");
    assert!(Average::of(&[], None).is_none() && Average::of(&[0.0, 0.0], None).is_none());
}

/// Of a hundred deals with an even chance 50 are won, plus and minus 1.28 times 5 in 8 of 10 cases.
#[test]
fn the_range_is_that_of_chance() {
    let given = Given { pipeline_rate: Some(0.5), ..Given::default() };
    let found = pipeline(&history(vec![open(Some(1.0), Some(1.0)); 100]), TO(9.0), None, &given, 1.0, 1);
    let draws = found.map(|found| found.draws[0].clone()).unwrap_or_default();
    let range = Estimate::of(50.0, &draws);
    assert!((43.0..=45.0).contains(&range.lo) && (55.0..=57.0).contains(&range.hi), "{range:?}");
    let wins: Vec<f64> = (0..1000).map(|number| poisson(50.0, &mut random(9, number)) as f64).collect();
    let (mean, range) = (wins.iter().sum::<f64>() / 1000.0, Estimate::of(50.0, &wins));
    assert!((mean - 50.0).abs() < 0.9, "{mean}");
    assert!((40.0..=42.0).contains(&range.lo) && (58.0..=60.0).contains(&range.hi), "{range:?}");
    assert_eq!(poisson(0.0, &mut random(9, 0)), 0);
}

/// Of 20,000 wins of 1 or 3 the mean is 40,000, and the variance 20,000 × 5: 8 of 10 outcomes lie within 1.28 times 316.
#[test]
fn however_many_wins_are_expected_the_range_holds_them() {
    let average = Average::of(&[1.0, 3.0], None).unwrap_or_else(|| unreachable!("amounts above 0"));
    let draws = |wins: f64| (0..2000).map(|number| brought(wins, &average, &mut random(9, number))).collect::<Vec<f64>>();
    let mut many = draws(20_000.0);
    many.sort_by(f64::total_cmp);
    assert!((many[200] - 39_595.0).abs() < 60.0 && (many[1800] - 40_405.0).abs() < 60.0, "{} {}", many[200], many[1800]);
    let most = draws(1e7);
    assert!(most.iter().any(|draw| *draw < 2e7) && most.iter().any(|draw| *draw > 2e7));
    let few = draws(100.0);
    let mean = few.iter().sum::<f64>() / 2000.0;
    assert!((mean - 200.0).abs() < 2.0, "{mean}");
}

#[test]
fn what_is_likely_is_told_from_the_best_weeks() {
    let best = Best::of(&[0.0, 41.0, 20.0, 19.0, 20.0, 0.0]);
    assert_eq!(best, Best { week: 41.0, month: 25.0 });
    assert!(best.likely(52.9) && !best.likely(53.0), "by three beyond twice 25");
    let once = Best::of(&[0.0, 40.0, 0.0, 0.0, 0.0]);
    assert!(once.likely(42.0) && !once.likely(43.0), "the best week was more than twice the best mean of 10");
    assert!(Best::of(&[1.0; 8]).likely(2.08), "one more than the usual one");
    assert!(!Best::of(&[9.0; 3]).likely(f64::INFINITY) && Best::of(&[]).likely(2.9));
}

#[test]
fn an_earlier_reckoning_knows_no_more_than_was_known() {
    use super::history::Dated;
    let at = |n: i32| day(2026, 1, 1).plus(n);
    let one = |created: i32, ended: Option<i32>, fate: Fate| Dated {
        created: at(created),
        ended: ended.map(at),
        fate,
        amount: Some(10.0),
        row: 0,
    };
    let dated = vec![
        one(0, Some(5), Fate::Won),
        one(0, Some(25), Fate::Won),
        one(10, Some(28), Fate::Lost),
        one(12, None, Fate::Open),
        one(15, Some(45), Fate::Won),
        one(22, Some(24), Fate::Won),
    ];
    let history = History { dated, ..History::default() };
    let (past, came) = history.on(at(20), at(40), 7.0, &|_| 1.0);
    assert!(close(came, 10.0), "of four open on the twentieth day one was won by the fortieth");
    let ages: Vec<Option<f64>> = past.open.iter().map(|deal| deal.age).collect();
    assert_eq!(ages, [20.0, 10.0, 8.0, 5.0].map(Some));
    let fates = [(5.0, Fate::Won), (20.0, Fate::Open), (10.0, Fate::Open), (8.0, Fate::Open), (5.0, Fate::Open)];
    assert_eq!(past.fates, fates);
    // Half of what was created on the first day, and nothing of the others, is somebody's.
    let (past, came) = history.on(at(20), at(40), 7.0, &|deal| if deal.created == at(0) { 0.5 } else { 0.0 });
    assert!(close(came, 5.0) && past.fates == fates);
    assert_eq!(past.open.iter().map(|deal| deal.of.clone()).collect::<Vec<_>>(), [vec![(0, 0.5)]]);
}

/// Forty deals of each of two people, all of 10, twenty created last: all of the other's are won after 20 days, and of the first one's half, but none
/// of the last ones. Made on the fiftieth day, the reckoning knows of 60 ended deals, three quarters of them won.
#[test]
fn a_reckoning_is_checked_with_the_deals_of_whom_it_is_about() {
    use super::history::Dated;
    let at = |n: i32| day(2026, 1, 1).plus(n);
    let dated: Vec<Dated> = (0..80)
        .map(|row: usize| {
            let created = if row < 60 { at(0) } else { at(35) };
            let fate = if row.is_multiple_of(4) || (row >= 60 && row.is_multiple_of(2)) { Fate::Lost } else { Fate::Won };
            Dated { created, ended: Some(created.plus(20)), fate, amount: Some(10.0), row }
        })
        .collect();
    let history = History { dated, ..History::default() };
    // The even ones are the first one's.
    let share = |deal: &super::history::Dated, _: Day| if deal.row.is_multiple_of(2) { 1.0 } else { 0.0 };
    let check =
        |whole: Entity, share: &dyn Fn(&super::history::Dated, Day) -> f64| Check::of(&history, at(60), TO(10.0), None, whole, share);
    let one = check(Entity::Owner(0), &share).unwrap_or_else(|| unreachable!("ten deals were open"));
    assert!(one.whose == Entity::Owner(0) && close(one.expected.value, 75.0) && close(one.came, 0.0), "{one:?}");
    assert!(one.failed() && one.times() == Some(0.0), "{one:?}");
    let all = check(Entity::All, &share).unwrap_or_else(|| unreachable!("twenty deals were open"));
    assert!(all.whose == Entity::All && close(all.expected.value, 150.0) && close(all.came, 100.0), "{all:?}");
    assert!(all.times().is_some_and(|times| close(times, 2.0 / 3.0)));
    // Of nine open ones nothing is told: everybody's.
    let few = check(Entity::Owner(0), &|deal, _| if deal.row.is_multiple_of(2) && deal.row != 78 { 1.0 } else { 0.0 });
    assert_eq!(few, Some(all));
}

/// Twenty accounts: half bought after 4 weeks, the others are followed for 20.
fn twenty() -> Curve {
    Curve::of(&[(4.0, true), (20.0, false)].into_iter().flat_map(|one| [one; 10]).collect::<Vec<_>>())
}

#[test]
fn a_curve_is_told_and_stretched() {
    let curve = twenty();
    assert!(close(curve.at(3.9), 0.0) && close(curve.at(4.0), 0.5) && close(curve.at(500.0), 0.5) && close(curve.at(-1.0), 0.0));
    assert_eq!((curve.end(), curve.half()), (0.5, Some(4.0)));
    let given = curve.with(Some(0.2), Some((8.0, 4.0)));
    assert!(close(given.at(7.9), 0.0) && close(given.at(8.0), 0.2) && close(given.end(), 0.2));
    assert!(given.half().is_some_and(|half| close(half, 8.0)));
    // Of nine who are left nobody knows what becomes of all.
    let few = Curve::of(
        &[(1.0, true), (2.0, true), (3.0, false)].into_iter().zip([1, 1, 8]).flat_map(|(one, n)| vec![one; n]).collect::<Vec<_>>(),
    );
    assert!(close(few.at(9.0), 0.1), "{few:?}");
}

/// What is assumed changes nothing where it is given; where half bought on the very day, who buys does so as many weeks later.
#[test]
fn a_lead_time_moves_the_curve_by_what_is_assumed_without_it() {
    assert_eq!(twenty().with(None, Some((6.0, 6.0))), twenty(), "whatever half of the curve itself is");
    let longer = twenty().with(None, Some((9.0, 6.0)));
    assert!(close(longer.at(5.9), 0.0) && close(longer.at(6.0), 0.5), "half as long again");
    let at_once = Curve::of(&[(0.0, true), (20.0, false)].into_iter().flat_map(|one| [one; 10]).collect::<Vec<_>>());
    let later = at_once.clone().with(None, Some((8.0, 0.0)));
    assert!(close(later.at(7.9), 0.0) && close(later.at(8.0), 0.5) && close(later.end(), 0.5) && later.half() == Some(8.0));
    let late = at_once.with(None, Some((60.0, 0.0)));
    assert!(close(late.at(52.0), 0.0) && close(late.end(), 0.5), "{late:?}");
    let never = twenty().with(None, Some((0.0, 6.0)));
    assert!(close(never.at(-0.1), 0.0) && close(never.at(0.0), 0.5), "{never:?}");
}

/// What one a week brings until 31 December as of 16 November 2026, with half of the accounts bought after some weeks and a deal worth 100.
fn brings(weeks: f64, lead_weeks: Option<f64>, tested: Option<f64>) -> Activity {
    let calendar = Calendar::default();
    let goal = calendar.period_of(Grain::Quarter, day(2026, 11, 16));
    let accounts = [(weeks, true), (20.0, false)].into_iter().flat_map(|one| [one; 10]).collect();
    let followed = Followed { accounts, per_record: 1.0, half: Some(weeks), cuts: Vec::new() };
    let average = Average::of(&[], Some(100.0));
    let from = From {
        measure: "new_prospect_meetings",
        followed: Some(&followed),
        average: average.as_ref(),
        calendar: &calendar,
        days: (day(2026, 11, 16), day(2026, 11, 15)),
        goal: &goal,
        tested: tested.map(|weeks| Tested { weeks: Estimate::exact(weeks), people: 8, of: 104 }),
        weeks_to_win: None,
    };
    Activity::of(&from, &Given { lead_weeks, ..Given::default() })
}

/// Of the middles of W47 to W53 those of the first seven less the lead are early enough, and W53 has four days of five.
#[test]
fn a_lead_time_that_is_given_reaches_the_money() {
    let of = |found: &Activity| (found.wins.as_ref().map_or(f64::NAN, |(wins, _)| *wins), found.weeks_left);
    let near = |found: (f64, usize), wins: f64, weeks: usize| close(found.0, wins) && found.1 == weeks;
    assert!(near(of(&brings(0.0, None, None)), 0.5 * 6.8, 7));
    assert!(near(of(&brings(0.0, Some(4.0), None)), 0.5 * 3.0, 3));
    assert!(near(of(&brings(0.0, Some(20.0), None)), 0.0, 0));
    let four = brings(0.0, Some(4.0), None);
    assert!(
        four.each.as_ref().is_some_and(|(each, _)| close(each.value, 150.0) && each.hi < 250.0),
        "the draws are as late: {:?}",
        four.each
    );
    // The lead test's 3 weeks beside a history of 4.
    let (assumed, given) = (brings(4.0, None, Some(3.0)), brings(4.0, Some(3.0), Some(3.0)));
    assert_eq!((assumed.wins, assumed.each, assumed.reach), (given.wins, given.each, given.reach));
}

/// 16 November 2026 is a Monday, and 31 December a Thursday: six whole weeks and four days of five.
#[test]
fn weeks_ahead_are_counted_by_their_work() {
    let calendar = Calendar::default();
    let goal = Range { first: day(2026, 10, 1), last: day(2026, 12, 31) };
    let weeks = ahead(&calendar, day(2026, 11, 16), goal);
    let names: Vec<&str> = weeks.iter().map(|week| week.week.name.as_str()).collect();
    assert_eq!(names, ["2026-W47", "2026-W48", "2026-W49", "2026-W50", "2026-W51", "2026-W52", "2026-W53"]);
    assert_eq!(weeks.iter().map(|week| week.part).collect::<Vec<f64>>(), [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.8]);
    // From Thursday the 19th to Thursday, six weeks later; wins count already.
    assert!(close(weeks[0].to, 6.0) && weeks[0].from < 0.0, "{:?}", weeks[0]);
    let midweek: Vec<Ahead> = ahead(&calendar, day(2026, 11, 19), goal);
    assert!(close(midweek[0].part, 0.4), "Thursday and Friday");
    assert_eq!(ahead(&calendar, day(2027, 1, 1), goal), []);
}

#[test]
fn the_last_week_is_the_date_less_the_lead() {
    let calendar = Calendar::default();
    let (as_of, goal) = (day(2026, 11, 16), calendar.period_of(Grain::Quarter, day(2026, 11, 16)));
    let reach = |weeks: f64| Reach::of(&calendar, as_of, &goal, weeks);
    let names = |reach: &Reach| [&reach.last, &reach.then, &reach.serves].map(|period| period.name.clone());
    // Six weeks before Thursday, 31 December, is Thursday, 19 November.
    assert_eq!((names(&reach(6.0)), reach(6.0).over), (["2026-W47", "2026-W48", "2027-Q1"].map(str::to_owned), false));
    assert_eq!((names(&reach(8.0)), reach(8.0).over), (["2026-W45", "2026-W47", "2027-Q1"].map(str::to_owned), true));
    assert_eq!(names(&reach(30.0))[2], "2027-Q2");
    assert_eq!((names(&reach(0.0)), reach(0.0).over), (["2026-W53", "2027-W01", "2027-Q1"].map(str::to_owned), false));
    let part = calendar.range_period(Range { first: day(2026, 10, 1), last: day(2026, 12, 15) });
    assert_eq!(names(&Reach::of(&calendar, as_of, &part, 2.0)), ["2026-W49", "2026-W50", "2026-Q4"]);
}
