//! Runs the program and compares every cell with the naive values.

use std::collections::{BTreeMap, BTreeSet};

use assert_cmd::Command;
use jiff::ToSpan;
use jiff::civil::Date;

use super::advance::{can_advance, is_over, lead, order};
use super::company::{AS_OF, FIRST, Files, company};
use super::measures::{ADVANCING, Known, TOGETHER, want};
use super::world::World;
use crate::oracle::{Got, Want, Week, Who, agrees, parse, spell};
use crate::program;

const SEEDS: std::ops::Range<u64> = 0..24;

/// What the program prints for these files.
fn print(files: &Files, measures: &[&str], period: &[&str]) -> Vec<Got> {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("exports");
    std::fs::create_dir(&inside).unwrap();
    files.write(&inside);
    let config = "[calendar]\nweek_starts = \"monday\"\ntime_zone = \"UTC\"\n\n[money]\ncurrency = \"USD\"\n";
    std::fs::write(folder.path().join("leadlag.toml"), config).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_leadlag"))
        .current_dir(folder.path())
        .args(["report", "exports", "--by", "owner", "--format", "csv", "-q", "--as-of", &AS_OF.to_string()])
        .args(["--leads", &measures.join(","), "--lags", "deals_won"])
        .args(period)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    parse(&String::from_utf8(output.stdout).unwrap())
}

/// Every row that must be there in that period.
fn expected(world: &World, period: Week) -> BTreeMap<(String, String), Who> {
    let mut all = BTreeMap::from([(("all".to_owned(), String::new()), Who::All)]);
    for stay in &world.people {
        if stay.from.is_none_or(|f| f <= period.end) && stay.to.is_none_or(|t| period.start <= t) {
            all.insert(("owner".to_owned(), stay.name.clone()), Who::Owner(stay.name.clone()));
            all.insert(("team".to_owned(), stay.team.clone()), Who::Team(stay.team.clone()));
        }
    }
    all
}

/// How many cells were compared, and the disagreements, one line each.
fn differences(seed: u64, known: &Known, rows: &[Got], measures: &[&str], periods: &[Week]) -> (usize, Vec<String>) {
    let (mut out, mut seen) = (Vec::new(), BTreeSet::new());
    let mut compared = 0;
    for got in rows.iter().filter(|g| measures.contains(&g.measure.as_str())) {
        let period = Week { start: got.start, end: got.end };
        let at = format!("seed {seed} {} {:?} {} to {} {}:", got.level, got.name, got.start, got.end, got.measure);
        if !periods.contains(&period) {
            out.push(format!("{at} a period not asked for"));
            continue;
        }
        let who = match got.level.as_str() {
            "all" => Who::All,
            "team" => Who::Team(got.name.clone()),
            _ => Who::Owner(if got.name == "(no owner)" { String::new() } else { got.name.clone() }),
        };
        seen.insert((got.level.clone(), got.name.clone(), got.start, got.measure.clone()));
        let here = got.name == "(no owner)" || expected(&known.world, period).contains_key(&(got.level.clone(), got.name.clone()));
        let want = want(known, &who, period, &got.measure);
        // Before somebody comes and after they leave there is nothing to count, and no page says how that is written.
        if !here && got.value.is_empty() {
            continue;
        }
        compared += usize::from(want != Want::Any);
        if !agrees(&want, &got.value, &got.missing) {
            out.push(format!("{at} expected {}, got {}{}", spell(&want), got.value, got.missing));
        }
    }
    for period in periods {
        for (level, name) in expected(&known.world, *period).keys() {
            for measure in measures {
                if !seen.contains(&(level.clone(), name.clone(), period.start, (*measure).to_owned())) {
                    out.push(format!("seed {seed} {level} {name:?} {} {measure}: not printed", period.start));
                }
            }
        }
    }
    (compared, out)
}

fn read(seed: u64) -> (Files, Known) {
    let files = company(seed);
    let known = Known::new(World::read(&files, AS_OF));
    (files, known)
}

fn weeks() -> Vec<Week> {
    let starts = (0..12).map(|w| FIRST + w.weeks());
    starts.map(|start: Date| Week { start, end: start + 6.days() }).collect()
}

