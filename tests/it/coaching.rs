//! Who coached whom, coached customer meetings, and leaders: small exports whose numbers are counted by hand.

use std::collections::BTreeMap;

use crate::program;

const PEOPLE: &str = "name,team,role,manager,from\n\
    Lea Stone,West,leader,,2025-01-01\n\
    Ana Silva,West,rep,Lea Stone,2025-01-01\n\
    Ben Rao,West,rep,Lea Stone,2025-01-01\n\
    Cia O'Dell,West,rep,Lea Stone,2025-01-01\n\
    Ben Cole,East,rep,Max Ito,2025-01-01\n\
    Max Ito,East,leader,,2025-01-01\n";

/// From Monday 2026-10-26 on; W46 is 9–15 November.
const ACTIVITIES: &str = "id,type,subject,owner,day,outcome,minutes,account,with_people\n\
    first,Call,Hello,Ben Cole,2026-10-26,held,,Zeta,\n\
    m-8,Meeting,Visit,Cia O'Dell,2026-11-03,held,,Acme,\n\
    m-7,Meeting,Visit,Cia O'Dell,2026-11-04,held,,Bolt,\n\
    lead,Meeting,Visit,Lea Stone,2026-11-05,held,,Cask,\n\
    m1,Meeting,Visit,Ana Silva,2026-11-09,held,,Dune,\n\
    c1,Coaching,Coaching,Lea Stone,2026-11-10,held,60,,Lea Stone; Ana Silva\n\
    m2,Meeting,Visit,Ben Cole,2026-11-10,held,,Echo,\n\
    c2,Coaching,1:1 with Ben Rao,Lea Stone,2026-11-11,held,30,,\n\
    c3,Coaching,\"Coaching session – O\u{2019}Dell, Cia\",Lea Stone,2026-11-11,held,30,,\n\
    m3,Meeting,Visit,Ana Silva,2026-11-12,held,,Fern,Ana Silva; Ben Cole\n\
    c4,Coaching,Coaching: pipeline,Lea Stone,2026-11-12,held,,,\n\
    c5,Coaching,Role play,Ana Silva,2026-11-12,held,,,Ana Silva; Ben Rao\n\
    c6,Coaching,Coaching,Ben Cole,2026-11-12,held,,,\n\
    c7,Coaching,Coaching,Lea Stone,2026-11-13,canceled,,,Lea Stone; Ana Silva\n\
    c8,Coaching,Call review with Lea,Cia O'Dell,2026-11-13,held,,,\n\
    team,Team meeting,Monday round,Lea Stone,2026-11-09,held,,,\n\
    m+7,Meeting,Visit,Cia O'Dell,2026-11-20,held,,Gale,\n\
    m+8,Meeting,Visit,Cia O'Dell,2026-11-21,held,,Hull,\n";

const DEALS: &str = "deal_id,deal_name,rep_name,account,stage,amount,created_date,close_date\n\
    1,One,Max Ito,Acme,Closed Won,5,2026-10-26,2026-11-10\n\
    2,Two,Ana Silva,Bolt,Closed Won,5,2026-10-26,2026-11-11\n\
    3,Three,Ben Cole,Cask,Proposal,5,2026-10-26,2026-12-11\n";

const MEASURES: &str = "coaching_sessions,coaching_given,coaching_unsaid,peer_coaching,coaches,people_coached,coached_meetings,coached_share,\
    days_since_coaching,days_since_customer,leader_customer_meetings,leader_days_since_customer,leader_people_coached,reports_coached,\
    direct_reports,reports_coached_share,people_and_customers_share,people_and_customers_share_by_count";

/// A folder of these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (file, text) in files {
        std::fs::write(folder.path().join(file), text).expect("a file");
    }
    folder
}

