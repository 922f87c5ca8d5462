//! Every rule on small tables that are counted by hand.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::super::{Facts, Settings, derive};
use super::{Advance, Rule};
use crate::calendar::Day;
use crate::table::{Column, Data, Kind, Roster, Said, StageWord, Table, Words};

/// Day n of November 2026.
fn november(n: i32) -> Day {
    Day::from_ymd(2026, 11, 1).unwrap().plus(n - 1)
}

/// A small run: activities, deals and stages line by line, columns separated by `|`; days are those of November 2026.
#[derive(Default)]
struct Case {
    /// kind | outcome | day | created | account | contact | deal | connected | result (of which `+` is advanced, `-` disqualified, `>` a next step)
    activities: &'static [&'static str],
    /// id | account | stage | state | closed | lost reason
    deals: &'static [&'static str],
    /// deal | stage | from | on
    stages: &'static [&'static str],
    order: &'static [&'static str],
    as_of: i32,
}

fn cells(line: &str) -> Vec<Option<&str>> {
    line.split('|').map(|cell| Some(cell.trim()).filter(|cell| !cell.is_empty())).collect()
}

fn table(kind: Kind, lines: &[&str], names: &[&str]) -> Table {
    let rows: Vec<Vec<Option<&str>>> = lines.iter().map(|line| cells(line)).collect();
    let mut table = Table::new(kind, vec![0; rows.len()], (2..).take(rows.len()).collect());
    for (at, name) in names.iter().enumerate() {
        let texts: Vec<Option<&str>> = rows.iter().map(|row| row.get(at).copied().flatten()).collect();
        let column = match *name {
            "day" | "created_on" | "closed_on" | "on" => {
                Column::Days(texts.iter().map(|t| t.map_or(Column::NO_DAY, |t| november(t.parse().unwrap()).0)).collect())
            }
            "connected" => Column::Flags(texts.iter().map(|t| t.map_or(-1, |t| i8::from(t == "yes"))).collect()),
            _ => Column::Words(Words::from_texts(texts.iter().copied())),
        };
        if texts.iter().any(Option::is_some) {
            table.set(name, column);
        }
    }
    table
}

fn data(case: &Case) -> Data {
    let activities = table(
        Kind::Activities,
        case.activities,
        &["kind", "outcome", "day", "created_on", "account", "contact", "deal", "connected", "result"],
    );
    let said = |row: usize| match activities.text("result", row) {
        Some("+") => Some(Said::Advanced),
        Some("-") => Some(Said::Disqualified),
        Some(">") => Some(Said::NextStep),
        _ => None,
    };
    let said_step = (0..activities.len()).map(said).collect();
    let deals = table(Kind::Deals, case.deals, &["id", "account", "stage", "state", "closed_on", "lost_reason"]);
    let stages = table(Kind::Stages, case.stages, &["deal", "stage", "from_stage", "on"]);
    let mut stage_words = BTreeMap::new();
    for (table, names) in [(&deals, &["stage"][..]), (&stages, &["stage", "from_stage"])] {
        for word in (0..table.len()).flat_map(|row| names.iter().filter_map(move |name| table.text(name, row))) {
            let state = [("Won", "won"), ("Lost", "lost"), ("Canceled", "canceled")].into_iter().find(|(w, _)| *w == word).map(|(_, s)| s);
            stage_words.insert(word.to_owned(), StageWord { folded: word.to_lowercase(), state, waits: word == "On hold" });
        }
    }
    let none = |kind| Table::new(kind, Vec::new(), Vec::new());
    Data {
        sources: vec![source("activities")],
        said_prospect: vec![None; activities.len()],
        kept_as_task: vec![false; activities.len()],
        child: vec![false; activities.len()],
        said_step,
        stage_words,
        activities,
        deals,
        stages,
        accounts: none(Kind::Accounts),
        leads: none(Kind::Leads),
        targets: none(Kind::Targets),
        commitments: none(Kind::Commitments),
        promised: BTreeMap::new(),
        roster: Roster::default(),
        said_new_business: Vec::new(),
        splits: BTreeMap::new(),
        group_key: None,
        says_who_attended: false,
    }
}