/// One period from the one day to the other, or weeks.
fn check(measures: &[&str], ranges: &[Week], weekly: bool) {
    let seeds: Vec<u64> = SEEDS.collect();
    let found = program::each(&seeds, |seed| {
        let (files, known) = read(*seed);
        let (mut compared, mut wrong) = (0, Vec::new());
        for range in ranges {
            let (from, to) = (range.start.to_string(), range.end.to_string());
            let mut period = vec!["--from", &from, "--to", &to];
            if weekly {
                period.extend(["--period", "week"]);
            }
            let periods = if weekly { weeks() } else { vec![*range] };
            let (n, lines) = differences(*seed, &known, &print(&files, measures, &period), measures, &periods);
            compared += n;
            wrong.extend(lines);
        }
        (compared, wrong)
    });
    let compared: usize = found.iter().map(|f| f.0).sum();
    let wrong: Vec<&String> = found.iter().flat_map(|f| &f.1).collect();
    let mut by_measure: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &wrong {
        *by_measure.entry(measures.iter().find(|m| line.contains(&format!(" {m}:"))).unwrap_or(&"other")).or_default() += 1;
    }
    let mut shown: Vec<&str> = Vec::new();
    for measure in by_measure.keys() {
        shown.extend(wrong.iter().filter(|l| l.contains(&format!(" {measure}:"))).take(6).map(|l| l.as_str()));
    }
    assert!(wrong.is_empty(), "{} of {compared} disagree: {by_measure:?}\n{}", wrong.len(), shown.join("\n"));
    let rows = if weekly { 12 * 12 } else { 12 * ranges.len() };
    assert!(compared > seeds.len() * rows * measures.len() * 9 / 10, "only {compared} cells were compared");
}

/// Twelve weeks, one by one.
fn check_weeks(measures: &[&str]) {
    let all = weeks();
    check(measures, &[Week { start: all[0].start, end: all[11].end }], true);
}

/// Ranges that begin and end within weeks, the last of them not ripe in every export.
fn check_ranges(measures: &[&str]) {
    let range = |from: &str, to: &str| Week { start: from.parse().unwrap(), end: to.parse().unwrap() };
    let ranges = [range("2026-04-01", "2026-05-31"), range("2026-04-22", "2026-05-08"), range("2026-05-04", "2026-06-05")];
    check(measures, &ranges, false);
}

#[test]
fn coaching_of_every_week_counts_as_the_naive_loops_do() {
    check_weeks(&TOGETHER);
}

#[test]
fn coaching_of_ranges_counts_as_the_naive_loops_do() {
    check_ranges(&TOGETHER);
}

#[test]
fn advances_of_every_week_count_as_the_naive_loops_do() {
    check_weeks(&ADVANCING);
}

#[test]
fn advances_of_ranges_count_as_the_naive_loops_do() {
    check_ranges(&ADVANCING);
}