/// Values, else why they are missing, by name and measure in a week; and what is said beside them.
fn values(files: &[(&str, &str)], week: &str, as_of: &str, through: &str) -> (BTreeMap<(String, String), String>, String) {
    let folder = folder(files);
    let place = folder.path().display().to_string();
    let args =
        ["report", &place, "--week", week, "--as-of", as_of, "--through", through, "--leads", MEASURES, "--lags", "leader_deals_won"];
    let output = program::run(&[&args[..], &["--format", "csv"]].concat());
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let rows = text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    let value = |f: &[String]| if f[10].is_empty() { f[11].clone() } else { f[10].clone() };
    (rows.map(|f| ((f[1].clone(), f[8].clone()), value(&f))).collect(), said)
}

fn whole() -> Vec<(&'static str, &'static str)> {
    vec![("people.csv", PEOPLE), ("activities.csv", ACTIVITIES), ("deals.csv", DEALS)]
}

/// Holds values against what is expected: lines of a measure and of what it is for each name.
fn expect(found: &BTreeMap<(String, String), String>, names: &[&str], lines: &[(&str, &[&str])]) {
    for (measure, expected) in lines {
        for (name, expected) in names.iter().zip(*expected) {
            let value = found.get(&((*name).to_owned(), (*measure).to_owned()));
            assert_eq!(value.map(String::as_str), Some(*expected), "{measure} of {name:?}");
        }
    }
}

const NAMES: &[&str] = &["", "West", "East", "Lea Stone", "Ana Silva", "Ben Rao", "Cia O'Dell", "Ben Cole", "Max Ito"];

#[test]
fn a_session_counts_for_who_was_coached_and_for_who_coached() {
    let (found, _) = values(&whole(), "2026-W46", "2026-11-23", "2026-11-22");
    expect(
        &found,
        NAMES,
        &[
            // Ana in c1, Ben Rao in c2 and c5, Cia in c3 and c8.
            ("coaching_sessions", &["5", "5", "0", "0", "1", "2", "2", "0", "0"]),
            // Lea c1 to c4 and c8; Ana c5; of c6 nobody knows, and leaders are in no team's sum.
            ("coaching_given", &["7", "1", "0", "5", "1", "0", "0", "0", "0"]),
            ("coaching_unsaid", &["2", "0", "0", "1", "0", "0", "0", "0", "0"]),
            ("peer_coaching", &["1", "1", "0", "0", "0", "1", "0", "0", "0"]),
            ("coaches", &["1", "1", "0", "0", "0", "1", "0", "0", "0"]),
            ("people_coached", &["3", "1", "0", "3", "1", "0", "0", "0", "0"]),
            // None of Ben Cole, Lea and Max since 26 October, the first day of the exports.
            ("days_since_coaching", &["2", "2", "20", "20", "5", "3", "2", "20", "20"]),
        ],
    );
    assert_eq!(found.get(&("(no owner)".to_owned(), "coaching_given".to_owned())).map(String::as_str), Some("1"), "c6");
}

#[test]
fn a_meeting_is_coached_where_one_who_held_it_was_coached_within_seven_days() {
    let names = &["", "Ana Silva", "Cia O'Dell", "Ben Cole", "Ben Rao"];
    let (found, _) = values(&whole(), "2026-W46", "2026-11-23", "2026-11-22");
    // m1 and m3 by Ana's session of the 10th; Ben Cole, who was in m3 too, held it without any.
    let lines: &[(&str, &[&str])] =
        &[("coached_meetings", &["2", "2", "0", "0", "0"]), ("coached_share", &["0.666667", "1", "too_few", "0", "too_few"])];
    expect(&found, names, lines);
    // Seven days before a session is within, eight are not; nor was Lea coached.
    let (found, _) = values(&whole(), "2026-W45", "2026-11-23", "2026-11-22");
    expect(&found, &["", "Cia O'Dell"], &[("coached_meetings", &["1", "1"]), ("coached_share", &["0.333333", "0.5"])]);
    let (found, _) = values(&whole(), "2026-W47", "2026-11-30", "2026-11-29");
    expect(&found, &["", "Cia O'Dell"], &[("coached_meetings", &["1", "1"]), ("coached_share", &["0.5", "0.5"])]);
    // Until seven days have passed nothing is said of the week, and of the exports' first week nothing is known of the days before.
    let (found, _) = values(&whole(), "2026-W47", "2026-11-29", "2026-11-28");
    expect(&found, &["", "Cia O'Dell"], &[("coached_meetings", &["not_yet", "not_yet"]), ("coached_share", &["not_yet", "not_yet"])]);
    let (found, _) = values(&whole(), "2026-W44", "2026-11-23", "2026-11-22");
    expect(&found, &[""], &[("coached_meetings", &["not_yet"])]);
}