fn source(table: &str) -> crate::table::Source {
    crate::table::Source::new("a.csv", table)
}

fn settings(as_of: Day, through: Option<Day>) -> Settings {
    Settings { as_of, through, blank: None, minutes: BTreeMap::new(), count_each: false, currency: None, rates: None, stages: Vec::new() }
}

fn run(case: &Case) -> (Data, Facts) {
    let mut data = data(case);
    let as_of = november(if case.as_of == 0 { 30 } else { case.as_of });
    let stages = case.order.iter().map(|stage| stage.to_lowercase()).collect();
    let settings = Settings { stages, ..settings(as_of, Some(as_of)) };
    let facts = derive(&mut data, &settings).unwrap();
    (data, facts)
}

/// What became of each activity: the rule and the day of the month, `no`, or `-` where nothing is known.
fn told(case: &Case) -> Vec<String> {
    let (data, facts) = run(case);
    let first = november(1).0;
    (0..data.activities.len())
        .map(|row| {
            let rule = data.activities.text("advance_rule", row);
            match (data.activities.flag("advanced", row), facts.advances.of[row]) {
                (Some(true), Some(Advance { rule: by, on, .. })) if rule == Some(by.name()) => {
                    format!("{} {}", by.name(), on.0 - first + 1)
                }
                (Some(false), None) => "no".to_owned(),
                (None, None) => "-".to_owned(),
                odd => format!("{odd:?}"),
            }
        })
        .collect()
}

fn activities(lines: &'static [&'static str]) -> Vec<String> {
    told(&Case { activities: lines, ..Case::default() })
}

#[test]
fn only_held_customer_meetings_and_calls_that_may_have_reached_somebody_can_advance() {
    let lines = &[
        "meeting|held|2||Acme",
        "presentation|held|2||Bolt",
        "call|held|2||Coil|||yes",
        "call|held|2||Dyno",
        "call|held|2||Echo|||no",
        "email|held|2||Flux",
        "task|held|2||Gear",
        "meeting|canceled|2||Hull",
        "meeting|missed|2||Iris",
        "call|held|2|||||+",
    ];
    assert_eq!(activities(lines), ["no", "no", "no", "no", "-", "-", "-", "-", "-", "-"]);
}

#[test]
fn what_is_linked_to_nobody_is_known_only_by_its_own_words() {
    let lines = &[
        "meeting|held|2",
        "meeting|held|2||||||+",
        "meeting|held|2||||||talked",
        "call|held|2",
        "call|held|2||||||+",
        "call|held|2||||||-",
    ];
    assert_eq!(activities(lines), ["-", "result 2", "-", "-", "result 2", "disqualified 2"]);
    assert_eq!(run(&Case { activities: lines, ..Case::default() }).1.advances.unlinked, 3);
    assert_eq!(activities(&["call|held|2|||Ann"]), ["no"], "a contact is somebody");
}

#[test]
fn only_a_call_disqualifies_by_its_word() {
    assert_eq!(activities(&["meeting|held|2||Acme||||-", "presentation|held|2||Bolt||||-"]), ["no", "no"]);
}

#[test]
fn what_lies_within_seven_days_of_the_end_of_the_activities_is_not_known() {
    let case = Case {
        activities: &["call|held|2||Acme", "call|held|3||Bolt", "call|held|3||Coil||||+", "email|held|9"],
        deals: &["D|Acme|Won|won|38"],
        as_of: 40,
        ..Case::default()
    };
    let (mut data, settings) = (data(&case), settings(november(40), None));
    data.sources = vec![source("activities"), source("deals")];
    data.deals.file = vec![1].into();
    let facts = derive(&mut data, &settings).unwrap();
    assert!(facts.activities.ended, "{:?}", facts.activities);
    let told: Vec<Option<bool>> = (0..3).map(|row| data.activities.flag("advanced", row)).collect();
    assert_eq!(told, [Some(false), None, Some(true)]);
}