/// How often each rule fired, and each near miss.
fn exercised(known: &Known, seen: &mut BTreeMap<&'static str, usize>) {
    let world = &known.world;
    let mut count = |what: &'static str, n: usize| *seen.entry(what).or_default() += n;
    for rule in ["met again", "booked", "result", "disqualified", "stage", "won", "let go"] {
        count(rule, known.advances.values().filter(|r| r.contains(rule)).count());
    }
    for (what, rule) in [
        ("met again alone", "met again"),
        ("booked alone", "booked"),
        ("stage alone", "stage"),
        ("won alone", "won"),
        ("let go alone", "let go"),
        ("disqualified alone", "disqualified"),
    ] {
        count(what, known.advances.values().filter(|r| r.len() == 1 && r.contains(rule)).count());
    }
    for (i, act) in world.acts.iter().enumerate() {
        let could = can_advance(act);
        count("could and did not", usize::from(could && !known.advances.contains_key(&i)));
        let same_day = |b: &super::world::Act| can_advance(b) && b.id != act.id && b.day == act.day && b.account == act.account;
        count("two with an account on a day", usize::from(could && !act.account.is_empty() && world.acts.iter().any(same_day)));
        count("joint", usize::from(act.is_customer_meeting() && act.people.len() > 1));
        count("meeting disqualified", usize::from(could && act.kind != "call" && act.result == "Disqualified"));
        count("call only planned", usize::from(act.kind == "call" && !act.is_held() && act.call_result == "Connected"));
        count("internal meeting", usize::from(act.kind == "meeting" && act.internal));
        count("call not reached", usize::from(act.kind == "call" && act.is_held() && !could));
        count("result of none that can", usize::from(!could && act.result == "Advanced"));
        count("agreed before", usize::from(act.created.is_some_and(|c| c < act.day)));
        count("logged late", usize::from(act.created.is_some_and(|c| c > act.day)));
        count("booked without contact", usize::from(act.is_customer_meeting() && act.status == "Scheduled" && act.contact.is_empty()));
        count("of nobody", usize::from(act.owner.is_empty() && could));
    }
    for (place, m) in world.moves.iter().enumerate() {
        let before = &world.moves[..place];
        let known_stage = before.iter().any(|b| b.deal == m.deal && (b.to == m.to || b.from == m.to));
        let back = !m.from.is_empty() && !is_over(&m.to) && lead(world, &m.to, &m.from) < 0;
        count("back to a stage never reached", usize::from(back && !known_stage));
        count("on to a stage known", usize::from(!m.from.is_empty() && !back && known_stage));
        count("begun later", usize::from(m.from.is_empty() && m.to != "Prospecting"));
    }
    for deal in &world.deals {
        count("lost without reason", usize::from(is_over(&deal.stage) && deal.reason.is_empty()));
        count(
            "over without a move",
            usize::from(deal.closed.is_some() && !world.moves.iter().any(|m| m.deal == deal.id && m.to == deal.stage)),
        );
    }
    // The same day, the last day in time and the first one too late.
    let steps = world.moves.iter().filter(|m| !m.from.is_empty() && !is_over(&m.to)).map(|m| (&m.deal, m.day));
    for (deal, day) in steps {
        let nearest =
            world.acts.iter().filter(|a| can_advance(a) && a.deal == *deal && a.day <= day).map(|a| (day - a.day).get_days()).min();
        count("moved the same day", usize::from(nearest == Some(0)));
        count("moved seven days after", usize::from(nearest == Some(7)));
        count("moved eight days after", usize::from(nearest == Some(8)));
    }
    for next in world.acts.iter().filter(|a| a.is_customer_meeting() && a.is_held() && !a.account.is_empty()) {
        let agreed = next.created.map_or(next.day, |c| c.min(next.day));
        let before = world.acts.iter().filter(|a| can_advance(a) && a.account == next.account && a.day <= agreed && a.day < next.day);
        let nearest = before.map(|a| (agreed - a.day).get_days()).min();
        count("agreed the same day", usize::from(nearest == Some(0)));
        count("agreed seven days after", usize::from(nearest == Some(7)));
        count("agreed eight days after", usize::from(nearest == Some(8)));
    }
    for session in &known.sessions {
        let leader = world.is_leader(&session.coach, session.day);
        count("by a leader", usize::from(leader && !session.coached.is_empty()));
        count("by a peer", usize::from(!leader && !session.coached.is_empty()));
        count("of nobody knows whom", usize::from(session.coached.is_empty()));
        count("of two", usize::from(session.coached.len() > 1));
        count("by a manager without the role", usize::from(session.coach == "Dee Falk" && session.coached == ["Eli Gray"]));
    }
}

#[test]
fn every_rule_fires_and_has_near_misses() {
    let mut seen = BTreeMap::new();
    let (mut could, mut did) = (0, 0);
    for seed in SEEDS {
        let known = read(seed).1;
        exercised(&known, &mut seen);
        could += known.world.acts.iter().filter(|a| can_advance(a)).count();
        did += known.advances.len();
        if known.world.moves.is_empty() {
            continue;
        }
        let order = order(&known.world);
        assert_eq!(order, ["Prospecting", "Discovery", "Proposal", "Negotiation", "Closed Won"], "seed {seed}");
        for (i, s) in order.iter().enumerate() {
            assert!(order[..i].iter().all(|t| lead(&known.world, s, t) > 1), "seed {seed}: the order of {s} is not clear");
        }
    }
    let thin: Vec<_> = seen.iter().filter(|s| *s.1 < 15).collect();
    assert!(thin.is_empty() && seen.len() == 41, "{} counted, too few of {thin:?}", seen.len());
    assert!(did * 4 > could && did * 4 < could * 3, "{did} of {could} advanced");
}