#[test]
fn leaders_alone_have_the_numbers_of_leaders() {
    let (found, _) = values(&whole(), "2026-W46", "2026-11-23", "2026-11-22");
    let na = "not_applicable";
    expect(
        &found,
        &["", "West", "East", "Lea Stone", "Max Ito", "Ana Silva"],
        &[
            ("leader_customer_meetings", &["0", "0", "0", "0", "0", na]),
            ("leader_days_since_customer", &["10", "10", "20", "10", "20", na]),
            ("leader_people_coached", &["3", "3", "0", "3", "0", na]),
            ("reports_coached", &["3", "3", "0", "3", "0", na]),
            ("direct_reports", &["4", "3", "1", "3", "1", na]),
            ("reports_coached_share", &["0.75", "1", "0", "1", "0", na]),
            ("leader_deals_won", &["1", "0", "1", "0", "1", na]),
            // Lea's c1 to c4 and the team meeting; three of the five have a length.
            ("people_and_customers_share", &["too_few", "too_few", "too_few", "too_few", "too_few", na]),
            ("people_and_customers_share_by_count", &["0.8", "0.8", "too_few", "0.8", "too_few", na]),
        ],
    );
}

/// The exit code of a check of W46, and what it prints.
fn check(rule: &str) -> (Option<i32>, String) {
    let folder = folder(&whole());
    let place = folder.path().display().to_string();
    let output =
        program::run(&["check", &place, "--week", "2026-W46", "--as-of", "2026-11-23", "--through", "2026-11-22", "--require", rule]);
    let page = String::from_utf8(output.stdout).expect("UTF-8");
    (output.status.code(), page.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[test]
fn a_check_of_leaders_judges_them_and_nobody_else() {
    let (code, page) = check("leader_days_since_customer <= 15 per owner");
    assert_eq!(code, Some(1), "{page}");
    assert!(page.contains("1 BREACH · 4 not judged · 1 holds"), "{page}");
    assert!(page.contains("Max Ito leader_days_since_customer 20 d!"), "{page}");
    assert!(page.contains("Ana Silva, Ben Cole, Ben Rao and Cia O'Dell: does not lead others"), "{page}");
    // 20 days are what the exports hold; there may be more.
    let (code, page) = check("leader_days_since_customer <= 30 per owner");
    assert_eq!(code, Some(0), "{page}");
    assert!(
        page.contains("Max Ito: none since 2026-10-26, the first day of the exports: what is not known could turn the verdict"),
        "{page}"
    );
}

#[test]
fn a_session_that_does_not_say_whom_may_have_been_anybodys_of_the_coach() {
    // Ben Cole's own entry of c6 says neither who coached nor who was coached; Lea's c4 may have been one of hers.
    let (code, page) = check("coaching_sessions >= 1 per owner");
    assert_eq!(code, Some(0), "{page}");
    assert!(page.contains("Ben Cole: 1 coaching session does not say who was coached: what is not known could turn"), "{page}");
    let (code, page) = check("coaching_sessions >= 3 per owner");
    assert_eq!(code, Some(2), "nobody can be judged: {page}");
    // More of them cannot take away what there is.
    let (_, page) = check("coaching_sessions <= 1 per owner");
    assert!(page.contains("Ben Rao coaching_sessions 2!"), "{page}");
}

#[test]
fn who_began_later_has_met_no_customer_since_then() {
    let people = PEOPLE.replace("Max Ito,East,leader,,2025-01-01", "Max Ito,East,leader,,2026-11-02");
    let files = [("people.csv", people.as_str()), ("activities.csv", ACTIVITIES), ("deals.csv", DEALS)];
    let (found, _) = values(&files, "2026-W46", "2026-11-23", "2026-11-22");
    expect(&found, &["Max Ito", "Ben Rao"], &[("days_since_customer", &["13", "20"])]);
}

#[test]
fn managers_in_a_circle_are_said_and_report_by_their_team() {
    let people = PEOPLE
        .replace("Lea Stone,West,leader,,", "Lea Stone,West,leader,Ana Silva,")
        .replace("Max Ito,East,leader,,", "Max Ito,East,leader,Max Ito,");
    let files = [("people.csv", people.as_str()), ("activities.csv", ACTIVITIES), ("deals.csv", DEALS)];
    let (found, said) = values(&files, "2026-W46", "2026-11-23", "2026-11-22");
    expect(&found, &["Lea Stone", "Max Ito"], &[("direct_reports", &["3", "1"])]);
    assert_eq!(said.matches("managers go in a circle").count(), 2, "{said}");
    assert!(said.contains("people.csv:3: managers go in a circle: Ana Silva → Lea Stone → Ana Silva;"), "{said}");
    assert!(said.contains("people.csv:7: managers go in a circle: Max Ito → Max Ito;"), "{said}");
}

#[test]
fn without_a_manager_column_the_reps_of_the_team_report_to_its_leader() {
    let people = "name,team,role,from,to\nLea Stone,West,leader,,\nAna Silva,West,rep,,2026-11-10\nBen Rao,West,rep,,\nDot Lee,West,other,,\n\
        Cia O'Dell,East,rep,,\n";
    let (found, _) = values(&[("people.csv", people), ("activities.csv", ACTIVITIES)], "2026-W46", "2026-11-23", "2026-11-22");
    // Ana has left, Dot helps, and Cia's team has no leader.
    let lines: &[(&str, &[&str])] = &[("direct_reports", &["1", "1", "not_applicable"])];
    expect(&found, &["Lea Stone", "West", "East"], lines);
}

#[test]
fn a_manager_who_is_not_on_the_roster_is_said_once_and_not_replaced() {
    let people = PEOPLE.replace("Ben Rao,West,rep,Lea Stone", "Ben Rao,West,rep,Lea Stne").replace(
        "Cia O'Dell,West,rep,Lea Stone,2025-01-01\n",
        "Cia O'Dell,West,rep,Zed Unknown,2025-01-01\nDot Lee,West,rep,Zed Unknown,\nEve Fox,West,rep,,\n",
    );
    let files = [("people.csv", people.as_str()), ("activities.csv", ACTIVITIES), ("deals.csv", DEALS)];
    let (found, said) = values(&files, "2026-W46", "2026-11-23", "2026-11-22");
    // Ana by name, Eve by her team: nobody is named for her.
    expect(&found, &["Lea Stone", "Max Ito"], &[("direct_reports", &["2", "1"])]);
    assert!(said.contains("people.csv:4, column \"manager\": the manager 'Lea Stne' is not on the roster"), "{said}");
    assert!(said.contains("did you mean 'Lea Stone'?"), "{said}");
    assert!(said.contains("people.csv:5, column \"manager\": the manager 'Zed Unknown' is not on the roster"), "{said}");
    assert_eq!(said.matches("Zed Unknown").count(), 1, "{said}");
}

#[test]
fn of_a_leader_and_somebody_who_manages_the_leader_coaches() {
    let people = format!("{PEOPLE}Dot Lee,West,rep,Ana Silva,2025-01-01\n");
    let day = "2026-11-10,held,60,";
    let rows = format!(
        "id,type,subject,owner,day,outcome,minutes,account,with_people\n\
         first,Call,Hello,Ben Cole,2026-10-26,held,,Zeta,\n\
         c1,Coaching,Coaching,Ana Silva,{day},Lea Stone; Ana Silva; Dot Lee\n\
         c2,Coaching,Coaching,Ana Silva,{day},Max Ito; Ana Silva; Dot Lee\n\
         c3,Coaching,Coaching,Dot Lee,{day},Ana Silva; Dot Lee\n\
         end,Call,Hello,Ben Cole,2026-11-20,held,,Zeta,\n"
    );
    let files = [("people.csv", people.as_str()), ("activities.csv", rows.as_str()), ("deals.csv", DEALS)];
    let (found, _) = values(&files, "2026-W46", "2026-11-23", "2026-11-22");
    let names = &["Lea Stone", "Max Ito", "Ana Silva", "Dot Lee"];
    expect(&found, names, &[("coaching_given", &["1", "1", "1", "0"]), ("coaching_sessions", &["0", "0", "2", "3"])]);
}

#[test]
fn a_customer_is_nobody_of_ours() {
    let rows = "id,type,subject,owner,day,outcome,minutes,account,with_people\n\
        first,Call,Hello,Ben Cole,2026-10-26,held,,Zeta,\n\
        c1,Event,Coaching call with Ana Stone,Max Ito,2026-11-10,held,,Stone Ltd,\n\
        c2,Event,Coaching: Cia,Max Ito,2026-11-10,held,,Mills,\n\
        c3,Event,Coaching: Ana Torres on pumps,Max Ito,2026-11-10,held,,,\n\
        c4,Meeting,Coaching: Ben Cole,Max Ito,2026-11-10,held,,,\n\
        c5,Meeting,Coaching: Ben Cole,Max Ito,2026-11-10,held,,Mills,\n\
        end,Call,Hello,Ben Cole,2026-11-20,held,,Zeta,\n";
    let files = [("people.csv", PEOPLE), ("activities.csv", rows), ("deals.csv", DEALS)];
    let (found, _) = values(&files, "2026-W46", "2026-11-23", "2026-11-22");
    let names = &["", "Ana Silva", "Cia O'Dell", "Ben Cole"];
    expect(&found, names, &[("coaching_sessions", &["1", "0", "0", "1"]), ("coaching_unsaid", &["3", "0", "0", "0"])]);
}

#[test]
fn without_who_leads_or_who_attended_nothing_is_said_of_peers_or_joint_meetings() {
    let rows = ACTIVITIES.lines().map(|line| line.rsplit_once(',').map_or(line, |(before, _)| before)).collect::<Vec<_>>().join("\n");
    let people = "name,team\nLea Stone,West\nAna Silva,West\nBen Rao,West\nCia O'Dell,West\nBen Cole,East\nMax Ito,East\n";
    let folder = folder(&[("people.csv", people), ("activities.csv", &rows)]);
    let place = folder.path().display().to_string();
    let measures = "coaching_sessions,coaching_given,peer_coaching,coaches,joint_meetings";
    let args = ["report", &place, "--week", "2026-W46", "--as-of", "2026-11-23", "--through", "2026-11-22", "--leads", measures];
    let output = program::run(&[&args[..], &["--format", "csv"]].concat());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    let value = |measure: &str| {
        let fields = text.lines().map(|line| line.split(',').collect::<Vec<_>>()).find(|f| f[1] == "Ben Rao" && f[8] == measure);
        fields.map(|f| if f[10].is_empty() { f[11].to_owned() } else { f[10].to_owned() })
    };
    // c2 names Ben Rao.
    assert_eq!(value("coaching_sessions").as_deref(), Some("1"), "{text}");
    for measure in ["peer_coaching", "coaches", "joint_meetings"] {
        assert_eq!(value(measure).as_deref(), Some("no_data"), "{measure}: {text}");
    }
    let page = sections(&[("people.csv", people), ("activities.csv", &rows)]);
    assert!(page.contains("Needs who leads: role or manager in people.csv"), "{page}");
    assert!(page.contains("Needs who took part besides the owner"), "{page}");
}

#[test]
fn a_leader_to_whom_nobody_reports_has_no_share_of_reports() {
    let people = "name,team,role\nLea Stone,,leader\nAna Silva,West,rep\nBen Rao,West,rep\n";
    let page = sections(&[("people.csv", people), ("activities.csv", ACTIVITIES)]);
    assert_eq!(page.matches("a manager or team: nobody reports to Lea Stone").count(), 2, "once per section: {page}");
    assert!(!page.contains("0/0"), "{page}");
    assert!(page.contains("from peer joint meetings weeks"), "{page}");
    // Where only a leader is shown, there is no table of whom nobody coached.
    let page = sections_of(&whole(), &["--owner", "Lea Stone"]);
    assert!(!page.contains("from peer joint meetings weeks"), "{page}");
    assert!(page.contains("Lea Stone 5 3/3"), "{page}");
}

/// The sections of W46 over these files.
fn sections(files: &[(&str, &str)]) -> String {
    sections_of(files, &[])
}

fn sections_of(files: &[(&str, &str)], more: &[&str]) -> String {
    let folder = folder(files);
    let place = folder.path().display().to_string();
    let args =
        ["report", &place, "--week", "2026-W46", "--as-of", "2026-11-23", "--through", "2026-11-22", "--sections", "coaching,leaders"];
    let output = program::run(&[&args[..], more].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8").split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn sections_say_what_they_lack_and_show_what_they_can() {
    let page = sections(&whole());
    for part in [
        "2 of 7 sessions in 3 weeks do not say who was coached",
        "Ben Cole: none since Mon 26 Oct 2026, the first day of the exports",
        "Max Ito: none since Mon 26 Oct 2026",
        "by number of records, as fewer than 80 % have a length",
        "Max Ito 0 0/1",
        "doer",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(!page.contains("Needs"), "{page}");
    // Without a roster everybody is a peer, and nobody leads.
    let page = sections(&[("activities.csv", ACTIVITIES)]);
    assert!(page.contains("Needs who leads:"), "{page}");
    // Of sessions that say nothing nothing is known, which is not none.
    let silent: String = ACTIVITIES
        .lines()
        .filter(|line| !line.starts_with('c') || line.starts_with("c4") || line.starts_with("c6"))
        .fold(String::new(), |text, line| text + line + "\n");
    let page = sections(&[("people.csv", PEOPLE), ("activities.csv", &silent)]);
    assert!(page.contains("Needs the person coached: as attendee of the coaching meeting, or by name in its subject"), "{page}");
    assert!(page.contains("Ana Silva — — — — 1 — —"), "joint meetings are known all the same: {page}");
    let none: String = ACTIVITIES.lines().filter(|line| !line.starts_with('c')).fold(String::new(), |text, line| text + line + "\n");
    let page = sections(&[("people.csv", PEOPLE), ("activities.csv", &none)]);
    assert!(page.contains("Needs coaching sessions: held activities of the kind coaching"), "{page}");
}

#[test]
fn who_is_coached_by_another_leader_is_no_coached_report() {
    let people = "name,team,role\nLea Stone,West,leader\nMax Ito,East,leader\nVic Orr,West,leader\nAna Silva,West,rep\nBen Cole,East,rep\n";
    let activities = "id,type,subject,owner,day,outcome,with_people\n\
        a,Meeting,Visit,Ben Cole,2026-10-26,held,\n\
        b,Coaching,Coaching,Max Ito,2026-11-10,held,Max Ito; Ana Silva\n\
        c,Coaching,Coaching,Vic Orr,2026-11-11,held,Vic Orr; Ana Silva\n\
        d,Meeting,Visit,Ben Cole,2026-11-22,held,\n";
    let (found, said) = values(&[("people.csv", people), ("activities.csv", activities)], "2026-W46", "2026-11-23", "2026-11-22");
    // Ana reports to Lea and to Vic, Ben to Max: three reports, of which Vic has coached one.
    expect(
        &found,
        &["", "West", "East", "Lea Stone", "Vic Orr", "Max Ito"],
        &[
            ("leader_people_coached", &["1", "1", "1", "0", "1", "1"]),
            ("reports_coached", &["1", "1", "0", "0", "1", "0"]),
            ("direct_reports", &["3", "2", "1", "1", "1", "1"]),
            ("reports_coached_share", &["0.333333", "0.5", "0", "0", "1", "0"]),
        ],
    );
    assert!(!said.contains("error"), "{said}");
}