#[test]
fn the_own_words_say_it() {
    let lines = &["call|held|2||Acme||||+", "meeting|held|3||Acme||||>", "call|held|4||Acme||||-", "call|held|5||Acme||||Positive"];
    assert_eq!(activities(lines), ["result 2", "next_step 3", "disqualified 4", "no"]);
}

#[test]
fn a_next_meeting_counts_by_the_day_on_which_it_was_agreed() {
    // Held on the 20th: agreed on the 9th, 7 days after the first; on the 10th it would be 8.
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|20|9|Acme"]), ["next_meeting 9", "no"]);
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|20|10|Acme"]), ["no", "no"]);
    // Agreed before the activity: not its step.
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|5|1|Acme"]), ["no", "no"]);
    // With somebody else.
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|5|3|Bolt"]), ["no", "no"]);
    // Entered after it was held: agreed on its own day at the latest.
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|6|15|Acme"]), ["next_meeting 6", "no"]);
    // On the same day it is no later meeting.
    assert_eq!(activities(&["call|held|2||Acme", "meeting|held|2|2|Acme"]), ["no", "no"]);
    // A later call is no meeting, and a meeting that was missed or called off is none.
    assert_eq!(
        activities(&["call|held|2||Acme", "call|held|5|2|Acme", "meeting|missed|5|2|Acme", "meeting|canceled|5|2|Acme"]),
        ["no", "no", "-", "-"]
    );
}

#[test]
fn a_meeting_that_stands_booked_needs_somebody_of_theirs_and_a_day_of_entry() {
    let booked = |lines| told(&Case { activities: lines, as_of: 20, ..Case::default() });
    assert_eq!(booked(&["call|held|2||Acme", "meeting|scheduled|25|4|Acme|Ann"]), ["next_meeting 4", "-"]);
    assert_eq!(booked(&["call|held|2||Acme", "meeting|scheduled|25|4|Acme"]), ["no", "-"]);
    assert_eq!(booked(&["call|held|2||Acme", "meeting|scheduled|25||Acme|Ann"]), ["no", "-"]);
    // Booked after the day of the report: nobody knows of it yet.
    assert_eq!(booked(&["call|held|16||Acme", "meeting|scheduled|25|21|Acme|Ann"]), ["-", "-"]);
}

#[test]
fn without_a_day_of_entry_a_next_meeting_counts_when_it_was_held_within_seven_days() {
    let lines = &["call|held|2||Acme", "meeting|held|9||Acme", "call|held|2||Bolt", "meeting|held|10||Bolt"];
    assert_eq!(activities(lines), ["next_meeting 9", "no", "no", "no"]);
    assert_eq!(run(&Case { activities: lines, ..Case::default() }).1.advances.undated, 2);
}

#[test]
fn a_step_belongs_to_the_latest_activity_before_it() {
    let lines = &["meeting|held|2|2|Acme", "call|held|4|4|Acme", "meeting|held|20|6|Acme"];
    assert_eq!(activities(lines), ["no", "next_meeting 6", "no"]);
    // Of one day a meeting before a call; of two calls the later line.
    let tie = &["meeting|held|4|4|Acme", "call|held|4|4|Acme", "meeting|held|20|6|Acme"];
    assert_eq!(activities(tie), ["next_meeting 6", "no", "no"]);
    let calls = &["call|held|4|4|Acme", "call|held|4|4|Acme", "meeting|held|20|6|Acme"];
    assert_eq!(activities(calls), ["no", "next_meeting 6", "no"]);
    // The time of day comes before both.
    let case = Case { activities: &["call|held|4|4|Acme", "meeting|held|4|4|Acme", "meeting|held|20|6|Acme"], ..Case::default() };
    let mut timed = data(&case);
    timed.activities.set("at", Column::Instants(vec![9_000, 8_000, Column::NO_NUMBER]));
    let facts = derive(&mut timed, &settings(november(30), Some(november(30)))).unwrap();
    assert_eq!(facts.advances.of.iter().map(|a| a.map(|a| a.rule)).collect::<Vec<_>>(), [Some(Rule::NextMeeting), None, None]);
}

#[test]
fn several_steps_are_one_advance() {
    // Two meetings were agreed and the deal moved: the own word comes first, then the earlier agreement.
    let case = |word: &'static [&'static str]| Case {
        activities: word,
        deals: &["D|Acme|Offer|open"],
        stages: &["D|Start||1", "D|Offer|Start|3"],
        ..Case::default()
    };
    let lines = &["meeting|held|2|1|Acme", "meeting|held|20|5|Acme", "meeting|held|22|4|Acme"];
    assert_eq!(told(&case(lines)), ["next_meeting 4", "no", "no"]);
    let lines = &["meeting|held|2|1|Acme||||+", "meeting|held|20|5|Acme", "meeting|held|22|4|Acme"];
    assert_eq!(told(&case(lines)), ["result 2", "no", "no"]);
}

#[test]
fn a_deal_that_moves_to_a_stage_not_reached_before_advances() {
    let stages = |stages| {
        told(&Case {
            activities: &["call|held|10||Acme||D"],
            deals: &["D|Acme|Offer|open", "E|Bolt|Offer|open", "F|Coil|Offer|open"],
            stages,
            ..Case::default()
        })
    };
    assert_eq!(stages(&["D|Start||2", "D|Offer|Start|12"]), ["stage 12"]);
    assert_eq!(stages(&["D|Start||2", "D|Offer|Start|18"]), ["no"], "8 days later");
    assert_eq!(stages(&["D|Start||2", "D|Offer|Start|9"]), ["no"], "the day before");
    assert_eq!(stages(&["D|Start||12"]), ["no"], "its creation is no move");
    assert_eq!(stages(&["D|Offer|Start|12"]), ["stage 12"], "a history that begins with a move");
    assert_eq!(stages(&["D|Start||2", "D|Offer|Start|3", "D|Start|Offer|5", "D|Offer|Start|12"]), ["no"], "reached before");
    assert_eq!(stages(&["D|Start||2", "D|Lost|Start|12"]), ["no"], "lost");
    assert_eq!(stages(&["D|Start||2", "D|Won|Start|12"]), ["stage 12"], "won");
    assert_eq!(stages(&["X|Start||2", "X|Offer|Start|12"]), ["no"], "a deal that was not read");
}

#[test]
fn a_move_back_is_no_step() {
    // Two deals went from Start to Offer, so that Offer to Start leads back, though the third had never been in Start.
    let case = Case {
        activities: &["call|held|10||Acme||D"],
        deals: &["D|Acme|Start|open", "E|Bolt|Offer|open", "F|Coil|Offer|open"],
        stages: &["E|Start||1", "E|Offer|Start|2", "F|Start||1", "F|Offer|Start|2", "D|Offer||3", "D|Start|Offer|12"],
        ..Case::default()
    };
    assert_eq!(told(&case), ["no"]);
    // The company says that Start comes last: then it leads forward, whatever others did.
    assert_eq!(told(&Case { order: &["Offer", "Start"], ..case }), ["stage 12"]);
}

#[test]
fn a_stage_in_which_a_deal_waits_is_no_step_and_has_no_place() {
    let case = |stages| Case {
        activities: &["call|held|10||Acme||D"],
        deals: &["D|Acme|Offer|open", "E|Bolt|Offer|open", "F|Coil|Offer|open"],
        stages,
        ..Case::default()
    };
    assert_eq!(told(&case(&["D|Start||2", "D|On hold|Start|12"])), ["no"]);
    // On from there, compared with the stage before it: E shows that Offer comes before On hold, and that is no order.
    let on = &["E|Start||1", "E|Offer|Start|2", "E|On hold|Offer|3", "D|Start||2", "D|On hold|Start|5", "D|Offer|On hold|12"];
    assert_eq!(told(&case(on)), ["stage 12"]);
    let back = &["E|Start||1", "E|Offer|Start|2", "F|Start||1", "F|Offer|Start|2", "D|Offer||2", "D|On hold|Offer|5", "D|Start|On hold|12"];
    assert_eq!(told(&case(back)), ["no"], "back behind where it was");
}

#[test]
fn a_step_to_a_stage_that_few_deals_reached_is_said() {
    let case = |order| Case {
        activities: &["call|held|10||Acme||D"],
        deals: &["D|Acme|Odd|open"],
        stages: &["D|Start||2", "D|Odd|Start|12"],
        order,
        ..Case::default()
    };
    assert_eq!(run(&case(&[])).1.advances.thin, BTreeMap::from([("Odd".to_owned(), 1)]));
    assert!(run(&case(&["Start", "Odd"])).1.advances.thin.is_empty(), "the order is given");
}

#[test]
fn a_win_is_a_step_once() {
    let case = |stages| Case {
        activities: &["call|held|5||Acme||D", "call|held|12||Acme||D"],
        deals: &["D|Acme|Won|won|14"],
        stages,
        ..Case::default()
    };
    assert_eq!(told(&case(&[])), ["no", "stage 14"]);
    // The history has it on the 6th: the day of the close is not another step.
    assert_eq!(told(&case(&["D|Start||2", "D|Won|Start|6"])), ["stage 6", "no"]);
}

#[test]
fn an_early_loss_for_a_stated_reason_is_a_step() {
    let case = |deals| {
        told(&Case {
            activities: &["call|held|10||Acme||D"],
            deals,
            order: &["Start", "Fit", "Offer", "Won"],
            stages: &["D|Start||2", "D|Fit|Start|4", "D|Lost|Fit|12"],
            ..Case::default()
        })
    };
    assert_eq!(case(&["D|Acme|Lost|lost|12|No budget"]), ["disqualified 12"]);
    assert_eq!(case(&["D|Acme|Lost|canceled|12|No budget"]), ["disqualified 12"]);
    assert_eq!(case(&["D|Acme|Lost|lost|12|"]), ["no"]);
    assert_eq!(case(&["D|Acme|Lost|lost|18|No budget"]), ["no"]);
    // Of a deal whose stage stays as it was, that is the one.
    let alone =
        |stage| told(&Case { activities: &["call|held|10||Acme||D"], deals: stage, order: &["Start", "Fit", "Offer"], ..Case::default() });
    assert_eq!(alone(&["D|Acme|Fit|lost|12|No budget"]), ["disqualified 12"]);
    assert_eq!(alone(&["D|Acme|Offer|lost|12|No budget"]), ["no"]);
    // Without an order and a history nobody can tell.
    let untold = Case { activities: &["call|held|10||Acme||D"], deals: &["D|Acme|Fit|lost|12|No budget"], ..Case::default() };
    assert_eq!((told(&untold), run(&untold).1.advances.losses_untold), (vec!["no".to_owned()], 1));
}

#[test]
fn nothing_is_known_before_seven_days_have_passed() {
    let until = |as_of| told(&Case { activities: &["call|held|2||Acme", "call|held|2||Bolt||||+"], as_of, ..Case::default() });
    assert_eq!(until(8), ["-", "result 2"]);
    assert_eq!(until(9), ["no", "result 2"]);
}

#[test]
fn the_history_is_read_from_either_end_and_up_to_the_day_of_the_report() {
    // The latest first: of the 12th, Offer came after Fit.
    let case = Case {
        activities: &["call|held|10||Acme||D"],
        deals: &["D|Acme|Offer|open"],
        stages: &["D|Offer||12", "D|Fit||12", "D|Start||2"],
        ..Case::default()
    };
    assert_eq!(told(&case), ["stage 12"]);
    assert_eq!(told(&Case { as_of: 11, ..case }), ["-"]);
    let (_, facts) = run(&Case { stages: &["D|Start||1", "X|Start||1"], deals: &["D||Start|open"], ..Case::default() });
    let found = facts.advances;
    assert_eq!((found.stage_rows, found.unknown_deals, found.deals_without_account), (1, 1, 1));
    assert_eq!(found.stages_ended, Some(november(1)), "29 days before the last");
}

/// A small generator, so that the property below has no dependency and always the same cases.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    *state >> 33
}

#[test]
fn one_step_never_advances_two_activities() {
    let mut state = 7;
    let (mut steps, mut held) = (0, 0);
    for _ in 0..300 {
        let mut pick = |n: u64| next(&mut state) % n;
        let lines: Vec<String> = (0..30)
            .map(|_| {
                let kind = ["meeting", "call", "presentation", "email"][pick(4) as usize];
                let outcome = ["held", "held", "scheduled", "missed"][pick(4) as usize];
                let created = [String::new(), (pick(28) + 1).to_string()][pick(2) as usize].clone();
                let whom = ["A", "B", ""][pick(3) as usize];
                format!("{kind}|{outcome}|{}|{created}|{whom}|Ann|{}", pick(28) + 1, ["D", "E", ""][pick(3) as usize])
            })
            .collect();
        let moves: Vec<String> = (0..8)
            .map(|_| format!("{}|{}||{}", ["D", "E"][pick(2) as usize], ["S", "T", "U", "Won", "Lost"][pick(5) as usize], pick(28) + 1))
            .collect();
        let leak = |lines: Vec<String>| -> &'static [&'static str] {
            Vec::leak(lines.into_iter().map(|line| &*String::leak(line)).collect::<Vec<&'static str>>())
        };
        let case =
            Case { activities: leak(lines), deals: &["D|A|S|open", "E|B|Won|won|20"], stages: leak(moves), as_of: 28, ..Case::default() };
        let (data, facts) = run(&case);
        let mut shown: Vec<(Kind, usize)> = facts.advances.of.iter().flatten().filter_map(|a| a.shown_by).collect();
        let all = shown.len();
        shown.sort_unstable();
        shown.dedup();
        assert_eq!(shown.len(), all, "{case:?}", case = case.activities);
        let can = |row: &usize| {
            data.activities.text("outcome", *row) == Some("held")
                && matches!(data.activities.text("kind", *row), Some("meeting" | "call" | "presentation"))
        };
        let advanced = (0..data.activities.len()).filter(|row| data.activities.flag("advanced", *row) == Some(true)).count();
        let could = (0..data.activities.len()).filter(can).count();
        assert!(advanced <= could);
        steps += advanced;
        held += could;
    }
    assert!(steps > 500 && steps < held, "{steps} of {held}: the cases say something");
}

#[test]
fn a_step_in_a_deal_belongs_to_no_activity_about_another() {
    let told = |activities| {
        told(&Case {
            activities,
            deals: &["D|Acme|Offer|open", "E|Acme|Start|open"],
            stages: &["D|Start||1", "D|Offer|Start|7"],
            ..Case::default()
        })
    };
    assert_eq!(told(&["call|held|4||Acme||D", "call|held|6||Acme||E"]), ["stage 7", "no"]);
    assert_eq!(told(&["call|held|4||Acme||D", "call|held|6||Acme"]), ["stage 7", "no"], "the one that names it");
    assert_eq!(told(&["call|held|6||Acme"]), ["stage 7"], "none names it");
    assert_eq!(told(&["call|held|6||Acme||X"]), ["no"], "about a deal that was not read");
    assert_eq!(told(&["call|held|6||Acme||E"]), ["no"]);
    assert_eq!(told(&["call|held|6||Bolt||D"]), ["stage 7"], "about the deal, whoever it is with");
}
